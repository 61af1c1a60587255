/*
 * pubkey.h - what the octets of a published key are
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The one place that knows libcrypto below the checker. It classifies keys
 * and shows their numbers; it verifies no signature.
 */
#ifndef RECORD_PUBKEY_H
#define RECORD_PUBKEY_H

#include "base/writer.h"

enum key_form {
	KEY_SPKI, /* SubjectPublicKeyInfo */
	KEY_PKCS1, /* RSAPublicKey */
	KEY_OPENSSH, /* the blob of an OpenSSH public key */
	KEY_PRIVATE, /* a private key in any form */
	KEY_CERTIFICATE, /* X.509 */
	KEY_TRUNCATED, /* DER that ends before its length says */
	KEY_RAW, /* none of these */
};

enum key_type {
	KEY_RSA,
	KEY_ED25519,
	KEY_OTHER, /* EC, DSA, RSASSA-PSS, ... */
	KEY_UNKNOWN, /* raw octets do not tell */
};

/** A key, borrowing from the octets it was decoded from. */
struct key {
	enum key_form form;
	enum key_type type;
	bool null_params; /* of SPKI: the parameters are NULL */
	bool negative; /* RSA: the modulus lacks its leading zero */
	size_t trailing; /* octets behind the key */
	const uint8_t *modulus; /* RSA, big-endian, no leading zeros */
	size_t modulus_len;
	const uint8_t *exponent; /* likewise */
	size_t exponent_len;
	const uint8_t *point; /* Ed25519: 32 octets; NULL when not 32 */
};

/** Classify `len` octets. Never fails: what is not known is KEY_RAW. */
void key_decode(const uint8_t *data, size_t len, struct key *out);

/** Bits of the modulus. */
unsigned key_bits(const struct key *k);

/** How an RSA key is unsound. */
enum key_weakness {
	KEY_SOUND,
	KEY_UNUSABLE, /* even, negative, zero or huge modulus; even or tiny
	               * exponent */
	KEY_SMALL_FACTOR, /* a prime below 2^16 divides the modulus */
	KEY_ROCA, /* made by the generator of CVE-2017-15361 */
};

/** Whether an RSA key can be sound; takes about 0.2 ms for one of 2048 bits. */
enum key_weakness key_weakness(const struct key *k);

/** The exponent is 65537. */
bool key_exponent_usual(const struct key *k);

/** The private half is printed in a standard (RFC 6376 C, RFC 8463 A). */
bool key_is_example(const uint8_t *data, size_t len);

/** 32 octets are an Ed25519 point of small order, or no point worth having. */
bool key_ed25519_weak(const uint8_t point[32]);

/** Both are the same public key, whatever their forms. */
bool key_same(const struct key *a, const struct key *b);

/** Room for the SubjectPublicKeyInfo of any RSA key that can be sound. */
#define KEY_SPKI_MAX 4200

/** The SubjectPublicKeyInfo of an RSA key in DER, whatever form the key had;
 * false when it is none, or does not fit. */
bool put_key_spki(struct writer *w, const struct key *k);

/** The key as the p= of DKIM wants it: SubjectPublicKeyInfo for RSA, the bare
 * 32 octets for Ed25519, in base64; false when it is neither. */
bool put_key_p(struct writer *w, const struct key *k);

/** SHA-256 of the numbers of the key, for telling keys apart. */
void key_fingerprint(const struct key *k, uint8_t out[32]);

#endif /* RECORD_PUBKEY_H */
