# test_corpora.py - messages that other programs are tested with
# SPDX-License-Identifier: BSD-3-Clause
"""A differential test: the public corpora of other programs have messages, the
DNS to verify them with, and what each program says of them. The folder that
MAILAUTH_CORPORA names, or else shared/corpora beside the project, has their
sources: mail-dkim, rspamd, authentication_milter, mail-auth, arc_test_suite.
What is not there is skipped. Each difference that is known is named below with
its reason; another one fails, and so does one that is gone."""
import json
import os
import pathlib
import re

import pytest
import yaml

import lab

FOLDER = pathlib.Path(os.environ.get(
    "MAILAUTH_CORPORA", lab.ROOT.parent / "shared" / "corpora"))

# A root zone: names that are not in it do not exist.
ROOT_ZONE = ("$ORIGIN .\n$TTL 300\n@ SOA ns.invalid. host.invalid. 1 2 3 4 5\n"
             "@ NS ns.invalid.\n")

# Case: why the other program says something else.
DRAFT = "signed by a draft of RFC 4871, without v=1"
SHA1 = "signed with SHA-1, which verifiers must not accept (RFC 8301)"
OLD = "DomainKeys (RFC 4870), which is historic"
ONE_LABEL = "a domain of one label, or none: SPF is not evaluated"
DIFFERS = {
    **{f"mail-dkim {x}.txt": DRAFT for x in (
        *(f"good_ietf00_{i}" for i in range(1, 6)),
        *(f"mine_ietf01_{i}" for i in range(1, 5)), "mine_ietf05_1",
        "good_ietf01_1", "good_ietf01_2", "multiple_1",
        "no_body_1", "no_body_2", "no_body_3")},
    **{f"mail-dkim {x}.txt": SHA1 for x in (
        "good_rfc4871_3", "good_rfc4871_4", "good_1878523", "good_83176",
        "multiple_2", "good_qp_1", "good_qp_2", "good_qp_3",
        *(f"goodkey_{i}" for i in range(1, 5)))},
    **{f"mail-dkim {x}.txt": OLD for x in (
        "good_dk_gmail", "good_dk_yahoo", "dk_headers_1", "dk_headers_2",
        "dk_multiple_1", *(f"good_dk_{i}" for i in range(1, 8)),
        *(f"bad_dk_{i}" for i in range(1, 6)))},
    "rspamd 115_dmarc: DMARC SUBDOMAIN PASS SPF RELAXED ALIGNMENT: "
    "DMARC_POLICY_ALLOW": "RFC 9989 finds another organization by its walk",
    "rspamd 117_spf: SPF FAIL UNRESOLVEABLE INCLUDE: R_SPF_FAIL":
    "an include without a record is a permerror (RFC 7208 5.2)",
    "rspamd 117_spf: SPF NA NA: R_SPF_NA": ONE_LABEL,
    "rspamd 117_spf: SPF NA NXDOMAIN: R_SPF_NA": ONE_LABEL,
    "rspamd 117_spf: SPF NA HELO IP LITERAL: R_SPF_NA": ONE_LABEL,
    "rspamd 117_spf: SPF ALLOW DNS REQUESTS AT LIMIT: R_SPF_ALLOW":
    "the limit of lookups is 10 (RFC 7208 4.6.4), there 30",
    **{f"authentication_milter {x}.eml: spf":
       "the milter maps the address to another one" for x in (
           "google_apps_good_map", "google_apps_good_map_cidr")},
    **{f"authentication_milter {x}.eml: dmarc":
       "several authors or none: there is no one domain to evaluate"
       for x in ("dmarc_multi", "dmarc_multi_2", "spam_headers_hide_none",
                 "spam_headers_spf_hide_none")},
    "authentication_milter dmarc_multi_2.eml: spf":
    "two reverse addresses in one: the last one counts here",
    "authentication_milter dmarc_reject_wl.eml: dkim": SHA1,
    "mail-auth dkim/005.txt": "it has expired since; there the clock is set",
}


def source(name):
    path = FOLDER / name
    if not path.is_dir():
        pytest.skip(f"{path} is not there: name its folder by "
                    "MAILAUTH_CORPORA")
    return path


def txt(name, text):
    """A TXT record; other octets than printable ones as \\ddd."""
    octets = text if isinstance(text, bytes) else text.encode()
    parts = [octets[i:i + 255] for i in range(0, len(octets), 255)] or [b""]
    shown = " ".join('"' + "".join(
        chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\{c:03d}"
        for c in part) + '"' for part in parts)
    return f"{name.rstrip('.')}. TXT {shown}\n"


class Explainer:
    """Explains messages over one zone of all names."""

    def __init__(self, program, folder, zone):
        self.program = program
        self.message = folder / "message.eml"
        self.zone = folder / "root.zone"
        self.zone.write_text(ROOT_ZONE + zone, encoding="utf-8")

    def __call__(self, octets, *args):
        self.message.write_bytes(octets)
        done = self.program("explain", "--format", "json",
                            "--allow-documentation", "--zone",
                            f".={self.zone}", *args, self.message)
        assert done.code < 64, done.err
        return json.loads(done.out)


