/*
 * test_suite.c - case files: read, their zones edited, compared, written anew
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/expect.h"
#include "suite/zones.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define WORDS_MAX    8

/* Records of DMARC: a good one, a weak one, and one with many faults. */
#define REJECT "v=DMARC1; p=reject; rua=mailto:r@a.org"
#define NONE   "v=DMARC1; p=none"
#define BROKEN \
	"v=DMARC1; p=maybe; rua=x; pct=200; foo=bar; sp=what; adkim=q; fo=9; " \
	"ri=x"

/* A file being read, and what was said about it. */
static void
tell(void *arg, unsigned line, const char *why)
{
	struct writer *w = arg;

	put_number(w, line);
	put_text(w, ": ");
	put_text(w, why);
	put_char(w, '\n');
}

/* A file without faults. */
static void
read_good(struct case_file *f, struct arena *a, const char *text)
{
	struct writer told = arena_writer(a);

	if (casefile_read(f, a, str_of(text), tell, &told) == 0)
		return;
	put_char(&told, '\0');
	ck_abort_msg("%s\nhas faults:\n%s", text, told.buf);
}

/* Faults, each with its line. */

static const struct {
	const char *text, *faults;
} faulty[] = {
	/* An empty file. */
	{ "\n", "1: there is no case in it\n" },
	/* Nothing but comments. */
	{ "# nothing\n"
	  "\n",
	    "2: there is no case in it\n" },
	/* Lines that are in no case, and zones without names. */
	{ "  = warn\n"
	  "  unsigned\n"
	  "  zone a..b x\n"
	  "  zone\n"
	  "  newzone a.org more\n"
	  "  in other.net\n"
	  "  in a.org more\n"
	  "  add x\n"
	  "  delete\n"
	  "  domain\n",
	    "1: =: it belongs to a case, and none has begun\n"
	    "2: unsigned: it belongs to a case, and none has begun\n"
	    "3: a..b: it has an empty label\n"
	    "4: it has an empty label\n"
	    "5: more: there is nothing to follow\n"
	    "6: other.net: there is no such zone so far\n"
	    "7: more: there is nothing to follow\n"
	    "9: it says nothing\n"
	    "10: name a domain\n" },
	/* Everything that a case may say wrongly. */
	{ "  zone a.org z\n"
	  "\n"
	  "one\n"
	  " two\n"
	  "  = maybe\n"
	  "  = warn more\n"
	  "  + nonsense spf-ok spf-okk\n"
	  "  nothing at all\n"
	  "    a line of no zone\n"
	  "  has\n"
	  "  dnssec maybe\n"
	  "  args \"a\n"
	  "  noargs \"a\" \"\n"
	  "  record nonsense a. TXT valid\n"
	  "  record spf a TXT valid\n"
	  "  record spf a. TXT good\n"
	  "  record spf a.\n"
	  "  record spf a. TXT valid more\n"
	  "  severity spf-ok bad\n"
	  "  severity spf-ok pass more\n"
	  "  severity x pass\n"
	  "  remedy spf-ok\n"
	  "  remedy x y\n"
	  "  spf maybe --ip 192.0.2.1\n"
	  "  dmarc maybe\n"
	  "  dmarc reject \"a\n"
	  "  domain\n"
	  "  domain a b\n"
	  "  signed x\n"
	  "  let a,b x\n"
	  "  let a\n"
	  "  settings []\n"
	  "\ttab\n"
	  "   three\n",
	    "4: indent by two blanks\n"
	    "5: maybe: it is one of pass, warn, fail, temperror\n"
	    "6: more: there is nothing to follow\n"
	    "7: nonsense: there is no such finding\n"
	    "7: spf-okk: there is no such finding\n"
	    "8: nothing: there is no such word\n"
	    "9: no zone goes on here\n"
	    "10: name one finding or more\n"
	    "11: maybe: it is one of secure, insecure, bogus, "
	    "indeterminate, unchecked\n"
	    "12: a quote has no end\n"
	    "13: a quote has no end\n"
	    "14: nonsense: there is no such kind\n"
	    "15: a: write it with a final dot\n"
	    "16: good: it is one of valid, invalid, none, temperror, "
	    "absent\n"
	    "17: give it as KIND NAME TYPE VERDICT\n"
	    "18: more: there is nothing to follow\n"
	    "19: bad: it is one of pass, info, notice, warn, fail\n"
	    "20: more: there is nothing to follow\n"
	    "21: x: there is no such finding\n"
	    "22: give it as CODE TEXT\n"
	    "23: x: there is no such finding\n"
	    "24: maybe: it is one of none, neutral, pass, fail, "
	    "softfail, temperror, permerror\n"
	    "25: maybe: it is one of pass, fail, none, temperror, "
	    "quarantine, reject, absent\n"
	    "26: a quote has no end\n"
	    "27: name a domain\n"
	    "28: b: there is nothing to follow\n"
	    "29: x: there is nothing to follow\n"
	    "30: a,b: a name has letters and digits\n"
	    "31: give it as NAME TEXT\n"
	    "32: give settings as a JSON object\n"
	    "33: indent by two blanks\n"
	    "34: indent by two blanks, or by four within a zone\n" },
	/* What may be said once. */
	{ "  zone a.org z\n"
	  "  domain a.org\n"
	  "  domain b.org\n"
	  "one\n"
	  "  = warn\n"
	  "  = fail\n"
	  "  unsigned\n"
	  "  unsigned\n"
	  "  dnssec secure\n"
	  "  dnssec secure\n"
	  "  domain a.org\n",
	    "3: domain: it is here already\n"
	    "6: =: it is here already\n"
	    "8: unsigned: it is here already\n"
	    "10: dnssec: it is here already\n" },
	/* Cases that could not fail, or say two things. */
	{ "one\n"
	  "  zone a.org z\n"
	  "two\n"
	  "  = warn\n"
	  "three\n"
	  "  zone a.org z\n"
	  "  signed\n"
	  "  unsigned\n"
	  "  + spf-ok\n"
	  "  codes spf-ok\n"
	  "four\n"
	  "  zone a.org z\n"
	  "  codes spf-ok\n"
	  "  - spf-ok\n",
	    "1: one: nothing is expected of it\n"
	    "3: two: it has no zone\n"
	    "5: three: + and - tell nothing beside codes\n"
	    "5: three: it is signed and unsigned\n"
	    "11: four: + and - tell nothing beside codes\n" },
	/* A line with a fault expects something; a bad zone is no zone. */
	{ "one\n"
	  "  zone a..org z\n"
	  "  has nonsense\n",
	    "2: a..org: it has an empty label\n"
	    "3: nonsense: there is no such finding\n"
	    "1: one: it has no zone\n" },
	/* A zone goes on with its next lines alone. */
	{ "  zone a.org\n"
	  "    @ SOA a b 1 2 3 4 5\n"
	  "  args x\n"
	  "    @ NS a\n"
	  "one\n"
	  "  zone b.org\n"
	  "    x\n"
	  "\n"
	  "  # a comment is no line\n"
	  "    y\n"
	  "  = warn\n"
	  "    z\n",
	    "4: no zone goes on here\n"
	    "12: no zone goes on here\n" },
	/* A zone with a file is not written out. */
	{ "one\n"
	  "  zone b.org file\n"
	  "    x\n"
	  "  = warn\n",
	    "3: no zone goes on here\n" },
	/* A long word is cut. */
	{ "one\n"
	  "  zone a.org z\n"
	  "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
	  "  has aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaa\n",
	    "3: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa...: there is no such word\n"
	    "4: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa: there is no such finding\n" },
	/* Octets that no line has. */
	{ "one\n"
	  "  zone a.org z\n"
	  "  = warn\n"
	  "  has spf-ok\n"
	  "  add a\033b\n",
	    "5: it has a control octet\n" },
	/* Zones have their names with or without a final dot. */
	{ "  zone A.org. z\n"
	  "  zone b.org\n"
	  "one\n"
	  "  in a.ORG\n"
	  "  in b.org.\n"
	  "  in org\n"
	  "  = warn\n",
	    "6: org: there is no such zone so far\n" },
};

