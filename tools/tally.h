/*
 * tally.h - what came of several domains
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_TALLY_H
#define TOOLS_TALLY_H

#include <stdio.h>

#include "mailauth/mailauth.h"

/** Results of enum mailauth_result. */
#define TALLY_RESULTS 4

/** Names of one result that are kept. */
#define TALLY_NAMES 20
/** Octets of a count as text, its NUL included. */
#define TALLY_COUNT_MAX 32

/** Domains of one result. */
struct tally_names {
	char *at[TALLY_NAMES]; /* the first ones, as they were given; owned */
	size_t n; /* of all */
};

/** Counts of a run over several domains; zeros to begin with. */
struct tally {
	struct tally_names names[TALLY_RESULTS];
	size_t refused; /* that could not be checked */
	size_t *codes; /* domains with each finding, by row of the table */
	bool failed; /* memory ran out */
};

/** What people read of each result. */
extern const char *const tally_words[TALLY_RESULTS];

/** Count one domain; NULL in place of a report: it was refused. */
void
tally_take(struct tally *t, const char *name, struct mailauth_report *report);
/** All domains so far. */
size_t tally_count(const struct tally *t);
/** A count as "1,204". */
const char *tally_number(size_t n, char room[TALLY_COUNT_MAX]);
/** Print the closing table. */
void tally_print(const struct tally *t, double seconds, FILE *to);
void tally_free(struct tally *t);

#endif /* TOOLS_TALLY_H */
