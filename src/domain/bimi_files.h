/*
 * bimi_files.h - files with a BIMI logo and its certificate, in a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_BIMI_FILES_H
#define DOMAIN_BIMI_FILES_H

#include "bimi/file.h"
#include "domain/domain.h"

/** The files of a request. */
struct bimi_files {
	struct bimi_file svg, cert, roots; /* without a name: not given */
};

/** Read the files of a request; dc->bimi stays NULL without any. */
enum mailauth_status
bimi_files_take(struct check *c, struct domain_check *dc, char *why);
/** Put the files into the report with findings: on `set`, that of the BIMI
 * record, or with NULL on the domain as a whole. */
void bimi_files_tell(struct check *c, const struct domain_check *dc,
    const struct record_set *set);

#endif /* DOMAIN_BIMI_FILES_H */
