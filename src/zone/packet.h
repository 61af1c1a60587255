/*
 * packet.h - a DNS message that is written set by set
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_PACKET_H
#define ZONE_PACKET_H

#include "zone/index.h"

/** Sections of a message behind the question. */
enum zone_section {
	ZONE_SECTION_ANSWER,
	ZONE_SECTION_AUTHORITY,
	ZONE_SECTION_ADDITIONAL,
	ZONE_SECTIONS
};

/** Names of a message that others may point to: a power of 2. */
#define ZONE_PACKET_NAMES 1024

/** A message that is being written. Sections come in their order. */
struct zone_packet {
	uint8_t *out;
	size_t n, max; /* octets */
	bool cut; /* a set did not fit; nothing behind it is written */
	uint16_t counts[ZONE_SECTIONS];
	uint16_t names[ZONE_PACKET_NAMES]; /* offsets, by hash; 0: free */
	size_t nnames;
};

/** A set as it is written. */
struct zone_put {
	const struct dname *owner;
	const struct zone_rrset *set;
	const uint32_t *ttl; /* of all records; NULL: their own */
	uint16_t covered; /* of RRSIG records: only those of a type; 0: all */
};

/** Begin a message with its question. `max` is at least 512. */
void zone_packet_start(struct zone_packet *p, uint8_t *out, size_t max,
    const struct dname *name, uint16_t type);
/** Write a set whole, or cut the message. */
void zone_packet_put(struct zone_packet *p, enum zone_section section,
    const struct zone_put *put);
/** Write a CNAME record that is in no set. */
void zone_packet_put_cname(struct zone_packet *p, const struct dname *owner,
    uint32_t ttl, const struct dname *target);
/** Write the header. `flags` has AA and the code, TC is set here. */
void zone_packet_end(struct zone_packet *p, uint16_t flags);

#endif /* ZONE_PACKET_H */
