/*
 * json.c - a report as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The contract is the files in schema/: it only grows. Octets from DNS are
 * written as put_untrusted() does, so every string is printable ASCII.
 */
#include "report/json.h"

static json_t *
string(struct mailauth_str s)
{
	return json_stringn(s.n > 0 ? s.s : "", s.n);
}

/* What `put` wrote into a writer of the arena. */
static json_t *
written(const struct writer *w)
{
	return w->full ? NULL : string(writer_str(w));
}

json_t *
json_untrusted(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	put_untrusted(&w, s);
	return written(&w);
}

json_t *
json_untrusted_or_null(struct arena *a, struct mailauth_str s)
{
	return s.n > 0 ? json_untrusted(a, s) : json_null();
}

static json_t *
item_text(struct arena *a, const struct item *item)
{
	struct writer w = arena_writer(a);

	if (!item_has_text(item))
		return json_null();
	put_item_text(&w, item);
	return written(&w);
}

static json_t *
chain(struct arena *a, const struct mailauth_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->nchain; i++)
		json_array_append_new(list,
		    json_untrusted(a, answer->chain[i]));
	return list;
}

static json_t *
hops(struct arena *a, const struct item *item)
{
	json_t *list = json_array();
	char room[16];

	for (size_t i = 0; i < item->nhops; i++) {
		const struct hop *h = &item->hops[i];

		json_array_append_new(list,
		    json_pack("{s:o, s:s, s:s}", "name",
		        json_untrusted(a, h->name), "type",
		        name_rrtype(h->rrtype, room), "dnssec",
		        name_dnssec(h->dnssec)));
	}
	return list;
}

/* What is so of a record, found by name or given to parse. */
static json_t *
verdicts(const struct mailauth_report *r, const struct item *item)
{
	return json_pack("{s:s, s:s}", "verdict",
	    name_verdict(item_verdict(r, item)), "severity",
	    name_severity(item_severity(r, item)));
}

static json_t *
record(const struct mailauth_report *r, struct arena *a,
    const struct item *item)
{
	const struct mailauth_answer *answer = item->answer;
	char room[16];
	json_t *o;

	o = json_pack("{s:s, s:o, s:s, s:s}", "kind", item->j.kind->name,
	    "name", json_untrusted(a, answer->name), "type",
	    name_rrtype(answer->rrtype, room), "outcome",
	    name_outcome(answer->outcome));
	json_object_update_new(o, verdicts(r, item));
	json_object_update_new(o,
	    json_pack("{s:s, s:o, s:I, s:o, s:o}", "dnssec",
	        name_dnssec(answer->dnssec), "why_bogus",
	        answer->dnssec == MAILAUTH_DNSSEC_BOGUS ?
	            json_untrusted(a, answer->why) :
	            json_null(),
	        "ttl", (json_int_t)answer->ttl, "text", item_text(a, item),
	        "chain", chain(a, answer)));
	if (item->nhops > 0)
		json_object_set_new(o, "hops", hops(a, item));
	if (answer->outcome == MAILAUTH_FAILED)
		json_object_set_new(o, "why_failed",
		    json_untrusted_or_null(a, answer->why));
	return o;
}

static json_t *
finding(const struct mailauth_report *r, struct arena *a, const struct note *n)
{
	const struct finding_row *row = finding_row(n->finding.id);
	const struct item *item = n->item;
	bool placed = n->finding.length > 0;
	struct writer message = arena_writer(a), remedy = arena_writer(a);
	bool has_remedy = put_remedy(&remedy, n);

	put_message(&message, n);
	return json_pack("{s:s, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:s}",
	    "code", row->code, "severity", name_severity(note_severity(r, n)),
	    "kind", item != NULL ? item->j.kind->name : NULL, "name",
	    item != NULL ? json_untrusted_or_null(a, item->answer->name) :
	                   json_null(),
	    "offset", placed ? json_integer(n->finding.offset) : json_null(),
	    "length", placed ? json_integer(n->finding.length) : json_null(),
	    "message", written(&message), "remedy",
	    has_remedy ? written(&remedy) : json_null(), "reference",
	    row->reference);
}

