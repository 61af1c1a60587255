/*
 * test_source.c - what the source of answers leaves open
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "dns/resolver_unbound.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define BASE \
	"zone example.com\n" \
	"@ A 198.41.0.4\n" \
	"@ MX 10 mail\n" \
	"mail A 198.41.0.5\n" \
	"_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:d@example.com'\n"
#define SPF BASE "@ TXT 'v=spf1 mx include:_spf.example.net -all'\n"

/* Names outside of the given zones. */
static const struct {
	const char *script, *words;
	const char *verdict;
	const char *outside; /* separated by '|' */
	const char *codes, *no_codes;
} outside[] = {
	/* The includes of a record that a check judges. */
	{ SPF, "check example.com", "pass", "_spf.example.net", "spf-ok",
	    "dns-offline spf-include-target-temperror lookup-undecided" },
	{ SPF, "spf example.com", "pass", "_spf.example.net", "",
	    "dns-offline spf-include-target-temperror" },
	{ BASE "@ TXT 'v=spf1 redirect=_spf.example.net'\n",
	    "check example.com", "pass", "_spf.example.net", "",
	    "spf-redirect-target-none spf-include-target-temperror" },
	{ BASE "@ TXT 'v=spf1 include:a -all'\n"
	       "a TXT 'v=spf1 include:_spf.example.net -all'\n",
	    "check --only spf example.com", "fail", "", "", "" },
	{ BASE "@ TXT 'v=spf1 include:a.example.com -all'\n"
	       "a TXT 'v=spf1 include:_spf.example.net -all'\n",
	    "check --only spf example.com", "pass", "_spf.example.net", "",
	    "dns-offline spf-include-target-temperror" },
	/* What was asked hangs on them. */
	{ SPF, "spf --ip 192.0.2.1 example.com", "temperror",
	    "_spf.example.net", "spf-eval-temperror", "dns-offline" },
	{ SPF, "spf --ip 198.41.0.5 example.com", "pass", "", "spf-eval-pass",
	    "" },
	{ SPF, "check --only spf --ip 192.0.2.1 example.com", "temperror",
	    "_spf.example.net", "spf-eval-temperror", "dns-offline" },
	{ SPF, "spf --ip 192.0.2.1 example.org", "temperror", "example.org",
	    "dns-offline spf-eval-temperror", "spf-missing" },
	{ SPF,
	    "check --only spf --mail-from example.org --ip 192.0.2.1 "
	    "example.com",
	    "temperror", "example.org|_spf.example.net", "spf-eval-temperror",
	    "dns-offline" },
	/* A failure of another kind is told as ever. */
	{ SPF "online\n", "check --only spf example.com", "temperror", "",
	    "spf-include-target-temperror", "dns-offline" },
	/* The domain itself. */
	{ SPF, "check example.org", "temperror", "example.org", "dns-offline",
	    "spf-missing dmarc-missing mx-missing" },
	{ SPF, "check --only mx example.org", "temperror", "example.org",
	    "dns-offline", "mx-missing" },
	{ SPF, "dmarc example.org", "temperror", "", "dns-offline",
	    "dmarc-missing" },
	/* The policy of a domain above. */
	{ "zone a.example.com\n@ A 198.41.0.4\n", "dmarc a.example.com",
	    "temperror", "_dmarc.example.com", "dmarc-temperror",
	    "dmarc-missing dns-offline" },
	{ "zone a.example.com\n@ A 198.41.0.4\n",
	    "check --only dmarc a.example.com", "temperror",
	    "_dmarc.example.com", "nothing-checked",
	    "nothing-published dmarc-missing dmarc-temperror dns-offline" },
	{ SPF, "dmarc example.com --dkim example.com", "pass", "",
	    "dmarc-result-pass", "" },
	/* Reports, hosts, keys and reverse names. */
	{ BASE "drop _dmarc\n_dmarc TXT 'v=DMARC1; p=reject; "
	       "rua=mailto:d@example.net'\n",
	    "check --only dmarc example.com", "pass",
	    "example.com._report._dmarc.example.net|example.net", "",
	    "dmarc-ext-temperror dmarc-ext-unauthorised" },
	{ BASE "@ MX 20 mx.example.net.\n", "check --only mx example.com",
	    "pass", "mx.example.net", "",
	    "mx-target-missing dns-offline lookup-undecided" },
	{ BASE "s._domainkey CNAME k.example.net.\n",
	    "check --only mx,dkim --selector s example.com", "pass",
	    "s._domainkey.example.com (an alias that leads there: DKIM key)",
	    "", "dkim-key-missing dkim-cname-dangling dns-offline" },
	{ BASE,
	    "check --only mx,ptr --sender mail.example.com=198.41.0.5 "
	    "example.com",
	    "pass", "5.0.41.198.in-addr.arpa", "",
	    "ptr-missing ptr-temperror dns-offline" },
	{ BASE "zone 0.41.198.in-addr.arpa\n5 PTR h.example.net.\n",
	    "check --only ptr --sender mail.example.com=198.41.0.5 "
	    "example.com",
	    "pass", "h.example.net", "", "ptr-temperror ptr-fcrdns-fail" },
	/* Aliases: what was not seen is named. */
	{ SPF "drop _dmarc\n_dmarc CNAME d.example.net.\n"
	      "_mta-sts CNAME m.example.net.\n"
	      "_smtp._tls CNAME t.example.net.\n"
	      "default._bimi CNAME b.example.net.\n",
	    "check example.com", "pass",
	    "_dmarc.example.com (an alias that leads there: DMARC policy)|"
	    "_mta-sts.example.com (an alias that leads there: MTA-STS record)|"
	    "_smtp._tls.example.com (an alias that leads there: TLS "
	    "reporting)|"
	    "default._bimi.example.com (an alias that leads there: BIMI "
	    "assertion)",
	    "", "dmarc-missing dmarc-temperror dns-offline" },
	{ BASE "www CNAME w.example.net.\n",
	    "check --only spf,mx www.example.com", "temperror",
	    "www.example.com (an alias that leads there: SPF policy, MX)",
	    "dns-offline", "spf-missing" },
	/* A loop is within the zones. */
	{ BASE "s._domainkey CNAME l\nl CNAME s._domainkey\n",
	    "check --only dkim --selector s example.com", "temperror", "",
	    "dns-cname-loop", "dns-offline" },
};

