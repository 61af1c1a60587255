/*
 * settings.c - findings on settings, compared with DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/settings.h"

#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "record/dkim.h"

/* An answer to a question on a route; OPEN: lookups leave it unknown. */
enum told { NO, YES, OPEN };

static struct mailauth_str
path_text(struct check *c, const struct route *r, const char *text)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, r->path);
	put_text(&w, text);
	return writer_str(&w);
}

/* Add a finding with its text once: several routes share keys, pools and
 * MAIL FROM domains. */
static void
tell_once(struct check *c, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	if (!report_has(c->report, id, detail))
		tell(c, NULL, id, detail);
}

/* Asking. */

/* Ask for what alignment needs: walks from all MAIL FROM domains, those of PTR
 * records included, and from all signing domains. */
static void
ask_alignment(struct check *c, const struct domain_check *dc)
{
	const struct settings_check *x = dc->settings;
	struct dmarc_walk walk;

	dmarc_walk(c, c->domain, &walk);
	for (size_t i = 0; i < x->nmail_froms; i++)
		dmarc_want_aligned(c, &walk, x->mail_froms[i]);
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];

		if (t->planned && t->by_ptr && t->query.domain.n > 0)
			dmarc_want_aligned(c, &walk, t->query.domain);
	}
	for (size_t i = 0; i < dc->nselectors; i++)
		dmarc_want_aligned(c, &walk, dc->selectors[i].domain);
}

static void
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;

	if (dc->settings == NULL)
		return;
	settings_ask_hosts(c, dc);
	if (dc->settings->nroutes == 0)
		return;
	dmarc_want(c, c->domain);
	ask_alignment(c, dc);
}

/* Findings on the settings alone. */

static void
tell_signing(struct check *c, const struct route *r, const struct signing *s,
    const char *what)
{
	struct writer w = arena_writer(&c->report->arena);
	const char *but = s->key.n > 0 ? " has a key and no selector" :
	                                 " has a selector and no key";

	if ((s->key.n > 0) != (s->selector.n > 0)) {
		put_str(&w, r->path);
		put_text(&w, what);
		put_text(&w, but);
		tell_once(c, MAILAUTH_F_CFG_SELECTOR_EMPTY, writer_str(&w));
	}
	if (s->entry == NULL || s->entry->value[FIELD_TYPE].n == 0 ||
	    str_ieq(s->entry->value[FIELD_TYPE], STR("dkim")))
		return;
	w = arena_writer(&c->report->arena);
	put_str(&w, s->entry->path);
	put_text(&w, " of ");
	put_str(&w, r->path);
	put_text(&w, " is of type ");
	put_untrusted(&w, str_sub(s->entry->value[FIELD_TYPE], 0, 40));
	tell_once(c, MAILAUTH_F_CFG_KEY_TYPE_NOT_DKIM, writer_str(&w));
}

static bool
is_unset(const struct signing *s)
{
	return s->key.n == 0 && s->selector.n == 0;
}

static void
tell_signatures(struct check *c, const struct route *r)
{
	tell_signing(c, r, &r->dkim, ": From domain DKIM");
	tell_signing(c, r, &r->secondary,
	    r->secondary_of_pool ? ": DKIM of its pool" : ": secondary DKIM");
	if (!is_unset(&r->secondary) || r->plain || r->type == FROM_UNKNOWN)
		return;
	tell_once(c,
	    r->secondary_of_pool ? MAILAUTH_F_CFG_POOL_DKIM_MISSING :
	                           MAILAUTH_F_CFG_SECONDARY_DKIM_MISSING,
	    r->path);
}

static void
tell_type(struct check *c, const struct route *r)
{
	struct writer w = arena_writer(&c->report->arena);

	if (r->type == FROM_UNKNOWN) {
		put_str(&w, r->path);
		put_text(&w, ": ");
		put_untrusted(&w, str_sub(r->type_text, 0, 40));
		tell_once(c, MAILAUTH_F_CFG_MAIL_FROM_TYPE_UNKNOWN,
		    writer_str(&w));
	} else if (r->type == FROM_CUSTOM && r->mail_from.n == 0) {
		tell_once(c, MAILAUTH_F_CFG_KEY_MISSING,
		    path_text(c, r,
		        ": mail_from_type custom without sender_domain"));
	}
}

