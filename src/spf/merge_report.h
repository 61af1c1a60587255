/*
 * merge_report.h - what a report says of a merge of SPF
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_MERGE_REPORT_H
#define SPF_MERGE_REPORT_H

#include "report/report.h"

/** A mechanism that was to be added. */
struct merge_part {
	struct merge_part *next;
	struct mailauth_str text;
	const char *fate; /* "added", "covered", "blocked", "second-record" */
	struct mailauth_str by; /* term that covers or blocks it; or empty */
};

struct merge_report {
	struct mailauth_str record; /* as it was; empty: there are several */
	const char *merged; /* escaped as in JSON; NULL: refused */
	const char *zone_line; /* NULL: refused, or the owner is not known */
	struct mailauth_str owner; /* without a final dot; may be empty */
	struct merge_part *parts;
	char was, all; /* qualifiers of 'all'; 0: none */
	bool counted; /* there is a merged record to count in */
	bool looked_up; /* lookups were counted through DNS */
	bool at_least; /* there may be more of them */
	unsigned lookups;
};

/** Its part of a report; the data is a struct merge_report. */
extern const struct part_type merge_part_type;

/** The merge as JSON: the whole document. */
struct json_t *
merge_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* SPF_MERGE_REPORT_H */
