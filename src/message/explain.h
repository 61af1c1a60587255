/*
 * explain.h - one received message under examination
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * message: explains why a received message passes or fails. It keeps apart what
 * headers claim (claims_read.c, claims_filter.c, clash.c, claims.c), what SPF, DKIM and DMARC
 * result in now (identities.c, signatures.c, explain.c), and the causes
 * (causes.c). border.c finds which fields the receiver wrote. Anybody can write
 * a header: results of a receiver that is not believed are shown and decide
 * nothing. May include base, sys, record, header, judge, dns, report, engine,
 * spf, dkim, dmarc and settings. In: a struct mailauth_message (message.h), a request,
 * lookups of the check. Out: record sets, findings, and the parts of report.h.
 */
#ifndef MESSAGE_EXPLAIN_H
#define MESSAGE_EXPLAIN_H

#include "dkim/verify.h"
#include "dmarc/alignment.h"
#include "engine/check.h"
#include "header/authres.h"
#include "header/reason.h"
#include "header/received.h"
#include "header/scores.h"
#include "message/border.h"
#include "message/message.h"
#include "message/report.h"
#include "spf/check.h"

/** Fields, results, properties and seals that one report keeps of headers. */
#define CLAIMS_MAX 4096

/** A believed result says that this signature passes. */
enum hearsay {
	HEARSAY_NONE,
	HEARSAY_LOOSE, /* and the sender may have written that */
	HEARSAY_USUAL, /* likewise, where this provider writes its results */
	HEARSAY_COUNTS, /* and the sender cannot have written that */
};

/** One signature of the message, and what verifying it showed. */
struct sig_trial {
	const struct message_sig *from;
	struct mailauth_str domain; /* of d=; STR_NONE: d= is no name */
	struct mailauth_str owner; /* of its key; STR_NONE: no name */
	enum sig_state state;
	struct dkim_verdict verdict;
	bool verified; /* `verdict` is valid */
	/** The body cannot be compared in this copy: why not; else NULL. */
	const char *copy_fault;
	enum hearsay hearsay; /* with a copy_fault */
	bool claimed; /* with a copy_fault: the receiver says that it passed */
	const char *why; /* in a few words; may be NULL */
	struct record_set *key; /* NULL: not looked up */
};

/** The domain of a believed DKIM result that is "pass" or "temperror". */
struct claimed {
	struct mailauth_str domain; /* STR_NONE: the result has none */
	bool passes;
	bool counts; /* the sender cannot have written it */
	bool no_key; /* temperror, and it says that there is no key */
};

/** One message under examination. */
struct explain {
	struct spf_check *spf_check; /* with one evaluation of SPF or none */
	/** The same for the hop before the border: a claim, which explains and
	 * decides nothing. */
	struct spf_check *spf_before;
	struct dmarc_check *dmarc_check; /* alignment and result */
	const struct mailauth_explain_request *request;
	const struct mailauth_message *m;
	struct explain_report *report;
	struct border border;
	/** The message is attached to another, whose sender may have written
	 * all of it: signatures alone prove something. */
	bool attached;
	int64_t now; /* when the message was received */
	int64_t earliest, latest; /* of what `now` may be */
	bool timed; /* `now` is known; else it is the time of now */
	/* The author. */
	bool one_author; /* From has one domain, c->domain */
	/** No From, and nothing behind the header: it is cut off. */
	bool headless;
	/** Without: why, what to do, and the header; NULL, empty: none. */
	const char *from_fault, *from_remedy;
	struct mailauth_str from_text;
	/* The sender. */
	bool given_mail_from; /* the request has a reverse address */
	bool by_return_path; /* the field Return-Path has it */
	struct mailauth_str mail_from_domain; /* STR_NONE: none */
	/** The domain that SPF checks: of HELO with an empty reverse address;
	 * of the believed SPF result when SPF cannot be evaluated here. */
	struct mailauth_str spf_domain;
	struct addr ip; /* of the sending host; family 0: unknown */
	struct sig_trial *sigs;
	size_t nsigs;
	size_t pieces; /* of CLAIMS_MAX, in use */
	bool more_claims; /* CLAIMS_MAX was reached */
	/** Some believed results are above the border, or the header has no
	 * Received: those below it are of no matter. */
	bool above;
	bool claimant; /* a field of results, or Received-SPF, was read */
	/** A header without Received names the address of the sending host. */
	bool ip_claimed;
	bool confirmed; /* the receiver names the client of the border too */
	/** A believed result says that the client had logged in to send. */
	bool logged_in;
	bool helo_literal; /* HELO is an address, which SPF cannot check */
	/* The topmost believed result for each method; of several for one
	 * domain the worst. */
	const struct claim *spf, *dmarc, *compauth; /* NULL: none */
	enum authres_word spf_word, dmarc_word, compauth_word;
	/* Believed DKIM results: any but "none", any pass, any pass that the
	 * sender cannot have written, any failure. */
	bool any_dkim, dkim_passes, dkim_counts, dkim_fails;
	enum received_spf_result received_spf; /* of the topmost Received-SPF */
	struct scores scores;
	bool gmail; /* Google received the message */
	struct claimed claimed[MESSAGE_SIGS_MAX];
	size_t nclaimed;
	struct mailauth_str
	    claimed_spf; /* of the believed SPF result; STR_NONE: none */
	/** The believed DKIM failure that matters most, and why the receiver
	 * says that it fails; NULL: none. */
	const struct claim *dkim_failed;
	enum dkim_reason reason;
	/** What a spam filter says of a signature, believed or not, where no
	 * believed receiver says anything of DKIM; NULL: nothing. */
	const struct claim *filter_dkim;
	/** A lookup failed, here or at the receiver, or the header was not
	 * examined to its end: no word of the receiver decides DMARC. */
	bool unsure;
	/** Owner of the key that a believed DKIM result names, when the message
	 * has no signature; or STR_NONE. */
	struct mailauth_str named_key;
	/** Of the settings; NULL: none. */
	const struct route *route;
	/** The public key that should sign, in DER: of the request, or of the
	 * route. Empty: not known. */
	struct mailauth_str signer;
};

