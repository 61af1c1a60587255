/*
 * json.h - functions that all printers of JSON share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <jansson.h>

#include "report/report.h"

#define SCHEMA "unbound-mailauth/1"

/** The document of a report; NULL when memory ran out. */
json_t *json_report(const struct mailauth_report *r);
/** A string of octets from any source, escaped. */
json_t *json_untrusted(struct arena *a, struct mailauth_str s);
/** The same; null for an empty string. */
json_t *json_untrusted_or_null(struct arena *a, struct mailauth_str s);
/** A string of the library, as it is; null for NULL. */
json_t *json_string_or_null(const char *s);
/** A value as json_pack() makes it; NULL, with the arena failed, when memory ran
 * out. */
json_t *json_make(struct arena *a, const char *format, ...);
/** Put a member, an element, or the members of another object into a value.
 * The printers use these in place of jansson's functions: what is not there for
 * want of memory fails the arena, and so the whole document. */
void json_put(struct arena *a, json_t *object, const char *key, json_t *value);
void json_add(struct arena *a, json_t *array, json_t *value);
void json_join(struct arena *a, json_t *object, json_t *other);
/** All findings, or all record sets, of a report; NULL when memory ran out. */
json_t *json_findings(const struct mailauth_report *r, struct arena *a);
json_t *json_records(const struct mailauth_report *r, struct arena *a);
/** The text of a writer; NULL when memory ran out. */
json_t *json_written(const struct writer *w);
/** The text of a record set; null when it has none. */
json_t *json_set_text(struct arena *a, const struct record_set *set);
/** The members "verdict" and "severity" of a record set. */
json_t *json_verdicts(const struct mailauth_report *r, struct arena *a,
    const struct record_set *set);

#endif /* REPORT_JSON_H */
