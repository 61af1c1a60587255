/*
 * test_merge.c - one more sender merged into an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case is a record, what is added to it, and the merged record or why no
 * record came out; with zones the lookups are counted through them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Mechanisms of one case. */
#define ADD_MAX 70

#define WAS "v=spf1 include:sendgrid.net ~all"
#define NINE \
	"a:a.org a:b.org a:c.org a:d.org a:e.org a:f.org a:g.org a:h.org " \
	"a:i.org"
#define ZONES \
	"zone example.com\n" \
	"@ TXT 'v=spf1 include:_spf.example.com ~all'\n" \
	"_spf TXT 'v=spf1 a:a.example.com a:b.example.com a:c.example.com " \
	"include:two.example.com -all'\n" \
	"two TXT 'v=spf1 a:a.example.com a:b.example.com a:c.example.com " \
	"-all'\n" \
	"bad TXT 'v=spf1 ip:1 -all'\n" \
	"wide TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n" \
	"a A 192.0.2.1\nb A 192.0.2.2\nc A 192.0.2.3\n"
#define ONE_FAMILY "a:a.example.com a:b.example.com a:c.example.com"
#define OURS       "v=spf1 include:_spf.example.com ~all"

/* `add`: mechanisms, separated by '|'. `merged`: NULL, when it is refused;
 * `lookups`: "3 text", "at least 3 dns", or "" when they are not counted;
 * `parts`: "STATE[ by TERM]" of each mechanism, separated by '|'. */
