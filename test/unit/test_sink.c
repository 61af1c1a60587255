/*
 * test_sink.c - writing log lines to files, sockets and pipes
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The tests give a sink its time, so that none of them waits.
 */
#define _GNU_SOURCE /* memfd_create, its seals */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "log/sink.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Milliseconds between two looks at the target. */
#define LOOK 1000

static char folder[64];
static struct conf conf;
static struct sink sink;
static int64_t now;
static uint64_t fed; /* lines given to the sink */

/* The octets that a reader got. */
static char got[4u << 20];
static size_t ngot;

static const char *
path_of(const char *name)
{
	static char path[4][128];
	static unsigned which;
	char *p = path[which++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static void
setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/mailauth-unit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	now = 5;
	fed = 0;
	ngot = 0;
	sink = (struct sink){ .fd = -1 };
}

static void
teardown(void)
{
	static const char *const names[] = { "log", "log.1", "sub/log",
		"socket", "metrics", "metrics.new" };

	sink_free(&sink);
	for (int i = 0; i < COUNT(names); i++)
		unlink(path_of(names[i]));
	rmdir(path_of("metrics.new"));
	rmdir(path_of("metrics"));
	rmdir(path_of("sub"));
	ck_assert_int_eq(rmdir(folder), 0);
}

static void
begin(enum conf_target target, const char *path)
{
	conf_default(&conf);
	conf.target = target;
	snprintf(conf.log, sizeof(conf.log), "%s", path);
	ck_assert(sink_init(&sink, &conf, now));
}

/* Make line `i`: its number, and a filling of varying length. */
static size_t
content(uint64_t i, char room[512])
{
	size_t n = (size_t)snprintf(room, 512, "%llu", (unsigned long long)i);
	size_t more = (size_t)(i * 37 % 200);

	memset(room + n, 'a' + (int)(i % 26), more);
	room[n + more] = '\0';
	return n + more;
}

static void
feed(uint64_t n)
{
	char room[512];

	for (; n > 0; n--) {
		size_t size = content(fed++, room);

		sink_line(&sink, (struct mailauth_str){ room, size });
	}
}

/* Assert that `text` is whole lines with growing numbers. @return how many */
static uint64_t
whole_lines(const char *text, size_t n, uint64_t *first)
{
	uint64_t count = 0, last = 0;

	while (n > 0) {
		const char *end = memchr(text, '\n', n);
		uint64_t i = strtoull(text, NULL, 10);
		char room[512];
		size_t size = content(i, room);

		if (end == NULL || (size_t)(end - text) != size ||
		    memcmp(text, room, size) != 0 || (count > 0 && i <= last))
			ck_abort_msg("no line: %.*s", n < 60 ? (int)n : 60,
			    text);
		if (count++ == 0 && first != NULL)
			*first = i;
		last = i;
		n -= size + 1;
		text = end + 1;
	}
	return count;
}

static size_t
read_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	n = read(fd, got, sizeof(got));
	close(fd);
	ck_assert_int_ge(n, 0);
	return (size_t)n;
}

/* Assert that the file holds exactly the lines `from` to `to` - 1. */
static void
expect_file(const char *path, uint64_t from, uint64_t to)
{
	uint64_t first = from;
	size_t n = read_file(path);

	ck_assert_uint_eq(whole_lines(got, n, &first), to - from);
	ck_assert_uint_eq(first, from);
}

/* Files. */

