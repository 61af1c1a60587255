/*
 * reason.h - why a receiver says that a DKIM signature does not pass
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Receivers give the reason in words of their own, in a comment or as
 * reason=; no standard has them.
 */
#ifndef HEADER_REASON_H
#define HEADER_REASON_H

#include "base/str.h"

enum dkim_reason {
	DKIM_REASON_NONE, /* no words, or none that are known */
	DKIM_REASON_NO_KEY, /* DNS has no key at the selector */
	DKIM_REASON_KEY_BAD, /* the key record cannot be used */
	DKIM_REASON_KEY_WEAK, /* key or algorithm too weak for the receiver */
	DKIM_REASON_EXPIRED, /* the signature has expired */
	DKIM_REASON_BODY, /* the body differs from what was signed */
	DKIM_REASON_SIGNATURE, /* the signature does not verify */
	DKIM_REASON_LOOKUP, /* the key could not be looked up */
};

/** The reason that a comment or reason= gives. */
enum dkim_reason dkim_reason_of(struct mailauth_str words);

#endif /* HEADER_REASON_H */
