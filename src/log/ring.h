/*
 * ring.h - passes octets from one thread to another without a lock
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One thread, the producer, puts pieces in; one thread, the consumer, takes
 * them out. Neither ever waits: the producer gets NULL for a piece that does
 * not fit. A piece is contiguous; the producer skips the end of the memory when
 * it is too short for the next piece.
 */
#ifndef LOG_RING_H
#define LOG_RING_H

#include <stdalign.h>
#include <stdatomic.h>

#include "mailauth/types.h"

/** `head` and `tail` count all octets ever put in and taken out; modulo `size`
 * they are offsets. tail <= head <= tail + size. Each side writes to its own
 * cache line. */
struct ring {
	/* The producer writes these. */
	alignas(64) _Atomic size_t head;
	size_t tail_seen; /* a tail read earlier; never ahead of `tail` */
	/* The consumer writes this. */
	alignas(64) _Atomic size_t tail;
	alignas(64) uint8_t *data;
	size_t size; /* octets, a power of two */
};

/** Make an empty ring over `data`, which the caller owns: `size` octets, a
 * power of two, aligned to 8. */
void ring_init(struct ring *r, uint8_t *data, size_t size);

/**
 * Reserve room for a piece of `n` octets. Producer only. The producer writes
 * its nonzero size into the first 4 octets, then calls ring_commit(). A second
 * reservation without a commit between them discards the first.
 * @return NULL when the room is not free now. A piece of at most half the ring
 *     always fits into an empty ring; a larger one may not.
 */
void *ring_reserve(struct ring *r, size_t n);
/** Hand the reserved piece of `n` octets to the consumer. Producer only. */
void ring_commit(struct ring *r, size_t n);

/** The next piece, which stays valid until ring_release(), or NULL when the
 * ring is empty. Consumer only. */
const void *ring_peek(struct ring *r);
/** Give the room of the piece of `n` octets back. Consumer only. */
void ring_release(struct ring *r, size_t n);
/** Every committed piece was released. Consumer only. */
bool ring_is_empty(const struct ring *r);

#endif /* LOG_RING_H */
