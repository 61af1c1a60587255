/*
 * test_header.c - the header of a message: fields, addresses, results, scores
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A row is an input and its result, written as one line. Each input is also
 * read with CRLF in the place of LF, with the same result, and cut at every
 * octet, in a block of exactly that size.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "header/arc.h"
#include "header/authres.h"
#include "header/date.h"
#include "header/filter.h"
#include "header/header.h"
#include "header/mailbox.h"
#include "header/received.h"
#include "header/scores.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

struct row {
	const char *in;
	const char *out;
};

typedef void dump_fn(struct mailauth_str in, struct writer *w);

static char room[1 << 16];

/* Remove the CR of line ends. */
static void
put_plain(struct writer *w, struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] != '\r' || i + 1 >= s.n || s.s[i + 1] != '\n')
			put_char(w, s.s[i]);
}

static void
put_some(struct writer *w, const char *before, struct mailauth_str s)
{
	if (s.n == 0)
		return;
	put_text(w, before);
	put_plain(w, s);
}

static void
expect(dump_fn *dump, struct mailauth_str in, const char *out)
{
	struct writer w = writer_of(room, sizeof(room) - 1);

	dump(in, &w);
	room[w.used] = '\0';
	ck_assert(!w.full);
	ck_assert_str_eq(room, out);
}

static void
try(const struct row *row, dump_fn *dump)
{
	struct mailauth_str in = str_of(row->in);
	static char crlf[8192];
	struct writer w = writer_of(crlf, sizeof(crlf));

	expect(dump, in, row->out);
	for (size_t i = 0; i < in.n; i++) {
		if (in.s[i] == '\n')
			put_char(&w, '\r');
		put_char(&w, in.s[i]);
	}
	ck_assert(!w.full);
	expect(dump, writer_str(&w), row->out);
	for (size_t n = 0; n < in.n; n++) {
		char *block = malloc(n > 0 ? n : 1);

		ck_assert_ptr_nonnull(block);
		memcpy(block, in.s, n);
		w = writer_of(room, sizeof(room));
		dump((struct mailauth_str){ block, n }, &w);
		free(block);
	}
}

static const struct row fields[] = {
	{ "", "end<>" },
	{ "\n", "end<>" },
	{ "A: b\n\nbody\n", "A[ b] end<body\n>" },
	{ "A: b", "A[ b] end<>" },
	{ "A:\nB:", "A[] B[] end<>" },
	{ "A : b\nB\t: c\n", "A[ b] B[ c] end<>" },
	{ "A: b\n c\n\td\nB: e\n", "A[ b\n c\n\td] B[ e] end<>" },
	{ "A: b\n \nB: c\n", "A[ b\n ] B[ c] end<>" },
	{ "A: b:c\n", "A[ b:c] end<>" },
	{ "A: x\ry\n", "A[ x\ry] end<>" },
	{ "A: b\nno field\nC: d\n", "A[ b] junk<no field\nC: d\n>" },
	{ " A: b\n", "junk< A: b\n>" },
	{ ": b\n", "junk<: b\n>" },
	{ "A\1: b\n", "junk<A\1: b\n>" },
	{ "A b: c\n", "junk<A b: c\n>" },
	{ "\xc3\xa4: b\n", "junk<\xc3\xa4: b\n>" },
	{ "A: \xc3\xa4\n", "A[ \xc3\xa4] end<>" },
	{ "From a@example.com Mon Jan  1\nA: b\n", "A[ b] end<>" },
	{ "From x\n>From y\nA: b\n\n", "A[ b] end<>" },
	{ "From : a@example.com\n", "From[ a@example.com] end<>" },
	{ "From x", "end<>" },
	{ "A: b\nFrom x\n", "A[ b] junk<From x\n>" },
	{ "Authentication-Results: mx;\ndkim=pass header.i=@x;\nA: b\n",
	    "Authentication-Results*[ mx;\ndkim=pass header.i=@x;] A[ b] "
	    "end<>" },
	{ "authentication-results: mx;\n dkim=pass\nspf = pass\n\n",
	    "authentication-results*[ mx;\n dkim=pass\nspf = pass] end<>" },
	{ "ARC-Authentication-Results: i=1; mx;\nspf=pass\n",
	    "ARC-Authentication-Results*[ i=1; mx;\nspf=pass] end<>" },
	{ "X: mx;\ndkim=pass\n", "X[ mx;] junk<dkim=pass\n>" },
	{ "DKIM-Signature: v=1;\nh=from:to;\nb=ab+/\ncd==;\nFrom: a@b.org\n",
	    "DKIM-Signature*[ v=1;\nh=from:to;\nb=ab+/\ncd==;] From[ "
	    "a@b.org] end<>" },
	{ "Received-SPF: pass\nword\n", "Received-SPF[ pass] junk<word\n>" },
	{ "Received-SPF: pass\nclient-ip=192.0.2.1\n",
	    "Received-SPF*[ pass\nclient-ip=192.0.2.1] end<>" },
};

static void
dump_fields(struct mailauth_str in, struct writer *w)
{
	struct mailauth_str rest = header_skip_envelope(in);
	enum header_step step;
	struct header_field f;

	while ((step = header_next(&rest, &f)) == HEADER_FIELD) {
		put_str(w, f.name);
		put_text(w, f.unfolded ? "*[" : "[");
		put_plain(w, f.value);
		put_text(w, "] ");
	}
	put_text(w, step == HEADER_END ? "end<" : "junk<");
	put_plain(w, rest);
	put_char(w, '>');
}

START_TEST(field)
{
	try(&fields[_i], dump_fields);
}
END_TEST

