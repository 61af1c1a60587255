/*
 * dmarc.c - the DMARC policy of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The subject uses room dmarc for the walk, the policy and the reports. This
 * file adds what needs the rest of the domain: records at names where no
 * receiver finds them, and policies that its keys or its mailboxes do not fit.
 */
#include "base/dname.h"
#include "base/str.h"
#include "dmarc/report_consent.h"
#include "dmarc/tell.h"
#include "domain/domain.h"
#include "domain/providers.h"
#include "record/mx.h"
#include "record/repair.h"
#include "report/remedy.h"

/* Names that a walk skips, and that the check examines nevertheless. */
#define SKIPPED_MAX 16

/* Names below the domain where people put the record by mistake. */
static const struct mailauth_str elsewhere[] = {
	STR_INIT("dmarc"),
	STR_INIT("_dmarc._dmarc"),
	STR_INIT("_dmarc.www"),
};

/* Name `i` of those that a walk from the domain skips: behind the first query
 * the walk cuts a long name to DMARC_WALK_LABELS - 1 labels. STR_NONE behind
 * the last. */
static struct mailauth_str
skipped(struct check *c, unsigned i)
{
	struct mailauth_str name = c->domain;

	if (dname_labels(name) < DMARC_WALK_LABELS + 1 + i)
		return STR_NONE;
	while (i-- > 0)
		name = dname_parent(name);
	return dname_parent(name);
}

static void
ask_around(struct check *c, const struct record_set *own)
{
	const struct lookup *l = got(c, dmarc_owner(c, c->domain), RRTYPE_TXT);
	struct mailauth_str name;

	/* Servers that serve an alias beside other records may answer TXT
	 * without it, so ask for the alias by its type. */
	if (is_found(l) && l->answer.nchain == 0)
		want(c, l->answer.name, RRTYPE_CNAME);
	if (own == NULL || own->j.verdict == MAILAUTH_VALID)
		return;
	for (unsigned i = 0; i < SKIPPED_MAX && (name = skipped(c, i)).n > 0;
	     i++)
		want(c, dmarc_owner(c, name), RRTYPE_TXT);
	if (own->j.verdict != MAILAUTH_NONE)
		return;
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		want(c, name_below(c, elsewhere[i], c->domain), RRTYPE_TXT);
}

static void
ask(struct check *c, void *self)
{
	(void)self;
	struct dmarc_found found[DMARC_RFCS];
	struct dmarc_walk walk;

	want(c, c->domain, RRTYPE_TXT);
	want(c, c->domain, RRTYPE_MX);
	dmarc_want(c, c->domain);
	ask_around(c, dmarc_at(c, c->domain));
	dmarc_walk(c, c->domain, &walk);
	dmarc_find(c, c->domain, &walk, found);
	if (has_record(found[DMARC_9989].set))
		dmarc_ask_reports(c, found[DMARC_9989].name,
		    &found[DMARC_9989].record);
}

/* Some MX host is one of a provider with mailboxes for people: they post to
 * mailing lists, where "reject" does harm. */
static bool
has_people(struct check *c)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++)
		if (mx_parse(&l->answer.rr[i], &m) &&
		    provider_has_people(name_of_wire(c, &m.host)))
			return true;
	return false;
}

static void
tell_record(struct check *c, const struct domain_check *dc,
    const struct record_set *set, const struct dmarc_found *f)
{
	struct keys keys = count_keys(c, dc);

	if (f->record.psd == DMARC_PSD_Y && c->orgs != NULL &&
	    !is_public_suffix(c->orgs, c->domain))
		tell(c, set, MAILAUTH_F_DMARC_PSD_Y_NON_SUFFIX, STR_NONE);
	if (f->policy == MAILAUTH_DMARC_REJECT &&
	    f->state == MAILAUTH_DMARC_APPLIES) {
		if (has_people(c))
			tell(c, set, MAILAUTH_F_DMARC_REJECT_GENERAL_USERS,
			    STR_NONE);
		if (dc->nselectors > 0 && keys.usable == 0 && !keys.unknown)
			tell(c, set, MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM,
			    STR_NONE);
		for (size_t i = 0; keys.usable == 0 && i < dc->nselectors; i++)
			doubt(c, set,
			    got(c, dc->selectors[i].owner, RRTYPE_TXT),
			    MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM);
		/* Where nobody sends, nothing is lost. */
		lighten(c, dc, set, MAILAUTH_F_DMARC_REJECT_GENERAL_USERS,
		    role_sends_not(dc));
		lighten(c, dc, set, MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM,
		    role_sends_not(dc));
	}
}

static void
tell_elsewhere(struct check *c, const struct record_set *set)
{
	const struct record_set *apex =
	    view_as(c, MAILAUTH_KIND_DMARC, got(c, c->domain, RRTYPE_TXT));

	doubt(c, set, got(c, c->domain, RRTYPE_TXT),
	    MAILAUTH_F_DMARC_WRONG_LOCATION);
	tell_named(c, set, MAILAUTH_KIND_DMARC, set->answer->name);
	if (has_record(apex))
		tell_misplaced(c, set, apex, MAILAUTH_F_DMARC_WRONG_LOCATION);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		struct mailauth_str name =
		    name_below(c, elsewhere[i], c->domain);
		const struct record_set *there =
		    view_as(c, MAILAUTH_KIND_DMARC, got(c, name, RRTYPE_TXT));

		doubt(c, set, got(c, name, RRTYPE_TXT),
		    MAILAUTH_F_DMARC_WRONG_LOCATION);
		if (is_placed(there))
			tell_misplaced(c, set, there,
			    MAILAUTH_F_DMARC_WRONG_LOCATION);
	}
}

