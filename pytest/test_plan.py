# test_plan.py - the records to publish for settings
# SPDX-License-Identifier: BSD-3-Clause
"""What `plan` prints for any settings is what a zone file takes, and passes
`check` with these settings; --diff says what is missing of it."""
import base64
import functools
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile

import hypothesis
import hypothesis.strategies as st
import jsonschema
import pytest
import yaml

import lab

FOLDER = tempfile.TemporaryDirectory(prefix="mailauth-plan-")
# What hypothesis keeps is not for the folder of the sources.
hypothesis.configuration.set_hypothesis_home_dir(FOLDER.name)


def openssh(path):
    """The public half of an RSA key as OpenSSH writes it (RFC 4253 6.6)."""
    shown = subprocess.run(
        ["openssl", "rsa", "-in", path, "-modulus", "-noout"],
        capture_output=True, check=True, encoding="ascii").stdout
    blob = b"".join(len(part).to_bytes(4, "big") + part for part in (
        b"ssh-rsa", b"\1\0\1", b"\0" + bytes.fromhex(
            shown.strip().partition("=")[2])))
    return f"ssh-rsa {base64.b64encode(blob).decode()} me@here\n"


@functools.cache
def key_file(number, form="private"):
    """A DKIM key, made once: RSA for most, Ed25519 for every third."""
    path = pathlib.Path(FOLDER.name) / f"key{number}.pem"
    if not path.exists():
        how = ["-algorithm", "ed25519"] if number % 3 == 2 else [
            "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048"]
        subprocess.run(["openssl", "genpkey", *how, "-out", path],
                       capture_output=True, check=True)
    if form == "private":
        return path
    out = path.with_suffix(f".{form}")
    command = {
        "public": ["openssl", "pkey", "-in", path, "-pubout"],
        "pkcs1": ["openssl", "rsa", "-in", path, "-RSAPublicKey_out"],
        "traditional": ["openssl", "rsa", "-in", path, "-traditional"],
    }.get(form)
    if form == "openssh":
        out.write_text(openssh(path))
        return out
    out.write_bytes(subprocess.run(command, capture_output=True,
                                   check=True).stdout)
    return out


def records(result):
    """What a plan wants: (owner, type, data) by zone."""
    return {z["name"]: [(r["owner"], r["type"], r["data"])
                        for r in z["records"]]
            for z in result.json["zones"]}


def zone_files(program, folder, settings, *args):
    """The lines of a plan as zones; options that give them to check."""
    result = program("plan", "--allow-documentation", "--settings", settings,
                     *args)
    assert result.code == 0 and not result.err, result.err
    zones, here = {}, None
    for line in result.out.splitlines():
        if line.startswith("; zone "):
            here = zones.setdefault(line.split()[2].rstrip(":"), [])
        elif line and not line.startswith(";"):
            here.append(line)
    out = []
    for name, lines in zones.items():
        path = folder / f"{name}.zone"
        path.write_text(
            f"$ORIGIN {name}.\n$TTL 300\n"
            "@ SOA ns.example.invalid. hostmaster 1 3600 900 1209600 300\n"
            "@ NS ns.example.invalid.\n" + "\n".join(lines) + "\n")
        out += ["--zone", f"{name}={path}"]
    return out


# Settings.

DOMAINS = ["example.com", "news.example.com", "example.org", "a.b.example.net"]
labels = st.from_regex(r"\A[a-z][a-z0-9]{0,8}\Z")
addresses = st.one_of(
    st.integers(1, 254).map(lambda n: f"192.0.2.{n}"),
    st.integers(1, 254).map(lambda n: f"198.51.100.{n}"),
    st.integers(1, 65535).map(lambda n: f"2001:db8::{n:x}"))


