# test_keys.py - DKIM keys of the user: files, history
# SPDX-License-Identifier: BSD-3-Clause
"""--dkim-key holds the published key against a file, --key-history keeps
track of when keys were first seen."""
import json
import subprocess
import time

import pytest

import lab

TRIGGERS = {"dkim-key-match-private", "dkim-key-mismatch-private",
            "dkim-key-old", "dkim-key-shared"}


def openssl(*args, data=None):
    return subprocess.run(["openssl", *map(str, args)], input=data,
                          capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def pems(tmp_path_factory):
    """Keys as signers keep them."""
    folder = tmp_path_factory.mktemp("pem")
    openssl("genrsa", "-out", folder / "rsa.pem", "1024")
    openssl("genrsa", "-out", folder / "other.pem", "1024")
    openssl("genpkey", "-algorithm", "ed25519", "-out", folder / "ed.pem")
    openssl("pkey", "-in", folder / "rsa.pem", "-pubout", "-out",
            folder / "public.pem")
    openssl("rsa", "-in", folder / "rsa.pem", "-traditional", "-out",
            folder / "pkcs1.pem")
    openssl("rsa", "-in", folder / "rsa.pem", "-aes128", "-passout",
            "pass:secret", "-out", folder / "locked.pem")
    (folder / "nothing.pem").write_text("hello\n")
    return folder


def published(pem, form="rsa"):
    """The text of a key record for a key file."""
    der = openssl("pkey", "-in", pem, "-pubout", "-outform", "DER")
    if form == "ed25519":
        der = der[-32:]
    elif form == "pkcs1":
        der = openssl("rsa", "-in", pem, "-RSAPublicKey_out", "-outform",
                      "DER")
    data = openssl("base64", "-A", data=der).decode()
    kind = "ed25519" if form == "ed25519" else "rsa"
    return f'"v=DKIM1; k={kind}; p={data}"'


@pytest.fixture
def publish(zones):
    """Zones with these key records."""
    def run(**records):
        zone = lab.Zone.empty("example.com")
        for selector, text in records.items():
            zone.add(f"{selector}._domainkey TXT {text}")
        zones.write(zone)
        return ["--only", "dkim", *zones.args]

    return run


@pytest.mark.parametrize("file, form", [
    ("rsa.pem", "rsa"), ("public.pem", "rsa"), ("pkcs1.pem", "rsa"),
    ("rsa.pem", "pkcs1")])
def test_key_matches(program, publish, pems, file, form):
    args = publish(s=published(pems / "rsa.pem", form))
    codes = program.check("--selector", "s", "--dkim-key", pems / file,
                          *args, "example.com").codes()
    assert "dkim-key-match-private" in codes
    assert "dkim-key-mismatch-private" not in codes


def test_ed25519_key_matches(program, publish, pems):
    args = publish(s=published(pems / "ed.pem", "ed25519"))
    codes = program.check("--selector", "s", "--dkim-key", pems / "ed.pem",
                          *args, "example.com").codes()
    assert "dkim-key-match-private" in codes


@pytest.mark.parametrize("file", ["other.pem", "ed.pem"])
def test_key_does_not_match(program, publish, pems, file):
    args = publish(s=published(pems / "rsa.pem"))
    result = program.check("--selector", "s", "--dkim-key", pems / file,
                           *args, "example.com")
    assert "dkim-key-mismatch-private" in result.codes()
    assert "dkim-key-match-private" not in result.codes()
    assert result.code == lab.FAIL


@pytest.mark.parametrize("file", ["nothing.pem", "locked.pem"])
def test_key_that_cannot_be_read(program, publish, pems, file):
    args = publish(s=published(pems / "rsa.pem"))
    result = program.check("--selector", "s", "--dkim-key", pems / file,
                           *args, "example.com")
    assert result.code == lab.INPUT and str(pems / file) in result.err


# History.

def history(path):
    return {k["name"]: k for k in json.loads(path.read_text())["keys"]}


def age(path, days):
    """As if the keys had been seen first so many days ago."""
    data = json.loads(path.read_text())
    for key in data["keys"]:
        key["first_seen"] -= days * 86400
    path.write_text(json.dumps(data))


def test_history(program, publish, pems, tmp_path):
    """A key is old after half a year, and young again when it changes."""
    file = tmp_path / "history.json"
    args = ["--selector", "s", "--key-history", file,
            *publish(s=published(pems / "rsa.pem"))]
    name = "s._domainkey.example.com."
    before = time.time()
    assert "dkim-key-old" not in program.check(*args, "example.com").codes()
    first = history(file)[name]
    assert before - 1 <= first["first_seen"] <= time.time()

    age(file, 180)
    assert "dkim-key-old" not in program.check(*args, "example.com").codes()
    age(file, 5)
    assert "dkim-key-old" in program.check(*args, "example.com").codes()
    assert history(file)[name]["sha256"] == first["sha256"]

    args = ["--selector", "s", "--key-history", file,
            *publish(s=published(pems / "other.pem"))]
    assert "dkim-key-old" not in program.check(*args, "example.com").codes()
    assert history(file)[name]["sha256"] != first["sha256"]
    assert history(file)[name]["first_seen"] >= before - 1


def test_history_keeps_other_names(program, publish, pems, tmp_path):
    file = tmp_path / "history.json"
    key = {"name": "x._domainkey.example.org.", "sha256": "0" * 64,
           "first_seen": 1}
    file.write_text(json.dumps({"keys": [key]}))
    program.check("--selector", "s", "--key-history", file,
                  *publish(s=published(pems / "rsa.pem")), "example.com")
    assert history(file)[key["name"]] == key
    assert len(history(file)) == 2


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"keys": 1}',
                                  '{"keys": [{"name": 1}]}'])
