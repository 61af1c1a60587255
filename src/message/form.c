/*
 * form.c - other forms of a message, turned back
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "message/form.h"

#include "base/base64.h"
#include "base/writer.h"
#include "header/header.h"

static struct mailauth_str
line_of(struct mailauth_str s)
{
	size_t n = str_find(s, '\n');

	return str_sub(s, 0, n < s.n ? n + 1 : n);
}

bool
form_is_header(struct mailauth_str text)
{
	struct header_field f;

	return header_next(&text, &f) == HEADER_FIELD;
}

struct mailauth_str
form_start(struct mailauth_str s)
{
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_from(s, 3);
	for (;;) {
		struct mailauth_str line = line_of(s);

		if (line.n == 0 || str_trim(line).n > 0)
			return s;
		s = str_from(s, line.n);
	}
}

#define PICTURE \
	"it is a picture: save the message as .eml, or its header as text"
#define ARCHIVE    "it is an archive: unpack it, and name the message in it"
#define COMPRESSED "it is compressed: unpack it first"
#define JSON \
	"it is JSON, not a message: save the message as .eml, or its header " \
	"as text"

/* Files that are no text, by how they begin. */
static const struct {
	struct mailauth_str start;
	const char *what;
} foreign[] = {
	{ STR_INIT("\xd0\xcf\x11\xe0"),
	    "it is a file of Outlook (.msg), not a message: open it there, and "
	    "save it as .eml, or copy its Internet headers into a file" },
	{ STR_INIT("!BDN"),
	    "it is a mail folder of Outlook (.pst, .ost): save the one message "
	    "as .eml" },
	{ STR_INIT("PK\x03\x04"),
	    "it is a ZIP archive: unpack it, and name the message in it" },
	{ STR_INIT("\x1f\x8b"), COMPRESSED },
	{ STR_INIT("%PDF"),
	    "it is a PDF, which does not have the header as it was received: "
	    "save the message as .eml" },
	{ STR_INIT("{\\rtf"),
	    "it is a document (RTF), not a message: save the message as .eml" },
	{ STR_INIT("{\""), JSON },
	{ STR_INIT("\x78\x9f\x3e\x22"),
	    "it is an attachment of Outlook (winmail.dat), not a message: save "
	    "the message as .eml" },
	{ STR_INIT("\x89PNG"), PICTURE },
	{ STR_INIT("\xff\xd8\xff"), PICTURE },
	{ STR_INIT("GIF8"), PICTURE },
	{ STR_INIT("RIFF"), PICTURE },
	{ STR_INIT("II*"), PICTURE },
	{ STR_INIT("7z\xbc\xaf"), ARCHIVE },
	{ STR_INIT("Rar!"), ARCHIVE },
	{ STR_INIT("\xfd"
	           "7zXZ"),
	    COMPRESSED },
	{ STR_INIT("\x28\xb5\x2f\xfd"), COMPRESSED },
	{ STR_INIT("BZh"), COMPRESSED },
	{ STR_INIT("[{"), JSON },
	{ STR_INIT("From: <Saved by"),
	    "it is a web page that a browser saved (.mhtml): save the message "
	    "itself ('download original', 'save as .eml')" },
};

/* Pictures of telephones have their length in front. */
static bool
is_heic(struct mailauth_str s)
{
	return str_starts(str_from(s, 4), STR("ftyp")) && s.s[0] == '\0';
}

static size_t
foreign_row(struct mailauth_str s)
{
	size_t i = 0;

	s = is_heic(s) ? STR("GIF8") : form_start(s);
	while (i < sizeof(foreign) / sizeof(foreign[0]) &&
	    !str_starts(s, foreign[i].start))
		i++;
	return i;
}

const char *
form_foreign(struct mailauth_str s)
{
	size_t i = foreign_row(s);

	return i < sizeof(foreign) / sizeof(foreign[0]) ? foreign[i].what :
	                                                  NULL;
}

bool
form_keeps_body(enum form form)
{
	return form != FORM_FRAMED && form != FORM_HTML &&
	    form != FORM_INDENTED && form != FORM_DOUBLED &&
	    form != FORM_QUOTED;
}

