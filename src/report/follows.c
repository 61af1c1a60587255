/*
 * follows.c - which finding is a consequence of which
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One cause, one finding: text shows the cause, and its consequences only on
 * request. The verdict is made of all of them. Where the cause is not in the
 * report, its usual consequence is a finding like any other.
 */
#include "report/report.h"

/* Where the cause is. */
enum place {
	/* On the same record set: */
	HERE,
	BROKEN_HERE, /* any fault that breaks it; `cause` is not used */
	SAME_PLACE, /* at the same place of the same text */
	WITHIN, /* at a place that the consequence's is a part of */
	SAME_REMEDY, /* the record to publish is the same for both */
	INSIDE, /* between two octets of what the consequence marks */
	BEFORE, /* one blank or more in front of it, in the same text */
	LISTS_TERM, /* its detail has the term that the consequence marks, and
	             * others */
	LISTS_ONLY, /* the consequence's detail has its term and no other */
	/* Anywhere in the report: */
	ANYWHERE,
	FAILED_SET, /* on the set whose lookup failed, the consequence not */
	SAME_REASON, /* its detail is part of the consequence's */
	ALL_INSIDE, /* and no address in the report is public */
	SAME_ALIAS, /* on a set that the same alias led to */
	SAME_NAME, /* on a set that was asked for at the same name */
	NAMES_HOST, /* its detail has the host of the consequence */
	ONLY_MX, /* and the consequence's detail has no term but 'mx' */
	ON_DMARC, /* on a set of the kind DMARC */
	BROKEN_KEY, /* any failure of a DKIM key; `cause` is not used */
	SAME_HOST, /* on the addresses of the host that the consequence names */
};

/* A row: the consequence, its cause. The first row whose cause is in the report
 * counts. */