static void
tell_overrides(struct check *c, const struct route *r)
{
	for (const struct override *o = r->overrides; o != NULL; o = o->next) {
		struct writer w = arena_writer(&c->report->arena);

		put_text(&w, o->what);
		put_text(&w, " is ");
		put_untrusted(&w, str_sub(o->value, 0, 100));
		put_text(&w, " by ");
		put_str(&w, o->path);
		put_text(&w, ", and not ");
		put_untrusted(&w, str_sub(o->lost, 0, 100));
		put_text(&w, " of ");
		put_str(&w, o->lost_path);
		tell_once(c, MAILAUTH_F_CFG_OVERRIDE, writer_str(&w));
	}
}

static void
put_signing(struct writer *w, const struct signing *s)
{
	if (s->selector.n == 0)
		return;
	put_text(w, ", DKIM ");
	put_untrusted(w, str_sub(s->selector, 0, 70));
	put_text(w, " of ");
	put_str(w, s->domain);
}

/* Put the route into the report, as all levels of the settings together make
 * it. */
static void
tell_route(struct check *c, const struct route *r)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, r->path);
	put_text(&w, r->alternative ? ", if its From holds: From " : ": From ");
	put_str(&w, r->from);
	put_text(&w, ", MAIL FROM ");
	if (r->mail_from.n > 0)
		put_str(&w, r->mail_from);
	else
		put_text(&w,
		    r->type == FROM_PTR ? "the name of the node" : "unknown");
	put_signing(&w, &r->dkim);
	put_signing(&w, &r->secondary);
	for (size_t i = 0; i < r->nnodes && i < 4; i++) {
		put_text(&w, i == 0 ? ", from " : " and ");
		put_addr(&w, &r->nodes[i]->addr);
	}
	if (r->nnodes > 4) {
		put_text(&w, " and ");
		put_number(&w, r->nnodes - 4);
		put_text(&w, " more");
	}
	tell_once(c, MAILAUTH_F_CFG_ROUTE, writer_str(&w));
}

/* The domain is under one of the settings' list of domains, or there is no such
 * list. */
static bool
is_of_panel(const struct check *c, const struct domain_check *dc)
{
	const struct entry *e = dc->settings->s->list[LIST_DOMAINS];
	bool found = e == NULL;

	for (; !found && e != NULL; e = e->next)
		found = dname_under(c->domain, e->value[FIELD_NAME]);
	return found;
}

/* Put findings on a From domain that is not set up. */
static void
tell_from(struct check *c, const struct domain_check *dc,
    const struct dmarc_found *f)
{
	struct keys keys = count_keys(c, dc);

	if (is_of_panel(c, dc))
		return;
	tell(c, NULL, MAILAUTH_F_CFG_FROM_DOMAIN_DIFFERS,
	    dc->settings->routes[0]->path);
	if (f->state == MAILAUTH_DMARC_NOWHERE && keys.usable == 0 &&
	    !keys.unknown)
		tell(c, NULL, MAILAUTH_F_ALIGN_FROM_NOT_CONFIGURED,
		    shown(c, c->report->domain));
}

/* Findings on mail as the routes send it. */

static const struct mailauth_str result_names[] = {
	[MAILAUTH_SPF_NONE] = STR_INIT("none"),
	[MAILAUTH_SPF_NEUTRAL] = STR_INIT("neutral"),
	[MAILAUTH_SPF_PASS] = STR_INIT("pass"),
	[MAILAUTH_SPF_FAIL] = STR_INIT("fail"),
	[MAILAUTH_SPF_SOFTFAIL] = STR_INIT("softfail"),
	[MAILAUTH_SPF_PERMERROR] = STR_INIT("permerror"),
};

/* The trial is one of a node of the route with the route's MAIL FROM domain. */
static bool
is_of_route(const struct spf_trial *t, const struct route *r)
{
	bool by_ptr = r->type == FROM_PTR && r->mail_from.n == 0;
	bool of_node = false;

	if (!t->planned || t->by_ptr != by_ptr ||
	    (!by_ptr && !str_eq(t->wanted, r->mail_from)))
		return false;
	for (size_t i = 0; !of_node && i < r->nnodes; i++)
		of_node = addr_eq(&r->nodes[i]->addr, &t->sender->addr);
	return of_node;
}

