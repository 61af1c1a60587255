/*
 * verdict.h - the one place that decides
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The command line, the library and the resolver module all come through
 * here, so one record has one verdict wherever it is met.
 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "record/kind.h"

/** TTLs below and above these are worth telling (seconds). */
#define JUDGE_TTL_LOW  60
#define JUDGE_TTL_HIGH 86400

/**
 * Judge the records of one kind in an answer.
 *
 * A failed or bogus lookup gives TEMPERROR and no finding about the record:
 * what could not be told is never absent. Allocates nothing but through
 * libcrypto, for DKIM keys.
 * @param scratch room for joined texts, which `out` may borrow from
 * @param out borrows from `answer` and `scratch`
 */
void judge(const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, const struct mailauth_scope *scope,
    struct mailauth_scratch *scratch, struct mailauth_judgement *out);

/** The record is invalid: a finding breaks it, or spoils it for receivers that
 * do not use the rest of what they cannot read. */
static inline bool
is_invalid(const struct mailauth_kind *kind, bool breaks, bool spoils)
{
	return breaks || (spoils && !kind->forgiving);
}

/** What the lookup itself showed, whatever was asked for: its outcome, its
 * aliases, its DNSSEC state. Appends to `log`. */
void judge_lookup(const struct mailauth_answer *answer,
    struct mailauth_findings *log);

#endif /* JUDGE_VERDICT_H */
