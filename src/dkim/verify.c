/*
 * verify.c - verify a DKIM signature against a key record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Key checks come first, then the signature over the header, then the body
 * hash. The header decides before the body, since only a signature that
 * verifies shows that bh= is the signer's.
 */
#include "dkim/verify.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/base64.h"
#include "record/dkim.h"

/* RFC 8301 3.2: verifiers must not accept smaller keys. */
#define RSA_BITS_MIN 1024
/* libcrypto refuses a longer modulus. */
#define RSA_BITS_MAX OPENSSL_RSA_MAX_MODULUS_BITS
/* Octets of a signature in base64 with its blanks; a thread may have a small
 * stack. */
#define SIGNATURE_MAX 8192
/* libcrypto refuses a longer exponent for a modulus of more than EXPONENT_BITS.
 * Such keys are refused here, with a reason. */
#define EXPONENT_MAX  (OPENSSL_RSA_MAX_PUBEXP_BITS / 8)
#define EXPONENT_BITS OPENSSL_RSA_SMALL_MODULUS_BITS

/* Why the key must not be used for the signature; NULL when it may. */
static const char *
unfit(const struct dkim_sig *sig, const struct key *k,
    const struct dkim_terms *terms, bool ed25519)
{
	if (!terms->email)
		return "the key is not for mail (s=)";
	if (!terms->sha256)
		return "the key is not for SHA-256 (h=)";
	if ((sig->algorithm == DKIM_ED25519_SHA256) != ed25519)
		return "the key is of another type (k=) than the signature (a=)";
	if (ed25519)
		return k->form == KEY_RAW && k->point != NULL ?
		    NULL :
		    "the key is not an Ed25519 key";
	if (k->type != KEY_RSA ||
	    (k->form != KEY_SPKI && k->form != KEY_PKCS1) || k->negative)
		return "the key is not an RSA key";
	if (key_bits(k) < RSA_BITS_MIN)
		return "the RSA key has fewer than 1024 bits";
	if (key_bits(k) > RSA_BITS_MAX)
		return "the RSA key has more than 16384 bits";
	if (k->exponent_len > EXPONENT_MAX && key_bits(k) > EXPONENT_BITS)
		return "the exponent of the RSA key is too large to compute";
	return NULL;
}

/* The key for libcrypto; NULL when libcrypto cannot make it. The caller frees
 * it. */
static EVP_PKEY *
make_key(const struct key *k)
{
	char room[KEY_SPKI_MAX];
	struct writer w = writer_of(room, sizeof(room));
	const unsigned char *p = (const unsigned char *)room;

	if (k->point != NULL)
		return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
		    k->point, 32);
	return put_key_spki(&w, k) ? d2i_PUBKEY(NULL, &p, (long)w.used) : NULL;
}

/* Try to open a signature that does not verify: its PKCS#1 padding is intact
 * only under the key of its maker. */
static enum dkim_signer
signer_of(EVP_PKEY_CTX *ctx, const uint8_t *b, size_t n)
{
	uint8_t opened[RSA_BITS_MAX / 8];
	size_t len = sizeof(opened);

	if (EVP_PKEY_verify_recover_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1)
		return DKIM_SIGNER_UNKNOWN;
	return EVP_PKEY_verify_recover(ctx, opened, &len, b, n) == 1 ?
	    DKIM_SIGNER_SAME :
	    DKIM_SIGNER_OTHER;
}

static enum dkim_result
verify_rsa(EVP_PKEY *key, const uint8_t *b, size_t n,
    const uint8_t header[DKIM_HASH], enum dkim_signer *signer)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	enum dkim_result result = DKIM_NO_MEMORY;

	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1)
		result = EVP_PKEY_verify(ctx, b, n, header, DKIM_HASH) == 1 ?
		    DKIM_VERIFIED :
		    DKIM_MISMATCH;
	if (result == DKIM_MISMATCH)
		*signer = signer_of(ctx, b, n);
	EVP_PKEY_CTX_free(ctx);
	return result;
}

