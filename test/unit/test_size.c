/*
 * test_size.c - small stacks, and many things at once
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A program may call the library from threads of 128 KiB. Four times as many
 * selectors, senders, nodes or strings may cost about four times as much.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "ask.h"
#include "base/str.h"
#include "record/txt.h"
#include "text.h"

#define STACK        (128u * 1024u)
#define THREAD_DATA  8192u
#define BODY         (256u * 1024u)
#define FEW          100
#define MANY         400
#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
/* Four times as many, at most so many times the time. */
#define RATIO_MAX 10

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

static const char world[] =
    "zone example.com\n@ MX 10 mta\n@ A 192.0.2.1\nmta A 192.0.2.4\n"
    "@ TXT 'v=spf1 include:s0.example.com exists:%{ir}.%{l}.e.example.com "
    "-all'\n"
    "s0 TXT 'v=spf1 include:s1.example.com ~all'\n"
    "s1 TXT 'v=spf1 include:s2.example.com ~all'\n"
    "s2 TXT 'v=spf1 include:s3.example.com ~all'\n"
    "s3 TXT 'v=spf1 include:s4.example.com mx ptr -all'\n"
    "s4 TXT 'v=spf1 redirect=s5.example.com'\n"
    "s5 TXT 'v=spf1 ip4:192.0.2.0/24 -all'\n"
    "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:r@example.org'\n"
    "*._domainkey TXT 'v=DKIM1; k=ed25519; "
    "p=kyHceRFnJpC+C8rF3VNfjhDyF+f2Zh7GeejKXcQJkRg='\n"
    "_smtp._tls TXT 'v=TLSRPTv1; rua=mailto:t@example.com'\n"
    "_mta-sts TXT 'v=STSv1; id=1'\n"
    "default._bimi TXT 'v=BIMI1; l=https://example.com/a.svg'\n"
    "zone 2.0.192.in-addr.arpa\n4 PTR mta.example.com.\n"
    "zone example.org\nzone .\n";

/* A message with many fields, of which it is read piece by piece. */
struct letter {
	char *text;
	size_t n, at;
};

static long
read_letter(void *arg, void *buf, size_t n)
{
	struct letter *l = arg;

	if (n > l->n - l->at)
		n = l->n - l->at;
	memcpy(buf, l->text + l->at, n);
	l->at += n;
	return (long)n;
}

static void
make_letter(struct letter *l)
{
	FILE *f = open_memstream(&l->text, &l->n);

	l->at = 0;
	for (int i = 0; i < 100; i++)
		fprintf(f,
		    "Authentication-Results: mx%d.example.net; dkim=pass "
		    "header.d=example.com header.s=s%d; spf=pass "
		    "smtp.mailfrom=example.com; dmarc=fail\r\n"
		    "Received: from mta%d.example.com (mta%d.example.com "
		    "[192.0.2.%d])\r\n\tby mx.example.net with ESMTPS id "
		    "%d;\r\n\tFri, 27 Nov 2026 10:%02d:00 +0000\r\n",
		    i, i, i, i, i % 250, i, i % 60);
	for (int i = 0; i < 60; i++)
		fprintf(f,
		    "DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed; "
		    "d=example.com; s=s%d; h=from:to:subject:received; l=%d; "
		    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; "
		    "b=%0800d\r\n",
		    i % 2 == 0 ? "rsa" : "ed25519", i, i * 100, 0);
	fprintf(f,
	    "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.b; s=c; b=AA\r\n"
	    "From: \"A, B\" <a@example.com>\r\nSubject: ");
	for (int i = 0; i < 3000; i++)
		fprintf(f, "=?utf-8?q?a?=%s", i % 40 == 39 ? "\r\n " : " ");
	fprintf(f, "\r\n\r\n");
	for (unsigned i = 0; i < BODY / 64; i++)
		fprintf(f, "%062u\r\n", i);
	fclose(f);
}

/* Requests from a small thread. */

static void
small_check(struct mailauth_resolver *source)
{
	static const char *const selectors[] = { "s1", "s2" };
	static const struct mailauth_sender senders[] = { { "mta.example.com",
	    "192.0.2.4" } };
	const struct mailauth_request q = { .domain = "example.com",
		.selectors = selectors,
		.nselectors = 2,
		.senders = senders,
		.nsenders = 1,
		.mail_from = "b@example.com",
		.helo = "mta.example.com" };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_check(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE));
	free(mailauth_report_json(r, true));
	mailauth_report_free(r);
}

