/*
 * index.c - the records of one zone, by name
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/index.h"

#include <stdlib.h>

#include "record/rrtype.h"
#include "zone/nsec3.h"
#include "zone/order.h"

/* Octets that the pool asks the arena for at once. */
#define PIECE ((size_t)1 << 16)

static void *
take(struct zone_index *ix, size_t n)
{
	struct zone_pool *pool = ix->pool;
	void *at;

	n = (n + 7) / 8 * 8;
	if (n > pool->left) {
		size_t more = n > PIECE ? n : PIECE;

		pool->at = arena_alloc(pool->arena, more);
		pool->left = pool->at != NULL ? more : 0;
		if (pool->at == NULL) {
			ix->failed = true;
			return NULL;
		}
	}
	at = pool->at;
	pool->at += n;
	pool->left -= n;
	ix->zone.noctets += n;
	return at;
}

static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 32;
}

/* A node is found by its parent and its label. */
static uint32_t
hash(const struct zone_index *ix, const struct zone_node *parent,
    const uint8_t *label)
{
	uint64_t h = mix(ix->seed, (uintptr_t)parent);
	size_t n = (size_t)label[0] + 1;
	uint64_t word;

	for (; n >= sizeof(word); n -= sizeof(word), label += sizeof(word)) {
		memcpy(&word, label, sizeof(word));
		h = mix(h, word);
	}
	word = 0;
	memcpy(&word, label, n);
	return (uint32_t)mix(h, word);
}

/* The slot of a node, or the free one where it belongs. */
static struct zone_slot *
slot_of(const struct zone_index *ix, uint32_t h, const struct zone_node *parent,
    const uint8_t *label)
{
	for (size_t i = h & ix->mask;; i = (i + 1) & ix->mask) {
		struct zone_slot *slot = &ix->slots[i];
		const struct zone_node *node;

		if (slot->number == 0)
			return slot;
		if (slot->hash != h)
			continue;
		node = ix->nodes[slot->number - 1];
		if (node->parent == parent &&
		    memcmp(node->label, label, (size_t)label[0] + 1) == 0)
			return slot;
	}
}

/* Make the table hold twice as many. */
static bool
widen(struct zone_index *ix)
{
	size_t count = ix->slots == NULL ? 64 : (ix->mask + 1) * 2;
	struct zone_slot *old = ix->slots;
	size_t old_count = old == NULL ? 0 : ix->mask + 1;
	struct zone_slot *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return false;
	ix->slots = slots;
	ix->mask = count - 1;
	for (size_t i = 0; i < old_count; i++) {
		size_t at = old[i].hash & ix->mask;

		if (old[i].number == 0)
			continue;
		while (slots[at].number != 0)
			at = (at + 1) & ix->mask;
		slots[at] = old[i];
	}
	free(old);
	return true;
}

/* Room for one more node. */
static bool
make_room(struct zone_index *ix)
{
	struct zone_node **nodes;
	size_t room = ix->room == 0 ? 32 : ix->room * 2;

	if ((ix->slots == NULL || ix->n * 4 >= ix->mask * 3) && !widen(ix))
		return false;
	if (ix->n < ix->room)
		return true;
	nodes = realloc(ix->nodes, room * sizeof(struct zone_node *));
	if (nodes == NULL)
		return false;
	ix->nodes = nodes;
	ix->room = room;
	return true;
}

/* Make a node; NULL when memory ran out. */
static struct zone_node *
make_node(struct zone_index *ix, struct zone_node *parent, const uint8_t *label)
{
	size_t octets = (size_t)label[0] + 1;
	struct zone_node *node =
	    take(ix, offsetof(struct zone_node, label) + octets);
	struct zone_slot *slot;
	uint32_t h;

	if (node == NULL || !make_room(ix)) {
		ix->failed = true;
		return NULL;
	}
	node->parent = parent;
	node->depth = parent == NULL ? 0 : (uint8_t)(parent->depth + 1);
	memcpy(node->label, label, octets);
	h = hash(ix, parent, label);
	slot = slot_of(ix, h, parent, label);
	ix->nodes[ix->n++] = node;
	slot->hash = h;
	slot->number = (uint32_t)ix->n;
	return node;
}

static struct zone_node *
below(const struct zone_index *ix, const struct zone_node *node,
    const uint8_t *label)
{
	const struct zone_slot *slot =
	    slot_of(ix, hash(ix, node, label), node, label);

	return slot->number > 0 ? ix->nodes[slot->number - 1] : NULL;
}

const struct zone_node *
zone_index_below(const struct zone_index *ix, const struct zone_node *node,
    const uint8_t *label)
{
	return below(ix, node, label);
}

bool
zone_name_under(const struct dname *name, const struct dname *top)
{
	size_t at = 0;

	if (name->len < top->len)
		return false;
	while (at < (size_t)name->len - top->len)
		at += (size_t)name->wire[at] + 1;
	return at == (size_t)name->len - top->len &&
	    memcmp(name->wire + at, top->wire, top->len) == 0;
}

