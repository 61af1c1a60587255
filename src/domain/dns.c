/*
 * dns.c - the DNS and DNSSEC under the records of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/dname.h"
#include "base/str.h"
#include "engine/check.h"
#include "sys/clock.h"

/* Zones whose keys are looked at. */
#define ZONES_MAX 8
/* A signature that ends within this is nearly over (seconds). */
#define EXPIRY_SOON ((int64_t)3 * 24 * 3600)
/* Signers renew a signature in the last quarter of its life (RFC 6781 4.4.2
 * calls that the refresh period); one that is older was forgotten. */
#define REFRESH_PART 4
/* Levels above a name at which the SOA of its zone is looked for. */
#define SOA_LEVELS 5

/* Answers before anybody looks at them. */

/* The name that stands beside `name` and that nobody has. */
static struct mailauth_str
beside(struct check *c, struct mailauth_str name)
{
	return name_below(c, c->stranger, dname_parent(name));
}

static bool
has_rdata(const struct mailauth_answer *a, const struct mailauth_rdata *rr)
{
	for (size_t i = 0; i < a->nrr; i++)
		if (a->rr[i].len == rr->len &&
		    memcmp(a->rr[i].data, rr->data, rr->len) == 0)
			return true;
	return false;
}

static bool
same_records(const struct mailauth_answer *a, const struct mailauth_answer *b)
{
	if (a->nrr != b->nrr)
		return false;
	for (size_t i = 0; i < a->nrr; i++)
		if (!has_rdata(b, &a->rr[i]))
			return false;
	return true;
}

/* Without signatures a wildcard shows only by answering for everybody: at this
 * level of names, or at one above it in the domain. */
static void
mark_wildcard(struct check *c, struct lookup *l)
{
	struct mailauth_str name = l->answer.name;

	if (!is_found(l) || str_eq(dname_first(name), c->stranger))
		return;
	while (name.n > 1) {
		const struct lookup *other =
		    got(c, beside(c, name), l->answer.rrtype);

		if (is_found(other) &&
		    same_records(&l->answer, &other->answer)) {
			l->answer.flags |= MAILAUTH_ANSWER_WILDCARD;
			return;
		}
		if (str_eq(name, c->domain))
			return;
		name = dname_parent(name);
	}
}

/* A zone above the name was seen, so its servers do know it. */
static bool
zone_is_known(struct check *c, const struct lookup *l, bool *pending)
{
	struct mailauth_str name = l->answer.name;

	for (int i = 0; i < SOA_LEVELS && name.n > 1; i++) {
		struct lookup *soa = want(c, name, RRTYPE_SOA);

		if (is_found(soa))
			return true;
		*pending = *pending || (soa != NULL && !is_done(soa));
		name = dname_parent(name);
	}
	return false;
}

/* "No such record" without the SOA record that belongs to it is also what a
 * server says that has never heard of the zone. */
static void
confirm(struct check *c, struct lookup *l)
{
	bool pending = false;

	if (zone_is_known(c, l, &pending) ||
	    l->answer.dnssec == MAILAUTH_DNSSEC_SECURE) {
		l->state = LOOKUP_DONE;
	} else if (!pending) {
		l->state = LOOKUP_DONE;
		l->answer.outcome = MAILAUTH_FAILED;
		l->answer.cause = MAILAUTH_CAUSE_LAME;
		l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
		l->answer.why = STR("an empty answer without the SOA record "
		                    "of any zone");
	}
}

void
settle(struct check *c)
{
	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		if (l->state == LOOKUP_HELD)
			confirm(c, l);
		else if (l->server < 0)
			mark_wildcard(c, l);
	}
}

/* Aliases hop by hop. */

/* The state of the chain as a whole is that of its weakest link, so it says
 * nothing about the others unless all are proved. */
static bool
needs_hops(const struct lookup *l)
{
	return is_done(l) && !is_failed(l) && l->answer.nchain > 0 &&
	    l->server < 0 && l->answer.dnssec != MAILAUTH_DNSSEC_SECURE &&
	    l->answer.dnssec != MAILAUTH_DNSSEC_UNCHECKED;
}

