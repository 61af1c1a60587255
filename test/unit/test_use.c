/*
 * test_use.c - arguments that cannot be used, in every installed function
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * test/check looks whether each function of the header is here.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "letter.h"

static const char *const null_text[] = { NULL };

/* A status that must be EUSE, with a reason when there is room for one. */
#define REFUSED(call) \
	do { \
		why[0] = '\0'; \
		EXPECT((call) == MAILAUTH_EUSE, "%s", #call); \
		EXPECT(why[0] != '\0' || strstr(#call, "NULL)") != NULL, \
		    "%s: no reason", #call); \
	} while (0)

static long
no_octets(void *arg, void *buf, size_t n)
{
	(void)arg;
	(void)buf;
	(void)n;
	return 0;
}

static void
not_called(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *r, const char *text)
{
	(void)arg;
	(void)index;
	(void)r;
	EXPECT(false, "called with %d: %s", (int)status, text);
}

/* Options of a resolver. */
#define OPTIONS(...) \
	REFUSED(mailauth_resolver_new( \
	    &(const struct mailauth_options){ __VA_ARGS__ }, &r, why))

START_TEST(resolvers)
{
	static const struct mailauth_zone zones[] = { { NULL, "a.zone" },
		{ "a.example", NULL } };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_resolver *r = (struct mailauth_resolver *)why;

	REFUSED(mailauth_resolver_new(NULL, &r, why));
	ck_assert_ptr_null(r);
	REFUSED(mailauth_resolver_new(&(const struct mailauth_options){ 0 },
	    NULL, why));
	REFUSED(mailauth_resolver_new(&(const struct mailauth_options){ 0 }, &r,
	    NULL));
	OPTIONS(.nservers = 1);
	OPTIONS(.servers = null_text, .nservers = 1);
	OPTIONS(.nanchors = 1);
	OPTIONS(.anchors = null_text, .nanchors = 1);
	OPTIONS(.nanchor_files = 1);
	OPTIONS(.anchor_files = null_text, .nanchor_files = 1);
	OPTIONS(.nzones = 1);
	OPTIONS(.zones = &zones[0], .nzones = 1);
	OPTIONS(.zones = &zones[1], .nzones = 1);
	OPTIONS(.timeout = -1);
	OPTIONS(.timeout = (double)NAN);
	OPTIONS(.timeout = (double)INFINITY);
	OPTIONS(.timeout = 1e300);
	mailauth_resolver_free(NULL);
}
END_TEST

/* A check with these members. */
#define CHECK(...) \
	REFUSED(mailauth_check(a.source, \
	    &(const struct mailauth_request){ .domain = "example.com", \
	        __VA_ARGS__ }, \
	    &report, why))

START_TEST(checks)
{
	static const struct mailauth_request q = { .domain = "example.com" };
	static const struct mailauth_key_history history[] = { { NULL, "a", 0 },
		{ "a", NULL, 0 } };
	static const struct mailauth_sender sender = { "a.example", NULL };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *report;
	struct asked a;

	ask_open(&a, "zone example.com.\n", NULL);
	REFUSED(mailauth_check(NULL, &q, &report, why));
	REFUSED(mailauth_check(a.source, NULL, &report, why));
	REFUSED(mailauth_check(a.source, &q, NULL, why));
	REFUSED(mailauth_check(a.source, &q, &report, NULL));
	REFUSED(mailauth_check(a.source,
	    &(const struct mailauth_request){ .helo = "a.example" }, &report,
	    why));
	CHECK(.profile = (enum mailauth_profile)MAILAUTH_PROFILE_COUNT);
	CHECK(.profile = (enum mailauth_profile) - 1);
	CHECK(.role = MAILAUTH_ROLE_ABSENT);
	CHECK(.role = (enum mailauth_role)77);
	CHECK(.only = UINT32_C(1) << 31);
	CHECK(.nselectors = 1);
	CHECK(.selectors = null_text, .nselectors = 1);
	CHECK(.nsenders = 1);
	CHECK(.senders = &sender, .nsenders = 1);
	CHECK(.nhistory = 1);
	CHECK(.history = &history[0], .nhistory = 1);
	CHECK(.history = &history[1], .nhistory = 1);
	CHECK(.dkim_key_len = 1);
	ck_assert_int_eq(mailauth_check_all(NULL, &q, 1, not_called, NULL),
	    MAILAUTH_EUSE);
	ck_assert_int_eq(mailauth_check_all(a.source, NULL, 1, not_called,
	                     NULL),
	    MAILAUTH_EUSE);
	ck_assert_int_eq(mailauth_check_all(a.source, &q, 1, NULL, NULL),
	    MAILAUTH_EUSE);
	ask_close(&a);
}
END_TEST

static const void *
next_never(void *arg, size_t index, bool wait, bool *end)
{
	(void)arg;
	(void)wait;
	(void)end;
	ck_abort_msg("request %zu was asked for", index);
	return NULL;
}

#define STREAM_REFUSED(call) ck_assert_int_eq(call, MAILAUTH_EUSE)

START_TEST(streams)
{
	const struct mailauth_stream good = { next_never, not_called, NULL,
		false };
	struct mailauth_stream bad[2] = { good, good };
	struct asked a;

	bad[0].next = NULL;
	bad[1].done = NULL;
	ask_open(&a, "zone example.com.\n", NULL);
	STREAM_REFUSED(mailauth_check_stream(NULL, &good));
	STREAM_REFUSED(mailauth_check_stream(a.source, NULL));
	STREAM_REFUSED(mailauth_spf_stream(NULL, &good));
	STREAM_REFUSED(mailauth_spf_stream(a.source, NULL));
	STREAM_REFUSED(mailauth_dmarc_stream(NULL, &good));
	STREAM_REFUSED(mailauth_dmarc_stream(a.source, NULL));
	for (size_t i = 0; i < 2; i++) {
		STREAM_REFUSED(mailauth_check_stream(a.source, &bad[i]));
		STREAM_REFUSED(mailauth_spf_stream(a.source, &bad[i]));
		STREAM_REFUSED(mailauth_dmarc_stream(a.source, &bad[i]));
	}
	ask_close(&a);
}
END_TEST

#define SPF(...) \
	REFUSED(mailauth_spf(a.source, \
	    &(const struct mailauth_spf_request){ __VA_ARGS__ }, &report, \
	    why))
#define DMARC(...) \
	REFUSED(mailauth_dmarc(a.source, \
	    &(const struct mailauth_dmarc_request){ __VA_ARGS__ }, &report, \
	    why))
#define MERGE(...) \
	REFUSED(mailauth_spf_merge(a.source, \
	    &(const struct mailauth_merge_request){ __VA_ARGS__ }, &report, \
	    why))

START_TEST(lookups)
{
	static const struct mailauth_spf_request spf = { .helo = "a.example" };
	static const struct mailauth_dmarc_request dmarc = { .from =
		                                                 "a.example" };
	static const struct mailauth_merge_request merge = { .record =
		                                                 "v=spf1" };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *report;
	struct asked a;

	ask_open(&a, "zone example.com.\n", NULL);
	REFUSED(mailauth_spf(NULL, &spf, &report, why));
	REFUSED(mailauth_spf(a.source, NULL, &report, why));
	REFUSED(mailauth_spf(a.source, &spf, NULL, why));
	REFUSED(mailauth_spf(a.source, &spf, &report, NULL));
	SPF(.ip = "192.0.2.1");
	SPF(.helo = "a.example", .ip = "x");
	SPF(.helo = "a.example", .scope = "x");
	SPF(.helo = "a.example", .profile = (enum mailauth_profile)7);
	REFUSED(mailauth_dmarc(NULL, &dmarc, &report, why));
	REFUSED(mailauth_dmarc(a.source, NULL, &report, why));
	REFUSED(mailauth_dmarc(a.source, &dmarc, NULL, why));
	REFUSED(mailauth_dmarc(a.source, &dmarc, &report, NULL));
	DMARC(.from = NULL);
	DMARC(.from = "a.example", .ndkim = 1);
	DMARC(.from = "a.example", .dkim = null_text, .ndkim = 1);
	DMARC(.from = "a.example", .profile = (enum mailauth_profile)7);
	REFUSED(mailauth_spf_merge(NULL, NULL, &report, why));
	REFUSED(mailauth_spf_merge(NULL, &merge, NULL, why));
	REFUSED(mailauth_spf_merge(NULL, &merge, &report, NULL));
	MERGE(.record = NULL);
	MERGE(.record = "v=spf1 -all", .nadd = 1);
	MERGE(.record = "v=spf1 -all", .add = null_text, .nadd = 1);
	MERGE(.record = "v=spf1 -all", .all = 'x');
	MERGE(.record = "v=spf1 -all", .profile = (enum mailauth_profile)7);
	ask_close(&a);
}
END_TEST

#define EXPLAIN(...) \
	REFUSED(mailauth_explain(a.source, \
	    &(const struct mailauth_explain_request){ .message = m, \
	        __VA_ARGS__ }, \
	    &report, why))

START_TEST(messages)
{
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_message *m = NULL;
	struct mailauth_report *report;
	struct asked a;

	ask_open(&a, "zone example.com.\n", NULL);
	REFUSED(mailauth_message_new(NULL, NULL, &m, why));
	REFUSED(mailauth_message_new(no_octets, NULL, NULL, why));
	REFUSED(mailauth_message_new(no_octets, NULL, &m, NULL));
	REFUSED(mailauth_message_new_part(NULL, NULL, 1, &m, why));
	REFUSED(mailauth_message_new_part(no_octets, NULL, 1, NULL, why));
	REFUSED(mailauth_message_new_part(no_octets, NULL, 1, &m, NULL));
	mailauth_message_free(NULL);
	EXPLAIN(.profile = MAILAUTH_PROFILE_GUIDE);
	m = letter_read(str_of("From: a@example.com\n\nx\n"), SIZE_MAX);
	REFUSED(mailauth_explain(NULL,
	    &(const struct mailauth_explain_request){ .message = m }, &report,
	    why));
	REFUSED(mailauth_explain(a.source, NULL, &report, why));
	REFUSED(mailauth_explain(a.source,
	    &(const struct mailauth_explain_request){ .message = m }, NULL,
	    why));
	REFUSED(mailauth_explain(a.source,
	    &(const struct mailauth_explain_request){ .message = m }, &report,
	    NULL));
	EXPLAIN(.nauthserv_ids = 1);
	EXPLAIN(.authserv_ids = null_text, .nauthserv_ids = 1);
	EXPLAIN(.dkim_key_len = 1);
	EXPLAIN(.profile = (enum mailauth_profile)MAILAUTH_PROFILE_COUNT);
	mailauth_message_free(m);
	ask_close(&a);
}
END_TEST

START_TEST(texts)
{
	static const struct mailauth_settings_text unnamed = { .text = "{}",
		.len = 2 };
	static const struct mailauth_settings_text empty = { .name = "x" };
	static const struct mailauth_parse_options
	    how = { .profile = (enum mailauth_profile)MAILAUTH_PROFILE_COUNT },
	    no_kind = { .kind = "x" };
	static const struct mailauth_plan_request nothing = { .ttl = 0 };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_settings *s = NULL;
	struct mailauth_report *report;
	uint8_t *der;
	size_t len;

	REFUSED(mailauth_parse(NULL, NULL, 1, &report, why));
	REFUSED(mailauth_parse(NULL, "v=spf1", 6, NULL, why));
	REFUSED(mailauth_parse(NULL, "v=spf1", 6, &report, NULL));
	REFUSED(mailauth_parse(&how, "v=spf1", 6, &report, why));
	REFUSED(mailauth_parse(&no_kind, "v=spf1", 6, &report, why));
	REFUSED(mailauth_settings_read(NULL, 1, &s, why));
	REFUSED(mailauth_settings_read(null_text, 1, &s, why));
	REFUSED(mailauth_settings_read(null_text, 0, NULL, why));
	REFUSED(mailauth_settings_read(null_text, 0, &s, NULL));
	REFUSED(mailauth_settings_parse(NULL, 1, &s, why));
	REFUSED(mailauth_settings_parse(&unnamed, 1, &s, why));
	REFUSED(mailauth_settings_parse(&empty, 1, &s, why));
	REFUSED(mailauth_settings_parse(&unnamed, 0, NULL, why));
	REFUSED(mailauth_settings_parse(&unnamed, 0, &s, NULL));
	ck_assert_ptr_null(mailauth_settings_domain(NULL, 0));
	ck_assert_ptr_null(mailauth_settings_warning(NULL, 0));
	mailauth_settings_free(NULL);
	REFUSED(mailauth_key_read(NULL, &der, &len, why));
	REFUSED(mailauth_key_read("x", NULL, &len, why));
	REFUSED(mailauth_key_read("x", &der, NULL, why));
	REFUSED(mailauth_key_read("x", &der, &len, NULL));
	REFUSED(mailauth_key_make(NULL, "x", why));
	REFUSED(mailauth_key_make("rsa", NULL, why));
	REFUSED(mailauth_key_make("rsa", "x", NULL));
	REFUSED(mailauth_key_make("dsa", "x", why));
	REFUSED(mailauth_plan(NULL, NULL, &report, why));
	REFUSED(mailauth_plan(NULL, &nothing, &report, why));
	REFUSED(mailauth_plan(NULL, &nothing, NULL, why));
	REFUSED(mailauth_plan(NULL, &nothing, &report, NULL));
}
END_TEST

/* Options of a lint. */
#define LINT(...) \
	REFUSED(mailauth_lint(&(const struct mailauth_options){ __VA_ARGS__ }, \
	    &usual, &l, why))

START_TEST(lints)
{
	static const struct mailauth_zone zones[] = { { "a.example", NULL },
		{ "a b..c", "/dev/null" } };
	static const struct mailauth_options two = { .zones = zones,
		.nzones = 2 };
	static const struct mailauth_lint_request usual,
	    odd = { .profile = MAILAUTH_PROFILE_COUNT }, old = { .nold = 1 },
	    no_file = { .old = zones, .nold = 1 };
	struct mailauth_lint_finding finding;
	struct mailauth_lint_name name;
	struct mailauth_zone zone;
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_lint *l = (struct mailauth_lint *)why;

	REFUSED(mailauth_lint(NULL, &usual, &l, why));
	REFUSED(mailauth_lint(&two, &usual, NULL, why));
	REFUSED(mailauth_lint(&two, &usual, &l, NULL));
	REFUSED(mailauth_lint(&two, &odd, &l, why));
	REFUSED(mailauth_lint(&two, &old, &l, why));
	REFUSED(mailauth_lint(&two, &no_file, &l, why));
	ck_assert_ptr_null(l);
	LINT(.nzones = 0);
	LINT(.nzones = 1);
	LINT(.zones = zones, .nzones = 1);
	LINT(.zones = zones + 1, .nzones = 1);
	ck_assert_ptr_null(l);
	mailauth_lint_free(NULL);
	ck_assert_int_eq(mailauth_lint_result(NULL), MAILAUTH_RESULT_TEMPERROR);
	ck_assert_uint_eq(mailauth_lint_findings(NULL), 0);
	ck_assert_uint_eq(mailauth_lint_names(NULL), 0);
	ck_assert(!mailauth_lint_finding(NULL, 0, &finding));
	ck_assert(!mailauth_lint_name(NULL, 0, &name));
	ck_assert(!mailauth_lint_zone(NULL, 0, &zone));
	mailauth_lint_ignore(NULL, 0, "x");
	ck_assert_int_eq(mailauth_lint(
	                     &(const struct mailauth_options){
	                         .zones =
	                             &(const struct mailauth_zone){ "a.example",
	                                 "/dev/null" },
	                         .nzones = 1 },
	                     NULL, &l, why),
	    MAILAUTH_OK);
	ck_assert(!mailauth_lint_finding(l, 0, NULL));
	ck_assert(!mailauth_lint_finding(l, SIZE_MAX, &finding));
	ck_assert(!mailauth_lint_name(l, 0, NULL));
	ck_assert(!mailauth_lint_name(l, SIZE_MAX, &name));
	ck_assert(!mailauth_lint_zone(l, 0, NULL));
	ck_assert(!mailauth_lint_zone(l, 1, &zone));
	mailauth_lint_ignore(l, SIZE_MAX, "x");
	ck_assert_int_eq(mailauth_lint_result(l), MAILAUTH_RESULT_FAIL);
	mailauth_lint_ignore(l, 0, "x");
	ck_assert_int_eq(mailauth_lint_result(l), MAILAUTH_RESULT_PASS);
	mailauth_lint_free(l);
}
END_TEST

/* Functions give nothing for a report that is NULL, and when there is no room
 * for it. */
START_TEST(reports)
{
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *r;
	struct mailauth_spf_view spf;
	struct mailauth_dmarc_view dmarc;
	struct mailauth_plan_zone zone;
	struct mailauth_cause_view cause;
	struct mailauth_key_history key;

	mailauth_report_free(NULL);
	ck_assert_int_eq(mailauth_report_result(NULL),
	    MAILAUTH_RESULT_TEMPERROR);
	ck_assert_int_eq(mailauth_report_dnssec(NULL),
	    MAILAUTH_DNSSEC_UNCHECKED);
	ck_assert_uint_eq(mailauth_report_records(NULL), 0);
	ck_assert_ptr_null(mailauth_report_record(NULL, 0));
	ck_assert_uint_eq(mailauth_report_findings(NULL), 0);
	ck_assert_ptr_null(mailauth_report_finding(NULL, 0));
	ck_assert(!mailauth_report_spf(NULL, &spf));
	ck_assert_ptr_null(mailauth_report_merged(NULL));
	ck_assert(!mailauth_report_dmarc(NULL, 9989, &dmarc));
	ck_assert(!mailauth_report_plan_zone(NULL, 0, &zone));
	ck_assert(!mailauth_report_cause(NULL, 0, &cause));
	ck_assert_ptr_null(mailauth_report_missing(NULL, 0));
	ck_assert(!mailauth_report_incomplete(NULL, 0, NULL));
	ck_assert_ptr_null(mailauth_report_source(NULL));
	ck_assert(!mailauth_report_key(NULL, 0, &key));
	ck_assert_ptr_null(mailauth_report_json(NULL, false));
	ck_assert_ptr_null(mailauth_report_text(NULL, 0));
	ck_assert_ptr_null(mailauth_report_page(NULL, NULL));
	ck_assert_int_eq(mailauth_parse(NULL, "v=spf1 -all", 11, &r, why),
	    MAILAUTH_OK);
	ck_assert(!mailauth_report_spf(r, NULL));
	ck_assert(!mailauth_report_dmarc(r, 9989, NULL));
	ck_assert(!mailauth_report_plan_zone(r, 0, NULL));
	ck_assert(!mailauth_report_cause(r, 0, NULL));
	ck_assert(!mailauth_report_key(r, 0, NULL));
	ck_assert_ptr_null(mailauth_report_record(r, SIZE_MAX));
	ck_assert_ptr_null(mailauth_report_finding(r, SIZE_MAX));
	mailauth_report_free(r);
}
END_TEST

START_TEST(tables)
{
	struct mailauth_finding_info finding;
	struct mailauth_kind_info kind;
	struct mailauth_library library;
	char name[MAILAUTH_NAME_MAX];

	ck_assert(!mailauth_finding_at(0, NULL));
	ck_assert(!mailauth_finding_at(SIZE_MAX, &finding));
	ck_assert(!mailauth_kind_at(0, NULL));
	ck_assert(!mailauth_kind_at(SIZE_MAX, &kind));
	for (int v = -1; v < 100; v += 100 - 1) {
		mailauth_outcome_name((enum mailauth_outcome)v);
		mailauth_dnssec_name((enum mailauth_dnssec)v);
		mailauth_verdict_name((enum mailauth_verdict)v);
		mailauth_severity_name((enum mailauth_severity)v);
		mailauth_profile_name((enum mailauth_profile)v);
		mailauth_role_name((enum mailauth_role)v);
		mailauth_result_name((enum mailauth_result)v);
		mailauth_spf_result_name((enum mailauth_spf_result)v);
		mailauth_dmarc_state_name((enum mailauth_dmarc_state)v);
		mailauth_dmarc_policy_name((enum mailauth_dmarc_policy)v);
		mailauth_dmarc_result_name((enum mailauth_dmarc_result)v);
	}
	ck_assert_str_eq(mailauth_version(), MAILAUTH_VERSION);
	ck_assert(!mailauth_library_at(0, NULL));
	ck_assert(!mailauth_library_at(SIZE_MAX, &library));
	ck_assert(mailauth_library_at(1, &library) && library.version != NULL);
	ck_assert_int_eq(mailauth_domain_name(NULL, name), MAILAUTH_EUSE);
	ck_assert_int_eq(mailauth_domain_name("a.org", NULL), MAILAUTH_EUSE);
	ck_assert_int_eq(mailauth_domain_name("a..org", name), MAILAUTH_EUSE);
	ck_assert_str_eq(name, "");
	ck_assert_int_eq(mailauth_domain_name("B\xc3\xbc.A.Org.", name),
	    MAILAUTH_OK);
	ck_assert_str_eq(name, "xn--b-eha.a.org");
}
END_TEST

Suite *
suite_use(void)
{
	Suite *s = suite_create("use");
	TCase *tc = tcase_create("use");

	tcase_add_test(tc, resolvers);
	tcase_add_test(tc, checks);
	tcase_add_test(tc, lookups);
	tcase_add_test(tc, streams);
	tcase_add_test(tc, messages);
	tcase_add_test(tc, texts);
	tcase_add_test(tc, lints);
	tcase_add_test(tc, reports);
	tcase_add_test(tc, tables);
	suite_add_tcase(s, tc);
	return s;
}
