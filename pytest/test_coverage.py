# test_coverage.py - no finding without a case
# SPDX-License-Identifier: BSD-3-Clause
"""Every code of `list findings` is in the expectation of some case, and out of
that of another; every case of the guide that needs no message has a case here,
and every one of a message a test."""
import importlib
import pathlib
import re

import pytest

import casefile
import lab
import test_checks
import test_dmarc

HERE = pathlib.Path(__file__).resolve().parent
RULES = lab.ROOT.parent / "shared" / "design" / "RULES.md"

# Findings of this program's own, about itself.
OWN = {
    "dns-offline", "limit-reached", "spf-ranges",
    "dmarc-policy-differs", "align-differs", "ar-differs", "hdr-syntax",
    "sig-ok", "sig-syntax", "sig-algorithm", "sig-from-unsigned",
    "sig-identity", "sig-expired", "sig-future", "sig-length",
    "sig-body-changed", "sig-mismatch", "sig-header-changed",
    "sig-copy", "sig-key-unfit", "sig-testing", "bimi-cert-unanchored",
    "sig-expiry-unknown", "ar-contradiction", "hdr-unfolded",
    "cfg-unknown", "cfg-route", "cfg-node-not-public", "dane-digest-of-nothing",
    "cfg-sent-ok", "cfg-sent-from", "cfg-sent-mail-from",
    "cfg-sent-selector", "cfg-sent-node",
    "spf-domain-no-name", "spf-target-no-name",
    "spf-domain-glued", "dkim-empty-piece",
    "tag-blank-behind-version", "tag-blank-at-end",
    "spf-exists-passes-all",
    "dkim-key-uncompared",
    "dkim-p-base64-url", "dns-denial-unproven", "dns-server-unanswered",
    "dns-source-omits-soa", "lookup-undecided", "nothing-checked", "nothing-published",
    "dane-record-of-nothing", "dane-temperror", "mtasts-policy-ok", "mtasts-policy-loose",
    "mtasts-policy-line-end", "mtasts-policy-version", "mtasts-policy-mode",
    "mtasts-policy-testing", "mtasts-policy-none", "mtasts-policy-max-age",
    "mtasts-policy-max-age-short", "mtasts-policy-mx",
    "mtasts-policy-key-duplicate", "mtasts-policy-key-unknown",
    "mtasts-policy-mx-uncovered", "mtasts-policy-mx-uncovered-testing",
    "mtasts-policy-mx-unused", "mtasts-policy-without-record", "dane-match",
    "dane-match-none", "dane-match-other", "dane-match-unfit",
    "dane-match-nothing", "tls-cert-host-unknown",
    "dkim-absent", "dkim-key-unused", "dkim-key-waiting", "domain-absent",
    "role-contradicted", "mail-use-unknown", "spf-nobody-passes", "dns-internal-view", "not-of-kind", "source-strips-dnssec", "source-denies-root", "source-unreachable",
    "report-address-dot", "dkim-wrong-location", "dkim-not-enabled",
    "sig-not-verified", "spf-ptr-temperror", "spf-void-family-lost",
    "spf-void-questions", "txt-string-overrun", "txt-pieces",
    "txt-piece-beside", "txt-host-name", "txt-name-in-text",
    "zone-soa-twice", "zone-ns-missing", "zone-ns-address", "zone-outside",
    "zone-name-doubled", "zone-cname-beside",
    "zone-cname-twice", "zone-cname-dangling", "zone-cname-label",
    "zone-below-delegation", "zone-below-dname",
    "zone-duplicate", "zone-ttl-differs", "zone-ttl-short",
    "zone-rrset-too-large",
    "dns-final-dot-missing", "mx-single-label", "mx-null-miswritten",
    "mx-address-as-name", "txt-wrong-name", "dmarc-undecided",
    "zone-syntax", "zone-rdata", "zone-quote-open", "zone-quotes-inside",
    "zone-unquoted", "zone-semicolon", "zone-parenthesis", "zone-directive",
    "zone-include", "zone-signature-expired",
    "zone-generate", "zone-class", "zone-not-text", "zone-unread", "zone-empty",
    "zone-transfer", "zone-transfer-cut", "zone-hints",
    "zone-file-name", "zone-name-unknown", "zone-file-other", "zone-type-private",
    "zone-reverse-name",
    "zone-soa-name", "zone-soa-missing", "zone-file-twice", "zone-ignore-unknown",
    "diff-mail-lost", "diff-spf-opens", "diff-spf-closes",
    "diff-dkim-key-gone", "diff-dkim-key-changed", "diff-dmarc-weaker",
    "diff-role", "diff-zone-gone", "diff-mx-changed", "diff-reports-changed",
    "diff-alias-changed",
}

