/*
 * dkim_canon.c - the canonical forms of headers and bodies (RFC 6376 3.4)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/dkim_canon.h"

/* Line ends in one call of the sink. */
#define LINES 32
/* Octets of a name that are lowered in one call of the sink. */
#define NAME_PIECE 64

static const char crlfs[] =
    "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
    "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";

/* State of a header field while it is put out. */
struct out {
	dkim_put put;
	void *arg;
	bool lower; /* this part is the name: put out lower case */
	bool some; /* some octet of this part was put out */
	bool blank; /* blanks were read and not put out yet */
};

static void
put_lower(const struct out *o, const char *s, size_t n)
{
	char room[NAME_PIECE];

	for (size_t i = 0; i < n; i += NAME_PIECE) {
		size_t piece = n - i < NAME_PIECE ? n - i : NAME_PIECE;

		for (size_t k = 0; k < piece; k++)
			room[k] = to_lower(s[i + k]);
		o->put(o->arg, room, piece);
	}
}

/* Octets of the blank or line end at `p`; 0 for other octets. */
static size_t
blank_at(const char *p, const char *end)
{
	if (p[0] == '\r')
		return end - p > 1 && p[1] == '\n' ? 2 : 0;
	return is_wsp(p[0]) || p[0] == '\n';
}

/* Put out the relaxed form of a part (RFC 6376 3.4.2): without line ends, each
 * run of blanks as one space, without blanks at either end. `o` carries the
 * pending blank from one part to the next. */
static void
relax(struct out *o, struct mailauth_str s)
{
	const char *p = s.s, *end;

	if (s.n == 0)
		return;
	for (end = p + s.n; p < end;) {
		const char *from;
		size_t n;

		while (p < end && (n = blank_at(p, end)) > 0) {
			o->blank = o->blank || is_wsp(p[0]);
			p += n;
		}
		for (from = p; p < end && blank_at(p, end) == 0;)
			p++;
		if (p == from)
			return;
		if (o->some && o->blank)
			o->put(o->arg, " ", 1);
		o->some = true;
		o->blank = false;
		if (o->lower)
			put_lower(o, from, (size_t)(p - from));
		else
			o->put(o->arg, from, (size_t)(p - from));
	}
}

/* Put out the simple form: every line end as CRLF. */
static void
normalise(const struct out *o, struct mailauth_str s)
{
	while (s.n > 0) {
		size_t at = str_find(s, '\n');
		size_t n =
		    at == s.n || at == 0 || s.s[at - 1] != '\r' ? at : at - 1;

		if (n > 0)
			o->put(o->arg, s.s, n);
		if (at == s.n)
			return;
		o->put(o->arg, crlfs, 2);
		s = str_from(s, at + 1);
	}
}

static void
canon(struct mailauth_str before, struct mailauth_str after, bool relaxed,
    struct out *o)
{
	size_t colon = str_find(before, ':');

	if (!relaxed) {
		normalise(o, before);
		normalise(o, after);
		return;
	}
	o->lower = true;
	relax(o, str_sub(before, 0, colon));
	if (colon < before.n)
		o->put(o->arg, ":", 1);
	o->lower = o->some = o->blank = false;
	relax(o, str_from(before, colon + 1));
	relax(o, after);
}

/* The text without the end of its last line. */
static struct mailauth_str
chomp(struct mailauth_str raw)
{
	if (raw.n > 0 && raw.s[raw.n - 1] == '\n')
		raw.n -= raw.n > 1 && raw.s[raw.n - 2] == '\r' ? 2 : 1;
	return raw;
}

void
dkim_canon_field(struct mailauth_str raw, bool relaxed, dkim_put put, void *arg)
{
	struct out o = { .put = put, .arg = arg };

	canon(chomp(raw), STR_NONE, relaxed, &o);
	put(arg, crlfs, 2);
}

