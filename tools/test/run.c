/*
 * run.c - one case, from its zones to its result
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite/zones.h"
#include "sys/clock.h"
#include "sys/tempfile.h"
#include "tools/keyfile.h"
#include "tools/test/test.h"

/* A zone that is written for a case. */
struct written {
	FILE *f; /* open as long as its path is used; NULL: its own file */
	char path[TEMPFILE_MAX];
};

/* A case at work. */
struct work {
	const struct suite_file *file;
	const struct suite_case *c; /* NULL: the lines before the first */
	struct arena arena;
	struct case_zone *zones;
	struct written *written; /* for each zone */
	struct options options;
	struct mailauth_settings *settings;
	uint8_t *key;
	struct mailauth_resolver *resolver;
	struct mailauth_report *report;
	char *domain;
	char why[MAILAUTH_WHY_MAX];
	unsigned line; /* that cannot be done; 0: the case */
	int code; /* of what went wrong */
};

static bool
fail(struct work *k, int code, const char *why)
{
	if (k->why != why)
		snprintf(k->why, sizeof(k->why), "%s", why);
	k->code = code;
	return false;
}

static bool
no_memory(struct work *k)
{
	return fail(k, EXIT_SYSTEM, "memory ran out");
}

/* zone_load */
static bool
load(void *arg, struct mailauth_str name, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	struct work *k = arg;

	return suite_zone_text(k->file, name, &k->arena, text, why);
}

/* A zone that is not what a file has goes to one of its own, which ends with the
 * process. */
static bool
write_zone(struct work *k, const struct case_zone *z, struct written *to)
{
	struct mailauth_str text = case_zone_text(&k->arena, z);

	if (k->arena.failed)
		return no_memory(k);
	to->f = tempfile_hidden(to->path);
	if (to->f == NULL) {
		tempfile_why(k->why, sizeof(k->why));
		return fail(k, EXIT_SYSTEM, k->why);
	}
	if ((text.n == 0 || fwrite(text.s, text.n, 1, to->f) == 1) &&
	    fflush(to->f) == 0)
		return true;
	snprintf(k->why, sizeof(k->why), "%s: %s", to->path, strerror(errno));
	return fail(k, EXIT_SYSTEM, k->why);
}

static void
unlink_zones(struct work *k)
{
	size_t i = 0;

	for (struct case_zone *z = k->zones; z != NULL; z = z->next, i++)
		if (k->written != NULL && k->written[i].f != NULL) {
			fclose(k->written[i].f);
			tempfile_forget(k->written[i].path);
			k->written[i].f = NULL;
		}
}

/* The zone file is that of the case's author, and no file of an edited zone. */
static bool
is_written(const void *arg, const char *file)
{
	const struct work *k = arg;
	size_t i = 0;

	for (struct case_zone *z = k->zones; z != NULL; z = z->next, i++)
		if (strcmp(k->written[i].path, file) == 0)
			return false;
	return true;
}

/* A reason names a file that was written: name its zone. */
static void
name_zone(struct work *k)
{
	char told[MAILAUTH_WHY_MAX];
	size_t i = 0;

	for (struct case_zone *z = k->zones; z != NULL; z = z->next, i++) {
		size_t n = strlen(k->written[i].path);

		if (n == 0 || strncmp(k->why, k->written[i].path, n) != 0)
			continue;
		memcpy(told, k->why, sizeof(told));
		snprintf(k->why, sizeof(k->why), "zone %.*s%s",
		    (int)(z->name.n < 200 ? z->name.n : 200), z->name.s,
		    told + n);
		k->line = z->line;
		return;
	}
}

