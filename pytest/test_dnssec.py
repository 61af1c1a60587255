# test_dnssec.py - states, chains, and what could not be told
# SPDX-License-Identifier: BSD-3-Clause
"""GUIDE-CASES N01 to N12 as far as they need no settings and no message."""
import os
import subprocess

import pytest

import lab

TRIGGERS = {
    "dnssec-secure", "dnssec-denial-secure", "dnssec-insecure",
    "dnssec-indeterminate", "dnssec-bogus", "dnssec-bogus-detail",
    "dnssec-chain-mixed", "dnssec-validation-off", "dnssec-weak-algorithm",
    "dnssec-ds-without-dnskey", "dnssec-rrsig-expiring",
    "spf-include-target-temperror",
    "ptr-temperror", "dmarc-temperror",
}


def signed(zones):
    """The guide's zones, signed, with their anchors."""
    for zone in zones.guide():
        zones.sign(zone)
    return zones


def check(program, zones, *args):
    return program.check(*lab.GUIDE, *args, *zones.args, "example.com")


def no_absence(result):
    """Nothing is said to be missing."""
    return not {c for c in result.codes()
                if c.endswith("-missing") and c != "bimi-a-missing"
                or c.endswith("-none")}


def test_n01_all_secure(program, zones):
    result = check(program, signed(zones))
    assert result.code == lab.PASS
    assert result.json["dnssec"] == "secure"
    assert {r["dnssec"] for r in result.json["records"]} == {"secure"}
    assert "dnssec-secure" in result.codes()
    assert "dnssec-validation-off" not in result.codes()


def test_n02_signature_removed(program, zones):
    signed(zones)
    zones.strip("example.com", ["example.com.\t", "RRSIG\tTXT", " 2 300 "])
    result = check(program, zones)
    spf = result.record("spf", "example.com.")
    assert (spf["verdict"], spf["dnssec"], spf["outcome"]) == \
        ("temperror", "bogus", "failed")
    assert spf["text"] is None and "no signatures" in spf["why_bogus"]
    assert {"dnssec-bogus", "dnssec-bogus-detail"} <= result.codes("spf")
    assert not {"spf-missing", "spf-ok", "spf-all-fail"} & \
        result.codes("spf", "example.com.")
    assert result.code == lab.TEMPERROR
    assert result.json["dnssec"] == "bogus"
    # One answer that failed takes nothing from the others.
    assert result.record("dmarc")["verdict"] == "valid"


def test_n03_policy_forged(program, zones):
    signed(zones)
    zones.edit("example.com", "p=reject; sp=reject", "p=none; sp=none")
    result = check(program, zones)
    dmarc = result.record("dmarc")
    assert (dmarc["verdict"], dmarc["dnssec"]) == ("temperror", "bogus")
    assert {"dnssec-bogus", "dmarc-temperror"} <= result.codes("dmarc")
    assert not {"dmarc-p-none", "dmarc-missing", "dmarc-inherited",
                "bimi-dmarc-missing", "bimi-dmarc-none", "bimi-dmarc-ok",
                "bimi-ok"} & result.codes()
    assert "none" not in [r["text"] for r in result.json["records"]]
    assert result.code == lab.TEMPERROR


def test_n04_signature_expired(program, zones):
    example, reverse = zones.guide()
    zones.sign(example, days=(-40, -10))
    zones.sign(reverse)
    result = check(program, zones)
    dkim = result.record("dkim")
    assert (dkim["verdict"], dkim["dnssec"]) == ("temperror", "bogus")
    assert {"dnssec-bogus", "dnssec-bogus-detail"} <= result.codes("dkim")
    assert "expired" in result.finding("dnssec-bogus-detail")["message"]
    assert no_absence(result)
    assert "dmarc-reject-needs-dkim" not in result.codes()
    assert result.code == lab.TEMPERROR


def test_n05_selector_proved_absent(program, zones):
    example, reverse = zones.guide()
    example.delete("altcraft._domainkey")
    zones.sign(example)
    zones.sign(reverse)
    result = check(program, zones)
    assert {"dkim-key-missing", "dnssec-denial-secure"} <= \
        result.codes("dkim")
    assert result.record("dkim")["verdict"] == "none"
    assert result.record("dkim")["dnssec"] == "secure"


def test_n05_denial_forged(program, zones):
    """A denial whose proof is gone is no denial."""
    example, reverse = zones.guide()
    example.delete("altcraft._domainkey")
    zones.sign(example)
    zones.sign(reverse)
    zones.strip("example.com", ["RRSIG\tNSEC"])
    result = check(program, zones)
    assert result.record("dkim")["verdict"] == "temperror"
    assert "dkim-key-missing" not in result.codes()


