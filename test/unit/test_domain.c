/*
 * test_domain.c - the check of a domain, subject by subject
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each row is asked as it is, and again with the lookup that it hangs on
 * failing, forged and late: then nothing is said of what was not seen. All
 * are asked once more for every question that they ask, with that one failing
 * or forged: no verdict gets better by it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask.h"
#include "base/base64.h"
#include "base/str.h"
#include "judge/names.h"
#include "sys/file.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define DMARC "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:d@example.com'\n"
#define SPF   "@ TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
#define BASE \
	"zone example.com\n" SPF DMARC "@ MX 10 mta\n" \
	"@ A 192.0.2.4\n" \
	"mta A 192.0.2.4\n"
#define REVERSE \
	"zone 2.0.192.in-addr.arpa\n" \
	"4 PTR mta.example.com.\n" \
	"5 PTR other.example.com.\n" \
	"5 PTR gone.example.com.\n" \
	"6 PTR link.example.com.\n" \
	"7 PTR far.example.net.\n"
#define EXCHANGED \
	"zone example.com\n" SPF \
	"@ MX 10 mta\n@ A 192.0.2.4\nmta A 192.0.2.4\n" \
	"_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:a@example.net'\n" \
	"example.net._report._dmarc TXT 'v=DMARC1'\n" \
	"zone example.net\n@ MX 10 m\nm A 192.0.2.9\n"
#define SIGNED   "zone com secure\nzone example.com secure\n" SPF
#define CHECK    "check --allow-documentation "
#define PRACTICE CHECK "--profile practice "
/* Sends no mail, as M3AAWG and others have it. */
#define PARKED \
	"zone example.com\n@ TXT 'v=spf1 -all'\n@ MX 0 .\n" \
	"_dmarc TXT 'v=DMARC1; p=reject'\n"
#define KNOWN    "online\n" BASE "zone 2.0.192.in-addr.arpa\n"
#define ED       "ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g="
#define ED_OTHER "C8CrWd0pYvwVcL5DP2BMqGrScDk2D1m6bG3V1ydqN1g="
#define ED_KEY   "'v=DKIM1; k=ed25519; p=" ED "'\n"
#define H16      "aabbccddeeff00112233445566778899"
#define H128     H16 H16 H16 H16 H16 H16 H16 H16
#define LOGO \
	"default._bimi TXT 'v=BIMI1; l=https://example.com/l.svg; " \
	"avp=brand'\n"
#define SOA "@ SOA ns1 hostmaster 1 3600 900 1209600 300\n"
#define SERVERS \
	"online\nzone example.com\n" SOA "@ NS ns1\n@ NS ns2\n" \
	"ns1 A 192.0.2.51\nns2 A 192.0.2.52\n" SPF DMARC
#define SAME \
	"at 192.0.2.52\nzone example.com\nns1 A 192.0.2.51\n" \
	"ns2 A 192.0.2.52\n" SOA SPF DMARC
#define COMPARE \
	CHECK "--compare-servers --only spf,dkim,dmarc --selector s " \
	      "example.com"

/* One row: what is asked, and what comes of it. */
struct row {
	const char *script, *words;
	const char *codes, *no_codes;
	const char *json; /* or NULL */
	const char *lookup; /* it hangs on this one, or NULL */
	const char *gone; /* without it */
};

