/*
 * hash.h - the hashes of a message that its signatures are over
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 6376 3.7. The body passes once, however many signatures there are: each
 * canonical form has one running hash, and a signature with l= takes a copy of
 * it as it passes there. The names of the header fields are sorted once, and
 * each signature then takes the fields it wants; both are done in a time that
 * no message makes long.
 */
#ifndef DKIM_HASH_H
#define DKIM_HASH_H

#include "base/arena.h"
#include "header/dkim_sig.h"

/** One field of the header of a message. */
struct dkim_field {
	struct mailauth_str raw; /* with all its lines, their ends too */
	struct mailauth_str name; /* without the colon, or blanks before it */
};

struct dkim_fields;

/**
 * Make the fields of a message ready.
 * @param field from top to bottom; it must stay where it is
 * @return in the arena; NULL when memory ran out
 */
struct dkim_fields *
dkim_fields_new(struct arena *a, const struct dkim_field *field, size_t n);

/**
 * The hash that a signature is made over.
 * @param self which field the signature is; h= does not reach it
 * @param sig parsed from what stands behind the colon of that field
 * @return false when memory ran out
 */
bool dkim_hash_header(struct dkim_fields *fields, size_t self,
    const struct dkim_sig *sig, uint8_t out[DKIM_HASH]);

struct body_hashes;

/** What became of one wanted hash. */
struct body_hash {
	uint8_t hash[DKIM_HASH];
	bool too_short; /* the body has fewer than l octets: there is no hash */
	uint64_t beyond; /* canonical octets that l= leaves out */
};

/**
 * Hash a body in the forms that will be wanted, of which there are at most
 * `max`.
 * @return in the arena, but to be ended or freed; NULL when memory ran out
 */
struct body_hashes *body_hash_new(struct arena *a, size_t max);

/**
 * Want the hash of the whole canonical body, or of its first `l` octets.
 * All are wanted before the first octet of the body comes.
 * @return its number; equal wishes have the same, and -1 is one too many
 */
int body_hash_want(struct body_hashes *h, bool relaxed, bool has_l, uint64_t l);
/** The next octets of the body. */
void body_hash_put(struct body_hashes *h, const void *data, size_t n);
/** There are no more. False when memory ran out: there are no hashes then. */
bool body_hash_end(struct body_hashes *h);
/** A hash, after the end; NULL for a number that was never given. */
const struct body_hash *body_hash_get(const struct body_hashes *h, int number);
/** Give back what the arena does not hold; after the end nothing is left to
 * do, and once more does no harm. NULL is nothing. */
void body_hash_free(struct body_hashes *h);

#endif /* DKIM_HASH_H */
