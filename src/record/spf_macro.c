/*
 * spf_macro.c - the macros of SPF (RFC 7208 7)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/spf_macro.h"

/* The reader stops at the first number beyond this: no name has more labels, so
 * it means all of them. */
#define KEEP_MAX 255

/* macro-letter (RFC 7208 7.2); c, r and t only in explanations. */
static bool
is_letter(char c, bool exp)
{
	switch (to_lower(c)) {
	case 's':
	case 'l':
	case 'o':
	case 'd':
	case 'i':
	case 'p':
	case 'h':
	case 'v': return true;
	case 'c':
	case 'r':
	case 't': return exp;
	default: return false;
	}
}

/* macro-expand = "%{" macro-letter [digits] ["r"] *delimiter "}" / "%%" /
 * "%_" / "%-" (RFC 7208 7.1). */
bool
spf_macro_read(struct mailauth_str s, bool exp, struct spf_macro *out)
{
	size_t at = 3, digits, delimiters;

	if (s.n < 2)
		return false;
	out->letter = s.s[1];
	out->keep = 0;
	out->reverse = false;
	out->delimiters = STR_NONE;
	out->n = 2;
	if (s.s[1] == '%' || s.s[1] == '_' || s.s[1] == '-')
		return true;
	if (s.s[1] != '{' || s.n < 4 || !is_letter(s.s[2], exp))
		return false;
	out->letter = s.s[2];
	for (digits = at; at < s.n && is_digit(s.s[at]); at++)
		if (out->keep <= KEEP_MAX)
			out->keep = out->keep * 10 + (uint32_t)(s.s[at] - '0');
	/* The number of labels to keep must not be zero (RFC 7208 7.3). */
	if (at > digits && out->keep == 0)
		return false;
	if (at < s.n && to_lower(s.s[at]) == 'r') {
		out->reverse = true;
		at++;
	}
	for (delimiters = at;
	     at < s.n && s.s[at] != '\0' && strchr(".-+,/_=", s.s[at]); at++)
		;
	out->delimiters = str_sub(s, delimiters, at - delimiters);
	out->n = at + 1;
	return at < s.n && s.s[at] == '}';
}

bool
spf_has_macro(struct mailauth_str text, char letter)
{
	struct spf_macro m;

	for (text = str_from(text, str_find(text, '%')); text.n > 0;
	     text = str_from(text, str_find(text, '%'))) {
		if (!spf_macro_read(text, true, &m))
			return false;
		if (to_lower(m.letter) == letter)
			return true;
		text = str_from(text, m.n);
	}
	return false;
}

/* Values. */

/* %{i}: the address with dots, IPv6 as nibbles (RFC 7208 7.3), in upper case as
 * the openspf test suite wants. */
static void
put_dotted(struct writer *w, const struct addr *ip)
{
	if (ip->family == 4) {
		put_addr(w, ip);
		return;
	}
	for (size_t i = 0; i < 32; i++) {
		uint8_t octet = ip->octet[i / 2];

		if (i > 0)
			put_char(w, '.');
		put_char(w,
		    "0123456789ABCDEF"[i % 2 == 0 ? octet >> 4 : octet & 15]);
	}
}

/* Append an octet of a value. With `escape` (an upper-case macro letter) it
 * becomes %XX, unless it is an unreserved character (RFC 3986 2.3). */
static void
put_octet(struct writer *w, char c, bool escape)
{
	if (!escape || is_alnum(c) || (c != '\0' && strchr("-._~", c))) {
		put_char(w, c);
	} else {
		static const char digit[] = "0123456789ABCDEF";

		put_char(w, '%');
		put_char(w, digit[(unsigned char)c >> 4]);
		put_char(w, digit[(unsigned char)c & 15]);
	}
}

static bool
is_delimiter(const struct spf_macro *m, char c)
{
	if (m->delimiters.n == 0)
		return c == '.';
	return str_find(m->delimiters, c) < m->delimiters.n;
}

static void
put_part(struct writer *w, struct mailauth_str part, bool escape)
{
	for (size_t i = 0; i < part.n; i++)
		put_octet(w, part.s[i], escape);
}

/* Append the parts [from, to) of a value with dots between them; part 0 is the
 * leftmost. With `reverse` the last part comes first, and `from` is 0. */
