/*
 * json.c - the report on a plan as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "plan/report.h"

static json_t *
data_of(struct arena *a, const struct plan_record *p)
{
	struct writer w = arena_writer(a);

	put_plan_data(&w, p);
	return w.full ? NULL : json_stringn(w.used > 0 ? w.buf : "", w.used);
}

/* Text that was made printable when it was written. */
static json_t *
printable(struct mailauth_str s)
{
	return json_stringn(s.n > 0 ? s.s : "", s.n);
}

static json_t *
record(struct arena *a, const struct plan_report *plan,
    const struct plan_record *p)
{
	char room[16];

	return json_make(a,
	    "{s:o, s:I, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "owner",
	    json_untrusted(a, p->owner), "ttl", (json_int_t)plan->ttl, "type",
	    name_rrtype(p->rrtype, room), "data", data_of(a, p), "text",
	    p->rrtype == RRTYPE_TXT ? json_untrusted(a, p->data) : json_null(),
	    "why", printable(p->why), "from", printable(p->from), "state",
	    plan_state_name(p->state), "now",
	    p->now.n > 0 ? printable(p->now) : json_null(), "reason",
	    p->reason.n > 0 ? printable(p->reason) : json_null());
}

static json_t *
zone(struct arena *a, const struct plan_report *plan, const struct plan_zone *z)
{
	json_t *records = json_array();

	for (const struct plan_record *r = z->records; r != NULL; r = r->next)
		json_add(a, records, record(a, plan, r));
	return json_make(a, "{s:o, s:b, s:o}", "name",
	    json_untrusted(a, z->name), "reverse", z->reverse, "records",
	    records);
}

json_t *
plan_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct plan_report *plan = data;
	json_t *zones = json_array(), *notes = json_array(), *o;

	for (const struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		json_add(a, zones, zone(a, plan, z));
	for (const struct plan_note *n = plan->notes; n != NULL; n = n->next)
		json_add(a, notes, printable(n->text));
	o = json_make(a, "{s:s, s:s, s:b, s:o, s:o, s:I, s:f}", "schema",
	    SCHEMA, "verdict", name_result(plan->result), "compared",
	    plan->compared, "zones", zones, "notes", notes, "queries",
	    (json_int_t)r->queries, "seconds", r->seconds);
	if (plan->compared)
		json_put(a, o, "findings", json_findings(r, a));
	return o;
}
