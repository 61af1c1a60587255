/*
 * text_remedy.c - what to do, with records that can be pasted
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * JSON has a record as one text. A person pastes it: a long one is shown as the
 * quoted strings that a zone file needs.
 */
#include "report/page.h"

#include "base/str.h"
#include "report/remedy.h"

/* Octets of the longest character-string (RFC 1035 3.3). */
#define STRING_MAX 255

/* Write an escaped record. */
static void
put_pasted(struct writer *w, struct mailauth_str record)
{
	if (escaped_octets(record) > STRING_MAX) {
		put_zone_text(w, record);
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
	if (n >= rest.n || escaped_octets(str_sub(rest, 0, n)) <= STRING_MAX) {
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
