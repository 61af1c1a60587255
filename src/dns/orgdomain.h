/*
 * orgdomain.h - organizational domains from the Public Suffix List
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_ORGDOMAIN_H
#define DNS_ORGDOMAIN_H

#include "base/arena.h"

struct orgdomains;

/** Load the system's list; NULL without one. orgdomains_free() ends it. */
struct orgdomains *orgdomains_new(void);
void orgdomains_free(struct orgdomains *o);

/** The organizational domain of a name by RFC 7489 3.2, both in canonical form:
 * the public suffix with one label more. The result borrows from `name`.
 * STR_NONE without a list (`o` NULL), and for a public suffix. */
struct mailauth_str
org_domain(const struct orgdomains *o, struct mailauth_str name);

/** The name is a public suffix by the list; false without one. */
bool is_public_suffix(const struct orgdomains *o, struct mailauth_str name);

#endif /* DNS_ORGDOMAIN_H */
