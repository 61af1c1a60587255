/*
 * test_forged.c - headers that the sender of a message has forged
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A sender who is not example.com writes From and MAIL FROM of that domain, and
 * fields of every dialect that say that all is well. Wherever a receiver leaves
 * them, DMARC never passes: each field is tried at each place, with each kind of
 * body. The last table shows that the same words count where they are proof.
 */
#include <stdio.h>
#include <string.h>

#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define MX           "mx.receiver.example"
#define AR(id)       "Authentication-Results: " id ";\n\t"
#define VICTIM       "192.0.2.4"
#define SENDER       "203.0.113.66"
#define HOP(from, ip, by, with) \
	"Received: from " from " (" from " [" ip "])\n\tby " by " with " with \
	" id 1; " DATE "\n"
#define TO_MX     HOP("evil.example.org", SENDER, MX, "ESMTPS")
#define TO_GOOGLE HOP("evil.example.org", SENDER, "mx.google.com", "ESMTPS")
#define TO_MICROSOFT \
	"Received: from evil.example.org (" SENDER ")\n\tby " \
	"AM0EUR02FT0.mail.protection.outlook.com (10.13.54.1) with Microsoft " \
	"SMTP\n\tServer id 15.20.1; " DATE "\n"
#define FAILS(id) \
	AR(id) \
	"dkim=fail header.d=example.com;\n\tspf=fail " \
	"smtp.mailfrom=bounce@example.com;\n\tdmarc=fail " \
	"header.from=example.com\n"
#define ALL DKIM_PASS ";\n\t" SPF_PASS ";\n\t" DMARC_PASS "\n"
/* The border shows no address, and the receiver writes MAIL FROM. */
#define TO_NOBODY "Received: from x by " MX " with ESMTPS id 1; " DATE "\n"
#define SAYS_OF(mail_from) \
	AR(MX) \
	"spf=fail (" MX ": domain of " mail_from " does not designate " SENDER \
	" as permitted sender) smtp.mailfrom=example.com\n" TO_NOBODY
#define MICROSOFT_SAYS(spf, ip) \
	"Authentication-Results: spf=" spf " (sender IP is " ip ")\n " \
	"smtp.mailfrom=example.com; dkim=pass (signature was verified)\n " \
	"header.d=example.com;dmarc=pass action=none\n " \
	"header.from=example.com;compauth=pass reason=100\n"

/* An Exchange server hands over to another. */
#define EXCHANGE(from, by, via) \
	"Received: from " from ".receiver.example (10.0.0.1) by " by \
	".receiver.example\n (10.0.0.5) with Microsoft SMTP Server " \
	"(version=TLS1_2,\n cipher=TLS_X) id 15.1.2507.39 " via "; " DATE "\n"

