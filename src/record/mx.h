/*
 * mx.h - the data of an MX record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_MX_H
#define RECORD_MX_H

#include "base/dname.h"

/** The data of one MX record (RFC 1035 3.3.9). */
struct mx {
	uint16_t preference;
	struct dname host;
};

/** Read RDATA of one record; false when it is malformed. */
bool mx_parse(const struct mailauth_rdata *rr, struct mx *out);
/** The host is ".": the domain accepts no mail (RFC 7505). */
static inline bool
mx_is_null(const struct mx *m)
{
	return m->host.wire[0] == 0;
}

/** The host is a single label, such as "mail." or "0.": no host has such a
 * name. */
bool mx_is_label(const struct mx *m);

/** The finding that the name of an MX host shows, when no host has this name;
 * F_NONE when it shows no mistake. `host` and `owner` are canonical. */
enum mailauth_finding_id
mx_mistake(struct mailauth_str host, struct mailauth_str owner);

#endif /* RECORD_MX_H */
