/*
 * addr.c - IP addresses: text, prefixes, special-purpose blocks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/addr.h"

#include "base/str.h"

/* Read a dotted quad at the start of `s`. Return the length of its text, or 0
 * on a fault. Leading zeros are faults: some parsers read them as octal. */
static size_t
parse_quad(struct mailauth_str s, uint8_t out[4])
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		unsigned v = 0;
		size_t start;

		if (i > 0 && (at >= s.n || s.s[at++] != '.'))
			return 0;
		start = at;
		while (at < s.n && is_digit(s.s[at]) && at - start < 3)
			v = v * 10 + (unsigned)(s.s[at++] - '0');
		if (at == start || v > 255 ||
		    (at - start > 1 && s.s[start] == '0'))
			return 0;
		out[i] = (uint8_t)v;
	}
	return at;
}

bool
addr_parse4(struct mailauth_str s, struct addr *out)
{
	uint8_t quad[4];

	if (parse_quad(s, quad) != s.n || s.n == 0)
		return false;
	out->family = 4;
	memset(out->octet, 0, sizeof(out->octet));
	memcpy(out->octet, quad, sizeof(quad));
	return true;
}

static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c = to_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `n` counts the octets written to `a`, `gap` is the octet at which "::" is
 * (SIZE_MAX without one). Each round of the loop reads one group of 16 bits or
 * the dotted quad that ends the text. At the end the octets behind the gap
 * move to the end of the address. */
bool
addr_parse6(struct mailauth_str s, struct addr *out)
{
	struct addr a = { .family = 6 };
	size_t n = 0, gap = SIZE_MAX, at = 0;

	if (s.n >= 2 && s.s[0] == ':' && s.s[1] == ':') {
		gap = 0;
		at = 2;
	}
	while (at < s.n) {
		unsigned v = 0;
		size_t start = at;
		int digit;

		if (n > 14)
			return false;
		while (at < s.n && at - start < 4 &&
		    (digit = hex_digit(s.s[at])) >= 0) {
			v = v << 4 | (unsigned)digit;
			at++;
		}
		if (at == start)
			return false;
		if (at < s.n && s.s[at] == '.' && n <= 12) {
			if (parse_quad(str_from(s, start), a.octet + n) !=
			    s.n - start)
				return false;
			n += 4;
			break;
		}
		a.octet[n++] = (uint8_t)(v >> 8);
		a.octet[n++] = (uint8_t)v;
		if (at == s.n)
			break;
		if (s.s[at++] != ':')
			return false;
		if (at < s.n && s.s[at] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = n;
			at++;
		} else if (at == s.n) {
			return false;
		}
	}
	if (gap == SIZE_MAX) {
		if (n != 16)
			return false;
	} else {
		/* "::" replaces one or more groups (RFC 4291 2.2). */
		if (n > 14)
			return false;
		memmove(a.octet + 16 - (n - gap), a.octet + gap, n - gap);
		memset(a.octet + gap, 0, 16 - n);
	}
	*out = a;
	return true;
}

bool
addr_parse(struct mailauth_str s, struct addr *out)
{
	return addr_parse4(s, out) || addr_parse6(s, out);
}

bool
addr_of_rdata(const uint8_t *data, size_t len, struct addr *out)
{
	if (len != 4 && len != 16)
		return false;
	*out = (struct addr){ .family = len == 4 ? 4 : 6 };
	memcpy(out->octet, data, len);
	return true;
}

static void
put_quad(struct writer *w, const uint8_t *o)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			put_char(w, '.');
		put_number(w, o[i]);
	}
}

/* RFC 5952 4: lower case, no leading zeros, "::" for the longest run of two or
 * more zero groups, the first of equally long runs; 5: mapped addresses end in
 * a dotted quad. */