/* What the sender writes. */
static const struct forgery {
	const char *title, *fields;
} forgeries[] = {
	{ "results of the receiver's name", AR(MX) ALL },
	{ "results that name a host",
	    AR(MX) DKIM_PASS "; " SPF_PASS " smtp.remote-ip=" VICTIM
	                     "; " DMARC_PASS "\n" },
	{ "results of another name",
	    AR("mx.evil.example") SPF_PASS " smtp.client-ip=" VICTIM "; " ALL },
	{ "results of the author's name", AR("mx.example.com") ALL },
	{ "results that name the wrong host",
	    AR(MX) "iprev=pass policy.iprev=" VICTIM "; " ALL },
	{ "DMARC alone", AR(MX) DMARC_PASS "\n" },
	{ "SPF alone",
	    AR(MX) "spf=pass (" MX ": domain of bounce@example.com designates "
	           "" VICTIM " as permitted sender) "
	           "smtp.mailfrom=bounce@example.com\n" },
	{ "DKIM without a domain", AR(MX) "dkim=pass; spf=pass; dmarc=pass\n" },
	{ "results of Google",
	    AR("mx.google.com") "dkim=pass header.i=@example.com header.s=s1 "
	                        "header.b=abc; spf=pass (google.com: domain of "
	                        "bounce@example.com designates " VICTIM
	                        " as permitted sender) "
	                        "smtp.mailfrom=bounce@example.com; dmarc=pass "
	                        "(p=REJECT) header.from=example.com\n" },
	{ "results of Microsoft", MICROSOFT_SAYS("pass", VICTIM) },
	{ "results of Microsoft for the host that it was",
	    MICROSOFT_SAYS("fail", SENDER) },
	{ "properties behind semicolons",
	    "Authentication-Results: spf=pass (sender IP is " VICTIM "); "
	    "smtp.mailfrom=example.com; dkim=pass; header.d=example.com; "
	    "dmarc=pass action=none; header.from=example.com\n" },
	{ "words of Yahoo",
	    AR(MX) "dkim=success header.i=@example.com header.s=s1; spf=success "
	           "smtp.mailfrom=example.com; dmarc=success(p=REJECT) "
	           "header.from=example.com\n" },
	{ "a field for each program of the receiver",
	    AR("dmarc.receiver.example") DMARC_PASS
	    "\n" AR("dkim-verifier.receiver.example") DKIM_PASS
	    "\n" AR("spf.receiver.example") SPF_PASS "\n" },
	{ "OpenDMARC", AR("OpenDMARC") DMARC_PASS "\n" AR(MX) DKIM_PASS "\n" },
	{ "Received-SPF of the receiver",
	    "Received-SPF: pass (" MX ": domain of bounce@example.com "
	    "designates " VICTIM " as permitted sender) receiver=" MX
	    "; client-ip=" VICTIM "; envelope-from=bounce@example.com\n" },
	{ "Received-SPF of nobody, and results",
	    "Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=" VICTIM
	    "; receiver=<UNKNOWN>\n" AR(MX) ALL },
	{ "ARC",
	    "ARC-Seal: i=1; a=rsa-sha256; d=example.com; s=s1; cv=none; b=AA\n"
	    "ARC-Authentication-Results: i=1; " MX
	    ";\n\t" ALL AR(MX) "arc=pass; " ALL },
	{ "a hop and results",
	    HOP("out.example.com", VICTIM, MX, "ESMTPS") AR(MX) ALL },
	{ "a hop to a host without a name",
	    HOP("out.example.com", VICTIM, "localhost", "ESMTPS") },
	{ "a hop to an Exchange server",
	    "Received: from out.example.com (" VICTIM ") by "
	    "ex1.receiver.example\n (10.0.0.5) with Microsoft SMTP Server id "
	    "15.1.2507.39 via Frontend\n Transport; " DATE "\n" },
	{ "a hop of qmail",
	    "Received: from unknown (HELO out.example.com) (" VICTIM
	    ")\n  by " MX " with SMTP; " DATE "\n" },
	{ "results and a hop",
	    AR(MX) ALL HOP("out.example.com", VICTIM, MX, "ESMTPS") },
	{ "results, a hop and Received-SPF",
	    AR(MX) ALL
	    "Received-SPF: pass client-ip=" VICTIM "; receiver=" MX
	    "\n" HOP("out.example.com", VICTIM, "mx.google.com", "ESMTPS") },
};

