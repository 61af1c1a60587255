/*
 * ptr.c - PTR records of sending addresses, confirmed by address records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/ptr.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "record/mx.h"
#include "record/spf.h"

struct mailauth_str
sender_name(struct check *c, const struct sender *s)
{
	const struct lookup *ptr = got(c, s->reverse, RRTYPE_PTR);
	struct dname name;

	if (s->host.n > 0)
		return s->host;
	return is_found(ptr) && ptr_parse(&ptr->answer.rr[0], &name) ?
	    name_of_wire(c, &name) :
	    STR_NONE;
}

/* The owner of a PTR record that was put into the zone of the domain. */
static struct mailauth_str
misplaced(struct check *c, const struct sender *s)
{
	return name_below(c, s->reverse, c->domain);
}

static void
know(struct check *c, struct domain_check *dc, const struct addr *addr)
{
	struct sender *s = &dc->known[dc->nknown];
	struct writer w = arena_writer(&c->report->arena);

	for (size_t i = 0; i < dc->nknown; i++)
		if (addr_eq(&dc->known[i].addr, addr))
			return;
	if (dc->nknown == KNOWN_MAX || !is_public(c, addr))
		return;
	*s = (struct sender){ .addr = *addr };
	put_addr_reverse(&w, addr);
	s->reverse = writer_str(&w);
	dc->nknown++;
}

static void
know_mx(struct check *c, struct domain_check *dc)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct host h;
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < KNOWN_MAX;
	     i++) {
		if (!mx_parse(&l->answer.rr[i], &m) || mx_is_null(&m))
			continue;
		host_of(c, name_of_wire(c, &m.host), &h);
		for (size_t k = 0; k < h.n; k++)
			know(c, dc, &h.addr[k]);
	}
}

/* Hosts that send are known in part without being named: single addresses of
 * the SPF record, and the MX hosts where it has "mx". A name outside of given
 * zones is not worth a word here. */
static void
know_senders(struct check *c, struct domain_check *dc)
{
	const struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	struct spf_reader r;
	struct spf_term t;

	if (dc->nsenders > 0 || c->resolver->offline || !has_record(set) ||
	    !expects_practice(c))
		return;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t)) {
		if (t.fault != 0 || t.qualifier != '+')
			continue;
		if ((t.what == SPF_IP4 && t.cidr4 == 32) ||
		    (t.what == SPF_IP6 && t.cidr6 == 128))
			know(c, dc, &t.addr);
		else if (t.what == SPF_MX && t.domain.n == 0)
			know_mx(c, dc);
	}
}

static void
ask_names(struct check *c, const struct sender *s)
{
	struct lookup *l = want(c, s->reverse, RRTYPE_PTR);
	struct dname name;

	for (size_t k = 0; is_found(l) && k < l->answer.nrr && k < HOSTS_MAX;
	     k++)
		if (ptr_parse(&l->answer.rr[k], &name))
			want_host(c, name_of_wire(c, &name));
}

static void
ask(struct check *c, void *self)
{
	struct domain_check *dc = self;

	know_senders(c, dc);
	for (size_t i = 0; i < dc->nknown; i++)
		ask_names(c, &dc->known[i]);
	for (size_t i = 0; i < dc->nsenders; i++) {
		const struct sender *s = &dc->senders[i];

		want(c, misplaced(c, s), RRTYPE_PTR);
		want(c, s->host, RRTYPE_PTR);
		ask_names(c, s);
	}
}

/* Counts over the names of one address. */
struct names {
	size_t n, confirmed, unknown;
	bool expected; /* the sender's own name is confirmed */
	struct mailauth_str first;
	struct mailauth_str helo; /* empty: not known */
	/** The HELO name is the only name, or one that leads back or may. */
	bool greeted;
	struct mailauth_str open; /* the first that is unknown */
};

/* The lookup of the addresses of the sender's family. */
static const struct lookup *
addresses_of(const struct check *c, const struct sender *s,
    struct mailauth_str name)
{
	return got(c, name, s->addr.family == 6 ? RRTYPE_AAAA : RRTYPE_A);
}

static void
look_at_names(struct check *c, const struct sender *s, struct record_set *set,
    const struct lookup *l, struct names *out)
{
	struct dname wire;

	for (size_t i = 0; i < l->answer.nrr && i < HOSTS_MAX; i++) {
		struct mailauth_str name;
		struct host h;

		if (!ptr_parse(&l->answer.rr[i], &wire))
			continue;
		name = name_of_wire(c, &wire);
		host_of(c, name, &h);
		if (out->n++ == 0)
			out->first = name;
		if (str_eq(name, out->helo) &&
		    (l->answer.nrr == 1 || !h.known || host_has(&h, &s->addr)))
			out->greeted = true;
		if (h.alias)
			tell(c, set, MAILAUTH_F_PTR_FORWARD_CNAME, name);
		if (host_has(&h, &s->addr)) {
			out->confirmed++;
			out->expected = out->expected || s->host.n == 0 ||
			    str_eq(s->host, name);
		} else if (!is_absent(addresses_of(c, s, name)) &&
		    !is_found(addresses_of(c, s, name))) {
			if (out->unknown++ == 0)
				out->open = name;
		}
	}
	if (l->answer.nrr > HOSTS_MAX)
		tell(c, set, MAILAUTH_F_LIMIT_REACHED, STR("PTR names"));
}

