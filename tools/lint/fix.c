/*
 * fix.c - the repairs of lint, as a unified diff or written into the files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A repair replaces whole lines. All other octets of a file stay as they are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sys/file.h"
#include "sys/tempfile.h"
#include "tools/lint/lint.h"

/* Octets of a file at most: what the library reads. */
#define FILE_MOST ((size_t)1 << 29)
/* Lines around a change that are shown. */
#define CONTEXT 3

/* Lines that are replaced by others. */
struct edit {
	const char *file;
	const char *zone; /* that the file is of; NULL: not known */
	size_t first, last; /* from 1 */
	const char *text; /* without the end of its last line */
	size_t line; /* one that was read, and what was in it */
	const char *old;
};

/* All edits of a run, and one file of them. */
struct fixes {
	struct arena arena;
	struct edit *edits;
	size_t nedits;

	struct mailauth_str *lines; /* with their ends */
	size_t nlines;
	bool crlf; /* lines end so */
};

static int
by_place(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (order != 0)
		return order;
	return x->first < y->first ? -1 : x->first > y->first;
}

/* Collect the repairs; two of one record are the same repair. False when memory
 * ran out. */
static bool
collect(const struct lint_run *run, struct fixes *x)
{
	size_t n = mailauth_lint_findings(run->lint), kept = 0;

	x->edits = arena_alloc(&x->arena, (n + 1) * sizeof(*x->edits));
	if (x->edits == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct mailauth_lint_finding f;

		mailauth_lint_finding(run->lint, i, &f);
		if (f.fix != NULL && f.ignored == NULL && f.file != NULL &&
		    f.fix_first > 0)
			x->edits[x->nedits++] =
			    (struct edit){ f.file, f.zone, f.fix_first,
				    f.fix_last, f.fix, f.line, f.text };
	}
	qsort(x->edits, x->nedits, sizeof(*x->edits), by_place);
	for (size_t i = 0; i < x->nedits; i++) {
		const struct edit *e = &x->edits[i];

		/* Whatever overlaps the one before has to wait for the next
		 * run. */
		if (kept > 0 && strcmp(x->edits[kept - 1].file, e->file) == 0 &&
		    e->first <= x->edits[kept - 1].last)
			continue;
		x->edits[kept++] = *e;
	}
	x->nedits = kept;
	return true;
}

/* Cut the text of a file into lines. */
static bool
cut(struct fixes *x, struct mailauth_str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.s[i] == '\n';
	x->lines = arena_alloc(&x->arena, n * sizeof(*x->lines));
	if (x->lines == NULL)
		return false;
	x->nlines = 0;
	while (text.n > 0) {
		size_t end = str_find(text, '\n');

		end += end < text.n;
		x->lines[x->nlines++] = str_sub(text, 0, end);
		text = str_from(text, end);
	}
	x->crlf = x->nlines > 0 && x->lines[0].n > 1 &&
	    x->lines[0].s[x->lines[0].n - 2] == '\r';
	return true;
}

static int
read_lines(struct fixes *x, const char *file)
{
	struct mailauth_str text;

	switch (file_read(file, FILE_MOST, &x->arena, &text)) {
	case FILE_WHOLE:
		if (cut(x, text))
			return -1;
		/* fallthrough */
	case FILE_NO_MEMORY: complain(file, "memory ran out"); break;
	case FILE_LONGER: complain(file, "it is too large"); break;
	case FILE_NOT_OPENED:
	case FILE_NOT_READ: complain(file, strerror(errno)); return EXIT_INPUT;
	}
	return EXIT_SYSTEM;
}

/* Lines of a text; an empty one has no line. */
static size_t
count_lines(const char *text)
{
	size_t n = text[0] != '\0';

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

/* Write the new lines of an edit, each behind `mark`, ended as the file ends
 * its lines. `open`: the last line of the file has no end, and so it stays. */
static void
put_new(FILE *to, const struct fixes *x, const struct edit *e, const char *mark,
    bool open)
{
	const char *text = e->text, *end = x->crlf ? "\r\n" : "\n";

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		bool last = text[n] == '\0';

		fprintf(to, "%s%.*s%s", mark, (int)n, text,
		    last && open ? "" : end);
		text += n + (last ? 0 : 1);
	}
}

