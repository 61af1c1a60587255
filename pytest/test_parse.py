# test_parse.py - records given as text
# SPDX-License-Identifier: BSD-3-Clause
"""The parse command: what a text is told to be, and what is in it."""
import json
import os
import pathlib
import re
import subprocess
import unicodedata

import pytest

import lab

TRIGGERS = {"txt-string-over-255", "spf-string-over-255",
            "bimi-owner-not-absolute", "mx-address-as-name",
            "txt-wrong-name", "not-of-kind"}

DIGEST = "0123456789abcdef" * 4

LONG = "v=DKIM1; k=rsa; p=" + "A" * 372


@pytest.mark.parametrize("text, kind", [
    ("v=spf1 -all", "spf"),
    ("V=SPF1 -all", "spf"),
    ("v=spf1 mx -all", "spf"),
    ("v=spf10 -all", "spf"),
    ("spf2.0/pra mx -all", "senderid"),
    ("v=DKIM1; k=rsa; p=", "dkim"),
    ("k=rsa; p=MIGf", "dkim"),
    ("v=DMARC1; p=none", "dmarc"),
    ("p=reject; v=DMARC1", "dmarc"),
    ("v=BIMI1; l=", "bimi"),
    ("o=-;", "domainkeys"),
    ("dkim=all", "adsp"),
    ('"v=spf1 " "-all"', "spf"),
    ('"v=DMARC1; p=none"', "dmarc"),
    ("example.com. MX 10 mail.example.com.", "mx"),
    ("example.com. 300 IN MX 10 mail.example.com.", "mx"),
    ("mail.example.com. IN 300 A 192.0.2.1", "address"),
    ("mail.example.com. AAAA 2001:db8::1", "address"),
    ("4.2.0.192.in-addr.arpa. PTR mta-1.example.com.", "ptr"),
    ('_dmarc.example.com. TXT "v=DMARC1; p=none"', "dmarc"),
    ('_dmarc.example.com. TXT "hello"', "dmarc"),
    ('s._domainkey.example.com. 300 IN TXT "v=DKIM1; " "p="', "dkim"),
    ('default._bimi.example.com. TXT "v=BIMI1; l="', "bimi"),
    ('_domainkey.example.com. TXT "o=~"', "domainkeys"),
    ('_adsp._domainkey.example.com. TXT "dkim=all"', "adsp"),
    ('example.com. TXT "v=spf1 -all"', "spf"),
    ('example.com. TXT "spf2.0/pra -all"', "senderid"),
    ("v=STSv1; id=20261123", "mtasts"),
    ("v=stsv1; id=20261123", "mtasts"),
    ("v=TLSRPTv1; rua=mailto:tls@example.com", "tlsrpt"),
    ("v=TLSRPTv1", "tlsrpt"),
    ('_mta-sts.example.com. TXT "hello"', "mtasts"),
    ('_smtp._tls.example.com. TXT "hello"', "tlsrpt"),
    ('example.com._report._dmarc.example.net. TXT "v=DMARC1"',
     "dmarc-report"),
    ('*._report._dmarc.example.net. TXT "v=DMARC1"', "dmarc-report"),
    ('_report._dmarc.example.net. TXT "v=DMARC1"', "dmarc-report"),
    (f"_25._tcp.mta-1.example.com. IN TLSA 3 1 1 {DIGEST}", "tlsa"),
    (f"_25._tcp TLSA 3 1 1 {DIGEST}", "tlsa"),
])
def test_kind_is_told(program, text, kind):
    assert program.parse(text).json["kind"] == kind


def test_tlsa_as_text(program):
    """Upper case and blanks are fine; the state of DNSSEC is not known."""
    text = f"3 1 1 {DIGEST[:40].upper()} {DIGEST[40:]}"
    result = program.parse("--kind", "tlsa", text)
    assert result.json["verdict"] == "valid"
    assert result.json["text"] == f"3 1 1 {DIGEST}"
    assert result.codes() == {"dane-usage-3-1-1"}
    for text in ("3 1 1", "3 1 1 abc", "3 1 1 xy", "3 1 256 ab", "3 1"):
        result = program.parse("--kind", "tlsa", text)
        assert result.code == lab.USE and "not data of its type" in result.err


