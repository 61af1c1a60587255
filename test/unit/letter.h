/*
 * letter.h - messages to explain, and what is expected to be said of them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A letter is a message, signed with keys of testdata/keys as it is needed, and
 * the zones to explain it with: those of `letter_zones`, without some lines and
 * with others. All its zones are secure unless it says otherwise.
 */
#ifndef UNIT_LETTER_H
#define UNIT_LETTER_H

#include "ask.h"
#include "base/arena.h"

/** Public halves of the keys of testdata/keys, as strings of a TXT record. */
#define RSA_2048_A \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3VwuptIK2M/APBaq2JcQlh5c" \
	"swZbumvHAHP5SHH80rF2qrI9RtsJj7zbOvnBd51C32g86JlXlP51PpsPjWFi1MjZz5y/" \
	"6/Q4Wd56awSqHFHfhIEGfW5t0FL6zrHm7ByqJcxABHe7NTct"
#define RSA_2048_B \
	"w4r4QkpqP/1CTLoRWGwjc4catEJb+NVwQyEZQqaH1ESD+b0rncGxrqPCrpQqGVht+laV" \
	"tTvx+RGUPjPan7JBuJ2e3jv3n+ZttjzBfPYo64KYNrsMUTeoJFgV5k/rG067FPNyt4fP" \
	"HQk3Hfge+FLkQzorPTckF0ixpivCyhuMxccOmnyi6cIRw+KLKEAyBr1x08LpWPFUmQID" \
	"AQAB"
#define RSA_2048 "p=" RSA_2048_A "' '" RSA_2048_B
#define OTHER_A \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsLRCZYFU/WzBm0sMf+Bq7zW8" \
	"+VgXeAoQa1hOEETWn1vTZBqIPGnK7SuFnoJ/pLeaEN6dM47uNO+EmNQ8LOnYBSqWKGCd" \
	"afICRpx+RmmKmlKJsSB2zJDnM+3oFj3puLIkYkOo8PdFzZk3"
#define OTHER_B \
	"5wjkjd2DZyv6uDU0qszRP/3bBZjZjj6U4UJzbwB4yRJwDCR7rZhR2dd6EVOMBfRBkGqy" \
	"MtRXLFf7k2CNfAJb/cLarOE27eN0AVAh90kUD49qJpX0mM798t6D9DNBzxCILhoV4CBP" \
	"mxC3vZyTo4ajd63JXbVyOOnr6gKY7QHRXHgAY9XWpmedtWgBZUzrHWvbBeiMDLN9BQID" \
	"AQAB"
#define RSA_OTHER "p=" OTHER_A "' '" OTHER_B
#define RSA_1024 \
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2mq+IwxjWjtEIBhZmVFVtsl1ZFg" \
	"T+dSsQ0DncjIzvlOQvZWzzAVmcBscsGGoBtqk0yjsvynchtDzB0ANuizyYUqgeB90K91" \
	"05X/2Oc9X0hCAiNQbipAx4' '7ADWDhrbiwu4vl1F4ZQhN70C9f4Xjra2eexY14EjX9p" \
	"9M0scOLOPywIDAQAB"
#define ED25519 "p=kyHceRFnJpC+C8rF3VNfjhDyF+f2Zh7GeejKXcQJkRg="

/** A line of a zone with a key: its owner, its tags, and its p=. */
#define KEY(owner, tags, p) owner ". TXT 'v=DKIM1; " tags p "'\n"

/** The zones. Each line with a record begins with the whole owner. */
extern const char letter_zones[];

/** Pieces of messages. */
#define DATE          "Mon, 01 Jun 2026 10:00:00 +0000"
#define RETURN_PATH   "Return-Path: <bounce@example.com>\n"
#define RECEIVED_FROM "Received: from out.example.com (out.example.com ["
#define RECEIVED_BY \
	"])\n\tby mx.receiver.example (Postfix) with ESMTPS id 4XyZ12\n" \
	"\tfor <reader@receiver.example>; " DATE "\n"
#define RECEIVED(ip)  RECEIVED_FROM ip RECEIVED_BY
#define DELIVERED(ip) RETURN_PATH RECEIVED(ip)
#define RESULTS       "Authentication-Results: mx.receiver.example;\n\t"
#define DKIM_PASS     "dkim=pass header.d=example.com header.s=s1"
#define SPF_PASS      "spf=pass smtp.mailfrom=bounce@example.com"
#define DMARC_PASS    "dmarc=pass header.from=example.com"
#define ALL_PASS      RESULTS DKIM_PASS ";\n\t" SPF_PASS ";\n\t" DMARC_PASS "\n"
#define TO_DATE \
	"To: reader@receiver.example\nSubject: News of June\nDate: " DATE "\n"
