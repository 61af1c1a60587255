/*
 * tempfile.c - temporary files, and files replaced as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/tempfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Create a file whose name mkstemp() completes at the X in `path`. */
static FILE *
create(char *path, const char *mode)
{
	int fd = mkstemp(path), error;
	FILE *f;

	if (fd < 0)
		return NULL;
	f = fdopen(fd, mode);
	if (f == NULL) {
		error = errno;
		close(fd);
		unlink(path);
		errno = error;
	}
	return f;
}

FILE *
tempfile_new(char path[TEMPFILE_MAX])
{
	const char *dir = getenv("TMPDIR");
	int n;

	n = snprintf(path, TEMPFILE_MAX, "%s/unbound-mailauth.XXXXXX",
	    dir != NULL && dir[0] != '\0' ? dir : "/tmp");
	if (n < 0 || n >= TEMPFILE_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return create(path, "w+");
}

bool
replacement_begin(struct replacement *r, const char *file)
{
	static const char ending[] = ".XXXXXX";
	size_t n = strlen(file);

	r->f = NULL;
	r->path = malloc(n + sizeof(ending));
	if (r->path == NULL)
		return false;
	memcpy(r->path, file, n);
	memcpy(r->path + n, ending, sizeof(ending));
	r->f = create(r->path, "w");
	if (r->f != NULL)
		return true;
	free(r->path);
	return false;
}

bool
replacement_end(struct replacement *r, const char *file, bool good)
{
	int error;

	good = fflush(r->f) == 0 && good;
	good = good && fsync(fileno(r->f)) == 0;
	good = fclose(r->f) == 0 && good;
	good = good && rename(r->path, file) == 0;
	error = errno;
	if (!good)
		unlink(r->path);
	free(r->path);
	errno = error;
	return good;
}
