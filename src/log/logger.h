/*
 * logger.h - the thread that judges and writes
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It takes what the resolver's threads handed over, judges it, counts it, and
 * writes lines. It alone allocates, formats and does I/O, and it never waits
 * for anybody longer than a moment.
 */
#ifndef LOG_LOGGER_H
#define LOG_LOGGER_H

#include "log/counters.h"
#include "log/sink.h"
#include "log/watch.h"

struct logger;

/** What goes to the resolver's own log, a few times a day at most. */
typedef void (*logger_say)(bool trouble, const char *text);

/** What a logger works on; all of it must stay until it has stopped. */
struct logger_setup {
	struct conf conf;
	struct watch *watches;
	size_t nwatches;
	logger_say say;
	const char *note; /* of the first event: who is watched */
};

/** Octets of memory that a logger and its watches take at most. */
size_t logger_memory(const struct conf *conf, size_t nwatches);

/**
 * Start the thread, with all signals blocked.
 * @param why CONF_WHY_MAX octets: empty, or what is not as it should be; a log
 *     that cannot be opened is told to `say` too, and tried again
 * @return NULL when there is no thread
 */
struct logger *logger_start(const struct logger_setup *setup, char *why);

/**
 * Take what is left, write what can be written, end the thread and free the
 * logger.
 * @param ms how long to wait for it
 * @return false when it did not end in time (a file system that hangs): it
 *     goes on by itself, and neither its code nor what it works on may go
 */
bool logger_stop(struct logger *l, unsigned ms);

#endif /* LOG_LOGGER_H */
