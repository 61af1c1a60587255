# test_merge.py - one more sender merged into an SPF record
# SPDX-License-Identifier: BSD-3-Clause
"""What the guide shows (G47 to G49), what is refused, lookups counted through
DNS, and what must be so for every record (hypothesis)."""
import ipaddress
import json
import os
import tempfile

import hypothesis
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lab

# A term that is lost never gets as far as a command: what finds it is shown
# to find it in test/unit/test_record.c.
TRIGGERS = {"spf-merge-ok", "spf-merge-tightened", "spf-merge-second-record",
            "spf-merge-lost-term"}

# Cases of the guide that are here.
GUIDE = {47, 48, 49}

SCHEMA = json.loads((lab.ROOT / "schema/spf-merge.schema.json").read_text())
WAS = "v=spf1 include:sendgrid.net ~all"


def merge(program, record, *args):
    """Merge with JSON output, which follows its schema."""
    result = program("spf-merge", "--format", "json", "--allow-documentation",
                     record, *args)
    jsonschema.validate(result.json, SCHEMA)
    assert "spf-merge-lost-term" not in result.codes()
    assert ("spf-merge-ok" in result.codes()) == \
        (result.json["record"] is not None)
    return result


def added(*mechanisms):
    return [word for m in mechanisms for word in ("--add", m)]


def merge_codes(result):
    return {c for c in result.codes() if c.startswith("spf-merge-")}


def test_g47(program):
    """The row "Was -> Became" of the guide."""
    result = merge(program, WAS, *added("ip4:192.0.2.4"), "--all", "-")
    assert result.json["record"] == \
        "v=spf1 include:sendgrid.net ip4:192.0.2.4 -all"
    assert merge_codes(result) == {"spf-merge-ok", "spf-merge-tightened"}
    assert result.code == lab.PASS


def test_g48(program):
    result = merge(program, WAS, *added("ip4:192.0.2.4"))
    assert result.json["record"] == \
        "v=spf1 include:sendgrid.net ip4:192.0.2.4 ~all"
    assert merge_codes(result) == {"spf-merge-ok"}
    assert result.code == lab.PASS


@pytest.mark.parametrize("args", [
    ["v=spf1 ip4:192.0.2.4 -all"],
    ["--add", "v=spf1 ip4:192.0.2.4 -all"],
    ["--add", "ip4:192.0.2.4", "v=spf1"],
])
def test_g49(program, args):
    """A second record is no merge."""
    result = merge(program, WAS, *args)
    assert merge_codes(result) == {"spf-merge-second-record"}
    assert result.json["record"] is None
    assert result.code == lab.FAIL


def test_two_in_one(program):
    """Two records, one pasted behind the other."""
    result = merge(program, WAS + " v=spf1 ip4:192.0.2.4 -all", "--add", "a")
    assert merge_codes(result) == {"spf-merge-second-record"}
    assert result.code == lab.FAIL


@pytest.mark.parametrize("record, args, expected", [
    # Whatever is asked for twice is there once.
    ("v=spf1 ip4:192.0.2.0/24 -all", ["ip4:192.0.2.4"],
     "v=spf1 ip4:192.0.2.0/24 -all"),
    ("v=spf1 -all", ["ip4:192.0.2.0/24", "ip4:192.0.2.4", "+ip4:192.0.2.9"],
     "v=spf1 ip4:192.0.2.0/24 -all"),
    ("v=spf1 Include:SendGrid.net. -all", ["include:sendgrid.net"],
     "v=spf1 Include:SendGrid.net. -all"),
    ("v=spf1 a:%{d} -all", ["a"], "v=spf1 a:%{d} -all"),
    # A macro in upper case is another one.
    ("v=spf1 exists:%{l}.x.org -all", ["exists:%{L}.x.org"],
     "v=spf1 exists:%{l}.x.org exists:%{L}.x.org -all"),
    ("v=spf1 a/24 -all", ["a"], "v=spf1 a/24 a -all"),
    ("v=spf1 ip4:192.0.2.4 -all", ["ip4:192.0.2.0/24"],
     "v=spf1 ip4:192.0.2.4 ip4:192.0.2.0/24 -all"),
    # One 'all', at the end; modifiers behind it.
    ("v=spf1 exp=why.x.org mx -all foo=bar", ["a"],
     "v=spf1 mx a -all exp=why.x.org foo=bar"),
    ("v=spf1  mx  -ALL ", ["a"], "v=spf1 mx a -ALL"),
    ("v=spf1 all", ["a"], "v=spf1 a all"),
    ("v=spf1 mx ~all a:x.org -all", ["a"], "v=spf1 mx a:x.org a ~all"),
    # Without a policy others are neutral, and stay so.
    ("v=spf1 mx", ["a"], "v=spf1 mx a ?all"),
    ("v=spf1", ["a"], "v=spf1 a ?all"),
    # redirect= counts only where there is no 'all'.
    ("v=spf1 redirect=x.org", ["a"], "v=spf1 include:x.org a ?all"),
    ("v=spf1 redirect=x.org mx exp=y.org", ["a"],
     "v=spf1 mx include:x.org a ?all exp=y.org"),
    ("v=spf1 mx redirect=x.org", ["mx"], "v=spf1 mx redirect=x.org"),
    ("v=spf1 redirect=x.org", ["include:x.org"], "v=spf1 redirect=x.org"),
    ("v=spf1 redirect=x.org", ["include:x.org", "a"],
     "v=spf1 include:x.org a ?all"),
    ("v=spf1 -all redirect=x.org", ["include:x.org"],
     "v=spf1 include:x.org -all redirect=x.org"),
    ("v=spf1 mx redirect=x.org -all", ["a"],
     "v=spf1 mx a -all redirect=x.org"),
])
def test_merged(program, record, args, expected):
    result = merge(program, record, *added(*args))
    assert result.json["record"] == expected
    assert "spf-merge-tightened" not in result.codes()


