/*
 * test_engine.c - rounds of questions, on a clock of their own
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A job of the tests' own wants what a case names, and writes what became of
 * each lookup; servers compared, aliases and several domains at a time are
 * those of a check.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "engine/run.h"
#include "judge/names.h"
#include "record/kind.h"
#include "record/rrtype.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define ZONE "zone example.com\n"
#define MORE_HOSTS \
	"h A 192.0.2.1\nh A 192.0.2.2\nh AAAA 2001:db8::1\n" \
	"v4 A 192.0.2.3\nlink CNAME h\n"

/* A request to the job. */
struct wanted {
	/** What two subjects want: "a/TXT b/MX > c/TXT", names in example.com.
	 * but for "x./TXT"; '%' is the stranger. What is behind '>' waits for
	 * what is in front of it. "1:a/TXT" is asked of server 1. */
	const char *first, *second;
	double enough; /* check_enough_in() of each ask; 0: none */
	bool each_answer, limit;
	size_t allow;
	uint32_t only; /* kinds; the second subject is of kind SPF */
	const char *give; /* a name that has a TXT answer already */
	void (*prepared)(struct check *c); /* or NULL */
	void (*told)(struct check *c); /* or NULL */
	enum mailauth_status refused; /* of preparation */
	unsigned subjects; /* further ones */
};

/* What the job writes: the lookups, and how long it took. */
static char written[65536];

static struct mailauth_str
full_name(struct check *c, struct mailauth_str text)
{
	struct writer w = arena_writer(&c->report->arena);

	if (text.n > 0 && text.s[0] == '%') {
		put_str(&w, c->stranger);
		text = str_from(text, 1);
	}
	put_str(&w, text);
	if (text.n == 0 || text.s[text.n - 1] != '.')
		put_text(&w, ".example.com.");
	return str_eq(writer_str(&w), STR("@.example.com.")) ?
	    STR("example.com.") :
	    writer_str(&w);
}

/* One word; false when what follows has to wait. */
static bool
want_word(struct check *c, struct mailauth_str word, bool *waiting)
{
	size_t slash = str_find(word, '/'), colon = str_find(word, ':');
	int server = -1;
	struct lookup *l;
	uint32_t n;

	if (str_eq(word, STR(">")))
		return !*waiting;
	if (str_number(str_sub(word, 0, colon), 9, &n)) {
		server = (int)n;
		word = str_from(word, colon + 1);
		slash -= colon + 1;
	}
	l = want_from(c, server, full_name(c, str_sub(word, 0, slash)),
	    rrtype_named(str_from(word, slash + 1)));
	*waiting = *waiting || !is_done(l);
	return true;
}

static void
want_words(struct check *c, const char *words, double enough)
{
	struct mailauth_str rest = str_of(words);
	bool waiting = false;

	while (rest.n > 0 && want_word(c, str_word(&rest), &waiting))
		;
	if (enough > 0)
		check_enough_in(c, enough);
}

static void
ask_first(struct check *c, void *self)
{
	const struct wanted *w = self;

	want_words(c, w->first, w->enough);
	if (w->limit)
		check_limit(c);
}

static void
ask_second(struct check *c, void *self)
{
	const struct wanted *w = self;

	want_words(c, w->second, 0);
}

/* "a TXT failed timeout: why" */
static void
put_lookup(struct writer *w, const struct check *c, const struct lookup *l)
{
	static const char *const causes[] = { "", " timeout", " servfail",
		" refused", " lame", " loop", " truncated", " offline",
		" builtin", " bogus", " no-dnskey", " no-soa" };
	const struct mailauth_answer *a = &l->answer;
	struct mailauth_str name = a->name;
	size_t end = str_ifind(name, STR(".example.com."));
	char type[16];

	if (l->server >= 0) {
		put_number(w, (uint64_t)l->server);
		put_char(w, ':');
	}
	if (str_starts(name, c->stranger)) {
		put_char(w, '%');
		name = str_from(name, c->stranger.n);
		end -= c->stranger.n;
	}
	put_str(w, end < name.n ? str_sub(name, 0, end) : name);
	put_char(w, ' ');
	put_text(w, name_rrtype(a->rrtype, type));
	put_char(w, ' ');
	put_text(w, name_outcome(a->outcome));
	put_text(w, causes[a->cause]);
	if (a->flags & MAILAUTH_ANSWER_WILDCARD)
		put_text(w, " wildcard");
	if (a->dnssec == MAILAUTH_DNSSEC_BOGUS)
		put_text(w, " bogus");
	if (l->state != LOOKUP_DONE)
		put_text(w, " not done");
	if (a->why.n > 0) {
		put_text(w, ": ");
		put_str(w, a->why);
	}
	put_char(w, '\n');
}

static void
tell_first(struct check *c, void *self)
{
	const struct wanted *q = self;
	struct writer w = writer_of(written, sizeof(written));

	for (const struct lookup *l = check_lookups(c); l != NULL; l = l->next)
		put_lookup(&w, c, l);
	if (check_is_limited(c))
		put_text(&w, "limited\n");
	put_char(&w, '\0');
	ck_assert(!w.full && !check_is_pending(c));
	/* Nothing is asked any more. */
	ck_assert(is_failed(want(c, STR("late.example."), RRTYPE_MX)));
	if (q->told != NULL)
		q->told(c);
}

static void
tell_second(struct check *c, void *self)
{
	struct lookup *l = check_lookups(c);

	(void)self;
	/* What is asked about SPF is listed as that. */
	for (; l != NULL; l = l->next)
		if (l->answer.rrtype == RRTYPE_TXT && l->server < 0)
			list_set(c, view_as(c, MAILAUTH_KIND_SPF, l));
}

static const struct subject first = { 0, ask_first, tell_first };
static const struct subject second = { 1u << MAILAUTH_KIND_SPF, ask_second,
	tell_second };

/* A part, so that the report can be written. */
static json_t *
part_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	(void)r;
	(void)data;
	(void)a;
	return json_object();
}

static const struct part_type part = { .name = "test", .json = part_json };

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	static const struct mailauth_answer given = { .rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_NODATA,
		.dnssec = MAILAUTH_DNSSEC_SECURE };
	const struct wanted *w = request;
	struct mailauth_answer answer = given;

	c->stranger = make_stranger(c);
	c->domain = STR("example.com.");
	if (w->prepared != NULL)
		w->prepared(c);
	if (w->refused == MAILAUTH_EUSE)
		return refuse(why, "this\tone", "it is refused");
	if (w->refused != MAILAUTH_OK)
		return w->refused;
	check_only(c, w->only);
	check_allow(c, w->allow);
	if (w->each_answer)
		check_each_answer(c);
	answer.name = STR("given.example.com.");
	if (w->give != NULL && !check_give(c, &answer))
		return MAILAUTH_ENOMEM;
	report_add_part(c->report, &part, NULL);
	check_add(c, &first, (void *)(uintptr_t)w);
	if (w->second != NULL)
		check_add(c, &second, (void *)(uintptr_t)w);
	for (unsigned i = 0; i < w->subjects; i++)
		check_add(c, &subject_chains, NULL);
	return MAILAUTH_OK;
}

static const struct job job = { prepare, NULL, NULL };

