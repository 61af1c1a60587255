/*
 * str.c - borrowed bytes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"

/* The macros build char_class[] at compile time, so that the table is constant
 * and needs no initialization: CLASSES(c) gives the classes of one octet, the
 * numbered ones those of 4, 16 and 64 consecutive octets. */
#define CLASSES(c) \
	(((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') ? \
	        CLASS_LETTER : \
	        0u) | \
	    ((c) >= '0' && (c) <= '9' ? CLASS_DIGIT : 0u) | \
	    ((c) == '-' ? CLASS_HYPHEN : 0u) | \
	    ((c) == '_' ? CLASS_UNDER : 0u) | \
	    ((c) == ' ' || (c) == '\t' || (c) == '\r' || (c) == '\n' ? \
	            CLASS_BLANK : \
	            0u) | \
	    ((c) == ' ' || (c) == ':' || (c) == '/' || (c) == '=' ? \
	            CLASS_STOP : \
	            0u)
#define CLASSES4(c) \
	CLASSES(c), CLASSES((c) + 1), CLASSES((c) + 2), CLASSES((c) + 3)
#define CLASSES16(c) \
	CLASSES4(c), CLASSES4((c) + 4), CLASSES4((c) + 8), CLASSES4((c) + 12)
#define CLASSES64(c) \
	CLASSES16(c), CLASSES16((c) + 16), CLASSES16((c) + 32), \
	    CLASSES16((c) + 48)

const uint8_t char_class[256] = { CLASSES64(0), CLASSES64(64), CLASSES64(128),
	CLASSES64(192) };

/* A vector of 16 octets; compilers use the vector unit of the machine. */
typedef uint8_t octets __attribute__((vector_size(16)));

/* Compare 16 octets: a lane is nonzero when its octet is not plain. */
static inline octets
not_plain(const char *p, uint8_t least)
{
	octets o;

	memcpy(&o, p, sizeof(o));
	/* '"' and '&' differ in one bit, and so do '<' and '>'. */
	return (octets)((o < least) | (o > 0x7e) | ((o | 0x04) == '&') |
	    ((o | 0x02) == '>'));
}

bool
str_is_plain(struct mailauth_str s, unsigned char least)
{
	const size_t width = sizeof(octets);
	octets odd = { 0 };
	uint64_t half[2];

	if (s.n < width) {
		/* Pad a short string with '-', which is always plain. */
		char few[sizeof(octets)];

		memset(few, '-', sizeof(few));
		for (size_t i = 0; i < s.n; i++)
			few[i] = s.s[i];
		odd = not_plain(few, least);
	} else {
		for (size_t at = 0; at + width <= s.n; at += width)
			odd |= not_plain(s.s + at, least);
		/* The last vector overlaps the one before it. */
		odd |= not_plain(s.s + s.n - width, least);
	}
	memcpy(half, &odd, sizeof(half));
	return (half[0] | half[1]) == 0;
}

size_t
str_ifind(struct mailauth_str s, struct mailauth_str what)
{
	for (size_t i = 0; i + what.n <= s.n; i++)
		if (str_istarts(str_from(s, i), what))
			return i;
	return s.n;
}

struct mailauth_str
str_cut(struct mailauth_str *s, char sep)
{
	size_t at = str_find(*s, sep);
	struct mailauth_str head = str_sub(*s, 0, at);

	*s = str_from(*s, at < s->n ? at + 1 : at);
	return head;
}

bool
str_is_ascii(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] > 0x7f)
			return false;
	return true;
}

struct mailauth_str
str_word(struct mailauth_str *s)
{
	struct mailauth_str w;
	size_t n = 0;

	*s = str_trim(*s);
	while (n < s->n && !is_fws(s->s[n]))
		n++;
	w = str_sub(*s, 0, n);
	*s = str_from(*s, n);
	return w;
}

bool
str_number(struct mailauth_str s, uint32_t max, uint32_t *out)
{
	uint32_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint32_t digit = (uint32_t)(unsigned char)s.s[i] - '0';

		if (digit > 9 || v > (UINT32_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

size_t
str_distance(struct mailauth_str a, struct mailauth_str b)
{
	size_t row[STR_NEAR_MAX + 1];

	if (a.n > STR_NEAR_MAX || b.n > STR_NEAR_MAX)
		return SIZE_MAX;
	for (size_t k = 0; k <= b.n; k++)
		row[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < b.n; k++) {
			bool same = to_lower(a.s[i]) == to_lower(b.s[k]);
			size_t next =
			    min3(row[k] + 1, row[k + 1] + 1, diagonal + !same);

			diagonal = row[k + 1];
			row[k + 1] = next;
		}
	}
	return row[b.n];
}
