/*
 * watch.h - what one thread of the resolver has seen, and hands over
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each thread has a table of the contents it saw of late and a ring. A content
 * that stands in the table is counted there and nothing else; a new one, or
 * one that was handed over longer ago than the repeat interval, goes into the
 * ring. When the ring is full the sighting is dropped and counted.
 *
 * The counts of the table only ever grow. The writer thread adds what they
 * grew by to the counters of the content that stood in the slot, so a repeat
 * costs the resolver's thread one store.
 */
#ifndef LOG_WATCH_H
#define LOG_WATCH_H

#include "log/hash.h"
#include "log/ring.h"
#include "log/sighting.h"

/** Slots that a content may stand in: those of one cache line. */
#define WATCH_WAYS 4u

struct seen {
	uint64_t key; /* 0: nothing yet */
	uint32_t at; /* when it was handed over, in seconds */
	_Atomic uint32_t count; /* repeats in this slot, of all contents */
};

_Static_assert(sizeof(struct seen) * WATCH_WAYS == 64, "a set is a line");

/** Of one thread. */
struct watch {
	struct ring ring;
	struct seen *seen; /* nseen, aligned to a line */
	uint32_t nseen; /* a power of two, at least WATCH_WAYS */
	uint32_t interval; /* seconds */
	_Atomic uint64_t dropped; /* sightings for which there was no room */
	void *memory; /* of seen and ring */
};

/** Octets of memory that watch_init() takes. */
size_t watch_memory(uint32_t nseen, size_t ring);
/**
 * Get ready. `nseen` and `ring` (octets) are powers of two.
 * @return false when memory ran out
 */
bool
watch_init(struct watch *w, uint32_t nseen, size_t ring, uint32_t interval);
void watch_free(struct watch *w);

/**
 * The content `key` was seen at `now` (seconds).
 * @return true when that is all there is to do; else `slot` is where the
 *     content belongs: hand it over with watch_begin() and watch_end().
 */
static inline bool
watch_repeat(struct watch *w, uint64_t key, uint32_t now, uint32_t *slot)
{
	uint32_t first = (uint32_t)(key >> 32) & (w->nseen - WATCH_WAYS);
	struct seen *set = &w->seen[first];
	uint32_t oldest = 0;

	for (uint32_t i = 0; i < WATCH_WAYS; i++) {
		/* Questions overtake each other; and a clock is set back. */
		int32_t age = (int32_t)(now - set[i].at);

		if (set[i].key != key)
			continue;
		if (age >= (int32_t)w->interval || age < -60) {
			*slot = first + i;
			return false;
		}
		atomic_store_explicit(&set[i].count,
		    atomic_load_explicit(&set[i].count, memory_order_relaxed) +
		        1,
		    memory_order_release);
		return true;
	}
	for (uint32_t i = 1; i < WATCH_WAYS; i++)
		if (set[i].key == 0 ||
		    (set[oldest].key != 0 &&
		        (int32_t)(set[i].at - set[oldest].at) < 0))
			oldest = i;
	*slot = first + oldest;
	return false;
}

/** Count a sighting that nobody will see; from any thread. */
static inline void
watch_drop(struct watch *w)
{
	atomic_fetch_add_explicit(&w->dropped, 1, memory_order_relaxed);
}

/** Room for a sighting of `size` octets, or NULL: it is then dropped, and
 * counted. */
struct sighting *watch_begin(struct watch *w, size_t size);
/** Hand over what watch_begin() gave, with `key`, `slot` and the time set. */
void watch_end(struct watch *w, struct sighting *s);

#endif /* LOG_WATCH_H */
