/*
 * case_options.c - options and settings that a case has
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case takes the options of a check that say what is checked, and none that
 * opens the network, prints, or writes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/test/test.h"

static int
not_here(const char *what, const char *why)
{
	complain(what, why);
	return EXIT_INPUT;
}

/* An option of a check that is not for a case: its help says why. */
static int
take_not(const struct option *row, void *to, char *value)
{
	(void)to;
	(void)value;
	option_refuse(row, row->help);
	return EXIT_INPUT;
}

/* Found before the rows of the same name in options_check. */
static const struct option refused[] = {
	{ "key-history", 0, "FILE", take_not, .help = "it is not for a test" },
	{ "compare-servers", 0, NULL, take_not,
	    .help = "it needs a network, and a test has none" },
	{ "settings", 0, "FILE", take_not,
	    .help = "it is not for a test: write them behind the word "
	            "settings" },
	{ "verdict-on", 0, "warn|fail", take_not,
	    .help = "it is not for a test" },
	{ 0 },
};

static const struct option trust[] = {
	OPTION_TRUST_ANCHOR,
	OPTION_DS,
	OPTION_TIMEOUT,
	{ 0 },
};

const struct group case_args_take[] = { SHARED(NULL, refused),
	SHARED(NULL, options_check), SHARED(NULL, options_profile),
	SHARED(NULL, trust), { 0 } };
const struct group case_spf_take[] = { SHARED(NULL, options_spf),
	SHARED(NULL, trust), { 0 } };
const struct group case_dmarc_take[] = { SHARED(NULL, options_dmarc),
	SHARED(NULL, trust), { 0 } };

/* Files are looked for where the case file is. */
static int
resolve_files(struct options *o, const struct suite_file *f, struct arena *a)
{
	struct mailauth_options *s = &o->source;

	for (size_t i = 0; i < s->nanchor_files; i++) {
		const char **list = (const char **)(uintptr_t)s->anchor_files;

		list[i] = suite_path(f, str_of(list[i]), a);
		if (list[i] == NULL)
			return EXIT_SYSTEM;
	}
	if (o->dkim_key != NULL)
		o->dkim_key = suite_path(f, str_of(o->dkim_key), a);
	return -1;
}

int
case_options(struct options *o, const struct suite_file *f,
    const struct group *takes, const struct mailauth_str *words, size_t n,
    struct arena *a)
{
	char **argv = arena_alloc(a, (n + 2) * sizeof(*argv));
	static char name[] = "test";

	*o = (struct options){ .takes = takes };
	if (argv == NULL)
		return EXIT_SYSTEM;
	argv[0] = name;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = (char *)(uintptr_t)arena_copy(a, words[i]).s;
	if (a->failed)
		return EXIT_SYSTEM;
	if (options_read(o, (int)n + 1, argv) >= 0)
		return EXIT_INPUT;
	if (o->noperands > 0 && takes == case_args_take)
		return not_here(o->operands[0], "it is no option");
	if (o->noperands > 1)
		return not_here(o->operands[1], "one domain at a time");
	return resolve_files(o, f, a);
}

size_t
case_words(struct mailauth_str rest, struct mailauth_str *out, size_t max)
{
	size_t n = 0;

	while ((rest = str_trim_start(rest)).n > 0 && n < max)
		out[n++] = case_next(&rest);
	return n;
}

enum mailauth_status
case_load_settings(const struct suite_file *f, const struct suite_case *c,
    struct mailauth_settings **out, unsigned *line, char why[MAILAUTH_WHY_MAX])
{
	struct case_settings said[CASE_SETTINGS_LINES];
	struct mailauth_settings_text texts[CASE_SETTINGS_LINES];
	struct arena a = { NULL, false };
	size_t n = case_settings(&f->cases, c, &a, said, CASE_SETTINGS_LINES);
	const char *folder = suite_path(f, STR_NONE, &a);
	enum mailauth_status status = MAILAUTH_OK;

	*out = NULL;
	why[0] = '\0';
	for (size_t i = 0; i < n && i < CASE_SETTINGS_LINES; i++) {
		*line = said[i].line;
		if (said[i].text.n == 0) {
			status = MAILAUTH_EINPUT;
			snprintf(why, MAILAUTH_WHY_MAX, "they are too long");
		}
		texts[i] = (struct mailauth_settings_text){ "settings",
			said[i].text.s, said[i].text.n, folder };
	}
	if (a.failed) {
		status = MAILAUTH_ENOMEM;
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	}
	if (status == MAILAUTH_OK && n > 0)
		status = mailauth_settings_parse(texts, n, out, why);
	arena_free(&a);
	return status;
}
