# test_dmarc.py - the policy for an author domain, and what aligns with it
# SPDX-License-Identifier: BSD-3-Clause
"""RFC 9989 4.10 and 5.3, beside what receivers of RFC 7489 see.

A case is zones, what is asked, and what is found by either standard. Every
case is asked over zone files, and some over a server, with every name that is
looked up failing once: what is said may become less, and never something else.
"""
import json
import threading
import time

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
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
         {"example.com": {"": "p=reject", "b": "p=none; sp=quarantine; psd=n",
                          "+": ["b A 192.0.2.1"]}},
         "a.b.example.com", "b.example.com sp quarantine b.example.com",
         "example.com p reject example.com", has="dmarc-policy-differs",
         signed=True),
    Case("psd=n at the author",
         {"example.com": {"": "p=reject", "b": "p=none; psd=n"}},
         "b.example.com", "b.example.com p none b.example.com",
         "b.example.com p none example.com",
         has="dmarc-org-differs", hasnot="dmarc-sub-record-no-org"),
    Case("psd=u changes nothing",
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
         {"example.com": {"": "p=none", "a.b.c.d.e.f": "p=reject; psd=n",
                          "+": [f"{n} A 192.0.2.1" for n in (
                              "f", "e.f", "d.e.f", "c.d.e.f", "b.c.d.e.f",
                              "a.b.c.d.e.f")]}},
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
         has="dmarc-multiple-records dmarc-missing", signed=True),
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
         "sub.example.com", "example.com p none example.com",
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
         "example.com p none example.com"),
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


class Tree:
    """The zones of a case as a server has them; the names in `bad` are
    answered by `fault`, whatever is asked about them."""

    def __init__(self, zones):
        self.zones = []
        for zone in [*zones, lab.Zone(".", "$ORIGIN .\n$TTL 300\n"
                                      "@ SOA ns h 1 3600 900 1209600 300\n"
                                      "@ NS ns\n")]:
            self.zones.append(dns.zone.from_text(
                zone.text, dns.name.from_text(zone.name), relativize=False))
        self.zones.sort(key=lambda z: -len(z.origin))
        self.bad, self.fault = set(), servfail

    def put(self, response, name, rrtype):
        """One step of the answer; the name that an alias leads to."""
        zone = next(z for z in self.zones if name.is_subdomain(z.origin))
        names = [n for n in zone.nodes if n.is_subdomain(name)]
        star = name
        while not names and star != zone.origin and zone.get_node(
                dns.name.Name((b"*",) + star.labels[1:])) is None:
            star = star.parent()
            if any(n.is_subdomain(star) for n in zone.nodes):
                break
        star = dns.name.Name((b"*",) + star.labels[1:])
        node = zone.get_node(name) or (not names and zone.get_node(star))
        for rrset in node or ():
            if rrset.rdtype in (rrtype, dns.rdatatype.CNAME):
                there = response.find_rrset(
                    response.answer, name, rrset.rdclass, rrset.rdtype,
                    create=True)
                there.update(rrset)
                return rrset[0].target if rrset.rdtype != rrtype else None
        if not names and not node:
            response.set_rcode(dns.rcode.NXDOMAIN)
        soa = response.find_rrset(
            response.authority, zone.origin, dns.rdataclass.IN,
            dns.rdatatype.SOA, create=True)
        soa.update(zone.get_rdataset(zone.origin, "SOA"))
        return None

    def __call__(self, query, response):
        question = query.question[0]
        if str(question.name).lower() in self.bad:
            return self.fault(query, response)
        name = question.name
        for _ in range(8):
            name = self.put(response, name, question.rdtype)
            if name is None:
                break
        return response


def servfail(query, response):
    response.set_rcode(dns.rcode.SERVFAIL)
    return response


def silence(query, response):
    return None


def empty(query, response):
    """As a forwarder does that has never heard of the zone."""
    response.flags &= ~dns.flags.AA
    return response


@pytest.fixture
def ask(program, tmp_path):
    """Ask a server, without validation."""
    config = tmp_path / "unbound.conf"
    config.write_text('server:\n  module-config: "iterator"\n')

    def run(server, *args):
        return dmarc(program, "-C", config, "--server", server.server, *args)

    return run


