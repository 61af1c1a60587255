/*
 * providers.h - mail providers that a domain uses
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_PROVIDERS_H
#define DOMAIN_PROVIDERS_H

#include "engine/check.h"

/** A row of providers.def; lists have a blank between their words. */
struct provider {
	const char *name, *mx, *spf, *selectors, *keys, *bounces, *people;
};

/** The providers that the answers so far show, by the MX hosts or by what the
 * SPF record names: a bit each. */
uint64_t providers_shown(struct check *c);
/** Take the first provider out of these; NULL when none is left. */
const struct provider *provider_next(uint64_t *shown);

/** The MX host of some provider that takes bounces only. */
bool provider_takes_bounces(struct mailauth_str host);

/** The MX host of some provider with mailboxes for people. */
bool provider_has_people(struct mailauth_str host);

/** The provider that publishes the key behind an alias to this name, and lets
 * customers make the alias before the key is there. NULL when none does. */
const struct provider *provider_rotates(struct mailauth_str target);

#endif /* DOMAIN_PROVIDERS_H */
