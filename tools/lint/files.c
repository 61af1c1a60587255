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

/* "*.zone" and "db.*". */
static bool
is_zone_name(const char *path)
{
	const char *base = strrchr(path, '/');
	size_t n;

	base = base != NULL ? base + 1 : path;
	n = strlen(base);
	return (n > 5 && strcmp(base + n - 5, ".zone") == 0) ||
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

static int
take(void *self, const char *path)
{
	if (access(path, R_OK) != 0) {
		complain(path, strerror(errno));
		return EXIT_INPUT;
	}
	return add(self, NULL, 0, path);
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

int
lint_find(char *const *paths, size_t n, struct lint_files *out)
{
	const struct walk_how how = { .wanted = is_zone_name,
		.take = take,
		.self = out,
		.missing =
		    "No such file or folder; name zone files: lint zones/",
		.empty = "no file in it is called *.zone or db.*; name the "
		         "files" };
	int code = 0;

	*out = (struct lint_files){ 0 };
	for (size_t i = 0; i < n; i++) {
		size_t name = name_of(paths[i]);

		code = worse_exit(code,
		    strcmp(paths[i], "-") == 0 ? add(out, NULL, 0, "-") :
		        name > 0               ? add(out, paths[i], name,
		                                     paths[i] + name + 1) :
		                                 walk_paths(&paths[i], 1, &how));
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
