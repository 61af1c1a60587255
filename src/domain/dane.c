/*
 * dane.c - the TLSA records of the mail hosts of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Senders that do DANE look for TLSA records of a host whose addresses are
 * secure, first at the end of an alias of the host, if that is secure, and then
 * at the host itself (RFC 7672 2.2.2). They leave out a host whose addresses are
 * proved to be unsigned, because some servers fail questions for TLSA.
 */
#include "domain/dane.h"

#include "base/str.h"
#include "domain/transport_files.h"

/* The worst that an unseen set can be: senders that do DANE keep mail back. */
#define WORST MAILAUTH_F_DANE_DIGEST_OF_NOTHING

static struct lookup *
addresses(struct check *c, struct mailauth_str host)
{
	struct lookup *a = got(c, host, RRTYPE_A);

	return is_found(a) ? a : got(c, host, RRTYPE_AAAA);
}

/* The name at the end of a secure alias; STR_NONE without one. */
static struct mailauth_str
expanded(struct check *c, struct mailauth_str host)
{
	const struct lookup *l = addresses(c, host);

	if (!is_found(l) || l->answer.nchain == 0 ||
	    l->answer.dnssec != MAILAUTH_DNSSEC_SECURE)
		return STR_NONE;
	return l->answer.chain[l->answer.nchain - 1];
}

static struct mailauth_str
owner(struct check *c, struct mailauth_str host)
{
	return name_below(c, STR("_25._tcp"), host);
}

static void
ask_dane(struct check *c, void *self)
{
	struct mail_hosts hosts;

	(void)self;
	mail_hosts_want(c);
	mail_hosts(c, &hosts);
	for (size_t i = 0; i < hosts.n; i++) {
		want_host(c, hosts.name[i]);
		want(c, owner(c, hosts.name[i]), RRTYPE_TLSA);
		want(c, owner(c, expanded(c, hosts.name[i])), RRTYPE_TLSA);
	}
}

struct mailauth_str
dane_base(struct check *c, struct mailauth_str host)
{
	struct mailauth_str end = expanded(c, host);
	const struct lookup *l = got(c, owner(c, end), RRTYPE_TLSA);

	return is_done(l) && !is_absent(l) ? end : host;
}

struct record_set *
dane_set(struct check *c, struct mailauth_str host)
{
	return view_as(c, MAILAUTH_KIND_TLSA,
	    got(c, owner(c, dane_base(c, host)), RRTYPE_TLSA));
}

/* No sender asks for the TLSA records of the host. */
static bool
is_left_out(struct check *c, struct mailauth_str host)
{
	const struct lookup *l = addresses(c, host);

	return is_found(l) && l->answer.dnssec == MAILAUTH_DNSSEC_INSECURE;
}

static void
tell_host(struct check *c, const struct domain_check *dc,
    const struct mail_hosts *hosts, struct mailauth_str host)
{
	struct record_set *set = dane_set(c, host);

	if (set == NULL)
		return;
	/* A check of everything says that of the host and its addresses. */
	if (set->answer->cause == MAILAUTH_CAUSE_OFFLINE &&
	    dc->request->only == 0) {
		report_incomplete(c->report,
		    str_sub(set->answer->name, 0, set->answer->name.n - 1),
		    INCOMPLETE_OUTSIDE);
		return;
	}
	if (set->answer->outcome == MAILAUTH_FAILED && is_left_out(c, host)) {
		doubt_answer(c, NULL, set->answer,
		    MAILAUTH_F_DANE_TLSA_INSECURE);
		return;
	}
	list_set(c, set);
	if (hosts->insecure && is_usable(c, set))
		tell(c, set, MAILAUTH_F_DANE_MX_INSECURE, STR_NONE);
	/* An alias would lead to other records. */
	if (is_none(set))
		doubt_host(c, NULL, host, WORST);
}

static void
tell_dane(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct mail_hosts hosts;

	mail_hosts(c, &hosts);
	for (size_t i = 0; i < hosts.n; i++)
		tell_host(c, dc, &hosts, hosts.name[i]);
	tls_certs_tell(c, dc->files, &hosts);
	mail_hosts_doubt(c, WORST);
}

const struct subject subject_dane = {
	1u << MAILAUTH_KIND_TLSA,
	ask_dane,
	tell_dane,
};
