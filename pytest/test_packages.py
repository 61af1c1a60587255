# test_packages.py - the Debian package is sound, and goes as it came
# SPDX-License-Identifier: BSD-3-Clause
"""The Debian package, made by tools/build-packages: lintian finds no error in it, and
a bare Debian installs it, runs it, and is as before once it is removed."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lab

# One worker makes the package.
pytestmark = pytest.mark.xdist_group("packages")

SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
# With Debian's own tools, Python among them.
PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}

# What is tried in the bare system. The files there are listed before and after.
IN_BARE = r"""
set -eu
files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var \
	    -o -path /dev -o -path /run \) -prune -o -print | sort
}
apt-get install -y -qq --no-install-recommends ca-certificates > /dev/null
apt-get install -y -qq --no-install-recommends --download-only /tmp/it.deb \
    > /dev/null
apt-get install -y -qq --no-install-recommends $(dpkg-deb -f /tmp/it.deb \
    Depends | sed 's/([^)]*)//g; s/,//g') > /dev/null
files > /tmp/before
apt-get install -y -qq --no-install-recommends /tmp/it.deb > /dev/null
echo "version: $(unbound-mailauth --version | head -n 1)"
cd /usr/share/doc/unbound-mailauth/examples/zones
code=0
unbound-mailauth check --no-dnssec --zone example.com=guide-corrected.zone \
    --selector altcraft --allow-documentation example.com > /tmp/out || code=$?
echo "check: $code $(head -n 1 /tmp/out)"
cd /
apt-get remove -y -qq unbound-mailauth > /dev/null
dpkg -s unbound-mailauth > /dev/null 2>&1 && echo "still there"
files > /tmp/after
echo "left: $(comm -13 /tmp/before /tmp/after | tr '\n' ' ')"
echo "gone: $(comm -23 /tmp/before /tmp/after | tr '\n' ' ')"
"""


def needs(*names):
    missing = [n for n in names if shutil.which(n, path=PATH["PATH"]) is None]
    return pytest.mark.skipif(bool(missing), reason=f"no {', '.join(missing)}")


def run(*command, **options):
    return subprocess.run(command, env=PATH, capture_output=True,
                          encoding="utf-8", timeout=900, **options)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    made = run(lab.ROOT / "tools/build-packages", folder)
    assert made.returncode == 0, made.stderr
    path = Path(made.stdout.strip())
    assert [path] == list(folder.iterdir())
    return path


@needs("dpkg-buildpackage", "dh", "lintian")
def test_lintian_finds_no_error(package):
    found = run("lintian", "--allow-root", "--fail-on", "error", package)
    assert found.returncode == 0, found.stdout
    assert not [r for r in found.stdout.splitlines() if r.startswith("E:")]


@needs("dpkg-buildpackage", "dh", "mmdebstrap")
@pytest.mark.skipif(not SOURCES.exists(), reason=f"no {SOURCES}")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may")
def test_a_bare_system_installs_and_removes_it(package, tmp_path):
    script = tmp_path / "try"
    script.write_text(IN_BARE)
    bare = run(
        "mmdebstrap", "--quiet", "--variant=minbase",
        f"--customize-hook=copy-in {script} /tmp",
        f'--customize-hook=cp {package} "$1"/tmp/it.deb',
        f'--customize-hook=chroot "$1" sh /tmp/try > {tmp_path}/said',
        "bookworm", "/dev/null", SOURCES)
    assert bare.returncode == 0, bare.stderr
    said = dict(row.split(": ", 1) for row in
                (tmp_path / "said").read_text().splitlines() if ": " in row)
    assert said["version"].startswith("unbound-mailauth ")
    assert said["check"].startswith("0 "), said
    assert (said["left"], said["gone"]) == ("", "")


@pytest.mark.parametrize("words", [[], ["--help"], ["a", "b"]])
def test_wrong_use_is_told(words):
    used = run(lab.ROOT / "tools/build-packages", *words)
    assert used.returncode == 64 and "tools/build-packages FOLDER" in used.stderr


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
