/*
 * lookups.c - questions of a check, each asked once
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "engine/rounds.h"

struct lookup *
got_from(const struct check *c, int server, struct mailauth_str name,
    uint16_t type)
{
	for (struct lookup *l = c->rounds->lookups; l != NULL; l = l->next)
		if (l->answer.rrtype == type && l->server == server &&
		    !l->probe && str_eq(l->answer.name, name))
			return l;
	return NULL;
}

struct lookup *
got(const struct check *c, struct mailauth_str name, uint16_t type)
{
	return got_from(c, -1, name, type);
}

static void
done(struct lookup *l)
{
	struct check *c = l->owner;

	c->rounds->pending--;
}

void
leave(struct lookup *l, const char *why)
{
	l->state = LOOKUP_DONE;
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.cause = MAILAUTH_CAUSE_TIMEOUT;
	l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	l->answer.why = str_of(why);
}

/* Append a new lookup; NULL when memory ran out. */
static struct lookup *
add(struct check *c, int server)
{
	struct lookup *l = arena_alloc(&c->report->arena, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->arena = &c->report->arena;
	l->server = server;
	l->done = done;
	l->owner = c;
	*c->rounds->lookups_end = l;
	c->rounds->lookups_end = &l->next;
	return l;
}

struct lookup *
want_from(struct check *c, int server, struct mailauth_str name, uint16_t type)
{
	struct lookup *l = got_from(c, server, name, type);
	struct rounds *r = c->rounds;

	if (l != NULL || name.n == 0)
		return l;
	l = add(c, server);
	if (l == NULL)
		return NULL;
	l->answer.name = name;
	l->answer.rrtype = type;
	/* A question that is not asked has failed: its records may exist. */
	if (r->over || r->nlookups == r->lookups_max) {
		r->limited = r->limited || !r->over;
		leave(l,
		    r->over ? "the time for this domain is over" :
		              "too many lookups for one domain");
		return l;
	}
	r->nlookups++;
	if (c->resolver->ask(c->resolver, l) != MAILAUTH_OK) {
		c->report->arena.failed = true;
		return NULL;
	}
	r->pending++;
	return l;
}

struct lookup *
want(struct check *c, struct mailauth_str name, uint16_t type)
{
	return want_from(c, -1, name, type);
}

bool
is_done(const struct lookup *l)
{
	return l != NULL && l->state == LOOKUP_DONE;
}

bool
is_failed(const struct lookup *l)
{
	return is_done(l) && l->answer.outcome == MAILAUTH_FAILED;
}

bool
is_found(const struct lookup *l)
{
	return is_done(l) && l->answer.outcome == MAILAUTH_FOUND;
}

bool
is_absent(const struct lookup *l)
{
	return is_done(l) &&
	    (l->answer.outcome == MAILAUTH_NODATA ||
	        l->answer.outcome == MAILAUTH_NXDOMAIN);
}

/* Requests of jobs and subjects to the engine. */

void
check_add(struct check *c, const struct subject *subject, void *self)
{
	struct rounds *r = c->rounds;

	if (r->nsubjects == SUBJECTS_MAX) {
		c->report->arena.failed = true;
		return;
	}
	r->subjects[r->nsubjects].subject = subject;
	r->subjects[r->nsubjects++].self = self;
}

void
check_only(struct check *c, uint32_t kinds)
{
	c->rounds->only = kinds;
}

void
check_each_answer(struct check *c)
{
	c->rounds->hurried = true;
}

void
check_allow(struct check *c, size_t n)
{
	c->rounds->lookups_max += n;
}

bool
check_give(struct check *c, const struct mailauth_answer *answer)
{
	struct lookup *l = add(c, -1);

	if (l == NULL)
		return false;
	l->answer = *answer;
	l->state = LOOKUP_DONE;
	return true;
}

void
check_enough_in(struct check *c, double seconds)
{
	struct rounds *r = c->rounds;
	double at = r->now + seconds;

	if (r->enough_at == 0 || at < r->enough_at)
		r->enough_at = at;
}

double
check_seconds(const struct check *c)
{
	return c->rounds->now - c->rounds->started;
}

bool
check_is_limited(const struct check *c)
{
	return c->rounds->limited;
}

void
check_limit(struct check *c)
{
	c->rounds->limited = true;
}

bool
check_is_pending(const struct check *c)
{
	return c->rounds->pending > 0;
}

struct lookup *
check_lookups(const struct check *c)
{
	return c->rounds->lookups;
}
