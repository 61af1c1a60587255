/*
 * meta.c - one lookup fails: nothing gets better, and nothing is made up
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: meta TESTDATA [FIRST [COUNT]]
 *
 * A request is made in a made-up world, and again with exactly one of its
 * lookups failed. A failure may turn any verdict into temperror; it never
 * turns one into another: of the report, of a record, of SPF or of DMARC.
 * What it leaves open is told with the name of the lookup, and nothing is told
 * that was not before. Prints a line for each violation, and exits 1 when
 * there is one; with META_SHOW in the environment both reports of it too.
 * COUNT worlds from number FIRST on are tried (0 and 60).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "dns/source.h"
#include "record/rrtype.h"
#include "test/meta/requests.h"
#include "test/meta/world.h"

/* Lookups that are made to fail in one world, one by one. */
#define TRIES 6
/* Lookups of one request: LOOKUPS_MAX and what settings allow beyond. */
#define ASKED_MAX 720

/* Both runs of a request. */
struct pair {
	enum request request;
	uint64_t number; /* of the world */
	const struct world *world;
	struct mailauth_report *whole, *less;
};

static size_t runs, violations;

static void
show(struct mailauth_report *r)
{
	char *text = r != NULL ? mailauth_report_text(r, 0) : NULL;

	printf("%s\n", text != NULL ? text : "no report");
	free(text);
}

/* Tell of a violation of a rule. */
static void
violate(const struct pair *p, const char *rule, const char *what,
    const char *before, const char *after)
{
	const struct world_question *q = &p->world->failing;
	const char *type = rrtype_name(q->rrtype);

	violations++;
	printf("%s %s %s: %s -> %s (world %llu, failed: %s %s, cause %d)\n",
	    request_names[p->request], rule, what, before, after,
	    (unsigned long long)p->number, q->name,
	    q->rrtype == 0   ? "-" :
	        type != NULL ? type :
	                       "?",
	    p->world->cause);
	if (getenv("META_SHOW") == NULL)
		return;
	show(p->whole);
	show(p->less);
}

/* What holds of every report. */

static void
check_octets(const struct pair *p, char *text, const char *what, bool lines)
{
	for (const char *c = text; c != NULL && *c != '\0'; c++)
		if (!is_print(*c) && !(lines && *c == '\n')) {
			violate(p, "octets", what, "printable", "not");
			break;
		}
	if (text == NULL)
		violate(p, "octets", what, "there", "none");
	free(text);
}

static void
check_record(const struct pair *p, const struct mailauth_record_view *v,
    bool *failed)
{
	if (v->outcome == MAILAUTH_FAILED && v->verdict != MAILAUTH_TEMPERROR)
		violate(p, "record", v->kind, "failed", "judged");
	if ((v->outcome == MAILAUTH_NODATA ||
	        v->outcome == MAILAUTH_NXDOMAIN) &&
	    v->verdict != MAILAUTH_NONE)
		violate(p, "record", v->kind, "absent", "judged");
	*failed = *failed || v->outcome == MAILAUTH_FAILED;
}

static void
check_report(const struct pair *p, struct mailauth_report *r)
{
	enum mailauth_result result = mailauth_report_result(r);
	bool failed = false;

	for (size_t i = 0; i < mailauth_report_records(r); i++)
		check_record(p, mailauth_report_record(r, i), &failed);
	if (failed && result < MAILAUTH_RESULT_FAIL)
		violate(p, "result", "failed-record", "failed",
		    mailauth_result_name(result));
	if (p->world->fake.asked > ASKED_MAX)
		violate(p, "bound", "lookups", "few", "many");
	check_octets(p, mailauth_report_json(r, false), "json", false);
	check_octets(p, mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE), "text",
	    true);
}

/* What holds of two. */

static bool
has(struct mailauth_report *r, const char *code, const char *name)
{
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, i);

		if (strcmp(v->code, code) == 0 &&
		    (name == NULL ||
		        (v->name != NULL && strcmp(v->name, name) == 0)))
			return true;
	}
	return false;
}

/* The report has a worse finding of this name: "spf-void-lookups-exceeded" of
 * "spf-void-lookups". */
static bool
has_more_of(struct mailauth_report *r, const char *code)
{
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, i);

		if (v->severity == MAILAUTH_FAIL &&
		    strncmp(v->code, code, strlen(code)) == 0)
			return true;
	}
	return false;
}

