/*
 * test_checks.c - the cases of testdata/checks and testdata/settings over a
 * script
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each case is checked with its zones as they are, and again as if they were
 * signed; then once for each question that it asked, with that one failing or
 * forged: what is not known is not claimed, and nothing is called missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "suite/expect.h"
#include "suite/zones.h"
#include "sys/file.h"

/* Octets of a case file or a zone. */
#define TEXT_MAX  ((size_t)1024 * 1024)
#define LINE_SIZE 4096
#define CODES_MAX MAILAUTH_FINDING_COUNT

static const char *const names[] = { "checks/dmarc", "checks/guide",
	"checks/more", "checks/spf", "settings/guide" };

#define FILES (sizeof(names) / sizeof(names[0]))

/* All cases of all files, made once. */
static struct {
	struct arena arena;
	struct case_file file[FILES];
	struct entry {
		const struct case_file *file;
		const struct suite_case *c;
	} entries[1024];
	size_t n;
} all;

static void
read_text(struct arena *a, const char *name, struct mailauth_str *out)
{
	char path[2 * LINE_SIZE];

	snprintf(path, sizeof(path), "%s/testdata/%s", source_dir(), name);
	EXPECT(file_read(path, TEXT_MAX, a, out) == FILE_WHOLE, "%s", path);
}

static void
complain(void *arg, unsigned line, const char *why)
{
	fprintf(stderr, "%s:%u: %s\n", (const char *)arg, line, why);
}

static void
read_all(void)
{
	for (size_t i = 0; i < FILES; i++) {
		char name[64];
		struct mailauth_str text;

		snprintf(name, sizeof(name), "%s.case", names[i]);
		read_text(&all.arena, name, &text);
		if (casefile_read(&all.file[i], &all.arena, text, complain,
		        name) > 0)
			exit(EXIT_FAILURE);
		for (const struct suite_case *c = all.file[i].cases; c != NULL;
		     c = c->next)
			all.entries[all.n++] =
			    (struct entry){ &all.file[i], c };
	}
}

/* A case at work. */
struct work {
	const struct case_file *file;
	const struct suite_case *c; /* NULL: the lines before the first */
	struct arena arena;
	char *script; /* its zones */
	struct mailauth_settings *settings; /* or NULL */
	char line[LINE_SIZE]; /* the request */
};

/* zone_load */
static bool
load(void *arg, struct mailauth_str name, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	struct work *k = arg;

	char path[LINE_SIZE];

	(void)why;
	/* All of them lie in folders beside each other. */
	snprintf(path, sizeof(path), "checks/%.*s", (int)name.n, name.s);
	read_text(&k->arena, path, text);
	return true;
}

static void
put_zones(struct work *k)
{
	struct zone_source from = { .arena = &k->arena,
		.load = load,
		.arg = k };
	struct writer w = arena_writer(&k->arena);
	struct case_zone *zones;

	EXPECT(case_zones(k->file, k->c, &from, &zones), "%s", from.why);
	for (struct case_zone *z = zones; z != NULL; z = z->next) {
		struct mailauth_str text = case_zone_text(&k->arena, z);

		if (!z->edited)
			load(k, z->file, &text, from.why);
		put_text(&w, "zone ");
		put_str(&w, z->name);
		put_char(&w, '\n');
		put_str(&w, text);
		put_char(&w, '\n');
	}
	put_char(&w, '\0');
	k->script = w.buf;
}

static void
put_settings(struct work *k)
{
	char why[MAILAUTH_WHY_MAX] = "";
	struct mailauth_settings_text text[4];
	struct case_settings line[4];
	size_t n = case_settings(k->file, k->c, &k->arena, line, 4);

	for (size_t i = 0; i < n; i++)
		text[i] = (struct mailauth_settings_text){ "the case",
			line[i].text.s, line[i].text.n, NULL };
	if (n > 0)
		EXPECT(mailauth_settings_parse(text, n, &k->settings, why) ==
		        MAILAUTH_OK,
		    "%s", why);
}

static void
put_request(struct work *k)
{
	struct mailauth_str words[64];
	size_t n = case_args(k->file, k->c, words, 64);
	struct writer w = writer_of(k->line, sizeof(k->line));

	put_text(&w, "check");
	for (size_t i = 0; i < n; i++) {
		put_char(&w, ' ');
		put_str(&w, words[i]);
	}
	put_char(&w, ' ');
	put_str(&w, case_domain(k->file, k->c));
	put_char(&w, '\0');
	EXPECT(!w.full, "a long line");
}

static void
begin(struct work *k, const struct case_file *file, const struct suite_case *c)
{
	*k = (struct work){ .file = file, .c = c };
	put_zones(k);
	put_settings(k);
	put_request(k);
}

static void
end(struct work *k)
{
	mailauth_settings_free(k->settings);
	arena_free(&k->arena);
}

