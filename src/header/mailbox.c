/*
 * mailbox.c - the addresses in From, Return-Path and similar fields
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/mailbox.h"

#include "header/lexer.h"

/* Octets of an encoded word that are examined. RFC 2047 2 allows 75, and some
 * senders exceed that. The bound keeps the time linear: every "=?" could begin
 * an encoded word. */
#define ENCODED_MAX 256

/* Octets of a domain without its comments. A DNS name is shorter, even with
 * every octet escaped. */
#define DOMAIN_MAX 1024

/* One element of a list, as offsets in the list. */
struct element {
	size_t start; /* behind the group name */
	size_t end;
	size_t open, close; /* of "<" and ">"; SIZE_MAX without one */
	bool at; /* '@' outside of "<>" */
	bool odd; /* a second "<", or "<" without ">" */
};

/* Octets of the encoded word here; 0 when no encoded word is here. */
static size_t
encoded_word(const struct lexer *x)
{
	struct mailauth_str s = str_sub(x->text, x->at, ENCODED_MAX);
	unsigned marks = 0;

	if (!str_starts(s, STR("=?")))
		return 0;
	for (size_t i = 1; i < s.n && !is_fws(s.s[i]); i++) {
		if (s.s[i] == '?')
			marks++;
		else if (s.s[i] == '=' && s.s[i - 1] == '?' && marks >= 4)
			return i + 1;
	}
	return 0;
}

/* Read a domain literal (RFC 5322 3.4.1), or only '[' when it has no end. */
static bool
take_literal(struct lexer *x)
{
	for (size_t i = x->at + 1; i < x->text.n; i++) {
		char c = x->text.s[i];

		if (c == ']') {
			x->at = i + 1;
			return true;
		}
		if (memchr("[<>\"(", c, 5) != NULL)
			break;
	}
	x->at++;
	return false;
}

/* Read one unit that hides separators, or one octet. */
static void
take_thing(struct lexer *x)
{
	struct mailauth_str inside;
	size_t n = encoded_word(x);

	if (n > 0)
		x->at += n;
	else if (lex_peek(x) == '[')
		take_literal(x);
	else if (!lex_quoted(x, &inside) && lex_atom(x).n == 0)
		x->at++;
}

/* Read the rest of "<...>"; false without ">". */
static bool
take_angle(struct lexer *x)
{
	for (;;) {
		lex_cfws(x, NULL);
		if (lex_peek(x) < 0)
			return false;
		if (lex_char(x, '>'))
			return true;
		take_thing(x);
	}
}

/* Read one step of an element; false at its end. */
static bool
step(struct lexer *x, struct element *e)
{
	size_t at;
	int c;

	lex_cfws(x, NULL);
	at = x->at;
	c = lex_peek(x);
	if (c < 0 || c == ',' || c == ';')
		return false;
	if (c == '<') {
		bool closed;

		x->at++;
		closed = take_angle(x);
		e->odd |= e->open != SIZE_MAX || !closed;
		e->open = at;
		e->close = x->at - closed;
	} else if (c == ':' && !e->at && e->open == SIZE_MAX) {
		x->at++;
		e->start = x->at;
	} else {
		e->at |= c == '@' && e->open == SIZE_MAX;
		take_thing(x);
	}
	return true;
}

/*
 * Read words with dots between them (RFC 5322 4.4: blanks and comments around
 * each) up to any other octet. With `quotes` a word may be a quoted string and
 * dots may be misplaced; without it (for domains) words are atoms.
 * @return false without a word, or for two words without a dot
 */
static bool
take_words(struct lexer *x, bool quotes, bool *sloppy)
{
	struct mailauth_str inside;
	bool dot = true, any = false;

	for (;;) {
		lex_cfws(x, NULL);
		if (lex_char(x, '.')) {
			if (dot && !quotes)
				return false;
			*sloppy |= dot;
			dot = true;
		} else if (lex_atom(x).n > 0 ||
		    (quotes && lex_quoted(x, &inside))) {
			if (!dot)
				return false;
			any = true;
			dot = false;
		} else {
			*sloppy |= dot;
			return any;
		}
	}
}

/* The domain without its blanks and comments. */
static bool
plain_domain(struct mailauth_str s, bool literal, struct writer *w,
    struct mailauth_str *out)
{
	struct lexer x = lexer_of(s);
	struct mailauth_str word;
	size_t n = 0, from;

