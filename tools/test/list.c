/*
 * list.c - cases shown, and not run
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With all that was read of them, for programs that do with the cases what
 * this one does not: there is one reader of the format.
 */
#include "suite/zones.h"
#include "tools/test/test.h"

/* A case that is shown. */
struct shown {
	const struct suite_entry *entry;
	struct arena arena;
	json_t *row;
};

/* Text of a file; what is not UTF-8 has no form in JSON. */
static json_t *
json_text(struct mailauth_str s)
{
	json_t *text = json_stringn(s.n > 0 ? s.s : "", s.n);

	return text != NULL ? text : json_null();
}

/* zone_load */
static bool
load(void *arg, struct mailauth_str name, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	struct shown *k = arg;

	return suite_zone_text(k->entry->file, name, &k->arena, text, why);
}

/* The text of a zone as it is served: of its file when it is not edited. */
static bool
zone_text(struct shown *k, const struct case_zone *z, struct mailauth_str *out)
{
	char why[CASE_WHY_MAX];

	if (!z->edited)
		return load(k, z->file, out, why);
	*out = case_zone_text(&k->arena, z);
	return true;
}

/* The zones by name; null when they cannot be made. */
static json_t *
zones_of(struct shown *k)
{
	struct zone_source from = { .arena = &k->arena,
		.load = load,
		.arg = k };
	json_t *list = json_array();
	struct case_zone *z;

	if (!case_zones(&k->entry->file->cases, k->entry->c, &from, &z))
		z = NULL;
	for (; z != NULL; z = z->next) {
		struct mailauth_str text;

		if (!zone_text(k, z, &text))
			break;
		json_array_append_new(list,
		    json_pack("{s:o, s:o}", "name", json_text(z->name), "text",
		        json_text(text)));
	}
	if (z == NULL && json_array_size(list) > 0)
		return list;
	json_decref(list);
	return json_null();
}

static json_t *
args_of(struct shown *k)
{
	struct mailauth_str words[CASE_ARGS_MAX];
	size_t n = case_args(&k->entry->file->cases, k->entry->c, words,
	    CASE_ARGS_MAX);
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < CASE_ARGS_MAX; i++)
		json_array_append_new(list, json_text(words[i]));
	return list;
}

static json_t *
settings_of(struct shown *k)
{
	struct case_settings said[CASE_SETTINGS_LINES];
	size_t n = case_settings(&k->entry->file->cases, k->entry->c, &k->arena,
	    said, CASE_SETTINGS_LINES);
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < CASE_SETTINGS_LINES; i++)
		json_array_append_new(list, json_text(said[i].text));
	return list;
}

/* What is expected: the word of each line, and what follows it. */
static json_t *
expected_of(struct shown *k)
{
	json_t *list = json_array();

	for (const struct case_line *l = k->entry->c->lines; l != NULL;
	     l = l->next)
		if (l->word >= CASE_VERDICT)
			json_array_append_new(list,
			    json_pack("{s:i, s:s, s:o}", "line", (int)l->line,
			        "word", case_word_name(l->word), "text",
			        json_text(str_trim(l->rest))));
	return list;
}

static json_t *
only_of(struct shown *k)
{
	const struct case_file *f = &k->entry->file->cases;

	if (case_find(f, k->entry->c, CASE_SIGNED) != NULL)
		return json_string(case_word_name(CASE_SIGNED));
	if (case_find(f, k->entry->c, CASE_UNSIGNED) != NULL)
		return json_string(case_word_name(CASE_UNSIGNED));
	return json_null();
}

/* Add all that was read to a row. */
static void
describe(struct shown *k)
{
	struct mailauth_str domain =
	    case_domain(&k->entry->file->cases, k->entry->c);

	json_object_set_new(k->row, "domain", json_text(domain));
	json_object_set_new(k->row, "args", args_of(k));
	json_object_set_new(k->row, "settings", settings_of(k));
	json_object_set_new(k->row, "zones", zones_of(k));
	json_object_set_new(k->row, "only", only_of(k));
	json_object_set_new(k->row, "expects", expected_of(k));
}

static void
text_row(const struct table *t, const json_t *row)
{
	(void)t;
	printf("%s:%" JSON_INTEGER_FORMAT ": %s\n",
	    json_string_value(json_object_get(row, "file")),
	    json_integer_value(json_object_get(row, "line")),
	    json_string_value(json_object_get(row, "case")));
}

int
suite_list(const struct suite *s, const struct options *o)
{
	struct table t = { json_array(), text_row, NULL };

	for (size_t i = 0; i < s->nentries; i++) {
		const struct suite_entry *e = &s->entries[i];
		struct shown k = { .entry = e };

		k.row = json_pack("{s:s, s:i, s:s}", "file", e->file->name,
		    "line", (int)e->c->line, "case", e->title);
		if (o->verbose)
			describe(&k);
		if (k.arena.failed)
			json_lacks();
		json_array_append_new(t.rows, k.row);
		arena_free(&k.arena);
	}
	o->format->rows(&t);
	json_decref(t.rows);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}
