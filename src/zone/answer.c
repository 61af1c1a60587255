/*
 * answer.c - what an authority answers
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 1034 4.3.2. Answers are as short as they may be: no NS records of the
 * zone and no addresses but glue.
 */
#include "record/rrtype.h"
#include "zone/denial.h"
#include "zone/packet.h"

/* CNAME and DNAME records followed in one answer. */
#define CHAIN_MAX 64

#define FLAG_AA       0x0400u
#define CODE_NXDOMAIN 3u
#define CODE_REFUSED  5u
#define CODE_YXDOMAIN 6u

/* A set that waits until the answer section is complete. */
struct later {
	const struct zone_index *ix;
	const struct zone_node *node;
	const struct zone_rrset *set;
	bool negative; /* the SOA record of a negative answer (RFC 2308 3) */
};

/* An answer that is being made. */
struct answer {
	const struct zones *zones;
	struct zone_packet packet;
	uint16_t type;
	bool dnssec;
	unsigned flags;
	struct later later[(CHAIN_MAX + 1) * (ZONE_PROOF_MAX + 2)];
	size_t nlater;
	const struct zone_index
	    *cut_in; /* the zone with a delegation; or NULL */
	const struct zone_rrset *cut; /* its NS records */
	/* The names of the chain, so that a loop ends. */
	struct dname names[CHAIN_MAX + 1];
	unsigned n;
	/* DNAME records that are in the answer already. */
	const struct zone_rrset *dnames[CHAIN_MAX];
	unsigned ndnames;
};

/* One step of a chain: a name, and where it is in a zone. */
struct step {
	const struct dname *name;
	const struct zone_index *ix;
	const struct zone_node *node; /* of the name, or the closest encloser */
	unsigned left; /* labels of the name below the node */
	const struct zone_node *wild; /* whose records answer; or NULL */
};

/* Write a set, and its signatures. */
static void
put_set(struct answer *a, enum zone_section section,
    const struct zone_index *ix, const struct zone_node *node,
    const struct zone_put *put)
{
	const struct zone_rrset *sigs =
	    a->dnssec && ix->is_secure && put->set->type != RRTYPE_RRSIG ?
	    zone_rrset(node, RRTYPE_RRSIG) :
	    NULL;
	struct zone_put signatures = { put->owner, sigs, put->ttl,
		put->set->type };

	zone_packet_put(&a->packet, section, put);
	if (sigs != NULL)
		zone_packet_put(&a->packet, section, &signatures);
}

/* Write a set of a node, under the name that was asked for. */
static void
put_answer(struct answer *a, const struct step *s, const struct zone_node *node,
    const struct zone_rrset *set)
{
	put_set(a, ZONE_SECTION_ANSWER, s->ix, node,
	    &(struct zone_put){ .owner = s->name, .set = set });
}

static void
add_later(struct answer *a, const struct zone_index *ix,
    const struct zone_node *node, const struct zone_rrset *set)
{
	for (size_t i = 0; i < a->nlater; i++)
		if (a->later[i].set == set)
			return;
	if (a->nlater < sizeof(a->later) / sizeof(a->later[0]))
		a->later[a->nlater++] = (struct later){ ix, node, set, false };
}

static void
add_soa(struct answer *a, const struct zone_index *ix)
{
	const struct zone_rrset *soa = zone_rrset(ix->zone.apex, RRTYPE_SOA);

	if (soa == NULL)
		return;
	add_later(a, ix, ix->zone.apex, soa);
	a->later[a->nlater - 1].negative = true;
}

static void
add_proof(struct answer *a, const struct step *s, enum zone_denial what)
{
	struct zone_denied d = { what, s->name, s->node, s->left, s->wild };
	struct zone_proof proof[ZONE_PROOF_MAX];
	size_t n;

	if (!a->dnssec || !s->ix->is_secure)
		return;
	n = zone_deny(s->ix, &d, proof);
	for (size_t i = 0; i < n; i++)
		add_later(a, s->ix, proof[i].node, proof[i].set);
}

/* The SOA record of a negative answer lives as long as its last field says,
 * or its own TTL (RFC 2308 5). */
static uint32_t
negative_ttl(const struct zone_record *soa)
{
	struct cursor c = cursor_of(soa->rdata, soa->n);
	uint32_t minimum;

	if (soa->n < 4)
		return soa->ttl;
	c.at = (size_t)soa->n - 4;
	minimum = cursor_u32(&c);
	return minimum < soa->ttl ? minimum : soa->ttl;
}

static void
put_later(struct answer *a, const struct later *l)
{
	struct dname owner;
	uint32_t ttl = l->negative ? negative_ttl(l->set->records) : 0;

	zone_node_name(&l->ix->zone, l->node, &owner);
	put_set(a, ZONE_SECTION_AUTHORITY, l->ix, l->node,
	    &(struct zone_put){
	        .owner = &owner,
	        .set = l->set,
	        .ttl = l->negative ? &ttl : NULL,
	    });
}

