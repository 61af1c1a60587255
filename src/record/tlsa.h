/*
 * tlsa.h - what one TLSA record says
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_TLSA_H
#define RECORD_TLSA_H

#include "base/cursor.h"

/** Parameters of a TLSA record (RFC 6698 2.1). */
enum {
	TLSA_PKIX_EE = 1, /* this usage and the one below: not for SMTP */
	TLSA_DANE_TA = 2,
	TLSA_DANE_EE = 3,
	TLSA_SPKI = 1,
	TLSA_FULL = 0,
	TLSA_SHA256 = 1,
	TLSA_SHA512 = 2,
};

/** The fields of one record. */
struct tlsa {
	uint8_t usage;
	uint8_t selector;
	uint8_t matching;
	struct cursor data; /* the certificate association data */
};

/** What senders do with one record. */
enum tlsa_use {
	TLSA_BROKEN, /* ignore it */
	TLSA_PKIX, /* likewise: not for SMTP */
	TLSA_NOTHING, /* compare it in vain: no key has its digest */
	TLSA_GOOD,
};

enum tlsa_use tlsa_read(const struct mailauth_rdata *rr, struct tlsa *out);

#endif /* RECORD_TLSA_H */
