/*
 * date.h - the date and time of a header field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef HEADER_DATE_H
#define HEADER_DATE_H

#include "base/str.h"

/**
 * Read a date and time (RFC 5322 3.3, with the two-digit years and zone names
 * of 4.3): "Wed, 25 Nov 2026 17:00:00 +0100 (CET)". The name of the day is not
 * compared with the date.
 * @param out seconds since 1970-01-01 UTC
 * @return false when the text is no date
 */
bool date_parse(struct mailauth_str s, int64_t *out);

#endif /* HEADER_DATE_H */
