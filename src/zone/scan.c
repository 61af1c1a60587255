/*
 * scan.c - the text of a master file, cut into entries and fields
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/scan.h"

/* Parentheses that are never closed, in one text: behind so many each one makes
 * the rest of the text one entry, so that the time stays linear. */
#define REWINDS_MAX 64

/* What an octet does between fields, and what ends a word. */
enum {
	PLAIN,
	BLANK,
	END, /* of a line */
	COMMENT,
	QUOTE,
	OPEN,
	CLOSE,
	ESCAPE,
};

static const uint8_t role[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\r'] = BLANK,
	['\f'] = BLANK,
	['\v'] = BLANK,
	['\n'] = END,
	[';'] = COMMENT,
	['"'] = QUOTE,
	['('] = OPEN,
	[')'] = CLOSE,
	['\\'] = ESCAPE,
};

static unsigned
role_at(const struct zone_scan *s)
{
	return role[(unsigned char)s->text.s[s->at]];
}

struct zone_scan
zone_scan_of(struct mailauth_str text, struct arena *a)
{
	struct zone_scan s = { .text = text, .line = 1, .arena = a };

	if (str_starts(text, STR("\xef\xbb\xbf")))
		s.at = 3;
	return s;
}

/* Room for one more field; NULL when memory ran out. */
static struct zone_field *
add_field(struct zone_scan *s, size_t n)
{
	struct zone_field *more;
	size_t room = s->room == 0 ? 64 : s->room * 2;

	if (n < s->room)
		return &s->fields[n];
	more = arena_alloc(s->arena, room * sizeof(*more));
	if (more == NULL)
		return NULL;
	if (n > 0)
		memcpy(more, s->fields, n * sizeof(*more));
	s->fields = more;
	s->room = room;
	return &more[n];
}

/* Move to the end of the line. */
static void
skip_line(struct zone_scan *s)
{
	struct mailauth_str rest = str_from(s->text, s->at);

	s->at += str_find(rest, '\n');
}

/* Skip lines without a field. */
static void
skip_empty(struct zone_scan *s)
{
	while (s->at < s->text.n) {
		size_t at = s->at;

		while (at < s->text.n &&
		    role[(unsigned char)s->text.s[at]] == BLANK)
			at++;
		if (at < s->text.n && s->text.s[at] == ';')
			at += str_find(str_from(s->text, at), '\n');
		if (at < s->text.n && s->text.s[at] != '\n')
			return;
		s->at = at < s->text.n ? at + 1 : at;
		s->line++;
	}
}

/* Read a word up to what ends it. */
static struct mailauth_str
read_word(struct zone_scan *s)
{
	size_t from = s->at;

	while (s->at < s->text.n) {
		unsigned r = role_at(s);

		if (r == PLAIN) {
			s->at++;
		} else if (r == ESCAPE) {
			s->at++;
			if (s->at < s->text.n && s->text.s[s->at] != '\n')
				s->at++;
		} else {
			break;
		}
	}
	return str_sub(s->text, from, s->at - from);
}

/* Read a quoted string, behind its first quote. False when its line ends
 * first. */
static bool
read_quoted(struct zone_scan *s, struct mailauth_str *out)
{
	size_t from = s->at;
	bool ended = false;

	while (s->at < s->text.n && !ended) {
		unsigned r = role_at(s);

		if (r == QUOTE)
			ended = true;
		else if (r == END)
			break;
		else if (r == ESCAPE && s->at + 1 < s->text.n &&
		    s->text.s[s->at + 1] != '\n')
			s->at += 2;
		else
			s->at++;
	}
	*out = str_sub(s->text, from, s->at - from);
	if (ended)
		s->at++;
	else if (out->n > 0 && out->s[out->n - 1] == '\r')
		out->n--;
	return ended;
}

static void
set_fault(struct zone_entry *e, enum zone_text_fault fault, const char *at,
    uint32_t line)
{
	if (e->fault != ZONE_TEXT_OK)
		return;
	e->fault = fault;
	e->at = at;
	e->line = line;
}

/* Read a field; false when memory ran out. */
static bool
read_field(struct zone_scan *s, struct zone_entry *e, const char *last_end)
{
	struct zone_field *f = add_field(s, e->n);
	const char *at = s->text.s + s->at;

	if (f == NULL)
		return false;
	f->line = s->line;
	f->quoted = *at == '"';
	f->glued = last_end == at;
	if (f->quoted) {
		s->at++;
		if (!read_quoted(s, &f->text))
			set_fault(e, ZONE_TEXT_QUOTE, at, s->line);
	} else {
		f->text = read_word(s);
	}
	e->n++;
	return true;
}

