/*
 * reason.h - read Unbound's error texts
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Unbound and libunbound say only in text why a lookup failed and why an answer
 * is bogus. All code that reads such text is here. An unknown text gives the
 * general cause, never a wrong one.
 */
#ifndef JUDGE_REASON_H
#define JUDGE_REASON_H

#include "mailauth/types.h"

/** Why an answer with code NXDOMAIN and records of the name says nothing. */
#define REASON_NX_WITH_DATA \
	"the answer says that the name does not exist, and has records of it"

/** The text behind "error: " of the last line that has it; STR_NONE without
 * such a line. Borrows from `log`. */
struct mailauth_str reason_last_error(struct mailauth_str log);

/** The same of the last line "SERVFAIL <name type class>: ..." about this
 * question. The log may have lines of other questions: without a line about
 * this one there is no reason. */
struct mailauth_str reason_of_question(struct mailauth_str log,
    struct mailauth_str name, struct mailauth_str type);

/** Take the next message of a server out of the log, over UDP; `log` becomes
 * what is behind it. Messages larger than `room` are skipped.
 * @return octets written to `out`; 0 behind the last message */
size_t reason_message(struct mailauth_str *log, uint8_t *out, size_t room);

/** The reason in "SERVFAIL <name type class>: reason" or "validation failure
 * <name type class>: reason"; the whole text when it is neither. */
struct mailauth_str reason_alone(struct mailauth_str text);

/** The cause of a failed lookup; MAILAUTH_CAUSE_SERVFAIL for an unknown
 * text. */
enum mailauth_cause reason_of_failure(struct mailauth_str text);

/** The cause of a bogus answer: MAILAUTH_CAUSE_BOGUS or _NO_DNSKEY. */
enum mailauth_cause reason_of_bogus(struct mailauth_str text);

/** The trust anchor at whose keys validation failed, now or before; STR_NONE
 * when it failed elsewhere. */
struct mailauth_str reason_anchor(struct mailauth_str text);

/** The keys could not be had, or had no signatures. */
bool reason_lacks_keys(struct mailauth_str text);

/** Validation failed at the keys of the root. */
bool reason_is_root(struct mailauth_str text);

/** The log of one question shows a TCP connection for it: the answer over UDP
 * was truncated. `name` is the name of the question with a final dot. */
bool reason_shows_tcp(struct mailauth_str log, struct mailauth_str name);

#endif /* JUDGE_REASON_H */
