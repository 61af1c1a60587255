/*
 * order.c - the canonical order of names (RFC 4034 6.1)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A merge sort, which takes one comparison a name when the file is in order
 * already, as files that servers write are. Most comparisons are those of a
 * number.
 */
#include "zone/order.h"

#include <stdlib.h>

/* Names are first sorted in blocks of this length. */
#define BLOCK 8

/* A node, and what mostly tells its order. */
struct item {
	uint64_t key; /* octets of the label below the origin */
	uint32_t number;
};

static int
compare_labels(const uint8_t *a, const uint8_t *b)
{
	int order = memcmp(a + 1, b + 1, a[0] < b[0] ? a[0] : b[0]);

	return order != 0 ? order : (int)a[0] - (int)b[0];
}

static const struct zone_node *
climb(const struct zone_node *node, unsigned depth)
{
	while (node->depth > depth)
		node = node->parent;
	return node;
}

static int
compare_nodes(const struct zone_node *a, const struct zone_node *b)
{
	unsigned depth = a->depth < b->depth ? a->depth : b->depth;
	const struct zone_node *x = climb(a, depth), *y = climb(b, depth);

	if (x == y)
		return (int)a->depth - (int)b->depth;
	for (; x->parent != y->parent; x = x->parent)
		y = y->parent;
	return compare_labels(x->label, y->label);
}

int
zone_order_name(const struct zone_node *node, const struct dname *name,
    const uint8_t *at, unsigned n)
{
	unsigned common = node->depth < n ? node->depth : n;

	for (unsigned depth = 1; depth <= common; depth++) {
		int order = compare_labels(climb(node, depth)->label,
		    name->wire + at[n - depth]);

		if (order != 0)
			return order;
	}
	return (int)node->depth - (int)n;
}

/* Octets of a label that make a key. */
#define KEY 8

/* What is sorted. */
struct sorting {
	struct zone_node *const *nodes;
	struct item *spare; /* room for all items */
	bool whole; /* the keys are equal: names are compared */
};

/* Octets `from` and on of the label below the origin. Keys that differ have the
 * order of their names; a label that ends before has zeros. */
static uint64_t
key_of(const struct zone_node *node, size_t from)
{
	const uint8_t *label = climb(node, 1)->label;
	uint64_t key = 0;

	for (size_t i = from; i < from + KEY; i++)
		key = key << 8 | (i < label[0] ? label[i + 1] : 0);
	return key;
}

static bool
is_behind(const struct sorting *s, const struct item *a, const struct item *b)
{
	return s->whole ?
	    compare_nodes(s->nodes[a->number], s->nodes[b->number]) > 0 :
	    a->key > b->key;
}

static void
sort_block(const struct sorting *s, struct item *items, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct item item = items[i];
		size_t at = i;

		for (; at > 0 && is_behind(s, &items[at - 1], &item); at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* Merge the first `half` items with the others. */
static void
merge(const struct sorting *s, struct item *items, size_t half, size_t n)
{
	size_t a = 0, b = half, to = 0;

	if (!is_behind(s, &items[half - 1], &items[half]))
		return;
	memcpy(s->spare, items, half * sizeof(*items));
	while (a < half && b < n)
		items[to++] = is_behind(s, &s->spare[a], &items[b]) ?
		    items[b++] :
		    s->spare[a++];
	memcpy(items + to, s->spare + a, (half - a) * sizeof(*items));
}

static void
sort(const struct sorting *s, struct item *items, size_t n)
{
	for (size_t i = 0; i < n; i += BLOCK)
		sort_block(s, items + i, n - i < BLOCK ? n - i : BLOCK);
	for (size_t half = BLOCK; half < n; half *= 2)
		for (size_t i = 0; i + half < n; i += 2 * half)
			merge(s, items + i, half,
			    n - i < 2 * half ? n - i : 2 * half);
}

/* Sort by the octets `from` and on of labels, and where these are equal by what
 * is behind them. False: no label is so long. */
static bool
sort_from(struct sorting *s, struct item *items, size_t n, size_t from)
{
	bool longer = false;
	size_t run;

	for (size_t i = 0; i < n; i++) {
		const struct zone_node *node = s->nodes[items[i].number];

		longer = longer || climb(node, 1)->label[0] > from;
		items[i].key = key_of(node, from);
	}
	if (!longer)
		return false;
	sort(s, items, n);
	for (size_t i = 0; i < n; i += run) {
		for (run = 1; i + run < n; run++)
			if (items[i + run].key != items[i].key)
				break;
		if (run > 1 && !sort_from(s, items + i, run, from + KEY)) {
			s->whole = true;
			sort(s, items + i, run);
			s->whole = false;
		}
	}
	return true;
}

uint32_t *
zone_order(struct zone_node *const *nodes, size_t n)
{
	uint32_t *order = malloc(n * sizeof(*order));
	struct item *items = malloc(n * sizeof(*items));
	struct item *spare = malloc(n * sizeof(*spare));
	struct sorting s = { nodes, spare, false };

	if (order == NULL || items == NULL || spare == NULL) {
		free(order);
		order = NULL;
		goto done;
	}
	for (size_t i = 1; i < n; i++)
		items[i - 1].number = (uint32_t)i;
	sort_from(&s, items, n - 1, 0);
	order[0] = 0;
	for (size_t i = 1; i < n; i++)
		order[i] = items[i - 1].number;
done:
	free(items);
	free(spare);
	return order;
}