/* The trial is one of the SPF domain that the route's pool sets. */
static bool
is_of_pool(const struct spf_trial *t, const struct route *r)
{
	return r->spf_domain.n > 0 && str_eq(r->spf_domain, t->wanted);
}

static const struct route *
route_of(const struct domain_check *dc, const struct spf_trial *t)
{
	const struct settings_check *x = dc->settings;

	for (size_t i = 0; i < x->nroutes; i++)
		if (is_of_route(t, x->routes[i]) || is_of_pool(t, x->routes[i]))
			return x->routes[i];
	return NULL;
}

/* Put the SPF result of a planned trial into the report, with its route. The
 * finding of spf/check.c gives the reason. */
static void
tell_trial(struct check *c, const struct domain_check *dc,
    const struct spf_trial *t)
{
	enum mailauth_spf_result result = t->outcome.result;
	const struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, t->query.domain, RRTYPE_TXT));
	const struct route *r = route_of(dc, t);
	struct writer w = arena_writer(&c->report->arena);
	struct finding *n;

	if (!t->planned || t->query.domain.n == 0 || spf_is_open(&t->outcome) ||
	    r == NULL || set == NULL || !is_listed(c, set))
		return;
	put_str(&w, t->query.domain);
	put_text(&w, " of ");
	put_str(&w, r->path);
	put_text(&w, ", from ");
	put_addr(&w, &t->query.values.ip);
	put_text(&w, ": ");
	put_str(&w, result_names[result]);
	n = report_add(c->report, set, MAILAUTH_F_CFG_MAIL_FROM_SPF,
	    writer_str(&w));
	if (n != NULL && result != MAILAUTH_SPF_PASS)
		n->finding.severity = 1 + MAILAUTH_FAIL;
}

static enum told
aligned_spf(struct check *c, const struct dmarc_found found[DMARC_RFCS],
    struct mailauth_str domain)
{
	const struct dmarc_identifier id = { true, domain, domain };
	struct dmarc_alignment a;

	dmarc_align(c, c->domain, found, &id, &a);
	switch (a.aligned[DMARC_9989]) {
	case DMARC_ALIGNED_NOT: return NO;
	case DMARC_ALIGNED_UNKNOWN: return OPEN;
	case DMARC_ALIGNED_RELAXED:
	case DMARC_ALIGNED_STRICT: break;
	}
	return YES;
}

/* SPF of a route: YES when it passes from each node with an aligned domain. The
 * first node for which it does not decides. OPEN also without any trial. */
static enum told
route_spf(struct check *c, const struct domain_check *dc, const struct route *r,
    const struct dmarc_found found[DMARC_RFCS])
{
	enum told all = OPEN;

	if (r->type == FROM_UNKNOWN)
		return OPEN;
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];
		enum told one;

		if (!is_of_route(t, r))
			continue;
		if (t->query.domain.n == 0)
			return OPEN;
		one = aligned_spf(c, found, t->query.domain);
		if (one == YES && spf_is_open(&t->outcome))
			one = OPEN;
		else if (one == YES && t->outcome.result != MAILAUTH_SPF_PASS)
			one = NO;
		if (one != YES)
			return one;
		all = YES;
	}
	return all;
}

/* The published key is the one that signs. True when the settings do not have
 * the key. */
static bool
has_key(const struct record_set *set, const struct signing *s)
{
	uint8_t *room;
	struct key there, ours;
	bool same;

	if (s->entry == NULL || s->entry->spki.n == 0)
		return true;
	room = malloc(DKIM_KEY_MAX);
	if (room == NULL)
		return false;
	key_decode((const uint8_t *)s->entry->spki.s, s->entry->spki.n, &ours);
	same =
	    dkim_key(&set->j.record, room, &there) && key_same(&there, &ours);
	free(room);
	return same;
}

/* A signature of a route: YES when its key is published, matches that of the
 * settings, and its domain is aligned. */
