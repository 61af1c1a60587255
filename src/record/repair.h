/*
 * repair.h - the record that the author of a broken text meant
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For kinds with a version and a tag list. A repaired text has been examined as
 * its kind: nothing in it stops receivers. Where a text has two plausible
 * readings there is no repair.
 */
#ifndef RECORD_REPAIR_H
#define RECORD_REPAIR_H

#include "record/kind.h"

/** Octets of the longest text that is repaired: no sound record is longer. */
#define REPAIR_MAX 4096
/** Pieces of one record, at most: a key of 4096 bits has three. */
#define PIECES_MAX 5

/** Receivers can use this text as a record of the kind, in full. */
bool
repair_is_sound(const struct mailauth_kind *kind, struct mailauth_str text);

/** Write the record that was meant by a broken text: without the backslashes,
 * quotes and typographic characters of the way it was published, with its exact
 * version, with a semicolon between tags, with mailto: before addresses.
 * @return false when the text is sound, or no sound record can be made of it */
bool repair_text(const struct mailauth_kind *kind, struct mailauth_str text,
    struct writer *w);

/** Read a text with the name of the record in front: "_dmarc: v=DMARC1; ...",
 * "s1._domainkey.example.com. IN TXT v=DKIM1; ...".
 * @param owner set to the name as it is written
 * @param record set to the text behind it
 * @return the kind with records at this name; NULL for any other text */
const struct mailauth_kind *repair_named(struct mailauth_str text,
    struct mailauth_str *owner, struct mailauth_str *record);

/** The text is the name of a host and nothing else, as an alias has it: two
 * labels or more. `host` is set to the name, without a final dot. */
bool repair_is_host(struct mailauth_str text, struct mailauth_str *host);

/** What the texts at one name are. */
enum pieces {
	PIECES_NONE, /* anything else */
	PIECES_ONE, /* one record in pieces, in one plausible order */
	PIECES_MANY, /* pieces whose order is not certain */
};

/** The pieces among the TXT records of an answer. */
struct pieces_found {
	uint16_t first; /* index of the piece with the version */
	size_t n; /* records that are pieces */
};

/** Look whether the TXT records of an answer are one record in pieces: tag by
 * tag, or cut anywhere.
 * @param room for their texts
 * @param found set unless there are no pieces
 * @param w the joined record is written there for PIECES_ONE */
enum pieces repair_pieces(const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, char room[REPAIR_MAX],
    struct pieces_found *found, struct writer *w);
/** Call `try` for all orders of `n` numbers, PIECES_MAX at most, of which those
 * in front of `at` stay. */
void each_order(size_t *order, size_t n, size_t at, void (*try)(void *self),
    void *self);
/** The same for SPF: texts of other services may be at the same name. */
enum pieces spf_pieces(const struct mailauth_answer *answer,
    char room[REPAIR_MAX], struct pieces_found *found, struct writer *w);

#endif /* RECORD_REPAIR_H */
