/*
 * text.c - results of lint as text, the way compilers write theirs
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * FILE:LINE:COLUMN: severity: sentence [code], the line with a mark below it,
 * and what to do. A name with findings has a line of its own in front of them.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/lint/lint.h"
#include "tools/marks.h"

/* Columns of a line when those of the terminal are not known, and the fewest
 * that a line of a file is cut to. */
#define COLUMNS     80
#define COLUMNS_MIN 40

static const char *
colour_of(enum mailauth_severity severity)
{
	switch (severity) {
	case MAILAUTH_FAIL: return "\033[31m";
	case MAILAUTH_WARN: return "\033[33m";
	case MAILAUTH_NOTICE: return "\033[36m";
	case MAILAUTH_INFO: return "\033[2m";
	case MAILAUTH_PASS: break;
	}
	return "\033[32m";
}

static void
put_place(const struct mailauth_lint_finding *f)
{
	const char *place = f->file != NULL ? f->file : f->zone;
	char *shown = text_shown(place != NULL ? place : "lint");

	if (shown == NULL)
		json_lacks();
	else
		fputs(shown, stdout);
	free(shown);
	if (f->line > 0)
		printf(":%u", f->line);
	if (f->line > 0 && f->column > 0)
		printf(":%u", f->column);
	printf(": ");
}

/* The next octet begins a character. */
static bool
is_start(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* Print the columns [from, to) of a line, counted from 0. */
static void
put_columns(const char *line, unsigned from, unsigned to)
{
	unsigned at = 0;

	for (; *line != '\0'; line++) {
		at += is_start(*line);
		if (at > from && at <= to)
			putchar(*line == '\t' ? ' ' : *line);
	}
}

static unsigned
count_columns(const char *line, unsigned octets)
{
	unsigned n = 0;

	for (unsigned i = 0; i < octets && line[i] != '\0'; i++)
		n += is_start(line[i]);
	return n;
}

/* Show the line, or of a long one what is around the place, and mark the place
 * below it. */
static void
put_line(const struct mailauth_lint_finding *f)
{
	unsigned width = output_columns(), from = 0, all, at, length;

	if (f->text == NULL || f->line == 0 || f->text[0] == '\0')
		return;
	width = width == 0      ? COLUMNS :
	    width < COLUMNS_MIN ? COLUMNS_MIN :
	                          width;
	width -= 10; /* "NNNNN | ", and one free on each side */
	all = count_columns(f->text, UINT32_MAX);
	at = f->column > 0 ? count_columns(f->text, f->column - 1) : 0;
	length = f->column > 0 ?
	    count_columns(f->text, f->column - 1 + f->length) - at :
	    0;
	if (at + 8 > width)
		from = at - width / 2;
	printf("%5u | %s", f->line, from > 0 ? "..." : "");
	put_columns(f->text, from + (from > 0 ? 3 : 0),
	    all > from + width ? from + width - 3 : all);
	printf("%s\n", all > from + width ? "..." : "");
	if (f->column == 0)
		return;
	printf("      | %*s^", (int)(at - from), "");
	for (unsigned i = 1; i < length && at - from + i < width; i++)
		putchar('~');
	putchar('\n');
}

/* The lines that repair the record. */
static void
put_fix(const char *fix)
{
	while (*fix != '\0') {
		size_t n = strcspn(fix, "\n");
		char *line = strndup(fix, n);
		char *shown = line != NULL ? text_shown(line) : NULL;

		if (shown == NULL)
			json_lacks();
		printf("      + %s\n", shown != NULL ? shown : "");
		free(shown);
		free(line);
		fix += n + (fix[n] != '\0');
	}
}

static void
put_finding(const struct lint_run *run, const struct mailauth_lint_finding *f)
{
	bool colour = output_colour(run->options);

	put_place(f);
	printf("%s%s%s: %s [%s]\n", colour ? colour_of(f->severity) : "",
	    mailauth_severity_name(f->severity), colour ? "\033[0m" : "",
	    f->message, f->code);
	put_line(f);
	if (f->ignored != NULL)
		printf("        does not count: %s\n", f->ignored);
	if (f->remedy != NULL)
		printf("        %s\n", f->remedy);
	if (strstr(f->message, "was not looked up") != NULL)
		printf("        --online looks it up\n");
	if (f->fix != NULL && run->options->verbose)
		put_fix(f->fix);
	else if (f->fix != NULL && strcmp(f->file, "-") != 0)
		printf("        --fix repairs it\n");
}

/* The finding is shown; with --verbose those too that do not count, and those
 * that are consequences of others. */
static bool
is_shown(const struct lint_run *run, const struct mailauth_lint_finding *f)
{
	if (run->options->verbose)
		return f->severity >= lint_level(run);
	return lint_is_told(run, f);
}

/* Print findings [first, first + n), with a head in front of the first. */
static void
put_findings(const struct lint_run *run, const struct mailauth_lint_name *name,
    size_t first, size_t n)
{
	struct mailauth_lint_finding f;
	bool headed = name == NULL;

	for (size_t i = first; i < first + n; i++) {
		mailauth_lint_finding(run->lint, i, &f);
		if (!is_shown(run, &f))
			continue;
		if (!headed)
			printf("%s%s%s%s:\n", name->name,
			    name->role != NULL ? " (" : "",
			    name->role != NULL ? name->role : "",
			    name->role != NULL ? ")" : "");
		headed = true;
		put_finding(run, &f);
	}
	if (!headed && run->options->verbose)
		printf("%s: %s\n", name->name,
		    mailauth_result_name(name->result));
}

static void
put_count(const char *before, size_t n, const char *one, const char *many)
{
	printf("%s%zu %s", before, n, n == 1 ? one : many);
}

static void
put_totals(const struct lint_run *run)
{
	struct lint_counts c;
	struct mailauth_zone zone;
	size_t zones = 0;

	while (mailauth_lint_zone(run->lint, zones, &zone))
		zones++;
	lint_count(run, &c);
	put_count("", zones, "zone", "zones");
	put_count(", ", mailauth_lint_names(run->lint), "mail name",
	    "mail names");
	put_count(": ", c.severity[MAILAUTH_FAIL], "failure", "failures");
	put_count(", ", c.severity[MAILAUTH_WARN], "warning", "warnings");
	if (c.ignored > 0)
		printf(", %zu ignored", c.ignored);
	if (mailauth_lint_result(run->lint) == MAILAUTH_RESULT_TEMPERROR)
		printf("; something could not be told");
	putchar('\n');
}

void
lint_text(const struct lint_run *run)
{
	struct mailauth_lint_name name;
	size_t at = 0;

	for (size_t i = 0; mailauth_lint_name(run->lint, i, &name); i++) {
		if (name.n > 0 && name.first > at)
			put_findings(run, NULL, at, name.first - at);
		put_findings(run, &name, name.first, name.n);
		if (name.n > 0)
			at = name.first + name.n;
	}
	put_findings(run, NULL, at, mailauth_lint_findings(run->lint) - at);
	put_totals(run);
}
