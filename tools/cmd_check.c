/*
 * cmd_check.c - everything about a domain, one verdict
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"
#include "tools/argument.h"
#include "tools/batch/batch.h"
#include "tools/keyfile.h"
#include "tools/tally.h"
#include "tools/tool.h"

/* What a run knows while its checks come in. */
struct run {
	const struct options *options;
	struct key_history history;
	const struct mailauth_settings *settings;
	char **domains; /* none: those of the settings */
	struct mailauth_request *requests;
	struct tally tally;
	size_t left_out; /* of options->refused: the first not yet printed */
	int code;
	bool printed;
};

/* Write why a domain is refused. The library asks for a selector where the name
 * of a key was given: here the option for it is known. */
static void
name_option(const char *why, char text[REFUSAL_MAX])
{
	static const char check[] = ": check ", with[] = " with selector ";
	const char *at = strstr(why, check);
	const char *selector = at != NULL ? strstr(at, with) : NULL;

	if (selector == NULL)
		snprintf(text, REFUSAL_MAX, "%s", why);
	else
		snprintf(text, REFUSAL_MAX, "%.*s%s--selector %s %.*s",
		    (int)(at - why), why, check, selector + sizeof(with) - 1,
		    (int)(selector - at) - (int)sizeof(check) + 1,
		    at + sizeof(check) - 1);
}

/* What follows the domain in quotes, which the library's words begin with. */
static const char *
without_name(const char *why, const char *domain)
{
	size_t n = strlen(domain);

	return why[0] == '\'' && strncmp(why + 1, domain, n) == 0 &&
	        strncmp(why + 1 + n, "': ", 3) == 0 ?
	    why + n + 4 :
	    why;
}

static void
print_refused(struct run *run, const char *domain, const char *why, int code)
{
	const struct refusal r = { domain, without_name(why, domain), code, 0 };

	code = print_refusal(run->options, &r, !run->printed);
	run->printed = true;
	if (code >= 0)
		run->code = worse_exit(run->code, code);
}

/* Print the operands that were in front of domain `index` and are none. */
static void
print_left_out(struct run *run, size_t index)
{
	const struct options *o = run->options;

	for (; run->left_out < o->nrefused &&
	     o->refused[run->left_out].before <= index;
	     run->left_out++)
		print_refused(run, o->refused[run->left_out].text,
		    o->refused[run->left_out].why, EXIT_USE);
}

/* A domain was refused. */
static void
refuse_domain(struct run *run, size_t index, enum mailauth_status status,
    const char *why)
{
	char text[REFUSAL_MAX];
	int code = exit_of_status(status);

	name_option(why, text);
	complain(NULL, text);
	run->code = worse_exit(run->code, code);
	if (run->options->several)
		print_refused(run, run->requests[index].domain, text, code);
}

static void
done(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct run *run = arg;
	int code;

	tally_take(&run->tally, run->requests[index].domain,
	    status == MAILAUTH_OK ? report : NULL);
	if (run->options->several)
		print_left_out(run, index);
	if (status != MAILAUTH_OK) {
		refuse_domain(run, index, status, why);
		return;
	}
	code = exit_of_result(run->options, mailauth_report_result(report));
	run->code = worse_exit(run->code, code);
	code = print_report(run->options, report, !run->printed);
	run->printed = true;
	if (code >= 0)
		run->code = worse_exit(run->code, code);
	if (!key_history_take(&run->history, report))
		run->code = worse_exit(run->code, EXIT_SYSTEM);
	mailauth_report_free(report);
}

/* The report of each domain is a page of text. */
static bool
prints_pages(const struct options *o)
{
	return !o->quiet && o->format == formats;
}

