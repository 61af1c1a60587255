/*
 * test_transport.c - MTA-STS, TLS reporting and DANE of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"

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
	    "verdict=pass | records.0.name=_mta-sts.example.com. | "
	    "records.0.verdict=none | findings.0=nothing",
	    "", "mtasts-missing" },
	{ ZONE STS, "mtasts", "verdict=fail | records.0.verdict=valid",
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
	    "verdict=pass | records.0.verdict=none | findings.0=nothing", "",
	    "dns-wildcard-pollution dns-wildcard-blocks" },
	{ ZONE "* A 192.0.2.9\n* TXT 'v=STSv1; id=20261128'\n", "mtasts",
	    "verdict=pass | records.0.verdict=valid", "mtasts-ok", "" },
	{ ZONE WEB "_mta-sts CNAME sts.example.net.\n"
	           "zone example.net secure\nsts TXT 'v=STSv1; id=1'\n",
	    "mtasts", "verdict=pass", "mtasts-ok mtasts-cname", "" },
	/* An alias of a provider that has left. */
	{ ZONE WEB "_mta-sts CNAME sts.example.net.\nzone example.net secure\n",
	    "mtasts", "records.0.verdict=none", "", "mtasts-ok" },
	{ ZONE STS "mta-sts CNAME web.example.net.\nzone example.net secure\n",
	    "mtasts", "verdict=fail", "mtasts-host-missing", "" },
	/* Nothing is taken from the domain above. */
	{ ZONE STS WEB "mail A 192.0.2.8\n", "mtasts mail.",
	    "verdict=pass | records.0.verdict=none", "", "mtasts-ok" },
	/* TLS reporting */
	{ ZONE "_smtp._tls TXT 'v=TLSRPTv1; rua=mailto:a@example.com'\n",
	    "tlsrpt", "verdict=pass | records.0.verdict=valid", "tlsrpt-ok",
	    "" },
	{ ZONE, "tlsrpt",
	    "verdict=pass | records.0.verdict=none | findings.0=nothing", "",
	    "tlsrpt-missing" },
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
	    "dane-tlsa-bogus", "" },
	{ "zone example.com secure\n" HOSTS "bogus _25._tcp.mx1\n" TLSA("mx1"),
	    "tlsa", "verdict=temperror | records.0.verdict=temperror",
	    "dane-tlsa-bogus", "dane-ok" },
	/* Nobody asks for the TLSA records of a host that is not signed. */
	{ "zone example.com insecure\n" HOSTS "fail _25._tcp.mx1\n", "mx,tlsa",
	    "records.0.kind=mx", "", "dane-tlsa-bogus" },
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

START_TEST(records)
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
	ck_assert_ptr_nonnull(strstr(text, "mtasts     _mta-sts.example.com."));
	ck_assert_ptr_nonnull(strstr(text, "_smtp._tls.example.com. TXT none"));
	ck_assert_ptr_nonnull(strstr(text, "_25._tcp.mx2.example.com. TLSA"));
	free(text);
	ask_close(&a);
}
END_TEST

Suite *
suite_transport(void)
{
	Suite *s = suite_create("transport");
	TCase *tc = tcase_create("transport");

	tcase_add_loop_test(tc, records, 0, COUNT(cases));
	tcase_add_test(tc, absence);
	suite_add_tcase(s, tc);
	return s;
}
