/*
 * wild.c - what a wildcard gives to the names of a plan
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A name that only a wildcard answers for is no name for the wildcard any more
 * once it has a record of its own (RFC 4592 2.2.1): it loses all types that are
 * not published with it. So that no mail is lost, the plan gets a copy of what
 * the wildcard answers there. An address that is published takes the place of
 * the wildcard's, as it is to.
 */
#include "base/dname.h"
#include "base/str.h"
#include "judge/names.h"
#include "plan/diff.h"

/* Types that a wildcard may answer at the name of a host, and their kinds. */
static const struct {
	uint16_t rrtype;
	enum mailauth_kind_id kind;
} types[] = {
	{ RRTYPE_A, MAILAUTH_KIND_ADDRESS },
	{ RRTYPE_AAAA, MAILAUTH_KIND_ADDRESS },
	{ RRTYPE_MX, MAILAUTH_KIND_MX },
	{ RRTYPE_TXT, MAILAUTH_KIND_SPF },
};
#define TYPES (sizeof(types) / sizeof(types[0]))

/* Questions. */

/* A wildcard may answer for the owner: a host below the zone, which exists. */
static bool
may_be_wild(struct check *c, const struct plan_zone *z,
    const struct plan_record *r)
{
	const struct lookup *l = got(c, r->owner, r->rrtype);

	return !z->reverse && r->owner.n > z->name.n + 1 &&
	    dname_is_host(r->owner) && is_done(l) && !is_failed(l) &&
	    l->answer.outcome != MAILAUTH_NXDOMAIN;
}

void
plan_wild_ask(struct check *c, const struct plan_report *plan)
{
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			for (size_t i = 0; i < TYPES && may_be_wild(c, z, r);
			     i++) {
				want(c, r->owner, types[i].rrtype);
				want(c, name_beside(c, r->owner),
				    types[i].rrtype);
			}
}

/* Answers. */

static bool
is_answered(const struct lookup *l)
{
	return is_done(l) && !is_failed(l) &&
	    l->answer.dnssec != MAILAUTH_DNSSEC_BOGUS;
}

/* Only a wildcard answers for this name. `*open` is a lookup that leaves it, or
 * what the wildcard gives, open; or NULL. */
static bool
is_wild(struct check *c, struct mailauth_str owner, const struct lookup **open)
{
	bool wild = false;

	*open = NULL;
	for (size_t i = 0; i < TYPES; i++) {
		const struct lookup *l = got(c, owner, types[i].rrtype);
		const struct lookup *beside =
		    got(c, name_beside(c, owner), types[i].rrtype);

		if (l == NULL || beside == NULL)
			continue;
		if (is_found(l) &&
		    (l->answer.flags & MAILAUTH_ANSWER_WILDCARD) != 0) {
			wild = true;
		} else if (is_answered(l) && is_answered(beside) &&
		    (is_found(l) || is_found(beside) ||
		        beside->answer.outcome == MAILAUTH_NXDOMAIN)) {
			/* A name with records of its own gets nothing of a
			 * wildcard, and there may be none. */
			*open = NULL;
			return false;
		}
		if (!is_answered(l))
			*open = l;
		else if (!is_answered(beside) && *open == NULL &&
		    (l->answer.flags & MAILAUTH_ANSWER_WILDCARD) == 0)
			*open = beside;
	}
	return wild;
}

/* Publishing the plan changes this record. */
static bool
is_changed(const struct plan_record *r)
{
	return r->state == PLAN_MISSING || r->state == PLAN_DIFFERENT;
}

/* Put the copy of one record behind `at`, and return its place. */
static struct plan_record *
add_copy(struct check *c, struct plan_record *at, uint16_t rrtype,
    struct mailauth_str data)
{
	struct planned_record *p = arena_alloc(&c->report->arena, sizeof(*p));

	if (p == NULL)
		return at;
	*p = (struct planned_record){
		.record = { .next = at->next,
		    .owner = at->owner,
		    .rrtype = rrtype,
		    .data = data,
		    .why =
		        STR("what a wildcard gives to this name; the records "
		            "of its own would end that"),
		    .from = STR("DNS"),
		    .state = PLAN_MISSING },
		.sort = PLAN_EXACT,
		.settled = true,
	};
	at->next = &p->record;
	return at->next;
}

