/*
 * opts.c - the options of all commands
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"

/* Values of options without a letter. */
enum {
	OPT_SERVER = 256,
	OPT_ZONE,
	OPT_ONLINE,
	OPT_ANCHOR,
	OPT_DS,
	OPT_TIMEOUT,
	OPT_SELECTOR,
	OPT_SENDER,
	OPT_IP,
	OPT_MAIL_FROM,
	OPT_HELO,
	OPT_BIMI_SELECTOR,
	OPT_DKIM_KEY,
	OPT_KEY_HISTORY,
	OPT_COMPARE,
	OPT_ONLY,
	OPT_VERDICT_ON,
	OPT_PROFILE,
	OPT_DOCUMENTATION,
	OPT_FORMAT,
	OPT_KIND,
	OPT_NAME,
	OPT_RECEIVER,
	OPT_SCOPE,
	OPT_DKIM,
	OPT_SPF,
	OPT_AUTHSERV_ID,
	OPT_SETTINGS,
	OPT_DMARC,
	OPT_RUA,
	OPT_TTL,
	OPT_DIFF,
	OPT_MAKE_KEY,
	OPT_DRAFTS,
	OPT_UPDATE,
	OPT_LIST,
	OPT_MATCH,
	OPT_JOBS,
	OPT_BIMI_SVG,
	OPT_BIMI_CERT,
	OPT_BIMI_ROOT,
	OPT_ADD,
	OPT_ALL,
	OPT_HELP,
	OPT_VERSION,
};

