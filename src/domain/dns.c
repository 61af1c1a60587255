/*
 * dns.c - the DNS and DNSSEC under the records of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This subject judges no record of its own. It works over the lookups and views
 * of all other subjects, so its tell() must run last: signatures and keys of
 * the zones that signed answers, names where records were published by mistake,
 * and name servers that disagree (servers.c).
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"
#include "judge/names.h"
#include "judge/verdict.h"
#include "sys/clock.h"

/* Zones whose keys are examined. */
#define ZONES_MAX 8
/* A signature with less time left than this expires soon (seconds). */
#define EXPIRY_SOON ((int64_t)3 * 24 * 3600)
/* Signers renew a signature before the last quarter of its life (RFC 6781
 * 4.4.2: the refresh period). A signature in that quarter looks forgotten; one
 * before it may be short-lived by design. */
#define REFRESH_PART 4

/* Signatures and keys. */

/* The zones that signed the answers, each once, without the root. */
static size_t
signers(struct check *c, struct mailauth_str out[ZONES_MAX])
{
	size_t n = 0;

	for (const struct lookup *l = check_lookups(c); l != NULL;
	     l = l->next) {
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

/* Put findings on weak keys of a zone (DNSKEY), and on SHA-1 in the DS records
 * that its parent publishes. */
static void
tell_zone(struct check *c, struct mailauth_str zone)
{
	const struct lookup *keys = got(c, zone, RRTYPE_DNSKEY);
	const struct lookup *ds = got(c, zone, RRTYPE_DS);

	doubt(c, NULL, keys, MAILAUTH_F_DNSSEC_WEAK_ALGORITHM);
	doubt(c, NULL, ds, MAILAUTH_F_DNSSEC_WEAK_ALGORITHM);
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

/* Put a finding on a signature that expires soon and is not renewed. Only for
 * SECURE answers: others have findings of their own. */
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
		tell(c, v->set, MAILAUTH_F_DNSSEC_RRSIG_EXPIRING, s->signer);
		return;
	}
}

/* Names. */

/* Put a finding on a name with an alias and other records: then one type is
 * answered through the alias, and another without it. CNAME itself does not
 * count, nor does DS, which is above the zone cut. */
static void
tell_cname_and_data(struct check *c, const struct view *v)
{
	const struct lookup *l = v->lookup, *o;

	if (!is_done(l) || !l->has_cname)
		return;
	for (o = check_lookups(c); o != NULL; o = o->next) {
		if (o->server < 0 && o->answer.rrtype != RRTYPE_CNAME &&
		    o->answer.rrtype != RRTYPE_DS &&
		    str_eq(o->answer.name, l->answer.name))
			doubt(c, v->set, o, MAILAUTH_F_DNS_CNAME_AND_DATA);
		if (!is_found(o) || o->has_cname || o->server >= 0 ||
		    !str_eq(o->answer.name, l->answer.name) ||
		    o->answer.rrtype == RRTYPE_CNAME ||
		    o->answer.rrtype == RRTYPE_DS)
			continue;
		tell(c, v->set, MAILAUTH_F_DNS_CNAME_AND_DATA, STR_NONE);
		return;
	}
}

/* The name with its zone appended again: where a record is when its owner in
 * the zone file lacks the final dot. */
static struct mailauth_str
doubled(struct check *c, const struct lookup *l)
{
	struct mailauth_str zone = l->answer.zone;

	return name_below(c, l->answer.name, zone.n > 1 ? zone : c->domain);
}

/* Record `i` of those that a domain should have, as kind and owner; false
 * behind the last one. */
static bool
expected(struct check *c, const struct domain_check *dc, size_t i,
    enum mailauth_kind_id *kind, struct mailauth_str *owner)
{
	if (i == 0) {
		*kind = MAILAUTH_KIND_SPF;
		*owner = c->domain;
	} else if (i == 1) {
		*kind = MAILAUTH_KIND_DMARC;
		*owner = name_below(c, STR("_dmarc"), c->domain);
	} else if (i == 2) {
		*kind = MAILAUTH_KIND_BIMI;
		*owner = dc->bimi_owner;
	} else if (i < 3 + dc->nselectors) {
		*kind = MAILAUTH_KIND_DKIM;
		*owner = dc->selectors[i - 3].owner;
	} else {
		return false;
	}
	return true;
}

/* Ask at the doubled name of each record that is certain to be missing. */
static void
want_doubled(struct check *c, const struct domain_check *dc)
{
	enum mailauth_kind_id kind;
	struct mailauth_str owner;

	for (size_t i = 0; expected(c, dc, i, &kind, &owner); i++) {
		const struct lookup *l = got(c, owner, RRTYPE_TXT);

		/* Some kinds may be left out of the check: got() finds only the
		 * lookups that their subjects made. */
		if (is_done(l) &&
		    is_none(view_as(c, kind, got(c, owner, RRTYPE_TXT))))
			want(c, doubled(c, l), RRTYPE_TXT);
	}
}

static void
tell_doubled(struct check *c, const struct domain_check *dc)
{
	enum mailauth_kind_id kind;
	struct mailauth_str owner;

	for (size_t i = 0; expected(c, dc, i, &kind, &owner); i++) {
		const struct lookup *l = got(c, owner, RRTYPE_TXT);
		const struct record_set *set, *there;

		set = view_as(c, kind, got(c, owner, RRTYPE_TXT));
		if (!is_none(set))
			continue;
		doubt(c, set, got(c, doubled(c, l), RRTYPE_TXT),
		    MAILAUTH_F_TXT_OWNER_DOUBLED);
		there = view_as(c, kind, got(c, doubled(c, l), RRTYPE_TXT));
		if (!is_placed(there))
			continue;
		tell(c, set, MAILAUTH_F_TXT_OWNER_DOUBLED, there->answer->name);
		tell(c, set, (enum mailauth_finding_id)kind_at(kind)->doubled,
		    there->answer->name);
	}
}

/* Put a finding on a missing record under a domain with a wildcard: a name that
 * exists, or has names below it, hides the wildcard from itself (RFC 4592). */
static void
tell_blocked(struct check *c, const struct view *v)
{
	const struct lookup *other =
	    got(c, name_below(c, c->stranger, c->domain), RRTYPE_TXT);

	if (v->kind->service && !v->kind->optional && is_absent(v->lookup) &&
	    is_found(other) && dname_under(v->lookup->answer.name, c->domain))
		tell(c, v->set, MAILAUTH_F_DNS_WILDCARD_BLOCKS, STR_NONE);
}

/* Put findings on owners that would exceed the limits of DNS. */
static void
tell_too_long(struct check *c, const struct domain_check *dc)
{
	static const struct mailauth_str prefixes[] = { STR_INIT("_dmarc"),
		STR_INIT("_domainkey"), STR_INIT("_adsp._domainkey") };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (name_below(c, prefixes[i], c->domain).n == 0)
			tell(c, NULL, MAILAUTH_F_DNS_LABEL_TOO_LONG,
			    prefixes[i]);
	for (size_t i = 0; i < dc->nselectors; i++)
		if (dc->selectors[i].too_long)
			tell(c, NULL, MAILAUTH_F_DNS_LABEL_TOO_LONG,
			    shown(c, dc->selectors[i].text));
}

/* The subject. */

static void
ask(struct check *c, void *self)
{
	struct domain_check *dc = self;
	struct mailauth_str zones[ZONES_MAX];
	struct mailauth_str node = name_below(c, STR("_domainkey"), c->domain);
	struct mailauth_str bimi = name_below(c, STR("_bimi"), c->domain);
	size_t n;

	/* Random names find wildcards: settle() compares answers with
	 * theirs. */
	want(c, c->domain, RRTYPE_SOA);
	want(c, name_below(c, c->stranger, c->domain), RRTYPE_TXT);
	want(c, name_below(c, c->stranger, node), RRTYPE_TXT);
	want(c, name_below(c, c->stranger, bimi), RRTYPE_TXT);
	if (c->org.n > 0 && !str_eq(c->org, c->domain)) {
		want(c, name_beside(c, c->domain), RRTYPE_TXT);
		want(c, name_beside(c, c->domain), RRTYPE_MX);
	}
	n = signers(c, zones);
	for (size_t i = 0; i < n; i++) {
		want(c, zones[i], RRTYPE_DNSKEY);
		want(c, zones[i], RRTYPE_DS);
	}
	ask_chains(c);
	want_doubled(c, dc);
	servers_want(c, dc);
}

/* Names that one finding lists. */
#define VIEW_NAMES 3u

/* A private address (RFC 1918, RFC 4193) in an answer; false when it has none. */
static bool
private_of(const struct mailauth_answer *a, struct addr *out)
{
	static const struct {
		struct addr net;
		unsigned bits;
	} nets[] = {
		{ { 4, { 10 } }, 8 },
		{ { 4, { 172, 16 } }, 12 },
		{ { 4, { 192, 168 } }, 16 },
		{ { 6, { 0xfc } }, 7 },
	};

	if (a->rrtype != RRTYPE_A && a->rrtype != RRTYPE_AAAA)
		return false;
	for (size_t i = 0; i < a->nrr; i++) {
		if (!addr_of_rdata(a->rr[i].data, a->rr[i].len, out))
			continue;
		for (size_t k = 0; k < sizeof(nets) / sizeof(nets[0]); k++)
			if (addr_in(out, &nets[k].net, nets[k].bits))
				return true;
	}
	return false;
}

/* Put a finding when hosts have private addresses, or the domain has local data
 * of the resolver: inside a network DNS may say other things than outside. */
static void
tell_view(struct check *c)
{
	struct writer w = arena_writer(&c->report->arena);
	struct addr addr;
	unsigned n = 0;

	for (const struct lookup *l = check_lookups(c); l != NULL;
	     l = l->next) {
		bool found = is_found(l) && l->server < 0,
		     private = found && private_of(&l->answer, &addr),
		     local = found &&
		    (l->answer.flags & MAILAUTH_ANSWER_LOCAL) != 0 &&
		    dname_under(l->answer.name, c->domain);

		if ((!private && !local) || n++ >= VIEW_NAMES)
			continue;
		put_text(&w, n > 1 ? ", " : "");
		put_str(&w, l->answer.name);
		put_text(&w, private ? " has " : " is local data");
		if (private)
			put_addr(&w, &addr);
	}
	if (n > VIEW_NAMES) {
		put_text(&w, " and ");
		put_number(&w, n - VIEW_NAMES);
		put_text(&w, " more");
	}
	if (n > 0)
		tell(c, NULL, MAILAUTH_F_DNS_INTERNAL_VIEW, writer_str(&w));
}

static void
tell_dns(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct mailauth_str zones[ZONES_MAX];
	size_t n = signers(c, zones);

	tell_validation(c);
	tell_view(c);
	for (struct view *v = check_views(c); v != NULL; v = v->next) {
		if (!is_listed(c, v->set))
			continue;
		tell_chain(c, v);
		tell_expiry(c, v);
		tell_cname_and_data(c, v);
		tell_blocked(c, v);
	}
	tell_doubled(c, dc);
	for (size_t i = 0; i < n; i++)
		tell_zone(c, zones[i]);
	tell_too_long(c, dc);
	servers_tell(c, dc);
	if (check_is_limited(c))
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
}

const struct subject subject_dns = { 0, ask, tell_dns };