static void
small_spf(struct mailauth_resolver *source)
{
	const struct mailauth_spf_request q = { .ip = "198.51.100.4",
		.mail_from = "b@example.com",
		.helo = "mta.example.com" };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_spf(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_json(r, true));
	mailauth_report_free(r);
}

static void
small_dmarc(struct mailauth_resolver *source)
{
	static const char *const dkim[] = { "a.b.c.d.e.f.g.h.i.example.com" };
	const struct mailauth_dmarc_request q = {
		.from = "x@a.b.c.d.e.f.g.h.example.com",
		.dkim = dkim,
		.ndkim = 1,
		.spf = "y@example.org"
	};
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_dmarc(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_json(r, true));
	mailauth_report_free(r);
}

static void
small_explain(struct mailauth_resolver *source)
{
	static const char *const ids[] = { "mx1.example.net" };
	struct mailauth_explain_request q = { .authserv_ids = ids,
		.nauthserv_ids = 1 };
	struct mailauth_message *m;
	struct mailauth_report *r;
	struct letter letter;
	char why[MAILAUTH_WHY_MAX];

	make_letter(&letter);
	EXPECT(mailauth_message_new(read_letter, &letter, &m, why) ==
	        MAILAUTH_OK,
	    "%s", why);
	q.message = m;
	EXPECT(mailauth_explain(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE));
	free(mailauth_report_json(r, true));
	mailauth_report_free(r);
	mailauth_message_free(m);
	free(letter.text);
}

static void (*const small[])(struct mailauth_resolver *source) = { small_check,
	small_spf, small_dmarc, small_explain };

/* The thread's own data are off its stack: this program has more of them than
 * those that use the library, so a context takes the thread's place. */
static struct {
	void (*run)(struct mailauth_resolver *source);
	struct mailauth_resolver *source;
	ucontext_t here, there;
} thread;

static void
run_small(void)
{
	thread.run(thread.source);
}

START_TEST(small_stack)
{
#ifndef SANITIZED
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct asked a;
	char *room = mmap(NULL, STACK + page, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert(room != MAP_FAILED &&
	    mprotect(room + page, STACK, PROT_READ | PROT_WRITE) == 0);
	ask_open(&a, world, NULL);
	thread.run = small[_i];
	thread.source = a.source;
	ck_assert_int_eq(getcontext(&thread.there), 0);
	thread.there.uc_stack.ss_sp = room + page;
	thread.there.uc_stack.ss_size = STACK - THREAD_DATA;
	thread.there.uc_link = &thread.here;
	makecontext(&thread.there, run_small, 0);
	ck_assert_int_eq(swapcontext(&thread.here, &thread.there), 0);
	munmap(room, STACK + page);
	ask_close(&a);
#else
	(void)small;
	(void)run_small;
#endif
}
END_TEST

/* Many of one sort. */

static char names[MANY][32], hosts[MANY][32], addresses[MANY][32];
static const char *selectors[MANY];
static struct mailauth_sender senders[MANY];

static void
make_names(void)
{
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "sel%u", i);
		snprintf(hosts[i], sizeof(hosts[i]), "m%u.example.com", i);
		snprintf(addresses[i], sizeof(addresses[i]), "192.0.%u.%u",
		    i / 200 + 3, i % 200 + 1);
		selectors[i] = names[i];
		senders[i] = (struct mailauth_sender){ hosts[i], addresses[i] };
	}
}

static void
check_many(struct mailauth_resolver *source, struct mailauth_request *q)
{
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	q->domain = "example.com";
	q->allow_documentation = true;
	EXPECT(mailauth_check(source, q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE));
	free(mailauth_report_json(r, true));
	mailauth_report_free(r);
}

static void
many_selectors(struct mailauth_resolver *source, int n)
{
	struct mailauth_request q = { .selectors = selectors,
		.nselectors = (size_t)n };

	check_many(source, &q);
}

static void
many_senders(struct mailauth_resolver *source, int n)
{
	struct mailauth_request q = { .senders = senders,
		.nsenders = (size_t)n };

	check_many(source, &q);
}

