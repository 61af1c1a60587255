/*
 * tree_walk.c - where the DMARC policy and the organization of a name are
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

struct item *
dmarc_at(struct check *c, struct mailauth_str name)
{
	return view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, dmarc_owner(c, name), RRTYPE_TXT));
}

/* The last `labels` labels of a name. */
static struct mailauth_str
tail(struct mailauth_str name, unsigned labels)
{
	while (dname_labels(name) > labels)
		name = dname_parent(name);
	return name;
}

/* The name of the walk after `name`; STR_NONE behind the last. */
static struct mailauth_str
next(struct mailauth_str name, bool first)
{
	unsigned labels = dname_labels(name);

	if (first && labels >= DMARC_WALK_LABELS)
		return tail(name, DMARC_WALK_LABELS - 1);
	return labels > 1 ? dname_parent(name) : STR_NONE;
}

/* With zone files alone, what is a public suffix is taken to have no record
 * when its zone is not given. */
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

static void
look(struct check *c, struct mailauth_str name, bool asked,
    struct dmarc_step *out)
{
	*out = (struct dmarc_step){ .name = name, .sort = DMARC_SORT_UNASKED };
	if (!asked)
		return;
	/* What is too long for DNS is not there. */
	if (dmarc_owner(c, name).n == 0) {
		out->sort = DMARC_SORT_NONE;
		return;
	}
	out->item = dmarc_at(c, name);
	if (out->item == NULL || out->item->j.verdict == MAILAUTH_TEMPERROR) {
		out->sort = DMARC_SORT_UNKNOWN;
	} else if (has_record(out->item)) {
		out->sort = DMARC_SORT_ONE;
		out->record = dmarc_of(&out->item->j.record);
	} else {
		out->sort = out->item->j.matches > 1 ? DMARC_SORT_MANY :
		                                       DMARC_SORT_NONE;
	}
}

/* The organizational domain (RFC 9989 4.10.2): a record that says it is it;
 * else the name below one that says it is a public suffix; else the highest
 * that has a record; else where the walk began. */
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
		/* Taken from the start: the walk may have jumped over it. */
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
dmarc_want_aligned(struct check *c, const struct dmarc_walk *author,
    struct mailauth_str domain)
{
	struct mailauth_str org = org_domain(c->orgs, author->start);

	if (domain.n == 0 || str_eq(domain, author->start))
		return;
	/* The list tells at once what the walk will most likely say; the walk
	 * has the last word. */
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

/* Which tag holds for a name below the record. */
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
	f->tag = d->sp != MAILAUTH_DMARC_ABSENT ? "sp" : "p";
	f->policy = there;
	if (exists == DMARC_EXISTS || d->np == MAILAUTH_DMARC_ABSENT)
		return;
	f->tag = exists == DMARC_EXISTS_NOT ? "np" : NULL;
	f->policy = not_there;
	if (exists == DMARC_EXISTS_UNKNOWN && there != not_there)
		f->policy = MAILAUTH_DMARC_ABSENT;
}

/* A record holds, for its own name or for one below. */
static void
hold(struct check *c, struct mailauth_str author, struct mailauth_str name,
    struct item *item, bool old, struct dmarc_found *f)
{
	f->name = name;
	f->item = item;
	f->record =
	    old ? dmarc_of_7489(&item->j.record) : dmarc_of(&item->j.record);
	f->tag = "p";
	f->policy = f->record.p;
	f->state =
	    f->record.applies ? MAILAUTH_DMARC_APPLIES : MAILAUTH_DMARC_NOWHERE;
	if (!str_eq(name, author))
		inherit(c, author, f);
	f->applied = f->policy;
	/* RFC 9989 4.7, t: one level lower. */
	if (f->record.testing && f->policy != MAILAUTH_DMARC_ABSENT)
		f->applied = f->policy == MAILAUTH_DMARC_REJECT ?
		    MAILAUTH_DMARC_QUARANTINE :
		    MAILAUTH_DMARC_NONE;
}

/* The record of a name in the walk, when it has one. */
static const struct dmarc_step *
step_of(const struct dmarc_walk *w, struct mailauth_str name)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->step[i].sort == DMARC_SORT_ONE &&
		    str_eq(w->step[i].name, name))
			return &w->step[i];
	return NULL;
}

/* The record that holds: of the author, of its organizational domain, of the
 * public suffix (RFC 9989 4.10.1). */
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
		hold(c, w->start, s->name, s->item, false, f);
		return;
	}
	f->state = w->known ? MAILAUTH_DMARC_NOWHERE : MAILAUTH_DMARC_UNKNOWN;
	for (unsigned i = 0; !w->known && i < w->nsteps; i++) {
		if (w->step[i].sort != DMARC_SORT_UNKNOWN)
			continue;
		f->item = w->step[i].item;
		f->name = w->step[i].name;
		break;
	}
}

/* The record of the author, or else of its organizational domain by the list
 * (RFC 7489 6.6.3). Several at a name end it. */
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
		hold(c, w->start, s->name, s->item, true, f);
	else if (s->sort == DMARC_SORT_NONE && !f->org_known)
		f->state = MAILAUTH_DMARC_UNKNOWN;
	else if (s->sort == DMARC_SORT_UNKNOWN)
		*f = (struct dmarc_found){ .state = MAILAUTH_DMARC_UNKNOWN,
			.name = s->name,
			.item = s->item,
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
	/* The organizational domain by the list may lie where the walk has
	 * jumped over. */
	if (org.n > 0)
		want(c, dmarc_owner(c, org), RRTYPE_TXT);
	find_9989(c, walk, &out[DMARC_9989]);
	find_7489(c, walk, &out[DMARC_7489]);
}

/* Alignment. */

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
	/* An organizational domain is the name itself or one above it. */
	if (f->org_known && !dname_under(id->domain, f->org))
		return DMARC_ALIGNED_NOT;
	/* Whether alignment is strict stands in a record that is not known. */
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
}