static const struct merge_case {
	const char *record, *add, *merged, *lookups, *parts;
	char all;
	const char *owner, *zones, *has, *hasnot, *verdict;
} cases[] = {
	/* Was, became. */
	{ WAS, "ip4:192.0.2.4",
	    "v=spf1 include:sendgrid.net ip4:192.0.2.4 ~all", "at least 1 text",
	    .parts = "added", .has = "spf-merge-ok",
	    .hasnot = "spf-merge-tightened spf-lookups-ok", .verdict = "pass" },
	{ WAS, "ip4:192.0.2.4",
	    "v=spf1 include:sendgrid.net ip4:192.0.2.4 -all", "at least 1 text",
	    .parts = "added", .all = '-',
	    .has = "spf-merge-ok spf-merge-tightened", .verdict = "pass" },
	{ "v=spf1 a -all", "mx", "v=spf1 a mx -all", "2 text", .parts = "added",
	    .has = "spf-lookups-ok", .verdict = "pass" },
	{ WAS, NULL, WAS, "at least 1 text", .parts = "",
	    .has = "spf-merge-ok" },
	/* What is there already is there once. */
	{ "v=spf1 ip4:192.0.2.0/24 -all", "ip4:192.0.2.4",
	    "v=spf1 ip4:192.0.2.0/24 -all", "0 text",
	    .parts = "covered by ip4:192.0.2.0/24" },
	{ "v=spf1 -all", "ip4:192.0.2.0/24|ip4:192.0.2.4|+ip4:192.0.2.9",
	    "v=spf1 ip4:192.0.2.0/24 -all", "0 text",
	    .parts =
	        "added|covered by ip4:192.0.2.0/24|covered by ip4:192.0.2.0/24" },
	{ "v=spf1 ip6:2001:db8::/32 -all", "ip6:2001:db8:1::/48|ip6:2001::/16",
	    "v=spf1 ip6:2001:db8::/32 ip6:2001::/16 -all", "0 text",
	    .parts = "covered by ip6:2001:db8::/32|added" },
	{ "v=spf1 Include:SendGrid.net. -all", "include:sendgrid.net",
	    "v=spf1 Include:SendGrid.net. -all", "at least 1 text",
	    .parts = "covered by Include:SendGrid.net." },
	{ "v=spf1 a:%{d} -all", "a", "v=spf1 a:%{d} -all", "1 text",
	    .parts = "covered by a:%{d}" },
	{ "v=spf1 a:example.com -all", "a", "v=spf1 a:example.com -all",
	    "1 text", .parts = "covered by a:example.com",
	    .owner = "example.com" },
	{ "v=spf1 a:example.com -all", "a", "v=spf1 a:example.com a -all",
	    "2 text", .parts = "added" },
	{ "v=spf1 exists:%{l}.x.org -all", "exists:%{L}.x.org",
	    "v=spf1 exists:%{l}.x.org exists:%{L}.x.org -all", "2 text",
	    .parts = "added" },
	{ "v=spf1 a/24 -all", "a|a/24", "v=spf1 a/24 a -all", "2 text",
	    .parts = "added|covered by a/24" },
	/* One 'all', at the end, and modifiers behind it. */
	{ "v=spf1 exp=why.x.org mx -all foo=bar", "a",
	    "v=spf1 mx a -all exp=why.x.org foo=bar", "2 text",
	    .parts = "added" },
	{ "v=spf1  mx  -ALL ", "a", "v=spf1 mx a -ALL", "2 text",
	    .parts = "added" },
	{ "v=spf1 all", "a", "v=spf1 a all", "1 text", .parts = "added",
	    .has = "spf-all-pass", .verdict = "fail" },
	{ "v=spf1 mx ~all a:x.org -all", "ptr", "v=spf1 mx a:x.org ptr ~all",
	    "3 text", .parts = "added", .has = "spf-all-not-last" },
	{ "v=spf1 -all include:x.org", "a", "v=spf1 include:x.org a -all",
	    "at least 2 text", .parts = "added", .has = "spf-all-not-last",
	    .verdict = "warn" },
	{ "v=spf1 mx", "a", "v=spf1 mx a ?all", "2 text", .parts = "added",
	    .has = "spf-all-neutral", .hasnot = "spf-merge-tightened" },
	{ "v=spf1", "a", "v=spf1 a ?all", "1 text", .parts = "added" },
	{ "v=spf1 mx", "a", "v=spf1 mx a ~all", "2 text", .parts = "added",
	    .all = '~', .has = "spf-merge-tightened" },
	{ "v=spf1 +all", "a", "v=spf1 a ?all", "1 text", .parts = "added",
	    .all = '?', .has = "spf-merge-tightened" },
	{ "v=spf1 -all", "a", "v=spf1 a ~all", "1 text", .parts = "added",
	    .all = '~', .hasnot = "spf-merge-tightened" },
	/* A redirect= counts only where there is no 'all'. */
	{ "v=spf1 redirect=x.org", "a", "v=spf1 include:x.org a ?all",
	    "at least 2 text", .parts = "added", .has = "spf-all-neutral",
	    .hasnot = "spf-merge-tightened" },
	{ "v=spf1 redirect=x.org", "a", "v=spf1 include:x.org a -all",
	    "at least 2 text", .parts = "added", .all = '-',
	    .has = "spf-merge-tightened", .hasnot = "spf-all-neutral" },
	{ "v=spf1 redirect=x.org mx exp=y.org", "a",
	    "v=spf1 mx include:x.org a ?all exp=y.org", "at least 3 text",
	    .parts = "added" },
	{ "v=spf1 mx redirect=x.org", "mx", "v=spf1 mx redirect=x.org",
	    "at least 2 text", .parts = "covered by mx" },
	{ "v=spf1 redirect=x.org", "include:x.org", "v=spf1 redirect=x.org",
	    "at least 1 text", .parts = "covered by redirect=x.org" },
	{ "v=spf1 redirect=x.org", "include:x.org|a",
	    "v=spf1 include:x.org a ?all", "at least 2 text",
	    .parts = "covered by redirect=x.org|added" },
	{ "v=spf1 -all redirect=x.org", "include:x.org",
	    "v=spf1 include:x.org -all redirect=x.org", "at least 1 text",
	    .parts = "added" },
	/* Refused: what is there, what is added, what comes of both. */
	{ "v=spf1 ip:192.0.2.1 -all", "a", NULL, "", .parts = "added",
	    .has = "spf-unknown-mechanism", .verdict = "fail" },
	{ "v=spf1 redirect=a.org redirect=b.org", "a", NULL, "",
	    .parts = "added", .has = "spf-redirect-multiple" },
	{ "v=spf10 -all", "a", NULL, "", .parts = "added",
	    .has = "spf-version-near-miss" },
	{ "hello", "a", NULL, "", .parts = "added", .has = "not-of-kind" },
	{ WAS " v=spf1 ip4:192.0.2.4 -all", "a", NULL, "", .parts = "added",
	    .has = "spf-merge-second-record", .verdict = "fail" },
	{ WAS, "v=spf1 ip4:192.0.2.4 -all", NULL, "", .parts = "second-record",
	    .has = "spf-merge-second-record", .verdict = "fail" },
	{ WAS, "a|v=spf1", NULL, "", .parts = "added|second-record",
	    .has = "spf-merge-second-record" },
	{ "v=spf1 -ip4:192.0.2.0/28 -all", "ip4:192.0.2.4", NULL, "",
	    .parts = "blocked by -ip4:192.0.2.0/28",
	    .has = "spf-sender-ip-missing", .hasnot = "spf-merge-second-record",
	    .verdict = "fail" },
	{ "v=spf1 ?include:x.org -all", "include:x.org|a", NULL, "",
	    .parts = "blocked by ?include:x.org|added",
	    .has = "spf-sender-ip-missing" },
	{ "v=spf1 redirect=x.org -include:x.org", "include:x.org", NULL, "",
	    .parts = "blocked by -include:x.org",
	    .has = "spf-sender-ip-missing" },
	{ "v=spf1 " NINE " a:j.org -all", "include:x.org", NULL,
	    "at least 11 text", .parts = "added",
	    .has = "spf-too-many-lookups" },
	{ "v=spf1 " NINE " -all", "mx", "v=spf1 " NINE " mx -all", "10 text",
	    .parts = "added", .has = "spf-lookups-near-limit" },
	{ "v=spf1 " NINE " redirect=x.org", "mx", NULL, "at least 11 text",
	    .parts = "added", .has = "spf-too-many-lookups" },
	/* The owner, given or in the record. */
	{ "Example.COM. 300 IN TXT \"v=spf1 include:sendgrid.net \" \"~all\"",
	    "a", "v=spf1 include:sendgrid.net a ~all", "at least 2 text",
	    .parts = "added" },
	/* Through DNS. */
	{ OURS, "ip4:192.0.2.4",
	    "v=spf1 include:_spf.example.com ip4:192.0.2.4 ~all", "8 dns",
	    .parts = "added", .zones = ZONES, .has = "spf-lookups-ok",
	    .verdict = "pass" },
	{ OURS, "ip4:192.0.2.4",
	    "v=spf1 include:_spf.example.com ip4:192.0.2.4 ~all", "8 dns",
	    .parts = "added", .zones = ZONES "all secure\n",
	    .owner = "example.com", .has = "spf-lookups-ok spf-ranges",
	    .hasnot = "dnssec-validation-off dnssec-insecure",
	    .verdict = "pass" },
	{ OURS, "a", "v=spf1 include:_spf.example.com a ~all", "9 dns",
	    .parts = "added", .zones = ZONES, .has = "spf-lookups-near-limit" },
	{ OURS, "a|mx", "v=spf1 include:_spf.example.com a mx ~all", "10 dns",
	    .parts = "added|added", .zones = ZONES,
	    .has = "spf-lookups-near-limit", .hasnot = "spf-ranges" },
	{ OURS, "a|mx|ptr", NULL, "11 dns", .parts = "added|added|added",
	    .zones = ZONES, .has = "spf-too-many-lookups",
	    .hasnot = "spf-merge-ok", .verdict = "fail" },
	{ OURS, "include:two.example.com", NULL, "12 dns", .parts = "added",
	    .zones = ZONES, .has = "spf-too-many-lookups", .verdict = "fail" },
	{ OURS, "include:gone.example.com", NULL, "9 dns", .parts = "added",
	    .zones = ZONES, .has = "spf-include-target-none",
	    .verdict = "fail" },
	{ OURS, "include:bad.example.com", NULL, "9 dns", .parts = "added",
	    .zones = ZONES, .has = "spf-include-target-invalid",
	    .verdict = "fail" },
	{ "v=spf1 redirect=wide.example.com", "ip4:192.0.2.4",
	    "v=spf1 include:wide.example.com ip4:192.0.2.4 ?all", "1 dns",
	    .parts = "added", .zones = ZONES, .owner = "example.com",
	    .has = "spf-all-neutral spf-ranges" },
	{ OURS, "include:example.com", NULL, "9 dns", .parts = "added",
	    .zones = ZONES, .owner = "example.com", .has = "spf-include-self",
	    .verdict = "fail" },
	{ "v=spf1 -all include:wide.example.com", "ip4:192.0.2.4",
	    "v=spf1 include:wide.example.com ip4:192.0.2.4 ~all", "1 dns",
	    .parts = "added", .all = '~', .zones = ZONES,
	    .has = "spf-all-not-last", .hasnot = "spf-merge-tightened" },
	/* Three terms find nothing for IPv6: the address goes in front of them. */
	{ "v=spf1 " ONE_FAMILY " -all", "ip6:2001:db8::4",
	    "v=spf1 ip6:2001:db8::4 " ONE_FAMILY " -all", "3 dns",
	    .parts = "added", .zones = ZONES, .owner = "example.com",
	    .has = "spf-void-family", .hasnot = "spf-void-family-lost",
	    .verdict = "pass" },
	{ "v=spf1 ip4:192.0.2.77 exp=b.example.com " ONE_FAMILY
	  " ip4:192.0.2.78 -all",
	    "a|ip6:2001:db8::4|-ip4:192.0.2.4|ip4:192.0.2.5",
	    "v=spf1 ip4:192.0.2.77 ip6:2001:db8::4 " ONE_FAMILY
	    " ip4:192.0.2.78 a -ip4:192.0.2.4 ip4:192.0.2.5 -all "
	    "exp=b.example.com",
	    "4 dns", .parts = "added|added|added|added", .zones = ZONES,
	    .owner = "example.com", .hasnot = "spf-void-family-lost" },
	{ "v=spf1 -a:a.example.com " ONE_FAMILY " a:a.example.com -all",
	    "ip6:2001:db8::4",
	    "v=spf1 -a:a.example.com ip6:2001:db8::4 " ONE_FAMILY
	    " a:a.example.com -all",
	    "5 dns", .parts = "added", .zones = ZONES, .owner = "example.com",
	    .hasnot = "spf-void-family-lost" },
	/* Not in front of terms that may decide against it. */
	{ "v=spf1 a:a.example.com a:b.example.com -a:c.example.com -all",
	    "ip6:2001:db8::4",
	    "v=spf1 a:a.example.com a:b.example.com -a:c.example.com "
	    "ip6:2001:db8::4 -all",
	    "3 dns", .parts = "added", .zones = ZONES, .owner = "example.com",
	    .has = "spf-void-family-lost", .verdict = "warn" },
	{ "v=spf1 " ONE_FAMILY " ?a:a.example.com -all", "ip6:2001:db8::4",
	    "v=spf1 " ONE_FAMILY " ?a:a.example.com ip6:2001:db8::4 -all",
	    "4 dns", .parts = "added", .zones = ZONES, .owner = "example.com",
	    .has = "spf-void-family-lost", .verdict = "warn" },
	/* Where nothing is lost, it stays behind. */
	{ "v=spf1 a:a.example.com a:b.example.com -all", "ip6:2001:db8::4",
	    "v=spf1 a:a.example.com a:b.example.com ip6:2001:db8::4 -all",
	    "2 dns", .parts = "added", .zones = ZONES, .owner = "example.com",
	    .hasnot = "spf-void-family-lost" },
	/* What cannot be looked up is not counted, and is no pass. */
	{ WAS, "a", "v=spf1 include:sendgrid.net a ~all", "at least 2 dns",
	    .parts = "added", .zones = ZONES,
	    .has = "spf-include-target-temperror", .hasnot = "spf-lookups-ok",
	    .verdict = "temperror" },
	/* It may be too much: there is no record to publish. */
	{ OURS, "a", NULL, "at least 6 dns", .parts = "added",
	    .zones = ZONES "fail two.example.com.\n",
	    .has = "spf-include-target-temperror lookup-undecided",
	    .verdict = "temperror" },
	{ OURS, "a", NULL, "at least 2 dns", .parts = "added",
	    .zones = ZONES "late _spf.example.com.\n",
	    .has = "spf-include-target-temperror lookup-undecided",
	    .verdict = "temperror" },
	{ OURS, "a", NULL, "at least 2 dns", .parts = "added",
	    .zones = ZONES "bogus _spf.example.com.\n", .verdict = "temperror",
	    .has = "spf-include-target-temperror lookup-undecided" },
	/* A term in front excludes the address, which only DNS can tell. */
	{ "v=spf1 -a:a.example.com ip4:192.0.2.9 -all", "ip4:192.0.2.1", NULL,
	    "1 dns", .parts = "blocked by -a:a.example.com", .zones = ZONES,
	    .owner = "example.com", .has = "spf-sender-ip-missing",
	    .verdict = "fail" },
	/* Hosts that are added by name, and those of a record. */
	{ "v=spf1 -ip4:192.0.2.2 -all", "a:b.example.com", NULL, "1 dns",
	    .parts = "blocked by -ip4:192.0.2.2", .zones = ZONES,
	    .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 -ip4:192.0.2.2 -all", "a:a.example.com",
	    "v=spf1 -ip4:192.0.2.2 a:a.example.com -all", "1 dns",
	    .parts = "added", .zones = ZONES, .verdict = "pass" },
	{ "v=spf1 -a:b.example.com -all", "a", NULL, "2 dns",
	    .parts = "blocked by -a:b.example.com",
	    .zones = ZONES "@ A 192.0.2.2\n", .owner = "example.com",
	    .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 -a:b.example.com -all", "mx", NULL, "2 dns",
	    .parts = "blocked by -a:b.example.com",
	    .zones = ZONES "@ MX 1 a\n@ MX 2 b\n", .owner = "example.com",
	    .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 ?ip4:198.51.100.0/25 -all", "include:wide.example.com", NULL,
	    "1 dns", .parts = "blocked by ?ip4:198.51.100.0/25", .zones = ZONES,
	    .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 -a:c.example.com -all", "include:_spf.example.com", NULL,
	    "9 dns", .parts = "blocked by -a:c.example.com", .zones = ZONES,
	    .has = "spf-sender-ip-missing", .verdict = "fail" },
	/* What the included record does not let pass is not excluded. */
	{ "v=spf1 -ip4:192.0.2.2 -all", "include:part.example.com",
	    "v=spf1 -ip4:192.0.2.2 include:part.example.com -all", "2 dns",
	    .parts = "added", .verdict = "pass",
	    .zones = ZONES "part TXT 'v=spf1 -ip4:192.0.2.2 a:b.example.com "
	                   "ip4:192.0.2.9 -all'\n" },
	/* Whether it does is not known. */
	{ "v=spf1 -ip4:192.0.2.2 -all", "a:b.example.com", NULL, "1 dns",
	    .parts = "added", .zones = ZONES "fail b.example.com.\n",
	    .has = "lookup-undecided", .hasnot = "spf-merge-ok",
	    .verdict = "temperror" },
	{ "v=spf1 -ip4:192.0.2.2 -all", "mx:example.com", NULL, "1 dns",
	    .parts = "added",
	    .zones = ZONES "@ MX 1 b\nfail b.example.com. A\n",
	    .has = "lookup-undecided", .verdict = "temperror" },
	{ "v=spf1 ~include:wide.example.com -all",
	    "ip4:192.0.2.1|ip4:198.51.100.4", NULL, "1 dns",
	    .parts = "added|blocked by ~include:wide.example.com",
	    .zones = ZONES, .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 ?a:a.example.com ip4:192.0.2.0/24 -all", "ip4:192.0.2.1",
	    NULL, "1 dns", .parts = "blocked by ?a:a.example.com",
	    .zones = ZONES, .has = "spf-sender-ip-missing", .verdict = "fail" },
	{ "v=spf1 -a:a.example.com -all", "ip4:192.0.2.2",
	    "v=spf1 -a:a.example.com ip4:192.0.2.2 -all", "1 dns",
	    .parts = "added", .zones = ZONES,
	    .hasnot = "spf-sender-ip-missing" },
	{ "v=spf1 -a:a.example.com -all", "ip4:192.0.2.1", NULL, "1 dns",
	    .parts = "added", .zones = ZONES "fail a.example.com.\n",
	    .has = "lookup-undecided", .verdict = "temperror" },
	{ "v=spf1 -exists:%{i}.x.example.com -all", "ip4:192.0.2.1", NULL,
	    "1 dns", .parts = "added",
	    .zones = ZONES "fail 192.0.2.1.x.example.com.\n",
	    .has = "lookup-undecided", .verdict = "temperror" },
	{ "v=spf1 -a:a.b.org -all", "ip4:192.0.2.1",
	    "v=spf1 -a:a.b.org ip4:192.0.2.1 -all", "1 dns", .parts = "added",
	    .zones = ZONES, .has = "lookup-undecided", .verdict = "temperror" },
	{ "v=spf1 a:a.b.org -all", "ip4:192.0.2.1",
	    "v=spf1 a:a.b.org ip4:192.0.2.1 -all", "1 dns", .parts = "added",
	    .zones = ZONES, .hasnot = "lookup-undecided", .verdict = "pass" },
	/* What matches behind a failed lookup, or in a record that is broken
	 * further on, is not what receivers match. */
	{ "v=spf1 mx:b.org ?include:wide.example.com -all", "ip4:192.0.2.1",
	    NULL, "2 dns", .parts = "added", .zones = ZONES "fail b.org.\n",
	    .has = "lookup-undecided", .hasnot = "spf-sender-ip-missing",
	    .verdict = "temperror" },
	{ "v=spf1 include:n.example.com include:none.example.com -all",
	    "ip4:192.0.2.1", NULL, "2 dns", .parts = "added",
	    .zones = ZONES "n.example.com. TXT \"v=spf1 ?all\"\n",
	    .has = "spf-include-target-none", .hasnot = "spf-sender-ip-missing",
	    .verdict = "fail" },
	/* Refused before DNS is asked. */
	{ "v=spf1 -a -all", "a", NULL, "", .parts = "blocked by -a",
	    .zones = ZONES, .has = "spf-sender-ip-missing", .verdict = "fail" },
};

