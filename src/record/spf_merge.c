/*
 * spf_merge.c - adds senders to an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/spf_merge.h"

/* The order of the qualifiers by what an 'all' does to other senders. */
static unsigned
strictness(char qualifier)
{
	return qualifier == '+' ? 0 :
	    qualifier == '?'    ? 1 :
	    qualifier == '~'    ? 2 :
	                          3;
}

static struct mailauth_str
undotted(struct mailauth_str domain)
{
	if (domain.n > 0 && domain.s[domain.n - 1] == '.')
		domain.n--;
	return domain;
}

/* The domain of a term without a final dot; the owner of the record for a term
 * without a domain or with %{d}. */
static struct mailauth_str
domain_of(const struct spf_term *t, struct mailauth_str owner)
{
	if (t->domain.n > 0 && !str_ieq(t->domain, STR("%{d}")))
		return undotted(t->domain);
	return owner.n > 0 ? undotted(owner) : STR("%{d}");
}

/* Both terms match the same hosts, as far as their texts show. Domains compare
 * without case, except those with macros: an upper-case letter URL-escapes. */
static bool
is_same(const struct spf_term *a, const struct spf_term *b,
    struct mailauth_str owner)
{
	struct mailauth_str x = domain_of(a, owner), y = domain_of(b, owner);

	return a->what == b->what && a->cidr4 == b->cidr4 &&
	    a->cidr6 == b->cidr6 &&
	    ((a->facts | b->facts) & SPF_MACRO ? str_eq(x, y) : str_ieq(x, y));
}

/* `t` matches every host that `m` matches, as far as the texts show. */
static bool
covers(const struct spf_term *t, const struct spf_term *m,
    struct mailauth_str owner)
{
	if (t->what != m->what)
		return false;
	if (t->what == SPF_IP4)
		return t->cidr4 <= m->cidr4 &&
		    addr_in(&m->addr, &t->addr, t->cidr4);
	if (t->what == SPF_IP6)
		return t->cidr6 <= m->cidr6 &&
		    addr_in(&m->addr, &t->addr, t->cidr6);
	return is_same(t, m, owner);
}

/* Find the first of `terms` that covers `m`, and set fate and `by` from it.
 * With `redirects` a redirect= counts, and passes the hosts that an include: of
 * the same domain would. Return false when no term covers `m`. */
static bool
settle(struct mailauth_str terms, bool redirects, const struct spf_term *m,
    struct mailauth_str owner, struct spf_addition *a)
{
	struct spf_reader r = spf_reader_of(terms);
	struct spf_term t;

	/* Receivers follow a redirect after all mechanisms, wherever it is in
	 * the record: try the mechanisms first. */
	if (redirects && settle(terms, false, m, owner, a))
		return true;
	while (spf_next(&r, &t)) {
		if (redirects && t.what == SPF_REDIRECT && t.fault == 0) {
			t.what = SPF_INCLUDE;
			t.qualifier = '+';
		}
		if (t.fault != 0 || !spf_is_mechanism(&t) ||
		    !covers(&t, m, owner))
			continue;
		a->fate =
		    t.qualifier == m->qualifier ? SPF_COVERED : SPF_BLOCKED;
		a->by = t.text;
		return true;
	}
	return false;
}

/* Read an addition, which must be exactly one mechanism and not 'all'. */
static bool
read_one(struct spf_addition *a, struct spf_term *m)
{
	struct mailauth_str text = str_trim(a->text);
	struct spf_reader r = spf_reader_of(text);
	struct spf_term more;

	a->fate = SPF_NOT_ONE;
	a->fault = 0;
	a->by = STR_NONE;
	if (str_istarts(text, STR("v=spf1"))) {
		a->fate = SPF_SECOND_RECORD;
		return false;
	}
	if (!spf_next(&r, m))
		return false;
	if (m->fault != 0) {
		a->fault = m->fault;
		return false;
	}
	if (!spf_is_mechanism(m) || m->what == SPF_ALL || spf_next(&r, &more))
		return false;
	a->text = m->text;
	a->fate = SPF_ADDED;
	return true;
}