/* Hop `i` of the chain: an alias, or at the end the records themselves. */
static struct hop
hop_at(const struct lookup *l, size_t i)
{
	const struct mailauth_answer *a = &l->answer;

	return (struct hop){ i == 0 ? a->name : a->chain[i - 1],
		i < a->nchain ? RRTYPE_CNAME : a->rrtype,
		MAILAUTH_DNSSEC_UNCHECKED };
}

static void
want_hops(struct check *c)
{
	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		if (!needs_hops(l))
			continue;
		for (size_t i = 0; i <= l->answer.nchain; i++) {
			struct hop h = hop_at(l, i);

			want(c, h.name, h.rrtype);
		}
	}
}

static void
tell_hops(struct check *c, struct view *v)
{
	const struct lookup *l = v->lookup;
	size_t n = l->answer.nchain + 1, secure = 0;
	struct hop *hops;

	if (!needs_hops(l))
		return;
	hops = arena_alloc(&c->report->arena, n * sizeof(*hops));
	if (hops == NULL)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct lookup *one;

		hops[i] = hop_at(l, i);
		one = got(c, hops[i].name, hops[i].rrtype);
		if (is_done(one))
			hops[i].dnssec = one->answer.dnssec;
		secure += hops[i].dnssec == MAILAUTH_DNSSEC_SECURE;
	}
	v->item->hops = hops;
	v->item->nhops = n;
	if (secure > 0 && secure < n)
		tell(c, v->item, MAILAUTH_F_DNSSEC_CHAIN_MIXED, STR_NONE);
}

/* Signatures and keys. */

/* The zones that signed the answers, each once. */
static size_t
signers(struct check *c, struct mailauth_str out[ZONES_MAX])
{
	size_t n = 0;

	for (const struct lookup *l = c->lookups; l != NULL; l = l->next) {
		for (size_t i = 0; is_done(l) && i < l->nsigs; i++) {
			bool known = l->sigs[i].signer.n <= 1;

			for (size_t k = 0; k < n; k++)
				known =
				    known || str_eq(out[k], l->sigs[i].signer);
			if (!known && n < ZONES_MAX)
				out[n++] = l->sigs[i].signer;
		}
	}
	return n;
}

/* RFC 8624 3.1: MUST NOT or NOT RECOMMENDED for signing. */
static const char *
weak_algorithm(uint8_t algorithm)
{
	switch (algorithm) {
	case 1: return "RSAMD5";
	case 3: return "DSA";
	case 5: return "RSASHA1";
	case 6: return "DSA-NSEC3-SHA1";
	case 7: return "RSASHA1-NSEC3-SHA1";
	case 12: return "ECC-GOST";
	default: return NULL;
	}
}

/* Bits of the modulus of an RSA DNSKEY (RFC 3110 2); 0 for others. */
static unsigned
rsa_bits(const struct mailauth_rdata *rr)
{
	struct cursor c = cursor_of(rr->data, rr->len);
	uint8_t algorithm;
	size_t exponent;

	cursor_u16(&c); /* flags */
	cursor_u8(&c); /* protocol */
	algorithm = cursor_u8(&c);
	if (algorithm != 5 && algorithm != 7 && algorithm != 8 &&
	    algorithm != 10)
		return 0;
	exponent = cursor_u8(&c);
	if (exponent == 0)
		exponent = cursor_u16(&c);
	cursor_take(&c, exponent);
	return (unsigned)cursor_left(&c) * 8;
}

static void
tell_weak(struct check *c, struct mailauth_str zone, const char *what)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, zone);
	put_char(&w, ' ');
	put_text(&w, what);
	tell(c, NULL, MAILAUTH_F_DNSSEC_WEAK_ALGORITHM, writer_str(&w));
}