/* Merge. `list` has the mechanisms, whose text is cut. */
static enum mailauth_status
merge(struct asked *a, const struct merge_case *c, char *why)
{
	const char *add[ADD_MAX];
	char *copy = strdup(c->add != NULL ? c->add : ""), *rest = copy;
	struct mailauth_merge_request q = { .record = c->record,
		.add = add,
		.all = c->all,
		.owner = c->owner,
		.allow_documentation = true };
	enum mailauth_status status;

	while (c->add != NULL && rest != NULL) {
		char *end = strchr(rest, '|');

		add[q.nadd++] = rest;
		if (end != NULL)
			*end++ = '\0';
		rest = end;
	}
	ask_open(a, c->zones != NULL ? c->zones : "zone example.com\n", NULL);
	status = mailauth_spf_merge(c->zones != NULL ? a->source : NULL, &q,
	    &a->report, why);
	free(copy);
	return status;
}

static void
put_parts(char *room, size_t size, const json_t *parts)
{
	size_t n = 0;

	room[0] = '\0';
	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *p = json_array_get(parts, i);
		const char *by = text_at(p, "by");

		n += (size_t)snprintf(room + n, size - n, "%s%s%s%s",
		    i > 0 ? "|" : "", text_at(p, "state"),
		    by[0] != '\0' ? " by " : "", by);
	}
}

