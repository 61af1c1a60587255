/*
 * test_letter.c - messages as they are read, and whole reports of them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * testdata/messages has reports beside messages: g94.json, g94.txt. A test that
 * fails prints the report as it is now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define NO_FIELD \
	"it is not a message: it does not begin with a header field. Save the " \
	"whole message ('show original', 'save as .eml')"

/* Reading. */

/* Gives the text in one piece; then ends, or does what it should not. */
struct reader {
	const char *text;
	long then;
	unsigned calls;
};

static long
read_then(void *arg, void *buf, size_t size)
{
	struct reader *r = arg;
	size_t n = strlen(r->text);

	ck_assert_uint_le(n, size);
	if (r->calls++ > 0 || n == 0)
		return r->then;
	memcpy(buf, r->text, n);
	return (long)n;
}

static const struct {
	const char *title;
	struct reader reader;
	const char *why;
} unreadable[] = {
	{ "nothing", { "", 0, 0 }, "it is empty" },
	{ "an error at once", { "", -1, 0 }, "it cannot be read" },
	{ "an error in the header", { "From: a@example.com\n", -1, 0 },
	    "it cannot be read" },
	{ "an error in the body", { LETTER, -1, 0 }, "it cannot be read" },
	{ "more than was asked for", { "From: a@example.com\n", 1 << 30, 0 },
	    "it cannot be read" },
	{ "more of the body", { LETTER, 1 << 30, 0 }, "it cannot be read" },
	{ "a body alone", { "\n\nbody\n", 0, 0 }, NO_FIELD },
	{ "a body alone, with CR", { "\r\nno field\r\n", 0, 0 }, NO_FIELD },
	{ "no field", { "no colon here\n\n", 0, 0 }, NO_FIELD },
	{ "octets", { "\x01\x02\xff\xfe:", 0, 0 }, NO_FIELD },
};

static void
not_read_of(int i)
{
	struct reader r = unreadable[i].reader;
	struct mailauth_message *m;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_message_new(read_then, &r, &m, why) == MAILAUTH_EINPUT,
	    "%s", unreadable[i].title);
	ck_assert_ptr_null(m);
	ck_assert_str_eq(why, unreadable[i].why);
	mailauth_message_free(m);
}

START_TEST(not_read)
{
	for (int i = 0; i < COUNT(unreadable); i++)
		not_read_of(i);
}
END_TEST

/* What a request may not say. */
static void
refused_of(int i)
{
	static const struct {
		const char *ip, *mail_from, *why;
	} rows[] = {
		{ "300.1.1.1", NULL, "'300.1.1.1': it is not an IP address" },
		{ "", NULL, "it is not an IP address" },
		{ NULL, "@", "'@': it is not a mail address" },
		{ NULL, "<a@b", "it is not a mail address" },
	};
	struct letter l = { .file = "g94" };
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	struct explained e;

	letter_open(&e, &l, NULL);
	ck_assert_int_eq(mailauth_explain(e.asked.source,
	                     &(const struct mailauth_explain_request){
	                         .message = e.message,
	                         .ip = rows[i].ip,
	                         .mail_from = rows[i].mail_from },
	                     &report, why),
	    MAILAUTH_EUSE);
	ck_assert_ptr_null(report);
	EXPECT(strstr(why, rows[i].why) != NULL, "%s", why);
	letter_close(&e);
}

START_TEST(refused)
{
	for (int i = 0; i < 4; i++)
		refused_of(i);
}
END_TEST

/* A report without what differs between runs. */
static json_t *
report_of(struct mailauth_str octets, size_t step, json_int_t *body)
{
	struct letter l = { .title = "" };
	struct explained e;
	json_t *json;

	letter_open(&e, &l, NULL);
	mailauth_message_free(e.message);
	e.message = letter_read(octets, step);
	letter_ask(&e, &l);
	json = json_incref(e.asked.json);
	*body = json_integer_value(at(json, "body_octets"));
	json_object_del(json, "body_octets");
	json_object_del(json, "seconds");
	json_object_del(json, "time");
	letter_close(&e);
	return json;
}

