/*
 * report_consent.c - whether DMARC reports can arrive
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/report_consent.h"

#include "base/str.h"
#include "record/mx.h"

/* A report address of a policy. */
struct target {
	struct mailauth_str policy; /* domain of the policy record */
	struct mailauth_str uri;
	struct mailauth_str host;
};

/* The owner of the host's consent for the policy domain:
 * POLICY._report._dmarc.HOST (RFC 9990 4). */
static struct mailauth_str
consent_owner(struct check *c, const struct target *t)
{
	return name_below(c, t->policy,
	    name_below(c, STR("_report._dmarc"), t->host));
}

/* The owner of consent for a random name: only a wildcard, which consents for
 * every domain, answers here. */
static struct mailauth_str
anybody_owner(struct check *c, struct mailauth_str host)
{
	return name_below(c, c->stranger,
	    name_below(c, STR("_report._dmarc"), host));
}

/* Owners where consent is published by mistake: without the policy domain, and
 * with policy domain and host exchanged. */
static struct mailauth_str
wrong_owner(struct check *c, const struct target *t, int i)
{
	return i == 0 ? name_below(c, STR("_report._dmarc"), t->host) :
	                name_below(c, t->host,
	                    name_below(c, STR("_report._dmarc"), t->policy));
}

static struct record_set *
consent_at(struct check *c, struct mailauth_str owner)
{
	return view_as(c, MAILAUTH_KIND_DMARC_REPORT,
	    got(c, owner, RRTYPE_TXT));
}

enum need { NEEDED, NEEDED_NOT, NEED_UNKNOWN };

/* Consent is needed when policy domain and host have different organizational
 * domains. A host outside of the known organization needs no walk of its
 * own. */
static enum need
need(struct check *c, const struct target *t)
{
	struct dmarc_walk ours, theirs;

	if (str_eq(t->policy, t->host))
		return NEEDED_NOT;
	dmarc_walk(c, t->policy, &ours);
	if (ours.known && !dname_under(t->host, ours.org))
		return NEEDED;
	dmarc_walk(c, t->host, &theirs);
	if (!ours.known || !theirs.known)
		return NEED_UNKNOWN;
	return str_eq(ours.org, theirs.org) ? NEEDED_NOT : NEEDED;
}

/* Policy domain and host are one organization by the Public Suffix List, and so
 * most likely by the walk: the questions for consent can wait. */
static bool
is_likely_ours(struct check *c, const struct target *t)
{
	struct mailauth_str org = org_domain(c->orgs, t->policy);

	return org.n > 0 && str_eq(org, org_domain(c->orgs, t->host));
}

static bool
lacks_consent(const struct record_set *set)
{
	return set != NULL && set->j.verdict != MAILAUTH_TEMPERROR &&
	    set->j.matches == 0;
}

/* Read the next address of a list that has a host. */
static bool
next_target(struct check *c, struct mailauth_str *list, struct target *t)
{
	struct mailauth_str domain;

	while (dmarc_uri_next(list, &t->uri, &domain)) {
		t->host = name_of(c, domain);
		if (t->host.n > 1)
			return true;
	}
	return false;
}

/* The host has its own reports sent to the policy domain. */
static bool
reports_back(struct check *c, const struct target *t)
{
	struct target o = { .policy = t->host };
	struct dmarc_walk theirs;
	struct mailauth_str list;

	dmarc_walk(c, t->host, &theirs);
	if (theirs.nsteps == 0 || theirs.step[0].sort != DMARC_SORT_ONE)
		return false;
	list = theirs.step[0].record.rua;
	for (int i = 0; i < HOSTS_MAX && next_target(c, &list, &o); i++)
		if (str_eq(o.host, t->policy))
			return true;
	return false;
}

/* Consent with policy domain and host exchanged is no mistake when the policy
 * domain receives reports itself: about all domains, or about the host. */
