/*
 * fuzz_cert.c - a mark certificate, and the logo in it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects how to read the rest: 0, as the value of a logotype
 * extension; 1, as a file; 2, as the DER of the only certificate of a file; 3,
 * as 2, with the certificate as the trusted root.
 */
#include "base/base64.h"
#include "bimi/cert.h"
#include "bimi/logotype.h"
#include "bimi/svg.h"
#include "fuzz.h"

static void
try_logotype(struct mailauth_str der)
{
	struct logotype l;

	if (!logotype_read((const uint8_t *)der.s, der.n, &l))
		return;
	MUST(is_inside(der, l.media_type) && is_inside(der, l.uri) &&
	    is_inside(der, l.hash));
	MUST(l.algorithm <= LOGOTYPE_SHA512);
}

static bool
is_text(const char *s, size_t room)
{
	size_t n = 0;

	for (; n < room && s[n] != '\0'; n++)
		if (!is_print(s[n]))
			return false;
	return n < room;
}

static void
try_file(struct arena *arena, struct mailauth_str text, bool rooted)
{
	const struct bimi_subject subject = { STR("example.com."),
		STR("example.com."), STR("default._bimi.example.com."),
		STR_NONE };
	struct bimi_file file = { "mark.pem", text, false };
	struct bimi_file roots = { NULL, STR_NONE, false };
	struct bimi_cert cert;
	bool told = false;

	if (rooted && bimi_has_cert(&file))
		roots = file;
	MUST(bimi_cert_read(arena, &file, &roots, &subject, &cert));
	MUST(cert.there == (cert.ncerts > 0));
	MUST(cert.ncerts <= BIMI_CHAIN_MAX);
	MUST(cert.faults.n <= BIMI_FAULTS_MAX);
	MUST(cert.logo.n <= BIMI_CERT_MAX);
	MUST(cert.chain != BIMI_CHAIN_ROOTED || roots.name != NULL);
	for (size_t i = 0; i < cert.faults.n; i++)
		told = told ||
		    cert.faults.at[i].id == MAILAUTH_F_BIMI_CERT_INVALID ||
		    cert.faults.at[i].id == MAILAUTH_F_BIMI_CERT_UNANCHORED;
	/* Without either finding the chain ends at a trusted root. */
	MUST(told || cert.chain == BIMI_CHAIN_ROOTED);
	if (!cert.there)
		return;
	MUST(is_text(cert.subject, sizeof(cert.subject)) &&
	    is_text(cert.issuer, sizeof(cert.issuer)) &&
	    is_text(cert.mark_type, sizeof(cert.mark_type)) &&
	    is_text(cert.not_before, sizeof(cert.not_before)) &&
	    is_text(cert.not_after, sizeof(cert.not_after)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { NULL, false };
	struct mailauth_str rest = { (const char *)data + 1, size - 1 };
	struct writer w = arena_writer(&arena);

	if (size < 1 || size > 65536 || data[0] > 3)
		return 0;
	if (data[0] == 0) {
		try_logotype(rest);
	} else if (data[0] == 1) {
		try_file(&arena, rest, false);
	} else {
		put_text(&w, "-----BEGIN CERTIFICATE-----\n");
		put_base64(&w, data + 1, size - 1);
		put_text(&w, "\n-----END CERTIFICATE-----\n");
		MUST(!w.full);
		try_file(&arena, writer_str(&w), data[0] == 3);
	}
	arena_free(&arena);
	return 0;
}
