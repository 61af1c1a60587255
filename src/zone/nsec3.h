/*
 * nsec3.h - hashed names (RFC 5155)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_NSEC3_H
#define ZONE_NSEC3_H

#include "zone/index.h"

/** The zone has a chain of NSEC3 records: find its nodes. To be called once all
 * nodes are in order. False: memory ran out. */
bool zone_nsec3_start(struct zone_index *ix);
/** The node of the NSEC3 record that matches a name; NULL: no record does. */
const struct zone_node *
zone_nsec3_match(const struct zone_index *ix, const struct dname *name);
/** The node of the NSEC3 record that covers a name, which has none that
 * matches. */
const struct zone_node *
zone_nsec3_cover(const struct zone_index *ix, const struct dname *name);

#endif /* ZONE_NSEC3_H */
