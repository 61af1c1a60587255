/*
 * types.h - the few types that every room and every user shares
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef MAILAUTH_TYPES_H
#define MAILAUTH_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Borrowed octets: no NUL at the end, never freed through this handle. */
struct mailauth_str {
	const char *s;
	size_t n;
};

/** Failures of a call. Faults in the data looked up are findings. */
enum mailauth_status {
	MAILAUTH_OK = 0,
	MAILAUTH_ENOMEM = -1, /* memory ran out */
	MAILAUTH_EUSE = -2, /* an argument cannot be used */
	MAILAUTH_EINPUT = -3, /* an input file cannot be read or is broken */
	MAILAUTH_ESYSTEM = -4, /* the system or a library refused */
};

/**
 * The outcome of one question. FAILED is temporary and says nothing about the
 * record; a failed lookup never counts as an absent record.
 */
enum mailauth_outcome {
	MAILAUTH_FOUND, /* records of the asked type */
	MAILAUTH_NODATA, /* the name exists, the type does not */
	MAILAUTH_NXDOMAIN, /* the name does not exist */
	MAILAUTH_FAILED, /* no usable answer */
};

/**
 * The DNSSEC state of an answer, the weakest first: several answers together
 * have the least of their states. UNCHECKED (not validated) differs from
 * INSECURE (proved to be unsigned).
 */
enum mailauth_dnssec {
	MAILAUTH_DNSSEC_BOGUS,
	MAILAUTH_DNSSEC_UNCHECKED,
	MAILAUTH_DNSSEC_INDETERMINATE,
	MAILAUTH_DNSSEC_INSECURE,
	MAILAUTH_DNSSEC_SECURE,
};

/** Why a question FAILED. */
enum mailauth_cause {
	MAILAUTH_CAUSE_NONE, /* not FAILED */
	MAILAUTH_CAUSE_TIMEOUT,
	MAILAUTH_CAUSE_SERVFAIL,
	MAILAUTH_CAUSE_REFUSED, /* REFUSED, or another odd response code */
	MAILAUTH_CAUSE_LAME,
	MAILAUTH_CAUSE_LOOP, /* of aliases */
	MAILAUTH_CAUSE_TRUNCATED, /* over UDP, and TCP does not work */
	MAILAUTH_CAUSE_OFFLINE, /* in no given zone */
	MAILAUTH_CAUSE_BUILTIN, /* answered by the resolver's own zones */
	MAILAUTH_CAUSE_BOGUS, /* dnssec is BOGUS */
	MAILAUTH_CAUSE_NO_DNSKEY, /* BOGUS since no DNSKEY matches the DS */
	MAILAUTH_CAUSE_NO_SOA, /* empty, and nothing proves the absence */
	MAILAUTH_CAUSE_UNREACHABLE, /* no server at all can be reached */
	MAILAUTH_CAUSE_NO_PROOF, /* the server asked passes no DNSSEC on */
};

/** What receivers make of a record set by the standards. */
enum mailauth_verdict {
	MAILAUTH_VALID, /* exactly one usable record */
	MAILAUTH_INVALID, /* a record, or several, that receivers cannot use */
	MAILAUTH_NONE, /* no record */
	MAILAUTH_TEMPERROR, /* not known: a lookup failed */
};

/** How much a finding matters, the least first. */
enum mailauth_severity {
	MAILAUTH_PASS,
	MAILAUTH_INFO,
	MAILAUTH_NOTICE,
	MAILAUTH_WARN,
	MAILAUTH_FAIL,
};

/** Whose expectations decide severities. */
enum mailauth_profile {
	MAILAUTH_PROFILE_PRACTICE, /* standards and today's large receivers */
	MAILAUTH_PROFILE_GUIDE, /* the mail sender's guide: stricter */
	MAILAUTH_PROFILE_RFC, /* the standards alone */
	MAILAUTH_PROFILE_BULK_SENDER, /* what these demand of bulk senders */
	MAILAUTH_PROFILE_GOV, /* policies for domains of governments */
	MAILAUTH_PROFILE_COUNT
};

/** What a domain is for. */
enum mailauth_role {
	MAILAUTH_ROLE_AUTO, /* of a request: its records show the role */
	MAILAUTH_ROLE_MAIL, /* sends and receives */
	MAILAUTH_ROLE_RECEIVE_ONLY,
	MAILAUTH_ROLE_SEND_ONLY, /* a return path: it takes bounces only */
	MAILAUTH_ROLE_NO_MAIL, /* neither */
	MAILAUTH_ROLE_ABSENT, /* there is no such name */
	MAILAUTH_ROLE_ALIAS, /* of a name that has to do with no mail */
	MAILAUTH_ROLE_UNKNOWN, /* a lookup failed, or no record shows a role */
};

/** One identifier per row of findings.def. */
enum mailauth_finding_id {
	MAILAUTH_F_NONE,
#define FINDING(id, ...) MAILAUTH_F_##id,
#include "mailauth/findings.def"
#undef FINDING
	MAILAUTH_FINDING_COUNT
};

/** One identifier per row of kinds.def. */
enum mailauth_kind_id {
#define KIND(id, symbol) MAILAUTH_KIND_##id,
#include "mailauth/kinds.def"
#undef KIND
	MAILAUTH_KIND_COUNT
};

/** "No particular record of the set", for `rr` below. */
#define MAILAUTH_RR_ALL 0xffff

/** A finding on a record set, and its place. */
struct mailauth_finding {
	uint16_t id; /* enum mailauth_finding_id */
	uint16_t rr; /* index of the record, or MAILAUTH_RR_ALL */
	uint16_t offset; /* octets into the joined text of that record */
	uint16_t length; /* 0: no place */
	uint8_t severity; /* 1 + the severity that counts in place of the
	                   * table's; 0: the table's */
	bool repeats; /* the part repeats an earlier one, which counts too */
};

