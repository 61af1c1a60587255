/*
 * format.h - formats of the output
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A format is one row, which has a writer for each sort of output that it can
 * be of. A command has the formats that can write its sort; any other is
 * refused as wrong use. To add a format: its writers, and a row in format.c.
 */
#ifndef TOOLS_FORMAT_H
#define TOOLS_FORMAT_H

#include <jansson.h>

#include "mailauth/mailauth.h"

struct lint_run;
struct options;
struct printer;

/** What a command writes. */
enum writes {
	WRITES_LINES, /* plain lines, and in no other format */
	WRITES_REPORTS,
	WRITES_PLAN, /* the report of a plan */
	WRITES_ROWS, /* of a table */
	WRITES_CASES, /* results of cases */
	WRITES_LINT, /* findings of zones */
};

/** A table: its rows, as JSON objects, and their form for people. */
struct table {
	json_t *rows; /* a list */
	void (*text)(const struct table *t, const json_t *row);
	const void *arg; /* for that */
};

/** A domain that was not checked, and why. */
struct refusal {
	const char *domain; /* as it was given */
	const char *why;
	int code; /* exit code */
	unsigned long line; /* of a list; 0: it was an argument */
};

/** One format; a writer that is NULL: it is no format for that. */
struct format {
	const char *name;
	/* Prints a report, the first one or not; false: memory ran out. */
	bool (*report)(const struct options *o, struct mailauth_report *r,
	    bool first);
	/* Ends several reports, of which the first was not printed or was; may
	 * be NULL. */
	void (*end)(const struct options *o, bool first);
	/* Prints, as a report among several, that a domain was refused; NULL:
	 * standard error says it. False: memory ran out. */
	bool (*refused)(const struct options *o, const struct refusal *r,
	    bool first);
	void (*rows)(const struct table *t);
	const struct printer *cases;
	void (*lint)(const struct lint_run *run);
	/* Prints the report of a plan; NULL: as any report. */
	bool (*plan)(const struct options *o, struct mailauth_report *r,
	    bool first);
};

/** All formats, the usual one first, up to one without a name. */
extern const struct format formats[];

/** The format can write this. */
bool format_writes(const struct format *f, enum writes what);
/** The formats that can, as "a, b or c". */
void format_names(enum writes what, const char *last, char *room, size_t size);

/** Text has colours. */
bool output_colour(const struct options *o);
/** The columns of a terminal; 0: not known, or not a terminal. */
unsigned output_columns(void);

#endif /* TOOLS_FORMAT_H */