def dkim_of(report):
    """As these programs have it: the best result of all signatures."""
    found = [s["result"] for s in report["results"]["dkim"]]
    if not found:
        return "none"
    return "pass" if "pass" in found else "not pass"


def spf_of(report):
    return report["results"]["spf"]["result"]


def dmarc_of(report):
    dmarc = report["results"]["dmarc"]
    return dmarc["result"] if dmarc else None


def compare(name, cases):
    """All cases of a corpus; `cases` are (case, said there, said here)."""
    cases = list(cases)
    assert cases, f"{name}: no case was found"
    differ = {f"{name} {case}": (there, here)
              for case, there, here in cases if there != here}
    print(f"{name}: {len(cases)} cases, {len(differ)} differ")
    for case, (there, here) in differ.items():
        print(f"  {case}: {there} there, {here} here")
    known = {case for case in DIFFERS if case.startswith(f"{name} ")}
    assert set(differ) == known


def test_mail_dkim(program, tmp_path):
    """Mail::DKIM, its test of the verifier."""
    folder = source("mail-dkim") / "t"
    zone = []
    for line in (folder / "FAKE_DNS.dat").read_text().splitlines():
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        owner, text = line.split(None, 1)
        if not text.startswith("~~") and text != "NXDOMAIN":
            zone.append(txt(owner, text))
    explain = Explainer(program, tmp_path, "".join(zone))
    wanted = re.findall(r'^\s*test_email\(\s*"([^"]+)",\s*"(\w+)"\s*\)',
                        (folder / "verifier.t").read_text(), re.MULTILINE)
    words = {"pass": "pass", "none": "none"}
    compare("mail-dkim", (
        (file, words.get(want, "not pass"), dkim_of(explain(
            (folder / "corpus" / file).read_bytes())))
        for file, want in wanted if (folder / "corpus" / file).exists()))


# Symbols of rspamd. A lookup that fails cannot be written in a zone.
SYMBOLS = {
    "R_DKIM_ALLOW": ("dkim", "pass"), "R_DKIM_REJECT": ("dkim", "not pass"),
    "R_DKIM_PERMFAIL": ("dkim", "not pass"), "R_DKIM_NA": ("dkim", "none"),
    "R_SPF_ALLOW": ("spf", "pass"), "R_SPF_FAIL": ("spf", "fail"),
    "R_SPF_SOFTFAIL": ("spf", "softfail"),
    "R_SPF_NEUTRAL": ("spf", "neutral"), "R_SPF_NA": ("spf", "none"),
    "R_SPF_PERMFAIL": ("spf", "permerror"),
    "DMARC_POLICY_ALLOW": ("dmarc", "pass"),
    "DMARC_POLICY_REJECT": ("dmarc", "fail"),
    "DMARC_POLICY_QUARANTINE": ("dmarc", "fail"),
    "DMARC_POLICY_SOFTFAIL": ("dmarc", "fail"), "DMARC_NA": ("dmarc", "none"),
}
OF = {"dkim": dkim_of, "spf": spf_of, "dmarc": dmarc_of}


def fake_records(folder):
    """The DNS of rspamd's tests: records of its configurations, once each."""
    zone, failing = {}, set()
    for path in sorted((folder / "configs").glob("*.conf")):
        text = re.sub(r"(?m)(^|\s)#.*$", "", path.read_text())
        for block in re.findall(r"\{([^{}]*\bname\s*=[^{}]*)\}", text):
            name = re.search(r'\bname\s*=\s*"([^"]*)"', block)
            kind = re.search(r'\btype\s*=\s*"?(\w+)', block)
            if not name or not kind:
                continue
            name, kind = name[1].rstrip("."), kind[1].upper()
            if re.search(r"rcode\s*=\s*[\"']?(timeout|servfail)", block):
                failing.add(name)
            replies = re.search(r"replies\s*=\s*\[(.*?)\]", block, re.DOTALL)
            for value in re.findall(r'"((?:[^"\\]|\\.)*)"',
                                    replies[1] if replies else ""):
                if kind == "TXT":
                    line = txt(name, value)
                elif kind in ("A", "AAAA"):
                    line = f"{name}. {kind} {value}\n"
                elif kind in ("MX", "PTR"):
                    line = f"{name}. {kind} {value.rstrip('.')}.\n"
                else:
                    continue
                zone.setdefault(name, {})[line] = None
    return "".join(line for lines in zone.values() for line in lines), failing


