# test_lint_formats.py - what lint writes for machines, and into files
# SPDX-License-Identifier: BSD-3-Clause
"""Formats of lint; baselines; repairs.

SARIF names a file with the schema of SARIF 2.1.0 (OASIS); with it, SARIF is
held to that as well.
"""
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import urllib.parse
import xml.etree.ElementTree

import jsonschema
import pytest

import lab

SCHEMA = json.loads((lab.ROOT / "schema/lint.schema.json").read_text())


def part(name):
    """A definition of the schema."""
    return {"definitions": SCHEMA["definitions"],
            "$ref": f"#/definitions/{name}"}


HEAD = """$ORIGIN example.com.
$TTL 3600
@ SOA ns.example.net. h.example.com. 1 2 3 4 5
@ NS ns.example.net.
"""

# Faults of several sorts, some of which can be repaired.
BROKEN = HEAD + """\
; the mail of "B\u00fcro" \U0001f600
@ MX 10 mail.example.com.
mail A 198.18.0.25
@ TXT "v=spf1 mx -al" ; sent from here
_dmarc   TXT  v=DMARC1; p=none ; set by joe
\U0001f600\u00fc TXT "v=spf1 a -al"
s1._domainkey TXT ( "v=DKIM1; p=%s" ) ; key
""" % ("A" * 300)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def broken(folder):
    (folder / "zones").mkdir()
    path = pathlib.Path("zones/b r,%:.zone")
    path.write_text(BROKEN)
    return path


def lint(program, *args, **kwargs):
    return program("lint", *args, **kwargs)


def findings(program, *args):
    return lint(program, "--format", "json", *args).json["findings"]


def told(all_findings):
    """Those that are shown: what follows from another is left out."""
    return [f for f in all_findings if f["ignored"] is None
            and f["follows"] is None
            and f["severity"] in ("fail", "warn", "notice")]


def test_json_follows_its_schema(program, broken):
    result = lint(program, "--format", "json", broken)
    jsonschema.validate(result.json, SCHEMA)
    assert result.code == 2 and result.json["result"] == "fail"
    assert result.json["zones"] == [
        {"name": "example.com.", "file": str(broken)}]
    names = {n["name"]: n for n in result.json["names"]}
    assert names["example.com."]["role"] == "mail"
    assert names["example.com."]["result"] == "fail"
    for severity, n in result.json["counts"].items():
        if severity != "ignored":
            assert n == sum(f["severity"] == severity and f["follows"] is None
                            for f in result.json["findings"])
    assert any(f["follows"] for f in result.json["findings"])
    lines = BROKEN.encode().split(b"\n")
    for f in result.json["findings"]:
        if f["line"] and f["column"]:
            line = lines[f["line"] - 1]
            assert f["text"].encode() == line
            assert f["column"] - 1 + (f["length"] or 0) <= len(line)
    prints = [f["fingerprint"] for f in result.json["findings"]]
    assert len(set(prints)) == len(prints) > 3


@pytest.mark.parametrize("change", [
    {"result": "good"}, {"zones": None}, {"names": [{}]},
    {"findings": [{"code": "x"}]}, {"schema": "unbound-mailauth/2"},
    {"counts": {}}, {"time": "now"},
])
def test_schema_refuses(program, broken, change):
    result = lint(program, "--format", "json", broken).json
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, **change}, SCHEMA)


def test_ndjson_has_the_same(program, broken):
    lines = lint(program, "--format", "ndjson", broken).objects
    whole = lint(program, "--format", "json", broken).json
    for line in lines:
        jsonschema.validate(line, part("line"))
    for kind in "zone", "name", "finding":
        assert whole[kind + "s"] == [
            {k: v for k, v in line.items() if k != "object"}
            for line in lines if line["object"] == kind]
    assert lines[-1]["object"] == "result"
    assert lines[-1]["counts"] == whole["counts"]


# SARIF: what the standard asks of the members that are written.

