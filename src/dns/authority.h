/*
 * authority.h - a server in the process that has the given zones
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_AUTHORITY_H
#define DNS_AUTHORITY_H

#include "mailauth/mailauth.h"
#include "zone/zones.h"

struct authority;
struct event_base;

/**
 * Answer on 127.0.0.1, over UDP and TCP, as long as the loop of events runs.
 * @param alone see struct reply
 * @param why set to one line on failure
 * @return NULL when it cannot start
 */
struct authority *authority_new(struct event_base *events,
    const struct zones *zones, bool alone, char why[MAILAUTH_WHY_MAX]);
/** The port that it listens at, the same for UDP and TCP. */
unsigned authority_port(const struct authority *a);
/** End it, before the zones and the loop; NULL is fine. */
void authority_free(struct authority *a);

#endif /* DNS_AUTHORITY_H */
