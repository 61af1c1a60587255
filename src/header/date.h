/*
 * date.h - the date and time of a header field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef HEADER_DATE_H
#define HEADER_DATE_H

#include "base/str.h"

/** Seconds between UTC and the time of the zone that is farthest from it. */
#define DATE_ZONES (14 * 3600)

/**
 * Read a date and time (RFC 5322 3.3, with the two-digit years and zone names
 * of 4.3): "Wed, 25 Nov 2026 17:00:00 +0100 (CET)". Other forms that servers
 * write are read as well: of C ("Mon Jun  1 10:00:00 2026"), of ISO 8601, with
 * "01-Jun-2026", with AM and PM. The name of the day is not compared with the
 * date.
 * @param out seconds since 1970-01-01 UTC
 * @param zoned false when the zone is missing, unknown or of a name that
 *              several zones have, so that `out` may be wrong by DATE_ZONES
 * @return false when the text is no date
 */
bool date_parse(struct mailauth_str s, int64_t *out, bool *zoned);

/** Read the date of a Received field, behind its last ';'. When no date is
 * there, since the ';' is part of a comment behind the date, the ';' before the
 * comment counts. A ';' in what the client said never does: the one of the
 * server follows it. */
bool date_find(struct mailauth_str field, int64_t *out, bool *zoned);

#endif /* HEADER_DATE_H */
