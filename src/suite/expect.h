/*
 * expect.h - comparison of expectations of a case with a report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SUITE_EXPECT_H
#define SUITE_EXPECT_H

#include "mailauth/mailauth.h"
#include "suite/casefile.h"
#include "suite/codes.h"

/** A difference between expectation and report. */
struct case_difference {
	struct case_difference *next;
	unsigned line;
	const char *text; /* one line, printable */
};

/** A change of the file that makes the case pass. */
struct case_edit {
	struct case_edit *next;
	unsigned line;
	bool insert; /* insert after the line; else replace the line */
	struct mailauth_str text; /* empty: delete the line */
};

/** The result of a comparison, in `arena`. */
struct comparison {
	struct arena *arena;
	struct case_difference *differences, **differences_end;
	struct case_edit *edits; /* sorted by line */
};

/** The results to compare with. */
struct case_found {
	struct mailauth_report *report;
	/** Codes of the check before the first case; NULL: none to compare. */
	const struct code_set *base;
	/** The lines of this zone file are those that its author wrote. NULL:
	 * those of all files are. */
	bool (*is_written)(const void *arg, const char *file);
	const void *arg; /* of is_written */
};

/** Start a comparison without differences. */
void comparison_start(struct comparison *out, struct arena *a);
/** The codes of a report. */
struct code_set codes_of(struct mailauth_report *report);
/** Compare all expectations but `spf` and `dmarc`. */
void compare_case(struct comparison *out, const struct suite_case *c,
    const struct case_found *found);
/** Compare the result of an evaluation with the first word of its line. */
void compare_word(struct comparison *out, const struct case_line *l,
    const char *found);

/**
 * The text of a file after edits, which are sorted by line. Comments, order and
 * line ends stay.
 * @return STR_NONE when memory ran out.
 */
struct mailauth_str case_rewrite(struct arena *a, struct mailauth_str text,
    const struct case_edit *edits);

#endif /* SUITE_EXPECT_H */
