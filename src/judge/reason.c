/*
 * reason.c - read Unbound's error texts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "judge/reason.h"

#include "base/str.h"

static bool
has(struct mailauth_str s, struct mailauth_str what)
{
	return str_ifind(s, what) < s.n;
}

struct mailauth_str
reason_last_error(struct mailauth_str log)
{
	struct mailauth_str found = STR_NONE;

	while (log.n > 0) {
		struct mailauth_str line = str_cut(&log, '\n');
		size_t at = str_ifind(line, STR("error: "));

		if (at < line.n)
			found = str_from(line, at + 7);
	}
	return found;
}

/* Read the octet of a name in presentation form; Unbound logs '?' for all but
 * letters, digits, '-', '_' and '*'. */
static char
name_octet(struct mailauth_str *name)
{
	char c = name->s[0];
	size_t n = 1;

	if (c == '\\' && name->n > 1) {
		bool digits = name->s[1] >= '0' && name->s[1] <= '9';

		n = digits && name->n > 3 ? 4 : 2;
		c = '?';
	}
	*name = str_from(*name, n);
	return c;
}

/* The line is about this question. */
static bool
is_about(struct mailauth_str line, struct mailauth_str name,
    struct mailauth_str type)
{
	static const struct mailauth_str plain =
	    STR_INIT("abcdefghijklmnopqrstuvwxyz0123456789-_*.");
	size_t at = str_ifind(line, STR("<"));

	line = str_from(line, at < line.n ? at + 1 : line.n);
	while (name.n > 0 && line.n > 0) {
		char want = name_octet(&name);
		bool known = str_find(plain, want) < plain.n;
		char have = line.s[0] >= 'A' && line.s[0] <= 'Z' ?
		    (char)(line.s[0] + 32) :
		    line.s[0];

		if (have != (known ? want : '?'))
			return false;
		line = str_from(line, 1);
	}
	return name.n == 0 && line.n > type.n + 1 && line.s[0] == ' ' &&
	    str_ieq(str_sub(line, 1, type.n), type) &&
	    line.s[type.n + 1] == ' ';
}

struct mailauth_str
reason_of_question(struct mailauth_str log, struct mailauth_str name,
    struct mailauth_str type)
{
	struct mailauth_str found = STR_NONE;

	while (log.n > 0) {
		struct mailauth_str line = str_cut(&log, '\n');

		line = reason_last_error(line);
		if (is_about(line, name, type))
			found = line;
	}
	return found;
}

/* Decode hexadecimal digits; the number of octets, 0 when they do not fit. */
static size_t
decode(struct mailauth_str hex, uint8_t *out, size_t room)
{
	static const struct mailauth_str digits = STR_INIT("0123456789ABCDEF");
	size_t n = 0;

	for (; hex.n >= 2 && n < room; hex = str_from(hex, 2)) {
		size_t high = str_find(digits, hex.s[0]),
		       low = str_find(digits, hex.s[1]);

		if (high == digits.n || low == digits.n)
			return 0;
		out[n++] = (uint8_t)(high << 4 | low);
	}
	return hex.n < 2 ? n : 0;
}

size_t
reason_message(struct mailauth_str *log, uint8_t *out, size_t room)
{
	size_t have = 0;

	while (log->n > 0) {
		struct mailauth_str line = str_cut(log, '\n'), size;
		size_t at = str_ifind(line, STR("udp message["));
		uint32_t whole, from;

		/* "udp message[SIZE:FROM] HEX", a piece of it on each line */
		if (at == line.n)
			continue;
		line = str_from(line, at + 12);
		size = str_cut(&line, ']');
		if (!str_number(str_cut(&size, ':'), UINT16_MAX, &whole) ||
		    !str_number(size, UINT16_MAX, &from) || whole > room ||
		    (from != 0 && from != have))
			continue;
		have = from + decode(str_trim(line), out + from, room - from);
		if (have == whole)
			return have;
	}
	return 0;
}

struct mailauth_str
reason_alone(struct mailauth_str text)
{
	size_t at = str_ifind(text, STR(">: "));

	return at < text.n ? str_from(text, at + 3) : text;
}

enum mailauth_cause
reason_of_failure(struct mailauth_str text)
{
	/* Texts of Unbound 1.13 to 1.26; the first row that occurs decides. */
	static const struct {
		struct mailauth_str text;
		enum mailauth_cause cause;
	} causes[] = {
		{ STR_INIT("maximum number restarts"), MAILAUTH_CAUSE_LOOP },
		{ STR_INIT("maximum number of query restarts"),
		    MAILAUTH_CAUSE_LOOP },
		{ STR_INIT("got SERVFAIL"), MAILAUTH_CAUSE_SERVFAIL },
		{ STR_INIT("SERVFAIL in cache"), MAILAUTH_CAUSE_SERVFAIL },
		{ STR_INIT("nodata answer"), MAILAUTH_CAUSE_LAME },
		{ STR_INIT(" got "), MAILAUTH_CAUSE_REFUSED },
		{ STR_INIT("timeout"), MAILAUTH_CAUSE_TIMEOUT },
		{ STR_INIT("no addresses for nameservers"),
		    MAILAUTH_CAUSE_LAME },
		{ STR_INIT("have no nameserver names"), MAILAUTH_CAUSE_LAME },
	};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (has(text, causes[i].text))
			return causes[i].cause;
	return MAILAUTH_CAUSE_SERVFAIL;
}

enum mailauth_cause
reason_of_bogus(struct mailauth_str text)
{
	return has(text, STR("no keys have a DS")) ||
	        has(text, STR("DS hash mismatches")) ||
	        has(text, STR("DNSKEY that matches DS")) ?
	    MAILAUTH_CAUSE_NO_DNSKEY :
	    MAILAUTH_CAUSE_BOGUS;
}

/* The word behind `before`. */
static struct mailauth_str
word_behind(struct mailauth_str text, struct mailauth_str before)
{
	size_t at = str_ifind(text, before);

	if (at == text.n)
		return STR_NONE;
	text = str_from(text, at + before.n);
	return str_word(&text);
}

struct mailauth_str
reason_anchor(struct mailauth_str text)
{
	struct mailauth_str name = word_behind(text, STR("for trust anchor "));

	return name.n > 0 ? name :
	                    word_behind(text, STR("key for validation "));
}

bool
reason_lacks_keys(struct mailauth_str text)
{
	return has(text, STR("no DNSKEY rrset")) ||
	    has(text, STR("no signatures")) ||
	    has(text, STR("signature missing"));
}

bool
reason_is_root(struct mailauth_str text)
{
	return has(text, STR("trust anchor . "));
}

bool
reason_shows_tcp(struct mailauth_str log, struct mailauth_str name)
{
	bool ours = false;

	while (log.n > 0) {
		struct mailauth_str line = str_cut(&log, '\n');

		/* The log of one question: no other query is logged between the
		 * two lines. */
		if (has(line, STR("sending query: ")))
			ours = has(line, name);
		if (ours && has(line, STR("initiate TCP")))
			return true;
	}
	return false;
}
