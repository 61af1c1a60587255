# test_settings.py - files of settings, and checks by them
# SPDX-License-Identifier: BSD-3-Clause
"""What a file may hold and what not, several files, which domains are checked,
lookups that fail, and what mail goes out as. The cases of the guide are in
testdata/settings/guide.case; G79 is here, since it ends the reading."""
import json
import os
import subprocess

import jsonschema
import pytest

import lab
import test_checks

# What the cases of testdata/settings have in common.
BASE = {key: value for case in test_checks.ALL
        if case.title == "G78 the published key is the one that signs"
        for key, value in json.loads(case.settings[0]).items()
        if key != "senders"}
SENDER = {"from": "example.com", "dkim_key": "k", "dkim_selector": "altcraft",
          "secondary_dkim_key": "k", "secondary_dkim_selector": "altcraft"}
SCHEMA = json.loads((lab.ROOT / "schema" / "settings.schema.json").read_text())


@pytest.fixture
def write(tmp_path):
    """A file of settings: an object, or text as it is."""
    def run(what, name="settings.json"):
        path = tmp_path / name
        if isinstance(what, bytes):
            path.write_bytes(what)
        else:
            path.write_text(what if isinstance(what, str) else json.dumps(what))
        return path

    return run


@pytest.fixture
def guide(zones):
    for zone in zones.guide():
        zones.write(zone)
    return ["--allow-documentation", *zones.args]


def refused(program, path, *args):
    """The one line on what is wrong with a file."""
    for command in ("plan", "check"):
        result = program(command, "--settings", path, *args)
        assert result.code == lab.INPUT and not result.out, result.out
        line, = result.err.splitlines()
    assert str(path) in line
    return line


# What is wrong with a file.

@pytest.mark.parametrize("what, path, reason", [
    ({"senders": [{"pool_id": 1.5}]}, "senders[0].pool_id",
     "a text or whole number is wanted here, and it is a number"),
    ({"senders": [{}, {"pool_id": []}]}, "senders[1].pool_id", "a list"),
    ({"senders": [{"from": 1}]}, "senders[0].from", "a text is wanted"),
    ({"senders": [{"from": "a b"}]}, "senders[0].from", "not a domain name"),
    ({"senders": [{"from": "news@"}]}, "senders[0].from", "not a domain name"),
    ({"senders": [{"from": "com"}]}, "senders[0].from", "not a mail domain"),
    ({"senders": [{"sender_domain": "localhost"}]},
     "senders[0].sender_domain", "not a mail domain"),
    ({"domains": ["com"]}, "domains[0].name", "not a mail domain"),
    ({"TRACKING_PREFIX": ".."}, "TRACKING_PREFIX", "in front of a domain"),
    ({"senders": {}}, "senders", "a list is wanted here, and it is an object"),
    ({"senders": ["news"]}, "senders[0]", "an object is wanted"),
    ({"senders": [{"nodes": "mta"}]}, "senders[0].nodes", "a list of texts"),
    ({"senders": [{"nodes": [1]}]}, "senders[0].nodes", "a text is wanted"),
    ({"senders": [{"mail_from_subdomain": "a..b"}]},
     "senders[0].mail_from_subdomain", "in front of a domain"),
    ({"nodes": [{"host": "a.example.com"}]}, "nodes[0].ip", "it is missing"),
    ({"nodes": [{"ip": "192.0.2"}]}, "nodes[0].ip", "not an IP address"),
    ({"nodes": [{"ip": "192.0.2.1", "host": "x y"}]}, "nodes[0].host",
     "not a domain name"),
    ({"keys": [{"type": "dkim"}]}, "keys[0].name", "it is missing"),
    ({"keys": [{"name": "k", "public": "hello"}]}, "keys[0].public", "key"),
    ({"keys": [{"name": "k", "public": "MIIB", "file": "x"}]}, "keys[0]",
     "either a file or public"),
    ({"keys": [{"name": "k", "file": "nothing.pem"}]}, "keys[0].file",
     "No such file"),
    ({"domains": [5]}, "domains[0]", "an object is wanted"),
    ({"domains": [{"name": "not a name"}]}, "domains[0].name",
     "not a domain name"),
    ({"domains": [None]}, "domains[0]", "an object is wanted"),
    ({"virtual_senders": [{"name": "v"}]}, "virtual_senders[0].sender",
     "it is missing"),
    ({"WEBCONTROL_PUBLIC_IP": 1}, "WEBCONTROL_PUBLIC_IP", "a text is wanted"),
    ({"WEBCONTROL_PUBLIC_IP": "here"}, "WEBCONTROL_PUBLIC_IP",
     "not an IP address"),
    ({"WEBCONTROL_HOSTNAME": "a b"}, "WEBCONTROL_HOSTNAME", "not a domain name"),
    ([], "", "an object is wanted here, and it is a list"),
    ("5", "", "line 1, column 1"),
    ("{", "", "line 1, column 1"),
    ("", "", "line 1"),
    ('{"a": 1}\n{', "", "line 2"),
    ('{"senders": [], "senders": []}', "", "duplicate"),
    ('{"senders": [{"name": "a",\n "name": "b"}]}', "", "line 2"),
    (b'{"a": "\xff"}', "", "line 1"),
    ('{"x": ' + "[" * 40 + "]" * 40 + "}", "", "nested too deeply"),
    ('{"x": ' + "[" * 9000 + "]" * 9000 + "}", "", "line 1"),
])
def test_refused(program, write, what, path, reason):
    line = refused(program, write(what))
    assert path in line and reason in line


