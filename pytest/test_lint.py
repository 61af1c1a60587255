# test_lint.py - zone files judged as a whole
# SPDX-License-Identifier: BSD-3-Clause
"""The zones of testdata/lint, and what lint prints of them; what may be given
in place of a file; how large a zone may be.

To write the expected outputs anew: REGEN=1."""
import os
import pathlib
import time

import pytest

import lab

FOLDER = lab.ROOT / "testdata" / "lint"

HEAD = """$ORIGIN a.example.
@ 3600 SOA ns.a.example. h.a.example. 1 2 3 4 5
@ 3600 NS ns.a.example.
ns 3600 A 9.9.9.9
"""
BROKEN = HEAD + '@ 3600 TXT "v=spf1 ip4:1.2.3.444 -all"\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(program, *args, **kwargs):
    return program("lint", *args, **kwargs)


def places(result, code):
    """FILE:LINE:COLUMN of the findings of a code."""
    return [line.split(": ")[0] for line in result.out.splitlines()
            if line.endswith(f"[{code}]")]


@pytest.mark.parametrize("name, code", [("broken.example", 2),
                                        ("sound.example", 0)])
def test_zones(program, monkeypatch, name, code):
    """What is printed of a zone, line by line."""
    monkeypatch.chdir(FOLDER)
    result = lint(program, f"{name}.zone")
    if os.environ.get("REGEN"):
        pathlib.Path(f"{name}.txt").write_text(result.out)
    assert result.out == pathlib.Path(f"{name}.txt").read_text()
    assert result.code == code


def test_folder(program, folder):
    """Files are found below a folder; names tell them from others."""
    (folder / "zones/more").mkdir(parents=True)
    (folder / "zones/a.example.zone").write_text(BROKEN)
    (folder / "zones/more/db.b.example").write_text(
        BROKEN.replace("a.example", "b.example"))
    (folder / "zones/notes.txt").write_text("no zone")
    result = lint(program, "zones")
    assert places(result, "spf-ip4-bad-address") == [
        "zones/a.example.zone:5:24", "zones/more/db.b.example:5:24"]
    assert result.out.splitlines()[-1].startswith("2 zones, 2 mail names: ")
    assert result.code == 2


def test_many(program, folder):
    """Findings of a large zone are bounded: warnings leave room for failures,
    and a name that was not judged has not passed."""
    line = "x 3600 TXT v=spf1 -all\n"
    warning = "x 3600 CH TXT y\n"
    (folder / "a.example.zone").write_text(
        HEAD + warning * 85000 + line + '@ 3600 TXT "v=spf1 -al"\n')
    result = lint(program, "a.example.zone")
    assert result.code == 2
    assert len(places(result, "zone-class")) == 80000
    assert "only failures are shown any more [limit-reached]" in result.out
    assert places(result, "zone-unquoted") == ["a.example.zone:85005:12"]
    assert places(result, "spf-unknown-mechanism") == [
        "a.example.zone:85006:20"]
    (folder / "a.example.zone").write_text(
        HEAD + line * 100001 + '@ 3600 TXT "v=spf1 -all"\n')
    result = lint(program, "--format", "ndjson", "a.example.zone")
    assert result.code == 2
    assert "100,000 findings are shown" in result.out
    assert ('{"object":"name","name":"a.example.","zone":"a.example.",'
            '"role":null,"result":"temperror"}') in result.out


def test_left_out(program, folder):
    """A folder as people have it: copies, journals and what BIND comes with are
    left out, which is said in one line."""
    (folder / "z/.git").mkdir(parents=True)
    for name in "db.root", "db.local", "db.empty", "db.a.example~", \
            "db.a.example.jnl", "db.a.example.bak", "a.example.zone.signed", \
            ".git/x.zone":
        (folder / "z" / name).write_bytes(b"\0")
    for name in "named.conf", "zones.rfc1918", "README.md":
        (folder / "z" / name).write_text("no zone")
    local = "@ 60 SOA localhost. root.localhost. 1 2 3 4 5\n@ NS localhost.\n"
    for name in "db.0", "db.127", "db.255":
        (folder / "z" / name).write_text(local)
    (folder / "z/a.example.zone").write_text(HEAD)
    (folder / "z/b.example.zone.signed").write_text(
        HEAD.replace("a.example", "b.example"))
    result = lint(program, "z")
    assert result.err.count("\n") == 1
    assert "z: 7 files are left out, as copies, " in result.err
    assert "a.example.zone.signed, db.a.example.bak, " in result.err
    assert result.out == "5 zones, 0 mail names: 0 failures, 0 warnings\n"
    assert result.code == 0
    (folder / "z/sub").mkdir()
    (folder / "z/sub/db.root").write_text("x")
    result = lint(program, "z/sub")
    assert "no file in it is called" in result.err
    assert result.code == 66
    # A file that is named is read.
    assert lint(program, "z/db.a.example~").code == 2


