/*
 * plan.h - the records that settings ask for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * plan: makes the DNS records that settings ask for (plan.c), compares them
 * with DNS (diff.c), and prints them as zone files (text.c). A record in DNS
 * that has the same effect counts as present; a failed lookup never makes a
 * record missing. May include base, sys, record, judge, dns, report, engine,
 * spf and settings, and may call mailauth_parse(). In: settings, wishes, and
 * lookups of a check. Out: the part "plan" of the report.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "dns/orgdomain.h"
#include "plan/report.h"
#include "settings/settings.h"

/** The condition on which a planned record counts as present in DNS. */
enum plan_sort {
	PLAN_EXACT, /* DNS has this address or name, maybe among others */
	PLAN_ANY, /* DNS has any record of the type that mail can use */
	PLAN_SPF, /* SPF passes for all `addresses` */
	PLAN_SPF_PART, /* `whole` is present, or DNS has this text */
	PLAN_DKIM, /* DNS has a usable record with the same key */
	PLAN_DMARC, /* DNS has the wished policy, or any that protects */
	PLAN_CONSENT, /* DNS has usable consent to reports */
};

/** An address that a name's SPF record must let send. */
struct spf_address {
	struct spf_address *next;
	struct addr addr;
};

/** A record, with the facts that decide whether DNS has it. */
struct planned_record {
	struct plan_record record; /* first member, for planned_of() */
	struct planned_record *bucket; /* the next one of the index */
	enum plan_sort sort;
	struct addr addr; /* of A and AAAA */
	struct mailauth_str host; /* of MX and PTR */
	struct mailauth_str spki; /* of PLAN_DKIM */
	const struct spf_address *addresses; /* of PLAN_SPF and its parts */
	struct planned_record *parts; /* of PLAN_SPF that only includes them */
	struct planned_record *whole, *next_part; /* of PLAN_SPF_PART */
	struct spf_change *change; /* of PLAN_SPF, while DNS is asked */
	bool passes; /* of PLAN_SPF: without any change of DNS */
	/** Of PLAN_SPF_PART: what receivers get with the plan, and the state
	 * beside the records that are there; NULL while not known. */
	const struct mailauth_answer *published;
	enum plan_state joined;
	struct mailauth_str domain; /* of PLAN_DMARC: without _dmarc */
	bool settled; /* what a wildcard gives to the owner is copied */
	bool below; /* of PLAN_DMARC: some From domain is a name below */
};

/** The planned record of a record made by plan_make(). */
static inline struct planned_record *
planned_of(struct plan_record *r)
{
	return (struct planned_record *)r;
}

/** The first planned record of an owner and type, and the next one; NULL behind
 * the last. */
struct planned_record *plan_first(const struct plan_report *plan,
    struct mailauth_str owner, uint16_t rrtype);
struct planned_record *plan_next(const struct planned_record *p);

/** Wishes of the user that settings do not have. */
struct plan_wishes {
	enum mailauth_dmarc_policy dmarc; /* not ABSENT */
	struct mailauth_str rua; /* address; empty: report@ of From domain */
	struct mailauth_str rua_host; /* its domain, with a final dot */
	uint32_t ttl;
	bool allow_documentation; /* publish such addresses */
	bool compare; /* with DNS: plan idle records too */
};

/** Make the plan in `a`, without any lookup; NULL when memory ran out. */
struct plan_report *plan_make(struct arena *a, const struct orgdomains *orgs,
    const struct mailauth_settings *s, const struct plan_wishes *wishes);

#endif /* PLAN_PLAN_H */
