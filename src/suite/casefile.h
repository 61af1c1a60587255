/*
 * casefile.h - case files: zones, and what a check of them comes to
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The format is that of testdata/checks/README; mailauth-test(7) teaches it.
 * Nothing here reads files, asks questions or prints.
 */
#ifndef SUITE_CASEFILE_H
#define SUITE_CASEFILE_H

#include "base/arena.h"
#include "base/str.h"

/** Octets of an explanation, its NUL included. */
#define CASE_WHY_MAX 256

/** The word a line begins with. */
enum case_word {
	CASE_ZONE,
	CASE_NEWZONE,
	CASE_ZONE_LINE, /* no word: a line of a zone that is written out */
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
	struct mailauth_str rest; /* what follows the word */
};

/** A case. */
struct suite_case {
	struct suite_case *next;
	unsigned line, last; /* of its title, and of its last line */
	struct mailauth_str title;
	struct case_line *lines;
};

/** A file; all of it borrows from its text. */
struct case_file {
	struct mailauth_str text;
	struct case_line *common; /* stand before the first case: of all */
	struct suite_case *cases;
	size_t ncases;
};

/** Told of each line that is wrong, in printable words. */
typedef void (*case_tell)(void *arg, unsigned line, const char *why);

/**
 * Read a file. A case of which nothing is expected, or that has no zone, is a
 * fault: it could not fail.
 * @param a what `out` is made of
 * @return how many faults there are; 0 with `a->failed` when memory ran out.
 */
size_t casefile_read(struct case_file *out, struct arena *a,
    struct mailauth_str text, case_tell tell, void *arg);

/** The next word of a line; one in double quotes may have blanks. */
struct mailauth_str case_next(struct mailauth_str *rest);

/** The last line of a case with this word that counts: its own, or else the
 * one of all. NULL when there is none. */
const struct case_line *case_find(const struct case_file *f,
    const struct suite_case *c, enum case_word word);
/** The domain to check: as said, or the name of the first zone. */
struct mailauth_str
case_domain(const struct case_file *f, const struct suite_case *c);
/** The number of words of all `args` of a case together. `c` NULL: of what
 * stands before the first. */
size_t case_args(const struct case_file *f, const struct suite_case *c,
    struct mailauth_str *out, size_t max);

/** Octets of a line of settings, with what its names are. */
#define CASE_SETTINGS_MAX ((size_t)2 * 1024 * 1024)

/** One text of settings of a case. */
struct case_settings {
	unsigned line;
	struct mailauth_str text; /* JSON */
};

/**
 * The lines of settings of a case: an `@name@` in them is the text that `let`
 * gave that name in a line above.
 * @param c NULL: of what stands before the first case
 * @param out room for `max` of them
 * @return how many there are; one that would be longer than CASE_SETTINGS_MAX,
 *     or has names in names too deeply, has STR_NONE for its text.
 */
size_t case_settings(const struct case_file *f, const struct suite_case *c,
    struct arena *a, struct case_settings *out, size_t max);

/** How a line begins. */
const char *case_word_name(enum case_word word);
/** `s` in printable ASCII, as everywhere; NULL when memory ran out. */
const char *suite_plain(struct arena *a, struct mailauth_str s);

#endif /* SUITE_CASEFILE_H */
