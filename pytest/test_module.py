# test_module.py - what the module makes of every sort of reply
# SPDX-License-Identifier: BSD-3-Clause
"""A signed world in front of a real Unbound with the module: each situation in
which Unbound answers a client, and the line that comes of it."""
import dns.edns
import dns.flags
import dns.message
import dns.rcode
import jsonschema
import json
import pytest

import lab
import resolver

pytestmark = resolver.needed

SPF = "v=spf1 ip4:198.41.0.4 -all"
DMARC = "v=DMARC1; p=reject; rua=mailto:r@signed.test"
DIGEST = "ab" * 32

NAMES = ("signed", "insecure", "bogus", "wrongds", "badneg", "expired")


def child(name):
    """A zone with a record of every kind."""
    zone = lab.Zone.empty(name)
    for line in (
            f'@ TXT "{SPF}"',
            "@ MX 10 mail",
            "mail A 198.41.0.4",
            f'_dmarc TXT "{DMARC}"',
            '*.wild TXT "v=spf1 -all"',
            '_spf TXT "v=spf1 ip4:198.41.0.4 ~all"',
            f"_25._tcp.mail TLSA 3 1 1 {DIGEST}",
            "tosigned CNAME signed.test.",
            "toinsecure CNAME insecure.test.",
            "tobogus CNAME bogus.test.",
            "togone CNAME gone.signed.test.",
            "long CNAME tosigned",
            "under DNAME mail.signed.test.",
            'x.mail TXT "v=spf1 ~all"',
            'broken TXT "v=spf1 ip4:300.1.1.1 -all"',
            'short 1 TXT "v=spf1 ?all"',
            'prefetch 10 TXT "v=spf1 ?all"'):
        zone.add(line)
    return zone


class World:
    """Zones below test., an island without an anchor, and their server."""

    def __init__(self, folder, keys):
        (folder / "zones").mkdir()
        self.zones = zones = lab.Zones(folder / "zones", keys)
        parent = lab.Zone.empty("test")
        parent.add("7.113.0.203 TXT x")
        for name in NAMES:
            zone = child(f"{name}.test")
            parent.add(f"{name} NS ns")
            if name == "insecure":
                zones.write(zone)
                continue
            zones.sign(zone, anchor=False,
                       days=(-30, -2) if name == "expired" else (-1, 20))
            which = "other" if name == "wrongds" else ""
            parent.add(keys.ds(zone.name, which))
        zones.edit("bogus.test", "198.41.0.4 -all", "198.41.0.5 +all")
        path = zones.files["badneg.test"]
        path.write_text("\n".join(
            x.rsplit(None, 1)[0] + " AAAA" if "RRSIG\tNSEC " in x else x
            for x in path.read_text().splitlines()) + "\n")
        zones.sign(parent)
        zones.write(child("island.example"))
        reverse = lab.Zone.empty("41.198.in-addr.arpa")
        reverse.add("4.0 PTR mail.signed.test.")
        zones.write(reverse)
        (folder / "nsd").mkdir()
        self.server = lab.Authority(folder / "nsd", zones.files)
        self.anchor = zones.anchors["test"]

    def resolver(self, folder, **how):
        """A resolver in front of this world."""
        return resolver.Resolver(folder, {".": self.server.server},
                                 [self.anchor], **how)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("world"),
                 lab.Keys(tmp_path_factory.mktemp("keys")))
    yield made
    made.server.stop()


@pytest.fixture(scope="module")
def unbound(world, tmp_path_factory):
    """A resolver that all tests may ask which change nothing in it."""
    with world.resolver(tmp_path_factory.mktemp("unbound")) as r:
        yield r


def both(r, name, rrtype="TXT", kind=None, **how):
    """The lines for a fresh answer and the same one from the cache."""
    kinds = {"TXT": "spf", "MX": "mx", "TLSA": "tlsa", "PTR": "ptr"}
    kind = kind or kinds[rrtype]
    r.ask(name, rrtype, **how)
    fresh = r.line(f"{name}.", rrtype, kind)
    r.ask(name, rrtype, **how)
    lab.wait_until("the second line", lambda: len(
        r.records(f"{name}.", rrtype, kind)) == 2)
    return fresh, r.records(f"{name}.", rrtype, kind)[1]


