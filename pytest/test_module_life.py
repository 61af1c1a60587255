# test_module_life.py - the module in a resolver's life
# SPDX-License-Identifier: BSD-3-Clause
"""Configuration, targets, counters, reloads, and everything that goes wrong:
whatever it is, the resolver answers on."""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

import dns.rcode
import pytest

import lab
import resolver

pytestmark = resolver.needed

SPF = '"v=spf1 ip4:198.41.0.4 -all"'


@pytest.fixture(scope="module")
def authority():
    """Every name has an SPF record."""
    def answer(query, response):
        response.answer.append(dns.rrset.from_text(
            query.question[0].name, 300, "IN", "TXT", SPF))
        return response

    with lab.Misbehaving(answer, answer) as server:
        yield server


@pytest.fixture
def start(authority, tmp_path):
    """Starts a resolver in front of that authority; ends it at last."""
    started = []

    def one(**how):
        r = resolver.Resolver(tmp_path / f"unbound-{len(started)}",
                              {".": authority.server}, **how)
        started.append(r)
        return r

    yield one
    for r in started:
        r.stop()


# Names below example that Unbound answers itself: what is about the lines of
# many replies needs no authority for each of them.
OWN = f"""
  local-zone: "example." redirect
  local-data: 'example. TXT {SPF}'
"""


def asked_again():
    """How often questions are asked again from now on, when it is called."""
    before = resolver.flood.again
    return lambda: resolver.flood.again - before


def works(r, name="works.example"):
    """The resolver answers."""
    return r.ask(name).rcode() == dns.rcode.NOERROR


def said(r, text):
    """The thread that writes says so in Unbound's log, now or soon."""
    lab.wait_until(f"'{text}' in Unbound's log", lambda: text in r.daemon_text)


# Configuration.

BAD = [
    ("unknown: 1", "3: unknown: there is no such option"),
    ("log-format: xml", "3: expected is one of json, text"),
    ("kinds: spf dkin", "3: dkin: no kind of record that the module knows"),
    ("verdicts: bad", "3: bad: no verdict: valid, invalid, none, temperror, "
     "local-alias"),
    ("repeat-interval: -1", "3: expected is a number from 1 to 604800"),
    ("log-clients: some", "3: expected is one of no, prefix, full"),
    ("cache-size: 7", "3: expected is a size from 64"),
    ("buffer-size: 1k", "3: expected is a size from 524288"),
    ("strict: maybe", "3: expected is yes or no"),
    ('metrics-file: "x', "3: the quote does not end"),
    ("log-file", "3: log-file: a ':' is missing behind it"),
]


@pytest.mark.parametrize("line, why", BAD)
def test_wrong_line(program, start, line, why):
    """Told with file, line and reason, by the checker and in Unbound's log; the
    module does nothing then, and the resolver everything."""
    r = start(conf=line)
    assert f"mailauth.conf:{why}" in r.daemon_text
    assert "mailauth: disabled" in r.daemon_text
    assert works(r) and not r.log_path.exists()
    result = program("module-checkconf", r.conf_path)
    assert result.code == lab.INPUT
    assert result.err.startswith(
        f"unbound-mailauth: {r.conf_path}:{why}")


def test_wrong_line_when_strict(start):
    r = start(conf="strict: yes\nunknown: 1", start=False)
    r.start(ready=False)
    assert r.process.wait(60) == 1
    r.process = None
    assert "Unbound is not started: strict: yes" in r.daemon_text


def test_no_configuration_file(start):
    r = start(start=False)
    r.conf_path.unlink()
    r.start()
    assert works(r)
    assert "mailauth.conf: No such file or directory" in r.daemon_text


def test_defaults(start):
    """Without a configuration the log goes where Debian lets Unbound write."""
    r = start(configured=False)
    assert works(r)
    assert "watching 1 threads" in r.daemon_text


