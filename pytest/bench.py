# bench.py - how long and how large a check is
# SPDX-License-Identifier: BSD-3-Clause
"""usage: bench.py PROGRAM SPAWN FLOOR QUESTIONS.so CRITICAL [TIMES]

Run by `make bench`. Everything is the process whole, from fork to exit, but
for pyspf, where it is installed, which is asked again and again in one.
"""
import time
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import lab  # noqa: E402

program, spawn, floor, shim, critical = map(os.path.abspath, sys.argv[1:6])
times = sys.argv[6] if len(sys.argv) > 6 else "101"


def run(*commands):
    """Median, lowest (ms) and peak (KiB) of each command."""
    done = subprocess.run([spawn, times, *commands], capture_output=True,
                          check=True, encoding="ascii")
    return [list(map(float, line.split())) for line in
            done.stdout.splitlines()]


def command(*args):
    return "exec " + " ".join(f"'{a}'" for a in map(str, args)) + " >/dev/null"


# A sender with ten lookups, and the longest way through its records.
SPF_ZONE = lab.ROOT / "test/bench/spf.zone"
CLIENT, SENDER = "192.0.2.9", "joe@example.com"
CRITICAL = [("example.com", 16), ("_s.example.net", 16), ("example.org", 15),
            ("mx1.example.org", 1)]


def spf_records():
    """Name, type and data of each record."""
    return [line.split(None, 2) for line in SPF_ZONE.read_text().splitlines()
            if not line.startswith("#")]


def spf_world(zones, unsigned=()):
    """The records in zones below a signed root; the root's DS."""
    apexes = ("example.com", "example.net", "example.org")
    made = {name: lab.Zone.empty(name) for name in apexes}
    for name, rrtype, data in spf_records():
        apex = next(x for x in apexes if name.endswith(x))
        if rrtype == "TXT":
            data = " ".join(f'"{data[i:i + 250]}"'
                            for i in range(0, len(data), 250))
        made[apex].add(f"{name}. {rrtype} {data}"
                       + ("." if rrtype == "MX" else ""))
    return lab.world(zones, extra=[made[x] for x in apexes[1:]],
                     unsigned=unsigned, edit=lambda zone: zone.name == "example.com" and
                     setattr(zone, "lines", made["example.com"].lines))


def spf_cold(folder, keys, signed):
    """An evaluation with nothing in the cache, and its longest chain of
    questions, one after the other."""
    zones = lab.Zones(folder, keys)
    ds = spf_world(zones, () if signed else
                   ("example.com", "example.net", "example.org"))
    with lab.Authority(folder, zones.files) as authority:
        args = [program, "spf", "--ip", CLIENT, "--mail-from", SENDER,
                "--server", authority.server, "--ds", ds]
        result = subprocess.run(args, check=False, capture_output=True)
        state = b"DNSSEC secure" if signed else b"not signed"
        assert result.returncode == lab.FAIL and state in result.stdout and \
            b"lookups 10 of 10" in result.stdout, result.stdout
        (wall, low, peak), = run(command(*args))
        done = subprocess.run(
            [critical, authority.server, ds, CLIENT, SENDER, times],
            input="".join(f"{name} {rrtype}\n" for name, rrtype in CRITICAL),
            capture_output=True, check=True, encoding="ascii")
    own, bare, ratio = map(float, done.stdout.split())
    what = "signed" if signed else "unsigned"
    print(f"spf --server, cold, {what:13}"
          f"{wall:8.2f} ms median, {low:.2f} ms lowest, "
          f"{peak / 1024:.1f} MiB peak")
    print(f"  from question to result        {own:8.2f} ms median")
    print(f"  bare libunbound, {len(CRITICAL)} in a row   {bare:8.2f} ms median")
    print(f"  ratio                          {ratio:8.2f}")