@pytest.mark.parametrize("was, wanted, tightened", [
    ("~all", "-", True), ("~all", "~", False), ("~all", "?", False),
    ("-all", "~", False), ("?all", "~", True), ("", "~", True),
    ("+all", "?", True), ("redirect=x.org", "-", True),
    ("redirect=x.org", "?", False),
])
def test_qualifier(program, was, wanted, tightened):
    """A stricter 'all' is reported, and only when it was asked for."""
    result = merge(program, f"v=spf1 mx {was}", "--all", wanted)
    assert result.json["record"].split()[-1] == f"{wanted}all"
    assert ("spf-merge-tightened" in result.codes()) == tightened


def test_dead_terms(program):
    """What stood behind 'all' counts now: that is said."""
    result = merge(program, "v=spf1 -all include:x.org", *added("a"))
    assert result.json["record"] == "v=spf1 include:x.org a -all"
    assert "include:x.org" in result.finding("spf-all-not-last")["message"]
    assert result.code == lab.WARN


@pytest.mark.parametrize("record, args, code", [
    ("v=spf1 ip:192.0.2.1 -all", ["a"], "spf-unknown-mechanism"),
    ("v=spf1 redirect=a.org redirect=b.org", ["a"], "spf-redirect-multiple"),
    ("v=spf1 \u2013all", ["a"], "txt-smart-punctuation"),
    ("v=spf10 -all", ["a"], "spf-version-near-miss"),
    ("hello", ["a"], "not-of-kind"),
    ("v=spf1 -ip4:192.0.2.0/28 -all", ["ip4:192.0.2.4"],
     "spf-sender-ip-missing"),
    ("v=spf1 ?include:x.org -all", ["include:x.org"],
     "spf-sender-ip-missing"),
    ("v=spf1 redirect=x.org -include:x.org", ["include:x.org"],
     "spf-sender-ip-missing"),
    ("v=spf1 " + " ".join(f"a:{c}.org" for c in "abcdefghij") + " -all",
     ["include:x.org"], "spf-too-many-lookups"),
    ("v=spf1 " + " ".join(f"a:{c}.org" for c in "abcdefghi") +
     " redirect=x.org", ["mx"], "spf-too-many-lookups"),
])
def test_refused(program, record, args, code):
    """Nothing is given out as a record."""
    result = merge(program, record, *added(*args))
    assert code in result.codes()
    assert result.json["record"] is None and result.json["zone_line"] is None
    assert result.code == lab.FAIL
    text = program("spf-merge", record, *added(*args))
    assert text.code == lab.FAIL and text.out.startswith("refused")


@pytest.mark.parametrize("args", [
    [], [WAS], [WAS, "--all", "x"], [WAS, "--all", ""], [WAS, "--all", "-foo"],
    [WAS, "--add", "ip:192.0.2.4"], [WAS, "--add", ""], [WAS, "--add", "-all"],
    [WAS, "--add", "redirect=x.org"], [WAS, "--add", "a mx"],
    [WAS, "--add", "a", "--name", "x..org"], [WAS, "--selector", "s"],
    [WAS, *(["--add", "a"] * 65)],
])
def test_use(program, args):
    result = program("spf-merge", *args)
    assert result.code == lab.USE and result.out == ""
    assert result.err.count("\n") == 1