START_TEST(faults)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct case_file f;
	size_t n = casefile_read(&f, &a, str_of(faulty[_i].text), tell, &w),
	       lines = 0;

	for (size_t i = 0; i < w.used; i++)
		lines += w.buf[i] == '\n';
	ck_assert_uint_eq(n, lines);
	expect_written(&w, faulty[_i].faults);
	arena_free(&a);
}
END_TEST

/* What is read. */

static void
put_lines(struct writer *w, const struct case_line *l)
{
	for (; l != NULL; l = l->next) {
		put_text(w, "  ");
		put_number(w, l->line);
		put_char(w, ' ');
		put_text(w, case_word_name(l->word));
		put_char(w, '|');
		put_untrusted(w, l->rest);
		put_char(w, '\n');
	}
}

/* What a case is run with. */
static void
put_use(struct writer *w, struct arena *a, const struct case_file *f,
    const struct suite_case *c)
{
	struct mailauth_str args[WORDS_MAX];
	struct case_settings settings[WORDS_MAX];
	size_t n = case_args(f, c, args, WORDS_MAX);
	const struct case_line *verdict = case_find(f, c, CASE_VERDICT);

	put_text(w, "  domain ");
	put_str(w, case_domain(f, c));
	put_text(w, ", ");
	put_number(w, n);
	put_text(w, " args");
	for (size_t i = 0; i < n && i < WORDS_MAX; i++) {
		put_text(w, " [");
		put_str(w, args[i]);
		put_char(w, ']');
	}
	if (verdict != NULL) {
		put_text(w, ", =");
		put_str(w, verdict->rest);
	}
	put_char(w, '\n');
	n = case_settings(f, c, a, settings, WORDS_MAX);
	for (size_t i = 0; i < n; i++) {
		put_text(w, "  settings of ");
		put_number(w, settings[i].line);
		put_char(w, ' ');
		put_str(w, settings[i].text);
		put_char(w, '\n');
	}
}

