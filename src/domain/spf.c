/*
 * spf.c - SPF and Sender ID in a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This subject judges the records of the domain, of MAIL FROM, HELO and the
 * sending hosts, and one step further the names that terms of the domain's
 * record lead to. spf/check.c evaluates SPF and counts lookups.
 */
#include "record/spf.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "domain/settings_check.h"
#include "record/dmarc.h"
#include "record/mx.h"
#include "record/senderid.h"
#include "spf/check.h"

/* Targets examined of one record: twice the lookup limit. */
#define TARGETS_MAX 20
/* MX hosts that a term may lead to (RFC 7208 4.6.4). */
#define MX_MAX 10
/* Records longer than this are not compared term by term. */
#define COMPARE_MAX 4096

/* Names below the domain where people put the record by mistake, beside the
 * owners of DKIM keys. */
static const struct mailauth_str elsewhere[] = {
	STR_INIT("_spf"),
	STR_INIT("spf"),
	STR_INIT("www"),
	STR_INIT("_dmarc"),
};

static struct record_set *
spf_at(struct check *c, struct mailauth_str name)
{
	return view_as(c, MAILAUTH_KIND_SPF, got(c, name, RRTYPE_TXT));
}

/* The domain that a term names; STR_NONE when it names none (it means the
 * record's own domain then) and when it has a macro. */
static struct mailauth_str
target_of(struct check *c, const struct spf_term *t)
{
	if (t->fault != 0 || t->domain.n == 0 || (t->facts & SPF_MACRO) != 0)
		return STR_NONE;
	return name_of(c, t->domain);
}

/* Call `each` with the hosts of an MX set, up to the limit of SPF. */
static void
each_mx(struct check *c, struct mailauth_str name,
    void (*each)(struct check *c, struct mailauth_str host))
{
	const struct lookup *l = got(c, name, RRTYPE_MX);
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < MX_MAX; i++)
		if (mx_parse(&l->answer.rr[i], &m) && !mx_is_null(&m))
			each(c, name_of_wire(c, &m.host));
}

static void
want_target(struct check *c, const struct spf_term *t,
    struct mailauth_str owner)
{
	struct mailauth_str target = target_of(c, t);

	if (target.n == 0 && (t->facts & SPF_MACRO) == 0)
		target = owner;
	switch (t->what) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
	case SPF_EXP: want(c, target, RRTYPE_TXT); break;
	case SPF_A: want_host(c, target); break;
	case SPF_EXISTS:
		if ((t->facts & SPF_MACRO) == 0)
			want(c, target, RRTYPE_A);
		break;
	case SPF_MX:
		want(c, target, RRTYPE_MX);
		if (t->cidr4 == 0 || t->cidr6 == 0)
			each_mx(c, target, want_host);
		break;
	default: break;
	}
}

static void
want_targets(struct check *c, const struct record_set *set)
{
	struct spf_reader r;
	struct spf_term t;
	size_t n = 0;

	if (!has_record(set))
		return;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t) && n < TARGETS_MAX) {
		if (t.fault != 0 || t.what == SPF_PTR || t.what == SPF_MODIFIER)
			continue;
		n += t.what == SPF_EXISTS || t.what == SPF_INCLUDE ||
		    t.what == SPF_REDIRECT || t.what == SPF_A ||
		    t.what == SPF_MX;
		want_target(c, &t, set->answer->name);
	}
}

/* Ask where the record of a domain without one may be by mistake. */
static void
want_elsewhere(struct check *c, const struct domain_check *dc)
{
	struct mailauth_str parent = dname_parent(c->domain);

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		want(c, name_below(c, elsewhere[i], c->domain), RRTYPE_TXT);
	for (size_t i = 0; i < dc->nselectors; i++)
		want(c, dc->selectors[i].owner, RRTYPE_TXT);
	if (dname_labels(parent) >= 2 ||
	    (parent.n > 1 && !is_public_suffix(c->orgs, parent)))
		want(c, parent, RRTYPE_TXT);
}

