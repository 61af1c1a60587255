/*
 * codes.c - sets of finding codes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "suite/codes.h"

#include "record/findings.h"

#define WORDS ((MAILAUTH_FINDING_COUNT + 63) / 64)

/* Codes with their lengths, for speed: a file has thousands of codes. */
static const struct mailauth_str codes[MAILAUTH_FINDING_COUNT] = {
#define FINDING(id, code, ...) [MAILAUTH_F_##id] = STR_INIT(code),
#include "mailauth/findings.def"
#undef FINDING
};

enum mailauth_finding_id
code_find(struct mailauth_str code)
{
	for (unsigned i = MAILAUTH_F_NONE + 1; i < MAILAUTH_FINDING_COUNT; i++)
		if (str_eq(code, codes[i]))
			return (enum mailauth_finding_id)i;
	return MAILAUTH_F_NONE;
}

const char *
code_name(enum mailauth_finding_id id)
{
	return finding_row(id)->code;
}

bool
code_is_proof(enum mailauth_finding_id id)
{
	return id == MAILAUTH_F_DNSSEC_SECURE ||
	    id == MAILAUTH_F_DNSSEC_DENIAL_SECURE ||
	    id == MAILAUTH_F_DNSSEC_CHECKING_DISABLED ||
	    id == MAILAUTH_F_DNSSEC_VALIDATION_OFF;
}

struct code_set
codes_less(const struct code_set *a, const struct code_set *b)
{
	struct code_set s;

	for (size_t i = 0; i < WORDS; i++)
		s.bits[i] = a->bits[i] & ~b->bits[i];
	return s;
}

struct code_set
codes_both(const struct code_set *a, const struct code_set *b)
{
	struct code_set s;

	for (size_t i = 0; i < WORDS; i++)
		s.bits[i] = a->bits[i] & b->bits[i];
	return s;
}

struct code_set
codes_either(const struct code_set *a, const struct code_set *b)
{
	struct code_set s;

	for (size_t i = 0; i < WORDS; i++)
		s.bits[i] = a->bits[i] | b->bits[i];
	return s;
}

struct code_set
codes_compared(const struct code_set *a)
{
	struct code_set s = *a;

	for (unsigned i = 0; i < MAILAUTH_FINDING_COUNT; i++)
		if (code_is_proof((enum mailauth_finding_id)i))
			codes_drop(&s, i);
	return s;
}

bool
codes_none(const struct code_set *a)
{
	for (size_t i = 0; i < WORDS; i++)
		if (a->bits[i] != 0)
			return false;
	return true;
}

void
put_codes(struct writer *w, const struct code_set *a)
{
	for (unsigned i = 0; i < MAILAUTH_FINDING_COUNT; i++) {
		if (!codes_have(a, i))
			continue;
		put_char(w, ' ');
		put_text(w, code_name((enum mailauth_finding_id)i));
	}
}
