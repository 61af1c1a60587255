/*
 * hash.h - a keyed 64-bit hash that identifies contents
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The hash multiplies to 128 bits and folds the halves. Each process draws a
 * random key, so that nobody outside can construct two contents with one hash.
 * The threads of the resolver compute it for each reply: it must be fast.
 */
#ifndef LOG_HASH_H
#define LOG_HASH_H

#include <string.h>

#include "mailauth/types.h"

/** The secret of a process: `start` is the initial state, `a` and `b` go into
 * each product. An initial state of `a` or `b` would cancel that secret in the
 * first product and leave a factor that an attacker knows. */
struct hash_key {
	uint64_t a, b, start;
};

__extension__ typedef unsigned __int128 hash_wide;

/** Multiply to 128 bits and XOR the halves. */
static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	hash_wide product = (hash_wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t
hash_load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/** Pack fewer than 8 octets into one number; each octet counts. The number of
 * octets does not: callers mix it in. */
static inline uint64_t
hash_short(const uint8_t *p, size_t n)
{
	uint32_t a, b;

	if (n >= 4) {
		memcpy(&a, p, sizeof(a));
		memcpy(&b, p + n - 4, sizeof(b));
		return (uint64_t)a << 32 | b;
	}
	return n == 0 ?
	    0 :
	    (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
}

/** Hash `n` octets on top of the state `h`. */
static inline uint64_t
hash_bytes(const struct hash_key *key, uint64_t h, const uint8_t *p, size_t n)
{
	h ^= n;
	if (n < 8)
		return hash_mix(hash_short(p, n) ^ key->a, h ^ key->b);
	if (n < 16)
		return hash_mix(hash_load(p) ^ key->a,
		    hash_load(p + n - 8) ^ h ^ key->b);
	if (n > 64) {
		/* Two independent states keep two multipliers busy. */
		uint64_t g = hash_mix(h ^ key->b, key->a);

		for (; n > 32; n -= 32, p += 32) {
			h = hash_mix(hash_load(p) ^ key->a,
			    hash_load(p + 8) ^ h ^ key->b);
			g = hash_mix(hash_load(p + 16) ^ key->a,
			    hash_load(p + 24) ^ g ^ key->b);
		}
		h = hash_mix(h ^ key->a, g ^ key->b);
	}
	for (; n > 16; n -= 16, p += 16)
		h = hash_mix(hash_load(p) ^ key->a,
		    hash_load(p + 8) ^ h ^ key->b);
	/* The last 16 octets; some of them may be hashed twice. */
	return hash_mix(hash_load(p + n - 16) ^ key->a,
	    hash_load(p + n - 8) ^ h ^ key->b);
}

/** Fold 8 octets to lower case (ASCII). Bit 7 of an octet of `from` is set from
 * 'A' up, that of `above` beyond 'Z': `upper` marks the capital letters with
 * bit 7, and that shifted right by 2 is the case bit 0x20. */
static inline uint64_t
hash_fold(uint64_t v)
{
	uint64_t low = v & 0x7f7f7f7f7f7f7f7fu;
	uint64_t above = low + 0x2525252525252525u; /* 0x80 - ('Z' + 1) */
	uint64_t from = low + 0x3f3f3f3f3f3f3f3fu; /* 0x80 - 'A' */
	uint64_t upper = ~v & (from ^ above) & 0x8080808080808080u;

	return v | upper >> 2;
}

/** Hash a name in wire format, case ignored. Folding leaves the length octets
 * alone: they are at most 63, less than 'A'. */
static inline uint64_t
hash_name(const struct hash_key *key, uint64_t h, const uint8_t *p, size_t n)
{
	h ^= n;
	if (n < 8)
		return hash_mix(hash_fold(hash_short(p, n)) ^ key->b,
		    h ^ key->a);
	for (; n > 16; n -= 16, p += 16)
		h = hash_mix(hash_fold(hash_load(p)) ^ key->a,
		    hash_fold(hash_load(p + 8)) ^ h ^ key->b);
	if (n > 8)
		h = hash_mix(hash_fold(hash_load(p)) ^ key->a, h ^ key->b);
	return hash_mix(hash_fold(hash_load(p + n - 8)) ^ key->b, h ^ key->a);
}

#endif /* LOG_HASH_H */
