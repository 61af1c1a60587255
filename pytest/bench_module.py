# bench_module.py - what the module costs the resolver
# SPDX-License-Identifier: BSD-3-Clause
"""The same Unbound without the module and with it, side by side in one run.

Run by `make bench-module`. All variants are up at once, with one thread each,
on one core; what asks them (dnsperf) and the authority are on another. Bursts
of questions go to the variants in random order. The variant without the module
runs twice, as two processes: what these two differ by is the noise. With each
generation of processes everything starts anew, so that no figure hangs on
where one process happened to lie in memory: two processes of the same program
may differ by several per cent for as long as they live.

Nanoseconds are CPU time by the kernel's account, of the threads that answer
and of all, the module's own included; instructions are those of user space,
counted by callgrind. Percentages are medians of a round's own ratio, behind
them the range in which 95 of 100 such medians lie, as other generations of
these might have given them.
"""
import argparse
import collections
import contextlib
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import lab  # noqa: E402
import resolver  # noqa: E402

PLAIN = ("without A", "without B")
MODULE = "mailauth"
VARIANTS = (*PLAIN, MODULE)
WITHOUT = "validator iterator"

# Goals: percent of the answering thread's CPU time, and a ratio of rates.
MAIL_CPU, MAIL_RATE, OTHER_CPU = 4.0, 0.97, 0.5

RSA = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy1rwFa+ZPuJ53jESoVHm/8ho0"
       "QZaRrvQi18eCySW9XVGXjVgQm46YzdD+YZVw97cppfGgSXR1rbnXgb2rlJsaMSH65EFul"
       "zcIqZQFwf9m7BAndZOZT0Z1sxgLfFjlSP87TiE5spGRi8/QRxSEPIvmbXujkZcHz\" \""
       "YhckyxPVROLm88CGjlq/eTE18Lagvs1yFcD6o2dBWLOyI9D51AMfNOQCtCPiP+BW+fByf"
       "YXTHjIjLFW90s/gFm8ttPEELm5AFX5uGX+P0Y1urgZXNaUsGCstH6td3x2+lZbVVxPkPg"
       "m4/LWCyR0rU0/GwnqTnIBrLwZMPvFormGQRzl+oJ9y//uQIDAQAB")
ED25519 = "I88X0vbyIhyksLjsBUrgSQt/KrPbhUCyznLngV4vxAA"
DIGEST = "8f2b7c1d6e5a49308172635443526170819a0b1c2d3e4f5061728394a5b6c7d8"

ZONE = f"""$ORIGIN bench.test.
$TTL 86400
@ SOA ns hostmaster 1 3600 900 1209600 300
@ NS ns
ns A 192.0.2.53
@ A 192.0.2.10
@ AAAA 2001:db8::10
@ MX 10 mx1
@ MX 20 mx2
@ TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.bench.test -all"
_spf TXT "v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.0/24 ~all"
mx1 A 192.0.2.11
mx1 AAAA 2001:db8::11
mx2 A 192.0.2.12
mx2 AAAA 2001:db8::12
www A 192.0.2.13
www A 192.0.2.14
www AAAA 2001:db8::13
_dmarc TXT "v=DMARC1; p=reject; adkim=s; rua=mailto:dmarc@bench.test"
s1._domainkey TXT "v=DKIM1; k=rsa; p={RSA}"
s2._domainkey TXT "v=DKIM1; k=ed25519; p={ED25519}"
s3._domainkey CNAME s1._domainkey
_mta-sts TXT "v=STSv1; id=20240101T000000"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@bench.test"
default._bimi TXT "v=BIMI1; l=https://bench.test/logo.svg"
_25._tcp.mx1 TLSA 3 1 1 {DIGEST}
"""

REVERSE = """$ORIGIN 2.0.192.in-addr.arpa.
$TTL 86400
@ SOA ns.bench.test. hostmaster.bench.test. 1 3600 900 1209600 300
@ NS ns.bench.test.
11 PTR mx1.bench.test.
"""

MAIL = """bench.test TXT
_spf.bench.test TXT
_dmarc.bench.test TXT
s1._domainkey.bench.test TXT
s2._domainkey.bench.test TXT
s3._domainkey.bench.test TXT
_mta-sts.bench.test TXT
_smtp._tls.bench.test TXT
default._bimi.bench.test TXT
bench.test MX
_25._tcp.mx1.bench.test TLSA
11.2.0.192.in-addr.arpa PTR
"""

