/*
 * dkim_canon.h - the canonical forms of headers and bodies (RFC 6376 3.4)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A line ends with CRLF or with LF alone, and in the canonical form always with
 * CRLF. A CR that no LF follows is data like any other octet; so are vertical
 * tabs, form feeds, NULs and octets above 127. Blanks are space and tab.
 *
 * The output goes to a sink piece by piece: whole runs, not single octets, and
 * never held back in a buffer that grows.
 */
#ifndef HEADER_DKIM_CANON_H
#define HEADER_DKIM_CANON_H

#include "base/str.h"

/** Takes the next octets of the output. */
typedef void (*dkim_put)(void *arg, const void *data, size_t n);

/**
 * One header field, with the CRLF at its end.
 * @param raw the field with all its lines; the last may lack its end
 */
void dkim_canon_field(struct mailauth_str raw, bool relaxed, dkim_put put,
    void *arg);

/**
 * The field of the signature itself: without the octets of `hole` (see struct
 * dkim_sig), which lie within `raw`, and without a CRLF at its end.
 */
void dkim_canon_signature(struct mailauth_str raw, struct mailauth_str hole,
    bool relaxed, dkim_put put, void *arg);

/** A body on its way. */
struct dkim_body {
	dkim_put put;
	void *arg;
	bool relaxed;
	bool cr; /* the last octet was a CR */
	bool blank; /* blanks stand before what comes next */
	bool some; /* something was put out */
	uint64_t lines; /* ends of lines before what comes next */
};

void
dkim_body_start(struct dkim_body *b, bool relaxed, dkim_put put, void *arg);
/** The next octets of the body, cut wherever it pleases. */
void dkim_body_put(struct dkim_body *b, const void *data, size_t n);
/** There are no more. */
void dkim_body_end(struct dkim_body *b);

#endif /* HEADER_DKIM_CANON_H */
