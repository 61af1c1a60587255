/*
 * test_parse.c - one record given as text: what it is, what is read of it, and
 * how a report of it looks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* A text, perhaps with its kind and owner: what it is taken for. The outcome
 * is "KIND NAME TYPE VERDICT: TEXT" and its codes, or the refusal. */
static const struct {
	const char *kind, *owner, *text;
	const char *outcome;
} records[] = {
	/* Told by the text. */
	{ NULL, NULL, "v=spf1 -all",
	    "spf - TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, NULL, "\"v=spf1 \" \"-all\"",
	    "spf - TXT valid: v=spf1 -all\n"
	    "txt-multi-string spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, NULL, "v=DMARC1; p=none",
	    "dmarc - TXT valid: v=DMARC1; p=none\n"
	    "dmarc-rua-missing dmarc-p-none@12" },
	{ NULL, NULL, "v=BIMI1; l=",
	    "bimi - TXT valid: v=BIMI1; l=\n"
	    "tag-empty-value@9 bimi-declined" },
	{ NULL, NULL, "v=DKIM1; p=",
	    "dkim - TXT invalid: v=DKIM1; p=\n"
	    "tag-empty-value@9 dkim-k-rsa-default dkim-revoked" },
	{ NULL, NULL, "spf2.0/pra mx -all",
	    "senderid - TXT valid: spf2.0/pra mx -all\n"
	    "senderid-present senderid-scope-pra" },
	{ NULL, NULL, "v=TLSRPTv1; rua=mailto:a@a.org",
	    "tlsrpt - TXT valid: v=TLSRPTv1; rua=mailto:a@a.org\n"
	    "tlsrpt-ok" },
	{ NULL, NULL, "v=STSv1; id=1",
	    "mtasts - TXT valid: v=STSv1; id=1\n"
	    "mtasts-ok" },
	{ NULL, NULL, "dkim=all",
	    "adsp - TXT valid: dkim=all\n"
	    "adsp-present" },
	{ NULL, NULL, "hello",
	    "its text does not show what record it is; name its "
	    "kind" },
	{ NULL, NULL, "",
	    "its text does not show what record it is; name its "
	    "kind" },
	/* Lines as key generators and name servers write them. */
	{ NULL, NULL,
	    "_dmarc.a.org. 300 IN TXT ( \"v=DMARC1; \"\n\t\"p=reject\" ) ; us",
	    "dmarc _dmarc.a.org. TXT valid: v=DMARC1; p=reject\n"
	    "txt-multi-string dmarc-rua-missing dmarc-p-reject@12 "
	    "dmarc-direct-to-reject dmarc-np-suggest dmarc-ok" },
	{ NULL, NULL, "IN TXT \"v=spf1 -all\" ; a comment \"here\"",
	    "spf - TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, NULL, "; first\na.org. TXT (\"v=spf1 -all\")",
	    "spf a.org. TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, "a.org", "@ IN TXT \"v=spf1 -all\" ; mine",
	    "spf a.org. TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, NULL,
	    "_smtp._tlsrpt.a.org. TXT \"v=TLSRPTv1; rua=mailto:a@a.org\"",
	    "tlsrpt _smtp._tlsrpt.a.org. TXT valid: v=TLSRPTv1; "
	    "rua=mailto:a@a.org\n"
	    "tlsrpt-ok txt-wrong-name" },
	/* Told by the owner of a line. */
	{ NULL, NULL, "_dmarc.a.org. 300 IN TXT \"v=DMARC1; p=none\"",
	    "dmarc _dmarc.a.org. TXT valid: v=DMARC1; p=none\n"
	    "dmarc-rua-missing dmarc-p-none@12" },
	{ NULL, NULL, "s._domainkey.a.org. IN 300 TXT p=AAAA",
	    "dkim s._domainkey.a.org. TXT invalid: p=AAAA\n"
	    "dkim-v-missing dkim-k-rsa-default dkim-rsa-invalid@2" },
	{ NULL, NULL, "a.org. TXT v=DMARC1; p=none",
	    "dmarc a.org. TXT valid: v=DMARC1; p=none\n"
	    "dmarc-rua-missing dmarc-p-none@12" },
	{ NULL, NULL, "a.org. SPF \"v=spf1 -all\"",
	    "spf a.org. TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ NULL, NULL, "a.org. MX 10 mx.a.org.",
	    "mx a.org. MX valid: 10 mx.a.org.\n" },
	{ NULL, NULL, "_25._tcp.mx.a.org. IN TLSA 3 1 1 0123",
	    "tlsa _25._tcp.mx.a.org. TLSA invalid: 3 1 1 0123\n"
	    "dane-params-invalid dane-no-usable" },
	{ NULL, NULL, "mx.a.org. A 192.0.2.1",
	    "address mx.a.org. A valid: 192.0.2.1\n"
	    "dns-special-use-address" },
	{ NULL, NULL, "mx.a.org. aaaa 2001:db8::1",
	    "address mx.a.org. AAAA valid: 2001:db8::1\n"
	    "dns-special-use-address" },
	{ NULL, NULL, "1.2.0.192.in-addr.arpa. PTR mx.a.org.",
	    "ptr 1.2.0.192.in-addr.arpa. PTR valid: mx.a.org.\n" },
	{ NULL, NULL,
	    "default._bimi.a.org TXT \"v=BIMI1; l=https://a.org/x.svg\"",
	    "bimi default._bimi.a.org. TXT valid: v=BIMI1; l=https://a.o"
	    "rg/x.svg\n"
	    "bimi-a-missing bimi-owner-not-absolute" },
	{ NULL, NULL, "default._bimi TXT \"v=BIMI1; l=https://a.org/x.svg\"",
	    "bimi default._bimi. TXT valid: v=BIMI1; l=https://a.org/x.s"
	    "vg\n"
	    "bimi-a-missing" },
	{ NULL, NULL, "_dmarc TXT \"v=DMARC1; p=none\"",
	    "dmarc _dmarc. TXT valid: v=DMARC1; p=none\n"
	    "dmarc-rua-missing dmarc-p-none@12" },
	{ NULL, NULL, "a..org. TXT \"v=spf1 -all\"",
	    "the owner is not a domain name" },
	{ NULL, NULL, "@ TXT \"v=spf1 -all\"",
	    "spf - TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	/* What looks like a line of a zone file and is not one. */
	{ NULL, NULL, "v=spf1 MX -all",
	    "spf - TXT valid: v=spf1 MX -all\n"
	    "spf-all-fail@10 spf-ok" },
	{ NULL, NULL, "spf2.0/mfrom TXT x",
	    "senderid - TXT invalid: spf2.0/mfrom TXT x\n"
	    "senderid-invalid@0" },
	{ NULL, NULL, "\"a TXT b\"",
	    "its text does not show what record it is; name its "
	    "kind" },
	{ NULL, NULL, "v=spf1; TXT x",
	    "spf - TXT none: -\n"
	    "spf-version-near-miss@0" },
	{ NULL, NULL, "a.org. 300 IN CNAME b.org.",
	    "its text does not show what record it is; name its "
	    "kind" },
	{ NULL, NULL, "a.org. TXT",
	    "its text does not show what record it is; name its "
	    "kind" },
	{ NULL, NULL, "a.org. 4294967296 TXT \"v=spf1 -all\"",
	    "its text does not show what record it is; name its "
	    "kind" },
	/* Told by the caller. */
	{ "spf", NULL, "hello",
	    "spf - TXT none: -\n"
	    "not-of-kind" },
	{ "dmarc", "a.org.", "v=DMARC1; p=none",
	    "dmarc a.org. TXT valid: v=DMARC1; p=none\n"
	    "dmarc-rua-missing dmarc-p-none@12" },
	{ "mx", NULL, "10 mx.a.org.", "mx - MX valid: 10 mx.a.org.\n" },
	{ "address", NULL, "192.0.2.1",
	    "address - A valid: 192.0.2.1\n"
	    "dns-special-use-address" },
	{ "ptr", "1.2.0.192.in-addr.arpa", "mx.a.org.",
	    "ptr 1.2.0.192.in-addr.arpa. PTR valid: mx.a.org.\n" },
	{ "tlsa", NULL, "3 1 1 0123456789",
	    "tlsa - TLSA invalid: 3 1 1 0123456789\n"
	    "dane-params-invalid dane-no-usable" },
	{ "nonsense", NULL, "x", "there is no kind of this name" },
	{ "spf", "a..org", "v=spf1 -all", "the owner is not a domain name" },
	{ NULL, "_dmarc.a.org", "p=none",
	    "dmarc _dmarc.a.org. TXT none: -\n"
	    "dmarc-version-near-miss@0" },
	{ NULL, "a.org", "v=spf1 -all",
	    "spf a.org. TXT valid: v=spf1 -all\n"
	    "spf-all-fail@7 spf-ok spf-deny-all" },
	{ "dkim", NULL, "a.org. TXT \"v=spf1 -all\"",
	    "dkim a.org. TXT none: -\n"
	    "not-of-kind" },
	/* Data that are none of their type. */
	{ "mx", NULL, "mx.a.org.", "the text is not data of its type" },
	{ "mx", NULL, "10 a..org.", "the text is not data of its type" },
	{ "address", NULL, "192.0.2", "the text is not data of its type" },
	{ "tlsa", NULL, "3 1 1 xyz", "the text is not data of its type" },
	{ "ptr", NULL, "", "the text is not data of its type" },
	{ "address", NULL, "192.0.2.1 x", "the text is not data of its type" },
	/* Strings with escapes, and what breaks off. */
	{ NULL, NULL, "\"v=spf1 \\097:a.org \\\"x\\\" \\\\ -all\"",
	    "spf - TXT invalid: v=spf1 a:a.org \"x\" \\\\ -all\n"
	    "spf-syntax-error@15 spf-trailing-punctuation@17 "
	    "spf-syntax-error@19" },
	{ NULL, NULL, "\"v=spf1 \\9 -all\"",
	    "spf - TXT invalid: v=spf1 9 -all\n"
	    "spf-syntax-error@7" },
	{ NULL, NULL, "\"v=spf1 -all\" x",
	    "spf - TXT none: -\n"
	    "spf-version-near-miss@0 txt-quoted-literal@0" },
	{ NULL, NULL, "\"v=spf1 -all",
	    "spf - TXT none: -\n"
	    "spf-version-near-miss@0 txt-quoted-literal@0" },
	{ NULL, NULL, "\"v=spf1 -all\\",
	    "spf - TXT none: -\n"
	    "spf-version-near-miss@0 txt-quoted-literal@0" },
	{ NULL, NULL, "\"v=spf1\" \"\"  \" -all\" ",
	    "spf - TXT valid: v=spf1 -all\n"
	    "txt-multi-string spf-all-fail@7 spf-ok spf-deny-all" },
	/* Long strings. */
	{ NULL, NULL,
	    "\"v=spf1 a:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaa.org a:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbb.org a:cccccccccccccccccccccccccccccccc"
	    "cccccccccccccccccccccccccccc.org a:dddddddddddddddddddddddd"
	    "dddddddddddddddddddddddddddddddddddd.org -all\"",
	    "spf - TXT invalid: v=spf1 a:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org a:bbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.org a:ccccccccccccccc"
	    "ccccccccccccccccccccccccccccccccccccccccccccc.org "
	    "a:ddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
	    "ddd.org -all\n"
	    "txt-multi-string spf-all-fail@275 spf-ok txt-string-over-25"
	    "5 spf-string-over-255" },
	{ "dkim", NULL,
	    "\"v=DKIM1; p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
	    "dkim - TXT invalid: v=DKIM1; p=AAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	    "txt-multi-string dkim-k-rsa-default dkim-p-base64-padding@1"
	    "1 dkim-rsa-invalid@11 dkim-record-over-255 txt-string-over-"
	    "255" },
	{ NULL, NULL,
	    "v=spf1 a:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaa.org a:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbb.org a:cccccccccccccccccccccccccccccccccc"
	    "cccccccccccccccccccccccccc.org a:dddddddddddddddddddddddddd"
	    "dddddddddddddddddddddddddddddddddd.org -all",
	    "spf - TXT valid: v=spf1 a:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaa.org a:bbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.org a:ccccccccccccccccc"
	    "ccccccccccccccccccccccccccccccccccccccccccc.org "
	    "a:ddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
	    "ddd.org -all\n"
	    "spf-all-fail@275 spf-ok" },
};

static void
put_outcome(struct writer *w, struct mailauth_report *r)
{
	const struct mailauth_record_view *v = mailauth_report_record(r, 0);

	put_text(w, v->kind);
	put_char(w, ' ');
	put_text(w, v->name[0] != '\0' ? v->name : "-");
	put_char(w, ' ');
	put_text(w, v->type);
	put_char(w, ' ');
	put_text(w, mailauth_verdict_name(v->verdict));
	put_text(w, ": ");
	put_text(w, v->text != NULL ? v->text : "-");
	put_char(w, '\n');
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);

		put_text(w, i > 0 ? " " : "");
		put_text(w, f->code);
		if (f->offset >= 0) {
			put_char(w, '@');
			put_number(w, (uint64_t)f->offset);
		}
	}
}

