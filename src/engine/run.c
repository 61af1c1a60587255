/*
 * run.c - jobs from request to report, several at a time
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Rounds: all subjects ask; when all answers have arrived, they ask again with
 * these answers known, until no subject asks anything new. The rounds keep the
 * questions of a check independent of the order in which answers arrive. When
 * an answer takes longer than SLOW, the check hurries: subjects ask at each
 * answer, so that one slow server does not hold up all others.
 *
 * Probes: a large TXT answer that is truncated over UDP while TCP does not work
 * ends in a timeout. A probe asks the question of such a lookup again and
 * watches for truncation, to name this cause instead of "timeout". A probe
 * never gives records.
 *
 * Every check ends at its deadline; lookups that are pending then have failed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "dns/source.h"
#include "engine/rounds.h"
#include "engine/run.h"
#include "sys/clock.h"

/* An answer that takes longer than this is slow (seconds). */
#define SLOW 1.0
/* Time that a probe gets after all lookups have finished (seconds, from the
 * latest probe sent). */
#define PROBE_TIME 1.5
/* Probes of one check at a time, and in all. */
#define PROBES_AT_ONCE 4
#define PROBES_MAX     32
/* Checks at a time: their questions together fill the resolver's window. */
#define AT_ONCE 8
/* The same of a stream, where slow checks do not count: they wait for servers,
 * and ask nothing meanwhile. */
#define STREAM_AT_ONCE 24
/* Checks of a stream in all: slow ones, and in order those that are complete and
 * wait for their turn. So many reports are in memory at most. */
#define STREAM_SLOTS 256
/* How often a stream that has no request yet is asked again (seconds). */
#define STREAM_LATER 0.1
/* Rounds of one check. Each round asks one new question at least, so the limit
 * of lookups is a limit of rounds too. */
#define ROUNDS_MAX LOOKUPS_MAX

static double
now(const struct check *c)
{
	return c->resolver->now(c->resolver);
}

/* Truncation. */

static void
probe_done(struct lookup *l)
{
	struct check *c = l->owner;

	c->rounds->probing--;
	c->rounds->news = true;
}

/* Send a probe. A failure to send only loses the finer cause. */
static void
probe(struct check *c, struct lookup *l)
{
	struct rounds *r = c->rounds;
	struct lookup *p = arena_alloc(&c->report->arena, sizeof(*p));

	if (p == NULL)
		return;
	p->arena = &c->report->arena;
	p->answer.name = l->answer.name;
	p->answer.rrtype = l->answer.rrtype;
	p->server = -1;
	p->probe = true;
	p->done = probe_done;
	p->owner = c;
	if (c->resolver->ask(c->resolver, p) != MAILAUTH_OK)
		return;
	p->other = l;
	l->other = p;
	p->next = r->probes;
	r->probes = p;
	r->nprobes++;
	r->probing++;
	r->probed = now(c);
}

/* Probe TXT lookups without an answer: with `slow` those that are pending, else
 * those that have ended in a timeout. Probes for slow lookups start early, so
 * that they rarely cost extra time. */
static void
probe_texts(struct check *c, bool slow)
{
	struct rounds *r = c->rounds;
	size_t n = r->probing;

	for (struct lookup *l = r->lookups; l != NULL; l = l->next) {
		bool due = slow ?
		    l->state == LOOKUP_ASKED :
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT;

		if (!due || l->unasked || l->answer.rrtype != RRTYPE_TXT ||
		    l->server >= 0 || n >= PROBES_AT_ONCE ||
		    r->nprobes >= PROBES_MAX || l->other != NULL)
			continue;
		probe(c, l);
		n++;
	}
}

/* Stop the probes, and move what they saw to their lookups: a lookup that timed
 * out has failed by truncation when its probe saw that. */
static void
end_probes(struct check *c)
{
	struct rounds *r = c->rounds;

	for (struct lookup *p = r->probes; p != NULL; p = p->next) {
		struct lookup *l = p->other;

		if (p->state == LOOKUP_ASKED) {
			c->resolver->forget(c->resolver, p);
			p->state = LOOKUP_DONE;
		}
		if (p->answer.cause == MAILAUTH_CAUSE_TRUNCATED &&
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT)
			l->answer.cause = MAILAUTH_CAUSE_TRUNCATED;
	}
	r->probing = 0;
}

/* Rounds. */

