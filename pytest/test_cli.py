# test_cli.py - the contract of the command line
# SPDX-License-Identifier: BSD-3-Clause
"""Usage, exit codes, formats, and input that is not what it should be."""
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import time

import jsonschema
import pytest

import lab
import resolver

TRIGGERS = {"dns-idn-ulabel", "limit-reached"}

SCHEMAS = lab.ROOT / "schema"


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


@pytest.fixture
def guide(zones):
    for zone in zones.guide():
        zones.write(zone)
    return zones.args


def one_line(result):
    """An error is one line on standard error that names the program."""
    lines = result.err.splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("unbound-mailauth: ")
    assert result.out == ""
    return lines[0]


# Use.

@pytest.mark.parametrize("args, words", [
    (("nonsense",), "no such command"),
    (("plans",), "no such command"),
    (("dmarc",), "name one author domain"),
    (("dmarc", "a.example", "b.example"), "name one author domain"),
    (("dmarc", "."), "the root is not a mail domain"),
    (("dmarc", "192.0.2.1"), "this is an IP address"),
    (("spf",), "name a domain"),
    (("spf", "a.example", "b.example"), "one domain at a time"),
    (("spf", "--ip", "192.0.2.300", "a.example"), "not an IP address"),
    (("spf", "--ip", "", "a.example"), "--ip: give it as an address"),
    (("spf", "--scope", "both", "a.example"), "spf, pra or mfrom"),
    (("spf", "example"), "two labels"),
    (("spf", "--selector", "s", "a.example"), "no such option"),
    (("check",), "name a domain"),
    (("check", "--nonsense", "example.com"), "no such option"),
    (("check", "--serv", "192.0.2.1", "example.com"),
     "--serv: there is no such option"),
    (("check", "-qx", "example.com"), "-x: there is no such option"),
    (("check", "--=x", "example.com"), "no such option"),
    (("check", "-x", "example.com"), "no such option"),
    (("check", "--zone"), "needs a value"),
    (("check", "-C"), "needs a value"),
    (("check", "--online=yes", "example.com"), "takes no value"),
    (("check", "--zone", "example.com", "example.com"), "NAME=FILE"),
    (("check", "--zone", "=x", "example.com"), "NAME=FILE"),
    (("check", "--zone", "a..b=/dev/null", "x.org"), "empty label"),
    (("check", "--sender", "host", "example.com"), "HOST=IP"),
    (("check", "--sender", "host=1.2.3", "example.com"), "not an IP address"),
    (("check", "--ip", "1.2.3.4.5", "example.com"), "not an IP address"),
    (("check", "--timeout", "soon", "example.com"), "number of seconds"),
    (("check", "--timeout", "-1", "example.com"), "number of seconds"),
    (("check", "--timeout", "nan", "example.com"), "number of seconds"),
    (("check", "--format", "xml", "example.com"), "no such format"),
    (("check", "--profile", "gmail", "example.com"), "no such profile"),
    (("check", "--verdict-on", "info", "example.com"), "warn or fail"),
    (("check", "--only", "spf,dkmi", "example.com"), "no such kind"),
    (("check", "--only", "", "example.com"), "one kind or more"),
    (("check", "--ds", "nonsense", "example.com"), "not a DS"),
    (("check", "--server", "ns.example.com", "example.com"),
     "ADDRESS@PORT"),
    (("check", "--server", "127.0.0.1@0", "example.com"), "ADDRESS@PORT"),
    (("check", "--server", "127.0.0.1@99999", "example.com"),
     "ADDRESS@PORT"),
    (("parse", "a", "b"), "quote the record, it is one argument: "
     "parse 'a b'"),
    (("parse", "--kind", "nonsense", "x"), "no such kind"),
    (("parse", "--zone", "a=b", "x"), "no such option"),
    (("parse", "hello world"), "give --kind KIND"),
    (("parse", "--kind", "mx", "hello"), "not data of its type"),
    (("parse", "--name", "a..b", "v=spf1 -all"), "not a domain name"),
    (("list",), "name one of"),
    (("list", "nonsense"), "no such list"),
    (("list", "kinds", "tags"), "name one of"),
])
def test_wrong_use(program, args, words):
    result = program(*args)
    assert result.code == lab.USE
    assert words in one_line(result)


def options(program, command):
    """What `list options` says of a command."""
    return [r for r in program("list", "--format", "ndjson",
                               "options").objects if r["command"] == command]


def table(name):
    """A table of the program, when tests are collected."""
    done = subprocess.run(
        [resolver.build_folder() / "unbound-mailauth", "list", "--format",
         "ndjson", name], stdin=subprocess.DEVNULL, check=True,
        stdout=subprocess.PIPE, encoding="ascii")
    return [json.loads(line) for line in done.stdout.splitlines()]


COMMANDS = [r["command"] for r in table("commands")]
FORMATS = sorted({r["format"] for r in table("formats")})


def test_list_commands(program):
    rows = program("list", "--format", "ndjson", "commands").objects
    assert {"check", "parse", "spf", "spf-merge", "dmarc", "explain", "plan",
            "test", "list", "module-checkconf"} <= set(COMMANDS)
    usage = program("--help").out
    assert all(f"  {r['command']:16}  {r['purpose']}\n" in usage
               for r in rows)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_option_is_abbreviated(program, command):
    """Only whole names are taken, and no two are the same."""
    names = [r["option"] for r in options(program, command)]
    letters = [r["letter"] for r in options(program, command) if r["letter"]]
    assert len(names) == len(set(names)) >= 2
    assert len(letters) == len(set(letters))
    for name in names:
        result = program(command, name[:-1] + "=x", "x")
        assert result.code == lab.USE
        line = one_line(result)
        assert f"{name[:-1]}=x: there is no such option; " in line
        # It may be the beginning of several.
        assert any(f"did you mean {n}" in line for n in names
                   if n.startswith(name[:-1])) or len(name) < 6


@pytest.mark.parametrize("command", COMMANDS)
def test_values_of_options(program, command):
    """What takes a value needs one; what takes none has none."""
    for row in options(program, command):
        names = [row["option"]] + ([row["letter"]] if row["letter"] else [])
        if row["value"] is None:
            result = program(command, f"{row['option']}=x")
            assert result.code == lab.USE
            assert one_line(result).endswith(
                f"{row['option']}=x: it takes no value: write "
                f"{row['option']}")
        elif not row["value"].startswith("["):
            for name in names:
                result = program(command, name)
                assert result.code == lab.USE
                assert one_line(result).endswith(
                    f"{name}: it needs a value: {row['option']} "
                    f"{row['value']}")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_the_rows(program, command):
    text = " ".join(program(command, "--help").out.split())
    for row in options(program, command):
        shown = " ".join(x for x in (row["option"], row["value"]) if x)
        default = f" ({row['default']})" if row["default"] else ""
        assert f"{shown} {row['help']}{default}" in text


@pytest.fixture
def written(program, guide, tmp_path):
    """Arguments with which a command writes something."""
    case = tmp_path / "a.case"
    case.write_text("it\n  newzone example.com\n  = fail\n")
    settings = tmp_path / "settings.json"
    settings.write_text('{"senders": [{"from": "example.com"}]}')
    zone = tmp_path / "example.com.zone"
    zone.write_text("@ SOA a. b. 1 2 3 4 5\n@ NS a.\n@ TXT v=spf1\n")
    message = tmp_path / "message"
    message.write_text("From: <joe@example.com>\n\nhello\n")
    return {
        "check": [*guide, "example.com"], "parse": ["v=spf1 -all"],
        "spf": [*guide, "example.com"], "dmarc": [*guide, "example.com"],
        "spf-merge": ["v=spf1 -all", "--add", "ip4:192.0.2.1"],
        "explain": [*guide, message], "plan": ["--settings", settings],
        "test": ["-v", case], "list": ["kinds"], "lint": [zone]}


@pytest.mark.parametrize("command", COMMANDS)
def test_formats_of_commands(program, written, command):
    """Each writes something in each format that it has, and says so of the
    others."""
    has = lab.formats(command)
    assert (command in written) == bool(has)
    assert {"text", "json", "ndjson"} <= set(has or FORMATS)
    for name in [*FORMATS, "xml", "TEXT", "js", ""]:
        result = program(command, "--format", name,
                         *written.get(command, ["x"]))
        if name in has:
            assert result.code not in (lab.USE, lab.INPUT) and result.out
        elif has:
            assert result.code == lab.USE
            line = one_line(result)
            assert "there is no such format: " + ", ".join(has) in line
            assert name != "js" or line.endswith("; did you mean json?")
            assert name != "TEXT" or line.endswith("; did you mean text?")
        else:
            assert result.code == lab.USE
            assert "--format: there is no such option" in one_line(result)
    if has:
        # The option's own help has them too.
        row, = [r for r in options(program, command)
                if r["option"] == "--format"]
        assert re.split(", | or ", row["help"]) == has


@pytest.mark.parametrize("args, same", [
    (["-qv", "a..b"], ["-q", "-v", "a..b"]), (["a..b", "-q"], ["-q", "a..b"]),
    (["-Cx", "d"], ["-C", "x", "d"]), (["--config=x", "d"], ["-C", "x", "d"]),
    (["-qCx", "d"], ["-q", "--config", "x", "d"]),
    (["-r/none/such", "d"], ["--resolv-conf=/none/such", "d"]),
    (["-r", "/none/such", "d"], ["--resolv-conf", "/none/such", "d"]),
    (["a..b", "--", "--a..b"], ["--", "a..b", "--a..b"]),
    (["d", "--zone=a=b"], ["--zone", "a=b", "d"]),
])
def test_ways_to_write_options(program, args, same):
    one, other = program("check", *args), program("check", *same)
    assert (one.code, one.out, one.err) == (other.code, other.out, other.err)
    assert one.err


