/*
 * mx.c - the MX records of a domain, and their hosts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/mx.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "domain/settings_check.h"

/* Call `each` for the first HOSTS_MAX hosts of an MX answer. Null MX and single
 * labels are left out: their names say enough. */
static void
each_host(struct check *c, const struct lookup *l,
    void (*each)(struct check *c, struct mailauth_str host, void *arg),
    void *arg)
{
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < HOSTS_MAX;
	     i++)
		if (mx_parse(&l->answer.rr[i], &m) && !mx_is_null(&m) &&
		    !mx_is_label(&m))
			each(c, name_of_wire(c, &m.host), arg);
}

static void
want_one(struct check *c, struct mailauth_str host, void *arg)
{
	(void)arg;
	want_host(c, host);
}

static void
want_mail_from(struct check *c, struct mailauth_str name)
{
	if (name.n == 0 || str_eq(name, c->domain))
		return;
	want(c, name, RRTYPE_MX);
	want_host(c, name);
}

static void
ask(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct lookup *l = want(c, c->domain, RRTYPE_MX);

	want_host(c, c->domain);
	each_host(c, l, want_one, NULL);
	for (size_t i = 0; i < dc->nsenders; i++)
		want_host(c, dc->senders[i].host);
	want_mail_from(c, dc->mail_from);
	for (size_t i = 0; settings_mail_from(dc, i).n > 0; i++)
		want_mail_from(c, settings_mail_from(dc, i));
}

/* Addresses of hosts to compare, at most. */
#define SEEN_MAX (4 * HOSTS_MAX)

/* Counts over the hosts of one MX set. */
struct tally {
	const struct domain_check *dc;
	struct record_set *set; /* the MX set */
	size_t hosts, resolved, unknown, unusable;
	struct addr seen[SEEN_MAX]; /* addresses of the hosts so far */
	size_t nseen;
	bool same_address;
	bool is_sender;
};

/* Some address of the host is one of an earlier host too. */
static void
compare_addresses(struct tally *t, const struct host *h)
{
	size_t before = t->nseen;

	for (size_t k = 0; k < h->n; k++) {
		for (size_t i = 0; i < before; i++)
			t->same_address = t->same_address ||
			    addr_eq(&t->seen[i], &h->addr[k]);
		if (t->nseen < SEEN_MAX)
			t->seen[t->nseen++] = h->addr[k];
	}
}

static void
tell_public(struct check *c, struct tally *t, struct mailauth_str name,
    const struct host *h)
{
	size_t usable = 0;
	bool loopback = false;

	for (size_t i = 0; i < h->n; i++) {
		usable += is_public(c, &h->addr[i]);
		loopback = loopback ||
		    (h->addr[i].family == 4 &&
		        (h->addr[i].octet[0] == 127 ||
		            h->addr[i].octet[0] == 0));
	}
	if (loopback)
		tell(c, t->set, MAILAUTH_F_MX_LOOPBACK_TRICK, name);
	if (usable == 0) {
		tell(c, t->set, MAILAUTH_F_MX_NONPUBLIC, name);
		t->unusable++;
	} else if (usable < h->n) {
		tell(c, t->set, MAILAUTH_F_MX_PARTIAL_NONPUBLIC, name);
	}
}

/* Put findings on a host without an address: first what its name shows. */
static void
tell_unresolvable(struct check *c, const struct record_set *set,
    struct mailauth_str name)
{
	enum mailauth_finding_id id = mx_mistake(name, c->domain);

	if (id != MAILAUTH_F_NONE && !findings_has(&set->j.findings, id))
		tell(c, set, id, name);
	tell(c, set, MAILAUTH_F_MX_UNRESOLVABLE, name);
}

static void
tell_one(struct check *c, struct mailauth_str name, void *arg)
{
	struct tally *t = arg;
	const struct domain_check *dc = t->dc;
	struct host h;

	host_of(c, name, &h);
	list_host(c, name);
	t->hosts++;
	if (h.alias)
		tell(c, t->set, MAILAUTH_F_MX_CNAME, name);
	if (h.n == 0 && h.known)
		tell_unresolvable(c, t->set, name);
	/* The failed lookups of the host are in the report; this is for the
	 * verdict on the MX records. */
	doubt_host(c, t->set, name, MAILAUTH_F_MX_LOOPBACK_TRICK);
	if (h.n == 0) {
		t->unknown += !h.known;
		return;
	}
	t->resolved++;
	tell_public(c, t, name, &h);
	compare_addresses(t, &h);
	for (size_t i = 0; i < dc->nsenders; i++)
		if (str_eq(dc->senders[i].host, name) &&
		    host_has(&h, &dc->senders[i].addr))
			t->is_sender = true;
}

static bool
names_sender(const struct domain_check *dc)
{
	for (size_t i = 0; i < dc->nsenders; i++)
		if (dc->senders[i].host.n > 0)
			return true;
	return false;
}

static void
tell_hosts(struct check *c, const struct domain_check *dc,
    struct record_set *set, const struct lookup *l)
{
	struct tally t = { .dc = dc, .set = set };

