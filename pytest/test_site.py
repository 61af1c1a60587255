# test_site.py - a site's own zones, before they are published
# SPDX-License-Identifier: BSD-3-Clause
"""Every zone file of a folder is served by a real authority, and every mail
record in it passes through a real Unbound with the module:

    ZONES=/my/zones pytest-3 pytest/test_site.py

A file is a zone when its name ends in .zone and it has a $ORIGIN. Unsigned
zones are signed for the test. It fails for each record that receivers cannot
use, and where `check` says otherwise of it. Without ZONES it is run with a
zone of the shipped ones.

Case files are run by `unbound-mailauth test`, one item for each case:

    CASES=/my/cases pytest-3 pytest/test_site.py

The format is that of mailauth-test(7). Without CASES they are the shipped ones.
BUILD names the folder of the build, as for all tests.
"""
import json
import os
import pathlib
import shutil
import subprocess

import dns.rdatatype
import dns.zone
import pytest

import lab
import resolver

TYPES = ("TXT", "MX", "PTR", "TLSA")


CASES = pathlib.Path(os.environ.get("CASES",
                                   lab.ROOT / "testdata" / "checks"))


def folder():
    return pathlib.Path(os.environ["ZONES"]) if "ZONES" in os.environ \
        else None


class Site:
    """The zones of a folder, served, and what the module says of them."""

    def __init__(self, tmp, source):
        (tmp / "zones").mkdir()
        (tmp / "nsd").mkdir()
        (tmp / "keys").mkdir()
        self.zones = lab.Zones(tmp / "zones", lab.Keys(tmp / "keys"))
        self.questions = []
        root = lab.Zone(".", "$ORIGIN .\n$TTL 300\n"
                        "@ SOA ns. hostmaster. 1 3600 900 1209600 300\n"
                        "@ NS ns.\nns. A 127.0.0.1\n")
        for path in sorted(source.glob("*.zone")):
            self.take(path, root)
        assert self.questions, f"there are no zones in {source}"
        self.zones.sign(root)
        with lab.Authority(tmp / "nsd", self.zones.files) as self.server, \
                resolver.Resolver(tmp / "unbound",
                                  {".": self.server.server},
                                  [self.zones.anchors["."]],
                                  conf="allow-documentation: yes") as r:
            for name, rrtype in self.questions:
                r.ask(name, rrtype, read=False)
        self.lines = r.records()

    def take(self, path, root):
        """One zone file."""
        zone = dns.zone.from_file(str(path), check_origin=False,
                                  relativize=False)
        name = zone.origin.to_text(omit_final_dot=True)
        root.add(f"{name}. NS ns.")
        signed = zone.find_node(zone.origin).get_rdataset(
            zone.rdclass, dns.rdatatype.DNSKEY)
        if signed is None:
            self.zones.sign(lab.Zone(name, path.read_text()), anchor=False)
            root.add(self.zones.keys.ds(name))
        else:
            # Signed by its owner: the chain of trust is not ours.
            self.zones.files[name] = self.zones.folder / path.name
            shutil.copy(path, self.zones.files[name])
        for owner, node in zone.nodes.items():
            for rrtype in TYPES:
                if node.get_rdataset(zone.rdclass,
                                     dns.rdatatype.from_text(rrtype)):
                    self.questions.append((owner.to_text(), rrtype))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    source = folder()
    if source is None:
        source = tmp_path_factory.mktemp("own")
        for name in ("guide-corrected.zone", "guide-reverse.zone"):
            shutil.copy(lab.ZONES / name, source)
    return Site(tmp_path_factory.mktemp("site"), source)


@resolver.needed
def test_every_record_is_told(site):
    """No question is lost on the way."""
    told = {(x["name"], x["type"]) for x in site.lines}
    assert {(name.lower(), rrtype) for name, rrtype in site.questions
            if rrtype != "TXT"} <= told
    assert told


@resolver.needed
def test_every_record_can_be_used(site):
    wrong = [f"{x['name']} {x['type']} {x['kind']}: {x['verdict']}, "
             f"{', '.join(x['codes'])}" for x in site.lines
             if x["verdict"] in ("invalid", "temperror")]
    assert not wrong, "\n" + "\n".join(wrong)


@resolver.needed
def test_the_command_line_agrees(site, program):
    """The same text, without any DNS, has the same verdict."""
    valid = {(x["name"], x["kind"]) for x in site.lines
             if x["verdict"] == "valid"}
    args = [x for name, path in site.zones.files.items() if name != "."
            for x in ("--zone", f"{name}={path}")]
    for name in site.zones.files:
        if name == "." or name.endswith(".arpa"):
            continue
        result = program.check("--allow-documentation", *args, name)
        for record in result.json["records"]:
            if (record["name"], record["kind"]) in valid:
                assert record["verdict"] == "valid", record


@resolver.needed
def test_a_broken_zone_is_seen(tmp_path):
    """What this file is for."""
    if folder() is not None:
        pytest.skip("with ZONES the zones are the site's")
    source = tmp_path / "own"
    source.mkdir()
    text = (lab.ZONES / "guide-corrected.zone").read_text()
    assert "v=spf1 ip4:192.0.2.4" in text
    (source / "x.zone").write_text(
        text.replace("v=spf1 ip4:192.0.2.4", "v=spf1 ip4:192.0.2.400"))
    made = Site(tmp_path, source)
    with pytest.raises(AssertionError, match="spf-ip4-bad-address"):
        test_every_record_can_be_used(made)


# Cases, with the command that reads them.

def command(*args):
    """The command test, on the cases; its objects, one a case."""
    program = resolver.build_folder() / "unbound-mailauth"
    if not program.exists():
        return []
    done = subprocess.run([program, "test", "--format", "ndjson", *args,
                           CASES], stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, encoding="ascii")
    if done.stderr:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


ALL = command("--list")


@pytest.fixture(scope="module")
def results():
    """What became of each case."""
    return {(x["file"], x["case"], i): x for i, x in enumerate(command())}


@pytest.mark.parametrize("number", range(len(ALL)), ids=[
    f"{pathlib.PurePath(x['file']).name}: {x['case']}" for x in ALL])
def test_case(results, number):
    case = ALL[number]
    result = results[case["file"], case["case"], number]
    if result["outcome"] == "skip":
        pytest.skip(result["reason"])
    assert result["outcome"] == "pass", "\n".join(
        [f"{case['file']}:{result['line']}: {result['reason'] or ''}"] +
        [f"{case['file']}:{x['line']}: {x['text']}"
         for x in result["differences"]])
