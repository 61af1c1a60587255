/*
 * test_envelope.c - who wrote a message, and who handed it over
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Authors in From, the reverse address, Received and Received-SPF.
 */
#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define OK           DELIVERED("192.0.2.4")
#define SIGNED       .sign = { { "rsa-2048", SIGN } }
#define BY(id)       "Authentication-Results: " id ";\n\t"
#define AUTHOR(f)    .text = f REST BODY, .above = OK
#define HOP(text) \
	.above = RETURN_PATH \
	    "Received: " text "; " DATE "\n" \
	    "Received: from laptop ([203.0.113.200]) by out.example.com; " DATE \
	    "\n"
#define ABOVE_HOP(text) .above = RETURN_PATH text RECEIVED("192.0.2.4")
#define SEEN_AS \
	.says = { "ip= \"192.0.2.4\"", "ip_source= \"Received\"", \
		"helo= \"out.example.com\"" }

static const struct letter authors[] = {
	{ "two of one domain", AUTHOR("From: a@example.com, b@EXAMPLE.com\n"),
	    .verdict = "fail", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim",
	    .says = { "author= \"a@example.com\"", "from= \"example.com\"" } },
	{ "a name that looks like an address",
	    AUTHOR("From: \"b@evil.example\" <a@example.com>\n"),
	    .verdict = "fail", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim",
	    .says = { "author= \"a@example.com\"" } },
	{ "a comment that looks like one",
	    AUTHOR("From: a@example.com (b@evil.example)\n"), .verdict = "fail",
	    .results = "-, pass, pass", .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "a group", AUTHOR("From: Friends: a@example.com, b@example.com;\n"),
	    .verdict = "fail", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "of two domains", AUTHOR("From: a@example.com, b@example.org\n"),
	    .verdict = "fail", .results = "-, pass, -",
	    .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from",
	    .says = { "author= \"a@example.com\"",
	        "dmarc-multiple-from: it has several",
	        "results.dmarc= null" } },
	{ "of a domain and one below",
	    AUTHOR("From: a@example.com, b@sub.example.com\n"),
	    .verdict = "fail", .results = "-, pass, -",
	    .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "two fields", AUTHOR("From: a@example.com\nFrom: b@example.com\n"),
	    .verdict = "fail", .results = "-, pass, -",
	    .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "no address", AUTHOR("From: nobody\n"), .verdict = "fail",
	    .results = "-, pass, -", .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from",
	    .says = { "dmarc-multiple-from: it has no address" } },
	{ "an empty field", AUTHOR("From: \n"), .verdict = "fail",
	    .results = "-, pass, -", .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "no field", AUTHOR(""), .verdict = "fail", .results = "-, pass, -",
	    .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "an address literal", AUTHOR("From: a@[192.0.2.1]\n"),
	    .verdict = "fail", .results = "-, pass, -",
	    .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "an invalid domain", AUTHOR("From: a@exa..mple\n"), .verdict = "fail",
	    .results = "-, pass, -", .causes = "no-single-author unsigned",
	    .codes = SECURE SPF_OK "spf-eval-pass dmarc-multiple-from" },
	{ "an international domain",
	    AUTHOR("From: a@b\xc3\xbc"
	           "cher.example\n"),
	    .verdict = "fail", .results = "-, pass, fail",
	    .causes = "domains-not-aligned unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-pass dmarc-rua-missing dmarc-reject-needs-dkim "
	    "align-spf-mismatch dmarc-result-fail",
	    .says = { "from= \"xn--bcher-kva.example\"" },
	    .zones = "zone xn--bcher-kva.example\n_dmarc TXT 'v=DMARC1; "
	             "p=reject'\n" },
	{ "a message that begins with an envelope",
	    AUTHOR("From: a@example.com\n"), .old = "Return-Path",
	    .new = "From a@b Mon Jun  1 10:00:00 2026\nReturn-Path",
	    .verdict = "fail", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "a line that is no field",
	    AUTHOR("From: a@example.com\nwhat is this\n"), .verdict = "fail",
	    .results = "-, pass, pass", .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-syntax spf-eval-pass dmarc-reject-needs-dkim",
	    .says = { "hdr-syntax: line 6" } },
	{ "a line that is no field, and signed", SIGNED, .above = OK,
	    .old = "Subject:", .new = "what is this line\nSubject:",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-syntax hdr-dkim-selector sig-header-changed "
	    "spf-eval-pass" },
};

