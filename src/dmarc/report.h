/*
 * report.h - what a report says of DMARC for one author domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_REPORT_H
#define DMARC_REPORT_H

#include "dmarc/alignment.h"

/** One name of the walk (RFC 9989 4.10). */
struct dmarc_step_report {
	struct mailauth_str name; /* owner asked for */
	enum dmarc_sort sort;
	enum dmarc_psd psd; /* of DMARC_SORT_ONE */
	const struct record_set *set; /* NULL: not asked */
};

/** What receivers of one standard find. */
struct dmarc_side {
	enum mailauth_dmarc_state state;
	struct mailauth_str record_name; /* empty: none */
	const char *tag; /* "p", "sp", "np"; NULL: none, or not known */
	enum mailauth_dmarc_policy policy; /* ABSENT: none, or not known */
	enum mailauth_dmarc_policy applied; /* after t=y */
	bool uncertain; /* a tag of the record appears twice */
	struct mailauth_str org; /* empty: not known */
	enum mailauth_dmarc_result result; /* UNDECIDED: no identifier was
	                                    * given */
};

/** One identifier. */
struct dmarc_id_report {
	struct dmarc_id_report *next;
	bool spf; /* else DKIM */
	struct mailauth_str domain; /* untrusted */
	struct mailauth_str org[DMARC_RFCS]; /* empty: not known */
	enum dmarc_aligned aligned[DMARC_RFCS];
};

/** By number of the standard: RFC 9989, RFC 7489. */
struct dmarc_report {
	struct mailauth_str from; /* author domain, without a final dot */
	struct dmarc_side side[DMARC_RFCS];
	enum dmarc_existence exists; /* the author domain */
	bool strict_dkim, strict_spf;
	struct dmarc_step_report step[8];
	unsigned nsteps;
	struct dmarc_id_report *ids;
	bool lacking; /* the result is open, and no lookup failed */
};

/** The result as people read it: "temperror" is for failed lookups alone,
 * "unknown" for what the message does not show. NULL: no result is due. */
const char *dmarc_shown_result(const struct dmarc_report *d);

/** What becomes of the message: the policy of a fail; else ABSENT. */
enum mailauth_dmarc_policy dmarc_disposition(const struct dmarc_side *s);

/** Its part of a report; the data is a struct dmarc_report. */
extern const struct part_type dmarc_part;

/** DMARC as JSON: the whole document. */
struct json_t *
dmarc_json(const struct mailauth_report *r, const void *data, struct arena *a);
/** Put the members "org_domain", "discovery", "walk" and "alignment" into
 * `o`. */
void dmarc_json_members(const struct dmarc_report *d, struct arena *a,
    struct json_t *o);

#endif /* DMARC_REPORT_H */
