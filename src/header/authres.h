/*
 * authres.h - Authentication-Results and ARC-Authentication-Results
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The parser reads RFC 8601 2.2, ARC-Authentication-Results (RFC 8617 4.1.1),
 * and deviations of real senders: a missing authserv-id, results without ';'
 * between them, words that are no result, properties without a type
 * ("action=none"), values with octets that the grammar forbids. It accepts
 * unknown methods. The caller decides which field to believe: anybody can write
 * one (RFC 8601 7.1).
 */
#ifndef HEADER_AUTHRES_H
#define HEADER_AUTHRES_H

#include "header/header.h"
#include "header/lexer.h"

/** The result words of RFC 8601 2.7, and further words that Microsoft
 * writes. */
enum authres_word {
	AUTHRES_OTHER,
	AUTHRES_NONE,
	AUTHRES_PASS,
	AUTHRES_FAIL,
	AUTHRES_SOFTFAIL,
	AUTHRES_HARDFAIL, /* "fail" of SPF before RFC 7001 */
	AUTHRES_NEUTRAL,
	AUTHRES_POLICY,
	AUTHRES_PERMERROR,
	AUTHRES_TEMPERROR,
	AUTHRES_SOFTPASS,
	AUTHRES_BESTGUESSPASS,
};

/** A field and the parser's place in it. All texts borrow from the field. */
struct authres {
	struct lexer lexer;
	struct mailauth_str id; /* authserv-id without quotes; may be empty */
	struct mailauth_str version; /* may be empty */
	uint32_t instance; /* i= of ARC, 1 to 50; 0 when missing */
	size_t results; /* results read so far */
	bool arc; /* the field is ARC-Authentication-Results */
	bool none; /* the field says "none": nothing was checked */
	/** The field deviates from RFC 8601. The value covers the whole field
	 * once authres_next() has returned false. */
	bool sloppy;
};

/** One result. */
struct authres_result {
	struct mailauth_str method; /* compare without case */
	struct mailauth_str version; /* of the method; may be empty */
	enum authres_word word;
	struct mailauth_str raw; /* the result word as written */
	struct mailauth_str comment; /* inside of the first comment */
	unsigned comments; /* of the result and its properties */
	struct mailauth_str reason; /* without quotes, escapes kept */
	struct mailauth_str props; /* input of authres_property() */
};

/** ptype.property=value */
struct authres_property {
	struct mailauth_str ptype; /* empty in "action=none" */
	struct mailauth_str name;
	/** Without quotes, escapes kept. */
	struct mailauth_str value;
	bool quoted;
};

/**
 * Start to read a field, up to its first result.
 * @return false when the name is neither of the two fields.
 */
bool authres_open(const struct header_field *f, struct authres *out);

/** Read the next result; false when no result is left. */
bool authres_next(struct authres *a, struct authres_result *out);

/** Read the next property of a result. `rest` starts as `props` of the result
 * and moves on. The function skips the reason. False when no property is
 * left. */
bool authres_property(struct mailauth_str *rest, struct authres_property *out);

/** Find the first property with this type and name, both without case; false
 * when the result lacks it. */
bool authres_find(const struct authres_result *r, struct mailauth_str ptype,
    struct mailauth_str name, struct authres_property *out);

/** The property that named the domain of a result. */
enum authres_source {
	AUTHRES_NOWHERE,
	AUTHRES_HEADER_D, /* of dkim, arc, bimi */
	AUTHRES_HEADER_I, /* behind '@'; may be below d= (RFC 6376 3.5) */
	AUTHRES_MAILFROM, /* of spf */
	AUTHRES_HELO, /* of spf */
	AUTHRES_HEADER_FROM, /* of dmarc, sender-id */
};

/** Find the domain that a result is about, by its method; of an address the
 * part behind '@'. The text "none" counts as no domain. `domain` is STR_NONE
 * with AUTHRES_NOWHERE. */
enum authres_source
authres_domain(const struct authres_result *r, struct mailauth_str *domain);

/** The enum value of a result word, without case. */
enum authres_word authres_word_of(struct mailauth_str s);

#endif /* HEADER_AUTHRES_H */
