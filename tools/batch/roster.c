/*
 * roster.c - a list of domains, read line by line
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/batch/roster.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/advice.h"
#include "tools/tool.h"

/* Cells of a line: more are no list of domains. */
#define CELLS_MAX 256

#define BLANKS " \t\r\v\f"

/* Rows. */

bool
row_add(struct row *r, const char *text, size_t n)
{
	char **larger = realloc(r->words, (r->nwords + 2) * sizeof(*larger));

	if (larger == NULL)
		return false;
	r->words = larger;
	larger[r->nwords] = strndup(text, n);
	if (larger[r->nwords] == NULL)
		return false;
	/* A cell may have lines. */
	for (char *s = larger[r->nwords]; *s != '\0'; s++)
		*s = *s == '\n' || *s == '\r' ? ' ' : *s;
	larger[++r->nwords] = NULL;
	return true;
}

void
row_free(struct row *r)
{
	for (size_t i = 0; i < r->nwords; i++)
		free(r->words[i]);
	free(r->words);
	free(r->bad);
	*r = (struct row){ 0 };
}

static enum roster_got
no_memory(struct roster *in)
{
	complain("list", "memory ran out");
	in->code = EXIT_SYSTEM;
	return ROSTER_FAILED;
}

/* Octets that are shown of a line without any domain. */
#define SHOWN_MAX 60

/* The line cannot be used. */
static enum roster_got
spoil(struct roster *in, struct row *r, const char *why)
{
	if (r->bad == NULL)
		r->bad = strdup(why);
	if (r->bad != NULL)
		return ROSTER_ROW;
	return no_memory(in);
}

/* Octets. */

static enum roster_got
fail(struct roster *in, const char *why)
{
	complain(in->name, why);
	in->code = EXIT_INPUT;
	return ROSTER_FAILED;
}

/* Read more octets behind those that there are. */
static enum roster_got
fill(struct roster *in, bool wait)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	ssize_t n;

	memmove(in->octets, in->octets + in->at, in->used - in->at);
	in->used -= in->at;
	in->at = 0;
	if (!wait && poll(&p, 1, 0) == 0)
		return ROSTER_LATER;
	do
		n = read(in->fd, in->octets + in->used,
		    2 * ROSTER_LINE_MAX - in->used);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(in, strerror(errno));
	in->ended = n == 0;
	in->used += (size_t)n;
	return ROSTER_ROW;
}

/* Set `n` to the length of the next line, without its end, and leave it where
 * it is. */
static enum roster_got
look(struct roster *in, bool wait, size_t *n)
{
	while (true) {
		const char *s = in->octets + in->at;
		size_t left = in->used - in->at;
		const char *end = left > 0 ? memchr(s, '\n', left) : NULL;
		enum roster_got got;

		*n = end != NULL ? (size_t)(end - s) : left;
		if (end != NULL || *n > ROSTER_LINE_MAX)
			return ROSTER_ROW;
		if (in->ended)
			return left > 0 ? ROSTER_ROW : ROSTER_END;
		if ((got = fill(in, wait)) != ROSTER_ROW)
			return got;
	}
}

/* Go behind `n` octets and the end of their line. */
static void
skip(struct roster *in, size_t n)
{
	in->at += n;
	in->line++;
	if (in->at < in->used && in->octets[in->at] == '\n')
		in->at++;
}

/* Go behind a line that is too long: of `n` octets, if its end is here. */
static enum roster_got
skip_long(struct roster *in, size_t n, struct row *out)
{
	if (!row_add(out, in->octets + in->at, SHOWN_MAX))
		return no_memory(in);
	while (in->at + n == in->used && !in->ended) {
		const char *end;

		in->at = in->used;
		if (fill(in, true) == ROSTER_FAILED)
			return ROSTER_FAILED;
		end = memchr(in->octets, '\n', in->used);
		n = end != NULL ? (size_t)(end - in->octets) : in->used;
	}
	skip(in, n);
	out->line = in->line;
	return spoil(in, out, "the line has more than 65536 octets");
}

static enum roster_got
skip_octet_0(struct roster *in, size_t n, struct row *out)
{
	if (!row_add(out, in->octets + in->at, n < SHOWN_MAX ? n : SHOWN_MAX))
		return no_memory(in);
	skip(in, n);
	out->line = in->line;
	return spoil(in, out, "it has an octet 0; save the list as UTF-8");
}

/* The line is blank, or a comment. */
static bool
is_comment(const char *s, size_t n)
{
	while (n > 0 && strchr(BLANKS, *s) != NULL) {
		s++;
		n--;
	}
	return n == 0 || *s == '#';
}

/* Lines of words. */

static enum roster_got
take_words(struct roster *in, const char *s, size_t n, struct row *out)
{
	while (n > 0) {
		size_t m = 0;

		while (m < n && strchr(BLANKS, s[m]) == NULL)
			m++;
		if (m > 0 && s[0] == '#')
			break;
		if (m > 0 && !row_add(out, s, m)) {
			return no_memory(in);
		}
		m += m < n;
		s += m;
		n -= m;
	}
	return ROSTER_ROW;
}

