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
    ("check --list domains.txt", 66, "domains.txt: No such file"),
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

    # What is no domain.
    ("joe@example.com", 64, "joe@example.com: this is an address; give the domain alone: check example.com"),
    ("check joe@example.com", 64, "this is an address; give the domain alone: check example.com"),
    ("check 'Joe <joe@example.com>'", 64, "this is an address; give the domain alone: check example.com"),
    ("check @example.com", 64, "a server is given with --server ADDRESS, and a domain without @"),
    ("check http://example.com/", 64, "this is a URL; give the domain alone: check example.com"),
    ("https://joe@www.example.com:8080/a?b#c", 64, "check www.example.com"),
    ("check mailto:joe@example.com", 64, "this is a URL; give the domain alone: check example.com"),
    ("check example.com/", 64, "a domain has no /; give the domain alone: check example.com"),
    ("check example.com:25", 64, "a domain has no port or colon; give the domain alone: check example.com"),
    ("check a.example,b.example", 64, "give each domain as an argument of its own: check a.example b.example"),
    ("check 'a.example b.example'", 64, "give each domain as an argument of its own: check a.example b.example"),
    ("check example.com,", 64, "give the domain alone: check example.com"),
    ("check 'example.com '", 64, "give the domain alone: check example.com"),
    ("check '*.example.com'", 64, "a wildcard is not a domain; give the domain alone: check example.com"),
    ("check ./list", 64, "this is a path, and there is no such file; give a domain"),
    ("check list.txt", 64, "a file with a list of them is given with: --list list.txt"),
    ("check mail.eml", 64, "a message is for: explain mail.eml"),
    ("check ./there", 64, "a list of them is given with: --list ./there"),
    ("check .", 64, "the root is not a mail domain"),
    ("check ./", 64, "this is a folder; give a domain"),
    ("check example.org.zone", 64, "a zone is given with --zone NAME=FILE, beside the domain"),
    ("check -", 64, "a list of them is read from standard input with --list -"),
    ("check 192.0.2.4", 64, "with --ip: check --ip 192.0.2.4 DOMAIN"),
    ("2001:db8::1", 64, "with --ip: check --ip 2001:db8::1 DOMAIN"),
    ("check 192.0.2.0/24", 64, "--ip 192.0.2.0 DOMAIN"),
    ("check @192.0.2.53", 64, "a server is given with --server 192.0.2.53"),
    ("+short example.com TXT", 64, "dig's options are not known here"),
    ("check example.com MX", 64, "with --only mx"),
    ("check TXT", 64, "with --only KIND, see 'list kinds'"),
    ("example.org spf-merge", 64, "a command comes first: unbound-mailauth spf-merge"),
    ("check selector=s1", 64, "a domain has no =; an option begins with --: --selector s1"),
    ("check 'v=spf1 -all'", 64, "the text of a record is for parse: parse 'v=spf1 -all'"),
    ("check \u2013-selector", 64, "this dash is not a hyphen"),
    ("check example..com", 64, "it has an empty label, at a dot too many; give the domain alone: check example.com"),
    ("good..test", 64, "give the domain alone: check good.test"),
    ("check .example.com", 64, "empty label.*give the domain alone: check example.com"),
    ("check ''", 64, "'': the domain is empty: an unset variable?"),
    ("''", 64, "'': the domain is empty: an unset variable?"),
    ("dmarc ''", 64, "the domain is empty: an unset variable?"),
    ("spf ''", 64, "the domain is empty: an unset variable?"),
    ("$DOMAIN", 64, "the name of a variable, not its value"),
    ("check ${D}.example", 64, "the name of a variable, not its value"),
    ("example.com=example.org.zone", 64, "a zone is given with its option: --zone example.com=example.org.zone"),
    ("--zone x=y spf example.com", 64, "spf: a command comes first: unbound-mailauth spf"),
    ("--format json dmarc example.com", 64, "dmarc: a command comes first: unbound-mailauth dmarc"),
    ("example.com spf", 64, "with --only spf"),
    ("8.8.8", 64, "this is not a domain, nor a whole IP address"),
    ("8.8.8.8.8", 64, "this is not a domain, nor a whole IP address"),
    ("example.com.1", 64, "the last label of a domain is not a number; give the domain alone: check example.com"),
    ("4.2.0.192.in-addr.arpa", 64, "with --ip or --sender: check --ip 192.0.2.4 DOMAIN"),
    ("spf 4.2.0.192.in-addr.arpa. example.com", 64, "spf --ip 192.0.2.4 example.com"),
    ("check example.com?", 64, "a domain has no ?; give the domain alone: check example.com"),
    ("check example.com#x", 64, "a domain has no #; give the domain alone: check example.com"),
    ("check example.com!", 64, "a domain has no !; give the domain alone: check example.com"),
    ("(example.com)", 64, "there are brackets around it; give the domain alone: check example.com"),
    ("[example.com]", 64, "there are brackets around it; give the domain alone: check example.com"),
    ("<example.com>", 64, "there are brackets around it; give the domain alone: check example.com"),
    ("check {example.com}", 64, "there are brackets around it; give the domain alone: check example.com"),
    ("check " + "l" * 64 + ".example.com", 64, "'" + "l" * 30 + "...': a label has more than 63 octets: 64"),
    ("check " + ".".join(["l" * 60] * 5), 64, "it has more than 255 octets: 306"),
    ("check", 64, "name a domain: check example.com"),
    ("spf 192.0.2.4 example.com", 64, "with --ip: spf --ip 192.0.2.4 example.com"),
    ("spf joe@example.com", 64, "give it as MAIL FROM: spf --mail-from 'joe@example.com'"),
    ("spf a.example b.example", 64, "b.example: one domain at a time"),
    ("spf 'v=spf1 -all'", 64, "parse 'v=spf1 -all'"),
    ("spf", 64, "spf example.com"),
    ("dmarc 192.0.2.4", 64, "give the domain of the From header"),
    ("dmarc https://example.com", 64, "give the domain alone: dmarc example.com"),
    ("dmarc", 64, "name one author domain: dmarc example.com"),
    ("dmarc 'Joe <joe@example.com'", 64, "there is no > behind its <; give the address alone: joe@example.com"),
    ("dmarc _dmarc.example.com", 64, "the name of a record, not a domain: dmarc example.com"),
    ("dmarc 'v=DMARC1; p=none'", 64, "parse 'v=DMARC1; p=none'"),

    # Values of options.
    ("check --only spf,dkmi example.com", 64, "dkmi: there is no such kind; see 'list kinds'; did you mean dkim?"),
    ("dmarc --dkim d=example.com example.com", 64, "d=example.com: give the domain alone, of d= in the signature: --dkim example.com"),
    ("dmarc --dkim joe@example.com example.com", 64, "--dkim example.com"),
    ("spf --ip 192.0.2.1 --mail-from joe", 64, "joe: MAIL FROM needs a domain"),
    ("spf --ip 192.0.2.1 --mail-from joe@", 64, "joe@: MAIL FROM needs a domain"),
    ("spf --ip 192.0.2.1 --mail-from @ --helo mail.example.com", 64, "@: MAIL FROM needs a domain"),
    ("spf --mail-from 'Joe <joe@example.com'", 64, "there is no > behind its <"),
    ("check --only , example.com", 64, "--only: name one kind or more"),
    ("check --profile guid example.com", 64, "guid: there is no such profile: practice, .*did you mean guide?"),
    ("check --profile strict example.com", 64, "strict: there is no such profile: practice, guide, rfc"),
    ("check --role parked example.com", 64, "did you mean no-mail?"),
    ("check --format jsno example.com", 64, "jsno: there is no such format: text, json.*did you mean json?"),
    ("check --format yaml example.com", 64, "yaml: there is no such format: text, json"),
    ("check --timeout 5s example.com", 64, "'5s' is not a number of seconds: --timeout 5"),
    ("check --timeout 2min example.com", 64, "'2min' is not a number of seconds: --timeout 120"),
    ("check --timeout 0 example.com", 64, "'0' is not a number of seconds above 0, of 86400 at most: --timeout 5"),
    ("check --timeout -1 example.com", 64, "'-1' is not a number of seconds above 0, of 86400 at most"),
    ("check --timeout 99999 example.com", 64, "--timeout: 99999 is over 86400 seconds"),
    ("check --timeout '' example.com", 64, "'' is not a number of seconds"),
    ("check --server 8.8.8.8:53 example.com", 64, "8.8.8.8:53: give it as ADDRESS@PORT: --server 8.8.8.8@53"),
    ("check --server [2001:db8::1]:53 example.com", 64, "--server 2001:db8::1@53"),
    ("check --server 8.8.8.8#53 example.com", 64, "--server 8.8.8.8@53"),
    ("check --server @8.8.8.8 example.com", 64, "--server 8.8.8.8"),
    ("check --server dns.example example.com", 64, "a name is not a server: give its ADDRESS or ADDRESS@PORT"),
    ("check --server https://dns.example/dns-query example.com", 64, "a URL is not a server"),
    ("check --server 192.0.2.1,192.0.2.2 example.com", 64, "--server 192.0.2.1 --server 192.0.2.2"),
    ("check --server 192.0.2.1@99999 example.com", 64, "give it as ADDRESS@PORT, a PORT from 1 to 65535: --server 192.0.2.1@53"),
    ("check --zone example.com.zone example.com", 64, "--zone: give it as NAME=FILE: --zone example.com=example.com.zone"),
    ("check --zone /a/db.example.com example.com", 64, "--zone example.com=/a/db.example.com"),
    ("check --zone file example.com", 64, "--zone: give it as NAME=FILE"),
    ("check --zone example.org example.org.zone example.org", 64, "--zone: give it as NAME=FILE: --zone example.org=example.org.zone"),
    ("check --zone there example.org", 64, "--zone: give it as NAME=FILE: --zone example.org=there"),
    ("check --zone example.org", 64, "--zone: give it as NAME=FILE: --zone example.org=FILE"),
    ("check --sender 192.0.2.1 example.com", 64, "give it as HOST=IP, or the address alone with --ip"),
    ("check --sender 192.0.2.1=mail.example.com example.com", 64, "give it as HOST=IP: --sender mail.example.com=192.0.2.1"),
    ("check --ip mail.example.com example.com", 64, "a name is not an IP address: --ip 192.0.2.1"),
    ("check --ip 192.0.2.0/24 example.com", 64, "one address is asked for: --ip 192.0.2.0"),
    ("check --ip 192.0.2.1,192.0.2.2 example.com", 64, "--ip 192.0.2.1 --ip 192.0.2.2"),
    ("check --ip 192.0.2.300 example.com", 64, "192.0.2.300: it is not an IP address"),
    ("check --selector '' example.com", 64, "--selector: name a selector: --selector S"),
    ("check --selector a..b example.com", 64, "a..b: it is not a selector"),
    ("check --selector s1! example.com", 64, "s1!: it is not a selector"),
    ("check --selector s1._domainkey example.com", 64, "give the selector alone: --selector s1"),
    ("check --selector s1._domainkey.example.net example.com", 64, "give the selector alone: --selector s1"),
    ("check --bimi-selector a..b example.com", 64, "a..b: it is not a selector"),
    ("check --verdict-on info example.com", 64, "--verdict-on: give it as warn or fail"),
    ("check --ds x example.com", 64, "x: it is not a DS or DNSKEY record"),
    ("spf --scope both a.example", 64, "a scope is spf, pra or mfrom"),
    ("spf --ip '' a.example", 64, "--ip: give it as an address"),
    ("test --jobs many x", 64, "--jobs: give it as a number from 1 to 64"),
    ("plan --ttl 1h --settings x", 64, "'1h' is not a number of seconds: --ttl 3600"),
    ("plan --ttl 0 --settings x", 64, "'0' is not a number of seconds above 0, of 2147483647 at most: --ttl 3600"),

    # Records.
    ("parse v=spf1 -all", 64, "-all: quote the record, it is one argument: parse 'v=spf1 -all'"),
    ("parse v=spf1 ~all", 64, "~all: quote the record, it is one argument: parse 'v=spf1 ~all'"),
    ("parse v=DMARC1 p=none rua=mailto:a@example.com", 64, "parse 'v=DMARC1 p=none rua=mailto:a@example.com'"),
    ("parse --kind SPV 'v=spf1 -all'", 64, "SPV: there is no such kind; see 'list kinds'; did you mean spf?"),
    ("parse example.com", 64, "a domain is for check, a file of records is given with < FILE"),
    ("parse records.txt", 64, "a file of records is given with < FILE"),
    ("parse", 64, "standard input: nothing to parse"),
    ("parse -", 64, "standard input: nothing to parse"),
    ("parse '_dmarc.example.org. IN CNAME example.net.'", 64, "a CNAME is an alias"),
    ("parse hello", 64, "give --kind KIND"),
    ("spf-merge", 64, "spf-merge 'v=spf1 ...' --add MECHANISM"),
    ("spf-merge 'v=spf1 -all'", 64, "say what to add, as in --add ip4:192.0.2.1"),
    ("spf-merge v=spf1 mx -all --add ip4:192.0.2.5", 64, "quote the record, it is one argument: spf-merge 'v=spf1 mx -all"),
    ("spf-merge v=spf1 mx ~all --add ip4:192.0.2.5", 64, "quote the record, it is one argument: spf-merge 'v=spf1 mx ~all'"),
    ("spf-merge 'v=spf1 -all' --add 192.0.2.5", 64, "192.0.2.5: an address needs its mechanism: --add ip4:192.0.2.5"),
    ("spf-merge 'v=spf1 -all' --add 192.0.2.0/24", 64, "--add ip4:192.0.2.0/24"),
    ("spf-merge 'v=spf1 -all' --add 2001:db8::/32", 64, "--add ip6:2001:db8::/32"),
    ("spf-merge 'v=spf1 -all' --add spf.example.net", 64, "--add include:spf.example.net, a:spf.example.net or mx:spf.example.net"),
    ("spf-merge 'v=spf1 -all' --add -all", 64, "it is set with its own option: --all -"),
    ("spf-merge 'v=spf1 -all' --add 'ip4:192.0.2.1 ip4:192.0.2.2'", 64, "one mechanism at a time: --add ip4:192.0.2.1 --add ip4:192.0.2.2"),
    ("spf-merge example.com --add mx", 64, "give the text of the SPF record, not its domain"),

    # Other arguments.
    ("list finding", 64, "finding: there is no such list: kinds, .*did you mean findings?"),
    ("list codes", 64, "did you mean findings?"),
    ("list", 64, "name one of kinds, findings, tags"),
    ("explain a b", 64, "b: one message at a time: explain FILE"),
    ("explain example.com", 66, "explain reads a message, and a domain is for check"),
    ("explain joe@example.com", 66, "explain reads a received message"),
    ("explain message", 66, "message: No such file or directory"),
    ("plan example.com", 64, "example.com: plan takes no argument; what to plan is in files: plan --settings FILE"),
    ("plan", 64, "name a file of settings: plan --settings FILE"),
    ("plan --make-key rsa", 64, "plan --make-key rsa FILE"),
    ("plan --make-key dsa key.pem", 64, "there is no such key type: rsa, ed25519"),
    ("plan --settings x --server 192.0.2.1", 64, "DNS is not asked without --diff"),
    ("test", 64, "name a file or folder of cases: test cases/"),
    ("test nofolder", 66, "nofolder: No such file or folder; name cases: test cases/"),
    ("module-checkconf", 64, "name one file: module-checkconf mailauth.conf"),
]