static struct mailauth_str
with_cr(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '\n')
			put_char(&w, '\r');
		put_char(&w, s.s[i]);
	}
	return writer_str(&w);
}

/* The same in any pieces, and with any ends of lines. */
START_TEST(pieces)
{
	static const char *const files[] = { "g94.eml", "g112.eml", "list.eml",
		"both.eml" };
	static const size_t steps[] = { 1, 7, 100, 1000 };
	struct arena a = { NULL, false };
	struct mailauth_str octets = letter_file(&a, files[_i]);
	struct mailauth_str crlf = with_cr(&a, octets);
	json_int_t n, more;
	json_t *whole = report_of(octets, SIZE_MAX, &n), *other;

	ck_assert_int_gt(n, 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		other = report_of(octets, steps[i], &more);
		EXPECT(json_equal(whole, other) && n == more, "by %zu",
		    steps[i]);
		json_decref(other);
		other = report_of(crlf, steps[i], &more);
		EXPECT(json_equal(whole, other) && more > n, "by %zu, with CR",
		    steps[i]);
		json_decref(other);
	}
	json_decref(whole);
	arena_free(&a);
}
END_TEST

/* Limits. */

/* Explain a text that is made here; its arena is that of `e`. */
static void
open_text(struct explained *e, const struct writer *w)
{
	static const struct letter none = { .title = "" };

	EXPECT(!w->full, "memory ran out");
	mailauth_message_free(e->message);
	e->message = letter_read(writer_str(w), SIZE_MAX);
	letter_ask(e, &none);
}

static struct writer
begin(struct explained *e)
{
	static const struct letter signed_one = { .sign = { { "rsa-2048",
		                                      SIGN } },
		.above = DELIVERED("192.0.2.4") };

	letter_open(e, &signed_one, NULL);
	return arena_writer(&e->arena);
}

static void
put_times(struct writer *w, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_text(w, text);
}

#define PAD \
	"X-Pad: 0123456789012345678901234567890123456789012345678901234567\n"
#define PADS (((size_t)9 << 20) / (sizeof(PAD) - 1))

static void
expect_outcome(const struct explained *e, const char *results,
    const char *causes)
{
	char room[4096];

	letter_results(&e->asked, room, sizeof(room));
	ck_assert_str_eq(room, results);
	letter_causes(&e->asked, room, sizeof(room));
	ck_assert_str_eq(room, causes);
}

static bool
limit_names(const struct explained *e, const char *words)
{
	for (size_t i = 0; i < mailauth_report_findings(e->asked.report); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(e->asked.report, i);

		if (strcmp(f->code, "limit-reached") == 0 &&
		    strstr(f->message, words) != NULL)
			return true;
	}
	return false;
}

/* From may be in what was not read: that is not to have none. */
START_TEST(header_too_long_for_an_author)
{
	struct explained e;
	struct writer w = begin(&e);

	put_times(&w, PAD, PADS);
	put_str(&w, e.octets);
	open_text(&e, &w);
	expect_outcome(&e, "-, -, -", "header-too-long");
	ck_assert(limit_names(&e, "longer than 8 MiB"));
	expect_codes(&e.asked, "dmarc-undecided");
	expect_no_codes(&e.asked,
	    "dmarc-temperror dmarc-multiple-from ar-dkim-pass");
	ck_assert_int_eq(mailauth_report_result(e.asked.report),
	    MAILAUTH_RESULT_TEMPERROR);
	letter_close(&e);
}
END_TEST