/* An edit reaches the end of a file whose last line has no end. */
static bool
is_open(const struct fixes *x, const struct edit *e)
{
	const struct mailauth_str *last = &x->lines[x->nlines - 1];

	return e->last == x->nlines && last->s[last->n - 1] != '\n';
}

/* A diff. */

#define NO_NEWLINE "\n\\ No newline at end of file\n"

static void
put_old(const struct fixes *x, size_t first, size_t last, char mark)
{
	for (size_t i = first; i <= last; i++) {
		struct mailauth_str line = x->lines[i - 1];

		putchar(mark);
		fwrite(line.s, 1, line.n, stdout);
		if (line.s[line.n - 1] != '\n')
			fputs(NO_NEWLINE, stdout);
	}
}

/* The lines of one hunk: edits [from, to) and what is around them. */
static void
put_hunk(const struct fixes *x, const struct edit *from, const struct edit *to,
    long *shift)
{
	size_t first = from->first > CONTEXT ? from->first - CONTEXT : 1;
	size_t last = to[-1].last + CONTEXT, at = first;
	long more = 0, new;

	if (last > x->nlines)
		last = x->nlines;
	for (const struct edit *e = from; e < to; e++)
		more +=
		    (long)count_lines(e->text) - (long)(e->last - e->first + 1);
	new = (long)(last - first + 1) + more;
	/* Of no lines, the place is the line in front of them. */
	printf("@@ -%zu,%zu +%ld,%ld @@\n", first, last - first + 1,
	    (long)first + *shift - (new == 0), new);
	for (const struct edit *e = from; e < to; e++) {
		put_old(x, at, e->first - 1, ' ');
		put_old(x, e->first, e->last, '-');
		put_new(stdout, x, e, "+", is_open(x, e));
		if (is_open(x, e) && e->text[0] != '\0')
			fputs(NO_NEWLINE, stdout);
		at = e->last + 1;
	}
	put_old(x, at, last, ' ');
	*shift += more;
}

static void
put_diff(const struct fixes *x, const struct edit *from, const struct edit *to)
{
	const char *file = from->file;
	bool relative = file[0] != '/';
	/* A name with blanks ends in a tab, as Git and GNU diff have it. */
	const char *end_of_name = strchr(file, ' ') != NULL ? "\t" : "";
	long shift = 0;

	while (file[0] == '.' && file[1] == '/')
		file += 2;
	printf("--- %s%s%s\n+++ %s%s%s\n", relative ? "a/" : "", file,
	    end_of_name, relative ? "b/" : "", file, end_of_name);
	while (from < to) {
		const struct edit *end = from + 1;

		while (end < to && end->first <= end[-1].last + 2 * CONTEXT + 1)
			end++;
		put_hunk(x, from, end, &shift);
		from = end;
	}
}

/* Files. */

static bool
write_new(FILE *to, const struct fixes *x, const struct edit *from,
    const struct edit *end)
{
	size_t at = 1;

	for (; at <= x->nlines || from < end; from++) {
		size_t next = from < end ? from->first : x->nlines + 1;

		for (; at < next; at++)
			fwrite(x->lines[at - 1].s, 1, x->lines[at - 1].n, to);
		if (from == end)
			break;
		put_new(to, x, from, "", is_open(x, from));
		at = from->last + 1;
	}
	return !ferror(to);
}

static int
write_file(const struct fixes *x, const struct edit *from,
    const struct edit *end)
{
	struct replacement r;
	char what[64];
	bool good;

	if (!replacement_begin(&r, from->file)) {
		complain(from->file, strerror(errno));
		return EXIT_SYSTEM;
	}
	good = write_new(r.f, x, from, end);
	if (!replacement_end(&r, good)) {
		complain(from->file, strerror(errno));
		return EXIT_SYSTEM;
	}
	snprintf(what, sizeof(what), "%zu record%s repaired",
	    (size_t)(end - from), end - from == 1 ? " was" : "s were");
	complain(from->file, what);
	return -1;
}

