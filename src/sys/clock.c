/*
 * clock.c - the two clocks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/clock.h"

#include <time.h>

static int64_t
ms_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

double
clock_monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int64_t
clock_monotonic_ms(void)
{
	return ms_of(CLOCK_MONOTONIC);
}

int64_t
clock_utc(void)
{
	return (int64_t)time(NULL);
}

int64_t
clock_utc_ms(void)
{
	return ms_of(CLOCK_REALTIME);
}
