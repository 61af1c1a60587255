/*
 * test_help.c - the examples of tools/help.def have, or have not, the finding
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * pytest/test_coverage.py looks whether each finding has its row.
 */
#include <string.h>

#include "help_keys.h"
#include "report/report.h"
#include "text.h"

/* Whole keys and lists in place of the short ones. */
#define RSA2048_START \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlspIqRJ94J5sx65TnWQC" \
	"ZRLBiCjRhBl9+sTgkJMYY+frwxeQFQrwBKQKDbYuP4RP34jL2iyfsQBbj0KhNNgV" \
	"6jL48kx+kv2cyojPfOeDOEJWxmD98JgCG0zTqYCBfs1JzK7WtYawp5vOfro1Hsw4"
#define RSA2048_REST \
	"e3IE2Dc58NrmqVX36bhrc7gMCV/g8Yg1ZpDlObP6lhzz4zCJUeluSHCrLaB8R/VJ" \
	"I+Cn0XkpF1SGNjGHD9TdgnpDqjhW/2FyKMgZLfKR0D0OAWW6HOAd8ZZV91ZuefdD" \
	"x0RXxVItQd47SOGRLoKHf/AA4/2pkAmrkY59ZJzA7McWGQ6eNsgO9lF3AEf40ZpP" \
	"iQIDAQAB"
#define RSA2048 RSA2048_START RSA2048_REST
#define MANY_IP4 \
	"ip4:192.0.2.10 ip4:192.0.2.11 ip4:192.0.2.12 ip4:192.0.2.13 " \
	"ip4:192.0.2.14 ip4:192.0.2.15 ip4:192.0.2.16 ip4:192.0.2.17 " \
	"ip4:192.0.2.18 ip4:192.0.2.19 ip4:192.0.2.20 ip4:192.0.2.21 " \
	"ip4:192.0.2.22 ip4:192.0.2.23 ip4:192.0.2.24 ip4:192.0.2.25 "
#define TEN_WORDS  "x x x x x x x x x x "
#define MANY_WORDS TEN_WORDS TEN_WORDS TEN_WORDS TEN_WORDS TEN_WORDS TEN_WORDS
#define RSA1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDl/7ziibQGQoz4BoQRi27h5lCY" \
	"1qPwsVC3xhPRRNTCAmtRD3m1FEJmzlQFc98KGWDBBXOAyP0oqvnB7tOot6ltdTY+" \
	"TqMTag/AkWN++J7tuKmrTDfDa3mdhudi9D2PFmxu2HBewsUiXe8+ue2dcKLDBQOA" \
	"4oujax0OaNKmLZJhlwIDAQAB"

static const struct help {
	const char *code, *why, *wrong, *right;
} rows[] = {
#define HELP(code, why, wrong, right) { code, why, wrong, right },
#include "tools/help.def"
#undef HELP
};

#define NROWS     ((int)(sizeof(rows) / sizeof(rows[0])))
#define LINES_MAX 24

/* An example, judged. */
struct tried {
	const struct mailauth_kind *kind; /* NULL: it is no record */
	const struct mailauth_answer *answer;
	size_t nrecords;
	uint32_t ttl, flags; /* of the answer; ttl 0: not said */
	struct mailauth_str chain[4]; /* targets of aliases */
	size_t nchain;
	bool failed; /* the lookup */
	bool absent; /* the name, or the one that aliases lead to */
	enum mailauth_dnssec dnssec;
	bool has; /* the finding */
	const char *failure; /* the code of one that is a failure; or NULL */
};

static const struct finding_row *
row_of(const char *code)
{
	for (unsigned i = 1; i < MAILAUTH_FINDING_COUNT; i++)
		if (strcmp(finding_row(i)->code, code) == 0)
			return finding_row(i);
	ck_abort_msg("%s: there is no such finding", code);
	return NULL;
}

static void
note(struct tried *t, const struct finding_row *want, unsigned id)
{
	const struct finding_row *row = finding_row(id);

	t->has |= row == want;
	/* A line of several may be of another kind. */
	if (row->severity[0] == MAILAUTH_FAIL && id != MAILAUTH_F_NOT_OF_KIND)
		t->failure = row->code;
}

/* The addresses of the examples are those of documentation. */
static bool
allows_documentation(const struct finding_row *want)
{
	return want != finding_row(MAILAUTH_F_DNS_SPECIAL_USE_ADDRESS);
}