/* A line is the one that was shown, with '?' for what cannot be shown. */
static bool
is_shown(struct mailauth_str line, const char *shown)
{
	size_t i = 0;

	for (; shown != NULL && shown[i] != '\0'; i++)
		if (i == line.n || (shown[i] != line.s[i] && shown[i] != '?'))
			return false;
	return true;
}

/* The lines of the edits are those that were read. */
static bool
is_same(const struct fixes *x, const struct edit *from, const struct edit *end)
{
	for (; from < end; from++)
		if (from->last > x->nlines || from->line == 0 ||
		    from->line > x->nlines ||
		    !is_shown(x->lines[from->line - 1], from->old))
			return false;
	return true;
}

/* Whether edits are an improvement. */

/* Judge a file as the zone by itself. False after a complaint. */
static bool
count_failures(const struct lint_run *run, const char *path,
    const struct edit *e, size_t *n)
{
	const struct mailauth_zone zone = { e->zone, path };
	const struct mailauth_options source = { .zones = &zone, .nzones = 1 };
	const struct mailauth_lint_request request = {
		.profile = run->options->what.profile,
		.allow_documentation = run->options->what.allow_documentation,
	};
	struct mailauth_lint_finding f;
	struct mailauth_lint *lint;
	char why[MAILAUTH_WHY_MAX];

	if (mailauth_lint(&source, &request, &lint, why) != MAILAUTH_OK) {
		complain(e->file, why);
		return false;
	}
	*n = 0;
	for (size_t i = 0; mailauth_lint_finding(lint, i, &f); i++)
		*n += f.severity == MAILAUTH_FAIL;
	mailauth_lint_free(lint);
	return true;
}

/* The same of the file with edits [from, end) of `all` in it. */
static bool
judge_edits(const struct lint_run *run, const struct fixes *x,
    const struct edit *from, const struct edit *end, const struct edit *all,
    size_t *n)
{
	char path[TEMPFILE_MAX], why[TEMPFILE_MAX + 64];
	FILE *f = tempfile_hidden(path);
	bool good;

	if (f == NULL) {
		tempfile_why(why, sizeof(why));
		complain(all->file, why);
		return false;
	}
	good = write_new(f, x, from, end) && fflush(f) == 0;
	if (!good)
		complain(all->file, strerror(errno));
	good = good && count_failures(run, path, all, n);
	fclose(f);
	tempfile_forget(path);
	return good;
}

/* With the edits, the file has no more failures than without. Other files of
 * the zone are left out of both. */
static bool
is_better(const struct lint_run *run, const struct fixes *x,
    const struct edit *from, const struct edit *end)
{
	size_t before, after;

	if (!judge_edits(run, x, end, end, from, &before) ||
	    !judge_edits(run, x, from, end, from, &after))
		return false;
	if (after > before)
		complain(from->file,
		    "it is left as it is: with its repairs it has more "
		    "failures");
	return after <= before;
}

static int
fix_file(const struct lint_run *run, struct fixes *x, const struct edit *from,
    const struct edit *end, bool write)
{
	int code;

	code = read_lines(x, from->file);
	if (code < 0 && !is_same(x, from, end)) {
		complain(from->file, "it was changed meanwhile");
		code = EXIT_INPUT;
	}
	if (code >= 0)
		return code;
	if (!is_better(run, x, from, end))
		return -1;
	if (write)
		return write_file(x, from, end);
	put_diff(x, from, end);
	return -1;
}

int
lint_fix(const struct lint_run *run, bool write)
{
	struct fixes x = { .nedits = 0 };
	const struct edit *from, *all, *end;
	int code = -1;

	if (!collect(run, &x)) {
		complain("--fix", "memory ran out");
		code = EXIT_SYSTEM;
	}
	if (code < 0 && x.nedits == 0 && !run->options->quiet)
		complain("--fix", "there is nothing to repair");
	all = x.edits + x.nedits;
	for (from = x.edits; code < 0 && from < all; from = end) {
		for (end = from + 1; end < all; end++)
			if (strcmp(from->file, end->file) != 0)
				break;
		code = fix_file(run, &x, from, end, write);
	}
	arena_free(&x.arena);
	return code;
}
