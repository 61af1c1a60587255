/*
 * baseline.c - findings that are known already, and do not count
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A file of JSON: { "schema": ..., "findings": [ { "fingerprint": ...,
 * "zone": ..., "name": ..., "type": ..., "code": ... }, ... ] }. The fingerprint
 * alone is compared; the other members are for people who read the file and the
 * changes to it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "sys/file.h"
#include "sys/tempfile.h"
#include "tools/lint/lint.h"

/* Octets of a baseline at most: more findings than a lint keeps. */
#define BASELINE_MAX ((size_t)1 << 26)

/* Complain of the file: it is no baseline. */
static int
refuse(const char *file, const char *why, int line)
{
	char text[256];

	if (line > 0)
		snprintf(text, sizeof(text),
		    "line %d: it is not a baseline: %.160s", line, why);
	else
		snprintf(text, sizeof(text), "it is not a baseline: %.160s",
		    why);
	complain(file, text);
	return EXIT_INPUT;
}

/* Read the text of a file; an exit code after a complaint, or -1. */
static int
read_text(const char *file, struct arena *a, struct mailauth_str *text)
{
	switch (file_read(file, BASELINE_MAX, a, text)) {
	case FILE_WHOLE: return -1;
	case FILE_LONGER: return refuse(file, "over 64 MB", 0);
	case FILE_NO_MEMORY:
		complain(file, "memory ran out");
		return EXIT_SYSTEM;
	case FILE_NOT_OPENED:
	case FILE_NOT_READ: break;
	}
	complain(file,
	    errno == ENOENT ?
	        "there is no such file; --update-baseline makes it" :
	        strerror(errno));
	return EXIT_INPUT;
}

/* Read a fingerprint; false when the element has none. */
static bool
read_print(const json_t *element, uint64_t *out)
{
	const char *s =
	    json_string_value(json_object_get(element, "fingerprint"));

	if (s == NULL || strlen(s) != LINT_PRINT_ROOM - 1 ||
	    strspn(s, "0123456789abcdef") != LINT_PRINT_ROOM - 1)
		return false;
	*out = strtoull(s, NULL, 16);
	return true;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Let the findings not count whose fingerprints are in the list. */
static void
ignore(struct lint_run *run, const uint64_t *known, size_t n)
{
	struct mailauth_lint_finding f;

	for (size_t i = 0; mailauth_lint_finding(run->lint, i, &f); i++)
		if (f.ignored == NULL &&
		    bsearch(&run->prints[i], known, n, sizeof(*known),
		        by_number) != NULL)
			mailauth_lint_ignore(run->lint, i, LINT_IN_BASELINE);
}

static int
apply(struct lint_run *run, const char *file, const json_t *document)
{
	const json_t *list = json_object_get(document, "findings"), *element;
	const char *schema =
	    json_string_value(json_object_get(document, "schema"));
	uint64_t *known;
	char why[64];
	size_t i;

	if (schema == NULL || strcmp(schema, SCHEMA) != 0)
		return refuse(file, "its member schema is not " SCHEMA, 0);
	if (!json_is_array(list))
		return refuse(file, "it has no list of findings", 0);
	known = calloc(json_array_size(list) + 1, sizeof(*known));
	if (known == NULL) {
		complain(file, "memory ran out");
		return EXIT_SYSTEM;
	}
	json_array_foreach(list, i, element)
	{
		if (read_print(element, &known[i]))
			continue;
		free(known);
		snprintf(why, sizeof(why), "finding %zu has no fingerprint",
		    i + 1);
		return refuse(file, why, 0);
	}
	qsort(known, i, sizeof(*known), by_number);
	ignore(run, known, i);
	free(known);
	return -1;
}

int
lint_baseline_read(struct lint_run *run, const char *file)
{
	struct arena a = { 0 };
	struct mailauth_str text;
	json_error_t error;
	json_t *document;
	int code = read_text(file, &a, &text);

	if (code < 0) {
		document =
		    json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, &error);
		code = document == NULL ? refuse(file, error.text, error.line) :
		                          apply(run, file, document);
		json_decref(document);
	}
	arena_free(&a);
	return code;
}

/* The finding belongs into a baseline: it needs work, and is one that can be
 * told. */
static bool
is_kept(const struct mailauth_lint_finding *f)
{
	struct mailauth_finding_info row;

	return f->ignored == NULL && f->severity >= MAILAUTH_NOTICE &&
	    lint_row(f->code, &row) && strcmp(row.effect, "defers") != 0;
}

static int
compare(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

/* A finding of the file that is written. */
struct line {
	struct mailauth_lint_finding f;
	uint64_t print;
};

static int
by_line(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = compare(x->f.zone, y->f.zone);

	if (order == 0)
		order = compare(x->f.name, y->f.name);
	if (order == 0)
		order = compare(x->f.type, y->f.type);
	if (order == 0)
		order = compare(x->f.code, y->f.code);
	return order != 0 ? order : by_number(&x->print, &y->print);
}

static json_t *
document_of(const struct line *lines, size_t n)
{
	json_t *list = json_array();
	char print[LINT_PRINT_ROOM];

	for (size_t i = 0; i < n; i++) {
		const struct mailauth_lint_finding *f = &lines[i].f;

		lint_print_text(lines[i].print, print);
		json_array_append_new(list,
		    json_pack("{s:s?, s:s?, s:s?, s:s, s:s}", "zone", f->zone,
		        "name", f->name, "type", f->type, "code", f->code,
		        "fingerprint", print));
	}
	return json_pack("{s:s, s:o}", "schema", SCHEMA, "findings", list);
}

/* Put a text in place of the file; EXIT_SYSTEM after a complaint, or -1. */
static int
replace(const char *file, const char *text)
{
	struct replacement r;
	bool good;

	if (!replacement_begin(&r, file)) {
		complain(file, strerror(errno));
		return EXIT_SYSTEM;
	}
	good = fputs(text, r.f) >= 0 && fputc('\n', r.f) != EOF;
	if (replacement_end(&r, good))
		return -1;
	complain(file, strerror(errno));
	return EXIT_SYSTEM;
}

static int
write_lines(const char *file, const struct line *lines, size_t n)
{
	json_t *document = document_of(lines, n);
	char *text = json_dumps(document, JSON_INDENT(2));
	int code;

	json_decref(document);
	if (text == NULL || !json_is_whole()) {
		complain(file, "memory ran out");
		code = EXIT_SYSTEM;
	} else {
		code = replace(file, text);
	}
	free(text);
	return code;
}

int
lint_baseline_write(struct lint_run *run, const char *file)
{
	size_t n = mailauth_lint_findings(run->lint), kept = 0;
	struct line *lines = calloc(n + 1, sizeof(*lines));
	int code;

	if (lines == NULL) {
		complain(file, "memory ran out");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct line *line = &lines[kept];

		mailauth_lint_finding(run->lint, i, &line->f);
		line->print = run->prints[i];
		kept += is_kept(&line->f);
	}
	qsort(lines, kept, sizeof(*lines), by_line);
	code = write_lines(file, lines, kept);
	free(lines);
	for (size_t i = 0; code < 0 && i < n; i++) {
		struct mailauth_lint_finding f;

		mailauth_lint_finding(run->lint, i, &f);
		if (is_kept(&f))
			mailauth_lint_ignore(run->lint, i, LINT_IN_BASELINE);
	}
	return code;
}
