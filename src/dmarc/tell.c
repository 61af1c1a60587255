/*
 * tell.c - findings on the DMARC policy of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/tell.h"

#include "base/dname.h"
#include "base/str.h"

/* Findings on a domain without a record of its own: a policy above it, or no
 * policy. */
static void
tell_above(struct check *c, const struct record_set *set,
    const struct dmarc_found *f)
{
	struct mailauth_str owner =
	    f->name.n > 0 ? dmarc_owner(c, f->name) : STR_NONE;

	if (f->state == MAILAUTH_DMARC_UNKNOWN) {
		list_set(c, f->set);
		if (f->set == NULL || !is_outside(f->set->answer))
			tell(c, set, MAILAUTH_F_DMARC_TEMPERROR, owner);
	} else if (f->set == NULL) {
		tell_missing(c, set);
	} else {
		list_set(c, f->set);
		tell(c, set, MAILAUTH_F_DMARC_INHERITED, owner);
		if (f->state == MAILAUTH_DMARC_APPLIES &&
		    f->policy == MAILAUTH_DMARC_NONE)
			tell(c, set, MAILAUTH_F_DMARC_INHERITED_WEAK, owner);
		else if (f->policy == MAILAUTH_DMARC_ABSENT &&
		    !f->record.uncertain)
			tell(c, set, MAILAUTH_F_DMARC_TEMPERROR, c->domain);
	}
}

/* Findings on the names above: public suffixes with a record, and names with
 * several records, which receivers discard. Behind an unknown step no finding
 * is certain, since the walk may have stopped there: but the answer may give
 * any of them, and may make another domain the organization. */
static void
tell_steps(struct check *c, const struct record_set *set,
    const struct dmarc_walk *walk)
{
	dmarc_doubt_walk(c, set, walk, MAILAUTH_F_DMARC_ORG_DIFFERS);
	for (unsigned i = 1; i < walk->nsteps; i++) {
		const struct dmarc_step *s = &walk->step[i];
		struct mailauth_str owner;
		bool suffix;

		if (s->sort == DMARC_SORT_UNKNOWN)
			return;
		if (s->sort == DMARC_SORT_MANY && !has_record(set))
			list_set(c, s->set);
		if (s->sort != DMARC_SORT_ONE)
			continue;
		owner = dmarc_owner(c, s->name);
		suffix = is_public_suffix(c->orgs, s->name);
		if (s->record.psd == DMARC_PSD_Y)
			tell(c, set,
			    suffix || c->orgs == NULL ?
			        MAILAUTH_F_DMARC_PARENT_PSD_RECORD :
			        MAILAUTH_F_DMARC_PSD_Y_NON_SUFFIX,
			    owner);
		else if (suffix)
			tell(c, set, MAILAUTH_F_DMARC_PARENT_SUFFIX_WITHOUT_PSD,
			    owner);
	}
}

static void
put_policy(struct writer *w, const struct dmarc_found *f)
{
	const char *name = dmarc_policy_name(f->policy);

	if (f->state != MAILAUTH_DMARC_APPLIES) {
		put_text(w, "no policy");
		return;
	}
	put_text(w, name != NULL ? name : "unknown");
	put_text(w, " of ");
	put_str(w, f->name);
}

/* What to do about two readings of one record above a name that does not exist:
 * no record can be published there. */
static struct mailauth_str
remedy_above(struct check *c, const struct record_set *set,
    const struct dmarc_found *new, const struct dmarc_found *old)
{
	struct writer w = arena_writer(&c->report->arena);

	if (has_record(set) || new->name.n == 0 ||
	    !str_eq(new->name, old->name) ||
	    new->record.np == MAILAUTH_DMARC_ABSENT)
		return STR_NONE;
	put_text(&w, "in ");
	put_str(&w, dmarc_owner(c, new->name));
	put_text(&w, " write sp=");
	put_text(&w, dmarc_policy_name(new->record.np));
	put_text(&w,
	    " as well as np=: older receivers know no np=. It holds for "
	    "subdomains that exist too");
	return writer_str(&w);
}