def test_strict_on_reload(start):
    """What would keep Unbound from starting does not end one that runs."""
    r = start(conf="strict: yes")
    assert works(r)
    r.configure("mailauth:\nnonsense\n")
    r.reload()
    assert works(r)
    assert "mailauth: disabled" in r.daemon_text
    r.configure(f'mailauth:\n\tlog-file: "{r.log_path}"\n\tstrict: yes\n')
    r.reload()
    r.ask("_dmarc.again.example")
    r.line("_dmarc.again.example.")


def test_checkconf_of_the_example(program):
    result = program("module-checkconf", lab.ROOT / "module/mailauth.conf")
    assert (result.code, result.err) == (0, "")
    assert "no errors" in result.out
    assert program("module-checkconf", "/nonexistent").code == lab.INPUT
    assert program("module-checkconf").code == lab.USE


def test_example_of_unbound(tmp_path):
    """unbound-checkconf takes the example, whether or not there is a user
    "unbound" here."""
    if not resolver.has_subnet():
        pytest.skip("this Unbound is built without subnetcache")
    example = tmp_path / "unbound.conf"
    example.write_text((lab.ROOT / "module/unbound.conf").read_text() +
                       'server:\n  username: ""\n')
    done = subprocess.run(
        [str(resolver.prefix() / "sbin/unbound-checkconf"), str(example)],
        capture_output=True, encoding="utf-8", check=False,
        env=resolver.environment())
    assert done.returncode == 0, done.stderr


# Filters and forms.

def test_kinds_and_verdicts(start):
    r = start(conf="kinds: spf\nverdicts: invalid temperror")
    r.ask("_dmarc.a.example")
    r.ask("valid.example")
    r.stop()
    assert not r.records()
    # Verdicts that are not logged are counted.
    stop = r.event("stop")
    assert (stop["replies"], stop["unrelated"]) == (1, 1)


def test_text_form(start):
    r = start(conf="log-format: text")
    r.ask("valid.example")
    r.ask("_dmarc.valid.example")
    r.stop()
    lines = r.log_path.read_text().splitlines()
    assert len(lines) == 4
    assert re.fullmatch(
        r"time=\S+Z event=start note=\"unbound-mailauth \S+ unbound \S+\"",
        lines[0])
    assert re.fullmatch(
        r"time=\S+Z source=fresh name=valid\.example\. type=TXT kind=spf "
        r"verdict=valid severity=notice outcome=found dnssec=indeterminate "
        r"rcode=NOERROR ttl=300 repeats=0 codes=[a-z0-9,-]+", lines[1])
    assert " event=stop replies=2 unrelated=0 dropped_replies=0 lines=3 " \
        in lines[3]


@pytest.mark.parametrize("conf, shown", [
    ("log-clients: no", None),
    ("log-clients: full", "127.0.0.1"),
    ("log-clients: prefix", "127.0.0.0/24"),
    ("log-clients: prefix\nclient-prefix-v4: 8", "127.0.0.0/8"),
    ("log-clients: prefix\nclient-prefix-v4: 0", "0.0.0.0/0")])
def test_clients(start, conf, shown):
    r = start(conf=conf)
    r.ask("valid.example")
    assert r.line("valid.example.").get("client") == shown


def test_repeats(start):
    """A content has one line in an interval, with how often it was met."""
    r = start(conf="repeat-interval: 2")
    for _ in range(10):
        r.ask("often.example")

    def is_told():
        r.ask("often.example")
        return len(r.records("often.example.", source="cache")) == 2

    lab.wait_until("the second line", is_told)
    first, second = r.records("often.example.", source="cache")
    assert first["repeats"] == 0 and second["repeats"] >= 8
    assert {**first, "repeats": 0, "time": 0, "ttl": 0} == \
        {**second, "repeats": 0, "time": 0, "ttl": 0}


# Targets.

