/*
 * text_kinds.c - what is fine, a line for each kind of record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/page.h"

#include "base/str.h"

/* Columns for the name of a kind. */
#define KIND_WIDTH 9

/* The worst that the page says of the set. */
static enum rank
worst_of(const struct page *p, const struct record_set *set)
{
	enum rank worst = RANK_PASS;

	for (size_t i = 0; i < p->nitems; i++)
		if (p->items[i].finding->set == set && p->items[i].rank < worst)
			worst = p->items[i].rank;
	return worst;
}

/* A policy from above is applied to this domain, and a warning on the domain
 * says what is wrong with it. */
static bool
is_warned(const struct page *p, const struct record_set *set)
{
	if (set->j.kind->id != MAILAUTH_KIND_DMARC || page_is_own(p, set))
		return false;
	for (size_t i = 0; i < p->nitems; i++) {
		const struct record_set *s = p->items[i].finding->set;

		if (s != NULL && s->j.kind == set->j.kind &&
		    p->items[i].rank <= RANK_WARN && page_is_own(p, s))
			return true;
	}
	return false;
}

/* A failure of the records themselves, also when it follows from a finding
 * elsewhere. */
static bool
fails(const struct page *p, const struct record_set *set)
{
	for (const struct finding *n = set->findings->first; n != NULL;
	     n = n->beside)
		if (finding_row(n->finding.id)->scope <= SCOPE_RECORD &&
		    severity_of(p->r, n) == MAILAUTH_FAIL)
			return true;
	return false;
}

static bool
is_fine(const struct page *p, const struct record_set *set)
{
	return set_verdict(p->r, set) == MAILAUTH_VALID &&
	    worst_of(p, set) > RANK_WARN && !fails(p, set) &&
	    !page_is_in_mx(p, set) && !is_warned(p, set);
}

/* Nobody publishes records of this kind any more, or the kind is no record for
 * mail. */
static bool
is_beside(const struct mailauth_kind *kind)
{
	return kind->id == MAILAUTH_KIND_SENDERID ||
	    kind->id == MAILAUTH_KIND_DOMAINKEYS ||
	    kind->id == MAILAUTH_KIND_ADSP || kind->id == MAILAUTH_KIND_ADDRESS;
}

/* All kinds of the report are beside the usual ones: somebody asked for them. */
static bool
is_all_beside(const struct page *p)
{
	const struct record_set *s = p->r->sets;

	while (s != NULL && is_beside(s->j.kind))
		s = s->next;
	return s == NULL;
}

/* Nothing is published, and that is no fault. */
static bool
is_missing(const struct page *p, const struct record_set *set)
{
	return (!is_beside(set->j.kind) || is_all_beside(p)) &&
	    set_verdict(p->r, set) == MAILAUTH_NONE &&
	    worst_of(p, set) > RANK_WARN;
}

/* Something is published, or it is not known: the kind is not missing. */
static bool
is_there(const struct page *p, const struct record_set *set)
{
	return set_verdict(p->r, set) != MAILAUTH_NONE || set_has_text(set);
}

/* No finding on the set says that its lookup failed. */
static bool
is_open(const struct page *p, const struct record_set *set)
{
	return set_verdict(p->r, set) == MAILAUTH_TEMPERROR &&
	    worst_of(p, set) > RANK_OPEN;
}

/* Its answer came, and does not settle it: it cannot be read, or another lookup
 * failed. */
static bool
is_unread(const struct page *p, const struct record_set *set)
{
	return is_open(p, set) && set->answer->outcome == MAILAUTH_FOUND;
}

static bool
is_unheard(const struct page *p, const struct record_set *set)
{
	return is_open(p, set) && set->answer->outcome != MAILAUTH_FOUND;
}

size_t
page_open_kinds(const struct page *p)
{
	size_t n = 0;

	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next)
		n += is_open(p, s);
	return n;
}

/* The first set of a kind that is so. */
static const struct record_set *
next_of(const struct page *p, const struct record_set *set,
    const struct mailauth_kind *kind,
    bool (*is)(const struct page *p, const struct record_set *set))
{
	while (set != NULL && (set->j.kind != kind || !is(p, set)))
		set = set->next;
	return set;
}

/* The blank line behind urgent findings. */
static void
put_gap(struct page *p)
{
	if (p->gap)
		page_gap(p);
}

/* Columns for " and 99 more". */
#define MORE_WIDTH 12

/* Words behind all sets of a kind. */
static const char *
behind_of(const struct mailauth_kind *kind, bool several)
{
	if (kind->id != MAILAUTH_KIND_DMARC_REPORT)
		return "";
	return several ? " accept the reports" : " accepts the reports";
}

/* Write the words of fine sets of a kind, as many of them as have room in
 * `columns`. */
