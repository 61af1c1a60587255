/*
 * watch.c - the resolver thread's side of the log: what it saw, its ring
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/watch.h"

#include <stdlib.h>

/* Octets of a cache line. */
#define LINE 64u

size_t
watch_memory(uint32_t nseen, size_t ring)
{
	return nseen * sizeof(struct seen) + ring;
}

bool
watch_init(struct watch *w, uint32_t nseen, size_t ring, uint32_t interval)
{
	size_t size = watch_memory(nseen, ring);

	/* calloc() maps fresh pages: those never touched take no memory. */
	w->memory = calloc(1, size + LINE);
	if (w->memory == NULL)
		return false;
	w->seen = (struct seen *)(((uintptr_t)w->memory + LINE - 1) &
	    ~(uintptr_t)(LINE - 1));
	w->nseen = nseen;
	w->interval = interval;
	atomic_init(&w->dropped, 0);
	ring_init(&w->ring, (uint8_t *)(w->seen + nseen), ring);
	return true;
}

void
watch_free(struct watch *w)
{
	free(w->memory);
	w->memory = NULL;
}

struct sighting *
watch_begin(struct watch *w, size_t size)
{
	struct sighting *s =
	    size <= SIGHTING_MAX ? ring_reserve(&w->ring, size) : NULL;

	if (s == NULL)
		watch_drop(w);
	else
		s->size = (uint32_t)size;
	return s;
}

void
watch_end(struct watch *w, struct sighting *s)
{
	struct seen *seen = &w->seen[s->slot];

	seen->key = s->key;
	seen->at = (uint32_t)s->sec;
	/* Repeats up to here belong to the previous content of the slot. */
	s->before = atomic_load_explicit(&seen->count, memory_order_relaxed);
	ring_commit(&w->ring, s->size);
}
