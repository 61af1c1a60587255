/*
 * json.h - what the writers of JSON share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>

#include "report/report.h"

#define SCHEMA "unbound-mailauth/1"

/** Octets from anywhere. */
json_t *json_untrusted(struct arena *a, struct mailauth_str s);
/** The same; null when there are none. */
json_t *json_untrusted_or_null(struct arena *a, struct mailauth_str s);
/** A string of ours; null for NULL. */
json_t *json_string_or_null(const char *s);
/** All findings, or all record sets, of a report; NULL when memory ran out. */
json_t *json_findings(const struct mailauth_report *r, struct arena *a);
json_t *json_records(const struct mailauth_report *r, struct arena *a);

/** The logo and its certificate, of a report that has some. */
json_t *json_bimi(const struct mailauth_report *r, struct arena *a);

/** Whole reports. */
json_t *json_dmarc(const struct mailauth_report *r, struct arena *a);
json_t *json_explain(const struct mailauth_report *r, struct arena *a);
json_t *json_plan(const struct mailauth_report *r, struct arena *a);
json_t *json_merge(const struct mailauth_report *r, struct arena *a);

/** The members "org_domain", "discovery", "walk" and "alignment" of a report
 * that has a DMARC part, put into `o`. */
void
json_dmarc_part(const struct mailauth_report *r, struct arena *a, json_t *o);

#endif /* REPORT_JSON_H */
