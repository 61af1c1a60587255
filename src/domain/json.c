/*
 * json.c - the check of a domain as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "domain/domain.h"

static json_t *
check_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct report_part *p = r->parts->next;
	json_t *o;

	(void)data;
	o = json_make(a, "{s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:f}",
	    "schema", SCHEMA, "domain", json_untrusted(a, r->domain), "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "dnssec",
	    name_dnssec(mailauth_report_dnssec(r)), "records",
	    json_records(r, a), "findings", json_findings(r, a), "queries",
	    (json_int_t)r->queries, "seconds", r->seconds);
	for (; p != NULL; p = p->next)
		json_put(a, o, p->type->name, p->type->json(r, p->data, a));
	return o;
}

const struct part_type check_part = { .name = "check", .json = check_json };
