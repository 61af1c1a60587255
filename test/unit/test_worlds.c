/*
 * test_worlds.c - no plan takes anything away, in made-up worlds
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each world has zones and settings made from a seed. Its plan is compared with
 * DNS, and what it says is published in place of what is there. Whoever passed
 * SPF before passes after, by any of several records; no DMARC policy is weaker;
 * and a check finds nothing wrong that it did not find before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "text.h"

#define WORLDS       240
#define CODES        512
#define TEXT_MAX     8192
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* What a record may have. */
static const char *const terms[] = { "ip4:203.0.113.77", "ip4:203.0.113.0/25",
	"-ip4:203.0.113.9", "a", "mx", "a:h.a.org", "include:s.a.org",
	"exists:%{i}.e.a.org", "ip6:2001:db8:1::/48", "~exists:n.a.org",
	"a:mta.a.org", "include:none.a.org", "inclde:s.a.org" };
/* Of these, what breaks no other record that it is joined with. */
#define SOUND (COUNT(terms) - 2)
static const char *const ends[] = { "-all", "~all", "?all", "",
	"redirect=s.a.org", "-all exp=w.a.org" };
static const char *const probes[] = { "203.0.113.9", "203.0.113.50",
	"203.0.113.77", "203.0.113.200", "198.51.100.1", "198.51.100.2",
	"2001:db8:1::7", "192.0.2.4", "2001:db8::4" };
static const char *const policies[] = { "none", "quarantine", "reject" };
static const char *const extras[] = { "adkim=s", "aspf=s", "fo=1", "t=y",
	"pct=50", "pct=5", "x-a=b", "rua=mailto:a@a.org,mailto:b@a.org!10m" };
static const char *const authors[] = { "a.org", "sub.a.org", "gone.a.org" };

static const char rest[] = "zone a.org\n"
                           "s TXT 'v=spf1 ip4:203.0.113.50 -all'\n"
                           "h A 203.0.113.200\nsub A 198.51.100.1\n"
                           "@ A 198.51.100.1\n@ MX 5 mx1\nmx1 A 198.51.100.2\n"
                           "50.113.0.203.e A 127.0.0.2\nw TXT no\n"
                           "mta A 192.0.2.4\nmta AAAA 2001:db8::4\n"
                           "mta TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
                           "zone 2.0.192.in-addr.arpa\n4 PTR mta.a.org.\n"
                           "zone 113.0.203.in-addr.arpa\n"
                           "zone 8.b.d.0.1.0.0.2.ip6.arpa\n";

/* A source of numbers that a seed decides (xorshift). */
static uint32_t state;

static size_t
below(size_t n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % n;
}

struct world {
	char spf[2][512], dmarc[2][512];
	size_t nspf, ndmarc;
	char settings[512];
	struct mailauth_plan_request request;
};

static void
add(char *text, const char *more)
{
	size_t n = strlen(text);

	snprintf(text + n, 512 - n, "%s", more);
}

static void
make_spf(char *out, bool many)
{
	size_t n = below(5);

	snprintf(out, 512, "v=spf1");
	for (size_t i = 0; i < n; i++) {
		add(out, " ");
		add(out, terms[below(many ? SOUND : COUNT(terms))]);
	}
	add(out, " ");
	add(out, ends[below(COUNT(ends))]);
	if (out[strlen(out) - 1] == ' ')
		out[strlen(out) - 1] = '\0';
}

static void
add_policy(char *out, const char *tag)
{
	add(out, "; ");
	add(out, tag);
	add(out, policies[below(3)]);
}

static void
make_dmarc(char *out)
{
	bool pct = false;

	snprintf(out, 512, "v=DMARC1");
	add_policy(out, "p=");
	if (below(2) == 0)
		add_policy(out, "sp=");
	if (below(3) == 0)
		add_policy(out, "np=");
	for (size_t i = 0; i < COUNT(extras); i++) {
		if (below(3) > 0 || (pct && strncmp(extras[i], "pct", 3) == 0))
			continue;
		pct = pct || strncmp(extras[i], "pct", 3) == 0;
		add(out, "; ");
		add(out, extras[i]);
	}
}