/* The finding says that something cannot be told now. */
static bool
defers(const char *code)
{
	struct mailauth_finding_info f;

	for (size_t i = 0; mailauth_finding_at(i, &f); i++)
		if (strcmp(f.code, code) == 0)
			return strcmp(f.effect, "defers") == 0;
	return false;
}

/* The finding says that something is not there. */
static bool
is_of_absence(const char *code)
{
	size_t n = strlen(code);

	return (n > 8 && strcmp(code + n - 8, "-missing") == 0) ||
	    strstr(code, "-none") != NULL || strstr(code, "no-policy") != NULL;
}

/* The finding that made the verdict and is gone; "" when no finding did. */
static const char *
gone_from(const struct pair *p)
{
	const struct mailauth_finding_view *worst = NULL;

	for (size_t i = 0; i < mailauth_report_findings(p->whole); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(p->whole, i);

		if (!has(p->less, v->code, v->name) &&
		    (worst == NULL || v->severity > worst->severity))
			worst = v;
	}
	return worst != NULL ? worst->code : "";
}

/* The report names the lookup that made it temperror. */
static void
check_named(const struct pair *p, char *text, const char *what)
{
	if (text == NULL || strstr(text, p->world->failing.name) == NULL)
		violate(p, "named", what, "the name", "not there");
	free(text);
}

static void
compare_results(const struct pair *p)
{
	enum mailauth_result before = mailauth_report_result(p->whole);
	enum mailauth_result after = mailauth_report_result(p->less);

	if (after != before && after != MAILAUTH_RESULT_TEMPERROR)
		violate(p, "result", gone_from(p), mailauth_result_name(before),
		    mailauth_result_name(after));
	if (after == before || after != MAILAUTH_RESULT_TEMPERROR)
		return;
	check_named(p, mailauth_report_text(p->less, 0), "text");
	check_named(p, mailauth_report_json(p->less, false), "json");
}

/* Records that both have: the same verdict, or temperror. */
static void
compare_records(const struct pair *p)
{
	for (size_t i = 0; i < mailauth_report_records(p->whole); i++) {
		const struct mailauth_record_view *a =
		    mailauth_report_record(p->whole, i);

		for (size_t k = 0; k < mailauth_report_records(p->less); k++) {
			const struct mailauth_record_view *b =
			    mailauth_report_record(p->less, k);

			if (strcmp(a->kind, b->kind) == 0 &&
			    strcmp(a->name, b->name) == 0 &&
			    strcmp(a->type, b->type) == 0 &&
			    a->verdict != b->verdict &&
			    b->verdict != MAILAUTH_TEMPERROR)
				violate(p, "verdict", a->kind,
				    mailauth_verdict_name(a->verdict),
				    mailauth_verdict_name(b->verdict));
		}
	}
}

static void
compare_findings(const struct pair *p)
{
	for (size_t i = 0; i < mailauth_report_findings(p->less); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(p->less, i);

		if (is_of_absence(v->code) && !has(p->whole, v->code, v->name))
			violate(p, "absence", v->code, "not there",
			    v->name != NULL ? v->name : "the domain");
		else if (v->severity >= MAILAUTH_WARN && !defers(v->code) &&
		    !has(p->whole, v->code, NULL) &&
		    !has_more_of(p->whole, v->code))
			violate(p, "made-up", v->code, "not there",
			    v->name != NULL ? v->name : "the domain");
	}
}

/* A word of a view: the same, or `unknown`. */
static void
compare_words(const struct pair *p, const char *rule, const char *what,
    const char *before, const char *after, const char *not_known)
{
	if (before != NULL && after != NULL && strcmp(before, after) != 0 &&
	    (not_known == NULL || strcmp(after, not_known) != 0))
		violate(p, rule, what, before, after);
}

static void
compare_spf(const struct pair *p)
{
	struct mailauth_spf_view a, b;

	if (!mailauth_report_spf(p->whole, &a) ||
	    !mailauth_report_spf(p->less, &b))
		return;
	/* Names of the client that are not known are none, by the standard:
	 * that is told, and defers. */
	if (has(p->less, "spf-ptr-temperror", NULL))
		return;
	compare_words(p, "spf", "result", mailauth_spf_result_name(a.result),
	    mailauth_spf_result_name(b.result), "temperror");
}