/* The offsets of the labels of a name that is in the zone: those in front of
 * the origin, from the left. */
static unsigned
labels_of(const struct zone_index *ix, const struct dname *name, uint8_t *at)
{
	size_t end = (size_t)name->len - ix->origin.len;
	unsigned n = 0;

	for (size_t i = 0; i < end; i += (size_t)name->wire[i] + 1)
		at[n++] = (uint8_t)i;
	return n;
}

const struct zone_node *
zone_index_find(const struct zone_index *ix, const struct dname *name,
    unsigned *left)
{
	uint8_t at[DNAME_WIRE_MAX / 2 + 1];
	const struct zone_node *node = ix->zone.apex, *next;
	unsigned n;

	if (!zone_name_under(name, &ix->origin))
		return NULL;
	for (n = labels_of(ix, name, at); n > 0; n--) {
		next = below(ix, node, name->wire + at[n - 1]);
		if (next == NULL)
			break;
		node = next;
	}
	*left = n;
	return node;
}

/* The node of a name, which is made if need be. */
static struct zone_node *
node_for(struct zone_index *ix, const struct dname *name)
{
	uint8_t at[DNAME_WIRE_MAX / 2 + 1];
	struct zone_node *node = ix->nodes[0], *next;

	for (unsigned n = labels_of(ix, name, at); n > 0; n--) {
		const uint8_t *label = name->wire + at[n - 1];

		next = below(ix, node, label);
		if (next == NULL) {
			ix->nempty += n > 1;
			next = make_node(ix, node, label);
		}
		if (next == NULL)
			return NULL;
		node = next;
	}
	return node;
}

bool
zone_index_start(struct zone_index *ix, struct zone_pool *pool,
    const struct dname *origin)
{
	static const uint8_t root[1] = { 0 };

	*ix = (struct zone_index){ .pool = pool, .origin = *origin };
	ix->zone.origin = &ix->origin;
	ix->seed = (uintptr_t)ix;
	ix->zone.apex = make_node(ix, NULL, root);
	ix->last_name = *origin;
	ix->last = ix->zone.apex != NULL ? ix->nodes[0] : NULL;
	return ix->last != NULL;
}

static uint8_t
mark_of(uint16_t type, const struct zone_node *node)
{
	switch (type) {
	case RRTYPE_NS: return node->depth > 0 ? ZONE_MARK_CUT : 0;
	case RRTYPE_DNAME: return ZONE_MARK_DNAME;
	case RRTYPE_CNAME: return ZONE_MARK_CNAME;
	default: return 0;
	}
}

/* The set of a type, which is made if need be, behind the others. */
static struct zone_rrset *
set_for(struct zone_index *ix, struct zone_node *node, uint16_t type)
{
	struct zone_rrset **at = &node->rrsets;

	while (*at != NULL && (*at)->type != type)
		at = &(*at)->next;
	if (*at == NULL)
		*at = take(ix, sizeof(**at));
	if (*at != NULL) {
		(*at)->type = type;
		node->marks |= mark_of(type, node);
	}
	return *at;
}

static bool
is_last(const struct zone_index *ix, const struct dname *name)
{
	return name->len == ix->last_name.len &&
	    memcmp(name->wire, ix->last_name.wire, name->len) == 0;
}

static struct zone_record *
make_record(struct zone_index *ix, const struct zone_rr *rr)
{
	struct zone_record *r =
	    take(ix, offsetof(struct zone_record, rdata) + rr->n);

	if (r == NULL)
		return NULL;
	r->file = rr->place.file;
	r->line = rr->place.line;
	r->column = rr->place.column > UINT16_MAX ? UINT16_MAX :
	                                            (uint16_t)rr->place.column;
	r->ttl = rr->ttl;
	r->n = (uint16_t)rr->n;
	if (rr->n > 0)
		memcpy(r->rdata, rr->rdata, rr->n);
	return r;
}

enum zone_added
zone_index_add(struct zone_index *ix, const struct zone_rr *rr,
    struct zone_rrset **set)
{
	struct zone_record *r;

	*set = NULL;
	if (!is_last(ix, rr->owner)) {
		if (!zone_name_under(rr->owner, &ix->origin))
			return ZONE_ADDED_OUTSIDE;
		if (ix->nempty >= ZONE_EMPTY_MAX)
			return ZONE_ADDED_LIMIT;
		ix->last = node_for(ix, rr->owner);
		if (ix->last == NULL)
			return ZONE_ADDED_NOT;
		ix->last_name = *rr->owner;
	}
	*set = set_for(ix, ix->last, rr->type);
	if (*set == NULL)
		return ZONE_ADDED_NOT;
	ix->twin = zone_twice(&ix->twice, *set, rr->rdata, rr->n);
	if (ix->twin != NULL)
		return ZONE_ADDED_TWICE;
	r = make_record(ix, rr);
	if (r == NULL)
		return ZONE_ADDED_NOT;
	if ((*set)->last != NULL)
		(*set)->last->next = r;
	else
		(*set)->records = r;
	(*set)->last = r;
	(*set)->n++;
	ix->zone.nrecords++;
	return zone_twice_note(&ix->twice, *set, r) ? ZONE_ADDED :
	                                              ZONE_ADDED_NOT;
}