@st.composite
def settings(draw):
    """Settings that are whole: every sender has its keys, every host its
    address."""
    count = draw(st.integers(1, 30))
    ips = draw(st.lists(addresses, min_size=1, max_size=count, unique=True))
    four = [ip for ip in ips if ":" not in ip]
    six = [ip for ip in ips if ":" in ip]
    nodes = [{"ip": ip, "host": f"mta-{i}.example.com"}
             for i, ip in enumerate(four or six)]
    # IPv6 beside IPv4, at the same hosts.
    nodes += [{"ip": ip, "host": node["host"]}
              for ip, node in zip(six if four else [], nodes)]
    keys = [{"name": f"k{i}", "type": "dkim", "file": str(key_file(i))}
            for i in range(2)]
    rsa = st.sampled_from(["k0", "k1"])
    pools = [{"id": i, "sender_subdomain": draw(labels), "dkim_key": draw(rsa),
              "dkim_selector": f"p{i}"} for i in range(draw(st.integers(0, 3)))]
    senders = []
    for i in range(draw(st.integers(1, 5))):
        sender = {"name": f"s{i}", "from": draw(st.sampled_from(DOMAINS)),
                  "dkim_key": draw(rsa), "dkim_selector": f"d{i}",
                  "secondary_dkim_key": draw(rsa),
                  "secondary_dkim_selector": f"e{i}"}
        sender["mail_from_type"] = draw(st.sampled_from(
            ["from_email", "ptr", "custom", "aligned"]))
        if sender["mail_from_type"] == "ptr":
            sender["from"] = "example.com"
        if sender["mail_from_type"] == "custom":
            sender["sender_domain"] = f"{draw(labels)}.{sender['from']}"
        if sender["mail_from_type"] == "aligned":
            if pools:
                sender["pool_id"] = draw(st.sampled_from(pools))["id"]
            else:
                sender["mail_from_type"] = "from_email"
            if draw(st.booleans()):
                sender["mail_from_subdomain"] = draw(labels)
        if draw(st.booleans()):
            sender["nodes"] = draw(st.lists(
                st.sampled_from(nodes).map(lambda n: n["ip"]), min_size=1,
                max_size=4, unique=True))
        senders.append(sender)
    # Others may send by the same sender, with a From domain of their own.
    virtual, templates = [], []
    for sender in senders:
        free = sender["mail_from_type"] in ("from_email", "aligned")
        if free and draw(st.booleans()):
            virtual.append({"name": f"v{len(virtual)}", "sender":
                            sender["name"],
                            "from": draw(st.sampled_from(DOMAINS))})
            if draw(st.booleans()):
                templates.append({"sender": virtual[-1]["name"],
                                  "dkim_selector": "t", "dkim_key": draw(rsa)})
    whole = {"domains": ["example.com", "example.org", "a.b.example.net"],
             "nodes": nodes, "keys": keys, "pools": pools, "senders": senders,
             "virtual_senders": virtual, "templates": templates,
             "WEBCONTROL_HOSTNAME": "panel.example.com",
             "WEBCONTROL_PUBLIC_IP": "203.0.113.1"}
    if draw(st.booleans()):
        whole |= {"TRACKING_PREFIX": draw(st.sampled_from(["t", "t."])),
                  "TRACKING_PUBLIC_IP": "203.0.113.2",
                  "tracking_domains": ["click2.example.com"]}
    if draw(st.booleans()):
        whole |= {"COOKIESAVER_PUBLIC_HOSTNAME": "pxl.example.com",
                  "COOKIESAVER_PUBLIC_IP": "2001:db8:1::3"}
    return whole


@hypothesis.settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")), deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(whole=settings(),
                  policy=st.sampled_from([None, "quarantine", "reject"]))
def test_what_is_planned_passes(program, whole, policy):
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as name:
        folder = pathlib.Path(name)
        file = folder / "settings.json"
        file.write_text(json.dumps(whole))
        dmarc = ["--dmarc", policy] if policy else []
        zones = zone_files(program, folder, file, *dmarc)
        result = program("check", "--format", "ndjson", "--settings", file,
                         "--allow-documentation", *zones)
        assert {o["domain"] for o in result.objects} == {
            s["from"] for s in whole["senders"] + whole["virtual_senders"]}
        for report in result.objects:
            bad = {(f["code"], f["name"], f["message"])
                   for f in report["findings"]
                   if f["severity"] in ("warn", "fail")
                   # Nothing is signed here.
                   and f["code"] != "dnssec-validation-off"}
            assert not bad, report["domain"]
        # And nothing of it is missing then.
        diff = program("plan", "--diff", "--allow-documentation", "--settings",
                       file, *dmarc, *zones)
        assert diff.code == 0, diff.out
        assert not [x for x in diff.out.splitlines()
                    if x and not x.startswith(";")]


# By hand.

WHOLE = {
    "domains": ["example.com"],
    "nodes": [{"ip": "192.0.2.4", "host": "mta-1.example.com"}],
    "keys": [{"name": "k", "type": "dkim", "file": "k.pem"}],
    "senders": [{"from": "example.com", "dkim_key": "k",
                 "dkim_selector": "altcraft"}],
}


@pytest.fixture
def whole(tmp_path):
    """A file of settings, changed as told."""
    def run(**changes):
        (tmp_path / "k.pem").write_bytes(key_file(0).read_bytes())
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(WHOLE | changes))
        return path

    return run


def planned(program, file, *args):
    return program("plan", "--format", "json", "--allow-documentation",
                   "--settings", file, *args)