/* What the receiver has written above. */
static const struct place {
	const char *title, *fields;
} places[] = {
	{ "below the border", TO_MX },
	{ "below the receiver's own results", TO_MX FAILS(MX) },
	{ "and they are on top", FAILS(MX) TO_MX },
	{ "and DKIM alone is on top", AR(MX) "dkim=none\n" TO_MX },
	{ "a relay of the receiver on top",
	    HOP("mx.receiver.example", "198.51.100.20",
	        "store.receiver.example", "ESMTP") TO_MX },
	{ "and results between",
	    HOP("mx.receiver.example", "198.51.100.20",
	        "store.receiver.example", "ESMTP") FAILS(MX) TO_MX },
	{ "a relay with a private address on top",
	    HOP("x", "10.0.0.5", "store.receiver.example", "ESMTP") TO_MX },
	{ "LMTP on top",
	    HOP("mx", "127.0.0.1", "store.receiver.example", "LMTP") TO_MX },
	{ "a border that shows no address",
	    "Received: from out.example.com by " MX " with ESMTPS id 1; " DATE
	    "\n" },
	{ "a relay that shows no address",
	    "Received: from " MX
	    " by store.receiver.example with ESMTP id 1; " DATE "\n" TO_MX },
	{ "a client that had logged in",
	    HOP("evil.example.org", SENDER, MX, "ESMTPSA") },
	{ "Google, and its results are not there", TO_GOOGLE },
	{ "Google, below its results", TO_GOOGLE FAILS("mx.google.com") },
	{ "Google, on the way to a reader",
	    "Received: by 2002:a05:6a10:8e8a:b0:5c5:12ab with SMTP id 1; " DATE
	    "\n" TO_GOOGLE },
	{ "Microsoft, and its results are not there", TO_MICROSOFT },
	{ "Microsoft, below its results",
	    TO_MICROSOFT
	    "Authentication-Results: spf=fail (sender IP is " SENDER
	    ")\n smtp.mailfrom=example.com; dkim=fail\n "
	    "header.d=example.com;dmarc=fail\n "
	    "header.from=example.com\n" },
	{ "Microsoft behind a relay of another",
	    HOP("x", "10.0.0.5", "store.receiver.example", "ESMTP")
	        TO_MICROSOFT },
	/* All clients have one address, of a gateway. */
	{ "every client has a private address",
	    HOP("x", "172.17.0.1", MX, "ESMTP") },
	{ "and the results of the receiver are on top",
	    FAILS(MX) HOP("x", "172.17.0.1", MX, "ESMTP") },
	/* The client is a customer of the receiver. */
	{ "a customer by a hexadecimal address",
	    HOP("cb007142.dsl.receiver.example", SENDER, MX, "ESMTP") },
	{ "likewise, and in one word",
	    HOP("hCB007142.receiver.example", SENDER, MX, "ESMTP") },
	{ "a customer by digits",
	    HOP("h203000113066.receiver.example", SENDER, MX, "ESMTP") },
	{ "a customer by IPv6",
	    HOP("2001-db8-7-66.receiver.example", "IPv6:2001:db8:7::66", MX,
	        "ESMTP") },
	{ "a customer by a serial number",
	    HOP("vps-1a2b3c.receiver.example", SENDER, MX, "ESMTP") },
	{ "a customer by a word",
	    HOP("mail.vps.receiver.example", SENDER, MX, "ESMTP") },
	/* The client wrote the name of its address: maddy does not check. */
	{ "a name that nobody has verified",
	    "Received: from x (relay.receiver.example [" SENDER "]) by " MX
	    " (envelope-sender <bounce@example.com>) with ESMTPS id 1; " DATE
	    "\n" },
	/* MAIL FROM or HELO have words of the receiver. */
	{ "MAIL FROM in a comment, with such words",
	    AR(MX) "spf=fail (" MX ": domain of \"x designates " VICTIM
	           " as\"@example.com does not designate " SENDER
	           " as permitted sender) smtp.mailfrom=example.com\n" TO_MX },
	{ "the same, and the border shows no address",
	    SAYS_OF("\"x designates " VICTIM " as\"@example.com") },
	{ "the same without quotes",
	    SAYS_OF("x designates " VICTIM " as@example.com") },
	{ "words of another receiver",
	    SAYS_OF("\"sender IP is " VICTIM " \"@example.com") },
	{ "a property behind a closed comment",
	    SAYS_OF("\"x) smtp.remote-ip=" VICTIM " (\"@example.com") },
	{ "a comment behind a closed comment",
	    SAYS_OF("x designates " VICTIM " as) (@example.com") },
	{ "MAIL FROM in Received-SPF",
	    "Received-SPF: fail (" MX ": domain of \"x designates " VICTIM
	    " as\"@example.com does not designate " SENDER
	    " as permitted sender)\n" TO_NOBODY },
	{ "HELO in Received-SPF",
	    "Received-SPF: fail client-ip=" VICTIM "; helo=x; client-ip=" SENDER
	    "; receiver=" MX "\n" TO_NOBODY },
	/* The message was born on the receiver's host, or nobody knows. */
	{ "a program of a user: Postfix",
	    "Received: by " MX " (Postfix, from userid 33)\n\tid 1; " DATE
	    "\n" },
	{ "likewise, and the host has no name",
	    "Received: by web1 (Postfix, from userid 33)\n\tid 1; " DATE "\n" },
	{ "likewise, and LMTP on top",
	    "Received: from " MX " by " MX " with LMTP id 1; " DATE
	    "\nReceived: by " MX " (Postfix, from userid 33) id 1; " DATE
	    "\n" },
	{ "likewise on another host of the receiver",
	    HOP("web.receiver.example", "198.51.100.77", MX,
	        "ESMTP") "Received: by web.receiver.example (Postfix, from userid 33) id "
	                 "1; " DATE "\n" },
	{ "a program of a user: sendmail",
	    "Received: (from www@localhost)\n\tby " MX
	    " (8.15.2/8.15.2/Submit) id 1; " DATE "\n" },
	{ "likewise, and by SMTP to its own host",
	    HOP("localhost", "127.0.0.1", MX,
	        "ESMTP") "Received: (from www@localhost) by " MX
	                 " (8.15.2/8.15.2/Submit) id 1; " DATE "\n" },
	{ "a program of a user, with its address",
	    "Received: from www@localhost by " MX " (8.15.2) id 1; " DATE
	    "\n" },
	{ "a program of a user: qmail",
	    "Received: (qmail 1234 invoked by uid 33); 1 Jun 2026 10:00:00 "
	    "-0000\n" },
	{ "likewise, by an alias",
	    "Received: (qmail 1234 invoked by alias); 1 Jun 2026 10:00:00 "
	    "-0000\n" },
	{ "a program of a user: Exim",
	    "Received: from www by " MX " with local (Exim 4.96) id 1; " DATE
	    "\n" },
	{ "a program of a user: Courier",
	    "Received: from localhost (localhost [127.0.0.1])\n  (uid 33)\n  by "
	    "" MX " with local; " DATE "\n" },
	{ "a program of a user: nullmailer",
	    "Received: (nullmailer pid 123 invoked by uid 33); " DATE "\n" },
	{ "a mailbox of Exchange",
	    "Received: from EX1." MX " ([fe80::1]) by EX1." MX
	    "\n ([fe80::1%5]) with mapi id 15.01.2507.039; " DATE "\n" },
	{ "a line without a client", "Received: by " MX "; " DATE "\n" },
	{ "a line that says nothing", "Received: locally\n" },
	{ "a list",
	    "Received: by lists.receiver.example (Mailman); " DATE "\n" },
	{ "LMTP from a host without a name",
	    "Received: from x ([10.0.0.5]) by " MX " with LMTP; " DATE "\n" },
	{ "LMTP from localhost",
	    "Received: from localhost ([127.0.0.1]) by " MX " with LMTP; " DATE
	    "\n" },
	{ "LMTP from another host",
	    "Received: from mx2.receiver.example ([10.0.0.5]) by " MX
	    " with LMTP; " DATE "\n" },
	{ "a mailbox of another that is fetched from",
	    "Received: from pop.example.net by localhost with POP3; " DATE
	    "\n" },
	{ "a gateway that the server knows by name",
	    "Received: from x (gw.receiver.example [10.0.0.1]) by " MX
	    " (Postfix) with ESMTP id 1; " DATE "\n" },
	{ "likewise, with a public address",
	    "Received: from x (gw.receiver.example [198.51.100.1]) by " MX
	    " (Postfix) with ESMTP id 1; " DATE "\n" },
	{ "Exchange behind a gateway",
	    EXCHANGE("ex2", "ex2", "via Mailbox Transport") EXCHANGE("ex1",
	        "ex2", "") EXCHANGE("gw", "ex1", "via Frontend\n Transport") },
	{ "an older Exchange behind a gateway",
	    "Received: from x (10.0.0.1) by " MX
	    " (10.0.0.5) with Microsoft SMTP Server id 14.3.123.3; " DATE
	    "\n" },
	{ "no Received", "" },
	{ "no Received, below results", FAILS(MX) },
	{ "no Received, below results of DKIM", AR(MX) "dkim=none\n" },
	{ "no Received, below results of SPF",
	    AR(MX) "spf=softfail smtp.mailfrom=bounce@example.com\n" },
	{ "no Received, below those of two programs",
	    AR("OpenDMARC") "dmarc=fail header.from=example.com\n" AR(
	        MX) "dkim=none\n" },
};

