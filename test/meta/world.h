/*
 * world.h - a made-up DNS, the same for everybody who asks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef META_WORLD_H
#define META_WORLD_H

#include "test/script/fake.h"

/** Questions of one request that are remembered. */
#define WORLD_ASKED 700

/** A question, its name without the final dot. */
struct world_question {
	char name[256];
	uint16_t rrtype;
};

/**
 * The answers to all questions hang on `seed` and the question alone: names
 * below example.com and example.org, with records that are sound, broken or
 * absent, all secure or all insecure.
 */
struct world {
	struct fake fake; /* first */
	uint64_t seed;
	struct world_question asked[WORLD_ASKED]; /* each once, in order */
	size_t nasked;
	/** This one question fails. */
	struct world_question failing; /* rrtype 0: none does */
	enum mailauth_cause cause;
};

/** A world of seed 0. The folder has the keys of the signers, *.pem. */
void world_start(struct world *w, const char *keys);
/** Forget what was asked, and take another seed; nothing fails. */
void world_turn(struct world *w, uint64_t seed);
/** A number that hangs on `x` alone. */
uint64_t world_mix(uint64_t x);

#endif /* META_WORLD_H */