static const struct letter envelopes[] = {
	/* SPF. */
	{ "another host", .above = DELIVERED("192.0.2.5"), .verdict = "fail",
	    .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "return-path-not-covered: SPF gives fail: the record of "
	              "example.com, the MAIL FROM domain, does "
	              "not cover 192.0.2.5." } },
	{ "softfail", .above = DELIVERED("192.0.2.5"),
	    .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 ip4:192.0.2.4 ~all'\n",
	    .verdict = "fail", .results = "-, softfail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "spf-all-softfail spf-ok spf-eval-softfail "
	                         "dmarc-reject-needs-dkim dmarc-result-fail" },
	{ "a domain below From, before there is a DMARC record",
	    .above = "Return-Path: <b@sub.example.com>\n" RECEIVED("192.0.2.4"),
	    .drop = "_dmarc.example.com.", .verdict = "fail",
	    .results = "-, pass, none",
	    .causes = "from-not-configured unsigned",
	    .codes = SECURE NO_NAME SPF_OK
	    "spf-eval-pass dmarc-missing "
	    "align-spf-ok align-from-not-configured" },
	{ "neutral", .above = DELIVERED("192.0.2.5"),
	    .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 ip4:192.0.2.4 ?all'\n",
	    .verdict = "fail", .results = "-, neutral, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE REJECT_OK
	    "spf-all-neutral spf-eval-neutral dmarc-reject-needs-dkim "
	    "dmarc-result-fail" },
	{ "no record", .above = OK, .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'nothing'\n", .verdict = "fail",
	    .results = "-, none, fail",
	    .causes = "return-path-without-spf unsigned nothing-passes",
	    .codes = SECURE REJECT_OK
	    "spf-missing spf-eval-none dmarc-reject-needs-dkim "
	    "dmarc-result-fail" },
	{ "a broken record", .above = OK, .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 ip4:192.0.2.400 -all'\n",
	    .verdict = "fail", .results = "-, permerror, fail",
	    .causes = "spf-broken unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "spf-ip4-bad-address spf-eval-permerror "
	                         "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "spf-broken: The SPF record of example.com, the MAIL "
	              "FROM domain, is broken" } },
	{ "an include that fails", .above = OK, .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 include:gone.example -all'\n",
	    .verdict = "fail", .results = "-, temperror, temperror",
	    .causes = "dmarc-not-told spf-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-temperror dmarc-reject-needs-dkim "
	    "dmarc-temperror" },
	{ "an include that fails, and a signature", SIGNED, .above = OK,
	    .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 include:gone.example -all'\n",
	    .verdict = "temperror", .results = "pass, temperror, pass",
	    .causes = "passes spf-not-told",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "spf-eval-temperror align-dkim-ok dmarc-result-pass" },
	{ "macros of the message", .above = OK, .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 "
	             "exists:%{l}.%{h}.%{o}.example.net -all'\n"
	             "bounce.out.example.com.example.com.example.net. A "
	             "127.0.0.2\n",
	    .verdict = "fail", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-macro-per-user spf-eval-pass dmarc-reject-needs-dkim" },
	/* What is known of it. */
	{ "nothing", .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "dmarc-undecided: no header shows the IP address",
	        "dmarc-reject-needs-dkim: this message is not signed",
	        "mail_from= null", "mail_from_source= null", "ip= null",
	        "results.spf.result= null",
	        "dmarc-not-told: no header shows the IP address" } },
	{ "nothing, and the key is not told", SIGNED,
	    .zones = "fail s1._domainkey.example.com.\n",
	    .verdict = "temperror", .results = "temperror, -, temperror",
	    .causes = "dmarc-not-told key-not-told",
	    .codes = SECURE REJECT_OK
	    "hdr-dkim-selector dns-servfail dmarc-temperror dmarc-undecided",
	    .says = { "dmarc-not-told: neither DKIM nor SPF gave a result. SPF "
	              "was not tried" } },
	{ "nothing, and a signature", SIGNED, .verdict = "pass",
	    .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass",
	    .says = { "results.spf.why~ no sending address is known" } },
	{ "an address and no reverse address", .above = RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "dmarc-undecided: the MAIL FROM address is not known",
	        "results.spf.why~ no MAIL FROM address is known",
	        "dmarc-not-told: the MAIL FROM address is not known" } },
	{ "given by hand", SIGNED, .above = OK,
	    .words = "--ip 198.51.100.7 --mail-from x@mailer-service.com "
	             "--helo mx.example.net",
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "spf-eval-pass align-spf-mismatch",
	    .says = { "ip_source= \"--ip\"",
	        "mail_from_source= \"--mail-from\"", "helo= \"mx.example.net\"",
	        "results.spf.domain= \"mailer-service.com\"",
	        "mail_from= \"x@mailer-service.com\"" } },
	{ "a mapped address and a domain", SIGNED,
	    .words = "--ip ::ffff:192.0.2.4 --mail-from example.com",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass spf-ip4-mapped",
	    .says = { "mail_from= \"example.com\"",
	        "ip= \"::ffff:192.0.2.4\"" } },
	{ "an invalid reverse domain", SIGNED,
	    .words = "--ip 192.0.2.4 --mail-from exa..mple", .verdict = "pass",
	    .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK REJECT_OK DKIM_ONLY,
	    .says = { "results.spf.why= \"the MAIL FROM address has no "
	              "domain that SPF can check\"" } },
	{ "a reverse address literal", SIGNED,
	    .above = "Return-Path: <a@[192.0.2.1]>\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK REJECT_OK DKIM_ONLY },
	{ "an invalid path", SIGNED,
	    .above = "Return-Path: <>>< @\n" RETURN_PATH RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    .says = { "mail_from= \"bounce@example.com\"" } },
	{ "a reverse address by the receiver's word", SIGNED,
	    .above = RECEIVED("192.0.2.4") RESULTS SPF_PASS "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain spf-eval-pass",
	    .says = { "mail_from_source= \"smtp.mailfrom\"" } },
	{ "a reverse address by Received-SPF", SIGNED,
	    .above =
	        RECEIVED("192.0.2.4") "Received-SPF: pass client-ip=192.0.2.4; "
	                              "envelope-from=\"bounce@example.com\";\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    .says = { "mail_from_source= \"Received-SPF\"" } },
	{ "a bounce", SIGNED,
	    .above = "Return-Path: <>\nReceived: from sub.example.com "
	             "([192.0.2.4]) by mx; " DATE "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    .says = { "mail_from= \"\"",
	        "results.spf.domain= \"sub.example.com\"" } },
	{ "a bounce of another host",
	    .above = "Return-Path: <>\nReceived: from sub.example.com "
	             "([192.0.2.99]) by mx; " DATE "\n",
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "return-path-not-covered: the record of sub.example.com, "
	              "the name that the host gave (Return-Path is empty), "
	              "does not cover 192.0.2.99." } },
	{ "a bounce of a host without a name",
	    .above =
	        "Return-Path: <>\nReceived: from [192.0.2.4] by mx; " DATE "\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "results.spf.why= \"no sending address is known\"" } },
	{ "a bounce of a host that gives its address as name",
	    .above = "Return-Path: <>\nReceived: from [192.0.2.4] (unknown "
	             "[192.0.2.4]) by mx; " DATE "\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-result-fail" },
	{ "a bounce of a host with a bad name",
	    .above =
	        "Return-Path: <>\nReceived: from x..y ([192.0.2.4]) by mx; " DATE
	        "\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-result-fail" },
	/* Received. */
	{ "Postfix, a name that is not known", SIGNED,
	    HOP("from out.example.com (unknown [192.0.2.4])\n\tby "
	        "mx.receiver.example (Postfix) with ESMTPS id 1"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Exim", SIGNED,
	    HOP("from out.example.com ([192.0.2.4]:34567)\n\tby "
	        "mx.receiver.example with esmtps  (TLS1.3)\n\t(Exim "
	        "4.96)\n\t(envelope-from <bounce@example.com>)\n\tid 1"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Exim with HELO in a comment", SIGNED,
	    HOP("from [192.0.2.4] (port=34567 helo=out.example.com)\n"
	        "\tby mx.receiver.example with esmtps id 1"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Sendmail", SIGNED,
	    HOP("from out.example.com (h.example.org [192.0.2.4] (may be "
	        "forged))\n\tby mx.receiver.example (8.17.1/8.17.1)"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Microsoft", SIGNED,
	    HOP("from out.example.com (192.0.2.4) by\n "
	        "AM7EUR03FT049.mail.protection.outlook.com (10.152.16.1) "
	        "with Microsoft SMTP\n Server id 15.20.1.1 via Frontend "
	        "Transport"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Gmail", SIGNED,
	    HOP("from out.example.com (out.example.com. [192.0.2.4])\n   "
	        "     by mx.google.com with ESMTPS id 1\n        for "
	        "<reader@gmail.com>"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-gmail-no-score spf-eval-pass",
	    SEEN_AS },
	{ "IPv6", SIGNED,
	    HOP("from out.example.com ([IPv6:2001:db8::4]) by "
	        "mx.receiver.example"),
	    .drop = "example.com. TXT",
	    .zones = "example.com. TXT 'v=spf1 ip6:2001:db8::/32 -all'\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    .says = { "ip= \"2001:db8::4\"" } },
	{ "LMTP above", SIGNED,
	    ABOVE_HOP("Received: from mx.receiver.example ([127.0.0.1])\n\tby "
	              "store.receiver.example with LMTP id 1; " DATE "\n"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "hops inside above", SIGNED,
	    ABOVE_HOP("Received: from mx.receiver.example (mx.receiver.example "
	              "[10.1.2.3])\n\tby store.receiver.example (Postfix) with "
	              "ESMTP id 1; " DATE
	              "\nReceived: from scan (localhost [IPv6:::1]) by mx "
	              "(Postfix); " DATE "\n"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "by alone above", SIGNED,
	    .above = RETURN_PATH
	    "Received: by 2002:a05:6a10:8e8a:b0:5c5:12ab with SMTP id 1; " DATE
	    "\nReceived: from out.example.com (out.example.com. "
	    "[192.0.2.4])\n        by mx.google.com with ESMTPS id 1; " DATE
	    "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-gmail-no-score spf-eval-pass",
	    SEEN_AS },
	/* Who wrote the next one is not shown. */
	{ "nonsense above", SIGNED, ABOVE_HOP("Received: nonsense\n"),
	    .verdict = "pass", .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass",
	    .says = { "hop.sure= \"not certain\"" } },
	{ "Microsoft's hosts above", SIGNED,
	    .above = RETURN_PATH
	    "Received: from AM6PR02CA1.eurprd02.prod.outlook.com "
	    "(2603:10a6:209:2f::25)\n by DB9PR01MB1.eurprd01.prod.outlook.com "
	    "with Microsoft SMTP; " DATE
	    "\nReceived: from out.example.com (192.0.2.4) by\n "
	    "AM7EUR03FT049.mail.protection.outlook.com (10.152.16.1) with "
	    "Microsoft SMTP\n Server id 15.20.1.1 via Frontend Transport; " DATE
	    "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "a host of the receiver's own", SIGNED,
	    .above = RETURN_PATH RESULTS SPF_PASS "\n" RECEIVED("203.0.113.80"),
	    .verdict = "fail", .results = "pass, fail, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain spf-eval-fail "
	    "ar-differs",
	    .says = { "return-path-not-covered: The receiver says that SPF "
	              "passes: if 203.0.113.80 is a host of its own" } },
	{ "a host of the receiver's own, given", SIGNED,
	    .above = RETURN_PATH RESULTS SPF_PASS "\n" RECEIVED("203.0.113.80"),
	    .words = "--ip 203.0.113.81", .verdict = "fail",
	    .results = "pass, fail, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain spf-eval-fail "
	    "ar-differs" },
	{ "Gmail on the way is not the receiver", SIGNED,
	    .above = OK "Received: from out.example.com ([192.0.2.77]) by "
	                "mx.google.com; " DATE "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "Gmail by its results",
	    .above = RETURN_PATH BY("mx.google.com") SPF_PASS "\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "hdr-gmail-no-score dmarc-reject-needs-dkim dmarc-undecided" },
	{ "Gmail, and a score of another",
	    .above = RETURN_PATH BY("mx.google.com") SPF_PASS
	    "\nX-Spam-Score: 1.5\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim dmarc-undecided" },
	/* Hosts inside. */
	{ "a relay of the receiver with a public address", SIGNED,
	    ABOVE_HOP("Received: from relay (mx.receiver.example "
	              "[198.51.100.20])\n\tby store.receiver.example (Postfix) "
	              "with ESMTPS id 1; " DATE "\n"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "such a relay, and nothing below", SIGNED,
	    .above = RETURN_PATH
	    "Received: from web (web.receiver.example [192.0.2.4])\n\tby "
	    "mx.receiver.example (Postfix) with ESMTP id 1; " DATE "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    .says = { "ip= \"192.0.2.4\"" } },
	{ "Dovecot above", SIGNED,
	    ABOVE_HOP("Received: from mx.receiver.example\n\tby "
	              "store.receiver.example with LMTP\n\tid 1; " DATE "\n"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "fetched by the reader", SIGNED,
	    ABOVE_HOP(
	        "Received: from pop.receiver.example [198.51.100.3]\n\tby "
	        "laptop with POP3 (fetchmail-6.4.37); " DATE "\n"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes =
	        SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS "spf-eval-pass",
	    SEEN_AS },
	{ "Gmail from Gmail: its Received-SPF names the border", SIGNED,
	    .above = RETURN_PATH
	    "Received: from x (mail-sor-f41.google.com. [192.0.2.4])\n"
	    "        by mx.google.com with SMTPS id 1; " DATE "\n"
	    "Received-SPF: pass (google.com: domain of bounce@example.com "
	    "designates 192.0.2.4 as permitted sender) client-ip=192.0.2.4;\n"
	    "Received: from laptop (h.example.net [198.51.100.9]) by "
	    "smtp.gmail.com with ESMTPSA id 2; " DATE "\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-gmail-no-score spf-eval-pass",
	    .says = { "ip= \"192.0.2.4\"" } },
	{ "the border has no address",
	    .above = RETURN_PATH
	    "Received: from out.example.com by mx.receiver.example with ESMTPS; " DATE
	    "\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "ip= null" } },
	{ "a client that has logged in",
	    .above = RETURN_PATH
	    "Received: from [192.168.1.20] (h.isp.example [203.0.113.77])\n\t"
	    "(Authenticated sender: news)\n\tby mx.example.com (Postfix) with "
	    "ESMTPSA id 1; " DATE "\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "dmarc-undecided: the client had logged in to send",
	        "dmarc-not-told: the client had logged in to send",
	        "ip= \"203.0.113.77\"" } },
	{ "a host that may be a forwarder", .above = DELIVERED("192.0.2.5"),
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "return-path-not-covered: If 192.0.2.5 sends for you, "
	              "add it; otherwise do nothing" } },
	/* Received-SPF. */
	{ "Received-SPF below a host inside",
	    .above = RETURN_PATH
	    "Received: from relay ([10.0.0.5]) by store.receiver.example; " DATE
	    "\nReceived-SPF: pass client-ip=192.0.2.4; "
	    "envelope-from=bounce@example.com\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "ip= null" } },
	{ "Received-SPF with keys", SIGNED,
	    .above = RETURN_PATH
	    "Received-SPF: pass (mx.receiver.example: domain of "
	    "bounce@example.com designates 192.0.2.4 as permitted "
	    "sender) receiver=mx.receiver.example; "
	    "client-ip=192.0.2.4; "
	    "envelope-from=\"bounce@example.com\"; "
	    "helo=out.example.com;\n",
	    .verdict = "pass", .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass",
	    .says = { "ip_source= \"Received-SPF\"", "ip= \"192.0.2.4\"",
	        "reported.received_spf= "
	        "{\"result\":\"pass\",\"mail_from\":\"bounce@example.com\",\"ip\":\"192.0.2.4\"}" } },
	{ "Received-SPF of Microsoft", SIGNED,
	    .above = RETURN_PATH
	    "Received-SPF: Pass (protection.outlook.com: domain of "
	    "example.com designates\n 192.0.2.4 as permitted sender) "
	    "receiver=protection.outlook.com;\n client-ip=192.0.2.4; "
	    "helo=out.example.com; pr=C\n",
	    .verdict = "pass", .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass" },
	{ "Received-SPF of Google", SIGNED,
	    .above = RETURN_PATH
	    "Received-SPF: pass (google.com: domain of "
	    "bounce@example.com designates 192.0.2.4 as permitted "
	    "sender)\n",
	    .verdict = "pass", .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass" },
	{ "an invalid Received-SPF", SIGNED,
	    .above = RETURN_PATH "Received-SPF: ;\n", .verdict = "pass",
	    .results = "pass, -, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "align-dkim-ok dmarc-result-pass",
	    .says = { "reported.received_spf= null" } },
	{ "two Received-SPF: the upper one counts", SIGNED,
	    .above = OK "Received-SPF: pass client-ip=192.0.2.4; "
	                "envelope-from=a@example.com\nReceived-SPF: fail "
	                "client-ip=192.0.2.4; envelope-from=a@example.com\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "Received-SPF says better",
	    .above = DELIVERED(
	        "192.0.2.5") "Received-SPF: pass client-ip=192.0.2.5; "
	                     "envelope-from=a@example.com\n",
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail "
	    "ar-differs",
	    .says = { "ar-differs: Received-SPF: pass, now fail" } },
	{ "Received-SPF says worse", SIGNED,
	    .above = OK "Received-SPF: softfail client-ip=192.0.2.4; "
	                "envelope-from=example.com\n",
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass ar-differs",
	    .says = { "ar-differs: Received-SPF: softfail, now pass" } },
	{ "Received-SPF of another host", SIGNED,
	    .above = OK "Received-SPF: fail client-ip=192.0.2.77; "
	                "envelope-from=a@example.com\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "Received-SPF of another domain", SIGNED,
	    .above = OK "Received-SPF: fail client-ip=192.0.2.4; "
	                "envelope-from=a@example.net\n",
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
};

/* Received fields as servers write them for a client at 203.0.113.66 that gives
 * the HELO "@". */
static const char *const hops[] = {
	"from @ (unknown [203.0.113.66])\n\tby mx.receiver.example (Postfix) "
	"with ESMTP id 1",
	"from @ (unknown [203.0.113.66])\n\t(using TLSv1.3)\n\t(Client CN \"@ "
	"[192.0.2.4]\", Issuer \"x\" (not verified))\n\tby "
	"mx.receiver.example (Postfix) with ESMTPS id 1",
	"from [203.0.113.66] (port=1234 helo=@)\n\tby mx.receiver.example with "
	"esmtps (Exim 4.96)",
	"from evil.example ([203.0.113.66] helo=@)\n\tby mx.receiver.example "
	"with esmtp (Exim 4.96)",
	"from @ ([203.0.113.66]:4711)\n\tby mx.receiver.example with esmtp",
	"from @ ([203.0.113.66])\n\tby mx.receiver.example (8.17.1/8.17.1)",
	"from @ (mx.receiver.example [203.0.113.66] (may be forged))\n\tby "
	"mx.receiver.example (8.17.1/8.17.1) with ESMTP",
	"from unknown (HELO @) (203.0.113.66)\n  by mx.receiver.example with "
	"SMTP",
	"from mx.receiver.example (HELO @) (203.0.113.66)\n  by "
	"mx.receiver.example with SMTP",
	"from @ (203.0.113.66)\n  by mx.receiver.example with SMTP",
	"from @ (203.0.113.66) by\n AM7EUR03FT049.mail.protection.outlook.com "
	"(10.152.16.1) with Microsoft SMTP Server",
	"from @ (203.0.113.66) by\n DB9PR01MB1.eurprd01.prod.outlook.com "
	"(2603:10a6:10::1) with Microsoft SMTP Server",
	"from @ (evil.example. [203.0.113.66])\n        by mx.google.com with "
	"ESMTPS id 1",
	"from 203.0.113.66  (EHLO @)\n by 10.197.35.75 with SMTPs",
	"from @ (evil.example [203.0.113.66]) by mx.zohomail.com\n\twith SMTPS",
	"from @ (mx.receiver.example [203.0.113.66])\n\tby mx.receiver.example "
	"(OpenSMTPD) with ESMTPS",
	"from @ (mx.receiver.example [203.0.113.66])\n\tby mx.receiver.example "
	"(Haraka/3.0.3) with ESMTPS",
	"from @ [203.0.113.66] by mx.receiver.example with ESMTP (SMTPD-9.10)",
	"from [203.0.113.66] (HELO @)\n  by mx.receiver.example (CommuniGate Pro "
	"SMTP 6.3.3) with ESMTP",
	"from @ ([203.0.113.66]) by mx.receiver.example with MailEnable ESMTP",
	"from @ (h-203-0-113-66.receiver.example [203.0.113.66])\n\tby "
	"mx.receiver.example (Postfix) with ESMTP id 1",
	/* Here nothing is known of the client. */
	"from @ by mx.receiver.example with ESMTP id 1",
};

static const char *const helos[] = { "x.prod.outlook.com",
	"x.prod.exchangelabs.com", "mail-sor-f41.google.com",
	"mx.receiver.example", "localhost", "[10.0.0.5]", "192.0.2.4",
	"x([192.0.2.4]", "x)([192.0.2.4]", "x)(192.0.2.4",
	"x (out.example.com [192.0.2.4]) y", "x) ([192.0.2.4]",
	"[192.0.2.4] by mx.receiver.example with esmtp x",
	"x by mx.receiver.example with LMTP id", "x) by mx with POP3 (",
	"by mx.receiver.example with POP3", "x ([10.0.0.1]) y",
	"x (mx.receiver.example [203.0.113.66]) y", "(helo=x)",
	"mx.receiver.example (helo=x)",
	"x) (mx.receiver.example [203.0.113.66]", ("x; " DATE),
	"\"x (a [192.0.2.4]) y\"", "x\\", "(x", "x)",
	"x (Authenticated sender: a)" };

/* Write a hop with a HELO. */
static void
put_hop(char *out, size_t size, const char *hop, const char *helo)
{
	struct writer w = writer_of(out, size - 1);

	put_text(&w, RETURN_PATH "Received: ");
	for (; *hop != '\0'; hop++) {
		if (*hop == '@')
			put_text(&w, helo);
		else
			put_char(&w, *hop);
	}
	put_text(&w, "; " DATE "\n" RECEIVED("192.0.2.4") ALL_PASS);
	out[w.used] = '\0';
}

/* No HELO makes the forged Received below count, nor the forged results, also
 * when their authserv-id is named. */
START_TEST(helo_is_the_clients)
{
	for (size_t i = 0; i < sizeof(helos) / sizeof(helos[0]); i++) {
		char above[2048];
		const struct letter l = { .title = above,
			.above = above,
			.words = i % 2 == 0 ?
			    NULL :
			    "--authserv-id mx.receiver.example" };
		struct explained e;
		const char *ip, *dmarc;

		put_hop(above, sizeof(above), hops[_i], helos[i]);
		letter_open(&e, &l, NULL);
		letter_ask(&e, &l);
		ip = text_at(e.asked.json, "ip");
		dmarc = text_at(e.asked.json, "results.dmarc.result");
		EXPECT(ip == NULL || strcmp(ip, "192.0.2.4") != 0, "%s", above);
		EXPECT(dmarc != NULL && strcmp(dmarc, "pass") != 0, "%s",
		    above);
		EXPECT(mailauth_report_result(e.asked.report) !=
		        MAILAUTH_RESULT_PASS,
		    "%s", above);
		letter_close(&e);
	}
}
END_TEST

START_TEST(of_authors)
{
	letters_run(authors, COUNT(authors), _i);
}
END_TEST

START_TEST(of_envelopes)
{
	letters_run(envelopes, COUNT(envelopes), _i);
}
END_TEST

Suite *
suite_envelope(void)
{
	Suite *s = suite_create("envelope");
	TCase *t = tcase_create("letters");

	tcase_add_loop_test(t, of_authors, 0, LETTER_TESTS(authors));
	tcase_add_loop_test(t, of_envelopes, 0, LETTER_TESTS(envelopes));
	tcase_add_loop_test(t, helo_is_the_clients, 0, COUNT(hops));
	suite_add_tcase(s, t);
	return s;
}
