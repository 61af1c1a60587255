/*
 * packet.c - read a DNS message into an answer
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The message is untrusted: every read is bounded by a cursor with a sticky
 * error, and a compressed name only points backward (dname_read()). Records of
 * other owners, types and classes are skipped.
 */
#include "dns/packet.h"

#include "base/cursor.h"
#include "base/dname.h"
#include "base/str.h"
#include "record/rrtype.h"

/* Longest chain of aliases; the search ends there, which also ends loops.
 * Unbound stops after 11. */
#define CHAIN_MAX 16

/* Pseudo-record of EDNS: its TTL begins with 8 bits of the response code
 * (RFC 6891 6.1.3). */
#define TYPE_OPT 41
/* A record of another class than IN is read as one of this reserved type. */
#define TYPE_OTHER 0
#define CLASS_IN   1

/* A record, with its data still in the message. */
struct rr {
	struct dname owner;
	uint16_t type;
	uint32_t ttl;
	size_t data; /* offset in the message */
	uint16_t len;
};

static bool
read_rr(struct cursor *c, struct rr *out)
{
	dname_read(c, true, &out->owner);
	out->type = cursor_u16(c);
	if (cursor_u16(c) != CLASS_IN && out->type != TYPE_OPT)
		out->type = TYPE_OTHER;
	out->ttl = cursor_u32(c);
	out->len = cursor_u16(c);
	out->data = c->at;
	cursor_take(c, out->len);
	return !c->bad;
}

