/*
 * text.c - what a text is that is not a zone, or not all of one
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * People pipe the output of a tool here, and some of it is no zone: a transfer
 * that failed, the answer to one question, a page that says "not found". What
 * it is shows in its first lines, and in the last ones.
 */
#include "lint/text.h"

#include "record/rrtype.h"

/* Octets that show whether a file is text, and what wrote it. */
#define SAMPLE 4096

/* Texts of other kinds, by how their first line begins that is not empty and
 * no comment. `then`: an octet of these is behind it and blanks. */
static const struct {
	struct mailauth_str head;
	const char *then; /* NULL: anything */
	const char *what;
} formats[] = {
	{ STR_INIT("<"), NULL, "it is HTML or XML" },
	{ STR_INIT("{"), NULL, "it is JSON, or a configuration" },
	{ STR_INIT("["), "{\n\"]", "it is JSON" },
	{ STR_INIT("---"), NULL, "it is YAML" },
	{ STR_INIT("//"), NULL, "it is a configuration or a program" },
	{ STR_INIT("/*"), NULL, "it is a configuration or a program" },
	{ STR_INIT("options"), "{\n", "it is the configuration of a server" },
	{ STR_INIT("logging"), "{\n", "it is the configuration of a server" },
	{ STR_INIT("zone"), "\"", "it is the configuration of a server" },
	{ STR_INIT("include"), "\"", "it is the configuration of a server" },
	{ STR_INIT("key"), "\"{", "it is the configuration of a server" },
	{ STR_INIT("view"), "\"", "it is the configuration of a server" },
	{ STR_INIT("-----BEGIN"), NULL, "it is a key or a certificate" },
	{ STR_INIT("Private-key-format:"), NULL, "it is a private key" },
	{ STR_INIT("name,"), NULL, "it is a table (CSV)" },
	{ STR_INIT("type,"), NULL, "it is a table (CSV)" },
	{ STR_INIT("\"name\","), NULL, "it is a table (CSV)" },
	{ STR_INIT("\"type\","), NULL, "it is a table (CSV)" },
};

/* What tools print in place of a zone, by how the line begins; `;` and blanks
 * in front of it are skipped. */
static const struct {
	struct mailauth_str head;
	const char *what;
} messages[] = {
	{ STR_INIT("Transfer failed"), "the server did not give the zone" },
	{ STR_INIT("AXFR failed"), "the server did not give the zone" },
	{ STR_INIT("Error: Error starting axfr"), "no server answered" },
	{ STR_INIT("Error: "), "the tool reports an error" },
	{ STR_INIT("connection timed out"), "no server answered" },
	{ STR_INIT("no servers could be reached"), "no server answered" },
	{ STR_INIT("communications error"), "no server answered" },
	{ STR_INIT("Connection to "), "the connection failed" },
	{ STR_INIT("Connection refused"), "the connection was refused" },
	{ STR_INIT("Got bad packet"), "the answer was damaged" },
	{ STR_INIT("Couldn't verify signature"),
	    "the signature of the transfer (TSIG) is not right" },
	{ STR_INIT("dig: "), "the tool reports an error" },
	{ STR_INIT("drill: "), "the tool reports an error" },
	{ STR_INIT("kdig: "), "the tool reports an error" },
	{ STR_INIT("host: "), "the tool reports an error" },
	{ STR_INIT("Host "), "the tool reports an error" },
	{ STR_INIT("Using domain server:"),
	    "it is a list for people, as host prints it" },
	{ STR_INIT("Trying \""), "it is a list for people, as host prints it" },
	{ STR_INIT("Server:\t"),
	    "it is a list for people, as nslookup prints it" },
	{ STR_INIT("->>HEADER<<-"), "it is the answer to one question" },
};

/* The next line of a text, without its end. */
static struct mailauth_str
next_line(struct mailauth_str *text)
{
	struct mailauth_str line = str_cut(text, '\n');

	return str_trim_end(line);
}

