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

/** Classes of octets, bits of char_class[]: what a scan stops at. */
#define CLASS_LETTER 1u
#define CLASS_DIGIT  2u
#define CLASS_HYPHEN 4u
#define CLASS_UNDER  8u /* '_' */
#define CLASS_BLANK  16u /* space, tab, CR, LF */
#define CLASS_STOP   32u /* space, ':', '/', '=': ends a word of SPF */

/** The classes of each octet. */
extern const uint8_t char_class[256];

static inline bool
is_class(char c, unsigned classes)
{
	return (char_class[(unsigned char)c] & classes) != 0;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_alpha(char c)
{
	return is_class(c, CLASS_LETTER);
}

static inline bool
is_alnum(char c)
{
	return is_class(c, CLASS_LETTER | CLASS_DIGIT);
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
	return is_class(c, CLASS_BLANK);
}

/** Printable ASCII, the space included. */
static inline bool
is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/** The value of a hexadecimal digit; -1 when it is none. */
static inline int
hex_value(char c)
{
	return is_digit(c)       ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 :
	                           -1;
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

/** All octets are from `least` to '~', and none is of markup or quoting: '"',
 * '&', '<' or '>'. `least` is at most '!'. */
bool str_is_plain(struct mailauth_str s, unsigned char least);

/** No octet has its first bit set. */
bool str_is_ascii(struct mailauth_str s);

/** Offset of the first octet of `s` from `at` on that is not of these
 * classes, or s.n. */
static inline size_t
str_skip(struct mailauth_str s, size_t at, unsigned classes)
{
	while (at < s.n && is_class(s.s[at], classes))
		at++;
	return at;
}

/** Starts with `head` but for ASCII case. */
static inline bool
str_istarts(struct mailauth_str s, struct mailauth_str head)
{
	if (s.n < head.n)
		return false;
	for (size_t i = 0; i < head.n; i++) {
		/* The cases of a letter differ in one bit. */
		unsigned char differ =
		    (unsigned char)s.s[i] ^ (unsigned char)head.s[i];

		if (differ != 0 && (differ != 0x20 || !is_alpha(s.s[i])))
			return false;
	}
	return true;
}

/** Equal but for ASCII case. */
static inline bool
str_ieq(struct mailauth_str a, struct mailauth_str b)
{
	return a.n == b.n && str_istarts(a, b);
}

/** Offset of the first `c` in `s`, or s.n. */
static inline size_t
str_find(struct mailauth_str s, char c)
{
	const char *p = s.n > 0 ? memchr(s.s, c, s.n) : NULL;

	return p != NULL ? (size_t)(p - s.s) : s.n;
}

/** Without blanks (space, tab, CR, LF) at its start. */
static inline struct mailauth_str
str_trim_start(struct mailauth_str s)
{
	while (s.n > 0 && is_fws(s.s[0])) {
		s.s++;
		s.n--;
	}
	return s;
}

/** Without blanks at its end. */
static inline struct mailauth_str
str_trim_end(struct mailauth_str s)
{
	while (s.n > 0 && is_fws(s.s[s.n - 1]))
		s.n--;
	return s;
}

/** Without blanks at either end. */
static inline struct mailauth_str
str_trim(struct mailauth_str s)
{
	return str_trim_end(str_trim_start(s));
}

/** Offset of `what` in `s` but for ASCII case, or s.n. */
size_t str_ifind(struct mailauth_str s, struct mailauth_str what);
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
