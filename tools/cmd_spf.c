/*
 * cmd_spf.c - SPF evaluated: check_host() of RFC 7208
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "tools/tool.h"

/* One address, or none: what the record costs. */
static int
evaluate(const struct options *o, struct mailauth_resolver *resolver,
    const char *domain, const char *ip, bool first)
{
	const struct mailauth_spf_request request = { .ip = ip,
		.domain = domain,
		.mail_from = o->what.mail_from,
		.helo = o->what.helo,
		.receiver = o->receiver,
		.scope = o->scope,
		.profile = o->profile,
		.allow_documentation = o->allow_documentation };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_spf(resolver, &request, &report, why);

	return conclude(o, &command_spf, status, report, why, first);
}

static int
run_spf(int argc, char **argv)
{
	struct mailauth_resolver *resolver = NULL;
	const char *domain = NULL;
	struct options o;
	int code;

	code = options_read(&o, &command_spf,
	    TAKES_SOURCE | TAKES_SPF | TAKES_PROFILE | TAKES_FORMAT, argc,
	    argv);
	if (code >= 0)
		goto done;
	code = EXIT_USE;
	if (argc - optind > 1) {
		complain("spf", "one domain at a time");
		goto done;
	}
	domain = argv[optind];
	if (domain == NULL && o.what.mail_from == NULL && o.what.helo == NULL) {
		complain("spf", "name a domain, --mail-from or --helo");
		goto done;
	}
	code = open_resolver(&o, &resolver);
	if (code >= 0)
		goto done;
	if (o.what.nsenders == 0)
		code = evaluate(&o, resolver, domain, NULL, true);
	else
		code = 0;
	for (size_t i = 0; i < o.what.nsenders; i++)
		code = worse_exit(code,
		    evaluate(&o, resolver, domain, o.what.senders[i].ip,
		        i == 0));
done:
	mailauth_resolver_free(resolver);
	options_free(&o);
	return code;
}

const struct command command_spf = {
	"spf",
	"[OPTION]... [--ip IP] [DOMAIN]",
	"Evaluate SPF for an address, or tell what a record costs",
	HELP_SOURCE(
	    "one evaluation") "\n"
	                      "Who sends (RFC 7208 2.4):\n"
	                      "  --ip IP                sending address (repeatable); without one the\n"
	                      "                         cost of the record and what it lets pass\n"
	                      "  --mail-from ADDRESS    MAIL FROM: address, domain or <>\n"
	                      "  --helo NAME            the name the host greets with\n"
	                      "  --receiver NAME        who receives, for explanations\n"
	                      "  --scope SCOPE          spf; or pra or mfrom: Sender ID (spf)\n"
	                      "  --profile guide|rfc    whose expectations decide (guide)\n"
	                      "  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	                      "\n" HELP_OUTPUT,
	run_spf,
};
