/*
 * unbound-mailauth.c - the command line
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/tool.h"

static const struct command *const commands[] = { &command_check,
	&command_parse, &command_spf, &command_spf_merge, &command_dmarc,
	&command_explain, &command_plan, &command_test, &command_list,
	&command_checkconf };

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* What a user typed may hold anything; a terminal must not see it raw. */
static void
put_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c <= 0x7e)
			fputc(c, stderr);
		else
			fprintf(stderr, "\\%03u", c);
	}
}

const char *complain_at;

void
complain(const char *what, const char *why)
{
	fputs(PROGRAM ": ", stderr);
	if (complain_at != NULL)
		fprintf(stderr, "%s: ", complain_at);
	if (what != NULL && what[0] != '\0') {
		put_plain(what);
		fputs(": ", stderr);
	}
	put_plain(why);
	fputc('\n', stderr);
}

int
exit_of_status(enum mailauth_status status)
{
	switch (status) {
	case MAILAUTH_OK: return 0;
	case MAILAUTH_EUSE: return EXIT_USE;
	case MAILAUTH_EINPUT: return EXIT_INPUT;
	case MAILAUTH_ENOMEM:
	case MAILAUTH_ESYSTEM: break;
	}
	return EXIT_SYSTEM;
}

int
worse_exit(int a, int b)
{
	static const int order[] = { 0, MAILAUTH_RESULT_WARN,
		MAILAUTH_RESULT_TEMPERROR, MAILAUTH_RESULT_FAIL };

	if (a >= EXIT_USE || b >= EXIT_USE)
		return a > b ? a : b;
	for (int i = 3; i > 0; i--)
		if (a == order[i] || b == order[i])
			return order[i];
	return 0;
}

int
exit_of_result(const struct options *o, enum mailauth_result result)
{
	if (result == MAILAUTH_RESULT_WARN &&
	    o->verdict_on == MAILAUTH_RESULT_FAIL)
		return 0;
	return (int)result;
}

static bool
wants_colour(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

int
print_report(const struct options *o, const struct mailauth_report *r,
    bool first)
{
	unsigned flags = (wants_colour() ? MAILAUTH_TEXT_COLOUR : 0) |
	    (o->verbose ? MAILAUTH_TEXT_VERBOSE : 0);
	char *text;

	if (o->quiet)
		return -1;
	text = o->format == FORMAT_TEXT ?
	    mailauth_report_text(r, flags) :
	    mailauth_report_json(r, o->format == FORMAT_JSON);
	if (text == NULL) {
		complain("report", "memory ran out");
		return EXIT_SYSTEM;
	}
	if (o->format == FORMAT_TEXT && !first)
		putchar('\n');
	fputs(text, stdout);
	if (o->format != FORMAT_TEXT)
		putchar('\n');
	free(text);
	/* Whoever reads along wants each report when it is done. */
	return finish_output();
}

int
conclude(const struct options *o, const struct command *command,
    enum mailauth_status status, struct mailauth_report *report,
    const char *why, bool first)
{
	int code, printed;

	if (status != MAILAUTH_OK) {
		complain(command->name, why);
		return exit_of_status(status);
	}
	code = exit_of_result(o, mailauth_report_result(report));
	printed = print_report(o, report, first);
	mailauth_report_free(report);
	return printed >= 0 ? worse_exit(code, printed) : code;
}

int
open_resolver(const struct options *o, struct mailauth_resolver **out)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_resolver_new(&o->source, out, why);

	if (status == MAILAUTH_OK)
		return -1;
	complain(NULL, why);
	return exit_of_status(status);
}

bool
has_source(const struct mailauth_options *s)
{
	return s->nservers > 0 || s->resolv_conf != NULL || s->nzones > 0 ||
	    s->online || s->nanchor_files > 0 || s->nanchors > 0 ||
	    s->config != NULL;
}

int
finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return -1;
	complain("standard output", "cannot be written");
	return EXIT_SYSTEM;
}

static int
usage(FILE *to)
{
	fprintf(to, "usage: " PROGRAM " COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-16s  %s\n", commands[i]->name,
		    commands[i]->purpose);
	fprintf(to, "\n" PROGRAM " COMMAND --help tells more.\n");
	return to == stdout ? 0 : EXIT_USE;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		printf(PROGRAM " %s\n", mailauth_version());
		return 0;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	complain(argv[1], "there is no such command");
	return EXIT_USE;
}
