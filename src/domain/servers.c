/*
 * servers.c - the name servers of a zone compared, question by question
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each server is asked what the subjects have asked of the zone: what they
 * found, and the names of the policies and keys whether or not they found any.
 * An alias is compared as such, since its target may be in another zone, where
 * these servers answer nothing; so may be a name that is delegated.
 */
#include "base/cursor.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "judge/names.h"
#include "judge/verdict.h"

/* Questions to all servers together. */
#define COMPARED_QUESTIONS 4096
/* Questions that one finding lists. */
#define DIFFERENT_MAX 4u

/* Add a server. */
static void
want_server(struct check *c, struct domain_check *dc, struct mailauth_str name,
    struct mailauth_str addr)
{
	struct comparison *all = &dc->comparison;
	struct writer w = arena_writer(&c->report->arena);
	int number = -1;

	put_str(&w, addr);
	put_char(&w, '\0');
	if (!w.full && all->n < COMPARED_MAX)
		number = c->resolver->add_server(c->resolver, w.buf);
	all->left_out = all->left_out || number < 0;
	if (all->n == COMPARED_MAX) {
		all->first_left = addr;
		return;
	}
	all->at[all->n++] = (struct compared){ name, addr, number };
}

/* The zone of a name: the name of the NS records that are found at it or above
 * it; `*ns` is the lookup that found them. While a lookup is pending, or when
 * one has failed, `*ns` is that one and the result STR_NONE. */
static struct mailauth_str
zone_of(struct check *c, struct mailauth_str name, const struct lookup **ns)
{
	while (name.n > 1) {
		*ns = want(c, name, RRTYPE_NS);
		if (!is_done(*ns) || is_failed(*ns))
			return STR_NONE;
		/* NS records behind an alias are those of another zone. */
		if (is_found(*ns) && (*ns)->answer.nchain == 0)
			return name;
		name = dname_parent(name);
	}
	return STR_NONE;
}

/* Host `i` of NS records; STR_NONE for data that is no name. */
static struct mailauth_str
ns_host(struct check *c, const struct lookup *ns, size_t i)
{
	struct cursor r =
	    cursor_of(ns->answer.rr[i].data, ns->answer.rr[i].len);
	struct dname wire;

	return dname_read(&r, false, &wire) ? name_of_wire(c, &wire) : STR_NONE;
}

/* Find the name servers of the zone, once: first ask for NS, then for the
 * addresses, and when all lookups have finished, give each address to the
 * resolver as a server. Waiting for all lookups keeps the list complete. */
static void
find_servers(struct check *c, struct domain_check *dc)
{
	const struct lookup *ns = NULL;
	struct mailauth_str zone = zone_of(c, c->domain, &ns);
	struct host h;

	if (zone.n == 0)
		return;
	for (size_t i = 0; i < ns->answer.nrr; i++)
		want_host(c, ns_host(c, ns, i));
	if (check_is_pending(c))
		return;
	dc->comparison.chosen = true;
	dc->comparison.zone = zone;
	for (size_t i = 0; i < ns->answer.nrr; i++) {
		struct mailauth_str name = ns_host(c, ns, i);

		host_of(c, name, &h);
		for (size_t k = 0; k < h.n; k++)
			want_server(c, dc, name, addr_text(c, &h.addr[k]));
	}
}

/* The user listed several servers: these are compared. */
static bool
is_listed_comparison(const struct check *c)
{
	return c->resolver->nlisted > 1;
}

/* Find the servers: those that the user listed when there are several, else
 * those of the zone. */
static void
choose_servers(struct check *c, struct domain_check *dc)
{
	struct comparison *all = &dc->comparison;

	if (!is_listed_comparison(c)) {
		find_servers(c, dc);
		return;
	}
	all->chosen = true;
	all->zone = c->org.n > 0 ? c->org : c->domain;
	for (size_t i = 0; i < c->resolver->nlisted; i++)
		want_server(c, dc, STR_NONE, str_of(c->resolver->listed[i]));
}

/* Ask all servers one question. */
static void
want_from_all(struct check *c, struct comparison *all, struct mailauth_str name,
    uint16_t rrtype)
{
	bool fresh = false;

	for (size_t i = 0; i < all->n; i++)
		fresh = fresh ||
		    (all->at[i].number >= 0 &&
		        got_from(c, all->at[i].number, name, rrtype) == NULL);
	if (!fresh)
		return;
	if (all->questions + all->n > COMPARED_QUESTIONS) {
		all->cut = true;
		return;
	}
	all->questions += all->n;
	check_allow(c, all->n);
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].number >= 0)
			want_from(c, all->at[i].number, name, rrtype);
}