@pytest.mark.parametrize("what, path, reason", [
    ({"senders": [{"dkim_key": "x"}]}, "senders[0].dkim_key", "no key"),
    ({"senders": [{"secondary_dkim_key": "x"}]},
     "senders[0].secondary_dkim_key", "no key"),
    ({"senders": [{"pool_id": 7}]}, "senders[0].pool_id", "no pool"),
    ({"senders": [{"nodes": ["x"]}]}, "senders[0].nodes", "no node"),
    ({"virtual_senders": [{"sender": "x"}]}, "virtual_senders[0].sender",
     "no such sender"),
    ({"keys": [{"name": "k"}, {"name": "k"}]}, "keys", "two have the name"),
    ({"pools": [{"id": 1}, {"id": "1"}]}, "pools", "two have the id"),
    ({"nodes": [{"ip": "2001:DB8::1"}, {"ip": "2001:db8:0::1"}]}, "nodes",
     "two have the ip"),
    ({"nodes": [{"ip": "192.0.2.4"}, {"ip": "::ffff:192.0.2.4"}]}, "nodes",
     "two have the ip"),
    ({"domains": ["example.com", "EXAMPLE.com."]}, "domains", "two have"),
])
def test_references(program, write, what, path, reason):
    result = program("plan", "--settings", write(what))
    assert result.code == lab.INPUT
    assert path in result.err and reason in result.err


def test_g79_one_key_for_a_sender(program, write):
    line = refused(program, write({"senders": [{"dkim_key": ["k", "l"]}]}))
    assert "senders[0].dkim_key: one text and no more" in line


def test_no_file(program, tmp_path):
    refused(program, tmp_path / "nothing.json")


def test_a_folder(program, tmp_path):
    assert "directory" in refused(program, tmp_path)


@pytest.mark.parametrize("what, reason", [
    ('{"a": "' + "x" * (2 << 20) + '"}', "too large"),
    ({"senders": [{}] * 2001}, "too many"),
    ({"senders": [{"name": "x" * 2000}]}, "too long"),
    ({"senders": [{"nodes": ["x"] * 300}]}, "too many"),
])
def test_limits(program, write, what, reason):
    assert reason in refused(program, write(what))


def test_too_many_files(program, write):
    path = write({})
    result = program("plan", *["--settings", path] * 65)
    assert result.code == lab.USE and "too many" in result.err


def test_too_many_routes(program, write):
    """Senders, virtual senders and templates multiply."""
    result = program("plan", "--settings", write({
        "senders": [{"name": "s", "from": "example.com"}],
        "virtual_senders": [{"name": f"v{i}", "sender": "s"}
                            for i in range(100)],
        "templates": [{"sender": f"v{i % 100}", "from": "example.com"}
                      for i in range(2000)] + []}), timeout=60)
    assert result.code == 0
    result = program("plan", "--settings", write({
        "senders": [{"name": f"s{i}", "from": "example.com"}
                    for i in range(2000)],
        "virtual_senders": [{"name": f"v{i}", "sender": f"s{i}"}
                            for i in range(2000)],
        "templates": [{"sender": f"v{i}"} for i in range(2000)]}), timeout=60)
    assert result.code == lab.INPUT and "too many" in result.err


