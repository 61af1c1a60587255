/*
 * value.c - addresses, servers and selectors as values of options
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/argument.h"
#include "tools/tool.h"

/* IP addresses. */

bool
is_ip(const char *text, size_t n)
{
	struct in6_addr room;
	char copy[INET6_ADDRSTRLEN];

	if (n >= sizeof(copy))
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	return inet_pton(AF_INET, copy, &room) == 1 ||
	    inet_pton(AF_INET6, copy, &room) == 1;
}

size_t
ip_within(const char *text, const char **at)
{
	size_t n = strlen(text), whole = strcspn(text, "/");

	*at = text;
	if (is_ip(text, whole))
		return whole;
	if (text[0] == '[' && is_ip(text + 1, strcspn(text + 1, "]"))) {
		*at = text + 1;
		return strcspn(text + 1, "]");
	}
	whole = strcspn(text, ":#");
	return whole < n && is_ip(text, whole) ? whole : 0;
}

/* The option is to be repeated, with each of two values of a list. */
static int
refuse_list(const struct option *row, const char *value)
{
	size_t n = strcspn(value, ", ");
	const char *second = value + n + strspn(value + n, ", ");
	char why[ADVICE_MAX];

	snprintf(why, sizeof(why), "one value at a time: --%s %.*s --%s %.*s",
	    row->name, (int)(n < 60 ? n : 60), value, row->name,
	    (int)(strcspn(second, ", ") < 60 ? strcspn(second, ", ") : 60),
	    second);
	return refuse_word(value, why);
}

static int
refuse_ip(const struct option *row, const char *value)
{
	char why[ADVICE_MAX];
	const char *at;
	size_t n = ip_within(value, &at);

	if (n > 0)
		snprintf(why, sizeof(why),
		    "one address is asked for: --%s %.*s", row->name, (int)n,
		    at);
	else if (value[strspn(value, "0123456789.")] != '\0' &&
	    is_domain(value, strlen(value)))
		snprintf(why, sizeof(why),
		    "a name is not an IP address: --%s 192.0.2.1", row->name);
	else
		snprintf(why, sizeof(why),
		    "it is not an IP address: --%s 192.0.2.1", row->name);
	return refuse_word(value, why);
}

int
ip_judge(const struct option *row, const char *value)
{
	if (strpbrk(value, ", ") != NULL)
		return refuse_list(row, value);
	return is_ip(value, strlen(value)) ? -1 : refuse_ip(row, value);
}

/* Servers. */

static int
refuse_server(const char *value)
{
	const char *bare = value + strspn(value, "@"), *at, *port;
	char why[ADVICE_MAX];
	size_t n = ip_within(bare, &at);

	port = at + n + strspn(at + n, "]");
	if (n > 0 && (*port == ':' || *port == '#') && strlen(port) < 8)
		snprintf(why, sizeof(why),
		    "give it as ADDRESS@PORT: --server %.*s@%s", (int)n, at,
		    port + 1);
	else if (n > 0)
		snprintf(why, sizeof(why),
		    "give it as ADDRESS or ADDRESS@PORT: --server %.*s", (int)n,
		    at);
	else if (strstr(value, "://") != NULL)
		snprintf(why, sizeof(why),
		    "a URL is not a server: give ADDRESS or ADDRESS@PORT; DNS "
		    "over TLS and HTTPS are not used");
	else if (is_domain(bare, strcspn(bare, "@:")))
		snprintf(why, sizeof(why),
		    "a name is not a server: give its ADDRESS or ADDRESS@PORT");
	else
		snprintf(why, sizeof(why),
		    "it is not an ADDRESS or ADDRESS@PORT");
	return refuse_word(value, why);
}

static int
refuse_port(const char *value)
{
	char why[ADVICE_MAX];

	snprintf(why, sizeof(why),
	    "give it as ADDRESS@PORT, a PORT from 1 to 65535: --server "
	    "%.*s@53",
	    (int)strcspn(value, "@"), value);
	return refuse_word(value, why);
}

/* Nothing follows "ADDRESS", or the number of a port. */
static bool
has_good_port(const char *value)
{
	const char *port = strchr(value, '@');
	size_t n = port != NULL ? strspn(port + 1, "0123456789") : 0;
	unsigned long number;

	if (port == NULL)
		return true;
	number = n < 6 ? strtoul(port + 1, NULL, 10) : 0;
	return port[n + 1] == '\0' && number > 0 && number <= 65535;
}

