/*
 * base64.h - RFC 4648 base64
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/writer.h"

/** What was seen in a base64 text; bits. */
#define BASE64_BLANKS   1u /* white space, which was skipped */
#define BASE64_URL      2u /* '-' or '_' of the URL alphabet, accepted */
#define BASE64_UNPADDED 4u /* '=' missing at the end, accepted */
#define BASE64_BAD      8u /* anything else: not base64 */

/**
 * Decode `s` into `out` (at least s.n * 3 / 4 octets). White space is
 * skipped; a missing padding and the URL alphabet are accepted and told.
 * @param len set to the number of octets; those before the first fault,
 *     whose offset in `s` goes to `where` (which may be NULL).
 * @return the bits above.
 */
unsigned
base64_decode(struct mailauth_str s, uint8_t *out, size_t *len, size_t *where);

/** Write `len` octets as base64 with padding. */
void put_base64(struct writer *w, const uint8_t *data, size_t len);

#endif /* BASE_BASE64_H */
