# test_runner.py - the command test: fixture zones with expectations
# SPDX-License-Identifier: BSD-3-Clause
"""Case files of every kind, what is said about them, and in which form."""
import json
import os
import re
import resource
import subprocess
import xml.etree.ElementTree as ET

import jsonschema
import pytest

import lab

CHECKS = lab.ROOT / "testdata" / "checks"
SETTINGS = lab.ROOT / "testdata" / "settings"

# The zone of most cases: it warns of a tag list with an empty piece.
ZONE = """$ORIGIN example.com.
$TTL 300
@ SOA ns hostmaster 1 3600 900 1209600 300
@ NS ns
ns A 192.0.2.53
@ A 192.0.2.4
@ MX 10 mail
mail A 192.0.2.4
mail TXT "v=spf1 a -all"
@ TXT "v=spf1 ip4:192.0.2.4 -all"
_dmarc TXT "v=DMARC1;; p=reject; rua=mailto:r@example.com"
"""

COMMON = """  zone example.com example.zone
  args --allow-documentation

"""


@pytest.fixture
def write(tmp_path):
    """Put a case file beside the zone."""
    (tmp_path / "example.zone").write_text(ZONE)

    def put(text, name="a.case"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def told(program, path, *args):
    """The results, one object a case."""
    done = program("test", "--format", "ndjson", *args, path)
    return done, done.objects


def outcome(program, path, *args):
    """The only result."""
    done, (one,) = told(program, path, *args)
    return done.code, one["outcome"], [
        d["text"] for d in one["differences"]], one["reason"]


# The shipped cases.

def test_our_own_cases(program):
    """They have the answers that pytest/test_checks.py gives."""
    done, cases = told(program, CHECKS)
    assert done.code == lab.PASS and done.err == ""
    skipped = [c for c in cases if c["outcome"] == "skip"]
    assert {c["outcome"] for c in cases} == {"pass", "skip"}
    assert len(cases) > 180 and len(skipped) == 1
    assert skipped[0]["reason"] == "its zones are not signed"


def test_our_own_settings(program):
    """The cases of the guide that need settings."""
    done, cases = told(program, SETTINGS)
    assert done.code == lab.PASS and done.err == ""
    assert {c["outcome"] for c in cases} == {"pass"} and len(cases) == 63


def test_settings_are_read(program, write, tmp_path):
    """Without its settings a case is another one, with others too."""
    text = (SETTINGS / "guide.case").read_text().replace(
        "../zones/", f"{lab.ZONES}/")
    path = write(text.replace('"WEBCONTROL_PUBLIC_IP": "192.0.2.1"',
                              '"WEBCONTROL_PUBLIC_IP": "192.0.2.77"'))
    failed = [c["case"] for c in told(program, path)[1]
              if c["outcome"] == "fail"]
    assert len(failed) == 4 and all(re.match("G0[236] ", x) for x in failed)
    path = write(re.sub(r"^  settings .*\n", "", text, flags=re.MULTILINE))
    assert {c["outcome"] for c in told(program, path)[1]} == {"fail"}


def test_our_own_cases_could_fail(program, tmp_path):
    """With another zone below them nearly all fail."""
    text = (CHECKS / "guide.case").read_text()
    (tmp_path / "guide.case").write_text(text.replace(
        "../zones/guide-corrected.zone",
        str(lab.ZONES / "guide-printed.zone")).replace(
            "../zones/", f"{lab.ZONES}/"))
    done, cases = told(program, tmp_path)
    passed = sum(c["outcome"] == "pass" for c in cases)
    assert done.code >= lab.FAIL and passed < len(cases) / 2


# Every word.

@pytest.mark.parametrize("lines, wrong", [
    (["= warn"], []),
    (["= pass"], [
        "= pass: it is warn",
        "warn: no DKIM key was found: no name exists below _domainkey, "
        "where all keys are [dkim-absent]",
        "{zone}:11: warn: there is nothing between two semicolons "
        "[tag-double-semicolon]"]),
    (["has spf-ok"], []),
    (["has spf-missing"], ["not there: spf-missing"]),
    (["hasnot spf-missing"], []),
    (["hasnot spf-ok dmarc-ok"], ["there: spf-ok dmarc-ok"]),
    (["delete @ MX", "+ mx-implicit", "- mx-ok mx-single"], []),
    (["delete @ MX", "+ mx-implicit", "- mx-ok"],
     ["goes, and is not expected: mx-single"]),
    (["delete @ MX", "- mx-ok mx-single"],
     ["comes, and is not expected: mx-implicit"]),
    (["+ mx-null"], ["does not come: mx-null"]),
    (["- mx-ok"], ["does not go: mx-ok"]),
    (["+ mx-ok"], []),
    (["+ dnssec-secure"], ["not there: dnssec-secure"]),
    (["add @ MX 20 mail", "= warn"],
     ["comes, and is not expected: mx-duplicate mx-same-address",
      "goes, and is not expected: mx-single"]),
    (["in example.com", "delete mail A 192", "add mail A 192.0.2.4",
      "= warn"], []),
    (["severity spf-ok pass"], []),
    (["severity spf-ok warn"], ["severity spf-ok warn: it is pass"]),
    (["severity spf-missing fail"], ["severity spf-missing: not there"]),
    (["remedy spf-missing x"], ["remedy spf-missing: not there"]),
    (["remedy dmarc-ok x"], ["remedy dmarc-ok: there is no remedy"]),
    (["remedy dnssec-validation-off normal for a draft that is not signed "
      "yet; for a signed zone give its DS record or its key"], []),
    (["record mx example.com. MX valid"], []),
    (["record mx example.com. MX none"],
     ["record mx example.com. MX none: it is valid"]),
    (["record mx x.example.com. MX absent"], []),
    (["record mx x.example.com. MX valid"],
     ["record mx x.example.com. MX valid: it is absent"]),
    (["dnssec unchecked"], []),
    (["dnssec secure"], ["dnssec secure: it is unchecked"]),
    (["spf pass --ip 192.0.2.4"], []),
    (["spf pass --ip 192.0.2.5 --mail-from joe@example.com"],
     ["spf pass --ip 192.0.2.5 --mail-from joe@example.com: it is fail"]),
    (["spf none --ip 192.0.2.4 ns.example.com"], []),
    (["spf pass --ip 192.0.2.4 --helo mail.example.com"], []),
    (["dmarc reject"], []),
    (["dmarc none"], ["dmarc none: it is reject"]),
    (["dmarc pass --spf example.com"], []),
    (["dmarc fail --spf other.example"], []),
    (["delete _dmarc", "+ dmarc-missing", "severity dmarc-missing fail",
      "dmarc absent", "hasnot dmarc-ok"], None),
    (["args --profile rfc", "has spf-ok"], None),
    (["noargs --allow-documentation", "= warn"], []),
    (["noargs", "= fail", "has dns-special-use-address"], None),
    (["domain mail.example.com", "= fail", "has spf-ok"], None),
    (["domain mail.example.com", "+ spf-missing"],
     ["not there: spf-missing"]),
    (["domain mail.example.com", "- spf-ok"], ["there: spf-ok"]),
    (["unsigned", "= warn"], []),
    (["zone example.com", "  @ SOA a b 1 2 3 4 5", "  @ NS a.other.net.",
      "  @ TXT \"v=spf1 -all\"", "has spf-ok"], None),
    (["newzone example.net", "  mail A 192.0.2.9", "= warn"], []),
    (["zone example.com", "  $TTL 300", "  @ SOA a b 1 2 3 4 5",
      "  @ NS a.other.net.", "  @ TXT (\"v=spf1 \"", "    \"-all\" )",
      "has txt-multi-string"], None),
])
def test_word(program, write, lines, wrong):
    path = write(COMMON + "a title\n" + "".join(f"  {x}\n" for x in lines))
    code, result, differences, why = outcome(program, path)
    if wrong is None:
        assert result in ("pass", "fail"), why
    else:
        zone = path.parent / "example.zone"
        assert differences == [x.replace("{zone}", plain(zone))
                               for x in wrong] and why is None
        assert (code, result) == ((lab.PASS, "pass") if not wrong
                                  else (lab.FAIL, "fail"))


PANEL = '{"domains": ["example.com"], "nodes": [%s]}'
NODE = '{"ip": "192.0.2.4", "host": "mail.example.com"}'


@pytest.mark.parametrize("lines, has", [
    ([f"settings {PANEL % NODE}"], True),
    ([f"let n {NODE}", f"settings {PANEL % '@n@'}"], True),
    (["let ip 192.0.2.4", f"let n {NODE.replace('192.0.2.4', '@ip@')}",
      f"settings {PANEL % '@n@'}"], True),
    ([f"settings {PANEL % ''}", f'settings {{"nodes": [{NODE}]}}'], True),
    ([f"let n {NODE}", "let n", f"settings {PANEL % '@n@'}"], None),
    ([f"settings {PANEL % '@n@'}", f"let n {NODE}"], None),
    ([f"let n {NODE}", "let m @n@", f"settings {PANEL % '@o@'}"], None),
    (["let x @x@", "settings {@x@}"], None),
    ([], False),
])
def test_settings(program, write, lines, has):
    """What is in them, and a name only for what is above it."""
    path = write(COMMON + "it\n" + "".join(f"  {x}\n" for x in lines)
                 + "  has cfg-route\n  = warn\n")
    done = program("test", "--format", "ndjson", path)
    if has is None:
        assert done.code == lab.INPUT and "a.case:" in done.err
        return
    assert done.err == ""
    difference = [d["text"] for d in done.objects[0]["differences"]]
    assert ("not there: cfg-route" in difference) != has


def test_settings_of_all(program, write):
    """Those before the first case are of what it is compared with."""
    common = COMMON.rstrip("\n") + "\n  newzone 2.0.192.in-addr.arpa\n" \
        f"  settings {PANEL % NODE}\n\n"
    path = write(common + "it\n  has cfg-route\n")
    assert outcome(program, path) == (lab.PASS, "pass", [], None)


def test_settings_beside_the_case(program, write, tmp_path, monkeypatch):
    """Key files are looked for there, wherever the program runs."""
    subprocess.run(["openssl", "genrsa", "-out", tmp_path / "k.pem", "2048"],
                   check=True, capture_output=True)
    text = PANEL % NODE
    path = write(COMMON + "it\n  = warn\n  settings " + text[:-1]
                 + ', "keys": [{"name": "k", "file": "k.pem"}]}\n')
    monkeypatch.chdir("/")
    _, (one,) = told(program, path)
    assert one["outcome"] == "fail" and one["reason"] is None
    (tmp_path / "k.pem").unlink()
    done = program("test", path)
    assert done.code == lab.INPUT
    assert "a.case:6: settings: keys[0].file" in done.err


def test_list_tells_all(program, write):
    """What was read of a case, for other programs."""
    path = write(COMMON + "it\n  delete @ MX\n  args --selector s\n"
                 "  let a 1\n  settings {\"x\": @a@}\n  unsigned\n"
                 "  + mx-implicit\n  = warn\n")
    (row,) = program("test", "--list", "-v", "--format", "json", path).json
    schema = json.loads((lab.ROOT / "schema/test.schema.json").read_text())
    jsonschema.validate(row, {**schema["definitions"]["listed"],
                              "additionalProperties": False})
    assert row["zones"] == [{"name": "example.com", "text": "".join(
        x + "\n" for x in ZONE.splitlines() if " MX " not in x)}]
    del row["zones"]
    assert row == {
        "file": str(path), "line": 4, "case": "it", "domain": "example.com",
        "args": ["--allow-documentation", "--selector", "s"],
        "settings": ['{"x": 1}'], "only": "unsigned", "expects": [
            {"line": 10, "word": "+", "text": "mx-implicit"},
            {"line": 11, "word": "=", "text": "warn"}]}
    assert list(program("test", "--list", "--format", "json", path).json[0]) \
        == ["file", "line", "case"]


def test_without_base(program, write):
    """A case on its own: + is has, - is hasnot."""
    path = write("it\n  zone example.com example.zone\n"
                 "  args --allow-documentation\n"
                 "  + spf-ok\n  - spf-missing mx-ok\n")
    assert outcome(program, path)[2] == ["there: mx-ok"]


def test_codes_are_all(program, write):
    path = write(COMMON + "it\n  codes spf-ok mx-null\n")
    _, result, (missing, more), _ = outcome(program, path)
    assert result == "fail" and missing == "not there: mx-null"
    assert more.startswith("there, and not expected: ") and "mx-ok" in more
    assert "dnssec-validation-off" not in more


def test_quoted_argument(program, write, tmp_path, keys):
    """A signed zone, its anchor in the case, and the state that follows."""
    zones = lab.Zones(tmp_path, keys)
    signed = zones.sign(lab.Zone("example.com", ZONE))
    case = (f"it\n  zone example.com {signed.name}\n  signed\n"
            "  args --allow-documentation --ds "
            f"\"{zones.anchors['example.com']}\"\n"
            "  dnssec secure\n  = warn\n  has dnssec-secure\n")
    path = write(case)
    assert outcome(program, path) == (lab.PASS, "pass", [], None)
    (tmp_path / "anchor").write_text(zones.anchors["example.com"] + "\n")
    path = write(re.sub('--ds ".*"', "--trust-anchor anchor", case))
    assert outcome(program, path) == (lab.PASS, "pass", [], None)
    path = write(case.replace("  signed\n", "  unsigned\n"))
    done, (one,) = told(program, path)
    assert one["outcome"] == "skip" and "signed" in one["reason"]
    assert done.code == lab.INPUT and "skipped" in done.err


def test_keyfile(program, write, tmp_path):
    """Files of arguments are beside the case file."""
    (tmp_path / "key.pem").write_text("no key\n")
    path = write(COMMON + "it\n  args --dkim-key key.pem --selector s\n"
                 "  = warn\n")
    done = program("test", path)
    assert done.code == lab.INPUT
    assert f"a.case:5: {tmp_path}/key.pem: there is no key" in done.err


# Could not be told, could not be run.

def test_untold(program, write):
    """A name that cannot be looked up is not absent, nor a failure."""
    path = write(COMMON + "it\n  delete @ TXT\n"
                 "  add @ TXT \"v=spf1 include:loop.example.com -all\"\n"
                 "  add loop CNAME loop\n"
                 "  = warn\n")
    code, result, differences, _ = outcome(program, path)
    assert (code, result) == (lab.TEMPERROR, "temperror")
    assert differences[0] == "= warn: it is temperror"
    before = path.read_text()
    done = program("test", "--update", path)
    assert done.code == lab.TEMPERROR and path.read_text() == before
    path.write_text(before.replace("= warn", "= temperror"))
    assert outcome(program, path)[1] == "fail"
    program("test", "--update", path)
    assert outcome(program, path)[:2] == (lab.PASS, "pass")


@pytest.mark.parametrize("lines, line, why", [
    ("  delete @ AAAA\n", 6, "@ AAAA: there is no such line"),
    ("  add @ NONSENSE\n", 1, "zone example.com:"),
    ("  zone x.example\n    @ TXT x\n", 6, "no SOA record"),
    ("  args --selector a..b\n", None, ""),
    ("  domain a..b\n", 4, "empty label"),
    ("  args --ip 192.0.2.400\n", 4, "not an IP address"),
])
def test_cannot_be_run(program, write, lines, line, why):
    """It is told, the other cases are run, and nothing is written."""
    path = write(COMMON + f"it\n  = warn\n{lines}\n"
                 "another\n  = fail\n")
    done, (one, other) = told(program, path)
    assert other["outcome"] == "fail"
    if line is None:
        return
    assert one["outcome"] == "error" and why in one["reason"]
    assert one["line"] == line and done.code == lab.INPUT
    before = path.read_text()
    done = program("test", "--update", path)
    assert done.code == lab.INPUT and path.read_text() == before
    assert "left as it is" in done.err


def test_broken_base(program, write):
    (path := write(COMMON + "it\n  delete @ MX\n  = warn\n")).parent.joinpath(
        "example.zone").write_text("@ SOA what\n@ MX 10 mail\n")
    code, result, _, why = outcome(program, path)
    assert (code, result) == (lab.INPUT, "error")
    assert "before the first case: " in why and "example.zone:1:" in why


# Files that are wrong.

FAULTS = """\
  = warn
  zone a..b x
  zone example.com no-such.zone
  zone example.com example.zone
  args --nonsense

one
 two
  = maybe
  + nonsense spf-ok
  nothing at all
    a line of no zone
  in other.net
  = warn
  = warn
  args --server 192.0.2.1
  args "a
  record nonsense a. TXT valid
  record spf a TXT valid
  record spf a. TXT good
  record spf a.
  severity spf-ok bad
  remedy spf-ok
  dnssec maybe
  spf maybe --ip 192.0.2.1
  spf pass
  dmarc reject a.example b.example
  domain
  signed x
  args --help
  args --key-history x
  args word
\ttab

two

three
  signed
  unsigned
  = warn
  + spf-ok
  codes spf-ok
"""


def test_faults(program, write):
    """All of them are told, with file and line, and nothing is run."""
    path = write(FAULTS)
    done = program("test", path)
    assert done.code == lab.INPUT and done.out == ""
    lines = done.err.splitlines()
    head = f"unbound-mailauth: {path}:"
    assert all(x.startswith(head) for x in lines)
    seen = {}
    for x in lines:
        number, _, why = x[len(head):].partition(": ")
        seen.setdefault(int(number), []).append(why)
    for number, why in {
            1: "it belongs to a case", 2: "empty label",
            3: "No such file", 5: "no such option",
            8: "indent by two blanks", 9: "it is one of pass, warn",
            10: "nonsense: there is no such finding",
            11: "nothing: there is no such word", 12: "no zone goes on",
            13: "there is no such zone", 15: "it is here already",
            16: "no such option", 17: "a quote has no end",
            18: "no such kind", 19: "final dot", 20: "it is one of valid",
            21: "KIND NAME TYPE VERDICT", 22: "it is one of pass, info",
            23: "CODE TEXT", 24: "it is one of secure", 25: "it is one of",
            26: "give one address", 27: "one domain at a time",
            28: "name a domain", 29: "nothing to follow",
            33: "indent by two", 35: "two: nothing is expected of it",
            37: "three: "}.items():
        assert any(why in w for w in seen.get(number, [])), (number, seen)
    assert program("test", "-q", path).code == lab.INPUT


@pytest.mark.parametrize("args, why", [
    ("--help", "no such option"), ("--version", "no such option"),
    ("--key-history x", "not for a test"),
    ("--compare-servers", "a test has none"),
    ("--verdict-on fail", "not for a test"), ("word", "it is no option"),
    ("--server 192.0.2.1", "no such option"),
    ("--zone a=b", "no such option"), ("--online", "no such option"),
    ("-C x", "no such option"), ("-r", "no such option"),
    ("--format json", "no such option"),
    ("--trust-anchor none", "No such file"),
    ("--settings x", "behind the word settings"),
    ("--selec s", "no such option"),
])
def test_arguments(program, write, args, why):
    """No argument of a case opens the network or prints."""
    done = program("test", write(COMMON + f"it\n  args {args}\n  = warn\n"))
    assert done.code == lab.INPUT and done.out == ""
    assert "a.case:5: " in done.err and why in done.err


@pytest.mark.parametrize("text, why", [
    ("", "there is no case in it"), ("# nothing\n", "there is no case"),
    ("it\n  = warn\n", "it has no zone"),
    (COMMON + "it\n  = warn\0\n", "control octet"),
    (COMMON + "it\n  has\n", "name one finding"),
    (COMMON + "it\n  = warn\n  let a\n", "NAME TEXT"),
    (COMMON + "it\n  = warn\n  let a@b c\n", "letters and digits"),
    (COMMON + "it\n  = warn\n  settings\n", "as a JSON object"),
    (COMMON + "it\n  = warn\n  settings {\n", "a.case:6: settings: line 1"),
    (COMMON + "it\n  = warn\n  settings {\"senders\": 1}\n",
     "a.case:6: settings: senders: a list"),
    (COMMON + "it\n  = warn\n" + "  settings {}\n" * 65, "too many"),
    (COMMON + "it\n  = warn\n  let a0 1\n" + "".join(
        f"  let a{i + 1} @a{i}@\n" for i in range(9))
     + "  settings {@a9@}\n", "too long"),
    (COMMON + "it\n  = warn\n  let a0 " + "x" * 1000 + "\n" + "".join(
        f"  let a{i + 1} {f'@a{i}@' * 10}\n" for i in range(5))
     + "  settings {@a5@}\n", "too long"),
    ("  in example.com\n" + COMMON + "it\n  = warn\n", "no such zone"),
    ("  add x\n" + COMMON + "it\n  = warn\n", "no zone so far"),
])
def test_fault(program, write, text, why):
    done = program("test", write(text))
    assert done.code == lab.INPUT and why in done.err


# Folders.

def test_folders(program, write, tmp_path):
    """All below, sorted; other files are none of ours."""
    case = COMMON.replace("example.zone", str(tmp_path / "example.zone")) \
        + "%s\n  = warn\n"
    for name in ("b/2.case", "b/1.case", "a.case", "c.d/e/f.case"):
        write(case % name, f"cases/{name}")
    write("nonsense", "cases/README")
    write("nonsense", "cases/.hidden.case")
    write("nonsense", "cases/x.case~")
    done, cases = told(program, tmp_path / "cases")
    assert [c["case"] for c in cases] == ["a.case", "b/1.case", "b/2.case",
                                          "c.d/e/f.case"]
    done = program("test", "--list", f"{tmp_path}/cases/",
                   tmp_path / "cases/a.case")
    assert len(done.out.splitlines()) == 4
    assert done.out.startswith(f"{tmp_path}/cases/a.case:4: a.case\n")


def test_empty_folder(program, tmp_path):
    """A test that cannot fail is refused."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x/a.txt").write_text("it\n")
    done = program("test", tmp_path)
    assert done.code == lab.INPUT and "no case file in it" in done.err


def test_empty_folder_beside_another(program, write, tmp_path):
    write(COMMON + "it\n  = warn\n")
    (tmp_path / "x").mkdir()
    done = program("test", tmp_path / "a.case", tmp_path / "x")
    assert done.code == lab.INPUT and "x: there is no case file" in done.err


def test_links(program, write, tmp_path):
    """Loops are told; a file that is found twice is run once."""
    path = write(COMMON + "it\n  = warn\n", "d/a.case")
    (tmp_path / "d/example.zone").write_text(ZONE)
    (tmp_path / "d/again.case").symlink_to(path)
    (tmp_path / "d/sub").mkdir()
    (tmp_path / "d/sub/other").symlink_to(path)
    assert len(told(program, tmp_path / "d")[1]) == 1
    (tmp_path / "d/sub/up").symlink_to(tmp_path / "d")
    done = program("test", tmp_path / "d")
    assert done.code == lab.INPUT and "leads back to a folder" in done.err
    (tmp_path / "d/sub/up").unlink()
    (tmp_path / "d/self.case").symlink_to(tmp_path / "d/self.case")
    done = program("test", tmp_path / "d")
    assert done.code == lab.INPUT and "self.case: " in done.err
    (tmp_path / "d/self.case").unlink()
    (tmp_path / "d/gone.case").symlink_to(tmp_path / "nothing")
    done = program("test", tmp_path / "d")
    assert done.code == lab.INPUT and "gone.case: No such file" in done.err


def test_odd_files(program, write, tmp_path):
    write(COMMON + "it\n  = warn\n")
    os.mkfifo(tmp_path / "pipe.case")
    (tmp_path / "folder.case").mkdir()
    done = program("test", tmp_path)
    assert done.code == lab.INPUT and "no regular file" in done.err
    assert program("test", tmp_path / "none").code == lab.INPUT


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_unreadable(program, write, tmp_path):
    path = write(COMMON + "it\n  = warn\n")
    path.chmod(0)
    done = program("test", tmp_path)
    assert done.code == lab.INPUT and "Permission denied" in done.err


# Use.

@pytest.mark.parametrize("args, why", [
    (("--list", "--format", "tap", "x"), "no such format of --list"),
    ((), "name a file or folder"), (("--format", "xml", "x"), "tap, junit"),
    (("--jobs", "0", "x"), "from 1 to 64"), (("--jobs", "x", "x"), "1 to 64"),
    (("--list", "--update", "x"), "does not go with"),
    (("--server", "192.0.2.1", "x"), "no such option"),
    (("--match", "nothing like it", CHECKS), "there is no such case"),
])
def test_use(program, args, why):
    done = program("test", *args)
    assert done.code == lab.USE and why in done.err and done.out == ""


def test_formats_of_test_alone(program):
    for name in ("tap", "junit"):
        done = program("check", "--format", name, "example.com")
        assert done.code == lab.USE and "no such format" in done.err


def test_match(program):
    def titles(pattern):
        return [c["case"] for c in program(
            "test", "--list", "--format", "json", "--match", pattern,
            CHECKS).json]

    assert titles("G00") == ["G00 the corrected zone"]
    assert titles("G0? the*") == ["G00 the corrected zone"]
    assert len(titles("G1")) > 2


# Output.

HOSTILE = 'a # b \\# <&>" \']]> é -- \x7f ...'
MIXED = COMMON + f"""good
  = warn

{HOSTILE}
  = pass
  has spf-missing

skipped # SKIP not
  signed
  = pass

broken
  delete @ AAAA
  = warn

untold
  delete @ TXT
  add @ TXT "v=spf1 include:loop.example.com -all"
  add loop CNAME loop
  = warn
"""
RESULTS = ["pass", "fail", "skip", "error", "temperror"]
SHOWN = HOSTILE.replace("\\", "\\\\").replace("é", "\\195\\169").replace(
    "\x7f", "\\127")


@pytest.fixture
def mixed(write):
    """One case of each result."""
    return write(MIXED, "odd <&\"> ü#.case")


def plain(path):
    """A path as it is shown."""
    return str(path).replace("ü", "\\195\\188")


def test_text(program, mixed):
    done = program("test", mixed)
    assert done.code == lab.INPUT and done.err == ""
    lines = done.out.splitlines()
    assert lines[0] == f"FAIL  {plain(mixed)}:7: {SHOWN}"
    assert lines[1] == "      8: = pass: it is warn"
    assert lines[2].endswith("[dkim-absent]")
    assert lines[3] == (f"      8: {plain(mixed.parent)}/example.zone:11: warn: "
                        "there is nothing between two semicolons "
                        "[tag-double-semicolon]")
    assert lines[4] == "      9: not there: spf-missing"
    assert lines[5] == f"ERROR {plain(mixed)}:16: broken"
    assert "there is no such line in the zone" in lines[6]
    assert lines[7] == f"TEMP  {plain(mixed)}:19: untold"
    assert re.fullmatch(
        r"1 passed, 1 failed, 1 could not be told, 1 skipped, "
        r"1 could not be run \(\d+\.\d{3} s\)", lines[-1])
    assert done.out.isascii()
    verbose = program("test", "-v", mixed).out
    assert "ok    " in verbose and "skip  " in verbose
    quiet = program("test", "-q", mixed)
    assert (quiet.code, quiet.out, quiet.err) == (lab.INPUT, "", "")


def test_json(program, mixed):
    schema = json.loads((lab.ROOT / "schema/test.schema.json").read_text())
    done = program("test", "--format", "json", mixed)
    jsonschema.validate(done.json, schema)
    assert [c["outcome"] for c in done.json["cases"]] == RESULTS
    assert all(done.json[r] == 1 for r in RESULTS)
    assert done.json["cases"][1]["case"] == SHOWN
    lines = program("test", "--format", "ndjson", mixed).objects

    def timeless(cases):
        return [{**c, "seconds": 0} for c in cases]

    assert timeless(lines) == timeless(done.json["cases"])


def parse_tap(text):
    """A strict reader of TAP 13: results by number, diagnostics whole."""
    lines = text.splitlines()
    assert lines[0] == "TAP version 13"
    plan = re.fullmatch(r"1\.\.(\d+)", lines[1])
    tests, inside = [], None
    for line in lines[2:]:
        if inside is not None:
            assert line.startswith("  ")
            if line == "  ...":
                inside = None
            else:
                inside.append(line[2:])
        elif line == "  ---":
            inside = tests[-1][3]
        else:
            m = re.fullmatch(
                r"(not )?ok (\d+) - ((?:[^#\\]|\\[#\\])*?)"
                r"(?: # (SKIP) (.*))?", line)
            assert m, line
            assert int(m[2]) == len(tests) + 1
            tests.append((m[1] is None, re.sub(r"\\(.)", r"\1", m[3]), m[4],
                          []))
    assert inside is None and len(tests) == int(plan[1])
    return tests


def test_tap(program, mixed):
    yaml = pytest.importorskip("yaml")
    tests = parse_tap(program("test", "--format", "tap", mixed).out)
    assert [t[0] for t in tests] == [True, False, True, False, False]
    assert [t[2] for t in tests] == [None, None, "SKIP", None, None]
    assert tests[1][1] == f"{plain(mixed)}:7: {SHOWN}"
    seen = yaml.safe_load("\n".join(tests[1][3]))
    assert seen["outcome"] == "fail"
    assert seen["differences"][0] == {"line": 8,
                                      "text": "= pass: it is warn"}
    assert "no such line" in yaml.safe_load("\n".join(tests[3][3]))["message"]


def test_tap_bails_out(program, write):
    done = program("test", "--format", "tap", write("it\n"))
    assert done.code == lab.INPUT and "Bail out!" in done.out


def test_junit(program, mixed, tmp_path):
    (tmp_path / "z.case").write_text(COMMON + "other\n  = warn\n")
    done = program("test", "--format", "junit", tmp_path)
    root = ET.fromstring(done.out)
    assert root.tag == "testsuites"
    assert {**root.attrib, "time": ""} == {
        "name": "unbound-mailauth", "tests": "6", "failures": "1",
        "errors": "2", "time": ""}
    first, second = root.findall("testsuite")
    assert (first.get("skipped"), second.get("skipped")) == ("1", "0")
    assert first.get("name") == plain(mixed) and second.get("tests") == "1"
    cases = first.findall("testcase")
    assert [c.get("name") for c in cases][1] == SHOWN
    assert [[x.tag for x in c] for c in cases] == [
        [], ["failure"], ["skipped"], ["error"], ["error"]]
    assert cases[1][0].text == \
        f"{plain(mixed)}:7: {SHOWN}\n" \
        "line 8: = pass: it is warn\n" \
        "line 8: warn: no DKIM key was found: no name exists below " \
        "_domainkey, where all keys are [dkim-absent]\n" \
        f"line 8: {plain(mixed.parent)}/example.zone:11: warn: there is " \
        "nothing between two semicolons [tag-double-semicolon]\n" \
        "line 9: not there: spf-missing"
    assert float(cases[0].get("time")) >= 0


def test_hostile_octets(program, write):
    """Whatever a title holds: well-formed, and no control octet."""
    path = write(COMMON.encode() + b"t " + bytes(
        x for x in range(0x21, 0x100) if x != 0x23) + b"\n  = pass\n")
    for name in lab.formats("test"):
        done = program("test", "--format", name, path)
        assert done.code == lab.FAIL
        assert all(x == "\n" or " " <= x <= "~" for x in done.out)
        if name == "junit":
            ET.fromstring(done.out)
        elif name == "tap":
            parse_tap(done.out)


# Update.

OLD = """# A head.
  zone example.com example.zone
  args --allow-documentation

# The first.
it
  delete @ MX
  # as it was
  = pass
  + mx-null
  # gone
  - mx-ok spf-ok
  has mx-null spf-ok
  hasnot dmarc-ok
  record mx example.com. MX valid
  severity spf-ok warn
  severity mx-null warn
  remedy dmarc-ok x
  dnssec secure
  spf pass --ip 192.0.2.5   --mail-from joe@example.com
  dmarc none

another # case
  codes mx-ok mx-null

a third
  delete @ MX

  - mx-ok mx-single
  + mx-implicit
"""

NEW = """# A head.
  zone example.com example.zone
  args --allow-documentation

# The first.
it
  delete @ MX
  # as it was
  = warn
  + mx-implicit
  # gone
  - mx-ok
  - mx-single
  has spf-ok
  has dmarc-ok
  hasnot mx-null
  record mx example.com. MX none
  severity spf-ok pass
  hasnot mx-null
  has dmarc-ok
  dnssec unchecked
  spf fail --ip 192.0.2.5   --mail-from joe@example.com
  dmarc reject
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_update(program, write, end):
    path = write(OLD.replace("\n", end))
    path.chmod(0o640)
    assert program("test", path).code == lab.FAIL
    assert path.read_bytes().decode() == OLD.replace("\n", end)
    done = program("test", "--update", path)
    assert done.code == lab.PASS and "= pass: it is warn" in done.out
    assert "2 cases written anew" in done.err
    text = path.read_bytes().decode()
    assert text.count("\n") == text.count(end)
    text = text.replace(end, "\n")
    assert text.startswith(NEW), text
    assert text.endswith(OLD[OLD.index("a third"):])
    assert path.stat().st_mode & 0o777 == 0o640
    assert [x for x in os.listdir(path.parent) if "case" in x] == ["a.case"]
    assert program("test", path).code == lab.PASS
    done = program("test", "--update", path)
    assert (done.code, done.err) == (lab.PASS, "")
    assert path.read_bytes().decode().replace(end, "\n") == text
    assert all(len(x) <= 80 for x in text.splitlines())


def test_update_keeps_a_test(program, write):
    """What is left without an expectation gets one."""
    path = write(COMMON + "it\n  + mx-null")
    assert program("test", "--update", path).code == lab.PASS
    assert path.read_text() == COMMON + "it\n  = warn\n"
    assert program("test", path).code == lab.PASS


def test_update_of_a_link(program, write, tmp_path):
    path = write(COMMON + "it\n  = pass\n")
    link = tmp_path / "link.case"
    link.symlink_to("a.case")
    assert program("test", "--update", link).code == lab.PASS
    assert link.is_symlink() and "= warn" in path.read_text()


def test_update_of_our_own(program, tmp_path):
    """Nothing to change, octet by octet."""
    for path in CHECKS.glob("*.case"):
        (tmp_path / path.name).write_text(path.read_text().replace(
            "../zones/", f"{lab.ZONES}/").replace(
                "../keys/", f"{lab.ZONES.parent}/keys/"))
    before = {p: p.read_bytes() for p in tmp_path.iterdir()}
    assert program("test", "--update", tmp_path).code == lab.PASS
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_update_of_matched(program, write):
    path = write(COMMON + "one\n  = pass\n\ntwo\n  = pass\n")
    assert program("test", "--update", "--match", "two",
                   path).code == lab.PASS
    assert path.read_text() == COMMON + "one\n  = pass\n\ntwo\n  = warn\n"


# Many.

@pytest.mark.alone
def test_thousand_zones(program, tmp_path):
    """Five seconds of work at most, in a memory that does not grow: time
    that other programs take is not counted."""
    lab.small_zones(tmp_path, 1000)
    build = (program.path.parent / "Makefile").read_text()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([program.path, "test", tmp_path], check=False,
                          capture_output=True, encoding="ascii")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == lab.PASS, done.stderr
    assert done.stdout.startswith("1000 passed, 0 failed")
    if re.search(r"^SANITIZE = \S", build, re.MULTILINE):
        return
    spent = after.ru_utime + after.ru_stime - before.ru_utime \
        - before.ru_stime
    assert spent <= 5, spent
    peak = subprocess.run(
        ["/usr/bin/python3", "-c",
         "import resource, subprocess, sys\n"
         "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
         "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
         program.path, "test", tmp_path], check=True, capture_output=True,
        encoding="ascii").stdout
    assert int(peak) < 64 * 1024


def test_the_tutorial(program, tmp_path):
    """The cases of mailauth-test(7) are cases."""
    page = (lab.ROOT / "man" / "mailauth-test.7").read_text()
    blocks = [x.replace("\\e", "\\") for x in re.findall(
        r"^\.Bd [^\n]*\n(.*?)^\.Ed", page, re.DOTALL | re.MULTILINE)]
    cases = [x for x in blocks if re.search(r"^  [a-z=+-]", x, re.MULTILINE)
             and "unbound-mailauth " not in x]
    assert len(cases) == 6 and cases[0].startswith("  zone ")
    (tmp_path / "a.case").write_text("\n".join(cases))
    for name in ("db.example.com", "db.example.com.signed", "example.com.ds"):
        (tmp_path / name).write_text(ZONE)
    done = program("test", "--list", tmp_path)
    assert done.code == lab.PASS, done.err
    assert len(done.out.splitlines()) == 7


def test_no_network(program, tmp_path, write):
    """Nothing but files and the system's own sockets is opened."""
    path = write("it\n  zone example.com example.zone\n  delete @ TXT\n"
                 "  args --allow-documentation\n"
                 "  add @ TXT \"v=spf1 include:other.net -all\"\n"
                 "  = warn\n")
    trace = tmp_path / "trace"
    traced = lab.Program(program.path, ["strace", "-f", "-o", trace, "-e",
                                        "trace=connect,sendto,sendmsg"])
    try:
        # Leaks cannot be looked for below strace.
        done = traced("test", path, env={"ASAN_OPTIONS": "detect_leaks=0"})
    except FileNotFoundError:
        pytest.skip("there is no strace here")
    assert done.code == lab.PASS, done.out
    assert "AF_INET" not in trace.read_text()


def test_temporary_files_are_gone(program, write, tmp_path):
    (tmp_path / "t").mkdir()
    path = write(MIXED)
    program("test", path, env={"TMPDIR": str(tmp_path / "t")})
    assert not list((tmp_path / "t").iterdir())


def test_a_killed_run_leaves_nothing(program, write, tmp_path):
    """Zones that are edited for cases end with the process."""
    where = tmp_path / "temporary"
    where.mkdir()
    cases = "".join(
        f'case {i}\n  add @ TXT "x={i}"\n  = warn\n\n' for i in range(3000))
    path = write(COMMON + cases)
    run = subprocess.Popen(
        [program.path, "test", path], stdout=subprocess.PIPE,
        env={"TMPDIR": str(where)})
    while run.poll() is None and len(run.stdout.read(1)) == 0:
        pass
    run.kill()
    run.wait()
    assert not list(where.iterdir())