/* Decide on each addition, by the terms of the record and then by the additions
 * in front of it. Return the number of mechanisms to add. */
static size_t
settle_all(struct mailauth_str record, struct mailauth_str owner,
    struct spf_addition *add, size_t n, struct spf_merge *out)
{
	size_t added = 0;

	out->done = true;
	for (size_t i = 0; i < n; i++) {
		struct spf_term m;

		if (read_one(&add[i], &m) &&
		    !settle(str_from(record, 6), out->was == 0, &m, owner,
		        &add[i]))
			for (size_t k = 0; k < i; k++)
				if (add[k].fate == SPF_ADDED &&
				    settle(add[k].text, false, &m, owner,
				        &add[i]))
					break;
		added += add[i].fate == SPF_ADDED;
		out->done = out->done && add[i].fate <= SPF_COVERED;
	}
	return added;
}

/* How the record ends. */
struct end {
	struct mailauth_str all; /* text of the first 'all' */
	struct mailauth_str redirect; /* its domain, when it counts */
};

/* Find the end of the record, and mechanisms behind its 'all'. */
static void
look(struct mailauth_str record, struct end *end, struct spf_merge *out)
{
	struct spf_reader r = spf_terms(record);
	struct mailauth_str redirect = STR_NONE;
	struct spf_term t;

	*end = (struct end){ STR_NONE, STR_NONE };
	while (spf_next(&r, &t)) {
		if (t.what == SPF_MODIFIER && str_ieq(t.text, STR("v=spf1")))
			out->second_record = true;
		if (t.what == SPF_REDIRECT)
			redirect = t.domain;
		if (!spf_is_mechanism(&t))
			continue;
		if (t.what == SPF_ALL && out->was == 0) {
			out->was = t.qualifier;
			end->all = t.text;
		} else if (out->was != 0 && out->revived.n == 0 &&
		    t.what != SPF_ALL) {
			out->revived = t.text;
		}
	}
	if (out->was == 0)
		end->redirect = redirect;
}

static void
put_term(struct writer *w, struct mailauth_str term)
{
	put_char(w, ' ');
	put_str(w, term);
}

/* A mechanism that lets addresses pass and asks nothing. */
static bool
is_plain(const struct spf_term *t)
{
	return t->qualifier == '+' &&
	    (t->what == SPF_IP4 || t->what == SPF_IP6);
}

/* Append the additions that go in front of terms that ask, or the others. None
 * overtakes an addition that does not pass. */
static void
put_added(struct writer *w, const struct spf_addition *add, size_t n,
    bool early)
{
	bool leads = true;

	for (size_t i = 0; i < n; i++) {
		struct spf_reader r = spf_reader_of(add[i].text);
		struct spf_term t;

		if (add[i].fate != SPF_ADDED || !spf_next(&r, &t))
			continue;
		leads = leads && t.qualifier == '+';
		if ((leads && add[i].early && is_plain(&t)) == early)
			put_term(w, add[i].text);
	}
}

/* The first term that asks, with only mechanisms that pass from there on;
 * STR_NONE without one. */
static struct mailauth_str
seat_of_early(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct mailauth_str found = STR_NONE;
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (!spf_is_mechanism(&t) || t.what == SPF_ALL)
			continue;
		if (t.qualifier != '+')
			found = STR_NONE;
		else if (found.n == 0 && spf_asks(t.what))
			found = t.text;
	}
	return found;
}

/* Append all mechanisms except 'all', and the early additions. */
static void
put_mechanisms(struct writer *w, struct mailauth_str record,
    const struct spf_addition *add, size_t n)
{
	struct mailauth_str seat = seat_of_early(record);
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (t.text.s == seat.s)
			put_added(w, add, n, true);
		if (spf_is_mechanism(&t) && t.what != SPF_ALL)
			put_term(w, t.text);
	}
	if (seat.n == 0)
		put_added(w, add, n, true);
}

