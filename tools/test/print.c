/*
 * print.c - results of cases, in every format
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All text of a result is printable ASCII already: what is left to do is
 * marking the characters that a format gives a meaning.
 */
#include "tools/test/print.h"

#include "tools/marks.h"
#include "tools/test/test.h"

static const char *const names[OUTCOMES] = { "pass", "fail", "temperror",
	"skip", "error" };

/* Text for people. */

static void
text_one(const struct case_result *r, size_t number, bool verbose)
{
	static const char *const heads[OUTCOMES] = { "ok   ", "FAIL ", "TEMP ",
		"skip ", "ERROR" };

	(void)number;
	if ((r->outcome == OUTCOME_PASS || r->outcome == OUTCOME_SKIP) &&
	    !verbose)
		return;
	printf("%s %s:%u: %s\n", heads[r->outcome], r->entry->file->name,
	    r->line, r->entry->title);
	if (r->reason != NULL)
		printf("      %s\n", r->reason);
	for (const struct case_difference *d = r->differences; d != NULL;
	     d = d->next) {
		printf("      %u: %s\n", d->line, d->text);
	}
	fflush(stdout);
}

static void
text_end(const struct case_result *all, size_t n, const struct totals *t)
{
	static const char *const what[OUTCOMES] = { "passed", "failed",
		"could not be told", "skipped", "could not be run" };

	(void)all;
	(void)n;
	for (int i = 0; i < OUTCOMES; i++)
		if (i < 2 || t->count[i] > 0)
			printf("%s%zu %s", i > 0 ? ", " : "", t->count[i],
			    what[i]);
	printf(" (%.3f s)\n", t->seconds);
}

/* JSON. */

static json_t *
json_differences(const struct case_result *r)
{
	json_t *list = json_array();

	for (const struct case_difference *d = r->differences; d != NULL;
	     d = d->next)
		json_array_append_new(list,
		    json_pack("{s:I, s:s}", "line", (json_int_t)d->line, "text",
		        d->text));
	return list;
}

static json_t *
json_result(const struct case_result *r)
{
	return json_pack("{s:s, s:I, s:s, s:s, s:s?, s:s?, s:o, s:f}", "file",
	    r->entry->file->name, "line", (json_int_t)r->line, "case",
	    r->entry->title, "outcome", names[r->outcome], "verdict",
	    r->verdict, "reason", r->reason, "differences", json_differences(r),
	    "seconds", r->seconds);
}

static void
ndjson_one(const struct case_result *r, size_t number, bool verbose)
{
	json_t *shown = json_result(r);

	(void)number;
	(void)verbose;
	put_json(shown, JSON_COMPACT);
	json_decref(shown);
	fflush(stdout);
}

static void
json_end(const struct case_result *all, size_t n, const struct totals *t)
{
	json_t *cases = json_array(), *whole;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(cases, json_result(&all[i]));
	whole = json_pack("{s:s, s:s, s:f, s:o}", "schema", SCHEMA, "version",
	    mailauth_version(), "seconds", t->seconds, "cases", cases);
	for (int i = 0; i < OUTCOMES; i++)
		json_object_set_new(whole, names[i],
		    json_integer((json_int_t)t->count[i]));
	put_json(whole, JSON_INDENT(2));
	json_decref(whole);
}

/* The Test Anything Protocol, version 14. */

static void
tap_begin(const struct suite *s)
{
	put_tap_head(s->nentries);
}