static const struct row mailboxes[] = {
	{ "", "" },
	{ " (nobody) ", "" },
	{ ",, ;", "" },
	{ "a@example.com", "a|example.com" },
	{ " a@example.com \n", "a|example.com" },
	{ "<a@example.com>", "a|example.com" },
	{ "Ann <a@example.com>", "{Ann}a|example.com" },
	{ "\"Ann, B.\" <a@example.com>", "{\"Ann, B.\"}a|example.com" },
	{ "\"a@evil.org\" <a@example.com>", "{\"a@evil.org\"}a|example.com" },
	{ "\"<a@evil.org>\" <a@example.com>",
	    "{\"<a@evil.org>\"}a|example.com" },
	{ "\"x\\\"<a@evil.org>\" <a@example.com>",
	    "{\"x\\\"<a@evil.org>\"}a|example.com" },
	{ "(<a@evil.org>) a@example.com", "a|example.com" },
	{ "a@example.com (Ann)", "a|example.com" },
	{ "a@example.com (A (b) \\) c)", "a|example.com" },
	{ "a@x.org, b@y.org", "a|x.org b|y.org" },
	{ "a@x.org; B <b@y.org>", "a|x.org {B}b|y.org" },
	{ "A <a@x.org>,\n B <b@y.org>", "{A}a|x.org {B}b|y.org" },
	{ "\"a@b\"@example.com", "\"a@b\"|example.com" },
	{ "\"a,b\"@example.com", "\"a,b\"|example.com" },
	{ "<\"a<b>\"@example.com>", "\"a<b>\"|example.com" },
	{ "a.b.c@example.com", "a.b.c|example.com" },
	{ "a . b @ example . com", "a . b|example.com" },
	{ "a@example(x).(y)com (z)", "a|example.com" },
	{ "<a@(c)example.com>", "a|example.com" },
	{ "a@[192.0.2.1]", "a|[192.0.2.1]L" },
	{ "A <a@[IPv6:2001:db8::1]>", "{A}a|[IPv6:2001:db8::1]L" },
	{ "<>", "null" },
	{ "< >", "null" },
	{ "<(x)>", "null" },
	{ "A <>", "{A}null" },
	{ "<@a.org,@b.org:c@example.com>", "c|example.com" },
	{ "<@a.org : c@example.com>", "c|example.com" },
	{ "Friends: a@x.org, B <b@y.org>;", "a|x.org {B}b|y.org" },
	{ "undisclosed-recipients:;", "" },
	{ "G: a@x.org;, c@z.org", "a|x.org c|z.org" },
	{ "a@b\xc3\xbc"
	  "cher.example",
	    "a|b\xc3\xbc"
	    "cher.example" },
	{ "\xc3\xa4@example.com", "\xc3\xa4|example.com" },
	{ "\xc3\x84nn <a@example.com>", "{\xc3\x84nn}a|example.com" },
	{ "=?UTF-8?Q?Doe,_J?= <a@example.com>",
	    "{=?UTF-8?Q?Doe,_J?=}a|example.com" },
	{ "=?utf-8?B?QSw=?= =?utf-8?Q?<x@y>,?= <a@example.com>",
	    "{=?utf-8?B?QSw=?= =?utf-8?Q?<x@y>,?=}a|example.com" },
	{ "=?x, a@example.com", "bad a|example.com" },
	{ "[Team, A] <a@example.com>", "{[Team, A]}a|example.com" },
	{ "[Team <a@example.com>", "{[Team}a|example.com" },
	{ "a@evil.org <a@example.com>", "{a@evil.org}a|example.com~" },
	{ "<a@example.com> b", "a|example.com~" },
	{ "a..b@example.com", "a..b|example.com~" },
	{ "a.@example.com", "a.|example.com~" },
	{ "a@example.com.", "a|example.com.~" },
	{ "a@example..com", "bad" },
	{ "a@.example.com", "bad" },
	{ "a@", "bad" },
	{ "@example.com", "bad" },
	{ "a", "bad" },
	{ "a b@example.com", "bad" },
	{ "a@b@example.com", "bad" },
	{ "a@example.com b", "bad" },
	{ "a@example com", "bad" },
	{ "<a@example.com", "bad" },
	{ "<a@x.org> <b@y.org>", "bad" },
	{ "<<a@x.org>>", "bad" },
	{ "\"Ann <a@example.com>", "bad" },
	{ "a@[192.0.2.1", "bad" },
	{ "a@example.com (x", "bad" },
	{ "a@x.org, b, c@z.org", "a|x.org bad c|z.org" },
	{ "mailto:a@example.com", "a|example.com" },
};

static void
dump_mailboxes(struct mailauth_str in, struct writer *w)
{
	char text[256];
	struct writer domains = writer_of(text, sizeof(text));
	const char *space = "";
	struct mailbox m;

	while (mailbox_next(&in, &domains, &m)) {
		put_text(w, space);
		space = " ";
		if (m.name.n > 0 && (m.good || m.null)) {
			put_char(w, '{');
			put_plain(w, m.name);
			put_char(w, '}');
		}
		if (!m.good) {
			put_text(w, m.null ? "null" : "bad");
			continue;
		}
		put_plain(w, m.local);
		put_char(w, '|');
		put_plain(w, m.domain);
		put_text(w, m.literal ? "L" : "");
		put_text(w, m.sloppy ? "~" : "");
	}
}

START_TEST(mailbox)
{
	try(&mailboxes[_i], dump_mailboxes);
}
END_TEST

static const struct row receiveds[] = {
	/* The form of RFC 5321, Postfix, Sendmail. */
	{ "from mta.example.com (mta.example.com [192.0.2.1])\n"
	  "\tby mx.example.org (Postfix) with ESMTPS id 4F;\n"
	  "\tMon, 1 Jan 2024 00:00:00 +0000",
	    "mta.example.com <mta.example.com> mx.example.org 192.0.2.1" },
	{ "from x (unknown [IPv6:2001:db8::1]) (using TLSv1.3)\n"
	  " by mx.example.org; now",
	    "x mx.example.org 2001:db8::1" },
	{ "from [10.0.0.1] (unknown [192.0.2.1]) by mx",
	    "[10.0.0.1] mx 192.0.2.1" },
	{ "from x (IDENT:u@mta.example.com [192.0.2.1] (may be forged)) by mx",
	    "x <mta.example.com> mx 192.0.2.1" },
	{ "from x (mta.example.com [192.0.2.1])\n"
	  " (Authenticated sender: u@[192.0.2.9]) by mx",
	    "x <mta.example.com> mx 192.0.2.1" },
	/* Exim. */
	{ "from mta.example.com ([192.0.2.1] helo=said.example.com)\n"
	  "\tby mx.example.org with esmtps (Exim 4.96)\n\tid 1a; now",
	    "said.example.com <mta.example.com> mx.example.org 192.0.2.1" },
	{ "from mta.example.com ([192.0.2.1]) by mx",
	    "mta.example.com mx 192.0.2.1" },
	{ "from [192.0.2.1] (helo=said.example.com) by mx",
	    "said.example.com mx 192.0.2.1" },
	{ "from [192.0.2.1] (port=4025 helo=[10.0.0.1]) by mx",
	    "[10.0.0.1] mx 192.0.2.1" },
	{ "from [192.0.2.1]:4025 (helo=x) by mx", "x mx 192.0.2.1" },
	{ "from y.example.com ([192.0.2.1]:4025 helo=x) by mx",
	    "x <y.example.com> mx 192.0.2.1" },
	{ "from y ([2001:db8::1]:25 ident=[192.0.2.9]) by mx",
	    "y mx 2001:db8::1" },
	{ "from [192.0.2.1] by mx", "[192.0.2.1] mx 192.0.2.1" },
	/* Microsoft. */
	{ "from A.example.com (2603:10a6::1) by\n B.example.com "
	  "(2603:10a6::2) with Microsoft SMTP Server; now",
	    "A.example.com B.example.com 2603:10a6::1" },
	{ "from mta.example.com (192.0.2.1) by B.example.com (10.0.0.1)",
	    "mta.example.com B.example.com 192.0.2.1" },
	/* Gmail. */
	{ "from mta.example.com (mta.example.com. [192.0.2.1])\n"
	  "        by mx.google.com with ESMTPS id x; now",
	    "mta.example.com <mta.example.com.> mx.google.com 192.0.2.1" },
	{ "by 2002:a05:6000::1 with SMTP id x; now", "- 2002:a05:6000::1" },
	/* qmail, Yahoo, Courier, amavisd, others. */
	{ "from unknown (HELO x.example.com) (192.0.2.1)\n  by mx with SMTP",
	    "x.example.com mx 192.0.2.1" },
	{ "from r.example.com (HELO x) (u@192.0.2.1) by mx",
	    "x <r.example.com> mx 192.0.2.1" },
	{ "from 192.0.2.1  (EHLO x.example.com) (192.0.2.1)\n by mx",
	    "x.example.com mx 192.0.2.1" },
	{ "from x (r.example.com [::ffff:192.0.2.1]) by mx",
	    "x <r.example.com> mx 192.0.2.1" },
	{ "from x ([127.0.0.1]) by localhost (y [127.0.0.1]) "
	  "(amavisd-new, port 10024) with ESMTP",
	    "x localhost 127.0.0.1" },
	{ "from [192.0.2.1] (account u HELO x) by mx", "x mx 192.0.2.1" },
	{ "FROM x ([192.0.2.1]) BY mx", "x mx 192.0.2.1" },
	{ "from by (by [192.0.2.1]) by mx", "by mx 192.0.2.1" },
	{ "from x (y [fe80::1%eth0]) by mx;now", "x mx fe80::1" },
	{ "from x (y[192.0.2.1]) by mx", "x mx" },
	/* A name with a parenthesis came from the client. */
	{ "from x([192.0.2.9] (y [192.0.2.1]) by mx",
	    "x([192.0.2.9] mx 192.0.2.1" },
	{ "from x ([192.0.2.9]) (y [192.0.2.1]) by mx", "x mx" },
	{ "from [192.0.2.1] (helo=x([192.0.2.9]) by mx", "x([192.0.2.9])" },
	{ "from y [192.0.2.1] by mx with ESMTP", "y mx 192.0.2.1" },
	{ "from 192.0.2.9 by mx with ESMTP", "192.0.2.9 mx" },
	{ "from x (y [192.0.2.1]) (Client CN \"[192.0.2.9]\") by mx",
	    "x mx 192.0.2.1" },
	{ "from x (y [192.0.2.300]) by mx", "x mx" },
	{ "from x (y [192.0.2.1]:99999) by mx", "x mx" },
	{ "from x (y [192.0.2.1] by mx", "x" },
	{ "from a.example (HELO [10.0.0.9]) (u@b.example@[192.0.2.1])\n"
	  "  (envelope-sender <u@b.example>) by mx (WP-SMTPD) with SMTP",
	    "[10.0.0.9] <a.example> mx 192.0.2.1" },
	{ "from a.example ([192.0.2.1]:4711 \"EHLO x.example\"\n"
	  "  rhost-flags-OK-OK-OK-FAIL) by mx with ESMTP",
	    "a.example mx 192.0.2.1" },
	/* So did a second address, a second "by", words in front of it. */
	{ "from x (a [192.0.2.9]) y (z [192.0.2.1]) by mx", "x" },
	{ "from x (mx.a.example [192.0.2.1]) (z [192.0.2.1]) by mx", "x mx" },
	{ "from 192.0.2.1 (EHLO x)(192.0.2.9)) by mx", "x" },
	{ "from 192.0.2.1 (EHLO x)(192.0.2.9) by mx", "x mx" },
	{ "from 192.0.2.1 (EHLO 192.0.2.9 [192.0.2.9]) by mx", "192.0.2.9 mx" },
	{ "from [192.0.2.9] by mx with ESMTP x (y [192.0.2.1]) by mx",
	    "[192.0.2.9]" },
	{ "from x by mx with POP3 ( (y [192.0.2.1]) by mx with SMTP "
	  "(envelope-from <a)@b>)",
	    "x mx" },
	{ "from [192.0.2.9] (helo [192.0.2.1]) by mx (OpenSMTPD) with SMTP",
	    "[192.0.2.1] mx" },
	{ "from [192.0.2.9] (helo [192.0.2.1]) by mx with SMTP",
	    "[192.0.2.1] mx" },
	{ "from [192.0.2.1] (HELO [10.0.0.1]) by mx (CommuniGate Pro SMTP 6)",
	    "[10.0.0.1] mx 192.0.2.1" },
	{ "from [192.0.2.9] (TLS.a.example [192.0.2.1]) by mx",
	    "[192.0.2.9] <TLS.a.example> mx 192.0.2.1" },
	{ "(qmail 1 invoked by uid 0); 1 Jan", "no" },
	{ "(qmail 1 invoked from network); 1 Jan", "no" },
	{ "from", "-" },
	{ "", "no" },
	{ "((((((((", "no" },
};

