/*
 * json.c - the check of a domain as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "base/str.h"
#include "domain/domain.h"

/* What kinds of record there are, and the worst of the sets of each. */
struct kind_sum {
	size_t sets, records;
	enum mailauth_verdict verdict;
	enum mailauth_severity severity;
};

/* The verdict on a set goes before that of another one of the kind. */
static unsigned
weight(enum mailauth_verdict v)
{
	static const unsigned weights[] = {
		[MAILAUTH_NONE] = 0,
		[MAILAUTH_VALID] = 1,
		[MAILAUTH_TEMPERROR] = 2,
		[MAILAUTH_INVALID] = 3,
	};

	return weights[v];
}

static json_t *
kind_json(const struct mailauth_report *r, struct arena *a, unsigned kind)
{
	struct kind_sum sum = { 0, 0, MAILAUTH_NONE, MAILAUTH_PASS };
	json_t *names = json_array();
	struct mailauth_str last = STR_NONE;

	for (const struct record_set *set = r->sets; set != NULL;
	     set = set->next) {
		enum mailauth_verdict v = set_verdict(r, set);
		enum mailauth_severity s = set_severity(r, set);

		if (set->j.kind->id != kind)
			continue;
		sum.sets++;
		sum.records += set->j.matches;
		if (weight(v) > weight(sum.verdict))
			sum.verdict = v;
		if (s > sum.severity)
			sum.severity = s;
		if (!str_eq(last, set->answer->name))
			json_add(a, names,
			    json_untrusted(a, set->answer->name));
		last = set->answer->name;
	}
	if (sum.sets == 0) {
		json_decref(names);
		return NULL;
	}
	return json_make(a, "{s:s, s:s, s:I, s:o}", "verdict",
	    name_verdict(sum.verdict), "severity", name_severity(sum.severity),
	    "records", (json_int_t)sum.records, "names", names);
}

static json_t *
kinds_json(const struct mailauth_report *r, struct arena *a)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		json_t *kind = kind_json(r, a, i);

		if (kind != NULL)
			json_put(a, o, kind_at(i)->name, kind);
	}
	return o;
}

/* The worst severity of all findings. */
static enum mailauth_severity
worst_of(const struct mailauth_report *r)
{
	enum mailauth_severity worst = MAILAUTH_PASS;

	for (const struct finding *n = r->findings; n != NULL; n = n->next)
		if (severity_of(r, n) > worst)
			worst = severity_of(r, n);
	return worst;
}

/* Why the verdict is not that of the worst finding: some lookup failed, and
 * nothing is known of its records. NULL: it is. */
static const char *
why_verdict(const struct mailauth_report *r)
{
	if (mailauth_report_result(r) != MAILAUTH_RESULT_TEMPERROR)
		return NULL;
	for (const struct record_set *set = r->sets; set != NULL;
	     set = set->next)
		if (set->answer->dnssec == MAILAUTH_DNSSEC_BOGUS)
			return "bogus";
	return "unknown";
}

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
	json_join(a, o,
	    json_make(a, "{s:s, s:o, s:o}", "worst", name_severity(worst_of(r)),
	        "verdict_why", json_string_or_null(why_verdict(r)), "kinds",
	        kinds_json(r, a)));
	for (; p != NULL; p = p->next)
		json_put(a, o, p->type->name, p->type->json(r, p->data, a));
	return o;
}

const struct part_type check_part = { .name = "check", .json = check_json };