# No input has a library fail: the unit tests do. Others need no server.
UNIT = {
    "sig-not-verified": "test_signed.c",
    **dict.fromkeys((
        "dane-mx-insecure", "mtasts-host-missing", "mtasts-policy-ok",
        "mtasts-policy-syntax", "mtasts-policy-loose",
        "mtasts-policy-line-end", "mtasts-policy-version",
        "mtasts-policy-mode", "mtasts-policy-testing", "mtasts-policy-none",
        "mtasts-policy-max-age", "mtasts-policy-max-age-short",
        "mtasts-policy-mx", "mtasts-policy-key-duplicate",
        "mtasts-policy-key-unknown", "mtasts-policy-mx-uncovered",
        "mtasts-policy-mx-uncovered-testing", "mtasts-policy-mx-unused",
        "mtasts-policy-without-record", "dane-match", "dane-match-none",
        "dane-match-other", "dane-match-unfit", "dane-match-nothing",
        "tls-cert-host-unknown",
    ), "test_transport.c"),
    **dict.fromkeys((
        "parked-spf-ok", "parked-spf-weak", "parked-mx-ok", "parked-mx-weak",
        "parked-dmarc-ok", "parked-dmarc-weak", "parked-dkim-wildcard",
        "domain-absent", "role-contradicted", "dkim-absent",
        "dkim-key-unused", "dkim-key-waiting", "spf-nobody-passes",
        "dkim-wrong-location", "dkim-not-enabled",
    ), "test_domain.c"),
    "mail-use-unknown": "test_causes.c",
    **dict.fromkeys((
        "zone-syntax", "zone-rdata", "zone-quote-open",
        "zone-quotes-inside", "zone-semicolon", "zone-parenthesis",
        "zone-unquoted", "zone-signature-expired",
        "zone-directive", "zone-include", "zone-generate",
        "zone-class", "zone-not-text", "zone-unread", "zone-empty",
        "zone-transfer", "zone-transfer-cut", "zone-hints",
    "zone-file-name", "zone-name-unknown", "zone-file-other", "zone-type-private",
    "zone-reverse-name",
    "zone-soa-name", "zone-soa-missing", "zone-file-twice",
        "zone-ignore-unknown",
    ), "test_lint.c"),
    **dict.fromkeys((
        "zone-soa-twice", "zone-ns-missing", "zone-ns-address", "zone-outside",
        "zone-name-doubled", "zone-cname-beside", "zone-cname-twice",
        "zone-cname-dangling", "zone-cname-label",
        "zone-below-delegation", "zone-below-dname", "zone-duplicate",
        "zone-ttl-differs", "zone-ttl-short", "zone-rrset-too-large",
    ), "test_zone.c"),
    **dict.fromkeys((
        "diff-mail-lost", "diff-spf-opens", "diff-spf-closes",
        "diff-dkim-key-gone", "diff-dkim-key-changed", "diff-dmarc-weaker",
        "diff-role", "diff-zone-gone", "diff-mx-changed",
        "diff-reports-changed", "diff-alias-changed",
    ), "test_lint_diff.c"),
    **dict.fromkeys((
        "cfg-sent-ok", "cfg-sent-from", "cfg-sent-mail-from",
        "cfg-sent-selector", "cfg-sent-node",
    ), "test_sent.c"),
    "source-unreachable": "test_source.c",
    "source-strips-dnssec": "test_source.c",
    "source-denies-root": "test_source.c",
}

