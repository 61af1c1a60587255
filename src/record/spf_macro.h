/*
 * spf_macro.h - the macros of SPF (RFC 7208 7)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_SPF_MACRO_H
#define RECORD_SPF_MACRO_H

#include "base/addr.h"
#include "base/str.h"

/** One macro-expand. */
struct spf_macro {
	size_t n; /* octets of it */
	char letter; /* as written; '%', '_' or '-' for %%, %_ and %- */
	uint32_t keep; /* labels to keep from the right; 0: all */
	bool reverse;
	struct mailauth_str delimiters; /* empty: "." */
};

/**
 * The macro at the '%' that `s` begins with.
 * @param exp letters of explanations count too
 * @return false when it is not well-formed
 */
bool spf_macro_read(struct mailauth_str s, bool exp, struct spf_macro *out);

/** The text has a macro of this letter, in either case. */
bool spf_has_macro(struct mailauth_str text, char letter);

/** What macros stand for; texts are borrowed. */
struct spf_macro_values {
	struct addr ip; /* %{i} %{c} %{v}; never an IPv4-mapped one */
	struct mailauth_str local; /* %{l} */
	struct mailauth_str sender_domain; /* %{o}; no final dot */
	struct mailauth_str domain; /* %{d}; no final dot */
	struct mailauth_str helo; /* %{h} */
	struct mailauth_str validated; /* %{p}; "unknown" when there is none */
	struct mailauth_str receiver; /* %{r} */
	uint64_t now; /* %{t}: seconds since 1970 */
};

enum spf_expansion {
	SPF_EXPANDED,
	SPF_NOT_EXPANDED, /* no macro-string; what was written is of no use */
	/** A local part outside ASCII: the term never matches (RFC 8616 4). */
	SPF_NEVER_MATCHES,
};

/** Write a macro-string or, with `exp`, an explain-string, expanded. What
 * comes from macros is written as it is, whatever octets it has. */
enum spf_expansion put_spf_macros(struct writer *w, struct mailauth_str text,
    const struct spf_macro_values *values, bool exp);

/** Octets of the longest domain that a lookup can have (RFC 7208 7.3). */
#define SPF_DOMAIN_MAX 253

/**
 * Expand a domain-spec. What exceeds SPF_DOMAIN_MAX octets loses labels on
 * the left until it does not.
 * @param room SPF_DOMAIN_ROOM octets, which `out` borrows from
 */
enum spf_expansion spf_expand_domain(struct mailauth_str text,
    const struct spf_macro_values *values, char *room,
    struct mailauth_str *out);
#define SPF_DOMAIN_ROOM 4096

#endif /* RECORD_SPF_MACRO_H */