bool
domain_spf_new(struct check *c, struct domain_check *dc)
{
	struct spf_check *s =
	    spf_check_new(c, 2 * dc->nsenders + settings_planned(dc));

	if (s == NULL)
		return false;
	dc->spf = s;
	s->domain = c->domain;
	s->wide = true;
	for (size_t i = 0; i < 2 * dc->nsenders; i++) {
		const struct sender *sender = &dc->senders[i / 2];
		struct spf_trial *t = spf_check_add(s, &sender->addr);

		t->sender = sender;
		t->mapped = sender->mapped;
		t->helo = i % 2 == 1;
	}
	settings_add_trials(dc, s);
	return true;
}

/* The identity that a trial checks: the given MAIL FROM, or HELO when that is
 * empty (RFC 7208 2.4), or the domain itself when none is given. STR_NONE when
 * the trial has nothing to check, and while the name is not known. */
static struct mailauth_str
identity_of(struct check *c, const struct domain_check *dc,
    const struct spf_trial *t, struct mailauth_str greeting)
{
	struct mailauth_str from = dc->mail_from_null ? greeting :
	    dc->mail_from_bad                         ? STR_NONE :
	    dc->mail_from.n > 0                       ? dc->mail_from :
	                                                c->domain;

	/* A planned node has trials of its own, with the MAIL FROM domains of
	 * the settings. */
	if (!t->helo)
		return t->sender->planned ? STR_NONE : from;
	/* HELO is checked too (RFC 7208 2.3), but not twice. */
	return str_eq(from, greeting) ? STR_NONE : greeting;
}

/* Set the domain of each trial once it is known: the name of a sender may come
 * from its PTR record. spf_check_ask() evaluates only trials with a domain. */
static void
name_identities(struct check *c, const struct domain_check *dc)
{
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		struct spf_trial *t = &dc->spf->trials[i];
		struct spf_macro_values *v = &t->query.values;
		struct mailauth_str greeting =
		    dc->helo.n > 0 ? dc->helo : sender_name(c, t->sender);
		struct mailauth_str domain = t->planned ?
		    settings_identity(c, t) :
		    identity_of(c, dc, t, greeting);

		if (t->query.domain.n > 0 || domain.n == 0)
			continue;
		t->query.domain = domain;
		v->sender_domain = dname_plain(&c->report->arena, domain);
		if (dc->mail_from_local.n > 0 && !t->helo)
			v->local = dc->mail_from_local;
		if (greeting.n > 0)
			v->helo = dname_plain(&c->report->arena, greeting);
	}
}

static void
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct record_set *set;

	want(c, c->domain, RRTYPE_TXT);
	want(c, c->domain, RRTYPE_SPF);
	want(c, name_below(c, STR("_dmarc"), c->domain), RRTYPE_TXT);
	want(c, dc->mail_from, RRTYPE_TXT);
	want(c, dc->helo, RRTYPE_TXT);
	for (size_t i = 0; i < dc->spf->ntrials; i++)
		want(c, dc->spf->trials[i].query.domain, RRTYPE_TXT);
	for (size_t i = 0; i < dc->nsenders; i++) {
		want(c, dc->senders[i].reverse, RRTYPE_PTR);
		want(c, sender_name(c, &dc->senders[i]), RRTYPE_TXT);
		want(c, dc->senders[i].host, RRTYPE_AAAA);
	}
	name_identities(c, dc);
	spf_check_ask(c, dc->spf);
	set = spf_at(c, c->domain);
	if (set == NULL)
		return;
	if (set->j.verdict == MAILAUTH_NONE)
		want_elsewhere(c, dc);
	want_targets(c, set);
}

/* The record lets somebody pass. One that lets nobody protects its own name, and
 * would end the mail of the domain. */
