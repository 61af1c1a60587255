# test_spf.py - SPF evaluated: what the public suite does not ask
# SPDX-License-Identifier: BSD-3-Clause
"""DNSSEC on the way to a result, the tree of terms, bounds, Sender ID, local
parts outside ASCII, and servers that are slow."""
import json
import pathlib
import time

import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import jsonschema
import pytest

import lab

TRIGGERS = {"spf-eval-time", "spf-ptr-too-many", "spf-eval-temperror",
            "spf-identity-invalid", "spf-ranges", "spf-ptr-temperror",
            "lookup-undecided"}

SCHEMA = json.loads((lab.ROOT / "schema/spf.schema.json").read_text())

# Questions of one evaluation, and of what the record costs: see mailauth.h.
QUESTIONS_MAX, COST_MAX = 223, 301

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
                None)


def spf(program, *args, **kwargs):
    """Evaluate with JSON output, which follows its schema."""
    result = program("spf", "--format", "json", "--allow-documentation",
                     *args, **kwargs)
    jsonschema.validate(result.json, SCHEMA)
    return result


def zone_of(name, lines):
    zone = lab.Zone.empty(name)
    for line in lines.strip().splitlines():
        zone.add(line.strip())
    return zone


EXAMPLE = zone_of("example.com", """
    @ TXT "v=spf1 include:_spf.example.com a:www.example.com mx exists:%{i}.ok.example.com ?ip6:2001:db8::/32 -all exp=why.example.com"
    _spf TXT "v=spf1 ip4:192.0.2.0/28 include:deep.example.com ~all"
    deep TXT "v=spf1 ip4:198.51.100.0/24 -all"
    www A 203.0.113.1
    @ MX 10 mx
    mx A 203.0.113.2
    ok TXT "senders"
    203.0.113.3.ok A 127.0.0.2
    why TXT "%{i} is not of %{d}"
    """)


@pytest.fixture
def example(zones):
    zones.sign(EXAMPLE)
    return zones


def terms(result):
    """All terms of the tree, by their text."""
    found = {}

    def collect(nodes):
        for node in nodes:
            found[node["term"]] = node
            collect(node["terms"])

    collect(result.json["tree"])
    return found


@pytest.mark.parametrize("ip, expected, mechanism, lookups, code", [
    ("192.0.2.1", "pass", "include:_spf.example.com", 1, lab.PASS),
    ("198.51.100.9", "pass", "include:_spf.example.com", 2, lab.PASS),
    ("203.0.113.1", "pass", "a:www.example.com", 3, lab.PASS),
    ("203.0.113.2", "pass", "mx", 4, lab.PASS),
    ("203.0.113.3", "pass", "exists:%{i}.ok.example.com", 5, lab.PASS),
    ("203.0.113.9", "fail", "-all", 5, lab.FAIL),
    ("2001:db8::1", "permerror", None, 5, lab.FAIL),
])
def test_path(program, example, ip, expected, mechanism, lookups, code):
    """The term that decides, and how many lookups it took to get there."""
    result = spf(program, *example.args, "--ip", ip, "--mail-from",
                 "joe@example.com")
    assert result.json["result"] == expected
    assert result.json["mechanism"] == mechanism
    assert result.json["lookups"] == lookups
    assert result.json["worst_case"] == {"lookups": 5, "at_least": False}
    assert result.json["dnssec"] == "secure"
    assert result.code == code
    assert f"spf-eval-{expected}" in result.codes("spf")
    explanation = result.json["explanation"]
    assert explanation == (f"{ip} is not of example.com"
                           if expected == "fail" else None)


def test_tree(program, example):
    """Terms that were reached and those that were not, with their costs."""
    tree = terms(spf(program, *example.args, "--ip", "203.0.113.1",
                     "--mail-from", "joe@example.com"))
    include = tree["include:_spf.example.com"]
    assert (include["state"], include["result"]) == ("no-match", "softfail")
    assert (include["lookups_below"], include["total"]) == (1, 2)
    assert include["record"].startswith("v=spf1 ip4:192.0.2.0/28")
    deep = tree["include:deep.example.com"]
    assert (deep["domain"], deep["result"], deep["dnssec"]) == \
        ("_spf.example.com.", "fail", "secure")
    assert (tree["a:www.example.com"]["state"],
            tree["a:www.example.com"]["total"]) == ("match", 3)
    assert tree["mx"]["state"] == "not-reached"
    assert tree["mx"]["target"] is None


