/*
 * findings.c - lists of findings, and the rows of findings.def
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/findings.h"

#define PASS   MAILAUTH_PASS
#define INFO   MAILAUTH_INFO
#define NOTICE MAILAUTH_NOTICE
#define WARN   MAILAUTH_WARN
#define FAIL   MAILAUTH_FAIL

static const struct finding_row rows[MAILAUTH_FINDING_COUNT] = {
	[MAILAUTH_F_NONE] = { "", { 0 }, 0, 0, "", "", "" },
#define FINDING(id, code, practice, guide, rfc, bulk, gov, effect, scope, \
    basis, sentence, remedy) \
	[MAILAUTH_F_##id] = { code, \
		{ [MAILAUTH_PROFILE_PRACTICE] = practice, \
		    [MAILAUTH_PROFILE_GUIDE] = guide, \
		    [MAILAUTH_PROFILE_RFC] = rfc, \
		    [MAILAUTH_PROFILE_BULK_SENDER] = bulk, \
		    [MAILAUTH_PROFILE_GOV] = gov }, \
		EFFECT_##effect, SCOPE_##scope, basis, sentence, remedy },
#include "mailauth/findings.def"
#undef FINDING
};

const struct finding_row *
finding_row(unsigned id)
{
	return &rows[id < MAILAUTH_FINDING_COUNT ? id : MAILAUTH_F_NONE];
}

static enum mailauth_severity
severity_of(const struct mailauth_finding *f, const struct finding_row *row,
    enum mailauth_profile profile)
{
	return (enum mailauth_severity)(
	    f->severity > 0 ? f->severity - 1 : row->severity[profile]);
}

enum mailauth_severity
finding_severity(const struct mailauth_finding *f,
    enum mailauth_profile profile)
{
	return severity_of(f, finding_row(f->id), profile);
}

bool
finding_defers(const struct mailauth_finding *f)
{
	return finding_row(f->id)->effect == EFFECT_DEFERS &&
	    (f->severity == 0 || f->severity > 1 + MAILAUTH_NOTICE);
}

/* The importance of a finding in a full list: first its effect on the verdict,
 * then its severity in the strictest profile. */
static unsigned
rank(unsigned id)
{
	return rows[id].effect * 16u +
	    rows[id].severity[MAILAUTH_PROFILE_GUIDE];
}

/* Room for a new finding. In a full list the new one replaces the least
 * important one, if that is less important: the verdict of the list is then the
 * same as without a limit. NULL when the new one is to be dropped. */
static struct mailauth_finding *
room_for(struct mailauth_findings *log, unsigned id)
{
	struct mailauth_finding *least = &log->at[0];

	if (log->count < MAILAUTH_FINDINGS_MAX)
		return &log->at[log->count++];
	if (log->dropped < UINT16_MAX)
		log->dropped++;
	for (size_t i = 1; i < log->count; i++)
		if (rank(log->at[i].id) < rank(least->id))
			least = &log->at[i];
	return rank(least->id) < rank(id) ? least : NULL;
}

void
findings_add(struct mailauth_findings *log, enum mailauth_finding_id id)
{
	findings_at(log, id, STR_NONE, STR_NONE);
}

void
findings_at(struct mailauth_findings *log, enum mailauth_finding_id id,
    struct mailauth_str text, struct mailauth_str where)
{
	struct mailauth_finding *f;

	if (id == MAILAUTH_F_NONE || (f = room_for(log, id)) == NULL)
		return;
	*f = (struct mailauth_finding){ .id = (uint16_t)id,
		.rr = MAILAUTH_RR_ALL };
	if (where.s != NULL && text.s != NULL) {
		f->offset = (uint16_t)(where.s - text.s);
		f->length = (uint16_t)where.n;
	}
}

bool
findings_has(const struct mailauth_findings *log, enum mailauth_finding_id id)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->at[i].id == id)
			return true;
	return false;
}

bool
findings_drop(struct mailauth_findings *log, enum mailauth_finding_id id)
{
	uint16_t n = 0, all = log->count;

	for (size_t i = 0; i < log->count; i++)
		if (log->at[i].id != id)
			log->at[n++] = log->at[i];
	log->count = n;
	return n < all;
}

void
findings_raise(struct mailauth_findings *log, enum mailauth_severity severity)
{
	/* In a full list the last place may not hold the last finding. */
	if (log->count > 0 && log->dropped == 0)
		log->at[log->count - 1].severity = (uint8_t)(severity + 1);
}

void
findings_repeat(struct mailauth_findings *log)
{
	if (log->count > 0 && log->dropped == 0)
		log->at[log->count - 1].repeats = true;
}

struct findings_sum
findings_sum(const struct mailauth_findings *log, enum mailauth_profile profile)
{
	struct findings_sum sum = { .worst = MAILAUTH_PASS };

	for (size_t i = 0; i < log->count; i++) {
		const struct mailauth_finding *f = &log->at[i];
		const struct finding_row *row = &rows[f->id];
		enum mailauth_severity severity = severity_of(f, row, profile);

		if (row->effect == EFFECT_DEFERS) {
			sum.defers |= finding_defers(f);
		} else if (row->effect != EFFECT_KEEPS) {
			sum.voids |= row->effect == EFFECT_BREAKS;
			sum.breaks = true;
		}
		if (severity > sum.worst)
			sum.worst = severity;
	}
	return sum;
}

void
findings_mark(struct mailauth_findings *log, size_t from, size_t rr)
{
	for (; from < log->count; from++)
		log->at[from].rr = (uint16_t)rr;
}

void
findings_close(struct mailauth_findings *log)
{
	if (log->dropped == 0 || log->count > MAILAUTH_FINDINGS_MAX)
		return;
	/* `at` has one place more than MAILAUTH_FINDINGS_MAX for this. What was
	 * dropped is no worse than what is kept. */
	log->at[log->count++] =
	    (struct mailauth_finding){ .id = MAILAUTH_F_LIMIT_REACHED,
		    .severity = 1 + MAILAUTH_NOTICE,
		    .rr = MAILAUTH_RR_ALL };
}