# Codes whose severities are in one row of the rules with another.
PAIRED = {"spf-record-over-512": "warn", "dmarc-record-over-512": "notice",
          "hdr-spamassassin-spam": "fail", "cfg-mail-from-spf": "pass",
          # Verifiers refuse it (RFC 6376 3.2: values have case).
          "dkim-k-case": "fail",
          # RFC 7672 2.2.1: the host may serve domains that are signed.
          "dane-mx-insecure": "info",
          # Nothing that receivers mind, or that anybody can act on.
          "dns-wildcard-pollution": "fail (rfc: notice)",
          "txt-rrset-over-450": "notice (rfc: info)",
          "txt-rrset-over-512": "warn (rfc: info)",
          # RFC 6376 3.6.1: v= is optional.
          "dkim-v-missing": "notice (rfc: info)",
          "txt-rrset-over-1232": "warn (rfc: notice)",
          # RFC 7505: a null MX is offered, not demanded.
          "parked-mx-weak": "warn (rfc: notice)"}

# Numbers of the guide's cases that are cases here. G37 and N01 to N12 are in
# test_server.py and test_dnssec.py, those of messages in test_explain.py,
# G79 is in test_settings.py.
GUIDE = [*range(1, 37), *range(38, 60), *range(60, 79), *range(80, 98), 99, 100,
         *range(101, 112), *range(124, 133)]


@pytest.fixture(scope="module")
def table(program):
    """The findings by code."""
    done = program("list", "--format", "ndjson", "findings")
    return {row["code"]: row for row in done.objects}


def record_cases():
    """The codes of each case of testdata/records, one set a case."""
    return [case.codes | case.lookup for case in casefile.load()]


def declared():
    """What the tests that are written out say they trigger; each of these
    sets is only believed when the code is in an assertion of its file."""
    cases = []
    for path in HERE.glob("test_*.py"):
        if path.name == "test_coverage.py":
            continue
        codes = getattr(importlib.import_module(path.stem), "TRIGGERS", set())
        tests = path.read_text().partition("\n\n\n")[2]
        unsaid = {c for c in codes if f'"{c}"' not in tests}
        assert not unsaid, f"{path.name}: {sorted(unsaid)}"
        cases.append(codes)
    return cases


def in_unit_tests():
    """Codes of UNIT that are in their files."""
    return {code for code, name in UNIT.items() if re.search(
        rf"\b{code}\b", (lab.ROOT / "test" / "unit" / name).read_text())}


def test_every_code_is_triggered(table):
    there = set().union(*record_cases(), *declared(),
                        test_checks.expected_codes(), in_unit_tests())
    assert not set(table) - there
    assert not {c for c in there if "-" in c} - set(table)


# The tests that trigger the findings of a scope; those of records and lookups
# are in testdata/records, where the unit tests look for them.
TRIGGERED = {
    "SOURCE": ("test_parse",),
    "DOMAIN": ("test_cli", "test_dmarc", "test_dnssec", "test_keys",
               "test_server", "test_spf"),
    "SETTINGS": (),
    "FILE": ("test_bimi",),
    "MERGE": ("test_merge",),
    "MESSAGE": ("test_explain", "test_bimi"),
}


def test_scopes(table):
    """Every finding arises where its scope says it can; that it arises
    nowhere else is seen at each run of the program: lab.strangers()."""
    assert set(lab.SCOPES) == set(table)
    assert set(lab.SCOPES.values()) == {"RECORD", "LOOKUP", *TRIGGERED}
    there = {scope: set().union(*(
        importlib.import_module(name).TRIGGERS for name in names))
        for scope, names in TRIGGERED.items()}
    for case in test_checks.ALL:
        there["SETTINGS" if case.settings else "DOMAIN"] |= (
            case.come | case.has | (case.codes or set()))
    # What settings and messages show alike is of the domain.
    there["DOMAIN"] |= there["SETTINGS"] & there["MESSAGE"]
    for scope, codes in there.items():
        assert not {c for c in lab.SCOPES
                    if lab.SCOPES[c] == scope} - codes - set(UNIT), scope
    # Of files, a domain is judged by those of its zone.
    assert not {c for c in there["DOMAIN"] if "-" in c
                and not c.startswith("zone-")
                and lab.SCOPES[c] in ("SETTINGS", "FILE", "MERGE", "MESSAGE")}


