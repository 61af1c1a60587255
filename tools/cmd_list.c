/*
 * cmd_list.c - the tables: kinds, findings, tags
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <jansson.h>
#include <stdlib.h>
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

	for (size_t i = 0; mailauth_finding_at(i, &f); i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "code",
		        f.code, "severity",
		        mailauth_severity_name(f.severity[0]), "severity_rfc",
		        mailauth_severity_name(f.severity[1]), "effect",
		        f.effect, "reference", f.reference, "message",
		        f.sentence, "remedy", f.remedy));
	return list;
}

static const struct {
	const char *name;
	json_t *(*make)(void);
	const char *columns[4]; /* of the text form, ended by NULL */
	int width[3];
} tables[] = {
	{ "kinds", kinds, { "kind", "type", "owner", "title" }, { 12, 8, 20 } },
	{ "findings", findings, { "code", "severity", "reference", "message" },
	    { 34, 8, 28 } },
	{ "tags", tags, { "kind", "tag", NULL, NULL }, { 12, 0, 0 } },
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static void
print_row(size_t t, const json_t *row)
{
	for (int i = 0; i < 4 && tables[t].columns[i] != NULL; i++) {
		const char *s = json_string_value(
		    json_object_get(row, tables[t].columns[i]));
		bool last = i == 3 || tables[t].columns[i + 1] == NULL;

		printf("%-*s%s", last ? 0 : tables[t].width[i],
		    s != NULL ? s : "-", last ? "\n" : " ");
	}
}

static int
print_table(const struct options *o, size_t t)
{
	json_t *list = tables[t].make(), *row;
	size_t i;

	if (o->format == FORMAT_JSON) {
		json_dumpf(list, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_array_foreach(list, i, row)
	{
		if (o->format == FORMAT_NDJSON) {
			json_dumpf(row, stdout, JSON_COMPACT);
			putchar('\n');
		} else if (o->format == FORMAT_TEXT) {
			print_row(t, row);
		}
	}
	json_decref(list);
	return finish_output() < 0 ? 0 : EXIT_SYSTEM;
}

static int
run_list(int argc, char **argv)
{
	struct options o;
	int code = options_read(&o, &command_list, TAKES_FORMAT, argc, argv);

	options_free(&o);
	if (code >= 0)
		return code;
	if (argc - optind != 1) {
		complain("list", "name one of kinds, findings, tags");
		return EXIT_USE;
	}
	for (size_t t = 0; t < TABLES; t++)
		if (strcmp(argv[optind], tables[t].name) == 0)
			return o.quiet ? 0 : print_table(&o, t);
	complain(argv[optind], "there is no such list: kinds, findings, tags");
	return EXIT_USE;
}

const struct command command_list = {
	"list",
	"[OPTION]... kinds | findings | tags",
	"Show the kinds of records, findings or tags known here",
	"  --format F             text, json or ndjson (text)\n",
	run_list,
};
