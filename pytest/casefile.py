# casefile.py - the cases of testdata/records, for a real DNS
# SPDX-License-Identifier: BSD-3-Clause
"""The cases of testdata/records (described in README there), as the unit tests
have read them, and what an authority answers that shows one."""
import json
import os
import subprocess

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

import lab
import resolver

# The type of each kind of record that the module knows: addresses belong to
# everything.
TYPES = {kind["kind"]: kind["type"]
         for kind in lab.program()("list", "--format", "ndjson",
                                   "kinds").objects
         if kind["kind"] != "address"}


def txt(strings):
    """The data of a TXT record, as on the wire."""
    return b"".join(bytes([len(s)]) + s for s in strings)


def cut(text):
    """A text as character-strings of 255 octets."""
    return [text[i:i + 255] for i in range(0, len(text), 255)] or [b""]


class RecordCase:
    """One case: an answer and its verdict."""

    def __init__(self, told):
        self.file, self.title = told["where"].partition(":")[0], told["title"]
        self.kind, self.owner, self.ttl = \
            told["kind"], told["owner"], told["ttl"]
        self.rrs = [bytes.fromhex(x) for x in told["records"]]
        # Its strings are those of whoever serves it.
        self.unsplit = told["unsplit"]
        self.alias = told["chain"][-1] if told["chain"] else None
        self.outcome = told["outcome"]
        # Conditions that a real DNS may not be able to make.
        self.words = set(told["conditions"])
        self.verdict, self.codes = told["verdict"], set(told["codes"])
        self.lookup = set(told["lookup"])

    @property
    def rrtype(self):
        return TYPES[self.kind]

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
    """All cases."""
    done = subprocess.run(
        [resolver.build_folder() / "test" / "unit" / "unit", "--records"],
        env={**os.environ, "srcdir": str(lab.ROOT)}, check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8")
    return [RecordCase(json.loads(line)) for line in done.stdout.splitlines()]
