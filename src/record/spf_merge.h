/*
 * spf_merge.h - adds senders to an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A domain has one SPF record, so that a further sender must be merged into it.
 * All mechanisms stay, in their order; the new ones follow, then one 'all',
 * then the modifiers. The merge needs no lookup. Three terms that find nothing
 * for IPv6 end the evaluation for each of its clients, so that an address may
 * have to go in front of them: not in front of a term that could decide against
 * it, which stays the author's decision.
 */
#ifndef RECORD_SPF_MERGE_H
#define RECORD_SPF_MERGE_H

#include "record/spf.h"

/** The result for one mechanism to add. */
enum spf_added {
	SPF_ADDED,
	SPF_COVERED, /* left out: an earlier term does the same */
	SPF_BLOCKED, /* an earlier term matches first, with another result */
	SPF_NOT_ONE, /* the text is not one well-formed mechanism */
	SPF_SECOND_RECORD, /* the text is a whole record */
};

/** A mechanism to add; the caller sets `text` and `early`, the merge the
 * rest. */
struct spf_addition {
	struct mailauth_str text;
	bool early; /* an address goes in front of terms that ask, as far as
	             * nothing but passes could come of these */
	enum spf_added fate;
	uint16_t fault; /* the finding of SPF_NOT_ONE; 0: no mechanism */
	struct mailauth_str by; /* the term that covers or blocks it */
};

/** The result of a merge. The texts borrow from the record. */
struct spf_merge {
	bool second_record; /* the record is two records in one text */
	bool done; /* every mechanism was added or is covered */
	bool kept; /* spf_merge_keeps() agrees with the result */
	char was; /* qualifier of the first 'all' in the record; 0: none */
	char all; /* of the 'all' in the merged record; 0: ends in redirect= */
	bool tightened; /* other senders get a stricter result, or may */
	struct mailauth_str redirect; /* domain turned into include; or empty */
	struct mailauth_str revived; /* first mechanism behind 'all', which did
	                              * not count and now does; or empty */
	unsigned lookups; /* terms of the merged record that need lookups */
	bool leads; /* some of them lead to other records */
};

/** Number of mechanisms to merge at most; no record is longer. */
#define SPF_ADDITIONS_MAX 64u

/**
 * Merge mechanisms into a record.
 *
 * A mechanism is left out when the first term that matches all its addresses
 * has the same qualifier; it is blocked when that term has another one. A
 * redirect= that counts becomes an include: when the merge writes an 'all',
 * since receivers then ignore the redirect (RFC 7208 6.1).
 * @param w receives the merged record; useless unless out->done
 * @param record a well-formed record, from "v=spf1" on
 * @param owner the name of the record, canonical; or STR_NONE
 * @param add `n` mechanisms, with `text` set
 * @param all the qualifier wanted; 0: that of the record, or '?', the default
 *     of RFC 7208 4.7, when it has none
 */
void put_spf_merge(struct writer *w, struct mailauth_str record,
    struct mailauth_str owner, struct spf_addition *add, size_t n, char all,
    struct spf_merge *out);

/** Verify a merge: `merged` is well-formed, holds all mechanisms and modifiers
 * of `old` in their order (a redirect= perhaps as an include:), and has at most
 * one 'all', with no mechanism behind it. */
bool spf_merge_keeps(struct mailauth_str old, struct mailauth_str merged);

/** What is added to a record, or to several that become one. */
struct spf_joint {
	const struct mailauth_str *add; /* well-formed mechanisms */
	size_t nadd;
	bool front; /* in front of all others; else in front of 'all' */
};

/** One of several records ends in a redirect=, which cannot stay in the joined
 * one, and its target may refuse more than the 'all' of that does. */
bool spf_join_weakens(const struct mailauth_str *records, size_t n,
    struct mailauth_str joined);
/**
 * Write one record with the terms of all, and with those to add. Other senders
 * keep their result: a single record stays as it is, octet by octet, but for
 * what is inserted, a redirect= included. Of several records, the addresses that
 * have only passing terms in front come first; the strictest
 * 'all' stays; a redirect= becomes an include: unless it decides alone. A
 * record that ends neither in 'all' nor in redirect= gets ~all.
 * @param records `n` well-formed records
 * @param left set to a modifier that could not stay, since a record may have
 *     one of its name only; or STR_NONE
 */
void put_spf_join(struct writer *w, const struct mailauth_str *records,
    size_t n, const struct spf_joint *how, struct mailauth_str *left);

/** A term of one record lets a client pass that a term of another does not:
 * nobody can tell which of the two is meant.
 * @param one set to the term of `record`
 * @param other set to that of `another` */
bool spf_contradict(struct mailauth_str record, struct mailauth_str another,
    struct mailauth_str *one, struct mailauth_str *other);

#endif /* RECORD_SPF_MERGE_H */