OTHER = """bench.test A
bench.test AAAA
mx1.bench.test A
mx1.bench.test AAAA
mx2.bench.test A
mx2.bench.test AAAA
www.bench.test A
www.bench.test AAAA
"""

CACHED = {"mail": MAIL, "other": OTHER}
TITLES = {
    "mail": "cached replies of mail types",
    "other": "cached replies of other types",
    "cold": "misses: each name asked once, of an unsigned zone nearby",
}

# What one burst to one variant came to; CPU in nanoseconds a reply.
Burst = collections.namedtuple("Burst", "rate worker process generation")


def cores():
    """The core of the resolvers, and that of all others."""
    here = sorted(os.sched_getaffinity(0))
    return here[0], here[1] if len(here) > 1 else here[0]


def cold_name(i):
    return f"n{i}.cold.test"


def cold_zone(count):
    """A zone with a sender policy for each name, no two the same."""
    zone = lab.Zone.empty("cold.test")
    zone.lines += [
        f'n{i} TXT "v=spf1 ip4:198.{18 + i % 2}.{i >> 8 & 255}.{i & 255} '
        f'include:_spf{i}.example.net -all"' for i in range(count)]
    return zone


class World:
    """The authority, and variants of Unbound in front of it."""

    def __init__(self, folder, core, threads, ncold):
        self.folder = folder
        self.core = core
        self.threads = threads
        self.made = 0
        self.zones = lab.Zones(folder, lab.Keys(folder))
        for name, text in (("bench.test", ZONE),
                           ("2.0.192.in-addr.arpa", REVERSE)):
            self.zones.sign(lab.Zone(name, text))
        self.zones.write(cold_zone(ncold))
        self.authority = lab.Authority(folder, self.zones.files)

    def variant(self, name, before=()):
        """An Unbound, configured as a site has it."""
        self.made += 1
        folder = self.folder / f"{self.made}-{name.replace(' ', '-')}"
        return resolver.Resolver(
            folder, dict.fromkeys(self.zones.files, self.authority.server),
            anchors=self.zones.anchors.values(),
            order=resolver.ORDER if name == MODULE else WITHOUT,
            threads=self.threads,
            conf=f'metrics-file: "{folder}/mailauth.prom"\n'
                 "allow-documentation: yes\n",
            before=["taskset", "-c", str(self.core), *before])

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.authority.stop()


def warm(unbound, text):
    """Have the answers in the cache; each fits into a datagram."""
    for line in text.splitlines():
        name, rrtype = line.split()
        response = unbound.ask(name, rrtype, dnssec=False, timeout=60)
        assert response.rcode() == 0 and response.answer, response
        assert len(response.to_wire()) <= 512, response
        assert unbound.ask(name, rrtype).flags & lab.dns.flags.AD, line


def ask(unbound, folder, text, times, threads, outstanding=100):
    """A burst of questions; the rate, and how many there were."""
    questions = folder / "questions"
    questions.write_text(text)
    done = subprocess.run(
        ["dnsperf", "-f", "inet", "-s", "127.0.0.1", "-p", str(unbound.port),
         "-d", str(questions), "-n", str(times), "-q", str(outstanding),
         "-c", str(1 if threads == 1 else 8 * threads), "-t", "30"],
        capture_output=True, encoding="utf-8", check=True,
        stdin=subprocess.DEVNULL)
    found = re.search(
        r"Queries completed: +(\d+) .*Queries lost: +0 .*"
        r"Response codes: +NOERROR \1 .*Queries per second: +([\d.]+)",
        done.stdout, re.DOTALL)
    assert found is not None, done.stdout + done.stderr
    return float(found[2]), int(found[1])


def has_module(unbound):
    return f'module-config: "{resolver.ORDER}"' in unbound.config.read_text()


def cpu(unbound):
    """Nanoseconds that the answering threads, and all threads, have run. The
    module starts its own before Unbound starts its second."""
    tasks = pathlib.Path(f"/proc/{unbound.process.pid}/task")
    ran = [int((tasks / str(task) / "schedstat").read_text().split()[0])
           for task in sorted(int(x.name) for x in tasks.iterdir())]
    own = ran[1] if has_module(unbound) else 0
    return sum(ran) - own, sum(ran)


def settle(unbound):
    """Wait until nothing is left to do: three looks in a row, with less than
    half a millisecond of work between them."""
    last, calm = cpu(unbound)[1], 0

    def is_calm():
        nonlocal last, calm
        now = cpu(unbound)[1]
        calm = calm + 1 if now - last < 500000 else 0
        last = now
        return calm >= 3

    lab.wait_until("an idle Unbound", is_calm, 60)


