/*
 * address.c - addresses of the domain and of its sending hosts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "record/spf.h"

/* The owner of the PTR record of an address. */
static struct mailauth_str
reverse_of(struct check *c, const struct addr *addr)
{
	struct writer w = arena_writer(&c->report->arena);

	put_addr_reverse(&w, addr);
	return writer_str(&w);
}

static void
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct host h;

	want_host(c, c->domain);
	want(c, c->domain, RRTYPE_TXT);
	for (size_t i = 0; i < dc->nsenders; i++) {
		const struct sender *s = &dc->senders[i];

		want_host(c, s->host);
		host_of(c, s->host, &h);
		for (size_t k = 0; k < h.n; k++)
			if (h.addr[k].family == 6)
				want(c, reverse_of(c, &h.addr[k]), RRTYPE_PTR);
	}
}

/* The A or AAAA record set of a host, for findings on the host. */
static struct record_set *
host_set(struct check *c, struct mailauth_str name, uint8_t family)
{
	return view_as(c, MAILAUTH_KIND_ADDRESS,
	    got(c, name, family == 6 ? RRTYPE_AAAA : RRTYPE_A));
}

static void
tell_basics(struct check *c, struct mailauth_str name, bool required)
{
	const struct record_set *set = host_set(c, name, 4);
	bool six = false;
	struct host h;

	list_host(c, name);
	host_of(c, name, &h);
	for (size_t i = 0; i < h.n; i++)
		six = six || h.addr[i].family == 6;
	if (h.n == 0 && h.known && required)
		tell(c, set, MAILAUTH_F_ADDR_MISSING, STR_NONE);
	if (six && is_absent(got(c, name, RRTYPE_A)))
		tell(c, host_set(c, name, 6), MAILAUTH_F_ADDR_AAAA_ONLY,
		    STR_NONE);
}

/* The sender is also given with this address. */
static bool
is_given(const struct domain_check *dc, struct mailauth_str host,
    const struct addr *addr)
{
	for (size_t i = 0; i < dc->nsenders; i++)
		if (str_eq(dc->senders[i].host, host) &&
		    addr_eq(&dc->senders[i].addr, addr))
			return true;
	return false;
}

/* Put findings on IPv6 addresses of a sender's host that are not ready for
 * sending: without a PTR record, or outside of SPF. The host may still send
 * from them, since mail servers prefer IPv6. */
static void
tell_unplanned(struct check *c, const struct domain_check *dc,
    const struct sender *s, const struct host *h)
{
	const struct record_set *spf =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));

	for (size_t i = 0; i < h->n; i++) {
		const struct addr *addr = &h->addr[i];
		const struct lookup *ptr;
		bool no_spf;

		if (addr->family != 6 || is_given(dc, s->host, addr))
			continue;
		ptr = got(c, reverse_of(c, addr), RRTYPE_PTR);
		/* Without an evaluation only a sound record that lists plain
		 * addresses shows for certain that this one is missing. */
		no_spf = has_record(spf) &&
		    findings_has(&spf->j.findings, MAILAUTH_F_SPF_OK) &&
		    !spf_may_cover(spf->j.record.text, addr);
		if (is_absent(ptr) || no_spf)
			tell(c, host_set(c, s->host, 6),
			    MAILAUTH_F_ADDR_V6_UNPLANNED, addr_text(c, addr));
		doubt(c, host_set(c, s->host, 6), ptr,
		    MAILAUTH_F_ADDR_V6_UNPLANNED);
		doubt(c, host_set(c, s->host, 6), got(c, c->domain, RRTYPE_TXT),
		    MAILAUTH_F_ADDR_V6_UNPLANNED);
	}
}

static void
put_listed(struct writer *w, const struct addr *addr)
{
	if (w->used > 0)
		put_text(w, ", ");
	put_addr(w, addr);
}

static void
tell_sender(struct check *c, const struct domain_check *dc,
    const struct sender *s)
{
	const struct record_set *set = host_set(c, s->host, s->addr.family);
	struct writer extra = arena_writer(&c->report->arena);
	struct host h;

	if (!dname_is_host(s->host))
		tell(c, set, MAILAUTH_F_ADDR_HOSTNAME_INVALID, STR_NONE);
	host_of(c, s->host, &h);
	for (size_t i = 0; i < h.n; i++)
		if (!is_given(dc, s->host, &h.addr[i]))
			put_listed(&extra, &h.addr[i]);
	if (host_has(&h, &s->addr)) {
		tell(c, set, MAILAUTH_F_ADDR_EXPECTED, addr_text(c, &s->addr));
		tell(c, set, MAILAUTH_F_CFG_SENDER_A_OK, STR_NONE);
	} else if (h.known && h.n > 0) {
		tell(c, set, MAILAUTH_F_ADDR_MISMATCH, addr_text(c, &s->addr));
	}
	if (extra.used > 0 && h.known)
		tell(c, set, MAILAUTH_F_ADDR_EXTRA, writer_str(&extra));
	tell_unplanned(c, dc, s, &h);
}

static void
tell_address(struct check *c, void *self)
{
	const struct domain_check *dc = self;

	/* The standards require no address of a domain with an MX; the profile
	 * "guide" does. */
	tell_basics(c, c->domain,
	    c->report->scope.profile == MAILAUTH_PROFILE_GUIDE);
	if (host_set(c, c->domain, 4) != NULL)
		lighten(c, dc, host_set(c, c->domain, 4),
		    MAILAUTH_F_ADDR_MISSING, role_sends_not(dc));
	for (size_t i = 0; i < dc->nsenders; i++) {
		if (dc->senders[i].host.n == 0)
			continue;
		tell_basics(c, dc->senders[i].host, true);
		tell_sender(c, dc, &dc->senders[i]);
	}
}

const struct subject subject_address = {
	1u << MAILAUTH_KIND_ADDRESS,
	ask,
	tell_address,
};
