/*
 * str.h - borrowed bytes and ASCII character classes
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * base: octets, names, addresses and memory for every other room. It knows no
 * record, no file, no clock and no network. Only the arena allocates, and a
 * function reports a fault by its return value. May include mailauth/types.h
 * and no room. In: a pointer with a length (struct mailauth_str, struct
 * cursor). Out: a struct writer or an arena of the caller.
 *
 * Text from the network carries no NUL and follows no locale: the functions
 * here take a pointer with a length and treat octets as ASCII.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <string.h>

#include "mailauth/types.h"

/** A string literal as borrowed bytes, its NUL not counted. */
#define STR(lit) ((struct mailauth_str){ (lit), sizeof(lit) - 1 })

/** STR() for static initializers, where C11 wants no compound literal. */
#define STR_INIT(lit) \
	{ \
		(lit), sizeof(lit) - 1 \
	}

/** Zero bytes, with a NULL pointer. */
#define STR_NONE ((struct mailauth_str){ NULL, 0 })

/** Classes of octets: bits of char_class[], for scans that skip or stop. */
#define CLASS_LETTER 1u
#define CLASS_DIGIT  2u
#define CLASS_HYPHEN 4u
#define CLASS_UNDER  8u /* '_' */
#define CLASS_BLANK  16u /* space, tab, CR, LF */
#define CLASS_STOP   32u /* space, ':', '/', '=': ends a name in SPF */

/** The classes of each octet, indexed by its value. */
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

/** Folding white space around tags: space, tab, CR, LF (RFC 6376 2.8). */
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

/** The value of a hexadecimal digit, or -1 for any other octet. */
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

/** The bytes of our own C string; never call it on network bytes. */
static inline struct mailauth_str
str_of(const char *s)
{
	return (struct mailauth_str){ s, s != NULL ? strlen(s) : 0 };
}

/** Bytes [from, from + n) of `s`, clamped to the bytes of `s`. */
static inline struct mailauth_str
str_sub(struct mailauth_str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct mailauth_str){ s.s != NULL ? s.s + from : NULL, n };
}

/** The rest of `s` from offset `from`; empty when `from` is beyond it. */
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

/**
 * Say whether `s` can be copied into JSON or XML text without escapes: each
 * octet is between `least` and '~' and not '"', '&', '<' or '>'. Callers check
 * the backslash themselves.
 * @param least the smallest octet to accept; at most '!'
 */
bool str_is_plain(struct mailauth_str s, unsigned char least);

/** Every octet is ASCII, at most 0x7f. */
bool str_is_ascii(struct mailauth_str s);

/** Offset of the first octet at or after `at` that has none of `classes`, or
 * s.n. */
static inline size_t
str_skip(struct mailauth_str s, size_t at, unsigned classes)
{
	while (at < s.n && is_class(s.s[at], classes))
		at++;
	return at;
}

/** `s` starts with `head`, ASCII case ignored. */
static inline bool
str_istarts(struct mailauth_str s, struct mailauth_str head)
{
	if (s.n < head.n)
		return false;
	for (size_t i = 0; i < head.n; i++) {
		/* Upper and lower case of a letter differ in bit 0x20. */
		unsigned char differ =
		    (unsigned char)s.s[i] ^ (unsigned char)head.s[i];

		if (differ != 0 && (differ != 0x20 || !is_alpha(s.s[i])))
			return false;
	}
	return true;
}

/** `a` equals `b`, ASCII case ignored. */
static inline bool
str_ieq(struct mailauth_str a, struct mailauth_str b)
{
	return a.n == b.n && str_istarts(a, b);
}

/** A hash of the octets (FNV-1a), begun with a number. */
static inline uint32_t
str_hash(struct mailauth_str s, uint32_t with)
{
	uint32_t h = 2166136261u ^ with;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.s[i]) * 16777619u;
	return h;
}

/** Offset of the first `c` in `s`, or s.n. */
static inline size_t
str_find(struct mailauth_str s, char c)
{
	const char *p = s.n > 0 ? memchr(s.s, c, s.n) : NULL;

	return p != NULL ? (size_t)(p - s.s) : s.n;
}

/** `s` without its leading blanks (space, tab, CR, LF). */
static inline struct mailauth_str
str_trim_start(struct mailauth_str s)
{
	while (s.n > 0 && is_fws(s.s[0])) {
		s.s++;
		s.n--;
	}
	return s;
}

/** `s` without its trailing blanks. */
static inline struct mailauth_str
str_trim_end(struct mailauth_str s)
{
	while (s.n > 0 && is_fws(s.s[s.n - 1]))
		s.n--;
	return s;
}

/** `s` without its leading and trailing blanks. */
static inline struct mailauth_str
str_trim(struct mailauth_str s)
{
	return str_trim_end(str_trim_start(s));
}

/** Offset of the first `what` in `s`, ASCII case ignored, or s.n. */
size_t str_ifind(struct mailauth_str s, struct mailauth_str what);

/** Octets of the longest text that str_distance() compares. */
#define STR_NEAR_MAX 48
/** The edit distance: octets to change, add or remove, ASCII case ignored.
 * SIZE_MAX when a text is longer than STR_NEAR_MAX. */
size_t str_distance(struct mailauth_str a, struct mailauth_str b);
/**
 * Cut `s` at its first `sep`.
 * @param s advances past the separator; becomes empty when there is no `sep`
 * @return the bytes before the separator, or all of `s` without one.
 */
struct mailauth_str str_cut(struct mailauth_str *s, char sep);
/** Cut the next word off `s`, without blanks; empty at the end of `s`. */
struct mailauth_str str_word(struct mailauth_str *s);
/**
 * Parse a decimal number: digits only, at least one, value at most `max`.
 * Leading zeros are accepted.
 * @return false for any other text; `out` is then untouched.
 */
bool str_number(struct mailauth_str s, uint32_t max, uint32_t *out);

#endif /* BASE_STR_H */
