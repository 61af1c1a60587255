/*
 * option.h - options of the commands: rows, and what is made of them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An option is one row: its names, its value, where the value goes, and its
 * help. Rows are in groups; a command lists the groups that it takes. From the
 * rows come the reading of arguments, --help, `list options`, and from that
 * the completions of shells and the test that the manual has every option.
 *
 * To add an option: one row, in the file of its command, or in option_rows.c
 * when several commands share it.
 */
#ifndef TOOLS_OPTION_H
#define TOOLS_OPTION_H

#include "mailauth/mailauth.h"

struct command;
struct format;

/** One option. */
struct option {
	const char *name; /* without its hyphens */
	char letter; /* 0: none */
	const char *value; /* what it takes; in brackets when it may be left
	                      out; NULL: nothing */
	/* Put the value where it goes; -1, or an exit code to end with. */
	int (*take)(const struct option *row, void *to, char *value);
	size_t at; /* where in `to` */
	size_t count; /* of a list: where its length is; 0: it is no list */
	const char *help; /* a few words, in lines; NULL: it is not shown */
	const char *otherwise; /* what holds without the option; NULL */
	/* Write the text for "%s" in the help; NULL: the help has no %s. */
	void (*fill)(const struct command *command, char *room, size_t size);
};

/** Options under one heading of the help. */
struct group {
	const char *heading; /* lines; NULL: they go on with those above */
	const struct option *rows; /* up to one without a name */
	bool own; /* values go to `own`, not to the struct of all */
};

/** A group whose values go to the struct of all, or to that of the command. */
#define SHARED(heading, rows) \
	{ \
		heading, rows, false \
	}
#define OWN(heading, rows) \
	{ \
		heading, rows, true \
	}
/** The groups that a command may have, and the end of them. */
#define GROUPS_MAX 8

/** When text has colours. */
enum colour {
	COLOUR_AUTO, /* on a terminal */
	COLOUR_ALWAYS,
	COLOUR_NEVER,
};

/** What was given in place of a domain, and was left out. */
struct refused {
	char *text; /* as it was given */
	char *why;
	size_t before; /* index of the operand that it was in front of */
};

/** What options said: what more than one command has. */
struct options {
	const struct command *command; /* NULL: options of a case */
	const struct group *takes;
	void *own; /* what this command alone has */
	char *const *behind; /* arguments behind the value that is taken */
	char **operands; /* arguments that are no options, up to NULL */
	size_t noperands;
	struct refused *refused; /* operands_sift() */
	size_t nrefused;

	const struct format *format;
	bool several; /* reports: in JSON they are elements of an array */
	bool quiet;
	bool verbose;
	enum colour colour;
	enum mailauth_severity level; /* of findings that text shows */
	enum mailauth_result verdict_on; /* results below it exit 0 */
	struct mailauth_options source;
	struct mailauth_request what; /* but for the domain */
	const char *receiver, *scope; /* of spf */
	const char *const *dkim; /* of dmarc: domains that pass */
	size_t ndkim;
	const char *spf; /* likewise */
	const char *key_history; /* file */
	const char *list; /* file with domains; "-": standard input */
	bool in_order; /* as the list has them */
	unsigned retry; /* how often what could not be told is asked again */
	const char *dkim_key; /* file */
	const char *const *settings; /* files */
	size_t nsettings;
};

/** Where a value goes: in the struct of all. */
#define AT(member)          .at = offsetof(struct options, member)
#define AT_LIST(list, size) AT(list), .count = offsetof(struct options, size)
/** Where a value goes: in the struct of one command. */
#define AT_OWN(type, member) .at = offsetof(struct type, member)
#define AT_OWN_LIST(type, list, size) \
	AT_OWN(type, list), .count = offsetof(struct type, size)

/**
 * Read arguments; names are whole, operands may be among the options.
 * @param o what to fill in; `command`, or else `takes`, and `own` are set
 * @param argv the name of the command, then its arguments; operands are put in
 *     front
 * @return -1, or the exit code when the command is to end here.
 */
int options_read(struct options *o, int argc, char **argv);
/** Give back what options_read() has allocated. */
void options_free(struct options *o);
/** Complain of the value of an option; EXIT_USE. */
int option_refuse(const struct option *row, const char *why);

