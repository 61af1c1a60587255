/*
 * text_wrap.c - lines of a page: words, marks, paragraphs
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/page.h"

#include "base/str.h"

static const char *const colours[RANKS] = {
	[RANK_FAIL] = "\033[31m",
	[RANK_OPEN] = "\033[35m",
	[RANK_WARN] = "\033[33m",
	[RANK_NOTICE] = "\033[36m",
	[RANK_INFO] = "\033[2m",
	[RANK_PASS] = "\033[32m",
};

static const char *const marks[RANKS] = {
	[RANK_FAIL] = "FAIL",
	[RANK_OPEN] = "????",
	[RANK_WARN] = "warn",
	[RANK_NOTICE] = "note",
	[RANK_INFO] = "info",
	[RANK_PASS] = "ok",
};

void
page_pad(struct page *p, size_t used, size_t width)
{
	for (; used < width; used++)
		put_char(&p->w, ' ');
}

void
page_like(struct page *p, enum rank rank, const char *text)
{
	if (p->colour)
		put_text(&p->w, colours[rank]);
	put_text(&p->w, text);
	if (p->colour)
		put_text(&p->w, "\033[0m");
}

enum rank
page_rank(enum mailauth_severity s)
{
	static const enum rank ranks[] = {
		[MAILAUTH_PASS] = RANK_PASS,
		[MAILAUTH_INFO] = RANK_INFO,
		[MAILAUTH_NOTICE] = RANK_NOTICE,
		[MAILAUTH_WARN] = RANK_WARN,
		[MAILAUTH_FAIL] = RANK_FAIL,
	};

	return ranks[s];
}

void
page_word(struct page *p, enum mailauth_severity like, const char *text)
{
	page_like(p, page_rank(like), text);
}

void
page_foot(struct page *p, struct mailauth_str text)
{
	if (text.n == 0)
		return;
	if (p->gap)
		page_gap(p);
	page_pad(p, 0, PAGE_INDENT);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT, text);
}

void
page_mark(struct page *p, enum rank rank)
{
	put_text(&p->w, "  ");
	page_like(p, rank, marks[rank]);
	page_pad(p, 2 + strlen(marks[rank]), PAGE_INDENT);
}

void
page_gap(struct page *p)
{
	if (p->w.used > 0)
		put_char(&p->w, '\n');
	p->gap = false;
}

void
page_name(struct page *p, struct mailauth_str name)
{
	if (name.n > 1 && name.s[name.n - 1] == '.')
		name.n--;
	put_untrusted(&p->w, name);
}

/* The octet at `at` ends something quoted: no letter or digit is behind it. */
static bool
is_end_quote(struct mailauth_str s, size_t at)
{
	return s.s[at] == '\'' && (at + 1 == s.n || !is_alnum(s.s[at + 1]));
}

/* The length of the line of a zone file that the text begins with: NAME TXT
 * "TEXT", or strings in parentheses; 0 when it begins with none. */
static size_t
zone_line_length(struct mailauth_str s)
{
	const struct mailauth_str one = STR(" TXT \""), many = STR(" TXT ( \"");
	size_t at = str_find(s, ' '), end;

	if (str_starts(str_from(s, at), many)) {
		end = at + str_ifind(str_from(s, at), STR("\" )")) + 3;
		return end <= s.n ? end : 0;
	}
	if (!str_starts(str_from(s, at), one))
		return 0;
	for (end = at + one.n; end < s.n && s.s[end] != '"'; end++)
		end += s.s[end] == '\\';
	return end < s.n ? end + 1 : 0;
}

/* The length of the word that the text begins with. What is between ' and ', or
 * ( " and " ), is part of one word; so is a line of a zone file. */
static size_t
word_length(struct mailauth_str s)
{
	size_t start = s.s[0] == '(', end = 0;

	if (str_starts(s, STR("( \"")))
		end = str_ifind(s, STR("\" )")) + 3;
	else
		end = zone_line_length(s);
	if (end > 0 && end <= s.n)
		return end;
	end = 0;
	if (start < s.n && s.s[start] == '\'')
		for (end = start + 1; end < s.n && !is_end_quote(s, end);)
			end++;
	if (end == s.n)
		end = 0;
	while (end < s.n && s.s[end] != ' ')
		end++;
	return end;
}

size_t
page_columns(struct mailauth_str s)
{
	size_t n = 0;
	bool colour = false;

	for (size_t i = 0; i < s.n; i++) {
		colour = colour || s.s[i] == '\033';
		n += !colour;
		if (s.s[i] == 'm')
			colour = false;
	}
	return n;
}

/* A name has a dot inside and a letter in its last label. */
static bool
is_name(struct mailauth_str word)
{
	bool dot = false, letter = false;

	for (size_t i = 0; i < word.n; i++) {
		char c = word.s[i];

		dot = dot || (c == '.' && i > 0);
		letter = (letter && c != '.') || (is_alnum(c) && !is_digit(c));
	}
	return dot && letter;
}

static bool
is_in_name(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '*';
}

struct mailauth_str
page_without_dots(struct page *p, struct mailauth_str text)
{
	struct writer w = arena_writer(p->scratch);
	bool quoted = false;

	for (size_t i = 0, n; i < text.n; i += n) {
		struct mailauth_str word;

		for (n = 0; i + n < text.n && is_in_name(text.s[i + n]);)
			n++;
		if (n == 0) {
			n = 1;
			if (text.s[i] == '\'')
				quoted =
				    !quoted && (i == 0 || text.s[i - 1] == ' ');
			put_char(&w, text.s[i]);
			continue;
		}
		word = str_sub(text, i, n);
		if (!quoted && n > 1 && word.s[n - 1] == '.' &&
		    is_name(str_sub(word, 0, n - 1)))
			word.n--;
		put_str(&w, word);
	}
	return writer_str(&w);
}

void
page_wrap(struct page *p, size_t column, size_t indent,
    struct mailauth_str text)
{
	size_t blanks = 0;
	bool first = true;

	for (text = str_trim(text); text.n > 0;) {
		size_t n = word_length(text), columns;
		struct mailauth_str rest = str_from(text, n);

		columns = page_columns(str_sub(text, 0, n));
		if (!first && column + blanks + columns > p->width) {
			put_char(&p->w, '\n');
			page_pad(p, 0, indent);
			column = indent;
		} else if (!first) {
			page_pad(p, 0, blanks);
			column += blanks;
		}
		put_str(&p->w, str_sub(text, 0, n));
		column += columns;
		first = false;
		text = str_trim_start(rest);
		blanks = rest.n - text.n;
	}
	put_char(&p->w, '\n');
}
