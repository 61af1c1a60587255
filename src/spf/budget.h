/*
 * budget.h - what an SPF record costs and authorises, whoever asks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_BUDGET_H
#define SPF_BUDGET_H

#include "spf/walk.h"

/** Terms of a tree that are looked at: ten times what may be evaluated. */
#define SPF_TREE_MAX 100u
/** Records above each other, of that tree. */
#define SPF_DEPTH_MAX 20u

/** Questions of a source's budgets beyond which one that is not known is waited
 * for: what comes may push what follows out of the tree that is looked at. */
#define SPF_SURVEY_MAX 200u
/** Questions of a budget: with all that precedes them known, each term has one
 * in the narrow look, and the addresses of its hosts in the wide one. */
#define SPF_NARROW_MAX (SPF_SURVEY_MAX + 1u + SPF_TREE_MAX)
#define SPF_WIDE_MAX \
	(SPF_SURVEY_MAX + 1u + SPF_TREE_MAX * (1u + 2u * SPF_MX_MAX))

/** Room for a number of addresses. */
#define SPF_COUNT_ROOM 40

struct spf_budget {
	bool pending; /* answers are missing */
	unsigned lookups; /* terms that ask when none matches */
	bool more; /* the tree goes on beyond SPF_TREE_MAX */
	bool varies; /* some targets depend on the sender */
	bool unknown; /* some could not be told */
	unsigned voids; /* terms that find nothing, for either family */
	unsigned voids4, voids6; /* for clients of one family */
	unsigned void_queries;
	unsigned depth; /* of includes and redirects */
	const struct spf_step *loop; /* that leads back; NULL: none does */
	const struct spf_step *mx_many; /* an mx with too many hosts */
	const struct spf_step *a_many; /* an a with many addresses */
	const struct spf_step *one_family; /* a host of one family alone */
	enum mailauth_dnssec dnssec; /* the weakest of all answers */
	const struct spf_program
	    *top; /* the record; NULL: none that is sound */
	struct spf_step *steps;

	/* Of the wide look: addresses that pass. */
	uint64_t ipv4;
	char ipv6[SPF_COUNT_ROOM]; /* decimal: up to 2^128 */
	bool open_ended; /* others may pass as well: ptr, exists, macros, what
	                  * could not be told, and more than is counted */
};

/** Addresses of an 'a' term that are many. */
#define SPF_A_MANY 20u

/**
 * Look at the whole tree of a domain's record.
 * @param wide ask for addresses too, of both families; else for what counts
 *     alone
 */
void spf_budget(struct spf_source *source, struct mailauth_str domain,
    enum spf_scope scope, bool wide, struct spf_budget *out);

#endif /* SPF_BUDGET_H */
