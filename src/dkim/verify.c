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
		    "the key is no Ed25519 key";
	if (k->type != KEY_RSA ||
	    (k->form != KEY_SPKI && k->form != KEY_PKCS1) || k->negative)
		return "the key is no RSA key";
	if (key_bits(k) < RSA_BITS_MIN)
		return "the RSA key has fewer than 1024 bits";
	if (key_bits(k) > RSA_BITS_MAX)
		return "the RSA key has more than 16384 bits";
	if (k->exponent_len > EXPONENT_MAX && key_bits(k) > EXPONENT_BITS)
		return "the exponent of the RSA key is too large to compute";
	return NULL;
}

/* The key for libcrypto; NULL when libcrypto refuses it. The caller frees
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
	uint8_t opened[DKIM_KEY_MAX];
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

/* Verify `header` with the key. `b` holds a signature as long as the longest
 * RSA modulus; a longer one cannot verify. */
static enum dkim_result
verify_with(const struct dkim_sig *sig, const struct key *k,
    const uint8_t header[DKIM_HASH], enum dkim_signer *signer)
{
	uint8_t b[DKIM_KEY_MAX];
	enum dkim_result result;
	EVP_PKEY *key;
	size_t n;

	if (sig->b.n * 3 / 4 > sizeof(b) ||
	    (base64_decode(sig->b, b, &n, NULL) & BASE64_BAD) != 0)
		return DKIM_MISMATCH;
	ERR_set_mark();
	key = make_key(k);
	if (key == NULL)
		result = DKIM_KEY_UNFIT;
	else if (k->point != NULL)
		result = verify_ed25519(key, b, n, header);
	else
		result = verify_rsa(key, b, n, header, signer);
	EVP_PKEY_free(key);
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
		[DKIM_NO_MEMORY] = MAILAUTH_F_NONE,
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
	if (result == DKIM_KEY_UNFIT)
		return verdict_of(result, "the key cannot be computed with");
	if (result != DKIM_VERIFIED) {
		struct dkim_verdict v = verdict_of(result, "");

		v.signer = signer;
		if (v.signer == DKIM_SIGNER_SAME)
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