static bool
start(struct work *k)
{
	struct mailauth_options source = k->options.source;
	struct mailauth_zone *zones;
	enum mailauth_status status;
	size_t n = 0, i = 0;

	for (struct case_zone *z = k->zones; z != NULL; z = z->next)
		n++;
	zones = arena_alloc(&k->arena, n * sizeof(*zones));
	k->written = arena_alloc(&k->arena, n * sizeof(*k->written));
	if (zones == NULL || k->written == NULL)
		return no_memory(k);
	for (struct case_zone *z = k->zones; z != NULL; z = z->next, i++) {
		zones[i].name = arena_copy(&k->arena, z->name).s;
		zones[i].file = z->edited ?
		    k->written[i].path :
		    suite_path(k->file, z->file, &k->arena);
		if (zones[i].name == NULL || zones[i].file == NULL)
			return no_memory(k);
		if (z->edited && !write_zone(k, z, &k->written[i]))
			return false;
	}
	source.zones = zones;
	source.nzones = n;
	status = mailauth_resolver_new(&source, &k->resolver, k->why);
	if (status == MAILAUTH_OK)
		return true;
	name_zone(k);
	return fail(k,
	    status == MAILAUTH_EUSE ? EXIT_INPUT : exit_of_status(status),
	    k->why);
}

static bool
check(struct work *k)
{
	struct mailauth_request request = k->options.what;
	enum mailauth_status status;

	request.domain = k->domain;
	if (k->options.dkim_key != NULL &&
	    key_load(k->options.dkim_key, &k->key, &request.dkim_key_len) >= 0)
		return fail(k, EXIT_INPUT, "the DKIM key cannot be read");
	request.dkim_key = k->key;
	request.settings = k->settings;
	status = mailauth_check(k->resolver, &request, &k->report, k->why);
	if (status == MAILAUTH_OK)
		return true;
	return fail(k,
	    status == MAILAUTH_EUSE ? EXIT_INPUT : exit_of_status(status),
	    k->why);
}

/* The zones of the case; 1 when they are none for it, -1 when they cannot be
 * had. */
static int
prepare(struct work *k)
{
	struct zone_source from = { .arena = &k->arena,
		.load = load,
		.arg = k };
	const struct case_file *f = &k->file->cases;
	bool want = k->c != NULL && case_find(f, k->c, CASE_SIGNED) != NULL;
	bool other = k->c != NULL && case_find(f, k->c, CASE_UNSIGNED) != NULL;
	int sign = 0;

	if (!case_zones(f, k->c, &from, &k->zones) ||
	    ((want || other) &&
	        (sign = case_zones_signed(k->zones, &from)) < 0)) {
		k->line = from.line;
		fail(k, k->arena.failed ? EXIT_SYSTEM : EXIT_INPUT, from.why);
		return -1;
	}
	return (want && sign == 0) || (other && sign == 1);
}

/* The settings of the case are read. */
static bool
settle(struct work *k)
{
	unsigned line = 0;
	enum mailauth_status status =
	    case_load_settings(k->file, k->c, &k->settings, &line, k->why);

	if (status == MAILAUTH_OK)
		return true;
	k->line = line;
	return fail(k,
	    status == MAILAUTH_EUSE ? EXIT_INPUT : exit_of_status(status),
	    k->why);
}

/* The zones answer, and the domain is checked. */
static bool
look(struct work *k)
{
	struct mailauth_str words[CASE_ARGS_MAX];
	const struct case_file *f = &k->file->cases;
	size_t n = case_args(f, k->c, words, CASE_ARGS_MAX);
	bool good;

	k->domain =
	    (char *)(uintptr_t)arena_copy(&k->arena, case_domain(f, k->c)).s;
	if (k->domain == NULL)
		return no_memory(k);
	if (n > CASE_ARGS_MAX)
		return fail(k, EXIT_INPUT, "there are too many args");
	if (case_options(&k->options, k->file, case_args_take, words, n,
	        &k->arena) >= 0)
		return fail(k, EXIT_INPUT, "its args cannot be used");
	good = settle(k) && start(k) && check(k);
	unlink_zones(k);
	return good;
}

/* Give back all but the arena. */
static void
end(struct work *k)
{
	unlink_zones(k);
	mailauth_report_free(k->report);
	mailauth_resolver_free(k->resolver);
	mailauth_settings_free(k->settings);
	options_free(&k->options);
	free(k->key);
}

