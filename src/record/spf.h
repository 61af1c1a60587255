/*
 * spf.h - the terms of an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The reader parses the grammar of RFC 7208 12 one term at a time and stores
 * none, so that a record may have any number of terms. spf_term.c reads a term,
 * spf.c judges a record; Sender ID records use the same reader.
 */
#ifndef RECORD_SPF_H
#define RECORD_SPF_H

#include "base/addr.h"
#include "record/kind.h"

/** The mechanisms (RFC 7208 5) and modifiers (6). The mechanisms come first:
 * spf_is_mechanism() relies on it. */
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
	SPF_MODIFIER, /* an unknown modifier */
	SPF_FAULT, /* not a term */
};

/** Facts about a domain-spec; bits. */
#define SPF_MACRO        1u /* any macro */
#define SPF_MACRO_P      2u /* %{p}, which RFC 7208 7.3 discourages */
#define SPF_MACRO_USER   4u /* s, l, o or h: depends on the sender */
#define SPF_TRAILING_DOT 8u
#define SPF_UNDERSCORE   16u
#define SPF_EMPTY_LABEL  32u /* a label that is empty or too long */
#define SPF_NO_NAME      64u /* ':' or '@': a URI or an address of mail */
#define SPF_GLUED        128u /* a comma, or "-all" at the end */

/** Number of IPv4 addresses above which a record authorizes suspiciously
 * many. */
#define SPF_IPV4_WIDE 131072u

/** Terms of all records together that may ask (RFC 7208 4.6.4). */
#define SPF_TERMS_MAX 10u

/** One term. The texts borrow from the record. */
struct spf_term {
	enum spf_what what;
	char qualifier; /* '+', '-', '~' or '?'; 0 for modifiers */
	bool cidr; /* the term has a prefix length */
	struct mailauth_str text; /* the whole term, never empty */
	struct mailauth_str name; /* of the mechanism or modifier */
	struct mailauth_str domain; /* domain-spec or value; may be empty */
	uint8_t cidr4; /* 0..32; 32 without one */
	uint8_t cidr6; /* 0..128; 128 without one */
	unsigned facts; /* about the domain-spec, bits above */
	struct addr addr; /* of ip4 and ip6 */
	uint16_t fault; /* finding; 0 when the term is well-formed */
	struct mailauth_str where; /* the place of the fault, inside `text` */
};

/** A mechanism, not a modifier. */
static inline bool
spf_is_mechanism(const struct spf_term *t)
{
	return t->what <= SPF_EXISTS;
}

/** The mechanism or modifier makes verifiers ask, which the limit counts. */
static inline bool
spf_asks(enum spf_what what)
{
	return what == SPF_INCLUDE || what == SPF_A || what == SPF_MX ||
	    what == SPF_PTR || what == SPF_EXISTS || what == SPF_REDIRECT;
}

/** The state of a reader. */
struct spf_reader {
	struct mailauth_str rest; /* terms not read yet */
	struct mailauth_str extra; /* from the first superfluous space on */
};

/** A reader of the terms behind the version of an SPF record, or behind the
 * scopes of a Sender ID record. */
struct spf_reader spf_reader_of(struct mailauth_str terms);

/** Read the next term; false at the end. A faulty term is returned too, with
 * its `fault`. */
bool spf_next(struct spf_reader *r, struct spf_term *out);

/** The text is an SPF record: "v=spf1", then a space or the end (RFC 7208
 * 4.5). */
bool spf_is_record(struct mailauth_str text);

/** A reader of the terms of an SPF record. */
static inline struct spf_reader
spf_terms(struct mailauth_str record)
{
	return spf_reader_of(str_from(record, 6));
}

/**
 * Add the findings on single terms: syntax, and what a term shows without the
 * others.
 * @param text the whole record, for the offsets of findings
 * @param terms the part of `text` to read
 * @param owner the name of the record, or STR_NONE
 * @return the number of syntax errors.
 */
unsigned spf_lint_terms(struct mailauth_str text, struct mailauth_str terms,
    struct mailauth_str owner, const struct mailauth_scope *scope,
    struct mailauth_findings *log);

/**
 * The first ip4 or ip6 mechanism that covers the address has the qualifier '+'.
 * Terms behind the first 'all' do not count; terms that need lookups are
 * skipped.
 */
bool spf_lists(struct mailauth_str record, const struct addr *ip);

/** spf_lists(), or a term that needs lookups might match the address. */
bool spf_may_cover(struct mailauth_str record, const struct addr *ip);

/** Call `each` for each term. */
void spf_parts(struct mailauth_str terms, part_fn each, void *arg);

/** Name the terms as a list, "terms", and the qualifier of 'all', "all". */
void spf_values(struct mailauth_str terms, struct value_sink *s);

/** Both texts (terms only) have the same mechanisms and modifiers. Qualifiers,
 * order and 'all' do not matter. */
bool spf_same_terms(struct mailauth_str a, struct mailauth_str b);

#endif /* RECORD_SPF_H */
