/*
 * rdata.h - the data of a record, from the fields of a master file to the wire
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ZONE_RDATA_H
#define ZONE_RDATA_H

#include "base/dname.h"
#include "zone/scan.h"

/** Octets of data of one record at most. */
#define ZONE_RDATA_MAX 65535

/** What was found while data were read. */
struct zone_rdata {
	uint8_t *wire; /* room for ZONE_RDATA_MAX octets, the caller's */
	size_t n; /* octets in it */
	/** NULL: the data are right. Else what is wrong, a clause. */
	const char *why;
	const struct zone_field
	    *at; /* the field that is wrong, or the last one */
	/** The first string of over 255 octets; NULL: all are shorter. It is in
	 * the data as several strings. */
	const struct zone_field *too_long;
	/** The first number or name that is in quotes; NULL: only texts are. */
	const struct zone_field *quoted;
};

/** The number of a type: a mnemonic in any case, or "TYPE" and a number; 0: no
 * type. */
uint16_t zone_type(struct mailauth_str s);
/** The class: "IN", "CH", "HS", or "CLASS" and a number; 0: no class. */
uint16_t zone_class(struct mailauth_str s);
/** Seconds: a number, or numbers with BIND's units s, m, h, d, w. */
bool zone_period(struct mailauth_str s, uint32_t *out);
/**
 * Read a name.
 * @param origin what a name without a final dot ends in; NULL: not known
 * @param keep upper case stays
 * @return NULL, or what is wrong, a clause.
 */
const char *zone_name(struct mailauth_str s, const struct dname *origin,
    bool keep, struct dname *out);
/**
 * Read the data of a record: `n` fields, one at least, of type `type`. Also the form of
 * RFC 3597 5, "\# 4 0A000001". A string of over 255 octets is cut into several
 * ones, and `too_long` says so.
 * @return false, with `why` set, when the data are wrong.
 */
bool zone_rdata(uint16_t type, const struct zone_field *fields, size_t n,
    const struct dname *origin, struct zone_rdata *out);

#endif /* ZONE_RDATA_H */
