/*
 * print.h - results of cases, in every format
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_TEST_PRINT_H
#define TOOLS_TEST_PRINT_H

#include <stdbool.h>
#include <stddef.h>

struct case_result;
struct suite;

/** The counts of a run. */
struct totals {
	size_t count[5]; /* by enum outcome */
	double seconds;
};

/** A way to write results; a member that is NULL writes nothing. */
struct printer {
	void (*begin)(const struct suite *s);
	void (*one)(const struct case_result *r, size_t number, bool verbose);
	void (*end)(const struct case_result *all, size_t n,
	    const struct totals *t);
	void (*refused)(void); /* the files are at fault: nothing is run */
	bool keeps; /* `end` needs all of them */
};

extern const struct printer cases_text, cases_json, cases_ndjson, cases_tap,
    cases_junit;

#endif /* TOOLS_TEST_PRINT_H */
