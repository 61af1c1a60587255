/*
 * message.h - a received message, read once
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The header is kept, the body is not: it goes through the hashes that the
 * signatures want and is forgotten, so that memory does not grow with it. What
 * is kept is bounded by the limits below whatever comes in.
 */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/arena.h"
#include "dkim/hash.h"
#include "header/dkim_sig.h"
#include "header/header.h"
#include "mailauth/mailauth.h"

/** Octets of a header: far more than any server takes. */
#define MESSAGE_HEADER_MAX ((size_t)8 << 20)
/** Fields of a header. */
#define MESSAGE_FIELDS_MAX 20000
/** Signatures that are looked at, from the top: receivers stop earlier. */
#define MESSAGE_SIGS_MAX 50

/** A DKIM-Signature of the message. */
struct message_sig {
	size_t field; /* its number among the fields */
	struct dkim_sig sig;
	struct dkim_sig_fault fault; /* .id is F_NONE when it can be used */
	uint8_t header[DKIM_HASH]; /* hash of what it is over, when it can */
	int body; /* number of its body hash, when it can */
};

struct mailauth_message {
	struct arena arena;
	struct header_field *fields;
	size_t nfields;
	struct message_sig *sigs;
	size_t nsigs;
	size_t more_sigs; /* that are not looked at */
	struct body_hashes *bodies;
	bool junk; /* the header ends in a line that is none */
	bool cut; /* a limit was reached: the header is longer */
	uint64_t body_octets; /* as they came */
};

#endif /* MESSAGE_MESSAGE_H */
