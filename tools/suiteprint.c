/*
 * suiteprint.c - what became of cases, in every format
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All text of a result is printable ASCII already: what is left to do is
 * marking the characters that a format gives a meaning. So XML is written
 * here, and takes no library.
 */
#include <string.h>

#include "tools/suite.h"

static const char *const names[RESULTS] = { "pass", "fail", "temperror", "skip",
	"error" };

const char *
result_name(enum result r)
{
	return names[r];
}

static const char *
text_of(const json_t *told, const char *key)
{
	const char *s = json_string_value(json_object_get(told, key));

	return s != NULL ? s : "";
}

static long
number_of(const json_t *told, const char *key)
{
	return (long)json_integer_value(json_object_get(told, key));
}

enum result
result_of(const json_t *told)
{
	const char *outcome = text_of(told, "outcome");
	int i = 0;

	while (i < RESULT_ERROR && strcmp(outcome, names[i]) != 0)
		i++;
	return (enum result)i;
}

/* Text for people. */

static void
text_one(const json_t *told, size_t number, bool verbose)
{
	static const char *const heads[RESULTS] = { "ok   ", "FAIL ", "TEMP ",
		"skip ", "ERROR" };
	const json_t *lines = json_object_get(told, "differences"), *line;
	enum result result = result_of(told);
	size_t i;

	(void)number;
	if ((result == RESULT_PASS || result == RESULT_SKIP) && !verbose)
		return;
	printf("%s %s:%ld: %s\n", heads[result], text_of(told, "file"),
	    number_of(told, "line"), text_of(told, "case"));
	if (text_of(told, "reason")[0] != '\0')
		printf("      %s\n", text_of(told, "reason"));
	json_array_foreach(lines, i, line)
	{
		printf("      %ld: %s\n", number_of(line, "line"),
		    text_of(line, "text"));
	}
	fflush(stdout);
}

static void
text_end(const json_t *all, const struct totals *t)
{
	static const char *const what[RESULTS] = { "passed", "failed",
		"could not be told", "skipped", "could not be run" };

	(void)all;
	for (int i = 0; i < RESULTS; i++)
		if (i < 2 || t->count[i] > 0)
			printf("%s%zu %s", i > 0 ? ", " : "", t->count[i],
			    what[i]);
	printf(" (%.3f s)\n", t->seconds);
}

/* JSON. */