static bool
lists(const struct asked *a, const char *what, size_t n)
{
	struct mailauth_incomplete_view v;

	for (size_t i = 0; mailauth_report_incomplete(a->report, i, &v); i++)
		if (strlen(v.what) == n && strncmp(v.what, what, n) == 0 &&
		    strcmp(v.why, "outside") == 0)
			return true;
	return false;
}

START_TEST(names_outside)
{
	const char *p = outside[_i].outside;
	struct asked a;

	ask_open(&a, outside[_i].script, NULL);
	ask(&a, outside[_i].words);
	for (size_t n; *p != '\0'; p += n + (p[n] == '|')) {
		n = strcspn(p, "|");
		EXPECT(lists(&a, p, n), "%.*s is not listed", (int)n, p);
	}
	expect_codes(&a, outside[_i].codes);
	expect_no_codes(&a, outside[_i].no_codes);
	ck_assert_str_eq(text_at(a.json, "verdict"), outside[_i].verdict);
	/* Nobody has to repair what was not looked at. */
	if (strstr(outside[_i].script, "online") == NULL)
		for (size_t i = 0; i < mailauth_report_findings(a.report);
		     i++) {
			const char *remedy =
			    mailauth_report_finding(a.report, i)->remedy;

			EXPECT(remedy == NULL ||
			        (strstr(remedy, "try again") == NULL &&
			            strstr(remedy, "ask again") == NULL),
			    "%s", remedy);
		}
	ask_close(&a);
}
END_TEST