@pytest.mark.parametrize("domain, words", [
    ("", "empty"),
    ("a..b", "empty label"),
    (".example.com", "empty label"),
    (".", "root"),
    ("a" * 64 + ".example.com", "63 octets"),
    (".".join(["a" * 60] * 5), "255 octets"),
    ("exa mple.com", "an argument of its own"),
    ("user@example.com", "this is an address; give the domain alone: "
     "check example.com"),
    ("example.com/", "give the domain alone: check example.com"),
    ("example.com\x1b[31m", "character"),
    ("192.0.2.4", "address"),
    ("2001:db8::1", "address"),
    ("xn--\u00e4.example", ""),
    ("\u2028.example", ""),
])
def test_no_domain(program, guide, domain, words):
    result = program.check(*guide, "--", domain)
    assert result.code == lab.USE
    assert words in one_line(result)
    assert "\x1b" not in result.err


def test_bad_domain_among_others(program, guide):
    """The others are checked; the exit code tells of the mistake."""
    result = program("check", "--format", "ndjson", *guide, "example.com",
                     "a..b", "gone.example.com")
    assert [(o["domain"], "error" in o) for o in result.objects] == \
        [("example.com", False), ("a..b", True), ("gone.example.com", False)]
    assert result.code == lab.USE
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("args", [("--help",), ("check", "--help"),
                                  ("parse", "--help"), ("list", "--help")])
def test_help(program, args):
    result = program(*args)
    assert result.code == 0 and result.err == ""
    assert "usage: unbound-mailauth" in result.out
    assert max(map(len, result.out.splitlines())) <= 80


def test_no_arguments(program):
    result = program()
    assert result.code == lab.USE and "usage:" in result.err


@pytest.mark.parametrize("args", [("--version",), ("check", "--version")])
def test_version(program, args):
    header = (lab.ROOT / "include/mailauth/mailauth.h").read_text()
    version = header.split('#define MAILAUTH_VERSION "')[1].split('"')[0]
    result = program(*args)
    lines = [line.split() for line in result.out.splitlines()]
    assert (result.code, lines[0]) == (0, ["unbound-mailauth", version])
    assert [name for name, _ in lines[1:]] == ["libunbound", "OpenSSL"]
    assert all(x[0].isdigit() for _, x in lines[1:])


# Names.

@pytest.mark.parametrize("typed", ["EXAMPLE.com", "example.com."])
def test_spelling_of_the_domain(program, guide, typed):
    result = program.check(*guide, "--only", "spf", typed)
    assert result.json["domain"] == "example.com"
    assert result.record("spf")["verdict"] == "valid"


@pytest.mark.parametrize("typed", ["b\u00fccher.example",
                                   "BU\u0308CHER.example",
                                   "b\u00fccher\u3002example"])
def test_u_labels_are_converted(program, zones, typed):
    zone = lab.Zone.empty("xn--bcher-kva.example")
    zone.add('@ TXT "v=spf1 -all"')
    zones.write(zone)
    result = program.check(*zones.args, "--only", "spf", typed)
    assert result.json["domain"] == "xn--bcher-kva.example"
    assert result.record("spf")["verdict"] == "valid"


def test_name_of_255_octets(program, zones):
    zone = lab.Zone.empty("d" * 61)
    owner = ".".join(c * 63 for c in "abc")
    zone.add(f'{owner} TXT "v=spf1 -all"')
    zones.write(zone)
    name = f"{owner}.{zone.name}"
    assert len(name) == 253
    result = program.check(*zones.args, name)
    assert result.record("spf")["verdict"] == "valid"
    assert "dns-label-too-long" in result.codes()


# Formats.

def test_check_json_follows_its_schema(program, guide):
    result = program.check(*lab.GUIDE, *guide, "example.com")
    jsonschema.validate(result.json, schema("check"))
    assert result.json["schema"] == "unbound-mailauth/1"
    assert result.json["queries"] > 10
    assert 0 < result.json["seconds"] < 5


@pytest.mark.parametrize("which", ["guide-printed.zone",
                                   "guide-corrected.zone"])
def test_json_of_every_zone_follows_its_schema(program, zones, which):
    for zone in zones.guide(which):
        zones.write(zone)
    for domain in ("example.com", "nothing.example.com", "example.org"):
        result = program.check(*zones.args, domain)
        jsonschema.validate(result.json, schema("check"))


@pytest.mark.parametrize("text", [
    "v=spf1 ip4:192.0.2.4 ~all", "v=DMARC1; p=none", "v=DKIM1; p=",
    "v=BIMI1; l=", "spf2.0/pra mx -all", "dkim=all", "o=-;",
    "example.com. MX 10 mail.example.com.", "v=spf10 x", "x. A 192.0.2.1",
    "4.2.0.192.in-addr.arpa. 300 IN PTR mta-1.example.com.",
])
def test_parse_json_follows_its_schema(program, text):
    result = program.parse(text)
    jsonschema.validate(result.json, schema("parse"))


def test_schemas_are_schemas():
    names = [f.name.split(".")[0] for f in SCHEMAS.iterdir()]
    assert len(names) > 9
    for name in names:
        jsonschema.Draft7Validator.check_schema(schema(name))
        assert schema(name)["$id"] == f"urn:unbound-mailauth:schema:1:{name}"


@pytest.mark.parametrize("change", [
    {"verdict": "maybe"}, {"dnssec": "yes"}, {"findings": None},
    {"records": [{}]}, {"schema": "unbound-mailauth/2"},
])
def test_schema_refuses(program, guide, change):
    """The schema is strict enough to fail."""
    result = program.check(*guide, "example.com").json
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, **change}, schema("check"))


def test_json_of_several_domains_is_one_document(program, guide):
    """An array; a domain that is named twice is in it once."""
    result = program("check", "--format", "json", *guide, "example.com",
                     "b\u00fc.example.com", "EXAMPLE.com.",
                     "xn--b-eha.example.com")
    several = json.loads(result.out)
    assert [x["domain"] for x in several] == [
        "example.com", "xn--b-eha.example.com"]
    for one in several:
        jsonschema.validate(one, schema("check"))
    once = program("check", "--format", "json", *guide, "example.com",
                   "EXAMPLE.com.")
    assert json.loads(once.out)["domain"] == "example.com"


# Operands in place of which there is no domain; of each the member "error".
NO_DOMAINS = [
    ("a..b", "it has an empty label"),
    (".", "the root is not a mail domain"),
    ("joe@example.com", "this is an address; give the domain alone: "
     "check example.com"),
    ("", "the domain is empty: an unset variable?"),
    ("\u00e9\\ .example", "there are blanks or commas in it; give each domain "
     "as an argument of its own"),
    ("a" * 64 + ".example", "label"),
    ("_dmarc.example.com", "the name of a record, not a domain: check "
     "example.com"),
    ("s1._domainkey.example.com", "check --selector s1 example.com"),
]


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_a_refused_domain_is_told_in_its_place(program, guide, form):
    """Each has an object of its own, where it was given among the others."""
    names = [n for n, _ in NO_DOMAINS]
    given = [names[0], "example.com", *names[1:4], "EXAMPLE.com",
             "gone.example.com", *names[4:]]
    result = program("check", "--format", form, *guide, *given)
    told = json.loads(result.out) if form == "json" else result.objects
    place = [o.get("error") and o["domain"] for o in told]
    shown = [n.replace("\\", "\\\\").replace("\u00e9", "\\195\\169")
             for n in names]
    assert place == [shown[0], None, *shown[1:4], None, *shown[4:]]
    assert [o["domain"] for o in told if "error" not in o] == \
        ["example.com", "gone.example.com"]
    for o in told:
        jsonschema.validate(o, schema("check"))
    errors = [o for o in told if "error" in o]
    for (_, words), o in zip(NO_DOMAINS, errors, strict=True):
        assert words in o["error"] and o["exit"] == 64
    assert result.code == 64


def test_the_closing_table_counts_causes(program, tmp_path):
    """No domain has a DMARC record; of two of them the reason is known, and is
    counted in its place."""
    zones = []
    for name, owner in ("one", "dmarc"), ("two", "other"), ("three", "dmarc"):
        path = tmp_path / f"{name}.zone"
        path.write_text("$TTL 3600\n@ SOA ns1 h 1 7200 3600 1209600 300\n"
                        "@ NS ns1\nns1 A 198.41.0.4\n@ MX 0 ns1\n"
                        f"{owner} TXT \"v=DMARC1; p=reject\"\n")
        zones += ["--zone", f"{name}.example={path}"]
    given = ["--only", "dmarc", *zones, "one.example", "two.example",
             "three.example"]
    found = program("check", "--format", "json", *given)
    assert [x["domain"] for x in json.loads(found.out)
            if '"dmarc-missing"' not in json.dumps(x)] == []
    assert re.search("^most frequent: dmarc-wrong-location 2, "
                     "dmarc-missing 1$", program("check", *given).out, re.M)


def test_refused_domains_alone(program):
    """Several are an array with nothing else; one is wrong use."""
    several = program("check", "--format", "json", "a..b", "joe@example.com")
    assert [o["exit"] for o in json.loads(several.out)] == [64, 64]
    text = program("check", "a..b", "joe@example.com")
    assert re.search(r"^2 domains in .* 2 refused$", text.out, re.M)
    assert "unbound-mailauth: 'a..b'" in text.err
    for one in "a..b", "joe@example.com":
        alone = program("check", "--format", "json", one)
        assert (alone.out, alone.code) == ("", 64)


