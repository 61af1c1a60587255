/*
 * ptr.h - the data of a PTR record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_PTR_H
#define RECORD_PTR_H

#include "base/addr.h"
#include "base/dname.h"

/** Read RDATA of one record; false when it is malformed. */
bool ptr_parse(const struct mailauth_rdata *rr, struct dname *out);
/** The address of a reverse name in canonical presentation form (RFC 1035 3.5,
 * RFC 3596 2.5); false when the name is not that of one address. */
bool ptr_address(struct mailauth_str owner, struct addr *out);

#endif /* RECORD_PTR_H */
