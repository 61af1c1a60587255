/*
 * test_dnssec.c - states, chains, and what could not be told
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Checks of the zones of the guide over a script: N01 to N12, as far as they
 * need no settings and no message; then every question of such a check failing
 * in each way there is. Nothing is said of a record that is not known.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/dname.h"
#include "base/str.h"
#include "record/rrtype.h"
#include "sys/file.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define CHECK \
	"check --allow-documentation --selector altcraft --sender " \
	"mta-1.example.com=192.0.2.4 example.com"
#define KEY "altcraft._domainkey.example.com."

/* The zones of the guide. */
static char *guide;

static void
make_guide(void)
{
	static const char *const names[][2] = {
		{ "example.com", "guide-corrected" },
		{ "2.0.192.in-addr.arpa", "guide-reverse" },
	};
	static struct arena arena;
	struct writer w = arena_writer(&arena);

	for (int i = 0; i < COUNT(names); i++) {
		struct mailauth_str text;
		char path[512];

		snprintf(path, sizeof(path), "%s/testdata/zones/%s.zone",
		    source_dir(), names[i][1]);
		if (file_read(path, SIZE_MAX / 2, &arena, &text) !=
		    FILE_WHOLE) {
			perror(path);
			exit(EXIT_FAILURE);
		}
		put_text(&w, "zone ");
		put_text(&w, names[i][0]);
		put_char(&w, '\n');
		put_str(&w, text);
		put_char(&w, '\n');
	}
	put_char(&w, '\0');
	guide = w.buf;
}