static enum told
signing_dkim(struct check *c, const struct domain_check *dc,
    const struct signing *s, const struct dmarc_found found[DMARC_RFCS])
{
	const struct dmarc_identifier id = { false, s->domain, s->domain };
	const struct selector *sel = NULL;
	struct dmarc_alignment a;
	const struct record_set *set;

	if (s->selector.n == 0)
		return NO;
	for (size_t i = 0; i < dc->nselectors; i++)
		if (str_eq(dc->selectors[i].domain, s->domain) &&
		    (str_eq(dc->selectors[i].text, s->selector) ||
		        dc->selectors[i].full_name))
			sel = &dc->selectors[i];
	if (sel == NULL || sel->owner.n == 0)
		return NO;
	set = view_as(c, MAILAUTH_KIND_DKIM, got(c, sel->owner, RRTYPE_TXT));
	if (set == NULL || set->j.verdict == MAILAUTH_TEMPERROR)
		return OPEN;
	if (!is_usable(c, set))
		return NO;
	if (!has_key(set, s))
		return NO;
	dmarc_align(c, c->domain, found, &id, &a);
	return a.aligned[DMARC_9989] == DMARC_ALIGNED_NOT  ? NO :
	    a.aligned[DMARC_9989] == DMARC_ALIGNED_UNKNOWN ? OPEN :
	                                                     YES;
}

/* One of two mechanisms is enough; unknown wins over NO. */
static enum told
either(enum told a, enum told b)
{
	return a == YES || b == YES ? YES : a == OPEN || b == OPEN ? OPEN : NO;
}

/* Doubt the lookups that leave alignment open: walks from the author domain, the
 * MAIL FROM domains and the signing domains, and names of nodes. Keys and SPF
 * have findings of their own. */
static void
doubt_route(struct check *c, const struct domain_check *dc,
    const struct route *r, enum mailauth_finding_id id)
{
	const struct mailauth_str domains[] = { c->domain, r->mail_from,
		r->dkim.domain, r->secondary.domain };
	struct dmarc_walk walk;

	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		if (domains[i].n == 0)
			continue;
		dmarc_walk(c, domains[i], &walk);
		dmarc_doubt_walk(c, NULL, &walk, id);
	}
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];

		if (!is_of_route(t, r))
			continue;
		if (t->query.domain.n == 0)
			doubt(c, NULL, got(c, t->sender->reverse, RRTYPE_PTR),
			    id);
		dmarc_walk(c, t->query.domain, &walk);
		dmarc_doubt_walk(c, NULL, &walk, id);
	}
}

/* Put the DMARC result of mail by a route into the report. An OPEN mechanism
 * gives neither "fail" nor "only the other one passes". */
static void
tell_result(struct check *c, const struct domain_check *dc,
    const struct route *r, const struct dmarc_found found[DMARC_RFCS])
{
	const struct dmarc_found *f = &found[DMARC_9989];
	enum told spf = route_spf(c, dc, r, found);
	enum told dkim = either(signing_dkim(c, dc, &r->dkim, found),
	    signing_dkim(c, dc, &r->secondary, found));

	if (dkim == YES)
		tell_once(c, MAILAUTH_F_ALIGN_DKIM_OK, r->path);
	if (spf == YES)
		tell_once(c, MAILAUTH_F_ALIGN_SPF_OK, r->path);
	if (f->state != MAILAUTH_DMARC_APPLIES)
		return;
	if ((spf == YES || dkim == YES) && !f->record.uncertain)
		tell_once(c, MAILAUTH_F_DMARC_RESULT_PASS, r->path);
	else if (spf == NO && dkim == NO)
		tell_once(c, MAILAUTH_F_DMARC_RESULT_FAIL, r->path);
	if ((spf == OPEN || dkim == OPEN) && spf != YES && dkim != YES)
		doubt_route(c, dc, r, MAILAUTH_F_DMARC_RESULT_FAIL);
	else if (dkim == OPEN)
		doubt_route(c, dc, r, MAILAUTH_F_DMARC_PASS_SPF_ONLY);
	if (spf == YES && dkim == NO)
		tell_once(c, MAILAUTH_F_DMARC_PASS_SPF_ONLY, r->path);
	if (spf == NO && dkim == YES)
		tell_once(c, MAILAUTH_F_DMARC_PASS_DKIM_ONLY, r->path);
}

