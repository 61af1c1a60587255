# test_explain.py - received messages, and why they pass or fail
# SPDX-License-Identifier: BSD-3-Clause
"""GUIDE-CASES G56, G94 to G100 and G112 to G123, N03 and N11 for messages;
signatures made by another hand and recomputed; claims believed or not; answers
that could not be told; messages made to hurt."""
import json
import subprocess
import sys
import time

import dns.rcode
import dns.rdatatype
import dns.rrset
import jsonschema
import pytest

import lab
import mail

TRIGGERS = {
    "sig-ok", "sig-syntax", "sig-algorithm", "sig-from-unsigned",
    "sig-identity", "sig-expired", "sig-future", "sig-length",
    "sig-body-changed", "sig-mismatch", "sig-header-changed",
    "sig-key-unfit", "sig-testing", "sig-copy",
    "ar-parse-ok", "ar-untrusted", "ar-none", "ar-syntax", "ar-dkim-pass",
    "ar-spf-pass", "ar-dmarc-pass", "ar-dkim-fail", "ar-spf-fail",
    "ar-dmarc-fail", "ar-temperror", "ar-dmarc-fail-unaligned",
    "ar-header-i-domain", "ar-mailfrom-domain", "ar-differs",
    "ar-contradiction", "sig-expiry-unknown", "dmarc-undecided", "hdr-unfolded",
    "hdr-syntax", "hdr-return-path-mismatch", "hdr-dkim-selector",
    "hdr-spamassassin-ham", "hdr-spamassassin-spam", "hdr-scl-ok",
    "hdr-scl-spam", "hdr-bcl-ok", "hdr-bcl-mixed", "hdr-bcl-high",
    "hdr-compauth-pass", "hdr-compauth-softpass", "hdr-compauth-none",
    "hdr-compauth-fail", "hdr-gmail-no-score", "advice-content",
    "align-from-not-configured", "dmarc-multiple-from",
}

