/*
 * test_dmarc.c - the policy for an author domain, and what aligns with it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 9989 4.10 and 5.3, beside what receivers of RFC 7489 see. A case is
 * zones, what is asked, and what is found by either standard. Every case is
 * asked three times more for every name that was looked up: with that name
 * failing, late and bogus. What is said may become less, and never something
 * else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "record/rrtype.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define RUA               "rua=mailto:r@example.com"
#define ZONE(name)        "zone " name "\n"
#define DMARC(owner, tag) owner " TXT 'v=DMARC1; " tag "'\n"

#define EXAMPLE \
	ZONE("example.com") \
	DMARC("_dmarc", "p=reject; sp=quarantine; " RUA) \
	"sub A 192.0.2.1\n"
#define PLAIN ZONE("example.com") DMARC("_dmarc", "p=reject")

static const char *const rfcs[] = { "rfc9989", "rfc7489" };

/* `found` and `old`: by RFC 9989 and RFC 7489, "RECORD TAG POLICY[/APPLIED]
 * ORG", or "- - - ORG" for no policy; `result` and `old_result`
 * "RESULT[:DISPOSITION]". Where the old one is not given it is the same. */
static const struct dmarc_case {
	const char *title, *script, *ask;
	const char *found, *old;
	const char *result, *old_result;
	const char *has, *hasnot;
} cases[] = {
	{ "a record of its own", EXAMPLE, "example.com",
	    .found = "example.com p reject example.com" },
	{ "a policy twice",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; p=none; " RUA),
	    "example.com --dkim x.org", .found = "example.com ? ? example.com",
	    .result = "fail", .has = "dmarc-duplicate-tag",
	    .hasnot = "dmarc-p-reject" },
	{ "a policy twice, and something aligns",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; p=none; " RUA),
	    "example.com --dkim example.com",
	    .found = "example.com ? ? example.com", .result = "permerror",
	    .has = "dmarc-duplicate-tag", .hasnot = "dmarc-result-pass" },
	{ "a mode of alignment twice, and something aligns",
	    ZONE("example.com")
	        DMARC("_dmarc", "p=reject; aspf=r; aspf=s; " RUA),
	    "example.com --spf b.example.com --dkim example.com",
	    .found = "example.com ? ? example.com", .result = "permerror",
	    .has = "dmarc-duplicate-tag", .hasnot = "dmarc-result-pass" },
	{ "a policy of subdomains twice, above the name",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=reject; sp=none; sp=reject; " RUA) "sub A 192.0.2.1\n",
	    "sub.example.com", .found = "example.com ? ? example.com",
	    .has = "dmarc-duplicate-tag dmarc-inherited",
	    .hasnot = "dmarc-temperror dmarc-inherited-weak" },
	{ "nothing anywhere", ZONE("example.com"), "example.com",
	    .found = "- - - example.com", .has = "dmarc-missing" },
	{ "a subdomain that exists", EXAMPLE, "sub.example.com",
	    .found = "example.com sp quarantine example.com",
	    .has = "dmarc-inherited" },
	{ "a subdomain that does not exist", EXAMPLE, "gone.example.com",
	    .found = "example.com sp quarantine example.com" },
	{ "a subdomain without sp", PLAIN, "sub.example.com",
	    .found = "example.com p reject example.com" },
	{ "a subdomain with a record of its own",
	    ZONE("example.com") DMARC("_dmarc", "p=reject")
	        DMARC("_dmarc.sub", "p=quarantine"),
	    "sub.example.com",
	    .found = "sub.example.com p quarantine example.com",
	    .hasnot = "dmarc-org-differs dmarc-sub-record-no-org" },
	{ "a subdomain has a record, and the domain none",
	    ZONE("example.com") DMARC("_dmarc.sub", "p=quarantine"),
	    "sub.example.com",
	    .found = "sub.example.com p quarantine sub.example.com",
	    .old = "sub.example.com p quarantine example.com",
	    .has = "dmarc-org-differs dmarc-sub-record-no-org" },
	{ "a record between the author and the organization",
	    ZONE("example.com") DMARC("_dmarc", "p=reject")
	        DMARC("_dmarc.b", "p=none"),
	    "a.b.example.com", .found = "example.com p reject example.com" },
	{ "a record in between and none at the organization",
	    ZONE("example.com") DMARC("_dmarc.b", "p=none; sp=reject; " RUA),
	    "a.b.example.com", .found = "b.example.com sp reject b.example.com",
	    .old = "- - - example.com",
	    .has = "dmarc-inherited dmarc-org-differs dmarc-policy-differs",
	    .hasnot = "dmarc-sub-record-no-org" },
	{ "records at both names and none at the organization",
	    ZONE("example.com") DMARC("_dmarc.b", "p=none")
	        DMARC("_dmarc.a.b", "p=reject"),
	    "a.b.example.com",
	    .found = "a.b.example.com p reject b.example.com",
	    .old = "a.b.example.com p reject example.com",
	    .hasnot = "dmarc-sub-record-no-org" },
	{ "psd=n in between",
	    ZONE("example.com") DMARC("_dmarc", "p=reject") DMARC("_dmarc.b",
	        "p=none; sp=quarantine; psd=n") "b A 192.0.2.1\n",
	    "a.b.example.com",
	    .found = "b.example.com sp quarantine b.example.com",
	    .old = "example.com p reject example.com",
	    .has = "dmarc-policy-differs" },
	{ "psd=n at the author",
	    ZONE("example.com") DMARC("_dmarc", "p=reject")
	        DMARC("_dmarc.b", "p=none; psd=n"),
	    "b.example.com", .found = "b.example.com p none b.example.com",
	    .old = "b.example.com p none example.com",
	    .has = "dmarc-org-differs", .hasnot = "dmarc-sub-record-no-org" },
	{ "psd=u changes nothing",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; psd=u")
	        DMARC("_dmarc.b", "p=none; psd=u"),
	    "b.example.com", .found = "b.example.com p none example.com" },
	{ "psd= with a bad value is psd=u",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; psd=q")
	        DMARC("_dmarc.b", "p=none; psd=1"),
	    "b.example.com", .found = "b.example.com p none example.com" },
	{ "psd=y above the organization",
	    ZONE("com") DMARC("_dmarc", "p=none; psd=y") ZONE("example.com")
	        DMARC("_dmarc", "p=reject"),
	    "sub.example.com", .found = "example.com p reject example.com",
	    .has = "dmarc-parent-psd-record" },
	{ "psd=y above, the organization has none",
	    ZONE("com") DMARC("_dmarc", "p=none; psd=y") ZONE("example.com")
	        DMARC("_dmarc.sub", "p=quarantine"),
	    "sub.example.com",
	    .found = "sub.example.com p quarantine example.com",
	    .hasnot = "dmarc-org-differs dmarc-sub-record-no-org" },
	{ "psd=y above, and nothing else",
	    ZONE("com")
	        DMARC("_dmarc", "p=none; sp=quarantine; np=reject; psd=y")
	            ZONE("example.com") "sub A 192.0.2.1\n",
	    "sub.example.com", .found = "com sp quarantine example.com",
	    .old = "- - - example.com",
	    .has = "dmarc-parent-psd-record dmarc-policy-differs" },
	{ "psd=y above, for a name that is not there",
	    ZONE("com") DMARC("_dmarc",
	        "p=none; sp=quarantine; np=reject; psd=y") ZONE("example.com"),
	    "gone.example.com", .found = "com np reject example.com",
	    .old = "- - - example.com" },
	{ "psd=y above, a record in between is passed over",
	    ZONE("com") DMARC("_dmarc", "p=none; psd=y") ZONE("example.com")
	        DMARC("_dmarc.b", "p=reject"),
	    "a.b.example.com", .found = "com p none example.com",
	    .old = "- - - example.com", .has = "dmarc-inherited-weak" },
	{ "a suffix without psd",
	    ZONE("com") DMARC("_dmarc", "p=quarantine") ZONE("example.com")
	        DMARC("_dmarc", "p=reject"),
	    "example.com", .found = "example.com p reject com",
	    .old = "example.com p reject example.com",
	    .has = "dmarc-org-differs dmarc-parent-suffix-without-psd" },
	{ "a suffix without psd, the domain with psd=n",
	    ZONE("com") DMARC("_dmarc", "p=quarantine") ZONE("example.com")
	        DMARC("_dmarc", "p=reject; psd=n"),
	    "sub.example.com", .found = "example.com p reject example.com",
	    .hasnot = "dmarc-org-differs dmarc-parent-suffix-without-psd" },
	{ "a suffix of two labels with psd=y",
	    ZONE("co.uk") DMARC("_dmarc", "p=none; sp=reject; psd=y")
	        ZONE("example.co.uk") "@ A 192.0.2.1\n",
	    "example.co.uk", .found = "co.uk sp reject example.co.uk",
	    .old = "- - - example.co.uk", .has = "dmarc-parent-psd-record" },
	{ "a suffix of two labels, not given",
	    ZONE("example.co.uk") DMARC("_dmarc", "p=reject"),
	    "sub.example.co.uk",
	    .found = "example.co.uk p reject example.co.uk" },
	{ "psd=y at the author, a suffix",
	    ZONE("com") DMARC("_dmarc", "p=none; psd=y"), "com",
	    .found = "com p none com", .hasnot = "dmarc-psd-y-non-suffix" },
	{ "a suffix without psd as author",
	    ZONE("com") DMARC("_dmarc", "p=reject"), "com",
	    .found = "com p reject com" },
	{ "a suffix without a record as author", ZONE("com"), "com",
	    .found = "- - - com", .has = "dmarc-missing" },
	{ "psd=y one label up at a name that is no suffix",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; psd=y"),
	    "sub.example.com", .found = "example.com p reject sub.example.com",
	    .old = "example.com p reject example.com",
	    .has = "dmarc-org-differs dmarc-psd-y-non-suffix",
	    .hasnot = "dmarc-parent-psd-record" },
	{ "psd=y at the author that is no suffix",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; psd=y"),
	    "example.com", .found = "example.com p reject example.com",
	    .has = "dmarc-psd-y-non-suffix" },
	{ "a private suffix of the list",
	    ZONE("foo.github.io") DMARC("_dmarc", "p=reject"),
	    "sub.foo.github.io",
	    .found = "foo.github.io p reject foo.github.io" },
	{ "a private suffix with a record and no psd",
	    ZONE("github.io")
	        DMARC("_dmarc", "p=quarantine") "foo A 192.0.2.1\n",
	    "foo.github.io", .found = "github.io p quarantine github.io",
	    .old = "- - - foo.github.io",
	    .has = "dmarc-parent-suffix-without-psd dmarc-policy-differs" },
	{ "a private suffix with a record and psd=y",
	    ZONE("github.io")
	        DMARC("_dmarc", "p=quarantine; psd=y") "foo A 192.0.2.1\n",
	    "foo.github.io", .found = "github.io p quarantine foo.github.io",
	    .old = "- - - foo.github.io", .has = "dmarc-parent-psd-record",
	    .hasnot = "dmarc-org-differs" },
	{ "7 labels", PLAIN, "b.c.d.e.f.example.com",
	    .found = "example.com p reject example.com" },
	{ "8 labels, a record at each",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.a.b.c.d.e.f", "p=reject")
	            DMARC("_dmarc.b.c.d.e.f", "p=quarantine"),
	    "a.b.c.d.e.f.example.com",
	    .found = "a.b.c.d.e.f.example.com p reject example.com" },
	{ "8 labels, psd=n one label up",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.b.c.d.e.f", "p=quarantine; psd=n"),
	    "a.b.c.d.e.f.example.com",
	    .found = "b.c.d.e.f.example.com p quarantine b.c.d.e.f.example.com",
	    .old = "example.com p none example.com",
	    .hasnot = "dmarc-deep-name" },
	{ "9 labels, the name of 8 is passed over",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.a.b.c.d.e.f",
	            "p=reject; psd=n") "f A 192.0.2.1\n"
	                               "e.f A 192.0.2.1\n"
	                               "d.e.f A 192.0.2.1\n"
	                               "c.d.e.f A 192.0.2.1\n"
	                               "b.c.d.e.f A 192.0.2.1\n"
	                               "a.b.c.d.e.f A 192.0.2.1\n",
	    "z.a.b.c.d.e.f.example.com",
	    .found = "example.com p none example.com",
	    .has = "dmarc-deep-name" },
	{ "9 labels, a record of its own",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.z.a.b.c.d.e.f", "p=reject"),
	    "z.a.b.c.d.e.f.example.com",
	    .found = "z.a.b.c.d.e.f.example.com p reject example.com",
	    .hasnot = "dmarc-deep-name" },
	{ "12 labels", ZONE("example.com") DMARC("_dmarc", "p=none"),
	    "w.x.y.z.a.b.c.d.e.f.example.com",
	    .found = "example.com p none example.com",
	    .has = "dmarc-deep-name" },
	{ "12 labels, psd=y above the jump: the name below was passed over",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.b.c.d.e.f", "p=reject; psd=y"),
	    "w.x.y.z.a.b.c.d.e.f.example.com",
	    .found = "b.c.d.e.f.example.com p reject a.b.c.d.e.f.example.com",
	    .old = "example.com p none example.com",
	    .has = "dmarc-psd-y-non-suffix" },
	{ "12 labels, psd=y above the jump, a record at the name below",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.b.c.d.e.f", "p=reject; psd=y")
	            DMARC("_dmarc.a.b.c.d.e.f", "p=quarantine"),
	    "w.x.y.z.a.b.c.d.e.f.example.com",
	    .found = "b.c.d.e.f.example.com p reject a.b.c.d.e.f.example.com",
	    .old = "example.com p none example.com" },
	{ "several at the author, one above",
	    ZONE("example.com") DMARC("_dmarc", "p=reject") DMARC("_dmarc.sub",
	        "p=none") DMARC("_dmarc.sub", "p=quarantine"),
	    "sub.example.com", .found = "example.com p reject example.com",
	    .old = "- - - example.com",
	    .has =
	        "dmarc-inherited dmarc-multiple-records dmarc-policy-differs",
	    .hasnot = "dmarc-missing" },
	{ "several at the organization",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc", "p=reject") "sub A 192.0.2.1\n",
	    "sub.example.com", .found = "- - - sub.example.com",
	    .old = "- - - example.com",
	    .has = "dmarc-missing dmarc-multiple-records" },
	{ "several at the organization, psd=y above",
	    ZONE("com") DMARC("_dmarc", "p=quarantine; psd=y")
	        ZONE("example.com") DMARC("_dmarc", "p=none")
	            DMARC("_dmarc", "p=reject"),
	    "sub.example.com", .found = "com p quarantine example.com",
	    .old = "- - - example.com" },
	{ "several at the organization, one at the author",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc", "p=reject") DMARC("_dmarc.sub", "p=quarantine"),
	    "sub.example.com",
	    .found = "sub.example.com p quarantine sub.example.com",
	    .old = "sub.example.com p quarantine example.com",
	    .has = "dmarc-sub-record-no-org" },
	{ "other texts are no records",
	    ZONE("example.com")
	        DMARC("_dmarc", "p=reject") "_dmarc TXT 'v=spf1 -all'\n"
	                                    "_dmarc TXT 'v=DMARC2; p=none'\n"
	                                    "_dmarc TXT 'v=dmarc1; p=none'\n",
	    "example.com", .found = "example.com p reject example.com",
	    .hasnot = "dmarc-multiple-records" },
	{ "nearly a record at the author, one above",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=reject") "_dmarc.sub TXT 'v=DMARC1.0; p=none'\n",
	    "sub.example.com", .found = "example.com p reject example.com",
	    .has = "dmarc-inherited dmarc-version-near-miss" },
	{ "sp is not valid, and nobody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=bad"),
	    "example.com", .found = "- - - example.com",
	    .has = "dmarc-sp-invalid" },
	{ "sp is not valid, and somebody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=bad; " RUA),
	    "example.com", .found = "example.com p none example.com" },
	{ "sp is not valid, for a subdomain",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=bad; " RUA),
	    "sub.example.com", .found = "example.com p none example.com",
	    .has = "dmarc-inherited-weak" },
	{ "sp is not valid and inherited, and nobody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=bad"),
	    "sub.example.com", .found = "- - - example.com",
	    .has = "dmarc-sp-invalid", .hasnot = "dmarc-inherited-weak" },
	{ "np is not valid, and nobody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; np=bad"),
	    "example.com", .found = "- - - example.com",
	    .old = "example.com p reject example.com",
	    .has = "dmarc-np-invalid dmarc-policy-differs" },
	{ "np is not valid, and somebody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; np=; " RUA),
	    "example.com", .found = "example.com p none example.com",
	    .old = "example.com p reject example.com",
	    .has = "dmarc-policy-differs" },
	{ "p is not valid", ZONE("example.com") DMARC("_dmarc", "p=block"),
	    "example.com", .found = "- - - example.com" },
	{ "p is not valid, and somebody gets reports",
	    ZONE("example.com") DMARC("_dmarc", "p=block; " RUA), "example.com",
	    .found = "example.com p none example.com" },
	{ "p is not there", ZONE("example.com") DMARC("_dmarc", RUA),
	    "example.com", .found = "example.com p none example.com" },
	{ "p is not there, sp is",
	    ZONE("example.com") DMARC("_dmarc", "sp=reject; " RUA),
	    "sub.example.com", .found = "example.com p none example.com" },
	{ "p is not there, nor a good address",
	    ZONE("example.com") DMARC("_dmarc", "rua=r@example.com"),
	    "example.com", .found = "- - - example.com" },
	{ "a record of the author that does not apply is the one that counts",
	    ZONE("example.com") DMARC("_dmarc", "p=reject")
	        DMARC("_dmarc.sub", "p=bad"),
	    "sub.example.com", .found = "- - - example.com",
	    .hasnot = "dmarc-inherited" },
	{ "values in upper case",
	    ZONE("example.com") DMARC("_dmarc", "P=Reject; SP=NONE; PSD=N"),
	    "sub.example.com", .found = "example.com sp none example.com" },
	{ "t=y: one level lower",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=quarantine; t=y"),
	    "example.com",
	    .found = "example.com p reject/quarantine example.com",
	    .old = "example.com p reject example.com", .has = "dmarc-t-y" },
	{ "t=y: one level lower, inherited",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; sp=quarantine; t=y"),
	    "sub.example.com",
	    .found = "example.com sp quarantine/none example.com",
	    .old = "example.com sp quarantine example.com" },
	{ "t=y: none stays none",
	    ZONE("example.com") DMARC("_dmarc", "p=none; t=y; " RUA),
	    "example.com", .found = "example.com p none example.com" },
	{ "np: NXDOMAIN",
	    ZONE("example.com")
	        DMARC("_dmarc", "p=none; sp=quarantine; np=reject"),
	    "gone.example.com", .found = "example.com np reject example.com",
	    .old = "example.com sp quarantine example.com",
	    .has = "dmarc-policy-differs" },
	{ "np: no such record",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=none; sp=quarantine; np=reject") "sub TXT 'x'\n",
	    "sub.example.com",
	    .found = "example.com sp quarantine example.com" },
	{ "np: a name without records, with names below it",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=none; sp=quarantine; np=reject") "x.sub TXT 'x'\n",
	    "sub.example.com",
	    .found = "example.com sp quarantine example.com" },
	{ "np: an alias to nowhere",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=none; sp=quarantine; np=reject") "sub CNAME gone\n",
	    "sub.example.com",
	    .found = "example.com sp quarantine example.com" },
	{ "np: a wildcard",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=none; sp=quarantine; np=reject") "* A 192.0.2.1\n",
	    "sub.example.com",
	    .found = "example.com sp quarantine example.com" },
	{ "np without sp",
	    ZONE("example.com") DMARC("_dmarc", "p=quarantine; np=none"),
	    "gone.example.com", .found = "example.com np none example.com",
	    .old = "example.com p quarantine example.com",
	    .has = "dmarc-inherited-weak" },
	{ "np has no say in the domain itself",
	    ZONE("example.com") DMARC("_dmarc", "p=quarantine; np=none")
	        DMARC("_dmarc.gone", "p=reject; np=none"),
	    "gone.example.com",
	    .found = "gone.example.com p reject example.com" },
	{ "an address as author", EXAMPLE, "news@example.com",
	    .found = "example.com p reject example.com" },
	{ "an address in brackets as author", EXAMPLE, "<news@example.com>",
	    .found = "example.com p reject example.com" },
	{ "upper case", EXAMPLE, "News@Sub.EXAMPLE.com.",
	    .found = "example.com sp quarantine example.com" },
	{ "an IDN", ZONE("xn--bcher-kva.example") DMARC("_dmarc", "p=reject"),
	    "b\xc3"
	    "\xbc"
	    "cher.example",
	    .found = "xn--bcher-kva.example p reject xn--bcher-kva.example" },
	{ "an IDN below an IDN",
	    ZONE("xn--e1afmkfd.xn--p1ai") DMARC("_dmarc", "p=reject"),
	    "news@\xd0"
	    "\xbf"
	    "\xd0"
	    "\xbe"
	    "\xd1"
	    "\x87"
	    "\xd1"
	    "\x82"
	    "\xd0"
	    "\xb0"
	    ".\xd0"
	    "\xbf"
	    "\xd1"
	    "\x80"
	    "\xd0"
	    "\xb8"
	    "\xd0"
	    "\xbc"
	    "\xd0"
	    "\xb5"
	    "\xd1"
	    "\x80"
	    ".\xd1"
	    "\x80"
	    "\xd1"
	    "\x84"
	    "",
	    .found = "xn--e1afmkfd.xn--p1ai p reject xn--e1afmkfd.xn--p1ai" },
	{ "a wildcard record is that of the name itself",
	    ZONE("example.com") DMARC("_dmarc",
	        "p=reject; sp=reject") "* TXT 'v=DMARC1; p=none'\n",
	    "sub.example.com", .found = "sub.example.com p none example.com",
	    .has = "dmarc-wildcard" },
	{ "an alias to the record of somebody else",
	    ZONE("example.com") "_dmarc CNAME d.example.net.\n" ZONE(
	        "example.net") "d TXT 'v=DMARC1; p=reject'\n",
	    "example.com", .found = "example.com p reject example.com",
	    .has = "dmarc-cname" },
	{ "an alias to nowhere is no record",
	    ZONE("example.com")
	        DMARC("_dmarc", "p=reject") "_dmarc.sub CNAME gone\n",
	    "sub.example.com", .found = "example.com p reject example.com" },
	/* Alignment. */
	{ "G94 both align", EXAMPLE,
	    "news@example.com --dkim example.com --spf example.com",
	    .found = "example.com p reject example.com", .result = "pass",
	    .has = "align-dkim-ok align-spf-ok dmarc-result-pass",
	    .hasnot = "dmarc-pass-dkim-only dmarc-pass-spf-only" },
	{ "G95 SPF alone", EXAMPLE, "news@example.com --spf example.com",
	    .found = "example.com p reject example.com", .result = "pass",
	    .has = "align-spf-ok dmarc-pass-spf-only dmarc-result-pass",
	    .hasnot = "align-dkim-ok dmarc-pass-dkim-only" },
	{ "G95 DKIM alone", EXAMPLE,
	    "news@example.com --dkim example.com --spf bounce.example.net",
	    .found = "example.com p reject example.com", .result = "pass",
	    .has =
	        "align-dkim-ok align-spf-mismatch dmarc-pass-dkim-only dmarc-result-pass",
	    .hasnot = "dmarc-pass-spf-only" },
	{ "G96 a signature that does not align", EXAMPLE,
	    "news@example.com --dkim example.net",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject",
	    .has = "align-dkim-mismatch dmarc-result-fail",
	    .hasnot = "dmarc-result-pass" },
	{ "G98 another domain, with nothing", ZONE("example.net"),
	    "news@promo.example.net --dkim example.com",
	    .found = "- - - promo.example.net", .old = "- - - example.net",
	    .result = "none", .has = "dmarc-missing",
	    .hasnot = "dmarc-inherited dmarc-result-fail" },
	{ "G99 another domain, with a policy above",
	    ZONE("example.net") DMARC("_dmarc", "p=reject; " RUA),
	    "news@promo.example.net --dkim example.net",
	    .found = "example.net p reject example.net", .result = "pass",
	    .has = "align-dkim-ok dmarc-inherited", .hasnot = "dmarc-missing" },
	{ "G100 a subdomain", EXAMPLE,
	    "user@sub.example.com --dkim example.com --spf sub.example.com",
	    .found = "example.com sp quarantine example.com", .result = "pass",
	    .has = "align-dkim-ok align-spf-ok dmarc-inherited" },
	{ "relaxed, from below", EXAMPLE,
	    "example.com --dkim mail.example.com --spf a.b.example.com",
	    .found = "example.com p reject example.com", .result = "pass" },
	{ "strict for DKIM",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; adkim=s"),
	    "example.com --dkim mail.example.com",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject", .has = "align-dkim-mismatch" },
	{ "strict for DKIM, relaxed for SPF",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; adkim=s"),
	    "example.com --dkim mail.example.com --spf mail.example.com",
	    .found = "example.com p reject example.com", .result = "pass",
	    .has = "align-dkim-mismatch align-spf-ok dmarc-pass-spf-only" },
	{ "strict for SPF",
	    ZONE("example.com") DMARC("_dmarc", "p=quarantine; aspf=s"),
	    "example.com --spf mail.example.com",
	    .found = "example.com p quarantine example.com",
	    .result = "fail:quarantine" },
	{ "strict for both, and equal",
	    ZONE("example.com")
	        DMARC("_dmarc", "p=quarantine; aspf=s; adkim=s"),
	    "example.com --spf EXAMPLE.com. --dkim Example.Com",
	    .found = "example.com p quarantine example.com", .result = "pass" },
	{ "strict is inherited",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; adkim=s"),
	    "sub.example.com --dkim example.com",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject" },
	{ "several signatures, one aligns", EXAMPLE,
	    "example.com --dkim esp.example.net --dkim mail.example.com --dkim mail.example.com",
	    .found = "example.com p reject example.com", .result = "pass",
	    .has = "align-dkim-mismatch align-dkim-ok" },
	{ "an identifier that is no domain", EXAMPLE,
	    "example.com --dkim exa..mple --spf localhost",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject",
	    .has = "align-dkim-mismatch align-spf-mismatch" },
	{ "a suffix as identifier", EXAMPLE, "example.com --dkim co.uk",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject" },
	{ "a neighbour below the suffix",
	    ZONE("example.co.uk") DMARC("_dmarc", "p=reject")
	        ZONE("other.co.uk"),
	    "example.co.uk --dkim other.co.uk",
	    .found = "example.co.uk p reject example.co.uk",
	    .result = "fail:reject" },
	{ "a neighbour below a suffix without psd aligns by RFC 9989",
	    ZONE("com") DMARC("_dmarc", "p=none") ZONE("example.com")
	        DMARC("_dmarc", "p=reject"),
	    "example.com --dkim other.com", .found = "example.com p reject com",
	    .old = "example.com p reject example.com", .result = "pass",
	    .old_result = "fail:reject", .has = "align-differs align-dkim-ok" },
	{ "an end that looks alike", EXAMPLE,
	    "example.com --dkim badexample.com",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject" },
	{ "the domain above does not align with its subdomain's record",
	    ZONE("example.com") DMARC("_dmarc.sub", "p=reject"),
	    "sub.example.com --dkim example.com",
	    .found = "sub.example.com p reject sub.example.com",
	    .old = "sub.example.com p reject example.com",
	    .result = "fail:reject", .old_result = "pass",
	    .has = "align-differs align-dkim-mismatch" },
	{ "psd=n keeps identifiers above out",
	    ZONE("example.com") DMARC("_dmarc", "p=none")
	        DMARC("_dmarc.b", "p=reject; psd=n"),
	    "b.example.com --dkim example.com --spf x.b.example.com",
	    .found = "b.example.com p reject b.example.com",
	    .old = "b.example.com p reject example.com", .result = "pass",
	    .has = "align-differs align-dkim-mismatch align-spf-ok" },
	{ "psd=n keeps identifiers below out",
	    ZONE("example.com") DMARC("_dmarc", "p=reject")
	        DMARC("_dmarc.b", "p=none; psd=n"),
	    "example.com --dkim b.example.com",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject", .old_result = "pass",
	    .has = "align-differs" },
	{ "the domain and its subdomain below psd=y at no suffix",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; psd=y"),
	    "example.com --dkim sub.example.com",
	    .found = "example.com p reject example.com",
	    .result = "fail:reject", .old_result = "pass" },
	{ "t=y is what is done",
	    ZONE("example.com") DMARC("_dmarc", "p=reject; t=y"),
	    "example.com --dkim example.net",
	    .found = "example.com p reject/quarantine example.com",
	    .old = "example.com p reject example.com",
	    .result = "fail:quarantine", .old_result = "fail:reject" },
	{ "policy none", ZONE("example.com") DMARC("_dmarc", "p=none; " RUA),
	    "example.com --dkim example.net",
	    .found = "example.com p none example.com", .result = "fail:none" },
	{ "a record that does not apply",
	    ZONE("example.com") DMARC("_dmarc", "p=bad"),
	    "example.com --dkim example.com", .found = "- - - example.com",
	    .result = "none", .hasnot = "dmarc-result-fail dmarc-result-pass" },
	{ "np is what is done",
	    ZONE("example.com") DMARC("_dmarc", "p=none; np=reject"),
	    "gone.example.com --spf example.net",
	    .found = "example.com np reject example.com",
	    .old = "example.com p none example.com", .result = "fail:reject",
	    .old_result = "fail:none" },
};

/* The paths of one side of a report. */
static const char *
side(const json_t *json, const char *path, const char *rfc)
{
	char whole[80];

	snprintf(whole, sizeof(whole), path, rfc);
	return text_at(json, whole);
}

/* What was found, in the words of a case. */
static void
put_found(char out[512], const json_t *json, const char *rfc)
{
	const char *state = side(json, "discovery.%s.state", rfc);
	const char *name = side(json, "discovery.%s.record_name", rfc);
	const char *tag = side(json, "discovery.%s.tag", rfc);
	const char *policy = side(json, "discovery.%s.policy", rfc);
	const char *applied = side(json, "discovery.%s.applied", rfc);
	const char *org = side(json, "discovery.%s.org_domain", rfc);

	ck_assert_str_eq(org, side(json, "org_domain.%s", rfc));
	if (org[0] == '\0')
		org = "?";
	if (strcmp(state, "policy") != 0) {
		ck_assert_str_eq(tag, "");
		ck_assert_str_eq(policy, "");
		ck_assert_str_eq(applied, "");
		snprintf(out, 512, "%s - - %s",
		    strcmp(state, "none") == 0 ? "-" : "?", org);
		return;
	}
	ck_assert(strncmp(name, "_dmarc.", 7) == 0);
	name += 7;
	snprintf(out, 512, "%.*s %s %s%s%s %s", (int)strlen(name) - 1, name,
	    tag[0] != '\0' ? tag : "?", policy[0] != '\0' ? policy : "?",
	    strcmp(policy, applied) != 0 ? "/" : "",
	    strcmp(policy, applied) != 0 ? applied : "", org);
}

static void
put_outcome(char out[512], const json_t *json, const char *rfc)
{
	const char *result = side(json, "alignment.result.%s", rfc);
	const char *policy = side(json, "alignment.disposition.%s", rfc);

	snprintf(out, 512, "%s%s%s", result, policy[0] != '\0' ? ":" : "",
	    policy);
}

/* The outcome is that of the case. */
static void
expect(const struct dmarc_case *c, const struct asked *a)
{
	const char *found[] = { c->found, c->old != NULL ? c->old : c->found };
	const char *result[] = { c->result,
		c->old_result != NULL ? c->old_result : c->result };
	char room[512];

	for (size_t i = 0; i < 2; i++) {
		put_found(room, a->json, rfcs[i]);
		ck_assert_str_eq(room, found[i]);
		put_outcome(room, a->json, rfcs[i]);
		ck_assert_str_eq(room, result[i] != NULL ? result[i] : "");
	}
	expect_codes(a, c->has != NULL ? c->has : "");
	expect_no_codes(a, c->hasnot != NULL ? c->hasnot : "");
	expect_no_codes(a, "dmarc-temperror");
	ck_assert_int_ne(mailauth_report_result(a->report),
	    MAILAUTH_RESULT_TEMPERROR);
	ck_assert_uint_le(json_array_size(at(a->json, "walk")), 8);
}

static void
ask_case(struct asked *a, const char *words)
{
	char line[256];

	snprintf(line, sizeof(line), "dmarc %s", words);
	ask(a, line);
}

START_TEST(found)
{
	const struct dmarc_case *c = &cases[_i];
	struct asked a;

	ask_open(&a, c->script, NULL);
	ask_case(&a, c->ask);
	expect(c, &a);
	ask_close(&a);
}
END_TEST

/* The same over signed zones, and all of it proved. */
START_TEST(secure)
{
	const struct dmarc_case *c = &cases[_i];
	struct asked a;

	ask_open(&a, c->script, "all secure\n");
	ask_case(&a, c->ask);
	expect(c, &a);
	for (size_t i = 0; i < json_array_size(at(a.json, "walk")); i++) {
		const json_t *step = json_array_get(at(a.json, "walk"), i);

		/* An authority of a suffix is not among the zones. */
		if (strcmp(text_at(step, "state"), "not-asked") != 0)
			ck_assert_str_eq(text_at(step, "dnssec"), "secure");
	}
	ck_assert_str_eq(text_at(a.json, "dnssec"), "secure");
	ck_assert(!has_code(&a, "dnssec-validation-off"));
	ask_close(&a);
}
END_TEST

/* The same as before, or not known. */
static void
expect_less_at(const json_t *now, const json_t *before, const char *path)
{
	const json_t *x = at(now, path), *y = at(before, path);

	EXPECT(x == NULL || json_is_null(x) ||
	        strcmp(text_at(now, path), "unknown") == 0 ||
	        json_equal((json_t *)(uintptr_t)x, (json_t *)(uintptr_t)y),
	    "%s is '%s', and was '%s'", path, text_at(now, path),
	    text_at(before, path));
}

static void
expect_less_of(const json_t *now, const json_t *before, const char *rfc)
{
	static const char *const paths[] = { "discovery.%s.state",
		"discovery.%s.record_name", "discovery.%s.tag",
		"discovery.%s.policy", "discovery.%s.applied",
		"discovery.%s.org_domain", "alignment.disposition.%s" };
	const char *result = side(now, "alignment.result.%s", rfc);

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char path[80];

		snprintf(path, sizeof(path), paths[i], rfc);
		expect_less_at(now, before, path);
	}
	if (strcmp(side(now, "discovery.%s.state", rfc), "unknown") == 0) {
		EXPECT(side(now, "discovery.%s.record_name", rfc)[0] == '\0' &&
		        side(now, "discovery.%s.policy", rfc)[0] == '\0' &&
		        side(now, "discovery.%s.applied", rfc)[0] == '\0',
		    "%s: unknown, and yet", rfc);
	}
	EXPECT(strcmp(result, "temperror") == 0 ||
	        strcmp(result, side(before, "alignment.result.%s", rfc)) == 0,
	    "%s: %s", rfc, result);
}

static void
expect_less_of_identifiers(const json_t *now, const json_t *before)
{
	const json_t *x = at(now, "alignment.identifiers");
	const json_t *y = at(before, "alignment.identifiers");

	EXPECT(json_array_size(x) == json_array_size(y), "identifiers");
	for (size_t i = 0; i < json_array_size(x); i++) {
		const json_t *a = json_array_get(x, i),
		             *b = json_array_get(y, i);

		expect_less_at(a, b, "rfc9989.aligned");
		expect_less_at(a, b, "rfc7489.aligned");
		expect_less_at(a, b, "rfc9989.org_domain");
		expect_less_at(a, b, "rfc7489.org_domain");
	}
}

/* A step of the walk is as it was, or not known. DNSSEC states may differ:
 * what is late is not validated. */
static void
expect_less_of_walk(const json_t *now, const json_t *before)
{
	const json_t *x = at(now, "walk"), *y = at(before, "walk");

	for (size_t i = 0; i < json_array_size(x); i++)
		for (size_t j = 0; j < json_array_size(y); j++) {
			json_t *a = json_array_get(x, i);
			json_t *b = json_array_get(y, j);

			if (strcmp(text_at(a, "state"), "unknown") != 0 &&
			    strcmp(text_at(a, "name"), text_at(b, "name")) == 0)
				EXPECT(json_equal(a, b), "step %zu of the walk",
				    i);
		}
}

/* What reports say of answers that fail, and who is asked again. */
static bool
is_trouble(const char *code)
{
	static const char *const codes[] = { "dmarc-temperror", "dns-servfail",
		"dns-timeout", "dns-refused", "dns-lame-delegation",
		"dmarc-ext-temperror", "dnssec-bogus", "dnssec-bogus-detail",
		"lookup-undecided" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

/* All that is said is what was said without the failure, or that it is not
 * known. */
static void
expect_less(const struct asked *a, const struct asked *whole)
{
	const json_t *now = a->json, *before = whole->json;

	for (size_t i = 0; i < 2; i++)
		expect_less_of(now, before, rfcs[i]);
	expect_less_at(now, before, "alignment.dkim");
	expect_less_at(now, before, "alignment.spf");
	expect_less_at(now, before, "exists");
	expect_less_of_identifiers(now, before);
	expect_less_of_walk(now, before);
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;

		EXPECT(is_trouble(code) || has_code(whole, code), "%s has come",
		    code);
	}
	if (strcmp(side(now, "discovery.%s.state", "rfc9989"), "unknown") ==
	    0) {
		ck_assert(has_code(a, "dmarc-temperror"));
		ck_assert_int_ge(mailauth_report_result(a->report),
		    MAILAUTH_RESULT_FAIL);
	}
}

/* The author domain as it is asked for. */
static bool
is_author(const struct dmarc_case *c, struct mailauth_str name)
{
	char word[128];
	struct mailauth_str text;

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(c->ask, " "), c->ask);
	text = str_of(word);
	while (str_find(text, '@') < text.n)
		text = str_from(text, str_find(text, '@') + 1);
	if (text.n > 0 && text.s[text.n - 1] == '>')
		text.n--;
	if (text.n > 0 && text.s[text.n - 1] != '.')
		name.n--;
	return str_ieq(text, name);
}

/* One name fails in one way. */
static void
expect_less_with(const struct dmarc_case *c, const struct asked *whole,
    const char *fault, struct mailauth_str name)
{
	bool own =
	    str_starts(name, STR("_dmarc.")) && is_author(c, str_from(name, 7));
	struct asked a;
	char more[1200];

	snprintf(more, sizeof(more), "all secure\n%s %.*s\n", fault,
	    (int)name.n, name.s);
	ask_open(&a, c->script, more);
	ask_case(&a, c->ask);
	expect_less(&a, whole);
	for (size_t i = 0; own && i < 2; i++) {
		const char *result =
		    side(a.json, "alignment.result.%s", rfcs[i]);

		ck_assert_str_eq(side(a.json, "discovery.%s.state", rfcs[i]),
		    "unknown");
		ck_assert(
		    result[0] == '\0' || strcmp(result, "temperror") == 0);
	}
	if (own)
		expect_no_codes(&a,
		    "dmarc-missing dmarc-inherited dmarc-p-none");
	if (is_author(c, name))
		ck_assert_str_eq(text_at(a.json, "exists"), "unknown");
	ask_close(&a);
}

/* A failure at any one name takes something away and adds nothing. */
START_TEST(each_name_failing)
{
	static const char *const faults[] = { "fail", "bogus", "late" };
	const struct dmarc_case *c = &cases[_i];
	const struct question *q;
	struct asked whole;
	size_t walked = 0;

	ask_open(&whole, c->script, "all secure\n");
	ask_case(&whole, c->ask);
	for (size_t i = 0;
	     (q = script_question(whole.source->resolver, i)) != NULL; i++) {
		bool walk = str_starts(q->name, STR("_dmarc."));

		walked += walk;
		if (!walk && !is_author(c, q->name))
			continue;
		for (size_t f = 0; f < 3; f++)
			expect_less_with(c, &whole, faults[f], q->name);
	}
	ck_assert_uint_ge(walked, 1);
	ask_close(&whole);
}
END_TEST

Suite *
suite_dmarc(void)
{
	Suite *s = suite_create("dmarc");
	TCase *t = tcase_create("cases");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, found, 0, COUNT(cases));
	tcase_add_loop_test(t, secure, 0, COUNT(cases));
	tcase_add_loop_test(t, each_name_failing, 0, COUNT(cases));
	suite_add_tcase(s, t);
	return s;
}
