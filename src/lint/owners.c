/*
 * owners.c - a table of names
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "lint/lint.h"

/* Buckets of the first table. */
#define BUCKETS 1024

static size_t
hash(struct mailauth_str name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.s[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

/* As many buckets as names, at least. False when memory ran out. */
static bool
make_room(struct mailauth_lint *l)
{
	size_t n = l->ntable > 0 ? l->ntable * 2 : BUCKETS;
	struct owner **table;

	if (l->nowners < l->ntable)
		return true;
	table = arena_alloc(&l->arena, n * sizeof(struct owner *));
	if (table == NULL)
		return false;
	l->table = table;
	l->ntable = n;
	for (struct owner *o = l->owners; o != NULL; o = o->next) {
		struct owner **at = &table[hash(o->name) & (n - 1)];

		o->bucket = *at;
		*at = o;
	}
	return true;
}

struct owner *
owner_of(const struct mailauth_lint *l, struct mailauth_str name)
{
	struct owner *o =
	    l->ntable > 0 ? l->table[hash(name) & (l->ntable - 1)] : NULL;

	while (o != NULL && !str_eq(o->name, name))
		o = o->bucket;
	return o;
}

struct owner *
owner_at(struct mailauth_lint *l, struct mailauth_str name)
{
	struct owner *o = owner_of(l, name), **at;

	if (o != NULL || !make_room(l))
		return o;
	o = arena_alloc(&l->arena, sizeof(*o));
	if (o == NULL)
		return NULL;
	o->name = arena_copy(&l->arena, name);
	o->zone = SIZE_MAX;
	o->selectors_end = &o->selectors;
	at = &l->table[hash(name) & (l->ntable - 1)];
	o->bucket = *at;
	*at = o;
	*l->owners_end = o;
	l->owners_end = &o->next;
	l->nowners++;
	return o;
}
