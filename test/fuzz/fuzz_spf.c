/*
 * fuzz_spf.c - the terms of SPF and Sender ID records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"
#include "fuzz.h"
#include "record/findings.h"
#include "record/spf.h"
#include "record/spf_merge.h"

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

/* The terms with one space between them. */
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

/* A merge into well-formed terms loses no term, and a second merge of the same
 * mechanisms changes nothing. */
static void
merge(struct arena *arena, struct mailauth_str terms)
{
	struct spf_addition add[] = { { .text = STR("ip4:192.0.2.4") },
		{ .text = STR("include:x.example") } };
	struct writer w = arena_writer(arena), v = arena_writer(arena),
	              u = arena_writer(arena);
	struct spf_reader r = spf_reader_of(terms);
	struct spf_merge out, again;
	unsigned redirects = 0;
	struct spf_term t;

	while (spf_next(&r, &t))
		redirects += t.what == SPF_REDIRECT;
	put_text(&w, "v=spf1 ");
	put_str(&w, terms);
	put_spf_merge(&v, writer_str(&w), STR_NONE, add, 2, 0, &out);
	MUST(!w.full && !v.full);
	/* Two redirects are a fault of the record, though not of a term. */
	if (!out.done || redirects > 1)
		return;
	MUST(out.kept);
	MUST(!out.tightened || out.was != 0 || out.redirect.n > 0);
	put_spf_merge(&u, writer_str(&v), STR_NONE, add, 2, 0, &again);
	MUST(again.done && again.kept && !again.tightened);
	MUST(add[0].fate == SPF_COVERED && add[1].fate == SPF_COVERED);
	MUST(str_eq(writer_str(&u), writer_str(&v)));
}

static bool
is_printable(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_print(s.s[i]))
			return false;
	return true;
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
	/* Octets that are not printable have a finding on the text. */
	if (is_printable(text))
		MUST((faults > 0) <=
		    findings_sum(&log, MAILAUTH_PROFILE_RFC).breaks);
	/* The comparison is quadratic, and long texts show nothing new. */
	if (size < 4096)
		MUST(spf_same_terms(text, again));
	if (size < 4096 && faults == 0)
		merge(&arena, text);
	arena_free(&arena);
	return 0;
}
