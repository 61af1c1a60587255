/*
 * ub_view.c - turns a reply of Unbound into a sighting
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Unbound documents neither which argument of a callback can be NULL nor what a
 * field means in which callback. The code relies on what 1.17.1 and 1.26 do.
 *
 * view_look() has two stages. The first runs for each reply: it finds out name,
 * record set, source and DNSSEC state, and hashes them into a key. The second,
 * hand_over(), runs only for a content that this thread has not seen lately: it
 * copies names, records and reason into the ring.
 */
#include "config.h"

#include "judge/verdict.h"
#include "module/ub_version.h"
#include "module/ub_view.h"
#include "record/rrtype.h"

#include <netinet/in.h>
#include <sys/time.h>

#include "services/cache/dns.h"
#include "services/localzone.h"
#include "util/data/msgparse.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"
#include "util/net_help.h"
#include "util/netevent.h"

/* Offset of the labels field in the data of an RRSIG: 2 octets of length, which
 * Unbound keeps in front of RDATA, then type and algorithm (RFC 4034 3.1). An
 * RRSIG has at least 20 octets in this form. */
#define RRSIG_LABELS_AT 5
#define RRSIG_MIN       20

/* Entries of a list of reasons to read, at most. */
#define REASONS_MAX 16

/* What the first stage finds out about a reply. */
struct glance {
	const struct reply_view *view;
	const uint8_t *name; /* of the client's question */
	size_t name_len;
	const uint8_t *alias; /* target of an alias in local data, or NULL */
	size_t alias_len;
	const struct ub_packed_rrset_key *set; /* the answer, or NULL */
	const struct packed_rrset_data *data; /* of `set`, or NULL */
	enum source source;
	enum mailauth_outcome outcome;
	enum mailauth_dnssec dnssec;
	uint16_t flags;
	uint8_t rcode;
	uint8_t family;
	uint8_t prefix;
	uint8_t client[16];
};

static const struct packed_rrset_data *
data_of(const struct ub_packed_rrset_key *set)
{
	return set->entry.data;
}

/* Set the name of the question. Where local data had an alias for it, Unbound
 * has replaced the name by the target: the owner of the alias is the name. */
static void
take_name(struct glance *g)
{
	const struct query_info *q = g->view->qinfo;

	g->name = q->qname;
	g->name_len = q->qname_len;
	if (q->local_alias != NULL && q->local_alias->rrset != NULL) {
		g->alias = q->qname;
		g->alias_len = q->qname_len;
		g->name = q->local_alias->rrset->rk.dname;
		g->name_len = q->local_alias->rrset->rk.dname_len;
	}
}

static enum mailauth_dnssec
state_of(enum sec_status s)
{
	switch (s) {
	case sec_status_secure: return MAILAUTH_DNSSEC_SECURE;
	case sec_status_insecure: return MAILAUTH_DNSSEC_INSECURE;
	case sec_status_bogus: return MAILAUTH_DNSSEC_BOGUS;
	case sec_status_indeterminate: return MAILAUTH_DNSSEC_INDETERMINATE;
	default: return MAILAUTH_DNSSEC_UNCHECKED;
	}
}

/* Find the record set of the asked type, and note a DNAME on the way. In
 * permissive mode the validator marks the message indeterminate and the bogus
 * set bogus. */
static void
take_sets(struct glance *g)
{
	const struct reply_info *rep = g->view->rep;
	uint16_t type = htons(g->view->qinfo->qtype);

	for (size_t i = 0; i < rep->an_numrrsets; i++) {
		const struct ub_packed_rrset_key *set = rep->rrsets[i];

		if (data_of(set)->security == sec_status_bogus &&
		    g->dnssec == MAILAUTH_DNSSEC_INDETERMINATE) {
			g->dnssec = MAILAUTH_DNSSEC_BOGUS;
			g->flags |= SIGHTING_PERMISSIVE;
		}
		if (set->rk.type == htons(RRTYPE_DNAME))
			g->flags |= SIGHTING_DNAME;
		if (set->rk.type == type && g->set == NULL) {
			g->set = set;
			g->data = data_of(set);
		}
	}
}

/* The TTL of a reply from the cache has run out. Since 1.25 Unbound counts the
 * last second as expired. */
static bool
is_past(const struct reply_info *rep, const struct timeval *now)
{
#ifdef TTL_IS_EXPIRED
	return now != NULL && TTL_IS_EXPIRED(rep->ttl, now->tv_sec);
#else
	return now != NULL && rep->ttl < now->tv_sec;
#endif
}

