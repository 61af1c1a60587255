/*
 * border.h - the hop where a message came into the receiver's system
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The header is read from the top, since each server writes above what it gets.
 * The receiver's own hosts wrote all fields above the Received of the border;
 * the sender may have forged all fields below it.
 */
#ifndef MESSAGE_BORDER_H
#define MESSAGE_BORDER_H

#include "engine/check.h"
#include "header/received.h"
#include "message/guard.h"
#include "message/message.h"

/** The border, as far as Received fields show it. */
struct border {
	bool whole; /* the message has a Received field */
	bool found;
	unsigned number, total; /* of its Received, from the top; of all */
	const char *why; /* this one; NULL: none was found */
	const char *sure; /* "certain", "likely" or "not certain" */
	/** Its Received; valid if found. Without an address, when that may be
	 * the word of the client. */
	struct received line;
	/** The server that the receiver's topmost Received names; the next one
	 * when that is no name. Empty without any. */
	struct mailauth_str by;
	/** Index of the first Received above the border that does not show that
	 * the receiver wrote the next: what is below it may be the sender's. The
	 * border, without any. */
	size_t doubt;
	/** Index of the first field that the sender may have written: the
	 * Received of the border; without one, the lowest Received of hosts
	 * inside. In a header without Received, the first field that authors
	 * write. */
	size_t limit;
};

/** Find the border. Nothing that a client says decides: neither its HELO,
 * nor the fields below. */
void border_find(struct check *c, const struct mailauth_message *m,
    struct border *out);
/** No field shows where the message came in: its sender may have written all. */
void border_none(const struct mailauth_message *m, struct border *out);
/** Take Received number `hop` for the border, from 1 at the top; false when
 * there is no such one. */
bool border_take(struct check *c, const struct mailauth_message *m,
    unsigned hop, struct border *out);

/** The field belongs to those that the server of the border adds below its own
 * Received: only results and the like are between them. The sender may have
 * written it all the same. */
bool border_beside(const struct border *b, const struct mailauth_message *m,
    size_t field);

#endif /* MESSAGE_BORDER_H */
