/*
 * unbound-mailauth.c - the command line
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/tool.h"

/* A command is a row here, and the file or folder that defines it. */
#define COMMANDS(ROW) \
	ROW(check) \
	ROW(parse) \
	ROW(spf) \
	ROW(spf_merge) \
	ROW(dmarc) \
	ROW(explain) \
	ROW(plan) \
	ROW(test) \
	ROW(list) \
	ROW(checkconf)

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)

#define POINT(name) &command_##name,
const struct command *const commands[] = { COMMANDS(POINT) NULL };

static int
usage(FILE *to)
{
	fprintf(to, "usage: " PROGRAM " COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(to, "  %-16s  %s\n", commands[i]->name,
		    commands[i]->purpose);
	fprintf(to, "\n" PROGRAM " COMMAND --help tells more.\n");
	if (to != stdout)
		return EXIT_USE;
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

static int
version(void)
{
	printf(PROGRAM " %s\n", mailauth_version());
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

/* Read the options of a command, and run it. */
static int
run(const struct command *command, int argc, char **argv)
{
	struct options o = { .command = command,
		.own = calloc(1, command->own_size + 1) };
	int code = EXIT_SYSTEM;

	if (o.own == NULL)
		complain(command->name, "memory ran out");
	else if ((code = options_read(&o, argc, argv)) < 0)
		code = command->run(&o);
	options_free(&o);
	free(o.own);
	return code;
}

static bool ended; /* main() has an exit code */

/* A library that ends the process does so with codes that are verdicts here. */
static void
not_ended(void)
{
	if (ended)
		return;
	complain("a library", "it has ended the program");
	_exit(EXIT_INTERNAL);
}

/* A standard file that is closed stays unusable: the next file that is opened
 * would take its place. */
static void
keep_standard_files(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) < 0)
			_exit(EXIT_SYSTEM);
}

static int
start(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return version();
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return run(commands[i], argc - 1, argv + 1);
	complain(argv[1], "there is no such command");
	return EXIT_USE;
}

int
main(int argc, char **argv)
{
	int code;

	keep_standard_files();
	json_note_memory();
	/* A file that may not grow is an error of the write. */
	signal(SIGXFSZ, SIG_IGN);
	if (atexit(not_ended) != 0)
		return EXIT_SYSTEM;
	code = start(argc, argv);
	ended = true;
	return code;
}