static void
put_lookups(char *room, size_t size, const json_t *lookups)
{
	room[0] = '\0';
	if (json_is_object(lookups))
		snprintf(room, size, "%s%d %s",
		    json_is_true(at(lookups, "at_least")) ? "at least " : "",
		    (int)json_integer_value(at(lookups, "count")),
		    text_at(lookups, "counted_in"));
}

/* The first line of the text is the record, or a word in its place. */
static void
expect_text(const struct asked *a, const struct merge_case *c)
{
	char *text = mailauth_report_text(a->report, 0);
	size_t n = strcspn(text, "\n");
	const char *first = c->merged != NULL ?
	    c->merged :
	    "refused: there is no merged record";

	EXPECT(strlen(first) == n && strncmp(text, first, n) == 0, "%s: %s",
	    c->record, text);
	free(text);
}

START_TEST(merged)
{
	const struct merge_case *c = &cases[_i];
	char why[MAILAUTH_WHY_MAX], room[512];
	const char *record;
	struct asked a;

	ask_take(&a, merge(&a, c, why), why);
	record = mailauth_report_merged(a.report);
	EXPECT((record == NULL) == (c->merged == NULL) &&
	        (record == NULL || strcmp(record, c->merged) == 0),
	    "%s: '%s'", c->record, record != NULL ? record : "refused");
	ck_assert_str_eq(text_at(a.json, "record"),
	    c->merged != NULL ? c->merged : "");
	put_lookups(room, sizeof(room), at(a.json, "lookups"));
	EXPECT(strcmp(room, c->lookups) == 0, "%s: '%s'", c->record, room);
	put_parts(room, sizeof(room), at(a.json, "mechanisms"));
	EXPECT(strcmp(room, c->parts) == 0, "%s: '%s'", c->record, room);
	if (c->verdict != NULL)
		ck_assert_str_eq(text_at(a.json, "verdict"), c->verdict);
	ck_assert_int_eq(has_code(&a, "spf-merge-ok"), c->merged != NULL);
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	expect_no_codes(&a, "spf-merge-lost-term");
	expect_text(&a, c);
	ask_close(&a);
}
END_TEST

