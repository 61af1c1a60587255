/*
 * base64.c - RFC 4648 base64
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/base64.h"

#include "base/str.h"

/* The value of each digit of both alphabets plus one; 0 for other octets. */
/* clang-format off */
static const uint8_t value_of[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
	43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62,
	['+'] = 63,
	['/'] = 64,
	['-'] = 63,
	['_'] = 64,
};
/* clang-format on */

unsigned
base64_decode(struct mailauth_str s, uint8_t *out, size_t *len, size_t *where)
{
	const uint8_t *p = (const uint8_t *)s.s;
	uint32_t bits = 0;
	unsigned seen = 0;
	size_t nbits = 0, n = 0, digits = 0, pads = 0, i = 0;

	while (i < s.n) {
		uint8_t c = p[i], v;

		/* Fast path: decode four digits in a row into 3 octets. */
		if (nbits == 0 && pads == 0 && i + 4 <= s.n) {
			uint8_t a = value_of[c], b = value_of[p[i + 1]];
			uint8_t d = value_of[p[i + 2]], e = value_of[p[i + 3]];

			if (a != 0 && b != 0 && d != 0 && e != 0) {
				uint32_t q = (uint32_t)(a - 1) << 18 |
				    (uint32_t)(b - 1) << 12 |
				    (uint32_t)(d - 1) << 6 | (uint32_t)(e - 1);

				out[n] = (uint8_t)(q >> 16);
				out[n + 1] = (uint8_t)(q >> 8);
				out[n + 2] = (uint8_t)q;
				n += 3;
				i += 4;
				digits += 4;
				continue;
			}
		}
		i++;
		if (is_fws((char)c)) {
			seen |= BASE64_BLANKS;
			continue;
		}
		if (c == '=') {
			pads++;
			continue;
		}
		v = value_of[c];
		if (v == 0 || pads > 0) {
			i--;
			goto bad;
		}
		digits++;
		bits = bits << 6 | (uint32_t)(v - 1);
		/* `bits` holds the `nbits` bits not written yet, fewer than
		 * 8 after each digit. */
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			out[n++] = (uint8_t)(bits >> nbits);
			bits &= (1u << nbits) - 1;
		}
	}
	if (str_find(s, '-') < s.n || str_find(s, '_') < s.n)
		seen |= BASE64_URL;
	/* A single digit beyond whole groups has 6 bits, less than an octet. */
	if (digits % 4 == 1)
		goto bad;
	if (pads == 0 && digits % 4 != 0)
		seen |= BASE64_UNPADDED;
	else if (pads > 0 && (digits + pads) % 4 != 0)
		goto bad;
	else if (pads > 2)
		goto bad;
	*len = n;
	return seen;
bad:
	*len = n;
	if (where != NULL)
		*where = i < s.n ? i : s.n;
	return seen | BASE64_BAD;
}

void
put_base64(struct writer *w, const uint8_t *data, size_t len)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)data[i] << 16;
		char q[4];

		if (i + 1 < len)
			v |= (uint32_t)data[i + 1] << 8;
		if (i + 2 < len)
			v |= data[i + 2];
		q[0] = digit[v >> 18];
		q[1] = digit[v >> 12 & 63];
		q[2] = i + 1 < len ? digit[v >> 6 & 63] : '=';
		q[3] = i + 2 < len ? digit[v & 63] : '=';
		put_bytes(w, q, 4);
	}
}