def test_tlsa_of_another_port(program):
    """What is true of SMTP is not true of the web."""
    result = program.parse(f"_443._tcp.example.com. TLSA 1 1 1 {DIGEST}")
    assert result.code == lab.USE


def test_long_kind_in_text(program):
    out = program("parse", "-v", "--name",
                  "a.example._report._dmarc.example.net", "v=DMARC1").out
    assert " dmarc-report a.example." in out


def test_consent_of_an_unknown_host(program):
    """Whether the addresses stay at the host shows in the owner alone."""
    text = "v=DMARC1; rua=mailto:r@example.org"
    args = ("--kind", "dmarc-report", text)
    assert program.parse(*args).codes() == {"dmarc-ext-authorised"}
    for host, code in (("net", "dmarc-ext-override-bad"),
                       ("org", "dmarc-ext-override")):
        assert code in program.parse(
            "--name", f"a.example._report._dmarc.example.{host}",
            *args).codes()


def test_kind_is_given(program):
    result = program.parse("--kind", "spf", "hello")
    assert result.json["kind"] == "spf"
    assert result.json["verdict"] == "none"
    assert result.codes() == {"not-of-kind"}
    assert result.code == lab.FAIL


def test_owner_is_given(program):
    result = program.parse("--name", "_DMARC.Example.com", "hello")
    assert result.json["kind"] == "dmarc"
    assert result.json["name"] == "_dmarc.example.com."
    assert "not-of-kind" in result.codes()


def test_owner_matters(program):
    """A record that includes itself, known by its owner."""
    result = program.parse("--name", "example.com",
                           "v=spf1 include:example.com -all")
    assert "spf-include-self" in result.codes()
    assert "spf-include-self" not in program.parse(
        "v=spf1 include:example.com -all").codes()


def test_spf_terms(program):
    terms = program.parse(
        "v=spf1 ip4:198.41.0.4 ?include:x.org a/24//64 redirect=y.org "
        "-all").json["terms"]
    assert [(t["qualifier"], t["name"], t["value"]) for t in terms] == [
        ("+", "ip4", "198.41.0.4"), ("?", "include", "x.org"),
        ("+", "a", "/24//64"), (None, "redirect", "y.org"),
        ("-", "all", "")]
    assert [t["term"] for t in terms][1] == "?include:x.org"
    assert [t["offset"] for t in terms] == [7, 22, 37, 46, 61]


def test_tags(program):
    tags = program.parse(
        "v=DMARC1; p=reject; RUA=mailto:r@x.org; zz=1; sp=none").json["tags"]
    assert tags == {"v": "DMARC1", "p": "reject", "sp": "none",
                    "rua": "mailto:r@x.org", "zz": "1"}


def test_remedy_of_the_openssh_key(program):
    """G60: the right p= is printed."""
    zone = (lab.ZONES / "guide-printed.zone").read_text()
    line = [x for x in zone.splitlines() if "AAAAB3" in x][0]
    right = (lab.ZONES / "guide-corrected.zone").read_text()
    result = program.parse(line)
    assert result.json["verdict"] == "invalid"
    remedy = result.finding("dkim-key-openssh-format")["remedy"]
    assert remedy.startswith("publish the same key as p=MIIB")
    key = remedy.split("p=")[1]
    assert f"p={key}" in right.replace('" "', "")


def test_g60_as_one_string(program):
    """G60: as the guide prints it, in one string, no server can take it."""
    zone = (lab.ZONES / "guide-printed.zone").read_text()
    line = [x for x in zone.splitlines() if "AAAAB3" in x][0]
    result = program.parse(line.replace('" "', ""))
    assert {"txt-string-over-255", "dkim-key-openssh-format"} <= \
        result.codes()
    assert len(result.json["text"]) == 390
    assert "txt-string-over-255" not in program.parse(line).codes()


def test_long_string_of_spf(program):
    text = "v=spf1 " + "ip4:198.41.0.4 " * 20 + "-all"
    assert {"txt-string-over-255", "spf-string-over-255"} <= \
        program.parse(f'"{text}"').codes()
    # Without quotes nobody says how it is to be split.
    assert not {"txt-string-over-255", "spf-string-over-255",
                "txt-multi-string"} & program.parse(text).codes()


