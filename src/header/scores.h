/*
 * scores.h - what spam filters thought of a message
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * No standard has these: SpamAssassin's X-Spam-Status, X-Spam-Score and
 * X-Spam-Flag, which others write too, and the levels of Microsoft.
 */
#ifndef HEADER_SCORES_H
#define HEADER_SCORES_H

#include "base/str.h"

/** A number that may not be there. */
struct score {
	bool known;
	int32_t value;
};

/** Everything the header of a message tells; starts as zeros. */
struct scores {
	struct score spam; /* X-Spam-Status, 0 or 1 */
	struct score flag; /* X-Spam-Flag, 0 or 1 */
	struct score score; /* in thousandths, of the first that has one */
	struct score required; /* in thousandths */
	struct score scl; /* spam confidence level, -1..9 */
	struct score bcl; /* bulk complaint level, 0..9 */
};

/**
 * Take what a field tells; other fields tell nothing. The first of each kind
 * counts, which is the one added last. A number that makes no sense is as one
 * that is not there.
 */
void scores_take(struct scores *s, struct mailauth_str name,
    struct mailauth_str value);

/** A decimal number with a sign and a fraction, or without, in thousandths;
 * more digits are dropped. False for anything else, and beyond a million. */
bool score_parse(struct mailauth_str s, int32_t *out);

#endif /* HEADER_SCORES_H */