static const struct row rows[] = {
	/* DNSSEC: algorithms, keys, digests, the end of signatures. */
	{ SIGNED "@ DNSKEY \\# 4 01010301\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "dnssec-rrsig-expiring", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 4 01010303\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 4 01010305\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 4 01010306\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 4 01010307\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 4 0101030c\n", CHECK "--only spf example.com",
	    "dnssec-weak-algorithm", "", NULL, "@ DNSKEY",
	    "dnssec-weak-algorithm" },
	/* RSA of 512, 1024 and 2048 bits; a long exponent; no key at all. */
	{ SIGNED "@ DNSKEY \\# 70 010103080103" H16 H16 H16 H16 "\n",
	    CHECK "--only spf example.com", "dnssec-weak-algorithm", "", NULL,
	    "@ DNSKEY", "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 136 0101030a00000203ff" H128 "\n"
	         "drop @ DNSKEY\n@ DNSKEY \\# 137 0101030a00000203ff" H128 "\n",
	    CHECK "--only spf example.com", "dnssec-weak-algorithm", "", NULL,
	    "@ DNSKEY", "dnssec-weak-algorithm" },
	{ SIGNED "@ DNSKEY \\# 262 010103080103" H128 H128 "\n",
	    CHECK "--only spf example.com", "dnssec-secure",
	    "dnssec-weak-algorithm", NULL, NULL, NULL },
	{ SIGNED "@ DNSKEY \\# 36 0101030d" H16 H16 "\n",
	    CHECK "--only spf example.com", "dnssec-secure",
	    "dnssec-weak-algorithm", NULL, NULL, NULL },
	{ SIGNED "@ DNSKEY \\# 3 010103\n", CHECK "--only spf example.com",
	    "dnssec-secure", "dnssec-weak-algorithm", NULL, NULL, NULL },
	{ SIGNED "zone com secure\nexample DS \\# 24 00010d01" H16 "aabbccdd\n",
	    CHECK "--only spf example.com", "dnssec-weak-algorithm", "", NULL,
	    "example.com. DS", "dnssec-weak-algorithm" },
	{ SIGNED "zone com secure\nexample DS \\# 36 00010d02" H16 H16 "\n",
	    CHECK "--only spf example.com", "dnssec-secure",
	    "dnssec-weak-algorithm", NULL, NULL, NULL },
	{ SIGNED "signed example.com. 13 -20 1\n",
	    CHECK "--only spf example.com",
	    "dnssec-secure dnssec-rrsig-expiring", "", NULL, "@ TXT",
	    "dnssec-rrsig-expiring dnssec-secure" },
	/* Signatures of two days that end in one are renewed in time. */
	{ SIGNED "signed example.com. 13 -1 1\n",
	    CHECK "--only spf example.com", "dnssec-secure",
	    "dnssec-rrsig-expiring", NULL, NULL, NULL },
	{ SIGNED "signed example.com. 13 -20 4\n",
	    CHECK "--only spf example.com", "dnssec-secure",
	    "dnssec-rrsig-expiring", NULL, NULL, NULL },

	/* Servers compared. */
	{ SERVERS SAME, COMPARE, "spf-ok",
	    "dns-inconsistent-servers limit-reached", NULL, NULL, NULL },
	{ SERVERS "at 192.0.2.52\nzone example.com\n" SOA DMARC
	          "@ TXT 'v=spf1 ip4:192.0.2.5 -all'\n",
	    COMPARE, "dns-inconsistent-servers", "", NULL, "@ NS",
	    "dns-inconsistent-servers" },
	{ SERVERS "at 192.0.2.52\nzone example.com\n" SOA SPF, COMPARE,
	    "dns-inconsistent-servers", "", NULL, "ns2 A",
	    "dns-inconsistent-servers" },
	{ SERVERS SAME "s._domainkey TXT " ED_KEY, COMPARE,
	    "dns-inconsistent-servers", "", NULL, "@ NS",
	    "dns-inconsistent-servers" },
	{ SERVERS "at 192.0.2.52\nzone example.com\n" SPF DMARC
	          "@ SOA ns1 hostmaster 2 3600 900 1209600 300\n",
	    COMPARE, "dns-inconsistent-servers", "", NULL, "ns1 A",
	    "dns-inconsistent-servers" },
	/* A server that fails differs in nothing. */
	{ SERVERS "at 192.0.2.52\nzone example.com\nfail *\nfail @\n", COMPARE,
	    "spf-ok dns-server-unanswered", "dns-inconsistent-servers", NULL,
	    NULL, NULL },
	/* Neither is compared without being asked for. */
	{ SERVERS "at 192.0.2.52\nzone example.com\n",
	    CHECK "--only spf,dmarc example.com", "spf-ok",
	    "dns-inconsistent-servers", NULL, NULL, NULL },
	/* More than are compared. */
	{ SERVERS SAME "at\nzone example.com\n"
	               "ns1 A 192.0.2.61\nns1 A 192.0.2.62\nns1 A 192.0.2.63\n"
	               "ns1 A 192.0.2.64\nns1 A 192.0.2.65\nns1 A 192.0.2.66\n"
	               "ns1 A 192.0.2.67\nns1 A 192.0.2.68\nns1 A 192.0.2.69\n"
	               "ns2 A 192.0.2.71\nns2 A 192.0.2.72\nns2 A 192.0.2.73\n"
	               "ns2 A 192.0.2.74\nns2 A 192.0.2.75\nns2 A 192.0.2.76\n"
	               "ns2 A 192.0.2.77\nns2 A 192.0.2.78\nns2 A 192.0.2.79\n",
	    COMPARE, "limit-reached", "", NULL, "@ NS", "limit-reached" },

	/* Owners with the zone twice, and a wildcard. */
	{ "zone example.com\n" SPF
	  "_dmarc.example.com TXT 'v=DMARC1; p=reject'\n",
	    CHECK "--only dmarc example.com", "txt-owner-doubled dmarc-missing",
	    "", NULL, "_dmarc.example.com TXT", "txt-owner-doubled" },
	{ BASE "s._domainkey.example.com TXT " ED_KEY,
	    CHECK "--only dkim --selector s example.com",
	    "txt-owner-doubled dkim-key-missing", "", NULL,
	    "s._domainkey.example.com TXT", "txt-owner-doubled" },
	{ BASE "s._domainkey.example.com TXT " ED_KEY,
	    CHECK "--only dkim --selector s example.com", "dkim-key-missing",
	    "", NULL, "s._domainkey TXT", "dkim-key-missing" },
	{ "zone example.com\n" SPF "* TXT 'hello'\nx._dmarc A 192.0.2.1\n",
	    CHECK "--only dmarc example.com", "dns-wildcard-blocks", "", NULL,
	    "_dmarc TXT", "dns-wildcard-blocks dmarc-missing" },

	/* DKIM: what is at a selector instead of a key. */
	{ BASE "s._domainkey CERT \\# 6 000100000800\n",
	    CHECK "--only dkim --selector s example.com",
	    "dkim-rr-not-txt dkim-key-missing", "", NULL, "s._domainkey CERT",
	    "dkim-rr-not-txt" },
	{ BASE "s._domainkey DNSKEY \\# 4 01010308\n",
	    CHECK "--only dkim --selector s example.com",
	    "dkim-rr-not-txt dkim-key-missing", "", NULL, "s._domainkey DNSKEY",
	    "dkim-rr-not-txt" },
	{ BASE "s._domainkey DNSKEY \\# 4 01010308\n",
	    CHECK "--only dkim --selector s example.com", "dkim-rr-not-txt", "",
	    NULL, "s._domainkey TXT", "dkim-rr-not-txt dkim-key-missing" },
	{ BASE "google._domainkey TXT " ED_KEY,
	    CHECK "--only dkim --selector s example.com",
	    "dkim-selector-mismatch dkim-key-missing", "dkim-key-ok", NULL,
	    "google._domainkey TXT", "dkim-selector-mismatch" },
	{ BASE "google._domainkey TXT " ED_KEY,
	    CHECK "--only dkim --selector s_1 example.com",
	    "dkim-selector-mismatch dkim-selector-underscore", "", NULL,
	    "s_1._domainkey TXT", "dkim-selector-mismatch dkim-key-missing" },
	{ BASE "google._domainkey TXT " ED_KEY, CHECK "--only dkim example.com",
	    "dkim-selector-not-given dkim-ed25519-ok", "dkim-key-missing", NULL,
	    "google._domainkey TXT", "dkim-ed25519-ok" },
	{ BASE "s._domainkey TXT " ED_KEY "t._domainkey TXT " ED_KEY,
	    CHECK "--only dkim --selector s --selector t example.com",
	    "dkim-key-shared dkim-ed25519-only", "", NULL, "t._domainkey TXT",
	    "dkim-key-shared" },
	/* A selector that is given twice is one key. */
	{ BASE "s._domainkey TXT " ED_KEY,
	    CHECK "--only dkim --selector s --selector S --selector "
	          "s._domainkey.example.com --selector s example.com",
	    "dkim-ed25519-only cfg-selector-full-name dkim-ed25519-ok",
	    "dkim-key-shared", NULL, "s._domainkey TXT", "dkim-ed25519-ok" },
	/* The first of the two is missing: Ed25519 alone is still said. */
	{ BASE "t._domainkey TXT " ED_KEY,
	    CHECK "--only dkim --selector s --selector t example.com",
	    "dkim-key-missing dkim-ed25519-only", "dkim-key-shared", NULL,
	    "t._domainkey TXT", "dkim-ed25519-only" },
	{ BASE "*._domainkey TXT " ED_KEY, CHECK "--only dkim example.com",
	    "dkim-wildcard", "dkim-key-shared", NULL, NULL, NULL },
	{ BASE "s._domainkey TXT 'v=DKIM1; p=!'\n"
	       "_domainkey TXT 'o=-;'\n",
	    CHECK "--only dkim,domainkeys --selector s example.com",
	    "dkim-p-base64-invalid domainkeys-policy-conflict", "", NULL,
	    "s._domainkey TXT", "domainkeys-policy-conflict" },
	{ "zone example.com\n_adsp._domainkey TXT 'dkim=discardable'\n",
	    CHECK "--only dkim,adsp --selector s example.com",
	    "adsp-discardable", "", NULL, "_dmarc TXT", "adsp-discardable" },
	{ BASE, CHECK "--only dkim --selector s..t example.com",
	    "dkim-selector-invalid", "dkim-key-missing", NULL, NULL, NULL },

	/* MX. */
	{ "zone example.com\n@ MX 0 .\n" SPF, CHECK "--only mx,spf example.com",
	    "mx-null mx-null-on-sender", "", NULL, "@ MX",
	    "mx-null mx-null-on-sender" },
	{ "zone example.com\n@ MX 0 .\n@ TXT 'v=spf1 -all'\n",
	    CHECK "--only mx,spf example.com", "mx-null", "mx-null-on-sender",
	    NULL, NULL, NULL },
	/* A MAIL FROM that is no domain is asked nothing. */
	{ BASE "zone localhost\n", CHECK "--mail-from u@localhost example.com",
	    "spf-identity-invalid", "mx-at-subdomain-missing", NULL, NULL,
	    NULL },
	{ BASE "bounce MX 0 .\n",
	    CHECK "--only mx --mail-from bounce.example.com example.com",
	    "mx-ok mx-null-on-sender", "", NULL, "bounce MX",
	    "mx-null-on-sender mx-at-subdomain-missing" },
	{ BASE "bounce A 192.0.2.4\n",
	    CHECK "--only mx --mail-from bounce.example.com example.com",
	    "mx-ok mx-at-subdomain-missing", "", NULL, "bounce MX",
	    "mx-at-subdomain-missing" },
	{ "zone example.com\n@ A 192.0.2.4\n", CHECK "--only mx example.com",
	    "mx-implicit", "mx-missing", NULL, "@ MX",
	    "mx-implicit mx-missing" },
	{ "zone example.com\n@ TXT x\n", CHECK "--only mx example.com",
	    "mx-missing", "mx-implicit", NULL, "@ A",
	    "mx-missing mx-implicit" },
	{ "zone example.com\n@ MX 10 a\n@ MX 20 b\nb CNAME c\n"
	  "c A 127.0.0.1\n",
	    CHECK "--only mx example.com",
	    "mx-unresolvable mx-cname mx-loopback-trick mx-nonpublic",
	    "mx-ok mx-all-unresolvable", NULL, "a A", "mx-unresolvable mx-ok" },
	{ "zone example.com\n@ MX 10 a\n@ MX 20 b\na A 192.0.2.1\n"
	  "b A 192.0.2.1\nb A 10.0.0.1\n",
	    CHECK "--only mx example.com",
	    "mx-partial-nonpublic mx-same-address mx-ok", "", NULL, "b A",
	    "mx-partial-nonpublic mx-same-address mx-ok" },
	{ "zone example.com\n@ MX 10 a\n", CHECK "--only mx example.com",
	    "mx-all-unresolvable", "mx-ok", NULL, "a A",
	    "mx-all-unresolvable mx-unresolvable mx-ok" },
	{ BASE,
	    CHECK "--only mx --sender mta.example.com=192.0.2.4 example.com",
	    "mx-points-to-sender mx-ok", "mx-not-sender", NULL, "mta A",
	    "mx-points-to-sender mx-ok" },
	{ BASE, CHECK "--only mx --sender a.example.com=192.0.2.4 example.com",
	    "mx-not-sender mx-ok", "mx-points-to-sender", NULL, "@ MX",
	    "mx-not-sender mx-ok" },

	/* PTR. */
	{ REVERSE BASE,
	    CHECK "--only ptr --sender mta.example.com=192.0.2.4 example.com",
	    "ptr-ok", "ptr-name-unexpected", NULL, "mta A",
	    "ptr-ok ptr-fcrdns-fail" },
	{ REVERSE BASE, CHECK "--only ptr --sender 192.0.2.4 example.com",
	    "ptr-ok", "", NULL, "4.2.0.192.in-addr.arpa. PTR",
	    "ptr-ok ptr-missing" },
	{ REVERSE BASE,
	    CHECK "--only ptr --sender a.example.com=192.0.2.4 example.com",
	    "ptr-name-unexpected", "ptr-ok", NULL, "mta A",
	    "ptr-name-unexpected ptr-ok ptr-fcrdns-fail" },
	{ REVERSE BASE "other A 192.0.2.5\n",
	    CHECK "--only ptr --helo gone.example.com --sender 192.0.2.5 "
	          "example.com",
	    "ptr-ok ptr-multiple-partial ptr-helo-mismatch", "", NULL, "gone A",
	    "ptr-multiple-partial" },
	{ REVERSE BASE, CHECK "--only ptr --sender 192.0.2.5 example.com",
	    "ptr-fcrdns-fail", "ptr-ok ptr-temperror", NULL, "other A",
	    "ptr-fcrdns-fail ptr-ok" },
	{ REVERSE BASE, CHECK "--only ptr --sender 192.0.2.7 example.com", "",
	    "ptr-temperror ptr-ok ptr-fcrdns-fail", NULL, NULL, NULL },
	{ REVERSE BASE "fail other.example.com.\n",
	    CHECK "--only ptr --sender 192.0.2.5 example.com", "ptr-temperror",
	    "ptr-ok ptr-fcrdns-fail", NULL, NULL, NULL },
	{ REVERSE BASE "link CNAME to\nto A 192.0.2.6\n",
	    CHECK "--only ptr --sender 192.0.2.6 example.com",
	    "ptr-ok ptr-forward-cname", "", NULL, "link A", "ptr-ok" },
	{ REVERSE BASE "8.2.0.192.in-addr.arpa PTR mta.example.com.\n",
	    CHECK "--only ptr --sender 192.0.2.8 example.com",
	    "ptr-missing ptr-in-forward-zone", "", NULL,
	    "8.2.0.192.in-addr.arpa PTR", "ptr-in-forward-zone" },
	{ REVERSE BASE "m PTR mta.example.com.\n",
	    CHECK "--only ptr --sender m.example.com=192.0.2.8 example.com",
	    "ptr-missing ptr-in-forward-zone", "", NULL, "m PTR",
	    "ptr-in-forward-zone" },
	{ "zone 8.b.d.0.1.0.0.2.ip6.arpa\n" BASE,
	    CHECK "--only ptr --sender m.example.com=2001:db8::1 example.com",
	    "ptr-missing ptr-v6-missing", "", NULL,
	    "*.8.b.d.0.1.0.0.2.ip6.arpa. PTR", "ptr-missing ptr-v6-missing" },

	/* Addresses. */
	{ BASE "mta AAAA 2001:db8::4\nzone 8.b.d.0.1.0.0.2.ip6.arpa\n",
	    CHECK "--only address,spf --sender mta.example.com=192.0.2.4 "
	          "example.com",
	    "addr-expected addr-extra addr-v6-unplanned cfg-sender-a-ok", "",
	    NULL, "mta.example.com. AAAA", "addr-v6-unplanned" },
	{ BASE,
	    CHECK "--only address --sender mta.example.com=192.0.2.5 "
	          "example.com",
	    "addr-mismatch", "addr-expected cfg-sender-a-ok", NULL, "mta A",
	    "addr-mismatch addr-missing" },
	{ BASE "m_1 AAAA 2001:db8::4\nzone 8.b.d.0.1.0.0.2.ip6.arpa\n",
	    CHECK "--only address --sender m_1.example.com=2001:db8::4 "
	          "example.com",
	    "addr-aaaa-only addr-hostname-invalid addr-expected", "", NULL,
	    "m_1.example.com. A", "addr-aaaa-only" },
	{ BASE "drop @ A\n", CHECK "--only address example.com", "addr-missing",
	    "", NULL, "@ A", "addr-missing" },
	{ BASE "drop @ A\n", CHECK "--profile rfc --only address example.com",
	    "", "addr-missing", NULL, NULL, NULL },

	/* BIMI. */
	{ BASE LOGO, CHECK "--only bimi example.com", "bimi-ok bimi-dmarc-ok",
	    "x-bimi-without-enforcement", NULL, "_dmarc TXT",
	    "bimi-ok bimi-dmarc-ok bimi-dmarc-missing" },
	{ BASE LOGO "drop _dmarc\n", CHECK "--only bimi example.com",
	    "bimi-dmarc-missing", "bimi-ok bimi-dmarc-ok", NULL, "_dmarc TXT",
	    "bimi-dmarc-missing" },
	{ BASE LOGO "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=none'\n",
	    CHECK "--only bimi example.com", "bimi-dmarc-none",
	    "bimi-ok bimi-dmarc-ok", NULL, "_dmarc TXT", "bimi-dmarc-none" },
	{ BASE LOGO "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=quarantine; "
	            "sp=none; pct=20'\n",
	    CHECK "--only bimi example.com",
	    "bimi-dmarc-sp-none bimi-dmarc-pct", "bimi-ok bimi-dmarc-ok", NULL,
	    "_dmarc TXT", "bimi-dmarc-sp-none bimi-dmarc-pct" },
	{ BASE LOGO "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=reject; t=y'\n",
	    CHECK "--only bimi example.com", "bimi-dmarc-t-y",
	    "bimi-ok bimi-dmarc-ok", NULL, "_dmarc TXT", "bimi-dmarc-t-y" },
	{ BASE "@ TXT 'v=BIMI1; l=https://example.com/l.svg'\n",
	    CHECK "--only bimi example.com", "bimi-wrong-location", "bimi-ok",
	    NULL, "@ TXT", "bimi-wrong-location" },
	{ BASE "_bimi TXT 'v=BIMI1; l=https://example.com/l.svg'\n",
	    CHECK "--only bimi example.com", "bimi-wrong-location bimi-missing",
	    "", NULL, "default._bimi TXT", "bimi-wrong-location bimi-missing" },
	{ BASE LOGO "sub A 192.0.2.1\n", CHECK "--only bimi sub.example.com",
	    "bimi-org-fallback bimi-ok", "bimi-missing", NULL,
	    "default._bimi TXT", "bimi-org-fallback bimi-missing bimi-ok" },
	{ BASE LOGO, CHECK "--only bimi --bimi-selector a..b example.com",
	    "bimi-selector-invalid", "bimi-ok bimi-missing", NULL, NULL, NULL },

	/* Identities that are no domain. */
	{ BASE, CHECK "--helo localhost --sender 192.0.2.4 example.com",
	    "spf-eval-pass", "ptr-helo-mismatch", NULL, NULL, NULL },
	/* An alias and other records. */
	{ BASE "www CNAME other\nother TXT 'v=spf1 -all'\n",
	    CHECK "--only spf www.example.com", "dns-cname-followed",
	    "dns-cname-and-data", NULL, "www TXT", "spf-deny-all" },

	/* Consent with both names exchanged is no fault when it is mutual, and
	 * not known when that could not be told. */
	{ EXCHANGED, CHECK "--only dmarc,dmarc-report example.com",
	    "dmarc-ext-at-wrong-name", "", NULL, NULL, NULL },
	{ EXCHANGED "_dmarc TXT 'v=DMARC1; p=none; rua=mailto:a@example.com'\n",
	    CHECK "--only dmarc,dmarc-report example.com", "",
	    "dmarc-ext-at-wrong-name", NULL, NULL, NULL },
	{ EXCHANGED "fail _dmarc TXT\n",
	    CHECK "--only dmarc,dmarc-report example.com", "lookup-undecided",
	    "dmarc-ext-at-wrong-name", NULL, NULL, NULL },

	/* A check of nothing, and a key compared with nothing. */
	{ BASE, CHECK "--only ptr example.com", "nothing-checked", "", NULL,
	    NULL, NULL },
	/* What was looked up was checked, whether it is there or not. */
	{ BASE, CHECK "--profile practice --only adsp example.com", "",
	    "nothing-checked", NULL, NULL, NULL },
	{ BASE, CHECK "--profile practice --only domainkeys example.com", "",
	    "nothing-checked", NULL, NULL, NULL },
	{ BASE,
	    CHECK "--profile practice --only senderid,domainkeys,adsp "
	          "example.com",
	    "", "nothing-checked", NULL, NULL, NULL },
	/* A check of nothing but what is not there is no pass. */
	{ BASE, CHECK "--only bimi example.com",
	    "bimi-missing nothing-published", "", NULL, NULL, NULL },
	{ BASE, CHECK "--only mtasts,ptr example.com", "nothing-checked",
	    "nothing-published", NULL, NULL, NULL },
	{ BASE, CHECK "--only tlsrpt,mx example.com", "mx-ok",
	    "nothing-published", NULL, NULL, NULL },
	{ BASE "fail _mta-sts TXT\n", CHECK "--only mtasts example.com", "",
	    "nothing-published mtasts-missing", NULL, NULL, NULL },
	{ BASE "_adsp._domainkey TXT 'dkim=all'\n",
	    CHECK "--profile practice --only adsp example.com", "adsp-present",
	    "nothing-checked", NULL, NULL, NULL },
	{ BASE REVERSE, CHECK "--only ptr --sender 192.0.2.4 example.com",
	    "ptr-ok", "nothing-checked", NULL, NULL, NULL },
	{ BASE, CHECK "--only mx example.com", "mx-ok", "nothing-checked", NULL,
	    NULL, NULL },

	/* DMARC somewhere else. */
	{ "zone example.com\n@ TXT 'v=DMARC1; p=reject'\n",
	    CHECK "--only dmarc example.com",
	    "dmarc-wrong-location dmarc-missing", "", NULL, "@ TXT",
	    "dmarc-wrong-location" },
	{ "zone example.com\ndmarc TXT 'v=DMARC1; p=reject'\n",
	    CHECK "--only dmarc example.com",
	    "dmarc-wrong-location dmarc-missing", "", NULL, "dmarc TXT",
	    "dmarc-wrong-location" },

	/* Roles. A domain that sends no mail, by the book. */
	{ PARKED, PRACTICE "example.com",
	    "parked-spf-ok parked-mx-ok parked-dmarc-ok",
	    "dkim-absent mx-null-on-sender parked-mx-weak", "role=no-mail",
	    "@ MX", "parked-mx-ok parked-dmarc-ok" },
	{ PARKED "*._domainkey TXT 'v=DKIM1; p='\n", PRACTICE "example.com",
	    "parked-dkim-wildcard parked-spf-ok", "dkim-revoked",
	    "role=no-mail | verdict=pass", "@ TXT", "parked-spf-ok" },
	{ PARKED "@ A 192.0.2.1\n", CHECK "example.com",
	    "parked-spf-ok parked-mx-ok", "mx-implicit", "role=no-mail", NULL,
	    NULL },
	/* Pieces that are missing. */
	{ PARKED "drop @ MX\n@ A 192.0.2.1\n", PRACTICE "example.com",
	    "parked-mx-weak", "mx-implicit parked-mx-ok", "role=no-mail",
	    "@ MX", "parked-mx-weak parked-dmarc-ok" },
	{ PARKED "drop @ MX\n@ MX 0 0.\n", PRACTICE "example.com",
	    "mx-null-miswritten", "parked-mx-weak", "role=no-mail", "@ MX",
	    "mx-null-miswritten" },
	{ PARKED "drop @ TXT\n", PRACTICE "example.com", "parked-spf-weak",
	    "spf-missing parked-spf-ok", "role=no-mail", "@ TXT",
	    "parked-spf-weak" },
	{ PARKED "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=reject; sp=none'\n",
	    PRACTICE "example.com", "parked-dmarc-weak", "parked-dmarc-ok",
	    "role=no-mail", "_dmarc TXT", "parked-dmarc-weak" },
	/* Nothing shows what it is for: all rules apply. */
	{ "zone example.com\n@ NS ns1\nns1 A 192.0.2.53\n",
	    CHECK "--profile rfc example.com",
	    "spf-missing dmarc-missing mx-missing", "mx-implicit",
	    "role=unknown | role_why=it has no MX, SPF or DKIM record", NULL,
	    NULL },
	{ "zone example.com\n@ NS ns1\nns1 A 192.0.2.53\n"
	  "_dmarc TXT 'v=DMARC1; p=reject'\nfail mail._domainkey\n",
	    CHECK "--profile rfc example.com", "spf-missing mx-missing",
	    "mx-implicit", "role=unknown", NULL, NULL },
	/* A key or a sender shows it. */
	{ "zone example.com\nmail._domainkey TXT 'v=DKIM1; k=ed25519; p=" ED
	  "'\n",
	    CHECK "--profile rfc example.com", "spf-missing mx-missing", "",
	    "role=mail", NULL, NULL },
	{ "zone example.com\n@ A 198.41.0.1\n",
	    CHECK "--profile rfc --ip 198.41.0.1 example.com",
	    "spf-missing mx-implicit", "", "role=mail", NULL, NULL },
	/* The name of a host in place of a key, at a selector that was guessed:
	 * most often the only trace of DKIM. */
	{ BASE "s1._domainkey TXT "
	       "'s1.domainkey.u123.wl.sendgrid.net'\n",
	    PRACTICE "example.com", "txt-host-name", "dkim-absent", NULL, NULL,
	    NULL },
	{ BASE "s1._domainkey TXT 'hello'\n", PRACTICE "example.com", "",
	    "txt-host-name", NULL, NULL, NULL },
	{ BASE "*._domainkey TXT 'a.example.org'\n", PRACTICE "example.com", "",
	    "txt-host-name", NULL, NULL, NULL },
	/* Governments want reports of each organization's domain. */
	{ PARKED, PRACTICE "example.com", "dmarc-rua-missing", "",
	    "role=no-mail | verdict=pass", NULL, NULL },
	{ PARKED, CHECK "--profile gov example.com",
	    "dmarc-rua-missing parked-dmarc-ok", "",
	    "role=no-mail | verdict=fail", NULL, NULL },
	{ PARKED "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=reject; "
	         "rua=mailto:r@example.org'\n"
	         "zone example.org\n@ MX 5 a\na A 192.0.2.3\n"
	         "example.com._report._dmarc TXT 'v=DMARC1'\n",
	    CHECK "--profile gov example.com", "parked-dmarc-ok",
	    "dmarc-rua-missing", "role=no-mail | verdict=pass", NULL, NULL },
	{ PARKED "a TXT 'v=spf1 -all'\na MX 0 .\n"
	         "_dmarc.a TXT 'v=DMARC1; p=reject'\n",
	    CHECK "--profile gov a.example.com",
	    "dmarc-rua-missing parked-dmarc-ok", "",
	    "role=no-mail | verdict=pass", NULL, NULL },
	/* A key that is not revoked, or may be there: it may send. */
	{ PARKED "mail._domainkey TXT 'v=DKIM1; k=ed25519; p=" ED "'\n",
	    PRACTICE "example.com", "mx-null", "parked-spf-ok", "role=mail",
	    NULL, NULL },
	{ PARKED "fail mail._domainkey\n", PRACTICE "example.com", "mx-null",
	    "parked-spf-ok parked-mx-ok", "role=unknown", NULL, NULL },
	{ "zone example.com\n@ MX 10 mta\nmta A 192.0.2.4\n@ TXT 'v=spf1 "
	  "-all'\n" DMARC,
	    PRACTICE "example.com", "mx-ok", "dkim-absent", "role=receive-only",
	    "@ MX", "mx-ok" },
	{ BASE "drop @ MX\n@ MX 10 "
	       "feedback-smtp.eu-west-1.amazonses.com.\n"
	       "zone amazonses.com\nfeedback-smtp.eu-west-1 A 198.51.100.9\n",
	    PRACTICE "example.com", "mx-ok", "", "role=send-only", "@ MX",
	    "mx-ok" },
	/* Declared roles. */
	{ PARKED, PRACTICE "--role mail example.com", "role-contradicted",
	    "parked-spf-ok", "role=mail | verdict=fail", NULL, NULL },
	{ PARKED, PRACTICE "--role no-mail example.com", "parked-spf-ok",
	    "role-contradicted", "role=no-mail", "@ MX",
	    "role-contradicted parked-mx-ok" },
	{ BASE, PRACTICE "--role no-mail example.com",
	    "role-contradicted parked-spf-weak", "parked-spf-ok",
	    "role=no-mail | verdict=fail", NULL, NULL },
	/* A name that does not exist, or is an alias. */
	{ BASE, PRACTICE "nosuch.example.com", "domain-absent",
	    "spf-missing mx-missing dmarc-missing dmarc-inherited",
	    "role=absent | verdict=fail", NULL, NULL },
	{ BASE "web CNAME cdn.example.net.\nzone example.net\n"
	       "cdn A 198.51.100.9\n",
	    PRACTICE "web.example.com", "dmarc-inherited",
	    "spf-missing mx-implicit domain-absent dkim-absent", "role=alias",
	    NULL, NULL },

	/* No host passes SPF: by a record that leads there, or weakly. */
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 redirect=_spf.example.com'\n"
	         "_spf TXT 'v=spf1 -all'\n",
	    PRACTICE "example.com", "parked-spf-ok", "mx-null-on-sender",
	    "role=no-mail | verdict=pass", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 -all exp=why.example.com'\n",
	    PRACTICE "example.com", "parked-spf-ok", "mx-null-on-sender",
	    "role=no-mail", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 ~all'\n", PRACTICE "example.com",
	    "parked-spf-weak", "mx-null-on-sender parked-spf-ok",
	    "role=no-mail", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 redirect=_spf.example.com'\n"
	         "fail _spf\n",
	    PRACTICE "example.com", "mx-null", "parked-spf-ok", "role=unknown",
	    NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 -all mx redirect=a.example.com'\n",
	    PRACTICE "example.com", "parked-spf-ok", "mx-null-on-sender",
	    "role=no-mail", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 redirect=_spf.example.com'\n"
	         "_spf TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    PRACTICE "example.com", "mx-null-on-sender", "parked-spf-ok",
	    "role=mail | verdict=fail", NULL, NULL },
	/* Without its MX answer nobody can say that the domain is parked. */
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 ~all'\n",
	    CHECK "--profile rfc --only spf example.com", "parked-spf-weak",
	    "parked-spf-ok", "role=no-mail | verdict=fail", "@ MX",
	    "parked-spf-weak parked-spf-ok" },
	{ PARKED "drop @ MX\ndrop _dmarc\n_dmarc TXT 'v=DMARC1; p=none'\n",
	    CHECK "--profile rfc --only dmarc example.com", "parked-dmarc-weak",
	    "parked-dmarc-ok", "role=no-mail | verdict=fail", "@ MX",
	    "parked-dmarc-weak parked-dmarc-ok" },
	{ PARKED "s1._domainkey TXT 'v=DKIM1; p='\n",
	    PRACTICE "--selector s1 example.com", "dkim-revoked", "dkim-absent",
	    "role=no-mail | verdict=pass", NULL, NULL },
	/* What lies outside of the given zones relaxes nothing, and what could
	 * not be looked up is neither right nor wrong. */
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 include:far.example -all'\n",
	    PRACTICE "example.com", "mx-null-on-sender", "parked-spf-ok",
	    "role=mail | verdict=fail", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 include:far.example -all'\n",
	    PRACTICE "--role no-mail example.com",
	    "role-contradicted parked-spf-weak", "parked-spf-ok",
	    "verdict=fail", NULL, NULL },
	{ PARKED "drop @ TXT\n@ TXT 'v=spf1 include:_spf.example.com -all'\n"
	         "fail _spf\n",
	    PRACTICE "--role no-mail example.com",
	    "spf-include-target-temperror",
	    "parked-spf-ok parked-spf-weak role-contradicted",
	    "verdict=temperror", NULL, NULL },
	/* Servers may differ about a name. */
	{ SERVERS SAME "nosuch TXT 'v=spf1 -all'\n",
	    PRACTICE "--compare-servers nosuch.example.com",
	    "domain-absent dns-inconsistent-servers", "", NULL, NULL, NULL },
	/* A key that is in use, and SPF that lets nobody send. */
	{ PARKED "google._domainkey TXT " ED_KEY "mail._domainkey TXT " ED_KEY,
	    PRACTICE "example.com", "spf-nobody-passes", "parked-spf-ok",
	    "role=mail", NULL, NULL },
	{ BASE "mail._domainkey TXT " ED_KEY, PRACTICE "example.com", "spf-ok",
	    "spf-nobody-passes", "role=mail", NULL, NULL },
	/* An alias of a mail domain, and of nothing. */
	{ BASE "www CNAME @\n", PRACTICE "www.example.com", "spf-ok",
	    "dkim-absent domain-absent", "role=alias", NULL, NULL },
	/* A guessed selector that leads nowhere. */
	{ BASE "mail._domainkey CNAME gone.example.com.\n"
	       "dkim._domainkey CNAME gone.example.com.\n",
	    PRACTICE "example.com", "dkim-cname-dangling", "dkim-absent",
	    "verdict=warn", NULL, NULL },
	/* Aliases for a provider where DKIM is not turned on. */
	{ BASE "selector1._domainkey CNAME "
	       "selector1-example-com._domainkey.example.onmicrosoft.com.\n"
	       "selector2._domainkey CNAME "
	       "selector2-example-com._domainkey.example.onmicrosoft.com.\n"
	       "drop @ TXT\n@ TXT 'v=spf1 include:spf.protection.outlook.com "
	       "-all'\nzone onmicrosoft.com\nexample A 198.51.100.1\n"
	       "zone outlook.com\nspf.protection TXT 'v=spf1 ip4:192.0.2.0/24 "
	       "-all'\n",
	    PRACTICE "example.com", "dkim-not-enabled",
	    "dkim-key-waiting dkim-absent", "verdict=warn", NULL, NULL },
	/* A key at the domain itself, and below it without _domainkey. */
	{ BASE "@ TXT " ED_KEY, PRACTICE "example.com", "dkim-wrong-location",
	    "", "verdict=warn", NULL, NULL },
	{ BASE "s1 TXT " ED_KEY, PRACTICE "--selector s1 example.com",
	    "dkim-wrong-location dkim-key-missing", "", "verdict=fail", NULL,
	    NULL },
	{ BASE "@ TXT " ED_KEY "s1._domainkey TXT " ED_KEY,
	    PRACTICE "example.com", "dkim-selector-not-given",
	    "dkim-wrong-location", NULL, NULL, NULL },
	/* TLS reporting at a wrong name. */
	{ BASE "_smtp.tls TXT 'v=TLSRPTv1; rua=mailto:t@example.com'\n",
	    PRACTICE "--only tlsrpt example.com", "txt-wrong-name", "",
	    "verdict=warn", NULL, NULL },
	{ BASE "_smtp.tls TXT 'v=spf1 -all'\n",
	    PRACTICE "--only tlsrpt example.com", "nothing-published",
	    "txt-wrong-name", "verdict=warn", NULL, NULL },
	/* The policy above has sp= for what is below. */
	{ PARKED "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=none; sp=reject'\n"
	         "w TXT 'v=spf1 -all'\nw MX 0 .\n",
	    PRACTICE "w.example.com", "parked-dmarc-ok", "parked-dmarc-weak",
	    "role=no-mail | verdict=pass", NULL, NULL },
	/* One finding for one record to publish. */
	{ PARKED "drop _dmarc\n", PRACTICE "example.com", "parked-dmarc-weak",
	    "parked-dmarc-ok", "role=no-mail | verdict=warn", NULL, NULL },

	/* Hosts that nobody named: what the SPF record names one by one. */
	{ KNOWN "4 PTR mta.example.com.\n", PRACTICE "example.com", "ptr-ok",
	    "ptr-missing", "verdict=warn", NULL, NULL },
	{ KNOWN "4 PTR other.example.com.\n", PRACTICE "example.com",
	    "ptr-fcrdns-fail", "ptr-ok", "verdict=warn", NULL, NULL },
	{ KNOWN, PRACTICE "example.com", "ptr-missing", "ptr-ok",
	    "verdict=warn", "4.2.0.192.in-addr.arpa. PTR", "ptr-missing" },
	{ KNOWN, CHECK "example.com", "spf-ok", "ptr-missing ptr-ok", NULL,
	    NULL, NULL },

	/* Selectors that nobody named. */
	{ BASE, PRACTICE "example.com", "dkim-absent", "", "role=mail",
	    "_domainkey TXT", "dkim-absent" },
	{ BASE "other._domainkey TXT 'v=DKIM1; p='\n", PRACTICE "example.com",
	    "dkim-selector-not-given", "dkim-absent", "incomplete.0.what=DKIM",
	    NULL, NULL },
	{ BASE, CHECK "example.com", "dkim-selector-not-given", "dkim-absent",
	    NULL, NULL, NULL },
	{ BASE "mail._domainkey TXT 'v=DKIM1; p='\ns1._domainkey TXT " ED_KEY,
	    PRACTICE "example.com", "dkim-key-unused dkim-revoked", "",
	    "verdict=pass", NULL, NULL },
	{ BASE "s1._domainkey TXT " ED_KEY, PRACTICE "example.com",
	    "dkim-selector-not-given", "dkim-key-unused dkim-absent", NULL,
	    NULL, NULL },
	/* The selectors of a provider, one of which waits for its key. */
	{ BASE "drop @ TXT\n@ TXT 'v=spf1 include:spf.protection.outlook.com "
	       "-all'\nselector1._domainkey TXT " ED_KEY
	       "selector2._domainkey CNAME "
	       "selector2-example-com._domainkey.example.onmicrosoft.com.\n"
	       "zone onmicrosoft.com\nexample A 198.51.100.1\n"
	       "zone outlook.com\nspf.protection TXT 'v=spf1 ip4:192.0.2.0/24 "
	       "-all'\n",
	    PRACTICE "--selector selector1 --selector selector2 example.com",
	    "dkim-key-waiting", "dkim-key-missing dkim-selector-mismatch",
	    "providers.0=Microsoft 365", NULL, NULL },
	{ BASE "selector2._domainkey CNAME "
	       "selector2-example-com._domainkey.example.onmicrosoft.com.\n"
	       "zone onmicrosoft.com\nexample A 198.51.100.1\n",
	    PRACTICE "--selector selector2 example.com", "dkim-key-missing",
	    "dkim-key-waiting", "verdict=fail", NULL, NULL },
	/* An alias to _domainkey itself, and a key there that nobody uses. */
	{ BASE "s1._domainkey CNAME _domainkey\n_domainkey TXT " ED_KEY,
	    PRACTICE "--selector s1 example.com", "dkim-key-ok",
	    "dkim-key-at-domainkey-node", NULL, NULL, NULL },
	{ BASE "_domainkey TXT " ED_KEY, PRACTICE "example.com",
	    "dkim-key-at-domainkey-node", "", NULL, "_domainkey TXT",
	    "dkim-key-at-domainkey-node" },
};

