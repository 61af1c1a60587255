/*
 * workers.c - processes that run cases
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case has a libunbound context of its own, as a check has: zones of
 * different cases never meet, and nothing is taken from a cache of another
 * case. Most of the time goes to making contexts, so that is done in one
 * process for each processor; each of n takes every n-th case, and sends what
 * became of it, so results come in the order of the cases and wait in a pipe,
 * not in memory.
 */
#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/test/test.h"

/* Octets that a process does not give back. */
#define KEEP (32 * 1024 * 1024)

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

/* Of a process of its own: every n-th case. */
static int
work(const struct suite *s, size_t from, size_t step, FILE *to)
{
	struct base base = { .file = NULL };

	keep_memory();
	for (size_t i = from; i < s->nentries; i += step) {
		struct case_result r;
		bool sent;

		case_run(&s->entries[i], &base, &r);
		sent = case_result_send(&r, to);
		case_result_free(&r);
		if (!sent)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

/* Start worker `i` of `n`. */
static bool
start(struct workers *w, size_t i, size_t n)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return false;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		FILE *to = fdopen(ends[1], "w");

		close(ends[0]);
		for (size_t j = 0; j < i; j++)
			close(fileno(w->all[j].from));
		_exit(to == NULL ? EXIT_FAILURE : work(w->suite, i, n, to));
	}
	close(ends[1]);
	w->all[i].pid = pid;
	w->all[i].from = pid > 0 ? fdopen(ends[0], "r") : NULL;
	if (w->all[i].from == NULL)
		close(ends[0]);
	return w->all[i].from != NULL;
}

int
workers_start(struct workers *w, const struct suite *s, size_t n)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	w->suite = s;
	if (n == 0)
		n = processors > 0 ? (size_t)processors : 1;
	if (n > WORKERS_MAX)
		n = WORKERS_MAX;
	if (n > s->nentries)
		n = s->nentries;
	for (; w->n < n; w->n++)
		if (!start(w, w->n, n)) {
			complain("test", strerror(errno));
			workers_stop(w);
			return EXIT_SYSTEM;
		}
	return -1;
}

void
workers_next(struct workers *w, size_t i, struct case_result *out)
{
	const struct suite_entry *e = &w->suite->entries[i];

	if (!case_result_receive(out, w->all[i % w->n].from)) {
		case_result_free(out);
		*out = (struct case_result){
			.line = e->c->line,
			.outcome = OUTCOME_ERROR,
			.reason = "the process that ran it has ended",
			.code = EXIT_INTERNAL,
		};
	}
	out->entry = e;
}

void
workers_stop(struct workers *w)
{
	for (size_t i = 0; i < w->n; i++) {
		fclose(w->all[i].from);
		while (waitpid(w->all[i].pid, NULL, 0) < 0 && errno == EINTR) {}
	}
}
