/*
 * sink.c - writes log lines to a file, the system log or a unix socket
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "sys/clock.h"

/* Milliseconds between two looks at the target. */
#define LOOK_MS 1000
/* Octets of a datagram to the system log; its daemons cut longer ones. */
#define SYSLOG_MAX 8192
#define FILE_MODE  0640
/* The severity "info" of syslog. */
#define SYSLOG_INFO 6u

static bool
is_socket(const struct sink *s)
{
	return s->conf->target == CONF_TO_SYSLOG ||
	    s->conf->target == CONF_TO_DATAGRAM ||
	    s->conf->target == CONF_TO_STREAM;
}

/* Drop the first line when a part of it went to a target that is now closed:
 * the next target must not begin with the other part. */
static void
drop_begun(struct sink *s)
{
	char *end;

	if (!s->begun)
		return;
	s->begun = false;
	end = memchr(s->buf, '\n', s->used);
	if (end == NULL)
		return;
	s->used -= (size_t)(end + 1 - s->buf);
	memmove(s->buf, end + 1, s->used);
	s->dropped++;
}

/* Close the target; sink_flush() opens it again. */
static void
shut(struct sink *s, int error)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->error = error;
	drop_begun(s);
}

static int
open_socket(const struct sink *s)
{
	int type = s->conf->target == CONF_TO_STREAM ? SOCK_STREAM : SOCK_DGRAM;
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0), error;

	if (fd < 0)
		return -1;
	snprintf(to.sun_path, sizeof(to.sun_path), "%.*s",
	    (int)sizeof(to.sun_path) - 1, s->conf->log);
	/* POSIX.1-2008 has no SOCK_NONBLOCK and SOCK_CLOEXEC. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static void
open_target(struct sink *s)
{
	struct stat st;

	s->is_file = false;
	if (is_socket(s)) {
		s->fd = open_socket(s);
	} else {
		/* O_NONBLOCK: opening a pipe without a reader would wait. */
		s->fd = open(s->conf->log,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK |
		        O_NOCTTY,
		    FILE_MODE);
		if (s->fd >= 0 && fstat(s->fd, &st) == 0) {
			s->dev = st.st_dev;
			s->ino = st.st_ino;
			s->is_file = S_ISREG(st.st_mode);
		}
	}
	s->error = s->fd < 0 ? errno : 0;
	s->torn = false;
}

/* The path leads to another file than the open one, or to none. */
static bool
was_rotated(const struct sink *s)
{
	struct stat st;

	return s->is_file &&
	    (stat(s->conf->log, &st) != 0 || st.st_dev != s->dev ||
	        st.st_ino != s->ino);
}

bool
sink_init(struct sink *s, const struct conf *conf, int64_t now)
{
	*s = (struct sink){ .conf = conf, .fd = -1 };
	s->buf = malloc(SINK_BUFFER);
	if (s->buf == NULL)
		return false;
	if (conf->target != CONF_TO_NOTHING)
		open_target(s);
	s->next_look = now + LOOK_MS;
	return true;
}

void
sink_free(struct sink *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->buf);
	s->fd = -1;
	s->buf = NULL;
}

void
sink_line(struct sink *s, struct mailauth_str line)
{
	if (s->conf->target == CONF_TO_NOTHING)
		return;
	if (line.n + 1 > SINK_BUFFER - s->used) {
		s->dropped++;
		return;
	}
	memcpy(s->buf + s->used, line.s, line.n);
	s->used += line.n;
	s->buf[s->used++] = '\n';
}

bool
sink_is_empty(const struct sink *s)
{
	return s->used == 0;
}

/* Number of lines that end in the first `n` octets of the buffer. */
static uint64_t
lines_in(const struct sink *s, size_t n)
{
	uint64_t lines = 0;

	for (const char *p = s->buf;
	     (p = memchr(p, '\n', n - (size_t)(p - s->buf))) != NULL; p++)
		lines++;
	return lines;
}

void
sink_give_up(struct sink *s)
{
	s->dropped += lines_in(s, s->used);
	s->used = 0;
	s->begun = false;
}

/* Account for the first `n` octets as written and remove them. */
static void
written(struct sink *s, size_t n)
{
	s->lines += lines_in(s, n);
	if (n > 0)
		s->begun = s->buf[n - 1] != '\n';
	s->used -= n;
	memmove(s->buf, s->buf + n, s->used);
}

/* A full disk may take only a part of a line. Truncate the file to the last
 * whole line, so that the line can be written whole later; but only when no
 * other process has appended meanwhile. Return the octets that stay written.
 * When truncation fails the file is torn, and flush_file() ends the line. */