def test_history_that_is_none(program, publish, pems, tmp_path, text):
    """It is refused, and left as it is."""
    file = tmp_path / "history.json"
    file.write_text(text)
    result = program.check("--key-history", file,
                           *publish(s=published(pems / "rsa.pem")),
                           "example.com")
    assert result.code == lab.INPUT and str(file) in result.err
    assert file.read_text() == text


def test_history_that_cannot_be_written(program, publish, pems, tmp_path):
    result = program.check("--key-history", tmp_path / "no" / "history",
                           "--selector", "s",
                           *publish(s=published(pems / "rsa.pem")),
                           "example.com")
    assert result.code == 71 and result.json["domain"] == "example.com"


# Keys used more than once.

def test_shared_by_selectors(program, publish, pems):
    text = published(pems / "rsa.pem")
    result = program.check("--selector", "a", "--selector", "b",
                           *publish(a=text, b=text), "example.com")
    assert "dkim-key-shared" in result.codes()


def test_shared_by_domains(program, zones, pems):
    """Within one run."""
    text = published(pems / "rsa.pem")
    for name in ("example.com", "example.org", "example.net"):
        zone = lab.Zone.empty(name)
        key = text if name != "example.net" else \
            published(pems / "other.pem")
        zone.add(f"s._domainkey TXT {key}")
        zones.write(zone)
    result = program("check", "--format", "ndjson", "--only", "dkim",
                     "--selector", "s", *zones.args, "example.com",
                     "example.org", "example.net")
    shared = [any(f["code"] == "dkim-key-shared" for f in o["findings"])
              for o in result.objects]
    assert shared == [False, True, False]
    second = [f for f in result.objects[1]["findings"]
              if f["code"] == "dkim-key-shared"][0]
    assert "s._domainkey.example.com." in second["message"]


def test_not_shared(program, publish, pems):
    result = program.check(
        "--selector", "a", "--selector", "b",
        *publish(a=published(pems / "rsa.pem"),
                 b=published(pems / "other.pem")), "example.com")
    assert "dkim-key-shared" not in result.codes()
