/*
 * real.c - the resolver of libunbound when our allocations fail
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: real [STEP [N [on]]]
 *
 * A resolver is made, two zones are checked through it and each report is
 * printed, in a new process with allocation 1 failing, then with 1 + STEP, and
 * so on; then again with every allocation from that one on. Only the calls of
 * this library's own objects fail: the linker wraps them (--wrap), so that
 * libunbound, its thread and libcrypto have the memory that they need. Each
 * time the end is the report that is made when memory is plenty, or
 * MAILAUTH_ENOMEM: never a signal, another verdict, or blocks left behind. With
 * N only that one, in this process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mailauth/mailauth.h"

/* Blocks of ours at one time. */
#define BLOCKS_MAX 4096
/* Octets of what two reports say. */
#define SAID_MAX (256 * 1024)
/* Faults until it is left. */
#define FAULTS_MAX 20

/* Said for MAILAUTH_ENOMEM, and for a report that cannot be printed. */
#define NO_MEMORY "no memory"

extern void *__real_malloc(size_t n);
extern void *__real_calloc(size_t n, size_t size);
extern void *__real_realloc(void *p, size_t n);
extern void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static unsigned long at, count;
static bool on, counting;
static void *blocks[BLOCKS_MAX];
static size_t nblocks;

static bool
fails(void)
{
	if (!counting)
		return false;
	count++;
	if (at == 0 || (on ? count < at : count != at))
		return false;
	errno = ENOMEM;
	return true;
}

static void *
keep(void *p)
{
	if (p == NULL)
		return NULL;
	if (nblocks == BLOCKS_MAX) {
		printf("more than %d blocks\n", BLOCKS_MAX);
		abort();
	}
	return blocks[nblocks++] = p;
}

/* Forget a block; those that the C library made for us are not known. */
static void
forget(const void *p)
{
	for (size_t i = nblocks; i-- > 0;)
		if (blocks[i] == p) {
			blocks[i] = blocks[--nblocks];
			return;
		}
}

void *
__wrap_malloc(size_t n)
{
	return fails() ? NULL : keep(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : keep(__real_calloc(n, size));
}

void *
__wrap_realloc(void *old, size_t n)
{
	void *p;

	if (fails())
		return NULL;
	p = __real_realloc(old, n);
	if (p != NULL) {
		forget(old);
		keep(p);
	}
	return p;
}

void
__wrap_free(void *p)
{
	forget(p);
	__real_free(p);
}

static const char good[] =
    "$TTL 300\n@ SOA ns h 1 7200 900 1209600 300\n@ NS ns\n"
    "ns A 192.0.2.1\n@ MX 10 mta\n@ TXT \"v=spf1 mx ip4:192.0.2.9 -all\"\n"
    "mta A 192.0.2.4\nmta AAAA 2001:db8::4\nmta TXT \"v=spf1 a -all\"\n"
    "www CNAME mta\n_dmarc TXT \"v=DMARC1; p=reject; "
    "rua=mailto:d@good.example\"\n"
    "s1._domainkey TXT \"v=DKIM1; k=ed25519; "
    "p=kyHceRFnJpC+C8rF3VNfjhDyF+f2Zh7GeejKXcQJkRg=\"\n";

static const char bad[] =
    "$TTL 300\n@ SOA ns h 1 7200 900 1209600 300\n@ NS ns\n"
    "ns A 192.0.2.1\n@ MX 10 mta\n@ MX 20 gone\n"
    "@ TXT \"v=spf1 include:gone.bad.example -all\"\nmta A 192.0.2.4\n"
    "_dmarc TXT \"v=DMARC1; p=reject; p=none\"\n"
    "s1._domainkey TXT \"v=DKIM1; p=\"\n";

static char paths[2][64];

static void
write_zone(char path[64], const char *text)
{
	int fd;

	snprintf(path, 64, "/tmp/oom-real-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	close(fd);
}

/* Append the verdict and the findings of a report; false, and nothing else is
 * said, when it cannot be printed. */
static bool
add_said(char said[SAID_MAX], struct mailauth_report *r)
{
	char *json = mailauth_report_json(r, true);
	char *text = mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE);
	size_t n = strlen(said), nfindings = 0;

	counting = false;
	if (json == NULL || text == NULL) {
		snprintf(said, SAID_MAX, NO_MEMORY);
	} else {
		n += (size_t)snprintf(said + n, SAID_MAX - n, "verdict %d\n",
		    (int)mailauth_report_result(r));
		nfindings = mailauth_report_findings(r);
	}
	for (size_t i = 0; i < nfindings && n < SAID_MAX; i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);

		n += (size_t)snprintf(said + n, SAID_MAX - n, "%s %s %s\n",
		    f->code, f->name, f->message);
	}
	counting = true;
	free(json);
	free(text);
	return nfindings > 0;
}

