# test_checks.py - testdata/checks/: whole domains
# SPDX-License-Identifier: BSD-3-Clause
"""Every case is checked over unsigned zones, and again over signed ones.

The format is described in testdata/checks/README.
"""
import re

import pytest

import lab

CASES = lab.ROOT / "testdata" / "checks"

# What stands in the settings of most cases, written as @base@; @key@ is the
# key of the corrected zone.
KEY = "".join((lab.ZONES / "guide-corrected.zone").read_text()
              .partition("p=")[2].partition('"\n')[0].split('" "'))
BASE = ('"domains": ["example.com"], "nodes": [{"ip": "192.0.2.4", '
        '"host": "mta-1.example.com"}], "keys": [{"name": "k", "type": '
        '"dkim", "public": "@key@"}]')

# Codes that say how the answers were proved: they differ between the unsigned
# and the signed run and are looked at in test_dnssec.py.
PROOF = re.compile(r"dnssec-(secure|denial-secure|checking-disabled|"
                   r"validation-off)$")


class Case:
    """One case of a file; what stands before the first holds for all."""

    def __init__(self, file, title, common=()):
        self.file = file
        self.title = title
        self.edits = []
        self.args = []
        self.domain = None
        for line in common:
            self.take(line)
        self.verdict = None
        self.come, self.go, self.has, self.hasnot = set(), set(), set(), set()
        self.codes = None
        self.records = []
        self.severities = []
        self.remedies = []
        self.unsigned_only = False
        self.signed_only = False
        self.settings = []

    def take(self, line):
        word, _, rest = line.partition(" ")
        words = rest.split()
        if word in ("zone", "newzone", "in", "delete", "add"):
            self.edits.append((word, rest))
        elif word == "args":
            self.args += words
        elif word == "settings":
            self.settings.append(
                rest.replace("@base@", BASE).replace("@key@", KEY))
        elif word == "noargs":
            self.args = words
        elif word == "domain":
            self.domain = rest
        elif word == "=":
            self.verdict = rest
        elif word == "+":
            self.come |= set(words)
        elif word == "-":
            self.go |= set(words)
        elif word == "has":
            self.has |= set(words)
        elif word == "hasnot":
            self.hasnot |= set(words)
        elif word == "codes":
            self.codes = (self.codes or set()) | set(words)
        elif word == "record":
            self.records.append(words)
        elif word == "severity":
            self.severities.append(words)
        elif word == "remedy":
            self.remedies.append(rest.split(" ", 1))
        elif word == "unsigned":
            self.unsigned_only = True
        elif word == "signed":
            self.signed_only = True
        else:
            raise ValueError(f"{self.file}: {line}")

    def zones(self):
        """The zones of the case, edited."""
        zones, here = {}, None
        for word, rest in self.edits:
            if word == "zone":
                name, file = rest.split()
                here = zones[name] = lab.Zone(
                    name, (CASES / file).read_text())
            elif word == "newzone":
                here = zones[rest] = lab.Zone.empty(rest)
            elif word == "in":
                here = zones[rest]
            elif word == "delete":
                here.delete(*rest.split(None, 2))
            else:
                here.add(rest)
        return zones.values()

    def files(self, folder):
        """Options for the settings of the case."""
        out = []
        for i, text in enumerate(self.settings):
            path = folder / f"settings{i}.json"
            path.write_text(text)
            out += ["--settings", path]
        return out

    @property
    def ways(self):
        """Unsigned, signed, or both."""
        return [signed for signed in (False, True)
                if not (self.unsigned_only if signed else self.signed_only)]

    @property
    def is_relative(self):
        """Codes are compared with those of the corrected zone."""
        return self.codes is None and self.domain == "example.com"


def load():
    """All cases of all files."""
    cases = []
    for path in [*sorted(CASES.glob("*.case")),
                 *sorted((CASES.parent / "settings").glob("*.case"))]:
        common, case = [], None
        for line in path.read_text().splitlines():
            if not line or line.lstrip().startswith("#"):
                continue
            if not line.startswith("  "):
                case = Case(path.name, line, common)
                cases.append(case)
            elif case is None:
                common.append(line[2:])
            else:
                case.take(line[2:])
    return cases


ALL = load()


def expected_codes():
    """Every code that some case says will be there."""
    codes = set()
    for case in ALL:
        codes |= case.come | case.has | (case.codes or set())
    return codes


@pytest.fixture(scope="module")
def base(program, keys, tmp_path_factory):
    """Codes of the corrected zone, unsigned and signed."""
    found = {}
    for signed in (False, True):
        zones = lab.Zones(tmp_path_factory.mktemp("base"), keys)
        for zone in zones.guide():
            (zones.sign if signed else zones.write)(zone)
        found[signed] = program.check(
            *lab.GUIDE, *zones.args, "example.com").codes()
    return found


@pytest.mark.parametrize("case, signed", [
    pytest.param(case, signed,
                 id=case.title + (", signed" if signed else ", unsigned"))
    for case in ALL for signed in case.ways])
def test_case(case, signed, program, zones, base):
    for zone in case.zones():
        (zones.sign if signed else zones.write)(zone)
    result = program.check(*case.args, *case.files(zones.folder), *zones.args,
                           case.domain)
    codes = result.codes()

    # Unsigned zones without an anchor always warn.
    verdict = "pass" if signed and case.verdict == "warn" and not any(
        f["severity"] == "warn" for f in result.json["findings"]) \
        else case.verdict
    assert result.json["verdict"] == verdict, sorted(codes)
    assert result.code == ["pass", "warn", "fail",
                           "temperror"].index(verdict)
    assert result.json["dnssec"] == ("secure" if signed else "unchecked") \
        or "dnssec" in case.title

    def compared(found):
        return {c for c in found if not PROOF.match(c)}

    if case.codes is not None:
        assert compared(codes) == compared(case.codes)
    elif case.is_relative:
        assert compared(codes - base[signed]) == compared(
            case.come - base[signed])
        assert compared(base[signed] - codes) == compared(case.go)
    assert case.come | case.has <= codes
    assert not case.hasnot & codes
    for kind, name, rrtype, expected in case.records:
        assert result.record(kind, name, rrtype)["verdict"] == expected
    for code, severity in case.severities:
        assert result.finding(code)["severity"] == severity
    for code, remedy in case.remedies:
        assert result.finding(code)["remedy"] == remedy
