/*
 * item.c - a line of a list as a request
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/batch/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/argument.h"

/* What is between the values of a list. */
#define LIST ", \t"

const struct option *
item_option(const struct batch_kind *kind, const char *name, const char **near)
{
	struct near n = { .word = name };

	for (const struct group *g = kind->takes; g->rows != NULL; g++)
		for (const struct option *r = g->rows; r->name != NULL; r++) {
			if (strcmp(r->name, name) == 0)
				return r;
			near_try(&n, r->name);
		}
	*near = n.best != NULL && n.at <= 1 ? n.best : NULL;
	return NULL;
}

/* Words as options. */

/* Add the argument --NAME or --NAME=VALUE. */
static bool
add_option(struct row *args, const struct option *row, const char *value,
    size_t n)
{
	size_t size = strlen(row->name) + n + sizeof("--=");
	char *text = malloc(size);
	bool good = false;

	if (text != NULL) {
		if (value != NULL)
			snprintf(text, size, "--%s=%.*s", row->name, (int)n,
			    value);
		else
			snprintf(text, size, "--%s", row->name);
		good = row_add(args, text, strlen(text));
	}
	free(text);
	return good;
}

/* Add an option for each value of a list. */
static bool
add_values(struct row *args, const struct option *row, const char *value)
{
	bool good = true;

	value += strspn(value, LIST);
	while (good && *value != '\0') {
		size_t n = strcspn(value, LIST);

		good = add_option(args, row, value, n);
		value += n;
		value += strspn(value, LIST);
	}
	return good;
}

static bool
is_one_of(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (same_word(value, *words))
			return true;
	return false;
}

/* A flag of a column: "yes" or "no". */
static bool
add_flag(struct row *args, const struct option *row, const char *value,
    char *why)
{
	static const char *const yes[] = { "yes", "true", "1", "x", NULL };
	static const char *const no[] = { "no", "false", "0", "", NULL };

	if (value == NULL || is_one_of(value, yes))
		return add_option(args, row, NULL, 0);
	if (!is_one_of(value, no))
		snprintf(why, REFUSAL_MAX, "%s: give it as yes or no",
		    row->name);
	return true;
}

static void
refuse_lone(const char *word, char *why)
{
	if (is_domain(word, strlen(word)))
		snprintf(why, REFUSAL_MAX,
		    "%.60s: give each domain a line of its own", word);
	else
		snprintf(why, REFUSAL_MAX,
		    "%.60s: behind the domain an option is written as "
		    "NAME=VALUE, without blanks",
		    word);
}

/* Add the option that a word is; false: memory ran out. */
static bool
add_word(const struct batch_kind *kind, struct row *args, const char *word,
    char *why)
{
	const char *near = NULL, *value;
	const struct option *row;
	char name[64];

	word += strspn(word, "-");
	value = strchr(word, '=');
	snprintf(name, sizeof(name), "%.*s",
	    (int)(value != NULL ? value - word : 63), word);
	row = item_option(kind, name, &near);
	if (row == NULL && value == NULL) {
		refuse_lone(word, why);
		return true;
	}
	if (row == NULL) {
		snprintf(why, REFUSAL_MAX, "%s: %s%s%s", name,
		    "a line has no such option",
		    near != NULL ? "; did you mean " : "",
		    near != NULL ? near : "");
		return true;
	}
	if (row->value == NULL)
		return add_flag(args, row, value != NULL ? value + 1 : NULL,
		    why);
	if (value == NULL) {
		snprintf(why, REFUSAL_MAX, "%s: it needs a value: %s=%s", name,
		    name, row->value);
		return true;
	}
	return row->count != 0 ?
	    add_values(args, row, value + 1) :
	    add_option(args, row, value + 1, strlen(value + 1));
}

/* The lists of options, which a line replaces as a whole. */
static void
borrow_lists(struct options *to, const struct options *from)
{
	if (to->what.nselectors == 0) {
		to->what.selectors = from->what.selectors;
		to->what.nselectors = from->what.nselectors;
	}
	if (to->what.nsenders == 0) {
		to->what.senders = from->what.senders;
		to->what.nsenders = from->what.nsenders;
	}
	if (to->what.ntls_certs == 0) {
		to->what.tls_certs = from->what.tls_certs;
		to->what.ntls_certs = from->what.ntls_certs;
	}
	if (to->ndkim == 0) {
		to->dkim = from->dkim;
		to->ndkim = from->ndkim;
	}
}

