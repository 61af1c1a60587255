/*
 * registry.c - the list of all kinds, and how to find one
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "record/kind.h"

#define KIND(id, symbol) extern const struct mailauth_kind kind_##symbol;
#include "mailauth/kinds.def"
#undef KIND

static const struct mailauth_kind *const kinds[MAILAUTH_KIND_COUNT] = {
#define KIND(id, symbol) [MAILAUTH_KIND_##id] = &kind_##symbol,
#include "mailauth/kinds.def"
#undef KIND
};

const struct mailauth_kind *
kind_at(unsigned id)
{
	return id < MAILAUTH_KIND_COUNT ? kinds[id] : NULL;
}

const struct mailauth_kind *
kind_named(struct mailauth_str name)
{
	for (size_t i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (str_eq(str_of(kinds[i]->name), name))
			return kinds[i];
	return NULL;
}

/* `owner` begins with the labels of `pattern` and has more labels behind them.
 * A "*" in front of the pattern matches one label or more. */
static bool
at_front(struct mailauth_str pattern, struct mailauth_str owner)
{
	bool any = str_starts(pattern, STR("*."));

	if (any) {
		pattern = str_from(pattern, 2);
		owner = dname_parent(owner);
	}
	for (;; owner = dname_parent(owner)) {
		if (owner.n > pattern.n + 1 && str_starts(owner, pattern) &&
		    owner.s[pattern.n] == '.')
			return true;
		if (!any || owner.n <= 1)
			return false;
	}
}

/* The longest pattern wins: "_adsp._domainkey" over "*._domainkey". A kind at
 * "@" gets any name without a '_' in front that no other kind matches. */
const struct mailauth_kind *
kind_of_owner(struct mailauth_str owner, uint16_t rrtype)
{
	const struct mailauth_kind *apex = NULL;

	for (size_t i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct mailauth_kind *k = kinds[i];

		if (k->rrtype != rrtype || k->owner == NULL)
			continue;
		if (strcmp(k->owner, "@") != 0) {
			if ((at_front(str_of(k->owner), owner) ||
			        (k->misplaced != NULL &&
			            at_front(str_of(k->misplaced), owner))) &&
			    (apex == NULL ||
			        strlen(k->owner) > strlen(apex->owner)))
				apex = k;
		} else if (apex == NULL && owner.n > 0 && owner.s[0] != '_') {
			apex = k;
		}
	}
	return apex;
}

size_t
kinds_of_owner(struct mailauth_str owner, uint16_t rrtype,
    const struct mailauth_kind *out[MAILAUTH_KIND_COUNT])
{
	const struct mailauth_kind *first = kind_of_owner(owner, rrtype);
	size_t n = 0;

	if (first == NULL)
		return 0;
	out[n++] = first;
	for (size_t i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (kinds[i] != first && kinds[i]->rrtype == rrtype &&
		    kinds[i]->owner != NULL &&
		    strcmp(kinds[i]->owner, first->owner) == 0)
			out[n++] = kinds[i];
	return n;
}

struct mailauth_str
kind_star(const struct mailauth_kind *kind, struct mailauth_str owner)
{
	struct mailauth_str rest, pattern;

	if (kind->owner == NULL || kind->owner[0] != '*')
		return STR_NONE;
	pattern = str_of(kind->owner + 2);
	for (rest = dname_parent(owner); rest.n > 1; rest = dname_parent(rest))
		if (str_starts(rest, pattern) && rest.n > pattern.n &&
		    rest.s[pattern.n] == '.')
			return str_sub(owner, 0, owner.n - rest.n - 1);
	return STR_NONE;
}

/* A clear match precedes a near one, and a near one precedes a match without a
 * version, which proves least. */
const struct mailauth_kind *
kind_of_text(struct mailauth_str text)
{
	const struct mailauth_kind *near = NULL, *loose = NULL;

	for (size_t i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		enum pick pick =
		    kinds[i]->pick != NULL ? kinds[i]->pick(text) : PICK_NO;

		if (pick == PICK_YES && !kinds[i]->loose)
			return kinds[i];
		if (pick == PICK_YES && loose == NULL)
			loose = kinds[i];
		/* Optional kinds have no version: any text is near to them. */
		if (pick == PICK_NEAR && near == NULL && !kinds[i]->optional)
			near = kinds[i];
	}
	return near != NULL ? near : loose;
}
