/*
 * transport_files.h - a policy of MTA-STS and certificates of mail hosts, in a
 * check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_TRANSPORT_FILES_H
#define DOMAIN_TRANSPORT_FILES_H

#include "domain/domain.h"
#include "domain/mail_hosts.h"

/** Read the files that the request names; dc->files stays NULL without any. */
enum mailauth_status
transport_files_take(struct check *c, struct domain_check *dc, char *why);
/** Put findings on the policy into the report; nothing with NULL. `set` is the
 * MTA-STS record. */
void sts_policy_tell(struct check *c, const struct transport_files *files,
    const struct record_set *set);
/** Compare the certificates with the TLSA records of the hosts; nothing with
 * NULL. */
void tls_certs_tell(struct check *c, const struct transport_files *files,
    const struct mail_hosts *hosts);

#endif /* DOMAIN_TRANSPORT_FILES_H */
