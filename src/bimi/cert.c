/*
 * cert.c - a mark certificate: the evidence for a logo
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/cert.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/dname.h"
#include "base/passphrase.h"
#include "bimi/logotype.h"

/* id-kp-BrandIndicatorforMessageIdentification */
#define OID_EKU "1.3.6.1.5.5.7.3.31"
/* id-pe-logotype */
#define OID_LOGOTYPE "1.3.6.1.5.5.7.1.12"
/* subject:markType (requirements for mark certificates) */
#define OID_MARK_TYPE "1.3.6.1.4.1.53087.1.13"

/* State while a certificate is read. */
struct reading {
	struct arena *arena;
	struct bimi_cert *out;
	const struct bimi_subject *subject;
	STACK_OF(X509) * chain;
	X509 *leaf; /* the first certificate */
};

static void
invalid(struct reading *r, const char *what, struct mailauth_str octets)
{
	struct bimi_faults one = { .n = 0 }, *all = &r->out->faults;

	/* bimi_fault() would only count a second reason of the same finding;
	 * here each reason gets a line of its own. */
	bimi_fault(&one, MAILAUTH_F_BIMI_CERT_INVALID, what, octets);
	if (all->n < BIMI_FAULTS_MAX)
		all->at[all->n++] = one.at[0];
}

/* The certificates of a PEM file, at most BIMI_CHAIN_MAX, up to the first that
 * cannot be read. NULL when memory ran out; the caller frees the list. */
static STACK_OF(X509) * certs_of(const struct bimi_file *file)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	BIO *bio = BIO_new_mem_buf(file->octets.s, (int)file->octets.n);
	X509 *one;

	while (list != NULL && bio != NULL &&
	    sk_X509_num(list) < BIMI_CHAIN_MAX &&
	    (one = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL)) != NULL)
		if (sk_X509_push(list, one) <= 0) {
			X509_free(one);
			break;
		}
	ERR_clear_error();
	BIO_free(bio);
	return list;
}

bool
bimi_has_cert(const struct bimi_file *file)
{
	STACK_OF(X509) *list = certs_of(file);
	bool any = list != NULL && sk_X509_num(list) > 0;

	sk_X509_pop_free(list, X509_free);
	return any;
}

/* Facts. */

static void
show_name(const X509_NAME *name, char room[BIMI_NAME_MAX])
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct writer w = writer_of(room, BIMI_NAME_MAX - 1);
	char *text = NULL;
	long n = 0;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0,
	        XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_get_mem_data(bio, &text);
	for (long i = 0; i < n; i++)
		put_untrusted(&w, (struct mailauth_str){ text + i, 1 });
	room[w.used] = '\0';
	BIO_free(bio);
}