static void
put_ip(struct writer *w, const struct addr *ip)
{
	if (ip->family == 0)
		return;
	put_char(w, ' ');
	put_addr(w, ip);
}

static void
dump_received(struct mailauth_str in, struct writer *w)
{
	struct received r;

	if (!received_parse(in, &r)) {
		put_text(w, "no");
		return;
	}
	put_text(w, r.helo.n == 0 ? "-" : "");
	put_str(w, r.helo);
	put_some(w, " <", r.rdns);
	put_text(w, r.rdns.n > 0 ? ">" : "");
	put_some(w, " ", r.by);
	put_ip(w, &r.ip);
}

START_TEST(received)
{
	try(&receiveds[_i], dump_received);
}
END_TEST

/* All of these are at 2026-06-01 10:00:00 UTC, or no date. */
static const struct row dates[] = {
	{ "x; Mon, 1 Jun 2026 10:00:00 +0000", "0" },
	{ "x; Mon, 01 Jun 2026 03:00:00 -0700 (PDT)", "0" },
	{ "x;\n\tMon,  1 Jun 2026 12:00:00 +0200 (CEST)", "0" },
	{ "x; 1 Jun 2026 10:00:00 -0000", "0" },
	{ "x; 1 Jun 26 10:00 GMT", "0" },
	{ "x; Mon, 1 Jun 126 10:00 UT", "0" },
	{ "x; MON, 01 JUN 2026 10:00:00 gmt", "0" },
	{ "x; Mon Jun  1 10:00:00 2026", "0 or so" },
	{ "x; Mon, 1 Jun 2026 10:00:00", "0 or so" },
	{ "x; 2026-06-01T10:00:00", "0 or so" },
	{ "x; Mon, 1 Jun 2026 10:00:00 XYZ", "0 or so" },
	{ "x; Mon, 1 Jun 2026 10:00:00 A", "0 or so" },
	{ "x; Mon, 1 Jun 2026 15:30:00 IST", "0 or so" },
	{ "x; Mon, 1 Jun 2026 15:30:00 +0530 (IST)", "0" },
	{ "x; Mon, 1 Jun 2026 15:30:00 IST+0530", "0" },
	{ "x; Mon Jun  1 10:00:00 UTC 2026", "0" },
	{ "x; Mon Jun  1 12:00:00 2026 +0200", "0" },
	{ "x; Tue, 2 Jun 2026 00:00:00 +1400", "0" },
	{ "x; Tue, 2 Jun 2026 00:01:00 +1401", "no" },
	{ "x; Fri, 5 Jun 2026 13:59:00 +9999", "no" },
	{ "x; Mon, 1 Jun 2026 10:00:00 Z", "0" },
	{ "x; Monday, 1 June 2026 10:00:00 Z", "0" },
	{ "x; Mon,1 Jun 2026 10:00:00 +0000", "0" },
	{ "x; Mon, 1 Jun 2026 11:00:00 +0100 (GMT+01:00)", "0" },
	{ "x; Mon, 1 Jun 2026 12:00:00 GMT+0200", "0" },
	{ "x; Mon, 1 Jun 2026 12:00:00 +02:00", "0" },
	{ "x; Mon, 1 Jun 2026 13:00:00 MSK", "0" },
	{ "x; Mon, 1 Jun 2026 06:00:00 EDT", "0" },
	{ "x; Mon, 1 Jun 2026 12:00:00 CEST", "0" },
	{ "x; Mon (day) , 1 (d) Jun (m) 2026 (y) 10:00:00 (t) +0000", "0" },
	{ "x; 01-Jun-2026 10:00:00 +0000", "0" },
	{ "x; Mon, 01-Jun-26 10:00:00 GMT", "0" },
	{ "x; 2026-06-01T10:00:00Z", "0" },
	{ "x; 2026-06-01 12:00:00.123 +0200", "0" },
	{ "x; 2026-06-01T12:00:00+02:00", "0" },
	{ "x; Mon, 1 Jun 2026 10.00.00 +0000", "0" },
	{ "x; Mon, 1 Jun 2026 10:00:00 AM +0000", "0" },
	{ "x; Mon, 1 Jun 2026 12:00:00 PM +0200", "0" },
	{ "x; Mon, 1 Jun 2026 1:00:00 PM +0300", "0" },
	{ "x; Mon, 1 Jun 2026 10:00:01 +0000", "1" },
	{ "x (v=1; y); Mon, 1 Jun 2026 10:00:00 +0000 (UTC; local)", "0" },
	{ "x ( y; Mon, 1 Jun 2026 10:00:00 +0000", "0" },
	/* What the client says is no date of the server. */
	{ "from a;Mon, 1 Jun 2020 10:00:00 +0000 (x [1.2.3.4]); soon", "no" },
	{ "from a;Mon, 1 Jun 2020 10:00:00 +0000 ( (x [1.2.3.4]); so", "no" },
	{ "x; soon", "no" },
	{ "x; ", "no" },
	{ "Mon, 1 Jun 2026 10:00:00 +0000", "no" },
	{ "x; 32 Jun 2026 10:00:00 +0000", "no" },
	{ "x; 1 Jun 2026 25:00:00 +0000", "no" },
	{ "x; 1 Jun 2026 10:60:00 +0000", "no" },
	{ "x; 1 Jun 2026", "no" },
	{ "x; 1 2026 10:00:00 +0000", "no" },
	{ "x; 1 Jun 2026 13:00:00 PM", "no" },
};