int
take_server(const struct option *row, void *to, char *value)
{
	/* A scope is the library's. */
	if (strpbrk(value, ", ") != NULL)
		return refuse_list(row, value);
	if (!is_ip(value, strcspn(value, "@%")))
		return refuse_server(value);
	if (!has_good_port(value))
		return refuse_port(value);
	return take_word(row, to, value);
}

/* Mail addresses. */

char *
address_within(char *text)
{
	char *open = strrchr(text, '<'), *end = strrchr(text, '>');

	if (open == NULL || end == NULL || end < open ||
	    end[1 + strspn(end + 1, " \t")] != '\0')
		return text;
	end[1] = '\0';
	if (end == open + 1)
		return open; /* <> */
	*end = '\0';
	return open + 1;
}

/* "Joe <joe@example.com" */
int
address_judge(const char *text)
{
	const char *open = strrchr(text, '<');
	char why[ADVICE_MAX];

	if (open == NULL || strchr(open, '>') != NULL)
		return -1;
	snprintf(why, sizeof(why),
	    "there is no > behind its <; give the address alone: %.100s",
	    open[1] != '\0' ? open + 1 : "joe@example.com");
	return refuse_word(text, why);
}

int
take_address(const struct option *row, void *to, char *value)
{
	int code = address_judge(value);

	return code >= 0 ? code : take_text(row, to, address_within(value));
}

/* Selectors. */

int
take_selectors(const struct option *row, void *to, char *value)
{
	char *name, *save = NULL;
	size_t n = 0;
	int code;

	for (name = strtok_r(value, ", \t", &save); name != NULL;
	     name = strtok_r(NULL, ", \t", &save), n++)
		if ((code = take_word(row, to, name)) >= 0)
			return code;
	return n > 0 ? -1 : option_refuse(row, "name a selector: --selector S");
}

/* One or more labels of letters, digits, underscores and inner hyphens. */
static bool
is_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	while (true) {
		size_t n = strspn(s, letters);

		if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
			return false;
		if (s[n] == '\0')
			return true;
		if (s[n] != '.')
			return false;
		s += n + 1;
	}
}

/* The domain behind "._domainkey." is each one that is checked. A domain in UTF-8
 * is left to the library. */
static bool
is_of_domains(const struct options *o, const char *domain)
{
	size_t n = strlen(domain);

	n -= n > 0 && domain[n - 1] == '.';
	for (size_t i = 0; i < o->noperands; i++) {
		const char *other = o->operands[i];
		size_t m = strlen(other);
		char a[256], b[256];

		m -= m > 0 && other[m - 1] == '.';
		for (const char *s = other; *s != '\0'; s++)
			if ((unsigned char)*s >= 0x80)
				return true;
		snprintf(a, sizeof(a), "%.*s", (int)n, domain);
		snprintf(b, sizeof(b), "%.*s", (int)m, other);
		if (!same_word(a, b))
			return false;
	}
	return true;
}

static int
refuse_selector(const char *option, const char *s)
{
	const char *key = strstr(s, "._domainkey");
	char why[ADVICE_MAX];

	if (key != NULL && key > s && key - s < 64)
		snprintf(why, sizeof(why), "give the selector alone: %s %.*s",
		    option, (int)(key - s), s);
	else
		snprintf(why, sizeof(why),
		    "it is not a selector: one or more words of letters, digits "
		    "and hyphens with dots between them, as in %s s1",
		    option);
	return refuse_word(s, why);
}

static int
selector_judge(const struct options *o, const char *option, const char *s)
{
	const char *key = strstr(s, "_domainkey");

	if (!is_name(s) && (key == NULL || s[strlen(s) - 1] != '.'))
		return refuse_selector(option, s);
	if (key == NULL)
		return -1;
	key += strlen("_domainkey");
	return *key == '.' && is_of_domains(o, key + 1) ?
	    -1 :
	    refuse_selector(option, s);
}

int
selectors_judge(const struct options *o)
{
	int code = -1;

	for (size_t i = 0; code < 0 && i < o->what.nselectors; i++)
		code = selector_judge(o, "--selector", o->what.selectors[i]);
	if (code < 0 && o->what.bimi_selector != NULL &&
	    !is_name(o->what.bimi_selector))
		code =
		    refuse_selector("--bimi-selector", o->what.bimi_selector);
	return code;
}
