/*
 * text.c - a report for people
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A page: the first line with the result, what the parts of the report say, the
 * findings with the most urgent first, a line for each kind of record that is
 * fine, and what was not looked at. put_untrusted() writes all octets from DNS:
 * no control character reaches a terminal.
 */
#include <stdlib.h>

#include "base/str.h"
#include "report/page.h"

/* Columns when nobody names them, and the least and most. */
#define WIDTH       80
#define WIDTH_LEAST 40
#define WIDTH_MOST  1000

/* Say why DNSSEC was not checked. */
static void
put_unchecked(struct page *p, struct writer *w)
{
	const struct finding *n = p->r->loose.first;
	struct mailauth_str why;

	put_text(w, "not checked: DNSSEC");
	while (n != NULL && n->finding.id != MAILAUTH_F_DNSSEC_VALIDATION_OFF)
		n = n->beside;
	if (n == NULL)
		return;
	put_text(w, " (");
	why = str_sub(n->detail, 0, str_ifind(n->detail, STR(" is loaded")));
	put_str(w, why);
	put_char(w, ')');
}

/* Write one line for all that was not looked at, or with `outside` for the names
 * outside of the given zones. */
static void
put_incomplete(struct page *p, bool outside)
{
	struct writer w = arena_writer(p->scratch);
	const char *before = outside ?
	    "not looked up, outside the given zones: " :
	    "not checked: ";

	if (!outside && p->unchecked)
		put_unchecked(p, &w);
	for (const struct incomplete *n = p->r->incomplete; n != NULL;
	     n = n->next) {
		if ((strcmp(n->why, INCOMPLETE_OUTSIDE) == 0) != outside)
			continue;
		put_text(&w, w.used > 0 ? ", " : before);
		put_str(&w, n->what);
		if (!outside) {
			put_text(&w, " (");
			put_text(&w, n->why);
			put_char(&w, ')');
		}
	}
	page_foot(p, writer_str(&w));
}

/* A part sums up what is fine, when nothing else is to be said. */
static bool
put_sum(struct page *p)
{
	if (p->verbose || mailauth_report_result(p->r) != MAILAUTH_RESULT_PASS)
		return false;
	for (const struct report_part *x = p->r->parts; x != NULL; x = x->next)
		if (x->type->sum != NULL && x->type->sum(p, x->data))
			return true;
	return false;
}

static void
put_page(struct page *p)
{
	const struct report_part *first = p->r->parts;

	page_collect(p);
	if (first != NULL && first->type->head != NULL)
		first->type->head(p, first->data);
	else
		page_head_domain(p);
	for (const struct report_part *x = first; x != NULL; x = x->next)
		if (x->type->text != NULL)
			x->type->text(p, x->data);
	page_findings(p);
	if ((first == NULL || !first->type->no_records) && !put_sum(p))
		page_kinds(p);
	if (first == NULL || !first->type->no_incomplete) {
		put_incomplete(p, false);
		put_incomplete(p, true);
		page_circumstances(p);
	}
	put_char(&p->w, '\0');
}

static size_t
width_of(unsigned columns)
{
	return columns == 0       ? WIDTH :
	    columns < WIDTH_LEAST ? WIDTH_LEAST :
	    columns > WIDTH_MOST  ? WIDTH_MOST :
	                            columns;
}

static enum rank
level_of(enum mailauth_severity level, bool verbose)
{
	if (verbose)
		return RANK_PASS;
	switch (level) {
	case MAILAUTH_FAIL: return RANK_OPEN;
	case MAILAUTH_WARN: return RANK_WARN;
	case MAILAUTH_INFO: return RANK_INFO;
	default: return RANK_NOTICE;
	}
}

char *
mailauth_report_page(const struct mailauth_report *r,
    const struct mailauth_page_options *how)
{
	static const struct mailauth_page_options usual = { .flags = 0 };
	struct arena scratch = { NULL, false };
	struct page p = { .w = arena_writer(&scratch),
		.r = r,
		.scratch = &scratch };
	char *text = NULL;

	if (r == NULL)
		return NULL;
	if (how == NULL)
		how = &usual;
	p.colour = (how->flags & MAILAUTH_TEXT_COLOUR) != 0;
	p.verbose = (how->flags & MAILAUTH_TEXT_VERBOSE) != 0;
	p.width = width_of(how->width);
	p.level = level_of(how->level, p.verbose);
	put_page(&p);
	if (!p.w.full && !scratch.failed && (text = malloc(p.w.used)) != NULL)
		memcpy(text, p.w.buf, p.w.used);
	arena_free(&scratch);
	return text;
}

char *
mailauth_report_text(const struct mailauth_report *r, unsigned flags)
{
	struct mailauth_page_options how = { .flags = flags };

	return mailauth_report_page(r, &how);
}
