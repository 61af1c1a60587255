/*
 * dkim.h - the key and the terms of a DKIM key record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_DKIM_H
#define RECORD_DKIM_H

#include "record/pubkey.h"

/** The text is a key record, valid or not: it has a p= tag, or its first tag is
 * v= with a value that begins with "DKIM". */
bool dkim_is_key(struct mailauth_str text);

/**
 * The selector of an owner name in canonical presentation form: the labels in
 * front of "_domainkey". STR_NONE when that label is missing or the first. The
 * result borrows from `owner`.
 */
struct mailauth_str dkim_selector(struct mailauth_str owner);

/** The domain of an owner name: the labels behind "_domainkey", with the final
 * dot; STR_NONE when there are none. */
struct mailauth_str dkim_key_domain(struct mailauth_str owner);

/** The selector has only labels of letters, digits and inner hyphens (RFC 6376
 * 3.1). Underscores are accepted too and set `underscore`. */
bool dkim_selector_ok(struct mailauth_str selector, bool *underscore);

/** Octets of a decoded p= value at most: 3/4 of the longest text. */
#define DKIM_KEY_MAX 49152

/**
 * Decode the p= value of a parsed record, or the key of an OpenSSH line in it.
 * @param room at least DKIM_KEY_MAX octets, which `out` borrows from
 * @return false when p= is missing, empty or not base64.
 */
bool
dkim_key(const struct mailauth_record *rec, uint8_t *room, struct key *out);

/** The parsed record says k=ed25519. */
bool dkim_is_ed25519(const struct mailauth_record *rec);

/** The terms of use of a key (RFC 6376 3.6.1). */
struct dkim_terms {
	bool sha256; /* h= allows SHA-256, or is missing */
	bool email; /* s= allows email or "*", or is missing */
	bool testing; /* t=y */
	bool strict; /* t=s: the domain of i= must equal d= */
};

/** The terms of a parsed key record. */
struct dkim_terms dkim_terms(const struct mailauth_record *rec);

/** The parsed DomainKeys policy has o=-: all mail is signed (RFC 4870 3.6). */
bool domainkeys_all_signed(const struct mailauth_record *rec);

#endif /* RECORD_DKIM_H */