def test_g102_owner_without_dot(program):
    lines = [x for x in (lab.ZONES / "guide-printed.zone").read_text()
             .splitlines() if "BIMI1" in x]
    assert "bimi-owner-not-absolute" in program.parse(lines[0]).codes()
    for owner in ("default._bimi.example.com.", "default._bimi",
                  "default._bimi.news"):
        assert "bimi-owner-not-absolute" not in program.parse(
            f'{owner} TXT "v=BIMI1; l="').codes()


DIG = """; <<>> DiG 9.18.28 <<>> example.com TXT
;; Got answer:
;; ANSWER SECTION:
www.example.com.\t300 IN CNAME example.com.
example.com.\t300 IN TXT "v=spf1 include:example.net ~all"
%s

;; AUTHORITY SECTION:
example.com.\t300 IN NS ns.example.com.

;; Query time: 10 msec
"""


@pytest.mark.parametrize("second, several", [
    ('example.com. 300 IN TXT "v=spf1 -all"', True),
    ('mail.example.com. 300 IN TXT "v=spf1 -all"', False),
    ('example.com. 300 IN TXT "a text of another kind"', False),
])
def test_output_of_dig(program, second, several):
    """Records of one name are judged together, and what is beside the answer
    is left out."""
    done = program("parse", "-", text=DIG % second)
    assert done.out.count("spf-multiple-records") == several, done.out
    assert ("in place of all 2 SPF records publish" in done.out) == several
    assert "include:example.net" in done.out
    assert "CNAME" not in done.err and "NS" not in done.err
    assert done.code < lab.USE
    assert ("line" in done.err) == ("another kind" in second)


HOST = """Using domain server:
Name: 192.0.2.53
Address: 192.0.2.53#53
Aliases:

www.example.com is an alias for example.com.
example.com descriptive text "v=spf1 include:" "example.net ~all"
example.com descriptive text "google-site-verification=x"
example.com mail is handled by 10 198.51.100.25.example.com.
"""
NSLOOKUP = """Server:\t\t192.0.2.53
Address:\t192.0.2.53#53

Non-authoritative answer:
www.example.com\tcanonical name = example.com.
example.com\ttext = "google-site-verification=x"
example.com\ttext = "v=spf1 include:" "example.net ~all"
example.com\tmail exchanger = 10 198.51.100.25.example.com.

Authoritative answers can be found from:
example.com\tnameserver = ns.example.com.
"""
WINDOWS = """Server:  UnKnown\r
Address:  192.0.2.53\r
\r
Non-authoritative answer:\r
example.com\ttext =\r
\r
\t"google-site-verification=x"\r
example.com\tMX preference = 10, mail exchanger = 198.51.100.25.example.com.\r
example.com\ttext =\r
\r
\t"v=spf1 include:"\r
\t"example.net ~all"\r
"""


@pytest.mark.parametrize("text", [HOST, NSLOOKUP, WINDOWS])
@pytest.mark.parametrize("second", [False, True])
def test_output_of_host_and_nslookup(program, text, second):
    """As the output of dig: TXT and MX, and what is beside them is left out."""
    if second:
        text += 'example.com descriptive text "v=spf1 -all"\n'
    done = program("parse", "--format", "ndjson", "-", text=text)
    kinds = [o["kind"] for o in done.objects]
    assert sorted(kinds) == ["mx", "spf"] + ["spf"] * second, done.err
    assert any(o["text"] == "v=spf1 include:example.net ~all"
               for o in done.objects)
    codes = [f["code"] for o in done.objects for f in o["findings"]]
    assert "mx-address-as-name" in codes
    assert ("spf-multiple-records" in codes) == second
    assert done.code < lab.USE


def test_line_of_host(program):
    """A line of them as an argument; and one that says that nothing is there."""
    done = program.parse('example.com descriptive text "v=spf1 ~all"')
    assert done.json["text"] == "v=spf1 ~all"
    done = program("parse", "-", text="example.com has no TXT record\n")
    assert done.code == lab.USE and "nothing to parse" in done.err


def test_dig_without_a_record(program):
    """A text of another purpose is in order beside a record, not alone."""
    done = program("parse", "-", text=";; ANSWER SECTION:\n"
                   'example.com. 300 IN TXT "google-site-verification=x"\n')
    assert done.code == lab.USE