const char *
form_name(enum form form)
{
	static const char *const names[] = {
		[FORM_UTF16] = "UTF-16 text",
		[FORM_CR] = "text whose lines end with CR",
		[FORM_BASE64] = "base64",
		[FORM_FRAMED] = "a paste with other text around it",
		[FORM_HTML] = "a web page that shows the message",
		[FORM_EMLX] = "a file of Apple Mail (.emlx)",
		[FORM_INDENTED] = "an indented or quoted paste",
		[FORM_DOUBLED] = "a paste with an empty line behind each line",
		[FORM_QUOTED] = "quoted-printable text",
		[FORM_FOREIGN] = NULL,
	};

	return names[form];
}

/* UTF-16. */

/* The octets are UTF-16: they begin with its mark, or every other one of the
 * first is NUL. `big` is set to their order. */
static bool
is_utf16(struct mailauth_str s, bool *big)
{
	const unsigned char *p = (const unsigned char *)s.s;

	*big = s.n >= 2 && p[0] == 0xfe && p[1] == 0xff;
	if (*big || (s.n >= 2 && p[0] == 0xff && p[1] == 0xfe))
		return true;
	if (s.n < 8)
		return false;
	*big = p[0] == 0;
	for (size_t i = 0; i < 8; i++)
		if ((p[i] == 0) != ((i % 2 == 0) == *big))
			return false;
	return true;
}

static void
put_utf8(struct writer *w, uint32_t c)
{
	if (c < 0x80) {
		put_char(w, (char)c);
	} else if (c < 0x800) {
		put_char(w, (char)(0xc0 | c >> 6));
		put_char(w, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		put_char(w, (char)(0xe0 | c >> 12));
		put_char(w, (char)(0x80 | (c >> 6 & 0x3f)));
		put_char(w, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x110000) {
		put_char(w, (char)(0xf0 | c >> 18));
		put_char(w, (char)(0x80 | (c >> 12 & 0x3f)));
		put_char(w, (char)(0x80 | (c >> 6 & 0x3f)));
		put_char(w, (char)(0x80 | (c & 0x3f)));
	}
}

static uint32_t
unit_at(struct mailauth_str s, size_t at, bool big)
{
	uint32_t a, b;

	if (at + 2 > s.n)
		return 0;
	a = (unsigned char)s.s[at];
	b = (unsigned char)s.s[at + 1];
	return big ? a << 8 | b : b << 8 | a;
}

static struct mailauth_str
undo_utf16(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);
	bool big;

	is_utf16(s, &big);
	for (size_t at = 0; at + 2 <= s.n; at += 2) {
		uint32_t c = unit_at(s, at, big), low;

		if (c >= 0xd800 && c < 0xdc00) {
			low = unit_at(s, at + 2, big);
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				at += 2;
			}
		}
		if (c != 0xfeff)
			put_utf8(&w, c);
	}
	return writer_str(&w);
}

/* Ends of lines. */

/* No line ends but with CR alone, or all with a CR too many: a sender, who can
 * write a CR into a value, does not write all lines. */
static bool
is_cr(struct mailauth_str s)
{
	size_t cr = str_find(s, '\r');

	if (cr == s.n || cr + 1 == s.n)
		return false;
	for (size_t at = 0; at < s.n; at++) {
		at += str_find(str_from(s, at), '\n');
		if (at < s.n &&
		    (at < 2 || s.s[at - 1] != '\r' || s.s[at - 2] != '\r'))
			return false;
	}
	return true;
}

static struct mailauth_str
undo_cr(struct arena *a, struct mailauth_str s)
{
	bool alone = str_find(s, '\n') == s.n;
	struct writer w = arena_writer(a);

	for (size_t i = 0; i < s.n; i++) {
		struct mailauth_str rest = str_from(s, i);

		if (alone && s.s[i] == '\r')
			put_char(&w, '\n');
		else if (alone || !str_starts(rest, STR("\r\r\n")))
			put_char(&w, s.s[i]);
	}
	return writer_str(&w);
}

/* Base64. */

/* Characters of the first line that are decoded to see what it is. */
#define BASE64_LINE 76

