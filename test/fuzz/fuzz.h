/*
 * fuzz.h - the assertions that all fuzz targets share
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A target asserts properties that hold for every input, beyond not crashing.
 * Built with clang's libFuzzer (make fuzz) it searches for inputs that violate
 * them; built with replay.c it replays the inputs found before.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Assert a property of every input. */
#define MUST(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
			    __LINE__, #what); \
			abort(); \
		} \
	} while (0)

/** `part` is STR_NONE or lies inside `whole`. */
static inline bool
is_inside(struct mailauth_str whole, struct mailauth_str part)
{
	return part.n == 0 ||
	    (part.s >= whole.s && part.s + part.n <= whole.s + whole.n);
}

/** The place of every finding lies inside a text of `n` octets. */
static inline bool
are_placed(const struct mailauth_findings *log, size_t n)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->at[i].length > 0 &&
		    (size_t)log->at[i].offset + log->at[i].length > n)
			return false;
	return log->count <= MAILAUTH_FINDINGS_MAX + 1;
}

/** Both lists have the same findings at the same places. */
static inline bool
are_same(const struct mailauth_findings *a, const struct mailauth_findings *b)
{
	if (a->count != b->count || a->dropped != b->dropped)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->at[i].id != b->at[i].id ||
		    a->at[i].offset != b->at[i].offset ||
		    a->at[i].length != b->at[i].length)
			return false;
	return true;
}

#endif /* FUZZ_FUZZ_H */