/* No record is given to be published that was refused. */
static void
compare_merged(const struct pair *p)
{
	const char *after = mailauth_report_merged(p->less);

	if (p->request == REQUEST_MERGE && after != NULL &&
	    mailauth_report_merged(p->whole) == NULL)
		violate(p, "merge", "record", "refused", after);
}

static void
compare_dmarc(const struct pair *p, int rfc)
{
	struct mailauth_dmarc_view a, b;

	if (!mailauth_report_dmarc(p->whole, rfc, &a) ||
	    !mailauth_report_dmarc(p->less, rfc, &b))
		return;
	compare_words(p, "dmarc", "state", mailauth_dmarc_state_name(a.state),
	    mailauth_dmarc_state_name(b.state), "unknown");
	compare_words(p, "dmarc", "policy",
	    mailauth_dmarc_policy_name(a.policy),
	    mailauth_dmarc_policy_name(b.policy), NULL);
	compare_words(p, "dmarc", "applied",
	    mailauth_dmarc_policy_name(a.applied),
	    mailauth_dmarc_policy_name(b.applied), NULL);
	compare_words(p, "dmarc", "organization", a.org_domain, b.org_domain,
	    NULL);
	compare_words(p, "dmarc", "result",
	    mailauth_dmarc_result_name(a.result),
	    mailauth_dmarc_result_name(b.result), "temperror");
}

/* The request again, with one lookup failed. */
static void
run_less(struct pair *p, struct world *w, struct mailauth_resolver *resolver,
    const struct world_question *failing, enum mailauth_cause cause)
{
	world_turn(w, w->seed);
	w->failing = *failing;
	w->cause = cause;
	p->less = request_make(p->request, w->seed, resolver);
	runs++;
	check_report(p, p->less);
	compare_results(p);
	compare_records(p);
	compare_findings(p);
	compare_merged(p);
	compare_spf(p);
	compare_dmarc(p, 9989);
	compare_dmarc(p, 7489);
	mailauth_report_free(p->less);
}

static void
run(enum request r, uint64_t number, struct world *w,
    struct mailauth_resolver *resolver)
{
	static const enum mailauth_cause causes[] = { MAILAUTH_CAUSE_TIMEOUT,
		MAILAUTH_CAUSE_SERVFAIL, MAILAUTH_CAUSE_REFUSED,
		MAILAUTH_CAUSE_LAME, MAILAUTH_CAUSE_BOGUS,
		MAILAUTH_CAUSE_NO_SOA };
	static struct world_question asked[WORLD_ASKED];
	struct pair p = { .request = r, .number = number, .world = w };
	size_t n, tries;

	world_turn(w, world_mix(number));
	p.whole = request_make(r, w->seed, resolver);
	runs++;
	check_report(&p, p.whole);
	n = w->nasked;
	memcpy(asked, w->asked, n * sizeof(*asked));
	tries = n < TRIES ? n : TRIES;
	for (size_t i = 0; i < tries; i++)
		run_less(&p, w, resolver,
		    &asked[world_mix(w->seed + i * 77) % n],
		    causes[(number + i) % 5]);
	mailauth_report_free(p.whole);
}

static uint64_t
number_of(const char *text)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (*text == '\0' || *end != '\0') {
		fprintf(stderr, "meta: %s: no number\n", text);
		exit(64);
	}
	return n;
}

int
main(int argc, char **argv)
{
	static const struct mailauth_options options = { .timeout = 15 };
	uint64_t first = argc > 2 ? number_of(argv[2]) : 0;
	uint64_t count = argc > 3 ? number_of(argv[3]) : 60;
	struct mailauth_resolver *resolver;
	static struct world w;
	char keys[1024];

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: meta TESTDATA [FIRST [COUNT]]\n");
		return 64;
	}
	snprintf(keys, sizeof(keys), "%s/keys", argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	world_start(&w, keys);
	requests_start(argv[1]);
	resolver = source_new(&w.fake.base, &options);
	if (resolver == NULL)
		return EXIT_FAILURE;
	for (uint64_t n = first; n < first + count; n++)
		for (unsigned r = 0; r < REQUESTS; r++)
			run((enum request)r, n, &w, resolver);
	mailauth_resolver_free(resolver);
	requests_end();
	printf("%zu runs, %zu violations\n", runs, violations);
	return violations == 0 && runs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
