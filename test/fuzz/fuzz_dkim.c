/*
 * fuzz_dkim.c - the octets of a key, and its text
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects how to read the rest: even, as octets of a key; odd,
 * as base64.
 */
#include "base/arena.h"
#include "base/base64.h"
#include "fuzz.h"
#include "record/pubkey.h"

static bool
lies_in(const uint8_t *data, size_t size, const uint8_t *part, size_t n)
{
	return part == NULL || n == 0 ||
	    (part >= data && part + n <= data + size);
}

static void
check_key(const uint8_t *data, size_t size, const struct key *k)
{
	MUST(k->trailing <= size);
	MUST(lies_in(data, size, k->modulus, k->modulus_len));
	MUST(lies_in(data, size, k->exponent, k->exponent_len));
	MUST(lies_in(data, size, k->point, 32));
	if (k->modulus_len > 0)
		MUST(k->modulus[0] != 0);
	MUST(k->point == NULL || k->type == KEY_ED25519);
	MUST(key_same(k, k) || k->type == KEY_OTHER || k->type == KEY_UNKNOWN ||
	    (k->point == NULL && k->modulus_len == 0));
}

/* The p= that put_key_p() writes is read as the same key. */
static void
round_trip(const struct key *k)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	struct key again;
	uint8_t *octets;
	size_t n;

	if (put_key_p(&w, k)) {
		octets = arena_alloc(&arena, w.used + 1);
		MUST(octets != NULL);
		MUST(base64_decode(writer_str(&w), octets, &n, NULL) == 0);
		key_decode(octets, n, &again);
		if (k->type == KEY_RSA && !k->negative && k->modulus_len > 0 &&
		    k->exponent_len > 0) {
			MUST(again.form == KEY_SPKI && again.type == KEY_RSA);
			MUST(again.trailing == 0 && key_same(k, &again));
		}
		if (k->point != NULL)
			MUST(n == 32 && memcmp(octets, k->point, 32) == 0);
	}
	arena_free(&arena);
}

static void
try_key(const uint8_t *data, size_t size)
{
	uint8_t print[32];
	struct key k;

	key_decode(data, size, &k);
	check_key(data, size, &k);
	if (k.type == KEY_RSA) {
		key_bits(&k);
		key_exponent_usual(&k);
		/* Trial division is slow; short moduli cover it enough. */
		if (k.modulus_len <= 16)
			key_weakness(&k);
	}
	if (k.point != NULL)
		key_ed25519_weak(k.point);
	key_is_example(data, size);
	key_fingerprint(&k, print);
	round_trip(&k);
}

static void
try_base64(struct mailauth_str text)
{
	struct arena arena = { NULL, false };
	uint8_t *octets = arena_alloc(&arena, text.n * 3 / 4 + 1);
	struct writer w = arena_writer(&arena);
	size_t n, m, where = 0;
	uint8_t *again;
	unsigned seen;

	MUST(octets != NULL);
	seen = base64_decode(text, octets, &n, &where);
	MUST(n <= text.n * 3 / 4);
	if (seen & BASE64_BAD)
		MUST(where <= text.n);
	put_base64(&w, octets, n);
	again = arena_alloc(&arena, w.used + 1);
	MUST(again != NULL);
	MUST(base64_decode(writer_str(&w), again, &m, NULL) == 0);
	MUST(m == n && memcmp(again, octets, n) == 0);
	if ((seen & BASE64_BAD) == 0)
		try_key(octets, n);
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 65536)
		return 0;
	if (data[0] & 1)
		try_base64(
		    (struct mailauth_str){ (const char *)data + 1, size - 1 });
	else
		try_key(data + 1, size - 1);
	return 0;
}
