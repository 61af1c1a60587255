/*
 * keyfile.c - read and make the DKIM keys of a signer
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Of a private key only the public half leaves this room; mailauth_key_make()
 * writes the private key to its file. The text of a key file is wiped after
 * use.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/passphrase.h"
#include "base/str.h"
#include "base/use.h"
#include "settings/settings.h"
#include "sys/file.h"
#include "sys/tempfile.h"

/* Bits of new RSA keys: every verifier supports them (RFC 8301 3.2), and the
 * record fits an answer over UDP. */
#define MADE_BITS 2048
/* Octets of a file with one key. */
#define KEY_FILE_MAX 65536

const char *
read_whole(struct arena *a, const char *file, size_t max,
    struct mailauth_str *out)
{
	switch (file_read(file, max, a, out)) {
	case FILE_NOT_OPENED: return strerror(errno);
	case FILE_NOT_READ:
		return errno == EISDIR ? "it is a directory" :
		                         "it cannot be read";
	case FILE_LONGER:
		/* The octets that were read may be a private key. */
		OPENSSL_cleanse((void *)(uintptr_t)out->s, out->n);
		return "it is too large";
	case FILE_NO_MEMORY: return "memory ran out";
	default: return NULL;
	}
}

/* Write the key as SubjectPublicKeyInfo in DER, in `a`. */
static const char *
keep(struct arena *a, const struct key *key, struct mailauth_str *out)
{
	/* SEQUENCE { SEQUENCE { OID Ed25519 }, BIT STRING } (RFC 8410 4). */
	static const char ed25519[] =
	    "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21";
	struct writer w = arena_writer(a);

	if (key->point != NULL) {
		/* The string's NUL is the octet that counts the unused bits. */
		put_bytes(&w, ed25519, sizeof(ed25519));
		put_bytes(&w, (const char *)key->point, 32);
	} else if (!put_key_spki(&w, key)) {
		return "it is not an RSA or Ed25519 key";
	}
	if (w.full)
		return "memory ran out";
	*out = writer_str(&w);
	return NULL;
}

/* Keep a public key in any binary form; a private key is refused here. */
static const char *
keep_octets(struct arena *a, struct mailauth_str octets,
    struct mailauth_str *out)
{
	struct key key;

	key_decode((const uint8_t *)octets.s, octets.n, &key);
	/* 32 octets are an Ed25519 key as DKIM publishes it (RFC 8463 4.2). */
	if (octets.n == 32)
		key.point = (const uint8_t *)octets.s;
	if (key.form == KEY_PRIVATE)
		return "it is a private key, and not in PEM";
	if (key.form == KEY_TRUNCATED)
		return "the key is cut off";
	if (key.form == KEY_CERTIFICATE)
		return "it is a certificate and no key";
	return keep(a, &key, out);
}

/* Read base64 without any header. */
static const char *
of_base64(struct arena *a, struct mailauth_str text, struct mailauth_str *out)
{
	uint8_t *room = arena_alloc(a, text.n + 1);
	size_t n;

	if (room == NULL)
		return "memory ran out";
	if ((base64_decode(text, room, &n, NULL) & BASE64_BAD) != 0 || n == 0)
		return "there is no key in it that can be read";
	return keep_octets(a, (struct mailauth_str){ (const char *)room, n },
	    out);
}

/* Read a private or public key in PEM. libcrypto knows the labels. `locked` is
 * set when the key needs a passphrase. NULL when no key can be read. */
static EVP_PKEY *
read_pem(struct mailauth_str text, bool *locked)
{
	EVP_PKEY *key = NULL;
	BIO *bio = BIO_new_mem_buf(text.s, (int)text.n);

	if (bio == NULL)
		return NULL;
	ERR_set_mark();
	key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (key == NULL) {
		(void)BIO_reset(bio);
		key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	}
	*locked = key == NULL && str_ifind(text, STR("ENCRYPTED")) < text.n;
	ERR_pop_to_mark();
	BIO_free(bio);
	return key;
}

/* libcrypto does not say whether a key or memory was at fault: when it cannot
 * read or write the key twice, it must be able to do so with this one (RFC 8410
 * 10.1). */
static bool
has_memory(void)
{
	static const struct mailauth_str sound = STR_INIT(
	    "-----BEGIN PUBLIC KEY-----\n"
	    "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
	    "-----END PUBLIC KEY-----\n");
	unsigned char *der = NULL;
	bool locked;
	EVP_PKEY *key = read_pem(sound, &locked);
	bool good = key != NULL && i2d_PUBKEY(key, &der) > 0;

	OPENSSL_free(der);
	EVP_PKEY_free(key);
	return good;
}

static EVP_PKEY *
pem_key(struct arena *a, struct mailauth_str text, bool *locked)
{
	EVP_PKEY *key = read_pem(text, locked);

	if (key != NULL || *locked)
		return key;
	key = read_pem(text, locked);
	a->failed = a->failed || (key == NULL && !has_memory());
	return key;
}