static bool
has_line(const struct suite_case *c, enum case_word word)
{
	for (const struct case_line *l = c->lines; l != NULL; l = l->next)
		if (l->word == word)
			return true;
	return false;
}

/* The codes of the zones before any case, when they are what it is compared
 * with. */
static bool
base_codes(const struct entry *e, const char *more, struct code_set *out)
{
	struct asked a;
	struct work k;

	if (e->file->common == NULL || has_line(e->c, CASE_CODES) ||
	    !str_ieq(case_domain(e->file, NULL), case_domain(e->file, e->c)))
		return false;
	begin(&k, e->file, NULL);
	ask_open(&a, k.script, more);
	a.settings = k.settings;
	ask(&a, k.line);
	*out = codes_of(a.report);
	ask_close(&a);
	end(&k);
	return true;
}

/* Evaluations that a case asks for. */
static void
evaluate(struct work *k, const char *more, struct comparison *diff)
{
	for (const struct case_line *l = k->c->lines; l != NULL; l = l->next) {
		struct mailauth_str rest = str_trim(l->rest);
		struct mailauth_spf_view v;
		struct mailauth_dmarc_view d;
		char line[LINE_SIZE];
		struct asked a;
		const char *word;

		if (l->word != CASE_SPF && l->word != CASE_DMARC)
			continue;
		str_word(&rest);
		snprintf(line, sizeof(line), "%s %.*s",
		    l->word == CASE_SPF ? "spf" : "dmarc", (int)rest.n, rest.s);
		/* The domain of the case where there is no other. */
		if (str_ifind(rest, STR("--mail-from")) == rest.n &&
		    str_ifind(rest, STR("--helo")) == rest.n)
			snprintf(line + strlen(line),
			    sizeof(line) - strlen(line), " %.*s",
			    (int)case_domain(k->file, k->c).n,
			    case_domain(k->file, k->c).s);
		ask_open(&a, k->script, more);
		ask(&a, line);
		if (l->word == CASE_SPF)
			word = mailauth_report_spf(a.report, &v) ?
			    mailauth_spf_result_name(v.result) :
			    NULL;
		else
			word = mailauth_report_dmarc(a.report, 9989, &d) ?
			    mailauth_dmarc_result_name(d.result) :
			    NULL;
		compare_word(diff, l, word != NULL ? word : "");
		ask_close(&a);
	}
}

/* Signed zones do not warn that nothing was validated. */
static bool
is_fine(const struct work *k, const struct asked *a)
{
	const struct case_line *l = case_find(k->file, k->c, CASE_VERDICT);

	if (l == NULL || !str_eq(str_trim(l->rest), STR("warn")) ||
	    mailauth_report_result(a->report) != MAILAUTH_RESULT_PASS)
		return false;
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++)
		if (mailauth_report_finding(a->report, i)->severity >=
		    MAILAUTH_WARN)
			return false;
	return true;
}

/* A script has no zone file that something could be wrong with: the program's
 * own runner looks for these. */
static bool
is_of_file(const struct case_difference *d)
{
	return strncmp(d->text, "does not come: zone-", 20) == 0;
}

static void
run(const struct entry *e, const char *more)
{
	struct case_found found = { .base = NULL };
	struct comparison diff;
	struct code_set base;
	struct asked a;
	struct work k;

	if (base_codes(e, more, &base))
		found.base = &base;
	begin(&k, e->file, e->c);
	comparison_start(&diff, &k.arena);
	ask_open(&a, k.script, more);
	a.settings = k.settings;
	ask(&a, k.line);
	found.report = a.report;
	compare_case(&diff, k.c, &found);
	evaluate(&k, more, &diff);
	for (const struct case_difference *d = diff.differences; d != NULL;
	     d = d->next)
		EXPECT(is_of_file(d) ||
		        (more != NULL && is_fine(&k, &a) &&
		            str_ifind(str_of(d->text), STR("warn")) <
		                strlen(d->text)),
		    "%.*s: line %u: %s", (int)e->c->title.n, e->c->title.s,
		    d->line, d->text);
	ask_close(&a);
	end(&k);
}

START_TEST(unsigned_zones)
{
	const struct entry *e = &all.entries[_i];

	if (case_find(e->file, e->c, CASE_SIGNED) == NULL)
		run(e, NULL);
}
END_TEST

START_TEST(signed_zones)
{
	const struct entry *e = &all.entries[_i];

	if (case_find(e->file, e->c, CASE_UNSIGNED) == NULL)
		run(e, "all secure\n");
}
END_TEST

Suite *
suite_checks(void)
{
	Suite *s = suite_create("checks");
	TCase *t = tcase_create("cases");

	read_all();
	tcase_add_loop_test(t, unsigned_zones, 0, (int)all.n);
	tcase_add_loop_test(t, signed_zones, 0, (int)all.n);
	suite_add_tcase(s, t);
	return s;
}