/* Findings where receivers of the two standards differ. */
static void
tell_differences(struct check *c, const struct record_set *set,
    const struct dmarc_found found[DMARC_RFCS])
{
	const struct dmarc_found *new = &found[DMARC_9989];
	const struct dmarc_found *old = &found[DMARC_7489];
	struct writer w = arena_writer(&c->report->arena);
	bool applies = new->state == MAILAUTH_DMARC_APPLIES ||
	    old->state == MAILAUTH_DMARC_APPLIES;

	/* Strict alignment compares no organizations. */
	if (applies && new->org_known && old->org_known &&
	    !str_eq(new->org, old->org) &&
	    !(new->record.strict_dkim &&new->record.strict_spf)) {
		put_str(&w, new->org);
		put_text(&w, " by RFC 9989, ");
		put_str(&w, old->org);
		put_text(&w, " by the Public Suffix List (RFC 7489)");
		tell(c, set, MAILAUTH_F_DMARC_ORG_DIFFERS, writer_str(&w));
	}
	if (old->state == MAILAUTH_DMARC_UNKNOWN && old->set != NULL)
		doubt_answer(c, set, old->set->answer,
		    MAILAUTH_F_DMARC_POLICY_DIFFERS);
	if (new->state == MAILAUTH_DMARC_UNKNOWN ||
	    old->state == MAILAUTH_DMARC_UNKNOWN ||
	    (new->state == MAILAUTH_DMARC_APPLIES &&new->policy ==
	        MAILAUTH_DMARC_ABSENT))
		return;
	if (new->state == old->state &&
	    (!applies || new->policy == old->policy))
		return;
	w = arena_writer(&c->report->arena);
	put_text(&w, "receivers of RFC 9989 apply ");
	put_policy(&w, new);
	put_text(&w, ", those of RFC 7489 apply ");
	put_policy(&w, old);
	tell_remedy(c, set, MAILAUTH_F_DMARC_POLICY_DIFFERS, writer_str(&w),
	    remedy_above(c, set, new, old));
}

/* The domain is below its organizational domain, for certain. */
static bool
is_below_org(const struct check *c, const struct dmarc_found *f)
{
	return f->org_known && !str_eq(f->org, c->domain);
}

/* List the record. sp= and np= have an effect in the record of the
 * organizational domain only: below it what they say is no fault. While that
 * domain is not known, they are in doubt. */
static void
list_record(struct check *c, struct record_set *set,
    const struct dmarc_walk *walk, const struct dmarc_found *f)
{
	static const enum mailauth_finding_id ids[] = {
		MAILAUTH_F_DMARC_SP_NONE,
		MAILAUTH_F_DMARC_SP_WEAKER,
		MAILAUTH_F_DMARC_NP_WEAKER,
	};

	bool own = f->org_known && !is_below_org(c, f);
	bool dropped[sizeof(ids) / sizeof(ids[0])] = { false };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!own && has_record(set))
			dropped[i] = findings_drop(&set->j.findings, ids[i]);
	list_set(c, set);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (dropped[i] && !f->org_known)
			dmarc_doubt_walk(c, set, walk, ids[i]);
}

/* Findings on a domain with a record of its own below another domain. */
static void
tell_subdomain(struct check *c, const struct record_set *set,
    const struct dmarc_found found[DMARC_RFCS])
{
	const struct dmarc_found *f = &found[DMARC_9989];

	if ((f->record.sp != MAILAUTH_DMARC_ABSENT ||
	        f->record.np != MAILAUTH_DMARC_ABSENT) &&
	    set->j.verdict == MAILAUTH_VALID && is_below_org(c, f))
		tell(c, set, MAILAUTH_F_DMARC_SP_IGNORED, f->org);
	/* No name above has a record: by RFC 9989 this subdomain is an
	 * organization of its own, which psd=n would say is intended. */
	if (c->org.n > 0 && !str_eq(c->org, c->domain) && f->org_known &&
	    str_eq(f->org, c->domain) && f->record.psd == DMARC_PSD_U)
		tell(c, set, MAILAUTH_F_DMARC_SUB_RECORD_NO_ORG, c->org);
}

void
dmarc_tell_policy(struct check *c, const struct dmarc_walk *walk,
    const struct dmarc_found found[DMARC_RFCS])
{
	struct record_set *set = dmarc_at(c, c->domain);

	if (set == NULL)
		return;
	list_record(c, set, walk, &found[DMARC_9989]);
	if (set->j.verdict == MAILAUTH_TEMPERROR)
		return;
	if (has_record(set))
		tell_subdomain(c, set, found);
	else
		tell_above(c, set, &found[DMARC_9989]);
	tell_steps(c, set, walk);
	tell_differences(c, set, found);
}