SCHEMA = json.loads((lab.ROOT / "schema/explain.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)

KEY, OTHER, SHORT = "rsa-2048", "rsa-2048-other", "rsa-1024"

# What DNS holds, unless a test says otherwise.
ZONES = {
    "com": [],
    "org": [],
    "net": [],
    "example.com": [
        '@ TXT "v=spf1 ip4:192.0.2.4 -all"',
        '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:report@example.com"',
        mail.key_line("s1", KEY),
        mail.key_line("ed", "ed25519"),
        mail.key_line("short", SHORT),
        # No empty name above keys: libunbound denies wrongly below one.
        '_domainkey TXT "o=-"',
        '@ MX 10 mx', 'mx A 192.0.2.4',
        'sub A 192.0.2.9', 'sub TXT "v=spf1 ip4:192.0.2.4 -all"',
    ],
    "mailer-service.com": [
        '@ TXT "v=spf1 ip4:198.51.100.7 -all"',
        mail.key_line("k1", OTHER),
        '_domainkey TXT "o=-"',
    ],
    "example.net": [
        '@ TXT "v=spf1 -all"',
        '_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:report@example.net"',
        mail.key_line("n1", KEY),
        '_domainkey TXT "o=-"',
        '@ MX 10 mx', 'mx A 192.0.2.8',
        'promo A 192.0.2.8',
    ],
    "example.org": [
        '@ TXT "v=spf1 ip4:203.0.113.9 -all"',
        mail.key_line("list", OTHER),
        '_domainkey TXT "o=-"',
    ],
}


def forge(path, owner, old, new):
    """Alter one record of a signed zone."""
    lines = path.read_text().splitlines()
    for i, line in enumerate(lines):
        words = line.split("\t")
        if words[0] == f"{owner}." and words[3] == "TXT" and old in line:
            lines[i] = line.replace(old, new, 1)
            path.write_text("\n".join(lines) + "\n")
            return
    raise AssertionError(f"{owner} is not in {path}")


class Dns:
    """Sets of zones, each made once for its changes."""

    def __init__(self, factory, keys):
        self.factory = factory
        self.keys = keys
        self.made = {}

    def __call__(self, *changes, signed=True):
        """Options that give the zones; a change is ("add", zone, line),
        ("delete", zone, owner, type), ("plain", zone, line) for a further
        zone, unsigned, or ("forge", zone, owner, old, new) of a TXT record after signing."""
        if (changes, signed) not in self.made:
            self.made[changes, signed] = self.make(changes, signed)
        return self.made[changes, signed]

    def make(self, changes, signed):
        zones = lab.Zones(self.factory.mktemp("dns"), self.keys)
        for name, lines in ZONES.items():
            zone = lab.Zone.empty(name)
            zone.lines += lines
            for what, where, *words in changes:
                if where == name and what in ("add", "delete"):
                    getattr(zone, what)(*words)
            (zones.sign if signed else zones.write)(zone)
        for what, where, *words in changes:
            if what == "forge":
                forge(zones.files[where], *words)
            elif what == "plain":
                zone = lab.Zone.empty(where)
                zone.lines += words
                zones.write(zone)
        return zones.args


@pytest.fixture(scope="module")
def dns_of(tmp_path_factory, keys):
    return Dns(tmp_path_factory, keys)


class Explained(lab.Result):
    """What explain said."""

    @property
    def results(self):
        return self.json["results"]

    @property
    def spf(self):
        return self.results["spf"]["result"]

    @property
    def dkim(self):
        return [s["result"] for s in self.results["dkim"]]

    @property
    def dmarc(self):
        return self.results["dmarc"]["result"]

    @property
    def causes(self):
        return [c["cause"] for c in self.json["causes"]]

    def cause(self, name):
        """The text of the first cause of this name, and what to do."""
        for c in self.json["causes"]:
            if c["cause"] == name:
                return f"{c['text']} {c['remedy'] or ''}"
        raise AssertionError(f"no {name} in {self.causes}")

    def message(self, code):
        return self.finding(code)["message"]


RECEIVER = ("--authserv-id", "mx.receiver.example")
CLAIMED = {**dict.fromkeys(
    ["g115", "g116", "g117", "g118", "g122-ham", "g122-spam", "g122-score"],
    RECEIVER), "g114": ("--authserv-id", "mx.example.com")}


@pytest.fixture
def explain(program, dns_of, tmp_path):
    """Explain a message: octets, or the name of one of testdata/messages."""
    def run(octets, *args, dns=(), signed=True, source=None):
        if isinstance(octets, str):
            path = mail.MESSAGES / f"{octets}.eml"
            # Where claims are all that there is, the receiver is named.
            args = (*args, *CLAIMED.get(octets, ()))
        else:
            path = tmp_path / "message.eml"
            path.write_bytes(octets)
        if source is None:
            source = dns_of(*dns, signed=signed)
        done = program("explain", "--format", "json", "--allow-documentation",
                       *source, *args, path)
        return follows_schema(done)

    return run


def follows_schema(done):
    result = done
    result.__class__ = Explained
    assert result.code in (lab.PASS, lab.WARN, lab.FAIL, lab.TEMPERROR), \
        (result.code, result.err)
    assert not result.err
    VALIDATOR.validate(result.json)
    verdicts = ["pass", "warn", "fail", "temperror"]
    assert result.code == verdicts.index(result.json["verdict"])
    return result


def changed(*lines, drop=(), zone="example.com"):
    """Changes of a zone: owners (and types) to delete, lines to add."""
    return (*(("delete", zone, *owner.split()) for owner in drop),
            *(("add", zone, line) for line in lines))


def policy(text):
    """Another DMARC record at example.com."""
    return changed(f'_dmarc TXT "{text}"', drop=["_dmarc TXT"])


def key(line, owner="s1._domainkey TXT"):
    """Another key at s1 of example.com; None for none."""
    return changed(*([line] if line else []), drop=[owner])


def has(result, *codes):
    assert not set(codes) - result.codes(), sorted(result.codes())


def hasnot(result, *codes):
    assert not set(codes) & result.codes(), sorted(result.codes())


NO_KEY = key(None)
SIGNED = mail.sign(mail.message())
GOOD = mail.delivered(SIGNED, mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS)


# The guide's cases.

def test_g56_spf_is_of_the_return_path(explain):
    result = explain("g56")
    assert result.code == lab.FAIL
    has(result, "ar-spf-fail", "ar-mailfrom-domain")
    assert result.record("spf")["name"] == "example.com."
    assert "example.com" in result.cause("return-path-not-covered")
    assert "receiver says" in result.cause("return-path-not-covered")
    assert result.json["from"] == "example.net"


def test_g94_normal(explain):
    result = explain("g94")
    assert result.code == lab.PASS
    has(result, "align-dkim-ok", "align-spf-ok", "dmarc-result-pass", "sig-ok",
        "ar-parse-ok", "hdr-dkim-selector")
    assert (result.spf, result.dkim, result.dmarc) == ("pass", ["pass"], "pass")
    assert result.results["dkim_source"] == "recomputed"
    assert result.results["spf"]["source"] == "recomputed"
    assert result.causes == ["passes"]
    assert "receiver" not in result.cause("passes")
    assert result.results["dkim"][0] == {
        "domain": "example.com", "selector": "s1", "identity": None,
        "algorithm": "rsa-sha256", "result": "pass", "why": None,
        "key": "valid", "dnssec": "secure", "body": "same",
        "unsigned_octets": None}
    assert result.json["ip"] == "192.0.2.4"
    assert result.json["mail_from_source"] == "Return-Path"
    hasnot(result, "ar-differs", "dmarc-pass-spf-only", "dmarc-pass-dkim-only")


def test_g95_one_is_enough(explain):
    result = explain("g95-spf")
    has(result, "dmarc-result-pass", "dmarc-pass-spf-only",
        "align-dkim-mismatch", "dmarc-reject-needs-dkim")
    assert result.dmarc == "pass"
    result = explain("g95-dkim")
    has(result, "dmarc-result-pass", "dmarc-pass-dkim-only",
        "align-spf-mismatch")
    assert (result.code, result.dmarc) == (lab.WARN, "pass")


def test_g96_aligned_fails_and_unaligned_passes(explain):
    result = explain("g96")
    assert (result.code, result.spf, result.dkim, result.dmarc) == (
        lab.FAIL, "fail", ["pass"], "fail")
    has(result, "dmarc-result-fail", "align-dkim-mismatch")
    assert result.causes == ["domains-not-aligned", "return-path-not-covered"]
    assert "198.51.100.7" in result.cause("return-path-not-covered")


def test_g97_reject_without_a_signature(explain):
    result = explain("g97")
    assert result.finding("dmarc-reject-needs-dkim")["severity"] == "fail"
    assert result.dmarc == "pass"
    assert "unsigned" in result.causes
    result = explain("g97", "--profile", "rfc")
    assert result.finding("dmarc-reject-needs-dkim")["severity"] == "warn"


NET_EMPTY = changed(zone="example.net", drop=["_dmarc", "@ TXT"])


def test_g98_from_not_configured(explain):
    result = explain("g98", dns=NET_EMPTY)
    assert result.code == lab.FAIL
    has(result, "align-from-not-configured", "dmarc-missing", "spf-missing")
    assert result.causes[0] == "from-not-configured"
    assert "promo.example.net" in result.cause("from-not-configured")
    assert result.dmarc == "none"


def test_g99_inheritance_suffices(explain):
    result = explain("g99")
    has(result, "dmarc-inherited", "align-dkim-ok")
    hasnot(result, "align-from-not-configured", "dmarc-missing")
    assert (result.code, result.dmarc) == (lab.WARN, "pass")


def test_g100_subdomain(explain):
    result = explain("g100")
    has(result, "dmarc-inherited", "align-dkim-ok", "align-spf-ok")
    assert (result.code, result.dmarc) == (lab.PASS, "pass")
    assert result.json["from"] == "sub.example.com"


GUIDE = {"ar-dmarc-fail-unaligned", "ar-dmarc-fail", "align-dkim-mismatch",
         "align-spf-mismatch", "dmarc-result-fail", "ar-dkim-pass",
         "ar-spf-pass"}


def test_g112_the_message_of_the_guide(explain):
    result = explain("g112")
    assert result.code == lab.FAIL
    assert GUIDE | {"ar-parse-ok", "ar-header-i-domain"} <= result.codes()
    hasnot(result, "ar-syntax", "ar-dkim-fail", "ar-spf-fail", "ar-differs",
           "dmarc-reject-needs-dkim")
    assert result.causes == ["domains-not-aligned"]
    text = result.cause("domains-not-aligned")
    for words in ("DKIM", "SPF", "not for example.com", "mailer-service.com",
                  "Sign with DKIM as example.com",
                  "a MAIL FROM address of that domain from a host",
                  "a header says that anybody can write"):
        assert words in text
    for words in ("dkim for mailer-service.com", "spf for mailer-service.com",
                  "From example.com"):
        assert words in result.message("ar-dmarc-fail-unaligned")
    assert result.results["dkim_source"] == "reported"
    assert result.results["spf"]["source"] == "reported"
    assert (result.spf, result.dmarc) == (None, "fail")
    assert result.results["dmarc"]["disposition"] == "reject"


def test_g113_as_rendered(explain):
    result = explain("g113")
    assert result.code == lab.FAIL
    assert GUIDE | {"ar-syntax"} <= result.codes()
    hasnot(result, "hdr-syntax", "ar-parse-ok")
    assert result.causes == ["domains-not-aligned"]


def test_g114_relaxed(explain):
    result = explain("g114")
    has(result, "align-dkim-ok", "dmarc-result-pass", "ar-differs",
        "ar-dmarc-fail")
    assert result.dmarc == "pass"
    assert "now pass" in result.message("ar-differs")
    # It aligns: that is not why the receiver said fail.
    hasnot(result, "ar-dmarc-fail-unaligned")


def test_g114_strict(explain):
    result = explain("g114", dns=policy("v=DMARC1; p=reject; adkim=s; "
                                        "rua=mailto:r@example.com"))
    has(result, "align-dkim-mismatch", "dmarc-result-fail",
        "ar-dmarc-fail-unaligned")
    assert result.dmarc == "fail"
    assert "adkim=s" in result.cause("domains-not-aligned")
    hasnot(result, "ar-differs")


def test_g115_dkim_fails(explain):
    """No signature to look at: the key that the receiver names is."""
    result = explain("g115")
    assert result.code == lab.FAIL
    has(result, "ar-dkim-fail", "dkim-key-ok")
    assert result.record("dkim")["name"] == "s1._domainkey.example.com."
    assert "dkim-failed-there" in result.causes


def test_g115_wrong_selector(explain):
    result = explain("g115", dns=(*NO_KEY, *changed(
        mail.key_line("mail", OTHER))))
    has(result, "ar-dkim-fail", "dkim-key-missing", "dkim-selector-mismatch")
    text = result.cause("wrong-selector")
    assert "selector s1 of example.com" in text and "at selector mail" in text


@pytest.mark.parametrize("name, code", [
    (OTHER, "dkim-key-mismatch-private"), (KEY, "dkim-key-match-private")])
@pytest.mark.parametrize("message", ["g115", "g94"])
def test_g115_private_key(explain, message, name, code):
    result = explain(message, "--dkim-key", mail.KEYS / f"{name}.pem")
    assert result.finding(code)["name"] == "s1._domainkey.example.com."


def test_g116_spf_fails(explain):
    result = explain("g116")
    assert result.code == lab.FAIL
    has(result, "ar-spf-fail", "ar-mailfrom-domain")
    assert result.record("spf")["name"] == "example.com."
    assert "return-path-not-covered" in result.causes
    # With the address it is tried.
    result = explain("g116", "--ip", "192.0.2.4")
    assert (result.spf, result.results["spf"]["source"]) == (
        "pass", "recomputed")
    assert "now pass" in result.message("ar-differs")
    assert "return-path-not-covered" not in result.causes


def test_g117_dmarc_fails(explain):
    result = explain("g117")
    assert result.code == lab.FAIL
    has(result, "ar-dmarc-fail", "dmarc-result-fail",
        "hdr-return-path-mismatch")
    assert result.dmarc == "fail"
    assert result.results["dmarc"]["disposition"] == "reject"
    # dkim=none is no failure of a key.
    assert result.causes == ["unsigned", "nothing-passes"]
    hasnot(result, "ar-dkim-fail", "ar-dmarc-fail-unaligned")
    # SPF is of what the receiver has checked.
    assert result.record("spf")["name"] == "example.org."


def test_g118_all_pass(explain):
    result = explain("g118")
    assert result.code == lab.PASS
    has(result, "ar-dkim-pass", "ar-spf-pass", "ar-dmarc-pass",
        "dmarc-result-pass")
    assert "what the receiver says" in result.cause("passes")


def test_g119_microsoft(explain):
    result = explain("g119")
    assert result.code == lab.PASS
    has(result, "hdr-compauth-pass", "hdr-scl-ok", "hdr-bcl-ok", "ar-parse-ok")
    assert result.json["reported"]["scores"] == {
        "spam_status": None, "spam_flag": None, "spam_score": None,
        "spam_required": None, "scl": 0, "bcl": 0}


def test_g120_usual_values_of_microsoft(explain):
    result = explain("g120")
    assert result.code == lab.PASS
    has(result, "hdr-compauth-pass", "hdr-scl-ok", "hdr-bcl-ok")
    assert "reason=100" in result.message("hdr-compauth-pass")


@pytest.mark.parametrize("name, code, advice", [
    ("scl5", "hdr-scl-spam", True), ("scl9", "hdr-scl-spam", True),
    ("bcl8", "hdr-bcl-high", True),
    ("compauth", "hdr-compauth-fail", False)])
def test_g121_microsoft_does_not_like_it(explain, name, code, advice):
    result = explain(f"g121-{name}")
    assert result.code == lab.FAIL
    has(result, code, "dmarc-result-pass")
    assert ("advice-content" in result.codes()) == advice
    assert ("content-or-reputation" in result.causes) == advice
    if name == "compauth":
        assert "reason=001" in result.message(code)


@pytest.mark.parametrize("scl, bcl, compauth, codes", [
    (-1, 4, "softpass reason=202",
     {"hdr-scl-ok", "hdr-bcl-mixed", "hdr-compauth-softpass"}),
    (6, 7, "none reason=300",
     {"hdr-scl-spam", "hdr-bcl-mixed", "hdr-compauth-none"})])
def test_levels_of_microsoft(explain, scl, bcl, compauth, codes):
    result = explain(mail.microsoft(compauth, scl, bcl))
    assert codes <= result.codes()


@pytest.mark.parametrize("name, code, exit_code", [
    ("ham", "hdr-spamassassin-ham", lab.PASS),
    ("spam", "hdr-spamassassin-spam", lab.FAIL),
    ("score", "hdr-spamassassin-spam", lab.FAIL)])
def test_g122_spamassassin(explain, name, code, exit_code):
    result = explain(f"g122-{name}")
    has(result, code)
    assert result.code == exit_code
    assert ("advice-content" in result.codes()) == (exit_code == lab.FAIL)
    scores = result.json["reported"]["scores"]
    assert scores["spam_score"] == (-0.1 if name == "ham" else 7.2)


def test_spamassassin_has_one_word(explain):
    """Its status counts, and not a flag of somebody else."""
    result = explain(mail.spamassassin(
        ("X-Spam-Flag", "YES"),
        ("X-Spam-Status", "No, score=1.0 required=5.0")))
    has(result, "hdr-spamassassin-ham")
    hasnot(result, "hdr-spamassassin-spam", "advice-content")


def test_g123_gmail(explain):
    result = explain("g123")
    assert result.code == lab.PASS
    has(result, "hdr-gmail-no-score", "sig-ok", "ar-header-i-domain")
    assert (result.json["ip"], result.json["helo"]) == (
        "192.0.2.4", "out.example.com")


# Signatures, recomputed.

def delivered(octets):
    return mail.delivered(octets)


@pytest.mark.parametrize("canon", ["simple/simple", "simple/relaxed",
                                   "relaxed/simple", "relaxed/relaxed"])
@pytest.mark.parametrize("name, selector", [(KEY, "s1"), ("ed25519", "ed"),
                                            (SHORT, "short")])
def test_passes(explain, name, selector, canon):
    octets = mail.message(body="  Hello  \t there \n\n\nthis  is it. \n\n\n",
                          subject="News   of\n\tJune  ")
    result = explain(delivered(mail.sign(octets, key=name, selector=selector,
                                         canon=canon)))
    assert (result.dkim, result.dmarc) == (["pass"], "pass")
    has(result, "sig-ok", "align-dkim-ok")
    assert ("dkim-rsa-1024" in result.codes()) == (name == SHORT)


def test_both_algorithms(explain):
    result = explain("both")
    assert result.dkim == ["pass", "pass"]
    assert [s["algorithm"] for s in result.results["dkim"]] == [
        "rsa-sha256", "ed25519-sha256"]


def test_no_body(explain):
    for body in ("", "\n\n"):
        octets = mail.sign(mail.message(body=body))
        assert explain(delivered(octets)).dkim == ["pass"]


def test_header_twice_and_oversigned(explain):
    octets = mail.message(extra=[("X-Tag", "one"), ("X-Tag", "two")])
    octets = mail.sign(octets, headers=[*mail.SIGNED, "x-tag", "x-tag",
                                        "x-tag", "from", "reply-to"])
    assert explain(delivered(octets)).dkim == ["pass"]
    # A field more of those that were signed as absent.
    result = explain(delivered(octets.replace(
        b"To: ", b"Reply-To: thief@example.org\nTo: ", 1)))
    assert result.dkim == ["fail"]
    has(result, "sig-header-changed")


def test_no_key_at_the_selector(explain):
    result = explain(delivered(SIGNED), dns=NO_KEY)
    assert (result.dkim, result.dmarc) == (["permerror"], "pass")
    has(result, "dkim-key-missing", "dmarc-pass-spf-only")
    text = result.cause("wrong-selector")
    assert "selector s1 of example.com" in text
    assert "was removed" in text
    hasnot(result, "sig-ok", "sig-mismatch", "dkim-selector-mismatch")


def test_key_at_another_selector(explain):
    result = explain(delivered(SIGNED), dns=(*NO_KEY, *changed(
        mail.key_line("default", KEY))))
    has(result, "dkim-key-missing", "dkim-selector-mismatch")
    assert "at selector default" in result.cause("wrong-selector")


def test_key_replaced(explain):
    result = explain(delivered(SIGNED), dns=key(mail.key_line("s1", OTHER)))
    assert result.dkim == ["fail"]
    has(result, "sig-mismatch")
    assert "another key" in result.cause("key-replaced")
    hasnot(result, "sig-header-changed", "sig-body-changed")


def test_ed25519_key_replaced(explain):
    """Whether key or header is another does not show: both are said."""
    text = mail.key_text("ed25519")
    other = text[:-44] + "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    result = explain(
        delivered(mail.sign(mail.message(), key="ed25519", selector="ed")),
        dns=key(mail.txt("ed._domainkey", other), "ed._domainkey TXT"))
    assert result.dkim == ["fail"]
    assert "or a signed header" in result.cause("key-replaced")


def test_body_changed(explain):
    result = explain(delivered(SIGNED + b"-- \nA footer\n"))
    assert result.dkim == ["fail"]
    has(result, "sig-body-changed")
    hasnot(result, "sig-mismatch", "sig-header-changed")
    assert "body was changed" in result.cause("body-changed")
    assert result.results["dkim"][0]["body"] == "changed"


def test_no_body(explain):
    """A copy without the body that was signed shows neither pass nor fail."""
    result = explain(GOOD.split(b"\n\n", 1)[0] + b"\n\n")
    has(result, "sig-copy")
    hasnot(result, "sig-body-changed", "sig-ok")


def test_header_changed(explain):
    result = explain(delivered(SIGNED.replace(b"of June", b"of July")))
    assert result.dkim == ["fail"]
    has(result, "sig-header-changed")
    hasnot(result, "sig-mismatch", "sig-body-changed")
    assert "signed header" in result.cause("header-changed")
    assert "key in DNS that of" not in result.finding(
        "sig-header-changed")["remedy"]
    assert result.results["dkim"][0]["body"] == "same"


@pytest.mark.parametrize("more", ["", "Buy this instead.\n"])
def test_length(explain, more):
    octets = mail.sign(mail.message(), length=True) + more.encode("ascii")
    result = explain(delivered(octets))
    assert result.dkim == ["pass"]
    has(result, "sig-length", "sig-ok")
    assert ("19 octets" in result.message("sig-length")) == bool(more)
    assert result.results["dkim"][0]["unsigned_octets"] == len(more) + bool(
        more)
    assert result.code == lab.WARN


def test_length_cut(explain):
    octets = mail.sign(mail.message(), length=True)
    result = explain(delivered(octets.replace(b"this is it.\n", b"")))
    assert result.dkim == ["fail"]
    assert "fewer octets" in result.message("sig-body-changed")


@pytest.mark.parametrize("days, expired", [(1, False), (-1, True)])
def test_expiry_is_of_the_day_it_was_received(explain, days, expired):
    """All of these have expired by now."""
    octets = mail.sign(mail.message(), at=mail.NOW - 7 * mail.DAY,
                       x=mail.NOW + days * mail.DAY)
    hops = [mail.received(),
            mail.received("192.0.2.77", when="Mon, 01 Jun 2020 1:00 +0000")]
    result = explain(mail.delivered(octets, hops=hops))
    assert ("sig-expired" in result.codes()) == expired
    assert result.dkim == ["fail" if expired else "pass"]
    if expired:
        assert "expired" in result.cause("signature-unusable")
        hasnot(result, "sig-ok")


def test_expiry_without_a_date(explain):
    """A date below that of the border is the sender's."""
    octets = mail.sign(mail.message(), at=mail.NOW - 7 * mail.DAY,
                       x=mail.NOW - mail.DAY)
    below = mail.received("192.0.2.77", when="Mon, 01 Jun 2020 1:00 +0000")
    result = explain(mail.delivered(octets, hops=[
        mail.received(when="some day"), below]))
    assert result.dkim == ["temperror"]
    has(result, "sig-expiry-unknown")
    hasnot(result, "sig-expired", "sig-ok")
    above = ("Received", f"from mx ([10.0.0.1]) by store; {mail.DATE}")
    result = explain(mail.delivered(octets, hops=[
        above, mail.received(when="some day"), below]))
    assert result.dkim == ["fail"]
    has(result, "sig-expired")


@pytest.mark.parametrize("hours, zone, state", [
    (2, "", "temperror"), (-2, "", "temperror"), (-2, "XYZ", "temperror"),
    (2, "IST", "temperror"), (20, "", "pass"), (-20, "", "fail"),
    (2, "-0000", "pass"), (-2, "GMT", "fail")])
def test_expiry_without_a_zone(explain, hours, zone, state):
    """The date is one of 28 hours: it may have expired in these."""
    octets = mail.sign(mail.message(), at=mail.NOW - 7 * mail.DAY,
                       x=mail.NOW + hours * 3600)
    when = mail.DATE.rpartition(" ")[0] + f" {zone}"
    result = explain(mail.delivered(octets, hops=[mail.received(when=when)]))
    assert result.dkim == [state]


def test_made_in_the_future(explain):
    octets = mail.sign(mail.message(), at=mail.NOW + mail.DAY)
    result = explain(delivered(octets))
    assert result.dkim == ["pass"]
    has(result, "sig-future", "sig-ok")
    octets = mail.sign(mail.message(), at=mail.NOW + 60)
    hasnot(explain(delivered(octets)), "sig-future")


def test_sha1(explain):
    octets = mail.sign(mail.message(), algorithm="rsa-sha1")
    result = explain(delivered(octets))
    assert result.dkim == ["permerror"]
    has(result, "sig-algorithm")
    assert "SHA-1" in result.cause("signature-unusable")


def test_key_is_being_tested(explain):
    result = explain(delivered(SIGNED),
                     dns=key(mail.key_line("s1", KEY, tags="t=y; ")))
    assert result.dkim == ["pass"]
    has(result, "sig-testing", "dkim-t-testing")


@pytest.mark.parametrize("flags, identity, state", [
    ("", "joe@mail.example.com", "pass"),
    ("t=s; ", "joe@mail.example.com", "permerror"),
    ("t=s; ", "joe@example.com", "pass")])
def test_identity(explain, flags, identity, state):
    result = explain(delivered(mail.sign(mail.message(), i=identity)),
                     dns=key(mail.key_line("s1", KEY, tags=flags)))
    assert result.dkim == [state]
    assert ("sig-identity" in result.codes()) == (state != "pass")


def test_identity_of_somebody_else(explain):
    result = explain(delivered(mail.sign(mail.message(),
                                         i="joe@badexample.com")))
    assert result.dkim == ["permerror"]
    has(result, "sig-identity")


def test_revoked(explain):
    result = explain(delivered(SIGNED),
                     dns=key('s1._domainkey TXT "v=DKIM1; k=rsa; p="'))
    assert result.dkim == ["permerror"]
    has(result, "dkim-revoked")
    assert "revoked" in result.cause("key-unusable")


def test_pkcs1(explain):
    """What RFC 6376 says, and others do not read."""
    result = explain(delivered(SIGNED),
                     dns=key(mail.key_line("s1", KEY, pkcs1=True)))
    assert result.dkim == ["pass"]
    has(result, "dkim-key-pkcs1")


def test_key_unfit(explain):
    result = explain(delivered(SIGNED),
                     dns=key(mail.key_line("s1", "ed25519")))
    assert result.dkim == ["permerror"]
    has(result, "sig-key-unfit")
    assert "another type" in result.cause("signature-unusable")


@pytest.mark.parametrize("change, words", [
    ((b"v=1;", b"v=2;"), "v= is not 1"),
    ((b"v=1;", b"v=1; v=1;"), "twice"),
    ((b"c=relaxed/relaxed", b"c=tight"), "c="),
    ((b"q=dns/txt", b"q=http"), "q="),
    ((b" d=example.com;", b" d=com;"), "d="),
    ((b"bh=", b"hb="), "bh= is missing"),
])
def test_syntax(explain, change, words):
    octets = SIGNED.replace(*change, 1)
    assert octets != SIGNED
    result = explain(delivered(octets))
    assert result.dkim == ["permerror"]
    assert words in result.message("sig-syntax")
    assert "signature-unusable" in result.causes


def test_from_is_not_signed(explain):
    octets = SIGNED.replace(b"h=from : to", b"h=to")
    result = explain(delivered(octets))
    assert result.dkim == ["permerror"]
    has(result, "sig-from-unsigned")


def test_several_signers(explain):
    octets = mail.sign(mail.message(), domain="mailer-service.com",
                       selector="k1", key=OTHER)
    octets = mail.sign(octets, domain="example.net", selector="absent")
    octets = mail.sign(octets)
    result = explain(delivered(octets))
    assert result.dkim == ["pass", "permerror", "pass"]
    assert [s["domain"] for s in result.results["dkim"]] == [
        "example.com", "example.net", "mailer-service.com"]
    assert result.dmarc == "pass"
    has(result, "align-dkim-ok", "align-dkim-mismatch")
    assert "absent of example.net" in result.cause("wrong-selector")


def test_mailing_list(explain):
    """The list changes subject and body and signs for itself."""
    result = explain("list")
    assert result.dkim == ["pass", "fail"]
    assert (result.spf, result.dmarc, result.code) == ("pass", "fail",
                                                       lab.FAIL)
    has(result, "sig-header-changed", "align-dkim-mismatch",
        "align-spf-mismatch", "ar-dmarc-fail-unaligned")
    assert "body was changed too" in result.cause("header-changed")
    assert "example.org" in result.cause("domains-not-aligned")
    hasnot(result, "ar-differs", "dmarc-reject-needs-dkim")


def test_mailing_list_that_changes_nothing(explain):
    octets = mail.sign(SIGNED, domain="example.org", selector="list",
                       key=OTHER)
    result = explain(mail.delivered(
        octets, reverse="talk@example.org",
        hops=[mail.received("203.0.113.9", "lists.example.org")]))
    assert (result.dkim, result.spf, result.dmarc) == (
        ["pass", "pass"], "pass", "pass")
    has(result, "dmarc-pass-dkim-only")


def test_list_that_writes_in_its_own_name(explain):
    octets = mail.message("News via Talk <talk@example.org>")
    octets = mail.sign(octets, domain="example.org", selector="list",
                       key=OTHER)
    result = explain(delivered(octets), dns=(
        ("add", "example.org", '_dmarc TXT "v=DMARC1; p=none"'),))
    assert (result.dkim, result.dmarc) == (["pass"], "pass")


# SPF, and where the address comes from.

@pytest.mark.parametrize("ip, record, result", [
    ("192.0.2.4", None, "pass"),
    ("192.0.2.5", None, "fail"),
    ("192.0.2.5", '"v=spf1 ip4:192.0.2.4 ~all"', "softfail"),
    ("192.0.2.5", '"v=spf1 ip4:192.0.2.4 ?all"', "neutral"),
    ("192.0.2.4", '"nothing"', "none"),
    ("192.0.2.4", '"v=spf1 ip4:192.0.2.400 -all"', "permerror"),
    ("192.0.2.4", '"v=spf1 include:gone.example -all"', "temperror"),
])
def test_spf(explain, ip, record, result):
    dns = () if record is None else changed(f"@ TXT {record}", drop=["@ TXT"])
    message = mail.delivered(mail.message(), hops=[mail.received(ip)])
    found = explain(message, dns=dns)
    assert found.spf == result
    assert found.results["spf"]["domain"] == "example.com"
    assert found.dmarc == {"pass": "pass", "temperror": "temperror"}.get(
        result, "fail")
    causes = {"none": "return-path-without-spf", "permerror": "spf-broken",
              "temperror": "spf-not-told", "pass": None}
    assert causes.get(result, "return-path-not-covered") in [
        *found.causes, None]
    if result == "temperror":
        assert found.code == lab.FAIL  # reject without a signature
        hasnot(found, "spf-missing", "dmarc-result-fail")


HOPS = {
    "postfix": "from out.example.com (out.example.com [192.0.2.4])\n\t"
    "by mx.receiver.example (Postfix) with ESMTPS id 1; {}",
    "postfix-unknown": "from out.example.com (unknown [192.0.2.4])\n\t"
    "by mx.receiver.example (Postfix) with ESMTPS id 1; {}",
    "exim": "from out.example.com ([192.0.2.4]:34567)\n\tby "
    "mx.receiver.example with esmtps  (TLS1.3)\n\t(Exim 4.96)\n\t"
    "(envelope-from <bounce@example.com>)\n\tid 1; {}",
    "exim-helo": "from [192.0.2.4] (port=34567 helo=out.example.com)\n\tby "
    "mx.receiver.example with esmtps id 1; {}",
    "sendmail": "from out.example.com (out.example.com [192.0.2.4])\n\tby "
    "mx.receiver.example (8.17.1/8.17.1) with ESMTPS id 1\n\t"
    "(version=TLSv1.3 verify=NOT); {}",
    "sendmail-forged": "from out.example.com (h.example.org [192.0.2.4] (may "
    "be forged))\n\tby mx.receiver.example (8.17.1/8.17.1); {}",
    "microsoft": "from out.example.com (192.0.2.4) by\n "
    "AM7EUR03FT049.mail.protection.outlook.com (10.152.16.1) with Microsoft "
    "SMTP\n Server id 15.20.1.1 via Frontend Transport; {}",
    "gmail": "from out.example.com (out.example.com. [192.0.2.4])\n        by "
    "mx.google.com with ESMTPS id 1\n        for <reader@gmail.com>; {}",
}

ABOVE = {
    "nothing": [],
    "lmtp": ["from mx.receiver.example ([127.0.0.1])\n\tby "
             "store.receiver.example with LMTP id 1; {}"],
    "inside": ["from mx.receiver.example (mx.receiver.example [10.1.2.3])\n\t"
               "by store.receiver.example (Postfix) with ESMTP id 1; {}",
               "from scan (localhost [IPv6:::1]) by mx (Postfix); {}"],
    "microsoft": [
        "from DB9PR01MB1.eurprd01.prod.exchangelabs.com (2603:10a6:10:1::1)\n"
        " by AM9PR01MB1.eurprd01.prod.exchangelabs.com with HTTPS; {}",
        "from AM6PR02CA1.eurprd02.prod.outlook.com (2603:10a6:209:2f::25)\n"
        " by DB9PR01MB1.eurprd01.prod.outlook.com with Microsoft SMTP; {}",
        "from AM7EUR03FT049.eop-EUR03.prod.protection.outlook.com\n"
        " (2603:10a6:209:2f:cafe::5b) by AM6PR02CA1.outlook.office365.com; {}"],
    "gmail": ["by 2002:a05:6a10:8e8a:b0:5c5:12ab with SMTP id 1; {}"],
}


@pytest.mark.parametrize("above", sorted(ABOVE))
@pytest.mark.parametrize("hop", sorted(HOPS))
def test_address_from_received(explain, hop, above):
    """It passes where the lines above show who wrote this one."""
    fits = above in (hop, "nothing") or (
        above in ("lmtp", "inside") and hop not in ("gmail", "microsoft"))
    hops = [("Received", h.format(mail.DATE)) for h in [
        *ABOVE[above], HOPS[hop],
        "from laptop ([203.0.113.200]) by out.example.com; {}"]]
    result = explain(mail.delivered(SIGNED, hops=hops))
    if not fits:
        assert result.spf is None
        return
    assert (result.json["ip"], result.json["ip_source"]) == (
        "192.0.2.4", "Received")
    assert (result.spf, result.json["helo"]) == ("pass", "out.example.com")


@pytest.mark.parametrize("words", [
    "pass (mx.receiver.example: domain of bounce@example.com designates "
    "192.0.2.4 as permitted sender) receiver=mx.receiver.example; "
    "client-ip=192.0.2.4; envelope-from=\"bounce@example.com\"; "
    "helo=out.example.com;",
    "Pass (protection.outlook.com: domain of example.com designates\n "
    "192.0.2.4 as permitted sender) receiver=protection.outlook.com;\n "
    "client-ip=192.0.2.4; helo=out.example.com; pr=C",
    "pass (google.com: domain of bounce@example.com designates 192.0.2.4 as "
    "permitted sender)",
])
def test_address_from_received_spf(explain, words):
    octets = mail.on_top(SIGNED, mail.path("bounce@example.com"),
                         ("Received-SPF", words))
    result = explain(octets)
    assert (result.json["ip"], result.json["ip_source"], result.spf) == (
        "192.0.2.4", "Received-SPF", None)
    assert result.json["reported"]["received_spf"]["result"].lower() == "pass"


def test_given_on_the_command_line(explain):
    result = explain(GOOD, "--ip", "198.51.100.7", "--mail-from",
                     "x@mailer-service.com", "--helo", "mx.example.net")
    assert (result.json["ip_source"], result.json["mail_from_source"],
            result.json["helo"]) == ("--ip", "--mail-from", "mx.example.net")
    assert result.spf == "pass"
    assert result.results["spf"]["domain"] == "mailer-service.com"
    result = explain(SIGNED, "--ip", "::ffff:192.0.2.4", "--mail-from",
                     "example.com")
    assert result.spf == "pass"


def test_nothing_known_of_the_envelope(explain):
    """DMARC then hangs on what is not known, unless DKIM is aligned."""
    result = explain(mail.message())
    assert result.dmarc == "temperror"
    assert result.results["spf"]["why"] == "no sending address is known"
    assert "dmarc-not-told" in result.causes
    assert "no header shows the IP address" in result.message(
        "dmarc-undecided")
    # No lookup failed.
    hasnot(result, "dmarc-result-fail", "dmarc-temperror")
    assert explain(SIGNED).dmarc == "pass"


def test_null_reverse_path(explain):
    """A bounce: HELO takes its place."""
    octets = mail.delivered(SIGNED, reverse="", hops=[
        mail.received(name="sub.example.com")])
    result = explain(octets)
    assert result.json["mail_from"] == ""
    assert (result.spf, result.results["spf"]["domain"]) == (
        "pass", "sub.example.com")
    has(result, "align-spf-ok")
    octets = mail.delivered(mail.message(), reverse="", hops=[
        mail.received("192.0.2.99", name="sub.example.com")])
    result = explain(octets)
    assert result.spf == "fail"
    text = result.cause("return-path-not-covered")
    assert "sub.example.com" in text and "Return-Path is empty" in text


# Claims.

@pytest.mark.parametrize("words, now", [
    (["dkim=fail header.d=example.com header.s=s1"], "now pass"),
    (["spf=fail smtp.mailfrom=bounce@example.com"], "now pass"),
    (["dmarc=fail header.from=example.com"], "now pass"),
])
def test_claims_that_are_worse(explain, words, now):
    result = explain(mail.delivered(SIGNED, *words))
    assert now in result.message("ar-differs")
    assert result.dmarc == "pass"


def test_claims_that_name_no_domain(explain):
    words = ["dkim=pass", "spf=pass", "dmarc=pass"]
    hasnot(explain(mail.delivered(SIGNED, *words)), "ar-differs")
    result = explain(mail.delivered(SIGNED, "dkim=fail"))
    assert "now pass" in result.message("ar-differs")
    # Of two signatures, one may be meant or the other.
    octets = mail.sign(SIGNED, domain="example.net", selector="absent")
    result = explain(mail.delivered(octets, "dkim=fail", "dkim=pass"))
    hasnot(result, "ar-differs")


@pytest.mark.parametrize("words, now", [
    ([mail.DKIM_PASS], "now fail"),
    ([mail.SPF_PASS], "now fail"),
    ([mail.DMARC_PASS], "now fail"),
    (["dkim=pass header.d=example.org"], "no such signature"),
])
def test_claims_that_are_better(explain, words, now):
    octets = mail.delivered(SIGNED.replace(b"of June", b"of July"), *words,
                            hops=[mail.received("192.0.2.99")])
    result = explain(octets)
    assert now in result.message("ar-differs")
    assert (result.dkim, result.spf, result.dmarc) == (
        ["fail"], "fail", "fail")


def test_claimed_policy_that_is_gone(explain):
    result = explain(GOOD, dns=changed(drop=["_dmarc"]))
    assert "there is no policy" in result.message("ar-differs")
    assert result.dmarc == "none"
    assert "no-policy" in result.causes


@pytest.mark.parametrize("words", [
    "dkim=temperror header.d=example.com", "spf=temperror smtp.mailfrom=a@b.c",
    "dmarc=temperror header.from=example.com"])
def test_receiver_could_not_tell(explain, words):
    result = explain(mail.delivered(SIGNED, words))
    has(result, "ar-temperror")
    hasnot(result, "ar-differs", "ar-dkim-fail", "ar-spf-fail",
           "ar-dmarc-fail")


def test_receiver_could_not_tell_dkim_and_nor_can_we(explain):
    octets = mail.on_top(mail.message(), mail.path("bounce@example.com"),
                         mail.results("dkim=temperror header.d=example.com",
                                      "spf=fail smtp.mailfrom=example.com"))
    result = explain(octets)
    assert result.dmarc == "temperror"
    hasnot(result, "dmarc-result-fail", "dmarc-reject-needs-dkim")
    assert "unsigned" not in result.causes
    assert "dkim-failed-there" not in result.causes


def test_nothing_was_checked(explain):
    result = explain(mail.delivered(SIGNED, "none"))
    has(result, "ar-none", "ar-parse-ok")


REAL = mail.results("dkim=fail header.d=example.com", "dmarc=fail")
FORGED = mail.results(mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS,
                      by="mx.evil.example")


@pytest.mark.parametrize("fields, args, trusted", [
    ([REAL, FORGED], [], [True, False]),
    ([FORGED, REAL], [], [True, False]),
    ([FORGED, REAL], ["--authserv-id", "mx.receiver.example"], [False, True]),
    ([FORGED, REAL], ["--authserv-id", "MX.Receiver.Example"], [False, True]),
    ([REAL, FORGED], ["--authserv-id", "mx.other.example"], [False, False]),
    ([REAL, REAL, FORGED], ["--authserv-id", "mx.receiver.example"],
     [True, True, False]),
    ([REAL, FORGED], ["--authserv-id", "mx.receiver.example",
                      "--authserv-id", "mx.evil.example"], [True, True]),
    # One receiver writes several, on top of its Received.
    ([REAL, REAL, FORGED], [], [True, True, False]),
    ([REAL, FORGED, REAL], [], [True, False, True]),
    ([REAL, mail.received(), REAL], [], [True, False]),
    ([mail.received(), REAL, REAL, mail.received(), REAL], [],
     [True, True, False]),
])
def test_whose_claims_count(explain, fields, args, trusted):
    octets = mail.on_top(mail.message(), mail.path("bounce@mailer-service.com"),
                         *fields)
    result = explain(octets, *args)
    reported = result.json["reported"]["authentication_results"]
    assert [r["trusted"] for r in reported] == trusted
    assert ("ar-untrusted" in result.codes()) == (False in trusted)
    claims = [f for f in fields if f[0] == "Authentication-Results"]
    believed = [f for f, t in zip(claims, trusted) if t]
    assert ("ar-dmarc-pass" in result.codes()) == (FORGED in believed)
    assert ("ar-dmarc-fail" in result.codes()) == (REAL in believed)
    if FORGED not in believed:
        assert result.dmarc != "pass"
        hasnot(result, "ar-dkim-pass", "ar-spf-pass", "dmarc-result-pass")


def test_forged_claims_do_not_beat_recomputation(explain):
    octets = mail.on_top(
        mail.sign(mail.message(), key=OTHER), mail.path("bounce@example.com"),
        mail.results(mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS),
        mail.received("203.0.113.66"))
    result = explain(octets)
    assert (result.dkim, result.spf, result.dmarc) == (["fail"], "fail",
                                                       "fail")
    assert result.code == lab.FAIL
    assert len([f for f in result.json["findings"]
                if f["code"] == "ar-differs"]) == 3


def test_claimed_pass_does_not_hide_a_lookup_that_failed(explain):
    """SPF was tried and could not be told: the header is no substitute."""
    result = explain(mail.delivered(mail.message(), mail.SPF_PASS), dns=changed(
        '@ TXT "v=spf1 include:gone.example -all"', drop=["@ TXT"]))
    assert (result.spf, result.dmarc) == ("temperror", "temperror")
    assert result.results["spf"]["source"] == "none"


def test_same_domain_and_dmarc_fails_all_the_same(explain):
    """It is not said that they pass for other domains."""
    octets = mail.on_top(mail.message(), mail.path("bounce@example.com"),
                         mail.results(mail.DKIM_PASS, mail.SPF_PASS,
                                      "dmarc=fail header.from=example.com"),
                         mail.taken("mx.receiver.example"))
    result = explain(octets, *RECEIVER)
    has(result, "ar-dmarc-fail", "ar-differs")
    hasnot(result, "ar-dmarc-fail-unaligned")


def test_arc(explain):
    """Sets are shown, and not believed."""
    octets = mail.on_top(
        mail.message(), mail.path("talk@example.org"),
        ("ARC-Seal", "i=2; a=rsa-sha256; cv=pass; d=example.org; s=list; "
         "b=AAAA"),
        ("ARC-Authentication-Results", "i=2; mx.example.org; dkim=pass "
         "header.d=example.com; dmarc=pass header.from=example.com"),
        ("ARC-Seal", "i=1; a=rsa-sha256; cv=none; d=example.net; s=n1; b=AA"),
        ("ARC-Authentication-Results", "i=1; mx.example.net; spf=pass "
         "smtp.mailfrom=bounce@example.com"))
    result = explain(octets)
    arc = result.json["reported"]["arc"]
    assert [(s["instance"], s["cv"], s["domain"]) for s in arc["seals"]] == [
        (2, "pass", "example.org"), (1, "none", "example.net")]
    assert [(r["instance"], r["authserv_id"], r["trusted"])
            for r in arc["results"]] == [
        (2, "mx.example.org", False), (1, "mx.example.net", False)]
    assert not result.json["reported"]["authentication_results"]
    hasnot(result, "ar-dkim-pass", "ar-dmarc-pass", "dmarc-result-pass")


# Authors.

@pytest.mark.parametrize("fields, one", [
    (["a@example.com, b@example.com"], "example.com"),
    (["a@example.com, b@EXAMPLE.com"], "example.com"),
    (["\"b@evil.example\" <a@example.com>"], "example.com"),
    (["a@example.com (b@evil.example)"], "example.com"),
    (["a@example.com, b@example.org"], None),
    (["a@example.com, b@sub.example.com"], None),
    (["a@example.com", "b@example.com"], None),
    (["Friends: a@example.com, b@example.com;"], "example.com"),
    (["nobody"], None),
    ([""], None),
    (["a@[192.0.2.1]"], None),
    ([], None),
])
def test_authors(explain, fields, one):
    octets = mail.message(leave=("From",))
    octets = mail.delivered(mail.on_top(octets, *[("From", f)
                                                  for f in fields]))
    result = explain(octets)
    assert ("dmarc-multiple-from" in result.codes()) == (one is None)
    if one is None:
        assert result.results["dmarc"] is None
        assert result.code == lab.FAIL
        assert result.causes[0] == "no-single-author"
    else:
        assert result.json["from"] == one
        assert result.dmarc == "pass"


IDN = "xn--bcher-kva.example"


@pytest.mark.parametrize("name", ["bücher.example", "BÜCHER.example", IDN])
def test_international_author(explain, name, zones):
    zone = lab.Zone.empty(IDN)
    zone.add('_dmarc TXT "v=DMARC1; p=reject; rua=mailto:r@example.com"')
    zone.add('@ TXT "v=spf1 ip4:192.0.2.4 -all"')
    zone.add(mail.key_line("s1", KEY))
    zones.sign(zone)
    zones.sign(lab.Zone.empty("example"))
    octets = mail.sign(mail.message(f"Bücher <news@{name}>"), domain=IDN)
    result = explain(mail.delivered(octets, reverse=f"b@{IDN}"),
                     source=zones.args)
    assert result.json["from"] == IDN
    assert (result.dkim, result.spf, result.dmarc) == (["pass"], "pass",
                                                       "pass")


# Input.

def without_seconds(result):
    return {**result.json, "seconds": None, "time": None}


@pytest.mark.parametrize("name", ["g94", "g112", "list", "both"])
def test_ends_of_lines(explain, name):
    octets = (mail.MESSAGES / f"{name}.eml").read_bytes()
    with_cr = octets.replace(b"\n", b"\r\n")
    one, two = explain(octets), explain(with_cr)
    extra = two.json["body_octets"] - one.json["body_octets"]
    assert extra == octets.partition(b"\n\n")[2].count(b"\n")
    one, two = without_seconds(one), without_seconds(two)
    one["body_octets"] = two["body_octets"] = None
    assert one == two


def test_standard_input(program, explain, dns_of):
    expected = without_seconds(explain("g94"))
    text = (mail.MESSAGES / "g94.eml").read_text()
    for args in ([], ["-"]):
        done = program("explain", "--format", "json", "--allow-documentation",
                       *dns_of(), *args, text=text)
        assert without_seconds(follows_schema(done)) == expected


def test_envelope_line_of_mailboxes(explain):
    octets = b"From bounce@example.com Mon Jun  1 10:00:00 2026\n" + GOOD
    assert explain(octets).dkim == ["pass"]


@pytest.mark.parametrize("content, why", [
    (None, "No such file"), ("directory", "directory"), (b"", "empty"),
    (bytes(range(256)) * 64, "not a message"), (b"\n\nbody\n", "not a message"),
    (b"no colon here\n\n", "not a message")])
def test_no_message(program, tmp_path, content, why):
    path = tmp_path / "it.eml"
    if content == "directory":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    done = program("explain", path)
    assert done.code == lab.INPUT
    assert not done.out
    assert len(done.err.splitlines()) == 1 and why in done.err
    assert done.err.startswith(f"unbound-mailauth: {path}: ")


@pytest.mark.parametrize("args, what", [
    (["--ip", "300.1.1.1"], "300.1.1.1"), (["a.eml", "b.eml"], "one message"),
    (["--ip", "192.0.2.1", "--ip", "192.0.2.2"], "--ip"),
    (["--selector", "s1"], "selector")])
def test_wrong_use(program, tmp_path, dns_of, args, what):
    path = mail.MESSAGES / "g94.eml"
    if "a.eml" not in args:
        args = [*args, path]
    done = program("explain", *dns_of(), *args)
    assert done.code == lab.USE
    assert not done.out and what in done.err


def test_line_that_is_not_indented(explain):
    octets = SIGNED.replace(b"\n q=dns", b"\nq=dns", 1)
    assert octets != SIGNED
    result = explain(delivered(octets))
    assert result.dkim == ["permerror"]
    has(result, "hdr-unfolded", "sig-syntax")
    assert "not indented" in result.cause("signature-unusable")


def test_contradiction(explain):
    octets = mail.on_top(
        mail.message(), mail.path("bounce@example.com"),
        mail.results(mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS),
        mail.results("dkim=fail header.d=example.com",
                     "spf=softfail smtp.mailfrom=bounce@example.com"))
    for args in ([], ["--authserv-id", "mx.receiver.example"]):
        result = explain(octets, *args)
        assert result.dmarc == "fail"
        has(result, "ar-contradiction")
        assert "spf=softfail" in result.message("ar-contradiction") or \
            "dkim=fail" in result.message("ar-contradiction")


def test_junk_in_the_header(explain):
    octets = GOOD.replace(b"Subject:", b"what is this line\nSubject:")
    result = explain(octets)
    has(result, "hdr-syntax")


def test_text(program, dns_of):
    done = program("explain", "--allow-documentation", *dns_of(),
                   mail.MESSAGES / "g112.eml")
    assert done.code == lab.FAIL
    assert "\033" not in done.out
    for words in ("news@example.com", "bounce@mailer-service.com",
                  "mx.example.com (may be forged) says: dkim=pass for "
                  "mailer-service.com", "a header that may be forged",
                  "dmarc fail",
                  "Why: DKIM and SPF pass, but not for example.com"):
        assert words in done.out
    done = program("explain", "-q", *dns_of(), mail.MESSAGES / "g112.eml")
    assert (done.code, done.out) == (lab.FAIL, "")


# Answers that could not be told. For each message: the zone of its policy, the
# keys of its signatures and whether their domains align, and the domain of SPF
# and whether that aligns. Where SPF fails without that, the address is None.

MATRIX = {
    "g94": ("example.com", [("example.com", "s1", True)],
            ("example.com", True)),
    "g95-spf": ("example.com", [("mailer-service.com", "k1", False)],
                ("example.com", True)),
    "g95-dkim": ("example.com", [("example.com", "s1", True)],
                 ("mailer-service.com", False)),
    "g99": ("example.net", [("example.net", "n1", True)],
            ("example.com", False)),
    "g100": ("example.com", [("example.com", "s1", True)],
             ("sub.example.com", True)),
    "g123": ("example.com", [("example.com", "s1", True)],
             ("example.com", True)),
    "both": ("example.com", [("example.com", "s1", True),
                             ("example.com", "ed", True)],
             ("example.com", True)),
}

# What is said of records that are known, and of those that are known not to
# be there: nothing of it may be said of one that could not be told.
OF_DMARC = {"dmarc-missing", "dmarc-ok", "dmarc-p-none", "dmarc-p-reject",
            "dmarc-p-quarantine", "dmarc-result-pass", "dmarc-result-fail",
            "align-from-not-configured", "dmarc-reject-needs-dkim"}
OF_KEY = {"dkim-key-missing", "dkim-key-ok", "dkim-selector-mismatch",
          "dkim-not-a-key"}
OF_SPF = {"spf-missing", "spf-ok", "spf-eval-none", "spf-eval-fail",
          "spf-eval-pass"}


def gone(kind, name):
    """The changes that take a record away, bogus, failing or absent."""
    policy_zone, signers, (spf_domain, _) = MATRIX[name]
    if kind == "dmarc":
        zone, owner = policy_zone, "_dmarc"
        old, new = "; rua=", "; sp=none; rua="
    elif kind == "key":
        zone, selector, _ = signers[0]
        owner, old, new = f"{selector}._domainkey", '"v=DKIM1', '"v=DKIM0'
    else:
        zone = spf_domain.removeprefix("sub.")
        owner = "sub" if zone != spf_domain else "@"
        old, new = "ip4:", "ip4:203.0.113.0/24 ip4:"
    full = zone if owner == "@" else f"{owner}.{zone}"
    absent = ("delete", zone, owner, "TXT")
    failing = [absent]
    if kind == "spf":
        failing.append(("add", zone,
                        f'{owner} TXT "v=spf1 include:gone.example -all"'))
    elif kind == "key":
        # The selector is another zone, whose server is not there.
        failing.append(("add", zone, f"{owner} NS ns.elsewhere.example."))
    else:
        failing.append(("add", zone, "_dmarc NS ns.elsewhere.example."))
    return {"bogus": (("forge", zone, full, old, new),), "absent": (absent,),
            "failing": tuple(failing)}


def verdict_of(aligned_passes, aligned_open):
    """The result of DMARC."""
    return "pass" if aligned_passes else \
        "temperror" if aligned_open else "fail"


def dkim_aligns(name, first):
    """An aligned signature passes when the first one does, or does not."""
    return any(aligned for i, (_, _, aligned) in enumerate(MATRIX[name][1])
               if i > 0 or first)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_all_is_secure(explain, name):
    """Over signed zones: every answer is proved."""
    result = explain(name)
    assert {r["dnssec"] for r in result.json["records"]} == {"secure"}
    assert result.json["dnssec"] == "secure"
    assert {s["dnssec"] for s in result.results["dkim"]} == {"secure"}
    assert result.results["spf"]["dnssec"] == "secure"
    assert result.results["dmarc"]["walk"][0]["dnssec"] == "secure"
    assert (set(result.dkim), result.spf, result.dmarc) == (
        {"pass"}, "pass", "pass")


def unseen(result, kind, owner, state):
    """The record is bogus; or it is of a zone that was not given, which the
    report lists as such."""
    if state == "failing":
        title = {"dkim": "DKIM key", "dmarc": "DMARC policy"}[kind]
        what = f"{owner} (an alias that leads there: {title})"
        assert {"what": what, "why": "outside"} in result.json["incomplete"]
        return
    record = result.record(kind, f"{owner}.")
    assert record["verdict"] == "temperror" and record["text"] is None
    assert record["dnssec"] == "bogus"


@pytest.mark.parametrize("state", ["bogus", "failing"])
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_n03_policy_not_told(explain, name, state):
    """Neither the forged policy nor that of the parent is believed."""
    result = explain(name, dns=gone("dmarc", name)[state])
    unseen(result, "dmarc", f"_dmarc.{MATRIX[name][0]}", state)
    assert (result.dmarc, result.results["dmarc"]["policy"]) == (
        "temperror", None)
    assert not OF_DMARC & result.codes()
    has(result, "dmarc-temperror")
    assert ("dnssec-bogus" in result.codes()) == (state == "bogus")
    assert "dmarc-not-told" in result.causes
    words = "outside of the given zones" if state == "failing" else (
        "not the same as having none")
    assert words in result.cause("dmarc-not-told")
    assert not {"no-policy", "from-not-configured"} & set(result.causes)
    # The others are as they were.
    assert (set(result.dkim), result.spf) == ({"pass"}, "pass")
    assert result.code == lab.TEMPERROR


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_policy_absent(explain, name):
    result = explain(name, dns=gone("dmarc", name)["absent"])
    assert result.dmarc == "none"
    has(result, "dmarc-missing", "dnssec-denial-secure")
    # A signature of the organization is not nothing.
    own = any(aligned for _, _, aligned in MATRIX[name][1])
    assert ("align-from-not-configured" in result.codes()) == (not own)
    assert ("no-policy" if own else "from-not-configured") in result.causes
    hasnot(result, "dmarc-temperror", "dnssec-bogus")
    assert result.code == lab.FAIL


@pytest.mark.parametrize("state", ["bogus", "failing"])
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_n11_key_not_told(explain, name, state):
    zone, selector, aligned = MATRIX[name][1][0]
    result = explain(name, dns=gone("key", name)[state])
    owner = f"{selector}._domainkey.{zone}"
    unseen(result, "dkim", owner, state)
    assert result.dkim[0] == "temperror"
    assert set(result.dkim[1:]) <= {"pass"}
    assert "key-not-told" in result.causes
    assert not {"wrong-selector", "key-unusable", "key-replaced",
                "unsigned", "nothing-passes"} & set(result.causes)
    assert not OF_KEY & result.codes(name=f"{owner}.")
    hasnot(result, "dkim-key-missing", "sig-mismatch", "sig-header-changed",
           "sig-body-changed", "align-from-not-configured", "ar-differs")
    # A signature that is not aligned whatever its key is changes nothing.
    assert ("dmarc-reject-needs-dkim" in result.codes()) == (not aligned)
    spf_aligned = MATRIX[name][2][1]
    assert result.dmarc == verdict_of(
        spf_aligned or dkim_aligns(name, False), aligned)
    assert ("dnssec-bogus" in result.codes()) == (state == "bogus")
    # What DMARC needs is known: a name outside of the zones changes no code.
    known = state == "failing" and result.dmarc == "pass"
    assert result.code == (lab.FAIL if not aligned else
                           lab.PASS if known else lab.TEMPERROR)
    # SPF alone is not said to be all that passes.
    if aligned:
        hasnot(result, "dmarc-pass-spf-only")


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_key_absent(explain, name):
    result = explain(name, dns=gone("key", name)["absent"])
    assert result.dkim[0] == "permerror"
    has(result, "dkim-key-missing", "dnssec-denial-secure")
    assert "wrong-selector" in result.causes
    hasnot(result, "dnssec-bogus", "dmarc-temperror")
    assert result.dmarc == verdict_of(
        MATRIX[name][2][1] or dkim_aligns(name, False), False)


@pytest.mark.parametrize("state", ["bogus", "failing"])
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_spf_not_told(explain, name, state):
    result = explain(name, dns=gone("spf", name)[state])
    assert result.spf == "temperror"
    assert "spf-not-told" in result.causes
    assert "not the same as having no record" in result.cause("spf-not-told")
    assert not (OF_SPF - ({"spf-ok"} if state == "failing" else set())) & \
        result.codes("spf")
    hasnot(result, "ar-differs", "dmarc-pass-dkim-only") if \
        MATRIX[name][2][1] else hasnot(result, "ar-differs")
    assert result.results["spf"]["source"] == "none"
    assert result.dmarc == verdict_of(dkim_aligns(name, True),
                                      MATRIX[name][2][1])
    assert ("dnssec-bogus" in result.codes()) == (state == "bogus")
    hasnot(result, "dmarc-result-fail")
    assert set(result.dkim) == {"pass"}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_spf_absent(explain, name):
    result = explain(name, dns=gone("spf", name)["absent"])
    assert result.spf == "none"
    has(result, "spf-missing")
    assert "return-path-without-spf" in result.causes
    assert result.dmarc == verdict_of(dkim_aligns(name, True), False)
    hasnot(result, "dnssec-bogus", "dmarc-temperror")


@pytest.mark.parametrize("state", ["bogus", "failing"])
@pytest.mark.parametrize("name", ["g112", "g113", "g114", "g115", "g116",
                                  "g117", "g118", "g120"])
def test_n03_policy_not_told_of_claims(explain, name, state):
    result = explain(name, dns=gone("dmarc", "g94")[state])
    assert result.dmarc == "temperror"
    assert result.causes[0] == "dmarc-not-told"
    hasnot(result, "dmarc-missing", "dmarc-p-none", "dmarc-result-pass",
           "dmarc-result-fail", "align-from-not-configured", "ar-differs")
    assert result.code == (lab.TEMPERROR if name in ("g118", "g120")
                           else lab.FAIL)


@pytest.mark.parametrize("state, cause", [
    ("bogus", "key-not-told"), ("failing", "key-not-told"),
    ("absent", "wrong-selector")])
def test_n11_key_of_a_claim(explain, state, cause):
    result = explain("g115", dns=gone("key", "g94")[state])
    assert cause in result.causes
    assert ("dkim-key-missing" in result.codes()) == (state == "absent")
    assert "dkim-failed-there" not in result.causes


def test_n11_secure_alias_of_an_insecure_key(explain):
    """It verifies; how far it is proved is said."""
    result = explain("g94", dns=(
        *key("s1._domainkey CNAME key.elsewhere.example."),
        ("plain", "elsewhere.example", mail.txt("key", mail.key_text(KEY)))))
    assert (result.dkim, result.dmarc) == (["pass"], "pass")
    has(result, "dnssec-chain-mixed", "dkim-cname", "sig-ok")
    record = result.record("dkim")
    assert record["dnssec"] == "indeterminate"
    assert [h["dnssec"] for h in record["hops"]] == ["secure",
                                                     "indeterminate"]
    assert result.results["dkim"][0]["dnssec"] == "indeterminate"
    assert result.json["dnssec"] == "indeterminate"


def test_n11_alias_to_nowhere(explain):
    result = explain("g94", dns=key("s1._domainkey CNAME key.example.org."))
    assert result.dkim == ["permerror"]
    has(result, "dkim-cname-dangling")
    assert "wrong-selector" in result.causes


def test_unsigned_zones(explain):
    """Nothing is called insecure that was not looked at."""
    result = explain("g94", signed=False)
    assert result.json["dnssec"] == "unchecked"
    has(result, "dnssec-validation-off")
    assert (result.dkim, result.spf, result.dmarc) == (["pass"], "pass",
                                                       "pass")


# The same over servers that misbehave, without validation.

def answers(lines):
    """TXT records by owner."""
    found = {}
    for zone, records in lines.items():
        for record in records:
            owner, rrtype, text = record.split(None, 2)
            name = zone if owner == "@" else f"{owner}.{zone}"
            found[f"{name}.", rrtype] = text
    return found


def serve(behaviour, name):
    """A server of all zones that does something else for one name."""
    records = answers(ZONES)

    def answer(query, response):
        q = query.question[0]
        owner = str(q.name).lower()
        rrtype = dns.rdatatype.to_text(q.rdtype)
        if owner == name:
            return behaviour(response)
        if (owner, rrtype) in records:
            response.answer.append(dns.rrset.from_text(
                q.name, 300, "IN", rrtype, records[owner, rrtype]))
            return response
        if not any(n == owner or n.endswith(f".{owner}")
                   for n, _ in records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        zone = ".".join(owner.split(".")[-3:-1])
        response.authority.append(dns.rrset.from_text(
            f"{zone}.", 300, "IN", "SOA", "ns. host. 1 3600 900 9999 300"))
        return response

    return lab.Misbehaving(answer)


def rcode(code):
    def behaviour(response):
        response.set_rcode(code)
        return response

    return behaviour


FAILURES = {"servfail": rcode(dns.rcode.SERVFAIL),
            "refused": rcode(dns.rcode.REFUSED),
            "silence": lambda response: None,
            "rubbish": lambda response: b"\0" * 5}


# Each failure once; test/unit/test_explain.c has each record in each.
@pytest.mark.parametrize("failure, name, dkim, spf, dmarc", [
    ("silence", "_dmarc.example.com.", ["pass"], "pass", "temperror"),
    ("servfail", "s1._domainkey.example.com.", ["temperror"], "pass", "pass"),
    ("rubbish", "example.com.", ["pass"], "temperror", "pass"),
    ("refused", "elsewhere.example.", ["pass"], "pass", "pass"),
])
def test_servers_that_fail(explain, tmp_path, failure, name, dkim, spf,
                           dmarc):
    config = tmp_path / "unbound.conf"
    config.write_text('server:\n  module-config: "iterator"\n')
    with serve(FAILURES[failure], name) as server:
        result = explain("g94", source=[
            "-C", config, "--server", server.server, "--timeout", "4"])
    assert (result.dkim, result.spf, result.dmarc) == (dkim, spf, dmarc)
    hasnot(result, "dkim-key-missing", "dmarc-missing", "spf-missing",
           "dmarc-result-fail", "align-from-not-configured", "ar-differs",
           "dmarc-reject-needs-dkim")
    assert result.code == (lab.TEMPERROR if "temperror" in [*dkim, spf, dmarc]
                           else lab.WARN)


def test_nothing_answers(explain):
    """Without DNS nothing is told, and claims are no substitute."""
    result = explain("g94", source=["--server", "127.0.0.1@9", "--timeout",
                                    "3"])
    assert (result.dkim, result.spf, result.dmarc) == (
        ["temperror"], "temperror", "temperror")
    assert result.code == lab.TEMPERROR
    assert not {c for c in result.codes() if c.endswith("-missing")}


# Messages made to hurt.

def hurt(program, octets, *args, seconds=20, codes=(0, 1, 2, 3, 66)):
    """Octets through standard input; valid JSON, or an error of one line."""
    began = time.monotonic()
    done = subprocess.run(
        [program.path, "explain", "--format", "json", *args, "-"],
        input=octets, capture_output=True, timeout=120, check=False)
    assert time.monotonic() - began < seconds
    assert done.returncode in codes, done.stderr
    assert b"Sanitizer" not in done.stderr
    if done.returncode == lab.INPUT:
        assert len(done.stderr.splitlines()) == 1 and not done.stdout
        return None
    assert done.stdout.isascii()
    report = json.loads(done.stdout)
    VALIDATOR.validate(report)
    return report


def codes_of(report):
    return {f["code"] for f in report["findings"]}


def is_sanitized(program):
    """Memory of such a program is not that of the program."""
    return b"__asan_init" in program.path.read_bytes()


@pytest.mark.alone
def test_large_body(program, dns_of, tmp_path):
    """50 MiB: neither the time nor the memory of it."""
    line = b"All work and no play makes this a long message, to be sure.\r\n"
    octets = mail.delivered(mail.sign(mail.message())).replace(
        b"\n", b"\r\n") + line * (50 * 1024 * 1024 // len(line))
    path = tmp_path / "large.eml"
    path.write_bytes(octets)
    began = time.monotonic()
    with path.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-S", "-c", MEASURED, program.path, "explain",
             "--format", "json", *dns_of(), "-"],
            stdin=source, capture_output=True, check=False)
    assert time.monotonic() - began < 60
    report = json.loads(done.stdout)
    VALIDATOR.validate(report)
    assert report["body_octets"] == len(octets.partition(b"\r\n\r\n")[2])
    assert "sig-body-changed" in codes_of(report)
    assert done.returncode == lab.FAIL
    if not is_sanitized(program):
        assert int(done.stderr) < 64 * 1024  # KiB


# Runs a program from a small process, and tells how much memory that took:
# what a child has before it is another program counts as well.
MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


HEAD = b"From: a@example.com\n"

SIG = (b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s%d; h=from; "
       b"bh=RkU/bHmmvcDFs0D60cYVEWTxawCORkJiVA+cUgDdAWU=; b=AAAA\n")


def test_many_fields(program, dns_of):
    octets = b"".join(b"X-%d: value\n" % i for i in range(10000))
    report = hurt(program, octets + GOOD, *dns_of())
    assert report["header_fields"] > 10000
    assert report["results"]["dkim"][0]["result"] == "pass"
    octets = octets * 3
    report = hurt(program, GOOD.replace(b"\n\n", b"\n" + octets + b"\n", 1),
                  *dns_of())
    assert "limit-reached" in codes_of(report)
    assert report["header_fields"] == 20000
    # Not all of the header is known: nothing is said of the signature.
    assert report["results"]["dkim"][0]["result"] == "neutral"


@pytest.mark.parametrize("selectors", [1, 1000])
def test_many_signatures(program, dns_of, selectors):
    octets = b"".join(SIG % (i % selectors) for i in range(1000))
    report = hurt(program, octets + mail.message(), *dns_of())
    assert report["signatures"] == 1000
    assert len(report["results"]["dkim"]) == 50
    assert "limit-reached" in codes_of(report)
    assert report["queries"] < 100
    # The others might pass.
    assert report["results"]["dmarc"]["result"] == "temperror"
    assert "dmarc-reject-needs-dkim" not in codes_of(report)


def test_long_header(program, dns_of):
    """9 MiB of it, in lines and in one field."""
    for octets in (b"X-Pad: " + b"x" * 990 + b"\n", b" " + b"x" * 998 + b"\n"):
        report = hurt(program, GOOD.replace(
            b"Subject:", b"X: y\n" + octets * 9500 + b"Subject:", 1),
            *dns_of())
        assert "limit-reached" in codes_of(report)
        assert report["results"]["dkim"][0]["result"] == "neutral"
        assert report["results"]["dmarc"] is None or \
            report["results"]["dmarc"]["result"] != "fail"


HURT = [
    ("no end", HEAD[:-1]),
    ("nothing but a name", b"From:"),
    ("NUL in a name", b"Fr\0om: a@example.com\nFrom: b@example.com\n\n"),
    ("NUL in a value", b"From: a\0@example.com\nSubject: \0\0\n\n\0"),
    ("NUL in an address", b"From: a@exam\0ple.com\n\n"),
    ("8 bit", HEAD + b"Subject: \xff\xfe\x80\nX-\xe4: \xe4\n\n\xff"),
    ("8 bit in domain", b"From: a@\xff\xfe.example\n\n"),
    ("escapes", b"From: \x1b[31m <a@example.com>\nReturn-Path: <\x1b@x>\n"
     b"Authentication-Results: \x1b[2J; dkim=\x1b\n\n"),
    ("CR alone", b"From: a@example.com\rX: y\r\rbody"),
    ("mixed ends", b"From: a@example.com\r\nX: y\n\r\nbody\r\n"),
    ("large b", HEAD + b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; "
     b"s=s1; h=from; bh=AAAA; b=" + b"QUJD" * 262144 + b"\n\n"),
    ("many tags", HEAD + b"DKIM-Signature: v=1; " + b"q=x; " * 10000 + b"\n\n"),
    ("many h", HEAD + b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; "
     b"s=s1; bh=RkU/bHmmvcDFs0D60cYVEWTxawCORkJiVA+cUgDdAWU=; b=AAAA; h=" +
     b"from:" * 10000 + b"from\n\n"),
    ("encoded words", HEAD + b"Subject: " + b"=?utf-8?B?QUJD?= " * 60000 +
     b"\n\n"),
    ("nested comments", b"From: " + b"(" * 100000 + b"x" + b")" * 100000 +
     b" a@example.com\n\n"),
    ("open comments", b"From: " + b"(" * 100000 + b" a@example.com\n\n"),
    ("nested in results", HEAD + b"Authentication-Results: " + b"(" * 100000 +
     b"\n\n"),
    ("nested in received", HEAD + b"Received: from x " + b"(" * 100000 +
     b"\n\n"),
    ("quotes", b"From: " + b'"' * 100001 + b"\n\n"),
    ("backslashes", b'From: "' + b"\\" * 100001 + b"\n\n"),
    ("routes", b"From: <" + b"@a," * 50000 + b":a@example.com>\n\n"),
    ("groups", b"From: " + b"g:" * 50000 + b"a@example.com;\n\n"),
    ("addresses", b"From: " + b",".join(
        b"a%d@example.com" % i for i in range(10000)) + b"\n\n"),
    ("domains", b"From: " + b",".join(
        b"a@d%d.example" % i for i in range(10000)) + b"\n\n"),
    ("a long domain", b"From: a@" + b"a." * 10000 + b"example\n\n"),
    ("a long local part", b"From: " + b"a" * 100000 + b"@example.com\n\n"),
    ("results", HEAD + b"Authentication-Results: mx; " +
     b"dkim=pass;" * 100000 + b"\n\n"),
    ("domains in results", HEAD + b"Authentication-Results: mx; " + b";".join(
        b"dkim=pass header.d=d%d.example" % i for i in range(30000)) +
     b"\n\n"),
    ("properties", HEAD + b"Authentication-Results: mx; dkim=pass" +
     b" a.b=c" * 100000 + b"\n\n"),
    ("many results", HEAD + b"Authentication-Results: mx; dkim=pass\n" * 15000
     + b"\n"),
    ("seals", HEAD + b"ARC-Seal: i=1; cv=none\n" * 15000 + b"\n"),
    ("instances", HEAD + b"ARC-Seal: i=99999999999999999999; cv=none\n"
     b"ARC-Authentication-Results: i=0; mx; none\n\n"),
    ("received", HEAD + b"Received: from a (b [192.0.2.1]) by c; x\n" * 15000
     + b"\n"),
    ("scores", HEAD + b"X-Spam-Status: Yes, score=1e999 required=nan\n"
     b"X-Spam-Score: -99999999999999999999\nX-Microsoft-Antispam: BCL:-\n"
     b"X-Forefront-Antispam-Report: SCL:99999999999;SCL:\n\n"),
    ("dates", HEAD + b"Received: by x; Mon, 99 Foo 99999 99:99:99 +9999\n"
     b"Received: by x; 1 Jan 0000 00:00:00 -9959\n\n"),
    ("selectors", HEAD + b"Authentication-Results: mx; dkim=fail "
     b"header.d=example.com header.s=" + b"a." * 200 + b"\n\n"),
]


@pytest.mark.parametrize("name, octets", HURT, ids=[name for name, _ in HURT])
def test_hurt(program, dns_of, name, octets):
    report = hurt(program, octets, "--ip", "198.51.100.9", *dns_of())
    assert report is None or report["queries"] < 400
    if name == "addresses":
        assert "dmarc-multiple-from" not in codes_of(report)
    if name == "domains":
        assert "dmarc-multiple-from" in codes_of(report)
    if name in ("results", "properties", "domains in results"):
        assert "limit-reached" in codes_of(report)


def test_controls_do_not_reach_a_terminal(program, dns_of, tmp_path):
    path = tmp_path / "it.eml"
    path.write_bytes(
        b"Return-Path: <\x1b[31m@example.com>\nAuthentication-Results: "
        b"\x1b[2J; dkim=\x1b header.d=\x1b.example; x=\x07\n"
        b"From: \x1b]0;x\x07 <a\x9b@example.com>\nDKIM-Signature: v=1; "
        b"a=\x1b; d=\x1b.com; s=\x1b; h=from; bh=; b=\n\n")
    done = program("explain", "-v", *dns_of(), path)
    assert not {c for c in done.out if ord(c) < 32 and c != "\n"
                or 127 <= ord(c)}


def test_header_too_long_for_an_author(program, dns_of):
    """From may be in what was not read: that is not to have none."""
    octets = b"X-Pad: " + b"x" * 990 + b"\n"
    report = hurt(program, octets * 9500 + GOOD, *dns_of())
    assert not {"dmarc-multiple-from", "ar-dkim-pass"} & codes_of(report)
    assert {"limit-reached", "dmarc-undecided"} <= codes_of(report)
    assert report["verdict"] == "temperror"
    assert [c["cause"] for c in report["causes"]] == ["header-too-long"]


@pytest.mark.parametrize("tag, dmarc", [("adkim", "temperror"),
                                        ("aspf", "fail")])
def test_strictness_of_what_is_not_told(explain, tag, dmarc):
    """SPF of a subdomain could not be told: does it matter?"""
    result = explain(
        mail.delivered(mail.message(), reverse="b@sub.example.com"),
        dns=(*policy(f"v=DMARC1; p=reject; {tag}=s"), *changed(
            'sub TXT "v=spf1 include:gone.example -all"', drop=["sub TXT"])))
    assert (result.spf, result.dmarc) == ("temperror", dmarc)


def test_host_of_the_receiver(explain):
    """An address that is not the sender's: the reader is told what to do."""
    octets = mail.delivered(SIGNED, mail.SPF_PASS, hops=[
        mail.received("203.0.113.80", "relay.receiver.example")])
    result = explain(octets)
    assert "give the sender's address" in result.cause(
        "return-path-not-covered")
    has(result, "ar-differs")
    result = explain(octets, "--ip", "203.0.113.81")
    assert "--ip" not in result.cause("return-path-not-covered")


def test_gmail_on_the_way_is_not_the_receiver(explain):
    octets = mail.delivered(SIGNED, hops=[
        mail.received(), mail.received("192.0.2.77", by="mx.google.com")])
    hasnot(explain(octets), "hdr-gmail-no-score")


def test_reverse_address_that_is_none(program, dns_of):
    done = program("explain", *dns_of(), "--mail-from", "@",
                   mail.MESSAGES / "g94.eml")
    assert done.code == lab.USE and "@" in done.err


def test_claimed_signature_that_is_not_there(explain):
    """The whole message, and no signature: who says pass is not believed
    unless he is known."""
    octets = mail.delivered(mail.message(), mail.DKIM_PASS, mail.SPF_PASS,
                            mail.DMARC_PASS,
                            hops=[mail.received("203.0.113.66")])
    result = explain(octets)
    assert (result.spf, result.dmarc) == ("fail", "fail")
    assert result.results["dkim_source"] == "none"
    assert "forged" in result.cause("unsigned")
    has(result, "ar-differs", "dmarc-reject-needs-dkim", "dmarc-result-fail")
    # Below the Received of the border it may be the sender's all the same.
    result = explain(octets, "--authserv-id", "mx.receiver.example")
    assert result.results["dkim_source"] == "none"
    assert result.dmarc == "fail"
    octets = mail.on_top(
        mail.message(), mail.path("bounce@example.com"),
        mail.results(mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS),
        mail.received("203.0.113.66"))
    assert explain(octets).results["dkim_source"] == "none"
    result = explain(octets, "--authserv-id", "mx.receiver.example")
    assert result.results["dkim_source"] == "reported"
    assert result.dmarc == "pass"


def test_text_without_an_author(program, dns_of, tmp_path):
    path = tmp_path / "it.eml"
    for leave, first in ((("From",), ""), ((), "; first news@example.com")):
        octets = mail.message("news@example.com, b@example.org", leave=leave)
        path.write_bytes(mail.delivered(octets))
        done = program("explain", "--allow-documentation", *dns_of(), path)
        assert done.out.startswith("message without a usable From: FAIL")
        assert f"from      no single author{first}\n" in done.out


@pytest.mark.parametrize("message, name, owners", [
    ("list", KEY, ["s1._domainkey.example.com."]),
    ("both", KEY, ["s1._domainkey.example.com."]),
    ("both", "ed25519", ["ed._domainkey.example.com."]),
    ("list", SHORT, []), ("both", OTHER, [])])
def test_private_key_of_one_of_the_signatures(explain, message, name, owners):
    """That of the list, or of the other algorithm, is no mismatch."""
    result = explain(message, "--dkim-key", mail.KEYS / f"{name}.pem")

    def named(code):
        return [f["name"] for f in result.json["findings"]
                if f["code"] == code]

    assert named("dkim-key-match-private") == owners
    mismatches = named("dkim-key-mismatch-private")
    assert bool(mismatches) == (not owners)
    assert "list._domainkey.example.org." not in mismatches


def test_private_key_without_an_author(explain):
    octets = delivered(mail.sign(mail.message("a@example.com, b@example.net")))
    result = explain(octets, "--dkim-key", mail.KEYS / f"{OTHER}.pem")
    has(result, "dkim-key-mismatch-private", "dmarc-multiple-from", "sig-ok")


@pytest.mark.parametrize("change", [
    {"verdict": "maybe"}, {"more": 1}, {"causes": [{"cause": "x"}]},
    {"results": {}}, {"reported": None}, {"records": [{}]},
    {"ip_source": "rumour"}, {"signatures": -1}])
def test_schema_refuses(explain, change):
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    report = explain("g94").json
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate({**report, **change})
