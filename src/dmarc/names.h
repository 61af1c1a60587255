/*
 * names.h - what DMARC's states are called in text and JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DMARC_NAMES_H
#define DMARC_NAMES_H

#include "dmarc/alignment.h"

/** "policy", "none", "unknown". */
const char *dmarc_state_name(enum mailauth_dmarc_state v);
/** "pass", ...; NULL: undecided. */
const char *dmarc_result_name(enum mailauth_dmarc_result v);
/** "record", "none", "multiple", "unknown", "not-asked". */
const char *dmarc_sort_name(enum dmarc_sort v);
/** "y", "n", "u". */
const char *dmarc_psd_name(enum dmarc_psd v);
/** "yes", "no", "unknown". */
const char *dmarc_existence_name(enum dmarc_existence v);

#endif /* DMARC_NAMES_H */