static enum mailauth_status
run(struct asked *a, const char *script, const struct wanted *w, char *why)
{
	written[0] = '\0';
	ask_open(a, script, NULL);
	return run_one(a->source, &job, w, &a->report, why);
}

/* Lookups in their order, and "N questions, SECONDS". */
static const struct round_case {
	const char *title, *script;
	struct wanted wanted;
	const char *lookups, *cost;
} rounds[] = {
	{ "one round", ZONE "a TXT 'x'\n", { .first = "a/TXT b/TXT a/MX" },
	    "a TXT found\nb TXT nxdomain\na MX nodata\n",
	    "3 questions, 0.001" },
	{ "rounds, and no question twice", ZONE "a TXT 'x'\nb TXT 'y'\n",
	    { .first = "a/TXT > b/TXT a/TXT > a/TXT c/TXT", .second = "b/TXT" },
	    "a TXT found\nb TXT found\nc TXT nxdomain\n",
	    "3 questions, 0.002" },
	{ "nothing is asked", ZONE, { .first = "" }, "", "0 questions, 0.000" },
	{ "failures",
	    ZONE "fail a refused\nbogus b\nbogus c no-dnskey\n"
	         "fail d servfail\n",
	    { .first = "a/MX b/MX c/MX d/MX x./MX" },
	    "a MX failed refused: all servers for this domain failed, got "
	    "REFUSED\n"
	    "b MX failed bogus bogus: signature crypto failed\n"
	    "c MX failed no-dnskey bogus: no keys have a DS\n"
	    "d MX failed servfail: all servers for this domain failed, got "
	    "SERVFAIL\n"
	    "x. MX failed offline\n",
	    "5 questions, 0.001" },
	/* Time. */
	{ "an answer that does not come", ZONE "b MX 1 x\nlate a\n",
	    { .first = "a/MX b/MX > c/MX" },
	    "a MX failed timeout: no answer within 15 s, the time for a domain\n"
	    "b MX found\n"
	    "c MX failed timeout: no answer within 15 s, the time for a domain\n",
	    "2 questions, 15.000" },
	{ "an answer that is slow holds nobody up",
	    ZONE "late a 3000\nlate c 2500\n",
	    { .first = "a/MX", .second = "b/MX > c/MX" },
	    "a MX nxdomain\nb MX nxdomain\nc MX nxdomain\n",
	    "3 questions, 3.500" },
	{ "one that is not slow is waited for", ZONE "late a 900\n",
	    { .first = "a/MX", .second = "b/MX > c/MX" },
	    "a MX nxdomain\nb MX nxdomain\nc MX nxdomain\n",
	    "3 questions, 0.901" },
	{ "subjects that ask at each answer", ZONE "late a 900\nlate c 1200\n",
	    { .first = "a/MX", .second = "b/MX > c/MX", .each_answer = true },
	    "a MX nxdomain\nb MX nxdomain\nc MX nxdomain\n",
	    "3 questions, 1.201" },
	{ "an end that a subject sets", ZONE "late a\nlate b 300\n",
	    { .first = "a/MX b/MX", .enough = 0.5, .each_answer = true },
	    "a MX failed timeout: nothing hangs on it\nb MX nxdomain\n",
	    "2 questions, 0.500" },
	{ "an end behind the last answer is waited for all the same",
	    ZONE "late a 300\n",
	    { .first = "a/MX", .enough = 0.5, .each_answer = true },
	    "a MX nxdomain\n", "1 questions, 0.500" },
	/* Truncation: a TXT answer that does not come is probed. */
	{ "truncated",
	    ZONE "fail a TXT truncated\nfail b TXT timeout\n"
	         "fail c MX truncated\n",
	    { .first = "a/TXT b/TXT c/MX" },
	    "a TXT failed truncated: upstream server timeout\n"
	    "b TXT failed timeout: upstream server timeout\n"
	    "c MX failed timeout: upstream server timeout\n",
	    "3 questions, 0.002" },
	{ "four probes at a time", ZONE "fail * TXT truncated\n",
	    { .first = "a/TXT b/TXT c/TXT d/TXT e/TXT" },
	    "a TXT failed truncated: upstream server timeout\n"
	    "b TXT failed truncated: upstream server timeout\n"
	    "c TXT failed truncated: upstream server timeout\n"
	    "d TXT failed truncated: upstream server timeout\n"
	    "e TXT failed truncated: upstream server timeout\n",
	    "5 questions, 0.003" },
	{ "a slow one is probed before it fails, and the probe forgotten",
	    ZONE "fail a TXT truncated\nlate a TXT 3000\n",
	    { .first = "a/TXT" },
	    "a TXT failed truncated: upstream server timeout\n",
	    "1 questions, 3.000" },
	{ "a probe is not waited for long",
	    ZONE "fail a TXT truncated\nlate a TXT 1700\n",
	    { .first = "a/TXT" },
	    "a TXT failed truncated: upstream server timeout\n",
	    "1 questions, 2.500" },
	{ "a slow one that is found", ZONE "a TXT 'x'\nlate a TXT 3000\n",
	    { .first = "a/TXT" }, "a TXT found\n", "1 questions, 3.000" },
	{ "one that never comes was truncated",
	    ZONE "fail a TXT truncated\nlate a TXT\n", { .first = "a/TXT" },
	    "a TXT failed truncated: no answer within 15 s, the time for a domain\n",
	    "1 questions, 15.000" },
	/* Wildcards, without signatures. */
	{ "an answer that everybody gets",
	    ZONE "*.w TXT 'x'\nb.w TXT 'y'\n*.w MX 1 w\n",
	    { .first = "a.w/TXT b.w/TXT c.w/TXT %.w/TXT a.w/MX" },
	    "a.w TXT found wildcard\nb.w TXT found\nc.w TXT found wildcard\n"
	    "%.w TXT found\na.w MX found\n",
	    "5 questions, 0.001" },
	{ "a level above it", ZONE "* TXT 'x'\nother.w TXT 'x' 'y'\n",
	    { .first = "a.b.c/TXT %/TXT other.w/TXT" },
	    "a.b.c TXT found wildcard\n% TXT found\nother.w TXT found\n",
	    "3 questions, 0.001" },
	{ "as many records, and others", ZONE "* TXT 'x'\na TXT 'y'\n",
	    { .first = "a/TXT %/TXT" }, "a TXT found\n% TXT found\n",
	    "2 questions, 0.001" },
	{ "the domain itself is below no wildcard of its own",
	    ZONE "* TXT 'x'\n@ TXT 'x'\n", { .first = "@/TXT %/TXT" },
	    "example.com. TXT found\n% TXT found\n", "2 questions, 0.001" },
	{ "with signatures they say so themselves",
	    "zone example.com secure\n* TXT 'x'\n", { .first = "a/TXT" },
	    "a TXT found wildcard\n", "1 questions, 0.001" },
	/* Denials that come without the SOA record of any zone. */
	{ "a denial of an authority", ZONE "empty a TXT\n",
	    { .first = "a/TXT" }, "a TXT nodata\n", "1 questions, 0.001" },
	{ "no denial at all", ZONE "fail a TXT no-soa\n", { .first = "a/TXT" },
	    "a TXT failed no-soa: an empty answer without an SOA record\n",
	    "1 questions, 0.001" },
	/* Servers by number. */
	{ "one server after the other",
	    ZONE "a TXT 'x'\nat 192.0.2.1\nzone example.com\na TXT 'y'\n"
	         "at 192.0.2.2\nzone example.com\nempty a TXT\n",
	    { .first = "a/TXT 0:a/TXT 1:a/TXT 1:b/TXT" },
	    "a TXT found\n0:a TXT found\n1:a TXT nodata\n1:b TXT nxdomain\n",
	    "4 questions, 0.001" },
	{ "servers are not probed",
	    ZONE "at 192.0.2.1\nzone example.com\nfail a TXT truncated\n",
	    { .first = "0:a/TXT" },
	    "0:a TXT failed timeout: upstream server timeout\n",
	    "1 questions, 0.001" },
	/* What is given, and what is left out. */
	{ "an answer that is given", ZONE "given TXT 'x'\n",
	    { .first = "given/TXT", .give = "given" }, "given TXT nodata\n",
	    "0 questions, 0.000" },
	{ "a limit of a subject's own", ZONE,
	    { .first = "a/MX", .limit = true }, "a MX nxdomain\nlimited\n",
	    "1 questions, 0.001" },
	{ "a subject that is not wanted", ZONE,
	    { .first = "a/MX",
	        .second = "b/MX",
	        .only = 1u << MAILAUTH_KIND_MX },
	    "a MX nxdomain\n", "1 questions, 0.001" },
	{ "a subject that is wanted", ZONE,
	    { .first = "a/MX",
	        .second = "b/MX",
	        .only = 1u << MAILAUTH_KIND_SPF },
	    "a MX nxdomain\nb MX nxdomain\n", "2 questions, 0.001" },
	{ "no name is no question", ZONE, { .first = "a/MX > ./MX" },
	    "a MX nxdomain\n. MX failed offline\n", "2 questions, 0.002" },
};

