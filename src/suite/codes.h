/*
 * codes.h - sets of finding codes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SUITE_CODES_H
#define SUITE_CODES_H

#include "base/str.h"
#include "base/writer.h"

/** A set of findings, a bit each. */
struct code_set {
	uint64_t bits[(MAILAUTH_FINDING_COUNT + 63) / 64];
};

/** The finding of a code; MAILAUTH_F_NONE when there is none. */
enum mailauth_finding_id code_find(struct mailauth_str code);
const char *code_name(enum mailauth_finding_id id);
/** It tells how answers were proved, which is not compared. */
bool code_is_proof(enum mailauth_finding_id id);

static inline void
codes_add(struct code_set *s, unsigned id)
{
	s->bits[id / 64] |= (uint64_t)1 << id % 64;
}

static inline void
codes_drop(struct code_set *s, unsigned id)
{
	s->bits[id / 64] &= ~((uint64_t)1 << id % 64);
}

static inline bool
codes_have(const struct code_set *s, unsigned id)
{
	return (s->bits[id / 64] >> id % 64 & 1) != 0;
}

/** Those of `a` that are not in `b`. */
struct code_set codes_less(const struct code_set *a, const struct code_set *b);
struct code_set codes_both(const struct code_set *a, const struct code_set *b);
struct code_set
codes_either(const struct code_set *a, const struct code_set *b);
/** Those that are compared. */
struct code_set codes_compared(const struct code_set *a);
bool codes_none(const struct code_set *a);
/** Their names, a blank in front of each. */
void put_codes(struct writer *w, const struct code_set *a);

#endif /* SUITE_CODES_H */
