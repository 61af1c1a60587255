/*
 * roster.h - a list of domains, read line by line
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A line has a domain and words NAME=VALUE behind it, with blanks between them;
 * what follows a '#' at the beginning of a word is a comment. A list whose first
 * line has the cell "domain" is CSV (RFC 4180) with commas, semicolons or tabs:
 * that line names the columns, and each cell below makes such a word.
 */
#ifndef TOOLS_BATCH_ROSTER_H
#define TOOLS_BATCH_ROSTER_H

#include "tools/option.h"

/** Octets of the longest line. */
#define ROSTER_LINE_MAX ((size_t)65536)

/** A line with a domain. */
struct row {
	unsigned long line; /* its number, from 1 */
	char **words; /* the domain, then NAME=VALUE each, up to NULL; owned */
	size_t nwords;
	char *bad; /* why it cannot be used; NULL: it can; owned */
};

/** What roster_next() found. */
enum roster_got {
	ROSTER_ROW,
	ROSTER_LATER, /* nothing yet */
	ROSTER_END,
	ROSTER_FAILED, /* it has complained, and set `code` */
};

struct roster {
	int fd;
	const char *name; /* for complaints; borrowed */
	char *octets; /* owned */
	int code; /* exit code of ROSTER_FAILED */
	size_t at, used; /* what is not read yet */
	unsigned long line; /* number of the last one that was read */
	bool ended; /* nothing follows in the file */
	bool begun; /* the first octets were looked at */
	bool headed; /* the first line was */
	char *cells; /* room for those of a line; owned */
	char comma; /* between cells; 0: it is no CSV */
	char **columns; /* their names; NULL: none that matters; owned */
	size_t ncolumns, domain;
	/** The option of a column, or NULL; set `near` when one was meant. */
	const struct option *(
	    *option)(const void *arg, const char *name, const char **near);
	const void *arg;
};

/** Open a list; "-" is standard input. -1, or an exit code after a complaint.
 * `in` has to be zeros but for `option` and `arg`. */
int roster_open(struct roster *in, const char *file);
/** Read the next line with a domain; the row is to be given to row_free().
 * @param wait wait for it */
enum roster_got roster_next(struct roster *in, bool wait, struct row *out);
void roster_close(struct roster *in);

/** Add a word to a row; false: memory ran out. */
bool row_add(struct row *r, const char *text, size_t n);
void row_free(struct row *r);

#endif /* TOOLS_BATCH_ROSTER_H */