def words(line):
    """Arguments as a shell would cut them; quotes keep words together."""
    return [a or b for a, b in re.findall(r"'([^']*)'|([^'\s]\S*)", line)]


def test_table_is_a_table():
    assert len({call for call, *_ in WRONG}) == len(WRONG) >= 150


@pytest.mark.parametrize("call, code, says", WRONG)
def test_wrong(tmp_path, monkeypatch, call, code, says):
    monkeypatch.chdir(tmp_path)
    for name in ("there", "example.org.zone"):
        (tmp_path / name).write_text("")
    done = lab.program(profile=None)(*words(call))
    line, = done.err.splitlines()
    assert (done.code, done.out) == (code, "")
    assert line.startswith("unbound-mailauth: ") and len(line) <= 200
    assert line.isascii() and line.isprintable()
    pattern = ".*".join(map(re.escape, says.split(".*")))
    assert re.search(pattern, line), line


def test_the_others_are_checked(program, zones):
    """One bad line of a list is no reason to leave out the rest."""
    for zone in zones.guide():
        zones.write(zone)
    done = program("check", "--format", "ndjson", *zones.args,
                   "joe@example.com", "example.com", "192.0.2.4")
    assert [(o["domain"], "error" in o) for o in done.objects] == \
        [("joe@example.com", True), ("example.com", False),
         ("192.0.2.4", True)]
    assert done.code == lab.USE
    assert re.fullmatch(
        "unbound-mailauth: joe@example.com: this is an address; give .*\n"
        "unbound-mailauth: 192.0.2.4: this is an IP address, .*: "
        "check --ip 192.0.2.4 example.com\n", done.err)


