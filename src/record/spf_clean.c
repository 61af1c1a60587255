/*
 * spf_clean.c - replaces characters of an SPF text that are not plain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Editors, web pages and control panels put other characters where the author
 * had typed a space, a dash or a quote, and some publish the escapes of a zone
 * file or the strings with their quotes. Each of these has one reading; any
 * other octet becomes ALIEN, which no term may have.
 */
#include "record/spf_repair.h"

/* One character and what it is read as: an ASCII character, '"' for all sorts
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
	/* small em dash, raised and heavy minus, lines of boxes */
	{ STR_INIT("\xef\xb9\x98"), "-" },
	{ STR_INIT("\xcb\x97"), "-" },
	{ STR_INIT("\xe2\x81\xbb"), "-" },
	{ STR_INIT("\xe2\x9e\x96"), "-" },
	{ STR_INIT("\xe2\x94\x80"), "-" },
	{ STR_INIT("\xe2\x94\x81"), "-" },
	/* small tilde, tilde operator, swung dash, wave dash */
	{ STR_INIT("\xcb\x9c"), "~" },
	{ STR_INIT("\xe2\x88\xbc"), "~" },
	{ STR_INIT("\xe2\x81\x93"), "~" },
	{ STR_INIT("\xe3\x80\x9c"), "~" },
	/* colons: small, ratio, of length, a letter; small equals sign */
	{ STR_INIT("\xef\xb9\x95"), ":" },
	{ STR_INIT("\xe2\x88\xb6"), ":" },
	{ STR_INIT("\xcb\x90"), ":" },
	{ STR_INIT("\xea\x9e\x89"), ":" },
	{ STR_INIT("\xef\xb9\xa6"), "=" },
	/* dots: ideographic, half-width, leader, small; as IDNA reads them */
	{ STR_INIT("\xe3\x80\x82"), "." },
	{ STR_INIT("\xef\xbd\xa1"), "." },
	{ STR_INIT("\xe2\x80\xa4"), "." },
	{ STR_INIT("\xef\xb9\x92"), "." },
	/* slashes: of fractions, of division */
	{ STR_INIT("\xe2\x81\x84"), "/" },
	{ STR_INIT("\xe2\x88\x95"), "/" },
	/* commas: ideographic, half-width, small; small semicolon, Greek
	 * question mark */
	{ STR_INIT("\xe3\x80\x81"), "," },
	{ STR_INIT("\xef\xbd\xa4"), "," },
	{ STR_INIT("\xef\xb9\x90"), "," },
	{ STR_INIT("\xef\xb9\x94"), ";" },
	{ STR_INIT("\xcd\xbe"), ";" },
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
	{ STR_INIT("&ndash;"), "-" },
	{ STR_INIT("&mdash;"), "-" },
	{ STR_INIT("&minus;"), "-" },
	{ STR_INIT("&#45;"), "-" },
	{ STR_INIT("&#8211;"), "-" },
	{ STR_INIT("&#8212;"), "-" },
	{ STR_INIT("&shy;"), "" },
	{ STR_INIT("%20"), " " },
	{ STR_INIT("%22"), "\"" },
	{ STR_INIT("%2d"), "-" },
	{ STR_INIT("%2f"), "/" },
	{ STR_INIT("%3a"), ":" },
	{ STR_INIT("%3b"), ";" },
	{ STR_INIT("%3d"), "=" },
	{ STR_INIT("%7e"), "~" },
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

/* "include", as programs that translate web pages have written it into the
 * examples there. No other mechanism has one of these names in any language. */
static const struct mailauth_str includes[] = {
	/* Spanish, Portuguese, French, Italian, Romanian */
	STR_INIT("incluir"),
	STR_INIT("incluye"),
	STR_INIT("inclui"),
	STR_INIT("inclure"),
	STR_INIT("inclut"),
	STR_INIT("includere"),
	/* German, Dutch, Swedish, Danish, Norwegian */
	STR_INIT("einschlie\xc3\x9f"
	         "en"),
	STR_INIT("einschliessen"),
	STR_INIT("einbeziehen"),
	STR_INIT("inkludieren"),
	STR_INIT("omvatten"),
	STR_INIT("inkludera"),
	STR_INIT("inkludere"),
	STR_INIT("inkluder"),
	/* Czech, Slovak, Polish, Hungarian */
	STR_INIT("zahrnout"),
	STR_INIT("pat\xc5\x99\xc3\xad"),
	STR_INIT("zahrn\xc3\xba\xc5\xa5"),
	STR_INIT("zawiera"),
	STR_INIT("zawiera\xc4\x87"),
	STR_INIT("tartalmaz"),
	/* Russian, Ukrainian */
	STR_INIT("\xd0\xb2\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87"
	         "\xd0\xb8\xd1\x82\xd1\x8c"),
	STR_INIT("\xd0\xb2\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87"
	         "\xd0\xb8\xd1\x82\xd0\xb8"),
	/* Chinese, Japanese, Korean */
	STR_INIT("\xe5\x8c\x85\xe6\x8b\xac"),
	STR_INIT("\xe5\x8c\x85\xe5\x90\xab"),
	STR_INIT("\xe5\x90\xab\xe3\x82\x80"),
	STR_INIT("\xed\x8f\xac\xed\x95\xa8"),
};

/* Octets of the UTF-8 character at the start of `s`; 1: no UTF-8. */
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

/* Write "include" for a translation of it that a colon follows, where a term
 * can begin; return its octets, or 0. */
static size_t
put_include(struct mailauth_str s, struct writer *w)
{
	struct mailauth_str made = writer_str(w);

	if (made.n > 0 && memchr(" +-~?,;\"", made.s[made.n - 1], 8) == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(includes) / sizeof(includes[0]); i++) {
		size_t n = includes[i].n;

		if (n + 1 < s.n && str_istarts(s, includes[i]) &&
		    (s.s[n] == ':' ||
		        str_starts(str_from(s, n), STR("\xef\xbc\x9a")))) {
			put_text(w, "include");
			return n;
		}
	}
	return 0;
}

/* Write the character at the start of `s`; return its octets. */
static size_t
put_character(struct mailauth_str s, struct writer *w)
{
	size_t n = link_length(s);

	if (n > 0 || (n = put_range(s, w)) > 0 || (n = put_include(s, w)) > 0)
		return n;
	/* A percent sign of the record, with no escape of a URL behind it. */
	if (str_starts(s, STR("%%"))) {
		put_text(w, "%%");
		return 2;
	}
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

/* Write what a backslash at the start of `s` and what follows mean, and
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
