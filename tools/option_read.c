/*
 * option_read.c - arguments read by the rows of the options
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Not getopt_long(), which takes the beginning of a name for the name: then a
 * script that says --serv breaks with the next option that begins like that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/argument.h"
#include "tools/option.h"
#include "tools/tool.h"

/* An option that was found, and where its value goes. */
struct match {
	const struct option *row;
	void *to;
};

static int
refuse(const char *what, const char *why)
{
	complain(what, why);
	return EXIT_USE;
}

int
option_refuse(const struct option *row, const char *why)
{
	char name[64] = "--";

	strncat(name, row->name, sizeof(name) - 3);
	return refuse(name, why);
}

/* Taking values. */

/* Where a member is. */
static void *
member(void *to, size_t at)
{
	return (char *)to + at;
}

int
take_text(const struct option *row, void *to, char *value)
{
	*(const char **)member(to, row->at) = value;
	return -1;
}

int
take_flag(const struct option *row, void *to, char *value)
{
	(void)value;
	*(bool *)member(to, row->at) = true;
	return -1;
}

/* A list is a pointer to elements of any type: it is copied as octets. */
static void *
get_list(const struct option *row, void *to)
{
	void *list;

	memcpy(&list, member(to, row->at), sizeof(list));
	return list;
}

static void
put_list(const struct option *row, void *to, void *list)
{
	memcpy(member(to, row->at), &list, sizeof(list));
}

void *
option_grow(const struct option *row, void *to, size_t size)
{
	size_t *n = member(to, row->count);
	char *list = get_list(row, to);

	list = realloc(list, (*n + 1) * size);
	if (list == NULL) {
		complain("options", "memory ran out");
		return NULL;
	}
	put_list(row, to, list);
	list += (*n)++ * size;
	memset(list, 0, size);
	return list;
}

int
take_word(const struct option *row, void *to, char *value)
{
	const char **word = option_grow(row, to, sizeof(*word));

	if (word == NULL)
		return EXIT_SYSTEM;
	*word = value;
	return -1;
}

/* Finding rows. */

static bool
is_named(const struct option *row, const char *name, size_t n, char letter)
{
	if (letter != 0)
		return row->letter == letter;
	return strlen(row->name) == n && memcmp(row->name, name, n) == 0;
}

static const struct option *
find_in(const struct option *rows, const char *name, size_t n, char letter)
{
	for (; rows->name != NULL; rows++)
		if (is_named(rows, name, n, letter))
			return rows;
	return NULL;
}

/* The first row with this name, or with this letter when that is not 0. */
static struct match
find(struct options *o, const char *name, size_t n, char letter)
{
	struct match m = { NULL, o };

	for (const struct group *g = o->takes; g->rows != NULL; g++) {
		m.row = find_in(g->rows, name, n, letter);
		m.to = g->own ? o->own : o;
		if (m.row != NULL)
			return m;
	}
	if (o->command != NULL)
		m.row = find_in(options_common, name, n, letter);
	m.to = o;
	return m;
}

/* Reading. */

static bool
is_optional(const struct option *row)
{
	return row->value != NULL && row->value[0] == '[';
}

/* A value that may be left out is the next argument when that is a path: no
 * domain name has a slash. */
static bool
is_path(const char *arg)
{
	return arg != NULL && arg[0] != '-' && strchr(arg, '/') != NULL;
}

/* The argument is an option, and no value that looks like one. */
static bool
is_option(struct options *o, const char *arg)
{
	return arg != NULL && strncmp(arg, "--", 2) == 0 &&
	    find(o, arg + 2, strcspn(arg + 2, "="), 0).row != NULL;
}

static int
refuse_without(const struct option *row, const char *shown)
{
	char why[128];

	snprintf(why, sizeof(why), "it needs a value: --%s %s", row->name,
	    row->value);
	return refuse(shown, why);
}

static int
refuse_with(const struct option *row, const char *shown)
{
	char why[128];

	snprintf(why, sizeof(why), "it takes no value: write --%s", row->name);
	return refuse_word(shown, why);
}

/* Give an option its value: `attached`, or else the next argument. `shown` is
 * how the user wrote it; `*i` is the last argument that is used up. */