def test_lines(program):
    """Records on several lines, and at names where nobody looks."""
    done = program("parse", "-", text=(
        '; key\nmail._domainkey IN TXT ( "v=DKIM1; k=ed25519; "\n'
        '\t"p=I88X0vbyIhyksLjsBUrgSQt/KrPbhUCyznLngV4vxAA=" ) ; ----- key\n'
        "\n"
        'example.com. TXT "v=spf1 mx -all" ; mail servers\n'))
    assert done.code == 0 and done.out == (
        "  ok    dkim     mail: Ed25519\n\n"
        "  ok    spf      v=spf1 mx -all\n"), done.out
    assert "txt-wrong-name" in program.parse(
        '_smtp-tlsrpt.example.com. TXT "v=TLSRPTv1; '
        'rua=mailto:a@example.com"').codes()


def test_mx_host(program):
    """What the name of an MX host shows by itself."""
    for host, code in (("198.51.100.25.example.com.", "mx-address-as-name"),
                       ("0.", "mx-null-miswritten"),
                       ("mail.", "mx-single-label"),
                       ("mail", None), ("mail.example.com.", None)):
        codes = program.parse(f"example.com. MX 10 {host}").codes()
        assert [c for c in codes if c not in ("mx-single", "mx-null")] == (
            [code] if code else []), host


@pytest.mark.parametrize("text, expected", [
    (r'"v=spf1 \"mx\" -all"', 'v=spf1 "mx" -all'),
    (r'"v=spf1 \109x -all"', "v=spf1 mx -all"),
    (r'"v=spf1 \\x -all"', "v=spf1 \\\\x -all"),
    ("v=spf1 \\x -all", "v=spf1 \\\\x -all"),
    ('"v=spf1 mx -all', '"v=spf1 mx -all'),
    ("v=spf1 \u2013all", "v=spf1 \\226\\128\\147all"),
])
def test_quoting(program, text, expected):
    result = program.parse("--kind", "spf", text)
    shown = result.json["text"]
    if shown is None:  # not selected: quotes are part of it
        assert "txt-quoted-literal" in result.codes()
    else:
        assert shown == expected


def test_one_record_a_line(program):
    result = program("parse", "--format", "ndjson", "-", text=(
        "v=spf1 -all\n\nv=DMARC1; p=reject; rua=mailto:r@x.org\r\n"
        "what is this\nv=spf1 +all"))
    assert [o["kind"] for o in result.objects] == ["spf", "dmarc", "spf"]
    assert result.err.startswith("unbound-mailauth: line 4: ")
    assert result.code == lab.USE


def test_exit_codes(program):
    for text, code in (("v=spf1 -all", 0), ("v=spf1 mx", 1),
                       ("v=spf1 +all", 2)):
        assert program("parse", "-q", text).code == code
    assert program("parse", "-q", "--verdict-on", "fail", "v=spf1 mx").code \
        == 0
    assert program("parse", "-q", text="v=spf1 mx\nv=spf1 +all\n").code == 2


def test_profile_and_documentation(program):
    args = ("parse", "-q", "v=spf1 ip4:192.0.2.4 -all")
    assert program(*args).code == lab.FAIL
    assert program(*args, "--profile", "rfc").code == lab.WARN
    assert program(*args, "--allow-documentation").code == lab.PASS


@pytest.mark.parametrize("text", ["", "\n", "; a comment\n\n"])
def test_empty_input(program, text):
    """Nothing to judge is no verdict: a command in front has failed."""
    result = program("parse", text=text)
    assert (result.code, result.out) == (lab.USE, "")
    assert "standard input: nothing to parse" in result.err


def test_nul_and_long_lines(program):
    result = program.parse("--kind", "spf", text="v=spf1 \0 -all\n")
    assert "txt-nonprintable" in result.codes()
    assert result.json["text"] == "v=spf1 \\000 -all"
    result = program.parse("--kind", "spf", text="v=spf1 " + "x" * 70000)
    assert result.code == lab.USE and "longer" in result.err


def test_text_for_people(program):
    out = program("parse", "v=spf1 ip4:1.2.3 -all").out
    assert "[spf-ip4-bad-address]\n" in out
    assert "\n        v=spf1 ip4:1.2.3 -all\n                   ^~~~~\n" in out
    assert "\n        -> write four " in out


