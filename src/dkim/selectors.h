/*
 * selectors.h - where DKIM keys are, and selectors that people use
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DKIM_SELECTORS_H
#define DKIM_SELECTORS_H

#include "engine/check.h"

/** Common selectors. */
#define DKIM_COMMON 14

/** Common selector `i`, counted from 0; STR_NONE behind the last one. */
struct mailauth_str dkim_common(size_t i);
/** Owner of the key at common selector `i` of a domain; STR_NONE behind the
 * last one. */
struct mailauth_str
dkim_common_owner(struct check *c, struct mailauth_str domain, size_t i);
/** The key at an owner, examined; NULL while it is not known. */
struct item *dkim_key_at(struct check *c, struct mailauth_str owner);

#endif /* DKIM_SELECTORS_H */