/* What is no request: nothing is merged, and one line says why. */
#define TEN "a|a|a|a|a|a|a|a|a|a|"
static const struct {
	const char *record, *add, *why;
	char all;
	const char *owner;
} refused[] = {
	{ NULL, "a", "'': name the record", 0, NULL },
	{ WAS, "a", "a qualifier is one of + - ~ ?", 'x', NULL },
	{ WAS, "ip:192.0.2.4",
	    "'ip:192.0.2.4': SPF has no mechanism of this name "
	    "(permerror for all mail)",
	    0, NULL },
	{ WAS, "", "'': it is not a mechanism that can be added to the record",
	    0, NULL },
	{ WAS, "-all",
	    "'-all': it is not a mechanism that can be added to the record", 0,
	    NULL },
	{ WAS, "a|redirect=x.org",
	    "'redirect=x.org': it is not a mechanism that can be added to the record",
	    0, NULL },
	{ WAS, "a mx",
	    "'a mx': it is not a mechanism that can be added to the record", 0,
	    NULL },
	{ WAS, "a", "the owner is not a domain name", 0, "x..org" },
	{ WAS, TEN TEN TEN TEN TEN TEN "a|a|a|a|a",
	    "no more than 64 mechanisms at a time", 0, NULL },
};

START_TEST(use)
{
	const struct merge_case c = { .record = refused[_i].record,
		.add = refused[_i].add,
		.all = refused[_i].all,
		.owner = refused[_i].owner };
	char why[MAILAUTH_WHY_MAX];
	struct asked a;

	ck_assert_int_eq(merge(&a, &c, why), MAILAUTH_EUSE);
	EXPECT(strcmp(why, refused[_i].why) == 0, "%s", why);
	ck_assert_ptr_null(a.report);
	ask_close(&a);
}
END_TEST

