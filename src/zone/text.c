/*
 * text.c - what a text is that is not a zone, or not all of one
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * People pipe the output of a tool here, and some of it is no zone: a transfer
 * that failed, the answer to one question, a page that says "not found". What
 * it is shows in its first lines, and in the last ones.
 */
#include "zone/text.h"

#include "record/rrtype.h"

/* Octets that show whether a file is text, and what wrote it. */
#define SAMPLE 4096

/* What to do with files of a kind. */
#define UNPACK      "unpack it first, and give the zone that is in it"
#define SAVE_AS     "save it as UTF-8"
#define NAMES_ZONES "give the zone files that it names"
#define CONVERT_RAW \
	"convert it first: named-compilezone -f raw -F text -o OUT NAME FILE"

/* Files that are no text, by their first octets. */
static const struct {
	struct mailauth_str head;
	const char *what, *remedy; /* remedy NULL: that of the finding */
} binaries[] = {
	{ STR_INIT("\xff\xfe"), "it is UTF-16", SAVE_AS },
	{ STR_INIT("\xfe\xff"), "it is UTF-16", SAVE_AS },
	{ STR_INIT("\x1f\x8b"), "it is compressed (gzip)", UNPACK },
	{ STR_INIT("\xfd"
	           "7zXZ"),
	    "it is compressed (xz)", UNPACK },
	{ STR_INIT("BZh"), "it is compressed (bzip2)", UNPACK },
	{ STR_INIT("\x28\xb5\x2f\xfd"), "it is compressed (zstd)", UNPACK },
	{ STR_INIT("PK\3\4"), "it is an archive (zip) or an office document",
	    UNPACK },
	{ STR_INIT("%PDF-"), "it is a PDF document", NULL },
	{ STR_INIT("SQLite format 3"), "it is a database",
	    "have the server write the zone: pdnsutil list-zone NAME" },
	{ STR_INIT("\0\0\0\2\0\0\0"), "it is in the raw format of BIND",
	    CONVERT_RAW },
	{ STR_INIT("\0\0\0\3\0\0\0"), "it is in the map format of BIND",
	    CONVERT_RAW },
	{ STR_INIT(";BIND LOG V9"),
	    "it is a journal of BIND, with changes only",
	    "have BIND write the zone (rndc sync), and give the zone file" },
};

/* Texts of other kinds, by how their first line begins that is not empty and
 * no comment. `then`: an octet of these is behind it and blanks. */
