/*
 * names.h - the names of enum values, and places, in text, JSON and log
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef JUDGE_NAMES_H
#define JUDGE_NAMES_H

#include "base/writer.h"
#include "mailauth/mailauth.h"

/** Static names; "?" for a value out of range, never NULL. */
const char *name_outcome(enum mailauth_outcome v);
const char *name_dnssec(enum mailauth_dnssec v);
const char *name_verdict(enum mailauth_verdict v);
const char *name_severity(enum mailauth_severity v);
const char *name_profile(enum mailauth_profile v);
const char *name_role(enum mailauth_role v);
const char *name_result(enum mailauth_result v);
/** "TXT", "MX", ...; for an unknown type "TYPE123", written to `room`. */
const char *name_rrtype(uint16_t type, char room[16]);
/** Write "FILE:LINE" or, with a column, "FILE:LINE:COLUMN". */
void put_place(struct writer *w, const struct mailauth_place *place);

#endif /* JUDGE_NAMES_H */