@pytest.mark.parametrize("change", [
    {"verdict": "pass"}, {"error": ""}, {"exit": 0}, {"domain": "\u00e9"},
])
def test_schema_refuses_of_refused(program, change):
    told = json.loads(program("check", "--format", "json", "a..b", "c..d").out)
    jsonschema.validate(told[0], schema("check"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told[0], **change}, schema("check"))


def test_ndjson_is_one_line_a_domain(program, guide):
    result = program("check", "--format", "ndjson", *guide, "example.com",
                     "example.com", "gone.example.com")
    assert len(result.out.splitlines()) == 2
    assert [o["domain"] for o in result.objects] == \
        ["example.com", "gone.example.com"]


def test_many_domains_in_order(program, zones):
    """More than are checked at a time; each has its own report."""
    zone = lab.Zone.empty("example.com")
    for i in range(40):
        zone.add(f'd{i} TXT "v=spf1 ip4:198.41.0.{i} -all"')
    zones.write(zone)
    names = [f"d{i}.example.com" for i in range(40)]
    result = program("check", "--format", "ndjson", "--only", "spf",
                     *zones.args, *names)
    assert [o["domain"] for o in result.objects] == names
    for i, o in enumerate(result.objects):
        assert o["records"][0]["text"] == f"v=spf1 ip4:198.41.0.{i} -all"


def test_offsets_point_at_the_matter(program):
    result = program.parse("v=spf1 ip4:1.2.3 ~all")
    finding = result.finding("spf-ip4-bad-address")
    text = result.json["text"]
    assert text[finding["offset"]:][:finding["length"]] == "1.2.3"
    finding = program.parse("v=DMARC1; p=none").finding("dmarc-p-none")
    assert (finding["offset"], finding["length"]) == (12, 4)


def test_text_is_plain_when_piped(program, guide):
    out = program("check", *lab.GUIDE, *guide, "example.com").out
    assert "\x1b" not in out
    assert out.startswith("example.com: PASS")
    assert "spf-all-hardfail" in out and "-> " in out


def terminal(program, *args, env=None):
    """Output as a terminal gets it."""
    master, slave = pty.openpty()
    done = subprocess.Popen(
        [str(program.path), *map(str, args)], stdin=subprocess.DEVNULL,
        stdout=slave, stderr=slave,
        env={"TERM": "xterm", "PATH": os.environ["PATH"], **(env or {})})
    os.close(slave)
    out = b""
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    os.close(master)
    done.wait()
    return out.decode()


@pytest.mark.parametrize("env, coloured", [
    ({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True),
    ({"TERM": "dumb"}, False)])
def test_colour_only_on_a_terminal(program, guide, env, coloured):
    out = terminal(program, "check", *guide, "example.com", env=env)
    assert ("\x1b[" in out) == coloured


def test_fine_records_take_one_line_each(program, zones):
    for zone in zones.guide():
        zones.sign(zone)
    out = program("check", *lab.GUIDE, *zones.args, "example.com").out
    assert "DNSSEC secure" in out.splitlines()[0]
    for line in ("  ok    dkim     altcraft: RSA 2048 bits",
                 "  ok    ptr      mta-1.example.com at "
                 "4.2.0.192.in-addr.arpa"):
        assert line in out.splitlines()
    assert "dkim-key-ok" not in out
    verbose = program("check", "-v", *lab.GUIDE, *zones.args,
                      "example.com").out
    assert "dkim-key-ok" in verbose


def test_quiet(program, guide):
    result = program("check", "-q", *lab.GUIDE, *guide, "example.com")
    assert (result.code, result.out, result.err) == (lab.PASS, "", "")


# Exit codes.

def domains(zones):
    """A zone with a domain for each result."""
    zone = lab.Zone.empty("example.com")
    zone.add('_dmarc TXT "v=DMARC1; p=reject; rua=mailto:r@fine.example.com"')
    for name in ("fine", "warns", "fails", "unknown"):
        zone.add(f"{name} A 198.41.0.4")
        zone.add(f"{name} MX 10 mail.{name}")
        zone.add(f"mail.{name} A 198.41.0.4")
        zone.add(f"_dmarc.{name} TXT \"v=DMARC1; p=reject; "
                 f"rua=mailto:r@{name}.example.com\"")
    zone.add('fine TXT "v=spf1 ip4:198.41.0.4 ~all"')
    zone.add('warns TXT "v=spf1 ip4:198.41.0.4"')
    zone.add('fails TXT "v=spf1 ip4:198.41.0 ~all"')
    zone.add('unknown TXT "v=spf1 include:loop.example.com ~all"')
    zone.add("loop CNAME loop")
    zones.sign(zone)
    return zones.args


@pytest.mark.parametrize("names, code", [
    ("fine", lab.PASS), ("warns", lab.WARN), ("fails", lab.FAIL),
    ("unknown", lab.TEMPERROR), ("fine warns", lab.WARN),
    ("warns unknown", lab.TEMPERROR), ("unknown fails", lab.FAIL),
    ("fails warns fine", lab.FAIL), ("fine fine", lab.PASS)])
def test_worst_domain_decides(program, zones, names, code):
    args = [f"{n}.example.com" for n in names.split()]
    result = program("check", "-q", *domains(zones), *args)
    assert result.code == code


def test_verdict_on_fail(program, zones):
    args = domains(zones)
    for name, code in (("warns", 0), ("fails", 2), ("unknown", 3)):
        assert program("check", "-q", "--verdict-on", "fail", *args,
                       f"{name}.example.com").code == code


def test_profile(program, zones):
    zone = lab.Zone.empty("example.com")
    zone.add("@ MX 10 mail")
    zone.add("mail A 198.41.0.4")
    zone.add('@ TXT "v=spf1 mx ~all"')
    zone.add('_dmarc TXT "v=DMARC1; p=none; rua=mailto:r@example.com"')
    zones.sign(zone)
    guide = program.check(*zones.args, "example.com")
    rfc = program.check(*zones.args, "--profile", "rfc", "example.com")
    assert (guide.code, rfc.code) == (lab.FAIL, lab.PASS)
    assert guide.finding("dmarc-p-none")["severity"] == "fail"
    assert rfc.finding("dmarc-p-none")["severity"] == "notice"
    assert "addr-missing" not in rfc.codes()


def test_only(program, guide):
    result = program.check(*guide, "--only", "dmarc,mx", "example.com")
    assert {r["kind"] for r in result.json["records"]} == {"dmarc", "mx"}
    assert {f["kind"] for f in result.json["findings"]} <= \
        {"dmarc", "mx", None}


# Input that is not what it should be.

def test_zone_file_missing(program, tmp_path):
    path = tmp_path / "nothing"
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    assert f"{path}: No such file" in one_line(result)


def test_zone_file_is_a_directory(program, tmp_path):
    result = program.check("--zone", f"example.com={tmp_path}", "example.com")
    assert result.code == lab.INPUT
    assert "directory" in one_line(result)


def test_zone_file_unreadable(program, tmp_path):
    path = tmp_path / "zone"
    path.write_text("")
    path.chmod(0)
    # Root may read everything, but for the powers that it gives up here.
    mortal = lab.Program(program.path, [
        "setpriv", "--bounding-set=-dac_override,-dac_read_search"]) \
        if os.geteuid() == 0 else program
    result = mortal.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    assert "Permission denied" in one_line(result)


HEAD = ("$ORIGIN example.com.\n$TTL 300\n"
        "@ SOA ns hostmaster 1 3600 900 1209600 300\n@ NS ns\n")


@pytest.mark.parametrize("line, column, words", [
    ("www A 1.2.3", 7, "not an IPv4 address"),
    ("www NOTATYPE 1 2 3", 5, "not a type of records"),
    ("@ MX ten mail", 6, "the data do not fit the type"),
    ('www TXT "x', 9, "does not end in its line"),
    ("www TXT ( x", 9, "never closed"),
    ("www TXT x )", 11, "nothing is open"),
    ("$TTK 3", 1, "not a directive"),
    ("$ORIGIN a..b", 9, "a directive cannot be used"),
    ("$INCLUDE nothing", 10, "No such file"),
])
def test_zone_file_broken(program, tmp_path, line, column, words):
    """File, line, column and reason: name servers refuse such a zone."""
    path = tmp_path / "zone"
    path.write_text(HEAD + f"ok A 192.0.2.1\n{line}\nns A 192.0.2.53\n")
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    message = one_line(result)
    assert f"{path}:6:{column}: " in message and words in message


@pytest.mark.parametrize("text", ["", "; nothing\n",
                                  "example.com. 300 IN A 192.0.2.1\n",
                                  HEAD.replace("example.com", "example.org")])
def test_zone_file_without_its_zone(program, tmp_path, text):
    path = tmp_path / "zone"
    path.write_text(text)
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    assert one_line(result).count(
        "no SOA record of example.com" if text else "the file has no record")


def test_zone_file_with_its_name_in_utf_8(program, tmp_path):
    """UTF-8 in a zone file is octets: the line says what to write."""
    path = tmp_path / "zone"
    path.write_text("$ORIGIN b\u00fccher.example.\n"
                    "@ 300 IN SOA ns h 1 2 3 4 5\n", encoding="utf-8")
    result = program.check("--zone", f"b\u00fccher.example={path}",
                           "b\u00fccher.example")
    assert result.code == lab.INPUT
    assert "write the name in this form" in one_line(result)


def test_zone_file_broken_with_other_sources(program, tmp_path):
    """Also when the rest is looked up elsewhere."""
    path = tmp_path / "zone"
    path.write_text(HEAD + "www A 1.2.3\n")
    result = program.check("--zone", f"example.com={path}", "--server",
                           "127.0.0.1@9", "example.com")
    assert result.code == lab.INPUT and f"{path}:5:7: " in one_line(result)


def test_zone_through_a_pipe(program, tmp_path):
    """As shells make it of <(command)."""
    zone = tmp_path / "zone"
    zone.write_text(HEAD + 'ns A 198.41.0.4\n@ TXT "v=spf1 -all"\n')
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = subprocess.Popen(["cp", str(zone), str(fifo)])
    folder = tmp_path / "tmp"
    folder.mkdir()
    result = program.check("--zone", f"example.com={fifo}", "--only", "spf",
                           "example.com", env={"TMPDIR": str(folder)})
    writer.wait(5)
    assert result.record("spf")["verdict"] == "valid"
    assert not list(folder.iterdir())


def test_nothing_is_left_behind(program, guide, tmp_path):
    folder = tmp_path / "tmp"
    folder.mkdir()
    program.check(*guide, "example.com", env={"TMPDIR": str(folder)})
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("option, words", [
    ("--trust-anchor", "No such file"), ("-C", "No such file"),
    ("--resolv-conf=", "No such file"), ("--dkim-key", "No such file")])
def test_other_files_missing(program, tmp_path, option, words):
    path = tmp_path / "nothing"
    args = [option + str(path)] if option.endswith("=") else [option, path]
    result = program.check(*args, "example.com")
    assert result.code == lab.INPUT
    assert str(path) in one_line(result) and words in result.err


def test_anchor_file_without_anchors(program, tmp_path):
    path = tmp_path / "anchors"
    path.write_text("; nothing here\n")
    result = program.check("--trust-anchor", path, "example.com")
    assert result.code == lab.INPUT and "no DS" in one_line(result)


def test_config_file_broken(program, tmp_path):
    path = tmp_path / "unbound.conf"
    path.write_text("server:\n  nonsense: yes\n")
    result = program.check("-C", path, "example.com")
    assert result.code == lab.INPUT
    assert str(path) in one_line(result)


def test_the_same_zone_twice(program, guide):
    result = program.check(*guide, *guide, "example.com")
    assert result.code == lab.USE and "twice" in one_line(result)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_output_that_cannot_be_written(program, guide):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [str(program.path), "check", *map(str, guide), "example.com"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8",
            check=False)
    assert done.returncode == 71
    assert "standard output" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("code, is_fault", [
    ("dkim-rsa-2048", False), ("dns-nxdomain", False),
    ("spf-missing", True), ("dmarc-rua-missing", True)])
def test_help_on_what_is_no_fault(program, code, is_fault):
    text = program("help", code).out
    assert ("it is no fault" in text) == (not is_fault)
    assert ("\nWrong:\n" in text) == is_fault


@pytest.mark.parametrize("args", [["--version"], ["--help"],
                                  ["check", "--version"], ["plan", "--help"]])
def test_help_that_cannot_be_written(program, args):
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(program.path), *args], stdout=full,
                              stderr=subprocess.PIPE, encoding="utf-8",
                              check=False, timeout=20)
    assert done.returncode == 71 and "standard output" in done.stderr


