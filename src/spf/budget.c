/*
 * budget.c - cost and reach of an SPF record, for any sender
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Two passes. The census visits the tree of records and assumes the worst case:
 * no mechanism matches, so every term is evaluated, and then the redirect. It
 * counts terms and void lookups. The ballot then counts the addresses that
 * pass, as a receiver decides: the first term that matches an address takes it,
 * with its qualifier, and later terms do not get it any more. Behind a term
 * that is a permanent error nothing passes.
 *
 * Every bound ends in a flag, never in a smaller number without one: `more`
 * when the tree is cut, `open_ended` when addresses are not counted.
 */
#include "spf/budget.h"

#include <stdlib.h>

#include "base/str.h"
#include "record/kind.h"
#include "record/mx.h"

/* Ranges kept in one list; further ranges are not counted. */
#define RANGES_MAX 4096u
/* Pieces of ranges examined for one budget, all records together. The bound
 * holds the time down: each insertion searches its list. */
#define PIECES_MAX 20000u

/* The tree. */

/* State of the survey of one tree. */
struct census {
	struct spf_source *source;
	struct spf_budget *out;
	enum spf_scope scope;
	bool wide;
	/* All records of the tree have arrived, so the tree does not change any
	 * more: every further question is needed. */
	bool whole;
};

/* The owner of a record and the owners above it, to recognize loops. */
struct place {
	const struct place *above;
	struct mailauth_str domain;
	unsigned depth;
	const struct spf_program *program; /* the record; may be NULL */
};

/* The answer to a question of `step`; NULL while it is pending, after a failed
 * lookup, and when the survey may not ask ahead any more. */
static const struct mailauth_answer *
ask(struct census *c, struct spf_step *step, struct mailauth_str name,
    uint16_t type)
{
	struct spf_source *s = c->source;
	const struct mailauth_answer *a;
	unsigned before = s->questions;

	if (c->out->pending && !c->whole && s->surveyed >= SPF_SURVEY_MAX)
		return NULL;
	a = s->ask(s, name, type);
	s->surveyed += s->questions - before;
	if (a == NULL) {
		c->out->pending = true;
		return NULL;
	}
	if (a->dnssec < c->out->dnssec)
		c->out->dnssec = a->dnssec;
	if (a->dnssec < step->dnssec)
		step->dnssec = a->dnssec;
	if (spf_has_failed(a)) {
		step->unknown = c->out->unknown = true;
		if (step->failed == NULL)
			step->failed = a;
		return NULL;
	}
	step->void_queries += spf_is_void(a);
	return a;
}

/* Find the name that a term queries, for any sender. STR_NONE when it depends
 * on the sender (any macro but %{d}) or is no DNS name. */
static struct mailauth_str
target_of(struct census *c, const struct spf_op *op, struct mailauth_str domain,
    struct spf_step *step)
{
	static const char senders[] = "sloiphv";
	struct spf_macro_values values = { .domain = STR_NONE };
	char room[SPF_DOMAIN_ROOM];
	struct mailauth_str name;
	struct dname wire;

	if (op->term.domain.n == 0)
		return domain;
	if (op->target.n > 0 || op->no_target)
		return op->target;
	for (const char *p = senders; *p != '\0'; p++)
		if (spf_has_macro(op->term.domain, *p))
			step->varies = true;
	c->out->varies = c->out->varies || step->varies;
	values.domain = dname_plain(c->source->scratch, domain);
	if (step->varies ||
	    spf_expand_domain(op->term.domain, &values, room, &name) !=
	        SPF_EXPANDED ||
	    !dname_of_labels(name, &wire))
		return STR_NONE;
	name = dname_text(c->source->scratch, &wire);
	return spf_leads(op) && dname_labels(name) < 2 ? STR_NONE : name;
}

static void census_record(struct census *c, const struct place *place,
    struct spf_program *p, struct spf_step **end);

/* The labels behind the last macro of a name, in canonical form: where a
 * wildcard has to be that answers for all senders. STR_NONE without two. */