static bool
names_senders(const struct record_set *set)
{
	struct spf_reader r = spf_terms(set->j.record.text);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (t.what == SPF_REDIRECT || t.qualifier == '+')
			return true;
	return false;
}

static void
tell_elsewhere_at(struct check *c, const struct record_set *set,
    struct mailauth_str name)
{
	const struct record_set *there = spf_at(c, name);

	doubt(c, set, got(c, name, RRTYPE_TXT), MAILAUTH_F_SPF_WRONG_LOCATION);
	if (is_placed(there) && names_senders(there))
		tell_misplaced(c, set, there, MAILAUTH_F_SPF_WRONG_LOCATION);
}

static void
tell_elsewhere(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	struct mailauth_str parent = dname_parent(c->domain);

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		tell_elsewhere_at(c, set,
		    name_below(c, elsewhere[i], c->domain));
	for (size_t i = 0; i < dc->nselectors; i++)
		tell_elsewhere_at(c, set, dc->selectors[i].owner);
	if (is_placed(spf_at(c, parent)))
		tell(c, set, MAILAUTH_F_SPF_SUBDOMAIN_NOT_INHERITED, parent);
}

/* The finding on a term by the record that it includes or redirects to. */
static enum mailauth_finding_id
target_finding(const struct record_set *target, bool redirect)
{
	if (target->j.verdict == MAILAUTH_TEMPERROR)
		return is_outside(target->answer) ?
		    MAILAUTH_F_NONE :
		    MAILAUTH_F_SPF_INCLUDE_TARGET_TEMPERROR;
	if (redirect)
		return target->j.verdict == MAILAUTH_VALID ?
		    MAILAUTH_F_NONE :
		    MAILAUTH_F_SPF_REDIRECT_TARGET_NONE;
	if (target->j.verdict == MAILAUTH_NONE)
		return MAILAUTH_F_SPF_INCLUDE_TARGET_NONE;
	if (target->j.verdict == MAILAUTH_INVALID)
		return MAILAUTH_F_SPF_INCLUDE_TARGET_INVALID;
	if (findings_has(&target->j.findings, MAILAUTH_F_SPF_ALL_PASS) ||
	    findings_has(&target->j.findings, MAILAUTH_F_SPF_IP_ANY))
		return MAILAUTH_F_SPF_INCLUDE_PLUS_ALL;
	if (findings_has(&target->j.findings, MAILAUTH_F_SPF_ALL_FAIL) ||
	    findings_has(&target->j.findings, MAILAUTH_F_SPF_ALL_SOFTFAIL))
		return MAILAUTH_F_SPF_INCLUDE_POLICY_IGNORED;
	return MAILAUTH_F_NONE;
}

static void
tell_include(struct check *c, const struct record_set *set,
    const struct spf_term *t, struct mailauth_str target)
{
	const struct record_set *there = spf_at(c, target);
	bool redirect = t->what == SPF_REDIRECT;
	struct mailauth_str org;

	/* What can be no name has a finding of its own. */
	if ((t->facts & SPF_NO_NAME) != 0)
		return;
	if (there != NULL)
		spf_tell_target(c, set, target_finding(there, redirect),
		    t->text, there->answer->why, there);
	if (!redirect)
		return;
	org = org_domain(c->orgs, target);
	if (org.n > 0 && c->org.n > 0 && !str_eq(org, c->org))
		tell_at(c, set, MAILAUTH_F_SPF_REDIRECT_CROSS_ADMIN, t->text,
		    STR_NONE);
}

/* Doubt that an address of the host makes the term pass everybody, which one
 * with prefix length 0 does. */
static void
doubt_zero(struct check *c, const struct record_set *set,
    const struct spf_term *t, struct mailauth_str host)
{
	if (t->qualifier == '+' && t->cidr4 == 0)
		doubt(c, set, got(c, host, RRTYPE_A), MAILAUTH_F_SPF_IP_ANY);
	if (t->qualifier == '+' && t->cidr6 == 0)
		doubt(c, set, got(c, host, RRTYPE_AAAA), MAILAUTH_F_SPF_IP_ANY);
}