# What reports say of answers that fail, and who is asked again.
TROUBLE = {"dmarc-temperror", "dns-servfail", "dns-timeout", "dns-refused",
           "dns-lame-delegation", "dmarc-ext-temperror", "dnssec-bogus",
           "dnssec-bogus-detail", "lookup-undecided"}


def less(now, before):
    """The same, or not known."""
    return now == before or now in (None, "unknown")


def expect_less(done, whole):
    """All that is said is what was said without the failure, or that it is
    not known."""
    now, before = done.json, whole.json
    for rfc in RFCS:
        a, b = now["discovery"][rfc], before["discovery"][rfc]
        assert less(a["state"], b["state"]), rfc
        for key in ("record_name", "tag", "policy", "applied", "org_domain"):
            assert less(a[key], b[key]), (rfc, key)
        if a["state"] == "unknown":
            assert a["record_name"] is a["policy"] is a["applied"] is None
        a, b = now["alignment"], before["alignment"]
        assert less(a["dkim"], b["dkim"]) and less(a["spf"], b["spf"])
        assert a["result"][rfc] in (b["result"][rfc], "temperror")
        assert less(a["disposition"][rfc], b["disposition"][rfc])
        for i, k in zip(a["identifiers"], b["identifiers"]):
            assert less(i[rfc]["aligned"], k[rfc]["aligned"])
            assert less(i[rfc]["org_domain"], k[rfc]["org_domain"])
    assert less(now["exists"], before["exists"])
    known = {s["name"]: s for s in before["walk"]}
    for step in now["walk"]:
        if step["state"] != "unknown" and step["name"] in known:
            assert step == known[step["name"]]
    assert done.codes() - whole.codes() <= TROUBLE
    if "unknown" in (now["discovery"]["rfc9989"]["state"],
                     now["alignment"]["result"]["rfc9989"]):
        assert "dmarc-temperror" in done.codes()
        assert done.code in (lab.TEMPERROR, lab.FAIL)


def author_of(case):
    """The author domain as it is asked for."""
    text = case.ask[0].strip("<>").rpartition("@")[2].rstrip(".").lower()
    return text.encode("idna").decode() + "."


# Those asked over a server that fails; test/unit/test_dmarc.c asks all of them
# over a script, with each name failing, late and forged.
FAILING = [c for c in ALL if c.title in (
    "a subdomain that exists", "psd=y above, and nothing else",
    "9 labels, the name of 8 is passed over", "G94 both align")]
assert len(FAILING) == 4


@pytest.mark.parametrize("case", FAILING, ids=ids(FAILING))
def test_each_name_failing(case, ask):
    """A failure at any one name takes something away and adds nothing."""
    tree = Tree(case.zones())
    author = author_of(case)
    with lab.Misbehaving(tree) as server:
        whole = ask(server, *case.ask)
        expect(case, whole)
        asked = sorted({str(q.name).lower() for q in server.asked
                        if str(q.name).lower().startswith("_dmarc.")})
        for name in [*asked, author]:
            tree.bad = {name}
            done = ask(server, *case.ask)
            expect_less(done, whole)
            if name == f"_dmarc.{author}":
                for rfc in RFCS:
                    assert done.json["discovery"][rfc]["state"] == "unknown"
                    assert done.json["alignment"]["result"][rfc] in (
                        None, "temperror")
                assert not {"dmarc-missing", "dmarc-inherited",
                            "dmarc-p-none"} & done.codes()
            if name == author:
                assert done.json["exists"] == "unknown"


@pytest.mark.parametrize("case", FAILING[:2], ids=ids(FAILING[:2]))
@pytest.mark.parametrize("fault", [silence, empty])
def test_author_record_silent(case, fault, ask):
    """Silence is no absence, nor is an answer of nobody's."""
    tree = Tree(case.zones())
    tree.fault = fault
    with lab.Misbehaving(tree) as server:
        whole = ask(server, *case.ask)
        # A server without the zone has no SOA record of it either.
        tree.bad = {f"_dmarc.{author_of(case)}"}
        if fault is empty:
            tree.zones = []
            tree.put = lambda response, name, rrtype: None
        done = ask(server, "--timeout", 1, *case.ask)
    for rfc in RFCS:
        assert done.json["discovery"][rfc]["state"] == "unknown"
    assert not {"dmarc-missing", "dmarc-inherited"} & done.codes()
    assert done.code == lab.TEMPERROR
    if fault is silence:
        expect_less(done, whole)


