/*
 * date.c - the date and time of a header field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/date.h"

#include "header/lexer.h"

static const struct mailauth_str months[] = { STR_INIT("Jan"), STR_INIT("Feb"),
	STR_INIT("Mar"), STR_INIT("Apr"), STR_INIT("May"), STR_INIT("Jun"),
	STR_INIT("Jul"), STR_INIT("Aug"), STR_INIT("Sep"), STR_INIT("Oct"),
	STR_INIT("Nov"), STR_INIT("Dec") };

/* The word here, up to a blank, ',', ':' or '('; comments before it are
 * skipped. */
static struct mailauth_str
word(struct lexer *x)
{
	size_t from;

	lex_cfws(x, NULL);
	from = x->at;
	while (x->at < x->text.n && !is_fws(x->text.s[x->at]) &&
	    strchr(",:(", x->text.s[x->at]) == NULL)
		x->at++;
	return str_sub(x->text, from, x->at - from);
}

static bool
number(struct lexer *x, uint32_t max, uint32_t *out)
{
	return str_number(word(x), max, out);
}

static bool
month(struct lexer *x, uint32_t *out)
{
	struct mailauth_str s = word(x);

	for (*out = 1; *out <= 12; (*out)++)
		if (str_ieq(s, months[*out - 1]))
			return true;
	return false;
}

/* Minutes east of UTC. An unknown zone name counts as UTC (RFC 5322 4.3). */
static int
zone(struct lexer *x)
{
	struct mailauth_str s = word(x);
	static const char names[][4] = { "EDT", "EST", "CDT", "CST", "MDT",
		"MST", "PDT", "PST" };
	uint32_t n;

	if (s.n == 5 && (s.s[0] == '+' || s.s[0] == '-') &&
	    str_number(str_from(s, 1), 9999, &n)) {
		int minutes = (int)(n / 100 * 60 + n % 100);

		return s.s[0] == '-' ? -minutes : minutes;
	}
	for (int i = 0; i < 8; i++)
		if (str_ieq(s, str_of(names[i])))
			return -(240 + (i + 1) / 2 * 60);
	return 0;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t
days_of(int64_t year, int64_t mon, int64_t day)
{
	/* Count years from March, so that the leap day is the last day of a
	 * year. */
	int64_t y = mon <= 2 ? year - 1 : year;
	int64_t m = mon <= 2 ? mon + 9 : mon - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	    1 - 719468;
}

bool
date_parse(struct mailauth_str s, int64_t *out)
{
	struct lexer x = lexer_of(s), day_name = x;
	uint32_t day, mon, year, hour, minute, second = 0;
	int offset;

	word(&day_name);
	lex_cfws(&day_name, NULL);
	if (lex_char(&day_name, ','))
		x = day_name;
	if (!number(&x, 31, &day) || day == 0 || !month(&x, &mon) ||
	    !number(&x, 9999, &year) || !number(&x, 23, &hour) ||
	    !lex_char(&x, ':') || !number(&x, 59, &minute))
		return false;
	if (lex_char(&x, ':') && !number(&x, 60, &second))
		return false;
	if (year < 100)
		year += year < 50 ? 2000 : 1900;
	offset = zone(&x);
	*out = days_of(year, mon, day) * 86400 +
	    (int64_t)(hour * 3600 + minute * 60 + second) - offset * 60;
	return true;
}
