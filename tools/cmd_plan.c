/*
 * cmd_plan.c - the records to publish, as lines of a zone file
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/tool.h"

/* One zone into a file of its own. Nothing that is there is written over: it
 * may be somebody's zone. */
static int
write_draft(const char *folder, const struct mailauth_plan_zone *zone)
{
	char *file = malloc(strlen(folder) + strlen(zone->name) + 7);
	FILE *f = NULL;
	bool good;
	int fd;

	if (file == NULL) {
		complain("plan", "memory ran out");
		return EXIT_SYSTEM;
	}
	sprintf(file, "%s/%s.zone", folder, zone->name);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0 && (f = fdopen(fd, "w")) == NULL)
		close(fd);
	good = f != NULL && fputs(zone->text, f) >= 0;
	if (f != NULL)
		good = fclose(f) == 0 && good;
	if (!good)
		complain(file, strerror(errno));
	free(file);
	return good ? -1 : EXIT_SYSTEM;
}

static int
write_drafts(const char *folder, struct mailauth_report *report)
{
	struct mailauth_plan_zone zone;
	int code = -1;

	if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
		complain(folder, strerror(errno));
		return EXIT_SYSTEM;
	}
	for (size_t i = 0;
	     code < 0 && mailauth_report_plan_zone(report, i, &zone); i++)
		code = write_draft(folder, &zone);
	return code;
}

static int
make_plan(const struct options *o, const struct mailauth_settings *settings)
{
	const struct mailauth_plan_request request = {
		.settings = settings,
		.dmarc = o->dmarc,
		.rua = o->rua,
		.ttl = o->ttl,
	};
	struct mailauth_resolver *resolver = NULL;
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status = MAILAUTH_OK;
	int code, printed;

	if (o->diff)
		status = mailauth_resolver_new(&o->source, &resolver, why);
	if (status == MAILAUTH_OK)
		status = mailauth_plan(resolver, &request, &report, why);
	mailauth_resolver_free(resolver);
	if (status != MAILAUTH_OK) {
		complain("plan", why);
		return exit_of_status(status);
	}
	code = (int)mailauth_report_result(report);
	printed = o->drafts != NULL ? write_drafts(o->drafts, report) :
	                              print_report(o, report, true);
	mailauth_report_free(report);
	return printed >= 0 ? worse_exit(code, printed) : code;
}

static int
make_key(const struct options *o, int argc, char **argv)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	if (argc - optind != 1 || o->nsettings > 0 || o->diff) {
		complain("--make-key", "it takes one file and nothing else");
		return EXIT_USE;
	}
	status = mailauth_key_make(o->make_key, argv[optind], why);
	if (status == MAILAUTH_OK)
		return 0;
	complain(NULL, why);
	return exit_of_status(status);
}

static int
run_plan(int argc, char **argv)
{
	struct mailauth_settings *settings = NULL;
	struct options o;
	int code;

	code = options_read(&o, &command_plan,
	    TAKES_SOURCE | TAKES_PANEL | TAKES_PLAN | TAKES_FORMAT, argc, argv);
	if (code >= 0)
		goto done;
	if (o.make_key != NULL) {
		code = make_key(&o, argc, argv);
		goto done;
	}
	code = EXIT_USE;
	if (optind != argc) {
		complain(argv[optind], "plan takes no argument: --settings");
		goto done;
	}
	if (o.nsettings == 0) {
		complain("plan", "name a file with --settings");
		goto done;
	}
	if (!o.diff && (has_source(&o.source) || o.source.timeout > 0)) {
		complain("plan", "DNS is not asked without --diff");
		goto done;
	}
	if (o.drafts != NULL && o.diff) {
		complain("--drafts", "a draft is whole: not with --diff");
		goto done;
	}
	code = settings_load(&o, &settings);
	if (code < 0)
		code = make_plan(&o, settings);
done:
	mailauth_settings_free(settings);
	options_free(&o);
	return code;
}

const struct command command_plan = {
	"plan",
	"--settings FILE [OPTION]... | --make-key rsa|ed25519 FILE",
	"Print the records to publish for a mail platform",
	"What is planned:\n"
	"  --settings FILE        what the mail platform is set to (repeatable)\n"
	"  --dmarc POLICY         quarantine, reject or none (quarantine)\n"
	"  --rua ADDRESS          for DMARC reports (report@ the From domain)\n"
	"  --ttl SECONDS          of the records (3600)\n"
	"  --diff                 what is missing or different in DNS, and no more\n"
	"  --drafts FOLDER        into whole zone files, to be checked\n"
	"\n"
	"Keys:\n"
	"  --make-key TYPE FILE   make a private key in a new file and end\n"
	"\n" HELP_SOURCE(
	    "the whole --diff") "\n"
	                        "Output:\n"
	                        "  --format F             text, json or ndjson (text)\n"
	                        "  -v, --verbose          with --diff: also what is there\n"
	                        "  -q, --quiet            the exit code alone\n",
	run_plan,
};
