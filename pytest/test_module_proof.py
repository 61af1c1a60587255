# test_module_proof.py - that the module does no harm
# SPDX-License-Identifier: BSD-3-Clause
"""Hostile answers, clocks that are set, and a run under valgrind. HOSTILE
says how many replies there are to be, RELOADS how many reloads
(test_module_life.py): the long form of all of it is test/harmless."""
import os
import pathlib
import random
import shutil
import subprocess
import time

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

import casefile
import lab
import resolver

pytestmark = resolver.needed

TYPES = ("TXT", "MX", "PTR", "TLSA")


class Hostile:
    """An authority whose answers are as bad as a message can carry; which one
    it is follows from the name."""

    def __init__(self):
        self.authority = lab.Misbehaving(self.answer, self.answer)

    @staticmethod
    def octets(rng, n):
        return bytes(rng.choice((0, 10, 13, 27, 34, 92, 127, 255,
                                 rng.randrange(256))) for _ in range(n))

    def text(self, rng):
        """Octets in the place of a TXT record."""
        how = rng.randrange(6)
        if how == 0:  # the largest there is
            return casefile.txt([self.octets(rng, 255)] * 250)
        if how == 1:  # lengths that run past the end
            return bytes([rng.randrange(256)]) + self.octets(
                rng, rng.randrange(40))
        if how == 2:
            return b"\0" * rng.randrange(1, 300)
        head = rng.choice((b"v=spf1 ", b"v=DMARC1; ", b"v=DKIM1; p=",
                           b"v=BIMI1; l=", b"v=STSv1; id=", b""))
        if how == 3:
            return casefile.txt(casefile.cut(head + self.octets(
                rng, rng.randrange(2000))))
        if how == 4:
            return casefile.txt([bytes([c]) for c in head + self.octets(
                rng, 200)])
        return casefile.txt(casefile.cut(
            head + b"include:%s. " * 100 + b" -all" * 50))

    def answer(self, query, response):
        question = query.question[0]
        name, rrtype = question.name, question.rdtype
        rng = random.Random(f"{name} {rrtype}".lower())
        if rng.random() < 0.15:  # a chain of aliases, longer each time
            depth = len(name.labels)
            if depth < 40 and len(name.to_text()) < 200:
                response.answer.append(dns.rrset.from_text(
                    name, 300, "IN", "CNAME", f"a.{name}"))
            return response
        if rng.random() < 0.1:
            response.set_rcode(rng.choice((2, 3, 5, 1, 9)))
            return response
        rrset = dns.rrset.RRset(name, dns.rdataclass.IN, rrtype)
        count = rng.choice((1, 1, 1, 2, 10, 1000))
        for i in range(count):
            if rrtype == dns.rdatatype.TXT:
                data = self.text(rng) if count < 10 else casefile.txt(
                    [b"v=spf1 %d" % i])
            elif rrtype == dns.rdatatype.MX:
                data = i.to_bytes(2, "big") + dns.name.from_text(
                    f"mx{i}.{'x' * 60}.example").to_wire()
            elif rrtype == dns.rdatatype.PTR:
                data = dns.name.Name(
                    [self.octets(rng, 20), b"%d" % i, b"example", b""]
                ).to_wire()
            else:
                data = self.octets(rng, rng.randrange(1, 500))
            rrset.add(dns.rdata.GenericRdata(
                dns.rdataclass.IN, rrtype, data), 300)
        response.answer.append(rrset)
        try:
            wire = response.to_wire(max_size=65535)
        except dns.exception.TooBig:
            response.answer = []
            wire = response.to_wire()
        return wire


