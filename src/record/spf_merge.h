/*
 * spf_merge.h - one more sender in an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A domain has one SPF record: whoever wants to send too is merged into it.
 * All terms stay, in their order; what is new comes behind them, then one
 * 'all', then the modifiers. Nothing here looks anything up.
 */
#ifndef RECORD_SPF_MERGE_H
#define RECORD_SPF_MERGE_H

#include "record/spf.h"

/** What becomes of a mechanism that is to be added. */
enum spf_added {
	SPF_ADDED,
	SPF_COVERED, /* the record does that already: it is left out */
	SPF_BLOCKED, /* a term before it matches first, with another result */
	SPF_NOT_ONE, /* it is no mechanism, or not well-formed */
	SPF_SECOND_RECORD, /* it is a record of its own */
};

struct spf_addition {
	struct mailauth_str text;
	enum spf_added fate;
	uint16_t fault; /* of SPF_NOT_ONE: finding; 0: it is no mechanism */
	struct mailauth_str by; /* the term that covers or blocks it */
};

/** What a merge comes to. Texts borrow from the record. */
struct spf_merge {
	bool second_record; /* the record is two, one behind the other */
	bool done; /* every mechanism was added or is covered */
	bool kept; /* and spf_merge_keeps() says so */
	char was; /* qualifier of the first 'all'; 0: there is none */
	char all; /* the same of the merged record; 0: it ends in redirect= */
	bool tightened; /* others are now treated worse, or that may be */
	struct mailauth_str redirect; /* that became an include; or empty */
	struct mailauth_str revived; /* first mechanism that stood behind 'all',
	                              * where it did not count; or empty */
	unsigned lookups; /* terms of the merged record that ask */
	bool leads; /* some of them lead to other records */
};

/** Terms that are merged into one record at most: no record is longer. */
#define SPF_ADDITIONS_MAX 64u

/**
 * Merge.
 *
 * A mechanism is left out when the first term that matches all its addresses
 * has its qualifier; it is blocked when that term has another one. A redirect=
 * that counts becomes an include: when anything but the modifiers changes,
 * since no receiver follows it once there is an 'all'.
 * @param record well-formed; text from v=spf1 on
 * @param owner of the record, canonical; or STR_NONE
 * @param all qualifier wanted; 0: the one there is, '?' (which is the default)
 *     where there is none
 * @param w the merged record; nothing that can be used unless out->done
 */
void put_spf_merge(struct writer *w, struct mailauth_str record,
    struct mailauth_str owner, struct spf_addition *add, size_t n, char all,
    struct spf_merge *out);

/** All mechanisms and modifiers of `old` are in `merged`, in their order,
 * a redirect= perhaps as an include:; and there is one 'all' at most, with no
 * mechanism behind it. */
bool spf_merge_keeps(struct mailauth_str old, struct mailauth_str merged);

#endif /* RECORD_SPF_MERGE_H */