# What is taken.

@pytest.mark.parametrize("args, same", [
    (["--selector", "s1,altcraft"], ["--selector", "s1", "--selector", "altcraft"]),
    (["--selector", " s1, altcraft "], ["--selector", "s1", "--selector", "altcraft"]),
    (["--only", "SPF, Dkim"], ["--only", "spf,dkim"]),
    (["--only", "spf", "--mail-from", "Joe <joe@example.com>"],
     ["--only", "spf", "--mail-from", "joe@example.com"]),
    (["--only", "spf", "--mail-from", '"<a>" <joe@example.com> '],
     ["--only", "spf", "--mail-from", "joe@example.com"]),
    (["--mail-from", "Joe <>"], ["--mail-from", "<>"]),
    (["--only", "MTA-STS,Tls-Rpt,dane"], ["--only", "mtasts,tlsrpt,tlsa"]),
    (["--selector", "altcraft,ALTCRAFT"], ["--selector", "altcraft"]),
])
def test_ways_to_write(zones, args, same):
    for zone in zones.guide():
        zones.write(zone)
    program = lab.program(profile=None)
    one, other = (program("check", "--format", "text", *zones.args, *x,
                          "example.com") for x in (args, same))
    plain = [re.sub(r"[0-9.]+ s\b", "", x.out) for x in (one, other)]
    assert plain[0] == plain[1] and one.code == other.code < 64
    assert one.err == ""


