/*
 * reason.h - what Unbound's own words mean
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Why a lookup failed or was bogus, and where a zone file is broken, Unbound
 * and its library say in text alone. Everything that reads such text is here;
 * what it does not know becomes the general case, never a wrong one.
 */
#ifndef JUDGE_REASON_H
#define JUDGE_REASON_H

#include "mailauth/types.h"

/** The text behind "error: " of the last such line of a log; STR_NONE when
 * there is none. */
struct mailauth_str reason_last_error(struct mailauth_str log);

/** The reason in "SERVFAIL <name type class>: reason" or "validation failure
 * <name type class>: reason"; the whole text when it is neither. */
struct mailauth_str reason_alone(struct mailauth_str text);

/** Why a lookup failed. */
enum mailauth_cause reason_of_failure(struct mailauth_str text);

/** Why a lookup was bogus: BOGUS or NO_DNSKEY. */
enum mailauth_cause reason_of_bogus(struct mailauth_str text);

/** Validation failed at the root's own keys. */
bool reason_is_root(struct mailauth_str text);

/** The log of one question shows that TCP was begun for it: the answer over
 * UDP was truncated. `name` is the question's, with a final dot. */
bool reason_shows_tcp(struct mailauth_str log, struct mailauth_str name);

/** Where a zone file is broken. */
struct zone_fault {
	struct mailauth_str file, reason;
	uint32_t
	    line; /* the offending record ends there or on the one before */
};

/** Find the fault in a log; false when there is none. */
bool reason_zone_fault(struct mailauth_str log, struct zone_fault *out);

#endif /* JUDGE_REASON_H */
