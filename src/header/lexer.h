/*
 * lexer.h - the words of a structured header field
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 5322 3.2, relaxed for received mail: octets of 0x80 and above are letters
 * (RFC 6532), control characters are allowed in most places, and a comment or
 * quoted string without an end extends to the end of the value. The time is
 * linear in the length of the value.
 */
#ifndef HEADER_LEXER_H
#define HEADER_LEXER_H

#include "base/str.h"
#include "base/writer.h"

/** A place in a value, which it borrows. */
struct lexer {
	struct mailauth_str text;
	size_t at;
	bool broken; /* a comment or quoted string has no end; never cleared */
};

static inline struct lexer
lexer_of(struct mailauth_str text)
{
	return (struct lexer){ text, 0, false };
}

/** The next octet, or -1 at the end. The lexer does not move. */
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

/** An octet of a token (RFC 2045 5.1; also beyond ASCII, RFC 8616 3). */
bool is_token(char c);
/** An octet of an atom (RFC 5322 3.2.3, RFC 6532 3.2). */
bool is_atom(char c);

/**
 * Read a comment (RFC 5322 3.2.2) with the comments nested in it.
 * @param inside the text between the parentheses, escapes kept
 * @return false, without a move, when no comment is here
 */
bool lex_comment(struct lexer *x, struct mailauth_str *inside);
/**
 * Skip blanks, line ends and comments.
 * @param comment NULL, or set to the inside of the first comment unless it
 *     holds a text already
 */
void lex_cfws(struct lexer *x, struct mailauth_str *comment);
/** Read a token; empty when no token is here. */
struct mailauth_str lex_token(struct lexer *x);
/** Read an atom; empty when no atom is here. */
struct mailauth_str lex_atom(struct lexer *x);
/**
 * Read a quoted string (RFC 5322 3.2.4).
 * @param inside the text between the quotes, escapes and folds kept
 * @return false, without a move, when no quoted string is here
 */
bool lex_quoted(struct lexer *x, struct mailauth_str *inside);
/** Read octets up to a blank, ';' or '('; at least one octet unless the value
 * ends here. */
struct mailauth_str lex_run(struct lexer *x);
/**
 * Read the value of a pair in any of its usual forms: a quoted string, whose
 * inside it returns; `"local"@domain` and `<"local"@domain>`, quotes included;
 * else octets up to a blank, ';' or '('.
 * @param quoted set to whether the value is a quoted string
 */
struct mailauth_str lex_value(struct lexer *x, bool *quoted);
/** Move to the next `c` outside of comments and quoted strings, or to the
 * end. */
void lex_seek(struct lexer *x, char c);

#endif /* HEADER_LEXER_H */
