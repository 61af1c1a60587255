/*
 * marks.h - text in formats that give some characters a meaning
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Text of results is printable ASCII already; text of files may hold anything,
 * and goes through text_shown() first.
 */
#ifndef TOOLS_MARKS_H
#define TOOLS_MARKS_H

#include <stddef.h>

/** Print a text of XML, or the value of an attribute. */
void put_xml(const char *s);
/** Print a description of TAP. */
void put_tap(const char *s);
/** Print a string of YAML, quotes included. */
void put_yaml(const char *s);

/** Cases of a suite of JUnit. */
struct junit_counts {
	size_t tests, failures, errors;
	double seconds;
};

/** Print the counts as attributes of an element, and its '>'. */
void put_junit_counts(const struct junit_counts *c);
/** Begin TAP, version 13, with `n` tests. */
void put_tap_head(size_t n);

/** The text with octets outside of printable ASCII as \DDD, and backslashes as
 * they are; to be given to free(); NULL when memory ran out. */
char *text_shown(const char *s);

#endif /* TOOLS_MARKS_H */