/* A node whose records are only NSEC3 and signatures. */
static bool
is_hash(const struct zone_node *node)
{
	bool found = false;

	for (const struct zone_rrset *s = node->rrsets; s != NULL; s = s->next)
		if (s->type == ZONE_TYPE_NSEC3)
			found = true;
		else if (s->type != RRTYPE_RRSIG)
			return false;
	return found;
}

/* Ranks and marks. A parent is in front of what is below it. */
static void
mark(struct zone_index *ix)
{
	const uint8_t top = ZONE_MARK_HIDDEN | ZONE_MARK_CUT | ZONE_MARK_DNAME;

	for (size_t i = 0; i < ix->n; i++) {
		struct zone_node *node = ix->nodes[ix->order[i]];

		node->rank = (uint32_t)i;
		if (node->parent != NULL && (node->parent->marks & top) != 0)
			node->marks |= ZONE_MARK_HIDDEN;
		if (is_hash(node))
			node->marks |= ZONE_MARK_HASH;
	}
}

bool
zone_index_end(struct zone_index *ix)
{
	struct zone_node **nodes;

	zone_twice_free(&ix->twice);
	nodes = realloc(ix->nodes, ix->n * sizeof(struct zone_node *));
	if (nodes != NULL) {
		ix->nodes = nodes;
		ix->room = ix->n;
	}
	ix->order = zone_order(ix->nodes, ix->n);
	if (ix->order == NULL) {
		ix->failed = true;
		return false;
	}
	mark(ix);
	ix->failed = !zone_nsec3_start(ix);
	ix->is_secure = zone_rrset(ix->zone.apex, RRTYPE_RRSIG) != NULL;
	ix->zone.noctets += ix->room * sizeof(struct zone_node *) +
	    (ix->n + ix->nlinks) * sizeof(*ix->order) +
	    (ix->mask + 1) * sizeof(*ix->slots);
	return !ix->failed;
}

void
zone_index_free(struct zone_index *ix)
{
	zone_twice_free(&ix->twice);
	free(ix->nodes);
	free(ix->slots);
	free(ix->order);
	free(ix->links);
}

void
zone_index_mark(struct zone_index *ix, const struct dname *name, uint8_t mark)
{
	unsigned left = 0;
	const struct zone_node *node = zone_index_find(ix, name, &left);

	if (node != NULL && left == 0)
		ix->nodes[ix->order[node->rank]]->marks |= mark;
}

const struct zone_node *
zone_index_at(const struct zone_index *ix, size_t rank)
{
	return rank < ix->n ? ix->nodes[ix->order[rank]] : NULL;
}

const struct zone_node *
zone_index_before(const struct zone_index *ix, const struct dname *name)
{
	uint8_t at[DNAME_WIRE_MAX / 2 + 1];
	unsigned n = labels_of(ix, name, at);
	size_t low = 0, high = ix->n;

	/* The apex is in front of all other names. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (zone_order_name(zone_index_at(ix, middle), name, at, n) < 0)
			low = middle;
		else
			high = middle;
	}
	return zone_index_at(ix, low);
}

const struct zone_node *
zone_node(const struct zone *zone, const struct dname *name)
{
	unsigned left = 0;
	const struct zone_node *node =
	    zone_index_find(zone_index_of(zone), name, &left);

	return left == 0 ? node : NULL;
}

void
zone_node_name(const struct zone *zone, const struct zone_node *node,
    struct dname *name)
{
	size_t used = 0;

	for (; node->parent != NULL; node = node->parent) {
		memcpy(name->wire + used, node->label,
		    (size_t)node->label[0] + 1);
		used += (size_t)node->label[0] + 1;
	}
	memcpy(name->wire + used, zone->origin->wire, zone->origin->len);
	name->len = (uint8_t)(used + zone->origin->len);
}

const struct zone_node *
zone_next(const struct zone *zone, const struct zone_node *after,
    struct dname *name)
{
	const struct zone_node *node = zone_index_at(zone_index_of(zone),
	    after == NULL ? 0 : (size_t)after->rank + 1);

	if (node != NULL)
		zone_node_name(zone, node, name);
	return node;
}

const struct zone_rrset *
zone_rrset(const struct zone_node *node, uint16_t type)
{
	const struct zone_rrset *s = node->rrsets;

	while (s != NULL && s->type != type)
		s = s->next;
	return s;
}

bool
zone_hidden(const struct zone *zone, const struct zone_node *node)
{
	(void)zone;
	return (node->marks & ZONE_MARK_HIDDEN) != 0;
}