START_TEST(file_appends)
{
	struct stat st;

	umask(022);
	begin(CONF_TO_FILE, path_of("log"));
	ck_assert(sink_is_empty(&sink));
	ck_assert_int_eq(sink.error, 0);
	ck_assert_int_eq(stat(conf.log, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	feed(10);
	ck_assert(!sink_is_empty(&sink));
	expect_file(conf.log, 0, 0);
	sink_flush(&sink, now);
	ck_assert(sink_is_empty(&sink));
	ck_assert_uint_eq(sink.lines, 10);
	expect_file(conf.log, 0, 10);
	sink_free(&sink);
	begin(CONF_TO_FILE, path_of("log"));
	feed(5);
	sink_flush(&sink, now);
	expect_file(conf.log, 0, 15);
	ck_assert_uint_eq(sink.lines, 5);
	ck_assert_uint_eq(sink.dropped, 0);
}
END_TEST

static void
rotate_by_rename(void)
{
	ck_assert_int_eq(rename(conf.log, path_of("log.1")), 0);
}

static void
rotate_by_unlink(void)
{
	ck_assert_int_eq(unlink(conf.log), 0);
}

/* Rotate by renaming; another file is there already. */
static void
rotate_by_create(void)
{
	int fd;

	rotate_by_rename();
	fd = open(conf.log, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void (*const rotations[])(
    void) = { rotate_by_rename, rotate_by_unlink, rotate_by_create };

START_TEST(file_rotates)
{
	char away[sizeof(folder) + 8];
	uint64_t from = 0;

	begin(CONF_TO_FILE, path_of("log"));
	for (int round = 0; round < 20; round++) {
		feed(7);
		sink_flush(&sink, now++);
		expect_file(conf.log, from, fed);
		rotations[_i]();
		if (_i != 1)
			expect_file(path_of("log.1"), from, fed);
		from = fed;
		/* Without a line to write the next look notices it. */
		if (round % 2 == 1) {
			now += LOOK;
			sink_flush(&sink, now);
			expect_file(conf.log, 0, 0);
		}
	}
	/* The folder disappears and comes back. */
	rotate_by_rename();
	snprintf(away, sizeof(away), "%s.away", folder);
	ck_assert_int_eq(rename(folder, away), 0);
	feed(3);
	sink_flush(&sink, now);
	ck_assert_int_eq(rename(away, folder), 0);
	now += LOOK;
	sink_flush(&sink, now);
	ck_assert_int_eq(sink.error, 0);
	expect_file(conf.log, from, fed);
	ck_assert_uint_eq(sink.lines, fed);
	ck_assert_uint_eq(sink.dropped, 0);
}
END_TEST

START_TEST(file_missing)
{
	begin(CONF_TO_FILE, path_of("sub/log"));
	ck_assert_int_eq(sink.error, ENOENT);
	feed(3);
	sink_flush(&sink, now);
	ck_assert_int_eq(sink.error, ENOENT);
	ck_assert_int_eq(mkdir(path_of("sub"), 0700), 0);
	sink_flush(&sink, now + LOOK - 1);
	ck_assert(!sink_is_empty(&sink));
	sink_flush(&sink, now + LOOK);
	ck_assert_int_eq(sink.error, 0);
	expect_file(conf.log, 0, 3);
}
END_TEST

START_TEST(file_is_folder)
{
	begin(CONF_TO_FILE, folder);
	ck_assert_int_eq(sink.error, EISDIR);
	feed(1);
	sink_flush(&sink, now + LOOK);
	ck_assert_int_eq(sink.error, EISDIR);
	ck_assert_uint_eq(sink.lines, 0);
}
END_TEST

/* On a full device the buffer keeps some lines, and the rest is counted. */
START_TEST(device_full)
{
	uint64_t kept = 0;

	begin(CONF_TO_FILE, "/dev/full");
	ck_assert_int_eq(sink.error, 0);
	while (sink.dropped < 1000) {
		feed(100);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, ENOSPC);
		now += LOOK;
	}
	ck_assert_uint_eq(sink.lines, 0);
	for (size_t i = 0; i < sink.used; i++)
		kept += sink.buf[i] == '\n';
	ck_assert_uint_eq(kept + sink.dropped, fed);
	ck_assert_uint_eq(whole_lines(sink.buf, sink.used, NULL), kept);
	sink_give_up(&sink);
	ck_assert(sink_is_empty(&sink));
	ck_assert_uint_eq(sink.dropped, fed);
	ck_assert_uint_eq(sink.lines, 0);
}
END_TEST

/* Set the largest size of a file. Until it is reset no other code may write to
 * a file, libcheck included. */
static void
flush_within(rlim_t most)
{
	struct rlimit was, is;

	getrlimit(RLIMIT_FSIZE, &was);
	is = was;
	is.rlim_cur = most;
	setrlimit(RLIMIT_FSIZE, &is);
	sink_flush(&sink, now);
	setrlimit(RLIMIT_FSIZE, &was);
}

/* A full disk takes a part of a line. */
START_TEST(file_full)
{
	for (rlim_t most = 0; most < 500; most += 7) {
		uint64_t first = 0;
		size_t n;

		fed = 0;
		begin(CONF_TO_FILE, path_of("log"));
		feed(20);
		for (int i = 0; i < 3; i++)
			flush_within(most);
		ck_assert_int_ne(sink.error, 0);
		n = read_file(conf.log);
		ck_assert_uint_le(n, most);
		ck_assert_uint_eq(whole_lines(got, n, &first), sink.lines);
		ck_assert_uint_eq(first, 0);
		ck_assert_uint_lt(sink.lines, 20);
		/* The disk has room again, a little and then enough. */
		flush_within(most + 300);
		n = read_file(conf.log);
		ck_assert_uint_eq(whole_lines(got, n, NULL), sink.lines);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, 0);
		expect_file(conf.log, 0, 20);
		ck_assert_uint_eq(sink.lines, 20);
		ck_assert_uint_eq(sink.dropped, 0);
		sink_free(&sink);
		ck_assert_int_eq(unlink(path_of("log")), 0);
	}
}
END_TEST

/* When the part of a line cannot be truncated, the whole line is written again
 * on a line of its own. */
START_TEST(file_torn)
{
	char path[64], room[512];
	int fd = memfd_create("log", MFD_ALLOW_SEALING);
	size_t n;
	char *at;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	begin(CONF_TO_FILE, path);
	ck_assert(sink.is_file);
	feed(10);
	flush_within(200);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 200);
	for (int i = 0; i < 3; i++)
		flush_within(200);
	ck_assert_int_eq(lseek(fd, 0, SEEK_END), 200);
	ck_assert_int_ne(sink.error, 0);
	flush_within(201);
	sink_flush(&sink, now);
	ck_assert_int_eq(sink.error, 0);
	ck_assert_uint_eq(sink.lines, 10);
	ck_assert_uint_eq(sink.dropped, 0);
	/* The file has the first octets of line 3 twice. */
	n = (size_t)pread(fd, got, sizeof(got), 0);
	got[n] = '\0';
	at = strstr(got, "\n3d");
	ck_assert_ptr_nonnull(at);
	content(3, room);
	ck_assert_uint_lt(strcspn(at + 1, "\n"), strlen(room));
	memmove(at, at + 1 + strcspn(at + 1, "\n"),
	    strlen(at + 1 + strcspn(at + 1, "\n")) + 1);
	ck_assert_uint_eq(whole_lines(got, strlen(got), NULL), 10);
	close(fd);
}
END_TEST

/* Sockets. */

static int
reader_socket(int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path_of("socket"));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 5), 0);
	return fd;
}

