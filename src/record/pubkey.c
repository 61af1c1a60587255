/*
 * pubkey.c - classifies the octets of a published key
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * ASN1_get_object() of libcrypto reads the headers of DER values and checks
 * their lengths. The tests of an RSA modulus are our own, which is faster than
 * trial division with BIGNUMs.
 */
#include "record/pubkey.h"

#include <limits.h>
/* SHA256() allocates, and what cannot be allocated would be no hash. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "base/base64.h"
#include "base/cursor.h"
#include "base/str.h"
#include "record/factor.h"

static void
hash_octets(const uint8_t *data, size_t len, uint8_t out[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX ctx;

	SHA256_Init(&ctx);
	SHA256_Update(&ctx, data, len);
	SHA256_Final(out, &ctx);
}

/* One DER value. */
struct der {
	const uint8_t *p; /* contents */
	size_t n; /* octets of the contents */
	int tag; /* of the universal class; -1: no value, or malformed */
	bool cut; /* the length exceeds the octets that are left */
	size_t whole; /* cut: octets of the whole value with its header */
};

/* Read the next value of the `*left` octets at `*p`, and move both past it. A
 * value of another class, or of indefinite length, gets V_ASN1_OTHER. */
static struct der
der_next(const uint8_t **p, size_t *left)
{
	struct der d = { NULL, 0, -1, false, 0 };
	const uint8_t *at = *p;
	long length = 0;
	int tag, class, ret;

	if (*left == 0 || *left > LONG_MAX)
		return d;
	ret = ASN1_get_object(&at, &length, &tag, &class, (long)*left);
	if (ret & 0x80) {
		d.cut = at > *p && length > (long)(*left - (size_t)(at - *p));
		if (d.cut)
			d.whole = (size_t)(at - *p) + (size_t)length;
		return d;
	}
	if ((ret & 1) != 0 || class != V_ASN1_UNIVERSAL) /* indefinite */
		tag = V_ASN1_OTHER;
	d.tag = tag;
	d.p = at;
	d.n = (size_t)length;
	*left -= (size_t)(at - *p) + d.n;
	*p = at + d.n;
	return d;
}

/* The contents of an INTEGER without leading zero octets. */
static void
number(const struct der *d, const uint8_t **p, size_t *n)
{
	size_t zeros = 0;

	while (zeros < d->n && d->p[zeros] == 0)
		zeros++;
	*p = d->p + zeros;
	*n = d->n - zeros;
}

/* Read an RSAPublicKey: SEQUENCE of two INTEGERs, and nothing else (RFC 8017
 * A.1.1). */
static bool
rsa_public(struct der seq, struct key *out)
{
	const uint8_t *p = seq.p;
	size_t left = seq.n;
	struct der n = der_next(&p, &left), e = der_next(&p, &left);

	if (n.cut || e.cut)
		out->form = KEY_TRUNCATED;
	if (n.tag != V_ASN1_INTEGER || e.tag != V_ASN1_INTEGER || n.n == 0 ||
	    e.n == 0 || left > 0)
		return false;
	number(&n, &out->modulus, &out->modulus_len);
	number(&e, &out->exponent, &out->exponent_len);
	out->negative = (n.p[0] & 0x80) != 0;
	out->type = KEY_RSA;
	return true;
}

/* The contents of the OIDs rsaEncryption, 1.2.840.113549.1.1.1, and
 * id-Ed25519, 1.3.101.112. */
static const struct {
	struct mailauth_str oid;
	enum key_type type;
} algorithms[] = {
	{ STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), KEY_RSA },
	{ STR_INIT("\x2b\x65\x70"), KEY_ED25519 },
};

/* Read a SubjectPublicKeyInfo: an algorithm with parameters, and a BIT STRING
 * whose first octet counts unused bits and is 0 (RFC 5280 4.1, RFC 8410 4). */
static void
spki(struct der algorithm, struct der bits, struct key *out)
{
	const uint8_t *p = algorithm.p;
	size_t left = algorithm.n;
	struct der oid = der_next(&p, &left), params = der_next(&p, &left);
	struct mailauth_str id = { (const char *)oid.p, oid.n };

	out->form = KEY_SPKI;
	out->type = KEY_OTHER;
	if (oid.tag != V_ASN1_OBJECT) {
		out->form = KEY_RAW;
		return;
	}
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (str_eq(id, algorithms[i].oid))
			out->type = algorithms[i].type;
	out->null_params = params.tag == V_ASN1_NULL;
	if (bits.n < 1 || bits.p[0] != 0) {
		out->form = KEY_RAW;
	} else if (out->type == KEY_ED25519 && bits.n == 33) {
		out->point = bits.p + 1;
	} else if (out->type == KEY_RSA) {
		struct der key;

		p = bits.p + 1;
		left = bits.n - 1;
		key = der_next(&p, &left);
		if (key.cut)
			out->form = KEY_TRUNCATED;
		else if (key.tag != V_ASN1_SEQUENCE || !rsa_public(key, out))
			out->form = KEY_RAW;
	}
}

