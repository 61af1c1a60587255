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

#include "tools/argument.h"
#include "tools/keyfile.h"
#include "tools/tool.h"

/* Values of the options that only this command has. */
struct explain {
	const char *const *ids; /* receivers that are believed */
	size_t nids;
	unsigned hop, part;
};

/* A number from 1, of a Received header or of a message. */
static int
take_number(const struct option *row, void *to, char *value)
{
	struct explain *own = to;
	char *end;
	unsigned long v = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || v == 0 ||
	    v > 100000)
		return refuse_word(value, "it is not a number from 1");
	if (strcmp(row->name, "hop") == 0)
		own->hop = (unsigned)v;
	else
		own->part = (unsigned)v;
	return -1;
}

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

/* Why a file could not be opened; a domain is no message. */
static const char *
why_not(const char *name)
{
	if (errno == ENOENT && strchr(name, '@') != NULL)
		return "there is no such file; explain reads a received "
		       "message, with its header: explain FILE";
	if (errno == ENOENT && strchr(name, '/') == NULL &&
	    is_domain(name, strlen(name)))
		return "there is no such file; explain reads a message, and a "
		       "domain is for check";
	return strerror(errno);
}

static int
read_message(const char *name, unsigned part, struct mailauth_message **out)
{
	bool standard = name == NULL || strcmp(name, "-") == 0;
	const char *shown = standard ? "standard input" : name;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY);
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	if (fd < 0) {
		complain(shown, why_not(name));
		return EXIT_INPUT;
	}
	errno = 0;
	status = mailauth_message_new_part(read_octets, &fd, part, out, why);
	if (status != MAILAUTH_OK)
		complain(shown,
		    status == MAILAUTH_EINPUT && errno != 0 ? strerror(errno) :
		                                              why);
	if (!standard)
		close(fd);
	return status == MAILAUTH_OK ? -1 : exit_of_status(status);
}

static int
explain(const struct options *o, const struct mailauth_message *message,
    const struct mailauth_settings *settings)
{
	const struct explain *own = o->own;
	const struct mailauth_explain_request request = { .message = message,
		.authserv_ids = own->ids,
		.nauthserv_ids = own->nids,
		.ip = o->what.nsenders > 0 ? o->what.senders[0].ip : NULL,
		.mail_from = o->what.mail_from,
		.helo = o->what.helo,
		.ip_source = "--ip",
		.mail_from_source = "--mail-from",
		.dkim_key = o->what.dkim_key,
		.dkim_key_len = o->what.dkim_key_len,
		.profile = o->what.profile,
		.allow_documentation = o->what.allow_documentation,
		.hop = own->hop,
		.settings = settings };
	struct mailauth_resolver *resolver = NULL;
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;
	int code = open_resolver(o, &resolver);

	if (code >= 0)
		return code;
	status = mailauth_explain(resolver, &request, &report, why);
	mailauth_resolver_free(resolver);
	return conclude(o, status, report, why, true);
}

static int
run_explain(struct options *o)
{
	struct mailauth_message *message = NULL;
	struct mailauth_settings *settings = NULL;
	uint8_t *key = NULL;
	int code;

	if (o->noperands > 1)
		return refuse_word(o->operands[1],
		    "one message at a time: explain FILE");
	if (o->what.nsenders > 1) {
		complain("--ip", "one address at a time");
		return EXIT_USE;
	}
	if (o->dkim_key != NULL &&
	    (code = key_load(o->dkim_key, &key, &o->what.dkim_key_len)) >= 0)
		return code;
	o->what.dkim_key = key;
	code = settings_load(o, &settings);
	if (code < 0)
		code = read_message(o->operands[0],
		    ((const struct explain *)o->own)->part, &message);
	if (code < 0)
		code = explain(o, message, settings);
	mailauth_settings_free(settings);
	mailauth_message_free(message);
	free(key);
	return code;
}

static const struct option rows[] = {
	{ "authserv-id", 0, "ID", take_word, AT_OWN_LIST(explain, ids, nids),
	    .help = "a receiver whose Authentication-Results are\n"
	            "believed (repeatable); without it the one of\n"
	            "the topmost Received" },
	{ "hop", 0, "N", take_number,
	    .help = "the Received header, from 1 at the top, where\n"
	            "the message came into the receiver's system" },
	{ "part", 0, "N", take_number,
	    .help = "which message of a file with several: of a\n"
	            "mailbox, or attached to one",
	    .otherwise = "1" },
	{ 0 },
};

static const struct option sender[] = {
	OPTION_IP("sending address"),
	OPTION_MAIL_FROM,
	OPTION_HELO,
	OPTION_DKIM_KEY("the key that signs, private or public (PEM)"),
	OPTION_SETTINGS("what the mail platform is set to (repeatable):\n"
	                "which of it differs in the message"),
	{ 0 },
};

const struct command command_explain = {
	.name = "explain",
	.synopsis = "[OPTION]... [FILE | -]",
	.purpose = "Explain why a received message passes or fails",
	.takes = { SHARED(HEAD_SOURCE, options_source),
	    OWN("The message, beside what it says itself:", rows),
	    SHARED(NULL, sender), SHARED(NULL, options_profile),
	    SHARED(HEAD_OUTPUT, options_report) },
	.own_size = sizeof(struct explain),
	.timeout_is_for = "everything",
	.writes = WRITES_REPORTS,
	.run = run_explain,
};
