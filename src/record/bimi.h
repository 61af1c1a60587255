/*
 * bimi.h - writes BIMI assertion records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_BIMI_H
#define RECORD_BIMI_H

#include "base/writer.h"

/**
 * Append the text of a record: "v=BIMI1; l=https://example.com/bimi/bimi.svg",
 * and "; a=..." when there is evidence. Its owner is <selector>._bimi.<domain>.
 * @param l location of the logo; empty, with an empty `a`, writes the record
 *     that declines to publish, "v=BIMI1; l=; a=;"
 * @param a location of the certificate; may be empty
 * @return false, with nothing written, when receivers could not use the record:
 *     a location is not an https URI with a full host name or has a ';', the
 *     logo is not .svg or .svgz, or there is evidence without a logo.
 */
bool
put_bimi_record(struct writer *w, struct mailauth_str l, struct mailauth_str a);

#endif /* RECORD_BIMI_H */