/* Append all modifiers; without `redirect` no redirect=. */
static void
put_rest(struct writer *w, struct mailauth_str record, bool redirect)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (!spf_is_mechanism(&t) &&
		    (redirect || t.what != SPF_REDIRECT))
			put_term(w, t.text);
}

/* Count the terms of the merged record that need lookups (RFC 7208 4.6.4). */
static void
count(struct mailauth_str merged, struct spf_merge *out)
{
	struct spf_reader r = spf_terms(merged);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		bool leads = t.what == SPF_INCLUDE ||
		    (t.what == SPF_REDIRECT && out->all == 0);

		out->leads = out->leads || leads;
		out->lookups += leads || t.what == SPF_A || t.what == SPF_MX ||
		    t.what == SPF_PTR || t.what == SPF_EXISTS;
	}
}

void
put_spf_merge(struct writer *w, struct mailauth_str record,
    struct mailauth_str owner, struct spf_addition *add, size_t n, char all,
    struct spf_merge *out)
{
	size_t start = w->used, added;
	struct end end;

	*out = (struct spf_merge){ .done = false };
	look(record, &end, out);
	added = settle_all(record, owner, add, n, out);
	if (out->second_record)
		out->done = false;
	if (!out->done)
		return;
	/* No 'all' is written only when the record ends in a redirect= and
	 * nothing is added: the record then stays as it is. */
	out->all = all != 0                  ? all :
	    out->was != 0                    ? out->was :
	    end.redirect.n == 0 || added > 0 ? '?' :
	                                       (char)0;
	if (out->all != 0)
		out->redirect = end.redirect;
	put_str(w, str_sub(record, 0, 6));
	put_mechanisms(w, record, add, n);
	if (out->redirect.n > 0) {
		put_text(w, " include:");
		put_str(w, out->redirect);
	}
	put_added(w, add, n, false);
	if (out->all != 0 && out->all == out->was) {
		put_term(w, end.all);
	} else if (out->all != 0) {
		put_char(w, ' ');
		put_char(w, out->all);
		put_text(w, "all");
	}
	put_rest(w, record, out->redirect.n == 0);
	if (w->full) {
		out->done = false;
		return;
	}
	/* The result that a redirect= gave to others is not known without a
	 * lookup: any 'all' stricter than neutral may be stricter. */
	out->tightened = out->redirect.n > 0 ?
	    strictness(out->all) > strictness('?') :
	    out->all != 0 &&
	        strictness(out->all) >
	            strictness(out->was != 0 ? out->was : '?');
	count(str_from(writer_str(w), start), out);
	out->kept = spf_merge_keeps(record, str_from(writer_str(w), start));
}

/* Advance `merged` past the next term that is `t`, or the include that a
 * redirect= became. False when there is no such term. */
static bool
find(struct spf_reader *merged, const struct spf_term *t)
{
	struct spf_term m;

	while (spf_next(merged, &m)) {
		if (str_eq(m.text, t->text))
			return true;
		if (t->what == SPF_REDIRECT && m.what == SPF_INCLUDE &&
		    m.qualifier == '+' && str_eq(m.domain, t->domain))
			return true;
	}
	return false;
}

bool
spf_merge_keeps(struct mailauth_str old, struct mailauth_str merged)
{
	struct spf_reader r = spf_terms(old);
	/* The merge keeps the order of the mechanisms and that of the
	 * modifiers, not the order between both. */
	struct spf_reader mechanisms = spf_terms(merged);
	struct spf_reader modifiers = spf_terms(merged);
	struct spf_term t;
	unsigned alls = 0;

	while (spf_next(&r, &t)) {
		struct spf_reader whole = spf_terms(merged);

		if (t.what == SPF_ALL)
			continue;
		if (t.what == SPF_REDIRECT ?
		        !find(&whole, &t) :
		        !find(spf_is_mechanism(&t) ? &mechanisms : &modifiers,
		            &t))
			return false;
	}
	r = spf_terms(merged);
	while (spf_next(&r, &t)) {
		if (t.fault != 0 || (alls > 0 && spf_is_mechanism(&t)))
			return false;
		alls += t.what == SPF_ALL;
	}
	return spf_is_record(merged);
}

