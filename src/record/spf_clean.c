/*
 * spf_clean.c - what stands in an SPF text in place of plain characters
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Editors, web pages and control panels put other characters where the author
 * had typed a space, a dash or a quote, and some publish the escapes of a zone
 * file or the strings with their quotes. Each of these has one reading; any
 * other octet becomes ALIEN, which no term may have.
 */
#include "record/spf_repair.h"

/* One character and what it stands for: an ASCII character, '"' for all sorts
 * of quotes, a space, or nothing. */
struct mapped {
	struct mailauth_str from;
	const char *to;
};

static const struct mapped characters[] = {
	/* hyphens, dashes, the minus sign */
	{ STR_INIT("\xe2\x80\x90"), "-" },
	{ STR_INIT("\xe2\x80\x91"), "-" },
	{ STR_INIT("\xe2\x80\x92"), "-" },
	{ STR_INIT("\xe2\x80\x93"), "-" },
	{ STR_INIT("\xe2\x80\x94"), "-" },
	{ STR_INIT("\xe2\x80\x95"), "-" },
	{ STR_INIT("\xe2\x88\x92"), "-" },
	{ STR_INIT("\xef\xb9\xa3"), "-" },
	/* small tilde, tilde operator */
	{ STR_INIT("\xcb\x9c"), "~" },
	{ STR_INIT("\xe2\x88\xbc"), "~" },
	/* quotes */
	{ STR_INIT("\xe2\x80\x98"), "\"" },
	{ STR_INIT("\xe2\x80\x99"), "\"" },
	{ STR_INIT("\xe2\x80\x9a"), "\"" },
	{ STR_INIT("\xe2\x80\x9c"), "\"" },
	{ STR_INIT("\xe2\x80\x9d"), "\"" },
	{ STR_INIT("\xe2\x80\x9e"), "\"" },
	{ STR_INIT("\xc2\xab"), "\"" },
	{ STR_INIT("\xc2\xbb"), "\"" },
	/* spaces: no-break, narrow no-break, mathematical, ideographic */
	{ STR_INIT("\xc2\xa0"), " " },
	{ STR_INIT("\xc2\x85"), " " },
	{ STR_INIT("\xe2\x80\xa8"), " " },
	{ STR_INIT("\xe2\x80\xa9"), " " },
	{ STR_INIT("\xe2\x80\xaf"), " " },
	{ STR_INIT("\xe2\x81\x9f"), " " },
	{ STR_INIT("\xe3\x80\x80"), " " },
	/* invisible: soft hyphen, joiners, byte order mark */
	{ STR_INIT("\xc2\xad"), "" },
	{ STR_INIT("\xe2\x81\xa0"), "" },
	{ STR_INIT("\xef\xbb\xbf"), "" },
	/* UTF-8 read as Latin-1 or as code page 1252 and encoded again */
	{ STR_INIT("\xc3\x82\xc2\xa0"), " " },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x8b"), "" },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x8e"), "" },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x93"), "-" },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x94"), "-" },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x9c"), "\"" },
	{ STR_INIT("\xc3\xa2\xc2\x80\xc2\x9d"), "\"" },
	{ STR_INIT("\xc3\xa2\xe2\x82\xac\xe2\x80\xb9"), "" },
	{ STR_INIT("\xc3\xa2\xe2\x82\xac\xe2\x80\x9c"), "-" },
	{ STR_INIT("\xc3\xa2\xe2\x82\xac\xe2\x80\x9d"), "-" },
	{ STR_INIT("\xc3\xa2\xe2\x82\xac\xc5\x93"), "\"" },
	{ STR_INIT("\xc3\xa2\xe2\x82\xac\xc2\x9d"), "\"" },
	/* single octets of code page 1252 */
	{ STR_INIT("\x91"), "\"" },
	{ STR_INIT("\x92"), "\"" },
	{ STR_INIT("\x93"), "\"" },
	{ STR_INIT("\x94"), "\"" },
	{ STR_INIT("\x96"), "-" },
	{ STR_INIT("\x97"), "-" },
	{ STR_INIT("\xa0"), " " },
	/* HTML, and a part of a URL */
	{ STR_INIT("&nbsp;"), " " },
	{ STR_INIT("&#160;"), " " },
	{ STR_INIT("%20"), " " },
	{ STR_INIT("&quot;"), "\"" },
	{ STR_INIT("&#34;"), "\"" },
	{ STR_INIT("<br>"), " " },
	{ STR_INIT("<br/>"), " " },
	{ STR_INIT("<br />"), " " },
	{ STR_INIT("<p>"), " " },
	{ STR_INIT("</p>"), " " },
	/* blanks and quotes of ASCII */
	{ STR_INIT("\t"), " " },
	{ STR_INIT("\n"), " " },
	{ STR_INIT("\v"), " " },
	{ STR_INIT("\f"), " " },
	{ STR_INIT("\r"), " " },
	{ STR_INIT("'"), "\"" },
	{ STR_INIT("`"), "\"" },
};

