# test_conformance.py - the public test suite of RFC 7208
# SPDX-License-Identifier: BSD-3-Clause
"""Each case through the command line, over real DNS messages from an authority
that times out where the suite says so. SPF_SUITE names the suite's file;
`make conformance` finds it or obtains it."""
import os
import pathlib

import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

import casefile
import lab

yaml = pytest.importorskip("yaml", reason="there is no python3-yaml")


def find_suite():
    """The file of the suite, or None."""
    name = "rfc7208-tests.yml"
    for path in (os.environ.get("SPF_SUITE"),
                 lab.ROOT.parent / "shared/suites" / name):
        if path and pathlib.Path(path).exists():
            return pathlib.Path(path)
    return None


SUITE = find_suite()


def octets(text):
    return text.encode("latin-1")


class Scenario:
    """A zone of the suite, as an authority answers for it."""

    def __init__(self, data):
        self.names = {}
        for owner, entries in data["zonedata"].items():
            # A label of more than 63 octets is nothing DNS can hold.
            if any(len(x) > 63 for x in owner.split(".")):
                continue
            self.names[dns.name.from_text(owner.lower())] = \
                self.read(entries)

    @staticmethod
    def read(entries):
        """Types with their data, and whether other types time out."""
        found, silent = {}, False
        for entry in entries:
            if entry == "TIMEOUT":
                silent = True
                continue
            (rrtype, data), = entry.items()
            found.setdefault(rrtype, []).append(data)
        # Records of the old type are read as TXT too, unless there are such.
        found.setdefault("TXT", found.get("SPF", []))
        found = {t: [x for x in d if x != "NONE"] for t, d in found.items()}
        return found, silent

    @staticmethod
    def rdata(rrtype, data):
        if rrtype in ("TXT", "SPF"):
            strings = data if isinstance(data, list) else \
                casefile.cut(octets(data))
            wire = casefile.txt([octets(x) if isinstance(x, str) else x
                                 for x in strings])
            return dns.rdata.GenericRdata(
                dns.rdataclass.IN, dns.rdatatype.from_text(rrtype), wire)
        text = " ".join(map(str, data)) if isinstance(data, list) else data
        if rrtype in ("MX", "PTR", "CNAME"):
            preference = f"{data[0]} " if rrtype == "MX" else ""
            name = data[1] if rrtype == "MX" else text
            text = f"{preference}{name.rstrip('.')}."
        return dns.rdata.from_text("IN", rrtype, text)

    def fill(self, response, name, rrtype):
        found, silent = self.names.get(name, (None, False))
        if found is None:
            below = any(x.is_subdomain(name) for x in self.names)
            if not below:
                response.set_rcode(dns.rcode.NXDOMAIN)
        elif found.get("CNAME") and rrtype != "CNAME":
            target = found["CNAME"][0]
            response.answer.append(dns.rrset.from_rdata(
                name, 300, self.rdata("CNAME", target)))
            return self.fill(response,
                             dns.name.from_text(target.lower()), rrtype)
        elif found.get(rrtype):
            rrset = dns.rrset.RRset(name, dns.rdataclass.IN,
                                    dns.rdatatype.from_text(rrtype))
            for data in found[rrtype]:
                rrset.add(self.rdata(rrtype, data), 300)
            response.answer.append(rrset)
            return response
        elif silent:
            return None
        response.authority.append(dns.rrset.from_text(
            dns.name.root, 300, "IN", "SOA",
            "ns. hostmaster. 1 3600 900 1209600 300"))
        return response

    def answer(self, query, response):
        question = query.question[0]
        name = dns.name.from_text(question.name.to_text().lower())
        return self.fill(response, name,
                         dns.rdatatype.to_text(question.rdtype))


SCENARIOS = [] if SUITE is None else [
    x for x in yaml.safe_load_all(SUITE.read_text(encoding="utf-8")) if x]
CASES = [(i, name) for i, s in enumerate(SCENARIOS) for name in s["tests"]]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """Nothing there is signed."""
    path = tmp_path_factory.mktemp("conformance") / "unbound.conf"
    path.write_text('server:\n  module-config: "iterator"\n'
                    '  unblock-lan-zones: yes\n  insecure-lan-zones: yes\n')
    return path


@pytest.fixture(scope="module")
def authorities():
    """The authority of a scenario; one at a time."""
    running = {}

    def of(number):
        if number not in running:
            for old in running.values():
                old.__exit__()
            running.clear()
            answer = Scenario(SCENARIOS[number]).answer
            running[number] = lab.Misbehaving(answer, answer)
        return running[number]

    yield of
    for old in running.values():
        old.__exit__()


@pytest.mark.skipif(SUITE is None, reason="the suite is not here: "
                    "make conformance obtains it")
@pytest.mark.parametrize(
    "number, name", CASES,
    ids=[f"{SCENARIOS[i]['description']}: {name}" for i, name in CASES])
def test_case(program, authorities, config, number, name):
    case = SCENARIOS[number]["tests"][name]
    result = program(
        "spf", "--format", "json", "--allow-documentation", "-C", config,
        "--server", authorities(number).server, "--timeout", 4,
        "--ip", case["host"], "--helo", case["helo"],
        "--mail-from", case["mailfrom"])
    expected = case["result"]
    if isinstance(expected, str):
        expected = [expected]
    assert result.json["result"] in expected
    if result.json["result"] == "fail" and "explanation" in case:
        text = result.json["explanation"]
        wanted = case["explanation"]
        assert text == (None if wanted == "DEFAULT" else
                        wanted.replace("\\", "\\\\"))


@pytest.mark.skipif(SUITE is None, reason="the suite is not here")
def test_size():
    """All of the suite was read."""
    assert (len(SCENARIOS), len(CASES)) == (16, 203)
