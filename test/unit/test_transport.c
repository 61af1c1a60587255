/*
 * test_transport.c - MTA-STS, TLS reporting and DANE of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define ZONE  "zone example.com secure\n"
#define HOSTS "@ MX 10 mx1\n@ MX 20 mx2\nmx1 A 192.0.2.1\nmx2 A 192.0.2.2\n"
#define STS   "_mta-sts TXT 'v=STSv1; id=1'\n"
#define WEB   "mta-sts A 192.0.2.3\n"
#define HEX_A \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
#define HEX_B \
	"1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
#define NOTHING \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
#define TLSA(host) \
	"_25._tcp." host " TLSA 3 1 1 " HEX_A "_25._tcp." host \
	" TLSA 3 1 1 " HEX_B

/* Checks of these kinds alone: what comes of them, findings that come and
 * findings that do not. */
static const struct {
	const char *script, *only, *members, *there, *not ;
} cases[] = {
	/* MTA-STS */
	{ ZONE STS WEB, "mtasts",
	    "verdict=pass | records.0.kind=mtasts | records.0.verdict=valid",
	    "mtasts-ok", "mtasts-host-missing" },
	{ ZONE, "mtasts",
	    "verdict=warn | records.0.name=_mta-sts.example.com. | "
	    "records.0.verdict=none | findings.0.code=nothing-published",
	    "nothing-published", "mtasts-missing nothing-checked" },
	{ ZONE STS, "mtasts", "verdict=warn | records.0.verdict=valid",
	    "mtasts-host-missing", "" },
	{ ZONE STS "mta-sts AAAA 2001:db8::1\n", "mtasts", "verdict=pass",
	    "mtasts-ok", "mtasts-host-missing" },
	{ ZONE STS "fail mta-sts\n", "mtasts", "verdict=temperror",
	    "lookup-undecided", "mtasts-host-missing" },
	{ ZONE STS WEB "fail mta-sts AAAA\n", "mtasts", "verdict=pass", "",
	    "mtasts-host-missing lookup-undecided" },
	{ ZONE "fail _mta-sts TXT\n", "mtasts",
	    "verdict=temperror | records.0.verdict=temperror", "", "" },
	{ ZONE "bogus _mta-sts TXT\n" STS WEB, "mtasts", "verdict=temperror",
	    "dnssec-bogus", "mtasts-ok" },
	{ ZONE STS WEB "_mta-sts TXT 'v=STSv1; id=2'\n", "mtasts",
	    "verdict=fail", "mtasts-multiple", "" },
	{ ZONE STS WEB "_mta-sts TXT 'some other text'\n", "mtasts",
	    "verdict=pass", "mtasts-ok", "mtasts-multiple" },
	{ ZONE WEB "* TXT 'v=spf1 -all'\n", "mtasts",
	    "verdict=warn | records.0.verdict=none", "nothing-published",
	    "dns-wildcard-pollution dns-wildcard-blocks" },
	{ ZONE "* A 192.0.2.9\n* TXT 'v=STSv1; id=20261128'\n", "mtasts",
	    "verdict=pass | records.0.verdict=valid", "mtasts-ok", "" },
	{ ZONE WEB "_mta-sts CNAME sts.example.net.\n"
	           "zone example.net secure\nsts TXT 'v=STSv1; id=1'\n",
	    "mtasts", "verdict=pass", "mtasts-ok mtasts-cname", "" },
	/* An alias of a provider that has left. */
	{ ZONE WEB "_mta-sts CNAME sts.example.net.\nzone example.net secure\n",
	    "mtasts", "verdict=fail | records.0.verdict=none",
	    "dns-cname-dangling", "mtasts-ok" },
	{ ZONE "_smtp._tls CNAME gone\n", "tlsrpt",
	    "verdict=fail | records.0.verdict=none", "dns-cname-dangling",
	    "tlsrpt-ok" },
	{ "zone example.com secure\n" HOSTS "_25._tcp.mx1 CNAME gone\n", "tlsa",
	    "verdict=fail | records.0.verdict=none", "dns-cname-dangling",
	    "dane-ok" },
	/* Another kind of text behind the alias is nothing. */
	{ ZONE "* CNAME @\n@ TXT 'v=spf1 -all'\n", "tlsrpt",
	    "verdict=warn | records.0.verdict=none", "nothing-published",
	    "dns-cname-dangling" },
	{ ZONE STS "mta-sts CNAME web.example.net.\nzone example.net secure\n",
	    "mtasts", "verdict=warn", "mtasts-host-missing", "" },
	/* Nothing is taken from the domain above. */
	{ ZONE STS WEB "mail A 192.0.2.8\n", "mtasts mail.",
	    "verdict=warn | records.0.verdict=none", "nothing-published",
	    "mtasts-ok" },
	/* TLS reporting */
	{ ZONE "_smtp._tls TXT 'v=TLSRPTv1; rua=mailto:a@example.com'\n",
	    "tlsrpt", "verdict=pass | records.0.verdict=valid", "tlsrpt-ok",
	    "" },
	{ ZONE, "tlsrpt", "verdict=warn | records.0.verdict=none",
	    "nothing-published", "tlsrpt-missing" },
	{ ZONE "_smtp._tls TXT 'v=TLSRPTv1; rua=a@example.com'\n", "tlsrpt",
	    "verdict=fail", "tlsrpt-rua-missing", "" },
	{ ZONE "fail _smtp._tls TXT refused\n", "tlsrpt", "verdict=temperror",
	    "", "" },
	/* DANE */
	{ "zone example.com secure\n" HOSTS TLSA("mx1") TLSA("mx2"), "tlsa",
	    "verdict=pass | records.0.name=_25._tcp.mx1.example.com. | "
	    "records.0.verdict=valid | records.1.verdict=valid",
	    "dane-ok", "dane-mx-insecure" },
	{ "zone example.com secure\n" HOSTS TLSA("mx2"), "tlsa",
	    "verdict=pass | records.0.verdict=none | records.1.verdict=valid",
	    "dane-ok", "dane-none" },
	{ "zone example.com insecure\n" HOSTS TLSA("mx1"), "tlsa",
	    "records.0.verdict=invalid | records.1.verdict=none",
	    "dane-tlsa-insecure", "dane-ok dane-mx-insecure" },
	{ "zone example.com insecure\n@ MX 10 mx1.example.net.\n"
	  "zone example.net secure\nmx1 A 192.0.2.1\n" TLSA("mx1"),
	    "tlsa", "verdict=pass | records.0.verdict=valid",
	    "dane-ok dane-mx-insecure", "dane-tlsa-insecure" },
	{ "zone example.com secure\n" HOSTS "fail _25._tcp.mx1\n" TLSA("mx2"),
	    "tlsa",
	    "verdict=temperror | records.0.verdict=temperror | "
	    "records.1.verdict=valid",
	    "dane-temperror dns-servfail", "dane-tlsa-bogus" },
	{ "zone example.com secure\n" HOSTS "fail _25._tcp.mx1 TLSA timeout\n",
	    "tlsa", "verdict=temperror | records.0.verdict=temperror",
	    "dane-temperror dns-timeout", "dane-tlsa-bogus dane-none" },
	{ "zone example.com secure\n" HOSTS "bogus _25._tcp.mx1\n" TLSA("mx1"),
	    "tlsa", "verdict=temperror | records.0.verdict=temperror",
	    "dane-tlsa-bogus", "dane-ok dane-temperror" },
	/* Nobody asks for the TLSA records of a host that is not signed. */
	{ "zone example.com insecure\n" HOSTS "fail _25._tcp.mx1\n", "mx,tlsa",
	    "records.0.kind=mx", "", "dane-tlsa-bogus dane-temperror" },
	{ "zone example.com secure\n" HOSTS "fail @ MX\n" TLSA("mx1"), "tlsa",
	    "verdict=temperror", "", "dane-ok" },
	{ "zone example.com secure\n@ MX 0 .\n", "tlsa", "records.0=nothing",
	    "nothing-checked", "" },
	{ "zone example.com secure\n@ A 192.0.2.1\n_25._tcp TLSA 3 1 1 " HEX_A,
	    "tlsa", "records.0.name=_25._tcp.example.com. | verdict=pass",
	    "dane-ok", "" },
	{ "zone example.com secure\n@ A 192.0.2.1\n"
	  "@ MX 10 mx1\nmx1 A 192.0.2.1\n_25._tcp TLSA 3 1 1 " NOTHING,
	    "tlsa",
	    "records.0.name=_25._tcp.mx1.example.com. | records.1=nothing", "",
	    "dane-digest-of-nothing" },
	{ "zone example.com secure\n" HOSTS "_25._tcp.mx1 TLSA 3 1 1 " NOTHING,
	    "tlsa", "verdict=fail | records.0.verdict=invalid",
	    "dane-digest-of-nothing", "dane-ok dane-record-of-nothing" },
	{ "zone example.com secure\n" HOSTS "_25._tcp.mx1 TLSA 3 1 1 " NOTHING
	  "_25._tcp.mx1 TLSA 3 1 1 " HEX_A,
	    "tlsa", "verdict=warn | records.0.verdict=valid",
	    "dane-ok dane-record-of-nothing", "dane-digest-of-nothing" },
	/* The records at the end of a secure alias come first. */
	{ "zone example.com secure\n@ MX 10 mx\nmx CNAME mx.example.net.\n"
	  "_25._tcp.mx TLSA 3 1 1 " NOTHING
	  "zone example.net secure\nmx A 192.0.2.1\n" TLSA("mx"),
	    "tlsa",
	    "verdict=pass | records.0.name=_25._tcp.mx.example.net. | "
	    "records.1=nothing",
	    "dane-ok", "dane-digest-of-nothing" },
	{ "zone example.com secure\n@ MX 10 mx\nmx CNAME mx.example.net.\n" TLSA(
	      "mx") "zone example.net insecure\nmx A 192.0.2.1\n",
	    "tlsa", "records.0.name=_25._tcp.mx.example.com.", "dane-ok", "" },
	{ "zone example.com secure\n@ MX 10 mx\nfail mx\n", "tlsa",
	    "verdict=temperror", "lookup-undecided", "" },
};