static bool
is_wanted(const struct rounds *r, const struct subject *s)
{
	return r->only == 0 || s->kinds == 0 || (r->only & s->kinds) != 0;
}

static void
ask_all(struct check *c)
{
	struct rounds *r = c->rounds;

	for (size_t i = 0; i < r->nsubjects; i++)
		if (is_wanted(r, r->subjects[i].subject))
			r->subjects[i].subject->ask(c, r->subjects[i].self);
}

/* Say how long the check has waited. */
static void
set_late(struct check *c)
{
	struct rounds *r = c->rounds;
	char text[64];
	int n = snprintf(text, sizeof(text),
	    "no answer within %g s, the time for a domain",
	    r->deadline - r->started);
	struct mailauth_str copy = arena_copy(&c->report->arena,
	    (struct mailauth_str){ text, (size_t)n });

	r->late = copy.n > 0 ? copy.s : "no answer in the time for a domain";
}

/* Fail all pending lookups, and make no more. */
static void
drop_pending(struct check *c, const char *why)
{
	struct rounds *r = c->rounds;

	for (struct lookup *l = r->lookups; l != NULL; l = l->next) {
		if (l->state == LOOKUP_DONE)
			continue;
		if (l->state == LOOKUP_ASKED)
			c->resolver->forget(c->resolver, l);
		leave(l, why);
	}
	r->pending = 0;
	r->over = true;
	end_probes(c);
}

/* End the check at its deadline. The subjects go on asking, since want() now
 * makes lookups that have failed: so a lookup that the subjects would have made
 * is reported as failed, and not overlooked. */
static void
give_up(struct check *c)
{
	struct rounds *r = c->rounds;
	struct lookup **end;

	set_late(c);
	drop_pending(c, r->late);
	do {
		end = r->lookups_end;
		ask_all(c);
	} while (r->lookups_end != end && r->rounds++ < ROUNDS_MAX);
}

/* One step, after answers or at next_event(); true when the check is complete.
 * It is complete when all lookups have finished, no subject asks anything new,
 * and the probes have finished or used up their time. */
static bool
step(struct check *c)
{
	struct rounds *r = c->rounds;
	double t = now(c);

	r->now = t;
	if (t >= r->deadline) {
		give_up(c);
		return true;
	}
	if (r->pending > 0 && !r->hurried) {
		if (t < r->slow)
			return false;
		r->hurried = true;
		probe_texts(c, true);
	}
	settle(c);
	if (r->pending == 0)
		probe_texts(c, false);
	if ((r->pending == 0 || r->hurried) && r->rounds < ROUNDS_MAX &&
	    !c->report->arena.failed) {
		bool whole = r->pending == 0;

		ask_all(c);
		/* A new round. While the check hurries, questions between
		 * rounds do not reset the clock for slow answers. */
		if (whole && r->pending > 0) {
			r->rounds++;
			r->slow = t + SLOW;
		}
	}
	if (r->enough_at > 0 && r->enough_at <= t) {
		drop_pending(c, "nothing hangs on it");
		return true;
	}
	if (r->enough_at > 0)
		return false;
	if (r->pending > 0 || (r->probing > 0 && t < r->probed + PROBE_TIME))
		return false;
	end_probes(c);
	return true;
}

/* Let all subjects put their findings into the report. */
static void
finish(struct check *c)
{
	struct rounds *r = c->rounds;

	/* A lookup made by a tell() now fails at once: no step would follow. */
	r->over = true;
	if (r->late == NULL)
		r->late = "it was not asked in time";
	/* A hurried check may have judged answers before settle() could compare
	 * them with all others, to mark wildcards, and what a server says of the
	 * root may come last: judge them again. */
	if (r->hurried || c->resolver->no_root) {
		settle(c);
		check_forget_views(c);
	}
	for (size_t i = 0; i < r->nsubjects && !c->settled; i++)
		if (is_wanted(r, r->subjects[i].subject))
			r->subjects[i].subject->tell(c, r->subjects[i].self);
	tell_source(c);
	tell_zone(c);
	list_outside(c);
	tell_doubts(c);
	tell_source_trouble(c);
	c->report->queries = r->nlookups;
	c->report->seconds = now(c) - r->started;
}

/* When the next step is due even if no answer arrives. */
static double
next_event(const struct check *c)
{
	const struct rounds *r = c->rounds;
	double at = r->deadline;

	if (r->enough_at > 0 && r->enough_at < at)
		at = r->enough_at;
	if (r->pending > 0 && !r->hurried && r->slow < at)
		at = r->slow;
	if (r->pending == 0 && r->probing > 0 && r->probed + PROBE_TIME < at)
		at = r->probed + PROBE_TIME;
	return at;
}

