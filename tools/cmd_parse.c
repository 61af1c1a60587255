/*
 * cmd_parse.c - judge records given as text, without any DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/argument.h"
#include "tools/tool.h"

/* Values of the options that only this command has. */
struct parse {
	const char *kind, *owner;
};

/* One of the first words of the text, behind an owner, is this type. */
static bool
has_type(const char *text, const char *type)
{
	static const char blank[] = " \t";
	char word[16];

	text += strcspn(text, blank);
	for (int i = 0; i < 3; i++) {
		text += strspn(text, blank);
		snprintf(word, sizeof(word), "%.*s",
		    (int)(strcspn(text, blank) % sizeof(word)), text);
		if (same_word(word, type))
			return true;
		text += strcspn(text, blank);
	}
	return false;
}

/* Complain of a text. The library asks for its kind: here the option for it is
 * known. */
static void
complain_text(const char *where, const char *record, const char *why)
{
	static const char asks[] = "name its kind";
	const char *end = strstr(why, asks);
	char text[MAILAUTH_WHY_MAX + 32];

	if (end != NULL && has_type(record, "CNAME")) {
		complain(where,
		    "a CNAME is an alias, and has nothing to judge: check the "
		    "domain, or parse the record that it leads to");
		return;
	}
	if (end == NULL || strcmp(end, asks) != 0) {
		complain(where, why);
		return;
	}
	snprintf(text, sizeof(text), "%.*sgive --kind KIND, see 'list kinds'",
	    (int)(end - why), why);
	complain(where, text);
}

/* Output of host and nslookup. */

/* Rewrite a line of theirs as a line of a zone, which is no longer:
 *
 *	NAME descriptive text "..."            NAME mail is handled by 10 HOST.
 *	NAME text = "..."                      NAME mail exchanger = 10 HOST.
 *	NAME MX preference = 10, mail exchanger = HOST
 *
 * `open`: the strings follow in further lines, as Windows writes them.
 * @return it is such a line
 */
static bool
of_lookup(char *line, bool *open)
{
	static const char *const words[][2] = {
		{ " descriptive text ", "TXT" },
		{ "text =", "TXT" },
		{ " mail is handled by ", "MX" },
		{ "MX preference =", "MX" },
		{ "mail exchanger =", "MX" },
	};
	static const char second[] = ", mail exchanger =";
	size_t n = strcspn(line, " \t");
	char *data = NULL, *comma;
	const char *type = "";

	*open = false;
	for (size_t i = 0; data == NULL && i < sizeof(words) / sizeof(words[0]);
	     i++) {
		const char *blank = words[i][0][0] == ' ' ? "" : " \t";
		char *at = line + n + strspn(line + n, blank);

		if (n > 0 && line[n] != '\0' &&
		    strncmp(at, words[i][0], strlen(words[i][0])) == 0) {
			data = at + strlen(words[i][0]);
			type = words[i][1];
		}
	}
	if (data == NULL)
		return false;
	comma = strstr(data, second);
	if (comma != NULL)
		memmove(comma, comma + strlen(second),
		    strlen(comma + strlen(second)) + 1);
	data += strspn(data, " \t");
	*open = *data == '\0';
	line[n++] = ' ';
	memmove(line + n + strlen(type) + 1, data, strlen(data) + 1);
	memcpy(line + n, type, strlen(type));
	line[n + strlen(type)] = ' ';
	return true;
}

/* A line beside the records: who was asked, addresses and aliases. */
static bool
is_said(const char *line)
{
	static const char *const starts[] = { "Server:", "Address:", "Name:",
		"Aliases:", "Using domain server:", "Non-authoritative answer",
		"Authoritative answers", "** ", "*** " };
	static const char *const words[] = { " is an alias for ",
		" has address ", " has IPv6 address ", " has no ",
		" not found: ", "internet address =", "nameserver =",
		"canonical name =", " AAAA IPv6 address =" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (strncmp(line, starts[i], strlen(starts[i])) == 0)
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strchr(line, '"') == NULL && strstr(line, words[i]) != NULL)
			return true;
	return false;
}

static int
parse(const struct options *o, const char *text, size_t len, bool first,
    const char *const *others, size_t nothers, const char *where)
{
	const struct parse *own = o->own;
	struct mailauth_parse_options how = { own->kind, own->owner,
		o->what.profile, o->what.allow_documentation, others, nothers };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *report;
	enum mailauth_status status;
	int code, printed;

	status = mailauth_parse(&how, text, len, &report, why);
	if (status != MAILAUTH_OK) {
		complain_text(where, text, why);
		return exit_of_status(status);
	}
	code = exit_of_result(o, mailauth_report_result(report));
	printed = print_report(o, report, first);
	mailauth_report_free(report);
	return printed >= 0 ? printed : code;
}

