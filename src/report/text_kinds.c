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

static bool
is_fine(const struct page *p, const struct record_set *set)
{
	return set_verdict(p->r, set) == MAILAUTH_VALID &&
	    worst_of(p, set) > RANK_WARN;
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

/* Nothing is published, and that is no fault. */
static bool
is_missing(const struct page *p, const struct record_set *set)
{
	return !is_beside(set->j.kind) &&
	    set_verdict(p->r, set) == MAILAUTH_NONE &&
	    worst_of(p, set) > RANK_WARN;
}

/* No finding on the set says that its lookup failed. */
static bool
is_open(const struct page *p, const struct record_set *set)
{
	return set_verdict(p->r, set) == MAILAUTH_TEMPERROR &&
	    worst_of(p, set) > RANK_OPEN;
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

/* Write one line of the fine sets of a kind: as many of them as it has room
 * for. */
static void
put_kind(struct page *p, const struct mailauth_kind *kind,
    const struct record_set *set)
{
	struct writer page, w;
	size_t column = PAGE_INDENT + strlen(kind->name), more = 0;
	bool first = true;

	put_gap(p);
	page_mark(p, RANK_PASS);
	put_text(&p->w, kind->name);
	page_pad(p, strlen(kind->name), KIND_WIDTH);
	if (strlen(kind->name) >= KIND_WIDTH)
		put_char(&p->w, ' ');
	column = PAGE_INDENT +
	    (strlen(kind->name) >= KIND_WIDTH ? strlen(kind->name) + 1 :
	                                        KIND_WIDTH);
	page = p->w;
	for (; set != NULL; set = next_of(p, set->next, kind, is_fine)) {
		size_t room =
		    p->width > column + 13 ? p->width - column - 13 : 13;

		w = arena_writer(p->scratch);
		page_brief(p, &w, set);
		if (!first && w.used + 2 > room) {
			more++;
			continue;
		}
		if (!first)
			put_text(&page, ", ");
		put_str(&page, str_sub(writer_str(&w), 0, room));
		if (w.used > room)
			put_text(&page, "...");
		column += (first ? 0 : 2) + (w.used > room ? room + 3 : w.used);
		first = false;
	}
	p->w = page;
	if (more > 0) {
		put_text(&p->w, " and ");
		put_number(&p->w, more);
		put_text(&p->w, " more");
	}
	put_char(&p->w, '\n');
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
		        next_of(p, p->r->sets, kind, is_fine) != NULL))
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
	put_list(p, RANK_OPEN, "", is_open, ": the lookup failed");
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct record_set *set =
		    next_of(p, p->r->sets, kind_at(i), is_fine);

		if (set != NULL)
			put_kind(p, kind_at(i), set);
	}
	put_list(p, RANK_PASS, "", is_missing, ": not published");
}
