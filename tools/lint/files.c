/*
 * files.c - the zone files that are judged
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/argument.h"
#include "tools/lint/lint.h"
#include "tools/walk.h"

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The text ends so, and is longer. */
static bool
ends(const char *s, size_t n, const char *end)
{
	size_t m = strlen(end);

	return n > m && memcmp(s + n - m, end, m) == 0;
}

/* The end of a file's name shows that it is a copy of a zone, or a journal. */
static bool
is_copy(const char *base)
{
	static const char *const copies[] = { "~", ".bak", ".old", ".orig",
		".save", ".tmp", ".jnl", ".jbk", ".swp", ".rej", ".dpkg-old",
		".dpkg-new", ".dpkg-dist", ".rpmsave", ".rpmnew" };

	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++)
		if (ends(base, strlen(base), copies[i]))
			return true;
	return false;
}

/* What BIND comes with: the root servers, localhost, an empty zone. */
static bool
is_of_bind(const char *base)
{
	return strcmp(base, "db.root") == 0 || strcmp(base, "db.cache") == 0 ||
	    strcmp(base, "db.local") == 0 || strcmp(base, "db.empty") == 0;
}

/* A signed zone beside the one that people write. */
static bool
is_signed_twin(const char *path)
{
	size_t n = strlen(path);
	struct stat st;
	bool is_there;
	char *plain;

	if (!ends(path, n, ".signed"))
		return false;
	plain = strndup(path, n - strlen(".signed"));
	is_there = plain != NULL && stat(plain, &st) == 0;
	free(plain);
	return is_there;
}

/* "*.zone", "*.zone.signed" and "db.*". */
static bool
is_zone_name(const char *path)
{
	const char *base = base_of(path);
	size_t n = strlen(base);

	if (ends(base, n, ".signed"))
		n -= strlen(".signed");
	return ends(base, n, ".zone") ||
	    (n > 3 && strncmp(base, "db.", 3) == 0);
}

/* Add a file; its name and path are copied. */
static int
add(struct lint_files *files, const char *name, size_t n, const char *path)
{
	char *zone = name != NULL ? strndup(name, n) : NULL;
	char *file = strdup(path);

	if (files->n == files->room) {
		size_t room = files->room > 0 ? 2 * files->room : 16;
		struct mailauth_zone *more =
		    realloc(files->at, room * sizeof(*more));

		if (more != NULL) {
			files->at = more;
			files->room = room;
		}
	}
	if (file == NULL || (name != NULL && zone == NULL) ||
	    files->n == files->room) {
		free(zone);
		free(file);
		complain(path, "memory ran out");
		return EXIT_SYSTEM;
	}
	files->at[files->n++] = (struct mailauth_zone){ zone, file };
	return 0;
}

/* The files of one path that was given. */
struct search {
	struct lint_files *files;
	const char *path;
	size_t nskipped;
	char skipped[160]; /* their names, as far as there is room */
	bool is_cut; /* there was not room for all */
};

static void
skip(struct search *s, const char *base)
{
	size_t used = strlen(s->skipped);

	s->nskipped++;
	s->is_cut = s->is_cut || used + strlen(base) + 3 > sizeof(s->skipped);
	if (!s->is_cut)
		snprintf(s->skipped + used, sizeof(s->skipped) - used, "%s%s",
		    used > 0 ? ", " : "", base);
}

/* Say which files of a folder are left out. */
static void
say_skipped(const struct search *s)
{
	char text[sizeof(s->skipped) + 128];

	if (s->nskipped == 0)
		return;
	snprintf(text, sizeof(text),
	    "%zu %s left out, as copies, journals or BIND's own files: %s%s",
	    s->nskipped, s->nskipped == 1 ? "file is" : "files are", s->skipped,
	    s->is_cut ? ", ..." : "");
	complain(s->path, text);
}

static int
take(void *self, const char *path)
{
	struct search *s = self;
	const char *base = base_of(path);

	/* A file that was named is read, whatever it is called. */
	if (strcmp(path, s->path) != 0 &&
	    (is_copy(base) || is_of_bind(base) || is_signed_twin(path))) {
		skip(s, base);
		return 0;
	}
	if (access(path, R_OK) != 0) {
		complain(path, strerror(errno));
		return EXIT_INPUT;
	}
	return add(s->files, NULL, 0, path);
}

/* The path is NAME=FILE; a file that has this name as a whole comes first. */
static size_t
name_of(const char *path)
{
	size_t n = strcspn(path, "=");
	struct stat st;

	return path[n] == '=' && path[n + 1] != '\0' && is_domain(path, n) &&
	        stat(path, &st) != 0 ?
	    n :
	    0;
}

static const char no_zone[] =
    "no file in it is called *.zone or db.*; name the files";

/* Find the files of a path. */
static int
search(const char *path, struct lint_files *out)
{
	struct search s = { .files = out, .path = path };
	const struct walk_how how = { .wanted = is_zone_name,
		.take = take,
		.self = &s,
		.missing =
		    "No such file or folder; name zone files: lint zones/",
		.empty = no_zone };
	size_t before = out->n;
	char *paths[] = { (char *)path };
	int code = walk_paths(paths, 1, &how);

	say_skipped(&s);
	if (code == 0 && out->n == before && s.nskipped > 0) {
		complain(path, no_zone);
		code = EXIT_INPUT;
	}
	return code;
}

int
lint_find(char *const *paths, size_t n, struct lint_files *out)
{
	int code = 0;

	*out = (struct lint_files){ 0 };
	for (size_t i = 0; i < n; i++) {
		size_t name = name_of(paths[i]);

		code = worse_exit(code,
		    strcmp(paths[i], "-") == 0 ? add(out, NULL, 0, "-") :
		        name > 0               ? add(out, paths[i], name,
		                                     paths[i] + name + 1) :
		                                 search(paths[i], out));
	}
	return code;
}

void
lint_files_free(struct lint_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		free((char *)files->at[i].name);
		free((char *)files->at[i].file);
	}
	free(files->at);
}
