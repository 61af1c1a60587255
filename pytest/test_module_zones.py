# test_module_zones.py - whole domains, through the resolver
# SPDX-License-Identifier: BSD-3-Clause
"""The domains of testdata/checks, unsigned and signed, on a real authority:
what `check` says of each record, the module logs when that record passes
through Unbound, fresh and again from the cache.

`check` knows more: it compares records with each other. Codes that only those
comparisons make are left out, and no others.
"""
import pytest

import lab
import resolver
import test_checks

pytestmark = resolver.needed

TYPES = {"TXT", "MX", "PTR"}


# What the comparison of records alone can say.
COMPARED = {code for code, scope in lab.SCOPES.items()
            if scope not in ("RECORD", "LOOKUP")}
# What both say, but check for more reasons: it asks for addresses, for names
# that a wildcard of an unsigned zone would answer, and knows its options.
MORE = {"dns-wildcard-synthesised", "dns-wildcard-pollution", "dkim-wildcard",
        "dkim-selector-underscore", "bimi-owner-not-absolute", "spf-ip-any",
        "spf-ip-total-wide",
        "spf-wildcard", "mx-wildcard", "mx-loopback-trick", "ptr-temperror",
        "dmarc-ext-wildcard", "dmarc-ext-at-wrong-name",
        # It knows that sp= counts at the organizational domain only.
        "dmarc-sp-none"}
# `check` knows where else to look before it calls these missing, or does not
# mind.
MISSING = {"spf-missing", "dmarc-missing", "bimi-missing", "mtasts-missing",
           "tlsrpt-missing"}

EXTRA = {"mtasts", "tlsrpt"}

OPTIONAL = {"senderid", "domainkeys", "adsp"}


class Site:
    """One resolver for all cases; each case has an authority of its own."""

    def __init__(self, folder, keys):
        self.resolver = resolver.Resolver(
            folder, {".": "127.0.0.1@1"}, [keys.ds(".")],
            conf="allow-documentation: yes")
        self.count = 0

    def lines(self, authority, questions):
        """Put each question twice; the lines of each."""
        r = self.resolver
        # What was met a moment ago is not told again: forget all of it.
        r.control("reload")
        r.control("forward_add", ".", authority.server)
        before = len(r.lines)
        for _ in range(2):
            for name, rrtype in questions:
                r.ask(name, rrtype, read=False, dnssec=False)
        self.count += 1
        last = f"_dmarc.end-{self.count}.example.com."
        r.ask(last, dnssec=False)
        lab.wait_until("the last line", lambda: any(
            x.get("name") == last for x in r.lines[before:]))
        return [x for x in r.lines[before:] if "event" not in x]


@pytest.fixture(scope="module")
def keys_here(tmp_path_factory):
    return lab.Keys(tmp_path_factory.mktemp("zonekeys"))


@pytest.fixture(scope="module")
def site(tmp_path_factory, keys_here):
    made = Site(tmp_path_factory.mktemp("site"), keys_here)
    yield made
    made.resolver.stop()


@pytest.fixture(scope="module")
def breaking(program):
    """The findings that decide a verdict."""
    return {x["code"] for x in program(
        "list", "--format", "ndjson", "findings").objects
        if x["effect"] != "keeps"}


def sets():
    """The cases by their zones: many differ in what is asked and with which
    options, and these may share an authority."""
    found = {}
    for case in test_checks.ALL:
        if case.is_refused:
            continue
        content = tuple((z.name, z.text) for z in case.zones())
        for signed in case.ways:
            found.setdefault((content, signed), []).append(case)
    return [pytest.param(cases, signed, id=f"{cases[0].title}, "
                         f"{'signed' if signed else 'unsigned'}")
            for (_, signed), cases in found.items()]


def told(result, name, kinds):
    """What check says of the records of a name that the module can know."""
    return {f["code"] for f in result.json["findings"]
            if f["kind"] in kinds and f["name"] == name} - COMPARED - MORE


