/*
 * check.c - SPF evaluated within a check
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This file connects the engine, which asks and waits, with the evaluation of
 * SPF (walk.c, budget.c), which only reads answers: spf_check_ask() evaluates
 * anew after each round, and the source turns each answer that is missing into
 * a question for the engine.
 */
#include "spf/check.h"

#include "spf/remedy.h"
#include "spf/report.h"

#include "base/str.h"
#include "record/senderid.h"
#include "record/spf_repair.h"
#include "report/remedy.h"
#include "sys/clock.h"

/* Verifiers give up after this (RFC 7208 4.6.4: at least 20 seconds). */
#define EVAL_SECONDS 20.0
/* Time that the budget gets after all results are known (seconds). */
#define PATIENCE 1.0
/* Questions that SPF may ask in a check: the rest is for other subjects. */
#define QUESTIONS_MAX (LOOKUPS_MAX * 3 / 4)
/* Levels of includes that are worth a finding. */
#define DEPTH_MANY 5

/* A source that knows its check. */
struct source {
	struct spf_source base;
	struct check *check;
	const struct spf_check *of;
};

static const struct mailauth_answer *
ask(struct spf_source *s, struct mailauth_str name, uint16_t rrtype)
{
	/* A question that is not asked has failed: its records may exist. */
	static const struct mailauth_answer not_asked = {
		.outcome = MAILAUTH_FAILED,
		.cause = MAILAUTH_CAUSE_TIMEOUT,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
		.why = STR_INIT("too many lookups for one domain"),
	};
	const struct source *source = (struct source *)s;
	struct check *c = source->check;
	struct lookup *l = got(c, name, rrtype);

	if (l == NULL && !source->of->alone && s->questions >= QUESTIONS_MAX) {
		check_limit(c);
		return &not_asked;
	}
	if (l == NULL) {
		s->questions++;
		l = want(c, name, rrtype);
	}
	return is_done(l) ? &l->answer : NULL;
}

struct spf_check *
spf_check_new(struct check *c, size_t ntrials)
{
	struct arena *arena = &c->report->arena;
	struct spf_check *s = arena_alloc(arena, sizeof(*s));
	struct source *source = arena_alloc(arena, sizeof(*source));

	if (s == NULL || source == NULL)
		return NULL;
	source->base.ask = ask;
	source->base.arena = source->base.scratch = arena;
	source->check = c;
	source->of = s;
	s->source = &source->base;
	s->trials = arena_alloc(arena, (ntrials + 1) * sizeof(*s->trials));
	return s->trials != NULL ? s : NULL;
}

struct spf_trial *
spf_check_add(struct spf_check *s, const struct addr *ip)
{
	struct spf_trial *t = &s->trials[s->ntrials++];
	struct spf_macro_values *v = &t->query.values;

	t->query.scope = s->scope;
	v->ip = *ip;
	/* RFC 7208 5. */
	t->mapped = addr_unmap(&v->ip);
	v->local = STR("postmaster");
	v->helo = STR("unknown");
	v->receiver = STR("unknown");
	v->now = (uint64_t)clock_utc();
	t->outcome.result = MAILAUTH_SPF_UNDECIDED;
	return t;
}

/* Asking. */

static bool
is_pending(const struct spf_check *s)
{
	for (size_t i = 0; i < s->ntrials; i++)
		if (s->trials[i].outcome.result == MAILAUTH_SPF_UNDECIDED)
			return true;
	return false;
}

struct spf_query
spf_any_query(struct check *c, struct mailauth_str domain,
    const struct addr *ip)
{
	struct spf_query q = { .scope = SPF_SCOPE_SPF, .domain = domain };

	q.values.ip = *ip;
	addr_unmap(&q.values.ip);
	q.values.local = STR("postmaster");
	q.values.helo = q.values.receiver = STR("unknown");
	q.values.sender_domain = dname_plain(&c->report->arena, domain);
	return q;
}

void
spf_check_ask(struct check *c, struct spf_check *s)
{
	for (size_t i = 0; i < s->ntrials; i++) {
		struct spf_trial *t = &s->trials[i];

		if (t->query.domain.n > 0 &&
		    t->outcome.result == MAILAUTH_SPF_UNDECIDED)
			spf_evaluate(s->source, &t->query, s->traced,
			    &t->outcome);
	}
	if (s->domain.n > 0)
		spf_budget(s->source, s->domain, s->scope, s->wide, &s->budget);
	if (!is_pending(s) && s->seconds == 0)
		s->seconds = check_seconds(c);
	if (!s->alone || is_pending(s))
		return;
	/* The results are known. Wait no more than PATIENCE for the budget;
	 * without trials the budget is the result, so wait for all of it. */
	if (!s->budget.pending)
		check_enough_in(c, 0);
	else if (s->ntrials > 0)
		check_enough_in(c, PATIENCE);
}

/* Findings. */

static struct mailauth_str
of_limit(struct check *c, unsigned n, bool more, unsigned limit)
{
	struct writer w = arena_writer(&c->report->arena);

	if (more)
		put_text(&w, "at least ");
	put_number(&w, n);
	put_text(&w, " of ");
	put_number(&w, limit);
	return writer_str(&w);
}

static void
put_step(struct writer *w, const struct spf_step *step)
{
	put_untrusted(w, step->op->term.text);
	put_text(w, " of ");
	put_str(w, step->domain);
}

static struct mailauth_str
step_text(struct check *c, const struct spf_step *step)
{
	struct writer w = arena_writer(&c->report->arena);

	put_step(&w, step);
	return writer_str(&w);
}

/* Write which record the host of a term lacks. */
static struct mailauth_str
lacked_text(struct check *c, const struct spf_step *step)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, dname_plain(&c->report->arena, step->target));
	put_text(&w, " has no ");
	put_text(&w, step->void_four ? "A record" : "AAAA record");
	return writer_str(&w);
}

