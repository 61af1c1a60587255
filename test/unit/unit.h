/*
 * unit.h - the suites of the unit tests
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

/* The macros of libcheck use formats of GNU C, which -Wpedantic rejects. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#include <check.h>
#pragma GCC diagnostic pop

Suite *suite_base(void);
Suite *suite_record(void);
Suite *suite_cases(void);
Suite *suite_report(void);
Suite *suite_check(void);
Suite *suite_log(void);
Suite *suite_conf(void);
Suite *suite_line(void);
Suite *suite_sink(void);
Suite *suite_logger(void);
Suite *suite_sig(void);
Suite *suite_header(void);

/** The folder of the sources, which has testdata. */
const char *source_dir(void);

#endif /* UNIT_UNIT_H */
