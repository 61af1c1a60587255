/*
 * authres.h - Authentication-Results, also of ARC
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 8601 2.2, and ARC-Authentication-Results of RFC 8617 4.1.1, with what
 * is seen besides: no authserv-id, no ';' between results, pieces that are no
 * result, pairs without a type ("action=none"), values with any octet in
 * them. Whether a method exists is not looked at. Who may be believed is for
 * the caller to know: anybody can write such a field (RFC 8601 7.1).
 */
#ifndef HEADER_AUTHRES_H
#define HEADER_AUTHRES_H

#include "header/header.h"
#include "header/lexer.h"

/** The result words of RFC 8601 2.7 and those of Microsoft. */
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

/** A field, and the place in it. Everything is borrowed. */
struct authres {
	struct lexer lexer;
	struct mailauth_str id; /* authserv-id, without quotes; or empty */
	struct mailauth_str version; /* or empty */
	uint32_t instance; /* i= of ARC; 0: none */
	size_t results; /* seen so far */
	bool arc; /* it is ARC-Authentication-Results */
	bool none; /* "none": nothing was checked */
	/** It is not as RFC 8601 wants it. Known for the whole field when
	 * authres_next() has returned false. */
	bool sloppy;
};

/** One result. */
struct authres_result {
	struct mailauth_str method; /* compare it without case */
	struct mailauth_str version; /* of the method; or empty */
	enum authres_word word;
	struct mailauth_str raw; /* the same as it stands */
	struct mailauth_str comment; /* the inside of its first comment */
	struct mailauth_str reason; /* without quotes, escapes included */
	struct mailauth_str props; /* what authres_property() goes through */
};

/** ptype.property=value */
struct authres_property {
	struct mailauth_str ptype; /* empty in "action=none" */
	struct mailauth_str name;
	/** Without quotes; escapes as they are. */
	struct mailauth_str value;
	bool quoted;
};

/**
 * Begin with a field.
 * @return false when it is neither of the two fields, by its name.
 */
bool authres_open(const struct header_field *f, struct authres *out);

/** The next result; false when there are no more. */
bool authres_next(struct authres *a, struct authres_result *out);

/** The next property of a result; `rest` starts as its `props` and moves on.
 * The reason is none of them. False when there are no more. */
bool authres_property(struct mailauth_str *rest, struct authres_property *out);

/** The first property of this type and name; false when there is none. */
bool authres_find(const struct authres_result *r, struct mailauth_str ptype,
    struct mailauth_str name, struct authres_property *out);

/** Where the domain of a result was found. */
enum authres_source {
	AUTHRES_NOWHERE,
	AUTHRES_HEADER_D, /* of dkim, arc, bimi */
	AUTHRES_HEADER_I, /* behind '@': may be below d= (RFC 6376 3.5) */
	AUTHRES_MAILFROM, /* of spf */
	AUTHRES_HELO, /* of spf */
	AUTHRES_HEADER_FROM, /* of dmarc, sender-id */
};

/** The domain that a result is about, by its method: the part behind '@'
 * where there is one. "none" in the place of a domain is none. */
enum authres_source
authres_domain(const struct authres_result *r, struct mailauth_str *domain);

/** What a result word means; OTHER when it is none of them. */
enum authres_word authres_word_of(struct mailauth_str s);

#endif /* HEADER_AUTHRES_H */
