/*
 * tempfile.h - files that libunbound is to read and nobody else
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_TEMPFILE_H
#define SYS_TEMPFILE_H

#include <stdio.h>

/** Octets of the longest path made here, its NUL included. */
#define TEMPFILE_MAX 256

/**
 * A new file in $TMPDIR or /tmp, for reading and writing, readable by its
 * owner alone.
 * @param path its name, for unlink()
 * @return NULL with errno set when there can be none.
 */
FILE *tempfile_new(char path[TEMPFILE_MAX]);

#endif /* SYS_TEMPFILE_H */