def test_the_guide(program, whole):
    """The records of the guide, for its settings."""
    result = planned(program, whole(
        WEBCONTROL_HOSTNAME="altcraft.example.com",
        WEBCONTROL_PUBLIC_IP="192.0.2.1", TRACKING_HOSTNAME="click.example.com",
        TRACKING_PUBLIC_IP="192.0.2.2",
        COOKIESAVER_PUBLIC_HOSTNAME="pxl.example.com",
        COOKIESAVER_PUBLIC_IP="192.0.2.3"), "--dmarc", "reject")
    found = records(result)
    assert set(found) == {"example.com", "2.0.192.in-addr.arpa"}
    assert found["2.0.192.in-addr.arpa"] == [
        ("4.2.0.192.in-addr.arpa.", "PTR", "mta-1.example.com.")]
    forward = found["example.com"]
    for record in [
            ("altcraft.example.com.", "A", "192.0.2.1"),
            ("click.example.com.", "A", "192.0.2.2"),
            ("pxl.example.com.", "A", "192.0.2.3"),
            ("mta-1.example.com.", "A", "192.0.2.4"),
            ("example.com.", "MX", "10 mta-1.example.com."),
            ("example.com.", "TXT", '"v=spf1 ip4:192.0.2.4 ~all"'),
            ("_dmarc.example.com.", "TXT", '"v=DMARC1; p=reject; '
             'rua=mailto:report@example.com"')]:
        assert record in forward, record
    key, = [r for r in forward if "_domainkey" in r[0]]
    assert key[0] == "altcraft._domainkey.example.com."
    strings = key[2].strip('"').split('" "')
    assert len(strings) == 2 and max(map(len, strings)) <= 255
    assert "".join(strings).startswith("v=DKIM1; k=rsa; p=MIIBIjAN")
    assert [z["reverse"] for z in result.json["zones"]] == [False, True]
    jsonschema.validate(result.json, json.loads(
        (lab.ROOT / "schema" / "plan.schema.json").read_text()))


def test_provider_of_addresses(program, whole):
    out = program("plan", "--allow-documentation", "--settings", whole()).out
    assert "; zone 2.0.192.in-addr.arpa: set by the provider" in out


@pytest.mark.parametrize("number, form", [
    (0, "private"), (0, "public"), (0, "pkcs1"), (0, "traditional"),
    (0, "openssh"), (2, "private"), (2, "public")])
def test_forms_of_keys(program, whole, tmp_path, number, form):
    """Whatever form a key has, p= is the same."""
    file = whole()
    source = key_file(number, form).read_bytes()
    (tmp_path / "k.pem").write_bytes(source)
    result = planned(program, file)
    data = [r[2] for r in records(result)["example.com"]
            if "_domainkey" in r[0]][0].replace('" "', "").strip('"')
    der = subprocess.run(
        ["openssl", "pkey", "-in", key_file(number), "-pubout", "-outform",
         "DER"], capture_output=True, check=True).stdout
    if number == 2:
        der = der[-32:]
    p = subprocess.run(["openssl", "base64", "-A"], input=der,
                       capture_output=True, check=True).stdout.decode()
    assert data == f"v=DKIM1; k={'rsa' if number != 2 else 'ed25519'}; p={p}"


def test_weak_keys(program, whole, tmp_path):
    """What a check would say of them is said."""
    file = whole()
    subprocess.run(["openssl", "genrsa", "-out", tmp_path / "k.pem", "1024"],
                   check=True, capture_output=True)
    assert any("dkim-rsa-1024" in n
               for n in planned(program, file).json["notes"])
    (tmp_path / "k.pem").write_bytes(key_file(2).read_bytes())
    assert any("Ed25519 alone" in n
               for n in planned(program, file).json["notes"])


def test_no_private_key_is_printed(program, whole):
    file = whole()
    body = "".join(key_file(0).read_text().splitlines()[1:-1])
    for args in (["plan"], ["plan", "--format", "json"],
                 ["check", "-v", "--zone", "example.com=/dev/null"]):
        result = program(*args, "--settings", file)
        assert body[60:120] not in result.out + result.err


def test_options(program, whole):
    result = planned(program, whole(), "--rua", "mailto:dmarc@example.net",
                     "--ttl", "60")
    found = records(result)
    assert ("_dmarc.example.com.", "TXT",
            '"v=DMARC1; p=quarantine; rua=mailto:dmarc@example.net"') \
        in found["example.com"]
    assert found["example.net"] == [
        ("example.com._report._dmarc.example.net.", "TXT", '"v=DMARC1"')]
    assert {r["ttl"] for z in result.json["zones"] for r in z["records"]} \
        == {60}


@pytest.mark.parametrize("args", [
    ["--dmarc", "strict"], ["--dmarc", ""], ["--rua", "nobody"],
    ["--rua", "a@b@example.com"], ["--rua", "a@example"],
    ["--rua", "a b@example.com"], ["--rua", "a@example.com,b@example.com"],
    ["--ttl", "0"], ["--ttl", "-1"], ["--ttl", "1h"],
    ["--ttl", "99999999999"], ["example.com"], ["--zone", "a=b"]])