static const struct {
	const char *text, *dump;
} reads[] = {
	/* Every word, and what is a case's own. */
	{ "# every word\n"
	  "  zone a.example\n"
	  "    @ SOA ns h 1 2 3 4 5\n"
	  "      @ NS ns\n"
	  "  newzone b.example\n"
	  "    x A 192.0.2.1\n"
	  "  in A.example\n"
	  "  delete @ NS\n"
	  "  add @ NS  ns\n"
	  "  args --ip 192.0.2.1 --ds \"a.example DS 1 8 2 00\"\n"
	  "  domain a.example\n"
	  "\n"
	  "one\n"
	  "  unsigned\n"
	  "  noargs --selector s\n"
	  "\n"
	  "  = warn\n"
	  "  + spf-ok spf-ptr\n"
	  "  - spf-missing\n"
	  "  has spf-all-fail dnssec-secure\n"
	  "  hasnot spf-ok\n"
	  "  record spf a.example. TXT valid\n"
	  "  severity spf-ok fail\n"
	  "  remedy spf-ok do it\n"
	  "  dnssec secure\n"
	  "  spf pass --ip 192.0.2.1 a.example\n"
	  "  dmarc reject --spf a.example\n"
	  "\n"
	  "# a comment behind it\n"
	  "two, without a title of its own  \n"
	  "  signed\n"
	  "  zone c.example c.zone\n"
	  "  domain  c.example \n"
	  "  args -x\n"
	  "  add x TXT \"y\"\n"
	  "  codes spf-ok spf-missing\n",
	    "common\n"
	    "  2 zone|a.example\n"
	    "  3 |@ SOA ns h 1 2 3 4 5\n"
	    "  4 |  @ NS ns\n"
	    "  5 newzone|b.example\n"
	    "  6 |x A 192.0.2.1\n"
	    "  7 in|A.example\n"
	    "  8 delete|@ NS\n"
	    "  9 add|@ NS  ns\n"
	    "  10 args|--ip 192.0.2.1 --ds \"a.example DS 1 8 2 00\"\n"
	    "  11 domain|a.example\n"
	    "  domain a.example, 4 args [--ip] [192.0.2.1] [--ds] "
	    "[a.example DS 1 8 2 00]\n"
	    "13-27 one\n"
	    "  14 unsigned|\n"
	    "  15 noargs|--selector s\n"
	    "  17 =|warn\n"
	    "  18 +|spf-ok spf-ptr\n"
	    "  19 -|spf-missing\n"
	    "  20 has|spf-all-fail dnssec-secure\n"
	    "  21 hasnot|spf-ok\n"
	    "  22 record|spf a.example. TXT valid\n"
	    "  23 severity|spf-ok fail\n"
	    "  24 remedy|spf-ok do it\n"
	    "  25 dnssec|secure\n"
	    "  26 spf|pass --ip 192.0.2.1 a.example\n"
	    "  27 dmarc|reject --spf a.example\n"
	    "  domain a.example, 2 args [--selector] [s], =warn\n"
	    "30-36 two, without a title of its own\n"
	    "  31 signed|\n"
	    "  32 zone|c.example c.zone\n"
	    "  33 domain| c.example\n"
	    "  34 args|-x\n"
	    "  35 add|x TXT \"y\"\n"
	    "  36 codes|spf-ok spf-missing\n"
	    "  domain c.example, 5 args [--ip] [192.0.2.1] [--ds] "
	    "[a.example DS 1 8 2 00] [-x]\n" },
	/* The domain is the first zone; more args than there is room for. */
	{ "one\n"
	  "  newzone x.org\n"
	  "  zone y.org z\n"
	  "  args 1 2 3 4 5 6 7 8\n"
	  "  args 9\n"
	  "  = pass\n"
	  "two\n"
	  "  zone y.org z\n"
	  "  args\n"
	  "  noargs\n"
	  "  = pass\n",
	    "common\n"
	    "  domain , 0 args\n"
	    "1-6 one\n"
	    "  2 newzone|x.org\n"
	    "  3 zone|y.org z\n"
	    "  4 args|1 2 3 4 5 6 7 8\n"
	    "  5 args|9\n"
	    "  6 =|pass\n"
	    "  domain x.org, 9 args [1] [2] [3] [4] [5] [6] [7] [8], "
	    "=pass\n"
	    "7-11 two\n"
	    "  8 zone|y.org z\n"
	    "  9 args|\n"
	    "  10 noargs|\n"
	    "  11 =|pass\n"
	    "  domain y.org, 0 args, =pass\n" },
	/* Settings, with names that lines above give. */
	{ "  zone a.org z\n"
	  "  let key \"K\"\n"
	  "  settings {\"keys\": @key@, \"x\": \"@nothing@\", \"y\": \"a@b\", "
	  "\"z\": \"@\"}\n"
	  "  let key \"L\"\n"
	  "  let both [@key@, @key@]\n"
	  "it\n"
	  "  settings {\"k\": @both@}\n"
	  "  let key \"M\"\n"
	  "  settings {\"k\": @key@, \"l\": @both@}\n"
	  "  let key @key@@key@\n"
	  "  settings {@key@}\n"
	  "  = pass\n",
	    "common\n"
	    "  1 zone|a.org z\n"
	    "  2 let|key \"K\"\n"
	    "  3 settings|{\"keys\": @key@, \"x\": \"@nothing@\", \"y\": "
	    "\"a@b\", \"z\": \"@\"}\n"
	    "  4 let|key \"L\"\n"
	    "  5 let|both [@key@, @key@]\n"
	    "  domain a.org, 0 args\n"
	    "  settings of 3 {\"keys\": \"K\", \"x\": \"@nothing@\", \"y\": "
	    "\"a@b\", \"z\": \"@\"}\n"
	    "6-12 it\n"
	    "  7 settings|{\"k\": @both@}\n"
	    "  8 let|key \"M\"\n"
	    "  9 settings|{\"k\": @key@, \"l\": @both@}\n"
	    "  10 let|key @key@@key@\n"
	    "  11 settings|{@key@}\n"
	    "  12 =|pass\n"
	    "  domain a.org, 0 args, =pass\n"
	    "  settings of 3 {\"keys\": \"K\", \"x\": \"@nothing@\", \"y\": "
	    "\"a@b\", \"z\": \"@\"}\n"
	    "  settings of 7 {\"k\": [\"L\", \"L\"]}\n"
	    "  settings of 9 {\"k\": \"M\", \"l\": [\"L\", \"L\"]}\n"
	    "  settings of 11 {\"M\"\"M\"}\n" },
	/* Lines end in CR and LF, the last one in neither. */
	{ "one\r\n"
	  "  zone a.org z\r\n"
	  "  = warn\r\n"
	  "\r\n"
	  "  has spf-ok",
	    "common\n"
	    "  domain , 0 args\n"
	    "1-5 one\n"
	    "  2 zone|a.org z\n"
	    "  3 =|warn\n"
	    "  5 has|spf-ok\n"
	    "  domain a.org, 0 args, =warn\n" },
};

