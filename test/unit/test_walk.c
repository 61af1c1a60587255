/*
 * test_walk.c - SPF evaluated, answer by answer
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case is zones, a client and what SPF says of it; then, for every question
 * on the way to the result, what becomes of the result when that answer is
 * absent. The case is asked again for each question that it asked: with the
 * answer failing, forged, late for ever and absent; and with all answers late
 * in other orders. A second table has what records cost and let pass.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "judge/names.h"
#include "record/rrtype.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define LINE_SIZE 512

#define ZONE       "zone example.com secure\n"
#define RECORD(to) ZONE "@ TXT 'v=spf1 " to "'\n"
#define JOE        " --mail-from joe@example.com"
#define ONE        "--ip 192.0.2.1" JOE
#define SIX        "--ip 2001:db8::1" JOE
#define REVERSE(n, name) \
	"zone 2.0.192.in-addr.arpa secure\n" #n " PTR " name "\n"

#define WORLD \
	RECORD("include:_spf.example.com a:www.example.com mx " \
	       "exists:%{i}.ok.example.com ?ip6:2001:db8::/32 -all " \
	       "exp=why.example.com") \
	"_spf TXT 'v=spf1 ip4:192.0.2.0/28 include:deep.example.com ~all'\n" \
	"deep TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n" \
	"www A 203.0.113.1\n" \
	"@ MX 10 mx\n" \
	"mx A 203.0.113.2\n" \
	"ok TXT 'senders'\n" \
	"203.0.113.3.ok A 127.0.0.2\n" \
	"why TXT '%{i} is not of %{d}'\n"
#define HOSTS \
	"h1 A 203.0.113.11\nh2 A 203.0.113.12\nh3 A 203.0.113.13\n" \
	"h4 AAAA 2001:db8:1::4\n"
#define TIMES5(x)  x " " x " " x " " x " " x
#define TIMES10(x) TIMES5(x) " " TIMES5(x)

/*
 * `line`: "RESULT by TERM, LOOKUPS/VOID TERMS/VOID QUESTIONS of WORST, DNSSEC",
 * with what it says and why. `ways`: the questions that the result hangs on,
 * each with the result that holds when there is no such record: "@/TXT>none".
 * With '~' in place of '>' that result holds as well when the question fails;
 * with '^' it does so unless the answer is late, for it leads to questions that
 * there is no time for.
 */
