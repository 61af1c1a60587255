/*
 * json.c - the part of a report on one parsed record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "parse/parse.h"

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

	json_add(parts->arena, parts->list,
	    json_make(parts->arena, "{s:o, s:s?, s:o, s:o, s:I, s:I}", "term",
	        json_untrusted(parts->arena, p->text), "qualifier",
	        p->qualifier != 0 ? qualifier : NULL, "name",
	        json_untrusted(parts->arena, p->name), "value",
	        json_untrusted(parts->arena, p->value), "offset",
	        (json_int_t)(p->text.s - parts->text.s), "length",
	        (json_int_t)p->text.n));
}

/* The tags of the table that a record has, written as there. */
static uint64_t
tags_seen(const struct taglist *list, struct mailauth_str text)
{
	struct tag_item it;
	uint64_t seen = 0;

	while (tag_next(&text, &it))
		for (size_t i = 0; i < list->n; i++)
			if (str_eq(it.name, list->tag[i].name))
				seen |= UINT64_C(1) << i;
	return seen;
}

/* The name of a tag as the table of its kind writes it, so that a reader of the
 * JSON finds "p" for "P". Where case counts, that is so unless the record has
 * "p" too: a finding says that receivers ignore "P". */
static struct mailauth_str
tag_name(const struct taglist *list, struct mailauth_str name, uint64_t seen)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_ieq(name, list->tag[i].name) &&
		    (list->fold_names || (seen >> i & 1) == 0))
			return list->tag[i].name;
	return name;
}

/* A tag of this name may be there only once. */
static bool
is_unique(const struct taglist *list, struct mailauth_str name)
{
	bool known = false;

	for (size_t i = 0; i < list->n; i++)
		known = known || str_eq(name, list->tag[i].name);
	return list->duplicate != 0 && (known || list->unique);
}

/* The tags of a tag list. Of several tags of one name the first counts; where
 * that is not allowed the value is uncertain, and is left out. */
static json_t *
tags(struct arena *a, const struct taglist *list, struct mailauth_str text)
{
	json_t *o = json_object(), *twice = json_object();
	uint64_t seen = tags_seen(list, text);
	struct tag_item it;
	const char *name;
	json_t *value;

	while (tag_next(&text, &it)) {
		struct mailauth_str known = tag_name(list, it.name, seen);
		struct writer w = arena_writer(a);

		put_untrusted(&w, known);
		put_char(&w, '\0');
		if (!it.equals || w.full)
			continue;
		if (json_object_get(o, w.buf) == NULL)
			json_put(a, o, w.buf, json_untrusted(a, it.value));
		else if (is_unique(list, known))
			json_put(a, twice, w.buf, json_true());
	}
	json_object_foreach(twice, name, value)
	{
		(void)value;
		json_object_del(o, name);
	}
	json_decref(twice);
	return o;
}

static json_t *
parse_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct record_set *set = r->sets;
	const struct mailauth_kind *kind = set->j.kind;
	struct parts parts = { a, NULL, set->j.record.text };
	json_t *o;

	(void)data;
	o = json_make(a, "{s:s, s:s, s:o}", "schema", SCHEMA, "kind",
	    kind->name, "name", json_untrusted_or_null(a, set->answer->name));
	json_join(a, o, json_verdicts(r, a, set));
	json_put(a, o, "text", json_set_text(a, set));
	if (kind->tags != NULL) {
		json_put(a, o, "tags", tags(a, kind->tags, parts.text));
	} else if (kind->parts != NULL) {
		parts.list = json_array();
		if (set->j.matches > 0)
			kind->parts(parts.text, add_term, &parts);
		json_put(a, o, "terms", parts.list);
	}
	json_put(a, o, "findings", json_findings(r, a));
	return o;
}

/* No head: the line of the record set says all that the head would. */
static void
no_head(struct page *p, const void *data)
{
	(void)p;
	(void)data;
}

const struct part_type parse_part = {
	.name = "parse",
	.head = no_head,
	.json = parse_json,
};
