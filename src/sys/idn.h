/*
 * idn.h - domain names as people write them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SYS_IDN_H
#define SYS_IDN_H

#include "base/arena.h"

/**
 * Turn the U-labels of a name in UTF-8 into A-labels (RFC 5891). A name in
 * ASCII stays as it is, and is not looked at further.
 * @param out the name in ASCII, in `a`, with a NUL behind it; STR_NONE when
 *     memory ran out
 * @return NULL, or a static text that says why not
 */
const char *idn_to_ascii(struct arena *a, struct mailauth_str name,
    struct mailauth_str *out);

#endif /* SYS_IDN_H */
