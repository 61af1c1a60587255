/*
 * walk.c - files found in folders
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/walk.h"

#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/tool.h"

/* Folders in folders. */
#define DEPTH_MAX 64

/* A file or folder, whatever it is called. */
struct place {
	dev_t dev;
	ino_t ino;
};

/* A walk through folders. */
struct walk {
	const struct walk_how *how;
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
		if (depth == 0 || w->how->wanted(path))
			refuse(w, path,
			    errno == ENOENT && depth == 0 ? w->how->missing :
			                                    strerror(errno),
			    EXIT_INPUT);
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		walk_folder(w, path, &st, depth);
		return;
	}
	if (depth > 0 && !w->how->wanted(path))
		return;
	if (depth > 0 && !S_ISREG(st.st_mode)) {
		refuse(w, path, "it is no regular file", EXIT_INPUT);
		return;
	}
	w->found++;
	if (S_ISREG(st.st_mode) && !is_new(w, &st))
		return;
	w->code = worse_exit(w->code, w->how->take(w->how->self, path));
}

int
walk_paths(char *const *paths, size_t n, const struct walk_how *how)
{
	struct walk *w = calloc(1, sizeof(*w));
	int code;

	if (w == NULL) {
		complain(NULL, "memory ran out");
		return EXIT_SYSTEM;
	}
	w->how = how;
	for (size_t i = 0; i < n; i++) {
		size_t before = w->found;
		int told = w->code;

		walk(w, paths[i], 0);
		/* What looks at nothing must not pass. */
		if (w->found == before && w->code == told)
			refuse(w, paths[i], how->empty, EXIT_INPUT);
	}
	forget_places(&w->seen);
	code = w->code;
	free(w);
	return code;
}