void
put_addr(struct writer *w, const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned group[8];
	int gap = -1, run = 1;

	if (a->family == 4) {
		put_quad(w, a->octet);
		return;
	}
	for (int i = 0; i < 8; i++)
		group[i] = (unsigned)a->octet[2 * i] << 8 | a->octet[2 * i + 1];
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && group[i + n] == 0)
			n++;
		if (n > run) {
			gap = i;
			run = n;
		}
	}
	if (memcmp(a->octet, mapped, sizeof(mapped)) == 0) {
		put_text(w, "::ffff:");
		put_quad(w, a->octet + 12);
		return;
	}
	for (int i = 0; i < 8; i++) {
		bool started = false;

		if (i == gap) {
			put_text(w, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && i != gap + run)
			put_char(w, ':');
		for (int shift = 12; shift >= 0; shift -= 4) {
			unsigned digit = group[i] >> shift & 15;

			if (digit == 0 && !started && shift > 0)
				continue;
			started = true;
			put_char(w, "0123456789abcdef"[digit]);
		}
	}
}

bool
addr_in(const struct addr *a, const struct addr *net, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;

	if (a->family != net->family || bits > addr_bits(a))
		return false;
	for (size_t i = 0; i < whole; i++)
		if (a->octet[i] != net->octet[i])
			return false;
	return rest == 0 ||
	    (a->octet[whole] ^ net->octet[whole]) >> (8 - rest) == 0;
}

bool
addr_unmap(struct addr *a)
{
	static const uint8_t head[12] = { [10] = 0xff, [11] = 0xff };

	if (a->family != 6 || memcmp(a->octet, head, sizeof(head)) != 0)
		return false;
	a->family = 4;
	memmove(a->octet, a->octet + 12, 4);
	memset(a->octet + 4, 0, 12);
	return true;
}

bool
addr_eq(const struct addr *a, const struct addr *b)
{
	return addr_in(a, b, addr_bits(a));
}

bool
addr_has_host_bits(const struct addr *a, unsigned bits)
{
	size_t at = bits / 8, octets = addr_bits(a) / 8;
	unsigned rest = 0;

	if (at >= octets)
		return false;
	rest = a->octet[at] & (0xffu >> bits % 8);
	while (++at < octets)
		rest |= a->octet[at];
	return rest != 0;
}

/* The blocks of the IANA special-purpose registries (RFC 6890 and its updates),
 * multicast and the deprecated site-local block. The rows are sorted by family
 * and first octet, and a narrower block precedes the wider block around it: the
 * first row that matches decides. */
static const struct {
	struct addr net;
	uint8_t bits;
	uint8_t scope;
} special[] = {
	{ { 4, { 0 } }, 8, ADDR_NONPUBLIC }, /* this network */
	{ { 4, { 10 } }, 8, ADDR_NONPUBLIC }, /* private */
	{ { 4, { 100, 64 } }, 10, ADDR_NONPUBLIC }, /* carrier NAT */
	{ { 4, { 127 } }, 8, ADDR_NONPUBLIC }, /* loopback */
	{ { 4, { 169, 254 } }, 16, ADDR_NONPUBLIC }, /* link-local */
	{ { 4, { 172, 16 } }, 12, ADDR_NONPUBLIC }, /* private */
	{ { 4, { 192, 0, 0, 9 } }, 32, ADDR_GLOBAL }, /* PCP anycast */
	{ { 4, { 192, 0, 0, 10 } }, 32, ADDR_GLOBAL }, /* TURN anycast */
	{ { 4, { 192, 0, 0 } }, 24, ADDR_NONPUBLIC }, /* protocols */
	{ { 4, { 192, 0, 2 } }, 24, ADDR_DOCUMENTATION },
	{ { 4, { 192, 88, 99 } }, 24, ADDR_NONPUBLIC }, /* 6to4 relay */
	{ { 4, { 192, 168 } }, 16, ADDR_NONPUBLIC }, /* private */
	{ { 4, { 198, 18 } }, 15, ADDR_NONPUBLIC }, /* benchmarks */
	{ { 4, { 198, 51, 100 } }, 24, ADDR_DOCUMENTATION },
	{ { 4, { 203, 0, 113 } }, 24, ADDR_DOCUMENTATION },
	{ { 4, { 224 } }, 3, ADDR_NONPUBLIC }, /* multicast, class E */
	{ { 6, { 0 } }, 127, ADDR_NONPUBLIC }, /* unspecified, loopback */
	{ { 6, { [10] = 0xff, 0xff } }, 96, ADDR_NONPUBLIC }, /* mapped */
	{ { 6, { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 } }, 48, ADDR_NONPUBLIC },
	{ { 6, { 0x01, 0x00 } }, 64, ADDR_NONPUBLIC }, /* discard */
	{ { 6, { 0x20, 0x01, 0x0d, 0xb8 } }, 32, ADDR_DOCUMENTATION },
	{ { 6, { 0x20, 0x01, 0, 1, [15] = 1 } }, 128, ADDR_GLOBAL }, /* PCP */
	{ { 6, { 0x20, 0x01, 0, 1, [15] = 2 } }, 128, ADDR_GLOBAL }, /* TURN */
	{ { 6, { 0x20, 0x01, 0, 1, [15] = 3 } }, 128, ADDR_GLOBAL }, /* SRP */
	{ { 6, { 0x20, 0x01, 0, 3 } }, 32, ADDR_GLOBAL }, /* AMT */
	{ { 6, { 0x20, 0x01, 0, 4, 0x01, 0x12 } }, 48,
	    ADDR_GLOBAL }, /* AS112 */
	{ { 6, { 0x20, 0x01, 0, 0x20 } }, 28, ADDR_GLOBAL }, /* ORCHIDv2 */
	{ { 6, { 0x20, 0x01, 0, 0x30 } }, 28, ADDR_GLOBAL }, /* DRIP */
	{ { 6, { 0x20, 0x01, 0x00 } }, 23, ADDR_NONPUBLIC }, /* protocols */
	{ { 6, { 0x20, 0x02 } }, 16, ADDR_NONPUBLIC }, /* 6to4 */
	{ { 6, { 0x3f, 0xff } }, 20, ADDR_DOCUMENTATION },
	{ { 6, { 0x5f, 0x00 } }, 16, ADDR_NONPUBLIC }, /* SRv6 */
	{ { 6, { 0xfc, 0x00 } }, 7, ADDR_NONPUBLIC }, /* unique local */
	{ { 6, { 0xfe, 0x80 } }, 10, ADDR_NONPUBLIC }, /* link-local */
	{ { 6, { 0xfe, 0xc0 } }, 10, ADDR_NONPUBLIC }, /* site-local */
	{ { 6, { 0xff } }, 8, ADDR_NONPUBLIC }, /* multicast */
};