static void
make_world(struct world *w, uint32_t seed)
{
	static const char *const wishes[] = { NULL, "none", "quarantine",
		"reject" };
	static const char *const hosts[] = { "mta2", "mta", "mx1" };
	size_t from, second, host, first;

	state = seed * 2654435761u + 1;
	*w = (struct world){ .nspf = below(3) };
	w->ndmarc = below(3);
	for (size_t i = 0; i < w->nspf; i++)
		make_spf(w->spf[i], w->nspf > 1);
	for (size_t i = 0; i < w->ndmarc; i++)
		make_dmarc(w->dmarc[i]);
	/* One after the other: compilers differ in the order of arguments. */
	from = below(4);
	second = below(2);
	host = below(3);
	first = below(3);
	snprintf(w->settings, sizeof(w->settings),
	    "{'nodes': [{'ip': '%s', 'host': '%s.a.org'}%s], "
	    "'senders': [{'from': '%s'}]}",
	    first == 0     ? "192.0.2.4" :
	        first == 1 ? "192.0.2.9" :
	                     "2001:db8::9",
	    hosts[host],
	    second == 0 ? ", {'ip': '203.0.113.9', 'host': 'm.a.org'}" : "",
	    from == 0 ? "sub.a.org" : "a.org");
	w->request.dmarc = wishes[below(4)];
	w->request.rua = below(4) == 0 ? "new@a.org" : NULL;
	w->request.allow_documentation = true;
}

/* The world as a script; `only_spf` and `only_dmarc` choose one record of
 * several, -1 all. */
static void
put_script(char *out, const struct world *w, int only_spf, int only_dmarc)
{
	size_t n = (size_t)snprintf(out, TEXT_MAX, "%s$ORIGIN a.org.\n", rest);

	for (size_t i = 0; i < w->nspf; i++)
		if (only_spf < 0 || (size_t)only_spf == i)
			n += (size_t)snprintf(out + n, TEXT_MAX - n,
			    "a.org. TXT \"%s\"\n", w->spf[i]);
	for (size_t i = 0; i < w->ndmarc; i++)
		if (only_dmarc < 0 || (size_t)only_dmarc == i)
			n += (size_t)snprintf(out + n, TEXT_MAX - n,
			    "_dmarc.a.org. TXT \"%s\"\n", w->dmarc[i]);
}

/* What a world says to all that is asked. */
struct seen {
	bool passes[COUNT(probes)];
	int policy[COUNT(authors)][2];
	char codes[CODES]; /* what is wrong, each with a blank on both sides */
};

static void
see_spf(struct mailauth_resolver *source, struct seen *out)
{
	for (size_t i = 0; i < COUNT(probes); i++) {
		const struct mailauth_spf_request q = { .ip = probes[i],
			.mail_from = "a.org",
			.allow_documentation = true };
		struct mailauth_report *r;
		struct mailauth_spf_view v;
		char why[MAILAUTH_WHY_MAX];

		EXPECT(mailauth_spf(source, &q, &r, why) == MAILAUTH_OK, "%s",
		    why);
		out->passes[i] =
		    mailauth_report_spf(r, &v) && v.result == MAILAUTH_SPF_PASS;
		mailauth_report_free(r);
	}
}

static int
rank(enum mailauth_dmarc_policy p)
{
	return p == MAILAUTH_DMARC_ABSENT ? -1 : (int)p;
}

static void
see_dmarc(struct mailauth_resolver *source, struct seen *out)
{
	for (size_t i = 0; i < COUNT(authors); i++) {
		const struct mailauth_dmarc_request q = { .from = authors[i],
			.allow_documentation = true };
		struct mailauth_report *r;
		struct mailauth_dmarc_view new, old;
		char why[MAILAUTH_WHY_MAX];

		EXPECT(mailauth_dmarc(source, &q, &r, why) == MAILAUTH_OK, "%s",
		    why);
		EXPECT(mailauth_report_dmarc(r, 9989, &new) &&
		        mailauth_report_dmarc(r, 7489, &old),
		    "no view");
		out->policy[i][0] = rank(new.applied);
		out->policy[i][1] = rank(old.policy);
		mailauth_report_free(r);
	}
}

