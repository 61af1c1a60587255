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

/* Add the NSEC record of a node, or else that of the nearest node in front of
 * it in canonical order, whose range covers the node. */
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

/* RFC 4035 3.1.3. The record in front of a name shows that the name does not
 * exist; that of a node shows which types the node lacks. For a missing name, a
 * second record shows that its closest encloser has no wildcard either. */
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

/* Add the proof of the closest encloser (RFC 5155 7.2.1): the NSEC3 record that
 * matches it, and the one that covers the next name below it. With opt-out, a
 * name that only leads to unsigned delegations has no NSEC3 record: then take
 * the next name above that has one. `left` counts the labels of the denied name
 * below `node`. Returns the encloser; NULL: no name has such a record. */
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

/* RFC 5155 7.2.2 to 7.2.7. */
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
