/*
 * clock.c - the two clocks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/clock.h"

#include <time.h>

double
clock_monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int64_t
clock_utc(void)
{
	return (int64_t)time(NULL);
}