/* A comment. One that follows a word directly may be data that is lost. */
static void
read_comment(struct zone_scan *s, struct zone_entry *e, const char *last_end)
{
	size_t from = s->at;
	struct mailauth_str text;

	skip_line(s);
	text = str_trim_end(str_sub(s->text, from, s->at - from));
	e->commented = true;
	if (e->n > 0 && e->remark.n == 0 &&
	    s->fields[e->n - 1].line == s->line) {
		e->remark = text;
		e->remark_line = s->line;
	}
	if (last_end == s->text.s + from && e->cut_off.n == 0 &&
	    !s->fields[e->n - 1].quoted) {
		e->cut_off = text;
		e->cut_line = s->line;
	}
}

/* A parenthesis that is never closed: the entry is its first line. */
static void
go_back(struct zone_scan *s, struct zone_entry *e, size_t open, uint32_t line)
{
	size_t n = 0;

	s->at = open;
	s->line = line;
	s->rewinds++;
	skip_line(s);
	while (n < e->n && s->fields[n].text.s < s->text.s + s->at)
		n++;
	e->n = n;
	e->fault = ZONE_TEXT_OK;
	set_fault(e, ZONE_TEXT_OPEN, s->text.s + open, line);
}

/* The parentheses of an entry that is being read. */
struct nesting {
	unsigned depth;
	size_t open; /* offset of the first one */
	uint32_t line; /* of it */
};

static void
open_or_close(struct zone_scan *s, struct zone_entry *e, struct nesting *p)
{
	const char *at = s->text.s + s->at;

	if (*at == '(' && p->depth++ == 0) {
		p->open = s->at;
		p->line = s->line;
	} else if (*at == ')' && p->depth == 0) {
		set_fault(e, ZONE_TEXT_CLOSE, at, s->line);
	} else if (*at == ')') {
		p->depth--;
	}
	s->at++;
}

/* Read fields up to the end of the entry; false when memory ran out. */
static bool
read_fields(struct zone_scan *s, struct zone_entry *e, struct nesting *p)
{
	const char *last_end = NULL;
	size_t begin = s->at;

	while (s->at < s->text.n &&
	    (p->depth == 0 || s->at - begin <= ZONE_ENTRY_MAX)) {
		switch (role_at(s)) {
		case BLANK: s->at++; break;
		case END:
			s->at++;
			s->line++;
			if (p->depth == 0)
				return true;
			break;
		case COMMENT: read_comment(s, e, last_end); break;
		case OPEN:
		case CLOSE: open_or_close(s, e, p); break;
		default:
			if (!read_field(s, e, last_end))
				return false;
			last_end = s->text.s + s->at;
		}
	}
	return true;
}

/* Read one entry from its first octet; false when memory ran out. */
static bool
read_entry(struct zone_scan *s, struct zone_entry *e)
{
	struct nesting p = { 0, 0, 0 };
	size_t begin = s->at;

	*e = (struct zone_entry){ .line = s->line };
	e->indented = role_at(s) == BLANK;
	if (!read_fields(s, e, &p))
		return false;
	if (p.depth > 0 && s->rewinds < REWINDS_MAX)
		go_back(s, e, p.open, p.line);
	else if (p.depth > 0)
		set_fault(e, ZONE_TEXT_OPEN, s->text.s + p.open, p.line);
	e->fields = s->fields;
	e->whole = str_trim_end(str_sub(s->text, begin, s->at - begin));
	return true;
}

bool
zone_scan_next(struct zone_scan *s, struct zone_entry *e)
{
	do {
		skip_empty(s);
		if (s->at >= s->text.n || !read_entry(s, e))
			return false;
		/* Parentheses around nothing are no entry. */
	} while (e->n == 0 && e->fault == ZONE_TEXT_OK);
	return true;
}

struct mailauth_str
zone_line_of(const struct zone_scan *s, const char *at)
{
	const char *begin = at;
	struct mailauth_str line;

	while (begin > s->text.s && begin[-1] != '\n')
		begin--;
	line = str_from(s->text, (size_t)(begin - s->text.s));
	line = str_sub(line, 0, str_find(line, '\n'));
	if (line.n > 0 && line.s[line.n - 1] == '\r')
		line.n--;
	return line;
}

uint32_t
zone_column(const struct zone_scan *s, const char *at)
{
	return (uint32_t)(at - zone_line_of(s, at).s) + 1;
}

uint32_t
zone_field_column(const struct zone_scan *s, const struct zone_field *f)
{
	return zone_column(s, f->text.s - (f->quoted ? 1 : 0));
}