/* The message that Ed25519 signs is the SHA-256 hash (RFC 8463 3). */
static enum dkim_result
verify_ed25519(EVP_PKEY *key, const uint8_t *b, size_t n,
    const uint8_t header[DKIM_HASH])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	enum dkim_result result = DKIM_NO_MEMORY;

	if (ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1)
		result = EVP_DigestVerify(ctx, b, n, header, DKIM_HASH) == 1 ?
		    DKIM_VERIFIED :
		    DKIM_MISMATCH;
	EVP_MD_CTX_free(ctx);
	return result;
}

/* One try. A mismatch of RSA counts only when signer_of() could ask libcrypto
 * about the signer: if it could not, libcrypto may have lacked memory for the
 * comparison too. */
static enum dkim_result
verify_once(const struct key *k, const uint8_t *b, size_t n,
    const uint8_t header[DKIM_HASH], enum dkim_signer *signer)
{
	enum dkim_result result;
	EVP_PKEY *key = make_key(k);

	*signer = DKIM_SIGNER_UNKNOWN;
	/* unfit() has refused what libcrypto does not take. */
	if (key == NULL)
		result = DKIM_NO_MEMORY;
	else if (k->point != NULL)
		result = verify_ed25519(key, b, n, header);
	else
		result = verify_rsa(key, b, n, header, signer);
	EVP_PKEY_free(key);
	return k->point == NULL && result == DKIM_MISMATCH &&
	        *signer == DKIM_SIGNER_UNKNOWN ?
	    DKIM_NO_MEMORY :
	    result;
}

/* A key and its signature over DKIM_HASH zeros. */
static const uint8_t rsa_modulus[128] = { 0xc3, 0xf3, 0x44, 0xe2, 0x8b, 0x68,
	0xfd, 0x50, 0x32, 0xa6, 0xbb, 0x60, 0x32, 0x64, 0xdd, 0x00, 0x80, 0x4a,
	0x49, 0x29, 0xfc, 0xec, 0xd9, 0xfe, 0xfe, 0x76, 0x26, 0x99, 0x66, 0xda,
	0x14, 0x6d, 0x64, 0xd9, 0xc6, 0x83, 0xe6, 0x86, 0xc5, 0x23, 0x8a, 0x77,
	0xd2, 0x6f, 0x63, 0xe5, 0x89, 0xd4, 0x32, 0x08, 0x7d, 0xaa, 0xf5, 0x15,
	0xa2, 0xdb, 0x4b, 0x52, 0x5f, 0xaa, 0x5d, 0xbe, 0x1c, 0xe4, 0x3b, 0x08,
	0xaa, 0x2a, 0x35, 0xc4, 0x8d, 0x10, 0x25, 0x60, 0xf3, 0x08, 0xb6, 0x24,
	0x99, 0x16, 0x86, 0x33, 0x56, 0x86, 0xc1, 0x9b, 0x20, 0x8a, 0xa5, 0x60,
	0x56, 0x92, 0xc4, 0xe1, 0x06, 0x6d, 0x26, 0xe6, 0xd3, 0xa9, 0x5e, 0x2c,
	0x46, 0x56, 0xa6, 0xf8, 0x0b, 0x3d, 0x48, 0xfb, 0x92, 0x26, 0x36, 0x7a,
	0x60, 0xe6, 0x4b, 0xea, 0x3f, 0x63, 0x67, 0xc3, 0xe6, 0xcd, 0x4d, 0x7f,
	0x91, 0xf9 };