/* Octets of the UTF-8 character at the start of `s`; 1 when there is none. */
static size_t
utf8_length(struct mailauth_str s)
{
	unsigned char c = (unsigned char)s.s[0];
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;

	if (n > s.n)
		return 1;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.s[i] & 0xc0u) != 0x80)
			return 1;
	return n;
}

/* A full-width form of an ASCII character (U+FF01 to U+FF5E), one of the spaces
 * U+2000 to U+200A, or one of the marks U+200B to U+200F and U+202A to U+202E,
 * which nobody sees. Write it and return its octets, or 0. */
static size_t
put_range(struct mailauth_str s, struct writer *w)
{
	unsigned char b, c;

	if (s.n < 3)
		return 0;
	b = (unsigned char)s.s[1];
	c = (unsigned char)s.s[2];
	if (s.s[0] == '\xef' && (b == 0xbc || b == 0xbd)) {
		unsigned at = (b - 0xbcu) * 0x40u + (c - 0x80u);

		if (c < 0x80 || c > 0xbf || at < 1 || at > 0x5e)
			return 0;
		put_char(w, (char)(0x20 + at));
		return 3;
	}
	if (s.s[0] != '\xe2' || b != 0x80)
		return 0;
	if (c >= 0x80 && c <= 0x8a)
		put_char(w, ' ');
	else if ((c < 0x8b || c > 0x8f) && (c < 0xaa || c > 0xae))
		return 0;
	return 3;
}

/* A link that a mail program has put into the text: <http://...>. */
static size_t
link_length(struct mailauth_str s)
{
	size_t end;

	if (!str_istarts(s, STR("<http://")) &&
	    !str_istarts(s, STR("<https://")))
		return 0;
	end = str_find(s, '>');
	return end < s.n && str_find(str_sub(s, 0, end), ' ') == end ? end + 1 :
	                                                               0;
}

/* Write the character at the start of `s`; return its octets. */
static size_t
put_character(struct mailauth_str s, struct writer *w)
{
	size_t n = link_length(s);

	if (n > 0 || (n = put_range(s, w)) > 0)
		return n;
	n = utf8_length(s);
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++)
		if (characters[i].from.n >= n &&
		    str_istarts(s, characters[i].from)) {
			put_text(w, characters[i].to);
			return characters[i].from.n;
		}
	put_char(w,
	    n == 1 && is_print(s.s[0]) && s.s[0] != '\\' ? s.s[0] : SPF_ALIEN);
	return n;
}

/* Write what a backslash at the start of `s` and what follows stand for, and
 * return its octets: "\032" is an octet as zone files have it, "\n" the end of
 * a line, and in front of punctuation the backslash is one too many. */
static size_t
put_escape(struct mailauth_str s, struct writer *w)
{
	size_t n = 1;
	uint32_t octet;

	while (n < s.n && s.s[n] == '\\')
		n++;
	if (n == s.n) {
		put_char(w, ' ');
	} else if (s.n - n >= 3 && str_number(str_sub(s, n, 3), 255, &octet)) {
		put_char(w, (char)(unsigned char)octet);
		n += 3;
	} else if (s.s[n] == 'n' || s.s[n] == 'r' || s.s[n] == 't') {
		put_char(w, ' ');
		n++;
	} else if (is_alnum(s.s[n])) {
		put_char(w, SPF_ALIEN);
	}
	return n;
}

/* Write `s` with a space for quotes. Quotes between which there is nothing but
 * blanks are the end of one string and the start of the next. */
static void
put_unquoted(struct mailauth_str s, struct writer *w)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t next = i + 1;

		if (s.s[i] != '"') {
			put_char(w, s.s[i]);
			continue;
		}
		while (next < s.n && s.s[next] == ' ')
			next++;
		if (next < s.n && s.s[next] == '"') {
			put_char(w, SPF_SEAM);
			i = next;
		} else {
			put_char(w, ' ');
		}
	}
}

bool
spf_clean(struct mailauth_str text, struct writer *out)
{
	char room[2][SPF_REPAIR_MAX];
	struct writer bytes = writer_of(room[0], sizeof(room[0]));
	struct writer plain = writer_of(room[1], sizeof(room[1]));
	struct mailauth_str s;

	for (size_t i = 0; i < text.n;)
		if (text.s[i] == '\\')
			i += put_escape(str_from(text, i), &bytes);
		else
			put_char(&bytes, text.s[i++]);
	s = writer_str(&bytes);
	for (size_t i = 0; i < s.n;)
		i += put_character(str_from(s, i), &plain);
	put_unquoted(writer_str(&plain), out);
	return !bytes.full && !plain.full && !out->full;
}
