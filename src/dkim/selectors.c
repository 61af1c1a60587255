/*
 * selectors.c - owners of DKIM keys, and common selectors
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dkim/selectors.h"

#include "base/str.h"

/* Selectors to try when the user names none. Keys at none of these prove
 * nothing: selectors cannot be listed. */
static const struct mailauth_str common[DKIM_COMMON] = {
	STR_INIT("default"),
	STR_INIT("mail"),
	STR_INIT("dkim"),
	STR_INIT("email"),
	STR_INIT("smtp"),
	STR_INIT("mta"),
	STR_INIT("s1"),
	STR_INIT("s2"),
	STR_INIT("k1"),
	STR_INIT("k2"),
	STR_INIT("key1"),
	STR_INIT("selector1"),
	STR_INIT("selector2"),
	STR_INIT("google"),
};

struct mailauth_str
dkim_common(size_t i)
{
	return i < DKIM_COMMON ? common[i] : STR_NONE;
}

struct mailauth_str
dkim_common_owner(struct check *c, struct mailauth_str domain, size_t i)
{
	if (i >= DKIM_COMMON || domain.n == 0)
		return STR_NONE;
	return name_below(c, common[i],
	    name_below(c, STR("_domainkey"), domain));
}

struct record_set *
dkim_key_at(struct check *c, struct mailauth_str owner)
{
	return view_as(c, MAILAUTH_KIND_DKIM, got(c, owner, RRTYPE_TXT));
}