/* The text: the record, the line of a zone, what is covered, lookups. */
static const struct {
	const char *record, *add, *owner, *zones, *text;
} shown[] = {
	{ WAS, "ip4:192.0.2.4", "Example.com", NULL,
	    "v=spf1 include:sendgrid.net ip4:192.0.2.4 ~all\n"
	    "example.com. IN TXT \"v=spf1 include:sendgrid.net "
	    "ip4:192.0.2.4 ~all\"\n" },
	{ "v=spf1 ip4:192.0.2.0/24 exists:%{i}\\.x.org -all", "ip4:192.0.2.4|a",
	    "example.com", NULL,
	    "v=spf1 ip4:192.0.2.0/24 exists:%{i}\\\\.x.org a -all\n"
	    "example.com. IN TXT \"v=spf1 ip4:192.0.2.0/24 "
	    "exists:%{i}\\\\.x.org a -all\"\n"
	    "  ip4:192.0.2.4 is covered by ip4:192.0.2.0/24\n" },
	{ "v=spf1 -a -all", "a", NULL, NULL,
	    "refused: there is no merged record\n"
	    "  a is blocked by -a\n" },
	{ OURS, "a", NULL, ZONES,
	    "v=spf1 include:_spf.example.com a ~all\n"
	    "  lookups 9 of 10\n" },
	{ WAS, "a", NULL, ZONES,
	    "v=spf1 include:sendgrid.net a ~all\n"
	    "  lookups at least 2 of 10\n" },
};

