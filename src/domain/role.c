/*
 * role.c - what a domain is for, from evidence
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The role decides which rules apply: a domain that sends no mail needs no DKIM
 * key, a return path needs no policy of its own. Only answers count as
 * evidence. While a lookup that matters has failed the role is unknown, and
 * every rule applies.
 */
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "domain/providers.h"
#include "domain/settings_check.h"
#include "record/dmarc.h"
#include "record/mx.h"
#include "record/spf.h"
#include "report/json.h"
#include "report/page.h"
#include "report/remedy.h"

/* What a record says of other hosts, and a lookup that it builds on and that
 * failed. */
struct policy {
	char all; /* qualifier of 'all' */
	const struct lookup *open;
};

/* How deep records that others include are looked at. */
#define DEPTH_MAX 3

/* What the answers show. */
struct evidence {
	const struct lookup *txt, *mx;
	bool null_mx, takes_mail, bounces_only;
	bool own_hosts; /* all MX hosts are in the domain */
	bool has_spf, usable;
	bool sends; /* its senders were given */
	enum passes passes;
	struct mailauth_str host; /* the first MX host */
	struct mailauth_str key; /* owner of a key that is not revoked */
	const struct lookup *open; /* one that failed */
};

static void
look_at_mx(struct check *c, struct evidence *e)
{
	size_t hosts = 0, bounces = 0, own = 0;
	struct mx m;

	for (size_t i = 0; is_found(e->mx) && i < e->mx->answer.nrr; i++) {
		struct mailauth_str host;

		if (!mx_parse(&e->mx->answer.rr[i], &m))
			continue;
		if (mx_is_null(&m)) {
			e->null_mx = true;
			continue;
		}
		host = name_of_wire(c, &m.host);
		/* A null MX with a slip of the pen takes no mail either. */
		if (mx_mistake(host, c->domain) ==
		    MAILAUTH_F_MX_NULL_MISWRITTEN)
			continue;
		if (hosts++ == 0)
			e->host = host;
		bounces += provider_takes_bounces(host);
		own += dname_under(host, c->domain);
	}
	e->takes_mail = hosts > 0;
	e->bounces_only = hosts > 0 && bounces == hosts;
	e->own_hosts = hosts > 0 && own == hosts;
}

static void
look_at_key(struct check *c, struct mailauth_str owner, struct evidence *e)
{
	struct lookup *l = got(c, owner, RRTYPE_TXT);
	const struct record_set *set = view_as(c, MAILAUTH_KIND_DKIM, l);

	if (set == NULL)
		return;
	if (set->j.verdict == MAILAUTH_TEMPERROR && e->open == NULL)
		e->open = l;
	else if (set->j.matches > 0 && e->key.n == 0 &&
	    !findings_has(&set->j.findings, MAILAUTH_F_DKIM_REVOKED))
		e->key = owner;
}

static enum passes passes_of(struct check *c, struct mailauth_str name,
    unsigned depth, struct policy *policy);

/* The same for the record of the domain that a term names. One with a macro may
 * be any. */
static enum passes
passes_there(struct check *c, struct mailauth_str domain, unsigned depth,
    struct policy *policy)
{
	if (depth == 0 || str_find(domain, '%') < domain.n)
		return PASSES_SOME;
	return passes_of(c, name_of(c, domain), depth - 1, policy);
}

/* Some host passes the record, or one that it builds on. `policy` is set to the
 * qualifier of its 'all', or stays. */
static enum passes
passes_of(struct check *c, struct mailauth_str name, unsigned depth,
    struct policy *policy)
{
	struct lookup *l = got(c, name, RRTYPE_TXT);
	const struct record_set *set = view_as(c, MAILAUTH_KIND_SPF, l);
	enum passes passes = PASSES_NOBODY, there;
	struct mailauth_str redirect = STR_NONE;
	struct policy ignored = { '\0', NULL };
	struct spf_reader r;
	struct spf_term t;

