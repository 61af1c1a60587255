/*
 * test.h - case files that are run: what the parts of the command test share
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * tools/test: the command test. files.c finds case files and parse.c reads
 * them, case_options.c the options in them; run.c runs one case; workers.c runs
 * all, in several processes; print.c writes their results; update.c rewrites
 * files with what was found; list.c shows cases without running them. May
 * include what tools may, and base. In: folders and case files. Out: struct
 * case_result of each case, printed.
 */
#ifndef TOOLS_TEST_TEST_H
#define TOOLS_TEST_TEST_H

#include <stdio.h>
#include <sys/types.h>

#include "suite/casefile.h"
#include "suite/codes.h"
#include "suite/expect.h"
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
	const char *title; /* in printable ASCII */
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
 * @param match NULL, or what titles have or match
 * @return -1 or an exit code.
 */
int suite_read(struct suite *s, char **paths, size_t n, const char *match);
void suite_free(struct suite *s);

/** Read the text of a file into its cases; every fault is complained of. -1 or
 * an exit code. */
int suite_parse(struct suite_file *f, struct mailauth_str text);
/** Print the cases, as --list does; an exit code. With `verbose` JSON has all
 * that was read of them. */
int suite_list(const struct suite *s, const struct options *o);

/** The path of a file that a case names; NULL when memory ran out. */
char *suite_path(const struct suite_file *f, struct mailauth_str name,
    struct arena *a);
/** The octets of a zone file that a case names; false, with `why`, when it
 * cannot be read. */
bool suite_zone_text(const struct suite_file *f, struct mailauth_str name,
    struct arena *a, struct mailauth_str *out, char why[CASE_WHY_MAX]);

/** Words of a case's `args`, and of spf and dmarc. */
#define CASE_ARGS_MAX 256
/** The options in `args`, and behind spf and dmarc. */
extern const struct group case_args_take[], case_spf_take[], case_dmarc_take[];

/** Words of a case as options. Complains and gives an exit code, or -1. */
int case_options(struct options *o, const struct suite_file *f,
    const struct group *takes, const struct mailauth_str *words, size_t n,
    struct arena *a);
/** The words of a line from `rest` on. */
size_t
case_words(struct mailauth_str rest, struct mailauth_str *out, size_t max);
/** Lines of settings that count for a case; one more than there may be. */
#define CASE_SETTINGS_LINES 65
/**
 * The settings of a case; `*out` is NULL when it has none.
 * @param c NULL: of the lines before the first case
 * @param line the last line of them
 * @return MAILAUTH_OK; or another status with `why`.
 */
enum mailauth_status case_load_settings(const struct suite_file *f,
    const struct suite_case *c, struct mailauth_settings **out, unsigned *line,
    char why[MAILAUTH_WHY_MAX]);

/** What becomes of a case. */
enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_TEMPERROR,
	OUTCOME_SKIP,
	OUTCOME_ERROR,
	OUTCOMES
};

/** What became of a case. All of its text is printable ASCII, but edits. */
struct case_result {
	const struct suite_entry *entry;
	struct arena arena; /* has what is below */
	unsigned line; /* of the case, or the one that cannot be done */
	enum outcome outcome;
	const char *verdict; /* of the check; NULL: there was none */
	const char *reason; /* why it was not run, or could not be; NULL */
	struct case_difference *differences;
	struct case_edit *edits; /* that would make it pass */
	double seconds;
	int code; /* of an error: the exit code */
};

/** The codes of a check of the lines before the first case of a file. */
struct base {
	const struct suite_file *file; /* NULL: none is known */
	bool good;
	struct code_set codes;
	char why[MAILAUTH_WHY_MAX];
};

/** Run a case; `out` is to be given to case_result_free(). */
void case_run(const struct suite_entry *e, struct base *base,
    struct case_result *out);
void case_result_free(struct case_result *r);
/** Write a result to another process of this program; false: it cannot be. */
bool case_result_send(const struct case_result *r, FILE *to);
/** Read one; false, with `out` to be freed, when no more follows. */
bool case_result_receive(struct case_result *out, FILE *from);

/** Processes at a time. */
#define WORKERS_MAX 64

/** Processes that run the cases of a suite. */
struct workers {
	const struct suite *suite;
	struct {
		pid_t pid;
		FILE *from;
	} all[WORKERS_MAX];
	size_t n;
};

/** Start some; an exit code after a complaint, or -1. `n` 0: one for each
 * processor. */
int workers_start(struct workers *w, const struct suite *s, size_t n);
/** What became of case `i`: to be called for each, in their order. */
void workers_next(struct workers *w, size_t i, struct case_result *out);
/** Wait for their end. */
void workers_stop(struct workers *w);

/** Write files anew with what was found; complains, and gives an exit code or
 * -1. `results` has one for each case of the suite. */
int suite_update(const struct suite *s, const struct case_result *results,
    bool quiet);

#endif /* TOOLS_TEST_TEST_H */
