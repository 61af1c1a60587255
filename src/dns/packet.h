/*
 * packet.h - read a DNS message into an answer
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_PACKET_H
#define DNS_PACKET_H

#include "dns/resolver.h"

/** What an answer without records says (RFC 2308 2). */
enum denial {
	DENIAL_NONE, /* it has records */
	DENIAL_SOA, /* the SOA record of the zone proves it: types 1 and 2 */
	DENIAL_REFERRAL, /* NS without SOA: ask those servers */
	DENIAL_BARE, /* neither: type 3, or no denial at all */
};

/** The header of a message. */
struct packet_head {
	uint16_t rcode; /* with the bits of an OPT record, where there is one */
	bool aa;
	bool tc;
	enum denial denial;
};

/**
 * Read a response into the answer of `l`, whose question it answers: outcome,
 * the records at the end of the chain of aliases, the chain, TTL, flags, zone
 * and signatures. The function leaves the DNSSEC state untouched and copies all
 * data into `l->arena`.
 * @param head set also when the result is false
 * @return false when the message is malformed or memory ran out
 */
bool packet_read(struct lookup *l, const uint8_t *packet, size_t len,
    struct packet_head *head);

/** What a message of a server says of itself. */
struct packet_seen {
	uint16_t rcode; /* with the bits in its OPT record (RFC 6891 6.1.3) */
	uint16_t answers;
	bool aa;
	bool tc;
	bool proved; /* with the SOA record of a zone that holds the name */
	bool misled; /* with the SOA record of another zone */
	bool refers; /* with NS records */
};

/** Look at a whole message from a server; false unless it is a response to this
 * question that can be read to its end. */
bool packet_see(const uint8_t *packet, size_t len, struct mailauth_str name,
    uint16_t rrtype, struct packet_seen *out);

#endif /* DNS_PACKET_H */
