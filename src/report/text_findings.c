/*
 * text_findings.c - the findings of a page, the most urgent first
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Findings that say the same are shown once, with all their names. A
 * consequence of another finding is shown on request alone.
 */
#include "report/page.h"

#include "base/str.h"
#include "record/txt.h"

/* Column of the code, where there is room for it. */
#define CODE_COLUMN 56
/* Kinds and names in the head of a finding; further names are counted. */
#define KINDS_MAX 3
#define NAMES_MAX 3

static enum rank
rank_of(const struct page *p, const struct finding *n)
{
	if (finding_defers(&n->finding))
		return RANK_OPEN;
	return page_rank(
	    p->verbose ? severity_of(p->r, n) : severity_shown(p->r, n));
}

/* The head of the page says it: that the domain is bogus, so that no lookup
 * shows anything, or that it is not signed. That another zone is not signed
 * matters where the domain is. */
static bool
is_in_head(const struct page *p, const struct finding *n)
{
	if (n->finding.id == MAILAUTH_F_LOOKUP_UNDECIDED ||
	    n->finding.id == MAILAUTH_F_SPF_EVAL_TEMPERROR)
		return page_is_bogus(p);
	if (n->finding.id == MAILAUTH_F_DOMAIN_ABSENT)
		return p->r->parts == NULL || p->r->parts->type->head == NULL;
	return n->finding.id == MAILAUTH_F_DNSSEC_INSECURE && n->set != NULL &&
	    (page_is_own(p, n->set) ||
	        mailauth_report_dnssec(p->r) != MAILAUTH_DNSSEC_SECURE);
}

/* The detail is in the words of the validator, and is long. */
static bool
is_of_validator(const struct page *p, const struct finding *n)
{
	return !p->verbose &&
	    (n->finding.id == MAILAUTH_F_DNSSEC_BOGUS ||
	        n->finding.id == MAILAUTH_F_DNSSEC_DS_WITHOUT_DNSKEY);
}

/* The validator has other words for each name of a bogus domain. */
static bool
says_the_same(const struct page *p, const struct finding *a,
    const struct finding *b)
{
	return a->finding.id == b->finding.id && a->set != NULL &&
	    b->set != NULL &&
	    (str_eq(a->detail, b->detail) || is_of_validator(p, a)) &&
	    str_eq(a->remedy, b->remedy) &&
	    str_eq(finding_excerpt(a), finding_excerpt(b));
}

/* Append a finding, behind one that says the same. */
static void
add_item(struct page *p, const struct finding *n)
{
	struct item *new = &p->items[p->nitems];

	if (!p->verbose && (n->follows != NULL || is_in_head(p, n)))
		return;
	*new = (struct item){ .finding = n, .rank = rank_of(p, n) };
	for (size_t i = 0; i < p->nitems && !new->follows; i++) {
		struct item *old = &p->items[i];

		if (old->follows || old->rank != new->rank ||
		    !says_the_same(p, old->finding, n))
			continue;
		while (old->more != NULL)
			old = old->more;
		old->more = new;
		new->follows = true;
	}
	p->nitems++;
}

void
page_collect(struct page *p)
{
	const struct mailauth_report *r = p->r;

	p->items =
	    arena_alloc(p->scratch, (r->nfindings + 1) * sizeof(*p->items));
	if (p->items == NULL)
		return;
	for (const struct finding *n = r->loose.first; n != NULL; n = n->beside)
		add_item(p, n);
	for (const struct record_set *s = r->sets; s != NULL; s = s->next)
		for (const struct finding *n = s->findings->first; n != NULL;
		     n = n->beside)
			add_item(p, n);
}

size_t
page_count(const struct page *p, enum rank rank)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nitems; i++)
		n += !p->items[i].follows && p->items[i].rank == rank;
	return n;
}

/* The kinds of the sets with this finding: "spf, dmarc". */
static void
put_kinds(struct page *p, const struct item *first)
{
	size_t n = 0;

	for (const struct item *i = first; i != NULL; i = i->more) {
		const char *kind = i->finding->set->j.kind->name;
		const struct item *k = first;

		while (k != i && k->finding->set->j.kind->name != kind)
			k = k->more;
		if (k != i || (n++ >= KINDS_MAX && !p->verbose))
			continue;
		put_text(&p->w, i == first ? "" : ", ");
		put_text(&p->w, kind);
	}
	put_text(&p->w, n > KINDS_MAX && !p->verbose ? " ..." : "");
}

/* An earlier finding has the same name. */
static bool
is_named(const struct item *first, const struct item *last)
{
	const struct item *i = first;

	while (i != last &&
	    !str_eq(i->finding->set->answer->name,
	        last->finding->set->answer->name))
		i = i->more;
	return i != last;
}

/* Say how many names there are, when the finding is about several; they are not
 * listed. */
static bool
put_names_counted(struct page *p, const struct item *first)
{
	size_t n = 0;

	for (const struct item *i = first; i != NULL; i = i->more)
		n += !is_named(first, i);
	if (n < 2 || !is_of_validator(p, first->finding))
		return false;
	put_text(&p->w, " (");
	put_number(&p->w, n);
	put_text(&p->w, " names)");
	return true;
}