static const struct body {
	const char *title, *words;
	bool sign;
	const char *old, *new;
} bodies[] = {
	{ "no signature", NULL, false, NULL, NULL },
	{ "no signature, and the receiver is named", "--authserv-id " MX, false,
	    NULL, NULL },
	{ "the body of another", NULL, true, "this is it.", "send money." },
	{ "no body", NULL, true, BODY, "\n" },
	{ "a body without an end", NULL, true, "this is it.\n", "send money" },
};

/* Neither SPF nor a signature nor DMARC passes. */
static void
expect_no_pass(const char *title, const struct letter *l)
{
	struct explained e;
	char results[512];

	letter_open(&e, l, NULL);
	letter_ask(&e, l);
	letter_results(&e.asked, results, sizeof(results));
	EXPECT(strstr(results, "pass") == NULL, "%s: %s", title, results);
	letter_close(&e);
}

START_TEST(of_forgery)
{
	const struct place *p = &places[_i];
	char above[8192], title[512];

	for (int f = 0; f < COUNT(forgeries); f++) {
		/* Without one above, a forged hop would be the receiver's. */
		if (strstr(p->fields, "Received:") == NULL &&
		    strstr(forgeries[f].fields, "Received:") != NULL)
			continue;
		snprintf(above, sizeof(above), "%s%s%s", RETURN_PATH, p->fields,
		    forgeries[f].fields);
		for (int b = 0; b < COUNT(bodies); b++) {
			struct letter l = { .above = above,
				.words = bodies[b].words,
				.old = bodies[b].old,
				.new = bodies[b].new };

			if (bodies[b].sign)
				l.sign[0] =
				    (struct signing){ "rsa-2048", SIGN };
			snprintf(title, sizeof(title), "%s: %s: %s", p->title,
			    forgeries[f].title, bodies[b].title);
			expect_no_pass(title, &l);
		}
	}
}
END_TEST

