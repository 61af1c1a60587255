/*
 * cmd_spf_merge.c - one more sender merged into an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

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

static int
run_spf_merge(struct options *o)
{
	struct mailauth_resolver *resolver = NULL;
	struct merge *m = o->own;
	int code;

	if (o->noperands == 0) {
		complain("spf-merge", "name the record");
		return EXIT_USE;
	}
	/* More words are more mechanisms; a record among them is found out. */
	for (size_t i = 1; i < o->noperands; i++)
		if ((code = take_word(rows, m, o->operands[i])) >= 0)
			return code;
	if (m->nadd == 0 && m->all == 0) {
		complain("spf-merge", "say what to --add");
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
