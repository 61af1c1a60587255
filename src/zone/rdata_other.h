/*
 * rdata_other.h - the data of rare types, read by ldns
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_RDATA_OTHER_H
#define ZONE_RDATA_OTHER_H

#include "zone/rdata.h"

/** As zone_rdata(), for a type that ldns knows by this mnemonic. */
bool zone_rdata_other(const char *type, const struct zone_field *fields,
    size_t n, const struct dname *origin, struct zone_rdata *out);

#endif /* ZONE_RDATA_OTHER_H */
