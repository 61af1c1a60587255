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
	o = json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:f}", "schema",
	    SCHEMA, "domain", json_untrusted(a, r->domain), "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "dnssec",
	    name_dnssec(mailauth_report_dnssec(r)), "records",
	    json_records(r, a), "findings", json_findings(r, a), "queries",
	    (json_int_t)r->queries, "seconds", r->seconds);
	for (; o != NULL && p != NULL; p = p->next) {
		if (json_object_set_new(o, p->type->name,
		        p->type->json(r, p->data, a)) == 0)
			continue;
		json_decref(o);
		return NULL;
	}
	return o;
}

const struct part_type check_part = { .name = "check", .json = check_json };
