/*
 * lexer.h - the words of a structured header field
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 5322 3.2 with the latitude that received mail asks for: octets of 0x80
 * and above are letters (RFC 6532), controls stand where nothing forbids
 * them, and a comment or quoted string without an end goes on to the end of
 * the value. Nothing is looked at more than a fixed number of times.
 */
#ifndef HEADER_LEXER_H
#define HEADER_LEXER_H

#include "base/str.h"
#include "base/writer.h"

/** A place in a value. */
struct lexer {
	struct mailauth_str text;
	size_t at;
	bool broken; /* stays: a comment or quoted string had no end */
};

static inline struct lexer
lexer_of(struct mailauth_str text)
{
	return (struct lexer){ text, 0, false };
}

/** The next octet, or -1 at the end. */
static inline int
lex_peek(const struct lexer *x)
{
	return x->at < x->text.n ? (unsigned char)x->text.s[x->at] : -1;
}

/** Take the next octet when it is `c`. */
static inline bool
lex_char(struct lexer *x, char c)
{
	if (x->at >= x->text.n || x->text.s[x->at] != c)
		return false;
	x->at++;
	return true;
}

/** An octet of a token (RFC 2045 5.1, RFC 8616 3: beyond ASCII too). */
bool is_token(char c);
/** An octet of an atom (RFC 5322 3.2.3, RFC 6532 3.2). */
bool is_atom(char c);

/** The comment here (RFC 5322 3.2.2), with those nested in it.
 * @param inside what stands between its parentheses, as it stands.
 * @return false, having moved nowhere, when there is none. */
bool lex_comment(struct lexer *x, struct mailauth_str *inside);
/** Go past blanks, line ends and comments.
 * @param comment NULL, or set to the inside of the first comment unless it
 *     has something in it already. */
void lex_cfws(struct lexer *x, struct mailauth_str *comment);
/** The token here; empty when there is none. */
struct mailauth_str lex_token(struct lexer *x);
/** The atom here; empty when there is none. */
struct mailauth_str lex_atom(struct lexer *x);
/** The quoted string here (RFC 5322 3.2.4).
 * @param inside what stands between the quotes, escapes and folds included.
 * @return false, having moved nowhere, when there is none. */
bool lex_quoted(struct lexer *x, struct mailauth_str *inside);
/** Take what stands up to a blank, ';' or '('; at least one octet unless the
 * end is here. */
struct mailauth_str lex_run(struct lexer *x);
/** The value of a pair, which people write in more ways than the standards
 * have: a quoted string, whose inside it is then; `"local"@domain` and
 * `<"local"@domain>` with the quotes; else all up to a blank, ';' or '('.
 * @param quoted tells the first. */
struct mailauth_str lex_value(struct lexer *x, bool *quoted);
/** Go to the next `c` that is in no comment or quoted string, or the end. */
void lex_seek(struct lexer *x, char c);

#endif /* HEADER_LEXER_H */
