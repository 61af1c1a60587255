/*
 * inject.c - the command line with an allocation that fails
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * OOM_AT=N: allocation N fails, or with 0 none, and their number is said at the
 * end on standard error.
 */
#include <stdio.h>
#include <stdlib.h>

#include "test/oom/fail.h"

static void
say_count(void)
{
	fail_stop();
	fprintf(stderr, "allocations %lu\n", fail_count());
}

__attribute__((constructor)) static void
inject(void)
{
	const char *at = getenv("OOM_AT");

	if (at == NULL)
		return;
	fail_set(strtoul(at, NULL, 10), false);
	if (at[0] == '0')
		atexit(say_count);
	fail_begin();
}