def same(lines, *leave):
    """Lines that differ in time and source alone, as one."""
    first, *rest = [{k: v for k, v in x.items()
                     if k not in ("time", "source", "ttl", *leave)}
                    for x in lines]
    assert all(x == first for x in rest), lines
    return first


@pytest.mark.parametrize("zone, state", [
    ("signed.test", "secure"), ("insecure.test", "insecure"),
    ("island.example", "indeterminate")])
def test_states(unbound, zone, state):
    """Secure, insecure and indeterminate, for each kind of record."""
    for name, rrtype, kind in ((zone, "TXT", "spf"), (zone, "MX", "mx"),
                               (f"_dmarc.{zone}", "TXT", "dmarc"),
                               (f"_25._tcp.mail.{zone}", "TLSA", "tlsa")):
        fresh, cached = both(unbound, name, rrtype, kind)
        assert (fresh["source"], cached["source"]) == ("fresh", "cache")
        line = same((fresh, cached))
        assert line["dnssec"] == state
        assert line["outcome"] == "found" and line["rcode"] == "NOERROR"
        assert f"dnssec-{state}" in line["codes"]
        # A TLSA record is of use only where it is proved (RFC 7672 2.2).
        if kind != "tlsa" or state == "secure":
            assert line["verdict"] == "valid"
        assert line["repeats"] == 0


def test_bogus(unbound):
    """The client gets SERVFAIL; the line says why, and nothing of the forged
    record."""
    response = unbound.ask("bogus.test")
    assert response.rcode() == dns.rcode.SERVFAIL
    fresh = unbound.line("bogus.test.", "TXT", "spf")
    assert fresh["source"] == "servfail" and fresh["rcode"] == "SERVFAIL"
    assert (fresh["verdict"], fresh["dnssec"], fresh["outcome"]) == \
        ("temperror", "bogus", "failed")
    assert fresh["ede"] == 6 and "signature" in fresh["why_bogus"]
    assert {"dnssec-bogus", "dnssec-bogus-detail"} <= set(fresh["codes"])
    assert not {c for c in fresh["codes"] if c.startswith("spf-")}
    # The same from the cache: counted, since it is the same content.
    unbound.ask("bogus.test")
    unbound.ask("_dmarc.bogus.test")
    unbound.line("_dmarc.bogus.test.")
    assert len(unbound.records("bogus.test.", "TXT", "spf")) == 1


def test_bogus_for_who_asks_no_checking(world, tmp_path):
    """+cd: the client gets the forged data, fresh and cached; it is bogus."""
    with world.resolver(tmp_path) as r:
        for source in ("fresh", "cache"):
            response = r.ask("bogus.test", cd=True)
            assert response.rcode() == dns.rcode.NOERROR
            line = r.line("bogus.test.", "TXT", "spf", source)
            assert (line["verdict"], line["dnssec"], line["rcode"]) == \
                ("temperror", "bogus", "NOERROR")
            assert line.get("cd") == (True if source == "fresh" else None)


@pytest.mark.parametrize("zone", ["wrongds.test", "expired.test"])
def test_bogus_zones(unbound, zone):
    """A DS of another key, signatures past their time: judged by the message,
    since the sets in it have no state then."""
    unbound.ask(zone)
    line = unbound.line(f"{zone}.", "TXT", "spf")
    assert (line["verdict"], line["dnssec"]) == ("temperror", "bogus")
    assert line["why_bogus"]
    assert not {"spf-missing", "spf-ok"} & set(line["codes"])


@pytest.mark.parametrize("name", ["_dmarc.gone.badneg.test",
                                  "mail.badneg.test"])
def test_bogus_denial(unbound, name):
    """What cannot be told is not absent."""
    response = unbound.ask(name)
    assert response.rcode() == dns.rcode.SERVFAIL
    line = unbound.line(f"{name}.")
    assert (line["verdict"], line["dnssec"], line["outcome"]) == \
        ("temperror", "bogus", "failed")
    assert not {c for c in line["codes"] if c.endswith("-missing")}