/* The number of parentheses that a line opens and does not close: the record
 * goes on behind it. One counts only behind a blank or at the start, and outside
 * of quotes and comments. */
static int
opened(const char *line, size_t n)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\\')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && line[i] == ';')
			break;
		else if (!quoted && line[i] == ')')
			depth--;
		else if (!quoted && line[i] == '(' &&
		    (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
			depth++;
	}
	return depth;
}

/* A record of several lines, as far as it was read. */
struct lines {
	char *text;
	size_t n;
	int depth;
};

/* Add a line; false when memory ran out. */
static bool
add_line(struct lines *l, const char *line, size_t n)
{
	char *text = realloc(l->text, l->n + n + 1);

	if (text == NULL)
		return false;
	l->text = text;
	memcpy(text + l->n, line, n);
	text[l->n + n] = '\n';
	l->n += n + 1;
	l->depth += opened(line, n);
	return true;
}

/* Records beside one of the same kind, at most: more are no accident. */
#define OTHERS_MAX 16

/* Records that were read, and those that are judged together: of one name. */
struct records {
	struct entry {
		char *text;
		size_t n;
		char where[32];
	} * list;
	size_t n;
	bool dig; /* of dig, host or nslookup: all that a name has */
};

/* What one name may have only one of, by how its text begins. */
static const char *const single[] = { "v=spf1", "v=DMARC1", "v=STSv1",
	"v=TLSRPTv1", "v=BIMI1" };

/* The kind of record that a line is, as an index of `single`. */
static size_t
single_of(const char *text)
{
	size_t i = 0;

	while (i < sizeof(single) / sizeof(single[0]) &&
	    strstr(text, single[i]) == NULL)
		i++;
	return i;
}

/* Octets of the owner in front of a zone line; 0: the line has none. */
static size_t
owner_size(const char *text)
{
	return text[0] != '"' && has_type(text, "TXT") ? strcspn(text, " \t") :
	                                                 0;
}

/* Find the other records of the same name and kind; none but for the first of
 * them, so that a report says it once. */
static size_t
take_others(const struct records *r, size_t at, const char *out[OTHERS_MAX])
{
	const char *text = r->list[at].text;
	size_t kind = single_of(text), n = owner_size(text), found = 0;

	for (size_t i = 0; i < r->n && found < OTHERS_MAX; i++) {
		if (i == at || kind == sizeof(single) / sizeof(single[0]) ||
		    single_of(r->list[i].text) != kind ||
		    owner_size(r->list[i].text) != n || n == 0 ||
		    strncasecmp(r->list[i].text, text, n) != 0)
			continue;
		if (i < at)
			return 0;
		out[found++] = r->list[i].text;
	}
	return found;
}

/* Keep the record that was read, without its last line end. */
static bool
keep_lines(struct records *r, struct lines *l, const char *where)
{
	struct entry *list = realloc(r->list, (r->n + 1) * sizeof(*list));

	if (list == NULL)
		return false;
	r->list = list;
	l->text[l->n - 1] = '\0';
	list[r->n] = (struct entry){ l->text, l->n - 1, "" };
	snprintf(list[r->n].where, sizeof(list[r->n].where), "%s", where);
	r->n++;
	*l = (struct lines){ NULL, 0, 0 };
	return true;
}

/* Judge all records that were read. In the output of dig, texts of another
 * purpose are in order as long as one record is there. */
static int
parse_records(const struct options *o, struct records *r)
{
	size_t judged = 0, other = 0;
	int code = 0;

	for (size_t i = 0; i < r->n; i++) {
		const char *others[OTHERS_MAX];
		size_t n = take_others(r, i, others);
		int one = parse(o, r->list[i].text, r->list[i].n, judged == 0,
		    others, n, r->list[i].where);

		if (r->dig && one == EXIT_USE)
			other++;
		else
			code = worse_exit(code, one);
		judged += one != EXIT_USE;
	}
	if (judged == 0 && other > 0)
		code = worse_exit(code, EXIT_USE);
	for (size_t i = 0; i < r->n; i++)
		free(r->list[i].text);
	free(r->list);
	return code;
}

/* In the output of dig, records beside the answer and those that are only on the
 * way to it are left out. */
static bool
is_aside(const char *line, bool dig, bool answer)
{
	return dig &&
	    (!answer || has_type(line, "CNAME") || has_type(line, "RRSIG") ||
	        has_type(line, "NSEC") || has_type(line, "SOA") ||
	        has_type(line, "NS"));
}

