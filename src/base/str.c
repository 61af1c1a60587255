/*
 * str.c - borrowed bytes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"

bool
str_istarts(struct mailauth_str s, struct mailauth_str head)
{
	if (s.n < head.n)
		return false;
	for (size_t i = 0; i < head.n; i++)
		if (to_lower(s.s[i]) != to_lower(head.s[i]))
			return false;
	return true;
}

bool
str_ieq(struct mailauth_str a, struct mailauth_str b)
{
	return a.n == b.n && str_istarts(a, b);
}

size_t
str_find(struct mailauth_str s, char c)
{
	const char *p = s.n > 0 ? memchr(s.s, c, s.n) : NULL;

	return p != NULL ? (size_t)(p - s.s) : s.n;
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
str_trim(struct mailauth_str s)
{
	while (s.n > 0 && is_fws(s.s[0])) {
		s.s++;
		s.n--;
	}
	while (s.n > 0 && is_fws(s.s[s.n - 1]))
		s.n--;
	return s;
}

struct mailauth_str
str_cut(struct mailauth_str *s, char sep)
{
	size_t at = str_find(*s, sep);
	struct mailauth_str head = str_sub(*s, 0, at);

	*s = str_from(*s, at < s->n ? at + 1 : at);
	return head;
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
