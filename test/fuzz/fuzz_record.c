/*
 * fuzz_record.c - a whole record, from the wire to the printed report
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects the kind and how to read the rest: as the text of a
 * record, or as user input.
 */
#include <jansson.h>

#include "fuzz.h"
#include "judge/verdict.h"
#include "mailauth/mailauth.h"
#include "record/findings.h"
#include "record/kind.h"

#define TYPED 0x80u
#define SPLIT 0x40u

static struct mailauth_scratch scratch[2];

/* The text as RDATA, in strings of at most `each` octets. */
static struct mailauth_rdata
rdata_of(struct mailauth_str text, size_t each, uint8_t *room)
{
	size_t used = 0, i = 0;

	do {
		size_t n = text.n - i < each ? text.n - i : each;

		room[used++] = (uint8_t)n;
		if (n > 0)
			memcpy(room + used, text.s + i, n);
		used += n;
		i += n;
	} while (i < text.n);
	return (struct mailauth_rdata){ room, (uint16_t)used };
}

static bool
is_of_strings(unsigned id)
{
	return id == MAILAUTH_F_TXT_MULTI_STRING ||
	    id == MAILAUTH_F_TXT_JOIN_SPACE_LOST;
}

/* The findings except those on strings, which alone depend on where a text is
 * split. */
static struct mailauth_findings
without_strings(const struct mailauth_findings *log)
{
	struct mailauth_findings out = { 0 };

	for (size_t i = 0; i < log->count; i++)
		if (!is_of_strings(log->at[i].id))
			out.at[out.count++] = log->at[i];
	return out;
}

static void
judge_text(const struct mailauth_kind *k, struct mailauth_str text, bool split)
{
	static uint8_t room[2][65536 * 2];
	struct mailauth_scope scope = { .profile = MAILAUTH_PROFILE_GUIDE };
	struct mailauth_judgement j[2];
	struct mailauth_findings log[2];
	struct findings_sum sum;

	for (int i = 0; i < 2; i++) {
		struct mailauth_rdata rr = rdata_of(text,
		    i == 0    ? 255 :
		        split ? 1 :
		                100,
		    room[i]);
		struct mailauth_answer a = { .name = STR("a.example."),
			.rrtype = RRTYPE_TXT,
			.outcome = MAILAUTH_FOUND,
			.dnssec = MAILAUTH_DNSSEC_SECURE,
			.ttl = 300,
			.rr = &rr,
			.nrr = 1 };

		/* The sizes on the wire depend on the split: skip them. */
		scope.plain = true;
		judge(k, &a, &scope, &scratch[i], &j[i]);
		MUST(j[i].verdict != MAILAUTH_TEMPERROR);
		MUST((j[i].verdict == MAILAUTH_NONE) == (j[i].matches == 0));
		MUST(j[i].matches <= 1);
		MUST(are_placed(&j[i].findings, text.n));
		sum = findings_sum(&j[i].findings, MAILAUTH_PROFILE_RFC);
		MUST((j[i].verdict == MAILAUTH_VALID) ==
		    (j[i].matches == 1 &&
		        !(k->forgiving ? sum.voids : sum.breaks)));
		log[i] = without_strings(&j[i].findings);
	}
	MUST(j[0].verdict == j[1].verdict);
	if (j[0].findings.dropped == 0 && j[1].findings.dropped == 0)
		MUST(are_same(&log[0], &log[1]));
}

static void
check_printed(const char *s)
{
	MUST(s != NULL);
	for (; *s != '\0'; s++)
		MUST(is_print(*s) || *s == '\n');
}

static void
typed(const struct mailauth_kind *k, struct mailauth_str text)
{
	struct mailauth_parse_options how = { .kind = k->name };
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	json_error_t error;
	json_t *root;
	char *out;

	if (mailauth_parse(&how, text.s, text.n, &report, why) != MAILAUTH_OK) {
		MUST(why[0] != '\0' && strchr(why, '\n') == NULL);
		return;
	}
	out = mailauth_report_json(report, false);
	check_printed(out);
	root = json_loads(out, JSON_REJECT_DUPLICATES, &error);
	MUST(root != NULL);
	json_decref(root);
	free(out);
	out = mailauth_report_text(report, MAILAUTH_TEXT_VERBOSE);
	check_printed(out);
	free(out);
	for (size_t i = 0; i < mailauth_report_findings(report); i++)
		MUST(mailauth_report_finding(report, i) != NULL);
	mailauth_report_free(report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mailauth_kind *k;
	struct mailauth_str text;

	if (size < 1 || size > 32768)
		return 0;
	k = kind_at(data[0] % MAILAUTH_KIND_COUNT);
	text = (struct mailauth_str){ (const char *)data + 1, size - 1 };
	if (data[0] & TYPED)
		typed(k, text);
	else if (k->pick != NULL)
		judge_text(k, text, (data[0] & SPLIT) != 0);
	return 0;
}
