/*
 * verdict.h - the verdict on one record set
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * judge: decides what one DNS answer says about a kind of record: verdict,
 * severity and findings. Command line, library and resolver module all call
 * judge(), so a record set has the same verdict everywhere; the module links
 * this room whole. Pure: no DNS, no file, no clock, no allocation but that of
 * libcrypto for DKIM keys. May include base and record. In: an answer and a
 * scope. Out: struct mailauth_judgement, and the names of its values (names.h).
 * reason.h reads Unbound's error texts for dns and tools.
 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "mailauth/mailauth.h"
#include "record/kind.h"

/** Seconds: findings name a TTL below the first and above the second. */
#define JUDGE_TTL_LOW  60
#define JUDGE_TTL_HIGH 86400

/**
 * Judge the records of one kind in an answer.
 *
 * A failed or bogus lookup gives TEMPERROR without findings about the record:
 * an unknown answer never counts as absence.
 * @param scratch holds joined texts, from which `out` may borrow
 * @param out borrows from `answer` and `scratch`
 */
void judge(const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, const struct mailauth_scope *scope,
    struct mailauth_scratch *scratch, struct mailauth_judgement *out);

/** What findings make of a result: begin with zeros. */
struct result_sum {
	bool fail, warn, deferred;
};

/** Add a finding. `defers`: a lookup failed, so it never makes the result fail,
 * whatever its severity. */
void result_add(struct result_sum *sum, enum mailauth_severity severity,
    bool defers);
/**
 * The result, by the first of these that applies: fail, some finding fails and
 * does not defer; temperror, some finding defers; warn, some finding warns;
 * pass. Temperror goes before a warning, since the records behind a failed
 * lookup may be worse than that.
 */
enum mailauth_result result_sum(const struct result_sum *sum);

/** The record set is invalid: a finding breaks it, or a finding spoils it and
 * receivers of this kind refuse a whole record that they cannot read in
 * full. */
static inline bool
is_invalid(const struct mailauth_kind *kind, bool breaks, bool spoils)
{
	return breaks || (spoils && !kind->forgiving);
}

/** The answer ended at an alias whose target has lost its final dot. `owner` is
 * set to the name of that alias, `meant` to the target that was written. */
bool judge_lost_dot(const struct mailauth_answer *answer,
    struct mailauth_str *owner, struct mailauth_str *meant);

/** Append the findings on the lookup itself, of whatever type: outcome,
 * aliases, DNSSEC state. */
void judge_lookup(const struct mailauth_answer *answer,
    struct mailauth_findings *log);

#endif /* JUDGE_VERDICT_H */
