/*
 * text_remedy.c - what to do, with records that can be pasted
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * JSON has a record as one text. A person pastes it: a long one is shown as the
 * quoted strings that a zone file needs.
 */
#include "report/page.h"

#include "base/str.h"

/* Octets of the longest character-string (RFC 1035 3.3). */
#define STRING_MAX 255

/* Octets that the escaped text begins with take so many characters: \\ and \ddd
 * are one octet. */
static size_t
octet_length(struct mailauth_str s)
{
	size_t n = s.s[0] != '\\' ? 1 : s.n > 1 && is_digit(s.s[1]) ? 4 : 2;

	return n < s.n ? n : s.n;
}

static size_t
octets_of(struct mailauth_str s)
{
	size_t n = 0;

	for (; s.n > 0; n++)
		s = str_from(s, octet_length(s));
	return n;
}

static void
put_strings(struct writer *w, struct mailauth_str s)
{
	put_text(w, "( \"");
	for (size_t n = 0; s.n > 0; n++) {
		size_t length = octet_length(s);

		if (n > 0 && n % STRING_MAX == 0)
			put_text(w, "\" \"");
		put_text(w, s.s[0] == '"' ? "\\" : "");
		put_str(w, str_sub(s, 0, length));
		s = str_from(s, length);
	}
	put_text(w, "\" )");
}

/* Write an escaped record. */
static void
put_pasted(struct writer *w, struct mailauth_str record)
{
	if (octets_of(record) > STRING_MAX) {
		put_strings(w, record);
		put_text(w, " (in a panel: without quotes and parentheses)");
	} else {
		put_char(w, '\'');
		put_str(w, record);
		put_char(w, '\'');
	}
}

/* The record that begins behind a quote ends in front of " at ", of the words on
 * long ones, or with the text. */
static size_t
record_length(struct mailauth_str s)
{
	size_t at = str_ifind(s, STR("' at ")), other;

	other = str_ifind(s, STR("' (in a zone file"));
	if (other < at)
		at = other;
	if (at >= s.n && s.n > 0 && s.s[s.n - 1] == '\'')
		at = s.n - 1;
	return at;
}

void
page_remedy(struct writer *w, struct mailauth_str text)
{
	const struct mailauth_str publish = STR("publish '");
	const struct mailauth_str hint =
	    STR(" (in a zone file: several quoted strings of at most 255 "
	        "characters, in one record)");
	size_t at = str_ifind(text, publish), n;
	struct mailauth_str rest;

	rest = at < text.n ? str_from(text, at + publish.n) : STR_NONE;
	n = record_length(rest);
	if (n >= rest.n || octets_of(str_sub(rest, 0, n)) <= STRING_MAX) {
		put_str(w, text);
		return;
	}
	put_str(w, str_sub(text, 0, at));
	put_text(w, "publish ");
	put_pasted(w, str_sub(rest, 0, n));
	rest = str_from(rest, n + 1);
	at = str_ifind(rest, hint);
	put_str(w, str_sub(rest, 0, at));
	if (at < rest.n)
		put_str(w, str_from(rest, at + hint.n));
}
