/*
 * test_repair.c - the repair of broken SPF records, and where there is none
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mailauth/mailauth.h"
#include "record/spf_repair.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct repair_case {
	const char *text, *record;
} cases[] = {
	{ "v=spf1 ip4:192.0.2.0/2 4 -all", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "v=spf1 ip4:192.0.2.0 /24 -all", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "v=spf1 ip4:192.0.2.0/ 24 -all", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "v=spf1 ip4:192.0.2.0 / 24 -all", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "v=spf1 ip4:192.0.2. 5 -all", "v=spf1 ip4:192.0.2.5 -all" },
	{ "v=spf1 ip4:192.0.2 .5 -all", "v=spf1 ip4:192.0.2.5 -all" },
	{ "v=spf1 ip4: 192. 0. 2. 5 -all", "v=spf1 ip4:192.0.2.5 -all" },
	{ "v=spf1 ip4:192.0.2.1,192.0.2.2/31 -all",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2/31 -all" },
	{ "v=spf1 -ip4:192.0.2.1,192.0.2.2 mx -all",
	    "v=spf1 -ip4:192.0.2.1 -ip4:192.0.2.2 mx -all" },
	{ "v=spf1 ip4:192.0.2.1:25 -all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 ip4:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all" },
	{ "v=spf1 ip4:2001:db8::/32 -all", "v=spf1 ip6:2001:db8::/32 -all" },
	{ "v=spf1 ip6:192.0.2.1/24 -all", "v=spf1 ip4:192.0.2.1/24 -all" },
	{ "v=spf1 ip6:[2001:db8::1] -all", "v=spf1 ip6:2001:db8::1 -all" },
	{ "v=spf1 2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all" },
	{ "v=spf1 192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 -192.0.2.1 -all", "v=spf1 -ip4:192.0.2.1 -all" },
	{ "v=spf1 mx - all", "v=spf1 mx -all" },
	{ "v=spf1 mx -  all", "v=spf1 mx -all" },
	{ "v=spf1 mx -", "v=spf1 mx -all" },
	{ "v=spf1 mx --all", "v=spf1 mx -all" },
	{ "v=spf1 mx ++a -all", "v=spf1 mx +a -all" },
	{ "v=spf1 mx \xe2\x80\x93"
	  "all",
	    "v=spf1 mx -all" },
	{ "v=spf1 mx \xe2\x80\x94"
	  "all",
	    "v=spf1 mx -all" },
	{ "v=spf1 mx \xe2\x88\x92"
	  "all",
	    "v=spf1 mx -all" },
	{ "v=spf1 mx \xe2\x80\x90"
	  "all",
	    "v=spf1 mx -all" },
	{ "v=spf1 mx \xcb\x9c"
	  "all",
	    "v=spf1 mx ~all" },
	{ "v=spf1 mx; a; -all", "v=spf1 mx a -all" },
	{ "v=spf1 mx, a, include:x.example, -all",
	    "v=spf1 mx a include:x.example -all" },
	{ "v=spf1,mx,include:x.example,-all",
	    "v=spf1 mx include:x.example -all" },
	{ "v=spf1;mx;-all", "v=spf1 mx -all" },
	{ "v=spf1 mx;a;-all", "v=spf1 mx a -all" },
	{ "v=spf1 include:a.example,b.example -all",
	    "v=spf1 include:a.example include:b.example -all" },
	{ "v=spf1 include:a.example;include:b.example -all",
	    "v=spf1 include:a.example include:b.example -all" },
	{ "v=spf1 include: a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include :a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include : a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include=a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include;a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include::a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include:include:a.example -all",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1 include: include:a.example -all",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1 include: mx -all", "v=spf1 mx -all" },
	{ "v=spf1 include: -all", "v=spf1 -all" },
	{ "v=spf1 mx: mail.example.com -all",
	    "v=spf1 mx:mail.example.com -all" },
	{ "v=spf1 a mx a:mail.example.com:25 -all",
	    "v=spf1 a mx a:mail.example.com -all" },
	{ "v=spf1 inlcude:a.example incldue:b.example inculde:c.example -all",
	    "v=spf1 include:a.example include:b.example include:c.example -all" },
	{ "v=spf1 \"include:a.example\" -all",
	    "v=spf1 include:a.example -all" },
	{ "\"v=spf1 include:a.example\" \"include:b.example -all\"",
	    "v=spf1 include:a.example include:b.example -all" },
	{ "\"v=spf1 include:a.exam\" \"ple -all\"",
	    "v=spf1 include:a.example -all" },
	{ "\\\"v=spf1 mx -all\\\"", "v=spf1 mx -all" },
	{ "v=spf1\\032mx\\032-all", "v=spf1 mx -all" },
	{ "v=spf1 mx \\226\\128\\147all", "v=spf1 mx -all" },
	{ "v=spf1 mx\\; -all", "v=spf1 mx -all" },
	{ "v=spf1 mx \\-all", "v=spf1 mx -all" },
	{ "v=spf1 mx -all\\", "v=spf1 mx -all" },
	{ "v=spf1 v=spf1 mx -all", "v=spf1 mx -all" },
	{ "v=spf1 mx -all v=spf1 a -all", "v=spf1 mx a -all" },
	{ "v=spf1 mx v=spf1 a -all", "v=spf1 mx a -all" },
	{ "v=spf1 mx -allv=spf1 a -all", "v=spf1 mx a -all" },
	{ "v=spf1 mx -all this is our record", "v=spf1 mx -all" },
	{ "v=spf1ainclude:a.example -all", "v=spf1 a include:a.example -all" },
	{ "v=spf1 ip4192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 include:a.example-all", "v=spf1 include:a.example -all" },
	{ "v=spf1 include:a.exampleinclude:b.example -all",
	    "v=spf1 include:a.example include:b.example -all" },
	{ "v=spf1 ip4:192.0.2.1a:b.example -all",
	    "v=spf1 ip4:192.0.2.1 a:b.example -all" },
	{ "v=spf1 ip4:192.0.2.1-all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 mx-all", "v=spf1 mx -all" },
	{ "v=spf1 ip4:1.2.3.4561.2.3.4 -all",
	    "v=spf1 ip4:1.2.3.45 ip4:61.2.3.4 -all" },
	{ "v=spf1 mx ip4:192.0.2.1 -all, hello",
	    "v=spf1 mx ip4:192.0.2.1 -all" },
	{ "v=spf1 exists:%{i}.a.example ip:192.0.2.1 -all",
	    "v=spf1 exists:%{i}.a.example ip4:192.0.2.1 -all" },
	{ "v=spf1 exist:%{i}.a.example -all",
	    "v=spf1 exists:%{i}.a.example -all" },
	{ "v=spf1 include:%{d}.a.example; -all",
	    "v=spf1 include:%{d}.a.example -all" },
	{ "v=spf1 redirect a.example", "v=spf1 redirect=a.example" },
	{ "v=spf1 redirect:a.example", "v=spf1 redirect=a.example" },
	{ "v=spf1\xe3\x80\x80mx\xe3\x80\x80-all", "v=spf1 mx -all" },
	{ "v=spf1 mx ip4\xef\xbc\x9a"
	  "192.0.2.1 -all",
	    "v=spf1 mx ip4:192.0.2.1 -all" },
	{ "v=spf1: mx -all", "v=spf1 mx -all" },
	{ "v=spf1. mx -all", "v=spf1 mx -all" },
	{ "spf1 mx -all", "v=spf1 mx -all" },
	{ "v=spf mx -all", "v=spf1 mx -all" },
	{ "v=spf1 mx ?all google-site-verification=abc", "v=spf1 mx ?all" },
	{ "v=spf1 mx -all google-site-verification:abc", "v=spf1 mx -all" },
	{ "v=spf1 a ip4 192.0.2.1 -all", "v=spf1 a ip4:192.0.2.1 -all" },
	{ "v=spf1 include:a.example/32 -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 mx:192.0.2.1 a:192.0.2.1/28 -all",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.1/28 -all" },
	{ "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2\" -all",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all" },
	{ "v=spf1 ip4:<192.0.2.1> -all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 (ip4:192.0.2.1) -all", "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 include:a.example. com -all",
	    "v=spf1 include:a.example.com -all" },
	{ "v=spf1 in clude:a.example -al l", "v=spf1 include:a.example -all" },
	{ "v=spf1 mx &nbsp;-all", "v=spf1 mx -all" },
	{ "v=spf1 mx<br>-all", "v=spf1 mx -all" },
	{ "v=spf1 IP4:192.0.2.1 MX INCLUDE:A.EXAMPLE; -ALL",
	    "v=spf1 IP4:192.0.2.1 MX INCLUDE:A.EXAMPLE -ALL" },
	{ "v=spf1\x09mx\x09-all", "v=spf1 mx -all" },
	{ "v=spf1 mx\x0d\x0a -all", "v=spf1 mx -all" },
	{ "v=spf1 mx -all\\n", "v=spf1 mx -all" },
	{ "v=spf1 ip4:192.0.\\n2.5 -all", "v=spf1 ip4:192.0.2.5 -all" },
	{ "v=spf1 mx -allgoogle-site-verification=x", "v=spf1 mx -all" },
	{ "v=spf1 redirect=a.examplegoogle-site-verification=x",
	    "v=spf1 redirect=a.example" },
	{ "v=spf1 mx ~allv=DMARC1; p=none;", "v=spf1 mx ~all" },
	{ "v=spf1 mx ?all;MS=ABCDEF", "v=spf1 mx ?all" },
	{ "v=spf1 redirect=v=spf1 mx -all", "v=spf1 mx -all" },
	{ "v=spf1 include:_<http://a.example/>a.example<http://a.example/> -all",
	    "v=spf1 include:_a.example -all" },
	{ "v=spf1 include:https://a.example/ -all",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1 mx + ~all", "v=spf1 mx ~all" },
	{ "v=spf1 a mx a: -all", "v=spf1 a mx -all" },
	{ "v=spf1 _spf.a.example -all", "v=spf1 include:_spf.a.example -all" },
	{ "v=spf1 include:a.example a.example -all",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1amxinclude:a.exampleip4:192.0.2.1/32-all",
	    "v=spf1 a mx include:a.example ip4:192.0.2.1/32 -all" },
	{ "v=spf1 +a+mx~all", "v=spf1 +a +mx ~all" },
	{ "v=spf1 ip4:192.0.2.1:192.0.2.2 -all",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all" },
	{ "v=spf1 ip4:192.0.2.45198.51.100.1 -all",
	    "v=spf1 ip4:192.0.2.45 ip4:198.51.100.1 -all" },
	{ "v=spf1 a aaaa mx -all", "v=spf1 a mx -all" },
	{ "v=spf1 prt -all", "v=spf1 ptr -all" },
	{ "v=spf1 include.a.example -all", "v=spf1 include:a.example -all" },
	{ "v=spf1 ip4:192.0.2.0/24/24 -all", "v=spf1 ip4:192.0.2.0/24 -all" },
	{ "v=spf1 mx i~all", "v=spf1 mx ~all" },
	{ "v=spf1 mx -al", "v=spf1 mx -all" },
	{ "v=spf1 mx ~alll", "v=spf1 mx ~all" },
};

/* Texts with two readings or none, and why. */
static const struct refusal {
	const char *text, *why;
} refusals[] = {
	{ "v=spf1 ip4:192.0.2.0/33 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.0/ -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.0 24 -all", "a word is no term" },
	{ "v=spf1 ip4:192.0.2.1 5 -all", "a word is no term" },
	{ "v=spf1 ip4:192.0 2.5 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1-192.0.2.9 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.* -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2/24 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.300 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:010.0.2.3 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1/255.255.255.0 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1:24 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip6:192.0.2.1/64 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:mail.example.com -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 mail.example.com -all",
	    "a host name alone has more than one reading" },
	{ "v=spf1 mx + all", "a qualifier stands alone" },
	{ "v=spf1 mx +", "a qualifier stands alone" },
	{ "v=spf1 mx ~ -all", "a qualifier stands alone" },
	{ "v=spf1 mx -~all", "two qualifiers stand before a term" },
	{ "v=spf1 mx +-all", "two qualifiers stand before a term" },
	{ "v=spf1 mx all.", "it would let every host pass" },
	{ "v=spf1 mxall", "a word is no term" },
	{ "v=spf1 mx al", "a word is no term" },
	{ "v=spf1 mx +al", "a word is no term" },
	{ "v=spf1 mx +alll", "a word is no term" },
	{ "v=spf1 mx all;", "it would let every host pass" },
	{ "v=spf1 mx +all;", "it would let every host pass" },
	{ "v=spf1 mx all ip:192.0.2.1", "it would let every host pass" },
	{ "v=spf1 include:a:a.example -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 -include: mx -all", "a term has no argument" },
	{ "v=spf1 a: -all",
	    "a name was left out, or the colon is one too many" },
	{ "v=spf1 exclude:a.example -all", "a word is no term" },
	{ "v=spf1 deny:192.0.2.1 mx -all", "a word is no term" },
	{ "v=spf1 not:192.0.2.1 mx -all", "a word is no term" },
	{ "v=spf1 !ip4:192.0.2.1 mx -all", "a word is no term" },
	{ "v=spf1 include:http://a.example/x -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 include:user@a.example -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 include:mailto:u@a.example -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.0\\24 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 mx -all v=spf1 a ~all",
	    "the records that were pasted together differ in their ends" },
	{ "v=spf1 mx +all v=spf1 a +all",
	    "the records that were pasted together differ in their ends" },
	{ "v=spf1 mx hello -all", "a word is no term" },
	{ "v=spf1 mx -all mail.example.com",
	    "a host name alone has more than one reading" },
	{ "v=spf1 amx -all", "a word is no term" },
	{ "v=spf1 ainclude:a.example -all", "a word is no term" },
	{ "v=spf1 aip4:192.0.2.1 -all", "a word is no term" },
	{ "v=spf1 ip41.2.3.4 -all", "a word is no term" },
	{ "v=spf1 include:a.example.coma:b.example -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1mx -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1192.0.2.2 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 a.example -all",
	    "a host name alone has more than one reading" },
	{ "v=spf1 mx ptr: -all",
	    "a name was left out, or the colon is one too many" },
	{ "v=spf1 -redirect=a.example", "a modifier has a qualifier" },
	{ "v=spf1 mx redirect=a.example redirect=b.example",
	    "there is nothing to repair" },
	{ "v=spf1 mx \xef\xbc\x88"
	  "all\xef\xbc\x89",
	    "it would let every host pass" },
	{ "v=spf2 mx -all", "no version is in front" },
	{ "v=spf10 mx -all", "no version is in front" },
	{ "v=spf1.0 mx -all", "no version is in front" },
	{ "v=spf1/mx -all", "no version is in front" },
	{ "v=spf1include", "a word is no term" },
	{ "v=spf1all", "it would let every host pass" },
	{ "v=spf1+all", "it would let every host pass" },
	{ "v=spf1 mx - include:a.example -all", "a qualifier stands alone" },
	{ "v=spf1 ip4:192.0.2.1/24/16 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 a/24:b.example -all", "a word is no term" },
	{ "v=spf1 include:a.example/24 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip4:192.0.2.1 AND ip4:192.0.2.2 -all", "a word is no term" },
	{ "v=spf1 ip4:192.0.2.1 -all -", "a qualifier stands alone" },
	{ "v=spf1 a -all:", "a word is no term" },
	{ "v=spf1 a all:-", "a word is no term" },
	{ "v=spf1 0.0.0.0/0 -all", "it would let every host pass" },
	{ "v=spf1 include:a.example. b.example -all",
	    "a host name alone has more than one reading" },
	{ "v=spf1 a mx ip4:192.0.2.1 ~all ~", "a qualifier stands alone" },
	{ "v=spf1 a all -all;", "it would let every host pass" },
	{ "v=spf1 mx -\xd0\xb0ll", "a word is no term" },
	{ "v=spf1 ip4:192.0.2.0/2,4 -all", "a word is no term" },
	{ "v=spf1 -all ip4:192.0.2.0/2 (4)", "a word is no term" },
	{ "v=spf1 ip4:192.0.2.0/2\xff"
	  "4 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 ip6:2001:db8:: 5 -all", "a word is no term" },
	{ "v=spf1 a/2 ,4 -all", "a word is no term" },
	{ "v=spf1 I92.0.2.1 -all", "a word is no term" },
	{ "v=spf1 ip4:I92.0.2.1 -all",
	    "an argument is neither address nor name" },
	{ "v=spf1 a mx:mail. -all", "an argument is neither address nor name" },
	{ "v=spf1 include:label -all",
	    "an argument is neither address nor name" },
};

