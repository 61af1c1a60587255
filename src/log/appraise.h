/*
 * appraise.h - decodes a sighting and judges its records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_APPRAISE_H
#define LOG_APPRAISE_H

#include "base/dname.h"
#include "judge/verdict.h"
#include "log/sighting.h"

/** A decoded sighting and the judgement of one kind of record in it. It borrows
 * from the sighting. It takes several hundred kilobytes, so the writer thread
 * owns one and uses it again for each sighting. */
struct appraisal {
	const struct sighting *sighting;
	struct mailauth_answer answer;
	const struct mailauth_kind *kinds[MAILAUTH_KIND_COUNT];
	size_t nkinds; /* kinds to judge and log */
	/** The resolver's own data, with an alias and not its target. */
	bool local_alias;
	bool by_text; /* no kind owns the name: the text alone decides */
	/* The results of the last appraise_kind(). */
	struct mailauth_judgement judgement;
	struct mailauth_findings lookup;
	unsigned verdict; /* of the log: verdicts.h */

	/* Memory that `answer` points into. */
	struct mailauth_rdata rr[SIGHTING_RECORDS_MAX];
	struct mailauth_str chain[SIGHTING_CHAIN_MAX];
	char name[DNAME_TEXT_MAX];
	char aliases[SIGHTING_CHAIN_MAX][DNAME_TEXT_MAX];
	struct mailauth_scratch scratch;
};

/**
 * Decode a sighting: sets answer, kinds and nkinds. `nkinds` is 0 when the
 * sighting holds no mail record or is damaged.
 * @param kinds the kinds to look for: a bit for each enum mailauth_kind_id
 */
void appraise(struct appraisal *a, const struct sighting *s, uint32_t kinds);

/**
 * Judge the records of `a->kinds[i]`: sets `judgement` (findings on the
 * records) and `lookup` (findings on the lookup).
 * @return false when the log should stay silent: no record of this kind is
 *     there, and its absence means nothing
 */
bool appraise_kind(struct appraisal *a, size_t i,
    const struct mailauth_scope *scope);

#endif /* LOG_APPRAISE_H */