def explain(folder, keys):
    """A signed message of 20 KiB: everything looked up, nothing cached."""
    try:
        import mail
    except ImportError:
        print("explain is not measured: dkimpy is not here")
        return
    zones = lab.Zones(folder, keys)
    ds = lab.world(zones, edit=lambda zone: zone.name == "example.com" and
                   zone.add(mail.key_line("s1", "rsa-2048")))
    line = "All that was new in June, in one line after the other.\n"
    octets = mail.delivered(
        mail.sign(mail.message(body=line * (20480 // len(line)))),
        mail.DKIM_PASS, mail.SPF_PASS, mail.DMARC_PASS)
    message = folder / "message.eml"
    message.write_bytes(octets)
    with lab.Authority(folder, zones.files) as authority:
        args = [program, "explain", "--allow-documentation", "--server",
                authority.server, "--ds", ds, message]
        done = subprocess.run(args, check=False, capture_output=True)
        for words in (b"DNSSEC secure", b"  spf       pass",
                      b"  dkim      pass", b"result    dmarc pass"):
            assert words in done.stdout, done.stdout
        (wall, low, peak), = run(command(*args))
    print(f"explain, {len(octets) / 1024:.0f} KiB, cold           "
          f"{wall:8.2f} ms median, {low:.2f} ms lowest, "
          f"{peak / 1024:.1f} MiB peak")


def spf_peer(seconds=1.0):
    """pyspf, with the same answers at hand."""
    try:
        import spf
    except ImportError:
        print("  pyspf is not here")
        return
    table = {}
    for name, rrtype, data in spf_records():
        value = {"TXT": lambda d: (d.encode(),),
                 "MX": lambda d: (int(d.split()[0]), d.split()[1]),
                 "A": lambda d: d}[rrtype](data)
        table.setdefault((name, rrtype), []).append(
            ((name, rrtype), value))
    spf.DNSLookup = lambda name, rrtype, *a, **k: table.get(
        (name.rstrip(".").lower(), rrtype), [])
    begun, n = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        result = spf.check2(i=CLIENT, s=SENDER, h="mail.example.com")
        assert result[0] == "fail", result
        n += 1
    print(f"  pyspf, answers at hand         {n / seconds:8.0f}/s")


def suite(folder):
    """Case files of 1,000 small zones."""
    lab.small_zones(folder, 1000)
    (wall, low, peak), = run(command(program, "test", folder))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "test", "-q", folder], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (after.ru_utime + after.ru_stime - before.ru_utime
             - before.ru_stime)
    print(f"test, 1,000 zones                {wall:8.0f} ms median, "
          f"{low:.0f} ms lowest, {peak / 1024:.1f} MiB peak of a process, "
          f"{spent:.2f} s of processors")


def main():
    global times
    spf_peer()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mailauth-bench"))
    zones = lab.Zones(folder, lab.Keys(folder))
    for zone in zones.guide():
        zones.sign(zone)
    offline = command(program, "check", *lab.GUIDE, *zones.args, "example.com")
    (wall, low, peak), = run(offline)
    print(f"check --zone, signed             {wall:8.2f} ms median, "
          f"{low:.2f} ms lowest, {peak / 1024:.1f} MiB peak")

    zones = lab.Zones(folder, zones.keys)
    ds = lab.world(zones)
    with lab.Authority(folder, zones.files) as authority:
        args = [program, "check", *lab.GUIDE, "--server", authority.server,
                "--ds", ds, "example.com"]
        questions = folder / "questions"
        result = subprocess.run(
            args + ["--format", "json"], check=False, capture_output=True,
            env={**os.environ, "LD_PRELOAD": shim,
                 "QUESTIONS": str(questions)})
        assert result.returncode == lab.PASS, result.stdout
        # The first of them is the resolver's own, to see that it is ready.
        asked = [line for line in questions.read_text().splitlines()
                 if "example.com" in line or "arpa" in line
                 or line.split()[0] in (".", "com.")]
        questions.write_text("\n".join(asked) + "\n")
        config = folder / "floor.conf"
        config.write_text(
            "server:\n  do-not-query-localhost: no\n"
            f'  trust-anchor: "{ds}"\n'
            '  local-zone: "2.0.192.in-addr.arpa." nodefault\n'
            f'forward-zone:\n  name: "."\n  forward-addr: {authority.server}\n')
        (wall, low, peak), (fwall, flow, fpeak) = run(
            command(*args), f"exec '{floor}' '{config}' < '{questions}'"
            " >/dev/null")
    print(f"check --server, cold             {wall:8.2f} ms median, "
          f"{low:.2f} ms lowest, {peak / 1024:.1f} MiB peak")
    print(f"  bare libunbound, {len(asked)} questions  {fwall:8.2f} ms median, "
          f"{flow:.2f} ms lowest, {fpeak / 1024:.1f} MiB peak")
    print(f"  ratio                          {wall / fwall:8.2f}")
    for signed in (True, False):
        (folder / f"spf-{signed}").mkdir()
        spf_cold(folder / f"spf-{signed}", zones.keys, signed)
    (folder / "explain").mkdir()
    explain(folder / "explain", zones.keys)
    (folder / "suite").mkdir()
    times = str(min(int(times), 5))
    suite(folder / "suite")


if __name__ == "__main__":
    main()