def test_wrong_use(program, whole, args):
    result = program("plan", "--settings", whole(), *args)
    assert result.code == lab.USE and len(result.err.splitlines()) == 1


def test_without_settings(program):
    assert program("plan").code == lab.USE


def test_what_settings_cannot_tell(program, whole):
    """It is said, and nothing is made up."""
    result = planned(program, whole(nodes=[{"ip": "192.0.2.4"}], keys=[
        {"name": "k"}]))
    assert result.code == 0
    notes = " ".join(result.json["notes"])
    assert "no host" in notes and "not in the settings" in notes
    assert not [r for z in records(result).values() for r in z
                if r[1] in ("MX", "PTR") or "_domainkey" in r[0]]


def test_many_addresses(program, whole):
    """They are in records that the first one includes."""
    nodes = [{"ip": f"203.0.113.{i}", "host": f"m{i}.example.com"}
             for i in range(1, 120)]
    found = records(planned(program, whole(nodes=nodes)))["example.com"]
    spf = {r[0]: r[2].strip('"') for r in found if r[2].startswith('"v=spf1')}
    assert "include:_spf1.example.com" in spf["example.com."]
    assert all(len(text) < 400 for text in spf.values())
    assert " ".join(spf.values()).count("ip4:203.0.113.7 ") == 2


# Against DNS.

@pytest.fixture
def published(program, whole, tmp_path):
    """Settings, and zones with what is planned for them."""
    file = whole()
    return file, zone_files(program, tmp_path, file)


def change(zones, old, new):
    path = pathlib.Path(zones[1].partition("=")[2])
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def states(result):
    return {(r["owner"], r["type"]): r["state"]
            for z in result.json["zones"] for r in z["records"]}


def test_diff_of_what_is_there(program, published):
    file, zones = published
    result = planned(program, file, "--diff", *zones)
    assert result.code == 0 and set(states(result).values()) == {"present"}
    assert result.json["compared"] is True and result.json["verdict"] == "pass"


@pytest.mark.parametrize("old, new, name, rrtype, state", [
    ("mta-1.example.com. 3600 IN A 192.0.2.4", "", "mta-1.example.com.", "A",
     "missing"),
    ("mta-1.example.com. 3600 IN A 192.0.2.4",
     "mta-1.example.com. 3600 IN A 192.0.2.9", "mta-1.example.com.", "A",
     "missing"),
    ("example.com. 3600 IN MX 10 mta-1", "example.com. 3600 IN MX 5 mx",
     "example.com.", "MX", "present"),
    ("example.com. 3600 IN MX 10 mta-1.example.com.",
     "example.com. 3600 IN MX 0 .", "example.com.", "MX", "different"),
    ("p=quarantine", "p=none", "_dmarc.example.com.", "TXT", "different"),
    ("p=quarantine", "p=reject", "_dmarc.example.com.", "TXT", "present"),
    ("v=DMARC1", "v=DMARC2", "_dmarc.example.com.", "TXT", "missing"),
    ("p=MIIBIj", "p=MIICIj", "altcraft._domainkey.example.com.", "TXT",
     "different"),
    ('example.com. 3600 IN TXT "v=spf1 ip4:192.0.2.4 ~all"',
     'example.com. 3600 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"',
     "example.com.", "TXT", "present"),
    ('example.com. 3600 IN TXT "v=spf1 ip4:192.0.2.4 ~all"',
     'example.com. 3600 IN TXT "v=spf1 a:mta-1.example.com ?all"',
     "example.com.", "TXT", "present"),
    ('example.com. 3600 IN TXT "v=spf1 ip4:192.0.2.4 ~all"',
     'example.com. 3600 IN TXT "hello"', "example.com.", "TXT", "missing"),
    ('example.com. 3600 IN TXT "v=spf1 ip4:192.0.2.4 ~all"',
     'example.com. 3600 IN TXT "v=spf1 include:nowhere.test ~all"',
     "example.com.", "TXT", "unknown"),
])
def test_diff(program, published, old, new, name, rrtype, state):
    file, zones = published
    change(zones, old, new)
    result = planned(program, file, "--diff", *zones)
    assert states(result)[name, rrtype] == state
    assert result.code == {"present": 0, "missing": lab.FAIL,
                           "different": lab.FAIL,
                           "unknown": lab.TEMPERROR}[state]