def test_cost(program, example):
    """Without an address: what it costs, who spends it, who passes."""
    result = spf(program, *example.args, "example.com")
    assert result.json["result"] is None and result.code == lab.PASS
    assert (result.json["lookups"], result.json["void_lookups"]) == (5, 0)
    assert {s["name"]: s["lookups"] for s in result.json["services"]} == {
        "example.com.": 4, "exists:%{i}.ok.example.com": 1}
    assert result.json["addresses"] == {
        "ipv4": 16 + 256 + 2, "ipv6": "0", "at_least": True}
    assert {"spf-lookups-ok", "spf-ranges"} <= result.codes("spf")
    assert terms(result)["exists:%{i}.ok.example.com"]["varies"]


@pytest.mark.parametrize("record, ipv4, ipv6, least", [
    ("v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.128/25 -all", 256, 0, False),
    ("v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all", 128, 0, False),
    ("v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.0/25 -all", 256, 0, False),
    ("v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ip4:192.0.3.0 -all", 257, 0,
     False),
    ("v=spf1 ?ip4:192.0.2.7 ip4:192.0.2.0/28 ip6:2001:db8::/64 ip6:2001:db8::1"
     " -all", 15, 2 ** 64, False),
    ("v=spf1 +all", 2 ** 32, 2 ** 128, False),
    ("v=spf1 -ip4:192.0.2.1 +all", 2 ** 32 - 1, 2 ** 128, False),
    ("v=spf1 -ip6:::/1 ip6:::/0 -all", 0, 2 ** 127, False),
    ("v=spf1 ptr -all", 0, 0, True),
    ("v=spf1 a -all", 0, 0, False),
    ("v=spf1 a:two.example.com/31 -all", 4, 2, False),
    ("v=spf1 redirect=other.example.com", 4, 0, False),
    ("v=spf1 -ip4:192.0.2.2 include:other.example.com -all", 3, 0, False),
    # No record there: permerror for all, so nothing passes.
    ("v=spf1 include:gone.example.com ip4:192.0.2.1 -all", 0, 0, False),
])
def test_addresses(program, zones, record, ipv4, ipv6, least):
    """How many addresses pass: the first term that matches counts."""
    zones.write(zone_of("example.com", f"""
        @ TXT "{record}"
        two A 192.0.2.1
        two A 192.0.2.5
        two AAAA 2001:db8::1
        two AAAA 2001:db8::5
        other TXT "v=spf1 ip4:192.0.2.0/30 -all"
        """.replace("two AAAA 2001:db8::5\n", "" if "/31" in record else
                    "two AAAA 2001:db8::5\n")))
    found = spf(program, *zones.args, "example.com").json["addresses"]
    if "/31" in record:
        ipv6 = 1
    assert found == {"ipv4": ipv4, "ipv6": str(ipv6), "at_least": least}


# DNSSEC.

def test_weakest_state(program, zones):
    """An include in a zone that is not signed makes the way to the result
    insecure; what was not on that way does not."""
    ds = lab.world(
        zones, extra=[zone_of("example.net", """
            @ TXT "v=spf1 ip4:198.51.100.0/24 -all" """)],
        unsigned=("example.net",), edit=lambda zone: zone.name ==
        "example.com" and (zone.delete("@", "TXT", '"v=spf1'), zone.add(
            '@ TXT "v=spf1 ip4:192.0.2.0/24 include:example.net -all"')))
    with lab.Authority(zones.folder, zones.files) as nsd:
        args = ("--server", nsd.server, "--ds", ds, "--mail-from",
                "joe@example.com")
        near = spf(program, *args, "--ip", "192.0.2.1")
        far = spf(program, *args, "--ip", "198.51.100.1")
    assert (near.json["result"], near.json["dnssec"]) == ("pass", "secure")
    assert (far.json["result"], far.json["dnssec"]) == ("pass", "insecure")
    assert terms(far)["include:example.net"]["dnssec"] == "insecure"


