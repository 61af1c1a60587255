/*
 * packet.c - a DNS message that is written set by set
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/packet.h"

#include "record/rrtype.h"

#define HEADER 12
/* A pointer of 14 bits leads to no octet behind this one. */
#define POINTER_MAX 0x3fffu

/* Pointers that one name leads through: some programs take no more than 16. */
#define POINTERS_MAX 8

#define FLAG_QR 0x8000u
#define FLAG_TC 0x0200u

/* Types whose names may be compressed (RFC 3597 4): those of RFC 1035. */
static const struct names {
	uint16_t type;
	uint8_t at; /* octets in front of the first name */
	uint8_t n; /* names */
} compressed[] = {
	{ RRTYPE_NS, 0, 1 },
	{ 3, 0, 1 }, /* MD */
	{ 4, 0, 1 }, /* MF */
	{ RRTYPE_CNAME, 0, 1 },
	{ RRTYPE_SOA, 0, 2 },
	{ 7, 0, 1 }, /* MB */
	{ 8, 0, 1 }, /* MG */
	{ 9, 0, 1 }, /* MR */
	{ RRTYPE_PTR, 0, 1 },
	{ 14, 0, 2 }, /* MINFO */
	{ RRTYPE_MX, 2, 1 },
};

static const struct names *
names_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(compressed) / sizeof(compressed[0]); i++)
		if (compressed[i].type == type)
			return &compressed[i];
	return NULL;
}

static void
put_octets(struct zone_packet *p, const void *octets, size_t n)
{
	if (p->cut || n > p->max - p->n) {
		p->cut = true;
		return;
	}
	memcpy(p->out + p->n, octets, n);
	p->n += n;
}

