/*
 * fuzz_settings.c - files of settings, their routes, and the plan for them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "fuzz.h"
#include "plan/plan.h"
#include "settings/settings.h"

static bool
is_name(struct mailauth_str s)
{
	struct dname wire;

	return s.n > 1 && s.s[s.n - 1] == '.' &&
	    dname_parse(s, &wire) == DNAME_OK;
}

/* Octets of a warning: 200 of the place, each as \DDD, and the words. */
#define WARNING_MAX 1024

/* A message is one printable line. */
static void
check_line(const char *line, size_t max)
{
	size_t n = strlen(line);

	MUST(n > 5 && n < max);
	for (size_t i = 0; i < n; i++)
		MUST(is_print(line[i]));
}

static void
check_route(const struct mailauth_settings *s, const struct route *r)
{
	MUST(is_name(r->from) && r->path.n > 0);
	MUST(r->mail_from.n == 0 || is_name(r->mail_from));
	MUST(r->spf_domain.n == 0 || is_name(r->spf_domain));
	MUST(r->dkim.domain.n > 0 && is_name(r->dkim.domain));
	MUST(r->dkim.entry == NULL || r->dkim.key.n > 0);
	MUST(r->nnodes <= s->count[LIST_NODES]);
	for (size_t i = 0; i < r->nnodes; i++)
		MUST(r->nodes[i]->addr.family != 0);
	for (const struct override *o = r->overrides; o != NULL; o = o->next)
		MUST(o->what != NULL && !str_eq(o->value, o->lost));
}

static void
check_settings(const struct mailauth_settings *s)
{
	size_t n = 0;

	for (unsigned i = 0; i < LISTS; i++)
		MUST(s->count[i] <= SETTINGS_ENTRIES_MAX);
	for (const struct route *r = s->routes; r != NULL; r = r->next, n++)
		check_route(s, r);
	MUST(n == s->nroutes && s->ndomains <= n);
	for (size_t i = 0; i < s->ndomains; i++)
		MUST(mailauth_settings_domain(s, i) != NULL);
	MUST(mailauth_settings_domain(s, s->ndomains) == NULL);
	for (n = 0; mailauth_settings_warning(s, n) != NULL; n++)
		check_line(mailauth_settings_warning(s, n), WARNING_MAX);
	MUST(n == s->nwarnings && n <= SETTINGS_WARNINGS_MAX);
}

/* A plan consists of zone file lines and comments, for any input. */
static void
check_plan(const struct mailauth_settings *s)
{
	const struct plan_wishes wishes = { .dmarc = MAILAUTH_DMARC_REJECT,
		.ttl = 60 };
	struct mailauth_report *r = report_new();
	struct plan_report *plan;
	char *text, *json;

	MUST(r != NULL);
	plan = plan_make(&r->arena, NULL, s, &wishes);
	MUST(plan != NULL);
	report_add_part(r, &plan_part, plan);
	text = mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE);
	json = mailauth_report_json(r, false);
	MUST(text != NULL && json != NULL);
	for (struct mailauth_str rest = str_of(text); rest.n > 0;) {
		struct mailauth_str line = str_cut(&rest, '\n');

		MUST(line.n == 0 || line.s[0] == ';' ||
		    str_ifind(line, STR(" 60 IN ")) < line.n);
		for (size_t i = 0; i < line.n; i++)
			MUST(is_print(line.s[i]));
	}
	free(text);
	free(json);
	mailauth_report_free(r);
}

static void
check_key(struct mailauth_str text)
{
	struct arena a = { NULL, false };
	struct mailauth_str spki;
	struct key key;

	if (key_public(&a, text, &spki) == NULL) {
		key_decode((const uint8_t *)spki.s, spki.n, &key);
		MUST(key.form == KEY_SPKI && key.trailing == 0);
		MUST(key.point != NULL || key.modulus_len > 0);
	}
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_settings *s = settings_new();
	char why[MAILAUTH_WHY_MAX] = "";
	enum mailauth_status status;

	MUST(s != NULL);
	if (size <= SETTINGS_PUBLIC_MAX)
		check_key((struct mailauth_str){ (const char *)data, size });
	status = settings_add(s, "fuzz", NULL, (const char *)data, size, why);
	if (status == MAILAUTH_OK)
		status = settings_close(s, why);
	if (status == MAILAUTH_OK) {
		check_settings(s);
		check_plan(s);
	} else {
		MUST(status == MAILAUTH_EINPUT);
		check_line(why, MAILAUTH_WHY_MAX);
	}
	mailauth_settings_free(s);
	return 0;
}
