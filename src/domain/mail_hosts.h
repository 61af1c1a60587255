/*
 * mail_hosts.h - the hosts that mail for a domain is sent to
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_MAIL_HOSTS_H
#define DOMAIN_MAIL_HOSTS_H

#include "engine/check.h"

/** The hosts of the MX records, or else the domain itself. */
struct mail_hosts {
	struct mailauth_str name[HOSTS_MAX]; /* each once */
	size_t n; /* 0 with `known`: no mail is accepted */
	bool known; /* these are all */
	bool insecure; /* the MX records are proved to be unsigned */
};

/** Ask for what mail_hosts() needs. */
void mail_hosts_want(struct check *c);
void mail_hosts(struct check *c, struct mail_hosts *out);
/** Doubt the lookups that leave the hosts unknown: a host could have given the
 * finding `id` on the domain as a whole. */
void mail_hosts_doubt(struct check *c, enum mailauth_finding_id id);

#endif /* DOMAIN_MAIL_HOSTS_H */