class Reader:
    """A unix socket that reads lines, when it does."""

    def __init__(self, path, kind):
        self.path, self.kind = path, kind
        self.socket = socket.socket(socket.AF_UNIX, kind)
        self.socket.bind(str(path))
        self.socket.settimeout(60)
        self.connection = None
        if kind == socket.SOCK_STREAM:
            self.socket.listen(4)

    def lines(self, count):
        """So many lines."""
        if self.kind == socket.SOCK_DGRAM:
            return [self.socket.recv(65536).decode() for _ in range(count)]
        if self.connection is None:
            self.connection = self.socket.accept()[0]
            self.connection.settimeout(60)
            self.file = self.connection.makefile("r", encoding="ascii")
        return [self.file.readline() for _ in range(count)]

    def close(self):
        if self.connection is not None:
            self.file.close()
            self.connection.close()
        self.socket.close()
        os.unlink(self.path)


@pytest.mark.parametrize("option, kind", [
    ("log-datagram", socket.SOCK_DGRAM), ("log-stream", socket.SOCK_STREAM)])
def test_sockets(start, tmp_path, option, kind):
    """A reader that comes and goes."""
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / \
        f"mailauth-{os.getpid()}"
    first = Reader(path, kind)
    r = start(conf=f'{option}: "{path}"', log_file=False)
    r.ask("a.example")
    got = [json.loads(x) for x in first.lines(2)]
    assert [got[0].get("event"), got[1].get("name")] == ["start", "a.example."]
    first.close()
    # Nobody reads; Unbound answers, and lines wait.
    assert works(r, "b.example") and works(r, "c.example")
    second = Reader(path, kind)
    got = [json.loads(x) for x in second.lines(1)]
    assert got[0]["name"] in ("b.example.", "c.example.")
    r.stop()
    second.close()


def test_syslog(start):
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / \
        f"syslog-{os.getpid()}"
    reader = Reader(path, socket.SOCK_DGRAM)
    r = start(conf=f'syslog-socket: "{path}"\nsyslog-facility: mail',
              log_file=False)
    r.ask("a.example")
    lines = reader.lines(2)
    reader.close()
    # 2 * 8 + 6: mail, info.
    found = re.fullmatch(r"<22>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "
                         r"unbound-mailauth\[(\d+)\]: (\{.*\})", lines[1])
    assert int(found[1]) == r.process.pid
    assert json.loads(found[2])["name"] == "a.example."


def test_stopped_reader(start):
    """A reader that holds its socket and reads nothing: lines are dropped and
    counted, and the count is told when it reads again."""
    path = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / \
        f"stopped-{os.getpid()}"
    reader = Reader(path, socket.SOCK_STREAM)
    r = start(conf=f'log-stream: "{path}"', log_file=False, server=OWN)
    names = 4000
    assert resolver.flood(r, names) == names
    assert works(r)
    lines = []
    while not any("event" in x and x["event"] == "dropped" for x in lines):
        lines += [json.loads(x) for x in reader.lines(1)]
    dropped = lines[-1]
    told = [x for x in lines if "name" in x]
    assert dropped["lines"] + len(told) >= names + 1
    assert dropped["lines"] > 0 and dropped["replies"] == 0
    r.stop()
    reader.close()