START_TEST(record_sets)
{
	char words[256], kinds[64];
	const char *below;
	struct asked a;

	snprintf(kinds, sizeof(kinds), "%s", cases[_i].only);
	below = strchr(kinds, ' ');
	if (below != NULL)
		kinds[below++ - kinds] = '\0';
	snprintf(words, sizeof(words),
	    "check --profile practice --allow-documentation --only %s "
	    "%sexample.com",
	    kinds, below != NULL ? below : "");
	ask_open(&a, cases[_i].script, NULL);
	ask(&a, words);
	expect_json(&a, cases[_i].members);
	expect_codes(&a, cases[_i].there);
	expect_no_codes(&a, cases[_i].not );
	ask_close(&a);
}
END_TEST

/* What is absent has no line, unless somebody wants to see all. */
START_TEST(absence)
{
	struct asked a;
	char *text;

	ask_open(&a, ZONE HOSTS, NULL);
	ask(&a, "check --profile practice example.com");
	text = mailauth_report_text(a.report, 0);
	ck_assert_ptr_null(strstr(text, "_mta-sts"));
	ck_assert_ptr_null(strstr(text, "_tls"));
	ck_assert_ptr_null(strstr(text, "_tcp"));
	free(text);
	text = mailauth_report_text(a.report, MAILAUTH_TEXT_VERBOSE);
	ck_assert_ptr_nonnull(
	    strstr(text, "mtasts _mta-sts.example.com TXT, no record"));
	ck_assert_ptr_nonnull(
	    strstr(text, "tlsrpt _smtp._tls.example.com TXT, no record"));
	ck_assert_ptr_nonnull(
	    strstr(text, "tlsa _25._tcp.mx2.example.com TLSA, no record"));
	free(text);
	ask_close(&a);
}
END_TEST

