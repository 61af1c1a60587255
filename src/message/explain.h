/*
 * explain.h - one received message under examination
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three kinds of knowledge, kept apart: what the headers claim (claims_read.c,
 * claims.c), what comes out now (explain*.c), and what that means (causes.c).
 */
#ifndef MESSAGE_EXPLAIN_H
#define MESSAGE_EXPLAIN_H

#include "dkim/verify.h"
#include "dmarc/alignment.h"
#include "engine/check.h"
#include "header/authres.h"
#include "header/received.h"
#include "header/scores.h"
#include "message/message.h"
#include "message/report.h"
#include "spf/check.h"

/** Results, properties and seals that are kept of what headers claim. */
#define CLAIMS_MAX 4096

/** One signature of the message. */
struct sig_trial {
	const struct message_sig *from;
	struct mailauth_str domain; /* of d=; STR_NONE: it is no name */
	struct mailauth_str owner; /* of its key; STR_NONE: it has none */
	enum sig_state state;
	struct dkim_verdict verdict;
	bool verified; /* `verdict` was made */
	const char *why;
	struct record_set *key; /* NULL: not looked up */
};

/** A domain for which DKIM passes, by a result that is believed, or for which
 * the receiver could not tell. */
struct claimed {
	struct mailauth_str domain;
	bool passes;
};

struct explain {
	struct spf_check *spf_check; /* evaluations of SPF: one or none */
	struct dmarc_check *dmarc_check; /* alignment and result */
	const struct mailauth_explain_request *request;
	const struct mailauth_message *m;
	struct explain_report *report;
	int64_t now; /* of the message: when it was received */
	/* The author. */
	bool one_author; /* and c->domain is its domain */
	/* Who sent it. */
	bool given_mail_from; /* the request has a reverse address */
	struct mailauth_str mail_from_domain; /* STR_NONE: none */
	/** That SPF is about: of HELO where the reverse address is empty, and of
	 * the claim where SPF could not be tried. */
	struct mailauth_str spf_domain;
	struct addr ip; /* family 0: not known */
	struct sig_trial *sigs;
	size_t nsigs;
	size_t pieces; /* kept of claims */
	bool more_claims; /* CLAIMS_MAX was reached */
	bool handed_over; /* a Received stands below the first results */
	/* Claims that are believed. */
	const struct claim *spf, *dmarc, *compauth; /* NULL: none */
	enum authres_word spf_word, dmarc_word, compauth_word;
	/** It was received with all of its header. */
	bool whole;
	/* Results for dkim but that there is none; some pass, or do not. */
	bool any_dkim, dkim_passes, dkim_fails;
	struct scores scores;
	bool gmail; /* Google received it */
	struct claimed claimed[MESSAGE_SIGS_MAX];
	size_t nclaimed;
	struct mailauth_str
	    claimed_spf; /* of the result for SPF; may be none */
	/** A key that is named by a result for dkim, when the message has no
	 * signature to look at. */
	struct mailauth_str named_key;
};

/** The message; `self` is the struct explain. */
extern const struct subject subject_explain;

/** Take a request: from the header of its message to names to ask for. */
enum mailauth_status
explain_prepare(struct check *c, const void *request, char *why);
/** Octets of the message, copied: reports outlive messages. */
struct mailauth_str explain_keep(struct check *c, struct mailauth_str s);
/** The domain is of the author's organization. Without a policy RFC 9989 knows
 * none, and the list decides. */
bool explain_is_own(struct check *c, struct mailauth_str domain);
/** A finding on a signature; `why` may be NULL. */
void sig_tell(struct check *c, const struct sig_trial *t,
    enum mailauth_finding_id id, const char *why);
/** Verify the signatures, and tell. */
void sigs_tell(struct check *c, struct explain *x);
/** Whether they were made with the key that was given. */
void sigs_tell_signer(struct check *c, const struct explain *x);
/** Put it all into the report. */
void explain_report(struct check *c, struct explain *x);

/** Read what the headers claim, into the report. */
void claims_read(struct check *c, struct explain *x);
/** Findings on it. */
void claims_tell(struct check *c, struct explain *x);
/** Where it differs from what comes out now. */
void claims_compare(struct check *c, struct explain *x);
/** Why all this is so. */
void causes_tell(struct check *c, struct explain *x);

/** Whether SpamAssassin takes it for spam; false: it does not say. */
bool claims_spam(const struct scores *s, bool *spam);
/** Whether a claim is about this method. */
bool claim_is(const struct claim *claim, struct mailauth_str method);
/** The first property of a claim; empty when there is none. */
struct mailauth_str claim_property(const struct claim *claim,
    struct mailauth_str ptype, struct mailauth_str name);
/** The evaluation of SPF; NULL when there is none. */
const struct spf_trial *explain_spf(const struct explain *x);
/** Results for DKIM count: the message has no signature, and may have lost it.
 * One that is whole has none, and who says otherwise has to be known. */
bool explain_dkim_by_claim(const struct explain *x);
/** SPF has a result that is certain. */
bool explain_spf_known(const struct explain *x);

#endif /* MESSAGE_EXPLAIN_H */
