/*
 * text_head.c - the first line of a page
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/page.h"

#include "base/str.h"

const char *
page_dnssec(enum mailauth_dnssec v)
{
	static const char *const words[] = {
		[MAILAUTH_DNSSEC_BOGUS] = "DNSSEC bogus",
		[MAILAUTH_DNSSEC_UNCHECKED] = "DNSSEC not checked",
		[MAILAUTH_DNSSEC_INDETERMINATE] = "no trust anchor",
		[MAILAUTH_DNSSEC_INSECURE] = "not signed",
		[MAILAUTH_DNSSEC_SECURE] = "DNSSEC secure",
	};

	return words[v];
}

bool
page_is_own(const struct page *p, const struct record_set *set)
{
	struct mailauth_str name = set->answer->name, d = p->r->domain;

	if (name.n > 0 && name.s[name.n - 1] == '.')
		name.n--;
	return d.n > 0 && name.n >= d.n &&
	    str_ieq(str_from(name, name.n - d.n), d) &&
	    (name.n == d.n || name.s[name.n - d.n - 1] == '.');
}

/* The state counts: a lookup that failed has none, unless it is bogus. */
static bool
has_state(const struct page *p, const struct record_set *set)
{
	return page_is_own(p, set) &&
	    (set->answer->outcome != MAILAUTH_FAILED ||
	        set->answer->dnssec == MAILAUTH_DNSSEC_BOGUS);
}

/* An earlier set of the same kind has the same state. */
static bool
is_said(const struct page *p, const struct record_set *set)
{
	const struct record_set *s = p->r->sets;

	while (s != set &&
	    (!has_state(p, s) || s->j.kind != set->j.kind ||
	        s->answer->dnssec != set->answer->dnssec))
		s = s->next;
	return s != set;
}

/* Write the states that are not secure, each with its kinds: "not signed: dkim,
 * mx". */
static void
put_mixed(struct page *p)
{
	bool any = false;

	put_text(&p->w, "DNSSEC mixed: ");
	for (int v = MAILAUTH_DNSSEC_BOGUS; v < MAILAUTH_DNSSEC_SECURE; v++) {
		bool some = false;

		for (const struct record_set *s = p->r->sets; s != NULL;
		     s = s->next) {
			if (!has_state(p, s) || (int)s->answer->dnssec != v ||
			    is_said(p, s))
				continue;
			put_text(&p->w, some ? ", " : any ? "; " : "");
			put_text(&p->w, s->j.kind->name);
			some = any = true;
		}
		put_text(&p->w, some ? " " : "");
		put_text(&p->w,
		    some ? page_dnssec((enum mailauth_dnssec)v) : "");
	}
}

static void
put_dnssec_of_domain(struct page *p)
{
	enum mailauth_dnssec state = mailauth_report_dnssec(p->r);
	bool first = true, mixed = false;

	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next) {
		if (!has_state(p, s))
			continue;
		mixed = mixed || (!first && s->answer->dnssec != state);
		if (first || s->answer->dnssec < state)
			state = s->answer->dnssec;
		first = false;
	}
	if (mixed)
		put_mixed(p);
	else
		put_text(&p->w, page_dnssec(state));
}

bool
page_is_bogus(const struct page *p)
{
	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next)
		if (s->answer->dnssec == MAILAUTH_DNSSEC_BOGUS &&
		    page_is_own(p, s) &&
		    s->answer->name.n <= p->r->domain.n + 1)
			return true;
	return false;
}

static void
put_verdict(struct page *p)
{
	static const struct {
		enum rank like;
		const char *word;
	} rows[] = {
		[MAILAUTH_RESULT_PASS] = { RANK_PASS, "PASS" },
		[MAILAUTH_RESULT_WARN] = { RANK_WARN, "WARN" },
		[MAILAUTH_RESULT_FAIL] = { RANK_FAIL, "FAIL" },
		[MAILAUTH_RESULT_TEMPERROR] = { RANK_OPEN, "COULD NOT TELL" },
	};
	enum mailauth_result result = mailauth_report_result(p->r);

	page_like(p, rows[result].like, rows[result].word);
}

static void
put_counts(struct page *p)
{
	static const char *const one[] = { "failure", "not known", "warning",
		"note" };
	static const char *const many[] = { "failures", "not known", "warnings",
		"notes" };
	bool any = false;

	for (enum rank rank = RANK_FAIL; rank <= RANK_NOTICE; rank++) {
		size_t n = page_count(p, rank);

		if (n == 0)
			continue;
		put_text(&p->w, any ? ", " : "  ");
		put_number(&p->w, n);
		put_char(&p->w, ' ');
		put_text(&p->w, n == 1 ? one[rank] : many[rank]);
		any = true;
	}
}

static void
put_seconds(struct writer *w, double seconds)
{
	uint64_t ms = (uint64_t)(seconds * 1000 + 0.5);

	put_number(w, ms / 1000);
	put_char(w, '.');
	put_char(w, (char)('0' + ms / 100 % 10));
	put_char(w, (char)('0' + ms / 10 % 10));
	put_char(w, (char)('0' + ms % 10));
	put_text(w, " s");
}

static void
put_word(struct page *p, const char *word)
{
	put_text(&p->w, word);
	put_text(&p->w, ", ");
}

/* Write what is behind the DNSSEC state. */
static void
put_circumstances(struct page *p)
{
	if (p->verbose || p->r->scope.profile != MAILAUTH_PROFILE_PRACTICE) {
		put_text(&p->w, "profile ");
		put_word(p, name_profile(p->r->scope.profile));
	}
	if (p->verbose) {
		put_number(&p->w, p->r->queries);
		put_text(&p->w, " questions, ");
	}
	put_seconds(&p->w, p->r->seconds);
	if (p->r->source != NULL) {
		put_text(&p->w, ", ");
		put_text(&p->w, p->r->source);
	}
	put_text(&p->w, ")\n");
}

static void
put_subject(struct page *p, const char *subject)
{
	if (subject != NULL)
		put_text(&p->w, subject);
	else
		put_untrusted(&p->w, p->r->domain);
	put_text(&p->w, ": ");
}

/* What the parts of the report say of the domain. */
static void
put_briefs(struct page *p)
{
	for (const struct report_part *x = p->r->parts; x != NULL; x = x->next)
		if (x->type->brief != NULL)
			x->type->brief(p, x->data);
}

void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec)
{
	put_subject(p, subject);
	put_verdict(p);
	put_counts(p);
	put_text(&p->w, "  (");
	put_briefs(p);
	put_word(p, page_dnssec(dnssec));
	put_circumstances(p);
}

/* A domain of which there is one thing to say. */
static bool
put_only(struct page *p)
{
	bool absent = report_has_id(p->r, MAILAUTH_F_DOMAIN_ABSENT);

	if (!absent &&
	    (mailauth_report_result(p->r) != MAILAUTH_RESULT_TEMPERROR ||
	        !page_is_bogus(p)))
		return false;
	put_subject(p, NULL);
	page_like(p, absent ? RANK_FAIL : RANK_OPEN,
	    absent ? "DOES NOT EXIST" : "BOGUS");
	put_text(&p->w,
	    absent ? "  (" : "  its DNSSEC signatures do not verify  (");
	return true;
}

void
page_head_domain(struct page *p)
{
	if (!put_only(p)) {
		put_subject(p, NULL);
		put_verdict(p);
		put_counts(p);
		put_text(&p->w, "  (");
		put_briefs(p);
		put_dnssec_of_domain(p);
		put_text(&p->w, ", ");
	}
	put_circumstances(p);
}
