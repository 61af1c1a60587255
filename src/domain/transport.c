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
#include "record/repair.h"
#include "report/remedy.h"

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

/* Names below the domain where people put the record by mistake; the first is
 * that of an early draft. */
static const struct mailauth_str elsewhere[] = {
	STR_INIT("_smtp-tlsrpt"),
	STR_INIT("_smtp.tls"),
	STR_INIT("_tls"),
};

static struct mailauth_str
tlsrpt_owner(struct check *c)
{
	return name_below(c, STR("_smtp._tls"), c->domain);
}

static void
ask_tlsrpt(struct check *c, void *self)
{
	struct lookup *l = want(c, tlsrpt_owner(c), RRTYPE_TXT);

	(void)self;
	for (size_t i = 0;
	     is_absent(l) && i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		want(c, name_below(c, elsewhere[i], c->domain), RRTYPE_TXT);
}

/* Put a finding when the record is at a wrong name. Mail flows without it. */
static void
tell_elsewhere(struct check *c, struct record_set *set)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		struct mailauth_str name =
		    name_below(c, elsewhere[i], c->domain);
		const struct record_set *there =
		    view_as(c, MAILAUTH_KIND_TLSRPT, got(c, name, RRTYPE_TXT));

		doubt(c, set, got(c, name, RRTYPE_TXT),
		    MAILAUTH_F_TXT_WRONG_NAME);
		if (!is_placed(there))
			continue;
		set->most = MAILAUTH_WARN;
		tell_misplaced(c, set, there, MAILAUTH_F_TXT_WRONG_NAME);
		return;
	}
}

static void
tell_tlsrpt(struct check *c, void *self)
{
	struct record_set *set = view_as(c, MAILAUTH_KIND_TLSRPT,
	    got(c, tlsrpt_owner(c), RRTYPE_TXT));

	(void)self;
	if (set == NULL)
		return;
	list_set(c, set);
	if (is_none(set))
		tell_elsewhere(c, set);
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
