/*
 * cmd_plan.c - the records to publish, as lines of a zone file
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/tempfile.h"
#include "tools/tool.h"

/* Values of the options that only this command has. */
struct plan {
	const char *dmarc, *rua;
	uint32_t ttl;
	bool diff, allow_documentation;
	const char *drafts; /* folder */
	const char *make_key; /* type */
};

static char *
draft_name(const char *folder, const struct mailauth_plan_zone *zone)
{
	size_t size = strlen(folder) + strlen(zone->name) + 7;
	char *file = malloc(size);

	if (file != NULL)
		snprintf(file, size, "%s/%s.zone", folder, zone->name);
	return file;
}

/* One zone into a file of its own, whole or not at all. Nothing that is there
 * is written over: it may be somebody's zone. */
static bool
write_draft(const char *file, const struct mailauth_plan_zone *zone)
{
	struct newfile n;
	bool good = newfile_begin(&n, file, 0666);

	if (good)
		good = newfile_end(&n, file, fputs(zone->text, n.f) >= 0);
	if (!good)
		complain(file, strerror(errno));
	return good;
}

/* Unlink the first `n` drafts, which this run has written. */
static void
remove_drafts(const char *folder, struct mailauth_report *report, size_t n)
{
	struct mailauth_plan_zone zone;

	for (size_t i = 0; i < n && mailauth_report_plan_zone(report, i, &zone);
	     i++) {
		char *file = draft_name(folder, &zone);

		if (file != NULL)
			unlink(file);
		free(file);
	}
}

/* All zones, or none of them and no folder: half a plan looks like a whole one.
 * Signals wait meanwhile. */
static int
write_drafts(const char *folder, struct mailauth_report *report)
{
	bool made = mkdir(folder, 0777) == 0, good = true;
	struct mailauth_plan_zone zone;
	sigset_t before;
	size_t n = 0;

	if (!made && errno != EEXIST) {
		complain(folder, strerror(errno));
		return EXIT_SYSTEM;
	}
	signals_hold(&before);
	while (good && mailauth_report_plan_zone(report, n, &zone)) {
		char *file = draft_name(folder, &zone);

		if (file == NULL)
			complain("plan", "memory ran out");
		good = file != NULL && write_draft(file, &zone);
		n += good;
		free(file);
	}
	if (!good)
		remove_drafts(folder, report, n);
	if (!good && made)
		rmdir(folder);
	signals_release(&before);
	return good ? -1 : EXIT_SYSTEM;
}

static int
make_plan(const struct options *o, const struct mailauth_settings *settings)
{
	const struct plan *own = o->own;
	const struct mailauth_plan_request request = {
		.settings = settings,
		.dmarc = own->dmarc,
		.rua = own->rua,
		.ttl = own->ttl,
		.allow_documentation = own->allow_documentation,
	};
	struct mailauth_resolver *resolver = NULL;
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status = MAILAUTH_OK;
	int code, printed;

	if (own->diff)
		status = mailauth_resolver_new(&o->source, &resolver, why);
	if (status == MAILAUTH_OK)
		status = mailauth_plan(resolver, &request, &report, why);
	mailauth_resolver_free(resolver);
	if (status != MAILAUTH_OK) {
		complain("plan", why);
		return exit_of_status(status);
	}
	code = (int)mailauth_report_result(report);
	printed = own->drafts != NULL ? write_drafts(own->drafts, report) :
	                                print_report(o, report, true);
	mailauth_report_free(report);
	return printed >= 0 ? worse_exit(code, printed) : code;
}

static int
make_key(const struct options *o, const char *type)
{
	const struct plan *own = o->own;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	if (o->noperands != 1 || o->nsettings > 0 || own->diff) {
		complain("--make-key",
		    "it takes one new file and nothing else: plan --make-key "
		    "rsa FILE");
		return EXIT_USE;
	}
	status = mailauth_key_make(type, o->operands[0], why);
	if (status == MAILAUTH_OK)
		return 0;
	complain(NULL, why);
	return exit_of_status(status);
}

static int
refuse(const char *what, const char *why)
{
	complain(what, why);
	return EXIT_USE;
}

static int
run_plan(struct options *o)
{
	const struct plan *own = o->own;
	struct mailauth_settings *settings = NULL;
	int code;

	if (own->make_key != NULL)
		return make_key(o, own->make_key);
	if (o->noperands > 0)
		return refuse(o->operands[0],
		    "plan takes no argument; what to plan is in files: "
		    "plan --settings FILE");
	if (o->nsettings == 0)
		return refuse("plan",
		    "name a file of settings: plan --settings FILE");
	if (!own->diff && (has_source(&o->source) || o->source.timeout > 0))
		return refuse("plan", "DNS is not asked without --diff");
	if (own->drafts != NULL && own->diff)
		return refuse("--drafts", "a draft is whole: not with --diff");
	code = settings_load(o, &settings);
	if (code < 0)
		code = make_plan(o, settings);
	mailauth_settings_free(settings);
	return code;
}

static int
take_ttl(const struct option *row, void *to, char *value)
{
	struct plan *own = to;
	char *end;
	unsigned long v = strtoul(value, &end, 10);

	/* strtoul takes "-1" and blanks in front. */
	if (value[0] < '0' || value[0] > '9' || *end != '\0' || v == 0 ||
	    v > INT32_MAX)
		return refuse_seconds(row, value, INT32_MAX);
	own->ttl = (uint32_t)v;
	return -1;
}

static const struct option files[] = {
	OPTION_SETTINGS("what the mail platform is set to (repeatable)"),
	{ 0 },
};

static const struct option rows[] = {
	{ "dmarc", 0, "POLICY", take_text, AT_OWN(plan, dmarc),
	    .help = "quarantine, reject or none", .otherwise = "quarantine" },
	{ "rua", 0, "ADDRESS", take_text, AT_OWN(plan, rua),
	    .help = "for DMARC reports",
	    .otherwise = "report@ the From domain" },
	{ "ttl", 0, "SECONDS", take_ttl, .help = "of the records",
	    .otherwise = "3600" },
	{ "diff", 0, NULL, take_flag, AT_OWN(plan, diff),
	    .help = "what is missing or different in DNS, and no more" },
	{ "drafts", 0, "FOLDER", take_text, AT_OWN(plan, drafts),
	    .help = "into whole zone files, to be checked" },
	{ "allow-documentation", 0, NULL, take_flag,
	    AT_OWN(plan, allow_documentation),
	    .help = "192.0.2.0/24 and its kin are published too" },
	{ 0 },
};

static const struct option keys[] = {
	{ "make-key", 0, "TYPE FILE", take_text, AT_OWN(plan, make_key),
	    .help = "make a private key, rsa or ed25519, in a new\n"
	            "file and end" },
	{ 0 },
};

static const struct option output[] = {
	OPTION_FORMAT,
	OPTION_VERBOSE("with --diff: also what is there"),
	OPTION_QUIET("the exit code alone"),
	{ 0 },
};

const struct command command_plan = {
	.name = "plan",
	.synopsis = "--settings FILE [OPTION]... | --make-key TYPE FILE",
	.purpose = "Print the records to publish for a mail platform",
	.takes = { SHARED("What is planned:", files), OWN(NULL, rows),
	    OWN("Keys:", keys), SHARED(HEAD_SOURCE, options_source),
	    SHARED(HEAD_OUTPUT, output) },
	.own_size = sizeof(struct plan),
	.timeout_is_for = "the whole --diff",
	.writes = WRITES_PLAN,
	.run = run_plan,
};
