/*
 * tree_walk.c - find the DMARC policy and the organization of a name
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/tree_walk.h"

#include "base/dname.h"
#include "base/str.h"

struct mailauth_str
dmarc_owner(struct check *c, struct mailauth_str name)
{
	return name_below(c, STR("_dmarc"), name);
}

struct record_set *
dmarc_at(struct check *c, struct mailauth_str name)
{
	return view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, dmarc_owner(c, name), RRTYPE_TXT));
}

/* The name made of the last `labels` labels. */
static struct mailauth_str
tail(struct mailauth_str name, unsigned labels)
{
	while (dname_labels(name) > labels)
		name = dname_parent(name);
	return name;
}

/* The next name of the walk (RFC 9989 4.10), STR_NONE behind the top-level
 * domain. After the first query a name of 8 labels or more jumps to its last 7
 * labels; every other step removes one label. */
static struct mailauth_str
next(struct mailauth_str name, bool first)
{
	unsigned labels = dname_labels(name);

	if (first && labels >= DMARC_WALK_LABELS)
		return tail(name, DMARC_WALK_LABELS - 1);
	return labels > 1 ? dname_parent(name) : STR_NONE;
}

/* The walk asks for the record of a name. Online it asks for every name.
 * Offline a public suffix outside of the given zones counts as a name without a
 * record: its lookup can only fail, and would make every walk unknown. */
static bool
is_asked(struct check *c, struct mailauth_str name)
{
	return c->resolver->serves(c->resolver, dmarc_owner(c, name)) ||
	    !is_public_suffix(c->orgs, name);
}

void
dmarc_want_walk(struct check *c, struct mailauth_str start)
{
	struct mailauth_str name = start;

	for (int i = 0; i < DMARC_WALK_MAX && name.n > 1; i++) {
		if (i == 0 || is_asked(c, name))
			want(c, dmarc_owner(c, name), RRTYPE_TXT);
		name = next(name, i == 0);
	}
}

void
dmarc_want(struct check *c, struct mailauth_str author)
{
	dmarc_want_walk(c, author);
	want(c, author, RRTYPE_A);
}

/* Examine one name of a walk. */
static void
look(struct check *c, struct mailauth_str name, bool asked,
    struct dmarc_step *out)
{
	*out = (struct dmarc_step){ .name = name, .sort = DMARC_SORT_UNASKED };
	if (!asked)
		return;
	/* An owner too long for DNS has no record. */
	if (dmarc_owner(c, name).n == 0) {
		out->sort = DMARC_SORT_NONE;
		return;
	}
	out->set = dmarc_at(c, name);
	if (out->set == NULL || out->set->j.verdict == MAILAUTH_TEMPERROR) {
		out->sort = DMARC_SORT_UNKNOWN;
	} else if (has_record(out->set)) {
		out->sort = DMARC_SORT_ONE;
		out->record = dmarc_of(&out->set->j.record);
	} else {
		out->sort =
		    out->set->j.matches > 1 ? DMARC_SORT_MANY : DMARC_SORT_NONE;
	}
}

/* The organizational domain (RFC 9989 4.10.2), by the first of these that
 * holds: the name of a record with psd=n; the name one label below a record
 * with psd=y; the highest name with a record; the start of the walk. Steps are
 * in the order of the walk, from long to short names, so `highest` is the last
 * one with a record. */
static struct mailauth_str
select_org(const struct dmarc_walk *w)
{
	struct mailauth_str highest = w->start;

	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct dmarc_step *s = &w->step[i];

		if (s->sort != DMARC_SORT_ONE)
			continue;
		if (s->record.psd == DMARC_PSD_N)
			return s->name;
		/* Cut the start of the walk: the jump may have skipped this
		 * name. */
		if (s->record.psd == DMARC_PSD_Y && i > 0)
			return tail(w->start, dname_labels(s->name) + 1);
		highest = s->name;
	}
	return highest;
}

void
dmarc_walk(struct check *c, struct mailauth_str start, struct dmarc_walk *out)
{
	struct mailauth_str name = start;

	*out = (struct dmarc_walk){ .start = start, .known = true };
	for (int i = 0; i < DMARC_WALK_MAX && name.n > 1; i++) {
		struct dmarc_step *s = &out->step[out->nsteps++];

		look(c, name, i == 0 || is_asked(c, name), s);
		if (s->sort == DMARC_SORT_UNKNOWN)
			out->known = false;
		if (s->sort == DMARC_SORT_ONE && s->record.psd != DMARC_PSD_U)
			break;
		name = next(name, i == 0);
	}
	if (out->known)
		out->org = select_org(out);
}

void
dmarc_doubt_walk(struct check *c, const struct record_set *set,
    const struct dmarc_walk *walk, enum mailauth_finding_id id)
{
	for (unsigned i = 0; i < walk->nsteps; i++)
		if (walk->step[i].sort == DMARC_SORT_UNKNOWN)
			doubt(c, set,
			    got(c, dmarc_owner(c, walk->step[i].name),
			        RRTYPE_TXT),
			    id);
}

