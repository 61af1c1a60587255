/*
 * source.h - a resolver with what every check of it shares
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_SOURCE_H
#define DNS_SOURCE_H

#include "dns/orgdomain.h"
#include "dns/resolver.h"

/** Seconds for one domain, unless the user says otherwise. */
#define SOURCE_TIMEOUT 15.0

/** What users of the library hold and hand to each check. */
struct mailauth_resolver {
	struct resolver *resolver;
	struct orgdomains *orgs;
	double timeout; /* seconds for one domain */
	char **servers; /* that the user gave, to be compared */
	size_t nservers;
};

/**
 * Make one around a resolver, which then belongs to it and is ended with it,
 * also when memory runs out. Of `options` the timeout and the servers are
 * taken.
 * @return to be given to mailauth_resolver_free(); NULL when memory ran out
 */
struct mailauth_resolver *
source_new(struct resolver *r, const struct mailauth_options *options);

#endif /* DNS_SOURCE_H */