/* Better verdicts are smaller; what failed and what could not be told are
 * equally bad. */
static int
badness(const struct asked *a)
{
	enum mailauth_result r = mailauth_report_result(a->report);

	return r == MAILAUTH_RESULT_PASS ? 0 :
	    r == MAILAUTH_RESULT_WARN    ? 1 :
	                                   2;
}

static void
ask_row(struct asked *a, const struct row *r, const char *more)
{
	ask_open(a, r->script, more);
	ask(a, r->words);
}

/* A question fails in the way of this word. */
static void
spoil(const struct row *r, const struct question *q, const char *word,
    int sound)
{
	char more[1024], room[16];
	const char *type = name_rrtype(q->rrtype, room);
	struct asked a;
	int n;

	n = snprintf(more, sizeof(more), "%.*s %s", (int)q->name.n, q->name.s,
	    type);
	EXPECT(n > 0 && (size_t)n < sizeof(more), "a long name");
	snprintf(more, sizeof(more), "at\n%s %.*s %s\n", word, (int)q->name.n,
	    q->name.s, type);
	ask_open(&a, r->script, more);
	a.bare = true;
	ask(&a, r->words);
	EXPECT(badness(&a) >= sound, "%s", more);
	ask_close(&a);
}

/* For every question that the row asked. */
START_TEST(spoilt)
{
	const struct row *r = &rows[_i];
	const struct question *q;
	struct asked a;

	ask_row(&a, r, NULL);
	for (size_t i = 0; (q = script_question(a.source->resolver, i)) != NULL;
	     i++) {
		spoil(r, q, "fail", badness(&a));
		spoil(r, q, "bogus", badness(&a));
	}
	ask_close(&a);
}
END_TEST

