/*
 * check.h - SPF evaluated within a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_CHECK_H
#define SPF_CHECK_H

#include "engine/check.h"
#include "spf/budget.h"
#include "spf/walk.h"

/** A sending host of the caller; spf/ only compares the pointers. */
struct sender;

/** One evaluation: an address and an identity. */
struct spf_trial {
	const struct sender *sender; /* NULL: a request for SPF alone */
	struct spf_query query; /* without a domain while that is not known */
	struct spf_outcome outcome;
	bool mapped; /* the address was given as ::ffff:a.b.c.d */
	bool helo; /* the identity is HELO, checked beside MAIL FROM */
	bool planned; /* the MAIL FROM domain comes from the settings */
	bool by_ptr; /* planned: the domain is the name of the PTR record */
	struct mailauth_str wanted; /* planned: the domain, without by_ptr */
};

/** All evaluations of a check, and what the domain's record costs. */
struct spf_check {
	struct spf_source *source;
	struct spf_trial *trials;
	size_t ntrials;
	struct mailauth_str domain; /* to budget; STR_NONE: no budget */
	enum spf_scope scope;
	bool merged; /* the record is a merged one: no other subject judges
	              * its includes */
	bool alone; /* no other subject runs: the check ends with this one */
	bool traced; /* record the tree of each trial */
	bool wide; /* count the addresses that pass, too */
	struct spf_budget budget;
	struct mailauth_str mail_from, helo; /* as given, for the report */
	double seconds; /* from start to the last result; 0: none so far */
};

/** Make room for `ntrials` evaluations; NULL when memory ran out. */
struct spf_check *spf_check_new(struct check *c, size_t ntrials);
/** Add an evaluation for an address. The local part is "postmaster"; the caller
 * sets the domain. */
struct spf_trial *spf_check_add(struct spf_check *s, const struct addr *ip);
/** A query for any mail of the domain from an address, which is shown as IPv4 when
 * it is one that IPv6 maps. */
struct spf_query spf_any_query(struct check *c, struct mailauth_str domain,
    const struct addr *ip);
/** Evaluate as far as the answers allow, and ask for missing ones. */
void spf_check_ask(struct check *c, struct spf_check *s);
/** Put findings into the report, on the record sets that are listed. */
void spf_check_tell(struct check *c, struct spf_check *s);
/** Put the finding `id` on a term that builds on the record of `there`, which is
 * missing or broken: with what is wrong there, and how to mend it. The term is
 * `where` in the set's own text, or the words `term` say which it is. */
void spf_tell_target(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str term, const struct record_set *there);
/** Put the only evaluation, or the budget, into the report. */
void spf_check_report(struct check *c, struct spf_check *s);

#endif /* SPF_CHECK_H */