	each_host(c, l, tell_one, &t);
	if (l->answer.nrr > HOSTS_MAX)
		tell(c, set, MAILAUTH_F_LIMIT_REACHED, STR("MX hosts"));
	if (t.hosts == 0)
		return;
	if (t.resolved == 0 && t.unknown == 0)
		tell(c, set, MAILAUTH_F_MX_ALL_UNRESOLVABLE, STR_NONE);
	if (t.same_address)
		tell(c, set, MAILAUTH_F_MX_SAME_ADDRESS, STR_NONE);
	if (names_sender(dc))
		tell(c, set,
		    t.is_sender ? MAILAUTH_F_MX_POINTS_TO_SENDER :
		                  MAILAUTH_F_MX_NOT_SENDER,
		    STR_NONE);
	if (t.resolved == t.hosts && t.unusable == 0 && is_usable(c, set))
		tell(c, set, MAILAUTH_F_MX_OK, STR_NONE);
}

/* Put a finding on a domain without MX: senders use the address of the domain
 * (RFC 5321 5.1), if it has one. */
static void
tell_none(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	struct host h;

	if (dc->role.is == MAILAUTH_ROLE_ALIAS)
		return;
	if (role_no_mail(dc) == MAYBE_YES) {
		tell(c, set, MAILAUTH_F_PARKED_MX_WEAK, STR_NONE);
		return;
	}
	host_of(c, c->domain, &h);
	if (role_no_mail(dc) == MAYBE)
		doubt(c, set, dc->role.open, MAILAUTH_F_MX_MISSING);
	else if (h.n > 0)
		tell(c, set, MAILAUTH_F_MX_IMPLICIT, STR_NONE);
	else if (h.known)
		tell(c, set, MAILAUTH_F_MX_MISSING, STR_NONE);
	else
		doubt_host(c, set, c->domain, MAILAUTH_F_MX_MISSING);
}

/* The domain sends mail: the request names a sender or MAIL FROM, or the SPF
 * record lets some host send. */
static bool
sends(const struct domain_check *dc)
{
	return dc->nsenders > 0 || dc->mail_from.n > 0 ||
	    dc->role.passes == PASSES_SOME;
}

static void
tell_mail_from(struct check *c, struct mailauth_str name)
{
	struct lookup *l = got(c, name, RRTYPE_MX);
	struct record_set *set = view_as(c, MAILAUTH_KIND_MX, l);

	if (set == NULL || str_eq(name, c->domain) || is_listed(c, set))
		return;
	list_set(c, set);
	if (is_absent(l))
		tell(c, set, MAILAUTH_F_MX_AT_SUBDOMAIN_MISSING, STR_NONE);
	if (findings_has(&set->j.findings, MAILAUTH_F_MX_NULL))
		tell(c, set, MAILAUTH_F_MX_NULL_ON_SENDER, STR_NONE);
}

/* Add the addresses of one type to those of a host. False when they are not
 * known: no addresses is an answer too. */
static bool
add_addresses(struct check *c, struct value *list, struct mailauth_str host,
    uint16_t rrtype)
{
	struct arena *a = &c->report->arena;
	struct lookup *l = got(c, host, rrtype);
	struct addr addr;

	if (is_absent(l))
		return true;
	if (!is_found(l))
		return false;
	for (size_t i = 0; i < l->answer.nrr; i++) {
		struct writer w = arena_writer(a);

		if (!addr_of_rdata(l->answer.rr[i].data, l->answer.rr[i].len,
		        &addr))
			continue;
		put_addr(&w, &addr);
		value_add_word(a, list, NULL, writer_str(&w));
	}
	return true;
}

/* Add the addresses of the hosts to the values of a set. */
static void
value_addresses(struct check *c, const struct record_set *set)
{
	struct arena *a = &c->report->arena;
	const struct value *hosts = value_get(set->values, "hosts");
	struct value *h = hosts != NULL ? hosts->first : NULL;

	for (; h != NULL; h = h->next) {
		struct mailauth_str host = name_of(c, value_text(h, "host"));
		struct value *list = value_add_list(a, h, "addresses");
		bool all = add_addresses(c, list, host, RRTYPE_A);

		all = add_addresses(c, list, host, RRTYPE_AAAA) && all;
		value_add_flag(a, h, "complete", all);
	}
}

static void
tell_mx(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct record_set *set = view_as(c, MAILAUTH_KIND_MX, l);

	if (set == NULL)
		return;
	list_set(c, set);
	value_addresses(c, set);
	if (is_absent(l))
		tell_none(c, dc, set);
	else if (is_found(l))
		tell_hosts(c, dc, set, l);
	if (findings_has(&set->j.findings, MAILAUTH_F_MX_NULL)) {
		if (dc->role.is == MAILAUTH_ROLE_NO_MAIL)
			tell(c, set, MAILAUTH_F_PARKED_MX_OK, STR_NONE);
		if (sends(dc))
			tell(c, set, MAILAUTH_F_MX_NULL_ON_SENDER, STR_NONE);
		else if (dc->role.passes == PASSES_UNKNOWN)
			doubt(c, set, dc->role.open,
			    MAILAUTH_F_MX_NULL_ON_SENDER);
		else
			doubt(c, set, got(c, c->domain, RRTYPE_TXT),
			    MAILAUTH_F_MX_NULL_ON_SENDER);
	}
	tell_mail_from(c, dc->mail_from);
	for (size_t i = 0; settings_mail_from(dc, i).n > 0; i++)
		tell_mail_from(c, settings_mail_from(dc, i));
}

const struct subject subject_mx = {
	1u << MAILAUTH_KIND_MX,
	ask,
	tell_mx,
};
