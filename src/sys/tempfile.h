/*
 * tempfile.h - temporary files, and files replaced as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_TEMPFILE_H
#define SYS_TEMPFILE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

/** Octets of the longest path, with its NUL. */
#define TEMPFILE_MAX 256

/**
 * Create a file in $TMPDIR or /tmp, mode 0600, open for reading and writing.
 * The caller closes and unlinks it.
 * @param path set to its path; on failure to the path that was tried
 * @return NULL with errno set on failure; ENAMETOOLONG when the path would
 *     exceed TEMPFILE_MAX
 */
FILE *tempfile_new(char path[TEMPFILE_MAX]);

/**
 * The same, with a path that ends with the process, however that ends: of the
 * open file in /proc, as far as the system has that. The path is good as long
 * as the file is open. The caller closes it and calls tempfile_forget().
 */
FILE *tempfile_hidden(char path[TEMPFILE_MAX]);
/** Unlink what tempfile_hidden() made, where it has a name of its own. */
void tempfile_forget(const char *path);
/** Put into `why` that no temporary file can be made, as errno says: names
 * TMPDIR. */
void tempfile_why(char *why, size_t size);

/** Signals that end the program wait from here on; `before` is for
 * signals_release(). */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

/** A new file, which appears under its name as a whole or never. */
struct newfile {
	FILE *f; /* write here */
	char *path; /* of a file that has a name meanwhile; NULL: it has none;
	             * owned */
	sigset_t before; /* signals that were held */
};

/**
 * Begin to write a file that must not exist yet. Until the end, signals that end
 * the program wait. False with errno set.
 * @param mode of the file, as for open()
 */
bool newfile_begin(struct newfile *n, const char *file, unsigned mode);
/**
 * Give the file its name when all octets were written; else remove it. A
 * file that has the name already stays (EEXIST).
 * @param good false when the caller could not write everything
 * @return false with errno set when there is no new file
 */
bool newfile_end(struct newfile *n, const char *file, bool good);

/** A new file that will replace another. */
struct replacement {
	FILE *f; /* write here */
	char *file; /* what is replaced: where links lead; owned */
	char *path; /* in the directory of the other file; owned */
	int lock;
	sigset_t before; /* signals that were held */
};

/**
 * Begin to replace `file`, which need not exist. Until the end no other process
 * replaces a file of its folder in this way, and signals that end the program
 * wait. False with errno set.
 */
bool replacement_begin(struct replacement *r, const char *file);
/**
 * Put the new file in place in one step when all octets were written; else
 * delete it. Mode, owner and links of the file stay. Frees `r` in both cases.
 * @param good false when the caller could not write everything
 * @return false with errno set when `file` is unchanged
 */
bool replacement_end(struct replacement *r, bool good);

#endif /* SYS_TEMPFILE_H */
