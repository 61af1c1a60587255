/*
 * dane.h - the TLSA records of the mail hosts of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_DANE_H
#define DOMAIN_DANE_H

#include "domain/domain.h"

/** The name below which senders find the TLSA records of a mail host: the
 * host, or the end of its alias (RFC 7672 2.2.2). */
struct mailauth_str dane_base(struct check *c, struct mailauth_str host);
/** The TLSA records of a mail host; NULL when their lookup was not made. */
struct record_set *dane_set(struct check *c, struct mailauth_str host);

#endif /* DOMAIN_DANE_H */
