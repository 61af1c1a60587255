/*
 * test_script.c - the resolver that other tests ask
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "record/rrtype.h"
#include "test/script/script.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define ZONES \
	"zone example.com secure\n" \
	"@ 60 TXT 'v=spf1 -all' ; a comment\n" \
	"  TXT 'a\\034b' \"c;d\"\n" \
	"www A 192.0.2.1\n" \
	"www 100 IN A 192.0.2.2\n" \
	"*.w MX 10 www\n" \
	"x.*.w A 192.0.2.3\n" \
	"a.b.c A 192.0.2.4\n" \
	"one CNAME two\n" \
	"two CNAME www\n" \
	"out CNAME www.example.net.\n" \
	"away CNAME www.example.org.\n" \
	"gone CNAME nothing\n" \
	"loop CNAME pool\n" \
	"pool CNAME loop\n" \
	"old DNAME new.example.com.\n" \
	"www.new AAAA 2001:db8::1\n" \
	"sub NS ns.elsewhere.test.\n" \
	"ds DS 1 8 2 00ff\n" \
	"tlsa TLSA 3 1 1 00ff\n" \
	"raw CERT \\# 3 010203\n" \
	"zone example.net\n" \
	"www A 192.0.2.5\n"

/* An answer as: outcome, the number of records, their TTL, the zone, the
 * chain, the DNSSEC state, flags, and for a failure its cause. */
static const struct {
	const char *more, *name;
	uint16_t type;
	const char *answer;
} rows[] = {
	{ NULL, "example.com.", RRTYPE_TXT,
	    "found 2 ttl 60 zone example.com. secure" },
	{ NULL, "www.example.com.", RRTYPE_A,
	    "found 2 ttl 100 zone example.com. secure" },
	{ NULL, "www.example.com.", RRTYPE_MX,
	    "nodata zone example.com. secure" },
	{ NULL, "wwww.example.com.", RRTYPE_MX,
	    "nxdomain zone example.com. secure" },
	{ NULL, "example.com.", RRTYPE_SOA,
	    "found 1 ttl 300 zone example.com. secure" },
	/* Wildcards and names without records (RFC 4592 2.2.2, 3.3.1). */
	{ NULL, "q.w.example.com.", RRTYPE_MX,
	    "found 1 ttl 300 zone example.com. secure wildcard" },
	{ NULL, "q.q.w.example.com.", RRTYPE_MX,
	    "found 1 ttl 300 zone example.com. secure wildcard" },
	{ NULL, "q.w.example.com.", RRTYPE_A,
	    "nodata zone example.com. secure" },
	{ NULL, "x.*.w.example.com.", RRTYPE_MX,
	    "nodata zone example.com. secure" },
	{ NULL, "y.*.w.example.com.", RRTYPE_MX,
	    "nxdomain zone example.com. secure" },
	{ NULL, "w.example.com.", RRTYPE_MX,
	    "nodata zone example.com. secure" },
	{ NULL, "b.c.example.com.", RRTYPE_A,
	    "nodata zone example.com. secure" },
	{ NULL, "z.b.c.example.com.", RRTYPE_A,
	    "nxdomain zone example.com. secure" },
	/* Aliases. */
	{ NULL, "one.example.com.", RRTYPE_A,
	    "found 2 ttl 100 zone example.com. via two.example.com. via "
	    "www.example.com. secure" },
	{ NULL, "one.example.com.", RRTYPE_CNAME,
	    "found 1 ttl 300 zone example.com. secure" },
	{ NULL, "out.example.com.", RRTYPE_A,
	    "found 1 ttl 300 via www.example.net. indeterminate" },
	{ NULL, "away.example.com.", RRTYPE_A, "failed offline" },
	{ NULL, "gone.example.com.", RRTYPE_A,
	    "nxdomain zone example.com. via nothing.example.com. secure" },
	{ NULL, "loop.example.com.", RRTYPE_A, "failed loop" },
	{ "online\n", "loop.example.com.", RRTYPE_A, "failed loop" },
	{ NULL, "www.old.example.com.", RRTYPE_AAAA,
	    "found 1 ttl 300 zone example.com. via www.new.example.com. "
	    "secure dname" },
	/* Nobody to ask. */
	{ NULL, "sub.example.com.", RRTYPE_TXT, "failed offline" },
	{ NULL, "www.sub.example.com.", RRTYPE_TXT, "failed offline" },
	{ "online\n", "www.sub.example.com.", RRTYPE_TXT, "failed lame" },
	{ NULL, "example.org.", RRTYPE_TXT, "failed offline" },
	{ "online\n", "example.org.", RRTYPE_TXT, "failed lame" },
	{ "zone . insecure\n", "example.org.", RRTYPE_TXT,
	    "nxdomain zone . insecure" },
	/* Other data. */
	{ NULL, "ds.example.com.", RRTYPE_DS,
	    "found 1 ttl 300 zone example.com. secure" },
	{ NULL, "tlsa.example.com.", RRTYPE_TLSA,
	    "found 1 ttl 300 zone example.com. secure" },
	{ NULL, "raw.example.com.", RRTYPE_CERT,
	    "found 1 ttl 300 zone example.com. secure" },
	/* What the script does to a question. */
	{ "fail www.example.com.\n", "www.example.com.", RRTYPE_A,
	    "failed servfail" },
	{ "fail www.example.com. refused\n", "one.example.com.", RRTYPE_A,
	    "failed refused" },
	{ "fail www.example.com. AAAA\n", "www.example.com.", RRTYPE_A,
	    "found 2 ttl 100 zone example.com. secure" },
	{ "fail *.example.com. timeout\n", "www.example.com.", RRTYPE_A,
	    "failed timeout" },
	{ "fail *.example.com. timeout\n", "example.com.", RRTYPE_TXT,
	    "found 2 ttl 60 zone example.com. secure" },
	{ "fail *\n", "example.com.", RRTYPE_TXT, "failed servfail" },
	{ "bogus www.example.com. A\n", "www.example.com.", RRTYPE_A,
	    "failed bogus" },
	{ "bogus www.example.com. no-dnskey\n", "www.example.com.", RRTYPE_A,
	    "failed bogus" },
	{ "empty www.example.com.\n", "www.example.com.", RRTYPE_A,
	    "nodata secure no-soa" },
	{ "local www.example.com.\n", "www.example.com.", RRTYPE_A,
	    "found 2 ttl 100 zone example.com. unchecked local" },
	{ "validation-off it is off\n", "www.example.com.", RRTYPE_A,
	    "found 2 ttl 100 unchecked" },
	{ "late www.example.com. 20000\n", "www.example.com.", RRTYPE_A,
	    "found 2 ttl 100 zone example.com. secure late" },
	{ "late www.example.com.\n", "www.example.com.", RRTYPE_A, "never" },
};