@pytest.mark.parametrize("there, merged", [
    ("v=spf1 include:s.example.com ~all",
     "v=spf1 include:s.example.com ip4:192.0.2.4 ~all"),
    ("v=spf1 -all exp=why.example.com",
     "v=spf1 ip4:192.0.2.4 -all exp=why.example.com"),
    ("v=spf1 redirect=s.example.com",
     "v=spf1 ip4:192.0.2.4 redirect=s.example.com"),
])
def test_diff_merges_spf(program, published, there, merged):
    """There is one SPF record, before and after."""
    file, zones = published
    change(zones, '\nexample.com. 3600 IN TXT "v=spf1 ip4:192.0.2.4 ~all"',
           f'\nexample.com. 3600 IN TXT "{there}"\n'
           's.example.com. 300 IN TXT "v=spf1 ip4:192.0.2.99 -all"\n'
           'why.example.com. 300 IN TXT "no"\n;')
    result = planned(program, file, "--diff", *zones)
    found, = [r for z in result.json["zones"] for r in z["records"]
              if r["owner"] == "example.com." and "v=spf1" in r["data"]]
    assert found["state"] == "different" and found["now"] == there
    assert found["data"] == f'"{merged}"'


@pytest.mark.parametrize("first, second, merged", [
    ("p=reject", "p=none; pct=10; t=y", {"pct": "100", "t": "n"}),
    ("p=reject", "n=1; p=none; pct=10; t=y", {}),
    ("n=1; p=reject; pct=50; t=y", "p=none; pct=10; t=y",
     {"pct": "50", "t": "y"}),
    ("n=1; p=reject; pct=10", "p=none; pct=50", {"pct": "10"}),
    ("p=none", "p=reject; t=y", {"t": "y"}),
    ("p=quarantine; sp=reject", "p=reject; t=y", {"t": "n"}),
    ("p=quarantine; pct=50", "p=reject; pct=10; t=y",
     {"pct": "10", "t": "y"}),
    ("p=quarantine; sp=reject; pct=70", "p=reject; sp=none; pct=10",
     {"pct": "70"}),
    ("p=none", "p=none; fo=1", {"p": "quarantine"}),
    ("p=none; pct=20", "p=none; pct=50", {"p": "quarantine", "pct": "50"}),
    ("p=none; pct=20", "p=none", {"p": "quarantine"}),
    ("p=bogus; rua=mailto:a@example.com", "p=none; t=y",
     {"p": "quarantine", "t": "y"}),
])
def test_diff_merges_dmarc(program, published, first, second, merged):
    """Two records become one that is no more limited than either."""
    file, zones = published
    change(zones, '\n_dmarc.example.com.',
           f'\n_dmarc.example.com. 300 IN TXT "v=DMARC1; {first}"\n'
           f'_dmarc.example.com. 300 IN TXT "v=DMARC1; {second}"\n;')
    result = planned(program, file, "--diff", *zones)
    found, = [r for z in result.json["zones"] for r in z["records"]
              if r["owner"] == "_dmarc.example.com."]
    tags = tags_of(found["data"].strip('"'))
    assert found["state"] == "different"
    assert tags["p"] == merged.get("p", "reject")
    assert tags.get("pct", "100") == merged.get("pct", "100")
    assert tags.get("t", "n") == merged.get("t", "n")


BROAD = st.sampled_from([
    "v=spf1 include:s.example.com -all", "v=spf1 a mx ~all",
    "v=spf1 redirect=s.example.com", "v=spf1 ip4:203.0.113.0/25",
    "v=spf1 ?include:s.example.com ip4:203.0.113.77 -all exp=w.example.com",
    "v=spf1 -ip4:203.0.113.9 ip4:203.0.113.0/24 ?all x=y",
    "v=spf1 exists:%{i}.e.example.com include:n.example.com ~all",
    "v=spf1 include:s.example.com ip4:203.0.113.77 ip4:203.0.113.77 -all",
    "v=spf1 inclde:s.example.com ip4:203.0.113.77 -all",
    "v=spf1 " + "a:h.example.com " * 8 + "mx include:s.example.com a -all"])
POLICY = st.sampled_from(["none", "quarantine", "reject"])
STRENGTH = ["none", "quarantine", "reject"]
OTHERS = ["203.0.113.9", "203.0.113.50", "203.0.113.77", "203.0.113.200",
          "198.51.100.1"]
BESIDE = ('s TXT "v=spf1 ip4:203.0.113.50 -all"\n'
          "h A 203.0.113.200\n50.113.0.203.e A 127.0.0.2\n"
          "mx1 A 203.0.113.9\n@ A 198.51.100.1\n@ MX 5 mx1\n")


def tags_of(text):
    return dict(piece.strip().split("=", 1)
                for piece in text.split(";") if "=" in piece)