START_TEST(one)
{
	struct mailauth_parse_options how = { .kind = records[_i].kind,
		.owner = records[_i].owner };
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	const char *text = records[_i].text;
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_parse(&how, text, strlen(text), &r, why);

	if (status == MAILAUTH_OK) {
		put_outcome(&w, r);
	} else {
		EXPECT(status == MAILAUTH_EUSE && r == NULL, "%d", status);
		put_text(&w, why);
	}
	expect_written(&w, records[_i].outcome);
	mailauth_report_free(r);
	arena_free(&a);
}
END_TEST

/* Octets that fit a record, and one more. */
START_TEST(long_texts)
{
	/* 65535 octets of data are 255 strings of 255, and one of 254. */
	static char text[65536];
	struct mailauth_parse_options how = { .kind = "spf" };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	memset(text, 'a', sizeof(text));
	memcpy(text, "v=spf1 ", 7);
	ck_assert_int_eq(mailauth_parse(&how, text, 65279, &r, why),
	    MAILAUTH_OK);
	ck_assert_uint_eq(strlen(mailauth_report_record(r, 0)->text), 65279);
	mailauth_report_free(r);
	ck_assert_int_eq(mailauth_parse(&how, text, 65280, &r, why),
	    MAILAUTH_EUSE);
	expect_text(why, "the text is longer than a DNS record");
	ck_assert_int_eq(mailauth_parse(&how, text, 65536, &r, why),
	    MAILAUTH_EUSE);
	expect_text(why, "the text is longer than a DNS record");
}
END_TEST