def test_text(program):
    """The first line is the record; a name brings a line of a zone."""
    result = program("spf-merge", "--allow-documentation", WAS, "--add",
                     "ip4:192.0.2.4", "--name", "Example.com")
    became = "v=spf1 include:sendgrid.net ip4:192.0.2.4 ~all"
    assert result.out.splitlines() == [
        became, f'example.com. IN TXT "{became}"']
    assert program("spf-merge", "-q", WAS, "--add", "a").out == ""
    line = f'example.com. 300 IN TXT "{WAS}"'
    assert program("spf-merge", line, "--add", "a").out.splitlines()[1] == \
        'example.com. IN TXT "v=spf1 include:sendgrid.net a ~all"'


def test_long(program):
    """A record of more than 255 octets is several strings."""
    record = "v=spf1 " + " ".join(
        f"ip4:203.0.113.{i}" for i in range(40)) + " exists:%{i}\\.x.org ~all"
    result = merge(program, record, "--add", "mx", "--name", "example.com")
    strings = result.json["zone_line"].split('"')[1::2]
    assert [len(s.replace("\\\\", "\\")) for s in strings][:-1] == [255, 255]
    assert "".join(strings) == result.json["record"]
    again = program.parse(result.json["zone_line"])
    assert again.json["text"] == result.json["record"]


def test_too_long(program):
    record = "v=spf1 " + "ip4:203.0.113.1 " * 4090
    result = program("spf-merge", record, *added("exists:" + "%{i}." * 60 +
                                                 "x.org"))
    assert result.code == lab.USE and "longer" in result.err


EXAMPLE = """
@ TXT "v=spf1 include:_spf.example.com ~all"
_spf TXT "v=spf1 a:a.example.com a:b.example.com a:c.example.com include:two.example.com -all"
two TXT "v=spf1 a:a.example.com a:b.example.com a:c.example.com -all"
bad TXT "v=spf1 ip:1 -all"
a A 192.0.2.1
b A 192.0.2.2
c A 192.0.2.3
"""


@pytest.fixture
def example(zones):
    zone = lab.Zone.empty("example.com")
    for line in EXAMPLE.strip().splitlines():
        zone.add(line)
    zones.write(zone)
    return zones


@pytest.mark.parametrize("add, count, code", [
    (["ip4:192.0.2.4"], 8, "spf-lookups-ok"),
    (["a"], 9, "spf-lookups-near-limit"),
    (["a", "mx"], 10, "spf-lookups-near-limit"),
    (["include:two.example.com"], 12, "spf-too-many-lookups"),
    (["include:gone.example.com"], 9, "spf-include-target-none"),
    (["include:bad.example.com"], 9, "spf-include-target-invalid"),
])
@pytest.mark.parametrize("name", [[], ["--name", "example.com"]])
def test_lookups(program, example, add, count, code, name):
    """With zones at hand the whole tree is counted."""
    result = merge(program, "v=spf1 include:_spf.example.com ~all",
                   *example.args, *added(*add), *name)
    assert result.json["lookups"] == {
        "count": count, "at_least": False, "counted_in": "dns"}
    assert code in result.codes("spf")
    refused = code not in ("spf-lookups-ok", "spf-lookups-near-limit")
    assert (result.json["record"] is None) == refused
    assert (result.code == lab.FAIL) == refused


def test_lookups_unknown(program, example):
    """What cannot be looked up is not counted, and no pass."""
    result = merge(program, WAS, *example.args, *added("a"))
    assert result.json["lookups"]["at_least"]
    assert result.code == lab.TEMPERROR
    assert "spf-include-target-temperror" in result.codes()


# Properties.

ENDS = ["-all", "~all", "?all"]
NETS = st.builds(
    lambda a, n: f"ip4:{ipaddress.ip_network((0xc0000200 + a, n), False)}",
    st.integers(0, 255), st.integers(24, 32))
TERMS = st.builds(
    lambda q, t: q + t, st.sampled_from(["", "", "", "+", "-", "?", "~"]),
    NETS | st.sampled_from(["a", "mx", "a:a.example.com", "a:b.example.com/30",
                            "include:_spf.example.com", "ip6:2001:db8::/32"]))
MODIFIERS = st.sampled_from(["exp=why.example.com", "foo=bar", "x-y=%{d}"])