@pytest.mark.parametrize("old, ip", [
    ("v=spf1 include:_spf", "192.0.2.1"),
    ("ip4:192.0.2.0/28", "192.0.2.1"),
    ("ip4:198.51.100.0/24", "198.51.100.1"),
    ("www.example.com.\t300\tIN\tA\t203.0.113.1", "203.0.113.1"),
    ("MX\t10 mx", "203.0.113.2"),
    ("mx.example.com.\t300\tIN\tA\t203.0.113.2", "203.0.113.2"),
    ("A\t127.0.0.2", "203.0.113.3"),
], ids=["record", "include", "deep", "a", "mx", "host", "exists"])
def test_bogus(program, example, old, ip):
    """A forged answer anywhere on the way is temperror, never a match and
    never a failure of the sender."""
    new = {"v=spf1 include:_spf": "v=spf1 +all include:_spf",
           "MX\t10 mx": "MX\t20 mx"}.get(
        old, old.replace("/28", "/0").replace("/24", "/0").replace(
            "203.0.113.1", "203.0.113.99").replace(
            "203.0.113.2", "203.0.113.99").replace("127.0.0.2", "127.0.0.3"))
    example.edit("example.com", old, new)
    result = spf(program, *example.args, "--ip", ip, "--mail-from",
                 "joe@example.com")
    assert (result.json["result"], result.json["dnssec"]) == \
        ("temperror", "bogus")
    assert result.json["why"] == "an answer is bogus"
    assert result.code == lab.TEMPERROR
    assert "spf-eval-temperror" in result.codes("spf")


def test_bogus_explanation(program, example):
    """A forged explanation is not used and changes nothing else."""
    example.edit("example.com", "is not of", "is well of")
    result = spf(program, *example.args, "--ip", "203.0.113.9",
                 "--mail-from", "joe@example.com")
    assert (result.json["result"], result.json["explanation"]) == \
        ("fail", None)
    assert result.json["dnssec"] == "secure"
    assert "spf-exp-target-bad" in result.codes("spf")


@pytest.mark.parametrize("records, code", [
    ('why TXT "%{i} it is"', None), ('why TXT "a" \n why TXT "b"', "bad"),
    ('why TXT "100%"', "bad"), ('why TXT "%{z}"', "bad"),
    ('why A 192.0.2.1', "bad"), (r'why TXT "\195\182"', "non-ascii")])
def test_explanation(program, zones, records, code):
    """One that cannot be used is left out, with a finding (RFC 7208 6.2)."""
    zones.write(zone_of("example.com", """
        @ TXT "v=spf1 -all exp=why.example.com"
        """ + records))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@example.com")
    assert result.json["result"] == "fail"
    assert result.json["explanation"] == (
        None if code else "192.0.2.1 it is")
    found = {c for c in result.codes("spf") if c.startswith("spf-exp-")}
    assert found == ({f"spf-exp-{code}"} if code == "non-ascii" else
                     {"spf-exp-target-bad"} if code else set())