static void
dump_date(struct mailauth_str in, struct writer *w)
{
	int64_t at;
	bool zoned;

	if (!date_find(in, &at, &zoned))
		put_text(w, "no");
	else if (at < 1780308000)
		put_text(w, "before");
	else
		put_number(w, (uint64_t)(at - 1780308000));
	if (date_find(in, &at, &zoned) && !zoned)
		put_text(w, " or so");
}

START_TEST(date)
{
	try(&dates[_i], dump_date);
}
END_TEST

/* What a Received says beside names and address. */
static const struct row clients[] = {
	{ "from x (a.example [192.0.2.1]) by mx (Postfix) with ESMTP id 1",
	    "verified" },
	{ "from x (unknown [192.0.2.1]) by mx (Postfix) with ESMTP", "" },
	{ "from x (a.example [192.0.2.1] (may be forged)) by mx", "" },
	{ "from x (a.example [192.0.2.1]) by mx (OpenSMTPD) with ESMTP", "" },
	{ "from x (a.example [192.0.2.1]) by mx (envelope-sender <a@b>) with "
	  "ESMTP id 1",
	    "" },
	{ "from x (mx.a.example [192.0.2.1]) (192.0.2.1) by mx.a.example with "
	  "Microsoft SMTP",
	    "" },
	{ "from x (a.example [192.0.2.1]) by mx (Stalwart SMTP) with ESMTP",
	    "" },
	{ "from x (a.example [192.0.2.1]) by mx ([192.0.2.9]) via tcp with "
	  "ESMTPS id 1",
	    "" },
	{ "from a.example (EHLO x) ([192.0.2.1]) by mx (JAMES SMTP Server ) "
	  "with ESMTP ID 1",
	    "" },
	{ "from a.example ([192.0.2.1] helo=x) by mx with esmtp", "verified" },
	{ "from a.example (HELO x) (192.0.2.1) by mx with SMTP", "" },
	{ "from x (a.example [192.0.2.1]) by mx with ESMTPSA",
	    "verified submitted" },
	{ "from [192.0.2.1] (account u@a.example HELO x) by mx", "submitted" },
	{ "from x ([192.0.2.1]) (authenticated bits=0) by mx", "submitted" },
	{ "by 2002:a05::1 with HTTP; now", "submitted" },
	{ "from [192.0.2.1] by mx with ESMTP id 1", "lone" },
	{ "from [192.0.2.1] by mx with esmtp id 1", "" },
	{ "from 192.0.2.1 by mx with ESMTP id 1", "" },
};

static void
dump_client(struct mailauth_str in, struct writer *w)
{
	struct received r;

	received_parse(in, &r);
	put_text(w, r.verified ? "verified" : "");
	put_text(w, r.verified && r.submitted ? " " : "");
	put_text(w, r.submitted ? "submitted" : "");
	put_text(w, r.lone ? "lone" : "");
}

START_TEST(client)
{
	try(&clients[_i], dump_client);
}
END_TEST

static const struct row received_spfs[] = {
	{ "pass (google.com: domain of a@example.com designates 192.0.2.1 as "
	  "permitted sender) client-ip=192.0.2.2;",
	    "3 ip=192.0.2.2 192.0.2.2" },
	{ "pass (google.com: domain of a@example.com designates 192.0.2.1 as "
	  "permitted sender)",
	    "3 192.0.2.1" },
	{ "Fail (x: domain of a@b does not designate 2001:db8::1 as permitted "
	  "sender)",
	    "4 2001:db8::1" },
	{ "Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1;\n"
	  " helo=mta.example.com; envelope-from=a@example.com;\n"
	  " receiver=<UNKNOWN>",
	    "3 ip=192.0.2.1 from=a@example.com helo=mta.example.com "
	    "to=UNKNOWN id=mailfrom 192.0.2.1" },
	{ "Pass (protection.outlook.com: domain of example.com designates\n"
	  " 192.0.2.1 as permitted sender) receiver=x.example.org;\n"
	  " client-ip=192.0.2.1; helo=mta.example.com; pr=C",
	    "3 ip=192.0.2.1 helo=mta.example.com to=x.example.org "
	    "192.0.2.1" },
	{ "softfail client-ip=\"192.0.2.1\"; envelope-from=\"a;b@x\"; "
	  "mechanism=\"~all\"",
	    "5 ip=192.0.2.1 from=a;b@x by=~all 192.0.2.1" },
	{ "none envelope-from=\"a b\"@x.org; helo = (c) y",
	    "1 from=\"a b\"@x.org helo=y" },
	{ "Neutral envelope-sender=<a@x.org>", "2 from=a@x.org" },
	{ "neutral (client-ip=192.0.2.9) client-ip=192.0.2.1",
	    "2 ip=192.0.2.1 192.0.2.1" },
	{ "pass xclient-ip=192.0.2.9", "3" },
	{ "pass \"client-ip=192.0.2.9\" helo=\"a;client-ip=192.0.2.9\"",
	    "3 helo=a;client-ip=192.0.2.9" },
	{ "pass client-ip=nonsense (designates 192.0.2.1)", "3 ip=nonsense" },
	{ "error; x", "6" },
	{ "unknown", "7" },
	{ "PermError (x)", "7" },
	{ "temperror", "6" },
	{ "passed", "0" },
	{ "pass client-ip=\"192.0.2.1", "3 ip=192.0.2.1" },
	/* MAIL FROM and HELO are the client's. */
	{ "fail (mx: domain of \"x designates 192.0.2.9 as\"@a does not "
	  "designate 192.0.2.1 as permitted sender)",
	    "4" },
	{ "fail (mx: domain of x designates 192.0.2.9 as@a does not designate "
	  "192.0.2.1 as permitted sender)",
	    "4" },
	{ "fail client-ip=192.0.2.9; helo=x; client-ip=192.0.2.1",
	    "4 ip=192.0.2.9 helo=x" },
	{ "", "no" },
	{ "=;", "no" },
};

static void
dump_received_spf(struct mailauth_str in, struct writer *w)
{
	struct received_spf r;

	if (!received_spf_parse(in, &r)) {
		put_text(w, "no");
		return;
	}
	put_number(w, r.result);
	put_some(w, " ip=", r.client_ip);
	put_some(w, " from=", r.envelope_from);
	put_some(w, " helo=", r.helo);
	put_some(w, " to=", r.receiver);
	put_some(w, " id=", r.identity);
	put_some(w, " by=", r.mechanism);
	put_ip(w, &r.ip);
}

START_TEST(received_spf)
{
	try(&received_spfs[_i], dump_received_spf);
}
END_TEST