# Signed zones that were altered.

def bogus(program, zones, case, zone, old, new):
    """A case over signed zones, altered in one place."""
    for one in case.zones():
        zones.sign(one)
    whole = dmarc(program, *zones.args, *case.ask)
    zones.edit(zone, old, new)
    done = dmarc(program, *zones.args, *case.ask)
    expect_less(done, whole)
    return done


POLICY_ABOVE = {"com": {"": "p=none; sp=none; psd=y"},
                "example.com": {"": "p=reject; sp=quarantine; np=reject",
                                "sub": "p=reject; fo=1",
                                "+": ["sub A 192.0.2.1"]}}


def test_n03_policy_forged(program, zones):
    """No policy is taken from a forged record, nor from one above it."""
    case = Case("", POLICY_ABOVE, "sub.example.com --dkim example.com", "")
    done = bogus(program, zones, case, "example.com", "p=reject; fo=1",
                 "p=none; fo=1")
    for rfc in RFCS:
        assert done.json["discovery"][rfc]["state"] == "unknown"
        assert done.json["alignment"]["result"][rfc] == "temperror"
    assert done.json["policy"] is None and done.json["record_name"] is None
    assert done.json["walk"][0] == {
        "name": "_dmarc.sub.example.com.", "state": "unknown", "psd": None,
        "outcome": "failed", "dnssec": "bogus", "record": None}
    assert {"dnssec-bogus", "dmarc-temperror"} <= done.codes("dmarc")
    assert not {"dmarc-missing", "dmarc-inherited", "dmarc-p-none",
                "dmarc-p-reject", "dmarc-result-pass"} & done.codes()
    assert done.code == lab.TEMPERROR and done.json["dnssec"] == "bogus"


def test_bogus_at_the_organization(program, zones):
    zone = {"com": POLICY_ABOVE["com"],
            "example.com": {"": "p=reject; sp=quarantine; np=reject",
                            "+": ["sub A 192.0.2.1"]}}
    case = Case("", zone, "sub.example.com --dkim example.com", "")
    done = bogus(program, zones, case, "example.com",
                 "p=reject; sp=quarantine", "p=none; sp=none")
    for rfc in RFCS:
        assert done.json["discovery"][rfc]["state"] == "unknown"
    assert done.json["org_domain"]["rfc9989"] is None
    assert not {"dmarc-missing", "dmarc-inherited", "dmarc-inherited-weak",
                "dmarc-parent-psd-record"} & done.codes()
    assert done.code == lab.TEMPERROR


def test_bogus_at_the_organization_own_record(program, zones):
    """The own record holds; who aligns hangs on the other."""
    case = Case("", POLICY_ABOVE, "sub.example.com --dkim example.com "
                "--dkim other.net --spf sub.example.com", "")
    done = bogus(program, zones, case, "example.com",
                 "p=reject; sp=quarantine", "p=none; sp=none")
    assert found(done.json, "rfc9989") == "sub.example.com p reject ?"
    assert [i["rfc9989"]["aligned"] for i in
            done.json["alignment"]["identifiers"]] == [
                "unknown", "unknown", "strict"]
    assert done.json["alignment"]["result"]["rfc9989"] == "pass"
    # Whether DKIM aligns as well is not known.
    assert "dmarc-pass-spf-only" not in done.codes()
    assert "dmarc-sub-record-no-org" not in done.codes()


@pytest.mark.parametrize("who, result", [
    ("example.com", "temperror"), ("sub.example.com", "pass")])
def test_bogus_at_the_suffix(program, zones, who, result):
    case = Case("", POLICY_ABOVE, f"sub.example.com --dkim {who}", "")
    done = bogus(program, zones, case, "com", "p=none", "p=reject")
    assert found(done.json, "rfc9989") == "sub.example.com p reject ?"
    assert found(done.json, "rfc7489") == \
        "sub.example.com p reject example.com"
    assert done.json["alignment"]["result"] == {
        "rfc9989": result, "rfc7489": "pass"}
    assert ("dmarc-temperror" in done.codes()) == (result == "temperror")


