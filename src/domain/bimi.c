/*
 * bimi.c - the BIMI record of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "base/str.h"
#include "dmarc/tree_walk.h"
#include "domain/bimi_files.h"

/* Names below the domain where people put the record by mistake. */
static const struct mailauth_str elsewhere[] = {
	STR_INIT("_bimi"),
	STR_INIT("bimi"),
	STR_INIT("default.bimi"),
};

static struct record_set *
bimi_at(struct check *c, struct mailauth_str name)
{
	return view_as(c, MAILAUTH_KIND_BIMI, got(c, name, RRTYPE_TXT));
}

/* The owner of the record with the same selector at the organizational domain,
 * where receivers look next; STR_NONE when the domain is the organizational
 * domain. */
static struct mailauth_str
org_owner(struct check *c, const struct domain_check *dc)
{
	size_t selector =
	    dc->bimi_owner.n > c->domain.n ? dc->bimi_owner.n - c->domain.n : 0;

	if (c->org.n == 0 || str_eq(c->org, c->domain) || selector == 0)
		return STR_NONE;
	return name_below(c, str_sub(dc->bimi_owner, 0, selector), c->org);
}

static void
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	const struct record_set *set;

	want(c, dc->bimi_owner, RRTYPE_TXT);
	want(c, org_owner(c, dc), RRTYPE_TXT);
	want(c, c->domain, RRTYPE_TXT);
	dmarc_want(c, c->domain);
	set = bimi_at(c, dc->bimi_owner);
	if (set == NULL || set->j.verdict != MAILAUTH_NONE)
		return;
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		want(c, name_below(c, elsewhere[i], c->domain), RRTYPE_TXT);
}

/* The DMARC policy is strict enough for BIMI; else put findings on what is
 * not. */
static bool
tell_enforcement(struct check *c, const struct record_set *set,
    const struct dmarc_found *f)
{
	bool none = f->state != MAILAUTH_DMARC_APPLIES ||
	    f->policy == MAILAUTH_DMARC_NONE;
	bool sp_none = !none && f->record.sp == MAILAUTH_DMARC_NONE;
	bool partial =
	    f->policy == MAILAUTH_DMARC_QUARANTINE && f->record.pct != 100;
	struct writer w = arena_writer(&c->report->arena);

	if (f->set == NULL) {
		tell(c, set, MAILAUTH_F_BIMI_DMARC_MISSING, STR_NONE);
		return false;
	}
	if (none)
		tell(c, set, MAILAUTH_F_BIMI_DMARC_NONE, STR_NONE);
	if (sp_none)
		tell(c, set, MAILAUTH_F_BIMI_DMARC_SP_NONE, STR_NONE);
	if (partial) {
		put_text(&w, "pct=");
		put_number(&w, f->record.pct);
		tell(c, set, MAILAUTH_F_BIMI_DMARC_PCT, writer_str(&w));
	}
	return !none && !sp_none && !partial;
}

/* Receivers use BIMI only when DMARC protects the domain. A policy that failed
 * lookups leave unknown may be none. */
static void
tell_dmarc(struct check *c, const struct record_set *set)
{
	struct dmarc_found found[DMARC_RFCS];
	const struct dmarc_found *f = &found[DMARC_9989];
	struct dmarc_walk walk;
	bool enforced;

	dmarc_walk(c, c->domain, &walk);
	dmarc_find(c, c->domain, &walk, found);
	if (f->state == MAILAUTH_DMARC_UNKNOWN ||
	    (f->state == MAILAUTH_DMARC_APPLIES &&
	        f->policy == MAILAUTH_DMARC_ABSENT)) {
		dmarc_doubt_walk(c, set, &walk, MAILAUTH_F_BIMI_DMARC_NONE);
		doubt(c, set, got(c, c->domain, RRTYPE_A),
		    MAILAUTH_F_BIMI_DMARC_NONE);
		return;
	}
	enforced = tell_enforcement(c, set, f);
	if (!enforced)
		tell(c, set, MAILAUTH_F_X_BIMI_WITHOUT_ENFORCEMENT, STR_NONE);
	if (f->set != NULL && f->record.testing)
		tell(c, set, MAILAUTH_F_BIMI_DMARC_T_Y, STR_NONE);
	if (!enforced || f->record.testing)
		return;
	tell(c, set, MAILAUTH_F_BIMI_DMARC_OK, STR_NONE);
	if (is_usable(c, set) &&
	    !findings_has(&set->j.findings, MAILAUTH_F_BIMI_DECLINED))
		tell(c, set, MAILAUTH_F_BIMI_OK, STR_NONE);
}

static void
tell_elsewhere(struct check *c, const struct record_set *set)
{
	doubt(c, set, got(c, c->domain, RRTYPE_TXT),
	    MAILAUTH_F_BIMI_WRONG_LOCATION);
	if (has_record(bimi_at(c, c->domain)))
		tell(c, set, MAILAUTH_F_BIMI_WRONG_LOCATION, c->domain);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		struct mailauth_str name =
		    name_below(c, elsewhere[i], c->domain);

		doubt(c, set, got(c, name, RRTYPE_TXT),
		    MAILAUTH_F_BIMI_WRONG_LOCATION);
		if (is_placed(bimi_at(c, name)))
			tell(c, set, MAILAUTH_F_BIMI_WRONG_LOCATION, name);
	}
}

static void
tell_bimi(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct record_set *set = bimi_at(c, dc->bimi_owner), *org;

	if (dc->bimi_owner.n == 0 && dc->request->bimi_selector != NULL)
		tell(c, NULL, MAILAUTH_F_BIMI_SELECTOR_INVALID,
		    shown(c, str_of(dc->request->bimi_selector)));
	if (set != NULL)
		list_set(c, set);
	if (dc->bimi != NULL)
		bimi_files_tell(c, dc, set);
	if (set == NULL)
		return;
	if (set->j.verdict == MAILAUTH_NONE) {
		org = bimi_at(c, org_owner(c, dc));
		tell_elsewhere(c, set);
		if (has_record(org)) {
			tell(c, set, MAILAUTH_F_BIMI_ORG_FALLBACK,
			    org->answer->name);
			list_set(c, org);
			set = org;
		} else if (org == NULL ||
		    org->j.verdict != MAILAUTH_TEMPERROR) {
			tell_missing(c, set);
		} else {
			/* Receivers may find a record there that is no good. */
			list_set(c, org);
		}
	}
	if (has_record(set))
		tell_dmarc(c, set);
}

const struct subject subject_bimi = {
	1u << MAILAUTH_KIND_BIMI,
	ask,
	tell_bimi,
};
