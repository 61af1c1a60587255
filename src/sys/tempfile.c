/*
 * tempfile.c - temporary files, and files replaced as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "sys/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Paths of open files. */
#define HIDDEN "/proc/self/fd/"

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

/* Where temporary files go. */
static const char *
folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && dir[0] != '\0' ? dir : "/tmp";
}

FILE *
tempfile_new(char path[TEMPFILE_MAX])
{
	int n = snprintf(path, TEMPFILE_MAX, "%s/unbound-mailauth.XXXXXX",
	    folder());

	if (n < 0 || n >= TEMPFILE_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return create(path, "w+");
}

/* The path leads to the open file. */
static bool
leads_to(const char *path, int fd)
{
	struct stat a, b;

	return stat(path, &a) == 0 && fstat(fd, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* An open file without a name, and its path in /proc. */
static FILE *
nameless(char path[TEMPFILE_MAX])
{
	int fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	FILE *f;

	if (fd < 0)
		return NULL;
	snprintf(path, TEMPFILE_MAX, HIDDEN "%d", fd);
	f = leads_to(path, fd) ? fdopen(fd, "w+") : NULL;
	if (f == NULL)
		close(fd);
	return f;
}

FILE *
tempfile_hidden(char path[TEMPFILE_MAX])
{
	FILE *f = nameless(path);

	return f != NULL ? f : tempfile_new(path);
}

void
tempfile_forget(const char *path)
{
	if (strncmp(path, HIDDEN, strlen(HIDDEN)) != 0)
		unlink(path);
}

void
tempfile_why(char *why, size_t size)
{
	const char *dir = getenv("TMPDIR");
	bool set = dir != NULL && dir[0] != '\0';

	snprintf(why, size, "no temporary file in %s%.300s: %s",
	    set ? "TMPDIR, " : "", folder(), strerror(errno));
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