/* Make the resolver and both reports; `said` is what they say, or why there is
 * nothing of the kind: "no memory" for MAILAUTH_ENOMEM. */
static void
make(char said[SAID_MAX])
{
	static const char *const selectors[] = { "s1" };
	static const char *const domains[] = { "good.example", "bad.example" };
	const struct mailauth_zone zones[] = { { domains[0], paths[0] },
		{ domains[1], paths[1] } };
	const struct mailauth_options options = { .zones = zones, .nzones = 2 };
	struct mailauth_request q = { .selectors = selectors,
		.nselectors = 1,
		.allow_documentation = true };
	struct mailauth_resolver *resolver = NULL;
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX] = "";
	enum mailauth_status status;
	bool more = true;

	said[0] = '\0';
	count = 0;
	counting = true;
	status = mailauth_resolver_new(&options, &resolver, why);
	for (int i = 0; i < 2 && more && status == MAILAUTH_OK; i++) {
		q.domain = domains[i];
		status = mailauth_check(resolver, &q, &report, why);
		if (status != MAILAUTH_OK)
			break;
		more = add_said(said, report);
		mailauth_report_free(report);
	}
	mailauth_resolver_free(resolver);
	counting = false;
	if (status == MAILAUTH_ENOMEM)
		snprintf(said, SAID_MAX, NO_MEMORY);
	else if (status != MAILAUTH_OK)
		snprintf(said, SAID_MAX, "status %d: %s", (int)status, why);
}

/* Exit codes of a child. */
enum { FINE, NOT_REACHED, FAULT };

static int
try(const char *expected, unsigned long n)
{
	static char said[SAID_MAX];
	size_t before = nblocks;

	at = n;
	make(said);
	if (strcmp(said, expected) != 0 &&
	    (strcmp(said, NO_MEMORY) != 0 || count < n)) {
		printf("allocation %lu%s: another report: %.300s\n", n,
		    on ? " and on" : "", said);
		return FAULT;
	}
	if (nblocks != before) {
		printf("allocation %lu%s: %zu blocks are left\n", n,
		    on ? " and on" : "", nblocks - before);
		return FAULT;
	}
	return count < n ? NOT_REACHED : FINE;
}

/* A request in a process of its own. */
static int
try_apart(const char *expected, unsigned long n)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		exit(try(expected, n));
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) <= FAULT)
		return WEXITSTATUS(status);
	printf("allocation %lu%s: ", n, on ? " and on" : "");
	if (WIFSIGNALED(status))
		printf("signal %d\n", WTERMSIG(status));
	else
		printf("the process was ended with code %d\n",
		    WEXITSTATUS(status));
	return FAULT;
}

/* What is said when memory is plenty; made in a process that ends, since the
 * thread of libunbound would not be there in those that come after. */
static void
make_expected(char said[SAID_MAX])
{
	FILE *f = tmpfile();
	int status = 1;
	pid_t pid;
	size_t n;

	if (f == NULL)
		exit(EXIT_FAILURE);
	pid = fork();
	if (pid == 0) {
		make(said);
		fputs(said, f);
		fprintf(f, "%lu", count);
		exit(fflush(f));
	}
	waitpid(pid, &status, 0);
	rewind(f);
	n = fread(said, 1, SAID_MAX - 1, f);
	said[n] = '\0';
	fclose(f);
	while (n > 0 && said[n - 1] != '\n')
		n--;
	count = strtoul(said + n, NULL, 10);
	said[n] = '\0';
}

int
main(int argc, char **argv)
{
	static char expected[SAID_MAX];
	unsigned long step = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	unsigned long runs = 0, faults = 0;

	write_zone(paths[0], good);
	write_zone(paths[1], bad);
	make_expected(expected);
	printf("%lu allocations\n", count);
	/* The reports that must not change are what they are meant to be. */
	if (strncmp(expected, "verdict ", 8) != 0 ||
	    strstr(expected, "verdict 2\n") == NULL ||
	    strncmp(expected, "verdict 2\n", 10) == 0 || step == 0) {
		printf("not the reports that are meant: %s\n", expected);
		faults++;
	} else if (argc > 2) {
		on = argc > 3;
		faults += try(expected, strtoul(argv[2], NULL, 10)) == FAULT;
	} else {
		for (int i = 0; i < 2; i++) {
			int code = FINE;

			on = i > 0;
			for (unsigned long n = 1;
			     code != NOT_REACHED && faults < FAULTS_MAX;
			     n += step) {
				code = try_apart(expected, n);
				runs++;
				faults += code == FAULT;
			}
		}
	}
	unlink(paths[0]);
	unlink(paths[1]);
	printf("oom real: %lu runs, %lu faults\n", runs, faults);
	return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
