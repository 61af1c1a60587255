/*
 * sink.h - writes log lines to a file, the system log or a unix socket
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * No function here blocks on a target: a buffer of fixed size keeps the lines
 * until the target takes them; a line that does not fit is dropped and counted.
 * The sink looks for a missing target every second. It opens a file that was
 * renamed or removed anew, so that the log can be rotated.
 */
#ifndef LOG_SINK_H
#define LOG_SINK_H

#include <sys/types.h>

#include "log/conf.h"

/** Octets of the buffer of lines. */
#define SINK_BUFFER (256u * 1024)

/** A target and the lines waiting for it. One thread uses it. */
struct sink {
	const struct conf *conf;
	int fd; /* -1: not open */
	dev_t dev; /* of the file that is open */
	ino_t ino;
	bool is_file; /* the target is a regular file */
	bool begun; /* part of the first line in `buf` was written */
	bool torn; /* the file ends in part of a line */
	int error; /* errno of the last failure; 0 after a success */
	int64_t next_look; /* time of the next look at the target, ms */
	char *buf; /* SINK_BUFFER octets: lines, each with its '\n' */
	size_t used; /* octets in `buf` */
	uint64_t lines; /* lines written */
	uint64_t dropped; /* lines lost */
};

/**
 * Allocate the buffer and try to open the target. `conf` must outlive the sink.
 * @param now milliseconds of a monotonic clock
 * @return false when memory ran out. A target that cannot be opened is no
 *     failure: `error` has its errno, and sink_flush() tries again.
 */
bool sink_init(struct sink *s, const struct conf *conf, int64_t now);
/** Append a line, given without its '\n', to the buffer. */
void sink_line(struct sink *s, struct mailauth_str line);
/** Write what the target takes at once, and look after the target.
 * @param now milliseconds of the clock of sink_init() */
void sink_flush(struct sink *s, int64_t now);
/** The buffer holds no line. */
bool sink_is_empty(const struct sink *s);
/** Drop and count the lines in the buffer. */
void sink_give_up(struct sink *s);
/** Close the target and free the buffer; lines in it are lost. */
void sink_free(struct sink *s);

/** Replace a file with this text by renaming "`path`.new": a reader sees the
 * old text or the new one. @return 0, or an errno */
int file_replace(const char *path, struct mailauth_str text);

#endif /* LOG_SINK_H */
