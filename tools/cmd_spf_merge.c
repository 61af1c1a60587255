/*
 * cmd_spf_merge.c - one more sender merged into an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/argument.h"
#include "tools/tool.h"

/* Values of the options that only this command has. */
struct merge {
	const char *const *add; /* mechanisms */
	size_t nadd;
	char all; /* qualifier, or 0 */
	const char *owner;
};

/* "-", or with the word behind it: "-all". */
static int
take_all(const struct option *row, void *to, char *value)
{
	struct merge *m = to;

	if (*value == '\0' || strchr("+-~?", *value) == NULL ||
	    (value[1] != '\0' && strcmp(value + 1, "all") != 0))
		return option_refuse(row, "give it as one of - ~ ? +");
	m->all = *value;
	return -1;
}

/* The first row is that of words behind the record, too. */
static const struct option rows[] = {
	{ "add", 0, "MECHANISM", take_word, AT_OWN_LIST(merge, add, nadd),
	    .help = "what is to be added (repeatable)" },
	{ "all", 0, "QUALIFIER", take_all,
	    .help = "for everybody else: - ~ ? or +", .otherwise = "as it is" },
	{ "name", 0, "OWNER", take_text, AT_OWN(merge, owner),
	    .help = "the domain: a line of its zone is printed" },
	{ 0 },
};

static int
merge(const struct options *o, struct mailauth_resolver *resolver,
    const char *record)
{
	const struct merge *m = o->own;
	const struct mailauth_merge_request request = { .record = record,
		.add = m->add,
		.nadd = m->nadd,
		.all = m->all,
		.owner = m->owner,
		.profile = o->what.profile,
		.allow_documentation = o->what.allow_documentation };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_spf_merge(resolver, &request, &report, why);

	return conclude(o, status, report, why, true);
}

/* Complain of an addition that lacks its mechanism; EXIT_USE, or -1. */
static int
judge_addition(const char *term)
{
	size_t n = strspn(term, "+-~?"), first = strcspn(term, " ");
	const char *second = term + first + strspn(term + first, " "), *at;
	const char *bare = term + n;
	char why[ADVICE_MAX];

	if (strcmp(bare, "all") == 0)
		snprintf(why, sizeof(why),
		    "'all' is not added, it is set with its own option: "
		    "--all %s%c%s",
		    n > 0 && strchr("~?", term[0]) ? "'" : "",
		    n > 0 ? term[0] : '-',
		    n > 0 && strchr("~?", term[0]) ? "'" : "");
	else if (first > 0 && *second != '\0' &&
	    strncmp(term, "v=spf1", 6) != 0)
		snprintf(why, sizeof(why),
		    "one mechanism at a time: --add %.*s --add %.*s%s",
		    (int)(first < 60 ? first : 60), term,
		    (int)(strcspn(second, " ") < 60 ? strcspn(second, " ") :
		                                      60),
		    second, strchr(second, ' ') != NULL ? " ..." : "");
	else if (ip_within(bare, &at) > 0 && at == bare && strlen(bare) < 64)
		snprintf(why, sizeof(why),
		    "an address needs its mechanism: --add %.*sip%c:%s", (int)n,
		    term, strchr(bare, ':') != NULL ? '6' : '4', bare);
	else if (is_domain(bare, strlen(bare)) && strlen(bare) < 50)
		snprintf(why, sizeof(why),
		    "a name needs its mechanism: --add include:%s, a:%s or "
		    "mx:%s",
		    bare, bare, bare);
	else
		return -1;
	return refuse_word(term, why);
}

static int
judge_words(const struct options *o)
{
	const char *record = o->operands[0];
	const struct merge *m = o->own;
	int code = -1;

	if (is_domain(record, strlen(record)))
		return refuse_word(record,
		    "give the text of the SPF record, not its domain: "
		    "spf-merge 'v=spf1 ...' --add MECHANISM");
	if (strcmp(record, "v=spf1") == 0 && o->noperands > 1)
		return refuse_pieces(o, NULL);
	for (size_t i = 0; code < 0 && i < m->nadd; i++)
		code = judge_addition(m->add[i]);
	return code;
}

static int
run_spf_merge(struct options *o)
{
	struct mailauth_resolver *resolver = NULL;
	struct merge *m = o->own;
	int code;

	if (o->noperands == 0) {
		complain("spf-merge",
		    "give the text of the record: spf-merge 'v=spf1 ...' --add "
		    "MECHANISM");
		return EXIT_USE;
	}
	/* More words are more mechanisms; a record among them is found out. */
	for (size_t i = 1; i < o->noperands; i++)
		if ((code = take_word(rows, m, o->operands[i])) >= 0)
			return code;
	if ((code = judge_words(o)) >= 0)
		return code;
	if (m->nadd == 0 && m->all == 0) {
		complain("spf-merge",
		    "say what to add, as in --add ip4:192.0.2.1");
		return EXIT_USE;
	}
	if (has_source(&o->source) && (code = open_resolver(o, &resolver)) >= 0)
		return code;
	code = merge(o, resolver, o->operands[0]);
	mailauth_resolver_free(resolver);
	return code;
}

const struct command command_spf_merge = {
	.name = "spf-merge",
	.synopsis = "[OPTION]... RECORD --add MECHANISM...",
	.purpose = "Merge one more sender into an SPF record",
	.about = "RECORD is the text of the record there is, as parse takes "
	         "it.",
	.takes = { OWN(NULL, rows), SHARED(NULL, options_profile),
	    SHARED(
	        "The lookups of the merged record are counted in its text "
	        "alone; or through\n"
	        "DNS, when one of these says where answers come from (--online: "
	        "full\n"
	        "recursion from the root):",
	        options_source),
	    SHARED(HEAD_OUTPUT, options_report) },
	.own_size = sizeof(struct merge),
	.takes_record = true,
	.timeout_is_for = "all lookups",
	.writes = WRITES_REPORTS,
	.run = run_spf_merge,
};