/* Lines of CSV. */

/* The cells of a record, one after the other, each with a NUL behind it. */
struct cells {
	char *text; /* as many octets as the record, and one for each cell */
	const char *cell[CELLS_MAX];
	size_t n;
	size_t used; /* octets of the input */
	size_t lines; /* of it */
	const char *bad;
	bool open; /* a quote has no end */
};

/* Take one cell from `s`, which has `n` octets; `at` goes behind it. */
static void
take_cell(struct cells *c, char **to, const char *s, size_t n, size_t *at,
    char comma)
{
	size_t i = *at;
	bool quoted;

	while (i < n && s[i] == ' ' && comma != ' ')
		i++;
	quoted = i < n && s[i] == '"';
	if (!quoted)
		i = *at;
	i += quoted;
	while (i < n) {
		if (quoted ? s[i] == '"' : s[i] == comma || s[i] == '\n') {
			if (!quoted || i + 1 >= n || s[i + 1] != '"')
				break;
			i++;
		}
		c->lines += s[i] == '\n';
		*(*to)++ = s[i++];
	}
	c->open = quoted && i >= n;
	i += quoted && i < n;
	while (quoted && i < n && s[i] != comma && s[i] != '\n') {
		if (strchr(BLANKS, s[i]) == NULL)
			c->bad = "text follows the quote that ends a cell";
		i++;
	}
	*at = i;
}

static void
take_cells(struct cells *c, const char *s, size_t n, char comma)
{
	char *to = c->text;
	size_t at = 0;

	c->n = 0;
	c->lines = 1;
	c->bad = NULL;
	c->open = false;
	do {
		char *begin = to;

		at += c->n > 0;
		take_cell(c, &to, s, n, &at, comma);
		if (c->n == CELLS_MAX) {
			c->bad = "there are too many cells";
			break;
		}
		while (to > begin && strchr(BLANKS, to[-1]) != NULL)
			to--;
		*to++ = '\0';
		while (*begin != '\0' && strchr(BLANKS, *begin) != NULL)
			begin++;
		c->cell[c->n++] = begin;
	} while (at < n && s[at] == comma);
	c->used = at;
}

/* Take the record that begins with the next line, of `n` octets. A cell in
 * quotes may go on behind it, but only where the record then has the cells that
 * the header has: a quote that somebody forgot spoils one line. */
static enum roster_got
take_record(struct roster *in, bool wait, size_t n, struct cells *c)
{
	enum roster_got got;

	take_cells(c, in->octets + in->at, n, in->comma);
	if (!c->open)
		return ROSTER_ROW;
	while (!in->ended && in->used - in->at <= ROSTER_LINE_MAX)
		if ((got = fill(in, wait)) != ROSTER_ROW)
			return got;
	take_cells(c, in->octets + in->at, in->used - in->at, in->comma);
	if (!c->open && c->bad == NULL && c->n == in->ncolumns)
		return ROSTER_ROW;
	take_cells(c, in->octets + in->at, n, in->comma);
	c->bad = "a quote has no end in this line";
	c->used = n;
	c->lines = 1;
	return ROSTER_ROW;
}

/* Add the word NAME=VALUE. */
static bool
add_pair(struct row *r, const char *name, const char *value)
{
	size_t n = strlen(name) + strlen(value) + 2;
	char *word = malloc(n);
	bool good = false;

	if (word != NULL) {
		snprintf(word, n, "%s=%s", name, value);
		good = row_add(r, word, n - 1);
	}
	free(word);
	return good;
}

/* Make words of the cells. */
static enum roster_got
use_cells(struct roster *in, const struct cells *c, struct row *out)
{
	const char *domain = c->n > in->domain ? c->cell[in->domain] : "";
	char why[ADVICE_MAX];
	bool good = row_add(out, domain, strlen(domain));

	for (size_t i = 0; good && i < c->n && i < in->ncolumns; i++)
		if (i != in->domain && in->columns[i] != NULL &&
		    c->cell[i][0] != '\0')
			good = add_pair(out, in->columns[i], c->cell[i]);
	if (!good) {
		return no_memory(in);
	}
	if (c->bad != NULL)
		return spoil(in, out, c->bad);
	if (c->n > in->ncolumns) {
		snprintf(why, sizeof(why),
		    "it has %zu cells, and the first line has %zu", c->n,
		    in->ncolumns);
		return spoil(in, out, why);
	}
	return domain[0] != '\0' ?
	    ROSTER_ROW :
	    spoil(in, out, "the cell of the domain is empty");
}

/* The first line. */

/* "Mail From" as options are called: "mail-from". */
static char *
column_name(const char *cell)
{
	char *name = strdup(cell);

	for (char *s = name; s != NULL && *s != '\0'; s++)
		if (*s == ' ' || *s == '_')
			*s = '-';
		else if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + ('a' - 'A'));
	return name;
}

/* Take the name of a column. One that is no option is a note of the user's, but
 * for a small mistake in the name of one. */
