/*
 * cmd_test.c - fixture zones with expectations
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"
#include "tools/test/print.h"
#include "tools/test/test.h"

/* Values of the options that only this command has. */
struct test {
	bool list, update;
	const char *match; /* NULL: all */
	size_t jobs; /* 0: one for each processor */
};

/* A run, and what has become of it so far. */
struct run {
	const struct options *options;
	const struct test *own;
	const struct suite *suite;
	const struct printer *printer;
	struct case_result *kept; /* all results; NULL: none is kept */
	struct totals totals;
	int code;
};

/* The exit code for a result. */
static int
exit_of(const struct case_result *r)
{
	switch (r->outcome) {
	case OUTCOME_FAIL: return MAILAUTH_RESULT_FAIL;
	case OUTCOME_TEMPERROR: return MAILAUTH_RESULT_TEMPERROR;
	case OUTCOME_ERROR: return r->code;
	default: return 0;
	}
}

/* Count, print and keep or free the result of case `i`. */
static void
take_result(struct run *run, struct case_result *r, size_t i)
{
	const struct options *o = run->options;

	run->totals.count[r->outcome]++;
	if (!run->own->update || r->outcome != OUTCOME_FAIL)
		run->code = worse_exit(run->code, exit_of(r));
	if (!o->quiet && run->printer->one != NULL)
		run->printer->one(r, i + 1, o->verbose);
	if (run->kept != NULL)
		run->kept[i] = *r;
	else
		case_result_free(r);
}

/* Run all cases. */
static int
run_cases(struct run *run)
{
	const struct suite *s = run->suite;
	bool quiet = run->options->quiet;
	struct workers w = { .n = 0 };
	double started = clock_monotonic();
	int code = workers_start(&w, s, run->own->jobs);

	if (code >= 0)
		return code;
	if (!quiet && run->printer->begin != NULL)
		run->printer->begin(s);
	for (size_t i = 0; i < s->nentries; i++) {
		struct case_result r;

		workers_next(&w, i, &r);
		take_result(run, &r, i);
	}
	workers_stop(&w);
	run->totals.seconds = clock_monotonic() - started;
	if (run->own->update)
		code = suite_update(s, run->kept, quiet);
	if (!quiet && run->printer->end != NULL)
		run->printer->end(run->kept, s->nentries, &run->totals);
	if (code >= 0)
		run->code = worse_exit(run->code, code);
	code = finish_output();
	return code >= 0 ? worse_exit(run->code, code) : run->code;
}

static int
run_suite(const struct options *o, const struct suite *s)
{
	struct run run = { .options = o,
		.own = o->own,
		.suite = s,
		.printer = o->format->cases };
	int code;

	if (run.own->update || run.printer->keeps) {
		run.kept = calloc(s->nentries, sizeof(*run.kept));
		if (run.kept == NULL) {
			complain("test", "memory ran out");
			return EXIT_SYSTEM;
		}
	}
	code = run_cases(&run);
	for (size_t i = 0; run.kept != NULL && i < s->nentries; i++)
		case_result_free(&run.kept[i]);
	free(run.kept);
	/* A run in which nothing was looked at is no success. */
	if (code == 0 && run.totals.count[OUTCOME_SKIP] == s->nentries) {
		complain("test", "every case was skipped");
		code = EXIT_INPUT;
	}
	return code;
}

static int
run_test(struct options *o)
{
	const struct test *own = o->own;
	struct suite suite = { 0 };
	int code;

	if (o->noperands == 0) {
		complain("test", "name a file or folder of cases: test cases/");
		return EXIT_USE;
	}
	if (own->list && own->update) {
		complain("--update", "it does not go with --list");
		return EXIT_USE;
	}
	if (own->list && !format_writes(o->format, WRITES_ROWS)) {
		complain(o->format->name, "there is no such format of --list");
		return EXIT_USE;
	}
	code = suite_read(&suite, o->operands, o->noperands, own->match);
	if (code < 0)
		code = own->list ? suite_list(&suite, o) : run_suite(o, &suite);
	else if (!o->quiet && o->format->cases->refused != NULL)
		o->format->cases->refused();
	suite_free(&suite);
	return code;
}

static int
take_jobs(const struct option *row, void *to, char *value)
{
	struct test *own = to;
	char *end;
	long n = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || n < 1 || n > WORKERS_MAX)
		return option_refuse(row, "give it as a number from 1 to 64");
	own->jobs = (size_t)n;
	return -1;
}

static const struct option rows[] = {
	{ "match", 0, "PATTERN", take_text, AT_OWN(test, match),
	    .help = "the cases whose title has it, or matches it" },
	{ "list", 0, NULL, take_flag, AT_OWN(test, list),
	    .help = "name the cases, and run none" },
	{ "update", 0, NULL, take_flag, AT_OWN(test, update),
	    .help = "write what was found into the case files" },
	{ "jobs", 0, "N", take_jobs, .help = "processes",
	    .otherwise = "one for each processor" },
	{ 0 },
};

static const struct option output[] = {
	OPTION_FORMAT,
	OPTION_VERBOSE("also what is as expected"),
	OPTION_QUIET("the exit code alone"),
	{ 0 },
};

const struct command command_test = {
	.name = "test",
	.synopsis = "[OPTION]... PATH...",
	.purpose = "Check fixture zones, and compare with what is expected",
	.takes = { OWN("What is run (PATH: a case file, or a folder with *.case "
	               "below it):",
	               rows),
	    SHARED(HEAD_OUTPUT, output) },
	.own_size = sizeof(struct test),
	.writes = WRITES_CASES,
	.run = run_test,
};