static void
json_one(const json_t *told, size_t number, bool verbose)
{
	(void)number;
	(void)verbose;
	json_dumpf(told, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

static void
json_end(const json_t *all, const struct totals *t)
{
	json_t *whole = json_pack("{s:s, s:s, s:f, s:O}", "schema",
	    "unbound-mailauth/1", "version", mailauth_version(), "seconds",
	    t->seconds, "cases", all);

	for (int i = 0; i < RESULTS; i++)
		json_object_set_new(whole, names[i],
		    json_integer((json_int_t)t->count[i]));
	json_dumpf(whole, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(whole);
}

/* The Test Anything Protocol, version 14. */

static void
tap_begin(const struct suite *s)
{
	printf("TAP version 14\n1..%zu\n", s->nentries);
}

/* A description: what would begin a directive or an escape is escaped. */
static void
put_tap(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '#' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
}

/* A string of YAML, which JSON's are. */
static void
put_yaml(const char *s)
{
	putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('"');
}

static void
tap_one(const json_t *told, size_t number, bool verbose)
{
	const json_t *lines = json_object_get(told, "differences"), *line;
	enum result result = result_of(told);
	bool good = result == RESULT_PASS || result == RESULT_SKIP;
	size_t i;

	(void)verbose;
	printf("%sok %zu - ", good ? "" : "not ", number);
	put_tap(text_of(told, "file"));
	printf(":%ld: ", number_of(told, "line"));
	put_tap(text_of(told, "case"));
	if (result == RESULT_SKIP)
		printf(" # SKIP %s", text_of(told, "reason"));
	putchar('\n');
	if (good)
		return;
	printf("  ---\n  outcome: %s\n", names[result]);
	if (text_of(told, "reason")[0] != '\0') {
		printf("  message: ");
		put_yaml(text_of(told, "reason"));
		putchar('\n');
	}
	if (json_array_size(lines) > 0)
		printf("  differences:\n");
	json_array_foreach(lines, i, line)
	{
		printf("    - line: %ld\n      text: ",
		    number_of(line, "line"));
		put_yaml(text_of(line, "text"));
		putchar('\n');
	}
	printf("  ...\n");
	fflush(stdout);
}

/* JUnit's XML, as servers of continuous integration read it. */

static void
put_xml(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '&')
			fputs("&amp;", stdout);
		else if (*s == '<')
			fputs("&lt;", stdout);
		else if (*s == '>')
			fputs("&gt;", stdout);
		else if (*s == '"')
			fputs("&quot;", stdout);
		else
			putchar(*s);
	}
}

static void
put_counts(const json_t *all, const char *file)
{
	size_t count[RESULTS] = { 0 }, n = 0, i;
	double seconds = 0;
	const json_t *told;

	json_array_foreach(all, i, told)
	{
		if (file != NULL && strcmp(text_of(told, "file"), file) != 0)
			continue;
		n++;
		count[result_of(told)]++;
		seconds += json_number_value(json_object_get(told, "seconds"));
	}
	printf(" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
	       "skipped=\"%zu\" time=\"%.3f\">\n",
	    n, count[RESULT_FAIL],
	    count[RESULT_TEMPERROR] + count[RESULT_ERROR], count[RESULT_SKIP],
	    seconds);
}

static void
put_problem(const json_t *told, enum result result)
{
	const json_t *lines = json_object_get(told, "differences"), *line;
	const char *element = result == RESULT_FAIL ? "failure" : "error";
	size_t i;

	printf("      <%s type=\"%s\" message=\"", element, names[result]);
	put_xml(result == RESULT_FAIL  ? "not as expected" :
	        result == RESULT_ERROR ? text_of(told, "reason") :
	                                 "could not be told");
	printf("\">");
	put_xml(text_of(told, "file"));
	printf(":%ld: ", number_of(told, "line"));
	put_xml(text_of(told, "case"));
	json_array_foreach(lines, i, line)
	{
		printf("\nline %ld: ", number_of(line, "line"));
		put_xml(text_of(line, "text"));
	}
	printf("</%s>\n", element);
}

static void
junit_case(const json_t *told)
{
	enum result result = result_of(told);

	printf("    <testcase classname=\"");
	put_xml(text_of(told, "file"));
	printf("\" name=\"");
	put_xml(text_of(told, "case"));
	printf("\" time=\"%.3f\"",
	    json_number_value(json_object_get(told, "seconds")));
	if (result == RESULT_PASS) {
		printf("/>\n");
		return;
	}
	printf(">\n");
	if (result == RESULT_SKIP) {
		printf("      <skipped message=\"");
		put_xml(text_of(told, "reason"));
		printf("\"/>\n");
	} else {
		put_problem(told, result);
	}
	printf("    </testcase>\n");
}

static void
junit_end(const json_t *all, const struct totals *t)
{
	const char *file = NULL;
	const json_t *told;
	size_t i;

	(void)t;
	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	       "<testsuites name=\"" PROGRAM "\"");
	put_counts(all, NULL);
	json_array_foreach(all, i, told)
	{
		const char *next = text_of(told, "file");

		if (file == NULL || strcmp(file, next) != 0) {
			if (file != NULL)
				printf("  </testsuite>\n");
			file = next;
			printf("  <testsuite name=\"");
			put_xml(file);
			printf("\"");
			put_counts(all, file);
		}
		junit_case(told);
	}
	printf("  </testsuite>\n</testsuites>\n");
}

static const struct printer printers[] = {
	[FORMAT_TEXT] = { NULL, text_one, text_end, false },
	[FORMAT_JSON] = { NULL, NULL, json_end, true },
	[FORMAT_NDJSON] = { NULL, json_one, NULL, false },
	[FORMAT_TAP] = { tap_begin, tap_one, NULL, false },
	[FORMAT_JUNIT] = { NULL, NULL, junit_end, true },
};

const struct printer *
printer_for(enum format format)
{
	return &printers[format];
}
