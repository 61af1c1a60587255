/*
 * prepare.h - requests: from what users give to names and addresses
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_PREPARE_H
#define DOMAIN_PREPARE_H

#include "engine/check.h"

/** What can be asked for. */
struct job {
	const struct subject *const *subjects;
	size_t nsubjects;
	/** Take a request; `why` is set when it is refused. */
	enum mailauth_status (
	    *prepare)(struct check *c, const void *request, char *why);
};

extern const struct job job_check, job_spf, job_dmarc, job_explain, job_merge,
    job_plan;

/** Run job_merge with its request to its report. */
enum mailauth_status run_merge(struct mailauth_resolver *resolver,
    const struct merge *m, struct mailauth_report **out, char *why);

/** A plan that is not held against DNS. */
enum mailauth_status plan_alone(const struct mailauth_plan_request *q,
    struct mailauth_report **out, char *why);

/** Refuse something the user gave: EUSE, with one line in `why`. */
enum mailauth_status refuse(char *why, const char *what, const char *reason);
/** A domain name as people type it: A-labels or UTF-8. */
enum mailauth_status take_name(struct check *c, const char *text,
    struct mailauth_str *out, char *why);
/** A domain of two labels at least, as it comes in a session of SMTP or in a
 * message; false when it is none. */
bool take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out);
/** A DKIM selector of a domain, alone or as "selector._domainkey.domain", which
 * is a mistake one can help with. */
void take_selector(struct check *c, struct mailauth_str text,
    struct mailauth_str domain, struct selector *out);
/** An address that sends; EUSE when it is none. */
enum mailauth_status take_sender(struct check *c,
    const struct mailauth_sender *from, struct sender *out, char *why);
/** A label that nobody has, to see who answers for everybody. */
struct mailauth_str make_stranger(struct check *c);

#endif /* DOMAIN_PREPARE_H */