/* Two details in one; the second may be empty. */
static struct mailauth_str
both_texts(struct check *c, struct mailauth_str a, struct mailauth_str b)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, a);
	if (b.n > 0)
		put_text(&w, ": ");
	put_str(&w, b);
	return writer_str(&w);
}

/* Put a finding on a term: with its place when the term is in the domain's own
 * record, else with its text and record. `detail` may be empty. */
static void
tell_step(struct check *c, const struct spf_check *s,
    const struct record_set *set, const struct spf_step *step,
    enum mailauth_finding_id id, struct mailauth_str detail)
{
	struct mailauth_str text = step->op->term.text;
	struct mailauth_str own = set->j.record.text;

	/* A program has its own copy of the text, so offsets carry over, and
	 * pointers do not. */
	if (str_eq(step->domain, s->domain) && s->budget.top != NULL &&
	    own.n == s->budget.top->text.n)
		tell_at(c, set, id,
		    str_sub(own, (size_t)(text.s - s->budget.top->text.s),
		        text.n),
		    detail);
	else
		tell(c, set, id, both_texts(c, step_text(c, step), detail));
}

/* Write terms that find nothing, behind `from`, so that the user can find them:
 * one of the domain's own record without the record's name. */
static void
put_void_step(struct writer *w, const struct spf_check *s,
    const struct spf_step *step, size_t from)
{
	put_text(w, w->used > from ? ", " : "");
	if (str_eq(step->domain, s->domain))
		put_untrusted(w, step->op->term.text);
	else
		put_step(w, step);
}

/* Write those for clients of the families. */
static void
put_void_steps(struct writer *w, const struct spf_check *s,
    const struct spf_step *step, bool four, bool six, size_t from)
{
	for (; step != NULL; step = step->next) {
		if ((step->void_four || !four) && (step->void_six || !six))
			put_void_step(w, s, step, from);
		put_void_steps(w, s, step->child, four, six, from);
	}
}

/* Write those of an evaluation. */
static void
put_void_trial(struct writer *w, const struct spf_check *s,
    const struct spf_step *step, size_t from)
{
	for (; step != NULL; step = step->next) {
		if (step->child == NULL && step->voids > 0)
			put_void_step(w, s, step, from);
		put_void_trial(w, s, step->child, from);
	}
}

/* Find a client that the record means to pass, and that gets permerror by terms
 * that are void for its family. All answers have arrived: records that lead to
 * other names for other clients are not tried. */
static const struct addr *
lost_client(struct check *c, const struct spf_check *s, enum spf_family family)
{
	const struct spf_budget *b = &s->budget;
	struct spf_query q;
	struct spf_outcome out;

	if (b->pending || b->varies || b->unknown)
		return NULL;
	for (unsigned i = 0; i < b->nsamples[family]; i++) {
		q = spf_any_query(c, s->domain, &b->sample[family][i]);
		q.scope = s->scope;
		spf_evaluate(s->source, &q, false, &out);
		if (out.result == MAILAUTH_SPF_PERMERROR &&
		    out.voids > SPF_VOIDS_MAX)
			return &b->sample[family][i];
	}
	return NULL;
}

/* Three terms are void for clients of one family: those that no term in front
 * of the third matches get permerror. That matters when the record means to
 * pass some of them. */
static void
tell_family(struct check *c, const struct spf_check *s,
    const struct record_set *set, enum spf_family family)
{
	const struct spf_budget *b = &s->budget;
	const struct addr *client = lost_client(c, s, family);
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, family == SPF_FOUR ? "no A record: " : "no AAAA record: ");
	put_void_steps(&w, s, b->steps, family == SPF_FOUR, family == SPF_SIX,
	    w.used);
	if (client != NULL) {
		put_text(&w, "; the record lists ");
		put_addr(&w, client);
		put_text(&w, ", which gets permerror");
	}
	tell(c, set,
	    client != NULL ? MAILAUTH_F_SPF_VOID_FAMILY_LOST :
	                     MAILAUTH_F_SPF_VOID_FAMILY,
	    writer_str(&w));
}

static void
tell_voids(struct check *c, const struct spf_check *s,
    const struct record_set *set)
{
	const struct spf_budget *b = &s->budget;
	struct writer w = arena_writer(&c->report->arena);

	if (b->voids <= SPF_VOIDS_MAX && b->voids4 > SPF_VOIDS_MAX)
		tell_family(c, s, set, SPF_FOUR);
	if (b->voids <= SPF_VOIDS_MAX && b->voids6 > SPF_VOIDS_MAX)
		tell_family(c, s, set, SPF_SIX);
	if (b->one_family != NULL && b->voids4 <= SPF_VOIDS_MAX &&
	    b->voids6 <= SPF_VOIDS_MAX)
		tell_step(c, s, set, b->one_family, MAILAUTH_F_SPF_VOID_FAMILY,
		    lacked_text(c, b->one_family));
	if (b->voids == 0)
		return;
	put_str(&w, of_limit(c, b->voids, b->more, SPF_VOIDS_MAX));
	put_text(&w, ": ");
	put_void_steps(&w, s, b->steps, true, true, w.used);
	tell(c, set,
	    b->voids > SPF_VOIDS_MAX ? MAILAUTH_F_SPF_VOID_LOOKUPS_EXCEEDED :
	                               MAILAUTH_F_SPF_VOID_LOOKUPS,
	    writer_str(&w));
}

/* A term of the domain's own record that asks, with what it costs. */
struct expense {
	struct mailauth_str text;
	unsigned lookups, times;
	bool least; /* nobody looked behind it */
};

/* Distinct terms that are told apart, at most. */
#define EXPENSES_MAX 64

/* What the domain's own record costs, equal terms once. */
struct bill {
	size_t n;
	struct expense at[EXPENSES_MAX];
	unsigned lookups; /* of all terms */
	unsigned once; /* of all terms, when repeats are deleted */
	bool least; /* some terms may cost more */
};

