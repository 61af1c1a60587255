/*
 * providers.h - mail providers that a domain uses
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_PROVIDERS_H
#define DOMAIN_PROVIDERS_H

#include "engine/check.h"

/** A row of providers.def; lists have a blank between their words. */
struct provider {
	const char *name, *mx, *spf, *selectors, *keys, *bounces;
};

/** Provider `i` from 0 that the answers so far show: by the MX hosts, or by
 * what the SPF record names. NULL behind the last. */
const struct provider *provider_of(struct check *c, size_t i);

/** Selectors of these providers, and of no others. */
#define PROVIDER_SELECTORS_MAX 48

/** List the selectors of all providers that the answers so far show.
 * @return their number, at most PROVIDER_SELECTORS_MAX. */
size_t provider_selectors(struct check *c,
    struct mailauth_str out[PROVIDER_SELECTORS_MAX]);

/** The MX host of some provider that takes bounces only. */
bool provider_takes_bounces(struct mailauth_str host);

/** The provider that publishes the key behind an alias to this name, and lets
 * customers make the alias before the key is there. NULL when none does. */
const struct provider *provider_rotates(struct mailauth_str target);

#endif /* DOMAIN_PROVIDERS_H */