START_TEST(reading)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct case_file f;
	size_t n = 0;

	read_good(&f, &a, reads[_i].text);
	put_text(&w, "common\n");
	put_lines(&w, f.common);
	put_use(&w, &a, &f, NULL);
	for (const struct suite_case *c = f.cases; c != NULL; c = c->next) {
		put_number(&w, c->line);
		put_char(&w, '-');
		put_number(&w, c->last);
		put_char(&w, ' ');
		put_str(&w, c->title);
		put_char(&w, '\n');
		put_lines(&w, c->lines);
		put_use(&w, &a, &f, c);
		n++;
	}
	ck_assert_uint_eq(f.ncases, n);
	expect_written(&w, reads[_i].dump);
	arena_free(&a);
}
END_TEST

/* Settings whose names are deep, or make them long. */
START_TEST(deep_settings)
{
	struct arena a = { NULL, false };
	struct case_settings out;
	struct case_file f;
	struct writer w = arena_writer(&a);

	/* n8 has eight names within each other; n9 one more. */
	put_text(&w, "  zone a z\n  let n0 x\n");
	for (unsigned i = 1; i <= 9; i++) {
		put_text(&w, "  let n");
		put_number(&w, i);
		put_text(&w, " @n");
		put_number(&w, i - 1);
		put_text(&w, "@\n");
	}
	put_text(&w,
	    "it\n  settings {@n7@}\n  = warn\n"
	    "another\n  settings {@n8@}\n  = warn\n");
	put_char(&w, '\0');
	read_good(&f, &a, w.buf);
	ck_assert_uint_eq(case_settings(&f, f.cases, &a, &out, 1), 1);
	ck_assert_uint_eq(out.line, 13);
	ck_assert(str_eq(out.text, STR("{x}")));
	ck_assert_uint_eq(case_settings(&f, f.cases->next, &a, &out, 1), 1);
	ck_assert_ptr_null(out.text.s);
	/* Each is twice the one before: 2^18 * 16 octets are too many. */
	w = arena_writer(&a);
	put_text(&w, "  zone a z\nit\n  = warn\n  let n0 0123456789abcdef\n");
	for (unsigned i = 1; i <= 6; i++) {
		put_text(&w, "  let n");
		put_number(&w, i);
		for (unsigned k = 0; k < 16; k++) {
			put_text(&w, k == 0 ? " @n" : "@n");
			put_number(&w, i - 1);
			put_char(&w, '@');
		}
		put_char(&w, '\n');
	}
	put_text(&w, "  settings {@n6@}\n");
	put_char(&w, '\0');
	read_good(&f, &a, w.buf);
	ck_assert_uint_eq(case_settings(&f, f.cases, &a, &out, 1), 1);
	ck_assert_ptr_null(out.text.s);
	arena_free(&a);
}
END_TEST

/* Zones, edited. */

/* zone_load: three files. */
static bool
load(void *arg, struct mailauth_str file, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{ "a.zone",
		    "@ SOA ns h 1 2 3 4 5\n@ NS ns\nmail A 192.0.2.1\n"
		    "mail  A\t192.0.2.2\nmail AAAA 2001:db8::1\n"
		    "  TXT x y\nlast TXT x" },
		{ "signed.zone",
		    "@ SOA ns h 1 2 3 4 5\n@ 300 IN rrsig SOA 13 2 300\n" },
		{ "late.zone", "@ TXT a b RRSIG\n" },
	};
	unsigned *loads = arg;

	++*loads;
	for (int i = 0; i < COUNT(files); i++)
		if (str_eq(file, str_of(files[i].name))) {
			*text = str_of(files[i].text);
			return true;
		}
	snprintf(why, CASE_WHY_MAX, "no such file");
	return false;
}

static void
put_zone(struct writer *w, struct arena *a, const struct case_zone *z)
{
	put_str(w, z->name);
	put_text(w, " of ");
	put_number(w, z->line);
	if (z->file.n > 0) {
		put_text(w, " is ");
		put_str(w, z->file);
	}
	put_text(w, z->edited ? ", edited\n" : "\n");
	put_str(w, case_zone_text(a, z));
}

