# bench.py - how long and how large a check is
# SPDX-License-Identifier: BSD-3-Clause
"""usage: bench.py PROGRAM SPAWN FLOOR QUESTIONS.so [TIMES]

Run by `make bench`. Everything is the process whole, from fork to exit.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import lab  # noqa: E402

program, spawn, floor, shim = map(os.path.abspath, sys.argv[1:5])
times = sys.argv[5] if len(sys.argv) > 5 else "101"


def run(*commands):
    """Median, lowest (ms) and peak (KiB) of each command."""
    done = subprocess.run([spawn, times, *commands], capture_output=True,
                          check=True, encoding="ascii")
    return [list(map(float, line.split())) for line in
            done.stdout.splitlines()]


def command(*args):
    return "exec " + " ".join(f"'{a}'" for a in map(str, args)) + " >/dev/null"


def main():
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


if __name__ == "__main__":
    main()
