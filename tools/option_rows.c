/*
 * option_rows.c - options that several commands have
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/argument.h"
#include "tools/option.h"
#include "tools/tool.h"

/* Where answers come from. */

/* A file, or else that of the system. */
static int
take_resolv_conf(const struct option *row, void *to, char *value)
{
	static char system[] = "/etc/resolv.conf";

	return take_text(row, to, value != NULL ? value : system);
}

static bool
has_end(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcmp(text + n - m, end) == 0;
}

/* The text names a file: one that is there, or it looks like a zone file. */
static bool
is_zone_file(const char *text)
{
	struct stat st;

	return strchr(text, '/') != NULL || strncmp(text, "db.", 3) == 0 ||
	    has_end(text, ".zone") || has_end(text, ".db") ||
	    (stat(text, &st) == 0 && S_ISREG(st.st_mode));
}

/* The zone that a file is of, by its name; n octets. */
static const char *
zone_of_file(const char *file, size_t *n)
{
	const char *base = strrchr(file, '/');

	base = base != NULL ? base + 1 : file;
	base += strncmp(base, "db.", 3) == 0 ? 3 : 0;
	*n = strlen(base) -
	    (has_end(base, ".zone")      ? 5 :
	            has_end(base, ".db") ? 3 :
	                                   0);
	return base;
}

/* Complain of a zone without '='. The argument behind it may be the other
 * half. */
static int
refuse_zone(const struct option *row, const struct options *o,
    const char *value)
{
	const char *next = *o->behind != NULL ? *o->behind : "", *name = value;
	const char *file = "FILE";
	char why[ADVICE_MAX];
	size_t n = strlen(value);

	if (is_zone_file(value)) {
		file = value;
		name = zone_of_file(value, &n);
		if (!is_domain(name, n) && !is_zone_file(next)) {
			name = next;
			n = strlen(next);
		}
	} else if (is_zone_file(next)) {
		file = next;
	}
	if (strchr(value, '=') != NULL || !is_domain(name, n) || n > 60 ||
	    strlen(file) > 60)
		return option_refuse(row, "give it as NAME=FILE");
	snprintf(why, sizeof(why), "give it as NAME=FILE: --zone %.*s=%s",
	    (int)n, name, file);
	return option_refuse(row, why);
}

static int
take_zone(const struct option *row, void *to, char *value)
{
	struct mailauth_zone *zone;
	char *file = strchr(value, '=');

	if (file == NULL || file == value || file[1] == '\0')
		return refuse_zone(row, to, value);
	*file++ = '\0';
	zone = option_grow(row, to, sizeof(*zone));
	if (zone == NULL)
		return EXIT_SYSTEM;
	*zone = (struct mailauth_zone){ value, file };
	return -1;
}

/* The seconds in "5s", "1h" or "90 min"; 0: it is nothing like that. */
static unsigned long
seconds_within(const char *value)
{
	static const struct {
		char letter;
		unsigned seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 604800 } };
	size_t n = strspn(value, "0123456789");
	const char *unit = value + n + strspn(value + n, " ");

	if (n == 0 || n > 9 || strncmp(unit, "ms", 2) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if ((*unit | 0x20) == units[i].letter)
			return strtoul(value, NULL, 10) * units[i].seconds;
	return 0;
}

int
refuse_seconds(const struct option *row, const char *value, unsigned most)
{
	unsigned long seconds = seconds_within(value);
	size_t n = strspn(value, "0123456789");
	const char *cut = strlen(value) > 30 ? "..." : "";
	char why[160];

	if (n > 0 && value[n] == '\0' && strspn(value, "0") < n)
		snprintf(why, sizeof(why),
		    "%.30s%s is over %u seconds, the most there is", value, cut,
		    most);
	else if (seconds > 0 && seconds <= most)
		snprintf(why, sizeof(why),
		    "'%.30s' is not a number of seconds: --%s %lu", value,
		    row->name, seconds);
	else
		snprintf(why, sizeof(why),
		    "'%.30s%s' is not a number of seconds above 0, of %u at "
		    "most: --%s %u",
		    value, cut, most, row->name, most > 86400 ? 3600 : 5);
	return option_refuse(row, why);
}

