/*
 * walk.h - files found in folders
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_WALK_H
#define TOOLS_WALK_H

#include <stdbool.h>
#include <stddef.h>

/** What is looked for. */
struct walk_how {
	/** A file of a folder, by its path, is looked for. */
	bool (*wanted)(const char *path);
	/** Take a file, once, whatever it is called; 0, or an exit code after a
	 * complaint. */
	int (*take)(void *self, const char *path);
	void *self;
	const char *missing; /* complaint: there is no such path */
	const char *empty; /* complaint: a path has no such file */
};

/**
 * Take files, and those of folders with all that is below them, in the order of
 * their names. Names that begin with a dot are left out.
 * @return 0, or the worst exit code of what was complained of.
 */
int walk_paths(char *const *paths, size_t n, const struct walk_how *how);

#endif /* TOOLS_WALK_H */