# Zones that are hard to take.

def check_zone(program, zones, *lines, args=()):
    zone = lab.Zone.empty("example.com")
    for line in lines:
        zone.add(line)
    zones.write(zone)
    return program.check(*zones.args, *args, "example.com")


def strings(text):
    return " ".join(f'"{text[i:i + 255]}"' for i in range(0, len(text), 255))


def test_text_of_more_than_64_kib(program, tmp_path):
    """More than a record can hold: name servers refuse the zone."""
    path = tmp_path / "zone"
    path.write_text(HEAD + f"ns A 192.0.2.53\n@ TXT {strings('x' * 66000)}\n"
                    "www A 192.0.2.1\n")
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    assert f"{path}:6:" in one_line(result)


def test_text_of_60_kib(program, zones):
    text = "v=spf1 " + "ip4:198.41.0.4 " * 4000 + "-all"
    result = check_zone(program, zones, f"@ TXT {strings(text)}")
    assert result.record("spf")["verdict"] == "valid"
    assert len(result.record("spf")["text"]) == len(text)
    assert {"spf-record-over-512", "spf-ip-duplicate"} <= \
        result.codes("spf")


def test_bad_text_of_60_kib(program, zones):
    """Thousands of faults: a list of bounded length, and the verdict."""
    text = "v=spf1 " + "foo " * 15000
    start = time.monotonic()
    result = check_zone(program, zones, f"@ TXT {strings(text)}")
    assert time.monotonic() - start < 10
    assert result.record("spf")["verdict"] == "invalid"
    assert "limit-reached" in result.codes("spf")
    assert len(result.json["findings"]) < 200


def test_10000_texts(program, zones):
    result = check_zone(program, zones, '@ TXT "v=spf1 -all"',
                        *[f'@ TXT "{i}"' for i in range(10000)])
    assert result.record("spf")["verdict"] in ("valid", "temperror")
    assert "spf-missing" not in result.codes()


def test_2000_texts(program, zones):
    result = check_zone(program, zones, '@ TXT "v=spf1 -all"',
                        *[f'@ TXT "{i}"' for i in range(2000)])
    assert result.record("spf")["verdict"] == "valid"
    assert "txt-rrset-over-1232" in result.codes("spf")


def test_500_mx(program, zones):
    result = check_zone(program, zones,
                        *[f"@ MX 10 mx{i}" for i in range(500)],
                        *[f"mx{i} A 198.41.0.4" for i in range(500)],
                        args=["--only", "mx"])
    assert result.record("mx")["verdict"] == "valid"
    assert {"mx-many", "limit-reached"} <= result.codes("mx")
    assert result.code == lab.TEMPERROR


def test_loop_of_aliases(program, zones):
    result = check_zone(program, zones, "_dmarc CNAME a", "a CNAME b",
                        "b CNAME a")
    assert result.record("dmarc", "_dmarc.example.com.")["verdict"] == \
        "temperror"
    assert "dmarc-missing" not in result.codes()


def test_octets_of_all_sorts(program, zones):
    """Names and texts with every octet there is."""
    text = "".join(f"\\{i:03d}" for i in range(256) if i not in (34, 92))
    result = check_zone(program, zones, f'@ TXT "v=spf1 {text[:960]}"',
                        "@ MX 10 \\007\\255\\.x")
    assert result.record("mx")["text"] == "10 \\007\\255\\.x.example.com."
    assert all(c == "\n" or " " <= c <= "~" for c in result.out)
    assert "dns-idn-ulabel" in result.codes("mx")


@pytest.mark.alone
def test_timeout_is_kept(program):
    """Nothing answers: the check ends in time, and says why."""
    start = time.monotonic()
    result = program.check("--server", "127.0.0.1@9", "--timeout", "1",
                           "example.com")
    assert time.monotonic() - start < 4
    assert result.code == lab.TEMPERROR


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
def test_offline_needs_no_network(program, guide):
    """With zone files alone no packet is sent."""
    # The search for leaks wants to trace too.
    log = subprocess.run(
        ["strace", "-f", "-e", "trace=sendto,sendmsg,sendmmsg,connect",
         str(program.path), "check", "-q", *map(str, guide), *lab.GUIDE,
         "example.com", "example.org"],
        env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
        capture_output=True, encoding="utf-8", check=False)
    if "PTRACE_TRACEME" in log.stderr:
        pytest.skip("nothing may be traced here")
    assert log.returncode == lab.TEMPERROR
    assert "exited with" in log.stderr
    assert "AF_INET" not in log.stderr

# What a second pair of eyes found.

@pytest.mark.parametrize("modules", [
    "subnetcache validator iterator", "foo", "python validator iterator",
    "validator", "iterator validator", "cachedb iterator"])
def test_config_with_foreign_modules(program, tmp_path, modules):
    """libunbound would crash, or take answers unseen by the validator."""
    config = tmp_path / "conf"
    config.write_text(f'server:\n  module-config: "{modules}"\n')
    result = program.check("-C", config, "example.com")
    assert result.code == lab.INPUT
    assert one_line(result).startswith(
        f'unbound-mailauth: {config}: module-config "{modules}"')


@pytest.mark.parametrize("text", [
    'include: "{}"', "include: {}", "include-toplevel: '{}'",
    'server:\n  trust-anchor-file: "{}"', "server: root-hints: {}",
    'auth-zone:\n  name: "example.com"\n  zonefile: "{}"'])
def test_config_that_names_a_directory(program, tmp_path, text):
    """libunbound would end the process, or read for ever."""
    config = tmp_path / "conf"
    config.write_text(text.format(tmp_path) + "\n")
    result = program.check("-C", config, "example.com")
    assert result.code == lab.INPUT
    assert f"{tmp_path}: it is a directory" in one_line(result)


def test_config_is_a_directory(program, tmp_path):
    result = program.check("-C", tmp_path, "example.com")
    assert result.code == lab.INPUT
    assert f"{tmp_path}: it is a directory" in one_line(result)


def test_config_that_includes_itself(program, tmp_path):
    config = tmp_path / "conf"
    config.write_text(f'include: "{config}"\n')
    result = program.check("-C", config, "example.com")
    assert result.code == lab.INPUT
    assert "include each other" in one_line(result)


def test_config_without_end(program):
    result = program.check("-C", "/dev/zero", "example.com")
    assert result.code == lab.INPUT
    assert "/dev/zero: File too large" in one_line(result)


