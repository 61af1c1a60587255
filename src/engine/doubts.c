/*
 * doubts.c - failed lookups whose answers could have made a verdict worse
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A subject that misses an answer calls doubt() with the worst finding that
 * the answer could have given. Only when all subjects have put their findings
 * into the report is it known which of these would have changed a verdict or
 * the result: those become one finding each, which defers and names the
 * lookups. The others could have changed nothing, and the report is silent.
 * It is silent as well on names outside of the given zones, where the user has
 * said that nothing is to be asked.
 */
#include "base/str.h"
#include "engine/rounds.h"

/* Lookups that one finding names. */
#define NAMED_MAX 3u

/* A finding that an answer could have given. */
struct doubt {
	struct doubt *next;
	const struct record_set *set; /* NULL: on the domain as a whole */
	const struct mailauth_answer *answer; /* of the failed lookup */
	enum mailauth_finding_id id;
};

void
doubt_answer(struct check *c, const struct record_set *set,
    const struct mailauth_answer *a, enum mailauth_finding_id id)
{
	struct doubt *d, **end = &c->rounds->doubts;

	if (a == NULL || id == MAILAUTH_F_NONE ||
	    (a->outcome != MAILAUTH_FAILED &&
	        a->dnssec != MAILAUTH_DNSSEC_BOGUS) ||
	    a->cause == MAILAUTH_CAUSE_OFFLINE || is_of_source(a) ||
	    (set != NULL && !is_listed(c, set)))
		return;
	for (; *end != NULL; end = &(*end)->next)
		if ((*end)->set == set && (*end)->answer == a &&
		    (*end)->id == id)
			return;
	d = arena_alloc(&c->report->arena, sizeof(*d));
	if (d == NULL)
		return;
	*d = (struct doubt){ NULL, set, a, id };
	*end = d;
}

void
doubt(struct check *c, const struct record_set *set, const struct lookup *l,
    enum mailauth_finding_id id)
{
	if (is_done(l))
		doubt_answer(c, set, &l->answer, id);
}

void
doubt_host(struct check *c, const struct record_set *set,
    struct mailauth_str name, enum mailauth_finding_id id)
{
	doubt(c, set, got(c, name, RRTYPE_A), id);
	doubt(c, set, got(c, name, RRTYPE_AAAA), id);
}

/* The result that the finding alone would give. */
static enum mailauth_result
result_of(const struct check *c, enum mailauth_finding_id id)
{
	const struct finding_row *row = finding_row(id);

	switch (row->severity[c->report->scope.profile]) {
	case MAILAUTH_FAIL: return MAILAUTH_RESULT_FAIL;
	case MAILAUTH_WARN: return MAILAUTH_RESULT_WARN;
	default: return MAILAUTH_RESULT_PASS;
	}
}

/* The record set of the failed lookup is in the report, as temperror. */
static bool
is_shown(const struct check *c, const struct mailauth_answer *a)
{
	const struct lookup *l = got(c, a->name, a->rrtype);

	if (l != NULL && &l->answer == a)
		return l->listed;
	for (const struct view *v = check_views(c); v != NULL; v = v->next)
		if (&v->lookup->answer == a)
			return v->lookup->listed;
	return false;
}

/* The answer could have made the result of the report worse, or made a valid
 * record invalid. */
static bool
matters(const struct check *c, const struct doubt *d,
    enum mailauth_result result)
{
	uint8_t effect = finding_row(d->id)->effect;
	enum mailauth_result worst = result_of(c, d->id);

	if (d->set != NULL &&
	    set_verdict(c->report, d->set) == MAILAUTH_VALID &&
	    is_invalid(d->set->j.kind, effect == EFFECT_BREAKS,
	        effect == EFFECT_SPOILS))
		return true;
	if (worst == MAILAUTH_RESULT_PASS)
		return false;
	/* Fail is worse than temperror, and that worse than a warning. */
	return result == MAILAUTH_RESULT_TEMPERROR ?
	    worst == MAILAUTH_RESULT_FAIL && !is_shown(c, d->answer) :
	    worst > result;
}

static void
put_lookup(struct writer *w, const struct mailauth_answer *a)
{
	char room[16];

	put_str(w, a->name);
	put_char(w, ' ');
	put_text(w, name_rrtype(a->rrtype, room));
	if (a->why.n > 0) {
		put_text(w, " (");
		put_untrusted(w, a->why);
		put_char(w, ')');
	}
}

/* Write a doubt, with the further ones of the same finding on the same set;
 * these leave the list. */
static struct mailauth_str
doubt_text(struct check *c, struct doubt *d)
{
	struct writer w = arena_writer(&c->report->arena);
	struct doubt **at = &d->next;
	unsigned n = 1;

	put_lookup(&w, d->answer);
	while (*at != NULL) {
		if ((*at)->set != d->set || (*at)->id != d->id) {
			at = &(*at)->next;
			continue;
		}
		if (n++ < NAMED_MAX) {
			put_text(&w, ", ");
			put_lookup(&w, (*at)->answer);
		}
		*at = (*at)->next;
	}
	if (n > NAMED_MAX) {
		put_text(&w, " and ");
		put_number(&w, n - NAMED_MAX);
		put_text(&w, " more");
	}
	put_text(&w, ": it may show ");
	put_text(&w, finding_row(d->id)->code);
	return writer_str(&w);
}

/* What the public DNS does not have is the same at the next try. */
static struct mailauth_str
doubt_remedy(const struct doubt *d)
{
	const struct finding_row *row =
	    finding_row(MAILAUTH_F_DNS_BUILTIN_EMPTY_ZONE);

	return d->answer->cause == MAILAUTH_CAUSE_BUILTIN ?
	    str_of(row->remedy) :
	    STR_NONE;
}

void
tell_doubts(struct check *c)
{
	enum mailauth_result result = mailauth_report_result(c->report);
	struct doubt **at = &c->rounds->doubts;

	while (*at != NULL) {
		if (matters(c, *at, result))
			at = &(*at)->next;
		else
			*at = (*at)->next;
	}
	for (struct doubt *d = c->rounds->doubts; d != NULL; d = d->next)
		tell_remedy(c, d->set, MAILAUTH_F_LOOKUP_UNDECIDED,
		    doubt_text(c, d), doubt_remedy(d));
	c->rounds->doubts = NULL;
}
