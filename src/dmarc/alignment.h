/*
 * alignment.h - the DMARC result of an author domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_ALIGNMENT_H
#define DMARC_ALIGNMENT_H

#include "dmarc/tree_walk.h"

/** What is not known of a message, so that a result of DKIM or SPF is open
 * though no lookup failed. */
struct dmarc_lack {
	const char *what, *remedy;
};

/** One evaluation of DMARC for c->domain, the author domain. */
struct dmarc_check {
	struct dmarc_identifier *ids;
	struct dmarc_alignment *alignments; /* one for each of `ids` */
	size_t nids;
	/** More might pass: the DKIM or SPF result of some domain that may align
	 * by RFC 9989 is unknown. */
	bool open_dkim, open_spf;
	/** The same for either mechanism and RFC 7489: where a record above
	 * has psd=y or the like, another domain may align. */
	bool open_7489;
	/** Why it is open: a lookup failed; something is not known. */
	bool failed;
	const struct dmarc_lack *lacks;
	/** All mechanisms were evaluated, so a result is due without
	 * identifiers too. */
	bool judged;
	/* Set by dmarc_check_decide(): */
	struct dmarc_walk walk;
	struct dmarc_found found[DMARC_RFCS];
	enum mailauth_dmarc_result result[DMARC_RFCS];
};

/** "strict", "relaxed", "no" or "unknown". */
const char *dmarc_aligned_name(enum dmarc_aligned a);

/** Make an evaluation with room for `nids` identifiers, in the report's arena;
 * NULL when memory ran out. */
struct dmarc_check *dmarc_check_new(struct check *c, size_t nids);
/** Add an identifier that passed; a duplicate is dropped. */
void dmarc_check_add(struct dmarc_check *d, struct dmarc_identifier id);
/** Ask for the lookups that discovery and alignment need. */
void dmarc_check_ask(struct check *c, struct dmarc_check *d);
/** Decide policy, alignment and result from the lookups so far. Call it again
 * after new answers. */
void dmarc_check_decide(struct check *c, struct dmarc_check *d);
/** Some identifier of DKIM, or with `spf` of SPF, aligns by RFC 9989. */
bool dmarc_check_aligned(const struct dmarc_check *d, bool spf);
/** What the message does not show, so that the result is open; NULL when a
 * lookup failed, or nothing is missing. */
const struct dmarc_lack *dmarc_check_lack(const struct dmarc_check *d);
/** Put findings on alignment and result into the report, on the domain. */
void dmarc_check_tell(struct check *c, const struct dmarc_check *d);
/** Put the finding that the result is open for want of something into the
 * report. */
void dmarc_tell_lack(struct check *c, const struct dmarc_lack *lack);
/** Put the part "dmarc" into the report. */
void dmarc_check_report(struct check *c, const struct dmarc_check *d);

#endif /* DMARC_ALIGNMENT_H */
