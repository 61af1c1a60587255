/*
 * whole.h - faults of a zone that no single line has
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_WHOLE_H
#define ZONE_WHOLE_H

#include "zone/index.h"

/** The filling of an index, and who gets the faults. */
struct zone_whole {
	struct zone_index *ix;
	const struct zone_reading *reading;
};

/** Add a record. False: memory ran out. */
bool zone_whole_add(struct zone_whole *w, const struct zone_rr *rr);
/** All records are there, and the index is in order. */
void zone_whole_end(struct zone_whole *w);

#endif /* ZONE_WHOLE_H */
