/*
 * sarif.c - results of lint in the Static Analysis Results Interchange Format,
 *     version 2.1.0 (OASIS)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>
#include <string.h>

#include "tools/help.h"
#include "tools/lint/lint.h"

#define SARIF_SCHEMA \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/" \
	"sarif-schema-2.1.0.json"
/* The manual, for findings that no page of the web defines. */
#define MANUAL "man:mailauth-findings(7)"
/* Octets of the longest help on a finding. */
#define HELP_ROOM 4096

static const char *
level_of(enum mailauth_severity severity)
{
	switch (severity) {
	case MAILAUTH_FAIL: return "error";
	case MAILAUTH_WARN: return "warning";
	case MAILAUTH_NOTICE:
	case MAILAUTH_INFO: return "note";
	case MAILAUTH_PASS: break;
	}
	return "none";
}

/* A text as SARIF has it: braces are doubled (3.11.5). */
static json_t *
message(const char *text)
{
	char *room = malloc(2 * strlen(text) + 1), *to = room;
	json_t *made;

	if (room == NULL) {
		json_lacks();
		return json_null();
	}
	for (; *text != '\0'; text++) {
		*to++ = *text;
		if (*text == '{' || *text == '}')
			*to++ = *text;
	}
	*to = '\0';
	made = json_pack("{s:o}", "text", lint_string(room));
	free(room);
	return made;
}

/* A finding's sentence, and what to do. */
static json_t *
sentences(const struct mailauth_lint_finding *f)
{
	const char *remedy = f->remedy != NULL ? f->remedy : "";
	json_t *text = json_sprintf("%s%s%s", f->message,
	    remedy[0] != '\0' ? "; " : "", remedy);
	json_t *made = message(text != NULL ? json_string_value(text) : "");

	json_decref(text);
	return made;
}

static json_t *
help_text(const struct mailauth_finding_info *row)
{
	const struct help *h = help_on(row->code);
	char room[HELP_ROOM];
	size_t n = 0;

	const char *const parts[][2] = { { "", row->sentence },
		{ "What to do: ", row->remedy }, { "Why it matters: ", h->why },
		{ "Wrong:\n", h->wrong }, { "Right:\n", h->right },
		{ "Reference: ", row->reference } };

	room[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i][1] != NULL && parts[i][1][0] != '\0' &&
		    n < sizeof(room))
			n += (size_t)snprintf(room + n, sizeof(room) - n,
			    "%s%s%s", n > 0 ? "\n\n" : "", parts[i][0],
			    parts[i][1]);
	return message(room);
}

static json_t *
rule(const struct lint_run *run, const struct mailauth_finding_info *row)
{
	char page[256];

	if (!lint_page(row->reference, page, sizeof(page)))
		snprintf(page, sizeof(page), "%s", MANUAL);
	return json_pack("{s:s, s:o, s:o, s:s, s:{s:s}, s:{s:s}}", "id",
	    row->code, "shortDescription", message(row->sentence), "help",
	    help_text(row), "helpUri", page, "defaultConfiguration", "level",
	    level_of(row->severity[run->options->what.profile]), "properties",
	    "reference", row->reference);
}

/* The number of a rule, which is added when it is a new one. `index` has
 * those there are. */
static json_int_t
rule_index(const struct lint_run *run, json_t *rules, json_t *index,
    const char *code)
{
	struct mailauth_finding_info row;
	const json_t *found = json_object_get(index, code);
	json_int_t n = (json_int_t)json_array_size(rules);

	if (found != NULL)
		return json_integer_value(found);
	if (!lint_row(code, &row))
		return -1;
	json_array_append_new(rules, rule(run, &row));
	json_object_set_new(index, code, json_integer(n));
	return n;
}