/* The term has prefix length 0 for the family of some address of the host: it
 * passes all addresses of the family. */
static bool
lets_all_in(const struct spf_term *t, const struct host *host)
{
	bool any = false;

	for (size_t i = 0; t->qualifier == '+' && i < host->n; i++)
		any = any ||
		    (host->addr[i].family == 4 ? t->cidr4 : t->cidr6) == 0;
	return any;
}

/* Why no wildcard gives the host its address. */
static struct mailauth_str
unreached_of(const struct lookup *l)
{
	return l != NULL ? l->unreached : STR_NONE;
}

static void
tell_host(struct check *c, const struct record_set *set,
    const struct spf_term *t, struct mailauth_str target)
{
	struct host host;

	host_of(c, target, &host);
	if (host.known && host.n == 0)
		tell_at(c, set, MAILAUTH_F_SPF_A_BARE_HOST_MISSING, t->text,
		    unreached_of(got(c, target, RRTYPE_A)));
	else if (host.n == 0)
		doubt_host(c, set, target, MAILAUTH_F_SPF_A_BARE_HOST_MISSING);
	doubt_zero(c, set, t, target);
	if (lets_all_in(t, &host))
		tell_at(c, set, MAILAUTH_F_SPF_IP_ANY, t->text, STR_NONE);
}

static void
tell_mx(struct check *c, const struct record_set *set, const struct spf_term *t,
    struct mailauth_str target)
{
	const struct lookup *l = got(c, target, RRTYPE_MX);
	bool any = false;
	struct host host;
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < MX_MAX;
	     i++) {
		if (!mx_parse(&l->answer.rr[i], &m) || mx_is_null(&m))
			continue;
		host_of(c, name_of_wire(c, &m.host), &host);
		doubt_zero(c, set, t, name_of_wire(c, &m.host));
		any = any || lets_all_in(t, &host);
	}
	if (any)
		tell_at(c, set, MAILAUTH_F_SPF_IP_ANY, t->text, STR_NONE);
	doubt(c, set, l,
	    t->qualifier == '+' && (t->cidr4 == 0 || t->cidr6 == 0) ?
	        MAILAUTH_F_SPF_IP_ANY :
	        MAILAUTH_F_SPF_MX_BARE_MISSING);
	if (is_absent(l))
		tell_at(c, set, MAILAUTH_F_SPF_MX_BARE_MISSING, t->text,
		    STR_NONE);
	else if (is_found(l) && l->answer.nrr == 1 &&
	    mx_parse(&l->answer.rr[0], &m) && mx_is_null(&m))
		tell_at(c, set, MAILAUTH_F_SPF_MX_NULL, t->text, STR_NONE);
}

/* An 'exists' without a macro asks the same for every client: when the name has
 * an address, all of them pass. */
static void
tell_exists(struct check *c, const struct record_set *set,
    const struct spf_term *t, struct mailauth_str target)
{
	const struct lookup *l = got(c, target, RRTYPE_A);

	if (t->qualifier != '+' || (t->facts & SPF_MACRO) != 0)
		return;
	doubt(c, set, l, MAILAUTH_F_SPF_EXISTS_PASSES_ALL);
	if (is_found(l))
		tell_at(c, set, MAILAUTH_F_SPF_EXISTS_PASSES_ALL, t->text,
		    STR_NONE);
}

static void
tell_exp(struct check *c, const struct record_set *set,
    const struct spf_term *t, struct mailauth_str target)
{
	const struct lookup *l = got(c, target, RRTYPE_TXT);

	if (is_absent(l) || (is_found(l) && l->answer.nrr != 1))
		tell_at(c, set, MAILAUTH_F_SPF_EXP_TARGET_BAD, t->text,
		    STR_NONE);
	else if (is_found(l) && !spf_exp_is_ascii(&l->answer.rr[0]))
		tell_at(c, set, MAILAUTH_F_SPF_EXP_NON_ASCII, t->text,
		    STR_NONE);
}

