/*
 * cmd_test.c - fixture zones with expectations
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case has a libunbound context of its own, as a check has: zones of
 * different cases never meet, and nothing is taken from a cache of another
 * case. Most of the time goes to making contexts, so that is done in one
 * process for each processor; each of n takes every n-th case, and tells what
 * became of it in a line of JSON, so results come in the order of the cases
 * and wait in a pipe, not in memory.
 */
#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"
#include "tools/suite.h"

/* Processes at a time. */
#define JOBS_MAX 64

/* Octets that a process does not give back. */
#define KEEP (32 * 1024 * 1024)

/* A process that runs cases. */
struct worker {
	pid_t pid;
	FILE *from;
};

/* All of them, and what they have told. */
struct run {
	const struct options *options;
	const struct suite *suite;
	const struct printer *printer;
	struct worker workers[JOBS_MAX];
	size_t nworkers;
	json_t *all;
	struct totals totals;
	int code;
};

/* Each context takes some MiB and gives them back: they stay with the process,
 * or the kernel would clear them for the next one, which takes longer than all
 * the rest. */
static void
keep_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, KEEP);
	mallopt(M_TRIM_THRESHOLD, KEEP);
	mallopt(M_TOP_PAD, 4 * 1024 * 1024);
#endif
}

/* Of a process of its own: every n-th case, a line each. */
static int
work(const struct suite *s, size_t from, size_t step, FILE *to)
{
	struct base base = { .file = NULL };

	keep_memory();
	for (size_t i = from; i < s->nentries; i += step) {
		json_t *told = suite_run(&s->entries[i], &base);

		if (told == NULL || json_dumpf(told, to, JSON_COMPACT) != 0 ||
		    fputc('\n', to) == EOF || fflush(to) != 0)
			return EXIT_FAILURE;
		json_decref(told);
	}
	return EXIT_SUCCESS;
}

static bool
start(struct run *run, size_t i, size_t n)
{
	struct worker *w = &run->workers[i];
	int ends[2];

	if (pipe(ends) != 0)
		return false;
	fflush(NULL);
	w->pid = fork();
	if (w->pid == 0) {
		FILE *to = fdopen(ends[1], "w");

		close(ends[0]);
		for (size_t j = 0; j < i; j++)
			close(fileno(run->workers[j].from));
		_exit(to == NULL ? EXIT_FAILURE : work(run->suite, i, n, to));
	}
	close(ends[1]);
	if (w->pid > 0)
		w->from = fdopen(ends[0], "r");
	if (w->from == NULL) {
		close(ends[0]);
		return false;
	}
	return true;
}

static size_t
jobs_of(const struct options *o, size_t cases)
{
	long n = o->jobs > 0 ? (long)o->jobs : sysconf(_SC_NPROCESSORS_ONLN);

	n = n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : n;
	return (size_t)n < cases ? (size_t)n : cases;
}

/* What became of a case whose process did not say. */
static json_t *
lost(const struct suite_entry *e)
{
	struct arena a = { NULL, false };
	const char *title = suite_plain(&a, e->c->title);
	json_t *told = json_pack("{s:s, s:I, s:s, s:s, s:n, s:s, s:[], s:f, "
	                         "s:[], s:i}",
	    "file", e->file->name, "line", (json_int_t)e->c->line, "case",
	    title != NULL ? title : "", "outcome", result_name(RESULT_ERROR),
	    "verdict", "reason", "the process that ran it has ended",
	    "differences", "seconds", 0.0, "edits", "code", EXIT_INTERNAL);

	arena_free(&a);
	return told;
}

static int
exit_of(const json_t *told)
{
	switch (result_of(told)) {
	case RESULT_FAIL: return MAILAUTH_RESULT_FAIL;
	case RESULT_TEMPERROR: return MAILAUTH_RESULT_TEMPERROR;
	case RESULT_ERROR:
		return (int)json_integer_value(json_object_get(told, "code"));
	default: return 0;
	}
}

/* The next result, whichever process has it. */
static json_t *
next(struct run *run, size_t i, char **line, size_t *size)
{
	const struct suite_entry *e = &run->suite->entries[i];
	FILE *from = run->workers[i % run->nworkers].from;
	json_t *told = NULL;

	if (getline(line, size, from) > 0)
		told = json_loads(*line, 0, NULL);
	return told != NULL ? told : lost(e);
}

static void
take(struct run *run, json_t *told, size_t number)
{
	const struct options *o = run->options;
	int code = exit_of(told);

	run->totals.count[result_of(told)]++;
	if (!o->update || result_of(told) != RESULT_FAIL)
		run->code = worse_exit(run->code, code);
	if (o->update || run->printer->keeps)
		json_array_append(run->all, told);
	json_object_del(told, "code");
	if (!o->update)
		json_object_del(told, "edits");
	if (!o->quiet && run->printer->one != NULL) {
		json_t *shown = json_copy(told);

		json_object_del(shown, "edits");
		run->printer->one(shown, number, o->verbose);
		json_decref(shown);
	}
	json_decref(told);
}

