/*
 * rounds.h - lookups and time of a check; the engine alone includes this
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ENGINE_ROUNDS_H
#define ENGINE_ROUNDS_H

#include "engine/check.h"

/** Members are valid from the job's preparation to the report's delivery;
 * times are seconds of the monotonic clock. */
struct rounds {
	struct {
		const struct subject *subject;
		void *self;
	} subjects[SUBJECTS_MAX];
	size_t nsubjects;
	uint32_t only; /* kinds that are looked at, bits; 0: all */
	struct lookup *lookups, **lookups_end;
	size_t nlookups, pending, lookups_max;
	struct view *views;
	struct lookup *probes; /* see resolver.h; `next` links them */
	size_t probing; /* probes without an answer */
	double probed; /* when the latest probe was sent */
	unsigned rounds; /* so far */
	bool hurried; /* subjects ask at each answer: one is slow, or the job
	               * wants it so */
	bool over; /* nothing more is asked: late, or out of memory */
	bool limited; /* a limit of lookups was reached */
	double started, deadline;
	double slow; /* from then on an answer is slow */
	double now; /* when the last step began */
	double enough_at; /* what has not arrived by then is not needed; 0: all
	                   * is needed */
};

/** Look at what one round has brought before any subject does: mark answers
 * made from wildcards, and confirm or fail denials without a proof. */
void settle(struct check *c);
/** Say of a lookup that nobody waits for that it failed, and why. */
void leave(struct lookup *l, const char *why);

#endif /* ENGINE_ROUNDS_H */
