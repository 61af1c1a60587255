/*
 * sighting.h - one reply of the resolver, as its thread saw it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A sighting is a head and the octets behind it, in one piece: the name that
 * was asked, the targets of its aliases, the records, and why the answer is
 * bogus or failed. The resolver's thread writes it into a ring, the writer
 * thread reads it there. Names are uncompressed, of any case.
 */
#ifndef LOG_SIGHTING_H
#define LOG_SIGHTING_H

#include "mailauth/types.h"

/** How the reply came about. */
enum source {
	SOURCE_FRESH, /* resolved for this question */
	SOURCE_CACHE,
	SOURCE_STALE, /* from the cache, past its TTL */
	SOURCE_LOCAL, /* the resolver's own data */
	SOURCE_SERVFAIL, /* the client got SERVFAIL */
	SOURCES
};

#define SIGHTING_WILDCARD   1u /* the signature is that of a wildcard */
#define SIGHTING_DNAME      2u /* a DNAME was followed */
#define SIGHTING_NO_SOA     4u /* a denial without an SOA record */
#define SIGHTING_CD         8u /* the client asked for no checking */
#define SIGHTING_PERMISSIVE 16u /* bogus, yet the client got the data */
#define SIGHTING_CUT        32u /* there was more than could be kept */

/** No EDE code. */
#define EDE_NONE (-1)
/** EDE codes that say which sort of failure it was (RFC 8914 4). */
#define EDE_DNSKEY_MISSING 9

/** More octets than this of one reply are not kept. */
#define SIGHTING_MAX (160u * 1024)
/** Octets of a reason that are kept. */
#define SIGHTING_WHY_MAX 500u
/** Aliases that are kept: a resolver follows fewer. */
#define SIGHTING_CHAIN_MAX 32u
/** Records that are kept. */
#define SIGHTING_RECORDS_MAX 8192u

/** The head. Its size is a multiple of eight. */
struct sighting {
	uint32_t size; /* octets, the head included */
	uint32_t slot; /* of the thread's table of what it has seen */
	uint32_t before; /* the slot's count when this came into it */
	uint32_t ttl; /* seconds left */
	uint32_t first_ttl; /* seconds at first, where that is known */
	uint32_t usec;
	int64_t sec; /* when the question came, since 1970 */
	uint64_t key; /* of the content */
	uint8_t source; /* enum source */
	uint8_t outcome; /* enum mailauth_outcome */
	uint8_t dnssec; /* enum mailauth_dnssec */
	uint8_t rcode; /* that the client got */
	uint16_t flags;
	uint16_t rrtype; /* as asked */
	int16_t ede;
	uint16_t nrr; /* records: a length of 16 bits each, then the data */
	uint16_t why_len;
	uint8_t name_len;
	uint8_t nchain;
	uint8_t family; /* of the client: 0 (unknown or not wanted), 4 or 6 */
	uint8_t prefix; /* its octets behind this many bits are zero */
	uint8_t client[16];
	uint8_t reserved[2];
	/* name, aliases, records, reason */
};

_Static_assert(sizeof(struct sighting) % 8 == 0, "heads stay aligned");

static inline const uint8_t *
sighting_octets(const struct sighting *s)
{
	return (const uint8_t *)(s + 1);
}

#endif /* LOG_SIGHTING_H */