/* Where the receiver wrote the field, its word counts. */
#define FROM_LIST     "Return-Path: <list@mailer-service.com>\n"
#define TO_MX_BY_LIST HOP("a.mailer-service.com", "198.51.100.7", MX, "ESMTPS")
#define HEADER_ALONE  .sign = { { "rsa-2048", SIGN } }, .old = BODY, .new = "\n"

static const struct letter proofs[] = {
	{ "above the border, of the receiver's name", HEADER_ALONE,
	    .above = FROM_LIST AR(MX) DKIM_PASS "\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, pass" },
	{ "of another name", HEADER_ALONE,
	    .above =
	        FROM_LIST AR("mx.other.example") DKIM_PASS "\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, temperror" },
	{ "of another name, which is given", HEADER_ALONE,
	    .words = "--authserv-id mx.other.example",
	    .above =
	        FROM_LIST AR("mx.other.example") DKIM_PASS "\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, pass" },
	{ "above a relay of the receiver", HEADER_ALONE,
	    .above = FROM_LIST HOP("mx.receiver.example", "198.51.100.20",
	        "store.receiver.example", "ESMTP") AR(MX) DKIM_PASS
	    "\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, pass" },
	{ "below a relay with a private address", HEADER_ALONE,
	    .above = FROM_LIST HOP("x", "10.0.0.5", "store.receiver.example",
	        "ESMTP") AR(MX) DKIM_PASS "\n" TO_MX_BY_LIST,
	    .results = "neutral, -, temperror" },
	{ "below one that the server knows by name", HEADER_ALONE,
	    .above = FROM_LIST HOP("mx.receiver.example", "10.0.0.5",
	        "store.receiver.example", "ESMTP") AR(MX) DKIM_PASS
	    "\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, pass" },
	{ "below the border", HEADER_ALONE,
	    .above = FROM_LIST TO_MX_BY_LIST AR(MX) DKIM_PASS "\n",
	    .results = "neutral, pass, temperror" },
	{ "a denial beside it", HEADER_ALONE,
	    .above = FROM_LIST AR(MX) DKIM_PASS "\n" AR(
	        "store.receiver.example") "dkim=fail header.d=example.com\n" TO_MX_BY_LIST,
	    .results = "neutral, pass, temperror" },
	{ "below a scanner on the receiver's host",
	    .above = RETURN_PATH HOP("localhost", "127.0.0.1", MX, "ESMTP")
	        HOP("out.example.com", VICTIM, MX, "ESMTPS"),
	    .results = "-, pass, pass" },
	{ "and a host of others",
	    .above = RETURN_PATH HOP("localhost", "127.0.0.1", MX, "ESMTP")
	        HOP("out.example.com", VICTIM, "mx.example.org", "ESMTPS"),
	    .results = "-, -, temperror" },
	{ "below a store, by LMTP from a public address",
	    .above = RETURN_PATH HOP("mx.receiver.example", "198.51.100.20",
	        "store.receiver.example", "LMTP")
	        HOP("out.example.com", VICTIM, MX, "ESMTPS"),
	    .results = "-, pass, pass" },
	{ "below a store, by LMTP on the same host",
	    .above = RETURN_PATH
	    "Received: from " MX "\n\tby " MX " with LMTP\n\tid 1; " DATE
	    "\n" HOP("out.example.com", VICTIM, MX, "ESMTPS"),
	    .results = "-, pass, pass" },
	{ "below an alias of Postfix",
	    .above = RETURN_PATH
	    "Received: by " MX " (Postfix)\n\tid 1; " DATE
	    "\nDelivered-To: x@receiver.example\n" HOP("out.example.com",
	        VICTIM, MX, "ESMTPS"),
	    .results = "-, pass, pass" },
	{ "by qmail",
	    .above = RETURN_PATH
	    "Received: (qmail 1 invoked from network); 1 Jun 2026 10:00:00 "
	    "-0000\nReceived: from unknown (HELO out.example.com) (" VICTIM
	    ")\n  by " MX " with SMTP; " DATE "\n",
	    .results = "-, pass, pass" },
	{ "at Yahoo",
	    .above =
	        "Received: from 127.0.0.1\n by "
	        "atlas-production.omega.yahoo.com pod-id x with HTTP; " DATE
	        "\n" RETURN_PATH "Received: from " VICTIM
	        " (EHLO out.example.com)\n by "
	        "10.253.1.2 with SMTPs; " DATE "\n",
	    .results = "-, pass, pass" },
	{ "at iCloud",
	    .above = "Received: from st43p00im-1.me.com by "
	             "p44-mailgateway-smtp-1 (mailgateway 2403B92)\n\twith "
	             "SMTP id 1; " DATE "\n" RETURN_PATH HOP("out.example.com",
	                 VICTIM, "st43p00im-1.me.com", "ESMTPS"),
	    .results = "-, pass, pass" },
	{ "below several Exchange servers",
	    .above = RETURN_PATH EXCHANGE("ex3", "ex3",
	        "via\n Mailbox Transport") EXCHANGE("ex2", "ex3",
	        "") EXCHANGE("ex1", "ex2",
	        "") "Received: from out.example.com (" VICTIM ") by "
	            "ex1.receiver.example\n (10.0.0.5) with Microsoft SMTP Server id "
	            "15.1.2507.39 via Frontend\n Transport; " DATE "\n",
	    .results = "-, pass, pass" },
	{ "the address of the client",
	    .above = RETURN_PATH AR(MX) "spf=pass smtp.mailfrom=example.com "
	                                "smtp.remote-ip=" VICTIM
	                                "\nReceived: from x by " MX
	                                " with ESMTPS id 1; " DATE "\n",
	    .results = "-, pass, pass" },
	{ "the address of the client, by another name",
	    .above = RETURN_PATH AR(
	        "mx.other.example") "spf=pass "
	                            "smtp.mailfrom=example.com smtp.remote-ip=" VICTIM
	                            "\nReceived: from x by " MX
	                            " with ESMTPS id 1; " DATE "\n",
	    .results = "-, -, temperror" },
	{ "the address of the client in Received-SPF",
	    .above = RETURN_PATH "Received-SPF: pass client-ip=" VICTIM
	                         "; receiver=" MX "\nReceived: from x by " MX
	                         " with ESMTPS id 1; " DATE "\n",
	    .results = "-, pass, pass" },
	{ "the same by another name",
	    .above = RETURN_PATH
	    "Received-SPF: pass client-ip=" VICTIM
	    "; receiver=mx.other.example\nReceived: from x by " MX
	    " with ESMTPS id 1; " DATE "\n",
	    .results = "-, -, temperror" },
};

