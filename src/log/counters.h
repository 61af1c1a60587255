/*
 * counters.h - counters of replies and log lines, for Prometheus
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_COUNTERS_H
#define LOG_COUNTERS_H

#include "base/writer.h"
#include "log/verdicts.h"

#define COUNTERS_VERDICTS VERDICTS
#define COUNTERS_STATES   (MAILAUTH_DNSSEC_SECURE + 1)
/** One series for each kind, verdict and DNSSEC state. */
#define COUNTERS_SERIES \
	(MAILAUTH_KIND_COUNT * COUNTERS_VERDICTS * COUNTERS_STATES)
/** Octets of room for the text of put_counters(). */
#define COUNTERS_TEXT_MAX (COUNTERS_SERIES * 112u + 4096u)

/** The counters; only the writer thread reads and writes them. */
struct counters {
	uint64_t replies[COUNTERS_SERIES];
	uint64_t unrelated; /* replies without a mail record */
	uint64_t dropped_replies; /* not judged: a ring was full */
	uint64_t lines; /* written to the log */
	uint64_t dropped_lines; /* not written to the log */
	uint64_t contents; /* in the table of the writer thread */
	uint64_t threads; /* of the resolver */
	uint64_t memory; /* octets, at most */
	int64_t started; /* seconds since 1970 */
};

/** The index into `replies` of a judgement. */
static inline uint16_t
counters_series(unsigned kind, unsigned verdict, enum mailauth_dnssec dnssec)
{
	return (
	    uint16_t)((kind * COUNTERS_VERDICTS + verdict) * COUNTERS_STATES +
	    dnssec);
}

/** The sum of all series: a reply counts once for each kind in it. */
uint64_t counters_replies(const struct counters *c);
/** Append the counters in the text exposition format of Prometheus. */
void put_counters(struct writer *w, const struct counters *c);

#endif /* LOG_COUNTERS_H */