/* Index of the first IPv6 row. */
#define SPECIAL_6 16
#define SPECIALS  (sizeof(special) / sizeof(special[0]))

enum addr_scope
addr_scope_of(const struct addr *a)
{
	return addr_scope_of_net(a, addr_bits(a));
}

/* 64:ff9b::/96 (RFC 6052 2.1): the last 32 bits are an IPv4 address. */
static const struct addr nat64 = { 6, { 0x00, 0x64, 0xff, 0x9b } };

bool
addr_is_nat64(const struct addr *a)
{
	return addr_in(a, &nat64, 96);
}

enum addr_scope
addr_scope_of_net(const struct addr *a, unsigned bits)
{
	size_t i = a->family == 4 ? 0 : SPECIAL_6;
	size_t end = a->family == 4 ? SPECIAL_6 : SPECIALS;
	uint8_t first = a->octet[0];

	for (; i < end && special[i].net.octet[0] <= first; i++) {
		/* Cheap test before addr_in(): the first octets agree, or the
		 * row does not give all of it. */
		if (special[i].net.octet[0] != first && special[i].bits >= 8)
			continue;
		if (special[i].bits <= bits &&
		    addr_in(a, &special[i].net, special[i].bits))
			return (enum addr_scope)special[i].scope;
	}
	if (bits >= 96 && addr_is_nat64(a)) {
		struct addr inside = { .family = 4 };

		memcpy(inside.octet, a->octet + 12, 4);
		return addr_scope_of_net(&inside, bits - 96);
	}
	return ADDR_GLOBAL;
}

void
put_addr_reverse(struct writer *w, const struct addr *a)
{
	if (a->family == 4) {
		for (int i = 3; i >= 0; i--) {
			put_number(w, a->octet[i]);
			put_char(w, '.');
		}
		put_text(w, "in-addr.arpa.");
		return;
	}
	for (int i = 15; i >= 0; i--) {
		put_char(w, "0123456789abcdef"[a->octet[i] & 15]);
		put_char(w, '.');
		put_char(w, "0123456789abcdef"[a->octet[i] >> 4]);
		put_char(w, '.');
	}
	put_text(w, "ip6.arpa.");
}