static void
reader_gone(int fd)
{
	close(fd);
	ck_assert_int_eq(unlink(path_of("socket")), 0);
}

/* Read the waiting datagrams, each as a line. */
static void
take_datagrams(int fd)
{
	ssize_t n;

	while ((n = recv(fd, got + ngot, sizeof(got) - ngot - 1, 0)) >= 0) {
		ngot += (size_t)n;
		got[ngot++] = '\n';
	}
	ck_assert_int_eq(errno, EAGAIN);
}

START_TEST(datagrams)
{
	int fd = reader_socket(SOCK_DGRAM);
	uint64_t count;

	begin(CONF_TO_DATAGRAM, path_of("socket"));
	feed(3);
	sink_flush(&sink, now);
	take_datagrams(fd);
	ck_assert_uint_eq(whole_lines(got, ngot, NULL), 3);

	/* A reader that stops reading is no error. */
	while (sink.dropped < 100) {
		feed(100);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, 0);
	}
	while (!sink_is_empty(&sink)) {
		take_datagrams(fd);
		sink_flush(&sink, now);
	}
	take_datagrams(fd);
	count = whole_lines(got, ngot, NULL);
	ck_assert_uint_eq(count, sink.lines);
	ck_assert_uint_eq(count + sink.dropped, fed);

	/* A reader that is gone is an error. */
	reader_gone(fd);
	feed(5);
	sink_flush(&sink, now);
	ck_assert_int_eq(sink.error, ECONNREFUSED);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ENOENT);
	ck_assert_int_eq(sink.fd, -1);

	/* The reader comes back. */
	fd = reader_socket(SOCK_DGRAM);
	feed(2);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, 0);
	take_datagrams(fd);
	ck_assert_uint_eq(whole_lines(got, ngot, NULL), count + 7);
	ck_assert_uint_eq(sink.lines + sink.dropped, fed);
	reader_gone(fd);
}
END_TEST