static const struct {
	const char *text, *zones;
} edits[] = {
	/* A file that is not edited is not read. */
	{ "it\n"
	  "  zone a.org a.zone\n"
	  "  = warn\n",
	    "a.org of 2 is a.zone\n"
	    "0 files read, signed no" },
	/* Lines are taken out by owner, by type and by what they begin with. */
	{ "it\n"
	  "  zone a.org. a.zone\n"
	  "  delete mail AAAA\n"
	  "  delete mail A 192.0.2.2\n"
	  "  delete last\n"
	  "  add new TXT \"x\"\n"
	  "  = warn\n",
	    "a.org of 2 is a.zone, edited\n"
	    "@ SOA ns h 1 2 3 4 5\n"
	    "@ NS ns\n"
	    "mail A 192.0.2.1\n"
	    "  TXT x y\n"
	    "new TXT \"x\"\n"
	    "1 files read, signed no" },
	/* All of one owner. */
	{ "it\n"
	  "  zone a.org a.zone\n"
	  "  delete mail\n"
	  "  = warn\n",
	    "a.org of 2 is a.zone, edited\n"
	    "@ SOA ns h 1 2 3 4 5\n"
	    "@ NS ns\n"
	    "  TXT x y\n"
	    "last TXT x\n"
	    "1 files read, signed no" },
	/* A line without an owner has none. */
	{ "it\n"
	  "  zone a.org a.zone\n"
	  "  add x\n"
	  "  delete TXT x\n"
	  "  = warn\n",
	    "cannot be done: 4: TXT x: there is no such line in "
	    "the zone" },
	/* A type that is not there. */
	{ "it\n"
	  "  zone a.org a.zone\n"
	  "  delete mail MX\n"
	  "  = warn\n",
	    "cannot be done: 3: mail MX: there is no such line in the "
	    "zone" },
	/* A new zone has an apex; in another zone by its name in any case. */
	{ "  newzone A.org\n"
	  "    www A 192.0.2.1\n"
	  "  zone b.org\n"
	  "it\n"
	  "  in a.ORG.\n"
	  "  add x TXT a\n"
	  "  in b.org\n"
	  "  add y TXT b\n"
	  "  delete y\n"
	  "  = warn\n",
	    "A.org of 1, edited\n"
	    "$ORIGIN A.org.\n"
	    "$TTL 300\n"
	    "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
	    "@ NS ns\n"
	    "ns A 192.0.2.53\n"
	    "www A 192.0.2.1\n"
	    "x TXT a\n"
	    "b.org of 3, edited\n"
	    "0 files read, signed no" },
	/* The root. */
	{ "it\n"
	  "  newzone .\n"
	  "  = warn\n",
	    ". of 2, edited\n"
	    "$ORIGIN .\n"
	    "$TTL 300\n"
	    "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
	    "@ NS ns\n"
	    "ns A 192.0.2.53\n"
	    "0 files read, signed no" },
	/* A zone of a case takes the place of one of all. */
	{ "  zone a.org a.zone\n"
	  "  add one\n"
	  "  newzone b.org\n"
	  "  zone c.org z\n"
	  "it\n"
	  "  newzone A.org\n"
	  "  zone c.org late.zone\n"
	  "  = warn\n",
	    "a.org of 6, edited\n"
	    "$ORIGIN a.org.\n"
	    "$TTL 300\n"
	    "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
	    "@ NS ns\n"
	    "ns A 192.0.2.53\n"
	    "b.org of 3, edited\n"
	    "$ORIGIN b.org.\n"
	    "$TTL 300\n"
	    "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
	    "@ NS ns\n"
	    "ns A 192.0.2.53\n"
	    "c.org of 7 is late.zone\n"
	    "1 files read, signed no" },
	/* A file that cannot be read. */
	{ "  zone b.org\n"
	  "it\n"
	  "  zone a.org nothing.zone\n"
	  "  add x\n"
	  "  = warn\n",
	    "cannot be done: 3: no such file" },
	/* One that is not edited, and whether it is signed cannot be told. */
	{ "it\n"
	  "  zone a.org nothing.zone\n"
	  "  = warn\n",
	    "a.org of 2 is nothing.zone\n"
	    "0 files read, signed ?2: no such file" },
	/* Signatures are lines whose type is RRSIG. */
	{ "it\n"
	  "  zone a.org a.zone\n"
	  "  zone b.org signed.zone\n"
	  "  = warn\n",
	    "a.org of 2 is a.zone\n"
	    "b.org of 3 is signed.zone\n"
	    "0 files read, signed yes" },
	/* The word in a text is no signature. */
	{ "it\n"
	  "  zone a.org late.zone\n"
	  "  = warn\n",
	    "a.org of 2 is late.zone\n"
	    "0 files read, signed no" },
};

START_TEST(zones)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	unsigned loads = 0;
	struct zone_source from = { .arena = &a, .load = load, .arg = &loads };
	struct case_zone *list;
	struct case_file f;

	read_good(&f, &a, edits[_i].text);
	if (case_zones(&f, f.cases, &from, &list)) {
		for (struct case_zone *z = list; z != NULL; z = z->next)
			put_zone(&w, &a, z);
		put_number(&w, loads);
		put_text(&w, " files read, signed ");
		put_text(&w,
		    (const char *[]){ "?", "no",
		        "yes" }[case_zones_signed(list, &from) + 1]);
	} else {
		put_text(&w, "cannot be done: ");
	}
	if (from.line > 0) {
		put_number(&w, from.line);
		put_text(&w, ": ");
		put_text(&w, from.why);
	}
	expect_written(&w, edits[_i].zones);
	arena_free(&a);
}
END_TEST

/* Those of all cases are those before the first one. */
START_TEST(zones_of_all)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	unsigned loads = 0;
	struct zone_source from = { .arena = &a, .load = load, .arg = &loads };
	struct case_zone *list;
	struct case_file f;

	read_good(&f, &a,
	    "  zone a.org\n    x\nit\n  add y\n  zone b.org z\n  = warn\n");
	ck_assert(case_zones(&f, NULL, &from, &list));
	put_zone(&w, &a, list);
	ck_assert_ptr_null(list->next);
	expect_written(&w, "a.org of 1, edited\nx\n");
	arena_free(&a);
}
END_TEST

/* A case compared with a report. */

static struct mailauth_report *
judged(const char *record)
{
	struct mailauth_parse_options how = { .owner = "_dmarc.a.org.",
		.profile = MAILAUTH_PROFILE_GUIDE,
		.kind = "dmarc" };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_parse(&how, record, strlen(record), &r, why) ==
	        MAILAUTH_OK,
	    "%s", why);
	return r;
}