def test_full_disk(start, tmp_path):
    """Whole lines only, and what was lost is told when there is room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none",
                       str(disk)], check=False,
                      capture_output=True).returncode != 0:
        pytest.skip("no small file system can be mounted here")
    try:
        r = start(conf=f'log-file: "{disk}/log"\n'
                  f'metrics-file: "{disk}/metrics"\nmetrics-interval: 1',
                  log_file=False, server=OWN)
        (disk / "filler").write_bytes(b"x" * 40960)
        names = 2000
        assert resolver.flood(r, names) == names
        said(r, "log: No space left")
        assert works(r)
        # Room again.
        r.log_path = disk / "log"
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)],
                       check=True)
        said(r, "can be written again")
        # What is written is whole.
        r.stop()
        assert r.log_path.read_text().endswith("}\n")
        told = [x for x in r.lines if "name" in x]
        lost = sum(x["lines"] for x in r.lines
                   if x.get("event") == "dropped")
        assert lost > 0 and len(told) + lost >= names
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_folder_of_the_log_is_gone(start, tmp_path):
    folder = tmp_path / "logs"
    r = start(conf=f'log-file: "{folder}/mailauth.log"', log_file=False)
    said(r, "No such file or directory")
    assert works(r)
    folder.mkdir()
    r.log_path = folder / "mailauth.log"
    r.line("works.example.")
    shutil.rmtree(folder)
    assert works(r, "more.example")
    folder.mkdir()
    r.line("more.example.")
    said(r, "can be written again")


def test_rotation(start):
    """The log is renamed, without a word to anybody."""
    r = start()
    r.ask("a.example")
    r.line("a.example.")
    old = r.log_path.with_suffix(".1")
    r.log_path.rename(old)
    r.ask("b.example")
    lab.wait_until("the new log", lambda: r.records("b.example.") or
                   "b.example." in old.read_text())
    lab.wait_until("the new file", r.log_path.exists)
    r.ask("c.example")
    r.line("c.example.")
    assert "a.example." in old.read_text()


def test_log_that_cannot_be_opened_when_strict(start, tmp_path):
    r = start(conf=f'log-file: "{tmp_path}/no/log"\nstrict: yes',
              log_file=False, start=False)
    r.start(ready=False)
    assert r.process.wait(60) == 1
    r.process = None
    assert "strict: yes" in r.daemon_text


def test_pipe_without_reader(start, tmp_path):
    """A named pipe as log does not hang anything."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    r = start(conf=f'log-file: "{pipe}"', log_file=False)
    assert works(r)
    fd = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    got = b""

    def has_come():
        nonlocal got
        try:
            got += os.read(fd, 65536)
        except BlockingIOError:
            pass
        return b"works.example" in got

    lab.wait_until("lines through the pipe", has_come)
    os.close(fd)
    assert works(r, "more.example")


# Counters.

def metrics(path):
    """The samples of a metrics file."""
    return dict(line.rsplit(" ", 1) for line in
                path.read_text().splitlines() if not line.startswith("#"))


def test_metrics(start, tmp_path):
    path = tmp_path / "mailauth.prom"
    r = start(conf=f'metrics-file: "{path}"\nmetrics-interval: 1')
    for _ in range(5):
        r.ask("a.example")
    r.ask("_dmarc.a.example")
    r.ask("b._dns-sd._udp.a.example", "PTR")
    series = ('mailauth_replies_total{kind="spf",verdict="valid",'
              'dnssec="indeterminate"}')
    lab.wait_until("five replies", lambda: path.exists() and
                   metrics(path).get(series) == "5")
    found = metrics(path)
    assert found['mailauth_replies_total{kind="dmarc",verdict="none",'
                 'dnssec="indeterminate"}'] == "1"
    assert found["mailauth_unrelated_replies_total"] == "1"
    assert found["mailauth_dropped_replies_total"] == "0"
    assert found["mailauth_threads"] == "1"
    assert int(found["mailauth_memory_bytes"]) > 1024 * 1024
    assert not path.with_name("mailauth.prom.new").exists()
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(shutil.which("promtool") is None,
                    reason="there is no promtool")
