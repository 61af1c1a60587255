/*
 * settle.c - wildcards and doubtful denials, before subjects see answers
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "base/str.h"
#include "engine/rounds.h"

/* Names, from the name itself upwards, at which to look for the SOA record of
 * its zone. */
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

/* Mark an answer that a wildcard made. Signatures show that; without them, a
 * wildcard shows only by giving a random name beside the name the same records.
 * The wildcard may be at a higher level too, so compare with the random name
 * beside each name up to the domain, where a subject has asked for it. */
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

/* The name or one above it has an SOA record, so servers of its zone do answer.
 * Sets `*pending` when an SOA lookup has not finished. */
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

/* Decide on a held NODATA, which came without the SOA record that belongs to a
 * denial. A server that does not serve the zone (lame) answers the same way, so
 * an SOA record, or proof by DNSSEC, must confirm the denial. Without either
 * the lookup has failed; while an SOA lookup is pending the denial stays
 * held. */
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
