/*
 * floor.c - times the questions of a check through bare libunbound
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: floor CONFIG < QUESTIONS
 *
 * A question is a line "NAME TYPE", the type as a number. The program asks all
 * of them at once through the event API and only counts the answers. No check
 * that asks these questions can be faster.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound-event.h>
#include <unbound.h>

#define QUESTIONS_MAX 4096
#define NAME_MAX_TEXT 1100

static struct event_base *base;
static unsigned pending, secure, bogus, failed;

static void
answered(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	(void)arg;
	(void)packet;
	(void)len;
	(void)why;
	(void)was_ratelimited;
	secure += sec == 2;
	bogus += sec == 1;
	failed += rcode == 2;
	if (--pending == 0)
		event_base_loopbreak(base);
}

int
main(int argc, char **argv)
{
	char name[NAME_MAX_TEXT];
	struct ub_ctx *ctx;
	unsigned n = 0;
	int type;

	if (argc != 2) {
		fprintf(stderr, "usage: floor CONFIG < QUESTIONS\n");
		return 64;
	}
	base = event_base_new();
	ctx = base != NULL ? ub_ctx_create_event(base) : NULL;
	if (ctx == NULL || ub_ctx_config(ctx, argv[1]) != 0) {
		fprintf(stderr, "floor: %s: cannot be used\n", argv[1]);
		return 66;
	}
	while (n < QUESTIONS_MAX && scanf("%1099s %d", name, &type) == 2) {
		pending++;
		n++;
		if (ub_resolve_event(ctx, name, type, 1, NULL, answered,
		        NULL) != 0)
			return 70;
	}
	if (pending > 0)
		event_base_dispatch(base);
	ub_ctx_delete(ctx);
	event_base_free(base);
	printf("%u questions, %u secure, %u bogus, %u failed\n", n, secure,
	    bogus, failed);
	return pending == 0 && n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
