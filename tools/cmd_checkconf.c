/*
 * cmd_checkconf.c - is a configuration of the resolver module right?
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/conf.h"
#include "tools/tool.h"

static void
tell(void *arg, unsigned line, const char *why)
{
	char where[4096];

	snprintf(where, sizeof(where), "%s:%u", (const char *)arg, line);
	complain(where, why);
}

/* Read the whole file; false, after a complaint, when that fails. */
static bool
read_whole(const char *path, char *room, size_t *n)
{
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		complain(path, strerror(errno));
		return false;
	}
	*n = fread(room, 1, CONF_FILE_MAX + 1, f);
	if (ferror(f) || *n > CONF_FILE_MAX) {
		complain(path,
		    ferror(f) ? strerror(errno) : "the file is too long");
		fclose(f);
		return false;
	}
	fclose(f);
	return true;
}

static int
run_checkconf(struct options *o)
{
	char *file = o->operands[0];
	struct conf conf;
	unsigned wrong;
	char *text;
	size_t n;

	if (o->noperands != 1) {
		complain("module-checkconf",
		    "name one file: module-checkconf mailauth.conf");
		return EXIT_USE;
	}
	text = malloc(CONF_FILE_MAX + 1);
	if (text == NULL) {
		complain("module-checkconf", "memory ran out");
		return EXIT_SYSTEM;
	}
	if (!read_whole(file, text, &n)) {
		free(text);
		return EXIT_INPUT;
	}
	conf_default(&conf);
	wrong = conf_read(&conf, (struct mailauth_str){ text, n }, tell, file);
	free(text);
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