static void
show_time(const ASN1_TIME *t, char room[21])
{
	struct tm tm;

	room[0] = '\0';
	if (ASN1_TIME_to_tm(t, &tm))
		strftime(room, 21, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
look_at_mark(struct reading *r)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(OID_MARK_TYPE, 1);
	const X509_NAME *name = X509_get_subject_name(r->leaf);
	struct writer w =
	    writer_of(r->out->mark_type, sizeof(r->out->mark_type) - 1);
	struct mailauth_str text;
	unsigned char *utf8 = NULL;
	int at, n;

	at = oid != NULL ? X509_NAME_get_index_by_OBJ(name, oid, -1) : -1;
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return;
	n = ASN1_STRING_to_UTF8(&utf8,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return;
	text = (struct mailauth_str){ (char *)utf8, (size_t)n };
	put_untrusted(&w, text);
	r->out->mark_type[w.used] = '\0';
	if (str_ieq(text, STR("Prior Use Mark")) ||
	    str_ieq(text, STR("Modified Registered Mark")) ||
	    str_ieq(text, STR("Provisional Mark")))
		bimi_fault(&r->out->faults, MAILAUTH_F_BIMI_CERT_CMC, "", text);
	OPENSSL_free(utf8);
}

/* Faults. */

static void
look_at_purpose(struct reading *r)
{
	ASN1_OBJECT *wanted = OBJ_txt2obj(OID_EKU, 1);
	EXTENDED_KEY_USAGE *list =
	    X509_get_ext_d2i(r->leaf, NID_ext_key_usage, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++)
		found = found ||
		    (wanted != NULL &&
		        OBJ_cmp(sk_ASN1_OBJECT_value(list, i), wanted) == 0);
	if (!found)
		invalid(r, "its purpose is not BIMI (extended key usage ",
		    STR(OID_EKU ")"));
	if (X509_get_extension_flags(r->leaf) & EXFLAG_CA)
		invalid(r, "it is the certificate of an authority", STR_NONE);
	EXTENDED_KEY_USAGE_free(list);
	ASN1_OBJECT_free(wanted);
}

static bool
is_named(struct mailauth_str name, struct mailauth_str wanted)
{
	if (wanted.n > 0 && wanted.s[wanted.n - 1] == '.')
		wanted.n--;
	return wanted.n > 0 && str_ieq(name, wanted);
}

static void
look_at_domain(struct reading *r)
{
	GENERAL_NAMES *list =
	    X509_get_ext_d2i(r->leaf, NID_subject_alt_name, NULL, NULL);
	const struct bimi_subject *s = r->subject;
	struct mailauth_str first = STR_NONE;
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(list) && !found; i++) {
		const GENERAL_NAME *one = sk_GENERAL_NAME_value(list, i);
		struct mailauth_str name;

		if (one->type != GEN_DNS)
			continue;
		name =
		    (struct mailauth_str){ (const char *)ASN1_STRING_get0_data(
			                       one->d.dNSName),
			    (size_t)ASN1_STRING_length(one->d.dNSName) };
		found = is_named(name, s->domain) || is_named(name, s->org) ||
		    is_named(name, s->owner) || is_named(name, s->org_owner);
		if (first.n == 0)
			first = name;
	}
	if (!found)
		bimi_fault(&r->out->faults, MAILAUTH_F_BIMI_CERT_DOMAIN,
		    first.n > 0 ? "it is for " : "it is for no domain", first);
	GENERAL_NAMES_free(list);
}

/* Verify the chain against the roots. Without roots the last certificate of the
 * file is trusted (PARTIAL_CHAIN), which shows only that the chain is
 * consistent: BIMI_CHAIN_OPEN. libcrypto bounds the depth, and certs_of() the
 * number of certificates. */
static void
look_at_chain(struct reading *r, STACK_OF(X509) * roots)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int last = sk_X509_num(r->chain) - 1, error = X509_V_ERR_UNSPECIFIED;

	for (int i = 0; store != NULL && i < sk_X509_num(roots); i++)
		X509_STORE_add_cert(store, sk_X509_value(roots, i));
	if (store != NULL && roots == NULL) {
		X509_STORE_add_cert(store, sk_X509_value(r->chain, last));
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	}
	if (ctx != NULL && store != NULL &&
	    X509_STORE_CTX_init(ctx, store, r->leaf, r->chain)) {
		error = X509_verify_cert(ctx) == 1 ?
		    X509_V_OK :
		    X509_STORE_CTX_get_error(ctx);
		if (error != X509_V_OK)
			invalid(r, "its chain: ",
			    str_of(X509_verify_cert_error_string(error)));
	}
	r->out->chain = error != X509_V_OK ? BIMI_CHAIN_BROKEN :
	    roots == NULL                  ? BIMI_CHAIN_OPEN :
	                                     BIMI_CHAIN_ROOTED;
	if (r->out->chain == BIMI_CHAIN_OPEN)
		bimi_fault(&r->out->faults, MAILAUTH_F_BIMI_CERT_UNANCHORED, "",
		    STR_NONE);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
}

/* The logo. */

static bool
hash_is(const struct logotype *logo, struct mailauth_str octets)
{
	const EVP_MD *md = logo->algorithm == LOGOTYPE_SHA1 ? EVP_sha1() :
	    logo->algorithm == LOGOTYPE_SHA384              ? EVP_sha384() :
	    logo->algorithm == LOGOTYPE_SHA512              ? EVP_sha512() :
	                                                      EVP_sha256();
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return logo->algorithm != LOGOTYPE_OTHER &&
	    EVP_Digest(octets.s, octets.n, hash, &n, md, NULL) &&
	    str_eq(logo->hash, (struct mailauth_str){ (char *)hash, n });
}

/* Decode a data: URI (RFC 2397) with an SVG in base64; false for other URIs and
 * when memory ran out. */
