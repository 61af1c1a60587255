/*
 * resolver_zones.c - a resolver that has zone files and nothing else
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Without a trust anchor there is nothing to validate, and offline there is
 * nobody to ask: so the answers are those of the index, and libunbound is not
 * started. A lookup gets its answer within wait(), as from any resolver.
 */
#include "dns/resolver_zones.h"

#include <stdlib.h>

#include "sys/clock.h"

/* A lookup that waits for its `done`, in the arena of its answer. */
struct ticket {
	struct ticket *next, **link;
	struct lookup *lookup;
};

struct zones_resolver {
	struct resolver base;
	struct zonefiles *files;
	struct ticket *asked, **asked_end;
};

static enum mailauth_status
ask(struct resolver *r, struct lookup *l)
{
	struct zones_resolver *z = (struct zones_resolver *)r;
	struct ticket *t = arena_alloc(l->arena, sizeof(*t));

	if (t == NULL)
		return MAILAUTH_ENOMEM;
	t->lookup = l;
	t->link = z->asked_end;
	*z->asked_end = t;
	z->asked_end = &t->next;
	l->ticket = t;
	l->state = LOOKUP_ASKED;
	return MAILAUTH_OK;
}

static void
drop(struct zones_resolver *z, struct ticket *t)
{
	*t->link = t->next;
	if (t->next != NULL)
		t->next->link = t->link;
	else
		z->asked_end = t->link;
	t->lookup->ticket = NULL;
}

static void
answer(struct zones_resolver *z, struct lookup *l)
{
	/* No server is asked, so none can be compared or probed. */
	if (l->server < 0 && !l->probe) {
		zonefiles_answer(z->files, l);
		return;
	}
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	l->answer.cause =
	    l->probe ? MAILAUTH_CAUSE_TIMEOUT : MAILAUTH_CAUSE_OFFLINE;
}

static void
wait(struct resolver *r, double seconds)
{
	struct zones_resolver *z = (struct zones_resolver *)r;

	(void)seconds;
	while (z->asked != NULL) {
		struct lookup *l = z->asked->lookup;

		drop(z, z->asked);
		answer(z, l);
		l->state = LOOKUP_DONE;
		l->done(l);
	}
}

static double
now(struct resolver *r)
{
	(void)r;
	return clock_monotonic();
}

static void
forget(struct resolver *r, struct lookup *l)
{
	if (l->ticket != NULL)
		drop((struct zones_resolver *)r, l->ticket);
}

static bool
serves(struct resolver *r, struct mailauth_str name)
{
	struct dname wire;

	return dname_parse(name, &wire) == DNAME_OK &&
	    zonefiles_serve(((struct zones_resolver *)r)->files, &wire, 0);
}

static int
add_server(struct resolver *r, const char *addr)
{
	(void)r;
	(void)addr;
	return -1;
}

static bool
place(struct resolver *r, const struct mailauth_answer *a, size_t i,
    struct mailauth_place *out)
{
	return zonefiles_place(((struct zones_resolver *)r)->files, a, i, out);
}

static const struct resolver_fault *
fault(struct resolver *r, const struct mailauth_answer *a, size_t i)
{
	return zonefiles_fault(((struct zones_resolver *)r)->files, a, i);
}

static void
zones_resolver_free(struct resolver *r)
{
	struct zones_resolver *z = (struct zones_resolver *)r;

	zonefiles_free(z->files);
	free(z);
}

struct resolver *
zones_resolver_new(struct zonefiles *files, bool no_dnssec)
{
	struct zones_resolver *z = calloc(1, sizeof(*z));

	if (z == NULL) {
		zonefiles_free(files);
		return NULL;
	}
	z->base = (struct resolver){
		.ask = ask,
		.wait = wait,
		.now = now,
		.forget = forget,
		.validation_off = no_dnssec ? "no proof was asked for" :
		                              "no trust anchor is loaded",
		.off = no_dnssec ? OFF_BY_WISH : OFF_FOR_DRAFT,
		.offline = true,
		.serves = serves,
		.place = place,
		.fault = fault,
		.add_server = add_server,
		.free = zones_resolver_free,
	};
	z->files = files;
	z->asked_end = &z->asked;
	return &z->base;
}
