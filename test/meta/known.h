/*
 * known.h - violations that are known
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef META_KNOWN_H
#define META_KNOWN_H

#include <stdbool.h>

/** Such violations are in the list of known.c, which is to become empty. */
bool
violation_is_known(const char *request, const char *rule, const char *what);

#endif /* META_KNOWN_H */
