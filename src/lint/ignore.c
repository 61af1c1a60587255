/*
 * ignore.c - comments that let findings not count
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * "; mailauth-ignore: CODE, CODE" behind a record or in it is about this
 * record; in a line of its own, it is about the next one.
 */
#include <stdlib.h>

#include "lint/lint.h"
#include "record/findings.h"

#define MARK STR("mailauth-ignore:")
/* Octets of a word that a finding shows. */
#define SHOWN_MAX 60

/* A comment. */
struct excuse {
	const struct lint_file *file;
	uint32_t line; /* of the comment */
	uint32_t about; /* the line that it is about */
	struct mailauth_str codes;
};

/* All comments, in the order of files and lines. */
struct excuses {
	struct mailauth_lint *lint;
	struct excuse *at;
	size_t n, room;
};

/* The comment of a line, behind its ';'; empty: it has none. */
static struct mailauth_str
comment_of(struct mailauth_str line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		if (line.s[i] == '\\')
			i++;
		else if (line.s[i] == '"')
			quoted = !quoted;
		else if (line.s[i] == ';' && !quoted)
			return str_from(line, i + 1);
	}
	return STR_NONE;
}

static bool
is_comment(struct mailauth_str line)
{
	line = str_trim(line);
	return line.n == 0 || line.s[0] == ';';
}

static void
add(struct excuses *x, const struct excuse *e)
{
	if (x->n == x->room) {
		size_t room = x->room > 0 ? x->room * 2 : 64;
		struct excuse *more = realloc(x->at, room * sizeof(*more));

		if (more == NULL) {
			x->lint->arena.failed = true;
			return;
		}
		x->at = more;
		x->room = room;
	}
	x->at[x->n++] = *e;
}

static bool
next_code(struct mailauth_str *rest, struct mailauth_str *out)
{
	while (rest->n > 0 && (is_fws(rest->s[0]) || rest->s[0] == ','))
		*rest = str_from(*rest, 1);
	*out = *rest;
	while (rest->n > 0 && !is_fws(rest->s[0]) && rest->s[0] != ',')
		*rest = str_from(*rest, 1);
	out->n -= rest->n;
	return out->n > 0;
}

static bool
is_code(struct mailauth_str word)
{
	for (unsigned id = 1; id < MAILAUTH_FINDING_COUNT; id++)
		if (str_eq(str_of(finding_row(id)->code), word))
			return true;
	return false;
}

/* Say which words of a comment are no codes. */
static void
tell_unknown(struct excuses *x, struct lint_file *file, uint32_t line,
    struct mailauth_str rest)
{
	struct writer w = arena_writer(&x->lint->arena);
	struct mailauth_str s = lint_line(x->lint, file, line);
	struct mailauth_str word, first = STR_NONE;
	size_t zone = 0;

	while (zone + 1 < x->lint->nzones && x->lint->zones[zone].file != file)
		zone++;
	while (next_code(&rest, &word)) {
		if (is_code(word) || w.used > SHOWN_MAX)
			continue;
		first = first.n > 0 ? first : word;
		put_text(&w, w.used > 0 ? ", \"" : "\"");
		put_untrusted(&w, str_sub(word, 0, SHOWN_MAX));
		put_char(&w, '"');
	}
	if (first.n == 0)
		return;
	lint_add(x->lint,
	    &(struct lint_new){ .id = MAILAUTH_F_ZONE_IGNORE_UNKNOWN,
	        .zone = zone,
	        .place = { .file = &file->file,
	            .line = line,
	            .column = (uint32_t)(first.s - s.s) + 1,
	            .length = (uint32_t)first.n },
	        .detail = writer_str(&w) });
}

/* Take the comment of a line, if it is one of these. */
static void
take(struct excuses *x, struct lint_file *file, uint32_t line)
{
	struct mailauth_lint *l = x->lint;
	struct mailauth_str text = lint_line(l, file, line);
	struct mailauth_str comment = comment_of(text);
	size_t at = str_ifind(comment, MARK);
	struct excuse e = { .file = file, .line = line, .about = line };

	if (at == comment.n)
		return;
	e.codes = str_from(comment, at + MARK.n);
	tell_unknown(x, file, line, e.codes);
	if (is_comment(text))
		while (e.about <= file->nlines &&
		    is_comment(lint_line(l, file, e.about)))
			e.about++;
	add(x, &e);
}

/* Find the comments of a file: few have one. */
static void
find(struct excuses *x, struct lint_file *file)
{
	struct mailauth_str text = file->file.text, rest = text;
	uint32_t line = 1;
	const char *from = text.s;
	size_t at;

	while ((at = str_ifind(rest, MARK)) < rest.n) {
		const char *here = rest.s + at;

		for (; from < here; from++)
			line += *from == '\n';
		take(x, file, line);
		rest = str_from(rest, at);
		rest = str_from(rest, str_find(rest, '\n'));
	}
}

/* The comment is about the lines of the finding, and names its code. */
static bool
excuses(const struct excuse *e, const struct item *it, uint32_t last)
{
	struct mailauth_str rest = e->codes, word;

	if (e->file != it->file || e->about < it->first_line || e->about > last)
		return false;
	while (next_code(&rest, &word))
		if (str_eq(word, str_of(it->view.code)))
			return true;
	return false;
}

static void
excuse(struct excuses *x, struct item *it)
{
	struct mailauth_lint *l = x->lint;
	const struct zone_place place = { .file = &it->file->file,
		.line = it->first_line };
	uint32_t last = lint_last_line(l, &place);
	struct writer w = arena_writer(&l->arena);

	for (size_t i = 0; i < x->n; i++) {
		if (!excuses(&x->at[i], it, last))
			continue;
		put_text(&w, "a comment in line ");
		put_number(&w, x->at[i].line);
		put_char(&w, '\0');
		it->view.ignored = w.full ? "a comment" : w.buf;
		return;
	}
}

void
lint_ignores(struct mailauth_lint *l)
{
	struct excuses x = { .lint = l };

	for (struct lint_file *f = l->files; f != NULL; f = f->next)
		if (!f->is_no_text)
			find(&x, f);
	for (size_t i = 0; x.n > 0 && i < l->nitems; i++)
		if (l->items[i]->file != NULL && l->items[i]->first_line > 0)
			excuse(&x, l->items[i]);
	free(x.at);
}