@st.composite
def records(draw):
    """Well-formed records, whose 'all' is last where there is one."""
    terms = draw(st.lists(TERMS, max_size=6))
    modifiers = draw(st.lists(MODIFIERS, max_size=2, unique=True))
    end = draw(st.sampled_from(
        [*ENDS, "", "redirect=_spf.example.com"]))
    if end and not end.startswith("redirect"):
        terms.append(end)
    elif end:
        modifiers.append(end)
    for m in modifiers:
        terms.insert(draw(st.integers(0, len(terms))), m)
    return " ".join(["v=spf1", *terms])


def is_modifier(term):
    return "=" in term.split(":")[0].split("%")[0]


# The same examples each time; EXAMPLES=1000 looks further.
PROPERTY = settings(max_examples=int(os.environ.get("EXAMPLES", 60)),
                    deadline=None, database=None, derandomize=True,
                    suppress_health_check=list(HealthCheck))


@PROPERTY
@given(record=records(), add=st.lists(NETS | st.sampled_from(
    ["a:c.example.com", "include:two.example.com"]), min_size=1, max_size=3))
def test_property_shape(program, record, add):
    """Old terms in order, one 'all', modifiers last; again changes nothing."""
    result = merge(program, record, *added(*add))
    merged = result.json["record"]
    if merged is None:
        assert result.codes() & {"spf-sender-ip-missing",
                                 "spf-too-many-lookups"}
        return
    assert program.parse(merged).json["verdict"] == "valid"
    old, new = record.split()[1:], merged.split()[1:]
    rest = iter(t for t in new if not is_modifier(t))
    assert all(t in rest for t in old
               if not is_modifier(t) and not t.endswith("all"))
    assert [t for t in old if is_modifier(t) and t in new] == \
        [t for t in new if is_modifier(t)]
    lost = [t for t in old if is_modifier(t) and t not in new]
    assert all("include:" + t.partition("=")[2] in new for t in lost)
    alls = [i for i, t in enumerate(new) if t.endswith("all")]
    assert len(alls) == (0 if "redirect=_spf.example.com" in new else 1)
    assert not alls or all(is_modifier(t) for t in new[alls[0] + 1:])
    again = merge(program, merged, *added(*add))
    assert again.json["record"] == merged
    assert {m["state"] for m in again.json["mechanisms"]} == {"covered"}


def evaluate(program, record, ip):
    """The result of a record for an address."""
    with tempfile.NamedTemporaryFile("w", suffix=".zone") as file:
        file.write("$TTL 300\n@ IN SOA ns hostmaster 1 3600 900 1209600 300\n"
                   "@ IN NS ns\nns IN A 192.0.2.200\n"
                   f'@ IN TXT "{record}"\n@ IN A 192.0.2.10\n'
                   "@ IN MX 10 mx\nmx IN A 192.0.2.11\n"
                   "a IN A 192.0.2.12\nb IN A 192.0.2.17\n"
                   '_spf IN TXT "v=spf1 -ip4:192.0.2.30 ip4:192.0.2.28/30 '
                   'ip4:203.0.113.7 ?all"\n')
        file.flush()
        result = program("spf", "--format", "json", "--allow-documentation",
                         "--zone", f"example.com={file.name}", "--ip", ip,
                         "--mail-from", "joe@example.com")
    return result.json["result"]


@PROPERTY
@hypothesis.example(record="v=spf1 redirect=_spf.example.com exp=why.example.com",
                    net="ip4:192.0.2.0/28", inside=0, outside=30)
@given(record=records(), net=NETS, inside=st.integers(0, 255),
       outside=st.integers(0, 255) | st.none())
def test_property_meaning(program, record, net, inside, outside):
    """Addresses outside of what is added fare as before; those inside pass,
    unless a term of the record has caught them."""
    result = merge(program, record, *added(net))
    merged = result.json["record"]
    if merged is None:
        return
    network = ipaddress.ip_network(net[4:])
    inner = network[inside % network.num_addresses]
    outer = ipaddress.ip_address(
        "203.0.113.7" if outside is None else 0xc0000200 + outside)
    # A term has caught an address when the policy for others does not matter.
    bare = " ".join(t for t in record.split()
                    if t not in ENDS and not t.startswith("redirect="))
    caught = {evaluate(program, f"{bare} {end}", str(inner))
              for end in ("-all", "?all")}
    assert evaluate(program, merged, str(inner)) == (
        caught.pop() if len(caught) == 1 else "pass")
    if outer in network:
        return
    was = evaluate(program, record, str(outer))
    now = evaluate(program, merged, str(outer))
    # Of a redirect that has become an include only what passes stays: how it
    # fails is then for the 'all' behind it.
    assert now == was or ("redirect=_spf.example.com" in record.split()
                          and "pass" not in (now, was))
