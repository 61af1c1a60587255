/*
 * ptr.h - the data of a PTR record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_PTR_H
#define RECORD_PTR_H

#include "base/addr.h"
#include "base/dname.h"

/** Read the data of one record; false when it is malformed. */
bool ptr_parse(const struct mailauth_rdata *rr, struct dname *out);
/** The address a reverse name stands for (canonical presentation form);
 * false when it is no full reverse name. */
bool ptr_address(struct mailauth_str owner, struct addr *out);

#endif /* RECORD_PTR_H */