#define REST TO_DATE "Message-ID: <20260601@example.com>\nMIME-Version: 1.0\n"
#define BODY "\nHello,\n\nthis is it.\n"
#define FROM "From: News <news@example.com>\n"
/** A message of 1 June 2026, as it is signed. */
#define LETTER FROM REST BODY

/** What a signature has in front of bh=. */
#define SIGN_OF(domain, selector) \
	"v=1; a=rsa-sha256; c=relaxed/relaxed; d=" domain "; s=" selector \
	"; t=1780308000; h=from:to:subject:date:message-id"
#define SIGN SIGN_OF("example.com", "s1")

/** Codes that come together: of keys, policies and SPF records as those of
 * `letter_zones`, and of results. */
#define SECURE "dnssec-secure "
#define KEY_OK \
	"txt-multi-string dkim-key-spki dkim-rsa-2048 dkim-record-over-255 " \
	"dkim-key-ok "
#define SPF_OK "spf-all-fail spf-ok "
#define REJECT_OK \
	"dmarc-p-reject dmarc-direct-to-reject dmarc-np-suggest dmarc-ok "
#define NO_NAME   "dns-nxdomain dnssec-denial-secure "
#define SIG_OK    "hdr-dkim-selector sig-ok "
#define BOTH_PASS "align-dkim-ok align-spf-ok dmarc-result-pass "
#define DKIM_ONLY "align-dkim-ok dmarc-pass-dkim-only dmarc-result-pass "
#define SPF_ONLY  "align-spf-ok dmarc-pass-spf-only dmarc-result-pass "
#define AR_PASS \
	"ar-parse-ok ar-dkim-pass ar-spf-pass ar-mailfrom-domain ar-dmarc-pass "

#define SIGNINGS_MAX 3
#define SAYS_MAX     7

/** A message, and what is expected. */
struct letter {
	const char *title;
	const char *file; /* of testdata/messages, without ".eml"; or */
	const char *text; /* the message; NULL: LETTER */
	/** Signatures, from the lowest up: a key and tags in front of bh=. */
	struct signing {
		const char *key, *tags;
	} sign[SIGNINGS_MAX];
	const char *above; /* fields on top of it */
	const char *old, *new; /* of the whole, the first `old` is `new` then */
	const char *drop; /* lines of the zones that are left out: how they
	                   * begin, with ',' between */
	const char *zones; /* more of the script */
	const char *words; /* options of ask.c */
	unsigned part; /* which message of the text; 0: the first */
	const char *key; /* that signs, of testdata/keys */
	/* Expected. Results as "pass fail, pass, fail": of the signatures, of
	 * SPF, of DMARC; "-" for none. Causes with blanks between. */
	const char *verdict, *results, *causes;
	const char *codes; /* of all findings, in any order */
	/** "NAME: words": the first cause or finding of that name says so; or
	 * "PATH= value" for a member of the report, "PATH~ words" for a text
	 * that has these in it. */
	const char *says[SAYS_MAX];
};

/** A message being explained. */
struct explained {
	struct asked asked;
	struct arena arena;
	struct mailauth_str octets;
	struct mailauth_message *message;
};

/** Read the message of a letter, sign it, and make its script. */
void letter_open(struct explained *e, const struct letter *l, const char *more);
/** Explain it. */
void letter_ask(struct explained *e, const struct letter *l);
void letter_close(struct explained *e);
/** Letters of one test: each test is a process. */
#define LETTERS_AT_ONCE 12
#define LETTER_TESTS(table) \
	((int)((sizeof(table) / sizeof((table)[0]) + LETTERS_AT_ONCE - 1) / \
	    LETTERS_AT_ONCE))
/** Those of test `i` of a table, with what is expected. */
void letters_run(const struct letter *table, size_t n, int i);
/** "pass fail, pass, fail" */
void letter_results(const struct asked *a, char *out, size_t size);
/** Names of the causes, with blanks between. */
void letter_causes(const struct asked *a, char *out, size_t size);
/** The script of a letter, in the arena. */
const char *letter_script(struct arena *a, const struct letter *l);

/** A file of testdata/messages. */
struct mailauth_str letter_file(struct arena *a, const char *name);
/** Read a message out of memory, `step` octets at a time. */
struct mailauth_message *letter_read(struct mailauth_str octets, size_t step);
/** The same of one of several messages. */
struct mailauth_message *
letter_read_part(struct mailauth_str octets, size_t step, unsigned part);

#endif /* UNIT_LETTER_H */
