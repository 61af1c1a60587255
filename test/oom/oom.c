/*
 * oom.c - each allocation fails once, and nothing is told that is not so
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: oom TESTDATA [STEP [REQUEST [N [on]]]]
 *
 * A request is made in a new process with allocation 1 failing, then with 2, and
 * so on, by STEP, until one more would change nothing; then again with every
 * allocation from that one on. Each time it must end with the report that it
 * has when memory is plenty, or with MAILAUTH_ENOMEM: never with a signal, with
 * another report, or with blocks left behind. All of it is done twice: at first
 * no library has been used before. With N only that one, in this process.
 *
 * Answers come from a script: what libunbound does without memory is not looked
 * at here. The command line's own documents are those of test/oom/tool.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/oom/fail.h"
#include "test/oom/requests.h"

/* Octets of the longest report. */
#define TEXT_MAX (1024 * 1024)

/* Faults of one request until it is left. */
#define FAULTS_MAX 40

/* Exit codes of a child. */
enum { SAME, NO_MEMORY, NOT_REACHED, DIFFERENT, LEFT };

static unsigned long runs, faults, short_runs;

/* The first line in which two texts differ. */
static void
tell_difference(const char *is, const char *was)
{
	while (*is != '\0' && *is == *was) {
		is++;
		was++;
	}
	printf("\t... %.100s\n\tnot %.100s\n", is, was);
}

/* There are more blocks than before; those of libcrypto count where nothing
 * failed. */
static bool
has_more(long before, long whole, bool crypto)
{
	return fail_live(false) > before || (crypto && fail_live(true) > whole);
}

/* Make a request with allocation `n` failing; `cold`: libraries keep what they
 * make at first, so blocks are not counted. */
static int
try(const struct request *r, const char *expected, unsigned long n, bool on,
    bool cold)
{
	struct outcome out = { END_OTHER, NULL };
	long before = fail_live(false), whole = fail_live(true);
	unsigned long reached;

	fail_set(n, on);
	r->make(&out);
	fail_stop();
	reached = fail_count();
	fail_set(0, false);
	/* When libcrypto has lost a part of itself, signatures are temperror:
	 * never better than they were. */
	if (out.end == END_WHOLE &&
	    strstr(out.text, "\"code\": \"sig-not-verified\"") != NULL &&
	    strstr(out.text, "\"verdict\": \"pass\"") == NULL &&
	    strstr(out.text, "\"verdict\": \"warn\"") == NULL)
		out.end = END_NO_MEMORY;
	if (out.end == END_OTHER ||
	    (out.end == END_WHOLE && strcmp(out.text, expected) != 0)) {
		tell_difference(out.text, expected);
		return DIFFERENT;
	}
	free(out.text);
	/* What a library keeps it makes once. */
	if (!cold && has_more(before, whole, reached < n)) {
		before = fail_live(false);
		whole = fail_live(true);
		r->make(&out);
		free(out.text);
		fail_stop();
		if (has_more(before, whole, reached < n)) {
			printf("\t%ld blocks more\n", fail_live(true) - whole);
			return LEFT;
		}
	}
	return reached < n       ? NOT_REACHED :
	    out.end == END_WHOLE ? SAME :
	                           NO_MEMORY;
}

/* One run; false when allocation `n` was not reached. */
static bool
run(const struct request *r, const char *expected, unsigned long n, bool on,
    bool cold)
{
	int status, code;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		code = try(r, expected, n, on, cold);
		fflush(stdout);
		/* Only what the request left is looked for. */
		if (cold)
			_exit(code);
		exit(code);
	}
	waitpid(pid, &status, 0);
	runs++;
	code = WIFEXITED(status) ? WEXITSTATUS(status) : LEFT + 1;
	short_runs += code == NO_MEMORY;
	if (code == SAME || code == NO_MEMORY || code == NOT_REACHED)
		return code != NOT_REACHED;
	faults++;
	printf("%s%s, allocation %lu%s: %s", cold ? "cold " : "", r->name, n,
	    on ? " and on" : "",
	    code == DIFFERENT ? "another report\n" :
	        code == LEFT  ? "not all is freed\n" :
	                        "");
	if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
	else if (code > LEFT)
		printf("the process was ended with code %d\n", code);
	return true;
}

/* With enough faults nothing more is to be learned. */
static void
run_all(const struct request *r, const char *expected, unsigned long step,
    bool cold)
{
	for (int on = 0; on < 2; on++) {
		unsigned long enough = faults + FAULTS_MAX;

		for (unsigned long n = 1;
		     run(r, expected, n, on, cold) && faults < enough;
		     n += step)
			;
	}
}

/* The report of a request, into memory that is shared: made in a process that
 * ends, so that no library has been used in this one. */
static void
make_apart(const struct request *r, char *text)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		struct outcome out;

		r->make(&out);
		snprintf(text, TEXT_MAX, "%s",
		    out.text != NULL ? out.text : "");
		_exit(out.end != END_WHOLE);
	}
	waitpid(pid, &status, 0);
	if (status != 0) {
		printf("%s: there is no report: %s\n", r->name, text);
		faults++;
	}
}

/* Make it here, so that libraries have what they keep. */
static void
warm(const struct request *r)
{
	struct outcome out;

	fail_set(0, false);
	r->make(&out);
	free(out.text);
}

/* Of two exit codes, that of a fault. */
static int
worse(int a, int b)
{
	return a >= DIFFERENT || b < DIFFERENT ? a : b;
}

int
main(int argc, char **argv)
{
	unsigned long step = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	const char *only = argc > 3 ? argv[3] : NULL;
	FILE *f = tmpfile();
	char *text = MAP_FAILED;
	int code = SAME;

	if (f != NULL && ftruncate(fileno(f), TEXT_MAX) == 0)
		text = mmap(NULL, TEXT_MAX, PROT_READ | PROT_WRITE, MAP_SHARED,
		    fileno(f), 0);
	if (argc < 2 || step == 0 || text == MAP_FAILED) {
		fprintf(stderr,
		    "usage: oom TESTDATA [STEP [REQUEST [N [on]]]]\n");
		return EXIT_FAILURE;
	}
	requests_start(argv[1]);
	for (int cold = 1; cold >= 0; cold--)
		for (const struct request *r = requests; r->name != NULL; r++) {
			if (only != NULL && strcmp(only, r->name) != 0)
				continue;
			make_apart(r, text);
			if (!cold)
				warm(r);
			if (argc <= 4)
				run_all(r, text, step, cold);
			else
				code = worse(code,
				    try(r, text, strtoul(argv[4], NULL, 10),
				        argc > 5, cold));
		}
	requests_end();
	if (argc > 4)
		return code;
	printf("oom: %lu runs, %lu without memory, %lu faults\n", runs,
	    short_runs, faults);
	return runs > 0 && short_runs > 0 && faults == 0 ? EXIT_SUCCESS :
	                                                   EXIT_FAILURE;
}