static int
give(struct options *o, const struct match *m, char *attached,
    const char *shown, char **argv, int *i)
{
	char *value = attached, *next = argv[*i + 1];

	if (m->row->value == NULL && attached != NULL)
		return refuse_with(m->row, shown);
	if (m->row->value != NULL && attached == NULL) {
		if (!is_optional(m->row) &&
		    (next == NULL || is_option(o, next)))
			return refuse_without(m->row, shown);
		if (!is_optional(m->row) || is_path(next))
			value = argv[++*i];
	}
	o->behind = argv + *i + 1;
	return m->row->take(m->row, m->to, value);
}

static int
read_long(struct options *o, char **argv, int *i)
{
	char *arg = argv[*i], name[64];
	size_t n = strcspn(arg, "=");
	struct match m = find(o, arg + 2, n - 2, 0);

	if (m.row != NULL)
		return give(o, &m, arg[n] == '=' ? arg + n + 1 : NULL, arg,
		    argv, i);
	snprintf(name, sizeof(name), "%.*s", (int)(n - 2), arg + 2);
	return refuse_option(o, arg, name);
}

/* The text of a record was left without quotes: "v=spf1 -all". */
static bool
is_in_record(const struct options *o)
{
	return o->command != NULL && o->command->takes_record &&
	    o->noperands > 0 && strpbrk(o->operands[0], "=/") != NULL &&
	    strchr(o->operands[0], ' ') == NULL;
}

/* One hyphen, and behind it the name of an option. */
static int
refuse_hyphen(const struct option *row, const char *arg)
{
	char why[128];

	snprintf(why, sizeof(why), "a name has two hyphens: --%s", row->name);
	return refuse_word(arg, why);
}

/* The option whose name follows one hyphen, or NULL. A flag with its first
 * letter is that one. */
static const struct option *
named_after_one(struct options *o, const char *arg)
{
	struct match m = find(o, arg + 1, strcspn(arg + 1, "="), 0);

	if (m.row != NULL && m.row->letter == arg[1] && m.row->value == NULL)
		return NULL;
	return m.row;
}

/* Complain of letters: `s` among them is the letter of no option. */
static int
refuse_letters(struct options *o, char **argv, char s)
{
	const struct option *named = named_after_one(o, *argv);
	const char shown[] = { '-', s, '\0' };

	if (is_in_record(o))
		return refuse_pieces(o, argv);
	if (named != NULL)
		return refuse_hyphen(named, *argv);
	return refuse_option(o, shown, shown + 1);
}

/* Letters behind one hyphen; what follows one that takes a value is it. */
static int
read_letters(struct options *o, char **argv, int *i)
{
	int end = -1;

	if (named_after_one(o, argv[*i]) != NULL)
		return refuse_letters(o, argv + *i, argv[*i][1]);
	for (char *s = argv[*i] + 1; end < 0 && *s != '\0'; s++) {
		const char shown[] = { '-', *s, '\0' };
		struct match m = find(o, NULL, 0, *s);

		if (m.row == NULL)
			return refuse_letters(o, argv + *i, *s);
		if (m.row->value != NULL)
			return give(o, &m, s[1] != '\0' ? s + 1 : NULL, shown,
			    argv, i);
		end = m.row->take(m.row, m.to, NULL);
	}
	return end;
}

int
options_read(struct options *o, int argc, char **argv)
{
	bool only_operands = false;
	int end = -1;

	o->verdict_on = MAILAUTH_RESULT_WARN;
	o->operands = argv + 1;
	o->format = formats;
	if (o->command != NULL)
		o->takes = o->command->takes;
	for (int i = 1; end < 0 && i < argc; i++) {
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			o->operands[o->noperands++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if (argv[i][1] == '-')
			end = read_long(o, argv, &i);
		else
			end = read_letters(o, argv, &i);
	}
	/* Without operands argv stays as it is: a line of a list owns its words. */
	if (o->noperands == 0)
		o->operands = argv + argc;
	else
		o->operands[o->noperands] = NULL;
	return end;
}

/* Two options may fill the same list. */
static void
free_lists(const struct option *rows, void *to)
{
	for (; rows->name != NULL; rows++) {
		if (rows->count == 0)
			continue;
		free(get_list(rows, to));
		put_list(rows, to, NULL);
	}
}

void
options_free(struct options *o)
{
	refused_free(o);
	if (o->takes == NULL)
		return;
	for (const struct group *g = o->takes; g->rows != NULL; g++)
		free_lists(g->rows, g->own ? o->own : o);
}