static const char *
of_pem(struct arena *a, struct mailauth_str text, struct mailauth_str *out)
{
	static const struct mailauth_str begin =
	    STR_INIT("-----BEGIN RSA PUBLIC KEY-----");
	size_t at = str_ifind(text, begin);
	unsigned char *der = NULL;
	const char *why;
	bool locked = false;
	EVP_PKEY *key;
	int n;

	if (at < text.n) {
		struct mailauth_str body = str_from(text, at + begin.n);

		return of_base64(a, str_sub(body, 0, str_find(body, '-')), out);
	}
	key = pem_key(a, text, &locked);
	if (key == NULL)
		return locked ? "the key is locked with a passphrase" :
		                "there is no PEM key in it that can be read";
	n = i2d_PUBKEY(key, &der);
	EVP_PKEY_free(key);
	/* A key can keep what it lacked memory for: read it anew. */
	if (n <= 0 && (key = pem_key(a, text, &locked)) != NULL) {
		n = i2d_PUBKEY(key, &der);
		EVP_PKEY_free(key);
	}
	/* A key that can be read can be written: libcrypto lacks something. */
	if (n <= 0 || der == NULL) {
		a->failed = true;
		return "its public half cannot be written out";
	}
	why = keep_octets(a,
	    (struct mailauth_str){ (const char *)der, (size_t)n }, out);
	OPENSSL_free(der);
	return why;
}

const char *
key_public(struct arena *a, struct mailauth_str text, struct mailauth_str *out)
{
	struct mailauth_str rest = text, first = str_word(&rest);

	*out = STR_NONE;
	if (str_ifind(text, STR("-----BEGIN ")) < text.n)
		return of_pem(a, text, out);
	if (str_eq(first, STR("ssh-rsa")) || str_eq(first, STR("ssh-ed25519")))
		return of_base64(a, str_word(&rest), out);
	return of_base64(a, text, out);
}

enum mailauth_status
mailauth_key_read(const char *file, uint8_t **der, size_t *len,
    char why[MAILAUTH_WHY_MAX])
{
	struct arena a = { NULL, false };
	struct mailauth_str text = STR_NONE, octets;
	const char *fault;
	enum mailauth_status status = MAILAUTH_OK;

	if (der != NULL)
		*der = NULL;
	if (len != NULL)
		*len = 0;
	if (file == NULL || der == NULL || len == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	fault = read_whole(&a, file, KEY_FILE_MAX, &text);
	if (fault == NULL)
		fault = key_public(&a, text, &octets);
	if (fault != NULL && !a.failed) {
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file, fault);
		status = MAILAUTH_EINPUT;
	} else if (a.failed || (*der = malloc(octets.n)) == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		status = MAILAUTH_ENOMEM;
	} else {
		memcpy(*der, octets.s, octets.n);
		*len = octets.n;
	}
	if (text.n > 0)
		OPENSSL_cleanse((void *)(uintptr_t)text.s, text.n);
	arena_free(&a);
	return status;
}

/* Make a key pair of type "rsa" or "ed25519"; NULL on failure. */
static EVP_PKEY *
made_key(const char *type)
{
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *key = NULL;
	bool rsa = strcmp(type, "rsa") == 0;

	ctx = EVP_PKEY_CTX_new_id(rsa ? EVP_PKEY_RSA : EVP_PKEY_ED25519, NULL);
	if (ctx == NULL)
		return NULL;
	if (EVP_PKEY_keygen_init(ctx) > 0 &&
	    (!rsa || EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, MADE_BITS) > 0) &&
	    EVP_PKEY_keygen(ctx, &key) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Write a private key to a new file, mode 0600, which appears as a whole; an
 * existing file is never touched. */
static bool
write_key(const char *file, EVP_PKEY *key, char *why)
{
	struct newfile n;
	bool good;

	if (!newfile_begin(&n, file, 0600)) {
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file,
		    errno == EEXIST ? "it is there already" : strerror(errno));
		return false;
	}
	/* Set the mode before the key is written, whatever the umask is. */
	good = fchmod(fileno(n.f), 0600) == 0 &&
	    PEM_write_PrivateKey(n.f, key, NULL, NULL, 0, NULL, NULL) == 1;
	good = newfile_end(&n, file, good);
	if (!good)
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: it cannot be written",
		    file);
	return good;
}

enum mailauth_status
mailauth_key_make(const char *type, const char *file,
    char why[MAILAUTH_WHY_MAX])
{
	EVP_PKEY *key;
	bool good;

	if (type == NULL || file == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	if (strcmp(type, "rsa") != 0 && strcmp(type, "ed25519") != 0) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "%.40s: there is no such key type: rsa, ed25519", type);
		return MAILAUTH_EUSE;
	}
	ERR_set_mark();
	key = made_key(type);
	ERR_pop_to_mark();
	if (key == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "the key cannot be made");
		return MAILAUTH_ESYSTEM;
	}
	good = write_key(file, key, why);
	EVP_PKEY_free(key);
	return good ? MAILAUTH_OK : MAILAUTH_ESYSTEM;
}
