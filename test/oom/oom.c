/*
 * oom.c - each allocation fails once, and nothing is told that is not so
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: oom TESTDATA [STEP [REQUEST [N [on]]]]
 *
 * A request is made with allocation 1 failing, then with 2, and so on, by STEP,
 * until one more would change nothing; then again with every allocation from
 * that one on. Each time it must end with the report that it has when memory is
 * plenty, or with MAILAUTH_ENOMEM: never with a signal, with another report, or
 * with blocks left behind. All of it is done twice. At first in processes in
 * which no library has been used before: one makes the request, and at each of
 * these allocations two branch off, without it and without all from it on. Then
 * some after each other in one, which go on in a new one behind a fault, and
 * when libcrypto has lost a part of itself. With N only that one, in this
 * process.
 *
 * STEP "short" takes the steps of requests.c; "short1" and "short2" fail other
 * allocations, between those.
 *
 * Answers come from a script: what libunbound does without memory is not looked
 * at here. The command line's own documents are those of test/oom/tool.
 */
#define _GNU_SOURCE /* syscall */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/oom/fail.h"
#include "test/oom/requests.h"

/* Octets of the longest report. */
#define TEXT_MAX (1024 * 1024)

/* Faults of one request until it is left. */
#define FAULTS_MAX 40

/* Requests in one process. */
#define TOGETHER 64

/* How a request ends; LOST is NO_MEMORY, and libcrypto is not whole. */
enum { SAME, NO_MEMORY, LOST, NOT_REACHED, DIFFERENT, LEFT, NOTHING };

/* The memory that all processes share: the report that is expected, what each
 * request of a process came to, and of all of them so far. */
struct shared {
	char text[TEXT_MAX];
	unsigned char code[TOGETHER];
	struct tally {
		unsigned long runs, faults, short_runs;
	} tally[REQUESTS_MAX];
};

static struct shared *shared;

/* Of the request under way. */
static struct tally *tally;

/* The first allocation that fails, and how many further the next is. */
static unsigned long first = 1, step = 1;

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
try(const struct request *r, unsigned long n, bool on, bool cold)
{
	const char *expected = shared->text;
	bool lost = false;
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
	    strstr(out.text, "\"verdict\": \"warn\"") == NULL) {
		out.end = END_NO_MEMORY;
		lost = true;
	}
	if (out.end == END_OTHER ||
	    (out.end == END_WHOLE && strcmp(out.text, expected) != 0)) {
		tell_difference(out.text, expected);
		return DIFFERENT;
	}
	free(out.text);
	/* What a library keeps it makes once; what the request loses it loses
	 * again. */
	if (!cold && has_more(before, whole, reached < n)) {
		struct outcome again;

		before = fail_live(false);
		whole = fail_live(true);
		fail_set(n, on);
		r->make(&again);
		free(again.text);
		fail_stop();
		fail_set(0, false);
		if (has_more(before, whole, reached < n)) {
			printf("\t%ld blocks more\n", fail_live(true) - whole);
			return LEFT;
		}
	}
	return reached < n       ? NOT_REACHED :
	    out.end == END_WHOLE ? SAME :
	    lost                 ? LOST :
	                           NO_MEMORY;
}

/* In a process of its own: the request with allocation `n` failing, and with
 * those behind it, as long as nothing speaks against going on. What the
 * requests left is looked for at the end. */
static void
child(const struct request *r, unsigned long n, bool on)
{
	int code = SAME;

	for (size_t i = 0; i < TOGETHER && code <= NO_MEMORY; i++) {
		code = try(r, n + i * step, on, false);
		shared->code[i] = (unsigned char)code;
		fflush(stdout);
	}
	exit(EXIT_SUCCESS);
}

static void
tell_fault(const struct request *r, unsigned long n, bool on, bool cold,
    const char *what, int number)
{
	tally->faults++;
	printf("%s%s, allocation %lu%s: ", cold ? "cold " : "", r->name, n,
	    on ? " and on" : "");
	printf(what, number);
	putchar('\n');
}

/* Make a process; 0 in the new one. In that, unlike behind fork(), the C
 * library goes by the old number of the thread: locks that libcrypto holds at
 * an allocation can be let go of. */