/* A '~' at the end of a result means that the parser called it sloppy. */
static const struct row results[] = {
	{ "mx.example.com; none", "mx.example.com none" },
	{ "mx.example.com 1; none (x)", "mx.example.com/1 none" },
	{ "mx; NONE;", "mx none" },
	{ "mx.example.com;\n dkim=pass header.i=@mailer-service.com;\n"
	  " spf=pass smtp.mailfrom=mailer-service.com;\n"
	  " dmarc=fail header.from=example.com",
	    "mx.example.com dkim=pass[header.i=@mailer-service.com] "
	    "spf=pass[smtp.mailfrom=mailer-service.com] "
	    "dmarc=fail[header.from=example.com]" },
	{ "mx; dkim=pass header.d=x.org; dkim=fail reason=\"bad; sig\" "
	  "header.d=y.org",
	    "mx dkim=pass[header.d=x.org] "
	    "dkim=fail{bad; sig}[header.d=y.org]" },
	/* Gmail. */
	{ "mx.google.com;\n       dkim=pass header.i=@example.com "
	  "header.s=s1 header.b=\"a/B+c=\";\n       spf=pass (google.com: "
	  "domain of a@example.com designates 192.0.2.1 as permitted sender) "
	  "smtp.mailfrom=a@example.com;\n       dmarc=pass (p=NONE sp=NONE "
	  "dis=NONE) header.from=example.com",
	    "mx.google.com dkim=pass[header.i=@example.com,header.s=s1,"
	    "header.b=a/B+c=] spf=pass[smtp.mailfrom=a@example.com] "
	    "dmarc=pass[header.from=example.com]" },
	{ "mx; dkim=pass header.b=a/B+c= header.s=x",
	    "mx dkim=pass[header.b=a/B+c=,header.s=x]" },
	/* Microsoft. */
	{ "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=x.org; "
	  "dkim=pass (signature was verified)\n header.d=x.org;dmarc=pass "
	  "action=none header.from=x.org;compauth=pass reason=100",
	    "- spf=pass[smtp.mailfrom=x.org] dkim=pass[header.d=x.org] "
	    "dmarc=pass[action=none,header.from=x.org] "
	    "compauth=pass{100}[]~" },
	{ "mx; dmarc=bestguesspass action=none header.from=x.org",
	    "mx dmarc=bestguesspass[action=none,header.from=x.org]~" },
	/* Yahoo, OpenDKIM, rspamd, Fastmail. */
	{ "a.yahoo.com;\n dkim=pass header.i=@x.org header.s=s1;\n "
	  "spf=pass smtp.mailfrom=x.org;\n "
	  "dmarc=pass(p=REJECT,sp=REJECT) header.from=x.org;",
	    "a.yahoo.com dkim=pass[header.i=@x.org,header.s=s1] "
	    "spf=pass[smtp.mailfrom=x.org] dmarc=pass[header.from=x.org]" },
	{ "mx; dkim=pass (2048-bit key; unprotected) header.d=x.org "
	  "header.a=rsa-sha256",
	    "mx dkim=pass[header.d=x.org,header.a=rsa-sha256]" },
	{ "mx; dmarc=pass policy.published-domain-policy=none "
	  "policy.evaluated-disposition=none",
	    "mx dmarc=pass[policy.published-domain-policy=none,"
	    "policy.evaluated-disposition=none]" },
	{ "mx; iprev=pass policy.iprev=192.0.2.1 (r.example.com)",
	    "mx iprev=pass[policy.iprev=192.0.2.1]" },
	{ "mx; bimi=pass header.d=x.org header.selector=default; "
	  "x-tls=pass smtp.version=TLSv1.3",
	    "mx bimi=pass[header.d=x.org,header.selector=default] "
	    "x-tls=pass[smtp.version=TLSv1.3]" },
	/* All that the grammar allows. */
	{ "\"a b\" (c) 1 (d) ; (e) dkim (f) / (g) 1 (h) = (i) pass (j) reason "
	  "(k) = (l) \"x\\\"y\" (m) header (n) . (o) d (p) = (q) x.org (r) ;",
	    "a b/1 dkim/1=pass{x\\\"y}[header.d=x.org]" },
	{ "mx;dkim=pass(c)header.d=x.org;spf=pass",
	    "mx "
	    "dkim=pass[header.d=x.org] spf=pass[]" },
	{ "mx; spf=pass smtp.mailfrom=\"a b\"@x.org",
	    "mx spf=pass[smtp.mailfrom=\"a b\"@x.org]" },
	{ "mx; spf=pass smtp.mailfrom=\"a;b\"; dkim=none",
	    "mx spf=pass[smtp.mailfrom=a;b] dkim=none[]" },
	{ "mx; spf=pass smtp.mailfrom=<bounce@x.org>",
	    "mx spf=pass[smtp.mailfrom=<bounce@x.org>]" },
	{ "mx; spf=pass smtp.mailfrom=<\"a b\"@x.org>",
	    "mx spf=pass[smtp.mailfrom=<\"a b\"@x.org>]" },
	{ "mx; auth=pass smtp.auth=\"\"", "mx auth=pass[smtp.auth=]" },
	{ "mx; x=y policy.x=\"a b\"", "mx x=other[policy.x=a b]" },
	{ "mx; DKIM=Pass Header.D=X.org", "mx DKIM=pass[Header.D=X.org]" },
	{ "mx; spf=SoftFail; dkim=hardfail; a=neutral; b=policy; c=permerror;"
	  "d=temperror; e=softpass; f=passing",
	    "mx spf=softfail[] dkim=hardfail[] a=neutral[] b=policy[] "
	    "c=permerror[] d=temperror[] e=softpass[] f=other[]" },
	{ "m\xc3\xbc"
	  "x; spf=pass smtp.mailfrom=\xc3\xbc.org",
	    "m\xc3\xbc"
	    "x spf=pass[smtp.mailfrom=\xc3\xbc.org]" },
	/* Texts that the grammar does not allow. */
	{ "mx", "mx~" },
	{ "", "-~" },
	{ "mx;", "mx~" },
	{ "; spf=pass", "- spf=pass[]~" },
	{ "mx spf=pass", "mx spf=pass[]~" },
	{ "mx; dkim=pass header.d=x.org spf=fail smtp.mailfrom=y.org "
	  "dmarc/1=none",
	    "mx dkim=pass[header.d=x.org] spf=fail[smtp.mailfrom=y.org] "
	    "dmarc/1=none[]~" },
	{ "mx; dkim=pass, spf=fail, x", "mx dkim=pass[] spf=fail[]~" },
	{ "mx; nothing to see; spf=pass", "mx spf=pass[]~" },
	{ "mx; a.b=pass; spf=pass", "mx spf=pass[]~" },
	{ "mx; dkim=; spf=pass", "mx spf=pass[]~" },
	{ "mx; dkim; =; ; spf=pass", "mx spf=pass[]~" },
	{ "mx; \"a;b\" (;); spf=pass", "mx spf=pass[]~" },
	{ "mx; spf=pass word smtp.helo=x", "mx spf=pass[smtp.helo=x]~" },
	{ "mx; spf=pass smtp.mailfrom= smtp.helo=x",
	    "mx spf=pass[smtp.mailfrom=,smtp.helo=x]~" },
	{ "mx; spf=none smtp.mailfrom= dkim=pass",
	    "mx spf=none[smtp.mailfrom=] dkim=pass[]~" },
	{ "mx; spf=none smtp.mailfrom=; dkim=pass",
	    "mx spf=none[smtp.mailfrom=] dkim=pass[]~" },
	{ "mx; spf=pass (unterminated; dkim=pass", "mx spf=pass[]~" },
	{ "mx; spf=fail reason=\"untermin; dkim=pass",
	    "mx spf=fail{untermin; dkim=pass}[]~" },
	{ "mx; spf=\"pass\"", "mx spf=pass[]~" },
	{ "mx; none; spf=pass", "mx spf=pass[]~" },
	{ "mx; spf=pass; none", "mx spf=pass[]~" },
	{ "mx; xdkim=pass; dkimx=pass", "mx xdkim=pass[] dkimx=pass[]" },
	{ "a@b; spf=pass", "a@b spf=pass[]~" },
	{ "((((((((((((((((((((((", "-~" },
	{ "mx; spf=none \"a; dkim=pass x.y=z\" x.y=w", "mx spf=none[x.y=w]~" },
	{ "mx; spf=pass \\\" x.y=z", "mx spf=pass[x.y=z]~" },
};