def evaluated(program, zones, ip):
    return program("spf", "--format", "json", "--allow-documentation", "--ip",
                   ip, "--mail-from", "example.com", *zones).json["result"]


def told(program, zones):
    """What check says is wrong with these records."""
    report = program("check", "--format", "json", "--allow-documentation",
                     "--only", "spf,dmarc", *zones, "example.com").json
    return {f["code"] for f in report["findings"]
            if f["severity"] in ("warn", "fail")}


@hypothesis.settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")), deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck), derandomize=True)
@hypothesis.given(
    spf=st.lists(BROAD, min_size=1, max_size=2),
    policies=st.tuples(POLICY, st.none() | POLICY, st.none() | POLICY),
    beside=st.none() | st.tuples(POLICY, st.none() | POLICY,
                                 st.sampled_from(["", "; t=y", "; pct=5"])),
    more=st.sets(st.sampled_from([
        "adkim=s", "aspf=s", "fo=1", "t=y", "pct=50", "x-a=b",
        "rua=mailto:a@example.com,mailto:b@example.com!10m"])),
    wish=st.sampled_from([[], ["--dmarc", "none"], ["--dmarc", "reject"],
                          ["--rua", "new@example.com"]]))
def test_diff_takes_nothing_away(program, whole, spf, policies, beside, more,
                                 wish):
    """Who passed passes, no policy is weaker, every tag and address stays."""
    file = whole()
    dmarc = "; ".join(
        ["v=DMARC1"] + [f"{tag}={p}" for tag, p in zip(("p", "sp", "np"),
                                                       policies) if p]
        + sorted(more))
    dmarcs = [dmarc]
    if beside:
        dmarcs.append(f"v=DMARC1; p={beside[0]}"
                      + (f"; sp={beside[1]}" if beside[1] else "") + beside[2])
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as name:
        def zone(records, policies):
            path = pathlib.Path(name) / "example.com.zone"
            path.write_text(
                "$ORIGIN example.com.\n$TTL 300\n@ SOA ns h 1 1 1 1 1\n"
                f"@ NS ns\nns A 192.0.2.53\n{BESIDE}"
                + "".join(f'@ TXT "{x}"\n' for x in records)
                + "".join(f'_dmarc TXT "{x}"\n' for x in policies))
            return ["--zone", f"example.com={path}"]

        zones = zone(spf, dmarcs)
        before = {ip: evaluated(program, zones, ip) for ip in OTHERS}
        found = {r["owner"]: r
                 for z in planned(program, file, "--diff", *wish, *zones)
                 .json["zones"] for r in z["records"] if r["type"] == "TXT"}

        def after(owner, old):
            r = found[owner]
            if r["state"] == "different":
                return [r["data"].replace('" "', "").strip('"')]
            assert r["state"] in ("present", "refused"), r
            assert r["state"] == "present" or (r["reason"] and all(
                text in r["now"].splitlines() for text in old))
            return old

        new = after("example.com.", spf)
        policy, = after("_dmarc.example.com.", dmarcs)
        worse = told(program, zones)
        zones = zone(new, [policy])
        worse = told(program, zones) - worse
        # A tag that was there says more beside a stronger policy.
        if "t=y" in more:
            worse -= {"dmarc-t-y"}
        # Of several records check cannot see what is wrong in each.
        assert len(spf) > 1 or beside or not worse, (spf, new, dmarcs, policy)
        for ip in OTHERS:
            if before[ip] == "pass":
                assert evaluated(program, zones, ip) == "pass", (spf, new)
        if found["example.com."]["state"] != "refused":
            assert evaluated(program, zones, "192.0.2.4") == "pass"
        for text in spf:
            for term in text.split()[1:]:
                if not term.endswith("all"):
                    assert term in new[0].split() or new == spf or (
                        term.replace("redirect=", "include:")
                        in new[0].split()), (spf, new)
        now = tags_of(policy)
        for text in dmarcs:
            for tag, value in tags_of(text).items():
                if tag in ("p", "sp", "np"):
                    # What became equal to p= may be left out.
                    kept = now.get(tag, now.get("sp", now["p"]))
                    assert STRENGTH.index(kept) >= STRENGTH.index(value)
                elif tag == "rua":
                    assert set(value.split(",")) <= set(now[tag].split(","))
                else:
                    assert now.get(tag) == value or (
                        beside and tag in ("t", "pct")), (dmarcs, policy)


@pytest.mark.parametrize("ip", ["10.1.2.3", "127.0.0.1", "192.168.0.9",
                                "fe80::1", "fd00::4", "169.254.3.4",
                                "64:ff9b::a01:203", "64:ff9b::808:808"])
