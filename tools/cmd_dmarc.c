/*
 * cmd_dmarc.c - the DMARC policy for an author domain, and who aligns with it
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "tools/tool.h"

static int
find(const struct options *o, struct mailauth_resolver *resolver,
    const char *from)
{
	const struct mailauth_dmarc_request request = { .from = from,
		.dkim = o->dkim,
		.ndkim = o->ndkim,
		.spf = o->spf,
		.profile = o->profile,
		.allow_documentation = o->allow_documentation };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_dmarc(resolver, &request, &report, why);

	return conclude(o, &command_dmarc, status, report, why, true);
}

static int
run_dmarc(int argc, char **argv)
{
	struct mailauth_resolver *resolver = NULL;
	struct options o;
	int code;

	code = options_read(&o, &command_dmarc,
	    TAKES_SOURCE | TAKES_PASSED | TAKES_PROFILE | TAKES_FORMAT, argc,
	    argv);
	if (code >= 0)
		goto done;
	code = EXIT_USE;
	if (argc - optind != 1) {
		complain("dmarc", "name one author domain");
		goto done;
	}
	code = open_resolver(&o, &resolver);
	if (code >= 0)
		goto done;
	code = find(&o, resolver, argv[optind]);
done:
	mailauth_resolver_free(resolver);
	options_free(&o);
	return code;
}

const struct command command_dmarc = {
	"dmarc",
	"[OPTION]... FROM-DOMAIN",
	"Find the DMARC policy for a domain, and what aligns",
	HELP_SOURCE(
	    "everything") "\n"
	                  "What has passed (any of it makes a result):\n"
	                  "  --dkim DOMAIN          d= of a signature that passes (repeatable)\n"
	                  "  --spf DOMAIN           domain of MAIL FROM, when SPF passes\n"
	                  "  --profile guide|rfc    whose expectations decide (guide)\n"
	                  "  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	                  "\n" HELP_OUTPUT,
	run_dmarc,
};