static void
put_parts(struct writer *w, const struct spf_macro *m, struct mailauth_str v,
    size_t from, size_t to)
{
	bool escape = m->letter < 'a';
	size_t start = 0, part = 0, end;

	if (!m->reverse) {
		for (size_t i = 0; i <= v.n; i++) {
			if (i < v.n && !is_delimiter(m, v.s[i]))
				continue;
			if (part > from && part < to)
				put_char(w, '.');
			if (part >= from && part < to)
				put_part(w, str_sub(v, start, i - start),
				    escape);
			part++;
			start = i + 1;
		}
		return;
	}
	/* Find the end of part `to` - 1, then go backwards from there. */
	for (end = 0; end < v.n; end++)
		if (is_delimiter(m, v.s[end]) && ++part == to)
			break;
	for (size_t i = end;; i--) {
		if (i > 0 && !is_delimiter(m, v.s[i - 1]))
			continue;
		put_part(w, str_sub(v, i, end - i), escape);
		if (i == 0)
			break;
		put_char(w, '.');
		end = i - 1;
	}
}

/* Apply the transformers to a value: split it at the delimiters, reverse the
 * parts, then keep the last `keep` of them (RFC 7208 7.3). The last parts of a
 * reversed value are the first parts of the value. */
static void
put_value(struct writer *w, const struct spf_macro *m, struct mailauth_str v)
{
	size_t parts = 1;

	for (size_t i = 0; i < v.n; i++)
		parts += is_delimiter(m, v.s[i]);
	if (m->keep == 0 || m->keep >= parts)
		put_parts(w, m, v, 0, parts);
	else if (m->reverse)
		put_parts(w, m, v, 0, m->keep);
	else
		put_parts(w, m, v, parts - m->keep, parts);
}

static enum spf_expansion
put_macro(struct writer *w, const struct spf_macro *m,
    const struct spf_macro_values *v)
{
	/* A sender has at most 256 octets, a path of RFC 5321 4.5.3.1.3. A
	 * longer value cannot be part of a domain. */
	char room[1024];
	struct writer own = writer_of(room, sizeof(room));

	switch (to_lower(m->letter)) {
	case '%': put_char(w, '%'); return SPF_EXPANDED;
	case '_': put_char(w, ' '); return SPF_EXPANDED;
	case '-': put_text(w, "%20"); return SPF_EXPANDED;
	case 'l':
	case 's':
		if (!str_is_ascii(v->local))
			return SPF_NEVER_MATCHES;
		put_str(&own, v->local);
		if (to_lower(m->letter) == 's') {
			put_char(&own, '@');
			put_str(&own, v->sender_domain);
		}
		break;
	case 'o': put_str(&own, v->sender_domain); break;
	case 'd': put_str(&own, v->domain); break;
	case 'i': put_dotted(&own, &v->ip); break;
	case 'c': put_addr(&own, &v->ip); break;
	case 'p': put_str(&own, v->validated); break;
	case 'h': put_str(&own, v->helo); break;
	case 'r': put_str(&own, v->receiver); break;
	case 't': put_number(&own, v->now); break;
	case 'v': put_text(&own, v->ip.family == 4 ? "in-addr" : "ip6"); break;
	default: return SPF_NOT_EXPANDED;
	}
	if (own.full)
		return SPF_NEVER_MATCHES;
	put_value(w, m, writer_str(&own));
	return SPF_EXPANDED;
}

enum spf_expansion
put_spf_macros(struct writer *w, struct mailauth_str text,
    const struct spf_macro_values *values, bool exp)
{
	while (text.n > 0) {
		size_t n = str_find(text, '%');
		enum spf_expansion done;
		struct spf_macro m;

		/* Octet by octet, so that drop_front() can make room for a
		 * literal longer than the buffer. */
		put_part(w, str_sub(text, 0, n), false);
		text = str_from(text, n);
		if (text.n == 0)
			break;
		if (!spf_macro_read(text, exp, &m))
			return SPF_NOT_EXPANDED;
		done = put_macro(w, &m, values);
		if (done != SPF_EXPANDED)
			return done;
		text = str_from(text, m.n);
	}
	return SPF_EXPANDED;
}

/* The `grow` of spf_expand_domain(): only the last 253 octets of a domain
 * count, so keep the last half of the buffer and drop the front. */
static bool
drop_front(struct writer *w, size_t need)
{
	size_t keep = w->cap / 2;

	if (need > w->cap - keep || w->used < keep)
		return false;
	memmove(w->buf, w->buf + w->used - keep, keep);
	w->used = keep;
	return true;
}

enum spf_expansion
spf_expand_domain(struct mailauth_str text,
    const struct spf_macro_values *values, char *room, struct mailauth_str *out)
{
	struct writer w = writer_of(room, SPF_DOMAIN_ROOM);
	enum spf_expansion done;

	w.grow = drop_front;
	done = put_spf_macros(&w, text, values, false);
	*out = writer_str(&w);
	if (w.full)
		return SPF_NEVER_MATCHES;
	if (out->n > 0 && out->s[out->n - 1] == '.')
		out->n--;
	while (out->n > SPF_DOMAIN_MAX) {
		size_t dot = str_find(*out, '.');

		if (dot == out->n)
			break;
		*out = str_from(*out, dot + 1);
	}
	return done;
}
