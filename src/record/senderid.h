/*
 * senderid.h - the head of a Sender ID record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_SENDERID_H
#define RECORD_SENDERID_H

#include "base/str.h"

/** Scopes of a record; bits. */
#define SENDERID_PRA   1u
#define SENDERID_MFROM 2u

/** The parts of a record, borrowed from its text. */
struct senderid {
	unsigned scopes; /* bits above */
	struct mailauth_str terms; /* as in an SPF record */
};

/**
 * Split a record into scopes and terms (RFC 4406 3.1).
 * @return false when the version or a scope is malformed, or no scope is known.
 */
bool senderid_parse(struct mailauth_str text, struct senderid *out);

#endif /* RECORD_SENDERID_H */
