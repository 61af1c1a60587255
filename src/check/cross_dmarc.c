/*
 * cross_dmarc.c - the DMARC policy of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The record of the domain and, when there is none, the one a receiver finds
 * by walking up (RFC 9989 4.10). What the walk says about organizational
 * domains and alignment is not here.
 */
#include "base/dname.h"
#include "base/str.h"
#include "check/check.h"
#include "record/dmarc.h"
#include "record/mx.h"

/* Queries of one walk (RFC 9989 4.10). */
#define WALK_MAX 8
/* Names with more labels than this are cut down after the first query. */
#define WALK_LABELS 8

/* Where mailboxes of people are: the ends of their MX host names. */
static const struct mailauth_str mailbox_hosts[] = {
	STR_INIT("google.com."),
	STR_INIT("googlemail.com."),
	STR_INIT("protection.outlook.com."),
	STR_INIT("mx.microsoft."),
	STR_INIT("yahoodns.net."),
	STR_INIT("icloud.com."),
	STR_INIT("zoho.com."),
	STR_INIT("zoho.eu."),
	STR_INIT("messagingengine.com."),
	STR_INIT("protonmail.ch."),
	STR_INIT("yandex.net."),
	STR_INIT("mail.ru."),
};

/* Names where people put the record by mistake, below the domain. */
static const struct mailauth_str elsewhere[] = {
	STR_INIT("dmarc"),
	STR_INIT("_dmarc._dmarc"),
	STR_INIT("_dmarc.www"),
};

static struct mailauth_str
owner_of(struct check *c, struct mailauth_str domain)
{
	return name_below(c, STR("_dmarc"), domain);
}

static struct item *
dmarc_at(struct check *c, struct mailauth_str domain)
{
	return view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, owner_of(c, domain), RRTYPE_TXT));
}

/* The next name of the walk after `name`; STR_NONE behind the last. */
static struct mailauth_str
walk(struct mailauth_str name, bool first)
{
	unsigned labels = dname_labels(name);

	if (first && labels >= WALK_LABELS) {
		while (dname_labels(name) > WALK_LABELS - 1)
			name = dname_parent(name);
		return name;
	}
	return labels > 1 ? dname_parent(name) : STR_NONE;
}

/* A name above the domain is part of the walk. With zone files alone, what is
 * a public suffix is taken to have no record when its zone is not given. */
static bool
in_walk(struct check *c, struct mailauth_str name)
{
	return c->resolver->serves(c->resolver, owner_of(c, name)) ||
	    !is_public_suffix(c->orgs, name);
}

static void
want_walk(struct check *c)
{
	struct mailauth_str name = walk(c->domain, true);

	for (int i = 1; i < WALK_MAX && name.n > 0; i++) {
		if (in_walk(c, name))
			want(c, owner_of(c, name), RRTYPE_TXT);
		name = walk(name, false);
	}
}

/* The domains that reports go to have to accept mail. */
static void
want_mailboxes(struct check *c, struct mailauth_str list)
{
	struct mailauth_str uri, domain;

	for (int i = 0; i < HOSTS_MAX && dmarc_uri_next(&list, &uri, &domain);
	     i++) {
		struct mailauth_str name = name_of(c, domain);

		want(c, name, RRTYPE_MX);
		want_host(c, name);
	}
}

static void
ask(struct check *c)
{
	const struct item *item;
	struct dmarc d;

	want(c, owner_of(c, c->domain), RRTYPE_TXT);
	want(c, c->domain, RRTYPE_TXT);
	want(c, c->domain, RRTYPE_MX);
	want_walk(c);
	item = dmarc_at(c, c->domain);
	if (item == NULL)
		return;
	if (item->j.verdict == MAILAUTH_NONE)
		for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]);
		     i++)
			want(c, name_below(c, elsewhere[i], c->domain),
			    RRTYPE_TXT);
	if (!has_record(item))
		return;
	d = dmarc_of(&item->j.record);
	want_mailboxes(c, d.rua);
	want_mailboxes(c, d.ruf_value);
}

enum mailbox { MAILBOX_WORKS, MAILBOX_DEAD, MAILBOX_UNKNOWN };

/* Whether mail to the domain arrives anywhere. */
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
tell_mailboxes(struct check *c, const struct item *item,
    struct mailauth_str list)
{
	struct mailauth_str uri, domain;