# Names that nobody knows.

@pytest.mark.parametrize("what, text", [
    ({"sendres": []}, "sendres: there is no such setting; did you mean "
     "senders?"),
    ({"senders": [{"from": "example.com", "poolid": 1}]},
     "senders[0].poolid: there is no such setting; did you mean pool_id?"),
    ({"TRACKING_HOSTNME": "x"}, "did you mean TRACKING_HOSTNAME?"),
    ({"TRACKING_HOST": "x"}, "did you mean TRACKING_HOSTNAME?"),
    ({"tracking_hostname": "x"}, "did you mean TRACKING_HOSTNAME?"),
    ({"nodes": [{"ip": "192.0.2.1", "hots": "x"}]}, "did you mean host?"),
    ({"whatever it may be": 1}, "whatever it may be: there is no such"),
    ({"pools": [{"id": 1, "spf": "x"}]}, "pools[0].spf"),
    ({"a\x1bb": 1}, "a\\027b"),
])
def test_unknown(program, write, guide, what, text):
    path = write(what)
    result = program("plan", "--settings", path)
    assert result.code == 0 and text in result.out.replace("\\\\", "\\")
    found = program.check("--settings", path, *guide, "example.com")
    assert "cfg-unknown" in found.codes()
    assert found.finding("cfg-unknown")["severity"] == "warn"


def test_main_json_as_it_is(program, write, guide):
    """Keys of the platform that say nothing about DNS are its own."""
    path = write({"DEBUG": True, "MYSQL_HOST": "localhost", "SMTP_PORT": 25,
                  "WEBCONTROL_PORT": 443, "CLUSTER": {"NODES": [1, 2]},
                  "WEBCONTROL_HOSTNAME": "altcraft.example.com",
                  "WEBCONTROL_PUBLIC_IP": "192.0.2.1",
                  "TRACKING_PREFIX": "", "TRACKING_HOSTNAME": None})
    found = program.check("--settings", path, *guide, "example.com").codes()
    assert "cfg-admin-ok" in found and "cfg-unknown" not in found


# Several files, and what of a file holds.

def test_files_are_merged(program, write, guide):
    a = write({"nodes": BASE["nodes"], "WEBCONTROL_HOSTNAME":
               "altcraft.example.com", "WEBCONTROL_PUBLIC_IP": "192.0.2.9"})
    b = write({"keys": BASE["keys"], "senders": [SENDER],
               "WEBCONTROL_PUBLIC_IP": "192.0.2.1"}, "b.json")
    result = program.check("--settings", a, "--settings", b, *guide)
    assert {"cfg-admin-ok", "dkim-key-match-private"} <= result.codes()
    assert "it replaces the value of an earlier file" in \
        result.finding("cfg-unknown")["message"]


def test_key_files_are_beside_their_file(program, write, tmp_path, guide):
    (tmp_path / "sub").mkdir()
    subprocess.run(["openssl", "genrsa", "-out", tmp_path / "sub" / "k.pem",
                    "2048"], check=True, capture_output=True)
    write(BASE | {"keys": [{"name": "k", "file": "k.pem"}],
                  "senders": [SENDER]}, "sub/settings.json")
    for path in ("sub/settings.json", str(tmp_path / "sub/settings.json")):
        old = os.getcwd()
        os.chdir(tmp_path)
        try:
            found = program.check("--settings", path, *guide).codes()
        finally:
            os.chdir(old)
        assert "dkim-key-mismatch-private" in found


def test_locked_key(program, write, tmp_path):
    subprocess.run(["openssl", "genrsa", "-aes128", "-passout", "pass:x",
                    "-out", tmp_path / "k.pem", "1024"], check=True,
                   capture_output=True)
    line = refused(program, write({"keys": [{"name": "k", "file": "k.pem"}]}))
    assert "passphrase" in line


@pytest.mark.parametrize("what", [
    {}, BASE, BASE | {"senders": [SENDER]},
    {"domains": [{"name": "example.com", "dkim_selector": "a",
                  "tracking_domain": "x.example.com"}], "MYSQL_HOST": 1,
     "pools": [{"id": 1, "nodes": ["192.0.2.1"]}], "TRACKING_PREFIX": None,
     "nodes": [{"ip": "192.0.2.1"}], "website_tracking_domains": ["a.b"],
     "senders": [{"name": "s", "pool_id": 1}], "templates": [
         {"sender": "v", "tracking_domain": "a.b"}],
     "virtual_senders": [{"name": "v", "sender": "s"}]}])
