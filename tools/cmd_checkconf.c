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

/* The whole file; -1, or the exit code, with the reason on standard error. */
static int
read_conf(const char *path, struct arena *a, struct mailauth_str *out)
{
	switch (file_read(path, CONF_FILE_MAX, a, out)) {
	case FILE_WHOLE: return -1;
	case FILE_LONGER: complain(path, "the file is too long"); break;
	case FILE_NO_MEMORY:
		complain("module-checkconf", "memory ran out");
		return EXIT_SYSTEM;
	default: complain(path, strerror(errno)); break;
	}
	return EXIT_INPUT;
}

static int
run_checkconf(int argc, char **argv)
{
	struct options o;
	int code = options_read(&o, &command_checkconf, 0, argc, argv);
	struct arena a = { NULL, false };
	struct mailauth_str text;
	struct conf conf;
	unsigned wrong;

	options_free(&o);
	if (code >= 0)
		return code;
	if (argc - optind != 1) {
		complain("module-checkconf", "name one file");
		return EXIT_USE;
	}
	code = read_conf(argv[optind], &a, &text);
	if (code >= 0) {
		arena_free(&a);
		return code;
	}
	conf_default(&conf);
	wrong = conf_read(&conf, text, tell, argv[optind]);
	arena_free(&a);
	if (wrong > 0)
		return EXIT_INPUT;
	if (!o.quiet)
		printf("%s: no errors\n", argv[optind]);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

const struct command command_checkconf = {
	"module-checkconf",
	"[OPTION]... FILE",
	"Check a configuration file of the resolver module",
	"",
	run_checkconf,
};
