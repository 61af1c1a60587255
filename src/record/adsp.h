/*
 * adsp.h - the practice of an ADSP record (RFC 5617, historic)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_ADSP_H
#define RECORD_ADSP_H

#include "mailauth/types.h"

/** The parsed record says dkim=discardable. */
bool adsp_discardable(const struct mailauth_record *rec);

#endif /* RECORD_ADSP_H */
