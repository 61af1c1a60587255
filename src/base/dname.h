/*
 * dname.h - domain names, on the wire and in presentation form
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The presentation form of this project is canonical, so that two names are
 * equal exactly when their octets are: lower case, with a final dot, the
 * characters . \ " ( ) ; @ $ of a label as \X, and space and unprintable octets
 * as \DDD (RFC 1035 5.1). The root is ".".
 */
#ifndef BASE_DNAME_H
#define BASE_DNAME_H

#include "base/arena.h"
#include "base/cursor.h"

/** Octets of the longest name on the wire (RFC 1035 2.3.4). */
#define DNAME_WIRE_MAX 255
/** Octets of the longest label (RFC 1035 2.3.4). */
#define DNAME_LABEL_MAX 63
/** Octets of room for any presentation form, every octet escaped as \DDD. */
#define DNAME_TEXT_MAX 1024

/** The result of parsing a name, the first fault found. */
enum dname_fault {
	DNAME_OK,
	DNAME_EMPTY_LABEL,
	DNAME_LABEL_TOO_LONG,
	DNAME_TOO_LONG,
	DNAME_BAD_ESCAPE,
};

/** A name in wire format (RFC 1035 3.1), uncompressed, in lower case. */
struct dname {
	uint8_t len; /* octets, the root label included */
	uint8_t wire[DNAME_WIRE_MAX];
};

/** The text is a name as put_dname() writes it, other than the root, of letters,
 * digits, hyphens and underscores alone. */
bool dname_is_canonical(struct mailauth_str text);
/** Parse presentation form, with or without a final dot; empty text is a
 * fault. `out` is valid only with DNAME_OK. */
enum dname_fault dname_parse(struct mailauth_str text, struct dname *out);
/** Parse labels separated by dots without escapes: a backslash is an octet
 * like any other. False when the text is not a name. */
bool dname_of_labels(struct mailauth_str text, struct dname *out);
/** Append the wire format of a name given in presentation form. False, with
 * nothing written, when the text is not a name. */
bool put_dname_wire(struct writer *w, struct mailauth_str text);
/** The fault as a clause in English, without a final full stop. */
const char *dname_fault_text(enum dname_fault fault);
/**
 * Read a name in wire format at the cursor and move the cursor past it.
 * @param compressed follow compression pointers (RFC 1035 4.1.4), which lead
 *     to earlier octets of the cursor's buffer; without it they are faults
 * @return false, with the cursor bad, when there is no valid name.
 */
bool dname_read(struct cursor *c, bool compressed, struct dname *out);
/** Append the canonical presentation form. */
void put_dname(struct writer *w, const struct dname *name);
/** The canonical presentation form in an arena; STR_NONE when memory ran
 * out. */
struct mailauth_str dname_text(struct arena *a, const struct dname *name);

/* The functions below take names in canonical presentation form, and the names
 * they return borrow from the argument. */

/** The number of labels; 0 for the root. */
unsigned dname_labels(struct mailauth_str name);
/** The name without its first label; the parent of the root is the root. */
struct mailauth_str dname_parent(struct mailauth_str name);
/** The first label, with its escapes and without its dot. */
struct mailauth_str dname_first(struct mailauth_str name);
/** The labels unescaped, with dots between them and no final dot. The result
 * borrows from `name` when that has no escapes, else the arena owns it. */
struct mailauth_str dname_plain(struct arena *a, struct mailauth_str name);
/** `name` is `zone` or below `zone`. */
bool dname_under(struct mailauth_str name, struct mailauth_str zone);
/** The name is a host name (RFC 952, RFC 1123 2.1): one or more labels of
 * letters, digits and inner hyphens; the last label is not a number. */
bool dname_is_host(struct mailauth_str name);

#endif /* BASE_DNAME_H */