static const struct {
	unsigned group; /* 0: every command */
	struct option option;
} all[] = {
	{ TAKES_SOURCE, { "server", required_argument, NULL, OPT_SERVER } },
	{ TAKES_SOURCE, { "resolv-conf", optional_argument, NULL, 'r' } },
	{ TAKES_SOURCE, { "zone", required_argument, NULL, OPT_ZONE } },
	{ TAKES_SOURCE, { "online", no_argument, NULL, OPT_ONLINE } },
	{ TAKES_SOURCE | TAKES_CASE,
	    { "trust-anchor", required_argument, NULL, OPT_ANCHOR } },
	{ TAKES_SOURCE | TAKES_CASE,
	    { "ds", required_argument, NULL, OPT_DS } },
	{ TAKES_SOURCE, { "config", required_argument, NULL, 'C' } },
	{ TAKES_SOURCE | TAKES_CASE,
	    { "timeout", required_argument, NULL, OPT_TIMEOUT } },
	{ TAKES_WHAT, { "selector", required_argument, NULL, OPT_SELECTOR } },
	{ TAKES_WHAT, { "sender", required_argument, NULL, OPT_SENDER } },
	{ TAKES_PASSED, { "dkim", required_argument, NULL, OPT_DKIM } },
	{ TAKES_PASSED, { "spf", required_argument, NULL, OPT_SPF } },
	{ TAKES_MESSAGE,
	    { "authserv-id", required_argument, NULL, OPT_AUTHSERV_ID } },
	{ TAKES_WHAT | TAKES_SPF | TAKES_MESSAGE,
	    { "ip", required_argument, NULL, OPT_IP } },
	{ TAKES_WHAT | TAKES_SPF | TAKES_MESSAGE,
	    { "mail-from", required_argument, NULL, OPT_MAIL_FROM } },
	{ TAKES_WHAT | TAKES_SPF | TAKES_MESSAGE,
	    { "helo", required_argument, NULL, OPT_HELO } },
	{ TAKES_SPF, { "receiver", required_argument, NULL, OPT_RECEIVER } },
	{ TAKES_SPF, { "scope", required_argument, NULL, OPT_SCOPE } },
	{ TAKES_WHAT,
	    { "bimi-selector", required_argument, NULL, OPT_BIMI_SELECTOR } },
	{ TAKES_WHAT, { "bimi-svg", required_argument, NULL, OPT_BIMI_SVG } },
	{ TAKES_WHAT, { "bimi-cert", required_argument, NULL, OPT_BIMI_CERT } },
	{ TAKES_WHAT, { "bimi-root", required_argument, NULL, OPT_BIMI_ROOT } },
	{ TAKES_WHAT | TAKES_MESSAGE,
	    { "dkim-key", required_argument, NULL, OPT_DKIM_KEY } },
	{ TAKES_WHAT,
	    { "key-history", required_argument, NULL, OPT_KEY_HISTORY } },
	{ TAKES_PANEL, { "settings", required_argument, NULL, OPT_SETTINGS } },
	{ TAKES_PLAN, { "dmarc", required_argument, NULL, OPT_DMARC } },
	{ TAKES_PLAN, { "rua", required_argument, NULL, OPT_RUA } },
	{ TAKES_PLAN, { "ttl", required_argument, NULL, OPT_TTL } },
	{ TAKES_PLAN, { "diff", no_argument, NULL, OPT_DIFF } },
	{ TAKES_PLAN, { "drafts", required_argument, NULL, OPT_DRAFTS } },
	{ TAKES_PLAN, { "make-key", required_argument, NULL, OPT_MAKE_KEY } },
	{ TAKES_WHAT, { "compare-servers", no_argument, NULL, OPT_COMPARE } },
	{ TAKES_WHAT, { "only", required_argument, NULL, OPT_ONLY } },
	{ TAKES_PROFILE,
	    { "verdict-on", required_argument, NULL, OPT_VERDICT_ON } },
	{ TAKES_PROFILE, { "profile", required_argument, NULL, OPT_PROFILE } },
	{ TAKES_PROFILE,
	    { "allow-documentation", no_argument, NULL, OPT_DOCUMENTATION } },
	{ TAKES_TEXT, { "kind", required_argument, NULL, OPT_KIND } },
	{ TAKES_TEXT | TAKES_MERGE,
	    { "name", required_argument, NULL, OPT_NAME } },
	{ TAKES_MERGE, { "add", required_argument, NULL, OPT_ADD } },
	{ TAKES_MERGE, { "all", required_argument, NULL, OPT_ALL } },
	{ TAKES_FORMAT, { "format", required_argument, NULL, OPT_FORMAT } },
	{ TAKES_FORMAT, { "verbose", no_argument, NULL, 'v' } },
	{ TAKES_FORMAT, { "quiet", no_argument, NULL, 'q' } },
	{ TAKES_TEST, { "update", no_argument, NULL, OPT_UPDATE } },
	{ TAKES_TEST, { "list", no_argument, NULL, OPT_LIST } },
	{ TAKES_TEST, { "match", required_argument, NULL, OPT_MATCH } },
	{ TAKES_TEST, { "jobs", required_argument, NULL, OPT_JOBS } },
	{ 0, { "help", no_argument, NULL, OPT_HELP } },
	{ 0, { "version", no_argument, NULL, OPT_VERSION } },
};

#define ALL (sizeof(all) / sizeof(all[0]))

static int
refuse(const char *what, const char *why)
{
	complain(what, why);
	return EXIT_USE;
}

/* Append an element of `size` octets to a list; its address, or NULL. */
static void *
grow(const void *list, size_t *n, size_t size)
{
	void *bigger = realloc((void *)(uintptr_t)list, (*n + 1) * size);

	if (bigger != NULL) {
		memset((char *)bigger + *n * size, 0, size);
		(*n)++;
	}
	return bigger;
}

static int
no_memory(void)
{
	complain("options", "memory ran out");
	return EXIT_SYSTEM;
}

static int
add_string(const char *const **list, size_t *n, const char *s)
{
	const char **bigger = grow(*list, n, sizeof(**list));

	if (bigger == NULL)
		return no_memory();
	bigger[*n - 1] = s;
	*list = bigger;
	return -1;
}

