# test_dmarc.py - the policy for an author domain, and what aligns with it
# SPDX-License-Identifier: BSD-3-Clause
"""RFC 9989 4.10 and 5.3, beside what receivers of RFC 7489 see.

A case is zones, what is asked, and what is found by either standard. Every
case is asked over zone files, again over a server, and then once for every
name that was looked up, with that name failing: what is said may become less,
and never something else.
"""
import json
import threading
import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.zone
import jsonschema
import pytest

import lab

TRIGGERS = {
    "align-dkim-ok", "align-spf-ok", "align-dkim-mismatch",
    "align-spf-mismatch", "align-differs", "dmarc-result-pass",
    "dmarc-result-fail", "dmarc-pass-spf-only", "dmarc-pass-dkim-only",
    "dmarc-cname-and-txt",
}

SCHEMA = json.loads((lab.ROOT / "schema/dmarc.schema.json").read_text())
RFCS = ("rfc9989", "rfc7489")
RUA = "rua=mailto:r@example.com"


class Case:
    """One question.

    `zones` has for each zone the tags of DMARC records by name below the zone
    ("" is the zone itself; a list is several records), and under "+" whole
    lines. `new` and `old` say what is found by RFC 9989 and RFC 7489:
    "RECORD TAG POLICY[/APPLIED] ORG", or "- - - ORG" for no policy; `old` is
    like `new` when it is not given. `result` is "RESULT[:DISPOSITION]" of
    either. `signed` cases are asked over signed zones as well.
    """

    def __init__(self, title, zones, ask, new, old=None, result=None,
                 has="", hasnot="", signed=False):
        self.title = title
        self.tags = zones
        self.ask = ask.split()
        self.found = dict(zip(RFCS, (new, old or new)))
        result = (result or "-").split()
        self.result = dict(zip(RFCS, result * 2 if len(result) == 1
                               else result))
        self.has, self.hasnot = set(has.split()), set(hasnot.split())
        self.signed = signed

    def zones(self):
        out = []
        for name, records in self.tags.items():
            zone = lab.Zone.empty(name)
            for below, tags in records.items():
                if below == "+":
                    for line in tags:
                        zone.add(line)
                    continue
                owner = f"_dmarc.{below}" if below else "_dmarc"
                for one in [tags] if isinstance(tags, str) else tags:
                    zone.add(f'{owner} TXT "v=DMARC1; {one}"')
            out.append(zone)
        return out


def found(result, rfc):
    """What was found, in the words of a case."""
    side = result["discovery"][rfc]
    org = result["org_domain"][rfc] or "?"
    assert side["org_domain"] == result["org_domain"][rfc]
    if side["state"] != "policy":
        assert side["tag"] is side["policy"] is side["applied"] is None
        return f'{"-" if side["state"] == "none" else "?"} - - {org}'
    record = side["record_name"].removeprefix("_dmarc.").rstrip(".")
    policy = side["policy"] or "?"
    if side["applied"] != side["policy"]:
        policy += f'/{side["applied"]}'
    return f'{record} {side["tag"] or "?"} {policy} {org}'


def outcome(result, rfc):
    alignment = result["alignment"]
    word = alignment["result"][rfc] or "-"
    policy = alignment["disposition"][rfc]
    return f"{word}:{policy}" if policy else word


def dmarc(program, *args, **kwargs):
    done = program("dmarc", "--format", "json", *args, **kwargs)
    jsonschema.validate(done.json, SCHEMA)
    assert len(done.json["walk"]) <= 8
    return done


NAME8 = "a.b.c.d.e.f.example.com"  # 8 labels
NAME9 = "z." + NAME8
NAME12 = "w.x.y." + NAME9
COM_Y = {"com": {"": "p=none; psd=y"}}
EXAMPLE = {"example.com": {"": f"p=reject; sp=quarantine; {RUA}",
                           "+": ["sub A 192.0.2.1"]}}
PLAIN = {"example.com": {"": "p=reject"}}

