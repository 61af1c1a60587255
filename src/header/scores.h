/*
 * scores.h - what spam filters say about a message
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * No standard defines these fields: X-Spam-Status, X-Spam-Score and X-Spam-Flag
 * of SpamAssassin and others, X-Spamd-Result of rspamd, and the levels of
 * Microsoft.
 */
#ifndef HEADER_SCORES_H
#define HEADER_SCORES_H

#include "base/str.h"

/** A number that may be missing. */
struct score {
	bool known;
	int32_t value;
};

/** All scores of a header. Initialize with zeros. */
struct scores {
	struct score spam; /* X-Spam-Status, 0 or 1 */
	struct score flag; /* X-Spam-Flag, 0 or 1 */
	struct score score; /* thousandths; the first that is found */
	struct score required; /* threshold in thousandths */
	struct score scl; /* spam confidence level, -1 to 9 */
	struct score bcl; /* bulk complaint level, 0 to 9 */
};

/** Store the scores of one field; other fields change nothing. Call it for all
 * fields from the top: the first value of each kind counts, which is the one
 * added last. A malformed number counts as missing. */
void scores_take(struct scores *s, struct mailauth_str name,
    struct mailauth_str value);

/** Parse a decimal number in thousandths; sign and fraction are optional, and
 * digits beyond thousandths are dropped. False for other text and for a whole
 * part above a million. */
bool score_parse(struct mailauth_str s, int32_t *out);

#endif /* HEADER_SCORES_H */
