# test_checks.py - testdata/checks/: whole domains
# SPDX-License-Identifier: BSD-3-Clause
"""Every case is checked over unsigned zones, and again over signed ones.

The format is described in testdata/checks/README; `unbound-mailauth test` reads
it, and tells here what it has read.
"""
import json
import pathlib
import re
import subprocess

import pytest

import lab
import resolver

CASES = [lab.ROOT / "testdata" / "checks", lab.ROOT / "testdata" / "settings"]

# Codes that say how the answers were proved: they differ between the unsigned
# and the signed run and are looked at in test_dnssec.py.
PROOF = re.compile(r"dnssec-(secure|denial-secure|checking-disabled|"
                   r"validation-off)$")


class Case:
    """One case, as `test --list` tells of it."""

    def __init__(self, told):
        self.file = pathlib.PurePath(told["file"]).name
        self.title = told["case"]
        self.told = told["zones"]
        # Files are named as seen from the folder of the case.
        folder = pathlib.Path(told["file"]).parent
        self.args = [str(folder / arg) if arg.startswith("../") else arg
                     for arg in told["args"]]
        self.domain = told["domain"]
        self.settings = told["settings"]
        self.only = told["only"]
        self.verdict = None
        self.come, self.go, self.has, self.hasnot = set(), set(), set(), set()
        self.codes = None
        self.records = []
        self.severities = []
        self.remedies = []
        self.spf = []
        for line in told["expects"]:
            self.expect(line["word"], line["text"])

    def expect(self, word, text):
        words = text.split()
        if word == "=":
            self.verdict = text
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
            self.remedies.append(text.split(" ", 1))
        elif word == "spf":
            self.spf.append(words)
        else:
            raise ValueError(f"{self.file}: {word} {text}")

    def zones(self):
        """The zones of the case, edited."""
        return [lab.Zone(z["name"], z["text"]) for z in self.told]

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
                if self.only != ("unsigned" if signed else "signed")]

    @property
    def is_refused(self):
        """The command line takes no such selector; only the library and case
        files judge it."""
        return "dkim-selector-invalid" in self.come

    @property
    def is_relative(self):
        """Codes are compared with those of the corrected zone."""
        return self.codes is None and self.domain == "example.com"


def load():
    """All cases of all files."""
    program = resolver.build_folder() / "unbound-mailauth"
    done = subprocess.run(
        [program, "test", "--list", "-v", "--format", "ndjson", *CASES],
        stdin=subprocess.DEVNULL, check=True, stdout=subprocess.PIPE,
        encoding="ascii")
    return [Case(json.loads(line)) for line in done.stdout.splitlines()]


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
    if case.is_refused:
        assert result.code == lab.USE and "selector" in result.err
        return
    codes = result.codes()

    # Unsigned zones without an anchor always warn.
    verdict = "pass" if signed and case.verdict == "warn" and not any(
        f["severity"] == "warn" for f in result.json["findings"]) \
        else case.verdict
    assert result.json["verdict"] == verdict, sorted(codes)
    assert result.code == ["pass", "warn", "fail",
                           "temperror"].index(verdict)
    assert result.json["dnssec"] == ("secure" if signed else "unchecked") \
        or "dnssec" in case.title or not result.json["records"]

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
    for expected, *args in case.spf:
        assert program("spf", "--format", "json", "--allow-documentation",
                       *args, *zones.args,
                       case.domain).json["result"] == expected
    for kind, name, rrtype, expected in case.records:
        assert result.record(kind, name, rrtype)["verdict"] == expected
    for code, severity in case.severities:
        assert result.finding(code)["severity"] == severity
    for code, remedy in case.remedies:
        assert result.finding(code)["remedy"] == remedy