@pytest.mark.parametrize("zone, proof", [
    ("signed.test", "dnssec-denial-secure"),
    ("insecure.test", "dnssec-insecure"),
    ("island.example", "dnssec-indeterminate")])
def test_absence(unbound, zone, proof):
    for name, outcome, code, kind in (
            (f"_dmarc.gone.{zone}", "nxdomain", "dmarc-missing", "dmarc"),
            (f"mail.{zone}", "nodata", "spf-missing", "spf")):
        line = same(both(unbound, name, "TXT", kind))
        assert (line["verdict"], line["outcome"]) == ("none", outcome)
        assert {code, f"dns-{outcome}", proof} <= set(line["codes"])
        assert line["rcode"] == \
            ("NXDOMAIN" if outcome == "nxdomain" else "NOERROR")


def test_selector(unbound):
    unbound.ask("s1._domainkey.signed.test")
    line = unbound.line("s1._domainkey.signed.test.")
    assert line["kind"] == "dkim" and line["selector"] == "s1"
    assert "dkim-key-missing" in line["codes"]


@pytest.mark.parametrize("name, state", [
    ("tosigned.signed.test", "secure"),
    ("toinsecure.signed.test", "insecure"),
    ("tosigned.insecure.test", "insecure")])
def test_aliases(unbound, name, state):
    """A chain has the state of its weakest link."""
    line = same(both(unbound, name))
    target = name.split(".")[0][2:] + ".test."
    assert line["chain"] == [target]
    assert (line["verdict"], line["dnssec"]) == ("valid", state)
    assert "dns-cname-followed" in line["codes"]


def test_long_chain(unbound):
    line = same(both(unbound, "long.signed.test"))
    assert line["chain"] == ["tosigned.signed.test.", "signed.test."]


def test_alias_to_bogus(unbound):
    unbound.ask("tobogus.signed.test")
    line = unbound.line("tobogus.signed.test.", kind="spf")
    assert (line["verdict"], line["dnssec"]) == ("temperror", "bogus")


def test_dangling_alias(unbound):
    """Unbound puts such an answer together again each time."""
    for _ in range(2):
        unbound.ask("togone.signed.test")
    unbound.ask("_dmarc.dangling.signed.test")
    unbound.line("_dmarc.dangling.signed.test.")
    line = same(unbound.records("togone.signed.test.", kind="spf"))
    assert (line["verdict"], line["outcome"]) == ("none", "nxdomain")
    assert "dns-cname-dangling" in line["codes"]


def test_dname(unbound):
    """The alias made from a DNAME is part of the chain."""
    line = same(both(unbound, "x.under.signed.test"))
    assert line["chain"] == ["x.mail.signed.test."]
    assert "dns-dname-followed" in line["codes"]
    assert line["verdict"] == "valid" and line["dnssec"] == "secure"


def test_wildcard(unbound):
    line = same(both(unbound, "any.wild.signed.test"))
    assert line["verdict"] == "valid"
    assert "dns-wildcard-synthesised" in line["codes"]
    unbound.ask("_dmarc.wild.signed.test")
    line = unbound.line("_dmarc.wild.signed.test.", kind="dmarc")
    assert line["verdict"] == "none"
    assert {"dns-wildcard-pollution", "dmarc-missing"} <= set(line["codes"])


def test_reverse_names(unbound):
    line = same(both(unbound, "4.0.41.198.in-addr.arpa", "PTR"))
    assert line["verdict"] == "valid"
    # A PTR record elsewhere is one of service discovery.
    unbound.ask("b._dns-sd._udp.signed.test", "PTR")
    unbound.ask("_dmarc.last.signed.test")
    unbound.line("_dmarc.last.signed.test.")
    assert not unbound.records("b._dns-sd._udp.signed.test.")


def test_block_lists_are_no_senders(unbound):
    """A question to a block list does not ask for an SPF record."""
    unbound.ask("2.0.0.127.list.signed.test")
    unbound.ask("_dmarc.end.signed.test")
    unbound.line("_dmarc.end.signed.test.")
    assert not unbound.records("2.0.0.127.list.signed.test.")


