/*
 * chains.c - the DNSSEC states of alias chains, link by link
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "engine/rounds.h"

/* The DNSSEC state of an answer is that of the weakest link of its chain. When
 * that is SECURE, all links are; else the links may differ, and only a lookup
 * of each shows which ones are not proved. */
static bool
needs_hops(const struct lookup *l)
{
	return is_done(l) && !is_failed(l) && l->answer.nchain > 0 &&
	    l->server < 0 && l->answer.dnssec != MAILAUTH_DNSSEC_SECURE &&
	    l->answer.dnssec != MAILAUTH_DNSSEC_UNCHECKED;
}

/* Hop `i` of the chain: an alias, or behind the last alias the records of the
 * type that the lookup asked for. */
static struct hop
hop_at(const struct lookup *l, size_t i)
{
	const struct mailauth_answer *a = &l->answer;

	return (struct hop){ i == 0 ? a->name : a->chain[i - 1],
		i < a->nchain ? RRTYPE_CNAME : a->rrtype,
		MAILAUTH_DNSSEC_UNCHECKED };
}

void
ask_chains(struct check *c)
{
	for (struct lookup *l = c->rounds->lookups; l != NULL; l = l->next) {
		if (!needs_hops(l))
			continue;
		for (size_t i = 0; i <= l->answer.nchain; i++) {
			struct hop h = hop_at(l, i);

			want(c, h.name, h.rrtype);
		}
	}
}

void
tell_chain(struct check *c, struct view *v)
{
	const struct lookup *l = v->lookup;
	size_t n = l->answer.nchain + 1, secure = 0;
	struct hop *hops;

	if (!needs_hops(l))
		return;
	hops = arena_alloc(&c->report->arena, n * sizeof(*hops));
	if (hops == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct lookup *one;

		hops[i] = hop_at(l, i);
		one = got(c, hops[i].name, hops[i].rrtype);
		if (is_done(one))
			hops[i].dnssec = one->answer.dnssec;
		secure += hops[i].dnssec == MAILAUTH_DNSSEC_SECURE;
	}
	v->set->hops = hops;
	v->set->nhops = n;
	if (secure > 0 && secure < n)
		tell(c, v->set, MAILAUTH_F_DNSSEC_CHAIN_MIXED, STR_NONE);
}

static void
ask(struct check *c, void *self)
{
	(void)self;
	ask_chains(c);
}

static void
tell_all(struct check *c, void *self)
{
	(void)self;
	for (struct view *v = c->rounds->views; v != NULL; v = v->next)
		if (is_listed(c, v->set))
			tell_chain(c, v);
}

const struct subject subject_chains = { 0, ask, tell_all };
