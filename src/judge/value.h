/*
 * value.h - what a record set says, as a tree of named values
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The hook `values` of each kind says what the judgement of a set has parsed:
 * the bits of a key, the hosts of MX records, the tags of DMARC. Text and JSON
 * print these, so that no printer reads a record again. The section VALUES of
 * unbound-mailauth(1) lists the values of each kind.
 */
#ifndef JUDGE_VALUE_H
#define JUDGE_VALUE_H

#include "base/arena.h"
#include "record/kind.h"

enum value_type {
	VALUE_TEXT, /* printable */
	VALUE_NUMBER,
	VALUE_FLAG,
	VALUE_LIST, /* of values without names */
	VALUE_OBJECT, /* of values with names */
};

/** One value. All memory is the arena's. */
struct value {
	struct value *next; /* of the same list or object */
	const char *name; /* NULL: an element of a list, or the root */
	enum value_type type;
	struct mailauth_str text;
	uint64_t number;
	bool flag;
	struct value *first, **end; /* of a list or object */
};

/** The values of a judged set: an object. NULL when there are none: no record,
 * several where one may be, a failed lookup; or when memory ran out, and the
 * arena has failed. */
struct value *value_of_set(struct arena *a,
    const struct mailauth_answer *answer, const struct mailauth_judgement *j);

/** Add to a list (`name` is NULL) or an object. NULL when memory ran out, or
 * when `in` is NULL. value_add_text() escapes octets of any source, and copies;
 * value_add_word() borrows what is printable. */
struct value *value_add_text(struct arena *a, struct value *in,
    const char *name, struct mailauth_str v);
struct value *value_add_word(struct arena *a, struct value *in,
    const char *name, struct mailauth_str v);
struct value *value_add_number(struct arena *a, struct value *in,
    const char *name, uint64_t v);
struct value *
value_add_flag(struct arena *a, struct value *in, const char *name, bool v);
struct value *
value_add_list(struct arena *a, struct value *in, const char *name);
struct value *
value_add_object(struct arena *a, struct value *in, const char *name);

/** The member with this name; NULL when there is no such member, or no `v`. */
struct value *value_get(const struct value *v, const char *name);
/** The text, number or flag of a member; STR_NONE, 0 or false without it. */
struct mailauth_str value_text(const struct value *v, const char *name);
uint64_t value_number(const struct value *v, const char *name);
bool value_flag(const struct value *v, const char *name);
/** The number of elements of a list or object; 0 for NULL. */
size_t value_count(const struct value *v);

#endif /* JUDGE_VALUE_H */
