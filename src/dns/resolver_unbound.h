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

#endif /* DNS_RESOLVER_UNBOUND_H */
