/*
 * json.c - a report as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The files in schema/ are the contract: it only grows. put_untrusted() writes
 * all octets from DNS, so every string is printable ASCII.
 */
#include "report/json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static json_t *
string(struct mailauth_str s)
{
	return json_stringn(s.n > 0 ? s.s : "", s.n);
}

json_t *
json_make(struct arena *a, const char *format, ...)
{
	json_error_t error = { .text = "" };
	json_t *value;
	va_list list;

	va_start(list, format);
	value = json_vpack_ex(&error, 0, format, list);
	va_end(list);
	/* jansson 2.14 gives out an object without the member that it had no
	 * memory for. */
	if (value != NULL && error.text[0] == '\0')
		return value;
	a->failed = true;
	json_decref(value);
	return NULL;
}

void
json_put(struct arena *a, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		a->failed = true;
}

void
json_add(struct arena *a, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		a->failed = true;
}

void
json_join(struct arena *a, json_t *object, json_t *other)
{
	if (json_object_update_new(object, other) != 0)
		a->failed = true;
}

json_t *
json_written(const struct writer *w)
{
	return w->full ? NULL : string(writer_str(w));
}

json_t *
json_untrusted(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	put_untrusted(&w, s);
	return json_written(&w);
}

json_t *
json_untrusted_or_null(struct arena *a, struct mailauth_str s)
{
	return s.n > 0 ? json_untrusted(a, s) : json_null();
}

json_t *
json_set_text(struct arena *a, const struct record_set *set)
{
	struct writer w = arena_writer(a);

	if (!set_has_text(set))
		return json_null();
	put_set_text(&w, set);
	return json_written(&w);
}

/* The records of a set, one text each. */
static json_t *
texts(struct arena *a, const struct record_set *set)
{
	json_t *list = json_array();
	size_t at = 0;

	while (set_has_text(set)) {
		struct writer w = arena_writer(a);

		if (!put_set_record(&w, set, &at))
			break;
		json_add(a, list, json_written(&w));
	}
	return list;
}

static json_t *
chain(struct arena *a, const struct mailauth_answer *answer)
{
	json_t *list = json_array();

	for (size_t i = 0; i < answer->nchain; i++)
		json_add(a, list, json_untrusted(a, answer->chain[i]));
	return list;
}

static json_t *
hops(struct arena *a, const struct record_set *set)
{
	json_t *list = json_array();
	char room[16];

	for (size_t i = 0; i < set->nhops; i++) {
		const struct hop *h = &set->hops[i];

		json_add(a, list,
		    json_make(a, "{s:o, s:s, s:s}", "name",
		        json_untrusted(a, h->name), "type",
		        name_rrtype(h->rrtype, room), "dnssec",
		        name_dnssec(h->dnssec)));
	}
	return list;
}

json_t *
json_verdicts(const struct mailauth_report *r, struct arena *a,
    const struct record_set *set)
{
	return json_make(a, "{s:s, s:s}", "verdict",
	    name_verdict(set_verdict(r, set)), "severity",
	    name_severity(set_severity(r, set)));
}

/* A tree of values; null for NULL. */
static json_t *
values(struct arena *a, const struct value *v)
{
	json_t *o;

	if (v == NULL)
		return json_null();
	switch (v->type) {
	case VALUE_TEXT: return string(v->text);
	case VALUE_NUMBER: return json_integer((json_int_t)v->number);
	case VALUE_FLAG: return json_boolean(v->flag);
	case VALUE_LIST:
	case VALUE_OBJECT: break;
	}
	o = v->type == VALUE_LIST ? json_array() : json_object();
	for (const struct value *m = v->first; m != NULL; m = m->next)
		if (v->type == VALUE_LIST)
			json_add(a, o, values(a, m));
		else
			json_put(a, o, m->name, values(a, m));
	return o;
}

/* Add where something is written, when that is known. */
static void
put_written(struct arena *a, json_t *o, const struct mailauth_place *place)
{
	if (place->file == NULL)
		return;
	json_put(a, o, "file", json_untrusted(a, str_of(place->file)));
	json_put(a, o, "line", json_integer((json_int_t)place->line));
	if (place->column > 0)
		json_put(a, o, "column",
		    json_integer((json_int_t)place->column));
}

static json_t *
record(const struct mailauth_report *r, struct arena *a,
    const struct record_set *set)
{
	const struct mailauth_answer *answer = set->answer;
	const struct mailauth_place place = set_written(set);
	char room[16];
	json_t *o;

	o = json_make(a, "{s:s, s:o, s:s, s:s}", "kind", set->j.kind->name,
	    "name", json_untrusted(a, answer->name), "type",
	    name_rrtype(answer->rrtype, room), "outcome",
	    name_outcome(answer->outcome));
	json_join(a, o, json_verdicts(r, a, set));
	json_join(a, o,
	    json_make(a, "{s:s, s:o, s:I, s:o, s:o}", "dnssec",
	        name_dnssec(answer->dnssec), "why_bogus",
	        answer->dnssec == MAILAUTH_DNSSEC_BOGUS ?
	            json_untrusted(a, answer->why) :
	            json_null(),
	        "ttl", (json_int_t)answer->ttl, "text", json_set_text(a, set),
	        "chain", chain(a, answer)));
	json_put(a, o, "texts", texts(a, set));
	json_put(a, o, "values", values(a, set->values));
	if (set->nhops > 0)
		json_put(a, o, "hops", hops(a, set));
	if (answer->outcome == MAILAUTH_FAILED)
		json_put(a, o, "why_failed",
		    json_untrusted_or_null(a, answer->why));
	put_written(a, o, &place);
	return o;
}