static bool
is_no_spf(struct mailauth_str text)
{
	return kind_at(MAILAUTH_KIND_SPF)->pick(text) == PICK_NO;
}

static bool
is_text(struct mailauth_str text)
{
	(void)text;
	return true;
}

/* Copy the texts of a name behind `at`; with `but_spf` all but SPF records. */
static struct plan_record *
copy_texts(struct check *c, struct plan_record *at, const struct lookup *l,
    bool but_spf)
{
	struct mailauth_str text[PLAN_TEXTS_MAX];
	size_t n = plan_texts(c, &l->answer, but_spf ? is_no_spf : is_text,
	    text, PLAN_TEXTS_MAX);

	for (size_t i = 0; i < n; i++)
		at = add_copy(c, at, RRTYPE_TXT, text[i]);
	return at;
}

/* Copy the records of a type behind `at`. */
static struct plan_record *
copy_others(struct check *c, struct plan_record *at, const struct lookup *l,
    enum mailauth_kind_id kind)
{
	for (size_t i = 0; i < l->answer.nrr; i++) {
		struct writer w = arena_writer(&c->report->arena);

		kind_at(kind)->show(&l->answer.rr[i], &w);
		at = add_copy(c, at, l->answer.rrtype, writer_str(&w));
	}
	return at;
}

/* Say which addresses of a wildcard a planned one takes the place of. */
static void
note_replaced(struct check *c, struct plan_record *r)
{
	bool mail = !is_found(got(c, r->owner, RRTYPE_MX));

	if (r->now.n == 0)
		return;
	r->reason = plan_say(c, "a wildcard gives this name the address ",
	    r->now,
	    mail ? " now, also for mail, as it has no MX: it loses that with a "
	           "record of its own" :
	           " now: it loses that with a record of its own");
}

/* Copy to a name all that a wildcard gives it and the plan does not. */
static void
copy_wild(struct check *c, struct plan_record *first)
{
	bool published[TYPES] = { false };
	struct plan_record *at = first;

	for (struct plan_record *r = first; r != NULL; r = r->next) {
		if (!str_eq(r->owner, first->owner))
			continue;
		planned_of(r)->settled = true;
		at = r;
		for (size_t i = 0; i < TYPES && is_changed(r); i++)
			published[i] =
			    published[i] || r->rrtype == types[i].rrtype;
		if (is_changed(r) && planned_of(r)->addr.family != 0)
			note_replaced(c, r);
	}
	for (size_t i = 0; i < TYPES; i++) {
		const struct lookup *l = got(c, first->owner, types[i].rrtype);

		if (is_found(l) && types[i].rrtype == RRTYPE_TXT)
			at = copy_texts(c, at, l, published[i]);
		else if (is_found(l) && !published[i])
			at = copy_others(c, at, l, types[i].kind);
	}
}

/* It is open what a wildcard gives to the name: so is what publishing would take
 * away. */
static void
doubt_all(struct check *c, struct plan_record *first, const struct lookup *open)
{
	struct writer w = arena_writer(&c->report->arena);
	char room[16];

	put_text(&w, "a wildcard may give this name more: ");
	put_str(&w, open->answer.name);
	put_char(&w, ' ');
	put_text(&w, name_rrtype(open->answer.rrtype, room));
	put_text(&w, ": ");
	put_str(&w, plan_why_failed(c, open));
	for (struct plan_record *r = first; r != NULL; r = r->next)
		if (is_changed(r) && str_eq(r->owner, first->owner)) {
			r->state = PLAN_UNKNOWN;
			r->now = writer_str(&w);
			r->reason = STR_NONE;
		}
}

void
plan_wild_settle(struct check *c, struct plan_report *plan)
{
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next) {
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			const struct lookup *open;
			bool wild;

			/* The records of one owner are settled together. */
			if (!is_changed(r) || planned_of(r)->settled ||
			    !may_be_wild(c, z, r))
				continue;
			wild = is_wild(c, r->owner, &open);
			if (open != NULL)
				doubt_all(c, r, open);
			else if (wild)
				copy_wild(c, r);
		}
		while (*z->end != NULL)
			z->end = &(*z->end)->next;
	}
}
