/*
 * test_spf.c - SPF evaluated: what the public suite does not ask
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * DNSSEC on the way to a result, every answer on that way forged, failing and
 * late, the tree of terms and what it costs, bounds, identities, Sender ID.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/dname.h"
#include "base/str.h"
#include "record/rrtype.h"
#include "test/script/fake.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Questions of one evaluation, and of what the record costs: mailauth.h. */
#define QUESTIONS_MAX 223
#define COST_MAX      301

#define EXAMPLE \
	"zone example.com secure\n" \
	"@ TXT 'v=spf1 include:_spf.example.com a:www.example.com mx " \
	"exists:%{i}.ok.example.com ?ip6:2001:db8::/32 -all ' " \
	"'exp=why.example.com'\n" \
	"_spf TXT 'v=spf1 ip4:192.0.2.0/28 include:deep.example.com ~all'\n" \
	"deep TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n" \
	"www A 203.0.113.1\n" \
	"@ MX 10 mx\n" \
	"mx A 203.0.113.2\n" \
	"ok TXT 'senders'\n" \
	"203.0.113.3.ok A 127.0.0.2\n" \
	"why TXT '%{i} is not of %{d}'\n"
#define JOE  "--mail-from joe@example.com"
#define ZONE "zone example.com\n"
#define PTR \
	"zone 2.0.192.in-addr.arpa secure\n" \
	"1 PTR mail.example.com.\n" \
	"2 PTR mail.example.com.\n" \
	"zone example.com secure\n" \
	"@ TXT 'v=spf1 ptr -all'\n" \
	"mail A 192.0.2.1\n"
#define WHY ZONE "@ TXT 'v=spf1 -all exp=why.example.com'\n"
#define IDENTITIES \
	ZONE "@ TXT 'v=spf1 -all'\n" \
	     "mail TXT 'v=spf1 a -all'\n" \
	     "mail A 192.0.2.1\n" \
	     "none A 192.0.2.1\n"
#define LOCAL \
	ZONE "@ TXT 'v=spf1 exists:%{l}.users.example.com -all'\n" \
	     "joe.users A 127.0.0.1\n" \
	     "j\\195\\182.users A 127.0.0.1\n"
#define SENDER_ID \
	ZONE "@ TXT 'v=spf1 ip4:192.0.2.1 -all'\n" \
	     "@ TXT 'spf2.0/pra ip4:192.0.2.2 include:inc.example.com " \
	     "~all'\n" \
	     "inc TXT 'v=spf1 ip4:198.51.100.1 -all'\n"
#define L50 "llllllllllllllllllllllllllllllllllllllllllllllllll"
#define LONG(end) \
	ZONE "@ TXT 'v=spf1 exists:" L50 "." L50 ".' '" L50 "." L50 "." L50 \
	     "." end " -all'\n" L50 "." L50 "." L50 "." L50 " A 127.0.0.2\n"
#define PATH(mechanism, lookups) \
	"mechanism=" mechanism " | lookups=" lookups \
	" | worst_case.lookups=5 | worst_case.at_least=false | dnssec=secure"
#define COSTS(record) \
	ZONE "@ TXT '" record "'\n" \
	     "two A 192.0.2.1\ntwo A 192.0.2.5\n" \
	     "two AAAA 2001:db8::1\ntwo AAAA 2001:db8::5\n" \
	     "other TXT 'v=spf1 ip4:192.0.2.0/30 -all'\n"
#define FOUR "a:h1.example.com a:h2.example.com a:h3.example.com"
#define LOST(record) \
	ZONE "@ TXT 'v=spf1 " record " -all'\n" \
	     "h1 A 192.0.2.1\nh2 A 192.0.2.2\nh3 A 192.0.2.3\n" \
	     "four TXT 'v=spf1 " FOUR " -all'\n" \
	     "not TXT 'v=spf1 -ip6:2001:db8::/127 " FOUR " -all'\n" \
	     "both TXT 'v=spf1 -all'\nboth TXT 'v=spf1 ~all'\n"