static void
tell_zone(struct check *c, struct mailauth_str zone)
{
	const struct lookup *keys = got(c, zone, RRTYPE_DNSKEY);
	const struct lookup *ds = got(c, zone, RRTYPE_DS);

	for (size_t i = 0; is_found(keys) && i < keys->answer.nrr; i++) {
		const struct mailauth_rdata *rr = &keys->answer.rr[i];
		const char *weak =
		    rr->len > 3 ? weak_algorithm(rr->data[3]) : NULL;
		unsigned bits = rsa_bits(rr);

		if (weak != NULL)
			tell_weak(c, zone, weak);
		else if (bits > 0 && bits < 2048)
			tell_weak(c, zone,
			    bits < 1024 ? "RSA key below 1024 bits" :
			                  "RSA key below 2048 bits");
	}
	for (size_t i = 0; is_found(ds) && i < ds->answer.nrr; i++)
		if (ds->answer.rr[i].len > 3 && ds->answer.rr[i].data[3] == 1)
			tell_weak(c, zone, "SHA-1 digest in DS");
}

static void
tell_expiry(struct check *c, const struct view *v)
{
	int64_t now = clock_utc();

	for (size_t i = 0; i < v->lookup->nsigs; i++) {
		const struct sig *s = &v->lookup->sigs[i];
		/* Serial number arithmetic (RFC 4034 3.1.5). */
		int32_t left = (int32_t)(s->expiration - (uint32_t)now);
		int32_t life = (int32_t)(s->expiration - s->inception);

		if (v->lookup->answer.dnssec != MAILAUTH_DNSSEC_SECURE ||
		    left >= EXPIRY_SOON || left >= life / REFRESH_PART)
			continue;
		tell(c, v->item, MAILAUTH_F_DNSSEC_RRSIG_EXPIRING, s->signer);
		return;
	}
}

/* Names. */

/* An alias and other records at one name: the answers differ by type. Types
 * that stand beside an alias or above the zone cut do not count. */
static void
tell_cname_and_data(struct check *c, const struct view *v)
{
	const struct lookup *l = v->lookup, *o;

	if (!is_done(l) || !l->has_cname)
		return;
	for (o = c->lookups; o != NULL; o = o->next) {
		if (!is_found(o) || o->has_cname || o->server >= 0 ||
		    !str_eq(o->answer.name, l->answer.name) ||
		    o->answer.rrtype == RRTYPE_CNAME ||
		    o->answer.rrtype == RRTYPE_DS)
			continue;
		tell(c, v->item, MAILAUTH_F_DNS_CNAME_AND_DATA, STR_NONE);
		return;
	}
}

/* Records that were to be at this name may be at it with the zone behind. */
static struct mailauth_str
doubled(struct check *c, const struct lookup *l)
{
	struct mailauth_str zone = l->answer.zone;

	return name_below(c, l->answer.name, zone.n > 1 ? zone : c->domain);
}

/* The records a domain is expected to have, by number: kind and owner. */
static bool
expected(struct check *c, size_t i, enum mailauth_kind_id *kind,
    struct mailauth_str *owner)
{
	if (i == 0) {
		*kind = MAILAUTH_KIND_SPF;
		*owner = c->domain;
	} else if (i == 1) {
		*kind = MAILAUTH_KIND_DMARC;
		*owner = name_below(c, STR("_dmarc"), c->domain);
	} else if (i == 2) {
		*kind = MAILAUTH_KIND_BIMI;
		*owner = c->bimi_owner;
	} else if (i < 3 + c->nselectors) {
		*kind = MAILAUTH_KIND_DKIM;
		*owner = c->selectors[i - 3].owner;
	} else {
		return false;
	}
	return true;
}

static bool
is_none(const struct item *item)
{
	return item != NULL && item->j.verdict == MAILAUTH_NONE;
}

