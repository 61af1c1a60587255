/*
 * orgdomain.c - organizational domains from the Public Suffix List
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/orgdomain.h"

#include <libpsl.h>

#include "base/dname.h"
#include "base/str.h"

/* libpsl's type under our name, so that users need no libpsl header. */
struct orgdomains;

struct orgdomains *
orgdomains_new(void)
{
	return (struct orgdomains *)psl_latest(NULL);
}

void
orgdomains_free(struct orgdomains *o)
{
	psl_free((psl_ctx_t *)o);
}

/* The name without its final dot, for libpsl; false for a name that is too long
 * or has a label that no suffix has. */
static bool
plain(struct mailauth_str name, char room[DNAME_TEXT_MAX])
{
	if (name.n < 2 || name.n >= DNAME_TEXT_MAX ||
	    str_find(name, '\\') < name.n)
		return false;
	memcpy(room, name.s, name.n - 1);
	room[name.n - 1] = '\0';
	return true;
}

struct mailauth_str
org_domain(const struct orgdomains *o, struct mailauth_str name)
{
	char room[DNAME_TEXT_MAX];
	const char *org;

	if (o == NULL || !plain(name, room))
		return STR_NONE;
	org = psl_registrable_domain((const psl_ctx_t *)o, room);
	return org != NULL ? str_from(name, (size_t)(org - room)) : STR_NONE;
}

bool
is_public_suffix(const struct orgdomains *o, struct mailauth_str name)
{
	char room[DNAME_TEXT_MAX];

	return o != NULL && plain(name, room) &&
	    psl_is_public_suffix((const psl_ctx_t *)o, room) != 0;
}
