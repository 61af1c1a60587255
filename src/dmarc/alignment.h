/*
 * alignment.h - the result of DMARC for an author domain and identifiers
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_ALIGNMENT_H
#define DMARC_ALIGNMENT_H

#include "dmarc/tree_walk.h"

/** An author domain (c->domain), what passes for it, and what follows. */
struct dmarc_check {
	struct dmarc_identifier *ids;
	struct dmarc_alignment *alignments; /* of each */
	size_t nids;
	bool open_dkim, open_spf; /* more might pass: that could not be told */
	bool judged; /* all that may pass was looked at, if it is nothing */
	/* Made by dmarc_check_decide(): */
	struct dmarc_walk walk;
	struct dmarc_found found[DMARC_RFCS];
	enum mailauth_dmarc_result result[DMARC_RFCS];
};

/** "strict", "relaxed", "no" or "unknown". */
const char *dmarc_aligned_name(enum dmarc_aligned a);

/** Room for so many identifiers; NULL when memory ran out. */
struct dmarc_check *dmarc_check_new(struct check *c, size_t nids);
void dmarc_check_add(struct dmarc_check *d, struct dmarc_identifier id);
/** Ask for what discovery and alignment need. */
void dmarc_check_ask(struct check *c, struct dmarc_check *d);
/** Decide by what is known. */
void dmarc_check_decide(struct check *c, struct dmarc_check *d);
/** An identifier of DKIM, or of SPF, aligns by RFC 9989. */
bool dmarc_check_aligned(const struct dmarc_check *d, bool spf);
/** Findings on alignment and result, of the report as a whole. */
void dmarc_check_tell(struct check *c, const struct dmarc_check *d);
/** Put it into the report. */
void dmarc_check_report(struct check *c, const struct dmarc_check *d);

#endif /* DMARC_ALIGNMENT_H */