def memory(r):
    """Memory of the daemon that is in use, in KiB."""
    status = pathlib.Path(f"/proc/{r.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def names(count):
    """Questions that mail servers ask."""
    for i in range(count):
        for prefix in ("", "_dmarc.", "s._domainkey.", "_mta-sts.",
                       "default._bimi.", "_smtp._tls.", "_25._tcp.",
                       "x.example._report._dmarc."):
            yield f"{prefix}h{i}.example"


@pytest.mark.alone
def test_hostile_answers(tmp_path):
    """No crash, no growth, whole lines, and every reply accounted for."""
    total = int(os.environ.get("HOSTILE", "40000"))
    questions = tmp_path / "questions"
    asked = 0
    with Hostile().authority as authority, resolver.Resolver(
            tmp_path / "unbound", {".": authority.server}, threads=2,
            conf="repeat-interval: 2\nlog-clients: full",
            server="  qname-minimisation: no\n"
                   "  msg-cache-size: 32m\n"
                   "  rrset-cache-size: 64m\n") as r:
        with open(questions, "w", encoding="ascii") as f:
            for i, name in enumerate(names(25)):
                rrtype = TYPES[i % 4]
                begun = time.monotonic()
                r.ask(name, rrtype, read=False, timeout=60)
                asked += 1
                # What Unbound asks for again and again does not count as load.
                if time.monotonic() - begun < 0.3:
                    f.write(f"{name} {rrtype}\n")
        if shutil.which("dnsperf") is None:
            for _ in range(total // asked):
                for name in names(25):
                    r.ask(name, read=False, timeout=60)
        else:
            used = []
            for part in range(2):
                done = subprocess.run(
                    ["dnsperf", "-s", "127.0.0.1", "-p", str(r.port), "-d",
                     str(questions), "-n",
                     str(max(1, total // 2 // asked)), "-c", "4", "-q",
                     "100"],
                    capture_output=True, encoding="utf-8", check=True)
                assert "Queries completed" in done.stdout
                used.append(memory(r))
            assert r.process.poll() is None
            # What grows is bounded: the second half needs no more.
            if "libasan" not in pathlib.Path(
                    f"/proc/{r.process.pid}/maps").read_text():
                assert used[1] - used[0] < 8192, used
        last = r.ask("_dmarc.last.example", read=False)
        assert last
    stop = r.event("stop")
    assert stop["replies"] + stop["unrelated"] > total // 2
    assert stop["dropped_lines"] == 0
    for line in r.lines:
        assert line.get("event") or line["verdict"]


MIX = (("signed.test", "TXT"), ("bogus.test", "TXT"), ("signed.test", "MX"),
       ("_dmarc.gone.signed.test", "TXT"), ("long.signed.test", "TXT"),
       ("x.under.signed.test", "TXT"), ("_25._tcp.mail.signed.test", "TLSA"),
       ("expired.test", "TXT"), ("insecure.test", "TXT"),
       ("4.0.41.198.in-addr.arpa", "PTR"))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    import test_module
    made = test_module.World(tmp_path_factory.mktemp("world"), lab.Keys(
        tmp_path_factory.mktemp("keys")))
    yield made
    made.server.stop()


@pytest.mark.skipif(shutil.which("valgrind") is None,
                    reason="there is no valgrind")
def test_valgrind(world, tmp_path):
    """No error and no leak, with reloads and two threads."""
    if b"libubsan" in resolver.module_path().read_bytes():
        pytest.skip("a sanitized program does not run under valgrind")
    if b"clang version" in resolver.module_path().read_bytes():
        pytest.skip("this valgrind does not read what clang writes")
    log = tmp_path / "valgrind.log"
    with world.resolver(
            tmp_path / "unbound", threads=2,
            conf=f'metrics-file: "{tmp_path}/m.prom"\nmetrics-interval: 1',
            before=["valgrind", "-q", "--leak-check=full",
                    "--errors-for-leak-kinds=definite,indirect,possible",
                    "--error-exitcode=99", f"--log-file={log}"]) as r:
        for _ in range(int(os.environ.get("ROUNDS", "2"))):
            for _ in range(2):
                for name, rrtype in MIX:
                    r.ask(name, rrtype, timeout=60)
            r.reload()
        r.ask("signed.test", timeout=60)
        r.stop(120)
    assert log.read_text() == ""


FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
                None)


@pytest.mark.alone
@pytest.mark.skipif(FAKETIME is None, reason="there is no libfaketime")
def test_clock_is_set(tmp_path):
    """Forwards and backwards: lines go on, and nothing is lost."""
    if b"libubsan" in resolver.module_path().read_bytes():
        pytest.skip("only one library can be loaded in front")
    clock = tmp_path / "clock"

    def set_clock(text):
        new = tmp_path / "clock.new"
        new.write_text(text + "\n")
        new.rename(clock)

    def answer(query, response):
        response.answer.append(dns.rrset.from_text(
            query.question[0].name, 300000, "IN", "TXT", '"v=spf1 -all"'))
        return response

    set_clock("+0")
    with lab.Misbehaving(answer) as authority, resolver.Resolver(
            tmp_path / "unbound", {".": authority.server},
            conf="repeat-interval: 3600",
            env={"LD_PRELOAD": str(FAKETIME), "FAKETIME_NO_CACHE": "1",
                 "FAKETIME_TIMESTAMP_FILE": str(clock),
                 "FAKETIME_DONT_FAKE_MONOTONIC": "1"}) as r:
        asked = 0
        for offset in ("+0", "-2d", "+1d", "-1h", "+0"):
            set_clock(offset)
            for name in ("a.example", "b.example", "a.example"):
                assert r.ask(name).rcode() == dns.rcode.NOERROR
                asked += 1
            # Each of the steps is longer than the interval.
            lab.wait_until(f"a line at {offset}", lambda: len(
                r.records("a.example.")) >= asked // 3)
    stop = r.event("stop")
    assert stop["replies"] == asked and stop["dropped_replies"] == 0
