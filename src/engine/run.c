/*
 * run.c - checks from request to report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "dns/source.h"
#include "domain/prepare.h"

/* An answer that takes longer than this is looked into (seconds). */
#define SLOW 1.0
/* A probe that has nothing to tell by then has nothing to tell (seconds). */
#define PROBE_TIME 1.5
/* Probes for one domain. */
#define PROBES_MAX 4
/* Domains at a time: their questions together fill the window. */
#define AT_ONCE 8
/* Rounds of questions: each has one at least that is new. */
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

	c->probing--;
}

/* The lookup a probe was made for. */
static struct lookup *
probed_of(struct check *c, const struct lookup *probe)
{
	return got(c, probe->answer.name, probe->answer.rrtype);
}

static bool
is_probed(struct check *c, const struct lookup *l)
{
	for (const struct lookup *p = c->probes; p != NULL; p = p->next)
		if (probed_of(c, p) == l)
			return true;
	return false;
}

static void
probe(struct check *c, const struct lookup *l)
{
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
	p->next = c->probes;
	c->probes = p;
	c->probing++;
	c->probed = now(c);
}

/* Ask again, watching for truncation, where a TXT answer does not come:
 * `slow` ones that are still on their way, or else those that failed. */
static void
probe_texts(struct check *c, bool slow)
{
	size_t n = c->probing;

	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		bool due = slow ?
		    l->state == LOOKUP_ASKED :
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT;

		if (!due || l->answer.rrtype != RRTYPE_TXT || l->server >= 0 ||
		    n == PROBES_MAX || is_probed(c, l))
			continue;
		probe(c, l);
		n++;
	}
}

/* What the probes have seen goes to the lookups they were made for. */
static void
end_probes(struct check *c)
{
	for (struct lookup *p = c->probes; p != NULL; p = p->next) {
		struct lookup *l = probed_of(c, p);

		if (p->state == LOOKUP_ASKED) {
			c->resolver->forget(c->resolver, p);
			p->state = LOOKUP_DONE;
		}
		if (p->answer.cause == MAILAUTH_CAUSE_TRUNCATED &&
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT)
			l->answer.cause = MAILAUTH_CAUSE_TRUNCATED;
	}
	c->probing = 0;
}

/* Rounds. */

static bool
is_wanted(const struct check *c, const struct subject *s)
{
	return c->request->only == 0 || s->kinds == 0 ||
	    (c->request->only & s->kinds) != 0;
}

static void
ask_all(struct check *c)
{
	for (size_t i = 0; i < c->nsubjects; i++)
		if (is_wanted(c, c->subjects[i]))
			c->subjects[i]->ask(c);
}

/* What has not come yet is not waited for any longer. */
static void
drop_pending(struct check *c, const char *why)
{
	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		if (l->state == LOOKUP_DONE)
			continue;
		if (l->state == LOOKUP_ASKED)
			c->resolver->forget(c->resolver, l);
		leave(l, why);
	}
	c->pending = 0;
	c->over = true;
	end_probes(c);
}

/* Time is up: what has not come is not known, nor is what would have been
 * asked next. */
static void
give_up(struct check *c)
{
	struct lookup **end;

	drop_pending(c, "the time for this domain is over");
	do {
		end = c->lookups_end;
		ask_all(c);
	} while (c->lookups_end != end && c->rounds++ < ROUNDS_MAX);
}

/* One step; true when the check is complete. */
static bool
step(struct check *c)
{
	double t = now(c);

	c->now = t;
	if (t >= c->deadline) {
		give_up(c);
		return true;
	}
	if (c->pending > 0 && !c->hurried) {
		if (t < c->slow)
			return false;
		c->hurried = true;
		probe_texts(c, true);
	}
	settle(c);
	if (c->pending == 0)
		probe_texts(c, false);
	if ((c->pending == 0 || c->hurried) && c->rounds < ROUNDS_MAX &&
	    !c->report->arena.failed) {
		bool whole = c->pending == 0;

		ask_all(c);
		if (whole && c->pending > 0) {
			c->rounds++;
			c->slow = t + SLOW;
		}
	}
	if (c->enough_at > 0 && c->enough_at <= t) {
		drop_pending(c, "nothing hangs on it");
		return true;
	}
	if (c->enough_at > 0)
		return false;
	if (c->pending > 0 || (c->probing > 0 && t < c->probed + PROBE_TIME))
		return false;
	end_probes(c);
	return true;
}

