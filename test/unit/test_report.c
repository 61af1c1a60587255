/*
 * test_report.c - reports through the public interface
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "mailauth/mailauth.h"
#include "record/kind.h"
#include "report/report.h"
#include "unit.h"

static struct mailauth_report *
parse(const char *kind, const char *text)
{
	struct mailauth_parse_options how = { .kind = kind };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(mailauth_parse(&how, text, strlen(text), &r, why),
	    MAILAUTH_OK);
	return r;
}

START_TEST(views)
{
	struct mailauth_report *r = parse("spf", "v=spf1 foo ~all");
	const struct mailauth_record_view *v = mailauth_report_record(r, 0);
	const struct mailauth_finding_view *f = mailauth_report_finding(r, 0);

	ck_assert_uint_eq(mailauth_report_records(r), 1);
	ck_assert_str_eq(v->kind, "spf");
	ck_assert_str_eq(v->type, "TXT");
	ck_assert_str_eq(v->text, "v=spf1 foo ~all");
	ck_assert_int_eq(v->verdict, MAILAUTH_INVALID);
	ck_assert_int_eq(v->severity, MAILAUTH_FAIL);
	ck_assert_ptr_null(v->why);
	ck_assert_ptr_eq(mailauth_report_record(r, 0), v);
	ck_assert_ptr_null(mailauth_report_record(r, 1));
	ck_assert_uint_eq(mailauth_report_findings(r), 1);
	ck_assert_str_eq(f->code, "spf-unknown-mechanism");
	ck_assert_int_eq(f->severity, MAILAUTH_FAIL);
	ck_assert_int_eq(f->offset, 7);
	ck_assert_int_eq(f->length, 3);
	ck_assert_ptr_nonnull(strstr(f->message, "\"foo\""));
	ck_assert_ptr_nonnull(f->remedy);
	ck_assert_str_eq(f->reference, "RFC 7208 4.6.1");
	ck_assert_ptr_null(mailauth_report_finding(r, 1));
	ck_assert_int_eq(mailauth_report_result(r), MAILAUTH_RESULT_FAIL);
	mailauth_report_free(r);
	mailauth_report_free(NULL);
}
END_TEST

/* Findings that have a measured value say it. */
static const struct {
	const char *kind, *text;
	size_t repeat; /* of the text in one record */
	size_t nrecords;
	uint32_t ttl;
	const char *code, *detail;
} measured[] = {
	{ "spf", "v=spf1 -all", 1, 2, 300, "spf-multiple-records",
	    "2 records" },
	{ "spf", "v=spf1 a -all", 1, 3, 300, "spf-multiple-records",
	    "3 records" },
	{ "spf", "v=spf1 -all", 1, 1, 59, "dns-ttl-very-low", "59 seconds" },
	{ "spf", "v=spf1 -all", 1, 1, 86401, "dns-ttl-very-high",
	    "86401 seconds" },
	{ "spf", "v=spf1 a a a a a", 29, 1, 300, "spf-record-over-450",
	    "464 octets" },
	{ "spf", "v=spf1 a a a a a", 33, 1, 300, "spf-record-over-512",
	    "528 octets" },
	/* Name, text: 12 + 440. */
	{ "spf", "v=spf1 a a", 44, 1, 300, "txt-rrset-over-450", "452 octets" },
	/* Header, question, record: 12 + 13 + 4 + 12 + 2 + 480. */
	{ "spf", "v=spf1 a a", 48, 1, 300, "txt-rrset-over-512", "523 octets" },
};

/* Write a TXT record with `repeat` times the text. */
static void
put_record(struct writer *w, const char *text, size_t repeat)
{
	char room[1024] = "";
	size_t n = repeat * strlen(text);

	for (size_t i = 0; i < repeat; i++)
		memcpy(room + i * strlen(text), text, strlen(text));
	for (size_t at = 0; at < n; at += 255) {
		size_t part = n - at < 255 ? n - at : 255;

		put_char(w, (char)part);
		put_bytes(w, room + at, part);
	}
}

START_TEST(measures)
{
	struct mailauth_report *r = report_new();
	char room[1024];
	struct writer w = writer_of(room, sizeof(room));
	struct mailauth_rdata rr[4];
	struct mailauth_answer a = { .name = STR("example.com."),
		.rrtype = 16,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
		.ttl = measured[_i].ttl,
		.rr = rr,
		.nrr = measured[_i].nrecords };
	bool found = false;

	put_record(&w, measured[_i].text, measured[_i].repeat);
	for (size_t i = 0; i < a.nrr; i++)
		rr[i] = (struct mailauth_rdata){ (const uint8_t *)w.buf,
			(uint16_t)w.used };
	report_show(r,
	    report_judge(r, kind_named(str_of(measured[_i].kind)), &a,
	        &r->scope));
	for (struct finding *f = r->findings; f != NULL; f = f->next)
		if (strcmp(finding_row(f->finding.id)->code,
		        measured[_i].code) == 0) {
			found = true;
			ck_assert(
			    str_eq(f->detail, str_of(measured[_i].detail)));
		}
	ck_assert_msg(found, "%s", measured[_i].code);
	mailauth_report_free(r);
}
END_TEST

/* What was not looked at comes behind all else, once each, and changes
 * nothing of the result. */