START_TEST(in_rounds)
{
	const struct round_case *r = &rounds[_i];
	char why[MAILAUTH_WHY_MAX], cost[64];
	enum mailauth_status status;
	struct asked a;

	status = run(&a, r->script, &r->wanted, why);
	EXPECT(status == MAILAUTH_OK, "%s: %s", r->title, why);
	EXPECT(strcmp(written, r->lookups) == 0, "%s: %s", r->title, written);
	snprintf(cost, sizeof(cost), "%zu questions, %.3f", a.report->queries,
	    a.report->seconds);
	EXPECT(strcmp(cost, r->cost) == 0, "%s: %s", r->title, cost);
	ask_close(&a);
}
END_TEST

/* Too many questions: the rest is not asked, which is not the same as
 * absent. */
START_TEST(too_many)
{
	static const size_t allowed[] = { 0, 5, 20 };
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	struct wanted wanted = { .allow = allowed[_i] };
	size_t refused = 0, left = 10;
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	for (unsigned i = 0; i < LOOKUPS_MAX + 10; i++) {
		put_text(&w, " n");
		put_number(&w, i);
		put_text(&w, "/A");
	}
	put_char(&w, '\0');
	wanted.first = w.buf;
	left = left > allowed[_i] ? left - allowed[_i] : 0;
	ck_assert_int_eq(run(&a, ZONE, &wanted, why), MAILAUTH_OK);
	for (const char *p = written;
	     (p = strstr(p, "failed timeout: too many lookups")) != NULL; p++)
		refused++;
	ck_assert_uint_eq(refused, left);
	ck_assert_uint_eq(a.report->queries, LOOKUPS_MAX + 10 - left);
	ck_assert_int_eq(strstr(written, "limited") != NULL, left > 0);
	ask_close(&a);
	arena_free(&arena);
}
END_TEST

/* Preparation that does not succeed. */
START_TEST(prepared)
{
	static const struct {
		enum mailauth_status refused, status;
		unsigned subjects;
		const char *why;
	} rows[] = {
		{ MAILAUTH_OK, MAILAUTH_OK, SUBJECTS_MAX - 1, "" },
		{ MAILAUTH_OK, MAILAUTH_ENOMEM, SUBJECTS_MAX,
		    "memory ran out" },
		{ MAILAUTH_EUSE, MAILAUTH_EUSE, 0,
		    "'this\\009one': it is refused" },
		{ MAILAUTH_ENOMEM, MAILAUTH_ENOMEM, 0, "memory ran out" },
	};
	const struct wanted w = { .first = "a/MX",
		.refused = rows[_i].refused,
		.subjects = rows[_i].subjects };
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	ck_assert_int_eq(run(&a, ZONE, &w, why), rows[_i].status);
	ck_assert_str_eq(why, rows[_i].why);
	ck_assert_int_eq(a.report != NULL, rows[_i].status == MAILAUTH_OK);
	ck_assert_int_eq(written[0] != '\0', rows[_i].status == MAILAUTH_OK);
	ask_close(&a);
}
END_TEST

/* Several requests. */

/* What compare() keeps: how many there were. */
static size_t compared, forgotten;

static void
compare(struct check *c, void **memory)
{
	(void)c;
	*memory = &compared;
	compared++;
}

static void
forget(void **memory)
{
	forgotten += *memory == &compared;
}

static const struct job counting = { prepare, compare, forget };

#define REQUESTS 20
#define BAD      7

struct delivered {
	size_t n;
	double at[REQUESTS];
	struct resolver *resolver;
};

static void
take(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct delivered *d = arg;

	ck_assert_uint_eq(index, d->n);
	ck_assert_int_eq(status, index == BAD ? MAILAUTH_EUSE : MAILAUTH_OK);
	ck_assert_int_eq(report == NULL, index == BAD);
	ck_assert_str_eq(why,
	    index == BAD ? "'this\\009one': it is refused" : "");
	if (report != NULL)
		ck_assert_uint_eq(report->queries, 1);
	d->at[d->n++] = d->resolver->now(d->resolver);
	mailauth_report_free(report);
}

/* Reports come in the order of the requests, however late the answers; eight
 * are under way at a time. */
START_TEST(several)
{
	struct delivered d = { .n = 0 };
	struct wanted requests[REQUESTS];
	char names[REQUESTS][16];
	struct asked a;
	double start;

	for (size_t i = 0; i < REQUESTS; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu/MX", i);
		requests[i] = (struct wanted){ .first = names[i],
			.refused = i == BAD ? MAILAUTH_EUSE : MAILAUTH_OK };
	}
	compared = forgotten = 0;
	ask_open(&a, ZONE "late n0 4000\nlate n1 3000\nlate n9 2000\n", NULL);
	d.resolver = a.source->resolver;
	start = d.resolver->now(d.resolver);
	ck_assert_int_eq(run_all(a.source, &counting, requests,
	                     sizeof(*requests), REQUESTS, take, &d),
	    MAILAUTH_OK);
	ck_assert_uint_eq(d.n, REQUESTS);
	ck_assert_uint_eq(compared, REQUESTS - 1);
	ck_assert_uint_eq(forgotten, 1);
	/* The eighth waits for the first, and the ninth for its place. */
	for (size_t i = 0; i < REQUESTS; i++) {
		double seconds = d.at[i] - start;

		ck_assert(seconds > (i < 9 ? 3.999 : 5.999) &&
		    seconds < (i < 9 ? 4.01 : 6.01));
	}
	ask_close(&a);
}
END_TEST