static enum roster_got
take_column(struct roster *in, const char *cell)
{
	char *name = column_name(cell), why[ADVICE_MAX];
	const char *near = NULL;

	in->columns[in->ncolumns++] = name;
	if (name == NULL) {
		return no_memory(in);
	}
	if (in->option(in->arg, name, &near) != NULL)
		return ROSTER_ROW;
	if (near != NULL) {
		snprintf(why, sizeof(why),
		    "there is no such column; did you mean %s?", near);
		refuse_word(cell, why);
		in->code = EXIT_USE;
		return ROSTER_FAILED;
	}
	free(name);
	in->columns[in->ncolumns - 1] = NULL;
	return ROSTER_ROW;
}

/* The number of the cell that names the domains; `n`: none does. */
static size_t
domain_column(const struct cells *c)
{
	size_t i = 0;

	while (i < c->n && !same_word(c->cell[i], "domain"))
		i++;
	return i;
}

/* Look whether the first line, of `n` octets, is the header of CSV. */
static enum roster_got
take_header(struct roster *in, size_t n, struct cells *c)
{
	static const char commas[] = ",;\t";
	enum roster_got got = ROSTER_ROW;

	for (size_t k = 0; k < 3; k++) {
		take_cells(c, in->octets + in->at, n, commas[k]);
		if (domain_column(c) < c->n)
			in->comma = commas[k];
		if (in->comma != 0)
			break;
	}
	if (in->comma == 0)
		return ROSTER_ROW;
	in->domain = domain_column(c);
	in->columns = calloc(c->n, sizeof(*in->columns));
	if (in->columns == NULL) {
		return no_memory(in);
	}
	skip(in, n);
	for (size_t i = 0; got == ROSTER_ROW && i < c->n; i++)
		if (i == in->domain)
			in->ncolumns++;
		else
			got = take_column(in, c->cell[i]);
	return got;
}

/* The encodings of a list that spreadsheets write. */
static enum roster_got
begin(struct roster *in, bool wait)
{
	enum roster_got got;
	const char *s;

	while (in->used < 3 && !in->ended)
		if ((got = fill(in, wait)) != ROSTER_ROW)
			return got;
	s = in->octets;
	if (in->used >= 2 &&
	    (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0))
		return fail(in, "it is UTF-16; save it as UTF-8");
	if (in->used >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		in->at = 3;
	in->begun = true;
	return ROSTER_ROW;
}

/* Reading. */

static bool
is_empty(const struct cells *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->cell[i][0] != '\0')
			return false;
	return c->bad == NULL;
}

/* Take the line that begins here, of `n` octets. The row is empty when it has no
 * domain. */
static enum roster_got
take_line(struct roster *in, bool wait, size_t n, struct row *out)
{
	const char *s = in->octets + in->at;
	struct cells c = { .text = in->cells };
	enum roster_got got = ROSTER_ROW;

	out->line = in->line + 1;
	if (is_comment(s, n)) {
		skip(in, n);
		return ROSTER_ROW;
	}
	if (!in->headed) {
		in->headed = true;
		got = take_header(in, n, &c);
		if (got != ROSTER_ROW || in->comma != 0)
			return got;
	}
	if (in->comma == 0) {
		got = take_words(in, s, n, out);
		skip(in, n);
		return got;
	}
	got = take_record(in, wait, n, &c);
	if (got != ROSTER_ROW)
		return got;
	in->line += c.lines - 1;
	skip(in, c.used);
	return is_empty(&c) ? ROSTER_ROW : use_cells(in, &c, out);
}

enum roster_got
roster_next(struct roster *in, bool wait, struct row *out)
{
	enum roster_got got = ROSTER_ROW;
	size_t n;

	*out = (struct row){ 0 };
	if (!in->begun)
		got = begin(in, wait);
	while (got == ROSTER_ROW && out->nwords == 0 && out->bad == NULL) {
		got = look(in, wait, &n);
		if (got != ROSTER_ROW)
			break;
		if (n > ROSTER_LINE_MAX)
			got = skip_long(in, n, out);
		else if (memchr(in->octets + in->at, '\0', n) != NULL)
			got = skip_octet_0(in, n, out);
		else
			got = take_line(in, wait, n, out);
	}
	return got;
}

int
roster_open(struct roster *in, const char *file)
{
	bool standard = strcmp(file, "-") == 0;

	in->name = standard ? "standard input" : file;
	in->fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0) {
		complain(file, strerror(errno));
		return EXIT_INPUT;
	}
	in->octets = malloc(2 * ROSTER_LINE_MAX);
	in->cells = malloc(2 * ROSTER_LINE_MAX + CELLS_MAX);
	if (in->octets != NULL && in->cells != NULL)
		return -1;
	complain("list", "memory ran out");
	return EXIT_SYSTEM;
}

void
roster_close(struct roster *in)
{
	for (size_t i = 0; i < in->ncolumns; i++)
		free(in->columns[i]);
	free(in->columns);
	free(in->octets);
	free(in->cells);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
}