static void
take_done(struct lookup *l)
{
	*(bool *)l->owner = true;
}

static void
put_state(struct writer *w, const struct lookup *l)
{
	static const char *const outcomes[] = { "found", "nodata", "nxdomain" };
	static const char *const states[] = { "bogus", "unchecked",
		"indeterminate", "insecure", "secure" };
	const struct mailauth_answer *a = &l->answer;

	put_text(w, outcomes[a->outcome]);
	if (a->outcome == MAILAUTH_FOUND) {
		put_char(w, ' ');
		put_number(w, a->nrr);
		put_text(w, " ttl ");
		put_number(w, a->ttl);
	}
	if (a->zone.n > 0) {
		put_text(w, " zone ");
		put_str(w, a->zone);
	}
	for (size_t i = 0; i < a->nchain; i++) {
		put_text(w, " via ");
		put_str(w, a->chain[i]);
	}
	put_char(w, ' ');
	put_text(w, states[a->dnssec]);
	if (a->flags & MAILAUTH_ANSWER_WILDCARD)
		put_text(w, " wildcard");
	if (a->flags & MAILAUTH_ANSWER_DNAME)
		put_text(w, " dname");
	if (a->flags & MAILAUTH_ANSWER_LOCAL)
		put_text(w, " local");
	if (a->flags & MAILAUTH_ANSWER_NO_SOA)
		put_text(w, " no-soa");
}