static struct mailauth_str
tail_of(struct census *c, struct mailauth_str text)
{
	size_t at = text.n;
	struct dname wire;

	while (at > 0 && text.s[at - 1] != '}' && text.s[at - 1] != '%')
		at--;
	text = str_from(text, at);
	if (at == 0 || text.n < 2 || text.s[0] != '.' ||
	    dname_parse(str_from(text, 1), &wire) != DNAME_OK)
		return STR_NONE;
	text = dname_text(c->source->scratch, &wire);
	return dname_labels(text) < 2 ? STR_NONE : text;
}

/* The wildcard below a name; STR_NONE without a name. */
static struct mailauth_str
wildcard_below(struct census *c, struct mailauth_str name)
{
	struct writer w = arena_writer(c->source->scratch);

	put_text(&w, "*.");
	put_str(&w, name);
	return name.n == 0 || w.full ? STR_NONE : writer_str(&w);
}

/* Survey the record that include or redirect leads to. */
static void
census_record_below(struct census *c, const struct place *place,
    struct spf_step *step)
{
	const struct mailauth_answer *a =
	    ask(c, step, step->target, RRTYPE_TXT);
	struct place here = { place, step->target, place->depth + 1, NULL };
	unsigned before = c->out->lookups;

	step->answer = a;
	if (a == NULL)
		return;
	step->void_four = step->void_six = spf_is_void(a);
	for (const struct place *p = place; p != NULL; p = p->above)
		step->loop = step->loop || str_eq(p->domain, step->target);
	step->program = spf_program_of(c->source, a, c->scope);
	here.program = step->program;
	/* Below a wildcard, "include:x.%{d}" leads to the same record under a
	 * longer name each time. */
	if (step->program != NULL && place->program != NULL &&
	    str_find(step->op->term.domain, '%') < step->op->term.domain.n &&
	    str_eq(place->program->text, step->program->text)) {
		step->loop = true;
		step->wildcard =
		    wildcard_below(c, tail_of(c, step->op->term.domain));
	}
	if (step->loop && c->out->loop == NULL)
		c->out->loop = step;
	if (step->loop || step->program == NULL)
		return;
	if (here.depth > SPF_DEPTH_MAX) {
		c->out->more = c->out->cut = true;
		return;
	}
	if (here.depth > c->out->depth)
		c->out->depth = here.depth;
	census_record(c, &here, step->program, &step->child);
	step->below = c->out->lookups - before;
}

/* Ask for the addresses of all hosts of an mx. The term is void for clients of
 * a family in which no host has an address. */
static void
census_hosts(struct census *c, struct spf_step *step,
    const struct mailauth_answer *a)
{
	const struct mailauth_answer *four, *six;
	bool void_four = true, void_six = true, may_four = true, may_six = true;
	size_t hosts = 0;

	step->hosts = (unsigned)a->nrr;
	if (a->nrr > SPF_MX_MAX) {
		if (c->out->mx_many == NULL)
			c->out->mx_many = step;
		return;
	}
	for (size_t i = 0; i < a->nrr; i++) {
		struct mailauth_str host;
		struct mx m;

		if (!mx_parse(&a->rr[i], &m) || m.host.len <= 1)
			continue;
		host = dname_text(c->source->scratch, &m.host);
		four = ask(c, step, host, RRTYPE_A);
		six = ask(c, step, host, RRTYPE_AAAA);
		void_four = void_four && four != NULL && spf_is_void(four);
		void_six = void_six && six != NULL && spf_is_void(six);
		may_four = may_four && (four == NULL || spf_is_void(four));
		may_six = may_six && (six == NULL || spf_is_void(six));
		hosts++;
	}
	step->void_four = hosts > 0 && void_four;
	step->void_six = hosts > 0 && void_six;
	step->may_four = hosts > 0 && may_four;
	step->may_six = hosts > 0 && may_six;
}

