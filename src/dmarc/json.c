/*
 * json.c - DMARC of an author domain as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "dmarc/names.h"
#include "dmarc/report.h"

static json_t *
side(struct arena *a, const struct dmarc_side *s)
{
	return json_make(a, "{s:s, s:o, s:o, s:o, s:o, s:o}", "state",
	    dmarc_state_name(s->state), "record_name",
	    json_untrusted_or_null(a, s->record_name), "tag",
	    json_string_or_null(s->tag), "policy",
	    json_string_or_null(dmarc_policy_name(s->policy)), "applied",
	    json_string_or_null(dmarc_policy_name(s->applied)), "org_domain",
	    json_untrusted_or_null(a, s->org));
}

/* One name of the walk, with its record when there is one. */
static json_t *
step(struct arena *a, const struct dmarc_step_report *s)
{
	const struct record_set *set = s->set;
	const char *psd =
	    s->sort == DMARC_SORT_ONE ? dmarc_psd_name(s->psd) : NULL;
	json_t *o = json_make(a, "{s:o, s:s, s:o}", "name",
	    json_untrusted(a, s->name), "state", dmarc_sort_name(s->sort),
	    "psd", json_string_or_null(psd));

	json_join(a, o,
	    json_make(a, "{s:o, s:o, s:o}", "outcome",
	        set != NULL ? json_string(name_outcome(set->answer->outcome)) :
	                      json_null(),
	        "dnssec",
	        set != NULL ? json_string(name_dnssec(set->answer->dnssec)) :
	                      json_null(),
	        "record",
	        psd != NULL ? json_untrusted(a, set->j.record.text) :
	                      json_null()));
	return o;
}

static json_t *
walk(const struct dmarc_report *d, struct arena *a)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < d->nsteps; i++)
		json_add(a, list, step(a, &d->step[i]));
	return list;
}

static json_t *
identifiers(const struct dmarc_report *d, struct arena *a)
{
	json_t *list = json_array();

	for (const struct dmarc_id_report *i = d->ids; i != NULL; i = i->next)
		json_add(a, list,
		    json_make(a, "{s:s, s:o, s:{s:s, s:o}, s:{s:s, s:o}}",
		        "mechanism", i->spf ? "spf" : "dkim", "domain",
		        json_untrusted(a, i->domain), "rfc9989", "aligned",
		        dmarc_aligned_name(i->aligned[0]), "org_domain",
		        json_untrusted_or_null(a, i->org[0]), "rfc7489",
		        "aligned", dmarc_aligned_name(i->aligned[1]),
		        "org_domain", json_untrusted_or_null(a, i->org[1])));
	return list;
}

/* The alignment mode that the record asks for. */
static json_t *
mode(const struct dmarc_side *s, bool strict)
{
	if (s->state == MAILAUTH_DMARC_UNKNOWN)
		return json_null();
	return json_string(strict ? "strict" : "relaxed");
}

/* A value by either standard. */
static json_t *
both(struct arena *a, json_t *new, json_t *old)
{
	return json_make(a, "{s:o, s:o}", "rfc9989", new, "rfc7489", old);
}

void
dmarc_json_members(const struct dmarc_report *d, struct arena *a, json_t *o)
{
	const struct dmarc_side *new = &d->side[0], *old = &d->side[1];

	json_put(a, o, "org_domain",
	    both(a, json_untrusted_or_null(a, new->org),
	        json_untrusted_or_null(a, old->org)));
	json_put(a, o, "discovery", both(a, side(a, new), side(a, old)));
	json_put(a, o, "exists", json_string(dmarc_existence_name(d->exists)));
	json_put(a, o, "walk", walk(d, a));
	json_put(a, o, "alignment",
	    json_make(a, "{s:o, s:o, s:o, s:o, s:o}", "dkim",
	        mode(new, d->strict_dkim), "spf", mode(new, d->strict_spf),
	        "identifiers", identifiers(d, a), "result",
	        both(a, json_string_or_null(dmarc_result_name(new->result)),
	            json_string_or_null(dmarc_result_name(old->result))),
	        "disposition",
	        both(a,
	            json_string_or_null(
	                dmarc_policy_name(dmarc_disposition(new))),
	            json_string_or_null(
	                dmarc_policy_name(dmarc_disposition(old))))));
}

json_t *
dmarc_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct dmarc_report *d = data;
	const struct dmarc_side *new = &d->side[0];
	json_t *o = json_make(a, "{s:s, s:o, s:s, s:s, s:s, s:o, s:o}",
	    "schema", SCHEMA, "from", json_untrusted(a, d->from), "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "dnssec",
	    name_dnssec(mailauth_report_dnssec(r)), "record_name",
	    json_untrusted_or_null(a, new->record_name), "policy",
	    json_string_or_null(dmarc_policy_name(new->policy)));

	dmarc_json_members(d, a, o);
	json_put(a, o, "records", json_records(r, a));
	json_join(a, o,
	    json_make(a, "{s:I, s:f}", "queries", (json_int_t)r->queries,
	        "seconds", r->seconds));
	json_put(a, o, "findings", json_findings(r, a));
	return o;
}
