/*
 * selectors.h - owners of DKIM keys, and common selectors
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DKIM_SELECTORS_H
#define DKIM_SELECTORS_H

#include "engine/check.h"

/** Number of common selectors. */
#define DKIM_COMMON 14

/** Owner of the key at a selector of a domain; STR_NONE when the name would be too
 * long. */
struct mailauth_str dkim_owner(struct check *c, struct mailauth_str selector,
    struct mailauth_str domain);
/** Common selector `i` from 0, static; STR_NONE behind the last. */
struct mailauth_str dkim_common(size_t i);
/** Owner of the key at common selector `i` of a domain; STR_NONE behind the
 * last, or when the name would be too long. */
struct mailauth_str
dkim_common_owner(struct check *c, struct mailauth_str domain, size_t i);
/** Write the common selectors of a domain that have a key: "s1, s2". Returns
 * their number. */
size_t
put_dkim_placed(struct check *c, struct writer *w, struct mailauth_str domain);
/** The judged key record set at an owner; NULL while it is pending. */
struct record_set *dkim_key_at(struct check *c, struct mailauth_str owner);

#endif /* DKIM_SELECTORS_H */