/* Several checks at a time. */

/* One check of several that run at a time. */
struct slot {
	struct check check;
	struct rounds rounds;
	size_t index;
	enum mailauth_status status;
	bool used, complete;
	char why[MAILAUTH_WHY_MAX];
};

static void
start(struct mailauth_resolver *resolver, struct slot *s, const struct job *job,
    const void *request, size_t index)
{
	struct check *c = &s->check;
	struct rounds *r = &s->rounds;

	*s = (struct slot){ .index = index, .used = true };
	c->rounds = r;
	c->resolver = resolver->resolver;
	c->orgs = resolver->orgs;
	r->started = now(c);
	r->deadline = r->started + resolver->timeout;
	r->lookups_end = &r->lookups;
	r->lookups_max = LOOKUPS_MAX;
	r->news = true;
	c->report = report_new();
	if (c->report != NULL)
		c->report->time = clock_utc();
	s->status = MAILAUTH_ENOMEM;
	if (c->report != NULL)
		s->status = job->prepare(c, request, s->why);
	/* A name that could not be copied looks empty, and is refused. */
	if (c->report != NULL && c->report->arena.failed)
		s->status = MAILAUTH_ENOMEM;
	s->complete = s->status != MAILAUTH_OK;
}

/* Make the steps of a check that are due, and finish it when it is complete.
 * Without news for it nothing is due before its next event: an answer for one
 * check costs the others nothing. */
static void
drive(struct slot *s)
{
	struct check *c = &s->check;

	while (!s->complete && (s->rounds.news || now(c) >= next_event(c))) {
		s->rounds.news = false;
		s->complete = step(c);
		if (!s->complete)
			return;
		finish(c);
		if (c->report->arena.failed)
			s->status = MAILAUTH_ENOMEM;
	}
}

/* Hand the report to `done` and free the slot. */
static void
deliver(struct slot *s, const struct job *job, void **memory,
    mailauth_done done, void *arg)
{
	struct mailauth_report *report = s->check.report;

	if (s->status == MAILAUTH_OK && job->compare != NULL)
		job->compare(&s->check, memory);
	if (s->status == MAILAUTH_OK)
		report_order(report);
	if (s->status == MAILAUTH_OK && report->arena.failed)
		s->status = MAILAUTH_ENOMEM;
	if (s->status != MAILAUTH_OK) {
		mailauth_report_free(report);
		report = NULL;
	}
	if (s->status == MAILAUTH_ENOMEM)
		snprintf(s->why, sizeof(s->why), "memory ran out");
	s->used = false;
	done(arg, s->index, s->status, report, s->why);
}

/* Requests under way. */
struct flow {
	struct mailauth_resolver *resolver;
	const struct job *job;
	const struct mailauth_stream *stream;
	struct slot *slots;
	size_t nslots, at_once;
	size_t started, delivered;
	void *memory; /* of the job */
	bool end; /* there are no more requests */
	bool later; /* the next request is not known yet */
};

/* The slot of the next request, or NULL. In order, request `i` has the slot `i`
 * modulo their number, which is free again after delivery: a complete check
 * waits in it for its turn. */
static struct slot *
free_slot(const struct flow *f)
{
	if (f->stream->in_order)
		return f->slots[f->started % f->nslots].used ?
		    NULL :
		    &f->slots[f->started % f->nslots];
	for (size_t i = 0; i < f->nslots; i++)
		if (!f->slots[i].used)
			return &f->slots[i];
	return NULL;
}

/* Checks that are under way and not slow; all of them where each slot may be
 * under way. */
static size_t
count_quick(const struct flow *f, double t)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nslots; i++) {
		const struct slot *s = &f->slots[i];

		n += s->used && !s->complete && t < s->rounds.started + SLOW;
	}
	return n;
}

/* Start checks while there is room and there are requests; true: some. */
static bool
start_checks(struct flow *f)
{
	struct resolver *source = f->resolver->resolver;
	size_t quick = count_quick(f, source->now(source));
	const void *request;
	bool any = false;
	struct slot *s;

	f->later = false;
	while (!f->end && quick < f->at_once && (s = free_slot(f)) != NULL) {
		request = f->stream->next(f->stream->arg, f->started,
		    f->started == f->delivered, &f->end);
		if (request == NULL) {
			f->later = !f->end;
			return any;
		}
		start(f->resolver, s, f->job, request, f->started++);
		any = true;
		quick++;
	}
	return any;
}