@pytest.mark.parametrize("include, words", [
    ("{0}", "it is a directory"), ("{0}/zone", "includes itself"),
    ("/etc/passwd", "only files of the zone file's folder"),
    ("../secret", "only files of the zone file's folder"),
    ("link", "only files of the zone file's folder"),
    ("part/../../secret", "only files of the zone file's folder"),
    ('""', "only files of the zone file's folder"),
    ("", "give it as $INCLUDE FILE")])
def test_zone_include(program, tmp_path, include, words):
    """What a zone file cannot include."""
    folder = tmp_path / "zones"
    (folder / "part").mkdir(parents=True)
    (tmp_path / "secret").write_text('@ TXT "v=spf1 -all"\n')
    (folder / "link").symlink_to(tmp_path / "secret")
    path = folder / "zone"
    path.write_text(HEAD + "$INCLUDE " + include.format(folder) + "\n")
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert result.code == lab.INPUT
    assert f"{path}:5:" in one_line(result) and words in one_line(result)
    assert "spf1" not in result.err


@pytest.mark.parametrize("name", ["part", "sub/part", "./part",
                                  "sub/../part", "{0}/part", '"part"'])
def test_zone_include_of_its_folder(program, tmp_path, name):
    """From any working folder; the record is in the file that has it."""
    (tmp_path / "sub").mkdir()
    for place in (tmp_path / "part", tmp_path / "sub" / "part"):
        place.write_text('; a part\n@ TXT "v=spf1 -all"\n')
    path = tmp_path / "zone"
    path.write_text(HEAD + f"$INCLUDE {name.format(tmp_path)}\n")
    result = program.check("--zone", f"example.com={path}", "--only", "spf",
                           "example.com")
    record = result.record("spf")
    assert record["verdict"] == "valid" and record["line"] == 2
    assert os.path.samefile(record["file"],
                            tmp_path / name.format(tmp_path).strip('"'))


