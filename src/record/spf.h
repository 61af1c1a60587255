/*
 * spf.h - the terms of an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 7208 section 12, one term at a time: nothing is stored, so a record has
 * as many terms as it likes. What a term is, is told here; what a record
 * means, in spf.c; Sender ID reads its terms with the same reader.
 */
#ifndef RECORD_SPF_H
#define RECORD_SPF_H

#include "base/addr.h"
#include "record/kind.h"

enum spf_what {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_EXP,
	SPF_MODIFIER, /* an unknown one */
	SPF_FAULT, /* no term at all */
};

/** Macro letters and oddities of a domain-spec; bits. */
#define SPF_MACRO        1u /* any macro */
#define SPF_MACRO_P      2u
#define SPF_MACRO_USER   4u /* s, l, o or h */
#define SPF_TRAILING_DOT 8u
#define SPF_UNDERSCORE   16u
#define SPF_EMPTY_LABEL  32u /* or one that is too long */

/** More IPv4 addresses than this is more than a sender needs. */
#define SPF_IPV4_WIDE 131072u

/** One term. */
struct spf_term {
	enum spf_what what;
	char qualifier; /* '+', '-', '~' or '?'; 0 for modifiers */
	bool cidr; /* a prefix length was written */
	struct mailauth_str text; /* the whole term */
	struct mailauth_str name; /* of the mechanism or modifier */
	struct mailauth_str domain; /* domain-spec or value; may be empty */
	uint8_t cidr4; /* 0..32 */
	uint8_t cidr6; /* 0..128 */
	unsigned facts; /* of the domain-spec, bits above */
	struct addr addr; /* of ip4 and ip6 */
	uint16_t fault; /* finding; 0 when well-formed */
	struct mailauth_str where; /* of the fault, inside `text` */
};

/** A mechanism, not a modifier. */
static inline bool
spf_is_mechanism(const struct spf_term *t)
{
	return t->what <= SPF_EXISTS;
}

/** Where reading stands. */
struct spf_reader {
	struct mailauth_str rest;
	struct mailauth_str extra; /* from the first space too many on */
};

/** Start behind the version: the text is an SPF record, or the part of a
 * Sender ID record that follows its scopes. */
struct spf_reader spf_reader_of(struct mailauth_str terms);

/** The next term; false at the end. */
bool spf_next(struct spf_reader *r, struct spf_term *out);

/** The text is an SPF record: v=spf1, then a space or the end (RFC 7208 4.5). */
bool spf_is_record(struct mailauth_str text);

/** The terms of an SPF record. */
static inline struct spf_reader
spf_terms(struct mailauth_str record)
{
	return spf_reader_of(str_from(record, 6));
}

/**
 * Check terms one by one: syntax and everything a term alone shows.
 * @param text the record, for offsets
 * @param owner the name of the record, or STR_NONE
 * @return the number of syntax errors
 */
unsigned spf_lint_terms(struct mailauth_str text, struct mailauth_str terms,
    struct mailauth_str owner, const struct mailauth_scope *scope,
    struct mailauth_findings *log);

/**
 * An ip4: or ip6: mechanism with qualifier '+' covers the address.
 * Terms behind the first 'all' do not count.
 */
bool spf_lists(struct mailauth_str record, const struct addr *ip);

/** The address is listed, or a term that only lookups can decide might let it
 * in. */
bool spf_may_cover(struct mailauth_str record, const struct addr *ip);

/** Name the terms one by one. */
void spf_parts(struct mailauth_str terms, part_fn each, void *arg);

/** Both texts (terms only) authorise through the same mechanisms and
 * modifiers, whatever the qualifiers and the order. */
bool spf_same_terms(struct mailauth_str a, struct mailauth_str b);

#endif /* RECORD_SPF_H */
