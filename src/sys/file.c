/*
 * file.c - read whole files
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

/* Octets of the first buffer when the size of the file is unknown. */
#define FIRST_SIZE ((size_t)64 * 1024)

/* read(), repeated when a signal interrupts it. */
static ssize_t
read_some(int fd, char *buf, size_t n)
{
	ssize_t got;

	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Octets of the first buffer: the size of the file and one more, since only a
 * read past the end shows the end. A regular file that does not grow needs no
 * second buffer. */
static size_t
size_for(const struct stat *st, size_t max)
{
	size_t size = FIRST_SIZE;

	if (S_ISREG(st->st_mode) && st->st_size > 0)
		size = (uintmax_t)st->st_size < max ? (size_t)st->st_size : max;
	return (size < max ? size : max) + 1;
}

/* A buffer twice as large, with the octets read so far. `size` never exceeds
 * `max` + 1. */
static char *
enlarge(struct arena *a, const char *buf, size_t *size, size_t max)
{
	size_t bigger = *size <= max / 2 ? *size * 2 : max + 1;
	char *new = arena_alloc(a, bigger);

	if (new != NULL)
		memcpy(new, buf, *size);
	*size = bigger;
	return new;
}

enum file_end
file_read_open(int fd, size_t max, struct arena *a, struct mailauth_str *out)
{
	size_t size, used = 0;
	struct stat st;
	ssize_t n = 1;
	char *buf;

	*out = STR_NONE;
	if (fstat(fd, &st) != 0)
		return FILE_NOT_READ;
	size = size_for(&st, max);
	buf = arena_alloc(a, size);
	while (buf != NULL && n > 0) {
		n = read_some(fd, buf + used, size - used);
		if (n < 0)
			return FILE_NOT_READ;
		used += (size_t)n;
		if (used > max)
			break;
		if (used == size)
			buf = enlarge(a, buf, &size, max);
	}
	if (buf == NULL)
		return FILE_NO_MEMORY;
	*out = (struct mailauth_str){ buf, used <= max ? used : max };
	return used <= max ? FILE_WHOLE : FILE_LONGER;
}

enum file_end
file_read(const char *path, size_t max, struct arena *a,
    struct mailauth_str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	enum file_end end;

	*out = STR_NONE;
	if (fd < 0)
		return FILE_NOT_OPENED;
	end = file_read_open(fd, max, a, out);
	error = errno;
	close(fd);
	errno = error;
	return end;
}
