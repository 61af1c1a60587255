# test_readme.py - what the documents show is what the program prints
# SPDX-License-Identifier: BSD-3-Clause
"""The runs in README.md and doc/guide.md, run again; see shown.py, which also
writes them anew."""
import re
import shlex
import shutil
import subprocess

import pytest

import lab
import shown

STEPS = [(document, i, command)
         for document in shown.DOCUMENTS
         for i, (command, _) in enumerate(shown.steps(document))]


@pytest.fixture
def program():
    """As a reader runs it: with its own default profile."""
    return lab.program(profile=None)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What each command of a document prints: they run in order, and later
    ones read files of earlier ones."""
    done = {}

    def run(document):
        if document not in done:
            shell = shown.Shell(tmp_path_factory.mktemp("shown"))
            done[document] = [shell(c) for c, _ in shown.steps(document)]
        return done[document]

    return run


def test_there_are_runs():
    assert [sum(d == document for d, _, _ in STEPS) >= least for document, least
            in zip(shown.DOCUMENTS, (2, 30))] == [True, True]


def test_readme_is_short():
    """And the first thing to do is in its first lines, then one's own domain."""
    lines = (lab.ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 200
    assert [line.split()[0] for line in lines if line.startswith("    ")][:3] \
        == ["./quickstart", "./quickstart", "build-gcc/unbound-mailauth"]


@pytest.mark.parametrize(
    "document, i, command", STEPS,
    ids=[f"{d.stem}-{i}-{' '.join(c.split()[:2])}" for d, i, c in STEPS])
def test_run(printed, document, i, command):
    out = printed(document)[i]
    assert shown.timeless(out) == shown.timeless(shown.steps(document)[i][1])
    # What a reader is shown works, unless the document shows a file being made.
    assert bool(out) == (not re.search(r"> my/\w|^mkdir|--make-key", command))
    assert "not found" not in out and "unbound-mailauth: " not in out


def test_build_needs_are_one_list():
    """README, configure and quickstart name the same packages."""
    wanted = re.search(r'debian_packages="([^"]*)"',
                       (lab.ROOT / "configure.ac").read_text())[1].split()
    text = (lab.ROOT / "README.md").read_text().replace("\\\n", " ")
    assert re.search(r"apt-get install (.*)", text)[1].split() == wanted
    installed = re.search(r'BUILD_NEEDS="([^"]*)"',
                          (lab.ROOT / "quickstart").read_text())[1].split()
    assert set(wanted) <= set(installed)


def test_configure_names_what_is_missing(tmp_path):
    """All of it at once, with the line that installs it."""
    done = subprocess.run(
        [lab.ROOT / "configure"], cwd=tmp_path, capture_output=True,
        check=False, encoding="utf-8",
        env={"PATH": "/usr/bin:/bin", "PKG_CONFIG_LIBDIR": str(tmp_path)})
    wanted = ["libevent-dev", "libssl-dev", "libjansson-dev", "libidn2-dev",
              "libpsl-dev", "libxml2-dev", "zlib1g-dev"]
    assert done.returncode != 0
    assert re.search(r"^    apt-get install (.*)", done.stderr,
                     re.MULTILINE)[1].split() == wanted
    assert re.findall(r"package (\S+)$", done.stderr, re.MULTILINE) == wanted


def test_from_settings_to_a_zone(program, tmp_path, monkeypatch):
    """The three commands, with the shipped settings of the guide."""
    text = (lab.ROOT / "README.md").read_text().replace("\\\n", " ")
    commands = re.findall(
        r"^    unbound-mailauth ((?:plan|check) .*--.*)$", text, re.MULTILINE)
    assert [c.split()[0] for c in commands] == ["plan", "plan", "check"]
    for name in ("main.json", "panel.json"):
        shutil.copy(lab.ROOT / "testdata" / "settings" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in commands[:2]:
        assert program(*shlex.split(command)).code == lab.PASS
    result = program(*shlex.split(commands[2]), "--format", "json")
    assert {f["code"] for f in result.json["findings"]
            if f["severity"] in ("warn", "fail")} == set()
    assert result.code == lab.PASS
    again = program(*shlex.split(commands[1]))
    assert again.code == 71 and "File exists" in again.err


DRAFT = """
$ORIGIN example.com.
$TTL 300
@ SOA ns hostmaster 1 3600 900 1209600 300
@ NS ns
ns A 9.9.9.10
@ A 9.9.9.10
@ MX 10 ns
@ TXT "v=spf1 mx -all"
_dmarc TXT "v=DMARC1; p=none; rua=mailto:r@example.com"
s1._domainkey TXT "v=DKIM1; p=broken"
bare MX 10 ns
bare TXT "v=spf1 mx -all"
elsewhere._domainkey.bare A 9.9.9.10
_dmarc.bare TXT "v=DMARC1; p=reject; rua=mailto:r@example.com"
parked TXT "v=spf1 -all"
_dmarc.parked TXT "v=DMARC1; p=reject"
parked MX 0 .
partly MX 10 ns
partly TXT "v=spf1 include:_spf.example.net mx -all"
_dmarc.partly TXT "v=DMARC1; p=reject; rua=mailto:r@example.com"
"""


@pytest.mark.parametrize("now, keeps, command, option", [
    (lab.WARN, lab.FAIL, "check example.com", "--profile guide"),
    (lab.PASS, lab.FAIL, "check bare.example.com", "--profile guide"),
    (lab.WARN, lab.FAIL, "parse 'v=DMARC1; p=none'", "--profile guide"),
    (lab.PASS, lab.FAIL, "check parked.example.com", "--role mail"),
    (lab.WARN, lab.FAIL, "check example.com", "--selector s1"),
    (lab.PASS, lab.PASS, "check partly.example.com --only spf", "--profile guide"),
    (lab.PASS, lab.TEMPERROR, "check partly.example.com --only spf",
     "--ip 9.9.9.11"),
    (lab.WARN, 64, "check example.com", "--sel s1"),
    (lab.WARN, 64, "check example.com", "--selector s1..x"),
    (lab.WARN, lab.WARN, "check example.com", "--only mtasts,tlsrpt,tlsa,dmarc"),
])
def test_changes(program, tmp_path, now, keeps, command, option):
    """What CHANGES says of an exit code, and of the option that gives the
    other one."""
    zone = tmp_path / "zone"
    zone.write_text(DRAFT)
    words = shlex.split(command)
    if words[0] != "parse":
        words += ["--zone", f"example.com={zone}"]
    assert program(*words).code == now
    assert program(*words, *shlex.split(option)).code == keeps