static const struct {
	uint16_t id, cause;
	enum place place;
} rows[] = {
#define ROW(id, cause, place) \
	{ \
		MAILAUTH_F_##id, MAILAUTH_F_##cause, place \
	}
#define FAILED(id) \
	ROW(id, DNS_SERVFAIL, HERE), ROW(id, DNS_TIMEOUT, HERE), \
	    ROW(id, DNS_REFUSED, HERE), ROW(id, DNS_LAME_DELEGATION, HERE), \
	    ROW(id, DNS_CNAME_LOOP, HERE), ROW(id, DNS_DENIAL_UNPROVEN, HERE), \
	    ROW(id, TXT_TCP_FALLBACK_BROKEN, HERE)
	ROW(DNSSEC_BOGUS, DNSSEC_DS_WITHOUT_DNSKEY, HERE),

	/* A text that is no record, in place of one. */
	ROW(TAG_BACKSLASH_SEMICOLON, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_VERSION_NEAR_MISS, TXT_NAME_IN_TEXT, HERE),
	ROW(DMARC_VERSION_NEAR_MISS, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_VERSION_NEAR_MISS, TXT_QUOTED_LITERAL, HERE),
	ROW(DMARC_VERSION_NEAR_MISS, TXT_SMART_PUNCTUATION, HERE),
	ROW(DMARC_VERSION_NEAR_MISS, ZONE_UNQUOTED, HERE),
	ROW(SPF_VERSION_NEAR_MISS, TXT_QUOTED_LITERAL, HERE),
	ROW(SPF_VERSION_NEAR_MISS, ZONE_UNQUOTED, HERE),
	ROW(SPF_VERSION_NEAR_MISS, TXT_SMART_PUNCTUATION, HERE),
	ROW(BIMI_VERSION_INVALID, TXT_NAME_IN_TEXT, HERE),
	ROW(BIMI_VERSION_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(BIMI_VERSION_INVALID, TXT_QUOTED_LITERAL, HERE),
	ROW(MTASTS_VERSION, TXT_NAME_IN_TEXT, HERE),
	ROW(MTASTS_VERSION, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(MTASTS_VERSION, TXT_QUOTED_LITERAL, HERE),
	ROW(MTASTS_MISSING, MTASTS_VERSION, HERE),
	ROW(TLSRPT_VERSION, TXT_NAME_IN_TEXT, HERE),
	ROW(TLSRPT_VERSION, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(TLSRPT_VERSION, TXT_QUOTED_LITERAL, HERE),
	ROW(TLSRPT_MISSING, TLSRPT_VERSION, HERE),
	ROW(TLSRPT_RUA_MISSING, TLSRPT_RUA_INVALID, HERE),
	ROW(SPF_MISSING, SPF_VERSION_NEAR_MISS, HERE),
	ROW(SPF_MISSING, TXT_OWNER_DOUBLED, HERE),
	ROW(SPF_MISSING, SPF_RRTYPE99, HERE),
	ROW(SPF_MISSING, SPF_WRONG_LOCATION, HERE),
	ROW(DMARC_MISSING, DMARC_VERSION_NEAR_MISS, HERE),
	ROW(DMARC_MISSING, TXT_NAME_IN_TEXT, HERE),
	ROW(DMARC_MISSING, TXT_HOST_NAME, HERE),
	ROW(DMARC_MISSING, TXT_OWNER_DOUBLED, HERE),
	ROW(DMARC_MISSING, DMARC_WRONG_LOCATION, HERE),
	ROW(DMARC_MISSING, DNS_FINAL_DOT_MISSING, HERE),
	ROW(DMARC_MISSING, DNS_CNAME_DANGLING, HERE),
	ROW(DMARC_RUA_MISSING, DMARC_P_MISSING_NO_RUA, HERE),
	ROW(DMARC_RUA_MISSING, TXT_PIECE_BESIDE, HERE),

	/* The rest of a text is a comment of the zone file. */
	ROW(DKIM_P_MISSING, ZONE_SEMICOLON, HERE),
	ROW(DMARC_P_MISSING_NO_RUA, ZONE_SEMICOLON, HERE),
	ROW(DMARC_P_MISSING, ZONE_SEMICOLON, HERE),
	ROW(DMARC_RUA_MISSING, ZONE_SEMICOLON, HERE),
	ROW(BIMI_L_MISSING, ZONE_SEMICOLON, HERE),
	ROW(MTASTS_ID_MISSING, ZONE_SEMICOLON, HERE),
	ROW(TLSRPT_RUA_MISSING, ZONE_SEMICOLON, HERE),
	ROW(BIMI_DMARC_NONE, ZONE_SEMICOLON, ON_DMARC),

	/* What a zone file shows of the record is found in its answer as well. */
	ROW(ZONE_CNAME_BESIDE, DNS_CNAME_AND_DATA, SAME_NAME),
	ROW(ZONE_NAME_DOUBLED, ZONE_SOA_NAME, SAME_NAME),
	ROW(ZONE_NAME_DOUBLED, MX_TRAILING_DOT_MISSING, HERE),
	ROW(ZONE_NAME_DOUBLED, TXT_OWNER_DOUBLED, HERE),
	ROW(ZONE_NAME_DOUBLED, DNS_FINAL_DOT_MISSING, HERE),
	ROW(ZONE_CNAME_DANGLING, DNS_CNAME_DANGLING, HERE),
	ROW(ZONE_CNAME_DANGLING, DKIM_CNAME_DANGLING, HERE),
	ROW(ZONE_CNAME_DANGLING, DNS_FINAL_DOT_MISSING, HERE),
	ROW(ZONE_TTL_SHORT, DNS_TTL_VERY_LOW, ANYWHERE),

	/* The part of the way that is not proved is in the cause. */
	ROW(DNSSEC_INDETERMINATE, DNSSEC_CHAIN_MIXED, HERE),

	/* One octet that does not belong into a text. */
	ROW(TXT_NONPRINTABLE, SPF_CONTROL_CHAR_SEPARATOR, HERE),
	ROW(TXT_NONPRINTABLE, SPF_NON_ASCII, HERE),
	ROW(TXT_NONPRINTABLE, DMARC_URI_NON_ASCII, HERE),
	ROW(TXT_NONPRINTABLE, DNS_IDN_ULABEL, HERE),
	ROW(SPF_NON_ASCII, DNS_IDN_ULABEL, HERE),
	ROW(SPF_NON_ASCII, TXT_SMART_PUNCTUATION, HERE),

	/* What a domain without mail publishes is in the cause. */
	ROW(DMARC_INHERITED_WEAK, PARKED_DMARC_WEAK, HERE),
	ROW(DMARC_MISSING, PARKED_DMARC_WEAK, HERE),
	ROW(DMARC_P_NONE, PARKED_DMARC_WEAK, ANYWHERE),

	/* One record in pieces. */
	ROW(SPF_NO_ALL, TXT_PIECE_BESIDE, HERE),
	ROW(SPF_NO_ALL, TXT_PIECES, HERE),
	ROW(SPF_INCLUDE_TARGET_NONE, TXT_PIECE_BESIDE, HERE),
	ROW(SPF_INCLUDE_TARGET_NONE, TXT_PIECES, HERE),

	/* One alias that leads nowhere, found at several names or types. */
	ROW(DNS_FINAL_DOT_MISSING, DNS_FINAL_DOT_MISSING, SAME_ALIAS),

	/* One lookup that failed. */
	ROW(DMARC_TEMPERROR, DMARC_TEMPERROR, FAILED_SET),
	FAILED(DMARC_TEMPERROR),
	FAILED(PTR_TEMPERROR),
	FAILED(DANE_TEMPERROR),
	ROW(LOOKUP_UNDECIDED, DNS_BUILTIN_EMPTY_ZONE, SAME_REASON),
	ROW(SPF_EVAL_TEMPERROR, DNS_BUILTIN_EMPTY_ZONE, SAME_REASON),
	ROW(LOOKUP_UNDECIDED, DNSSEC_BOGUS, SAME_REASON),
	ROW(DMARC_TEMPERROR, DNSSEC_BOGUS, HERE),
	ROW(PTR_TEMPERROR, DNSSEC_BOGUS, HERE),

	/* DMARC: parts that receivers ignore. */
	ROW(DMARC_P_MISSING, DMARC_TAG_TYPO, SAME_REMEDY),
	ROW(DMARC_P_MISSING_NO_RUA, DMARC_TAG_TYPO, SAME_REMEDY),
	ROW(DMARC_P_MISSING, DMARC_SYNTAX_IGNORED, SAME_REMEDY),
	ROW(DMARC_P_MISSING_NO_RUA, DMARC_SYNTAX_IGNORED, SAME_REMEDY),
	ROW(DMARC_SYNTAX_IGNORED, DMARC_URI_SEPARATOR, SAME_PLACE),
	ROW(DMARC_RUA_MISSING, DMARC_URI_SEPARATOR, HERE),
	ROW(TXT_VERBATIM_HTML, DMARC_URI_INVALID, WITHIN),

	/* Values that run on into the next tag. */
	ROW(DKIM_V_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DKIM_K_UNKNOWN, TAG_SEPARATOR_WRONG, HERE),
	ROW(DKIM_P_MISSING, TAG_SEPARATOR_WRONG, HERE),
	ROW(DKIM_P_BASE64_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_P_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_SP_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_NP_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_ADKIM_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_ASPF_INVALID, TAG_SEPARATOR_WRONG, HERE),
	ROW(DMARC_RUA_MISSING, TAG_SEPARATOR_WRONG, HERE),

	/* Values that end in a backslash. */
	ROW(DKIM_V_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DKIM_K_UNKNOWN, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DKIM_P_BASE64_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_P_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_SP_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_NP_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_ADKIM_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_ASPF_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_URI_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(DMARC_PCT_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(MTASTS_ID_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),
	ROW(TLSRPT_RUA_INVALID, TAG_BACKSLASH_SEMICOLON, HERE),

	/* The name of the record in its text. */
	ROW(DKIM_ABSENT, TXT_NAME_IN_TEXT, HERE),
	ROW(TAG_SYNTAX, TXT_NAME_IN_TEXT, HERE),
	ROW(DKIM_V_MISSING, TXT_NAME_IN_TEXT, HERE),

	/* DKIM: no key, and what needs one. */
	ROW(DKIM_P_BASE64_PADDING, DKIM_P_TRUNCATED, HERE),
	ROW(DKIM_P_BASE64_INVALID, TXT_QUOTED_LITERAL, HERE),
	ROW(TAG_SYNTAX, TXT_QUOTED_LITERAL, HERE),
	ROW(DKIM_EXTRA_TXT, TXT_PIECE_BESIDE, HERE),
	ROW(DKIM_NOT_A_KEY, TXT_HOST_NAME, HERE),
	ROW(DKIM_NOT_A_KEY, TXT_NAME_IN_TEXT, HERE),
	ROW(DKIM_SELECTOR_MISMATCH, TXT_HOST_NAME, HERE),
	ROW(DKIM_SELECTOR_MISMATCH, TXT_NAME_IN_TEXT, HERE),
	ROW(DKIM_SELECTOR_MISMATCH, TXT_OWNER_DOUBLED, HERE),
	ROW(DKIM_SELECTOR_MISMATCH, DNS_FINAL_DOT_MISSING, HERE),
	ROW(DKIM_NOT_A_KEY, DKIM_SELECTOR_MISMATCH, HERE),
	ROW(DNS_WILDCARD_POLLUTION, DKIM_NOT_A_KEY, HERE),
	ROW(X_RUA_UNREACHABLE, DMARC_RUA_NO_MAIL, HERE),
	ROW(DNS_CNAME_DANGLING, DNS_FINAL_DOT_MISSING, HERE),
	ROW(DNS_CNAME_DANGLING, DKIM_CNAME_DANGLING, HERE),
	ROW(DNS_CNAME_DANGLING, DNS_CNAME_DANGLING, SAME_ALIAS),
	ROW(DKIM_CNAME_DANGLING, DNS_FINAL_DOT_MISSING, HERE),
	ROW(DKIM_CNAME_DANGLING, DKIM_KEY_WAITING, HERE),
	ROW(DKIM_CNAME_DANGLING, DKIM_NOT_ENABLED, HERE),
	ROW(DKIM_KEY_MISSING, DKIM_NOT_ENABLED, HERE),
	ROW(DKIM_KEY_MISSING, DNS_FINAL_DOT_MISSING, HERE),
	ROW(DKIM_KEY_MISSING, DKIM_CNAME_DANGLING, HERE),
	ROW(DKIM_KEY_MISSING, DNS_CNAME_DANGLING, HERE),
	ROW(DKIM_KEY_MISSING, DKIM_NOT_A_KEY, HERE),
	ROW(DKIM_KEY_MISSING, TXT_NAME_IN_TEXT, HERE),
	ROW(DKIM_KEY_MISSING, TXT_OWNER_DOUBLED, HERE),
	ROW(DKIM_KEY_MISSING, DKIM_SELECTOR_MISMATCH, HERE),
	ROW(DMARC_REJECT_NEEDS_DKIM, NONE, BROKEN_KEY),
	ROW(DOMAINKEYS_POLICY_CONFLICT, NONE, BROKEN_KEY),

	ROW(DKIM_REVOKED, DKIM_KEY_UNUSED, HERE),
	ROW(DKIM_KEY_MISSING, DKIM_WRONG_LOCATION, ANYWHERE),
	ROW(DKIM_ABSENT, DKIM_WRONG_LOCATION, ANYWHERE),
	ROW(TLSRPT_MISSING, TXT_WRONG_NAME, HERE),
	ROW(DNS_WILDCARD_BLOCKS, DKIM_SELECTOR_MISMATCH, HERE),
	ROW(DNS_WILDCARD_BLOCKS, DKIM_KEY_MISSING, HERE),

	/* Strings of one record that join without a space. */
	ROW(TXT_JOIN_SPACE_LOST, DKIM_P_TRUNCATED, HERE),
	ROW(SPF_TARGET_NO_NAME, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_DOMAIN_SPEC_INVALID, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_UNKNOWN_MECHANISM, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_CIDR_INVALID, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_IP4_BAD_ADDRESS, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_IP6_BAD_ADDRESS, TXT_JOIN_SPACE_LOST, INSIDE),
	ROW(SPF_VERSION_NEAR_MISS, TXT_JOIN_SPACE_LOST, INSIDE),

	/* SPF: a record that leads to itself cannot be used where it leads. */
	ROW(SPF_REDIRECT_TARGET_NONE, SPF_INCLUDE_SELF, SAME_PLACE),
	ROW(SPF_INCLUDE_TARGET_INVALID, SPF_INCLUDE_SELF, SAME_PLACE),
	ROW(SPF_INCLUDE_TARGET_NONE, SPF_INCLUDE_SELF, SAME_PLACE),
	ROW(SPF_DOMAIN_SPEC_INVALID, SPF_TARGET_NO_NAME, SAME_PLACE),
	ROW(SPF_NOBODY_PASSES, SPF_INCLUDE_TARGET_NONE, ANYWHERE),
	ROW(SPF_NOBODY_PASSES, SPF_REDIRECT_TARGET_NONE, ANYWHERE),

	/* SPF: one term in two words, and one word found twice. */
	ROW(SPF_SYNTAX_ERROR, SPF_INCLUDE_NO_DOMAIN, BEFORE),
	ROW(SPF_SYNTAX_ERROR, SPF_IP4_BAD_ADDRESS, BEFORE),
	ROW(SPF_SYNTAX_ERROR, SPF_IP6_BAD_ADDRESS, BEFORE),
	ROW(SPF_SYNTAX_ERROR, SPF_DOMAIN_SPEC_INVALID, BEFORE),
	ROW(SPF_UNKNOWN_MECHANISM, SPF_INCLUDE_NO_DOMAIN, BEFORE),
	ROW(SPF_UNKNOWN_MECHANISM, SPF_IP4_BAD_ADDRESS, BEFORE),
	ROW(SPF_UNKNOWN_MECHANISM, SPF_IP6_BAD_ADDRESS, BEFORE),
	ROW(SPF_UNKNOWN_MECHANISM, SPF_DOMAIN_SPEC_INVALID, BEFORE),
	ROW(SPF_ALL_NOT_LAST, SPF_ALL_MULTIPLE, SAME_PLACE),

	/* SPF: terms that find nothing. */
	ROW(SPF_A_BARE_HOST_MISSING, SPF_VOID_LOOKUPS_EXCEEDED, LISTS_TERM),
	ROW(SPF_A_BARE_HOST_MISSING, SPF_VOID_LOOKUPS, LISTS_TERM),
	ROW(SPF_MX_BARE_MISSING, SPF_VOID_LOOKUPS_EXCEEDED, LISTS_TERM),
	ROW(SPF_MX_BARE_MISSING, SPF_VOID_LOOKUPS, LISTS_TERM),
	ROW(SPF_INCLUDE_TARGET_NONE, SPF_VOID_LOOKUPS_EXCEEDED, LISTS_TERM),
	ROW(SPF_VOID_LOOKUPS, SPF_A_BARE_HOST_MISSING, LISTS_ONLY),
	ROW(SPF_VOID_LOOKUPS, SPF_MX_BARE_MISSING, LISTS_ONLY),
	ROW(SPF_VOID_LOOKUPS, SPF_INCLUDE_TARGET_NONE, LISTS_ONLY),
	ROW(SPF_VOID_LOOKUPS, SPF_REDIRECT_TARGET_NONE, LISTS_ONLY),
	ROW(SPF_VOID_LOOKUPS, MX_TRAILING_DOT_MISSING, ONLY_MX),
	ROW(SPF_VOID_LOOKUPS, MX_ADDRESS_AS_NAME, ONLY_MX),
	ROW(SPF_VOID_LOOKUPS, MX_SINGLE_LABEL, ONLY_MX),
	ROW(SPF_VOID_LOOKUPS, MX_IP_LITERAL, ONLY_MX),
	ROW(SPF_VOID_LOOKUPS, MX_NULL_MISWRITTEN, ONLY_MX),
	ROW(SPF_VOID_LOOKUPS, MX_UNRESOLVABLE, ONLY_MX),

	/* The result for one host, of a record that is broken. */
	ROW(SPF_EVAL_PERMERROR, NONE, BROKEN_HERE),

	/* The name of another host, by a missing dot. */
	ROW(PTR_FCRDNS_FAIL, ZONE_NAME_DOUBLED, HERE),
	ROW(PTR_GENERIC, ZONE_NAME_DOUBLED, HERE),

	/* What a domain misses, when nobody knows what it is for. */
	ROW(DKIM_ABSENT, MAIL_USE_UNKNOWN, ANYWHERE),
	ROW(SPF_MISSING, MAIL_USE_UNKNOWN, ANYWHERE),
	ROW(DMARC_MISSING, MAIL_USE_UNKNOWN, ANYWHERE),
	ROW(MX_MISSING, MAIL_USE_UNKNOWN, ANYWHERE),
	ROW(MX_IMPLICIT, MAIL_USE_UNKNOWN, ANYWHERE),

	/* BIMI needs DMARC. */
	ROW(X_BIMI_WITHOUT_ENFORCEMENT, BIMI_DMARC_MISSING, ANYWHERE),
	ROW(X_BIMI_WITHOUT_ENFORCEMENT, BIMI_DMARC_NONE, ANYWHERE),
	ROW(X_BIMI_WITHOUT_ENFORCEMENT, BIMI_DMARC_SP_NONE, ANYWHERE),
	ROW(X_BIMI_WITHOUT_ENFORCEMENT, BIMI_DMARC_PCT, ANYWHERE),
	ROW(BIMI_DMARC_MISSING, DMARC_MISSING, ANYWHERE),

	/* MX hosts that cannot be reached. */
	ROW(MX_NONPUBLIC, DNS_INTERNAL_VIEW, ALL_INSIDE),
	ROW(DNS_NONPUBLIC_ADDRESS, DNS_INTERNAL_VIEW, ALL_INSIDE),
	ROW(MX_NONPUBLIC, DNS_NONPUBLIC_ADDRESS, SAME_HOST),
	ROW(MX_NONPUBLIC, DNS_SPECIAL_USE_ADDRESS, SAME_HOST),
	ROW(MX_NONPUBLIC, DNS_INTERNAL_VIEW, NAMES_HOST),
	ROW(DNS_NONPUBLIC_ADDRESS, DNS_INTERNAL_VIEW, NAMES_HOST),
	ROW(MX_NULL_NONZERO, MX_NULL_MIXED, HERE),
	ROW(SPF_MX_NULL, MX_NULL_ON_SENDER, ANYWHERE),
	ROW(MX_UNRESOLVABLE, MX_TRAILING_DOT_MISSING, HERE),
	ROW(MX_UNRESOLVABLE, MX_IP_LITERAL, HERE),
	ROW(MX_UNRESOLVABLE, MX_NULL_MISWRITTEN, HERE),
	ROW(MX_UNRESOLVABLE, MX_ADDRESS_AS_NAME, HERE),
	ROW(MX_ALL_UNRESOLVABLE, MX_UNRESOLVABLE, HERE),
#undef ROW
#undef FAILED
};

/* Row `i` looks at the findings of the same set alone. */
static bool
is_here(size_t i)
{
	return rows[i].place < ANYWHERE;
}

/* A DKIM key is missing, or receivers cannot use it. */
static bool
is_broken_key(const struct mailauth_report *r, const struct finding *n)
{
	return n->set != NULL && n->set->j.kind->id == MAILAUTH_KIND_DKIM &&
	    severity_of(r, n) == MAILAUTH_FAIL &&
	    (n->finding.id == MAILAUTH_F_DKIM_KEY_MISSING ||
	        finding_row(n->finding.id)->effect == EFFECT_BREAKS);
}

/* The alias that leads to a missing name; STR_NONE without one. */
static struct mailauth_str
dangling_alias(const struct finding *n)
{
	const struct mailauth_answer *a =
	    n->set != NULL ? n->set->answer : NULL;

	return a == NULL || a->nchain == 0 ? STR_NONE :
	    a->nchain > 1                  ? a->chain[a->nchain - 2] :
	                                     a->name;
}

static bool
is_on_failed(const struct finding *n)
{
	return n->set != NULL && n->set->answer->outcome == MAILAUTH_FAILED;
}

/* All records of a set of addresses are private or local. */
static bool
is_inside(const struct record_set *set)
{
	size_t n = 0;

	for (const struct finding *o = set->findings->first; o != NULL;
	     o = o->beside)
		n += o->finding.id == MAILAUTH_F_DNS_NONPUBLIC_ADDRESS;
	return n >= set->answer->nrr;
}

/* So are all addresses in the report, and none is unknown. */
static bool
is_all_inside(const struct mailauth_report *r)
{
	for (const struct record_set *s = r->sets; s != NULL; s = s->next)
		if (s->j.kind->id == MAILAUTH_KIND_ADDRESS &&
		    (s->answer->outcome == MAILAUTH_FAILED ||
		        (s->answer->outcome == MAILAUTH_FOUND &&
		            !is_inside(s))))
			return false;
	return true;
}

/* Findings by id. */
struct by_id {
	struct finding *first[MAILAUTH_FINDING_COUNT];
	struct finding **end[MAILAUTH_FINDING_COUNT];
	bool inside; /* is_all_inside() */
};

/* The detail has the text, as a whole word. */
static bool
lists(struct mailauth_str detail, struct mailauth_str text)
{
	size_t at = str_ifind(detail, text), end = at + text.n;

	return text.n > 0 && at < detail.n &&
	    (at == 0 || detail.s[at - 1] == ' ') &&
	    (end == detail.n || detail.s[end] == ',' || detail.s[end] == ' ');
}

/* The host that a finding on addresses is about. */
static struct mailauth_str
host_of(const struct finding *n)
{
	return n->finding.id == MAILAUTH_F_MX_NONPUBLIC ? n->detail :
	    n->set != NULL                              ? n->set->answer->name :
	                                                  STR_NONE;
}

/* What a finding marks in its text; empty when that is another one. */
static struct mailauth_str
marked(const struct finding *n)
{
	size_t from = n->finding.offset, length = n->finding.length;

	return from + length <= n->text.n ? str_sub(n->text, from, length) :
	                                    STR_NONE;
}

/* The terms of a detail such as "1 of 2: mx". */
static struct mailauth_str
terms_of(struct mailauth_str detail)
{
	return str_trim(str_from(detail, str_find(detail, ':') + 1));
}

static bool
is_only_mx(struct mailauth_str detail)
{
	struct mailauth_str term = terms_of(detail);

	return str_ieq(term, STR("mx")) || str_ieq(term, STR("+mx")) ||
	    (str_istarts(term, STR("mx/")) && str_find(term, ',') == term.n);
}

/* Void lookups of one term follow from its fault; those of several are the cause
 * of the fault of each. */
static bool
is_only_term(struct mailauth_str detail, const struct finding *of)
{
	struct mailauth_str term = marked(of);

	if (term.n == 0)
		term = of->detail;
	return term.n > 0 && str_ieq(terms_of(detail), term);
}

/* Both are at places of the text for which the row asks. */
static bool
is_near(enum place place, const struct finding *n, const struct finding *other)
{
	const struct mailauth_finding *f = &n->finding, *o = &other->finding;
	size_t end = (size_t)o->offset + o->length;

	switch (place) {
	case SAME_PLACE:
		return f->offset == o->offset && f->length == o->length;
	case WITHIN:
		return f->offset >= o->offset &&
		    (size_t)f->offset + f->length <= end;
	case SAME_REMEDY: return n->mended_by == other;
	case INSIDE:
		return o->offset > f->offset &&
		    o->offset < (size_t)f->offset + f->length;
	case BEFORE:
		return f->length > 0 && f->offset > end &&
		    f->offset <= n->text.n &&
		    str_trim(str_sub(n->text, end, f->offset - end)).n == 0;
	case LISTS_TERM:
		return !is_only_term(other->detail, n) &&
		    lists(other->detail, marked(n));
	case LISTS_ONLY: return is_only_term(n->detail, other);
	case NAMES_HOST: return lists(other->detail, host_of(n));
	case SAME_HOST:
		return other->set != NULL &&
		    str_eq(other->set->answer->name, n->detail);
	case ONLY_MX: return is_only_mx(n->detail);
	default: return true;
	}
}

/* The finding is the cause that row `i` has for `n`. */
static bool
is_cause(const struct mailauth_report *r, const struct by_id *all, size_t i,
    const struct finding *n, const struct finding *other)
{
	if (rows[i].place == BROKEN_KEY)
		return is_broken_key(r, other);
	if (rows[i].place == BROKEN_HERE)
		return severity_of(r, other) == MAILAUTH_FAIL &&
		    finding_row(other->finding.id)->effect == EFFECT_BREAKS;
	if (rows[i].place == FAILED_SET &&
	    (is_on_failed(n) || !is_on_failed(other)))
		return false;
	if (rows[i].place == ON_DMARC &&
	    (other->set == NULL ||
	        other->set->j.kind->id != MAILAUTH_KIND_DMARC))
		return false;
	if (rows[i].place == ALL_INSIDE && !all->inside)
		return false;
	if (rows[i].place == SAME_REASON &&
	    (other->detail.n == 0 ||
	        str_ifind(n->detail, other->detail) >= n->detail.n))
		return false;
	if (rows[i].place == SAME_ALIAS &&
	    (dangling_alias(n).n == 0 ||
	        !str_eq(dangling_alias(other), dangling_alias(n))))
		return false;
	if (rows[i].place == SAME_NAME &&
	    (n->set == NULL || other->set == NULL ||
	        !str_eq(n->set->answer->name, other->set->answer->name)))
		return false;
	return other->finding.id == rows[i].cause &&
	    (!is_here(i) || other->set == n->set) &&
	    is_near(rows[i].place, n, other);
}

static struct by_id *
by_id(struct mailauth_report *r)
{
	struct by_id *all = arena_alloc(&r->arena, sizeof(*all));

	for (size_t i = 0; all != NULL && i < MAILAUTH_FINDING_COUNT; i++)
		all->end[i] = &all->first[i];
	for (struct finding *n = r->findings; all != NULL && n != NULL;
	     n = n->next) {
		n->same = NULL;
		n->worst = MAILAUTH_PASS;
		*all->end[n->finding.id] = n;
		all->end[n->finding.id] = &n->same;
	}
	if (all != NULL)
		all->inside = is_all_inside(r);
	return all;
}

/* The findings among which row `i` looks for the cause of `n`: those of its
 * set, those of the id of its cause, or all; and the one behind `o` of these. */
static struct finding *
first_for(const struct mailauth_report *r, const struct by_id *all, size_t i,
    const struct finding *n)
{
	return rows[i].place == BROKEN_KEY ? r->findings :
	    !is_here(i)                    ? all->first[rows[i].cause] :
	    n->set != NULL                 ? n->set->findings->first :
	                                     r->loose.first;
}

static struct finding *
next_for(size_t i, const struct finding *o)
{
	return rows[i].place == BROKEN_KEY ? o->next :
	    !is_here(i)                    ? o->same :
	                                     o->beside;
}

/* The finding of a failed lookup that says why it failed. That a record of some
 * kind could not be looked up follows from it, unless it is worse. */
static struct finding *
cause_of_lookup(const struct mailauth_report *r, const struct finding *n)
{
	struct finding *o;

	if (n->set == NULL || n->finding.id != n->set->j.kind->lookup)
		return NULL;
	for (o = n->set->findings->first; o != NULL && o != n; o = o->beside)
		if (finding_defers(&o->finding) &&
		    severity_of(r, o) >= severity_of(r, n))
			return o;
	return NULL;
}

/* The cause of a finding by row `i`. An equal finding is its cause only when it
 * comes before it, or is of a lookup that failed. */
static struct finding *
cause_by(const struct mailauth_report *r, const struct by_id *all, size_t i,
    const struct finding *n)
{
	bool behind = false;

	for (struct finding *o = first_for(r, all, i, n); o != NULL;
	     o = next_for(i, o)) {
		if (o == n)
			behind = true;
		else if ((!behind || o->finding.id != n->finding.id ||
		             rows[i].place == FAILED_SET) &&
		    is_cause(r, all, i, n, o))
			return o;
	}
	return NULL;
}

/* The direct cause of a finding; NULL when it has none. Without `all` only the
 * findings of its set count. */
static struct finding *
cause_of(const struct mailauth_report *r, const struct by_id *all,
    const struct finding *n)
{
	struct finding *cause = cause_of_lookup(r, n);

	for (size_t i = 0; cause == NULL && i < sizeof(rows) / sizeof(rows[0]);
	     i++)
		if (rows[i].id == n->finding.id && (all != NULL || is_here(i)))
			cause = cause_by(r, all, i, n);
	return cause;
}

/* The cause that has none. The rows must have no circle; if they had one, its
 * walk would end here. */
static struct finding *
root_of(const struct mailauth_report *r, const struct by_id *all,
    const struct finding *n)
{
	struct finding *cause = NULL, *next = cause_of(r, all, n);

	for (size_t left = sizeof(rows) / sizeof(rows[0]);
	     next != NULL && left > 0; left--) {
		cause = next;
		next = cause_of(r, all, cause);
	}
	return next == NULL ? cause : NULL;
}

const struct finding *
finding_cause_here(const struct mailauth_report *r, const struct finding *n)
{
	return root_of(r, NULL, n);
}

bool
finding_may_follow(enum mailauth_finding_id id, enum mailauth_finding_id cause)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].id == id && rows[i].cause == cause &&
		    (rows[i].place == HERE || rows[i].place == SAME_NAME))
			return true;
	return false;
}

void
report_follow(struct mailauth_report *r)
{
	const struct by_id *all = by_id(r);

	for (struct finding *n = r->findings; all != NULL && n != NULL;
	     n = n->next) {
		struct finding *cause = root_of(r, all, n);

		n->follows = cause;
		if (cause != NULL && severity_of(r, n) > cause->worst)
			cause->worst = severity_of(r, n);
	}
}

enum mailauth_severity
severity_shown(const struct mailauth_report *r, const struct finding *n)
{
	enum mailauth_severity own = severity_of(r, n);

	return n->worst > own ? n->worst : own;
}
