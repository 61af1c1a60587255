/*
 * cursor.h - bounded reading of octets with a sticky error
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A read past the end sets `bad`, returns zero and does not move; every later
 * read does the same. A parser reads a whole structure and checks `bad` once.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "mailauth/types.h"

/** A position in borrowed octets; `at` never exceeds `len`. */
struct cursor {
	const uint8_t *base;
	size_t len; /* octets at `base` */
	size_t at; /* offset of the next octet */
	bool bad; /* a read went past the end */
};

/** A cursor at the first of `len` octets, which the caller keeps. */
static inline struct cursor
cursor_of(const void *data, size_t len)
{
	return (struct cursor){ data, len, 0, false };
}

/** Number of octets not read yet; 0 after an error. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return c->bad ? 0 : c->len - c->at;
}

/** The next `n` octets, or NULL (and `bad`) when there are fewer. */
static inline const uint8_t *
cursor_take(struct cursor *c, size_t n)
{
	const uint8_t *p;

	if (c->bad || n > c->len - c->at) {
		c->bad = true;
		return NULL;
	}
	p = c->base + c->at;
	c->at += n;
	return p;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 1);

	return p != NULL ? p[0] : 0;
}

/** Read 16 bits, the most significant octet first. */
static inline uint16_t
cursor_u16(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 2);

	return p != NULL ? (uint16_t)((unsigned)p[0] << 8 | p[1]) : 0;
}

/** Read 32 bits, the most significant octet first. */
static inline uint32_t
cursor_u32(struct cursor *c)
{
	const uint8_t *p = cursor_take(c, 4);

	return p != NULL ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	        (uint32_t)p[2] << 8 | p[3] :
	                   0;
}

#endif /* BASE_CURSOR_H */
