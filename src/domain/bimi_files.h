/*
 * bimi_files.h - a logo and its certificate within a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_BIMI_FILES_H
#define DOMAIN_BIMI_FILES_H

#include "bimi/file.h"
#include "domain/domain.h"

/** The files that were given. */
struct bimi_files {
	struct bimi_file svg, cert, roots; /* without a name: not given */
};

/** Read the files of a request; dc->bimi stays NULL when there are none. */
enum mailauth_status
bimi_files_take(struct check *c, struct domain_check *dc, char *why);
/** Put the files into the report, and findings on them: on the set of the BIMI
 * record, or on the whole domain with NULL. */
void bimi_files_tell(struct check *c, const struct domain_check *dc,
    const struct record_set *set);

#endif /* DOMAIN_BIMI_FILES_H */
