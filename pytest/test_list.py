# test_list.py - many domains: lists, and what happens on the way
# SPDX-License-Identifier: BSD-3-Clause
"""A list is read line by line; a bad line loses nothing else, a slow domain
delays nobody, and what could not be told is asked again."""
import json
import os
import pty
import subprocess
import threading
import time

import dns.flags
import dns.rcode
import dns.rrset
import jsonschema
import pytest

import lab

SCHEMA = json.loads((lab.ROOT / "schema/check.schema.json").read_text())


@pytest.fixture(name="many")
def many_names(zones):
    """A zone with names d0, d1, ... that send no mail, of which each fifth
    lets everybody send."""
    zone = lab.Zone.empty("many.example")
    for i in range(400):
        zone.add(f'd{i} TXT "v=spf1 {"+" if i % 5 == 0 else "-"}all"')
    zone.add('xn--bcher-kva TXT "v=spf1 -all"')
    zones.write(zone)
    return [*zones.args, "--only", "spf"]


def run(program, args, text, **kwargs):
    """Check a list given on standard input, as NDJSON."""
    return program("check", "--list", "-", "--format", "ndjson", *args,
                   text=text, **kwargs)


def domains(result):
    return [o["domain"] for o in result.objects]


def complaints(result):
    return [x for x in result.err.splitlines()
            if x.startswith("unbound-mailauth: ")]


# Lines.

def test_lines(program, many):
    result = run(program, many, "\ufeff# customers\r\n"
                 "d1.many.example\r\n\r\n"
                 "  d2.many.example \t selector=s1 # the second\r\n"
                 "b\u00fccher.many.example\n"
                 "d3.many.example")
    assert sorted(domains(result)) == [
        "d1.many.example", "d2.many.example", "d3.many.example",
        "xn--bcher-kva.many.example"]
    assert result.code == lab.PASS and not complaints(result)


def test_bad_lines_lose_nothing_else(program, many):
    good = [f"d{i}.many.example" for i in range(20)]
    bad = ["d..many.example", "joe@many.example", "http://many.example/",
           "d1.many.example selctor=s", "d1.many.example d2.many.example",
           "d1.many.example,d2.many.example", "d1.many.example selector",
           "d1.many.example ip=1.2.3", "d1.many.example role=nobody",
           "d1.many.example settings=x", "d1.many.example selector=-",
           "d1.many.example \x00", "x" * 70000, "d1.many.example =x"]
    lines = [line for pair in zip(good, bad) for line in pair] + \
        good[len(bad):]
    result = run(program, many, "\n".join(lines) + "\n")
    assert result.code == lab.USE
    assert sorted(o["domain"] for o in result.objects if "error" not in o) \
        == sorted(good)
    assert sorted(o["line"] for o in result.objects if "error" in o) == \
        [2 * i + 2 for i in range(len(bad))]
    for one in result.objects:
        jsonschema.validate(one, SCHEMA)
    told = complaints(result)
    assert len(told) == len(bad)
    for i, line in enumerate(told):
        assert line.startswith(f"unbound-mailauth: standard input:{2*i + 2}: ")
    words = ["empty label", "give the domain alone", "this is a URL",
             "did you mean selector", "a line of its own", "for columns",
             "it needs a value", "not an IP address", "no such role",
             "for all domains", "not a selector", "octet 0", "65536 octets",
             "no such option"]
    assert all(w in line for w, line in zip(words, told)), told


@pytest.mark.parametrize("line, args, code", [
    ("d0.many.example", [], lab.FAIL),
    ("d1.many.example", [], lab.PASS),
    ("d1.many.example only=spf,dmarc role=mail", [], lab.FAIL),
    ("d1.many.example --role=mail", [], lab.FAIL),
    ("d1.many.example", ["--role", "mail"], lab.FAIL),
    # The line wins.
    ("d1.many.example role=no-mail", ["--role", "mail"], lab.PASS),
    ("d1.many.example sender=mx.many.example=192.0.2.1", [], lab.FAIL),
])
def test_options_of_a_line(program, many, line, args, code):
    assert run(program, [*many, *args], line).code == code