static const char *const word_names[] = { "other", "none", "pass", "fail",
	"softfail", "hardfail", "neutral", "policy", "permerror", "temperror",
	"softpass", "bestguesspass" };

static void
dump_field(const struct header_field *f, struct writer *w)
{
	struct authres_property p;
	struct authres_result r;
	struct authres a;

	ck_assert(authres_open(f, &a));
	if (a.instance > 0) {
		put_number(w, a.instance);
		put_char(w, ':');
	}
	put_text(w, a.id.n == 0 ? "-" : "");
	put_plain(w, a.id);
	put_some(w, "/", a.version);
	put_text(w, a.none ? " none" : "");
	while (authres_next(&a, &r)) {
		const char *comma = "";

		put_char(w, ' ');
		put_str(w, r.method);
		put_some(w, "/", r.version);
		put_char(w, '=');
		put_text(w, word_names[r.word]);
		put_some(w, "{", r.reason);
		put_text(w, r.reason.n > 0 ? "}[" : "[");
		while (authres_property(&r.props, &p)) {
			put_text(w, comma);
			put_str(w, p.ptype);
			put_text(w, p.ptype.n > 0 ? "." : "");
			put_str(w, p.name);
			put_char(w, '=');
			put_plain(w, p.value);
			comma = ",";
		}
		put_char(w, ']');
	}
	put_text(w, a.sloppy ? "~" : "");
}

static void
dump_results(struct mailauth_str in, struct writer *w)
{
	struct header_field f = { .value = in,
		.name = STR("Authentication-results") };

	dump_field(&f, w);
}

START_TEST(result)
{
	try(&results[_i], dump_results);
}
END_TEST

static const struct row arc_results[] = {
	{ "i=1; mx.example.com; spf=pass smtp.mailfrom=x.org",
	    "1:mx.example.com spf=pass[smtp.mailfrom=x.org]" },
	{ " i = (c) 50 ; mx 1; none", "50:mx/1 none" },
	{ "i=2; mx; arc=pass (i=1 spf=pass); dkim=fail",
	    "2:mx arc=pass[] dkim=fail[]" },
	{ "i=51; mx; none", "mx none~" },
	{ "i=0; mx; none", "mx none~" },
	{ "i=1 mx; none", "1:mx none~" },
	{ "mx; spf=pass", "mx spf=pass[]~" },
	{ "", "-~" },
};

static void
dump_arc(struct mailauth_str in, struct writer *w)
{
	struct header_field f = { .value = in,
		.name = STR("ARC-Authentication-Results") };

	dump_field(&f, w);
}

START_TEST(arc_result)
{
	try(&arc_results[_i], dump_arc);
}
END_TEST

/* Case G113: continuation lines without indentation are read and reported. */
START_TEST(lost_folds)
{
	struct mailauth_str rest = STR("Authentication-Results: mx;\n"
	                               "dkim=pass header.i=@x.org;\n"
	                               "spf=pass\n");
	struct writer w = writer_of(room, sizeof(room) - 1);
	struct header_field f;
	struct authres a;

	ck_assert_int_eq(header_next(&rest, &f), HEADER_FIELD);
	dump_field(&f, &w);
	room[w.used] = '\0';
	ck_assert_str_eq(room, "mx dkim=pass[header.i=@x.org] spf=pass[]~");
	f.name = STR("X-Authentication-Results");
	ck_assert(!authres_open(&f, &a));
}
END_TEST

static const struct {
	const char *result;
	enum authres_source source;
	const char *domain;
} domains[] = {
	{ "dkim=pass header.i=@sub.x.org header.d=x.org", AUTHRES_HEADER_D,
	    "x.org" },
	{ "dkim=pass header.i=a@sub.x.org", AUTHRES_HEADER_I, "sub.x.org" },
	{ "DKIM=pass HEADER.I=@x.org", AUTHRES_HEADER_I, "x.org" },
	{ "dkim=none header.d=none", AUTHRES_NOWHERE, "" },
	{ "dkim=none", AUTHRES_NOWHERE, "" },
	{ "dkim=pass header.from=x.org", AUTHRES_NOWHERE, "" },
	{ "spf=pass smtp.mailfrom=x.org smtp.helo=y.org", AUTHRES_MAILFROM,
	    "x.org" },
	{ "spf=pass smtp.helo=y.org smtp.mailfrom=a@x.org", AUTHRES_MAILFROM,
	    "x.org" },
	{ "spf=pass smtp.mailfrom=\"a@b\"@x.org", AUTHRES_MAILFROM, "x.org" },
	{ "spf=pass smtp.mailfrom=<a@x.org>", AUTHRES_MAILFROM, "x.org" },
	{ "spf=pass smtp.mailfrom=<> smtp.helo=y.org", AUTHRES_HELO, "y.org" },
	{ "spf=pass smtp.mailfrom=\"\" smtp.helo=y.org", AUTHRES_HELO,
	    "y.org" },
	{ "spf=pass smtp.mailfrom=a@ smtp.helo=y.org", AUTHRES_HELO, "y.org" },
	{ "spf=pass smtp.mail=a@x.org", AUTHRES_MAILFROM, "x.org" },
	{ "dmarc=pass header.from=x.org", AUTHRES_HEADER_FROM, "x.org" },
	{ "dmarc=pass header.from=a@x.org", AUTHRES_HEADER_FROM, "x.org" },
	{ "bimi=pass header.d=x.org", AUTHRES_HEADER_D, "x.org" },
	{ "iprev=pass policy.iprev=192.0.2.1", AUTHRES_NOWHERE, "" },
};

START_TEST(about)
{
	struct header_field f = { .name = STR("Authentication-Results") };
	struct writer w = writer_of(room, sizeof(room));
	struct mailauth_str found;
	struct authres_property p;
	struct authres_result r;
	struct authres a;

	put_text(&w, "mx; ");
	put_text(&w, domains[_i].result);
	f.value = writer_str(&w);
	ck_assert(authres_open(&f, &a) && authres_next(&a, &r));
	ck_assert_int_eq(authres_domain(&r, &found), domains[_i].source);
	ck_assert(str_eq(found, str_of(domains[_i].domain)));
	ck_assert(!authres_find(&r, STR("header"), STR("s"), &p));
}
END_TEST

static const struct row seals[] = {
	{ "i=1; a=rsa-sha256; cv=none; d=x.org; s=s1; b=abc=",
	    "yes 1 1 rsa-sha256 x.org s1" },
	{ " i=2; a=rsa-sha256;\n d=x.org;\n s=s1; cv = pass ;\n b=a",
	    "yes 2 2 rsa-sha256 x.org s1" },
	{ "i=3;cv=FAIL;d=x.org;s=s1;a=x", "yes 3 3 x x.org s1" },
	{ "i=51;cv=fail;d=x.org;s=s1;a=x", "no 0 3 x x.org s1" },
	{ "i=0;cv=fail;d=x.org;s=s1;a=x", "no 0 3 x x.org s1" },
	{ "i=1;cv=passed;d=x.org;s=s1;a=x", "no 1 0 x x.org s1" },
	{ "i=1;cv=pass;d=x.org;d=y.org;a=x", "no 1 2 x x.org" },
	{ "I=1;xi=1;CV=pass", "no 0 0" },
	{ "", "no 0 0" },
};

static void
dump_seal(struct mailauth_str in, struct writer *w)
{
	struct arc_seal s;

	put_text(w, arc_seal_parse(in, &s) ? "yes " : "no ");
	put_number(w, s.instance);
	put_char(w, ' ');
	put_number(w, s.cv);
	put_some(w, " ", s.a);
	put_some(w, " ", s.d);
	put_some(w, " ", s.s);
}

START_TEST(seal)
{
	try(&seals[_i], dump_seal);
}
END_TEST