/* Not all of the header is known: nothing is said of the signature. */
START_TEST(header_too_long)
{
	struct explained e;
	struct writer w = begin(&e);

	put_str(&w, str_sub(e.octets, 0, e.octets.n - strlen(BODY)));
	put_times(&w, PAD, PADS);
	put_text(&w, BODY);
	open_text(&e, &w);
	expect_outcome(&e, "neutral, pass, pass", "header-too-long passes");
	ck_assert(limit_names(&e, "longer than 8 MiB"));
	ck_assert(json_is_null(at(e.asked.json, "results.dkim.0.body")));
	expect_no_codes(&e.asked,
	    "sig-ok sig-mismatch dmarc-reject-needs-dkim");
	letter_close(&e);
}
END_TEST

static long
read_endless(void *arg, void *buf, size_t size)
{
	char **start = arg, *out = buf;
	size_t n = strlen(*start);

	memset(out, 'x', size);
	memcpy(out, *start, n);
	*start += n;
	return (long)size;
}

/* The first field, or line, does not end. */
static void
one_long_line_of(int i)
{
	char *rows[][2] = {
		{ "X: ", "its header is longer than 8 MiB" },
		{ "", NO_FIELD },
	};
	struct mailauth_message *m;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(mailauth_message_new(read_endless, &rows[i][0], &m,
	                     why),
	    MAILAUTH_EINPUT);
	ck_assert_ptr_null(m);
	ck_assert_str_eq(why, rows[i][1]);
}

START_TEST(one_long_line)
{
	for (int i = 0; i < 2; i++)
		one_long_line_of(i);
}
END_TEST

START_TEST(many_fields)
{
	struct explained e;
	struct writer w = begin(&e);

	put_times(&w, "X: y\n", 10000);
	put_str(&w, e.octets);
	open_text(&e, &w);
	expect_outcome(&e, "pass, pass, pass", "passes");
	ck_assert_int_gt(json_integer_value(at(e.asked.json, "header_fields")),
	    10000);
	expect_no_codes(&e.asked, "limit-reached");
	letter_close(&e);
}
END_TEST

START_TEST(too_many_fields)
{
	struct explained e;
	struct writer w = begin(&e);

	put_str(&w, str_sub(e.octets, 0, e.octets.n - strlen(BODY)));
	put_times(&w, "X: y\n", 20000);
	put_text(&w, BODY);
	open_text(&e, &w);
	expect_outcome(&e, "neutral, pass, pass", "header-too-long passes");
	ck_assert(limit_names(&e, "20000 fields"));
	ck_assert_int_eq(json_integer_value(at(e.asked.json, "header_fields")),
	    20000);
	letter_close(&e);
}
END_TEST

#define BAD_SIG \
	"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s%d; h=from; " \
	"bh=RkU/bHmmvcDFs0D60cYVEWTxawCORkJiVA+cUgDdAWU=; b=AAAA\n"

/* Fifty are looked at, and the others might pass. */
START_TEST(many_signatures)
{
	struct explained e;
	struct writer w = begin(&e);
	char line[256];

	for (int i = 0; i < 60; i++) {
		snprintf(line, sizeof(line), BAD_SIG, _i == 0 ? 1 : i + 2);
		put_text(&w, line);
	}
	put_text(&w, FROM REST BODY);
	open_text(&e, &w);
	ck_assert_int_eq(json_integer_value(at(e.asked.json, "signatures")),
	    60);
	ck_assert_uint_eq(json_array_size(at(e.asked.json, "results.dkim")),
	    50);
	ck_assert(limit_names(&e, "10 of the signatures"));
	ck_assert_str_eq(text_at(e.asked.json, "results.dkim.49.result"),
	    _i == 0 ? "fail" : "permerror");
	ck_assert_str_eq(text_at(e.asked.json, "results.dmarc.result"),
	    "temperror");
	expect_no_codes(&e.asked, "dmarc-reject-needs-dkim dmarc-result-fail");
	/* Five have a sentence of their own. */
	ck_assert_uint_eq(json_array_size(at(e.asked.json, "causes")), 6);
	ck_assert_int_lt(json_integer_value(at(e.asked.json, "queries")), 100);
	letter_close(&e);
}
END_TEST

