/*
 * tally.h - what came of several domains
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_TALLY_H
#define TOOLS_TALLY_H

#include "mailauth/mailauth.h"

/** Results of enum mailauth_result. */
#define TALLY_RESULTS 4

/** Domains of one result. */
struct tally_names {
	const char **at; /* as they were given */
	size_t n;
};

/** Counts of a run over several domains; zeros to begin with. */
struct tally {
	struct tally_names names[TALLY_RESULTS];
	size_t refused; /* that could not be checked */
	size_t *codes; /* domains with each finding, by row of the table */
	bool failed; /* memory ran out */
};

/** Count one domain; `name` is borrowed, as long as the tally lives. */
void
tally_take(struct tally *t, const char *name, struct mailauth_report *report);
/** Print the closing table, when there was more than one domain. */
void tally_print(const struct tally *t, double seconds);
void tally_free(struct tally *t);

#endif /* TOOLS_TALLY_H */