CASES = [
    # The walk.
    Case("a record of its own", EXAMPLE, "example.com",
         "example.com p reject example.com", signed=True),
    Case("nothing anywhere", {"example.com": {}}, "example.com",
         "- - - example.com", has="dmarc-missing", signed=True),
    Case("a subdomain that exists", EXAMPLE, "sub.example.com",
         "example.com sp quarantine example.com", has="dmarc-inherited",
         signed=True),
    Case("a subdomain that does not exist", EXAMPLE, "gone.example.com",
         "example.com sp quarantine example.com"),
    Case("a subdomain without sp", PLAIN, "sub.example.com",
         "example.com p reject example.com"),
    Case("a subdomain with a record of its own",
         {"example.com": {"": "p=reject", "sub": "p=quarantine"}},
         "sub.example.com", "sub.example.com p quarantine example.com",
         hasnot="dmarc-sub-record-no-org dmarc-org-differs", signed=True),
    Case("a subdomain has a record, and the domain none",
         {"example.com": {"sub": "p=quarantine"}},
         "sub.example.com", "sub.example.com p quarantine sub.example.com",
         "sub.example.com p quarantine example.com",
         has="dmarc-sub-record-no-org dmarc-org-differs", signed=True),
    Case("a record between the author and the organization",
         {"example.com": {"": "p=reject", "b": "p=none"}},
         "a.b.example.com", "example.com p reject example.com"),
    Case("a record in between and none at the organization",
         {"example.com": {"b": f"p=none; sp=reject; {RUA}"}},
         "a.b.example.com", "b.example.com sp reject b.example.com",
         "- - - example.com",
         has="dmarc-policy-differs dmarc-org-differs dmarc-inherited",
         hasnot="dmarc-sub-record-no-org"),
    Case("records at both names and none at the organization",
         {"example.com": {"b": "p=none", "a.b": "p=reject"}},
         "a.b.example.com", "a.b.example.com p reject b.example.com",
         "a.b.example.com p reject example.com",
         hasnot="dmarc-sub-record-no-org"),
    # psd=.
    Case("psd=n in between",
         {"example.com": {"": "p=reject", "b": "p=none; sp=quarantine; psd=n"}},
         "a.b.example.com", "b.example.com sp quarantine b.example.com",
         "example.com p reject example.com", has="dmarc-policy-differs",
         signed=True),
    Case("psd=n at the author",
         {"example.com": {"": "p=reject", "b": "p=none; psd=n"}},
         "b.example.com", "b.example.com p none b.example.com",
         "b.example.com p none example.com",
         has="dmarc-org-differs", hasnot="dmarc-sub-record-no-org"),
    Case("psd=u is none at all",
         {"example.com": {"": "p=reject; psd=u", "b": "p=none; psd=u"}},
         "b.example.com", "b.example.com p none example.com"),
    Case("psd= with a bad value is psd=u",
         {"example.com": {"": "p=reject; psd=q", "b": "p=none; psd=1"}},
         "b.example.com", "b.example.com p none example.com"),
    Case("psd=y above the organization",
         {**COM_Y, "example.com": {"": "p=reject"}}, "sub.example.com",
         "example.com p reject example.com", has="dmarc-parent-psd-record",
         signed=True),
    Case("psd=y above, the organization has none",
         {**COM_Y, "example.com": {"sub": "p=quarantine"}},
         "sub.example.com", "sub.example.com p quarantine example.com",
         hasnot="dmarc-sub-record-no-org dmarc-org-differs"),
    Case("psd=y above, and nothing else",
         {"com": {"": "p=none; sp=quarantine; np=reject; psd=y"},
          "example.com": {"+": ["sub A 192.0.2.1"]}},
         "sub.example.com", "com sp quarantine example.com",
         "- - - example.com",
         has="dmarc-parent-psd-record dmarc-policy-differs", signed=True),
    Case("psd=y above, for a name that is not there",
         {"com": {"": "p=none; sp=quarantine; np=reject; psd=y"},
          "example.com": {}},
         "gone.example.com", "com np reject example.com",
         "- - - example.com"),
    Case("psd=y above, a record in between is passed over",
         {**COM_Y, "example.com": {"b": "p=reject"}}, "a.b.example.com",
         "com p none example.com", "- - - example.com",
         has="dmarc-inherited-weak"),
    Case("a suffix without psd",
         {"com": {"": "p=quarantine"}, "example.com": {"": "p=reject"}},
         "example.com", "example.com p reject com",
         "example.com p reject example.com",
         has="dmarc-parent-suffix-without-psd dmarc-org-differs"),
    Case("a suffix without psd, the domain with psd=n",
         {"com": {"": "p=quarantine"},
          "example.com": {"": "p=reject; psd=n"}},
         "sub.example.com", "example.com p reject example.com",
         hasnot="dmarc-parent-suffix-without-psd dmarc-org-differs"),
    Case("a suffix of two labels with psd=y",
         {"co.uk": {"": "p=none; sp=reject; psd=y"},
          "example.co.uk": {"+": ["@ A 192.0.2.1"]}},
         "example.co.uk", "co.uk sp reject example.co.uk",
         "- - - example.co.uk", has="dmarc-parent-psd-record"),
    Case("a suffix of two labels, not given",
         {"example.co.uk": {"": "p=reject"}}, "sub.example.co.uk",
         "example.co.uk p reject example.co.uk"),
    Case("psd=y at the author, a suffix", COM_Y, "com",
         "com p none com", hasnot="dmarc-psd-y-non-suffix"),
    Case("a suffix without psd as author",
         {"com": {"": "p=reject"}}, "com", "com p reject com"),
    Case("a suffix without a record as author", {"com": {}}, "com",
         "- - - com", has="dmarc-missing"),
    Case("psd=y one label up at a name that is no suffix",
         {"example.com": {"": "p=reject; psd=y"}}, "sub.example.com",
         "example.com p reject sub.example.com",
         "example.com p reject example.com",
         has="dmarc-psd-y-non-suffix dmarc-org-differs",
         hasnot="dmarc-parent-psd-record"),
    Case("psd=y at the author that is no suffix",
         {"example.com": {"": "p=reject; psd=y"}}, "example.com",
         "example.com p reject example.com", has="dmarc-psd-y-non-suffix"),
    Case("a private suffix of the list",
         {"foo.github.io": {"": "p=reject"}}, "sub.foo.github.io",
         "foo.github.io p reject foo.github.io"),
    Case("a private suffix with a record and no psd",
         {"github.io": {"": "p=quarantine", "+": ["foo A 192.0.2.1"]}},
         "foo.github.io", "github.io p quarantine github.io",
         "- - - foo.github.io",
         has="dmarc-parent-suffix-without-psd dmarc-policy-differs"),
    Case("a private suffix with a record and psd=y",
         {"github.io": {"": "p=quarantine; psd=y",
                        "+": ["foo A 192.0.2.1"]}},
         "foo.github.io", "github.io p quarantine foo.github.io",
         "- - - foo.github.io", has="dmarc-parent-psd-record",
         hasnot="dmarc-org-differs"),
    # Deep names.
    Case("7 labels", {"example.com": {"": "p=reject"}}, NAME8[2:],
         "example.com p reject example.com"),
    Case("8 labels, a record at each",
         {"example.com": {"": "p=none", "a.b.c.d.e.f": "p=reject",
                          "b.c.d.e.f": "p=quarantine"}},
         NAME8, f"{NAME8} p reject example.com"),
    Case("8 labels, psd=n one label up",
         {"example.com": {"": "p=none", "b.c.d.e.f": "p=quarantine; psd=n"}},
         NAME8, f"{NAME8[2:]} p quarantine {NAME8[2:]}",
         "example.com p none example.com", hasnot="dmarc-deep-name"),
    Case("9 labels, the name of 8 is passed over",
         {"example.com": {"": "p=none", "a.b.c.d.e.f": "p=reject; psd=n"}},
         NAME9, "example.com p none example.com", has="dmarc-deep-name",
         signed=True),
    Case("9 labels, a record of its own",
         {"example.com": {"": "p=none", "z.a.b.c.d.e.f": "p=reject"}},
         NAME9, f"{NAME9} p reject example.com", hasnot="dmarc-deep-name"),
    Case("12 labels", {"example.com": {"": "p=none"}}, NAME12,
         "example.com p none example.com", has="dmarc-deep-name"),
    Case("12 labels, psd=y above the jump: the name below was passed over",
         {"example.com": {"": "p=none", "b.c.d.e.f": "p=reject; psd=y"}},
         NAME12, f"{NAME8[2:]} p reject {NAME8}",
         "example.com p none example.com", has="dmarc-psd-y-non-suffix"),
    Case("12 labels, psd=y above the jump, a record at the name below",
         {"example.com": {"": "p=none", "b.c.d.e.f": "p=reject; psd=y",
                          "a.b.c.d.e.f": "p=quarantine"}},
         NAME12, f"{NAME8[2:]} p reject {NAME8}",
         "example.com p none example.com"),
    # Several records.
    Case("several at the author, one above",
         {"example.com": {"": "p=reject", "sub": ["p=none", "p=quarantine"]}},
         "sub.example.com", "example.com p reject example.com",
         "- - - example.com",
         has="dmarc-multiple-records dmarc-inherited dmarc-policy-differs",
         hasnot="dmarc-missing", signed=True),
    Case("several at the organization",
         {"example.com": {"": ["p=none", "p=reject"],
                          "+": ["sub A 192.0.2.1"]}},
         "sub.example.com", "- - - sub.example.com", "- - - example.com",
         signed=True),
    Case("several at the organization, psd=y above",
         {"com": {"": "p=quarantine; psd=y"},
          "example.com": {"": ["p=none", "p=reject"]}},
         "sub.example.com", "com p quarantine example.com",
         "- - - example.com"),
    Case("several at the organization, one at the author",
         {"example.com": {"": ["p=none", "p=reject"], "sub": "p=quarantine"}},
         "sub.example.com", "sub.example.com p quarantine sub.example.com",
         "sub.example.com p quarantine example.com",
         has="dmarc-sub-record-no-org"),
    Case("other texts are no records",
         {"example.com": {"": "p=reject", "+": [
             '_dmarc TXT "v=spf1 -all"', '_dmarc TXT "v=DMARC2; p=none"',
             '_dmarc TXT "v=dmarc1; p=none"']}},
         "example.com", "example.com p reject example.com",
         hasnot="dmarc-multiple-records"),
    Case("nearly a record at the author, one above",
         {"example.com": {"": "p=reject", "+": [
             '_dmarc.sub TXT "v=DMARC1.0; p=none"']}},
         "sub.example.com", "example.com p reject example.com",
         has="dmarc-version-near-miss dmarc-inherited"),
    # Tags.
    Case("sp is not valid, and nobody gets reports",
         {"example.com": {"": "p=reject; sp=bad"}}, "example.com",
         "- - - example.com", has="dmarc-sp-invalid"),
    Case("sp is not valid, and somebody gets reports",
         {"example.com": {"": f"p=reject; sp=bad; {RUA}"}}, "example.com",
         "example.com p none example.com"),
    Case("sp is not valid, for a subdomain",
         {"example.com": {"": f"p=reject; sp=bad; {RUA}"}},
         "sub.example.com", "example.com sp none example.com",
         has="dmarc-inherited-weak"),
    Case("sp is not valid and inherited, and nobody gets reports",
         {"example.com": {"": "p=reject; sp=bad"}}, "sub.example.com",
         "- - - example.com", has="dmarc-sp-invalid",
         hasnot="dmarc-inherited-weak"),
    Case("np is not valid, and nobody gets reports",
         {"example.com": {"": "p=reject; np=bad"}}, "example.com",
         "- - - example.com", "example.com p reject example.com",
         has="dmarc-policy-differs dmarc-np-invalid"),
    Case("np is not valid, and somebody gets reports",
         {"example.com": {"": f"p=reject; np=; {RUA}"}}, "example.com",
         "example.com p none example.com",
         "example.com p reject example.com", has="dmarc-policy-differs",
         signed=True),
    Case("p is not valid", {"example.com": {"": "p=block"}}, "example.com",
         "- - - example.com"),
    Case("p is not valid, and somebody gets reports",
         {"example.com": {"": f"p=block; {RUA}"}}, "example.com",
         "example.com p none example.com"),
    Case("p is not there", {"example.com": {"": RUA}}, "example.com",
         "example.com p none example.com"),
    Case("p is not there, sp is",
         {"example.com": {"": f"sp=reject; {RUA}"}}, "sub.example.com",
         "example.com sp none example.com"),
    Case("p is not there, nor a good address",
         {"example.com": {"": "rua=r@example.com"}}, "example.com",
         "- - - example.com"),
    Case("a record of the author that does not apply is the one that counts",
         {"example.com": {"": "p=reject", "sub": "p=bad"}},
         "sub.example.com", "- - - example.com",
         hasnot="dmarc-inherited"),
    Case("values in upper case",
         {"example.com": {"": "P=Reject; SP=NONE; PSD=N"}},
         "sub.example.com", "example.com sp none example.com"),
    Case("t=y: one level lower",
         {"example.com": {"": "p=reject; sp=quarantine; t=y"}},
         "example.com", "example.com p reject/quarantine example.com",
         "example.com p reject example.com", has="dmarc-t-y", signed=True),
    Case("t=y: one level lower, inherited",
         {"example.com": {"": "p=reject; sp=quarantine; t=y"}},
         "sub.example.com", "example.com sp quarantine/none example.com",
         "example.com sp quarantine example.com"),
    Case("t=y: none stays none",
         {"example.com": {"": f"p=none; t=y; {RUA}"}}, "example.com",
         "example.com p none example.com"),
    # Whether a name exists.
    Case("np: NXDOMAIN",
         {"example.com": {"": "p=none; sp=quarantine; np=reject"}},
         "gone.example.com", "example.com np reject example.com",
         "example.com sp quarantine example.com",
         has="dmarc-policy-differs", signed=True),
    Case("np: no such record",
         {"example.com": {"": "p=none; sp=quarantine; np=reject",
                          "+": ['sub TXT "x"']}},
         "sub.example.com", "example.com sp quarantine example.com"),
    Case("np: a name without records, with names below it",
         {"example.com": {"": "p=none; sp=quarantine; np=reject",
                          "+": ['x.sub TXT "x"']}},
         "sub.example.com", "example.com sp quarantine example.com"),
    Case("np: an alias to nowhere",
         {"example.com": {"": "p=none; sp=quarantine; np=reject",
                          "+": ["sub CNAME gone"]}},
         "sub.example.com", "example.com sp quarantine example.com"),
    Case("np: a wildcard",
         {"example.com": {"": "p=none; sp=quarantine; np=reject",
                          "+": ["* A 192.0.2.1"]}},
         "sub.example.com", "example.com sp quarantine example.com"),
    Case("np without sp",
         {"example.com": {"": "p=quarantine; np=none"}},
         "gone.example.com", "example.com np none example.com",
         "example.com p quarantine example.com",
         has="dmarc-inherited-weak"),
    Case("np has no say in the domain itself",
         {"example.com": {"": "p=quarantine; np=none",
                          "gone": "p=reject; np=none"}},
         "gone.example.com", "gone.example.com p reject example.com"),
    # Names.
    Case("an address as author", EXAMPLE, "news@example.com",
         "example.com p reject example.com"),
    Case("an address in brackets as author", EXAMPLE, "<news@example.com>",
         "example.com p reject example.com"),
    Case("upper case", EXAMPLE, "News@Sub.EXAMPLE.com.",
         "example.com sp quarantine example.com"),
    Case("an IDN",
         {"xn--bcher-kva.example": {"": "p=reject"}}, "bücher.example",
         "xn--bcher-kva.example p reject xn--bcher-kva.example"),
    Case("an IDN below an IDN",
         {"xn--e1afmkfd.xn--p1ai": {"": "p=reject"}},
         "news@почта.пример.рф",
         "xn--e1afmkfd.xn--p1ai p reject xn--e1afmkfd.xn--p1ai"),
    Case("a wildcard record is that of the name itself",
         {"example.com": {"": "p=reject; sp=reject", "+": [
             '* TXT "v=DMARC1; p=none"']}},
         "sub.example.com", "sub.example.com p none example.com",
         has="dmarc-wildcard", signed=True),
    Case("an alias to the record of somebody else",
         {"example.com": {"+": ["_dmarc CNAME d.example.net."]},
          "example.net": {"+": ['d TXT "v=DMARC1; p=reject"']}},
         "example.com", "example.com p reject example.com",
         has="dmarc-cname", signed=True),
    Case("an alias to nowhere is no record",
         {"example.com": {"": "p=reject",
                          "+": ["_dmarc.sub CNAME gone"]}},
         "sub.example.com", "example.com p reject example.com"),
]

