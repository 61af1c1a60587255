/*
 * verify.h - verify a DKIM signature against a key record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * dkim: computes the hashes of signatures (hash.h), verifies them, and knows
 * selectors in use (selectors.h). Pure but for selectors.c. May include base,
 * record, header, judge, dns, report, engine; of libraries libcrypto alone. In:
 * fields and body of a message, parsed signatures, judged key records. Out:
 * struct dkim_verdict.
 *
 * RFC 6376 6.1.2 and 6.1.3, RFC 8301, RFC 8463 3. The caller passes only
 * signatures that dkim_sig_parse() accepted and key records that were judged
 * usable, and compares the dates of the signature itself.
 */
#ifndef DKIM_VERIFY_H
#define DKIM_VERIFY_H

#include "dkim/hash.h"

enum dkim_result {
	DKIM_VERIFIED,
	DKIM_MISMATCH, /* not by this key over these header fields */
	DKIM_BODY, /* the header verifies, the body hash does not */
	DKIM_TOO_SHORT, /* the header verifies; l= exceeds the body */
	DKIM_IDENTITY, /* the key is strict (t=s), and i= is below d= */
	DKIM_KEY_UNFIT, /* the key may not be used for this signature */
	DKIM_NO_MEMORY, /* libcrypto failed: result unknown */
};

/** Who made an RSA signature that does not verify. PKCS#1 padding shows it: a
 * signature opens with the key of its maker, whatever it covers. */
enum dkim_signer {
	DKIM_SIGNER_UNKNOWN,
	DKIM_SIGNER_SAME, /* this key, over other header fields or values */
	DKIM_SIGNER_OTHER, /* another key */
};

/** Result of the verification. */
struct dkim_verdict {
	enum dkim_result result;
	/** SIG_OK, SIG_MISMATCH, ... */
	enum mailauth_finding_id id;
	const char *what; /* static text; "" when the finding says it all */
	enum dkim_signer signer; /* with DKIM_MISMATCH */
	bool body_differs; /* set with every result */
	bool testing; /* the key has t=y */
};

/**
 * Verify one signature.
 * @param sig accepted by dkim_sig_parse()
 * @param header from dkim_hash_header()
 * @param body the hash of the body for its c= and l=
 * @param key the judged record of its selector
 */
struct dkim_verdict dkim_verify(const struct dkim_sig *sig,
    const uint8_t header[DKIM_HASH], const struct body_hash *body,
    const struct mailauth_record *key);

#endif /* DKIM_VERIFY_H */