void
dmarc_want_aligned(struct check *c, const struct dmarc_walk *author,
    struct mailauth_str domain)
{
	struct mailauth_str org = org_domain(c->orgs, author->start);

	if (domain.n == 0 || str_eq(domain, author->start))
		return;
	/* While the walk is unknown, take the organization that the Public
	 * Suffix List gives, to ask for the identifier's walk in the same
	 * round. Once the walk is known it decides alone. */
	if (author->known ? dname_under(domain, author->org) :
	                    org.n > 0 && dname_under(domain, org))
		dmarc_want_walk(c, domain);
}

enum dmarc_existence
dmarc_exists(struct check *c, struct mailauth_str name)
{
	const struct lookup *l = got(c, name, RRTYPE_A);

	if (!is_done(l) || is_failed(l))
		return DMARC_EXISTS_UNKNOWN;
	return l->answer.outcome == MAILAUTH_NXDOMAIN && l->answer.nchain == 0 ?
	    DMARC_EXISTS_NOT :
	    DMARC_EXISTS;
}

/* Select the tag for a name below the record's domain: sp= or else p=; np= when
 * it is there and the name does not exist. While existence is unknown the
 * policy is known only when both tags agree. */
static void
inherit(struct check *c, struct mailauth_str author, struct dmarc_found *f)
{
	const struct dmarc *d = &f->record;
	enum mailauth_dmarc_policy there =
	    d->sp != MAILAUTH_DMARC_ABSENT ? d->sp : d->p;
	enum mailauth_dmarc_policy not_there =
	    d->np != MAILAUTH_DMARC_ABSENT ? d->np : there;
	enum dmarc_existence exists = dmarc_exists(c, author);

	f->inherited = true;
	f->tag = d->sp != MAILAUTH_DMARC_ABSENT ? DMARC_TAG_SP : DMARC_TAG_P;
	f->policy = there;
	if (exists == DMARC_EXISTS || d->np == MAILAUTH_DMARC_ABSENT)
		return;
	f->tag = exists == DMARC_EXISTS_NOT ? DMARC_TAG_NP : DMARC_TAG_UNKNOWN;
	f->policy = not_there;
	if (exists == DMARC_EXISTS_UNKNOWN && there != not_there)
		f->policy = MAILAUTH_DMARC_ABSENT;
}

/* Fill in the policy of the record that applies. `old` reads it as a receiver
 * of RFC 7489 does: without np= and t=. */
static void
hold(struct check *c, struct mailauth_str author, struct mailauth_str name,
    struct record_set *set, bool old, struct dmarc_found *f)
{
	f->name = name;
	f->set = set;
	f->record =
	    old ? dmarc_of_7489(&set->j.record) : dmarc_of(&set->j.record);
	f->tag = DMARC_TAG_P;
	f->policy = f->record.p;
	f->state =
	    f->record.applies ? MAILAUTH_DMARC_APPLIES : MAILAUTH_DMARC_NOWHERE;
	if (!str_eq(name, author))
		inherit(c, author, f);
	if (f->record.uncertain)
		f->tag = DMARC_TAG_UNKNOWN;
	f->applied = f->policy;
	/* RFC 9989 4.7: t=y lowers the policy by one level. */
	if (f->record.testing && f->policy != MAILAUTH_DMARC_ABSENT)
		f->applied = f->policy == MAILAUTH_DMARC_REJECT ?
		    MAILAUTH_DMARC_QUARANTINE :
		    MAILAUTH_DMARC_NONE;
}

/* The step of a walk that found exactly one record at `name`, or NULL. */
static const struct dmarc_step *
step_of(const struct dmarc_walk *w, struct mailauth_str name)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->step[i].sort == DMARC_SORT_ONE &&
		    str_eq(w->step[i].name, name))
			return &w->step[i];
	return NULL;
}

/* The record that applies (RFC 9989 4.10.1): that of the author domain; else
 * that of its organizational domain; else that of the public suffix (psd=y).
 * The author's own record needs no complete walk. */
static void
find_9989(struct check *c, const struct dmarc_walk *w, struct dmarc_found *f)
{
	const struct dmarc_step *first = &w->step[0], *s = NULL;

	f->org_known = w->known;
	f->org = w->org;
	if (first->sort == DMARC_SORT_ONE)
		s = first;
	else if (w->known)
		s = step_of(w, w->org);
	for (unsigned i = 1; s == NULL && w->known && i < w->nsteps; i++)
		if (w->step[i].sort == DMARC_SORT_ONE &&
		    w->step[i].record.psd == DMARC_PSD_Y)
			s = &w->step[i];
	if (s != NULL) {
		hold(c, w->start, s->name, s->set, false, f);
		return;
	}
	f->state = w->known ? MAILAUTH_DMARC_NOWHERE : MAILAUTH_DMARC_UNKNOWN;
	/* The state is unknown: name the first lookup that failed. */
	for (unsigned i = 0; !w->known && i < w->nsteps; i++) {
		if (w->step[i].sort != DMARC_SORT_UNKNOWN)
			continue;
		f->set = w->step[i].set;
		f->name = w->step[i].name;
		break;
	}
}

