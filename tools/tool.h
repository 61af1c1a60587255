/*
 * tool.h - what the commands share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <getopt.h>

#include "mailauth/mailauth.h"

#define PROGRAM "unbound-mailauth"

/** Exit codes beyond those of enum mailauth_result (sysexits.h). */
enum {
	EXIT_USE = 64,
	EXIT_INPUT = 66,
	EXIT_INTERNAL = 70,
	EXIT_SYSTEM = 71,
};

/** How results are written. */
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_NDJSON,
	FORMAT_TAP, /* of TAKES_TEST alone, as is the next */
	FORMAT_JUNIT,
};

/** Options that more than one command has. Lists grow as options come. */
struct options {
	enum format format;
	bool quiet;
	bool verbose;
	enum mailauth_result verdict_on; /* results below it exit 0 */
	enum mailauth_profile profile;
	bool allow_documentation;
	struct mailauth_options source;
	struct mailauth_request what; /* but for the domain */
	const char *kind, *name; /* of parse */
	const char *receiver, *scope; /* of spf */
	const char *const *dkim; /* of dmarc: domains that pass */
	size_t ndkim;
	const char *spf; /* likewise */
	const char *const *authserv_ids; /* of explain */
	size_t nauthserv_ids;
	const char *key_history; /* file */
	const char *dkim_key; /* file */
	const char *const *settings; /* files */
	size_t nsettings;
	const char *dmarc, *rua, *make_key, *drafts; /* of plan */
	uint32_t ttl;
	bool diff;
	bool update, list; /* of test */
	const char *match; /* likewise; NULL: all */
	unsigned jobs; /* likewise; 0: one for each processor */
	const char *const *add; /* of spf-merge: mechanisms */
	size_t nadd;
	char all; /* likewise: qualifier, or 0 */
};

/** One command. */
struct command {
	const char *name;
	const char *synopsis; /* one line, what follows the name */
	const char *purpose; /* a few words */
	const char *help; /* the options, line by line */
	int (*run)(int argc, char **argv);
};

extern const struct command command_check, command_parse, command_list,
    command_spf, command_spf_merge, command_dmarc, command_explain,
    command_plan, command_checkconf, command_test;

/** The help on TAKES_SOURCE; `whole` is what the timeout is for. */
#define HELP_SOURCE(whole) \
	"Where answers come from (always validated here by DNSSEC):\n" \
	"  (nothing)              full recursion from the root\n" \
	"  --server ADDR[@PORT]   forward to this server (repeatable)\n" \
	"  -r, --resolv-conf [F]  forward to the system's servers\n" \
	"  --zone NAME=FILE       serve this zone from a file (repeatable);\n" \
	"                         no network is used then\n" \
	"  --online               look the rest up live all the same\n" \
	"  --trust-anchor FILE    more trust anchors (DS or DNSKEY)\n" \
	"  --ds RR                one more, as a DS or DNSKEY record\n" \
	"  -C, --config FILE      a libunbound configuration\n" \
	"  --timeout SECONDS      for " whole " (15)\n"

/** The help on TAKES_FORMAT and TAKES_PROFILE. */
#define HELP_OUTPUT \
	"Output:\n" \
	"  --format F             text, json or ndjson (text)\n" \
	"  --verdict-on warn|fail results below this exit 0 (warn)\n" \
	"  -v, --verbose          also what is fine\n" \
	"  -q, --quiet            the exit code alone\n"

/** A place that complaints name first, "FILE:LINE"; NULL: none. */
extern const char *complain_at;
/** Print "unbound-mailauth: what: why" on standard error. */
void complain(const char *what, const char *why);
/** The exit code for a status that is not MAILAUTH_OK. */
int exit_of_status(enum mailauth_status status);
/** The worse of two exit codes: 64 and above, then 2, 3, 1, 0. */
int worse_exit(int a, int b);
/** The exit code for a result, with --verdict-on applied. */
int exit_of_result(const struct options *o, enum mailauth_result result);

/** Groups of options a command takes; bits. */
#define TAKES_SOURCE  1u
#define TAKES_WHAT    2u
#define TAKES_PROFILE 4u
#define TAKES_TEXT    8u
#define TAKES_FORMAT  16u
#define TAKES_SPF     32u
#define TAKES_PASSED  64u
#define TAKES_MESSAGE 128u
#define TAKES_CASE    256u /* of a case: no network, no help */
#define TAKES_TEST    512u
#define TAKES_MERGE   1024u
#define TAKES_PANEL   2048u
#define TAKES_PLAN    4096u

/**
 * Read the options of a command; `optind` is then at the first operand.
 * @return -1, or the exit code when the command is to end here.
 */
int options_read(struct options *o, const struct command *command,
    unsigned takes, int argc, char **argv);
/** One more --add; -1, or an exit code after a complaint. */
int options_add(struct options *o, const char *mechanism);
/** Give back what options_read() has allocated. */
void options_free(struct options *o);

/** Read the files of --settings; `*out` is NULL when there are none. -1, or an
 * exit code after a complaint. */
int settings_load(const struct options *o, struct mailauth_settings **out);

/** Write a report as the options say; an exit code, or -1 when all is well. */
int print_report(const struct options *o, const struct mailauth_report *r,
    bool first);
/** Show what a command came to, and give the report back: the exit code. With
 * a status that is not MAILAUTH_OK there is no report, but `why`. */
int conclude(const struct options *o, const struct command *command,
    enum mailauth_status status, struct mailauth_report *report,
    const char *why, bool first);
/** Make the resolver that the options ask for; an exit code after a complaint,
 * or -1 when all is well. */
int open_resolver(const struct options *o, struct mailauth_resolver **out);
/** Some option says where answers come from. */
bool has_source(const struct mailauth_options *s);
/** Flush standard output; an exit code, or -1 when all is well. */
int finish_output(void);

#endif /* TOOLS_TOOL_H */
