/*
 * packet.h - from a DNS message to an answer
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_PACKET_H
#define DNS_PACKET_H

#include "dns/resolver.h"

/** What the header of a message says. */
struct packet_head {
	uint8_t rcode;
	bool aa;
	bool tc;
};

/**
 * Read a message into the answer of `l`, whose question it answers: outcome,
 * records at the end of the chain of aliases, chain, TTL, flags, zone,
 * signatures. The DNSSEC state is not touched. Everything is copied.
 * @return false when the message is malformed or memory ran out.
 */
bool packet_read(struct lookup *l, const uint8_t *packet, size_t len,
    struct packet_head *head);

#endif /* DNS_PACKET_H */
