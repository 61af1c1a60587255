/*
 * cases.c - results of lint as tests: JUnit and TAP
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A test is a name that has a part in mail, or a file with findings that belong
 * to no name. It fails when its findings decide the exit code.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/lint/lint.h"
#include "tools/marks.h"

/* A test. */
struct lint_case {
	const char *zone, *title;
	enum mailauth_result result;
	size_t first, n; /* of its findings */
	const char *follows; /* the cause of all that is wrong is elsewhere: its
	                      * code; or NULL */
};

struct lint_cases {
	struct lint_case *at;
	size_t n, room;
	bool failed; /* memory ran out */
};

static void
add_case(struct lint_cases *cases, const struct lint_case *c)
{
	if (cases->n == cases->room) {
		size_t room = cases->room > 0 ? 2 * cases->room : 64;
		struct lint_case *larger =
		    realloc(cases->at, room * sizeof(*larger));

		if (larger == NULL) {
			cases->failed = true;
			return;
		}
		cases->at = larger;
		cases->room = room;
	}
	cases->at[cases->n++] = *c;
}

/* What findings amount to that are of no name. */
static enum mailauth_result
result_of(const struct lint_run *run, size_t first, size_t n)
{
	enum mailauth_result result = MAILAUTH_RESULT_PASS;
	struct mailauth_lint_finding f;

	for (size_t i = first; i < first + n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (f.ignored != NULL)
			continue;
		if (f.severity == MAILAUTH_FAIL)
			return MAILAUTH_RESULT_FAIL;
		if (f.severity == MAILAUTH_WARN)
			result = MAILAUTH_RESULT_WARN;
	}
	return result;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Findings [from, to) belong to no name: a test for each file. */
static void
add_loose(const struct lint_run *run, struct lint_cases *cases, size_t from,
    size_t to)
{
	struct mailauth_lint_finding f, next;
	size_t end;

	for (; from < to; from = end) {
		mailauth_lint_finding(run->lint, from, &f);
		for (end = from + 1; end < to; end++) {
			mailauth_lint_finding(run->lint, end, &next);
			if (!same_text(f.file, next.file))
				break;
		}
		add_case(cases,
		    &(struct lint_case){ .zone = f.zone,
		        .title = f.file != NULL ? f.file : "zones",
		        .result = result_of(run, from, end - from),
		        .first = from,
		        .n = end - from });
	}
}

static bool
is_good(const struct lint_run *run, const struct lint_case *c)
{
	return exit_of_result(run->options, c->result) == 0;
}

/* A cause is among the findings of the test. */
static bool
has_cause(const struct lint_run *run, const struct lint_case *c)
{
	struct mailauth_lint_finding f;

	for (size_t i = c->first; i < c->first + c->n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (lint_is_told(run, &f))
			return true;
	}
	return false;
}

/* The code of a cause that is elsewhere; NULL: there is no such one. */
static const char *
find_cause(const struct lint_run *run, const struct lint_case *c)
{
	struct mailauth_lint_finding f;

	if (is_good(run, c) || has_cause(run, c))
		return NULL;
	for (size_t i = c->first; i < c->first + c->n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (f.ignored == NULL && f.follows != NULL)
			return f.follows;
	}
	return NULL;
}

/* All tests, in the order of the findings; to be freed. */
static bool
make_cases(const struct lint_run *run, struct lint_cases *cases)
{
	struct mailauth_lint_name name;
	size_t at = 0;

	*cases = (struct lint_cases){ 0 };
	for (size_t i = 0; mailauth_lint_name(run->lint, i, &name); i++) {
		if (name.n > 0) {
			add_loose(run, cases, at, name.first);
			at = name.first + name.n;
		}
		add_case(cases,
		    &(struct lint_case){ .zone = name.zone,
		        .title = name.name,
		        .result = name.result,
		        .first = name.first,
		        .n = name.n });
	}
	add_loose(run, cases, at, mailauth_lint_findings(run->lint));
	for (size_t i = 0; i < cases->n; i++)
		cases->at[i].follows = find_cause(run, &cases->at[i]);
	if (cases->failed) {
		free(cases->at);
		json_lacks();
		/* finish_output() says so. */
		json_is_whole();
	}
	return !cases->failed;
}

/* Print text of a file, in a form. */
static void
put_shown(const char *s, void (*put)(const char *s))
{
	char *shown = text_shown(s);

	if (shown == NULL)
		json_lacks();
	else
		put(shown);
	free(shown);
}

static void
put_place(const struct mailauth_lint_finding *f, void (*put)(const char *s))
{
	if (f->file == NULL)
		return;
	put_shown(f->file, put);
	if (f->line > 0)
		printf(":%u", f->line);
	if (f->line > 0 && f->column > 0)
		printf(":%u", f->column);
	printf(": ");
}

/* JUnit. */

static void
junit_finding(const struct mailauth_lint_finding *f)
{
	printf("\n");
	put_place(f, put_xml);
	printf("%s: ", mailauth_severity_name(f->severity));
	put_xml(f->message);
	printf(" [%s]", f->code);
	if (f->remedy != NULL) {
		printf("\n  ");
		put_xml(f->remedy);
	}
}

static void
junit_findings(const struct lint_run *run, const struct lint_case *c)
{
	struct mailauth_lint_finding f;

	for (size_t i = c->first; i < c->first + c->n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (lint_is_told(run, &f))
			junit_finding(&f);
	}
	if (c->follows != NULL)
		printf("\nthe cause is elsewhere [%s]", c->follows);
	printf("\n");
}

static const char *
junit_element(const struct lint_run *run, const struct lint_case *c)
{
	return is_good(run, c)                     ? "system-out" :
	    c->result == MAILAUTH_RESULT_TEMPERROR ? "error" :
	                                             "failure";
}

static void
junit_case(const struct lint_run *run, const struct lint_case *c)
{
	const char *element = junit_element(run, c);

	printf("    <testcase classname=\"");
	put_xml(c->zone != NULL ? c->zone : "-");
	printf("\" name=\"");
	put_shown(c->title, put_xml);
	printf("\" time=\"0\"");
	if (!has_cause(run, c) && is_good(run, c)) {
		printf("/>\n");
		return;
	}
	printf(">\n      <%s", element);
	if (!is_good(run, c))
		printf(" type=\"%s\" message=\"%s\"",
		    mailauth_result_name(c->result),
		    c->result == MAILAUTH_RESULT_TEMPERROR ?
		        "could not be told" :
		        "has findings");
	printf(">");
	junit_findings(run, c);
	printf("</%s>\n    </testcase>\n", element);
}

static void
junit_counts(const struct lint_run *run, const struct lint_case *from, size_t n,
    double seconds)
{
	struct junit_counts counts = { .tests = n, .seconds = seconds };

	for (size_t i = 0; i < n; i++)
		if (from[i].result == MAILAUTH_RESULT_TEMPERROR)
			counts.errors++;
		else if (!is_good(run, &from[i]))
			counts.failures++;
	put_junit_counts(&counts);
}

void
lint_junit(const struct lint_run *run)
{
	struct lint_cases cases;
	size_t end;

	if (!make_cases(run, &cases))
		return;
	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	       "<testsuites name=\"" PROGRAM " lint\"");
	junit_counts(run, cases.at, cases.n, run->seconds);
	for (size_t i = 0; i < cases.n; i = end) {
		for (end = i + 1; end < cases.n; end++)
			if (!same_text(cases.at[i].zone, cases.at[end].zone))
				break;
		printf("  <testsuite name=\"");
		put_xml(cases.at[i].zone != NULL ? cases.at[i].zone : "-");
		printf("\"");
		junit_counts(run, &cases.at[i], end - i, 0);
		for (size_t k = i; k < end; k++)
			junit_case(run, &cases.at[k]);
		printf("  </testsuite>\n");
	}
	printf("</testsuites>\n");
	free(cases.at);
}

