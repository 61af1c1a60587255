/*
 * final_dot.h - names that a zone file has made longer
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_FINAL_DOT_H
#define RECORD_FINAL_DOT_H

#include "base/str.h"

/** The name looks as if its final dot was left out in the zone file: behind a
 * full name it has that of the zone, "mail.example.net.example.com.". That is a
 * guess, so use it only for a name that does not exist.
 * @param owner of the record with the name, in the zone
 * @param meant set to the name that was written, without a final dot */
bool final_dot_lost(struct mailauth_str name, struct mailauth_str owner,
    struct mailauth_str *meant);

#endif /* RECORD_FINAL_DOT_H */