/* Streams. */

#define STREAMED 120
#define LATE     40 /* more than those that are quick at a time */

/* What a stream has, and what came of it. */
struct streamed {
	struct wanted requests[STREAMED];
	char names[STREAMED][16];
	struct resolver *resolver;
	double start, at[STREAMED]; /* seconds until the report */
	size_t n, given, alone; /* how often it was asked without others */
	bool in_order, later;
};

static const void *
next_streamed(void *arg, size_t index, bool wait, bool *end)
{
	struct streamed *s = arg;

	ck_assert_uint_eq(index, s->given);
	s->alone += wait;
	/* Every other time the next one is not known yet. */
	s->later = !s->later;
	if (s->later && !wait)
		return NULL;
	*end = index + 1 == STREAMED;
	return &s->requests[s->given++];
}

static void
take_streamed(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct streamed *s = arg;

	ck_assert_int_eq(status, index == BAD ? MAILAUTH_EUSE : MAILAUTH_OK);
	ck_assert_int_eq(why[0] != '\0', index == BAD);
	ck_assert(!s->in_order || index == s->n);
	ck_assert(s->at[index] < 0);
	s->at[index] = s->resolver->now(s->resolver) - s->start;
	s->n++;
	mailauth_report_free(report);
}

static void
stream_all(struct asked *a, struct streamed *s, bool in_order)
{
	const struct mailauth_stream stream = { next_streamed, take_streamed, s,
		in_order };

	*s = (struct streamed){ .in_order = in_order };
	ask_open(a, ZONE, NULL);
	for (size_t i = 0; i < STREAMED; i++) {
		char line[48];

		s->at[i] = -1;
		snprintf(s->names[i], sizeof(s->names[i]), "n%zu/MX", i);
		snprintf(line, sizeof(line), "late n%zu.example.com. 4000\n",
		    i);
		if (i < LATE)
			script_add(a->source->resolver, line);
		s->requests[i] = (struct wanted){ .first = s->names[i],
			.refused = i == BAD ? MAILAUTH_EUSE : MAILAUTH_OK };
	}
	s->resolver = a->source->resolver;
	s->start = s->resolver->now(s->resolver);
	compared = 0;
	ck_assert_int_eq(run_stream(a->source, &counting, &stream),
	    MAILAUTH_OK);
	ck_assert_uint_eq(s->n, STREAMED);
	ck_assert_uint_eq(compared, 0);
	ck_assert(s->alone > 0);
}

/* Each report comes when it is complete: no check waits for the late ones, of
 * which there are more than checks at a time. */
START_TEST(streams)
{
	struct streamed s;
	struct asked a;

	stream_all(&a, &s, false);
	for (size_t i = 0; i < STREAMED; i++)
		EXPECT(i < LATE && i != BAD ? s.at[i] > 3.9 && s.at[i] < 6.5 :
		                              s.at[i] < 3.5,
		    "%zu: %f s", i, s.at[i]);
	ask_close(&a);
}
END_TEST

/* In order each report waits for those in front of it, and nothing else. */
START_TEST(streams_in_order)
{
	struct streamed s;
	struct asked a;

	stream_all(&a, &s, true);
	for (size_t i = 0; i < STREAMED; i++)
		EXPECT(s.at[i] > 3.9 && s.at[i] < 6.5, "%zu: %f s", i, s.at[i]);
	ask_close(&a);
}
END_TEST

static const void *
next_none(void *arg, size_t index, bool wait, bool *end)
{
	(void)arg;
	(void)index;
	*end = wait;
	return NULL;
}

START_TEST(stream_of_nothing)
{
	struct streamed s;
	struct mailauth_stream stream = { next_none, take_streamed, &s, false };
	struct asked a;

	ask_open(&a, ZONE, NULL);
	ck_assert_int_eq(run_stream(a.source, &counting, &stream), MAILAUTH_OK);
	ck_assert_int_eq(run_stream(a.source, &counting, NULL), MAILAUTH_EUSE);
	ck_assert_int_eq(run_stream(NULL, &counting, &stream), MAILAUTH_EUSE);
	stream.done = NULL;
	ck_assert_int_eq(run_stream(a.source, &counting, &stream),
	    MAILAUTH_EUSE);
	ask_close(&a);
}
END_TEST

/* Names, addresses and hosts: what subjects are told. */

static void
expect_str(struct mailauth_str is, const char *wanted)
{
	EXPECT(str_eq(is, str_of(wanted)), "'%.*s', not '%s'", (int)is.n, is.s,
	    wanted);
}

#define L50  "llllllllllllllllllllllllllllllllllllllllllllllllll"
#define LONG L50 "." L50 "." L50 "." L50 "."

static void
look_at_names(struct check *c)
{
	static const struct {
		const char *prefix, *name, *whole;
	} below[] = {
		{ "_dmarc", "example.com.", "_dmarc.example.com." },
		{ "a.", "b.", "a.b." },
		{ "a", ".", "a." },
		{ "", "example.com.", "" },
		{ "a", "", "" },
		{ L50, LONG, "" },
		{ "a..b", "c.", "" },
	};
	struct mailauth_str name;

	for (int i = 0; i < COUNT(below); i++)
		expect_str(name_below(c, str_of(below[i].prefix),
		               str_of(below[i].name)),
		    below[i].whole);
	expect_str(name_of(c, STR("A.Example")), "a.example.");
	expect_str(name_of(c, STR("a..b")), "");
	expect_str(shown(c, STR("a\tb")), "a\\009b");
	name = name_beside(c, STR("www.example.com."));
	expect_str(str_from(name, c->stranger.n), ".example.com.");
	ck_assert_uint_eq(c->stranger.n, 16);
	ck_assert(!str_eq(c->stranger, make_stranger(c)));
}

static void
look_at_given_names(struct check *c)
{
	static const struct {
		const char *text, *name, *why;
	} rows[] = {
		{ "Example.COM", "example.com.", "" },
		{ "example.com.", "example.com.", "" },
		{ "b\xc3\xbc"
		  "cher.example",
		    "xn--bcher-kva.example.", "" },
		{ NULL, "", "'': a domain name cannot be empty" },
		{ "", "", "'': a domain name cannot be empty" },
		{ "192.0.2.1", "",
		    "'192.0.2.1': it is an IP address, not a domain" },
		{ "2001:db8::1", "",
		    "'2001:db8::1': it is an IP address, not a domain" },
		{ "a b.example", "",
		    "'a b.example': it has a character that no mail domain "
		    "has" },
		{ "\xff.example", "",
		    "'\\255.example': string encoding error" },
		{ "joe@example.com", "",
		    "'joe@example.com': it has a character that no mail "
		    "domain has" },
		{ "a..example", "", "'a..example': it has an empty label" },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		char why[MAILAUTH_WHY_MAX] = "";
		struct mailauth_str name = STR_NONE;

		ck_assert_int_eq(take_name(c, rows[i].text, &name, why),
		    rows[i].name[0] != '\0' ? MAILAUTH_OK : MAILAUTH_EUSE);
		expect_str(name, rows[i].name);
		ck_assert_str_eq(why, rows[i].why);
	}
}

