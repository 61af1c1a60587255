/*
 * ring.c - octets from one thread to another, without a lock
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/ring.h"

#include <string.h>

/* Pieces begin at multiples of this, so their heads are aligned. */
#define STEP 8u

static size_t
rounded(size_t n)
{
	return (n + STEP - 1) & ~(size_t)(STEP - 1);
}

void
ring_init(struct ring *r, uint8_t *data, size_t size)
{
	atomic_init(&r->head, 0);
	atomic_init(&r->tail, 0);
	r->tail_seen = 0;
	r->data = data;
	r->size = size;
}

/* There are `n` octets of room from the head on. */
static bool
has_room(struct ring *r, size_t head, size_t n)
{
	if (n <= r->size - (head - r->tail_seen))
		return true;
	r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
	return n <= r->size - (head - r->tail_seen);
}

void *
ring_reserve(struct ring *r, size_t n)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	size_t at = head & (r->size - 1), left = r->size - at;
	uint32_t none = 0;

	n = rounded(n);
	if (n > r->size)
		return NULL;
	if (n <= left)
		return has_room(r, head, n) ? r->data + at : NULL;
	/* The rest of the stretch is skipped. */
	if (!has_room(r, head, left + n))
		return NULL;
	memcpy(r->data + at, &none, sizeof(none));
	atomic_store_explicit(&r->head, head + left, memory_order_release);
	return r->data;
}

void
ring_commit(struct ring *r, size_t n)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);

	atomic_store_explicit(&r->head, head + rounded(n),
	    memory_order_release);
}

const void *
ring_peek(struct ring *r)
{
	for (;;) {
		size_t tail =
		    atomic_load_explicit(&r->tail, memory_order_relaxed);
		size_t at = tail & (r->size - 1);
		uint32_t size;

		if (tail ==
		    atomic_load_explicit(&r->head, memory_order_acquire))
			return NULL;
		memcpy(&size, r->data + at, sizeof(size));
		if (size != 0)
			return r->data + at;
		atomic_store_explicit(&r->tail, tail + (r->size - at),
		    memory_order_release);
	}
}

void
ring_release(struct ring *r, size_t n)
{
	size_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

	atomic_store_explicit(&r->tail, tail + rounded(n),
	    memory_order_release);
}

bool
ring_is_empty(const struct ring *r)
{
	return atomic_load_explicit(&r->tail, memory_order_relaxed) ==
	    atomic_load_explicit(&r->head, memory_order_acquire);
}
