/*
 * logger.h - the writer thread: judges, counts and logs sightings
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * log: what the module does beside resolving. It knows neither Unbound nor the
 * network. Only the writer thread judges, formats and does I/O, and a slow
 * target never stops it: lines that do not fit are dropped and counted. May
 * include base, sys/clock.h, record and judge. In: sightings through watch.h,
 * where each thread of the resolver hands them over without a lock, an
 * allocation or a system call. Out: log lines (sink.h) and the metrics file.
 */
#ifndef LOG_LOGGER_H
#define LOG_LOGGER_H

#include "log/counters.h"
#include "log/sink.h"
#include "log/watch.h"

struct logger;

/** Writes `text` to the resolver's own log; called rarely, by the thread that
 * starts the logger and by the writer thread. */
typedef void (*logger_say)(bool trouble, const char *text);

/** The input of a logger. The watches must outlive the logger, `note` only
 * logger_start(). */
struct logger_setup {
	struct conf conf;
	struct watch *watches; /* one for each thread of the resolver */
	size_t nwatches;
	logger_say say;
	const char *note; /* text of the event "start" */
};

/** Octets of memory that a logger and its watches use at most. */
size_t logger_memory(const struct conf *conf, size_t nwatches);

/**
 * Start the writer thread, with all signals blocked.
 * @param why CONF_WHY_MAX octets of room for a warning or the reason of a
 *     failure; "" when all is well. A log that cannot be opened is a warning:
 *     `say` gets it too, and the thread tries again each second.
 * @return NULL when memory ran out or no thread can be started.
 */
struct logger *logger_start(const struct logger_setup *setup, char *why);

/**
 * Drain the rings, write the remaining lines, end the thread and free the
 * logger. No resolver thread may use the watches meanwhile.
 * @param ms milliseconds to wait for the end of the thread
 * @return false when the thread did not end in time (a file system that hangs).
 *     The thread then goes on alone: the caller must neither free the watches
 *     nor unload the code, and must not use `l` again.
 */
bool logger_stop(struct logger *l, unsigned ms);

#endif /* LOG_LOGGER_H */
