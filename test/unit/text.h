/*
 * text.h - tests that compare whole texts, and files for them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef UNIT_TEXT_H
#define UNIT_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "mailauth/mailauth.h"
#include "unit.h"

/** As ck_assert_msg(), which writes to a file each time. */
#ifndef EXPECT
#define EXPECT(so, ...) \
	do { \
		if (!(so)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)
#endif

/** The test fails unless both texts are the same; it shows both. */
void expect_text(const char *is, const char *want);
/** The same of what was written; it frees nothing. */
void expect_written(struct writer *w, const char *want);
/** A text with '"' where it has '\'', and '\'' where it has '`': JSON that can be
 * read in C. */
const char *quoted(struct arena *a, const char *text);
/** The report as text or as JSON; the arena has it. */
const char *
report_text(struct arena *a, struct mailauth_report *r, unsigned flags);
const char *report_json(struct arena *a, struct mailauth_report *r);

/** The test fails unless a remedy is a sentence without its full stop, in lower
 * case, with records and names in single quotes; NULL and "" are none. */
void expect_remedy(const char *code, const char *remedy);
/** The same of all remedies of a report. */
void expect_remedies(struct mailauth_report *r);

/*
 * A folder of the test's own. What folder_close() removes are the names that
 * were asked for.
 */
void folder_open(void);
/** A path in it; the folder has a file or folder of this name then, or not.
 * It begins with "sub/" for a file in a folder below it. */
const char *folder_path(const char *name);
/** Make a file; its path. */
const char *folder_put(const char *name, const char *octets, size_t n);
void folder_close(void);

#endif /* UNIT_TEXT_H */
