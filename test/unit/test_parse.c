/*
 * test_parse.c - one record given as text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define DIGEST \
	"8cb0fc6c527506a053f4f14c8464bebbd6dede2738d11468dd953d7d6a3021f1"
#define TEN(x) x x x x x x x x x x

/* `line`: "KIND at NAME VERDICT: TEXT"; `parts`: "NAME=VALUE" of tags, or
 * "TERM@OFFSET" of terms, separated by blanks. */
static const struct parse_case {
	const char *kind, *owner, *text, *line;
	const char *parts, *has, *hasnot;
} cases[] = {
	/* What the text is, by itself. */
	{ NULL, NULL,
	    "v=spf1 ip4:198.41.0.4 ?include:x.org a/24//64 "
	    "redirect=y.org -all",
	    .line =
	        "spf at  valid: v=spf1 ip4:198.41.0.4 ?include:x.org a/24//64 "
	        "redirect=y.org -all",
	    .parts = "ip4:198.41.0.4@7 ?include:x.org@22 a/24//64@37 "
	             "redirect=y.org@46 -all@61",
	    .hasnot = "txt-multi-string spf-include-self" },
	{ NULL, NULL, "v=DMARC1; p=reject; RUA=mailto:r@x.org; zz; p=none",
	    .line =
	        "dmarc at  invalid: v=DMARC1; p=reject; RUA=mailto:r@x.org; zz; "
	        "p=none",
	    .parts = "v=DMARC1 p=reject RUA=mailto:r@x.org" },
	{ NULL, NULL, "spf2.0/pra mx -all",
	    .line = "senderid at  valid: spf2.0/pra mx -all" },
	/* By kind and owner. */
	{ "spf", NULL, "hello",
	    .line = "spf at  none: ", .has = "spf-missing" },
	{ NULL, "_DMARC.Example.com", "hello",
	    .line = "dmarc at _dmarc.example.com. none: ",
	    .has = "dmarc-missing" },
	{ NULL, "example.com", "v=spf1 include:example.com -all",
	    .line =
	        "spf at example.com. invalid: v=spf1 include:example.com -all",
	    .has = "spf-include-self" },
	{ NULL, "s._domainkey.example.com",
	    "p=", .line = "dkim at s._domainkey.example.com. invalid: p=",
	    .has = "dkim-revoked" },
	/* A line of a zone. */
	{ NULL, NULL, "example.com. 300 IN TXT \"v=spf1 \" \"-all\"",
	    .line = "spf at example.com. valid: v=spf1 -all",
	    .has = "txt-multi-string" },
	{ NULL, NULL, "example.com. IN 300 SPF \"v=spf1 -all\"",
	    .line = "spf at example.com. valid: v=spf1 -all" },
	{ NULL, NULL, "_dmarc TXT v=DMARC1; p=none",
	    .line = "dmarc at _dmarc. valid: v=DMARC1; p=none" },
	{ NULL, NULL, "example.com. MX 10 mx.example.net.",
	    .line = "mx at example.com. valid: 10 mx.example.net." },
	{ NULL, NULL, "example.com. MX 0 .",
	    .line = "mx at example.com. valid: 0 ." },
	{ NULL, NULL, "mx.example.com. A 198.41.0.4",
	    .line = "address at mx.example.com. valid: 198.41.0.4" },
	{ NULL, NULL, "mx.example.com. AAAA 2001:503:ba3e::2:30",
	    .line = "address at mx.example.com. valid: 2001:503:ba3e::2:30" },
	{ NULL, NULL, "_25._tcp.mx.example.com. TLSA 3 1 1 " DIGEST,
	    .line = "tlsa at _25._tcp.mx.example.com. valid: 3 1 1 " DIGEST },
	{ NULL, NULL, "4.0.41.198.in-addr.arpa. PTR mx.example.com.",
	    .line = "ptr at 4.0.41.198.in-addr.arpa. valid: mx.example.com." },
	{ NULL, NULL, "default._bimi.example.com TXT v=BIMI1; l=; a=",
	    .line = "bimi at default._bimi.example.com. valid: v=BIMI1; l=; a=",
	    .has = "bimi-owner-not-absolute" },
	{ NULL, NULL, "default._bimi.example.com. TXT v=BIMI1; l=; a=",
	    .line = "bimi at default._bimi.example.com. valid: v=BIMI1; l=; a=",
	    .hasnot = "bimi-owner-not-absolute" },
	/* Strings in quotes, and what is none. */
	{ NULL, NULL, "\"v=spf1 exists:%{i}\\\\.x\\.org\\032\\\"\\\" -all\"",
	    .line = "spf at  invalid: v=spf1 exists:%{i}\\\\.x.org \"\" -all" },
	{ NULL, NULL, "\"v=spf1 -all", .line = "spf at  none: " },
	{ NULL, NULL, "\"v=spf1 -all\" x", .line = "spf at  none: " },
	/* A string that is too long for one, and a text that is none yet. */
	{ NULL, NULL,
	    "\"v=spf1 " TEN("ip4:198.41.0.4/32 ")
	        TEN("ip4:198.41.0.4/32 ") "-all\"",
	    .has = "txt-string-over-255 spf-string-over-255" },
	{ NULL, NULL,
	    "v=spf1 " TEN("ip4:198.41.0.4/32 ") TEN("ip4:198.41.0.4/32 ") //
	    "-all",

	    .hasnot = "txt-string-over-255 spf-string-over-255 "
	              "txt-multi-string" },
};

