/*
 * main.c - runs all unit tests
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With --records it prints the cases of testdata/records instead, as JSON, for
 * tests that put them to something else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* The suite that was made last is the one that TEST names. */
static bool suite_named;

const char *
source_dir(void)
{
	const char *dir = getenv("srcdir");

	return dir != NULL && dir[0] != '\0' ? dir : ".";
}

/* What TEST names, or NULL. */
static const char *
only(void)
{
	const char *name = getenv("TEST");

	return name != NULL && name[0] != '\0' ? name : NULL;
}

bool
unit_forks(void)
{
	static int forks = -1;

	if (forks < 0) {
		const char *how = getenv("CK_FORK");

		forks = how != NULL && strcmp(how, "no") != 0;
	}
	return forks == 1;
}

Suite *
unit_suite(const char *name)
{
	suite_named = only() != NULL && strcmp(only(), name) == 0;
	return (suite_create)(name);
}

bool
unit_wants(const char *test)
{
	return only() == NULL || suite_named || strcmp(only(), test) == 0;
}

int
main(int argc, char **argv)
{
	SRunner *runner;
	int failed, run;

	if (argc == 2 && strcmp(argv[1], "--records") == 0)
		return print_cases();
	if (argc == 2 && strcmp(argv[1], "--screens") == 0)
		return write_screens();
	/* A failure may show two whole reports. Check ends the program at a
	 * longer message than this, 8 KiB unless told, and moves a buffer of
	 * this size several times a test. */
	setenv("CK_MAX_MSG_SIZE", "32768", 0);
	runner = srunner_create(suite_base());
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
	srunner_add_suite(runner, suite_settings());
	srunner_add_suite(runner, suite_suite());
	srunner_add_suite(runner, suite_plan());
	srunner_add_suite(runner, suite_lint());
	srunner_add_suite(runner, suite_lint_fix());
	srunner_add_suite(runner, suite_lint_diff());
	srunner_add_suite(runner, suite_worlds());
	srunner_add_suite(runner, suite_sys());
	srunner_add_suite(runner, suite_size());
	srunner_add_suite(runner, suite_bimi());
	srunner_add_suite(runner, suite_parse());
	srunner_add_suite(runner, suite_repair());
	srunner_add_suite(runner, suite_script());
	srunner_add_suite(runner, suite_checks());
	srunner_add_suite(runner, suite_spf());
	srunner_add_suite(runner, suite_dmarc());
	srunner_add_suite(runner, suite_dnssec());
	srunner_add_suite(runner, suite_explain());
	srunner_add_suite(runner, suite_walk());
	srunner_add_suite(runner, suite_config());
	srunner_add_suite(runner, suite_engine());
	srunner_add_suite(runner, suite_merge());
	srunner_add_suite(runner, suite_message());
	srunner_add_suite(runner, suite_signed());
	srunner_add_suite(runner, suite_claims());
	srunner_add_suite(runner, suite_everyday());
	srunner_add_suite(runner, suite_sent());
	srunner_add_suite(runner, suite_forged());
	srunner_add_suite(runner, suite_envelope());
	srunner_add_suite(runner, suite_letter());
	srunner_add_suite(runner, suite_domain());
	srunner_add_suite(runner, suite_transport());
	srunner_add_suite(runner, suite_source());
	srunner_add_suite(runner, suite_authority());
	srunner_add_suite(runner, suite_zone());
	srunner_add_suite(runner, suite_causes());
	srunner_add_suite(runner, suite_help());
	srunner_add_suite(runner, suite_screen());
	if (!unit_forks())
		srunner_set_fork_status(runner, CK_NOFORK);
	srunner_add_suite(runner, suite_use());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	run = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("unit: %d passed, %d failed\n", run - failed, failed);
	if (run == 0)
		fprintf(stderr, "unit: there is no such test\n");
	return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
