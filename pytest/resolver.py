# resolver.py - a real Unbound with the module, for tests
# SPDX-License-Identifier: BSD-3-Clause
"""Starts an Unbound with mailauth.so, asks it, and reads what it logs.

The Unbound is the one that the build under test was configured for; UNBOUND
names another folder with sbin/unbound. Loopback only.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import pytest

import lab

ORDER = "dynlib validator iterator"


def build_folder():
    """The folder of the build under test."""
    return pathlib.Path(os.environ.get("BUILD", lab.ROOT))


def prefix():
    """Where the Unbound is that loads modules; None when it is missing."""
    if "UNBOUND" in os.environ:
        return pathlib.Path(os.environ["UNBOUND"])
    makefile = build_folder() / "Makefile"
    found = makefile.exists() and re.search(
        r"^UNBOUND_PREFIX = (\S+)$", makefile.read_text(), re.MULTILINE)
    return pathlib.Path(found[1]) if found else None


def module_path():
    return build_folder() / "module" / "mailauth.so"


needed = pytest.mark.skipif(
    prefix() is None or not module_path().exists(),
    reason="the build has no module: ./configure --with-unbound=auto")


def environment():
    """What a daemon under test gets: nothing but what sanitizers want."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
                 "TSAN_OPTIONS", "LD_PRELOAD"):
        if name in os.environ:
            env[name] = os.environ[name]
    return env


def upstream_clause(name, address):
    """Where names below this one are asked for."""
    sort = "forward" if name == "." else "stub"
    return f'{sort}-zone:\n  name: "{name}"\n  {sort}-addr: {address}\n'


def has_subnet():
    """That Unbound knows the module subnetcache, as Debian's does."""
    return prefix() is not None and "subnetcache" in subprocess.run(
        [str(prefix() / "sbin" / "unbound"), "-V"], capture_output=True,
        encoding="utf-8", check=False, env=environment()).stdout


