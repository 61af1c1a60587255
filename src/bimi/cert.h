/*
 * cert.h - a mark certificate: the evidence for a logo
 * (draft-fetch-validation-vmc-wchuang)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What local files can show: the chain, as far as roots are given; its times;
 * its purpose; the domains it is for; the logo in it. Revocation and
 * certificate transparency need a network and are not looked at.
 *
 * The file comes from anybody: BIMI_CERT_MAX bounds its octets and
 * BIMI_CHAIN_MAX its certificates. No input takes more than a second or 16 MiB.
 */
#ifndef BIMI_CERT_H
#define BIMI_CERT_H

#include "bimi/file.h"

/** Certificates of a file that are looked at. */
#define BIMI_CHAIN_MAX 10
/** Octets kept of a name in a certificate. */
#define BIMI_NAME_MAX 128

/** Who a certificate is to be for. Canonical names; STR_NONE where there is
 * none. */
struct bimi_subject {
	struct mailauth_str domain, org;
	struct mailauth_str owner, org_owner; /* of the BIMI records */
};

enum bimi_chain {
	BIMI_CHAIN_BROKEN,
	BIMI_CHAIN_OPEN, /* sound as far as it goes: no root was given */
	BIMI_CHAIN_ROOTED, /* it ends at a root that was given */
};

struct bimi_cert {
	struct bimi_faults faults;
	enum bimi_chain chain;
	bool there; /* there is a certificate at all; what follows is of it */
	size_t ncerts; /* in the file */
	char subject[BIMI_NAME_MAX], issuer[BIMI_NAME_MAX]; /* printable */
	char mark_type[BIMI_NAME_MAX]; /* printable; "": it says none */
	char not_before[21], not_after[21]; /* "2026-11-23T00:00:00Z" */
	struct mailauth_str logo; /* decompressed; STR_NONE: there is none */
};

/**
 * Read a file with a mark certificate and those of its authorities, PEM.
 * @param roots a file with certificates that are trusted; no name: none
 * @return false when memory ran out
 */
bool bimi_cert_read(struct arena *arena, const struct bimi_file *file,
    const struct bimi_file *roots, const struct bimi_subject *subject,
    struct bimi_cert *out);

/** There is a certificate in the file. */
bool bimi_has_cert(const struct bimi_file *file);

#endif /* BIMI_CERT_H */
