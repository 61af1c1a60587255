/*
 * file.h - read whole files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * sys: the only room that reads whole files, makes temporary ones and looks at
 * the clock. It decides nothing about what it reads. May include base. In:
 * paths and descriptors. Out: octets in the caller's arena, streams, seconds;
 * on failure errno says why.
 */
#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdio.h>

#include "base/arena.h"

/** How the reading of a file ended. */
enum file_end {
	FILE_WHOLE, /* all octets were read */
	/** The file has more than the `max` octets that were read. */
	FILE_LONGER,
	FILE_NO_MEMORY,
	FILE_NOT_OPENED, /* errno has the reason */
	FILE_NOT_READ, /* errno has the reason; EISDIR for a directory */
};

/**
 * Read a file, a pipe or a device to its end.
 * @param max octets to read at most
 * @param a owns the text
 * @param out set with FILE_WHOLE and FILE_LONGER, else empty. Memory has the
 *     octets of a regular file only once, so that the caller can wipe a secret
 *     in them.
 */
enum file_end file_read(const char *path, size_t max, struct arena *a,
    struct mailauth_str *out);
/** Read from an open descriptor, as file_read(); it stays open. */
enum file_end
file_read_open(int fd, size_t max, struct arena *a, struct mailauth_str *out);

#endif /* SYS_FILE_H */