	/* What was not given to look at relaxes no rule. */
	if (set != NULL && is_outside(set->answer))
		return PASSES_SOME;
	if (set == NULL || set->j.verdict == MAILAUTH_TEMPERROR) {
		policy->open = l;
		return PASSES_UNKNOWN;
	}
	if (!has_record(set))
		return PASSES_NOBODY;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t)) {
		if (t.what == SPF_REDIRECT)
			redirect = t.domain;
		if (t.what == SPF_REDIRECT || t.what == SPF_EXP ||
		    t.what == SPF_MODIFIER ||
		    (t.what != SPF_ALL && t.qualifier != '+'))
			continue;
		/* Terms behind it, and a redirect, are ignored. */
		if (t.what == SPF_ALL) {
			policy->all = t.qualifier;
			return t.qualifier == '+' ? PASSES_SOME : passes;
		}
		there = t.what == SPF_INCLUDE ?
		    passes_there(c, t.domain, depth, &ignored) :
		    PASSES_SOME;
		if (there == PASSES_SOME)
			return PASSES_SOME;
		if (there == PASSES_UNKNOWN) {
			passes = PASSES_UNKNOWN;
			policy->open = ignored.open;
		}
	}
	there = redirect.n > 0 ? passes_there(c, redirect, depth, policy) :
	                         PASSES_NOBODY;
	return there == PASSES_NOBODY ? passes : there;
}

static struct evidence
look(struct check *c, struct domain_check *dc)
{
	struct evidence e = { .txt = got(c, c->domain, RRTYPE_TXT),
		.mx = got(c, c->domain, RRTYPE_MX),
		.sends = dc->nsenders > 0 || settings_planned(dc) > 0 };
	const struct record_set *spf =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	struct policy policy = { '\0', NULL };

	e.open = is_failed(e.txt) ? e.txt : is_failed(e.mx) ? e.mx : NULL;
	look_at_mx(c, &e);
	e.has_spf = has_record(spf);
	e.usable = e.has_spf && is_usable(c, spf);
	e.passes = e.usable ? passes_of(c, c->domain, DEPTH_MAX, &policy) :
	                      PASSES_NOBODY;
	dc->role.passes = e.usable ? e.passes : PASSES_NOBODY;
	dc->role.policy = policy.all;
	dc->role.takes_mail = e.takes_mail;
	dc->role.own_hosts = e.own_hosts;
	if (e.open == NULL && e.passes == PASSES_UNKNOWN)
		e.open = policy.open;
	for (size_t i = 0; i < dc->nselectors + dc->nguesses; i++)
		look_at_key(c, key_owner(dc, i), &e);
	return e;
}

static bool
is_no_name(const struct lookup *l)
{
	return is_absent(l) && l->answer.outcome == MAILAUTH_NXDOMAIN &&
	    l->answer.nchain == 0;
}

/* One denial of the name is enough (RFC 8020 2), unless the other answer shows
 * that it is there. */
static bool
is_absent_name(const struct evidence *e)
{
	return (is_no_name(e->txt) &&
	           (is_no_name(e->mx) || is_failed(e->mx))) ||
	    (is_no_name(e->mx) && is_failed(e->txt));
}

static bool
is_alias(const struct lookup *l)
{
	return is_done(l) && !is_failed(l) && l->answer.nchain > 0;
}

/* The role of a domain that lets nobody send by SPF, or that takes no mail and
 * has no sound SPF record: a key shows that it signs nevertheless. */
static enum mailauth_role
role_of_denier(const struct evidence *e, struct writer *why)
{
	if (e->key.n > 0) {
		put_text(why, "there is a DKIM key at ");
		put_str(why, e->key);
		return MAILAUTH_ROLE_MAIL;
	}
	if (e->open != NULL) {
		put_text(why, "the lookup of ");
		put_str(why, e->open->answer.name);
		put_text(why, " failed");
		return MAILAUTH_ROLE_UNKNOWN;
	}
	put_text(why,
	    e->usable      ? "no host passes SPF" :
	        e->has_spf ? "the SPF record is broken" :
	                     "there is no SPF record");
	if (e->takes_mail) {
		put_text(why, ", and there are MX hosts");
		return MAILAUTH_ROLE_RECEIVE_ONLY;
	}
	put_text(why, e->null_mx ? ", the MX is null" : ", there is no MX");
	put_text(why, ", no DKIM key in use was found");
	return MAILAUTH_ROLE_NO_MAIL;
}

