/*
 * lint.h - zones judged as a whole, each finding at its place in a file
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * lint: reads zones, finds the names that have a part in mail, has each one
 * judged as a check would, and maps what is found to file, line and column.
 * files.c reads, items.c keeps findings, place.c finds places, fix.c repairs,
 * api.c shows.
 * May include base, sys, record, judge, zone, dns, report and the functions of
 * the installed header. In: files and a request. Out: struct mailauth_lint.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "base/arena.h"
#include "mailauth/mailauth.h"
#include "zone/zones.h"

/** Octets of one file at most: ten million records are in less. */
#define LINT_FILE_MAX ((size_t)1 << 29)
/** Octets of all files at most, so that memory has a bound. */
#define LINT_ALL_MAX ((size_t)1 << 30)
/** Findings kept; a zone of a million broken lines ends in one that says so. */
#define LINT_ITEMS_MAX 100000
/** Octets of a line that are shown at most: a TXT record of 65,535 octets. */
#define LINT_LINE_MAX 70000

/** A file that is read, and where its lines begin. */
struct lint_file {
	struct zone_file file; /* the first member: a file is one of these */
	struct lint_file *next;
	size_t number; /* in the order of reading, from 0 */
	uint32_t *lines; /* offsets; NULL: not looked for yet */
	size_t nlines;
	/** The line shown last, and its copy. */
	uint32_t copied;
	const char *copy;
};

/** A zone that is judged. */
struct lint_zone {
	struct lint_file *file;
	struct dname given; /* its name, by the caller */
	bool has_name;
	const struct zone *zone; /* in the index; NULL: there is none */
	const char *name; /* with a final dot; NULL: not known */
};

/** A finding. */
struct item {
	struct mailauth_lint_finding view;
	enum mailauth_finding_id id;
	bool open; /* it says that something could not be told */
	const struct lint_file *file; /* of its place; NULL: none */
	size_t zone; /* number of its zone */
	size_t group; /* number of its name; SIZE_MAX: of a file */
	size_t number; /* in the order of finding */
};

struct mailauth_lint {
	struct arena arena;
	enum mailauth_profile profile;
	struct lint_zone *zones;
	size_t nzones;
	struct lint_file *files, **files_end;
	size_t nfiles, octets;
	struct zones *index;
	struct item **items; /* in their order, once all is read */
	size_t nitems, items_room;
	bool limited; /* further findings are dropped */
	struct mailauth_lint_name *names;
	size_t nnames;
};

/** A finding to be added; texts need not outlive the call. */
struct lint_new {
	enum mailauth_finding_id id;
	const enum mailauth_severity *severity; /* NULL: the table's */
	size_t zone;
	struct mailauth_str name; /* of its owner; may be empty */
	const char *kind; /* a constant; or NULL */
	uint16_t type; /* of the record; 0: of no record */
	struct zone_place place; /* file NULL: none */
	struct mailauth_str message; /* empty: the table's sentence */
	struct mailauth_str detail; /* behind it; printable */
	struct mailauth_str remedy; /* empty: the table's */
	const char *follows; /* a constant; or NULL */
	struct mailauth_str fix; /* may be empty */
};

/** Add a finding. NULL when memory ran out, and behind the limit. */
struct item *lint_add(struct mailauth_lint *l, const struct lint_new *n);
/** Octets as a C string in the lint's arena; NULL for no octets. */
const char *lint_copy(struct mailauth_lint *l, struct mailauth_str s);
/** Put the findings into their order. */
void lint_order(struct mailauth_lint *l);

/** Find the lines that repair what the findings are about. */
void lint_fixes(struct mailauth_lint *l);

/** The result of findings [first, first + n) that count. */
enum mailauth_result
lint_result_of(const struct mailauth_lint *l, size_t first, size_t n);

/** Read the zones of the options, and add the faults of their text. */
enum mailauth_status lint_read(struct mailauth_lint *l,
    const struct mailauth_options *options, char *why);

/** Line `line` of a file, without its end; empty when there is none. */
struct mailauth_str
lint_line(struct mailauth_lint *l, struct lint_file *file, uint32_t line);

#endif /* LINT_LINT_H */