def scans(folder):
    """(case, message, options, symbol) of the robot files."""
    for path in sorted((folder / "cases").rglob("*.robot")):
        for case in re.split(r"(?m)^(?=\S)", path.read_text()):
            scan = re.search(r"Scan File\s+\$\{RSPAMD_TESTDIR\}(\S+)", case)
            if not scan or case.count("Scan File") > 1:
                continue
            said = dict(re.findall(r"\b(IP|From|Helo)=(\S+)", case))
            if "${" in "".join(said.values()):
                continue
            title = f"{path.stem}: {case.splitlines()[0].strip()}"
            for symbol in re.findall(r"^\s+Expect Symbol\s+(\w+)\s*$", case,
                                     re.MULTILINE):
                if symbol in SYMBOLS:
                    yield title, folder / scan[1].lstrip("/"), said, symbol


def test_rspamd(program, tmp_path):
    """rspamd, its functional tests of DKIM, SPF and DMARC."""
    folder = source("rspamd") / "test" / "functional"
    zone, failing = fake_records(folder)
    explain = Explainer(program, tmp_path, zone)

    def cases():
        for title, path, said, symbol in scans(folder):
            kind, want = SYMBOLS[symbol]
            octets = path.read_bytes()
            args = [x for option, key in (("--ip", "IP"),
                                          ("--mail-from", "From"),
                                          ("--helo", "Helo"))
                    if key in said for x in (option, said[key])]
            if any(name.encode() in octets or name in str(said)
                   for name in failing) or "IP" not in said:
                continue
            yield f"{title}: {symbol}", want, OF[kind](explain(octets, *args))
    compare("rspamd", cases())


def test_authentication_milter(program, tmp_path):
    """authentication_milter: the headers that it adds."""
    folder = source("authentication_milter") / "t"
    zone = "".join(x for x in (folder / "zonefile").read_text().splitlines(
        keepends=True) if not re.search(
            r"^;|\sTXT\s*$|\s(NS|SOA)\s", x))
    explain = Explainer(program, tmp_path, zone)
    blocks = re.findall(r"milter_process\(\{(.*?)\}\)",
                        (folder / "AuthMilterTest.pm").read_text(), re.DOTALL)

    def cases():
        for block in blocks:
            said = dict(re.findall(r"'(\w+)'\s*=>\s*'([^']*)'", block))
            want = folder / "data" / "example" / said["dest"]
            path = folder / "data" / "source" / said["source"]
            if not want.exists() or not path.exists():
                continue
            header = want.read_text(errors="replace").split("\n\n")[0]
            claimed = re.search(r"^Authentication-Results:(.*?)^(?=\S)",
                                header, re.MULTILINE | re.DOTALL)
            if not claimed:
                continue
            report = explain(path.read_bytes(), "--ip", said["ip"],
                             "--mail-from", said["from"] or "<>",
                             "--helo", said["name"])
            for kind, of in OF.items():
                words = re.findall(rf"[\s;]{kind}=(\w+)", claimed[1])
                if not words:
                    continue
                there = words[0] if kind != "dkim" else (
                    "pass" if "pass" in words else
                    words[0] if words[0] == "none" else "not pass")
                yield f"{said['dest']}: {kind}", there, of(report)
    compare("authentication_milter", cases())


def test_mail_auth(program, tmp_path):
    """mail-auth of Stalwart: messages behind their keys; the last signature of
    each passes."""
    folder = source("mail-auth") / "resources"

    def cases():
        for path in sorted(folder.glob("dkim/*.txt")) + sorted(
                folder.glob("arc/*.txt")):
            text = path.read_bytes().replace(b"\r\n", b"\n")
            head, _, message = text.partition(b"\n\n")
            zone = "".join(txt(*line.decode().split(None, 1))
                           for line in head.splitlines())
            explain = Explainer(program, tmp_path, zone)
            yield (f"{path.parent.name}/{path.name}",
                   "pass" if b"DKIM-Signature:" in message else "none",
                   dkim_of(explain(message)))
    compare("mail-auth", cases())


def test_arc(program, tmp_path):
    """The ARC test suite: the chain that a message claims, set by set. ARC is
    not verified here."""
    path = source("arc_test_suite") / "tests" / \
        "arc-draft-validation-tests.yml"

    def cases():
        for suite in yaml.safe_load_all(path.read_text()):
            zone = "".join(txt(owner, text)
                           for owner, text in suite["txt-records"].items())
            explain = Explainer(program, tmp_path, zone)
            for name, case in suite["tests"].items():
                if "ARC-Seal" not in case["message"]:
                    continue
                report = explain(case["message"].encode())
                seals = report["reported"]["arc"]["seals"]
                fields = re.findall(
                    r"(?mi)^ARC-Seal:(.*(?:\n[ \t].*)*)", case["message"])
                # A seal without a number counts as 0.
                there = sorted(x[1] if x else "0" for x in (
                    re.search(r"\bi\s*=\s*(\d+)\s*(;|$)", f)
                    for f in fields))
                yield (f"{suite['description']}: {name}", there,
                       sorted(str(s["instance"]) for s in seals))
    compare("arc_test_suite", cases())
