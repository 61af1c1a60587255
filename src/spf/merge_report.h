/*
 * merge_report.h - the part of a report on a merge of SPF
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_MERGE_REPORT_H
#define SPF_MERGE_REPORT_H

#include "report/report.h"

/** A mechanism of the request to add. */
struct merge_part {
	struct merge_part *next;
	struct mailauth_str text;
	const char *fate; /* "added", "covered", "blocked", "second-record" */
	struct mailauth_str by; /* term that covers or blocks it; or empty */
};

/** A merge of SPF. */
struct merge_report {
	struct mailauth_str record; /* before the merge; empty: several */
	const char *merged; /* escaped as in JSON; NULL: refused */
	const char *zone_line; /* NULL: refused, or the owner is not known */
	struct mailauth_str owner; /* without a final dot; may be empty */
	struct merge_part *parts;
	char was, all; /* qualifiers of 'all', before and after; 0: no 'all' */
	bool counted; /* `lookups` is valid: there is a merged record */
	bool looked_up; /* DNS gave the count; else the text alone */
	bool at_least; /* there may be more lookups */
	unsigned lookups;
};

/** The part of a report on a merge; the data is a struct merge_report. */
extern const struct part_type merge_part_type;

/** Make the whole JSON document of a merge; NULL when memory ran out. */
struct json_t *
merge_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* SPF_MERGE_REPORT_H */
