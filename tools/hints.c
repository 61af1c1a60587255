/*
 * hints.c - options that answer what a report asks for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The library says what it would have to be told; which option does so is
 * known here alone.
 */
#include "tools/hints.h"

#include <stdio.h>
#include <string.h>

#include "tools/tool.h"

/* Options that one finding or cause may have. */
#define OPTIONS_MAX 2

static const struct hint {
	const char *code; /* of a finding or cause, a member of a request, or
	                   * why something is incomplete */
	const char *options[OPTIONS_MAX];
	const char *words; /* shown in place of the code; may be NULL */
} hints[] = {
	{ "outside", { "zone", "online" }, "the names outside" },
	{ "source-unreachable", { "server" }, NULL },
	{ "source-strips-dnssec", { "server", "no-dnssec" }, NULL },
	{ "source-denies-root", { "server", "no-dnssec" }, NULL },
	{ "dns-builtin-empty-zone", { "server", "zone" }, NULL },
	{ "spf-mailfrom-domain-unchecked", { "mail-from" }, NULL },
	{ "spf-all-neutral", { "all" }, NULL },
	{ "dkim-selector-not-given", { "selector" }, NULL },
	{ "ar-untrusted", { "authserv-id" }, NULL },
	{ "bimi-cert-unanchored", { "bimi-root" }, NULL },
	{ "unsigned", { "authserv-id" }, NULL },
	{ "return-path-not-covered", { "ip" }, NULL },
	{ "message-attached", { "part" }, NULL },
	{ "several-messages", { "part" }, NULL },
	{ "forwarded", { "hop" }, NULL },
	{ "ip", { "ip" }, "the sending server, as in --ip 192.0.2.4" },
	{ "mail_from", { "mail-from" },
	    "the MAIL FROM address, as in --mail-from bounce@example.com" },
	{ "helo", { "helo" }, "the HELO name, as in --helo mail.example.com" },
};

#define HINTS (sizeof(hints) / sizeof(hints[0]))

struct search {
	const char *name;
	bool found;
};

static void
compare(void *arg, const struct option *row)
{
	struct search *s = arg;

	s->found = s->found || strcmp(s->name, row->name) == 0;
}

static bool
has_option(const struct command *command, const char *name)
{
	struct search s = { name, false };

	options_each(command, compare, &s);
	return s.found;
}

/* The report has this finding, and its text shows it. */
static bool
has_finding(const struct options *o, struct mailauth_report *r,
    const char *code)
{
	size_t n = mailauth_report_findings(r);

	for (size_t i = 0; i < n; i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, i);

		if (v != NULL && strcmp(v->code, code) == 0 &&
		    (o->verbose || v->severity >= MAILAUTH_NOTICE))
			return true;
	}
	return false;
}

static bool
has_cause(const struct mailauth_report *r, const char *code)
{
	struct mailauth_cause_view v;

	for (size_t i = 0; mailauth_report_cause(r, i, &v); i++)
		if (strcmp(v.cause, code) == 0)
			return true;
	return false;
}

static bool
is_missing(const struct mailauth_report *r, const char *member)
{
	const char *missing;

	for (size_t i = 0; (missing = mailauth_report_missing(r, i)) != NULL;
	     i++)
		if (strcmp(missing, member) == 0)
			return true;
	return false;
}

/* Something was not looked at for this reason. */
static bool
is_incomplete(const struct options *o, const struct mailauth_report *r,
    const char *why)
{
	struct mailauth_incomplete_view v;

	/* What `plan` prints is a zone file. */
	if (strcmp(o->command->name, "plan") == 0)
		return false;
	for (size_t i = 0; mailauth_report_incomplete(r, i, &v); i++)
		if (strcmp(v.why, why) == 0)
			return true;
	return false;
}

static void
put_hint(const struct options *o, const struct hint *h, bool *any)
{
	const char *before = "  see ";

	for (size_t i = 0; i < OPTIONS_MAX && h->options[i] != NULL; i++) {
		if (!has_option(o->command, h->options[i]))
			continue;
		printf("%s%s--%s", *any ? "" : "\n", before, h->options[i]);
		before = ", ";
		*any = true;
	}
	if (before[0] == ',')
		printf(" for %s\n", h->words != NULL ? h->words : h->code);
}

void
hints_print(const struct options *o, struct mailauth_report *r)
{
	bool any = false;

	for (size_t i = 0; i < HINTS; i++)
		if (has_finding(o, r, hints[i].code) ||
		    has_cause(r, hints[i].code) ||
		    is_missing(r, hints[i].code) ||
		    is_incomplete(o, r, hints[i].code))
			put_hint(o, &hints[i], &any);
}
