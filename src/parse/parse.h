/*
 * parse.h - one record given as text
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * parse: judges one record that is given as text, without DNS. The caller, the
 * owner name or the text itself gives the kind of the record. May include
 * base, record, judge and report. In: mailauth_parse(). Out: a report with one
 * record set.
 */
#ifndef PARSE_PARSE_H
#define PARSE_PARSE_H

#include "report/report.h"

/** The only part of a report of mailauth_parse(); it has no data. */
extern const struct part_type parse_part;

#endif /* PARSE_PARSE_H */