/* The result of a record, by its kind and name: "KIND NAME: MEMBERS". */
static const struct dnssec_case {
	const char *title, *more, *words;
	const char *json, *has, *hasnot;
	const char *kind, *name, *record;
} cases[] = {
	{ "N01 all is secure", "all secure\n",
	    .json = "verdict=pass | dnssec=secure", .has = "dnssec-secure",
	    .hasnot = "dnssec-validation-off", .kind = "spf",
	    .name = "example.com.", .record = "dnssec=secure" },
	{ "N02 a signature is gone", "all secure\nbogus example.com. TXT\n",
	    .json = "verdict=temperror | dnssec=bogus",
	    .has = "dnssec-bogus dnssec-bogus-detail", .hasnot = "spf-missing",
	    .kind = "spf", .name = "example.com.",
	    .record = "verdict=temperror | dnssec=bogus | outcome=failed | "
	              "text=null" },
	{ "N02 and nothing is taken from the others",
	    "all secure\nbogus example.com. TXT\n", .json = "verdict=temperror",
	    .kind = "dmarc", .name = "_dmarc.example.com.",
	    .record = "verdict=valid | dnssec=secure" },
	{ "N03 the policy is forged", "all secure\nbogus _dmarc.example.com.\n",
	    .json = "verdict=temperror", .has = "dnssec-bogus dmarc-temperror",
	    .hasnot = "dmarc-p-none dmarc-missing dmarc-inherited "
	              "bimi-dmarc-missing bimi-dmarc-none bimi-dmarc-ok "
	              "bimi-ok",
	    .kind = "dmarc", .name = "_dmarc.example.com.",
	    .record = "verdict=temperror | dnssec=bogus | text=null" },
	{ "N04 the signatures have expired", "all secure\nbogus *\n",
	    .json = "verdict=temperror",
	    .has = "dnssec-bogus dnssec-bogus-detail",
	    .hasnot = "dmarc-reject-needs-dkim", .kind = "dkim", .name = KEY,
	    .record = "verdict=temperror | dnssec=bogus" },
	{ "N05 the selector is proved absent", "all secure\ndrop " KEY "\n",
	    .json = "dnssec=secure",
	    .has = "dkim-key-missing dnssec-denial-secure", .kind = "dkim",
	    .name = KEY, .record = "verdict=none | dnssec=secure" },
	{ "N05 the denial is forged",
	    "all secure\ndrop " KEY "\nbogus " KEY "\n",
	    .json = "verdict=temperror", .hasnot = "dkim-key-missing",
	    .kind = "dkim", .name = KEY, .record = "verdict=temperror" },
	{ "N06 a child without signatures",
	    "all secure\nzone child.example.com insecure\n"
	    "@ TXT 'v=spf1 -all'\n",
	    .words = "check --allow-documentation child.example.com",
	    .json = "dnssec=insecure", .has = "dnssec-insecure",
	    .hasnot = "dnssec-indeterminate", .kind = "spf",
	    .name = "child.example.com.",
	    .record = "verdict=valid | dnssec=insecure" },
	{ "N06 no anchor for the name",
	    "all secure\nzone other.net indeterminate\n"
	    "@ TXT 'v=spf1 -all'\n",
	    .words = "check --allow-documentation other.net",
	    .json = "dnssec=indeterminate", .has = "dnssec-indeterminate",
	    .hasnot = "dnssec-insecure", .kind = "spf", .name = "other.net.",
	    .record = "dnssec=indeterminate" },
	{ "N07 the target of an include is forged",
	    "all secure\ndrop example.com. TXT\n"
	    "example.com. TXT 'v=spf1 include:spf.example.com -all'\n"
	    "spf.example.com. TXT 'v=spf1 ip4:198.41.0.4 -all'\n"
	    "bogus spf.example.com.\n",
	    .json = "verdict=temperror", .has = "spf-include-target-temperror",
	    .hasnot = "spf-include-target-none", .kind = "spf",
	    .name = "example.com.",
	    .record = "verdict=temperror | dnssec=secure" },
	{ "N10 a draft without an anchor", "",
	    .json = "verdict=pass | dnssec=unchecked",
	    .has = "dnssec-validation-off",
	    .hasnot = "dnssec-secure dnssec-insecure", .kind = "spf",
	    .name = "example.com.", .record = "dnssec=unchecked" },
	{ "N10 nothing is validated, by fault",
	    "validation-off val-permissive-mode is on\n",
	    .json = "verdict=warn | dnssec=unchecked",
	    .has = "dnssec-validation-off", .kind = "spf",
	    .name = "example.com.", .record = "dnssec=unchecked" },
	{ "N10 nothing is validated, as it is wanted", "no-dnssec\n",
	    .json = "verdict=pass | dnssec=unchecked",
	    .has = "dnssec-validation-off", .kind = "spf",
	    .name = "example.com.", .record = "dnssec=unchecked" },
	{ "N11 a secure alias of an insecure name",
	    "all secure\ndrop " KEY "\n" KEY " CNAME key.other.net.\n"
	    "zone other.net insecure\nkey TXT 'v=DKIM1; p="
	    "MCowBQYDK2VwAyEA'\n",
	    .json = "dnssec=insecure", .has = "dnssec-chain-mixed dkim-cname",
	    .kind = "dkim", .name = KEY,
	    .record = "dnssec=insecure | hops.0.name=" KEY
	              " | hops.0.type=CNAME | hops.0.dnssec=secure | "
	              "hops.1.name=key.other.net. | hops.1.type=TXT | "
	              "hops.1.dnssec=insecure | chain.0=key.other.net." },
	{ "a chain with a forged end",
	    "all secure\ndrop " KEY "\n" KEY " CNAME key.example.com.\n"
	    "key.example.com. TXT 'v=DKIM1; p='\nbogus key.example.com.\n",
	    .json = "verdict=temperror", .has = "dnssec-bogus",
	    .hasnot = "dkim-key-missing dkim-revoked dkim-key-ok",
	    .kind = "dkim", .name = KEY, .record = "verdict=temperror" },
	{ "N12 a reverse name is forged",
	    "all secure\nbogus 4.2.0.192.in-addr.arpa.\n",
	    .json = "verdict=temperror", .has = "ptr-temperror dnssec-bogus",
	    .hasnot = "ptr-missing ptr-fcrdns-fail ptr-name-unexpected",
	    .kind = "ptr", .name = "4.2.0.192.in-addr.arpa.",
	    .record = "verdict=temperror" },
	{ "no key fits the DS", "all secure\nbogus *.example.com. no-dnskey\n",
	    .json = "verdict=temperror",
	    .has = "dnssec-bogus dnssec-ds-without-dnskey", .kind = "ptr",
	    .name = "4.2.0.192.in-addr.arpa.", .record = "dnssec=secure" },
	{ "signatures about to expire",
	    "all secure\nsigned example.com. 13 -28 2\n",
	    .json = "verdict=warn", .has = "dnssec-rrsig-expiring",
	    .kind = "spf", .name = "example.com.", .record = "dnssec=secure" },
	{ "signatures that are short-lived and fresh",
	    "all secure\nsigned example.com. 13 -1 4\n", .json = "verdict=pass",
	    .hasnot = "dnssec-rrsig-expiring", .kind = "spf",
	    .name = "example.com.", .record = "dnssec=secure" },
	{ "a weak algorithm",
	    "all secure\nsigned example.com. 5 -1 20\n"
	    "example.com. DNSKEY \\# 12 01010305010301000101ffff\n",
	    .json = "dnssec=secure", .has = "dnssec-weak-algorithm",
	    .kind = "spf", .name = "example.com.", .record = "dnssec=secure" },
};

