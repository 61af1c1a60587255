/*
 * fake.c - a resolver without a network, for tests
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "test/script/fake.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

/* Seconds that a wait takes at least: whoever waits for nothing gets on. */
#define TICK 1e-6

struct fake_ticket {
	struct fake_ticket *next;
	struct lookup *lookup;
	double due;
};

static enum mailauth_status
ask(struct resolver *r, struct lookup *l)
{
	struct fake *f = (struct fake *)r;
	struct fake_ticket *t = malloc(sizeof(*t)), **at = &f->queue;

	if (t == NULL)
		return MAILAUTH_ENOMEM;
	l->state = LOOKUP_ASKED;
	l->ticket = t;
	t->lookup = l;
	t->due = f->time + (f->delay != NULL ? f->delay(f, l) : FAKE_DELAY);
	f->asked++;
	while (*at != NULL && (*at)->due <= t->due)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
	return MAILAUTH_OK;
}

static void
forget(struct resolver *r, struct lookup *l)
{
	struct fake *f = (struct fake *)r;
	struct fake_ticket **at = &f->queue, *t = l->ticket;

	if (t == NULL)
		return;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	free(t);
	l->ticket = NULL;
	/* As libunbound does: what a probe has seen by now. */
	if (l->probe)
		f->answer(f, l);
}

/* Answer the first question. */
static void
deliver(struct fake *f)
{
	struct fake_ticket *t = f->queue;
	struct lookup *l = t->lookup;

	f->queue = t->next;
	free(t);
	f->answer(f, l);
	l->ticket = NULL;
	l->state = LOOKUP_DONE;
	l->done(l);
}

static void
wait(struct resolver *r, double seconds)
{
	struct fake *f = (struct fake *)r;
	double end = f->time + (seconds > TICK ? seconds : TICK);

	if (f->queue == NULL || f->queue->due > end) {
		f->time = end;
		return;
	}
	if (f->queue->due > f->time)
		f->time = f->queue->due;
	while (f->queue != NULL && f->queue->due <= f->time)
		deliver(f);
}

static double
now(struct resolver *r)
{
	return ((struct fake *)r)->time;
}

static bool
serves(struct resolver *r, struct mailauth_str name)
{
	(void)r;
	(void)name;
	return true;
}

static int
add_server(struct resolver *r, const char *addr)
{
	(void)r;
	(void)addr;
	return -1;
}

void
fake_clear(struct fake *f)
{
	struct fake_ticket *t;

	while ((t = f->queue) != NULL) {
		f->queue = t->next;
		t->lookup->ticket = NULL;
		free(t);
	}
}

static void
end(struct resolver *r)
{
	struct fake *f = (struct fake *)r;

	fake_clear(f);
	if (f->release != NULL)
		f->release(f);
}

void
fake_start(struct fake *f, void (*answer)(struct fake *f, struct lookup *l))
{
	*f = (struct fake){ .answer = answer, .time = 1000 };
	f->base.ask = ask;
	f->base.wait = wait;
	f->base.now = now;
	f->base.forget = forget;
	f->base.serves = serves;
	f->base.add_server = add_server;
	f->base.free = end;
}

void
fake_fail(struct lookup *l, enum mailauth_cause cause, struct mailauth_str why)
{
	bool bogus =
	    cause == MAILAUTH_CAUSE_BOGUS || cause == MAILAUTH_CAUSE_NO_DNSKEY;

	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.cause = cause;
	l->answer.dnssec = bogus             ? MAILAUTH_DNSSEC_BOGUS :
	    cause == MAILAUTH_CAUSE_NO_PROOF ? MAILAUTH_DNSSEC_INDETERMINATE :
	                                       MAILAUTH_DNSSEC_UNCHECKED;
	l->answer.why = why;
}
