/*
 * reply.h - what an authority says to a question on the wire
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_REPLY_H
#define DNS_REPLY_H

#include "zone/zones.h"

/** Octets of room for a reply. */
#define REPLY_MAX ZONE_ANSWER_MAX

/** A question, and how it may be answered. */
struct reply {
	const struct zones *zones;
	/** Refuse where other servers would know more: nothing leaves the
	 * zones. */
	bool alone;
	bool tcp; /* else a reply is no longer than the question allows */
	const uint8_t *question; /* a whole message */
	size_t n; /* octets of it */
};

/**
 * Answer from the zones: header, question and EDNS (RFC 6891) as they fit the
 * message that asks.
 * @param out room for REPLY_MAX octets
 * @return octets written; 0: such a message gets no reply
 */
size_t reply_make(const struct reply *r, uint8_t *out);

#endif /* DNS_REPLY_H */