/* How a single record ends, and where mechanisms are inserted. */
struct seat {
	size_t at; /* offset behind which the additions are written */
	bool ends; /* the record has an 'all' or a redirect= */
};

static struct seat
seat_in(struct mailauth_str record, bool front)
{
	struct spf_reader r = spf_terms(record);
	struct seat s = { 6, false };
	bool all = false;
	struct spf_term t;

	while (spf_next(&r, &t)) {
		s.ends = s.ends || t.what == SPF_ALL || t.what == SPF_REDIRECT;
		all = all || t.what == SPF_ALL;
		if (!front && !all &&
		    (spf_is_mechanism(&t) || t.what == SPF_FAULT))
			s.at = (size_t)(t.text.s - record.s) + t.text.n;
	}
	return s;
}

static void
put_additions(struct writer *w, const struct spf_joint *how)
{
	for (size_t i = 0; i < how->nadd; i++)
		put_term(w, how->add[i]);
}

/* Add to one record. */
static void
put_inserted(struct writer *w, struct mailauth_str record,
    const struct spf_joint *how)
{
	struct seat s = seat_in(record, how->front);

	put_str(w, str_sub(record, 0, s.at));
	put_additions(w, how);
	if (!s.ends && how->nadd > 0 && !how->front)
		put_text(w, " ~all");
	put_str(w, str_from(record, s.at));
	if (!s.ends && how->nadd > 0 && how->front)
		put_text(w, " ~all");
}

/* A term of an earlier record, or an earlier term of this one, has the same
 * text. */
static bool
is_repeated(const struct mailauth_str *records, size_t n,
    const struct spf_term *t)
{
	for (size_t i = 0; i < n; i++) {
		struct spf_reader r = spf_terms(records[i]);
		struct spf_term x;

		/* Mechanisms behind an 'all' do not count and do not stay. */
		while (spf_next(&r, &x) && x.text.s != t->text.s &&
		    !(x.what == SPF_ALL && spf_is_mechanism(t)))
			if (str_eq(x.text, t->text))
				return true;
	}
	return false;
}

/* Read the next mechanism of a record; with `leads`, so far nothing but a pass
 * could come of any. */
static bool
next_leading(struct spf_reader *r, struct spf_term *t, bool *leads)
{
	if (!spf_next(r, t))
		return false;
	*leads = *leads && (!spf_is_mechanism(t) || t->qualifier == '+') &&
	    t->what != SPF_ALL;
	return true;
}

/* Append the addresses of record `i` with only terms that pass in front. They go
 * in front of all others: their clients pass as before, and lookups cannot keep
 * them from it. */
static void
put_leading(struct writer *w, const struct mailauth_str *records, size_t i)
{
	struct spf_reader r = spf_terms(records[i]);
	bool leads = true;
	struct spf_term t;

	while (next_leading(&r, &t, &leads))
		if (leads && is_plain(&t) && !is_repeated(records, i + 1, &t))
			put_term(w, t.text);
}

/* Record `i`, or one in front of it, includes the target of its redirect=, or
 * redirects there, which counts as one. */
static bool
is_included(const struct mailauth_str *records, size_t i,
    struct mailauth_str to)
{
	for (size_t k = 0; k <= i; k++) {
		struct spf_reader r = spf_terms(records[k]);
		struct spf_term t;

		while (spf_next(&r, &t) && t.what != SPF_ALL)
			if (str_ieq(t.domain, to) &&
			    ((t.what == SPF_INCLUDE && t.qualifier == '+') ||
			        (t.what == SPF_REDIRECT && k < i)))
				return true;
	}
	return false;
}