/* Judge the records of several lines, or of none, as those of one name. */
static void
judge_together(struct tried *t, const struct finding_row *want,
    struct mailauth_rdata *rr)
{
	static struct mailauth_scratch scratch;
	static struct mailauth_judgement j;
	struct mailauth_scope scope = { .allow_documentation =
		                            allows_documentation(want) };
	struct mailauth_answer a = *t->answer;

	a.rr = rr;
	a.nrr = t->nrecords;
	a.flags = t->flags;
	a.ttl = t->ttl > 0 ? t->ttl : 300;
	a.chain = t->chain;
	a.nchain = t->nchain;
	a.dnssec = t->dnssec;
	if (t->nrecords == 0)
		a.outcome = t->failed ? MAILAUTH_FAILED :
		    t->absent         ? MAILAUTH_NXDOMAIN :
		                        MAILAUTH_NODATA;
	judge(t->kind, &a, &scope, &scratch, &j);
	for (size_t i = 0; i < j.findings.count; i++)
		note(t, want, j.findings.at[i].id);
}

/* What a comment says of the answer. */
static void
read_comment(struct mailauth_str line, struct tried *t)
{
	if (str_eq(line, STR("; the zone is signed")))
		t->dnssec = MAILAUTH_DNSSEC_SECURE;
	else if (str_eq(line, STR("; the zone is not signed")))
		t->dnssec = MAILAUTH_DNSSEC_INSECURE;
	else if (str_starts(line, STR("; the lookup of ")))
		t->failed = true;
	else if (str_ifind(line, STR(" does not exist")) + 15 == line.n)
		t->absent = true;
	if (str_starts(line, STR("; the lookup of ")) &&
	    str_ifind(line, STR("bogus")) < line.n)
		t->dnssec = MAILAUTH_DNSSEC_BOGUS;
}

/* What a line says of the answer beside its data: a wildcard, a TTL, an alias.
 * Returns whether it is an alias, which has no data. */
static bool
read_conditions(struct mailauth_str line, struct tried *t)
{
	struct mailauth_str owner = str_word(&line), w = str_word(&line);
	uint32_t ttl;

	if (str_istarts(owner, STR("*.")))
		t->flags |= MAILAUTH_ANSWER_WILDCARD;
	if (str_number(w, INT32_MAX, &ttl))
		t->ttl = ttl;
	if (!str_eq(w, STR("CNAME")))
		return false;
	EXPECT(t->nchain < 4, "an example has too many aliases");
	t->chain[t->nchain++] = str_trim(line);
	return true;
}

/* Octets in the form of RFC 3597, \# N HEX; false when the line has none. An
 * example has one such line at most. */
static bool
read_octets(struct mailauth_str line, struct mailauth_rdata *rr)
{
	static uint8_t room[64];
	struct mailauth_str rest = str_from(line, str_ifind(line, STR("\\# ")));
	uint32_t n;

	if (rest.n == 0)
		return false;
	rest = str_from(rest, 3);
	if (!str_number(str_word(&rest), sizeof(room), &n))
		return false;
	rest = str_trim(rest);
	if (rest.n != 2 * (size_t)n)
		return false;
	for (size_t i = 0; i < n; i++)
		room[i] = (uint8_t)(hex_value(rest.s[2 * i]) << 4 |
		    hex_value(rest.s[2 * i + 1]));
	*rr = (struct mailauth_rdata){ room, (uint16_t)n };
	return true;
}

/* Parse one line; NULL when it is no record. */
static struct mailauth_report *
parse_line(struct mailauth_str line, const struct finding_row *want,
    const struct mailauth_kind *kind)
{
	struct mailauth_parse_options how = {
		.kind = kind != NULL ? kind->name : NULL,
		.allow_documentation = allows_documentation(want),
	};
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *r;

	return mailauth_parse(&how, line.s, line.n, &r, why) == MAILAUTH_OK ?
	    r :
	    NULL;
}

/* Try one example; `like` is the other one, or NULL. What is borrowed lives as
 * long as the reports, which are appended to `reports`. */
