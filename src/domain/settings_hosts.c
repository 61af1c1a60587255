/*
 * settings_hosts.c - hosts of a platform that do not send
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "base/str.h"
#include "domain/settings.h"

static void
add_wish(const struct domain_check *dc, struct wish w)
{
	struct settings_check *x = dc->settings;

	for (size_t i = 0; i < x->nwishes; i++)
		if (str_eq(x->wish[i].name, w.name) && x->wish[i].ok == w.ok)
			return;
	if (w.name.n == 0)
		return;
	if (x->nwishes == WISHES_MAX) {
		x->limit = "tracking domains";
		return;
	}
	x->wish[x->nwishes++] = w;
}

static void
add_list(const struct domain_check *dc, enum list_id list, struct wish like)
{
	for (const struct entry *e = dc->settings->s->list[list]; e != NULL;
	     e = e->next) {
		like.name = e->value[FIELD_NAME];
		add_wish(dc, like);
	}
}

void
settings_find_hosts(struct check *c, const struct domain_check *dc)
{
	const struct mailauth_settings *s = dc->settings->s;
	struct wish tracking = {
		.name = s->main[MAIN_TRACKING_HOSTNAME],
		.addr = s->main_addr[MAIN_TRACKING_PUBLIC_IP],
		.setting = main_name(MAIN_TRACKING_HOSTNAME),
		.ok = MAILAUTH_F_CFG_TRACKING_OK,
		.links = true,
	};
	struct wish website = {
		.name = s->main[MAIN_COOKIESAVER_PUBLIC_HOSTNAME],
		.addr = s->main_addr[MAIN_COOKIESAVER_PUBLIC_IP],
		.setting = main_name(MAIN_COOKIESAVER_PUBLIC_HOSTNAME),
		.ok = MAILAUTH_F_CFG_WEBSITE_OK,
	};

	add_wish(dc,
	    (struct wish){ .name = s->main[MAIN_WEBCONTROL_HOSTNAME],
	        .addr = s->main_addr[MAIN_WEBCONTROL_PUBLIC_IP],
	        .setting = main_name(MAIN_WEBCONTROL_HOSTNAME),
	        .ok = MAILAUTH_F_CFG_ADMIN_OK });
	if (tracking.name.n == 0) {
		tracking.setting = main_name(MAIN_TRACKING_PREFIX);
		tracking_names(&c->report->arena, s, &tracking.name,
		    &tracking.other);
	}
	add_wish(dc, tracking);
	add_wish(dc, website);
	tracking.further = website.further = true;
	tracking.other = STR_NONE;
	tracking.setting = list_name(LIST_TRACKING);
	website.setting = list_name(LIST_WEBSITE);
	add_list(dc, LIST_TRACKING, tracking);
	add_list(dc, LIST_WEBSITE, website);
	for (size_t i = 0; i < dc->settings->nroutes; i++) {
		tracking.name = dc->settings->routes[i]->tracking;
		tracking.setting = field_name(FIELD_TRACKING_DOMAIN);
		add_wish(dc, tracking);
	}
}

void
settings_ask_hosts(struct check *c, const struct domain_check *dc)
{
	struct settings_check *x = dc->settings;

	for (size_t i = 0; i < x->nwishes; i++) {
		want_host(c, x->wish[i].name);
		want_host(c, x->wish[i].other);
	}
}

static struct mailauth_str
wish_text(struct check *c, const struct wish *w, bool address)
{
	struct writer t = arena_writer(&c->report->arena);

	put_text(&t, w->setting);
	if (address && w->addr.family != 0) {
		put_text(&t, ", ");
		put_addr(&t, &w->addr);
	}
	return writer_str(&t);
}

static bool
has_finding(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id)
{
	for (const struct finding *n = c->report->findings; n != NULL;
	     n = n->next)
		if (n->set == set && n->finding.id == id)
			return true;
	return false;
}

/* Add a finding unless another subject has put it on this set. */
static void
tell_once(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail)
{
	if (!has_finding(c, set, id))
		tell(c, set, id, detail);
}

/* Choose between the two readings of a prefix: the second one when it alone
 * resolves, or it alone has the address of the settings; else the first. */
static struct mailauth_str
choose(struct check *c, const struct wish *w)
{
	struct mailauth_str name = w->name;
	struct writer t = arena_writer(&c->report->arena);
	struct host with, without;

	if (w->other.n == 0)
		return name;
	host_of(c, w->name, &with);
	host_of(c, w->other, &without);
	/* Where the first does not resolve and the second is unknown, the
	 * second is the one to report. */
	if (with.known &&
	    ((with.n == 0 && (without.n > 0 || !without.known)) ||
	        (host_has(&without, &w->addr) && !host_has(&with, &w->addr))))
		name = w->other;
	put_str(&t, name);
	put_text(&t,
	    with.n + without.n > 0 ? " resolves, and is taken for it" :
	                             " is taken for it");
	tell(c, NULL, MAILAUTH_F_CFG_PREFIX_AMBIGUOUS, writer_str(&t));
	return name;
}

