/*
 * settle.c - marks answers that a wildcard made, before subjects see them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * In an unsigned zone nothing in an answer shows that a wildcard made it. So a
 * check picks one random label, the stranger, and subjects ask for the stranger
 * beside the names that matter: for s1._domainkey.example.com they also ask
 * STRANGER._domainkey.example.com. Equal records mean a wildcard.
 */
#include "base/dname.h"
#include "base/str.h"
#include "engine/rounds.h"

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

/* Mark an answer that a wildcard made, where its signatures have not shown that
 * already, and no zone file shows that its names have the records. The wildcard
 * may be at a higher level than the name, so compare with the stranger beside the
 * name and beside each name above it up to the domain, as far as a subject has
 * asked for these. */
static void
mark_wildcard(struct check *c, struct lookup *l)
{
	struct mailauth_str name = l->answer.name;

	if (!is_found(l) || l->is_own || str_eq(dname_first(name), c->stranger))
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

/* Whoever says that there is no root says of every name that it does not exist:
 * without proof that is no answer. */
static void
drop_denial(struct lookup *l)
{
	if (l->answer.outcome != MAILAUTH_NXDOMAIN ||
	    l->answer.dnssec == MAILAUTH_DNSSEC_SECURE)
		return;
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.cause = MAILAUTH_CAUSE_NO_PROOF;
	l->answer.dnssec = MAILAUTH_DNSSEC_INDETERMINATE;
	l->answer.why = STR("the server says that the root does not exist");
}

void
settle(struct check *c)
{
	for (struct lookup *l = c->rounds->lookups; l != NULL; l = l->next) {
		if (l->server >= 0)
			continue;
		if (c->resolver->no_root && is_done(l))
			drop_denial(l);
		mark_wildcard(c, l);
	}
}
