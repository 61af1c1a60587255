/*
 * fake.h - a resolver without a network, for tests
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A queue of questions and a clock. The clock moves only while somebody waits,
 * and then at once, so that a deadline of seconds passes in no time. Who
 * answers is for the user: script.c from a text, tests from anything.
 */
#ifndef SCRIPT_FAKE_H
#define SCRIPT_FAKE_H

#include <math.h>

#include "dns/resolver.h"

/** The delay of an answer that does not come. */
#define FAKE_NEVER ((double)INFINITY)

struct fake_ticket;

struct fake {
	struct resolver base; /* first: a struct resolver * is one of these */
	/** Fill in the answer of a lookup, all but its state. */
	void (*answer)(struct fake *f, struct lookup *l);
	/** Seconds from question to answer; NULL: FAKE_DELAY for all. */
	double (*delay)(struct fake *f, const struct lookup *l);
	/** Release what is the user's; NULL: nothing is. */
	void (*release)(struct fake *f);
	double time;
	size_t asked; /* lookups so far */
	struct fake_ticket *queue; /* in the order of their answers */
};

/** Seconds that an answer takes. */
#define FAKE_DELAY 0.001

/** Make a resolver; `answer` is called from wait(). It serves all names, has
 * no servers of its own, and validates. */
void
fake_start(struct fake *f, void (*answer)(struct fake *f, struct lookup *l));
/** Forget all questions that wait for an answer. */
void fake_clear(struct fake *f);

/** Make `l` a lookup that failed. `why` is not copied. */
void
fake_fail(struct lookup *l, enum mailauth_cause cause, struct mailauth_str why);

#endif /* SCRIPT_FAKE_H */
