/*
 * header.h - split a message header into fields
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * header: reads the fields of a message header; one file for each kind of
 * field. Pure: no file, no clock, no DNS, no allocation; texts borrow from the
 * message. Only mailbox.c writes, into a writer that the caller gives. May
 * include base and record. In: the octets of a message, which anybody can have
 * written. Out: words, mailboxes, results, signatures and canonical forms;
 * message and dkim judge them.
 *
 * The splitter follows RFC 5322 2.2 on stored messages: lines end in LF or
 * CRLF, also mixed, and the last line may lack its end. A CR without LF is
 * data.
 */
#ifndef HEADER_HEADER_H
#define HEADER_HEADER_H

#include "base/str.h"

/** One field; it borrows from the message. */
struct header_field {
	struct mailauth_str raw; /* the whole field with its last line end */
	struct mailauth_str name; /* without the blanks before ':' */
	/** The text behind ':' with its folds, without the last line end. */
	struct mailauth_str value;
	/** Some continuation line is not indented; see header_next(). */
	bool unfolded;
};

enum header_step {
	HEADER_FIELD,
	HEADER_END, /* the blank line before the body, or no text left */
	HEADER_JUNK, /* a line that is no field: the header ends */
};

/**
 * Read the next field; `rest` moves past it.
 *
 * A continuation line begins with a blank. Pasted messages have often lost
 * these blanks, so header_next() also takes lines without them in the fields of
 * mail authentication (those of RFC 8601, RFC 7208 9.1, RFC 6376 and RFC 8617):
 * a line that begins with a token and '=', and behind signatures a line of
 * base64.
 * @return what was read. At HEADER_END `rest` is the body; at HEADER_JUNK
 *     `rest` begins with the line that is no field. `out` is then empty.
 */
enum header_step
header_next(struct mailauth_str *rest, struct header_field *out);

/** The message without the "From " lines that a mailbox file (RFC 4155) puts
 * before it, also in their quoted form ">From ". */
struct mailauth_str header_skip_envelope(struct mailauth_str message);

#endif /* HEADER_HEADER_H */
