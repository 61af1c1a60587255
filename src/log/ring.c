/*
 * ring.c - passes octets from one thread to another without a lock
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The memory order: the producer writes a piece and then stores `head` with
 * release; the consumer loads `head` with acquire and then reads the piece.
 * The consumer reads a piece and then stores `tail` with release; the producer
 * loads `tail` with acquire and then writes over the piece. Each side loads its
 * own counter relaxed, since no other thread writes it.
 */
#include "log/ring.h"

#include <string.h>

/* Pieces begin at multiples of this, so that their heads are aligned and the
 * end of the memory always has room for a skip mark. */
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

/* `n` octets are free from the head on. An old tail is a safe answer, since the
 * tail only grows: read the shared one only when the old one is not enough. */
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
	/* Skip the end of the memory: a size of 0 marks it for the consumer,
	 * and the head moves to the start at once. */
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
		/* A skip mark: go on at the start of the memory. */
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