static void
census_addresses(struct census *c, struct spf_step *step)
{
	const struct mailauth_answer *four =
	    ask(c, step, step->target, RRTYPE_A);
	const struct mailauth_answer *six =
	    ask(c, step, step->target, RRTYPE_AAAA);

	step->answer = four != NULL ? four : six;
	step->void_four = four != NULL && spf_is_void(four);
	step->void_six = six != NULL && spf_is_void(six);
	step->may_four = four == NULL || step->void_four;
	step->may_six = six == NULL || step->void_six;
	if (four != NULL && six != NULL && step->void_four != step->void_six &&
	    c->out->one_family == NULL)
		c->out->one_family = step;
	if (four != NULL &&
	    four->nrr + (six != NULL ? six->nrr : 0) > SPF_A_MANY &&
	    c->out->a_many == NULL)
		c->out->a_many = step;
}

static void
census_term(struct census *c, const struct place *place, struct spf_step *step)
{
	const struct mailauth_answer *a;

	switch (step->op->term.what) {
	case SPF_INCLUDE:
	case SPF_REDIRECT: census_record_below(c, place, step); return;
	case SPF_A:
		if (c->wide)
			census_addresses(c, step);
		return;
	case SPF_MX:
		a = c->wide ? ask(c, step, step->target, RRTYPE_MX) : NULL;
		step->answer = a;
		step->void_four = step->void_six = a != NULL && spf_is_void(a);
		step->may_four = step->may_six = a == NULL || spf_is_void(a);
		if (a != NULL && !step->void_four)
			census_hosts(c, step, a);
		return;
	case SPF_EXISTS:
		a = c->wide ? ask(c, step, step->target, RRTYPE_A) : NULL;
		step->answer = a;
		step->void_four = step->void_six = a != NULL && spf_is_void(a);
		step->may_four = step->may_six = a == NULL || spf_is_void(a);
		return;
	default: /* ptr: the client decides */
		step->varies = c->out->varies = true;
		return;
	}
}

/* The name is `above` or below it. Both are canonical. */
static bool
is_below(struct mailauth_str name, struct mailauth_str above)
{
	return name.n >= above.n &&
	    str_eq(str_from(name, name.n - above.n), above) &&
	    (name.n == above.n || name.s[name.n - above.n - 1] == '.');
}

/* The name is one of a domain whose record leads here. */
static bool
is_of_way(struct mailauth_str name, const struct place *place)
{
	while (place != NULL && !is_below(name, place->domain))
		place = place->above;
	return place != NULL;
}

/* An include or redirect whose target depends on the sender. It is a loop for
 * every sender when a wildcard of the domain itself, or of one on the way here,
 * answers for all such targets, and the wildcard's record leads to a name below
 * the wildcard again. Wildcards of other domains are not asked for. */
static void
census_wildcard(struct census *c, const struct place *place,
    struct spf_step *step)
{
	struct mailauth_str tail = tail_of(c, step->op->term.domain);
	struct mailauth_str wildcard = wildcard_below(c, tail);
	struct spf_source *s = c->source;
	unsigned before = s->questions;
	const struct mailauth_answer *a;
	struct spf_program *p;

	if (wildcard.n == 0 || !is_of_way(tail, place) ||
	    (c->out->pending && !c->whole && s->surveyed >= SPF_SURVEY_MAX))
		return;
	a = s->ask(s, wildcard, RRTYPE_TXT);
	s->surveyed += s->questions - before;
	c->out->pending = c->out->pending || a == NULL;
	if (a == NULL || spf_has_failed(a) ||
	    (p = spf_program_of(s, a, c->scope)) == NULL)
		return;
	for (size_t i = 0; i < p->nops; i++)
		if (spf_leads(&p->ops[i]) &&
		    is_below(tail_of(c, p->ops[i].term.domain), tail))
			step->loop = true;
	if (p->redirect != NULL && !p->has_all &&
	    is_below(tail_of(c, p->redirect->term.domain), tail))
		step->loop = true;
	if (!step->loop)
		return;
	step->wildcard = wildcard;
	if (c->out->loop == NULL)
		c->out->loop = step;
}

