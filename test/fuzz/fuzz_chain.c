/*
 * fuzz_chain.c - a certificate of a mail host against a TLSA record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet says how many of the next ones are the TLSA record; the rest
 * is the DER of the only certificate. With 0 the record is made: it holds these
 * octets.
 */
#include "base/arena.h"
#include "base/base64.h"
#include "base/writer.h"
#include "fuzz.h"
#include "transport/chain.h"

static void
compare(const struct chain *chain, struct mailauth_str rdata)
{
	static const char *const names[] = { "mx.example.com", NULL };
	struct mailauth_rdata rr = { .data = (const uint8_t *)rdata.s,
		.len = (uint16_t)rdata.n };
	const char *why = NULL;
	enum chain_match m = chain_match(chain, &rr, names, &why);

	MUST((m == CHAIN_BROKEN) == (why != NULL) || m == CHAIN_OTHER);
	MUST(rdata.n >= 3 || m == CHAIN_UNUSABLE);
}

static void
look(const struct chain *chain)
{
	char tlsa[CHAIN_TLSA_TEXT], subject[CHAIN_NAME_MAX];

	chain_tlsa(chain, tlsa);
	chain_subject(chain, subject);
	MUST(strlen(tlsa) == CHAIN_TLSA_TEXT - 1 || strlen(tlsa) == 6);
	for (const char *p = subject; *p != '\0'; p++)
		MUST(is_print(*p));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str all = { (const char *)data, size }, der, rdata;
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena), own = arena_writer(&arena);
	struct chain *chain;

	if (size < 1 || size > 16384)
		return 0;
	rdata = str_sub(all, 1, data[0]);
	der = str_from(all, 1 + rdata.n);
	put_text(&w, "-----BEGIN CERTIFICATE-----\n");
	put_base64(&w, (const uint8_t *)der.s, der.n);
	put_text(&w, "\n-----END CERTIFICATE-----\n");
	MUST(!w.full);
	chain = chain_read(writer_str(&w));
	if (chain != NULL) {
		look(chain);
		compare(chain, rdata);
	}
	if (chain != NULL && data[0] == 0) {
		put_bytes(&own, "\x03\x00\x00", 3);
		put_str(&own, der);
		compare(chain, writer_str(&own));
	}
	chain_free(chain);
	arena_free(&arena);
	return 0;
}
