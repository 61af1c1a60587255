/*
 * json.c - an evaluation of SPF as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "spf/report.h"

static json_t *
spf_tree(struct arena *a, const struct spf_node *n)
{
	json_t *list = json_array();

	for (; n != NULL; n = n->next) {
		json_t *o = json_make(a, "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		    "term", json_untrusted(a, n->term), "domain",
		    json_untrusted(a, n->domain), "target",
		    json_untrusted_or_null(a, n->target), "record",
		    json_untrusted_or_null(a, n->record), "state",
		    json_string_or_null(spf_node_fate(n)), "result",
		    json_string_or_null(spf_result_name(n->result)), "why",
		    json_string_or_null(n->why));

		json_join(a, o,
		    json_make(a,
		        "{s:b, s:I, s:I, s:I, s:I, s:o, s:b, s:b, s:b}",
		        "counts", n->asks, "lookups_below",
		        (json_int_t)n->below, "total", (json_int_t)n->total,
		        "void_lookups", (json_int_t)n->voids, "void_queries",
		        (json_int_t)n->void_queries, "dnssec",
		        n->has_dnssec ? json_string(name_dnssec(n->dnssec)) :
		                        json_null(),
		        "varies", n->varies, "unknown", n->unknown, "loop",
		        n->loop));
		json_put(a, o, "terms", spf_tree(a, n->child));
		json_add(a, list, o);
	}
	return list;
}

static json_t *
spf_spenders(struct arena *a, const struct spf_spender *s)
{
	json_t *list = json_array();

	for (; s != NULL; s = s->next)
		json_add(a, list,
		    json_make(a, "{s:o, s:I}", "name",
		        json_untrusted(a, s->name), "lookups",
		        (json_int_t)s->lookups));
	return list;
}

static json_t *
spf_addresses(struct arena *a, const struct spf_report *s)
{
	if (!s->has_ranges)
		return json_null();
	return json_make(a, "{s:I, s:s, s:b}", "ipv4", (json_int_t)s->ipv4,
	    "ipv6", s->ipv6, "at_least", s->ranges_are_least);
}

json_t *
spf_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct spf_report *s = data;
	const struct mailauth_spf_view *v = &s->view;
	json_t *o;

	o = json_make(a,
	    "{s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, "
	    "s:o}",
	    "schema", SCHEMA, "domain", json_untrusted(a, s->domain), "ip",
	    json_untrusted_or_null(a, s->ip), "mail_from",
	    json_untrusted_or_null(a, s->mail_from), "helo",
	    json_untrusted_or_null(a, s->helo), "scope", s->scope, "profile",
	    name_profile(r->scope.profile), "verdict",
	    name_result(mailauth_report_result(r)), "result",
	    json_string_or_null(spf_result_name(v->result)), "explanation",
	    json_string_or_null(v->explanation), "mechanism",
	    json_string_or_null(v->mechanism), "why",
	    json_string_or_null(v->why));
	json_join(a, o,
	    json_make(a,
	        "{s:I, s:I, s:I, s:{s:I, s:b}, s:s, s:o, s:o, s:o, s:o}",
	        "lookups", (json_int_t)v->lookups, "void_lookups",
	        (json_int_t)v->void_lookups, "void_queries",
	        (json_int_t)s->void_queries, "worst_case", "lookups",
	        (json_int_t)v->worst_lookups, "at_least", v->worst_is_least,
	        "dnssec", name_dnssec(v->dnssec), "record",
	        json_untrusted_or_null(a, s->record), "services",
	        spf_spenders(a, s->spenders), "addresses", spf_addresses(a, s),
	        "tree", spf_tree(a, s->tree)));
	json_join(a, o,
	    json_make(a, "{s:I, s:f}", "queries", (json_int_t)r->queries,
	        "seconds", r->seconds));
	json_put(a, o, "findings", json_findings(r, a));
	return o;
}