/* Survey one counted term. False when the tree is cut here. */
static bool
census_step(struct census *c, const struct place *place,
    const struct spf_op *op, struct spf_step ***end)
{
	struct spf_budget *out = c->out;
	struct spf_step *step;
	unsigned voids, queries;

	if (out->lookups >= SPF_TREE_MAX) {
		out->more = out->cut = true;
		return false;
	}
	step = arena_alloc(c->source->scratch, sizeof(*step));
	if (step == NULL)
		return false;
	**end = step;
	*end = &step->next;
	out->lookups++;
	voids = out->voids;
	queries = out->void_queries;
	step->op = op;
	step->domain = place->domain;
	step->asks = true;
	step->dnssec = MAILAUTH_DNSSEC_SECURE;
	step->target = target_of(c, op, place->domain, step);
	if (step->target.n > 0)
		census_term(c, place, step);
	else if (step->varies && spf_leads(op))
		census_wildcard(c, place, step);
	out->voids4 += step->void_four;
	out->voids6 += step->void_six;
	out->voids += step->void_four && step->void_six;
	out->void_queries += step->void_queries;
	step->voids = out->voids - voids;
	step->void_queries = out->void_queries - queries;
	step->total = out->lookups;
	return true;
}

/* Survey a record: its counted terms, and then the redirect. Terms behind the
 * eleventh counted one are no part of the program; they only add to the
 * count. */
static void
census_record(struct census *c, const struct place *place,
    struct spf_program *p, struct spf_step **end)
{
	if (p->sort == SPF_SORT_UNREADABLE)
		c->out->unknown = true;
	if (p->sort != SPF_SORT_GOOD)
		return;
	for (size_t i = 0; i < p->nops; i++)
		if (p->ops[i].counts &&
		    !census_step(c, place, &p->ops[i], &end))
			return;
	if (p->unreached > 0) {
		c->out->lookups += p->unreached;
		c->out->more = true;
		c->out->cut = c->out->cut || place->above != NULL;
		return;
	}
	if (p->redirect != NULL && !p->has_all)
		census_step(c, place, p->redirect, &end);
}

/* Addresses. */

__extension__ typedef unsigned __int128 u128;

struct range {
	u128 from, to; /* both ends are in the range */
};

/* Sorted ranges; no two overlap or are adjacent. */
struct ranges {
	struct range *at;
	size_t n;
	bool full, no_memory;
};

/* What a tree has used up for the clients that no term has taken so far. */
struct spent {
	unsigned voids[2]; /* by enum spf_family */
	bool lost[2]; /* they get permerror, whatever comes behind */
	/* Clients that an included record does not let pass leave it early, and
	 * have used up less. */
	bool uneven;
};

/* The addresses that the terms of one record have taken so far: those that
 * pass, and those with another result. No address is in both. */
struct ballot {
	struct ranges pass[2], other[2]; /* by enum spf_family */
	struct spent *spent; /* shared likewise; NULL: no term is an error */
	bool included; /* the record is not the domain's own */
	/* pieces left of PIECES_MAX, shared by the records of a tree */
	unsigned *left;
	struct arena *arena; /* fails when there is no memory for a range */
	bool open_ended;
};

/* Make room for `n` ranges. False, with `full` set, when there is no room. */
static bool
ranges_room(struct ranges *r, size_t n)
{
	struct range *bigger;

	if (n > RANGES_MAX) {
		r->full = true;
		return false;
	}
	/* The capacity is the least power of two that holds `n` ranges: it
	 * changes when `n` is a power of two. */
	if ((r->n & (r->n - 1)) != 0 && r->n != 0)
		return true;
	bigger = realloc(r->at, (r->n == 0 ? 1 : 2 * r->n) * sizeof(*r->at));
	if (bigger == NULL) {
		r->full = r->no_memory = true;
		return false;
	}
	r->at = bigger;
	return true;
}

/* The first range that ends at `from` or behind it, or touches it. */
static size_t
ranges_find(const struct ranges *r, u128 from)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		u128 to = r->at[middle].to;

		if (to < from && from - to > 1)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Insert a range. */
