/*
 * rrtype.h - what the house knows of DNS types
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All of it comes from rrtypes.def: a new type is a row there.
 */
#ifndef RECORD_RRTYPE_H
#define RECORD_RRTYPE_H

#include "base/str.h"

enum {
#define RRTYPE(name, number, name_at, module) RRTYPE_##name = (number),
#include "record/rrtypes.def"
#undef RRTYPE
};

/** The data of this type holds no domain name that may be compressed. */
#define RRTYPE_NOWHERE (-1)

/** The mnemonic of a type; NULL when the table has no such row. */
const char *rrtype_name(uint16_t type);
/** The type with this mnemonic, in upper or lower case; 0 when the table has
 * no such row. */
uint16_t rrtype_named(struct mailauth_str name);
/** Octets of the data in front of its domain name, which a message may
 * compress and which is the last thing there; or RRTYPE_NOWHERE. */
int rrtype_name_at(uint16_t type);

/** The module looks at answers of this type. Inline, because Unbound asks for
 * every reply it sends. */
static inline bool
rrtype_is_watched(uint16_t type)
{
	enum { PASSED, WATCHED };

	switch (type) {
#define RRTYPE(name, number, name_at, module) \
	case number: \
		return (module) == WATCHED;
#include "record/rrtypes.def"
#undef RRTYPE
	default: return false;
	}
}

#endif /* RECORD_RRTYPE_H */
