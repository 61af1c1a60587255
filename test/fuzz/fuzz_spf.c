/*
 * fuzz_spf.c - the terms of SPF and Sender ID records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"
#include "fuzz.h"
#include "record/findings.h"
#include "record/spf.h"

static void
check_term(struct mailauth_str text, const struct spf_term *t)
{
	MUST(t->text.n > 0 && is_inside(text, t->text));
	MUST(str_find(t->text, ' ') == t->text.n);
	MUST(is_inside(t->text, t->name));
	MUST(is_inside(t->text, t->domain));
	MUST((t->what == SPF_FAULT) <= (t->fault != 0));
	MUST(t->fault == 0 || is_inside(t->text, t->where));
	MUST(t->cidr4 <= 32 && t->cidr6 <= 128);
	if (t->fault != 0)
		return;
	if (t->what == SPF_IP4)
		MUST(t->addr.family == 4);
	if (t->what == SPF_IP6)
		MUST(t->addr.family == 6);
	if (t->what == SPF_INCLUDE || t->what == SPF_EXISTS)
		MUST(t->domain.n > 0);
	if (spf_is_mechanism(t))
		MUST(strchr("+-~?", t->qualifier) != NULL);
}

/* The terms alone, one space between them. */
static struct mailauth_str
rewrite(struct arena *arena, struct mailauth_str text)
{
	struct spf_reader r = spf_reader_of(text);
	struct writer w = arena_writer(arena);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (w.used > 0)
			put_char(&w, ' ');
		put_bytes(&w, t.text.s, t.text.n);
	}
	return writer_str(&w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str text = { (const char *)data, size };
	struct mailauth_scope scope = { MAILAUTH_PROFILE_GUIDE, false, false,
		false };
	struct arena arena = { NULL, false };
	struct spf_reader r = spf_reader_of(text), q;
	struct mailauth_findings log;
	struct spf_term t, u;
	struct mailauth_str again;
	const char *last = text.s;
	unsigned faults;

	if (size > 65535)
		return 0;
	again = rewrite(&arena, text);
	q = spf_reader_of(again);
	while (spf_next(&r, &t)) {
		check_term(text, &t);
		MUST(t.text.s >= last);
		last = t.text.s + t.text.n;
		MUST(spf_next(&q, &u));
		MUST(str_eq(t.text, u.text) && t.what == u.what &&
		    t.fault == u.fault);
		if (t.addr.family != 0 && t.fault == 0 && t.qualifier == '+' &&
		    size < 4096) {
			struct addr ip = t.addr;

			MUST(spf_may_cover(text, &ip) || !spf_lists(text, &ip));
		}
	}
	MUST(!spf_next(&q, &u));
	findings_clear(&log);
	faults = spf_lint_terms(text, text, STR("a.example."), &scope, &log);
	MUST(are_placed(&log, size));
	MUST((faults > 0) <= findings_sum(&log, MAILAUTH_PROFILE_RFC).breaks);
	/* Quadratic by nature; long ones show nothing new. */
	if (size < 4096)
		MUST(spf_same_terms(text, again));
	arena_free(&arena);
	return 0;
}