/* Policies. */

/* Codes of the report that begin with a word, in its order. */
static const char *
codes_like(const struct asked *a, const char *word)
{
	static char room[1024];
	struct writer w = writer_of(room, sizeof(room) - 1);

	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;

		if (strncmp(code, word, strlen(word)) != 0 ||
		    strcmp(code, "dane-matching-full") == 0)
			continue;
		if (w.used > 0)
			put_char(&w, ' ');
		put_text(&w, code);
	}
	room[w.used] = '\0';
	return room;
}

/* The text of the first finding of a code; "" without it. */
static const char *
message_of(const struct asked *a, const char *code)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(a->report, i);

		if (strcmp(v->code, code) == 0)
			return v->message;
	}
	return "";
}

#define V       "version: STSv1\n"
#define M       "mode: enforce\n"
#define A       "max_age: 604800\n"
#define X       "mx: *.example.com\n"
#define BOTH    "mx: mx1.example.com\nmx: mx2.example.com\n"
#define SIGNED  ZONE HOSTS STS WEB
#define LABEL10 "abcdefghij"
#define LABEL60 LABEL10 LABEL10 LABEL10 LABEL10 LABEL10 LABEL10

/* Codes are those that begin with "mtasts-policy-"; `says` is part of the
 * message of the first. */