static void
ranges_add(struct ranges *r, u128 from, u128 to)
{
	size_t i = ranges_find(r, from), last;

	/* Merge the ranges that overlap or touch the new one. */
	for (last = i; last < r->n &&
	     (r->at[last].from <= to || r->at[last].from - to == 1);
	     last++) {
		from = r->at[last].from < from ? r->at[last].from : from;
		to = r->at[last].to > to ? r->at[last].to : to;
	}
	if (last == i && !ranges_room(r, r->n + 1))
		return;
	memmove(&r->at[i + 1], &r->at[last], (r->n - last) * sizeof(*r->at));
	r->n = r->n + 1 - (last - i);
	r->at[i] = (struct range){ from, to };
}

/* Insert the parts of [from, to] that are not in `except`. Returns the number
 * of parts. */
static unsigned
ranges_add_new(struct ranges *r, u128 from, u128 to,
    const struct ranges *except)
{
	unsigned pieces = 1;

	for (size_t i = ranges_find(except, from); i < except->n; i++) {
		const struct range *x = &except->at[i];

		if (x->to < from)
			continue;
		if (x->from > to)
			break;
		if (x->from > from) {
			ranges_add(r, from, x->from - 1);
			pieces++;
		}
		if (x->to >= to)
			return pieces;
		from = x->to + 1;
	}
	ranges_add(r, from, to);
	return pieces;
}

static u128
last_of(enum spf_family family)
{
	return family == SPF_FOUR ? UINT32_MAX : ~(u128)0;
}

/* Decide a range, but for the addresses that an earlier term has decided. When
 * the pieces run out the remaining terms are skipped: what was counted until
 * then is correct, and a lower bound. */
static void
add(struct ballot *b, enum spf_family family, char qualifier, u128 from,
    u128 to)
{
	struct ranges *pass = &b->pass[family], *other = &b->other[family];
	unsigned pieces = qualifier == '+' ?
	    ranges_add_new(pass, from, to, other) :
	    ranges_add_new(other, from, to, pass);

	*b->left -= pieces < *b->left ? pieces : *b->left;
	if (pass->full || other->full)
		*b->left = 0;
	if (pass->no_memory || other->no_memory)
		b->arena->failed = true;
}

/* No pieces are left: the number is a lower bound. */
static bool
is_over(struct ballot *b)
{
	b->open_ended = b->open_ended || *b->left == 0;
	return *b->left == 0;
}

/* Clients of the family that no term has taken so far get permerror. */
static bool
is_lost(const struct ballot *b, enum spf_family family)
{
	return b->spent != NULL && b->spent->lost[family];
}

static void
vote(struct ballot *b, enum spf_family family, char qualifier, u128 from,
    u128 to)
{
	if (is_lost(b, family))
		b->open_ended = b->open_ended || b->spent->uneven;
	else if (!is_over(b))
		add(b, family, qualifier, from, to);
}

static void
vote_net(struct ballot *b, char qualifier, const struct addr *addr,
    unsigned bits)
{
	enum spf_family family = addr->family == 4 ? SPF_FOUR : SPF_SIX;
	unsigned left = addr_bits(addr) - bits;
	u128 from = 0, mask = left >= 128 ? ~(u128)0 : ((u128)1 << left) - 1;

	for (unsigned i = 0; i < addr_bits(addr) / 8; i++)
		from = from << 8 | addr->octet[i];
	from &= ~mask;
	vote(b, family, qualifier, from, from | mask);
}

static void
vote_answer(struct ballot *b, const struct spf_term *t,
    const struct mailauth_answer *a)
{
	struct addr addr;

	if (a == NULL || spf_has_failed(a)) {
		b->open_ended = true;
		return;
	}
	for (size_t i = 0; i < a->nrr; i++)
		if (addr_of_rdata(a->rr[i].data, a->rr[i].len, &addr))
			vote_net(b, t->qualifier, &addr,
			    addr.family == 4 ? t->cidr4 : t->cidr6);
}

