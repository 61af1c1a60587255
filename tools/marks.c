/*
 * marks.c - text in formats that give some characters a meaning
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * XML takes a few lines, and no library.
 */
#include "tools/marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
put_xml(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '&')
			fputs("&amp;", stdout);
		else if (*s == '<')
			fputs("&lt;", stdout);
		else if (*s == '>')
			fputs("&gt;", stdout);
		else if (*s == '"')
			fputs("&quot;", stdout);
		else
			putchar(*s);
	}
}

/* What would begin a directive or an escape is escaped. */
void
put_tap(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '#' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
}

/* Strings of JSON are strings of YAML. */
void
put_yaml(const char *s)
{
	putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('"');
}

void
put_junit_counts(const struct junit_counts *c)
{
	printf(" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
	       "time=\"%.3f\">\n",
	    c->tests, c->failures, c->errors, c->seconds);
}

void
put_tap_head(size_t n)
{
	printf("TAP version 13\n1..%zu\n", n);
}

char *
text_shown(const char *s)
{
	/* Four octets for one at most. */
	char *out = malloc(4 * strlen(s) + 1), *to = out;

	for (; to != NULL && *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c <= 0x7e)
			*to++ = *s;
		else
			to += snprintf(to, 5, "\\%03u", c);
	}
	if (to != NULL)
		*to = '\0';
	return out;
}