def test_bogus_behind_the_match(program, example):
    """What was not needed does not count."""
    example.edit("example.com", "A\t203.0.113.1", "A\t203.0.113.77")
    result = spf(program, *example.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@example.com")
    assert (result.json["result"], result.json["dnssec"]) == ("pass", "secure")


PTR = zone_of("2.0.192.in-addr.arpa", """
    1 PTR mail.example.com.
    2 PTR mail.example.com.
    """)


def test_ptr(program, zones):
    zones.sign(zone_of("example.com", """
        @ TXT "v=spf1 ptr -all"
        mail A 192.0.2.1
        """))
    zones.sign(PTR)
    for ip, expected in (("192.0.2.1", "pass"), ("192.0.2.2", "fail"),
                         ("192.0.2.3", "fail")):
        result = spf(program, *zones.args, "--ip", ip, "--mail-from",
                     "joe@example.com")
        assert (result.json["result"], result.json["dnssec"]) == \
            (expected, "secure")
    # A forged name is no name: no match, and no error (RFC 7208 5.5).
    zones.edit("2.0.192.in-addr.arpa", "mail.example.com.",
               "m.example.com.")
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@example.com")
    assert result.json["result"] == "fail"


def test_many_names(program, zones):
    """Of eleven names ten are looked at, and that is no error."""
    zones.write(zone_of("example.com", """
        @ TXT "v=spf1 ptr -all"
        """ + "\n".join(f"h{i} A 192.0.2.1" for i in range(11))))
    zones.write(zone_of("2.0.192.in-addr.arpa", "\n".join(
        f"1 PTR h{i}.example.com." for i in range(11))))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@example.com")
    assert result.json["result"] == "pass"
    assert "spf-ptr-too-many" in result.codes("spf")


# Servers.

def text(record):
    return " ".join(f'"{record[i:i + 250]}"'
                    for i in range(0, len(record), 250))


class World:
    """An authority that makes up what it is asked for."""

    def __init__(self, records, tmp_path, default=None):
        """`records`: by name and type, data or a response code or None for
        silence; `default` makes them for other names."""
        self.records = records
        self.default = default
        self.config = tmp_path / "unbound.conf"
        self.config.write_text('server:\n  module-config: "iterator"\n'
                               "  unblock-lan-zones: yes\n"
                               "  insecure-lan-zones: yes\n"
                               "  outbound-msg-retry: 60\n")
        self.server = lab.Misbehaving(self.answer, self.answer)

    def find(self, name, rrtype):
        if (name, rrtype) in self.records:
            return self.records[name, rrtype]
        return self.default(name, rrtype) if self.default else "NXDOMAIN"

    def answer(self, query, response):
        question = query.question[0]
        name = question.name.to_text().lower()
        rrtype = dns.rdatatype.to_text(question.rdtype)
        found = self.find(name, rrtype)
        if callable(found):
            found = found()
        if found is None:
            return None
        if isinstance(found, str) and found in ("NXDOMAIN", "SERVFAIL",
                                                "REFUSED"):
            response.set_rcode(dns.rcode.from_text(found))
            found = []
        if found:
            response.answer.append(dns.rrset.from_text(
                question.name, 300, "IN", rrtype,
                *([found] if isinstance(found, str) else found)))
        else:
            response.authority.append(dns.rrset.from_text(
                dns.name.root, 300, "IN", "SOA", "ns. h. 1 2 3 4 5"))
        return response

    @property
    def args(self):
        return ("-C", self.config, "--server", self.server.server,
                "--timeout", 5)

    @property
    def asked(self):
        """Distinct questions for names of this world."""
        return {(str(q.name).lower(), q.rdtype) for q in self.server.asked
                if q.rdtype != dns.rdatatype.SOA}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.server.__exit__()


# Each failure once; test/unit/test_spf.c has each answer in each.
@pytest.mark.parametrize("failure, where", [
    ("SERVFAIL", ("inc.example.com.", "TXT")),
    ("REFUSED", ("mx.example.com.", "MX")),
    (None, ("example.com.", "TXT"))])
def test_failure(program, tmp_path, where, failure):
    """An outage is temperror, whatever fails; it is never 'no record'."""
    records = {
        ("example.com.", "TXT"): text(
            "v=spf1 include:inc.example.com a:host.example.com "
            "mx:mx.example.com exists:ex.example.com -all"),
        ("inc.example.com.", "TXT"): text("v=spf1 -all"),
        ("host.example.com.", "A"): "203.0.113.1",
        ("mx.example.com.", "MX"): "10 mx1.example.com.",
        ("mx1.example.com.", "A"): "203.0.113.2",
        ("ex.example.com.", "A"): [],
        where: failure}
    with World(records, tmp_path) as world:
        result = spf(program, *world.args, "--ip", "192.0.2.1",
                     "--mail-from", "joe@example.com", "--timeout", 2)
    assert (result.json["result"], result.code) == \
        ("temperror", lab.TEMPERROR)
    assert not {c for c in result.codes() if c.endswith("-missing")}


def test_failure_behind_the_match(program, tmp_path):
    """What the result does not hang on is not waited for long; its record may
    have too many terms, so the verdict is open."""
    with World({("example.com.", "TXT"): text(
            "v=spf1 ip4:192.0.2.1 include:silent.example.com -all"),
            ("silent.example.com.", "TXT"): None}, tmp_path) as world:
        result = spf(program, *world.args, "--ip", "192.0.2.1",
                     "--mail-from", "joe@example.com")
    assert (result.json["result"], result.code) == ("pass", lab.TEMPERROR)
    assert {f["code"] for f in result.json["findings"]
            if f["severity"] == "warn"} == {"dnssec-validation-off",
                                            "lookup-undecided"}
    assert result.json["seconds"] < 3
    assert result.json["worst_case"] == {"lookups": 1, "at_least": True}
    assert "spf-lookups-ok" not in result.codes("spf")


def test_nothing_gets_better_by_a_failure(program, tmp_path):
    """A record further down, and the names of the client."""
    records = {("example.com.", "TXT"): text(
                   "v=spf1 ip4:192.0.2.1 include:b.example.com ptr -all"),
               ("b.example.com.", "TXT"): text(
                   "v=spf1 include:c.example.com -all"),
               ("c.example.com.", "TXT"): "SERVFAIL",
               ("2.2.0.192.in-addr.arpa.", "PTR"): "SERVFAIL"}
    with World(records, tmp_path) as world:
        result = spf(program, *world.args, "--ip", "192.0.2.1",
                     "--mail-from", "joe@example.com")
        assert result.json["result"] == "pass"
        assert result.json["verdict"] == "temperror"
        assert "c.example.com. TXT" in \
            result.finding("lookup-undecided")["message"]
        records["c.example.com.", "TXT"] = text("v=spf1 -all")
        result = spf(program, *world.args, "--ip", "192.0.2.2",
                     "--mail-from", "joe@example.com")
        assert result.json["verdict"] == "temperror"
        assert "2.2.0.192.in-addr.arpa. PTR" in \
            result.finding("spf-ptr-temperror")["message"]


def test_several_addresses_when_servers_are_silent(program, tmp_path):
    """What one evaluation still waits for is nothing to the next."""
    with World({("example.com.", "TXT"): text(
            "v=spf1 include:silent.example.com -all"),
            ("silent.example.com.", "TXT"): None}, tmp_path) as world:
        world.config.write_text(world.config.read_text().replace(
            "outbound-msg-retry: 60", "outbound-msg-retry: 1"))
        result = program("spf", "--format", "ndjson", *world.args, "--ip",
                         "192.0.2.1", "--ip", "192.0.2.2", "--ip",
                         "192.0.2.3", "--mail-from", "joe@example.com",
                         "--timeout", 10)
    assert [x["result"] for x in result.objects] == ["temperror"] * 3
    assert result.code == lab.TEMPERROR


def wide(name, rrtype):
    """Ten includes, each with ten mx, each with ten hosts, at every level."""
    if rrtype == "TXT":
        return text("v=spf1 " + " ".join(
            f"include:i{i}.{name[-60:].rstrip('.')}" if len(name) < 200 and
            i % 2 else f"mx:m{i}.{name[-60:].rstrip('.')}"
            for i in range(12)) + " -all")
    if rrtype == "MX":
        return [f"10 h{i}.{name}" for i in range(10)]
    if rrtype == "PTR":
        return [f"p{i}.example.com." for i in range(40)]
    return "2001:db8:1::1" if rrtype == "AAAA" else "198.51.100.1"


def deep(name, rrtype):
    """Includes without an end."""
    label = name.split(".")[0]
    number = int(label[1:]) + 1 if label[1:].isdigit() else 0
    return text(f"v=spf1 include:n{number}.example.com ptr mx "
                f"exists:%{{p}}.example.com -all") \
        if rrtype == "TXT" else wide(name, rrtype)


def circle(name, rrtype):
    """Two records that include each other twice."""
    return text("v=spf1 include:a.example.com include:b.example.com "
                "include:%{d} redirect=a.example.com") \
        if rrtype == "TXT" else wide(name, rrtype)


def hosts(name, rrtype):
    """One record that makes as much work as one can."""
    if rrtype == "TXT":
        return text("v=spf1 " + " ".join(
            f"mx:m{i}.example.com" for i in range(9)) + " ptr:x.example.com "
            "exp=%{p}.example.com -all")
    return wide(name, rrtype)


@pytest.mark.parametrize("make", [wide, deep, circle, hosts])
@pytest.mark.parametrize("ip", ["192.0.2.1", "2001:db8::1"])
def test_bound(program, tmp_path, make, ip):
    """Whatever the zones hold, there is an end to the questions."""
    with World({}, tmp_path, default=make) as world:
        result = spf(program, *world.args, "--ip", ip, "--mail-from",
                     "joe@example.com", "--timeout", 60)
        asked = len(world.asked)
    assert result.json["result"] in ("permerror", "fail")
    assert asked <= QUESTIONS_MAX + COST_MAX
    assert result.json["queries"] <= QUESTIONS_MAX + COST_MAX


def test_many_hosts(program, zones):
    """However many hosts there are, all terms are counted."""
    lines = ["@ TXT " + " ".join(
        ['"v=spf1 "'] + [f'"include:i{i}.example.com "' for i in range(9)])]
    for i in range(9):
        lines.append(f"i{i} TXT " + " ".join(
            ['"v=spf1 "'] + [f'"mx:m{i}-{k}.example.com "'
                             for k in range(10)]))
        lines += [f"m{i}-{k} MX 10 h{i}-{k}-{n}"
                  for k in range(10) for n in range(10)]
    zones.write(zone_of("example.com", "\n".join(lines)))
    result = spf(program, *zones.args, "example.com")
    assert result.json["worst_case"] == {"lookups": 99, "at_least": True}
    # Behind the tenth lookup is permerror: those before it are counted.
    assert not result.json["addresses"]["at_least"]
    assert result.json["queries"] == 600
    assert "limit-reached" in result.codes()
    # In a check they leave questions for the other subjects.
    result = program.check("--allow-documentation", *zones.args,
                           "example.com")
    assert {"spf-too-many-lookups", "limit-reached"} <= result.codes()
    assert result.record("dmarc")["outcome"] == "nxdomain"
    assert result.record("mx")["outcome"] == "nodata"


def test_bound_of_the_tree(program, tmp_path):
    with World({}, tmp_path, default=wide) as world:
        result = spf(program, *world.args, "example.com", "--timeout", 60)
    assert result.json["worst_case"]["at_least"]
    assert result.json["queries"] <= 600
    assert "spf-too-many-lookups" in result.codes("spf")


# Identities.

@pytest.mark.parametrize("args, expected", [
    (("--helo", "mail.example.com"), "pass"),
    (("--mail-from", "<>", "--helo", "mail.example.com"), "pass"),
    (("--mail-from", "", "--helo", "mail.example.com"), "pass"),
    (("--mail-from", "<joe@example.com>"), "fail"),
    (("--mail-from", "example.com"), "fail"),
    (("--mail-from", "joe@elsewhere.example", "mail.example.com"), "pass"),
    (("--mail-from", "joe@localhost"), "none"),
    (("--helo", "mail"), "none"),
    (("--helo", "[192.0.2.1]"), "none"),
    (("--mail-from", "joe@[192.0.2.1]"), "none"),
    (("--mail-from", "joe@a..example.com"), "none"),
    (("--mail-from", "joe@" + "a" * 64 + ".example.com"), "none"),
    (("--mail-from", "joe@none.example.com"), "none"),
])
def test_identity(program, zones, args, expected):
    zones.write(zone_of("example.com", """
        @ TXT "v=spf1 -all"
        mail TXT "v=spf1 a -all"
        mail A 192.0.2.1
        none A 192.0.2.1
        """))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", *args)
    assert result.json["result"] == expected
    assert result.code > 0 or expected == "pass"
    invalid = expected == "none" and "none.example" not in args[1]
    assert ("spf-identity-invalid" in result.codes()) == invalid


def test_macros_of_odd_names(program, zones):
    """A name is in macros what it is on the wire, without escapes."""
    zones.write(zone_of("example.com", r"""
        @ TXT "v=spf1 include:joe@.%{d} -all"
        joe\@ TXT "v=spf1 exists:%{d} -all"
        joe\@ A 127.0.0.2
        """))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@example.com")
    assert result.json["result"] == "pass"


@pytest.mark.parametrize("end", ["example.com", "%{d}", "example.com."])
def test_long_name(program, zones, end):
    """Labels go on the left until the name fits, macros or not."""
    label = "l" * 50
    zones.write(zone_of("example.com", f"""
        @ TXT "v=spf1 exists:{f"{label}." * 2}" "{f"{label}." * 3}{end} -all"
        {".".join([label] * 4)} A 127.0.0.2
        """))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "example.com")
    assert result.json["result"] == "pass"