/* Addresses of a name server, when they are in the zone or below the
 * delegation. */
static void
put_glue(struct answer *a, const struct zone_record *ns)
{
	struct cursor c = cursor_of(ns->rdata, ns->n);
	struct dname host;
	unsigned left = 0;
	const struct zone_node *node;

	if (!dname_read(&c, false, &host))
		return;
	node = zone_index_find(a->cut_in, &host, &left);
	for (const struct zone_rrset *s =
	         node != NULL && left == 0 ? node->rrsets : NULL;
	     s != NULL; s = s->next)
		if (s->type == RRTYPE_A || s->type == RRTYPE_AAAA)
			put_set(a, ZONE_SECTION_ADDITIONAL, a->cut_in, node,
			    &(struct zone_put){ .owner = &host, .set = s });
}

static void
answer_nodata(struct answer *a, const struct step *s)
{
	add_soa(a, s->ix);
	add_proof(a, s,
	    s->wild != NULL ? ZONE_DENIAL_WILD_TYPE : ZONE_DENIAL_TYPE);
}

static void
answer_nxdomain(struct answer *a, const struct step *s)
{
	a->flags |= CODE_NXDOMAIN;
	add_soa(a, s->ix);
	add_proof(a, s, ZONE_DENIAL_NAME);
}

/* A delegation: `cut` is the node with its NS records. */
static void
answer_delegation(struct answer *a, const struct step *s,
    const struct zone_node *cut)
{
	const struct zone_rrset *ds = zone_rrset(cut, RRTYPE_DS);
	struct dname name;
	struct step at = { &name, s->ix, cut, 0, NULL };

	/* AA is about the first name of the answer (RFC 1035 4.1.1). */
	if (a->n == 1)
		a->flags &= ~FLAG_AA;
	a->cut_in = s->ix;
	a->cut = zone_rrset(cut, RRTYPE_NS);
	add_later(a, s->ix, cut, a->cut);
	zone_node_name(&s->ix->zone, cut, &name);
	if (ds == NULL)
		add_proof(a, &at, ZONE_DENIAL_UNSIGNED);
	else if (a->dnssec && s->ix->is_secure)
		add_later(a, s->ix, cut, ds);
}

/* Go on with a name; false: the chain ends here. */
static bool
go_on(struct answer *a, const struct dname *name)
{
	for (unsigned i = 0; i < a->n; i++)
		if (a->names[i].len == name->len &&
		    memcmp(a->names[i].wire, name->wire, name->len) == 0)
			return false;
	if (a->n > CHAIN_MAX)
		return false;
	a->names[a->n++] = *name;
	return true;
}

/* The name in the data of the first record of a set. */
static bool
target_of(const struct zone_rrset *set, struct dname *out)
{
	struct cursor c = cursor_of(set->records->rdata, set->records->n);

	return dname_read(&c, false, out);
}

/* The name with its end, which is that of a node, replaced. False: it is too
 * long. */
static bool
replace_end(const struct dname *name, size_t end, const struct dname *to,
    struct dname *out)
{
	size_t front = (size_t)name->len - end;

	if (front + to->len > DNAME_WIRE_MAX)
		return false;
	memcpy(out->wire, name->wire, front);
	memcpy(out->wire + front, to->wire, to->len);
	out->len = (uint8_t)(front + to->len);
	return true;
}

/* A name below a DNAME record (RFC 6672 3.2). True: go on with a->names. */
static bool
answer_dname(struct answer *a, const struct step *s,
    const struct zone_node *node)
{
	const struct zone_rrset *set = zone_rrset(node, RRTYPE_DNAME);
	struct dname owner, to, name;
	unsigned i = 0;

	while (i < a->ndnames && a->dnames[i] != set)
		i++;
	zone_node_name(&s->ix->zone, node, &owner);
	if (i == a->ndnames) {
		a->dnames[a->ndnames++] = set;
		put_set(a, ZONE_SECTION_ANSWER, s->ix, node,
		    &(struct zone_put){ .owner = &owner, .set = set });
	}
	if (!target_of(set, &to))
		return false;
	if (!replace_end(s->name, owner.len, &to, &name)) {
		a->flags |= CODE_YXDOMAIN;
		return false;
	}
	zone_packet_put_cname(&a->packet, s->name, set->records->ttl, &name);
	return a->type != RRTYPE_CNAME && go_on(a, &name);
}