/* A line too long for a datagram is dropped and does not block others. */
START_TEST(datagram_too_long)
{
	static char big[60000];
	int fd = reader_socket(SOCK_DGRAM), least = 1;

	begin(CONF_TO_DATAGRAM, path_of("socket"));
	ck_assert_int_eq(setsockopt(sink.fd, SOL_SOCKET, SO_SNDBUF, &least,
	                     sizeof(least)),
	    0);
	memset(big, 'x', sizeof(big));
	sink_line(&sink, (struct mailauth_str){ big, sizeof(big) });
	feed(1);
	sink_line(&sink, (struct mailauth_str){ big, sizeof(big) });
	feed(1);
	sink_flush(&sink, now);
	ck_assert(sink_is_empty(&sink));
	ck_assert_uint_eq(sink.dropped, 2);
	ck_assert_uint_eq(sink.lines, 2);
	take_datagrams(fd);
	ck_assert_uint_eq(whole_lines(got, ngot, NULL), 2);
	reader_gone(fd);
}
END_TEST

static const struct {
	uint32_t facility;
	unsigned priority;
} facilities[] = { { 3, 30 }, { 2, 22 }, { 16, 134 }, { 23, 190 } };

START_TEST(system_log)
{
	static char big[10000];
	int fd = reader_socket(SOCK_DGRAM);
	unsigned priority;
	char month[4], line[512];
	int day, h, m, s, end = 0;
	long pid;

	begin(CONF_TO_SYSLOG, path_of("socket"));
	conf.facility = facilities[_i].facility;
	feed(1);
	sink_flush(&sink, now);
	take_datagrams(fd);
	got[ngot] = '\0';
	ck_assert_int_eq(sscanf(got,
	                     "<%u>%3s %2d %2d:%2d:%2d "
	                     "unbound-mailauth[%ld]: %n%511s",
	                     &priority, month, &day, &h, &m, &s, &pid, &end,
	                     line),
	    8);
	ck_assert_uint_eq(priority, facilities[_i].priority);
	ck_assert_int_eq(pid, getpid());
	ck_assert_ptr_nonnull(
	    strstr("JanFebMarAprMayJunJulAugSepOctNovDec", month));
	ck_assert(day >= 1 && day <= 31 && h < 24 && m < 60 && s <= 60);
	ck_assert_uint_eq(whole_lines(got + end, ngot - (size_t)end, NULL), 1);
	/* A line longer than daemons take is cut. */
	ngot = 0;
	memset(big, 'x', sizeof(big));
	sink_line(&sink, (struct mailauth_str){ big, sizeof(big) });
	sink_flush(&sink, now);
	take_datagrams(fd);
	ck_assert_uint_eq(ngot, 8192 + 1);
	ck_assert_uint_eq(sink.lines, 2);
	reader_gone(fd);
}
END_TEST

/* Read at most `most` octets from a stream; false at its end. */
static bool
take_octets(int fd, size_t most)
{
	size_t end = ngot + most < sizeof(got) ? ngot + most : sizeof(got);

	while (ngot < end) {
		ssize_t n = read(fd, got + ngot, end - ngot);

		if (n == 0)
			return false;
		if (n < 0) {
			ck_assert_int_eq(errno, EAGAIN);
			break;
		}
		ngot += (size_t)n;
	}
	return true;
}

