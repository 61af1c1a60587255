/*
 * tempfile.c - temporary files, and files replaced as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#define _GNU_SOURCE /* O_TMPFILE */
#include "sys/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* <sys/file.h> declares it; that of this folder is found in its place. */
int flock(int fd, int operation);

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

void
signals_hold(sigset_t *before)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&held, ends[i]);
	pthread_sigmask(SIG_BLOCK, &held, before);
}

void
signals_release(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* The folder of a file; owned by the caller. */
static char *
folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash == NULL ? strdup(".") :
	    slash == file    ? strdup("/") :
	                       strndup(file, (size_t)(slash - file));
}

/* Open a file without a name in the folder of `file`, where it can get one
 * later; -1 where that cannot be. */
static int
open_nameless(const char *file, unsigned mode)
{
	char *dir = folder_of(file), path[64];
	int fd = dir != NULL ?
	    open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, (mode_t)mode) :
	    -1;

	free(dir);
	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), HIDDEN "%d", fd);
	if (leads_to(path, fd))
		return fd;
	close(fd);
	return -1;
}

/* Open a file with a name that nobody else uses. */
static int
open_beside(struct newfile *n, const char *file, unsigned mode)
{
	size_t size = strlen(file) + 32;

	n->path = malloc(size);
	if (n->path == NULL)
		return -1;
	snprintf(n->path, size, "%s.%ld.new", file, (long)getpid());
	return open(n->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    (mode_t)mode);
}

static void
newfile_close(struct newfile *n, int fd)
{
	int error = errno;

	if (n->f != NULL)
		fclose(n->f);
	else if (fd >= 0)
		close(fd);
	if (n->path != NULL && fd >= 0)
		unlink(n->path);
	free(n->path);
	signals_release(&n->before);
	errno = error;
}

bool
newfile_begin(struct newfile *n, const char *file, unsigned mode)
{
	struct stat st;
	int fd;

	*n = (struct newfile){ .f = NULL };
	signals_hold(&n->before);
	if (lstat(file, &st) == 0) {
		errno = EEXIST;
		newfile_close(n, -1);
		return false;
	}
	fd = open_nameless(file, mode);
	if (fd < 0)
		fd = open_beside(n, file, mode);
	n->f = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (n->f == NULL)
		newfile_close(n, fd);
	return n->f != NULL;
}

bool
newfile_end(struct newfile *n, const char *file, bool good)
{
	int fd = fileno(n->f);
	char path[64];

	good = good && fflush(n->f) == 0 && !ferror(n->f) && fsync(fd) == 0;
	snprintf(path, sizeof(path), HIDDEN "%d", fd);
	if (good)
		good = linkat(AT_FDCWD, n->path != NULL ? n->path : path,
		           AT_FDCWD, file, AT_SYMLINK_FOLLOW) == 0;
	newfile_close(n, fd);
	return good;
}

/* Where a link leads that leads to no file; else a copy of the name. */
static char *
target_of(const char *file)
{
	char *path = realpath(file, NULL), to[PATH_MAX];
	const char *slash = strrchr(file, '/');
	size_t folder = slash != NULL ? (size_t)(slash - file) + 1 : 0;
	ssize_t n;

	if (path != NULL)
		return path;
	n = readlink(file, to, sizeof(to));
	if (n <= 0 || n == (ssize_t)sizeof(to))
		return strdup(file);
	if (to[0] == '/')
		folder = 0;
	path = malloc(folder + (size_t)n + 1);
	if (path != NULL) {
		memcpy(path, file, folder);
		memcpy(path + folder, to, (size_t)n);
		path[folder + (size_t)n] = '\0';
	}
	return path;
}

/* Lock the folder of the file: the file itself is replaced. A file system
 * without locks does without. */
static int
lock_folder(const char *file)
{
	char *folder = folder_of(file);
	int fd = folder != NULL ?
	    open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
	    -1;

	free(folder);
	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR) {}
	return fd;
}

/* Give the new file the mode of the old one, and its owner where we may. */
static bool
take_mode(FILE *f, const struct stat *old)
{
	int fd = fileno(f);

	if (fchown(fd, old->st_uid, old->st_gid) != 0 &&
	    fchown(fd, (uid_t)-1, old->st_gid) != 0)
		errno = 0;
	return fchmod(fd, old->st_mode & 07777) == 0;
}

static bool
open_new(struct replacement *r)
{
	static const char ending[] = ".XXXXXX";
	size_t n = strlen(r->file);
	struct stat old;
	bool there = stat(r->file, &old) == 0;

	if (there && (!S_ISREG(old.st_mode) || access(r->file, W_OK) != 0)) {
		errno = S_ISREG(old.st_mode) ? errno : EINVAL;
		return false;
	}
	r->path = malloc(n + sizeof(ending));
	if (r->path == NULL)
		return false;
	memcpy(r->path, r->file, n);
	memcpy(r->path + n, ending, sizeof(ending));
	r->f = create(r->path, "w+");
	return r->f != NULL && (!there || take_mode(r->f, &old));
}

/* Unlock, give back, and let signals through. */
static void
finish(struct replacement *r, bool good)
{
	int error = errno;

	if (r->f != NULL) {
		fclose(r->f);
		if (!good)
			unlink(r->path);
	}
	if (r->lock >= 0)
		close(r->lock);
	free(r->path);
	free(r->file);
	signals_release(&r->before);
	errno = error;
}

bool
replacement_begin(struct replacement *r, const char *file)
{
	*r = (struct replacement){ .lock = -1, .file = target_of(file) };
	signals_hold(&r->before);
	if (r->file != NULL) {
		r->lock = lock_folder(r->file);
		if (open_new(r))
			return true;
	}
	finish(r, false);
	return false;
}

/* Write the new text over that of a file with several names: a rename would
 * part them. Room is made before an octet is lost. */
static bool
copy_over(struct replacement *r, off_t size)
{
	int fd = open(r->file, O_WRONLY | O_CLOEXEC);
	char buf[16384];
	bool good = fd >= 0;
	ssize_t n = 1;

	if (good && size > 0) {
		errno = posix_fallocate(fd, 0, size);
		good = errno == 0;
	}
	for (off_t at = 0; good && at < size; at += n) {
		n = pread(fileno(r->f), buf, sizeof(buf), at);
		good = n > 0 && pwrite(fd, buf, (size_t)n, at) == n;
	}
	good = good && ftruncate(fd, size) == 0 && fsync(fd) == 0;
	return (fd < 0 || close(fd) == 0) && good;
}

bool
replacement_end(struct replacement *r, bool good)
{
	struct stat old, new;
	bool linked;

	good = fflush(r->f) == 0 && !ferror(r->f) && good;
	good = good && fsync(fileno(r->f)) == 0;
	linked = stat(r->file, &old) == 0 && old.st_nlink > 1;
	if (good && linked)
		good =
		    fstat(fileno(r->f), &new) == 0 && copy_over(r, new.st_size);
	else
		good = good && rename(r->path, r->file) == 0;
	finish(r, good && !linked);
	return good;
}
