/*
 * dmarc_reports.h - whether DMARC reports arrive
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Hosts that take reports for other organizations have to say so
 * (RFC 9990 4), and every host has to accept mail.
 */
#ifndef CHECK_DMARC_REPORTS_H
#define CHECK_DMARC_REPORTS_H

#include "check/dmarc_find.h"

/** Ask what the addresses in a record need. `name` is where it stands. */
void dmarc_ask_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record);
/** Findings, about the item of the record. */
void dmarc_tell_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record, const struct item *item);

#endif /* CHECK_DMARC_REPORTS_H */
