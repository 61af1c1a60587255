/*
 * addr.h - IP addresses: text, prefixes, special-purpose blocks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/writer.h"

/** An address. IPv4 uses the first 4 octets, and the others are zero. */
struct addr {
	uint8_t family; /* 4 or 6; 0 means no address */
	uint8_t octet[16];
};

/** Where an address is reachable. */
enum addr_scope {
	ADDR_GLOBAL, /* everywhere */
	ADDR_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637 */
	ADDR_NONPUBLIC, /* not globally reachable (IANA registries) */
};

/** Number of bits of an address of this family: 32 or 128. */
static inline unsigned
addr_bits(const struct addr *a)
{
	return a->family == 4 ? 32 : 128;
}

/** Parse IPv4 text: exactly four decimal numbers 0 to 255 without leading
 * zeros. False for any other text; `out` is then untouched. */
bool addr_parse4(struct mailauth_str s, struct addr *out);
/** Parse IPv6 text (RFC 4291 2.2), an IPv4 tail included; brackets and zone
 * identifiers are faults. False for any other text; `out` is then untouched. */
bool addr_parse6(struct mailauth_str s, struct addr *out);
/** Parse IPv4 or IPv6 text. */
bool addr_parse(struct mailauth_str s, struct addr *out);
/** Take the RDATA of an A (4 octets) or AAAA record (16 octets); false for
 * any other size. */
bool addr_of_rdata(const uint8_t *data, size_t len, struct addr *out);
/** Append the address as text, IPv6 in the form of RFC 5952. */
void put_addr(struct writer *w, const struct addr *a);
/** Turn an IPv4-mapped address, ::ffff:a.b.c.d, into the IPv4 address. False,
 * with `a` untouched, for any other address. */
bool addr_unmap(struct addr *a);
/** Both addresses have the same family and octets. */
bool addr_eq(const struct addr *a, const struct addr *b);
/** `a` is in the prefix `net`/`bits`; false when the families differ or `bits`
 * exceeds the bits of the family. */
bool addr_in(const struct addr *a, const struct addr *net, unsigned bits);
/** Some bit of `a` beyond the prefix length `bits` is set. */
bool addr_has_host_bits(const struct addr *a, unsigned bits);
/** The address is an IPv4 address behind a translator, by the well-known prefix
 * (RFC 6052 2.1). Nobody sees mail come from it. */
bool addr_is_nat64(const struct addr *a);
/** The scope of one address; of addr_is_nat64(), that of the IPv4 address. */
enum addr_scope addr_scope_of(const struct addr *a);
/** The scope of the network `a`/`bits`: ADDR_GLOBAL unless one
 * special-purpose block covers the whole network. */
enum addr_scope addr_scope_of_net(const struct addr *a, unsigned bits);
/** Append the reverse name: "4.3.2.1.in-addr.arpa." (RFC 1035 3.5), or 32
 * hexadecimal labels below "ip6.arpa." (RFC 3596 2.5). */
void put_addr_reverse(struct writer *w, const struct addr *a);

#endif /* BASE_ADDR_H */
