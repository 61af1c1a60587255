/*
 * check.h - SPF evaluated within a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_CHECK_H
#define SPF_CHECK_H

#include "engine/check.h"
#include "spf/budget.h"
#include "spf/walk.h"

/** The owner's: spf/ only compares the pointers. */
struct sender;

/** One evaluation: an address and an identity. */
struct spf_trial {
	const struct sender *sender; /* NULL: of a request for SPF alone */
	struct spf_query query; /* without a domain: not known yet */
	struct spf_outcome outcome;
	bool mapped; /* the address was given as ::ffff:a.b.c.d */
	bool helo; /* of the name the sender greets with, beside MAIL FROM */
	bool planned; /* of a MAIL FROM domain that the settings make */
	bool by_ptr; /* which is that of the PTR record */
	struct mailauth_str wanted; /* else this one */
};

/** All evaluations of a check, and what the domain's record costs. */
struct spf_check {
	struct spf_source *source;
	struct spf_trial *trials;
	size_t ntrials;
	struct mailauth_str domain; /* whose record is budgeted; may be none */
	enum spf_scope scope;
	bool merged; /* the record is one of our making, which nobody else
	              * looks at */
	bool alone; /* nothing else is checked: it ends when this does */
	bool traced; /* trees of the trials are wanted */
	bool wide; /* what all addresses cost is wanted */
	struct spf_budget budget;
	struct mailauth_str mail_from, helo; /* as given, for the report */
	double seconds; /* until the last trial had its result; 0: not yet */
};

/** Room for so many evaluations; NULL when memory ran out. */
struct spf_check *spf_check_new(struct check *c, size_t ntrials);
/** One more, of postmaster and nobody's domain yet. */
struct spf_trial *spf_check_add(struct spf_check *s, const struct addr *ip);
/** Go as far as what is known allows, and ask for more. */
void spf_check_ask(struct check *c, struct spf_check *s);
/** Put findings into the report, on the record sets that are listed. */
void spf_check_tell(struct check *c, struct spf_check *s);
/** Put the only evaluation, or the budget, into the report. */
void spf_check_report(struct check *c, struct spf_check *s);

#endif /* SPF_CHECK_H */
