# casefile.py - the cases of testdata/records, for a real DNS
# SPDX-License-Identifier: BSD-3-Clause
"""Reads testdata/records/*.case (described in README there) and makes of a
case what an authority answers."""
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

import lab

RECORDS = lab.ROOT / "testdata" / "records"
DEFAULT_TTL = 300

# The type of each kind of record that the module knows: addresses belong to
# everything.
TYPES = {kind["kind"]: kind["type"]
         for kind in lab.program()("list", "--format", "ndjson",
                                   "kinds").objects
         if kind["kind"] != "address"}


def octets(text):
    r"""A text with its \DDD octets."""
    out, rest = bytearray(), text.encode()
    while rest:
        if rest[:1] == b"\\" and rest[1:4].isdigit():
            out.append(int(rest[1:4]))
            rest = rest[4:]
        else:
            out += rest[:1]
            rest = rest[1:]
    return bytes(out)


def txt(strings):
    """The data of a TXT record, as on the wire."""
    return b"".join(bytes([len(s)]) + s for s in strings)


def cut(text):
    """A text as character-strings of 255 octets."""
    return [text[i:i + 255] for i in range(0, len(text), 255)] or [b""]


def quoted(line):
    """The strings of '"A" "B"'."""
    return [octets(part) for part in line.split('"')[1::2]]


class RecordCase:
    """One case: an answer and what it comes to."""

    def __init__(self, file, title, kind, owner):
        self.file, self.title, self.kind, self.owner = \
            file, title, kind, owner
        self.ttl = DEFAULT_TTL
        self.rrs = []  # data as on the wire
        self.unsplit = False  # its strings are those of whoever serves it
        self.alias = None
        self.outcome = "found"
        self.words = set()  # conditions a real DNS may not be able to make
        self.verdict, self.codes = None, set()

    def take(self, line):
        word, _, rest = line.partition(" ")
        if word == "txt":
            self.rrs.append(txt(cut(octets(rest))))
        elif word == "strings":
            self.rrs.append(txt(quoted(rest)))
        elif word == "rr":
            self.rrs.append(self.data(rest))
        elif word == "rdata":
            self.rrs.append(bytes.fromhex(rest))
            self.words.add("rdata")
        elif word == "many":
            count, _, text = rest.partition(" ")
            for i in range(int(count)):
                one = text.replace("#", str(i))
                self.rrs.append(
                    txt(cut(octets(one))) if self.rrtype == "TXT"
                    else self.data(one))
        elif word == "repeat":
            self.unsplit = True
            count, what, text = rest.split(" ", 2)
            self.rrs.append(txt(cut(octets(text).replace(
                b"{}", octets(what) * int(count)))))
        elif word == "owner":
            self.owner = rest
        elif word == "ttl":
            self.ttl = int(rest)
        elif word == "alias":
            self.alias = rest
        elif word == "outcome":
            self.outcome = rest
        elif word == "=":
            self.verdict, *codes = rest.split()
            self.codes = set(codes)
        elif word != "lookup":
            self.words.add(f"{word} {rest}".strip())

    @property
    def rrtype(self):
        return TYPES[self.kind]

    def data(self, text):
        """Data of a record from its presentation form."""
        return dns.rdata.from_text(
            "IN", self.rrtype, text, origin=dns.name.root).to_wire(
                origin=dns.name.root)

    @property
    def content(self):
        """What the resolver can tell from other cases."""
        return (self.rrtype, self.owner.lower(), frozenset(self.rrs),
                self.alias, self.outcome if self.rrs else "nodata"
                if self.outcome == "found" else self.outcome, self.ttl < 60,
                self.ttl > 86400,
                frozenset(self.words - {"dnssec indeterminate"}))

    def fill(self, response, name, rrtype):
        """Put into a response what is asked for."""
        owner = dns.name.from_text(self.owner)
        if self.alias is not None and name == owner:
            target = dns.name.from_text(self.alias)
            response.answer.append(dns.rrset.from_text(
                owner, self.ttl, "IN", "CNAME", self.alias))
            name = owner = target
        elif self.alias is not None:
            owner = dns.name.from_text(self.alias)
        if name == owner and self.outcome == "nxdomain" or name != owner:
            response.set_rcode(dns.rcode.NXDOMAIN)
        if name == owner and self.outcome == "found" and \
                rrtype == dns.rdatatype.from_text(self.rrtype):
            rrset = dns.rrset.RRset(owner, dns.rdataclass.IN, rrtype)
            for data in self.rrs:
                rrset.add(dns.rdata.GenericRdata(
                    dns.rdataclass.IN, rrtype, data), self.ttl)
            response.answer.append(rrset)
        else:
            response.authority.append(dns.rrset.from_text(
                dns.name.root, 300, "IN", "SOA",
                "ns. hostmaster. 1 3600 900 1209600 300"))
        return response


def load():
    """All cases of the kinds that the module knows."""
    cases = []
    for path in sorted(RECORDS.glob("*.case")):
        kind = owner = case = None
        if path.stem not in TYPES:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if line.startswith("  "):
                case.take(line[2:])
            elif line.startswith("kind "):
                kind = line[5:]
            elif line.startswith("owner "):
                owner = line[6:]
            else:
                case = RecordCase(path.name, line, kind, owner)
                cases.append(case)
    return cases