def test_only(program, folder):
    """Kinds are chosen as for check; a server goes with --online."""
    (folder / "a.example.zone").write_text(BROKEN)
    assert lint(program, "--only", "dmarc", "a.example.zone").out.count(
        "spf-ip4-bad-address") == 0
    assert lint(program, "--only", "spf", "a.example.zone").code == 2
    result = lint(program, "--server", "127.0.0.1", "a.example.zone")
    assert "it goes with --online" in result.err
    assert result.code == 64


def test_unreadable_file(program, folder):
    """A file of a folder that cannot be read is said; the rest is judged, and
    what is in the file is not known."""
    (folder / "z").mkdir()
    (folder / "z/a.example.zone").write_text(HEAD)
    (folder / "z/b.example.zone").symlink_to("nowhere")
    result = lint(program, "z")
    assert "z/b.example.zone: No such file or directory" in result.err
    assert "1 zone" in result.out
    assert result.code == 3
    assert lint(program, "no-such.zone").code == 66


def test_oversized_file(program, folder):
    """A file over the limit is a finding, not known, and the rest is judged; by
    itself, and for a change, there is nothing to judge."""
    (folder / "z").mkdir()
    (folder / "z/a.example.zone").write_text(BROKEN)
    with open(folder / "z/b.example.zone", "wb") as file:
        file.truncate(1 << 31)
    result = lint(program, "z")
    assert "z/b.example.zone: warn: " in result.out
    assert "512 MiB" in result.out and "[zone-unread]" in result.out
    assert "spf-ip4-bad-address" in result.out
    (folder / "z/a.example.zone").write_text(HEAD)
    result = lint(program, "--format", "json", "z")
    assert result.code == 3 and '"zone-unread"' in result.out
    for args in (["z/b.example.zone"], ["--diff", "z", "z/a.example.zone"],
                 ["--diff", "z/a.example.zone", "z"]):
        result = lint(program, *args)
        assert result.code == 66 and result.out == ""
        assert result.err.count("\n") == 1 and "512 MiB" in result.err


@pytest.mark.parametrize("text, code", [
    (b"\x7fELF\x00\x01", "zone-not-text"),
    (b"", "zone-empty"),
    (b"; a comment\n", "zone-soa-missing"),
    (b"@ MX (\n" * 1000, "zone-parenthesis"),
    (b"\\" * 5000, "zone-syntax"),
    (b"$INCLUDE a.example.zone\n", "zone-include"),
    (b"$GENERATE 0-4294967295 h$ A 1.2.3.4\n", "zone-soa-missing"),
    (b"x TXT \"" + b"A" * 70000 + b"\"\n", "zone-rdata"),
    (b"a." * 200 + b" A 1.2.3.4\n", "zone-syntax"),
])
def test_bad_input(program, folder, text, code):
    """Nothing that a file may have ends the program."""
    (folder / "a.example.zone").write_bytes(text)
    result = lint(program, "a.example.zone", "--format", "json")
    assert code in {f["code"] for f in result.json["findings"]}
    assert result.code == 2


def test_standard_input(program, folder):
    """A transfer as dig prints it: comments, and the SOA record twice."""
    soa = ("a.example.\t3600\tIN\tSOA\tns.a.example. h.a.example. "
           "1 2 3 4 5\n")
    text = ("\n; <<>> DiG 9.18 <<>> axfr a.example @127.0.0.1\n"
            ";; global options: +cmd\n" + soa +
            'a.example.\t3600\tIN\tTXT\t"v=spf1 -all"\n'
            "a.example.\t3600\tIN\tNS\tns.a.example.\n"
            "ns.a.example.\t3600\tIN\tA\t9.9.9.9\n" + soa +
            ";; Query time: 0 msec\n;; XFR size: 5 records\n")
    result = lint(program, "-", text=text)
    assert "zone-" not in result.out
    assert result.out.splitlines()[-1].startswith("1 zone, 1 mail name: ")


