/*
 * arc.h - the seal of an authenticated received chain
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

/** An ARC-Seal field; texts are borrowed, and empty when missing. */
struct arc_seal {
	uint32_t instance; /* i=, 1..50; 0: missing or out of range */
	enum arc_cv cv;
	struct mailauth_str a; /* the algorithm */
	struct mailauth_str d; /* the domain */
	struct mailauth_str s; /* the selector */
};

/** Read a seal: a tag list (RFC 6376 3.2), the first of each tag counts.
 * @return whether it has an instance, a known cv=, a=, d= and s=. */
bool arc_seal_parse(struct mailauth_str value, struct arc_seal *out);

#endif /* HEADER_ARC_H */
