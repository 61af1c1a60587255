/*
 * zones.c - the zones of a job
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/zones.h"

#include <stdlib.h>

#include "record/rrtype.h"
#include "zone/whole.h"

/* A zone in the table of origins. */
struct home {
	struct zone_index *ix; /* NULL: free */
};

struct zones {
	struct arena arena; /* of this structure as well */
	struct zone_pool pool;
	struct zone_index *first, *last;
	struct home *homes; /* by origin; its size is a power of 2 */
	size_t nhomes, mask;
};

struct zones *
zones_new(void)
{
	struct arena a = { NULL, false };
	struct zones *z = arena_alloc(&a, sizeof(*z));

	if (z == NULL)
		return NULL;
	z->arena = a;
	z->pool.arena = &z->arena;
	return z;
}

void
zones_free(struct zones *z)
{
	struct arena a;

	if (z == NULL)
		return;
	for (struct zone_index *ix = z->first; ix != NULL; ix = ix->next)
		zone_index_free(ix);
	free(z->homes);
	a = z->arena;
	arena_free(&a);
}

/* FNV-1a from the last octet to the first, so that the hash of a name goes on
 * from that of the name above it. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t
hash_on(uint64_t h, const uint8_t *wire, size_t n)
{
	while (n > 0)
		h = (h ^ wire[--n]) * UINT64_C(0x100000001b3);
	return h;
}

/* The place of an origin, or the free one where it belongs. */
static struct home *
home_at(const struct zones *z, uint64_t h, const uint8_t *wire, size_t n)
{
	size_t i = (size_t)(h ^ h >> 29) & z->mask;

	for (;; i = (i + 1) & z->mask) {
		const struct zone_index *ix = z->homes[i].ix;

		if (ix == NULL ||
		    (ix->origin.len == n &&
		        memcmp(ix->origin.wire, wire, n) == 0))
			return &z->homes[i];
	}
}

static struct home *
home_of(const struct zones *z, const struct dname *name)
{
	return home_at(z, hash_on(HASH_START, name->wire, name->len),
	    name->wire, name->len);
}

/* Room for one more zone. */
static bool
make_room(struct zones *z)
{
	size_t count = z->homes == NULL ? 64 : (z->mask + 1) * 2;
	struct home *homes;

	if (z->homes != NULL && z->nhomes * 2 < z->mask)
		return true;
	homes = calloc(count, sizeof(*homes));
	if (homes == NULL)
		return false;
	free(z->homes);
	z->homes = homes;
	z->mask = count - 1;
	for (struct zone_index *ix = z->first; ix != NULL; ix = ix->next)
		home_of(z, &ix->origin)->ix = ix;
	return true;
}

const struct zone *
zones_first(const struct zones *z)
{
	return z->first != NULL ? &z->first->zone : NULL;
}

const struct zone *
zones_of(const struct zones *z, const struct dname *name)
{
	uint8_t starts[DNAME_WIRE_MAX];
	const struct zone_index *lowest = NULL;
	uint64_t h = HASH_START;
	size_t n = 0, end = name->len;

	if (z->homes == NULL)
		return NULL;
	for (size_t at = 0; at < name->len; at += (size_t)name->wire[at] + 1)
		starts[n++] = (uint8_t)at;
	while (n > 0) {
		size_t at = starts[--n];
		const struct zone_index *ix;

		h = hash_on(h, name->wire + at, end - at);
		ix = home_at(z, h, name->wire + at, name->len - at)->ix;
		lowest = ix != NULL ? ix : lowest;
		end = at;
	}
	return lowest != NULL ? &lowest->zone : NULL;
}

static const char no_memory[] = "there is not enough memory";
static const char no_soa[] = "it has no SOA record";

static void
tell_no_soa(const struct zone_reading *r, const struct dname *origin)
{
	if (r->fault != NULL)
		r->fault(r->user,
		    &(struct zone_fault){ .id = MAILAUTH_F_ZONE_SOA_MISSING,
		        .place = { r->file, 1, 0, 0 },
		        .owner = origin,
		        .type = RRTYPE_SOA });
}

/* The search for the first SOA record. */
struct search {
	struct zone_sink sink; /* the first member */
	const struct zone_reading *r;
	bool aloud; /* faults are handed on */
	struct dname origin;
	bool found;
};