static void
tell_around(struct check *c, const struct record_set *set)
{
	const struct lookup *alias =
	    got(c, dmarc_owner(c, c->domain), RRTYPE_CNAME);
	bool deep =
	    !has_record(set) && dname_labels(c->domain) > DMARC_WALK_LABELS;
	struct mailauth_str name, where = STR_NONE;

	/* The links of a chain of aliases are asked for by others. */
	if (set->answer->nchain > 0)
		alias = NULL;
	doubt(c, set, alias, MAILAUTH_F_DMARC_CNAME_AND_TXT);
	if (is_found(alias))
		tell(c, set, MAILAUTH_F_DMARC_CNAME_AND_TXT, STR_NONE);
	if (set->j.verdict == MAILAUTH_NONE)
		tell_elsewhere(c, set);
	for (unsigned i = 0; deep && where.n == 0 && i < SKIPPED_MAX &&
	     (name = skipped(c, i)).n > 0;
	     i++)
		if (has_record(dmarc_at(c, name)))
			where = dmarc_owner(c, name);
	if (deep)
		tell(c, set, MAILAUTH_F_DMARC_DEEP_NAME, where);
}

/* All mail from the domain and from below it is rejected. A record above says
 * with its sp= or np= what holds below. */
static bool
rejects_all(const struct dmarc_found *f)
{
	enum mailauth_dmarc_policy sp = f->record.sp, np = f->record.np;

	return f->state == MAILAUTH_DMARC_APPLIES &&
	    f->applied == MAILAUTH_DMARC_REJECT &&
	    (f->inherited ||
	        ((sp == MAILAUTH_DMARC_ABSENT || sp == MAILAUTH_DMARC_REJECT) &&
	            (np == MAILAUTH_DMARC_ABSENT ||
	                np == MAILAUTH_DMARC_REJECT)));
}

/* A domain that sends no mail has all mail rejected. A policy that a failed
 * lookup leaves open may not do so. */
static void
tell_parked(struct check *c, const struct domain_check *dc,
    const struct record_set *set, const struct dmarc_walk *walk,
    const struct dmarc_found *f)
{
	enum maybe parked = role_no_mail(dc);

	/* One finding says what to publish. */
	lighten(c, dc, set, MAILAUTH_F_DMARC_MISSING, parked);
	/* Reports are of use, but no mail of the domain depends on them.
	 * Governments demand them of each organization's domain. */
	if (c->report->scope.profile != MAILAUTH_PROFILE_GOV ||
	    !str_eq(c->domain, c->org))
		lighten(c, dc, has_record(f->set) ? f->set : set,
		    MAILAUTH_F_DMARC_RUA_MISSING, parked);
	if (f->state == MAILAUTH_DMARC_UNKNOWN)
		dmarc_doubt_walk(c, set, walk, MAILAUTH_F_PARKED_DMARC_WEAK);
	/* Whether sp= or np= applies depends on the name. */
	else if (f->state == MAILAUTH_DMARC_APPLIES &&
	    f->policy == MAILAUTH_DMARC_ABSENT)
		doubt(c, set, got(c, c->domain, RRTYPE_A),
		    MAILAUTH_F_PARKED_DMARC_WEAK);
	else if (parked == MAYBE_YES && rejects_all(f))
		tell(c, set, MAILAUTH_F_PARKED_DMARC_OK, STR_NONE);
	else if (parked == MAYBE_YES)
		tell_parked_weak(c, dc, set, MAILAUTH_F_PARKED_DMARC_WEAK);
	else if (!rejects_all(f))
		doubt(c, set, dc->role.open, MAILAUTH_F_PARKED_DMARC_WEAK);
}

static void
tell_dmarc(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct record_set *set = dmarc_at(c, c->domain);
	struct dmarc_found found[DMARC_RFCS];
	const struct dmarc_found *f = &found[DMARC_9989];
	struct dmarc_walk walk;

	if (set == NULL)
		return;
	dmarc_walk(c, c->domain, &walk);
	dmarc_find(c, c->domain, &walk, found);
	dmarc_tell_policy(c, &walk, found);
	if (set->j.verdict == MAILAUTH_TEMPERROR)
		return;
	if (role_no_mail(dc) != MAYBE_NO)
		tell_parked(c, dc, set, &walk, f);
	tell_around(c, set);
	if (!has_record(f->set))
		return;
	/* What the record above says of its own domain does not apply here. */
	if (f->inherited && f->tag != DMARC_TAG_UNKNOWN &&
	    f->tag != DMARC_TAG_P) {
		soften(c, f->set, MAILAUTH_F_DMARC_P_NONE, MAILAUTH_INFO);
		soften(c, f->set, MAILAUTH_F_DMARC_P_QUARANTINE, MAILAUTH_INFO);
	}
	if (!f->inherited)
		tell_record(c, dc, set, f);
	dmarc_tell_reports(c, f->name, &f->record, f->set);
}

const struct subject subject_dmarc = {
	1u << MAILAUTH_KIND_DMARC | 1u << MAILAUTH_KIND_DMARC_REPORT,
	ask,
	tell_dmarc,
};
