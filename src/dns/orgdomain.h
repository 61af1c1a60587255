/*
 * orgdomain.h - organizational domains by the Public Suffix List
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_ORGDOMAIN_H
#define DNS_ORGDOMAIN_H

#include "base/arena.h"

struct orgdomains;

/** Load the list of the system; NULL when there is none. */
struct orgdomains *orgdomains_new(void);
void orgdomains_free(struct orgdomains *o);

/**
 * The organizational domain of a name (both in canonical presentation form):
 * the name itself or one above it. STR_NONE when the list is not loaded or
 * the name is a public suffix.
 */
struct mailauth_str
org_domain(const struct orgdomains *o, struct mailauth_str name);

/** The list says that the name is a public suffix. */
bool is_public_suffix(const struct orgdomains *o, struct mailauth_str name);

#endif /* DNS_ORGDOMAIN_H */
