/*
 * logotype.h - the logotype extension of a certificate (RFC 3709, RFC 9399)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BIMI_LOGOTYPE_H
#define BIMI_LOGOTYPE_H

#include "base/str.h"

enum logotype_hash {
	LOGOTYPE_OTHER, /* an unknown algorithm */
	LOGOTYPE_SHA1,
	LOGOTYPE_SHA256,
	LOGOTYPE_SHA384,
	LOGOTYPE_SHA512,
};

/** The first image of the subject's logo. Texts borrow from the extension. */
struct logotype {
	struct mailauth_str media_type; /* "image/svg+xml" */
	/** The first URI; data: in a mark certificate. */
	struct mailauth_str uri;
	enum logotype_hash algorithm; /* of the first hash */
	struct mailauth_str hash; /* raw octets */
};

/**
 * Read the value of a logotype extension, DER. Only the path to the first image
 * is read: a fixed number of levels, so no recursion.
 * @return false when the value is cut off, is no DER, or has no direct subject
 *     logo with an image
 */
bool logotype_read(const uint8_t *der, size_t n, struct logotype *out);

#endif /* BIMI_LOGOTYPE_H */