static void
put_parts(char *room, size_t size, const json_t *json)
{
	json_t *tags = json_object_get(json, "tags"), *value;
	const json_t *terms = at(json, "terms");
	const char *name;
	size_t n = 0;

	room[0] = '\0';
	json_object_foreach(tags, name, value) n +=
	    (size_t)snprintf(room + n, size - n, "%s%s=%s", n > 0 ? " " : "",
	        name, json_string_value(value));
	for (size_t i = 0; i < json_array_size(terms); i++) {
		const json_t *t = json_array_get(terms, i);

		n += (size_t)snprintf(room + n, size - n, "%s%s@%d",
		    n > 0 ? " " : "", text_at(t, "term"),
		    (int)json_integer_value(at(t, "offset")));
		/* An escape is longer than what it stands for. */
		if (strchr(text_at(t, "term"), '\\') == NULL)
			ck_assert_int_eq(json_integer_value(at(t, "length")),
			    (int)strlen(text_at(t, "term")));
	}
}

START_TEST(parsed)
{
	const struct parse_case *c = &cases[_i];
	const struct mailauth_parse_options how = { .kind = c->kind,
		.owner = c->owner,
		.allow_documentation = true };
	char why[MAILAUTH_WHY_MAX], line[512];
	struct asked a = { .source = NULL };

	ask_take(&a,
	    mailauth_parse(&how, c->text, strlen(c->text), &a.report, why),
	    why);
	snprintf(line, sizeof(line), "%s at %s %s: %s", text_at(a.json, "kind"),
	    text_at(a.json, "name"), text_at(a.json, "verdict"),
	    text_at(a.json, "text"));
	EXPECT(c->line == NULL || strcmp(line, c->line) == 0, "'%s'", line);
	put_parts(line, sizeof(line), a.json);
	EXPECT(c->parts == NULL || strcmp(line, c->parts) == 0, "'%s'", line);
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	ask_close(&a);
}
END_TEST

static const struct {
	const char *kind, *owner, *text, *why;
} refused[] = {
	{ NULL, NULL, "hello",
	    "it is no mail authentication record that can be told by its text; "
	    "name its kind" },
	{ NULL, NULL, "",
	    "it is no mail authentication record that can be told by its text; "
	    "name its kind" },
	{ NULL, NULL, "x;y TXT hello",
	    "it is no mail authentication record that can be told by its text; "
	    "name its kind" },
	{ "spx", NULL, "v=spf1", "there is no kind of this name" },
	{ NULL, "a..b", "v=spf1", "the owner is no domain name" },
	{ "tlsa", NULL, "3 1 1", "the text is no data of its type" },
	{ "tlsa", NULL, "3 1 256 ab", "the text is no data of its type" },
	{ "mx", NULL, "ten mx.example.net", "the text is no data of its type" },
	{ "address", NULL, "x", "the text is no data of its type" },
	{ NULL, NULL, "_443._tcp.example.com. TLSA 1 1 1 " DIGEST,
	    "it is no mail authentication record that can be told by its text; "
	    "name its kind" },
};

START_TEST(use)
{
	const struct mailauth_parse_options how = { .kind = refused[_i].kind,
		.owner = refused[_i].owner };
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(mailauth_parse(&how, refused[_i].text,
	                     strlen(refused[_i].text), &report, why),
	    MAILAUTH_EUSE);
	EXPECT(strcmp(why, refused[_i].why) == 0, "%s", why);
	ck_assert_ptr_null(report);
}
END_TEST

/* 65,535 octets are the data of a record: the text and a length for each
 * string. */
START_TEST(length)
{
	static const struct {
		size_t n;
		enum mailauth_status status;
	} rows[] = { { 65279, MAILAUTH_OK }, { 65280, MAILAUTH_EUSE },
		{ 65536, MAILAUTH_EUSE } };
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX], *text = malloc(rows[_i].n);

	memset(text, ' ', rows[_i].n);
	memcpy(text, "v=spf1", 6);
	ck_assert_int_eq(mailauth_parse(NULL, text, rows[_i].n, &report, why),
	    rows[_i].status);
	ck_assert_str_eq(why,
	    rows[_i].status == MAILAUTH_OK ?
	        "" :
	        "the text is longer than a DNS record");
	mailauth_report_free(report);
	free(text);
}
END_TEST

Suite *
suite_parse(void)
{
	Suite *s = suite_create("parse");
	TCase *t = tcase_create("texts");

	tcase_add_loop_test(t, parsed, 0, COUNT(cases));
	tcase_add_loop_test(t, use, 0, COUNT(refused));
	tcase_add_loop_test(t, length, 0, 3);
	suite_add_tcase(s, t);
	return s;
}
