/*
 * zones.h - the zones of a case, after its edits
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SUITE_ZONES_H
#define SUITE_ZONES_H

#include "suite/casefile.h"

struct zone_text;

/** One zone of a case. */
struct case_zone {
	struct case_zone *next;
	struct mailauth_str name;
	struct mailauth_str file; /* as the case names it; empty: inline */
	struct zone_text *lines, **end; /* of an inline or loaded zone */
	bool edited; /* differs from the file, or is inline */
	bool loaded; /* `lines` are valid */
	unsigned line; /* of the case file, where the zone begins */
};

/**
 * Read the text of a zone file that a case names.
 * @return false, with one line in `why`, when it cannot be read.
 */
typedef bool (*zone_load)(void *arg, struct mailauth_str file,
    struct mailauth_str *text, char why[CASE_WHY_MAX]);

/** The source of zone texts, and the fault that ended reading. */
struct zone_source {
	struct arena *arena;
	zone_load load;
	void *arg;
	unsigned line; /* of the fault */
	char why[CASE_WHY_MAX];
};

/**
 * Make the zones of a case, with its edits. A file without edits is not read.
 * @param c NULL: the zones before the first case
 * @return false, with line and reason in `from`, when a line is at fault.
 */
bool case_zones(const struct case_file *f, const struct suite_case *c,
    struct zone_source *from, struct case_zone **out);
/** The text of an edited or inline zone; STR_NONE when memory ran out. */
struct mailauth_str
case_zone_text(struct arena *a, const struct case_zone *zone);
/** Whether some zone has signatures: 1 or 0; -1, with the fault in `from`, when
 * a file cannot be read. */
int case_zones_signed(struct case_zone *zones, struct zone_source *from);

#endif /* SUITE_ZONES_H */
