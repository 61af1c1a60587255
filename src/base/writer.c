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

static void
two_digits(struct writer *w, unsigned v)
{
	put_char(w, (char)('0' + v / 10 % 10));
	put_char(w, (char)('0' + v % 10));
}

/* gmtime_r() would do, but it may take a lock for the time zone. The date comes
 * from the days since 0000-03-01: `era` counts cycles of 400 years (146097
 * days), `doe`, `yoe`, `doy` are the day and year of the era and the day of a
 * year that begins in March, so that the leap day is the last; `mp` is the month
 * from March = 0. */
void
put_utc(struct writer *w, int64_t sec)
{
	uint64_t days = (uint64_t)(sec > 0 ? sec : 0) / 86400;
	unsigned rest = (unsigned)((uint64_t)(sec > 0 ? sec : 0) % 86400);
	uint64_t z = days + 719468, era = z / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;

	put_number(w, yoe + era * 400 + (month <= 2));
	put_char(w, '-');
	two_digits(w, month);
	put_char(w, '-');
	two_digits(w, doy - (153 * mp + 2) / 5 + 1);
	put_char(w, 'T');
	two_digits(w, rest / 3600);
	put_char(w, ':');
	two_digits(w, rest / 60 % 60);
	put_char(w, ':');
	two_digits(w, rest % 60);
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
