/*
 * report.h - what a report says of an evaluation of SPF
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_REPORT_H
#define SPF_REPORT_H

#include "report/report.h"
#include "spf/walk.h"

/** A term of SPF that asks, in the tree of all that do. */
struct spf_node {
	struct spf_node *next; /* of the same record */
	struct spf_node *child; /* first of the record it leads to */
	struct mailauth_str term, domain; /* of the record it stands in */
	struct mailauth_str target; /* name it asks for; empty: not known */
	struct mailauth_str record; /* it leads to; empty: none */
	bool evaluated; /* for an address: `fate` is valid */
	enum spf_fate fate;
	enum mailauth_spf_result result; /* of include and redirect; else
	                                  * UNDECIDED */
	const char *why; /* of an error; else NULL */
	bool asks; /* it is one of the ten */
	bool has_dnssec; /* it has asked */
	enum mailauth_dnssec dnssec;
	unsigned below; /* terms that ask, below it */
	unsigned total; /* counted so far, with those below it */
	unsigned voids, void_queries; /* here and below */
	bool varies; /* what it asks depends on the sender */
	bool unknown; /* what it found could not be told */
	bool loop; /* it leads back */
};

/** What one organization's records cost. */
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

	bool has_ranges; /* likewise */
	bool ranges_are_least;
	uint64_t ipv4;
	const char *ipv6; /* decimal */
	struct mailauth_str record;
	struct spf_node *tree;
	struct spf_spender *spenders;
};

/** "match", "no-match", "error" or "not-reached"; NULL when no address was
 * given. */
const char *spf_node_fate(const struct spf_node *n);

/** Its part of a report; the data is a struct spf_report. */
extern const struct part_type spf_part;

/** SPF as JSON: the whole document. */
struct json_t *
spf_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* SPF_REPORT_H */