START_TEST(row)
{
	const struct row *r = &rows[_i];
	struct asked a;

	ask_row(&a, r, NULL);
	expect_codes(&a, r->codes);
	expect_no_codes(&a, r->no_codes);
	if (r->json != NULL)
		expect_json(&a, r->json);
	ask_close(&a);
}
END_TEST

/* The lookup that a row hangs on fails. */
START_TEST(broken)
{
	static const char *const words[] = { "fail", "bogus", "late" };
	const struct row *r = &rows[_i];

	for (size_t i = 0; r->lookup != NULL && i < 3; i++) {
		struct asked a;
		char more[256];

		snprintf(more, sizeof(more),
		    "at\n$ORIGIN example.com.\n%s %s\n", words[i], r->lookup);
		ask_row(&a, r, more);
		expect_no_codes(&a, r->gone);
		ask_close(&a);
	}
}
END_TEST

/* Findings say the value that they are about. */
static const struct {
	const char *script, *words, *code, *message;
} measured[] = {
	{ REVERSE BASE, CHECK "--only ptr --sender 192.0.2.5 example.com",
	    "ptr-fcrdns-fail", ": gone.example.com." },
	{ BASE "mta AAAA 2001:db8::4\nmta A 192.0.2.5\n",
	    CHECK "--only address --sender mta.example.com=192.0.2.4 "
	          "example.com",
	    "addr-extra", ": 192.0.2.5, 2001:db8::4" },
	{ BASE LOGO "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=quarantine; "
	            "pct=20'\n",
	    CHECK "--only bimi example.com", "bimi-dmarc-pct", ": pct=20" },
};