static bool
is_mutual(struct check *c, const struct target *t,
    const struct record_set *there)
{
	const struct record_set *all =
	    consent_at(c, anybody_owner(c, t->policy));

	return (there->answer->flags & MAILAUTH_ANSWER_WILDCARD) != 0 ||
	    (all != NULL && all->j.matches > 0) || reports_back(c, t);
}

/* Ask for what need() and the findings on consent require. */
static void
ask_consent(struct check *c, const struct target *t)
{
	struct mailauth_str owner = consent_owner(c, t);

	if (str_eq(t->policy, t->host))
		return;
	dmarc_want_walk(c, t->policy);
	if (need(c, t) == NEED_UNKNOWN)
		dmarc_want_walk(c, t->host);
	if (is_likely_ours(c, t) && need(c, t) != NEEDED)
		return;
	want(c, owner, RRTYPE_TXT);
	want(c, anybody_owner(c, t->host), RRTYPE_TXT);
	for (int i = 0; i < 2 && lacks_consent(consent_at(c, owner)); i++)
		want(c, wrong_owner(c, t, i), RRTYPE_TXT);
	if (is_found(got(c, wrong_owner(c, t, 1), RRTYPE_TXT))) {
		want(c, anybody_owner(c, t->policy), RRTYPE_TXT);
		want(c, dmarc_owner(c, t->host), RRTYPE_TXT);
	}
}

static void
ask_list(struct check *c, struct mailauth_str name, struct mailauth_str list)
{
	struct target t = { .policy = name };

	for (int i = 0; i < HOSTS_MAX && next_target(c, &list, &t); i++) {
		want(c, t.host, RRTYPE_MX);
		want_host(c, t.host);
		ask_consent(c, &t);
	}
}

void
dmarc_ask_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record)
{
	ask_list(c, name, record->rua);
	ask_list(c, name, record->ruf_value);
}

enum mailbox { MAILBOX_WORKS, MAILBOX_DEAD, MAILBOX_UNKNOWN };

/* Whether mail to the domain can arrive: MX records, but for a null MX (RFC
 * 7505), or else address records (RFC 5321 5.1). */
static enum mailbox
mailbox(struct check *c, struct mailauth_str domain)
{
	const struct lookup *l = got(c, domain, RRTYPE_MX);
	struct host host;
	struct mx m;

	if (is_found(l)) {
		bool null = l->answer.nrr == 1 &&
		    mx_parse(&l->answer.rr[0], &m) && mx_is_null(&m);

		return null ? MAILBOX_DEAD : MAILBOX_WORKS;
	}
	if (!is_absent(l))
		return MAILBOX_UNKNOWN;
	host_of(c, domain, &host);
	if (host.n > 0)
		return MAILBOX_WORKS;
	return host.known ? MAILBOX_DEAD : MAILBOX_UNKNOWN;
}

static void
tell_mailbox(struct check *c, const struct record_set *set,
    const struct target *t)
{
	if (mailbox(c, t->host) == MAILBOX_UNKNOWN) {
		doubt(c, set, got(c, t->host, RRTYPE_MX),
		    MAILAUTH_F_DMARC_RUA_NO_MAIL);
		if (!is_found(got(c, t->host, RRTYPE_MX)))
			doubt_host(c, set, t->host,
			    MAILAUTH_F_DMARC_RUA_NO_MAIL);
	}
	if (mailbox(c, t->host) != MAILBOX_DEAD)
		return;
	tell_at(c, set, MAILAUTH_F_DMARC_RUA_NO_MAIL, t->uri, STR_NONE);
	if (str_eq(t->host, c->domain))
		tell_at(c, set, MAILAUTH_F_X_RUA_UNREACHABLE, t->uri, STR_NONE);
}

