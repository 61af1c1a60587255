/*
 * resolver_unbound.h - a resolver over libunbound
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_RESOLVER_UNBOUND_H
#define DNS_RESOLVER_UNBOUND_H

#include "dns/resolver.h"

/**
 * Start libunbound with these options.
 * @param out the resolver, to be ended by its `free`; NULL on failure
 * @return MAILAUTH_OK; EUSE, EINPUT, ENOMEM or ESYSTEM with one line in `why`
 */
enum mailauth_status unbound_new(const struct mailauth_options *options,
    struct resolver **out, char why[MAILAUTH_WHY_MAX]);

#endif /* DNS_RESOLVER_UNBOUND_H */