/* The differences and the file as it has to be, when that is another one. */
static const char *
put_comparison(struct writer *w, struct arena *a, const struct case_file *f,
    const struct comparison *diff)
{
	struct mailauth_str text = case_rewrite(a, f->text, diff->edits);

	for (const struct case_difference *d = diff->differences; d != NULL;
	     d = d->next) {
		put_number(w, d->line);
		put_text(w, ": ");
		put_text(w, d->text);
		put_char(w, '\n');
	}
	for (size_t i = 0; !str_eq(text, f->text) && i < text.n; i++) {
		if (text.s[i] == '\r')
			put_text(w, "<CR>");
		else
			put_char(w, text.s[i]);
	}
	return arena_copy(a, text).s;
}

#define ADD \
	"publish 'v=DMARC1; p=none; rua=mailto:dmarc-reports@a.org' at " \
	"_dmarc.a.org.; that mailbox has to exist, here or in another domain"
#define REASON \
	"fail: the policy is none: receivers report mail that fails but do " \
	"not stop it: \"none\" [dmarc-p-none]\n"

/* A DMARC record, perhaps the one it was before, and a case. */
static const struct {
	const char *record, *base, *text, *outcome;
} compared[] = {
	/* All as expected, in every word. */
	{ REJECT, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  = pass\n"
	    "  dnssec unchecked\n"
	    "  has dmarc-ok dmarc-p-reject\n"
	    "  hasnot dmarc-p-none\n"
	    "  + dmarc-ok\n"
	    "  - dmarc-p-none\n"
	    "  record dmarc _dmarc.a.org. TXT valid\n"
	    "  record dmarc a.org. TXT absent\n"
	    "  severity dmarc-ok pass\n",
	    "" },
	/* Words that say something else. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  = pass\n"
	    "  dnssec secure\n"
	    "  record dmarc _dmarc.a.org.   TXT  none\n"
	    "  record spf a.org. TXT valid\n"
	    "  record dmarc _dmarc.a.org. A valid\n"
	    "  severity dmarc-p-none   warn\n"
	    "  remedy dmarc-rua-missing add it\n",
	    "3: = pass: it is fail\n"
	    "3: " REASON "4: dnssec secure: it is unchecked\n"
	    "5: record dmarc _dmarc.a.org.   TXT  none: it is valid\n"
	    "6: record spf a.org. TXT valid: it is absent\n"
	    "7: record dmarc _dmarc.a.org. A valid: it is absent\n"
	    "8: severity dmarc-p-none   warn: it is fail\n"
	    "9: remedy dmarc-rua-missing add it: it is " ADD "\n"
	    "it\n"
	    "  zone a z\n"
	    "  = fail\n"
	    "  dnssec unchecked\n"
	    "  record dmarc _dmarc.a.org.   TXT valid\n"
	    "  record spf a.org. TXT absent\n"
	    "  record dmarc _dmarc.a.org. A absent\n"
	    "  severity dmarc-p-none fail\n"
	    "  remedy dmarc-rua-missing " ADD "\n" },
	/* Findings that are not there, and one without a remedy. */
	{ REJECT, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  severity dmarc-p-none fail\n"
	    "  remedy dmarc-p-none x\n"
	    "  remedy dmarc-ok x\n",
	    "3: severity dmarc-p-none: not there\n"
	    "4: remedy dmarc-p-none: not there\n"
	    "5: remedy dmarc-ok: there is no remedy\n"
	    "it\n"
	    "  zone a z\n"
	    "  hasnot dmarc-p-none\n"
	    "  hasnot dmarc-p-none\n"
	    "  has dmarc-ok\n" },
	/* The remedy of a finding. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  remedy dmarc-rua-missing " ADD "\n",
	    "" },
	/* Codes that are not there, and some that are. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  has dmarc-ok dmarc-p-none dmarc-p-reject\n"
	    "  # a comment stays\n"
	    "  hasnot dmarc-rua-missing spf-ok\n",
	    "3: not there: dmarc-ok dmarc-p-reject\n"
	    "5: there: dmarc-rua-missing\n"
	    "it\n"
	    "  zone a z\n"
	    "  has dmarc-p-none\n"
	    "  has dmarc-rua-missing\n"
	    "  # a comment stays\n"
	    "  hasnot spf-ok\n"
	    "  hasnot dmarc-ok dmarc-p-reject\n" },
	/* A line that loses all its codes goes. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  has dmarc-ok\n",
	    "3: not there: dmarc-ok\n"
	    "it\n"
	    "  zone a z\n"
	    "  hasnot dmarc-ok\n" },
	/* Without anything to compare with, + is has and - is hasnot. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-ok dmarc-p-none\n"
	    "  - dmarc-rua-missing\n"
	    "  = fail\n",
	    "3: not there: dmarc-ok\n"
	    "4: there: dmarc-rua-missing\n"
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-p-none\n"
	    "  + dmarc-rua-missing\n"
	    "  - dmarc-ok\n"
	    "  = fail\n" },
	/* All codes, in two lines. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  codes dmarc-p-none\n"
	    "  codes dmarc-rua-missing\n",
	    "" },
	/* All codes: one is not there, and many are that are not expected. */
	{ BROKEN, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  codes dmarc-ok dmarc-p-invalid\n"
	    "  = fail\n"
	    "another\n"
	    "  zone a z\n"
	    "  = fail\n",
	    "3: not there: dmarc-ok\n"
	    "3: there, and not expected: dmarc-sp-invalid "
	    "dmarc-pct-invalid dmarc-rf-ri-historic dmarc-tag-typo "
	    "dmarc-adkim-invalid dmarc-fo-invalid dmarc-fo-without-ruf "
	    "dmarc-uri-invalid\n"
	    "it\n"
	    "  zone a z\n"
	    "  codes dmarc-p-invalid\n"
	    "  codes dmarc-sp-invalid dmarc-pct-invalid "
	    "dmarc-rf-ri-historic dmarc-tag-typo\n"
	    "  codes dmarc-adkim-invalid dmarc-fo-invalid "
	    "dmarc-fo-without-ruf\n"
	    "  codes dmarc-uri-invalid\n"
	    "  = fail\n"
	    "another\n"
	    "  zone a z\n"
	    "  = fail\n" },
	/* Codes of proof are compared where they are named. */
	{ REJECT, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  codes dmarc-ok dmarc-p-reject dnssec-secure\n",
	    "3: there, and not expected: dmarc-np-suggest "
	    "dmarc-direct-to-reject\n"
	    "it\n"
	    "  zone a z\n"
	    "  codes dmarc-ok dmarc-p-reject\n"
	    "  codes dmarc-np-suggest dmarc-direct-to-reject\n" },
	/* Against what was before: what comes, and what goes. */
	{ NONE, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-rua-missing dmarc-p-none\n"
	    "  - dmarc-p-reject dmarc-direct-to-reject "
	    "dmarc-np-suggest dmarc-ok\n",
	    "" },
	/* Nothing has changed, and nothing is to. */
	{ REJECT, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  = pass\n",
	    "" },
	/* Some come and go that are not expected, and the other way round. */
	{ NONE, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-rua-missing spf-ok\n"
	    "  - dmarc-p-reject spf-missing\n",
	    "3: does not come: spf-ok\n"
	    "3: comes, and is not expected: dmarc-p-none\n"
	    "4: does not go: spf-missing\n"
	    "4: goes, and is not expected: dmarc-ok dmarc-np-suggest "
	    "dmarc-direct-to-reject\n"
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-rua-missing\n"
	    "  + dmarc-p-none\n"
	    "  - dmarc-p-reject\n"
	    "  - dmarc-ok dmarc-np-suggest dmarc-direct-to-reject\n" },
	/* A code of proof that was to go stays to go. */
	{ NONE, REJECT,
	    "it\n  zone a z\n  + dmarc-rua-missing dmarc-p-none\n"
	    "  - dmarc-p-reject dnssec-secure\n",
	    "4: goes, and is not expected: dmarc-ok dmarc-np-suggest "
	    "dmarc-direct-to-reject\n"
	    "it\n  zone a z\n  + dmarc-rua-missing dmarc-p-none\n"
	    "  - dmarc-p-reject dnssec-secure\n"
	    "  - dmarc-ok dmarc-np-suggest dmarc-direct-to-reject\n" },
	/* They come and go without a line that says so. */
	{ NONE, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  = fail\n"
	    "  has dmarc-p-none\n",
	    "1: comes, and is not expected: dmarc-p-none "
	    "dmarc-rua-missing\n"
	    "1: goes, and is not expected: dmarc-ok dmarc-p-reject "
	    "dmarc-np-suggest dmarc-direct-to-reject\n"
	    "it\n"
	    "  zone a z\n"
	    "  = fail\n"
	    "  + dmarc-p-none dmarc-rua-missing\n"
	    "  - dmarc-ok dmarc-p-reject dmarc-np-suggest "
	    "dmarc-direct-to-reject\n"
	    "  has dmarc-p-none\n" },
	/* The same behind the last line, which has no end. */
	{ NONE, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  has dmarc-p-none",
	    "1: comes, and is not expected: dmarc-p-none "
	    "dmarc-rua-missing\n"
	    "1: goes, and is not expected: dmarc-ok dmarc-p-reject "
	    "dmarc-np-suggest dmarc-direct-to-reject\n"
	    "it\n"
	    "  zone a z\n"
	    "  has dmarc-p-none\n"
	    "  + dmarc-p-none dmarc-rua-missing\n"
	    "  - dmarc-ok dmarc-p-reject dmarc-np-suggest "
	    "dmarc-direct-to-reject\n" },
	/* One that was there before has to be there; of proof likewise. */
	{ REJECT, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-ok dnssec-secure\n",
	    "3: not there: dnssec-secure\n"
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-ok\n" },
	/* One that was there before and has gone. */
	{ NONE, REJECT,
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-rua-missing dmarc-p-none dmarc-ok\n"
	    "  - dmarc-p-reject dmarc-direct-to-reject "
	    "dmarc-np-suggest dmarc-ok\n",
	    "3: not there: dmarc-ok\n"
	    "it\n"
	    "  zone a z\n"
	    "  + dmarc-rua-missing dmarc-p-none\n"
	    "  - dmarc-p-reject dmarc-direct-to-reject "
	    "dmarc-np-suggest dmarc-ok\n" },
	/* Ends of lines stay. */
	{ NONE, NULL,
	    "it\r\n"
	    "  zone a z\r\n"
	    "  = pass\r\n"
	    "  has dmarc-ok dmarc-p-none\r\n",
	    "3: = pass: it is fail\n"
	    "3: " REASON "4: not there: dmarc-ok\n"
	    "it<CR>\n"
	    "  zone a z<CR>\n"
	    "  = fail<CR>\n"
	    "  hasnot dmarc-ok<CR>\n"
	    "  has dmarc-p-none<CR>\n" },
	/* So do the lines around the case. */
	{ NONE, NULL,
	    "# first\n"
	    "\n"
	    "  zone a z\n"
	    "\n"
	    "it\n"
	    "  = warn\n"
	    "\n"
	    "# last\n",
	    "6: = warn: it is fail\n"
	    "6: " REASON "# first\n"
	    "\n"
	    "  zone a z\n"
	    "\n"
	    "it\n"
	    "  = fail\n"
	    "\n"
	    "# last\n" },
	/* A verdict of which nothing is left but a line. */
	{ NONE, NULL,
	    "it\n"
	    "  zone a z\n"
	    "  severity dmarc-ok pass\n",
	    "3: severity dmarc-ok: not there\n"
	    "it\n"
	    "  zone a z\n"
	    "  hasnot dmarc-ok\n" },
	/* Where nothing is left to expect, the verdict is. */
	{ NONE, NONE,
	    "it\n"
	    "  zone a z\n"
	    "  - spf-ok\n",
	    "3: does not go: spf-ok\n"
	    "it\n"
	    "  zone a z\n"
	    "  = fail\n" },
};

static const char *
compare(struct writer *w, struct arena *a, const char *text, int row)
{
	const char *base = compared[row].base, *now;
	struct mailauth_report *r = judged(compared[row].record),
	                       *before = base != NULL ? judged(base) : NULL;
	struct code_set codes =
	    before != NULL ? codes_of(before) : (struct code_set){ { 0 } };
	struct case_found found = { .report = r,
		.base = before != NULL ? &codes : NULL };
	struct comparison diff;
	struct case_file f;

	read_good(&f, a, text);
	comparison_start(&diff, a);
	compare_case(&diff, f.cases, &found);
	now = put_comparison(w, a, &f, &diff);
	mailauth_report_free(r);
	mailauth_report_free(before);
	return now;
}

START_TEST(comparisons)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a), again = arena_writer(&a);
	const char *now = compare(&w, &a, compared[_i].text, _i);

	expect_written(&w, compared[_i].outcome);
	/* What was written instead has no difference any more. */
	compare(&again, &a, now, _i);
	expect_written(&again, "");
	arena_free(&a);
}
END_TEST

