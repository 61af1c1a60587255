/*
 * ask.c - requests over a script, and what their reports say
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of one request. */
#define WORDS_MAX 128

void
ask_open(struct asked *a, const char *script, const char *more)
{
	static const struct mailauth_options options = { .timeout = 0 };
	struct resolver *r = script_new(script);

	if (more != NULL)
		script_add(r, more);
	*a = (struct asked){ .source = source_new(r, &options) };
	EXPECT(a->source != NULL, "memory ran out");
}

void
ask_take(struct asked *a, enum mailauth_status status, const char *why)
{
	json_error_t error;
	char *text;

	EXPECT(status == MAILAUTH_OK, "status %d: %s", status, why);
	text = mailauth_report_json(a->report, false);
	EXPECT(text != NULL, "there is no JSON");
	a->json = json_loads(text, 0, &error);
	EXPECT(a->json != NULL, "%s", error.text);
	free(text);
}

void
ask_close(struct asked *a)
{
	json_decref(a->json);
	mailauth_report_free(a->report);
	mailauth_resolver_free(a->source);
	*a = (struct asked){ .source = NULL };
}

void
ask_dmarc(struct asked *a, const char *words)
{
	struct mailauth_dmarc_request q = { .from = NULL };
	const char *dkim[WORDS_MAX], *word, *option = NULL;
	char why[MAILAUTH_WHY_MAX], *copy = strdup(words), *save = NULL;
	enum mailauth_status status;

	q.dkim = dkim;
	for (word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		if (option == NULL && strncmp(word, "--", 2) == 0) {
			option = word;
			continue;
		}
		if (option == NULL)
			q.from = word;
		else if (strcmp(option, "--spf") == 0)
			q.spf = word;
		else if (q.ndkim < WORDS_MAX)
			dkim[q.ndkim++] = word;
		option = NULL;
	}
	status = mailauth_dmarc(a->source, &q, &a->report, why);
	ask_take(a, status, why);
	free(copy);
}

const json_t *
at(const json_t *json, const char *path)
{
	char key[64];

	while (json != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		EXPECT(n < sizeof(key), "%s", path);
		memcpy(key, path, n);
		key[n] = '\0';
		json = json_is_array(json) ?
		    json_array_get(json, strtoul(key, NULL, 10)) :
		    json_object_get(json, key);
		path += n + (path[n] == '.');
	}
	return json;
}

const char *
text_at(const json_t *json, const char *path)
{
	const char *s = json_string_value(at(json, path));

	return s != NULL ? s : "";
}

bool
has_code(const struct asked *a, const char *code)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++)
		if (strcmp(mailauth_report_finding(a->report, i)->code, code) ==
		    0)
			return true;
	return false;
}

static void
expect_each(const struct asked *a, const char *codes, bool there)
{
	char *copy = strdup(codes), *save = NULL;

	for (const char *code = strtok_r(copy, " ", &save); code != NULL;
	     code = strtok_r(NULL, " ", &save))
		EXPECT(has_code(a, code) == there, "%s is %s", code,
		    there ? "not there" : "there");
	free(copy);
}

void
expect_codes(const struct asked *a, const char *codes)
{
	expect_each(a, codes, true);
}

void
expect_no_codes(const struct asked *a, const char *codes)
{
	expect_each(a, codes, false);
}

void
expect_no_end(const struct asked *a, const char *end)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;
		size_t n = strlen(code), m = strlen(end);

		EXPECT(n < m || strcmp(code + n - m, end) != 0, "%s is there",
		    code);
	}
}