/* Classify the contents of an outer SEQUENCE by the tags of its first three
 * values. */
static void
structure(struct der outer, struct key *out)
{
	const uint8_t *p = outer.p;
	size_t left = outer.n;
	struct der a = der_next(&p, &left);
	struct der b = der_next(&p, &left);
	struct der c = der_next(&p, &left);

	if (a.cut || b.cut || c.cut)
		out->form = KEY_TRUNCATED;
	else if (a.tag == V_ASN1_SEQUENCE && b.tag == V_ASN1_BIT_STRING &&
	    c.tag == -1)
		spki(a, b, out);
	else if (a.tag == V_ASN1_SEQUENCE && b.tag == V_ASN1_SEQUENCE &&
	    c.tag == V_ASN1_BIT_STRING)
		out->form = KEY_CERTIFICATE;
	else if (a.tag == V_ASN1_INTEGER && b.tag == V_ASN1_INTEGER &&
	    c.tag == V_ASN1_INTEGER)
		out->form = KEY_PRIVATE; /* PKCS #1 RSAPrivateKey, DSA */
	else if (a.tag == V_ASN1_INTEGER && b.tag == V_ASN1_SEQUENCE &&
	    c.tag == V_ASN1_OCTET_STRING)
		out->form = KEY_PRIVATE; /* PKCS #8 */
	else if (a.tag == V_ASN1_INTEGER && b.tag == V_ASN1_OCTET_STRING)
		out->form = KEY_PRIVATE; /* SEC 1 */
	else if (rsa_public(outer, out))
		out->form = KEY_PKCS1;
}

/* Read the public key blob of OpenSSH: strings with lengths of 32 bits (RFC
 * 4253 6.6, RFC 8709 4). */
static bool
openssh(struct cursor c, struct key *out)
{
	const uint8_t *name, *e, *n;
	uint32_t len = cursor_u32(&c), elen, nlen;
	struct mailauth_str type;

	name = cursor_take(&c, len);
	if (name == NULL)
		return false;
	type = (struct mailauth_str){ (const char *)name, len };
	if (str_eq(type, STR("ssh-ed25519"))) {
		nlen = cursor_u32(&c);
		n = cursor_take(&c, nlen);
		out->type = KEY_UNKNOWN;
		if (n != NULL && nlen == 32) {
			out->type = KEY_ED25519;
			out->point = n;
		}
	} else if (str_eq(type, STR("ssh-rsa"))) {
		struct der big = { .tag = V_ASN1_INTEGER };

		elen = cursor_u32(&c);
		e = cursor_take(&c, elen);
		nlen = cursor_u32(&c);
		n = cursor_take(&c, nlen);
		out->type = KEY_RSA;
		if (n != NULL) {
			big.p = e;
			big.n = elen;
			number(&big, &out->exponent, &out->exponent_len);
			big.p = n;
			big.n = nlen;
			number(&big, &out->modulus, &out->modulus_len);
			out->negative = nlen > 0 && (n[0] & 0x80) != 0;
		}
	} else {
		return false;
	}
	out->form = KEY_OPENSSH;
	out->trailing = cursor_left(&c);
	return true;
}

void
key_decode(const uint8_t *data, size_t len, struct key *out)
{
	static const char private_blob[] = "openssh-key-v1";
	const uint8_t *p = data;
	size_t left = len;
	struct der outer;

	*out = (struct key){ .form = KEY_RAW, .type = KEY_UNKNOWN };
	if (len >= sizeof(private_blob) &&
	    memcmp(data, private_blob, sizeof(private_blob)) == 0) {
		out->form = KEY_PRIVATE;
		return;
	}
	if (len == 0 || openssh(cursor_of(data, len), out) || data[0] != 0x30)
		return;
	/* libcrypto pushes an error for each malformed value: drop them. */
	ERR_set_mark();
	outer = der_next(&p, &left);
	out->whole = outer.whole;
	if (outer.cut)
		out->form = KEY_TRUNCATED;
	else if (outer.tag == V_ASN1_SEQUENCE)
		structure(outer, out);
	ERR_pop_to_mark();
	if (out->form != KEY_RAW)
		out->trailing = left;
}

