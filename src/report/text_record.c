/*
 * text_record.c - a record on a page, with a caret under the place
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Columns are those of the escaped text: an octet that is not printable takes
 * four of them.
 */
#include "report/page.h"

#include "base/str.h"

/* Lines of a record that is shown whole. */
#define LINES_MAX 3
/* The least columns of a record, on however narrow a terminal. */
#define LEAST 24
/* Columns for what is left out of a line, on both sides. */
#define DOTS 8

/* A record as it is shown: printable text, and the columns of the place. */
struct shown {
	struct mailauth_str text;
	size_t from, to; /* equal: no place */
	size_t columns; /* of a line */
	const char *label;
	enum record_form form;
};

static size_t
shown_length(struct mailauth_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == '\\' ? 2 : is_print(s.s[i]) ? 1 : 4;
	return n;
}

static bool
is_break(char c)
{
	return c == ' ' || c == ',' || c == ';';
}

/* Escaped octets stay in one line: where a line of `n` columns that begins at
 * `at` ends. It breaks at a blank, or behind a separator, when one is in its
 * second half. */
static size_t
line_length(const struct shown *s, size_t at, size_t n)
{
	size_t blank = n;

	if (s->text.n - at <= n)
		return s->text.n - at;
	while (blank > n / 2 && !is_break(s->text.s[at + blank - 1]))
		blank--;
	if (blank > n / 2)
		return blank;
	for (size_t back = 1; back < 4 && back < n; back++)
		if (s->text.s[at + n - back] == '\\')
			return n - back;
	return n;
}

/* The column that the caret marks. */
static size_t
mark_of(const struct shown *s)
{
	return s->label != NULL ? s->to - 1 : s->from;
}

static bool
has_mark(const struct shown *s, size_t at, size_t n)
{
	return s->from < s->to && mark_of(s) >= at && mark_of(s) < at + n;
}

/* Write the caret, and its label where there is room. */
static void
put_labelled(struct page *p, const struct shown *s, size_t column)
{
	size_t n = strlen(s->label) + 1;
	bool behind = column + 1 + n <= p->width || column < n + PAGE_INDENT;

	page_pad(p, 0, behind ? column : column - n);
	if (!behind) {
		put_text(&p->w, s->label);
		put_char(&p->w, ' ');
	}
	page_like(p, RANK_FAIL, "^");
	if (behind) {
		put_char(&p->w, ' ');
		put_text(&p->w, s->label);
	}
}

/* Write the caret under a line that shows the text from `at` on, `n` columns,
 * behind `before` columns of other text. */
static void
put_caret(struct page *p, const struct shown *s, size_t at, size_t n,
    size_t before)
{
	size_t to = s->to < at + n ? s->to : at + n;
	size_t column;

	if (!has_mark(s, at, n))
		return;
	column = PAGE_INDENT + before + mark_of(s) - at;
	if (s->label != NULL) {
		put_labelled(p, s, column);
	} else {
		page_pad(p, 0, column);
		page_like(p, RANK_FAIL, "^");
		for (size_t i = s->from + 1; i < to; i++)
			put_char(&p->w, '~');
	}
	put_char(&p->w, '\n');
}

/* The dots for what is left out are apart from words and other dots; inside of
 * a long word they touch it. */
static bool
is_apart(const struct shown *s, size_t at)
{
	return is_break(s->text.s[at - 1]) || s->text.s[at - 1] == '.' ||
	    s->text.s[at] == '.' || s->text.s[at] == ' ';
}

static void
put_line(struct page *p, const struct shown *s, size_t at, size_t n,
    bool dots_before, bool dots_behind)
{
	const char *before = !dots_before ? "" :
	    is_apart(s, at)               ? "... " :
	                                    "...";

	page_pad(p, 0, PAGE_INDENT);
	put_text(&p->w, before);
	put_str(&p->w, str_trim_end(str_sub(s->text, at, n)));
	if (dots_behind)
		put_text(&p->w, is_apart(s, at + n) ? " ..." : "...");
	put_char(&p->w, '\n');
	put_caret(p, s, at, n, strlen(before));
}

static void
put_whole(struct page *p, const struct shown *s)
{
	bool line = s->form == RECORD_LINE;
	size_t columns = s->columns;

	/* A line by itself shows that something is around it. */
	if (line && s->text.n > columns)
		columns -= DOTS;
	for (size_t at = 0, n; at < s->text.n; at += n) {
		n = line_length(s, at, columns);
		if (!line || has_mark(s, at, n))
			put_line(p, s, at, n, line && at > 0,
			    line && at + n < s->text.n);
	}
}

/* A long record: its start, and the piece around the place. */
static void
put_pieces(struct page *p, const struct shown *s)
{
	size_t start = line_length(s, 0, s->columns - DOTS / 2);
	size_t place = mark_of(s);
	size_t room = s->columns - DOTS, at, n;

	if (s->form != RECORD_LINE || has_mark(s, 0, start))
		put_line(p, s, 0, start, false, true);
	if (s->from == s->to || place < start)
		return;
	at = place > start + room / 2 ? place - room / 2 : start;
	if (s->text.n - at < room)
		at = s->text.n - room;
	if (at < start)
		at = start;
	/* A piece begins with a whole octet. */
	for (size_t back = 1; back < 4 && back <= at; back++)
		if (s->text.s[at - back] == '\\')
			at -= back;
	n = line_length(s, at, room);
	if (place >= at + n)
		n = room;
	put_line(p, s, at, n, true, at + n < s->text.n);
}

void
page_record(struct page *p, struct mailauth_str text, struct mailauth_str where,
    enum record_form form, const char *label)
{
	struct writer w = arena_writer(p->scratch);
	struct shown s = { .label = label, .columns = LEAST, .form = form };
	size_t at = where.n > 0 ? (size_t)(where.s - text.s) : 0;

	put_untrusted(&w, text);
	s.text = writer_str(&w);
	if (where.n > 0) {
		s.from = shown_length(str_sub(text, 0, at));
		s.to = s.from + shown_length(where);
	}
	if (p->width > PAGE_INDENT + LEAST)
		s.columns = p->width - PAGE_INDENT;
	if (form == RECORD_WHOLE || s.text.n <= LINES_MAX * s.columns)
		put_whole(p, &s);
	else
		put_pieces(p, &s);
}