static void
vote_host(struct census *c, struct ballot *b, const struct spf_term *t,
    struct mailauth_str name)
{
	vote_answer(b, t, c->source->ask(c->source, name, RRTYPE_A));
	vote_answer(b, t, c->source->ask(c->source, name, RRTYPE_AAAA));
}

static void
vote_mx(struct census *c, struct ballot *b, const struct spf_step *step)
{
	const struct mailauth_answer *a = step->answer;

	b->open_ended = b->open_ended || a == NULL;
	for (size_t i = 0; a != NULL && i < a->nrr && a->nrr <= SPF_MX_MAX;
	     i++) {
		struct mx m;

		if (mx_parse(&a->rr[i], &m) && m.host.len > 1)
			vote_host(c, b, &step->op->term,
			    dname_text(c->source->scratch, &m.host));
	}
}

static void
ballot_free(struct ballot *b)
{
	for (int i = 0; i < 2; i++) {
		free(b->pass[i].at);
		free(b->other[i].at);
	}
}

static void vote_record(struct census *c, struct ballot *b,
    const struct spf_program *p, const struct spf_step *steps);

/* Decide by another record: the addresses that pass there match here, and take
 * the qualifier of the term. The call is add() and not vote(): the ranges of
 * the finished record below count even when it used up the pieces. */
static void
vote_below(struct census *c, struct ballot *b, char qualifier,
    const struct spf_step *step)
{
	struct ballot below = { .spent = b->spent,
		.included = true,
		.left = b->left,
		.arena = b->arena };

	if (step->program == NULL || step->loop) {
		b->open_ended = true;
		return;
	}
	if (is_over(b))
		return;
	vote_record(c, &below, step->program, step->child);
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < below.pass[i].n; k++)
			add(b, (enum spf_family)i, qualifier,
			    below.pass[i].at[k].from, below.pass[i].at[k].to);
	b->open_ended = b->open_ended || below.open_ended;
	ballot_free(&below);
}

/* The term is an error for every client that gets to it. */
static bool
is_error(const struct spf_step *step)
{
	const struct spf_program *p = step->program;

	return step->total - step->below > SPF_TERMS_MAX ||
	    step->hosts > SPF_MX_MAX || step->loop ||
	    (p != NULL && p->sort != SPF_SORT_GOOD &&
	        p->sort != SPF_SORT_UNREADABLE);
}

/* Note what a term uses up. */
static void
spend(struct ballot *b, const struct spf_step *step)
{
	const bool is_void[2] = { step->void_four, step->void_six };
	struct spent *s = b->spent;

	if (s == NULL)
		return;
	for (int f = 0; f < 2; f++) {
		s->voids[f] += is_void[f];
		s->lost[f] =
		    s->lost[f] || is_error(step) || s->voids[f] > SPF_VOIDS_MAX;
		s->uneven = s->uneven || (b->included && b->other[f].n > 0);
	}
}

static void
vote_step(struct census *c, struct ballot *b, const struct spf_step *step)
{
	const struct spf_term *t = &step->op->term;

	spend(b, step);
	if (is_lost(b, SPF_FOUR) && is_lost(b, SPF_SIX))
		return;
	if (step->target.n == 0) {
		b->open_ended = b->open_ended || step->varies;
		return;
	}
	switch (t->what) {
	case SPF_INCLUDE: vote_below(c, b, t->qualifier, step); return;
	case SPF_REDIRECT: vote_below(c, b, '+', step); return;
	case SPF_A: vote_host(c, b, t, step->target); return;
	case SPF_MX: vote_mx(c, b, step); return;
	case SPF_EXISTS:
		/* Without macros the same name is queried for every client, so
		 * the term matches all clients or none. */
		if (step->answer == NULL)
			b->open_ended = true;
		else if (step->answer->outcome == MAILAUTH_FOUND)
			for (int i = 0; i < 2; i++)
				vote(b, (enum spf_family)i, t->qualifier, 0,
				    last_of((enum spf_family)i));
		return;
	default: b->open_ended = true; return;
	}
}