/* Claims by the thousand, in each shape. */
START_TEST(many_claims)
{
	static const struct {
		const char *before, *each, *behind;
		size_t n;
		const char *where; /* the array that ends */
	} rows[] = {
		{ "Authentication-Results: mx", "; dkim=pass", "\n", 5000,
		    "reported.authentication_results.0.results" },
		{ "Authentication-Results: mx; dkim=pass", " a.b=c", "\n", 5000,
		    "reported.authentication_results.0.results.0.properties" },
		{ "", "Authentication-Results: mx; spf=pass\n", "", 2500,
		    "reported.authentication_results" },
		{ "", "ARC-Seal: i=1; cv=none\n", "", 5000,
		    "reported.arc.seals" },
		{ "", "ARC-Authentication-Results: i=1; mx; spf=pass\n", "",
		    2500, "reported.arc.results" },
	};
	struct explained e;
	struct writer w = begin(&e);

	put_text(&w, rows[_i].before);
	put_times(&w, rows[_i].each, rows[_i].n);
	put_text(&w, rows[_i].behind);
	put_text(&w, FROM REST BODY);
	open_text(&e, &w);
	ck_assert(limit_names(&e, "results that headers claim"));
	EXPECT(json_array_size(at(e.asked.json, rows[_i].where)) >= 2048 &&
	        json_array_size(at(e.asked.json, rows[_i].where)) <= 4096,
	    "%zu", json_array_size(at(e.asked.json, rows[_i].where)));
	letter_close(&e);
}
END_TEST

/* Whole reports. */

static const struct whole {
	struct letter letter;
	unsigned flags;
} wholes[] = {
	{ { .title = "g94", .file = "g94" }, MAILAUTH_TEXT_VERBOSE },
	{ { .title = "g112", .file = "g112", .words = "--ip 198.51.100.7" },
	    0 },
	{ { .title = "list", .file = "list", .key = "rsa-2048" },
	    MAILAUTH_TEXT_COLOUR },
	{ { .title = "g120",
	      .file = "g120",
	      .words = "--ip 192.0.2.4",
	      .zones = "fail _dmarc.example.com.\n" },
	    0 },
};

static void
expect_file(const char *stem, const char *end, const char *text)
{
	struct arena a = { NULL, false };
	struct mailauth_str there;
	char name[64];

	snprintf(name, sizeof(name), "%s.%s", stem, end);
	there = letter_file(&a, name);
	if (!str_eq(there, str_of(text)))
		puts(text);
	EXPECT(str_eq(there, str_of(text)), "%s is as above now", name);
	arena_free(&a);
}

static void
whole_json_of(int i)
{
	const struct letter *l = &wholes[i].letter;
	struct explained e;
	char *text;

	letter_open(&e, l, NULL);
	letter_ask(&e, l);
	json_object_set_new(e.asked.json, "seconds", json_integer(0));
	json_object_set_new(e.asked.json, "time", json_string("now"));
	json_object_set_new(e.asked.json, "version", json_string("0"));
	text = json_dumps(e.asked.json, JSON_INDENT(1));
	expect_file(l->title, "json", text);
	free(text);
	letter_close(&e);
}

START_TEST(whole_json)
{
	for (int i = 0; i < COUNT(wholes); i++)
		whole_json_of(i);
}
END_TEST

/* Without the time that it took. */
static void
whole_text_of(int i)
{
	const struct letter *l = &wholes[i].letter;
	struct explained e;
	char *text, *time;

	letter_open(&e, l, NULL);
	letter_ask(&e, l);
	text = mailauth_report_text(e.asked.report, wholes[i].flags);
	time = strstr(text, " s)\n");
	ck_assert_ptr_nonnull(time);
	while (time[-1] != ' ')
		*--time = '0';
	expect_file(l->title, "txt", text);
	free(text);
	letter_close(&e);
}

START_TEST(whole_text)
{
	for (int i = 0; i < COUNT(wholes); i++)
		whole_text_of(i);
}
END_TEST

