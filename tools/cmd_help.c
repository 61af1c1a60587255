/*
 * cmd_help.c - help on commands and findings, and the version
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/advice.h"
#include "tools/help.h"
#include "tools/tool.h"

/* Columns of a line. */
#define COLUMNS 80
/* Columns in front of what is said. */
#define INDENT 4

void
usage_print(FILE *to)
{
	fputs("usage: " PROGRAM " COMMAND [OPTION]... [ARGUMENT]...\n"
	      "       " PROGRAM
	      " DOMAIN           the same as check DOMAIN\n\n",
	    to);
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(to, "  %-16s  %s\n", commands[i]->name,
		    commands[i]->purpose);
	fputs("\n" PROGRAM
	      " help COMMAND     what a command does, its options\n" PROGRAM
	      " help CODE        what a finding means, such as "
	      "dmarc-p-none\n",
	    to);
}

int
version_print(void)
{
	struct mailauth_library library;

	printf(PROGRAM " %s\n", mailauth_version());
	for (size_t i = 0; mailauth_library_at(i, &library); i++)
		printf("%s %s\n", library.name, library.version);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

/* Findings. */

static const struct help helps[] = {
#define HELP(code, why, wrong, right) { code, why, wrong, right },
#include "tools/help.def"
#undef HELP
	{ NULL, NULL, NULL, NULL },
};

const struct help *
help_on(const char *code)
{
	const struct help *h = helps;

	while (h->code != NULL && strcmp(h->code, code) != 0)
		h++;
	return h;
}

/* Print words in indented lines, and `end` behind the last one. */
static void
put_words(const char *text, const char *end)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (column > 0 && column + 1 + n > COLUMNS - 1) {
			putchar('\n');
			column = 0;
		}
		printf("%*s%.*s", column > 0 ? 1 : INDENT, "", (int)n, text);
		column += n + (column > 0 ? 1 : INDENT);
		text += n + (text[n] != '\0');
	}
	printf("%s\n", end);
}

static void
put_part(const char *heading, const char *text, const char *end)
{
	if (text == NULL || text[0] == '\0')
		return;
	printf("\n%s:\n", heading);
	put_words(text, end);
}

/* An example is never wrapped: it may be copied. */
static void
put_example(const char *heading, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	printf("\n%s:\n", heading);
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		printf("%*s%.*s\n", INDENT, "", (int)n, text);
		text += n + (text[n] != '\0');
	}
}

static void
put_severities(const struct mailauth_finding_info *f)
{
	printf("\nSeverity by profile:\n%*s", INDENT, "");
	for (unsigned p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
		printf("%s%s %s", p > 0 ? ", " : "",
		    mailauth_profile_name((enum mailauth_profile)p),
		    mailauth_severity_name(f->severity[p]));
	putchar('\n');
}

/* It is at most a piece of information, whatever the profile. */
static bool
is_no_fault(const struct mailauth_finding_info *f)
{
	for (unsigned p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
		if (f->severity[p] > MAILAUTH_INFO)
			return false;
	return true;
}

static int
help_finding(const struct mailauth_finding_info *f)
{
	const struct help *h = help_on(f->code);
	bool has_wrong = h->wrong != NULL && h->wrong[0] != '\0';

	printf("%s\n", f->code);
	put_words(f->sentence, ".");
	put_part("What to do",
	    f->remedy[0] == '\0' && is_no_fault(f) ?
	        "nothing: this says what is so, and it is no fault" :
	        f->remedy,
	    ".");
	put_part("Why it matters", h->why, "");
	put_example("Wrong", h->wrong);
	put_example(has_wrong ? "Right" : "Example", h->right);
	put_part("Reference", f->reference, "");
	put_severities(f);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

/* Name the findings whose code begins with this word; false: no code does. */
static bool
put_findings_of(const char *word)
{
	struct mailauth_finding_info f;
	size_t n = strlen(word);
	bool any = false;

	for (size_t i = 0; mailauth_finding_at(i, &f); i++) {
		if (strncmp(f.code, word, n) != 0 || f.code[n] != '-')
			continue;
		if (!any)
			printf("Findings about %s; " PROGRAM " help CODE "
			       "explains one:\n\n",
			    word);
		any = true;
		printf("%s\n", f.code);
		put_words(f.sentence, "");
	}
	return any;
}

static int
help_unknown(const char *word)
{
	struct near n = { .word = word };
	struct mailauth_finding_info f;

	for (size_t i = 0; commands[i] != NULL; i++)
		near_try(&n, commands[i]->name);
	for (size_t i = 0; mailauth_finding_at(i, &f); i++)
		near_try(&n, f.code);
	return refuse_unknown(&n,
	    "command or code; see 'help' and 'list findings'", NULL);
}

static int
help_on_word(const char *word)
{
	const struct command *command = command_named(word);
	struct mailauth_finding_info f;

	if (command != NULL)
		return options_help(command);
	for (size_t i = 0; mailauth_finding_at(i, &f); i++)
		if (same_word(f.code, word))
			return help_finding(&f);
	if (put_findings_of(word))
		return finish_output() < 0 ? 0 : EXIT_SYSTEM;
	return help_unknown(word);
}

static int
run_help(struct options *o)
{
	if (o->noperands > 1)
		return refuse_word(o->operands[1],
		    "help takes one word, a COMMAND or a CODE");
	if (o->noperands == 1)
		return help_on_word(o->operands[0]);
	usage_print(stdout);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

const struct command command_help = {
	.name = "help",
	.synopsis = "[COMMAND | CODE]",
	.purpose = "Tell how a command is used, or what a finding means",
	.about =
	    "CODE is that of a finding, as in [dmarc-p-none]; a beginning of "
	    "codes, as in\n"
	    "dkim, names those that begin so.",
	.run = run_help,
};

static int
run_version(struct options *o)
{
	if (o->noperands > 0)
		return refuse_word(o->operands[0], "version takes no argument");
	return version_print();
}

const struct command command_version = {
	.name = "version",
	.synopsis = "",
	.purpose = "Print the version",
	.run = run_version,
};