def utf16(text):
    """Units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def check_sarif(document):
    """Hold a document to the rules for what it has."""
    if "SARIF" in os.environ:
        jsonschema.validate(document, json.loads(
            pathlib.Path(os.environ["SARIF"]).read_text()))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    run, = document["runs"]
    driver = run["tool"]["driver"]
    assert set(run) == {"tool", "columnKind", "results"}
    assert driver["name"] == "unbound-mailauth"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in driver["rules"]:
        page = urllib.parse.urlsplit(rule["helpUri"])
        assert page.scheme in ("https", "man") and " " not in rule["helpUri"]
        assert rule["shortDescription"]["text"] in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in (
            "none", "note", "warning", "error")
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("note", "warning", "error")
        assert result["message"]["text"]
        assert list(result["partialFingerprints"]) == ["mailauth/v1"]
        for place in result["locations"]:
            check_place(place["physicalLocation"])
        for suppression in result.get("suppressions", []):
            assert suppression["kind"] in ("inSource", "external")
            assert suppression["justification"]
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                assert change["replacements"]
    return run


def check_place(place):
    path = urllib.parse.unquote(place["artifactLocation"]["uri"])
    lines = pathlib.Path(path).read_text().split("\n")
    region = place.get("region")
    if region is None:
        return
    line = lines[region["startLine"] - 1]
    assert region["startLine"] >= 1
    if "startColumn" in region:
        assert 1 <= region["startColumn"] <= utf16(line) + 1
        assert region["startColumn"] <= region.get("endColumn", 1 << 30) <= \
            max(utf16(line) + 1, 1 << 30 if "endColumn" not in region else 0)
        assert region["snippet"]["text"] == line


def test_sarif(program, broken):
    document = lint(program, "--format", "sarif", broken).json
    run = check_sarif(document)
    assert run["columnKind"] == "utf16CodeUnits"
    all_findings = findings(program, broken)
    assert [r["ruleId"] for r in run["results"]] == [
        f["code"] for f in told(all_findings)]
    places = {}
    for r in run["results"]:
        place = r["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "zones/b%20r%2C%25%3A.zone"
        places.setdefault(r["ruleId"], []).append(place["region"])
    # The line begins with a character of two units and one of one.
    odd = [p for p in places["spf-unknown-mechanism"]
           if p["startLine"] == 10]
    if odd:
        line = BROKEN.split("\n")[9]
        assert odd[0]["startColumn"] == utf16(line[:line.index("-al")]) + 1
        assert odd[0]["endColumn"] - odd[0]["startColumn"] == 3


def test_sarif_braces_are_doubled(program, folder):
    """A message may have arguments in braces (3.11.5)."""
    pathlib.Path("a.zone").write_text(
        HEAD + '@ TXT "v=spf1 exists:%{x}.example.com -all"\n')
    document = lint(program, "--format", "sarif", "a.zone").json
    check_sarif(document)
    texts = [r["message"]["text"] for r in document["runs"][0]["results"]]
    texts += [r["help"]["text"]
              for r in document["runs"][0]["tool"]["driver"]["rules"]]
    assert any("{{" in t for t in texts)
    for text in texts:
        assert "{" not in text.replace("{{", "")
        assert "}" not in text.replace("}}", "")


def test_sarif_of_nothing(program, folder):
    pathlib.Path("a.zone").write_text(HEAD + "www A 198.18.0.1\n")
    run = check_sarif(lint(program, "--format", "sarif", "a.zone").json)
    assert [r for r in run["results"] if r["level"] == "error"] == []


# Services of continuous integration.

def unescape(text):
    return urllib.parse.unquote(text)


def test_github(program, broken):
    result = lint(program, "--format", "github", broken)
    all_findings = told(findings(program, broken))
    lines = result.out.splitlines()
    assert len(lines) == len(all_findings)
    for line, f in zip(lines, all_findings):
        empty, head, data = line.split("::", 2)
        command, properties = head.split(" ", 1)
        assert empty == "" and command == {
            "fail": "error", "warn": "warning"}.get(f["severity"], "notice")
        values = dict(p.split("=", 1) for p in properties.split(","))
        assert values["title"] == f["code"]
        assert unescape(values["file"]) == f["file"]
        assert int(values["line"]) == f["line"]
        text = unescape(data)
        assert f["message"] in text and (f["remedy"] or "") in text


def test_gitlab(program, broken):
    report = lint(program, "--format", "gitlab", broken).json
    all_findings = told(findings(program, broken))
    assert len(report) == len(all_findings)
    for entry, f in zip(report, all_findings):
        assert set(entry) == {"description", "check_name", "fingerprint",
                              "severity", "location"}
        assert entry["check_name"] == f["code"]
        assert entry["fingerprint"] == f["fingerprint"]
        assert entry["severity"] == {
            "fail": "critical", "warn": "major", "notice": "minor"}[
                f["severity"]]
        assert entry["location"] == {
            "path": f["file"], "lines": {"begin": f["line"]}}
        assert f["message"] in entry["description"]


def test_junit(program, broken):
    result = lint(program, "--format", "junit", broken)
    root = xml.etree.ElementTree.fromstring(result.out.encode())
    names = lint(program, "--format", "json", broken).json["names"]
    cases = {c.get("name"): c for c in root.iter("testcase")}
    for name in names:
        case = cases[name["name"]]
        assert (case.find("failure") is None) == (name["result"] == "pass")
    suite, = root
    assert suite.get("name") == "example.com."
    # All that the schema of Jenkins (junit-10.xsd) has for both.
    assert set(root.attrib) == set(suite.attrib) == {
        "name", "tests", "failures", "errors", "time"}
    for element in root, suite:
        assert int(element.get("tests")) == len(cases)
        assert int(element.get("failures")) == len(list(root.iter("failure")))
    assert "[spf-unknown-mechanism]" in cases["example.com."][0].text


def test_tap(program, broken):
    result = lint(program, "--format", "tap", broken)
    lines = result.out.splitlines()
    assert lines[0] == "TAP version 13"
    tests = [x for x in lines if x.startswith(("ok ", "not ok "))]
    assert lines[1] == f"1..{len(tests)}"
    assert any(x.startswith("not ok") and x.endswith("- example.com.")
               for x in tests)
    assert result.out.count("\n  ---\n") == result.out.count("\n  ...\n") > 0


@pytest.mark.skipif(shutil.which("prove") is None,
                    reason="there is no prove")
@pytest.mark.parametrize("fault, summary", [
    (False, "Result: PASS"), (True, "Failed tests?: +1$")])
def test_tap_is_read_by_perl(program, tmp_path, fault, summary):
    """TAP::Harness of Perl finds no fault in the form."""
    zone = tmp_path / "a.example.zone"
    zone.write_text("$TTL 300\n@ SOA ns.b.example. h.a.example. 1 2 3 4 5\n"
                    "@ NS ns.b.example.\n"
                    f'@ TXT "v=spf1 {"-al" if fault else "-all"}"\n'
                    '_dmarc TXT "v=DMARC1; p=reject"\n@ MX 0 .\n')
    (tmp_path / "out").write_text(
        lint(program, "--format", "tap", zone).out)
    done = subprocess.run(
        ["prove", "--exec", "cat", tmp_path / "out"], capture_output=True,
        text=True, timeout=60, check=False)
    assert re.search(summary, done.stdout, re.MULTILINE), done.stdout
    assert "Parse errors" not in done.stdout


# A line that hides three records, and the check that misses them.
HIDES = HEAD + "@ MX 10 mail\nmail A 9.9.9.9\n$INCLUDE none.inc\n"
HIDDEN = "spf-missing", "dmarc-missing", "dkim-absent"


@pytest.mark.parametrize("form", sorted(
    set(lab.formats("lint")) - {"json", "ndjson"}))
def test_consequences_are_left_out(program, folder, form):
    pathlib.Path("a.zone").write_text(HIDES)
    result = lint(program, "--format", form, "a.zone")
    assert result.code == 2 and "zone-include" in result.out
    assert not any(code in result.out for code in HIDDEN)
    everything = {f["code"] for f in findings(program, "a.zone")}
    assert everything >= set(HIDDEN)


def test_tests_name_a_cause_elsewhere(program, folder):
    """The name is not judged for a fault of the file, and says which."""
    pathlib.Path("a.zone").write_text(HIDES)
    out = lint(program, "--format", "junit", "a.zone").out
    case = {c.get("name"): c for c in xml.etree.ElementTree.fromstring(
        out.encode()).iter("testcase")}["example.com."]
    assert "the cause is elsewhere [zone-include]" in case[0].text
    out = lint(program, "--format", "tap", "a.zone").out
    assert "\n  follows: zone-include\n  findings: []\n" in out


def test_a_failure_is_always_shown(program, folder):
    """Private addresses fail; nothing weaker may hide that."""
    pathlib.Path("a.zone").write_text(
        HEAD + '@ MX 10 m\nm A 10.0.0.5\n@ TXT "v=spf1 mx -all"\n')
    result = lint(program, "a.zone")
    assert result.code == 2 and ": fail: " in result.out


@pytest.mark.parametrize("form", ["junit", "tap"])
def test_tests_fail_with_the_exit_status(program, folder, form):
    """A warning is a failed test unless --verdict-on says otherwise."""
    pathlib.Path("a.zone").write_text(
        HEAD + '@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=none"\n')
    args = "--format", form, "--profile", "guide", "a.zone"
    bad = {"junit": "<failure", "tap": "not ok"}[form]
    result = lint(program, *args)
    assert (bad in result.out) == (result.code != 0)
    result = lint(program, "--verdict-on", "fail", *args)
    assert (bad in result.out) == (result.code != 0)


@pytest.mark.parametrize("form", ["github", "gitlab", "sarif"])
def test_level(program, broken, form):
    def codes(level):
        out = lint(program, "--format", form, "--level", level, broken).out
        return {f["code"] for f in findings(program, broken)
                if f'{f["code"]}' in out.split('"results"')[-1]}
    assert codes("fail") < codes("info")


# Baselines.

def test_baseline(program, broken):
    made = lint(program, "--baseline", "known.json", "--update-baseline",
                broken)
    assert made.code == 0
    text = pathlib.Path("known.json").read_text()
    known = json.loads(text)
    jsonschema.validate(known, part("baseline"))
    order = [tuple(f[k] or "" for k in ("zone", "name", "type", "code"))
             for f in known["findings"]]
    assert order == sorted(order) and len(order) > 3
    again = lint(program, "--format", "json", "--baseline", "known.json",
                 broken)
    assert again.code == 0 and again.json["result"] == "pass"
    assert again.json["counts"]["ignored"] == len(order)
    assert {f["ignored"] for f in again.json["findings"]} == {
        None, "it is in the baseline"}
    assert all(f["severity"] in ("fail", "warn", "notice")
               for f in again.json["findings"] if f["ignored"])
    # The same findings make the same file.
    lint(program, "--baseline", "known.json", "--update-baseline", broken)
    assert pathlib.Path("known.json").read_text() == text
    # Lines move, blanks change: it is the same finding.
    broken.write_text(BROKEN.replace("_dmarc   TXT  ", "_dmarc\tTXT ")
                      .replace("@ MX", "\n\n; more\n@ MX"))
    assert lint(program, "--baseline", "known.json", broken).code == 0
    # A new one counts.
    broken.write_text(BROKEN + '_dmarc.x TXT "v=DMARC1; p=nein"\n')
    assert lint(program, "--baseline", "known.json", broken).code == 2
    # And so does a change of the record.
    broken.write_text(BROKEN.replace("mx -al\"", "mx -lal\""))
    assert lint(program, "--baseline", "known.json", broken).code == 2
    # What was mended is dropped.
    broken.write_text(BROKEN.replace("mx -al\"", "mx -all\""))
    lint(program, "--baseline", "known.json", "--update-baseline", broken)
    less = json.loads(pathlib.Path("known.json").read_text())
    assert len(less["findings"]) < len(order)
    assert {f["fingerprint"] for f in less["findings"]} < {
        f["fingerprint"] for f in known["findings"]}


def test_baseline_marks_sarif(program, broken):
    lint(program, "--baseline", "known.json", "--update-baseline", broken)
    run = check_sarif(lint(program, "--format", "sarif", "--baseline",
                           "known.json", broken).json)
    assert run["results"]
    for result in run["results"]:
        assert result["suppressions"] == [
            {"kind": "external", "justification": "it is in the baseline"}]


def test_same_findings_are_told_apart(program, folder):
    """Two of one record, one of which is known."""
    line = "_dmarc.x TXT v=DMARC1; p=none\n"
    zone = pathlib.Path("a.zone")
    zone.write_text(HEAD + line)
    lint(program, "--baseline", "known.json", "--update-baseline", zone)
    zone.write_text(HEAD + line + line)
    new = [f for f in findings(program, "--baseline", "known.json", zone)
           if f["code"] == "zone-semicolon" and f["length"]]
    assert sorted(f["ignored"] is None for f in new) == [False, True]


def test_facts_are_not_ignored(program, broken):
    """What is said of ignored findings counts those that need work."""
    result = lint(program, "--format", "json", "--diff", broken, broken)
    old = [f["severity"] for f in result.json["findings"] if f["ignored"]]
    assert "info" in old
    assert result.json["counts"]["ignored"] == len(
        [s for s in old if s not in ("info", "pass")])


@pytest.mark.parametrize("text, why", [
    ("", "it is not a baseline"),
    ("{\n\n x", "line 3: it is not a baseline"),
    ("[]", "schema"),
    ("{}", "schema"),
    ('{"schema": "unbound-mailauth/2", "findings": []}', "schema"),
    ('{"schema": "unbound-mailauth/1"}', "no list of findings"),
    ('{"schema": "unbound-mailauth/1", "findings": {}}',
     "no list of findings"),
    ('{"schema": "unbound-mailauth/1", "findings": [{}]}',
     "finding 1 has no fingerprint"),
    ('{"schema": "unbound-mailauth/1", "findings": [{"fingerprint": 1}]}',
     "finding 1 has no fingerprint"),
    ('{"schema": "unbound-mailauth/1", "findings": '
     '[{"fingerprint": "0123456789ABCDEF"}]}',
     "finding 1 has no fingerprint"),
])
def test_baseline_broken(program, broken, text, why):
    pathlib.Path("known.json").write_text(text)
    result = lint(program, "--baseline", "known.json", broken)
    assert result.code == lab.INPUT and result.out == ""
    line, = result.err.splitlines()
    assert line.startswith("unbound-mailauth: known.json: ") and why in line
    # An update asks nothing of the old file.
    assert lint(program, "--baseline", "known.json", "--update-baseline",
                broken).code == 0


def test_baseline_missing(program, broken):
    result = lint(program, "--baseline", "known.json", broken)
    assert result.code == lab.INPUT
    assert "--update-baseline makes it" in result.err
    assert not pathlib.Path("known.json").exists()
    result = lint(program, "--baseline", "no/known.json",
                  "--update-baseline", broken)
    assert result.code == 71


@pytest.mark.parametrize("args, why", [
    (["--update-baseline"], "--update-baseline: name the file"),
    (["--write"], "--write: it goes with --fix"),
])
def test_wrong_use(program, broken, args, why):
    result = lint(program, *args, broken)
    assert result.code == lab.USE and why in result.err
    assert lint(program, *args).code == lab.USE


# Repairs.

def repaired(program, path):
    """Print the repairs, and apply them to a copy."""
    diff = subprocess.run(
        [program.path, "lint", "--fix", path], capture_output=True,
        check=False, timeout=60).stdout
    copy = pathlib.Path("copy")
    copy.write_bytes(path.read_bytes())
    subprocess.run(["patch", "-s", "--binary", str(copy)], check=True,
                   input=diff, timeout=20)
    return diff, copy.read_bytes()


def test_fix(program, broken):
    before = broken.read_bytes()
    bad = {f["code"] for f in findings(program, broken) if f["fix"]}
    assert {"zone-semicolon", "spf-unknown-mechanism",
            "txt-string-over-255"} <= bad
    diff, after = repaired(program, broken)
    assert broken.read_bytes() == before
    assert diff.decode().startswith(
        f"--- a/{broken}\t\n+++ b/{broken}\t\n@@ ")
    broken.chmod(0o640)
    result = lint(program, "--fix", "--write", broken)
    assert broken.read_bytes() == after
    assert stat.S_IMODE(broken.stat().st_mode) == 0o640
    assert "records were repaired" in result.err
    left = {f["code"] for f in findings(program, broken)}
    assert not left & {"zone-semicolon", "spf-unknown-mechanism",
                       "txt-string-over-255"}
    # Nothing else changed: what was added or taken away is in these lines.
    old, new = before.decode().split("\n"), after.decode().split("\n")
    assert len(old) == len(new)
    changed = [i + 1 for i, (a, b) in enumerate(zip(old, new)) if a != b]
    assert changed == [8, 9, 10, 11] or changed == [8, 9, 11]
    assert new[7] == '@ TXT "v=spf1 mx -all" ; sent from here'
    assert new[8] == '_dmarc   TXT  "v=DMARC1; p=none" ; set by joe'
    assert new[10].endswith('" ) ; key') and '" "' in new[10]
    assert lint(program, "--fix", broken).out == ""


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_fix_for_git(program, folder):
    path = pathlib.Path("z.zone")
    path.write_text(BROKEN)
    diff, after = repaired(program, path)
    subprocess.run(["git", "init", "-q"], check=True, timeout=20)
    subprocess.run(["git", "apply"], input=diff, check=True, timeout=20)
    assert path.read_bytes() == after


@pytest.mark.parametrize("change", [
    lambda text: text.replace(b"\n", b"\r\n"),
    lambda text: text.rstrip(b"\n"),
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.replace(b"_dmarc   TXT  v=DMARC1; p=none ; set by joe",
                              b"; \xff\n_dmarc TXT v=DMARC1; p=none"),
    lambda text: text.replace(b"; the mail", b"\n" * 40 + b"; the mail"),
    lambda text: text.replace(b"_dmarc", b"\n" * 20 + b"_dmarc"),
    lambda text: text.replace(
        b'"v=spf1 mx -al"', b'( "v=spf1"  ; one\n\t" mx"\n\t" -al"\n )'),
])
def test_fix_keeps_the_rest(program, folder, change):
    path = pathlib.Path("z.zone")
    path.write_bytes(change(BROKEN.encode()))
    old = path.read_bytes()
    _, after = repaired(program, path)
    assert after != old
    lint(program, "--fix", "--write", path)
    assert path.read_bytes() == after
    assert lint(program, "--fix", path).out == ""
    comments = [x.split(b";")[-1] for x in old.splitlines()
                if b"sent from here" in x or b"set by joe" in x]
    for comment in comments:
        assert comment in after
    assert after.count(b"\r\n") in (0, after.count(b"\n"))


def test_fix_of_included_file(program, folder):
    pathlib.Path("z.zone").write_text(HEAD + "$INCLUDE more.inc\n")
    more = pathlib.Path("more.inc")
    more.write_text('@ TXT "v=spf1 mx -al"\n')
    lint(program, "--fix", "--write", "z.zone")
    assert more.read_text() == '@ TXT "v=spf1 mx -all"\n'


def test_fix_that_makes_it_worse(program, folder):
    path = pathlib.Path("z.zone")
    text = (HEAD + "@ MX 10 m\nm A 198.18.0.25\n"
            "m.example.com CNAME x\n")
    path.write_text(text)
    for args in [], ["--write"]:
        result = lint(program, "--fix", *args, path)
        assert "with its repairs it has more failures" in result.err
        assert path.read_text() == text
        assert args or result.out == ""


def test_fix_of_doubled_owner(program, folder):
    path = pathlib.Path("z.zone")
    path.write_text(HEAD + "@ MX 10 m.example.net.\n"
                    '_dmarc.example.com TXT "v=DMARC1; p=none"\n')
    before = path.read_text()
    lint(program, "--fix", "--write", path)
    assert path.read_text() == before.replace("_dmarc.example.com",
                                              "_dmarc.example.com.")
    again = lint(program, "--fix", path)
    assert again.out == "" and "there is nothing to repair" in again.err


def test_fix_of_standard_input(program, folder):
    result = lint(program, "--fix", "-", text=BROKEN)
    assert result.code == lab.USE
    assert "give a file, not the standard input" in result.err


def test_fix_leaves_what_is_ignored(program, folder):
    path = pathlib.Path("z.zone")
    path.write_text(BROKEN)
    lint(program, "--baseline", "known.json", "--update-baseline", path)
    assert lint(program, "--fix", "--baseline", "known.json",
                path).out == ""


def test_text(program, broken):
    out = lint(program, broken).out
    assert f"{broken}:8:18: fail: " in out
    assert "\n    8 | @ TXT \"v=spf1 mx -al\" ; sent from here\n" \
        "      |                  ^~~\n" in out
    assert out.splitlines()[-1].startswith("1 zone, ")