static void
see_codes(struct mailauth_resolver *source, struct seen *out)
{
	const struct mailauth_request q = { .domain = "a.org",
		.only = 1u << MAILAUTH_KIND_SPF | 1u << MAILAUTH_KIND_DMARC,
		.allow_documentation = true };
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];
	size_t n = 1;

	EXPECT(mailauth_check(source, &q, &r, why) == MAILAUTH_OK, "%s", why);
	snprintf(out->codes, CODES, " ");
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);

		if (f->severity >= MAILAUTH_WARN && n < CODES)
			n += (size_t)snprintf(out->codes + n, CODES - n, "%s ",
			    f->code);
	}
	mailauth_report_free(r);
}

static void
see(const char *script, const char *more, struct seen *out)
{
	struct asked a;

	ask_open(&a, script, more);
	see_spf(a.source, out);
	see_dmarc(a.source, out);
	see_codes(a.source, out);
	ask_close(&a);
}

/* Write the changes that a plan asks for, as a script. */
static void
publish(const json_t *plan, char *out)
{
	size_t i, k, n = 0;
	json_t *zone, *record;

	out[0] = '\0';
	json_array_foreach(at(plan, "zones"), i, zone)
	    json_array_foreach(json_object_get(zone, "records"), k, record)
	{
		const char *what = text_at(record, "state");
		const char *owner = text_at(record, "owner");
		const char *type = text_at(record, "type");

		EXPECT(strcmp(what, "unknown") != 0, "%s is unknown", owner);
		if (strcmp(what, "different") == 0)
			n += (size_t)snprintf(out + n, TEXT_MAX - n,
			    "drop %s %s\n", owner, type);
		if (strcmp(what, "different") == 0 ||
		    strcmp(what, "missing") == 0)
			n += (size_t)snprintf(out + n, TEXT_MAX - n,
			    "%s %s %s\n", owner, type, text_at(record, "data"));
		EXPECT(n < TEXT_MAX, "the plan is too long");
	}
}

/* Nothing that `was` says is lost in `is`. */
static void
compare_spf(const struct world *w, const struct seen *was,
    const struct seen *is, const char *changes)
{
	for (size_t i = 0; i < COUNT(probes); i++)
		EXPECT(!was->passes[i] || is->passes[i],
		    "%s passed: %s | %s | %s", probes[i], w->spf[0], w->spf[1],
		    changes);
}

static void
compare_dmarc(const struct world *w, const struct seen *was,
    const struct seen *is, const char *changes)
{
	for (size_t i = 0; i < COUNT(authors); i++)
		for (int rfc = 0; rfc < 2; rfc++)
			EXPECT(is->policy[i][rfc] >= was->policy[i][rfc],
			    "%s is weaker, %d: %s | %s | %s", authors[i], rfc,
			    w->dmarc[0], w->dmarc[1], changes);
}

/* No code is new, but for that of a tag that was there and says more now, and
 * of a policy that was asked for. */
static void
compare_codes(const struct world *w, const struct seen *was,
    const struct seen *is, const char *changes)
{
	char code[80];

	for (const char *s = is->codes + 1; *s != '\0';
	     s = strchr(s, ' ') + 1) {
		snprintf(code, sizeof(code), " %.*s ", (int)strcspn(s, " "), s);
		EXPECT(strstr(was->codes, code) != NULL ||
		        (strcmp(code, " dmarc-t-y ") == 0 &&
		            strstr(w->dmarc[0], "t=y") != NULL) ||
		        (strcmp(code, " dmarc-p-none ") == 0 && w->ndmarc == 0),
		    "%s is new: %s | %s | %s", code, w->spf[0], w->dmarc[0],
		    changes);
	}
}

