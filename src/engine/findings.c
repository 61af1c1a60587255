/*
 * findings.c - record sets and findings of a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "engine/rounds.h"

struct record_set *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l)
{
	struct mailauth_scope scope = c->report->scope;
	struct view *v;

	if (!is_done(l))
		return NULL;
	for (v = l->views; v != NULL; v = v->beside)
		if (v->kind == kind)
			return v->set;
	v = arena_alloc(&c->report->arena, sizeof(*v));
	if (v == NULL)
		return NULL;
	/* The subject knows whether a missing record matters. */
	scope.absence_is_fine = true;
	v->kind = kind;
	v->lookup = l;
	v->set = report_judge(c->report, kind, &l->answer, &scope);
	if (v->set != NULL)
		v->set->beside = &l->listed;
	v->beside = l->views;
	l->views = v;
	v->next = c->rounds->views;
	c->rounds->views = v;
	return v->set;
}

void
check_forget_views(struct check *c)
{
	for (struct view *v = c->rounds->views; v != NULL; v = v->next) {
		v->lookup->views = NULL;
		v->lookup->listed = false;
		if (v->set != NULL)
			v->set->beside = NULL;
	}
	c->rounds->views = NULL;
}

struct record_set *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l)
{
	return view(c, kind_at(kind), l);
}

/* The servers that the user gave leave the SOA record out of empty answers: none
 * of these had it. A single one can be the fault of its zone, when another
 * denial had the record. */
static bool
omits_soa(const struct check *c)
{
	size_t without = 0, with = 0, nodata_with = 0;

	for (const struct lookup *l = c->rounds->lookups;
	     l != NULL && c->resolver->forwards; l = l->next) {
		bool proved = is_absent(l) && l->answer.zone.n > 0;

		if (l->server >= 0)
			continue;
		with += proved;
		nodata_with += proved && l->answer.outcome == MAILAUTH_NODATA;
		without +=
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_NO_SOA;
	}
	return nodata_with == 0 && without > (with > 0 ? 1 : 0);
}

void
tell_source(struct check *c)
{
	if (omits_soa(c))
		tell(c, NULL, MAILAUTH_F_DNS_SOURCE_OMITS_SOA, STR_NONE);
}

bool
is_outside(const struct mailauth_answer *a)
{
	return a != NULL && a->outcome == MAILAUTH_FAILED &&
	    a->cause == MAILAUTH_CAUSE_OFFLINE;
}

/* A single label or an address: what names it has a finding on that, and no
 * zone file would help. */
static bool
is_no_host(struct mailauth_str name)
{
	struct addr ignored;

	return dname_labels(name) == 1 ||
	    (name.n > 1 && addr_parse(str_sub(name, 0, name.n - 1), &ignored));
}

/* The report lists the name when it is not looked up: not one of the engine's
 * own, and not for the keys of a zone. */
static bool
is_worth_listing(const struct check *c, const struct lookup *l)
{
	return is_done(l) && l->server < 0 && is_outside(&l->answer) &&
	    !str_eq(dname_first(l->answer.name), c->stranger) &&
	    (!is_no_host(l->answer.name) ||
	        str_eq(l->answer.name, c->domain)) &&
	    l->answer.rrtype != RRTYPE_DS && l->answer.rrtype != RRTYPE_DNSKEY;
}

bool
check_lacks_zones(const struct check *c)
{
	for (const struct lookup *l = c->rounds->lookups; l != NULL;
	     l = l->next)
		if (is_worth_listing(c, l))
			return true;
	return false;
}

/* The domain itself is outside, or leads there: nothing is known of it. */
static bool
domain_is_outside(const struct check *c)
{
	for (const struct lookup *l = c->rounds->lookups; l != NULL;
	     l = l->next)
		if (is_worth_listing(c, l) && str_eq(l->answer.name, c->domain))
			return true;
	return false;
}

/* Records of the kind belong at the name, and were looked up there. */
static bool
is_sought(const struct check *c, struct mailauth_str name,
    const struct mailauth_kind *kind)
{
	if (c->rounds->only != 0 && (c->rounds->only >> kind->id & 1) == 0)
		return false;
	for (const struct view *v = c->rounds->views; v != NULL; v = v->next)
		if (v->kind == kind && is_worth_listing(c, v->lookup) &&
		    str_eq(v->lookup->answer.name, name) &&
		    kind == kind_of_owner(name, v->lookup->answer.rrtype))
			return true;
	return false;
}

/* Name what was not seen since the name, which is in a given zone, is an alias
 * of one outside. */
static void
put_unseen(struct writer *w, const struct check *c, struct mailauth_str name)
{
	const char *before = ": ";

	put_text(w, " (an alias that leads there");
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct mailauth_kind *kind =
		    kind_at((enum mailauth_kind_id)i);

		if (!is_sought(c, name, kind))
			continue;
		put_text(w, before);
		put_text(w, kind->title);
		before = ", ";
	}
	put_char(w, ')');
}

void
list_outside(struct check *c)
{
	struct resolver *r = c->resolver;
	bool whole = domain_is_outside(c);

	if (whole)
		tell(c, NULL, MAILAUTH_F_DNS_OFFLINE, c->domain);
	whole = whole && !r->serves(r, c->domain);
	for (const struct lookup *l = c->rounds->lookups; l != NULL;
	     l = l->next) {
		struct mailauth_str name = l->answer.name;
		struct writer w;

		/* What is below such a domain need not be said. */
		if (!is_worth_listing(c, l) ||
		    (whole && dname_under(name, c->domain) &&
		        !str_eq(name, c->domain)))
			continue;
		w = arena_writer(&c->report->arena);
		put_str(&w, name.n > 1 ? str_sub(name, 0, name.n - 1) : name);
		if (r->serves(r, name))
			put_unseen(&w, c, name);
		report_incomplete(c->report, writer_str(&w),
		    INCOMPLETE_OUTSIDE);
	}
}

