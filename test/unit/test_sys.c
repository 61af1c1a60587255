/*
 * test_sys.c - files that appear whole, or never
 * SPDX-License-Identifier: BSD-3-Clause
 */
#define _GNU_SOURCE /* mkdtemp */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/tempfile.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* What ends a process that is writing, and the files that it leaves. */
static const struct {
	int signal;
	bool ends; /* it gets to the end before the signal does */
	int files;
} ways[] = { { SIGKILL, false, 0 }, { SIGTERM, true, 1 }, { SIGINT, true, 1 },
	{ SIGHUP, true, 1 }, { 0, true, 1 } };

/* Count the files of a folder, and remove it and them. */
static int
take_away(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		ck_assert_int_eq(unlinkat(dirfd(d), e->d_name, 0), 0);
	}
	closedir(d);
	ck_assert_int_eq(rmdir(folder), 0);
	return n;
}

static void
write_and_die(const char *file, int way)
{
	struct newfile n;

	/* The runner of the tests has its own ways with signals. */
	if (ways[way].signal != 0 && ways[way].signal != SIGKILL)
		signal(ways[way].signal, SIG_DFL);
	if (!newfile_begin(&n, file, 0640) || fputs("half", n.f) < 0 ||
	    fflush(n.f) != 0)
		_exit(1);
	if (ways[way].signal != 0)
		raise(ways[way].signal);
	if (fputs(" and whole\n", n.f) < 0)
		_exit(1);
	_exit(newfile_end(&n, file, true) ? 0 : 1);
}

START_TEST(new_file)
{
	char folder[] = "/tmp/mailauth-sys.XXXXXX", file[64], text[32] = "";
	struct newfile n;
	struct stat st;
	int status;
	FILE *f;
	pid_t pid;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/new", folder);
	pid = fork();
	if (pid == 0)
		write_and_die(file, _i);
	waitpid(pid, &status, 0);
	if (ways[_i].signal != 0)
		ck_assert(
		    WIFSIGNALED(status) && WTERMSIG(status) == ways[_i].signal);
	else
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	if (ways[_i].ends) {
		f = fopen(file, "r");
		ck_assert_ptr_nonnull(f);
		ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
		ck_assert_int_eq(fstat(fileno(f), &st), 0);
		fclose(f);
		ck_assert_str_eq(text, "half and whole\n");
		ck_assert_int_eq(st.st_mode & 0137, 0);
		/* What is there stays. */
		ck_assert(!newfile_begin(&n, file, 0600) && errno == EEXIST);
	}
	ck_assert_int_eq(take_away(folder), ways[_i].files);
}
END_TEST

/* A file that could not be written, or whose name was taken meanwhile. */
START_TEST(no_file)
{
	char folder[] = "/tmp/mailauth-sys.XXXXXX", file[64];
	struct newfile n;
	FILE *f;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/new", folder);
	ck_assert(newfile_begin(&n, file, 0600));
	ck_assert(!newfile_end(&n, file, false));
	ck_assert(access(file, F_OK) != 0);
	ck_assert(newfile_begin(&n, file, 0600));
	f = fopen(file, "w");
	ck_assert_ptr_nonnull(f);
	fclose(f);
	ck_assert(!newfile_end(&n, file, true) && errno == EEXIST);
	ck_assert_int_eq(take_away(folder), 1);
	ck_assert(!newfile_begin(&n, file, 0600) && errno == ENOENT);
}
END_TEST

Suite *
suite_sys(void)
{
	Suite *s = suite_create("sys");
	TCase *tc = tcase_create("sys");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, new_file, 0, COUNT(ways));
	tcase_add_test(tc, no_file);
	suite_add_tcase(s, tc);
	return s;
}
