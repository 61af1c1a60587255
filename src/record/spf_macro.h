/*
 * spf_macro.h - the macros of SPF (RFC 7208 7)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_SPF_MACRO_H
#define RECORD_SPF_MACRO_H

#include "base/addr.h"
#include "base/str.h"

/** One macro-expand (RFC 7208 7.1). */
struct spf_macro {
	size_t n; /* octets of its text */
	char letter; /* as written; '%', '_' or '-' for %%, %_ and %- */
	uint32_t keep; /* parts to keep from the right; 0: all */
	bool reverse; /* the transformer 'r' */
	struct mailauth_str delimiters; /* empty: "." */
};

/**
 * Read the macro at the '%' that `s` begins with.
 * @param exp accept the letters c, r, t of explanations too
 * @return false when the macro is malformed.
 */
bool spf_macro_read(struct mailauth_str s, bool exp, struct spf_macro *out);

/** The text has a macro of this letter, in either case. */
bool spf_has_macro(struct mailauth_str text, char letter);

/** The values of the macros (RFC 7208 7.2); the texts are borrowed. */
struct spf_macro_values {
	struct addr ip; /* %{i} %{c} %{v}; never an IPv4-mapped one */
	struct mailauth_str local; /* %{l} */
	struct mailauth_str sender_domain; /* %{o}; no final dot */
	struct mailauth_str domain; /* %{d}; no final dot */
	struct mailauth_str helo; /* %{h} */
	struct mailauth_str validated; /* %{p}; "unknown" when no name is */
	struct mailauth_str receiver; /* %{r} */
	uint64_t now; /* %{t}: seconds since 1970 */
};

/** The result of an expansion. */
enum spf_expansion {
	SPF_EXPANDED,
	SPF_NOT_EXPANDED, /* a malformed macro; the output is useless */
	/** The local part is outside ASCII (RFC 8616 4), or a value is too long
	 * for any domain: the term never matches. */
	SPF_NEVER_MATCHES,
};

/** Append a macro-string, or with `exp` an explain-string, expanded. Values of
 * lower-case macros go out as they are, with any octet; those of upper-case
 * macros are URL-escaped (RFC 7208 7.3). */
enum spf_expansion put_spf_macros(struct writer *w, struct mailauth_str text,
    const struct spf_macro_values *values, bool exp);

/** Octets of the longest domain to look up (RFC 7208 7.3). */
#define SPF_DOMAIN_MAX 253

/**
 * Expand a domain-spec. A result longer than SPF_DOMAIN_MAX octets loses labels
 * on the left until it fits (RFC 7208 7.3).
 * @param room SPF_DOMAIN_ROOM octets of memory, which `out` borrows from
 * @param out the domain, without a final dot
 */
enum spf_expansion spf_expand_domain(struct mailauth_str text,
    const struct spf_macro_values *values, char *room,
    struct mailauth_str *out);
#define SPF_DOMAIN_ROOM 4096

#endif /* RECORD_SPF_MACRO_H */