def test_metrics_form(start, tmp_path):
    path = tmp_path / "mailauth.prom"
    r = start(conf=f'metrics-file: "{path}"\nmetrics-interval: 1')
    works(r)
    r.stop()
    done = subprocess.run(["promtool", "check", "metrics"],
                          input=path.read_bytes(), capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr.strip(), done.stderr


# Life and death.

def test_reload_under_load(start):
    """No query is lost, and every reply is accounted for. (What Unbound is
    still asking others about it drops when it reloads, with and without a
    module: so these are questions that it can answer itself.)"""
    rounds = int(os.environ.get("RELOADS", "8"))
    r = start(threads=2, server=OWN)
    over, sent = threading.Event(), []
    again = resolver.flood.again

    def load():
        count = 0
        while not over.is_set():
            count += resolver.flood(r, 300, 50)
        sent.append(count)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for i in range(rounds):
            r.control(("reload", "reload_keep_cache")[i % 2])
    finally:
        over.set()
        for thread in threads:
            thread.join()
    r.stop()
    stops = [x for x in r.lines if x.get("event") == "stop"]
    assert len(stops) == rounds + 1
    accounted = sum(x["replies"] + x["dropped_replies"] for x in stops)
    assert resolver.flood.again == again
    assert accounted == sum(sent)
    assert sum(x["dropped_lines"] for x in stops) == 0


def test_fast_reload(start):
    """Unbound reads its own configuration and goes on: nothing of the module
    is loaded anew, what is being asked of others is answered, lines go on, and
    a reload and the end are as ever."""
    rounds = int(os.environ.get("RELOADS", "8"))
    r = start(threads=2)
    try:
        r.control("fast_reload")
    except AssertionError as error:
        if "unknown command" not in str(error):
            raise
        pytest.skip("this Unbound knows no fast_reload: it came with 1.23")
    # Of no use to the module before the reload.
    text = r.conf_path.read_text()
    r.configure(text + "\tkinds: dmarc\n")
    over, sent, old = threading.Event(), [], []
    again = asked_again()

    def load():
        count = 0
        while not over.is_set():
            count += resolver.flood(r, 300, 50)
        sent.append(count)

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for i in range(rounds):
            # Without a pause of the threads, and with one.
            assert r.control("fast_reload", *["+p"] * (i % 2)) == "ok\n"
            if i % 3 == 2:
                continue
            old.append(r.log_path.with_suffix(f".{i}"))
            r.log_path.rename(old[-1])
            lab.wait_until("the new log", r.log_path.exists)
            lab.wait_until("lines in it", r.records)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert again() == 0
    r.reload()
    assert works(r)
    r.ask("_dmarc.works.example")
    r.line("_dmarc.works.example.")
    assert r.control("fast_reload") == "ok\n"
    r.ask("_dmarc.more.example")
    r.stop()
    lines = [json.loads(line) for path in (*old, r.log_path)
             for line in path.read_text().splitlines()]
    stops = [x for x in lines if x.get("event") == "stop"]
    assert [x["event"] for x in lines if "event" in x] == \
        ["start", "stop"] * 2
    assert [x["replies"] for x in stops] == [sum(sent), 2]
    assert not any(x["dropped_replies"] or x["dropped_lines"] for x in stops)
    names = [x["name"] for x in lines if "event" not in x]
    assert len(names) == len(set(names)) == sum(sent) + 2
    assert "works.example." not in names


def test_hangup(start):
    """SIGHUP is a reload."""
    r = start()
    assert works(r)
    r.hangup()
    assert works(r)
    lab.wait_until("the module", lambda: len(
        [x for x in r.lines if x.get("event") == "start"]) == 2)


def test_kill(start):
    """What was logged a moment ago is in the file."""
    r = start()
    works(r)
    r.line("works.example.")
    r.process.kill()
    r.process.wait()
    r.process = None
    assert r.lines[-1]["name"] == "works.example."


def test_many_threads(start):
    r = start(threads=8, server="  so-reuseport: no\n")
    assert "watching 8 threads" in r.daemon_text
    again = asked_again()
    assert resolver.flood(r, 500) == 500
    r.stop()
    assert 500 <= r.event("stop")["replies"] <= 500 + again()


def test_file_system_that_hangs(start, tmp_path):
    """The thread that writes is stuck in the kernel: Unbound reloads and ends
    without it, a few seconds later."""
    if b"libubsan" in resolver.module_path().read_bytes():
        pytest.skip("only one library can be loaded in front")
    flag, stuck = tmp_path / "hang", tmp_path / "hang.stuck"
    library = tmp_path / "hang.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    lab.ROOT / "test/hang.c"], check=True)
    r = start(conf=f'metrics-file: "{tmp_path}/metrics"\nmetrics-interval: 1',
              env={"LD_PRELOAD": str(library), "HANG": str(flag)})
    assert works(r)
    r.line("works.example.")

    def hang():
        stuck.unlink(missing_ok=True)
        flag.touch()
        lab.wait_until("somebody to be stuck", stuck.exists)

    hang()
    r.reload()
    assert works(r, "more.example")
    assert "its last lines are left behind" in r.daemon_text
    # Those that were left behind come back, and find what they need.
    flag.unlink()
    r.line("more.example.")
    lab.wait_until("one thread that writes", lambda: len(list(pathlib.Path(
        f"/proc/{r.process.pid}/task").iterdir())) == 2)
    assert works(r, "again.example")
    r.line("again.example.")
    hang()
    r.stop()


def test_small_tables(start):
    """The smallest sizes: repeats are told again, nothing is lost."""
    r = start(conf="cache-size: 64\nbuffer-size: 512k", server=OWN)
    again = asked_again()
    assert resolver.flood(r, 3000) == 3000
    r.stop()
    stop = r.event("stop")
    assert 3000 <= stop["replies"] + stop["dropped_replies"] <= 3000 + again()


def test_two_instances(start):
    """Loaded twice, it watches once."""
    r = start(order="dynlib dynlib validator iterator", start=False)
    text = r.config.read_text()
    line = f'  dynlib-file: "{r.module}"\n'
    r.config.write_text(text.replace(line, line + line))
    r.start()
    assert resolver.flood(r, 100) == 100
    assert "loaded twice" in r.daemon_text
    r.reload()
    assert works(r)
    r.line("works.example.")
    r.stop()
    assert [x["replies"] + x["dropped_replies"] for x in r.lines
            if x.get("event") == "stop"][0] >= 100


def test_installed_under_a_running_resolver(start, tmp_path):
    """Replaced by rename, as `make install` does, it stays what it is until
    the next reload."""
    own = tmp_path / "mailauth.so"
    shutil.copy(resolver.module_path(), own)
    r = start(module=own)
    new = tmp_path / "mailauth.so.new"
    shutil.copy(resolver.module_path(), new)
    new.rename(own)
    assert works(r)
    r.reload()
    assert works(r, "more.example")
    r.line("more.example.")


def test_another_unbound(tmp_path, authority):
    """An Unbound that the module was not built for is left alone: one clear
    line, and an exit that is not a crash."""
    others = [pathlib.Path(x) for x in
              os.environ.get("OTHER_UNBOUNDS", "").split()]
    if not others:
        pytest.skip("OTHER_UNBOUNDS names no other builds of Unbound")
    for i, other in enumerate(others):
        r = resolver.Resolver(tmp_path / str(i), {".": authority.server},
                              where=other, start=False)
        r.start(ready=False)
        code = r.process.wait(60)
        r.process = None
        assert code == 1, r.daemon_text
        told = [x for x in r.daemon_text.splitlines() if "mailauth:" in x]
        assert len(told) == 1 and "built for unbound" in told[0]


def test_chroot(authority, tmp_path):
    """In a chroot, with paths from within and from without."""
    if os.getuid() != 0:
        pytest.skip("a chroot wants root")
    if b"libubsan" in resolver.module_path().read_bytes():
        pytest.skip("the runtime of the sanitizers is not in the chroot")
    root = tmp_path / "root"
    (root / "lib").mkdir(parents=True)
    (root / "log").mkdir()
    shutil.copy(resolver.module_path(), root / "lib/mailauth.so")
    r = resolver.Resolver(root, {".": authority.server}, start=False,
                          module="/lib/mailauth.so", log_file=False,
                          conf=f'log-file: "{root}/log/mailauth.log"\n'
                          'metrics-file: "/log/metrics"')
    text = r.config.read_text().replace('  chroot: ""\n',
                                        f'  chroot: "{root}"\n')
    r.config.write_text(text)
    r.log_path = root / "log/mailauth.log"
    r.start()
    try:
        assert works(r)
        r.line("works.example.")
    finally:
        r.stop()
    assert (root / "log/metrics").exists()
