/*
 * denial.c - the records that prove what a zone does not have
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/denial.h"

#include "zone/nsec3.h"

/* The sets of a proof, each once. */
struct proof {
	const struct zone_index *ix;
	const struct zone_denied *d;
	struct zone_proof *out;
	size_t n;
};

static bool
add(struct proof *p, const struct zone_node *node, uint16_t type)
{
	const struct zone_rrset *set =
	    node != NULL ? zone_rrset(node, type) : NULL;

	if (set == NULL)
		return false;
	for (size_t i = 0; i < p->n; i++)
		if (p->out[i].set == set)
			return true;
	if (p->n < ZONE_PROOF_MAX)
		p->out[p->n++] = (struct zone_proof){ node, set };
	return true;
}

/* The name of a wildcard below a node. False: it is too long. */
static bool
wild_name(const struct zone_index *ix, const struct zone_node *node,
    struct dname *out)
{
	struct dname name;

	zone_node_name(&ix->zone, node, &name);
	if (name.len > DNAME_WIRE_MAX - 2)
		return false;
	out->wire[0] = 1;
	out->wire[1] = '*';
	memcpy(out->wire + 2, name.wire, name.len);
	out->len = (uint8_t)(name.len + 2);
	return true;
}

/* The name without its first labels. */
static struct dname
without(const struct dname *name, unsigned labels)
{
	struct dname out;
	size_t at = 0;

	for (; labels > 0; labels--)
		at += (size_t)name->wire[at] + 1;
	out.len = (uint8_t)(name->len - at);
	memcpy(out.wire, name->wire + at, out.len);
	return out;
}

/* The NSEC record at a node or in front of it. */
static void
add_nsec(struct proof *p, const struct zone_node *node)
{
	while (node != NULL &&
	    ((node->marks & ZONE_MARK_HIDDEN) != 0 ||
	        zone_rrset(node, ZONE_TYPE_NSEC) == NULL))
		node = node->rank > 0 ? zone_index_at(p->ix, node->rank - 1) :
		                        NULL;
	add(p, node, ZONE_TYPE_NSEC);
}

static void
deny_by_nsec(struct proof *p)
{
	const struct zone_denied *d = p->d;
	struct dname wild;

	if (d->what == ZONE_DENIAL_TYPE || d->what == ZONE_DENIAL_UNSIGNED) {
		add_nsec(p, d->node);
		return;
	}
	add_nsec(p, zone_index_before(p->ix, d->name));
	if (d->what == ZONE_DENIAL_WILD_TYPE)
		add_nsec(p, d->wild);
	else if (d->what == ZONE_DENIAL_NAME &&
	    wild_name(p->ix, d->node, &wild))
		add_nsec(p, zone_index_before(p->ix, &wild));
}

/* The proof of the closest encloser that has one (RFC 5155 7.2.1). Names that
 * only lead to unsigned delegations have none with opt-out. `left` is the number
 * of labels of the name that are below the encloser. */
static const struct zone_node *
add_encloser(struct proof *p, const struct zone_node *node, unsigned left)
{
	const struct zone_node *link = NULL;
	struct dname name;

	for (; node != NULL; node = node->parent, left++) {
		zone_node_name(&p->ix->zone, node, &name);
		link = zone_nsec3_match(p->ix, &name);
		if (link != NULL)
			break;
	}
	if (node == NULL)
		return NULL;
	add(p, link, ZONE_TYPE_NSEC3);
	if (left > 0) {
		name = without(p->d->name, left - 1);
		add(p, zone_nsec3_cover(p->ix, &name), ZONE_TYPE_NSEC3);
	}
	return node;
}

static void
deny_by_nsec3(struct proof *p)
{
	const struct zone_denied *d = p->d;
	const struct zone_node *node = d->node;
	struct dname name;

	switch (d->what) {
	case ZONE_DENIAL_TYPE:
	case ZONE_DENIAL_UNSIGNED: add_encloser(p, node, 0); break;
	case ZONE_DENIAL_EXPANDED:
		name = without(d->name, d->left - 1);
		add(p, zone_nsec3_cover(p->ix, &name), ZONE_TYPE_NSEC3);
		break;
	case ZONE_DENIAL_WILD_TYPE:
		add_encloser(p, node, d->left);
		zone_node_name(&p->ix->zone, d->wild, &name);
		add(p, zone_nsec3_match(p->ix, &name), ZONE_TYPE_NSEC3);
		break;
	case ZONE_DENIAL_NAME:
		node = add_encloser(p, node, d->left);
		if (node != NULL && wild_name(p->ix, node, &name))
			add(p, zone_nsec3_cover(p->ix, &name), ZONE_TYPE_NSEC3);
		break;
	}
}

size_t
zone_deny(const struct zone_index *ix, const struct zone_denied *d,
    struct zone_proof out[ZONE_PROOF_MAX])
{
	struct proof p = { ix, d, out, 0 };

	if (ix->chain != NULL)
		deny_by_nsec3(&p);
	else if (zone_rrset(ix->zone.apex, ZONE_TYPE_NSEC) != NULL)
		deny_by_nsec(&p);
	return p.n;
}
