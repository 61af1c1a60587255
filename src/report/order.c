/*
 * order.c - the canonical order of a report
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Answers arrive in any order, and subjects meet names in the order in which
 * these arrive. A report gets an order of its own before anybody sees it, so
 * that two runs over the same zones give the same report.
 */
#include <stdlib.h>

#include "base/dname.h"
#include "report/report.h"

static int
compare_str(struct mailauth_str a, struct mailauth_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n > 0 ? memcmp(a.s, b.s, n) : 0;

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static int
compare_number(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Label `i` of a name with `labels` labels, counted from its end. */
static struct mailauth_str
label_at(struct mailauth_str name, unsigned labels, unsigned i)
{
	for (; labels > i + 1; labels--)
		name = dname_parent(name);
	return dname_first(name);
}

/* Names in canonical order (RFC 4034 6.1): a name before those below it. */
static int
compare_names(struct mailauth_str a, struct mailauth_str b)
{
	unsigned na = dname_labels(a), nb = dname_labels(b);
	int c = 0;

	for (unsigned i = 0; c == 0 && i < na && i < nb; i++)
		c = compare_str(label_at(a, na, i), label_at(b, nb, i));
	return c != 0 ? c : compare_number(na, nb);
}

/* Record sets: by kind, name and type. */
static int
compare_sets(const void *a, const void *b)
{
	const struct record_set *x = *(const struct record_set *const *)a;
	const struct record_set *y = *(const struct record_set *const *)b;
	int c = compare_number(x->j.kind->id, y->j.kind->id);

	if (c == 0)
		c = compare_names(x->answer->name, y->answer->name);
	if (c == 0)
		c = compare_number(x->answer->rrtype, y->answer->rrtype);
	return c != 0 ? c : compare_number(x->place, y->place);
}

/* The place of the set of a finding; those of the domain come first. */
static size_t
set_place(const struct finding *n)
{
	return n->set != NULL ? n->set->place + 1 : 0;
}

/* Findings: of a set in the order of the table, then by their place. What is
 * said of the domain as a whole has an order of its own. */
static int
compare_findings(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;
	int c = compare_number(set_place(x), set_place(y));

	if (c == 0 && x->set == NULL)
		return compare_number(x->place, y->place);
	if (c == 0)
		c = compare_number(x->finding.id, y->finding.id);
	if (c == 0)
		c = compare_number(x->finding.rr, y->finding.rr);
	if (c == 0)
		c = compare_number(x->finding.offset, y->finding.offset);
	if (c == 0)
		c = compare_str(x->detail, y->detail);
	return c != 0 ? c : compare_number(x->place, y->place);
}

static int
compare_incomplete(const void *a, const void *b)
{
	const struct incomplete *x = *(const struct incomplete *const *)a;
	const struct incomplete *y = *(const struct incomplete *const *)b;
	int c = compare_str(str_of(x->why), str_of(y->why));

	return c != 0 ? c : compare_str(x->what, y->what);
}

static void
order_sets(struct mailauth_report *r)
{
	struct record_set **all = arena_alloc(&r->arena,
	    (r->nsets + 1) * sizeof(struct record_set *));
	size_t n = 0;

	if (all == NULL)
		return;
	for (struct record_set *i = r->sets; i != NULL; i = i->next) {
		i->place = n;
		all[n++] = i;
	}
	qsort(all, n, sizeof(struct record_set *), compare_sets);
	r->sets_end = &r->sets;
	for (size_t i = 0; i < n; i++) {
		all[i]->place = i;
		*r->sets_end = all[i];
		r->sets_end = &all[i]->next;
	}
	*r->sets_end = NULL;
}

/* The list of the set of a finding, or of the domain. */
static struct finding_list *
list_of(struct mailauth_report *r, const struct finding *n)
{
	return n->set != NULL ? n->set->findings : &r->loose;
}

static void
order_findings(struct mailauth_report *r)
{
	struct finding **all = arena_alloc(&r->arena,
	    (r->nfindings + 1) * sizeof(struct finding *));
	size_t n = 0;

	if (all == NULL)
		return;
	for (struct finding *i = r->findings; i != NULL; i = i->next) {
		struct finding_list *list = list_of(r, i);

		i->place = n;
		all[n++] = i;
		list->first = NULL;
		list->end = &list->first;
	}
	qsort(all, n, sizeof(struct finding *), compare_findings);
	r->findings_end = &r->findings;
	for (size_t i = 0; i < n; i++) {
		struct finding_list *list = list_of(r, all[i]);

		*r->findings_end = all[i];
		r->findings_end = &all[i]->next;
		all[i]->beside = NULL;
		*list->end = all[i];
		list->end = &all[i]->beside;
	}
	*r->findings_end = NULL;
}

static void
order_incomplete(struct mailauth_report *r)
{
	struct incomplete **all;
	size_t n = 0;

	for (struct incomplete *i = r->incomplete; i != NULL; i = i->next)
		n++;
	all = arena_alloc(&r->arena, (n + 1) * sizeof(struct incomplete *));
	if (all == NULL)
		return;
	n = 0;
	for (struct incomplete *i = r->incomplete; i != NULL; i = i->next)
		all[n++] = i;
	qsort(all, n, sizeof(struct incomplete *), compare_incomplete);
	r->incomplete_end = &r->incomplete;
	for (size_t i = 0; i < n; i++) {
		*r->incomplete_end = all[i];
		r->incomplete_end = &all[i]->next;
	}
	*r->incomplete_end = NULL;
}

void
report_order(struct mailauth_report *r)
{
	order_sets(r);
	order_findings(r);
	order_incomplete(r);
	report_follow(r);
}
