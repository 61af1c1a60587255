/*
 * text.c - tests that compare whole texts, and files for them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATHS_MAX 32
#define PATH_SIZE 128

void
expect_text(const char *is, const char *want)
{
	EXPECT(strcmp(is, want) == 0, "it is\n%s\nand not\n%s", is, want);
}

void
expect_written(struct writer *w, const char *want)
{
	put_char(w, '\0');
	EXPECT(!w->full, "memory ran out");
	expect_text(w->buf, want);
}

const char *
quoted(struct arena *a, const char *text)
{
	struct writer w = arena_writer(a);

	for (const char *p = text; *p != '\0'; p++)
		put_char(&w, *p == '\'' ? '"' : *p == '`' ? '\'' : *p);
	put_char(&w, '\0');
	return w.buf;
}

/* `text` is freed. */
static const char *
keep(struct arena *a, char *text)
{
	struct writer w = arena_writer(a);

	EXPECT(text != NULL, "memory ran out");
	put_text(&w, text);
	put_char(&w, '\0');
	free(text);
	return w.buf;
}

const char *
report_text(struct arena *a, struct mailauth_report *r, unsigned flags)
{
	expect_remedies(r);
	return keep(a, mailauth_report_text(r, flags));
}

const char *
report_json(struct arena *a, struct mailauth_report *r)
{
	expect_remedies(r);
	return keep(a, mailauth_report_json(r, false));
}

/* The text has these octets outside of its single quotes. A quote begins behind
 * a blank or at the start, and ends in front of a blank or a mark. */
static bool
says_outside(const char *text, const char *what)
{
	bool quoted = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (!quoted && strncmp(p, what, strlen(what)) == 0)
			return true;
		if (*p != '\'')
			continue;
		quoted = quoted ? strchr(" ,;:.)", p[1]) == NULL :
		                  p == text || strchr(" (", p[-1]) != NULL;
	}
	return false;
}

/* The last word is a name with its final dot: "at _dmarc.example.com.". */
static bool
ends_in_name(const char *text, size_t n)
{
	const char *word = strrchr(text, ' ');

	return word != NULL && text[n - 1] == '.' &&
	    strchr(word, '.') < text + n - 1;
}

void
expect_remedy(const char *code, const char *remedy)
{
	static const char *const never[] = { "?", "...", "\"v=", "\n", "  ",
		"publish this text" };
	size_t n = remedy != NULL ? strlen(remedy) : 0;

	if (n == 0)
		return;
	EXPECT(remedy[0] < 'A' || remedy[0] > 'Z', "%s: %s", code, remedy);
	EXPECT(strchr(".!?, ", remedy[n - 1]) == NULL ||
	        ends_in_name(remedy, n),
	    "%s: %s", code, remedy);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		EXPECT(!says_outside(remedy, never[i]), "%s: %s", code, remedy);
}

/* A cause of a message has whole sentences. */
static void
expect_sentence(const char *code, const char *text)
{
	if (text == NULL)
		return;
	EXPECT(text[0] < 'a' || text[0] > 'z', "%s: %s", code, text);
	EXPECT(text[strlen(text) - 1] == '.', "%s: %s", code, text);
}

void
expect_remedies(struct mailauth_report *r)
{
	struct mailauth_cause_view cause;

	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, i);

		expect_remedy(v->code, v->remedy);
	}
	for (size_t i = 0; mailauth_report_cause(r, i, &cause); i++)
		expect_sentence(cause.cause, cause.remedy);
}

static char folder[PATH_SIZE / 2];
static char paths[PATHS_MAX][PATH_SIZE];
static size_t npaths;

void
folder_open(void)
{
	snprintf(folder, sizeof(folder), "/tmp/mailauth-unit-XXXXXX");
	npaths = 0;
	EXPECT(mkdtemp(folder) != NULL, "there is no folder");
}

const char *
folder_path(const char *name)
{
	char *path = paths[npaths];

	EXPECT(npaths < PATHS_MAX, "too many paths");
	snprintf(path, PATH_SIZE, "%s/%s", folder, name);
	for (size_t i = 0; i < npaths; i++)
		if (strcmp(paths[i], path) == 0)
			return paths[i];
	npaths++;
	return path;
}

const char *
folder_put(const char *name, const char *octets, size_t n)
{
	const char *path;
	FILE *f;

	if (strncmp(name, "sub/", 4) == 0)
		mkdir(folder_path("sub"), 0700);
	path = folder_path(name);
	f = fopen(path, "w");
	EXPECT(f != NULL, "%s cannot be made", path);
	EXPECT(fwrite(octets, 1, n, f) == n, "%s", path);
	EXPECT(fclose(f) == 0, "%s", path);
	return path;
}

void
folder_close(void)
{
	while (npaths > 0)
		remove(paths[--npaths]);
	rmdir(folder);
}
