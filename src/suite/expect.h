/*
 * expect.h - what a case expects against what there is
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SUITE_EXPECT_H
#define SUITE_EXPECT_H

#include "mailauth/mailauth.h"
#include "suite/casefile.h"
#include "suite/codes.h"

/** Something that is not as expected. */
struct case_difference {
	struct case_difference *next;
	unsigned line;
	const char *text; /* one line, printable */
};

/** What a file would have to say instead. */
struct case_edit {
	struct case_edit *next;
	unsigned line;
	bool insert; /* after the line, not in its place */
	struct mailauth_str text; /* empty: the line goes */
};

/** A case compared, all of it in `arena`. */
struct comparison {
	struct arena *arena;
	struct case_difference *differences, **differences_end;
	struct case_edit *edits; /* by line */
};

/** What there is. */
struct case_found {
	struct mailauth_report *report;
	const struct code_set *base; /* NULL: nothing to compare with */
};

/** Begin, with nothing different. */
void comparison_start(struct comparison *out, struct arena *a);
/** The codes of a report. */
struct code_set codes_of(struct mailauth_report *report);
/** Compare all but what spf and dmarc are to come to. */
void compare_case(struct comparison *out, const struct suite_case *c,
    const struct case_found *found);
/** Compare what an evaluation came to with the first word of its line. */
void compare_word(struct comparison *out, const struct case_line *l,
    const char *found);

/**
 * The text of a file with what was found in the place of what was expected;
 * comments, order and line ends stay. Edits are in the order of their lines.
 * @return STR_NONE when memory ran out.
 */
struct mailauth_str case_rewrite(struct arena *a, struct mailauth_str text,
    const struct case_edit *edits);

#endif /* SUITE_EXPECT_H */
