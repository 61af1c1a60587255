/*
 * sink.h - where a kind names the values of its records
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The hook `values` of a kind calls these functions for what a judged record
 * set says: the bits of a key, the hosts of MX records. This room allocates
 * nothing; judge/value.c makes a tree of the calls.
 */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H

#include "base/dname.h"
#include "mailauth/types.h"

/** Functions that take values. `name` is a constant; NULL for an element of a
 * list. Each begin_...() has its end(). */
struct value_sink {
	/** A text of octets from any source. */
	void (*text)(struct value_sink *s, const char *name,
	    struct mailauth_str v);
	/** A text that is printable as it is: a name, an address, a word. */
	void (*word)(struct value_sink *s, const char *name,
	    struct mailauth_str v);
	void (*number)(struct value_sink *s, const char *name, uint64_t v);
	void (*flag)(struct value_sink *s, const char *name, bool v);
	void (*begin_list)(struct value_sink *s, const char *name);
	void (*begin_object)(struct value_sink *s, const char *name);
	void (*end)(struct value_sink *s);
};

/** List what a kind shows of each record, a name or an address. */
static inline void
sink_shown(struct value_sink *s, const char *name,
    const struct mailauth_answer *a,
    void (*show)(const struct mailauth_rdata *rr, struct writer *w))
{
	char room[DNAME_TEXT_MAX];

	s->begin_list(s, name);
	for (size_t i = 0; i < a->nrr; i++) {
		struct writer w = writer_of(room, sizeof(room));

		show(&a->rr[i], &w);
		if (w.used > 0)
			s->word(s, NULL, writer_str(&w));
	}
	s->end(s);
}

#endif /* RECORD_SINK_H */
