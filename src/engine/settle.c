/*
 * settle.c - answers before any subject looks at them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "base/str.h"
#include "engine/rounds.h"

/* Levels above a name at which the SOA of its zone is looked for. */
#define SOA_LEVELS 5

static bool
has_rdata(const struct mailauth_answer *a, const struct mailauth_rdata *rr)
{
	for (size_t i = 0; i < a->nrr; i++)
		if (a->rr[i].len == rr->len &&
		    memcmp(a->rr[i].data, rr->data, rr->len) == 0)
			return true;
	return false;
}

bool
same_records(const struct mailauth_answer *a, const struct mailauth_answer *b)
{
	if (a->nrr != b->nrr)
		return false;
	for (size_t i = 0; i < a->nrr; i++)
		if (!has_rdata(b, &a->rr[i]))
			return false;
	return true;
}

/* Without signatures a wildcard shows only by answering for everybody: at this
 * level of names, or at one above it in the domain. */
static void
mark_wildcard(struct check *c, struct lookup *l)
{
	struct mailauth_str name = l->answer.name;

	if (!is_found(l) || str_eq(dname_first(name), c->stranger))
		return;
	while (name.n > 1) {
		const struct lookup *other =
		    got(c, name_beside(c, name), l->answer.rrtype);

		if (is_found(other) &&
		    same_records(&l->answer, &other->answer)) {
			l->answer.flags |= MAILAUTH_ANSWER_WILDCARD;
			return;
		}
		if (str_eq(name, c->domain))
			return;
		name = dname_parent(name);
	}
}

/* A zone above the name was seen, so its servers do know it. */
static bool
zone_is_known(struct check *c, const struct lookup *l, bool *pending)
{
	struct mailauth_str name = l->answer.name;

	for (int i = 0; i < SOA_LEVELS && name.n > 1; i++) {
		struct lookup *soa = want(c, name, RRTYPE_SOA);

		if (is_found(soa))
			return true;
		*pending = *pending || (soa != NULL && !is_done(soa));
		name = dname_parent(name);
	}
	return false;
}

/* "No such record" without the SOA record that belongs to it is also what a
 * server says that has never heard of the zone. */
static void
confirm(struct check *c, struct lookup *l)
{
	bool pending = false;

	if (zone_is_known(c, l, &pending) ||
	    l->answer.dnssec == MAILAUTH_DNSSEC_SECURE) {
		l->state = LOOKUP_DONE;
	} else if (!pending) {
		l->state = LOOKUP_DONE;
		l->answer.outcome = MAILAUTH_FAILED;
		l->answer.cause = MAILAUTH_CAUSE_LAME;
		l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
		l->answer.why = STR("an empty answer without the SOA record "
		                    "of any zone");
	}
}

void
settle(struct check *c)
{
	for (struct lookup *l = c->rounds->lookups; l != NULL; l = l->next) {
		if (l->state == LOOKUP_HELD)
			confirm(c, l);
		else if (l->server < 0)
			mark_wildcard(c, l);
	}
}