static void
want_doubled(struct check *c)
{
	enum mailauth_kind_id kind;
	struct mailauth_str owner;

	for (size_t i = 0; expected(c, i, &kind, &owner); i++) {
		const struct lookup *l = got(c, owner, RRTYPE_TXT);

		/* Only who asked for it wants to know. */
		if (is_done(l) &&
		    is_none(view_as(c, kind, got(c, owner, RRTYPE_TXT))))
			want(c, doubled(c, l), RRTYPE_TXT);
	}
}

static void
tell_doubled(struct check *c)
{
	enum mailauth_kind_id kind;
	struct mailauth_str owner;

	for (size_t i = 0; expected(c, i, &kind, &owner); i++) {
		const struct lookup *l = got(c, owner, RRTYPE_TXT);
		const struct item *item, *there;

		item = view_as(c, kind, got(c, owner, RRTYPE_TXT));
		if (!is_none(item))
			continue;
		there = view_as(c, kind, got(c, doubled(c, l), RRTYPE_TXT));
		if (!is_placed(there))
			continue;
		tell(c, item, MAILAUTH_F_TXT_OWNER_DOUBLED,
		    there->answer->name);
		tell(c, item, (enum mailauth_finding_id)kind_at(kind)->doubled,
		    there->answer->name);
	}
}

/* A wildcard for the whole domain, and a name it does not reach. */
static void
tell_blocked(struct check *c, const struct view *v)
{
	const struct lookup *other =
	    got(c, name_below(c, c->stranger, c->domain), RRTYPE_TXT);

	if (v->kind->service && !v->kind->optional && is_absent(v->lookup) &&
	    is_found(other) && dname_under(v->lookup->answer.name, c->domain))
		tell(c, v->item, MAILAUTH_F_DNS_WILDCARD_BLOCKS, STR_NONE);
}

/* Names that cannot be made of this domain. */
static void
tell_too_long(struct check *c)
{
	static const struct mailauth_str prefixes[] = { STR_INIT("_dmarc"),
		STR_INIT("_domainkey"), STR_INIT("_adsp._domainkey") };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (name_below(c, prefixes[i], c->domain).n == 0)
			tell(c, NULL, MAILAUTH_F_DNS_LABEL_TOO_LONG,
			    prefixes[i]);
	for (size_t i = 0; i < c->nselectors; i++)
		if (c->selectors[i].too_long)
			tell(c, NULL, MAILAUTH_F_DNS_LABEL_TOO_LONG,
			    shown(c, c->selectors[i].text));
}

/* Servers compared. */

static const uint16_t compared_types[] = { RRTYPE_SOA, RRTYPE_TXT, RRTYPE_MX };

static void
want_server(struct check *c, const char *addr)
{
	int i = c->nservers < COMPARED_MAX ?
	    c->resolver->add_server(c->resolver, addr) :
	    -1;

	if (i < 0)
		c->uncompared = true;
	else
		c->servers[c->nservers++] = i;
}

/* The name servers of the zone, by address, once. */
static void
find_servers(struct check *c)
{
	struct lookup *ns = want(c, c->domain, RRTYPE_NS);
	struct dname wire;
	struct host h;

	if (c->nservers > 0 || !is_found(ns))
		return;
	for (size_t i = 0; i < ns->answer.nrr && i < COMPARED_MAX; i++) {
		struct cursor r =
		    cursor_of(ns->answer.rr[i].data, ns->answer.rr[i].len);

		if (dname_read(&r, false, &wire))
			want_host(c, name_of_wire(c, &wire));
	}
	if (c->pending > 0)
		return;
	for (size_t i = 0; i < ns->answer.nrr && i < COMPARED_MAX; i++) {
		struct cursor r =
		    cursor_of(ns->answer.rr[i].data, ns->answer.rr[i].len);

		if (!dname_read(&r, false, &wire))
			continue;
		host_of(c, name_of_wire(c, &wire), &h);
		for (size_t k = 0; k < h.n; k++) {
			struct writer w = arena_writer(&c->report->arena);

			put_addr(&w, &h.addr[k]);
			put_char(&w, '\0');
			if (!w.full)
				want_server(c, w.buf);
		}
	}
}