/** Findings kept for one record set; further ones only count. */
#define MAILAUTH_FINDINGS_MAX 48

/** Results of SPF (RFC 7208 2.6). */
enum mailauth_spf_result {
	MAILAUTH_SPF_NONE,
	MAILAUTH_SPF_NEUTRAL,
	MAILAUTH_SPF_PASS,
	MAILAUTH_SPF_FAIL,
	MAILAUTH_SPF_SOFTFAIL,
	MAILAUTH_SPF_TEMPERROR,
	MAILAUTH_SPF_PERMERROR,
	MAILAUTH_SPF_UNDECIDED, /* the request has no address; within the
	                         * library also: an answer is pending */
};

/** Policies of DMARC (RFC 9989 4.7), the weakest first. */
enum mailauth_dmarc_policy {
	MAILAUTH_DMARC_NONE,
	MAILAUTH_DMARC_QUARANTINE,
	MAILAUTH_DMARC_REJECT,
	MAILAUTH_DMARC_ABSENT, /* missing, invalid, or not known */
};

/** Whether some DMARC record applies to a domain. */
enum mailauth_dmarc_state {
	MAILAUTH_DMARC_APPLIES,
	MAILAUTH_DMARC_NOWHERE, /* no record applies, for certain */
	MAILAUTH_DMARC_UNKNOWN, /* a deciding lookup failed */
};

/** Results of DMARC (RFC 9989 5.3.5, 5.3.6). */
enum mailauth_dmarc_result {
	MAILAUTH_DMARC_RESULT_NONE, /* no policy applies */
	MAILAUTH_DMARC_RESULT_PASS,
	MAILAUTH_DMARC_RESULT_FAIL,
	MAILAUTH_DMARC_RESULT_TEMPERROR,
	MAILAUTH_DMARC_RESULT_UNDECIDED, /* the request has no identifier */
	/** An identifier is aligned, but the record has a tag twice, and
	 * receivers do not agree on it. */
	MAILAUTH_DMARC_RESULT_PERMERROR,
};

/** Findings in the order of discovery. */
struct mailauth_findings {
	uint16_t count;
	uint16_t dropped; /* findings that did not fit */
	struct mailauth_finding at[MAILAUTH_FINDINGS_MAX + 1];
};

/** The data of one record as on the wire, names uncompressed. */
struct mailauth_rdata {
	const uint8_t *data;
	uint16_t len;
};

/** Facts about an answer beside its records. */
#define MAILAUTH_ANSWER_WILDCARD 1u /* made from a wildcard */
#define MAILAUTH_ANSWER_DNAME    2u /* a DNAME was followed */
#define MAILAUTH_ANSWER_LOCAL    4u /* from the resolver's own local data */
#define MAILAUTH_ANSWER_NO_SOA   8u /* NODATA without an SOA to prove it */
#define MAILAUTH_ANSWER_UNSPLIT  16u /* text without given string bounds */

/** Names in an answer are lower case, in presentation form (RFC 1035 5.1),
 * with a final dot. */
struct mailauth_answer {
	struct mailauth_str name; /* as asked */
	uint16_t rrtype; /* as asked */
	enum mailauth_outcome outcome;
	enum mailauth_dnssec dnssec;
	enum mailauth_cause cause; /* of FAILED */
	struct mailauth_str why; /* reason in words, of FAILED; untrusted */
	uint32_t ttl; /* seconds */
	uint32_t flags; /* MAILAUTH_ANSWER_... */
	const struct mailauth_rdata *rr; /* only with FOUND */
	size_t nrr;
	const struct mailauth_str *chain; /* targets of the aliases followed */
	size_t nchain;
	struct mailauth_str zone; /* apex; empty: the answer does not show it */
};

/** Where something is written. */
struct mailauth_place {
	const char *file; /* as the user gave it; NULL: not known */
	uint32_t line, column; /* from 1; column 0: the whole line */
};

/** Tags that a kind of tag-list record may define. */
#define MAILAUTH_VALUES_MAX 16

/** One tag of a record: where its value is, and what it means. */
struct mailauth_value {
	uint16_t offset;
	uint16_t length;
	uint16_t seen; /* how many times the record has the tag */
	uint16_t order; /* 1 for the first tag of the record */
	uint32_t number; /* of a word: its row; of words: a bit each */
	bool good; /* the value is of the form the tag wants */
};

struct mailauth_kind;

/** One parsed record: borrows from the text it was parsed from. */
struct mailauth_record {
	const struct mailauth_kind *kind;
	struct mailauth_str text;
	struct mailauth_value value[MAILAUTH_VALUES_MAX];
};

/** Options for the judgement of a record set. */
struct mailauth_scope {
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
	bool absence_is_fine; /* no finding when there is no record */
	bool plain; /* the record is not from DNS: judge the text alone */
};

/** Room for the joined texts of one answer: no message is longer. */
struct mailauth_scratch {
	char text[65536];
};

/** The judgement of all records of one kind at one name. */
struct mailauth_judgement {
	const struct mailauth_kind *kind;
	enum mailauth_verdict verdict;
	enum mailauth_severity severity; /* of the worst finding */
	uint16_t rr; /* which record was parsed, or MAILAUTH_RR_ALL */
	uint16_t matches; /* records of this kind in the set */
	struct mailauth_record record; /* only when `rr` names one */
	struct mailauth_findings findings;
};

#endif /* MAILAUTH_TYPES_H */
