/*
 * chain.h - the certificates that a mail host shows, against TLSA records
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A sender that does DANE accepts a host when one usable TLSA record matches
 * (RFC 7672 3.1). Usage 3 names the first certificate or its key: neither dates
 * nor names count. Usage 2 names an authority of the chain: the chain must
 * verify up to it, now, and the first certificate must have a name of the host
 * (RFC 7672 3.1.2, 3.2.2).
 */
#ifndef TRANSPORT_CHAIN_H
#define TRANSPORT_CHAIN_H

#include "base/arena.h"
#include "base/str.h"
#include "mailauth/types.h"

/** Octets read of a file with certificates. */
#define CHAIN_FILE_MAX 1048576u
/** Certificates of a file that are read. */
#define CHAIN_MAX 10
/** Octets for the text of TLSA data that name a key: "3 1 1 " and a digest,
 * with its NUL. */
#define CHAIN_TLSA_TEXT 71
/** Octets kept of the name of a certificate, with its NUL. */
#define CHAIN_NAME_MAX 128

/** Certificates; the first is that of the host. */
struct chain;

/** What a TLSA record is to a chain. */
enum chain_match {
	CHAIN_UNUSABLE, /* senders cannot use the record */
	CHAIN_NOTHING, /* no certificate has its digest */
	CHAIN_OTHER, /* it is of another certificate */
	CHAIN_MATCH,
	CHAIN_NAME, /* it would match, but the certificate has another name */
	CHAIN_BROKEN, /* it would match, but the chain does not verify */
};

/** Read a PEM file. NULL when there is no certificate in it, and when memory
 * ran out; to be given to chain_free(). */
struct chain *chain_read(struct mailauth_str pem);
void chain_free(struct chain *chain);

/** Compare a TLSA record with a chain.
 * @param names of the host as senders know it, without final dots; up to NULL
 * @param why set to the reason with CHAIN_BROKEN, static */
enum chain_match chain_match(const struct chain *chain,
    const struct mailauth_rdata *tlsa, const char *const *names,
    const char **why);
/** Write the data "3 1 1 ..." of the first certificate. */
void chain_tlsa(const struct chain *chain, char room[CHAIN_TLSA_TEXT]);
/** Write the subject of the first certificate, printable. */
void chain_subject(const struct chain *chain, char room[CHAIN_NAME_MAX]);

#endif /* TRANSPORT_CHAIN_H */