static bool
data_of(struct reading *r, struct mailauth_str uri, struct mailauth_str *out)
{
	size_t comma = str_find(uri, ',');
	struct mailauth_str head = str_sub(uri, 0, comma), body;
	uint8_t *room;
	size_t n;

	if (!str_istarts(head, STR("data:image/svg+xml")) || comma == uri.n ||
	    head.n < 7 || !str_ieq(str_from(head, head.n - 7), STR(";base64")))
		return false;
	body = str_from(uri, comma + 1);
	room = arena_alloc(r->arena, body.n * 3 / 4 + 1);
	if (room == NULL || (base64_decode(body, room, &n, NULL) & BASE64_BAD))
		return false;
	*out = (struct mailauth_str){ (char *)room, n };
	return true;
}

static void
take_logo(struct reading *r, const struct logotype *logo)
{
	struct mailauth_str octets;
	enum bimi_unzip state;

	if (!str_ieq(logo->media_type, STR("image/svg+xml"))) {
		invalid(r, "its logo is not SVG but ", logo->media_type);
		return;
	}
	if (!data_of(r, logo->uri, &octets)) {
		if (!r->arena->failed)
			invalid(r, "its logo is not in it: ", logo->uri);
		return;
	}
	if (!hash_is(logo, octets))
		invalid(r, "its logo has another hash than it says", STR_NONE);
	if (!bimi_is_zipped(octets)) {
		r->out->logo = octets;
		return;
	}
	state = bimi_unzip(r->arena, octets, &r->out->logo);
	if (state == BIMI_ZIP_NO_MEMORY)
		r->arena->failed = true;
	else if (state != BIMI_UNZIPPED)
		invalid(r, "its logo cannot be decompressed", STR_NONE);
}

static void
look_at_logo(struct reading *r)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(OID_LOGOTYPE, 1);
	int at = oid != NULL ? X509_get_ext_by_OBJ(r->leaf, oid, -1) : -1;
	const ASN1_OCTET_STRING *value;
	struct logotype logo;

	ASN1_OBJECT_free(oid);
	if (at < 0) {
		invalid(r, "it has no logo (extension ", STR(OID_LOGOTYPE ")"));
		return;
	}
	value = X509_EXTENSION_get_data(X509_get_ext(r->leaf, at));
	if (logotype_read(ASN1_STRING_get0_data(value),
	        (size_t)ASN1_STRING_length(value), &logo))
		take_logo(r, &logo);
	else
		invalid(r, "its logo cannot be read", STR_NONE);
}

static void
look(struct reading *r, STACK_OF(X509) * roots)
{
	struct bimi_cert *out = r->out;

	out->there = true;
	show_name(X509_get_subject_name(r->leaf), out->subject);
	show_name(X509_get_issuer_name(r->leaf), out->issuer);
	show_time(X509_get0_notBefore(r->leaf), out->not_before);
	show_time(X509_get0_notAfter(r->leaf), out->not_after);
	look_at_chain(r, roots);
	look_at_purpose(r);
	look_at_domain(r);
	look_at_mark(r);
	look_at_logo(r);
	ERR_clear_error();
}

bool
bimi_cert_read(struct arena *arena, const struct bimi_file *file,
    const struct bimi_file *roots, const struct bimi_subject *subject,
    struct bimi_cert *out)
{
	STACK_OF(X509) *chain = certs_of(file);
	STACK_OF(X509) *trusted = roots->name != NULL ? certs_of(roots) : NULL;
	struct reading r = { arena, out, subject, chain, NULL };

	*out = (struct bimi_cert){ .chain = BIMI_CHAIN_BROKEN };
	if (chain == NULL || (roots->name != NULL && trusted == NULL)) {
		arena->failed = true;
	} else if (file->longer) {
		invalid(&r, "the file is longer than 1 MiB, and is not read",
		    STR_NONE);
	} else if (sk_X509_num(chain) == 0) {
		invalid(&r, "there is no PEM certificate in the file",
		    STR_NONE);
	} else {
		out->ncerts = (size_t)sk_X509_num(chain);
		r.leaf = sk_X509_value(chain, 0);
		look(&r, trusted);
	}
	sk_X509_pop_free(chain, X509_free);
	sk_X509_pop_free(trusted, X509_free);
	return !arena->failed;
}