def test_addresses_that_nobody_reaches(program, whole, ip):
    """They are told at the setting, and no record has them."""
    for args in ([], ["--allow-documentation"]):
        result = program("plan", "--format", "json", *args, "--settings",
                         whole(nodes=[{"ip": ip, "host": "m.example.com"}],
                               WEBCONTROL_HOSTNAME="p.example.com",
                               WEBCONTROL_PUBLIC_IP=ip))
        assert result.code == lab.FAIL
        assert not [r for z in records(result).values() for r in z
                    if ip in r[2] or r[1] in ("A", "AAAA", "PTR", "MX")]
        notes = "\n".join(result.json["notes"])
        assert f"nodes[0]: {ip} " in notes
        assert f"WEBCONTROL_PUBLIC_IP: {ip} " in notes


def test_documentation_addresses(program, whole):
    result = program("plan", "--settings", whole())
    assert "nodes[0]: 192.0.2.4 is an address for examples" in result.out
    assert not [x for x in result.out.splitlines()
                if x[:1] not in ("", ";") and "192.0.2.4" in x]
    assert "ip4:192.0.2.4" in program("plan", "--allow-documentation",
                                      "--settings", whole()).out


def test_diff_text_is_for_zone_files(program, published):
    file, zones = published
    change(zones, "mta-1.example.com. 3600 IN A 192.0.2.4",
           "mta-1.example.com. 3600 IN A 192.0.2.9")
    result = program("plan", "--diff", "--allow-documentation", "--settings",
                       file, *zones)
    lines = [x for x in result.out.splitlines() if x and x[0] != ";"]
    assert len(lines) == 1
    assert lines[0].startswith("mta-1.example.com. 3600 IN A 192.0.2.4 ;")
    assert "they stay, as SPF may let them send: 192.0.2.9. " in result.out


def test_what_cannot_be_told_is_not_missing(program, published):
    """Without its zone, the reverse name is not told; nor is anything bogus."""
    file, zones = published
    result = planned(program, file, "--diff", *zones[:2])
    assert states(result)["4.2.0.192.in-addr.arpa.", "PTR"] == "unknown"
    assert result.code == lab.TEMPERROR
    text = program("plan", "--diff", "--allow-documentation", "--settings",
                       file, *zones[:2]).out
    assert not [x for x in text.splitlines() if x and x[0] != ";"]


def test_bogus_is_not_missing(program, whole, zones):
    file = whole()
    zone = lab.Zone.empty("example.com")
    zone.add("_dmarc TXT \"v=DMARC1; p=none\"")
    zones.sign(zone)
    zones.edit("example.com", "p=none", "p=nope")
    result = planned(program, file, "--diff", *zones.args)
    assert states(result)["_dmarc.example.com.", "TXT"] == "unknown"
    assert states(result)["mta-1.example.com.", "A"] == "missing"


# Keys.

@pytest.mark.parametrize("kind, text", [("rsa", b"k=rsa; p=MIIBIjAN"),
                                        ("ed25519", b"k=ed25519; p=")])
def test_make_key(program, whole, tmp_path, kind, text):
    path = tmp_path / "new.pem"
    old = os.umask(0)
    try:
        assert program("plan", "--make-key", kind, path).code == 0
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    subprocess.run(["openssl", "pkey", "-in", path, "-check", "-noout"]
                   if kind == "rsa" else
                   ["openssl", "pkey", "-in", path, "-noout"], check=True,
                   capture_output=True)
    result = program("plan", "--settings", whole(
        keys=[{"name": "k", "file": "new.pem"}]))
    assert text.decode() in result.out


@pytest.mark.parametrize("what", ["file", "link", "dangling"])
def test_make_key_never_overwrites(program, tmp_path, what):
    path, other = tmp_path / "key.pem", tmp_path / "other"
    if what == "file":
        path.write_text("mine\n")
    else:
        path.symlink_to(other)
        if what == "link":
            other.write_text("mine\n")
    result = program("plan", "--make-key", "rsa", path)
    assert result.code == 71 and str(path) in result.err
    assert other.exists() == (what == "link")
    if what != "dangling":
        assert path.read_text() == "mine\n"


@pytest.mark.parametrize("args", [
    ["--make-key", "dsa", "x"], ["--make-key", "rsa"],
    ["--make-key", "rsa", "x", "y"]])
def test_make_key_wrong_use(program, args):
    assert program("plan", *args).code == lab.USE


def test_full_disk_leaves_no_drafts(program, whole, tmp_path):
    """A draft that could not be written as a whole is gone."""
    folder = tmp_path / "drafts"
    result = subprocess.run(
        ["sh", "-c", 'trap "" XFSZ; ulimit -f 0; exec "$@"', "sh",
         program.path, "plan", "--allow-documentation", "--drafts", folder,
         "--settings", whole()],
        capture_output=True, check=False, timeout=20)
    assert result.returncode == 71 and result.stderr
    assert not folder.exists()


