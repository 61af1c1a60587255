/*
 * dkim_sig.h - the value of a DKIM-Signature field (RFC 6376 3.5)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What stands in a signature, and whether a verifier may use it (RFC 6376
 * 6.1.1). Nothing is verified here, no time is read, and the domain is not
 * looked up: see check/dkim_verify.h.
 *
 * Folding white space stands between tags, around ':' in h= and anywhere in b=
 * and bh=. Words compare as they are written (RFC 6376 3.2). A number above
 * 64 bits is as good as infinite. Octets above 127 may stand in names (RFC
 * 8616). A value of more than 65535 octets is not read.
 */
#ifndef HEADER_DKIM_SIG_H
#define HEADER_DKIM_SIG_H

#include "base/str.h"

/** Octets of a SHA-256 hash. */
#define DKIM_HASH 32

enum dkim_algorithm {
	DKIM_RSA_SHA256,
	DKIM_ED25519_SHA256,
	DKIM_RSA_SHA1, /* not to be used (RFC 8301 3.1) */
	DKIM_OTHER,
};

/** A signature; borrows from the value it was parsed from. Tags that are not
 * there are STR_NONE. */
struct dkim_sig {
	struct mailauth_str a, b, bh, d, h, i, q, s, z; /* as written */
	struct mailauth_str
	    i_domain; /* behind the '@'; that of d= without i= */
	/** What is left out for the header hash: everything between the '=' of
	 * b= and the end of the tag, blanks too (RFC 6376 3.5). */
	struct mailauth_str hole;
	enum dkim_algorithm algorithm;
	bool header_relaxed, body_relaxed;
	bool has_l, has_t, has_x;
	uint64_t l; /* octets of the canonical body */
	uint64_t t, x; /* seconds since 1970 */
	uint8_t body_hash[DKIM_HASH]; /* bh= decoded */
};

/** Why a signature cannot be used. */
struct dkim_sig_fault {
	enum mailauth_finding_id id; /* MAILAUTH_F_NONE: it can */
	struct mailauth_str where; /* within the value; STR_NONE: nowhere */
	const char *what; /* in a few words */
};

/**
 * Parse a signature.
 * @param value all that stands behind the colon of the field, folded as it is,
 *     with or without the end of line
 * @param out as much as could be read, whatever is returned
 * @param fault the first fault found: of the syntax, then of the algorithm, of
 *     h=, of i=
 * @return the signature can be used
 */
bool dkim_sig_parse(struct mailauth_str value, struct dkim_sig *out,
    struct dkim_sig_fault *fault);

/**
 * The next name of h=; `rest` starts as that and moves on.
 * @return false when there are no more
 */
bool dkim_sig_name(struct mailauth_str *rest, struct mailauth_str *name);

#endif /* HEADER_DKIM_SIG_H */
