/*
 * denial.h - the records that prove what a zone does not have
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * NSEC (RFC 4035 3.1.3) or NSEC3 (RFC 5155 7.2), whichever the zone has.
 */
#ifndef ZONE_DENIAL_H
#define ZONE_DENIAL_H

#include "zone/index.h"

/** A set of a node that goes into the authority section. */
struct zone_proof {
	const struct zone_node *node;
	const struct zone_rrset *set;
};

/** What is proven about a name. */
enum zone_denial {
	ZONE_DENIAL_NAME, /* it does not exist, nor a wildcard for it */
	ZONE_DENIAL_TYPE, /* it exists, the type at it does not */
	ZONE_DENIAL_EXPANDED, /* it does not exist, a wildcard answers */
	ZONE_DENIAL_WILD_TYPE, /* it does not exist, the wildcard has no such
	                        * type */
	ZONE_DENIAL_UNSIGNED, /* a delegation has no DS records */
};

/** What a proof is about. */
struct zone_denied {
	enum zone_denial what;
	const struct dname *name;
	const struct zone_node *node; /* of the name, or the closest encloser */
	unsigned left; /* labels of the name below the node */
	const struct zone_node *wild; /* the wildcard in use; or NULL */
};

/** Sets of one proof at most. */
#define ZONE_PROOF_MAX 3

/** Find the sets. Fewer are found in a zone that is not signed well.
 * @return how many are in `out`. */
size_t zone_deny(const struct zone_index *ix, const struct zone_denied *d,
    struct zone_proof out[ZONE_PROOF_MAX]);

#endif /* ZONE_DENIAL_H */