static void
add_expense(struct bill *bill, const struct spf_budget *b,
    const struct spf_term *t)
{
	const struct spf_step *step = b->steps;
	struct expense *e = bill->at;

	while (e < bill->at + bill->n && !str_eq(e->text, t->text))
		e++;
	if (e == bill->at + EXPENSES_MAX) {
		bill->lookups++;
		bill->least = true;
		return;
	}
	if (e == bill->at + bill->n) {
		while (step != NULL && !str_eq(step->op->term.text, t->text))
			step = step->next;
		*e = (struct expense){ .text = t->text,
			.lookups = step != NULL ? step->below + 1 : 1,
			.least = step == NULL &&
			    (t->what == SPF_INCLUDE ||
			        t->what == SPF_REDIRECT) };
		bill->n++;
		bill->once += e->lookups;
	}
	e->times++;
	bill->lookups += e->lookups;
	bill->least = bill->least || e->least;
}

/* Add up what each term costs. The survey leaves out what is behind the
 * eleventh term: a term there costs what an equal one in front costs. */
static void
bill_of(const struct spf_budget *b, struct bill *bill)
{
	struct spf_reader r = spf_terms(b->top->text);
	struct spf_term t, redirect = { .what = SPF_ALL };
	bool all = false;

	*bill = (struct bill){ .least = b->cut || b->unknown };
	if (!spf_is_record(b->top->text)) {
		for (const struct spf_step *s = b->steps; s; s = s->next)
			add_expense(bill, b, &s->op->term);
		bill->lookups = b->lookups;
		bill->least = b->more || b->unknown;
		return;
	}
	while (spf_next(&r, &t)) {
		all = all || t.what == SPF_ALL;
		if (t.what == SPF_REDIRECT)
			redirect = t;
		else if (!all && spf_asks(t.what))
			add_expense(bill, b, &t);
	}
	if (!all && redirect.what == SPF_REDIRECT)
		add_expense(bill, b, &redirect);
	if (b->cut || bill->lookups < b->lookups)
		bill->lookups = b->lookups;
}

/* Write the number of lookups that each term of the domain's own record
 * costs. */
static void
put_bill(struct writer *w, const struct bill *bill)
{
	for (size_t i = 0; i < bill->n; i++) {
		const struct expense *e = &bill->at[i];

		put_text(w, i > 0 ? ", " : "");
		put_untrusted(w, e->text);
		put_char(w, ' ');
		put_number(w, e->times * e->lookups);
		if (e->times > 1 && e->lookups > 1) {
			put_text(w, " (");
			put_number(w, e->times);
			put_text(w, " times ");
			put_number(w, e->lookups);
			put_char(w, ')');
		} else if (e->times > 1) {
			put_text(w, " times");
		}
	}
}

/* Write the record without the terms that are a copy of an earlier one: their
 * lookups are the only ones too many. */
static bool
put_without_repeats(struct writer *w, const struct spf_budget *b,
    const struct bill *bill, struct mailauth_str owner)
{
	char room[SPF_REPAIR_MAX];
	struct writer record = writer_of(room, sizeof(room));
	struct spf_reader r = spf_terms(b->top->text);
	bool said[EXPENSES_MAX] = { false };
	struct spf_term t;

	if (bill->least || bill->once > SPF_TERMS_MAX ||
	    !spf_is_record(b->top->text))
		return false;
	put_text(&record, "v=spf1");
	while (spf_next(&r, &t)) {
		size_t i = 0;

		while (i < bill->n && !str_eq(bill->at[i].text, t.text))
			i++;
		if (i < bill->n && said[i])
			continue;
		if (i < bill->n)
			said[i] = true;
		put_char(&record, ' ');
		put_str(&record, t.text);
	}
	if (record.full)
		return false;
	put_text(w,
	    "delete the terms that are there more than once, which leaves ");
	put_number(w, bill->once);
	put_text(w, bill->once == 1 ? " lookup: " : " lookups: ");
	put_publish(w, writer_str(&record), owner);
	return true;
}

/* The finding of the record set; NULL when it has none. */
static struct finding *
told(struct check *c, const struct record_set *set, enum mailauth_finding_id id)
{
	struct finding *f = c->report->findings;

	while (f != NULL && (f->set != set || f->finding.id != id))
		f = f->next;
	return f;
}

/* A term with macros leads back to its own record under ever new names: one
 * round of the circle was counted. */
static bool
is_endless(const struct spf_budget *b)
{
	struct mailauth_str name =
	    b->loop != NULL ? b->loop->op->term.domain : STR_NONE;

	return str_find(name, '%') < name.n;
}

/* Write how many lookups the record needs: "9 of 10", and over the limit
 * "this record needs 20". */
static void
put_needed(struct check *c, struct writer *w, enum mailauth_finding_id id,
    const struct bill *bill)
{
	if (id != MAILAUTH_F_SPF_TOO_MANY_LOOKUPS) {
		put_str(w,
		    of_limit(c, bill->lookups, bill->least, SPF_TERMS_MAX));
		return;
	}
	put_text(w, "this record needs ");
	put_text(w, bill->least ? "at least " : "");
	put_number(w, bill->lookups);
}

/* Terms behind the tenth lookup that are named, at most. */
#define LOST_MAX 8

/* An equal term is in front of this one. */
static bool
is_repeated(struct mailauth_str record, const struct spf_term *t)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term other;

	while (spf_next(&r, &other) && other.text.s < t->text.s)
		if (str_eq(other.text, t->text))
			return true;
	return false;
}

/* Name the terms whose hosts get permerror, since receivers stop in front of
 * them, or inside of them. */
