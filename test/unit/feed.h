/*
 * feed.h - makes sightings for tests, and hands them over like a resolver
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef UNIT_FEED_H
#define UNIT_FEED_H

#include <stdlib.h>
#include <string.h>

#include "base/dname.h"
#include "base/str.h"
#include "log/watch.h"
#include "record/kind.h"

/** The contents of a sighting to make; zeros give the usual values. */
struct feed {
	const char *name; /* in presentation form */
	const char *text; /* of one TXT record; NULL: use rdata */
	struct mailauth_str rdata; /* of one record; empty: no record */
	const char *alias; /* target of an alias; NULL: no alias */
	unsigned naliases; /* number of times to add it; 0: once */
	struct mailauth_str why;
	struct sighting head; /* the maker sets lengths and numbers */
};

/* Write a text as strings of 255 octets. */
static inline void
feed_text(struct writer *w, const char *text)
{
	struct mailauth_str left = str_of(text);

	do {
		struct mailauth_str one = str_sub(left, 0, 255);

		put_char(w, (char)(unsigned char)one.n);
		put_str(w, one);
		left = str_from(left, one.n);
	} while (left.n > 0);
}

/** Make a sighting in a block of exactly its size, which the caller frees. NULL
 * when the name is invalid or memory ran out. */
static inline struct sighting *
feed_make(const struct feed *f)
{
	static _Thread_local char room[SIGHTING_MAX];
	struct writer w = writer_of(room, SIGHTING_MAX - sizeof(f->head));
	struct sighting *s;
	size_t at;

	if (!put_dname_wire(&w, str_of(f->name)))
		return NULL;
	at = w.used;
	for (unsigned i = 0; f->alias != NULL && i <= f->naliases; i++)
		if ((i > 0 || f->naliases == 0) &&
		    !put_dname_wire(&w, str_of(f->alias)))
			return NULL;
	if (f->text != NULL || f->rdata.n > 0) {
		size_t length_at = w.used, n;

		put_bytes(&w, "\0", 2);
		if (f->text != NULL)
			feed_text(&w, f->text);
		else
			put_str(&w, f->rdata);
		n = w.used - length_at - 2;
		room[length_at] = (char)(unsigned char)(n >> 8);
		room[length_at + 1] = (char)(unsigned char)n;
	}
	put_str(&w, f->why);
	s = w.full ? NULL : malloc(sizeof(*s) + w.used);
	if (s == NULL)
		return NULL;
	*s = f->head;
	s->size = (uint32_t)(sizeof(*s) + w.used);
	s->name_len = (uint8_t)at;
	s->nchain = (uint8_t)(f->alias == NULL ? 0 :
	        f->naliases == 0               ? 1 :
	                                         f->naliases);
	s->nrr = f->text != NULL || f->rdata.n > 0;
	s->why_len = (uint16_t)f->why.n;
	if (s->rrtype == 0)
		s->rrtype = RRTYPE_TXT;
	if (s->ede == 0)
		s->ede = EDE_NONE;
	memcpy(s + 1, room, w.used);
	return s;
}

enum fed { FED_REPEAT, FED_TAKEN, FED_DROPPED };

/** Hand over a copy of a sighting, seen at `now` (seconds). */
static inline enum fed
feed_watch(struct watch *w, const struct sighting *made, uint64_t key,
    int64_t now)
{
	struct sighting *s;
	uint32_t slot;

	if (watch_repeat(w, key, (uint32_t)now, &slot))
		return FED_REPEAT;
	s = watch_begin(w, made->size);
	if (s == NULL)
		return FED_DROPPED;
	memcpy(s, made, made->size);
	s->slot = slot;
	s->key = key;
	s->sec = now;
	watch_end(w, s);
	return FED_TAKEN;
}

/** A pseudorandom number; the sequence is the same in every run. */
static inline uint32_t
feed_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

#endif /* UNIT_FEED_H */