/* What the servers of the zone say to this question is compared, even when that
 * is nothing: the owner of a policy or of a key, and the domain itself. */
static bool
is_awaited(const struct check *c, const struct domain_check *dc,
    const struct lookup *l)
{
	struct mailauth_str name = l->answer.name;
	const struct mailauth_kind *kind =
	    kind_of_owner(name, l->answer.rrtype);

	if (str_eq(name, c->domain))
		return true;
	if (kind == NULL || kind->owner == NULL || kind->owner[0] == '@')
		return false;
	if (kind->owner[0] != '*' || str_eq(name, dc->bimi_owner))
		return true;
	for (size_t i = 0; i < dc->nselectors; i++)
		if (str_eq(name, dc->selectors[i].owner))
			return true;
	return false;
}

/* The servers are to answer this lookup: it is of records in their zone that
 * the check looks at. */
static bool
is_compared(const struct check *c, const struct domain_check *dc,
    const struct lookup *l)
{
	uint16_t type = l->answer.rrtype;

	return l->server < 0 && is_done(l) &&
	    dname_under(l->answer.name, dc->comparison.zone) &&
	    type != RRTYPE_NS && type != RRTYPE_DS && type != RRTYPE_DNSKEY &&
	    !str_eq(dname_first(l->answer.name), c->stranger) &&
	    (is_found(l) || l->answer.nchain > 0 || is_awaited(c, dc, l));
}

/* Ask all servers for what a lookup was of: the records, or each alias that led
 * to them as far as it is in the zone. */
static void
want_alike(struct check *c, struct domain_check *dc, const struct lookup *l)
{
	struct comparison *all = &dc->comparison;
	const struct mailauth_answer *a = &l->answer;
	struct mailauth_str name = a->name;
	const struct lookup *alias = NULL;

	/* A failed lookup does not show whether there is an alias. */
	if (is_failed(l) && a->nchain == 0) {
		alias = want(c, name, RRTYPE_CNAME);
		if (!is_done(alias))
			return;
	}
	if (is_found(alias)) {
		want_from_all(c, all, name, RRTYPE_CNAME);
		return;
	}
	for (size_t i = 0; i < a->nchain && dname_under(name, all->zone); i++) {
		want_from_all(c, all, name, RRTYPE_CNAME);
		name = a->chain[i];
	}
	if (dname_under(name, all->zone))
		want_from_all(c, all, name, a->rrtype);
}

/* The server said that others serve the zone of this name. */
static bool
is_referred(const struct lookup *l)
{
	return l->server >= 0 && is_failed(l) &&
	    l->answer.cause == MAILAUTH_CAUSE_LAME;
}

/* Name servers below the zone have this name. */
static bool
is_delegated(struct check *c, const struct domain_check *dc,
    const struct lookup *l)
{
	const struct lookup *ns;

	return zone_of(c, l->answer.name, &ns).n > dc->comparison.zone.n;
}

void
servers_want(struct check *c, struct domain_check *dc)
{
	if (!dc->request->compare_servers)
		return;
	if (!dc->comparison.chosen)
		choose_servers(c, dc);
	if (!dc->comparison.chosen)
		return;
	for (struct lookup *l = check_lookups(c); l != NULL; l = l->next) {
		if (is_compared(c, dc, l))
			want_alike(c, dc, l);
		else if (is_referred(l))
			is_delegated(c, dc, l);
	}
}

/* Both servers answered, and their answers differ. A server that fails to
 * answer does not differ. */
static bool
differs(const struct lookup *a, const struct lookup *b)
{
	if (!is_done(a) || !is_done(b) || is_failed(a) || is_failed(b))
		return false;
	return is_found(a) != is_found(b) ||
	    (is_found(a) && !same_records(&a->answer, &b->answer));
}

/* The same question at the first server that answered it. */
static const struct lookup *
first_answer(const struct check *c, const struct domain_check *dc,
    const struct lookup *like)
{
	for (size_t i = 0; i < dc->comparison.n; i++) {
		int number = dc->comparison.at[i].number;
		const struct lookup *l = number < 0 ?
		    NULL :
		    got_from(c, number, like->answer.name, like->answer.rrtype);

		if (is_done(l) && !is_failed(l))
			return l;
	}
	return NULL;
}

/* The answer differs from that of the first server, and no server before has
 * shown that of this question. */
static bool
is_new_difference(const struct check *c, const struct domain_check *dc,
    const struct lookup *a)
{
	const struct lookup *first;

	if (a->server < 0)
		return false;
	first = first_answer(c, dc, a);
	for (int i = 0; i < a->server; i++)
		if (differs(got_from(c, i, a->answer.name, a->answer.rrtype),
		        first))
			return false;
	return differs(a, first);
}