static const struct row scores[] = {
	{ "X-Spam-Status: No, score=-0.1 required=5.0 tests=A,B\n\tautolearn=no",
	    " spam=0 score=-100 required=5000" },
	{ "X-Spam-Status: Yes, score=7.2 required=5.0",
	    " spam=1 score=7200 required=5000" },
	{ "X-Spam-Status: Yes, hits=12 required=6.31, tests=[A=1]",
	    " spam=1 score=12000 required=6310" },
	{ "X-Spam-Status: no", " spam=0" },
	{ "X-Spam-Status: nonsense, score=1e9 required=", "" },
	{ "X-Spam-Status: No,\n\tscore=3.14159\n\trequired=5",
	    " spam=0 score=3141 required=5000" },
	{ "X-Spam-Status: No, xscore=1 scores=2 score=3",
	    " spam=0 score=3000" },
	{ "X-Spam-Score: 7.2", " score=7200" },
	{ "X-Spam-Score: 7.2 (+++++++)", " score=7200" },
	{ "X-Spam-Score: -1", " score=-1000" },
	{ "X-Spam-Score: +0.001", " score=1" },
	{ "X-Spam-Score: -0", " score=0" },
	{ "X-Spam-Score: 1000000", " score=1000000000" },
	{ "X-Spam-Score: 1000001", "" },
	{ "X-Spam-Score: 99999999999999999999", "" },
	{ "X-Spam-Score: 7.", "" },
	{ "X-Spam-Score: .7", "" },
	{ "X-Spam-Score: --7", "" },
	{ "X-Spam-Score: 7.2.1", "" },
	{ "X-Spam-Score: 7x", "" },
	{ "X-Spam-Score: ", "" },
	{ "X-Spam-Score: 1\nX-Spam-Score: 2", " score=1000" },
	{ "X-Spamd-Result: default: False [-3.51 / 15.00];\n\tR_SPF_ALLOW(-0.20)"
	  "[+ip4:192.0.2.4];\n\tTRUE(9.00)[9 / 9]",
	    " spam=0 score=-3510 required=15000" },
	{ "X-Spamd-Result: default: True [16 / 15]",
	    " spam=1 score=16000 required=15000" },
	{ "X-Spamd-Result: default: False", " spam=0" },
	{ "X-Spamd-Result: ", "" },
	{ "X-Spam-Score: what\nX-Spam-Score: 2", " score=2000" },
	{ "X-Spam-Flag: YES", " flag=1" },
	{ "X-Spam-Flag: No ", " flag=0" },
	{ "X-Spam-Flag: maybe", "" },
	{ "x-forefront-antispam-report: CIP:192.0.2.1;CTRY:;LANG:en;SCL:1;"
	  "SRV:;IPV:NLI;SFV:NSPM",
	    " scl=1" },
	{ "X-Forefront-Antispam-Report: SCL:-1;", " scl=-1" },
	{ "X-Forefront-Antispam-Report: XSCL:5;SCLX:6; SCL = 9", " scl=9" },
	{ "X-Forefront-Antispam-Report: SCL:10", "" },
	{ "X-Forefront-Antispam-Report: SCL:-2", "" },
	{ "X-Forefront-Antispam-Report: SCL:1.5", "" },
	{ "X-Forefront-Antispam-Report: SCL:", "" },
	{ "X-Microsoft-Antispam: BCL:3;ARA:1|2;", " bcl=3" },
	{ "X-Microsoft-Antispam:\n\tBCL:0;", " bcl=0" },
	{ "X-Microsoft-Antispam: BCL:-1", "" },
	{ "X-MS-Exchange-Organization-SCL: -1", " scl=-1" },
	{ "X-MS-Exchange-Organization-SCL: 5 ", " scl=5" },
	{ "X-Other: SCL:1; score=5", "" },
};

static void
put_score(struct writer *w, const char *name, struct score s)
{
	if (!s.known)
		return;
	put_text(w, name);
	put_text(w, s.value < 0 ? "-" : "");
	put_number(w, (uint64_t)(s.value < 0 ? -s.value : s.value));
}

static void
dump_scores(struct mailauth_str in, struct writer *w)
{
	struct scores s = { .spam = { false, 0 } };
	struct header_field f;

	while (header_next(&in, &f) == HEADER_FIELD)
		scores_take(&s, f.name, f.value);
	put_score(w, " spam=", s.spam);
	put_score(w, " flag=", s.flag);
	put_score(w, " score=", s.score);
	put_score(w, " required=", s.required);
	put_score(w, " scl=", s.scl);
	put_score(w, " bcl=", s.bcl);
}

START_TEST(score)
{
	try(&scores[_i], dump_scores);
}
END_TEST

#define RSPAMD "X-Spamd-Result: default: False [1.00 / 15.00];\n\t"

static const struct row filters[] = {
	{ RSPAMD "R_SPF_ALLOW(-0.20)[+ip4:192.0.2.0/24:c];\n\tTRUE(9)[9/9]",
	    " spf=pass why=+ip4:192.0.2.0/24:c" },
	{ RSPAMD "R_SPF_PLUSALL(4.00)[+all]", " spf=pass why=+all" },
	{ RSPAMD "R_SPF_FAIL(1.00)[-all]", " spf=fail why=-all" },
	{ RSPAMD "R_SPF_SOFTFAIL(0.00)[~all:c]", " spf=softfail why=~all:c" },
	{ RSPAMD "R_SPF_NEUTRAL(0.00)[?all]", " spf=neutral why=?all" },
	{ RSPAMD "R_SPF_NA(0.00)[no SPF record]",
	    " spf=none why=no SPF record" },
	{ RSPAMD "R_SPF_DNSFAIL(0.00)[]", " spf=temperror" },
	{ RSPAMD "R_SPF_PERMFAIL(0.00)", " spf=permerror" },
	{ RSPAMD "R_DKIM_ALLOW(-0.20)[example.com:s=s1]",
	    " dkim=pass d=example.com s=s1" },
	{ RSPAMD "R_DKIM_REJECT(1.00)[example.com:s=s1, mailer.example:s=k1]",
	    " dkim=fail d=example.com s=s1 dkim=fail d=mailer.example s=k1" },
	{ RSPAMD "R_DKIM_TEMPFAIL(0.00)[example.com:s=s1:x]",
	    " dkim=temperror d=example.com s=s1" },
	{ RSPAMD "R_DKIM_PERMFAIL(0.00)[example.com]",
	    " dkim=permerror d=example.com" },
	{ RSPAMD "R_DKIM_NA(0.00)[]", " dkim=none" },
	{ RSPAMD
	    "R_DKIM_ALLOW(0)[a.example:s=a];R_DKIM_REJECT(1)[b.example:s=b]",
	    " dkim=pass d=a.example s=a dkim=fail d=b.example s=b" },
	{ RSPAMD "DMARC_POLICY_ALLOW(-0.50)[example.com,reject]",
	    " dmarc=pass d=example.com why=reject author" },
	{ RSPAMD "DMARC_POLICY_ALLOW_WITH_FAILURES(-0.50)[]",
	    " dmarc=pass author" },
	{ RSPAMD "DMARC_POLICY_REJECT(2.00)[example.com : SPF not aligned "
	         "(relaxed), No valid DKIM,reject]",
	    " dmarc=fail d=example.com why=SPF not aligned (relaxed), No valid "
	    "DKIM,reject author" },
	{ RSPAMD "DMARC_POLICY_QUARANTINE(1.50)[example.com]",
	    " dmarc=fail d=example.com author" },
	{ RSPAMD "DMARC_POLICY_SOFTFAIL(0.10)[example.com : No valid SPF,none]",
	    " dmarc=fail d=example.com why=No valid SPF,none author" },
	{ RSPAMD "DMARC_NA(0.00)[example.com]",
	    " dmarc=none d=example.com author" },
	{ RSPAMD "DMARC_DNSFAIL(0.00)[example.com : SERVFAIL]",
	    " dmarc=temperror d=example.com why=SERVFAIL author" },
	{ RSPAMD "DMARC_BAD_POLICY(0.50)[example.com]",
	    " dmarc=permerror d=example.com author" },
	{ RSPAMD "ARC_ALLOW(-1.00)[google.com:s=arc-1:i=1]",
	    " arc=pass d=google.com s=arc-1" },
	{ RSPAMD "ARC_REJECT(1.00)[x]; ARC_NA(0.00)[]",
	    " arc=fail d=x arc=none" },
	/* Names that only begin so, or have no score, are others. */
	{ RSPAMD "R_DKIM_ALLOWED(0)[x]; XR_SPF_ALLOW(0)[x]; R_SPF_FAIL; "
	         "r_spf_fail(0)",
	    "" },
	{ "X-Spamd-Result: ", "" },
	{ "X-Spam-Status: No, score=-0.1 required=5.0 tests=DKIM_SIGNED,"
	  "DKIM_VALID,\n\tDKIM_VALID_AU,SPF_HELO_NONE,SPF_PASS autolearn=ham",
	    " dkim=pass author spf=pass" },
	{ "X-Spam-Status: No, tests=[DKIM_SIGNED=0.1, DKIM_VALID=-0.1,\n\t"
	  "SPF_SOFTFAIL=0.665, DMARC_NONE=0.1] autolearn=no",
	    " dkim=pass spf=softfail dmarc=fail author" },
	{ "X-Spam-Status: Yes, tests=T_DKIM_INVALID,T_SPF_TEMPERROR,DMARC_MISSING",
	    " dkim=fail spf=temperror dmarc=none author" },
	{ "X-Spam-Status: Yes, tests=SPF_FAIL,SPF_NEUTRAL,SPF_NONE,"
	  "SPF_PERMERROR,DMARC_PASS,DMARC_QUAR,DMARC_REJECT,ARC_VALID,"
	  "ARC_INVALID",
	    " spf=fail spf=neutral spf=none spf=permerror dmarc=pass author "
	    "dmarc=fail author dmarc=fail author arc=pass arc=fail" },
	{ "X-Spam-Status: No, SPF_PASS", "" },
	{ "X-Spam-Status: No, tests=none", "" },
	{ "X-Other: tests=SPF_PASS", "" },
};

