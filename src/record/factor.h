/*
 * factor.h - small primes that divide a large number
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_FACTOR_H
#define RECORD_FACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An odd prime below 2^16 divides the number of `n` words of 64 bits, the
 * least significant first. */
bool small_factor(const uint64_t *word, size_t n);

#endif /* RECORD_FACTOR_H */