/* TAP. */

static void
tap_finding(const struct mailauth_lint_finding *f)
{
	printf("    - code: %s\n      severity: %s\n", f->code,
	    mailauth_severity_name(f->severity));
	if (f->file != NULL) {
		printf("      file: ");
		put_shown(f->file, put_yaml);
		putchar('\n');
	}
	if (f->line > 0)
		printf("      line: %u\n", f->line);
	if (f->column > 0)
		printf("      column: %u\n", f->column);
	printf("      message: ");
	put_yaml(f->message);
	putchar('\n');
	if (f->remedy != NULL) {
		printf("      remedy: ");
		put_yaml(f->remedy);
		putchar('\n');
	}
}

static void
tap_case(const struct lint_run *run, const struct lint_case *c, size_t number)
{
	struct mailauth_lint_finding f;

	printf("%sok %zu - ", is_good(run, c) ? "" : "not ", number);
	put_shown(c->title, put_tap);
	putchar('\n');
	if (!has_cause(run, c) && is_good(run, c))
		return;
	printf("  ---\n  result: %s\n", mailauth_result_name(c->result));
	if (c->follows != NULL)
		printf("  follows: %s\n", c->follows);
	printf("  findings:%s\n", c->follows != NULL ? " []" : "");
	for (size_t i = c->first; i < c->first + c->n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (lint_is_told(run, &f))
			tap_finding(&f);
	}
	printf("  ...\n");
}

void
lint_tap(const struct lint_run *run)
{
	struct lint_cases cases;

	if (!make_cases(run, &cases))
		return;
	put_tap_head(cases.n);
	for (size_t i = 0; i < cases.n; i++)
		tap_case(run, &cases.at[i], i + 1);
	free(cases.at);
}
