/*
 * factor.c - small primes that divide a large number
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The primes are sieved once in a process. Each is tried, in groups of four: the
 * product of a group fits into a word. No step divides, which takes processors
 * ten times as long as to multiply.
 */
#include <threads.h>

#include "record/factor.h"

/* A group of primes. */
#define PRIMES 4

struct group {
	uint64_t inverse, product; /* product * inverse = 1 mod 2^64 */
	uint64_t rest; /* the state of divide() */
	uint64_t prime[PRIMES];
};

/* Groups to try together. A step depends on the step before it in its own
 * group, so that several groups keep the multiplier busy. */
#define GROUPS 4

/* The odd primes below LIMIT, in order; the last is repeated, until the groups
 * are full. */
#define LIMIT      65536u
#define ODD_PRIMES 6541
#define TOGETHER   (PRIMES * GROUPS)
#define ROUNDS     ((ODD_PRIMES + TOGETHER - 1) / TOGETHER)

static uint16_t primes[ROUNDS * TOGETHER];
static once_flag sieved = ONCE_FLAG_INIT;

static void
sieve(void)
{
	bool composite[LIMIT / 2] = { false }; /* [i]: 2i + 1 is */
	size_t n = 0;

	for (uint32_t i = 3; i < LIMIT; i += 2) {
		if (composite[i / 2])
			continue;
		primes[n++] = (uint16_t)i;
		for (uint32_t j = i * i; i < 256 && j < LIMIT; j += 2 * i)
			composite[j / 2] = true;
	}
	for (; n < ROUNDS * TOGETHER; n++)
		primes[n] = primes[n - 1];
}

/* The upper 64 bits of a product. */
static inline uint64_t
multiply_high(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;

	return (uint64_t)((wide)a * b >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX);
	uint64_t ab = (a >> 32) * (b & UINT32_MAX);
	uint64_t ba = (a & UINT32_MAX) * (b >> 32);
	uint64_t middle = (low >> 32) + (ab & UINT32_MAX) + (ba & UINT32_MAX);

	return (a >> 32) * (b >> 32) + (ab >> 32) + (ba >> 32) + (middle >> 32);
#endif
}

/* The inverse of an odd number modulo 2^64, by Newton's method. Each round
 * doubles the number of right bits: 3 at first, since odd * odd = 1 mod 8, and
 * 96 after five rounds. */
static inline uint64_t
inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 5; i++)
		x *= 2 - odd * x;
	return x;
}

/*
 * The number is divided by the products of GROUPS groups. This is exact
 * division from the low end (Jebelean 1993), which multiplies where long
 * division divides. Each step chooses q such that subtracting q * product makes
 * the lowest word zero; in the end number = Q * product - rest * 2^(64 n). So
 * rest is not the remainder, but an odd prime of the product divides rest
 * exactly when it divides the number.
 */
static void
divide(struct group *g, const uint64_t *word, size_t n)
{
	for (size_t k = 0; k < GROUPS; k++)
		g[k].rest = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < GROUPS; k++) {
			uint64_t take = g[k].rest;
			uint64_t q = (word[i] - take) * g[k].inverse;

			g[k].rest =
			    multiply_high(q, g[k].product) + (word[i] < take);
		}
	}
}

/* An odd number, whose inverse is `inv`, divides `n`. n * inv is the quotient
 * modulo 2^64: times the number it is n again, and only for a true quotient
 * without anything in the word above. */
static inline bool
divides(uint64_t number, uint64_t inv, uint64_t n)
{
	return multiply_high(n * inv, number) == 0;
}

/* Some prime of a group divides its rest. The inverse of a prime is that of the
 * product times the other primes. */
static bool
prime_divides(const struct group *g)
{
	const uint64_t *p = g->prime;
	uint64_t first = g->inverse * (p[2] * p[3]);
	uint64_t last = g->inverse * (p[0] * p[1]);

	return divides(p[0], first * p[1], g->rest) ||
	    divides(p[1], first * p[0], g->rest) ||
	    divides(p[2], last * p[3], g->rest) ||
	    divides(p[3], last * p[2], g->rest);
}

/* Groups of these primes. */
static void
fill(struct group *g, const uint16_t *prime)
{
	for (size_t k = 0; k < GROUPS; k++) {
		g[k].product = 1;
		for (size_t i = 0; i < PRIMES; i++) {
			g[k].prime[i] = *prime++;
			g[k].product *= g[k].prime[i];
		}
		g[k].inverse = inverse(g[k].product);
	}
}

bool
small_factor(const uint64_t *word, size_t n)
{
	call_once(&sieved, sieve);
	for (size_t at = 0; at < ROUNDS * TOGETHER; at += TOGETHER) {
		struct group g[GROUPS];

		fill(g, primes + at);
		divide(g, word, n);
		for (size_t k = 0; k < GROUPS; k++)
			if (prime_divides(&g[k]))
				return true;
	}
	return false;
}