static void
put_lost(struct writer *w, const struct spf_budget *b, const struct bill *bill)
{
	struct spf_reader r = spf_terms(b->top->text);
	unsigned lookups = 0, lost = 0;
	struct spf_term t;

	while (spf_next(&r, &t) && t.what != SPF_ALL) {
		const struct expense *e = bill->at;

		while (e < bill->at + bill->n && !str_eq(e->text, t.text))
			e++;
		if (e < bill->at + bill->n)
			lookups += e->lookups;
		if (lookups <= SPF_TERMS_MAX || t.qualifier != '+' ||
		    t.what == SPF_EXP || t.what == SPF_MODIFIER ||
		    is_repeated(b->top->text, &t))
			continue;
		if (lost++ >= LOST_MAX)
			continue;
		put_text(w, lost == 1 ? "; behind the tenth lookup: " : ", ");
		put_untrusted(w, t.text);
	}
	if (lost > LOST_MAX) {
		put_text(w, " and ");
		put_number(w, lost - LOST_MAX);
		put_text(w, " more");
	}
}

static void
tell_lookups(struct check *c, const struct record_set *set,
    const struct spf_budget *b)
{
	struct writer w = arena_writer(&c->report->arena);
	struct finding *f;
	struct bill bill;
	enum mailauth_finding_id id = b->lookups > SPF_TERMS_MAX ?
	    MAILAUTH_F_SPF_TOO_MANY_LOOKUPS :
	    b->lookups > 8 ? MAILAUTH_F_SPF_LOOKUPS_NEAR_LIMIT :
	                     MAILAUTH_F_SPF_LOOKUPS_OK;

	/* A count that misses terms says nothing, unless it is over the limit
	 * already. */
	if (b->unknown && b->lookups <= SPF_TERMS_MAX)
		return;
	bill_of(b, &bill);
	put_needed(c, &w, id, &bill);
	if (id != MAILAUTH_F_SPF_LOOKUPS_OK) {
		put_text(&w, ": ");
		put_bill(&w, &bill);
	}
	if (id == MAILAUTH_F_SPF_TOO_MANY_LOOKUPS && !b->cut)
		put_lost(&w, b, &bill);
	f = told(c, set, id);
	if (f == NULL) {
		tell(c, set, id, writer_str(&w));
		f = told(c, set, id);
	}
	if (f == NULL)
		return;
	f->detail = writer_str(&w);
	w = arena_writer(&c->report->arena);
	if (id == MAILAUTH_F_SPF_TOO_MANY_LOOKUPS &&
	    put_without_repeats(&w, b, &bill, set->answer->name) && !w.full)
		f->remedy = writer_str(&w);
}

/* Put a finding on records that lead in a circle. One that names itself has a
 * finding of its own. */
static void
tell_circle(struct check *c, const struct spf_check *s,
    const struct record_set *set)
{
	const struct spf_step *loop = s->budget.loop;
	struct writer detail = arena_writer(&c->report->arena), remedy;
	struct finding *f;

	if (loop == NULL ||
	    (str_eq(loop->domain, s->domain) &&
	        str_eq(loop->target, s->domain)))
		return;
	put_spf_circle(&detail, &s->budget);
	tell_step(c, s, set, loop, MAILAUTH_F_SPF_INCLUDE_LOOP,
	    writer_str(&detail));
	f = told(c, set, MAILAUTH_F_SPF_INCLUDE_LOOP);
	remedy = arena_writer(&c->report->arena);
	put_spf_circle_opened(c, &remedy, &s->budget);
	if (f != NULL && !remedy.full)
		f->remedy = writer_str(&remedy);
}

/* Put a finding on an 'exists' of an included record that asks the same for
 * every client, and finds an address: all of them pass, unless the include is
 * one that passes nobody. domain/spf.c judges that of the domain's own record. */
static void
tell_exists(struct check *c, const struct record_set *set,
    const struct spf_step *step, unsigned depth)
{
	for (; step != NULL; step = step->next) {
		const struct spf_term *t = &step->op->term;

		if (t->what == SPF_REDIRECT ||
		    (t->what == SPF_INCLUDE && t->qualifier == '+'))
			tell_exists(c, set, step->child, depth + 1);
		if (t->what == SPF_EXISTS && depth > 0 && t->qualifier == '+' &&
		    (t->facts & SPF_MACRO) == 0 && step->answer != NULL &&
		    step->answer->outcome == MAILAUTH_FOUND)
			tell(c, set, MAILAUTH_F_SPF_EXISTS_PASSES_ALL,
			    step_text(c, step));
	}
}

void
spf_tell_target(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str term, const struct record_set *there)
{
	struct writer w = arena_writer(&c->report->arena), what = w, mend = w;
	struct finding *n;

	put_str(&w, term);
	if (id != MAILAUTH_F_NONE && there != NULL &&
	    report_fault(c->report, there, &what, &mend)) {
		put_text(&w, term.n > 0 ? ": " : "");
		put_str(&w, writer_str(&what));
	}
	if (id == MAILAUTH_F_NONE || (set != NULL && !is_listed(c, set)))
		return;
	n = where.n > 0 ?
	    report_add_at(c->report, set, id, where, writer_str(&w)) :
	    report_add(c->report, set, id, writer_str(&w));
	if (n == NULL || mend.used == 0 || mend.full)
		return;
	put_text(&mend,
	    there->answer->nchain > 0 ?
	        "; or remove the term" :
	        "; if that is not your zone, ask its owner, or remove the "
	        "term");
	n->remedy = writer_str(&mend);
}

/* Records that include each other below those of the domain itself, where the
 * same faults have the same effect. */