static void
look_at_spf_domains(struct check *c)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ "example.com", "example.com." },
		{ "b\xc3\xbc"
		  "cher.example",
		    "xn--bcher-kva.example." },
		{ "joe@x.example", "joe\\@x.example." },
		{ "localhost", NULL },
		{ "[192.0.2.1]", NULL },
		{ "a..example", NULL },
		{ "", NULL },
		{ L50 L50 ".example", NULL },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct mailauth_str name = STR_NONE;

		ck_assert_int_eq(take_spf_domain(c, str_of(rows[i].text),
		                     &name),
		    rows[i].name != NULL);
		if (rows[i].name != NULL)
			expect_str(name, rows[i].name);
	}
}

static void
look_at_hosts(struct check *c)
{
	static const struct {
		const char *name;
		size_t n;
		bool known, alias;
	} rows[] = {
		{ "h.example.com.", 3, true, false },
		{ "link.example.com.", 3, true, true },
		{ "v4.example.com.", 1, true, false },
		{ "gone.example.com.", 0, true, false },
		{ "bad.example.com.", 0, false, false },
		{ "many.example.com.", HOSTS_MAX, true, false },
		{ "never.asked.example.", 0, false, false },
	};
	struct addr addr;
	struct host h;

	for (int i = 0; i < COUNT(rows); i++) {
		host_of(c, str_of(rows[i].name), &h);
		EXPECT(h.n == rows[i].n && h.known == rows[i].known &&
		        h.alias == rows[i].alias,
		    "%s: %zu", rows[i].name, h.n);
	}
	host_of(c, STR("h.example.com."), &h);
	ck_assert(addr_parse(STR("2001:db8::1"), &addr) && host_has(&h, &addr));
	expect_str(addr_text(c, &addr), "2001:db8::1");
	ck_assert(!is_public(c, &addr));
	c->report->scope.allow_documentation = true;
	ck_assert(is_public(c, &addr));
	ck_assert(addr_parse(STR("192.0.2.9"), &addr) && !host_has(&h, &addr));
	ck_assert(addr_parse(STR("198.41.0.4"), &addr) && is_public(c, &addr));
	ck_assert(addr_parse(STR("10.0.0.1"), &addr) && !is_public(c, &addr));
	list_host(c, STR("h.example.com."));
	ck_assert_uint_eq(c->report->nsets, 2);
	list_host(c, STR("h.example.com."));
	ck_assert_uint_eq(c->report->nsets, 2);
}

static void
look_at_records(struct check *c)
{
	struct record_set *one = view_as(c, MAILAUTH_KIND_SPF,
	    got(c, STR("one.example.com."), RRTYPE_TXT));
	struct record_set *other = view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, STR("one.example.com."), RRTYPE_TXT));
	struct record_set *gone = view_as(c, MAILAUTH_KIND_SPF,
	    got(c, STR("gone.example.com."), RRTYPE_TXT));
	struct record_set *wild = view_as(c, MAILAUTH_KIND_SPF,
	    got(c, STR("a.w.example.com."), RRTYPE_TXT));

	ck_assert_ptr_null(view_as(c, MAILAUTH_KIND_SPF, NULL));
	ck_assert_ptr_eq(one,
	    view_as(c, MAILAUTH_KIND_SPF,
	        got(c, STR("one.example.com."), RRTYPE_TXT)));
	ck_assert(has_record(one) && is_placed(one) && is_usable(c, one) &&
	    !is_none(one));
	ck_assert(!has_record(other) && is_none(other));
	ck_assert(!has_record(gone) && is_none(gone) && !is_usable(c, gone));
	ck_assert(has_record(wild) && !is_placed(wild));
	ck_assert(!has_record(NULL) && !is_none(NULL) && !is_usable(c, NULL) &&
	    !is_listed(c, NULL));
	/* Of what is not listed nothing is told. */
	tell(c, gone, MAILAUTH_F_SPF_HELO_MISSING, STR_NONE);
	tell_at(c, gone, MAILAUTH_F_SPF_HELO_MISSING, STR_NONE, STR_NONE);
	tell_missing(c, gone);
	ck_assert_uint_eq(c->report->nfindings, 0);
	list_set(c, gone);
	list_set(c, NULL);
	ck_assert(is_listed(c, gone) && !is_listed(c, one));
	tell_missing(c, gone);
	tell_missing(c, one);
	tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("something"));
	tell(c, NULL, MAILAUTH_F_NONE, STR_NONE);
	/* The lookup itself speaks with the first record set of its answer. */
	list_set(c, one);
	list_set(c, other);
	ck_assert(one->speaks && !other->speaks);
	list_own(c, wild);
	ck_assert(is_listed(c, wild) && !wild->speaks);
}

START_TEST(told)
{
	static const struct {
		void (*prepared)(struct check *c), (*told)(struct check *c);
		const char *script, *wanted, *codes;
	} rows[] = {
		{ look_at_names, NULL, ZONE, "", "" },
		{ look_at_given_names, NULL, ZONE, "", "" },
		{ look_at_spf_domains, NULL, ZONE, "", "" },
		{ NULL, look_at_hosts,
		    ZONE MORE_HOSTS "fail bad.example.com. AAAA\n",
		    "h/A h/AAAA link/A link/AAAA v4/A v4/AAAA gone/A gone/AAAA "
		    "bad/A bad/AAAA many/A many/AAAA",
		    "" },
		{ NULL, look_at_records,
		    ZONE "one TXT 'v=spf1 -all'\n*.w TXT 'v=spf1 mx -all'\n",
		    "one/TXT gone/TXT a.w/TXT %.w/TXT",
		    "spf-missing limit-reached" },
	};
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	const struct wanted wanted = { .first = rows[_i].wanted,
		.prepared = rows[_i].prepared,
		.told = rows[_i].told };
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	put_text(&w, rows[_i].script);
	for (int i = 1; i < 40; i++) {
		put_text(&w, "many A 192.0.2.");
		put_number(&w, (uint64_t)i);
		put_char(&w, '\n');
	}
	put_char(&w, '\0');
	ck_assert_int_eq(run(&a, w.buf, &wanted, why), MAILAUTH_OK);
	expect_codes(&a, rows[_i].codes);
	expect_no_codes(&a, "spf-helo-missing dmarc-missing");
	ask_close(&a);
	arena_free(&arena);
}
END_TEST

/* Of kinds that are not asked for only failures are listed. */
START_TEST(only)
{
	static const struct {
		const char *more;
		bool listed;
	} rows[] = { { "", false }, { "fail a TXT\n", true } };
	const struct wanted w = { .first = "a/TXT",
		.second = "b/TXT",
		.only = 1u << MAILAUTH_KIND_DMARC | 1u << MAILAUTH_KIND_SPF };
	struct wanted none = w;
	char why[MAILAUTH_WHY_MAX], script[256];
	struct asked a;

	snprintf(script, sizeof(script), ZONE "a TXT 'v=spf1 -all'\n%s",
	    rows[_i].more);
	ck_assert_int_eq(run(&a, script, &w, why), MAILAUTH_OK);
	ck_assert_uint_eq(a.report->nsets, 2);
	ask_close(&a);
	none.only = 1u << MAILAUTH_KIND_DMARC;
	ck_assert_int_eq(run(&a, script, &none, why), MAILAUTH_OK);
	ck_assert_uint_eq(a.report->nsets, 0);
	ck_assert_int_eq(strstr(written, "a TXT failed") != NULL,
	    rows[_i].listed);
	ask_close(&a);
}
END_TEST