/* Put findings on MAIL FROM domains that are not aligned: SPF of these never
 * helps DMARC. The SPF domain of a pool does not count. */
static void
tell_misaligned(struct check *c, const struct domain_check *dc,
    const struct dmarc_found found[DMARC_RFCS])
{
	for (size_t i = 0; i < dc->spf->ntrials; i++) {
		const struct spf_trial *t = &dc->spf->trials[i];
		const struct route *r = route_of(dc, t);
		struct writer w = arena_writer(&c->report->arena);

		if (!t->planned || t->query.domain.n == 0 || r == NULL ||
		    is_of_pool(t, r))
			continue;
		if (aligned_spf(c, found, t->query.domain) == OPEN)
			doubt_route(c, dc, r,
			    MAILAUTH_F_CFG_MAIL_FROM_MISALIGNED);
		if (aligned_spf(c, found, t->query.domain) != NO)
			continue;
		put_str(&w, t->query.domain);
		put_text(&w, " of ");
		put_str(&w, r->path);
		tell_once(c, MAILAUTH_F_CFG_MAIL_FROM_MISALIGNED,
		    writer_str(&w));
	}
}

/* The same for a route without nodes, which has no trial. */
static void
tell_misaligned_route(struct check *c, const struct domain_check *dc,
    const struct route *r, const struct dmarc_found found[DMARC_RFCS])
{
	struct writer w = arena_writer(&c->report->arena);

	if (r->nnodes > 0 || r->mail_from.n == 0)
		return;
	if (aligned_spf(c, found, r->mail_from) == OPEN)
		doubt_route(c, dc, r, MAILAUTH_F_CFG_MAIL_FROM_MISALIGNED);
	if (aligned_spf(c, found, r->mail_from) != NO)
		return;
	put_str(&w, r->mail_from);
	put_text(&w, " of ");
	put_str(&w, r->path);
	tell_once(c, MAILAUTH_F_CFG_MAIL_FROM_MISALIGNED, writer_str(&w));
}

static void
tell_routes(struct check *c, const struct domain_check *dc)
{
	const struct settings_check *x = dc->settings;
	struct dmarc_found found[DMARC_RFCS];
	struct dmarc_walk walk;

	dmarc_walk(c, c->domain, &walk);
	dmarc_find(c, c->domain, &walk, found);
	tell_from(c, dc, &found[DMARC_9989]);
	for (size_t i = 0; i < x->nroutes; i++) {
		tell_route(c, x->routes[i]);
		tell_overrides(c, x->routes[i]);
		tell_type(c, x->routes[i]);
		tell_signatures(c, x->routes[i]);
		tell_misaligned_route(c, dc, x->routes[i], found);
	}
	for (size_t i = 0; i < dc->spf->ntrials; i++)
		tell_trial(c, dc, &dc->spf->trials[i]);
	tell_misaligned(c, dc, found);
	for (size_t i = 0; i < x->nroutes; i++)
		tell_result(c, dc, x->routes[i], found);
}

static void
tell_settings(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	const struct settings_check *x = dc->settings;

	if (x == NULL)
		return;
	for (const struct warning *w = x->s->warnings; w != NULL; w = w->next)
		tell(c, NULL, MAILAUTH_F_CFG_UNKNOWN, str_of(w->text));
	for (size_t i = 0; i < x->nhidden; i++) {
		struct writer w = arena_writer(&c->report->arena);

		put_addr(&w, &x->hidden[i]->addr);
		put_text(&w, " of ");
		put_str(&w, x->hidden[i]->path);
		tell(c, NULL, MAILAUTH_F_CFG_NODE_NOT_PUBLIC, writer_str(&w));
	}
	settings_tell_hosts(c, dc);
	if (x->nroutes > 0)
		tell_routes(c, dc);
	if (x->limit != NULL)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, str_of(x->limit));
}

const struct subject subject_settings = { 0, ask, tell_settings };