def test_lists_of_a_line_replace(program, zones):
    zone = lab.Zone.empty("many.example")
    zone.add('d1 TXT "v=spf1 -all"')
    zones.write(zone)
    result = run(program, [*zones.args, "--selector", "all", "--profile",
                           "rfc"],
                 "d1.many.example selector=a,b selector=c\nd1.many.example\n")
    asked = {tuple(sorted(r["name"].split(".")[0] for r in o["records"]
                          if r["kind"] == "dkim")) for o in result.objects}
    assert asked == {("a", "b", "c"), ("all",)}


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_csv(program, many, comma):
    rows = [["Customer", "Domain", "role", "Allow Documentation"],
            ['"Joe ""the mail"" Doe"', "d1.many.example", "mail", "yes"],
            ["A", '"d2.many.example"', "", "no"],
            ['"# of B"', "d3.many.example"], ["", "", "", ""], [],
            ['"two\nlines"', "d4.many.example", "no-mail", ""]]
    text = "\r\n".join(comma.join(r) for r in rows) + "\r\n"
    result = run(program, [*many, "--in-order"], text)
    assert domains(result) == [f"d{i}.many.example" for i in (1, 2, 3, 4)]
    assert not complaints(result)
    assert [o["verdict"] for o in result.objects] == \
        ["fail", "pass", "pass", "pass"]


def test_csv_bad_rows(program, many):
    result = run(program, [*many, "--in-order"],
                 "domain,note\nd1.many.example,x,y\n,x\n"
                 'd2.many.example,"open\nd3.many.example,x\n'
                 'd4.many.example,"a" b\nd5.many.example,"a"\n'
                 "d6.many.example\n")
    assert [o["domain"] for o in result.objects if "error" not in o] == \
        [f"d{i}.many.example" for i in (3, 5, 6)]
    assert [line.split(":")[2] for line in complaints(result)] == \
        ["2", "3", "4", "6"]
    assert result.code == lab.USE


def test_csv_header_with_a_slip(program, many):
    result = run(program, many, "domain,selectors\nd1.many.example,s1\n")
    assert result.code == lab.USE and result.out == ""
    assert "selectors: there is no such column; did you mean selector?" in \
        result.err


# Use.

def test_wrong_use(program, tmp_path):
    (tmp_path / "empty").write_text("# nothing\n\n")
    (tmp_path / "wide").write_bytes("d.example\n".encode("utf-16"))
    for args, code, words in [
            (["--list", tmp_path / "none"], lab.INPUT, "No such file"),
            (["--list", tmp_path], lab.INPUT, "directory"),
            (["--list", tmp_path / "wide"], lab.INPUT, "UTF-16"),
            (["--list", tmp_path / "empty"], lab.TEMPERROR,
             "there is no domain in it"),
            (["--list", "-", "d.example"], lab.USE, "not both"),
            (["--retry", "2", "d.example"], lab.USE, "--list FILE"),
            (["--in-order", "d.example"], lab.USE, "--list FILE"),
            (["--retry", "x", "--list", "-"], lab.USE, "number up to 100"),
            (["--retry", "101", "--list", "-"], lab.USE, "number up to 100"),
            (["-"], lab.USE, "--list -")]:
        for command in ("check", "spf", "dmarc"):
            result = program(command, *args)
            assert result.code == code
            assert words in result.err and len(result.err.splitlines()) == 1


def test_json_of_a_list_is_one_array(program, many):
    result = program("check", "--list", "-", "--format", "json", *many,
                     text="d1.many.example\n")
    one, = json.loads(result.out)
    assert one["domain"] == "d1.many.example"
    result = program("check", "--list", "-", "--format", "json", *many,
                     text="")
    assert json.loads(result.out) == []


# Order and time.

def test_in_order(program, many):
    names = [f"d{(i * 7) % 400}.many.example" for i in range(400)]
    names[17] = "d..many.example"
    text = "\n".join(names)
    result = run(program, [*many, "--in-order"], text)
    assert domains(result) == names
    assert sorted(domains(run(program, many, text))) == sorted(names)