static void
tell_below(struct check *c, const struct spf_check *s,
    const struct record_set *set, const struct spf_step *step, unsigned depth)
{
	for (; step != NULL; step = step->next) {
		bool redirect = step->op->term.what == SPF_REDIRECT;
		enum mailauth_finding_id id = MAILAUTH_F_NONE;

		tell_below(c, s, set, step->child, depth + 1);
		/* domain/spf.c judges the includes of the domain's record whose
		 * names are written out. */
		if ((depth == 0 && !s->merged &&
		        (step->op->term.facts & SPF_MACRO) == 0) ||
		    (!redirect && step->op->term.what != SPF_INCLUDE))
			continue;
		/* With results, doubt_budget() says whether it matters. A merge
		 * is about the lookups that the record needs, and so about
		 * those that were not made. */
		if (step->unknown) {
			if (!(s->alone && s->ntrials > 0) &&
			    (s->merged || !is_outside(step->failed)))
				tell_open(c, set,
				    MAILAUTH_F_SPF_INCLUDE_TARGET_TEMPERROR,
				    step_text(c, step));
			continue;
		}
		if (step->program == NULL || step->loop)
			continue;
		else if (step->program->sort == SPF_SORT_NONE)
			id = redirect ? MAILAUTH_F_SPF_REDIRECT_TARGET_NONE :
			                MAILAUTH_F_SPF_INCLUDE_TARGET_NONE;
		else if (step->program->sort != SPF_SORT_GOOD)
			id = redirect ? MAILAUTH_F_SPF_REDIRECT_TARGET_NONE :
			                MAILAUTH_F_SPF_INCLUDE_TARGET_INVALID;
		spf_tell_target(c, set, id, STR_NONE, step_text(c, step),
		    view_as(c, MAILAUTH_KIND_SPF,
		        got(c, step->target, RRTYPE_TXT)));
	}
}

/* IPv4 addresses that pass the record itself and that no sender has. */
static uint64_t
nonpublic(const struct record_set *set)
{
	struct spf_reader r = spf_terms(set->j.record.text);
	struct spf_term t;
	uint64_t n = 0;

	while (spf_next(&r, &t))
		if (t.what == SPF_IP4 && t.qualifier == '+' &&
		    addr_scope_of_net(&t.addr, t.cidr4) == ADDR_NONPUBLIC)
			n += (uint64_t)1 << (32 - t.cidr4);
	return n;
}

/* Some term leads to a record of somebody else. */
static bool
leads_outside(struct check *c, const struct record_set *set)
{
	struct spf_reader r = spf_terms(set->j.record.text);
	struct spf_term t;

	while (spf_next(&r, &t))
		if ((t.what == SPF_INCLUDE || t.what == SPF_REDIRECT) &&
		    !dname_under(name_of(c, t.domain), c->domain))
			return true;
	return false;
}

static void
tell_ranges(struct check *c, const struct record_set *set,
    const struct spf_budget *b)
{
	struct writer w = arena_writer(&c->report->arena);
	uint64_t inside = nonpublic(set), public;

	if (b->pending)
		return;
	if (b->open_ended)
		put_text(&w, "at least ");
	put_number(&w, b->ipv4);
	put_text(&w, " IPv4 and ");
	put_text(&w, b->ipv6);
	put_text(&w, " IPv6");
	tell(c, set, MAILAUTH_F_SPF_RANGES, writer_str(&w));
	w = arena_writer(&c->report->arena);
	public = b->ipv4 > inside ? b->ipv4 - inside : 0;
	put_number(&w, public);
	put_text(&w,
	    b->open_ended ? " IPv4 addresses or more" : " IPv4 addresses");
	/* A record that passes all addresses has another finding. Nobody but a
	 * provider can make its own networks smaller. */
	if (public > SPF_IPV4_WIDE && b->ipv4 <= UINT32_MAX &&
	    !leads_outside(c, set) &&
	    !findings_has(&set->j.findings, MAILAUTH_F_SPF_IP_TOTAL_WIDE))
		tell(c, set, MAILAUTH_F_SPF_IP_TOTAL_WIDE, writer_str(&w));
}

/* Terms that find nothing, or may find nothing if the answers were known. */
static unsigned
count_voids(const struct spf_step *step)
{
	unsigned n = 0;

	for (; step != NULL; step = step->next)
		n += ((step->void_four && step->void_six) ||
		         (step->unknown && step->may_four && step->may_six)) +
		    count_voids(step->child);
	return n;
}

/* The same for clients of one family. */
static unsigned
count_family(const struct spf_step *step, bool four)
{
	unsigned n = 0;

	for (; step != NULL; step = step->next)
		n += ((four ? step->void_four : step->void_six) ||
		         (step->unknown &&
		             (four ? step->may_four : step->may_six))) +
		    count_family(step->child, four);
	return n;
}

/* The worst finding that the answer to a term without one could have given: a
 * record may have more terms and lead in a circle, addresses may be none. */
static enum mailauth_finding_id
worst_of(const struct spf_step *step, unsigned voids, bool family)
{
	if (spf_leads(step->op))
		return MAILAUTH_F_SPF_TOO_MANY_LOOKUPS;
	if (step->op->term.what == SPF_MX && step->answer == NULL)
		return MAILAUTH_F_SPF_MX_TOO_MANY;
	if (!step->may_four || !step->may_six)
		return family ? MAILAUTH_F_SPF_VOID_FAMILY_LOST :
		                MAILAUTH_F_NONE;
	return voids > SPF_VOIDS_MAX ? MAILAUTH_F_SPF_VOID_LOOKUPS_EXCEEDED :
	                               MAILAUTH_F_SPF_VOID_LOOKUPS;
}

static void
doubt_budget(struct check *c, const struct record_set *set,
    const struct spf_step *step, unsigned voids, bool family)
{
	for (; step != NULL; step = step->next) {
		if (step->unknown)
			doubt_answer(c, set, step->failed,
			    worst_of(step, voids, family));
		doubt_budget(c, set, step->child, voids, family);
	}
}

