/*
 * tell.h - findings on the DMARC policy of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_TELL_H
#define DMARC_TELL_H

#include "dmarc/tree_walk.h"

/** List the record set of c->domain, and that of the record which applies, with
 * findings on how receivers find the policy. Call it when all lookups have
 * finished. */
void dmarc_tell_policy(struct check *c, const struct dmarc_walk *walk,
    const struct dmarc_found found[DMARC_RFCS]);

#endif /* DMARC_TELL_H */