static void
put_failure(struct writer *w, const struct lookup *l)
{
	static const char *const causes[] = { "none", "timeout", "servfail",
		"refused", "lame", "loop", "truncated", "offline", "builtin",
		"bogus", "bogus", "no-soa" };

	put_text(w, "failed ");
	put_text(w, causes[l->answer.cause]);
	ck_assert_int_eq(l->answer.dnssec == MAILAUTH_DNSSEC_BOGUS,
	    l->answer.cause >= MAILAUTH_CAUSE_BOGUS);
}

START_TEST(answers)
{
	struct arena arena = { NULL, false };
	struct resolver *r = script_new(ZONES);
	bool done = false;
	struct lookup l = { .arena = &arena,
		.server = -1,
		.answer = { .name = str_of(rows[_i].name),
		    .rrtype = rows[_i].type },
		.done = take_done,
		.owner = &done };
	struct writer w = arena_writer(&arena);
	double before = r->now(r);

	if (rows[_i].more != NULL)
		script_add(r, rows[_i].more);
	ck_assert_int_eq(r->ask(r, &l), MAILAUTH_OK);
	ck_assert_int_eq(l.state, LOOKUP_ASKED);
	r->wait(r, 60);
	if (!done)
		put_text(&w, "never");
	else if (l.answer.outcome == MAILAUTH_FAILED)
		put_failure(&w, &l);
	else
		put_state(&w, &l);
	if (done && r->now(r) > before + 10)
		put_text(&w, " late");
	put_char(&w, '\0');
	ck_assert_str_eq(w.buf, rows[_i].answer);
	ck_assert_int_eq(done, l.state == LOOKUP_DONE);
	r->free(r);
	arena_free(&arena);
}
END_TEST

/* Data are those of the wire. */
START_TEST(data)
{
	struct arena arena = { NULL, false };
	struct resolver *r = script_new(ZONES);
	bool done = false;
	struct lookup l = { .arena = &arena,
		.server = -1,
		.answer = { .name = STR("example.com."), .rrtype = RRTYPE_TXT },
		.done = take_done,
		.owner = &done };

	ck_assert_int_eq(r->ask(r, &l), MAILAUTH_OK);
	r->wait(r, 1);
	ck_assert_uint_eq(l.answer.rr[1].len, 8);
	ck_assert_mem_eq(l.answer.rr[1].data, "\3a\"b\3c;d", 8);
	ck_assert_uint_eq(l.nsigs, 1);
	ck_assert_uint_eq(l.sigs[0].algorithm, 13);
	r->free(r);
	arena_free(&arena);
}
END_TEST

/* A server has data of its own, and a forgotten lookup is never done. */
START_TEST(servers)
{
	struct arena arena = { NULL, false };
	struct resolver *r =
	    script_new(ZONES "at 192.0.2.99\nzone example.com\n"
	                     "@ TXT 'other'\n");
	bool done = false, never = false;
	struct lookup l = { .arena = &arena,
		.server = r->add_server(r, "192.0.2.99"),
		.answer = { .name = STR("example.com."), .rrtype = RRTYPE_TXT },
		.done = take_done,
		.owner = &done };
	struct lookup forgotten = l;

	forgotten.owner = &never;
	forgotten.server = r->add_server(r, "192.0.2.98");
	ck_assert_int_ne(forgotten.server, l.server);
	ck_assert_int_eq(r->ask(r, &forgotten), MAILAUTH_OK);
	ck_assert_int_eq(r->ask(r, &l), MAILAUTH_OK);
	r->forget(r, &forgotten);
	r->wait(r, 1);
	ck_assert(done && !never);
	ck_assert_uint_eq(l.answer.nrr, 1);
	ck_assert_int_eq(l.answer.dnssec, MAILAUTH_DNSSEC_UNCHECKED);
	ck_assert(script_question(r, 0) != NULL);
	ck_assert(script_question(r, 1) == NULL);
	r->free(r);
	arena_free(&arena);
}
END_TEST

Suite *
suite_script(void)
{
	Suite *s = suite_create("script");
	TCase *t = tcase_create("answers");

	tcase_add_loop_test(t, answers, 0, COUNT(rows));
	tcase_add_test(t, data);
	tcase_add_test(t, servers);
	suite_add_tcase(s, t);
	return s;
}