static const struct {
	struct mailauth_str head;
	const char *then; /* NULL: anything */
	const char *what, *remedy;
} formats[] = {
	{ STR_INIT("<"), NULL, "it is HTML or XML", NULL },
	{ STR_INIT("{"), NULL, "it is JSON, or a configuration", NULL },
	{ STR_INIT("["), "{\n\"]", "it is JSON", NULL },
	{ STR_INIT("---"), NULL, "it is YAML", NULL },
	{ STR_INIT("- "), NULL, "it is YAML", NULL },
	{ STR_INIT("-- "), NULL, "it is SQL", NULL },
	{ STR_INIT("INSERT INTO"), NULL, "it is SQL", NULL },
	{ STR_INIT("CREATE TABLE"), NULL, "it is SQL", NULL },
	{ STR_INIT("dn:"), NULL, "it is LDIF, of a directory", NULL },
	{ STR_INIT("//"), NULL, "it is a configuration or a program",
	    NAMES_ZONES },
	{ STR_INIT("/*"), NULL, "it is a configuration or a program",
	    NAMES_ZONES },
	{ STR_INIT("options"), "{\n", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("logging"), "{\n", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("acl"), "\"{", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("zone"), "\"", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("include"), "\"", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("key"), "\"{", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("view"), "\"", "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("server:"), NULL, "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("zone:"), NULL, "it is the configuration of a server",
	    NAMES_ZONES },
	{ STR_INIT("var REG"), NULL, "it is a configuration (DNSControl)",
	    NULL },
	{ STR_INIT("var DSP"), NULL, "it is a configuration (DNSControl)",
	    NULL },
	{ STR_INIT("D(\""), NULL, "it is a configuration (DNSControl)", NULL },
	{ STR_INIT("resource"), "\"", "it is a configuration (Terraform)",
	    NULL },
	{ STR_INIT("terraform"), "{", "it is a configuration (Terraform)",
	    NULL },
	{ STR_INIT("-----BEGIN"), NULL, "it is a key or a certificate", NULL },
	{ STR_INIT("Private-key-format:"), NULL, "it is a private key", NULL },
	{ STR_INIT("HostName"), "R",
	    "it is a list for people, as PowerShell "
	    "prints it",
	    NULL },
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

/* Two octets a letter, and every second one is 0. */
static bool
is_wide(struct mailauth_str text)
{
	size_t zeros[2] = { 0, 0 };

	for (size_t i = 0; i < text.n; i++)
		zeros[i % 2] += text.s[i] == '\0';
	return text.n > 16 &&
	    ((zeros[0] > text.n / 2 - text.n / 16 && zeros[1] == 0) ||
	        (zeros[1] > text.n / 2 - text.n / 16 && zeros[0] == 0));
}

/* Whether it is no text at all, and what then. */
static bool
is_binary(struct mailauth_str text, struct zone_text *t)
{
	size_t odd = 0, n;

	text = str_sub(text, 0, SAMPLE);
	for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
		if (str_starts(text, binaries[i].head)) {
			t->what = binaries[i].what;
			t->remedy = binaries[i].remedy;
			return true;
		}
	n = str_find(text, '\0');
	if (n < text.n) {
		t->what =
		    is_wide(text) ? "it is UTF-16" : "it has octets of value 0";
		t->remedy = is_wide(text) ? SAVE_AS : NULL;
		/* In what is text otherwise, the line is worth a look. */
		if (is_printable(str_sub(text, 0, n)) && !is_wide(text))
			t->line = 1 + lines_in(str_sub(text, 0, n));
		return true;
	}
	for (size_t i = 0; i < text.n; i++)
		odd += (unsigned char)text.s[i] < 0x20 && !is_fws(text.s[i]) &&
		    text.s[i] != '\f' && text.s[i] != '\v';
	t->what = odd > text.n / 10 ? "it is full of control characters" : NULL;
	return t->what != NULL;
}

/* The first word of a line has this octet in it, and no quote. */
static bool
has_in_word(struct mailauth_str line, char c)
{
	struct mailauth_str word = str_sub(line, 0, str_find(line, ' '));

	word = str_sub(word, 0, str_find(word, '\t'));
	return str_find(word, c) < word.n && str_find(word, '"') == word.n;
}

/* A line of tinydns: a letter for the kind, a name, and ':' behind it. */
static bool
is_tinydns(struct mailauth_str line)
{
	return line.n > 2 && strchr(".&=+@-'^CZ:%", line.s[0]) != NULL &&
	    has_in_word(line, ':') &&
	    (is_alnum(line.s[1]) || strchr("_*.:", line.s[1]) != NULL);
}

/* Whether a line that is the first one which is no comment shows what the text
 * is. */
static bool
has_format(struct mailauth_str line, struct mailauth_str rest,
    struct zone_text *t)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct mailauth_str behind;

		if (!str_istarts(line, formats[i].head))
			continue;
		behind = str_trim_start(str_from(line, formats[i].head.n));
		if (behind.n == 0)
			behind = rest.n > 0 ? STR("\n") : behind;
		if (formats[i].then != NULL &&
		    (behind.n == 0 ||
		        strchr(formats[i].then, behind.s[0]) == NULL))
			continue;
		t->what = formats[i].what;
		t->remedy = formats[i].remedy;
		return true;
	}
	if (str_starts(line, STR("#!"))) {
		t->what = "it is a script";
	} else if (has_in_word(line, ',') ||
	    (line.s[0] == '"' && str_ifind(line, STR("\",")) < line.n)) {
		t->what = "it is a table (CSV)";
	} else if (is_tinydns(line)) {
		t->what = "it is data of tinydns";
		t->remedy = "transfer the zone from the server that has the "
		            "data (dig AXFR), and give that";
	} else if (line.s[line.n - 1] == ':' && has_in_word(line, ':') &&
	    str_find(line, ' ') == line.n) {
		/* "www:" alone. */
		t->what = "it is YAML";
	}
	return t->what != NULL;
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
tells_of_tool(struct mailauth_str line, struct zone_text *t)
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
look_at_head(struct mailauth_str text, struct zone_text *t)
{
	text = str_sub(text, 0, SAMPLE);
	while (text.n > 0) {
		struct mailauth_str line = next_line(&text);

		if (tells_of_tool(line, t))
			return false;
		if (is_comment(line))
			continue;
		t->id = MAILAUTH_F_ZONE_NOT_TEXT;
		return !has_format(str_trim_start(line), text, t);
	}
	return true;
}

