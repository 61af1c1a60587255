/*
 * cmd_parse.c - judge records given as text, without any DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"

/* Values of the options that only this command has. */
struct parse {
	const char *kind, *owner;
};

static int
parse(const struct options *o, const char *text, size_t len, bool first,
    const char *where)
{
	const struct parse *own = o->own;
	struct mailauth_parse_options how = { own->kind, own->owner,
		o->what.profile, o->what.allow_documentation };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *report;
	enum mailauth_status status;
	int code, printed;

	status = mailauth_parse(&how, text, len, &report, why);
	if (status != MAILAUTH_OK) {
		complain(where, why);
		return exit_of_status(status);
	}
	code = exit_of_result(o, mailauth_report_result(report));
	printed = print_report(o, report, first);
	mailauth_report_free(report);
	return printed >= 0 ? printed : code;
}

/* One record a line. */
static int
parse_input(const struct options *o)
{
	char *line = NULL, where[32];
	size_t room = 0, number = 0;
	bool first = true;
	int code = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) >= 0) {
		number++;
		while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
			n--;
		if (n == 0)
			continue;
		snprintf(where, sizeof(where), "line %zu", number);
		code =
		    worse_exit(code, parse(o, line, (size_t)n, first, where));
		first = false;
	}
	if (ferror(stdin)) {
		complain("standard input", strerror(errno));
		code = worse_exit(code, EXIT_INPUT);
	}
	free(line);
	return code;
}

static int
run_parse(struct options *o)
{
	const char *text = o->operands[0];

	if (o->noperands > 1) {
		complain(o->operands[1],
		    "one text at a time: quote it, or give a line each on "
		    "standard input");
		return EXIT_USE;
	}
	if (text == NULL || strcmp(text, "-") == 0)
		return parse_input(o);
	return parse(o, text, strlen(text), true, "parse");
}

static const struct option rows[] = {
	{ "kind", 0, "KIND", take_text, AT_OWN(parse, kind),
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
	    "TEXT is the text of a record as it stands in DNS, or one or more\n"
	    "quoted strings, or a line of a zone file; without it, or with -, "
	    "one\n"
	    "record a line is read from standard input.",
	.takes = { OWN(NULL, rows), SHARED(NULL, options_profile),
	    SHARED(NULL, options_report) },
	.own_size = sizeof(struct parse),
	.writes = WRITES_REPORTS,
	.run = run_parse,
};
