# lab.py - zones, signers, servers and the program under test
# SPDX-License-Identifier: BSD-3-Clause
"""Everything a test needs to put zones before unbound-mailauth.

Zone files are text, one record a line, so that a case can say what differs
from a base zone by removing and adding lines. Servers are loopback only, on
ports from the kernel; a test waits until they answer, never for a time.
"""
import concurrent.futures
import ctypes
import datetime
import fcntl
import json
import os
import pathlib
import random
import re
import socket
import struct
import subprocess
import threading
import time
import zlib

import dns.flags
import dns.message
import dns.rcode

ROOT = pathlib.Path(__file__).resolve().parent.parent
ZONES = ROOT / "testdata" / "zones"

# Exit codes of the command line.
PASS, WARN, FAIL, TEMPERROR = 0, 1, 2, 3
USE, INPUT = 64, 66


# The scope of each finding: include/mailauth/findings.def says what they are.
SCOPES = dict(re.findall(
    r'^FINDING\(\w+, "([a-z0-9-]+)", (?:\w+, ){6}(\w+), ',
    (ROOT / "include/mailauth/findings.def").read_text(), re.MULTILINE))

# The scopes of what a command can find, beside records and lookups, and the
# options without which it cannot.
IN_ZONES = {"FILE": ("--zone",), "SOURCE": ("--zone",)}
FINDS = {
    "parse": {"SOURCE": ()},
    "spf": {"DOMAIN": (), **IN_ZONES},
    "spf-merge": {"DOMAIN": (), "MERGE": (), **IN_ZONES, "SOURCE": ()},
    "dmarc": {"DOMAIN": (), **IN_ZONES},
    "check": {"SOURCE": (), "DOMAIN": (), "SETTINGS": ("--settings",),
              "FILE": ("--bimi-svg", "--bimi-cert", "--mta-sts-policy",
                       "--tls-cert", "--zone")},
    "plan": {"DOMAIN": (), "SETTINGS": ("--settings",), **IN_ZONES},
    "explain": {"DOMAIN": (), "MESSAGE": (), **IN_ZONES},
}


def strangers(args, out):
    """The codes in JSON output that their scope keeps from this command."""
    command, given = str(*args[:1]), {str(x).partition("=")[0] for x in args}
    if command not in FINDS:
        return set()
    may = {scope for scope, options in FINDS[command].items()
           if not options or given & set(options)}
    may |= {"RECORD"} if command == "parse" else {"RECORD", "LOOKUP"}
    return {code for code in re.findall(r'"code": ?"([a-z0-9-]+)"', out)
            if SCOPES[code] not in may}


class Result:
    """What one run of the program came to."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        """The only JSON object printed."""
        return json.loads(self.out)

    @property
    def objects(self):
        """JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def codes(self, kind=None, name=None):
        """The finding codes of the only object, of one kind or owner name."""
        return {f["code"] for f in self.json["findings"]
                if (kind is None or f["kind"] == kind)
                and (name is None or f["name"] == name)}

    def record(self, kind, name=None, rrtype=None):
        """The only record of a kind (and owner name, and type)."""
        found = [r for r in self.json["records"] if r["kind"] == kind
                 and (name is None or r["name"] == name)
                 and (rrtype is None or r["type"] == rrtype)]
        assert len(found) == 1, found
        return found[0]

    def finding(self, code):
        """The first finding with this code."""
        for f in self.json["findings"]:
            if f["code"] == code:
                return f
        raise AssertionError(f"no {code} in {sorted(self.codes())}")


# Commands that judge by a profile.
JUDGING = {"check", "spf", "dmarc", "explain", "parse", "spf-merge"}


def looks_for_leaks():
    """Whether a sanitizer searches for leaks in this test. The search takes
    as long as most runs; with LEAKS=some one test in eight has it."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ", maxsplit=1)[0]
    return os.environ.get("LEAKS") != "some" or \
        zlib.crc32(test.encode()) % 8 == 0


class Program:
    """The command line under test. Most tests are about what the guide
    expects, so that a command which judges gets that profile unless the test
    names one; `profile` None leaves the program's own default."""

    def __init__(self, path, before=(), profile="guide"):
        self.path = path
        self.before = list(before)
        self.profile = profile

    def __call__(self, *args, text=None, timeout=120, env=None):
        if args and args[0] in JUDGING and self.profile and \
                not any(str(a).startswith("--profile") for a in args):
            args = args[0], "--profile", self.profile, *args[1:]
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                       "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        if not looks_for_leaks():
            environment["ASAN_OPTIONS"] = "detect_leaks=0"
        environment.update(env or {})
        done = subprocess.run(
            [*self.before, str(self.path), *map(str, args)], input=text, timeout=timeout,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True, env=environment, check=False,
            encoding="utf-8", errors="strict")
        # A sanitizer ends with a code of its own, and the program with a
        # signal never: neither may pass for a verdict.
        assert done.returncode >= 0 and "Sanitizer" not in done.stderr, \
            f"{args}: {done.returncode}\n{done.stderr}"
        assert not strangers(args, done.stdout), (args, done.stdout)
        return Result(done)

    def check(self, *args, **kwargs):
        """Check with JSON output."""
        return self("check", "--format", "json", *args, **kwargs)

    def parse(self, *args, **kwargs):
        """Parse with JSON output."""
        return self("parse", "--format", "json", *args, **kwargs)