class Slow:
    """Answers what is under many.example, but never what is under slow, and
    under once only after some queries have failed."""

    def __init__(self):
        self.failed = set()

    def __call__(self, query, response):
        question = query.question[0]
        name = question.name.to_text().lower()
        if "slow" in name:
            return None
        if "once" in name and len(self.failed) < 1000 and \
                not self.whole(name):
            response.set_rcode(dns.rcode.SERVFAIL)
            return response
        response.flags |= dns.flags.RA
        if question.rdtype == 16 and name.startswith("d"):
            response.answer.append(dns.rrset.from_text(
                question.name, 60, "IN", "TXT", '"v=spf1 -all"'))
        else:
            response.authority.append(dns.rrset.from_text(
                question.name.split(min(3, len(question.name)))[1], 60,
                "IN", "SOA",
                "a. b. 1 2 3 4 60"))
        return response

    mended = threading.Event()

    def whole(self, name):
        del name
        return self.mended.is_set()


@pytest.fixture(name="server")
def slow_server():
    answer = Slow()
    answer.mended.clear()
    with lab.Misbehaving(answer) as server:
        server.mended = answer.mended
        yield server


def live(server):
    return ["--server", server.server, "--no-dnssec", "--only", "spf",
            "--timeout", "4"]


def test_a_slow_domain_delays_nobody(program, server):
    """The others, which are among them and behind them, are there before them.
    With more of them than checks at a time: test_engine.c."""
    slow = [f"d{i}.slow.example" for i in range(3)]
    quick = [f"d{i}.many.example" for i in range(40)]
    started = time.monotonic()
    done = subprocess.Popen(
        [str(program.path), "check", "--list", "-", "--format", "ndjson",
         *live(server), "--timeout", "9"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    done.stdin.write("\n".join(
        [x for pair in zip(quick, slow) for x in pair] + quick[3:]))
    done.stdin.close()
    at = {}
    for line in done.stdout:
        at[json.loads(line)["domain"]] = time.monotonic() - started
    assert done.wait() == lab.TEMPERROR
    assert set(at) == set(slow + quick)
    assert max(at[d] for d in quick) < min(at[d] for d in slow)


def test_results_come_while_the_list_is_written(program, many):
    done = subprocess.Popen(
        [str(program.path), "check", "--list", "-", "--format", "ndjson",
         *map(str, many)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="utf-8", bufsize=1)
    for i in range(3):
        done.stdin.write(f"d{i + 1}.many.example\n")
        done.stdin.flush()
        assert json.loads(done.stdout.readline())["domain"] == \
            f"d{i + 1}.many.example"
    done.stdin.close()
    assert done.stdout.read() == "" and done.wait() == lab.PASS


def test_retry(program, server):
    """What could not be told is asked again at the end."""
    names = ["d1.once.example", "d2.many.example"]
    result = run(program, live(server), "\n".join(names))
    assert result.code == lab.TEMPERROR
    # It is never mended: two pauses, and the last result counts.
    result = run(program, [*live(server), "--retry", "2"], "\n".join(names))
    assert result.code == lab.TEMPERROR
    assert domains(result) == names[::-1]
    timer = threading.Timer(1, server.mended.set)
    timer.start()
    result = run(program, [*live(server), "--retry", "3"], "\n".join(names))
    timer.join()
    assert domains(result) == names[::-1]
    assert result.code == lab.PASS


def peak(program, args, text, tmp_path):
    """The largest memory of a run, KiB."""
    path = tmp_path / "list"
    path.write_text(text)
    done = subprocess.Popen(
        [str(program.path), "check", "--list", str(path), "--format",
         "ndjson", *map(str, args)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(done.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1, 2)
    return usage.ru_maxrss


def test_memory_is_bounded(program, many, tmp_path):
    if b"__asan_init" in program.path.read_bytes():
        pytest.skip("a sanitizer keeps memory")
    line = "\n".join(f"d{i}.many.example" for i in range(400)) + "\n"
    small = peak(program, many, line, tmp_path)
    assert peak(program, many, line * 15, tmp_path) < small + 1500


# What is said at the end, and on the way.

def test_summary(program, many):
    text = "\n".join(f"d{i}.many.example" for i in range(100)) + "\na..b\n"
    result = run(program, many, text)
    told = result.err.splitlines()
    assert told[1].startswith("101 domains in ")
    assert told[1].endswith(
        " s: 80 pass, 0 warn, 20 fail, 0 could not tell, 1 refused")
    assert told[2].startswith("most frequent: ")
    assert told[3].startswith("failed: d") and len(told) == 4
    text = program("check", "--list", "-", *many, text=text)
    assert len(text.err.splitlines()) == 1
    assert text.out.splitlines()[-3:-2] != [] and \
        text.out.splitlines()[-3].startswith("101 domains in ")
    quiet = run(program, [*many, "-q"], "d1.many.example")
    assert (quiet.out, quiet.err, quiet.code) == ("", "", lab.PASS)


def on_terminal(program, args, text, out):
    """What standard error is, as a terminal."""
    master, slave = pty.openpty()
    done = subprocess.Popen(
        [str(program.path), *map(str, args)], stdin=subprocess.PIPE,
        stdout=out if out is not None else slave, stderr=slave,
        env={"TERM": "xterm", "PATH": os.environ["PATH"]})
    os.close(slave)
    done.stdin.write(text.encode())
    done.stdin.close()
    seen = b""
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    os.close(master)
    done.wait()
    return seen.decode()


def test_progress_on_a_terminal(program, many, tmp_path):
    path = tmp_path / "list"
    path.write_text("".join(f"d{i}.many.example\n" for i in range(400)))
    args = ["check", "--list", path, "--format", "ndjson", *many]
    seen = on_terminal(program, args, "", subprocess.DEVNULL)
    assert "\r1 of 400   " in seen and "/s" in seen and "  fail " in seen
    # It is gone at the end.
    assert "\r\x1b[K400 domains in " in seen
    # Reports on the same terminal take its place.
    seen = on_terminal(program, args, "", None)
    assert all(line.lstrip("\r").startswith(("{", "\x1b[K{", "\x1b[K4", "most",
                                             "failed", ""))
               for line in seen.splitlines())
    seen = on_terminal(program, ["check", "--list", "-", "-q", *many],
                       "d1.many.example\n", subprocess.DEVNULL)
    assert seen == ""


# Other commands.

def test_spf_of_a_list(program, many):
    args = many[:-2]
    result = program("spf", "--list", "-", "--format", "ndjson", "--in-order",
                     *args, text="d1.many.example ip=192.0.2.1\n"
                     "d5.many.example\n"
                     "d5.many.example ip=2001:db8::1\n"
                     "d5.many.example ip=192.0.2.1,192.0.2.2\n"
                     "d1.many.example mail-from=joe\n"
                     "d5.many.example ip=192.0.2.1 "
                     "mail-from=joe@d1.many.example\n"
                     "example\n")
    assert [o.get("result") for o in result.objects] == \
        ["fail", None, "pass", None, None, "pass", None]
    assert result.objects[5]["mail_from"] == "joe@d1.many.example"
    assert [line.split(":")[2] for line in complaints(result)] == \
        ["4", "5", "7"]
    assert result.code == lab.USE


def test_dmarc_of_a_list(program, zones):
    zone = lab.Zone.empty("many.example")
    zone.add('_dmarc TXT "v=DMARC1; p=reject"')
    zones.write(zone)
    result = program("dmarc", "--list", "-", "--format", "ndjson",
                     "--in-order", *zones.args, "--allow-documentation",
                     text="many.example dkim=many.example\n"
                     "joe@a.many.example spf=b.many.example\n"
                     "many.example dkim=a.example\n"
                     "_dmarc.many.example\n")
    assert [o["alignment"]["result"]["rfc9989"] for o in result.objects[:3]] \
        == ["pass", "pass", "fail"]
    assert result.objects[3]["error"].endswith("dmarc many.example")
    assert result.code == lab.USE