/* Apply the terms of a record in order. `steps` holds the counted terms in the
 * same order, the redirect last. */
static void
vote_record(struct census *c, struct ballot *b, const struct spf_program *p,
    const struct spf_step *steps)
{
	for (size_t i = 0; i < p->nops; i++) {
		const struct spf_op *op = &p->ops[i];
		const struct spf_term *t = &op->term;

		if (op->counts) {
			if (steps == NULL) {
				b->open_ended = b->open_ended ||
				    !is_lost(b, SPF_FOUR) ||
				    !is_lost(b, SPF_SIX);
				return;
			}
			vote_step(c, b, steps);
			steps = steps->next;
		} else if (t->what == SPF_IP4) {
			vote_net(b, t->qualifier, &t->addr, t->cidr4);
		} else if (t->what == SPF_IP6) {
			vote_net(b, t->qualifier, &t->addr, t->cidr6);
		} else {
			for (int f = 0; f < 2; f++)
				vote(b, (enum spf_family)f, t->qualifier, 0,
				    last_of((enum spf_family)f));
			return;
		}
	}
	if (steps != NULL)
		vote_step(c, b, steps);
}

/* Number of addresses. `all` is set for the whole of IPv6, since 2^128 does not
 * fit the type. */
static void
count(const struct ranges *r, u128 *out, bool *all)
{
	*out = 0;
	*all = false;
	for (size_t i = 0; i < r->n; i++) {
		*all = *all || (r->at[i].from == 0 && r->at[i].to == ~(u128)0);
		*out += r->at[i].to - r->at[i].from + 1;
	}
}

static void
put_count(char room[SPF_COUNT_ROOM], u128 n, bool all)
{
	char digits[SPF_COUNT_ROOM];
	size_t at = sizeof(digits);

	digits[--at] = '\0';
	if (all)
		n = ~(u128)0; /* 2^128 - 1: it ends in 5 */
	do {
		digits[--at] = (char)('0' + (unsigned)(n % 10));
		n /= 10;
	} while (n > 0);
	if (all) /* make it 2^128, which ends in 6 */
		digits[sizeof(digits) - 2]++;
	memcpy(room, digits + at, sizeof(digits) - at);
}

static struct addr
addr_of(u128 n, enum spf_family family)
{
	struct addr a = { .family = family == SPF_FOUR ? 4 : 6 };

	for (unsigned i = addr_bits(&a) / 8; i-- > 0; n >>= 8)
		a.octet[i] = (uint8_t)n;
	return a;
}

/* Keep both ends of the first ranges, as clients to try. */
static void
keep_samples(const struct ranges *r, enum spf_family family,
    struct spf_budget *out)
{
	struct addr *at = out->sample[family];
	unsigned *n = &out->nsamples[family];

	for (size_t i = 0; i < r->n && *n + 2 <= SPF_SAMPLES; i++) {
		at[(*n)++] = addr_of(r->at[i].from, family);
		if (r->at[i].to != r->at[i].from)
			at[(*n)++] = addr_of(r->at[i].to, family);
	}
}

/* Keep all ranges; none when memory ran out, which the arena knows. */
static void
keep_reach(const struct ranges *r, enum spf_family family, struct arena *a,
    struct spf_reach *out)
{
	struct spf_range *at = arena_alloc(a, (r->n + 1) * sizeof(*at));

	out->at[family] = at;
	out->n[family] = 0;
	for (size_t i = 0; at != NULL && i < r->n; i++)
		at[out->n[family]++] =
		    (struct spf_range){ addr_of(r->at[i].from, family),
			    addr_of(r->at[i].to, family) };
}

/* Keep clients to try: addresses that pass when no term is an error. */
static void
count_samples(struct census *c, const struct spf_program *p)
{
	unsigned left = PIECES_MAX;
	struct ballot b = { .left = &left, .arena = c->source->scratch };

	vote_record(c, &b, p, c->out->steps);
	for (int f = 0; f < 2; f++)
		keep_samples(&b.pass[f], (enum spf_family)f, c->out);
	ballot_free(&b);
}