def test_zone_include_from_a_pipe(program, tmp_path):
    """A pipe has no folder."""
    (tmp_path / "part").write_text("@ A 192.0.2.1\n")
    done = subprocess.run(
        ["bash", "-c", f'"$0" check --zone example.com=<(printf "%s" "$1") '
         "example.com", str(program.path), HEAD + "$INCLUDE part\n"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        timeout=20)
    assert done.returncode == lab.INPUT
    assert "only files of the zone file's folder" in done.stderr


# Where a record is, and what is wrong with its text.

def in_file(program, tmp_path, *lines, args=(), name="example.com"):
    """Check a zone of these lines, which begin in line 5."""
    path = tmp_path / "zone"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return program.check("--zone", f"example.com={path}", *args, name)


def test_places(program, tmp_path):
    """Each record set and finding has file and line."""
    result = in_file(
        program, tmp_path, "ns A 198.41.0.4", "@ MX 10 mail", "  MX 20 no",
        "mail A 198.41.0.4", '@ TXT "other"', '@ TXT ( "v=spf1"', '  " mx" )',
        '_dmarc TXT "v=DMARC1; p=rejekt"')
    path = str(tmp_path / "zone")
    for kind, name, line in (("spf", "example.com.", 10),
                             ("dmarc", "_dmarc.example.com.", 12),
                             ("mx", "example.com.", 6)):
        record = result.record(kind, name)
        assert (record["file"], record["line"]) == (path, line)
    assert "file" not in result.record("bimi")
    assert result.finding("spf-no-all")["line"] == 10
    assert result.finding("dmarc-p-invalid")["line"] == 12
    assert result.finding("mx-unresolvable")["line"] == 7
    for finding in result.json["findings"]:
        assert ("line" in finding) == ("file" in finding)
    text = program("check", "--format", "text", "--zone",
                   f"example.com={path}", "example.com").out
    assert re.search(r"_dmarc\.example\.com \(\S*zone:12\)",
                     " ".join(text.split()))


def test_place_that_fits(program, tmp_path):
    """A path as it was given, while the line has room; then its last part."""
    folder = tmp_path / ("f" * 60)
    folder.mkdir()
    for path in (tmp_path / "z", folder / "z"):
        path.write_text(HEAD + 'ns A 198.41.0.4\n@ TXT "v=spf1 "\n')
    for given, shown in (("z", "(z:6)"), ("./z", "(./z:6)"),
                         ("f" * 60 + "/z", "(z:6)")):
        done = subprocess.run(
            [str(program.path), "check", "--only", "spf", "--zone",
             f"example.com={given}", "example.com"], cwd=tmp_path,
            capture_output=True, encoding="utf-8", check=False, timeout=20)
        assert f"spf example.com {shown} " in done.stdout


EXPORT = """example.com\t3600\tIN\tSOA\tns.example.net. h.example.net. 1 2 3 4 5
example.com.\t1\tIN\tNS\tns.example.net.
example.com.\t1\tIN\tTXT\t"v=spf1 -all"
"""


@pytest.mark.parametrize("head, line", [
    ("", 1), (";; an export\n\n", 3), ("$ORIGIN example.com.\n", 2)])
def test_soa_without_its_final_dot(program, tmp_path, head, line):
    """It says so, and judges the rest."""
    path = tmp_path / "zone"
    path.write_text(head + EXPORT)
    result = program.check("--zone", f"example.com={path}", "example.com")
    finding = result.finding("zone-soa-name")
    assert (finding["kind"], finding["line"]) == (None, line)
    assert finding["remedy"] == "write 'example.com.'"
    assert result.record("spf")["verdict"] == "valid"
    assert result.record("spf")["line"] == line + 2
    assert result.code == lab.FAIL


@pytest.mark.parametrize("lines, follows, cause", [
    (["mail CNAME ns", "mail A 198.41.0.5", "@ MX 10 mail"],
     "zone-cname-beside", "dns-cname-and-data"),
    (["@ MX 10 ns.example.com"],
     "zone-name-doubled", "mx-trailing-dot-missing"),
    (["_dmarc CNAME d.example.com"],
     "zone-name-doubled", "dns-final-dot-missing"),
    (['@ 1 TXT "v=spf1 -all"'], "zone-ttl-short", "dns-ttl-very-low"),
    (["other 1 A 198.41.0.5", '@ 1 TXT "v=spf1 -all"'],
     "zone-ttl-short", "dns-ttl-very-low")])
def test_one_cause_in_a_zone(program, tmp_path, lines, follows, cause):
    """Text has what the record shows, JSON what its file does as well."""
    result = in_file(program, tmp_path, "ns A 198.41.0.4", *lines)
    of_zone = [f for f in result.json["findings"] if f["code"] == follows]
    assert of_zone and all(f["follows"] == cause for f in of_zone)
    assert "follows" not in result.finding(cause)
    text = program("check", "--zone", f"example.com={tmp_path / 'zone'}",
                   "example.com").out
    assert f"[{cause}]" in text and follows not in text


@pytest.mark.parametrize("lines, code, at", [
    (["other CNAME ns", "other A 198.41.0.5"], "zone-cname-beside", 6),
    (["other CNAME ns", "other CNAME mail"], "zone-cname-twice", 7),
    (["d DNAME ns", "x.d A 198.41.0.5"], "zone-below-dname", 7),
    (["example.net. A 198.41.0.5"], "zone-outside", 6)])
def test_other_name_spoils_the_zone(program, tmp_path, lines, code, at):
    """Name servers refuse the zone for a name that nobody asked about."""
    result = in_file(program, tmp_path, "ns A 198.41.0.4", *lines,
                     args=["--only", "spf"])
    finding = result.finding(code)
    assert (finding["kind"], finding["line"]) == (None, at)
    assert result.code == lab.FAIL
    # Other faults of names that nobody asked about are not told.
    assert "zone-ttl-short" not in in_file(
        program, tmp_path, "ns A 198.41.0.4", "other 1 A 198.41.0.5",
        args=["--only", "spf"]).codes()


def test_zone_without_name_servers(program, tmp_path):
    path = tmp_path / "zone"
    path.write_text(HEAD.replace("@ NS", "x NS") + "ns A 198.41.0.4\n")
    result = program.check("--zone", f"example.com={path}", "--only", "spf",
                           "example.com")
    assert result.finding("zone-ns-missing")["kind"] is None


def test_fault_of_a_judged_name_is_told_once(program, tmp_path):
    result = in_file(program, tmp_path, "ns A 198.41.0.4",
                     "_dmarc CNAME d", '_dmarc TXT "v=DMARC1; p=none"')
    assert [f["line"] for f in result.json["findings"]
            if f["code"] == "zone-cname-beside"] == [6]


def test_soa_with_its_final_dot(program, tmp_path):
    path = tmp_path / "zone"
    path.write_text(EXPORT.replace("example.com\t", "example.com.\t"))
    result = program.check("--zone", f"example.com={path}", "example.com")
    assert "zone-soa-name" not in result.codes()


def test_place_of_a_wildcard(program, tmp_path):
    result = in_file(program, tmp_path, "ns A 198.41.0.4",
                     '* TXT "v=spf1 -all"', args=["--only", "spf"],
                     name="any.example.com")
    assert result.record("spf")["line"] == 6


def test_name_that_a_wildcard_misses(program, tmp_path):
    """A wildcard covers no name below another name, and the remedy says so;
    of a name without a TXT record it says nothing."""
    def none(name):
        in_file(program, tmp_path, '* TXT "v=spf1 -all"',
                "host.news A 198.41.0.4")
        return program.check("--zone", f"example.com={tmp_path / 'zone'}",
                             "--only", "spf", "--ip", "198.41.0.4",
                             "--mail-from", f"joe@{name}.example.com",
                             "example.com").finding("spf-eval-none")
    assert "does not exist" in none("bounce.news")["message"]
    assert "a wildcard covers no name below" in none("bounce.news")["remedy"]
    assert "does not exist" not in none("host.news")["message"]


def test_place_behind_an_alias(program, tmp_path):
    result = in_file(program, tmp_path, "_dmarc CNAME there",
                     'there TXT "v=DMARC1; p=none"', args=["--only", "dmarc"])
    assert result.record("dmarc")["line"] == 6


LONG = "v=spf1 " + "ip4:198.41.0.4 " * 20 + "-all"


@pytest.mark.parametrize("line, code, column, words", [
    (f'@ TXT "{LONG}"', "txt-string-over-255", 7,
     f'at most 255 octets each: example.com. TXT ( "{LONG[:255]}" '
     f'"{LONG[255:]}" )'),
    (f'@ TXT "v=spf1 " "{LONG[7:]}"', "txt-string-over-255", 17,
     "at most 255 octets"),
    ("@ TXT v=spf1;all=-all", "zone-semicolon", 13,
     'write the text in quotes: example.com. TXT "v=spf1;all=-all"'),
    ('@ TXT "v=spf1 "-all""', "zone-quotes-inside", 16, "inner quotes"),
])
def test_fault_of_the_text(program, tmp_path, line, code, column, words):
    """It is a finding of the record, with the place."""
    result = in_file(program, tmp_path, "ns A 198.41.0.4", line)
    finding = result.finding(code)
    assert finding["kind"] == "spf" and finding["name"] == "example.com."
    assert (finding["line"], finding["column"]) == (6, column)
    assert finding["file"] == str(tmp_path / "zone")
    assert words in finding["remedy"]
    assert "spf-missing" not in result.codes()
    assert result.code == lab.FAIL


def test_long_string_with_another_fault(program, tmp_path):
    """There is one record to publish, and it is the right one."""
    key = "A" * 300
    result = in_file(program, tmp_path,
                     f'_dmarc TXT "v=DMARC1; p=rejct; x={key}"',
                     args=["--only", "dmarc"])
    remedy = result.finding("txt-string-over-255")["remedy"]
    assert 'TXT ( "v=DMARC1; p=reject; x=AAA' in remedy
    assert "p=rejct" not in remedy


def test_fault_in_single_quotes(program, tmp_path):
    """They do not quote in a zone file: the line to write is without them."""
    result = in_file(program, tmp_path, "_dmarc TXT 'v=DMARC1; p=reject'",
                     args=["--only", "dmarc"])
    assert result.finding("zone-semicolon")["remedy"] == (
        "single quotes do not quote in a zone file, so write double ones: "
        '_dmarc.example.com. TXT "v=DMARC1; p=reject"')


def test_what_follows_from_a_comment(program, tmp_path):
    """The DMARC policy that a comment cut off is why BIMI finds none; a comment
    in the BIMI record is not."""
    def bimi(dmarc, logo):
        result = in_file(program, tmp_path, f"_dmarc TXT {dmarc}",
                         f"default._bimi TXT {logo}",
                         args=["--only", "dmarc,bimi"])
        return result.finding("bimi-dmarc-none")
    logo = "v=BIMI1; l=https://example.com/l.svg"
    assert "follows" in bimi("v=DMARC1; p=reject", logo)
    assert "follows" not in bimi('"v=DMARC1; p=none"', logo)


def test_fault_of_another_text(program, tmp_path):
    """A text beside the record does not spoil it; one that name servers refuse
    spoils the zone."""
    result = in_file(program, tmp_path, "ns A 198.41.0.4",
                     "@ TXT site-verification=a;b=c",
                     '@ TXT "v=spf1 -all"')
    assert "zone-semicolon" not in result.codes()
    assert result.record("spf")["verdict"] == "valid"
    result = in_file(program, tmp_path, "ns A 198.41.0.4",
                     '@ TXT "' + "x" * 256 + '"', '@ TXT "v=spf1 -all"')
    assert result.finding("txt-string-over-255")["kind"] is None
    assert result.finding("txt-string-over-255")["line"] == 6
    assert result.record("spf")["verdict"] == "valid"


def test_fault_of_another_name(program, tmp_path):
    """What is not asked for is not reported."""
    result = in_file(program, tmp_path, "ns A 198.41.0.4",
                     '@ TXT "v=spf1 -all"', "other TXT v=spf1;all=-all")
    assert "zone-semicolon" not in result.codes()


@pytest.mark.parametrize("server", [
    '127.0.0.1%"', "fe80::1%", "fe80::1%lo\n", "127.0.0.1%a b@53",
    '127.0.0.1%"\nserver:\n val-permissive-mode: yes\n#'])
def test_server_scope(program, server):
    result = program.check("--server", server, "example.com")
    assert result.code == lab.USE
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize("record", [
    "example.com. DS foo", "example.com. IN DS 1 13 2 zz",
    "example.com. IN DS 1 13 2 00ff", "example.com. DS 1 13 2",
    "example.com. DNSKEY 257 3 13 ???", "example.com. DNSKEY 257 3 13",
    "example.com. A 192.0.2.1", "x", ""])
def test_broken_anchor(program, tmp_path, record):
    result = program.check("--ds", record, "example.com")
    assert result.code == lab.USE
    assert "it is not a DS or DNSKEY record" in one_line(result)
    path = tmp_path / "anchors"
    path.write_text(". IN DS 20326 8 2 " + "E0" * 32 + "\n" + record + "\n")
    result = program.check("--trust-anchor", path, "--timeout", "0.01",
                           "--server", "127.0.0.1@9", "example.com")
    if record in ("", "example.com. A 192.0.2.1"):
        assert result.code == lab.TEMPERROR
    else:
        assert result.code == lab.INPUT
        assert f"{path}:2: " in one_line(result)


def test_resolv_conf_is_a_directory(program, tmp_path):
    result = program.check(f"-r{tmp_path}", "example.com")
    assert result.code == lab.INPUT
    assert "it is a directory" in one_line(result)


@pytest.mark.parametrize("args", [
    ["--bimi-selector", b"a\x1b[31m\xff"],
    ["--selector", b"a" * 40 + b"\x1b[31m\xff" + b"a" * 200]])
def test_selectors_are_shown_safely(program, guide, args):
    """An option is no more to be trusted than a record."""
    zone = [str(x) for x in guide]
    for how in ("text", "json"):
        done = subprocess.run(
            [str(program.path), "check", "--format", how, *zone, *args,
             "example.com"], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (lab.USE, b"")
        assert b"\x1b" not in done.stderr and b"\\027[31m\\255" in done.stderr
        assert len(done.stderr.decode("ascii")) < 260


def test_compare_servers_offline(program, guide):
    """A zone file does not choose whom we contact."""
    result = program.check("--compare-servers", *guide, "example.com")
    assert result.code == lab.USE
    assert "without a network" in one_line(result)


@pytest.mark.skipif(shutil.which("strace") is None, reason="no strace")
def test_offline_with_a_configuration(program, guide, tmp_path):
    config = tmp_path / "conf"
    config.write_text('forward-zone:\n  name: "net"\n'
                      "  forward-addr: 127.0.0.9@5300\n")
    log = subprocess.run(
        ["strace", "-f", "-e", "trace=sendto,sendmsg,sendmmsg,connect",
         str(program.path), "check", "-q", *map(str, guide), "-C",
         str(config), "example.com", "example.net"],
        env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
        capture_output=True, encoding="utf-8", check=False)
    if "PTRACE_TRACEME" in log.stderr:
        pytest.skip("nothing may be traced here")
    assert log.returncode in (lab.FAIL, lab.TEMPERROR)
    assert "exited with" in log.stderr
    # libunbound asks the server in the process, and nobody else.
    assert "AF_INET6" not in log.stderr and "(5300)" not in log.stderr
    assert set(re.findall(r'inet_addr\("(.*?)"\)', log.stderr)) <= \
        {"127.0.0.1"}


def test_no_time_at_all(program, guide):
    """What was never asked is not known: no verdict of "pass"."""
    result = program.check("--timeout", "0.000001", *guide, "example.com")
    assert result.code == lab.TEMPERROR
    assert {r["kind"] for r in result.json["records"]} >= {
        "spf", "dmarc", "mx", "bimi"}
    assert {r["verdict"] for r in result.json["records"]} == {"temperror"}


def test_more_lookups_than_are_made(program, guide):
    """What is beyond the limit is not known either."""
    selectors = [a for i in range(700) for a in ("--selector", f"s{i}")]
    result = program.check(*guide, *selectors, "example.com")
    assert "limit-reached" in result.codes()
    assert "temperror" in {r["verdict"] for r in result.json["records"]}
    assert {r["kind"] for r in result.json["records"]} >= {"mx", "bimi"}


def test_key_history_before_time(program, guide, tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": [{
        "name": "altcraft._domainkey.example.com.", "sha256": "0" * 64,
        "first_seen": -9223372036854775808}]}))
    result = program.check(*guide, "--key-history", path, "example.com")
    assert result.code == lab.INPUT
    assert "not a key history" in one_line(result)


# Exit codes: 0 to 3 are verdicts; of anything else there is one of these.

NOWHERE = "nowhere/at/all"
ZONE = "example.com=" + str(lab.ZONES / "guide-printed.zone")
MESSAGE = str(lab.ROOT / "testdata/messages/g112.eml")