def test_denial_forged(program, zones):
    """That there is no record is to be proved."""
    zones.sign(Case("", {"example.com": {
        "": "p=reject", "+": ["sub A 192.0.2.1"]}}, "", "").zones()[0])
    zones.strip("example.com", ["RRSIG\tNSEC"])
    done = dmarc(program, *zones.args, "sub.example.com", "--spf",
                 "sub.example.com")
    assert found(done.json, "rfc9989")[0] == "?"
    assert not {"dmarc-missing", "dmarc-inherited"} & done.codes()
    assert done.code == lab.TEMPERROR


def test_existence_forged(program, zones):
    """np= or sp=: that hangs on whether the author domain exists."""
    case = Case("", {"example.com": {
        "": "p=none; sp=quarantine; np=reject", "+": ["sub A 192.0.2.1"]}},
        "sub.example.com --dkim example.net", "")
    done = bogus(program, zones, case, "example.com", "192.0.2.1\n",
                 "192.0.2.2\n")
    assert done.json["exists"] == "unknown"
    side = done.json["discovery"]["rfc9989"]
    assert (side["state"], side["policy"], side["tag"]) == (
        "policy", None, None)
    assert done.json["alignment"]["result"]["rfc9989"] == "fail"
    assert done.json["alignment"]["disposition"]["rfc9989"] is None
    assert done.json["discovery"]["rfc7489"]["policy"] == "quarantine"
    assert {"dmarc-temperror", "dmarc-inherited"} <= done.codes()
    assert "dmarc-policy-differs" not in done.codes()


def test_existence_unknown_and_no_matter(ask):
    """sp= and np= alike: the policy is known all the same."""
    tree = Tree(Case("", {"example.com": {
        "": "p=none; sp=reject; np=reject"}}, "", "").zones())
    tree.bad = {"sub.example.com."}
    with lab.Misbehaving(tree) as server:
        done = ask(server, "sub.example.com")
    assert found(done.json, "rfc9989") == "example.com ? reject example.com"
    assert "dmarc-temperror" not in done.codes()


def test_n11_secure_alias_of_insecure_record(program, zones):
    """Told by either command."""
    case = Case("", {"example.com": {"+": ["_dmarc CNAME d.example.net."]},
                     "example.net": {"+": ['d TXT "v=DMARC1; p=reject"']}},
                "", "")
    signed, unsigned = case.zones()
    zones.sign(signed)
    zones.write(unsigned)
    for done in (dmarc(program, *zones.args, "example.com"),
                 program.check(*zones.args, "--only", "dmarc",
                               "example.com")):
        record = done.record("dmarc", "_dmarc.example.com.")
        assert record["dnssec"] in ("insecure", "indeterminate")
        assert [h["dnssec"] for h in record["hops"]] == [
            "secure", record["dnssec"]]
        assert {"dnssec-chain-mixed", "dmarc-cname"} <= done.codes("dmarc")


def test_names_without_records_between(program, zones, tmp_path):
    """A policy between two names that have no records of their own."""
    zone = Case("", {"example.com": {"": "p=reject", "b": "p=none; psd=n"}},
                "", "").zones()[0]
    zones.sign(zone)
    with lab.Authority(tmp_path, zones.files) as nsd:
        done = dmarc(program, "--server", nsd.server, "--ds",
                     zones.anchors["example.com"], "a.b.example.com")
    assert found(done.json, "rfc9989") == \
        "b.example.com p none b.example.com"
    assert {s["dnssec"] for s in done.json["walk"]} == {"secure"}


def test_server_without_the_zone(program, zones, tmp_path):
    """NSD refuses what it does not have: the suffix is not known."""
    zones.write(Case("", EXAMPLE, "", "").zones()[0])
    with lab.Authority(tmp_path, zones.files) as nsd:
        config = tmp_path / "unbound.conf"
        config.write_text('server:\n  module-config: "iterator"\n')
        args = ("-C", config, "--server", nsd.server)
        own = dmarc(program, *args, "example.com")
        below = dmarc(program, *args, "sub.example.com")
        other = dmarc(program, *args, "example.net", "--spf", "example.net")
    assert found(own.json, "rfc9989") == "example.com p reject ?"
    assert found(below.json, "rfc9989") == "? - - ?"
    assert found(below.json, "rfc7489") == \
        "example.com sp quarantine example.com"
    assert not {"dmarc-inherited", "dmarc-missing"} & below.codes()
    assert below.code == other.code == lab.TEMPERROR
    assert found(other.json, "rfc9989") == "? - - ?"
    assert found(other.json, "rfc7489") == "? - - example.net"