/* Reports for people and for programs. */

static const struct {
	struct mailauth_parse_options how;
	unsigned flags;
	const char *record, *text;
} pages[] = {
	/* What is fine, and what is not. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0,
	    "v=spf1 ip4:198.51.100.1 -all",
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 ip4:198.51.100.1 -all\n"
	    "               ^~~~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0, "v=spf1 foo ~all",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo ~all\n"
	    "               ^~~\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, MAILAUTH_TEXT_VERBOSE,
	    "v=spf1 foo ~all",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo ~all\n"
	    "               ^~~\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n"
	    "\n"
	    "  FAIL  spf, receivers cannot use it\n"
	    "        v=spf1 foo ~all\n" },
	/* One tab, one failure. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0, "v=spf1 \tip4:8.8.8.8 -all",
	    "  FAIL  spf                                         [spf-control-char-separator]\n"
	    "        v=spf1 \\009ip4:8.8.8.8 -all\n"
	    "               ^~~~\n"
	    "        there is a tab or line end between terms (permerror for all mail)\n"
	    "        -> publish 'v=spf1 ip4:8.8.8.8 -all'\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, MAILAUTH_TEXT_COLOUR,
	    "v=DMARC1; p=\033none; x=\377",
	    "  ^[31mFAIL^[0m  dmarc                                           [txt-nonprintable]\n"
	    "        v=DMARC1; p=\\027none; x=\\255\n"
	    "                    ^[31m^^[0m~~~\n"
	    "        the record contains a character that is not printable ASCII, so that\n"
	    "        receivers cannot read it\n"
	    "        -> retype the record in plain ASCII\n"
	    "\n"
	    "  ^[31mFAIL^[0m  dmarc                                           [dmarc-p-invalid]\n"
	    "        v=DMARC1; p=\\027none; x=\\255\n"
	    "                  ^[31m^^[0m~~~~~~~~~\n"
	    "        p= is not none, quarantine or reject: receivers apply p=none, or ignore\n"
	    "        the record if it has no usable rua=\n"
	    "        -> write p=none, p=quarantine or p=reject\n"
	    "\n"
	    "  ^[33mwarn^[0m  dmarc                                           [dmarc-rua-missing]\n"
	    "        there is no address for aggregate reports (rua=), so nobody tells you\n"
	    "        who sends mail as your domain\n"
	    "        -> add rua=mailto: with an address for reports\n"
	    "\n"
	    "  ^[36mnote^[0m  dmarc                                           [dmarc-unknown-tag]\n"
	    "        v=DMARC1; p=\\027none; x=\\255\n"
	    "                              ^[31m^^[0m\n"
	    "        the tag is not defined for DMARC; receivers ignore it\n"
	    "        -> remove it\n" },
	/* Another profile, and addresses of documents. */
	{ { .profile = MAILAUTH_PROFILE_RFC }, 0, "v=DMARC1; p=none",
	    "  warn  dmarc                                           [dmarc-rua-missing]\n"
	    "        v=DMARC1; p=none\n"
	    "        there is no address for aggregate reports (rua=), so nobody tells you\n"
	    "        who sends mail as your domain\n"
	    "        -> add rua=mailto: with an address for reports\n"
	    "\n"
	    "  note  dmarc                                           [dmarc-p-none]\n"
	    "        v=DMARC1; p=none\n"
	    "                    ^~~~\n"
	    "        the policy is none: receivers report mail that fails but do not stop it\n"
	    "        -> when the reports show that your own mail passes, go to p=quarantine,\n"
	    "           then to p=reject\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE, .allow_documentation = true }, 0,
	    "mx.a.org. A 192.0.2.1", "  ok    address  mx.a.org 192.0.2.1\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0, "mx.a.org. A 192.0.2.1",
	    "  FAIL  address mx.a.org                               [dns-special-use-address]\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet: 192.0.2.1\n"
	    "        -> publish the host's real address\n" },
	/* A long text is cut where it need not be read. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0,
	    "v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 "
	    "ip4:192.0.2.40 -all",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ip4:192.0.2.40\n"
	    "               ^~~\n"
	    "        -all\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                   ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                                  ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                                                 ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        ... ip4:192.0.2.40 -all\n"
	    "            ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, MAILAUTH_TEXT_VERBOSE,
	    "v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 "
	    "ip4:192.0.2.40 -all",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ip4:192.0.2.40\n"
	    "               ^~~\n"
	    "        -all\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                   ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                                  ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ...\n"
	    "                                                 ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf                                            [dns-special-use-address]\n"
	    "        ... ip4:192.0.2.40 -all\n"
	    "            ^~~~~~~~~~~~~~\n"
	    "        the address is one for examples in manuals, and does not exist on the\n"
	    "        Internet\n"
	    "        -> publish the host's real address\n"
	    "\n"
	    "  FAIL  spf, receivers cannot use it\n"
	    "        v=spf1 foo ip4:192.0.2.10 ip4:192.0.2.20 ip4:192.0.2.30 ip4:192.0.2.40\n"
	    "        -all\n" },
	/* As much as is shown, and one more. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0,
	    "v=spf1 foo a:bbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbb.org",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo a:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.org\n"
	    "               ^~~\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n" },
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, 0,
	    "v=spf1 foo a:bbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbbb.org",
	    "  FAIL  spf                                             [spf-unknown-mechanism]\n"
	    "        v=spf1 foo a:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.org\n"
	    "               ^~~\n"
	    "        SPF has no mechanism of this name (permerror for all mail)\n"
	    "        -> use all, include, a, mx, ptr, ip4, ip6 or exists\n" },
	/* A kind with a long name. */
	{ { .kind = "dmarc-report", .owner = "a.org._report._dmarc.b.org" }, 0,
	    "v=DMARC1", "  ok    dmarc-report b.org accepts the reports\n" },
};

