/*
 * ci.c - results of lint for services of continuous integration: workflow
 *     commands of GitHub, code quality of GitLab
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "tools/lint/lint.h"
#include "tools/marks.h"

/* GitHub. */

static const char *
github_command(enum mailauth_severity severity)
{
	return severity == MAILAUTH_FAIL ? "error" :
	    severity == MAILAUTH_WARN    ? "warning" :
	                                   "notice";
}

/* Print the value of a property, or with `data` what is behind the '::'. What
 * would end it is written as in a URI. */
static void
put_github(const char *s, bool data)
{
	for (; *s != '\0'; s++)
		if (*s == '%' || *s == '\r' || *s == '\n' ||
		    (!data && (*s == ':' || *s == ',')))
			printf("%%%02X", (unsigned char)*s);
		else
			putchar(*s);
}

static void
github_place(const struct mailauth_lint_finding *f)
{
	const char *file = f->file;

	while (file[0] == '.' && file[1] == '/')
		file += 2;
	printf("file=");
	put_github(file, false);
	printf(",");
	if (f->line == 0)
		return;
	printf("line=%u,endLine=%u,", f->line, f->line);
	if (f->column == 0)
		return;
	printf("col=%u,", lint_column(f->text, f->column));
	if (f->length > 0)
		printf("endColumn=%u,",
		    lint_column(f->text, f->column + f->length));
}

void
lint_github(const struct lint_run *run)
{
	struct mailauth_lint_finding f;

	for (size_t i = 0; mailauth_lint_finding(run->lint, i, &f); i++) {
		if (!lint_is_told(run, &f))
			continue;
		printf("::%s ", github_command(f.severity));
		if (f.file != NULL)
			github_place(&f);
		printf("title=%s::", f.code);
		if (f.name != NULL) {
			put_github(f.name, true);
			printf(": ");
		}
		put_github(f.message, true);
		if (f.remedy != NULL) {
			put_github("\n", true);
			put_github(f.remedy, true);
		}
		putchar('\n');
	}
}

/* GitLab. */

static const char *
gitlab_severity(enum mailauth_severity severity)
{
	switch (severity) {
	case MAILAUTH_FAIL: return "critical";
	case MAILAUTH_WARN: return "major";
	case MAILAUTH_NOTICE: return "minor";
	case MAILAUTH_INFO:
	case MAILAUTH_PASS: break;
	}
	return "info";
}

static json_t *
gitlab_finding(const struct lint_run *run, size_t i,
    const struct mailauth_lint_finding *f)
{
	const char *path = f->file != NULL ? f->file : "-";
	const char *remedy = f->remedy != NULL ? f->remedy : "";
	char print[LINT_PRINT_ROOM];

	while (path[0] == '.' && path[1] == '/')
		path += 2;
	lint_print_of(run, i, print);
	return json_pack("{s:o, s:s, s:s, s:s, s:{s:o, s:{s:I}}}",
	    "description",
	    json_sprintf("%s%s%s%s%s", f->name != NULL ? f->name : "",
	        f->name != NULL ? ": " : "", f->message,
	        remedy[0] != '\0' ? "; " : "", remedy),
	    "check_name", f->code, "fingerprint", print, "severity",
	    gitlab_severity(f->severity), "location", "path", lint_string(path),
	    "lines", "begin", (json_int_t)(f->line > 0 ? f->line : 1));
}

void
lint_gitlab(const struct lint_run *run)
{
	json_t *all = json_array();
	struct mailauth_lint_finding f;

	for (size_t i = 0; mailauth_lint_finding(run->lint, i, &f); i++)
		if (lint_is_told(run, &f))
			json_array_append_new(all, gitlab_finding(run, i, &f));
	put_json(all, JSON_INDENT(2));
	json_decref(all);
}