def test_texts_tell_at_other_names(unbound):
    """SPF records that others include live below names of all sorts."""
    line = same(both(unbound, "_spf.signed.test"))
    assert (line["verdict"], line["dnssec"]) == ("valid", "secure")
    unbound.ask("_other.signed.test")
    unbound.ask("_dmarc.other.signed.test")
    unbound.line("_dmarc.other.signed.test.")
    assert not unbound.records("_other.signed.test.")


def test_names_have_no_case(unbound):
    unbound.ask("_DMARC.Case.SIGNED.test")
    line = unbound.line("_dmarc.case.signed.test.")
    assert line["verdict"] == "none"


def test_octets_of_a_name(unbound):
    unbound.ask(r"_dmarc.\"\\\010\255\;\ .signed.test")
    line = unbound.line(r'_dmarc.\\"\\\\\\010\\255\\;\\032.signed.test.')
    assert line["verdict"] == "none"


def test_other_types_and_names(unbound):
    """The log says nothing about records of other kinds."""
    for name, rrtype in (("mail.signed.test", "A"),
                         ("mail.signed.test", "AAAA"),
                         ("signed.test", "DNSKEY"), ("signed.test", "NS"),
                         ("_acme-challenge.signed.test", "TXT")):
        unbound.ask(name, rrtype)
    unbound.ask("_dmarc.after.signed.test")
    unbound.line("_dmarc.after.signed.test.")
    assert not unbound.records("_acme-challenge.signed.test.")
    assert {x["type"] for x in unbound.records()} <= \
        {"TXT", "MX", "PTR", "TLSA"}


def test_chaos(unbound):
    """Questions in class CHAOS come without a name, and without a message."""
    query = dns.message.make_query("version.bind.", "TXT", "CH")
    assert unbound.exchange(query)
    unbound.ask("_dmarc.chaos.signed.test")
    unbound.line("_dmarc.chaos.signed.test.")
    assert not unbound.records("version.bind.")


def test_no_recursion_desired(unbound):
    unbound.ask("_dmarc.signed.test")
    unbound.ask("_dmarc.signed.test", rd=False)
    unbound.ask("_dmarc.rd.signed.test")
    unbound.line("_dmarc.rd.signed.test.")
    assert {x["verdict"] for x in unbound.records("_dmarc.signed.test.")} == \
        {"valid"}


def test_over_tcp(unbound):
    assert unbound.ask("broken.signed.test", tcp=True).rcode() == 0
    line = unbound.line("broken.signed.test.")
    assert (line["verdict"], line["severity"]) == ("invalid", "fail")
    assert "spf-ip4-bad-address" in line["codes"]


def test_permissive(world, tmp_path):
    """The data is given out although it is forged."""
    with world.resolver(tmp_path, server="  val-permissive-mode: yes\n") as r:
        for source in ("fresh", "cache"):
            assert r.ask("bogus.test").rcode() == dns.rcode.NOERROR
            line = r.line("bogus.test.", "TXT", "spf", source)
            assert (line["verdict"], line["dnssec"]) == ("temperror", "bogus")
            assert line["permissive"] is True
        assert r.ask("signed.test").flags & dns.flags.AD
        assert r.line("signed.test.", "TXT", "spf")["dnssec"] == "secure"


def test_no_validator(world, tmp_path):
    """Nobody looked: that is neither insecure nor secure."""
    with world.resolver(tmp_path, order="dynlib iterator") as r:
        for line in both(r, "bogus.test"):
            assert line["dnssec"] == "unchecked"
            assert "dnssec-checking-disabled" in line["codes"]


def test_validator_in_front(world, tmp_path):
    with world.resolver(tmp_path, order="validator dynlib iterator") as r:
        assert same(both(r, "signed.test"))["dnssec"] == "secure"
        r.ask("bogus.test")
        assert r.line("bogus.test.", kind="spf")["dnssec"] == "bogus"


@pytest.mark.parametrize("order", ["dynlib subnetcache validator iterator",
                                   "dynlib respip validator iterator"])