@pytest.mark.parametrize("term", ["include:%{d1}", "redirect=%{d1}"])
def test_one_label(program, zones, term):
    """A name of one label has no record, whatever is there."""
    zones.write(zone_of("example", f"""
        @ TXT "v=spf1 +all"
        a TXT "v=spf1 {term}"
        """))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "a.example")
    assert result.json["result"] == "permerror"
    assert result.json["queries"] == 1


def test_several_addresses(program, example):
    result = program("spf", "--format", "ndjson", "--allow-documentation",
                     *example.args, "--ip", "192.0.2.1", "--ip",
                     "203.0.113.9", "--mail-from", "joe@example.com")
    assert [x["result"] for x in result.objects] == ["pass", "fail"]
    assert result.code == lab.FAIL


def test_ipv4_mapped(program, example):
    result = spf(program, *example.args, "--ip", "::ffff:192.0.2.1",
                 "--mail-from", "joe@example.com")
    assert (result.json["result"], result.json["ip"]) == ("pass", "192.0.2.1")
    assert "spf-ip4-mapped" in result.codes("spf")


@pytest.mark.parametrize("local, expected", [
    ("joe", "pass"), ("j\u00f6", "fail"), ("jane", "fail")])
def test_local_part_outside_of_ascii(program, zones, local, expected):
    """Such a local part never matches (RFC 8616 4)."""
    zones.write(zone_of("example.com", """
        @ TXT "v=spf1 exists:%{l}.users.example.com -all"
        joe.users A 127.0.0.1
        j\\195\\182.users A 127.0.0.1
        """))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 f"{local}@example.com")
    assert result.json["result"] == expected