@pytest.mark.parametrize("code, args", [
    # Wrong use.
    (64, []), (64, ["nothing"]), (64, ["check"]), (64, ["check", "--bad"]),
    (64, ["check", "-x"]), (64, ["check", "--zone"]),
    (64, ["check", "--zone", "x", "a.org"]), (64, ["check", "a..b"]),
    (64, ["check", "--quiet=1", "a.org"]),
    (64, ["check", "--zone", f"a..b={NOWHERE}", "a.org"]),
    (64, ["check", "--zone", ZONE, "--zone", ZONE, "example.com"]),
    (64, ["check", "--zone", f"-\u00fc.org={NOWHERE}", "a.org"]),
    (64, ["check", "--zone", ZONE, "-\u00fc.org"]),
    (64, ["check", "--format", "tap", "a.org"]),
    (64, ["check", "--timeout", "x", "a.org"]),
    (64, ["check", "--timeout", "0", "a.org"]),
    (64, ["check", "--only", "x", "--zone", ZONE, "a.org"]),
    (64, ["check", "--profile", "x", "a.org"]),
    (64, ["check", "--verdict-on", "x", "a.org"]),
    (64, ["check", "--server", "x", "a.org"]),
    (64, ["check", "--sender", "x", "--zone", ZONE, "a.org"]),
    (64, ["check", "--compare-servers", "--zone", ZONE, "a.org"]),
    (64, ["parse", "a", "b"]), (64, ["parse", "--kind", "x", "a"]),
    (64, ["parse", "--name", "a..b", "v=spf1"]),
    (64, ["spf"]), (64, ["spf", "a.org", "b.org"]),
    (64, ["spf", "--zone", ZONE, "--ip", "x", "a.org"]),
    (64, ["spf", "--zone", ZONE, "--scope", "x", "--ip", "192.0.2.1", "a.org"]),
    (64, ["spf-merge"]), (64, ["spf-merge", "v=spf1 -all"]),
    (64, ["spf-merge", "v=spf1", "--all", "x"]),
    (64, ["dmarc"]), (64, ["dmarc", "--zone", ZONE, "a..b"]),
    (64, ["explain", "a", "b"]),
    (64, ["explain", "--ip", "192.0.2.1", "--ip", "192.0.2.2", MESSAGE]),
    (64, ["explain", "--zone", ZONE, "--ip", "x", MESSAGE]),
    (64, ["plan"]), (64, ["plan", "x"]),
    (64, ["plan", "--settings", NOWHERE, "--zone", ZONE]),
    (64, ["plan", "--settings", NOWHERE, "--drafts", "x", "--diff"]),
    (64, ["plan", "--ttl", "0"]), (64, ["plan", "--make-key", "rsa"]),
    (64, ["plan", "--make-key", "dsa", "x"]),
    (64, ["list"]), (64, ["list", "x"]),
    (64, ["test", "--jobs", "x"]), (64, ["test", "--format", "x"]),
    (64, ["module-checkconf"]), (64, ["module-checkconf", "a", "b"]),
    # Input.
    (66, ["check", "--zone", f"a.org={NOWHERE}", "a.org"]),
    (66, ["check", "--zone", "a.org=/", "a.org"]),
    (66, ["check", "--zone", "a.org=/dev/null", "a.org"]),
    (66, ["check", "--settings", NOWHERE]), (66, ["check", "--settings", "/"]),
    (66, ["check", "--settings", MESSAGE]),
    (66, ["check", "--zone", ZONE, "--dkim-key", NOWHERE, "example.com"]),
    (66, ["check", "--zone", ZONE, "--dkim-key", MESSAGE, "example.com"]),
    (66, ["check", "--zone", ZONE, "--key-history", "/", "example.com"]),
    (66, ["check", "--zone", ZONE, "--key-history", MESSAGE, "example.com"]),
    (66, ["check", "--zone", ZONE, "--trust-anchor", NOWHERE, "example.com"]),
    (66, ["check", "-C", NOWHERE, "a.org"]),
    (66, ["check", f"--resolv-conf={NOWHERE}", "a.org"]),
    (66, ["spf", "--zone", f"a.org={NOWHERE}", "a.org"]),
    (66, ["dmarc", "--zone", f"a.org={NOWHERE}", "a.org"]),
    (66, ["explain", "--zone", ZONE, NOWHERE]),
    (66, ["explain", "--zone", ZONE, "/"]),
    (66, ["explain", "--zone", ZONE, "/dev/null"]),
    (66, ["plan", "--settings", NOWHERE]), (66, ["test", NOWHERE]),
    (66, ["module-checkconf", NOWHERE]), (66, ["module-checkconf", "/"]),
    (66, ["module-checkconf", MESSAGE]),
    # The system.
    (71, ["check", "--zone", ZONE, "--key-history", NOWHERE, "example.com"]),
    (71, ["plan", "--make-key", "ed25519", NOWHERE]),
    (71, ["plan", "--make-key", "ed25519", MESSAGE]),
])
def test_exit_codes_of_errors(program, tmp_path, code, args):
    done = subprocess.run(
        [str(program.path), *args], cwd=tmp_path, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", errors="replace", timeout=30,
        check=False)
    assert done.returncode == code, done.stderr
    assert done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("args", [
    ["--version"], ["--help"], ["check", "--help"], ["check", "--version"],
    ["list", "kinds"], ["list", "--format", "json", "findings"],
    ["parse", "v=spf1 -all"], ["module-checkconf", "/dev/null"],
    ["spf-merge", "v=spf1 -all", "ip4:198.41.0.4"],
    ["dmarc", "--zone", ZONE, "example.com"],
    ["spf", "--zone", ZONE, "example.com"],
    ["explain", "--zone", ZONE, MESSAGE],
    ["plan", "--settings", str(lab.ROOT / "testdata/settings/main.json")]])
@pytest.mark.parametrize("how", [">/dev/full", ">&-"])
def test_output_of_all_that_cannot_be_written(program, args, how):
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {how}', "sh", str(program.path), *args],
        capture_output=True, encoding="utf-8", timeout=30, check=False)
    assert done.returncode == 71 and "standard output" in done.stderr


# Files that are written.

def test_drafts_on_a_full_disk(program, tmp_path):
    """All or none: here files cannot grow beyond some octets."""
    (tmp_path / "s").write_text(json.dumps({
        "domains": ["a.org"],
        "nodes": [{"ip": "198.41.0.4", "host": "n.a.org"}]}))
    args = ["plan", "--settings", tmp_path / "s", "--drafts", tmp_path / "d"]
    for size in (0, 100):
        done = subprocess.run(
            ["prlimit", f"--fsize={size}", str(program.path),
             *map(str, args)], capture_output=True, encoding="utf-8",
            timeout=30, check=False)
        assert done.returncode == 71 and ".zone: " in done.stderr
        assert not (tmp_path / "d").exists()
    assert program(*args).code < 64
    there = {p.name: p.read_text() for p in (tmp_path / "d").iterdir()}
    assert len(there) > 1 and all(there.values())
    (tmp_path / "d" / max(there)).write_text("mine")
    (tmp_path / "d" / min(there)).unlink()
    assert program(*args).code == 71
    assert not (tmp_path / "d" / min(there)).exists()
    assert (tmp_path / "d" / max(there)).read_text() == "mine"


@pytest.mark.parametrize("hard", [False, True])
def test_key_history_keeps_its_file(program, guide, tmp_path, hard):
    other = {"name": "o._domainkey.x.", "sha256": "0" * 64, "first_seen": 5,
             "by": "another"}
    folder = tmp_path / "folder"
    folder.mkdir()
    real, link = folder / "real", folder / "link"
    real.write_text(json.dumps({"keys": [other], "note": "mine"}))
    real.chmod(0o640)
    if hard:
        os.link(real, link)
    else:
        link.symlink_to("real")
    program.check(*guide, "--selector", "altcraft", "--key-history", link,
                  "example.com")
    found = json.loads(real.read_text())
    assert other in found["keys"] and found["note"] == "mine"
    assert len(found["keys"]) > 1
    assert real.stat().st_mode & 0o7777 == 0o640
    assert os.path.samefile(real, link) and link.is_symlink() != hard
    assert sorted(p.name for p in folder.iterdir()) == ["link", "real"]


def test_key_history_of_two_writers(program, guide, tmp_path):
    """The file is written by another program while this one waits."""
    path, fifo = tmp_path / "keys", tmp_path / "fifo"
    ours = {"name": "o._domainkey.x.", "sha256": "0" * 64, "first_seen": 5}
    path.write_text(json.dumps({"keys": []}))
    os.mkfifo(fifo)
    run = subprocess.Popen(
        [str(program.path), "check", "-q", "--selector", "altcraft",
         "--key-history", str(path), "--zone", f"example.com={fifo}",
         "example.com"])
    with open(fifo, "w") as to:
        # It has read the history: zones are loaded behind it.
        path.write_text(json.dumps({"keys": [ours]}))
        to.write((lab.ZONES / "guide-printed.zone").read_text())
    assert run.wait(30) < 64
    found = json.loads(path.read_text())["keys"]
    assert ours in found and len(found) > 1


def test_copies_go_away_on_a_signal(program, tmp_path):
    fifo, folder = tmp_path / "fifo", tmp_path / "tmp"
    os.mkfifo(fifo)
    folder.mkdir()
    run = subprocess.Popen(
        [str(program.path), "check", "--zone", f"example.com={fifo}",
         "example.com"], env={**os.environ, "TMPDIR": str(folder)})
    with open(fifo, "w") as to:
        # More than a pipe holds: some of it is in the copy.
        to.write(";" * 62 + "\n" + (";" * 63 + "\n") * 4000)
        to.flush()
        run.terminate()
        assert run.wait(30) == -15
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("where", ["none", "file", "a" * 300])
def test_tmpdir_that_cannot_be_used(program, guide, tmp_path, where):
    (tmp_path / "file").write_text("")
    env = {"TMPDIR": str(tmp_path / where)}
    # Zones alone need no temporary file, libunbound does.
    assert program.check(*guide, "example.com", env=env).code == lab.FAIL
    result = program.check(*guide, "--server", "127.0.0.1@9", "example.com",
                           env=env)
    assert result.code == 71
    assert f"TMPDIR, {tmp_path}" in one_line(result)


