/*
 * date.c - the date and time of a header field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/date.h"

#include "header/lexer.h"

/* Semicolons of a field that date_find() looks behind, from the last one up. */
#define TRIES 4

/* The parts of a date as far as they have been read. */
struct date {
	uint32_t day, month,
	    year; /* 0: not read yet; the year has `has_year` */
	uint32_t hour, minute, second;
	int offset; /* minutes east of UTC */
	bool has_year, has_time, has_zone, afternoon, forenoon;
	bool zoned; /* `offset` is certain */
};

static const struct mailauth_str months[] = { STR_INIT("January"),
	STR_INIT("February"), STR_INIT("March"), STR_INIT("April"),
	STR_INIT("May"), STR_INIT("June"), STR_INIT("July"), STR_INIT("August"),
	STR_INIT("September"), STR_INIT("October"), STR_INIT("November"),
	STR_INIT("December") };

/* The names of zones that servers write (RFC 5322 4.3 has the American ones),
 * with minutes east of UTC. Names that several zones share have the meaning of
 * that standard, or the zone with the most mail. */
static const struct {
	struct mailauth_str name;
	int minutes;
} zones[] = {
	{ STR_INIT("UT"), 0 },
	{ STR_INIT("UTC"), 0 },
	{ STR_INIT("GMT"), 0 },
	{ STR_INIT("Z"), 0 },
	{ STR_INIT("WET"), 0 },
	{ STR_INIT("WEST"), 60 },
	{ STR_INIT("BST"), 60 },
	{ STR_INIT("CET"), 60 },
	{ STR_INIT("MET"), 60 },
	{ STR_INIT("MEZ"), 60 },
	{ STR_INIT("CEST"), 120 },
	{ STR_INIT("MEST"), 120 },
	{ STR_INIT("MESZ"), 120 },
	{ STR_INIT("SAST"), 120 },
	{ STR_INIT("EET"), 120 },
	{ STR_INIT("EEST"), 180 },
	{ STR_INIT("MSK"), 180 },
	{ STR_INIT("MSD"), 240 },
	{ STR_INIT("IST"), 330 },
	{ STR_INIT("WIB"), 420 },
	{ STR_INIT("HKT"), 480 },
	{ STR_INIT("SGT"), 480 },
	{ STR_INIT("AWST"), 480 },
	{ STR_INIT("JST"), 540 },
	{ STR_INIT("KST"), 540 },
	{ STR_INIT("ACST"), 570 },
	{ STR_INIT("AEST"), 600 },
	{ STR_INIT("AEDT"), 660 },
	{ STR_INIT("NZST"), 720 },
	{ STR_INIT("NZDT"), 780 },
	{ STR_INIT("BRT"), -180 },
	{ STR_INIT("ART"), -180 },
	{ STR_INIT("CLT"), -240 },
	{ STR_INIT("AST"), -240 },
	{ STR_INIT("ADT"), -180 },
	{ STR_INIT("EDT"), -240 },
	{ STR_INIT("EST"), -300 },
	{ STR_INIT("CDT"), -300 },
	{ STR_INIT("CST"), -360 },
	{ STR_INIT("MDT"), -360 },
	{ STR_INIT("MST"), -420 },
	{ STR_INIT("PDT"), -420 },
	{ STR_INIT("PST"), -480 },
	{ STR_INIT("AKDT"), -480 },
	{ STR_INIT("AKST"), -540 },
	{ STR_INIT("HST"), -600 },
};

/* Of these, the names of several zones that the standard does not have. */
static const struct mailauth_str shared[] = { STR_INIT("BST"), STR_INIT("IST"),
	STR_INIT("AST"), STR_INIT("ADT") };

static void
take_zone_name(struct date *d, struct mailauth_str name)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (str_ieq(name, zones[i].name)) {
			d->offset = zones[i].minutes;
			d->zoned = true;
		}
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (str_ieq(name, shared[i]))
			d->zoned = false;
}

/* The next word, up to a blank, a ',' or a comment. Commas and comments before
 * it are skipped. */