def test_a_bare_domain_is_checked(zones):
    for zone in zones.guide():
        zones.write(zone)
    program = lab.program(profile=None)
    plain = [re.sub(r"[0-9.]+ s\b", "", program(*x).out) for x in (
        [*zones.args, "example.com"], ["example.com", *zones.args],
        ["check", *zones.args, "example.com"])]
    assert len(set(plain)) == 1 and plain[0].startswith("example.com")


def test_a_selector_with_its_domain_is_corrected(program, zones):
    for zone in zones.guide():
        zones.write(zone)
    for name in ("altcraft._domainkey.example.com",
                 "altcraft._domainkey.EXAMPLE.com."):
        done = program.check(*zones.args, "--selector", name, "example.com")
        assert done.code < 64 and "cfg-selector-full-name" in done.codes()


@pytest.mark.parametrize("author", ["example.com", "joe@example.com",
                                    "Joe <joe@example.com>"])
def test_authors_of_dmarc(program, zones, author):
    for zone in zones.guide():
        zones.write(zone)
    done = program("dmarc", "--format", "json", *zones.args, author)
    assert done.json["from"] == "example.com"


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


# What a screen says of a small zone.

GOOD = """$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 600
@ NS ns
ns A 198.41.0.4
"""

# Records beside these, arguments, what the screen says, and what it does not.
SAID = [
    # Equal terms: the numbers add up, and the record without repeats follows.
    ("@ TXT \"v=spf1" + 14 * " include:a.i.test" + " -all\"\n"
     "a TXT \"v=spf1 ip4:198.41.0.4 -all\"\n",
     "i.test",
     ["this record needs 14: include:a.i.test 14 times", "(14 times)",
      "which leaves 1 lookup: publish 'v=spf1 include:a.i.test -all' at"],
     ["at least"]),
    ("@ TXT \"v=spf1" + 6 * " include:a.i.test" + " -all\"\n"
     "a TXT \"v=spf1 a:ns.i.test -all\"\n",
     "i.test", ["this record needs 12: include:a.i.test 12 (6 times 2)",
                "which leaves 2 lookups: publish"], ["at least"]),
    # An include of what can be no name, or of a name that nobody has.
    ("@ TXT \"v=spf1 include:https://i.test -all\"\n", "i.test",
     ["FAIL spf i.test [spf-target-no-name]"],
     ["spf-domain-no-name", "spf-include-target-none"]),
    ("@ TXT \"v=spf1 redirect=joe@i.test\"\n", "i.test",
     ["FAIL spf i.test [spf-target-no-name]"], ["spf-redirect-target-none"]),
    ("@ TXT \"v=spf1 a:joe@i.test -all\"\n", "i.test",
     ["warn spf i.test [spf-domain-no-name]"], ["spf-target-no-name"]),
    ("@ TXT \"v=spf1 include:%{d2}.inc.i.test -all\"\n", "i.test",
     ["FAIL spf i.test [spf-include-target-none]"], []),
    ("@ TXT \"v=spf1 include:%{l}.inc.i.test -all\"\n", "i.test",
     [], ["spf-include-target-none"]),
    # A domain that sends no mail: a failure where that was declared.
    ("@ MX 0 .\n@ TXT \"v=spf1 ~all\"\n"
     "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:d@i.test\"\n",
     "i.test --role no-mail",
     ["FAIL spf i.test [parked-spf-weak]",
      "FAIL dmarc _dmarc.i.test [parked-dmarc-weak]"], ["[dmarc-p-none]"]),
    ("@ MX 0 .\n@ TXT \"v=spf1 -all\"\n", "i.test",
     ["warn dmarc _dmarc.i.test [parked-dmarc-weak]",
      "no DMARC policy asks receivers"], ["its DMARC policy"]),
]


@pytest.mark.parametrize("records, args, says, never", SAID)
def test_screen(tmp_path, records, args, says, never):
    zone = tmp_path / "zone"
    zone.write_text(GOOD + records)
    done = lab.program(profile=None)(*words(args), "--zone", f"i.test={zone}",
                                     "--color", "never")
    out = " ".join((done.out + done.err).split())
    # Where the record is, pytest/test_cli.py looks at.
    out = re.sub(r" \(\S*zone:[0-9:]+\)", "", out)
    for text in says:
        assert text in out, done.out
    for text in never:
        assert text not in out, done.out
