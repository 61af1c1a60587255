/*
 * header.c - split a message header into fields
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/header.h"

#include "header/lexer.h"

/* The fields in which a line without indentation can continue the field. */
static const struct {
	struct mailauth_str name;
	bool signature; /* the value may have a line of base64 */
} folded[] = {
	{ STR_INIT("Authentication-Results"), false },
	{ STR_INIT("ARC-Authentication-Results"), false },
	{ STR_INIT("Received-SPF"), false },
	{ STR_INIT("DKIM-Signature"), true },
	{ STR_INIT("ARC-Message-Signature"), true },
	{ STR_INIT("ARC-Seal"), true },
};

#define FOLDED (sizeof(folded) / sizeof(folded[0]))

/* Octets of the first line with its end. */
static size_t
line_size(struct mailauth_str s)
{
	size_t n = str_find(s, '\n');

	return n < s.n ? n + 1 : n;
}

static struct mailauth_str
without_end(struct mailauth_str line)
{
	if (line.n > 0 && line.s[line.n - 1] == '\n') {
		line.n--;
		if (line.n > 0 && line.s[line.n - 1] == '\r')
			line.n--;
	}
	return line;
}

/* Offset of the ':' behind the name of a field, with blanks between them
 * allowed (RFC 5322 4.5); 0 when the line is no field. */
static size_t
name_end(struct mailauth_str line, struct mailauth_str *name)
{
	size_t at = 0;

	while (at < line.n && (unsigned char)line.s[at] > ' ' &&
	    (unsigned char)line.s[at] < 0x7f && line.s[at] != ':')
		at++;
	*name = str_sub(line, 0, at);
	while (at < line.n && is_wsp(line.s[at]))
		at++;
	return name->n > 0 && at < line.n && line.s[at] == ':' ? at : 0;
}

/* The line begins with a token and '=', as a tag or a result does. RFC 5322
 * allows '=' in the name of a field, but no known field has one. */
static bool
is_pair(struct mailauth_str line)
{
	struct lexer x = lexer_of(line);

	if (lex_token(&x).n == 0)
		return false;
	while (lex_char(&x, ' ') || lex_char(&x, '\t'))
		;
	return lex_peek(&x) == '=';
}

static bool
is_base64(struct mailauth_str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!is_alnum(line.s[i]) && line.s[i] != '+' &&
		    line.s[i] != '/' && line.s[i] != '=' &&
		    (line.s[i] != ';' || i + 1 < line.n))
			return false;
	return line.n > 0;
}

/* The first line of `s` continues a field of row `kind` without indentation. */
static bool
is_lost_fold(struct mailauth_str s, size_t kind)
{
	struct mailauth_str line = without_end(str_sub(s, 0, line_size(s)));

	return kind < FOLDED &&
	    (is_pair(line) || (folded[kind].signature && is_base64(line)));
}

enum header_step
header_next(struct mailauth_str *rest, struct header_field *out)
{
	size_t size = line_size(*rest), kind = 0, colon;
	struct mailauth_str line = str_sub(*rest, 0, size);

	*out = (struct header_field){ .unfolded = false };
	if (without_end(line).n == 0) {
		*rest = str_from(*rest, size);
		return HEADER_END;
	}
	colon = name_end(without_end(line), &out->name);
	if (colon == 0) {
		out->name = STR_NONE;
		return HEADER_JUNK;
	}
	while (kind < FOLDED && !str_ieq(folded[kind].name, out->name))
		kind++;
	while (size < rest->n) {
		struct mailauth_str next = str_from(*rest, size);

		if (!is_wsp(next.s[0])) {
			if (!is_lost_fold(next, kind))
				break;
			out->unfolded = true;
		}
		size += line_size(next);
	}
	out->raw = str_sub(*rest, 0, size);
	out->value = str_from(without_end(out->raw), colon + 1);
	*rest = str_from(*rest, size);
	return HEADER_FIELD;
}

struct mailauth_str
header_skip_envelope(struct mailauth_str message)
{
	while (str_starts(message, STR("From ")) ||
	    str_starts(message, STR(">From "))) {
		size_t size = line_size(message);
		struct mailauth_str name;

		/* "From : a@example.com" is a field in obsolete syntax. */
		if (name_end(str_sub(message, 0, size), &name) > 0)
			break;
		message = str_from(message, size);
	}
	return message;
}
