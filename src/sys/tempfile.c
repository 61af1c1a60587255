/*
 * tempfile.c - files that libunbound is to read and nobody else
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/tempfile.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

FILE *
tempfile_new(char path[TEMPFILE_MAX])
{
	const char *dir = getenv("TMPDIR");
	int fd, n;
	FILE *f;

	n = snprintf(path, TEMPFILE_MAX, "%s/unbound-mailauth.XXXXXX",
	    dir != NULL && dir[0] != '\0' ? dir : "/tmp");
	if (n < 0 || n >= TEMPFILE_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if ((fd = mkstemp(path)) < 0)
		return NULL;
	f = fdopen(fd, "w+");
	if (f == NULL) {
		close(fd);
		unlink(path);
	}
	return f;
}