static const struct {
	const char *policy, *codes, *says, *script;
} policies[] = {
	{ V M X A, "mtasts-policy-ok", "mode enforce, max_age 604800", NULL },
	{ "version: STSv1\r\nmode: enforce\r\nmx: *.example.com\r\n"
	  "max_age: 604800\r\n",
	    "mtasts-policy-ok", "", NULL },
	{ V M BOTH A, "mtasts-policy-ok", "", NULL },
	{ V M "mx: MX1.Example.COM\nmx: mx2.example.com\n" A,
	    "mtasts-policy-ok", "", NULL },
	/* Any order, blanks behind ':' or none, blanks at the end. */
	{ A X M V, "mtasts-policy-ok", "", NULL },
	{ "version:STSv1\nmode: \t enforce \nmx:*.example.com\t\n" A,
	    "mtasts-policy-ok", "", NULL },
	{ V M X "max_age: 604800", "mtasts-policy-line-end mtasts-policy-ok",
	    "line 4", NULL },
	{ V M X "max_age: 31557600\n", "mtasts-policy-ok", "", NULL },
	{ V M X "max_age: 31557601\n", "mtasts-policy-max-age",
	    "line 4: 31557601", NULL },
	{ V M X "max_age: 00604800\n", "mtasts-policy-ok", "", NULL },
	{ V M X "max_age: 99999999999\n", "mtasts-policy-max-age", "", NULL },
	{ V M X "max_age: 1w\n", "mtasts-policy-max-age", "line 4: 1w", NULL },
	{ V M X "max_age: -1\n", "mtasts-policy-max-age", "", NULL },
	{ V M X "max_age:\n", "mtasts-policy-max-age", "", NULL },
	{ V M X, "mtasts-policy-max-age", "it is missing", NULL },
	{ V M X "max_age: 86400\n",
	    "mtasts-policy-max-age-short mtasts-policy-ok", "max_age 86400",
	    NULL },
	{ V M X "max_age: 0\n", "mtasts-policy-max-age-short mtasts-policy-ok",
	    "", NULL },
	/* Versions and modes */
	{ M X A, "mtasts-policy-version", "it is missing", NULL },
	{ "version: STSv2\n" M X A, "mtasts-policy-version", "line 1: STSv2",
	    NULL },
	{ "version: stsv1\n" M X A, "mtasts-policy-version", "", NULL },
	{ "version: STSv1;\n" M X A, "mtasts-policy-version", "", NULL },
	{ V X A, "mtasts-policy-mode", "it is missing", NULL },
	{ V "mode: Enforce\n" X A, "mtasts-policy-mode", "line 2: Enforce",
	    NULL },
	{ V "mode: report\n" X A, "mtasts-policy-mode", "", NULL },
	{ V "mode: testing\n" X A, "mtasts-policy-testing mtasts-policy-ok", "",
	    NULL },
	{ V "mode: testing\nmax_age: 60\n" X,
	    "mtasts-policy-testing mtasts-policy-ok", "", NULL },
	{ V "mode: none\n" A, "mtasts-policy-none", "", NULL },
	{ V "mode: none\n" X A, "mtasts-policy-none", "", NULL },
	/* Hosts */
	{ V M A,
	    "mtasts-policy-mx mtasts-policy-mx-uncovered mtasts-policy-mx-uncovered",
	    "it is missing", NULL },
	{ V M "mx: mx1.example.com\n" A, "mtasts-policy-mx-uncovered",
	    "mx2.example.com.", NULL },
	{ V "mode: testing\nmx: mx1.example.com\n" A,
	    "mtasts-policy-testing mtasts-policy-mx-uncovered-testing", "",
	    NULL },
	{ V M X "mx: mx.example.net\n" A,
	    "mtasts-policy-mx-unused mtasts-policy-ok", "mx.example.net",
	    NULL },
	{ V M "mx: *.com\n" A,
	    "mtasts-policy-mx-uncovered mtasts-policy-mx-uncovered mtasts-policy-mx-unused",
	    "", NULL },
	{ V M "mx: *.mx1.example.com\n" X A,
	    "mtasts-policy-mx-unused mtasts-policy-ok", "", NULL },
	{ V M "mx: *mx.example.com\n" X A, "mtasts-policy-mx",
	    "'*' is not the whole", NULL },
	{ V M "mx: mx.*.com\n" X A, "mtasts-policy-mx", "", NULL },
	{ V M "mx: *\n" X A, "mtasts-policy-mx", "", NULL },
	{ V M "mx: *.\n" X A, "mtasts-policy-mx", "", NULL },
	{ V M "mx:\n" X A, "mtasts-policy-mx", "there is no name", NULL },
	{ V M "mx: mx1.example.com.\n" X A, "mtasts-policy-mx", "ends in a dot",
	    NULL },
	{ V M "mx: mx1.example.com, mx2.example.com\n" X A, "mtasts-policy-mx",
	    "several names", NULL },
	{ V M "mx: 192.0.2.1\n" X A, "mtasts-policy-mx", "an address", NULL },
	{ V M "mx: 2001:db8::1\n" X A, "mtasts-policy-mx", "an address", NULL },
	{ V M "mx: m\xc3\xbc.example.com\n" X A, "mtasts-policy-mx", "A-labels",
	    NULL },
	{ V M "mx: mx_1.example.com\n" X A, "mtasts-policy-mx", "no host name",
	    NULL },
	{ V M "mx: " LABEL60 LABEL60 ".com\n" X A, "mtasts-policy-mx",
	    "no host name", NULL },
	{ V M X A, "mtasts-policy-ok", "", ZONE STS WEB "@ MX 0 .\n" },
	{ V M "mx: example.com\n" A, "mtasts-policy-ok", "",
	    ZONE STS WEB "@ A 192.0.2.1\n" },
	{ V M X A, "mtasts-policy-mx-uncovered mtasts-policy-mx-unused",
	    "example.com.", ZONE STS WEB "@ A 192.0.2.1\n" },
	/* What is not known is not covered, and not uncovered. */
	{ V M X A, "", "", SIGNED "fail @ MX\n" },
	{ V M "mx: a.example.net\n" A, "", "", SIGNED "fail @ MX\n" },
	{ V M X A, "", "", SIGNED "bogus @ MX\n" },
	{ V M "mx: a.example.net\n" A, "", "", ZONE STS WEB "fail @ A\n" },
	/* The record */
	{ V M X A, "mtasts-policy-without-record mtasts-policy-ok",
	    "_mta-sts.example.com.", ZONE HOSTS },
	{ V M X A, "mtasts-policy-ok", "", ZONE HOSTS "fail _mta-sts\n" },
	/* Keys */
	{ V V M X A, "mtasts-policy-key-duplicate mtasts-policy-ok",
	    "line 2: version", NULL },
	{ V M "mode: none\n" X A,
	    "mtasts-policy-key-duplicate mtasts-policy-ok", "line 3: mode",
	    NULL },
	{ V "mode: none\n" M A,
	    "mtasts-policy-key-duplicate mtasts-policy-none", "", NULL },
	{ V M X A "max_age: x\n",
	    "mtasts-policy-key-duplicate mtasts-policy-ok", "", NULL },
	{ V M X A "comment: none\n",
	    "mtasts-policy-key-unknown mtasts-policy-ok", "line 5: comment",
	    NULL },
	{ V M X A "a.b-c_d: \xc3\xbc x\n",
	    "mtasts-policy-key-unknown mtasts-policy-ok", "", NULL },
	{ V "Mode: enforce\n" X A, "mtasts-policy-syntax", "lower case: Mode",
	    NULL },
	{ V M X A "MX: mx3.example.com\n", "mtasts-policy-syntax",
	    "lower case: MX", NULL },
	{ V M X A "-x: 1\n", "mtasts-policy-syntax", "line 5: no key", NULL },
	{ V M X A LABEL60 ": 1\n", "mtasts-policy-syntax", "no key", NULL },
	/* Lines */
	{ V M X A "\n", "mtasts-policy-loose mtasts-policy-ok",
	    "line 5: an empty line", NULL },
	{ V "\r\n" M X A, "mtasts-policy-loose mtasts-policy-ok",
	    "line 2: an empty line", NULL },
	{ V "mode : enforce\n" X A, "mtasts-policy-loose mtasts-policy-ok",
	    "line 2: a blank", NULL },
	{ V " mode: enforce\n" X A, "mtasts-policy-loose mtasts-policy-ok", "",
	    NULL },
	{ "version=STSv1\n" M X A, "mtasts-policy-syntax mtasts-policy-version",
	    "there is no ':'", NULL },
	{ V M X A "\x01: 1\n", "mtasts-policy-syntax", "a control character",
	    NULL },
	{ V "mode: enforce\rmx: x\n" X A,
	    "mtasts-policy-syntax mtasts-policy-mode",
	    "line 2: a control character", NULL },
	{ "v=STSv1; id=1\n", "mtasts-policy-syntax", "line 1: there is no ':'",
	    NULL },
	{ "key: value\n", "mtasts-policy-key-unknown mtasts-policy-syntax", "",
	    NULL },
	/* Files */
	{ "", "mtasts-policy-syntax", "the file is empty", NULL },
	{ " \n\r\n", "mtasts-policy-syntax", "the file is empty", NULL },
	{ "\xef\xbb\xbf" V M X A, "mtasts-policy-syntax", "byte order mark",
	    NULL },
	{ "\xff\xfev", "mtasts-policy-syntax", "UTF-16", NULL },
	{ "<!DOCTYPE html>\n<title>404</title>\n", "mtasts-policy-syntax",
	    "a web page", NULL },
	{ "version: STSv1\rmode: enforce\r", "mtasts-policy-syntax", "CR alone",
	    NULL },
};

