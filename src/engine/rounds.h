/*
 * rounds.h - lookups and time of a check; the engine alone includes this
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ENGINE_ROUNDS_H
#define ENGINE_ROUNDS_H

#include "engine/check.h"

/* Buckets of the first table of lookups. */
#define BUCKETS 128

/** Members are valid from the job's preparation to the report's delivery;
 * times are seconds of the monotonic clock. */
struct rounds {
	struct {
		const struct subject *subject;
		void *self;
	} subjects[SUBJECTS_MAX];
	size_t nsubjects;
	uint32_t only; /* kinds to examine, bits; 0: all */
	struct lookup *lookups, **lookups_end;
	/** The same by name, type and server: as many buckets as lookups, at
	 * least, so that got() costs the same with few and with many. */
	struct lookup **table;
	struct lookup *few[BUCKETS]; /* the first table */
	size_t nbuckets, nindexed;
	size_t nlookups, pending, lookups_max;
	struct view *views;
	struct doubt *doubts; /* in their order */
	struct lookup *probes; /* see resolver.h; `next` links them */
	size_t probing; /* probes without an answer */
	size_t nprobes; /* so far */
	double probed; /* when the latest probe was sent */
	unsigned rounds; /* so far */
	/** Subjects ask at each answer, and not only when a round is complete:
	 * some answer is slow, or the job called check_each_answer(). */
	bool hurried;
	bool news; /* since the last step some answer came */
	bool over; /* the check makes no more lookups */
	bool limited; /* the check has reached a limit of lookups */
	double started, deadline;
	/** Why a lookup failed that the deadline ended, in the report's arena;
	 * set with `over`. */
	const char *late;
	double slow; /* a pending answer counts as slow from this time on */
	double now; /* when the last step began */
	double enough_at; /* when to end although answers are pending; 0: wait
	                   * for all answers */
};

/** Prepare new answers before any subject sees them: mark answers made from
 * wildcards. */
void settle(struct check *c);
/** Add a finding when the servers that the user gave show no proof with any
 * denial. */
void tell_source(struct check *c);
/** The lookup failed by a fault of the source of all answers. */
bool is_of_source(const struct mailauth_answer *a);
/** Say once what is wrong with the source; when it gave no answer at all,
 * nothing else. */
void tell_source_trouble(struct check *c);
/** Put the names outside of the given zones into the report. */
void list_outside(struct check *c);
/** Find out where the records of a set are written. */
void find_places(struct check *c, struct record_set *set);
/** Put what is wrong with the text of a set's records into the report. */
void tell_written(struct check *c, const struct record_set *set);
/** The same for the domain's zone as a whole. */
void tell_zone(struct check *c);
/** Judge all lookups anew. */
void check_forget_views(struct check *c);
/** Fail a lookup that the check does not wait for. `why` lives as long as the
 * report. */
void leave(struct lookup *l, const char *why);

#endif /* ENGINE_ROUNDS_H */
