/*
 * tally.c - what came of several domains
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names in one line of the table, and codes. */
#define NAMES_SHOWN 20
#define CODES_SHOWN 5

static void
add_name(struct tally *t, enum mailauth_result result, const char *name)
{
	struct tally_names *names = &t->names[result];
	const char **larger;

	/* Room for 1, 2, 4, 8, ... */
	if ((names->n & (names->n - 1)) == 0) {
		larger = realloc(names->at,
		    (names->n == 0 ? 1 : 2 * names->n) * sizeof(*larger));
		if (larger == NULL) {
			t->failed = true;
			return;
		}
		names->at = larger;
	}
	names->at[names->n++] = name;
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

/* What a user typed may hold anything; a terminal must not see it raw. */
static void
print_name(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 0x20 && *s <= 0x7e)
			putchar(*s);
		else
			printf("\\%03u", (unsigned char)*s);
}

static void
print_names(const struct tally_names *names, const char *what)
{
	for (size_t i = 0; i < names->n && i < NAMES_SHOWN; i++) {
		printf("%s", i == 0 ? what : ", ");
		print_name(names->at[i]);
	}
	if (names->n > NAMES_SHOWN)
		printf(" and %zu more", names->n - NAMES_SHOWN);
	if (names->n > 0)
		putchar('\n');
}

/* Print the codes that most domains have; of equal counts the first row. */
static void
print_codes(const struct tally *t)
{
	size_t last = SIZE_MAX, last_row = 0;

	for (int shown = 0; t->codes != NULL && shown < CODES_SHOWN; shown++) {
		struct mailauth_finding_info info;
		size_t best = MAILAUTH_FINDING_COUNT;

		for (size_t i = 0; i < MAILAUTH_FINDING_COUNT; i++)
			if (t->codes[i] > 0 &&
			    (t->codes[i] < last ||
			        (t->codes[i] == last && i > last_row)) &&
			    (best == MAILAUTH_FINDING_COUNT ||
			        t->codes[i] > t->codes[best]))
				best = i;
		if (best == MAILAUTH_FINDING_COUNT ||
		    !mailauth_finding_at(best, &info)) {
			printf("%s", shown > 0 ? "\n" : "");
			return;
		}
		last = t->codes[best];
		last_row = best;
		printf("%s%s %zu", shown == 0 ? "most frequent: " : ", ",
		    info.code, last);
		if (shown == CODES_SHOWN - 1)
			putchar('\n');
	}
}

void
tally_print(const struct tally *t, double seconds)
{
	static const char *const words[TALLY_RESULTS] = {
		[MAILAUTH_RESULT_PASS] = "pass",
		[MAILAUTH_RESULT_WARN] = "warn",
		[MAILAUTH_RESULT_FAIL] = "fail",
		[MAILAUTH_RESULT_TEMPERROR] = "could not tell",
	};
	size_t n = t->refused;

	for (int i = 0; i < TALLY_RESULTS; i++)
		n += t->names[i].n;
	if (n < 2 || t->failed)
		return;
	printf("\n%zu domains in %.1f s:", n, seconds);
	for (int i = 0; i < TALLY_RESULTS; i++)
		printf("%s %zu %s", i == 0 ? "" : ",", t->names[i].n, words[i]);
	if (t->refused > 0)
		printf(", %zu refused", t->refused);
	putchar('\n');
	print_codes(t);
	print_names(&t->names[MAILAUTH_RESULT_FAIL], "failed: ");
	print_names(&t->names[MAILAUTH_RESULT_TEMPERROR], "could not tell: ");
}

void
tally_free(struct tally *t)
{
	for (int i = 0; i < TALLY_RESULTS; i++)
		free(t->names[i].at);
	free(t->codes);
}
