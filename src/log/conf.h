/*
 * conf.h - the configuration of the resolver module
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_CONF_H
#define LOG_CONF_H

#include "record/kind.h"

/** Octets of the longest path. */
#define CONF_PATH_MAX 1024
/** Octets of the largest file that is read. */
#define CONF_FILE_MAX 65535
/** Octets of a message about a configuration, its NUL included. */
#define CONF_WHY_MAX (CONF_PATH_MAX + 256)

enum conf_format { CONF_JSON, CONF_TEXT };

/** Where lines go. */
enum conf_target {
	CONF_TO_FILE,
	CONF_TO_SYSLOG,
	CONF_TO_DATAGRAM, /* a unix socket of datagrams, a line in each */
	CONF_TO_STREAM, /* a unix stream socket */
	CONF_TO_NOTHING, /* counters only */
};

enum conf_clients { CONF_CLIENTS_NO, CONF_CLIENTS_PREFIX, CONF_CLIENTS_FULL };

/** Sizes are powers of two; see the man page for what each is. */
struct conf {
	enum conf_target target;
	enum conf_format format;
	enum conf_clients clients;
	char log[CONF_PATH_MAX]; /* file or socket */
	char metrics[CONF_PATH_MAX]; /* "": none */
	uint32_t kinds; /* a bit for each enum mailauth_kind_id */
	uint32_t verdicts; /* a bit for each enum mailauth_verdict to log */
	uint32_t repeat_interval; /* seconds */
	uint32_t metrics_interval; /* seconds */
	uint32_t prefix4, prefix6; /* bits of a client's address */
	uint32_t cache_size; /* contents, for each thread */
	uint32_t buffer_size; /* octets, for each thread */
	uint32_t facility; /* of syslog, as its number */
	enum mailauth_profile profile;
	bool allow_documentation;
	bool strict;
};

_Static_assert(MAILAUTH_KIND_COUNT <= 32, "a bit for each kind");

/** What is so when nothing is said. */
void conf_default(struct conf *c);

/** Called for each line that is wrong: `line` counts from 1. */
typedef void (*conf_wrong)(void *arg, unsigned line, const char *why);

/**
 * Read a configuration into `c`, which holds the defaults.
 * @return how many lines are wrong: each was told of. The lines that are not
 *     wrong have taken effect.
 */
unsigned conf_read(struct conf *c, struct mailauth_str text, conf_wrong wrong,
    void *arg);

/** The kinds that a configuration can name, as bits. */
uint32_t conf_kinds_all(void);

#endif /* LOG_CONF_H */