# Questions.

class Slow(lab.Misbehaving):
    """Each answer takes its time, and the others do not wait for it."""

    DELAY = 0.1

    def send(self, response, peer):
        threading.Timer(self.DELAY, self.deliver, (response, peer)).start()

    def deliver(self, response, peer):
        if not self.over.is_set():
            self.udp.sendto(response, peer)


def policy_names(server):
    return {str(q.name).lower() for q in server.asked
            if str(q.name).lower().startswith("_dmarc.")
            and q.rdtype == dns.rdatatype.TXT}


def walk_of(name):
    """The names of a walk (RFC 9989 4.10)."""
    labels = name.split(".")
    rest = labels[1:] if len(labels) < 8 else labels[-7:]
    names = [labels] + [rest[i:] for i in range(len(rest))]
    return ["_dmarc." + ".".join(n) + "." for n in names]


@pytest.mark.parametrize("name", [
    "com", "example.com", NAME8[4:], NAME8[2:], NAME8, NAME9, NAME12])
def test_walk_asks_for_eight_names_at_most(ask, name):
    zone = lab.Zone.empty("com")
    zone.add(f'_dmarc.{name}. TXT "v=DMARC1; p=reject"')
    with lab.Misbehaving(Tree([zone])) as server:
        done = ask(server, name)
        assert policy_names(server) == set(walk_of(name))
    assert [s["name"] for s in done.json["walk"]] == walk_of(name)
    assert len(walk_of(name)) == min(8, len(name.split(".")))


def test_walk_stops_in_the_report(ask):
    tree = Tree(Case("", {"example.com": {
        "": "p=none", "d.e.f": "p=reject; psd=n"}}, "", "").zones())
    with lab.Misbehaving(tree) as server:
        done = ask(server, NAME12)
    assert [s["name"] for s in done.json["walk"]] == walk_of(NAME12)[:4]
    assert done.json["walk"][-1]["psd"] == "n"


@pytest.mark.alone
def test_walk_takes_one_round(ask):
    """Eight names, one after the other, would take eight times as long."""
    zone = lab.Zone.empty("com")
    zone.add(f'_dmarc.{NAME12}. TXT "v=DMARC1; p=reject"')
    with Slow(Tree([zone])) as server:
        start = time.monotonic()
        done = ask(server, NAME12, "--dkim", "q." + NAME12, "--spf",
                   "r.s." + NAME9)
        spent = time.monotonic() - start
        assert set(walk_of(NAME12)) <= policy_names(server)
    assert done.json["seconds"] < 4 * Slow.DELAY
    assert spent < 8 * Slow.DELAY


def test_alias_and_text(ask):
    """A server that has both says what it is asked for."""
    zone = Case("", {"example.com": {"": "p=reject"}}, "", "").zones()[0]
    tree = Tree([zone])

    def both(query, response):
        question = query.question[0]
        if (str(question.name).lower() == "_dmarc.example.com."
                and question.rdtype == dns.rdatatype.CNAME):
            response.answer.append(dns.rrset.from_text(
                question.name, 300, "IN", "CNAME", "d.example.net."))
            return response
        return tree(query, response)

    with lab.Misbehaving(both) as server:
        done = ask(server, "example.com")
    assert "dmarc-cname-and-txt" in done.codes("dmarc")
    assert done.code == lab.FAIL
    with lab.Misbehaving(tree) as server:
        done = ask(server, "example.com")
    assert "dmarc-cname-and-txt" not in done.codes()


# The command.

def test_text(program, zones):
    for zone in Case("", {"example.com": {
            "": "p=reject; sp=quarantine; t=y"}}, "", "").zones():
        zones.write(zone)
    out = program("dmarc", *zones.args, "sub.example.com", "--dkim",
                  "example.net", "--spf", "bounce.example.com").out
    for line in (
            "RFC 9989  quarantine (sp= of _dmarc.example.com), "
            "applied as none, organization example.com",
            "RFC 7489  quarantine (sp= of _dmarc.example.com), "
            "organization example.com",
            "walk      _dmarc.sub.example.com: no record",
            "_dmarc.example.com: record, PSD not stated",
            "dkim      example.net: aligned no",
            "spf       bounce.example.com: aligned relaxed",
            "result    dmarc pass"):
        assert line in out