def test_n06_unsigned_child(program, zones):
    """A child zone without DS below a signed one is insecure, and usable."""
    example, reverse = zones.guide()
    example.add("child NS ns.child")
    example.add("ns.child A 192.0.2.53")
    child = lab.Zone.empty("child.example.com")
    child.add('@ TXT "v=spf1 -all"')
    zones.sign(example)
    zones.sign(reverse)
    zones.write(child)
    result = program.check("--allow-documentation", *zones.args,
                           "child.example.com")
    spf = result.record("spf", "child.example.com.")
    assert (spf["verdict"], spf["dnssec"]) == ("valid", "insecure")
    assert "dnssec-insecure" in result.codes("spf")
    assert "dnssec-indeterminate" not in result.codes()


def test_n06_no_anchor_for_the_name(program, zones):
    """Without an anchor above it a name is indeterminate."""
    example, reverse = zones.guide()
    zones.sign(example)
    zones.sign(reverse)
    other = lab.Zone.empty("other.net")
    other.add('@ TXT "v=spf1 -all"')
    zones.write(other)
    result = program.check(*zones.args, "other.net")
    assert result.record("spf")["dnssec"] == "indeterminate"
    assert "dnssec-indeterminate" in result.codes("spf")
    assert "dnssec-insecure" not in result.codes()


def test_n07_include_target_bogus(program, zones):
    example, reverse = zones.guide()
    example.delete("@", "TXT", '"v=spf1')
    example.add('@ TXT "v=spf1 include:spf.example.com -all"')
    example.add('spf TXT "v=spf1 ip4:198.41.0.4 -all"')
    zones.sign(example)
    zones.sign(reverse)
    zones.edit("example.com", "ip4:198.41.0.4", "ip4:198.41.0.5")
    result = check(program, zones)
    spf = result.record("spf", "example.com.")
    assert spf["verdict"] == "temperror" and spf["dnssec"] == "secure"
    assert "spf-include-target-temperror" in result.codes("spf")
    assert "spf-include-target-none" not in result.codes()
    assert result.code == lab.TEMPERROR


def test_n10_no_anchor(program, zones):
    for zone in zones.guide():
        zones.sign(zone, anchor=False)
    result = check(program, zones)
    assert "dnssec-validation-off" in result.codes()
    assert {r["dnssec"] for r in result.json["records"]} == {"unchecked"}
    assert result.json["dnssec"] == "unchecked"
    assert not {"dnssec-secure", "dnssec-insecure"} & result.codes()


CONFIG = """server:
  {options}
auth-zone:
  name: "example.com"
  zonefile: "{zone}"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@9
forward-zone:
  name: "example.com"
"""


@pytest.mark.parametrize("options, why", [
    ('module-config: "validator iterator"\n  val-permissive-mode: yes',
     "val-permissive-mode"),
    ('module-config: "iterator"', "module-config"),
])
def test_n10_validation_off_by_configuration(program, zones, tmp_path,
                                             options, why):
    """With -C the user decides about validation, and is told."""
    example, _ = zones.guide()
    path = zones.sign(example)
    # Bogus, were it validated: permissive mode would let it through.
    zones.edit("example.com", "p=reject; sp=reject", "p=none; sp=none")
    anchor = tmp_path / "anchor"
    anchor.write_text(zones.keys.ds("example.com") + "\n")
    config = tmp_path / "unbound.conf"
    config.write_text(CONFIG.format(
        zone=path, options=f'{options}\n  trust-anchor-file: "{anchor}"'))
    result = program.check("-C", config, "--only", "dmarc,spf", "--timeout",
                           5, "example.com")
    assert why in result.finding("dnssec-validation-off")["message"]
    assert "secure" not in {r["dnssec"] for r in result.json["records"]}
    assert result.json["dnssec"] == "unchecked"


def test_domain_insecure_by_configuration(program, zones, tmp_path):
    """A name under domain-insecure is unchecked, others are validated."""
    example, _ = zones.guide()
    path = zones.sign(example)
    anchor = tmp_path / "anchor"
    anchor.write_text(zones.keys.ds("example.com") + "\n")
    config = tmp_path / "unbound.conf"
    config.write_text(CONFIG.format(
        zone=path, options='module-config: "validator iterator"\n'
        f'  trust-anchor-file: "{anchor}"\n'
        '  domain-insecure: "_domainkey.example.com"'))
    result = program.check("-C", config, "--only", "dmarc,dkim", "--selector",
                           "altcraft", "--timeout", 5, "example.com")
    assert result.record("dmarc")["dnssec"] == "secure"
    assert result.record("dkim")["dnssec"] == "unchecked"