/* Whether such consent is mutual cannot be told: put doubts. */
static bool
doubt_mutual(struct check *c, const struct record_set *set,
    const struct target *t)
{
	struct lookup *l[] = { got(c, anybody_owner(c, t->policy), RRTYPE_TXT),
		got(c, dmarc_owner(c, t->host), RRTYPE_TXT) };

	for (int i = 0; i < 2; i++)
		doubt(c, set, l[i], MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
	return is_failed(l[0]) || is_failed(l[1]);
}

static void
tell_wrong_names(struct check *c, const struct record_set *set,
    const struct target *t)
{
	for (int i = 0; i < 2; i++) {
		struct mailauth_str owner = wrong_owner(c, t, i);
		const struct record_set *there = consent_at(c, owner);

		doubt(c, set, got(c, owner, RRTYPE_TXT),
		    MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
		if (there != NULL && there->j.matches > 0 &&
		    !(i == 1 &&
		        (is_mutual(c, t, there) || doubt_mutual(c, set, t))))
			tell_at(c, set, MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME,
			    t->uri, owner);
	}
}

/* Some lookup that says whether the host consents, or has to, may have failed:
 * then it may have to and may not, or not as it should. */
static void
doubt_consent(struct check *c, const struct record_set *set,
    const struct target *t)
{
	struct dmarc_walk walk;

	/* A check of consents alone does not show the policy. */
	if (!is_listed(c, set))
		set = NULL;

	doubt(c, set, got(c, consent_owner(c, t), RRTYPE_TXT),
	    MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
	for (int i = 0; i < 2; i++)
		doubt(c, set, got(c, wrong_owner(c, t, i), RRTYPE_TXT),
		    MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
	if (need(c, t) != NEED_UNKNOWN)
		return;
	dmarc_walk(c, t->policy, &walk);
	dmarc_doubt_walk(c, set, &walk, MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
	dmarc_walk(c, t->host, &walk);
	dmarc_doubt_walk(c, set, &walk, MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
}

static void
tell_consent(struct check *c, const struct record_set *set,
    const struct target *t)
{
	enum need n = need(c, t);
	struct mailauth_str owner = consent_owner(c, t);
	struct record_set *consent = consent_at(c, owner);

	if (n == NEEDED_NOT) {
		tell_at(c, set, MAILAUTH_F_DMARC_EXT_NOT_NEEDED, t->uri,
		    STR_NONE);
		return;
	}
	if (owner.n == 0) {
		tell_at(c, set, MAILAUTH_F_DMARC_EXT_NAME_TOO_LONG, t->uri,
		    STR_NONE);
		return;
	}
	if (consent == NULL || consent->j.verdict == MAILAUTH_TEMPERROR ||
	    (n == NEED_UNKNOWN && !is_usable(c, consent))) {
		if (consent == NULL || !is_outside(consent->answer))
			tell_at(c, set, MAILAUTH_F_DMARC_EXT_TEMPERROR, t->uri,
			    owner);
		doubt_consent(c, set, t);
		return;
	}
	list_set(c, consent);
	if (consent->j.matches > 0)
		return;
	tell(c, consent, MAILAUTH_F_DMARC_EXT_UNAUTHORISED, STR_NONE);
	tell_wrong_names(c, set, t);
}

/* An earlier address of the list has the same host. */
static bool
is_again(struct check *c, struct mailauth_str list, const struct target *t)
{
	struct target o = { .policy = t->policy };

	for (int i = 0; i < HOSTS_MAX && next_target(c, &list, &o); i++) {
		if (o.uri.s == t->uri.s)
			return false;
		if (str_eq(o.host, t->host))
			return true;
	}
	return false;
}

void
dmarc_tell_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record, const struct record_set *set)
{
	const struct mailauth_str lists[] = { record->rua, record->ruf_value };
	struct target t = { .policy = name };

	for (int k = 0; k < 2; k++) {
		struct mailauth_str list = lists[k];
		int i = 0;

		for (; i < HOSTS_MAX && next_target(c, &list, &t); i++) {
			tell_mailbox(c, set, &t);
			if (!is_again(c, lists[0], &t) &&
			    (k == 0 || !is_again(c, lists[1], &t)))
				tell_consent(c, set, &t);
		}
		if (i == HOSTS_MAX && next_target(c, &list, &t))
			tell(c, set, MAILAUTH_F_LIMIT_REACHED,
			    STR("report addresses"));
	}
}