def test_text_of_what_is_not_known(program, zones):
    zones.sign(Case("", PLAIN, "", "").zones()[0])
    zones.edit("example.com", "p=reject", "p=none")
    out = program("dmarc", *zones.args, "example.com", "--dkim",
                  "example.com").out
    assert "policy not known, organization not known" in out
    assert "result    dmarc temperror" in out


@pytest.mark.parametrize("args", [
    (), ("example.com", "example.net"), ("",), (".",), ("192.0.2.1",),
    ("a@",), ("exa mple.com",), ("example.com", "--dkim"),
    ("example.com", "--ip", "192.0.2.1"), ("a..b",)])
def test_use(program, args):
    done = program("dmarc", *args)
    assert done.code == lab.USE and not done.out
    assert done.err.startswith("unbound-mailauth: dmarc: ") or \
        done.err.startswith("unbound-mailauth: ")


def test_ndjson_and_quiet(program, zones):
    zones.write(Case("", PLAIN, "", "").zones()[0])
    done = program("dmarc", "--format", "ndjson", *zones.args, "example.com")
    assert len(done.out.splitlines()) == 1
    jsonschema.validate(done.objects[0], SCHEMA)
    quiet = program("dmarc", "-q", *zones.args, "example.com")
    assert (quiet.out, quiet.code) == ("", done.code)


def test_name_too_long_for_a_record(program, zones):
    """No name, no record; and that is no failure of a lookup."""
    zones.write(Case("", PLAIN, "", "").zones()[0])
    name = ".".join(["a" * 60] * 3 + ["a" * 55]) + ".example.com"
    done = dmarc(program, *zones.args, name)
    assert found(done.json, "rfc9989") == "example.com p reject example.com"
    assert done.json["walk"][0]["state"] == "none"
    assert "dns-label-too-long" in done.codes()
    assert done.code == lab.FAIL


def test_schema_refuses(program, zones):
    """The schema is strict enough to fail."""
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    zones.write(Case("", PLAIN, "", "").zones()[0])
    good = dmarc(program, *zones.args, "example.com").json
    for change in ({"policy": "maybe"}, {"walk": []}, {"exists": None},
                   {"discovery": {}}, {"verdict": "none"},
                   {"alignment": {"result": None}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **change}, SCHEMA)


def test_many_identifiers(program, zones):
    """Too many to look up: not known, and not failed."""
    zones.write(Case("", {"example.com": {"": "p=reject"}}, "",
                     "").zones()[0])
    dkim = [x for i in range(200)
            for x in ("--dkim", f"a.b.c.d{i}.example.com")]
    done = dmarc(program, *zones.args, "example.com", *dkim)
    assert done.json["alignment"]["result"]["rfc9989"] == "pass"
    assert "limit-reached" in done.codes()


@pytest.mark.parametrize("passed, codes", [
    (("--dkim", "example.com", "--spf", "b.example.com"),
     {"align-dkim-ok", "align-spf-ok", "dmarc-result-pass"}),
    (("--dkim", "example.com", "--spf", "example.net"),
     {"align-dkim-ok", "align-spf-mismatch", "dmarc-result-pass",
      "dmarc-pass-dkim-only"}),
    (("--dkim", "example.net", "--spf", "example.com"),
     {"align-dkim-mismatch", "align-spf-ok", "dmarc-result-pass",
      "dmarc-pass-spf-only"}),
    (("--dkim", "example.net", "--spf", "example.net"),
     {"align-dkim-mismatch", "align-spf-mismatch", "dmarc-result-fail"}),
    ((), set()),
])
def test_codes_of_alignment(program, zones, passed, codes):
    """These, and no others of their sort."""
    zones.write(Case("", EXAMPLE, "", "").zones()[0])
    done = dmarc(program, *zones.args, "example.com", *passed)
    assert {c for c in done.codes()
            if c.startswith(("align-", "dmarc-result-", "dmarc-pass-"))} == \
        codes
    assert done.json["alignment"]["identifiers"] == [] or passed
