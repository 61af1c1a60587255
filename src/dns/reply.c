/*
 * reply.c - what an authority says to a question on the wire
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/reply.h"

#include <string.h>

#include "base/cursor.h"

#define HEADER     12
#define TYPE_OPT   41
#define OPT_OCTETS 11
#define CLASS_IN   1

/* Octets of a message over UDP without EDNS (RFC 1035 4.2.1). */
#define UDP_MIN 512

/* Bits of the second 16 of the header. */
enum {
	BIT_QR = 0x8000,
	BITS_OPCODE = 0x7800,
	BIT_AA = 0x0400,
	BIT_RD = 0x0100,
	BITS_RCODE = 0x000f,
};

enum { FORMERR = 1, SERVFAIL = 2, NOTIMP = 4, REFUSED = 5, BADVERS = 16 };

/* What was asked. */
struct query {
	uint16_t id, flags, type, class;
	struct dname name;
	size_t end; /* octets up to the end of the question */
	bool edns, dnssec;
	uint8_t version;
	uint16_t size; /* of a message over UDP */
};

static void
put_u16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static unsigned
get_u16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* Read the records behind the question: one of them may be OPT. */
static void
read_edns(struct cursor *c, size_t records, struct query *q)
{
	for (size_t i = 0; i < records && !c->bad; i++) {
		struct dname owner;
		uint16_t type, class;
		uint32_t ttl;

		dname_read(c, true, &owner);
		type = cursor_u16(c);
		class = cursor_u16(c);
		ttl = cursor_u32(c);
		cursor_take(c, cursor_u16(c));
		if (c->bad || type != TYPE_OPT)
			continue;
		q->edns = true;
		q->size = class > UDP_MIN ? class : UDP_MIN;
		q->version = (uint8_t)(ttl >> 16);
		q->dnssec = (ttl & 0x8000) != 0;
	}
}

/* Read a question; false when the message has no question. */
static bool
read_query(const struct reply *r, struct query *q)
{
	struct cursor c = cursor_of(r->question, r->n);
	uint16_t questions;
	size_t records;

	*q = (struct query){ .id = cursor_u16(&c),
		.flags = cursor_u16(&c),
		.size = UDP_MIN };
	questions = cursor_u16(&c);
	records = cursor_u16(&c);
	records += cursor_u16(&c);
	records += cursor_u16(&c);
	if (questions != 1 || !dname_read(&c, false, &q->name))
		return false;
	q->type = cursor_u16(&c);
	q->class = cursor_u16(&c);
	q->end = c.at;
	read_edns(&c, records, q);
	return !c.bad;
}

/* A reply without records. */
static size_t
say(const struct reply *r, const struct query *q, unsigned rcode, uint8_t *out)
{
	size_t n = q->end > 0 ? q->end : HEADER;

	memcpy(out, r->question, n);
	put_u16(out + 2,
	    BIT_QR | (q->flags & (BITS_OPCODE | BIT_RD)) |
	        (rcode & BITS_RCODE));
	put_u16(out + 4, q->end > 0);
	memset(out + 6, 0, 6);
	return n;
}

/* Add the OPT record, where the question has one and it has room. */
static size_t
put_edns(const struct query *q, unsigned rcode, uint8_t *out, size_t n)
{
	if (!q->edns || n + OPT_OCTETS > REPLY_MAX)
		return n;
	memset(out + n, 0, OPT_OCTETS);
	put_u16(out + n + 1, TYPE_OPT);
	put_u16(out + n + 3, REPLY_MAX);
	out[n + 5] = (uint8_t)(rcode >> 4);
	put_u16(out + n + 7, q->dnssec ? 0x8000 : 0);
	put_u16(out + 10, get_u16(out + 10) + 1);
	return n + OPT_OCTETS;
}

/* The message sends to other servers: it is a referral. */
static bool
is_referral(const uint8_t *message)
{
	unsigned flags = get_u16(message + 2);

	return (flags & (BIT_AA | BITS_RCODE)) == 0 &&
	    get_u16(message + 6) == 0;
}

/* Answer from the zones. */
static size_t
answer(const struct reply *r, const struct query *q, uint8_t *out)
{
	size_t opt = q->edns ? OPT_OCTETS : 0;
	size_t bound = r->tcp ? 0 : q->size - opt;
	size_t n =
	    zones_answer(r->zones, &q->name, q->type, q->dnssec, bound, out);

	if (n == 0)
		return say(r, q, SERVFAIL, out);
	if (r->alone && is_referral(out))
		return say(r, q, REFUSED, out);
	put_u16(out, q->id);
	put_u16(out + 2, get_u16(out + 2) | (q->flags & BIT_RD));
	/* The name as it was asked, with its case. */
	memcpy(out + HEADER, r->question + HEADER, q->name.len);
	return n;
}

size_t
reply_make(const struct reply *r, uint8_t *out)
{
	struct query q;
	unsigned rcode;
	size_t n;

	if (r->n < HEADER || (get_u16(r->question + 2) & BIT_QR) != 0)
		return 0;
	if (!read_query(r, &q))
		rcode = FORMERR;
	else if ((q.flags & BITS_OPCODE) != 0)
		rcode = NOTIMP;
	else if (q.edns && q.version != 0)
		rcode = BADVERS;
	else
		rcode = q.class == CLASS_IN ? 0 : REFUSED;
	if (rcode == FORMERR || rcode == NOTIMP) {
		/* What is behind the header cannot be trusted. */
		q.end = 0;
		return say(r, &q, rcode, out);
	}
	n = rcode == 0 ? answer(r, &q, out) : say(r, &q, rcode, out);
	return put_edns(&q, rcode, out, n);
}
