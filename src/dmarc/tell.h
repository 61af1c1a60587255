/*
 * tell.h - findings on a policy that was found, and on alignment
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_TELL_H
#define DMARC_TELL_H

#include "dmarc/tree_walk.h"

/** Put the record of c->domain, and the one that holds, into the report with
 * what discovery shows. */
void dmarc_tell_policy(struct check *c, const struct dmarc_walk *walk,
    const struct dmarc_found found[DMARC_RFCS]);

#endif /* DMARC_TELL_H */
