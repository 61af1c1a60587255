/*
 * resolver_unbound.h - libunbound as our resolver
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_RESOLVER_UNBOUND_H
#define DNS_RESOLVER_UNBOUND_H

#include "dns/resolver.h"

/** Start libunbound; on trouble one line in `why`. */
enum mailauth_status unbound_new(const struct mailauth_options *options,
    struct resolver **out, char why[MAILAUTH_WHY_MAX]);

/** Wait until lookups are done, or for `seconds`; calls their `done`. */
void unbound_wait(struct resolver *r, double seconds);

/** End libunbound. Lookups still ASKED are forgotten. */
void unbound_free(struct resolver *r);

#endif /* DNS_RESOLVER_UNBOUND_H */
