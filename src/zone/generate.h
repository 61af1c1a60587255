/*
 * generate.h - $GENERATE of BIND: records made of a pattern
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_GENERATE_H
#define ZONE_GENERATE_H

#include "zone/scan.h"

/** Make the lines of "$GENERATE START-STOP[/STEP] OWNER [TTL] [CLASS] TYPE
 * DATA". `line` takes each one, valid during the call, and returns false to end
 * the making. Returns NULL, or what is wrong with the directive, a clause. */
const char *zone_generate(const struct zone_entry *e,
    bool (*line)(void *self, struct mailauth_str text), void *self);

#endif /* ZONE_GENERATE_H */
