/*
 * logotype.h - the logo in a certificate (RFC 3709, RFC 9399)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BIMI_LOGOTYPE_H
#define BIMI_LOGOTYPE_H

#include "base/str.h"

enum logotype_hash {
	LOGOTYPE_OTHER, /* an algorithm that is not known here */
	LOGOTYPE_SHA1,
	LOGOTYPE_SHA256,
	LOGOTYPE_SHA384,
	LOGOTYPE_SHA512,
};

/** The first image of the subject's logo; borrows from the extension. */
struct logotype {
	struct mailauth_str media_type; /* "image/svg+xml" */
	struct mailauth_str uri; /* the first; of a mark certificate data: */
	enum logotype_hash algorithm; /* of the first hash */
	struct mailauth_str hash; /* octets */
};

/**
 * Read the value of a logotype extension, DER. Only what leads to the first
 * image is looked at: the extension has a few fixed levels, and no more are
 * followed.
 * @return false when it is broken off, no DER, or has no direct subject logo
 *     with an image
 */
bool logotype_read(const uint8_t *der, size_t n, struct logotype *out);

#endif /* BIMI_LOGOTYPE_H */
