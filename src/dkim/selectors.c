/*
 * selectors.c - owners of DKIM keys, and common selectors
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dkim/selectors.h"

#include "base/str.h"
#include "record/dkim.h"

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
dkim_owner(struct check *c, struct mailauth_str selector,
    struct mailauth_str domain)
{
	return name_below(c, selector,
	    name_below(c, STR("_domainkey"), domain));
}

struct mailauth_str
dkim_common_owner(struct check *c, struct mailauth_str domain, size_t i)
{
	if (i >= DKIM_COMMON || domain.n == 0)
		return STR_NONE;
	return dkim_owner(c, common[i], domain);
}

size_t
put_dkim_placed(struct check *c, struct writer *w, struct mailauth_str domain)
{
	struct mailauth_str owner;
	size_t n = 0;

	for (size_t i = 0; (owner = dkim_common_owner(c, domain, i)).n > 0;
	     i++) {
		if (!is_placed(dkim_key_at(c, owner)))
			continue;
		put_text(w, n++ > 0 ? ", " : "");
		put_untrusted(w, dkim_selector(owner));
	}
	return n;
}

struct record_set *
dkim_key_at(struct check *c, struct mailauth_str owner)
{
	return view_as(c, MAILAUTH_KIND_DKIM, got(c, owner, RRTYPE_TXT));
}
