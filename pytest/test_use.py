# test_use.py - wrong use of the command line, and how it is answered
# SPDX-License-Identifier: BSD-3-Clause
"""Each answer to a mistake is one line that says what is wrong and what to
write instead."""
import re

import pytest

import lab

# Arguments, exit code, and what the line has to say.
WRONG = [
    # Commands.
    ("chekc example.com", 64, "chekc: there is no such command; did you mean check?"),
    ("CHECK example.com", 64, "CHECK: there is no such command; did you mean check?"),
    ("chek", 64, "did you mean check?"),
    ("spfmerge", 64, "did you mean spf-merge?"),
    ("dmrac example.com", 64, "did you mean dmarc?"),
    ("exlpain mail.eml", 64, "did you mean explain?"),
    ("plans", 64, "did you mean plan?"),
    ("dkim example.com", 64, "'check --only dkim --selector SELECTOR DOMAIN'"),
    ("mx example.com", 64, "'check --only mx DOMAIN'"),
    ("BIMI example.com", 64, "'check --only BIMI DOMAIN'"),
    ("scan example.com", 64, "did you mean 'check DOMAIN'?"),
    ("keygen", 64, "'plan --make-key rsa FILE'"),
    ("headers mail.eml", 64, "'explain FILE'"),
    ("findings", 64, "'list findings'"),
    ("dmarc-p-none", 64, "'help dmarc-p-none'"),
    ("localhost", 64, "write 'check localhost' for a domain of one label"),
    ("help dmrac", 64, "dmrac: there is no such command or code; .*did you mean dmarc?"),
    ("help dmarc-p-noen", 64, "did you mean dmarc-p-none?"),
    ("help wonderful", 64, "see 'help' and 'list findings'"),
    ("help check spf", 64, "spf: help takes one word"),
    ("version 1", 64, "1: version takes no argument"),

    # Options of no command, or of another.
    ("check --selectr s example.com", 64, "--selectr: there is no such option; did you mean --selector?"),
    ("check --serv 192.0.2.1 example.com", 64, "did you mean --server?"),
    ("check -selector s example.com", 64, "-selector: a name has two hyphens: --selector"),
    ("spf -ip 192.0.2.1 example.com", 64, "-ip: a name has two hyphens: --ip"),
    ("check -s s1 -d example.com", 64, "-s: there is no such option; did you mean --selector S?"),
    ("check -d example.com", 64, "-d: there is no such option; a domain is an argument without an option"),
    ("check -k key.pem example.com", 64, "did you mean --dkim-key FILE?"),
    ("check -t txt example.com", 64, "did you mean --only KIND, or --timeout SECONDS?"),
    ("check -x 192.0.2.1", 64, "did you mean --ip IP?"),
    ("check -f json example.com", 64, "did you mean --format F?"),
    ("check -o out.json example.com", 64, "write the output to a file with > FILE"),
    ("check -p 53 example.com", 64, "the port is part of --server ADDRESS@PORT"),
    ("check --nameserver 192.0.2.1 example.com", 64, "did you mean --server ADDR"),
    ("check --json example.com", 64, "did you mean --format json?"),
    ("check --dkim example.com", 64, "did you mean --only dkim?"),
    ("check --gov example.com", 64, "did you mean --profile gov?"),
    ("check --debug example.com", 64, "did you mean --verbose?"),
    ("check --list domains.txt", 64, "domains are arguments: xargs unbound-mailauth check < FILE"),
    ("check --domain example.com", 64, "a domain is an argument without an option"),
    ("check --foobar example.com", 64, "--foobar: there is no such option; see 'check -h'"),
    ("spf --selector s1 example.com", 64, "check has it, and spf has not"),
    ("spf --sender joe@example.com --ip 192.0.2.1", 64, "did you mean --mail-from ADDRESS?"),
    ("spf --ip-address 192.0.2.1 example.com", 64, "did you mean --ip IP?"),
    ("spf --from joe@example.com", 64, "did you mean --mail-from ADDRESS?"),
    ("spf --ehlo mail.example.com", 64, "did you mean --helo NAME?"),
    ("parse --type spf x", 64, "did you mean --kind KIND?"),
    ("parse --zone a=b x", 64, "check has it, and parse has not"),
    ("explain --from joe@example.com m", 64, "did you mean --mail-from ADDRESS?"),
    ("plan --policy reject", 64, "did you mean --dmarc POLICY?"),
    ("--selectr s example.com", 64, "did you mean --selector?"),

    # Values that are missing, or too many.
    ("check --selector --ip 192.0.2.1 example.com", 64, "--selector: it needs a value: --selector S"),
    ("check example.com --zone", 64, "--zone: it needs a value: --zone NAME=FILE"),
    ("check --online=yes example.com", 64, "it takes no value: write --online"),
]


def words(line):
    """Arguments as a shell would cut them; quotes keep words together."""
    return [a or b for a, b in re.findall(r"'([^']*)'|(\S+)", line)]


def test_table_is_a_table():
    assert len({call for call, *_ in WRONG}) == len(WRONG) >= 50


@pytest.mark.parametrize("call, code, says", WRONG)
def test_wrong(tmp_path, monkeypatch, call, code, says):
    monkeypatch.chdir(tmp_path)
    done = lab.program(profile=None)(*words(call))
    line, = done.err.splitlines()
    assert (done.code, done.out) == (code, "")
    assert line.startswith("unbound-mailauth: ") and len(line) <= 200
    assert line.isascii() and line.isprintable()
    pattern = ".*".join(map(re.escape, says.split(".*")))
    assert re.search(pattern, line), line


# Help.

@pytest.mark.parametrize("call", ["-h", "--help", "help"])
def test_help_names_the_commands(program, call):
    done = program(call)
    assert (done.code, done.err) == (0, "")
    for command in ("check", "spf-merge", "help", "version"):
        assert re.search(rf"^  {command}  ", done.out, re.MULTILINE)
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["check", "list", "help", "version"])
def test_help_on_a_command(command):
    program = lab.program(profile=None)
    is_same = {program(*call).out for call in [
        ("help", command), (command, "-h"), (command, "--help"),
        ("--help", command), ("help", "--", command)]}
    assert len(is_same) == 1
    assert is_same.pop().startswith(f"usage: unbound-mailauth {command}")


@pytest.mark.parametrize("call", [("-V",), ("--version",), ("version",),
                                  ("check", "-V"), ("parse", "--version")])
def test_version(call):
    program = lab.program(profile=None)
    assert program(*call).code == 0
    assert program(*call).out == program("version").out
    assert program(*call).out.startswith("unbound-mailauth ")


def test_help_on_every_finding():
    """All that is known of a finding is shown, in lines of 79 columns."""
    program = lab.program(profile=None)
    rows = program("list", "findings", "--format", "ndjson").objects
    for row in rows[::29]:
        done = program("help", row["code"])
        assert (done.code, done.err) == (0, "")
        said = " ".join(done.out.split())
        assert said.startswith(f"{row['code']} {row['message']}. ")
        assert (f"What to do: {row['remedy']}. " in said) == bool(row["remedy"])
        assert f"Reference: {row['reference']} " in said
        assert said.endswith("Severity by profile: " + ", ".join(
            f"{k} {v}" for k, v in row["severities"].items()))


def test_help_on_a_beginning():
    program = lab.program(profile=None)
    done = program("help", "mtasts")
    codes = [r["code"] for r in program(
        "list", "findings", "--format", "ndjson").objects
        if r["code"].startswith("mtasts-")]
    assert done.code == 0
    assert re.findall(r"^[a-z0-9-]+$", done.out, re.MULTILINE) == codes