def test_domain_outside_of_ascii(program, zones):
    """U-labels are looked up as A-labels."""
    zones.write(zone_of("xn--bcher-kva.example", '@ TXT "v=spf1 ip4:192.0.2.1 -all"'))
    result = spf(program, *zones.args, "--ip", "192.0.2.1", "--mail-from",
                 "joe@b\u00fccher.example")
    assert result.json["result"] == "pass"
    assert result.json["domain"] == "xn--bcher-kva.example"


def test_explanation_is_harmless(program, zones):
    """What a stranger wrote reaches no terminal as it is."""
    zones.write(zone_of("example.com", r"""
        @ TXT "v=spf1 -all exp=why.example.com"
        why TXT "red \027[31m %{s} %{r} %{c}"
        """))
    args = (*zones.args, "--ip", "192.0.2.1", "--mail-from",
            "j\x1boe@example.com", "--receiver", "mx.example.net")
    result = spf(program, *args)
    assert result.json["explanation"] == \
        r"red \027[31m j\027oe@example.com mx.example.net 192.0.2.1"
    assert "\x1b" not in program("spf", *args).out


# Sender ID.

@pytest.mark.parametrize("scope, ip, expected", [
    ("spf", "192.0.2.1", "pass"), ("spf", "192.0.2.2", "fail"),
    ("pra", "192.0.2.2", "pass"), ("pra", "192.0.2.1", "softfail"),
    ("pra", "198.51.100.1", "pass"), ("mfrom", "192.0.2.1", "pass"),
    ("mfrom", "192.0.2.2", "fail")])
