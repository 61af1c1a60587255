/*
 * fail.h - allocations that fail when they are told to
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The program's own malloc(), calloc() and realloc(): those of all libraries
 * that it loads go through them too.
 */
#ifndef OOM_FAIL_H
#define OOM_FAIL_H

#include <stdbool.h>

/** From the next fail_begin() on, fail allocation `n`, counted from 1, or with
 * `on` all from it on; 0: none. */
void fail_set(unsigned long n, bool on);
/** Call this at each allocation, too: with true that one fails. NULL: no
 * more. */
void fail_ask(bool (*fails_here)(unsigned long n));
/** Begin to count, and to fail. */
void fail_begin(void);
/** End it. */
void fail_stop(void);
/** Allocations between the two. */
unsigned long fail_count(void);
/** Blocks that are allocated now; 0 where that is left to a sanitizer. */
long fail_live(bool crypto);

#endif /* OOM_FAIL_H */
