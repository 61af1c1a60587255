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
/** The same in milliseconds. */
int64_t clock_monotonic_ms(void);

/** Seconds since 1970-01-01 UTC: for comparison with dates in messages,
 * signatures and certificates. */
int64_t clock_utc(void);
/** The same in milliseconds. */
int64_t clock_utc_ms(void);

#endif /* SYS_CLOCK_H */