/* A message without a single author, and one that nothing is known of. */
START_TEST(text_of_little)
{
	static const struct {
		const char *text, *first;
		const char *lines[4];
	} rows[] = {
		{ "From: news@example.com, b@example.org\n" REST BODY,
		    "message without a usable From: FAIL",
		    { "from      no single author; first news@example.com\n",
		        "dkim      the message has no signature\n" } },
		{ REST BODY, "message without a usable From: FAIL",
		    { "from      no single author\n", "mail from not known\n",
		        "sent by   not known\n",
		        "spf       not tried: no sending address is known" } },
		{ "Return-Path: <>\nAuthentication-Results: mx; none\n"
		  "Authentication-Results: dkim=fail; compauth=fail\n"
		  "ARC-Authentication-Results: i=1; mx; dkim=pass\n" LETTER,
		    "example.com: FAIL",
		    { "mail from <> (Return-Path)\n",
		        "claimed   mx (may be forged) says: nothing was "
		        "checked\n",
		        "claimed   somebody (not trusted) says: dkim=fail, "
		        "compauth=fail\n",
		        "arc       mx said: dkim=pass\n" } },
	};
	const struct letter l = { .text = rows[_i].text };
	struct explained e;
	char *text;

	letter_open(&e, &l, NULL);
	letter_ask(&e, &l);
	text = mailauth_report_text(e.asked.report, MAILAUTH_TEXT_VERBOSE);
	EXPECT(strncmp(text, rows[_i].first, strlen(rows[_i].first)) == 0, "%s",
	    text);
	for (size_t i = 0; i < 4 && rows[_i].lines[i] != NULL; i++)
		EXPECT(strstr(text, rows[_i].lines[i]) != NULL, "no %s in %s",
		    rows[_i].lines[i], text);
	free(text);
	letter_close(&e);
}
END_TEST

/* Octets of the message reach neither the text nor the JSON as they are. */
START_TEST(no_controls)
{
	const struct letter l = {
		.text = "Return-Path: <\x1b[31m@example.com>\n"
		        "Authentication-Results: \x1b[2J; dkim=\x1b "
		        "header.d=\x1b.example; x=\x07\n"
		        "From: \x1b]0;x\x07 <a\x9b@example.com>\n"
		        "DKIM-Signature: v=1; a=\x1b; d=\x1b.com; s=\x1b; "
		        "h=from; bh=; b=\n\n"
	};
	struct explained e;
	char *text;

	letter_open(&e, &l, NULL);
	letter_ask(&e, &l);
	for (unsigned json = 0; json < 2; json++) {
		text = json != 0 ?
		    mailauth_report_json(e.asked.report, false) :
		    mailauth_report_text(e.asked.report, MAILAUTH_TEXT_VERBOSE);
		for (const char *p = text; *p != '\0'; p++)
			EXPECT(is_print(*p) || *p == '\n', "octet %d in %s",
			    (unsigned char)*p, text);
		free(text);
	}
	letter_close(&e);
}
END_TEST

Suite *
suite_letter(void)
{
	Suite *s = suite_create("letter");
	TCase *t = tcase_create("read");

	tcase_add_test(t, not_read);
	tcase_add_test(t, refused);
	tcase_add_loop_test(t, pieces, 0, 4);
	tcase_add_test(t, header_too_long_for_an_author);
	tcase_add_test(t, header_too_long);
	tcase_add_test(t, one_long_line);
	tcase_add_test(t, many_fields);
	tcase_add_test(t, too_many_fields);
	tcase_add_loop_test(t, many_signatures, 0, 2);
	tcase_add_loop_test(t, many_claims, 0, 5);
	tcase_add_test(t, whole_json);
	tcase_add_test(t, whole_text);
	tcase_add_loop_test(t, text_of_little, 0, 3);
	tcase_add_test(t, no_controls);
	suite_add_tcase(s, t);
	return s;
}