# Formats of programs that keep DNS in files.

FORMATTED = {
    "WEBCONTROL_HOSTNAME": "panel.example.com",
    "WEBCONTROL_PUBLIC_IP": "192.0.2.1",
    "nodes": [{"name": "mx10", "ip": "192.0.2.4",
               "host": "mta-10.example.com"},
              {"ip": "192.0.2.5", "host": "mta-2.example.com"},
              {"ip": "2001:db8::5", "host": "mta-2.example.com"}],
    "senders": [{"name": "news", "from": "news@example.com",
                 "mail_from": "b@bounce.example.com", "dkim_key": "k",
                 "dkim_selector": "s1"}],
}


@pytest.fixture
def formatted(tmp_path):
    settings = {**FORMATTED, "keys": [
        {"name": "k", "file": str(key_file(0))}]}
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(settings))
    return file


def in_zones(result):
    """What a plan wants: (name in the zone, type, ttl, value) by zone."""
    return {
        z["name"]: sorted(
            (r["owner"].removesuffix(f"{z['name']}.").removesuffix("."),
             r["type"], r["ttl"], r["text"] or r["data"])
            for r in z["records"])
        for z in result.json["zones"]}


def test_octodns(program, formatted):
    """A document of YAML for each zone, in the order that octoDNS wants."""
    natsort = pytest.importorskip("natsort")
    out = program("plan", "--allow-documentation", "--settings", formatted,
                  "--format", "octodns").out
    zones = {}
    for document in out.split("\n---\n# ")[1:]:
        name, _, text = document.partition(".yaml\n")
        found = yaml.safe_load(text)
        assert list(found) == natsort.natsorted(found)
        zones[name] = sorted(
            (label, r["type"], r["ttl"],
             f"{v['preference']} {v['exchange']}" if r["type"] == "MX"
             else v.replace("\\;", ";"))
            for label, rows in found.items()
            for r in (rows if isinstance(rows, list) else [rows])
            for v in r["values"])
        assert not re.search(r"[^\\];", json.dumps(
            [v for rows in found.values()
             for r in (rows if isinstance(rows, list) else [rows])
             for v in r["values"]]))
        for rows in found.values():
            for r in rows if isinstance(rows, list) else [rows]:
                assert list(r) == sorted(r)
    assert zones == in_zones(planned(program, formatted))
    assert "# admin panel; from WEBCONTROL_HOSTNAME and" in out


STUB = """
const zones = {}, add = type => (name, ...rest) => ({type, name, rest});
const TTL = seconds => ({ttl: seconds});
const A = add("A"), AAAA = add("AAAA"), MX = add("MX"), TXT = add("TXT"),
    PTR = add("PTR");
function D_EXTEND(name, ...records) { zones[name] = records; }
%s
console.log(JSON.stringify(zones));
"""


def test_dnscontrol(program, formatted):
    """JavaScript, with the functions of DNSControl."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    out = program("plan", "--allow-documentation", "--settings", formatted,
                  "--format", "dnscontrol").out
    done = subprocess.run([node, "-"], input=STUB % out, capture_output=True,
                          check=True, encoding="utf-8", timeout=60)
    zones = {
        name: sorted(("" if r["name"] == "@" else r["name"], r["type"],
                      r["rest"][-1]["ttl"],
                      " ".join(str(x) for x in r["rest"][:-1]))
                     for r in records)
        for name, records in json.loads(done.stdout).items()}
    assert zones == in_zones(planned(program, formatted))
    assert "  // admin panel; from WEBCONTROL_HOSTNAME and" in out


@pytest.mark.parametrize("name, comment", [("octodns", "#"),
                                           ("dnscontrol", "//")])
def test_what_is_there_is_left_out(program, formatted, tmp_path, name,
                                   comment):
    """What is published is left out; what failed is a comment."""
    zone = tmp_path / "example.com.zone"
    zone.write_text(
        "$ORIGIN example.com.\n$TTL 300\n@ SOA ns hostmaster 1 2 3 4 5\n"
        "@ NS ns\nns A 192.0.2.53\n"
        "@ TXT \"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::5 -all\"\n"
        "_dmarc TXT \"v=DMARC1; p=none\"\n")
    out = program("plan", "--diff", "--allow-documentation", "--settings",
                  formatted, "--format", name, "--zone",
                  f"example.com={zone}").out
    assert f"{comment} in place of: v=DMARC1; p=none" in out
    assert "SPF of the From domain" not in out
    assert "SPF of MAIL FROM" in out
    assert f"{comment} could not be told: 4.2.0.192.in-addr.arpa. PTR" in out
    assert program("check", "--format", name, "example.com").code == lab.USE