static void
tell_budget(struct check *c, const struct record_set *set, struct spf_check *s)
{
	const struct spf_budget *b = &s->budget;

	if (b->top == NULL)
		return;
	tell_circle(c, s, set);
	if (!is_endless(b) || b->lookups > SPF_TERMS_MAX)
		tell_lookups(c, set, b);
	if (s->wide)
		tell_voids(c, s, set);
	if (b->mx_many != NULL)
		tell_step(c, s, set, b->mx_many, MAILAUTH_F_SPF_MX_TOO_MANY,
		    of_limit(c, b->mx_many->hosts, false, SPF_MX_MAX));
	if (b->a_many != NULL)
		tell_step(c, s, set, b->a_many, MAILAUTH_F_SPF_A_MANY_ADDRESSES,
		    STR_NONE);
	if (b->depth > DEPTH_MANY)
		tell(c, set, MAILAUTH_F_SPF_TREE_DEPTH,
		    of_limit(c, b->depth, b->more, DEPTH_MANY));
	tell_below(c, s, set, b->steps, 0);
	tell_exists(c, set, b->steps, 0);
	doubt_budget(c, set, b->steps, count_voids(b->steps),
	    s->wide &&
	        (count_family(b->steps, true) > SPF_VOIDS_MAX ||
	            count_family(b->steps, false) > SPF_VOIDS_MAX));
	if (s->wide)
		tell_ranges(c, set, b);
}

static const uint16_t result_findings[] = {
	[MAILAUTH_SPF_NONE] = MAILAUTH_F_SPF_EVAL_NONE,
	[MAILAUTH_SPF_NEUTRAL] = MAILAUTH_F_SPF_EVAL_NEUTRAL,
	[MAILAUTH_SPF_PASS] = MAILAUTH_F_SPF_EVAL_PASS,
	[MAILAUTH_SPF_FAIL] = MAILAUTH_F_SPF_EVAL_FAIL,
	[MAILAUTH_SPF_SOFTFAIL] = MAILAUTH_F_SPF_EVAL_SOFTFAIL,
	[MAILAUTH_SPF_TEMPERROR] = MAILAUTH_F_SPF_EVAL_TEMPERROR,
	[MAILAUTH_SPF_PERMERROR] = MAILAUTH_F_SPF_EVAL_PERMERROR,
	[MAILAUTH_SPF_UNDECIDED] = MAILAUTH_F_SPF_EVAL_TEMPERROR,
};

/* "192.0.2.1 at example.com.: ip4:192.0.2.0/24", or the reason of an error and
 * the term that ends in it, if not NULL. */
static struct mailauth_str
trial_text(struct check *c, const struct spf_trial *t,
    const struct spf_step *faulty)
{
	struct writer w = arena_writer(&c->report->arena);
	const struct spf_outcome *o = &t->outcome;

	put_addr(&w, &t->query.values.ip);
	put_text(&w, " at ");
	put_str(&w, t->query.domain);
	if (o->matched != NULL && o->why == NULL) {
		put_text(&w, ": ");
		put_untrusted(&w, o->matched->term.text);
	}
	if (faulty != NULL) {
		put_text(&w, ": ");
		put_untrusted(&w, faulty->op->term.text);
		put_text(&w, " in the record of ");
		put_str(&w, faulty->domain);
	}
	if (o->why != NULL) {
		put_text(&w, ": ");
		put_text(&w, o->why);
	}
	if (o->cause != NULL) {
		put_text(&w, ": ");
		put_str(&w, o->cause->name);
		if (o->cause->why.n > 0) {
			put_text(&w, " (");
			put_untrusted(&w, o->cause->why);
			put_char(&w, ')');
		}
	}
	return writer_str(&w);
}

/* A planned trial checks the same identity, so HELO needs no finding. */
static bool
is_planned(const struct spf_check *s, const struct spf_trial *helo)
{
	for (size_t i = 0; i < s->ntrials; i++)
		if (s->trials[i].planned &&
		    s->trials[i].sender == helo->sender &&
		    str_eq(s->trials[i].query.domain, helo->query.domain))
			return true;
	return false;
}

/* Put a finding on a term that does not match since the client's names could
 * not be looked up: the result is that of the standard, and as a finding of its
 * own it would say more than is known. */
static void
tell_nameless(struct check *c, const struct record_set *set,
    const struct spf_trial *t)
{
	const struct mailauth_answer *a = t->outcome.nameless;
	struct writer w = arena_writer(&c->report->arena);
	char room[16];

	put_text(&w, spf_result_name(t->outcome.result));
	put_text(&w, " for ");
	put_addr(&w, &t->query.values.ip);
	put_text(&w, " without ");
	put_str(&w, a->name);
	put_char(&w, ' ');
	put_text(&w, name_rrtype(a->rrtype, room));
	if (a->why.n > 0) {
		put_text(&w, " (");
		put_untrusted(&w, a->why);
		put_char(&w, ')');
	}
	tell_open(c, set, MAILAUTH_F_SPF_PTR_TEMPERROR, writer_str(&w));
}

/* Put a finding on an identity that does not exist. Its author may count on a
 * wildcard, which does not cover names below another name that exists. */
static void
tell_nowhere(struct check *c, const struct record_set *set,
    const struct spf_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);
	const struct lookup *l = got(c, set->answer->name, RRTYPE_TXT);

	put_str(&w, trial_text(c, t, NULL));
	put_text(&w, ", a name that does not exist");
	put_text(&w,
	    l == NULL || l->unreached.n == 0 ?
	        ", nor does a wildcard cover it" :
	        ": ");
	put_str(&w, l != NULL ? l->unreached : STR_NONE);
	tell_remedy(c, set, MAILAUTH_F_SPF_EVAL_NONE, writer_str(&w),
	    STR("correct the name, or publish one TXT record that begins with "
	        "v=spf1 at it: a wildcard covers no name below another name "
	        "that exists"));
}

/* Put a finding on a record that is broken for this client. Too many terms that
 * find nothing may be so for its family alone. */
static void
tell_permerror(struct check *c, const struct spf_check *s,
    const struct record_set *set, const struct spf_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	bool voids = t->outcome.voids > SPF_VOIDS_MAX;
	const struct spf_step *step =
	    voids ? NULL : spf_faulty(t->outcome.steps);

	put_str(&w, trial_text(c, t, step));
	if (step != NULL)
		put_spf_mend(&r, t->outcome.steps, step);
	put_text(&w, voids && t->outcome.steps != NULL ? ": " : "");
	put_void_trial(&w, s, voids ? t->outcome.steps : NULL, w.used);
	tell_remedy(c, set, MAILAUTH_F_SPF_EVAL_PERMERROR, writer_str(&w),
	    voids ?
	        STR("list the addresses of these hosts with ip4: or ip6: in "
	            "place of the terms, or put the address in front of them") :
	        writer_str(&r));
}

