# nsd.py - the answers of src/zone beside those of NSD
# SPDX-License-Identifier: BSD-3-Clause
"""Random zones with wildcards, empty non-terminals, DNAME, delegations and
chains, unsigned or signed with NSEC and with NSEC3, without and with opt-out.
Each question is asked of NSD, over TCP, and of test/zone/ask, with the same
files; the answers must be the same records.

usage: nsd.py [ZONES [SEED [ZONES OF ONE SERVER]]]

Differences that are meant, and that `comparable` takes out of the way:

- Additional records: ours has none but glue of a delegation; and NSD leaves
  out glue that is not below the delegation when it does not need it.
- A chain: NSD ends one at a DNAME record that it has used before, ours goes on
  as long as names are new, 64 at most.
- ANY: NSD answers with one set (RFC 8482), ours with all.
- NSEC3 as a type: NSD does not follow a CNAME record then.
- A question for a wildcard itself: NSD proves its closest encloser as well.
- A question for the owner of an NSEC3 record: NSD leaves out the proof of the
  closest encloser (RFC 5155 7.2.8).
- No data at a wildcard, for a name that is the target of some record: NSD
  leaves out the NSEC3 record of the closest encloser (RFC 5155 7.2.5).
- Behind a DNAME record, NSD does not prove that a name which a wildcard answers
  for does not exist (RFC 4035 3.1.3.4), or gives an NSEC record of another name:
  the authority section of such an answer is compared with those that NSD gives
  when it is asked for each name of the chain by itself.
- AA of an answer that begins with CNAME records and ends at a delegation:
  ours sets it, for the first name (RFC 1035 4.1.1); NSD does not.
"""
import os
import pathlib
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

import lab

LABELS = ["a", "b", "c", "www", "mail", "_dmarc", "k1", "x-y", "*"]
TYPES = ["A", "AAAA", "NS", "CNAME", "SOA", "MX", "TXT", "DNAME", "DS",
         "RRSIG", "NSEC", "DNSKEY", "NSEC3", "NSEC3PARAM", "SRV", "ANY"]
# How a zone is signed; None: it is not.
SIGNED = [None, None, (), ("-n", "-t", "2", "-s", "beef"),
          ("-n", "-p", "-t", "0"), ("-n", "-p", "-t", "3", "-s", "00")]
DIGEST = "2BB183AF5F22588179A53B0A98631FAD1A292118" "0123456789abcdef01234567"


class Maker:
    """Makes the zones of one server."""

    def __init__(self, rng, origins):
        self.rng = rng
        self.origins = origins
        self.zones = {}

    def name(self, origin, wild=0.15):
        labels = []
        for _ in range(self.rng.choice([1, 1, 1, 2, 2, 3, 4])):
            label = self.rng.choice(LABELS)
            if label == "*" and self.rng.random() > wild * 4:
                label = "a"
            labels.append(label)
        return ".".join([*labels, origin])

    def target(self, origin):
        rng = self.rng
        there = list(self.zones.get(origin, {}))
        return rng.choice([
            self.name(origin), self.name(rng.choice(self.origins)),
            "host.out.example", origin] + there[-4:])

    def data(self, rrtype, origin):
        rng = self.rng
        to = f"{self.target(origin)}."
        return {
            "A": f"192.0.2.{rng.randrange(256)}",
            "AAAA": f"2001:db8::{rng.randrange(65536):x}",
            "TXT": f'"v={rng.randrange(1000)}" "{"x" * rng.randrange(250)}"',
            "MX": f"{rng.randrange(100)} {to}",
            "SRV": f"0 {rng.randrange(9)} 25 {to}",
        }.get(rrtype, to)

    def fill(self, zone, origin):
        """Put one more thing into a zone: a name with some sets."""
        rng = self.rng
        name = self.name(origin)
        if name in zone or self.covered(zone, name) or any(
                f".{name}".endswith(f".{o}") for o in self.origins
                if len(o) > len(origin)):
            return
        kind = rng.random()
        below = [n for n in zone if n.endswith("." + name)]
        if kind < 0.2:
            zone[name] = {"CNAME": [self.data("CNAME", origin)]}
        elif kind < 0.28 and not below:
            zone[name] = {"DNAME": [self.data("DNAME", origin)]}
        elif kind < 0.45 and not below and "*" not in name:
            self.delegate(zone, name, origin)
        else:
            zone[name] = {
                t: sorted({self.data(t, origin)
                           for _ in range(rng.choice([1, 1, 2, 3]))})
                for t in rng.sample(["A", "AAAA", "TXT", "MX", "SRV"],
                                    rng.choice([1, 1, 2]))}

    def delegate(self, zone, name, origin):
        hosts = [f"ns.{name}", f"ns.{origin}", "ns.out.example"]
        zone[name] = {"NS": [f"{h}." for h in self.rng.sample(
            hosts, self.rng.choice([1, 2]))]}
        if self.rng.random() < 0.5:
            zone[name]["DS"] = [f"{self.rng.randrange(65536)} 13 2 {DIGEST}"]
        if f"ns.{name}." in zone[name]["NS"]:
            zone[f"ns.{name}"] = {"A": [self.data("A", origin)]}

    @staticmethod
    def covered(zone, name):
        """Whether a name is below a delegation or a DNAME record."""
        while "." in name:
            name = name.partition(".")[2]
            sets = zone.get(name, {})
            if "DNAME" in sets or ("NS" in sets and "SOA" not in sets):
                return True
        return False

    def make(self, origin):
        zone = self.zones[origin] = {origin: {
            "SOA": [f"ns.{origin}. hostmaster.{origin}. 1 7200 3600 1209600 "
                    f"{self.rng.choice([60, 7200])}"],
            "NS": [f"ns.{origin}."]}, f"ns.{origin}": {"A": ["192.0.2.1"]}}
        if self.rng.random() < 0.03 and \
                not any(x.endswith(f".{origin}") for x in self.origins) and \
                origin.count(".") == 1:
            zone[origin]["DNAME"] = [self.data("DNAME", origin)]
            zone[origin]["NS"] = ["ns.out.example."]
            del zone[f"ns.{origin}"]
            return
        for child in self.origins:
            if child.endswith(f".{origin}"):
                self.delegate(zone, child, origin)
        for _ in range(self.rng.choice([2, 5, 12, 30])):
            self.fill(zone, origin)

    def text(self, origin):
        ttl = {}
        return "".join(
            f"{name}. {ttl.setdefault((name, t), self.rng.choice([60, 3600]))}"
            f" IN {t} {d}\n" for name, sets in self.zones[origin].items()
            for t, data in sets.items() for d in data)

    def questions(self, origin, count):
        """Names that are there, and others around them."""
        rng = self.rng
        names = list(self.zones[origin])
        for _ in range(count):
            name = rng.choice(names)
            for _ in range(rng.choice([0, 0, 1, 1, 2])):
                if rng.random() < 0.6:
                    name = f"{rng.choice(LABELS + ['zz', '0', 'a' * 60])}.{name}"
                elif name != origin:
                    name = name.partition(".")[2]
            if rng.random() < 0.02:
                name = f"other.{rng.choice(['example', 'test'])}"
            if len(name) < 250:
                yield name, rng.choice(TYPES), rng.random() < 0.7


