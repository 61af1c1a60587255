/*
 * critical.c - times an evaluation of SPF and its longest chain of questions
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *   critical SERVER DS CLIENT SENDER TIMES < QUESTIONS
 *
 * The program alternates between the evaluation through the library and the
 * questions ("NAME TYPE", the type as a number) through bare libunbound, one
 * after the other. Each run uses a new context, so that its cache is empty. The
 * time is that from the first question to the result; the context is ready
 * before.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

#include "mailauth/mailauth.h"

#define QUESTIONS_MAX 16
#define TIMES_MAX     999

struct question {
	char name[256];
	int type;
};

static struct question questions[QUESTIONS_MAX];
static unsigned nquestions;
static struct event_base *base;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return v[n / 2];
}

static double
evaluate(const char *server, const char *ds, const char *client,
    const char *sender)
{
	struct mailauth_options options = { .servers = &server,
		.nservers = 1,
		.anchors = &ds,
		.nanchors = 1 };
	struct mailauth_spf_request request = { .ip = client,
		.mail_from = sender };
	struct mailauth_resolver *resolver;
	struct mailauth_report *report;
	struct mailauth_spf_view view;
	char why[MAILAUTH_WHY_MAX];
	double begun, took;

	if (mailauth_resolver_new(&options, &resolver, why) != MAILAUTH_OK) {
		fprintf(stderr, "critical: %s\n", why);
		exit(66);
	}
	begun = now();
	if (mailauth_spf(resolver, &request, &report, why) != MAILAUTH_OK) {
		fprintf(stderr, "critical: %s\n", why);
		exit(66);
	}
	took = now() - begun;
	if (!mailauth_report_spf(report, &view) || view.lookups != 10 ||
	    view.result != MAILAUTH_SPF_FAIL)
		exit(70);
	mailauth_report_free(report);
	mailauth_resolver_free(resolver);
	return took;
}

static void
answered(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	(void)packet;
	(void)len;
	(void)sec;
	(void)why;
	(void)was_ratelimited;
	if (rcode == 2)
		exit(70);
	*(int *)arg = 1;
}

static void
ask(struct ub_ctx *ctx, const char *name, int type)
{
	int done = 0;

	if (ub_resolve_event(ctx, name, type, 1, &done, answered, NULL) != 0)
		exit(70);
	while (!done)
		event_base_loop(base, EVLOOP_ONCE);
}

static double
walk(const char *config)
{
	struct ub_ctx *ctx = ub_ctx_create_event(base);
	double begun, took;

	if (ctx == NULL || ub_ctx_config(ctx, config) != 0)
		exit(66);
	/* A context starts its work with the first question: ask one. */
	ask(ctx, "ready.invalid", 1);
	begun = now();
	for (unsigned i = 0; i < nquestions; i++)
		ask(ctx, questions[i].name, questions[i].type);
	took = now() - begun;
	ub_ctx_delete(ctx);
	return took;
}

int
main(int argc, char **argv)
{
	static double own[TIMES_MAX], bare[TIMES_MAX], ratio[TIMES_MAX];
	char config[] = "/tmp/critical.XXXXXX";
	int times = argc == 6 ? atoi(argv[5]) : 0, fd = mkstemp(config);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (times < 1 || times > TIMES_MAX || f == NULL) {
		fprintf(stderr,
		    "usage: critical SERVER DS CLIENT SENDER TIMES"
		    " < QUESTIONS\n");
		return 64;
	}
	fprintf(f,
	    "server:\n  do-not-query-localhost: no\n  trust-anchor: \"%s\"\n"
	    "forward-zone:\n  name: \".\"\n  forward-addr: %s\n",
	    argv[2], argv[1]);
	fclose(f);
	while (nquestions < QUESTIONS_MAX &&
	    scanf("%255s %d", questions[nquestions].name,
	        &questions[nquestions].type) == 2)
		nquestions++;
	base = event_base_new();
	for (int i = 0; i < times; i++) {
		own[i] = evaluate(argv[1], argv[2], argv[3], argv[4]);
		bare[i] = walk(config);
		ratio[i] = own[i] / bare[i];
	}
	unlink(config);
	printf("%.2f %.2f %.2f\n", median(own, times), median(bare, times),
	    median(ratio, times));
	return 0;
}
