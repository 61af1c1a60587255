/*
 * ptr.c - PTR records of sending addresses, confirmed by address records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/ptr.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"

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
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct dname name;

	for (size_t i = 0; i < dc->nsenders; i++) {
		const struct sender *s = &dc->senders[i];
		struct lookup *l = want(c, s->reverse, RRTYPE_PTR);

		want(c, misplaced(c, s), RRTYPE_PTR);
		want(c, s->host, RRTYPE_PTR);
		for (size_t k = 0;
		     is_found(l) && k < l->answer.nrr && k < HOSTS_MAX; k++)
			if (ptr_parse(&l->answer.rr[k], &name))
				want_host(c, name_of_wire(c, &name));
	}
}

/* Counts over the names of one address. */
struct names {
	size_t n, confirmed, unknown;
	bool expected; /* the sender's own name is confirmed */
	struct mailauth_str first;
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
	struct names n = { 0 };

	look_at_names(c, s, set, l, &n);
	if (n.confirmed == 0 && n.unknown == 0)
		tell(c, set, MAILAUTH_F_PTR_FCRDNS_FAIL, STR_NONE);
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
	if (dc->helo.n > 0 && !str_eq(dc->helo, n.first))
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

static void
tell_ptr(struct check *c, void *self)
{
	const struct domain_check *dc = self;

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
