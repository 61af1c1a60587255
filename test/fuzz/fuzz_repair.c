/*
 * fuzz_repair.c - the repair of broken SPF records admits nothing new
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The input is texts, one a line. What the repair must not do is looked at
 * here without its help: whatever the text, a repair is well-formed, lets not
 * everybody pass, and each address, prefix length and name in it is in the
 * text, in one piece but for what cannot be part of it.
 */
#include "fuzz.h"
#include "record/findings.h"
#include "record/spf_repair.h"

static char squeezed[2][65536];

/* What other characters, and escapes of URLs, mean in an argument. */
static const struct meaning {
	struct mailauth_str from;
	char to; /* ' ': nothing */
} meanings[] = {
	{ STR_INIT("\xe3\x80\x82"), '.' },
	{ STR_INIT("\xef\xbd\xa1"), '.' },
	{ STR_INIT("\xe2\x80\xa4"), '.' },
	{ STR_INIT("\xef\xb9\x92"), '.' },
	{ STR_INIT("\xe2\x81\x84"), '/' },
	{ STR_INIT("\xe2\x88\x95"), '/' },
	{ STR_INIT("%20"), ' ' },
	{ STR_INIT("%22"), ' ' },
	{ STR_INIT("%2d"), '-' },
	{ STR_INIT("%2f"), '/' },
	{ STR_INIT("%3a"), ':' },
	{ STR_INIT("%3b"), ';' },
	{ STR_INIT("%3d"), '=' },
	{ STR_INIT("%7e"), '~' },
};

/* Octets of one of these at the start of `s`, for which `c` is set; or 0. */
static size_t
stands_for(struct mailauth_str s, char *c)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (str_istarts(s, meanings[i].from)) {
			*c = meanings[i].to;
			return meanings[i].from.n;
		}
	return 0;
}

/* Copy the printable octets of a text but blanks, quotes, backslashes and the
 * escapes behind them. */
static struct mailauth_str
squeeze(struct mailauth_str s, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint32_t octet;
		char c = s.s[i];
		size_t length = stands_for(str_from(s, i), &c);

		if (length > 0)
			i += length - 1;
		else if (c == '\\' && s.n - i > 3 &&
		    str_number(str_sub(s, i + 1, 3), 255, &octet)) {
			c = (char)(unsigned char)octet;
			i += 3;
		} else if (c == '\\' && i + 1 < s.n &&
		    memchr("nrt", s.s[i + 1], 3) != NULL) {
			i++;
			continue;
		}
		if (is_print(c) && strchr(" \\\"'`", c) == NULL)
			room[n++] = c;
	}
	return (struct mailauth_str){ room, n };
}

/* The text has `what`, and no digit behind it when it ends in a prefix
 * length. */
static bool
has(struct mailauth_str text, struct mailauth_str what, bool prefix)
{
	for (size_t i = 0; i + what.n <= text.n; i++)
		if (str_starts(str_from(text, i), what) &&
		    (!prefix || i + what.n == text.n ||
		        !is_digit(text.s[i + what.n])))
			return true;
	return false;
}

/* What ASCII some characters become is not known here: a full width digit,
 * markup. */
static bool
is_plain(struct mailauth_str text)
{
	return str_is_ascii(text) && str_find(text, '&') == text.n &&
	    str_find(text, '<') == text.n && str_find(text, '\\') == text.n;
}

/* The words of a text, with the octets between that are no part of a word: for
 * prefix lengths that end at a space. */
static bool
is_written(struct mailauth_str text, struct mailauth_str whole,
    const struct spf_term *t)
{
	struct mailauth_str argument =
	    str_from(t->text, (size_t)(t->name.s - t->text.s) + t->name.n);

	if (argument.n > 0 && memchr(":=", argument.s[0], 2) != NULL)
		argument = str_from(argument, 1);
	return has(whole, argument, t->cidr) || has(text, argument, t->cidr);
}

static size_t
count(struct mailauth_str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == c;
	return n;
}

static void
check(struct mailauth_str text)
{
	static char room[65536], again[65536];
	struct writer w = writer_of(room, sizeof(room));
	struct writer v = writer_of(again, sizeof(again));
	struct mailauth_str record, whole;
	const char *why = put_spf_repair(text, &w);
	struct spf_reader r;
	struct spf_term t;
	size_t softfails = 0, neutrals = 0;

	MUST(why == NULL || why[0] != '\0');
	if (why != NULL)
		return;
	record = writer_str(&w);
	MUST(!w.full && spf_is_record(record) && !str_eq(record, text));
	for (size_t i = 0; i < record.n; i++)
		MUST(is_print(record.s[i]));
	whole = squeeze(text, squeezed[0]);
	r = spf_terms(record);
	while (spf_next(&r, &t)) {
		MUST(t.fault == MAILAUTH_F_NONE);
		MUST((t.facts & SPF_NO_NAME) == 0);
		MUST(t.what != SPF_ALL || t.qualifier != '+');
		MUST(t.qualifier != '+' || (t.cidr4 > 0 && t.cidr6 > 0));
		/* Brackets that the text closes, and it opens none. */
		MUST(count(t.text, '<') == 0 || count(text, '>') == 0 ||
		    has(text, t.text, false));
		softfails += t.qualifier == '~';
		neutrals += t.qualifier == '?';
		if (is_plain(text))
			MUST(is_written(text, whole, &t));
		else if (t.what == SPF_IP4 && str_find(text, '\xef') == text.n)
			MUST(is_written(text, whole, &t));
	}
	/* A term gets no qualifier that the text does not have. */
	if (is_plain(text) && count(text, ',') + count(text, ';') == 0)
		MUST(softfails <= count(whole, '~') &&
		    neutrals <= count(whole, '?'));
	/* There is nothing to repair in a repair. */
	if (put_spf_repair(record, &v) == NULL)
		MUST(str_eq(writer_str(&v), record));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str rest = { (const char *)data, size };

	while (rest.n > 0 && rest.n < 1u << 20)
		check(str_cut(&rest, '\n'));
	return 0;
}