static bool
is_base64(struct mailauth_str s)
{
	struct mailauth_str line = str_trim(line_of(s));
	uint8_t room[BASE64_LINE];
	size_t n, where;

	line = str_sub(line, 0, line.n < BASE64_LINE ? line.n : BASE64_LINE);
	line.n -= line.n % 4;
	if (line.n < 16 ||
	    (base64_decode(line, room, &n, &where) & BASE64_BAD) != 0)
		return false;
	return form_is_header((struct mailauth_str){ (const char *)room, n });
}

static struct mailauth_str
undo_base64(struct arena *a, struct mailauth_str s)
{
	uint8_t *out = arena_alloc(a, s.n + 4);
	size_t n, where;

	if (out == NULL ||
	    (base64_decode(s, out, &n, &where) & BASE64_BAD) != 0)
		return s;
	return (struct mailauth_str){ (const char *)out, n };
}

/* Apple Mail. */

/* The first line is a number alone, and a header follows. */
static bool
is_emlx(struct mailauth_str s)
{
	struct mailauth_str line = line_of(s), number = str_trim(line);

	return number.n > 0 && number.n < 12 &&
	    str_skip(number, 0, CLASS_DIGIT) == number.n &&
	    form_is_header(str_from(s, line.n));
}

/* The message ends in front of the property list: where the number says, or, if
 * nothing of the kind is there, at the last one. */
static struct mailauth_str
undo_emlx(struct mailauth_str s)
{
	struct mailauth_str mark = STR("<?xml"), line = line_of(s);
	uint32_t n;

	s = str_from(s, line.n);
	if (str_number(str_trim(line), UINT32_MAX, &n) && n <= s.n &&
	    str_starts(str_from(s, n), mark))
		return str_sub(s, 0, n);
	for (size_t at = s.n; at-- > 0;)
		if (str_starts(str_from(s, at), mark) &&
		    (at == 0 || s.s[at - 1] == '\n'))
			return str_sub(s, 0, at);
	return s;
}

/* Pastes. */

/* The text in front of the first line: blanks, or marks of a quotation. */
static struct mailauth_str
prefix_of(struct mailauth_str s)
{
	size_t n = 0;

	while (n < s.n &&
	    (s.s[n] == ' ' || s.s[n] == '\t' || s.s[n] == '>' || s.s[n] == '|'))
		n++;
	return str_sub(s, 0, n);
}

static bool
is_indented(struct mailauth_str s)
{
	struct mailauth_str prefix = prefix_of(s);

	/* ">From " is a line of mailbox files. */
	return prefix.n > 0 && !str_starts(s, STR(">From ")) &&
	    form_is_header(str_from(s, prefix.n));
}

static struct mailauth_str
undo_indented(struct arena *a, struct mailauth_str s)
{
	struct mailauth_str prefix = prefix_of(s);
	struct writer w = arena_writer(a);

	while (s.n > 0) {
		struct mailauth_str line = line_of(s);
		size_t n = 0;

		while (n < prefix.n && n < line.n && line.s[n] == prefix.s[n])
			n++;
		put_str(&w, str_from(line, n));
		s = str_from(s, line.n);
	}
	return writer_str(&w);
}

/* Lines of a header that are looked at, each with an empty one behind it. */
#define DOUBLED_LINES 6

/* An empty line follows each line of the header. */
static bool
is_doubled(struct mailauth_str s)
{
	for (int i = 0; i < DOUBLED_LINES; i++) {
		struct mailauth_str line = line_of(s);
		struct mailauth_str next = line_of(str_from(s, line.n));

		if (str_trim(line).n == 0 || next.n == 0 ||
		    str_trim(next).n > 0 ||
		    !(form_is_header(line) || (i > 0 && is_wsp(line.s[0]))))
			return false;
		s = str_from(s, line.n + next.n);
	}
	return true;
}

static struct mailauth_str
undo_doubled(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	while (s.n > 0) {
		struct mailauth_str line = line_of(s), next;

		put_str(&w, line);
		s = str_from(s, line.n);
		next = line_of(s);
		if (str_trim(next).n == 0)
			s = str_from(s, next.n);
	}
	return writer_str(&w);
}

/* The octets up to the first empty line. */
static struct mailauth_str
head_of(struct mailauth_str s)
{
	size_t unix_end = str_ifind(s, STR("\n\n")),
	       end = str_ifind(s, STR("\n\r\n"));

	return str_sub(s, 0, unix_end < end ? unix_end : end);
}

