/*
 * clash.c - believed results that contradict each other
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A receiver may write several fields, of several programs. When one says that
 * something passes and another does not, the worse one counts.
 */
#include "base/str.h"
#include "message/explain.h"

bool
claim_is_failure(const struct claim *r)
{
	enum authres_word word = authres_word_of(r->result);
	enum dkim_reason reason = claim_reason(r);

	/* "temperror (no key for signature)" is no temporary error. */
	if (word == AUTHRES_TEMPERROR)
		return reason != DKIM_REASON_NONE &&
		    reason != DKIM_REASON_LOOKUP;
	return word == AUTHRES_FAIL || word == AUTHRES_HARDFAIL ||
	    word == AUTHRES_PERMERROR || word == AUTHRES_NEUTRAL ||
	    word == AUTHRES_POLICY;
}

/* How bad a result is. */
static int
rank_of(enum authres_word word)
{
	switch (word) {
	case AUTHRES_PASS: return 0;
	case AUTHRES_SOFTPASS:
	case AUTHRES_BESTGUESSPASS: return 1;
	case AUTHRES_OTHER:
	case AUTHRES_NONE:
	case AUTHRES_NEUTRAL:
	case AUTHRES_POLICY: return 2;
	case AUTHRES_TEMPERROR: return 3;
	case AUTHRES_SOFTFAIL: return 4;
	case AUTHRES_HARDFAIL:
	case AUTHRES_FAIL:
	case AUTHRES_PERMERROR: break;
	}
	return 5;
}

static bool
passes(const struct claim *r)
{
	return authres_word_of(r->result) == AUTHRES_PASS;
}

/* Two values may mean the same: they are equal, or one is not there. */
static bool
may_equal(struct mailauth_str a, struct mailauth_str b)
{
	return a.n == 0 || b.n == 0 || str_ieq(a, b);
}

/* Both results are of one method, and may be about the same thing. A DKIM
 * result "none" is about the message as a whole. */
static bool
may_be_one(const struct claim *a, const struct claim *b)
{
	static const char *const names[] = { "s", "b", "a" };

	if (!str_ieq(a->method, b->method) || !may_equal(a->domain, b->domain))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (claim_is(a, STR("dkim")) &&
		    !may_equal(claim_property(a, STR("header"),
		                   str_of(names[i])),
		        claim_property(b, STR("header"), str_of(names[i]))))
			return false;
	return true;
}

/* The result of another field that denies this pass; NULL: that field also has
 * such a pass, or says nothing of it. */
static const struct claim *
denial(const struct claim *pass, const struct claims *field)
{
	const struct claim *worst = NULL;

	for (const struct claim *r = field->results; r != NULL; r = r->next) {
		if (!may_be_one(pass, r))
			continue;
		if (passes(r))
			return NULL;
		if (worst == NULL ||
		    rank_of(authres_word_of(r->result)) >
		        rank_of(authres_word_of(worst->result)))
			worst = r;
	}
	return worst;
}

/* Mark the passes of a field that other believed fields deny. */
static void
overrule(struct explain *x, struct claims *field)
{
	for (struct claim *r = field->results; r != NULL; r = r->next) {
		const struct claims *h = x->report->claims;

		for (; passes(r) && r->against == NULL && h != NULL;
		     h = h->next)
			if (h != field && h->trusted)
				r->against = denial(r, h);
	}
}

/* Keep the result of a method; of several for one domain the worse one. */
static void
keep(const struct claim **slot, enum authres_word *word, const struct claim *r)
{
	enum authres_word now = authres_word_of(r->result);

	if (*slot != NULL &&
	    (!may_be_one(*slot, r) || rank_of(now) <= rank_of(*word)))
		return;
	*slot = r;
	*word = now;
}

/* Keep the believed results of a field by method: of DKIM whether any passes or
 * fails. Within a field the topmost result counts. */
static void
keep_field(struct explain *x, const struct claims *field)
{
	const struct claim *spf = NULL, *dmarc = NULL;

	for (const struct claim *r = field->results; r != NULL; r = r->next) {
		enum authres_word word = authres_word_of(r->result);

		if (claim_is(r, STR("spf")) && spf == NULL) {
			spf = r;
			keep(&x->spf, &x->spf_word, r);
		} else if (claim_is(r, STR("dmarc")) && dmarc == NULL) {
			dmarc = r;
			keep(&x->dmarc, &x->dmarc_word, r);
		} else if (claim_is(r, STR("compauth")) &&
		    x->compauth == NULL) {
			x->compauth = r;
			x->compauth_word = word;
		} else if (claim_is(r, STR("dkim"))) {
			x->any_dkim |= word != AUTHRES_NONE;
			x->dkim_passes |=
			    word == AUTHRES_PASS && r->against == NULL;
			x->dkim_counts |= word == AUTHRES_PASS &&
			    r->against == NULL && claim_counts(r);
			x->dkim_fails |= claim_is_failure(r);
		}
	}
}

void
claims_settle(struct explain *x)
{
	for (struct claims *h = x->report->claims; h != NULL; h = h->next)
		if (h->trusted)
			overrule(x, h);
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		if (h->trusted)
			keep_field(x, h);
}