static void
tell_targets(struct check *c, const struct record_set *set)
{
	struct spf_reader r = spf_terms(set->j.record.text);
	struct spf_term t;
	bool reached = true, all = false;

	while (spf_next(&r, &t))
		all = all || t.what == SPF_ALL;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t)) {
		struct mailauth_str target = target_of(c, &t);

		if (t.fault != 0)
			continue;
		if (target.n == 0 && (t.facts & SPF_MACRO) == 0)
			target = set->answer->name;
		/* Receivers look up no mechanism behind 'all', and no redirect
		 * beside it; exp= applies at any place. */
		if (t.what == SPF_ALL)
			reached = false;
		if (t.what == SPF_EXP)
			tell_exp(c, set, &t, target);
		if (!reached || target.n == 0 ||
		    (t.what == SPF_REDIRECT && all))
			continue;
		switch (t.what) {
		case SPF_INCLUDE:
		case SPF_REDIRECT: tell_include(c, set, &t, target); break;
		case SPF_A: tell_host(c, set, &t, target); break;
		case SPF_MX: tell_mx(c, set, &t, target); break;
		case SPF_EXISTS: tell_exists(c, set, &t, target); break;
		default: break;
		}
	}
}

/* The first term that lists the address is behind an 'all', which decides
 * before it. */
static bool
is_behind_all(struct mailauth_str record, const struct addr *ip)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;
	bool behind = false;

	while (spf_next(&r, &t)) {
		unsigned bits = t.what == SPF_IP4 ? t.cidr4 : t.cidr6;

		behind = behind || t.what == SPF_ALL;
		if ((t.what == SPF_IP4 || t.what == SPF_IP6) && t.fault == 0 &&
		    addr_in(ip, &t.addr, bits))
			return behind;
	}
	return false;
}

static bool
lists_only_ip4(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;
	size_t n = 0;

	while (spf_next(&r, &t)) {
		if (t.what == SPF_IP4)
			n++;
		else if (t.what != SPF_ALL && t.what != SPF_MODIFIER &&
		    t.what != SPF_EXP)
			return false;
	}
	return n > 0;
}

/* Make the finding on terms behind 'all' a fail: such a term lists a sender. */
static void
raise_not_last(struct check *c, const struct record_set *set)
{
	for (struct finding *n = c->report->findings; n != NULL; n = n->next)
		if (n->set == set &&
		    n->finding.id == MAILAUTH_F_SPF_ALL_NOT_LAST)
			n->finding.severity = 1 + MAILAUTH_FAIL;
}

static void
tell_senders(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	struct mailauth_str record = set->j.record.text;

	for (size_t i = 0; i < dc->nsenders; i++) {
		const struct sender *s = &dc->senders[i];
		const struct lookup *aaaa = got(c, s->host, RRTYPE_AAAA);

		if (spf_lists(record, &s->addr))
			tell(c, set, MAILAUTH_F_SPF_SENDER_IP_EXPLICIT,
			    addr_text(c, &s->addr));
		if (is_behind_all(record, &s->addr))
			raise_not_last(c, set);
		if ((s->addr.family == 6 || is_found(aaaa)) &&
		    lists_only_ip4(record))
			tell(c, set, MAILAUTH_F_SPF_IPV6_SENDER_UNCOVERED,
			    s->host.n > 0 ? s->host : addr_text(c, &s->addr));
		else if (lists_only_ip4(record))
			doubt(c, set, aaaa,
			    MAILAUTH_F_SPF_IPV6_SENDER_UNCOVERED);
	}
}

/* Put a finding on "-all" beside an enforcing DMARC policy: receivers may
 * reject by SPF before DKIM and DMARC are evaluated. */
