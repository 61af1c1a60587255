/*
 * tempfile.h - temporary files, and files that are replaced as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_TEMPFILE_H
#define SYS_TEMPFILE_H

#include <stdbool.h>
#include <stdio.h>

/** Octets of the longest path made here, its NUL included. */
#define TEMPFILE_MAX 256

/**
 * A new file in $TMPDIR or /tmp, for reading and writing, readable by its
 * owner alone.
 * @param path its name, for unlink(); on failure the name that was tried
 * @return NULL with errno set when it cannot be made; ENAMETOOLONG: its name
 * would be longer than TEMPFILE_MAX.
 */
FILE *tempfile_new(char path[TEMPFILE_MAX]);

/** A file under way that is going to take the place of another. */
struct replacement {
	FILE *f; /* to write to */
	char *path; /* beside the other one */
};

/** Begin to replace `file`, which need not exist; false with errno set. */
bool replacement_begin(struct replacement *r, const char *file);
/**
 * Put it in place of `file`, at once and whole, when all could be written;
 * else delete it.
 * @param good false: the caller could not write everything
 * @return false with errno set when `file` is as it was
 */
bool replacement_end(struct replacement *r, const char *file, bool good);

#endif /* SYS_TEMPFILE_H */