/* Drive all checks, and deliver those whose turn it is; true: some. */
static bool
drive_checks(struct flow *f)
{
	bool any = false;

	for (size_t i = 0; i < f->nslots; i++) {
		struct slot *s = &f->slots[i];

		if (s->used)
			drive(s);
		if (!s->used || !s->complete ||
		    (f->stream->in_order && s->index != f->delivered))
			continue;
		f->delivered++;
		deliver(s, f->job, &f->memory, f->stream->done, f->stream->arg);
		any = true;
	}
	return any;
}

/* Wait for answers, or until something else is due. */
static void
wait_for_news(const struct flow *f)
{
	struct resolver *source = f->resolver->resolver;
	double t = source->now(source), wake = f->later ? t + STREAM_LATER : 0;

	for (size_t i = 0; i < f->nslots; i++) {
		const struct slot *s = &f->slots[i];
		double at;

		if (!s->used || s->complete)
			continue;
		at = next_event(&s->check);
		/* Then one more can start. */
		if (!f->end && t < s->rounds.started + SLOW &&
		    s->rounds.started + SLOW < at)
			at = s->rounds.started + SLOW;
		if (wake == 0 || at < wake)
			wake = at;
	}
	source->wait(source, wake > t ? wake - t : 0);
}

static enum mailauth_status
run(struct flow *f)
{
	f->slots = calloc(f->nslots, sizeof(*f->slots));
	if (f->slots == NULL)
		return MAILAUTH_ENOMEM;
	while (!f->end || f->delivered < f->started) {
		bool started = start_checks(f), delivered = drive_checks(f);

		if (!started && !delivered &&
		    (f->later || f->delivered < f->started))
			wait_for_news(f);
	}
	if (f->job->forget != NULL)
		f->job->forget(&f->memory);
	free(f->slots);
	return MAILAUTH_OK;
}

enum mailauth_status
run_stream(struct mailauth_resolver *resolver, const struct job *job,
    const struct mailauth_stream *stream)
{
	/* A report is to be the same whatever else is in the stream. */
	const struct job alone = { job->prepare, NULL, NULL };
	struct flow f = { .resolver = resolver,
		.job = &alone,
		.stream = stream,
		.nslots = STREAM_SLOTS,
		.at_once = STREAM_AT_ONCE };

	if (resolver == NULL || stream == NULL || stream->next == NULL ||
	    stream->done == NULL)
		return MAILAUTH_EUSE;
	return run(&f);
}

/* Requests that are known from the start, and what is done with each. */
struct list {
	const char *requests;
	size_t size, n;
	mailauth_done done;
	void *arg;
};

static const void *
next_of_list(void *arg, size_t index, bool wait, bool *end)
{
	const struct list *l = arg;

	(void)wait;
	*end = index + 1 >= l->n;
	return index < l->n ? l->requests + index * l->size : NULL;
}

static void
done_of_list(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	const struct list *l = arg;

	l->done(l->arg, index, status, report, why);
}

enum mailauth_status
run_all(struct mailauth_resolver *resolver, const struct job *job,
    const void *requests, size_t size, size_t n, mailauth_done done, void *arg)
{
	struct list list = { requests, size, n, done, arg };
	const struct mailauth_stream stream = { next_of_list, done_of_list,
		&list, true };
	struct flow f = { .resolver = resolver,
		.job = job,
		.stream = &stream,
		.nslots = AT_ONCE,
		.at_once = AT_ONCE };

	return run(&f);
}

/* The result of run_one(). */
struct single {
	enum mailauth_status status;
	struct mailauth_report *report;
	char *why;
};

static void
take_single(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct single *s = arg;

	(void)index;
	s->status = status;
	s->report = report;
	snprintf(s->why, MAILAUTH_WHY_MAX, "%s", why);
}

enum mailauth_status
run_one(struct mailauth_resolver *resolver, const struct job *job,
    const void *request, struct mailauth_report **out, char *why)
{
	struct single s = { MAILAUTH_OK, NULL, why };
	enum mailauth_status status;

	*out = NULL;
	status = run_all(resolver, job, request, 0, 1, take_single, &s);
	if (status != MAILAUTH_OK) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		return status;
	}
	*out = s.report;
	return s.status;
}
