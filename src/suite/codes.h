/*
 * codes.h - sets of finding codes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SUITE_CODES_H
#define SUITE_CODES_H

#include "base/str.h"
#include "base/writer.h"

/** A set of findings; each one has a bit. */
struct code_set {
	uint64_t bits[(MAILAUTH_FINDING_COUNT + 63) / 64];
};

/** The finding with this code; MAILAUTH_F_NONE without one. */
enum mailauth_finding_id code_find(struct mailauth_str code);
const char *code_name(enum mailauth_finding_id id);
/** The finding is about the DNSSEC proof of answers. A comparison ignores such
 * findings unless `+`, `has` or `hasnot` names them: they depend on signatures
 * of the zones. */
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

/** The members of `a` that are not in `b`. */
struct code_set codes_less(const struct code_set *a, const struct code_set *b);
struct code_set codes_both(const struct code_set *a, const struct code_set *b);
struct code_set
codes_either(const struct code_set *a, const struct code_set *b);
/** The members that are not about proof. */
struct code_set codes_compared(const struct code_set *a);
bool codes_none(const struct code_set *a);
/** Write the codes of the members, each after a blank. */
void put_codes(struct writer *w, const struct code_set *a);

#endif /* SUITE_CODES_H */
