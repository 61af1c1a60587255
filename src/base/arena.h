/*
 * arena.h - memory that is given back all at once
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/writer.h"

struct arena_block;

/** Start from all zeros. `failed` stays set once memory ran out. */
struct arena {
	struct arena_block *blocks;
	bool failed;
};

/**
 * `size` octets, zeroed, aligned for any type.
 * @return NULL, with `failed` set, when memory ran out.
 */
void *arena_alloc(struct arena *a, size_t size);
/** A copy of `s`, followed by a NUL that is not counted; STR_NONE and
 * `failed` when memory ran out. */
struct mailauth_str arena_copy(struct arena *a, struct mailauth_str s);
/** A writer that grows in the arena; what was written stays there. */
struct writer arena_writer(struct arena *a);
/** Give everything back; the arena is empty and usable again. */
void arena_free(struct arena *a);

#endif /* BASE_ARENA_H */