START_TEST(incomplete)
{
	struct mailauth_report *r = parse("spf", "v=spf1 -all");
	struct mailauth_incomplete_view v;
	char *text, *json = mailauth_report_json(r, false);

	ck_assert_ptr_null(strstr(json, "incomplete"));
	free(json);
	report_incomplete(r, STR("DKIM"), "name a selector");
	report_incomplete(r, STR("a.example"), INCOMPLETE_OUTSIDE);
	report_incomplete(r, STR("PTR"), "name a sending host");
	report_incomplete(r, STR("b.example"), INCOMPLETE_OUTSIDE);
	report_incomplete(r, STR("a.example"), INCOMPLETE_OUTSIDE);
	text = mailauth_report_text(r, 0);
	ck_assert_ptr_nonnull(strstr(text,
	    "\n        not checked: DKIM (name a selector), PTR (name a sending "
	    "host)\n"
	    "        not looked up, outside the given zones: a.example, "
	    "b.example\n"));
	free(text);
	json = mailauth_report_json(r, false);
	ck_assert_ptr_nonnull(
	    strstr(json, "{\"what\":\"a.example\",\"why\":\"outside\"}"));
	free(json);
	ck_assert(mailauth_report_incomplete(r, 3, &v));
	ck_assert_str_eq(v.what, "b.example");
	ck_assert_str_eq(v.why, "outside");
	ck_assert(!mailauth_report_incomplete(r, 4, &v));
	ck_assert_int_eq(mailauth_report_result(r), MAILAUTH_RESULT_PASS);
	mailauth_report_free(r);
}
END_TEST

START_TEST(texts)
{
	struct mailauth_report *r = parse(NULL, "v=DMARC1; p=\033none");
	char *json = mailauth_report_json(r, false);
	char *text = mailauth_report_text(r, MAILAUTH_TEXT_COLOUR);
	char *plain = mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE);

	ck_assert_ptr_nonnull(strstr(json, "p=\\\\027none"));
	ck_assert_ptr_null(strchr(json, '\033'));
	ck_assert_ptr_null(strchr(json, '\n'));
	ck_assert_ptr_nonnull(strstr(text, "\033[31m"));
	ck_assert_ptr_null(strstr(text, "\033none"));
	ck_assert_ptr_null(strchr(plain, '\033'));
	free(json);
	free(text);
	free(plain);
	mailauth_report_free(r);
}
END_TEST

START_TEST(refusals)
{
	struct mailauth_parse_options how = { .kind = "nonsense" };
	struct mailauth_report *r = (struct mailauth_report *)&how;
	char why[MAILAUTH_WHY_MAX];
	static char big[70000];

	ck_assert_int_eq(mailauth_parse(&how, "x", 1, &r, why), MAILAUTH_EUSE);
	ck_assert_ptr_null(r);
	ck_assert_uint_gt(strlen(why), 5);
	ck_assert_int_eq(mailauth_parse(NULL, "x", 1, &r, why), MAILAUTH_EUSE);
	ck_assert_int_eq(mailauth_parse(NULL, "", 0, &r, why), MAILAUTH_EUSE);
	memset(big, 'x', sizeof(big));
	how.kind = "spf";
	ck_assert_int_eq(mailauth_parse(&how, big, sizeof(big), &r, why),
	    MAILAUTH_EUSE);
	how.owner = "a..b";
	ck_assert_int_eq(mailauth_parse(&how, "x", 1, &r, why), MAILAUTH_EUSE);
}
END_TEST

START_TEST(lists)
{
	struct mailauth_finding_info f;
	struct mailauth_kind_info k;
	size_t n = 0;

	while (mailauth_finding_at(n, &f))
		n++;
	ck_assert_uint_eq(n, MAILAUTH_FINDING_COUNT - 1);
	for (n = 0; mailauth_kind_at(n, &k); n++)
		ck_assert_uint_gt(strlen(k.title), 1);
	ck_assert_uint_eq(n, MAILAUTH_KIND_COUNT);
	ck_assert_str_eq(mailauth_version(), MAILAUTH_VERSION);
	ck_assert_str_eq(mailauth_outcome_name(MAILAUTH_NODATA), "nodata");
	ck_assert_str_eq(mailauth_dnssec_name(MAILAUTH_DNSSEC_SECURE),
	    "secure");
	ck_assert_str_eq(mailauth_verdict_name(MAILAUTH_TEMPERROR),
	    "temperror");
	ck_assert_str_eq(mailauth_severity_name(MAILAUTH_NOTICE), "notice");
	ck_assert_str_eq(mailauth_result_name(MAILAUTH_RESULT_WARN), "warn");
	ck_assert_str_eq(mailauth_result_name((enum mailauth_result)77), "?");
}
END_TEST

Suite *
suite_report(void)
{
	Suite *s = suite_create("report");
	TCase *tc = tcase_create("report");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, views);
	tcase_add_loop_test(tc, measures, 0,
	    (int)(sizeof(measured) / sizeof(measured[0])));
	tcase_add_test(tc, incomplete);
	tcase_add_test(tc, texts);
	tcase_add_test(tc, refusals);
	tcase_add_test(tc, lists);
	suite_add_tcase(s, tc);
	return s;
}