/* Answers came, and nothing in them shows what the domain is for. */
static bool
shows_none(const struct evidence *e)
{
	return !is_failed(e->txt) && !is_failed(e->mx) && !e->takes_mail &&
	    !e->null_mx && !e->has_spf && e->key.n == 0 && !e->sends;
}

static enum mailauth_role
decide(const struct evidence *e, struct writer *why)
{
	if (is_absent_name(e)) {
		put_text(why, "the name does not exist");
		return MAILAUTH_ROLE_ABSENT;
	}
	if (is_alias(e->txt) || is_alias(e->mx)) {
		const struct mailauth_answer *a =
		    is_alias(e->txt) ? &e->txt->answer : &e->mx->answer;

		put_text(why, "the name is an alias of ");
		put_str(why, a->chain[a->nchain - 1]);
		if (a->outcome == MAILAUTH_NXDOMAIN)
			put_text(why, ", which does not exist");
		return MAILAUTH_ROLE_ALIAS;
	}
	if (e->bounces_only) {
		put_text(why, "bounces only are taken by ");
		put_str(why, e->host);
		return MAILAUTH_ROLE_SEND_ONLY;
	}
	if (e->passes == PASSES_NOBODY && !is_failed(e->txt) &&
	    (e->usable || (e->null_mx && !e->takes_mail)))
		return role_of_denier(e, why);
	if (is_failed(e->txt) || is_failed(e->mx)) {
		put_text(why, "the lookup of its ");
		put_text(why, is_failed(e->txt) ? "TXT" : "MX");
		put_text(why, " records failed");
		return MAILAUTH_ROLE_UNKNOWN;
	}
	if (e->passes == PASSES_UNKNOWN && !e->takes_mail) {
		put_text(why, "what its SPF record builds on is not known");
		return MAILAUTH_ROLE_UNKNOWN;
	}
	put_text(why,
	    e->takes_mail    ? "there are MX hosts" :
	        e->has_spf   ? "there is an SPF record" :
	        e->key.n > 0 ? "there is a DKIM key at " :
	        e->sends     ? "its senders were given" :
	                       "it has no MX, SPF or DKIM record");
	if (!e->takes_mail && !e->has_spf)
		put_str(why, e->key);
	return shows_none(e) ? MAILAUTH_ROLE_UNKNOWN : MAILAUTH_ROLE_MAIL;
}

static void
contradict(struct check *c, const struct domain_check *dc, const char *what,
    struct mailauth_str name)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, name_role(dc->role.is));
	put_text(&w, " was declared, but ");
	put_text(&w, what);
	put_str(&w, name);
	tell(c, NULL, MAILAUTH_F_ROLE_CONTRADICTED, writer_str(&w));
}

/* Put findings on what the declared role does not allow. A lookup that failed
 * may hide it. */
static void
tell_declared(struct check *c, const struct domain_check *dc,
    const struct evidence *e)
{
	enum mailauth_role role = dc->role.is;
	bool sends =
	    role == MAILAUTH_ROLE_MAIL || role == MAILAUTH_ROLE_SEND_ONLY;
	bool takes =
	    role == MAILAUTH_ROLE_MAIL || role == MAILAUTH_ROLE_RECEIVE_ONLY;

	doubt(c, NULL, e->open, MAILAUTH_F_ROLE_CONTRADICTED);
	if (sends && e->usable && e->passes == PASSES_NOBODY)
		contradict(c, dc, "its SPF record lets nobody send", STR_NONE);
	if (!sends && e->usable && e->passes == PASSES_SOME)
		contradict(c, dc, "its SPF record names senders", STR_NONE);
	if (!sends && e->key.n > 0)
		contradict(c, dc, "there is a DKIM key at ", e->key);
	if (!sends && (dc->nsenders > 0 || settings_planned(dc) > 0))
		contradict(c, dc,
		    settings_planned(dc) > 0 ? "the settings send mail for it" :
		                               "a sending host was given",
		    STR_NONE);
	if (takes && e->null_mx)
		contradict(c, dc, "its MX is null", STR_NONE);
	if (role == MAILAUTH_ROLE_NO_MAIL && e->takes_mail)
		contradict(c, dc, "it takes mail at ", e->host);
}