/* Begin with what the command line says, but for lists and for bits that the
 * line's are added to. */
static struct options
begin_own(const struct options *o, const struct batch_kind *kind)
{
	struct options own = *o;

	own.command = NULL;
	own.takes = kind->takes;
	own.operands = NULL;
	own.noperands = own.nrefused = 0;
	own.refused = NULL;
	own.what.selectors = NULL;
	own.what.senders = NULL;
	own.what.tls_certs = NULL;
	own.what.nselectors = own.what.nsenders = own.what.ntls_certs = 0;
	own.what.only = 0;
	own.dkim = NULL;
	own.ndkim = 0;
	own.settings = NULL;
	own.nsettings = 0;
	own.source = (struct mailauth_options){ 0 };
	return own;
}

/* Read the words behind the domain; false: memory ran out. */
static bool
read_words(struct item *item, const struct options *o,
    const struct batch_kind *kind)
{
	struct row args = { 0 };
	bool good = row_add(&args, "line", 4);
	int code;

	for (size_t i = 1; good && i < item->row.nwords && item->why[0] == '\0';
	     i++)
		good = add_word(kind, &args, item->row.words[i], item->why);
	item->own = begin_own(o, kind);
	if (good && item->why[0] == '\0') {
		complain_keep(item->why, sizeof(item->why));
		code = options_read(&item->own, (int)args.nwords, args.words);
		complain_keep(NULL, 0);
		item->code = code >= 0 ? code : item->code;
	}
	/* Values are borrowed from the arguments. */
	row_free(&item->args);
	item->args = args;
	if (item->own.what.only == 0)
		item->own.what.only = o->what.only;
	item->whole = item->own;
	item->whole.command = o->command;
	item->whole.source = o->source;
	borrow_lists(&item->whole, o);
	return good;
}

/* The domain. */

static void
judge_domain(struct item *item, const struct options *o)
{
	const char *domain = item->row.words[0];
	char why[ADVICE_MAX];

	if (strpbrk(domain, ",;") != NULL)
		snprintf(item->why, sizeof(item->why),
		    "a line is a domain and NAME=VALUE behind it; for columns "
		    "give a first line: domain,selector");
	else if (operand_is_other(o, domain, why))
		snprintf(item->why, sizeof(item->why), "%s", why);
}

static void
judge(struct item *item, const struct options *o, const struct batch_kind *kind)
{
	int code;

	item->operands[0] = item->row.words[0];
	item->whole.operands = item->operands;
	item->whole.noperands = 1;
	if (item->why[0] == '\0')
		judge_domain(item, o);
	if (item->why[0] != '\0' || kind->judge == NULL)
		return;
	complain_keep(item->why, sizeof(item->why));
	code = kind->judge(&item->whole);
	complain_keep(NULL, 0);
	if (code >= 0)
		item->code = code;
}

struct item *
item_new(const struct options *o, const struct batch_kind *kind,
    const void *arg, const struct row *row)
{
	struct item *item = calloc(1, sizeof(*item));
	void *request = calloc(1, kind->size);

	if (item == NULL || request == NULL) {
		free(item);
		free(request);
		return NULL;
	}
	item->row = *row;
	item->request = request;
	item->code = EXIT_USE;
	if (row->bad != NULL) {
		snprintf(item->why, sizeof(item->why), "%s", row->bad);
		return item;
	}
	if (!read_words(item, o, kind)) {
		item->row = (struct row){ 0 };
		item_free(item);
		return NULL;
	}
	judge(item, o, kind);
	/* A request of zeros names no domain, and is refused in its turn. */
	if (item->why[0] == '\0')
		kind->fill(arg, &item->whole, request);
	return item;
}

void
item_free(struct item *item)
{
	if (item == NULL)
		return;
	options_free(&item->own);
	row_free(&item->row);
	row_free(&item->args);
	free(item->request);
	free(item);
}
