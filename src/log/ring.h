/*
 * ring.h - octets from one thread to another, without a lock
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One thread puts pieces in, one takes them out. Nobody ever waits: a piece
 * that does not fit is refused. Pieces lie in one stretch of memory; a stretch
 * at the end that is too short for one is skipped.
 */
#ifndef LOG_RING_H
#define LOG_RING_H

#include <stdalign.h>
#include <stdatomic.h>

#include "mailauth/types.h"

struct ring {
	/* Written by the producer. */
	alignas(64) _Atomic size_t head;
	size_t tail_seen; /* the last tail it knows of */
	/* Written by the consumer. */
	alignas(64) _Atomic size_t tail;
	alignas(64) uint8_t *data;
	size_t size; /* octets, a power of two */
};

/** `data` has `size` octets, a power of two, aligned to eight. */
void ring_init(struct ring *r, uint8_t *data, size_t size);

/** Room for a piece of `n` octets, or NULL when there is none now. The first
 * four octets of a piece are its size, not 0. Producer only. */
void *ring_reserve(struct ring *r, size_t n);
/** Hand over the `n` octets last reserved. Producer only. */
void ring_commit(struct ring *r, size_t n);

/** The piece that comes next, or NULL when there is none. Consumer only. */
const void *ring_peek(struct ring *r);
/** The piece of `n` octets is done with. Consumer only. */
void ring_release(struct ring *r, size_t n);
/** Nothing was handed over that was not taken. Consumer only. */
bool ring_is_empty(const struct ring *r);

#endif /* LOG_RING_H */