/* What a check makes of it. */

/* Servers of a zone. */
#define TWO ZONE "online\n@ NS ns2\nns2 A 192.0.2.54\n"
#define AT  "at 192.0.2.54\nzone example.com\nns2 A 192.0.2.54\n"
#define NET "zone example.net\ns TXT 'v=DKIM1; p='\nzone example.com\n"
#define STS "TXT 'v=STSv1; id=1'\n"
#define TLS "TXT 'v=TLSRPTv1; rua=mailto:a@example.com'\n"

static const struct {
	const char *title, *script, *words, *detail; /* of what differs */
	bool limited;
	unsigned servers; /* that are listed; 0: those of the zone */
} compared_servers[] = {
	{ "both say the same", TWO "@ TXT 'x'\n", "", NULL, false, 0 },
	{ "one has another text", TWO "@ TXT 'x'\n" AT "@ TXT 'y'\n", "",
	    "example.com. TXT", false, 0 },
	{ "one has none", TWO "@ TXT 'x'\n" AT, "", "example.com. TXT", false,
	    0 },
	{ "one has another order",
	    TWO "@ TXT 'x'\n@ TXT 'y'\n" AT "@ TXT 'y'\n@ TXT 'x'\n", "", NULL,
	    false, 0 },
	{ "one has one more", TWO "@ MX 1 x\n" AT "@ MX 1 x\n@ MX 2 y\n", "",
	    "example.com. MX", false, 0 },
	{ "one is another version",
	    TWO AT "@ SOA ns hostmaster 2 3600 900 1209600 300\n", "",
	    "example.com. SOA", false, 0 },
	{ "policies differ",
	    TWO "_dmarc TXT 'v=DMARC1; p=none'\n" AT
	        "_dmarc TXT 'v=DMARC1; p=reject'\n",
	    "", "_dmarc.example.com. TXT", false, 0 },
	{ "keys differ", TWO "s._domainkey TXT 'v=DKIM1; p='\n" AT,
	    "--selector s", "s._domainkey.example.com. TXT", false, 0 },
	{ "a key that is not asked for",
	    TWO "s._domainkey TXT 'v=DKIM1; p='\n" AT, "--selector t", NULL,
	    false, 0 },
	{ "policies of transport differ",
	    TWO "_mta-sts " STS "_smtp._tls " TLS AT, "",
	    "_mta-sts.example.com. TXT, _smtp._tls.example.com. TXT", false,
	    0 },
	{ "one has a policy that was removed elsewhere", TWO AT "_mta-sts " STS,
	    "", "_mta-sts.example.com. TXT", false, 0 },
	{ "the addresses of a mail host differ",
	    TWO "@ MX 1 mx\nmx A 192.0.2.60\n" AT
	        "@ MX 1 mx\nmx A 192.0.2.61\n",
	    "", "mx.example.com. A", false, 0 },
	{ "an included record differs",
	    TWO "@ TXT 'v=spf1 include:_spf.example.com -all'\n"
	        "_spf TXT 'v=spf1 -all'\n" AT
	        "@ TXT 'v=spf1 include:_spf.example.com -all'\n"
	        "_spf TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    "", "_spf.example.com. TXT", false, 0 },
	{ "an alias differs",
	    TWO "s._domainkey CNAME s.example.net.\n" NET AT
	        "s._domainkey CNAME t.example.net.\n",
	    "--selector s", "s._domainkey.example.com. CNAME", false, 0 },
	{ "an alias into another zone, which these servers do not answer for",
	    TWO "s._domainkey CNAME s.example.net.\n" NET AT
	        "s._domainkey CNAME s.example.net.\n",
	    "--selector s", NULL, false, 0 },
	{ "the target of an alias differs",
	    TWO "s._domainkey CNAME k\nk TXT 'v=DKIM1; p='\n" AT
	        "s._domainkey CNAME k\nk TXT 'v=DKIM1; t=y; p='\n",
	    "--selector s", "k.example.com. TXT", false, 0 },
	{ "more than fit",
	    TWO "@ TXT 'x'\n@ MX 1 mx\nmx A 192.0.2.1\n_mta-sts " STS
	        "_smtp._tls " TLS "_dmarc TXT 'v=DMARC1; p=none'\n" AT,
	    "", " and 2 more", false, 0 },
	{ "one does not answer", TWO "@ TXT 'x'\n" AT "fail @\nlate _dmarc\n",
	    "", NULL, false, 0 },
	{ "there is only one", ZONE "online\n@ TXT 'x'\n", "", NULL, false, 0 },
	{ "their names could not be had", TWO "@ TXT 'x'\nfail @ NS\n" AT, "",
	    NULL, false, 0 },
	{ "those that are listed",
	    ZONE "online\n@ TXT 'x'\nat 192.0.2.71\nzone example.com\n"
	         "@ TXT 'y'\n",
	    "", "example.com. TXT", false, 2 },
};

static void
open_listed(struct asked *a, const char *script, size_t n)
{
	static const char *const servers[] = { "192.0.2.70", "192.0.2.71" };
	const struct mailauth_options options = { .servers = servers,
		.nservers = n };

	*a = (struct asked){ .source =
		                 source_new(script_new(script), &options) };
	EXPECT(a->source != NULL, "memory ran out");
}

START_TEST(servers)
{
	const char *detail = compared_servers[_i].detail, *message = "";
	char words[128];
	struct asked a;

	open_listed(&a, compared_servers[_i].script,
	    compared_servers[_i].servers);
	snprintf(words, sizeof(words), "check --compare-servers %s example.com",
	    compared_servers[_i].words);
	ask(&a, words);
	EXPECT(has_code(&a, "dns-inconsistent-servers") == (detail != NULL),
	    "%s", compared_servers[_i].title);
	for (size_t i = 0; i < mailauth_report_findings(a.report); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(a.report, i);

		if (strcmp(f->code, "dns-inconsistent-servers") == 0)
			message = f->message;
	}
	EXPECT(detail == NULL || strstr(message, detail) != NULL, "%s",
	    message);
	EXPECT(has_code(&a, "limit-reached") == compared_servers[_i].limited,
	    "%s", compared_servers[_i].title);
	ask_close(&a);
}
END_TEST

START_TEST(servers_without_a_network)
{
	const struct mailauth_request q = { .domain = "example.com",
		.compare_servers = true };
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	ask_open(&a, ZONE, NULL);
	ck_assert_int_eq(mailauth_check(a.source, &q, &a.report, why),
	    MAILAUTH_EUSE);
	ck_assert_str_eq(why, "servers cannot be compared without a network");
	ask_close(&a);
}
END_TEST

/* Chains of aliases. */

#define DMARC "TXT 'v=DMARC1; p=none'\n"

static const struct {
	const char *script, *hops;
	bool mixed;
} aliases[] = {
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\na " DMARC,
	    "_dmarc.example.com. CNAME secure, a.example.net. TXT insecure",
	    true },
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\na CNAME b\nb CNAME c.example.com.\n"
	  "zone example.org indeterminate\n"
	  "c.example.com. " DMARC,
	    "_dmarc.example.com. CNAME secure, a.example.net. CNAME insecure, "
	    "b.example.net. CNAME insecure, c.example.com. TXT secure",
	    true },
	{ "zone example.com insecure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\na " DMARC,
	    "_dmarc.example.com. CNAME insecure, a.example.net. TXT insecure",
	    false },
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net secure\na " DMARC,
	    "", false },
	{ "zone example.com\n_dmarc CNAME a.example.net.\n"
	  "zone example.net\na " DMARC,
	    "", false },
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\n",
	    "_dmarc.example.com. CNAME secure, a.example.net. TXT insecure",
	    true },
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\na " DMARC
	  "fail _dmarc.example.com. CNAME\n",
	    "_dmarc.example.com. CNAME unchecked, a.example.net. TXT insecure",
	    false },
	{ "zone example.com secure\n_dmarc CNAME a.example.net.\n"
	  "zone example.net insecure\na " DMARC "fail a.example.net.\n",
	    "", false },
};