/* Check with a policy. */
static void
ask_policy(struct asked *a, const char *script, const char *octets, size_t n)
{
	char words[512];

	snprintf(words, sizeof(words),
	    "check --profile practice --allow-documentation --only mtasts "
	    "--mta-sts-policy %s example.com",
	    folder_put("policy", octets, n));
	ask_open(a, script != NULL ? script : SIGNED, NULL);
	ask(a, words);
}

START_TEST(policy)
{
	const char *codes = policies[_i].codes;
	char first[128];
	struct asked a;

	ask_policy(&a, policies[_i].script, policies[_i].policy,
	    strlen(policies[_i].policy));
	expect_text(codes_like(&a, "mtasts-policy-"), codes);
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(codes, " "), codes);
	if (codes[0] != '\0')
		EXPECT(strstr(message_of(&a, first), policies[_i].says) != NULL,
		    "%s", message_of(&a, first));
	else
		expect_json(&a, "verdict=temperror");
	ask_close(&a);
}
END_TEST

START_TEST(policy_octets)
{
	static char room[65538];
	struct asked a;

	/* An octet 0 */
	ask_policy(&a, NULL, V M X A "x: \0\n", sizeof(V M X A "x: \0\n") - 1);
	expect_text(codes_like(&a, "mtasts-policy-"), "mtasts-policy-syntax");
	ask_close(&a);
	/* As long as senders read, and longer */
	memset(room, 'a', sizeof(room));
	memcpy(room, V M X A "x: ", strlen(V M X A "x: "));
	room[65535] = '\n';
	ask_policy(&a, NULL, room, 65536);
	expect_text(codes_like(&a, "mtasts-policy-"),
	    "mtasts-policy-key-unknown mtasts-policy-ok");
	ask_close(&a);
	ask_policy(&a, NULL, room, 65537);
	expect_text(codes_like(&a, "mtasts-policy-"), "mtasts-policy-syntax");
	EXPECT(strstr(message_of(&a, "mtasts-policy-syntax"), "64 KiB") != NULL,
	    "%s", message_of(&a, "mtasts-policy-syntax"));
	ask_close(&a);
	/* Many faults of a kind are one finding. */
	memset(room, '\n', 65536);
	memcpy(room, V M X A, strlen(V M X A));
	ask_policy(&a, NULL, room, 65536);
	expect_text(codes_like(&a, "mtasts-policy-"),
	    "mtasts-policy-loose mtasts-policy-ok");
	EXPECT(strstr(message_of(&a, "mtasts-policy-loose"), "more") != NULL,
	    "%s", message_of(&a, "mtasts-policy-loose"));
	ask_close(&a);
}
END_TEST

/* Certificates. */

/* One that a test makes. Keys have names; the issuer's key signs. */
struct made {
	const char *key, *issuer, *names, *constraints, *after;
};

static const struct made leaf = { "leaf", "middle", "DNS:mx1.example.com",
	"CA:FALSE", NULL };
static const struct made expired = { "leaf", "middle", "DNS:mx1.example.com",
	"CA:FALSE", "20010101000000Z" };