static bool
takes_mail(struct check *c, struct mailauth_str name)
{
	const struct lookup *l = got(c, name, RRTYPE_MX);
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++)
		if (mx_parse(&l->answer.rr[i], &m) && !mx_is_null(&m))
			return true;
	return false;
}

/* The domain does not exist: that is all there is to say. */
static void
tell_absent(struct check *c, const struct evidence *e, bool compared)
{
	struct mailauth_str parent = dname_parent(c->domain);
	struct writer w = arena_writer(&c->report->arena);
	const struct lookup *l = is_no_name(e->txt) ? e->txt : e->mx;

	put_text(&w,
	    l->answer.dnssec == MAILAUTH_DNSSEC_SECURE ?
	        "proved by DNSSEC" :
	        "not proved by DNSSEC");
	if (takes_mail(c, parent)) {
		put_text(&w, "; ");
		put_str(&w, parent);
		put_text(&w, " is a mail domain: was that meant?");
	} else if (l->unreached.n > 0) {
		put_text(&w, "; ");
		put_str(&w, l->unreached);
		put_text(&w, ": publish its records at the name itself");
	}
	tell(c, NULL, MAILAUTH_F_DOMAIN_ABSENT, writer_str(&w));
	/* The guide looks at each record by itself; and servers that are to be
	 * compared may differ about the name. */
	c->settled =
	    c->report->scope.profile != MAILAUTH_PROFILE_GUIDE && !compared;
}

static void
ask(struct check *c, void *self)
{
	const struct lookup *txt = want(c, c->domain, RRTYPE_TXT);
	struct mailauth_str parent = dname_parent(c->domain);

	(void)self;
	want(c, c->domain, RRTYPE_MX);
	if (is_no_name(txt) && dname_labels(parent) >= 2)
		want(c, parent, RRTYPE_MX);
}

static json_t *
role_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct role *role = data;

	(void)r;
	(void)a;
	return json_string(name_role(role->is));
}

static json_t *
why_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct role *role = data;

	(void)r;
	return json_untrusted(a, role->why);
}

static json_t *
providers_json(const struct mailauth_report *r, const void *data,
    struct arena *a)
{
	const struct role *role = data;
	json_t *list = json_array();

	(void)r;
	for (size_t i = 0; i < role->nproviders; i++)
		json_add(a, list, json_string(role->providers[i]));
	return list;
}

/* People see the reason for a role on request. */
static void
role_text(struct page *p, const void *data)
{
	const struct role *role = data;

	if (!p->verbose)
		return;
	put_text(&p->w, "  role    ");
	put_text(&p->w, name_role(role->is));
	put_text(&p->w, ": ");
	put_str(&p->w, role->why);
	put_char(&p->w, '\n');
}

/* Name the providers, or say that no provider shows. */
static void
put_providers(struct page *p, const struct role *role)
{
	for (size_t i = 0; i < role->nproviders; i++) {
		put_text(&p->w, role->providers[i]);
		put_text(&p->w, ", ");
	}
	if (role->nproviders == 0 && role->own_hosts)
		put_text(&p->w, "own servers, ");
}

/* Name what an alias leads to. */
static void
put_target(struct page *p)
{
	const struct record_set *s = p->r->sets;

	while (s != NULL &&
	    (s->answer->nchain == 0 || s->answer->name.n > p->r->domain.n + 1))
		s = s->next;
	if (s == NULL)
		return;
	put_text(&p->w, " of ");
	page_name(p, s->answer->chain[s->answer->nchain - 1]);
}