def test_schema(program, write, what):
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(what, SCHEMA)
    assert program("plan", "--settings", write(what)).code == 0


@pytest.mark.parametrize("what", [
    [], {"senders": {}}, {"sendres": []}, {"nodes": [{}]},
    {"senders": [{"dkim_key": ["a", "b"]}]}, {"keys": [{"type": "dkim"}]},
    {"pools": [{"id": 1.5}]}, {"virtual_senders": [{}]}])
def test_schema_refuses(what):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(what, SCHEMA)


# Which domains.

def domains(result):
    return [o["domain"] for o in result.objects]


def test_from_domains(program, write, guide):
    path = write(BASE | {"senders": [
        {"from": "news@b.example.com"}, {"from": "a.example.com"},
        {"from": "B.example.com."}], "domains": ["example.com"]})
    args = ["check", "--format", "ndjson", "--settings", path, *guide]
    assert domains(program(*args)) == ["b.example.com", "a.example.com"]
    assert domains(program(*args, "example.com")) == ["example.com"]


def test_utf8(program, write, guide):
    path = write({"senders": [{"from": "x@bücher.example"}]})
    assert domains(program("check", "--format", "ndjson", "--settings", path,
                           *guide)) == ["xn--bcher-kva.example"]


def test_domains_of_the_panel(program, write, guide):
    """Without senders they send by themselves."""
    result = program.check("--settings", write(
        {"domains": ["example.com"], "nodes": BASE["nodes"]}), *guide)
    assert result.json["domain"] == "example.com"
    assert {"cfg-sender-a-ok", "cfg-mail-from-spf"} <= result.codes()
    assert "cfg-secondary-dkim-missing" not in result.codes()


@pytest.mark.parametrize("what", [{}, {"MYSQL_HOST": "x"}, {"senders": [{}]}])
def test_no_domain(program, write, what):
    result = program("check", "--settings", write(what))
    assert result.code == lab.USE and "From domain" in result.err


def test_a_sender_without_from(program, write):
    result = program("plan", "--settings", write({"senders": [{}]}))
    assert "senders[0]: no From domain is known" in result.out


# What goes out.

def messages(result, code):
    return sorted(f["message"] for f in result.json["findings"]
                  if f["code"] == code)


def test_levels(program, write, guide):
    """Domain, sender, virtual sender, template: the first holds."""
    path = write(BASE | {
        "domains": [{"name": "example.com", "dkim_selector": "altcraft"}],
        "senders": [SENDER | {"name": "s", "dkim_selector": "two",
                              "mail_from": "bounce@example.com"}],
        "virtual_senders": [{"name": "v", "sender": "s",
                             "dkim_selector": "three"}],
        "templates": [{"sender": "v", "dkim_selector": "four",
                       "mail_from": "b@mta-1.example.com"}]})
    result = program.check("--settings", path, *guide)
    assert [r["name"] for r in result.json["records"]
            if r["kind"] == "dkim"] == ["altcraft._domainkey.example.com."]
    said = " ".join(messages(result, "cfg-override"))
    for lost in ("two", "three", "four"):
        assert f"dkim_selector is altcraft by domains[0] (example.com.), and " \
            f"not {lost} of" in said
    assert "mail_from is example.com. by senders[0] (s), and not " \
        "mta-1.example.com. of templates[0]" in said


def test_what_comes_of_it(program, write, guide):
    path = write(BASE | {
        "pools": [{"id": 1, "dkim_key": "k", "dkim_selector": "altcraft"}],
        "senders": [{"from": "a@example.com", "mail_from_type": "aligned",
                     "mail_from_subdomain": "mta-1", "pool_id": 1}]})
    result = program.check("--settings", path, *guide)
    message, = messages(result, "cfg-route")
    assert message.endswith(
        "senders[0]: From example.com., MAIL FROM mta-1.example.com., "
        "DKIM altcraft of example.com., from 192.0.2.4")


def test_another_from_is_checked_too(program, write, guide):
    """Mail may go out with a From domain that should have lost."""
    path = write(BASE | {"domains": [], "senders": [SENDER | {"name": "s"}],
                         "templates": [{"sender": "s", "from": "x.test"}]})
    result = program("check", "--format", "ndjson", "--settings", path, *guide)
    assert domains(result) == ["example.com", "x.test"]
    for report in result.objects:
        assert "cfg-override" in {f["code"] for f in report["findings"]}