static bool
same(const struct dname *a, const struct dname *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

/* `name` is `zone` or below it. A longer name ends in the zone's octets, which
 * begin at one of its labels. */
static bool
holds(const struct dname *zone, const struct dname *name)
{
	size_t at = 0;

	while (name->len - at > zone->len)
		at += 1u + name->wire[at];
	return name->len - at == zone->len &&
	    memcmp(name->wire + at, zone->wire, zone->len) == 0;
}

static struct mailauth_str
text_of(struct arena *a, const struct dname *name)
{
	struct writer w = arena_writer(a);

	put_dname(&w, name);
	return writer_str(&w);
}

/* Read a name within the data of a record; it may be compressed. */
static bool
read_name(struct cursor c, size_t at, struct dname *out)
{
	c.at = at;
	return dname_read(&c, true, out);
}

/* Copy the data of a record; a name in it is decompressed. The kinds of records
 * with such a name are in rrtypes.def. */
static bool
copy_rdata(struct arena *a, const struct cursor *c, const struct rr *rr,
    struct mailauth_rdata *out)
{
	int at = rrtype_name_at(rr->type);
	struct dname name;
	size_t len = rr->len;
	uint8_t *p;

	if (at >= 0) {
		if (rr->len < at ||
		    !read_name(*c, rr->data + (size_t)at, &name))
			return false;
		len = (size_t)at + name.len;
	}
	p = arena_alloc(a, len > 0 ? len : 1);
	if (p == NULL)
		return false;
	if (at >= 0) {
		memcpy(p, c->base + rr->data, (size_t)at);
		memcpy(p + at, name.wire, name.len);
	} else if (len > 0) {
		memcpy(p, c->base + rr->data, len);
	}
	*out = (struct mailauth_rdata){ p, (uint16_t)len };
	return true;
}

/* Labels of a name without a leading "*", as the Labels field of RRSIG counts
 * them (RFC 4034 3.1.3). */
static unsigned
labels(const struct dname *name)
{
	unsigned n = 0;

	for (size_t at = 0; name->wire[at] != 0; at += 1u + name->wire[at])
		if (at > 0 || name->wire[0] != 1 || name->wire[1] != '*')
			n++;
	return n;
}

/* Keep a signature at this owner when it covers records of `type`. */
static void
take_sig(struct lookup *l, const struct cursor *c, const struct rr *rr,
    uint16_t type)
{
	struct cursor s = cursor_of(c->base, rr->data + rr->len);
	struct dname signer;
	struct sig sig;
	uint8_t covered_labels;

	s.at = rr->data;
	if (cursor_u16(&s) != type)
		return;
	sig.algorithm = cursor_u8(&s);
	covered_labels = cursor_u8(&s);
	cursor_u32(&s); /* original TTL */
	sig.expiration = cursor_u32(&s);
	sig.inception = cursor_u32(&s);
	cursor_u16(&s); /* key tag */
	if (!dname_read(&s, true, &signer))
		return;
	/* Fewer labels than the owner: the records come from a wildcard (RFC
	 * 4035 5.3.4). */
	if (covered_labels < labels(&rr->owner))
		l->answer.flags |= MAILAUTH_ANSWER_WILDCARD;
	sig.signer = text_of(l->arena, &signer);
	l->answer.zone = sig.signer;
	if (l->nsigs < SIGS_MAX)
		l->sigs[l->nsigs++] = sig;
}

/* Follow the aliases of `name` through the answer section; `name` becomes the
 * last target. Each step searches the section from its start, since aliases may
 * be in any order. */
static bool
follow(struct lookup *l, const struct cursor *c, size_t from, size_t count,
    struct dname *name)
{
	struct mailauth_str *chain =
	    arena_alloc(l->arena, CHAIN_MAX * sizeof(*chain));
	bool moved = true;

	if (chain == NULL)
		return false;
	l->answer.chain = chain;
	l->answer.nchain = 0;
	while (moved && l->answer.nchain < CHAIN_MAX) {
		struct cursor at = *c;
		struct rr rr;

		at.at = from;
		moved = false;
		for (size_t i = 0; i < count && !moved; i++) {
			if (!read_rr(&at, &rr))
				return false;
			if (rr.type != RRTYPE_CNAME || !same(&rr.owner, name))
				continue;
			if (!read_name(*c, rr.data, name))
				return false;
			chain[l->answer.nchain++] = text_of(l->arena, name);
			moved = true;
		}
	}
	l->has_cname = l->answer.nchain > 0;
	return true;
}

/* Take the records of the queried type at `name`, and the signatures over them.
 * The TTL is the lowest of the set. */
static bool
take_records(struct lookup *l, struct cursor at, size_t count,
    const struct dname *name)
{
	struct mailauth_answer *a = &l->answer;
	struct mailauth_rdata *rdata;
	struct rr rr;

	/* The header's count is at most 65535, which bounds the allocation. */
	rdata = arena_alloc(l->arena, (count + 1) * sizeof(*rdata));
	if (rdata == NULL)
		return false;
	a->rr = rdata;
	a->nrr = 0;
	for (size_t i = 0; i < count; i++) {
		struct cursor here = at;

		if (!read_rr(&at, &rr))
			return false;
		here.len = at.len;
		if (rr.type == RRTYPE_DNAME)
			a->flags |= MAILAUTH_ANSWER_DNAME;
		if (!same(&rr.owner, name))
			continue;
		if (rr.type == RRTYPE_RRSIG)
			take_sig(l, &here, &rr, a->rrtype);
		if (rr.type != a->rrtype)
			continue;
		if (!copy_rdata(l->arena, &here, &rr, &rdata[a->nrr]))
			return false;
		if (a->nrr++ == 0 || rr.ttl < a->ttl)
			a->ttl = rr.ttl;
	}
	return true;
}

/* Read the authority section of an answer without records. The SOA record of a
 * zone that holds `name` proves a denial: its owner is the zone, and its TTL
 * that of the denial. Without it, NS records are a referral (RFC 2308 2.2). */
static bool
take_authority(struct lookup *l, struct cursor at, size_t count,
    const struct dname *name, struct packet_head *head)
{
	bool soa = false, ns = false;
	struct rr rr;

	for (size_t i = 0; i < count; i++) {
		if (!read_rr(&at, &rr))
			return false;
		ns = ns || rr.type == RRTYPE_NS;
		if (rr.type != RRTYPE_SOA || l->answer.nrr > 0 ||
		    !holds(&rr.owner, name))
			continue;
		soa = true;
		l->answer.zone = text_of(l->arena, &rr.owner);
		l->answer.ttl = rr.ttl;
	}
	head->denial = l->answer.nrr > 0 ? DENIAL_NONE :
	    soa                          ? DENIAL_SOA :
	    ns                           ? DENIAL_REFERRAL :
	                                   DENIAL_BARE;
	if (head->denial == DENIAL_REFERRAL || head->denial == DENIAL_BARE)
		l->answer.flags |= MAILAUTH_ANSWER_NO_SOA;
	return true;
}

/* The upper bits of the response code, from the OPT record among what follows
 * the answer section; 0 when no OPT record can be read. */
static uint16_t
upper_code(struct cursor at, size_t count)
{
	struct rr rr;

	for (size_t i = 0; i < count && read_rr(&at, &rr); i++)
		if (rr.type == TYPE_OPT)
			return (uint16_t)(rr.ttl >> 24 << 4);
	return 0;
}

bool
packet_read(struct lookup *l, const uint8_t *packet, size_t len,
    struct packet_head *head)
{
	struct cursor c = cursor_of(packet, len);
	uint16_t flags, questions, answers, authorities, others;
	struct dname name;
	size_t from;

	cursor_u16(&c); /* id */
	flags = cursor_u16(&c);
	questions = cursor_u16(&c);
	answers = cursor_u16(&c);
	authorities = cursor_u16(&c);
	others = cursor_u16(&c);
	head->rcode = flags & 15;
	head->aa = (flags >> 10 & 1) != 0;
	head->tc = (flags >> 9 & 1) != 0;
	head->denial = DENIAL_NONE;
	if (questions != 1 || !dname_read(&c, true, &name))
		return false;
	cursor_u32(&c); /* type, class */
	from = c.at;
	if (l->answer.rrtype != RRTYPE_CNAME &&
	    !follow(l, &c, from, answers, &name))
		return false;
	if (!take_records(l, c, answers, &name))
		return false;
	for (size_t i = 0; i < answers; i++) {
		struct rr rr;

		if (!read_rr(&c, &rr))
			return false;
	}
	if (!take_authority(l, c, authorities, &name, head))
		return false;
	head->rcode |= upper_code(c, (size_t)authorities + others);
	/* No record at the end of the chain is a denial: NXDOMAIN by the
	 * response code, which speaks of the last name (RFC 6604), else
	 * NODATA. */
	l->answer.outcome = l->answer.nrr > 0 ? MAILAUTH_FOUND :
	    head->rcode == 3                  ? MAILAUTH_NXDOMAIN :
	                                        MAILAUTH_NODATA;
	return !l->arena->failed;
}

/* Note what a record behind the answer section says of the message: one of the
 * authority section, or OPT. */
static void
see_record(const struct rr *rr, bool authority, const struct dname *name,
    struct packet_seen *out)
{
	if (rr->type == TYPE_OPT)
		out->rcode |= (uint16_t)(rr->ttl >> 24 << 4);
	else if (!authority)
		return;
	else if (rr->type == RRTYPE_SOA && holds(&rr->owner, name))
		out->proved = true;
	else if (rr->type == RRTYPE_SOA)
		out->misled = true;
	else if (rr->type == RRTYPE_NS)
		out->refers = true;
}

bool
packet_see(const uint8_t *packet, size_t len, struct mailauth_str name,
    uint16_t rrtype, struct packet_seen *out)
{
	struct cursor c = cursor_of(packet, len);
	struct dname asked, wanted;
	uint16_t flags, questions;
	uint32_t authorities, records;
	struct rr rr;

	cursor_u16(&c); /* id */
	flags = cursor_u16(&c);
	questions = cursor_u16(&c);
	*out = (struct packet_seen){ .rcode = flags & 15,
		.answers = cursor_u16(&c),
		.aa = (flags >> 10 & 1) != 0,
		.tc = (flags >> 9 & 1) != 0 };
	authorities = out->answers + cursor_u16(&c);
	records = authorities + cursor_u16(&c);
	if ((flags & 0x8000) == 0 || questions != 1 ||
	    !dname_read(&c, true, &asked) || cursor_u16(&c) != rrtype ||
	    dname_parse(name, &wanted) != DNAME_OK || !same(&asked, &wanted))
		return false;
	cursor_u16(&c); /* class */
	for (uint32_t i = 0; i < records; i++) {
		if (!read_rr(&c, &rr))
			return false;
		if (i >= out->answers)
			see_record(&rr, i < authorities, &wanted, out);
	}
	/* More octets than records: the counts may be wrong. */
	return !c.bad && c.at == len;
}