static const struct made stranger = { "leaf", "middle", "DNS:mx.example.net",
	"CA:FALSE", NULL };
static const struct made for_domain = { "leaf", "middle", "DNS:example.com",
	"CA:FALSE", NULL };
static const struct made wild = { "leaf", "middle", "DNS:*.example.com",
	"CA:FALSE", NULL };
static const struct made nameless = { "leaf", "middle", NULL, "CA:FALSE",
	NULL };
static const struct made next = { "next", "middle", "DNS:mx1.example.com",
	"CA:FALSE", NULL };
static const struct made self = { "leaf", "leaf", "DNS:mx1.example.com", NULL,
	NULL };
static const struct made middle = { "middle", "root", NULL, "CA:TRUE", NULL };
static const struct made root = { "root", "root", NULL, "CA:TRUE", NULL };
static const struct made unrelated = { "other", "other", NULL, "CA:TRUE",
	NULL };

/* Made once for each name: signatures with it differ, keys do not. */
static EVP_PKEY *
key_named(const char *name)
{
	static struct {
		const char *name;
		EVP_PKEY *key;
	} all[16];
	size_t i = 0;

	while (all[i].name != NULL && strcmp(all[i].name, name) != 0)
		i++;
	if (all[i].name == NULL) {
		all[i].name = name;
		all[i].key = EVP_EC_gen("P-256");
		ck_assert_ptr_nonnull(all[i].key);
	}
	return all[i].key;
}

static void
extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e;

	if (value == NULL)
		return;
	e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	ck_assert_ptr_nonnull(e);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
}

static X509 *
make(const struct made *m)
{
	X509 *cert = X509_new();

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	ASN1_TIME_set_string(X509_getm_notBefore(cert), "20000101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(cert),
	    m->after != NULL ? m->after : "99991231235959Z");
	X509_set_pubkey(cert, key_named(m->key));
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
	    MBSTRING_UTF8, (const unsigned char *)m->key, -1, -1, 0);
	X509_NAME_add_entry_by_txt(X509_get_issuer_name(cert), "CN",
	    MBSTRING_UTF8, (const unsigned char *)m->issuer, -1, -1, 0);
	extend(cert, NID_basic_constraints, m->constraints);
	extend(cert, NID_subject_alt_name, m->names);
	ck_assert_int_gt(X509_sign(cert, key_named(m->issuer), EVP_sha256()),
	    0);
	return cert;
}

/* Certificates of a chain; the same ones in its file and in its records. */
#define LENGTH 4
struct made_chain {
	X509 *cert[LENGTH];
	size_t n;
};

static void
put_pem(struct writer *w, const struct made_chain *chain)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	for (size_t i = 0; i < chain->n; i++)
		PEM_write_bio_X509(bio, chain->cert[i]);
	n = BIO_get_mem_data(bio, &text);
	put_bytes(w, text, (size_t)n);
	BIO_free(bio);
}

/* Write a TLSA record of a certificate at mx1. */
static void
put_tlsa(struct writer *w, const char *numbers, X509 *cert)
{
	unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
	int len = numbers[2] == '1' ? i2d_PUBKEY(X509_get0_pubkey(cert), &der) :
	                              i2d_X509(cert, &der);
	const unsigned char *data = numbers[4] == '0' ? der : hash;
	unsigned n = (unsigned)len;

	ck_assert_int_gt(len, 0);
	if (numbers[4] != '0')
		EVP_Digest(der, (size_t)len, hash, &n,
		    numbers[4] == '1' ? EVP_sha256() : EVP_sha512(), NULL);
	put_text(w, "_25._tcp.mx1 TLSA ");
	put_bytes(w, numbers, 5);
	put_char(w, ' ');
	for (unsigned i = 0; i < n; i++)
		put_hex(w, data[i]);
	put_char(w, '\n');
	OPENSSL_free(der);
}

#define ONE "zone example.com secure\n@ MX 10 mx1\nmx1 A 192.0.2.1\n"

/* Records "U S M N": of the certificate N of the chain; 'x' of one that the
 * chain has not, 'r' of its root, 'n' of its next certificate. Codes are those
 * that begin with "dane-match"; "?": none, and the result is temperror. */
