/*
 * cmd_spf.c - SPF evaluated: check_host() of RFC 7208
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/argument.h"
#include "tools/batch/batch.h"
#include "tools/tool.h"

static struct mailauth_spf_request
make_request(const struct options *o, const char *domain, const char *ip)
{
	return (struct mailauth_spf_request){ .ip = ip,
		.domain = domain,
		.mail_from = o->what.mail_from,
		.helo = o->what.helo,
		.receiver = o->receiver,
		.scope = o->scope,
		.profile = o->what.profile,
		.allow_documentation = o->what.allow_documentation };
}

/* One address, or none: what the record costs. */
static int
evaluate(const struct options *o, struct mailauth_resolver *resolver,
    const char *domain, const char *ip, bool first)
{
	const struct mailauth_spf_request request = make_request(o, domain, ip);
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_spf(resolver, &request, &report, why);

	return conclude(o, status, report, why, first);
}

/* Complain of a MAIL FROM that has no domain, "joe" or "joe@"; EXIT_USE, or
 * -1. */
static int
judge_mail_from(const char *text)
{
	const char *at = text != NULL ? strrchr(text, '@') : NULL;

	if (text == NULL || text[0] == '\0' || strcmp(text, "<>") == 0 ||
	    (at != NULL ? at[1 + strspn(at + 1, ">")] != '\0' :
	                  strchr(text, '.') != NULL))
		return -1;
	return refuse_word(text,
	    "MAIL FROM needs a domain: --mail-from joe@example.com");
}

/* Lists. */

static const struct group line_takes[] = { SHARED(NULL, options_spf),
	SHARED(NULL, options_profile), { 0 } };

static int
judge_line(struct options *o)
{
	if (o->what.nsenders > 1)
		return refuse_word(o->what.senders[1].ip,
		    "one address a line: repeat the domain");
	return judge_mail_from(o->what.mail_from);
}

static void
fill_line(const void *arg, const struct options *o, void *request)
{
	struct mailauth_spf_request *q = request;

	(void)arg;
	*q = make_request(o, o->operands[0],
	    o->what.nsenders > 0 ? o->what.senders[0].ip : NULL);
}

static const struct batch_kind lines = {
	.takes = line_takes,
	.size = sizeof(struct mailauth_spf_request),
	.stream = mailauth_spf_stream,
	.judge = judge_line,
	.fill = fill_line,
};

static int
run_spf(struct options *o)
{
	struct mailauth_resolver *resolver = NULL;
	const char *domain = o->operands[0];
	int code = batch_judge(o);

	if (code < 0 && o->list != NULL)
		code = batch_run(o, &lines, NULL);
	if (code >= 0)
		return code;
	code = operands_sift(o);
	if (code == 0)
		code = judge_mail_from(o->what.mail_from);
	if (code > 0)
		return code;
	if (o->noperands > 1)
		return refuse_word(o->operands[1], "one domain at a time");
	if (domain == NULL && o->what.mail_from == NULL &&
	    o->what.helo == NULL) {
		complain("spf",
		    "name a domain, --mail-from or --helo: spf example.com");
		return EXIT_USE;
	}
	code = open_resolver(o, &resolver);
	if (code >= 0)
		return code;
	if (o->what.nsenders == 0)
		code = evaluate(o, resolver, domain, NULL, true);
	else
		code = 0;
	for (size_t i = 0; i < o->what.nsenders; i++)
		code = worse_exit(code,
		    evaluate(o, resolver, domain, o->what.senders[i].ip,
		        i == 0));
	mailauth_resolver_free(resolver);
	return code;
}

const struct option options_spf[] = {
	OPTION_IP("sending address (repeatable); without one the\n"
	          "cost of the record and what it lets pass"),
	OPTION_MAIL_FROM,
	OPTION_HELO,
	{ "receiver", 0, "NAME", take_text, AT(receiver),
	    .help = "who receives, for explanations" },
	{ "scope", 0, "SCOPE", take_text, AT(scope),
	    .help = "spf; or pra or mfrom: Sender ID", .otherwise = "spf" },
	{ 0 },
};

const struct command command_spf = {
	.name = "spf",
	.synopsis = "[OPTION]... [--ip IP] [DOMAIN]",
	.purpose = "Evaluate SPF for an address, or tell what a record costs",
	.takes = { SHARED(HEAD_SOURCE, options_source),
	    SHARED("Who sends (RFC 7208 2.4):", options_spf),
	    SHARED(NULL, options_profile), SHARED(HEAD_LIST, options_list),
	    SHARED(HEAD_OUTPUT, options_report) },
	.timeout_is_for = "one evaluation",
	.writes = WRITES_REPORTS,
	.run = run_spf,
};