static void
put_hops(char *room, size_t size, const json_t *json)
{
	const json_t *records = at(json, "records"), *hops = NULL;
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(records); i++)
		if (strcmp(text_at(json_array_get(records, i), "kind"),
		        "dmarc") == 0)
			hops = at(json_array_get(records, i), "hops");
	room[0] = '\0';
	for (size_t i = 0; i < json_array_size(hops); i++) {
		const json_t *h = json_array_get(hops, i);

		n += (size_t)snprintf(room + n, size - n, "%s%s %s %s",
		    i > 0 ? ", " : "", text_at(h, "name"), text_at(h, "type"),
		    text_at(h, "dnssec"));
	}
}

START_TEST(chains)
{
	char hops[512];
	struct asked a;

	ask_open(&a, aliases[_i].script, NULL);
	ask(&a, "check --only dmarc example.com");
	put_hops(hops, sizeof(hops), a.json);
	ck_assert_str_eq(hops, aliases[_i].hops);
	ck_assert_int_eq(has_code(&a, "dnssec-chain-mixed"), aliases[_i].mixed);
	ask_close(&a);
}
END_TEST

/* Several domains: reports in their order, and keys that two of them have. */

#define KEY   "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define OTHER "bTyJgP3Eu1/cGQ7NBYFyHY5bc6dAYPyS2QjGR6kbCHI="
#define SIGNS(domain, key) \
	"zone " domain "\ns._domainkey TXT 'v=DKIM1; k=ed25519; p=" key "'\n"

static const struct {
	const char *domain;
	bool shared;
} signers[] = { { "a.example", false }, { "b.example", true },
	{ "c.example", false }, { "-", false }, { "d.example", true },
	{ "a.example", false } };

static void
take_check(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	size_t *n = arg;
	struct asked a = { .report = report };

	ck_assert_uint_eq(index, *n);
	++*n;
	if (strcmp(signers[index].domain, "-") == 0) {
		ck_assert_int_eq(status, MAILAUTH_EUSE);
		ck_assert_str_eq(why,
		    "'192.0.2.1': it is an IP address, not a "
		    "domain");
		ck_assert_ptr_null(report);
		return;
	}
	ck_assert_int_eq(status, MAILAUTH_OK);
	expect_codes(&a, "dkim-ed25519-ok");
	EXPECT(has_code(&a, "dkim-key-shared") == signers[index].shared, "%s",
	    signers[index].domain);
	mailauth_report_free(report);
}

START_TEST(keys)
{
	static const char *const selectors[] = { "s" };
	struct mailauth_request requests[COUNT(signers)];
	struct asked a;
	size_t n = 0;

	for (int i = 0; i < COUNT(signers); i++)
		requests[i] = (struct mailauth_request){
			.domain = strcmp(signers[i].domain, "-") == 0 ?
			    "192.0.2.1" :
			    signers[i].domain,
			.selectors = selectors,
			.nselectors = 1
		};
	ask_open(&a,
	    SIGNS("a.example", KEY) SIGNS("b.example", KEY)
	        SIGNS("c.example", OTHER) SIGNS("d.example", KEY) //
	    "late s._domainkey.a.example. 5000\n",
	    NULL);
	ck_assert_int_eq(mailauth_check_all(a.source, requests,
	                     (size_t)COUNT(signers), take_check, &n),
	    MAILAUTH_OK);
	ck_assert_uint_eq(n, COUNT(signers));
	ask_close(&a);
}
END_TEST

/* What a resolver is asked: questions and probes. */
static enum mailauth_status (*ask_really)(struct resolver *r, struct lookup *l);
static unsigned asked_of_it, probes_of_it;

static enum mailauth_status
ask_and_count(struct resolver *r, struct lookup *l)
{
	asked_of_it++;
	probes_of_it += l->probe;
	return ask_really(r, l);
}

/* Selectors beyond the limit of lookups are not asked for, and not probed; of
 * those that time out, some are. */
START_TEST(many_selectors)
{
	static const struct {
		size_t n;
		const char *more;
		unsigned least, most, probes;
	} cases[] = { { 20, "", 40, 100, 0 }, { 200, "", 220, 460, 0 },
		{ 900, "", LOOKUPS_MAX, LOOKUPS_MAX, 0 },
		{ 1800, "", LOOKUPS_MAX, LOOKUPS_MAX, 0 },
		{ 1800, "fail * TXT truncated\n", LOOKUPS_MAX, LOOKUPS_MAX + 32,
		    32 } };
	static char names[1800][24];
	static const char *selectors[1800];
	struct mailauth_request q = { .domain = "example.com",
		.selectors = selectors,
		.nselectors = cases[_i].n };
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;
	struct asked a;

	for (size_t i = 0; i < cases[_i].n; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu", i);
		selectors[i] = names[i];
	}
	ask_open(&a, ZONE "@ TXT 'v=spf1 -all'\n", cases[_i].more);
	asked_of_it = probes_of_it = 0;
	ask_really = a.source->resolver->ask;
	a.source->resolver->ask = ask_and_count;
	status = mailauth_check(a.source, &q, &a.report, why);
	ask_take(&a, status, why);
	a.source->resolver->ask = ask_really;
	EXPECT(asked_of_it >= cases[_i].least && asked_of_it <= cases[_i].most,
	    "%u questions", asked_of_it);
	ck_assert_uint_eq(probes_of_it, cases[_i].probes);
	ask_close(&a);
}
END_TEST

/* A report is the same whatever the order of answers and of their records. */
#define TURNED \
	"zone example.com\n" \
	"@ TXT 'v=spf1 include:a.example.com include:b.example.com mx -all'\n" \
	"@ TXT 'some-verification=1'\n@ TXT 'v=spf1 mx -all'\n" \
	"a TXT 'v=spf1 a:mx1 -all'\nb TXT 'v=spf1 ip4:192.0.2.9 -all'\n" \
	"@ MX 10 mx1\n@ MX 10 mx2\n@ MX 20 mx3\n@ MX 20 gone\n" \
	"mx1 A 192.0.2.1\nmx1 A 192.0.2.2\nmx1 AAAA 2001:db8::1\n" \
	"mx2 A 192.0.2.2\nmx2 A 10.0.0.1\nmx3 A 192.0.2.3\n" \
	"@ A 192.0.2.4\n@ A 192.0.2.5\n" \
	"_dmarc TXT 'v=DMARC1; p=none'\n_dmarc TXT 'v=DMARC1; p=reject'\n" \
	"s2._domainkey TXT 'v=DKIM1; p='\n" \
	"zone 2.0.192.in-addr.arpa\n4 PTR mx1.example.com.\n" \
	"4 PTR mx2.example.com.\n4 PTR example.com.\n"