static void
finish(struct check *c)
{
	/* Nothing is asked any more: nobody would wait for the answer. */
	c->over = true;
	/* What was looked at before everything was there is looked at again. */
	if (c->hurried) {
		settle(c);
		c->views = NULL;
	}
	for (size_t i = 0; i < c->nsubjects; i++)
		if (is_wanted(c, c->subjects[i]))
			c->subjects[i]->tell(c);
	c->report->queries = c->nlookups;
	c->report->seconds = now(c) - c->started;
}

/* When something has to happen even if no answer comes. */
static double
next_event(const struct check *c)
{
	double at = c->deadline;

	if (c->enough_at > 0 && c->enough_at < at)
		at = c->enough_at;
	if (c->pending > 0 && !c->hurried && c->slow < at)
		at = c->slow;
	if (c->pending == 0 && c->probing > 0 && c->probed + PROBE_TIME < at)
		at = c->probed + PROBE_TIME;
	return at;
}

/* Several checks at a time. */

struct slot {
	struct check check;
	size_t index;
	enum mailauth_status status;
	bool used, complete;
	char why[MAILAUTH_WHY_MAX];
};

static void
start(struct mailauth_resolver *resolver, struct slot *s, const struct job *job,
    const void *request, size_t index)
{
	static const struct mailauth_request nothing = { .domain = NULL };
	struct check *c = &s->check;

	*s = (struct slot){ .index = index, .used = true };
	c->resolver = resolver->resolver;
	c->orgs = resolver->orgs;
	c->listed = (const char *const *)resolver->servers;
	c->nlisted = resolver->nservers;
	c->request = &nothing;
	c->started = now(c);
	c->deadline = c->started + resolver->timeout;
	c->subjects = job->subjects;
	c->nsubjects = job->nsubjects;
	c->report = report_new();
	s->status = MAILAUTH_ENOMEM;
	if (c->report != NULL) {
		c->lookups_end = &c->lookups;
		c->lookups_max = LOOKUPS_MAX;
		s->status = job->prepare(c, request, s->why);
	}
	s->complete = s->status != MAILAUTH_OK;
}

static void
drive(struct slot *s)
{
	struct check *c = &s->check;

	while (!s->complete && (s->complete = step(c))) {
		finish(c);
		if (c->report->arena.failed)
			s->status = MAILAUTH_ENOMEM;
	}
}

/* A DKIM key of some domain, kept in a tree by its fingerprint. */
struct known_key {
	char sha256[65];
	char name[];
};

static int
compare_keys(const void *a, const void *b)
{
	const struct known_key *x = a, *y = b;

	return strcmp(x->sha256, y->sha256);
}

/* Tell of keys that an earlier domain has as well, and remember the others. */
static void
tell_shared(struct check *c, void **known)
{
	for (const struct key_seen *k = c->report->keys; k != NULL;
	     k = k->next) {
		size_t n = strlen(k->name) + 1;
		struct known_key *key = malloc(sizeof(*key) + n), **found;

		if (key == NULL)
			return;
		memcpy(key->sha256, k->sha256, sizeof(key->sha256));
		memcpy(key->name, k->name, n);
		found = tsearch(key, known, compare_keys);
		if (found != NULL && *found == key)
			continue;
		if (found != NULL && strcmp((*found)->name, k->name) != 0 &&
		    dname_under(str_of(k->name), c->domain) &&
		    !dname_under(str_of((*found)->name), c->domain))
			tell(c, k->item, MAILAUTH_F_DKIM_KEY_SHARED,
			    str_of((*found)->name));
		free(key);
	}
}