/* The role in the first line. */
static void
role_brief(struct page *p, const void *data)
{
	static const char *const words[] = {
		[MAILAUTH_ROLE_MAIL] = "mail domain",
		[MAILAUTH_ROLE_RECEIVE_ONLY] = "takes mail, sends none",
		[MAILAUTH_ROLE_SEND_ONLY] = "sends mail, takes bounces only",
		[MAILAUTH_ROLE_NO_MAIL] = "sends no mail",
		[MAILAUTH_ROLE_ALIAS] = "an alias",
		[MAILAUTH_ROLE_UNKNOWN] = "role not known",
	};
	const struct role *role = data;

	if (role->is == MAILAUTH_ROLE_ABSENT)
		return;
	put_text(&p->w,
	    role->bare && !role->declared ? "no MX, SPF or DKIM record" :
	                                    words[role->is]);
	if (role->is == MAILAUTH_ROLE_ALIAS)
		put_target(p);
	put_text(&p->w, role->declared ? " as declared, " : ", ");
	put_providers(p, role);
}

/* The domain's own set of a kind, with a record that is fine. */
static const struct record_set *
set_of(const struct page *p, enum mailauth_kind_id kind)
{
	const struct record_set *s = p->r->sets;

	while (s != NULL &&
	    (s->j.kind->id != kind || s->values == NULL ||
	        set_verdict(p->r, s) != MAILAUTH_VALID))
		s = s->next;
	return s;
}

/* A domain that sends no mail, and all is fine: the proof in one line. */
static bool
role_sum(struct page *p, const void *data)
{
	const struct role *role = data;
	const struct record_set *spf = set_of(p, MAILAUTH_KIND_SPF);
	const struct record_set *mx = set_of(p, MAILAUTH_KIND_MX);
	const struct record_set *dmarc = set_of(p, MAILAUTH_KIND_DMARC);
	struct writer w = arena_writer(p->scratch);
	enum mailauth_dmarc_policy policy;
	struct dmarc meaning;

	if (role->is != MAILAUTH_ROLE_NO_MAIL || spf == NULL || dmarc == NULL)
		return false;
	meaning = dmarc_of(&dmarc->j.record);
	policy = dmarc_effective(&meaning);
	put_text(&w, "spf ");
	put_untrusted(&w, str_from(spf->j.record.text, 7));
	put_text(&w, ", dmarc p=");
	put_text(&w, dmarc_policy_name(policy));
	put_text(&w, mx != NULL ? ", null MX" : ", no MX");
	put_text(&w, ", no DKIM key");
	if (policy != MAILAUTH_DMARC_NONE)
		put_text(&w,
		    mx != NULL ? ": cannot be used for mail" :
		                 ": mail in its name fails DMARC");
	page_mark(p, RANK_PASS);
	page_wrap(p, PAGE_INDENT, PAGE_INDENT, writer_str(&w));
	return true;
}

static const struct part_type role_part = { .name = "role",
	.json = role_json,
	.brief = role_brief,
	.text = role_text,
	.sum = role_sum };
static const struct part_type why_part = { .name = "role_why",
	.json = why_json };
static const struct part_type providers_part = { .name = "providers",
	.json = providers_json };