/* NAME=VALUE, cut in place. */
static char *
cut(char *arg)
{
	char *equals = strchr(arg, '=');

	if (equals != NULL)
		*equals++ = '\0';
	return equals;
}

static int
add_zone(struct options *o, char *arg)
{
	struct mailauth_options *s = &o->source;
	char *file = cut(arg);
	struct mailauth_zone *zones;

	if (file == NULL || *file == '\0' || *arg == '\0')
		return refuse("--zone", "give it as NAME=FILE");
	zones = grow(s->zones, &s->nzones, sizeof(*zones));
	if (zones == NULL)
		return no_memory();
	zones[s->nzones - 1] = (struct mailauth_zone){ arg, file };
	s->zones = zones;
	return -1;
}

static int
add_sender(struct options *o, char *host, char *ip)
{
	struct mailauth_request *q = &o->what;
	struct mailauth_sender *senders;

	if (ip == NULL || *ip == '\0' || (host != NULL && *host == '\0'))
		return refuse("--sender", "give it as HOST=IP");
	senders = grow(q->senders, &q->nsenders, sizeof(*senders));
	if (senders == NULL)
		return no_memory();
	senders[q->nsenders - 1] = (struct mailauth_sender){ host, ip };
	q->senders = senders;
	return -1;
}

static int
take_timeout(struct options *o, const char *arg)
{
	char *end;

	o->source.timeout = strtod(arg, &end);
	if (*arg == '\0' || *end != '\0' || !(o->source.timeout > 0) ||
	    o->source.timeout > 86400)
		return refuse("--timeout", "it is no number of seconds");
	return -1;
}

static int
take_ttl(struct options *o, const char *arg)
{
	char *end;
	unsigned long v = strtoul(arg, &end, 10);

	/* strtoul takes "-1" and blanks in front. */
	if (arg[0] < '0' || arg[0] > '9' || *end != '\0' || v == 0 ||
	    v > INT32_MAX)
		return refuse("--ttl", "it is no number of seconds");
	o->ttl = (uint32_t)v;
	return -1;
}

static int
take_format(struct options *o, const char *arg, unsigned takes)
{
	static const char *const names[] = { "text", "json", "ndjson", "tap",
		"junit" };
	int n = (takes & TAKES_TEST) ? 5 : 3;

	for (int i = 0; i < n; i++) {
		if (strcmp(arg, names[i]) != 0)
			continue;
		o->format = (enum format)i;
		return -1;
	}
	return refuse(arg,
	    n == 5 ? "there is no such format: text, json, ndjson, tap, junit" :
	             "there is no such format: text, json, ndjson");
}

static int
take_jobs(struct options *o, const char *arg)
{
	char *end;
	long n = strtol(arg, &end, 10);

	if (*arg == '\0' || *end != '\0' || n < 1 || n > 64)
		return refuse("--jobs", "give it as a number from 1 to 64");
	o->jobs = (unsigned)n;
	return -1;
}

static int
take_profile(struct options *o, const char *arg)
{
	if (strcmp(arg, "guide") == 0)
		o->profile = MAILAUTH_PROFILE_GUIDE;
	else if (strcmp(arg, "rfc") == 0)
		o->profile = MAILAUTH_PROFILE_RFC;
	else
		return refuse(arg, "there is no such profile: guide, rfc");
	return -1;
}

static int
take_verdict_on(struct options *o, const char *arg)
{
	if (strcmp(arg, "warn") == 0)
		o->verdict_on = MAILAUTH_RESULT_WARN;
	else if (strcmp(arg, "fail") == 0)
		o->verdict_on = MAILAUTH_RESULT_FAIL;
	else
		return refuse("--verdict-on", "give it as warn or fail");
	return -1;
}