unsigned
key_bits(const struct key *k)
{
	unsigned bits = (unsigned)k->modulus_len * 8;

	if (bits == 0)
		return 0;
	for (unsigned top = k->modulus[0]; (top & 0x80) == 0; top <<= 1)
		bits--;
	return bits;
}

bool
key_exponent_usual(const struct key *k)
{
	static const uint8_t f4[] = { 1, 0, 1 };

	return k->exponent_len == sizeof(f4) &&
	    memcmp(k->exponent, f4, sizeof(f4)) == 0;
}

/* Octets of a modulus at most: libcrypto refuses longer ones
 * (OPENSSL_RSA_MAX_MODULUS_BITS). */
#define MODULUS_MAX (16384 / 8)

/* A modulus as words of 64 bits, the least significant first. */
struct modulus {
	uint64_t word[MODULUS_MAX / 8];
	size_t n;
};

static void
read_modulus(const struct key *k, struct modulus *out)
{
	out->n = (k->modulus_len + 7) / 8;
	memset(out->word, 0, out->n * sizeof(out->word[0]));
	for (size_t i = 0; i < k->modulus_len; i++)
		out->word[i / 8] |= (uint64_t)k->modulus[k->modulus_len - 1 - i]
		    << i % 8 * 8;
}

/* m mod divisor, by long division with 32 bits a step. */
static uint32_t
remainder_of(const struct modulus *m, uint32_t divisor)
{
	uint64_t rest = 0;

	for (size_t i = m->n; i-- > 0;) {
		rest = (rest << 32 | m->word[i] >> 32) % divisor;
		rest = (rest << 32 | (m->word[i] & UINT32_MAX)) % divisor;
	}
	return (uint32_t)rest;
}

/* The modulus of a ROCA key (CVE-2017-15361) is a power of 65537 modulo each of
 * these primes. That holds for one of 2^27 other keys (Nemec et al. 2017). */
static bool
looks_roca(const struct modulus *m)
{
	static const uint8_t primes[] = { 11, 13, 17, 19, 37, 53, 61, 71, 73,
		79, 97, 103, 107, 109, 127, 151, 157 };

	for (size_t i = 0; i < sizeof(primes); i++) {
		uint32_t rest = remainder_of(m, primes[i]), power = 1;
		bool found = false;

		do {
			found = found || power == rest;
			power = power * 65537 % primes[i];
		} while (power != 1);
		if (!found)
			return false;
	}
	return true;
}

enum key_weakness
key_weakness(const struct key *k)
{
	struct modulus m;

	if (k->negative || k->modulus_len == 0 ||
	    k->modulus_len > MODULUS_MAX || k->exponent_len == 0 ||
	    (k->modulus[k->modulus_len - 1] & 1) == 0 ||
	    (k->exponent[k->exponent_len - 1] & 1) == 0 ||
	    (k->exponent_len == 1 && k->exponent[0] < 3))
		return KEY_UNUSABLE;
	read_modulus(k, &m);
	return small_factor(m.word, m.n) ? KEY_SMALL_FACTOR :
	    looks_roca(&m)               ? KEY_ROCA :
	                                   KEY_SOUND;
}

bool
key_is_example(const uint8_t *data, size_t len)
{
	/* SHA-256 of the moduli in RFC 6376 C and RFC 8463 A.2, and of the
	 * Ed25519 key in RFC 8463 A.2. */
	static const uint8_t known[][32] = {
		{ 0x1b, 0xe2, 0xc2, 0xe8, 0x98, 0xb8, 0xcb, 0x93, 0x58, 0x38,
		    0x45, 0x43, 0x9e, 0xb7, 0xb8, 0xdf, 0x9d, 0x47, 0x52, 0x7f,
		    0x9b, 0x77, 0x75, 0x1c, 0xfc, 0xd9, 0x6d, 0x91, 0x85, 0x1f,
		    0x4e, 0xfd },
		{ 0xfa, 0xa7, 0xf1, 0x55, 0x8c, 0x03, 0x45, 0xa1, 0x16, 0x6a,
		    0x02, 0x2f, 0x3c, 0x50, 0xfe, 0xab, 0xe8, 0x10, 0x59, 0x66,
		    0xd5, 0xd8, 0x01, 0x0d, 0x3c, 0x8d, 0x29, 0xa4, 0x62, 0x98,
		    0x6a, 0x42 },
		{ 0x21, 0xfe, 0x31, 0xdf, 0xa1, 0x54, 0xa2, 0x61, 0x62, 0x6b,
		    0xf8, 0x54, 0x04, 0x6f, 0xd2, 0x27, 0x1b, 0x7b, 0xed, 0x4b,
		    0x6a, 0xbe, 0x45, 0xaa, 0x58, 0x87, 0x7e, 0xf4, 0x7f, 0x97,
		    0x21, 0xb9 },
	};
	uint8_t digest[32];

	hash_octets(data, len, digest);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(digest, known[i], sizeof(digest)) == 0)
			return true;
	return false;
}

