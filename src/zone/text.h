/*
 * text.h - what a text is that is not a zone, or not all of one
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_TEXT_H
#define ZONE_TEXT_H

#include "zone/reader.h"

/** What is known of a text without a look at its records. */
struct zone_text {
	enum mailauth_finding_id id; /* what it is called when it is no zone */
	const char *what; /* it is then; "": nothing needs to be said */
	const char *remedy; /* for it; NULL: that of the finding */
	uint32_t line; /* that shows it; 0: none */
	bool is_transfer; /* a tool wrote it that fetches zones */
	bool has_one_soa; /* and it was told to leave the last record out */
};

/** Look whether a text can be a zone, and who wrote it. `piped`: it came from
 * the standard input. */
bool
zone_text_is_zone(struct mailauth_str text, bool piped, struct zone_text *t);
/** The zone that the comments at the head of a text name, as exports of panels
 * do. False: they name none. */
bool zone_text_name(struct mailauth_str text, struct dname *out);
/** A transfer ends before its last record, which is the SOA record again (RFC
 * 5936 2.2). */
bool zone_text_is_cut(const struct zone_file *file, const struct zone_text *t);

#endif /* ZONE_TEXT_H */