	for (int i = 0; i < HOSTS_MAX && dmarc_uri_next(&list, &uri, &domain);
	     i++) {
		struct mailauth_str name = name_of(c, domain);

		if (name.n == 0)
			continue;
		if (dname_under(name, c->domain) ||
		    (c->org.n > 0 && dname_under(name, c->org)))
			tell_at(c, item, MAILAUTH_F_DMARC_EXT_NOT_NEEDED, uri,
			    STR_NONE);
		if (mailbox(c, name) != MAILBOX_DEAD)
			continue;
		tell_at(c, item, MAILAUTH_F_DMARC_RUA_NO_MAIL, uri, STR_NONE);
		if (str_eq(name, c->domain))
			tell_at(c, item, MAILAUTH_F_X_RUA_UNREACHABLE, uri,
			    STR_NONE);
	}
}

/* The MX is with a provider of mailboxes for people. */
static bool
has_people(struct check *c)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++) {
		struct mailauth_str host;

		if (!mx_parse(&l->answer.rr[i], &m))
			continue;
		host = name_of_wire(c, &m.host);
		for (size_t k = 0;
		     k < sizeof(mailbox_hosts) / sizeof(mailbox_hosts[0]); k++)
			if (dname_under(host, mailbox_hosts[k]))
				return true;
	}
	return false;
}

static void
tell_record(struct check *c, const struct item *item)
{
	struct dmarc d = dmarc_of(&item->j.record);
	struct keys keys = count_keys(c);

	if ((d.sp != DMARC_ABSENT || d.np != DMARC_ABSENT) &&
	    item->j.verdict == MAILAUTH_VALID && c->org.n > 0 &&
	    !str_eq(c->org, c->domain))
		tell(c, item, MAILAUTH_F_DMARC_SP_IGNORED, STR_NONE);
	if (d.psd == DMARC_PSD_Y && c->orgs != NULL &&
	    !is_public_suffix(c->orgs, c->domain))
		tell(c, item, MAILAUTH_F_DMARC_PSD_Y_NON_SUFFIX, STR_NONE);
	if (dmarc_effective(&d, false) == DMARC_REJECT) {
		if (has_people(c))
			tell(c, item, MAILAUTH_F_DMARC_REJECT_GENERAL_USERS,
			    STR_NONE);
		if (c->nselectors > 0 && keys.usable == 0 && !keys.unknown)
			tell(c, item, MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM,
			    STR_NONE);
	}
	tell_mailboxes(c, item, d.rua);
	tell_mailboxes(c, item, d.ruf_value);
}

static void
tell_elsewhere(struct check *c, const struct item *item)
{
	const struct item *apex =
	    view_as(c, MAILAUTH_KIND_DMARC, got(c, c->domain, RRTYPE_TXT));

	if (has_record(apex))
		tell(c, item, MAILAUTH_F_DMARC_WRONG_LOCATION, c->domain);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		struct mailauth_str name =
		    name_below(c, elsewhere[i], c->domain);
		const struct item *there =
		    view_as(c, MAILAUTH_KIND_DMARC, got(c, name, RRTYPE_TXT));

		if (is_placed(there))
			tell(c, item, MAILAUTH_F_DMARC_WRONG_LOCATION, name);
	}
}

/* The domain itself has no usable record: what does the walk find? The first
 * record above decides whether there is a policy; a lookup that failed on the
 * way to it leaves that open. */
static void
tell_walk(struct check *c, const struct item *item)
{
	struct mailauth_str name = walk(c->domain, true);

	for (int i = 1; i < WALK_MAX && name.n > 0; i++) {
		struct item *above = dmarc_at(c, name);
		struct dmarc d;

		if (!in_walk(c, name)) {
			name = walk(name, false);
			continue;
		}
		if (above == NULL || above->j.verdict == MAILAUTH_TEMPERROR) {
			list_item(c, above);
			tell(c, item, MAILAUTH_F_DMARC_TEMPERROR,
			    owner_of(c, name));
			return;
		}
		if (has_record(above)) {
			list_item(c, above);
			tell(c, item, MAILAUTH_F_DMARC_INHERITED,
			    owner_of(c, name));
			d = dmarc_of(&above->j.record);
			if (dmarc_effective(&d, true) == DMARC_NONE ||
			    dmarc_effective(&d, true) == DMARC_ABSENT)
				tell(c, item, MAILAUTH_F_DMARC_INHERITED_WEAK,
				    owner_of(c, name));
			return;
		}
		name = walk(name, false);
	}
	tell_missing(c, item);
}

static void
tell_dmarc(struct check *c)
{
	struct item *item = dmarc_at(c, c->domain);

	if (item == NULL)
		return;
	list_item(c, item);
	if (item->j.verdict == MAILAUTH_TEMPERROR)
		return;
	if (has_record(item)) {
		tell_record(c, item);
	} else {
		if (item->j.verdict == MAILAUTH_NONE)
			tell_elsewhere(c, item);
		tell_walk(c, item);
	}
}

const struct subject subject_dmarc = {
	1u << MAILAUTH_KIND_DMARC,
	ask,
	tell_dmarc,
};