static void
put_u16(struct zone_packet *p, unsigned v)
{
	uint8_t room[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	put_octets(p, room, 2);
}

static void
put_u32(struct zone_packet *p, uint32_t v)
{
	put_u16(p, v >> 16);
	put_u16(p, v & 0xffff);
}

/* The name that begins at an octet of the message is `wire`. */
static bool
is_at(const struct zone_packet *p, size_t at, const uint8_t *wire)
{
	for (;;) {
		while ((p->out[at] & 0xc0) == 0xc0)
			at = (size_t)(p->out[at] & 0x3f) << 8 | p->out[at + 1];
		if (p->out[at] != wire[0] ||
		    memcmp(p->out + at + 1, wire + 1, wire[0]) != 0)
			return false;
		if (wire[0] == 0)
			return true;
		at += (size_t)wire[0] + 1;
		wire += (size_t)wire[0] + 1;
	}
}

/* Pointers in the name that begins at an octet of the message. */
static unsigned
pointers_at(const struct zone_packet *p, size_t at)
{
	unsigned n = 0;

	while (p->out[at] != 0)
		if ((p->out[at] & 0xc0) == 0xc0) {
			at = (size_t)(p->out[at] & 0x3f) << 8 | p->out[at + 1];
			n++;
		} else {
			at += (size_t)p->out[at] + 1;
		}
	return n;
}

/* The place of a name in the table, or the free one where it belongs. */
static uint16_t *
name_slot(struct zone_packet *p, uint32_t h, const uint8_t *wire)
{
	for (size_t i = h % ZONE_PACKET_NAMES;; i = (i + 1) % ZONE_PACKET_NAMES)
		if (p->names[i] == 0 || is_at(p, p->names[i], wire))
			return &p->names[i];
}

static uint32_t
hash_label(uint32_t h, const uint8_t *label)
{
	for (size_t i = 0; i <= label[0]; i++)
		h = (h ^ label[i]) * UINT32_C(16777619);
	return h;
}

/* Let later names point to a label of a name that was written. */
static void
remember(struct zone_packet *p, uint32_t h, const uint8_t *wire, size_t at)
{
	uint16_t *slot;

	if (at > POINTER_MAX || p->nnames >= ZONE_PACKET_NAMES / 4 * 3)
		return;
	slot = name_slot(p, h, wire);
	if (*slot != 0)
		return;
	*slot = (uint16_t)at;
	p->nnames++;
}

/* Write a name with a pointer to what is in the message already. */
static void
put_name(struct zone_packet *p, const uint8_t *wire)
{
	uint8_t at[DNAME_WIRE_MAX / 2 + 1];
	uint32_t h[DNAME_WIRE_MAX / 2 + 1], last = UINT32_C(2166136261);
	size_t begin = p->n;
	unsigned n = 0, i;
	uint16_t to = 0;

	for (size_t o = 0; wire[o] != 0; o += (size_t)wire[o] + 1)
		at[n++] = (uint8_t)o;
	for (i = n; i > 0; i--)
		h[i - 1] = last = hash_label(last, wire + at[i - 1]);
	for (i = 0; i < n; i++) {
		to = *name_slot(p, h[i], wire + at[i]);
		if (to != 0 && pointers_at(p, to) < POINTERS_MAX)
			break;
		to = 0;
		put_octets(p, wire + at[i], (size_t)wire[at[i]] + 1);
	}
	if (to != 0)
		put_u16(p, 0xc000u | to);
	else
		put_octets(p, "", 1);
	for (unsigned k = 0; k < i && !p->cut; k++)
		remember(p, h[k], wire + at[k], begin + at[k]);
}

static size_t
name_length(const uint8_t *wire, size_t n)
{
	struct cursor c = cursor_of(wire, n);
	struct dname name;

	return dname_read(&c, false, &name) ? c.at : 0;
}

/* Write data whose names may be compressed. */
static void
put_rdata(struct zone_packet *p, const struct names *names,
    const uint8_t *rdata, size_t n)
{
	size_t at = names != NULL && names->at <= n ? names->at : 0;

	put_octets(p, rdata, at);
	for (unsigned i = 0; names != NULL && i < names->n; i++) {
		size_t length = name_length(rdata + at, n - at);

		if (length == 0)
			break;
		put_name(p, rdata + at);
		at += length;
	}
	put_octets(p, rdata + at, n - at);
}

static void
put_rr(struct zone_packet *p, const struct dname *owner, uint16_t type,
    uint32_t ttl, const uint8_t *rdata, size_t n)
{
	size_t length_at;

	put_name(p, owner->wire);
	put_u16(p, type);
	put_u16(p, 1); /* IN */
	put_u32(p, ttl);
	length_at = p->n;
	put_u16(p, 0);
	put_rdata(p, names_of(type), rdata, n);
	if (p->cut)
		return;
	n = p->n - length_at - 2;
	p->out[length_at] = (uint8_t)(n >> 8);
	p->out[length_at + 1] = (uint8_t)n;
}

void
zone_packet_start(struct zone_packet *p, uint8_t *out, size_t max,
    const struct dname *name, uint16_t type)
{
	*p = (struct zone_packet){ .out = out, .n = HEADER, .max = max };
	put_name(p, name->wire);
	put_u16(p, type);
	put_u16(p, 1);
}

void
zone_packet_put(struct zone_packet *p, enum zone_section section,
    const struct zone_put *put)
{
	size_t n = p->n;
	uint16_t records = 0;

	for (const struct zone_record *r = put->set->records;
	     r != NULL && !p->cut; r = r->next) {
		if (put->covered != 0 &&
		    (r->n < 2 ||
		        (r->rdata[0] << 8 | r->rdata[1]) != put->covered))
			continue;
		put_rr(p, put->owner, put->set->type,
		    put->ttl != NULL ? *put->ttl : r->ttl, r->rdata, r->n);
		records++;
	}
	if (p->cut)
		p->n = n;
	else
		p->counts[section] = (uint16_t)(p->counts[section] + records);
}

void
zone_packet_put_cname(struct zone_packet *p, const struct dname *owner,
    uint32_t ttl, const struct dname *target)
{
	size_t n = p->n;

	put_rr(p, owner, RRTYPE_CNAME, ttl, target->wire, target->len);
	if (p->cut)
		p->n = n;
	else
		p->counts[ZONE_SECTION_ANSWER]++;
}

void
zone_packet_end(struct zone_packet *p, uint16_t flags)
{
	unsigned words[HEADER / 2] = { 0,
		FLAG_QR | (p->cut ? FLAG_TC : 0) | flags, 1,
		p->counts[ZONE_SECTION_ANSWER],
		p->counts[ZONE_SECTION_AUTHORITY],
		p->counts[ZONE_SECTION_ADDITIONAL] };

	for (size_t i = 0; i < HEADER / 2; i++) {
		p->out[2 * i] = (uint8_t)(words[i] >> 8);
		p->out[2 * i + 1] = (uint8_t)words[i];
	}
}