def test_parse_says_nothing_of_dns(program):
    """No DNS took place, and nothing is said about it."""
    for text in ("v=spf1 -all", "v=DMARC1; p=none", LONG,
                 "example.com. MX 10 mail.example.com."):
        assert not {c for c in program.parse(text).codes()
                    if c.startswith(("dns-no", "dnssec-", "txt-rrset"))}


def real_records():
    """Different SPF records of real domains, one a line; or None."""
    for path in (os.environ.get("SPF_CORPUS"),
                 lab.ROOT.parent / "shared/corpora/spf-unique.txt"):
        if path and pathlib.Path(path).exists():
            return pathlib.Path(path)
    return None


def accepted(texts):
    """Whether Mail::SPF takes each text for a well-formed record."""
    script = ('use Mail::SPF::v1::Record; binmode STDIN; while (<STDIN>) { chomp; '
              'print eval { Mail::SPF::v1::Record->new_from_string($_); 1 } '
              '? "1\\n" : "0\\n" }')
    done = subprocess.run(["perl", "-e", script], capture_output=True,
                          input=b"".join(t + b"\n" for t in texts),
                          timeout=120, check=False)
    if done.returncode != 0:
        pytest.skip("there is no Mail::SPF for perl")
    return [line == b"1" for line in done.stdout.split()]


def foreign_arguments(repair, text):
    """The arguments of a repair that the author of the text did not write, in
    one piece but for blanks, quotes, escapes and links."""
    written = unicodedata.normalize("NFKC", text.decode("utf-8", "replace"))
    written += "\n" + re.sub(r'<http[^>]*>|\\n|[\s"\'\\\u200b]', "", written)
    arguments = [re.split("[:=]", term, maxsplit=1)[1:]
                 for term in repair.decode().split()[1:]]
    return [a[0] for a in arguments if a and not re.search(
        re.escape(a[0]) + (r"(?!\d)" if "/" in a[0] else ""), written)]


@pytest.mark.skipif(real_records() is None, reason="../shared is missing")
def test_repairs_of_real_records(program, capsys):
    """Another implementation takes every repair, each argument is the author's,
    and nine of ten broken records have a repair."""
    texts = real_records().read_bytes().split(b"\n")[:-1]
    broken = [t for t, fine in zip(texts, accepted(texts)) if not fine]
    quoted = [re.sub(rb'["\\]', lambda m: b"\\" + m[0], text).decode()
              for text in broken]
    result = program("parse", "--format", "ndjson", "--kind", "spf", "-",
                     text="".join(f'"{text}"\n' for text in quoted))
    repairs, without = [], []
    for text, o in zip(broken, result.objects, strict=True):
        told = [f["remedy"] for f in o["findings"]
                if (f["remedy"] or "").startswith("publish 'v=spf1")]
        assert len(told) <= 1, text
        if told:
            repairs.append(told[0][told[0].index("v=spf1"):].split("'")[0]
                           .encode())
            assert not foreign_arguments(repairs[-1], text), text
        else:
            without.append(text)
    assert all(accepted(repairs)), [
        r for r, fine in zip(repairs, accepted(repairs)) if not fine]
    with capsys.disabled():
        print(f"\n{len(repairs)} of {len(broken)} broken records repaired")
    # That no repair is doubtful comes before any share.
    assert len(repairs) >= 0.9 * len(broken), without


@pytest.mark.parametrize("text, tags", [
    ("V=DKIM1; K=rsa; P=AAAA", {"v": "DKIM1", "k": "rsa", "p": "AAAA"}),
    ("v=DKIM1; k=rsa; p=AAAA; P=BBBB; Zz=1",
     {"v": "DKIM1", "k": "rsa", "p": "AAAA", "P": "BBBB", "Zz": "1"}),
    ("v=DKIM1; P=BBBB; p=AAAA", {"v": "DKIM1", "p": "AAAA", "P": "BBBB"}),
])
def test_names_of_tags_where_case_counts(program, text, tags):
    """The name of the table, unless the record has that tag too."""
    report = program("parse", "--kind", "dkim", "--format", "json", text).out
    assert json.loads(report)["tags"] == tags
