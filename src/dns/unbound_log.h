/*
 * unbound_log.h - the log of libunbound, of which a process has only one
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libunbound says only in its log why a question failed and what a server sent.
 * All contexts of a process write into the same log, so all resolvers share
 * this one. A reader finds its own lines by the name of its question: lines of
 * other resolvers may lie between them, and another thread may clear the log,
 * so a reason is right or absent.
 */
#ifndef DNS_UNBOUND_LOG_H
#define DNS_UNBOUND_LOG_H

#include <stdbool.h>

#include "mailauth/types.h"

struct ub_ctx;

/** A copy of the log, reused by each unbound_log_read(). Begins as zeros; its
 * owner frees `s`. */
struct log_copy {
	char *s;
	size_t room;
};

/** Join the users of the log; false when memory ran out. */
bool unbound_log_open(void);
/** Leave. The last user ends the log and detaches libunbound from it, through
 * `ctx`, any context or NULL. */
void unbound_log_close(struct ub_ctx *ctx);
/** Let libunbound write into the log. */
void unbound_log_attach(struct ub_ctx *ctx);
/** The log since it was cleared, valid until the next call; empty when memory
 * ran out. */
struct mailauth_str unbound_log_read(struct log_copy *copy);
/** Begin the log anew, unless somebody watches. */
void unbound_log_clear(void);
/** Log each message of servers, until unwatch() was called as often. */
void unbound_log_watch(struct ub_ctx *ctx);
void unbound_log_unwatch(struct ub_ctx *ctx);
/** Call behind the start of a context, which makes libunbound terse. */
void unbound_log_started(struct ub_ctx *ctx);

#endif /* DNS_UNBOUND_LOG_H */
