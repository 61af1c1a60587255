/*
 * dkim_canon.h - the canonical forms of headers and bodies (RFC 6376 3.4)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A line ends with CRLF or LF; the canonical form always has CRLF. A CR without
 * LF is data, like vertical tabs, form feeds, NULs and octets above 127. Blanks
 * are space and tab.
 *
 * The output goes to a sink in pieces of many octets. No buffer grows with the
 * input.
 */
#ifndef HEADER_DKIM_CANON_H
#define HEADER_DKIM_CANON_H

#include "base/str.h"

/** The sink: takes the next `n` octets of the output. */
typedef void (*dkim_put)(void *arg, const void *data, size_t n);

/**
 * Put out one header field with CRLF at its end.
 * @param raw the field with all its lines; the last may lack its end
 */
void dkim_canon_field(struct mailauth_str raw, bool relaxed, dkim_put put,
    void *arg);

/** Put out the signature field itself (RFC 6376 3.7): without the octets of
 * `hole` (see struct dkim_sig), which lie within `raw`, and without CRLF at the
 * end. */
void dkim_canon_signature(struct mailauth_str raw, struct mailauth_str hole,
    bool relaxed, dkim_put put, void *arg);

/** State of a body between two pieces. */
struct dkim_body {
	dkim_put put;
	void *arg;
	bool relaxed;
	bool cr; /* the last octet was a CR, not put out yet */
	bool blank; /* blanks were read and not put out yet */
	bool some; /* some octet was put out */
	uint64_t lines; /* line ends read and not put out yet */
};

void
dkim_body_start(struct dkim_body *b, bool relaxed, dkim_put put, void *arg);
/** Take the next octets of the body; pieces may end anywhere. */
void dkim_body_put(struct dkim_body *b, const void *data, size_t n);
/** End the body: put out what RFC 6376 3.4.3 and 3.4.4 require at its end. */
void dkim_body_end(struct dkim_body *b);

#endif /* HEADER_DKIM_CANON_H */
