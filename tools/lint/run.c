/*
 * run.c - what formats of lint share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "tools/lint/lint.h"
#include "tools/marks.h"

/* A fingerprint of 64 bits (FNV-1a): it names a finding among those of a zone,
 * and protects nothing. */
#define PRINT_START UINT64_C(0xcbf29ce484222325)
#define PRINT_PRIME UINT64_C(0x100000001b3)

static uint64_t
print_octet(uint64_t h, unsigned char c)
{
	return (h ^ c) * PRINT_PRIME;
}

/* A text and its end. */
static uint64_t
print_text(uint64_t h, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		h = print_octet(h, (unsigned char)*s);
	return print_octet(h, 0);
}

/* A line of a file: how much blank is in it does not count. */
static uint64_t
print_line(uint64_t h, const char *s)
{
	bool blank = false, any = false;

	for (; s != NULL && *s != '\0'; s++) {
		if (*s == ' ' || *s == '\t' || *s == '\r') {
			blank = any;
			continue;
		}
		if (blank)
			h = print_octet(h, ' ');
		h = print_octet(h, (unsigned char)*s);
		any = true;
		blank = false;
	}
	return print_octet(h, 0);
}

static uint64_t
print_of(const struct mailauth_lint_finding *f)
{
	uint64_t h = print_text(PRINT_START, f->zone);

	h = print_text(h, f->name);
	h = print_text(h, f->type);
	h = print_text(h, f->code);
	return print_line(h, f->text);
}

/* The fingerprint of a finding, and its number. */
struct numbered {
	uint64_t print;
	size_t i;
};

static int
by_print(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->print != y->print)
		return x->print < y->print ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* Findings that are the same are told apart by their order. */
static void
number(uint64_t *prints, const struct numbered *all, size_t n)
{
	size_t again = 0;

	for (size_t k = 0; k < n; k++) {
		uint64_t h = all[k].print;

		again = k > 0 && h == all[k - 1].print ? again + 1 : 0;
		for (size_t rest = again; rest > 0; rest >>= 8)
			h = print_octet(h, (unsigned char)rest);
		prints[all[k].i] = h;
	}
}

int
lint_prepare(struct lint_run *run)
{
	size_t n = mailauth_lint_findings(run->lint);
	struct numbered *all = calloc(n + 1, sizeof(*all));

	run->prints = calloc(n + 1, sizeof(*run->prints));
	if (all == NULL || run->prints == NULL) {
		free(all);
		complain("lint", "memory ran out");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct mailauth_lint_finding f;

		mailauth_lint_finding(run->lint, i, &f);
		all[i] = (struct numbered){ print_of(&f), i };
	}
	qsort(all, n, sizeof(*all), by_print);
	number(run->prints, all, n);
	free(all);
	return -1;
}

void
lint_finish(struct lint_run *run)
{
	free(run->prints);
	run->prints = NULL;
}

enum mailauth_severity
lint_level(const struct lint_run *run)
{
	enum mailauth_severity level = run->options->level;

	return level == MAILAUTH_PASS ? MAILAUTH_NOTICE : level;
}

bool
lint_is_told(const struct lint_run *run, const struct mailauth_lint_finding *f)
{
	return f->ignored == NULL && f->follows == NULL &&
	    f->severity >= lint_level(run);
}

void
lint_count(const struct lint_run *run, struct lint_counts *counts)
{
	struct mailauth_lint_finding f;

	*counts = (struct lint_counts){ 0 };
	for (size_t i = 0; mailauth_lint_finding(run->lint, i, &f); i++)
		if (f.ignored != NULL)
			counts->ignored += f.severity >= MAILAUTH_NOTICE;
		else if (f.follows == NULL)
			counts->severity[f.severity]++;
}

void
lint_print_text(uint64_t print, char room[LINT_PRINT_ROOM])
{
	snprintf(room, LINT_PRINT_ROOM, "%016llx", (unsigned long long)print);
}

void
lint_print_of(const struct lint_run *run, size_t i, char room[LINT_PRINT_ROOM])
{
	lint_print_text(run->prints[i], room);
}

bool
lint_row(const char *code, struct mailauth_finding_info *out)
{
	for (size_t i = 0; mailauth_finding_at(i, out); i++)
		if (strcmp(out->code, code) == 0)
			return true;
	return false;
}

/* Octets of the character of UTF-8 that is here; 1 for any other octet. */
static unsigned
character(const char *s)
{
	unsigned char c = (unsigned char)*s;
	unsigned n = c >= 0xf0 && c < 0xf5 ? 4 :
	    c >= 0xe0 && c < 0xf0          ? 3 :
	    c >= 0xc2 && c < 0xe0          ? 2 :
	                                     1;

	for (unsigned i = 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
	return n;
}

unsigned
lint_column(const char *line, unsigned octet)
{
	unsigned at = 1, column = 1;

	while (line != NULL && at < octet && line[at - 1] != '\0') {
		unsigned n = character(line + at - 1);

		at += n;
		column += n == 4 ? 2 : 1;
	}
	/* Behind what is known of the line, octets are columns. */
	return column + (at < octet ? octet - at : 0);
}

json_t *
lint_string(const char *s)
{
	json_t *string = s != NULL ? json_string(s) : json_null();
	char *shown;

	if (string != NULL || !json_is_whole())
		return string;
	shown = text_shown(s);
	if (shown == NULL)
		json_lacks();
	string = shown != NULL ? json_string(shown) : NULL;
	free(shown);
	return string;
}

bool
lint_page(const char *reference, char *room, size_t size)
{
	unsigned rfc;
	int used = 0, n;

	if (sscanf(reference, "RFC %u%n", &rfc, &used) != 1 || used == 0)
		return false;
	reference += used;
	n = snprintf(room, size, "https://www.rfc-editor.org/rfc/rfc%u.html%s",
	    rfc,
	    *reference != ' '       ? "" :
	        reference[1] >= 'A' ? "#appendix-" :
	                              "#section-");
	if (*reference == ' ')
		snprintf(room + n, size - (size_t)n, "%.*s",
		    (int)strcspn(reference + 1, " ,;"), reference + 1);
	return true;
}

char *
lint_uri(const char *path)
{
	static const char plain[] = "-._~/"
	                            "abcdefghijklmnopqrstuvwxyz"
	                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789";
	static const char scheme[] = "file://";
	char *uri = malloc(sizeof(scheme) + 3 * strlen(path)), *to = uri;

	if (uri == NULL)
		return NULL;
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	if (path[0] == '/') {
		memcpy(to, scheme, sizeof(scheme) - 1);
		to += sizeof(scheme) - 1;
	}
	for (; *path != '\0'; path++)
		if (strchr(plain, *path) != NULL)
			*to++ = *path;
		else
			to += snprintf(to, 4, "%%%02X", (unsigned char)*path);
	*to = '\0';
	return uri;
}
