/*
 * special.h - names that Unbound answers by itself
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_SPECIAL_H
#define DNS_SPECIAL_H

#include "mailauth/types.h"

/** The built-in zone of Unbound that `name` (canonical presentation form) is
 * in; STR_NONE when there is none (RFC 6303, RFC 6761). */
struct mailauth_str special_zone_of(struct mailauth_str name);

/** Zone number `i`; STR_NONE at the end. */
struct mailauth_str special_zone_at(size_t i);

#endif /* DNS_SPECIAL_H */
