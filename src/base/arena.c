/*
 * arena.c - memory that is given back all at once
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/str.h"

/* Big enough that a typical check needs a few blocks, small enough that one
 * of them is no burden. */
#define BLOCK_SIZE ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t used;
	alignas(max_align_t) uint8_t data[];
};

/* As arena_alloc(), with whatever is there. */
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
		/* A block made for one big piece must not hide the room
		 * that is left in the current one. */
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
