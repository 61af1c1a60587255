/*
 * received.h - Received and Received-SPF: which client handed over the message
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef HEADER_RECEIVED_H
#define HEADER_RECEIVED_H

#include "base/addr.h"
#include "base/str.h"

/** A Received field (RFC 5321 4.4) in the forms of the usual servers. Texts
 * borrow from the value; missing parts are empty. The client chose `helo`; the
 * server wrote the rest. */
struct received {
	struct mailauth_str helo; /* HELO of the client; may be "[IP]" */
	/** name of the client as the server found it */
	struct mailauth_str rdns;
	struct mailauth_str by; /* name of the server */
	/** the first comment behind that name: often the server's program */
	struct mailauth_str program;
	struct mailauth_str with; /* the protocol and what follows it */
	/** Address of the client: the one in the comments behind "from", else
	 * one in place of the name. A mapped IPv4 address is stored as IPv4.
	 * Family 0 when missing. */
	struct addr ip;
	bool from; /* the field has a "from" */
	/** The client may have written parts of the field in its name: several
	 * addresses, parentheses without a partner, words in front of "by", or
	 * two "by". Then there is neither address nor protocol. */
	bool unclear;
	bool helo_aside; /* HELO is in a comment, not behind "from" */
	bool helo_odd; /* it is an address, as the word in front */
	/** `ip` is there alone, in place of a name: most servers write HELO
	 * there, so it may be the client's. */
	bool lone;
	/** The server has looked up `rdns`, and its address is `ip`, as far as
	 * such servers say. */
	bool verified;
	bool submitted; /* the client has logged in */
	/** A program on the server's own host handed the message over. */
	bool local;
};

/**
 * Parse a Received field.
 * @return false without "from" and "by"
 */
bool received_parse(struct mailauth_str value, struct received *out);

/** The protocol of the field is one of these words, without case; a word ends
 * in "*" when more may follow. */
bool received_with(const struct received *r, const char *words);

/** Parse an address as headers show it: with or without brackets, "IPv6:", a
 * zone, a port behind brackets or IPv4. A mapped IPv4 address becomes IPv4. */
bool received_addr(struct mailauth_str s, struct addr *out);

/** The result words of RFC 7208 2.6. */
enum received_spf_result {
	RECEIVED_SPF_OTHER,
	RECEIVED_SPF_NONE,
	RECEIVED_SPF_NEUTRAL,
	RECEIVED_SPF_PASS,
	RECEIVED_SPF_FAIL,
	RECEIVED_SPF_SOFTFAIL,
	RECEIVED_SPF_TEMPERROR, /* also "error", its name before RFC 4408 */
	RECEIVED_SPF_PERMERROR, /* also "unknown", likewise */
};

/** A Received-SPF field (RFC 7208 9.1). Texts borrow from the value, without
 * quotes and "<>", escapes kept; missing keys are empty. */
struct received_spf {
	enum received_spf_result result;
	struct mailauth_str word; /* the result word as written */
	struct mailauth_str comment; /* inside of the first comment */
	struct mailauth_str client_ip;
	struct mailauth_str envelope_from; /* or envelope-sender */
	struct mailauth_str helo;
	struct mailauth_str receiver;
	struct mailauth_str identity;
	struct mailauth_str mechanism;
	bool unclear; /* the sender may have written the address */
	/** client-ip as an address; without that key the address that the
	 * comment says is "designated". Family 0 when missing or unclear. */
	struct addr ip;
};

/**
 * Parse a Received-SPF field.
 * @return false unless the value begins with a word
 */
bool received_spf_parse(struct mailauth_str value, struct received_spf *out);

#endif /* HEADER_RECEIVED_H */
