/*
 * hash.h - the hashes that DKIM signatures cover
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 6376 3.7. The body passes once, for any number of signatures: each
 * canonical form has one running hash, and a signature with l= takes a copy of
 * the hash at that octet. The names of the header fields are sorted once; each
 * name in h= is then found by binary search. So a hostile message with many
 * fields and signatures does not take quadratic time.
 */
#ifndef DKIM_HASH_H
#define DKIM_HASH_H

#include "base/arena.h"
#include "header/dkim_sig.h"

/** One field of the message header. */
struct dkim_field {
	struct mailauth_str raw; /* all lines with their ends */
	struct mailauth_str name; /* without blanks and the colon */
};

struct dkim_fields;

/**
 * Prepare the fields of a message header.
 * @param field from top to bottom; the array must outlive the result
 * @return in the arena; NULL when memory ran out
 */
struct dkim_fields *
dkim_fields_new(struct arena *a, const struct dkim_field *field, size_t n);

/**
 * Compute the header hash of a signature: the fields of h=, then the signature
 * field itself without the value of b=.
 * @param self index of the signature's field, which h= never selects
 * @param sig parsed from that field
 * @return false when memory ran out
 */
bool dkim_hash_header(struct dkim_fields *fields, size_t self,
    const struct dkim_sig *sig, uint8_t out[DKIM_HASH]);

struct body_hashes;

/** One body hash. */
struct body_hash {
	uint8_t hash[DKIM_HASH];
	bool too_short; /* the body has fewer than l octets; no hash */
	uint64_t beyond; /* canonical octets behind the first l */
};

/**
 * Make room for at most `max` different body hashes.
 * @return in the arena; to be ended or freed. NULL when memory ran out
 */
struct body_hashes *body_hash_new(struct arena *a, size_t max);

/**
 * Request the hash of the whole canonical body, or of its first `l` octets. All
 * requests come before the first body_hash_put().
 * @return a number for body_hash_get(), the same for equal requests; -1 when
 *     there are more than `max`
 */
int body_hash_want(struct body_hashes *h, bool relaxed, bool has_l, uint64_t l);
/** Hash the next octets of the body. */
void body_hash_put(struct body_hashes *h, const void *data, size_t n);
/** End the body. False when memory ran out: there are no hashes. */
bool body_hash_end(struct body_hashes *h);
/** A hash, after the end; NULL for -1 and after a failure. */
const struct body_hash *body_hash_get(const struct body_hashes *h, int number);
/** Free what is outside of the arena. body_hash_end() has done it already; a
 * second call does nothing. `h` may be NULL. */
void body_hash_free(struct body_hashes *h);

#endif /* DKIM_HASH_H */
