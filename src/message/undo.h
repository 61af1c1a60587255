/*
 * undo.h - which change of a signed header breaks a signature
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef MESSAGE_UNDO_H
#define MESSAGE_UNDO_H

#include "message/explain.h"

/** Changes without which a signature verifies, or its header does. */
struct undo {
	struct mailauth_str added; /* name of a field that was added */
	struct mailauth_str tag; /* what was put into the subject */
	bool inside; /* the tag is not in front of it */
	struct mailauth_str replaced; /* name of a field with another value */
	bool folds; /* only where its lines are broken */
	bool body; /* the body was changed too */
	bool stopped; /* not all was tried: the header is too long */
};

/** Undo changes that lists and gateways make, until the header of the signature
 * verifies with its key. False when none of them is the one. */
bool undo_find(struct check *c, const struct explain *x,
    const struct sig_trial *t, struct undo *out);

#endif /* MESSAGE_UNDO_H */
