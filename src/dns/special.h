/*
 * special.h - zones that Unbound answers by itself
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_SPECIAL_H
#define DNS_SPECIAL_H

#include "mailauth/types.h"

/** The built-in zone of Unbound (RFC 6303, RFC 6761) that `name` is in, both in
 * canonical form; STR_NONE for other names. Static text or borrowed from
 * `name`. */
struct mailauth_str special_zone_of(struct mailauth_str name);

/** Built-in zone number `i`, from 0; STR_NONE behind the last. */
struct mailauth_str special_zone_at(size_t i);

/** What a name in such a zone is for, in words; static text. */
struct mailauth_str special_note(struct mailauth_str name);

#endif /* DNS_SPECIAL_H */
