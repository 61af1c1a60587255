/*
 * files.c - case files found, and their cases selected
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/test/test.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

/* A file of cases that is larger is a mistake. */
#define FILE_MAX ((size_t)64 * 1024 * 1024)
/* Folders in folders. */
#define DEPTH_MAX 64

/* A file or folder, whatever it is called. */
struct place {
	dev_t dev;
	ino_t ino;
};

/* A walk through folders. */
struct walk {
	struct suite *suite;
	void *seen; /* files, a tree of places */
	struct place above[DEPTH_MAX]; /* folders that lead here */
	size_t found; /* files, those found again among them */
	int code; /* of what was complained of */
};

static int
compare_places(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct place));
}

static struct place
place_of(const struct stat *st)
{
	struct place p;

	/* It is compared octet by octet. */
	memset(&p, 0, sizeof(p));
	p.dev = st->st_dev;
	p.ino = st->st_ino;
	return p;
}

static void
refuse(struct walk *w, const char *path, const char *why, int code)
{
	complain(path, why);
	w->code = worse_exit(w->code, code);
}

/* The file was not found before. */
static bool
is_new(struct walk *w, const struct stat *st)
{
	struct place *p = malloc(sizeof(*p)), **found;

	if (p == NULL)
		return true;
	*p = place_of(st);
	found = tsearch(p, &w->seen, compare_places);
	if (found != NULL && *found == p)
		return true;
	free(p);
	return found == NULL;
}

static void
forget_places(void **seen)
{
	while (*seen != NULL) {
		struct place *p = *(struct place **)*seen;

		tdelete(p, seen, compare_places);
		free(p);
	}
}

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

static void
take_file(struct walk *w, const char *path)
{
	struct suite *s = w->suite;
	struct suite_file *file = calloc(1, sizeof(*file)), **bigger;
	struct mailauth_str text;
	int code;

	bigger = realloc(s->files, (s->nfiles + 1) * sizeof(*bigger));
	if (bigger != NULL)
		s->files = bigger;
	if (file == NULL || bigger == NULL) {
		free(file);
		refuse(w, path, "memory ran out", EXIT_SYSTEM);
		return;
	}
	s->files[s->nfiles++] = file;
	file->path = strdup(path);
	file->name = suite_plain(&file->arena, str_of(path));
	if (file->path == NULL || file->name == NULL) {
		refuse(w, path, "memory ran out", EXIT_SYSTEM);
		return;
	}
	if (!read_all(path, FILE_MAX, &file->arena, &text)) {
		refuse(w, path, strerror(errno), EXIT_INPUT);
		return;
	}
	code = suite_parse(file, text);
	if (code >= 0)
		w->code = worse_exit(w->code, code);
}

static bool
is_case_name(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".case") == 0;
}

static int
skip_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* By octets, whatever the language. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(struct walk *w, const char *path, unsigned depth);

static void
walk_folder(struct walk *w, const char *path, const struct stat *st,
    unsigned depth)
{
	struct place here = place_of(st);
	struct dirent **names = NULL;
	int n;

	for (unsigned i = 0; i < depth; i++)
		if (compare_places(&here, &w->above[i]) == 0) {
			refuse(w, path, "it leads back to a folder above it",
			    EXIT_INPUT);
			return;
		}
	if (depth == DEPTH_MAX) {
		refuse(w, path, "folders in folders, too deeply", EXIT_INPUT);
		return;
	}
	w->above[depth] = here;
	n = scandir(path, &names, skip_hidden, by_name);
	if (n < 0)
		refuse(w, path, strerror(errno), EXIT_INPUT);
	for (int i = 0; i < n; i++) {
		size_t a = strlen(path), b = strlen(names[i]->d_name);
		char *inner = malloc(a + b + 2);

		if (inner == NULL) {
			refuse(w, path, "memory ran out", EXIT_SYSTEM);
		} else {
			memcpy(inner, path, a);
			inner[a] = '/';
			if (a > 0 && path[a - 1] == '/')
				a--;
			memcpy(inner + a + 1, names[i]->d_name, b + 1);
			walk(w, inner, depth + 1);
		}
		free(inner);
		free(names[i]);
	}
	free(names);
}

/* A path: one that was given when `depth` is 0. */
static void
walk(struct walk *w, const char *path, unsigned depth)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		/* Other files are left alone. */
		if (depth == 0 || is_case_name(path))
			refuse(w, path,
			    errno == ENOENT ?
			        "No such file or folder; name cases: test cases/" :
			        strerror(errno),
			    EXIT_INPUT);
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		walk_folder(w, path, &st, depth);
		return;
	}
	if (depth > 0 && !is_case_name(path))
		return;
	if (depth > 0 && !S_ISREG(st.st_mode)) {
		refuse(w, path, "it is no regular file", EXIT_INPUT);
		return;
	}
	w->found++;
	if (S_ISREG(st.st_mode) && !is_new(w, &st))
		return;
	take_file(w, path);
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
	struct walk *w = calloc(1, sizeof(*w));
	int code = 0;

	*s = (struct suite){ 0 };
	if (w == NULL)
		return no_memory();
	w->suite = s;
	for (size_t i = 0; i < n; i++) {
		size_t before = w->found;
		int told = w->code;

		walk(w, paths[i], 0);
		/* A case that expects nothing cannot fail. */
		if (w->found == before && w->code == told)
			refuse(w, paths[i], "there is no case file in it",
			    EXIT_INPUT);
	}
	forget_places(&w->seen);
	code = w->code;
	free(w);
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
