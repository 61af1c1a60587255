/*
 * text.c - an evaluation of SPF as text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/page.h"
#include "spf/report.h"

/* Columns of a term, its indent included. */
#define TERM_WIDTH 46

static void
put_voids(struct page *p, unsigned terms, unsigned queries)
{
	/* Void questions without a void term are nothing to report: hosts often
	 * have addresses of one family only. */
	if (terms == 0)
		return;
	put_text(&p->w, ", void ");
	put_number(&p->w, terms);
	if (queries > terms) {
		put_text(&p->w, " (");
		put_number(&p->w, queries);
		put_text(&p->w, " questions)");
	}
}

const char *
spf_node_fate(const struct spf_node *n)
{
	static const char *const names[] = {
		[SPF_NOT_REACHED] = "not-reached",
		[SPF_NO_MATCH] = "no-match",
		[SPF_MATCH] = "match",
		[SPF_ERROR] = "error",
		[SPF_FATE_PENDING] = "error",
	};

	return n->evaluated ? names[n->fate] : NULL;
}

/* Write the lookups that a term cost, and its outcome. */
static void
put_spf_facts(struct page *p, const struct spf_node *n)
{
	bool not_reached = n->evaluated && n->fate == SPF_NOT_REACHED;

	if (n->asks && !not_reached) {
		put_number(&p->w, n->below + 1);
		put_text(&p->w, ", total ");
		put_number(&p->w, n->total);
	}
	put_voids(p, n->voids, n->void_queries);
	if (n->evaluated) {
		put_text(&p->w, n->asks && !not_reached ? ", " : "");
		put_text(&p->w, spf_node_fate(n));
	}
	if (n->result != MAILAUTH_SPF_UNDECIDED) {
		put_text(&p->w, " (");
		put_text(&p->w, spf_result_name(n->result));
		put_char(&p->w, ')');
	}
	if (n->why != NULL) {
		put_text(&p->w, ": ");
		put_text(&p->w, n->why);
	}
	put_text(&p->w, n->varies ? ", depends on the sender" : "");
	put_text(&p->w, n->unknown ? ", could not be told" : "");
	put_text(&p->w, n->loop ? ", leads back" : "");
	if (n->has_dnssec) {
		put_text(&p->w, ", ");
		put_text(&p->w, name_dnssec(n->dnssec));
	}
}

static void
put_spf_tree(struct page *p, const struct spf_node *n, size_t depth)
{
	for (; n != NULL; n = n->next) {
		size_t start = p->w.used;

		page_pad(p, 0, 4 + 2 * depth);
		put_untrusted(&p->w, n->term);
		if (!p->w.full)
			page_pad(p, p->w.used - start, TERM_WIDTH);
		put_char(&p->w, ' ');
		put_spf_facts(p, n);
		put_char(&p->w, '\n');
		if (p->verbose && n->record.n > 0) {
			page_pad(p, 0, 6 + 2 * depth);
			put_untrusted(&p->w, n->record);
			put_char(&p->w, '\n');
		}
		put_spf_tree(p, n->child, depth + 1);
	}
}

static void
put_spf_cost(struct page *p, const struct spf_report *s)
{
	const struct mailauth_spf_view *v = &s->view;

	put_text(&p->w, "  lookups ");
	/* A failed lookup hides terms: of the record, or behind it. */
	if (v->result == MAILAUTH_SPF_UNDECIDED ?
	        v->worst_is_least :
	        v->result == MAILAUTH_SPF_TEMPERROR)
		put_text(&p->w, "at least ");
	put_number(&p->w, v->lookups);
	put_text(&p->w, " of 10");
	put_voids(p, v->void_lookups, s->void_queries);
	if (v->result != MAILAUTH_SPF_UNDECIDED &&
	    v->worst_lookups != v->lookups) {
		put_text(&p->w, ", at worst ");
		put_text(&p->w, v->worst_is_least ? "at least " : "");
		put_number(&p->w, v->worst_lookups);
	}
	put_char(&p->w, '\n');
	if (s->has_ranges) {
		put_text(&p->w, "  passes  ");
		put_text(&p->w, s->ranges_are_least ? "at least " : "");
		put_number(&p->w, s->ipv4);
		put_text(&p->w, " IPv4 and ");
		put_text(&p->w, s->ipv6);
		put_text(&p->w, " IPv6 addresses\n");
	}
	for (const struct spf_spender *x = s->spenders; x != NULL;
	     x = x->next) {
		put_text(&p->w, x == s->spenders ? "  spent   " : ", ");
		put_untrusted(&p->w, x->name);
		put_char(&p->w, ' ');
		put_number(&p->w, x->lookups);
	}
	put_text(&p->w, s->spenders != NULL ? "\n" : "");
}

static void
put_spf(struct page *p, const void *data)
{
	const struct spf_report *s = data;
	const struct mailauth_spf_view *v = &s->view;

	if (v->result != MAILAUTH_SPF_UNDECIDED) {
		put_text(&p->w, "  result  ");
		page_word(p,
		    v->result == MAILAUTH_SPF_PASS ? MAILAUTH_PASS :
		                                     MAILAUTH_FAIL,
		    spf_result_name(v->result));
		put_text(&p->w, " for ");
		put_str(&p->w, s->ip);
		if (v->mechanism != NULL) {
			put_text(&p->w, " by ");
			put_text(&p->w, v->mechanism);
		}
		if (v->why != NULL) {
			put_text(&p->w, ": ");
			put_text(&p->w, v->why);
		}
		put_char(&p->w, '\n');
	}
	if (v->explanation != NULL) {
		put_text(&p->w, "  says    ");
		put_text(&p->w, v->explanation);
		put_char(&p->w, '\n');
	}
	put_spf_cost(p, s);
	if (s->record.n > 0) {
		put_text(&p->w, "  record  ");
		put_untrusted(&p->w, s->record);
		put_char(&p->w, '\n');
	}
	put_spf_tree(p, s->tree, 0);
}

static void
put_head(struct page *p, const void *data)
{
	const struct spf_report *s = data;

	page_head(p, NULL, s->view.dnssec);
}

const struct part_type spf_part = {
	.name = "spf",
	.head = put_head,
	.text = put_spf,
	.json = spf_json,
};

bool
mailauth_report_spf(const struct mailauth_report *r,
    struct mailauth_spf_view *out)
{
	const struct spf_report *s = report_data(r, &spf_part);

	if (s == NULL || out == NULL)
		return false;
	*out = s->view;
	return true;
}

const char *
mailauth_spf_result_name(enum mailauth_spf_result v)
{
	return spf_result_name(v);
}
