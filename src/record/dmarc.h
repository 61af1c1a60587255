/*
 * dmarc.h - what others ask of a DMARC record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_DMARC_H
#define RECORD_DMARC_H

#include "record/kind.h"

/** Policies, from weak to strong. */
enum dmarc_policy {
	DMARC_NONE,
	DMARC_QUARANTINE,
	DMARC_REJECT,
	DMARC_ABSENT, /* the tag is not there, or not valid */
};

enum dmarc_psd { DMARC_PSD_Y, DMARC_PSD_N, DMARC_PSD_U };

/** The meaning of a parsed record by RFC 9989 4.7 and 4.10.1. */
struct dmarc {
	enum dmarc_policy p, sp, np; /* as written */
	enum dmarc_psd psd;
	bool applies; /* false: as if there were no record */
	bool testing; /* t=y */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	uint32_t pct; /* 100 unless a valid pct= says less */
	struct mailauth_str rua; /* the tag value; may be empty */
	struct mailauth_str ruf_value;
};

/** Read the meaning from a record that was parsed as DMARC. */
struct dmarc dmarc_of(const struct mailauth_record *rec);
/** The meaning for receivers of RFC 7489, who know neither np= nor t=. */
struct dmarc dmarc_of_7489(const struct mailauth_record *rec);

/** The text begins with v=DMARC1 (RFC 9989 4.8). */
bool dmarc_is_record(struct mailauth_str text);
/** It does not, but is what people write when they mean one. */
bool dmarc_is_near(struct mailauth_str text);

/**
 * The policy in effect for the domain that has the record; what a bad p=, sp=
 * or np= does to it included.
 */
enum dmarc_policy dmarc_effective(const struct dmarc *d);

/** The text is a record, nearly one, or none: for tables of kinds. */
enum pick dmarc_pick(struct mailauth_str text);
/** "none", "quarantine", "reject"; NULL for one that is absent. */
const char *dmarc_policy_name(enum dmarc_policy p);

/**
 * The next report address of a list.
 * @param list the rest of a rua= or ruf= value; moves on
 * @param domain the domain of a mailto: address, else empty
 * @return false at the end
 */
bool dmarc_uri_next(struct mailauth_str *list, struct mailauth_str *uri,
    struct mailauth_str *domain);

#endif /* RECORD_DMARC_H */