static const struct walk_case {
	const char *title, *script, *words, *line, *ways;
	const char *has, *hasnot;
} cases[] = {
	{ "the first term", WORLD, ONE,
	    "pass by include:_spf.example.com, 1/0/0 of 5, secure",
	    .ways = "@/TXT>none _spf/TXT>permerror", .has = "spf-eval-pass" },
	{ "a record below a record", WORLD, "--ip 198.51.100.9" JOE,
	    "pass by include:_spf.example.com, 2/0/0 of 5, secure",
	    .ways = "@/TXT>none _spf/TXT>permerror deep/TXT>permerror" },
	{ "a host", WORLD, "--ip 203.0.113.1" JOE,
	    "pass by a:www.example.com, 3/0/0 of 5, secure",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror www/A>fail" },
	{ "a host of the mail exchangers", WORLD, "--ip 203.0.113.2" JOE,
	    "pass by mx, 4/0/0 of 5, secure",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror www/A>pass "
	        "@/MX>fail mx/A>fail" },
	{ "a name made of the client", WORLD, "--ip 203.0.113.3" JOE,
	    "pass by exists:%{i}.ok.example.com, 5/0/0 of 5, secure",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror www/A>pass "
	        "@/MX>pass mx/A>pass 203.0.113.3.ok/A>fail" },
	{ "no term but the last", WORLD, "--ip 203.0.113.9" JOE,
	    "fail by -all, 5/1/1 of 5, secure, says 203.0.113.9 is not of "
	    "example.com",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror www/A>fail "
	        "@/MX>fail mx/A>fail 203.0.113.9.ok/A>fail why/TXT~fail",
	    .has = "spf-eval-fail" },
	{ "a client of the other family", WORLD, SIX,
	    "permerror by -, 5/3/3 of 5, secure: more than two terms find nothing",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror "
	        "www/AAAA>permerror @/MX>permerror mx/AAAA>permerror "
	        "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1."
	        "ok/A>permerror",
	    .has = "spf-eval-permerror" },
	{ "a client of the other family, which one host has",
	    WORLD "@ MX 20 mx6\nmx6 AAAA 2001:db9::1\n", SIX,
	    "neutral by ?ip6:2001:db8::/32, 5/2/3 of 5, secure",
	    .ways =
	        "@/TXT>none _spf/TXT>permerror deep/TXT>permerror "
	        "www/AAAA>neutral @/MX>permerror mx/AAAA>neutral "
	        "mx6/AAAA>permerror "
	        "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1."
	        "ok/A>neutral",
	    .has = "spf-eval-neutral" },
	{ "no address of the client asks nothing",
	    RECORD("ip4:192.0.2.0/24 a mx -all"), ONE,
	    "pass by ip4:192.0.2.0/24, 0/0/0 of 2, secure",
	    .ways = "@/TXT>none" },
	{ "a softfail", RECORD("~all"), ONE,
	    "softfail by ~all, 0/0/0 of 0, secure", .ways = "@/TXT>none",
	    .has = "spf-eval-softfail" },
	{ "no policy at all", RECORD("ip4:198.51.100.1"), ONE,
	    "neutral by -, 0/0/0 of 0, secure", .ways = "@/TXT>none",
	    .has = "spf-eval-neutral" },
	{ "no record", ZONE "@ TXT 'hello'\n", ONE,
	    "none by -, 0/0/0 of 0, secure", .ways = "@/TXT>none",
	    .has = "spf-eval-none" },
	{ "no domain", ZONE, "--ip 192.0.2.1 gone.example.com",
	    "none by -, 0/0/0 of 0, secure", .ways = "gone/TXT>none",
	    .has = "spf-eval-none" },
	{ "two records", RECORD("-all") "@ TXT 'v=spf1 +all'\n", ONE,
	    "permerror by -, 0/0/0 of 0, secure: there is more than one record",
	    .ways = "@/TXT>none",
	    .has = "spf-eval-permerror spf-multiple-records" },
	{ "a fault behind the match", RECORD("ip4:192.0.2.1 ip4:1 -all"), ONE,
	    "permerror by -, 0/0/0 of 0, secure: the record breaks the grammar",
	    .ways = "@/TXT>none", .has = "spf-ip4-bad-address" },
	{ "two redirects",
	    RECORD("redirect=a.example.com "
	           "redirect=b.example.com"),
	    ONE,
	    "permerror by -, 0/0/0 of 0, secure: the record breaks the grammar",
	    .ways = "@/TXT>none", .has = "spf-redirect-multiple" },
	{ "two explanations",
	    RECORD("-all exp=a.example.com "
	           "exp=b.example.com"),
	    ONE,
	    "permerror by -, 0/0/0 of 0, secure: the record breaks the grammar",
	    .ways = "@/TXT>none", .has = "spf-exp-multiple" },

	/* Records that lead to records. */
	{ "an include of none", RECORD("include:gone.example.com +all"), ONE,
	    "permerror by -, 1/0/1 of 1, secure: the included domain has no "
	    "record",
	    .ways = "@/TXT>none gone/TXT>permerror" },
	{ "an include of two",
	    RECORD("include:two.example.com +all") "two TXT 'v=spf1 +all'\n"
	                                           "two TXT 'v=spf1 -all'\n",
	    ONE,
	    "permerror by -, 1/0/0 of 1, secure: there is more than one record",
	    .ways = "@/TXT>none two/TXT>permerror" },
	{ "an include that is faulty",
	    RECORD("include:bad.example.com +all") "bad TXT 'v=spf1 ip:1'\n",
	    ONE,
	    "permerror by -, 1/0/0 of 1, secure: the record breaks the grammar",
	    .ways = "@/TXT>none bad/TXT>permerror" },
	{ "fail, softfail and neutral of includes are no match",
	    RECORD("include:f.example.com include:s.example.com "
	           "include:n.example.com ?all") "f TXT 'v=spf1 -all'\n"
	                                         "s TXT 'v=spf1 ~all'\n"
	                                         "n TXT 'v=spf1 ?all'\n",
	    ONE, "neutral by ?all, 3/0/0 of 3, secure",
	    .ways =
	        "@/TXT>none f/TXT>permerror s/TXT>permerror n/TXT>permerror" },
	{ "an include with a qualifier",
	    RECORD("-include:i.example.com +all") "i TXT 'v=spf1 "
	                                          "ip4:192.0.2.1'\n",
	    ONE, "fail by -include:i.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none i/TXT>permerror" },
	{ "a redirect",
	    RECORD("ip4:198.51.100.1 redirect=r.example.com") //
	    "r TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    ONE, "pass by ip4:192.0.2.1, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none r/TXT>permerror" },
	{ "a redirect to a fail, with the explanation there",
	    RECORD("redirect=r.example.com exp=own.example.com") //
	    "r TXT 'v=spf1 -all exp=why.%{d}'\n"
	    "own TXT 'own'\nwhy.r TXT 'at %{d} for %{o}'\n",
	    ONE,
	    "fail by -all, 1/0/0 of 1, secure, says at r.example.com for "
	    "example.com",
	    .ways = "@/TXT>none r/TXT>permerror why.r/TXT~fail" },
	{ "an explanation of an include is not used",
	    RECORD("include:i.example.com -all") //
	    "i TXT 'v=spf1 -all exp=why.example.com'\nwhy TXT 'why'\n",
	    ONE, "fail by -all, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none i/TXT>permerror" },
	{ "a redirect to no record", RECORD("redirect=gone.example.com"), ONE,
	    "permerror by -, 1/0/1 of 1, secure: the target of redirect has "
	    "no record",
	    .ways = "@/TXT>none gone/TXT>permerror" },
	{ "a redirect beside 'all'",
	    RECORD("redirect=r.example.com ?all") "r TXT 'v=spf1 +all'\n", ONE,
	    "neutral by ?all, 0/0/0 of 0, secure", .ways = "@/TXT>none" },
	{ "a redirect behind a redirect",
	    RECORD("redirect=b.example.com") //
	    "b TXT 'v=spf1 redirect=c.example.com'\n"
	    "c TXT 'v=spf1 ip4:198.51.100.1'\n",
	    ONE, "neutral by -, 2/0/0 of 2, secure",
	    .ways = "@/TXT>none b/TXT>permerror c/TXT>permerror" },
	{ "an include of oneself", RECORD("include:example.com -all"), ONE,
	    "permerror by -, 11/0/0 of 1, secure: more than ten DNS lookups",
	    .ways = "@/TXT>none", .has = "spf-include-self" },
	{ "two that include each other",
	    RECORD("include:b.example.com -all") //
	    "b TXT 'v=spf1 include:c.example.com -all'\n"
	    "c TXT 'v=spf1 include:b.example.com -all'\n",
	    ONE,
	    "permerror by -, 11/0/0 of 3, secure: more than ten DNS lookups",
	    .ways = "@/TXT>none b/TXT>permerror c/TXT>permerror",
	    .has = "spf-include-loop" },
	{ "a circle behind the match",
	    RECORD("ip4:192.0.2.1 include:b.example.com -all") //
	    "b TXT 'v=spf1 redirect=example.com'\n",
	    ONE, "pass by ip4:192.0.2.1, 0/0/0 of 2, secure",
	    .ways = "@/TXT>none", .has = "spf-include-loop" },

	/* Limits. */
	{ "ten terms", RECORD(TIMES10("a:h1.example.com") " ?all") HOSTS, ONE,
	    "neutral by ?all, 10/0/0 of 10, secure",
	    .ways = "@/TXT>none h1/A>permerror",
	    .has = "spf-lookups-near-limit" },
	{ "eleven terms", RECORD(TIMES10("a:h1.example.com") " mx ?all") HOSTS,
	    ONE,
	    "permerror by -, 11/0/0 of 11, secure: more than ten DNS lookups",
	    .ways = "@/TXT>none h1/A>permerror",
	    .has = "spf-too-many-lookups" },
	{ "eleven terms, and the tenth matches",
	    RECORD(TIMES5("a:h1.example.com") " " TIMES5("a:h2.example.com") //
	        " mx ?all") HOSTS,
	    "--ip 203.0.113.12" JOE,
	    "pass by a:h2.example.com, 6/0/0 of 11, secure",
	    .ways = "@/TXT>none h1/A>permerror h2/A>permerror",
	    .has = "spf-too-many-lookups" },
	{ "thirteen terms",
	    RECORD(TIMES10("a:h1.example.com") " mx mx ptr ?all") HOSTS, ONE,
	    "permerror by -, 11/0/0 of 13, secure: more than ten DNS lookups",
	    .ways = "@/TXT>none h1/A>permerror" },
	{ "the eleventh is a redirect",
	    RECORD(TIMES10("a:h1.example.com") " redirect=r.example.com") HOSTS
	    "r TXT 'v=spf1 -all'\n",
	    ONE,
	    "permerror by -, 11/0/0 of 11, secure: more than ten DNS lookups",
	    .ways = "@/TXT>none h1/A>permerror" },
	{ "two terms find nothing",
	    RECORD("a:g1.example.com mx:g2.example.com a:h1.example.com "
	           "ip4:192.0.2.1 -all") HOSTS,
	    ONE, "pass by ip4:192.0.2.1, 3/2/2 of 3, secure",
	    .ways = "@/TXT>none g1/A>pass g2/MX>pass h1/A>permerror" },
	{ "three terms find nothing",
	    RECORD("a:g1.example.com mx:g2.example.com "
	           "exists:g3.example.com ip4:192.0.2.1 -all"),
	    ONE,
	    "permerror by -, 3/3/3 of 3, secure: more than two terms find "
	    "nothing",
	    .ways =
	        "@/TXT>none g1/A>permerror g2/MX>permerror g3/A>permerror" },
	{ "hosts of one family are nothing for the other",
	    RECORD("a:h1.example.com a:h2.example.com a:h3.example.com "
	           "+all") HOSTS,
	    SIX,
	    "permerror by -, 3/3/3 of 3, secure: more than two terms find "
	    "nothing",
	    .ways = "@/TXT>none h1/AAAA>permerror h2/AAAA>permerror "
	            "h3/AAAA>permerror" },
	{ "hosts of exchangers that find nothing are no terms",
	    RECORD(
	        "mx ?all") "@ MX 1 g1\n@ MX 2 g2\n@ MX 3 g3\n@ MX 4 h1\n" HOSTS,
	    "--ip 203.0.113.11" JOE, "pass by mx, 1/0/3 of 1, secure",
	    .ways = "@/TXT>none @/MX>neutral g1/A>pass g2/A>pass g3/A>pass "
	            "h1/A>neutral" },
	{ "ten exchangers",
	    RECORD("mx -all") "@ MX 1 h1\n" TIMES5("  MX 1 h1\n") //
	    "  MX 2 h2\n  MX 3 h2\n  MX 4 h2\n  MX 5 h2\n" HOSTS,
	    "--ip 203.0.113.12" JOE, "pass by mx, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none @/MX>fail h1/A>pass h2/A>fail" },
	{ "eleven exchangers",
	    RECORD("mx -all") "@ MX 1 h2\n" TIMES10("  MX 1 h1\n") HOSTS,
	    "--ip 203.0.113.11" JOE,
	    "permerror by -, 1/0/0 of 1, secure: an mx term has more than ten "
	    "hosts",
	    .ways = "@/TXT>none @/MX>fail" },
	{ "a null MX", RECORD("mx ?all") "@ MX 0 .\n", ONE,
	    "neutral by ?all, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none @/MX>neutral" },

	/* Networks of hosts. */
	{ "the network of a host, IPv4",
	    RECORD("a:h1.example.com/24//64 -all") HOSTS,
	    "--ip 203.0.113.200" JOE,
	    "pass by a:h1.example.com/24//64, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none h1/A>fail" },
	{ "the network of a host, IPv6",
	    RECORD("a:h4.example.com/24//64 -all") HOSTS,
	    "--ip 2001:db8:1::ffff" JOE,
	    "pass by a:h4.example.com/24//64, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none h4/AAAA>fail" },
	{ "beside the network of a host",
	    RECORD("a:h4.example.com//64 -all") HOSTS,
	    "--ip 2001:db8:1:1::4" JOE, "fail by -all, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none h4/AAAA>fail" },
	{ "an IPv4 address in IPv6 form", RECORD("a:h1.example.com -all") HOSTS,
	    "--ip ::ffff:203.0.113.11" //
	    JOE,
	    "pass by a:h1.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none h1/A>fail", .has = "spf-ip4-mapped" },
	{ "exists asks for A, whatever the client",
	    RECORD("exists:%{v}.ok.example.com -all") "ip6.ok A 127.0.0.2\n",
	    SIX, "pass by exists:%{v}.ok.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none ip6.ok/A>fail" },
	{ "a host through an alias",
	    RECORD("a:www.example.com -all") "www CNAME h1\n" HOSTS,
	    "--ip 203.0.113.11" JOE,
	    "pass by a:www.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none www/A>fail" },

	/* Names of the client. */
	{ "a name of the client",
	    RECORD("ptr -all") "m A 192.0.2.1\n" REVERSE(1, "m.example.com."),
	    ONE, "pass by ptr, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail m/A~fail",
	    .has = "spf-ptr" },
	{ "the name itself is better than one below it",
	    RECORD("exists:%{p}.ok.example.com -all") //
	    "m A 192.0.2.1\n@ A 192.0.2.1\nexample.com.ok A 127.0.0.2\n" REVERSE(
	        1, "other.example.net.") "1 PTR m.example.com.\n"
	                                 "1 PTR example.com.\n",
	    ONE, "pass by exists:%{p}.ok.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR^fail @/A^fail "
	            "example.com.ok/A>fail" },
	{ "a name elsewhere will do for the macro",
	    RECORD("exists:%{p}.ok.example.com -all") //
	    "m.example.net.ok A 127.0.0.2\n" REVERSE(1, "m.example.net.") //
	    "zone example.net secure\nm A 192.0.2.1\n",
	    ONE, "pass by exists:%{p}.ok.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR^fail "
	            "m.example.net./A^fail m.example.net.ok/A>fail" },
	{ "a name elsewhere will not do for the term",
	    RECORD("ptr -all") REVERSE(1, "m.example.net.") //
	    "zone example.net secure\nm A 192.0.2.1\n",
	    ONE, "fail by -all, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail" },
	{ "a name with another address",
	    RECORD("ptr:example.com -all") //
	    "m A 192.0.2.2\n" REVERSE(1, "m.example.com."),
	    ONE, "fail by -all, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail m/A~fail" },
	{ "a name without an address is a question, and no term",
	    RECORD("ptr -all") REVERSE(1, "m.example.com."), ONE,
	    "fail by -all, 1/0/1 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail m/A~fail" },
	{ "a client without a name", RECORD("ptr -all") REVERSE(9, "x.y."), ONE,
	    "fail by -all, 1/1/1 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail" },
	{ "a client whose zone nobody has", RECORD("ptr -all"), ONE,
	    "fail by -all, 1/0/0 of 1, unchecked",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail" },

	/* Macros. */
	{ "the client without a name is unknown",
	    RECORD("exists:%{p}.ok.example.com -all") //
	    "unknown.ok A 127.0.0.2\n" REVERSE(9, "x.y."),
	    ONE, "pass by exists:%{p}.ok.example.com, 1/0/1 of 1, secure",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR^pass "
	            "unknown.ok/A>fail" },
	{ "macros of the sender",
	    RECORD("exists:%{l}.%{o1r}.%{h}.ok.example.com -all") //
	    "joe.example.mx.example.net.ok A 127.0.0.2\n",
	    ONE " --helo mx.example.net",
	    "pass by exists:%{l}.%{o1r}.%{h}.ok.example.com, 1/0/0 of 1, "
	    "secure",
	    .ways = "@/TXT>none joe.example.mx.example.net.ok/A>fail",
	    .has = "spf-macro-per-user" },
	{ "the domain of a record is that where it is",
	    RECORD("include:i.%{d} -all") //
	    "i TXT 'v=spf1 exists:x.%{d} -all'\nx.i A 127.0.0.2\n",
	    ONE, "pass by include:i.%{d}, 2/0/0 of 2, secure",
	    .ways = "@/TXT>none i/TXT>permerror x.i/A>fail" },
	{ "a local part that makes no name",
	    RECORD("exists:%{l}.example.com ?all"),
	    "--ip 192.0.2.1 --mail-from a..b@example.com",
	    "neutral by ?all, 1/0/0 of 1, secure", .ways = "@/TXT>none" },
	{ "an include of what is no name",
	    RECORD("include:%{l}.example.com ?all"),
	    "--ip 192.0.2.1 --mail-from a..b@example.com",
	    "permerror by -, 1/0/0 of 1, secure: what it names is not a domain",
	    .ways = "@/TXT>none" },
	{ "a redirect to what is no name", RECORD("redirect=%{l}.example.com"),
	    "--ip 192.0.2.1 --mail-from a..b@example.com",
	    "permerror by -, 1/0/0 of 1, secure: what it names is not a domain",
	    .ways = "@/TXT>none" },
	{ "a fixed target that is no name",
	    RECORD("a:a..example.com exists:b..example.com ?all"), ONE,
	    "neutral by ?all, 2/0/0 of 2, secure", .ways = "@/TXT>none" },

	/* Explanations. */
	{ "an explanation at a name of the client",
	    RECORD("-all exp=%{p}.why.example.com") //
	    "m.example.com.why TXT 'not %{p}, at %{t}'\nm A 192.0.2.1\n" REVERSE(
	        1, "m.example.com."),
	    "--ip 192.0.2.2" JOE, "fail by -all, 0/0/0 of 0, secure",
	    .ways = "@/TXT>none 2.2.0.192.in-addr.arpa./PTR~fail "
	            "unknown.why/TXT~fail",
	    .has = "spf-exp-target-bad" },
	{ "an explanation with the name of the client",
	    RECORD("-all exp=why.example.com") //
	    "why TXT 'not ' 'for %{p}%%'\nm A 192.0.2.1\n" REVERSE(1,
	        "m.example.com."),
	    ONE,
	    "fail by -all, 0/0/0 of 0, secure, says not for m.example.com%",
	    .ways = "@/TXT>none 1.2.0.192.in-addr.arpa./PTR~fail m/A~fail "
	            "why/TXT~fail" },
	{ "an explanation at no name", RECORD("-all exp=%{l}.example.com"),
	    "--ip 192.0.2.1 --mail-from a..b@example.com",
	    "fail by -all, 0/0/0 of 0, secure", .ways = "@/TXT>none",
	    .has = "spf-exp-target-bad" },
	{ "a softfail has no explanation",
	    RECORD("~all exp=why.example.com") "why TXT 'why'\n", ONE,
	    "softfail by ~all, 0/0/0 of 0, secure", .ways = "@/TXT>none",
	    .hasnot = "spf-exp-target-bad" },

	/* Whose record: Sender ID, HELO, empty MAIL FROM. */
	{ "a record for PRA",
	    RECORD("-all") "@ TXT 'spf2.0/pra ip4:192.0.2.1 -all'\n"
	                   "@ TXT 'spf2.0/mfrom ~all'\n",
	    ONE " --scope pra", "pass by ip4:192.0.2.1, 0/0/0 of 0, secure",
	    .ways = "@/TXT>none", .has = "senderid-present" },
	{ "a record for MAIL FROM",
	    RECORD("-all") "@ TXT 'spf2.0/pra ip4:192.0.2.1 -all'\n"
	                   "@ TXT 'spf2.0/mfrom ~all'\n",
	    ONE " --scope mfrom", "softfail by ~all, 0/0/0 of 0, secure",
	    .ways = "@/TXT>none" },
	{ "records for PRA twice",
	    RECORD("-all") "@ TXT 'spf2.0/pra ip4:192.0.2.1 -all'\n"
	                   "@ TXT 'spf2.0/mfrom,pra ~all'\n",
	    ONE " --scope pra",
	    "permerror by -, 0/0/0 of 0, secure: there is more than one record",
	    .ways = "@/TXT>none" },
	{ "an include in a record for PRA",
	    ZONE "@ TXT 'spf2.0/pra include:i.example.com -all'\n"
	         "i TXT 'v=spf1 -all'\ni TXT 'spf2.0/pra +all'\n",
	    ONE " --scope pra",
	    "pass by include:i.example.com, 1/0/0 of 1, secure",
	    .ways = "@/TXT>none i/TXT>permerror" },
	{ "no record for PRA but one of SPF", RECORD("ip4:192.0.2.1 -all"),
	    ONE " --scope pra", "pass by ip4:192.0.2.1, 0/0/0 of 0, secure",
	    .ways = "@/TXT>none" },
	{ "HELO alone",
	    ZONE "mx TXT 'v=spf1 exists:%{l}.%{s}.ok.example.com -all'\n"
	         "postmaster.postmaster\\@mx.example.com.ok A 127.0.0.2\n",
	    "--ip 192.0.2.1 --helo mx.example.com",
	    "pass by exists:%{l}.%{s}.ok.example.com, 1/0/0 of 1, secure",
	    .ways = "mx/TXT>none "
	            "postmaster.postmaster\\@mx.example.com.ok/A>fail" },
	{ "a domain beside MAIL FROM",
	    ZONE "d TXT 'v=spf1 exists:%{o}.ok.example.com -all'\n"
	         "example.com.ok A 127.0.0.2\n",
	    ONE " d.example.com",
	    "pass by exists:%{o}.ok.example.com, 1/0/0 of 1, secure",
	    .ways = "d/TXT>none example.com.ok/A>fail" },

	/* DNSSEC: the weakest on the way. */
	{ "the weakest of what was needed",
	    RECORD("ip4:192.0.2.9 include:example.net -all") //
	    "zone example.net insecure\n"
	    "@ TXT 'v=spf1 include:example.org -all'\n"
	    "zone example.org indeterminate\n"
	    "@ TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    ONE, "pass by include:example.net, 2/0/0 of 2, indeterminate",
	    .ways = "@/TXT>none example.net./TXT>permerror "
	            "example.org./TXT>permerror" },
	{ "what was not needed does not count",
	    RECORD("ip4:192.0.2.1 include:example.net -all") //
	    "zone example.net insecure\n@ TXT 'v=spf1 -all'\n",
	    ONE, "pass by ip4:192.0.2.1, 0/0/0 of 1, secure",
	    .ways = "@/TXT>none" },
};

/* What a report says, on a line; without the worst case when it is not wanted:
 * that hangs on answers that the result does not hang on. */
static void
put_line(char room[LINE_SIZE], const json_t *json, bool worst)
{
	const char *term = text_at(json, "mechanism");
	size_t n = 0;

#define PUT(...)     n += (size_t)snprintf(room + n, LINE_SIZE - n, __VA_ARGS__)
#define NUMBER(path) (int)json_integer_value(at(json, path))
	PUT("%s by %s, %d/%d/%d", text_at(json, "result"),
	    term[0] != '\0' ? term : "-", NUMBER("lookups"),
	    NUMBER("void_lookups"), NUMBER("void_queries"));
	if (worst)
		PUT(" of %d%s", NUMBER("worst_case.lookups"),
		    json_is_true(at(json, "worst_case.at_least")) ? "+" : "");
	PUT(", %s", text_at(json, "dnssec"));
	if (text_at(json, "explanation")[0] != '\0')
		PUT(", says %s", text_at(json, "explanation"));
	if (text_at(json, "why")[0] != '\0')
		PUT(": %s", text_at(json, "why"));
}

static void
expect_line(const json_t *json, bool worst, const char *title,
    const char *wanted)
{
	char line[LINE_SIZE];

	put_line(line, json, worst);
	EXPECT(strcmp(line, wanted) == 0, "%s: '%s'", title, line);
}

static void
ask_case(struct asked *a, const struct walk_case *c, const char *more)
{
	char words[LINE_SIZE];

	snprintf(words, sizeof(words), "spf --allow-documentation %s",
	    c->words);
	ask_open(a, c->script, more);
	ask(a, words);
}

START_TEST(evaluated)
{
	const struct walk_case *c = &cases[_i];
	struct asked a;

	ask_case(&a, c, NULL);
	expect_line(a.json, true, c->title, c->line);
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	expect_no_codes(&a, "spf-eval-temperror limit-reached");
	ck_assert(json_real_value(at(a.json, "seconds")) < 1);
	ask_close(&a);
}
END_TEST

/* The entry of a question in the ways of a case: a sign and a result. NULL
 * when the result does not hang on it. */
static const char *
way_of(const struct walk_case *c, const struct question *q)
{
	char name[LINE_SIZE], type[16];
	const char *at = c->ways;

	while (*at != '\0') {
		size_t n = strcspn(at, ">~^"), slash = 0;

		for (size_t i = 0; i < n; i++)
			slash = at[i] == '/' ? i : slash;
		snprintf(name, sizeof(name), "%.*s%s", (int)slash, at,
		    at[slash - 1] == '.' ? "" : ".example.com.");
		snprintf(type, sizeof(type), "%.*s", (int)(n - slash - 1),
		    at + slash + 1);
		if (str_eq(q->name, str_of(at[0] == '@' ? name + 2 : name)) &&
		    rrtype_named(str_of(type)) == q->rrtype)
			return at + n;
		at += strcspn(at, " ");
		at += *at == ' ';
	}
	return NULL;
}

/* Only the result, of the entry. */
static void
expect_result(const struct asked *a, const struct walk_case *c,
    const struct question *q, const char *way, const char *fault)
{
	const char *result = text_at(a->json, "result");
	size_t n = strcspn(way + 1, " ");

	EXPECT(strlen(result) == n && strncmp(result, way + 1, n) == 0,
	    "%s: %s: %.*s: '%s'", c->title, fault, (int)q->name.n, q->name.s,
	    result);
}

static void
expect_temperror(const struct asked *a, const struct walk_case *c,
    const struct question *q, bool bogus)
{
	EXPECT(strcmp(text_at(a->json, "result"), "temperror") == 0 &&
	        mailauth_report_result(a->report) >= MAILAUTH_RESULT_FAIL &&
	        strcmp(text_at(a->json, "mechanism"), "") == 0,
	    "%s: %.*s: '%s'", c->title, (int)q->name.n, q->name.s,
	    text_at(a->json, "result"));
	ck_assert_str_eq(text_at(a->json, "why"),
	    bogus ? "an answer is bogus" : "an answer could not be had");
	ck_assert_int_eq(strcmp(text_at(a->json, "dnssec"), "bogus") == 0,
	    bogus);
	expect_codes(a, "spf-eval-temperror");
	expect_no_end(a, "-missing");
	expect_no_end(a, "-target-none");
}

/* One answer in trouble. */
static void
ask_with(const struct walk_case *c, const json_t *whole,
    const struct question *q, const char *fault)
{
	const char *way = way_of(c, q);
	char more[LINE_SIZE], line[LINE_SIZE], type[16];
	struct asked a;

	snprintf(more, sizeof(more), "%s %.*s %s\n", fault, (int)q->name.n,
	    q->name.s, name_rrtype(q->rrtype, type));
	ask_case(&a, c, more);
	put_line(line, whole, false);
	/* What nothing hangs on is waited for a second, and no longer. */
	if (way == NULL)
		ck_assert(json_real_value(at(a.json, "seconds")) < 1.2);
	if (way == NULL)
		expect_line(a.json, false, c->title, line);
	else if (strcmp(fault, "empty") == 0 || way[0] == '~' ||
	    (way[0] == '^' && strcmp(fault, "late") != 0))
		expect_result(&a, c, q, way, fault);
	else
		expect_temperror(&a, c, q, strcmp(fault, "bogus") == 0);
	ask_close(&a);
}

START_TEST(each_answer)
{
	static const char *const faults[] = { "fail", "bogus", "late",
		"empty" };
	const struct walk_case *c = &cases[_i];
	const struct question *q;
	struct asked whole;
	size_t n = 1, found = 0;

	for (const char *p = c->ways; *p != '\0'; p++)
		n += *p == ' ';
	ask_case(&whole, c, NULL);
	for (size_t i = 0;
	     (q = script_question(whole.source->resolver, i)) != NULL; i++) {
		found += way_of(c, q) != NULL;
		for (int f = 0; f < COUNT(faults); f++)
			ask_with(c, whole.json, q, faults[f]);
	}
	/* All that the case names was asked. */
	EXPECT(found == n, "%s: %zu of %zu ways were asked", c->title, found,
	    n);
	ask_close(&whole);
}
END_TEST

/* Numbers of the report that hang on time. */
static void
forget_time(json_t *json)
{
	json_object_del(json, "seconds");
	json_object_del(json, "time");
	json_object_del(json, "queries");
}

/* Answers that come in another order change nothing. */
START_TEST(orders)
{
	const struct walk_case *c = &cases[_i];
	const struct question *q;
	struct asked whole;

	ask_case(&whole, c, NULL);
	forget_time(whole.json);
	for (unsigned order = 0; order < 3; order++) {
		char more[8192] = "";
		size_t n = 0;
		struct asked a;

		for (size_t i = 0;
		     (q = script_question(whole.source->resolver, i)) != NULL;
		     i++) {
			char type[16];
			unsigned ms = order == 0 ?
			    90 - (unsigned)i % 90 :
			    (unsigned)(q->name.n * 7 + i * 31 * order) % 50;

			n += (size_t)snprintf(more + n, sizeof(more) - n,
			    "late %.*s %s %u\n", (int)q->name.n, q->name.s,
			    name_rrtype(q->rrtype, type), ms);
		}
		ck_assert_uint_lt(n, sizeof(more));
		ask_case(&a, c, more);
		forget_time(a.json);
		EXPECT(json_equal(a.json, whole.json), "%s: order %u", c->title,
		    order);
		ask_close(&a);
	}
	ask_close(&whole);
}
END_TEST

/* What a record costs and lets pass. */

/* `line`: "LOOKUPS/VOID TERMS/VOID QUESTIONS, IPv4 and IPv6, DNSSEC; NAME n",
 * with '+' where there may be more; `text`: what the text has, several
 * separated by '|'. */
static const struct cost_case {
	const char *title, *script, *line;
	const char *text, *has, *hasnot;
} costs[] = {
	{ "all that asks", WORLD,
	    "5/0/2, 274 and 0+, secure; example.com. 4, "
	    "exists:%{i}.ok.example.com 1",
	    .text = "  lookups 5 of 10\n|"
	            "  passes  at least 274 IPv4 and 0 IPv6 addresses\n|"
	            "  spent   example.com. 4, exists:%{i}.ok.example.com 1\n|"
	            "  record  v=spf1 include:_spf.example.com a:www|"
	            "      v=spf1 ip4:192.0.2.0/28 include:deep|"
	            "exists:%{i}.ok.example.com                 1, total 5, "
	            "depends on the sender\n",
	    .has = "spf-lookups-ok spf-ranges spf-void-family",
	    .hasnot = "spf-void-lookups" },
	{ "nothing asks", RECORD("ip4:192.0.2.0/24 -all"),
	    "0/0/0, 256 and 0, secure", .text = "256 IPv4 and 0 IPv6",
	    .has = "spf-lookups-ok", .hasnot = "spf-void-family" },
	{ "a host of both families",
	    RECORD("a:h.example.com -all") "h A 203.0.113.1\n"
	                                   "h AAAA 2001:db8::1\n",
	    "1/0/0, 1 and 1, secure; example.com. 1",
	    .hasnot = "spf-void-family" },
	{ "a host of one family", RECORD("a:h1.example.com -all") HOSTS,
	    "1/0/1, 1 and 0, secure; example.com. 1",
	    .text = "h1.example.com has no AAAA record\n",
	    .has = "spf-void-family" },
	{ "a host of IPv6 alone, in a record that is included",
	    RECORD(
	        "include:sub.example.com -all") "sub TXT 'v=spf1 a:h6.example.com -all'\nh6 AAAA 2001:db8::1\n",
	    "2/0/1, 0 and 1, secure; example.com. 2",
	    .text = "a:h6.example.com of sub.example.com: "
	            "h6.example.com has no A record",
	    .has = "spf-void-family" },
	{ "a host of no family", RECORD("a:gone.example.com -all"),
	    "1/1/2, 0 and 0, secure; example.com. 1",
	    .text = "  lookups 1 of 10, void 1 (2 questions)\n|"
	            "1 of 2: a:gone.example.com",
	    .has = "spf-void-lookups", .hasnot = "spf-void-family" },
	{ "three that are not there",
	    RECORD("a:g1.example.com mx:g2.example.com "
	           "exists:g3.example.com include:i.example.com -all") //
	    "i TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    "4/3/4, 0 and 0, secure; example.com. 4",
	    .text = "3 of 2: a:g1.example.com, "
	            "mx:g2.example.com, "
	            "exists:g3.example.com",
	    .has = "spf-void-lookups-exceeded", .hasnot = "spf-void-lookups" },
	{ "exchangers",
	    RECORD("mx/31 -all") "@ MX 1 h1\n@ MX 2 h4\n@ MX 3 .\n" HOSTS,
	    "1/0/2, 2 and 1, secure; example.com. 1",
	    .hasnot = "spf-mx-too-many" },
	{ "eleven exchangers",
	    RECORD("mx ip4:192.0.2.1 -all") "@ MX 1 h1\n" TIMES10("  MX 1 h2\n")
	        HOSTS,
	    "1/0/0, 0 and 0, secure; example.com. 1",
	    .has = "spf-mx-too-many" },
	{ "a host of many addresses",
	    RECORD("a:h.example.com/24 -all") "h A 203.0.113.1\n" TIMES10(
	        "  A 203.0.113.2\n") TIMES10("  A 203.0.113.3\n"),
	    "1/0/1, 256 and 0, secure; example.com. 1",
	    .has = "spf-a-many-addresses" },
	{ "exists of what is there, and of what is not",
	    RECORD("-ip4:0.0.0.0/1 exists:h1.example.com "
	           "exists:gone.example.com -all") HOSTS,
	    "2/1/1, 2147483648 and 340282366920938463463374607431768211456, "
	    "secure; example.com. 2",
	    .has = "spf-ip-total-wide" },
	{ "everybody", RECORD("+all"),
	    "0/0/0, 4294967296 and 340282366920938463463374607431768211456, "
	    "secure",
	    .has = "spf-all-pass", .hasnot = "spf-ip-total-wide" },
	{ "an include with a qualifier lets nobody pass",
	    RECORD("-include:i.example.com ip4:192.0.2.0/30 -all") //
	    "i TXT 'v=spf1 ip4:192.0.2.0/31 -ip4:192.0.2.2 +all'\n",
	    "1/0/0, 1 and 0, secure; example.com. 1",
	    .text = "1 IPv4 and 0 IPv6" },
	{ "a redirect lets pass what its target does",
	    RECORD("-ip4:192.0.2.0 redirect=r.example.org") //
	    "zone example.org insecure\nr TXT 'v=spf1 ip4:192.0.2.0/30'\n",
	    "1/0/0, 3 and 0, insecure; example.org. 1",
	    .has = "spf-lookups-ok" },
	{ "includes of no record, and of a faulty one",
	    RECORD("include:i.example.com ip4:192.0.2.1 -all") //
	    "i TXT 'v=spf1 include:gone.example.com include:bad.example.com "
	    "redirect=two.example.com'\n"
	    "bad TXT 'v=spf1 ip:1'\n"
	    "two TXT 'v=spf1 -all'\ntwo TXT 'v=spf1 ?all'\n",
	    "4/1/1, 0 and 0, secure; example.com. 4",
	    .text = "include:gone.example.com of i.example.com|"
	            "include:bad.example.com of i.example.com|"
	            "redirect=two.example.com of i.example.com",
	    .has = "spf-include-target-none spf-include-target-invalid "
	           "spf-redirect-target-none" },
	{ "a redirect to no record, below",
	    RECORD("include:i.example.com -all") //
	    "i TXT 'v=spf1 redirect=gone.example.com'\n",
	    "2/1/1, 0 and 0, secure; example.com. 2",
	    .text = "redirect=gone.example.com of i.example.com",
	    .has = "spf-redirect-target-none" },
	{ "macros of the domain are no macros of the sender",
	    RECORD("a:%{d2}.h.%{d} include:%{d1} exists:%{l}.%{d} -all") //
	    "example.com.h A 192.0.2.1\n",
	    "3/0/1, 1 and 0+, secure; example.com. 1, include:%{d1} 1, "
	    "exists:%{l}.%{d} 1",
	    .text = "exists:%{l}.%{d}                           1, total 3, "
	            "depends on the sender\n" },
	{ "names of clients", RECORD("ptr ptr:example.net -all"),
	    "2/0/0, 0 and 0+, secure; example.com. 1, example.net. 1",
	    .text = "ptr                                        1, total 1, "
	            "depends on the sender\n" },
	{ "two that include each other",
	    RECORD("include:b.example.com ip4:192.0.2.1 -all") //
	    "b TXT 'v=spf1 include:c.example.com -all'\n"
	    "c TXT 'v=spf1 include:b.example.com -all'\n",
	    "3/0/0, 0 and 0, secure; example.com. 3",
	    .text = "1, total 3, "
	            "leads back, secure\n|"
	            "include:b.example.com of c.example.com",
	    .has = "spf-include-loop" },
	{ "six levels",
	    RECORD("include:a.example.com -all") //
	    "a TXT 'v=spf1 include:b.example.com -all'\n"
	    "b TXT 'v=spf1 include:c.example.com -all'\n"
	    "c TXT 'v=spf1 include:d.example.com -all'\n"
	    "d TXT 'v=spf1 include:e.example.com -all'\n"
	    "e TXT 'v=spf1 include:f.example.com -all'\n"
	    "f TXT 'v=spf1 ip4:192.0.2.1 -all'\n",
	    "6/0/0, 1 and 0, secure; example.com. 6", .text = "6 of 5",
	    .has = "spf-tree-depth" },
	{ "five levels",
	    RECORD("include:a.example.com -all") //
	    "a TXT 'v=spf1 include:b.example.com -all'\n"
	    "b TXT 'v=spf1 include:c.example.com -all'\n"
	    "c TXT 'v=spf1 include:d.example.com -all'\n"
	    "d TXT 'v=spf1 include:e.example.com -all'\n"
	    "e TXT 'v=spf1 -all'\n",
	    "5/0/0, 0 and 0, secure; example.com. 5",
	    .hasnot = "spf-tree-depth" },
	{ "nine lookups",
	    RECORD(TIMES5(
	        "a:h1.example.com") " "
	                            "a:h2.example.com a:h2.example.com mx mx -all")
	        HOSTS "@ MX 1 h3\n",
	    "9/0/9, 3 and 0, secure; example.com. 9",
	    .text =
	        "9 of 10: a:h1.example.com 5 times, a:h2.example.com 2 times",
	    .has = "spf-lookups-near-limit" },
	{ "eleven lookups",
	    RECORD(TIMES10("a:h1.example.com") " mx -all") HOSTS "@ MX 1 h3\n",
	    "11/0/11, 1 and 0, secure; example.com. 11",
	    .text = "this record needs 11: a:h1.example.com 10 times, mx 1",
	    .has = "spf-too-many-lookups" },
	{ "terms that are not looked at",
	    RECORD(TIMES10("a:h1.example.com") " mx mx mx -all") HOSTS //
	    "@ MX 1 h3\n",
	    "13/0/11, 1 and 0, secure; example.com. 11",
	    .text =
	        "this record needs 13: a:h1.example.com 10 times, mx 3 times",
	    .has = "spf-too-many-lookups" },
	{ "who comes behind the tenth lookup",
	    RECORD(TIMES10("a:h1.example.com") " ip4:192.0.2.1 mx "
	                                       "a:h1.example.com ?mx "
	                                       "ip4:192.0.2.2 -all") HOSTS
	    "@ MX 1 h3\n",
	    "13/0/11, 2 and 0, secure; example.com. 11",
	    .text = "mx 1, ?mx 1; behind the tenth lookup: mx, ip4:192.0.2.2",
	    .has = "spf-too-many-lookups" },
	{ "what could not be told",
	    RECORD("include:i.example.com a:h1.example.com mx "
	           "exists:x.example.com ip4:192.0.2.1 -all") HOSTS
	    "i TXT 'v=spf1 include:j.example.com -all'\n@ MX 1 h2\n"
	    "fail j.example.com.\nfail h1.example.com. AAAA\n"
	    "fail x.example.com.\nfail h2.example.com.\n",
	    "5+/0/0, 2 and 0+, unchecked; example.com. 5",
	    .text = "include:j.example.com                    1, total 2, "
	            "could not be told, unchecked\n",
	    .has = "spf-include-target-temperror", .hasnot = "spf-lookups-ok" },
	{ "exchangers that could not be told",
	    RECORD("mx ip4:192.0.2.1 -all") "fail example.com. MX\n",
	    "1+/0/0, 1 and 0+, unchecked; example.com. 1",
	    .hasnot = "spf-lookups-ok spf-void-lookups" },
	{ "no record to count", ZONE, "0/0/0, nothing, secure",
	    .hasnot = "spf-lookups-ok spf-ranges" },
	{ "a record that is faulty", RECORD("ip4:1 -all"),
	    "0/0/0, nothing, secure", .has = "spf-ip4-bad-address",
	    .hasnot = "spf-lookups-ok spf-ranges" },
};

static void
put_cost(char room[LINE_SIZE], const json_t *json)
{
	const json_t *services = at(json, "services");
	size_t n = 0;

	PUT("%d%s/%d/%d, ", NUMBER("lookups"),
	    json_is_true(at(json, "worst_case.at_least")) ? "+" : "",
	    NUMBER("void_lookups"), NUMBER("void_queries"));
	if (json_is_object(at(json, "addresses")))
		PUT("%lld and %s%s",
		    (long long)json_integer_value(at(json, "addresses.ipv4")),
		    text_at(json, "addresses.ipv6"),
		    json_is_true(at(json, "addresses.at_least")) ? "+" : "");
	else
		PUT("nothing");
	PUT(", %s", text_at(json, "dnssec"));
	for (size_t i = 0; i < json_array_size(services); i++) {
		const json_t *s = json_array_get(services, i);

		PUT("%s %s %d", i == 0 ? ";" : ",", text_at(s, "name"),
		    (int)json_integer_value(at(s, "lookups")));
	}
	ck_assert_int_eq(NUMBER("lookups"), NUMBER("worst_case.lookups"));
}

/* The text of the report has each of these, separated by '|'. */
static void
expect_text(const struct asked *a, const char *title, const char *parts)
{
	/* Lines that are not broken. */
	const struct mailauth_page_options how = { MAILAUTH_TEXT_VERBOSE, 1000,
		MAILAUTH_PASS };
	char *text = mailauth_report_page(a->report, &how);
	char *copy = strdup(parts), *save = NULL;

	for (const char *part = strtok_r(copy, "|", &save); part != NULL;
	     part = strtok_r(NULL, "|", &save))
		EXPECT(strstr(text, part) != NULL, "%s: '%s' in\n%s", title,
		    part, text);
	free(copy);
	free(text);
}

START_TEST(costing)
{
	const struct cost_case *c = &costs[_i];
	char line[LINE_SIZE];
	struct asked a;

	ask_open(&a, c->script, NULL);
	ask(&a, "spf --allow-documentation example.com");
	put_cost(line, a.json);
	EXPECT(strcmp(line, c->line) == 0, "%s: '%s'", c->title, line);
	EXPECT(json_is_null(at(a.json, "result")), "%s", c->title);
	expect_text(&a, c->title, c->text != NULL ? c->text : "");
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	ask_close(&a);
}
END_TEST

/* The text of an evaluation. */
static const struct {
	const char *script, *words, *text;
} shown[] = {
	{ WORLD, "--ip 203.0.113.1" JOE,
	    "  result  pass for 203.0.113.1 by a:www.example.com\n|"
	    "  lookups 3 of 10, at worst 5\n|"
	    "    include:_spf.example.com                   2, total 2, "
	    "no-match (softfail), secure\n|"
	    "      include:deep.example.com                 1, total 2, "
	    "no-match (fail), secure\n|"
	    "    a:www.example.com                          1, total 3, match, "
	    "secure\n|"
	    "    mx                                         not-reached\n" },
	{ WORLD, "--ip 203.0.113.9" JOE,
	    "  result  fail for 203.0.113.9 by -all\n|"
	    "  says    203.0.113.9 is not of example.com\n|"
	    "    -all                                       match\n|"
	    "1, total 5, void 1, no-match, secure\n" },
	{ WORLD "fail deep.example.com. TXT timeout\n", "--ip 203.0.113.9" JOE,
	    "  result  temperror for 203.0.113.9: an answer could not be "
	    "had\n|"
	    "2, total 2, error (temperror), secure\n|"
	    "1, total 2, error: an answer could not be had, "
	    "unchecked\n|"
	    "203.0.113.9 at example.com: an answer could not be had: "
	    "deep.example.com (upstream server timeout)" },
	{ RECORD("redirect=gone.example.com"), ONE,
	    "1, total 1, error (none): the target of redirect has no record, "
	    "secure\n" },
	{ WORLD "late deep.example.com.\n", "--ip 192.0.2.1" JOE,
	    "  lookups 1 of 10, at worst at least 5\n|"
	    "    include:deep.example.com                 not-reached\n" },
};

START_TEST(text)
{
	const struct walk_case c = { .script = shown[_i].script,
		.words = shown[_i].words };
	struct asked a;

	ask_case(&a, &c, NULL);
	expect_text(&a, c.words, shown[_i].text);
	ask_close(&a);
}
END_TEST

/* Large records, made. */

static void
put_head(struct writer *w)
{
	put_text(w, ZONE "@ TXT");
}

static void
put_parts(struct writer *w, unsigned n, const char *format, unsigned step)
{
	char part[128];

	for (unsigned i = 0; i < n; i++) {
		snprintf(part, sizeof(part), format, i * step / 250,
		    i * step % 250);
		put_text(w, part);
	}
}

/* More networks than are told apart. */
static void
put_networks(struct writer *w)
{
	put_head(w);
	put_text(w, " 'v=spf1'");
	put_parts(w, 4200, " ' ip4:1.0.%u.%u'", 2);
	put_text(w, " ' -all'\n");
}

/* Few networks, in more pieces than are looked at. */
static void
put_pieces(struct writer *w)
{
	put_head(w);
	put_text(w, " 'v=spf1'");
	put_parts(w, 1100, " ' -ip4:12.0.%u.%u'", 2);
	for (int i = 0; i < 30; i++)
		put_text(w, " ' ip4:12.0.0.0/8'");
	put_text(w, " ' ip4:192.0.2.1 -all'\n");
}

/* More terms than are counted: each of ten includes has ten, and one of these
 * another ten. */
static void
put_tree(struct writer *w)
{
	put_head(w);
	put_text(w, " 'v=spf1'");
	put_parts(w, 10, " ' include:i%u.%u.example.com'", 1);
	put_text(w, " ' -all'\n");
	for (unsigned i = 0; i < 10; i++) {
		char name[32];

		snprintf(name, sizeof(name), "i0.%u TXT 'v=spf1'", i);
		put_text(w, name);
		put_parts(w, 10, " ' exists:x%u.%u.example.com'", 1);
		put_text(w, "\n");
	}
}

/* More levels than are followed. */
static void
put_levels(struct writer *w)
{
	put_head(w);
	put_text(w, " 'v=spf1 include:i0.example.com ip4:192.0.2.1 -all'\n");
	for (unsigned i = 0; i < 25; i++) {
		char line[80];

		snprintf(line, sizeof(line),
		    "i%u TXT 'v=spf1 include:i%u.example.com -all'\n", i,
		    i + 1);
		put_text(w, line);
	}
}

static const struct {
	void (*put)(struct writer *w);
	const char *line, *has;
} large[] = {
	{ put_networks, "0/0/0, 4096 and 0+, secure", "spf-ranges" },
	{ put_pieces, "0/0/0, 16776116 and 0+, secure", "spf-ip-total-wide" },
	{ put_tree, "100+/90/90, 0 and 0, secure; example.com. 100",
	    "spf-too-many-lookups spf-void-lookups-exceeded" },
	{ put_levels, "21+/0/0, 0 and 0, secure; example.com. 21",
	    "spf-tree-depth spf-too-many-lookups" },
};

START_TEST(bounds)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	char line[LINE_SIZE];
	struct asked a;

	large[_i].put(&w);
	put_char(&w, '\0');
	ask_open(&a, w.buf, NULL);
	ask(&a, "spf --allow-documentation example.com");
	put_cost(line, a.json);
	EXPECT(strcmp(line, large[_i].line) == 0, "'%s'", line);
	expect_codes(&a, large[_i].has);
	ask_close(&a);
	arena_free(&arena);
}
END_TEST

/* Who is checked: "RESULT at DOMAIN". */
#define WHO \
	ZONE "@ TXT 'v=spf1 -all exp=why.%{d}'\n" \
	     "why TXT '%{s} %{r} %{h}'\n" \
	     "mail TXT 'v=spf1 a exists:%{l}.users.example.com -all'\n" \
	     "mail A 192.0.2.1\n" \
	     "jo.users A 127.0.0.2\nj\\195\\182.users A 127.0.0.2\n"

static const struct {
	const char *words, *who, *says;
} identities[] = {
	{ "--ip 192.0.2.1 --helo mail.example.com", "pass at mail.example.com",
	    "" },
	{ "--ip 192.0.2.1 --mail-from <> --helo mail.example.com",
	    "pass at mail.example.com", "" },
	{ "--ip 192.0.2.1 --mail-from <joe@example.com> --helo mail.x.example "
	  "--receiver mx.example.net",
	    "fail at example.com",
	    "joe@example.com mx.example.net mail.x.example" },
	{ "--ip 192.0.2.1 --mail-from example.com", "fail at example.com",
	    "postmaster@example.com unknown unknown" },
	{ "--ip 192.0.2.1 --mail-from joe@elsewhere.example mail.example.com",
	    "pass at mail.example.com", "" },
	{ "--ip 192.0.2.9 --mail-from jo@mail.example.com",
	    "pass at mail.example.com", "" },
	{ "--ip 192.0.2.9 --mail-from j\xc3\xb6@mail.example.com",
	    "fail at mail.example.com", "" },
	{ "--ip 192.0.2.1 --mail-from joe@localhost", "none at localhost",
	    NULL },
	{ "--ip 192.0.2.1 --mail-from joe.doe@", "none at joe.doe@", NULL },
	{ "--ip 192.0.2.1 --mail-from @ --helo mail.example.com", "none at @",
	    NULL },
	{ "--ip 192.0.2.1 --mail-from joe@[192.0.2.1]", "none at [192.0.2.1]",
	    NULL },
	{ "--ip 192.0.2.1 --mail-from joe@a..example.com",
	    "none at a..example.com", NULL },
};

START_TEST(identity)
{
	const char *says = identities[_i].says;
	const struct walk_case c = { .script = WHO,
		.words = identities[_i].words };
	char who[LINE_SIZE];
	struct asked a;

	ask_case(&a, &c, NULL);
	snprintf(who, sizeof(who), "%s at %s", text_at(a.json, "result"),
	    text_at(a.json, "domain"));
	ck_assert_str_eq(who, identities[_i].who);
	ck_assert_str_eq(text_at(a.json, "explanation"),
	    says != NULL ? says : "");
	ck_assert_int_eq(has_code(&a, "spf-identity-invalid"), says == NULL);
	ask_close(&a);
}
END_TEST

/* What is no request. */
static const struct {
	const char *ip, *domain, *from, *scope, *why;
} refused[] = {
	{ "192.0.2", "example.com", NULL, NULL,
	    "'192.0.2': it is not an IP address" },
	{ NULL, "example.com", NULL, "helo",
	    "'helo': a scope is spf, pra or mfrom" },
	{ "192.0.2.1", NULL, NULL, NULL,
	    "'': name a domain, a MAIL FROM address or a HELO name" },
	{ "192.0.2.1", NULL, "<>", NULL,
	    "'': name a domain, a MAIL FROM address or a HELO name" },
	{ NULL, "localhost", NULL, NULL,
	    "'localhost': it is not a domain of two labels or more" },
	{ NULL, NULL, "joe@", NULL,
	    "'': it is not a domain of two labels or more" },
};

START_TEST(use)
{
	const struct mailauth_spf_request q = { .ip = refused[_i].ip,
		.domain = refused[_i].domain,
		.mail_from = refused[_i].from,
		.scope = refused[_i].scope };
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	ask_open(&a, ZONE, NULL);
	ck_assert_int_eq(mailauth_spf(a.source, &q, &a.report, why),
	    MAILAUTH_EUSE);
	ck_assert_str_eq(why, refused[_i].why);
	ck_assert_ptr_null(a.report);
	ask_close(&a);
}
END_TEST

/* Receivers give up after 20 seconds. */
START_TEST(slowly)
{
	static const int ms[] = { 9000, 11000 };
	const char *const script = RECORD(
	    "include:b.example.com -all") "b TXT 'v=spf1 ip4:192.0.2.1'\n";
	char more[128];
	struct asked a;

	snprintf(more, sizeof(more),
	    "late example.com. TXT %d\nlate b.example.com. TXT %d\n", ms[_i],
	    ms[_i]);
	ask_open(&a, script, more);
	a.source->timeout = 100;
	ask(&a, "spf --ip 192.0.2.1 example.com");
	ck_assert_str_eq(text_at(a.json, "result"), "pass");
	ck_assert_int_eq(has_code(&a, "spf-eval-time"), _i == 1);
	ask_close(&a);
}
END_TEST

Suite *
suite_walk(void)
{
	Suite *s = suite_create("walk");
	TCase *t = tcase_create("evaluation");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, evaluated, 0, COUNT(cases));
	tcase_add_loop_test(t, each_answer, 0, COUNT(cases));
	tcase_add_loop_test(t, orders, 0, COUNT(cases));
	tcase_add_loop_test(t, costing, 0, COUNT(costs));
	tcase_add_loop_test(t, text, 0, COUNT(shown));
	tcase_add_loop_test(t, bounds, 0, COUNT(large));
	tcase_add_loop_test(t, identity, 0, COUNT(identities));
	tcase_add_loop_test(t, use, 0, COUNT(refused));
	tcase_add_loop_test(t, slowly, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
