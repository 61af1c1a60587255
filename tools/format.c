/*
 * format.c - formats of the output
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/dnscode.h"
#include "tools/hints.h"
#include "tools/lint/lint.h"
#include "tools/test/print.h"
#include "tools/tool.h"

/* The largest number of columns in COLUMNS that is believed. */
#define COLUMNS_MOST 10000

/* Octets of the names of formats in one line of the help. */
#define HELP_LINE 44

/* Reports. */

/* NO_COLOR is an environment's wish, and --color that of this call. */
bool
output_colour(const struct options *o)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	if (o->colour != COLOUR_AUTO)
		return o->colour == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

/* A number in COLUMNS counts before what the terminal says. */
unsigned
output_columns(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	unsigned long n = 0;
	char *end;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (text != NULL && text[0] >= '0' && text[0] <= '9')
		n = strtoul(text, &end, 10);
	if (n > 0 && n <= COLUMNS_MOST && *end == '\0')
		return (unsigned)n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Begin an element of an array, or else an object of its own. */
static void
begin_element(const struct options *o, bool first)
{
	if (o->several)
		fputs(first ? "[\n" : ",\n", stdout);
}

/* Print a text and what ends it, and give it back. */
static bool
put_report(char *text, const char *end)
{
	if (text == NULL)
		return false;
	printf("%s%s", text, end);
	free(text);
	return true;
}

static bool
report_text(const struct options *o, struct mailauth_report *r, bool first)
{
	const struct mailauth_page_options how = {
		.flags = (output_colour(o) ? MAILAUTH_TEXT_COLOUR : 0) |
		    (o->verbose ? MAILAUTH_TEXT_VERBOSE : 0),
		.width = output_columns(),
		.level = o->level,
	};
	char *text = mailauth_report_page(r, &how);

	if (text != NULL && !first)
		putchar('\n');
	if (!put_report(text, ""))
		return false;
	hints_print(o, r);
	return true;
}

static bool
report_json(const struct options *o, struct mailauth_report *r, bool first)
{
	char *text = mailauth_report_json(r, true);

	if (text != NULL)
		begin_element(o, first);
	/* A comma may follow on a line of its own. */
	return put_report(text, "\n");
}

/* The object of a refused domain as text; NULL when memory ran out. */
static char *
refused_text(const struct refusal *r, size_t flags)
{
	json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:i}", "schema", SCHEMA,
	    "version", mailauth_version(), "domain", json_plain(r->domain),
	    "error", json_plain(r->why), "exit", r->code);
	char *text;

	if (o != NULL && r->line > 0 &&
	    json_object_set_new(o, "line", json_integer((json_int_t)r->line)) !=
	        0)
		json_lacks();
	text = o != NULL ? json_dumps(o, flags) : NULL;

	json_decref(o);
	if (json_is_whole())
		return text;
	free(text);
	return NULL;
}

static bool
refused_json(const struct options *o, const struct refusal *r, bool first)
{
	char *text = refused_text(r, JSON_INDENT(2));

	if (text != NULL)
		begin_element(o, first);
	return put_report(text, "\n");
}

static bool
refused_ndjson(const struct options *o, const struct refusal *r, bool first)
{
	(void)o;
	(void)first;
	return put_report(refused_text(r, JSON_COMPACT), "\n");
}

/* The end of an array, or an array of nothing. */
static void
end_json(const struct options *o, bool first)
{
	if (o->several)
		fputs(first ? "[]\n" : "]\n", stdout);
}

static bool
report_ndjson(const struct options *o, struct mailauth_report *r, bool first)
{
	(void)o;
	(void)first;
	return put_report(mailauth_report_json(r, false), "\n");
}

/* Rows of a table. */

static void
rows_text(const struct table *t)
{
	const json_t *row;
	size_t i;

	if (!json_is_whole())
		return;
	json_array_foreach(t->rows, i, row)
	{
		t->text(t, row);
	}
}

static void
rows_json(const struct table *t)
{
	put_json(t->rows, JSON_INDENT(2));
}

static void
rows_ndjson(const struct table *t)
{
	const json_t *row;
	size_t i;

	json_array_foreach(t->rows, i, row)
	{
		put_json(row, JSON_COMPACT);
	}
}

const struct format formats[] = {
	{ "text", .report = report_text, .rows = rows_text,
	    .cases = &cases_text, .lint = lint_text },
	{ "json", .report = report_json, .end = end_json,
	    .refused = refused_json, .rows = rows_json, .cases = &cases_json,
	    .lint = lint_json },
	{ "ndjson", .report = report_ndjson, .refused = refused_ndjson,
	    .rows = rows_ndjson, .cases = &cases_ndjson, .lint = lint_ndjson },
	{ "tap", .cases = &cases_tap, .lint = lint_tap },
	{ "junit", .cases = &cases_junit, .lint = lint_junit },
	{ "sarif", .lint = lint_sarif },
	{ "github", .lint = lint_github },
	{ "gitlab", .lint = lint_gitlab },
	{ "octodns", .plan = plan_octodns },
	{ "dnscontrol", .plan = plan_dnscontrol },
	{ .name = NULL },
};

bool
format_writes(const struct format *f, enum writes what)
{
	switch (what) {
	case WRITES_REPORTS: return f->report != NULL;
	case WRITES_PLAN: return f->report != NULL || f->plan != NULL;
	case WRITES_ROWS: return f->rows != NULL;
	case WRITES_CASES: return f->cases != NULL;
	case WRITES_LINT: return f->lint != NULL;
	case WRITES_LINES: break;
	}
	return false;
}

/* The next format that can write this, from `f` on. */
static const struct format *
next_writer(const struct format *f, enum writes what)
{
	while (f->name != NULL && !format_writes(f, what))
		f++;
	return f;
}

void
format_names(enum writes what, const char *last, char *room, size_t size)
{
	const struct format *f = next_writer(formats, what);
	const char *between = "";
	size_t used = 0;

	room[0] = '\0';
	while (f->name != NULL && used < size) {
		used += (size_t)snprintf(room + used, size - used, "%s%s",
		    between, f->name);
		f = next_writer(f + 1, what);
		between =
		    next_writer(f + (f->name != NULL), what)->name != NULL ?
		    ", " :
		    last;
	}
}

/* The option. */

static int
refuse_format(const struct command *command, const char *name)
{
	struct near n = { .word = name };
	char names[96];

	for (const struct format *f = formats; f->name != NULL; f++)
		if (format_writes(f, command->writes))
			near_try(&n, f->name);
	format_names(command->writes, ", ", names, sizeof(names));
	return refuse_unknown(&n, "format", names);
}

int
take_format(const struct option *row, void *to, char *value)
{
	struct options *o = to;

	(void)row;
	for (const struct format *f = formats; f->name != NULL; f++) {
		if (strcmp(value, f->name) != 0)
			continue;
		if (!format_writes(f, o->command->writes))
			break;
		o->format = f;
		return -1;
	}
	return refuse_format(o->command, value);
}

void
fill_format(const struct command *command, char *room, size_t size)
{
	char *cut;

	format_names(command->writes, " or ", room, size);
	/* Many names are two lines of the help. */
	cut = strlen(room) > HELP_LINE ? room + HELP_LINE : NULL;
	while (cut != NULL && *cut != ' ')
		cut--;
	if (cut != NULL)
		*cut = '\n';
}