def test_every_code_stays_away(table):
    """No code is there always."""
    always = set.intersection(*[c for c in record_cases() if c])
    assert not always
    for case in test_checks.ALL:
        assert case.verdict, case.title
    assert len(table) > 300


def test_severities(table):
    """The table says what the rules say."""
    if not RULES.exists():
        pytest.skip("the rules are not at hand: ../shared is missing")
    rules = {}
    for line in RULES.read_text().splitlines():
        row = re.match(r"\| (.*?) \| (.*?) \|", line)
        for code in re.findall(r"`([a-z0-9-]+)`", row[1] if row else ""):
            rules.setdefault(code, row[2])
    assert set(table) - set(rules) == OWN
    for code in set(table) - OWN:
        said = PAIRED.get(code, rules[code])
        assert re.split(r"[^a-z]", said)[0] == table[code]["severity"], code
        rfc = re.search(r"\(rfc: (\w+)\)", said)
        assert table[code]["severity_rfc"] == (
            rfc[1] if rfc else table[code]["severity"]), code


def test_profiles(table):
    """doc/profiles.md has each finding that profiles weigh differently, with
    the source of it."""
    names = ["practice", "guide", "rfc", "bulk-sender", "gov"]
    told = {}
    for line in (lab.ROOT / "doc" / "profiles.md").read_text().splitlines():
        cells = [x.strip() for x in line.strip("|").split("|")]
        if len(cells) == 7 and cells[0].startswith("`"):
            told[cells[0].strip("`")] = dict(zip(names, cells[1:6]))
            assert len(cells[6]) > 10, line
    assert told == {code: row["severities"] for code, row in table.items()
                    if len(set(row["severities"].values())) > 1}


def sections(path, row):
    """The codes of the rows of a table below each heading, in their order."""
    found = {}
    for heading, code in re.findall(
            rf'^(?:/\* ([^*]*) \*/|{row}"([a-z0-9-]+)",.*)$',
            (lab.ROOT / path).read_text(), re.MULTILINE):
        if heading:
            codes = found.setdefault(heading, [])
        else:
            codes.append(code)
    return found


def test_help():
    """help.def has a row for each finding, in the sections of findings.def and
    in its order. The unit tests try the examples."""
    findings = sections("include/mailauth/findings.def", r"FINDING\(\w+, ")
    helped = sections("tools/help.def", r"HELP\(")
    helped.pop("What examples shorten. The test puts whole keys and lists in "
               "their place.")
    assert list(helped) == list(findings)
    assert sum(map(len, findings.values())) == len(lab.SCOPES)
    for section, codes in findings.items():
        assert helped[section] == codes, section


def test_guide():
    there = {int(m[1]) for case in [*test_checks.ALL, *test_dmarc.ALL]
             for m in [re.match(r"G(\d+) ", case.title)] if m}
    for path in HERE.glob("test_*.py"):
        there |= getattr(importlib.import_module(path.stem), "GUIDE", set()) \
            if path.name != "test_coverage.py" else set()
    assert not set(GUIDE) - there
    assert "def test_g79_" in (HERE / "test_settings.py").read_text()


# Those of messages.
OF_MESSAGES = [56, *range(94, 101), *range(112, 124)]


def test_message_numbers():
    text = (HERE / "test_explain.py").read_text()
    numbers = {int(n) for n in re.findall(r"^def test_g(\d+)_", text, re.M)}
    assert not set(OF_MESSAGES) - numbers
    assert {"03", "11"} <= set(re.findall(r"^def test_n(\d\d)_", text, re.M))
    files = {path.stem for path in
             (lab.ROOT / "testdata" / "messages").glob("*.eml")}
    assert not {n for n in OF_MESSAGES
                if not any(re.match(rf"g{n}(-|$)", f) for f in files)}


def test_dnssec_numbers():
    text = "".join((HERE / name).read_text()
                   for name in ("test_dnssec.py", "test_server.py"))
    numbers = {int(n) for n in re.findall(r"test_n(\d\d)", text)}
    assert {1, 2, 3, 4, 5, 6, 7, 10, 11, 12} <= numbers
    assert "test_g37" in text
