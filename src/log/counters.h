/*
 * counters.h - how many replies came to what, for Prometheus
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_COUNTERS_H
#define LOG_COUNTERS_H

#include "base/writer.h"

#define COUNTERS_VERDICTS (MAILAUTH_TEMPERROR + 1)
#define COUNTERS_STATES   (MAILAUTH_DNSSEC_SECURE + 1)
/** One series for each kind, verdict and DNSSEC state. */
#define COUNTERS_SERIES \
	(MAILAUTH_KIND_COUNT * COUNTERS_VERDICTS * COUNTERS_STATES)
/** Octets of the text form at most. */
#define COUNTERS_TEXT_MAX (COUNTERS_SERIES * 112u + 4096u)

/** Of the writer thread alone. */
struct counters {
	uint64_t replies[COUNTERS_SERIES];
	uint64_t unrelated; /* replies that held no record of ours */
	uint64_t dropped_replies; /* that were not looked at for want of room */
	uint64_t lines; /* written */
	uint64_t dropped_lines;
	uint64_t contents; /* in the table of the writer thread */
	uint64_t threads;
	uint64_t memory; /* octets, at most */
	int64_t started; /* seconds since 1970 */
};

/** The series of a judgement. */
static inline uint16_t
counters_series(unsigned kind, enum mailauth_verdict verdict,
    enum mailauth_dnssec dnssec)
{
	return (
	    uint16_t)((kind * COUNTERS_VERDICTS + verdict) * COUNTERS_STATES +
	    dnssec);
}

/** All replies that held something, once for each kind of record. */
uint64_t counters_replies(const struct counters *c);
/** The text exposition format of Prometheus. */
void put_counters(struct writer *w, const struct counters *c);

#endif /* LOG_COUNTERS_H */
