/*
 * generate.c - $GENERATE of BIND: records made of a pattern
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * In the pattern "$" is the number, "${OFFSET,WIDTH,BASE}" the number plus
 * OFFSET with zeros in front up to WIDTH characters, in base d, o, x, X, n or N
 * (n: hexadecimal digits in reverse order with dots between), "$$" a dollar.
 */
#include "zone/generate.h"

/* Octets of one line that is made. */
#define LINE_MAX_OCTETS 8192
/* Characters of a number at most. */
#define WIDTH_MAX 64

struct range {
	uint32_t first, last, step;
};

/* How a number is written. */
struct style {
	int64_t offset;
	uint32_t width;
	char base;
};

static bool
read_range(struct mailauth_str s, struct range *out)
{
	struct mailauth_str step = s, last, first = str_cut(&step, '/');

	last = first;
	first = str_cut(&last, '-');
	out->step = 1;
	return str_number(first, INT32_MAX, &out->first) &&
	    str_number(last, INT32_MAX, &out->last) &&
	    out->last >= out->first &&
	    (str_find(s, '/') == s.n ||
	        (str_number(step, INT32_MAX, &out->step) && out->step > 0));
}

/* What is in the braces: OFFSET[,WIDTH[,BASE]]. */
static bool
read_style(struct mailauth_str s, struct style *out)
{
	struct mailauth_str rest = s, word = str_cut(&rest, ',');
	bool minus = word.n > 0 && word.s[0] == '-';
	uint32_t n;

	*out = (struct style){ 0, 0, 'd' };
	if (!str_number(str_from(word, minus ? 1 : 0), INT32_MAX, &n))
		return false;
	out->offset = minus ? -(int64_t)n : (int64_t)n;
	if (rest.n == 0)
		return true;
	word = str_cut(&rest, ',');
	if (!str_number(word, WIDTH_MAX, &out->width))
		return false;
	if (rest.n == 0)
		return true;
	out->base = rest.s[0];
	return rest.n == 1 && memchr("doxXnN", rest.s[0], 6) != NULL;
}

static void
put_styled(struct writer *w, int64_t value, const struct style *style)
{
	bool dots = to_lower(style->base) == 'n';
	bool upper = style->base == 'X' || style->base == 'N';
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	uint64_t left = value < 0 ? (uint64_t)-value : (uint64_t)value;
	unsigned base = style->base == 'd' ? 10 : style->base == 'o' ? 8 : 16;
	char room[WIDTH_MAX * 2 + 2];
	size_t n = 0;

	/* The last digit first. */
	do {
		room[n++] = digits[left % base];
		left /= base;
		if (dots && (left > 0 || n + 1 < style->width))
			room[n++] = '.';
	} while (left > 0 || n < style->width);
	if (value < 0)
		put_char(w, '-');
	if (dots)
		put_bytes(w, room, n);
	else
		while (n > 0)
			put_char(w, room[--n]);
}

/* Write one field of the pattern for a number. */
static const char *
put_field(struct writer *w, const struct zone_field *f, uint32_t number)
{
	struct mailauth_str s = f->text;
	struct style style;

	put_text(w, f->quoted ? "\"" : "");
	for (size_t i = 0; i < s.n; i++) {
		struct mailauth_str rest = str_from(s, i + 1);

		if (s.s[i] == '\\' && rest.n > 0) {
			put_bytes(w, s.s + i, rest.s[0] == '$' ? 0 : 2);
			put_bytes(w, "$", rest.s[0] == '$');
			i++;
		} else if (s.s[i] != '$') {
			put_char(w, s.s[i]);
		} else if (rest.n > 0 && rest.s[0] == '$') {
			put_char(w, '$');
			i++;
		} else if (rest.n > 0 && rest.s[0] == '{') {
			size_t end = str_find(rest, '}');

			if (end == rest.n ||
			    !read_style(str_sub(rest, 1, end - 1), &style))
				return "write ${OFFSET,WIDTH,BASE}";
			put_styled(w, (int64_t)number + style.offset, &style);
			i += end + 1;
		} else {
			put_number(w, number);
		}
	}
	put_text(w, f->quoted ? "\"" : "");
	return NULL;
}

const char *
zone_generate(const struct zone_entry *e,
    bool (*line)(void *self, struct mailauth_str text), void *self)
{
	char room[LINE_MAX_OCTETS];
	struct range range;

	if (e->n < 5)
		return "give it as $GENERATE START-STOP OWNER TYPE DATA";
	if (!read_range(e->fields[1].text, &range))
		return "the range is not START-STOP or START-STOP/STEP";
	for (uint64_t i = range.first; i <= range.last; i += range.step) {
		struct writer w = writer_of(room, sizeof(room));

		for (size_t f = 2; f < e->n; f++) {
			const char *why =
			    put_field(&w, &e->fields[f], (uint32_t)i);

			if (why != NULL)
				return why;
			put_char(&w, f + 1 < e->n ? ' ' : '\n');
		}
		if (w.full)
			return "a line is longer than 8,192 octets";
		if (!line(self, writer_str(&w)))
			break;
	}
	return NULL;
}
