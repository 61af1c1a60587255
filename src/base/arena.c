/*
 * arena.c - memory that one call frees
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/str.h"

/* Octets of a block: a typical check of a domain fills a few blocks, and one
 * block is small. */
#define BLOCK_SIZE ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t used;
	alignas(max_align_t) uint8_t data[];
};

/* arena_alloc() without the zeroing. */
static void *
alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *b = a->blocks;
	void *p;

	if (size > SIZE_MAX / 2)
		goto fail;
	size = (size + align - 1) / align * align;
	if (b == NULL || size > b->cap - b->used) {
		size_t cap = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		b = malloc(sizeof(*b) + cap);
		if (b == NULL)
			goto fail;
		b->cap = cap;
		b->used = 0;
		/* A block for one big piece goes behind the current block:
		 * only the first block serves small pieces. */
		if (a->blocks != NULL && cap > BLOCK_SIZE) {
			b->next = a->blocks->next;
			a->blocks->next = b;
		} else {
			b->next = a->blocks;
			a->blocks = b;
		}
	}
	p = b->data + b->used;
	b->used += size;
	return p;
fail:
	a->failed = true;
	return NULL;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	void *p = alloc(a, size);

	if (p != NULL)
		memset(p, 0, size);
	return p;
}

struct mailauth_str
arena_copy(struct arena *a, struct mailauth_str s)
{
	char *p = alloc(a, s.n + 1);

	if (p == NULL)
		return STR_NONE;
	if (s.n > 0)
		memcpy(p, s.s, s.n);
	p[s.n] = '\0';
	return (struct mailauth_str){ p, s.n };
}

/* Move the text of `w` into a buffer at least twice as large. The old buffer
 * stays in the arena unused; the sizes double, so that waste is bounded by the
 * size of the last buffer. */
static bool
grow(struct writer *w, size_t need)
{
	size_t cap = w->cap > 0 ? w->cap * 2 : 256;
	char *buf;

	while (cap - w->used < need)
		cap *= 2;
	buf = alloc(w->arg, cap);
	if (buf == NULL)
		return false;
	if (w->used > 0)
		memcpy(buf, w->buf, w->used);
	w->buf = buf;
	w->cap = cap;
	return true;
}

struct writer
arena_writer(struct arena *a)
{
	return (struct writer){ NULL, 0, 0, false, grow, a };
}

void
arena_free(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		free(b);
	}
	a->failed = false;
}