/* A word of an evaluation, and what came of it. */
static const struct {
	const char *line, *found, *outcome;
} words[] = {
	{ "spf pass --ip 192.0.2.1", "pass", "" },
	{ "spf pass --ip 192.0.2.1 a.org", "fail",
	    "3: spf pass --ip 192.0.2.1 a.org: it is fail\n"
	    "it\n  zone a z\n  spf fail --ip 192.0.2.1 a.org\n" },
	{ "dmarc   reject  ", "none",
	    "3: dmarc reject: it is none\nit\n  zone a z\n  dmarc none\n" },
};

START_TEST(evaluated)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a), text = arena_writer(&a);
	struct comparison diff;
	struct case_file f;

	put_text(&text, "it\n  zone a z\n  ");
	put_text(&text, words[_i].line);
	put_text(&text, "\n");
	put_char(&text, '\0');
	read_good(&f, &a, text.buf);
	comparison_start(&diff, &a);
	compare_word(&diff, f.cases->lines->next, words[_i].found);
	put_comparison(&w, &a, &f, &diff);
	expect_written(&w, words[_i].outcome);
	arena_free(&a);
}
END_TEST

/* Words with blanks, and texts as people may see them. */
START_TEST(next_word)
{
	struct mailauth_str rest = STR(" a\t\"b c\"d \"\" \"e");
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);

	while (rest.n > 0) {
		put_char(&w, '[');
		put_str(&w, case_next(&rest));
		put_char(&w, ']');
	}
	expect_written(&w, "[a][b c][d][][e]");
	expect_text(suite_plain(&a, STR("a\x1b[31m\xc3\xbc")),
	    "a\\027[31m\\195\\188");
	arena_free(&a);
}
END_TEST