static json_t *
finding(const struct mailauth_report *r, struct arena *a,
    const struct finding *n)
{
	const struct finding_row *row = finding_row(n->finding.id);
	const struct record_set *set = n->set;
	bool placed = n->finding.length > 0;
	struct writer message = arena_writer(a), remedy = arena_writer(a);
	bool has_remedy = put_remedy(&remedy, n);
	const struct finding *cause = n->follows;
	const struct mailauth_place place = finding_written(n);
	json_t *o;

	put_message(&message, n);
	o = json_make(a, "{s:s, s:s, s:s?, s:o, s:o, s:o, s:o, s:o, s:s}",
	    "code", row->code, "severity", name_severity(severity_of(r, n)),
	    "kind", set != NULL ? set->j.kind->name : NULL, "name",
	    set != NULL ? json_untrusted_or_null(a, set->answer->name) :
	                  json_null(),
	    "offset", placed ? json_integer(n->finding.offset) : json_null(),
	    "length", placed ? json_integer(n->finding.length) : json_null(),
	    "message", json_written(&message), "remedy",
	    has_remedy ? json_written(&remedy) : json_null(), "reference",
	    row->reference);
	if (cause != NULL)
		json_put(a, o, "follows",
		    json_string(finding_row(cause->finding.id)->code));
	put_written(a, o, &place);
	return o;
}

json_t *
json_findings(const struct mailauth_report *r, struct arena *a)
{
	json_t *list = json_array();

	for (const struct finding *n = r->findings; n != NULL; n = n->next)
		json_add(a, list, finding(r, a, n));
	return list;
}

json_t *
json_records(const struct mailauth_report *r, struct arena *a)
{
	json_t *records = json_array();

	for (const struct record_set *i = r->sets; i != NULL; i = i->next)
		json_add(a, records, record(r, a, i));
	return records;
}

/* What was not looked at. A text that came without DNS has no such list, unless
 * there is something in it. */
static void
put_incomplete(const struct mailauth_report *r, struct arena *a, json_t *o)
{
	json_t *list;

	if (r->scope.plain && r->incomplete == NULL)
		return;
	list = json_array();
	for (const struct incomplete *n = r->incomplete; n != NULL; n = n->next)
		json_add(a, list,
		    json_make(a, "{s:o, s:s}", "what",
		        json_untrusted(a, n->what), "why", n->why));
	json_put(a, o, "incomplete", list);
}

/* The members that all documents begin with. A text that came without DNS says
 * the same at all times. */
static json_t *
head(const struct mailauth_report *r, struct arena *a)
{
	json_t *o = json_make(a, "{s:s}", "schema", SCHEMA);
	struct writer w = arena_writer(a);

	if (r->time == 0)
		return o;
	put_utc(&w, r->time);
	put_char(&w, 'Z');
	json_join(a, o,
	    json_make(a, "{s:s, s:o, s:o, s:b}", "version", mailauth_version(),
	        "time", json_written(&w), "source",
	        r->source != NULL ? json_string(r->source) : string(r->origin),
	        "source_as_asked", r->source == NULL));
	return o;
}

json_t *
json_string_or_null(const char *s)
{
	return s != NULL ? json_string(s) : json_null();
}

/* The text of a document. */
struct dump {
	char *text;
	size_t n, size;
	bool failed;
};

/* json_dump_callback_t. jansson 2.14 goes on when the name of a member could not
 * be written, so a failure is kept. */
static int
dump_put(const char *s, size_t n, void *arg)
{
	struct dump *d = arg;

	if (n >= d->size - d->n) {
		size_t size = (d->size + n + 1) * 2;
		char *text = d->failed ? NULL : realloc(d->text, size);

		d->failed = text == NULL;
		if (d->failed)
			return -1;
		d->text = text;
		d->size = size;
	}
	memcpy(d->text + d->n, s, n);
	d->n += n;
	d->text[d->n] = '\0';
	return 0;
}

/* The document as text; NULL when memory ran out. */
static char *
dump(const json_t *o, bool indent)
{
	struct dump d = { NULL, 0, 0, false };

	if (json_dump_callback(o, dump_put, &d,
	        JSON_REAL_PRECISION(6) |
	            (indent ? JSON_INDENT(2) : JSON_COMPACT)) == 0 &&
	    !d.failed)
		return d.text;
	free(d.text);
	return NULL;
}

json_t *
json_report(const struct mailauth_report *r)
{
	struct arena scratch = { NULL, false };
	json_t *o = NULL, *rest = NULL;

	if (r != NULL && r->parts != NULL)
		rest = r->parts->type->json(r, r->parts->data, &scratch);
	if (rest != NULL) {
		o = head(r, &scratch);
		json_join(&scratch, o, rest);
		put_incomplete(r, &scratch, o);
	}
	/* After memory ran out some value is missing: that must not pass for a
	 * report. */
	if (scratch.failed) {
		json_decref(o);
		o = NULL;
	}
	arena_free(&scratch);
	return o;
}

char *
mailauth_report_json(const struct mailauth_report *r, bool indent)
{
	json_t *o = json_report(r);
	char *text = o != NULL ? dump(o, indent) : NULL;

	json_decref(o);
	return text;
}