/** The subject of one message; `self` is the struct explain. */
extern const struct subject subject_explain;

/** Start the examination: read the header of the request's message, and find
 * author, sender and keys. On refusal `why` says what is wrong. */
enum mailauth_status
explain_prepare(struct check *c, const void *request, char *why);
/** Copy octets of the message into the report, which outlives the message. */
struct mailauth_str explain_keep(struct check *c, struct mailauth_str s);
/** The domain is of the author's organization by RFC 9989 or by RFC 7489, or
 * may be. Without a DMARC record the walk of RFC 9989 finds no organization;
 * the Public Suffix List of RFC 7489 finds one. */
bool explain_is_own(struct check *c, struct mailauth_str domain);
/** Put a finding on a signature; `why` may be NULL. */
void sig_tell(struct check *c, const struct sig_trial *t,
    enum mailauth_finding_id id, const char *why);
/** Verify the signatures, and put findings on them. */
void sigs_tell(struct check *c, struct explain *x);
/** Put findings on whether the keys in DNS belong to the private key of the
 * request, or of the settings. */
void sigs_tell_signer(struct check *c, const struct explain *x);
/** Fill in the struct explain_report from the examination. */
void explain_report(struct check *c, struct explain *x);

/** Read the claims of headers into the report, and find the sending host. The
 * author is known already. */
void claims_read(struct check *c, struct explain *x);
/** Read what spam filters say, behind the other claims. */
void claims_filters(struct check *c, struct explain *x);
/** Allocate one more piece of claims; NULL when CLAIMS_MAX is reached or memory
 * ran out. */
void *claims_room(struct check *c, struct explain *x, size_t size);
/** Overrule a pass that another believed field contradicts. */
void claims_settle(struct explain *x);
/** Put findings on the claims. */
void claims_tell(struct check *c, struct explain *x);
/** Put findings on the scores of filters: behind those on records, which they
 * often follow. */
void claims_tell_scores(struct check *c, struct explain *x);
/** Put findings where believed claims differ from the results of now. */
void claims_compare(struct check *c, struct explain *x);
/** Put the causes. Call it after all findings and explain_report(). */
void causes_tell(struct check *c, struct explain *x);

/** Set `*spam` to the judgement of SpamAssassin; false without one. */
bool claims_spam(const struct scores *s, bool *spam);
/** The claim is about this method. */
bool claim_is(const struct claim *claim, struct mailauth_str method);
/** The receiver examined a signature, and it does not pass: the result is a
 * failure, or a temporary error whose reason is one. */
bool claim_is_failure(const struct claim *claim);
/** Why the receiver says that DKIM does not pass. */
enum dkim_reason claim_reason(const struct claim *claim);
/** The sender cannot have written this claim. */
bool claim_counts(const struct claim *claim);
/** Whether a believed result says that this signature passes. */
enum hearsay claims_pass(struct check *c, const struct explain *x,
    const struct sig_trial *t);
/** The first such property of a claim; STR_NONE without one. */
struct mailauth_str claim_property(const struct claim *claim,
    struct mailauth_str ptype, struct mailauth_str name);
/** The client of the border had logged in: the message was submitted there, and
 * no server sent it. In a header without Received, the receiver says so. */
bool explain_submitted(const struct explain *x);
/** Names at which the key of an owner is put by mistake. */
enum key_mistake {
	KEY_DOMAIN_TWICE,
	KEY_ABOVE_TWICE, /* the organization's domain is behind the name */
	KEY_NO_SELECTOR,
	KEY_NO_DOMAINKEY,
	KEY_NO_UNDERSCORE, /* domainkey */
	KEY_ORDER, /* _domainkey in front of the selector */
	KEY_AT_DOMAIN,
	KEY_ABOVE, /* at the organization's domain, and d= is below it */
	KEY_MISTAKES,
};
/** Such a name; STR_NONE when that is no name. */
struct mailauth_str
explain_key_mistake(struct check *c, struct mailauth_str owner, size_t i);

/** Octets of the selector in an s= that holds the whole name of a key; 0: it
 * holds a selector alone. */
size_t explain_full_selector(const struct sig_trial *t);
/** The owner of the key that such an s= means; STR_NONE for others. */
struct mailauth_str
explain_meant_key(struct check *c, const struct sig_trial *t);
/** The evaluation of SPF for the hop before the border; NULL without one. */
const struct spf_trial *explain_spf_before(const struct explain *x);
/** The evaluation of SPF; NULL when an address or a domain is unknown. */
const struct spf_trial *explain_spf(const struct explain *x);
/** Believed DKIM results replace verification: the message has no signature and
 * may have lost it. With a complete header, which has a Received, "pass" counts
 * only when the user has named the receivers to believe: the message never had a
 * signature. */
bool explain_dkim_by_claim(const struct explain *x);
/** SPF passes for a client that only a field names which the sender may have
 * written: a Received that the ones above do not show to be the receiver's, or any
 * field of a header without Received. */
bool explain_spf_veiled(const struct explain *x);
/** SPF was evaluated here, with a result that no failed lookup leaves open. */
bool explain_spf_known(const struct explain *x);

#endif /* MESSAGE_EXPLAIN_H */