static void
put_named(struct writer *w, const char *name, struct mailauth_str value)
{
	put_text(w, value.n > 0 ? name : "");
	put_str(w, value);
}

static void
dump_filters(struct mailauth_str in, struct writer *w)
{
	struct filter_result r;
	struct header_field f;
	struct filter at;

	if (header_next(&in, &f) != HEADER_FIELD ||
	    !filter_open(f.name, f.value, &at))
		return;
	while (filter_next(&at, &r)) {
		put_named(w, " ", r.method);
		put_named(w, "=", r.result);
		put_named(w, " d=", r.domain);
		put_named(w, " s=", r.selector);
		put_named(w, " why=", r.why);
		put_text(w, r.of_author ? " author" : "");
	}
}

START_TEST(filter)
{
	try(&filters[_i], dump_filters);
}
END_TEST

/* A domain that does not fit is not written in part. */
START_TEST(narrow)
{
	struct mailauth_str list = STR("a@example . com, b@x . y");
	struct writer w = writer_of(room, 4);
	struct mailbox m;

	ck_assert(mailbox_next(&list, &w, &m) && !m.good);
	ck_assert(mailbox_next(&list, NULL, &m) && !m.good);
	list = STR("b@x . y");
	w = writer_of(room, 4);
	ck_assert(mailbox_next(&list, &w, &m) && m.good);
	ck_assert(str_eq(m.domain, STR("x.y")));
}
END_TEST

/* Texts that could be slow when repeated, read behind different prefixes. */
static const char *const storms[] = { "(", ")", "\"", "\\", "<", "[", "=?",
	"=?,", "a:", ",", "a,", "\"a\",", "@", ".", "a.",
	"a=", "a= ", "a.b= ", "a=pass ", "a=pass;", "a= b=\"", "a= (",
	"a (b) / ", "(()", "from (", "from [", "(a ", "a\n", "a:\n", "a=\n",
	"\n ", "\r", "=?a?b?", "a<b>", "a@b <", "i=1;", "SCL:", "score=1 ",
	"[a", "a@(b)c.", "\0", "\xff" };

/* Octets of a storm, and the processor time for one, in milliseconds: a hundred
 * times what it takes, and less than what a step for each pair of octets
 * takes. */
#define STORM    (1u << 16)
#define STORM_MS 600

static void
storm_on(struct mailauth_str s)
{
	struct writer w = writer_of(room, sizeof(room));
	static const char *const names[] = { "X-Spam-Status", "X-Spam-Score",
		"X-Microsoft-Antispam" };
	struct mailauth_str rest = s;
	struct received_spf spf;
	struct header_field f;
	struct received r;
	struct mailbox m;
	struct scores sc = { .spam = { false, 0 } };

	while (header_next(&rest, &f) == HEADER_FIELD)
		;
	rest = s;
	while (mailbox_next(&rest, &w, &m))
		w.used = 0;
	received_parse(s, &r);
	received_spf_parse(s, &spf);
	for (int i = 0; i < COUNT(names); i++)
		scores_take(&sc, str_of(names[i]), s);
	for (int arc = 0; arc <= 1; arc++) {
		struct authres_result res;
		struct mailauth_str domain;
		struct authres a;

		f.name = arc ? STR("ARC-Authentication-Results") :
		               STR("Authentication-Results");
		f.value = s;
		ck_assert(authres_open(&f, &a));
		while (authres_next(&a, &res))
			authres_domain(&res, &domain);
	}
}

START_TEST(storm)
{
	static const char *const heads[] = { "", "mx; spf=pass ", "from x ",
		"DKIM-Signature: ", "<", "spf x.y=" };
	struct mailauth_str piece = str_of(storms[_i]);
	clock_t took;
	char *block = malloc(STORM);

	ck_assert_ptr_nonnull(block);
	if (piece.n == 0)
		piece.n = 1;
	for (int h = 0; h < COUNT(heads); h++) {
		size_t head = strlen(heads[h]);

		memcpy(block, heads[h], head);
		for (size_t i = head; i < STORM; i++)
			block[i] = piece.s[(i - head) % piece.n];
		took = clock();
		storm_on((struct mailauth_str){ block, STORM });
		took = (clock() - took) / (CLOCKS_PER_SEC / 1000);
		ck_assert_msg(took < STORM_MS, "'%s' behind '%s': %d ms",
		    storms[_i], heads[h], (int)took);
	}
	free(block);
}
END_TEST

Suite *
suite_header(void)
{
	Suite *s = suite_create("header");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, field, 0, COUNT(fields));
	tcase_add_loop_test(t, mailbox, 0, COUNT(mailboxes));
	tcase_add_loop_test(t, received, 0, COUNT(receiveds));
	tcase_add_loop_test(t, client, 0, COUNT(clients));
	tcase_add_loop_test(t, date, 0, COUNT(dates));
	tcase_add_loop_test(t, received_spf, 0, COUNT(received_spfs));
	tcase_add_loop_test(t, result, 0, COUNT(results));
	tcase_add_loop_test(t, arc_result, 0, COUNT(arc_results));
	tcase_add_test(t, lost_folds);
	tcase_add_loop_test(t, about, 0, COUNT(domains));
	tcase_add_loop_test(t, seal, 0, COUNT(seals));
	tcase_add_loop_test(t, score, 0, COUNT(scores));
	tcase_add_loop_test(t, filter, 0, COUNT(filters));
	tcase_add_test(t, narrow);
	tcase_add_loop_test(t, storm, 0, COUNT(storms));
	suite_add_tcase(s, t);
	return s;
}
