/*
 * writer.h - text output into memory with a sticky overflow flag
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <string.h>

#include "mailauth/types.h"

/**
 * A text buffer with a sticky overflow flag. A put_*() call that does not fit
 * writes nothing and sets `full`; later calls write nothing either. A caller
 * writes a whole line and checks `full` once. A writer with `grow` first asks
 * `grow` for `need` more octets: `grow` may exchange `buf` and raise `cap`, or
 * return false. `used` never exceeds `cap`.
 */
struct writer {
	char *buf;
	size_t cap; /* octets of `buf` */
	size_t used; /* octets written */
	bool full; /* some text did not fit */
	bool (*grow)(struct writer *w, size_t need); /* may be NULL */
	void *arg; /* for `grow` */
};

/** A writer into a fixed buffer the caller owns. */
static inline struct writer
writer_of(char *buf, size_t cap)
{
	return (struct writer){ buf, cap, 0, false, NULL, NULL };
}

/** What has been written so far, borrowed from the buffer. */
static inline struct mailauth_str
writer_str(const struct writer *w)
{
	return (struct mailauth_str){ w->buf, w->used };
}

/** The slow path of put_bytes(): grow the buffer, or set `full`. */
void put_bytes_beyond(struct writer *w, const char *s, size_t n);

/** Append `n` octets as they are. */
static inline void
put_bytes(struct writer *w, const char *s, size_t n)
{
	if (w->full || n > w->cap - w->used) {
		put_bytes_beyond(w, s, n);
	} else if (n > 0) {
		memcpy(w->buf + w->used, s, n);
		w->used += n;
	}
}

static inline void
put_char(struct writer *w, char c)
{
	put_bytes(w, &c, 1);
}

/** Append our own C string as it is. */
static inline void
put_text(struct writer *w, const char *s)
{
	put_bytes(w, s, strlen(s));
}

/** Append borrowed bytes as they are; the caller knows them to be printable. */
static inline void
put_str(struct writer *w, struct mailauth_str s)
{
	put_bytes(w, s.s, s.n);
}

/** Append a number in decimal, at most 20 digits. */
void put_number(struct writer *w, uint64_t v);
/** Append an octet as two lower-case hexadecimal digits. */
void put_hex(struct writer *w, uint8_t octet);
/** Append a time, seconds since 1970, as date and time in UTC (RFC 3339) without
 * the zone: "2026-11-28T13:50:00". A time before 1970 counts as that. */
void put_utc(struct writer *w, int64_t sec);
/**
 * Append bytes from the network, escaped the one way this project shows them:
 * printable ASCII as it is, the backslash as "\\", every other octet as a
 * backslash and three decimal digits (RFC 1035 5.1). The output holds no line
 * break and no control character.
 */
void put_untrusted(struct writer *w, struct mailauth_str s);

#endif /* BASE_WRITER_H */
