/*
 * findings.h - lists of findings, and the rows of findings.def
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_FINDINGS_H
#define RECORD_FINDINGS_H

#include "base/str.h"

/** The effect of a finding on the verdict of its record. */
enum effect {
	EFFECT_KEEPS, /* no effect */
	EFFECT_BREAKS, /* receivers cannot use the record */
	EFFECT_SPOILS, /* as EFFECT_BREAKS, except for forgiving kinds, whose
	                * receivers discard what they cannot read */
	EFFECT_DEFERS, /* temporary: no verdict is possible now */
};

/** The least that must be at hand for a finding to arise: findings.def says
 * more. */
enum finding_scope {
	SCOPE_SOURCE, /* one record as it was typed */
	SCOPE_RECORD, /* the records of one name */
	SCOPE_LOOKUP, /* how their answer came */
	SCOPE_DOMAIN, /* records of several names */
	SCOPE_SETTINGS, /* what a mail platform is set to */
	SCOPE_FILE, /* a logo or its certificate */
	SCOPE_MERGE, /* one more sender */
	SCOPE_MESSAGE, /* a message that was received */
};

/** A row of findings.def. */
struct finding_row {
	const char *code; /* the stable name, "spf-lookup-limit" */
	uint8_t severity[MAILAUTH_PROFILE_COUNT]; /* by enum mailauth_profile */
	uint8_t effect; /* enum effect */
	uint8_t scope; /* enum finding_scope */
	const char *reference;
	const char *sentence;
	const char *remedy;
};

/** The row of a finding; never NULL, static. */
const struct finding_row *finding_row(unsigned id);

/** The severity of a finding under a profile, or the one it was raised to. */
/** No verdict is possible with this finding. One that was lowered to a notice
 * leaves nothing open. */
bool finding_defers(const struct mailauth_finding *f);
enum mailauth_severity finding_severity(const struct mailauth_finding *f,
    enum mailauth_profile profile);

/** Make the list empty. A list holds MAILAUTH_FINDINGS_MAX findings; when it is
 * full a new one replaces the least important one, or is dropped. */
static inline void
findings_clear(struct mailauth_findings *log)
{
	log->count = 0;
	log->dropped = 0;
}

/** Add a finding without a place. */
void findings_add(struct mailauth_findings *log, enum mailauth_finding_id id);
/** Add a finding with a place: `where` lies inside `text`, and the finding
 * keeps its offset and length. F_NONE adds nothing. */
void findings_at(struct mailauth_findings *log, enum mailauth_finding_id id,
    struct mailauth_str text, struct mailauth_str where);
/** Assign the findings from index `from` on to record `rr` of the set. */
void findings_mark(struct mailauth_findings *log, size_t from, size_t rr);
/** Set the severity of the finding added last, which counts in place of the
 * table's. No effect after a finding was dropped. */
void
findings_raise(struct mailauth_findings *log, enum mailauth_severity severity);
/** Say that the finding added last is about a part that repeats an earlier one:
 * a report that counts such parts counts the first one, too. */
void findings_repeat(struct mailauth_findings *log);
/** The combined effect of the findings of a list. */
struct findings_sum {
	bool breaks; /* some finding breaks or spoils the record */
	bool voids; /* some finding breaks it, for forgiving kinds too */
	bool defers; /* some finding defers the verdict */
	enum mailauth_severity worst;
};

/** Sum up a list; an empty one has the severity MAILAUTH_PASS. */
struct findings_sum findings_sum(const struct mailauth_findings *log,
    enum mailauth_profile profile);
/** Append LIMIT_REACHED when findings were dropped. No finding may be added
 * after it. */
void findings_close(struct mailauth_findings *log);
/** Remove all findings of this sort; false when none was there. */
bool findings_drop(struct mailauth_findings *log, enum mailauth_finding_id id);
/** The list holds this finding. */
bool
findings_has(const struct mailauth_findings *log, enum mailauth_finding_id id);

#endif /* RECORD_FINDINGS_H */