/* Plan for the world, and write what is to change. */
static void
plan(struct world *w, const char *script, char *changes)
{
	struct arena arena = { NULL, false };
	struct mailauth_settings_text one = { .name = "settings",
		.text = quoted(&arena, w->settings) };
	struct mailauth_settings *s;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;
	struct asked a;

	one.len = strlen(one.text);
	EXPECT(mailauth_settings_parse(&one, 1, &s, why) == MAILAUTH_OK, "%s",
	    why);
	w->request.settings = s;
	ask_open(&a, script, NULL);
	status = mailauth_plan(a.source, &w->request, &a.report, why);
	ask_take(&a, status, why);
	publish(a.json, changes);
	ask_close(&a);
	mailauth_settings_free(s);
	arena_free(&arena);
}

static void
live(struct world *given, char *changes)
{
	static char script[TEXT_MAX];
	struct world w = *given;
	struct seen was, is;

	put_script(script, &w, -1, -1);
	plan(&w, script, changes);
	see(script, NULL, &was);
	see(script, changes, &is);
	compare_spf(&w, &was, &is, changes);
	compare_dmarc(&w, &was, &is, changes);
	if (w.nspf < 2 && w.ndmarc < 2)
		compare_codes(&w, &was, &is, changes);
	/* Of several records that become one each may have been meant. */
	for (int i = 0; i < 2; i++) {
		put_script(script, &w, i, i);
		see(script, NULL, &was);
		if (i < (int)w.nspf &&
		    strstr(changes, "drop a.org. TXT") != NULL)
			compare_spf(&w, &was, &is, changes);
		if (i < (int)w.ndmarc &&
		    strstr(changes, "drop _dmarc.a.org. TXT") != NULL)
			compare_dmarc(&w, &was, &is, changes);
	}
}

START_TEST(world)
{
	static char changes[TEXT_MAX];
	struct world w;

	make_world(&w, (uint32_t)_i + 1);
	live(&w, changes);
}
END_TEST

/* Two records, and what of the joined one is published; "" when there is
 * none. */
static const char *const joints[][3] = {
	/* Terms in front of ip6 find nothing for its clients, and are three in
	 * the joined record. */
	{ "v=spf1 ~exists:n.a.org a mx redirect=s.a.org",
	    "v=spf1 ~exists:n.a.org exists:%{i}.e.a.org ip6:2001:db8:1::/48 mx",
	    "" },
	{ "v=spf1 a mx -all", "v=spf1 ?exists:n.a.org ip6:2001:db8:1::/48 -all",
	    "v=spf1 ?exists:n.a.org ip6:2001:db8:1::/48 a mx" },
	{ "v=spf1 a mx -all", "v=spf1 a:h.a.org ip6:2001:db8:1::/48 ~all",
	    "v=spf1 ip6:2001:db8:1::/48 a mx a:h.a.org" },
	{ "v=spf1 a mx -all", "v=spf1 -a:h.a.org ip4:203.0.113.77 ~all",
	    "v=spf1 -a:h.a.org ip4:203.0.113.77 a mx" },
};

START_TEST(joint)
{
	static char changes[TEXT_MAX];
	struct world w;

	make_world(&w, 1);
	w.nspf = 2;
	w.ndmarc = 0;
	snprintf(w.settings, sizeof(w.settings),
	    "{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}], "
	    "'senders': [{'from': 'a.org'}]}");
	snprintf(w.spf[0], sizeof(w.spf[0]), "%s", joints[_i][0]);
	snprintf(w.spf[1], sizeof(w.spf[1]), "%s", joints[_i][1]);
	live(&w, changes);
	EXPECT((strstr(changes, "drop a.org. TXT") != NULL) ==
	            (joints[_i][2][0] != '\0') &&
	        strstr(changes, joints[_i][2]) != NULL,
	    "%s", changes);
}
END_TEST

Suite *
suite_worlds(void)
{
	Suite *s = suite_create("worlds");
	TCase *tc = tcase_create("worlds");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, world, 0, WORLDS);
	tcase_add_loop_test(tc, joint, 0, COUNT(joints));
	suite_add_tcase(s, tc);
	return s;
}
