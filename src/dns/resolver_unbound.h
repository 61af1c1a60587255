/*
 * resolver_unbound.h - a resolver over libunbound
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_RESOLVER_UNBOUND_H
#define DNS_RESOLVER_UNBOUND_H

#include "dns/resolver.h"

struct zones;

/** What is put in place of the Internet, and of files; all zeros: nothing. */
struct unbound_places {
	/** The zones that the options name, already read. They are borrowed.
	 * NULL: their files are read. */
	const struct zones *zones;
	const char *root_hints; /* the root servers; a file of libunbound */
	const char *resolv_conf; /* the system's servers */
};

/**
 * Start libunbound with these options.
 * @param out the resolver, to be ended by its `free`; NULL on failure
 * @return MAILAUTH_OK; EUSE, EINPUT, ENOMEM or ESYSTEM with one line in `why`
 */
enum mailauth_status unbound_new(const struct mailauth_options *options,
    const struct unbound_places *places, struct resolver **out,
    char why[MAILAUTH_WHY_MAX]);

#endif /* DNS_RESOLVER_UNBOUND_H */
