/*
 * json.c - the report on a received message as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "dmarc/names.h"
#include "dmarc/report.h"
#include "message/report.h"

static json_t *
number_or_null(bool known, json_int_t value)
{
	return known ? json_integer(value) : json_null();
}

static json_t *
properties(struct arena *a, const struct claim_property *p)
{
	json_t *list = json_array();

	for (; p != NULL; p = p->next)
		json_add(a, list,
		    json_make(a, "{s:o, s:o, s:o}", "type",
		        json_untrusted_or_null(a, p->ptype), "name",
		        json_untrusted(a, p->name), "value",
		        json_untrusted(a, p->value)));
	return list;
}

static json_t *
results(struct arena *a, const struct claim *r)
{
	json_t *list = json_array();

	for (; r != NULL; r = r->next)
		json_add(a, list,
		    json_make(a, "{s:o, s:o, s:o, s:o, s:o, s:o}", "method",
		        json_untrusted(a, r->method), "result",
		        json_untrusted(a, r->result), "domain",
		        json_untrusted_or_null(a, r->domain), "reason",
		        json_untrusted_or_null(a, r->reason), "comment",
		        json_untrusted_or_null(a, r->comment), "properties",
		        properties(a, r->properties)));
	return list;
}

static json_t *
fields(struct arena *a, const struct claims *h)
{
	json_t *list = json_array();

	for (; h != NULL; h = h->next) {
		if (h->filter != NULL)
			continue;
		json_add(a, list,
		    json_make(a, "{s:o, s:o, s:b, s:b, s:b, s:o}",
		        "authserv_id", json_untrusted_or_null(a, h->id),
		        "instance",
		        number_or_null(h->instance > 0,
		            (json_int_t)h->instance),
		        "trusted", h->trusted, "none", h->none, "well_formed",
		        !h->sloppy, "results", results(a, h->results)));
	}
	return list;
}

/* What spam filters say. */
static json_t *
filters(struct arena *a, const struct claims *h)
{
	json_t *list = json_array();

	for (; h != NULL; h = h->next)
		if (h->filter != NULL)
			json_add(a, list,
			    json_make(a, "{s:s, s:b, s:o}", "field", h->filter,
			        "trusted", h->trusted, "results",
			        results(a, h->results)));
	return list;
}

static json_t *
seals(struct arena *a, const struct seal_report *s)
{
	json_t *list = json_array();

	for (; s != NULL; s = s->next)
		json_add(a, list,
		    json_make(a, "{s:I, s:s, s:o, s:o}", "instance",
		        (json_int_t)s->instance, "cv", s->cv, "domain",
		        json_untrusted_or_null(a, s->domain), "selector",
		        json_untrusted_or_null(a, s->selector)));
	return list;
}

static json_t *
received_spf(struct arena *a, const struct explain_report *e)
{
	if (e->received_spf.n == 0)
		return json_null();
	return json_make(a, "{s:o, s:o, s:o}", "result",
	    json_untrusted(a, e->received_spf), "mail_from",
	    json_untrusted_or_null(a, e->received_spf_domain), "ip",
	    json_untrusted_or_null(a, e->received_spf_ip));
}

static json_t *
scores(struct arena *a, const struct explain_report *e)
{
	json_t *o = json_object();

	for (size_t i = 0; i < SCORES_REPORTED; i++) {
		const struct score_report *s = &e->scores[i];

		json_put(a, o, s->name,
		    !s->known          ? json_null() :
		        s->thousandths ? json_real(s->value / 1000.0) :
		                         json_integer(s->value));
	}
	return o;
}

static json_t *
reported(struct arena *a, const struct explain_report *e)
{
	return json_make(a, "{s:o, s:o, s:{s:o, s:o}, s:o, s:o}",
	    "authentication_results", fields(a, e->claims), "filters",
	    filters(a, e->claims), "arc", "results", fields(a, e->arc), "seals",
	    seals(a, e->seals), "received_spf", received_spf(a, e), "scores",
	    scores(a, e));
}

static json_t *
signatures(struct arena *a, const struct sig_report *s)
{
	json_t *list = json_array();

	for (; s != NULL; s = s->next) {
		json_t *o = json_make(a, "{s:o, s:o, s:o, s:o, s:s, s:o}",
		    "domain", json_untrusted_or_null(a, s->domain), "selector",
		    json_untrusted_or_null(a, s->selector), "identity",
		    json_untrusted_or_null(a, s->identity), "algorithm",
		    json_untrusted_or_null(a, s->algorithm), "result",
		    sig_state_name(s->result), "why",
		    json_string_or_null(s->why));

		json_join(a, o,
		    json_make(a, "{s:o, s:o, s:o, s:o}", "key",
		        s->has_key ? json_string(name_verdict(s->key)) :
		                     json_null(),
		        "dnssec",
		        s->has_key ? json_string(name_dnssec(s->dnssec)) :
		                     json_null(),
		        "body",
		        s->has_body ?
		            json_string(s->body_changed ? "changed" : "same") :
		            json_null(),
		        "unsigned_octets",
		        number_or_null(s->has_l,
		            (json_int_t)s->unsigned_octets)));
		json_add(a, list, o);
	}
	return list;
}

