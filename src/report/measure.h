/*
 * measure.h - the measured value that a finding of a judgement is about
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_MEASURE_H
#define REPORT_MEASURE_H

#include "report/report.h"

/** Write what was measured: "2 records", "640 octets". Writes nothing for a
 * finding without such a value. */
void put_measure(struct writer *w, const struct record_set *set, unsigned id);

#endif /* REPORT_MEASURE_H */
