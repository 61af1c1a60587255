/*
 * json.c - results of lint as JSON: one document, or an object a line
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <string.h>

#include "base/writer.h"
#include "tools/lint/lint.h"

/* A number; null for 0, which is not known. */
static json_t *
known(unsigned n)
{
	return n > 0 ? json_integer((json_int_t)n) : json_null();
}

static json_t *
json_finding(const struct lint_run *run, size_t i)
{
	struct mailauth_lint_finding f;
	char print[LINT_PRINT_ROOM];

	mailauth_lint_finding(run->lint, i, &f);
	lint_print_of(run, i, print);
	return json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o, "
	                 "s:o, s:o, s:s, s:s?, s:s, s:s?, s:o, s:o, s:s}",
	    "code", f.code, "severity", mailauth_severity_name(f.severity),
	    "zone", f.zone, "name", f.name, "kind", f.kind, "type", f.type,
	    "file", lint_string(f.file), "line", known(f.line), "column",
	    known(f.column), "length", known(f.length), "text",
	    lint_string(f.text), "message", f.message, "remedy", f.remedy,
	    "reference", f.reference, "follows", f.follows, "ignored",
	    lint_string(f.ignored), "fix", lint_string(f.fix), "fingerprint",
	    print);
}

static json_t *
json_name(const struct mailauth_lint_name *n)
{
	return json_pack("{s:s, s:s, s:s?, s:s}", "name", n->name, "zone",
	    n->zone, "role", n->role, "result",
	    mailauth_result_name(n->result));
}

static json_t *
json_zone(const struct mailauth_zone *z)
{
	return json_pack("{s:s?, s:o}", "name", z->name, "file",
	    lint_string(z->file));
}

/* What holds for the run as a whole. */
static json_t *
json_whole(const struct lint_run *run)
{
	enum mailauth_result result = mailauth_lint_result(run->lint);
	json_t *counts = json_object(), *whole;
	struct lint_counts c;
	char room[32];
	struct writer time = writer_of(room, sizeof(room) - 1);

	put_utc(&time, run->time);
	put_char(&time, 'Z');
	room[time.used] = '\0';
	lint_count(run, &c);
	for (unsigned s = MAILAUTH_FAIL; s > 0; s--)
		json_object_set_new(counts,
		    mailauth_severity_name((enum mailauth_severity)s),
		    json_integer((json_int_t)c.severity[s]));
	json_object_set_new(counts,
	    mailauth_severity_name((enum mailauth_severity)0),
	    json_integer((json_int_t)c.severity[0]));
	json_object_set_new(counts, "ignored",
	    json_integer((json_int_t)c.ignored));
	whole = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:f}", "schema",
	    SCHEMA, "version", mailauth_version(), "time", room, "profile",
	    mailauth_profile_name(run->options->what.profile), "result",
	    mailauth_result_name(result), "counts", counts, "seconds",
	    run->seconds);
	return whole;
}

void
lint_json(const struct lint_run *run)
{
	json_t *whole = json_whole(run), *zones = json_array();
	json_t *names = json_array(), *findings = json_array();
	struct mailauth_lint_name name;
	struct mailauth_zone zone;
	size_t n = mailauth_lint_findings(run->lint);

	for (size_t i = 0; mailauth_lint_zone(run->lint, i, &zone); i++)
		json_array_append_new(zones, json_zone(&zone));
	for (size_t i = 0; mailauth_lint_name(run->lint, i, &name); i++)
		json_array_append_new(names, json_name(&name));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(findings, json_finding(run, i));
	json_object_set_new(whole, "zones", zones);
	json_object_set_new(whole, "names", names);
	json_object_set_new(whole, "findings", findings);
	put_json(whole, JSON_INDENT(2));
	json_decref(whole);
}

/* Print an object, and say in it what it is. */
static void
put_object(const char *what, json_t *object)
{
	json_t *line = json_pack("{s:s}", "object", what);

	json_object_update(line, object);
	put_json(line, JSON_COMPACT);
	json_decref(line);
	json_decref(object);
}

void
lint_ndjson(const struct lint_run *run)
{
	struct mailauth_lint_name name;
	struct mailauth_zone zone;
	size_t n = mailauth_lint_findings(run->lint);

	for (size_t i = 0; mailauth_lint_zone(run->lint, i, &zone); i++)
		put_object("zone", json_zone(&zone));
	for (size_t i = 0; mailauth_lint_name(run->lint, i, &name); i++)
		put_object("name", json_name(&name));
	for (size_t i = 0; i < n; i++)
		put_object("finding", json_finding(run, i));
	put_object("result", json_whole(run));
}