def test_n11_secure_alias_of_insecure_name(program, zones):
    example, reverse = zones.guide()
    example.delete("altcraft._domainkey")
    example.add("altcraft._domainkey CNAME key.other.net.")
    other = lab.Zone.empty("other.net")
    guide = lab.Zone.load("example.com", "guide-corrected.zone")
    key = [x for x in guide.lines if x.startswith("altcraft._domainkey")][0]
    other.add(key.replace("altcraft._domainkey", "key"))
    zones.sign(example)
    zones.sign(reverse)
    zones.write(other)
    result = check(program, zones)
    dkim = result.record("dkim")
    assert dkim["verdict"] == "valid"
    assert dkim["dnssec"] == "indeterminate"
    assert dkim["chain"] == ["key.other.net."]
    assert [(h["name"], h["type"], h["dnssec"]) for h in dkim["hops"]] == [
        ("altcraft._domainkey.example.com.", "CNAME", "secure"),
        ("key.other.net.", "TXT", "indeterminate")]
    assert "dnssec-chain-mixed" in result.codes("dkim")
    assert "dkim-cname" in result.codes("dkim")


def test_chain_all_secure(program, zones):
    example, reverse = zones.guide()
    example.delete("@", "MX")
    example.add("@ MX 10 mta-1")
    example.add("click2 CNAME click")
    example.delete("altcraft", "A")
    example.add("altcraft CNAME click2")
    zones.sign(example)
    zones.sign(reverse)
    result = check(program, zones, "--sender",
                   "altcraft.example.com=192.0.2.2")
    address = result.record("address", "altcraft.example.com.", "A")
    assert address["chain"] == ["click2.example.com.", "click.example.com."]
    assert address["dnssec"] == "secure" and "hops" not in address
    assert "dnssec-chain-mixed" not in result.codes()


def test_chain_with_a_bogus_end(program, zones):
    example, reverse = zones.guide()
    example.delete("altcraft._domainkey")
    example.add("altcraft._domainkey CNAME key")
    example.add('key TXT "v=DKIM1; p="')
    zones.sign(example)
    zones.sign(reverse)
    zones.edit("example.com", '"v=DKIM1; p="', '"v=DKIM1; p=AAAA"')
    result = check(program, zones)
    assert result.record("dkim")["verdict"] == "temperror"
    assert "dnssec-bogus" in result.codes("dkim")
    assert not {"dkim-key-missing", "dkim-revoked", "dkim-key-ok"} & \
        result.codes("dkim")


def test_n12_ptr_bogus(program, zones):
    signed(zones)
    zones.edit("2.0.192.in-addr.arpa", "mta-1.example.com.",
               "mta-2.example.com.")
    result = check(program, zones)
    assert result.record("ptr")["verdict"] == "temperror"
    assert {"ptr-temperror", "dnssec-bogus"} <= result.codes("ptr")
    assert not {"ptr-missing", "ptr-fcrdns-fail", "ptr-name-unexpected"} & \
        result.codes()


def test_wrong_anchor(program, zones):
    """The DS of another key: nothing in the zone can be told."""
    example, reverse = zones.guide()
    zones.sign(example)
    zones.sign(reverse)
    zones.anchors["example.com"] = zones.keys.ds("example.com", "other")
    result = check(program, zones)
    assert result.code == lab.TEMPERROR
    assert {"dnssec-bogus", "dnssec-ds-without-dnskey"} <= result.codes()
    assert no_absence(result)
    assert result.record("ptr")["dnssec"] == "secure"


def test_unsigned_zone_under_an_anchor(program, zones):
    """The verdicts of a signed zone that is published without signatures."""
    example, reverse = zones.guide()
    zones.write(example)
    zones.sign(reverse)
    zones.anchors["example.com"] = zones.keys.ds("example.com")
    result = check(program, zones)
    assert result.code == lab.TEMPERROR
    assert result.record("dmarc")["dnssec"] == "bogus"
    assert no_absence(result)