/* Append the other mechanisms of record `i` up to its 'all'; a redirect= that counts
 * becomes an include:, unless `redirect` is true. Note the strictest 'all'. */
static void
put_joined(struct writer *w, const struct mailauth_str *records, size_t i,
    bool redirect, struct mailauth_str *all, char *strictest)
{
	struct spf_reader r = spf_terms(records[i]);
	struct mailauth_str to = STR_NONE;
	bool leads = true;
	struct spf_term t;

	while (next_leading(&r, &t, &leads)) {
		if (leads && is_plain(&t))
			continue;
		if (t.what == SPF_REDIRECT)
			to = t.domain;
		if (t.what == SPF_ALL &&
		    (*strictest == 0 ||
		        strictness(t.qualifier) > strictness(*strictest))) {
			*strictest = t.qualifier;
			*all = t.text;
		}
		if (t.what == SPF_ALL)
			return;
		if (spf_is_mechanism(&t) && !is_repeated(records, i + 1, &t))
			put_term(w, t.text);
	}
	if (to.n > 0 && !redirect && !is_included(records, i, to)) {
		put_text(w, " include:");
		put_str(w, to);
	}
}

/* Append the modifiers of all records: one exp= at most. */
static void
put_modifiers(struct writer *w, const struct mailauth_str *records, size_t n,
    bool redirect, struct mailauth_str *left)
{
	bool exp = false;

	for (size_t i = 0; i < n; i++) {
		struct spf_reader r = spf_terms(records[i]);
		struct spf_term t;

		while (spf_next(&r, &t)) {
			if (spf_is_mechanism(&t) ||
			    (t.what == SPF_REDIRECT && !redirect) ||
			    is_repeated(records, i + 1, &t))
				continue;
			if (t.what == SPF_EXP && exp) {
				*left = t.text;
				continue;
			}
			exp = exp || t.what == SPF_EXP;
			put_term(w, t.text);
		}
	}
}

/* Exactly one of the records ends in a redirect=, always the same, and none
 * in an 'all': the redirect= decides for the joined record too. */
static bool
may_redirect(const struct mailauth_str *records, size_t n)
{
	struct mailauth_str to = STR_NONE;

	for (size_t i = 0; i < n; i++) {
		struct spf_reader r = spf_terms(records[i]);
		struct spf_term t;

		while (spf_next(&r, &t)) {
			if (t.what == SPF_ALL)
				return false;
			if (t.what != SPF_REDIRECT)
				continue;
			if (to.n > 0 && !str_ieq(to, t.domain))
				return false;
			to = t.domain;
		}
	}
	return to.n > 0;
}

void
put_spf_join(struct writer *w, const struct mailauth_str *records, size_t n,
    const struct spf_joint *how, struct mailauth_str *left)
{
	struct mailauth_str all = STR("~all");
	bool redirect = may_redirect(records, n);
	char strictest = 0;

	*left = STR_NONE;
	if (n == 1) {
		put_inserted(w, records[0], how);
		return;
	}
	put_str(w, str_sub(records[0], 0, 6));
	if (how->front)
		put_additions(w, how);
	for (size_t i = 0; i < n; i++)
		put_leading(w, records, i);
	for (size_t i = 0; i < n; i++)
		put_joined(w, records, i, redirect, &all, &strictest);
	if (!how->front)
		put_additions(w, how);
	if (!redirect)
		put_term(w, all);
	put_modifiers(w, records, n, redirect, left);
}

/* How a record ends: the qualifier of its 'all', 'r' for a redirect= that
 * counts, or 0. */
static char
end_of(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	char end = 0;
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (t.what == SPF_ALL)
			return t.qualifier;
		if (t.what == SPF_REDIRECT)
			end = 'r';
	}
	return end;
}

bool
spf_join_weakens(const struct mailauth_str *records, size_t n,
    struct mailauth_str joined)
{
	char end = end_of(joined);

	if (n < 2 || end == 'r' || end == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (end_of(records[i]) == 'r')
			return true;
	return false;
}
