/*
 * appraise.h - from a sighting to judgements
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_APPRAISE_H
#define LOG_APPRAISE_H

#include "base/dname.h"
#include "log/sighting.h"
#include "judge/verdict.h"

/** A sighting taken apart, and the judgement of one kind of record in it.
 * Large: one for the writer thread. Borrows from the sighting. */
struct appraisal {
	const struct sighting *sighting;
	struct mailauth_answer answer;
	const struct mailauth_kind *kinds[MAILAUTH_KIND_COUNT];
	size_t nkinds; /* those that may be told of */
	bool by_text; /* the name is no one's: the text alone tells */
	/* Of the kind judged last. */
	struct mailauth_judgement judgement;
	struct mailauth_findings lookup;

	/* What the answer borrows from. */
	struct mailauth_rdata rr[SIGHTING_RECORDS_MAX];
	struct mailauth_str chain[SIGHTING_CHAIN_MAX];
	char name[DNAME_TEXT_MAX];
	char aliases[SIGHTING_CHAIN_MAX][DNAME_TEXT_MAX];
	struct mailauth_scratch scratch;
};

/**
 * Take a sighting apart: sets answer, kinds and nkinds; no kinds when it is
 * none of a mail record.
 * @param kinds bits of enum mailauth_kind_id: others are left out
 */
void appraise(struct appraisal *a, const struct sighting *s, uint32_t kinds);

/**
 * Judge the records of `a->kinds[i]`: sets judgement and lookup.
 * @return false when there is nothing to tell of: the kind is one whose
 *     absence means nothing, and it is absent
 */
bool appraise_kind(struct appraisal *a, size_t i,
    const struct mailauth_scope *scope);

#endif /* LOG_APPRAISE_H */
