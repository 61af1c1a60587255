/*
 * cmd_dmarc.c - the DMARC policy for an author domain, and who aligns with it
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/argument.h"
#include "tools/batch/batch.h"
#include "tools/tool.h"

/* The library names the command check where the name of a record was given; here
 * it is this one, which takes no selector. */
static void
advise_here(char *why)
{
	static const char here[] = "dmarc";
	char *at =
	    strstr(why, " is the name of a record, not a domain: check ");
	char *selector = at != NULL ? strstr(at, " with selector ") : NULL;

	if (at == NULL || strstr(at, ": check the domain that ") != NULL)
		return;
	memcpy(strstr(at, ": check ") + 2, here, sizeof(here) - 1);
	if (selector != NULL)
		*selector = '\0';
}

static struct mailauth_dmarc_request
make_request(const struct options *o, const char *from)
{
	return (struct mailauth_dmarc_request){ .from = from,
		.dkim = o->dkim,
		.ndkim = o->ndkim,
		.spf = o->spf,
		.profile = o->what.profile,
		.allow_documentation = o->what.allow_documentation };
}

static int
find(const struct options *o, struct mailauth_resolver *resolver,
    const char *from)
{
	const struct mailauth_dmarc_request request = make_request(o, from);
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_dmarc(resolver, &request, &report, why);

	if (status != MAILAUTH_OK)
		advise_here(why);
	return conclude(o, status, report, why, true);
}

/* Lists. */

static const struct group line_takes[] = { SHARED(NULL, options_dmarc),
	SHARED(NULL, options_profile), { 0 } };

static int
judge_line(struct options *o)
{
	int code = address_judge(o->operands[0]);
	const char *address;

	if (code >= 0)
		return code;
	/* The line may be asked again: it keeps the address alone. */
	address = address_within(o->operands[0]);
	memmove(o->operands[0], address, strlen(address) + 1);
	return -1;
}

static void
fill_line(const void *arg, const struct options *o, void *request)
{
	struct mailauth_dmarc_request *q = request;

	(void)arg;
	*q = make_request(o, o->operands[0]);
}

static void
advise_line(const char *why, char text[REFUSAL_MAX])
{
	snprintf(text, REFUSAL_MAX, "%s", why);
	advise_here(text);
}

static const struct batch_kind lines = {
	.takes = line_takes,
	.size = sizeof(struct mailauth_dmarc_request),
	.stream = mailauth_dmarc_stream,
	.judge = judge_line,
	.fill = fill_line,
	.advise = advise_line,
};

static int
run_dmarc(struct options *o)
{
	struct mailauth_resolver *resolver = NULL;
	int code = batch_judge(o);

	if (code < 0 && o->list != NULL)
		code = batch_run(o, &lines, NULL);
	if (code >= 0)
		return code;
	for (size_t i = 0; i < o->noperands; i++) {
		if ((code = address_judge(o->operands[i])) >= 0)
			return code;
		o->operands[i] = address_within(o->operands[i]);
	}
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

/* The domain of d=, and not its tag or an address of i=. */
static int
take_dkim(const struct option *row, void *to, char *value)
{
	const char *at = strrchr(value, '@'), *domain = value;
	char why[ADVICE_MAX];

	if (at != NULL)
		domain = at + 1;
	else if ((value[0] | 0x20) == 'd' && value[1] == '=')
		domain = value + 2;
	if (domain == value)
		return take_word(row, to, value);
	snprintf(why, sizeof(why),
	    "give the domain alone, of d= in the signature: --dkim %.100s",
	    *domain != '\0' ? domain : "example.com");
	return refuse_word(value, why);
}

const struct option options_dmarc[] = {
	{ "dkim", 0, "DOMAIN", take_dkim, AT_LIST(dkim, ndkim),
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
	    SHARED(NULL, options_profile), SHARED(HEAD_LIST, options_list),
	    SHARED(HEAD_OUTPUT, options_report) },
	.timeout_is_for = "everything",
	.writes = WRITES_REPORTS,
	.run = run_dmarc,
};