def publish(zones, case, signed):
    """The zones of a case below a signed root of our own."""
    root = lab.Zone(".", "$ORIGIN .\n$TTL 300\n"
                    "@ SOA ns. hostmaster. 1 3600 900 1209600 300\n"
                    "@ NS ns.\nns. A 127.0.0.1\n")
    made = list(case.zones())
    for zone in made:
        # The closest zone above delegates, which may be one of the case.
        above = max((z for z in made if zone.name.endswith(f".{z.name}")),
                    key=lambda z: len(z.name), default=root)
        above.add(f"{zone.name}. NS ns.")
        if signed:
            above.add(zones.keys.ds(zone.name))
    for zone in made:
        if signed:
            zones.sign(zone, anchor=False)
        else:
            zones.write(zone)
    zones.sign(root)


def question(record):
    return record["name"], record["type"]


# What check may find in records that are included, and the module in the
# record's own text.
DEEPER = {"spf-too-many-lookups"}


def below(program, records):
    """Codes of DEEPER that the records' own texts do not give."""
    own = set()
    for record in records:
        if record["kind"] == "spf" and record["text"]:
            own |= program.parse("--kind", "spf", record["text"]).codes()
    # The module does not look at the hosts of report addresses.
    many = {"limit-reached"} if {r["kind"] for r in records} == {"dmarc"} \
        else set()
    return DEEPER - own | many


def compare(program, result, records, lines, breaking):
    """What check says of some records, against the lines of the module."""
    for name, rrtype in sorted({question(r) for r in records}):
        here = [r for r in records if question(r) == (name, rrtype)]
        mine = [x for x in lines if question(x) == (name, rrtype)]
        codes = {}
        for x in mine:
            codes.setdefault(x["source"], set()).update(x["codes"])
        if not mine:
            # Of these kinds absence is nothing to talk about.
            assert {(r["kind"] in OPTIONAL, r["verdict"])
                    for r in here} == {(True, "none")}
            continue
        expected = told(result, name, {r["kind"] for r in here})
        deep = below(program, here) & expected
        for found in codes.values():
            assert expected - deep <= found
            # Nor does `check` say how an absent record looks that nobody needs.
            looks = {x for x in found if x.startswith(("dns-", "dnssec-"))} \
                if not expected and {r["kind"] for r in here} <= EXTRA else set()
            assert found - MORE - looks - expected <= MISSING
        for record in here:
            same = [x for x in mine if x["kind"] == record["kind"]]
            assert same or record["verdict"] == "none"
            spoilt = {f["code"] for f in result.json["findings"]
                      if f["kind"] == record["kind"]
                       } & (COMPARED | MORE | deep) & breaking
            for x in same:
                for key in ("outcome", "dnssec"):
                    assert x[key] == record[key]
                assert x["verdict"] == record["verdict"] or spoilt


@pytest.mark.parametrize("cases, signed", sets())
def test_zones(program, site, breaking, keys_here, tmp_path, cases, signed):
    """Every case of these zones is checked; the questions of all of them pass
    through the resolver."""
    zones = lab.Zones(tmp_path, keys_here)
    publish(zones, cases[0], signed)
    (tmp_path / "nsd").mkdir()
    with lab.Authority(tmp_path / "nsd", zones.files) as authority:
        results = {}
        for case in cases:
            how = (*case.args, case.domain)
            if how not in results:
                results[how] = program.check(
                    *lab.GUIDE, *case.args, "--server", authority.server,
                    "--ds", zones.anchors["."], case.domain)
        judged = [(result, [r for r in result.json["records"]
                            if r["type"] in TYPES and r["kind"] != "address"])
                  for result in results.values()]
        lines = site.lines(authority, sorted(
            {question(r) for _, records in judged for r in records}))
    for result, records in judged:
        assert records
        compare(program, result, records, lines, breaking)