static void
forget_keys(void **known)
{
	while (*known != NULL) {
		struct known_key *key = *(struct known_key **)*known;

		tdelete(key, known, compare_keys);
		free(key);
	}
}

static void
deliver(struct slot *s, void **known, mailauth_done done, void *arg)
{
	struct mailauth_report *report = s->check.report;

	if (s->status == MAILAUTH_OK)
		tell_shared(&s->check, known);
	if (s->status != MAILAUTH_OK) {
		mailauth_report_free(report);
		report = NULL;
	}
	if (s->status == MAILAUTH_ENOMEM)
		snprintf(s->why, sizeof(s->why), "memory ran out");
	s->used = false;
	done(arg, s->index, s->status, report, s->why);
}

/* `size` is that of one request. */
static enum mailauth_status
run_all(struct mailauth_resolver *resolver, const struct job *job,
    const void *requests, size_t size, size_t n, mailauth_done done, void *arg)
{
	struct slot *slots = calloc(AT_ONCE, sizeof(*slots));
	struct resolver *source = resolver->resolver;
	size_t started = 0, delivered = 0;
	void *known = NULL;

	if (slots == NULL)
		return MAILAUTH_ENOMEM;
	while (delivered < n) {
		double wake = 0, t;
		bool progress = false;

		for (size_t i = 0; i < AT_ONCE; i++) {
			struct slot *s = &slots[i];

			/* A slot belongs to every AT_ONCE-th request, so the
			 * order of delivery is that of the requests. */
			if (!s->used && started < n && started % AT_ONCE == i) {
				start(resolver, s, job,
				    (const char *)requests + started * size,
				    started);
				started++;
				progress = true;
			}
			if (s->used)
				drive(s);
			if (s->used && s->complete && s->index == delivered) {
				deliver(s, &known, done, arg);
				delivered++;
				progress = true;
			}
			if (s->used && !s->complete &&
			    (wake == 0 || next_event(&s->check) < wake))
				wake = next_event(&s->check);
		}
		t = source->now(source);
		if (!progress)
			source->wait(source, wake > t ? wake - t : 0);
	}
	forget_keys(&known);
	free(slots);
	return MAILAUTH_OK;
}

enum mailauth_status
mailauth_check_all(struct mailauth_resolver *resolver,
    const struct mailauth_request *requests, size_t n, mailauth_done done,
    void *arg)
{
	return run_all(resolver, &job_check, requests, sizeof(*requests), n,
	    done, arg);
}

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

static enum mailauth_status
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

enum mailauth_status
mailauth_check(struct mailauth_resolver *resolver,
    const struct mailauth_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	return run_one(resolver, &job_check, request, out, why);
}

enum mailauth_status
mailauth_spf(struct mailauth_resolver *resolver,
    const struct mailauth_spf_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	return run_one(resolver, &job_spf, request, out, why);
}

enum mailauth_status
mailauth_dmarc(struct mailauth_resolver *resolver,
    const struct mailauth_dmarc_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	return run_one(resolver, &job_dmarc, request, out, why);
}

enum mailauth_status
mailauth_explain(struct mailauth_resolver *resolver,
    const struct mailauth_explain_request *request,
    struct mailauth_report **out, char why[MAILAUTH_WHY_MAX])
{
	return run_one(resolver, &job_explain, request, out, why);
}

enum mailauth_status
mailauth_plan(struct mailauth_resolver *resolver,
    const struct mailauth_plan_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	if (resolver == NULL)
		return plan_alone(request, out, why);
	return run_one(resolver, &job_plan, request, out, why);
}

enum mailauth_status
run_merge(struct mailauth_resolver *resolver, const struct merge *m,
    struct mailauth_report **out, char *why)
{
	return run_one(resolver, &job_merge, m, out, why);
}
