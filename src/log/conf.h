/*
 * conf.h - the configuration of the resolver module
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_CONF_H
#define LOG_CONF_H

#include "record/kind.h"

/** Octets of the longest path, its NUL included. */
#define CONF_PATH_MAX 1024
/** Octets of the largest configuration file. */
#define CONF_FILE_MAX 65535
/** Octets of a message about a fault, its NUL included. */
#define CONF_WHY_MAX (CONF_PATH_MAX + 256)

/** The format of log lines. */
enum conf_format { CONF_JSON, CONF_TEXT };

/** The target of log lines. */
enum conf_target {
	CONF_TO_FILE,
	CONF_TO_SYSLOG,
	CONF_TO_DATAGRAM, /* a unix datagram socket, one line a datagram */
	CONF_TO_STREAM, /* a unix stream socket */
	CONF_TO_NOTHING, /* no lines, counters only */
};

/** How much of a client's address goes into the log. */
enum conf_clients { CONF_CLIENTS_NO, CONF_CLIENTS_PREFIX, CONF_CLIENTS_FULL };

/** The options; mailauth-module(8) explains each. Sizes are powers of two. */
struct conf {
	enum conf_target target;
	enum conf_format format;
	enum conf_clients clients;
	char log[CONF_PATH_MAX]; /* path of the file or socket */
	char metrics[CONF_PATH_MAX]; /* path; "" writes no metrics */
	uint32_t kinds; /* to look for: a bit for each enum mailauth_kind_id */
	uint32_t verdicts; /* to log: a bit for each, verdicts.h */
	uint32_t repeat_interval; /* seconds */
	uint32_t metrics_interval; /* seconds */
	uint32_t prefix4, prefix6; /* bits of a client's address to keep */
	uint32_t cache_size; /* contents that a thread remembers */
	uint32_t buffer_size; /* octets of a thread's ring */
	uint32_t facility; /* syslog facility number (RFC 5424 6.2.1) */
	enum mailauth_profile profile;
	bool allow_documentation;
	bool strict;
};

_Static_assert(MAILAUTH_KIND_COUNT <= 32, "a bit for each kind");

/** Set every option to its default. */
void conf_default(struct conf *c);

/** Called for each wrong line; `line` counts from 1, `why` is borrowed. */
typedef void (*conf_wrong)(void *arg, unsigned line, const char *why);

/**
 * Read a configuration into `c`, which holds the defaults. Each right line
 * takes effect; each wrong line changes nothing and is reported to `wrong`.
 * @return the number of wrong lines.
 */
unsigned conf_read(struct conf *c, struct mailauth_str text, conf_wrong wrong,
    void *arg);

/** The kinds that the option "kinds" accepts, as bits. */
uint32_t conf_kinds_all(void);

#endif /* LOG_CONF_H */