#define ADDRESSES(ipv4, ipv6, at_least) \
	"addresses.ipv4=" ipv4 " | addresses.ipv6=" ipv6 \
	" | addresses.at_least=" at_least

static const struct spf_case {
	const char *script, *words, *result; /* NULL: no result */
	const char *json, *has, *hasnot;
} cases[] = {
	/* The term that decides, and the lookups it took. */
	{ EXAMPLE, "--ip 192.0.2.1 " JOE, .result = "pass",
	    .json = PATH("include:_spf.example.com", "1"),
	    .has = "spf-eval-pass" },
	{ EXAMPLE, "--ip 198.51.100.9 " JOE, .result = "pass",
	    .json = PATH("include:_spf.example.com", "2") },
	{ EXAMPLE, "--ip 203.0.113.1 " JOE, .result = "pass",
	    .json = PATH("a:www.example.com", "3") " | explanation=null" },
	{ EXAMPLE, "--ip 203.0.113.2 " JOE, .result = "pass",
	    .json = PATH("mx", "4") },
	{ EXAMPLE, "--ip 203.0.113.3 " JOE, .result = "pass",
	    .json = PATH("exists:%{i}.ok.example.com", "5") },
	{ EXAMPLE, "--ip 203.0.113.9 " JOE, .result = "fail",
	    .json = PATH("-all",
	        "5") " | explanation=203.0.113.9 is not of example.com",
	    .has = "spf-eval-fail" },
	{ EXAMPLE, "--ip 2001:db8::1 " JOE, .result = "permerror",
	    .json = "lookups=5 | void_lookups=3 | mechanism=null | "
	            "why=more than two terms find nothing",
	    .has = "spf-eval-permerror" },
	/* The tree. */
	{ EXAMPLE, "--ip 203.0.113.1 " JOE, .result = "pass",
	    .json = "tree.0.state=no-match | tree.0.result=softfail | "
	            "tree.0.lookups_below=1 | tree.0.total=2 | "
	            "tree.0.terms.0.domain=_spf.example.com. | "
	            "tree.0.terms.0.result=fail | "
	            "tree.0.terms.0.dnssec=secure | tree.1.state=match | "
	            "tree.1.total=3 | tree.2.state=not-reached | "
	            "tree.2.target=null" },
	{ EXAMPLE, "example.com", .result = NULL,
	    .json = "lookups=5 | void_lookups=0 | addresses.ipv4=274 | "
	            "addresses.ipv6=0 | addresses.at_least=true | "
	            "services.0.name=example.com. | services.0.lookups=4 | "
	            "tree.3.varies=true",
	    .has = "spf-lookups-ok spf-ranges" },
	/* How many addresses pass: the first term that matches counts. */
	{ COSTS("v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.128/25 -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("256", "0", "false") },
	{ COSTS("v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("128", "0", "false") },
	{ COSTS("v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.0/25 -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("256", "0", "false") },
	{ COSTS("v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ip4:192.0.3.0 "
	        "-all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("257", "0", "false") },
	{ COSTS("v=spf1 ?ip4:192.0.2.7 ip4:192.0.2.0/28 ip6:2001:db8::/64 "
	        "ip6:2001:db8::1 -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("15", "18446744073709551616", "false") },
	{ COSTS("v=spf1 +all"), "example.com", .result = NULL,
	    .json = ADDRESSES("4294967296",
	        "340282366920938463463374607431768211456", "false") },
	{ COSTS("v=spf1 -ip4:192.0.2.1 +all"), "example.com", .result = NULL,
	    .json = ADDRESSES("4294967295",
	        "340282366920938463463374607431768211456", "false") },
	{ COSTS("v=spf1 -ip6:::/1 ip6:::/0 -all"), "example.com",
	    .result = NULL,
	    .json = ADDRESSES("0", "170141183460469231731687303715884105728",
	        "false") },
	{ COSTS("v=spf1 ptr -all"), "example.com", .result = NULL,
	    .json = ADDRESSES("0", "0", "true") },
	{ COSTS("v=spf1 a -all"), "example.com", .result = NULL,
	    .json = ADDRESSES("0", "0", "false") },
	{ COSTS("v=spf1 a:two.example.com/31 -all"), "example.com",
	    .result = NULL, .json = ADDRESSES("4", "2", "false") },
	{ COSTS("v=spf1 redirect=other.example.com"), "example.com",
	    .result = NULL, .json = ADDRESSES("4", "0", "false") },
	{ COSTS("v=spf1 -ip4:192.0.2.2 include:other.example.com -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("3", "0", "false") },
	{ COSTS("v=spf1 include:gone.example.com ip4:192.0.2.1 -all"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("0", "0", "false") },
	/* Behind an error nobody passes: the third term that finds nothing for
	 * the family, the eleventh lookup, a record that is not one. */
	{ LOST(FOUR " ip6:2001:db8::/64"), "example.com", .result = NULL,
	    .json = ADDRESSES("3", "0", "false"),
	    .has = "spf-void-family-lost" },
	{ LOST("ip6:2001:db8::/64 " FOUR), "example.com", .result = NULL,
	    .json = ADDRESSES("3", "18446744073709551616", "false"),
	    .hasnot = "spf-void-family-lost" },
	{ LOST("include:four.example.com ip6:2001:db8::1 ip4:192.0.2.9"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("4", "0", "false") },
	{ LOST("include:not.example.com ip6:2001:db8::/64"), "example.com",
	    .result = NULL, .json = ADDRESSES("3", "0", "true") },
	{ LOST("a:h1.example.com a:h1.example.com a:h1.example.com "
	       "a:h1.example.com a:h1.example.com a:h1.example.com "
	       "a:h1.example.com a:h1.example.com a:h1.example.com "
	       "a:h1.example.com ip4:192.0.2.8 a:h2.example.com "
	       "ip4:192.0.2.9"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("2", "0", "false") },
	{ LOST("ip4:192.0.2.8 include:both.example.com ip4:192.0.2.9"),
	    "example.com", .result = NULL,
	    .json = ADDRESSES("1", "0", "false") },
	/* The weakest answer on the way to a result is its state. */
	{ "zone example.com secure\n"
	  "@ TXT 'v=spf1 ip4:192.0.2.0/24 include:example.net -all'\n"
	  "zone example.net insecure\n"
	  "@ TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass", .json = "dnssec=secure" },
	{ "zone example.com secure\n"
	  "@ TXT 'v=spf1 ip4:192.0.2.0/24 include:example.net -all'\n"
	  "zone example.net insecure\n"
	  "@ TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n",
	    "--ip 198.51.100.1 " JOE, .result = "pass",
	    .json = "dnssec=insecure | tree.0.dnssec=insecure" },
	/* A forged explanation is not used, and lookups that were not needed do not count. */
	{ EXAMPLE "bogus why.example.com.\n", "--ip 203.0.113.9 " JOE,
	    .result = "fail", .json = "explanation=null | dnssec=secure",
	    .has = "spf-exp-target-bad" },
	{ EXAMPLE "bogus www.example.com.\n", "--ip 192.0.2.1 " JOE,
	    .result = "pass", .json = "dnssec=secure" },
	/* What the result does not hang on is not waited for long; but its
	 * record may have too many terms. */
	{ ZONE "@ TXT 'v=spf1 ip4:192.0.2.1 include:silent.example.com "
	       "-all'\nlate silent.example.com.\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass",
	    .json = "worst_case.lookups=1 | worst_case.at_least=true | "
	            "verdict=temperror",
	    .has = "lookup-undecided", .hasnot = "spf-lookups-ok" },
	{ ZONE "@ TXT 'v=spf1 ip4:192.0.2.1 include:b.example.com -all'\n"
	       "b TXT 'v=spf1 include:c.example.com -all'\n"
	       "fail c.example.com. TXT\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass",
	    .json = "verdict=temperror", .has = "lookup-undecided" },
	/* The names of the client, behind ptr and %{p}: none for now. */
	{ ZONE "@ TXT 'v=spf1 ptr ip4:192.0.2.1 -all'\n"
	       "zone 2.0.192.in-addr.arpa\nfail 1 PTR\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass",
	    .json = "verdict=temperror", .has = "spf-ptr-temperror" },
	{ ZONE "@ TXT 'v=spf1 ptr -all'\nfail host.example.com. A\n"
	       "zone 2.0.192.in-addr.arpa\n1 PTR host.example.com.\n",
	    "--ip 192.0.2.1 " JOE, .result = "fail",
	    .has = "spf-ptr-temperror" },
	{ ZONE "@ TXT 'v=spf1 exists:%{p}.example.com -all'\n"
	       "zone 2.0.192.in-addr.arpa\nfail 1 PTR\n",
	    "--ip 192.0.2.1 " JOE, .result = "fail",
	    .has = "spf-ptr-temperror" },
	{ ZONE "@ TXT 'v=spf1 ip4:192.0.2.1 ptr -all'\n"
	       "zone 2.0.192.in-addr.arpa\nfail 1 PTR\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass",
	    .hasnot = "spf-ptr-temperror lookup-undecided" },
	/* Explanations (RFC 7208 6.2). */
	{ WHY "why TXT '%{i} it is'\n", "--ip 192.0.2.1 " JOE, .result = "fail",
	    .json = "explanation=192.0.2.1 it is",
	    .hasnot = "spf-exp-target-bad spf-exp-non-ascii" },
	{ WHY "why TXT 'a'\nwhy TXT 'b'\n", "--ip 192.0.2.1 " JOE,
	    .result = "fail", .json = "explanation=null",
	    .has = "spf-exp-target-bad" },
	{ WHY "why TXT '100%'\n", "--ip 192.0.2.1 " JOE, .result = "fail",
	    .json = "explanation=null", .has = "spf-exp-target-bad" },
	{ WHY "why TXT '%{z}'\n", "--ip 192.0.2.1 " JOE, .result = "fail",
	    .json = "explanation=null", .has = "spf-exp-target-bad" },
	{ WHY "why A 192.0.2.1\n", "--ip 192.0.2.1 " JOE, .result = "fail",
	    .json = "explanation=null", .has = "spf-exp-target-bad" },
	{ WHY "why TXT '\\195\\182'\n", "--ip 192.0.2.1 " JOE, .result = "fail",
	    .json = "explanation=null", .has = "spf-exp-non-ascii",
	    .hasnot = "spf-exp-target-bad" },
	/* What a stranger wrote reaches no terminal as it is. */
	{ WHY "why TXT 'red \\027[31m %{s} %{r} %{c}'\n",
	    "--ip 192.0.2.1 --mail-from j\x1boe@example.com --receiver "
	    "mx.example.net",
	    .result = "fail",
	    .json = "explanation=red \\027[31m j\\027oe@example.com "
	            "mx.example.net 192.0.2.1" },
	/* Reverse names: a forged one is left out and is no error (RFC 7208 5.5). */
	{ PTR, "--ip 192.0.2.1 " JOE, .result = "pass",
	    .json = "dnssec=secure" },
	{ PTR, "--ip 192.0.2.2 " JOE, .result = "fail",
	    .json = "dnssec=secure" },
	{ PTR, "--ip 192.0.2.3 " JOE, .result = "fail",
	    .json = "dnssec=secure" },
	{ PTR "bogus 1.2.0.192.in-addr.arpa.\n", "--ip 192.0.2.1 " JOE,
	    .result = "fail" },
	/* Identities. */
	{ IDENTITIES, "--ip 192.0.2.1 --helo mail.example.com",
	    .result = "pass",
	    .json = "helo=mail.example.com | mail_from=null" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from <> --helo mail.example.com",
	    .result = "pass" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from <joe@example.com>",
	    .result = "fail",
	    .json = "mail_from=<joe@example.com> | helo=null" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from example.com",
	    .result = "fail" },
	{ IDENTITIES,
	    "--ip 192.0.2.1 --mail-from joe@elsewhere.example "
	    "mail.example.com",
	    .result = "pass" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe@localhost",
	    .result = "none", .json = "verdict=warn",
	    .has = "spf-identity-invalid" },
	/* RFC 7208 2.3: a HELO that is no full name is not checked. */
	{ IDENTITIES, "--ip 192.0.2.1 --helo mail", .result = "none",
	    .json = "verdict=warn", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --helo [192.0.2.1]", .result = "none",
	    .json = "verdict=warn", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --helo none.example.com",
	    .result = "none", .json = "verdict=fail", .has = "spf-eval-none" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe.doe@", .result = "none",
	    .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from @ --helo mail.example.com",
	    .result = "none", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe@[192.0.2.1]",
	    .result = "none", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe@a..example.com",
	    .result = "none", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe@" L50 L50 ".example.com",
	    .result = "none", .has = "spf-identity-invalid" },
	{ IDENTITIES, "--ip 192.0.2.1 --mail-from joe@none.example.com",
	    .result = "none", .hasnot = "spf-identity-invalid" },
	{ EXAMPLE, "--ip ::ffff:192.0.2.1 " JOE, .result = "pass",
	    .json = "ip=192.0.2.1", .has = "spf-ip4-mapped" },
	/* Names in macros are what they are on the wire, without escapes. */
	{ ZONE "@ TXT 'v=spf1 include:joe@.%{d} -all'\n"
	       "joe\\@ TXT 'v=spf1 exists:%{d} -all'\n"
	       "joe\\@ A 127.0.0.2\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass" },
	/* Labels go on the left until the name fits, macros or not. */
	{ LONG("example.com"), "--ip 192.0.2.1 example.com", .result = "pass" },
	{ LONG("%{d}"), "--ip 192.0.2.1 example.com", .result = "pass" },
	{ LONG("example.com."), "--ip 192.0.2.1 example.com",
	    .result = "pass" },
	/* A name of one label has no record, whatever is there. */
	{ "zone example\n@ TXT 'v=spf1 +all'\n"
	  "a TXT 'v=spf1 include:%{d1}'\n",
	    "--ip 192.0.2.1 a.example", .result = "permerror",
	    .json = "queries=1" },
	{ "zone example\n@ TXT 'v=spf1 +all'\n"
	  "a TXT 'v=spf1 redirect=%{d1}'\n",
	    "--ip 192.0.2.1 a.example", .result = "permerror",
	    .json = "queries=1" },
	/* Local parts and domains outside of ASCII (RFC 8616 4). */
	{ LOCAL, "--ip 192.0.2.1 --mail-from joe@example.com",
	    .result = "pass" },
	{ LOCAL, "--ip 192.0.2.1 --mail-from j\xc3\xb6@example.com",
	    .result = "fail" },
	{ LOCAL, "--ip 192.0.2.1 --mail-from jane@example.com",
	    .result = "fail" },
	{ "zone xn--bcher-kva.example\n@ TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    "--ip 192.0.2.1 --mail-from joe@b\xc3\xbc"
	    "cher.example",
	    .result = "pass", .json = "domain=xn--bcher-kva.example" },
	/* Sender ID (RFC 4406 4.4). */
	{ SENDER_ID, "--ip 192.0.2.1 --scope spf " JOE, .result = "pass",
	    .json = "scope=spf" },
	{ SENDER_ID, "--ip 192.0.2.2 --scope spf " JOE, .result = "fail" },
	{ SENDER_ID, "--ip 192.0.2.2 --scope pra " JOE, .result = "pass",
	    .json = "scope=pra" },
	{ SENDER_ID, "--ip 192.0.2.1 --scope pra " JOE, .result = "softfail" },
	{ SENDER_ID, "--ip 198.51.100.1 --scope pra " JOE, .result = "pass" },
	{ SENDER_ID, "--ip 192.0.2.1 --scope mfrom " JOE, .result = "pass" },
	{ SENDER_ID, "--ip 192.0.2.2 --scope mfrom " JOE, .result = "fail" },
	/* Verifiers may give up after 20 seconds. */
	{ ZONE "@ TXT 'v=spf1 include:b.example.com -all'\n"
	       "b TXT 'v=spf1 include:c.example.com -all'\n"
	       "c TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass",
	    .hasnot = "spf-eval-time" },
	{ ZONE "@ TXT 'v=spf1 include:b.example.com -all'\n"
	       "b TXT 'v=spf1 include:c.example.com -all'\n"
	       "c TXT 'v=spf1 ip4:192.0.2.1 -all'\n"
	       "late example.com. TXT 12000\nlate b.example.com. TXT 12000\n",
	    "--ip 192.0.2.1 " JOE, .result = "pass", .has = "spf-eval-time" },
};

static void
ask_spf(struct asked *a, const char *words)
{
	char line[1024];

	/* Those of the cases that are slow take long. */
	a->source->timeout = 900;
	snprintf(line, sizeof(line), "spf --allow-documentation %s", words);
	ask(a, line);
}

START_TEST(evaluated)
{
	const struct spf_case *c = &cases[_i];
	struct asked a;

	ask_open(&a, c->script, NULL);
	ask_spf(&a, c->words);
	if (c->result != NULL)
		ck_assert_str_eq(text_at(a.json, "result"), c->result);
	else
		expect_json(&a, "result=null");
	expect_json(&a, c->json != NULL ? c->json : "");
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	ask_close(&a);
}
END_TEST

/* Answers on the way of an address, each in trouble: temperror, never a match,
 * and never a failure of the sender. */
static const struct {
	const char *ip, *question;
} way[] = {
	{ "192.0.2.1", "example.com. TXT" },
	{ "192.0.2.1", "_spf.example.com. TXT" },
	{ "198.51.100.1", "deep.example.com. TXT" },
	{ "203.0.113.1", "www.example.com. A" },
	{ "203.0.113.2", "example.com. MX" },
	{ "203.0.113.2", "mx.example.com. A" },
	{ "203.0.113.3", "203.0.113.3.ok.example.com. A" },
};

static const char *const faults[] = { "fail %s servfail\n", "fail %s refused\n",
	"fail %s timeout\n", "late %s\n", "bogus %s\n" };

START_TEST(failing)
{
	int fault = _i % COUNT(faults), i = _i / COUNT(faults);
	bool bogus = strncmp(faults[fault], "bogus", 5) == 0;
	char more[256], words[128];
	struct asked a;

	snprintf(more, sizeof(more), faults[fault], way[i].question);
	snprintf(words, sizeof(words), "--ip %s " JOE, way[i].ip);
	ask_open(&a, EXAMPLE, more);
	ask_spf(&a, words);
	expect_json(&a, "result=temperror | verdict=temperror");
	if (bogus)
		expect_json(&a, "dnssec=bogus | why=an answer is bogus");
	expect_codes(&a, "spf-eval-temperror");
	expect_no_end(&a, "-missing");
	ask_close(&a);
}
END_TEST

/* Eleven names of an address: ten are looked at, and that is no error. */
START_TEST(many_names)
{
	char more[2048] = "zone 2.0.192.in-addr.arpa\n";
	struct asked a;

	for (int i = 0; i < 11; i++)
		snprintf(more + strlen(more), sizeof(more) - strlen(more),
		    "1 PTR h%d.example.com.\n"
		    "h%d.example.com. A 192.0.2.1\n",
		    i, i);
	ask_open(&a, ZONE "@ TXT 'v=spf1 ptr -all'\n", more);
	ask_spf(&a, "--ip 192.0.2.1 " JOE);
	expect_json(&a, "result=pass");
	expect_codes(&a, "spf-ptr-too-many");
	ask_close(&a);
}
END_TEST

/* However many hosts there are, all terms are counted. */
START_TEST(many_hosts)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	char line[128];
	struct asked a;

	put_text(&w, ZONE "@ TXT 'v=spf1 '");
	for (int i = 0; i < 9; i++) {
		snprintf(line, sizeof(line), " 'include:i%d.example.com '", i);
		put_text(&w, line);
	}
	for (int i = 0; i < 9; i++) {
		snprintf(line, sizeof(line), "\ni%d TXT 'v=spf1 '", i);
		put_text(&w, line);
		for (int k = 0; k < 10; k++) {
			snprintf(line, sizeof(line),
			    " 'mx:m%d-%d.example.com '", i, k);
			put_text(&w, line);
		}
		for (int k = 0; k < 100; k++) {
			snprintf(line, sizeof(line), "\nm%d-%d MX 10 h%d-%d-%d",
			    i, k / 10, i, k / 10, k % 10);
			put_text(&w, line);
		}
	}
	put_text(&w, "\n");
	put_char(&w, '\0');
	ask_open(&a, w.buf, NULL);
	ask_spf(&a, "example.com");
	expect_json(&a,
	    "worst_case.lookups=99 | worst_case.at_least=true | "
	    "addresses.at_least=false | queries=600");
	expect_codes(&a, "limit-reached");
	ask_close(&a);
	/* In a check they leave questions for the other subjects. */
	ask_open(&a, w.buf, NULL);
	ask(&a, "check --allow-documentation example.com");
	expect_codes(&a, "spf-too-many-lookups limit-reached dmarc-missing");
	ask_close(&a);
	arena_free(&arena);
}
END_TEST

/* Worlds that are made up as they are asked for. */

static void
put_txt(struct lookup *l, struct mailauth_rdata *rr, const char *text)
{
	struct writer w = arena_writer(l->arena);

	for (size_t n = strlen(text), at = 0; at < n; at += 250) {
		struct mailauth_str s = str_sub(str_of(text), at, 250);

		put_char(&w, (char)s.n);
		put_str(&w, s);
	}
	*rr =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
}

static void
put_target(struct lookup *l, struct mailauth_rdata *rr, bool mx,
    const char *prefix, unsigned i, struct mailauth_str end)
{
	struct writer w = arena_writer(l->arena);
	char name[512];

	snprintf(name, sizeof(name), "%s%u.%.*s", prefix, i, (int)end.n, end.s);
	if (mx)
		put_bytes(&w, "\0\12", 2);
	put_dname_wire(&w, str_of(name));
	*rr =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
}

/* The end of a name, so that longer names can be made of it. */
static struct mailauth_str
end_of(struct mailauth_str name)
{
	while (name.n > 60)
		name = dname_parent(name);
	return name;
}

/* Ten includes, each with ten mx, each with ten hosts, at every level. */
static void
put_wide(char *text, struct mailauth_str name)
{
	struct mailauth_str end = end_of(name);

	strcpy(text, "v=spf1");
	for (unsigned i = 0; i < 12; i++)
		sprintf(text + strlen(text), " %s%u.%.*s",
		    name.n < 200 && i % 2 ? "include:i" : "mx:m", i,
		    (int)end.n - 1, end.s);
	strcat(text, " -all");
}

/* Includes without an end. */
static void
put_deep(char *text, struct mailauth_str name)
{
	uint32_t number = 0;

	if (name.n > 1 && name.s[0] == 'n')
		str_number(str_from(dname_first(name), 1), 1000000, &number);
	sprintf(text,
	    "v=spf1 include:n%u.example.com ptr mx exists:%%{p}.example.com "
	    "-all",
	    (unsigned)number + 1);
}

/* Records that include each other. */
static void
put_circle(char *text, struct mailauth_str name)
{
	(void)name;
	strcpy(text,
	    "v=spf1 include:a.example.com include:b.example.com "
	    "include:%{d} redirect=a.example.com");
}

/* A record that makes as much work as one can. */
static void
put_hosts(char *text, struct mailauth_str name)
{
	(void)name;
	strcpy(text, "v=spf1");
	for (unsigned i = 0; i < 9; i++)
		sprintf(text + strlen(text), " mx:m%u.example.com", i);
	strcat(text, " ptr:x.example.com exp=%{p}.example.com -all");
}

static void (*const made[])(char *text, struct mailauth_str name) = { put_wide,
	put_deep, put_circle, put_hosts };
static void (*make)(char *text, struct mailauth_str name);

static void
answer(struct fake *f, struct lookup *l)
{
	struct mailauth_rdata *rr = arena_alloc(l->arena, 40 * sizeof(*rr));
	char text[2048];

	(void)f;
	l->answer.outcome = MAILAUTH_FOUND;
	l->answer.dnssec = MAILAUTH_DNSSEC_INSECURE;
	l->answer.ttl = 300;
	l->answer.rr = rr;
	l->answer.nrr = 1;
	switch (l->answer.rrtype) {
	case RRTYPE_TXT:
		make(text, l->answer.name);
		put_txt(l, &rr[0], text);
		break;
	case RRTYPE_MX:
		l->answer.nrr = 10;
		for (unsigned i = 0; i < 10; i++)
			put_target(l, &rr[i], true, "h", i,
			    end_of(l->answer.name));
		break;
	case RRTYPE_PTR:
		l->answer.nrr = 40;
		for (unsigned i = 0; i < 40; i++)
			put_target(l, &rr[i], false, "p", i,
			    STR("example.com."));
		break;
	case RRTYPE_A:
		rr[0] =
		    (struct mailauth_rdata){ (const uint8_t *)"\306\63d\1", 4 };
		break;
	default:
		l->answer.outcome = MAILAUTH_NODATA;
		l->answer.nrr = 0;
		break;
	}
}

static void
ask_made(struct asked *a, struct fake *f, const char *words)
{
	static const struct mailauth_options options = { .timeout = 60 };

	fake_start(f, answer);
	*a = (struct asked){ .source = source_new(&f->base, &options) };
	EXPECT(a->source != NULL, "memory ran out");
	ask(a, words);
}

/* Whatever the zones hold, there is an end to the questions. */
START_TEST(bound)
{
	static const char *const ips[] = { "192.0.2.1", "2001:db8::1" };
	char words[128];
	struct fake f;
	struct asked a;

	make = made[_i / 2];
	snprintf(words, sizeof(words), "spf --ip %s " JOE, ips[_i % 2]);
	ask_made(&a, &f, words);
	EXPECT(strcmp(text_at(a.json, "result"), "permerror") == 0 ||
	        strcmp(text_at(a.json, "result"), "fail") == 0,
	    "%s", text_at(a.json, "result"));
	ck_assert_uint_le(f.asked, QUESTIONS_MAX + COST_MAX);
	ck_assert_int_le(json_integer_value(at(a.json, "queries")),
	    QUESTIONS_MAX + COST_MAX);
	ask_close(&a);
}
END_TEST

START_TEST(bound_of_the_tree)
{
	struct fake f;
	struct asked a;

	make = put_wide;
	ask_made(&a, &f, "spf example.com");
	expect_json(&a, "worst_case.at_least=true");
	ck_assert_int_le(json_integer_value(at(a.json, "queries")), 600);
	expect_codes(&a, "spf-too-many-lookups");
	ask_close(&a);
}
END_TEST

Suite *
suite_spf(void)
{
	Suite *s = suite_create("spf");
	TCase *t = tcase_create("evaluation");

	tcase_add_loop_test(t, evaluated, 0, COUNT(cases));
	tcase_add_loop_test(t, failing, 0, COUNT(way) * COUNT(faults));
	tcase_add_test(t, many_names);
	tcase_add_test(t, many_hosts);
	tcase_add_loop_test(t, bound, 0, COUNT(made) * 2);
	tcase_add_test(t, bound_of_the_tree);
	suite_add_tcase(s, t);
	return s;
}