/* Put findings on one host: missing, with the right address, or with another. A
 * further host that is an alias has its address from the alias's target, so its
 * findings name the target's fault. */
static void
tell_wish(struct check *c, const struct wish *w)
{
	struct mailauth_str name = choose(c, w);
	uint16_t type = w->addr.family == 6 ? RRTYPE_AAAA : RRTYPE_A;
	struct lookup *l = got(c, name, type);
	struct record_set *set = view_as(c, MAILAUTH_KIND_ADDRESS, l);
	struct host h;

	list_host(c, name);
	host_of(c, name, &h);
	if (h.n == 0 && h.known) {
		tell_once(c, set, MAILAUTH_F_ADDR_MISSING, STR_NONE);
		tell(c, set, MAILAUTH_F_CFG_HOST_MISSING,
		    wish_text(c, w, true));
	} else if (host_has(&h, &w->addr)) {
		tell(c, set, w->ok, wish_text(c, w, true));
		if (w->further && h.alias)
			tell(c, set, MAILAUTH_F_CFG_TRACKING_CNAME,
			    wish_text(c, w, false));
	} else if (w->addr.family != 0 && is_done(l) && !is_failed(l) &&
	    (is_found(l) || h.n > 0)) {
		if (w->further && h.alias) {
			tell(c, set, MAILAUTH_F_CFG_TRACKING_CNAME_TARGET,
			    wish_text(c, w, true));
			return;
		}
		tell_once(c, set, MAILAUTH_F_ADDR_MISMATCH,
		    addr_text(c, &w->addr));
		tell(c, set, MAILAUTH_F_CFG_HOST_IP_MISMATCH,
		    wish_text(c, w, true));
	}
	if (w->links && c->org.n > 0 && !dname_under(name, c->org))
		tell(c, set, MAILAUTH_F_CFG_TRACKING_NOT_ALIGNED,
		    wish_text(c, w, false));
}

/* Put a finding on a name set without its address, or the reverse. */
static void
tell_pair(struct check *c, bool name, bool addr, enum main_key name_key,
    enum main_key addr_key)
{
	struct writer w = arena_writer(&c->report->arena);

	if (name == addr)
		return;
	put_text(&w, main_name(name ? name_key : addr_key));
	put_text(&w, " without ");
	put_text(&w, main_name(name ? addr_key : name_key));
	if (!name && name_key == MAIN_TRACKING_HOSTNAME) {
		put_text(&w, " or ");
		put_text(&w, main_name(MAIN_TRACKING_PREFIX));
	}
	tell(c, NULL, MAILAUTH_F_CFG_KEY_MISSING, writer_str(&w));
}

void
settings_tell_hosts(struct check *c, const struct domain_check *dc)
{
	const struct settings_check *x = dc->settings;
	const struct mailauth_str *m = x->s->main;

	tell_pair(c, m[MAIN_WEBCONTROL_HOSTNAME].n > 0,
	    m[MAIN_WEBCONTROL_PUBLIC_IP].n > 0, MAIN_WEBCONTROL_HOSTNAME,
	    MAIN_WEBCONTROL_PUBLIC_IP);
	tell_pair(c,
	    m[MAIN_TRACKING_HOSTNAME].n > 0 || m[MAIN_TRACKING_PREFIX].n > 0,
	    m[MAIN_TRACKING_PUBLIC_IP].n > 0,
	    m[MAIN_TRACKING_HOSTNAME].n == 0 && m[MAIN_TRACKING_PREFIX].n > 0 ?
	        MAIN_TRACKING_PREFIX :
	        MAIN_TRACKING_HOSTNAME,
	    MAIN_TRACKING_PUBLIC_IP);
	tell_pair(c, m[MAIN_COOKIESAVER_PUBLIC_HOSTNAME].n > 0,
	    m[MAIN_COOKIESAVER_PUBLIC_IP].n > 0,
	    MAIN_COOKIESAVER_PUBLIC_HOSTNAME, MAIN_COOKIESAVER_PUBLIC_IP);
	/* A prefix needs the host name that follows it. */
	if (m[MAIN_TRACKING_HOSTNAME].n == 0)
		tell_pair(c, m[MAIN_TRACKING_PREFIX].n > 0,
		    m[MAIN_TRACKING_PREFIX].n > 0 &&
		        m[MAIN_WEBCONTROL_HOSTNAME].n > 0,
		    MAIN_TRACKING_PREFIX, MAIN_WEBCONTROL_HOSTNAME);
	for (size_t i = 0; i < x->nwishes; i++)
		tell_wish(c, &x->wish[i]);
}
