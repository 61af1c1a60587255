/*
 * cmd_checkconf.c - is a configuration of the resolver module right?
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log/conf.h"
#include "sys/file.h"
#include "tools/tool.h"

static void
tell(void *arg, unsigned line, const char *why)
{
	char where[4096];

	snprintf(where, sizeof(where), "%s:%u", (const char *)arg, line);
	complain(where, why);
}

/* Read the whole file; -1, or the exit code after a complaint. */
static int
read_conf(const char *path, struct arena *a, struct mailauth_str *out)
{
	switch (file_read(path, CONF_FILE_MAX, a, out)) {
	case FILE_WHOLE: return -1;
	case FILE_LONGER: complain(path, "the file is too long"); break;
	case FILE_NO_MEMORY:
		complain("module-checkconf", "memory ran out");
		return EXIT_SYSTEM;
	default: complain(path, strerror(errno));
	}
	return EXIT_INPUT;
}

static int
run_checkconf(struct options *o)
{
	char *file = o->operands[0];
	struct arena a = { NULL, false };
	struct mailauth_str text;
	struct conf conf;
	unsigned wrong = 0;
	int code;

	if (o->noperands != 1) {
		complain("module-checkconf",
		    "name one file: module-checkconf mailauth.conf");
		return EXIT_USE;
	}
	code = read_conf(file, &a, &text);
	if (code < 0) {
		conf_default(&conf);
		wrong = conf_read(&conf, text, tell, file);
	}
	arena_free(&a);
	if (code >= 0)
		return code;
	if (wrong > 0)
		return EXIT_INPUT;
	printf("%s: no errors\n", file);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

const struct command command_checkconf = {
	.name = "module-checkconf",
	.synopsis = "[OPTION]... FILE",
	.purpose = "Check a configuration file of the resolver module",
	.run = run_checkconf,
};
