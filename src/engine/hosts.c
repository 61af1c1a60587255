/*
 * hosts.c - addresses of hosts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "engine/check.h"

void
want_host(struct check *c, struct mailauth_str name)
{
	want(c, name, RRTYPE_A);
	want(c, name, RRTYPE_AAAA);
}

static void
add_addresses(const struct lookup *l, struct host *out)
{
	if (is_done(l) && l->answer.nchain > 0)
		out->alias = true;
	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++)
		if (out->n < HOSTS_MAX &&
		    addr_of_rdata(l->answer.rr[i].data, l->answer.rr[i].len,
		        &out->addr[out->n]))
			out->n++;
}

void
host_of(const struct check *c, struct mailauth_str name, struct host *out)
{
	const struct lookup *a = got(c, name, RRTYPE_A);
	const struct lookup *aaaa = got(c, name, RRTYPE_AAAA);

	*out = (struct host){ .n = 0 };
	add_addresses(a, out);
	add_addresses(aaaa, out);
	out->known =
	    is_done(a) && is_done(aaaa) && !is_failed(a) && !is_failed(aaaa);
}

bool
host_has(const struct host *h, const struct addr *addr)
{
	for (size_t i = 0; i < h->n; i++)
		if (addr_eq(&h->addr[i], addr))
			return true;
	return false;
}

bool
is_public(const struct check *c, const struct addr *addr)
{
	enum addr_scope scope = addr_scope_of(addr);

	return scope == ADDR_GLOBAL ||
	    (scope == ADDR_DOCUMENTATION &&
	        c->report->scope.allow_documentation);
}

void
list_host(struct check *c, struct mailauth_str name)
{
	list_set(c, view_as(c, MAILAUTH_KIND_ADDRESS, got(c, name, RRTYPE_A)));
	list_set(c,
	    view_as(c, MAILAUTH_KIND_ADDRESS, got(c, name, RRTYPE_AAAA)));
}
