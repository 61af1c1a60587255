/*
 * lexer.c - the words of a structured header field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/lexer.h"

/* `c` is printable and none of the `n` specials. */
static bool
is_none_of(char c, const char *specials, size_t n)
{
	return (unsigned char)c > ' ' && c != 0x7f &&
	    memchr(specials, c, n) == NULL;
}

bool
is_token(char c)
{
	static const char specials[] = "()<>@,;:\\\"/[]?=";

	return is_none_of(c, specials, sizeof(specials) - 1);
}

bool
is_atom(char c)
{
	static const char specials[] = "()<>[]:;@\\,.\"";

	return is_none_of(c, specials, sizeof(specials) - 1);
}

static struct mailauth_str
since(const struct lexer *x, size_t start)
{
	return str_sub(x->text, start, x->at - start);
}

/* A counter holds the depth, so nested comments use no stack. */
bool
lex_comment(struct lexer *x, struct mailauth_str *inside)
{
	size_t depth = 1, start = x->at + 1;

	if (!lex_char(x, '('))
		return false;
	while (x->at < x->text.n) {
		char c = x->text.s[x->at++];

		if (c == '\\' && x->at < x->text.n) {
			x->at++;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && --depth == 0) {
			*inside = str_sub(x->text, start, x->at - 1 - start);
			return true;
		}
	}
	x->broken = true;
	*inside = since(x, start);
	return true;
}

void
lex_cfws(struct lexer *x, struct mailauth_str *comment)
{
	for (;;) {
		struct mailauth_str inside;

		x->at = str_skip(x->text, x->at, CLASS_BLANK);
		if (!lex_comment(x, &inside))
			return;
		if (comment != NULL && comment->n == 0)
			*comment = inside;
	}
}

struct mailauth_str
lex_token(struct lexer *x)
{
	size_t start = x->at;

	while (x->at < x->text.n && is_token(x->text.s[x->at]))
		x->at++;
	return since(x, start);
}

struct mailauth_str
lex_atom(struct lexer *x)
{
	size_t start = x->at;

	while (x->at < x->text.n && is_atom(x->text.s[x->at]))
		x->at++;
	return since(x, start);
}

bool
lex_quoted(struct lexer *x, struct mailauth_str *inside)
{
	size_t start = x->at + 1;

	if (!lex_char(x, '"'))
		return false;
	while (x->at < x->text.n) {
		char c = x->text.s[x->at++];

		if (c == '\\' && x->at < x->text.n) {
			x->at++;
		} else if (c == '"') {
			*inside = str_sub(x->text, start, x->at - 1 - start);
			return true;
		}
	}
	x->broken = true;
	*inside = since(x, start);
	return true;
}

static bool
ends_run(char c)
{
	return is_fws(c) || c == ';' || c == '(';
}

struct mailauth_str
lex_run(struct lexer *x)
{
	size_t start = x->at;

	if (x->at < x->text.n)
		x->at++;
	while (x->at < x->text.n && !ends_run(x->text.s[x->at]))
		x->at++;
	return since(x, start);
}

struct mailauth_str
lex_value(struct lexer *x, bool *quoted)
{
	struct mailauth_str inside;
	size_t start = x->at;

	*quoted = false;
	if (lex_quoted(x, &inside)) {
		*quoted = lex_peek(x) != '@';
		if (*quoted)
			return inside;
	} else if (lex_char(x, '<')) {
		lex_quoted(x, &inside);
	}
	while (x->at < x->text.n && !ends_run(x->text.s[x->at]))
		x->at++;
	return since(x, start);
}

void
lex_seek(struct lexer *x, char c)
{
	struct mailauth_str inside;

	while (x->at < x->text.n && x->text.s[x->at] != c)
		if (!lex_comment(x, &inside) && !lex_quoted(x, &inside))
			x->at++;
}