int
take_timeout(const struct option *row, void *to, char *value)
{
	struct options *o = to;
	char *end;

	o->source.timeout = strtod(value, &end);
	if (*value == '\0' || *end != '\0' || !(o->source.timeout > 0) ||
	    o->source.timeout > 86400)
		return refuse_seconds(row, value, 86400);
	return -1;
}

void
fill_timeout(const struct command *command, char *room, size_t size)
{
	snprintf(room, size, "%s", command->timeout_is_for);
}

const struct option options_source[] = {
	{ "server", 0, "ADDR[@PORT]", take_server,
	    AT_LIST(source.servers, source.nservers),
	    .help = "forward to this server (repeatable)" },
	{ "resolv-conf", 'r', "[F]", take_resolv_conf, AT(source.resolv_conf),
	    .help = "forward to the system's servers" },
	{ "zone", 0, "NAME=FILE", take_zone,
	    AT_LIST(source.zones, source.nzones),
	    .help = "serve this zone from a file (repeatable);\n"
	            "no network is used then" },
	{ "online", 0, NULL, take_flag, AT(source.online),
	    .help = "look the rest up live all the same" },
	OPTION_TRUST_ANCHOR,
	OPTION_DS,
	{ "no-dnssec", 0, NULL, take_flag, AT(source.no_dnssec),
	    .help = "check without proof" },
	{ "config", 'C', "FILE", take_text, AT(source.config),
	    .help = "a libunbound configuration" },
	OPTION_TIMEOUT,
	{ 0 },
};

/* What lint looks up beside the zones that it judges. */
const struct option options_outside[] = {
	{ "online", 0, NULL, take_flag, AT(source.online),
	    .help = "look names outside of the zones up" },
	{ "server", 0, "ADDR[@PORT]", take_server,
	    AT_LIST(source.servers, source.nservers),
	    .help = "with --online: ask this server (repeatable)" },
	OPTION_TRUST_ANCHOR,
	OPTION_DS,
	OPTION_TIMEOUT,
	{ 0 },
};

/* Who sends. */

static int
add_sender(const struct option *row, void *to, const char *host, const char *ip)
{
	struct mailauth_sender *sender = option_grow(row, to, sizeof(*sender));

	if (sender == NULL)
		return EXIT_SYSTEM;
	*sender = (struct mailauth_sender){ host, ip };
	return -1;
}

int
take_ip(const struct option *row, void *to, char *value)
{
	const struct options *o = to;
	int code;

	if (*value == '\0')
		return option_refuse(row, "give it as an address");
	/* Of a case the address is judged when it is run. */
	if (o->command != NULL && (code = ip_judge(row, value)) >= 0)
		return code;
	return add_sender(row, to, NULL, value);
}

/* "IP=HOST" */
static int
refuse_swapped(const char *value, const char *between)
{
	char why[ADVICE_MAX];

	snprintf(why, sizeof(why), "give it as HOST=IP: --sender %.100s=%.*s",
	    between + 1, (int)(between - value), value);
	return refuse_word(value, why);
}

static int
take_sender(const struct option *row, void *to, char *value)
{
	char *ip = strchr(value, '=');

	if (ip == NULL && is_ip(value, strlen(value)))
		return refuse_word(value,
		    "give it as HOST=IP, or the address alone with --ip");
	if (ip == NULL || ip == value || ip[1] == '\0')
		return option_refuse(row, "give it as HOST=IP");
	if (is_ip(value, (size_t)(ip - value)) &&
	    !is_ip(ip + 1, strlen(ip + 1)))
		return refuse_swapped(value, ip);
	*ip++ = '\0';
	return add_sender(row, to, value, ip);
}

/* Certificates of mail hosts. */