static void
want_compared(struct check *c)
{
	if (!c->request->compare_servers)
		return;
	if (c->nservers == 0 && c->nlisted > 1)
		for (size_t i = 0; i < c->nlisted; i++)
			want_server(c, c->listed[i]);
	else if (c->nlisted <= 1)
		find_servers(c);
	for (size_t i = 0; i < c->nservers; i++) {
		for (size_t t = 0;
		     t < sizeof(compared_types) / sizeof(compared_types[0]);
		     t++)
			want_from(c, c->servers[i], c->domain,
			    compared_types[t]);
		want_from(c, c->servers[i],
		    name_below(c, STR("_dmarc"), c->domain), RRTYPE_TXT);
		for (size_t k = 0; k < c->nselectors; k++)
			want_from(c, c->servers[i], c->selectors[k].owner,
			    RRTYPE_TXT);
	}
}

static bool
differs(const struct lookup *a, const struct lookup *b)
{
	if (!is_done(a) || !is_done(b) || is_failed(a) || is_failed(b))
		return false;
	return is_found(a) != is_found(b) ||
	    (is_found(a) && !same_records(&a->answer, &b->answer));
}

static void
tell_compared(struct check *c)
{
	for (const struct lookup *a = c->lookups; a != NULL; a = a->next) {
		const struct lookup *first;
		struct writer w = arena_writer(&c->report->arena);
		char room[16];

		if (a->server < 0 || a->server == c->servers[0])
			continue;
		first = got_from(c, c->servers[0], a->answer.name,
		    a->answer.rrtype);
		if (!differs(a, first))
			continue;
		put_str(&w, a->answer.name);
		put_char(&w, ' ');
		put_text(&w, name_rrtype(a->answer.rrtype, room));
		tell(c, NULL, MAILAUTH_F_DNS_INCONSISTENT_SERVERS,
		    writer_str(&w));
		return;
	}
}

/* The subject. */

static void
ask(struct check *c)
{
	struct mailauth_str zones[ZONES_MAX];
	struct mailauth_str node = name_below(c, STR("_domainkey"), c->domain);
	struct mailauth_str bimi = name_below(c, STR("_bimi"), c->domain);
	size_t n;

	want(c, c->domain, RRTYPE_SOA);
	want(c, name_below(c, c->stranger, c->domain), RRTYPE_TXT);
	want(c, name_below(c, c->stranger, node), RRTYPE_TXT);
	want(c, name_below(c, c->stranger, bimi), RRTYPE_TXT);
	if (c->org.n > 0 && !str_eq(c->org, c->domain)) {
		want(c, beside(c, c->domain), RRTYPE_TXT);
		want(c, beside(c, c->domain), RRTYPE_MX);
	}
	n = signers(c, zones);
	for (size_t i = 0; i < n; i++) {
		want(c, zones[i], RRTYPE_DNSKEY);
		want(c, zones[i], RRTYPE_DS);
	}
	want_hops(c);
	want_doubled(c);
	want_compared(c);
}

static void
tell_dns(struct check *c)
{
	struct mailauth_str zones[ZONES_MAX];
	size_t n = signers(c, zones);

	tell_validation(c);
	for (struct view *v = c->views; v != NULL; v = v->next) {
		if (!v->listed)
			continue;
		tell_hops(c, v);
		tell_expiry(c, v);
		tell_cname_and_data(c, v);
		tell_blocked(c, v);
	}
	tell_doubled(c);
	for (size_t i = 0; i < n; i++)
		tell_zone(c, zones[i]);
	tell_too_long(c);
	if (c->nservers > 1)
		tell_compared(c);
	if (c->limited)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
	if (c->uncompared)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED,
		    STR("servers compared"));
}

const struct subject subject_dns = { 0, ask, tell_dns };

static void
tell_chains(struct check *c)
{
	for (struct view *v = c->views; v != NULL; v = v->next)
		if (v->listed)
			tell_hops(c, v);
}

const struct subject subject_chains = { 0, want_hops, tell_chains };