def test_everything_bogus_says_nothing_of_records(program, zones):
    """Every signature broken: no finding about any record at all."""
    example, reverse = zones.guide()
    for zone in (example, reverse):
        zones.sign(zone, days=(-40, -10))
    result = check(program, zones)
    allowed = {"dnssec-bogus", "dnssec-bogus-detail", "dmarc-temperror",
               "ptr-temperror", "spf-eval-temperror",
               "spf-mailfrom-domain-unchecked"}
    assert result.codes() == allowed
    assert {r["verdict"] for r in result.json["records"]} == {"temperror"}
    assert {r["text"] for r in result.json["records"]} == {None}


def test_signature_about_to_expire(program, zones):
    example, reverse = zones.guide()
    zones.sign(example, days=(-28, 2))
    zones.sign(reverse)
    result = check(program, zones)
    assert "dnssec-rrsig-expiring" in result.codes()
    assert result.code == lab.WARN


@pytest.mark.parametrize("days", [(-1, 4), (-0.5, 2)])
def test_signature_not_about_to_expire(program, zones, days):
    """Far enough, or short-lived and fresh as online signers make them."""
    example, reverse = zones.guide()
    zones.sign(example, days=days)
    zones.sign(reverse)
    assert "dnssec-rrsig-expiring" not in check(program, zones).codes()


@pytest.mark.parametrize("algorithm, bits, words", [
    ("RSASHA1", 2048, "RSASHA1"),
    ("RSASHA256", 1024, "RSA key below 2048 bits"),
    ("RSASHA256", 2048, None),
])
def test_weak_algorithm(program, zones, keys, algorithm, bits, words):
    example, reverse = zones.guide()
    base = subprocess.run(
        ["ldns-keygen", "-a", algorithm, "-b", str(bits), "-k",
         "example.com"], cwd=keys.folder, capture_output=True, check=True,
        encoding="ascii").stdout.strip()
    keys.made["example.com", algorithm + str(bits)] = keys.folder / base
    zones.sign(example, key=algorithm + str(bits))
    zones.sign(reverse)
    result = check(program, zones)
    if words is None:
        assert "dnssec-weak-algorithm" not in result.codes()
    else:
        assert words in result.finding("dnssec-weak-algorithm")["message"]


def test_sha1_in_ds(program, zones):
    """A DS with SHA-1 for a child of a signed zone."""
    example, reverse = zones.guide()
    child = lab.Zone.empty("child.example.com")
    child.add('@ TXT "v=spf1 -all"')
    zones.sign(child, anchor=False)
    ds = subprocess.run(
        ["ldns-key2ds", "-n", "-1",
         f"{zones.keys('child.example.com')}.key"],
        capture_output=True, check=True, encoding="ascii").stdout.split()
    example.add("child NS ns.child")
    example.add("ns.child A 192.0.2.53")
    example.add("child DS " + " ".join(ds[ds.index("DS") + 1:]))
    zones.sign(example)
    zones.sign(reverse)
    result = program.check("--allow-documentation", *zones.args,
                           "child.example.com")
    assert "SHA-1" in result.finding("dnssec-weak-algorithm")["message"]


def test_nsec3(program, zones):
    """Denials by NSEC3 are as good."""
    example, reverse = zones.guide()
    zones.sign(example, options=("-n",))
    zones.sign(reverse)
    result = check(program, zones)
    assert result.code == lab.PASS and result.json["dnssec"] == "secure"


def test_anchor_file(program, zones, tmp_path):
    """Anchors from a file, with a comment, a TTL and an owner left out."""
    signed(zones)
    anchors = tmp_path / "anchors"
    lines = list(zones.anchors.values())
    zones.anchors = {}
    anchors.write_text("; anchors\n" + "\n".join(lines) + "\n")
    result = check(program, zones, "--trust-anchor", anchors)
    assert result.code == lab.PASS and result.json["dnssec"] == "secure"


def test_anchors_from_a_pipe(program, zones):
    """Anchors that can be read only once count all the same: a forged record
    is neither judged nor shown."""
    zone, reverse = zones.guide()
    zones.sign(zone)
    zones.write(reverse)
    zones.edit("example.com", "p=reject", "p=none")
    anchor = zones.anchors.pop("example.com")
    done = subprocess.run(
        ["bash", "-c", '"$@" --trust-anchor <(echo "$ANCHOR") example.com',
         "-", str(program.path), "check", "--only", "dmarc", *zones.args],
        env={**os.environ, "ANCHOR": anchor}, capture_output=True,
        encoding="utf-8", check=False)
    assert done.returncode == lab.TEMPERROR
    assert "p=none" not in done.stdout
    assert "dnssec-bogus" in done.stdout
