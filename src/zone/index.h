/*
 * index.h - the records of one zone, by name
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Names are a tree of labels. A hash table leads from a node and a label to the
 * node below; an array has all nodes in canonical order.
 */
#ifndef ZONE_INDEX_H
#define ZONE_INDEX_H

#include "zone/twice.h"

/* Types that the house has no records of. */
enum {
	ZONE_TYPE_SIG = 24,
	ZONE_TYPE_KEY = 25,
	ZONE_TYPE_NXT = 30,
	ZONE_TYPE_SRV = 33,
	ZONE_TYPE_NSEC = 47,
	ZONE_TYPE_NSEC3 = 50,
	ZONE_TYPE_NSEC3PARAM = 51,
	ZONE_TYPE_ANY = 255,
};

/* What is known of a node without a look at its records. */
enum {
	ZONE_MARK_HIDDEN = 1, /* below a delegation or a DNAME */
	ZONE_MARK_CUT = 2, /* NS records, and it is not the apex */
	ZONE_MARK_DNAME = 4,
	ZONE_MARK_CNAME = 8,
	ZONE_MARK_HASH = 16, /* only NSEC3 records and their signatures: no
	                      * name of the zone (RFC 5155 7.2.8) */
	ZONE_MARK_GLUE = 32, /* NS records of a delegation have this name */
};

/** Empty non-terminals that a zone may have at most, so that a file of deep
 * names does not take memory many times its size. */
#define ZONE_EMPTY_MAX ((size_t)1 << 20)

/** Memory that is given out in small pieces. */
struct zone_pool {
	struct arena *arena;
	uint8_t *at;
	size_t left;
};

/** A place of the hash table. */
struct zone_slot {
	uint32_t hash;
	uint32_t number; /* of the node in nodes[] + 1; 0: free */
};

/** A zone, and how its nodes are found. */
struct zone_index {
	struct zone zone; /* the first member */
	struct zone_index *next;
	struct zone_pool *pool;
	struct dname origin;
	struct zone_node **nodes; /* in the order in which they were made */
	size_t n, room; /* of nodes[] */
	uint32_t *order; /* by rank: the number of a node in nodes[] */
	struct zone_slot *slots;
	size_t mask; /* slots - 1; a power of 2 less 1 */
	uint64_t seed;
	size_t nempty;
	struct zone_node *last; /* that a record was added to */
	struct dname last_name;
	const struct zone_record *twin; /* of a record that was there already */
	struct zone_twice twice; /* while records are added */
	bool failed; /* memory ran out */
	bool is_secure; /* there are signatures at the apex */
	/* NSEC3 (RFC 5155): the record that has the parameters of the chain in
	 * use, or NULL; and the ranks of its nodes, in order. */
	const struct zone_record *chain;
	uint32_t *links;
	size_t nlinks;
};

/** What became of a record. */
enum zone_added {
	ZONE_ADDED,
	ZONE_ADDED_TWICE, /* it is there already */
	ZONE_ADDED_OUTSIDE, /* its name is not in the zone */
	ZONE_ADDED_LIMIT, /* there are too many empty non-terminals */
	ZONE_ADDED_NOT, /* memory ran out */
};

/** Begin a zone that has a name and no records. False: memory ran out. */
bool zone_index_start(struct zone_index *ix, struct zone_pool *pool,
    const struct dname *origin);
/** Add a record. `set` is that of the record, unless it is outside. */
enum zone_added zone_index_add(struct zone_index *ix, const struct zone_rr *rr,
    struct zone_rrset **set);
/** All records are there: order the names and mark them. False: memory ran
 * out. */
bool zone_index_end(struct zone_index *ix);
/** Mark the node of a name, if it has one. */
void
zone_index_mark(struct zone_index *ix, const struct dname *name, uint8_t mark);
/** Free what is not in the pool. */
void zone_index_free(struct zone_index *ix);

/** The lowest node that is the name or above it. `left` is the number of labels
 * of the name that are below it. NULL: the name is not in the zone. */
const struct zone_node *zone_index_find(const struct zone_index *ix,
    const struct dname *name, unsigned *left);
/** The node of a label below a node; NULL: there is no such node. */
const struct zone_node *zone_index_below(const struct zone_index *ix,
    const struct zone_node *node, const uint8_t *label);
/** The node by its place in canonical order. */
const struct zone_node *zone_index_at(const struct zone_index *ix, size_t rank);
/** The last node that is in front of a name that has no node. */
const struct zone_node *
zone_index_before(const struct zone_index *ix, const struct dname *name);
/** A name is another one or below it. */
bool zone_name_under(const struct dname *name, const struct dname *top);

static inline const struct zone_index *
zone_index_of(const struct zone *zone)
{
	return (const struct zone_index *)(const void *)zone;
}

#endif /* ZONE_INDEX_H */
