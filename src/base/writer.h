/*
 * writer.h - text output into memory with a sticky overflow flag
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include <string.h>

#include "mailauth/types.h"

/**
 * Where text goes. What does not fit is dropped whole and sets `full`, so a
 * line is written first and checked once. With `grow` set it is asked for
 * room: it may exchange `buf` and raise `cap`, and returns false when it
 * cannot.
 */
struct writer {
	char *buf;
	size_t cap;
	size_t used;
	bool full;
	bool (*grow)(struct writer *w, size_t need);
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

/** What put_bytes() does when there is not room enough: get some, or be full. */
void put_bytes_beyond(struct writer *w, const char *s, size_t n);

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

/** Our own C string, as it is. */
static inline void
put_text(struct writer *w, const char *s)
{
	put_bytes(w, s, strlen(s));
}

/** Borrowed bytes that are known to be printable, as they are. */
static inline void
put_str(struct writer *w, struct mailauth_str s)
{
	put_bytes(w, s.s, s.n);
}

void put_number(struct writer *w, uint64_t v);
/** Two lower-case hexadecimal digits. */
void put_hex(struct writer *w, uint8_t octet);
/**
 * Bytes from the network, in the one way this project shows them: printable
 * ASCII as it is but for the backslash, which becomes "\\"; every other octet
 * as a backslash and three decimal digits (RFC 1035 5.1).
 */
void put_untrusted(struct writer *w, struct mailauth_str s);

#endif /* BASE_WRITER_H */
