/*
 * dname.c - domain names, on the wire and in presentation form
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"

#include "base/str.h"

/* The characters of nearly all names; put_dname() never escapes them. */
#define PLAIN (CLASS_LETTER | CLASS_DIGIT | CLASS_HYPHEN | CLASS_UNDER)

/* Read one octet of a presentation form at `*at`, unescaped, and move `*at`
 * past it. Return -1 on a bad escape (RFC 1035 5.1: \X or \DDD). */
static int
unescape(struct mailauth_str text, size_t *at)
{
	unsigned v = 0;

	if (text.s[*at] != '\\')
		return (unsigned char)text.s[(*at)++];
	if (*at + 1 >= text.n)
		return -1;
	if (!is_digit(text.s[*at + 1])) {
		*at += 2;
		return (unsigned char)text.s[*at - 1];
	}
	if (*at + 3 >= text.n)
		return -1;
	for (size_t i = 1; i <= 3; i++) {
		if (!is_digit(text.s[*at + i]))
			return -1;
		v = v * 10 + (unsigned)(text.s[*at + i] - '0');
	}
	*at += 4;
	return v <= 255 ? (int)v : -1;
}

bool
dname_is_canonical(struct mailauth_str text)
{
	size_t n = 0;

	if (text.n < 2 || text.n > DNAME_WIRE_MAX - 1 ||
	    text.s[text.n - 1] != '.')
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];

		if (c == '.' ? n == 0 : !is_class(c, PLAIN) || to_lower(c) != c)
			return false;
		n = c == '.' ? 0 : n + 1;
		if (n > DNAME_LABEL_MAX)
			return false;
	}
	return true;
}

/* Parse text label by label into wire format. Each round reserves the length
 * octet, copies the label and fills the length octet in; `used` leaves room for
 * the root label at any time. */
static enum dname_fault
parse(struct mailauth_str text, bool escapes, struct dname *out)
{
	size_t at = 0, used = 0;

	if (text.n == 0)
		return DNAME_EMPTY_LABEL;
	if (text.n == 1 && text.s[0] == '.')
		at = 1;
	while (at < text.n) {
		size_t length_at = used++, n = 0;

		while (at < text.n && text.s[at] != '.') {
			int c = escapes && text.s[at] == '\\' ?
			    unescape(text, &at) :
			    (unsigned char)text.s[at++];

			if (c < 0)
				return DNAME_BAD_ESCAPE;
			if (n == DNAME_LABEL_MAX)
				return DNAME_LABEL_TOO_LONG;
			if (used == DNAME_WIRE_MAX - 1)
				return DNAME_TOO_LONG;
			out->wire[used++] = (uint8_t)to_lower((char)c);
			n++;
		}
		if (n == 0)
			return DNAME_EMPTY_LABEL;
		out->wire[length_at] = (uint8_t)n;
		if (at < text.n)
			at++; /* the dot */
		if (used >= DNAME_WIRE_MAX - 1 && at < text.n)
			return DNAME_TOO_LONG;
	}
	out->wire[used++] = 0;
	out->len = (uint8_t)used;
	return DNAME_OK;
}

enum dname_fault
dname_parse(struct mailauth_str text, struct dname *out)
{
	return parse(text, true, out);
}

bool
dname_of_labels(struct mailauth_str text, struct dname *out)
{
	return parse(text, false, out) == DNAME_OK;
}

bool
put_dname_wire(struct writer *w, struct mailauth_str text)
{
	struct dname name;

	if (dname_parse(text, &name) != DNAME_OK)
		return false;
	put_bytes(w, (const char *)name.wire, name.len);
	return true;
}

const char *
dname_fault_text(enum dname_fault fault)
{
	switch (fault) {
	case DNAME_OK: break;
	case DNAME_EMPTY_LABEL: return "it has an empty label";
	case DNAME_LABEL_TOO_LONG: return "a label has more than 63 octets";
	case DNAME_TOO_LONG: return "it has more than 255 octets";
	case DNAME_BAD_ESCAPE: return "it has a bad \\ escape";
	}
	return "it is a domain name";
}