START_TEST(page)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(mailauth_parse(&pages[_i].how, pages[_i].record,
	                     strlen(pages[_i].record), &r, why),
	    MAILAUTH_OK);
	/* The escape that begins a colour is shown as '^'. */
	for (const char *p = report_text(&a, r, pages[_i].flags); *p != '\0';
	     p++)
		put_char(&w, *p == '\033' ? '^' : *p);
	expect_written(&w, pages[_i].text);
	mailauth_report_free(r);
	arena_free(&a);
}
END_TEST

/* JSON with '\'' in place of '"'. */
static const struct {
	struct mailauth_parse_options how;
	const char *record, *json;
} documents[] = {
	/* Terms. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE },
	    "v=spf1 +a:b.org/24 ~all exp=x.org",
	    "{'schema':'unbound-mailauth/1','kind':'spf','name':null,"
	    "'verdict':'valid','severity':'info',"
	    "'text':'v=spf1 +a:b.org/24 ~all exp=x.org',"
	    "'terms':[{'term':'+a:b.org/24','qualifier':'+','name':'a',"
	    "'value':'b.org/24','offset':7,'length':11},{'term':'~all',"
	    "'qualifier':'~','name':'all','value':'','offset':19,"
	    "'length':4},{'term':'exp=x.org','qualifier':null,'name':'exp',"
	    "'value':'x.org','offset':24,'length':9}],"
	    "'findings':[{'code':'spf-all-softfail','severity':'info',"
	    "'kind':'spf','name':null,'offset':19,'length':4,"
	    "'message':'mail from other hosts is marked as suspect (~all): \\'~all\\'',"
	    "'remedy':null,'reference':'RFC 7208 8.5'},{'code':'spf-ok',"
	    "'severity':'pass','kind':'spf','name':null,'offset':null,"
	    "'length':null,"
	    "'message':'there is one valid SPF record, and it says what to do with other hosts',"
	    "'remedy':null,'reference':'RFC 7208 4'}]}" },
	/* Tags; of two where there may be one, none. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE },
	    "v=DMARC1; p=none; p=reject; x; rua=mailto:\001@a.org",
	    "{'schema':'unbound-mailauth/1','kind':'dmarc','name':null,"
	    "'verdict':'invalid','severity':'fail',"
	    "'text':'v=DMARC1; p=none; p=reject; x; "
	    "rua=mailto:\\\\001@a.org','tags':{'v':'DMARC1',"
	    "'rua':'mailto:\\\\001@a.org'},"
	    "'findings':[{'code':'txt-nonprintable','severity':'fail',"
	    "'kind':'dmarc','name':null,'offset':42,'length':1,"
	    "'message':'the record contains a character that is not "
	    "printable ASCII, so that receivers cannot read it: \\'\\\\001\\'',"
	    "'remedy':'retype the record in plain ASCII',"
	    "'reference':'RFC 7208 3.1'},{'code':'dmarc-duplicate-tag',"
	    "'severity':'fail','kind':'dmarc','name':null,'offset':18,"
	    "'length':1,"
	    "'message':'a tag appears twice: receivers take the first,"
	    " the last or neither, so the policy is not certain: \\'p\\'',"
	    "'remedy':'keep one of them',"
	    "'reference':'RFC 6376 3.2'},{'code':'dmarc-syntax-ignored',"
	    "'severity':'warn','kind':'dmarc','name':null,'offset':28,"
	    "'length':1,"
	    "'message':'a part of the record is not name=value; "
	    "receivers ignore it: \\'x\\'','remedy':'correct or remove it',"
	    "'reference':'RFC 9989 4.8'}]}" },
	/* A blank that counts is shown. */
	{ { .kind = "mtasts" }, "v=STSv1; id=a ",
	    "{'schema':'unbound-mailauth/1','kind':'mtasts','name':null,"
	    "'verdict':'invalid','severity':'fail',"
	    "'text':'v=STSv1; id=a ','tags':{'v':'STSv1','id':'a'},"
	    "'findings':[{'code':'tag-blank-at-end','severity':'fail',"
	    "'kind':'mtasts','name':null,'offset':13,'length':1,"
	    "'message':'the record ends in a blank, which its grammar does "
	    "not allow, so strict senders ignore the record: \\' \\'',"
	    "'remedy':'publish `v=STSv1; id=a`','reference':'RFC 8461 3.1'}]"
	    "}" },
	/* Neither. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, "a.org. MX 10 mx.a.org.",
	    "{'schema':'unbound-mailauth/1','kind':'mx','name':'a.org.',"
	    "'verdict':'valid','severity':'pass','text':'10 mx.a.org.',"
	    "'findings':[]}" },
	/* What cannot be told apart. */
	{ { .kind = "spf", .profile = MAILAUTH_PROFILE_GUIDE }, "hello",
	    "{'schema':'unbound-mailauth/1','kind':'spf','name':null,"
	    "'verdict':'none','severity':'fail','text':null,'terms':[],"
	    "'findings':[{'code':'not-of-kind','severity':'fail',"
	    "'kind':'spf','name':null,'offset':null,'length':null,"
	    "'message':'the text is not a record of this kind: SPF policy',"
	    "'remedy':'correct the beginning of the text, or name the kind "
	    "of record that it is','reference':'practice'}]}" },
	/* Notices with a remedy of their own. */
	{ { .profile = MAILAUTH_PROFILE_GUIDE }, "v=spf1 foo:bar -all",
	    "{'schema':'unbound-mailauth/1','kind':'spf','name':null,"
	    "'verdict':'invalid','severity':'fail',"
	    "'text':'v=spf1 foo:bar -all','terms':[{'term':'foo:bar',"
	    "'qualifier':'+','name':'foo','value':'bar','offset':7,"
	    "'length':7},{'term':'-all','qualifier':'-','name':'all',"
	    "'value':'','offset':15,'length':4}],"
	    "'findings':[{'code':'spf-unknown-mechanism','severity':'fail',"
	    "'kind':'spf','name':null,'offset':7,'length':7,"
	    "'message':'SPF has no mechanism of this name (permerror for all mail): \\'foo:bar\\'',"
	    "'remedy':'use all, include, a, mx, ptr, ip4, ip6 or exists',"
	    "'reference':'RFC 7208 4.6.1'}]}" },
};

