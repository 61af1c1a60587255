/*
 * arena.h - memory that one call frees
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/writer.h"

struct arena_block;

/** A list of blocks that one arena_free() frees. Initialize it with zeros. */
struct arena {
	struct arena_block *blocks;
	bool failed; /* some allocation failed; arena_free() clears it */
};

/**
 * Allocate `size` zeroed octets, aligned for any type. The arena owns them.
 * @return NULL, with `failed` set, when memory ran out.
 */
void *arena_alloc(struct arena *a, size_t size);
/**
 * Copy `s` into the arena, with a NUL behind it that `n` does not count.
 * @return STR_NONE, with `failed` set, when memory ran out.
 */
struct mailauth_str arena_copy(struct arena *a, struct mailauth_str s);
/** A writer that grows in the arena. Its text lives as long as the arena; a
 * writer that runs out of memory is full, and the arena `failed`. */
struct writer arena_writer(struct arena *a);
/** Free every block. The arena is empty and usable again. */
void arena_free(struct arena *a);

#endif /* BASE_ARENA_H */