static void
put_briefs(const struct page *p, struct writer *to,
    const struct record_set *set, size_t columns)
{
	const struct mailauth_kind *kind = set->j.kind;
	size_t more = 0, n = 0;

	columns -= strlen(behind_of(kind, true));
	for (bool first = true; set != NULL; first = false, n++) {
		const struct record_set *next =
		    next_of(p, set->next, kind, is_fine);
		size_t room = next != NULL ? columns - MORE_WIDTH : columns;
		struct writer w = arena_writer(p->scratch);

		page_brief(p, &w, set, room);
		if (!first && to->used + w.used + 2 > room) {
			more++;
		} else {
			put_text(to, first ? "" : ", ");
			put_str(to, writer_str(&w));
		}
		set = next;
	}
	if (more > 0) {
		put_text(to, " and ");
		put_number(to, more);
		put_text(to, " more");
	}
	put_text(to, behind_of(kind, n > 1));
}

static void
put_kind(struct page *p, const struct record_set *set)
{
	struct writer w = arena_writer(p->scratch);
	size_t n = strlen(set->j.kind->name);
	size_t column = PAGE_INDENT + (n < KIND_WIDTH ? KIND_WIDTH : n + 1);

	put_gap(p);
	page_mark(p, RANK_PASS);
	put_text(&p->w, set->j.kind->name);
	page_pad(p, PAGE_INDENT + n, column);
	put_briefs(p, &w, set,
	    p->width > column + 2 * MORE_WIDTH ? p->width - column :
	                                         2 * MORE_WIDTH);
	page_wrap(p, column, column, writer_str(&w));
}

/* Write a list of kinds: those that only have sets of which this is so. */
static void
put_list(struct page *p, enum rank mark, const char *before,
    bool (*is)(const struct page *p, const struct record_set *set),
    const char *behind)
{
	struct writer w = arena_writer(p->scratch);
	bool any = false;

	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct mailauth_kind *kind = kind_at(i);
		const struct record_set *set = next_of(p, p->r->sets, kind, is);

		if (set == NULL ||
		    (is == is_missing &&
		        next_of(p, p->r->sets, kind, is_there) != NULL))
			continue;
		put_text(&w, any ? ", " : before);
		put_text(&w, kind->name);
		any = true;
	}
	put_text(&w, behind);
	if (!any)
		return;
	put_gap(p);
	if (mark != RANK_PASS)
		page_mark(p, mark);
	else
		page_pad(p, 0, PAGE_INDENT);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT, writer_str(&w));
}

/* What a set is, in words that do not contradict its mark. */
static const char *
state_of(const struct page *p, const struct record_set *set)
{
	switch (set_verdict(p->r, set)) {
	case MAILAUTH_VALID: break;
	case MAILAUTH_INVALID: return ", receivers cannot use it";
	case MAILAUTH_NONE: return ", no record";
	case MAILAUTH_TEMPERROR: return ", could not tell";
	}
	return "";
}

static void
put_chain(struct page *p, const struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;

	for (size_t i = 0; i < a->nchain; i++) {
		put_text(&p->w, " -> ");
		page_name(p, a->chain[i]);
	}
	for (size_t i = 0; i < set->nhops; i++) {
		put_char(&p->w, '\n');
		page_pad(p, 0, PAGE_INDENT);
		page_name(p, set->hops[i].name);
		put_text(&p->w, ": ");
		put_text(&p->w, page_dnssec(set->hops[i].dnssec));
	}
}

/* Write all there is to a set, for `verbose`. */
static void
put_set(struct page *p, const struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;
	enum rank worst = worst_of(p, set);
	char room[16];

	put_gap(p);
	page_mark(p,
	    set_verdict(p->r, set) == MAILAUTH_TEMPERROR ? RANK_OPEN :
	        worst == RANK_INFO                       ? RANK_PASS :
	                                                   worst);
	put_text(&p->w, set->j.kind->name);
	if (a->name.n > 0) {
		put_char(&p->w, ' ');
		page_name(p, a->name);
		put_char(&p->w, ' ');
		put_text(&p->w, name_rrtype(a->rrtype, room));
	}
	put_text(&p->w, state_of(p, set));
	if (!p->r->scope.plain && a->outcome != MAILAUTH_FAILED) {
		put_text(&p->w, ", ");
		put_text(&p->w, page_dnssec(a->dnssec));
	}
	put_chain(p, set);
	put_char(&p->w, '\n');
	page_set_text(p, set, true);
}

void
page_kinds(struct page *p)
{
	if (p->verbose) {
		for (const struct record_set *s = p->r->sets; s != NULL;
		     s = s->next)
			put_set(p, s);
		return;
	}
	put_list(p, RANK_OPEN, "", is_unheard, ": the lookup failed");
	put_list(p, RANK_OPEN, "", is_unread, ": could not be judged");
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct record_set *set =
		    next_of(p, p->r->sets, kind_at(i), is_fine);

		if (set != NULL)
			put_kind(p, set);
	}
	put_list(p, RANK_PASS, "", is_missing, ": not published");
}