static void
put_names(struct page *p, const struct item *first)
{
	size_t n = 0, beyond = 0;

	if (put_names_counted(p, first))
		return;
	for (const struct item *i = first; i != NULL; i = i->more) {
		const struct mailauth_answer *a = i->finding->set->answer;

		if (a->name.n == 0 || is_named(first, i))
			continue;
		if (!p->verbose && n == NAMES_MAX) {
			beyond++;
			continue;
		}
		put_text(&p->w, n++ == 0 ? " " : ", ");
		page_name(p, a->name);
		for (size_t k = 0; k < a->nchain && i->more == NULL; k++) {
			put_text(&p->w, " -> ");
			page_name(p, a->chain[k]);
		}
	}
	if (beyond > 0) {
		put_text(&p->w, " and ");
		put_number(&p->w, beyond);
		put_text(&p->w, " more");
	}
}

/* Write the code of a finding behind `column`: at CODE_COLUMN, or in front of
 * the end of the line, or in a line of its own. */
static void
put_code(struct page *p, size_t column, const char *code)
{
	size_t n = strlen(code) + 2;
	size_t at = p->width < CODE_COLUMN + n && p->width > n ? p->width - n :
	                                                         CODE_COLUMN;

	if (column + 2 > at)
		at = column + 2;
	if (at + n > p->width) {
		put_char(&p->w, '\n');
		column = 0;
		at = PAGE_INDENT;
	}
	page_pad(p, column, at);
	put_char(&p->w, '[');
	put_text(&p->w, code);
	put_text(&p->w, "]\n");
}

/* Write where the record of a finding is in a file; of a path that is too long
 * for the line the name of the file alone. */
static void
put_written(struct page *p, const struct item *i)
{
	struct mailauth_place place = finding_written(i->finding);
	const char *code = finding_row(i->finding->finding.id)->code;
	const char *slash;
	size_t before = p->w.used;

	if (place.file == NULL || i->more != NULL)
		return;
	put_text(&p->w, " (");
	put_place(&p->w, &place);
	put_char(&p->w, ')');
	slash = strrchr(place.file, '/');
	if (slash == NULL || slash[1] == '\0' || p->w.full ||
	    PAGE_INDENT + p->w.used + strlen(code) + 4 <= p->width)
		return;
	place.file = slash + 1;
	p->w.used = before;
	put_text(&p->w, " (");
	put_place(&p->w, &place);
	put_char(&p->w, ')');
}

/* Write kind, names and code of a finding. */
static void
put_about(struct page *p, const struct item *i)
{
	struct writer page = p->w;
	struct mailauth_str about;

	p->w = arena_writer(p->scratch);
	if (i->finding->set != NULL) {
		put_kinds(p, i);
		put_names(p, i);
	} else {
		page_name(p, p->r->domain);
	}
	put_written(p, i);
	about = writer_str(&p->w);
	p->w = page;
	if (PAGE_INDENT + about.n > p->width) {
		page_wrap(p, PAGE_INDENT, PAGE_INDENT, about);
		p->w.used--;
	} else {
		put_str(&p->w, about);
	}
	put_code(p, PAGE_INDENT + about.n,
	    finding_row(i->finding->finding.id)->code);
}

/* Write each text of the set that is one of its kind: two SPF records are two
 * texts. */
static void
put_texts(struct page *p, const struct record_set *set, bool whole)
{
	enum record_form form = whole ? RECORD_WHOLE : RECORD_SHORT;

	const struct mailauth_answer *a = set->answer;

	if (set->j.matches == 1 || set->j.kind->pick == NULL) {
		page_record(p, set->j.record.text, STR_NONE, form, NULL);
		return;
	}
	for (size_t i = 0; i < a->nrr; i++) {
		char *room = arena_alloc(p->scratch, a->rr[i].len + 1u);
		struct txt txt;

		if (room != NULL &&
		    txt_join(&a->rr[i], room, a->rr[i].len, &txt) &&
		    set->j.kind->pick(txt.text) != PICK_NO)
			page_record(p, txt.text, STR_NONE, form, NULL);
	}
}

void
page_set_text(struct page *p, const struct record_set *set, bool whole)
{
	struct writer w = arena_writer(p->scratch);

	if (!set_has_text(set))
		return;
	if (set->j.kind->show == NULL) {
		put_texts(p, set, whole);
		return;
	}
	put_set_text(&w, set);
	page_pad(p, 0, PAGE_INDENT);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT, writer_str(&w));
}

/* The record of a finding without a place was not shown just before, and the
 * finding itself does not show it. */
static bool
wants_text(const struct page *p, const struct item *i)
{
	const struct finding *n = i->finding;

	if (n->set == NULL || i->more != NULL || i->rank > RANK_NOTICE ||
	    !set_has_text(n->set))
		return false;
	if (n->set->j.kind->show != NULL)
		return n->detail.n == 0;
	return p->last.n == 0 || !str_eq(p->last, n->set->j.record.text);
}

