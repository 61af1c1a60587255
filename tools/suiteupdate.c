/*
 * suiteupdate.c - case files with what was found in the place of what was
 * expected
 * SPDX-License-Identifier: BSD-3-Clause
 */
#define _XOPEN_SOURCE 700 /* realpath() */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite/expect.h"
#include "sys/tempfile.h"
#include "tools/suite.h"

static int
refuse(const char *path, const char *why, int code)
{
	complain(path, why);
	return code;
}

/* The file has the octets that were read when the run began. */
static bool
is_unchanged(const char *path, struct mailauth_str text)
{
	FILE *f = fopen(path, "r");
	char buf[16384];
	size_t at = 0, n;
	bool same = f != NULL;

	while (same && (n = fread(buf, 1, sizeof(buf), f)) > 0) {
		same = n <= text.n - at && memcmp(buf, text.s + at, n) == 0;
		at += n;
	}
	if (f != NULL)
		fclose(f);
	return same && at == text.n;
}

/* Whole or not at all. */
static int
replace(const char *path, struct mailauth_str text)
{
	struct replacement r;
	struct stat st;
	bool good;

	errno = 0;
	good = stat(path, &st) == 0 && access(path, W_OK) == 0 &&
	    replacement_begin(&r, path);
	if (good) {
		good = fwrite(text.s, 1, text.n, r.f) == text.n;
		good = fchmod(fileno(r.f), st.st_mode & 07777) == 0 && good;
		good = replacement_end(&r, path, good);
	}
	if (!good)
		complain(path, errno != 0 ? strerror(errno) : "write error");
	return good ? -1 : EXIT_SYSTEM;
}

static unsigned
digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* The edits of one case, behind those before them. */
static struct case_edit **
take_edits(struct arena *a, const json_t *list, struct case_edit **end)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		struct case_edit *e = arena_alloc(a, sizeof(*e));
		const char *hex =
		    json_string_value(json_object_get(one, "text"));
		struct writer w = arena_writer(a);

		if (e == NULL || hex == NULL)
			return end;
		for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2)
			put_char(&w,
			    (char)(digit(hex[0]) * 16 + digit(hex[1])));
		e->line =
		    (unsigned)json_integer_value(json_object_get(one, "line"));
		e->insert = json_is_true(json_object_get(one, "insert"));
		e->text = writer_str(&w);
		*end = e;
		end = &e->next;
	}
	return end;
}

static int
update_file(const struct suite_file *f, const json_t *all, bool quiet)
{
	struct arena a = { NULL, false };
	struct case_edit *edits = NULL, **end = &edits;
	struct mailauth_str text;
	size_t i, changed = 0, untold = 0;
	const json_t *told;
	char *path = NULL;
	int code = -1;

	json_array_foreach(all, i, told)
	{
		enum result r = result_of(told);

		if (strcmp(json_string_value(json_object_get(told, "file")),
		        f->name) != 0)
			continue;
		untold += r == RESULT_TEMPERROR || r == RESULT_ERROR;
		if (r != RESULT_FAIL)
			continue;
		changed++;
		end = take_edits(&a, json_object_get(told, "edits"), end);
	}
	if (changed == 0)
		goto done;
	if (untold > 0) {
		code = refuse(f->path,
		    "it is left as it is: not all of it could be told", 0);
		goto done;
	}
	text = case_rewrite(&a, f->cases.text, edits);
	path = realpath(f->path, NULL);
	if (a.failed || path == NULL)
		code = refuse(f->path,
		    a.failed ? "memory ran out" : strerror(errno), EXIT_SYSTEM);
	else if (!is_unchanged(path, f->cases.text))
		code = refuse(f->path,
		    "it is left as it is: it was changed meanwhile",
		    EXIT_INPUT);
	else
		code = replace(path, text);
	if (code < 0 && !quiet)
		fprintf(stderr, PROGRAM ": %s: %zu case%s written anew\n",
		    f->name, changed, changed == 1 ? "" : "s");
done:
	free(path);
	arena_free(&a);
	return code;
}

int
suite_update(const struct suite *s, const json_t *all, bool quiet)
{
	int code = -1;

	for (size_t i = 0; i < s->nfiles; i++) {
		int one = update_file(s->files[i], all, quiet);

		if (one >= 0)
			code = code < 0 ? one : worse_exit(code, one);
	}
	return code;
}