/* How an encoder of text writes what follows a '=': itself, the end of a line, a
 * blank in front of one, an octet that is not ASCII. It never writes the end of
 * a line or other signs so: a sender who does would have them added to what the
 * receiver wrote. */
static bool
is_encoded(struct mailauth_str after)
{
	struct mailauth_str end = str_from(after, after.n < 2 ? after.n : 2);

	if (after.n == 0 || after.s[0] == '\n' || after.s[0] == '\r')
		return true;
	if (after.n < 2 || hex_value(after.s[0]) < 0 ||
	    hex_value(after.s[1]) < 0)
		return false;
	if (str_istarts(after, STR("3D")) || hex_value(after.s[0]) >= 8)
		return true;
	return (str_starts(after, STR("20")) || str_starts(after, STR("09"))) &&
	    (end.n == 0 || end.s[0] == '\n' || end.s[0] == '\r');
}

/* Each '=' of the header is encoded, and some value has one. */
static bool
is_quoted(struct mailauth_str s)
{
	static const struct mailauth_str words[] = { STR_INIT("v=3D1"),
		STR_INIT("charset=3D"), STR_INIT("boundary=3D"),
		STR_INIT(" bh=3D"), STR_INIT(" d=3D"),
		STR_INIT("smtp.mailfrom=3D"), STR_INIT("header.from=3D"),
		STR_INIT("dkim=3D"), STR_INIT("version=3D") };
	struct mailauth_str head = head_of(s);
	bool some = false;

	for (size_t i = 0; i < head.n; i++)
		if (head.s[i] == '=' && !is_encoded(str_from(head, i + 1)))
			return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		some = some || str_ifind(head, words[i]) < head.n;
	return some;
}

struct mailauth_str
form_unquote(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.s[i] != '=' || i + 1 >= s.n) {
			put_char(&w, s.s[i]);
			continue;
		}
		high = hex_value(s.s[i + 1]);
		low = i + 2 < s.n ? hex_value(s.s[i + 2]) : -1;
		if (s.s[i + 1] == '\n') {
			i++;
		} else if (s.s[i + 1] == '\r' && i + 2 < s.n &&
		    s.s[i + 2] == '\n') {
			i += 2;
		} else if (high >= 0 && low >= 0) {
			put_char(&w, (char)(high << 4 | low));
			i += 2;
		} else {
			put_char(&w, '=');
		}
	}
	return writer_str(&w);
}

/* HTML. */

static bool
is_html(struct mailauth_str s)
{
	static const struct mailauth_str starts[] = { STR_INIT("<!doctype"),
		STR_INIT("<html"), STR_INIT("<head"), STR_INIT("<body"),
		STR_INIT("<pre"), STR_INIT("<div"), STR_INIT("<!--"),
		STR_INIT("<meta"), STR_INIT("<table"), STR_INIT("<?xml"),
		STR_INIT("<p>"), STR_INIT("<p "), STR_INIT("<span"),
		STR_INIT("<code"), STR_INIT("<br"), STR_INIT("<h1"),
		STR_INIT("<h2"), STR_INIT("<textarea"), STR_INIT("<font"),
		STR_INIT("<style"), STR_INIT("<title") };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_istarts(s, starts[i]))
			return true;
	return false;
}

/* Write what "&...;" at `s` means; the octets of it, 0 when it means nothing. */
static size_t
put_entity(struct writer *w, struct mailauth_str s)
{
	static const struct {
		struct mailauth_str name;
		char c;
	} names[] = { { STR_INIT("&lt;"), '<' }, { STR_INIT("&gt;"), '>' },
		{ STR_INIT("&amp;"), '&' }, { STR_INIT("&quot;"), '"' },
		{ STR_INIT("&apos;"), '\'' }, { STR_INIT("&nbsp;"), ' ' } };
	size_t end = str_find(str_sub(s, 0, 12), ';');
	uint32_t c = 0;
	bool hex;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_istarts(s, names[i].name)) {
			put_char(w, names[i].c);
			return names[i].name.n;
		}
	if (s.n < 4 || s.s[1] != '#' || end >= 12 || end >= s.n)
		return 0;
	hex = s.s[2] == 'x' || s.s[2] == 'X';
	for (size_t i = hex ? 3 : 2; i < end; i++) {
		int digit = hex_value(s.s[i]);

		if (digit < 0 || (!hex && digit > 9))
			return 0;
		c = c * (hex ? 16 : 10) + (uint32_t)digit;
		if (c > 0x10ffff)
			return 0;
	}
	put_utf8(w, c == 0xa0 ? ' ' : c);
	return end + 1;
}

