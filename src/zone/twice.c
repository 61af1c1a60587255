/*
 * twice.c - records that are in a set already
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Small sets are searched. Records of larger ones are in a hash table, so that
 * a set of a million records takes no time that grows with its square.
 */
#include "zone/twice.h"

#include <stdlib.h>

/* Records of a set that is searched. */
#define SEARCHED 16

/* FNV-1a, of the set and the data. */
static size_t
hash(const struct zone_rrset *set, const uint8_t *rdata, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uintptr_t)set;

	for (size_t i = 0; i < n; i++)
		h = (h ^ rdata[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

static bool
is_same(const struct zone_record *r, const uint8_t *rdata, size_t n)
{
	return r->n == n && (n == 0 || memcmp(r->rdata, rdata, n) == 0);
}

const struct zone_record *
zone_twice(const struct zone_twice *t, const struct zone_rrset *set,
    const uint8_t *rdata, size_t n)
{
	if (set->n <= SEARCHED) {
		const struct zone_record *r = set->records;

		while (r != NULL && !is_same(r, rdata, n))
			r = r->next;
		return r;
	}
	for (size_t i = hash(set, rdata, n) & t->mask; t->slots[i].set != NULL;
	     i = (i + 1) & t->mask)
		if (t->slots[i].set == set &&
		    is_same(t->slots[i].record, rdata, n))
			return t->slots[i].record;
	return NULL;
}

static void
enter(struct zone_twice *t, struct zone_seen seen)
{
	size_t i = hash(seen.set, seen.record->rdata, seen.record->n) & t->mask;

	while (t->slots[i].set != NULL)
		i = (i + 1) & t->mask;
	t->slots[i] = seen;
	t->n++;
}

/* Room for as many records more as a set has that is entered first. */
static bool
make_room(struct zone_twice *t)
{
	struct zone_twice wide = { NULL, 0, t->mask * 2 + 1 };

	if (t->slots == NULL)
		wide.mask = 255;
	else if ((t->n + SEARCHED + 1) * 2 < t->mask)
		return true;
	wide.slots = calloc(wide.mask + 1, sizeof(*wide.slots));
	if (wide.slots == NULL)
		return false;
	for (size_t i = 0; t->slots != NULL && i <= t->mask; i++)
		if (t->slots[i].set != NULL)
			enter(&wide, t->slots[i]);
	free(t->slots);
	*t = wide;
	return true;
}

bool
zone_twice_note(struct zone_twice *t, const struct zone_rrset *set,
    const struct zone_record *r)
{
	if (set->n <= SEARCHED)
		return true;
	if (!make_room(t))
		return false;
	if (set->n > SEARCHED + 1)
		enter(t, (struct zone_seen){ set, r });
	else
		for (r = set->records; r != NULL; r = r->next)
			enter(t, (struct zone_seen){ set, r });
	return true;
}

void
zone_twice_free(struct zone_twice *t)
{
	free(t->slots);
	*t = (struct zone_twice){ NULL, 0, 0 };
}
