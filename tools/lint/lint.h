/*
 * lint.h - results of lint, in every format
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * tools/lint: the command lint. cmd_lint.c runs it, files.c finds zone files;
 * text.c, json.c, sarif.c, cases.c (JUnit, TAP) and ci.c (GitHub, GitLab) are
 * formats; run.c has what they share; baseline.c reads and writes the findings
 * that do not count; fix.c shows and writes repairs. May include what tools may,
 * and base. In: struct mailauth_lint. Out: standard output, zone files and the
 * file of a baseline.
 */
#ifndef TOOLS_LINT_LINT_H
#define TOOLS_LINT_LINT_H

#include "tools/tool.h"

/** Zone files that were named, each with its zone's name or NULL. */
struct lint_files {
	struct mailauth_zone *at;
	size_t n, room;
};

/** Find files: of a path, of NAME=FILE, "-", and *.zone and db.* of a folder. 0,
 * or an exit code after a complaint. */
int lint_find(char *const *paths, size_t n, struct lint_files *out);
void lint_files_free(struct lint_files *files);

/** Severities of enum mailauth_severity. */
#define LINT_SEVERITIES (MAILAUTH_FAIL + 1)
/** Octets of a fingerprint as text, its NUL included. */
#define LINT_PRINT_ROOM 17

/** Zones that were judged, as a format writes them. */
struct lint_run {
	const struct options *options;
	struct mailauth_lint *lint;
	int64_t time; /* of the start, seconds since 1970 */
	double seconds;
	uint64_t *prints; /* of findings; set by lint_prepare() */
};

/** Findings of a run, or of a part of it. */
struct lint_counts {
	size_t severity[LINT_SEVERITIES]; /* that count */
	size_t ignored; /* of those that need work */
};

/** Make the fingerprints; an exit code after a complaint, or -1. */
int lint_prepare(struct lint_run *run);
/** Free what lint_prepare() made; the lint stays. */
void lint_finish(struct lint_run *run);

/** The least severity that formats show which show what needs work. */
enum mailauth_severity lint_level(const struct lint_run *run);
/** These formats show the finding: it counts, is of that level, and is the
 * consequence of no other. */
bool
lint_is_told(const struct lint_run *run, const struct mailauth_lint_finding *f);
/** Count findings. */
void lint_count(const struct lint_run *run, struct lint_counts *counts);
/** Write the fingerprint of finding `i`: hexadecimal digits. It is the same
 * wherever in the file the record is, and no other finding of the run has it. */
void
lint_print_of(const struct lint_run *run, size_t i, char room[LINT_PRINT_ROOM]);
/** The row of the table with this code; false when no row has it. */
bool lint_row(const char *code, struct mailauth_finding_info *out);
/** The column of an octet of a line, both from 1, in units of UTF-16; octets
 * that are not UTF-8 are one each. */
unsigned lint_column(const char *line, unsigned octet);
/** A text of a file as a string: as it is when it is UTF-8, else escaped; null
 * for NULL. */
json_t *lint_string(const char *s);
/** An address of a web page on a finding with this reference; false when the
 * web has none. */
bool lint_page(const char *reference, char *room, size_t size);
/** A path as a URI, relative when the path is; to be given to free(); NULL when
 * memory ran out. */
char *lint_uri(const char *path);

/** Write a fingerprint as text. */
void lint_print_text(uint64_t print, char room[LINT_PRINT_ROOM]);

/** Why a finding of a baseline does not count. */
#define LINT_IN_BASELINE "it is in the baseline"
/** Let the findings in a baseline not count; an exit code after a complaint, or
 * -1. */
int lint_baseline_read(struct lint_run *run, const char *file);
/** Write a baseline of the findings that need work, in place of the one there
 * may be; they do not count any more. An exit code after a complaint, or -1. */
int lint_baseline_write(struct lint_run *run, const char *file);

/** Print the repairs of the findings as a unified diff, or write them into the
 * files. An exit code after a complaint, or -1. */
int lint_fix(const struct lint_run *run, bool write);

void lint_text(const struct lint_run *run);
void lint_json(const struct lint_run *run);
void lint_ndjson(const struct lint_run *run);
void lint_sarif(const struct lint_run *run);
void lint_junit(const struct lint_run *run);
void lint_tap(const struct lint_run *run);
void lint_github(const struct lint_run *run);
void lint_gitlab(const struct lint_run *run);

#endif /* TOOLS_LINT_LINT_H */