/* "HOST=FILE" or "FILE"; what has a slash is no host. */
static int
take_cert(const struct option *row, void *to, char *value)
{
	size_t n = strcspn(value, "=/");
	bool has_host = value[n] == '=';
	const char *file = has_host ? value + n + 1 : value;
	struct mailauth_tls_cert *cert;

	if (n == 0 && has_host)
		return option_refuse(row, "give it as HOST=FILE");
	if (*file == '\0')
		return option_refuse(row, "name a file");
	cert = option_grow(row, to, sizeof(*cert));
	if (cert == NULL)
		return EXIT_SYSTEM;
	if (has_host)
		value[n] = '\0';
	*cert = (struct mailauth_tls_cert){ has_host ? value : NULL, file };
	return -1;
}

/* What is checked. */

/* What may be between the members of a list. */
#define LIST ", \t"

/* The kinds of a list; each is a bit. */
static int
take_only(const struct option *row, void *to, char *value)
{
	struct options *o = to;
	struct mailauth_kind_info kind;
	char *name, *save = NULL;

	for (name = strtok_r(value, LIST, &save); name != NULL;
	     name = strtok_r(NULL, LIST, &save)) {
		size_t i = kind_of_word(name, &kind);

		if (kind.name == NULL)
			return refuse_kind(name);
		o->what.only |= 1u << i;
	}
	if (o->what.only == 0)
		return option_refuse(row, "name one kind or more");
	return -1;
}

#define ROLES "mail, receive-only, send-only, no-mail"

static int
take_role(const struct option *row, void *to, char *value)
{
	struct near n = { .word = value };
	struct options *o = to;

	(void)row;
	for (unsigned r = MAILAUTH_ROLE_MAIL; r <= MAILAUTH_ROLE_NO_MAIL; r++) {
		const char *name = mailauth_role_name((enum mailauth_role)r);

		near_try(&n, name);
		if (strcmp(value, name) == 0) {
			o->what.role = (enum mailauth_role)r;
			return -1;
		}
	}
	if (same_word(value, "parked") || same_word(value, "none"))
		n.best = "no-mail";
	return refuse_unknown(&n, "role to declare", ROLES);
}

const struct option options_check[] = {
	{ "selector", 0, "S", take_selectors,
	    AT_LIST(what.selectors, what.nselectors),
	    .help = "DKIM selector (repeatable; or S,S)" },
	{ "sender", 0, "HOST=IP", take_sender,
	    AT_LIST(what.senders, what.nsenders),
	    .help = "sending host (repeatable)" },
	OPTION_IP("sending address (repeatable)"),
	OPTION_MAIL_FROM,
	OPTION_HELO,
	{ "bimi-selector", 0, "S", take_text, AT(what.bimi_selector),
	    .help = "BIMI selector", .otherwise = "default" },
	{ "bimi-svg", 0, "FILE", take_text, AT(what.bimi_svg),
	    .help = "the logo, SVG or compressed SVG" },
	{ "bimi-cert", 0, "FILE", take_text, AT(what.bimi_cert),
	    .help = "its mark certificate with the chain, PEM" },
	{ "bimi-root", 0, "FILE", take_text, AT(what.bimi_root),
	    .help = "roots for that, PEM" },
	{ "mta-sts-policy", 0, "FILE", take_text, AT(what.mta_sts_policy),
	    .help = "the policy file of MTA-STS" },
	{ "tls-cert", 0, "HOST=FILE", take_cert,
	    AT_LIST(what.tls_certs, what.ntls_certs),
	    .help = "certificate chain of a mail host, PEM, to compare\n"
	            "with TLSA (repeatable); without HOST= of all" },
	OPTION_DKIM_KEY("PEM key that the published key must match"),
	OPTION_SETTINGS("what the mail platform is set to (repeatable);\n"
	                "without DOMAIN its From domains are checked"),
	{ "key-history", 0, "FILE", take_text, AT(key_history),
	    .help = "when keys were first seen; kept up to date" },
	{ "compare-servers", 0, NULL, take_flag, AT(what.compare_servers),
	    .help = "ask each server of the zone by itself" },
	{ "role", 0, "mail|receive-only|send-only|no-mail", take_role,
	    .help = "what the domain is for",
	    .otherwise = "its records show it" },
	{ "only", 0, "KIND[,KIND]", take_only,
	    .help = "these kinds of records only" },
	{ 0 },
};

