/*
 * option_help.c - help on a command, made of the rows of its options
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/option.h"
#include "tools/tool.h"

/* Columns of the help: options, and what they are for. */
#define NAMES 22
/* Octets of what is said on one option. */
#define HELP_MAX 512

void
option_help(const struct option *row, const struct command *command, char *room,
    size_t size)
{
	const char *mark = strstr(row->help, "%s");
	char filled[128] = "";

	if (mark == NULL || row->fill == NULL) {
		snprintf(room, size, "%s", row->help);
		return;
	}
	row->fill(command, filled, sizeof(filled));
	snprintf(room, size, "%.*s%s%s", (int)(mark - row->help), row->help,
	    filled, mark + 2);
}

/* What an option is for, the lines under each other. */
static void
put_help(const char *help, const char *otherwise)
{
	for (; *help != '\0'; help++) {
		putchar(*help);
		if (*help == '\n')
			printf("%*s", NAMES + 3, "");
	}
	if (otherwise != NULL)
		printf(" (%s)", otherwise);
	putchar('\n');
}

static void
put_option(void *arg, const struct option *row)
{
	char names[64], help[HELP_MAX];
	const char letter[] = { '-', row->letter, ',', ' ', '\0' };

	/* Wide names have a line of their own. */
	snprintf(names, sizeof(names), "%s--%s%s%s",
	    row->letter != 0 ? letter : "", row->name,
	    row->value != NULL ? " " : "",
	    row->value != NULL ? row->value : "");
	if (strlen(names) > NAMES)
		printf("  %s\n%*s", names, NAMES + 3, "");
	else
		printf("  %-*s ", NAMES, names);
	option_help(row, arg, help, sizeof(help));
	put_help(help, row->otherwise);
}

static void
each_of(const struct option *rows,
    void (*each)(void *arg, const struct option *row), void *arg)
{
	for (; rows->name != NULL; rows++)
		if (rows->help != NULL)
			each(arg, rows);
}

void
options_each(const struct command *command,
    void (*each)(void *arg, const struct option *row), void *arg)
{
	for (const struct group *g = command->takes; g->rows != NULL; g++)
		each_of(g->rows, each, arg);
	each_of(options_common, each, arg);
}

int
options_help(const struct command *command)
{
	void *arg = (void *)(uintptr_t)command;

	printf("usage: " PROGRAM " %s%s%s\n\n%s.\n\n", command->name,
	    command->synopsis[0] != '\0' ? " " : "", command->synopsis,
	    command->purpose);
	if (command->about != NULL)
		printf("%s\n\n", command->about);
	for (const struct group *g = command->takes; g->rows != NULL; g++) {
		if (g->heading != NULL && g != command->takes)
			putchar('\n');
		if (g->heading != NULL)
			printf("%s\n", g->heading);
		each_of(g->rows, put_option, arg);
	}
	each_of(options_common, put_option, arg);
	printf("\nThe manual is " PROGRAM "(1); mailauth-findings(7) explains "
	       "the findings.\n");
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}