static const struct {
	const struct made *chain[LENGTH];
	const char *records[3];
	const char *more, *codes, *says;
} chains[] = {
	/* The host's own certificate */
	{ { &leaf, &middle }, { "3 1 1 0" }, "", "dane-match",
	    "mx1.example.com.: 3 1 1" },
	{ { &leaf, &middle }, { "3 0 1 0" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 1 2 0" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 0 2 0" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 1 0 0" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 0 0 0" }, "", "dane-match", "" },
	{ { &self }, { "3 1 1 0" }, "", "dane-match", "" },
	{ { &leaf }, { "3 1 1 0" }, "", "dane-match", "" },
	/* Neither dates nor names nor authorities count. */
	{ { &expired }, { "3 1 1 0" }, "", "dane-match", "" },
	{ { &stranger }, { "3 0 1 0" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 1 1 x" }, "", "dane-match-none",
	    "CN = leaf" },
	{ { &leaf, &middle }, { "3 1 1 1" }, "", "dane-match-none", "" },
	{ { &leaf, &middle }, { "3 0 0 x", "3 1 2 x" }, "", "dane-match-none",
	    "" },
	/* Its authority */
	{ { &leaf, &middle }, { "2 1 1 1" }, "", "dane-match", "2 1 1" },
	{ { &leaf, &middle }, { "2 0 1 1" }, "", "dane-match", "" },
	{ { &leaf, &middle, &root }, { "2 1 1 2" }, "", "dane-match", "" },
	{ { &leaf, &middle, &root }, { "2 0 2 2" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "2 0 0 1" }, "", "dane-match", "" },
	{ { &wild, &middle }, { "2 1 1 1" }, "", "dane-match", "" },
	{ { &for_domain, &middle }, { "2 1 1 1" }, "", "dane-match", "" },
	/* The host does not show the root: only its digest is of no use. */
	{ { &leaf, &middle }, { "2 0 0 r" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "2 1 0 r" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "2 0 1 r" }, "", "dane-match-none", "" },
	{ { &leaf }, { "2 1 1 r" }, "", "dane-match-none", "" },
	{ { &leaf }, { "2 1 1 0" }, "", "dane-match-none", "" },
	{ { &leaf, &middle }, { "2 1 0 x" }, "", "dane-match-none", "" },
	{ { &leaf, &middle }, { "2 0 0 x" }, "", "dane-match-none", "" },
	{ { &stranger, &middle }, { "2 1 1 1" }, "", "dane-match-unfit",
	    "it has no name of the host" },
	{ { &nameless, &middle }, { "2 1 1 1" }, "", "dane-match-unfit", "" },
	{ { &expired, &middle }, { "2 1 1 1" }, "", "dane-match-unfit",
	    "its chain: certificate has expired" },
	{ { &leaf, &unrelated }, { "2 1 1 1" }, "", "dane-match-unfit",
	    "its chain: " },
	/* Rollover */
	{ { &leaf, &middle }, { "3 1 1 0", "3 1 1 n" }, "",
	    "dane-match dane-match-other", "3 1 1" },
	{ { &leaf, &middle }, { "3 1 1 x", "2 1 1 1" }, "",
	    "dane-match dane-match-other", "2 1 1" },
	{ { &leaf, &middle }, { "3 1 1 0", "2 1 1 1" }, "", "dane-match", "" },
	{ { &stranger, &middle }, { "3 1 1 0", "2 1 1 1" }, "", "dane-match",
	    "" },
	/* Of no use, and told already */
	{ { &leaf, &middle }, { "3 1 1 0", "1 1 1 x" }, "", "dane-match", "" },
	{ { &leaf, &middle }, { "3 1 1 0" }, "_25._tcp.mx1 TLSA 3 1 1 " NOTHING,
	    "dane-match", "" },
	{ { &leaf }, { NULL }, "_25._tcp.mx1 TLSA 3 1 1 " NOTHING,
	    "dane-match-none", "" },
	{ { &leaf, &middle }, { "1 1 1 0" }, "", "dane-match-nothing", "" },
	/* No records; not known */
	{ { &leaf, &middle }, { NULL }, "", "dane-match-nothing",
	    "mx1.example.com." },
	{ { &leaf, &middle }, { "3 1 1 0" }, "fail _25._tcp.mx1\n", "?", "" },
	{ { &leaf, &middle }, { "3 1 1 x" }, "bogus _25._tcp.mx1\n", "?", "" },
	{ { &leaf, &middle }, { "3 1 1 0" }, "fail @ MX\n", "?", "" },
};

static struct made_chain
make_chain(const struct made *const *from)
{
	struct made_chain chain = { .n = 0 };

	for (; chain.n < LENGTH && from[chain.n] != NULL; chain.n++)
		chain.cert[chain.n] = make(from[chain.n]);
	return chain;
}

static void
free_chain(struct made_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++)
		X509_free(chain->cert[i]);
}

static void
put_records_of(struct writer *w, const struct made_chain *chain,
    const char *const *records)
{
	for (size_t i = 0; i < 3 && records[i] != NULL; i++) {
		char which = records[i][6];
		X509 *other = which == 'r' ? make(&root) :
		    which == 'n'           ? make(&next) :
		    which == 'x'           ? make(&unrelated) :
		                             NULL;

		put_tlsa(w, records[i],
		    other != NULL ? other : chain->cert[which - '0']);
		X509_free(other);
	}
}

START_TEST(certificates)
{
	struct made_chain chain = make_chain(chains[_i].chain);
	static char script[16384], pem[16384];
	struct writer w = writer_of(script, sizeof(script) - 1);
	struct writer file = writer_of(pem, sizeof(pem));
	const char *wanted = chains[_i].codes;
	char words[512], codes[64];
	struct asked a;

	put_text(&w, ONE);
	put_records_of(&w, &chain, chains[_i].records);
	put_text(&w, chains[_i].more);
	script[w.used] = '\0';
	put_pem(&file, &chain);
	snprintf(words, sizeof(words),
	    "check --profile practice --allow-documentation --only tlsa "
	    "--tls-cert %s example.com",
	    folder_put("mx.pem", pem, file.used));
	ask_open(&a, script, NULL);
	ask(&a, words);
	snprintf(codes, sizeof(codes), "%s", codes_like(&a, "dane-match"));
	if (wanted[0] == '?') {
		expect_text(codes, "");
		expect_json(&a, "verdict=temperror");
	} else {
		expect_text(codes, wanted);
		codes[strcspn(codes, " ")] = '\0';
		EXPECT(strstr(message_of(&a, codes), chains[_i].says) != NULL,
		    "%s", message_of(&a, codes));
	}
	ask_close(&a);
	free_chain(&chain);
}
END_TEST

