/*
 * str.h - borrowed bytes and ASCII character classes
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Text from the network is never NUL-terminated and never locale-dependent:
 * everything here takes a pointer with a length and knows ASCII only.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <string.h>

#include "mailauth/types.h"

/** A string literal as borrowed bytes. */
#define STR(lit) ((struct mailauth_str){ (lit), sizeof(lit) - 1 })

/** The same for static tables, where a compound literal is no constant. */
#define STR_INIT(lit) \
	{ \
		(lit), sizeof(lit) - 1 \
	}

/** No bytes at all. */
#define STR_NONE ((struct mailauth_str){ NULL, 0 })

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
is_alnum(char c)
{
	return is_alpha(c) || is_digit(c);
}

/** Space and tab. */
static inline bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/** White space that may stand around tags: also CR and LF (RFC 6376 2.8). */
static inline bool
is_fws(char c)
{
	return is_wsp(c) || c == '\r' || c == '\n';
}

/** Printable ASCII, the space included. */
static inline bool
is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

static inline char
to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/** The bytes of a C string that is ours (never one from the network). */
static inline struct mailauth_str
str_of(const char *s)
{
	return (struct mailauth_str){ s, s != NULL ? strlen(s) : 0 };
}

/** Bytes [from, from + n) of `s`, cut to what is there. */
static inline struct mailauth_str
str_sub(struct mailauth_str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct mailauth_str){ s.s != NULL ? s.s + from : NULL, n };
}

/** Everything of `s` from offset `from`. */
static inline struct mailauth_str
str_from(struct mailauth_str s, size_t from)
{
	return str_sub(s, from, s.n);
}

static inline bool
str_eq(struct mailauth_str a, struct mailauth_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

static inline bool
str_starts(struct mailauth_str s, struct mailauth_str head)
{
	return s.n >= head.n &&
	    (head.n == 0 || memcmp(s.s, head.s, head.n) == 0);
}

/** Equal but for ASCII case. */
bool str_ieq(struct mailauth_str a, struct mailauth_str b);
/** Starts with `head` but for ASCII case. */
bool str_istarts(struct mailauth_str s, struct mailauth_str head);
/** Offset of the first `c` in `s`, or s.n. */
size_t str_find(struct mailauth_str s, char c);
/** Offset of `what` in `s` but for ASCII case, or s.n. */
size_t str_ifind(struct mailauth_str s, struct mailauth_str what);
/** Without blanks (space, tab, CR, LF) at either end. */
struct mailauth_str str_trim(struct mailauth_str s);
/** The head of `s` up to `sep`; `s` keeps what follows it (nothing, at the
 * end of `s` when there is no `sep`). */
struct mailauth_str str_cut(struct mailauth_str *s, char sep);
/** The next word of `s`, blanks around it dropped; `s` keeps what follows. */
struct mailauth_str str_word(struct mailauth_str *s);
/**
 * A decimal number: digits only, at least one, no more than `max`.
 * @return false when it is anything else; `out` is then untouched.
 */
bool str_number(struct mailauth_str s, uint32_t max, uint32_t *out);

#endif /* BASE_STR_H */