def program(profile="guide"):
    """The command line of the build under test."""
    return Program(pathlib.Path(os.environ.get("BUILD", ROOT)) /
                   "unbound-mailauth", profile=profile)


def formats(command, begin=""):
    """The formats of a command whose names begin with this."""
    rows = program()("list", "--format", "ndjson", "formats").objects
    return [r["format"] for r in rows if r["command"] == command and
            r["format"].startswith(begin)]


class Keys:
    """Zone signing keys: one ECDSA P-256 key for each zone."""

    def __init__(self, folder):
        self.folder = folder
        self.made = {}
        self.digests = {}
        self.signed = {}

    def __call__(self, zone, which=""):
        if (zone, which) not in self.made:
            base = subprocess.run(
                ["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone],
                cwd=self.folder, capture_output=True, check=True,
                encoding="ascii").stdout.strip()
            self.made[zone, which] = self.folder / base
        return self.made[zone, which]

    def ds(self, zone, which=""):
        """The DS record of a zone's key, as one line."""
        key = self(zone, which)
        if key not in self.digests:
            self.digests[key] = subprocess.run(
                ["ldns-key2ds", "-n", "-2", f"{key}.key"],
                capture_output=True, check=True,
                encoding="ascii").stdout.strip()
        return self.digests[key]

    def sign(self, plain, name, which, days, options):
        """The text of a zone file, signed. One that was signed before, with
        the same key and for the same days, is not signed again."""
        key = self(name, which)
        how = plain.read_bytes(), name, key, days, tuple(options)
        if how not in self.signed:
            path = plain.with_suffix(".signed")
            subprocess.run(
                ["ldns-signzone", *options, "-i", stamp(days[0]), "-e",
                 stamp(days[1]), "-o", name, "-f", str(path), str(plain),
                 str(key)], check=True, capture_output=True)
            self.signed[how] = path.read_text()
        return self.signed[how]


def stamp(days):
    """A time so many days from now, as ldns-signzone wants it."""
    when = datetime.datetime.now(datetime.timezone.utc)
    return (when + datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%S")


class Zone:
    """One zone as text."""

    def __init__(self, name, text):
        self.name = name
        self.lines = text.splitlines()

    @classmethod
    def load(cls, name, file):
        return cls(name, (ZONES / file).read_text())

    @classmethod
    def empty(cls, name):
        """A zone with an apex and nothing else."""
        return cls(name, f"$ORIGIN {name}.\n$TTL 300\n"
                   "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
                   "@ NS ns\nns A 192.0.2.53\n")

    def delete(self, owner, rrtype=None, data=""):
        """Remove lines by owner, and type and beginning of the data."""
        def gone(line):
            words = line.split(None, 2)
            return (len(words) == 3 and words[0] == owner
                    and (rrtype is None or words[1] == rrtype)
                    and words[2].startswith(data))

        kept = [line for line in self.lines if not gone(line)]
        assert len(kept) < len(self.lines), f"nothing to delete: {owner}"
        self.lines = kept

    def add(self, line):
        self.lines.append(line)

    @property
    def text(self):
        return "\n".join(self.lines) + "\n"


class Zones:
    """The zone files of one test."""

    def __init__(self, folder, keys):
        self.folder = folder
        self.keys = keys
        self.files = {}
        self.anchors = {}

    def guide(self, which="guide-corrected.zone"):
        """The guide's zone and the reverse zone of its addresses."""
        return [Zone.load("example.com", which),
                Zone.load("2.0.192.in-addr.arpa", "guide-reverse.zone")]

    def path(self, zone):
        """Where a zone is put; long names are cut, as files are."""
        return self.folder / f"{len(self.files)}-{zone.name[:60]}.zone"

    def write(self, zone):
        """Put a zone in as it is."""
        path = self.path(zone)
        path.write_text(zone.text)
        self.files[zone.name] = path
        return path

    def sign(self, zone, days=(-1, 20), key="", anchor=True, options=()):
        """Put a zone in signed; `days` are inception and expiration."""
        path = self.path(zone)
        plain = path.with_suffix(".unsigned")
        plain.write_text(zone.text)
        path.write_text(
            self.keys.sign(plain, zone.name, key, days, options))
        self.files[zone.name] = path
        if anchor:
            self.anchors[zone.name] = self.keys.ds(zone.name, key)
        return path

    def edit(self, name, old, new):
        """Change a file after it was signed; every place counts."""
        path = self.files[name]
        text = path.read_text()
        assert old in text, f"{old} is not in {name}"
        path.write_text(text.replace(old, new))

    def strip(self, name, words):
        """Drop the lines of a signed file that hold all of `words`."""
        path = self.files[name]
        lines = path.read_text().splitlines()
        kept = [x for x in lines if not all(w in x for w in words)]
        assert len(kept) < len(lines), f"{words} is not in {name}"
        path.write_text("\n".join(kept) + "\n")

    @property
    def args(self):
        """Options that give these zones and their anchors."""
        out = []
        for name, path in self.files.items():
            out += ["--zone", f"{name}={path}"]
        for ds in self.anchors.values():
            out += ["--ds", ds]
        return out


def world(zones, extra=(), edit=None, unsigned=(), address="127.0.0.1"):
    """The guide's zones below a signed root of our own; the root's DS."""
    root = Zone(
        ".", "$ORIGIN .\n$TTL 300\n"
        "@ SOA a.root-servers.net. hostmaster. 1 3600 900 1209600 300\n"
        "@ NS a.root-servers.net.\n"
        f"a.root-servers.net. A {address}\n")
    for zone in [*zones.guide(), *extra]:
        if edit is not None:
            edit(zone)
        root.add(f"{zone.name}. NS a.root-servers.net.")
        if zone.name in unsigned:
            zones.write(zone)
            continue
        zones.sign(zone, anchor=False)
        root.add(zones.keys.ds(zone.name))
    zones.sign(root)
    return zones.anchors["."]


def small_zones(folder, count):
    """Zones of different names, and a case file for each."""
    for i in range(count):
        name = f"site{i}.example"
        (folder / f"{i}.zone").write_text(
            f"$ORIGIN {name}.\n$TTL 300\n"
            "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
            "@ NS ns\nns A 192.0.2.53\n@ A 192.0.2.4\n@ MX 10 mail\n"
            "mail A 192.0.2.4\nmail TXT \"v=spf1 a -all\"\n"
            "@ TXT \"v=spf1 ip4:192.0.2.4 -all\"\n"
            f"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:r@{name}\"\n")
        (folder / f"{i}.case").write_text(
            f"the zone {name}\n  zone {name} {i}.zone\n"
            "  args --allow-documentation --profile guide\n  = pass\n"
            "  has spf-ok dmarc-p-reject mx-ok\n  hasnot spf-missing\n")


# The sender of the guide's zone, for most cases.
GUIDE = ("--allow-documentation", "--selector", "altcraft",
         "--sender", "mta-1.example.com=192.0.2.4")


class Ports:
    """Ports that no other worker of pytest-xdist takes, nor the kernel for
    who asks it for any: each worker has a range of its own below those."""

    SIZE, SERVERS = 1300, 400

    def __init__(self):
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 16
        self.first = 11000 + self.SIZE * worker
        self.next = random.SystemRandom().randrange(self.SERVERS)

    def server(self):
        """The next port for a server, free or not."""
        self.next = (self.next + 1) % self.SERVERS
        return self.first + self.next

    @property
    def queries(self):
        """From where a resolver may ask: "FIRST-LAST"."""
        return f"{self.first + self.SERVERS}-{self.first + self.SIZE - 1}"


PORTS = Ports()


def free_port():
    """A port that is free for UDP and TCP on the loopback address. It is for
    a server that is started next, and can be taken only once."""
    while True:
        port = PORTS.server()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, \
                socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
            try:
                udp.bind(("127.0.0.1", port))
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until(what, condition, seconds=60):
    """Wait until something is so. It takes that long only where it fails, or
    where other work takes the processors."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not in {seconds} s"
        time.sleep(0.02)


def serves(address, port):
    """Whether a name server answers there. The socket is connected, so that it
    says at once that nobody listens yet."""
    query = dns.message.make_query("version.server.", "TXT", "CH").to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(1)
        s.connect((address, port))
        try:
            s.send(query)
            return s.recv(4096)[:2] == query[:2]
        except OSError:
            return False


class Authority:
    """A real NSD that serves zone files on a loopback address."""

    def __init__(self, folder, files, options="", address="127.0.0.1",
                 port=None, also=()):
        self.folder = folder
        self.address = address
        self.port = port or free_port()
        zones = "".join(
            f'zone:\n  name: "{name}"\n  zonefile: "{path}"\n'
            for name, path in files.items())
        config = folder / "nsd.conf"
        config.write_text(
            "server:\n" +
            "".join(f"  ip-address: {x}@{self.port}\n"
                    for x in [address, *also]) +
            f'  server-count: 1\n  username: ""\n  chroot: ""\n'
            f'  database: ""\n  zonesdir: "{folder}"\n'
            f'  pidfile: "{folder}/nsd.pid"\n'
            f'  xfrdfile: "{folder}/xfrd.state"\n'
            f'  zonelistfile: "{folder}/zone.list"\n'
            f'  logfile: "{folder}/nsd.log"\n  hide-version: yes\n'
            # Its table is 40 MB by default, and cleared.
            f"  rrl-ratelimit: 0\n  rrl-size: 100\n{options}"
            f"remote-control:\n  control-enable: no\n{zones}")
        self.process = subprocess.Popen(
            ["nsd", "-d", "-c", str(config)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until("NSD", self.answers)

    def answers(self):
        assert self.process.poll() is None, \
            (self.folder / "nsd.log").read_text()
        return serves(self.address, self.port)

    @property
    def server(self):
        return f"{self.address}@{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()


class Network:
    """A network of nobody else's, with loopback addresses alone.

    What run() calls sees it, and so do the processes started there. Every
    address can be had in it, and every port, those of root servers included.
    """

    CLONE_NEWNET = 0x40000000
    SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR = 0x8913, 0x8914, 0x8916
    IFF_UP = 1

    def __init__(self, *addresses):
        self.thread = concurrent.futures.ThreadPoolExecutor(1)
        try:
            self.run(self.enter, addresses)
        except PermissionError:
            self.thread.shutdown()
            raise

    def enter(self, addresses):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(self.CLONE_NEWNET) != 0:
            raise PermissionError(ctypes.get_errno(), "no network of one's own")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            ask = struct.pack("16sH14x", b"lo", 0)
            flags, = struct.unpack_from(
                "16xH", fcntl.ioctl(s, self.SIOCGIFFLAGS, ask))
            fcntl.ioctl(s, self.SIOCSIFFLAGS,
                        struct.pack("16sH14x", b"lo", flags | self.IFF_UP))
            for i, address in enumerate(addresses):
                fcntl.ioctl(s, self.SIOCSIFADDR, struct.pack(
                    "16sHH4s8x", b"lo:%d" % i, socket.AF_INET, 0,
                    socket.inet_aton(address)))

    def run(self, function, *args, **kwargs):
        return self.thread.submit(function, *args, **kwargs).result()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.thread.shutdown()


class Misbehaving:
    """A server that does what a function says with every question.

    The function gets the query and a response made for it, and returns what to
    send: a message, octets, or None for silence. TCP connections are refused
    unless `tcp` is a function of the same kind, or held without an answer when
    it is "silent".
    """

    def __init__(self, answer, tcp=None):
        self.answer = answer
        self.port = free_port()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.udp.settimeout(0.1)
        self.tcp = None
        self.tcp_answer = tcp
        self.held = []
        self.asked = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.serve_udp, daemon=True)]
        if tcp is not None:
            self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.tcp.bind(("127.0.0.1", self.port))
            self.tcp.listen(16)
            self.tcp.settimeout(0.1)
            self.threads.append(
                threading.Thread(target=self.serve_tcp, daemon=True))
        for thread in self.threads:
            thread.start()

    def respond(self, data, answer):
        query = dns.message.from_wire(data)
        self.asked.append(query.question[0])
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        response = answer(query, response)
        if isinstance(response, dns.message.Message):
            response = response.to_wire(max_size=65535)
        return response

    def serve_udp(self):
        while not self.over.is_set():
            try:
                data, peer = self.udp.recvfrom(4096)
            except OSError:
                continue
            response = self.respond(data, self.answer)
            if response is not None:
                self.send(response, peer)

    def send(self, response, peer):
        self.udp.sendto(response, peer)

    def serve_tcp(self):
        while not self.over.is_set():
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                continue
            self.held.append(connection)
            if self.tcp_answer == "silent":
                continue
            connection.settimeout(2)
            try:
                while True:
                    head = connection.recv(2, socket.MSG_WAITALL)
                    if len(head) < 2:
                        break
                    data = connection.recv(int.from_bytes(head, "big"),
                                           socket.MSG_WAITALL)
                    response = self.respond(data, self.tcp_answer)
                    connection.sendall(
                        len(response).to_bytes(2, "big") + response)
            except OSError:
                pass

    @property
    def server(self):
        return f"127.0.0.1@{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.over.set()
        for thread in self.threads:
            thread.join()
        for connection in self.held:
            connection.close()
        self.udp.close()
        if self.tcp is not None:
            self.tcp.close()