bool
key_ed25519_weak(const uint8_t point[32])
{
	/* The y coordinates, little-endian without the sign bit, of all points
	 * whose order divides 8. This table has 0, 1 and the two of order 8;
	 * p - 1, p and p + 1 (which are -1, 0 and 1, p = 2^255 - 19) differ
	 * only in their first octet, `low`. */
	static const uint8_t small[][32] = {
		{ 0x00 },
		{ 0x01 },
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3,
		    0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
		    0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		    0xfc, 0x05 },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		    0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		    0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		    0x03, 0x7a },
	};
	static const uint8_t low[] = { 0xec, 0xed, 0xee };
	uint8_t y[32];

	memcpy(y, point, sizeof(y));
	y[31] &= 0x7f;
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (memcmp(y, small[i], sizeof(y)) == 0)
			return true;
	for (size_t i = 1; i < 31; i++)
		if (y[i] != 0xff)
			return false;
	return y[31] == 0x7f && memchr(low, y[0], sizeof(low)) != NULL;
}

bool
key_same(const struct key *a, const struct key *b)
{
	if (a->point != NULL && b->point != NULL)
		return memcmp(a->point, b->point, 32) == 0;
	return a->modulus_len > 0 && a->modulus_len == b->modulus_len &&
	    a->exponent_len == b->exponent_len &&
	    memcmp(a->modulus, b->modulus, a->modulus_len) == 0 &&
	    memcmp(a->exponent, b->exponent, a->exponent_len) == 0;
}

/* Append the length octets of DER; `n` is below 2^16. */
static void
put_der_length(struct writer *w, size_t n)
{
	if (n >= 0x80) {
		size_t octets = n > 0xff ? 2 : 1;

		put_char(w, (char)(0x80 | octets));
		if (octets == 2)
			put_char(w, (char)(n >> 8));
	}
	put_char(w, (char)n);
}

/* Octets of a DER value with `n` octets of contents. */
static size_t
der_size(size_t n)
{
	return n + (n < 0x80 ? 2 : n <= 0xff ? 3 : 4);
}

/* Append a positive INTEGER: a zero octet precedes a set sign bit. */
static void
put_der_integer(struct writer *w, const uint8_t *p, size_t n)
{
	size_t zero = p[0] >> 7;

	put_char(w, 2);
	put_der_length(w, n + zero);
	if (zero > 0)
		put_char(w, 0);
	put_bytes(w, (const char *)p, n);
}

bool
put_key_spki(struct writer *w, const struct key *k)
{
	/* SEQUENCE { OID rsaEncryption, NULL }. The NUL that ends the string
	 * is the second octet of the NULL. */
	static const char algorithm[] =
	    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05";
	size_t n, e, seq;

	if (k->modulus_len == 0 || k->exponent_len == 0)
		return false;
	n = der_size(k->modulus_len + (k->modulus[0] >> 7));
	e = der_size(k->exponent_len + (k->exponent[0] >> 7));
	seq = der_size(n + e);
	put_char(w, 0x30);
	put_der_length(w, sizeof(algorithm) + der_size(1 + seq));
	put_bytes(w, algorithm, sizeof(algorithm));
	put_char(w, 3);
	put_der_length(w, 1 + seq);
	put_char(w, 0);
	put_char(w, 0x30);
	put_der_length(w, n + e);
	put_der_integer(w, k->modulus, k->modulus_len);
	put_der_integer(w, k->exponent, k->exponent_len);
	return !w->full;
}

bool
put_key_p(struct writer *w, const struct key *k)
{
	char room[KEY_SPKI_MAX];
	struct writer der = writer_of(room, sizeof(room));

	if (k->point != NULL) {
		put_base64(w, k->point, 32);
		return true;
	}
	if (!put_key_spki(&der, k))
		return false;
	put_base64(w, (const uint8_t *)room, der.used);
	return true;
}

void
key_fingerprint(const struct key *k, uint8_t out[32])
{
	if (k->point != NULL)
		hash_octets(k->point, 32, out);
	else
		hash_octets(k->modulus, k->modulus_len, out);
}