static pid_t
begin(void)
{
	fflush(stdout);
	memset(shared->code, NOTHING, sizeof(shared->code));
#ifdef SYS_fork
	return (pid_t)syscall(SYS_fork);
#else
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

/* The end of one; false when its last allocation was not reached. `n` becomes
 * the allocation to go on with. */
static bool
ended(pid_t pid, const struct request *r, unsigned long *n, bool on, bool cold)
{
	bool reached = true;
	size_t done = 0;
	int status;

	waitpid(pid, &status, 0);
	for (; done < TOGETHER && shared->code[done] != NOTHING; done++) {
		int code = shared->code[done];

		tally->runs++;
		tally->short_runs += code == NO_MEMORY || code == LOST;
		reached = code != NOT_REACHED;
		if (code == DIFFERENT || code == LEFT)
			tell_fault(r, *n, on, cold,
			    code == LEFT ? "not all is freed" :
			                   "another report",
			    0);
		*n += step;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		return reached;
	/* It died of the one that came to nothing, or behind its last. */
	if (WIFSIGNALED(status))
		tell_fault(r, *n, on, cold, "signal %d", WTERMSIG(status));
	else
		tell_fault(r, *n, on, cold, "or before: exit code %d",
		    WEXITSTATUS(status));
	*n += step;
	return reached;
}

/* With enough faults nothing more is to be learned. */
static void
run_warm(const struct request *r)
{
	for (int on = 0; on < 2; on++) {
		unsigned long enough = tally->faults + FAULTS_MAX;
		unsigned long n = first;
		bool reached = true;

		while (reached && tally->faults < enough) {
			pid_t pid = begin();

			if (pid == 0)
				child(r, n, on);
			reached = ended(pid, r, &n, on, false);
		}
	}
}

/* Of the process that branches: what it makes, and until when. */
static struct {
	const struct request *request;
	unsigned long enough;
} trunk;

/* This process is one in which the allocation fails. */
static bool
branch(unsigned long n)
{
	if (n < first || (n - first) % step != 0 ||
	    tally->faults >= trunk.enough)
		return false;
	for (int on = 0; on < 2; on++) {
		unsigned long number = n;
		pid_t pid = begin();

		if (pid == 0) {
			fail_ask(NULL);
			fail_set(n, on);
			return true;
		}
		ended(pid, trunk.request, &number, on, true);
	}
	return false;
}

static void
run_cold(const struct request *r)
{
	unsigned long n = 0;
	pid_t pid = begin();

	if (pid == 0) {
		int code;

		trunk.request = r;
		trunk.enough = tally->faults + FAULTS_MAX;
		fail_ask(branch);
		code = try(r, 0, false, true);
		memset(shared->code, NOTHING, sizeof(shared->code));
		shared->code[0] = (unsigned char)code;
		fflush(stdout);
		_exit(EXIT_SUCCESS);
	}
	ended(pid, r, &n, false, true);
}

/* The report of a request, into memory that is shared: made in a process that
 * ends, so that no library has been used in this one. */
static void
make_apart(const struct request *r)
{
	pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		struct outcome out;

		r->make(&out);
		snprintf(shared->text, TEXT_MAX, "%s",
		    out.text != NULL ? out.text : "");
		_exit(out.end != END_WHOLE);
	}
	waitpid(pid, &status, 0);
	if (status != 0) {
		printf("%s: there is no report: %s\n", r->name, shared->text);
		tally->faults++;
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

/* STEP of the arguments, for this request. */
static void
set_step(const struct request *r, const char *text)
{
	static const char word[] = "short";
	size_t n = sizeof(word) - 1;

	if (strncmp(text, word, n) == 0) {
		step = r->step;
		first = 1 + step * strtoul(text + n, NULL, 10) / 3;
	} else
		step = strtoul(text, NULL, 10);
}

/* Of one request, all processes in which libraries are new, or all others. */
static int
run_request(const struct request *r, int argc, char **argv, bool cold)
{
	tally = &shared->tally[r - requests];
	set_step(r, argc > 2 ? argv[2] : "1");
	make_apart(r);
	if (!cold)
		warm(r);
	if (argc > 4)
		return try(r, strtoul(argv[4], NULL, 10), argc > 5, cold);
	if (cold)
		run_cold(r);
	else
		run_warm(r);
	return SAME;
}

/* False when some request is not as it must be. */
static bool
tell_tallies(const char *only)
{
	bool good = true, any = false;

	for (const struct request *r = requests; r->name != NULL; r++) {
		const struct tally *t = &shared->tally[r - requests];
		bool sound = t->faults == 0 && t->short_runs > 0;

		if (only != NULL && strcmp(only, r->name) != 0)
			continue;
		any = true;
		good = good && sound;
		printf("%s %s: %lu runs, %lu without memory, %lu faults\n",
		    sound ? "ok" : "FAILED", r->name, t->runs, t->short_runs,
		    t->faults);
	}
	return any && good;
}

int
main(int argc, char **argv)
{
	const char *only = argc > 3 ? argv[3] : NULL;
	FILE *f = tmpfile();
	int code = SAME;

	shared = MAP_FAILED;
	if (f != NULL && ftruncate(fileno(f), sizeof(*shared)) == 0)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		    MAP_SHARED, fileno(f), 0);
	if (argc > 2)
		set_step(requests, argv[2]);
	if (argc < 2 || step == 0 || shared == MAP_FAILED) {
		fprintf(stderr,
		    "usage: oom TESTDATA [STEP [REQUEST [N [on]]]]\n");
		return EXIT_FAILURE;
	}
	requests_start(argv[1]);
	for (int cold = 1; cold >= 0; cold--)
		for (const struct request *r = requests; r->name != NULL; r++)
			if (only == NULL || strcmp(only, r->name) == 0)
				code = worse(code,
				    run_request(r, argc, argv, cold == 1));
	requests_end();
	if (argc > 4)
		return code;
	return tell_tallies(only) ? EXIT_SUCCESS : EXIT_FAILURE;
}
