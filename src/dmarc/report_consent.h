/*
 * report_consent.h - whether DMARC reports can arrive
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A host that takes reports for another organization must publish consent (RFC
 * 9990 4), and every host of a report address must accept mail.
 */
#ifndef DMARC_REPORT_CONSENT_H
#define DMARC_REPORT_CONSENT_H

#include "dmarc/tree_walk.h"

/** Ask for what the addresses in rua= and ruf= of a record need. `name` is the
 * domain of the record. At most HOSTS_MAX addresses of each list count. */
void dmarc_ask_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record);
/** Put findings on these addresses on the record set of the record. */
void dmarc_tell_reports(struct check *c, struct mailauth_str name,
    const struct dmarc *record, const struct record_set *set);

#endif /* DMARC_REPORT_CONSENT_H */