/* The tag at `s` ends a line of text. */
static bool
is_break(struct mailauth_str s)
{
	static const struct mailauth_str tags[] = { STR_INIT("<br"),
		STR_INIT("</p"), STR_INIT("</div"), STR_INIT("</tr"),
		STR_INIT("</li"), STR_INIT("<hr"), STR_INIT("</h"),
		STR_INIT("</pre") };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (str_istarts(s, tags[i]))
			return true;
	return false;
}

/* Octets of an element that is no text, with its content: a style or script; 0
 * for others. */
static size_t
hidden_size(struct mailauth_str s)
{
	static const struct {
		struct mailauth_str start, end;
	} rows[] = { { STR_INIT("<script"), STR_INIT("</script") },
		{ STR_INIT("<style"), STR_INIT("</style") },
		{ STR_INIT("<title"), STR_INIT("</title") },
		{ STR_INIT("<!--"), STR_INIT("-->") } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_istarts(s, rows[i].start))
			return str_ifind(s, rows[i].end);
	return 0;
}

/* Write what an end of a line outside of preformatted text shows: a blank, and
 * nothing beside a tag. */
static void
put_blank(struct writer *w, struct mailauth_str rest)
{
	struct mailauth_str next = str_trim(rest);

	if (next.n > 0 && next.s[0] != '<' && w->used > 0 &&
	    w->buf[w->used - 1] != '\n')
		put_char(w, ' ');
}

/* The text that a piece of HTML shows; `lines`: ends of lines are shown, as in
 * preformatted text. */
static struct mailauth_str
text_of(struct arena *a, struct mailauth_str s, bool lines)
{
	struct writer w = arena_writer(a);
	size_t n;

	for (size_t i = 0; i < s.n; i++) {
		struct mailauth_str rest = str_from(s, i);

		if (s.s[i] == '&' && (n = put_entity(&w, rest)) > 0) {
			i += n - 1;
		} else if (s.s[i] == '<' && i + 1 < s.n &&
		    (s.s[i + 1] == '/' || s.s[i + 1] == '!' ||
		        is_alnum(s.s[i + 1]))) {
			n = hidden_size(rest);
			if (is_break(rest))
				put_char(&w, '\n');
			i += n + str_find(str_from(rest, n), '>');
		} else if (!lines && (s.s[i] == '\n' || s.s[i] == '\r')) {
			put_blank(&w, rest);
		} else {
			put_char(&w, s.s[i]);
		}
	}
	return writer_str(&w);
}

/* Fields at the start of a text. */
static unsigned
fields_of(struct mailauth_str s)
{
	struct header_field f;
	unsigned n = 0;

	while (n < 1000 && header_next(&s, &f) == HEADER_FIELD)
		n++;
	return n;
}

/* Fields that a header of a message has, and that a list of a page lacks. */
#define HEADER_MIN 3

/* The text of a page from the first header on; empty without one. */
static struct mailauth_str
header_on(struct mailauth_str text)
{
	while (text.n > 0 && fields_of(text) < HEADER_MIN)
		text = str_from(text, line_of(text).n);
	return text;
}

/* The message that a page shows: the longest preformatted text that begins with
 * a header, or else all of its text from the first header on, whose lines end
 * where the page's own do, or else where its tags say so. */
static struct mailauth_str
undo_html(struct arena *a, struct mailauth_str s)
{
	static const struct mailauth_str tags[][2] = { { STR_INIT("<pre"),
		                                           STR_INIT("</pre") },
		{ STR_INIT("<textarea"), STR_INIT("</textarea") } };
	struct mailauth_str best = STR_NONE, text;

	for (size_t k = 0; k < 2; k++) {
		struct mailauth_str rest = s;

		for (size_t at; (at = str_ifind(rest, tags[k][0])) < rest.n;) {
			rest = str_from(rest, at);
			rest = str_from(rest, str_find(rest, '>') + 1);
			at = str_ifind(rest, tags[k][1]);
			text =
			    form_start(text_of(a, str_sub(rest, 0, at), true));
			if (fields_of(text) >= HEADER_MIN && text.n > best.n)
				best = text;
			rest = str_from(rest, at);
		}
	}
	if (best.n > 0)
		return best;
	text = header_on(text_of(a, s, true));
	return text.n > 0 ? text : header_on(text_of(a, s, false));
}