static bool
is_soa(struct zone_sink *sink, const struct zone_rr *rr)
{
	struct search *s = (struct search *)(void *)sink;

	if (rr->type != RRTYPE_SOA)
		return true;
	s->origin = *rr->owner;
	s->found = true;
	return false;
}

static void
hear(struct zone_sink *sink, const struct zone_fault *fault)
{
	struct search *s = (struct search *)(void *)sink;

	if (s->aloud && s->r->fault != NULL)
		s->r->fault(s->r->user, fault);
}

static struct zone_file *
open_searched(struct zone_sink *sink, struct mailauth_str path,
    const struct zone_file *from, const char **why)
{
	struct search *s = (struct search *)(void *)sink;

	return s->r->include(s->r->user, path, from, why);
}

/* Find the origin: the owner of the first SOA record. */
static bool
find_origin(struct search *s)
{
	struct arena a = { NULL, false };

	s->sink = (struct zone_sink){ is_soa, hear,
		s->r->include != NULL ? open_searched : NULL, s->r->mends };
	zone_read(s->r->file, NULL, &s->sink, &a);
	arena_free(&a);
	return s->found;
}

/* The reading of a zone into its index. */
struct filling {
	struct zone_sink sink; /* the first member */
	const struct zone_reading *r;
	struct zone_whole whole;
};

static bool
add(struct zone_sink *sink, const struct zone_rr *rr)
{
	return zone_whole_add(&((struct filling *)(void *)sink)->whole, rr);
}

static void
pass_on(struct zone_sink *sink, const struct zone_fault *fault)
{
	struct filling *f = (struct filling *)(void *)sink;

	if (f->r->fault != NULL)
		f->r->fault(f->r->user, fault);
}

static struct zone_file *
open_included(struct zone_sink *sink, struct mailauth_str path,
    const struct zone_file *from, const char **why)
{
	struct filling *f = (struct filling *)(void *)sink;

	return f->r->include(f->r->user, path, from, why);
}

/* Read the records. NULL, or what is wrong. */
static const char *
fill(struct zone_index *ix, const struct zone_reading *r)
{
	struct filling f = {
		.sink = { add, pass_on,
		    r->include != NULL ? open_included : NULL, r->mends },
		.r = r,
		.whole = { .ix = ix, .reading = r },
	};
	struct arena a = { NULL, false };
	bool good = zone_read(r->file, &ix->origin, &f.sink, &a);

	arena_free(&a);
	if (!good || !zone_index_end(ix))
		return no_memory;
	if (zone_rrset(ix->zone.apex, RRTYPE_SOA) == NULL) {
		tell_no_soa(r, &ix->origin);
		return no_soa;
	}
	zone_whole_end(&f.whole);
	return NULL;
}

static void
append(struct zones *z, struct zone_index *ix)
{
	if (z->last != NULL) {
		z->last->next = ix;
		z->last->zone.next = &ix->zone;
	} else {
		z->first = ix;
	}
	z->last = ix;
	z->nhomes++;
	home_of(z, &ix->origin)->ix = ix;
}

/* Read the zone of a name. */
static const struct zone *
read_zone(struct zones *z, const struct zone_reading *r,
    const struct dname *origin, const char **why)
{
	struct zone_index *ix;

	*why = no_memory;
	if (!make_room(z))
		return NULL;
	if (home_of(z, origin)->ix != NULL) {
		*why = "a zone of this name was read before";
		return NULL;
	}
	ix = arena_alloc(&z->arena, sizeof(*ix));
	if (ix == NULL)
		return NULL;
	if (zone_index_start(ix, &z->pool, origin))
		*why = fill(ix, r);
	if (*why != NULL) {
		zone_index_free(ix);
		return NULL;
	}
	append(z, ix);
	return &ix->zone;
}

const struct zone *
zones_read(struct zones *z, const struct zone_reading *r, const char **why)
{
	struct search s = { .r = r };

	if (r->origin != NULL)
		return read_zone(z, r, r->origin, why);
	if (find_origin(&s))
		return read_zone(z, r, &s.origin, why);
	/* Faults tell why it was not found. */
	s.aloud = true;
	find_origin(&s);
	tell_no_soa(r, NULL);
	*why = no_soa;
	return NULL;
}
