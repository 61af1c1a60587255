/*
 * base64.h - RFC 4648 base64
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/writer.h"

/** Bits that base64_decode() returns about the text. */
#define BASE64_BLANKS   1u /* white space, skipped */
#define BASE64_URL      2u /* '-' or '_' of the URL alphabet, accepted */
#define BASE64_UNPADDED 4u /* '=' missing at the end, accepted */
#define BASE64_BAD      8u /* any other fault: not base64 */

/**
 * Decode base64 (RFC 4648 4). The decoder skips white space and accepts a
 * missing padding and the URL alphabet (RFC 4648 5); the result says so.
 * @param out room for at least s.n * 3 / 4 octets
 * @param len set to the number of octets decoded, up to the first fault
 * @param where set to the offset of the first fault in `s`; may be NULL
 * @return a set of BASE64_ bits; `where` is set only with BASE64_BAD.
 */
unsigned
base64_decode(struct mailauth_str s, uint8_t *out, size_t *len, size_t *where);

/** Append `len` octets as base64 with padding (RFC 4648 4). */
void put_base64(struct writer *w, const uint8_t *data, size_t len);

#endif /* BASE_BASE64_H */
