/*
 * source.h - mailauth_resolver: a resolver and what its checks share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_SOURCE_H
#define DNS_SOURCE_H

#include "dns/orgdomain.h"
#include "dns/resolver.h"

struct zones;

/** Seconds for the check of one domain, by default. */
#define SOURCE_TIMEOUT 15.0

/** The public handle that each check is given. */
struct mailauth_resolver {
	struct resolver *resolver;
	struct orgdomains *orgs;
	double timeout; /* seconds for one domain */
	char **servers; /* servers to compare, as the user gave them */
	size_t nservers;
};

/** As mailauth_resolver_new(), with the zones of the options already read;
 * these must live longer. */
enum mailauth_status source_over(const struct mailauth_options *options,
    const struct zones *zones, struct mailauth_resolver **out, char *why);
/**
 * Make a handle around a resolver, and own the resolver: also when memory runs
 * out, this function ends it. `options` give timeout and servers.
 * @return for mailauth_resolver_free(); NULL when memory ran out
 */
struct mailauth_resolver *
source_new(struct resolver *r, const struct mailauth_options *options);

#endif /* DNS_SOURCE_H */