/* What to publish is the data that matches. */
START_TEST(to_publish)
{
	const struct made *one[] = { &leaf, &middle, NULL };
	struct made_chain chain = make_chain(one);
	static char pem[16384], record[512];
	struct writer file = writer_of(pem, sizeof(pem));
	struct writer w = writer_of(record, sizeof(record) - 1);
	const char *remedy = "";
	char words[512];
	struct asked a;

	put_pem(&file, &chain);
	put_tlsa(&w, "3 1 1", chain.cert[0]);
	record[w.used - 1] = '\0';
	snprintf(words, sizeof(words),
	    "check --allow-documentation --only tlsa --tls-cert "
	    "mx1.example.com=%s --tls-cert mx3.example.com=%s example.com",
	    folder_path("mx.pem"), folder_put("mx.pem", pem, file.used));
	ask_open(&a, ONE "_25._tcp.mx1 TLSA 3 1 1 " HEX_A, NULL);
	ask(&a, words);
	for (size_t i = 0; i < mailauth_report_findings(a.report); i++)
		if (strcmp(mailauth_report_finding(a.report, i)->code,
		        "dane-match-none") == 0)
			remedy = mailauth_report_finding(a.report, i)->remedy;
	EXPECT(strncmp(remedy, "publish '_25._tcp.mx1.example.com. IN TLSA 3 1",
	           46) == 0,
	    "%s", remedy);
	EXPECT(strstr(remedy, strstr(record, "3 1 1")) != NULL, "%s", remedy);
	expect_codes(&a, "tls-cert-host-unknown");
	ask_close(&a);
	free_chain(&chain);
}
END_TEST

/* Requests that are refused before anything is asked. */
static const struct {
	struct mailauth_request request;
	enum mailauth_status status;
	const char *why;
} refused[] = {
	{ { .mta_sts_policy = "/nothing" }, MAILAUTH_EINPUT, "/nothing: " },
	{ { .mta_sts_policy = "/" }, MAILAUTH_EINPUT, "/: " },
	{ { .mta_sts_policy = "/dev/null",
	      .only = UINT32_C(1) << MAILAUTH_KIND_TLSA },
	    MAILAUTH_EUSE, "MTA-STS is not checked" },
	{ { .tls_certs = &(const struct mailauth_tls_cert){ NULL, "/dev/null" },
	      .ntls_certs = 1 },
	    MAILAUTH_EINPUT, "no PEM certificate" },
	{ { .tls_certs = &(const struct mailauth_tls_cert){ NULL, "/nothing" },
	      .ntls_certs = 1 },
	    MAILAUTH_EINPUT, "/nothing: " },
	{ { .tls_certs =
	          &(const struct mailauth_tls_cert){ "a..b", "/dev/null" },
	      .ntls_certs = 1 },
	    MAILAUTH_EUSE, "a..b" },
	{ { .tls_certs = &(const struct mailauth_tls_cert){ NULL, NULL },
	      .ntls_certs = 1 },
	    MAILAUTH_EUSE, "needs a file" },
	{ { .tls_certs = &(const struct mailauth_tls_cert){ NULL, "/dev/null" },
	      .ntls_certs = 1,
	      .only = UINT32_C(1) << MAILAUTH_KIND_MTASTS },
	    MAILAUTH_EUSE, "TLSA is not checked" },
	{ { .ntls_certs = 1 }, MAILAUTH_EUSE, "list" },
};

START_TEST(files_refused)
{
	for (int i = 0; i < COUNT(refused); i++) {
		struct mailauth_request request = refused[i].request;
		struct mailauth_report *report = NULL;
		char why[MAILAUTH_WHY_MAX] = "";
		struct asked a;

		request.domain = "example.com";
		ask_open(&a, ZONE, NULL);
		ck_assert_int_eq(mailauth_check(a.source, &request, &report,
		                     why),
		    refused[i].status);
		ck_assert_ptr_null(report);
		EXPECT(strstr(why, refused[i].why) != NULL, "%s", why);
		ask_close(&a);
	}
}
END_TEST

Suite *
suite_transport(void)
{
	Suite *s = suite_create("transport");
	TCase *tc = tcase_create("transport");
	TCase *in_folder = tcase_create("files");

	tcase_add_loop_test(tc, record_sets, 0, COUNT(cases));
	tcase_add_test(tc, absence);
	tcase_add_test(tc, files_refused);
	suite_add_tcase(s, tc);
	tcase_set_timeout(in_folder, 60);
	tcase_add_checked_fixture(in_folder, folder_open, folder_close);
	tcase_add_loop_test(in_folder, policy, 0, COUNT(policies));
	tcase_add_test(in_folder, policy_octets);
	tcase_add_loop_test(in_folder, certificates, 0, COUNT(chains));
	tcase_add_test(in_folder, to_publish);
	suite_add_tcase(s, in_folder);
	return s;
}