def test_sender_id(program, zones, scope, ip, expected):
    """The records of a scope where there are some, and those of SPF where
    there are none (RFC 4406 4.4)."""
    zones.write(zone_of("example.com", """
        @ TXT "v=spf1 ip4:192.0.2.1 -all"
        @ TXT "spf2.0/pra ip4:192.0.2.2 include:inc.example.com ~all"
        inc TXT "v=spf1 ip4:198.51.100.1 -all"
        """))
    result = spf(program, *zones.args, "--ip", ip, "--scope", scope,
                 "--mail-from", "joe@example.com")
    assert (result.json["result"], result.json["scope"]) == (expected, scope)


@pytest.mark.alone
@pytest.mark.skipif(FAKETIME is None, reason="there is no libfaketime")
def test_time(program, tmp_path):
    """Verifiers may give up after 20 seconds; here they pass quickly."""
    if b"libubsan" in pathlib.Path(program.path).read_bytes():
        pytest.skip("only one library can be loaded in front")
    def slow(record):
        """Silent for half a second of ours: 12 of the program's."""
        asked = []

        def answer():
            asked.append(time.monotonic())
            return text(record) if asked[-1] > asked[0] + 0.5 else None

        return answer

    tree = {"example.com.": "v=spf1 include:b.example.com -all",
            "b.example.com.": "v=spf1 include:c.example.com -all",
            "c.example.com.": "v=spf1 ip4:192.0.2.1 -all"}
    for late in (False, True):
        records = {(name, "TXT"): slow(record) if late else text(record)
                   for name, record in tree.items()}
        with World(records, tmp_path) as world:
            result = spf(program, *world.args, "--timeout", 900, "--ip",
                         "192.0.2.1", "--mail-from", "joe@example.com",
                         env={"LD_PRELOAD": str(FAKETIME),
                              "FAKETIME": "+0 x25"})
        assert result.json["result"] == "pass"
        assert ("spf-eval-time" in result.codes("spf")) == late
