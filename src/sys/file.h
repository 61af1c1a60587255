/*
 * file.h - whole files, read and replaced
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdio.h>

#include "base/arena.h"

/** How the reading of a file ended. */
enum file_end {
	FILE_WHOLE, /* all of it was read */
	FILE_LONGER, /* `max` octets were read, and there are more */
	FILE_NO_MEMORY,
	FILE_NOT_OPENED, /* errno says why */
	FILE_NOT_READ, /* errno says why; a directory: EISDIR */
};

/**
 * Read a file, a pipe or a device to its end.
 * @param max octets that are read at most
 * @param a the text goes there
 * @param out set with FILE_WHOLE and FILE_LONGER, else empty. A regular file
 * is in memory once, so that a secret in it can be wiped there.
 */
enum file_end file_read(const char *path, size_t max, struct arena *a,
    struct mailauth_str *out);
/** The same for a file that is open; it stays so. */
enum file_end
file_read_open(int fd, size_t max, struct arena *a, struct mailauth_str *out);

#endif /* SYS_FILE_H */