/* The record of this kind and name. */
static struct asked
record_of(const struct asked *a, const char *kind, const char *name)
{
	const json_t *list = at(a->json, "records");

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *r = json_array_get(list, i);

		if (strcmp(text_at(r, "kind"), kind) == 0 &&
		    strcmp(text_at(r, "name"), name) == 0)
			return (struct asked){ .json = r };
	}
	ck_abort_msg("no record %s %s", kind, name);
	return (struct asked){ .json = NULL };
}

START_TEST(state)
{
	const struct dnssec_case *c = &cases[_i];
	struct asked a, record;

	ask_open(&a, guide, c->more);
	ask(&a, c->words != NULL ? c->words : CHECK);
	expect_json(&a, c->json);
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	record = record_of(&a, c->kind, c->name);
	expect_json(&record, c->record);
	ask_close(&a);
}
END_TEST

/* With everything forged there is no finding on any record at all. */
START_TEST(all_bogus)
{
	static const char *const allowed[] = { "dnssec-bogus",
		"dnssec-bogus-detail", "dmarc-temperror", "ptr-temperror",
		"spf-eval-temperror", "spf-mailfrom-domain-unchecked" };
	struct asked a;

	ask_open(&a, guide, "all secure\nbogus *\n");
	ask(&a, CHECK);
	for (size_t i = 0; i < mailauth_report_findings(a.report); i++) {
		const char *code = mailauth_report_finding(a.report, i)->code;
		bool good = false;

		for (int k = 0; k < COUNT(allowed); k++)
			good = good || strcmp(code, allowed[k]) == 0;
		EXPECT(good, "%s", code);
	}
	for (size_t i = 0; i < json_array_size(at(a.json, "records")); i++) {
		const json_t *r = json_array_get(at(a.json, "records"), i);

		ck_assert_str_eq(text_at(r, "verdict"), "temperror");
		ck_assert_str_eq(text_at(r, "text"), "");
	}
	ask_close(&a);
}
END_TEST

/* Says that something is not there. */
static bool
is_of_absence(const char *code)
{
	size_t n = strlen(code);

	return (n > 8 && strcmp(code + n - 8, "-missing") == 0) ||
	    strstr(code, "-none") != NULL;
}

/* A finding that is there only when a question fails. */
static void
expect_nothing_absent(const struct asked *whole, const struct asked *a,
    const char *what)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;

		EXPECT(!is_of_absence(code) || has_code(whole, code),
		    "%s: %s has come", what, code);
	}
	/* A failed set is a temperror, and so is what hangs on it. */
	for (size_t i = 0; i < json_array_size(at(a->json, "records")); i++) {
		const json_t *r = json_array_get(at(a->json, "records"), i);

		if (strcmp(text_at(r, "outcome"), "failed") == 0)
			EXPECT(strcmp(text_at(r, "verdict"), "temperror") == 0,
			    "%s: %s", what, text_at(r, "name"));
	}
	EXPECT(mailauth_report_result(a->report) ==
	            mailauth_report_result(whole->report) ||
	        mailauth_report_result(a->report) == MAILAUTH_RESULT_TEMPERROR,
	    "%s: %s", what,
	    mailauth_result_name(mailauth_report_result(a->report)));
}

/* One question after the other fails, in one way. */
START_TEST(each_question)
{
	static const char *const faults[] = { "fail %.*s %s servfail\n",
		"fail %.*s %s timeout\n", "fail %.*s %s refused\n",
		"fail %.*s %s lame\n", "bogus %.*s %s\n", "late %.*s %s\n",
		"late %.*s %s 3000\n", "fail %.*s %s truncated\n" };
	const struct question *q;
	struct asked whole, a;
	size_t asked = 0;

	ask_open(&whole, guide, "all secure\n");
	ask(&whole, CHECK);
	for (size_t i = 0;
	     (q = script_question(whole.source->resolver, i)) != NULL; i++) {
		char more[1200] = "all secure\n";

		/* Nobody has the label that is made up for each check. */
		if (dname_first(q->name).n == 16)
			continue;
		asked++;
		snprintf(more + strlen(more), sizeof(more) - strlen(more),
		    faults[_i], (int)q->name.n, q->name.s,
		    rrtype_name(q->rrtype));
		ask_open(&a, guide, more);
		ask(&a, CHECK);
		expect_nothing_absent(&whole, &a, more + 11);
		ask_close(&a);
	}
	ck_assert_uint_ge(asked, 20);
	ask_close(&whole);
}
END_TEST

Suite *
suite_dnssec(void)
{
	Suite *s = suite_create("dnssec");
	TCase *t = tcase_create("checks");

	make_guide();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, state, 0, COUNT(cases));
	tcase_add_test(t, all_bogus);
	tcase_add_loop_test(t, each_question, 0, 8);
	suite_add_tcase(s, t);
	return s;
}
