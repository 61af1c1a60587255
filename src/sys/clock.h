/*
 * clock.h - what time it is
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdint.h>

/** Seconds of a clock that never goes back, from any start: for durations and
 * deadlines. */
double clock_monotonic(void);

/** Seconds since 1970 in UTC: for dates that others wrote down. */
int64_t clock_utc(void);

#endif /* SYS_CLOCK_H */
