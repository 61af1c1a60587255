/*
 * dmarc.h - the meaning of a DMARC record (RFC 9989)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_DMARC_H
#define RECORD_DMARC_H

#include "record/kind.h"

/** The values of psd= (RFC 9989 4.7); u is the default. */
enum dmarc_psd { DMARC_PSD_Y, DMARC_PSD_N, DMARC_PSD_U };

/** The meaning of a parsed record (RFC 9989 4.7, 4.10.1). The texts borrow from
 * the record. */
struct dmarc {
	enum mailauth_dmarc_policy p, sp,
	    np; /* p=none for one that only monitors */
	enum dmarc_psd psd;
	bool applies; /* false: receivers treat the record as absent */
	/** A tag appears twice: receivers take the first, the last, or the
	 * record for none (RFC 6376 3.2). No policy is certain: p, sp and np
	 * are ABSENT, though the record may apply. */
	bool uncertain;
	bool testing; /* t=y */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	uint32_t pct; /* a valid pct=, else 100 */
	struct mailauth_str rua; /* the tag value; may be empty */
	struct mailauth_str ruf_value; /* the tag value; may be empty */
};

/** The meaning of a record that was parsed as DMARC. */
struct dmarc dmarc_of(const struct mailauth_record *rec);
/** Its meaning for receivers of RFC 7489, which has neither np= nor t=. */
struct dmarc dmarc_of_7489(const struct mailauth_record *rec);

/** The text begins with v=DMARC1, blanks around '=' allowed (RFC 9989 4.8). */
bool dmarc_is_record(struct mailauth_str text);
/** The text is not a record, but its author meant one. */
bool dmarc_is_near(struct mailauth_str text);

/**
 * The policy in effect for the domain of the record, after a bad p=, sp= or np=
 * has had its effect. MAILAUTH_DMARC_ABSENT when the record does not apply.
 */
enum mailauth_dmarc_policy dmarc_effective(const struct dmarc *d);

/** The pick() of the kinds dmarc and dmarc-report. */
enum pick dmarc_pick(struct mailauth_str text);
/** "none", "quarantine" or "reject", static; NULL for MAILAUTH_DMARC_ABSENT. */
const char *dmarc_policy_name(enum mailauth_dmarc_policy p);
/** The policy of that name, in any case; MAILAUTH_DMARC_ABSENT: no policy. */
enum mailauth_dmarc_policy dmarc_policy_of(struct mailauth_str name);

/**
 * Read the next report address of a list (RFC 9989 4.6).
 * @param list the value of rua= or ruf= at first; advances past the address
 * @param uri the address, without blanks around it
 * @param domain the domain of a mailto: address, else empty
 * @return false at the end of the list.
 */
bool dmarc_uri_next(struct mailauth_str *list, struct mailauth_str *uri,
    struct mailauth_str *domain);

#endif /* RECORD_DMARC_H */