/* The kinds that lint judges. */
const struct option options_only[] = {
	{ "only", 0, "KIND[,KIND]", take_only,
	    .help = "judge these kinds of records only, and the text" },
	{ 0 },
};

/* Whose expectations decide. */

#define PROFILES "practice, guide, rfc, bulk-sender, gov"

static int
take_profile(const struct option *row, void *to, char *value)
{
	struct near n = { .word = value };
	struct options *o = to;

	(void)row;
	for (unsigned p = 0; p < MAILAUTH_PROFILE_COUNT; p++) {
		const char *name =
		    mailauth_profile_name((enum mailauth_profile)p);

		near_try(&n, name);
		if (strcmp(value, name) == 0) {
			o->what.profile = (enum mailauth_profile)p;
			return -1;
		}
	}
	/* What parked domains need is a role: they send no mail. */
	if (strcmp(value, "parked") == 0) {
		o->what.role = MAILAUTH_ROLE_NO_MAIL;
		return -1;
	}
	near_try(&n, "parked");
	return refuse_unknown(&n, "profile", PROFILES ", parked");
}

const struct option options_profile[] = {
	{ "profile", 0, "practice|guide|rfc|bulk-sender|gov|parked",
	    take_profile, .help = "whose expectations decide",
	    .otherwise = "practice" },
	{ "allow-documentation", 0, NULL, take_flag,
	    AT(what.allow_documentation),
	    .help = "192.0.2.0/24 and its kin are fine" },
	{ 0 },
};

/* How a report is written. */

static int
take_verdict_on(const struct option *row, void *to, char *value)
{
	struct options *o = to;

	if (strcmp(value, "warn") == 0)
		o->verdict_on = MAILAUTH_RESULT_WARN;
	else if (strcmp(value, "fail") == 0)
		o->verdict_on = MAILAUTH_RESULT_FAIL;
	else
		return option_refuse(row, "give it as warn or fail");
	return -1;
}

static int
take_level(const struct option *row, void *to, char *value)
{
	static const enum mailauth_severity levels[] = { MAILAUTH_FAIL,
		MAILAUTH_WARN, MAILAUTH_NOTICE, MAILAUTH_INFO };
	struct options *o = to;

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(value, mailauth_severity_name(levels[i])) == 0) {
			o->level = levels[i];
			return -1;
		}
	return option_refuse(row, "give it as fail, warn, notice or info");
}

static int
take_color(const struct option *row, void *to, char *value)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};
	struct options *o = to;

	for (int i = COLOUR_AUTO; i <= COLOUR_NEVER; i++)
		if (strcmp(value, names[i]) == 0) {
			o->colour = (enum colour)i;
			return -1;
		}
	return option_refuse(row, "give it as auto, always or never");
}

const struct option options_report[] = {
	OPTION_FORMAT,
	{ "verdict-on", 0, "warn|fail", take_verdict_on,
	    .help = "results below this exit 0", .otherwise = "warn" },
	{ "level", 0, "fail|warn|notice|info", take_level,
	    .help = "show findings from this severity on",
	    .otherwise = "notice" },
	{ "color", 0, "auto|always|never", take_color,
	    .help = "colours in text", .otherwise = "auto" },
	OPTION_VERBOSE("also what is fine"),
	OPTION_QUIET("the exit code alone"),
	{ 0 },
};

/* Of all commands. */

static int
take_help(const struct option *row, void *to, char *value)
{
	const struct options *o = to;

	(void)row;
	(void)value;
	return options_help(o->command);
}

static int
take_version(const struct option *row, void *to, char *value)
{
	(void)row;
	(void)to;
	(void)value;
	return version_print();
}

const struct option options_common[] = {
	{ "help", 'h', NULL, take_help, .help = "this" },
	{ "version", 'V', NULL, take_version, .help = "the version" },
	{ 0 },
};
