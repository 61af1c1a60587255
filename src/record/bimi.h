/*
 * bimi.h - BIMI assertion records, written
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_BIMI_H
#define RECORD_BIMI_H

#include "base/writer.h"

/**
 * The text of a record: "v=BIMI1; l=https://example.com/bimi/bimi.svg", and
 * "; a=..." when there is evidence. Its owner is <selector>._bimi.<domain>.
 * @param l location of the logo; empty, with an empty `a`: the record that
 *     declines, "v=BIMI1; l=; a=;"
 * @param a location of the certificate; may be empty
 * @return false, with nothing written, when receivers could not use it: a
 *     location that is no https URI with a full host name, a logo that is no
 *     .svg or .svgz, a ';' in either, or evidence without a logo.
 */
bool
put_bimi_record(struct writer *w, struct mailauth_str l, struct mailauth_str a);

#endif /* RECORD_BIMI_H */
