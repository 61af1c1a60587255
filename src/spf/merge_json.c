/*
 * merge_json.c - a merge of SPF as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "spf/merge_report.h"

static json_t *
parts(const struct merge_report *m, struct arena *a)
{
	json_t *list = json_array();

	for (const struct merge_part *p = m->parts; p != NULL; p = p->next)
		json_add(a, list,
		    json_make(a, "{s:o, s:s, s:o}", "mechanism",
		        json_untrusted(a, p->text), "state", p->fate, "by",
		        json_untrusted_or_null(a, p->by)));
	return list;
}

static json_t *
qualifier(char q)
{
	return q != 0 ? json_stringn(&q, 1) : json_null();
}

static json_t *
lookups(struct arena *a, const struct merge_report *m)
{
	if (!m->counted)
		return json_null();
	return json_make(a, "{s:I, s:b, s:s}", "count", (json_int_t)m->lookups,
	    "at_least", m->at_least, "counted_in",
	    m->looked_up ? "dns" : "text");
}

json_t *
merge_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct merge_report *m = data;
	json_t *o;

	o = json_make(a, "{s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "schema",
	    SCHEMA, "domain", json_untrusted_or_null(a, m->owner), "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "was",
	    json_untrusted_or_null(a, m->record), "record",
	    json_string_or_null(m->merged), "zone_line",
	    json_string_or_null(m->zone_line), "mechanisms", parts(m, a));
	json_join(a, o,
	    json_make(a, "{s:o, s:o, s:o, s:I, s:f}", "qualifier_was",
	        qualifier(m->was), "qualifier", qualifier(m->all), "lookups",
	        lookups(a, m), "queries", (json_int_t)r->queries, "seconds",
	        r->seconds));
	json_put(a, o, "findings", json_findings(r, a));
	return o;
}