/* Set source, state, code and outcome of a reply with a message: one just
 * resolved, one from the cache or local data, or a bogus one. */
static void
take_message(struct glance *g)
{
	const struct reply_view *v = g->view;
	const struct reply_info *rep = v->rep;

	g->dnssec = state_of(rep->security);
	if (v->door == DOOR_LOCAL) {
		g->source = SOURCE_LOCAL;
		g->dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	} else if (v->door == DOOR_SERVFAIL) {
		g->source = SOURCE_SERVFAIL;
	} else if (v->qstate != NULL) {
		/* Unbound sends stale data while the query still runs: the
		 * message is then not the result of the query. */
		g->source = v->qstate->return_msg != NULL &&
		        v->qstate->return_msg->rep == rep ?
		    SOURCE_FRESH :
		    SOURCE_STALE;
	} else {
		g->source = is_past(rep, v->now) ? SOURCE_STALE : SOURCE_CACHE;
	}
	take_sets(g);
	g->rcode = v->door == DOOR_SERVFAIL ?
	    LDNS_RCODE_SERVFAIL :
	    (uint8_t)FLAGS_GET_RCODE(rep->flags);
	if (g->rcode == LDNS_RCODE_NXDOMAIN)
		g->outcome = MAILAUTH_NXDOMAIN;
	else if (g->rcode != LDNS_RCODE_NOERROR)
		g->outcome = MAILAUTH_FAILED;
	else
		g->outcome = g->data != NULL ? MAILAUTH_FOUND : MAILAUTH_NODATA;
	/* Nobody validated a failure from the cache. */
	if (g->outcome == MAILAUTH_FAILED && g->dnssec != MAILAUTH_DNSSEC_BOGUS)
		g->dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	if (g->rcode == LDNS_RCODE_SERVFAIL)
		g->source = SOURCE_SERVFAIL;
}

/* The same for a reply without a message: a failure, or a denial by local
 * data. */
static void
take_code(struct glance *g)
{
	const struct reply_view *v = g->view;

	g->dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	g->source = v->door == DOOR_LOCAL ? SOURCE_LOCAL : SOURCE_SERVFAIL;
	g->rcode = v->door == DOOR_SERVFAIL ? LDNS_RCODE_SERVFAIL :
	    v->rcode > UINT8_MAX            ? UINT8_MAX :
	                                      (uint8_t)v->rcode;
	if (v->door != DOOR_LOCAL)
		g->outcome = MAILAUTH_FAILED;
	else if (g->rcode == LDNS_RCODE_NOERROR)
		g->outcome = MAILAUTH_NODATA;
	else if (g->rcode == LDNS_RCODE_NXDOMAIN)
		g->outcome = MAILAUTH_NXDOMAIN;
	else
		g->outcome = MAILAUTH_FAILED;
	if (v->door != DOOR_LOCAL)
		g->rcode = g->rcode != 0 ? g->rcode : LDNS_RCODE_SERVFAIL;
}

/* Set the bits of an address beyond the first `bits` to zero. */
static void
mask(uint8_t *octet, size_t n, unsigned bits)
{
	for (size_t i = 0; i < n; i++, bits -= bits < 8 ? bits : 8)
		if (bits < 8)
			octet[i] &= (uint8_t)(0xff00u >> bits);
}

static void
take_client(struct glance *g, const struct view_how *how)
{
	const struct sockaddr_storage *from = &g->view->repinfo->client_addr;

	memset(g->client, 0, sizeof(g->client));
	if (from->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;

		memcpy(g->client, &in->sin_addr, 4);
		mask(g->client, 4, how->prefix4);
		g->family = 4;
		g->prefix = how->prefix4;
	} else if (from->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const void *)from;

		memcpy(g->client, &in->sin6_addr, 16);
		mask(g->client, 16, how->prefix6);
		g->family = 6;
		g->prefix = how->prefix6;
	}
}

/* The TTLs of this reply are absolute times, as the cache keeps them; those of
 * a query state and of local data are seconds. */
static bool
is_absolute(const struct glance *g)
{
	return g->view->qstate == NULL && g->view->door != DOOR_LOCAL;
}

static time_t
ttl_of(const struct glance *g)
{
	return g->data != NULL   ? g->data->ttl :
	    g->view->rep != NULL ? g->view->rep->ttl :
	                           0;
}

/* Seconds until the reply expires; 0 for stale data. */
static uint32_t
ttl_left(const struct glance *g)
{
	time_t now =
	    is_absolute(g) && g->view->now != NULL ? g->view->now->tv_sec : 0;
	time_t left = ttl_of(g) - now;

	return g->source != SOURCE_STALE && left > 0 && left < INT32_MAX ?
	    (uint32_t)left :
	    0;
}