def test_other_orders(world, tmp_path, order):
    if "subnet" in order and not resolver.has_subnet():
        pytest.skip("this Unbound is built without subnetcache")
    with world.resolver(tmp_path, order=order) as r:
        assert same(both(r, "signed.test"))["dnssec"] == "secure"


ALWAYS = "  client-subnet-always-forward: yes\n"
SEND = "  send-client-subnet: 127.0.0.1\n"


@pytest.mark.parametrize("server", [ALWAYS, SEND, ALWAYS + SEND],
                         ids=["always", "send", "both"])
def test_client_subnets(tmp_path, server):
    """Answers for one network each. Unbound may work such a question twice,
    or answer it from subnetcache's own cache: each client gets one reply all
    the same, and that is told as fresh."""
    if not resolver.has_subnet():
        pytest.skip("this Unbound is built without subnetcache")
    scoped, plain = "scoped.example", "plain.example"

    def subnets(message):
        return [x for x in message.options
                if isinstance(x, dns.edns.ECSOption)]

    def answer(query, response):
        name = query.question[0].name
        nets = subnets(query) if name.labels[0] == b"scoped" else []
        record = SPF.replace("198.41.0.4", nets[0].address) if nets else SPF
        response.answer.append(dns.rrset.from_text(
            name, 300, "IN", "TXT", f'"{record}"'))
        response.use_edns(options=[
            dns.edns.ECSOption(x.address, x.srclen, x.srclen) for x in nets])
        return response

    def ask(name, network=None):
        query = dns.message.make_query(name, "TXT", use_edns=0, options=[
            dns.edns.ECSOption(network, 24)] if network else [])
        response = dns.message.from_wire(r.exchange(query))
        if network and name == scoped:
            assert network in response.answer[0].to_text()
            assert subnets(response)[0].scopelen == 24
        assert response.rcode() == dns.rcode.NOERROR

    with lab.Misbehaving(answer) as authority, resolver.Resolver(
            tmp_path, {".": authority.server}, server=server,
            order="dynlib subnetcache validator iterator") as r:
        for network in ("198.41.1.0", "198.41.2.0", "198.41.1.0",
                        "198.41.2.0"):
            ask(scoped, network)
        for _ in range(2):
            ask(plain)
        for source in ("fresh", "cache"):
            assert r.line(f"{plain}.", source=source)["verdict"] == "valid"
    # The authority was asked once for each network.
    assert len([x for x in authority.asked
                if x.name.to_text() == f"{scoped}."]) == 2
    # The second answer to a network is counted as what the first one was.
    found = r.records(f"{scoped}.")
    assert [(x["source"], x["verdict"], x["repeats"]) for x in found] == \
        [("fresh", "valid", 0)] * 2
    stop = r.event("stop")
    assert (stop["replies"], stop["dropped_replies"]) == (6, 0)


def test_dead_servers(tmp_path, world):
    """SERVFAIL, and SERVFAIL from the cache: never absence."""
    dead = f"127.0.0.1@{lab.free_port()}"
    with resolver.Resolver(tmp_path, {".": dead}, server="""
  outbound-msg-retry: 1
  infra-host-ttl: 60
""") as r:
        for _ in range(2):
            response = r.ask("_dmarc.signed.test", timeout=60)
            assert response.rcode() == dns.rcode.SERVFAIL
        line = r.line("_dmarc.signed.test.")
        assert line["source"] == "servfail" and line["why"]
        assert (line["verdict"], line["outcome"], line["dnssec"]) == \
            ("temperror", "failed", "unchecked")
        assert "dmarc-temperror" in line["codes"]
        assert {"dns-timeout", "dns-servfail"} & set(line["codes"])
    assert r.event("stop")["replies"] == 2


def test_stale(world, tmp_path):
    """serve-expired: data past its time is told as stale."""
    with world.resolver(tmp_path, server="  serve-expired: yes\n"
                        "  serve-expired-client-timeout: 0\n") as r:
        r.ask("short.signed.test")
        assert r.line("short.signed.test.")["ttl"] == 1

        def is_stale():
            r.ask("short.signed.test")
            return r.records("short.signed.test.", source="stale")

        lab.wait_until("a stale answer", is_stale)
        line = r.records("short.signed.test.", source="stale")[0]
        assert (line["verdict"], line["dnssec"], line["ttl"]) == \
            ("valid", "secure", 0)
        assert "dns-ttl-very-low" in line["codes"]