static void
tell_trial(struct check *c, const struct spf_check *s,
    const struct record_set *set, const struct spf_trial *t)
{
	enum mailauth_spf_result result = t->outcome.result;

	if (t->helo && is_planned(s, t))
		return;
	if (t->outcome.nameless != NULL && t->query.domain.n > 0 &&
	    result != MAILAUTH_SPF_TEMPERROR &&
	    result != MAILAUTH_SPF_UNDECIDED) {
		tell_nameless(c, set, t);
		return;
	}
	/* HELO gets a finding only on trouble. domain/spf.c reports a name
	 * without a record. */
	if (t->query.domain.n == 0 ||
	    (t->helo &&
	        (result == MAILAUTH_SPF_NONE || result == MAILAUTH_SPF_PASS)))
		return;
	if (result_findings[result] == MAILAUTH_F_SPF_EVAL_TEMPERROR)
		tell_open(c, set, MAILAUTH_F_SPF_EVAL_TEMPERROR,
		    trial_text(c, t, NULL));
	else if (result == MAILAUTH_SPF_NONE &&
	    set->answer->outcome == MAILAUTH_NXDOMAIN &&
	    set->answer->nchain == 0)
		tell_nowhere(c, set, t);
	else if (result == MAILAUTH_SPF_PERMERROR)
		tell_permerror(c, s, set, t);
	else
		tell(c, set, (enum mailauth_finding_id)result_findings[result],
		    trial_text(c, t, NULL));
	if (t->helo)
		return;
	if (t->mapped)
		tell(c, set, MAILAUTH_F_SPF_IP4_MAPPED,
		    addr_text(c, &t->query.values.ip));
	/* In a check of a domain, domain/spf.c judges the explanation. */
	if (s->alone && t->outcome.exp_bad)
		tell(c, set,
		    t->outcome.exp_non_ascii ? MAILAUTH_F_SPF_EXP_NON_ASCII :
		                               MAILAUTH_F_SPF_EXP_TARGET_BAD,
		    STR_NONE);
	if (t->outcome.ptr_voids > 0 && t->outcome.voids <= SPF_VOIDS_MAX &&
	    t->outcome.void_queries > SPF_VOIDS_MAX)
		tell(c, set, MAILAUTH_F_SPF_VOID_QUESTIONS,
		    of_limit(c, t->outcome.void_queries, false, SPF_VOIDS_MAX));
	if (t->outcome.ptr_many)
		tell(c, set, MAILAUTH_F_SPF_PTR_TOO_MANY,
		    addr_text(c, &t->query.values.ip));
	if (t->sender != NULL &&
	    (result == MAILAUTH_SPF_FAIL || result == MAILAUTH_SPF_SOFTFAIL ||
	        result == MAILAUTH_SPF_NEUTRAL))
		tell(c, set, MAILAUTH_F_SPF_SENDER_IP_MISSING,
		    addr_text(c, &t->query.values.ip));
}

/* The value of a term of the record, the first without lookups yet. */
static struct value *
value_of_term(const struct value *terms, struct mailauth_str text)
{
	struct value *v = terms != NULL ? terms->first : NULL;

	while (v != NULL &&
	    (!str_eq(value_text(v, "text"), text) ||
	        value_get(v, "lookups") != NULL))
		v = v->next;
	return v;
}

/* Add to the values of the domain's record what it costs: the lookups of each
 * term, with those below it, and of all. */
static void
value_budget(struct check *c, struct record_set *set, const struct spf_check *s)
{
	struct arena *a = &c->report->arena;
	const struct spf_budget *b = &s->budget;
	const struct value *terms = value_get(set->values, "terms");
	struct bill bill;

	if (b->top == NULL || b->pending ||
	    value_get(set->values, "lookups") != NULL)
		return;
	for (const struct spf_step *step = b->steps; step != NULL;
	     step = step->next) {
		struct writer w = arena_writer(a);

		if (!step->asks)
			continue;
		put_untrusted(&w, step->op->term.text);
		value_add_number(a, value_of_term(terms, writer_str(&w)),
		    "lookups", step->below + 1);
	}
	bill_of(b, &bill);
	value_add_number(a, set->values, "lookups", bill.lookups);
	value_add_number(a, set->values, "voids", b->voids);
	value_add_flag(a, set->values, "complete", !b->unknown && !b->more);
}

void
spf_check_tell(struct check *c, struct spf_check *s)
{
	struct record_set *set;

	/* Answers that did not arrive have failed by now: survey again, so that
	 * the budget shows that it is incomplete. */
	if (s->budget.pending)
		spf_budget(s->source, s->domain, s->scope, s->wide, &s->budget);
	for (size_t i = 0; i < s->ntrials; i++) {
		set = view_as(c,
		    s->scope == SPF_SCOPE_SPF ? MAILAUTH_KIND_SPF :
		                                MAILAUTH_KIND_SENDERID,
		    got(c, s->trials[i].query.domain, RRTYPE_TXT));
		tell_trial(c, s, set, &s->trials[i]);
	}
	set = view_as(c, MAILAUTH_KIND_SPF, got(c, s->domain, RRTYPE_TXT));
	if (set == NULL)
		return;
	value_budget(c, set, s);
	tell_budget(c, set, s);
	if (s->seconds > EVAL_SECONDS) {
		struct writer w = arena_writer(&c->report->arena);

		put_number(&w, (uint64_t)s->seconds);
		put_text(&w, " seconds");
		tell(c, set, MAILAUTH_F_SPF_EVAL_TIME, writer_str(&w));
	}
}

/* The report. */