/* What is wrong with the source, or is otherwise than the user may think. */
static const struct {
	const char *script, *words;
	const char *json, *codes, *no_codes;
	bool alone; /* nothing else is said */
} sources[] = {
	{ SPF "online\nfail * unreachable\n", "check example.com",
	    "verdict=temperror | dnssec=unchecked", "source-unreachable", "",
	    true },
	{ SPF "online\nfail * unreachable\n", "spf --ip 192.0.2.1 example.com",
	    "verdict=temperror | result=temperror", "source-unreachable", "",
	    true },
	{ SPF "online\nfail * unreachable\n", "dmarc example.com",
	    "verdict=temperror", "source-unreachable", "", true },
	{ SPF "online\nfail * no-proof\nforwards\nall secure\n",
	    "check example.com", "verdict=temperror | dnssec=indeterminate",
	    "source-strips-dnssec", "", true },
	{ SPF "online\nfail * no-proof\nforwards\nall secure\n",
	    "spf --ip 192.0.2.1 example.com",
	    "verdict=temperror | dnssec=indeterminate | result=temperror",
	    "source-strips-dnssec", "", true },
	{ SPF "online\nfail * no-proof\nforwards\nall secure\n",
	    "dmarc example.com --dkim example.com", "verdict=temperror",
	    "source-strips-dnssec", "dmarc-result-pass dmarc-result-fail",
	    true },
	{ SPF "online\nfail * no-proof\nforwards\ndenies-root\nall secure\n",
	    "check example.com", "verdict=temperror | dnssec=indeterminate",
	    "source-denies-root", "source-strips-dnssec", true },
	/* It denies all names, and no proof was asked for. */
	{ "online\nforwards\nno-dnssec\nno-root\nzone com\n@ A 192.0.2.1\n",
	    "check example.com", "verdict=temperror", "source-denies-root",
	    "domain-absent source-strips-dnssec", true },
	/* A part is known: the other part has one finding for all of it. */
	{ SPF "online\nfail _spf.example.net. unreachable\n",
	    "check --only spf example.com", "verdict=temperror",
	    "source-unreachable spf-all-fail", "dns-servfail lookup-undecided",
	    false },
	/* Below keys that were had there is no such excuse. */
	{ SPF "forwards\nall secure\nbogus example.com.\n",
	    "check --only spf example.com", "verdict=temperror | dnssec=bogus",
	    "dnssec-bogus", "source-strips-dnssec", false },
	{ SPF "through through 192.0.2.53 of resolv.conf\n",
	    "check --only dmarc example.com",
	    "source=through 192.0.2.53 of resolv.conf", "", "", false },
	/* Inside a network. */
	{ BASE "mail A 10.0.0.5\n", "check example.com", "verdict=fail",
	    "dns-internal-view", "", false },
	{ BASE "mail AAAA fd00::5\n", "check example.com", "verdict=fail",
	    "dns-internal-view", "", false },
	{ BASE "local mail A\n", "check example.com", "domain=example.com",
	    "dns-internal-view", "", false },
	{ BASE, "check example.com", "domain=example.com", "",
	    "dns-internal-view", false },
};

START_TEST(source_first)
{
	struct asked a;
	char *text;

	ask_open(&a, sources[_i].script, NULL);
	ask(&a, sources[_i].words);
	expect_codes(&a, sources[_i].codes);
	expect_no_codes(&a, sources[_i].no_codes);
	expect_json(&a, sources[_i].json);
	if (sources[_i].alone) {
		ck_assert_uint_eq(mailauth_report_findings(a.report), 1);
		ck_assert_uint_eq(mailauth_report_records(a.report), 0);
	}
	text = mailauth_report_text(a.report, 0);
	ck_assert_int_eq(strstr(text, "through 192.0.2.53") != NULL,
	    strstr(sources[_i].script, "through") != NULL);
	ck_assert_int_eq(mailauth_report_source(a.report) != NULL,
	    strstr(sources[_i].script, "through") != NULL);
	if (mailauth_report_source(a.report) != NULL)
		ck_assert_str_eq(mailauth_report_source(a.report),
		    text_at(a.json, "source"));
	free(text);
	ask_close(&a);
}
END_TEST

/* A server on loopback without any DNSSEC: a text for TXT, and nothing else. */
static void
serve(int s)
{
	static const char text[] =
	    "\xc0\x0c\0\x10\0\x01\0\0\0\x3c\0\x0c\x0bv=spf1 -all";
	uint8_t m[512];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n;

	while ((n = recvfrom(s, m, sizeof(m), 0, (struct sockaddr *)&from,
	            &size)) >= 17) {
		size_t at = 12;

		while (at < (size_t)n && m[at] != 0)
			at += m[at] + 1u;
		at += 5;
		m[2] = 0x81;
		m[3] = 0x80;
		memset(m + 6, 0, 6);
		if (at <= (size_t)n && m[at - 3] == 16) {
			m[7] = 1;
			memcpy(m + at, text, sizeof(text) - 1);
			at += sizeof(text) - 1;
		}
		sendto(s, m, at, 0, (struct sockaddr *)&from, size);
	}
}