static void
tell_hardfail(struct check *c, const struct record_set *set)
{
	const struct record_set *dmarc = view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, name_below(c, STR("_dmarc"), c->domain), RRTYPE_TXT));
	enum mailauth_dmarc_policy policy;
	struct dmarc d;

	if (!has_record(dmarc) ||
	    !findings_has(&set->j.findings, MAILAUTH_F_SPF_ALL_FAIL) ||
	    findings_has(&set->j.findings, MAILAUTH_F_SPF_DENY_ALL))
		return;
	d = dmarc_of(&dmarc->j.record);
	policy = dmarc_effective(&d);
	if (policy == MAILAUTH_DMARC_QUARANTINE ||
	    policy == MAILAUTH_DMARC_REJECT)
		tell(c, set, MAILAUTH_F_SPF_ALL_HARDFAIL_DMARC_NOTE, STR_NONE);
}

/* Put findings on Sender ID records, compared with the SPF record. */
static void
tell_senderid(struct check *c, const struct record_set *spf)
{
	struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SENDERID, got(c, c->domain, RRTYPE_TXT));
	struct senderid id;

	if (set == NULL || set->j.verdict == MAILAUTH_TEMPERROR)
		return;
	list_set(c, set);
	if (set->answer->outcome == MAILAUTH_NXDOMAIN)
		tell(c, set, MAILAUTH_F_SENDERID_PRA_NXDOMAIN, STR_NONE);
	if (set->j.matches == 0 && spf->j.matches > 0)
		tell(c, set, MAILAUTH_F_SENDERID_FALLBACK_SPF1, STR_NONE);
	if (set->j.matches > 0 && spf->j.matches == 0)
		tell(c, set, MAILAUTH_F_SENDERID_ONLY, STR_NONE);
	if (!is_usable(c, set) ||
	    (!is_usable(c, spf) &&
	        !findings_has(&spf->j.findings,
	            MAILAUTH_F_SPF_TOO_MANY_LOOKUPS)) ||
	    !has_record(set) || set->j.record.text.n > COMPARE_MAX ||
	    spf->j.record.text.n > COMPARE_MAX ||
	    !senderid_parse(set->j.record.text, &id))
		return;
	if (!spf_same_terms(id.terms, str_from(spf->j.record.text, 6)))
		tell(c, set, MAILAUTH_F_SENDERID_DIFFERS_FROM_SPF, STR_NONE);
}

/* Put a finding on a domain without a record. Nothing can be published beside
 * an alias, whose target has to do with no mail. */
static void
tell_no_record(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	if (dc->role.is == MAILAUTH_ROLE_ALIAS)
		return;
	switch (role_no_mail(dc)) {
	case MAYBE_NO: tell_missing(c, set); break;
	case MAYBE: doubt(c, set, dc->role.open, MAILAUTH_F_SPF_MISSING); break;
	case MAYBE_YES:
		tell_parked_weak(c, dc, set, MAILAUTH_F_PARKED_SPF_WEAK);
		break;
	}
}

static void
tell_domain(struct check *c, const struct domain_check *dc)
{
	const struct lookup *old = got(c, c->domain, RRTYPE_SPF);
	struct record_set *set = spf_at(c, c->domain);

	if (set == NULL)
		return;
	list_set(c, set);
	if (set->j.verdict == MAILAUTH_NONE) {
		tell_no_record(c, dc, set);
		tell_elsewhere(c, dc, set);
	}
	/* What breaks a record has findings of its own, and so has what it
	 * builds on and that could not be looked up. */
	if (dc->role.is == MAILAUTH_ROLE_NO_MAIL && is_usable(c, set) &&
	    dc->role.passes != PASSES_UNKNOWN) {
		if (dc->role.policy == '-' && dc->role.passes == PASSES_NOBODY)
			tell(c, set, MAILAUTH_F_PARKED_SPF_OK, STR_NONE);
		else
			tell_parked_weak(c, dc, set,
			    MAILAUTH_F_PARKED_SPF_WEAK);
	}
	if (role_no_mail(dc) == MAYBE && dc->role.policy != '-')
		doubt(c, set, dc->role.open, MAILAUTH_F_PARKED_SPF_WEAK);
	doubt(c, set, old, MAILAUTH_F_SPF_RRTYPE99);
	if (is_found(old))
		tell(c, set, MAILAUTH_F_SPF_RRTYPE99, STR_NONE);
	if (has_record(set)) {
		tell_targets(c, set);
		tell_senders(c, dc, set);
		tell_hardfail(c, set);
	}
	tell_senderid(c, set);
}

