/*
 * zones.h - the zones of a case, with what it changes in them
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
	struct mailauth_str file; /* as the case names it; empty: written out */
	struct zone_text *lines, **end; /* when it was edited or written out */
	bool edited; /* it is not what the file has */
	bool loaded;
	unsigned line; /* of the case file, where it is given */
};

/**
 * The octets of a zone file that a case names.
 * @return false, with one line in `why`, when it cannot be read.
 */
typedef bool (*zone_load)(void *arg, struct mailauth_str file,
    struct mailauth_str *text, char why[CASE_WHY_MAX]);

/** Where zones come from, and what went wrong with them. */
struct zone_source {
	struct arena *arena;
	zone_load load;
	void *arg;
	unsigned line; /* that cannot be done */
	char why[CASE_WHY_MAX];
};

/**
 * The zones of a case, edited as it says; files that are not edited are not
 * read.
 * @param c NULL: the zones of all cases
 * @return false, with line and reason in `from`, when a line cannot be done.
 */
bool case_zones(const struct case_file *f, const struct suite_case *c,
    struct zone_source *from, struct case_zone **out);
/** An edited or written zone as the text of a file. */
struct mailauth_str
case_zone_text(struct arena *a, const struct case_zone *zone);
/** Some zone has signatures. @return -1: a file cannot be read, as `from`
 * says. */
int case_zones_signed(struct case_zone *zones, struct zone_source *from);

#endif /* SUITE_ZONES_H */
