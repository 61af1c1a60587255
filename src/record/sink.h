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

#endif /* RECORD_SINK_H */