/* A quotation that begins with a header: fields behind a mark. */
static bool
is_quotation(struct mailauth_str s)
{
	struct mailauth_str prefix = prefix_of(s);
	unsigned n = 0;

	if (!is_indented(s))
		return false;
	while (n < HEADER_MIN && str_starts(s, prefix)) {
		struct mailauth_str line = line_of(s);
		struct mailauth_str text = str_from(line, prefix.n);

		if (form_is_header(text))
			n++;
		else if (text.n == 0 || !is_wsp(text.s[0]))
			return false;
		s = str_from(s, line.n);
	}
	return n == HEADER_MIN;
}

/* Lines in front of a message that are looked at. */
#define FRAME_LINES 20

/* What is pasted around a message. */
struct frame {
	struct mailauth_str message;
	bool fenced; /* the line in front of it is a fence */
};

/* A message follows a line of text that is no header, and that is empty, ends
 * with a colon or is a fence. A header whose first line is cut has none of
 * these. */
static bool
is_framed(struct mailauth_str s, struct frame *out)
{
	if (form_is_header(header_skip_envelope(s)))
		return false;
	for (int i = 0; i < FRAME_LINES && s.n > 0; i++) {
		struct mailauth_str line = line_of(s), text = str_trim(line);

		s = str_from(s, line.n);
		out->fenced = str_starts(text, STR("```")) ||
		    str_starts(text, STR("~~~"));
		out->message = s;
		if ((out->fenced || text.n == 0 || text.s[text.n - 1] == ':') &&
		    (fields_of(header_skip_envelope(s)) >= HEADER_MIN ||
		        is_quotation(s)))
			return true;
	}
	return false;
}

static struct mailauth_str
undo_framed(struct mailauth_str s)
{
	struct frame f = { .message = STR_NONE };

	if (!is_framed(s, &f) || !f.fenced)
		return f.message;
	for (size_t at = f.message.n; at-- > 1;)
		if (f.message.s[at - 1] == '\n' &&
		    (str_starts(str_from(f.message, at), STR("```")) ||
		        str_starts(str_from(f.message, at), STR("~~~"))))
			return str_sub(f.message, 0, at);
	return f.message;
}

enum form
form_of(struct mailauth_str s)
{
	struct frame frame;
	bool big;

	if (foreign_row(s) < sizeof(foreign) / sizeof(foreign[0]))
		return FORM_FOREIGN;
	if (is_utf16(s, &big))
		return FORM_UTF16;
	if (is_cr(s))
		return FORM_CR;
	s = form_start(s);
	if (is_html(s))
		return FORM_HTML;
	if (is_emlx(s))
		return FORM_EMLX;
	if (is_indented(s))
		return FORM_INDENTED;
	if (is_doubled(s))
		return FORM_DOUBLED;
	if (is_base64(s))
		return FORM_BASE64;
	if (is_framed(s, &frame))
		return FORM_FRAMED;
	return is_quoted(header_skip_envelope(s)) ? FORM_QUOTED : FORM_PLAIN;
}

struct mailauth_str
form_undo(struct arena *a, enum form form, struct mailauth_str s)
{
	switch (form) {
	case FORM_UTF16: return undo_utf16(a, s);
	case FORM_CR: return undo_cr(a, s);
	case FORM_BASE64: return undo_base64(a, form_start(s));
	case FORM_FRAMED: return undo_framed(form_start(s));
	case FORM_HTML: return undo_html(a, form_start(s));
	case FORM_EMLX: return undo_emlx(form_start(s));
	case FORM_INDENTED: return undo_indented(a, form_start(s));
	case FORM_DOUBLED: return undo_doubled(a, form_start(s));
	case FORM_QUOTED: return form_unquote(a, form_start(s));
	case FORM_PLAIN:
	case FORM_FOREIGN: break;
	}
	return s;
}
