/*
 * addr.h - IP addresses: text, ranges, and what they are reserved for
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/writer.h"

/** An address; an IPv4 address is in the first 4 octets. */
struct addr {
	uint8_t family; /* 4 or 6; 0: none */
	uint8_t octet[16];
};

/** Where an address can be used. */
enum addr_scope {
	ADDR_GLOBAL,
	ADDR_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637 */
	ADDR_NONPUBLIC, /* IANA special registries: not globally reachable */
};

/** Number of bits of an address of this family: 32 or 128. */
static inline unsigned
addr_bits(const struct addr *a)
{
	return a->family == 4 ? 32 : 128;
}

/** Four decimal numbers 0..255 without leading zeros, nothing else. */
bool addr_parse4(struct mailauth_str s, struct addr *out);
/** RFC 4291 2.2 text, an IPv4 tail included; no brackets, no zone. */
bool addr_parse6(struct mailauth_str s, struct addr *out);
/** Either of the two. */
bool addr_parse(struct mailauth_str s, struct addr *out);
/** From the octets of an A (4) or AAAA (16) record; false for other sizes. */
bool addr_of_rdata(const uint8_t *data, size_t len, struct addr *out);
/** Text in the RFC 5952 form. */
void put_addr(struct writer *w, const struct addr *a);
/** ::ffff:a.b.c.d becomes the IPv4 address it holds; false for others. */
bool addr_unmap(struct addr *a);
bool addr_eq(const struct addr *a, const struct addr *b);
/** The first `bits` bits of both are the same (and the family). */
bool addr_in(const struct addr *a, const struct addr *net, unsigned bits);
/** Some bit beyond the first `bits` is set. */
bool addr_has_host_bits(const struct addr *a, unsigned bits);
enum addr_scope addr_scope_of(const struct addr *a);
/** The same of a whole network of this prefix length: GLOBAL unless all of it
 * is in one block. */
enum addr_scope addr_scope_of_net(const struct addr *a, unsigned bits);
/** The reverse name, "4.3.2.1.in-addr.arpa." or its ip6.arpa kin. */
void put_addr_reverse(struct writer *w, const struct addr *a);

#endif /* BASE_ADDR_H */
