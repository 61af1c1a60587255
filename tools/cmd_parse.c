/*
 * cmd_parse.c - judge records given as text, without any DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"

static int
parse(const struct options *o, const char *text, size_t len, bool first,
    const char *where)
{
	struct mailauth_parse_options how = { o->kind, o->name, o->profile,
		o->allow_documentation };
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
run_parse(int argc, char **argv)
{
	struct options o;
	int code;

	code = options_read(&o, &command_parse,
	    TAKES_TEXT | TAKES_PROFILE | TAKES_FORMAT, argc, argv);
	if (code < 0 && argc - optind > 1) {
		complain(argv[optind + 1],
		    "one text at a time: quote it, or give a line each on "
		    "standard input");
		code = EXIT_USE;
	}
	if (code < 0 && (optind == argc || strcmp(argv[optind], "-") == 0))
		code = parse_input(&o);
	else if (code < 0)
		code = parse(&o, argv[optind], strlen(argv[optind]), true,
		    "parse");
	options_free(&o);
	return code;
}

const struct command command_parse = {
	"parse",
	"[OPTION]... [TEXT | -]",
	"Judge records given as text, without any DNS",
	"TEXT is the text of a record as it stands in DNS, or one or more\n"
	"quoted strings, or a line of a zone file; without it, or with -, one\n"
	"record a line is read from standard input.\n"
	"\n"
	"  --kind KIND            what it is; see 'list kinds'\n"
	"  --name OWNER           the owner name of the record\n"
	"  --profile guide|rfc    whose expectations decide (guide)\n"
	"  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	"  --format F             text, json or ndjson (text)\n"
	"  --verdict-on warn|fail results below this exit 0 (warn)\n"
	"  -v, --verbose          also what is fine\n"
	"  -q, --quiet            the exit code alone\n",
	run_parse,
};