static bool
is_dangling(const struct mailauth_answer *a)
{
	return a->outcome == MAILAUTH_NXDOMAIN && a->nchain > 0;
}

void
list_set(struct check *c, struct record_set *set)
{
	bool speaks, first;

	/* What lies outside of the given zones is said once: list_outside(). */
	if (set != NULL && is_outside(set->answer))
		return;
	/* A failed lookup is listed even when its kind is not asked for: "pass"
	 * without it would hide that the check saw less than it needed. */
	if (set == NULL ||
	    (set->answer->outcome != MAILAUTH_FAILED && c->rounds->only != 0 &&
	        (c->rounds->only >> set->j.kind->id & 1) == 0))
		return;
	if (set->beside == NULL || set->listed)
		return;
	/* One answer may be judged as several kinds, such as SPF and Sender ID.
	 * Findings on the lookup itself go to the first set that is listed. */
	speaks = first = !*set->beside;
	/* What one finding says of the source is not said of each record. */
	if (set->answer->outcome == MAILAUTH_FAILED &&
	    set->answer->cause == MAILAUTH_CAUSE_NO_SOA && omits_soa(c))
		speaks = false;
	/* Nobody needs to know how the absence of such a record looks, but an
	 * alias that leads nowhere is a fault. */
	if (set->j.kind->extra && is_none(set) && !is_dangling(set->answer))
		speaks = false;
	if (is_of_source(set->answer))
		speaks = false;
	set->listed = *set->beside = true;
	set->speaks = speaks;
	find_places(c, set);
	report_show(c->report, set);
	if (first)
		tell_written(c, set);
}

void
list_own(struct check *c, struct record_set *set)
{
	if (set->beside != NULL)
		set->listed = *set->beside = true;
	find_places(c, set);
	report_show(c->report, set);
}

struct view *
check_views(const struct check *c)
{
	return c->rounds->views;
}

bool
has_record(const struct record_set *set)
{
	return set != NULL && set->j.matches == 1 &&
	    set->j.rr != MAILAUTH_RR_ALL;
}

bool
is_placed(const struct record_set *set)
{
	return has_record(set) &&
	    (set->answer->flags & MAILAUTH_ANSWER_WILDCARD) == 0;
}

bool
is_none(const struct record_set *set)
{
	return set != NULL && set->j.verdict == MAILAUTH_NONE;
}

bool
is_usable(const struct check *c, const struct record_set *set)
{
	return set != NULL && set_verdict(c->report, set) == MAILAUTH_VALID;
}

bool
is_listed(const struct check *c, const struct record_set *set)
{
	(void)c;
	return set != NULL && set->beside != NULL && set->listed;
}

void
tell(struct check *c, const struct record_set *set, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (set == NULL || is_listed(c, set)))
		report_add(c->report, set, id, detail);
}

void
tell_remedy(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail,
    struct mailauth_str remedy)
{
	struct finding *n = NULL;

	if (id != MAILAUTH_F_NONE && (set == NULL || is_listed(c, set)))
		n = report_add(c->report, set, id, detail);
	if (n != NULL && remedy.n > 0)
		n->remedy = arena_copy(&c->report->arena, remedy);
}

void
tell_at(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (set == NULL || is_listed(c, set)))
		report_add_at(c->report, set, id, where, detail);
}

bool
is_only_outside(const struct check *c)
{
	bool some = false;

	for (const struct lookup *l = c->rounds->lookups; l != NULL;
	     l = l->next) {
		if (is_failed(l) && !is_outside(&l->answer))
			return false;
		some = some || is_failed(l);
	}
	return some;
}

void
tell_open(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail)
{
	bool outside = is_only_outside(c);
	struct finding *n;

	if (outside && set != NULL && is_outside(set->answer))
		set = NULL;
	if (set != NULL && !is_listed(c, set))
		return;
	n = report_add(c->report, set, id, detail);
	if (n != NULL && outside)
		n->remedy = STR(OUTSIDE_REMEDY);
}

void
tell_validation(struct check *c)
{
	const struct resolver *r = c->resolver;
	struct finding *n;

	if (r->validation_off == NULL)
		return;
	n = report_add(c->report, NULL, MAILAUTH_F_DNSSEC_VALIDATION_OFF,
	    str_of(r->validation_off));
	if (n == NULL || r->off == OFF_BY_FAULT)
		return;
	n->finding.severity =
	    1 + (r->off == OFF_BY_WISH ? MAILAUTH_NOTICE : MAILAUTH_INFO);
	n->remedy = r->off == OFF_BY_WISH ?
	    STR("check with proof before you rely on it") :
	    STR("normal for a draft that is not signed yet; for a signed zone "
	        "give its DS record or its key");
}

void
tell_missing(struct check *c, const struct record_set *set)
{
	if (!is_none(set))
		return;
	tell(c, set, set->j.kind->missing, STR_NONE);
}

void
soften(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, enum mailauth_severity most)
{
	if (set->findings == NULL)
		return;
	for (struct finding *n = set->findings->first; n != NULL; n = n->beside)
		if (n->finding.id == id && severity_of(c->report, n) > most)
			n->finding.severity = (uint8_t)(1 + most);
}