/* The last lines: a transfer may fail behind the first records. */
static bool
look_at_tail(struct mailauth_str text, struct zone_text *t)
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
zone_text_is_zone(struct mailauth_str text, bool piped, struct zone_text *t)
{
	*t = (struct zone_text){ .id = MAILAUTH_F_ZONE_NOT_TEXT };
	if (is_binary(text, t))
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

/* The next word of a line, without the punctuation around it. */
static struct mailauth_str
next_word(struct mailauth_str *line)
{
	struct mailauth_str word;

	*line = str_trim_start(*line);
	word = str_sub(*line, 0, str_find(*line, ' '));
	word = str_sub(word, 0, str_find(word, '\t'));
	*line = str_from(*line, word.n);
	while (word.n > 0 && strchr("'\"(", word.s[0]) != NULL)
		word = str_from(word, 1);
	while (word.n > 0 && strchr("'\"),", word.s[word.n - 1]) != NULL)
		word.n--;
	return word;
}

/* The word may be the name of a zone: two labels, and the last one is letters. */
static bool
is_name(struct mailauth_str word, struct dname *out)
{
	struct mailauth_str last;

	if (word.n > 0 && word.s[word.n - 1] == '.')
		word.n--;
	last = word;
	for (size_t dot; (dot = str_find(last, '.')) < last.n;)
		last = str_from(last, dot + 1);
	if (last.n < 2 || last.n == word.n)
		return false;
	for (size_t i = 0; i < last.n; i++)
		if (!is_alpha(last.s[i]))
			return false;
	return dname_of_labels(word, out);
}

/* A comment that names the zone: "Domain: example.com.", "Zone file for
 * example.com", "Database file example.com.dns for example.com zone." */
static bool
names_zone(struct mailauth_str line, struct dname *out)
{
	struct mailauth_str before = STR_NONE, rest = line, word;

	if (!has(line, STR("zone")) && !has(line, STR("domain")) &&
	    !has(line, STR("file")))
		return false;
	for (; (word = next_word(&rest)).n > 0; before = word) {
		if (!str_ieq(before, STR("for")) &&
		    !str_ieq(before, STR("zone")) &&
		    !str_ieq(before, STR("zone:")) &&
		    !str_ieq(before, STR("domain")) &&
		    !str_ieq(before, STR("domain:")))
			continue;
		if (is_name(word, out))
			return true;
	}
	return false;
}

bool
zone_text_name(struct mailauth_str text, struct dname *out)
{
	text = str_sub(text, 0, SAMPLE);
	while (text.n > 0) {
		struct mailauth_str line = next_line(&text);

		if (!is_comment(line))
			return false;
		if (names_zone(without_marks(line), out))
			return true;
	}
	return false;
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
zone_text_is_cut(const struct zone_file *file, const struct zone_text *t)
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