def test_stale_when_servers_are_slow(tmp_path):
    """serve-expired-client-timeout: the client gets stale data before the
    question has come to its end."""
    silent = []

    def answer(query, response):
        question = query.question[0]
        if silent:
            return None
        response.answer.append(dns.rrset.from_text(
            question.name, 1, "IN", "TXT", f'"{SPF}"'))
        return response

    with lab.Misbehaving(answer) as authority, resolver.Resolver(
            tmp_path, {".": authority.server}, server="""
  serve-expired: yes
  serve-expired-client-timeout: 50
""") as r:
        r.ask("slow.example")
        r.line("slow.example.", source="fresh")
        silent.append(True)

        def is_stale():
            r.ask("slow.example", timeout=60)
            return r.records("slow.example.", source="stale")

        lab.wait_until("a stale answer", is_stale)
        assert r.records("slow.example.", source="stale")[0]["verdict"] == \
            "valid"


LOCAL = """
  local-zone: "own.example." static
  local-data: 'own.example. TXT "v=spf1 mx -all"'
  local-zone: "none.example." always_nxdomain
  local-zone: "alias.example." redirect
  local-data: "alias.example. CNAME signed.test."
"""


def test_local_data(world, tmp_path):
    with world.resolver(tmp_path, server=LOCAL) as r:
        r.ask("own.example")
        line = r.line("own.example.", "TXT", "spf")
        assert (line["source"], line["verdict"], line["dnssec"]) == \
            ("local", "valid", "unchecked")
        assert "dns-split-view" in line["codes"]
        for name, outcome in (("_dmarc.own.example", "nxdomain"),
                              ("_dmarc.x.none.example", "nxdomain")):
            r.ask(name)
            line = r.line(f"{name}.")
            assert (line["source"], line["verdict"], line["outcome"]) == \
                ("local", "none", outcome)
        r.ask("own.example", "MX")
        line = r.line("own.example.", "MX")
        assert (line["verdict"], line["outcome"]) == ("none", "nodata")
        # An alias of the local data: the name is the one that was asked.
        r.ask("x.alias.example")
        line = r.line("x.alias.example.", kind="spf")
        assert line["chain"][-1] == "signed.test."
        assert line["verdict"] == "valid"


def test_response_policy(world, tmp_path):
    policy = tmp_path / "policy.zone"
    policy.write_text("$ORIGIN rpz.\n$TTL 300\n"
                      "@ SOA ns. h. 1 3600 900 1209600 300\n@ NS ns.\n"
                      "_dmarc.signed.test CNAME .\n"
                      'own.signed.test TXT "v=spf1 -all"\n')
    with world.resolver(tmp_path, order="dynlib respip validator iterator",
                        more=f'rpz:\n  name: "rpz."\n  zonefile: "{policy}"\n'
                        ) as r:
        r.ask("_dmarc.signed.test")
        line = r.line("_dmarc.signed.test.")
        assert (line["source"], line["verdict"], line["outcome"]) == \
            ("local", "none", "nxdomain")
        r.ask("own.signed.test")
        assert r.line("own.signed.test.", kind="spf")["verdict"] == "valid"


def served(file):
    """The options of a resolver that serves auth.example itself."""
    return f"""
auth-zone:
  name: "auth.example."
  zonefile: "{file}"
  for-upstream: no
"""


def test_auth_zone(world, tmp_path):
    """A zone that the resolver itself serves, or resolves from."""
    file = tmp_path / "own.zone"
    file.write_text(child("auth.example").text)
    with world.resolver(tmp_path, more=served(file)) as r:
        r.ask("auth.example")
        line = r.line("auth.example.", "TXT", "spf")
        assert (line["source"], line["verdict"], line["dnssec"]) == \
            ("local", "valid", "unchecked")
    with resolver.Resolver(tmp_path / "up", {}, more=f"""
auth-zone:
  name: "auth.example."
  zonefile: "{file}"
  for-downstream: no
  fallback-enabled: no
""") as r:
        r.ask("auth.example")
        line = r.line("auth.example.", "TXT", "spf")
        assert (line["source"], line["dnssec"]) == ("fresh", "indeterminate")


