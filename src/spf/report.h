/*
 * report.h - the part of a report on an evaluation of SPF
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_REPORT_H
#define SPF_REPORT_H

#include "report/report.h"
#include "spf/budget.h"

/** A term of SPF that asks, in the tree of all such terms. */
struct spf_node {
	struct spf_node *next; /* of the same record */
	struct spf_node *child; /* first term of the record it leads to */
	struct mailauth_str term, domain; /* `domain` has the term's record */
	struct mailauth_str target; /* name that it queries; empty: unknown */
	struct mailauth_str record; /* that it leads to; empty: no record */
	bool evaluated; /* for an address: `fate` is valid */
	enum spf_fate fate;
	enum mailauth_spf_result result; /* of include and redirect; else
	                                  * UNDECIDED */
	const char *why; /* of an error; else NULL */
	bool asks; /* it counts for the limit of ten lookups */
	bool has_dnssec; /* `dnssec` is valid: the term has an answer */
	enum mailauth_dnssec dnssec;
	unsigned below; /* terms that ask, below it */
	unsigned total; /* counted up to here, with those below it */
	unsigned voids, void_queries; /* here and below */
	bool varies; /* the queried name depends on the sender */
	bool unknown; /* its lookup failed or has no answer */
	bool loop; /* it leads back to a record above it */
};

/** The lookups that terms leading to one organization cost. */
struct spf_spender {
	struct spf_spender *next;
	struct mailauth_str name;
	unsigned lookups;
};

/** An evaluation of SPF. */
struct spf_report {
	struct mailauth_spf_view view;
	struct mailauth_str domain, ip, mail_from, helo; /* as given; may be
	                                                  * empty */
	const char *scope;
	unsigned void_queries;

	bool has_ranges; /* the counts of addresses below are valid */
	bool ranges_are_least;
	uint64_t ipv4;
	const char *ipv6; /* decimal */
	struct spf_reach reach; /* these addresses */
	struct mailauth_str record;
	struct spf_node *tree;
	struct spf_spender *spenders;
};

/** "match", "no-match", "error" or "not-reached"; NULL when no address was
 * given. */
const char *spf_node_fate(const struct spf_node *n);

/** The part of a report on SPF; the data is a struct spf_report. */
extern const struct part_type spf_part;

/** Make the whole JSON document of SPF; NULL when memory ran out. */
struct json_t *
spf_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* SPF_REPORT_H */