/* Put findings on the given MAIL FROM and HELO; MAIL FROM may be of another
 * domain. */
static void
tell_mail_from(struct check *c, const struct domain_check *dc)
{
	struct record_set *domain = spf_at(c, c->domain), *set;

	if (dc->mail_from_bad || dc->helo_bad)
		tell(c, domain, MAILAUTH_F_SPF_IDENTITY_INVALID,
		    dc->mail_from_bad ? STR("MAIL FROM") : STR("HELO"));
	if (dc->mail_from_null)
		tell(c, domain, MAILAUTH_F_SPF_NULL_SENDER_HELO, dc->helo);
	set = spf_at(c, dc->mail_from);
	if (set == NULL || set == domain)
		return;
	list_set(c, set);
	tell_missing(c, set);
}

/* Put findings on the MAIL FROM domains of the settings. */
static void
tell_planned(struct check *c, const struct domain_check *dc)
{
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];
		struct record_set *set = spf_at(c, t->query.domain);

		if (!t->planned || set == NULL || is_listed(c, set))
			continue;
		list_set(c, set);
		tell_missing(c, set);
		if (set->j.verdict == MAILAUTH_NONE &&
		    dname_under(t->query.domain, c->domain) &&
		    is_placed(spf_at(c, c->domain)))
			tell(c, set, MAILAUTH_F_SPF_SUBDOMAIN_NOT_INHERITED,
			    c->domain);
	}
}

/* Put a finding on a HELO name without a record: receivers check bounces, which
 * have an empty MAIL FROM, by that name. */
static void
tell_greeting(struct check *c, struct mailauth_str name)
{
	struct record_set *set = spf_at(c, name);

	if (set == NULL || is_listed(c, set))
		return;
	list_set(c, set);
	if (set->j.verdict == MAILAUTH_NONE)
		tell(c, set, MAILAUTH_F_SPF_HELO_MISSING, STR_NONE);
}

/* Without the name of a sender there was no evaluation for it: that by its HELO
 * name, or by the MAIL FROM domain that the settings take from there. */
static void
doubt_names(struct check *c, const struct domain_check *dc)
{
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];

		if (t->query.domain.n > 0 || dc->helo.n > 0 || dc->helo_bad ||
		    (t->sender->host.n > 0 && !t->by_ptr))
			continue;
		doubt(c, NULL, got(c, t->sender->reverse, RRTYPE_PTR),
		    MAILAUTH_F_SPF_EVAL_FAIL);
	}
}

static void
tell_spf(struct check *c, void *self)
{
	const struct domain_check *dc = self;

	tell_domain(c, dc);
	tell_mail_from(c, dc);
	tell_planned(c, dc);
	tell_greeting(c, dc->helo);
	for (size_t i = 0; i < dc->nsenders; i++)
		tell_greeting(c, sender_name(c, &dc->senders[i]));
	spf_check_tell(c, dc->spf);
	doubt_names(c, dc);
	if (dc->nsenders > 0 && dc->request->mail_from == NULL &&
	    settings_planned(dc) == 0)
		tell(c, spf_at(c, c->domain),
		    MAILAUTH_F_SPF_MAILFROM_DOMAIN_UNCHECKED, STR_NONE);
}

const struct subject subject_spf = {
	1u << MAILAUTH_KIND_SPF | 1u << MAILAUTH_KIND_SENDERID,
	ask,
	tell_spf,
};