def test_alias_of_an_auth_zone(world, tmp_path):
    """The zone has the alias, and the client has to look up its target."""
    zone = child("auth.example")
    zone.add("alias CNAME signed.test.")
    file = tmp_path / "own.zone"
    file.write_text(zone.text)
    with world.resolver(tmp_path, more=served(file)) as r:
        r.ask("alias.auth.example")
        line = r.line("alias.auth.example.", kind="spf")
        assert (line["source"], line["verdict"]) == ("local", "local-alias")
        assert line["severity"] in ("info", "notice")
        assert not {c for c in line["codes"] if c.endswith("-missing")}


def test_refused_clients(world, tmp_path):
    """Who is refused sees nothing, and nothing is told."""
    with world.resolver(tmp_path, server="  access-control: 127.0.0.0/8 "
                        "refuse\n") as r:
        assert r.ask("signed.test", read=False)[3] & 15 == \
            dns.rcode.REFUSED
    assert r.event("stop")["replies"] == 0


def test_own_questions(world, tmp_path):
    """Keys and delegations, and the refreshing of what is in the cache, are
    questions of no client."""
    with world.resolver(tmp_path, server="  prefetch: yes\n") as r:
        count = 0

        def is_renewed():
            nonlocal count
            count += 1
            r.ask("prefetch.signed.test")
            return "prefetch.signed.test" in r.control(
                "dump_cache") and int(
                    r.control("stats_noreset").split(
                        "total.num.prefetch=")[1].split()[0]) > 0

        lab.wait_until("a prefetch", is_renewed)
    assert r.event("stop")["replies"] == count


def test_two_clients_of_one_question(tmp_path):
    """One answer for two clients who wait for it: two replies."""
    import threading
    waiting = threading.Event()

    def answer(query, response):
        waiting.wait(60)
        response.answer.append(dns.rrset.from_text(
            query.question[0].name, 300, "IN", "TXT", f'"{SPF}"'))
        return response

    with lab.Misbehaving(answer) as authority, resolver.Resolver(
            tmp_path, {".": authority.server}) as r:
        def asked():
            return int(r.control("stats_noreset").split(
                "total.num.queries=")[1].split()[0])

        before = asked()
        threads = [threading.Thread(target=r.ask, args=("one.example",))
                   for _ in range(2)]
        for thread in threads:
            thread.start()
        lab.wait_until("both to wait", lambda: asked() >= before + 2)
        waiting.set()
        for thread in threads:
            thread.join()
        line = r.line("one.example.", kind="spf")
        assert line["verdict"] == "valid"
    stop = r.event("stop")
    assert stop["replies"] == 2


def test_denial_without_proof(tmp_path):
    """NODATA without an SOA record proves nothing."""
    with lab.Misbehaving(lambda query, response: response) as authority, \
            resolver.Resolver(tmp_path, {".": authority.server}) as r:
        r.ask("_dmarc.bare.example", timeout=60)
        line = r.line("_dmarc.bare.example.")
        assert line["verdict"] == "temperror"
        assert "dmarc-missing" not in line["codes"]


def test_schema(unbound):
    """Every line is as schema/log.schema.json says."""
    schema = json.loads(
        (lab.ROOT / "schema" / "log.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    for name, rrtype in (("signed.test", "TXT"), ("bogus.test", "TXT"),
                         ("s._domainkey.signed.test", "TXT"),
                         ("long.signed.test", "TXT"), ("signed.test", "MX"),
                         ("_dmarc.schema.signed.test", "TXT")):
        unbound.ask(name, rrtype)
    assert unbound.line("_dmarc.schema.signed.test.")
    assert {"dkim", "spf", "mx", "dmarc"} <= \
        {x["kind"] for x in unbound.records()}
    for line in unbound.lines:
        validator.validate(line)
    for wrong in ({}, {"schema": "unbound-mailauth/1"},
                  {**unbound.records()[0], "verdict": "perhaps"}):
        assert not validator.is_valid(wrong)
