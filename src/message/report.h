/*
 * report.h - what a report says of one received message
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Strings are octets from the message, not yet fit to be shown, unless they
 * are C strings.
 */
#ifndef MESSAGE_REPORT_H
#define MESSAGE_REPORT_H

#include "report/report.h"
#include "spf/walk.h"

/** ptype.property=value of an Authentication-Results field. */
struct claim_property {
	struct claim_property *next;
	struct mailauth_str ptype, name, value;
};

/** One result that a header claims. */
struct claim {
	struct claim *next;
	struct mailauth_str method, result, reason, comment;
	struct mailauth_str domain; /* it is about; may be empty */
	struct claim_property *properties;
};

/** One Authentication-Results field, or one of ARC. */
struct claims {
	struct claims *next;
	struct mailauth_str id; /* authserv-id; may be empty */
	uint32_t instance; /* of ARC; else 0 */
	bool trusted;
	bool none; /* nothing was checked */
	bool sloppy; /* it does not follow its grammar */
	struct claim *results;
};

/** One ARC-Seal. */
struct seal_report {
	struct seal_report *next;
	uint32_t instance;
	const char *cv; /* "none", "pass", "fail", "unknown" */
	struct mailauth_str domain, selector;
};

/** What a signature is found to be (RFC 8601 2.7.1). */
enum sig_state {
	SIG_PASS,
	SIG_FAIL,
	SIG_PERMERROR,
	SIG_TEMPERROR,
	SIG_NEUTRAL, /* it was not looked at closely enough to say */
};

/** Where an identifier of DMARC is known from. */
enum identifier_source {
	SOURCE_NOT_SOUGHT, /* the message has no single author */
	SOURCE_NONE,
	SOURCE_RECOMPUTED,
	SOURCE_REPORTED, /* a header that is believed says so */
};

/** One signature, recomputed. */
struct sig_report {
	struct sig_report *next;
	struct mailauth_str domain, selector, identity, algorithm;
	enum sig_state result;
	const char *why; /* in a few words; NULL: nothing more to say */
	bool has_key; /* its record was looked up: the next two are valid */
	enum mailauth_verdict key; /* on the key record */
	enum mailauth_dnssec dnssec; /* of the key */
	bool has_body; /* the body was compared */
	bool body_changed;
	uint64_t unsigned_octets; /* of the body, behind l= */
	bool has_l;
};

/** A number of a spam filter that may not be there. */
struct score_report {
	const char *name; /* "scl" */
	bool known;
	bool thousandths;
	int32_t value;
};

struct cause {
	struct cause *next;
	const char *name;
	const char *text;
};

#define SCORES_REPORTED 6

struct explain_report {
	struct mailauth_str from; /* address of the author; may be empty */
	struct mailauth_str mail_from; /* reverse address; may be empty */
	bool has_mail_from, null_mail_from;
	const char *mail_from_source; /* "Return-Path", ...; or NULL */
	struct mailauth_str ip, helo; /* may be empty */
	const char *ip_source; /* "Received", ...; or NULL */
	/** SPF recomputed; UNDECIDED: it could not be tried. */
	enum mailauth_spf_result spf_result;
	struct mailauth_str spf_domain;
	const char *spf_why; /* of an error, or why it was not tried */
	enum mailauth_dnssec spf_dnssec; /* valid with a result */
	struct sig_report *sigs;
	size_t nsigs; /* in the message, looked at or not */
	/** Where the identifiers of DMARC come from. */
	enum identifier_source spf_source, dkim_source;
	struct claims *claims; /* of Authentication-Results */
	struct claims *arc;
	struct seal_report *seals;
	/** Received-SPF, the topmost. */
	struct mailauth_str received_spf, received_spf_domain, received_spf_ip;
	struct score_report scores[SCORES_REPORTED];
	struct cause *causes;
	bool lacks_ip, lacks_mail_from; /* SPF could not be tried without */
	size_t fields; /* of the header */
	uint64_t body_octets;
};

/** "recomputed", "reported" or "none". */
const char *source_name(enum identifier_source v);
/** "pass", "fail", ... */
const char *sig_state_name(enum sig_state v);

/** Its parts of a report, in this order, with that of DMARC between them when
 * the message has one author; the data is a struct explain_report. */
extern const struct part_type explain_part, causes_part;

/** A message as JSON: the whole document. */
struct json_t *explain_json(const struct mailauth_report *r, const void *data,
    struct arena *a);

#endif /* MESSAGE_REPORT_H */
