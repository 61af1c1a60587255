/*
 * dkim.h - what others ask of a DKIM key record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_DKIM_H
#define RECORD_DKIM_H

#include "record/pubkey.h"

/** The text has a p= tag or begins with v=DKIM: a key record, sound or not. */
bool dkim_is_key(struct mailauth_str text);

/**
 * The selector part of an owner name: what stands before "._domainkey."
 * (canonical presentation form); STR_NONE when there is no such label.
 */
struct mailauth_str dkim_selector(struct mailauth_str owner);

/** The domain part of it: what stands behind that label; likewise. */
struct mailauth_str dkim_key_domain(struct mailauth_str owner);

/** Labels of letters, digits and inner hyphens (RFC 6376 3.1); underscores
 * are let through and told by `underscore`. */
bool dkim_selector_ok(struct mailauth_str selector, bool *underscore);

/** Octets a p= value can take decoded: three quarters of the longest text. */
#define DKIM_KEY_MAX 49152

/**
 * Decode the p= value of a parsed record.
 * @param room at least DKIM_KEY_MAX octets, which `out` borrows from
 * @return false when there is no p= or it is no base64.
 */
bool
dkim_key(const struct mailauth_record *rec, uint8_t *room, struct key *out);

/** The parsed record says k=ed25519. */
bool dkim_is_ed25519(const struct mailauth_record *rec);

/** What a key record allows and says of itself (RFC 6376 3.6.1). */
struct dkim_terms {
	bool sha256; /* h= is not there, or has it */
	bool email; /* s= is not there, or has it or "*" */
	bool testing; /* t=y */
	bool strict; /* t=s: i= has exactly the domain of d= */
};

/** The terms of a parsed key record. */
struct dkim_terms dkim_terms(const struct mailauth_record *rec);

/** The parsed DomainKeys policy says that all mail is signed. */
bool domainkeys_all_signed(const struct mailauth_record *rec);

#endif /* RECORD_DKIM_H */
