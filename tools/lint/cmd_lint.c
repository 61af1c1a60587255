/*
 * cmd_lint.c - zone files judged as a whole
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"
#include "tools/lint/lint.h"

/* Values of the options that only this command has. */
struct lint {
	const char *baseline; /* file */
	bool update_baseline, fix, write;
	char **diff; /* files and folders before the change */
	size_t ndiff;
};

/* One judgement of the files. -1, or an exit code after a complaint. */
static int
judge(struct lint_run *run, struct options *o, const struct lint_files *files,
    const struct lint_files *old)
{
	const struct mailauth_lint_request request = {
		.profile = o->what.profile,
		.old = old->at,
		.nold = old->n,
		.allow_documentation = o->what.allow_documentation,
		.only = o->what.only,
	};
	double started = clock_monotonic();
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	*run = (struct lint_run){ .options = o, .time = clock_utc() };
	o->source.zones = files->at;
	o->source.nzones = files->n;
	status = mailauth_lint(&o->source, &request, &run->lint, why);
	o->source.zones = NULL;
	o->source.nzones = 0;
	if (status != MAILAUTH_OK) {
		complain(NULL, why);
		return exit_of_status(status);
	}
	run->seconds = clock_monotonic() - started;
	return lint_prepare(run);
}

static void
forget(struct lint_run *run)
{
	lint_finish(run);
	mailauth_lint_free(run->lint);
	run->lint = NULL;
}

/* Judge, and let what is known already not count. */
static int
judge_news(struct lint_run *run, struct options *o,
    const struct lint_files *files, const struct lint_files *old)
{
	const struct lint *own = o->own;
	int code = judge(run, o, files, old);

	if (code < 0 && own->baseline != NULL && !own->update_baseline)
		code = lint_baseline_read(run, own->baseline);
	return code;
}

/* Repair the files, and judge what came of it. */
static int
repair(struct lint_run *run, struct options *o, const struct lint_files *files,
    const struct lint_files *old)
{
	int code = lint_fix(run, true);

	if (code >= 0)
		return code;
	forget(run);
	return judge_news(run, o, files, old);
}

static int
lint(struct lint_run *run, struct options *o, const struct lint_files *files,
    const struct lint_files *old)
{
	const struct lint *own = o->own;
	int code = judge_news(run, o, files, old), printed;

	if (code < 0 && own->fix && own->write)
		code = repair(run, o, files, old);
	if (code < 0 && own->update_baseline)
		code = lint_baseline_write(run, own->baseline);
	if (code < 0 && own->fix && !own->write)
		code = lint_fix(run, false);
	else if (code < 0 && !o->quiet)
		o->format->lint(run);
	printed = finish_output();
	if (code < 0)
		code = printed;
	if (code < 0)
		code = exit_of_result(o, mailauth_lint_result(run->lint));
	return code;
}

static int
check_use(const struct options *o)
{
	const struct lint *own = o->own;
	const char *option = NULL, *why = NULL;

	if (o->noperands == 0) {
		option = "lint";
		why = "name zone files, or a folder of them: lint zones/";
	} else if (own->update_baseline && own->baseline == NULL) {
		option = "--update-baseline";
		why = "name the file with --baseline FILE";
	} else if (own->write && !own->fix) {
		option = "--write";
		why = "it goes with --fix";
	}
	if (!o->source.online && o->source.nservers > 0) {
		option = "--server";
		why = "it goes with --online";
	}
	for (size_t i = 0; own->fix && i < o->noperands; i++)
		if (strcmp(o->operands[i], "-") == 0) {
			option = "--fix";
			why = "give a file, not the standard input";
		}
	if (option == NULL)
		return -1;
	complain(option, why);
	return EXIT_USE;
}

static int
run_lint(struct options *o)
{
	const struct lint *own = o->own;
	struct lint_files files = { 0 }, old = { 0 };
	struct lint_run run = { .options = o };
	int code = check_use(o);

	if (code >= 0)
		return code;
	code = worse_exit(lint_find(o->operands, o->noperands, &files),
	    lint_find(own->diff, own->ndiff, &old));
	/* What some files hold is not known; the others are judged. Without
	 * any zone before the change there is no change to judge. */
	if (code == EXIT_INPUT && files.n > 0 && (own->ndiff == 0 || old.n > 0))
		code = MAILAUTH_RESULT_TEMPERROR;
	if (code == 0 || code == MAILAUTH_RESULT_TEMPERROR)
		code = worse_exit(code, lint(&run, o, &files, &old));
	forget(&run);
	lint_files_free(&files);
	lint_files_free(&old);
	return code;
}

static const struct option rows[] = {
	{ "diff", 0, "OLD", take_word, AT_OWN_LIST(lint, diff, ndiff),
	    .help = "judge what changed since this file or folder" },
	{ "baseline", 0, "FILE", take_text, AT_OWN(lint, baseline),
	    .help = "findings in this file do not count" },
	{ "update-baseline", 0, NULL, take_flag, AT_OWN(lint, update_baseline),
	    .help = "write the findings there are into that file" },
	{ "fix", 0, NULL, take_flag, AT_OWN(lint, fix),
	    .help = "show repairs, as a unified diff" },
	{ "write", 0, NULL, take_flag, AT_OWN(lint, write),
	    .help = "with --fix: write them into the files" },
	{ 0 },
};

const struct command command_lint = {
	.name = "lint",
	.synopsis = "[OPTION]... PATH...",
	.purpose = "Judge zone files, each finding with its line",
	.about =
	    "PATH is a zone file, a folder with files *.zone or db.* below "
	    "it, or - for\n"
	    "the standard input. A zone has the name of its SOA record, or "
	    "that of its\n"
	    "file; NAME=FILE names it.",
	.takes = { OWN(NULL, rows), SHARED(NULL, options_only),
	    SHARED(NULL, options_outside), SHARED(NULL, options_profile),
	    SHARED(HEAD_OUTPUT, options_report) },
	.timeout_is_for = "what one name asks",
	.own_size = sizeof(struct lint),
	.writes = WRITES_LINT,
	.run = run_lint,
};
