/*
 * message.h - a received message, read once
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The message keeps its header, but not its body: the body goes through the
 * hashes that the signatures need, so memory does not grow with it. The limits
 * below bound the header, for any input.
 */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/arena.h"
#include "dkim/hash.h"
#include "header/dkim_sig.h"
#include "header/header.h"
#include "mailauth/mailauth.h"
#include "message/input.h"

/** Octets of a header: far more than any server accepts. */
#define MESSAGE_HEADER_MAX ((size_t)8 << 20)
/** Fields of a header. */
#define MESSAGE_FIELDS_MAX 20000
/** Signatures that are examined, from the top: receivers stop earlier. */
#define MESSAGE_SIGS_MAX 50

/** A DKIM-Signature of the message. */
struct message_sig {
	size_t field; /* index of its field */
	struct dkim_sig sig;
	struct dkim_sig_fault fault; /* .id F_NONE: the signature is usable */
	uint8_t header[DKIM_HASH]; /* hash of the signed header, if usable */
	int body; /* number of its body hash; -1: not usable */
};

/** A message after reading. Strings of fields and signatures are octets of
 * `arena`. */
struct mailauth_message {
	struct arena arena;
	struct header_field *fields;
	size_t nfields;
	struct message_sig *sigs;
	size_t nsigs;
	size_t more_sigs; /* beyond MESSAGE_SIGS_MAX, not examined */
	struct body_hashes *bodies;
	/** The first signature with a line that is not indented; or NULL. */
	const struct header_field *unfolded;
	/** Number of the line that is not a header field and ends the header; or
	 * 0. */
	size_t junk;
	bool cut; /* the header is longer than a limit */
	/** The file: what was turned back to read it, or NULL; the messages in
	 * it, of which this is number `part`. */
	const char *form;
	bool reshaped; /* the body may not be as it was sent */
	const struct input_part *parts;
	unsigned nparts, part;
	uint64_t body_octets; /* as read, before canonicalization */
	bool body_text; /* the body has more than blanks and line ends */
	/** The last octet is no line end: what is stored as it was received
	 * ends with one. */
	bool cut_line;
};

#endif /* MESSAGE_MESSAGE_H */
