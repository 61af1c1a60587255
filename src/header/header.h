/*
 * header.h - the fields of a message header
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 5322 2.2, on messages as they are kept: lines end in LF or CRLF, also
 * mixed, and the last may lack its end. A CR without LF is data. What people
 * paste has often lost the blanks that continue a field; see `unfolded`.
 */
#ifndef HEADER_HEADER_H
#define HEADER_HEADER_H

#include "base/str.h"

/** One field, borrowed from the message. */
struct header_field {
	struct mailauth_str raw; /* all of it, its last line end included */
	struct mailauth_str name; /* without blanks behind it */
	/** What follows the ':', folds included, but not the last line end. */
	struct mailauth_str value;
	/** A line was taken for a continuation though it is not indented. */
	bool unfolded;
};

enum header_step {
	HEADER_FIELD,
	HEADER_END, /* the blank line before the body, or nothing left */
	HEADER_JUNK, /* a line that is no field: the header ends */
};

/**
 * The next field; `rest` moves past it.
 *
 * Behind the fields of mail authentication (those of RFC 8601, RFC 7208 9.1,
 * RFC 6376 and RFC 8617) a line that is not indented is a continuation too
 * when it begins with a token and '=', and behind signatures when it is
 * nothing but base64.
 * @return what is there. At HEADER_END `rest` is the body, at HEADER_JUNK it
 *     begins with the odd line; `out` is then empty.
 */
enum header_step
header_next(struct mailauth_str *rest, struct header_field *out);

/** The message without the "From " lines of a mailbox file in front of it
 * (RFC 4155), ">From " of one within another included. */
struct mailauth_str header_skip_envelope(struct mailauth_str message);

#endif /* HEADER_HEADER_H */
