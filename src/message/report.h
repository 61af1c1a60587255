/*
 * report.h - the parts of a report on one received message
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each struct mailauth_str holds octets of the message: print it only through
 * put_untrusted(). C strings are ours and printable.
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

struct claims;

/** One result that a header claims. */
struct claim {
	struct claim *next;
	struct mailauth_str method, result, reason, comment;
	unsigned comments; /* how many; `comment` is the first */
	struct mailauth_str domain; /* of the result; may be empty */
	/** A pass that another field of the receiver contradicts: it does not
	 * count. NULL: none does. */
	const struct claim *against;
	const struct claims *of; /* the field */
	struct claim_property *properties;
};

/** One Authentication-Results field, one of ARC, or one of a spam filter. */
struct claims {
	struct claims *next;
	struct mailauth_str id; /* authserv-id; may be empty */
	/** The field of a spam filter; NULL: one of results. */
	const char *filter;
	uint32_t instance; /* of ARC; else 0 */
	bool trusted; /* the receiver is believed */
	bool none; /* the receiver checked nothing */
	bool sloppy; /* the field violates its grammar */
	bool below; /* it is below the border */
	/** The receiver has written it, not the sender: its passes count, and
	 * the address of the client in it. */
	bool counts;
	/** It is right below the border, where this provider writes one:
	 * it explains a copy, and proves nothing. */
	bool usual;
	struct claim *results;
};

/** One ARC-Seal. */
struct seal_report {
	struct seal_report *next;
	uint32_t instance;
	const char *cv; /* "none", "pass", "fail", "unknown" */
	struct mailauth_str domain, selector;
};

/** The result of a signature (RFC 8601 2.7.1). Where a claim fits several
 * signatures, the lowest value counts. */
enum sig_state {
	SIG_PASS,
	SIG_FAIL,
	SIG_PERMERROR,
	SIG_TEMPERROR,
	SIG_NEUTRAL, /* not verified: this copy is not all of it, or not the
	              * same */
};

/** Source of an identifier of DMARC. */
enum identifier_source {
	SOURCE_NOT_SOUGHT, /* the message has no single author */
	SOURCE_NONE,
	SOURCE_RECOMPUTED,
	SOURCE_REPORTED, /* a believed header claims it */
};

/** One signature, recomputed. */
struct sig_report {
	struct sig_report *next;
	struct mailauth_str domain, selector, identity, algorithm;
	struct mailauth_str looked_up; /* the selector in DNS; may be empty */
	enum sig_state result;
	const char *why; /* in a few words; may be NULL */
	bool has_key; /* a key lookup was made: the next two are valid */
	enum mailauth_verdict key; /* on the key record */
	enum mailauth_dnssec dnssec; /* of the key */
	bool has_body; /* the body hash was compared */
	bool body_changed;
	uint64_t unsigned_octets; /* of the body, beyond l= */
	bool has_l;
};

/** A number of a spam filter; valid with `known`. */
struct score_report {
	const char *name; /* "scl" */
	bool known;
	bool thousandths; /* the unit of `value` */
	int32_t value;
};

/** One cause of the result. */
struct cause {
	struct cause *next;
	const char *name; /* a stable word: "body-changed" */
	const char *text; /* sentences */
	const char *remedy; /* what to do; NULL: nothing */
};

#define SCORES_REPORTED 6

/** A value that is set, and the one that the message has; printable. */
struct sent_value {
	struct sent_value *next;
	const char *name; /* "dkim" */
	const char *label; /* "DKIM selector" */
	bool differs;
	struct mailauth_str set, has;
	struct mailauth_str why; /* where it comes from, if it differs */
};

/** The route of the settings that the message should have taken. */
struct sent_report {
	struct mailauth_str path; /* of the sender */
	struct mailauth_str pool; /* its path; may be empty */
	struct sent_value *values; /* that are known of both */
};

/** A message of the file. */
struct file_part {
	struct mailauth_str from, subject; /* may be empty */
	bool attached; /* else another one of a mailbox file */
};

/** All facts about one message that a report shows. */
struct explain_report {
	struct mailauth_str from; /* address of the author; may be empty */
	struct mailauth_str mail_from; /* reverse address; may be empty */
	bool has_mail_from, null_mail_from;
	const char *mail_from_source; /* "Return-Path", ...; or NULL */
	struct mailauth_str ip, helo; /* may be empty */
	const char *ip_source; /* "Received", ...; or NULL */
	/** SPF recomputed; UNDECIDED: an address or a domain is unknown. */
	enum mailauth_spf_result spf_result;
	struct mailauth_str spf_domain;
	const char *spf_why; /* why an error, or why no evaluation */
	enum mailauth_dnssec spf_dnssec; /* valid with a result */
	struct sig_report *sigs;
	size_t nsigs; /* in the message, examined or not */
	/** Sources of the identifiers of DMARC. */
	enum identifier_source spf_source, dkim_source;
	enum identifier_source dmarc_source; /* of its result */
	struct claims *claims; /* of Authentication-Results */
	struct claims *arc;
	struct seal_report *seals;
	/** Received-SPF, the topmost. */
	struct mailauth_str received_spf, received_spf_domain, received_spf_ip;
	struct score_report scores[SCORES_REPORTED];
	struct cause *causes;
	const struct sent_report *sent; /* NULL: no settings were given */
	/** Octets hashed to find which signed header was changed. */
	uint64_t undone_octets;
	/* SPF needs it, and it is unknown. */
	bool lacks_ip, lacks_mail_from, lacks_helo;
	/** The Received of the border, from 1 at the top, of `hops`; 0: none.
	 * Why that one, and how sure: "certain", "likely", "not certain"; or
	 * NULL. */
	unsigned hop, hops;
	const char *hop_why, *hop_sure;
	/** The file; see struct mailauth_message. */
	const char *form;
	const struct file_part *parts;
	unsigned nparts, part;
	size_t fields; /* of the header */
	uint64_t body_octets;
};

/** "recomputed", "reported" or "none". */
const char *source_name(enum identifier_source v);
/** "pass", "fail", ... */
const char *sig_state_name(enum sig_state v);

/** The part of a message in a report, in front of the one of DMARC when the
 * message has one author. Its data is a struct explain_report. */
extern const struct part_type explain_part;

/** The whole JSON document of a message; the caller owns the reference. */
struct json_t *explain_json(const struct mailauth_report *r, const void *data,
    struct arena *a);

#endif /* MESSAGE_REPORT_H */