/* Write the record that a finding is about; true when its place is marked. Mere
 * facts show the line of their place: all records are listed behind them. */
static bool
put_text_of(struct page *p, const struct item *i)
{
	const struct finding *n = i->finding;
	struct mailauth_str place = finding_excerpt(n);
	bool same = n->text.s != NULL && str_eq(p->last, n->text);

	if (place.n > 0) {
		page_record(p, n->text, place,
		    same || i->rank > RANK_NOTICE ? RECORD_LINE :
		        p->verbose                ? RECORD_WHOLE :
		                                    RECORD_SHORT,
		    n->finding.id == MAILAUTH_F_DKIM_P_TRUNCATED ? "cut here" :
		                                                   NULL);
		p->last = n->text;
		return true;
	}
	if (!wants_text(p, i))
		return false;
	page_set_text(p, n->set, p->verbose);
	if (n->set->j.kind->show == NULL)
		p->last = n->set->j.record.text;
	return false;
}

/* Write where each link of a chain of aliases is proved. */
static void
put_hops(struct page *p, const struct finding *n)
{
	const struct record_set *set = n->set;

	if (n->finding.id != MAILAUTH_F_DNSSEC_CHAIN_MIXED || set == NULL)
		return;
	for (size_t i = 0; i < set->nhops; i++) {
		page_pad(p, 0, PAGE_INDENT);
		page_name(p, set->hops[i].name);
		put_text(&p->w, ": ");
		put_text(&p->w, page_dnssec(set->hops[i].dnssec));
		put_char(&p->w, '\n');
	}
}

static void
put_paragraph(struct page *p, struct mailauth_str text, size_t hang)
{
	page_pad(p, 0, PAGE_INDENT);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT + hang, text);
}

/* Write what is wrong. The head line has the detail of a domain that does not
 * exist; that of the validator comes last. */
static void
put_wrong(struct page *p, const struct item *i)
{
	struct finding n = *i->finding;
	struct writer w = arena_writer(p->scratch);

	if (is_of_validator(p, &n) ||
	    (n.finding.id == MAILAUTH_F_DOMAIN_ABSENT && p->headed))
		n.detail = STR_NONE;
	n.detail = page_without_dots(p, n.detail);
	if (put_text_of(p, i))
		put_sentence(&w, &n);
	else
		put_message(&w, &n);
	put_paragraph(p, writer_str(&w), 0);
}

/* Write what to do. */
static void
put_to_do(struct page *p, const struct finding *n)
{
	struct writer w = arena_writer(p->scratch);
	struct writer line = arena_writer(p->scratch);

	if (!put_remedy(&w, n))
		return;
	put_text(&line, "-> ");
	page_remedy(&line, writer_str(&w));
	put_paragraph(p, writer_str(&line), 3);
}

/* Write the words of the validator, two lines of them at most, without the start
 * that says that it remembers the failure. */
static void
put_validator(struct page *p, const struct finding *n)
{
	const struct mailauth_str start = STR("because of a previous ");
	struct mailauth_str text = page_without_dots(p, n->detail), two;
	size_t at = str_ifind(text, start);
	struct writer page = p->w, w = arena_writer(p->scratch);

	if (text.n == 0)
		return;
	put_text(&w, "detail: ");
	put_str(&w, at < text.n ? str_from(text, at + start.n) : text);
	p->w = arena_writer(p->scratch);
	p->width -= 4; /* for " ..." */
	put_paragraph(p, writer_str(&w), 0);
	p->width += 4;
	text = writer_str(&p->w);
	p->w = page;
	two = text;
	str_cut(&two, '\n');
	str_cut(&two, '\n');
	put_str(&p->w, str_sub(text, 0, text.n - two.n - 1));
	put_text(&p->w, two.n > 0 ? " ...\n" : "\n");
}

static void
put_finding(struct page *p, const struct item *i)
{
	const struct finding *n = i->finding;
	const struct finding *cause = p->verbose ? n->follows : NULL;

	page_mark(p, i->rank);
	put_about(p, i);
	put_wrong(p, i);
	put_hops(p, n);
	if (cause != NULL) {
		struct writer w = arena_writer(p->scratch);

		put_text(&w, "follows from ");
		put_text(&w, finding_row(cause->finding.id)->code);
		put_paragraph(p, writer_str(&w), 0);
	}
	put_to_do(p, n);
	if (is_of_validator(p, n))
		put_validator(p, n);
}

/* Findings that somebody has to act on have a blank line around them. */
void
page_findings(struct page *p)
{
	bool urgent = false;

	for (enum rank rank = RANK_FAIL; rank <= p->level; rank++)
		for (size_t i = 0; i < p->nitems; i++) {
			if (p->items[i].follows || p->items[i].rank != rank)
				continue;
			if (rank <= RANK_WARN || urgent)
				page_gap(p);
			put_finding(p, &p->items[i]);
			urgent = rank <= RANK_WARN;
			p->gap = p->gap || urgent;
		}
}