/* The record that applies by RFC 7489 6.6.3: that of the author domain, or else
 * that of its organizational domain by the Public Suffix List. Several records
 * at the author domain end the search without a policy. Without a list only the
 * author's own record can be found. */
static void
find_7489(struct check *c, const struct dmarc_walk *w, struct dmarc_found *f)
{
	struct dmarc_step above;
	const struct dmarc_step *s = &w->step[0];
	struct mailauth_str org = org_domain(c->orgs, w->start);

	f->org_known = c->orgs != NULL;
	f->org = org.n > 0 || c->orgs == NULL ? org : w->start;
	if (s->sort == DMARC_SORT_NONE && f->org_known &&
	    !str_eq(f->org, w->start)) {
		look(c, f->org, true, &above);
		s = &above;
	}
	f->state = MAILAUTH_DMARC_NOWHERE;
	if (s->sort == DMARC_SORT_ONE)
		hold(c, w->start, s->name, s->set, true, f);
	else if (s->sort == DMARC_SORT_NONE && !f->org_known)
		f->state = MAILAUTH_DMARC_UNKNOWN;
	else if (s->sort == DMARC_SORT_UNKNOWN)
		*f = (struct dmarc_found){ .state = MAILAUTH_DMARC_UNKNOWN,
			.name = s->name,
			.set = s->set,
			.org_known = f->org_known,
			.org = f->org,
			.policy = MAILAUTH_DMARC_ABSENT,
			.applied = MAILAUTH_DMARC_ABSENT };
}

void
dmarc_find(struct check *c, struct mailauth_str author,
    const struct dmarc_walk *walk, struct dmarc_found out[DMARC_RFCS])
{
	struct mailauth_str org = org_domain(c->orgs, author);

	for (int i = 0; i < DMARC_RFCS; i++)
		out[i] = (struct dmarc_found){ .state = MAILAUTH_DMARC_UNKNOWN,
			.policy = MAILAUTH_DMARC_ABSENT,
			.applied = MAILAUTH_DMARC_ABSENT };
	/* The jump of the walk may have skipped the organizational domain of
	 * the list. */
	if (org.n > 0)
		want(c, dmarc_owner(c, org), RRTYPE_TXT);
	find_9989(c, walk, &out[DMARC_9989]);
	find_7489(c, walk, &out[DMARC_7489]);
}

/* Alignment. */

/* Decide alignment by the first of these that settles it: equal domains;
 * strict mode; an identifier outside of the author's organization; unknown
 * facts; the organizational domains. */
static enum dmarc_aligned
align(struct mailauth_str author, const struct dmarc_found *f,
    const struct dmarc_identifier *id, bool known, struct mailauth_str org)
{
	bool strict = f->state == MAILAUTH_DMARC_APPLIES &&
	    (id->spf ? f->record.strict_spf : f->record.strict_dkim);

	if (id->domain.n == 0)
		return DMARC_ALIGNED_NOT;
	if (str_eq(id->domain, author))
		return DMARC_ALIGNED_STRICT;
	if (strict)
		return DMARC_ALIGNED_NOT;
	/* The organizational domain of a name is the name or one above it. */
	if (f->org_known && !dname_under(id->domain, f->org))
		return DMARC_ALIGNED_NOT;
	/* Without the policy record the mode, strict or relaxed, is unknown. */
	if (!known || !f->org_known || f->state == MAILAUTH_DMARC_UNKNOWN)
		return DMARC_ALIGNED_UNKNOWN;
	return str_eq(org, f->org) ? DMARC_ALIGNED_RELAXED : DMARC_ALIGNED_NOT;
}

void
dmarc_align(struct check *c, struct mailauth_str author,
    const struct dmarc_found found[DMARC_RFCS],
    const struct dmarc_identifier *id, struct dmarc_alignment *out)
{
	struct mailauth_str org = org_domain(c->orgs, id->domain);
	struct dmarc_walk walk;

	*out = (struct dmarc_alignment){ .org_known = { false, false } };
	if (id->domain.n > 0) {
		dmarc_walk(c, id->domain, &walk);
		out->org_known[DMARC_9989] = walk.known;
		out->org[DMARC_9989] = walk.org;
		out->org_known[DMARC_7489] = c->orgs != NULL;
		out->org[DMARC_7489] = org.n > 0 ? org : id->domain;
	}
	for (int i = 0; i < DMARC_RFCS; i++)
		out->aligned[i] = align(author, &found[i], id,
		    out->org_known[i], out->org[i]);
	/* Without any record the walk ends at each name by itself. A record of
	 * the organization will make these align, so they align already. */
	if (found[DMARC_9989].state == MAILAUTH_DMARC_NOWHERE &&
	    found[DMARC_9989].set == NULL)
		out->aligned[DMARC_9989] = out->aligned[DMARC_7489];
}