static int
accepted(int listener)
{
	int fd = accept(listener, NULL, NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static void
small_buffer(void)
{
	int least = 1;

	ck_assert_int_eq(setsockopt(sink.fd, SOL_SOCKET, SO_SNDBUF, &least,
	                     sizeof(least)),
	    0);
}

/* Number of octets of `got` that are whole lines. */
static size_t
whole_part(void)
{
	size_t n = ngot;

	while (n > 0 && got[n - 1] != '\n')
		n--;
	return n;
}

START_TEST(stream)
{
	int listener = reader_socket(SOCK_STREAM), fd;

	begin(CONF_TO_STREAM, path_of("socket"));
	ck_assert_int_eq(sink.error, 0);
	fd = accepted(listener);
	small_buffer();
	while (fed < 3000) {
		feed(10);
		sink_flush(&sink, now);
		take_octets(fd, 1 + fed % 3000);
	}
	/* The reader stops reading. */
	while (sink.dropped < 50) {
		feed(10);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, 0);
	}
	while (!sink_is_empty(&sink)) {
		take_octets(fd, 777);
		sink_flush(&sink, now);
	}
	take_octets(fd, SIZE_MAX / 2);
	ck_assert_uint_eq(whole_lines(got, ngot, NULL), sink.lines);
	ck_assert_uint_eq(sink.lines + sink.dropped, fed);
	close(fd);
	reader_gone(listener);
}
END_TEST

/* The reader disconnects in the middle of a line: the next reader gets whole
 * lines, and that line is lost and counted. */
START_TEST(stream_begun)
{
	int listener = reader_socket(SOCK_STREAM), fd;
	uint64_t first = 0, before;

	begin(CONF_TO_STREAM, path_of("socket"));
	for (int round = 0; round < 50; round++) {
		uint64_t dropped = sink.dropped, lines = sink.lines, mine;
		bool begun;

		fd = accepted(listener);
		small_buffer();
		feed(400 + (uint64_t)round);
		sink_flush(&sink, now);
		begun = sink.begun;
		ngot = 0;
		take_octets(fd, SIZE_MAX / 2);
		before = whole_lines(got, whole_part(), &first);
		ck_assert_int_eq(begun, whole_part() < ngot);
		ck_assert_uint_eq(before, sink.lines - lines);
		if (round > 0)
			ck_assert_uint_le(first, fed);
		mine = first + before;
		close(fd);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, EPIPE);
		ck_assert_uint_eq(sink.dropped, dropped + begun);
		ck_assert(!sink.begun);
		/* The buffer begins with a whole line. */
		ck_assert_uint_eq(whole_lines(sink.buf, sink.used, &first) +
		        sink.lines + sink.dropped,
		    fed);
		ck_assert_uint_eq(first, mine + begun);
		sink.used = 0;
		fed = sink.lines + sink.dropped;
		sink_flush(&sink, now += LOOK);
		ck_assert_int_eq(sink.error, 0);
	}
	reader_gone(listener);
	feed(1);
	sink_flush(&sink, now);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ENOENT);
}
END_TEST

/* The path is not a socket, or a socket of another type, or has no reader. */
START_TEST(no_socket)
{
	int fd;

	begin(CONF_TO_STREAM, path_of("socket"));
	ck_assert_int_eq(sink.error, ENOENT);
	fd = reader_socket(SOCK_DGRAM);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, EPROTOTYPE);
	close(fd);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ECONNREFUSED);
	unlink(path_of("socket"));
	fd = reader_socket(SOCK_STREAM);
	close(fd);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ECONNREFUSED);
	unlink(path_of("socket"));
	close(open(path_of("socket"), O_CREAT | O_WRONLY, 0600));
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ECONNREFUSED);
	feed(1);
	sink_flush(&sink, now);
	ck_assert(!sink_is_empty(&sink));
}
END_TEST

/* Pipes. */

START_TEST(pipes)
{
	uint64_t first;
	bool begun;
	int fd;

	ck_assert_int_eq(mkfifo(path_of("log"), 0600), 0);
	begin(CONF_TO_FILE, path_of("log"));
	ck_assert_int_eq(sink.error, ENXIO);
	feed(3);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ENXIO);

	fd = open(path_of("log"), O_RDONLY | O_NONBLOCK);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, 0);
	ck_assert(sink_is_empty(&sink));
	/* The reader stops reading. */
	while (sink.dropped == 0) {
		feed(10);
		sink_flush(&sink, now);
		ck_assert_int_eq(sink.error, 0);
	}
	begun = sink.begun;
	take_octets(fd, SIZE_MAX / 2);
	ck_assert_uint_eq(whole_lines(got, whole_part(), NULL), sink.lines);
	ck_assert_int_eq(begun, whole_part() < ngot);
	/* The reader disconnects and comes back. */
	close(fd);
	sink_flush(&sink, now);
	ck_assert_int_eq(sink.error, EPIPE);
	sink_flush(&sink, now += LOOK);
	ck_assert_int_eq(sink.error, ENXIO);
	fd = open(path_of("log"), O_RDONLY | O_NONBLOCK);
	ngot = 0;
	sink_flush(&sink, now += LOOK);
	while (!sink_is_empty(&sink)) {
		take_octets(fd, SIZE_MAX / 2);
		sink_flush(&sink, now);
	}
	take_octets(fd, SIZE_MAX / 2);
	ck_assert_uint_gt(whole_lines(got, ngot, &first), 0);
	ck_assert_uint_eq(sink.lines + sink.dropped, fed);
	close(fd);
}
END_TEST