def test_nodes_of_a_sender(program, write, guide):
    """Only those count that it sends from."""
    nodes = BASE["nodes"] + [{"ip": "192.0.2.77", "host": "x.example.com"}]
    for names in (["192.0.2.4"], ["mta-1.example.com"]):
        path = write(BASE | {"nodes": nodes,
                             "senders": [SENDER | {"nodes": names}]})
        found = program.check("--settings", path, *guide).codes()
        assert "spf-eval-fail" not in found and "addr-missing" not in found
    path = write(BASE | {"nodes": nodes, "senders": [SENDER]})
    assert {"spf-eval-fail", "addr-missing"} <= program.check(
        "--settings", path, *guide).codes()


def test_two_keys_at_one_selector(program, write, guide):
    keys = BASE["keys"] + [{"name": "l", "public": "MCowBQYDK2VwAyEAC8CrWd0pY"
                            "vwVcL5DP2BMqGrScDk2D1m6bG3V1ydqN1g="}]
    path = write(BASE | {"keys": keys, "senders": [
        SENDER, SENDER | {"dkim_key": "l"}]})
    codes = program.check("--settings", path, *guide).codes()
    assert {"dkim-key-match-private", "dkim-key-mismatch-private"} <= codes
    assert "dkim-key-shared" not in codes


# Lookups that fail are not records that are absent.

def test_outside_of_the_zones(program, write, guide):
    path = write(BASE | {
        "WEBCONTROL_HOSTNAME": "panel.elsewhere.test",
        "WEBCONTROL_PUBLIC_IP": "192.0.2.1",
        "senders": [SENDER | {"mail_from_type": "custom",
                              "sender_domain": "elsewhere.test",
                              "secondary_dkim_domain": "example.com"}]})
    result = program.check("--settings", path, *guide)
    assert not {"cfg-host-missing", "cfg-host-ip-mismatch", "addr-missing",
                "spf-missing", "cfg-mail-from-spf"} & result.codes()
    assert "spf-eval-temperror" in result.codes()
    assert "panel.elsewhere.test" in {
        x["what"] for x in result.json["incomplete"]}


@pytest.mark.parametrize("name, old, new, gone", [
    ("click.example.com", "192.0.2.2", "192.0.2.22",
     {"cfg-host-missing", "cfg-host-ip-mismatch", "cfg-tracking-ok"}),
    ("bounce.example.com", "ip4:192.0.2.4 ?all", "ip4:192.0.2.5 ?all",
     {"spf-missing", "cfg-mail-from-spf", "dmarc-pass-dkim-only"}),
])
def test_bogus(program, write, zones, name, old, new, gone):
    forward, reverse = zones.guide()
    forward.add('bounce TXT "v=spf1 ip4:192.0.2.4 ?all"')
    zones.sign(forward)
    zones.sign(reverse)
    path = write(BASE | {
        "TRACKING_HOSTNAME": "click.example.com",
        "TRACKING_PUBLIC_IP": "192.0.2.2", "senders": [SENDER | {
            "mail_from_type": "custom",
            "sender_domain": "bounce.example.com",
            "secondary_dkim_domain": "example.com"}]})
    args = ["--allow-documentation", "--settings", path, *zones.args]
    codes = program.check(*args).codes()
    assert {"cfg-tracking-ok", "cfg-mail-from-spf", "align-spf-ok"} <= codes
    zones.edit("example.com", old, new)
    result = program.check(*args)
    assert "dnssec-bogus" in result.codes(name=f"{name}.")
    assert not gone & result.codes(name=f"{name}.")
    assert not gone & result.codes(name=None) - {"cfg-tracking-ok",
                                                 "cfg-mail-from-spf"}
    assert result.json["verdict"] != "pass"


def test_too_many_nodes(program, write, guide):
    """What is left out is told."""
    path = write(BASE | {"senders": [SENDER], "nodes": [
        {"ip": f"198.51.100.{i}", "host": f"m{i}.example.com"}
        for i in range(1, 140)]})
    result = program.check("--settings", path, "--timeout", "60", *guide,
                           timeout=100)
    assert "limit-reached" in result.codes()
