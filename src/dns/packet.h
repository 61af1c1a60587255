/*
 * packet.h - read a DNS message into an answer
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_PACKET_H
#define DNS_PACKET_H

#include "dns/resolver.h"

/** The header of a message. */
struct packet_head {
	uint8_t rcode;
	bool aa;
	bool tc;
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

#endif /* DNS_PACKET_H */
