/*
 * operand.c - what people give in place of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "tools/argument.h"
#include "tools/tool.h"

/* A text that may be no domain, and what to say of it. */
struct operand {
	const struct options *options;
	const char *text;
	const char *first; /* of the operands */
	char *why; /* room for advice */
};

bool
is_domain(const char *text, size_t n)
{
	size_t dots = 0;

	if (n == 0 || n > 253 || text[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		bool letter = (c >= '0' && c <= '9') ||
		    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;

		if (!letter && c != '-' && c != '_' && c != '.')
			return false;
		if (c == '.' && text[i - 1] == '.')
			return false;
		dots += c == '.' && i + 1 < n;
	}
	return dots > 0;
}

/* Say what it is, and that the domain in it is to be given. */
static bool
give(const struct operand *p, const char *what, const char *domain, size_t n)
{
	const char *command = p->options->command->name;

	if (is_domain(domain, n) && n <= 100)
		snprintf(p->why, ADVICE_MAX,
		    "%s; give the domain alone: %s %.*s", what, command, (int)n,
		    domain);
	else
		snprintf(p->why, ADVICE_MAX,
		    "%s; give a domain: %s example.com", what, command);
	return true;
}

static bool
say(const struct operand *p, const char *what)
{
	snprintf(p->why, ADVICE_MAX, "%s", what);
	return true;
}

static bool
is_command(const struct operand *p, const char *name)
{
	return strcmp(p->options->command->name, name) == 0;
}

/* What it may be, one thing a function; true: it is that. */

static bool
is_standard_input(const struct operand *p)
{
	return strcmp(p->text, "-") == 0 &&
	    say(p,
	        "domains are arguments; a list of them is read from standard "
	        "input with --list -");
}

static bool
is_empty(const struct operand *p)
{
	return p->text[0] == '\0' &&
	    say(p, "the domain is empty: an unset variable?");
}

/* '$DOMAIN' in single quotes, "%DOMAIN%". */
static bool
is_variable(const struct operand *p)
{
	size_t n = strlen(p->text);

	return (strchr(p->text, '$') != NULL ||
	           (n > 2 && p->text[0] == '%' && p->text[n - 1] == '%')) &&
	    say(p,
	        "this is the name of a variable, not its value; in a shell it "
	        "is replaced outside of single quotes");
}

/* The dashes of typography, which web pages make of two hyphens. */
static bool
is_dash(const struct operand *p)
{
	static const char *const dashes[] = { "\xe2\x80\x90", "\xe2\x80\x91",
		"\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95",
		"\xe2\x88\x92" };

	for (size_t i = 0; i < sizeof(dashes) / sizeof(dashes[0]); i++)
		if (strncmp(p->text, dashes[i], 3) == 0)
			return say(p,
			    "this dash is not a hyphen; type the option "
			    "again, with --");
	return false;
}

/* "@192.0.2.53", "+short": as dig takes them. */
static bool
is_of_dig(const struct operand *p)
{
	const char *rest = p->text + 1;

	if (p->text[0] == '+')
		return say(p, "dig's options are not known here; see check -h");
	if (p->text[0] != '@')
		return false;
	snprintf(p->why, ADVICE_MAX,
	    "a server is given with --server %.60s, and a domain without @",
	    is_ip(rest, strlen(rest)) ? rest : "ADDRESS");
	return true;
}

static bool
is_record(const struct operand *p)
{
	const char *text = p->text + strspn(p->text, "\" ");

	if (strncasecmp(text, "v=", 2) != 0 &&
	    strncasecmp(text, "spf2.0/", 7) != 0)
		return false;
	snprintf(p->why, ADVICE_MAX,
	    "the text of a record is for parse: "
	    "parse '%.60s%s'",
	    text, strlen(text) > 60 ? "..." : "");
	return true;
}

static bool
is_url(const struct operand *p)
{
	const char *host = strstr(p->text, "://");

	if (strncasecmp(p->text, "mailto:", 7) == 0) {
		host = strchr(p->text, '@');
		host = host != NULL ? host + 1 : "";
		return give(p, "this is a URL", host, strcspn(host, "?,"));
	}
	if (host == NULL)
		return false;
	host += 3;
	if (host[strcspn(host, "@/")] == '@')
		host += strcspn(host, "@") + 1;
	return give(p, "this is a URL", host, strcspn(host, "/:?#"));
}

/* "4.2.0.192.in-addr.arpa", and its numbers. */
static bool
is_in_addr(const char *text, unsigned o[4])
{
	int n = 0;

	return sscanf(text, "%3u.%3u.%3u.%3u.%n", &o[0], &o[1], &o[2], &o[3],
	           &n) == 4 &&
	    n > 0 && strncasecmp(text + n, "in-addr.arpa", 12) == 0 &&
	    (text[n + 12] == '\0' || strcmp(text + n + 12, ".") == 0);
}

/* The other operand is the domain. */
static const char *
other_operand(const struct operand *p)
{
	char *const *list = p->options->operands;
	unsigned o[4];

	for (size_t i = 0; i < p->options->noperands; i++)
		if (is_domain(list[i], strlen(list[i])) &&
		    !is_ip(list[i], strlen(list[i])) && !is_in_addr(list[i], o))
			return list[i];
	return "DOMAIN";
}

static bool
is_ip_address(const struct operand *p)
{
	const char *at;
	size_t n = ip_within(p->text, &at);

	if (n == 0)
		return false;
	if (is_command(p, "dmarc"))
		return say(p,
		    "this is an IP address, not a domain; give the domain of "
		    "the From header");
	snprintf(p->why, ADVICE_MAX,
	    "this is an IP address, not a domain; a sending address is given "
	    "with --ip: %s --ip %.*s %.60s",
	    p->options->command->name, (int)n, at, other_operand(p));
	return true;
}

static bool
is_address(const struct operand *p)
{
	const char *at = strrchr(p->text, '@');

	if (at == NULL || is_command(p, "dmarc"))
		return false;
	if (is_command(p, "spf") && strlen(p->text) < 80) {
		snprintf(p->why, ADVICE_MAX,
		    "this is an address; give it as MAIL FROM: spf --mail-from "
		    "'%s'",
		    p->text);
		return true;
	}
	return give(p, "this is an address", at + 1, strcspn(at + 1, "> \t,;"));
}

/* Several in one, or what is around one. */
static bool
is_list(const struct operand *p)
{
	static const char between[] = ",; \t\r\n";
	const char *first = p->text + strspn(p->text, between);
	size_t n = strcspn(first, between);
	const char *second = first + n + strspn(first + n, between);
	size_t m = strcspn(second, between);

	if (first == p->text && first[n] == '\0')
		return false;
	if (n == 0)
		return say(p, "this is blank; give a domain");
	if (m == 0)
		return give(p,
		    "there is a comma, a blank or the end of a line "
		    "beside it",
		    first, n);
	if (!is_domain(first, n) || !is_domain(second, m) || n + m > 100)
		return say(p,
		    "there are blanks or commas in it; give each domain as "
		    "an argument of its own");
	snprintf(p->why, ADVICE_MAX,
	    "give each domain as an argument of its own: %s %.*s %.*s%s",
	    p->options->command->name, (int)n, first, (int)m, second,
	    second[m] != '\0' ? " ..." : "");
	return true;
}

static bool
ends_in(const char *text, const char *const *list)
{
	const char *dot = strrchr(text, '.');

	for (; dot != NULL && *list != NULL; list++)
		if (strcasecmp(dot + 1, *list) == 0)
			return true;
	return false;
}

/* What a file is for, by its name. */
static bool
say_file(const struct operand *p)
{
	static const char *const messages[] = { "eml", "msg", "mbox", NULL };
	static const char *const zones[] = { "zone", "db", NULL };
	static const char *const keys[] = { "pem", "key", NULL };
	static const char *const settings[] = { "json", NULL };
	static const char *const cases[] = { "case", NULL };
	const char *what = "domains are arguments, a file with a list of them "
	                   "is given with: --list";

	if (ends_in(p->text, zones))
		return say(p,
		    "this is a file; a zone is given with --zone NAME=FILE, "
		    "beside the domain");
	if (ends_in(p->text, keys))
		return say(p,
		    "this is a file; a key is given with --dkim-key FILE, "
		    "beside the domain");
	if (ends_in(p->text, settings))
		return say(p,
		    "this is a file; settings are given with --settings FILE");
	if (ends_in(p->text, messages))
		what = "this is a file; a message is for: explain";
	if (ends_in(p->text, cases))
		what = "this is a file; cases are for: test";
	snprintf(p->why, ADVICE_MAX, "%s %.60s%s", what, p->text,
	    strlen(p->text) > 60 ? "..." : "");
	return true;
}

static bool
is_path(const struct operand *p)
{
	size_t n = strcspn(p->text, "/");
	struct stat st;

	if (p->text[n] == '\0')
		return false;
	if (stat(p->text, &st) == 0)
		return S_ISDIR(st.st_mode) ?
		    give(p, "this is a folder", "", 0) :
		    say_file(p);
	if (!is_domain(p->text, n))
		return give(p, "this is a path, and there is no such file", "",
		    0);
	return give(p, "a domain has no /", p->text, n);
}

/* A file without its folder. Names that can be domains have to be there. */
static bool
is_file(const struct operand *p)
{
	static const char *const never[] = { "txt", "csv", "lst", "eml", "mbox",
		"json", "pem", "conf", "xlsx", "yaml", NULL };
	static const char *const perhaps[] = { "zone", "db", "list", "case",
		"msg", "log", "key", NULL };
	struct stat st;

	if (ends_in(p->text, never))
		return say_file(p);
	return ends_in(p->text, perhaps) && p->options->source.nzones == 0 &&
	    stat(p->text, &st) == 0 && S_ISREG(st.st_mode) && say_file(p);
}

static bool
is_wildcard(const struct operand *p)
{
	const char *rest = p->text + strspn(p->text, "*.");

	return strchr(p->text, '*') != NULL &&
	    give(p, "a wildcard is not a domain", rest, strlen(rest));
}

/* "selector=s1", or a zone without its option: "example.com=FILE" */
static bool
is_assignment(const struct operand *p)
{
	size_t n = strcspn(p->text, "=");

	if (p->text[n] == '\0' || n == 0)
		return false;
	if (is_domain(p->text, n) && strlen(p->text) <= 100) {
		snprintf(p->why, ADVICE_MAX,
		    "a domain has no =; a zone is given with its option: "
		    "--zone %s",
		    p->text);
		return true;
	}
	snprintf(p->why, ADVICE_MAX,
	    "a domain has no =; an option begins with --: --%.*s %.40s",
	    (int)(n < 40 ? n : 40), p->text, p->text + n + 1);
	return true;
}

static bool
has_port(const struct operand *p)
{
	size_t n = strcspn(p->text, ":");

	return p->text[n] == ':' &&
	    give(p, "a domain has no port or colon", p->text, n);
}

/* Quotes or brackets are around it. */
static bool
is_within(const struct operand *p)
{
	static const char open[] = "'\"`<([{", close[] = "'\"`>)]}";
	size_t n = strlen(p->text);
	const char *at = strchr(open, p->text[0]);

	if (n < 3 || at == NULL || p->text[n - 1] != close[at - open])
		return false;
	return give(p,
	    at - open < 3 ? "there are quotes around it" :
	                    "there are brackets around it",
	    p->text + 1, n - 2);
}

/* "example..com", ".example.com"; of several domains the library leaves such
 * a one out. */
static bool
has_empty_label(const struct operand *p)
{
	const char *text = p->text + strspn(p->text, ".");
	char room[104];
	size_t n = 0;

	if (text[0] == '\0' || p->options->noperands > 1 ||
	    (text == p->text && strstr(p->text, "..") == NULL))
		return false;
	for (; *text != '\0' && n < sizeof(room); text++)
		if (*text != '.' || text[1] != '.')
			room[n++] = *text;
	return give(p, "it has an empty label, at a dot too many", room, n);
}

/* The name of an address in the tree of reverse names. */
static bool
is_reverse_name(const struct operand *p)
{
	unsigned o[4];

	if (is_command(p, "dmarc") || !is_in_addr(p->text, o))
		return false;
	snprintf(p->why, ADVICE_MAX,
	    is_command(p, "check") ?
	        "this is the reverse name of an address, which is given with "
	        "--ip or --sender: %s --ip %u.%u.%u.%u %.60s" :
	        "this is the reverse name of an address, which is given with "
	        "--ip: %s --ip %u.%u.%u.%u %.60s",
	    p->options->command->name, o[3], o[2], o[1], o[0],
	    other_operand(p));
	return true;
}

/* "8.8.8": the last label of a domain is never a number. */
static bool
is_number(const struct operand *p)
{
	size_t n = strlen(p->text), end;

	n -= n > 0 && p->text[n - 1] == '.';
	for (end = n;
	     end > 0 && p->text[end - 1] >= '0' && p->text[end - 1] <= '9';)
		end--;
	if (end == n || (end > 0 && p->text[end - 1] != '.'))
		return false;
	if (p->text[strspn(p->text, "0123456789.")] != '\0')
		return give(p, "the last label of a domain is not a number",
		    p->text, end > 0 ? end - 1 : 0);
	return give(p, "this is not a domain, nor a whole IP address", "", 0);
}

/* A character that names of domains have not. One of another alphabet, or that
 * no terminal shows, is left to the library. */
static bool
has_other(const struct operand *p)
{
	char what[] = "a domain has no ?";
	size_t n = strcspn(p->text, "!\"#%&'()+<>?[]^`{|}~");

	if (p->text[n] == '\0')
		return false;
	for (const char *s = p->text; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 0x7f)
			return false;
	what[sizeof(what) - 2] = p->text[n];
	return give(p, what, p->text, n);
}

/* "mx", "TXT", "spf": words of dig, or of this program. */
static bool
is_word(const struct operand *p)
{
	static const char *const types[] = { "txt", "any", "cname", "ns", "soa",
		"srv", "caa", "dnskey", "ds" };
	struct mailauth_kind_info k;

	if (strchr(p->text, '.') != NULL || !is_command(p, "check"))
		return false;
	if (command_named(p->text) != NULL && p->text == p->first) {
		snprintf(p->why, ADVICE_MAX,
		    "a command comes first: " PROGRAM " %s", p->text);
		return true;
	}
	for (size_t i = 0; mailauth_kind_at(i, &k); i++)
		if (same_word(p->text, k.name)) {
			snprintf(p->why, ADVICE_MAX,
			    "this is not a domain; kinds of records are "
			    "chosen with --only %s",
			    k.name);
			return true;
		}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (same_word(p->text, types[i]))
			return say(p,
			    "this is not a domain; kinds of records are "
			    "chosen with --only KIND, see 'list kinds'");
	if (command_named(p->text) == NULL)
		return false;
	snprintf(p->why, ADVICE_MAX, "a command comes first: " PROGRAM " %s",
	    p->text);
	return true;
}

/* What is typed in place of an option is wrong at once; a bad line of a list of
 * domains keeps no other one from being checked. */
static const struct guess {
	bool (*is)(const struct operand *p);
	bool ends;
} guesses[] = {
	{ is_empty, false },
	{ is_standard_input, true },
	{ is_dash, true },
	{ is_of_dig, true },
	{ is_record, true },
	{ is_url, false },
	{ is_variable, false },
	{ is_ip_address, false },
	{ is_address, false },
	{ is_list, false },
	{ is_path, false },
	{ is_wildcard, false },
	{ is_assignment, true },
	{ has_port, false },
	{ is_within, false },
	{ has_other, false },
	{ has_empty_label, false },
	{ is_word, true },
	{ is_file, false },
	{ is_reverse_name, false },
	{ is_number, false },
};

/* "joe@example.com", whose domain `dmarc` finds by itself. */
static bool
is_author(const struct operand *p)
{
	return is_command(p, "dmarc") && strchr(p->text, '@') > p->text &&
	    strstr(p->text, "://") == NULL && strpbrk(p->text, ", ") == NULL;
}

/* What the operand is in place of a domain, or NULL. */
static const struct guess *
guess(const struct operand *p)
{
	size_t n = is_author(p) ? 0 : sizeof(guesses) / sizeof(guesses[0]);

	for (size_t i = 0; i < n; i++)
		if (guesses[i].is(p))
			return &guesses[i];
	return NULL;
}

bool
operand_is_other(const struct options *o, const char *text, char *why)
{
	const struct operand p = { o, text, NULL, why };

	return guess(&p) != NULL;
}

/* Complain of what is no domain, and keep it; an exit code. */
static int
leave_out(struct options *o, const struct operand *p, size_t before)
{
	struct refused *all =
	    realloc(o->refused, (o->nrefused + 1) * sizeof(*all));
	struct refused *r;

	refuse_word(p->text, p->why);
	if (all != NULL) {
		o->refused = all;
		r = &all[o->nrefused++];
		*r =
		    (struct refused){ strdup(p->text), strdup(p->why), before };
		if (r->text != NULL && r->why != NULL)
			return EXIT_USE;
	}
	complain(o->command->name, "memory ran out");
	return EXIT_SYSTEM;
}

void
refused_free(struct options *o)
{
	for (size_t i = 0; i < o->nrefused; i++) {
		free(o->refused[i].text);
		free(o->refused[i].why);
	}
	free(o->refused);
	o->refused = NULL;
	o->nrefused = 0;
}

int
operands_sift(struct options *o)
{
	const char *first = o->operands[0];
	char why[ADVICE_MAX];
	size_t n = 0, all = o->noperands;
	bool ended = false;
	int code = 0;

	for (size_t i = 0; !ended && i < all; i++) {
		const struct operand p = { o, o->operands[i], first, why };
		const struct guess *g = guess(&p);

		if (g != NULL)
			code = worse_exit(code, leave_out(o, &p, n));
		else
			o->operands[n++] = o->operands[i];
		ended = g != NULL && g->ends;
	}
	if (ended)
		refused_free(o);
	o->noperands = ended ? 0 : n;
	o->operands[o->noperands] = NULL;
	return code;
}
