/*
 * received.h - Received and Received-SPF: who handed the message over
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef HEADER_RECEIVED_H
#define HEADER_RECEIVED_H

#include "base/addr.h"
#include "base/str.h"

/** A Received field (RFC 5321 4.4) in the spellings of the usual servers;
 * what is not told is empty. */
struct received {
	struct mailauth_str helo; /* what the client said; may be "[IP]" */
	struct mailauth_str rdns; /* the client's name as the server sees it */
	struct mailauth_str by; /* the server */
	/** Address of the client: that in brackets in the comments behind
	 * "from", else one without brackets there, else the address that
	 * stands for the name. IPv4 where it was mapped into IPv6. */
	struct addr ip;
};

/** @return false when there is neither "from" nor "by". */
bool received_parse(struct mailauth_str value, struct received *out);

/** An address as people write it in headers: with or without brackets,
 * "IPv6:", a zone, a port behind brackets or IPv4. Mapped IPv4 is IPv4. */
bool received_addr(struct mailauth_str s, struct addr *out);

/** The words of RFC 7208 2.6. */
enum received_spf_result {
	RECEIVED_SPF_OTHER,
	RECEIVED_SPF_NONE,
	RECEIVED_SPF_NEUTRAL,
	RECEIVED_SPF_PASS,
	RECEIVED_SPF_FAIL,
	RECEIVED_SPF_SOFTFAIL,
	RECEIVED_SPF_TEMPERROR, /* or "error" of RFC 4408's time */
	RECEIVED_SPF_PERMERROR, /* or "unknown" */
};

/** A Received-SPF field (RFC 7208 9.1); what is not told is empty. Values are
 * without their quotes, escapes included, and without "<>" around. */
struct received_spf {
	enum received_spf_result result;
	struct mailauth_str word; /* the result as it stands */
	struct mailauth_str comment; /* the inside of the first comment */
	struct mailauth_str client_ip;
	struct mailauth_str envelope_from; /* or envelope-sender */
	struct mailauth_str helo;
	struct mailauth_str receiver;
	struct mailauth_str identity;
	struct mailauth_str mechanism;
	/** client-ip as an address; where there is none of that key, what the
	 * comment says to be "designated". Family 0: not told. */
	struct addr ip;
};

/** @return false when it does not begin with a word. */
bool received_spf_parse(struct mailauth_str value, struct received_spf *out);

#endif /* HEADER_RECEIVED_H */
