/*
 * resolver_zones.h - a resolver that has zone files and nothing else
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_RESOLVER_ZONES_H
#define DNS_RESOLVER_ZONES_H

#include "dns/zonefiles.h"

/**
 * Answer from these zones, without any network and without DNSSEC.
 * @param files is owned by the resolver, also when memory ran out
 * @param no_dnssec nobody asked for a proof
 * @return NULL when memory ran out
 */
struct resolver *zones_resolver_new(struct zonefiles *files, bool no_dnssec);

#endif /* DNS_RESOLVER_ZONES_H */