#define TURNED_ASK \
	"check --allow-documentation --selector s2 --selector s1 --ip 192.0.2.4 " \
	"--sender mx2.example.com=192.0.2.1 --helo mx2.example.com example.com"

/* What hangs on time, or on how many questions were asked ahead. */
static void
forget_time(json_t *json)
{
	json_object_del(json, "time");
	json_object_del(json, "seconds");
	json_object_del(json, "queries");
}

/* Answers come late, the first question last. */
static void
come_late(const struct asked *a, char *more, size_t size)
{
	const struct question *q;
	size_t n = strlen(more);

	for (size_t i = 0;
	     n < size && (q = script_question(a->source->resolver, i)) != NULL;
	     i++) {
		char type[16];

		n += (size_t)snprintf(more + n, size - n, "late %.*s %s %u\n",
		    (int)q->name.n, q->name.s, name_rrtype(q->rrtype, type),
		    90 - (unsigned)(i * 31) % 90);
	}
	ck_assert_uint_lt(n, size);
}

START_TEST(turned)
{
	struct asked whole, a;
	char more[16384];
	char *one, *other;

	ask_open(&whole, TURNED, NULL);
	ask(&whole, TURNED_ASK);
	forget_time(whole.json);
	snprintf(more, sizeof(more), "turn %d\n", _i / 2);
	if (_i % 2 == 1)
		come_late(&whole, more, sizeof(more));
	ask_open(&a, TURNED, more);
	ask(&a, TURNED_ASK);
	forget_time(a.json);
	one = json_dumps(whole.json, JSON_INDENT(1));
	other = json_dumps(a.json, JSON_INDENT(1));
	if (strcmp(one, other) != 0)
		printf("%s\n%s\n", one, other);
	EXPECT(strcmp(one, other) == 0, "turn %d", _i);
	/* Both of two records are shown. */
	expect_json(&a,
	    "records.0.texts.0=v=spf1 mx -all | "
	    "records.0.texts.1=v=spf1 include:a.example.com "
	    "include:b.example.com mx -all | records.0.values=null");
	free(one);
	free(other);
	ask_close(&whole);
	ask_close(&a);
}
END_TEST

/* What records say is there by name, and what is not known is not said. */
static const struct {
	const char *script, *words, *members;
} values[] = {
	{ "zone example.com\n@ MX 20 b\n@ MX 10 a\na A 192.0.2.1\n"
	  "b A 192.0.2.2\nfail b AAAA\n",
	    "check --only mx example.com",
	    "records.0.values.hosts.0.preference=10 | "
	    "records.0.values.hosts.0.host=a.example.com. | "
	    "records.0.values.hosts.0.addresses.0=192.0.2.1 | "
	    "records.0.values.hosts.0.complete=true | "
	    "records.0.values.hosts.1.complete=false | "
	    "records.0.values.null=false | kinds.mx.records=2" },
	{ "zone example.com\n_dmarc TXT 'v=DMARC1; P=Reject; pct=50; "
	  "rua=mailto:a@example.com, mailto:b@example.com; t=y'\n",
	    "check --only dmarc example.com",
	    "records.0.values.p=reject | records.0.values.policy=reject | "
	    "records.0.values.pct=50 | records.0.values.testing=true | "
	    "records.0.values.rua.1=mailto:b@example.com" },
	{ "zone example.com\n_dmarc TXT 'v=DMARC1; p=reject; p=none'\n",
	    "check --only dmarc example.com",
	    "records.0.values.v=DMARC1 | records.0.values.applies=true" },
	{ "zone example.com\n@ TXT 'v=spf1 include:a.example.com ~all'\n"
	  "a TXT 'v=spf1 a mx -all'\n",
	    "check --only spf example.com",
	    "records.0.values.terms.0.mechanism=include | "
	    "records.0.values.terms.0.value=a.example.com | "
	    "records.0.values.terms.0.lookups=3 | records.0.values.lookups=3 | "
	    "records.0.values.complete=true | records.0.values.all=~" },
	{ "zone example.com\n@ TXT 'v=spf1 include:a.example.com ~all'\n"
	  "bogus a\n",
	    "check --only spf example.com",
	    "records.0.values.complete=false | verdict=temperror" },
	{ "zone example.com\ns._domainkey TXT 'v=DKIM1; k=ed25519; "
	  "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g='\n",
	    "check --only dkim --selector s example.com",
	    "records.0.values.type=ed25519 | records.0.values.bits=256 | "
	    "records.0.values.algorithm=ed25519-sha256 | "
	    "records.0.values.revoked=false" },
	{ "zone example.com\ns._domainkey TXT 'v=DKIM1; p='\n",
	    "check --only dkim --selector s example.com",
	    "records.0.values.type=rsa | records.0.values.revoked=true" },
	{ "zone example.com\nbogus @ TXT\n", "check --only spf example.com",
	    "verdict=temperror | verdict_why=bogus | worst=fail | "
	    "kinds.spf.verdict=temperror | records.0.values=null" },
	{ "zone example.com\nfail @ TXT\n", "check --only spf example.com",
	    "verdict=temperror | verdict_why=unknown | "
	    "kinds.spf.verdict=temperror" },
	{ "zone example.com\n@ TXT 'v=spf1 -all'\n",
	    "check --only spf example.com",
	    "verdict=pass | verdict_why=null | source=the given zones | "
	    "source_as_asked=true" },
};

START_TEST(valued)
{
	struct asked a;

	ask_open(&a, values[_i].script, NULL);
	ask(&a, values[_i].words);
	expect_json(&a, values[_i].members);
	ask_close(&a);
}
END_TEST

Suite *
suite_engine(void)
{
	Suite *s = suite_create("engine");
	TCase *t = tcase_create("rounds");

	tcase_add_loop_test(t, in_rounds, 0, COUNT(rounds));
	tcase_add_loop_test(t, too_many, 0, 3);
	tcase_add_loop_test(t, prepared, 0, 4);
	tcase_add_test(t, several);
	tcase_add_test(t, streams);
	tcase_add_test(t, streams_in_order);
	tcase_add_test(t, stream_of_nothing);
	tcase_add_loop_test(t, told, 0, 5);
	tcase_add_loop_test(t, only, 0, 2);
	suite_add_tcase(s, t);
	t = tcase_create("checks");
	tcase_add_loop_test(t, servers, 0, COUNT(compared_servers));
	tcase_add_test(t, servers_without_a_network);
	tcase_add_loop_test(t, chains, 0, COUNT(aliases));
	tcase_add_test(t, keys);
	tcase_add_loop_test(t, turned, 0, 8);
	tcase_add_loop_test(t, valued, 0, COUNT(values));
	tcase_add_loop_test(t, many_selectors, 0, 5);
	suite_add_tcase(s, t);
	return s;
}
