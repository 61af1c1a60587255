# test_module_records.py - one table, two more doors
# SPDX-License-Identifier: BSD-3-Clause
"""The cases of testdata/records, which the unit tests put to the library, pass
through a real Unbound: the module logs the same verdict and the same codes,
for the fresh answer and again for the cached one."""
import pytest

import casefile
import lab
import resolver

pytestmark = resolver.needed

# What a real authority and an Unbound without trust anchors cannot show:
# those states have their own tests in test_module.py.
STATES = {"flag wildcard", "flag local", "flag dname", "dnssec bogus",
          "dnssec unchecked", "dnssec insecure", "dnssec secure"}
PROFILES = {(): "", ("profile rfc",): "profile: rfc",
            ("documentation",): "allow-documentation: yes"}


def is_wanted(case):
    return (case.kind in casefile.TYPES
            and case.outcome != "failed"
            and not case.words & STATES
            # A set has no record twice.
            and len(case.rrs) == len(set(case.rrs))
            # No zone is above this one.
            and not case.owner.endswith("._report._dmarc.")
            # Unbound takes no message with such records.
            and not ("rdata" in case.words and case.rrtype != "TXT"))


def config_of(case):
    return PROFILES[tuple(sorted(case.words - {"rdata",
                                               "dnssec indeterminate"}))]


CASES = [c for c in casefile.load() if is_wanted(c)]


class Table:
    """An authority that answers the case at hand, and resolvers in front."""

    def __init__(self, folder):
        self.folder = folder
        self.case = None
        self.met = {}
        self.authority = lab.Misbehaving(self.answer, self.answer)
        self.resolvers = {}

    def answer(self, query, response):
        question = query.question[0]
        return self.case.fill(response, question.name, question.rdtype)

    def resolver(self, conf):
        if conf not in self.resolvers:
            self.resolvers[conf] = resolver.Resolver(
                self.folder / str(len(self.resolvers)),
                {".": self.authority.server}, conf=conf,
                # The texts are none of this resolver's business.
                server="  max-udp-size: 4096\n  qname-minimisation: no\n"
                       "  cache-max-ttl: 1000000\n")
        return self.resolvers[conf]

    def pass_through(self, case):
        """Ask for a case twice; the lines of its kind. What was met a moment
        ago is counted and not told again, so each content is asked once."""
        if case.content not in self.met:
            r = self.resolver(config_of(case))
            self.case = case
            r.control("flush_zone", ".")
            before = len(r.lines)
            for _ in range(2):
                r.ask(case.owner, case.rrtype, dnssec=False, read=False)
            # Lines come in the order of questions: this one is the last.
            last = f"_dmarc.end-{len(self.met)}.example."
            r.ask(last, dnssec=False)
            lab.wait_until("the last line", lambda: any(
                x.get("name") == last for x in r.lines[before:]))
            self.met[case.content] = [x for x in r.lines[before:]
                                      if x.get("name") != last]
        return [x for x in self.met[case.content] if x["kind"] == case.kind]

    def close(self):
        for r in self.resolvers.values():
            r.stop()
        self.authority.__exit__()


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    made = Table(tmp_path_factory.mktemp("records"))
    yield made
    made.close()


def without_anchor(case):
    """Verdict and codes of a case whose answer is not secured: TLSA records
    are worth nothing then (RFC 7672 2.2)."""
    if case.kind != "tlsa" or case.outcome != "found":
        return case.verdict, case.codes
    return "invalid", case.codes - {"dane-ok"} | {"dane-tlsa-insecure"}


def lookup_codes(case):
    """What the lookup itself shows, without any trust anchor."""
    codes = {"dnssec-indeterminate"}
    if case.outcome == "nxdomain":
        codes.add("dns-cname-dangling" if case.alias else "dns-nxdomain")
    elif case.outcome == "nodata":
        codes.add("dns-nodata")
    if case.alias:
        codes.add("dns-cname-followed")
    # A name shows by itself that it lacks its final dot.
    return codes | (case.lookup & {"dns-final-dot-missing"})


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.kind}: {c.title}")
def test_case(table, case):
    lines = table.pass_through(case)
    if case.verdict == "none" and not case.codes and not lines:
        # The absence of a kind that is optional is nothing to talk about.
        return
    assert [x["source"] for x in lines] == ["fresh", "cache"]
    verdict, expected = without_anchor(case)
    for line in lines:
        assert line["verdict"] == verdict
        codes = set(line["codes"])
        if case.unsplit:
            codes -= {"txt-multi-string"}
        assert codes == expected | lookup_codes(case)
        assert line["outcome"] == case.outcome
        assert line["dnssec"] == "indeterminate"


def test_all_kinds_pass_through():
    """Each kind of record that the module knows has its cases here."""
    assert {c.kind for c in CASES} == set(casefile.TYPES)
