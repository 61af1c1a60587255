/*
 * policy.h - the policy file of MTA-STS
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * transport: reads what a mail host shows to senders beside DNS, as local
 * files: the policy of MTA-STS (RFC 8461 3.2) here, the certificates of TLS in
 * chain.h. No DNS and no network. May include base and record; libcrypto in
 * chain.c. In: files that anybody can have made. Out: facts and faults;
 * domain/transport_files.c turns them into findings.
 */
#ifndef TRANSPORT_POLICY_H
#define TRANSPORT_POLICY_H

#include "base/arena.h"
#include "base/str.h"
#include "mailauth/types.h"

/** Octets of a policy that are read: senders stop there (RFC 8461 3.3). */
#define POLICY_MAX 65536u
/** Kinds of fault that are kept of one policy: all there are. */
#define POLICY_FAULTS_MAX 12
/** Octets of the text of one fault. */
#define POLICY_FAULT_TEXT 160
/** Seconds of the longest max_age. */
#define POLICY_AGE_MAX 31557600u

enum policy_mode {
	POLICY_NO_MODE, /* missing, or not valid */
	POLICY_NONE,
	POLICY_TESTING,
	POLICY_ENFORCE,
};

/** A policy. Texts borrow from the octets read. */
struct policy {
	enum policy_mode mode;
	bool has_age;
	uint32_t max_age;
	struct mailauth_str *mx; /* patterns that are valid */
	size_t nmx;
	size_t nfaults;
	struct policy_fault {
		uint16_t id; /* finding */
		unsigned more; /* of the same finding after this one */
		uint16_t used; /* octets in `what`, all printable */
		char what[POLICY_FAULT_TEXT];
	} fault[POLICY_FAULTS_MAX];
};

/**
 * Read a policy.
 * @param longer there are more octets than these
 * @return false when memory ran out
 */
bool policy_read(struct arena *arena, struct mailauth_str octets, bool longer,
    struct policy *out);

/** Pattern `mx` covers a host: an equal name, or one with a single label in
 * place of "*" (RFC 8461 4.1). The host has no final dot. */
bool policy_mx_covers(struct mailauth_str mx, struct mailauth_str host);
/** Some pattern covers the host. */
bool policy_covers(const struct policy *p, struct mailauth_str host);

/** The mode as it is written; "" for POLICY_NO_MODE. */
const char *policy_mode_name(enum policy_mode mode);

#endif /* TRANSPORT_POLICY_H */
