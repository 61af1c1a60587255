/*
 * casefile.h - case files: zones, and the expected result of a check of them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * suite: reads case files (casefile.h), edits their zones (zones.h), and
 * compares expectations with a report (expect.h, codes.h). The room reads no
 * files, makes no lookups and prints nothing. May include base, record, judge
 * and the installed headers. In: the text of a case file, texts of zones
 * through a callback, a report. Out: cases, zone texts, differences, and edits
 * that would make a case pass. testdata/checks/README defines the format;
 * mailauth-test(7) teaches it.
 */
#ifndef SUITE_CASEFILE_H
#define SUITE_CASEFILE_H

#include "base/arena.h"
#include "base/str.h"

/** Octets of a reason, its NUL included. */
#define CASE_WHY_MAX 256

/** The first word of a line. Words from CASE_VERDICT on are expectations, and
 * words up to CASE_DOMAIN change the check: keep this order. */
enum case_word {
	CASE_ZONE,
	CASE_NEWZONE,
	CASE_ZONE_LINE, /* no word: a line of an inline zone */
	CASE_IN,
	CASE_DELETE,
	CASE_ADD,
	CASE_ARGS,
	CASE_NOARGS,
	CASE_LET,
	CASE_SETTINGS,
	CASE_DOMAIN,
	CASE_UNSIGNED,
	CASE_SIGNED,
	CASE_VERDICT, /* = */
	CASE_COME, /* + */
	CASE_GO, /* - */
	CASE_HAS,
	CASE_HASNOT,
	CASE_CODES,
	CASE_RECORD,
	CASE_SEVERITY,
	CASE_REMEDY,
	CASE_DNSSEC,
	CASE_SPF,
	CASE_DMARC,
};

/** A line of a case. */
struct case_line {
	struct case_line *next;
	unsigned line; /* counted from 1 */
	enum case_word word;
	struct mailauth_str rest; /* after the word */
};

/** A case. */
struct suite_case {
	struct suite_case *next;
	unsigned line, last; /* numbers of its title and its last line */
	struct mailauth_str title;
	struct case_line *lines;
};

/** A file; its strings point into `text`. */
struct case_file {
	struct mailauth_str text;
	struct case_line *common; /* before the first case; for all cases */
	struct suite_case *cases;
	size_t ncases;
};

/** Called for each fault in a file; `why` is printable. */
typedef void (*case_tell)(void *arg, unsigned line, const char *why);

/**
 * Read a file. A case without expectations or without a zone is a fault, since
 * it cannot fail.
 * @param a memory for `out`
 * @return the number of faults; 0 with `a->failed` when memory ran out.
 */
size_t casefile_read(struct case_file *out, struct arena *a,
    struct mailauth_str text, case_tell tell, void *arg);

/** Cut the next word off a line; a word in double quotes may have blanks. */
struct mailauth_str case_next(struct mailauth_str *rest);

/** The line with this word that counts: the last of the case, or else the last
 * one before the first case. NULL without one. */
const struct case_line *case_find(const struct case_file *f,
    const struct suite_case *c, enum case_word word);
/** The domain to check: of `domain`, or else the name of the first zone. */
struct mailauth_str
case_domain(const struct case_file *f, const struct suite_case *c);
/** Collect the words of all `args` lines of a case, or with `c` NULL of those
 * before the first case; `noargs` drops the words above it. Returns their
 * number, which may exceed `max`. */
size_t case_args(const struct case_file *f, const struct suite_case *c,
    struct mailauth_str *out, size_t max);

/** Octets of a line of settings after its names are replaced. */
#define CASE_SETTINGS_MAX ((size_t)2 * 1024 * 1024)

/** One settings line of a case. */
struct case_settings {
	unsigned line;
	struct mailauth_str text; /* JSON */
};

/**
 * Collect the settings lines of a case, with each `@name@` replaced by the text
 * of the last `let` of that name above the line.
 * @param c NULL: the lines before the first case
 * @param out room for `max` of them
 * @return their number, which may exceed `max`. The text of a line is STR_NONE
 *     when it exceeds CASE_SETTINGS_MAX or nests names too deeply.
 */
size_t case_settings(const struct case_file *f, const struct suite_case *c,
    struct arena *a, struct case_settings *out, size_t max);

/** The word as written in a file. */
const char *case_word_name(enum case_word word);
/** `s` in printable ASCII, escaped as by put_untrusted(); NULL when memory ran
 * out. */
const char *suite_plain(struct arena *a, struct mailauth_str s);

#endif /* SUITE_CASEFILE_H */
