/*
 * sighting.h - one reply of the resolver, as one of its threads saw it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A sighting is a head and the octets behind it, in one piece: the name of the
 * question, the targets of its aliases, the records, and the reason of a bogus
 * or failed answer. The resolver's thread writes it into a ring, and the writer
 * thread reads it there. Names are in wire format, uncompressed, in any case.
 */
#ifndef LOG_SIGHTING_H
#define LOG_SIGHTING_H

#include "mailauth/types.h"

/** Where the reply came from. */
enum source {
	SOURCE_FRESH, /* resolved for this question */
	SOURCE_CACHE,
	SOURCE_STALE, /* from the cache, past its TTL */
	SOURCE_LOCAL, /* the resolver's own data */
	SOURCE_SERVFAIL, /* the client got SERVFAIL */
	SOURCES
};

/** The bits of `flags`. */
#define SIGHTING_WILDCARD   1u /* a wildcard made it, says the RRSIG */
#define SIGHTING_DNAME      2u /* a DNAME was followed */
#define SIGHTING_NO_SOA     4u /* a denial without an SOA record of its zone */
#define SIGHTING_CD         8u /* the client set CD (RFC 4035 3.2.2) */
#define SIGHTING_PERMISSIVE 16u /* bogus, yet the client got the data */
#define SIGHTING_CUT        32u /* a limit below cut records off */
#define SIGHTING_REFERRAL   64u /* NO_SOA, and NS records */
#define SIGHTING_CLASH      128u /* NXDOMAIN, and records of the name */

/** No EDE code. */
#define EDE_NONE (-1)
/** The EDE code "DNSKEY Missing" (RFC 8914 4.10). */
#define EDE_DNSKEY_MISSING 9

/** Octets of a sighting, at most; the ring has more than twice as many. */
#define SIGHTING_MAX (160u * 1024)
/** Octets of a reason, at most. */
#define SIGHTING_WHY_MAX 500u
/** Aliases, at most; a resolver follows fewer. */
#define SIGHTING_CHAIN_MAX 32u
/** Records, at most. */
#define SIGHTING_RECORDS_MAX 8192u

/** The head. Its size is a multiple of eight. */
struct sighting {
	uint32_t size; /* octets, the head included */
	uint32_t slot; /* index into the thread's table, struct seen */
	uint32_t before; /* the slot's count when this content entered it */
	uint32_t ttl; /* seconds left; 0 for stale data */
	uint32_t first_ttl; /* seconds in the zone; `ttl` when unknown */
	uint32_t usec;
	int64_t sec; /* time of the question, since 1970 */
	uint64_t key; /* hash of the content */
	uint8_t source; /* enum source */
	uint8_t outcome; /* enum mailauth_outcome */
	uint8_t dnssec; /* enum mailauth_dnssec */
	uint8_t rcode; /* of the reply to the client */
	uint16_t flags; /* SIGHTING_ bits */
	uint16_t rrtype; /* of the question */
	int16_t ede; /* EDE code (RFC 8914) or EDE_NONE */
	uint16_t nrr; /* records: a 16-bit length in network order, RDATA */
	uint16_t why_len; /* octets of the reason */
	uint8_t name_len; /* octets of the name */
	uint8_t nchain; /* aliases followed */
	uint8_t family; /* of the client: 4, 6, or 0 when not logged */
	uint8_t prefix; /* bits of `client` kept; the others are zero */
	uint8_t client[16];
	uint8_t reserved[2];
	/* name, aliases, records, reason */
};

_Static_assert(sizeof(struct sighting) % 8 == 0, "heads stay aligned");

/** The octets behind the head: size - sizeof(struct sighting) of them. */
static inline const uint8_t *
sighting_octets(const struct sighting *s)
{
	return (const uint8_t *)(s + 1);
}

#endif /* LOG_SIGHTING_H */