/* All sets of a node; signatures go with their sets. */
static bool
put_any(struct answer *a, const struct step *s, const struct zone_node *node)
{
	bool found = false;

	for (const struct zone_rrset *set = node->rrsets; set != NULL;
	     set = set->next) {
		if (set->type == ZONE_TYPE_NSEC3 ||
		    (set->type == RRTYPE_RRSIG && a->dnssec &&
		        s->ix->is_secure))
			continue;
		put_answer(a, s, node, set);
		found = true;
	}
	return found;
}

/* The name exists, or a wildcard covers it. True: go on with a->names. */
static bool
answer_node(struct answer *a, const struct step *s)
{
	const struct zone_node *node = s->wild != NULL ? s->wild : s->node;
	const struct zone_rrset *set =
	    a->type == ZONE_TYPE_NSEC3 ? NULL : zone_rrset(node, a->type);
	const struct zone_rrset *cname = zone_rrset(node, RRTYPE_CNAME);
	struct dname target;
	bool found = true;

	if (a->type == ZONE_TYPE_ANY)
		found = put_any(a, s, node);
	else if (set != NULL)
		put_answer(a, s, node, set);
	else if (cname != NULL)
		put_answer(a, s, node, cname);
	else
		found = false;
	if (!found) {
		answer_nodata(a, s);
		return false;
	}
	if (s->wild != NULL)
		add_proof(a, s, ZONE_DENIAL_EXPANDED);
	return a->type != ZONE_TYPE_ANY && set == NULL &&
	    target_of(cname, &target) && go_on(a, &target);
}

/* The zone that answers for a name: DS records are above the apex. */
static const struct zone *
zone_for(const struct answer *a, const struct dname *name)
{
	const struct zone *zone = zones_of(a->zones, name), *above;
	struct dname parent;

	if (zone == NULL || a->type != RRTYPE_DS ||
	    zone->origin->len != name->len || name->len == 1)
		return zone;
	parent.len = (uint8_t)(name->len - name->wire[0] - 1);
	memcpy(parent.wire, name->wire + name->wire[0] + 1, parent.len);
	above = zones_of(a->zones, &parent);
	return above != NULL ? above : zone;
}

/* The highest node on the way to a name that has a delegation or a DNAME
 * record; else the node itself. */
static const struct zone_node *
highest_cut(const struct zone_node *node)
{
	while ((node->marks & ZONE_MARK_HIDDEN) != 0)
		node = node->parent;
	return node;
}

/* Answer for the last name of the chain. True: it has one name more. */
static bool
take_step(struct answer *a)
{
	static const uint8_t star[] = { 1, '*' };
	struct step s = { .name = &a->names[a->n - 1] };
	const struct zone *zone = zone_for(a, s.name);
	const struct zone_node *top;
	bool below;

	if (zone == NULL) {
		a->flags |= a->n == 1 ? CODE_REFUSED : 0;
		return false;
	}
	a->flags |= FLAG_AA;
	s.ix = zone_index_of(zone);
	s.node = zone_index_find(s.ix, s.name, &s.left);
	if ((s.node->marks & ZONE_MARK_HASH) != 0) {
		s.node = s.node->parent;
		s.left++;
	}
	top = highest_cut(s.node);
	below = top != s.node || s.left > 0;
	if ((top->marks & ZONE_MARK_CUT) != 0 &&
	    (below || a->type != RRTYPE_DS)) {
		answer_delegation(a, &s, top);
		return false;
	}
	if ((top->marks & ZONE_MARK_DNAME) != 0 && below)
		return answer_dname(a, &s, top);
	if (s.left > 0) {
		s.wild = zone_index_below(s.ix, s.node, star);
		if (s.wild == NULL) {
			answer_nxdomain(a, &s);
			return false;
		}
	}
	return answer_node(a, &s);
}

size_t
zones_answer(const struct zones *z, const struct dname *name, uint16_t type,
    bool dnssec, size_t udp, uint8_t *out)
{
	struct answer a;

	a.zones = z;
	a.type = type;
	a.dnssec = dnssec;
	a.flags = 0;
	a.nlater = 0;
	a.cut_in = NULL;
	a.names[0] = *name;
	a.n = 1;
	a.ndnames = 0;
	zone_packet_start(&a.packet, out,
	    udp > 0 && udp < ZONE_ANSWER_MAX ? udp : ZONE_ANSWER_MAX, name,
	    type);
	while (take_step(&a))
		;
	for (size_t i = 0; i < a.nlater; i++)
		put_later(&a, &a.later[i]);
	for (const struct zone_record *r = a.cut_in != NULL ? a.cut->records :
	                                                      NULL;
	     r != NULL; r = r->next)
		put_glue(&a, r);
	zone_packet_end(&a.packet, (uint16_t)a.flags);
	return a.packet.cut && (udp == 0 || udp >= ZONE_ANSWER_MAX) ?
	    0 :
	    a.packet.n;
}