def hashed_names(text):
    """Owners of NSEC3 records: names that are none."""
    return [line.split()[0].rstrip(".") for line in text.splitlines()
            if "\tNSEC3\t" in line][:2]


def ask_nsd(port, questions):
    """The answers of NSD, over one connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as s:
        f = s.makefile("rwb")
        for name, rrtype, dnssec in questions:
            query = dns.message.make_query(
                name, rrtype, use_edns=0, want_dnssec=dnssec,
                payload=4096).to_wire()
            f.write(struct.pack("!H", len(query)) + query)
            f.flush()
            n = struct.unpack("!H", f.read(2))[0]
            yield f.read(n)


def ask_ours(files, questions):
    """The answers of src/zone."""
    ask = pathlib.Path(os.environ.get("BUILD", lab.ROOT)) / "test/zone/ask"
    text = "".join(
        f"{name} {int(dns.rdatatype.from_text(rrtype))} {int(dnssec)} 0\n"
        for name, rrtype, dnssec in questions)
    done = subprocess.run(
        [str(ask), *(f"{name}={path}" for name, path in files.items())],
        input=text, capture_output=True, encoding="ascii", check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return [bytes.fromhex(line) for line in done.stdout.splitlines()]


def records(section):
    return sorted(
        f"{s.name} {s.ttl} {dns.rdatatype.to_text(s.rdtype)} "
        f"{rr.to_text().lower()}" for s in section for rr in s)


def comparable(wire):
    """What has to be the same in both answers."""
    m = dns.message.from_wire(wire)
    answer = records(m.answer)
    delegated = not any(s.rdtype == dns.rdatatype.SOA for s in m.authority) \
        and any(s.rdtype == dns.rdatatype.NS for s in m.authority)
    aa = bool(m.flags & dns.flags.AA) or (bool(answer) and delegated)
    return {"code": dns.rcode.to_text(m.rcode()), "aa": aa,
            "tc": bool(m.flags & dns.flags.TC),
            "answer": answer, "authority": records(m.authority)}


def links(question, wire):
    """Questions for the names that lead to the end of an answer with a DNAME
    record, none of which NSD has to follow. Empty: there is no such record, or
    the chain has no end, or it is not followed."""
    name, rrtype, dnssec = question
    answer = dns.message.from_wire(wire).answer
    owners = [s.name for s in answer if s.rdtype == dns.rdatatype.DNAME]
    chain = {s.name: s[0].target for s in answer
             if s.rdtype == dns.rdatatype.CNAME}
    if not owners or rrtype == "CNAME":
        return []
    at, asked, left = dns.name.from_text(name), [], dict(chain)
    while at in left:
        if not any(at != o and at.is_subdomain(o) for o in owners):
            if rrtype == "ANY":
                return [*asked, (at.to_text(), rrtype, dnssec)]
            asked.append((at.to_text(), "CNAME", dnssec))
        at = left.pop(at)
    return [] if at in chain else [*asked, (at.to_text(), rrtype, dnssec)]


def has(lines, *words):
    return any(f" {w} " in f" {x.upper()} " for x in lines for w in words)


def is_meant(question, theirs, ours):
    """The answers differ, and should: see above."""
    name, rrtype, _ = question
    more = {part: set(ours[part]) - set(theirs[part])
            for part in ("answer", "authority")}
    less = {part: set(theirs[part]) - set(ours[part])
            for part in ("answer", "authority")}
    if rrtype == "NSEC3" and has(ours["answer"], "CNAME"):
        return True
    # A chain that NSD ended at a DNAME record it had used.
    if has(theirs["answer"], "DNAME") and has(more["answer"], "CNAME") and \
            not less["answer"]:
        return True
    if theirs["code"] != ours["code"] or theirs["aa"] != ours["aa"] or \
            less["answer"] or (more["answer"] and rrtype != "ANY"):
        return False
    extra = {x for x in less["authority"] | more["authority"]
             if " NSEC" not in x and "RRSIG nsec" not in x}
    if extra:
        return False
    wild = name.startswith("*.") or \
        any(" CNAME *." in x.upper() for x in ours["answer"])
    hashed = re.match(r"[0-9a-v]{32}\.", name)
    nodata = ours["code"] == "NOERROR" and has(ours["authority"], "SOA") and \
        any("NSEC3" in x for x in more["authority"])
    return not (less["authority"] and not wild
                or more["authority"] and not hashed and not nodata)


def difference(question, theirs, ours, apart=()):
    """A text that says how two answers differ; None: they do not. `apart`: the
    answers of NSD for the links."""
    a, b = comparable(theirs), comparable(ours)
    if apart:
        a["authority"] = sorted({x for wire in apart
                                 for x in comparable(wire)["authority"]})
    if a == b or is_meant(question, a, b):
        return None
    lines = [f"{' '.join(map(str, question))}"]
    for part in a:
        if isinstance(a[part], list):
            lines += [f"  {part} of NSD only: {x[:150]}"
                      for x in a[part] if x not in b[part]]
            lines += [f"  {part} of ours only: {x[:150]}"
                      for x in b[part] if x not in a[part]]
        elif a[part] != b[part]:
            lines.append(f"  {part}: NSD {a[part]}, ours {b[part]}")
    return "\n".join(lines)


def run(folder, keys, seed, count, questions=40):
    """Make zones and ask. Returns how many questions there were, and a list of
    texts, one a difference."""
    rng = random.Random(seed)
    origins = [f"z{i}.test" for i in range(count)]
    # Some zones are below others.
    for i in range(0, count - 1, 5):
        origins[i + 1] = f"{rng.choice(['a', 'b', 'sub'])}.{origins[i]}"
    maker = Maker(rng, origins)
    files, asked = {}, []
    for origin in origins:
        maker.make(origin)
        plain = folder / f"{origin}.zone"
        plain.write_text(maker.text(origin))
        how = rng.choice(SIGNED)
        asked += maker.questions(origin, questions)
        if how is not None:
            signed = keys.sign(plain, origin, "", (-1, 20), how)
            plain.write_text(signed)
            asked += [(name, rng.choice(TYPES), True)
                      for name in hashed_names(signed)]
        files[origin] = plain
    with lab.Authority(folder, files, "  minimal-responses: yes\n"
                       "  ipv4-edns-size: 4096\n") as server:
        theirs = list(ask_nsd(server.port, asked))
        ours = ask_ours(files, asked)
        apart = [list(ask_nsd(server.port, links(q, wire)))
                 for q, wire in zip(asked, ours)]
    log = (folder / "nsd.log").read_text()
    assert "error" not in log, log
    assert len(theirs) == len(ours) == len(asked)
    found = (difference(*x) for x in zip(asked, theirs, ours, apart))
    return len(asked), [x for x in found if x]


def main(zones=5000, seed=0, each=40):
    total = wrong = 0
    with tempfile.TemporaryDirectory() as tmp:
        keys = lab.Keys(pathlib.Path(tmp))
        for batch in range(seed, seed + -(-zones // each)):
            folder = pathlib.Path(tmp) / str(batch)
            folder.mkdir()
            asked, found = run(folder, keys, batch, each)
            keys.signed.clear()
            total += asked
            wrong += len(found)
            for text in found:
                print(f"seed {batch}: {text}", flush=True)
    print(f"nsd: {zones} zones, {total} questions, {wrong} answers differ")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
