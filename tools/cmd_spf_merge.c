/*
 * cmd_spf_merge.c - one more sender merged into an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/tool.h"

static int
merge(const struct options *o, struct mailauth_resolver *resolver,
    const char *record)
{
	const struct mailauth_merge_request request = { .record = record,
		.add = o->add,
		.nadd = o->nadd,
		.all = o->all,
		.owner = o->name,
		.profile = o->profile,
		.allow_documentation = o->allow_documentation };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_spf_merge(resolver, &request, &report, why);

	return conclude(o, &command_spf_merge, status, report, why, true);
}

static int
run_spf_merge(int argc, char **argv)
{
	struct mailauth_resolver *resolver = NULL;
	struct options o;
	int code;

	code = options_read(&o, &command_spf_merge,
	    TAKES_SOURCE | TAKES_MERGE | TAKES_PROFILE | TAKES_FORMAT, argc,
	    argv);
	if (code >= 0)
		goto done;
	code = EXIT_USE;
	if (optind == argc) {
		complain("spf-merge", "name the record");
		goto done;
	}
	/* More words are more mechanisms; a record among them is found out. */
	for (int i = optind + 1; i < argc; i++)
		if ((code = options_add(&o, argv[i])) >= 0)
			goto done;
	code = EXIT_USE;
	if (o.nadd == 0 && o.all == 0) {
		complain("spf-merge", "say what to --add");
		goto done;
	}
	if (has_source(&o.source) && (code = open_resolver(&o, &resolver)) >= 0)
		goto done;
	code = merge(&o, resolver, argv[optind]);
done:
	mailauth_resolver_free(resolver);
	options_free(&o);
	return code;
}

const struct command command_spf_merge = {
	"spf-merge",
	"[OPTION]... RECORD --add MECHANISM...",
	"Merge one more sender into an SPF record",
	"RECORD is the text of the record there is, as parse takes it.\n"
	"\n"
	"  --add MECHANISM        what is to be added (repeatable)\n"
	"  --all QUALIFIER        for everybody else: - ~ ? or + (as it is)\n"
	"  --name OWNER           the domain: a line of its zone is printed\n"
	"  --profile guide|rfc    whose expectations decide (guide)\n"
	"  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	"\n"
	"The lookups of the merged record are counted in its text alone; or through\n"
	"DNS, when one of these says where answers come from (--online: full\n"
	"recursion from the root):\n"
	"  --server ADDR[@PORT]   forward to this server (repeatable)\n"
	"  -r, --resolv-conf [F]  forward to the system's servers\n"
	"  --zone NAME=FILE       serve this zone from a file (repeatable);\n"
	"                         no network is used then\n"
	"  --online               look the rest up live all the same\n"
	"  --trust-anchor FILE    more trust anchors (DS or DNSKEY)\n"
	"  --ds RR                one more, as a DS or DNSKEY record\n"
	"  -C, --config FILE      a libunbound configuration\n"
	"  --timeout SECONDS      for all lookups (15)\n"
	"\n" HELP_OUTPUT,
	run_spf_merge,
};
