/*
 * files.c - case files found, and their cases selected
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/test/test.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "sys/file.h"
#include "tools/walk.h"

/* A file of cases that is larger is a mistake. */
#define FILE_MAX ((size_t)64 * 1024 * 1024)

/* Read a file of at most `max` octets; false with errno set. */
static bool
read_all(const char *path, size_t max, struct arena *a,
    struct mailauth_str *out)
{
	enum file_end end = file_read(path, max, a, out);

	if (end == FILE_LONGER)
		errno = EFBIG;
	else if (end == FILE_NO_MEMORY)
		errno = ENOMEM;
	return end == FILE_WHOLE;
}

char *
suite_path(const struct suite_file *f, struct mailauth_str name,
    struct arena *a)
{
	const char *slash = strrchr(f->path, '/');
	struct writer w = arena_writer(a);

	if (slash != NULL && (name.n == 0 || name.s[0] != '/'))
		put_bytes(&w, f->path, (size_t)(slash - f->path) + 1);
	put_bytes(&w, name.s, name.n);
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

bool
suite_zone_text(const struct suite_file *f, struct mailauth_str name,
    struct arena *a, struct mailauth_str *out, char why[CASE_WHY_MAX])
{
	const char *path = suite_path(f, name, a);
	bool good;

	errno = ENOMEM; /* no path */
	good = path != NULL && read_all(path, SIZE_MAX / 2, a, out);
	if (!good)
		snprintf(why, CASE_WHY_MAX, "%.*s: %s", (int)name.n, name.s,
		    strerror(errno));
	return good;
}

static int
refuse(const char *path, const char *why, int code)
{
	complain(path, why);
	return code;
}

static int
take_file(void *self, const char *path)
{
	struct suite *s = self;
	struct suite_file *file = calloc(1, sizeof(*file)), **bigger;
	struct mailauth_str text;
	int code;

	bigger = realloc(s->files, (s->nfiles + 1) * sizeof(*bigger));
	if (bigger != NULL)
		s->files = bigger;
	if (file == NULL || bigger == NULL) {
		free(file);
		return refuse(path, "memory ran out", EXIT_SYSTEM);
	}
	s->files[s->nfiles++] = file;
	file->path = strdup(path);
	file->name = suite_plain(&file->arena, str_of(path));
	if (file->path == NULL || file->name == NULL)
		return refuse(path, "memory ran out", EXIT_SYSTEM);
	if (!read_all(path, FILE_MAX, &file->arena, &text))
		return refuse(path, strerror(errno), EXIT_INPUT);
	code = suite_parse(file, text);
	return code >= 0 ? code : 0;
}

static bool
is_case_name(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".case") == 0;
}

static bool
is_wanted(const char *title, const char *match)
{
	return match == NULL || strstr(title, match) != NULL ||
	    fnmatch(match, title, 0) == 0;
}

/* Add the cases of a file whose title matches; false: memory ran out. */
static bool
select_of(struct suite *s, struct suite_file *f, const char *match)
{
	for (const struct suite_case *c = f->cases.cases; c != NULL;
	     c = c->next) {
		struct mailauth_str raw = arena_copy(&f->arena, c->title);
		const char *title = suite_plain(&f->arena, c->title);

		if (raw.s == NULL || title == NULL)
			return false;
		if (is_wanted(raw.s, match))
			s->entries[s->nentries++] =
			    (struct suite_entry){ f, c, title };
	}
	return true;
}

static int
no_memory(void)
{
	complain("test", "memory ran out");
	return EXIT_SYSTEM;
}

static int
select_cases(struct suite *s, const char *match)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nfiles; i++)
		n += s->files[i]->cases.ncases;
	s->entries = calloc(n + 1, sizeof(*s->entries));
	if (s->entries == NULL)
		return no_memory();
	for (size_t i = 0; i < s->nfiles; i++)
		if (!select_of(s, s->files[i], match))
			return no_memory();
	if (s->nentries > 0)
		return -1;
	complain(match, "there is no such case");
	return EXIT_USE;
}

int
suite_read(struct suite *s, char **paths, size_t n, const char *match)
{
	const struct walk_how how = { .wanted = is_case_name,
		.take = take_file,
		.self = s,
		.missing = "No such file or folder; name cases: test cases/",
		/* A case that expects nothing cannot fail. */
		.empty = "there is no case file in it" };
	int code;

	*s = (struct suite){ 0 };
	code = walk_paths(paths, n, &how);
	return code > 0 ? code : select_cases(s, match);
}

void
suite_free(struct suite *s)
{
	for (size_t i = 0; i < s->nfiles; i++) {
		free(s->files[i]->path);
		arena_free(&s->files[i]->arena);
		free(s->files[i]);
	}
	free(s->files);
	free(s->entries);
}