static void
count_addresses(struct census *c, const struct spf_program *p)
{
	unsigned left = PIECES_MAX;
	struct spent spent = { .uneven = false };
	struct ballot b = { .spent = &spent,
		.left = &left,
		.arena = c->source->scratch };
	u128 n;
	bool all;

	vote_record(c, &b, p, c->out->steps);
	count(&b.pass[SPF_FOUR], &n, &all);
	c->out->ipv4 = (uint64_t)n;
	count(&b.pass[SPF_SIX], &n, &all);
	put_count(c->out->ipv6, n, all);
	for (int f = 0; f < 2; f++)
		keep_reach(&b.pass[f], (enum spf_family)f, c->source->scratch,
		    &c->out->reach);
	c->out->open_ended = b.open_ended || left == 0 ||
	    (c->out->more && !(spent.lost[SPF_FOUR] && spent.lost[SPF_SIX]));
	ballot_free(&b);
	count_samples(c, p);
}

void
spf_budget(struct spf_source *source, struct mailauth_str domain,
    enum spf_scope scope, bool wide, struct spf_budget *out)
{
	struct census c = { source, out, scope, wide, false };
	struct place top = { NULL, domain, 0, NULL };
	struct spf_step step = { .dnssec = MAILAUTH_DNSSEC_SECURE };
	const struct mailauth_answer *a;
	struct spf_program *p;

	/* The narrow survey first: records need not wait for hosts, and once
	 * all have arrived the questions for hosts are certain. */
	if (wide) {
		spf_budget(source, domain, scope, false, out);
		c.whole = !out->pending;
	}
	*out = (struct spf_budget){ .dnssec = MAILAUTH_DNSSEC_SECURE,
		.ipv6 = "0" };
	a = ask(&c, &step, domain, RRTYPE_TXT);
	p = a != NULL ? spf_program_of(source, a, scope) : NULL;
	out->unknown =
	    out->unknown || (p != NULL && p->sort == SPF_SORT_UNREADABLE);
	if (p == NULL || p->sort != SPF_SORT_GOOD)
		return;
	out->top = p;
	top.program = p;
	census_record(&c, &top, p, &out->steps);
	if (wide && !out->pending)
		count_addresses(&c, p);
}

static u128
number_of(const struct addr *a)
{
	u128 n = 0;

	for (unsigned i = 0; i < addr_bits(a) / 8; i++)
		n = n << 8 | a->octet[i];
	return n;
}

/* Count the addresses of a range that the ranges `other` lack. Both lists are
 * in order: `*k` moves to the first of `other` that does not end in front of
 * `r`. */
static u128
count_lacking(const struct spf_range *r, const struct spf_range *other,
    size_t n, size_t *k)
{
	u128 from = number_of(&r->from), to = number_of(&r->to), lack = 0;

	while (*k < n && number_of(&other[*k].to) < from)
		++*k;
	for (size_t i = *k; i < n && number_of(&other[i].from) <= to; i++) {
		u128 start = number_of(&other[i].from);
		u128 end = number_of(&other[i].to);

		if (start > from)
			lack += start - from;
		if (end >= to)
			return lack;
		from = end + 1;
	}
	return lack + (to - from) + 1;
}

uint64_t
spf_reach_more(const struct spf_reach *one, const struct spf_reach *other,
    char ipv6[SPF_COUNT_ROOM])
{
	u128 count[2] = { 0, 0 };
	bool all = false;

	for (int f = 0; f < 2; f++) {
		size_t k = 0;

		for (size_t i = 0; i < one->n[f]; i++) {
			u128 n = count_lacking(&one->at[f][i], other->at[f],
			    other->n[f], &k);

			/* The whole of IPv6 does not fit, and is 0. */
			all =
			    all || (f == SPF_SIX && n == 0 && other->n[f] == 0);
			count[f] += n;
		}
	}
	put_count(ipv6, count[SPF_SIX], all);
	return (uint64_t)count[SPF_FOUR];
}