static struct mailauth_settings *
many_settings(int n, bool routes)
{
	struct mailauth_settings_text one = { .name = "settings" };
	struct mailauth_settings *s;
	char *text, why[MAILAUTH_WHY_MAX];
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fprintf(f, "{\"nodes\": [");
	for (int i = 0; i < (routes ? 1 : n); i++)
		fprintf(f, "%s{\"ip\": \"%s\", \"host\": \"%s\"}",
		    i > 0 ? ", " : "", addresses[i], hosts[i]);
	fprintf(f, "], \"senders\": [");
	for (int i = 0; i < (routes ? n : 1); i++)
		fprintf(f,
		    "%s{\"name\": \"n%d\", \"from\": \"example.com\", "
		    "\"dkim_selector\": \"%s\"}",
		    i > 0 ? ", " : "", i, names[i]);
	fprintf(f, "]}");
	fclose(f);
	one.text = text;
	one.len = len;
	EXPECT(mailauth_settings_parse(&one, 1, &s, why) == MAILAUTH_OK, "%s",
	    why);
	free(text);
	return s;
}

static void
with_settings(struct mailauth_resolver *source, int n, bool routes)
{
	struct mailauth_settings *s = many_settings(n, routes);
	struct mailauth_request q = { .settings = s };

	check_many(source, &q);
	mailauth_settings_free(s);
}

static void
many_nodes(struct mailauth_resolver *source, int n)
{
	with_settings(source, n, false);
}

static void
many_routes(struct mailauth_resolver *source, int n)
{
	with_settings(source, n, true);
}

static void
plan_many(struct mailauth_resolver *source, int n)
{
	struct mailauth_settings *s = many_settings(n, false);
	const struct mailauth_plan_request q = { .settings = s,
		.allow_documentation = true };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_plan(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	free(mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE));
	mailauth_report_free(r);
	mailauth_settings_free(s);
}

/* A TXT record of strings of one octet each. */
static void
many_strings(struct mailauth_resolver *source, int n)
{
	enum { BY = 75, AGAIN = 10 };
	static uint8_t data[2 * BY * MANY];
	const struct mailauth_rdata rr = { data, (uint16_t)(2 * BY * n) };
	const struct mailauth_answer a = { .name = STR("example.com."),
		.rr = &rr,
		.nrr = 1 };

	(void)source;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = i % 2 == 0 ? 1 : 'x';
	for (int i = 0; i < AGAIN; i++)
		EXPECT(txt_name_octets(&a) == a.name.n + (size_t)(BY * n), "%d",
		    n);
}

static const struct {
	const char *what;
	void (*run)(struct mailauth_resolver *source, int n);
} sorts[] = { { "selectors", many_selectors }, { "senders", many_senders },
	{ "nodes", many_nodes }, { "routes", many_routes },
	{ "nodes of a plan", plan_many },
	{ "strings of a record", many_strings } };

/* Processor time of a request; `least` when that is less, and not 0. */
static double
cost(int sort, int n, double least)
{
	struct asked a;
	struct timespec from, to;
	double took;

	ask_open(&a, world, NULL);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	sorts[sort].run(a.source, n);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ask_close(&a);
	took = (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) * 1e-6;
	return least == 0 || took < least ? took : least;
}

START_TEST(linear)
{
	double few = 0, many = 0;

	make_names();
	for (int i = 0; i < 3; i++)
		few = cost(_i, FEW, few);
	/* Again, when something else may have taken the time. */
	for (int i = 0; i < 3 && (i == 0 || many > few * RATIO_MAX); i++)
		many = cost(_i, MANY, many);
	if (getenv("SHOW_COST") != NULL)
		printf("%s: %d %.2f ms, %d %.2f ms, %.1f times\n",
		    sorts[_i].what, FEW, few, MANY, many, many / few);
	EXPECT(many <= few * RATIO_MAX, "%s: %.2f ms, %.2f ms", sorts[_i].what,
	    few, many);
}
END_TEST

Suite *
suite_size(void)
{
	Suite *s = suite_create("size");
	TCase *tc = tcase_create("size");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, small_stack, 0, COUNT(small));
	tcase_add_loop_test(tc, linear, 0, COUNT(sorts));
	suite_add_tcase(s, tc);
	return s;
}