/* The line without what makes it a comment. */
static struct mailauth_str
without_marks(struct mailauth_str line)
{
	while (line.n > 0 && (line.s[0] == ';' || is_fws(line.s[0])))
		line = str_from(line, 1);
	return line;
}

static bool
is_comment(struct mailauth_str line)
{
	line = str_trim_start(line);
	return line.n == 0 || line.s[0] == ';' ||
	    (line.s[0] == '#' && !str_starts(line, STR("#!")));
}

static uint32_t
lines_in(struct mailauth_str text)
{
	uint32_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.s[i] == '\n';
	return n;
}

/* Some octets, none of them a control character. */
static bool
is_printable(struct mailauth_str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] == 0x7f ||
		    ((unsigned char)text.s[i] < 0x20 && !is_fws(text.s[i])))
			return false;
	return text.n > 0;
}

/* What is no text at all; NULL: it is text. */
static const char *
binary(struct mailauth_str text, struct lint_text *t)
{
	size_t odd = 0, n;

	text = str_sub(text, 0, SAMPLE);
	if (str_starts(text, STR("\xff\xfe")) ||
	    str_starts(text, STR("\xfe\xff")))
		return "it is UTF-16; save it as UTF-8";
	n = str_find(text, '\0');
	if (n < text.n) {
		/* In what is text otherwise, the line is worth a look. */
		if (is_printable(str_sub(text, 0, n)))
			t->line = 1 + lines_in(str_sub(text, 0, n));
		return "it has octets of value 0";
	}
	for (size_t i = 0; i < text.n; i++)
		odd += (unsigned char)text.s[i] < 0x20 && !is_fws(text.s[i]) &&
		    text.s[i] != '\f' && text.s[i] != '\v';
	return odd > text.n / 10 ? "it is full of control characters" : NULL;
}

/* What a line shows that is the first one which is no comment. */
static const char *
format_of(struct mailauth_str line, struct mailauth_str rest)
{
	if (str_starts(line, STR("#!")))
		return "it is a script";
	/* "www:" alone. */
	if (line.n > 1 && line.s[line.n - 1] == ':' &&
	    str_find(line, ' ') == line.n && str_find(line, '"') == line.n)
		return "it is YAML";
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct mailauth_str behind;

		if (!str_istarts(line, formats[i].head))
			continue;
		if (formats[i].then == NULL)
			return formats[i].what;
		behind = str_from(line, formats[i].head.n);
		behind = str_trim_start(behind);
		if (behind.n == 0)
			behind = rest.n > 0 ? STR("\n") : behind;
		if (behind.n > 0 &&
		    strchr(formats[i].then, behind.s[0]) != NULL)
			return formats[i].what;
	}
	return NULL;
}

static const char *
message_of(struct mailauth_str line)
{
	line = without_marks(line);
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (str_istarts(line, messages[i].head))
			return messages[i].what;
	return NULL;
}

/* The line of dig that says how it was called. */
static bool
is_call(struct mailauth_str line)
{
	return str_istarts(without_marks(line), STR("<<>> DiG"));
}

static bool
has(struct mailauth_str line, struct mailauth_str what)
{
	return str_ifind(line, what) < line.n;
}

/* A line behind which a tool's own comments are. */
static bool
is_of_tool(struct mailauth_str line)
{
	return is_call(line) || has(line, STR(";; AXFR for")) ||
	    has(line, STR(";; IXFR for")) || has(line, STR("->>HEADER<<-"));
}

/* The line, if it says why there is no zone. */
static bool
tells_of_tool(struct mailauth_str line, struct lint_text *t)
{
	t->line++;
	t->is_transfer = t->is_transfer || is_of_tool(line);
	if (has(line, STR("+onesoa")) && is_call(line))
		t->has_one_soa = true;
	if (is_call(line) && has(line, STR("ixfr")))
		t->what = "it is a list of changes (IXFR)";
	else if (is_call(line) && !has(line, STR("axfr")))
		t->what = "it is the answer to one question";
	else
		t->what = message_of(line);
	t->id = MAILAUTH_F_ZONE_TRANSFER;
	return t->what != NULL;
}

