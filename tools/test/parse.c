/*
 * parse.c - a case file read, and looked through before any case is run
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What the file says is judged by src/suite; what it says of options and other
 * files is judged here. All faults are told, each with file and line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/keyfile.h"
#include "tools/test/test.h"

static int
not_here(const char *what, const char *why)
{
	complain(what, why);
	return EXIT_INPUT;
}

/* The place of a complaint. */
static void
at_line(const struct suite_file *f, unsigned line, char *room, size_t size)
{
	snprintf(room, size, "%s:%u", f->name, line);
	complain_at = room;
}

static void
tell(void *arg, unsigned line, const char *why)
{
	char at[4200];

	at_line(arg, line, at, sizeof(at));
	complain(NULL, why);
	complain_at = NULL;
}

/* A line of arguments makes sense by itself. */
static int
look_at_args(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str words[CASE_ARGS_MAX];
	size_t n = case_words(l->rest, words, CASE_ARGS_MAX), len;
	struct options o;
	uint8_t *key = NULL;
	int code = case_options(&o, f, case_args_take, words, n, a);

	if (code < 0 && o.dkim_key != NULL)
		code = key_load(o.dkim_key, &key, &len);
	for (size_t i = 0; code < 0 && i < o.source.nanchor_files; i++)
		if (access(o.source.anchor_files[i], R_OK) != 0)
			code =
			    not_here(o.source.anchor_files[i], strerror(errno));
	free(key);
	options_free(&o);
	return code;
}

static int
look_at_words(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str words[CASE_ARGS_MAX], rest = l->rest;
	struct options o;
	size_t n;
	int code;

	case_next(&rest);
	n = case_words(rest, words, CASE_ARGS_MAX);
	code = case_options(&o, f,
	    l->word == CASE_SPF ? case_spf_take : case_dmarc_take, words, n, a);
	if (code < 0 && l->word == CASE_SPF && o.what.nsenders != 1)
		code = not_here("--ip", "give one address");
	options_free(&o);
	return code;
}

static int
look_at_line(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str rest = l->rest;
	char *path;

	switch (l->word) {
	case CASE_ZONE:
		str_word(&rest);
		rest = str_trim(rest);
		path = rest.n > 0 ? suite_path(f, rest, a) : NULL;
		if (path != NULL && access(path, R_OK) != 0)
			return not_here(path, strerror(errno));
		return -1;
	case CASE_ARGS:
	case CASE_NOARGS: return look_at_args(f, l, a);
	case CASE_SPF:
	case CASE_DMARC: return look_at_words(f, l, a);
	default: return -1;
	}
}

static void
worsen(int *code, int one)
{
	if (one >= 0)
		*code = worse_exit(*code, one);
}

static void
look_at_lines(const struct suite_file *f, const struct case_line *l, int *code)
{
	struct arena a = { NULL, false };
	char at[4200];

	for (; l != NULL; l = l->next) {
		at_line(f, l->line, at, sizeof(at));
		worsen(code, look_at_line(f, l, &a));
		complain_at = NULL;
	}
	arena_free(&a);
}

/* The settings of a case make sense, all its lines together. */
static int
look_at_settings(const struct suite_file *f, const struct suite_case *c)
{
	const struct case_line *l = c != NULL ? c->lines : f->cases.common;
	struct mailauth_settings *settings;
	char why[MAILAUTH_WHY_MAX], at[4200];
	enum mailauth_status status;
	unsigned line = 0;

	while (l != NULL && l->word != CASE_SETTINGS)
		l = l->next;
	if (l == NULL)
		return -1;
	status = case_load_settings(f, c, &settings, &line, why);
	mailauth_settings_free(settings);
	if (status == MAILAUTH_OK)
		return -1;
	at_line(f, line, at, sizeof(at));
	complain(NULL, why);
	complain_at = NULL;
	return status == MAILAUTH_ENOMEM ? EXIT_SYSTEM : EXIT_INPUT;
}

int
suite_parse(struct suite_file *f, struct mailauth_str text)
{
	size_t faults = casefile_read(&f->cases, &f->arena, text, tell, f);
	int code = -1;

	if (f->arena.failed) {
		complain(f->path, "memory ran out");
		return EXIT_SYSTEM;
	}
	if (faults > 0)
		worsen(&code, EXIT_INPUT);
	look_at_lines(f, f->cases.common, &code);
	worsen(&code, look_at_settings(f, NULL));
	for (const struct suite_case *c = f->cases.cases; c != NULL;
	     c = c->next) {
		look_at_lines(f, c->lines, &code);
		worsen(&code, look_at_settings(f, c));
	}
	return code;
}