static struct mailauth_str
word(struct lexer *x)
{
	size_t from;

	do
		lex_cfws(x, NULL);
	while (lex_char(x, ','));
	from = x->at;
	while (x->at < x->text.n && !is_fws(x->text.s[x->at]) &&
	    x->text.s[x->at] != ',' && x->text.s[x->at] != '(')
		x->at++;
	return str_sub(x->text, from, x->at - from);
}

/* The digits at the start of `s`, which moves behind them. */
static struct mailauth_str
digits(struct mailauth_str *s)
{
	size_t n = str_skip(*s, 0, CLASS_DIGIT);
	struct mailauth_str out = str_sub(*s, 0, n);

	*s = str_from(*s, n);
	return out;
}

/* Read "Jun", "June", "JUN" or "Sept." */
static bool
take_month(struct date *d, struct mailauth_str s)
{
	if (s.n > 0 && s.s[s.n - 1] == '.')
		s.n--;
	for (uint32_t i = 0; i < 12 && s.n >= 3; i++)
		if (str_istarts(months[i], s)) {
			d->month = i + 1;
			return true;
		}
	return false;
}

/* Read a year of two, three or four digits (RFC 5322 4.3). */
static bool
take_year(struct date *d, struct mailauth_str s)
{
	if (s.n < 2 || s.n > 4 || !str_number(s, 9999, &d->year))
		return false;
	if (s.n == 2)
		d->year += d->year < 50 ? 2000 : 1900;
	else if (s.n == 3)
		d->year += 1900;
	d->has_year = true;
	return true;
}

static bool
take_day(struct date *d, struct mailauth_str s)
{
	return s.n <= 2 && str_number(s, 31, &d->day) && d->day > 0;
}

/* Read "+0100", "+01:00", "-5" or a name, also "GMT+0100". A name that is not
 * known counts as UTC (RFC 5322 4.3). */
static bool
take_zone(struct date *d, struct mailauth_str s)
{
	struct mailauth_str name = str_sub(s, 0, str_skip(s, 0, CLASS_LETTER)),
	                    hours, rest;
	uint32_t h, m = 0;
	bool west;

	d->has_zone = true;
	take_zone_name(d, name);
	rest = str_from(s, name.n);
	if (rest.n == 0)
		return name.n > 0;
	west = rest.s[0] == '-';
	if (!west && rest.s[0] != '+')
		return false;
	rest = str_from(rest, 1);
	hours = digits(&rest);
	if (rest.n > 0 && rest.s[0] == ':') {
		rest = str_from(rest, 1);
		if (rest.n != 2 || !str_number(rest, 59, &m))
			return false;
	} else if (rest.n > 0) {
		return false;
	} else if (hours.n > 2) {
		if (!str_number(str_from(hours, hours.n - 2), 99, &m))
			return false;
		hours.n -= 2;
	}
	if (hours.n > 2 || !str_number(hours, 99, &h))
		return false;
	/* No place on earth is further ahead. */
	if (h * 60 + m > 14 * 60)
		return false;
	d->offset = (int)(h * 60 + m) * (west ? -1 : 1);
	d->zoned = true;
	return true;
}

/* Read "10:00", "10:00:00" or "10.00.00", with a fraction, and what has no
 * blank before it: a zone, AM or PM. */
static bool
take_time(struct date *d, struct mailauth_str s)
{
	char between;

	if (!str_number(digits(&s), 24, &d->hour) || s.n == 0 ||
	    (s.s[0] != ':' && s.s[0] != '.'))
		return false;
	between = s.s[0];
	s = str_from(s, 1);
	if (!str_number(digits(&s), 59, &d->minute))
		return false;
	if (s.n > 0 && s.s[0] == between) {
		s = str_from(s, 1);
		if (!str_number(digits(&s), 60, &d->second))
			return false;
	}
	if (s.n > 0 && s.s[0] == '.') {
		s = str_from(s, 1);
		digits(&s);
	}
	d->has_time = true;
	d->afternoon = str_ieq(s, STR("PM"));
	d->forenoon = str_ieq(s, STR("AM"));
	return s.n == 0 || d->afternoon || d->forenoon || take_zone(d, s);
}

