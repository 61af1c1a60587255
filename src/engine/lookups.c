/*
 * lookups.c - questions of a check, each asked once
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "base/str.h"
#include "engine/rounds.h"

static size_t
hash(struct mailauth_str name, uint16_t type, int server)
{
	return str_hash(name, type ^ (uint32_t)server << 16);
}

static void
put_bucket(struct rounds *r, struct lookup *l)
{
	struct lookup **at =
	    &r->table[hash(l->answer.name, l->answer.rrtype, l->server) %
	        r->nbuckets];

	l->bucket = *at;
	*at = l;
}

/* Put the newest lookup into the table. When there are more than buckets, all
 * move to one that is four times as large; without memory for that they stay,
 * and the arena has failed. */
static void
index_newest(struct check *c, struct lookup *newest)
{
	struct rounds *r = c->rounds;
	struct lookup **larger;

	if (r->nindexed == 0) {
		r->table = r->few;
		r->nbuckets = BUCKETS;
	}
	if (r->nindexed++ == r->nbuckets &&
	    (larger = arena_alloc(&c->report->arena,
	         4 * r->nbuckets * sizeof(struct lookup *))) != NULL) {
		r->table = larger;
		r->nbuckets *= 4;
		for (struct lookup *l = r->lookups; l != newest; l = l->next)
			put_bucket(r, l);
	}
	put_bucket(r, newest);
}

struct lookup *
got_from(const struct check *c, int server, struct mailauth_str name,
    uint16_t type)
{
	const struct rounds *r = c->rounds;
	struct lookup *l;

	if (r->nindexed == 0)
		return NULL;
	l = r->table[hash(name, type, server) % r->nbuckets];
	while (l != NULL &&
	    (l->answer.rrtype != type || l->server != server ||
	        !str_eq(l->answer.name, name)))
		l = l->bucket;
	return l;
}

struct lookup *
got(const struct check *c, struct mailauth_str name, uint16_t type)
{
	return got_from(c, -1, name, type);
}

static int
compare_rdata(const void *a, const void *b)
{
	const struct mailauth_rdata *x = a, *y = b;
	uint16_t n = x->len < y->len ? x->len : y->len;
	int c = n > 0 ? memcmp(x->data, y->data, n) : 0;

	return c != 0 ? c : (x->len > y->len) - (x->len < y->len);
}

/* Put the records of an answer into canonical order (RFC 4034 6.3): servers
 * send them in any. */
static void
sort_records(struct lookup *l)
{
	struct mailauth_answer *a = &l->answer;
	struct mailauth_rdata *rr;

	if (a->nrr < 2)
		return;
	rr = arena_alloc(l->arena, a->nrr * sizeof(*rr));
	if (rr == NULL)
		return;
	memcpy(rr, a->rr, a->nrr * sizeof(*rr));
	qsort(rr, a->nrr, sizeof(*rr), compare_rdata);
	a->rr = rr;
}

static void
done(struct lookup *l)
{
	struct check *c = l->owner;

	sort_records(l);
	c->rounds->pending--;
	c->rounds->news = true;
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
	index_newest(c, l);
	/* A question that is not asked has failed: its records may exist. */
	if (r->over || r->nlookups == r->lookups_max) {
		r->limited = r->limited || !r->over;
		l->unasked = true;
		leave(l, r->over ? r->late : "too many lookups for one domain");
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
	index_newest(c, l);
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