@pytest.mark.parametrize("text, code", [
    ("", "zone-transfer"),
    ("\n \n", "zone-transfer"),
    ("ns.a.example. h.a.example. 1 2 3 4 5\n10 a.example.\n",
     "zone-transfer"),
    ("; Transfer failed.\n", "zone-transfer"),
    ("a.example. 60 IN SOA n. h. 1 2 3 4 5\n", "zone-transfer-cut"),
    ("a.example.\t60\tIN\tSOA\tn. h. 1 2 3 4 5\n"
     "a.example.\t60\tIN\tNS\tn.\n"
     'a.example.\t60\tIN\tTXT\t"a; b"\n', "zone-transfer-cut"),
])
def test_no_transfer(program, folder, text, code):
    """What a tool prints when a transfer fails or breaks does not pass: one
    line says what it is."""
    result = lint(program, "-", text=text)
    assert len([x for x in result.out.splitlines() if f"[{code}]" in x]) == 1
    assert result.out.count(": warn: ") == 1 and "fail:" not in result.out
    assert result.code == 3


@pytest.mark.parametrize("text", [
    HEAD,
    HEAD.replace("$ORIGIN a.example.\n@", "a.example."),
    "; a comment\na.example. 60 IN SOA n. h. 1 2 3 4 5\n"
    "a.example. 60 IN NS n.\n",
    "a.example. 60 IN SOA n. h. 1 2 3 4 5\na.example. 60 IN NS n.\n"
    "a.example. 60 IN SOA n. h. 1 2 3 4 5\n",
])
def test_piped_zone(program, folder, text):
    """A zone that somebody wrote has one SOA record."""
    result = lint(program, "-", text=text)
    assert "zone-transfer" not in result.out
    assert result.code == 0


def test_named_zone(program, folder):
    """NAME=FILE names a zone whose file does not."""
    (folder / "export.txt").write_text(
        "@ 3600 SOA ns h 1 2 3 4 5\n@ 3600 NS ns\n"
        '@ 3600 TXT "v=spf1 ip4:1.2.3.444 -all"\n')
    result = lint(program, "b.example=export.txt")
    assert "b.example. (" in result.out
    assert places(result, "spf-ip4-bad-address") == ["export.txt:3:24"]


def test_zones_see_each_other(program, folder):
    """SPF leads from zone to zone; what leads out is listed."""
    (folder / "a.example.zone").write_text(
        HEAD + '@ 3600 TXT "v=spf1 include:b.example include:c.example '
        '-all"\n')
    (folder / "b.example.zone").write_text(
        HEAD.replace("a.example", "b.example"))
    result = lint(program, "a.example.zone", "b.example.zone", "--format",
                  "json")
    found = {f["code"]: f for f in result.json["findings"]}
    assert "spf-include-target-none" in found
    assert "c.example" in found["dns-offline"]["message"]
    assert found["dns-offline"]["severity"] == "info"


def test_many_records(program, folder):
    """Time and memory of a large zone have bounds."""
    with open("a.example.zone", "w") as f:
        f.write(HEAD)
        for i in range(100000):
            f.write(f"h{i} 3600 A 9.9.{i // 256 % 256}.{i % 256}\n")
        for i in range(2000):
            f.write(f"d{i} 3600 MX 10 ns\n")
    start = time.monotonic()
    result = lint(program, "a.example.zone", "--level", "fail")
    assert time.monotonic() - start < 60
    assert "1 zone, 2000 mail names: " in result.out


def test_diff_outside(program, folder):
    """What moves outside of the zones is one line each, and says how to know
    more."""
    pathlib.Path("old.zone").write_text(
        HEAD + '@ 3600 TXT "v=spf1 include:b.example -all"\n'
        "@ 3600 MX 10 mx.b.example.\n")
    pathlib.Path("new.zone").write_text(
        HEAD + '@ 3600 TXT "v=spf1 include:c.example -all"\n'
        "@ 3600 MX 10 mx.c.example.\n")
    result = lint(program, "--diff", "old.zone", "new.zone")
    assert "now mx.c.example., no longer mx.b.example. [diff-mx" in result.out
    assert result.out.count("--online looks it up\n") == 2
    for name in "bc":
        assert result.out.count(
            f"what {name}.example. lists, which was not looked up") == 1


def test_diff_with_nothing(program, tmp_path):
    """Without zones before the change there is no change to judge."""
    (tmp_path / "empty").mkdir()
    for old in "gone", "empty":
        result = lint(program, "--diff", tmp_path / old,
                      FOLDER / "sound.example.zone")
        assert result.code == 66
        assert result.out == "" and len(result.err.splitlines()) == 1
