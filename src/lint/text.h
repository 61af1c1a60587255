/*
 * text.h - what a text is that is not a zone, or not all of one
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LINT_TEXT_H
#define LINT_TEXT_H

#include "zone/reader.h"

/** What is known of a text without a look at its records. */
struct lint_text {
	enum mailauth_finding_id id; /* what it is called when it is no zone */
	const char *what; /* it is then; "": nothing needs to be said */
	uint32_t line; /* that shows it; 0: none */
	bool is_transfer; /* a tool wrote it that fetches zones */
	bool has_one_soa; /* and it was told to leave the last record out */
};

/** Look whether a text can be a zone, and who wrote it. `piped`: it came from
 * the standard input. */
bool lint_is_zone(struct mailauth_str text, bool piped, struct lint_text *t);
/** A transfer ends before its last record, which is the SOA record again (RFC
 * 5936 2.2). */
bool lint_is_cut(const struct zone_file *file, const struct lint_text *t);

#endif /* LINT_TEXT_H */