/* A process that was not needed, or has said all. */
static void
stop(struct run *run)
{
	for (size_t i = 0; i < run->nworkers; i++) {
		fclose(run->workers[i].from);
		while (waitpid(run->workers[i].pid, NULL, 0) < 0 &&
		    errno == EINTR) {}
	}
}

static void
forget_edits(json_t *all)
{
	json_t *told;
	size_t i;

	json_array_foreach(all, i, told)
	{
		json_object_del(told, "edits");
	}
}

/* Run all cases. */
static int
run_suite(struct run *run)
{
	const struct suite *s = run->suite;
	size_t n = jobs_of(run->options, s->nentries), size = 0;
	double started = clock_monotonic();
	char *line = NULL;
	int code = -1;

	while (run->nworkers < n) {
		if (!start(run, run->nworkers, n)) {
			complain("test", strerror(errno));
			stop(run);
			return EXIT_SYSTEM;
		}
		run->nworkers++;
	}
	if (!run->options->quiet && run->printer->begin != NULL)
		run->printer->begin(s);
	for (size_t i = 0; i < s->nentries; i++)
		take(run, next(run, i, &line, &size), i + 1);
	free(line);
	stop(run);
	run->totals.seconds = clock_monotonic() - started;
	if (run->options->update)
		code = suite_update(s, run->all, run->options->quiet);
	forget_edits(run->all);
	if (!run->options->quiet && run->printer->end != NULL)
		run->printer->end(run->all, &run->totals);
	if (code >= 0)
		run->code = worse_exit(run->code, code);
	code = finish_output();
	return code >= 0 ? worse_exit(run->code, code) : run->code;
}

static int
list(const struct options *o, const struct suite *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->nentries; i++) {
		struct arena a = { NULL, false };
		const struct suite_entry *e = &s->entries[i];
		const char *title = suite_plain(&a, e->c->title);
		json_t *row =
		    json_pack("{s:s, s:i, s:s}", "file", e->file->name, "line",
		        (int)e->c->line, "case", title != NULL ? title : "");

		if (o->format == FORMAT_NDJSON) {
			json_dumpf(row, stdout, JSON_COMPACT);
			putchar('\n');
		} else if (o->format != FORMAT_JSON && title != NULL) {
			printf("%s:%u: %s\n", e->file->name, e->c->line, title);
		}
		json_array_append_new(all, row);
		arena_free(&a);
	}
	if (o->format == FORMAT_JSON) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(all);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

static int
run_test(int argc, char **argv)
{
	struct suite suite = { 0 };
	struct options o;
	struct run run = { .options = &o, .suite = &suite };
	int code, first;

	code = options_read(&o, &command_test, TAKES_TEST | TAKES_FORMAT, argc,
	    argv);
	if (code >= 0)
		goto done;
	first = optind;
	code = EXIT_USE;
	if (first == argc) {
		complain("test", "name a file or folder of cases");
		goto done;
	}
	if (o.list && o.update) {
		complain("--update", "it does not go with --list");
		goto done;
	}
	code =
	    suite_read(&suite, argv + first, (size_t)(argc - first), o.match);
	if (code >= 0) {
		if (o.format == FORMAT_TAP && !o.quiet)
			printf("TAP version 14\nBail out! nothing was run\n");
		goto done;
	}
	if (o.list) {
		code = list(&o, &suite);
		goto done;
	}
	run.printer = printer_for(o.format);
	run.all = json_array();
	code = run_suite(&run);
	/* A run in which nothing was looked at is no success. */
	if (code == 0 && run.totals.count[RESULT_SKIP] == suite.nentries) {
		complain("test", "every case was skipped");
		code = EXIT_INPUT;
	}
done:
	json_decref(run.all);
	suite_free(&suite);
	options_free(&o);
	return code;
}

const struct command command_test = {
	"test",
	"[OPTION]... PATH...",
	"Check fixture zones, and compare with what is expected",
	"What is run (PATH: a case file, or a folder with *.case below it):\n"
	"  --match PATTERN        the cases whose title has it, or matches it\n"
	"  --list                 name the cases, and run none\n"
	"  --update               write what was found into the case files\n"
	"  --jobs N               processes (one for each processor)\n"
	"\n"
	"Output:\n"
	"  --format F             text, json, ndjson, tap or junit (text)\n"
	"  -v, --verbose          also what is as expected\n"
	"  -q, --quiet            the exit code alone\n",
	run_test,
};