/* The comments at the head of a text, and its first line that is no comment. */
static bool
look_at_head(struct mailauth_str text, struct lint_text *t)
{
	text = str_sub(text, 0, SAMPLE);
	while (text.n > 0) {
		struct mailauth_str line = next_line(&text);

		if (tells_of_tool(line, t))
			return false;
		if (is_comment(line))
			continue;
		t->what = format_of(str_trim_start(line), text);
		t->id = MAILAUTH_F_ZONE_NOT_TEXT;
		return t->what == NULL;
	}
	return true;
}

/* The last lines: a transfer may fail behind the first records. */
static bool
look_at_tail(struct mailauth_str text, struct lint_text *t)
{
	struct mailauth_str rest = text, line;
	size_t from = text.n > SAMPLE ? text.n - SAMPLE : 0;

	rest = str_from(text, from);
	while (rest.n > 0) {
		line = next_line(&rest);
		if (line.n == 0 || line.s[0] != ';' ||
		    (!t->is_transfer &&
		        !str_istarts(without_marks(line),
		            STR("Transfer failed"))))
			continue;
		t->what = message_of(line);
		if (t->what == NULL)
			continue;
		t->id = MAILAUTH_F_ZONE_TRANSFER;
		t->line =
		    1 + lines_in(str_sub(text, 0, (size_t)(line.s - text.s)));
		return false;
	}
	return true;
}

bool
lint_is_zone(struct mailauth_str text, bool piped, struct lint_text *t)
{
	*t = (struct lint_text){ .id = MAILAUTH_F_ZONE_NOT_TEXT };
	t->what = binary(text, t);
	if (t->what != NULL)
		return false;
	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	if (str_trim(text).n == 0) {
		t->id =
		    piped ? MAILAUTH_F_ZONE_TRANSFER : MAILAUTH_F_ZONE_EMPTY;
		t->what = piped ? "nothing came in" : "";
		return false;
	}
	return look_at_head(text, t) && look_at_tail(text, t);
}

/* The count of records in a transfer. */
struct counting {
	struct zone_sink sink; /* the first member */
	size_t n, soa;
	bool last_is_soa, is_plain;
	bool any; /* they need not be plain */
};

static bool
count(struct zone_sink *sink, const struct zone_rr *rr)
{
	struct counting *c = (struct counting *)(void *)sink;

	c->n++;
	c->last_is_soa = rr->type == RRTYPE_SOA;
	c->soa += c->last_is_soa;
	/* NAME TTL CLASS TYPE, all of them. */
	c->is_plain = c->is_plain && rr->absolute && rr->data == 4 &&
	    !rr->entry->commented;
	return c->is_plain || c->any;
}

static void
no_fault(struct zone_sink *sink, const struct zone_fault *fault)
{
	(void)sink;
	(void)fault;
}

/* The text begins with a comment or a directive, which a transfer as drill
 * prints it does not. */
static bool
is_written(struct mailauth_str text)
{
	struct mailauth_str head = str_trim_start(text);

	return head.n == 0 || head.s[0] == ';' || head.s[0] == '$' ||
	    has(str_sub(head, 0, SAMPLE), STR("\n;"));
}

bool
lint_is_cut(const struct zone_file *file, const struct lint_text *t)
{
	struct counting c = { .sink = { .record = count, .fault = no_fault },
		.is_plain = true,
		.any = t->is_transfer };
	static const struct dname root = { .len = 1 };
	struct zone_file copy = *file;
	struct arena a = { 0 };

	if (t->has_one_soa || (!t->is_transfer && is_written(file->text)))
		return false;
	zone_read(&copy, &root, &c.sink, &a);
	arena_free(&a);
	return c.n > 0 && (c.is_plain || c.any) &&
	    (c.soa < 2 || !c.last_is_soa);
}