/* The buffer. */

START_TEST(to_nothing)
{
	begin(CONF_TO_NOTHING, "");
	feed(100000);
	sink_flush(&sink, now += LOOK);
	ck_assert(sink_is_empty(&sink));
	ck_assert_int_eq(sink.error, 0);
	ck_assert_uint_eq(sink.lines + sink.dropped, 0);
}
END_TEST

START_TEST(longest_line)
{
	char *big = malloc(SINK_BUFFER);

	memset(big, 'x', SINK_BUFFER);
	begin(CONF_TO_FILE, path_of("log"));
	sink_line(&sink, (struct mailauth_str){ big, SINK_BUFFER });
	ck_assert(sink_is_empty(&sink));
	ck_assert_uint_eq(sink.dropped, 1);
	sink_line(&sink, (struct mailauth_str){ big, SINK_BUFFER - 1 });
	ck_assert_uint_eq(sink.dropped, 1);
	sink_line(&sink, STR(""));
	ck_assert_uint_eq(sink.dropped, 2);
	sink_flush(&sink, now);
	ck_assert_uint_eq(sink.lines, 1);
	ck_assert_uint_eq(read_file(path_of("log")), SINK_BUFFER);
	free(big);
}
END_TEST

/* file_replace(). */

START_TEST(replaced)
{
	char path[128];
	struct rlimit was, is;
	int error;

	snprintf(path, sizeof(path), "%s", path_of("metrics"));
	ck_assert_int_eq(file_replace(path, STR("one\n")), 0);
	ck_assert_uint_eq(read_file(path), 4);
	ck_assert_int_eq(file_replace(path, STR("")), 0);
	ck_assert_uint_eq(read_file(path), 0);
	ck_assert_int_eq(file_replace(path, STR("three\n")), 0);
	/* A text that does not fit leaves the old file. An earlier error does
	 * not show in a later result. */
	getrlimit(RLIMIT_FSIZE, &was);
	is = was;
	is.rlim_cur = 2;
	setrlimit(RLIMIT_FSIZE, &is);
	errno = EAGAIN;
	error = file_replace(path, STR("four\n"));
	setrlimit(RLIMIT_FSIZE, &was);
	ck_assert_int_ne(error, 0);
	ck_assert_int_ne(error, EAGAIN);
	ck_assert_uint_eq(read_file(path), 6);
	ck_assert_int_ne(access(path_of("metrics.new"), F_OK), 0);
	/* It follows no link at path.new, and waits for no pipe there. */
	ck_assert_int_eq(symlink("log", path_of("metrics.new")), 0);
	ck_assert_int_eq(file_replace(path, STR("five\n")), ELOOP);
	ck_assert_int_ne(access(path_of("log"), F_OK), 0);
	unlink(path_of("metrics.new"));
	ck_assert_int_eq(mkfifo(path_of("metrics.new"), 0600), 0);
	ck_assert_int_eq(file_replace(path, STR("six\n")), ENXIO);
	unlink(path_of("metrics.new"));
	ck_assert_int_eq(file_replace(path_of("sub/log"), STR("x")), ENOENT);
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(file_replace(path, STR("x")), EISDIR);
	ck_assert_int_ne(access(path_of("metrics.new"), F_OK), 0);
}
END_TEST

Suite *
suite_sink(void)
{
	Suite *s = suite_create("sink");
	TCase *tc = tcase_create("sink");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, file_appends);
	tcase_add_loop_test(tc, file_rotates, 0, COUNT(rotations));
	tcase_add_test(tc, file_missing);
	tcase_add_test(tc, file_is_folder);
	tcase_add_test(tc, device_full);
	tcase_add_test(tc, file_full);
	tcase_add_test(tc, file_torn);
	tcase_add_test(tc, datagrams);
	tcase_add_test(tc, datagram_too_long);
	tcase_add_loop_test(tc, system_log, 0, COUNT(facilities));
	tcase_add_test(tc, stream);
	tcase_add_test(tc, stream_begun);
	tcase_add_test(tc, no_socket);
	tcase_add_test(tc, pipes);
	tcase_add_test(tc, to_nothing);
	tcase_add_test(tc, longest_line);
	tcase_add_test(tc, replaced);
	suite_add_tcase(s, tc);
	return s;
}
