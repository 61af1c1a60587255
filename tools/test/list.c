/*
 * list.c - cases shown, and not run
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/test/test.h"

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

		json_array_append_new(t.rows,
		    json_pack("{s:s, s:i, s:s}", "file", e->file->name, "line",
		        (int)e->c->line, "case", e->title));
	}
	o->format->rows(&t);
	json_decref(t.rows);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}
