/*
 * update.c - case files with what was found in place of what was expected
 * SPDX-License-Identifier: BSD-3-Clause
 */
#define _XOPEN_SOURCE 700 /* realpath() */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/file.h"
#include "sys/tempfile.h"
#include "tools/test/test.h"

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
	struct arena a = { NULL, false };
	struct mailauth_str now;
	bool same = file_read(path, text.n, &a, &now) == FILE_WHOLE &&
	    str_eq(now, text);

	arena_free(&a);
	return same;
}

/* Whole or not at all. */
static int
replace(const char *path, struct mailauth_str text)
{
	struct replacement r;

	errno = 0;
	if (access(path, W_OK) == 0 && replacement_begin(&r, path)) {
		bool good = fwrite(text.s, 1, text.n, r.f) == text.n;

		if (replacement_end(&r, good))
			return -1;
	}
	complain(path, errno != 0 ? strerror(errno) : "write error");
	return EXIT_SYSTEM;
}

/* The edits of one case, behind those before them. */
static struct case_edit **
take_edits(struct arena *a, const struct case_edit *e, struct case_edit **end)
{
	for (; e != NULL; e = e->next) {
		struct case_edit *copy = arena_alloc(a, sizeof(*copy));

		if (copy == NULL)
			return end;
		*copy = *e;
		copy->next = NULL;
		*end = copy;
		end = &copy->next;
	}
	return end;
}

static int
update_file(const struct suite_file *f, const struct case_result *results,
    size_t n, bool quiet)
{
	struct arena a = { NULL, false };
	struct case_edit *edits = NULL, **end = &edits;
	struct mailauth_str text;
	size_t changed = 0, untold = 0;
	char *path = NULL;
	int code = -1;

	for (size_t i = 0; i < n; i++) {
		const struct case_result *r = &results[i];

		if (r->entry->file != f)
			continue;
		untold += r->outcome == OUTCOME_TEMPERROR ||
		    r->outcome == OUTCOME_ERROR;
		if (r->outcome != OUTCOME_FAIL)
			continue;
		changed++;
		end = take_edits(&a, r->edits, end);
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
suite_update(const struct suite *s, const struct case_result *results,
    bool quiet)
{
	int code = -1;

	for (size_t i = 0; i < s->nfiles; i++) {
		int one = update_file(s->files[i], results, s->nentries, quiet);

		if (one >= 0)
			code = code < 0 ? one : worse_exit(code, one);
	}
	return code;
}
