/*
 * unbound-mailauth.c - the command line
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tools/advice.h"
#include "tools/tool.h"

/* Octets of stack that are always enough. libunbound needs nearly 256 KiB for
 * the answer of a server, and everything else less than 64. */
#define STACK_ENOUGH ((size_t)1024 * 1024)

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
	ROW(lint) \
	ROW(list) \
	ROW(checkconf) \
	ROW(help) \
	ROW(version)

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)

#define POINT(name) &command_##name,
const struct command *const commands[] = { COMMANDS(POINT) NULL };

const struct command *
command_named(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
	return NULL;
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

/* What is no command is for `check` when it has what commands have not. */
static bool
is_for_check(const char *word)
{
	if (word[0] == '-')
		return true;
	for (; *word != '\0'; word++)
		if ((unsigned char)*word >= 0x80 ||
		    strchr(".@/:*+,;= $%<([{", *word) != NULL)
			return true;
	return false;
}

static int
start(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct command *command;

	if (word == NULL) {
		usage_print(stderr);
		return EXIT_USE;
	}
	if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0)
		return run(&command_help, argc - 1, argv + 1);
	if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0)
		return version_print();
	if (word[0] == '\0')
		return run(&command_check, argc, argv);
	command = command_named(word);
	if (command != NULL)
		return run(command, argc - 1, argv + 1);
	if (!is_for_check(word))
		return refuse_command(word);
	return run(&command_check, argc, argv);
}

/* The arguments of start(), and what it returned. */
struct call {
	int argc;
	char **argv;
	int code;
};

static void *
start_called(void *arg)
{
	struct call *call = arg;

	call->code = start(call->argc, call->argv);
	return NULL;
}

/* start() in a thread that has enough stack, where the limit of the process is
 * lower: to exceed it would end the process without a word. */
static int
start_with_stack(int argc, char **argv)
{
	struct call call = { argc, argv, EXIT_SYSTEM };
	struct rlimit limit;
	pthread_attr_t how;
	pthread_t thread;
	bool made;

	if (getrlimit(RLIMIT_STACK, &limit) != 0 ||
	    limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= STACK_ENOUGH ||
	    pthread_attr_init(&how) != 0)
		return start(argc, argv);
	made = pthread_attr_setstacksize(&how, STACK_ENOUGH) == 0 &&
	    pthread_create(&thread, &how, start_called, &call) == 0;
	pthread_attr_destroy(&how);
	if (!made)
		return start(argc, argv);
	pthread_join(thread, NULL);
	return call.code;
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
	code = start_with_stack(argc, argv);
	ended = true;
	return code;
}
