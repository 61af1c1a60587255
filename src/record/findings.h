/*
 * findings.h - collecting findings, and what the table says of each
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_FINDINGS_H
#define RECORD_FINDINGS_H

#include "base/str.h"

/** What a finding does to the verdict of its record. */
enum effect {
	EFFECT_KEEPS,
	EFFECT_BREAKS, /* receivers cannot use the record */
	EFFECT_SPOILS, /* likewise, but for kinds whose receivers discard what
	                * they cannot read and use the rest */
	EFFECT_DEFERS, /* nothing can be said now */
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
	const char *code;
	uint8_t severity[2]; /* by enum mailauth_profile */
	uint8_t effect; /* enum effect */
	uint8_t scope; /* enum finding_scope */
	const char *reference;
	const char *sentence;
	const char *remedy;
};

/** The row of a finding; never NULL. */
const struct finding_row *finding_row(unsigned id);

/** The severity of a finding under a profile, raised when it was raised. */
enum mailauth_severity finding_severity(const struct mailauth_finding *f,
    enum mailauth_profile profile);

/** Start an empty list. A full one keeps the findings that matter most. */
static inline void
findings_clear(struct mailauth_findings *log)
{
	log->count = 0;
	log->dropped = 0;
}

/** Add a finding without a place. */
void findings_add(struct mailauth_findings *log, enum mailauth_finding_id id);
/** Add a finding at `where`, which borrows from `text`; F_NONE adds nothing. */
void findings_at(struct mailauth_findings *log, enum mailauth_finding_id id,
    struct mailauth_str text, struct mailauth_str where);
/** The findings from number `from` on belong to record `rr` of the set. */
void findings_mark(struct mailauth_findings *log, size_t from, size_t rr);
/** Raise the severity of the finding added last. */
void
findings_raise(struct mailauth_findings *log, enum mailauth_severity severity);
/** What findings come to together. */
struct findings_sum {
	bool breaks; /* some break or spoil the record */
	bool voids; /* some break it for kinds of every sort */
	bool defers; /* nothing can be said now */
	enum mailauth_severity worst;
};

struct findings_sum findings_sum(const struct mailauth_findings *log,
    enum mailauth_profile profile);
/** Say that some did not fit, when that is so; nothing is added after it. */
void findings_close(struct mailauth_findings *log);
/** The list has this finding. */
bool
findings_has(const struct mailauth_findings *log, enum mailauth_finding_id id);

#endif /* RECORD_FINDINGS_H */