/* Read "2026-06-01", also with "T" and a time, or "01-Jun-2026". */
static bool
take_dashed(struct date *d, struct mailauth_str s)
{
	struct mailauth_str part[3];

	part[0] = str_cut(&s, '-');
	part[1] = str_cut(&s, '-');
	part[2] = digits(&s);
	if (part[0].n == 4)
		return take_year(d, part[0]) &&
		    str_number(part[1], 12, &d->month) && d->month > 0 &&
		    take_day(d, part[2]) &&
		    (s.n == 0 ||
		        (to_lower(s.s[0]) == 't' &&
		            take_time(d, str_from(s, 1))));
	return take_day(d, part[0]) && take_month(d, part[1]) &&
	    take_year(d, part[2]) && s.n == 0;
}

/* A number: the day, the year, or the time with dots. */
static bool
take_number(struct date *d, struct mailauth_str s)
{
	size_t n = str_skip(s, 0, CLASS_DIGIT);

	if (n < s.n && (s.s[n] == ':' || (s.s[n] == '.' && n + 1 < s.n)))
		return !d->has_time && take_time(d, s);
	if (n < s.n && s.s[n] == '-')
		return d->day == 0 && take_dashed(d, s);
	if (n + 1 == s.n && s.s[n] == '.')
		s.n--; /* "1. Jun" */
	if (d->day == 0 && s.n <= 2)
		return take_day(d, s);
	return !d->has_year && take_year(d, s);
}

/* One word of a date. The names of days say nothing, and are in front. */
static bool
take_word(struct date *d, struct mailauth_str s)
{
	if (is_digit(s.s[0]))
		return take_number(d, s);
	if (d->month == 0 && take_month(d, s))
		return true;
	if (d->day == 0 && d->month == 0 && !d->has_time)
		return is_alpha(s.s[0]) || (unsigned char)s.s[0] > 0x7f;
	if (str_ieq(s, STR("AM")) || str_ieq(s, STR("PM"))) {
		d->forenoon = to_lower(s.s[0]) == 'a';
		d->afternoon = !d->forenoon;
		return d->has_time;
	}
	return d->has_time && !d->has_zone && take_zone(d, s);
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
date_parse(struct mailauth_str s, int64_t *out, bool *zoned)
{
	struct lexer x = lexer_of(s);
	struct mailauth_str next;
	struct date d = { .day = 0 };

	while ((next = word(&x)).n > 0) {
		/* All is there: what follows is a comment without '('. */
		if (d.day > 0 && d.month > 0 && d.has_year && d.has_time &&
		    d.has_zone)
			break;
		if (!take_word(&d, next))
			return false;
	}
	if (d.day == 0 || d.month == 0 || !d.has_year || !d.has_time ||
	    ((d.afternoon || d.forenoon) && d.hour > 12) || d.hour > 23)
		return false;
	if (d.afternoon || d.forenoon)
		d.hour = d.hour % 12 + (d.afternoon ? 12 : 0);
	*out = days_of(d.year, d.month, d.day) * 86400 +
	    (int64_t)(d.hour * 3600 + d.minute * 60 + d.second) -
	    (int64_t)d.offset * 60;
	*zoned = d.zoned;
	return true;
}

/* The text behind a ';' has no further ';' outside of comments, and its comments
 * have an end. */
static bool
is_last(struct mailauth_str behind)
{
	struct lexer x = lexer_of(behind);

	lex_seek(&x, ';');
	return lex_peek(&x) < 0 && !x.broken;
}

bool
date_find(struct mailauth_str field, int64_t *out, bool *zoned)
{
	struct mailauth_str before = field;
	bool last = true;

	for (size_t tries = 0; tries < TRIES; tries++) {
		struct mailauth_str behind;
		size_t at = before.n;

		while (at > 0 && before.s[at - 1] != ';')
			at--;
		if (at == 0)
			return false;
		behind = str_from(field, at);
		if ((last || is_last(behind)) && date_parse(behind, out, zoned))
			return true;
		last = false;
		before.n = at - 1;
	}
	return false;
}
