/*
 * watch.h - the resolver thread's side of the log: what it saw, its ring
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each resolver thread has a table of the contents it saw recently and a ring.
 * A content in the table is only counted there. A new content, or one handed
 * over longer ago than the repeat interval, goes into the ring. When the ring
 * is full the sighting is dropped and counted.
 *
 * The counts of the table never decrease. The writer thread credits their
 * growth to the content in the slot (logger.c), so that a repeat costs the
 * resolver thread one store.
 */
#ifndef LOG_WATCH_H
#define LOG_WATCH_H

#include "log/hash.h"
#include "log/ring.h"
#include "log/sighting.h"

/** Slots in which a content may be: a set, one cache line. */
#define WATCH_WAYS 4u

/** A slot of the table. The resolver thread writes it; the writer thread reads
 * only `count`. */
struct seen {
	uint64_t key; /* hash of the content; 0: the slot is free */
	uint32_t at; /* time of the last hand-over, seconds */
	_Atomic uint32_t count; /* repeats in this slot, of all contents */
};

_Static_assert(sizeof(struct seen) * WATCH_WAYS == 64, "a set is a line");

/** The table and the ring of one resolver thread. */
struct watch {
	struct ring ring;
	struct seen *seen; /* nseen, aligned to a line */
	uint32_t nseen; /* a power of two, at least WATCH_WAYS */
	uint32_t interval; /* the repeat interval, seconds */
	_Atomic uint64_t dropped; /* sightings that did not fit into the ring */
	void *memory; /* the allocation that holds `seen` and the ring */
};

/** Octets of memory that watch_init() allocates. */
size_t watch_memory(uint32_t nseen, size_t ring);
/**
 * Allocate the table and the ring.
 * @param nseen slots, a power of two
 * @param ring octets, a power of two, at least twice SIGHTING_MAX
 * @param interval seconds after which a content is handed over again
 * @return false when memory ran out; nothing is to be freed then.
 */
bool
watch_init(struct watch *w, uint32_t nseen, size_t ring, uint32_t interval);
/** Free the table and the ring; both threads must have stopped using them. */
void watch_free(struct watch *w);

/**
 * Record that this thread saw the content `key` at `now` (seconds).
 * @return true when it was a repeat, which is now counted. False when the
 *     caller must hand the content over with watch_begin() and watch_end();
 *     `slot` is then the slot to give it.
 */
static inline bool
watch_repeat(struct watch *w, uint64_t key, uint32_t now, uint32_t *slot)
{
	uint32_t first = (uint32_t)(key >> 32) & (w->nseen - WATCH_WAYS);
	struct seen *set = &w->seen[first];
	uint32_t oldest = 0;

	for (uint32_t i = 0; i < WATCH_WAYS; i++) {
		/* Signed: `now` may be older than `at`, since questions
		 * overtake each other. An age below a minute before zero
		 * means that the clock was set back. */
		int32_t age = (int32_t)(now - set[i].at);

		if (set[i].key != key)
			continue;
		if (age >= (int32_t)w->interval || age < -60) {
			*slot = first + i;
			return false;
		}
		/* No other thread writes the count, so that load and store
		 * do instead of a locked increment. Release: see
		 * settle_all() in logger.c. */
		atomic_store_explicit(&set[i].count,
		    atomic_load_explicit(&set[i].count, memory_order_relaxed) +
		        1,
		    memory_order_release);
		return true;
	}
	/* Choose a free slot, else the one handed over longest ago. */
	for (uint32_t i = 1; i < WATCH_WAYS; i++)
		if (set[i].key == 0 ||
		    (set[oldest].key != 0 &&
		        (int32_t)(set[i].at - set[oldest].at) < 0))
			oldest = i;
	*slot = first + oldest;
	return false;
}

/** Count a sighting that is lost. Any thread may call it. */
static inline void
watch_drop(struct watch *w)
{
	atomic_fetch_add_explicit(&w->dropped, 1, memory_order_relaxed);
}

/** Reserve room in the ring for a sighting of `size` octets, head included,
 * and set its `size`. NULL when it does not fit: it then counts as dropped. */
struct sighting *watch_begin(struct watch *w, size_t size);
/** Hand the sighting of watch_begin() to the writer thread and enter it into
 * the table. The caller has set `key`, `slot` and the time. */
void watch_end(struct watch *w, struct sighting *s);

#endif /* LOG_WATCH_H */
