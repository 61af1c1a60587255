/*
 * dkim_sig.h - the value of a DKIM-Signature field (RFC 6376 3.5)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The parser reads the tags and says whether a verifier may use the signature
 * (RFC 6376 6.1.1). It verifies nothing, reads no clock and asks no DNS;
 * dkim/verify.h does that.
 *
 * Folding white space may be between tags, around ':' in h= and anywhere in b=
 * and bh=. Words compare with case (RFC 6376 3.2). A number above 64 bits
 * counts as the largest number. Names may have octets above 127 (RFC 8616). A
 * value of more than 65535 octets is refused.
 */
#ifndef HEADER_DKIM_SIG_H
#define HEADER_DKIM_SIG_H

#include "base/str.h"

/** Octets of a SHA-256 hash. */
#define DKIM_HASH 32

enum dkim_algorithm {
	DKIM_RSA_SHA256,
	DKIM_ED25519_SHA256,
	DKIM_RSA_SHA1, /* must not be used (RFC 8301 3.1) */
	DKIM_OTHER,
};

/** Longest domain name as text (RFC 1035 2.3.4). */
#define DKIM_DOMAIN_MAX 254

/** A signature. Texts borrow from the value; a missing tag is STR_NONE. It must
 * not be copied: the domain of i= may be in its own room. */
struct dkim_sig {
	struct mailauth_str a, b, bh, d, h, i, q, s, z; /* as written */
	struct mailauth_str
	    i_domain; /* of i=, decoded; without i= that of d= */
	char i_room[DKIM_DOMAIN_MAX];
	bool d_good; /* d= is a domain name that a key can be looked up for */
	/** The octets that the header hash omits: all between the '=' of b= and
	 * the end of the tag, blanks included (RFC 6376 3.5). */
	struct mailauth_str hole;
	enum dkim_algorithm algorithm;
	bool header_relaxed, body_relaxed;
	bool has_l, has_t, has_x;
	uint64_t l; /* body length limit: octets of the canonical body */
	uint64_t t, x; /* seconds since 1970 */
	uint8_t body_hash[DKIM_HASH]; /* bh= decoded */
};

/** Why a verifier must not use a signature. */
struct dkim_sig_fault {
	enum mailauth_finding_id id; /* MAILAUTH_F_NONE: no fault */
	struct mailauth_str where; /* place in the value; may be STR_NONE */
	const char *what; /* static text, a few words */
};

/**
 * Parse a signature.
 * @param value the text behind the colon of the field, with its folds, with or
 *     without the last line end
 * @param out all tags that could be read, also when the result is false
 * @param fault the first fault, in this order: of the syntax, of the algorithm,
 *     of h=, of i=
 * @return a verifier may use the signature
 */
bool dkim_sig_parse(struct mailauth_str value, struct dkim_sig *out,
    struct dkim_sig_fault *fault);

/**
 * Read the next name of h=; `rest` starts as h= and moves on.
 * @return false when no name is left
 */
bool dkim_sig_name(struct mailauth_str *rest, struct mailauth_str *name);

#endif /* HEADER_DKIM_SIG_H */
