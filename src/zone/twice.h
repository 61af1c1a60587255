/*
 * twice.h - records that are in a set already
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_TWICE_H
#define ZONE_TWICE_H

#include "zone/zones.h"

/** A record of a set. */
struct zone_seen {
	const struct zone_rrset *set; /* NULL: none */
	const struct zone_record *record;
};

/** A hash table of the records of large sets. Begin with zeros. */
struct zone_twice {
	struct zone_seen *slots;
	size_t n, mask;
};

/** The record of a set that has these data; NULL: no record has. */
const struct zone_record *zone_twice(const struct zone_twice *t,
    const struct zone_rrset *set, const uint8_t *rdata, size_t n);
/** A record was added at the end of a set. False: memory ran out. */
bool zone_twice_note(struct zone_twice *t, const struct zone_rrset *set,
    const struct zone_record *r);
void zone_twice_free(struct zone_twice *t);

#endif /* ZONE_TWICE_H */
