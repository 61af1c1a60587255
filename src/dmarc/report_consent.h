/*
 * report_consent.h - whether DMARC reports arrive
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Hosts that take reports for other organizations have to say so
 * (RFC 9990 4), and every host has to accept mail.
 */
#ifndef DMARC_REPORT_CONSENT_H
#define DMARC_REPORT_CONSENT_H

#include "dmarc/tree_walk.h"

/** Ask what the addresses in a record need. `name` is where it stands. */
void dmarc_ask_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record);
/** Findings, about the item of the record. */
void dmarc_tell_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record, const struct item *item);

#endif /* DMARC_REPORT_CONSENT_H */
