/*
 * hash.h - telling contents apart, on the resolver's threads
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A keyed hash by folded 64-bit multiplication. The key is drawn anew in each
 * process, so nobody can make two contents that are taken for one.
 */
#ifndef LOG_HASH_H
#define LOG_HASH_H

#include <string.h>

#include "mailauth/types.h"

/** Secret of one process: what a hash begins with, and is mixed with. One that
 * began with `a` or `b` would leave factors that are known. */
struct hash_key {
	uint64_t a, b, start;
};

__extension__ typedef unsigned __int128 hash_wide;

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

/** Fewer than eight octets, each of them in it. */
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

/** Octets as they are. */
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
		/* Two at once: they do not wait for each other. */
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
	/* The last sixteen, some of them perhaps again. */
	return hash_mix(hash_load(p + n - 16) ^ key->a,
	    hash_load(p + n - 8) ^ h ^ key->b);
}

/** Eight octets with ASCII letters in lower case. */
static inline uint64_t
hash_fold(uint64_t v)
{
	uint64_t low = v & 0x7f7f7f7f7f7f7f7fu;
	uint64_t above = low + 0x2525252525252525u; /* beyond 'Z' */
	uint64_t from = low + 0x3f3f3f3f3f3f3f3fu; /* 'A' and beyond */
	uint64_t upper = ~v & (from ^ above) & 0x8080808080808080u;

	return v | upper >> 2;
}

/** A name on the wire, without regard to case: its lengths are no letters. */
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