/* Put a finding on the questions to which answers differ. */
static void
tell_compared(struct check *c, const struct domain_check *dc)
{
	struct writer w = arena_writer(&c->report->arena);
	unsigned n = 0;

	for (const struct lookup *a = check_lookups(c); a != NULL;
	     a = a->next) {
		char room[16];

		if (!is_new_difference(c, dc, a) || n++ >= DIFFERENT_MAX)
			continue;
		put_text(&w, n > 1 ? ", " : "");
		put_str(&w, a->answer.name);
		put_char(&w, ' ');
		put_text(&w, name_rrtype(a->answer.rrtype, room));
	}
	if (n > DIFFERENT_MAX) {
		put_text(&w, " and ");
		put_number(&w, n - DIFFERENT_MAX);
		put_text(&w, " more");
	}
	if (n > 0)
		tell(c, NULL, MAILAUTH_F_DNS_INCONSISTENT_SERVERS,
		    writer_str(&w));
}

/* Write a question that has failed, and the sentence of its cause. */
static void
put_failed(struct writer *w, const struct lookup *l)
{
	struct mailauth_findings found;
	char room[16];

	findings_clear(&found);
	judge_lookup(&l->answer, &found);
	put_str(w, l->answer.name);
	put_char(w, ' ');
	put_text(w, name_rrtype(l->answer.rrtype, room));
	if (found.count > 0) {
		put_text(w, ": ");
		put_text(w, finding_row(found.at[0].id)->sentence);
	}
}

/* Put a finding on a host of NS records that has no address, or whose addresses
 * are not all known. */
static void
tell_host(struct check *c, struct mailauth_str name)
{
	const struct lookup *a = got(c, name, RRTYPE_A);
	const struct lookup *aaaa = got(c, name, RRTYPE_AAAA);
	struct writer w = arena_writer(&c->report->arena);
	struct host h;

	host_of(c, name, &h);
	if (h.known && h.n > 0)
		return;
	if (h.known || name.n == 0) {
		put_str(&w, name.n > 0 ? name : STR("an NS record"));
		put_text(&w, ": the name has no address");
	} else {
		put_failed(&w, is_failed(a) || aaaa == NULL ? a : aaaa);
	}
	tell(c, NULL, MAILAUTH_F_DNS_SERVER_UNANSWERED, writer_str(&w));
}

/* Put findings on the NS records, where they lead to no server. */
static void
tell_hosts(struct check *c)
{
	const struct lookup *ns = NULL;

	if (zone_of(c, c->domain, &ns).n > 0) {
		for (size_t i = 0; i < ns->answer.nrr; i++)
			tell_host(c, ns_host(c, ns, i));
	} else {
		struct writer w = arena_writer(&c->report->arena);

		if (is_failed(ns))
			put_failed(&w, ns);
		else
			put_text(&w, "no NS record was found");
		tell(c, NULL, MAILAUTH_F_DNS_SERVER_UNANSWERED, writer_str(&w));
	}
}

/* Put a finding on a server that left a question without an answer, with the
 * first such question. */
static void
tell_unanswered(struct check *c, const struct domain_check *dc,
    const struct compared *s)
{
	struct writer w = arena_writer(&c->report->arena);
	const struct lookup *l = check_lookups(c);

	while (s->number >= 0 && l != NULL &&
	    (l->server != s->number || !is_failed(l) ||
	        (is_referred(l) && is_delegated(c, dc, l))))
		l = l->next;
	if (l == NULL)
		return;
	put_str(&w, s->addr);
	if (s->name.n > 0) {
		put_text(&w, " (");
		put_str(&w, s->name);
		put_char(&w, ')');
	}
	put_text(&w, ": ");
	if (s->number < 0)
		put_text(&w, "it cannot be asked");
	else
		put_failed(&w, l);
	tell(c, NULL, MAILAUTH_F_DNS_SERVER_UNANSWERED, writer_str(&w));
}

void
servers_tell(struct check *c, const struct domain_check *dc)
{
	const struct comparison *all = &dc->comparison;

	if (!dc->request->compare_servers)
		return;
	tell_compared(c, dc);
	if (!is_listed_comparison(c))
		tell_hosts(c);
	for (size_t i = 0; i < all->n; i++)
		tell_unanswered(c, dc, &all->at[i]);
	if (all->first_left.n > 0)
		tell(c, NULL, MAILAUTH_F_DNS_SERVER_UNANSWERED,
		    all->first_left);
	if (all->left_out)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED,
		    STR("servers compared"));
	if (all->cut)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED,
		    STR("questions to the servers compared"));
}