def measure(unbound, folder, text, times, threads, generation):
    """One burst to one variant."""
    worker, process = cpu(unbound)
    rate, count = ask(unbound, folder, text, times, threads)
    settle(unbound)
    now = cpu(unbound)
    return Burst(rate, (now[0] - worker) / count, (now[1] - process) / count,
                 generation)


def memory(unbound):
    """KiB in memory, and of these KiB that are no file's."""
    text = pathlib.Path(f"/proc/{unbound.process.pid}/status").read_text()
    return [int(re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)[1])
            for name in ("VmRSS", "RssAnon")]


class Run:
    """All bursts, and what is found by the way."""

    def __init__(self, args, world):
        self.args = args
        self.world = world
        self.bursts = {load: {v: [] for v in VARIANTS} for load in args.loads}
        self.memory = {v: [] for v in VARIANTS}
        self.watching = ""
        self.counters = collections.Counter()

    def generation(self, number, rounds):
        """New processes, and so many rounds of each load."""
        folder = self.world.folder
        with contextlib.ExitStack() as stack:
            # Not one of them always starts first.
            order = random.sample(VARIANTS, len(VARIANTS))
            running = {v: stack.enter_context(self.world.variant(v))
                       for v in order}
            for load in self.args.loads:
                if load in CACHED:
                    text = CACHED[load]
                    times = -(-self.args.queries // len(text.splitlines()))
                    for unbound in running.values():
                        warm(unbound, text)
                # The first round is a rehearsal.
                for i in range(rounds + 1):
                    if load == "cold":
                        first = i * self.args.cold
                        text = "".join(f"{cold_name(first + j)} TXT\n"
                                       for j in range(self.args.cold))
                        times = 1
                    for v in random.sample(VARIANTS, len(VARIANTS)):
                        burst = measure(running[v], folder, text, times,
                                        self.args.threads, number)
                        if i > 0:
                            self.bursts[load][v].append(burst)
            for v in VARIANTS:
                self.memory[v].append(memory(running[v]))
        found = re.search(r"mailauth: (watching .*)",
                          running[MODULE].daemon_text)
        assert found is not None, running[MODULE].daemon_text
        self.watching = found[1]
        metrics = running[MODULE].folder / "mailauth.prom"
        for name, value in re.findall(r"^(mailauth_\w+_total)(?:{.*})? (\d+)$",
                                      metrics.read_text(), re.MULTILINE):
            self.counters[name] += int(value)

    def ratios(self, load, field, of=MODULE):
        """A variant over the mean of the two without, round for round."""
        bursts = self.bursts[load]
        return [getattr(x, field) /
                statistics.mean((getattr(a, field), getattr(b, field)))
                for x, a, b in zip(bursts[of], *(bursts[v] for v in PLAIN))]

    def median(self, load, field, of):
        return statistics.median(
            getattr(x, field) for x in self.bursts[load][of])

    def interval(self, load, values):
        """Where 95 of 100 medians of such values, one a round, lie: by drawing
        generations again, since the rounds of one are of a kind."""
        draw = random.Random(1)
        groups = collections.defaultdict(list)
        for burst, value in zip(self.bursts[load][MODULE], values):
            groups[burst.generation].append(value)
        groups = list(groups.values())
        medians = sorted(
            statistics.median(sum(draw.choices(groups, k=len(groups)), []))
            for _ in range(2000))
        return medians[49], medians[1949]

    def noise(self, load, field):
        """How far from 1 the ratio of two equals may come to lie; or from the
        module's true one what was measured, when that is more."""
        a, b = (self.bursts[load][v] for v in PLAIN)
        low, high = self.interval(load, [getattr(x, field) / getattr(y, field)
                                         for x, y in zip(b, a)])
        least, most = self.interval(load, self.ratios(load, field))
        return max(abs(low - 1), abs(high - 1), (most - least) / 2)


def percent(run, load, field, variant):
    ratios = run.ratios(load, field, variant)
    low, high = run.interval(load, ratios)
    middle = (statistics.median(ratios) - 1) * 100
    return f"{middle:+6.1f} % ({(low - 1) * 100:+.1f} .. " \
           f"{(high - 1) * 100:+.1f})"


def tell_load(run, load):
    print(f"\n{TITLES[load]}\n"
          f"  {'':10}{'q/s':>8} {'ratio':>6}  "
          f"{'ns/reply: what answers':<34}all threads")
    for v in VARIANTS:
        ratio = statistics.median(run.ratios(load, "rate", v))
        line = f"  {v:10}{run.median(load, 'rate', v):8.0f} {ratio:6.3f}"
        for field in ("worker", "process"):
            line += f"  {run.median(load, field, v):6.0f} " \
                f"{percent(run, load, field, v):<25}"
        print(line.rstrip())
    for field, title in (("worker", "what answers"),
                         ("process", "all threads")):
        plain = statistics.mean(run.median(load, field, v) for v in PLAIN)
        more = statistics.median(run.ratios(load, field)) - 1
        print(f"  the module costs {title} {more * plain:+.0f} ns; noise "
              f"{run.noise(load, field) * plain:.0f} ns "
              f"({run.noise(load, field) * 100:.1f} %)")


def tell_memory(run):
    print(f"\nmemory\n  {run.watching}")
    plain = [statistics.mean(x[i] for v in PLAIN for x in run.memory[v])
             for i in range(2)]
    more = [statistics.mean(x[i] for x in run.memory[MODULE]) - plain[i]
            for i in range(2)]
    print(f"  in memory after the run: {plain[0]:.0f} KiB without it, "
          f"{more[0]:+.0f} KiB with it ({more[1]:+.0f} KiB no file's)")
    titles = {"replies": "replies counted", "log_lines": "lines logged",
              "dropped_replies": "replies dropped",
              "dropped_log_lines": "lines dropped"}
    print("  " + ", ".join(f"{run.counters[f'mailauth_{name}_total']} {title}"
                           for name, title in titles.items()))


# Instructions.

TOTAL = "all functions"


def instructions(world, variant, text, times):
    """What the answering threads run through from their start to their end, by
    function, when they have all answers cached and give so many."""
    out = world.folder / "callgrind"
    with world.variant(variant, before=(
            "valgrind", "--tool=callgrind", "--separate-threads=yes",
            f"--callgrind-out-file={out}", "-q")) as unbound:
        for load in CACHED.values():
            warm(unbound, load)
        if times > 0:
            ask(unbound, world.folder, text, times, world.threads, 20)
    # The module's thread is the second.
    threads = [path for path in sorted(world.folder.glob("callgrind-*"))
               if variant != MODULE or path.name != "callgrind-02"]
    found = collections.Counter()
    for path in threads:
        done = subprocess.run(
            ["callgrind_annotate", "--show-percs=no", "--auto=no",
             "--threshold=100", str(path)], capture_output=True,
            encoding="utf-8", check=True)
        # "1,234  FILE:FUNCTION [OBJECT]", once for each file that a part of
        # the function comes from; the object is not always there.
        for count, what in re.findall(r"^ *([\d,]+)  (\S.*)$", done.stdout,
                                      re.MULTILINE):
            name = re.search(r":([^:\s]+)(?: \[.*\])?$", what)
            if what == "PROGRAM TOTALS":
                found[TOTAL] += int(count.replace(",", ""))
            elif name is not None:
                found[name[1]] += int(count.replace(",", ""))
        path.unlink()
    assert found[TOTAL] > 0, list(world.folder.iterdir())
    return found


def count_instructions(world, args):
    """Instructions a reply, by load and variant, then by function."""
    loads = [load for load in args.loads if load in CACHED]
    found = {load: {} for load in loads}
    for variant in VARIANTS:
        start = instructions(world, variant, "", 0)
        for load in loads:
            times = -(-args.instructions // len(CACHED[load].splitlines()))
            replies = times * len(CACHED[load].splitlines())
            end = instructions(world, variant, CACHED[load], times)
            found[load][variant] = {
                name: (end[name] - start[name]) / replies
                for name in end.keys() | start.keys()}
    return found


def tell_instructions(found):
    print("\ninstructions a reply")
    for load, variants in found.items():
        plain = [variants[v][TOTAL] for v in PLAIN]
        mean = statistics.mean(plain)
        more = variants[MODULE][TOTAL] - mean
        print(f"  {load:6}{plain[0]:6.0f} and {plain[1]:.0f} without it, "
              f"{variants[MODULE][TOTAL]:.0f} with it: {more:+.0f}, "
              f"{more / mean * 100:+.1f} %")
        # What differs by function: mostly what is in the module itself.
        names = {name for v in variants.values() for name in v} - {TOTAL}
        differ = {name: variants[MODULE].get(name, 0) - statistics.mean(
            variants[v].get(name, 0) for v in PLAIN) for name in names}
        for name, count in sorted(differ.items(), key=lambda x: -abs(x[1])):
            if abs(count) >= 2:
                print(f"        {count:+6.0f} {name}")


# Goals.

def tell_goals(run):
    """A line a goal. Small goals are met by what is not more than noise; of
    the others it is said when noise may have decided."""
    print(f"\n{'goals':54}{'measured':>8} {'noise':>8}")
    for load, most in (("mail", MAIL_CPU), ("other", OTHER_CPU), ("cold", 0)):
        if load not in run.args.loads:
            continue
        more = (statistics.median(run.ratios(load, "worker")) - 1) * 100
        noise = run.noise(load, "worker") * 100
        verdict = ("met" if more <= most else "not met" if load == "mail" or
                   more > noise else "met: within noise")
        if load == "mail" and abs(more - most) < noise:
            verdict += ", by less than noise"
        title = f"{load}: CPU of what answers, at most {most:+.1f} %"
        title += "" if load == "mail" else " or noise"
        print(f"  {title:52}{more:+6.1f} % {noise:6.1f} %  {verdict}")
    for load in [x for x in run.args.loads if x != "other"]:
        rate = statistics.median(run.ratios(load, "rate"))
        noise = run.noise(load, "rate")
        least = MAIL_RATE if load == "mail" else 1.0
        verdict = ("met" if rate >= least else "not met" if load == "mail" or
                   rate < least - noise else "met: within noise")
        if load == "mail" and abs(rate - least) < noise:
            verdict += ", by less than noise"
        title = f"{load}: q/s, at least {least:.2f} of that without"
        title += "" if load == "mail" else ", or noise"
        print(f"  {title:52}{rate:8.3f} {noise:8.3f}  {verdict}")


def options():
    parser = argparse.ArgumentParser(
        description="What the module costs the resolver.")
    parser.add_argument("--rounds", type=int, default=45,
                        help="bursts to each variant (%(default)s)")
    parser.add_argument("--generations", type=int, default=15,
                        help="times that all is started anew (%(default)s)")
    parser.add_argument("--queries", type=int, default=72000,
                        help="questions of a burst, a twelfth of them when "
                        "they are misses (%(default)s)")
    parser.add_argument("--threads", type=int, default=1,
                        help="threads of each Unbound, all on one core "
                        "(%(default)s)")
    parser.add_argument("--instructions", type=int, default=12000,
                        help="replies that callgrind counts, 0 for none "
                        "(%(default)s)")
    parser.add_argument("--only", choices=TITLES, metavar="LOAD",
                        help="one of " + ", ".join(TITLES))
    parser.add_argument("--quick", action="store_true",
                        help="to see that it works, in half a minute")
    args = parser.parse_args()
    if args.quick:
        args.rounds, args.generations, args.instructions = 3, 1, 0
        args.queries = min(args.queries, 12000)
    args.loads = [args.only] if args.only else list(TITLES)
    args.cold = max(1, args.queries // 12)
    args.generations = min(args.generations, args.rounds)
    return args


def missing(args):
    """What is not here and needed."""
    for tool in ("dnsperf", "nsd", "ldns-signzone", "taskset"):
        if shutil.which(tool) is None:
            return tool
    if resolver.prefix() is None or not resolver.module_path().exists():
        return "a build with the module: ./configure --with-unbound=auto"
    if args.instructions > 0 and shutil.which("valgrind") is None:
        print("instructions are not counted: valgrind is not here")
        args.instructions = 0
    return None


def main():
    args = options()
    what = missing(args)
    if what is not None:
        sys.exit(f"bench_module.py: not here: {what}")
    resolvers, others = cores()
    os.sched_setaffinity(0, {others})
    each = [len(range(i, args.rounds, args.generations))
            for i in range(args.generations)]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mailauth-bench"))
    try:
        with World(folder, resolvers, args.threads,
                   (max(each) + 1) * args.cold) as world:
            run = Run(args, world)
            for number, rounds in enumerate(each):
                run.generation(number, rounds)
            counted = count_instructions(world, args) \
                if args.instructions > 0 else {}
    finally:
        shutil.rmtree(folder)
    print(f"{args.rounds} rounds, {args.generations} generations, "
          f"{args.queries} questions a burst, {args.cold} when they are "
          "misses")
    for load in args.loads:
        tell_load(run, load)
    if counted:
        tell_instructions(counted)
    tell_memory(run)
    tell_goals(run)


if __name__ == "__main__":
    main()