START_TEST(text)
{
	const struct merge_case c = { .record = shown[_i].record,
		.add = shown[_i].add,
		.owner = shown[_i].owner,
		.zones = shown[_i].zones };
	char why[MAILAUTH_WHY_MAX], *is;
	struct asked a;

	ask_take(&a, merge(&a, &c, why), why);
	is = mailauth_report_text(a.report, 0);
	EXPECT(strncmp(is, shown[_i].text, strlen(shown[_i].text)) == 0, "%s",
	    is);
	free(is);
	is = mailauth_report_text(a.report, MAILAUTH_TEXT_VERBOSE);
	/* What is counted in the text alone says so, to whom asks for it. */
	ck_assert_int_eq(strstr(is, " of 10 in the text alone\n") != NULL,
	    c.zones == NULL && mailauth_report_merged(a.report) != NULL);
	free(is);
	ask_close(&a);
}
END_TEST

#define I10 "%{i}.%{i}.%{i}.%{i}.%{i}.%{i}.%{i}.%{i}.%{i}.%{i}."

/* A record that is too long for DNS, and one of several strings. */
START_TEST(length)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	struct merge_case c = { .owner = "example.com" };
	char why[MAILAUTH_WHY_MAX];
	const char *line;
	size_t strings = 0;
	struct asked a;

	put_text(&w, "v=spf1");
	for (int i = 0; i < (_i == 0 ? 40 : 4070); i++)
		put_text(&w, " ip4:203.0.113.1");
	put_char(&w, '\0');
	c.record = w.buf;
	c.add = _i == 0 ? "mx" : "exists:" I10 I10 I10 "x.org";
	if (_i == 1) {
		ck_assert_int_eq(merge(&a, &c, why), MAILAUTH_EUSE);
		ck_assert_str_eq(why,
		    "the merged record is longer than a DNS record");
		ask_close(&a);
		arena_free(&arena);
		return;
	}
	ask_take(&a, merge(&a, &c, why), why);
	line = text_at(a.json, "zone_line");
	for (const char *p = line; *p != '\0'; p++)
		strings += *p == '"';
	/* 6 + 40 * 16 + 3 + 5 octets. */
	ck_assert_uint_eq(strlen(text_at(a.json, "record")), 654);
	ck_assert_uint_eq(strings, 2 * 3);
	ask_close(&a);
	arena_free(&arena);
}
END_TEST

Suite *
suite_merge(void)
{
	Suite *s = suite_create("merge");
	TCase *t = tcase_create("merge");

	tcase_add_loop_test(t, merged, 0, COUNT(cases));
	tcase_add_loop_test(t, use, 0, COUNT(refused));
	tcase_add_loop_test(t, text, 0, COUNT(shown));
	tcase_add_loop_test(t, length, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