bool
dname_read(struct cursor *c, bool compressed, struct dname *out)
{
	size_t at = c->at, end = 0, used = 0, lowest = c->at;
	bool jumped = false;

	while (!c->bad) {
		uint8_t n;

		if (at >= c->len)
			break;
		n = c->base[at++];
		if ((n & 0xc0) == 0xc0) {
			size_t to;

			if (!compressed || at >= c->len)
				break;
			to = (size_t)(n & 0x3f) << 8 | c->base[at++];
			if (!jumped)
				end = at;
			jumped = true;
			/* A pointer must lead further back than the name and
			 * each pointer before it, so that no loop is possible.
			 */
			if (to >= lowest)
				break;
			lowest = at = to;
			continue;
		}
		if (n > DNAME_LABEL_MAX || used + 1 + n > DNAME_WIRE_MAX ||
		    n > c->len - at)
			break;
		out->wire[used++] = n;
		for (size_t i = 0; i < n; i++)
			out->wire[used++] =
			    (uint8_t)to_lower((char)c->base[at++]);
		if (n == 0) {
			out->len = (uint8_t)used;
			c->at = jumped ? end : at;
			return true;
		}
	}
	c->bad = true;
	return false;
}

void
put_dname(struct writer *w, const struct dname *name)
{
	size_t at = 0;

	if (name->wire[0] == 0)
		put_char(w, '.');
	while (name->wire[at] != 0) {
		size_t n = name->wire[at++];

		for (; n > 0; n--) {
			char c = (char)name->wire[at++];

			if (is_class(c, PLAIN)) {
				put_char(w, c);
				continue;
			}
			if (!is_print(c) || c == ' ') {
				uint8_t o = (uint8_t)c;
				char esc[4] = { '\\', (char)('0' + o / 100),
					(char)('0' + o / 10 % 10),
					(char)('0' + o % 10) };

				put_bytes(w, esc, sizeof(esc));
				continue;
			}
			if (strchr(".\\\"();@$", c) != NULL)
				put_char(w, '\\');
			put_char(w, c);
		}
		put_char(w, '.');
	}
}

struct mailauth_str
dname_text(struct arena *a, const struct dname *name)
{
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));

	put_dname(&w, name);
	return w.full ? STR_NONE : arena_copy(a, writer_str(&w));
}

/* Octets of the first label in presentation form, without its dot. An escape
 * \DDD counts 2 octets here and its last 2 digits like others: only the octet
 * behind a backslash can be a dot. */
static size_t
first_len(struct mailauth_str name)
{
	size_t i = 0;

	while (i < name.n && name.s[i] != '.')
		i += name.s[i] == '\\' ? 2 : 1;
	return i < name.n ? i : name.n;
}

unsigned
dname_labels(struct mailauth_str name)
{
	unsigned n = 0;

	while (name.n > 1) {
		name = dname_parent(name);
		n++;
	}
	return n;
}

struct mailauth_str
dname_parent(struct mailauth_str name)
{
	size_t n = first_len(name);

	if (n + 1 >= name.n) /* the last label, or the root */
		return STR(".");
	return str_from(name, n + 1);
}

struct mailauth_str
dname_first(struct mailauth_str name)
{
	return str_sub(name, 0, first_len(name));
}

struct mailauth_str
dname_plain(struct arena *a, struct mailauth_str name)
{
	struct writer w = arena_writer(a);
	size_t at = 0;

	name = str_sub(name, 0, name.n - (name.n > 0));
	if (str_find(name, '\\') == name.n)
		return name;
	while (at < name.n)
		put_char(&w, (char)unescape(name, &at));
	return writer_str(&w);
}

bool
dname_under(struct mailauth_str name, struct mailauth_str zone)
{
	unsigned below;

	if (zone.n == 1)
		return true;
	if (name.n < zone.n || !str_eq(str_from(name, name.n - zone.n), zone))
		return false;
	/* The octets agree. Walk up label by label to see whether the zone
	 * begins at a label and not inside one. */
	for (below = dname_labels(name); name.n > zone.n && below > 0; below--)
		name = dname_parent(name);
	return name.n == zone.n;
}

bool
dname_is_host(struct mailauth_str name)
{
	struct mailauth_str label = STR_NONE;
	bool letter = false;

	if (name.n <= 1)
		return false;
	for (; name.n > 1; name = dname_parent(name)) {
		label = dname_first(name);
		if (label.s[0] == '-' || label.s[label.n - 1] == '-')
			return false;
		letter = false;
		for (size_t i = 0; i < label.n; i++) {
			if (!is_alnum(label.s[i]) && label.s[i] != '-')
				return false;
			letter = letter || !is_digit(label.s[i]);
		}
	}
	return letter;
}
