/*
 * suite.h - case files that are run: what the parts of the command test share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_SUITE_H
#define TOOLS_SUITE_H

#include <jansson.h>
#include <stdio.h>

#include "suite/casefile.h"
#include "suite/codes.h"
#include "tools/tool.h"

/** One case file, read and found to be in order. */
struct suite_file {
	char *path; /* as it was found */
	const char *name; /* the same in printable ASCII */
	struct arena arena;
	struct case_file cases;
};

/** A case that is run. */
struct suite_entry {
	struct suite_file *file;
	const struct suite_case *c;
};

struct suite {
	struct suite_file **files;
	size_t nfiles;
	struct suite_entry *entries;
	size_t nentries;
};

/**
 * Read files, and folders with all that is below them; every fault in a file
 * is complained of.
 * @return -1 or an exit code.
 */
int suite_read(struct suite *s, char **paths, size_t n, const char *match);
void suite_free(struct suite *s);

/** The path of a file that a case names; NULL when memory ran out. */
char *suite_path(const struct suite_file *f, struct mailauth_str name,
    struct arena *a);
/** Words as options of a command; `takes` as for options_read(). Complains
 * and gives an exit code, or -1. */
int suite_options(struct options *o, const struct suite_file *f,
    const struct mailauth_str *words, size_t n, unsigned takes,
    struct arena *a);
/** Words of a case's `args`, and of spf and dmarc. */
#define SUITE_ARGS_MAX 256
#define TAKES_ARGS     (TAKES_CASE | TAKES_WHAT | TAKES_PROFILE)

/** How the cases of a file are told from what stands before them. */
struct base {
	const struct suite_file *file; /* NULL: none is known */
	bool good;
	struct code_set codes;
	char why[MAILAUTH_WHY_MAX];
};

/** Run a case. @return what it came to, as JSON; NULL: memory ran out. */
json_t *suite_run(const struct suite_entry *e, struct base *base);

/** What became of a case. */
enum result {
	RESULT_PASS,
	RESULT_FAIL,
	RESULT_TEMPERROR,
	RESULT_SKIP,
	RESULT_ERROR,
	RESULTS
};

const char *result_name(enum result r);
enum result result_of(const json_t *told);

/** The counts of a run. */
struct totals {
	size_t count[RESULTS];
	double seconds;
};

/** A way to write results; NULL: nothing. */
struct printer {
	void (*begin)(const struct suite *s);
	void (*one)(const json_t *told, size_t number, bool verbose);
	void (*end)(const json_t *all, const struct totals *t);
	bool keeps; /* `end` needs all of them */
};

const struct printer *printer_for(enum format format);

/** Write files anew with what was found; complains, and gives an exit code or
 * -1. `found` has an array of results for each file. */
int suite_update(const struct suite *s, const json_t *all, bool quiet);

#endif /* TOOLS_SUITE_H */
