/*
 * mx.h - the data of an MX record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_MX_H
#define RECORD_MX_H

#include "base/dname.h"

struct mx {
	uint16_t preference;
	struct dname host;
};

/** Read the data of one record; false when it is malformed. */
bool mx_parse(const struct mailauth_rdata *rr, struct mx *out);
/** The host is ".": no mail is accepted (RFC 7505). */
static inline bool
mx_is_null(const struct mx *m)
{
	return m->host.wire[0] == 0;
}

#endif /* RECORD_MX_H */
