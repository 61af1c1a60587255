/*
 * cmd_check.c - everything about a domain, one verdict
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/keyfile.h"
#include "tools/tool.h"

/* What a run knows while its checks come in. */
struct run {
	const struct options *options;
	struct key_history history;
	const struct mailauth_settings *settings;
	char **domains; /* none: those of the settings */
	int code;
	bool printed;
};

static void
done(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct run *run = arg;
	int code;

	if (status != MAILAUTH_OK) {
		complain(NULL, why);
		run->code = worse_exit(run->code, exit_of_status(status));
		return;
	}
	(void)index;
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

static int
check(struct run *run, struct mailauth_resolver *resolver, size_t n)
{
	struct mailauth_request *requests = calloc(n, sizeof(*requests));
	enum mailauth_status status;

	if (requests == NULL) {
		complain("check", "memory ran out");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < n; i++) {
		requests[i] = run->options->what;
		requests[i].domain = run->domains != NULL ?
		    run->domains[i] :
		    mailauth_settings_domain(run->settings, i);
		requests[i].settings = run->settings;
		requests[i].history = run->history.keys;
		requests[i].nhistory = run->history.nkeys;
	}
	status = mailauth_check_all(resolver, requests, n, done, run);
	free(requests);
	if (status != MAILAUTH_OK) {
		complain("check", "memory ran out");
		return exit_of_status(status);
	}
	return run->code;
}

/* How many domains there are to check; 0 after a complaint. */
static size_t
count_domains(struct run *run, int argc, char **argv)
{
	size_t n = (size_t)(argc - optind);

	if (n > 0) {
		run->domains = argv + optind;
		return n;
	}
	if (run->settings == NULL) {
		complain("check", "name a domain");
		return 0;
	}
	while (mailauth_settings_domain(run->settings, n) != NULL)
		n++;
	if (n == 0)
		complain("check",
		    "the settings name no From domain: name a domain");
	return n;
}

static int
run_check(int argc, char **argv)
{
	struct mailauth_resolver *resolver = NULL;
	char why[MAILAUTH_WHY_MAX];
	struct options o;
	struct run run = { .options = &o };
	struct mailauth_settings *settings = NULL;
	uint8_t *key = NULL;
	enum mailauth_status status;
	size_t n;
	int code;

	code = options_read(&o, &command_check,
	    TAKES_SOURCE | TAKES_WHAT | TAKES_PANEL | TAKES_PROFILE |
	        TAKES_FORMAT,
	    argc, argv);
	if (code >= 0)
		goto done;
	if ((code = settings_load(&o, &settings)) >= 0)
		goto done;
	run.settings = settings;
	n = count_domains(&run, argc, argv);
	if (n == 0) {
		code = EXIT_USE;
		goto done;
	}
	if (o.dkim_key != NULL &&
	    (code = key_load(o.dkim_key, &key, &o.what.dkim_key_len)) >= 0)
		goto done;
	o.what.dkim_key = key;
	if (o.key_history != NULL &&
	    (code = key_history_load(&run.history, o.key_history)) >= 0)
		goto done;
	status = mailauth_resolver_new(&o.source, &resolver, why);
	if (status != MAILAUTH_OK) {
		complain(NULL, why);
		code = exit_of_status(status);
		goto done;
	}
	code = check(&run, resolver, n);
	if (o.key_history != NULL) {
		int saved = key_history_save(&run.history, o.key_history);

		code = saved >= 0 ? worse_exit(code, saved) : code;
	}
done:
	mailauth_resolver_free(resolver);
	mailauth_settings_free(settings);
	key_history_free(&run.history);
	free(key);
	options_free(&o);
	return code;
}

const struct command command_check = {
	"check",
	"[OPTION]... [DOMAIN]...",
	"Check the mail authentication records of domains",
	HELP_SOURCE(
	    "one domain's whole check") "\n"
	                                "What is checked:\n"
	                                "  --selector S           DKIM selector (repeatable)\n"
	                                "  --sender HOST=IP       sending host (repeatable)\n"
	                                "  --ip IP                sending address (repeatable)\n"
	                                "  --mail-from ADDRESS    MAIL FROM: address, domain or <>\n"
	                                "  --helo NAME            the name the host greets with\n"
	                                "  --bimi-selector S      BIMI selector (default)\n"
	                                "  --bimi-svg FILE        the logo, SVG or compressed SVG\n"
	                                "  --bimi-cert FILE       its mark certificate with the chain, PEM\n"
	                                "  --bimi-root FILE       roots for that, PEM\n"
	                                "  --dkim-key FILE        PEM key that the published key must match\n"
	                                "  --settings FILE        what the mail platform is set to (repeatable);\n"
	                                "                         without DOMAIN its From domains are checked\n"
	                                "  --key-history FILE     when keys were first seen; kept up to date\n"
	                                "  --compare-servers      ask each server of the zone by itself\n"
	                                "  --only KIND[,KIND]     these kinds of records only\n"
	                                "  --profile guide|rfc    whose expectations decide (guide)\n"
	                                "  --allow-documentation  192.0.2.0/24 and its kin are fine\n"
	                                "\n" HELP_OUTPUT,
	run_check,
};
