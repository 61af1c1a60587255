/*
 * test_everyday.c - messages as people have them, and what explain has to say
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One row is one situation: the result, the first cause and what to do. Findings
 * are the matter of other tables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "letter.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define SIGNED       .sign = { { "rsa-2048", SIGN } }
#define MX           "mx.receiver.example"
#define RSPAMD       "X-Spamd-Result: default: False [1.00 / 15.00];\n\t"
#define AR(id)       "Authentication-Results: " id ";\n\t"
#define FWD_PATH     "Return-Path: <list@mailer-service.com>\n"
/* A hop by a server, and one that a forwarder wrote. */
#define HOP(from, ip, by) \
	"Received: from " from " (" from " [" ip "])\n\tby " by \
	" (Postfix) with ESMTPS id 1\n\tfor <reader@receiver.example>; " DATE \
	"\n"
#define FORWARDED \
	HOP("mx.forwarder.example", "198.51.100.20", MX) \
	HOP("out.example.com", "192.0.2.4", "mx.forwarder.example")
/* A border that does not show the address of the client. */
#define TAKEN \
	"Received: from out.example.com by " MX " with ESMTPS id 1; " DATE "\n"
#define MICROSOFT(ip) \
	"Received: from out.example.com (" ip ")\n\tby " \
	"AM0EUR02FT0.mail.protection.outlook.com (10.13.54.1) with Microsoft " \
	"SMTP\n\tServer id 15.20.1; " DATE "\n"
#define MICROSOFT_SAYS(ip, spf) \
	"Authentication-Results: spf=" spf " (sender IP is " ip ")\n " \
	"smtp.mailfrom=mailer-service.com; dkim=pass (signature was " \
	"verified)\n header.d=example.com;dmarc=pass action=none\n " \
	"header.from=example.com;compauth=pass reason=100\n"
#define GOOGLE(ip) \
	"Received: from out.example.com (out.example.com. [" ip "])\n\tby " \
	"mx.google.com with ESMTPS id x1; " DATE "\n"
/* SPF passes, and does not. */
#define OK_PASS DELIVERED("192.0.2.4")
#define OK_NONE DELIVERED("203.0.113.66")
#define GONE    "s1._domainkey.example.com"