ALIGNED = [
    Case("G94 both align", EXAMPLE,
         "news@example.com --dkim example.com --spf example.com",
         "example.com p reject example.com", result="pass",
         has="align-dkim-ok align-spf-ok dmarc-result-pass",
         hasnot="dmarc-pass-spf-only dmarc-pass-dkim-only", signed=True),
    Case("G95 SPF alone", EXAMPLE, "news@example.com --spf example.com",
         "example.com p reject example.com", result="pass",
         has="align-spf-ok dmarc-result-pass dmarc-pass-spf-only",
         hasnot="dmarc-pass-dkim-only align-dkim-ok", signed=True),
    Case("G95 DKIM alone", EXAMPLE,
         "news@example.com --dkim example.com --spf bounce.example.net",
         "example.com p reject example.com", result="pass",
         has="align-dkim-ok align-spf-mismatch dmarc-result-pass "
             "dmarc-pass-dkim-only",
         hasnot="dmarc-pass-spf-only", signed=True),
    Case("G96 a signature that does not align", EXAMPLE,
         "news@example.com --dkim example.net",
         "example.com p reject example.com", result="fail:reject",
         has="align-dkim-mismatch dmarc-result-fail",
         hasnot="dmarc-result-pass", signed=True),
    Case("G98 another domain, with nothing",
         {"example.net": {}}, "news@promo.example.net --dkim example.com",
         "- - - promo.example.net", "- - - example.net", result="none",
         has="dmarc-missing", hasnot="dmarc-result-fail dmarc-inherited",
         signed=True),
    Case("G99 another domain, with a policy above",
         {"example.net": {"": f"p=reject; {RUA}"}},
         "news@promo.example.net --dkim example.net",
         "example.net p reject example.net", result="pass",
         has="dmarc-inherited align-dkim-ok", hasnot="dmarc-missing",
         signed=True),
    Case("G100 a subdomain", EXAMPLE,
         "user@sub.example.com --dkim example.com --spf sub.example.com",
         "example.com sp quarantine example.com", result="pass",
         has="dmarc-inherited align-dkim-ok align-spf-ok", signed=True),
    Case("relaxed, from below", EXAMPLE,
         "example.com --dkim mail.example.com --spf a.b.example.com",
         "example.com p reject example.com", result="pass"),
    Case("strict for DKIM",
         {"example.com": {"": "p=reject; adkim=s"}},
         "example.com --dkim mail.example.com",
         "example.com p reject example.com", result="fail:reject",
         has="align-dkim-mismatch"),
    Case("strict for DKIM, relaxed for SPF",
         {"example.com": {"": "p=reject; adkim=s"}},
         "example.com --dkim mail.example.com --spf mail.example.com",
         "example.com p reject example.com", result="pass",
         has="align-dkim-mismatch align-spf-ok dmarc-pass-spf-only"),
    Case("strict for SPF",
         {"example.com": {"": "p=quarantine; aspf=s"}},
         "example.com --spf mail.example.com",
         "example.com p quarantine example.com", result="fail:quarantine"),
    Case("strict for both, and equal",
         {"example.com": {"": "p=quarantine; aspf=s; adkim=s"}},
         "example.com --spf EXAMPLE.com. --dkim Example.Com",
         "example.com p quarantine example.com", result="pass"),
    Case("strict is inherited",
         {"example.com": {"": "p=reject; adkim=s"}},
         "sub.example.com --dkim example.com",
         "example.com p reject example.com", result="fail:reject"),
    Case("several signatures, one aligns", EXAMPLE,
         "example.com --dkim esp.example.net --dkim mail.example.com "
         "--dkim mail.example.com",
         "example.com p reject example.com", result="pass",
         has="align-dkim-ok align-dkim-mismatch"),
    Case("an identifier that is no domain", EXAMPLE,
         "example.com --dkim exa..mple --spf localhost",
         "example.com p reject example.com", result="fail:reject",
         has="align-dkim-mismatch align-spf-mismatch"),
    Case("a suffix as identifier", EXAMPLE, "example.com --dkim co.uk",
         "example.com p reject example.com", result="fail:reject"),
    Case("a neighbour below the suffix", {
        "example.co.uk": {"": "p=reject"}, "other.co.uk": {}},
        "example.co.uk --dkim other.co.uk",
        "example.co.uk p reject example.co.uk", result="fail:reject"),
    Case("a neighbour below a suffix without psd aligns by RFC 9989", {
        "com": {"": "p=none"}, "example.com": {"": "p=reject"}},
        "example.com --dkim other.com", "example.com p reject com",
        "example.com p reject example.com",
        result="pass fail:reject", has="align-differs align-dkim-ok"),
    Case("an end that looks alike", EXAMPLE,
         "example.com --dkim badexample.com",
         "example.com p reject example.com", result="fail:reject"),
    Case("the domain above does not align with its subdomain's record",
         {"example.com": {"sub": "p=reject"}},
         "sub.example.com --dkim example.com",
         "sub.example.com p reject sub.example.com",
         "sub.example.com p reject example.com",
         result="fail:reject pass",
         has="align-differs align-dkim-mismatch", signed=True),
    Case("psd=n keeps identifiers above out",
         {"example.com": {"": "p=none", "b": "p=reject; psd=n"}},
         "b.example.com --dkim example.com --spf x.b.example.com",
         "b.example.com p reject b.example.com",
         "b.example.com p reject example.com", result="pass",
         has="align-differs align-dkim-mismatch align-spf-ok"),
    Case("psd=n keeps identifiers below out",
         {"example.com": {"": "p=reject", "b": "p=none; psd=n"}},
         "example.com --dkim b.example.com",
         "example.com p reject example.com", result="fail:reject pass",
         has="align-differs"),
    Case("the domain and its subdomain below psd=y at no suffix",
         {"example.com": {"": "p=reject; psd=y"}},
         "example.com --dkim sub.example.com",
         "example.com p reject example.com", result="fail:reject pass"),
    Case("t=y is what is done",
         {"example.com": {"": "p=reject; t=y"}},
         "example.com --dkim example.net",
         "example.com p reject/quarantine example.com",
         "example.com p reject example.com",
         result="fail:quarantine fail:reject"),
    Case("policy none",
         {"example.com": {"": f"p=none; {RUA}"}},
         "example.com --dkim example.net",
         "example.com p none example.com", result="fail:none"),
    Case("a record that does not apply",
         {"example.com": {"": "p=bad"}}, "example.com --dkim example.com",
         "- - - example.com", result="none",
         hasnot="dmarc-result-pass dmarc-result-fail"),
    Case("np is what is done",
         {"example.com": {"": "p=none; np=reject"}},
         "gone.example.com --spf example.net",
         "example.com np reject example.com",
         "example.com p none example.com", result="fail:reject fail:none"),
]

ALL = CASES + ALIGNED


def ids(cases):
    return [c.title for c in cases]


def expect(case, done, but_proof=False):
    """The outcome is that of the case."""
    for rfc in RFCS:
        assert found(done.json, rfc) == case.found[rfc], rfc
        assert outcome(done.json, rfc) == case.result[rfc], rfc
    codes = done.codes()
    assert case.has <= codes
    assert not case.hasnot & codes
    assert "dmarc-temperror" not in codes and done.code != lab.TEMPERROR


@pytest.mark.parametrize("case", ALL, ids=ids(ALL))
def test_found(case, program, zones):
    for zone in case.zones():
        zones.write(zone)
    expect(case, dmarc(program, *zones.args, *case.ask))


SIGNED = [c for c in ALL if c.signed]


@pytest.mark.parametrize("case", SIGNED, ids=ids(SIGNED))
def test_signed(case, program, zones):
    """The same, and all of it proved."""
    for zone in case.zones():
        zones.sign(zone)
    done = dmarc(program, *zones.args, *case.ask)
    expect(case, done)
    assert done.json["dnssec"] == "secure"
    assert {s["dnssec"] for s in done.json["walk"]
            if s["state"] != "not-asked"} == {"secure"}
