/*
 * guard.h - whether a Received shows that the receiver wrote the next one
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each server writes its Received above those that its client gave it. A host
 * of the receiver is a client that wrote the next one itself. Any other client,
 * and a user's program on that host, gave what it liked.
 */
#ifndef MESSAGE_GUARD_H
#define MESSAGE_GUARD_H

#include "engine/check.h"
#include "header/received.h"

/** A Received that the receiver has written. */
struct guard {
	struct received line;
	bool read; /* `line` is valid */
	bool own; /* its client is a host of the receiver by its name */
	/** It and all above are of Exchange servers, between each other. */
	bool exchange;
	bool any; /* there is one */
};

/** Take the Received `r` in place of the one above it. */
void guard_take(struct check *c, struct guard *g, const struct received *r,
    bool own);
/** Take one that cannot be read; false where it says nothing of the next: qmail
 * writes such a line above the one with the client. */
bool guard_take_unread(struct guard *g, struct mailauth_str value);
/** The receiver has written `next`, the one below. */
bool guard_holds(struct check *c, const struct guard *g,
    const struct received *next);

/** The client is known for one of the same provider, which gives it no public
 * address: Microsoft 365, whose hosts pass mail to each other with addresses of
 * one block, and with none of it to or from anybody else; Yahoo; iCloud. */
bool guard_is_provider(const struct received *r);
/** The client has a private address, and not one of the server's own host. */
bool guard_is_hidden(struct check *c, const struct received *r);

/** Both names, as headers have them, are of one organization. */
bool
guard_same_org(struct check *c, struct mailauth_str a, struct mailauth_str b);

#endif /* MESSAGE_GUARD_H */