static json_t *
spf(struct arena *a, const struct explain_report *e)
{
	return json_make(a, "{s:o, s:o, s:o, s:o, s:o, s:s}", "result",
	    json_string_or_null(spf_result_name(e->spf_result)), "domain",
	    json_untrusted_or_null(a, e->spf_domain), "ip",
	    json_untrusted_or_null(a, e->ip), "why",
	    json_string_or_null(e->spf_why), "dnssec",
	    e->spf_result != MAILAUTH_SPF_UNDECIDED ?
	        json_string(name_dnssec(e->spf_dnssec)) :
	        json_null(),
	    "source", source_name(e->spf_source));
}

static json_t *
dmarc(const struct mailauth_report *r, const struct explain_report *e,
    struct arena *a)
{
	const struct dmarc_report *d = report_data(r, &dmarc_part);
	json_t *o;

	if (d == NULL)
		return json_null();
	o = json_make(a, "{s:o, s:s, s:o, s:o}", "result",
	    json_string_or_null(dmarc_result_name(d->side[0].result)), "source",
	    source_name(e->dmarc_source), "policy",
	    json_string_or_null(dmarc_policy_name(d->side[0].policy)),
	    "disposition",
	    json_string_or_null(
	        dmarc_policy_name(dmarc_disposition(&d->side[0]))));
	dmarc_json_members(d, a, o);
	return o;
}

static json_t *
causes(struct arena *a, const struct cause *c)
{
	json_t *list = json_array();

	for (; c != NULL; c = c->next)
		json_add(a, list,
		    json_make(a, "{s:s, s:s, s:o}", "cause", c->name, "text",
		        c->text, "remedy", json_string_or_null(c->remedy)));
	return list;
}

static json_t *
hop(struct arena *a, const struct explain_report *e)
{
	return json_make(a, "{s:o, s:I, s:o, s:o}", "number",
	    number_or_null(e->hop > 0, (json_int_t)e->hop), "of",
	    (json_int_t)e->hops, "why", json_string_or_null(e->hop_why), "sure",
	    json_string_or_null(e->hop_sure));
}

/* Text that was made printable when it was written. */
static json_t *
printable_or_null(struct mailauth_str s)
{
	return s.n > 0 ? json_stringn(s.s, s.n) : json_null();
}

static json_t *
sent(struct arena *a, const struct sent_report *s)
{
	json_t *list = json_array();

	for (const struct sent_value *v = s != NULL ? s->values : NULL;
	     v != NULL; v = v->next)
		json_add(a, list,
		    json_make(a, "{s:s, s:b, s:o, s:o, s:o}", "name", v->name,
		        "differs", v->differs, "set", printable_or_null(v->set),
		        "message", printable_or_null(v->has), "why",
		        printable_or_null(v->why)));
	if (s != NULL)
		return json_make(a, "{s:o, s:o, s:o}", "sender",
		    printable_or_null(s->path), "pool",
		    printable_or_null(s->pool), "values", list);
	json_decref(list);
	return json_null();
}

static json_t *
file(struct arena *a, const struct explain_report *e)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < e->nparts; i++)
		json_add(a, list,
		    json_make(a, "{s:o, s:o, s:b}", "from",
		        json_untrusted_or_null(a, e->parts[i].from), "subject",
		        json_untrusted_or_null(a, e->parts[i].subject),
		        "attached", e->parts[i].attached));
	return json_make(a, "{s:o, s:I, s:o}", "form",
	    json_string_or_null(e->form), "message", (json_int_t)e->part,
	    "messages", list);
}

static json_t *
head(const struct mailauth_report *r, const struct explain_report *e,
    struct arena *a)
{
	json_t *o = json_make(a, "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "schema", SCHEMA, "from", json_untrusted_or_null(a, r->domain),
	    "author", json_untrusted_or_null(a, e->from), "mail_from",
	    e->has_mail_from ? json_untrusted(a, e->mail_from) : json_null(),
	    "mail_from_source", json_string_or_null(e->mail_from_source), "ip",
	    json_untrusted_or_null(a, e->ip), "ip_source",
	    json_string_or_null(e->ip_source), "helo",
	    json_untrusted_or_null(a, e->helo));

	json_join(a, o,
	    json_make(a, "{s:s, s:s, s:s}", "profile",
	        name_profile(r->scope.profile), "verdict",
	        name_result(mailauth_report_result(r)), "dnssec",
	        name_dnssec(mailauth_report_dnssec(r))));
	return o;
}

json_t *
explain_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct explain_report *e = data;
	json_t *o = head(r, e, a);

	json_put(a, o, "results",
	    json_make(a, "{s:o, s:o, s:s, s:o}", "spf", spf(a, e), "dkim",
	        signatures(a, e->sigs), "dkim_source",
	        e->dkim_source == SOURCE_NOT_SOUGHT && e->nsigs > 0 ?
	            "recomputed" :
	            source_name(e->dkim_source),
	        "dmarc", dmarc(r, e, a)));
	json_put(a, o, "causes", causes(a, e->causes));
	json_put(a, o, "hop", hop(a, e));
	json_put(a, o, "settings", sent(a, e->sent));
	json_put(a, o, "file", file(a, e));
	json_put(a, o, "reported", reported(a, e));
	json_put(a, o, "records", json_records(r, a));
	json_join(a, o,
	    json_make(a, "{s:I, s:I, s:I, s:I, s:f}", "header_fields",
	        (json_int_t)e->fields, "body_octets",
	        (json_int_t)e->body_octets, "signatures", (json_int_t)e->nsigs,
	        "queries", (json_int_t)r->queries, "seconds", r->seconds));
	json_put(a, o, "findings", json_findings(r, a));
	return o;
}