/* One record a line, or on several lines in parentheses. Lines of comment are
 * left out. */
static int
parse_input(const struct options *o)
{
	char *line = NULL, where[32] = "";
	struct lines lines = { NULL, 0, 0 };
	struct records records = { NULL, 0, false };
	size_t room = 0, number = 0;
	bool dig = false, answer = true, open = false, next;
	int code = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) >= 0) {
		number++;
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		line[n] = '\0';
		if (open && (n == 0 || line[strspn(line, " \t")] == '"')) {
			if (n > 0 && add_line(&lines, line, (size_t)n))
				lines.text[lines.n - 1] = ' ';
			continue;
		}
		if (open)
			keep_lines(&records, &lines, where);
		open = false;
		if (lines.n == 0 && of_lookup(line, &next)) {
			dig = true;
			open = next;
			n = (ssize_t)strlen(line);
		} else if (lines.n == 0 && is_said(line)) {
			dig = true;
			continue;
		}
		dig = dig || strncmp(line, "; <<>> DiG", 10) == 0 ||
		    strncmp(line, ";; ", 3) == 0;
		if (strstr(line, " SECTION:") != NULL && line[0] == ';')
			answer = strstr(line, "ANSWER") != NULL;
		if (n == 0 || line[0] == ';' ||
		    (lines.n == 0 && is_aside(line, dig, answer)))
			continue;
		if (lines.n == 0)
			snprintf(where, sizeof(where), "line %zu", number);
		if (!add_line(&lines, line, (size_t)n) ||
		    (!open && lines.depth <= 0 &&
		        !keep_lines(&records, &lines, where))) {
			complain(where, "memory ran out");
			code = worse_exit(code, EXIT_SYSTEM);
			break;
		}
	}
	/* A parenthesis was never closed, or strings ended the file. */
	if (lines.n > 0)
		keep_lines(&records, &lines, where);
	records.dig = dig;
	code = worse_exit(code, parse_records(o, &records));
	if (where[0] == '\0' && code == 0 && !ferror(stdin)) {
		complain("standard input",
		    "nothing to parse: there is no record in it; parse 'TEXT', "
		    "or parse < FILE");
		code = EXIT_USE;
	}
	free(lines.text);
	if (ferror(stdin)) {
		complain("standard input", strerror(errno));
		code = worse_exit(code, EXIT_INPUT);
	}
	free(line);
	return code;
}

/* A text that was given as an argument; it may be a line of host or nslookup. */
static int
parse_text(const struct options *o, const char *text)
{
	char *line = strdup(text);
	bool open;
	int code;

	if (line == NULL) {
		complain("parse", "memory ran out");
		return EXIT_SYSTEM;
	}
	of_lookup(line, &open);
	code = parse(o, line, strlen(line), true, NULL, 0, "parse");
	free(line);
	return code;
}

static int
run_parse(struct options *o)
{
	const struct parse *own = o->own;
	const char *text = o->operands[0];

	if (o->noperands > 1)
		return refuse_pieces(o, NULL);
	if (text == NULL || strcmp(text, "-") == 0)
		return parse_input(o);
	if (own->kind == NULL && is_domain(text, strlen(text)))
		return refuse_word(text,
		    "this is not the text of a record; a domain is for check, "
		    "a file of records is given with < FILE");
	return parse_text(o, text);
}

static int
take_kind(const struct option *row, void *to, char *value)
{
	struct mailauth_kind_info kind;
	struct parse *own = to;

	(void)row;
	kind_of_word(value, &kind);
	if (kind.name == NULL)
		return refuse_kind(value);
	own->kind = kind.name;
	return -1;
}

static const struct option rows[] = {
	{ "kind", 0, "KIND", take_kind, AT_OWN(parse, kind),
	    .help = "what it is; see 'list kinds'" },
	{ "name", 0, "OWNER", take_text, AT_OWN(parse, owner),
	    .help = "the owner name of the record" },
	{ 0 },
};

const struct command command_parse = {
	.name = "parse",
	.synopsis = "[OPTION]... [TEXT | -]",
	.purpose = "Judge records given as text, without any DNS",
	.about =
	    "TEXT is the text of a record as it is in DNS, or one or more\n"
	    "quoted strings, or a line of a zone file; without it, or with -, "
	    "one\n"
	    "record a line is read from standard input.",
	.takes = { OWN(NULL, rows), SHARED(NULL, options_profile),
	    SHARED(NULL, options_report) },
	.own_size = sizeof(struct parse),
	.takes_record = true,
	.writes = WRITES_REPORTS,
	.run = run_parse,
};