json_t *
json_findings(const struct mailauth_report *r, struct arena *a)
{
	json_t *list = json_array();

	for (const struct note *n = r->notes; n != NULL; n = n->next)
		if (json_array_append_new(list, finding(r, a, n)) != 0) {
			/* None at all rather than one with a finding less. */
			json_decref(list);
			return NULL;
		}
	return list;
}

json_t *
json_records(const struct mailauth_report *r, struct arena *a)
{
	json_t *records = json_array();

	for (const struct item *i = r->items; i != NULL; i = i->next)
		if (json_array_append_new(records, record(r, a, i)) != 0) {
			json_decref(records);
			return NULL;
		}
	return records;
}

static json_t *
check_object(const struct mailauth_report *r, struct arena *a)
{
	json_t *o;

	o = json_pack("{s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:f}", "schema",
	    SCHEMA, "domain", json_untrusted(a, r->domain), "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "dnssec",
	    name_dnssec(mailauth_report_dnssec(r)), "records",
	    json_records(r, a), "findings", json_findings(r, a), "queries",
	    (json_int_t)r->queries, "seconds", r->seconds);
	if (o != NULL && r->bimi != NULL &&
	    json_object_set_new(o, "bimi", json_bimi(r, a)) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

struct parts {
	struct arena *arena;
	json_t *list;
	struct mailauth_str text;
};

static void
add_term(void *arg, const struct part *p)
{
	struct parts *parts = arg;
	char qualifier[2] = { p->qualifier, '\0' };

	json_array_append_new(parts->list,
	    json_pack("{s:o, s:s?, s:o, s:o, s:I, s:I}", "term",
	        json_untrusted(parts->arena, p->text), "qualifier",
	        p->qualifier != 0 ? qualifier : NULL, "name",
	        json_untrusted(parts->arena, p->name), "value",
	        json_untrusted(parts->arena, p->value), "offset",
	        (json_int_t)(p->text.s - parts->text.s), "length",
	        (json_int_t)p->text.n));
}

/* The tags of a list, the first of each name. */
static json_t *
tags(struct arena *a, struct mailauth_str text)
{
	json_t *o = json_object();
	struct tag_item it;

	while (tag_next(&text, &it)) {
		struct writer w = arena_writer(a);

		put_untrusted(&w, it.name);
		put_char(&w, '\0');
		if (!it.equals || w.full || json_object_get(o, w.buf) != NULL)
			continue;
		json_object_set_new(o, w.buf, json_untrusted(a, it.value));
	}
	return o;
}

static json_t *
parse_object(const struct mailauth_report *r, struct arena *a)
{
	const struct item *item = r->items;
	const struct mailauth_kind *kind = item->j.kind;
	struct parts parts = { a, NULL, item->j.record.text };
	json_t *o;

	o = json_pack("{s:s, s:s, s:o}", "schema", SCHEMA, "kind", kind->name,
	    "name", json_untrusted_or_null(a, item->answer->name));
	json_object_update_new(o, verdicts(r, item));
	json_object_set_new(o, "text", item_text(a, item));
	if (kind->tags != NULL) {
		json_object_set_new(o, "tags", tags(a, parts.text));
	} else if (kind->parts != NULL) {
		parts.list = json_array();
		if (item->j.matches > 0)
			kind->parts(parts.text, add_term, &parts);
		json_object_set_new(o, "terms", parts.list);
	}
	if (json_object_set_new(o, "findings", json_findings(r, a)) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* SPF evaluated. */

json_t *
json_string_or_null(const char *s)
{
	return s != NULL ? json_string(s) : json_null();
}

static json_t *
spf_tree(struct arena *a, const struct spf_node *n)
{
	json_t *list = json_array();

	for (; n != NULL; n = n->next) {
		json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		    "term", json_untrusted(a, n->term), "domain",
		    json_untrusted(a, n->domain), "target",
		    json_untrusted_or_null(a, n->target), "record",
		    json_untrusted_or_null(a, n->record), "state",
		    json_string_or_null(n->fate), "result",
		    json_string_or_null(n->result), "why",
		    json_string_or_null(n->why));

		json_object_update_new(o,
		    json_pack("{s:b, s:I, s:I, s:I, s:I, s:o, s:b, s:b, s:b}",
		        "counts", n->asks, "lookups_below",
		        (json_int_t)n->below, "total", (json_int_t)n->total,
		        "void_lookups", (json_int_t)n->voids, "void_queries",
		        (json_int_t)n->void_queries, "dnssec",
		        n->has_dnssec ? json_string(name_dnssec(n->dnssec)) :
		                        json_null(),
		        "varies", n->varies, "unknown", n->unknown, "loop",
		        n->loop));
		if (json_object_set_new(o, "terms", spf_tree(a, n->child)) !=
		        0 ||
		    json_array_append_new(list, o) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
spf_spenders(struct arena *a, const struct spf_spender *s)
{
	json_t *list = json_array();

	for (; s != NULL; s = s->next)
		json_array_append_new(list,
		    json_pack("{s:o, s:I}", "name", json_untrusted(a, s->name),
		        "lookups", (json_int_t)s->lookups));
	return list;
}

static json_t *
spf_addresses(const struct spf_report *s)
{
	if (!s->has_ranges)
		return json_null();
	return json_pack("{s:I, s:s, s:b}", "ipv4", (json_int_t)s->ipv4, "ipv6",
	    s->ipv6, "at_least", s->ranges_are_least);
}

static json_t *
spf_object(const struct mailauth_report *r, struct arena *a)
{
	const struct spf_report *s = r->spf;
	const struct mailauth_spf_view *v = &s->view;
	json_t *o;

	o = json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, "
	              "s:o}",
	    "schema", SCHEMA, "domain", json_untrusted(a, s->domain), "ip",
	    json_untrusted_or_null(a, s->ip), "mail_from",
	    json_untrusted_or_null(a, s->mail_from), "helo",
	    json_untrusted_or_null(a, s->helo), "scope", s->scope, "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "result",
	    json_string_or_null(v->result), "explanation",
	    json_string_or_null(v->explanation), "mechanism",
	    json_string_or_null(v->mechanism), "why",
	    json_string_or_null(v->why));
	json_object_update_new(o,
	    json_pack("{s:I, s:I, s:I, s:{s:I, s:b}, s:s, s:o, s:o, s:o, s:o}",
	        "lookups", (json_int_t)v->lookups, "void_lookups",
	        (json_int_t)v->void_lookups, "void_queries",
	        (json_int_t)s->void_queries, "worst_case", "lookups",
	        (json_int_t)v->worst_lookups, "at_least", v->worst_is_least,
	        "dnssec", name_dnssec(v->dnssec), "record",
	        json_untrusted_or_null(a, s->record), "services",
	        spf_spenders(a, s->spenders), "addresses", spf_addresses(s),
	        "tree", spf_tree(a, s->tree)));
	json_object_update_new(o,
	    json_pack("{s:I, s:f}", "queries", (json_int_t)r->queries,
	        "seconds", r->seconds));
	if (json_object_set_new(o, "findings", json_findings(r, a)) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

char *
mailauth_report_json(const struct mailauth_report *r, bool indent)
{
	struct arena scratch = { NULL, false };
	char *text = NULL;
	json_t *o;

	o = r->plan != NULL    ? json_plan(r, &scratch) :
	    r->merge != NULL   ? json_merge(r, &scratch) :
	    r->scope.plain     ? parse_object(r, &scratch) :
	    r->spf != NULL     ? spf_object(r, &scratch) :
	    r->explain != NULL ? json_explain(r, &scratch) :
	    r->dmarc != NULL   ? json_dmarc(r, &scratch) :
	                         check_object(r, &scratch);
	/* A piece that ran out of memory is missing, which must not pass for
	 * a report. */
	if (o != NULL && !scratch.failed)
		text = json_dumps(o,
		    JSON_REAL_PRECISION(6) |
		        (indent ? JSON_INDENT(2) : JSON_COMPACT));
	json_decref(o);
	arena_free(&scratch);
	return text;
}