/* Fill in what is asked of a domain. */
static void
fill_request(const struct run *run, const struct options *o, const char *domain,
    struct mailauth_request *q)
{
	*q = o->what;
	q->domain = domain;
	q->settings = run->settings;
	q->history = run->history.keys;
	q->nhistory = run->history.nkeys;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The domain is the first of its name; the tree has the names so far. What is no
 * domain is left to the library, which complains; likewise without memory. */
static bool
is_new(void **names, const char *domain)
{
	char name[MAILAUTH_NAME_MAX], *copy, **there;

	if (mailauth_domain_name(domain, name) != MAILAUTH_OK ||
	    (copy = strdup(name)) == NULL)
		return true;
	there = tsearch(copy, names, compare_names);
	if (there != NULL && *there == copy)
		return true;
	free(copy);
	return there == NULL;
}

/* Keep each domain once, and return how many there are. */
static size_t
without_doubles(struct options *o)
{
	void *names = NULL;
	size_t kept = 0, k = 0;

	for (size_t i = 0; i < o->noperands; i++) {
		for (; k < o->nrefused && o->refused[k].before <= i; k++)
			o->refused[k].before = kept;
		if (is_new(&names, o->operands[i]))
			o->operands[kept++] = o->operands[i];
	}
	for (; k < o->nrefused; k++)
		o->refused[k].before = kept;
	while (names != NULL) {
		char *name = *(char **)names;

		tdelete(name, &names, compare_names);
		free(name);
	}
	return kept;
}

static int
check(struct run *run, struct mailauth_resolver *resolver, size_t n)
{
	double started = clock_monotonic();
	enum mailauth_status status = MAILAUTH_ENOMEM;
	int code;

	/* There may be no domain. */
	run->requests = calloc(n + 1, sizeof(*run->requests));
	for (size_t i = 0; run->requests != NULL && i < n; i++)
		fill_request(run, run->options,
		    run->domains != NULL ?
		        run->domains[i] :
		        mailauth_settings_domain(run->settings, i),
		    &run->requests[i]);
	if (run->requests != NULL)
		status =
		    mailauth_check_all(resolver, run->requests, n, done, run);
	if (status == MAILAUTH_OK && run->options->several)
		print_left_out(run, n);
	run->tally.refused += run->options->nrefused;
	if (status == MAILAUTH_OK && prints_pages(run->options) &&
	    tally_count(&run->tally) > 1) {
		putchar('\n');
		tally_print(&run->tally, clock_monotonic() - started, stdout);
	}
	free(run->requests);
	tally_free(&run->tally);
	if (status != MAILAUTH_OK) {
		complain("check", "memory ran out");
		return exit_of_status(status);
	}
	code = end_reports(run->options, !run->printed);
	if (code >= 0)
		run->code = worse_exit(run->code, code);
	return run->code;
}

/* How many domains there are to check, or that were refused; 0 after a
 * complaint. */
static size_t
count_domains(struct run *run, struct options *o)
{
	size_t n = o->noperands;

	if (n + o->nrefused > 0) {
		run->domains = o->operands;
		return without_doubles(o) + o->nrefused;
	}
	if (run->settings == NULL) {
		complain("check", "name a domain: check example.com");
		return 0;
	}
	while (mailauth_settings_domain(run->settings, n) != NULL)
		n++;
	if (n == 0)
		complain("check",
		    "the settings name no From domain: name a domain");
	return n;
}

/* Read the key files that the options name; -1, or an exit code. */
static int
load_keys(struct run *run, struct options *o, uint8_t **key)
{
	int code;

	if (o->dkim_key != NULL &&
	    (code = key_load(o->dkim_key, key, &o->what.dkim_key_len)) >= 0)
		return code;
	o->what.dkim_key = *key;
	return o->key_history != NULL ?
	    key_history_load(&run->history, o->key_history) :
	    -1;
}

/* Options that a line of a list has not: found before the rows of the same name
 * in options_check. */
static int
take_not(const struct option *row, void *to, char *value)
{
	(void)to;
	(void)value;
	return option_refuse(row,
	    "it is for all domains: give it as an option");
}

static const struct option not_in_lines[] = {
	{ "settings", 0, "FILE", take_not, .help = NULL },
	{ "key-history", 0, "FILE", take_not, .help = NULL },
	{ "dkim-key", 0, "FILE", take_not, .help = NULL },
	{ 0 },
};

static const struct group line_takes[] = { SHARED(NULL, not_in_lines),
	SHARED(NULL, options_check), SHARED(NULL, options_profile), { 0 } };

static void
fill_line(const void *arg, const struct options *o, void *request)
{
	fill_request(arg, o, o->operands[0], request);
}

static int
judge_line(struct options *o)
{
	return selectors_judge(o);
}

static bool
look_at_line(void *arg, const struct mailauth_report *report)
{
	struct run *run = arg;

	return key_history_take(&run->history, report);
}

static const struct batch_kind lines = {
	.takes = line_takes,
	.size = sizeof(struct mailauth_request),
	.stream = mailauth_check_stream,
	.judge = judge_line,
	.fill = fill_line,
	.advise = name_option,
	.look = look_at_line,
};

static int
check_all(struct run *run, size_t n)
{
	const struct options *o = run->options;
	struct mailauth_resolver *resolver = NULL;
	int code = open_resolver(o, &resolver), saved = -1;

	if (code >= 0)
		return code;
	code = check(run, resolver, n);
	mailauth_resolver_free(resolver);
	if (o->key_history != NULL)
		saved = key_history_save(&run->history, o->key_history);
	return saved >= 0 ? worse_exit(code, saved) : code;
}

static int
check_operands(struct run *run, struct options *o, uint8_t **key)
{
	size_t n = 0;
	int code = -1;

	run->code = operands_sift(o);
	/* One alone, or nothing that can be a list of domains. */
	if (run->code != 0 && o->noperands == 0 && o->nrefused < 2)
		code = run->code;
	if (code < 0)
		code = selectors_judge(o);
	if (code < 0 && (n = count_domains(run, o)) == 0)
		code = EXIT_USE;
	o->several = n > 1;
	if (code < 0)
		code = load_keys(run, o, key);
	return code < 0 ? check_all(run, n - o->nrefused) : code;
}

static int
check_list(struct run *run, struct options *o, uint8_t **key)
{
	int code = selectors_judge(o), saved = -1;

	if (code < 0)
		code = load_keys(run, o, key);
	if (code >= 0)
		return code;
	code = batch_run(o, &lines, run);
	if (o->key_history != NULL)
		saved = key_history_save(&run->history, o->key_history);
	return saved >= 0 ? worse_exit(code, saved) : code;
}

static int
run_check(struct options *o)
{
	struct run run = { .options = o };
	struct mailauth_settings *settings = NULL;
	uint8_t *key = NULL;
	int code = batch_judge(o);

	if (code < 0)
		code = settings_load(o, &settings);
	run.settings = settings;
	if (code < 0)
		code = o->list != NULL ? check_list(&run, o, &key) :
		                         check_operands(&run, o, &key);
	mailauth_settings_free(settings);
	key_history_free(&run.history);
	free(key);
	return code;
}

const struct command command_check = {
	.name = "check",
	.synopsis = "[OPTION]... [DOMAIN]...",
	.purpose = "Check the mail authentication records of domains",
	.takes = { SHARED(HEAD_SOURCE, options_source),
	    SHARED("What is checked:", options_check),
	    SHARED(NULL, options_profile), SHARED(HEAD_LIST, options_list),
	    SHARED(HEAD_OUTPUT, options_report) },
	.timeout_is_for = "one domain's whole check",
	.writes = WRITES_REPORTS,
	.run = run_check,
};
