/*
 * mail_hosts.c - the hosts that mail for a domain is sent to
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/mail_hosts.h"

#include "base/str.h"
#include "record/mx.h"

/* An address in place of a name: no host (RFC 1035 3.3.9). */
static bool
is_address(struct mailauth_str name)
{
	struct addr ignored;

	return addr_parse(str_sub(name, 0, name.n - 1), &ignored);
}

static bool
is_known(const struct mail_hosts *h, struct mailauth_str name)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_eq(h->name[i], name))
			return true;
	return false;
}

/* Without MX records, mail goes to the addresses of the domain (RFC 5321
 * 5.1). */
static void
take_implicit(struct check *c, struct mail_hosts *out)
{
	struct host host;

	host_of(c, c->domain, &host);
	out->known = host.known || host.n > 0;
	if (host.n == 0)
		return;
	out->name[out->n++] = c->domain;
}

void
mail_hosts(struct check *c, struct mail_hosts *out)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct mx m;

	*out = (struct mail_hosts){ .n = 0 };
	if (is_absent(l))
		take_implicit(c, out);
	if (!is_found(l) || l->answer.dnssec == MAILAUTH_DNSSEC_BOGUS)
		return;
	out->known = l->answer.nrr <= HOSTS_MAX;
	out->insecure = l->answer.dnssec == MAILAUTH_DNSSEC_INSECURE;
	for (size_t i = 0; i < l->answer.nrr && i < HOSTS_MAX; i++) {
		struct mailauth_str name;

		if (!mx_parse(&l->answer.rr[i], &m) || mx_is_null(&m) ||
		    mx_is_label(&m))
			continue;
		name = name_of_wire(c, &m.host);
		if (name.n > 0 && !is_address(name) && !is_known(out, name))
			out->name[out->n++] = name;
	}
}

void
mail_hosts_want(struct check *c)
{
	if (is_absent(want(c, c->domain, RRTYPE_MX)))
		want_host(c, c->domain);
}

void
mail_hosts_doubt(struct check *c, enum mailauth_finding_id id)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct host host;

	doubt(c, NULL, l, id);
	host_of(c, c->domain, &host);
	if (is_absent(l) && host.n == 0)
		doubt_host(c, NULL, c->domain, id);
}