START_TEST(document)
{
	struct arena a = { NULL, false };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(mailauth_parse(&documents[_i].how,
	                     documents[_i].record, strlen(documents[_i].record),
	                     &r, why),
	    MAILAUTH_OK);
	expect_text(report_json(&a, r), quoted(&a, documents[_i].json));
	mailauth_report_free(r);
	arena_free(&a);
}
END_TEST

/* Twenty equal includes: what is wrong comes first, and what is said of each of
 * them is said once. */
START_TEST(equal_findings_once)
{
	struct mailauth_parse_options how = { .kind = "spf" };
	struct mailauth_report *r;
	char record[20 * 20 + 20] = "v=spf1", why[MAILAUTH_WHY_MAX];
	const char *fail, *note;
	char *text;
	int found = 0;

	for (int i = 0; i < 20; i++)
		strcat(record, " include:s.a.org");
	strcat(record, " ~all");
	ck_assert_int_eq(mailauth_parse(&how, record, strlen(record), &r, why),
	    MAILAUTH_OK);
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);

		if (strcmp(f->code, "spf-include-duplicate") != 0)
			continue;
		found++;
		ck_assert(strstr(f->message, " (20 times): ") != NULL);
	}
	ck_assert_int_eq(found, 1);
	text = mailauth_report_text(r, 0);
	fail = strstr(text, "[spf-too-many-lookups]");
	note = strstr(text, "[spf-include-duplicate]");
	ck_assert(fail != NULL && note != NULL && fail < note);
	free(text);
	mailauth_report_free(r);
}
END_TEST

Suite *
suite_parse(void)
{
	Suite *s = suite_create("parse");
	TCase *tc = tcase_create("parse");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one, 0, COUNT(records));
	tcase_add_test(tc, long_texts);
	tcase_add_test(tc, equal_findings_once);
	tcase_add_loop_test(tc, page, 0, COUNT(pages));
	tcase_add_loop_test(tc, document, 0, COUNT(documents));
	suite_add_tcase(s, tc);
	return s;
}