/* What it says of itself is what the base says. */
static bool
is_base(const struct suite_case *c)
{
	for (const struct case_line *l = c->lines; l != NULL; l = l->next)
		if (l->word <= CASE_DOMAIN)
			return false;
	return true;
}

/* Compare the case with the check of the lines before the first case. */
static bool
has_base(const struct suite_file *f, const struct suite_case *c)
{
	const struct case_line *l;
	bool zones = false;

	for (l = f->cases.common; l != NULL; l = l->next)
		zones =
		    zones || l->word == CASE_ZONE || l->word == CASE_NEWZONE;
	for (l = c->lines; l != NULL; l = l->next)
		if (l->word == CASE_CODES)
			return false;
	return zones &&
	    str_ieq(case_domain(&f->cases, NULL), case_domain(&f->cases, c));
}

static void
take_base(struct base *base, struct work *k, bool good)
{
	base->file = k->file;
	base->good = good;
	if (good)
		base->codes = codes_of(k->report);
	else
		snprintf(base->why, sizeof(base->why),
		    "before the first case: %.480s", k->why);
}

static bool
know_base(const struct work *k, struct base *base)
{
	struct work first = { .file = k->file };
	bool good;

	if (base->file == k->file)
		return base->good;
	good = prepare(&first) == 0 && look(&first);
	take_base(base, &first, good);
	end(&first);
	arena_free(&first.arena);
	return good;
}

/* Evaluations that a case asks for beside the check. */

static const char *
dmarc_word(struct mailauth_report *report)
{
	struct mailauth_dmarc_view v;

	if (!mailauth_report_dmarc(report, 9989, &v))
		return "temperror";
	if (v.state == MAILAUTH_DMARC_UNKNOWN)
		return "temperror";
	if (v.result != MAILAUTH_DMARC_RESULT_UNDECIDED)
		return mailauth_dmarc_result_name(v.result);
	if (v.state == MAILAUTH_DMARC_NOWHERE)
		return "absent";
	return v.applied != MAILAUTH_DMARC_ABSENT ?
	    mailauth_dmarc_policy_name(v.applied) :
	    "temperror";
}

static const char *
spf_word(struct mailauth_report *report)
{
	struct mailauth_spf_view v;

	return mailauth_report_spf(report, &v) &&
	        v.result != MAILAUTH_SPF_UNDECIDED ?
	    mailauth_spf_result_name(v.result) :
	    "temperror";
}

static bool
evaluate(struct work *k, const struct case_line *l, struct comparison *out,
    bool *told)
{
	struct mailauth_str words[CASE_ARGS_MAX], rest = str_trim(l->rest);
	bool spf = l->word == CASE_SPF;
	struct mailauth_report *report = NULL;
	enum mailauth_status status;
	struct options o;
	const char *word;
	size_t n;

	case_next(&rest);
	n = case_words(rest, words, CASE_ARGS_MAX);
	if (case_options(&o, k->file, spf ? case_spf_take : case_dmarc_take,
	        words, n, &k->arena) >= 0)
		return fail(k, EXIT_INPUT, "its options cannot be used");
	if (spf) {
		const struct mailauth_spf_request q = {
			.ip = o.what.nsenders > 0 ? o.what.senders[0].ip : NULL,
			.domain = o.operands[0] != NULL ||
			        o.what.mail_from != NULL ||
			        o.what.helo != NULL ?
			    o.operands[0] :
			    k->domain,
			.mail_from = o.what.mail_from,
			.helo = o.what.helo,
			.receiver = o.receiver,
			.scope = o.scope,
			.profile = k->options.what.profile,
			.allow_documentation =
			    k->options.what.allow_documentation,
		};

		status = mailauth_spf(k->resolver, &q, &report, k->why);
	} else {
		const struct mailauth_dmarc_request q = {
			.from =
			    o.operands[0] != NULL ? o.operands[0] : k->domain,
			.dkim = o.dkim,
			.ndkim = o.ndkim,
			.spf = o.spf,
			.profile = k->options.what.profile,
			.allow_documentation =
			    k->options.what.allow_documentation,
		};

		status = mailauth_dmarc(k->resolver, &q, &report, k->why);
	}
	options_free(&o);
	if (status != MAILAUTH_OK) {
		k->line = l->line;
		return fail(k,
		    status == MAILAUTH_EUSE ? EXIT_INPUT :
		                              exit_of_status(status),
		    k->why);
	}
	word = spf ? spf_word(report) : dmarc_word(report);
	rest = l->rest;
	*told = *told &&
	    (strcmp(word, "temperror") != 0 ||
	        str_eq(str_word(&rest), str_of(word)));
	compare_word(out, l, word);
	mailauth_report_free(report);
	return !k->arena.failed || no_memory(k);
}