def test_zone_in_utf8(program, tmp_path):
    zone = tmp_path / "zone"
    zone.write_text("$TTL 60\n@ SOA ns h 1 1 1 1 1\n@ NS ns\n"
                    'ns A 198.41.0.4\n@ TXT "v=spf1 -all"\n')
    result = program.check("--zone", f"B\u00dcCHER.example={zone}", "--only",
                           "spf", "b\u00fccher.example")
    assert result.record("spf")["verdict"] == "valid"


# Tables.

def test_list_findings(program):
    rows = json.loads(program("list", "--format", "json", "findings").out)
    codes = [r["code"] for r in rows]
    assert len(codes) == len(set(codes)) > 300
    for row in rows:
        assert row["severity"] in ("pass", "info", "notice", "warn", "fail")
        assert row["reference"] and row["message"]
        assert not row["message"].endswith(".")
        # Each finding of a fault has a remedy.
        if row["severity"] in ("warn", "fail"):
            assert row["remedy"], row["code"]


def test_list_kinds(program):
    rows = json.loads(program("list", "--format", "json", "kinds").out)
    table = (lab.ROOT / "include/mailauth/kinds.def").read_text()
    assert [r["kind"] for r in rows] == [
        symbol.replace("_", "-") for symbol in
        re.findall(r"^KIND\(\w+, (\w+)\)$", table, re.MULTILINE)]
    assert rows[0]["kind"] == "spf"


@pytest.mark.parametrize("kind", ["mtasts", "tlsrpt", "tlsa"])
def test_kinds_that_mail_works_without(program, guide, kind):
    """Looked up and in JSON; the text has no line for what is absent."""
    args = (*guide, "--only", kind, "example.com")
    report = json.loads(program.check(*args).out)
    assert {r["kind"] for r in report["records"]} == {kind}
    assert {r["verdict"] for r in report["records"]} == {"none"}
    assert f" {kind} " not in program("check", *args).out
    assert f" {kind} " in program("check", "--verbose", *args).out


def test_list_tags(program):
    rows = [json.loads(x) for x in program(
        "list", "--format", "ndjson", "tags").out.splitlines()]
    assert {"kind": "dmarc", "tag": "np"} in rows
    assert {"kind": "dkim", "tag": "h"} in rows


def test_list_as_text(program):
    out = program("list", "findings").out
    assert "spf-all-softfail" in out and out.count("\n") > 300


def test_list_tables(program):
    names = program("list", "tables").out.split()
    assert names == ["kinds", "findings", "tags", "commands", "options",
                     "formats", "tables"]
    assert all(program("list", x).out for x in names)
    assert ", ".join(names[:-1]) in program("list", "--help").out


# Options that settle what a report asks for.

HINTS = re.findall(r'\{ "([a-z_-]+)", \{ ((?:"[a-z-]+"(?:, )?)+) \}',
                   (lab.ROOT / "tools" / "hints.c").read_text())


def test_hints_are_of_this_program(program):
    assert len(HINTS) >= 10
    findings = {r["code"] for r in table("findings")}
    manual = (lab.ROOT / "man" / "unbound-mailauth.1").read_text()
    causes = set(re.findall(r"[a-z-]+", " ".join(re.findall(
        r"^\.It Cm ([a-z, Cm-]+)$", manual[manual.index(".Sh CAUSES"):],
        re.MULTILINE))))
    known = {r["option"] for r in table("options")}
    for code, names in HINTS:
        assert code in findings | causes | {
            "helo", "ip", "mail_from", "outside"}
        assert {f"--{x}" for x in re.findall(r"[a-z-]+", names)} <= known


@pytest.mark.parametrize("command, hint", [
    ("check", "\n\n  see --zone, --online for the names outside\n"),
    ("spf", "\n\n  see --zone, --online for the names outside\n"),
    # It takes no --all; and only text for people has hints.
    ("parse", None), ("json", None), ("quiet", None)])
def test_hints(program, zones, command, hint):
    zones.write(lab.Zone.empty("example.com"))
    args = {"parse": ["parse", "v=spf1 include:other.test ?all"],
            "json": ["check", "--format", "json", *zones.args, "other.test"],
            "quiet": ["check", "-q", *zones.args, "other.test"]}.get(
                command, [command, *zones.args, "other.test"])
    out = program(*args).out
    assert out.count("  see --") == (hint is not None)
    assert hint is None or out.endswith(hint)


# Completion.

def completed(program, folder, *words):
    """What bash would offer for the last word."""
    script = program.path.parent / "completion.bash"
    return subprocess.run(
        ["bash", "-c", f'. "{script}"; COMP_WORDS=("$@"); '
         "COMP_CWORD=$(($# - 1)); _unbound_mailauth; "
         'printf "%s\n" "${COMPREPLY[@]}"', "x", "unbound-mailauth", *words],
        cwd=folder, check=True, capture_output=True,
        encoding="utf-8").stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize("words, offered", [
    (["pl"], ["plan"]), (["spf"], ["spf", "spf-merge"]),
    (["check", "--zo"], ["--zone"]), (["parse", "--zo"], []),
    (["check", "--format", ""], lab.formats("check")),
    (["test", "--format", "t"], lab.formats("test", "t")),
    (["check", "--format", "=", "j"], lab.formats("check", "j")),
    (["check", "--profile", "="],
         ["practice", "guide", "rfc", "bulk-sender", "gov", "parked"]),
    (["check", "--only", "dm"], ["dmarc", "dmarc-report"]),
    (["check", "--config", "a"], ["a.conf", "a.d"]),
    (["check", "-C", "a"], ["a.conf", "a.d"]),
    (["check", "--zone", "x.test", "=", "a.c"], ["a.conf"]),
    (["plan", "--drafts", "a"], ["a.d"]),
    (["check", "--selector", "a"], []), (["check", "a"], []),
    (["list", "ki"], ["kinds"]), (["--sele"], ["--selector"]),
    (["help", "pl"], ["plan"]), (["help", "dmarc-p-no"], ["dmarc-p-none"]),
])
def test_completion(program, tmp_path, words, offered):
    (tmp_path / "a.conf").write_text("")
    (tmp_path / "a.d").mkdir()
    assert sorted(completed(program, tmp_path, *words)) == sorted(offered)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize("command", COMMANDS)
def test_completion_has_all_options(program, tmp_path, command):
    there = completed(program, tmp_path, command, "-")
    rows = options(program, command)
    assert sorted(there) == sorted(x for r in rows for x in (
        r["option"], r["letter"]) if x)


# Types into zsh, and then a key that writes down the line as completed.
ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "cd $2; fpath=($3 \$fpath); autoload -Uz compinit; \
compinit -D -u; bindkey -e; written() { print -r -- \$BUFFER > $2/line }; \
zle -N written; bindkey ^X written; print ready-\$((1+1))"
zpty -r z seen '*ready-2*'
zpty -w -n z "unbound-mailauth $1"$'\t\x18'
repeat 1000; do [[ -s $2/line ]] && break; zpty -rt z seen; sleep 0.01; done
"""


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh")
@pytest.mark.parametrize("typed, line", [
    ("pl", "plan "), ("check --zo", "check --zone "), ("--sele", "--selector "),
    ("parse --zo", "parse --zo"), ("check --format=nd", "check --format=ndjson "),
    ("check --profile gu", "check --profile guide "),
    ("check -C a.c", "check -C a.conf "), ("plan --drafts a", "plan --drafts a.d/"),
    ("check --zone x.test=a.c", "check --zone x.test=a.conf "),
    ("lint a.c", "lint a.conf "), ("list ki", "list kinds "),
    ("help dmarc-p-no", "help dmarc-p-none "),
])
def test_completion_of_zsh(program, tmp_path, typed, line):
    (tmp_path / "a.conf").write_text("")
    (tmp_path / "a.d").mkdir()
    shutil.copy(program.path.parent / "completion.zsh",
                tmp_path / "_unbound-mailauth")
    subprocess.run(["zsh", "-f", "-c", ZSH, "x", typed, tmp_path, tmp_path],
                   check=True, timeout=60)
    assert (tmp_path / "line").read_text()[:-1] == f"unbound-mailauth {line}"


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish")
@pytest.mark.parametrize("typed, offered", [
    ("pl", ["plan"]), ("spf", ["spf", "spf-merge"]), ("check --zo", ["--zone"]),
    ("parse --zo", []), ("--sele", ["--selector"]),
    ("test --format t", lab.formats("test", "t")),
    ("check --format=nd", ["--format=ndjson"]),
    ("check -C a", ["a.conf", "a.d/"]), ("plan --drafts a", ["a.d/"]),
    ("check --selector a", []), ("list ki", ["kinds"]), ("help pl", ["plan"]),
    ("help dmarc-p-no", ["dmarc-p-none"]),
])
def test_completion_of_fish(program, tmp_path, typed, offered):
    (tmp_path / "a.conf").write_text("")
    (tmp_path / "a.d").mkdir()
    out = subprocess.run(
        ["fish", "--private", "--no-config", "-c",
         'source $argv[1]; complete -C "unbound-mailauth $argv[2]"',
         program.path.parent / "completion.fish", typed],
        cwd=tmp_path, check=True, capture_output=True, encoding="utf-8").stdout
    assert sorted(r.split("\t")[0] for r in out.splitlines()) == sorted(offered)


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
