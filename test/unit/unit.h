/*
 * unit.h - the suites of the unit tests
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <stdbool.h>

/* The macros of libcheck use formats of GNU C, which -Wpedantic rejects. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#include <check.h>
#pragma GCC diagnostic pop

/*
 * The environment variable TEST names one suite, test or record case; without
 * it all are run. The macros of libcheck are wrapped, so that no suite has to
 * know of it.
 */

/** A new suite; its tests are wanted when TEST is its name. */
Suite *unit_suite(const char *name);
/** A test of the suite that was made last is to be run. */
bool unit_wants(const char *test);

#undef suite_create
#define suite_create(name) unit_suite(name)
#undef tcase_add_test
#define tcase_add_test(tc, test) tcase_add_loop_test(tc, test, 0, 1)
#undef tcase_add_loop_test
#define tcase_add_loop_test(tc, test, from, to) \
	do { \
		if (unit_wants((test)->name)) \
			_tcase_add_test(tc, test, 0, 0, from, to); \
	} while (0)

/* Check writes into a file where each assertion was that held, and moves what
 * it reads back by a few octets at a time, for a process that ends without a
 * word. One process for all tests has no reader of that; test/check runs them
 * again, a process each, to see which brought it to its end. */
#define _mark_point(file, line) \
	(unit_forks() ? _mark_point(file, line) : (void)0)

/** Each test has a process of its own: CK_FORK says so. */
bool unit_forks(void);

Suite *suite_authority(void);
Suite *suite_zone(void);
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
Suite *suite_settings(void);
Suite *suite_suite(void);
Suite *suite_plan(void);
Suite *suite_lint(void);
Suite *suite_lint_fix(void);
Suite *suite_lint_diff(void);
Suite *suite_worlds(void);
Suite *suite_sys(void);
Suite *suite_size(void);
Suite *suite_bimi(void);
Suite *suite_parse(void);
Suite *suite_repair(void);
Suite *suite_script(void);
Suite *suite_checks(void);
Suite *suite_spf(void);
Suite *suite_dmarc(void);
Suite *suite_dnssec(void);
Suite *suite_explain(void);
Suite *suite_message(void);
Suite *suite_signed(void);
Suite *suite_claims(void);
Suite *suite_everyday(void);
Suite *suite_sent(void);
Suite *suite_forged(void);
Suite *suite_envelope(void);
Suite *suite_letter(void);
Suite *suite_walk(void);
Suite *suite_config(void);
Suite *suite_parse(void);
Suite *suite_engine(void);
Suite *suite_merge(void);
Suite *suite_domain(void);
Suite *suite_transport(void);
Suite *suite_source(void);
Suite *suite_causes(void);
Suite *suite_help(void);
Suite *suite_screen(void);
Suite *suite_use(void);

/** Print the cases of testdata/records, a JSON object each; an exit code. */
int print_cases(void);

/** Write the pages of testdata/screens anew, as they are now; an exit code. What
 * differs is to be read before it is kept. */
int write_screens(void);

/** The folder of the sources, which has testdata. */
const char *source_dir(void);

#endif /* UNIT_UNIT_H */
