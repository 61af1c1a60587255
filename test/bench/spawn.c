/*
 * spawn.c - measures wall time and peak memory of commands
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: spawn TIMES COMMAND [COMMAND]...
 *
 * A shell runs each COMMAND. The commands run one after the other, TIMES times
 * round. The output has a line for each: median and lowest wall milliseconds,
 * and the highest peak memory in KiB of the process that the shell executed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES_MAX    1000
#define COMMANDS_MAX 8

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Run a command. Return its milliseconds; below 0 when it failed to run. */
static double
run(const char *command, long *peak)
{
	double start = now(), end;
	struct rusage usage;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return -1;
	end = now();
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 3)
		return -1;
	if (usage.ru_maxrss > *peak)
		*peak = usage.ru_maxrss;
	return end - start;
}

int
main(int argc, char **argv)
{
	static double wall[COMMANDS_MAX][TIMES_MAX];
	long peak[COMMANDS_MAX] = { 0 };
	int times = argc > 2 ? atoi(argv[1]) : 0, n = argc - 2;

	if (times < 1 || times > TIMES_MAX || n > COMMANDS_MAX) {
		fprintf(stderr, "usage: spawn TIMES COMMAND [COMMAND]...\n");
		return 64;
	}
	for (int t = 0; t < times; t++) {
		for (int i = 0; i < n; i++) {
			wall[i][t] = run(argv[2 + i], &peak[i]);
			if (wall[i][t] < 0) {
				fprintf(stderr, "spawn: it failed: %s\n",
				    argv[2 + i]);
				return 1;
			}
		}
	}
	for (int i = 0; i < n; i++) {
		qsort(wall[i], (size_t)times, sizeof(double), compare);
		printf("%.2f %.2f %ld\n", wall[i][times / 2], wall[i][0],
		    peak[i]);
	}
	return 0;
}
