/*
 * unbound_log.c - the log of libunbound, of which a process has only one
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The log is a stream in memory. `lock` guards the variables here; the lock of
 * the stream guards its text, since libunbound writes from any thread.
 */
#include "dns/unbound_log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound.h>

#include "base/str.h"

/* From this level on, the log has the messages of servers, and says when TCP is
 * tried. */
#define LEVEL_MESSAGES 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *file;
static char *text;
static size_t size;
static size_t users, watchers;
static bool attached;

bool
unbound_log_open(void)
{
	bool good;

	pthread_mutex_lock(&lock);
	if (file == NULL)
		file = open_memstream(&text, &size);
	good = file != NULL;
	users += good;
	pthread_mutex_unlock(&lock);
	return good;
}

void
unbound_log_close(struct ub_ctx *ctx)
{
	pthread_mutex_lock(&lock);
	if (--users == 0) {
		if (attached && ctx != NULL) {
			ub_ctx_debugout(ctx, NULL);
			attached = false;
		}
		/* While libunbound has the stream it stays, for the next
		 * user. */
		if (!attached) {
			fclose(file);
			free(text);
			file = NULL;
			text = NULL;
		}
	}
	pthread_mutex_unlock(&lock);
}

void
unbound_log_attach(struct ub_ctx *ctx)
{
	pthread_mutex_lock(&lock);
	ub_ctx_debugout(ctx, file);
	attached = true;
	pthread_mutex_unlock(&lock);
}

struct mailauth_str
unbound_log_read(struct log_copy *copy)
{
	struct mailauth_str out = STR_NONE;

	flockfile(file);
	fflush(file);
	if (size > copy->room) {
		char *more = realloc(copy->s, size);

		if (more != NULL) {
			copy->s = more;
			copy->room = size;
		}
	}
	if (size > 0 && size <= copy->room) {
		memcpy(copy->s, text, size);
		out = (struct mailauth_str){ copy->s, size };
	}
	funlockfile(file);
	return out;
}

void
unbound_log_clear(void)
{
	pthread_mutex_lock(&lock);
	if (watchers == 0) {
		flockfile(file);
		fflush(file);
		rewind(file);
		funlockfile(file);
	}
	pthread_mutex_unlock(&lock);
}

void
unbound_log_watch(struct ub_ctx *ctx)
{
	pthread_mutex_lock(&lock);
	watchers++;
	ub_ctx_debuglevel(ctx, LEVEL_MESSAGES);
	pthread_mutex_unlock(&lock);
}

void
unbound_log_unwatch(struct ub_ctx *ctx)
{
	pthread_mutex_lock(&lock);
	if (--watchers == 0)
		ub_ctx_debuglevel(ctx, 0);
	pthread_mutex_unlock(&lock);
}

void
unbound_log_started(struct ub_ctx *ctx)
{
	pthread_mutex_lock(&lock);
	if (watchers > 0)
		ub_ctx_debuglevel(ctx, LEVEL_MESSAGES);
	pthread_mutex_unlock(&lock);
}