class Resolver:
    """A running Unbound.

    `upstream` maps zone names to "ADDRESS@PORT" of their authority ("." means
    all others); `anchors` are DS records. `server` is more text for the clause server:, `more` further
    clauses, `conf` the text of the module's configuration behind the options
    this class gives itself (a log file, unless conf names a target).
    """

    def __init__(self, folder, upstream, anchors=(), server="", more="", conf="",
                 threads=1, order=ORDER, module=None, where=None, before=(),
                 start=True, log_file=True, configured=True, env=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.where = pathlib.Path(where or prefix())
        self.module = pathlib.Path(module or module_path())
        self.before = list(before)
        self.env = {**environment(), **(env or {})}
        self.port = lab.free_port()
        # Paths of sockets are short.
        self.short = pathlib.Path(tempfile.mkdtemp(prefix="mailauth-"))
        self.control_path = self.short / "control"
        self.log_path = self.folder / "mailauth.log"
        self.daemon_log = self.folder / "unbound.log"
        self.conf_path = self.folder / "mailauth.conf"
        self.config = self.folder / "unbound.conf"
        self.process = None
        self.expected = 0
        self.read_from, self.read_to, self.read = None, 0, []
        text = "mailauth:\n"
        if log_file:
            text += f'\tlog-file: "{self.log_path}"\n'
        if "profile:" not in conf:  # as lab.Program does
            conf += "\nprofile: guide"
        self.configure(text + "".join(f"\t{line}\n"
                                      for line in conf.splitlines() if line))
        # It asks from few ports: each reload shuffles a list of all of them.
        self.config.write_text(
            f"""server:
  interface: 127.0.0.1
  port: {self.port}
  num-threads: {threads}
  username: ""
  chroot: ""
  directory: "{self.folder}"
  pidfile: "{self.folder}/unbound.pid"
  logfile: "{self.daemon_log}"
  use-syslog: no
  log-time-ascii: yes
  do-daemonize: no
  do-not-query-localhost: no
  do-ip6: no
  module-config: "{order}"
  val-log-level: 2
  ede: yes
  discard-timeout: 0
  outgoing-port-avoid: 0-65535
  outgoing-port-permit: {lab.PORTS.queries}
  local-zone: "test." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "100.51.198.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
""" + "".join(f'  trust-anchor: "{ds}"\n' for ds in anchors) + server +
            f"""
dynlib:
  dynlib-file: "{self.module}"
""" + (f'  dynlib-file: "{self.conf_path}"\n' if configured else "") +
            f"""remote-control:
  control-enable: yes
  control-interface: {self.control_path}
  control-use-cert: no
""" + "".join(upstream_clause(*x) for x in upstream.items()) + more)
        if start:
            self.start()

    def configure(self, text):
        """Write the module's configuration."""
        self.conf_path.write_text(text)

    def start(self, ready=True):
        self.expected = self.starts + 1
        self.process = subprocess.Popen(
            [*self.before, str(self.where / "sbin" / "unbound"), "-d", "-c",
             str(self.config)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "stderr", "ab"), env=self.env)
        if ready:
            lab.wait_until("Unbound", self.answers)

    def answers(self):
        assert self.process.poll() is None, self.daemon_text
        return lab.serves("127.0.0.1", self.port)

    @property
    def daemon_text(self):
        """What Unbound itself has logged, and printed."""
        return "".join(
            path.read_text(errors="replace") for path in
            (self.daemon_log, self.folder / "stderr") if path.exists())

    @property
    def starts(self):
        """How often Unbound has begun to serve: once, and with each reload."""
        return self.daemon_text.count("start of service")

    def settle(self):
        """Wait until the start and the reloads that were asked for are over.
        Threads that are ending take questions, and drop those that they cannot
        answer themselves; and Unbound loses a SIGTERM that arrives then."""
        lab.wait_until("Unbound's service", lambda: self.starts >=
                       self.expected or self.process.poll() is not None)

    def exchange(self, query, tcp=False, timeout=60):
        """Send a message; the octets of the response, which may be none that
        a library can read. Over TCP when it does not fit a datagram."""
        where = ("127.0.0.1", self.port)
        wire = query.to_wire()
        if tcp:
            with socket.create_connection(where, timeout) as s:
                s.sendall(len(wire).to_bytes(2, "big") + wire)
                with s.makefile("rb") as f:
                    return f.read(int.from_bytes(f.read(2), "big"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(timeout)
            s.connect(where)
            s.send(wire)
            response = s.recv(65535)
        if response[2] & 2:
            return self.exchange(query, True, timeout)
        return response

    def ask(self, name, rrtype="TXT", cd=False, dnssec=True, tcp=False,
            timeout=60, rd=True, read=True):
        """One question; the response, or its octets."""
        query = dns.message.make_query(name, rrtype, want_dnssec=dnssec)
        if cd:
            query.flags |= dns.flags.CD
        if not rd:
            query.flags &= ~dns.flags.RD
        response = self.exchange(query, tcp, timeout)
        return dns.message.from_wire(response) if read else response

    def control(self, *words):
        """One command to Unbound, as unbound-control sends it."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
            s.settimeout(120)
            s.connect(str(self.control_path))
            s.sendall(f"UBCT1 {' '.join(words)}\n".encode())
            out = b""
            while part := s.recv(65536):
                out += part
        assert not out.startswith(b"error"), out
        # What a fast_reload does is done when it is answered.
        if words[0] in ("reload", "reload_keep_cache"):
            self.expected += 1
        return out.decode()

    def reload(self):
        """Reload, and wait until that is over."""
        self.control("reload")
        self.settle()

    def hangup(self):
        """Reload by a signal, and wait until that is over."""
        self.settle()
        self.expected += 1
        self.process.send_signal(signal.SIGHUP)
        self.settle()

    @property
    def lines(self):
        """What the module has logged: its whole lines, as objects."""
        if not self.log_path.exists():
            return []
        with open(self.log_path, "rb") as f:
            file = os.fstat(f.fileno())
            if (file.st_ino, True) != (self.read_from, file.st_size >=
                                       self.read_to):
                self.read_from, self.read_to, self.read = file.st_ino, 0, []
            f.seek(self.read_to)
            text = f.read()
        text = text[:text.rfind(b"\n") + 1]
        self.read_to += len(text)
        new = [json.loads(x) for x in text.decode("ascii").splitlines()]
        assert {lab.SCOPES[c] for x in new for c in x.get("codes", ())} <= {
            "RECORD", "LOOKUP"}, new
        self.read += new
        return self.read

    def records(self, name=None, rrtype=None, kind=None, source=None):
        """The lines of records that are so."""
        return [x for x in self.lines if "event" not in x
                and (name is None or x["name"] == name)
                and (rrtype is None or x["type"] == rrtype)
                and (kind is None or x["kind"] == kind)
                and (source is None or x["source"] == source)]

    def line(self, *args, **kwargs):
        """The only line that is so; waits for it."""
        try:
            lab.wait_until(f"a line {args} {kwargs}",
                           lambda: self.records(*args, **kwargs))
        except AssertionError as error:
            raise AssertionError(
                f"{error}; there are {self.lines[-5:]}") from None
        found = self.records(*args, **kwargs)
        assert len(found) == 1, found
        return found[0]

    def event(self, name):
        """The last event of this name."""
        lab.wait_until(f"event {name}", lambda: any(
            x.get("event") == name for x in self.lines))
        return [x for x in self.lines if x.get("event") == name][-1]

    def stop(self, seconds=60):
        """End Unbound, when it has done its reloads, and require that it ended
        well."""
        if self.process is None:
            return
        self.settle()
        process, self.process = self.process, None
        process.terminate()
        try:
            code = process.wait(seconds)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            shutil.rmtree(self.short, ignore_errors=True)
        assert code == 0, f"Unbound ended with {code}\n{self.daemon_text}"
        assert "Sanitizer" not in self.daemon_text, self.daemon_text

    def __enter__(self):
        return self

    def __exit__(self, kind, *exc):
        if kind is None:
            self.stop()
        elif self.process is not None:
            self.process.kill()
            self.process.wait()
            shutil.rmtree(self.short, ignore_errors=True)


def flood(r, count, at_once=200):
    """Ask for `count` names nobody asked for, again where no answer comes; how
    many were answered. What was asked again is counted in flood.again."""
    prefix = b"f%d" % time.monotonic_ns()
    answered = 0

    def send(s, i):
        name = b"%s-%d" % (prefix, i)
        s.send((i & 0xffff).to_bytes(2, "big") + bytes.fromhex(
            "01000001000000000000") + bytes([len(name)]) + name +
            b"\7example\0\0\x10\0\1")

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(10)
        s.connect(("127.0.0.1", r.port))
        for first in range(0, count, at_once):
            open_ids = set(range(first, min(first + at_once, count)))
            for i in open_ids:
                send(s, i)
            for _ in range(10):
                try:
                    while open_ids:
                        got = int.from_bytes(s.recv(4096)[:2], "big")
                        open_ids -= {i for i in open_ids
                                     if i & 0xffff == got}
                except TimeoutError:
                    flood.again += len(open_ids)
                    for i in open_ids:
                        send(s, i)
            answered += min(first + at_once, count) - first - len(open_ids)
    return answered


flood.again = 0
