/*
 * order.h - the canonical order of names (RFC 4034 6.1)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_ORDER_H
#define ZONE_ORDER_H

#include "zone/zones.h"

/** The numbers of nodes in canonical order, from malloc(); NULL when memory ran
 * out. nodes[0] is the apex. */
uint32_t *zone_order(struct zone_node *const *nodes, size_t n);
/** Compare a node with a name in its zone. `at` has the offsets of the `n`
 * labels of the name that are in front of the origin, from the left. */
int zone_order_name(const struct zone_node *node, const struct dname *name,
    const uint8_t *at, unsigned n);

#endif /* ZONE_ORDER_H */
