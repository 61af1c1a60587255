/*
 * pubkey.h - classifies the octets of a published key
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Only this file of the room uses libcrypto. It classifies keys, exposes and
 * tests their numbers, and encodes them; it verifies no signature.
 */
#ifndef RECORD_PUBKEY_H
#define RECORD_PUBKEY_H

#include "base/writer.h"

/** The encoding of a key. */
enum key_form {
	KEY_SPKI, /* SubjectPublicKeyInfo (RFC 5280 4.1) */
	KEY_PKCS1, /* RSAPublicKey (RFC 8017 A.1.1) */
	KEY_OPENSSH, /* the blob of an OpenSSH public key (RFC 4253 6.6) */
	KEY_PRIVATE, /* a private key in any form */
	KEY_CERTIFICATE, /* X.509 (RFC 5280) */
	KEY_TRUNCATED, /* DER that is shorter than its length */
	KEY_RAW, /* any other octets */
};

/** The algorithm of a key. */
enum key_type {
	KEY_RSA,
	KEY_ED25519,
	KEY_OTHER, /* EC, DSA, RSASSA-PSS, ... */
	KEY_UNKNOWN, /* the form does not show it */
};

/** A decoded key. It borrows from the octets that were decoded. */
struct key {
	enum key_form form;
	enum key_type type;
	bool null_params; /* SPKI: the algorithm has NULL parameters */
	bool negative; /* RSA: the modulus lacks its leading zero octet */
	size_t trailing; /* number of octets behind the key */
	size_t whole; /* TRUNCATED: octets that the key should have, by its
	               * header; 0 when that does not tell */
	const uint8_t *modulus; /* RSA, big-endian, no leading zeros */
	size_t modulus_len;
	const uint8_t *exponent; /* RSA, in the same form */
	size_t exponent_len;
	const uint8_t *point; /* Ed25519: 32 octets, else NULL */
};

/** Classify `len` octets. Any octets give a key: unknown ones are KEY_RAW. */
void key_decode(const uint8_t *data, size_t len, struct key *out);

/** Number of bits of the modulus; 0 for a key that is not RSA. */
unsigned key_bits(const struct key *k);

/** The weakness of an RSA key, the first that was found. */
enum key_weakness {
	KEY_SOUND, /* no weakness found */
	KEY_UNUSABLE, /* modulus even, negative, zero or beyond 16384 bits;
	               * exponent even or below 3 */
	KEY_SMALL_FACTOR, /* a prime below 2^16 divides the modulus */
	KEY_ROCA, /* made by the generator of CVE-2017-15361 */
};

/** Test an RSA key; takes about 0.05 ms for 2048 bits. */
enum key_weakness key_weakness(const struct key *k);

/** The exponent is 65537. */
bool key_exponent_usual(const struct key *k);

/** The modulus or point is that of an example in a standard, which prints the
 * private key too (RFC 6376 C, RFC 8463 A). */
bool key_is_example(const uint8_t *data, size_t len);

/** The 32 octets encode an Ed25519 point of small order, with which signatures
 * can be forged. */
bool key_ed25519_weak(const uint8_t point[32]);

/** Both are the same public key, in any form. */
bool key_same(const struct key *a, const struct key *b);

/** Octets of room for the SubjectPublicKeyInfo of any RSA key up to 16384
 * bits. */
#define KEY_SPKI_MAX 4200

/** Append an RSA key as SubjectPublicKeyInfo in DER. False when it is not an
 * RSA key, or does not fit. */
bool put_key_spki(struct writer *w, const struct key *k);

/** Append the key as DKIM's p=: base64 of the SubjectPublicKeyInfo of an RSA
 * key, or of the 32 octets of an Ed25519 key. False for any other key. */
bool put_key_p(struct writer *w, const struct key *k);

/** Compute SHA-256 of the modulus or point, to compare keys by. */
void key_fingerprint(const struct key *k, uint8_t out[32]);

#endif /* RECORD_PUBKEY_H */
