/*
 * hang.c - a file system that hangs
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Stands in front of the C library (LD_PRELOAD): rename() does not come back
 * while the file named by HANG exists. Who is stuck has made "HANG.stuck".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int
rename(const char *from, const char *to)
{
	const char *flag = getenv("HANG");
	const struct timespec moment = { 0, 10 * 1000 * 1000 };
	int (*next)(const char *, const char *);
	void *found = dlsym(RTLD_NEXT, "rename");
	char stuck[4096];

	memcpy(&next, &found, sizeof(next));
	while (flag != NULL && access(flag, F_OK) == 0) {
		snprintf(stuck, sizeof(stuck), "%s.stuck", flag);
		close(open(stuck, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		nanosleep(&moment, NULL);
	}
	return next(from, to);
}