/** Ways to take a value, as rows name them. */
int take_text(const struct option *row, void *to, char *value);
int take_flag(const struct option *row, void *to, char *value);
/** One more text of a list. */
int take_word(const struct option *row, void *to, char *value);
/** The format of the output; of those the command has. */
int take_format(const struct option *row, void *to, char *value);
/** One more element of a list, zeroed; NULL after a complaint. */
void *option_grow(const struct option *row, void *to, size_t size);

/** Print the help on a command; an exit code. */
int options_help(const struct command *command);
/** Say what an option is for, in lines; what holds without it is left out. */
void option_help(const struct option *row, const struct command *command,
    char *room, size_t size);
/** Call `each` for every option that is shown, in the order of the help. */
void options_each(const struct command *command,
    void (*each)(void *arg, const struct option *row), void *arg);

/** Options of all commands. */
extern const struct option options_common[];

/** Rows that several commands have in groups of their own. */
#define OPTION_TRUST_ANCHOR \
	{ \
		"trust-anchor", 0, "FILE", take_word, \
		    AT_LIST(source.anchor_files, source.nanchor_files), \
		    .help = "more trust anchors (DS or DNSKEY)" \
	}
#define OPTION_DS \
	{ \
		"ds", 0, "RR", take_word, \
		    AT_LIST(source.anchors, source.nanchors), \
		    .help = "one more, as a DS or DNSKEY record" \
	}
#define OPTION_TIMEOUT \
	{ \
		"timeout", 0, "SECONDS", take_timeout, \
		    .help = "for %s", .otherwise = "15", .fill = fill_timeout \
	}
#define OPTION_IP(text) \
	{ \
		"ip", 0, "IP", take_ip, AT_LIST(what.senders, what.nsenders), \
		    .help = text \
	}
#define OPTION_MAIL_FROM \
	{ \
		"mail-from", 0, "ADDRESS", take_address, AT(what.mail_from), \
		    .help = "MAIL FROM: address, domain or <>" \
	}
#define OPTION_HELO \
	{ \
		"helo", 0, "NAME", take_text, AT(what.helo), \
		    .help = "the name the host greets with" \
	}
#define OPTION_DKIM_KEY(text) \
	{ \
		"dkim-key", 0, "FILE", take_text, AT(dkim_key), .help = text \
	}
#define OPTION_SETTINGS(text) \
	{ \
		"settings", 0, "FILE", take_word, \
		    AT_LIST(settings, nsettings), .help = text \
	}
#define OPTION_FORMAT \
	{ \
		"format", 0, "F", take_format, AT(format), \
		    .help = "%s", .otherwise = "text", .fill = fill_format \
	}
#define OPTION_VERBOSE(text) \
	{ \
		"verbose", 'v', NULL, take_flag, AT(verbose), .help = text \
	}
#define OPTION_QUIET(text) \
	{ \
		"quiet", 'q', NULL, take_flag, AT(quiet), .help = text \
	}

/** Complain of a value that is not a number of seconds, more than 0 and up to
 * `most`; EXIT_USE. */
int refuse_seconds(const struct option *row, const char *value, unsigned most);
int take_address(const struct option *row, void *to, char *value);
int take_timeout(const struct option *row, void *to, char *value);
int take_ip(const struct option *row, void *to, char *value);
void fill_timeout(const struct command *command, char *room, size_t size);
void fill_format(const struct command *command, char *room, size_t size);

/** Where answers come from. */
#define HEAD_SOURCE \
	"Where answers come from (always validated here by DNSSEC):\n" \
	"  (nothing)              full recursion from the root"
extern const struct option options_source[];
extern const struct option options_outside[];
extern const struct option options_only[];
/** Whose expectations decide. */
extern const struct option options_profile[];
/** How a report is written. */
#define HEAD_OUTPUT "Output:"
extern const struct option options_report[];

/** What `check`, `spf` and `dmarc` are asked, for cases of `test` too. */
extern const struct option options_check[], options_spf[], options_dmarc[];

#endif /* TOOLS_OPTION_H */