static void
tap_one(const struct case_result *r, size_t number, bool verbose)
{
	bool good = r->outcome == OUTCOME_PASS || r->outcome == OUTCOME_SKIP;

	(void)verbose;
	printf("%sok %zu - ", good ? "" : "not ", number);
	put_tap(r->entry->file->name);
	printf(":%u: ", r->line);
	put_tap(r->entry->title);
	if (r->outcome == OUTCOME_SKIP)
		printf(" # SKIP %s", r->reason);
	putchar('\n');
	if (good)
		return;
	printf("  ---\n  outcome: %s\n", names[r->outcome]);
	if (r->reason != NULL) {
		printf("  message: ");
		put_yaml(r->reason);
		putchar('\n');
	}
	if (r->differences != NULL)
		printf("  differences:\n");
	for (const struct case_difference *d = r->differences; d != NULL;
	     d = d->next) {
		printf("    - line: %u\n      text: ", d->line);
		put_yaml(d->text);
		putchar('\n');
	}
	printf("  ...\n");
	fflush(stdout);
}

/* JUnit's XML, as servers of continuous integration read it. */

/* The counts of a file, or of all when it is NULL. */
static void
put_counts(const struct case_result *all, size_t n,
    const struct suite_file *file)
{
	struct junit_counts counts = { .tests = 0 };
	size_t count[OUTCOMES] = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (file != NULL && all[i].entry->file != file)
			continue;
		counts.tests++;
		count[all[i].outcome]++;
		counts.seconds += all[i].seconds;
	}
	counts.failures = count[OUTCOME_FAIL];
	counts.errors = count[OUTCOME_TEMPERROR] + count[OUTCOME_ERROR];
	/* The schema of Jenkins has this for suites alone. */
	if (file != NULL)
		printf(" skipped=\"%zu\"", count[OUTCOME_SKIP]);
	put_junit_counts(&counts);
}

static void
put_problem(const struct case_result *r)
{
	const char *element = r->outcome == OUTCOME_FAIL ? "failure" : "error";

	printf("      <%s type=\"%s\" message=\"", element, names[r->outcome]);
	put_xml(r->outcome == OUTCOME_FAIL  ? "not as expected" :
	        r->outcome == OUTCOME_ERROR ? r->reason :
	                                      "could not be told");
	printf("\">");
	put_xml(r->entry->file->name);
	printf(":%u: ", r->line);
	put_xml(r->entry->title);
	for (const struct case_difference *d = r->differences; d != NULL;
	     d = d->next) {
		printf("\nline %u: ", d->line);
		put_xml(d->text);
	}
	printf("</%s>\n", element);
}

static void
junit_case(const struct case_result *r)
{
	printf("    <testcase classname=\"");
	put_xml(r->entry->file->name);
	printf("\" name=\"");
	put_xml(r->entry->title);
	printf("\" time=\"%.3f\"", r->seconds);
	if (r->outcome == OUTCOME_PASS) {
		printf("/>\n");
		return;
	}
	printf(">\n");
	if (r->outcome == OUTCOME_SKIP) {
		printf("      <skipped message=\"");
		put_xml(r->reason);
		printf("\"/>\n");
	} else {
		put_problem(r);
	}
	printf("    </testcase>\n");
}

static void
junit_end(const struct case_result *all, size_t n, const struct totals *t)
{
	const struct suite_file *file = NULL;

	(void)t;
	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	       "<testsuites name=\"" PROGRAM "\"");
	put_counts(all, n, NULL);
	for (size_t i = 0; i < n; i++) {
		const struct suite_file *next = all[i].entry->file;

		if (file != next) {
			if (file != NULL)
				printf("  </testsuite>\n");
			file = next;
			printf("  <testsuite name=\"");
			put_xml(file->name);
			printf("\"");
			put_counts(all, n, file);
		}
		junit_case(&all[i]);
	}
	printf("  </testsuite>\n</testsuites>\n");
}

/* Nothing was run: what reads TAP has to be told so. */
static void
tap_refused(void)
{
	printf("TAP version 13\nBail out! nothing was run\n");
}

const struct printer cases_text = { .one = text_one, .end = text_end };
const struct printer cases_json = { .end = json_end, .keeps = true };
const struct printer cases_ndjson = { .one = ndjson_one };
const struct printer cases_tap = { .begin = tap_begin,
	.one = tap_one,
	.refused = tap_refused };
const struct printer cases_junit = { .end = junit_end, .keeps = true };