/* The TTL of the zone in seconds. The cache knows it as ttl - ttl_add, where
 * ttl_add is the time at which the set came in; without that, the rest. */
static uint32_t
ttl_at_first(const struct glance *g)
{
	time_t first = ttl_of(g);

	if (is_absolute(g)) {
		if (g->data == NULL || g->data->ttl_add <= 0 ||
		    g->data->ttl_add > first)
			return ttl_left(g);
		first -= g->data->ttl_add;
	}
	return first < 0 ? 0 : first < INT32_MAX ? (uint32_t)first : INT32_MAX;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* `zone` holds the name: it has the last labels of it. */
static bool
holds(const uint8_t *zone, size_t zone_len, const uint8_t *name, size_t len)
{
	while (len > zone_len && *name != 0 && *name < len) {
		len -= 1u + *name;
		name += 1u + *name;
	}
	if (len != zone_len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (lower(zone[i]) != lower(name[i]))
			return false;
	return true;
}

static bool
is_alias(const struct ub_packed_rrset_key *set)
{
	const struct packed_rrset_data *d = data_of(set);

	return set->rk.type == htons(RRTYPE_CNAME) && d->count > 0 &&
	    d->rr_len[0] > 2 && d->rr_len[0] <= 2 + 255;
}

/* Set the flags of an empty answer: does the SOA record of the zone that holds
 * the last name of the chain prove the denial (RFC 2308 2.2), or is it a
 * referral? Local data proves nothing and needs no proof; but an alias whose
 * target it does not say is no denial. */
static void
take_denial(struct glance *g)
{
	const struct reply_info *rep = g->view->rep;
	const uint8_t *name = g->alias != NULL ? g->alias : g->name;
	size_t len = g->alias != NULL ? g->alias_len : g->name_len;
	bool alias = g->alias != NULL, ns = false;

	for (size_t i = 0; i < rep->an_numrrsets; i++)
		if (is_alias(rep->rrsets[i])) {
			name = data_of(rep->rrsets[i])->rr_data[0] + 2;
			len = data_of(rep->rrsets[i])->rr_len[0] - 2;
			alias = true;
		}
	for (size_t i = 0; i < rep->ns_numrrsets; i++) {
		const struct packed_rrset_key *rk =
		    &rep->rrsets[rep->an_numrrsets + i]->rk;

		if (rk->type == htons(RRTYPE_SOA) &&
		    holds(rk->dname, rk->dname_len, name, len))
			return;
		ns = ns || rk->type == htons(RRTYPE_NS);
	}
	if (ns)
		g->flags |= SIGHTING_NO_SOA | SIGHTING_REFERRAL;
	else if (g->source != SOURCE_LOCAL || alias)
		g->flags |= SIGHTING_NO_SOA;
}

/* The key of a content: two replies with the same key get one line in the log.
 * It covers everything that a line depends on, except time and exact TTL; of
 * the TTL it covers whether the judge calls it low or high. The hashes of the
 * records of a set are added, since a set has no order. */
static uint64_t
key_of(const struct glance *g, const struct view_how *how)
{
	const struct reply_info *rep = g->view->rep;
	uint64_t h = hash_name(&how->key, how->key.start, g->name, g->name_len);
	/* The TTL of a denial or failure is no matter of judgement: use one
	 * that is neither low nor high. */
	uint32_t first = g->data != NULL ? ttl_at_first(g) : JUDGE_TTL_LOW;

	h = hash_mix(h ^ how->key.b,
	    (uint64_t)g->view->qinfo->qtype << 48 | (uint64_t)g->flags << 32 |
	        (uint64_t)g->rcode << 24 | (uint64_t)g->source << 16 |
	        (uint64_t)g->outcome << 8 | (uint64_t)g->dnssec << 2 |
	        (first < JUDGE_TTL_LOW         ? 1u :
	                first > JUDGE_TTL_HIGH ? 2u :
	                                         0u));
	/* The labels field of the RRSIG shows a wildcard. */
	if (g->data != NULL && g->data->rrsig_count > 0 &&
	    g->data->rr_len[g->data->count] >= RRSIG_MIN)
		h ^= g->data->rr_data[g->data->count][RRSIG_LABELS_AT];
	if (g->alias != NULL)
		h = hash_name(&how->key, h, g->alias, g->alias_len);
	if (g->family != 0)
		h = hash_bytes(&how->key, h ^ g->family, g->client, 16);
	for (size_t i = 0; rep != NULL && i < rep->an_numrrsets; i++) {
		const struct packed_rrset_data *d = data_of(rep->rrsets[i]);
		uint64_t sum = rep->rrsets[i]->rk.type;

		for (size_t j = 0; j < d->count; j++)
			sum += hash_bytes(&how->key, how->key.start,
			    d->rr_data[j], d->rr_len[j]);
		h = hash_mix(h ^ how->key.a, sum ^ how->key.b);
	}
	return h != 0 ? h : 1; /* 0 is an empty slot */
}

/* The second stage: contents that this thread has not seen lately. */

/* Labels of a name without the root and a leading "*", counted as the labels
 * field of an RRSIG is (RFC 4034 3.1.3). */
static unsigned
labels(const uint8_t *name)
{
	unsigned n = 0;

	for (const uint8_t *p = name; *p != 0; p += 1u + *p)
		if (p > name || p[0] != 1 || p[1] != '*')
			n++;
	return n;
}

/* The signature covers fewer labels than the name has, so that the set was made
 * from a wildcard (RFC 4035 5.3.4). */
static bool
is_wildcard(const struct glance *g)
{
	const struct packed_rrset_data *d = g->data;

	return d != NULL && d->rrsig_count > 0 &&
	    d->rr_len[d->count] >= RRSIG_MIN &&
	    d->rr_data[d->count][RRSIG_LABELS_AT] < labels(g->set->rk.dname);
}

/* The reason of a bogus or failed answer. */
struct why {
	int16_t ede;
	size_t n;
	char text[SIGHTING_WHY_MAX];
};

/* Append a reason, a blank in front of all but the first, cut to the room. */
static void
add_why(struct why *why, const char *s)
{
	size_t n = strlen(s), left;

	if (why->n > 0 && why->n < sizeof(why->text))
		why->text[why->n++] = ' ';
	left = sizeof(why->text) - why->n;
	n = n < left ? n : left;
	memcpy(why->text + why->n, s, n);
	why->n += n;
}

static void
take_why(const struct glance *g, struct why *why)
{
	const struct reply_view *v = g->view;
	bool bogus = g->dnssec == MAILAUTH_DNSSEC_BOGUS;
	int items = 0;

	why->ede = EDE_NONE;
	why->n = 0;
	if (!bogus && g->outcome != MAILAUTH_FAILED)
		return;
	/* The EDE code of a reply that is not bogus says nothing of a fault. */
	if (bogus && v->rep != NULL && v->rep->reason_bogus > 0)
		why->ede = (int16_t)v->rep->reason_bogus;
#if UNBOUND_NUMBER >= 11800
	if (bogus && v->rep != NULL && v->rep->reason_bogus_str != NULL) {
		add_why(why, v->rep->reason_bogus_str);
		return;
	}
#endif
	if (v->qstate == NULL)
		return;
	for (const struct errinf_strlist *e = v->qstate->errinf;
	     e != NULL && items < REASONS_MAX; e = e->next, items++) {
		if (e->str != NULL)
			add_why(why, e->str);
		if (why->ede == EDE_NONE && e->reason_bogus > 0)
			why->ede = (int16_t)e->reason_bogus;
	}
}

/* The size of the octets behind the head of a sighting. */
struct load {
	size_t octets; /* of name and aliases */
	size_t record_octets;
	size_t records;
	size_t aliases;
};

/* Octets of a record with its 16-bit length, as Unbound keeps both; 0 for a
 * record with an impossible length, which is skipped. */
static size_t
record_octets(const struct packed_rrset_data *d, size_t i)
{
	return d->rr_len[i] >= 2 && d->rr_len[i] < 2 + 65536 ? d->rr_len[i] : 0;
}

/* Compute the size of everything that fill() will write: both must visit the
 * same aliases and records. */
static struct load
weigh(const struct glance *g)
{
	const struct reply_info *rep = g->view->rep;
	struct load l = { .octets = g->name_len };

	if (g->alias != NULL) {
		l.octets += g->alias_len;
		l.aliases++;
	}
	for (size_t i = 0; rep != NULL && i < rep->an_numrrsets; i++)
		if (is_alias(rep->rrsets[i]) &&
		    l.aliases < SIGHTING_CHAIN_MAX) {
			l.octets += data_of(rep->rrsets[i])->rr_len[0] - 2;
			l.aliases++;
		}
	/* The log does not judge the records of a bogus answer: they may be
	 * forged. */
	if (g->data == NULL || g->dnssec == MAILAUTH_DNSSEC_BOGUS)
		return l;
	for (size_t j = 0; j < g->data->count; j++) {
		size_t n = record_octets(g->data, j);

		l.record_octets += n;
		l.records += n > 0;
	}
	return l;
}

static uint8_t *
append(uint8_t *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	return to + n;
}

/* Write the octets behind the head, as weigh() has counted them. */
static void
fill(const struct glance *g, const struct why *why, struct sighting *s)
{
	const struct reply_info *rep = g->view->rep;
	uint8_t *p = (uint8_t *)(s + 1);
	size_t aliases = 0;

	p = append(p, g->name, g->name_len);
	if (g->alias != NULL) {
		p = append(p, g->alias, g->alias_len);
		aliases++;
	}
	for (size_t i = 0; rep != NULL && i < rep->an_numrrsets; i++)
		if (is_alias(rep->rrsets[i]) && aliases < s->nchain) {
			const struct packed_rrset_data *d =
			    data_of(rep->rrsets[i]);

			p = append(p, d->rr_data[0] + 2, d->rr_len[0] - 2);
			aliases++;
		}
	for (size_t j = 0; s->nrr > 0 && j < g->data->count; j++) {
		size_t n = record_octets(g->data, j);

		if (n == 0)
			continue;
		p[0] = (uint8_t)((n - 2) >> 8);
		p[1] = (uint8_t)(n - 2);
		p = append(p + 2, g->data->rr_data[j] + 2, n - 2);
	}
	append(p, why->text, why->n);
}

/* Copy a reply into the ring of the thread. A reply larger than SIGHTING_MAX
 * goes without its records. */
static void
hand_over(const struct glance *g, uint64_t key, uint32_t slot,
    struct watch *watch)
{
	const struct reply_view *v = g->view;
	struct load load = weigh(g);
	uint16_t flags = g->flags;
	struct sighting *s;
	struct why why;
	size_t size;

	take_why(g, &why);
	size = sizeof(*s) + load.octets + why.n;
	if (size + load.record_octets > SIGHTING_MAX ||
	    load.records > SIGHTING_RECORDS_MAX) {
		flags |= SIGHTING_CUT;
		load.records = 0;
	} else {
		size += load.record_octets;
	}
	s = watch_begin(watch, size);
	if (s == NULL)
		return;
	if (is_wildcard(g))
		flags |= SIGHTING_WILDCARD;
	if (v->qstate != NULL && (v->qstate->query_flags & BIT_CD))
		flags |= SIGHTING_CD;
	s->key = key;
	s->slot = slot;
	s->sec = v->now != NULL ? v->now->tv_sec : 0;
	s->usec = v->now != NULL ? (uint32_t)v->now->tv_usec : 0;
	s->source = (uint8_t)g->source;
	s->outcome = (uint8_t)g->outcome;
	s->dnssec = (uint8_t)g->dnssec;
	s->rcode = g->rcode;
	s->flags = flags;
	s->rrtype = v->qinfo->qtype;
	s->ede = why.ede;
	s->nrr = (uint16_t)load.records;
	s->why_len = (uint16_t)why.n;
	s->name_len = (uint8_t)g->name_len;
	s->nchain = (uint8_t)load.aliases;
	s->family = g->family;
	s->prefix = g->family != 0 ? g->prefix : 0;
	if (g->family != 0)
		memcpy(s->client, g->client, sizeof(s->client));
	s->ttl = ttl_left(g);
	s->first_ttl = ttl_at_first(g);
	fill(g, &why, s);
	watch_end(watch, s);
}

void
view_look(const struct reply_view *v, const struct view_how *how,
    struct watch *watch)
{
	struct glance g;
	uint32_t slot;
	uint64_t key;

	/* Set only the members that take_*() may leave alone: this runs for
	 * every reply, and clearing all of `g` would cost time. */
	g.view = v;
	g.alias = NULL;
	g.set = NULL;
	g.data = NULL;
	g.flags = 0;
	g.family = 0;
	take_name(&g);
	if (g.name_len == 0 || g.name_len > 255)
		return;
	if (v->rep != NULL)
		take_message(&g);
	else
		take_code(&g);
	if (v->rep != NULL && g.outcome == MAILAUTH_NXDOMAIN && g.data != NULL)
		g.flags |= SIGHTING_CLASH;
	else if (v->rep != NULL &&
	    (g.outcome == MAILAUTH_NODATA || g.outcome == MAILAUTH_NXDOMAIN))
		take_denial(&g);
	if (how->clients)
		take_client(&g, how);
	key = key_of(&g, how);
	if (!watch_repeat(watch, key,
	        v->now != NULL ? (uint32_t)v->now->tv_sec : 0, &slot))
		hand_over(&g, key, slot, watch);
}
