/*
 * clock.h - the two clocks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/** Seconds of a clock that never goes back, from an arbitrary start: for
 * durations and deadlines. */
double clock_monotonic(void);

/** Seconds since 1970-01-01 UTC: for comparison with dates in messages,
 * signatures and certificates. */
int64_t clock_utc(void);

#endif /* SYS_CLOCK_H */