static const uint8_t rsa_signature[128] = { 0x2a, 0xbf, 0x72, 0xc1, 0x64, 0x12,
	0x90, 0x8b, 0xb8, 0x3e, 0xe9, 0x21, 0x3f, 0xac, 0x44, 0xbf, 0xac, 0x90,
	0x5e, 0x08, 0x5a, 0xf4, 0x71, 0x3a, 0x29, 0xbf, 0x4d, 0x07, 0xad, 0xa4,
	0x91, 0xc9, 0x16, 0x33, 0xcd, 0x1f, 0xa0, 0x8d, 0x76, 0xcd, 0xc9, 0x5d,
	0xd9, 0x0f, 0x15, 0x02, 0xd4, 0xcb, 0xba, 0xa2, 0x9d, 0xbc, 0x14, 0xb6,
	0x35, 0x64, 0x45, 0xf9, 0x02, 0xf1, 0xc6, 0x80, 0x7d, 0xe7, 0x76, 0x35,
	0xa8, 0x85, 0x4b, 0x99, 0xb1, 0xc8, 0x2c, 0xe2, 0xfc, 0x16, 0x11, 0xe6,
	0xa5, 0x8a, 0xda, 0x9a, 0x51, 0x04, 0xdc, 0xc7, 0xe6, 0x7c, 0x6e, 0xd0,
	0xf9, 0xac, 0xd9, 0x49, 0x81, 0xf5, 0x9a, 0xf5, 0x95, 0xe7, 0xc0, 0xe5,
	0x28, 0xb4, 0x91, 0xdd, 0x8b, 0x10, 0x35, 0xe9, 0x1b, 0xd8, 0x41, 0x0a,
	0xe7, 0xdf, 0x6a, 0x0b, 0x66, 0x08, 0x79, 0x41, 0x6d, 0x89, 0x57, 0xc6,
	0x15, 0xb7 };
static const uint8_t ed25519_point[32] = { 0x2e, 0x3a, 0xfb, 0x35, 0x7c, 0xb3,
	0x32, 0xcd, 0xf8, 0xd4, 0x22, 0x51, 0x19, 0x25, 0xd7, 0x72, 0xb6, 0x03,
	0x92, 0x27, 0x70, 0xc3, 0xbb, 0xd2, 0xe4, 0x19, 0x11, 0x3f, 0xd6, 0xcd,
	0xf9, 0x5c };
static const uint8_t ed25519_signature[64] = { 0xe5, 0xca, 0xc3, 0xc5, 0x7f,
	0xc6, 0x9b, 0xd4, 0xd1, 0x2b, 0x8f, 0xfa, 0x73, 0xce, 0x12, 0x2a, 0xae,
	0xe8, 0xf1, 0xf8, 0xf9, 0x35, 0x5c, 0x95, 0x4d, 0x4c, 0xe4, 0x45, 0xa7,
	0x38, 0x6c, 0x9f, 0x35, 0x3c, 0x2a, 0x2c, 0x4a, 0x8e, 0x10, 0xb7, 0x8e,
	0xb1, 0x40, 0x69, 0x96, 0x1a, 0x6c, 0x74, 0xef, 0x4d, 0x23, 0x4a, 0x0e,
	0x1b, 0x80, 0x8b, 0x71, 0xb5, 0x1f, 0x78, 0x5e, 0x10, 0xfe, 0x0f };

/* libcrypto verifies what is known to be right. It does not say whether a
 * signature is wrong, or whether it had no memory to compute with. */
static bool
libcrypto_works(bool ed25519)
{
	static const uint8_t zeros[DKIM_HASH], exponent[] = { 1, 0, 1 };
	const struct key rsa = { .type = KEY_RSA,
		.form = KEY_SPKI,
		.modulus = rsa_modulus,
		.modulus_len = sizeof(rsa_modulus),
		.exponent = exponent,
		.exponent_len = sizeof(exponent) };
	const struct key point = { .form = KEY_RAW, .point = ed25519_point };
	enum dkim_signer signer;

	return ed25519 ?
	    verify_once(&point, ed25519_signature, sizeof(ed25519_signature),
	        zeros, &signer) == DKIM_VERIFIED :
	    verify_once(&rsa, rsa_signature, sizeof(rsa_signature), zeros,
	        &signer) == DKIM_VERIFIED;
}

/* Verify `header` with the key. `b` holds a signature longer than the longest
 * RSA modulus; what does not fit cannot verify. */
