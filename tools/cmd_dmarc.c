/*
 * cmd_dmarc.c - the DMARC policy for an author domain, and who aligns with it
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "tools/argument.h"
#include "tools/tool.h"

static int
find(const struct options *o, struct mailauth_resolver *resolver,
    const char *from)
{
	const struct mailauth_dmarc_request request = { .from = from,
		.dkim = o->dkim,
		.ndkim = o->ndkim,
		.spf = o->spf,
		.profile = o->what.profile,
		.allow_documentation = o->what.allow_documentation };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_dmarc(resolver, &request, &report, why);

	return conclude(o, status, report, why, true);
}

static int
run_dmarc(struct options *o)
{
	struct mailauth_resolver *resolver = NULL;
	int code;

	for (size_t i = 0; i < o->noperands; i++)
		o->operands[i] = address_within(o->operands[i]);
	code = operands_sift(o);
	if (code != 0)
		return code;
	if (o->noperands != 1)
		return refuse_word(o->noperands > 0 ? o->operands[1] : "dmarc",
		    "name one author domain: dmarc example.com");
	code = open_resolver(o, &resolver);
	if (code < 0)
		code = find(o, resolver, o->operands[0]);
	mailauth_resolver_free(resolver);
	return code;
}

const struct option options_dmarc[] = {
	{ "dkim", 0, "DOMAIN", take_word, AT_LIST(dkim, ndkim),
	    .help = "d= of a signature that passes (repeatable)" },
	{ "spf", 0, "DOMAIN", take_address, AT(spf),
	    .help = "domain of MAIL FROM, when SPF passes" },
	{ 0 },
};

const struct command command_dmarc = {
	.name = "dmarc",
	.synopsis = "[OPTION]... FROM-DOMAIN",
	.purpose = "Find the DMARC policy for a domain, and what aligns",
	.takes = { SHARED(HEAD_SOURCE, options_source),
	    SHARED("What has passed (any of it makes a result):",
	        options_dmarc),
	    SHARED(NULL, options_profile),
	    SHARED(HEAD_OUTPUT, options_report) },
	.timeout_is_for = "everything",
	.writes = WRITES_REPORTS,
	.run = run_dmarc,
};