	*out = s;
	for (size_t i = 0; i < s.n && !literal; i++)
		if (is_fws(s.s[i]) || s.s[i] == '(')
			n++;
	if (n == 0)
		return true;
	if (w == NULL)
		return false;
	from = w->used;
	n = 0;
	for (;;) {
		lex_cfws(&x, NULL);
		if (lex_char(&x, '.'))
			word = STR(".");
		else
			word = lex_atom(&x);
		n += word.n;
		if (word.n == 0 || n > DOMAIN_MAX)
			break;
		put_str(w, word);
	}
	if (w->full || n > DOMAIN_MAX) {
		w->used = from;
		return false;
	}
	*out = str_from(writer_str(w), from);
	return true;
}

/* Skip a source route (RFC 5322 4.4): "@a,@b:". */
static bool
skip_route(struct lexer *x)
{
	lex_cfws(x, NULL);
	if (lex_peek(x) != '@')
		return true;
	while (lex_peek(x) >= 0) {
		if (lex_char(x, ':')) {
			lex_cfws(x, NULL);
			return true;
		}
		take_thing(x);
		lex_cfws(x, NULL);
	}
	return false;
}

static struct mailauth_str
between(const struct lexer *x, size_t from, size_t to)
{
	return str_sub(x->text, from, to - from);
}

/* The end of the words in [from, to) without the blanks and comments behind
 * them. A comment can only be recognized from its start, so the words are read
 * again. */
static size_t
end_of_words(struct mailauth_str s, size_t from, size_t to)
{
	struct lexer x = lexer_of(str_sub(s, 0, to));
	struct mailauth_str inside;
	size_t end = from;

	x.at = from;
	for (;;) {
		lex_cfws(&x, NULL);
		if (x.at >= to)
			return end;
		if (!lex_quoted(&x, &inside) && lex_atom(&x).n == 0)
			x.at++;
		end = x.at;
	}
}

/* Parse local-part "@" domain with nothing behind it. */
static bool
parse_addr(struct mailauth_str s, struct writer *w, struct mailbox *out)
{
	struct lexer x = lexer_of(s);
	struct mailauth_str domain;
	size_t start, mark, from, to;

	if (!skip_route(&x))
		return false;
	start = x.at;
	if (!take_words(&x, true, &out->sloppy) || lex_peek(&x) != '@')
		return false;
	mark = x.at++;
	out->local = between(&x, start, end_of_words(s, start, mark));
	lex_cfws(&x, NULL);
	from = x.at;
	out->literal = lex_peek(&x) == '[';
	if (out->literal) {
		if (!take_literal(&x))
			return false;
		to = x.at;
		lex_cfws(&x, NULL);
	} else {
		if (!take_words(&x, false, &out->sloppy))
			return false;
		to = end_of_words(s, from, x.at);
	}
	if (lex_peek(&x) >= 0 || x.broken)
		return false;
	domain = between(&x, from, to);
	out->addr = between(&x, start, to);
	return plain_domain(domain, out->literal, w, &out->domain);
}

static void
judge(struct mailauth_str s, const struct element *e, struct writer *w,
    struct mailbox *out)
{
	struct mailauth_str spec = str_sub(s, e->start, e->end - e->start);
	struct lexer x;

	*out = (struct mailbox){ .whole = str_trim(spec) };
	if (e->open != SIZE_MAX) {
		out->name = str_trim(str_sub(s, e->start, e->open - e->start));
		spec = str_sub(s, e->open + 1, e->close - e->open - 1);
		x = lexer_of(str_sub(s, e->close + 1, e->end - e->close - 1));
		lex_cfws(&x, NULL);
		out->sloppy = e->at || lex_peek(&x) >= 0;
	}
	out->addr = str_trim(spec);
	x = lexer_of(spec);
	lex_cfws(&x, NULL);
	out->null = e->open != SIZE_MAX && !e->odd && lex_peek(&x) < 0;
	out->good = !e->odd && !out->null && parse_addr(spec, w, out);
	if (!out->good) {
		out->local = out->domain = STR_NONE;
		out->literal = out->sloppy = false;
	}
}

bool
mailbox_next(struct mailauth_str *rest, struct writer *w, struct mailbox *out)
{
	struct lexer x = lexer_of(*rest);

	*out = (struct mailbox){ .good = false };
	while (x.at < x.text.n) {
		struct element e = { .start = x.at, .open = SIZE_MAX };
		struct lexer blank;

		while (step(&x, &e))
			;
		e.end = x.at;
		x.at += x.at < x.text.n;
		blank = lexer_of(between(&x, e.start, e.end));
		lex_cfws(&blank, NULL);
		if (lex_peek(&blank) < 0)
			continue;
		judge(x.text, &e, w, out);
		*rest = str_from(x.text, x.at);
		return true;
	}
	*rest = str_from(x.text, x.text.n);
	return false;
}
