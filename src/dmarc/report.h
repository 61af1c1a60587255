/*
 * report.h - what a report says of DMARC for one author domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_REPORT_H
#define DMARC_REPORT_H

#include "report/report.h"

/** One name of the walk (RFC 9989 4.10). */
struct dmarc_step_report {
	struct mailauth_str name; /* owner asked for */
	const char *state; /* "record", "none", "multiple", "unknown",
	                    * "not-asked" */
	const char *psd; /* "y", "n", "u"; NULL without a record */
	const struct item *item; /* NULL: not asked */
};

/** What receivers of one standard find. */
struct dmarc_side {
	const char *state; /* "policy", "none", "unknown" */
	struct mailauth_str record_name; /* empty: none */
	const char *tag; /* "p", "sp", "np"; NULL: none, or not known */
	const char *policy; /* "reject", ...; NULL: none, or not known */
	const char *applied; /* after t=y */
	struct mailauth_str org; /* empty: not known */
	const char *result; /* "pass", "fail", "none", "temperror"; NULL: no
	                     * identifier was given */
	const char *disposition; /* of a fail; else NULL */
};

/** One identifier. */
struct dmarc_id_report {
	struct dmarc_id_report *next;
	const char *mechanism; /* "dkim" or "spf" */
	struct mailauth_str domain; /* untrusted */
	struct mailauth_str org[2]; /* empty: not known */
	const char *aligned[2]; /* "strict", "relaxed", "no", "unknown" */
};

/** By number of the standard: RFC 9989, RFC 7489. */
struct dmarc_report {
	struct mailauth_str from; /* author domain, without a final dot */
	struct dmarc_side side[2];
	const char *exists; /* "yes", "no", "unknown", or NULL: not asked */
	bool strict_dkim, strict_spf;
	struct dmarc_step_report step[8];
	unsigned nsteps;
	struct dmarc_id_report *ids;
};

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
