/*
 * budget.h - cost and reach of an SPF record, for any sender
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_BUDGET_H
#define SPF_BUDGET_H

#include "spf/walk.h"

/** Addresses without a gap; both ends are in the range. */
struct spf_range {
	struct addr from, to;
};

/** The addresses of both families that pass: by enum spf_family, in order, with
 * a gap between two. */
struct spf_reach {
	const struct spf_range *at[2];
	size_t n[2];
};

/** Counted terms in a tree: ten times what an evaluation may use. */
#define SPF_TREE_MAX 100u
/** Nesting depth of records in that tree. */
#define SPF_DEPTH_MAX 20u

/** Survey questions after which we stop asking ahead and wait for the pending
 * answer. A record that arrives adds terms in front of those behind it, and can
 * push them beyond SPF_TREE_MAX: questions asked for them would be wasted. */
#define SPF_SURVEY_MAX 200u
/** Bounds on the questions of one budget. Once every answer so far has arrived,
 * each question belongs to a term of the final tree: one for a term in the
 * narrow survey, one more for each address type of each host in the wide
 * one. */
#define SPF_NARROW_MAX (SPF_SURVEY_MAX + 1u + SPF_TREE_MAX)
#define SPF_WIDE_MAX \
	(SPF_SURVEY_MAX + 1u + SPF_TREE_MAX * (1u + 2u * SPF_MX_MAX))

/** Octets for a decimal number up to 2^128 with its NUL. */
#define SPF_COUNT_ROOM 40

/** Addresses to try for each family. */
#define SPF_SAMPLES 32u

/** The cost of a record tree. */
struct spf_budget {
	bool pending; /* answers are missing */
	unsigned lookups; /* counted terms when no mechanism matches */
	bool more; /* the tree exceeds SPF_TREE_MAX or SPF_DEPTH_MAX */
	bool cut; /* it does so below the domain's own record too */
	bool varies; /* some targets depend on the sender */
	bool unknown; /* some lookup failed */
	unsigned voids; /* terms that are void for both families */
	/** Terms that are void for clients of one family. */
	unsigned voids4, voids6;
	unsigned void_queries;
	unsigned depth; /* nesting depth of include and redirect */
	/** The first that leads to a record above it, or NULL. */
	const struct spf_step *loop;
	/** First mx with more than SPF_MX_MAX hosts. */
	const struct spf_step *mx_many;
	/** First a with more than SPF_A_MANY addresses. */
	const struct spf_step *a_many;
	/** First a whose host has addresses of one family only. */
	const struct spf_step *one_family;
	enum mailauth_dnssec dnssec; /* the weakest state of all answers */
	const struct spf_program
	    *top; /* the domain's record; NULL without a sound one */
	struct spf_step *steps;

	/* Only of the wide survey: addresses that pass, without clients for
	 * which a term is a permanent error. */
	uint64_t ipv4;
	char ipv6[SPF_COUNT_ROOM]; /* decimal: up to 2^128 */
	/** More may pass: ptr, exists, macros, failed lookups, and addresses
	 * beyond the bounds of counting. */
	bool open_ended;
	struct spf_reach reach; /* these addresses */
	/** Some addresses that pass when no term is an error, by enum
	 * spf_family. */
	struct addr sample[2][SPF_SAMPLES];
	unsigned nsamples[2];
};

/** An 'a' term with more addresses than this gives a finding. */
#define SPF_A_MANY 20u

/**
 * Survey the whole tree of a domain's record, as far as answers have arrived.
 * Call it again after new answers, until `pending` is false.
 * @param wide ask for addresses of both families too, and count the addresses
 *     that pass; else ask for records only
 */
void spf_budget(struct spf_source *source, struct mailauth_str domain,
    enum spf_scope scope, bool wide, struct spf_budget *out);

/**
 * Count the addresses that one reach has and another lacks.
 * @param ipv6 set to their number, decimal; the caller's
 */
uint64_t spf_reach_more(const struct spf_reach *one,
    const struct spf_reach *other, char ipv6[SPF_COUNT_ROOM]);

#endif /* SPF_BUDGET_H */