static const struct everyday {
	struct letter letter; /* results and the message */
	const char *first; /* cause */
	const char *text, *remedy; /* words of it; NULL: any, none */
} rows[] = {
	/* The copy. */
	{ { "a header without its body, and the receiver says pass", SIGNED,
	      .above = FWD_PATH AR(MX) DKIM_PASS
	      "; spf=pass "
	      "smtp.mailfrom=mailer-service.com\n" HOP("a.mailer-service.com",
	          "198.51.100.7", MX),
	      .old = BODY, .new = "", .results = "neutral, pass, pass" },
	    "passes", "DKIM passes is what the receiver says", NULL },
	{ { "a header without its body, and nobody says anything", SIGNED,
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7", MX),
	      .old = BODY, .new = "\n", .results = "neutral, pass, temperror" },
	    "dmarc-not-told", "the body that was signed is not in this copy",
	    "with its whole body" },
	{ { "a header without its body that Google received", SIGNED,
	      .above = FWD_PATH GOOGLE("198.51.100.7")
	          AR("mx.google.com") "dkim=pass header.i=@example.com "
	                              "header.s=s1 header.b=abc\n",
	      .old = BODY, .new = "\n\n",
	      .results = "neutral, pass, temperror" },
	    "dmarc-not-told", "the body that was signed is not in this copy",
	    "with its whole body" },
	{ { "a copy that Microsoft 365 rewrote, or a forgery", SIGNED,
	      .above = FWD_PATH MICROSOFT("198.51.100.7")
	          MICROSOFT_SAYS("198.51.100.7", "pass"),
	      .old = "this is it.", .new = "this is it (rewritten).",
	      .results = "neutral, pass, temperror" },
	    "dmarc-not-told", "the sender may have written that header",
	    "not a copy that the mailbox changed" },
	{ { "a forged result of Microsoft's kind at another receiver", SIGNED,
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7", MX)
	          MICROSOFT_SAYS("198.51.100.7", "pass"),
	      .old = "this is it.", .new = "send money.",
	      .results = "fail, pass, fail" },
	    "body-changed", "the body was changed", "Nothing in your DNS" },
	{ { "a second result of Microsoft's kind, below the real one", SIGNED,
	      .above = FWD_PATH MICROSOFT(
	          "198.51.100.7") "Authentication-Results: spf=pass (sender IP is 198.51.100.7)\n "
	                          "smtp.mailfrom=mailer-service.com; dkim=fail (body hash did not "
	                          "verify)\n header.d=example.com;dmarc=fail\n "
	                          "header.from=example.com\n" MICROSOFT_SAYS(
	                              "198.51.100.7", "pass"),
	      .old = "this is it.", .new = "send money.",
	      .results = "fail, pass, fail" },
	    "body-changed", "the body was changed", "Nothing in your DNS" },
	{ { "Microsoft 365 writes its results above the border", SIGNED,
	      .above =
	          "Received: from DB1EUR03FT.eop-EUR03.prod.protection.outlook.com"
	          "\n (2603:10a6:10:100:cafe::d3) by DB1PR0.outlook.office365.com"
	          "\n (2603:10a6:10::2) with Microsoft SMTP Server id 15.20.2; " DATE
	          "\n" MICROSOFT_SAYS("198.51.100.7", "pass")
	              MICROSOFT("198.51.100.7") FWD_PATH,
	      .old = "this is it.", .new = "this is it (rewritten).",
	      .results = "neutral, pass, pass" },
	    "passes", "what the receiver says", NULL },
	{ { "a copy that the mailbox rewrote, above the border", SIGNED,
	      .above = FWD_PATH AR(MX) DKIM_PASS
	      "\n" HOP("a.mailer-service.com", "198.51.100.7", MX),
	      .old = "this is it.", .new = "this is it. [scanned]",
	      .results = "neutral, pass, pass" },
	    "passes", "what the receiver says", NULL },
	{ { "the receiver says pass below its own border", SIGNED,
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7", MX)
	          AR(MX) DKIM_PASS "\n",
	      .old = "this is it.", .new = "send money.",
	      .results = "fail, pass, fail" },
	    "body-changed", NULL, "Nothing in your DNS" },
	{ { "a message that is cut off", SIGNED,
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7", MX),
	      .old = "this is it.\n", .new = "this",
	      .results = "neutral, pass, temperror" },
	    "dmarc-not-told", "the body that was signed is not in this copy",
	    "with its whole body" },
	/* Forwarding. */
	{ { "forwarded with a MAIL FROM of the forwarder",
	      .above = "Return-Path: <SRS0=ab1=XY=example.com=bounce@mailer-"
	               "service.com>\n" HOP("a.mailer-service.com",
	                   "198.51.100.7", MX),
	      .results = "-, pass, fail" },
	    "domains-not-aligned", "A forwarder wrote the MAIL FROM address",
	    "Sign with DKIM as example.com, which survives forwarding." },
	{ { "forwarded, and nothing proves it", .above = RETURN_PATH FORWARDED,
	      .results = "-, fail, fail" },
	    "forwarded", "One hop earlier SPF would pass",
	    "is yours, add it to the record; otherwise it was forwarded" },
	{ { "forwarded, and a signature proves it", SIGNED,
	      .above = RETURN_PATH FORWARDED, .results = "pass, fail, pass" },
	    "passes", NULL, NULL },
	{ { "forwarded with a footer", SIGNED, .above = RETURN_PATH FORWARDED,
	      .old = "this is it.", .new = "this is it.\n--\nfooter",
	      .results = "fail, fail, fail" },
	    "forwarded", "was forwarded by mx.forwarder.example",
	    "Nothing in your DNS" },
	{ { "forwarded, and the receiver says arc=pass",
	      .above = RETURN_PATH AR(
	          MX) "spf=fail "
	              "smtp.mailfrom=bounce@example.com; arc=pass\n" FORWARDED,
	      .results = "-, fail, fail" },
	    "forwarded", "was forwarded by mx.forwarder.example",
	    "Nothing in your DNS" },
	{ { "a stranger, and no hop below", .above = DELIVERED("203.0.113.66"),
	      .results = "-, fail, fail" },
	    "return-path-not-covered", "does not cover 203.0.113.66",
	    "If 203.0.113.66 sends for you, add it; otherwise do nothing" },
	{ { "a hop below that would not pass either",
	      .above = RETURN_PATH HOP("mx.forwarder.example", "198.51.100.20",
	          MX)
	          HOP("x.example.org", "203.0.113.9", "mx.forwarder.example"),
	      .results = "-, fail, fail" },
	    "return-path-not-covered", "does not cover 198.51.100.20", "If " },
	/* The border. */
	{ { "a relay of the receiver on top",
	      .above = RETURN_PATH HOP("mx.receiver.example", "198.51.100.20",
	          "store.receiver.example") RECEIVED("192.0.2.4"),
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "the receiver names the client in its results",
	      .above = RETURN_PATH AR(
	          MX) "spf=pass "
	              "smtp.mailfrom=bounce@example.com smtp.remote-ip=192.0.2.4\n"
	              "Received: from out.example.com by " MX
	              " with ESMTPS id 1; " DATE "\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "iprev names the client",
	      .above = RETURN_PATH AR(
	          MX) "iprev=pass (out.example.com) "
	              "policy.iprev=192.0.2.4\nReceived: from out.example.com by " MX
	              " with ESMTPS id 1; " DATE "\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "a client named below the border does not count",
	      .above = RETURN_PATH
	      "Received: from out.example.com by " MX " with ESMTPS id 1; " DATE
	      "\n" AR(
	          MX) "spf=pass "
	              "smtp.mailfrom=bounce@example.com smtp.remote-ip=192.0.2.4\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "no Received header shows the public IP address",
	    "the server of another provider" },
	{ { "the policy is outside of the given zones", .above = OK_PASS,
	      .zones = "fail _dmarc.example.com. TXT offline\n",
	      .results = "-, pass, temperror" },
	    "dmarc-not-told", "outside of the given zones", "Give the zones" },
	{ { "the hop is given", .words = "--hop 2",
	      .above = RETURN_PATH FORWARDED, .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "the sender had logged in",
	      .above = RETURN_PATH
	      "Received: from [192.168.1.20] "
	      "(h.isp.example [203.0.113.77])\n\tby mx.example.com (Postfix) "
	      "with ESMTPSA id 1; " DATE "\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "logged in", "Nothing in DNS" },
	{ { "a paste of a copy that the sender's own server made",
	      .above =
	          AR("mail.example.com") "auth=pass smtp.auth=news "
	                                 "smtp.mailfrom=news@example.com\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "logged in", "another server received" },
	{ { "a login further down is of no matter",
	      .above = DELIVERED(
	          "192.0.2.4") "Received: from [192.168.1.20] "
	                       "(h.isp.example [203.0.113.77])\n\tby out.example.com (Postfix) "
	                       "with ESMTPSA id 1; " DATE "\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "a program of the receiver's own server sent it",
	      .above = RETURN_PATH
	      "Received: by mail.example.com (Postfix, from userid 33)\n\tid "
	      "4ABC; " DATE "\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "no Received header shows the public IP address",
	    "the server of another provider" },
	{ { "no Received at all", .results = "-, -, temperror" },
	    "dmarc-not-told", "no header shows the IP address",
	    "whole header ('show original')" },
	/* Claims of all dialects. */
	{ { "results without a domain",
	      .above = AR(MX) "dkim=pass; spf=none; " DMARC_PASS "\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	/* The same above the border, where they count. */
	{ { "results without a domain, above the border",
	      .words = "--authserv-id " MX,
	      .above = RETURN_PATH AR(MX) "dkim=pass; spf=none; " DMARC_PASS
	                                  "\n" TAKEN,
	      .results = "-, -, pass" },
	    "passes", "as the receiver says", NULL },
	{ { "one receiver, a name for each program, above the border",
	      .words = "--authserv-id dkim.receiver.example",
	      .above = FWD_PATH AR("bimi.receiver.example") "bimi=none\n" AR(
	          "dkim.receiver.example") DKIM_PASS
	      "\n" AR(
	          "spf.receiver.example") "spf=pass "
	                                  "smtp.mailfrom=list@mailer-service.com\n" TAKEN,
	      .results = "-, -, pass" },
	    "passes", "DKIM passes", NULL },
	{ { "OpenDMARC beside OpenDKIM, above the border",
	      .words = "--authserv-id OpenDMARC --authserv-id " MX,
	      .above =
	          AR("OpenDMARC") DMARC_PASS "\n" AR(MX) DKIM_PASS "\n" TAKEN,
	      .results = "-, -, pass" },
	    "passes", "DKIM passes", NULL },
	{ { "results without a domain, and dmarc fails",
	      .above = AR(MX) "dkim=pass; spf=none; dmarc=fail "
	                      "header.from=example.com\n",
	      .results = "-, -, fail" },
	    "nothing-passes", "The receiver says that DMARC fails", "DKIM" },
	{ { "a semicolon between properties",
	      .above =
	          "Authentication-Results: spf=pass; "
	          "smtp.mailfrom=example.com; dkim=pass (signature was verified); "
	          "header.d=example.com; dmarc=pass action=none; "
	          "header.from=example.com; compauth=pass reason=100\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "words of another kind",
	      .above = AR(
	          "omega.yahoo.example") "dkim=success "
	                                 "header.i=@example.com header.s=s1; spf=unknown; "
	                                 "dmarc=success(p=REJECT) header.from=example.com\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "Gmail found no key",
	      .above = AR(
	          "mx.google.com") "dkim=temperror (no key for "
	                           "signature) header.i=@example.com header.s=s9 header.b=aB; "
	                           "spf=fail (google.com: domain of bounce@example.com does not "
	                           "designate 198.51.100.20 as permitted sender) "
	                           "smtp.mailfrom=bounce@example.com; dmarc=fail "
	                           "header.from=example.com\n",
	      .results = "-, fail, fail" },
	    "wrong-selector",
	    "s9 of example.com, and DNS has no key there; "
	    "there is one at selector s1",
	    "Set the selector" },
	{ { "an invalid result for want of a key",
	      .above = AR(
	          MX) "dkim=invalid (public key: not available, "
	              "unknown key sha256) header.d=example.com header.s=old; "
	              "spf=none\n",
	      .results = "-, -, fail" },
	    "wrong-selector", "old of example.com", "Set the selector" },
	{ { "Exim found no key",
	      .above = AR(
	          MX) "dkim=invalid (public key record (currently?) "
	              "unavailable) header.d=example.com header.s=old; spf=none\n",
	      .results = "-, -, fail" },
	    "wrong-selector", "old of example.com", "Set the selector" },
	{ { "Proton names no selector",
	      .above = AR(
	          "mail.protonmail.ch") "dkim=fail reason=\"key not "
	                                "found in DNS\" (0-bit key) header.d=example.com; spf=pass "
	                                "smtp.mailfrom=mailer-service.com\n",
	      .results = "-, -, fail" },
	    "wrong-selector", "there is one at selector s1",
	    "Compare s= of the DKIM-Signature" },
	{ { "a key that was not there then",
	      .above = AR(MX) "dkim=permerror (no key) header.d=example.com "
	                      "header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "wrong-selector", "there is one now", "Compare s=" },
	{ { "the body was changed, the receiver says",
	      .above = AR(
	          "mx.google.com") "dkim=neutral (body hash did not "
	                           "verify) header.i=@example.com header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "body-changed", "body hash did not verify", "Nothing in your DNS" },
	{ { "the body was changed, in other words",
	      .above = AR(
	          MX) "dkim=fail (body has been altered, 2048-bit rsa "
	              "key sha256) header.d=example.com header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "body-changed", "has been altered", "Nothing in your DNS" },
	{ { "the signature does not verify, the receiver says",
	      .above = AR(
	          MX) "dkim=fail reason=\"signature verification "
	              "failed\" header.d=example.com header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "key-replaced", "does not verify", "private key in use" },
	{ { "the key was too weak for the receiver",
	      .above = AR(MX) "dkim=policy (weak key, 1024-bit) "
	                      "header.d=example.com header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "key-unusable", "too weak", "2048 bits" },
	{ { "the signature had expired, the receiver says",
	      .above = AR(MX) "dkim=fail (signature expired) "
	                      "header.d=example.com header.s=s1; spf=none\n",
	      .results = "-, -, fail" },
	    "signature-unusable", "had expired", "x=" },
	{ { "one receiver, a name for each program",
	      .above = FWD_PATH AR("bimi.cloud.example") "bimi=none\n" AR(
	          "dmarc.cloud.example") DMARC_PASS
	      "\n" AR("dkim.cloud.example") DKIM_PASS "\n" AR(
	          "spf.cloud.example") "spf=pass "
	                               "smtp.mailfrom=list@mailer-service.com\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "OpenDMARC beside OpenDKIM",
	      .above = AR("OpenDMARC") DMARC_PASS "\n" AR(MX) DKIM_PASS "\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "OpenDMARC beside OpenDKIM, for another domain",
	      .above = FWD_PATH AR(
	          "OpenDMARC") "dmarc=fail "
	                       "header.from=example.com\n" AR(
	                           MX) "dkim=pass header.d=mailer-service.com\n",
	      .results = "-, -, fail" },
	    "domains-not-aligned", "DKIM for mailer-service.com",
	    "Sign with DKIM as example.com" },
	{ { "another organization below is not believed",
	      .above = AR(MX) "spf=none\n" AR("mx.evil.example") DKIM_PASS "\n",
	      .results = "-, -, fail" },
	    "unsigned", "no DKIM signature", "DKIM" },
	{ { "spam, and the records fail",
	      .above =
	          "Authentication-Results: spf=fail (sender IP is "
	          "198.51.100.20)\n smtp.mailfrom=example.com; dkim=none (message "
	          "not signed)\n header.d=none;dmarc=fail action=oreject\n "
	          "header.from=example.com;compauth=fail reason=000\n"
	          "X-Forefront-Antispam-Report: CIP:198.51.100.20;SCL:9;CAT:SPOOF\n",
	      .results = "-, fail, fail" },
	    "return-path-not-covered", "198.51.100.20", "If " },
	/* Keys. */
	{ { "no key at the selector",
	      .sign = { { "rsa-2048", SIGN_OF("example.com", "s7") } },
	      .above = OK_NONE, .results = "permerror, fail, fail" },
	    "wrong-selector", "there is one at selector s1", "s7._domainkey" },
	{ { "s= holds the name of the key",
	      .sign = { { "rsa-2048",
	          SIGN_OF("example.com", "mail._domainkey.example.com") } },
	      .above = OK_NONE, .results = "permerror, fail, fail" },
	    "selector-full-name",
	    "no key in DNS either; there is one at selector s1",
	    "or sign with one that has a key: s1." },
	{ { "s= holds the name up to _domainkey",
	      .sign = { { "rsa-2048",
	          SIGN_OF("example.com", "s1._domainkey") } },
	      .above = OK_NONE, .results = "permerror, fail, fail" },
	    "selector-full-name", "The selector is s1.", "signer to s1." },
	{ { "s= holds the selector and the domain",
	      .sign = { { "rsa-2048",
	          SIGN_OF("example.com", "s1.example.com") } },
	      .above = OK_NONE, .results = "permerror, fail, fail" },
	    "selector-full-name", "The selector is s1.", "signer to s1." },
	{ { "s= holds the name of the key with its final dot", SIGNED,
	      .above = OK_NONE, .old = "s=s1;",
	      .new = "s=s1._domainkey.example.com.;",
	      .results = "permerror, fail, fail" },
	    "selector-full-name", "The selector is s1.", "signer to s1." },
	{ { "the domain is twice in the name of the key", SIGNED,
	      .above = OK_NONE, .drop = GONE,
	      .zones = KEY(GONE ".example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "the domain is in the name twice",
	    "Move the record to s1._domainkey.example.com" },
	{ { "the selector is missing in the name of the key", SIGNED,
	      .above = OK_NONE, .drop = GONE ",_domainkey.example.com.",
	      .zones = KEY("_domainkey.example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "the selector is missing",
	    "Move the record to s1._domainkey.example.com" },
	{ { "_domainkey is missing in the name of the key", SIGNED,
	      .above = OK_NONE, .drop = GONE,
	      .zones = KEY("s1.example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "_domainkey is missing",
	    "Move the record to s1._domainkey.example.com" },
	{ { "the zone's domain is behind the name of a key below it",
	      .sign = { { "rsa-2048", SIGN_OF("news.example.com", "s1") } },
	      .above = OK_NONE, .drop = GONE,
	      .zones = KEY("s1._domainkey.news.example.com.example.com",
	          "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "the domain is in the name twice",
	    "Move the record to s1._domainkey.news.example.com" },
	{ { "the underscore is missing in the name of the key", SIGNED,
	      .above = OK_NONE, .drop = GONE,
	      .zones = KEY("s1.domainkey.example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "begins with an underscore",
	    "Move the record to s1._domainkey.example.com" },
	{ { "selector and _domainkey are in the wrong order", SIGNED,
	      .above = OK_NONE, .drop = GONE,
	      .zones = KEY("_domainkey.s1.example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "the selector comes first",
	    "Move the record to s1._domainkey.example.com" },
	{ { "the key is at the domain itself", SIGNED, .above = OK_NONE,
	      .drop = GONE, .zones = KEY("example.com", "k=rsa; ", RSA_2048),
	      .results = "permerror, fail, fail" },
	    "key-elsewhere", "that is the domain itself",
	    "Move the record to s1._domainkey.example.com" },
	{ { "the key is at the domain above",
	      .sign = { { "rsa-2048", SIGN_OF("news.example.com", "s1") } },
	      .above = OK_NONE, .results = "permerror, fail, fail" },
	    "key-elsewhere", "a key of the domain above",
	    "s1._domainkey.news.example.com, or sign with d=example.com." },
	{ { "the selector is an alias of a name without a key",
	      .sign = { { "rsa-2048", SIGN_OF("example.com", "k1") } },
	      .above = OK_NONE,
	      .zones = "k1._domainkey.example.com. CNAME "
	               "k1.dkim.mailer-service.com.\n",
	      .results = "permerror, fail, fail" },
	    "wrong-selector", "leads to k1.dkim.mailer-service.com",
	    "have the owner of k1.dkim.mailer-service.com publish" },
	{ { "a key of another type", SIGNED, .above = OK_NONE, .drop = GONE,
	      .zones = KEY(GONE, "k=ed25519; ", ED25519),
	      .results = "permerror, fail, fail" },
	    "signature-unusable", "of another type (k=)",
	    "Publish a key of the type" },
	{ { "the key was replaced", SIGNED, .above = OK_NONE, .drop = GONE,
	      .zones = KEY(GONE, "k=rsa; ", RSA_OTHER),
	      .results = "fail, fail, fail" },
	    "key-replaced", "another key", "Publish the public half" },
	{ { "the key is cut off", SIGNED, .above = OK_NONE, .drop = GONE,
	      .zones = KEY(GONE, "k=rsa; p=", RSA_2048_A),
	      .results = "permerror, fail, fail" },
	    "key-unusable", "the key is cut off", "" },
	{ { "the key was revoked", SIGNED, .above = OK_NONE, .drop = GONE,
	      .zones = KEY(GONE, "k=rsa; p=", ""),
	      .results = "permerror, fail, fail" },
	    "key-unusable", NULL, "" },
	{ { "a selector in UTF-8",
	      .sign = { { "rsa-2048", SIGN_OF("example.com", "b\xc3\xbcro") } },
	      .above = OK_NONE,
	      .zones = KEY("xn--bro-hoa._domainkey.example.com", "k=rsa; ",
	          RSA_2048),
	      .results = "pass, fail, pass" },
	    "passes", "DKIM passes", NULL },
	/* Changed on the way. */
	{ { "a tag in front of the subject", SIGNED, .above = OK_NONE,
	      .old = "Subject: News", .new = "Subject: [talk] News",
	      .results = "fail, fail, fail" },
	    "header-changed", "the subject: it put '[talk]' in front",
	    "Nothing in your DNS" },
	{ { "a tag of several words", SIGNED, .above = OK_NONE,
	      .old = "Subject: News",
	      .new = "Subject: ***POSSIBLE SPAM*** News",
	      .results = "fail, fail, fail" },
	    "header-changed", "'***POSSIBLE SPAM***' in front", "" },
	{ { "a tag behind Re:", SIGNED, .above = OK_NONE,
	      .text = FROM "To: a@receiver.example\nSubject: Re: News\n" BODY,
	      .old = "Subject: Re: News", .new = "Subject: Re: [talk] News",
	      .results = "fail, fail, fail" },
	    "header-changed", "the subject: it put '[talk]' into it",
	    "Nothing in your DNS" },
	{ { "a tag at the end", SIGNED, .above = OK_NONE,
	      .old = "News of June\n", .new = "News of June [SEC=OFFICIAL]\n",
	      .results = "fail, fail, fail" },
	    "header-changed", "it put '[SEC=OFFICIAL]' into it",
	    "Nothing in your DNS" },
	{ { "a list that writes a From of its own", SIGNED,
	      .above = "Return-Path: <talk@example.org>\n" RECEIVED(
	          "203.0.113.9") "List-Id: <talk.example.org>\n"
	                         "Reply-To: News <news@example.com>\n",
	      .old = FROM TO_DATE,
	      .new = "From: News via talk <talk@example.org>\n"
	             "To: reader@receiver.example\nSubject: [talk] News of "
	             "June\nDate: " DATE "\n",
	      .results = "fail, pass, none" },
	    "from-not-configured", "example.org", "Publish these records" },
	{ { "lines that were broken, with c=simple",
	      .sign = { { "rsa-2048",
	          "v=1; a=rsa-sha256; c=simple/relaxed; d=example.com; s=s1; "
	          "h=from:to:subject:date" } },
	      .above = OK_NONE, .old = "Subject: News of June",
	      .new = "Subject: News\n of June", .results = "fail, fail, fail" },
	    "header-changed", "where the lines are broken in Subject",
	    "Sign with c=relaxed/relaxed" },
	{ { "a change with c=simple that cannot be found",
	      .sign = { { "rsa-2048",
	          "v=1; a=rsa-sha256; c=simple/relaxed; d=example.com; s=s1; "
	          "h=from:to:subject:date" } },
	      .above = OK_NONE, .old = "Subject: News of",
	      .new = "Subject: News  of", .results = "fail, fail, fail" },
	    "header-changed", "something has changed",
	    "Sign with c=relaxed/relaxed" },
	{ { "a field added that the signature denies",
	      .sign = { { "rsa-2048",
	          "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; "
	          "h=from:to:subject:date:reply-to" } },
	      .above = OK_NONE, .old = "To: reader",
	      .new = "Reply-To: x@example.org\nTo: reader",
	      .results = "fail, fail, fail" },
	    "header-changed", "it added Reply-To", "Nothing in your DNS" },
	{ { "a second Subject that the signature denies",
	      .sign = { { "rsa-2048",
	          "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; "
	          "h=from:to:subject:subject:date" } },
	      .above = OK_NONE, .old = "To: reader",
	      .new = "Subject: twice\nTo: reader",
	      .results = "fail, fail, fail" },
	    "header-changed", "it added Subject", "" },
	{ { "a list with a tag and a footer", SIGNED,
	      .above = RETURN_PATH RECEIVED(
	          "203.0.113.9") "List-Post: <mailto:talk@example.org>\n",
	      .old = "Subject: News of June\nDate: " DATE
	             "\nMessage-ID: <20260601@example.com>\nMIME-Version: 1.0\n"
	             "\nHello,",
	      .new = "Subject: [talk] News of June\nDate: " DATE
	             "\nMessage-ID: <20260601@example.com>\nMIME-Version: 1.0\n"
	             "\nfooter\nHello,",
	      .results = "fail, fail, fail" },
	    "header-changed", "until the mailing list changed the subject",
	    "" },
	{ { "a value that is kept in another field", SIGNED,
	      .above = OK_NONE "X-Original-Date: " DATE "\n",
	      .old = "\nDate: Mon, 01 Jun 2026 10:00:00",
	      .new = "\nDate: Mon, 01 Jun 2026 10:00:05",
	      .results = "fail, fail, fail" },
	    "header-changed", "the value of Date", "" },
	{ { "a footer of a list", SIGNED,
	      .above = OK_NONE "X-Mailman-Version: 2.1\n", .old = "this is it.",
	      .new = "this is it.\n_____\ntalk list",
	      .results = "fail, fail, fail" },
	    "body-changed", "by the mailing list", "" },
	/* SPF. */
	{ { "an include of an include that has no record",
	      .above = DELIVERED("192.0.2.4"), .drop = "example.com. TXT",
	      .zones = "example.com. TXT 'v=spf1 include:a.example.com -all'\n"
	               "a.example.com. TXT 'v=spf1 ip4:198.51.100.1 "
	               "include:old.example.com -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken",
	    "include:old.example.com in the record of "
	    "a.example.com",
	    "Remove include:old.example.com from the record "
	    "of a.example.com" },
	{ { "an include without a record", .above = DELIVERED("192.0.2.4"),
	      .drop = "example.com. TXT",
	      .zones =
	          "example.com. TXT 'v=spf1 include:gone.example.net -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken", "include:gone.example.net", "Remove include:gone" },
	{ { "an include that leads back", .above = OK_PASS,
	      .drop = "example.com. TXT",
	      .zones = "example.com. TXT 'v=spf1 include:a.example.com -all'\n"
	               "a.example.com. TXT 'v=spf1 include:example.com -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken",
	    "include:example.com in the record of a.example.com, which it "
	    "includes, leads back to example.com",
	    "Remove include:example.com from the record of a.example.com" },
	{ { "more than ten lookups", .above = OK_PASS,
	      .drop = "example.com. TXT",
	      .zones =
	          "example.com. TXT 'v=spf1 mx mx mx mx mx mx mx mx mx mx mx "
	          "-all'\n"
	          "mx.example.com. A 192.0.2.9\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "more than ten lookups, and the host comes last",
	      .above = DELIVERED("192.0.2.40"), .drop = "example.com. TXT",
	      .zones = "example.com. TXT 'v=spf1 mx mx mx mx mx mx mx mx mx mx "
	               "include:a.example.com -all'\n"
	               "a.example.com. TXT 'v=spf1 ip4:192.0.2.40 -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken", "more than ten DNS lookups",
	    "or list addresses with ip4: and ip6:" },
	{ { "a mechanism that SPF does not have", .above = OK_PASS,
	      .drop = "example.com. TXT",
	      .zones = "example.com. TXT 'v=spf1 ipv4:192.0.2.4 -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken", "'ipv4:192.0.2.4': SPF has no mechanism",
	    "Publish 'v=spf1 ip4:192.0.2.4 -all'" },
	{ { "two SPF records", .above = OK_PASS,
	      .zones = "example.com. TXT 'v=spf1 mx -all'\n",
	      .results = "-, permerror, fail" },
	    "spf-broken", "more than one SPF record",
	    "In place of all 2 SPF records publish" },
	{ { "no SPF record", .above = DELIVERED("192.0.2.4"),
	      .drop = "example.com. TXT", .results = "-, none, fail" },
	    "return-path-without-spf", "has no SPF record", "Publish" },
	/* From. */
	{ { "a comma in the display name",
	      .text = "From: Acme, Inc. <news@example.com>\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "From: Acme, Inc. <news@example.com>",
	    "Quote the display name" },
	{ { "a comma in one of two display names",
	      .text = "From: Smith, Joe <joe@example.com>, Ann "
	              "<ann@example.com>\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "has a comma or the like and no quotes",
	    "Quote the display name" },
	{ { "a comma behind the address",
	      .text = "From: Acme <news@example.com>, Inc.\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "has a comma or the like and no quotes",
	    "Quote the display name" },
	{ { "a name and an address without brackets",
	      .text = "From: \"Acme\" news@example.com\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "its address is not valid",
	    "Write From: Name <user@domain>" },
	{ { "an IP address in place of the domain",
	      .text = "From: Acme <news@[192.0.2.4]>\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "its domain is an IP address",
	    "Write From: Name <user@domain>" },
	{ { "an encoded address",
	      .text = "From: =?utf-8?B?bmV3c0BleGFtcGxlLmNvbQ==?=\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "the address itself is encoded",
	    "Encode the display name alone" },
	{ { "no From", .text = REST BODY, .above = OK_PASS,
	      .results = "-, pass, -" },
	    "no-single-author", "no From header", "Write a From" },
	{ { "two authors of two domains",
	      .text = "From: a@example.com, b@example.org\n" REST BODY,
	      .above = OK_PASS, .results = "-, pass, -" },
	    "no-single-author", "several domains", "addresses of one domain" },
	/* A paste whose receiver gives the reason, and no address is shown. */
	{ { "Proton: the body hash",
	      .above = AR(
	          "mailin000.protonmail.ch") "dkim=fail (body hash "
	                                     "mismatch) header.d=example.com\n",
	      .results = "-, -, temperror" },
	    "body-changed", "(body hash mismatch)", "Nothing in your DNS" },
	{ { "Proton: no key",
	      .above = AR(
	          "mail.protonmail.ch") "dkim=permerror (No public "
	                                "key found for key selector s9) header.d=example.com\n",
	      .results = "-, -, temperror" },
	    "wrong-selector", "it found no key in DNS",
	    "Compare s= of the DKIM-Signature" },
	{ { "Proton: a bad signature",
	      .above = AR(
	          "mail.protonmail.ch") "dkim=fail (Bad 2048 bit "
	                                "rsa-sha256 signature.) header.d=example.com\n",
	      .results = "-, -, temperror" },
	    "key-replaced", "the signature does not verify",
	    "Check that the key in DNS" },
	{ { "rspamd alone, in a paste",
	      .above = "X-Spamd-Result: default: False [5.30 / 15.00]; "
	               "R_DKIM_REJECT(1.00)[example.com:s=s1]\n",
	      .results = "-, -, temperror" },
	    "dkim-failed-there", "rspamd of the receiver",
	    "Check that the key in DNS" },
	{ { "Google: no key, and nothing else",
	      .above = AR(
	          "mx.google.com") "dkim=temperror (no key for "
	                           "signature) header.i=@example.com header.s=s9\n",
	      .results = "-, -, temperror" },
	    "wrong-selector", "selector s9 of example.com",
	    "Set the selector of the signer" },
	{ { "Exim: body hash mismatch",
	      .above = AR(MX) "dkim=neutral (body hash mismatch (body probably "
	                      "modified in transit)) header.d=example.com\n",
	      .results = "-, -, temperror" },
	    "body-changed", "the body was changed after signing",
	    "Nothing in your DNS" },
	{ { "rspamd: the signature does not verify",
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7",
	          MX) "X-Spamd-Result: default: False [5.30 / 15.00];\n\t"
	              "R_DKIM_REJECT(1.00)[example.com:s=s1];\n\t"
	              "R_SPF_ALLOW(-0.20)[+ip4:198.51.100.7]\n",
	      .results = "-, pass, fail" },
	    "dkim-failed-there",
	    "of the one for example.com, selector s1, (X-Spamd-Result)",
	    "Check that the key in DNS" },
	{ { "rspamd: no key",
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7",
	          MX) "X-Spamd-Result: default: False [1.30 / 15.00]; "
	              "R_DKIM_PERMFAIL(0.00)[example.com:s=s9]; "
	              "DMARC_POLICY_REJECT(2.00)[example.com,none]\n",
	      .results = "-, pass, fail" },
	    "wrong-selector", "signed with selector s9 of example.com",
	    "Set the selector of the signer" },
	{ { "rspamd: the key was not usable then",
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7",
	          MX) "X-Spamd-Result: default: False [1.30 / 15.00]; "
	              "R_DKIM_PERMFAIL(0.00)[example.com:s=s1]\n",
	      .results = "-, pass, fail" },
	    "dkim-failed-there", "there is no usable key at the selector",
	    "Compare s= of the DKIM-Signature" },
	{ { "rspamd: all passes, in a paste",
	      .above = RSPAMD "R_SPF_ALLOW(-0.20)[+ip4:192.0.2.4];\n\t"
	                      "R_DKIM_ALLOW(-0.20)[example.com:s=s1];\n\t"
	                      "DMARC_POLICY_ALLOW(-0.50)[example.com,reject]\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "rspamd: DMARC fails, in a paste",
	      .above = RSPAMD "R_SPF_SOFTFAIL(0.00)[~all]; R_DKIM_NA(0.00)[]; "
	                      "DMARC_POLICY_REJECT(2.00)[example.com : No "
	                      "valid SPF, No valid DKIM,reject]\n",
	      .results = "-, -, fail" },
	    "unsigned", "no DKIM signature", "Sign with DKIM" },
	{ { "SpamAssassin: the author's signature passes, in a paste",
	      .above = "X-Spam-Status: No, score=-0.1 required=5.0\n\ttests="
	               "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,SPF_PASS\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "SpamAssassin: the signature does not verify",
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7",
	          MX) "X-Spam-Status: No, score=0.1 required=5.0\n\ttests="
	              "DKIM_INVALID,DKIM_SIGNED,SPF_PASS\n",
	      .results = "-, pass, fail" },
	    "domains-not-aligned", "SPF for mailer-service.com", "" },
	{ { "rspamd says pass, and the results above say fail",
	      .above = AR(MX) "dkim=fail (body hash did not verify) "
	                      "header.d=example.com; dmarc=fail "
	                      "header.from=example.com\n" RSPAMD
	                      "R_DKIM_ALLOW(-0.20)[example.com:s=s1]; "
	                      "DMARC_POLICY_ALLOW(-0.50)[example.com,reject]\n",
	      .results = "-, -, fail" },
	    "body-changed", NULL, "" },
	{ { "the sender has written what rspamd would say",
	      .above = DELIVERED("203.0.113.66") RSPAMD
	      "R_SPF_ALLOW(-0.20)[+ip4:203.0.113.66]; "
	      "R_DKIM_ALLOW(-0.20)[example.com:s=s1]; "
	      "DMARC_POLICY_ALLOW(-0.50)[example.com,reject]\n",
	      .results = "-, fail, fail" },
	    "return-path-not-covered", "does not cover 203.0.113.66", "" },
	{ { "rspamd says pass above the border, which proves nothing",
	      .above = RSPAMD
	      "R_DKIM_ALLOW(-0.20)[example.com:s=s1]; "
	      "DMARC_POLICY_ALLOW(-0.50)[example.com,reject]\n" DELIVERED(
	          "203.0.113.66"),
	      .results = "-, fail, fail" },
	    "return-path-not-covered", "does not cover 203.0.113.66", "" },
	{ { "rspamd: it passed, for another domain",
	      .above = FWD_PATH HOP("a.mailer-service.com", "198.51.100.7",
	          MX) "X-Spamd-Result: default: False [1.30 / 15.00]; "
	              "R_DKIM_ALLOW(-0.20)[mailer-service.com:s=s9]\n",
	      .results = "-, pass, fail" },
	    "domains-not-aligned", "SPF for mailer-service.com", "" },
	/* Files. */
	{ { "a byte order mark", .above = "\xef\xbb\xbf" DELIVERED("192.0.2.4"),
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "blank lines on top", .above = "\r\n \n" DELIVERED("192.0.2.4"),
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "lines that end with CR alone",
	      .text =
	          "Return-Path: <a@example.com>\r"
	          "Received: from out.example.com (out.example.com "
	          "[192.0.2.4])\r by mx.receiver.example with ESMTP id 1; " DATE
	          "\rFrom: news@example.com\rSubject: x\r\rtext\r",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "lines that end with one CR too many",
	      .text =
	          "Return-Path: <a@example.com>\r\r\n"
	          "Received: from out.example.com (out.example.com "
	          "[192.0.2.4])\r\r\n by mx.receiver.example with ESMTP id 1; " DATE
	          "\r\r\nFrom: news@example.com\r\r\n\r\r\ntext\r\r\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "CR alone in a value is no end of a line",
	      .text = "Return-Path: <a@example.org>\r" AR(MX) DMARC_PASS
	      "\n" FROM REST BODY,
	      .results = "-, -, fail" },
	    NULL, NULL, NULL },
	{ { "a fence around it", SIGNED,
	      .above = "```\n" DELIVERED("192.0.2.4"), .old = "this is it.\n",
	      .new = "this is it.\n```\n", .results = "pass, pass, pass" },
	    "passes", NULL, NULL },
	{ { "an introduction with a fence", SIGNED,
	      .above = "Hello, here it is\n\n~~~ text\n" DELIVERED("192.0.2.4"),
	      .old = "this is it.\n", .new = "this is it.\n~~~\nThank you\n",
	      .results = "pass, pass, pass" },
	    "passes", NULL, NULL },
	{ { "an introduction", SIGNED,
	      .above = "Here is the mail:\n" DELIVERED("192.0.2.4"),
	      .results = "pass, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a quotation with an introduction and a farewell",
	      .text =
	          "Hello, my mail goes to spam:\n\n"
	          "> Return-Path: <a@example.com>\n"
	          "> Received: from out.example.com (out.example.com "
	          "[192.0.2.4])\n>  by mx.receiver.example with ESMTP id 1; " DATE
	          "\n> From: news@example.com\n"
	          "> Subject: x\n>\n> text\n\nThank you\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a paste with more text behind it", SIGNED,
	      .above =
	          "Here is the mail:\n\n" FWD_PATH HOP("a.mailer-service.com",
	              "198.51.100.7", MX),
	      .old = "this is it.\n", .new = "this is it.\n\nThank you\n",
	      .results = "neutral, pass, temperror" },
	    "dmarc-not-told", "the body that was signed is not in this copy",
	    "with its whole body" },
	{ { "a page without its frame",
	      .text =
	          "<p>my mail</p><pre><code>Return-Path: "
	          "&lt;bounce@example.com&gt;\nReceived: from out.example.com "
	          "(out.example.com [192.0.2.4])\n by mx.receiver.example with "
	          "ESMTP id 1; " DATE "\nFrom: News &lt;news@example.com&gt;\n"
	          "Subject: x\n\ntext\n</code></pre>\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a header that is cut off", SIGNED, .above = OK_PASS,
	      .old = "\nFrom: News <news@example.com>\n" REST BODY, .new = "\n",
	      .results = "neutral, pass, -" },
	    "no-single-author", "the file ends within the header",
	    "Save the message as a whole" },
	{ { "base64 of it all",
	      .text =
	          "UmV0dXJuLVBhdGg6IDxhQGV4YW1wbGUuY29tPgpGcm9tOiBuZXdzQGV4YW1w\n"
	          "bGUuY29tClN1YmplY3Q6IHgKCnRleHQK\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", NULL, "whole header ('show original')" },
	{ { "an indented paste",
	      .text = "    From: news@example.com\n    To: a@example.net\n"
	              "    Subject: x\n\n    text\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", NULL, "whole header ('show original')" },
	{ { "a quoted paste",
	      .text =
	          "> Return-Path: <a@example.com>\n"
	          "> Received: from out.example.com (out.example.com "
	          "[192.0.2.4])\n>  by mx.receiver.example with ESMTP id 1; " DATE
	          "\n> From: news@example.com\n"
	          "> Subject: x\n>\n> text\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a file of Apple Mail",
	      .text = "999       \n" FROM REST BODY
	              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist/>\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", NULL, "whole header ('show original')" },
	{ { "a paste with an empty line behind each line",
	      .text = "Return-Path: <a@example.com>\n\n"
	              "Received: from out.example.com (out.example.com "
	              "[192.0.2.4])\n\n by mx.receiver.example with ESMTP id "
	              "1; " DATE "\n\nFrom: news@example.com\n\nTo: "
	              "a@example.net\n\nSubject: x\n\n\n\ntext\n\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a paste that lost its indentation",
	      .text =
	          "Return-Path: <a@example.com>\n"
	          "Received: from out.example.com (out.example.com "
	          "[192.0.2.4])\nby mx.receiver.example with ESMTP id "
	          "1; " DATE "\nFrom: news@example.com\nSubject: x\n\ntext\n",
	      .results = "-, pass, -" },
	    "no-single-author", "in front of a line that is no header field",
	    "lines are not indented" },
	{ { "quoted-printable",
	      .text = "Return-Path: <bounce@example.com>\n"
	              "Authentication-Results: " MX
	              ";\n dkim=3Dpass header.d=3Dexample=\n"
	              ".com; dmarc=3Dpass header.from=3Dexample.com\n" FROM REST
	                  BODY,
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "in a header that the sender may have written",
	    "with its Received headers" },
	{ { "a sender whose address is encoded as the receiver's words",
	      .text = "Return-Path: <a=3E=0AAuthentication=2DResults=3A=20" MX
	              "=3B=20dmarc=3Dpass=20header.from=3Dexample.com=0A"
	              "@example.org>\n" RECEIVED(
	                  "203.0.113.66") "X-A: bh=3D d=3D\n" FROM REST BODY,
	      .results = "-, fail, fail" },
	    "return-path-not-covered", NULL, NULL },
	{ { "a Return-Path of the sender",
	      .text = RECEIVED("192.0.2.4") RETURN_PATH FROM REST BODY,
	      .results = "-, -, temperror" },
	    "dmarc-not-told", NULL, NULL },
	{ { "a page with the message in it",
	      .text =
	          "<!DOCTYPE html>\n<html><head><title>Original</title>"
	          "<style>pre { x: y }</style></head><body><table><tr><td>Message "
	          "ID</td></tr></table><pre class=\"raw\">Return-Path: "
	          "&lt;bounce@example.com&gt;\nReceived: from out.example.com "
	          "(out.example.com [192.0.2.4])\n by mx.receiver.example with "
	          "ESMTP id 1; " DATE
	          "\nFrom: News &lt;news@example.com&gt;\nTo: "
	          "a@example.net\nSubject: x\n\ntext &amp; more\n</pre></body>"
	          "</html>\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a page with lines in elements",
	      .text =
	          "<html><body><div>Return-Path: &lt;bounce@example.com&gt;"
	          "</div><div>Received: from out.example.com (out.example.com "
	          "[192.0.2.4]) by mx.receiver.example with ESMTP id 1; " DATE
	          "</div><div>From: News &lt;news@example.com&gt;</div><div>To: "
	          "a@example.net</div><div>Subject: x</div></body></html>\n",
	      .results = "-, pass, pass" },
	    "passes", NULL, NULL },
	{ { "a page with lines in elements, each in a line of its own",
	      .text =
	          "<html><body>\n<h2>Message details</h2><div role=textbox>"
	          "Return-Path: &lt;bounce@example.com&gt;<br>\r\nReceived: from "
	          "out.example.com (out.example.com [192.0.2.4])<br>\r\n&nbsp;by "
	          "mx.receiver.example with ESMTP id 1; " DATE
	          "<br>\r\nFrom: News &lt;news@example.com&gt;<br>\r\nTo: "
	          "a@example.net<br>\r\nSubject: x<br>\r\n<br>\r\ntext<br>\r\n"
	          "</div></body></html>\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "a page with lines in paragraphs",
	      .text =
	          "<html><body>\n<p>Return-Path: &lt;bounce@example.com&gt;</p>\n"
	          "<p>Received: from out.example.com (out.example.com\n"
	          "[192.0.2.4]) by mx.receiver.example with ESMTP id 1; " DATE
	          "</p>\n<p>From: News &lt;news@example.com&gt;</p>\n<p>To: "
	          "a@example.net</p>\n<p>Subject: x</p>\n<p>&nbsp;</p>\n<p>text"
	          "</p></body></html>\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "a mailbox with two messages", SIGNED,
	      .above =
	          "From bounce@example.com Mon Jun  1 10:00:00 2026\n" DELIVERED(
	              "192.0.2.4"),
	      .old = "this is it.\n",
	      .new =
	          "this is it.\n\nFrom x@example.org Mon Jun  1 11:00:00 2026"
	          "\nFrom: x@example.org\nSubject: second\n\nhello\n",
	      .results = "pass, pass, pass" },
	    "passes", NULL, NULL },
	{ { "the second of a mailbox", .part = 2,
	      .text = "From a@example.com Mon Jun  1 10:00:00 2026\n"
	              "From: a@example.com\nSubject: one\n\nhello\n\n"
	              "From b@example.org Mon Jun  1 11:00:00 2026\n"
	              "From: b@example.net\nSubject: two\n\nhello\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", NULL, "whole header ('show original')" },
	{ { "a bounce",
	      .text =
	          "Return-Path: <>\n"
	          "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
	          "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\nsorry\n"
	          "--B\nContent-Type: message/rfc822\n\n" LETTER "--B--\n",
	      .results = "-, -, temperror" },
	    "message-attached", "'News of June'", "message 2" },
	{ { "the message in a bounce: who bounced it may have written all",
	      .part = 2,
	      .text =
	          "Return-Path: <>\n"
	          "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
	          "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\nsorry\n"
	          "--B\nContent-Type: text/rfc822-headers\n\nReturn-Path: "
	          "<bounce@example.com>\n" RECEIVED("192.0.2.4") FROM REST
	      "\n--B--\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "may have written its Received headers",
	    "the number of the Received header" },
	{ { "the message in a bounce, and the hop is given", .part = 2,
	      .words = "--hop 1",
	      .text =
	          "Return-Path: <>\n"
	          "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
	          "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\nsorry\n"
	          "--B\nContent-Type: text/rfc822-headers\n\nReturn-Path: "
	          "<bounce@example.com>\n" RECEIVED("192.0.2.4") FROM REST
	      "\n--B--\n",
	      .results = "-, pass, pass" },
	    "passes", "SPF passes", NULL },
	{ { "the message in a bounce, and results", .part = 2,
	      .words = "--authserv-id " MX, .old = "Return-Path: <b",
	      .new = AR(MX) DKIM_PASS "; " SPF_PASS "; " DMARC_PASS
	                              "\nReturn-Path: <b",
	      .text =
	          "Return-Path: <>\n"
	          "From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
	          "Content-Type: multipart/report; boundary=\"B\"\n\n--B\n\nsorry\n"
	          "--B\nContent-Type: text/rfc822-headers\n\nReturn-Path: "
	          "<bounce@example.com>\n" RECEIVED("192.0.2.4") FROM REST
	      "\n--B--\n",
	      .results = "-, -, temperror" },
	    "dmarc-not-told", "may have written its Received headers",
	    "the number of the Received header" },
	{ { "a forward with the message attached as a file",
	      .text = DELIVERED(
	          "192.0.2.4") "From: joe@example.com\nSubject: Fwd: x\n"
	                       "Content-Type: multipart/mixed; boundary=B\n\n"
	                       "--B\n\nsee below\n--B\nContent-Type: "
	                       "application/octet-stream; name=\"x.eml\"\n\n" LETTER
	                       "--B--\n",
	      .results = "-, pass, pass" },
	    "message-attached", "'News of June'", "message 2" },
	{ { "a forward with the message attached",
	      .text = DELIVERED(
	          "192.0.2.4") "From: joe@example.com\nSubject: Fwd: x\n"
	                       "Content-Type: multipart/mixed; boundary=B\n\n--B\n\nsee below\n"
	                       "--B\nContent-Type: message/rfc822\nContent-Disposition: "
	                       "attachment\n\n" LETTER "--B--\n",
	      .results = "-, pass, pass" },
	    "message-attached", "'News of June'", "message 2" },
};

/* Files that are no message, and words of what is said of them. */
static const struct {
	struct mailauth_str octets;
	const char *why;
} foreign[] = {
	{ STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), "Outlook (.msg)" },
	{ STR_INIT("!BDN\0\0"), "mail folder of Outlook" },
	{ STR_INIT("\x78\x9f\x3e\x22\1\0"), "winmail.dat" },
	{ STR_INIT("%PDF-1.7\n"), "it is a PDF" },
	{ STR_INIT("\r\n\n%PDF-1.7\n"), "it is a PDF" },
	{ STR_INIT("\x89PNG\r\n\x1a\n\0\0\0"), "it is a picture" },
	{ STR_INIT("\xff\xd8\xff\xe0\0\x10JFIF"), "it is a picture" },
	{ STR_INIT("GIF89a\1\0"), "it is a picture" },
	{ STR_INIT("RIFF\x1a\0\0\0WEBPVP8 "), "it is a picture" },
	{ STR_INIT("\0\0\0\x18"
	           "ftypheic"),
	    "it is a picture" },
	{ STR_INIT("PK\3\4\x14\0"), "it is a ZIP archive" },
	{ STR_INIT("7z\xbc\xaf\x27\x1c"), "it is an archive" },
	{ STR_INIT("Rar!\x1a\7"), "it is an archive" },
	{ STR_INIT("\x1f\x8b\x08"), "it is compressed" },
	{ STR_INIT("\x28\xb5\x2f\xfd"), "it is compressed" },
	{ STR_INIT("{\\rtf1 text}"), "it is a document" },
	{ STR_INIT("{\"Subject\": \"x\"}"), "it is JSON" },
	{ STR_INIT("[{\"Subject\": \"x\"}]"), "it is JSON" },
	{ STR_INIT("From: <Saved by Blink>\nMIME-Version: 1.0\n\n"),
	    "a browser saved (.mhtml)" },
	{ STR_INIT("<html><body><p>Inbox</p></body></html>\n"),
	    "a web page that shows no header" },
	{ STR_INIT("Hello, my mail is rejected\n"), "it is not a message" },
	{ STR_INIT("Jun  1 10:00:00 mx postfix/smtpd[1]: reject\n"),
	    "it is not a message" },
};

/* What a finding says to do in the situation of a row above. */
static const struct {
	const char *title, *code, *remedy;
} remedies[] = {
	{ "s= holds the name of the key", "dkim-selector-mismatch",
	    "set the signer to a selector alone" },
	{ "an include of an include that has no record", "spf-eval-permerror",
	    "remove include:old.example.com from the record of a.example.com" },
	{ "Exim: body hash mismatch", "ar-dkim-fail", "nothing in your DNS" },
};

/* What the page has, or has not, in the situation of a row above. */
static const struct {
	const char *title, *has, *not ;
} pages[] = {
	{ "a selector in UTF-8", "selector b\\195\\188ro, in DNS xn--bro-hoa",
	    NULL },
	{ "no key at the selector", "selector s7: ", "in DNS s7" },
	{ "no Received at all", "  dmarc=unknown for news@example.com",
	    "temperror" },
	{ "no Received at all", "result    dmarc unknown (no lookup failed)",
	    NULL },
	{ "the policy is outside of the given zones",
	    "  dmarc=temperror for news@example.com", "unknown" },
	{ "rspamd: all passes, in a paste",
	    "claimed   X-Spamd-Result (may be forged) says: spf=pass, "
	    "dkim=pass for "
	    "example.com, dmarc=pass for example.com\n",
	    NULL },
	{ "the sender has written what rspamd would say",
	    "claimed   X-Spamd-Result (not trusted) says: ", "ar-untrusted" },
	{ "a list that writes a From of its own",
	    "put '[talk]' in front, and the value of From", NULL },
	/* Of the notice itself nothing is known. */
	{ "a bounce", "What to do: To learn about that one", "Also:" },
	{ "a forward with the message attached", "Also: DMARC passes", NULL },
};

static const char *
remedy_of(const struct asked *a, const char *code)
{
	const struct mailauth_finding_view *v;

	for (size_t i = 0; (v = mailauth_report_finding(a->report, i)) != NULL;
	     i++)
		if (strcmp(v->code, code) == 0)
			return v->remedy;
	return "no such finding";
}

/* The results, the first cause and its words. */
static void
expect(const struct everyday *e, const struct asked *a)
{
	const char *title = e->letter.title;
	struct mailauth_cause_view v = { .cause = "" };
	char results[512];

	letter_results(a, results, sizeof(results));
	EXPECT(strcmp(results, e->letter.results) == 0, "%s: \"%s\"", title,
	    results);
	if (e->first == NULL)
		return;
	EXPECT(mailauth_report_cause(a->report, 0, &v), "%s: no cause", title);
	EXPECT(strcmp(v.cause, e->first) == 0, "%s: %s: %s", title, v.cause,
	    v.text);
	EXPECT(e->text == NULL || strstr(v.text, e->text) != NULL, "%s: %s",
	    title, v.text);
	EXPECT((e->remedy != NULL) == (v.remedy != NULL) ||
	        (e->text == NULL && e->remedy == NULL),
	    "%s: %s", title, v.remedy != NULL ? v.remedy : "no remedy");
	EXPECT(e->remedy == NULL || strstr(v.remedy, e->remedy) != NULL,
	    "%s: %s", title, v.remedy);
}

START_TEST(of_everyday)
{
	for (int i = _i * LETTERS_AT_ONCE;
	     i < COUNT(rows) && i < (_i + 1) * LETTERS_AT_ONCE; i++) {
		struct explained e;

		letter_open(&e, &rows[i].letter, NULL);
		letter_ask(&e, &rows[i].letter);
		expect(&rows[i], &e.asked);
		letter_close(&e);
	}
}
END_TEST

/* Explain the message of the row with this title. */
static void
ask_row(struct explained *e, const char *title)
{
	int i = 0;

	while (i < COUNT(rows) && strcmp(rows[i].letter.title, title) != 0)
		i++;
	ck_assert_int_lt(i, COUNT(rows));
	letter_open(e, &rows[i].letter, NULL);
	letter_ask(e, &rows[i].letter);
}

START_TEST(of_findings)
{
	const char *title = remedies[_i].title, *remedy;
	struct explained e;

	ask_row(&e, title);
	remedy = remedy_of(&e.asked, remedies[_i].code);
	EXPECT(strstr(remedy, remedies[_i].remedy) != NULL, "%s: %s", title,
	    remedy);
	letter_close(&e);
}
END_TEST

START_TEST(of_pages)
{
	struct explained e;
	const char *page;

	ask_row(&e, pages[_i].title);
	page = report_text(&e.arena, e.asked.report, 0);
	EXPECT(strstr(page, pages[_i].has) != NULL, "%s", page);
	EXPECT(pages[_i].not == NULL || strstr(page, pages[_i].not ) == NULL,
	    "%s", page);
	letter_close(&e);
}
END_TEST

static long
read_rest(void *arg, void *buf, size_t size)
{
	struct mailauth_str *rest = arg, piece = str_sub(*rest, 0, size);

	if (piece.n > 0)
		memcpy(buf, piece.s, piece.n);
	*rest = str_from(*rest, piece.n);
	return (long)piece.n;
}

START_TEST(of_foreign)
{
	struct mailauth_str rest = foreign[_i].octets;
	struct mailauth_message *m;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_message_new(read_rest, &rest, &m, why) ==
	        MAILAUTH_EINPUT,
	    "%s", foreign[_i].why);
	EXPECT(strstr(why, foreign[_i].why) != NULL, "%s", why);
}
END_TEST

Suite *
suite_everyday(void)
{
	Suite *s = suite_create("everyday");
	TCase *t = tcase_create("messages");

	tcase_add_loop_test(t, of_everyday, 0, LETTER_TESTS(rows));
	tcase_add_loop_test(t, of_findings, 0, COUNT(remedies));
	tcase_add_loop_test(t, of_foreign, 0, COUNT(foreign));
	tcase_add_loop_test(t, of_pages, 0, COUNT(pages));
	suite_add_tcase(s, t);
	return s;
}
