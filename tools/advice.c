/*
 * advice.c - what was meant by a command or option that there is not
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * First what other programs call it, then a word that looks alike.
 */
#include "tools/advice.h"

#include <stdio.h>
#include <string.h>

#include "tools/tool.h"

/* Names of tables. */

/* What standards call kinds of records. */
static const struct {
	const char *word, *kind;
} other_kinds[] = {
	{ "mta-sts", "mtasts" },
	{ "tls-rpt", "tlsrpt" },
	{ "dane", "tlsa" },
};

size_t
kind_of_word(const char *word, struct mailauth_kind_info *kind)
{
	size_t i = 0;

	for (size_t k = 0; k < sizeof(other_kinds) / sizeof(other_kinds[0]);
	     k++)
		if (same_word(word, other_kinds[k].word))
			word = other_kinds[k].kind;
	while (mailauth_kind_at(i, kind) && !same_word(kind->name, word))
		i++;
	if (!mailauth_kind_at(i, kind))
		kind->name = NULL;
	return i;
}

static bool
is_kind(const char *word)
{
	struct mailauth_kind_info k;

	kind_of_word(word, &k);
	return k.name != NULL;
}

static bool
is_profile(const char *word)
{
	for (unsigned p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
		if (strcmp(word,
		        mailauth_profile_name((enum mailauth_profile)p)) == 0)
			return true;
	return strcmp(word, "parked") == 0;
}

static bool
is_format(const struct command *command, const char *word)
{
	for (const struct format *f = formats; f->name != NULL; f++)
		if (strcmp(word, f->name) == 0)
			return format_writes(f, command->writes);
	return false;
}

/* Commands. */

/* What people call what a command does. */
static const struct {
	const char *word, *call;
} other_commands[] = {
	{ "scan", "check DOMAIN" },
	{ "lookup", "check DOMAIN" },
	{ "query", "check DOMAIN" },
	{ "dig", "check DOMAIN" },
	{ "verify", "check DOMAIN" },
	{ "validate", "check DOMAIN" },
	{ "audit", "check DOMAIN" },
	{ "domain", "check DOMAIN" },
	{ "txt", "check DOMAIN" },
	{ "dkim", "check --only dkim --selector SELECTOR DOMAIN" },
	{ "selector", "check --selector SELECTOR DOMAIN" },
	{ "record", "parse TEXT" },
	{ "text", "parse TEXT" },
	{ "header", "explain FILE" },
	{ "headers", "explain FILE" },
	{ "mail", "explain FILE" },
	{ "message", "explain FILE" },
	{ "eml", "explain FILE" },
	{ "why", "explain FILE" },
	{ "merge", "spf-merge RECORD --add MECHANISM" },
	{ "add", "spf-merge RECORD --add MECHANISM" },
	{ "keygen", "plan --make-key rsa FILE" },
	{ "genkey", "plan --make-key rsa FILE" },
	{ "make-key", "plan --make-key rsa FILE" },
	{ "generate", "plan --settings FILE" },
	{ "settings", "plan --settings FILE" },
	{ "checkconf", "module-checkconf FILE" },
	{ "module", "module-checkconf FILE" },
	{ "kinds", "list kinds" },
	{ "findings", "list findings" },
	{ "codes", "list findings" },
	{ "options", "list options" },
	{ "commands", "list commands" },
	{ "formats", "list formats" },
	{ "man", "help" },
	{ "usage", "help" },
};

#define OTHER_COMMANDS (sizeof(other_commands) / sizeof(other_commands[0]))

/* What to call in place of the word, in `call`. */
static bool
other_command(const char *word, char *call, size_t size)
{
	struct mailauth_finding_info f;

	for (size_t i = 0; i < OTHER_COMMANDS; i++)
		if (same_word(word, other_commands[i].word)) {
			snprintf(call, size, "%s", other_commands[i].call);
			return true;
		}
	if (is_kind(word)) {
		snprintf(call, size, "check --only %s DOMAIN", word);
		return true;
	}
	for (size_t i = 0; mailauth_finding_at(i, &f); i++)
		if (strcmp(word, f.code) == 0) {
			snprintf(call, size, "help %s", word);
			return true;
		}
	return false;
}

int
refuse_command(const char *word)
{
	char call[ADVICE_MAX], why[ADVICE_MAX + 64];
	struct near n = { .word = word };

	for (size_t i = 0; commands[i] != NULL; i++)
		near_try(&n, commands[i]->name);
	if (n.best != NULL && n.at <= 1)
		return refuse_unknown(&n, "command", NULL);
	if (other_command(word, call, sizeof(call)))
		snprintf(why, sizeof(why),
		    "there is no such command; did you mean '%s'?", call);
	else if (n.best != NULL)
		return refuse_unknown(&n, "command", NULL);
	else
		snprintf(why, sizeof(why),
		    "there is no such command; see '" PROGRAM " help', or "
		    "write 'check %.40s' for a domain of one label",
		    word);
	return refuse_word(word, why);
}

/* Options. */

/* What other programs call an option, and what it is here: an option, a call or
 * a sentence. The first row that the command can follow counts. */
static const struct other {
	const char *name; /* or letter */
	const char *option; /* without hyphens; NULL: any command */
	const char *say; /* NULL: that it is probably this option */
} others[] = {
	{ "nameserver", "server", NULL },
	{ "nameservers", "server", NULL },
	{ "ns", "server", NULL },
	{ "dns", "server", NULL },
	{ "dns-server", "server", NULL },
	{ "resolver", "server", NULL },
	{ "forward", "server", NULL },
	{ "port", "server", "the port is part of --server ADDRESS@PORT" },
	{ "p", "server", "the port is part of --server ADDRESS@PORT" },
	{ "b", "server", NULL },
	{ "n", "server", NULL },
	{ "R", "resolv-conf", NULL },
	{ "z", "zone", NULL },
	{ "zonefile", "zone", NULL },
	{ "zone-file", "zone", NULL },
	{ "live", "online", NULL },
	{ "anchor", "trust-anchor", NULL },
	{ "trusted-key", "trust-anchor", NULL },
	{ "dnskey", "trust-anchor", NULL },
	{ "insecure", "no-dnssec", NULL },
	{ "dnssec", "no-dnssec",
	    "DNSSEC is validated always, but with --no-dnssec" },
	{ "D", "no-dnssec",
	    "DNSSEC is validated always, but with --no-dnssec" },
	{ "c", "config", NULL },
	{ "conf", "config", NULL },
	{ "t", "only", "did you mean --only KIND, or --timeout SECONDS?" },
	{ "t", "timeout", NULL },
	{ "T", "timeout", NULL },
	{ "w", "timeout", NULL },
	{ "wait", "timeout", NULL },
	{ "tries", "retry", NULL },
	{ "tries", "timeout", NULL },
	{ "retries", "retry", NULL },
	{ "retries", "timeout", NULL },
	{ "s", "selector", NULL },
	{ "dkim-selector", "selector", NULL },
	{ "k", "dkim-key", NULL },
	{ "k", "kind", NULL },
	{ "key", "dkim-key", NULL },
	{ "private-key", "dkim-key", NULL },
	{ "i", "ip", NULL },
	{ "x", "ip", NULL },
	{ "ip4", "ip", NULL },
	{ "ip6", "ip", NULL },
	{ "ip-address", "ip", NULL },
	{ "address", "ip", NULL },
	{ "client", "ip", NULL },
	{ "client-ip", "ip", NULL },
	{ "remote-ip", "ip", NULL },
	{ "from", "mail-from", NULL },
	{ "f", "format", NULL },
	{ "sender", "mail-from", NULL },
	{ "mfrom", "mail-from", NULL },
	{ "envelope-from", "mail-from", NULL },
	{ "return-path", "mail-from", NULL },
	{ "identity", "mail-from", NULL },
	{ "ehlo", "helo", NULL },
	{ "hello", "helo", NULL },
	{ "helo-id", "helo", NULL },
	{ "host", "sender", NULL },
	{ "type", "only", NULL },
	{ "type", "kind", NULL },
	{ "kind", "only", NULL },
	{ "kinds", "only", NULL },
	{ "record", "only", NULL },
	{ "tag", "authserv-id", NULL },
	{ "include", "add", NULL },
	{ "a", "add", NULL },
	{ "policy", "dmarc", NULL },
	{ "report", "rua", NULL },
	{ "keygen", "make-key", NULL },
	{ "strict", "profile", "did you mean --profile guide?" },
	{ "level", "verdict-on", NULL },
	{ "fail-on", "verdict-on", NULL },
	{ "no-color", "color", "did you mean --color never?" },
	{ "no-colour", "color", "did you mean --color never?" },
	{ "no-color", NULL, "set NO_COLOR=1 in the environment" },
	{ "no-colour", NULL, "set NO_COLOR=1 in the environment" },
	{ "output-format", "format", NULL },
	{ "debug", "verbose", NULL },
	{ "d", NULL, "a domain is an argument without an option" },
	{ "domain", NULL, "a domain is an argument without an option" },
	{ "silent", "quiet", NULL },
	{ "o", NULL, "write the output to a file with > FILE" },
	{ "output", NULL, "write the output to a file with > FILE" },
	{ "outfile", NULL, "write the output to a file with > FILE" },
	{ "file", "list", NULL },
	{ "input", "list", NULL },
	{ "usage", "help", NULL },
	{ "?", "help", NULL },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

/* A search for an option. */
struct search {
	const char *name;
	const struct option *row;
	struct near near;
};

static void
compare(void *arg, const struct option *row)
{
	struct search *s = arg;

	near_try(&s->near, row->name);
	if (s->row == NULL && strcmp(s->name, row->name) == 0)
		s->row = row;
}

static struct search
search(const struct options *o, const char *name)
{
	struct search s = { .name = name, .near = { .word = name } };

	if (o->command != NULL) {
		options_each(o->command, compare, &s);
		return s;
	}
	for (const struct group *g = o->takes; g->rows != NULL; g++)
		for (const struct option *r = g->rows; r->name != NULL; r++)
			compare(&s, r);
	return s;
}

static void
mean_option(const struct option *row, char *why)
{
	snprintf(why, ADVICE_MAX, "did you mean --%s%s%s?", row->name,
	    row->value != NULL ? " " : "",
	    row->value != NULL ? row->value : "");
}

/* What another program calls so. */
static bool
advise_other(const struct options *o, const char *name, char *why)
{
	for (size_t i = 0; i < OTHERS; i++) {
		const struct other *other = &others[i];
		struct search s = { 0 };

		if (strcmp(other->name, name) != 0)
			continue;
		if (other->option != NULL)
			s = search(o, other->option);
		if (other->option != NULL && s.row == NULL)
			continue;
		if (other->say == NULL)
			mean_option(s.row, why);
		else
			snprintf(why, ADVICE_MAX, "%s", other->say);
		return true;
	}
	return false;
}

/* The value of an option that was taken for the option. */
static bool
advise_value(const struct options *o, const char *name, char *why)
{
	const char *option = NULL;

	if (is_kind(name) && search(o, "only").row != NULL)
		option = "only";
	else if (is_profile(name) && search(o, "profile").row != NULL)
		option = "profile";
	else if (o->command != NULL && is_format(o->command, name))
		option = "format";
	if (option != NULL)
		snprintf(why, ADVICE_MAX, "did you mean --%s %s?", option,
		    name);
	return option != NULL;
}

/* The command that has the option, when this one has not. */
static const struct command *
command_with(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		struct options o = { .command = commands[i] };

		if (search(&o, name).row != NULL)
			return commands[i];
	}
	return NULL;
}

static void
advise_option(const struct options *o, const char *name, char *why)
{
	const struct command *other;
	struct search s = search(o, name);

	if (advise_other(o, name, why) || advise_value(o, name, why))
		return;
	other = o->command != NULL ? command_with(name) : NULL;
	if (other != NULL)
		snprintf(why, ADVICE_MAX, "%s has it, and %s has not",
		    other->name, o->command->name);
	else if (s.near.best != NULL)
		snprintf(why, ADVICE_MAX, "did you mean --%s?", s.near.best);
	else if (o->command != NULL)
		snprintf(why, ADVICE_MAX, "see '%s -h'", o->command->name);
	else
		snprintf(why, ADVICE_MAX, "see 'check -h'");
}

int
refuse_option(const struct options *o, const char *shown, const char *name)
{
	char advice[ADVICE_MAX], why[ADVICE_MAX + 32];

	advise_option(o, name, advice);
	snprintf(why, sizeof(why), "there is no such option; %s", advice);
	return refuse_word(shown, why);
}

/* Kinds of record. */

int
refuse_kind(const char *word)
{
	struct near n = { .word = word };
	struct mailauth_kind_info k;

	for (size_t i = 0; mailauth_kind_at(i, &k); i++)
		near_try(&n, k.name);
	return refuse_unknown(&n, "kind; see 'list kinds'", NULL);
}

/* Records in pieces. */

/* Add a word behind a blank; false when there is no room. */
static bool
add_piece(char *text, size_t size, const char *word)
{
	size_t n = strlen(text);

	if (n + strlen(word) + 2 > size)
		return false;
	snprintf(text + n, size - n, "%s%s", n > 0 ? " " : "", word);
	return true;
}

int
refuse_pieces(const struct options *o, char *const *more)
{
	const char *second =
	    o->noperands > 1 ? o->operands[1] : (more != NULL ? *more : "");
	char text[80] = "", why[ADVICE_MAX];
	bool whole = true;

	for (size_t i = 0; whole && i < o->noperands; i++)
		whole = add_piece(text, sizeof(text), o->operands[i]);
	for (; whole && more != NULL && *more != NULL; more++)
		whole = add_piece(text, sizeof(text), *more);
	snprintf(why, sizeof(why),
	    "quote the record, it is one argument: %s '%s%s'", o->command->name,
	    text, whole ? "" : " ...");
	return refuse_word(second, why);
}
