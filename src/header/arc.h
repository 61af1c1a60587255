/*
 * arc.h - the tags of an ARC-Seal field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef HEADER_ARC_H
#define HEADER_ARC_H

#include "base/str.h"

/** cv= of RFC 8617 4.1.3. */
enum arc_cv {
	ARC_CV_OTHER, /* missing, or no word of the standard */
	ARC_CV_NONE,
	ARC_CV_PASS,
	ARC_CV_FAIL,
};

/** An ARC-Seal field. Texts borrow from the value; a missing tag is empty. */
struct arc_seal {
	uint32_t instance; /* i=, 1..50; 0: missing or out of range */
	enum arc_cv cv;
	struct mailauth_str a; /* the algorithm */
	struct mailauth_str d; /* the domain */
	struct mailauth_str s; /* the selector */
};

/**
 * Parse a seal, a tag list (RFC 6376 3.2). Of a repeated tag the first counts.
 * The signature b= is not read: ARC chains are not verified here.
 * @return the seal has an instance, a known cv=, a=, d= and s=.
 */
bool arc_seal_parse(struct mailauth_str value, struct arc_seal *out);

#endif /* HEADER_ARC_H */