START_TEST(repairs)
{
	const struct repair_case *c = &cases[_i];
	char room[8192];
	struct writer w = writer_of(room, sizeof(room));
	const char *why = put_spf_repair(str_of(c->text), &w);

	put_char(&w, '\0');
	ck_assert_msg(why == NULL && strcmp(room, c->record) == 0, "%s: %s %s",
	    c->text, why != NULL ? why : "", room);
}
END_TEST

static struct mailauth_report *
report_on(const char *text)
{
	struct mailauth_parse_options how = { .kind = "spf",
		.profile = MAILAUTH_PROFILE_PRACTICE,
		.allow_documentation = true };
	struct mailauth_report *r = NULL;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_msg(mailauth_parse(&how, text, strlen(text), &r, why) ==
	        MAILAUTH_OK,
	    "%s: %s", text, why);
	return r;
}

/* The finding that tells a repair; NULL when none may tell one. */
static const struct told {
	const char *text; /* broken */
	const char *code; /* the finding that tells the repair */
	const char *record; /* the repair */
} told[] = {
	{ "v=spf1 ipv4:192.0.2.1 ip:192.0.2.2 -all", "spf-unknown-mechanism",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all" },
	{ "v=spf1 \xe2\x80\x93"
	  "all",
	    "txt-smart-punctuation", "v=spf1 -all" },
	{ "spf1 mx -all", "spf-version-near-miss", "v=spf1 mx -all" },
	{ "\"v=spf1 mx -all", "spf-version-near-miss", "v=spf1 mx -all" },
	{ "v=spf1 include:https://a.example -all", "spf-domain-no-name",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1 include:https://a.example/ -all", "spf-domain-no-name",
	    "v=spf1 include:a.example -all" },
	{ "v=spf1 redirect=https://a.example/", "spf-domain-no-name",
	    "v=spf1 redirect=a.example" },
	{ "v=spf1 ip4=192.0.2.1 -all", "spf-modifier-looks-like-mechanism",
	    "v=spf1 ip4:192.0.2.1 -all" },
	{ "v=spf1 mx v=spf1 a -all", "spf-embedded-version",
	    "v=spf1 mx a -all" },
	{ "v=spf1 mx;a;-all;", "spf-unknown-mechanism", "v=spf1 mx a -all" },
	/* No certain repair, or nothing to repair. */
	{ "v=spf1 include:user@a.example -all", NULL, NULL },
	{ "v=spf1 mail.a.example -all", NULL, NULL },
	{ "v=spf1  mx a google-site-verification=x -all", NULL, NULL },
	{ "v=spf1 redirect=a.example redirect=b.example", NULL, NULL },
	{ "v=spf1 mx +all", NULL, NULL },
};

START_TEST(refuses)
{
	const struct refusal *c = &refusals[_i];
	char room[8192];
	struct writer w = writer_of(room, sizeof(room));
	const char *why = put_spf_repair(str_of(c->text), &w);

	ck_assert_msg(why != NULL && strcmp(why, c->why) == 0, "%s: %s, %.*s",
	    c->text, why != NULL ? why : "repaired", (int)w.used, room);
}
END_TEST

START_TEST(one_finding_tells_it)
{
	static const char start[] = "publish this text: ";
	const struct told *c = &told[_i];
	struct mailauth_report *r = report_on(c->text);
	const char *code = NULL, *record = NULL;
	int found = 0;

	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);

		if (f->remedy == NULL ||
		    strncmp(f->remedy, start, sizeof(start) - 1) != 0)
			continue;
		found++;
		code = f->code;
		record = f->remedy + sizeof(start) - 1;
	}
	ck_assert_int_eq(found, c->code != NULL);
	if (c->code != NULL) {
		ck_assert_str_eq(code, c->code);
		ck_assert_str_eq(record, c->record);
	}
	mailauth_report_free(r);
}
END_TEST

Suite *
suite_repair(void)
{
	Suite *s = suite_create("repair");
	TCase *t = tcase_create("repair");

	tcase_add_loop_test(t, repairs, 0, COUNT(cases));
	tcase_add_loop_test(t, refuses, 0, COUNT(refusals));
	tcase_add_loop_test(t, one_finding_tells_it, 0, COUNT(told));
	suite_add_tcase(s, t);
	return s;
}