static struct tried
try(const char *example, const struct finding_row *want,
    const struct tried *like, struct mailauth_report **reports)
{
	struct tried t = { .dnssec = MAILAUTH_DNSSEC_UNCHECKED };
	struct mailauth_rdata rr[LINES_MAX];
	struct mailauth_str rest = str_of(example);
	bool comment = false;

	while (rest.n > 0) {
		struct mailauth_str line =
		    str_sub(rest, 0, str_find(rest, '\n'));
		struct mailauth_report *r;

		rest = str_from(rest, line.n + 1);
		if (line.n > 0 && line.s[0] == ';') {
			comment = true;
			read_comment(line, &t);
			continue;
		}
		EXPECT(t.nrecords < LINES_MAX, "%s: too long", want->code);
		if (read_conditions(line, &t))
			continue;
		if (t.kind != NULL && read_octets(line, &rr[t.nrecords])) {
			t.nrecords++;
			continue;
		}
		r = parse_line(line, want, NULL);
		if (r == NULL && t.kind != NULL)
			r = parse_line(line, want, t.kind);
		if (r == NULL && like != NULL)
			r = parse_line(line, want, like->kind);
		if (r == NULL)
			return (struct tried){ 0 };
		*reports++ = r;
		for (struct finding *f = r->findings; f != NULL; f = f->next)
			note(&t, want, f->finding.id);
		if (t.kind != NULL &&
		    (r->sets->answer->rrtype != t.answer->rrtype ||
		        !str_eq(r->sets->answer->name, t.answer->name)))
			continue;
		t.kind = r->sets->j.kind;
		t.answer = r->sets->answer;
		rr[t.nrecords++] = t.answer->rr[0];
	}
	if (t.nrecords == 0 && comment && like != NULL && like->kind != NULL) {
		t.kind = like->kind;
		t.answer = like->answer;
		judge_together(&t, want, rr);
		t.failure = NULL;
	} else if (t.nrecords > 1 ||
	    (t.kind != NULL &&
	        (t.nchain > 0 || t.ttl + t.flags > 0 ||
	            t.dnssec != MAILAUTH_DNSSEC_UNCHECKED))) {
		judge_together(&t, want, rr);
	}
	return t;
}

static bool
is_good(const struct finding_row *row)
{
	for (unsigned p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
		if (row->severity[p] > MAILAUTH_INFO)
			return false;
	return true;
}

static void
expect_both(const struct help *h, const struct finding_row *row,
    const struct tried *wrong, const struct tried *right)
{
	bool only_right = h->wrong[0] == '\0';

	EXPECT(right->failure == NULL, "%s: the right example has %s", h->code,
	    right->failure);
	if (row->scope != SCOPE_SOURCE && row->scope != SCOPE_RECORD)
		return;
	EXPECT(right->kind != NULL, "%s: the right example is no record: %s",
	    h->code, h->right);
	EXPECT(right->has == only_right,
	    "%s: the right example has the finding, or lacks it: %s", h->code,
	    h->right);
	if (only_right)
		return;
	EXPECT(wrong->kind != NULL, "%s: the wrong example is no record: %s",
	    h->code, h->wrong);
	EXPECT(wrong->has, "%s: the wrong example lacks the finding: %s",
	    h->code, h->wrong);
}

START_TEST(examples)
{
	const struct help *h = &rows[_i];
	const struct finding_row *row = row_of(h->code);
	struct mailauth_report *reports[3 * LINES_MAX] = { NULL };
	struct tried wrong, right;

	ck_assert_str_ne(h->why, "");
	ck_assert_str_ne(h->right, "");
	EXPECT(h->wrong[0] != '\0' || is_good(row),
	    "%s: the wrong example is missing", h->code);
	right = try(h->right, row, NULL, reports);
	wrong = try(h->wrong, row, &right, reports + LINES_MAX);
	if (right.kind == NULL)
		right = try(h->right, row, &wrong, reports + 2 * LINES_MAX);
	expect_both(h, row, &wrong, &right);
	for (size_t i = 0; i < 3 * LINES_MAX; i++)
		mailauth_report_free(reports[i]);
}
END_TEST

/* Those that the code makes are looked at wherever a test has a report. */
START_TEST(form_of_remedies)
{
	struct mailauth_finding_info info;

	for (size_t i = 0; mailauth_finding_at(i, &info); i++)
		expect_remedy(info.code, info.remedy);
}
END_TEST

Suite *
suite_help(void)
{
	Suite *s = suite_create("help");
	TCase *tc = tcase_create("help");

	tcase_add_test(tc, form_of_remedies);
	tcase_add_loop_test(tc, examples, 0, NROWS);
	suite_add_tcase(s, tc);
	return s;
}
