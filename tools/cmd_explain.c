/*
 * cmd_explain.c - a received message: why did it pass or fail?
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/keyfile.h"
#include "tools/tool.h"

/* Octets from a file descriptor. */
static long
read_octets(void *arg, void *buf, size_t n)
{
	const int *fd = arg;
	ssize_t got;

	do
		got = read(*fd, buf, n);
	while (got < 0 && errno == EINTR);
	return (long)got;
}

static int
read_message(const char *name, struct mailauth_message **out)
{
	bool standard = name == NULL || strcmp(name, "-") == 0;
	const char *shown = standard ? "standard input" : name;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY);
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	if (fd < 0) {
		complain(shown, strerror(errno));
		return EXIT_INPUT;
	}
	errno = 0;
	status = mailauth_message_new(read_octets, &fd, out, why);
	if (status != MAILAUTH_OK)
		complain(shown,
		    status == MAILAUTH_EINPUT && errno != 0 ? strerror(errno) :
		                                              why);
	if (!standard)
		close(fd);
	return status == MAILAUTH_OK ? -1 : exit_of_status(status);
}

static int
explain(const struct options *o, const struct mailauth_message *message)
{
	const struct mailauth_explain_request request = { .message = message,
		.authserv_ids = o->authserv_ids,
		.nauthserv_ids = o->nauthserv_ids,
		.ip = o->what.nsenders > 0 ? o->what.senders[0].ip : NULL,
		.mail_from = o->what.mail_from,
		.helo = o->what.helo,
		.dkim_key = o->what.dkim_key,
		.dkim_key_len = o->what.dkim_key_len,
		.profile = o->profile,
		.allow_documentation = o->allow_documentation };
	struct mailauth_resolver *resolver = NULL;
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;
	int code = open_resolver(o, &resolver);

	if (code >= 0)
		return code;
	status = mailauth_explain(resolver, &request, &report, why);
	mailauth_resolver_free(resolver);
	return conclude(o, &command_explain, status, report, why, true);
}

static int
run_explain(int argc, char **argv)
{
	struct mailauth_message *message = NULL;
	uint8_t *key = NULL;
	struct options o;
	int code;

	code = options_read(&o, &command_explain,
	    TAKES_SOURCE | TAKES_MESSAGE | TAKES_PROFILE | TAKES_FORMAT, argc,
	    argv);
	if (code >= 0)
		goto done;
	code = EXIT_USE;
	if (argc - optind > 1) {
		complain("explain", "one message at a time");
		goto done;
	}
	if (o.what.nsenders > 1) {
		complain("--ip", "one address at a time");
		goto done;
	}
	if (o.dkim_key != NULL &&
	    (code = key_load(o.dkim_key, &key, &o.what.dkim_key_len)) >= 0)
		goto done;
	o.what.dkim_key = key;
	code = read_message(argv[optind], &message);
	if (code < 0)
		code = explain(&o, message);
done:
	mailauth_message_free(message);
	free(key);
	options_free(&o);
	return code;
}

const struct command command_explain = {
	"explain",
	"[OPTION]... [FILE | -]",
	"Explain why a received message passes or fails",
	HELP_SOURCE(
	    "everything") "\n"
	                  "The message, beside what it says itself:\n"
	                  "  --authserv-id ID       a receiver whose Authentication-Results are\n"
	                  "                         believed (repeatable); without it the\n"
	                  "                         topmost of the message\n"
	                  "  --ip IP                sending address\n"
	                  "  --mail-from ADDRESS    MAIL FROM: address, domain or <>\n"
	                  "  --helo NAME            the name the host greets with\n"
	                  "  --dkim-key FILE        the key that signs, private or public (PEM)\n"
	                  "  --profile guide|rfc    whose expectations decide (guide)\n"
	                  "  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	                  "\n" HELP_OUTPUT,
	run_explain,
};
