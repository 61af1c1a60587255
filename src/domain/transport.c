/*
 * transport.c - the MTA-STS and TLS reporting records of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Both are of one domain: senders take neither from a name above (RFC 8461 3.1,
 * RFC 8460 3), and may reach either through an alias. Texts of another kind at
 * these names, such as a wildcard's, are discarded.
 */
#include "base/str.h"
#include "domain/transport_files.h"

static struct mailauth_str
sts_owner(struct check *c)
{
	return name_below(c, STR("_mta-sts"), c->domain);
}

static struct record_set *
sts_set(struct check *c)
{
	return view_as(c, MAILAUTH_KIND_MTASTS,
	    got(c, sts_owner(c), RRTYPE_TXT));
}

/* The host that senders fetch the policy from (RFC 8461 3.3). */
static struct mailauth_str
sts_host(struct check *c)
{
	return name_below(c, STR("mta-sts"), c->domain);
}

static void
ask_mtasts(struct check *c, void *self)
{
	const struct domain_check *dc = self;

	want(c, sts_owner(c), RRTYPE_TXT);
	if (dc->files != NULL)
		mail_hosts_want(c);
	if (has_record(sts_set(c)))
		want_host(c, sts_host(c));
}

static void
tell_mtasts(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct record_set *set = sts_set(c);
	struct host host;

	if (set == NULL)
		return;
	list_set(c, set);
	sts_policy_tell(c, dc->files, set);
	if (!is_usable(c, set))
		return;
	host_of(c, sts_host(c), &host);
	if (host.n == 0 && host.known)
		tell(c, set, MAILAUTH_F_MTASTS_HOST_MISSING, sts_host(c));
	else if (host.n == 0)
		doubt_host(c, set, sts_host(c), MAILAUTH_F_MTASTS_HOST_MISSING);
}

static void
ask_tlsrpt(struct check *c, void *self)
{
	(void)self;
	want(c, name_below(c, STR("_smtp._tls"), c->domain), RRTYPE_TXT);
}

static void
tell_tlsrpt(struct check *c, void *self)
{
	struct lookup *l =
	    got(c, name_below(c, STR("_smtp._tls"), c->domain), RRTYPE_TXT);
	struct record_set *set = view_as(c, MAILAUTH_KIND_TLSRPT, l);

	(void)self;
	if (set == NULL)
		return;
	list_set(c, set);
}

const struct subject subject_mtasts = {
	1u << MAILAUTH_KIND_MTASTS,
	ask_mtasts,
	tell_mtasts,
};

const struct subject subject_tlsrpt = {
	1u << MAILAUTH_KIND_TLSRPT,
	ask_tlsrpt,
	tell_tlsrpt,
};