START_TEST(says)
{
	struct asked a;
	const json_t *list, *f;
	size_t i;
	bool found = false;

	ask_open(&a, measured[_i].script, NULL);
	ask(&a, measured[_i].words);
	list = json_object_get(a.json, "findings");
	json_array_foreach(list, i, f)
	{
		if (strcmp(text_at(f, "code"), measured[_i].code) != 0)
			continue;
		found = true;
		EXPECT(strstr(text_at(f, "message"), measured[_i].message) !=
		        NULL,
		    "%s: %s", measured[_i].code, text_at(f, "message"));
	}
	EXPECT(found, "%s is not there", measured[_i].code);
	ask_close(&a);
}
END_TEST

/* What the command line has no words for in ask(). */

#define DAY ((int64_t)24 * 3600)
/* The fingerprint of ED. */
#define PRINT "76f432e4d24665f1227712d5386cb0adc2714c05521a7ffebc3b82f8b477ec1c"

/* The DER of an Ed25519 key whose octets are in base64. */
static size_t
make_key(const char *text, uint8_t out[64])
{
	static const uint8_t head[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
		0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
	size_t n = 0;

	memcpy(out, head, sizeof(head));
	base64_decode(str_of(text), out + sizeof(head), &n, NULL);
	EXPECT(n == 32, "%zu octets", n);
	return sizeof(head) + n;
}

static const struct {
	const char *key; /* of the request */
	int64_t days; /* since the key was seen first; 0: never */
	const char *name, *print;
	const char *codes, *no_codes;
} keys[] = {
	{ ED, 0, "", "", "dkim-key-match-private",
	    "dkim-key-mismatch-private dkim-key-old" },
	{ ED_OTHER, 0, "", "", "dkim-key-mismatch-private",
	    "dkim-key-match-private" },
	{ NULL, 184, "s._domainkey.example.com.", PRINT, "dkim-key-old",
	    "dkim-key-match-private dkim-key-mismatch-private" },
	{ NULL, 182, "s._domainkey.example.com.", PRINT, "dkim-ed25519-ok",
	    "dkim-key-old" },
	/* The same key elsewhere, and another one here. */
	{ NULL, 184, "t._domainkey.example.com.", PRINT, "dkim-ed25519-ok",
	    "dkim-key-old" },
	{ NULL, 184, "s._domainkey.example.com.",
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "dkim-ed25519-ok", "dkim-key-old" },
};

static void
ask_key(struct asked *a, int i, const char *more)
{
	const char *selector = "s";
	const struct mailauth_key_history history = { keys[i].name,
		keys[i].print, (int64_t)time(NULL) - keys[i].days * DAY };
	char why[MAILAUTH_WHY_MAX] = "";
	uint8_t der[64];
	const struct mailauth_request q = { .domain = "example.com",
		.selectors = &selector,
		.nselectors = 1,
		.dkim_key = keys[i].key != NULL ? der : NULL,
		.dkim_key_len =
		    keys[i].key != NULL ? make_key(keys[i].key, der) : 0,
		.history = &history,
		.nhistory = keys[i].days > 0,
		.only = UINT32_C(1) << MAILAUTH_KIND_DKIM };

	ask_open(a, BASE "s._domainkey TXT " ED_KEY, more);
	ask_take(a, mailauth_check(a->source, &q, &a->report, why), why);
}

START_TEST(own_keys)
{
	struct asked a;

	ask_key(&a, _i, NULL);
	expect_codes(&a, keys[_i].codes);
	expect_no_codes(&a, keys[_i].no_codes);
	ask_close(&a);
	ask_key(&a, _i, "bogus s._domainkey.example.com. TXT\n");
	expect_no_codes(&a, keys[_i].codes);
	expect_no_codes(&a, keys[_i].no_codes);
	ask_close(&a);
}
END_TEST

/* A key of two domains of one call. */

struct shared {
	size_t n;
	bool shared[3];
};

static void
take(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct shared *s = arg;
	const struct asked a = { .report = report };

	EXPECT(status == MAILAUTH_OK, "%zu: %s", index, why);
	s->shared[s->n++] = has_code(&a, "dkim-key-shared");
	mailauth_report_free(report);
}

START_TEST(key_of_two)
{
	static const char script[] =
	    "zone example.com\n"
	    "s._domainkey TXT " ED_KEY "zone example.org\n"
	    "s._domainkey TXT " ED_KEY "zone example.net\n"
	    "s._domainkey TXT 'v=DKIM1; k=ed25519; "
	    "p=" ED_OTHER "'\n";
	static const char *const selector = "s";
	struct mailauth_request q[3] = { { .domain = "example.com" },
		{ .domain = "example.org" }, { .domain = "example.net" } };
	struct shared s = { .n = 0 };
	struct asked a;

	for (size_t i = 0; i < 3; i++) {
		q[i].selectors = &selector;
		q[i].nselectors = 1;
		q[i].only = UINT32_C(1) << MAILAUTH_KIND_DKIM;
	}
	ask_open(&a, script, NULL);
	ck_assert_int_eq(mailauth_check_all(a.source, q, 3, take, &s),
	    MAILAUTH_OK);
	ck_assert_uint_eq(s.n, 3);
	ck_assert(!s.shared[0] && s.shared[1] && !s.shared[2]);
	ask_close(&a);
	s.n = 0;
	ask_open(&a, script, "fail s._domainkey.example.com. TXT\n");
	ck_assert_int_eq(mailauth_check_all(a.source, q, 3, take, &s),
	    MAILAUTH_OK);
	ck_assert(!s.shared[0] && !s.shared[1] && !s.shared[2]);
	ask_close(&a);
}
END_TEST

/* Requests that are refused. */

static const struct {
	struct mailauth_request request;
	enum mailauth_status status;
	const char *why; /* a part of it */
} refused[] = {
	{ { .domain = "." }, MAILAUTH_EUSE, "the root is not a mail domain" },
	{ { .domain = "a..b" }, MAILAUTH_EUSE, "a..b" },
	{ { .domain = "example.com",
	      .senders =
	          &(const struct mailauth_sender){ "a.example.com", "192.0.2" },
	      .nsenders = 1 },
	    MAILAUTH_EUSE, "192.0.2': it is not an IP address" },
	{ { .domain = "example.com",
	      .senders = &(const struct mailauth_sender){ NULL, NULL },
	      .nsenders = 1 },
	    MAILAUTH_EUSE, "it is not an IP address" },
	{ { .domain = "example.com",
	      .senders = &(const struct mailauth_sender){ "a..b", "192.0.2.1" },
	      .nsenders = 1 },
	    MAILAUTH_EUSE, "a..b" },
	{ { .domain = "_dmarc.example.com" }, MAILAUTH_EUSE,
	    "_dmarc.example.com is the name of a record, not a domain: check "
	    "example.com" },
	{ { .domain = "_DMARC.Mail.example.com." }, MAILAUTH_EUSE,
	    "a domain: check mail.example.com" },
	{ { .domain = "s1.a._domainkey.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com with selector s1.a" },
	{ { .domain = "_domainkey.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "_adsp._domainkey.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "default._bimi.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "_mta-sts.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "_smtp._tls.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "a.example._report._dmarc.example.com" }, MAILAUTH_EUSE,
	    "a domain: check example.com" },
	{ { .domain = "_25._tcp.mx.example.com" }, MAILAUTH_EUSE,
	    "a domain: check the domain that has mx.example.com as its mail" },
	{ { .domain = "_dmarc" }, MAILAUTH_EUSE,
	    "_dmarc is the name of a record, not a domain" },
	{ { .domain = "example.com", .compare_servers = true }, MAILAUTH_EUSE,
	    "without a network" },
	{ { .domain = "example.com", .bimi_root = "/nothing" }, MAILAUTH_EUSE,
	    "roots of BIMI are for a certificate" },
	{ { .domain = "example.com",
	      .bimi_svg = "/nothing",
	      .only = UINT32_C(1) << MAILAUTH_KIND_SPF },
	    MAILAUTH_EUSE, "BIMI is not checked" },
	{ { .domain = "example.com", .bimi_svg = "/nothing" }, MAILAUTH_EINPUT,
	    "/nothing" },
	{ { .domain = "example.com", .bimi_cert = "/nothing" }, MAILAUTH_EINPUT,
	    "/nothing" },
	{ { .domain = "example.com",
	      .bimi_cert = "/dev/null",
	      .bimi_root = "/dev/null" },
	    MAILAUTH_EINPUT, "no PEM certificate" },
};

START_TEST(refusals)
{
	char why[MAILAUTH_WHY_MAX] = "";
	struct mailauth_report *report = NULL;
	struct asked a;

	ask_open(&a, BASE, NULL);
	ck_assert_int_eq(mailauth_check(a.source, &refused[_i].request, &report,
	                     why),
	    refused[_i].status);
	ck_assert_ptr_null(report);
	EXPECT(strstr(why, refused[_i].why) != NULL, "%s", why);
	EXPECT(script_question(a.source->resolver, 0) == NULL,
	    "something is asked");
	ask_close(&a);
}
END_TEST

/* Servers that say nothing, or whose address is not known, are named: what they
 * would say is not known. */
#define NS2     "192.0.2.52 (ns2.example.com.): "
#define AT_NS2  "at 192.0.2.52\nzone example.com\n"
#define AT_ALL  "at\nzone example.com\n"
#define ALONE   CHECK "--compare-servers --only spf example.com"
#define FAILURE "the name servers answered with a failure"

static const struct {
	const char *script, *words, *named;
	bool differ; /* others do */
} silent[] = {
	{ SERVERS AT_NS2 "fail *\nfail @\n", ALONE,
	    NS2 "example.com. TXT: " FAILURE, false },
	{ SERVERS AT_NS2 "bogus *\nbogus @\n", ALONE,
	    NS2 "example.com. TXT: ", false },
	{ SERVERS SAME "fail _dmarc TXT lame\n", ALONE,
	    NS2 "_dmarc.example.com. TXT: none of the name servers", false },
	{ SERVERS SAME "fail @ TXT no-soa\n", ALONE,
	    NS2 "example.com. TXT: the answer is empty", false },
	{ SERVERS SAME "fail @ TXT refused\n", ALONE,
	    NS2 "example.com. TXT: the name servers refused", false },
	{ SERVERS SAME "late @ MX\n", ALONE,
	    NS2 "example.com. MX: no answer came in time", false },
	{ SERVERS "s._domainkey TXT " ED_KEY SAME "fail s._domainkey\n",
	    CHECK "--compare-servers --only spf,dkim --selector s example.com",
	    NS2 "s._domainkey.example.com. TXT: " FAILURE, false },
	{ SERVERS SAME AT_ALL "drop ns1\n", ALONE,
	    "ns1.example.com.: the name has no address", false },
	{ SERVERS SAME AT_ALL "fail ns1 AAAA\n", ALONE,
	    "ns1.example.com. AAAA: " FAILURE, false },
	{ SERVERS SAME AT_ALL "fail ns2 A timeout\n", ALONE,
	    "ns2.example.com. A: no answer came in time", false },
	{ SERVERS SAME AT_ALL "fail @ NS\n", ALONE, "example.com. NS: " FAILURE,
	    false },
	/* A name within a zone has the servers of its zone. */
	{ SERVERS "mail TXT 'v=spf1 -all'\n" SAME "fail mail TXT\n",
	    CHECK "--compare-servers --only spf mail.example.com",
	    NS2 "mail.example.com. TXT: " FAILURE, false },
	{ SERVERS "mail TXT 'v=spf1 -all'\n" AT_ALL "fail mail NS\n",
	    CHECK "--compare-servers --only spf mail.example.com",
	    "mail.example.com. NS: " FAILURE, false },
	/* A name whose zone is that of others, who are asked by nobody, and one
	 * that only this server delegates. */
	{ SERVERS "_dmarc NS ns.example.net.\n" SAME
	          "fail _dmarc TXT lame\nfail @ MX\n",
	    ALONE, NS2 "example.com. MX: " FAILURE, false },
	/* The lookup itself failed, and shows no alias. */
	{ SERVERS "fail s._domainkey TXT\n" SAME AT_NS2
	          "fail s._domainkey TXT refused\n",
	    CHECK "--compare-servers --only spf,dkim --selector s example.com",
	    NS2 "s._domainkey.example.com. TXT: the name servers refused",
	    false },
	/* One fails, and two others differ. */
	{ SERVERS "@ NS ns3\nns3 A 192.0.2.53\n"
	          "at 192.0.2.51\nzone example.com\nfail *\nfail @\n"
	          "at 192.0.2.53\nzone example.com\n" SOA DMARC SAME,
	    ALONE, "192.0.2.51 (ns1.example.com.): ", true },
};

START_TEST(unanswered)
{
	struct asked a;
	bool named = false;

	ask_open(&a, silent[_i].script, NULL);
	ask(&a, silent[_i].words);
	for (size_t i = 0; i < mailauth_report_findings(a.report); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(a.report, i);

		named = named ||
		    (strcmp(f->code, "dns-server-unanswered") == 0 &&
		        strstr(f->message, silent[_i].named) != NULL);
	}
	EXPECT(named, "%s", silent[_i].named);
	EXPECT(has_code(&a, "dns-inconsistent-servers") == silent[_i].differ,
	    "%s", silent[_i].named);
	expect_json(&a, "verdict=temperror");
	ask_close(&a);
}
END_TEST

/* All denials of the given servers come without proof: one finding says so of
 * them. A single such answer beside proved denials has one of its own. */
static const struct {
	const char *script;
	bool source, each;
} unproven[] = {
	{ "forwards\nonline\nfail * no-soa\nfail @ no-soa\n", true, false },
	{ "forwards\nonline\n" SPF "fail _dmarc TXT no-soa\n", false, true },
	{ "online\n" SPF DMARC "fail @ A no-soa\nfail @ AAAA no-soa\n"
	  "fail @ MX no-soa\n",
	    false, true },
};

START_TEST(source)
{
	char script[1024];
	struct asked a;

	snprintf(script, sizeof(script), "zone example.com\n%s",
	    unproven[_i].script);
	ask_open(&a, script, NULL);
	ask(&a, CHECK "--only spf,dmarc,mx,address example.com");
	EXPECT(has_code(&a, "dns-source-omits-soa") == unproven[_i].source,
	    "%d", _i);
	EXPECT(has_code(&a, "dns-denial-unproven") == unproven[_i].each, "%d",
	    _i);
	ask_close(&a);
}
END_TEST

/* Servers that the resolver was given are compared instead of the zone's. */
START_TEST(listed_servers)
{
	static const char *listed[] = { "192.0.2.51", "192.0.2.53" };
	struct asked a;

	ask_open(&a, SERVERS "at 192.0.2.53\nzone example.com\n" SOA DMARC,
	    NULL);
	a.source->resolver->listed = listed;
	a.source->resolver->nlisted = 2;
	ask(&a, COMPARE);
	expect_codes(&a, "dns-inconsistent-servers");
	a.source->resolver->nlisted = 0;
	ask_close(&a);
}
END_TEST

/* Files of BIMI. */

#define XML "<?xml version='1.0' encoding='UTF-8'?>\n"
#define SVG(root, body) \
	XML "<svg xmlns='http://www.w3.org/2000/svg' " root ">" body "</svg>"
#define TINY "version='1.2' baseProfile='tiny-ps' viewBox='0 0 64 64'"

static const struct {
	const char *svg;
	const char *codes, *no_codes, *json;
	double width, height;
} logos[] = {
	{ SVG(TINY, "<title>Example</title>"), "bimi-ok",
	    "bimi-svg-title bimi-svg-not-square bimi-svg-baseprofile",
	    "bimi.svg.title=Example | bimi.svg.octets=163 | "
	    "bimi.svg.compressed=false | bimi.certificate=null",
	    64, 64 },
	{ SVG("version='1.1' viewBox='0 0 64 32'", ""),
	    "bimi-svg-version bimi-svg-baseprofile bimi-svg-title "
	    "bimi-svg-not-square",
	    "bimi-svg-not-xml", NULL, 64, 32 },
	{ SVG(TINY, "<title>Example</title><a/><b/><c/><d/><e/><f/><a/>"),
	    "bimi-svg-element", "bimi-svg-script", NULL, 64, 64 },
	{ "hello", "bimi-svg-not-xml", "bimi-svg-title", "bimi.svg.title=null",
	    0, 0 },
};

static void
ask_files(struct asked *a, const char *svg, const char *cert, const char *root,
    const char *more)
{
	char why[MAILAUTH_WHY_MAX] = "";
	const struct mailauth_request q = { .domain = "example.com",
		.bimi_svg = svg,
		.bimi_cert = cert,
		.bimi_root = root,
		.only = UINT32_C(1) << MAILAUTH_KIND_BIMI };

	ask_open(a, BASE LOGO, more);
	ask_take(a, mailauth_check(a->source, &q, &a->report, why), why);
}

START_TEST(logo)
{
	const char *svg = logos[_i].svg;
	const char *path;
	struct asked a;

	folder_open();
	path = folder_put("logo.svg", svg, strlen(svg));
	ask_files(&a, path, NULL, NULL, NULL);
	expect_codes(&a, logos[_i].codes);
	expect_no_codes(&a, logos[_i].no_codes);
	if (logos[_i].json != NULL)
		expect_json(&a, logos[_i].json);
	ck_assert(
	    json_number_value(at(a.json, "bimi.svg.width")) == logos[_i].width);
	ck_assert(json_number_value(at(a.json, "bimi.svg.height")) ==
	    logos[_i].height);
	ask_close(&a);
	/* A file is judged without its record as well. */
	ask_files(&a, path, NULL, NULL,
	    "bogus default._bimi.example.com. TXT\n");
	expect_no_codes(&a, "bimi-ok");
	expect_no_codes(&a, logos[_i].no_codes);
	if (logos[_i].json != NULL)
		expect_json(&a, logos[_i].json);
	ck_assert_int_eq(badness(&a), 2);
	ask_close(&a);
	folder_close();
}
END_TEST

/* The corpus has certificates one behind the other, and a word in front. */
static void
put_pem(struct writer *w, const uint8_t *der, size_t n)
{
	put_text(w, "-----BEGIN CERTIFICATE-----\n");
	for (size_t i = 0; i < n; i += 48) {
		put_base64(w, der + i, n - i < 48 ? n - i : 48);
		put_char(w, '\n');
	}
	put_text(w, "-----END CERTIFICATE-----\n");
}

static const char *
put_chain(struct arena *a, const char *corpus)
{
	struct mailauth_str text = STR_NONE;
	struct writer w = arena_writer(a);
	char path[1024];

	snprintf(path, sizeof(path), "%s/testdata/corpus/cert/%s", source_dir(),
	    corpus);
	EXPECT(file_read(path, 65536, a, &text) == FILE_WHOLE, "%s", path);
	for (size_t i = 1; i + 4 < text.n;) {
		const uint8_t *der = (const uint8_t *)text.s + i;
		size_t n = ((size_t)der[2] << 8 | der[3]) + 4;

		if (der[0] != 0x30 || der[1] != 0x82) {
			n = (size_t)der[1] + 2;
			if (der[1] == 0x81)
				n = (size_t)der[2] + 3;
		}
		EXPECT(n <= text.n - i, "%s", path);
		put_pem(&w, der, n);
		i += n;
	}
	text = writer_str(&w);
	return folder_put(corpus, text.s, text.n);
}

/* A certificate that is out of date by now is still read. */
START_TEST(certificate)
{
	struct arena arena = { .failed = false };
	const char *svg = logos[0].svg, *file, *cert;
	struct asked a;

	folder_open();
	file = folder_put("logo.svg", svg, strlen(svg));
	cert = put_chain(&arena, "mark");
	ask_files(&a, NULL, cert, NULL, NULL);
	expect_json(&a,
	    "bimi.svg=null | bimi.certificate.mark_type=Prior Use Mark | "
	    "bimi.certificate.logo=null");
	expect_no_codes(&a, "bimi-svg-evidence-mismatch bimi-cert-domain");
	ask_close(&a);
	ask_files(&a, file, cert, NULL, NULL);
	expect_codes(&a, "bimi-svg-evidence-mismatch");
	expect_json(&a, "bimi.certificate.logo=different");
	ask_close(&a);
	ask_files(&a, file, cert, cert,
	    "bogus default._bimi.example.com. TXT\n");
	expect_codes(&a, "bimi-svg-evidence-mismatch");
	expect_no_codes(&a, "bimi-ok");
	ask_close(&a);
	ask_files(&a, file, file, NULL, NULL);
	expect_codes(&a, "bimi-cert-invalid");
	expect_json(&a,
	    "bimi.certificate.subject=null | "
	    "bimi.certificate.chain=broken");
	ask_close(&a);
	folder_close();
	arena_free(&arena);
}
END_TEST

Suite *
suite_domain(void)
{
	Suite *s = suite_create("domain");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, row, 0, COUNT(rows));
	tcase_add_loop_test(t, broken, 0, COUNT(rows));
	tcase_add_loop_test(t, spoilt, 0, COUNT(rows));
	tcase_add_loop_test(t, says, 0, COUNT(measured));
	suite_add_tcase(s, t);
	t = tcase_create("requests");
	tcase_add_loop_test(t, own_keys, 0, COUNT(keys));
	tcase_add_test(t, key_of_two);
	tcase_add_loop_test(t, refusals, 0, COUNT(refused));
	tcase_add_loop_test(t, unanswered, 0, COUNT(silent));
	tcase_add_loop_test(t, source, 0, COUNT(unproven));
	tcase_add_test(t, listed_servers);
	tcase_add_loop_test(t, logo, 0, COUNT(logos));
	tcase_add_test(t, certificate);
	suite_add_tcase(s, t);
	return s;
}