/* The verdict cannot be told, and that was not expected. */
static bool
is_told(const struct work *k)
{
	const struct case_line *l =
	    case_find(&k->file->cases, k->c, CASE_VERDICT);

	return mailauth_report_result(k->report) != MAILAUTH_RESULT_TEMPERROR ||
	    (l != NULL && str_eq(str_trim(l->rest), STR("temperror")));
}

static enum outcome
run(struct work *k, struct base *base, struct comparison *diff)
{
	struct case_found found = { .is_written = is_written, .arg = k };
	bool same = has_base(k->file, k->c), told, good;
	int prepared = prepare(k);

	if (prepared != 0)
		return prepared < 0 ? OUTCOME_ERROR : OUTCOME_SKIP;
	if (same && !is_base(k->c) && !know_base(k, base)) {
		fail(k, EXIT_INPUT, base->why);
		return OUTCOME_ERROR;
	}
	good = look(k);
	if (same && base->file != k->file)
		take_base(base, k, good);
	if (!good)
		return OUTCOME_ERROR;
	found.report = k->report;
	found.base = same ? &base->codes : NULL;
	compare_case(diff, k->c, &found);
	told = is_told(k);
	for (const struct case_line *l = k->c->lines; l != NULL; l = l->next)
		if ((l->word == CASE_SPF || l->word == CASE_DMARC) &&
		    !evaluate(k, l, diff, &told))
			return OUTCOME_ERROR;
	if (k->arena.failed) {
		no_memory(k);
		return OUTCOME_ERROR;
	}
	return !told                  ? OUTCOME_TEMPERROR :
	    diff->differences != NULL ? OUTCOME_FAIL :
	                                OUTCOME_PASS;
}

/* Why a case has the outcome; NULL when that needs no reason. */
static const char *
reason_of(struct work *k, enum outcome outcome)
{
	const char *why;

	switch (outcome) {
	case OUTCOME_ERROR:
		why = suite_plain(&k->arena, str_of(k->why));
		return why != NULL ? why : "memory ran out";
	case OUTCOME_SKIP:
		return case_find(&k->file->cases, k->c, CASE_SIGNED) != NULL ?
		    "its zones are not signed" :
		    "its zones are signed";
	default: return NULL;
	}
}

void
case_run(const struct suite_entry *e, struct base *base,
    struct case_result *out)
{
	struct work k = { .file = e->file, .c = e->c };
	struct comparison diff;
	double started = clock_monotonic();

	comparison_start(&diff, &k.arena);
	*out = (struct case_result){ .entry = e, .line = e->c->line };
	out->outcome = run(&k, base, &diff);
	out->reason = reason_of(&k, out->outcome);
	if (out->outcome == OUTCOME_ERROR && k.line > 0)
		out->line = k.line;
	if (out->outcome == OUTCOME_ERROR)
		out->code = k.code;
	if (k.report != NULL)
		out->verdict =
		    mailauth_result_name(mailauth_report_result(k.report));
	out->differences = diff.differences;
	out->edits = diff.edits;
	end(&k);
	out->arena = k.arena;
	out->seconds = clock_monotonic() - started;
}