/* Start the server, and name it in a file; without `answers` nobody is at its
 * port. */
static pid_t
start_server(bool answers, char *file)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	char line[64];
	pid_t child = -1;

	ck_assert_int_eq(bind(s, (struct sockaddr *)&at, size), 0);
	ck_assert_int_eq(getsockname(s, (struct sockaddr *)&at, &size), 0);
	snprintf(line, sizeof(line), "# ours\nnameserver 127.0.0.1@%u\n",
	    ntohs(at.sin_port));
	strcpy(file, folder_put("resolv.conf", line, strlen(line)));
	if (answers && (child = fork()) == 0) {
		alarm(60); /* a test that crashes leaves nobody behind */
		serve(s);
		_exit(0);
	}
	close(s);
	return child;
}

static const struct {
	bool answers, no_dnssec;
	const char *code, *line;
	enum mailauth_result result;
} falls[] = {
	{ true, true, "spf-all-fail", ", through", MAILAUTH_RESULT_PASS },
	{ true, false, "source-strips-dnssec", "\n        through 127.0.0.1@",
	    MAILAUTH_RESULT_TEMPERROR },
	{ false, false, "source-unreachable", "not checked: DNSSEC",
	    MAILAUTH_RESULT_TEMPERROR },
};

/* No root server can be reached: those of this file are on loopback, where
 * nobody listens. */
START_TEST(no_roots)
{
	static const char hints[] = ". NS a.root.\na.root. A 127.255.255.253\n";
	const struct mailauth_options options = { .timeout = 6,
		.no_dnssec = falls[_i].no_dnssec };
	struct mailauth_request request = { .domain = "example.com",
		.only = 1u << MAILAUTH_KIND_SPF };
	char file[512], root[512], why[MAILAUTH_WHY_MAX];
	struct unbound_places places = { .root_hints = root,
		.resolv_conf = file };
	pid_t child = start_server(falls[_i].answers, file);
	struct asked a = { .json = NULL };
	struct resolver *r, *other;
	char *text;

	strcpy(root, folder_put("root.hints", hints, sizeof(hints) - 1));
	ck_assert_int_eq(unbound_new(&options, &places, &other, why),
	    MAILAUTH_OK);
	ck_assert_int_eq(unbound_new(&options, &places, &r, why), MAILAUTH_OK);
	/* They share the log of libunbound: the end of one leaves it to the
	 * other. */
	other->free(other);
	a.source = source_new(r, &options);
	ck_assert_int_eq(mailauth_check(a.source, &request, &a.report, why),
	    MAILAUTH_OK);
	text = mailauth_report_text(a.report, 0);
	EXPECT(has_code(&a, falls[_i].code), "%s", text);
	EXPECT(strstr(text, falls[_i].line) != NULL, "%s", text);
	if (falls[_i].result != MAILAUTH_RESULT_PASS) {
		ck_assert_int_eq(mailauth_report_result(a.report),
		    falls[_i].result);
		ck_assert_uint_eq(mailauth_report_findings(a.report), 1);
		ck_assert_uint_eq(mailauth_report_records(a.report), 0);
	}
	free(text);
	mailauth_report_free(a.report);
	mailauth_resolver_free(a.source);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}
END_TEST

Suite *
suite_source(void)
{
	Suite *s = suite_create("source");
	TCase *t = tcase_create("outside");

	tcase_add_loop_test(t, names_outside, 0, COUNT(outside));
	suite_add_tcase(s, t);
	t = tcase_create("first");
	tcase_add_loop_test(t, source_first, 0, COUNT(sources));
	suite_add_tcase(s, t);
	t = tcase_create("roots");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, folder_open, folder_close);
	tcase_add_loop_test(t, no_roots, 0, COUNT(falls));
	suite_add_tcase(s, t);
	return s;
}