/* The columns of a line, in the units that `columnKind` names. */
static json_t *
region(const struct mailauth_lint_finding *f)
{
	json_t *r = json_pack("{s:I}", "startLine", (json_int_t)f->line);

	if (f->column == 0)
		return r;
	json_object_set_new(r, "startColumn",
	    json_integer(lint_column(f->text, f->column)));
	if (f->length > 0)
		json_object_set_new(r, "endColumn",
		    json_integer(lint_column(f->text, f->column + f->length)));
	if (f->text != NULL)
		json_object_set_new(r, "snippet",
		    json_pack("{s:o}", "text", lint_string(f->text)));
	return r;
}

static json_t *
location(const struct mailauth_lint_finding *f)
{
	json_t *l = json_object();

	if (f->file != NULL) {
		char *uri = lint_uri(f->file);
		json_t *place;

		if (uri == NULL)
			json_lacks();
		place = json_pack("{s:{s:s}}", "artifactLocation", "uri",
		    uri != NULL ? uri : "");
		free(uri);
		if (f->line > 0)
			json_object_set_new(place, "region", region(f));
		json_object_set_new(l, "physicalLocation", place);
	}
	if (f->name != NULL)
		json_object_set_new(l, "logicalLocations",
		    json_pack("[{s:s, s:s}]", "fullyQualifiedName", f->name,
		        "kind", "resource"));
	return l;
}

/* The repair: the lines of the record are replaced by others. */
static void
add_fix(json_t *result, const struct mailauth_lint_finding *f)
{
	char *uri;

	if (f->fix == NULL || f->file == NULL || f->fix_first == 0)
		return;
	uri = lint_uri(f->file);
	if (uri == NULL)
		json_lacks();
	json_object_set_new(result, "fixes",
	    json_pack("[{s:[{s:{s:s}, s:[{s:{s:I, s:I, s:I}, s:{s:o}}]}]}]",
	        "artifactChanges", "artifactLocation", "uri",
	        uri != NULL ? uri : "", "replacements", "deletedRegion",
	        "startLine", (json_int_t)f->fix_first, "startColumn",
	        (json_int_t)1, "endLine", (json_int_t)f->fix_last,
	        "insertedContent", "text", lint_string(f->fix)));
	free(uri);
}

static json_t *
result_of(const struct lint_run *run, size_t i,
    const struct mailauth_lint_finding *f, json_int_t index)
{
	char print[LINT_PRINT_ROOM];
	json_t *r;

	lint_print_of(run, i, print);
	r = json_pack("{s:s, s:s, s:o, s:[o], s:{s:s}}", "ruleId", f->code,
	    "level", level_of(f->severity), "message", sentences(f),
	    "locations", location(f), "partialFingerprints", "mailauth/v1",
	    print);
	if (index >= 0)
		json_object_set_new(r, "ruleIndex", json_integer(index));
	if (f->ignored != NULL)
		json_object_set_new(r, "suppressions",
		    json_pack("[{s:s, s:o}]", "kind",
		        strcmp(f->ignored, LINT_IN_BASELINE) == 0 ? "external" :
		                                                    "inSource",
		        "justification", lint_string(f->ignored)));
	add_fix(r, f);
	return r;
}

void
lint_sarif(const struct lint_run *run)
{
	json_t *rules = json_array(), *index = json_object(), *whole;
	json_t *results = json_array();
	struct mailauth_lint_finding f;

	for (size_t i = 0; mailauth_lint_finding(run->lint, i, &f); i++) {
		json_int_t n;

		if (f.severity < lint_level(run) ||
		    (f.follows != NULL && f.ignored == NULL))
			continue;
		n = rule_index(run, rules, index, f.code);
		json_array_append_new(results, result_of(run, i, &f, n));
	}
	json_decref(index);
	whole = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:s, s:o}}, s:s, "
	                  "s:o}]}",
	    "$schema", SARIF_SCHEMA, "version", "2.1.0", "runs", "tool",
	    "driver", "name", PROGRAM, "version", mailauth_version(),
	    "semanticVersion", mailauth_version(), "rules", rules, "columnKind",
	    "utf16CodeUnits", "results", results);
	put_json(whole, JSON_INDENT(2));
	json_decref(whole);
}