/* The addresses of a name could not be had; outside of the given zones they
 * were not asked for. */
static void
tell_unknown_name(struct check *c, const struct sender *s,
    const struct record_set *set, struct mailauth_str name)
{
	const struct lookup *l = addresses_of(c, s, name);

	if (l == NULL || !is_outside(&l->answer))
		tell(c, set, MAILAUTH_F_PTR_TEMPERROR, name);
}

static void
tell_names(struct check *c, const struct domain_check *dc,
    const struct sender *s, struct record_set *set, const struct lookup *l)
{
	struct names n = { .helo = dc->helo };

	look_at_names(c, s, set, l, &n);
	if (n.confirmed == 0 && n.unknown == 0)
		tell(c, set, MAILAUTH_F_PTR_FCRDNS_FAIL, n.first);
	else if (n.expected)
		tell(c, set, MAILAUTH_F_PTR_OK, STR_NONE);
	else if (n.unknown > 0)
		tell_unknown_name(c, s, set, n.open);
	else
		tell(c, set, MAILAUTH_F_PTR_NAME_UNEXPECTED, n.first);
	if (n.n > 1 && n.confirmed < n.n && n.unknown == 0)
		tell(c, set, MAILAUTH_F_PTR_MULTIPLE_PARTIAL, STR_NONE);
	if (n.n > 1 && n.unknown > 0)
		doubt(c, set, addresses_of(c, s, n.open),
		    MAILAUTH_F_PTR_MULTIPLE_PARTIAL);
	if (dc->helo.n > 0 && !n.greeted)
		tell(c, set, MAILAUTH_F_PTR_HELO_MISMATCH, dc->helo);
}

static void
tell_missing_name(struct check *c, const struct sender *s,
    const struct record_set *set)
{
	tell_missing(c, set);
	if (s->addr.family == 6)
		tell(c, set, MAILAUTH_F_PTR_V6_MISSING, STR_NONE);
	if (is_found(got(c, misplaced(c, s), RRTYPE_PTR)))
		tell(c, set, MAILAUTH_F_PTR_IN_FORWARD_ZONE, misplaced(c, s));
	else if (is_found(got(c, s->host, RRTYPE_PTR)))
		tell(c, set, MAILAUTH_F_PTR_IN_FORWARD_ZONE, s->host);
}

/* A lookup for the name of a known host has failed. */
static bool
is_open(struct check *c, const struct sender *s)
{
	const struct lookup *l = got(c, s->reverse, RRTYPE_PTR);
	struct dname name;

	if (!is_found(l))
		return !is_absent(l);
	for (size_t i = 0; i < l->answer.nrr && i < HOSTS_MAX; i++) {
		const struct lookup *a = ptr_parse(&l->answer.rr[i], &name) ?
		    addresses_of(c, s, name_of_wire(c, &name)) :
		    NULL;

		if (a != NULL && !is_found(a) && !is_absent(a))
			return true;
	}
	return false;
}

/* What is wrong with a host that nobody named is a notice: it may send for
 * others, or not any more. */
static void
tell_known(struct check *c, const struct domain_check *dc)
{
	for (size_t i = 0; i < dc->nknown; i++) {
		const struct sender *s = &dc->known[i];
		struct lookup *l = got(c, s->reverse, RRTYPE_PTR);
		struct record_set *set;

		/* Who asks for PTR records wants to know. */
		if (is_open(c, s) && dc->request->only != 0) {
			list_set(c, view_as(c, MAILAUTH_KIND_PTR, l));
			continue;
		}
		if (is_open(c, s)) {
			report_incomplete(c->report, addr_text(c, &s->addr),
			    "the lookup of its PTR record failed");
			continue;
		}
		set = view_as(c, MAILAUTH_KIND_PTR, l);
		if (set == NULL)
			continue;
		set->most = MAILAUTH_NOTICE;
		list_set(c, set);
		if (is_absent(l))
			tell_missing(c, set);
		else
			tell_names(c, dc, s, set, l);
	}
	if (dc->nknown == 0 && dc->nsenders == 0 && role_sends(dc))
		report_incomplete(c->report, STR("PTR"), "name a sending host");
}

static void
tell_ptr(struct check *c, void *self)
{
	const struct domain_check *dc = self;

	tell_known(c, dc);
	for (size_t i = 0; i < dc->nsenders; i++) {
		const struct sender *s = &dc->senders[i];
		struct lookup *l = got(c, s->reverse, RRTYPE_PTR);
		struct record_set *set = view_as(c, MAILAUTH_KIND_PTR, l);

		if (set == NULL)
			continue;
		list_set(c, set);
		if (is_absent(l))
			tell_missing_name(c, s, set);
		else if (is_found(l))
			tell_names(c, dc, s, set, l);
	}
}

const struct subject subject_ptr = {
	1u << MAILAUTH_KIND_PTR,
	ask,
	tell_ptr,
};
