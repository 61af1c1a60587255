/*
 * chain.c - the certificates that a mail host shows, against TLSA records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "transport/chain.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/passphrase.h"
#include "base/writer.h"
#include "record/tlsa.h"

struct chain {
	X509 *cert[CHAIN_MAX];
	int n;
};

struct chain *
chain_read(struct mailauth_str pem)
{
	struct chain *chain = OPENSSL_zalloc(sizeof(*chain));
	BIO *bio = BIO_new_mem_buf(pem.s, (int)pem.n);

	while (chain != NULL && bio != NULL && chain->n < CHAIN_MAX) {
		X509 *one = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);

		if (one == NULL)
			break;
		chain->cert[chain->n++] = one;
	}
	ERR_clear_error();
	BIO_free(bio);
	if (chain != NULL && chain->n > 0)
		return chain;
	chain_free(chain);
	return NULL;
}

void
chain_free(struct chain *chain)
{
	for (int i = 0; chain != NULL && i < chain->n; i++)
		X509_free(chain->cert[i]);
	OPENSSL_free(chain);
}

/* The DER of what a selector names; to be given to OPENSSL_free(). Below 1:
 * the certificate has none. */
static int
selected(X509 *cert, uint8_t selector, unsigned char **out)
{
	*out = NULL;
	return selector == TLSA_SPKI ?
	    i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), out) :
	    i2d_X509(cert, out);
}

static bool
matches(const struct tlsa *t, X509 *cert)
{
	struct mailauth_str wanted = { (const char *)t->data.base + t->data.at,
		cursor_left(&t->data) };
	unsigned char *der, hash[EVP_MAX_MD_SIZE];
	int len = selected(cert, t->selector, &der);
	struct mailauth_str is = { (char *)der, len > 0 ? (size_t)len : 0 };
	unsigned n = 0;
	bool same;

	if (t->matching != TLSA_FULL && is.n > 0) {
		EVP_Digest(der, is.n, hash, &n,
		    t->matching == TLSA_SHA256 ? EVP_sha256() : EVP_sha512(),
		    NULL);
		is = (struct mailauth_str){ (char *)hash, n };
	}
	same = is.n > 0 && str_eq(is, wanted);
	OPENSSL_free(der);
	ERR_clear_error();
	return same;
}

static bool
has_name(const struct chain *chain, const char *const *names)
{
	for (; *names != NULL; names++)
		if (X509_check_host(chain->cert[0], *names, 0,
		        X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1)
			return true;
	return false;
}

/* Verify the chain up to `anchor`, which is trusted although it may be no
 * root. NULL, or the reason. */
static const char *
verify(const struct chain *chain, X509 *anchor)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	int error = X509_V_ERR_OUT_OF_MEM;

	for (int i = 1; others != NULL && i < chain->n; i++)
		sk_X509_push(others, chain->cert[i]);
	if (store != NULL && ctx != NULL && others != NULL &&
	    X509_STORE_add_cert(store, anchor) &&
	    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) &&
	    X509_STORE_CTX_init(ctx, store, chain->cert[0], others) &&
	    X509_STORE_CTX_set_default(ctx, "ssl_server"))
		error = X509_verify_cert(ctx) == 1 ?
		    X509_V_OK :
		    X509_STORE_CTX_get_error(ctx);
	sk_X509_free(others);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return error != X509_V_OK ? X509_verify_cert_error_string(error) : NULL;
}

static enum chain_match
match_anchor(const struct chain *chain, X509 *anchor, const char *const *names,
    const char **why)
{
	*why = verify(chain, anchor);
	if (*why != NULL)
		return CHAIN_BROKEN;
	return has_name(chain, names) ? CHAIN_MATCH : CHAIN_NAME;
}

/* The record holds a whole certificate of an authority: the host need not show
 * it (RFC 7671 5.2.2). */
static enum chain_match
match_held(const struct chain *chain, const struct tlsa *t,
    const char *const *names, const char **why)
{
	const unsigned char *p = t->data.base + t->data.at;
	X509 *anchor = d2i_X509(NULL, &p, (long)cursor_left(&t->data));
	enum chain_match match = CHAIN_OTHER;

	if (anchor != NULL)
		match = match_anchor(chain, anchor, names, why);
	/* Another authority than those of the chain. */
	if (match == CHAIN_BROKEN)
		match = CHAIN_OTHER;
	X509_free(anchor);
	ERR_clear_error();
	return match;
}

/* The record holds a whole key of an authority that the host does not show: it
 * signed a certificate of the chain. */
static enum chain_match
match_key(const struct chain *chain, const struct tlsa *t,
    const char *const *names, const char **why)
{
	const unsigned char *p = t->data.base + t->data.at;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &p, (long)cursor_left(&t->data));
	enum chain_match match = CHAIN_OTHER;

	for (int i = 0; key != NULL && match == CHAIN_OTHER && i < chain->n;
	     i++)
		if (X509_verify(chain->cert[i], key) == 1)
			match = match_anchor(chain, chain->cert[i], names, why);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return match;
}

static enum chain_match
match_authority(const struct chain *chain, const struct tlsa *t,
    const char *const *names, const char **why)
{
	for (int i = 1; i < chain->n; i++)
		if (matches(t, chain->cert[i]))
			return match_anchor(chain, chain->cert[i], names, why);
	if (t->matching != TLSA_FULL)
		return CHAIN_OTHER;
	return t->selector == TLSA_SPKI ? match_key(chain, t, names, why) :
	                                  match_held(chain, t, names, why);
}

enum chain_match
chain_match(const struct chain *chain, const struct mailauth_rdata *tlsa,
    const char *const *names, const char **why)
{
	struct tlsa t;
	enum tlsa_use use = tlsa_read(tlsa, &t);

	*why = NULL;
	if (use == TLSA_NOTHING)
		return CHAIN_NOTHING;
	if (use != TLSA_GOOD)
		return CHAIN_UNUSABLE;
	if (t.usage == TLSA_DANE_TA)
		return match_authority(chain, &t, names, why);
	return matches(&t, chain->cert[0]) ? CHAIN_MATCH : CHAIN_OTHER;
}

void
chain_tlsa(const struct chain *chain, char room[CHAIN_TLSA_TEXT])
{
	struct writer w = writer_of(room, CHAIN_TLSA_TEXT - 1);
	unsigned char *der, hash[EVP_MAX_MD_SIZE];
	int len = selected(chain->cert[0], TLSA_SPKI, &der);
	unsigned n = 0;

	put_text(&w, "3 1 1 ");
	if (len > 0)
		EVP_Digest(der, (size_t)len, hash, &n, EVP_sha256(), NULL);
	for (unsigned i = 0; i < n; i++)
		put_hex(&w, hash[i]);
	room[w.used] = '\0';
	OPENSSL_free(der);
	ERR_clear_error();
}

void
chain_subject(const struct chain *chain, char room[CHAIN_NAME_MAX])
{
	struct writer w = writer_of(room, CHAIN_NAME_MAX - 1);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long n = 0;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(chain->cert[0]), 0,
	        XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_get_mem_data(bio, &text);
	for (long i = 0; i < n; i++)
		put_untrusted(&w, (struct mailauth_str){ text + i, 1 });
	room[w.used] = '\0';
	BIO_free(bio);
	ERR_clear_error();
}
