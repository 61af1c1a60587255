/*
 * zonefiles.h - the zones that a resolver is given, read from their files
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_ZONEFILES_H
#define DNS_ZONEFILES_H

#include "dns/config.h"
#include "dns/resolver.h"
#include "zone/zones.h"

struct zonefiles;

/**
 * Read the zones of a configuration from the files of the options, which it was
 * made of. Faults with which name servers refuse a zone end the reading; others
 * are kept.
 * @param out for zonefiles_free(); NULL on failure
 * @return MAILAUTH_OK; EINPUT or ENOMEM with one line in `why`
 */
enum mailauth_status zonefiles_read(const struct config *c,
    const struct mailauth_options *o, struct zonefiles **out,
    char why[MAILAUTH_WHY_MAX]);
/** The same of zones that were read, which must live longer. */
enum mailauth_status
zonefiles_borrow(const struct zones *zones, struct zonefiles **out);
void zonefiles_free(struct zonefiles *f);

/** The folder of a zone file, without links, for free(); NULL: it has none, as
 * a pipe. */
char *zonefile_folder(const char *file);
/** The path of a file that `file` includes: only one of `folder`, which is that
 * of zonefile_folder(), or below it. NULL, with `why` set, for others. */
const char *zonefile_included(struct arena *a, const char *file,
    const char *folder, struct mailauth_str name, const char **why);

/** The index. */
const struct zones *zonefiles_index(const struct zonefiles *f);

/** Some zone has authority for the question: its name is in the zone, and for
 * DS records the name above it (RFC 4035 3.1.4.1). */
bool zonefiles_serve(const struct zonefiles *f, const struct dname *name,
    uint16_t type);

/** Answer a lookup as an authority does, without DNSSEC. What leads out of the
 * zones fails with MAILAUTH_CAUSE_OFFLINE. */
void zonefiles_answer(struct zonefiles *f, struct lookup *l);

/** The records are there, and no DNS message has room for them. */
bool zonefiles_too_large(struct zonefiles *f, struct mailauth_str name,
    uint16_t type);

/** Methods of struct resolver. */
bool zonefiles_place(const struct zonefiles *f, const struct mailauth_answer *a,
    size_t i, struct mailauth_place *out);
const struct resolver_fault *zonefiles_fault(const struct zonefiles *f,
    const struct mailauth_answer *a, size_t i);

#endif /* DNS_ZONEFILES_H */
