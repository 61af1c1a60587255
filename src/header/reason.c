/*
 * reason.c - why a receiver says that a DKIM signature does not pass
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/reason.h"

/* Words of servers, in lower case. The first row that the text has counts:
 * what tells more is further up. */
static const struct {
	struct mailauth_str words;
	enum dkim_reason reason;
} rows[] = {
	/* The lookup: nobody knows whether there is a key. */
	{ STR_INIT("timed out"), DKIM_REASON_LOOKUP },
	{ STR_INIT("timeout"), DKIM_REASON_LOOKUP },
	{ STR_INIT("dns error"), DKIM_REASON_LOOKUP },
	{ STR_INIT("dns failure"), DKIM_REASON_LOOKUP },
	{ STR_INIT("dns lookup failed"), DKIM_REASON_LOOKUP },
	{ STR_INIT("servfail"), DKIM_REASON_LOOKUP },
	{ STR_INIT("temporar"), DKIM_REASON_LOOKUP },
	/* The key is not there. */
	{ STR_INIT("no key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("no public key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("no valid key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("no dkim key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("no dns record"), DKIM_REASON_NO_KEY },
	{ STR_INIT("no such key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("nxdomain"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key not found"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key was not found"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key missing"), DKIM_REASON_NO_KEY },
	{ STR_INIT("missing key"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key does not exist"), DKIM_REASON_NO_KEY },
	{ STR_INIT("record not found"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key: not available"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key not available"), DKIM_REASON_NO_KEY },
	{ STR_INIT("key unavailable"), DKIM_REASON_NO_KEY },
	{ STR_INIT("record unavailable"), DKIM_REASON_NO_KEY },
	{ STR_INIT("pubkey_unavailable"), DKIM_REASON_NO_KEY },
	/* The key is there, and of no use. */
	{ STR_INIT("revoked"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("pubkey_"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("syntax error"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("key syntax"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("invalid public key"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("invalid key"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("bad key"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("unusable key"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("key unusable"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("key: invalid"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("key is invalid"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("unsupported key"), DKIM_REASON_KEY_BAD },
	{ STR_INIT("insecure key"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("weak key"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("key too short"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("key too small"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("key size"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("rsa-sha1"), DKIM_REASON_KEY_WEAK },
	{ STR_INIT("expired"), DKIM_REASON_EXPIRED },
	/* What was changed. */
	{ STR_INIT("body hash"), DKIM_REASON_BODY },
	{ STR_INIT("bodyhash"), DKIM_REASON_BODY },
	{ STR_INIT("body_hash"), DKIM_REASON_BODY },
	{ STR_INIT("body has been"), DKIM_REASON_BODY },
	{ STR_INIT("body was"), DKIM_REASON_BODY },
	{ STR_INIT("body altered"), DKIM_REASON_BODY },
	{ STR_INIT("body changed"), DKIM_REASON_BODY },
	{ STR_INIT("body modified"), DKIM_REASON_BODY },
	{ STR_INIT("fail_body"), DKIM_REASON_BODY },
	{ STR_INIT("did not verify"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("not verified"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("does not verify"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("verification fail"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("verify fail"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("rsa verify"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("bad sig"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("bad rsa sig"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("bit rsa-sha256 sig"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("bit ed25519-sha256 sig"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("invalid signature"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("signature invalid"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("signature mismatch"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("signature_incorrect"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("message has been"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("message was"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("headers probably"), DKIM_REASON_SIGNATURE },
	{ STR_INIT("header"), DKIM_REASON_SIGNATURE },
	/* OpenDKIM names no size where it found no key. */
	{ STR_INIT("0-bit key"), DKIM_REASON_NO_KEY },
};

/* The words, and no digit in front of them: "1024-bit key" is not one of 0
 * bits. */
static bool
has_words(struct mailauth_str s, struct mailauth_str words)
{
	size_t at = str_ifind(s, words);

	return at < s.n &&
	    (!is_digit(words.s[0]) || at == 0 || !is_digit(s.s[at - 1]));
}

enum dkim_reason
dkim_reason_of(struct mailauth_str s)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (has_words(s, rows[i].words))
			return rows[i].reason;
	return DKIM_REASON_NONE;
}