static enum dkim_result
verify_with(const struct dkim_sig *sig, const struct key *k,
    const uint8_t header[DKIM_HASH], enum dkim_signer *signer)
{
	uint8_t b[SIGNATURE_MAX];
	enum dkim_signer before;
	enum dkim_result result, again;
	bool works;
	size_t n;

	if (sig->b.n * 3 / 4 > sizeof(b) ||
	    (base64_decode(sig->b, b, &n, NULL) & BASE64_BAD) != 0)
		return DKIM_MISMATCH;
	ERR_set_mark();
	result = verify_once(k, b, n, header, signer);
	if (result != DKIM_VERIFIED)
		result = verify_once(k, b, n, header, signer);
	/* What is wrong is so twice in the same way, while libcrypto finds that
	 * what is right is right. */
	if (result != DKIM_VERIFIED) {
		before = *signer;
		works = libcrypto_works(k->point != NULL);
		again = verify_once(k, b, n, header, signer);
		if (!works ||
		    (again != DKIM_VERIFIED &&
		        (again != result || *signer != before)))
			again = DKIM_NO_MEMORY;
		result = again;
	}
	ERR_pop_to_mark();
	return result;
}

static struct dkim_verdict
verdict_of(enum dkim_result result, const char *what)
{
	static const enum mailauth_finding_id ids[] = {
		[DKIM_VERIFIED] = MAILAUTH_F_SIG_OK,
		[DKIM_MISMATCH] = MAILAUTH_F_SIG_MISMATCH,
		[DKIM_BODY] = MAILAUTH_F_SIG_BODY_CHANGED,
		[DKIM_TOO_SHORT] = MAILAUTH_F_SIG_BODY_CHANGED,
		[DKIM_IDENTITY] = MAILAUTH_F_SIG_IDENTITY,
		[DKIM_KEY_UNFIT] = MAILAUTH_F_SIG_KEY_UNFIT,
		[DKIM_NO_MEMORY] = MAILAUTH_F_SIG_NOT_VERIFIED,
	};

	return (struct dkim_verdict){ .result = result,
		.id = ids[result],
		.what = what };
}

static struct dkim_verdict
verify(const struct dkim_sig *sig, const uint8_t header[DKIM_HASH],
    const struct body_hash *body, const struct mailauth_record *rec,
    const struct dkim_terms *terms)
{
	uint8_t room[DKIM_KEY_MAX];
	enum dkim_signer signer = DKIM_SIGNER_UNKNOWN;
	enum dkim_result result;
	const char *why;
	struct key key;

	if (!dkim_key(rec, room, &key))
		return verdict_of(DKIM_KEY_UNFIT, "the record has no key");
	why = unfit(sig, &key, terms, dkim_is_ed25519(rec));
	if (why != NULL)
		return verdict_of(DKIM_KEY_UNFIT, why);
	if (terms->strict && !str_ieq(sig->i_domain, sig->d))
		return verdict_of(DKIM_IDENTITY,
		    "the key is strict (t=s), and i= is below d=");
	result = verify_with(sig, &key, header, &signer);
	if (result != DKIM_VERIFIED) {
		struct dkim_verdict v = verdict_of(result, "");

		v.signer = signer;
		if (result == DKIM_MISMATCH && signer == DKIM_SIGNER_SAME)
			v.id = MAILAUTH_F_SIG_HEADER_CHANGED;
		return v;
	}
	if (body->too_short)
		return verdict_of(DKIM_TOO_SHORT,
		    "the body has fewer octets than l= says");
	return memcmp(body->hash, sig->body_hash, DKIM_HASH) == 0 ?
	    verdict_of(DKIM_VERIFIED, "") :
	    verdict_of(DKIM_BODY, "");
}

struct dkim_verdict
dkim_verify(const struct dkim_sig *sig, const uint8_t header[DKIM_HASH],
    const struct body_hash *body, const struct mailauth_record *rec)
{
	struct dkim_terms terms = dkim_terms(rec);
	struct dkim_verdict v = verify(sig, header, body, rec, &terms);

	v.testing = terms.testing;
	v.body_differs = body->too_short ||
	    memcmp(body->hash, sig->body_hash, DKIM_HASH) != 0;
	return v;
}