/* The result at the end of the check: undecided becomes temperror. */
static enum mailauth_spf_result
settled(enum mailauth_spf_result result)
{
	return result == MAILAUTH_SPF_UNDECIDED ? MAILAUTH_SPF_TEMPERROR :
	                                          result;
}

static struct spf_node *
node_of(struct check *c, const struct spf_step *step, bool evaluated)
{
	struct spf_node *n = arena_alloc(&c->report->arena, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->term = step->op->term.text;
	n->domain = step->domain;
	n->target = step->target;
	if (step->program != NULL)
		n->record = step->program->text;
	n->evaluated = evaluated;
	n->fate = step->fate;
	n->result = MAILAUTH_SPF_UNDECIDED;
	if (evaluated && spf_leads(step->op) && step->program != NULL)
		n->result = settled(step->result);
	n->why = step->why;
	n->asks = step->asks;
	n->has_dnssec = step->answer != NULL || step->unknown;
	n->dnssec = step->dnssec;
	n->below = step->below;
	n->total = step->total;
	n->voids = step->voids;
	n->void_queries = step->void_queries;
	n->varies = step->varies;
	n->unknown = step->unknown;
	n->loop = step->loop;
	return n;
}

/* Copy the terms that ask into the report; other terms cost nothing. */
static struct spf_node *
nodes_of(struct check *c, const struct spf_step *step, bool evaluated)
{
	struct spf_node *first = NULL, **end = &first;

	for (; step != NULL; step = step->next) {
		if (!step->asks && step->fate != SPF_MATCH)
			continue;
		*end = node_of(c, step, evaluated);
		if (*end == NULL)
			return first;
		(*end)->child = nodes_of(c, step->child, evaluated);
		end = &(*end)->next;
	}
	return first;
}

/* Add up lookups by the organization that the terms lead to. */
static struct spf_spender *
spenders_of(struct check *c, const struct spf_step *step)
{
	struct spf_spender *first = NULL, *s, **end = &first;

	for (; step != NULL; step = step->next) {
		struct mailauth_str name = step->target.n > 0 ?
		    org_domain(c->orgs, step->target) :
		    STR_NONE;

		if (name.n == 0)
			name = step->target.n > 0 ? step->target :
			                            step->op->term.text;
		for (s = first; s != NULL && !str_eq(s->name, name);)
			s = s->next;
		if (s == NULL) {
			s = arena_alloc(&c->report->arena, sizeof(*s));
			if (s == NULL)
				return first;
			s->name = name;
			*end = s;
			end = &s->next;
		}
		s->lookups += step->below + 1;
	}
	return first;
}

static const char *
c_text(struct check *c, struct mailauth_str text)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, text);
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

static void
report_outcome(struct check *c, const struct spf_trial *t,
    struct spf_report *out)
{
	const struct spf_outcome *o = &t->outcome;
	struct mailauth_spf_view *v = &out->view;

	out->ip = addr_text(c, &t->query.values.ip);
	v->result = settled(o->result);
	v->why = o->why;
	if (o->explanation.n > 0)
		v->explanation = c_text(c, o->explanation);
	if (o->matched != NULL && o->why == NULL)
		v->mechanism = c_text(c, o->matched->term.text);
	v->dnssec =
	    o->top == NULL && o->cause == NULL && t->query.domain.n == 0 ?
	    MAILAUTH_DNSSEC_UNCHECKED :
	    o->dnssec;
	v->lookups = o->terms;
	v->void_lookups = o->voids;
	out->void_queries = o->void_queries;
	out->tree = nodes_of(c, o->steps, true);
}

/* The survey's memory ends with it. */
static void
copy_reach(struct arena *a, const struct spf_reach *from, struct spf_reach *to)
{
	for (int f = 0; f < 2; f++) {
		struct spf_range *at =
		    arena_alloc(a, (from->n[f] + 1) * sizeof(*at));

		to->at[f] = at;
		to->n[f] = at != NULL ? from->n[f] : 0;
		if (to->n[f] > 0)
			memcpy(at, from->at[f], to->n[f] * sizeof(*at));
	}
}

void
spf_check_report(struct check *c, struct spf_check *s)
{
	static const char *const scopes[SPF_SCOPES] = { "spf", "pra", "mfrom" };
	struct spf_report *out = arena_alloc(&c->report->arena, sizeof(*out));
	const struct spf_budget *b = &s->budget;
	struct bill bill;

	if (out == NULL)
		return;
	out->domain = c->report->domain;
	out->mail_from = s->mail_from;
	out->helo = s->helo;
	out->scope = scopes[s->scope];
	if (b->top != NULL)
		out->record = b->top->text;
	out->view.worst_lookups = b->lookups;
	out->view.worst_is_least = b->more || b->unknown;
	if (b->top != NULL && !is_endless(b)) {
		bill_of(b, &bill);
		out->view.worst_lookups = bill.lookups;
		out->view.worst_is_least = bill.least;
	}
	if (!is_endless(b))
		out->spenders = spenders_of(c, b->steps);
	if (s->ntrials > 0) {
		report_outcome(c, &s->trials[0], out);
		/* Names made of the sender lead to records that the survey for
		 * any sender does not see. */
		if ((b->varies || is_endless(b)) &&
		    out->view.worst_lookups < out->view.lookups) {
			out->view.worst_lookups = out->view.lookups;
			out->view.worst_is_least = true;
		}
	} else {
		out->view.result = MAILAUTH_SPF_UNDECIDED;
		out->view.dnssec = b->dnssec;
		out->view.lookups = out->view.worst_lookups;
		out->view.void_lookups = b->voids;
		out->void_queries = b->void_queries;
		out->has_ranges = b->top != NULL && !b->pending;
		out->ranges_are_least = b->open_ended;
		out->ipv4 = b->ipv4;
		out->ipv6 = b->ipv6;
		copy_reach(&c->report->arena, &b->reach, &out->reach);
		out->tree = nodes_of(c, b->steps, false);
	}
	report_add_part(c->report, &spf_part, out);
}
