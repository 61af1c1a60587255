/*
 * sink.h - where the lines of the module's log go
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A file, the system log, or a unix socket. Nothing here waits: lines are kept
 * in a buffer of fixed size until they can be written, and dropped and counted
 * when it is full. A target that is gone is looked for again every second. A
 * file that was renamed or removed is opened anew, so it can be rotated.
 */
#ifndef LOG_SINK_H
#define LOG_SINK_H

#include <sys/types.h>

#include "log/conf.h"

/** Octets of lines that wait to be written. */
#define SINK_BUFFER (256u * 1024)

struct sink {
	const struct conf *conf;
	int fd; /* -1: not open */
	dev_t dev; /* of the file that is open */
	ino_t ino;
	bool is_file; /* a regular one */
	bool begun; /* part of the first line is written */
	bool torn; /* the file ends in part of a line */
	int error; /* errno of the last failure; 0: all is well */
	int64_t next_look; /* when to open or look at the file again, ms */
	char *buf; /* whole lines, each with its '\n' */
	size_t used;
	uint64_t lines; /* written */
	uint64_t dropped; /* for which there was no room */
};

/** Get ready and try to open the target at once; `conf` must stay.
 * @return false when memory ran out; a target that cannot be opened shows in
 *     `error`, and is tried again later */
bool sink_init(struct sink *s, const struct conf *conf, int64_t now);
/** Take a line without its '\n'. */
void sink_line(struct sink *s, struct mailauth_str line);
/** Write what can be written now; `now` in milliseconds, of any clock that
 * only goes forward. */
void sink_flush(struct sink *s, int64_t now);
/** Everything was written. */
bool sink_is_empty(const struct sink *s);
/** Drop and count the lines that were not. */
void sink_give_up(struct sink *s);
void sink_free(struct sink *s);

/** Replace a file with this text in one step: readers see the old one or the
 * new one. @return 0, or an errno */
int file_replace(const char *path, struct mailauth_str text);

#endif /* LOG_SINK_H */
