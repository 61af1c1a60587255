/*
 * tally.c - what came of several domains
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes that the table shows. */
#define CODES_SHOWN 5

const char *const tally_words[TALLY_RESULTS] = {
	[MAILAUTH_RESULT_PASS] = "pass",
	[MAILAUTH_RESULT_WARN] = "warn",
	[MAILAUTH_RESULT_FAIL] = "fail",
	[MAILAUTH_RESULT_TEMPERROR] = "could not tell",
};

static void
add_name(struct tally *t, enum mailauth_result result, const char *name)
{
	struct tally_names *names = &t->names[result];

	if (names->n < TALLY_NAMES) {
		names->at[names->n] = strdup(name);
		t->failed = t->failed || names->at[names->n] == NULL;
	}
	names->n++;
}

/* The row of a finding; behind the last row when the table lacks it. */
static size_t
row_of(const char *code)
{
	struct mailauth_finding_info info;
	size_t i = 0;

	while (mailauth_finding_at(i, &info) && strcmp(info.code, code) != 0)
		i++;
	return i;
}

/* The code that people see for a finding: that of its cause. */
static const char *
shown_code(const struct mailauth_finding_view *v)
{
	return v->follows != NULL ? v->follows : v->code;
}

/* An earlier finding of the report counts for the same code. */
static bool
is_again(struct mailauth_report *r, size_t i)
{
	const char *code = shown_code(mailauth_report_finding(r, i));

	for (size_t k = 0; k < i; k++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, k);

		if (v->severity >= MAILAUTH_WARN &&
		    strcmp(shown_code(v), code) == 0)
			return true;
	}
	return false;
}

static void
add_codes(struct tally *t, struct mailauth_report *r)
{
	const struct mailauth_finding_view *v;

	if (t->codes == NULL)
		t->codes = calloc(MAILAUTH_FINDING_COUNT, sizeof(*t->codes));
	t->failed = t->failed || t->codes == NULL;
	for (size_t i = 0;
	     !t->failed && (v = mailauth_report_finding(r, i)) != NULL; i++)
		if (v->severity >= MAILAUTH_WARN && !is_again(r, i))
			t->codes[row_of(shown_code(v))]++;
}

void
tally_take(struct tally *t, const char *name, struct mailauth_report *report)
{
	if (report == NULL) {
		t->refused++;
		return;
	}
	add_name(t, mailauth_report_result(report), name);
	add_codes(t, report);
}

size_t
tally_count(const struct tally *t)
{
	size_t n = t->refused;

	for (int i = 0; i < TALLY_RESULTS; i++)
		n += t->names[i].n;
	return n;
}

const char *
tally_number(size_t n, char room[TALLY_COUNT_MAX])
{
	char digits[TALLY_COUNT_MAX], *to = room;
	int len = snprintf(digits, sizeof(digits), "%zu", n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return room;
}

/* What a user typed may hold anything; a terminal must not see it raw. */
static void
print_name(const char *s, FILE *to)
{
	for (; *s != '\0'; s++)
		if (*s >= 0x20 && *s <= 0x7e)
			fputc(*s, to);
		else
			fprintf(to, "\\%03u", (unsigned char)*s);
}

static void
print_names(const struct tally_names *names, const char *what, FILE *to)
{
	char count[TALLY_COUNT_MAX];

	for (size_t i = 0; i < names->n && i < TALLY_NAMES; i++) {
		fputs(i == 0 ? what : ", ", to);
		print_name(names->at[i], to);
	}
	if (names->n > TALLY_NAMES)
		fprintf(to, " and %s more",
		    tally_number(names->n - TALLY_NAMES, count));
	if (names->n > 0)
		fputc('\n', to);
}

/* The code that most domains have behind `last` of row `row`; of equal counts
 * the first row. The number of all rows: there is no further one. */
static size_t
next_code(const struct tally *t, size_t last, size_t row)
{
	size_t best = MAILAUTH_FINDING_COUNT;

	for (size_t i = 0; i < MAILAUTH_FINDING_COUNT; i++)
		if (t->codes[i] > 0 &&
		    (t->codes[i] < last || (t->codes[i] == last && i > row)) &&
		    (best == MAILAUTH_FINDING_COUNT ||
		        t->codes[i] > t->codes[best]))
			best = i;
	return best;
}

static void
print_codes(const struct tally *t, FILE *to)
{
	size_t last = SIZE_MAX, row = 0;
	char count[TALLY_COUNT_MAX];
	int shown = 0;

	for (; t->codes != NULL && shown < CODES_SHOWN; shown++) {
		struct mailauth_finding_info info;

		row = next_code(t, last, row);
		if (row == MAILAUTH_FINDING_COUNT ||
		    !mailauth_finding_at(row, &info))
			break;
		last = t->codes[row];
		fprintf(to, "%s%s %s", shown == 0 ? "most frequent: " : ", ",
		    info.code, tally_number(last, count));
	}
	if (shown > 0)
		fputc('\n', to);
}

void
tally_print(const struct tally *t, double seconds, FILE *to)
{
	size_t n = tally_count(t);
	char count[TALLY_COUNT_MAX];

	if (t->failed)
		return;
	fprintf(to, "%s domain%s in %.1f s:", tally_number(n, count),
	    n == 1 ? "" : "s", seconds);
	for (int i = 0; i < TALLY_RESULTS; i++)
		fprintf(to, "%s %s %s", i == 0 ? "" : ",",
		    tally_number(t->names[i].n, count), tally_words[i]);
	if (t->refused > 0)
		fprintf(to, ", %s refused", tally_number(t->refused, count));
	fputc('\n', to);
	print_codes(t, to);
	print_names(&t->names[MAILAUTH_RESULT_FAIL], "failed: ", to);
	print_names(&t->names[MAILAUTH_RESULT_TEMPERROR],
	    "could not tell: ", to);
}

void
tally_free(struct tally *t)
{
	for (int i = 0; i < TALLY_RESULTS; i++)
		for (size_t k = 0; k < TALLY_NAMES; k++)
			free(t->names[i].at[k]);
	free(t->codes);
}