/* Sets of codes. */
START_TEST(sets)
{
	struct code_set one = { { 0 } }, two = { { 0 } }, s;
	struct writer w;
	struct arena a = { NULL, false };
	unsigned last = MAILAUTH_FINDING_COUNT - 1;

	ck_assert(codes_none(&one));
	ck_assert_int_eq(code_find(STR("nonsense")), MAILAUTH_F_NONE);
	ck_assert_int_eq(code_find(STR_NONE), MAILAUTH_F_NONE);
	for (unsigned i = 1; i < MAILAUTH_FINDING_COUNT; i++)
		ck_assert_uint_eq(code_find(str_of(
		                      code_name((enum mailauth_finding_id)i))),
		    i);
	codes_add(&one, MAILAUTH_F_SPF_OK);
	codes_add(&one, last);
	codes_add(&two, last);
	codes_add(&two, MAILAUTH_F_DNSSEC_SECURE);
	s = codes_less(&one, &two);
	ck_assert(codes_have(&s, MAILAUTH_F_SPF_OK) && !codes_have(&s, last));
	s = codes_both(&one, &two);
	ck_assert(codes_have(&s, last) && !codes_have(&s, MAILAUTH_F_SPF_OK));
	s = codes_either(&one, &two);
	s = codes_compared(&s);
	ck_assert(!codes_have(&s, MAILAUTH_F_DNSSEC_SECURE));
	codes_drop(&s, last);
	w = arena_writer(&a);
	put_codes(&w, &s);
	expect_written(&w, " spf-ok");
	codes_drop(&s, MAILAUTH_F_SPF_OK);
	ck_assert(codes_none(&s));
	arena_free(&a);
}
END_TEST

Suite *
suite_suite(void)
{
	Suite *s = suite_create("suite");
	TCase *tc = tcase_create("suite");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, faults, 0, COUNT(faulty));
	tcase_add_loop_test(tc, reading, 0, COUNT(reads));
	tcase_add_test(tc, deep_settings);
	tcase_add_loop_test(tc, zones, 0, COUNT(edits));
	tcase_add_test(tc, zones_of_all);
	tcase_add_loop_test(tc, comparisons, 0, COUNT(compared));
	tcase_add_loop_test(tc, evaluated, 0, COUNT(words));
	tcase_add_test(tc, next_word);
	tcase_add_test(tc, sets);
	suite_add_tcase(s, tc);
	return s;
}
