/*
 * cmd_list.c - the tables: kinds, findings, commands, options and so on
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <string.h>

#include "tools/tool.h"

static json_t *
kinds(void)
{
	struct mailauth_kind_info k;
	json_t *list = json_array();

	for (size_t i = 0; mailauth_kind_at(i, &k); i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s, s:s?}", "kind", k.name,
		        "title", k.title, "reference", k.reference, "type",
		        k.type, "owner", k.owner));
	return list;
}

static json_t *
tags(void)
{
	struct mailauth_kind_info k;
	json_t *list = json_array();

	for (size_t i = 0; mailauth_kind_at(i, &k); i++)
		for (size_t t = 0; k.tags[t] != NULL; t++)
			json_array_append_new(list,
			    json_pack("{s:s, s:s}", "kind", k.name, "tag",
			        k.tags[t]));
	return list;
}

static json_t *
findings(void)
{
	struct mailauth_finding_info f;
	json_t *list = json_array();

	for (size_t i = 0; mailauth_finding_at(i, &f); i++) {
		const char *by[MAILAUTH_PROFILE_COUNT];

		for (size_t p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
			by[p] = mailauth_severity_name(f.severity[p]);
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s}, "
		              "s:s, s:s, s:s, s:s}",
		        "code", f.code, "severity", by[MAILAUTH_PROFILE_GUIDE],
		        "severity_rfc", by[MAILAUTH_PROFILE_RFC], "severities",
		        "practice", by[MAILAUTH_PROFILE_PRACTICE], "guide",
		        by[MAILAUTH_PROFILE_GUIDE], "rfc",
		        by[MAILAUTH_PROFILE_RFC], "bulk-sender",
		        by[MAILAUTH_PROFILE_BULK_SENDER], "gov",
		        by[MAILAUTH_PROFILE_GOV], "effect", f.effect,
		        "reference", f.reference, "message", f.sentence,
		        "remedy", f.remedy));
	}
	return list;
}

static json_t *
list_commands(void)
{
	json_t *list = json_array();

	for (size_t i = 0; commands[i] != NULL; i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s}", "command", commands[i]->name,
		        "synopsis", commands[i]->synopsis, "purpose",
		        commands[i]->purpose));
	return list;
}

/* The options of a command, as they come. */
struct collected {
	json_t *list;
	const struct command *command;
};

static void
collect(void *arg, const struct option *row)
{
	const struct collected *c = arg;
	char option[64], help[512];
	const char letter[] = { '-', row->letter, '\0' };

	snprintf(option, sizeof(option), "--%s", row->name);
	option_help(row, c->command, help, sizeof(help));
	for (char *line = help; (line = strchr(line, '\n')) != NULL;)
		*line = ' ';
	json_array_append_new(c->list,
	    json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:s?}", "command",
	        c->command->name, "option", option, "letter",
	        row->letter != 0 ? letter : NULL, "value", row->value, "help",
	        help, "default", row->otherwise));
}

static json_t *
list_options(void)
{
	json_t *list = json_array();

	for (size_t i = 0; commands[i] != NULL; i++) {
		struct collected c = { list, commands[i] };

		options_each(commands[i], collect, &c);
	}
	return list;
}

/* Each command with each format that it has. */
static json_t *
list_formats(void)
{
	json_t *list = json_array();

	for (size_t i = 0; commands[i] != NULL; i++)
		for (const struct format *f = formats; f->name != NULL; f++)
			if (format_writes(f, commands[i]->writes))
				json_array_append_new(list,
				    json_pack("{s:s, s:s}", "command",
				        commands[i]->name, "format", f->name));
	return list;
}

static json_t *list_tables(void);

/* A table that can be shown. */
struct shown {
	const char *name;
	json_t *(*make)(void);
	const char *columns[4]; /* of the text form, ended by NULL */
	int width[3];
};

static const struct shown tables[] = {
	{ "kinds", kinds, { "kind", "type", "owner", "title" }, { 12, 8, 20 } },
	{ "findings", findings, { "code", "severity", "reference", "message" },
	    { 34, 8, 28 } },
	{ "tags", tags, { "kind", "tag", NULL, NULL }, { 12, 0, 0 } },
	{ "commands", list_commands, { "command", "purpose", NULL, NULL },
	    { 16, 0, 0 } },
	{ "options", list_options, { "command", "option", "letter", "value" },
	    { 16, 21, 6 } },
	{ "formats", list_formats, { "command", "format", NULL, NULL },
	    { 16, 0, 0 } },
	{ "tables", list_tables, { "table", NULL, NULL, NULL }, { 0, 0, 0 } },
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* These tables themselves. */
static json_t *
list_tables(void)
{
	json_t *list = json_array();

	for (size_t t = 0; t < TABLES; t++)
		json_array_append_new(list,
		    json_pack("{s:s}", "table", tables[t].name));
	return list;
}

static void
print_row(const struct table *t, const json_t *row)
{
	const struct shown *shown = t->arg;

	for (int i = 0; i < 4 && shown->columns[i] != NULL; i++) {
		const char *s =
		    json_string_value(json_object_get(row, shown->columns[i]));
		bool last = i == 3 || shown->columns[i + 1] == NULL;

		printf("%-*s%s", last ? 0 : shown->width[i],
		    s != NULL ? s : "-", last ? "\n" : " ");
	}
}

/* Complain of a word that is no list, or of none or several. */
static int
refuse(const char *word, bool several)
{
	struct near n = { .word = word };
	char names[96] = "", why[128];

	for (size_t t = 0; t < TABLES; t++) {
		size_t used = strlen(names);

		near_try(&n, tables[t].name);
		snprintf(names + used, sizeof(names) - used, "%s%s",
		    t > 0 ? ", " : "", tables[t].name);
	}
	if (same_word(word, "codes"))
		n.best = "findings";
	if (!several)
		return refuse_unknown(&n, "list", names);
	snprintf(why, sizeof(why), "name one of %s", names);
	return refuse_word(word, why);
}

static int
run_list(struct options *o)
{
	size_t t = 0;

	if (o->noperands != 1)
		return refuse("list", true);
	while (t < TABLES && strcmp(o->operands[0], tables[t].name) != 0)
		t++;
	if (t == TABLES)
		return refuse(o->operands[0], false);
	if (!o->quiet) {
		struct table table = { tables[t].make(), print_row,
			&tables[t] };

		o->format->rows(&table);
		json_decref(table.rows);
	}
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

/* The last two are there for those who give them to every command. */
static const struct option rows[] = {
	OPTION_FORMAT,
	OPTION_VERBOSE(NULL),
	OPTION_QUIET(NULL),
	{ 0 },
};

const struct command command_list = {
	.name = "list",
	.synopsis = "[OPTION]... TABLE",
	.purpose =
	    "Show what is known here: kinds, findings, options and so on",
	.about =
	    "TABLE is kinds, findings, tags, commands, options, formats or "
	    "tables.",
	.takes = { SHARED(NULL, rows) },
	.writes = WRITES_ROWS,
	.run = run_list,
};