static int
take_only(struct options *o, char *arg)
{
	struct mailauth_kind_info kind;
	char *name, *save = NULL;

	for (name = strtok_r(arg, ",", &save); name != NULL;
	     name = strtok_r(NULL, ",", &save)) {
		size_t i = 0;

		while (
		    mailauth_kind_at(i, &kind) && strcmp(kind.name, name) != 0)
			i++;
		if (!mailauth_kind_at(i, &kind))
			return refuse(name,
			    "there is no such kind; see 'list kinds'");
		o->what.only |= 1u << i;
	}
	if (o->what.only == 0)
		return refuse("--only", "name one kind or more");
	return -1;
}

int
options_add(struct options *o, const char *mechanism)
{
	return add_string(&o->add, &o->nadd, mechanism);
}

/* "-", or with the word behind it: "-all". */
static int
take_all(struct options *o, const char *arg)
{
	if (*arg == '\0' || strchr("+-~?", *arg) == NULL ||
	    (arg[1] != '\0' && strcmp(arg + 1, "all") != 0))
		return refuse("--all", "give it as one of - ~ ? +");
	o->all = *arg;
	return -1;
}

static int
take(struct options *o, int opt, char *arg, unsigned takes)
{
	struct mailauth_options *s = &o->source;
	struct mailauth_request *q = &o->what;

	switch (opt) {
	case OPT_SERVER: return add_string(&s->servers, &s->nservers, arg);
	case 'r':
		s->resolv_conf = arg != NULL ? arg : "/etc/resolv.conf";
		break;
	case OPT_ZONE: return add_zone(o, arg);
	case OPT_ONLINE: s->online = true; break;
	case OPT_ANCHOR:
		return add_string(&s->anchor_files, &s->nanchor_files, arg);
	case OPT_DS: return add_string(&s->anchors, &s->nanchors, arg);
	case 'C': s->config = arg; break;
	case OPT_TIMEOUT: return take_timeout(o, arg);
	case OPT_SELECTOR:
		return add_string(&q->selectors, &q->nselectors, arg);
	case OPT_SENDER: {
		char *ip = cut(arg);

		return add_sender(o, arg, ip);
	}
	case OPT_IP:
		return *arg == '\0' ? refuse("--ip", "give it as an address") :
		                      add_sender(o, NULL, arg);
	case OPT_MAIL_FROM: q->mail_from = arg; break;
	case OPT_HELO: q->helo = arg; break;
	case OPT_BIMI_SELECTOR: q->bimi_selector = arg; break;
	case OPT_BIMI_SVG: q->bimi_svg = arg; break;
	case OPT_BIMI_CERT: q->bimi_cert = arg; break;
	case OPT_BIMI_ROOT: q->bimi_root = arg; break;
	case OPT_DKIM_KEY: o->dkim_key = arg; break;
	case OPT_KEY_HISTORY: o->key_history = arg; break;
	case OPT_COMPARE: q->compare_servers = true; break;
	case OPT_ONLY: return take_only(o, arg);
	case OPT_VERDICT_ON: return take_verdict_on(o, arg);
	case OPT_PROFILE: return take_profile(o, arg);
	case OPT_DOCUMENTATION: o->allow_documentation = true; break;
	case OPT_FORMAT: return take_format(o, arg, takes);
	case OPT_KIND: o->kind = arg; break;
	case OPT_NAME: o->name = arg; break;
	case OPT_RECEIVER: o->receiver = arg; break;
	case OPT_SCOPE: o->scope = arg; break;
	case OPT_DKIM: return add_string(&o->dkim, &o->ndkim, arg);
	case OPT_SPF: o->spf = arg; break;
	case OPT_AUTHSERV_ID:
		return add_string(&o->authserv_ids, &o->nauthserv_ids, arg);
	case OPT_SETTINGS: return add_string(&o->settings, &o->nsettings, arg);
	case OPT_DMARC: o->dmarc = arg; break;
	case OPT_RUA: o->rua = arg; break;
	case OPT_TTL: return take_ttl(o, arg);
	case OPT_DIFF: o->diff = true; break;
	case OPT_MAKE_KEY: o->make_key = arg; break;
	case OPT_DRAFTS: o->drafts = arg; break;
	case OPT_UPDATE: o->update = true; break;
	case OPT_LIST: o->list = true; break;
	case OPT_MATCH: o->match = arg; break;
	case OPT_JOBS: return take_jobs(o, arg);
	case OPT_ADD: return options_add(o, arg);
	case OPT_ALL: return take_all(o, arg);
	case 'v': o->verbose = true; break;
	case 'q': o->quiet = true; break;
	default: break;
	}
	return -1;
}