START_TEST(of_proof)
{
	const struct letter *l = &proofs[_i];
	struct explained e;
	char results[512];

	letter_open(&e, l, NULL);
	letter_ask(&e, l);
	letter_results(&e.asked, results, sizeof(results));
	EXPECT(strcmp(results, l->results) == 0, "%s: \"%s\"", l->title,
	    results);
	letter_close(&e);
}
END_TEST

/* Which signed field was changed is sought within bounds, however long the header
 * is, and the cause says where the bound was reached. */
START_TEST(of_a_long_header)
{
	static char above[(2 << 20) + 512];
	const struct letter l = { .title = "a long header",
		.sign = { { "rsa-2048", SIGN } },
		.above = above,
		.old = "Subject: News",
		.new = "Subject: Mews" };
	struct explained e;
	size_t n =
	    (size_t)snprintf(above, sizeof(above), "%s", RETURN_PATH TO_MX);

	while (n < (2 << 20))
		n += (size_t)snprintf(above + n, sizeof(above) - n,
		    "X-Padding: %0300d\n", 0);
	letter_open(&e, &l, NULL);
	letter_ask(&e, &l);
	EXPECT(strstr(text_at(e.asked.json, "causes.0.text"),
	           "too long to try all") != NULL,
	    "%s", text_at(e.asked.json, "causes.0.text"));
	letter_close(&e);
}
END_TEST

Suite *
suite_forged(void)
{
	Suite *s = suite_create("forged");
	TCase *t = tcase_create("messages");

	tcase_add_loop_test(t, of_forgery, 0, COUNT(places));
	tcase_add_loop_test(t, of_proof, 0, COUNT(proofs));
	tcase_add_test(t, of_a_long_header);
	suite_add_tcase(s, t);
	return s;
}
