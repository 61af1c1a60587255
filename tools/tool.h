/*
 * tool.h - what the commands share
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * tools: the command line. A command is one row of `commands` in
 * unbound-mailauth.c, and a file or folder. Its options are rows (option.h);
 * a format (format.h) writes its results; hints.c names the options that a
 * report asks for. May include the installed headers, sys, suite and
 * log/conf.h; parses no record. In: arguments and files. Out: reports on
 * standard output, complaints on standard error, an exit code.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <stdio.h>

#include "mailauth/mailauth.h"
#include "tools/format.h"
#include "tools/near.h"
#include "tools/option.h"

#define PROGRAM "unbound-mailauth"
/** What JSON follows, in the member "schema". */
#define SCHEMA PROGRAM "/1"

/** Exit codes beyond those of enum mailauth_result (sysexits.h). */
enum {
	EXIT_USE = 64,
	EXIT_INPUT = 66,
	EXIT_INTERNAL = 70,
	EXIT_SYSTEM = 71,
};

/** One command. */
struct command {
	const char *name;
	const char *synopsis; /* one line, what follows the name */
	const char *purpose; /* a few words */
	const char *about; /* lines of the help above the options; NULL */
	struct group takes[GROUPS_MAX]; /* options; the last one is empty */
	size_t own_size; /* of the struct its own options fill, zeroed */
	const char *timeout_is_for; /* when it takes options_source */
	enum writes writes; /* what its formats write */
	bool takes_record; /* its operand is the text of a record */
	/* Options were read: do it. @return the exit code. */
	int (*run)(struct options *o);
};

/** All commands, up to NULL. */
extern const struct command *const commands[];
/** The command of this name, or NULL. */
const struct command *command_named(const char *name);

/** Print what commands there are; finish_output() is up to the caller. */
void usage_print(FILE *to);
/** Print the version; an exit code. */
int version_print(void);

/** A place that complaints name first, "FILE:LINE"; NULL: none. */
extern const char *complain_at;
/** From now on complaints are put into `room`, "what: why", as they were given:
 * the first one that finds it empty. NULL: they are printed again. */
void complain_keep(char *room, size_t size);
/** Print "unbound-mailauth: what: why" on standard error. */
void complain(const char *what, const char *why);
/** Complain of a word that somebody typed, cut when it is long; EXIT_USE. */
int refuse_word(const char *word, const char *why);
/** Complain of a word that is no `what`, with the one that was probably meant,
 * and those there are ("a, b"; NULL: too many); EXIT_USE. */
int refuse_unknown(const struct near *n, const char *what, const char *known);
/** The exit code for a status that is not MAILAUTH_OK. */
int exit_of_status(enum mailauth_status status);
/** The worse of two exit codes: 64 and above, then 2, 3, 1, 0. */
int worse_exit(int a, int b);
/** The exit code for a result, with --verdict-on applied. */
int exit_of_result(const struct options *o, enum mailauth_result result);

/** Read the files of --settings; `*out` is NULL when there are none. -1, or an
 * exit code after a complaint. */
int settings_load(const struct options *o, struct mailauth_settings **out);

/** Write a report as the options say; an exit code, or -1 when all is well. */
int
print_report(const struct options *o, struct mailauth_report *r, bool first);
/** Write, as a report among others, that a domain was refused, in formats that
 * have a place for it. Likewise. */
int print_refusal(const struct options *o, const struct refusal *r, bool first);
/** End the reports of a command; `first`: none was printed. */
int end_reports(const struct options *o, bool first);
/** Show the report that a command has made, and give it back; the exit code.
 * With a status that is not MAILAUTH_OK there is no report, but `why`. */
int conclude(const struct options *o, enum mailauth_status status,
    struct mailauth_report *report, const char *why, bool first);
/** Make the resolver that the options ask for; an exit code after a complaint,
 * or -1 when all is well. */
int open_resolver(const struct options *o, struct mailauth_resolver **out);
/** Some option says where answers come from. */
bool has_source(const struct mailauth_options *s);
/** Note from now on when jansson has no memory. */
void json_note_memory(void);
/** Some of a document could not be made for want of memory. */
void json_lacks(void);
/** Nothing of the documents that were made is missing; if not, finish_output()
 * says so. */
bool json_is_whole(void);
/** A text that somebody typed as a string: other octets than printable ones as
 * \ddd, a backslash as two. */
json_t *json_plain(const char *text);
/** Write a document and the end of its line, or nothing when it is not whole. */
void put_json(const json_t *document, size_t flags);
/** Flush standard output; an exit code, or -1 when all is well. */
int finish_output(void);

#endif /* TOOLS_TOOL_H */