static size_t
take_back(struct sink *s, size_t n, off_t before)
{
	size_t whole = n;
	struct stat st;

	while (whole > 0 && s->buf[whole - 1] != '\n')
		whole--;
	if (whole == n)
		return n;
	if (fstat(s->fd, &st) != 0 || st.st_size != before + (off_t)n ||
	    ftruncate(s->fd, before + (off_t)whole) != 0)
		s->torn = true;
	return whole;
}

static void
flush_file(struct sink *s)
{
	struct stat st = { .st_size = 0 };
	size_t done;
	ssize_t n;

	/* End a partial line first, so that the next line begins on its own. */
	n = s->torn ? write(s->fd, "\n", 1) : 1;
	s->torn = n != 1;
	if (!s->torn) {
		if (s->is_file)
			fstat(s->fd, &st);
		n = write(s->fd, s->buf, s->used);
	}
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return;
		s->error = errno;
		/* A pipe without a reader must be opened again. A file stays
		 * open: a full disk gets room again. */
		if (!s->is_file)
			shut(s, errno);
		return;
	}
	done = s->is_file ? take_back(s, (size_t)n, st.st_size) : (size_t)n;
	/* A short write without a whole line means that the disk is full. */
	s->error = s->is_file && done == 0 ? ENOSPC : 0;
	written(s, done);
}

static void
flush_stream(struct sink *s)
{
	ssize_t n = send(s->fd, s->buf, s->used, MSG_NOSIGNAL);

	if (n >= 0)
		written(s, (size_t)n);
	else if (errno != EAGAIN && errno != EINTR)
		shut(s, errno);
}

/* Write the head of a message to the system log (RFC 3164 4.1): priority, local
 * time, program and process. Return its octets. */
static size_t
put_syslog_head(const struct sink *s, char *room, size_t size)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now = (time_t)clock_utc();
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return 0;
	return (size_t)snprintf(room, size,
	    "<%u>%s %2d %02d:%02d:%02d unbound-mailauth[%ld]: ",
	    s->conf->facility << 3 | SYSLOG_INFO, months[tm.tm_mon % 12],
	    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (long)getpid());
}

/* Send one datagram for each line. A line too long for a datagram is dropped;
 * a full socket buffer ends the loop until the next flush. */
static void
flush_datagrams(struct sink *s)
{
	char room[SYSLOG_MAX];
	size_t done = 0;

	while (done < s->used) {
		char *line = s->buf + done;
		size_t n =
		    (size_t)((char *)memchr(line, '\n', s->used - done) - line);
		const char *what = line;
		size_t size = n;
		ssize_t sent;

		if (s->conf->target == CONF_TO_SYSLOG) {
			size_t head = put_syslog_head(s, room, sizeof(room));

			size =
			    n < sizeof(room) - head ? n : sizeof(room) - head;
			memcpy(room + head, line, size);
			what = room;
			size += head;
		}
		sent = send(s->fd, what, size, MSG_NOSIGNAL);
		if (sent < 0 && errno == EMSGSIZE) {
			s->dropped++;
			s->lines--; /* written() will count it */
		} else if (sent < 0) {
			if (errno != EAGAIN && errno != EINTR &&
			    errno != ENOBUFS)
				shut(s, errno);
			break;
		}
		done += n + 1;
	}
	written(s, done);
}

void
sink_flush(struct sink *s, int64_t now)
{
	if (s->conf->target == CONF_TO_NOTHING)
		return;
	/* Look at a file before each write: lines written to a removed file
	 * would be lost. */
	if (s->fd >= 0 && (s->used > 0 || now >= s->next_look) &&
	    was_rotated(s)) {
		shut(s, 0);
		open_target(s);
	}
	if (now >= s->next_look) {
		s->next_look = now + LOOK_MS;
		if (s->fd < 0)
			open_target(s);
	}
	if (s->fd < 0 || s->used == 0)
		return;
	switch (s->conf->target) {
	case CONF_TO_FILE: flush_file(s); break;
	case CONF_TO_STREAM: flush_stream(s); break;
	case CONF_TO_SYSLOG:
	case CONF_TO_DATAGRAM: flush_datagrams(s); break;
	case CONF_TO_NOTHING: break;
	}
}

int
file_replace(const char *path, struct mailauth_str text)
{
	char name[CONF_PATH_MAX + 8];
	int error = 0, fd;
	ssize_t n;

	/* Another user may own the folder: follow no link that he placed at
	 * "path.new", and do not wait for a pipe there. */
	snprintf(name, sizeof(name), "%s.new", path);
	fd = open(name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	    0644);
	if (fd < 0)
		return errno;
	n = write(fd, text.s, text.n);
	if (n != (ssize_t)text.n)
		error = n < 0 ? errno : ENOSPC;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(name, path) != 0)
		error = errno;
	if (error != 0)
		unlink(name);
	return error;
}
