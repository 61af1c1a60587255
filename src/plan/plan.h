/*
 * plan.h - the records that settings ask for
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "dns/orgdomain.h"
#include "plan/report.h"
#include "settings/settings.h"

/** When a record of a plan is there. */
enum plan_sort {
	PLAN_EXACT, /* this address, name or text is among those there */
	PLAN_ANY, /* some record of the type is there that mail can use */
	PLAN_SPF, /* SPF passes for the addresses */
	PLAN_SPF_PART, /* a record that another one includes */
	PLAN_DKIM, /* the same key is there */
	PLAN_DMARC, /* a policy that protects, or the one that was asked for */
	PLAN_CONSENT, /* consent to reports */
};

/** An address that a name's SPF record must let send. */
struct spf_address {
	struct spf_address *next;
	struct addr addr;
};

/** A record, with what tells whether it is there. */
struct planned_record {
	struct plan_record record; /* first: both are the same in memory */
	enum plan_sort sort;
	struct addr addr; /* of A and AAAA */
	struct mailauth_str host; /* of MX and PTR */
	struct mailauth_str spki; /* of PLAN_DKIM */
	const struct spf_address *addresses; /* of PLAN_SPF */
	const struct planned_record *whole; /* of PLAN_SPF_PART */
};

static inline struct planned_record *
planned_of(struct plan_record *r)
{
	return (struct planned_record *)r;
}

/** How a plan is to be. */
struct plan_wishes {
	const char *dmarc; /* policy */
	struct mailauth_str rua; /* address; empty: report@ the From domain */
	struct mailauth_str rua_host; /* its domain, with a final dot */
	uint32_t ttl;
};

/** Make the plan; NULL when memory ran out. */
struct plan_report *plan_make(struct arena *a, const struct orgdomains *orgs,
    const struct mailauth_settings *s, const struct plan_wishes *wishes);

#endif /* PLAN_PLAN_H */