void
dkim_canon_signature(struct mailauth_str raw, struct mailauth_str hole,
    bool relaxed, dkim_put put, void *arg)
{
	struct out o = { .put = put, .arg = arg };
	struct mailauth_str body = chomp(raw);
	size_t at = hole.s != NULL ? (size_t)(hole.s - raw.s) : body.n;

	canon(str_sub(body, 0, at), str_from(body, at + hole.n), relaxed, &o);
}

void
dkim_body_start(struct dkim_body *b, bool relaxed, dkim_put put, void *arg)
{
	*b = (struct dkim_body){ .put = put, .arg = arg, .relaxed = relaxed };
}

/* Put out content, and before it the pending line ends and blank. Line ends and
 * blanks at the end of a body never get here, and so they vanish. */
static void
content(struct dkim_body *b, const char *p, size_t n)
{
	while (b->lines > 0) {
		size_t now = b->lines < LINES ? (size_t)b->lines : LINES;

		b->put(b->arg, crlfs, 2 * now);
		b->lines -= now;
	}
	if (b->blank)
		b->put(b->arg, " ", 1);
	b->blank = false;
	b->some = true;
	b->put(b->arg, p, n);
}

/* Count a line end; the relaxed form drops blanks before it. (The simple form
 * never has a pending blank.) */
static void
line_end(struct dkim_body *b)
{
	b->blank = false;
	b->lines++;
}

/* A line end begins at `p`. */
static bool
ends_at(const char *p, const char *end)
{
	return *p == '\n' || (*p == '\r' && end - p > 1 && p[1] == '\n');
}

/* The eight octets at `p` hold no control character, and no space beside
 * another space. The sums use seven bits of each octet, so that no carry
 * reaches the next octet; bit 7 of a sum is set where the octet is large
 * enough. */
static inline bool
is_plain_word(const char *p)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	uint64_t word, low, space;

	memcpy(&word, p, sizeof(word));
	low = ~((word & ~tops) + ones * (0x80 - 0x21)) & ~word & tops;
	word ^= ones * ' ';
	space = ~((word & ~tops) + ones * 0x7f) & ~word & tops;
	return ((low & ~space) | (low & low >> 8)) == 0;
}

/* Octets at `p` that the relaxed form keeps: all but blanks, and single spaces
 * between them. */
static size_t
relaxed_run(const char *p, const char *end)
{
	const char *at = p;

	if (is_fws(*p))
		return 0;
	for (;;) {
		/* A space may follow the last of the eight octets, so that
		 * octet is examined again. */
		while (end - at >= 8 && is_plain_word(at))
			at += 7;
		while (at < end && !is_fws(*at))
			at++;
		if (end - at < 2 || *at != ' ' || is_fws(at[1]))
			return (size_t)(at - p);
		at++;
	}
}

/* The same for the simple form: the rest of the line, without its end. */
static size_t
simple_run(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	if (lf == NULL)
		lf = end;
	return (size_t)(lf - p) - (lf > p && lf[-1] == '\r');
}

void
dkim_body_put(struct dkim_body *b, const void *data, size_t n)
{
	const char *p = data, *end;

	if (n == 0)
		return;
	end = p + n;
	/* A CR at the end of the previous piece is data unless LF follows. */
	if (b->cr && *p != '\n')
		content(b, "\r", 1);
	b->cr = false;
	while (p < end) {
		size_t run;

		if (ends_at(p, end)) {
			line_end(b);
			p += *p == '\n' ? 1 : 2;
			continue;
		}
		if (*p == '\r' && p + 1 == end) {
			b->cr = true;
			return;
		}
		run = b->relaxed ? relaxed_run(p, end) : simple_run(p, end);
		if (run == 0 && *p == '\r')
			run = 1;
		if (run > 0) {
			content(b, p, run);
			p += run;
			continue;
		}
		b->blank = true;
		while (p < end && is_wsp(*p))
			p++;
	}
}

void
dkim_body_end(struct dkim_body *b)
{
	if (b->cr)
		content(b, "\r", 1);
	b->cr = false;
	if (b->some || !b->relaxed)
		b->put(b->arg, crlfs, 2);
}