static void
tell_role(struct check *c, void *self)
{
	struct domain_check *dc = self;
	struct writer w = arena_writer(&c->report->arena);
	const struct evidence e = look(c, dc);
	uint64_t shown = providers_shown(c);
	const struct provider *p;

	dc->role.is = decide(&e, &w);
	dc->role.why = writer_str(&w);
	dc->role.bare = dc->role.is == MAILAUTH_ROLE_UNKNOWN && shows_none(&e);
	dc->role.open = dc->role.is == MAILAUTH_ROLE_UNKNOWN && !dc->role.bare ?
	    e.open :
	    NULL;
	if (dc->request->role != MAILAUTH_ROLE_AUTO &&
	    dc->role.is != MAILAUTH_ROLE_ABSENT) {
		dc->role.is = dc->request->role;
		dc->role.declared = true;
		dc->role.why = STR("declared");
		tell_declared(c, dc, &e);
	}
	while (dc->role.nproviders < ROLE_PROVIDERS_MAX &&
	    (p = provider_next(&shown)) != NULL)
		dc->role.providers[dc->role.nproviders++] = p->name;
	if (dc->role.is == MAILAUTH_ROLE_MAIL && e.usable &&
	    e.passes == PASSES_NOBODY && !dc->role.declared &&
	    expects_practice(c))
		tell(c, NULL, MAILAUTH_F_SPF_NOBODY_PASSES, e.key);
	tell_purpose(c, dc);
	if (role_sends_not(dc) == MAYBE && expects_practice(c))
		doubt(c, NULL, e.open, MAILAUTH_F_SPF_NOBODY_PASSES);
	if (is_failed(e.txt) && is_failed(e.mx))
		doubt(c, NULL, e.txt, MAILAUTH_F_DOMAIN_ABSENT);
	report_add_part(c->report, &role_part, &dc->role);
	report_add_part(c->report, &why_part, &dc->role);
	report_add_part(c->report, &providers_part, &dc->role);
	if (dc->role.is == MAILAUTH_ROLE_ABSENT && dc->settings == NULL)
		tell_absent(c, &e, dc->request->compare_servers);
}

bool
expects_practice(const struct check *c)
{
	return c->report->scope.profile != MAILAUTH_PROFILE_GUIDE &&
	    c->report->scope.profile != MAILAUTH_PROFILE_RFC;
}

struct mailauth_str
key_owner(const struct domain_check *dc, size_t i)
{
	if (i < dc->nselectors)
		return dc->selectors[i].owner;
	i -= dc->nselectors;
	return i < dc->nguesses ? dc->guesses[i].owner : STR_NONE;
}

bool
role_sends(const struct domain_check *dc)
{
	switch (dc->role.is) {
	case MAILAUTH_ROLE_RECEIVE_ONLY:
	case MAILAUTH_ROLE_NO_MAIL:
	case MAILAUTH_ROLE_ALIAS: return false;
	default: return true;
	}
}

/* A failed lookup leaves it open whether the role is one of those that relax. */
static enum maybe
relaxes(const struct domain_check *dc, bool known, bool takes_mail)
{
	if (known)
		return MAYBE_YES;
	return dc->role.is == MAILAUTH_ROLE_UNKNOWN && !dc->role.bare &&
	        !dc->role.declared && dc->role.passes != PASSES_SOME &&
	        !takes_mail ?
	    MAYBE :
	    MAYBE_NO;
}

enum maybe
role_sends_not(const struct domain_check *dc)
{
	return relaxes(dc, !role_sends(dc), false);
}

enum maybe
role_no_mail(const struct domain_check *dc)
{
	return relaxes(dc, dc->role.is == MAILAUTH_ROLE_NO_MAIL,
	    dc->role.takes_mail);
}

void
lighten(struct check *c, const struct domain_check *dc,
    const struct record_set *set, enum mailauth_finding_id id, enum maybe holds)
{
	bool told = false;

	if (holds == MAYBE_NO || set->findings == NULL)
		return;
	for (const struct finding *n = set->findings->first; n != NULL;
	     n = n->beside)
		told = told || n->finding.id == id;
	if (!told)
		return;
	soften(c, set, id, MAILAUTH_INFO);
	if (holds == MAYBE)
		doubt(c, set, dc->role.open, id);
}

void
tell_parked_weak(struct check *c, const struct domain_check *dc,
    const struct record_set *set, enum mailauth_finding_id id)
{
	struct writer w = arena_writer(&c->report->arena);

	/* Tags of a record that is there may be worth keeping. */
	if (id == MAILAUTH_F_PARKED_DMARC_WEAK && is_none(set))
		put_publish(&w, STR("v=DMARC1; p=reject"), set->answer->name);
	tell_remedy(c, set, id, STR_NONE, writer_str(&w));
	if (!dc->role.declared)
		return;
	for (struct finding *n = c->report->findings; n != NULL; n = n->next)
		if (n->set == set && n->finding.id == id)
			n->finding.severity = 1 + MAILAUTH_FAIL;
}

const struct subject subject_role = { 0, ask, tell_role };
