/*
 * writer.c - text output into memory with a sticky overflow flag
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/writer.h"

#include "base/str.h"

void
put_bytes_beyond(struct writer *w, const char *s, size_t n)
{
	if (w->full || n == 0)
		return;
	if (w->grow == NULL || !w->grow(w, n) || n > w->cap - w->used) {
		w->full = true;
		return;
	}
	memcpy(w->buf + w->used, s, n);
	w->used += n;
}

void
put_number(struct writer *w, uint64_t v)
{
	char digits[20];
	size_t n = sizeof(digits);

	do {
		digits[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	put_bytes(w, digits + n, sizeof(digits) - n);
}

void
put_hex(struct writer *w, uint8_t octet)
{
	static const char digit[] = "0123456789abcdef";

	put_char(w, digit[octet >> 4]);
	put_char(w, digit[octet & 15]);
}

void
put_untrusted(struct writer *w, struct mailauth_str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		char esc[4] = { '\\', '\\', 0, 0 };

		if (is_print((char)c) && c != '\\')
			continue;
		put_bytes(w, s.s + from, i - from);
		from = i + 1;
		if (c == '\\') {
			put_bytes(w, esc, 2);
			continue;
		}
		esc[1] = (char)('0' + c / 100);
		esc[2] = (char)('0' + c / 10 % 10);
		esc[3] = (char)('0' + c % 10);
		put_bytes(w, esc, 4);
	}
	if (from < s.n)
		put_bytes(w, s.s + from, s.n - from);
}