static int
print_help(const struct command *command)
{
	printf("usage: " PROGRAM " %s %s\n\n%s.\n\n%s"
	       "  --help                 this\n"
	       "  --version              the version\n\n"
	       "The manual is " PROGRAM "(1); mailauth-findings(7) explains "
	       "the findings.\n",
	    command->name, command->synopsis, command->purpose, command->help);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

/* getopt has refused something: what, and why. */
static int
refuse_option(int opt, char **argv)
{
	const char *arg = argv[optind - 1];
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt != 0 && optopt < 256 && strncmp(arg, "--", 2) != 0)
		arg = letter;
	return refuse(arg,
	    opt == ':'        ? "it needs a value" :
	        optopt >= 256 ? "it takes no value" :
	                        "there is no such option");
}

/* -r takes the word after it for its file when that is a path: no domain name
 * has a slash. */
static char *
value_of(int opt, char **argv)
{
	if (opt == 'r' && optarg == NULL && argv[optind] != NULL &&
	    argv[optind][0] != '-' && strchr(argv[optind], '/') != NULL)
		return argv[optind++];
	return optarg;
}

int
options_read(struct options *o, const struct command *command, unsigned takes,
    int argc, char **argv)
{
	struct option longs[ALL + 1];
	char letters[32] = ":";
	size_t n = 0;
	int opt, end = -1;

	*o = (struct options){ .verdict_on = MAILAUTH_RESULT_WARN };
	for (size_t i = 0; i < ALL; i++)
		if ((all[i].group == 0 && (takes & TAKES_CASE) == 0) ||
		    (all[i].group & takes) != 0)
			longs[n++] = all[i].option;
	longs[n] = (struct option){ NULL, 0, NULL, 0 };
	if (takes & TAKES_SOURCE)
		strcat(letters, "r::C:");
	if (takes & TAKES_FORMAT)
		strcat(letters, "vq");
	opterr = 0;
	while (end < 0 &&
	    (opt = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (opt == '?' || opt == ':')
			end = refuse_option(opt, argv);
		else if (opt == OPT_HELP)
			end = print_help(command);
		else if (opt == OPT_VERSION)
			end = printf(PROGRAM " %s\n", mailauth_version()) < 0 ?
			    EXIT_SYSTEM :
			    0;
		else
			end = take(o, opt, value_of(opt, argv), takes);
	}
	o->what.profile = o->profile;
	o->what.allow_documentation = o->allow_documentation;
	return end;
}

int
settings_load(const struct options *o, struct mailauth_settings **out)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	*out = NULL;
	if (o->nsettings == 0)
		return -1;
	status = mailauth_settings_read(o->settings, o->nsettings, out, why);
	if (status == MAILAUTH_OK)
		return -1;
	complain(NULL, why);
	return exit_of_status(status);
}

void
options_free(struct options *o)
{
	free((void *)(uintptr_t)o->source.servers);
	free((void *)(uintptr_t)o->source.zones);
	free((void *)(uintptr_t)o->source.anchor_files);
	free((void *)(uintptr_t)o->source.anchors);
	free((void *)(uintptr_t)o->what.selectors);
	free((void *)(uintptr_t)o->what.senders);
	free((void *)(uintptr_t)o->dkim);
	free((void *)(uintptr_t)o->authserv_ids);
	free((void *)(uintptr_t)o->settings);
	free((void *)(uintptr_t)o->add);
}
