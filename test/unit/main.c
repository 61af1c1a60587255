/*
 * main.c - runs all unit tests
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

const char *
source_dir(void)
{
	const char *dir = getenv("srcdir");

	return dir != NULL && dir[0] != '\0' ? dir : ".";
}

int
main(void)
{
	SRunner *runner = srunner_create(suite_base());
	int failed, run;

	srunner_add_suite(runner, suite_record());
	srunner_add_suite(runner, suite_cases());
	srunner_add_suite(runner, suite_report());
	srunner_add_suite(runner, suite_check());
	srunner_add_suite(runner, suite_log());
	srunner_add_suite(runner, suite_conf());
	srunner_add_suite(runner, suite_line());
	srunner_add_suite(runner, suite_sink());
	srunner_add_suite(runner, suite_logger());
	srunner_add_suite(runner, suite_sig());
	srunner_add_suite(runner, suite_header());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	run = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("unit: %d passed, %d failed\n", run - failed, failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
