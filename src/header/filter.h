/*
 * filter.h - what spam filters say of SPF, DKIM, DMARC and ARC
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * X-Spamd-Result of rspamd has symbols with options, "R_DKIM_ALLOW(-0.20)
 * [example.com:s=s1]"; X-Spam-Status of SpamAssassin has names of tests,
 * "tests=DKIM_VALID_AU,SPF_PASS". No standard defines them. They are read as
 * results of RFC 8601. Anybody can write such fields.
 */
#ifndef HEADER_FILTER_H
#define HEADER_FILTER_H

#include "base/str.h"

/** The place of the reader in a field. */
struct filter {
	struct mailauth_str rest;
	bool rspamd; /* else SpamAssassin */
	bool author; /* a signature of the author's domain passes */
	struct mailauth_str options; /* of the symbol, not read yet */
	struct mailauth_str method, result; /* of the symbol */
};

/** One result. */
struct filter_result {
	struct mailauth_str method, result; /* words of RFC 8601 2.7 */
	struct mailauth_str domain, selector; /* of the field; may be empty */
	struct mailauth_str why; /* in the filter's words; may be empty */
	bool of_author; /* it is about the domain in From */
};

/** Start to read a field; false when it is neither of the two. */
bool filter_open(struct mailauth_str name, struct mailauth_str value,
    struct filter *out);
/** Read the next result; false when none is left. */
bool filter_next(struct filter *f, struct filter_result *out);

#endif /* HEADER_FILTER_H */
