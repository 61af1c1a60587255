/*
 * verify.h - does a signature belong to a key, and to a message?
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 6376 6.1.2 and 6.1.3, RFC 8301, RFC 8463 3. The key record is one that
 * was judged before (a record that cannot be used never comes here), and so is
 * the signature. The time of day is the caller's to compare with.
 */
#ifndef DKIM_VERIFY_H
#define DKIM_VERIFY_H

#include "dkim/hash.h"

enum dkim_result {
	DKIM_VERIFIED,
	DKIM_MISMATCH, /* it is not of this key over these header fields */
	DKIM_BODY, /* it is, but the body is another */
	DKIM_TOO_SHORT, /* it is, but l= says more octets than there are */
	DKIM_IDENTITY, /* the key is strict (t=s), and i= is below d= */
	DKIM_KEY_UNFIT, /* the key is not for such signatures */
	DKIM_NO_MEMORY, /* could not be told */
};

/** Who has made a signature that does not verify, as far as it shows: an RSA
 * signature opens with its own key whatever it is over. */
enum dkim_signer {
	DKIM_SIGNER_UNKNOWN,
	DKIM_SIGNER_SAME, /* this key, over other header fields */
	DKIM_SIGNER_OTHER, /* another key */
};

/** What verification came to. */
struct dkim_verdict {
	enum dkim_result result;
	enum mailauth_finding_id id; /* SIG_OK, SIG_MISMATCH, ... or NONE */
	const char *what; /* in a few words; "" when the finding says it */
	enum dkim_signer signer; /* of DKIM_MISMATCH */
	bool body_differs; /* told whatever the result is */
	bool testing; /* the key has t=y */
};

/**
 * Verify a signature.
 * @param sig one that dkim_sig_parse() let through
 * @param header what dkim_hash_header() made of it
 * @param body its hash of the body, with its l=
 * @param key the judged record of its selector
 */
struct dkim_verdict dkim_verify(const struct dkim_sig *sig,
    const uint8_t header[DKIM_HASH], const struct body_hash *body,
    const struct mailauth_record *key);

#endif /* DKIM_VERIFY_H */
