/*
 * cert.h - a mark certificate: the evidence for a logo
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * draft-fetch-validation-vmc-wchuang. Local files show the chain, as far as
 * roots are given; the dates; the purpose; the domains; the logo. Revocation
 * and certificate transparency need a network and are not checked.
 *
 * The file is untrusted: BIMI_CERT_MAX bounds its octets and BIMI_CHAIN_MAX its
 * certificates. No input takes more than a second or 16 MiB.
 */
#ifndef BIMI_CERT_H
#define BIMI_CERT_H

#include "bimi/file.h"

/** Certificates of a file that are read. */
#define BIMI_CHAIN_MAX 10
/** Octets kept of a name in a certificate, with its NUL. */
#define BIMI_NAME_MAX 128

/** The names a certificate may be issued for, canonical; STR_NONE for a missing
 * one. */
struct bimi_subject {
	struct mailauth_str domain, org;
	struct mailauth_str owner, org_owner; /* owners of the BIMI records */
};

/** How far the chain verifies. */
enum bimi_chain {
	BIMI_CHAIN_BROKEN,
	/** Sound up to the last certificate; no root was given. */
	BIMI_CHAIN_OPEN,
	BIMI_CHAIN_ROOTED, /* ends at a given root */
};

/** The facts of a certificate file. Texts are static or in the arena. */
struct bimi_cert {
	struct bimi_faults faults;
	enum bimi_chain chain;
	/** The file has a certificate; the rest describes the first. */
	bool there;
	size_t ncerts; /* in the file */
	char subject[BIMI_NAME_MAX], issuer[BIMI_NAME_MAX]; /* printable */
	char mark_type[BIMI_NAME_MAX]; /* printable; "" when missing */
	char not_before[21], not_after[21]; /* "2026-11-23T00:00:00Z" */
	/** Decompressed, in the arena; STR_NONE without one. */
	struct mailauth_str logo;
};

/**
 * Read a PEM file with a mark certificate and the certificates of its
 * authorities.
 * @param roots a PEM file of trusted certificates; without a name: none
 * @return false when memory ran out
 */
bool bimi_cert_read(struct arena *arena, const struct bimi_file *file,
    const struct bimi_file *roots, const struct bimi_subject *subject,
    struct bimi_cert *out);

/** The file has at least one certificate in PEM. */
bool bimi_has_cert(const struct bimi_file *file);

#endif /* BIMI_CERT_H */
