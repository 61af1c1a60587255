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

/* An alias leads from one state to another. */
static bool
is_chain_mixed(const struct record_set *set)
{
	for (size_t i = 0; i < set->nhops; i++)
		if (set->hops[i].dnssec != set->answer->dnssec)
			return true;
	return false;
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

/* Write a DNSSEC state. That it was not checked is said where the page ends. */
static void
put_state(struct page *p, enum mailauth_dnssec state)
{
	if (state == MAILAUTH_DNSSEC_UNCHECKED)
		p->unchecked = true;
	else
		put_text(&p->w, page_dnssec(state));
}

static void
put_dnssec_of_domain(struct page *p)
{
	enum mailauth_dnssec state = mailauth_report_dnssec(p->r);
	bool first = true, mixed = false;

	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next) {
		if (!has_state(p, s))
			continue;
		mixed = mixed || is_chain_mixed(s) ||
		    (!first && s->answer->dnssec != state);
		if (first || s->answer->dnssec < state)
			state = s->answer->dnssec;
		first = false;
	}
	if (mixed)
		put_mixed(p);
	else
		put_state(p, state);
}

/* The set is of the domain's own name. */
static bool
is_of_domain(const struct page *p, const struct record_set *set)
{
	return page_is_own(p, set) && set->answer->name.n <= p->r->domain.n + 1;
}

/* The sets of the domain's own name decide; without any, as for DMARC, those of
 * the names below it. */
bool
page_is_bogus(const struct page *p)
{
	bool own = false, below = false;

	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next) {
		bool bogus = s->answer->dnssec == MAILAUTH_DNSSEC_BOGUS;

		if (is_of_domain(p, s) && bogus)
			return true;
		own = own || is_of_domain(p, s);
		below = below || (page_is_own(p, s) && bogus);
	}
	return below && !own;
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

		if (n == 0 && rank == RANK_OPEN &&
		    mailauth_report_result(p->r) == MAILAUTH_RESULT_TEMPERROR)
			n = page_open_kinds(p);
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

/* Write what comes behind a comma, when something is before it. */
static void
put_next(struct writer *w, const char *text)
{
	put_text(w, w->used > 0 ? ", " : "");
	put_text(w, text);
}

void
page_circumstances(struct page *p)
{
	struct writer w = arena_writer(p->scratch);

	if (!p->headed)
		return;
	if (p->verbose || p->r->scope.profile != MAILAUTH_PROFILE_PRACTICE) {
		put_next(&w, "profile ");
		put_text(&w, name_profile(p->r->scope.profile));
	}
	if (p->verbose) {
		put_next(&w, "");
		put_number(&w, p->r->queries);
		put_text(&w, " questions");
	}
	if (p->late) {
		put_next(&w, "");
		put_seconds(&w, p->r->seconds);
	}
	page_foot(p, writer_str(&w));
}

/* Write where answers came from, when that is not where they should have. */
static void
put_source(struct page *p)
{
	struct mailauth_str head = writer_str(&p->w);

	if (p->r->source == NULL || head.n == 0)
		return;
	put_text(&p->w,
	    head.s[head.n - 1] == '(' || head.s[head.n - 1] == ' ' ? "" : ", ");
	put_text(&p->w, p->r->source);
}

/* End the head that was written to p->w, and write it to the page: the seconds
 * are in it when there is room in its only line. What is in the parentheses has
 * ", " behind it. */
static void
put_head_line(struct page *p, struct writer page)
{
	struct writer seconds = arena_writer(p->scratch);
	struct mailauth_str head;
	bool none;

	put_source(p);
	head = writer_str(&p->w);

	/* Memory ran out, which the caller sees by the arena. */
	if (head.n == 0) {
		p->w = page;
		return;
	}
	if (head.n > 2 && str_eq(str_from(head, head.n - 2), STR(", ")))
		head.n -= 2;
	none = head.s[head.n - 1] == '(';
	put_text(&seconds, none ? "" : ", ");
	put_seconds(&seconds, p->r->seconds);
	p->late = page_columns(head) + seconds.used + 1 > p->width;
	if (none && p->late)
		head = str_trim_end(str_sub(head, 0, head.n - 1));
	p->w.used = head.n;
	if (!p->late)
		put_str(&p->w, writer_str(&seconds));
	put_text(&p->w, none && p->late ? "" : ")");
	head = writer_str(&p->w);
	p->w = page;
	p->headed = true;
	page_wrap(p, 0, PAGE_INDENT, head);
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

/* The detail of the finding that the domain does not exist: whether that is
 * proved, and behind "; " what may be meant. */
static struct mailauth_str
absence(const struct page *p)
{
	const struct finding *n = p->r->loose.first;

	while (n != NULL && n->finding.id != MAILAUTH_F_DOMAIN_ABSENT)
		n = n->beside;
	return n != NULL ? n->detail : STR_NONE;
}

/* Say which domain may be meant in place of one that does not exist, or else
 * what to do. */
static void
put_meant(struct page *p)
{
	struct mailauth_str meant = absence(p);
	struct writer w = arena_writer(p->scratch);

	str_cut(&meant, ';');
	meant = str_trim(meant);
	if (meant.n > 0) {
		put_str(&w, page_without_dots(p, meant));
	} else {
		put_text(&w, "-> ");
		put_text(&w, finding_row(MAILAUTH_F_DOMAIN_ABSENT)->remedy);
	}
	page_pad(p, 0, PAGE_INDENT);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT + (meant.n > 0 ? 0 : 3),
	    writer_str(&w));
}

/* A domain of which there is one thing to say. */
static bool
put_only(struct page *p, const char *subject)
{
	struct mailauth_str proof = absence(p);
	bool absent = report_has_id(p->r, MAILAUTH_F_DOMAIN_ABSENT);
	struct writer page = p->w;

	if (!absent &&
	    (mailauth_report_result(p->r) != MAILAUTH_RESULT_TEMPERROR ||
	        !page_is_bogus(p)))
		return false;
	p->w = arena_writer(p->scratch);
	put_subject(p, subject);
	page_like(p, absent ? RANK_FAIL : RANK_OPEN,
	    absent ? "DOES NOT EXIST" : "BOGUS");
	put_text(&p->w,
	    absent ? "  (" : "  its DNSSEC signatures do not verify  (");
	if (absent)
		put_str(&p->w, str_cut(&proof, ';'));
	put_head_line(p, page);
	if (absent)
		put_meant(p);
	return true;
}

/* Write the start of a head, up to the parenthesis and what is in it but for
 * DNSSEC. */
static void
put_start(struct page *p, const char *subject)
{
	put_subject(p, subject);
	put_verdict(p);
	put_counts(p);
	put_text(&p->w, "  (");
	put_briefs(p);
}

void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec)
{
	struct writer page = p->w;

	if (put_only(p, subject))
		return;
	p->w = arena_writer(p->scratch);
	put_start(p, subject);
	put_state(p, dnssec);
	put_head_line(p, page);
}

void
page_head_domain(struct page *p)
{
	struct writer page = p->w;

	if (put_only(p, NULL))
		return;
	p->w = arena_writer(p->scratch);
	put_start(p, NULL);
	put_dnssec_of_domain(p);
	put_head_line(p, page);
}
