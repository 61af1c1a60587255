/*
 * dname.h - domain names, on the wire and in presentation form
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The presentation form used in this house is canonical, so names compare as
 * octets: lower case, a final dot, and each octet of a label that is not a
 * letter, digit, '-', '_', '*' or other plain printable character written as
 * \DDD or \X (RFC 1035 5.1). The root is ".".
 */
#ifndef BASE_DNAME_H
#define BASE_DNAME_H

#include "base/arena.h"
#include "base/cursor.h"

/** Octets of the longest name on the wire (RFC 1035 2.3.4). */
#define DNAME_WIRE_MAX 255
/** Octets of the longest label. */
#define DNAME_LABEL_MAX 63
/** Octets of the longest presentation form: every octet escaped. */
#define DNAME_TEXT_MAX 1024

enum dname_fault {
	DNAME_OK,
	DNAME_EMPTY_LABEL,
	DNAME_LABEL_TOO_LONG,
	DNAME_TOO_LONG,
	DNAME_BAD_ESCAPE,
};

/** A name on the wire, lower case. */
struct dname {
	uint8_t len; /* octets, the root label included */
	uint8_t wire[DNAME_WIRE_MAX];
};

/** From presentation form, with or without a final dot; "" is a fault. */
enum dname_fault dname_parse(struct mailauth_str text, struct dname *out);
/** From labels with dots between them and nothing escaped: every octet but the
 * dot stands for itself. False when it is no name. */
bool dname_of_labels(struct mailauth_str text, struct dname *out);
/** The wire form of a name in presentation form; false when it is none. */
bool put_dname_wire(struct writer *w, struct mailauth_str text);
/** What a fault means, in a few words. */
const char *dname_fault_text(enum dname_fault fault);
/**
 * The name at the cursor, which moves past it. Compression pointers lead to
 * earlier octets of the cursor's buffer and are followed when `compressed`.
 * @return false, with the cursor bad, when there is no name.
 */
bool dname_read(struct cursor *c, bool compressed, struct dname *out);
/** Canonical presentation form. */
void put_dname(struct writer *w, const struct dname *name);
/** The same, in an arena; STR_NONE when memory ran out. */
struct mailauth_str dname_text(struct arena *a, const struct dname *name);

/** The functions below take canonical presentation form. */

/** Labels of a name; 0 for the root. */
unsigned dname_labels(struct mailauth_str name);
/** The name without its first label; the root has itself as parent. */
struct mailauth_str dname_parent(struct mailauth_str name);
/** The first label. */
struct mailauth_str dname_first(struct mailauth_str name);
/** The labels as they are, without escapes, dots between them and none behind
 * the last; in an arena where that is not a part of `name`. */
struct mailauth_str dname_plain(struct arena *a, struct mailauth_str name);
/** `name` is `zone` or below it. */
bool dname_under(struct mailauth_str name, struct mailauth_str zone);
/** Every label is a host name label (RFC 952, RFC 1123 2.1): letters, digits
 * and inner hyphens, and the last one is not a number. At least one label. */
bool dname_is_host(struct mailauth_str name);

#endif /* BASE_DNAME_H */
