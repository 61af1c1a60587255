# test_recipes.py - the recipes of doc/recipes are right
# SPDX-License-Identifier: BSD-3-Clause
"""Each recipe is run, as far as this machine has what it is for."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

import lab

RECIPES = lab.ROOT / "doc" / "recipes"

HEAD = """$ORIGIN example.com.
$TTL 3600
@ SOA ns.example.net. h.example.com. 1 2 3 4 5
@ NS ns.example.net.
"""
GOOD = HEAD + "www A 198.51.100.1\n"
BAD = GOOD + '@ TXT "v=spf1 mx -al"\n_dmarc TXT "v=DMARC1; p=none"\n'


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None,
                              reason=f"there is no {tool}")


@pytest.fixture
def folder(program, tmp_path, monkeypatch):
    """A folder with zones, and the program in the way to commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{program.path.resolve().parent}:"
                       f"{os.environ['PATH']}")
    (tmp_path / "zones").mkdir()
    return tmp_path


def run(*args, **kwargs):
    return subprocess.run([str(a) for a in args], capture_output=True,
                          text=True, timeout=60, check=False, **kwargs)


# The hook.

def git(*args):
    done = run("git", "-c", "user.name=a", "-c", "user.email=a@example.com",
               *args)
    return done


@pytest.fixture
def repository(folder):
    git("init", "-q")
    shutil.copy(RECIPES / "pre-commit", ".git/hooks/pre-commit")
    return folder


@needs("git")
def test_hook(repository):
    zone = repository / "zones" / "example.com.zone"
    zone.write_text(BAD)
    git("add", "zones")
    done = git("commit", "-m", "one")
    assert done.returncode != 0
    assert "[spf-unknown-mechanism]" in done.stdout + done.stderr
    # What is in the folder and not in the commit does not count.
    zone.write_text(GOOD)
    assert git("commit", "-m", "one").returncode != 0
    git("add", "zones")
    assert git("commit", "-m", "one").returncode == 0
    # Commits without zones are none of its business.
    (repository / "other").write_text("x")
    git("add", "other")
    assert git("commit", "-m", "two").returncode == 0
    assert git("status", "--porcelain").stdout == ""


@needs("git")
def test_hook_lets_old_findings_be(repository):
    zone = repository / "zones" / "example.com.zone"
    zone.write_text(BAD)
    git("add", "zones")
    assert git("commit", "--no-verify", "-m", "one").returncode == 0
    zone.write_text(BAD.replace("www A", "; more\nwww2 A"))
    git("add", "zones")
    done = git("commit", "-m", "two")
    assert done.returncode == 0, done.stdout + done.stderr
    zone.write_text(BAD + '_dmarc.x TXT "v=DMARC1; p=nein"\n')
    git("add", "zones")
    assert git("commit", "-m", "three").returncode != 0


# The rule of make.

@needs("make")
def test_make(folder):
    shutil.copy(RECIPES / "zones.mk", "zones.mk")
    zone = folder / "zones" / "example.com.zone"
    zone.write_text(BAD)
    done = run("make", "-f", "zones.mk", "zones.ok")
    assert done.returncode != 0 and "[spf-unknown-mechanism]" in done.stdout
    assert not (folder / "zones.ok").exists()
    zone.write_text(GOOD)
    assert run("make", "-f", "zones.mk", "zones.ok").returncode == 0
    assert "up to date" in run("make", "-f", "zones.mk", "zones.ok").stdout


# Continuous integration.

def steps(job):
    return [s["run"] for s in job["steps"] if "run" in s]


def lints(scripts):
    """The lines that run lint, without what is around it."""
    lines = [line for script in scripts for line in script.split("\n")]
    return [line for line in lines if "unbound-mailauth lint" in line]


@needs("git")
def test_github(program, folder):
    flow = yaml.safe_load((RECIPES / "github.yml").read_text())
    assert set(flow) == {"name", True, "jobs"}  # "on" is a word of YAML
    job = flow["jobs"]["lint"]
    assert job["permissions"]["security-events"] == "write"
    upload, = [s for s in job["steps"]
               if "upload-sarif" in s.get("uses", "")]
    zone = folder / "zones" / "example.com.zone"
    zone.write_text(GOOD)
    git("init", "-q")
    git("add", "zones")
    git("commit", "-m", "one")
    zone.write_text(BAD)
    change, whole = steps(job)[1:]
    done = run("bash", "-e", "-c", change,
               env={**os.environ, "BASE": "HEAD"})
    assert done.returncode == 2
    assert "::error file=zones/example.com.zone,line=6," in done.stdout
    run("bash", "-e", "-c", whole)
    sarif = json.loads(pathlib.Path(
        upload["with"]["sarif_file"]).read_text())
    assert sarif["version"] == "2.1.0"


def test_gitlab(folder):
    flow = yaml.safe_load((RECIPES / "gitlab.yml").read_text())
    job = flow["zones"]
    (folder / "zones" / "example.com.zone").write_text(BAD)
    run("unbound-mailauth", "lint", "--baseline", "zones/known.json",
        "--update-baseline", "zones/")
    for line in job["script"]:
        done = run("sh", "-c", line)
        assert done.returncode == 0, done.stderr
    reports = job["artifacts"]["reports"]
    assert json.loads(pathlib.Path(reports["codequality"]).read_text())
    assert "<testsuites" in pathlib.Path(reports["junit"]).read_text()


# Tools that write zone files.

def test_octodns(folder):
    source = RECIPES / "octodns"
    config = yaml.safe_load((source / "octodns.yml").read_text())
    for zone, how in config["zones"].items():
        assert set(how["sources"] + how["targets"]) <= \
            set(config["providers"])
        assert yaml.safe_load(
            (source / "config" / f"{zone}yaml").read_text())
    if shutil.which("octodns-sync") is None:
        pytest.skip("there is no octodns-sync")
    shutil.copytree(source, folder, dirs_exist_ok=True)
    done = run("octodns-sync", "--config-file", "octodns.yml", "--doit",
               "--force")
    assert done.returncode == 0, done.stderr
    done = run("unbound-mailauth", "lint", "zones/")
    assert "zones/example.com.zone:" in done.stdout
    assert "[spf-unknown-mechanism]" in done.stdout


def test_dnscontrol(folder):
    source = RECIPES / "dnscontrol"
    creds = json.loads((source / "creds.json").read_text())
    text = (source / "dnsconfig.js").read_text()
    for name in re.findall(r'New(?:Registrar|DnsProvider)\("(.*?)"', text):
        assert name in creds
    if shutil.which("dnscontrol") is None:
        pytest.skip("there is no dnscontrol")
    shutil.copytree(source, folder, dirs_exist_ok=True)
    done = run("dnscontrol", "push", "--providers", "files")
    assert done.returncode == 0, done.stderr
    done = run("unbound-mailauth", "lint", "zones/")
    assert "[spf-unknown-mechanism]" in done.stdout


# Editors.

@pytest.fixture
def output(folder):
    (folder / "zones" / "example.com.zone").write_text(BAD)
    done = run("unbound-mailauth", "lint", "--color=never", "zones/")
    return done.stdout


def places(output):
    """What lines of text say, read in a way of our own."""
    found = []
    for line in output.splitlines():
        head, mark, rest = line.partition(": ")
        if mark and re.search(r" \[[a-z0-9-]+\]$", line):
            file, row, column = head.split(":")
            severity, _, message = rest.partition(": ")
            found.append((file, int(row), int(column), severity, message))
    assert len(found) > 2
    return found


# VS Code looks at each line with the patterns of its matchers, in JavaScript.
MATCH = """
const fs = require("fs");
const [tasks, out] = process.argv.slice(2).map(f => fs.readFileSync(f, "utf8"));
const rows = [];
for (const { severity, pattern } of JSON.parse(tasks).tasks[0].problemMatcher)
  for (const line of out.split("\\n")) {
    const m = new RegExp(pattern.regexp).exec(line);
    if (m) rows.push([m[pattern.file], +m[pattern.line], +m[pattern.column],
      m[pattern.severity] || severity,
      `${m[pattern.message]} [${m[pattern.code]}]`]);
  }
console.log(JSON.stringify(rows));
"""


@needs("node")
def test_vs_code_in_javascript(output, folder):
    (folder / "out").write_text(output)
    (folder / "match.js").write_text(MATCH)
    done = run("node", "match.js", RECIPES / "tasks.json", "out")
    assert done.returncode == 0, done.stderr
    assert sorted(map(tuple, json.loads(done.stdout))) == sorted(
        (f, r, c, {"notice": "info"}.get(s, s), m)
        for f, r, c, s, m in places(output))


def test_vs_code(output):
    tasks = json.loads((RECIPES / "tasks.json").read_text())
    found = []
    for matcher in tasks["tasks"][0]["problemMatcher"]:
        pattern = matcher["pattern"]
        for line in output.splitlines():
            match = re.search(pattern["regexp"], line)
            if match:
                found.append((match[pattern["file"]],
                              int(match[pattern["line"]]),
                              int(match[pattern["column"]]),
                              f"{match[pattern['message']]} "
                              f"[{match[pattern['code']]}]"))
    assert sorted(found) == sorted((f, r, c, m)
                                   for f, r, c, _, m in places(output))


def test_emacs_pattern(output):
    text = (RECIPES / "mailauth.el").read_text()
    regexp = re.search(r'"(\^.*?: )"', text)[1]
    # The syntax of Emacs, in strings of Lisp, as that of Python.
    for a, b in ((r"\\(?:", "(?:"), (r"\\(", "("), (r"\\)", ")"),
                 (r"\\|", "|"), (r"\n", "\n")):
        regexp = regexp.replace(a, b)
    found = [re.search(regexp, line) for line in output.splitlines()]
    assert [(m[1], int(m[2]), int(m[3])) for m in found if m] == [
        p[:3] for p in places(output)]
    assert [bool(m[4]) for m in found if m] == [
        p[3] == "warn" for p in places(output)]


# What Emacs finds in a file "out", a line each: its type is 2 for an error, 1
# for a warning, 0 for information.
LISP = """
(insert-file-contents "out")
(let ((text (buffer-string)) (inhibit-read-only t))
  (erase-buffer)
  (compilation-mode)
  (insert text))
(compilation--ensure-parse (point-max))
(let ((at (point-min)))
  (while at
    (let* ((message (get-text-property at 'compilation-message))
           (loc (and message (compilation--message->loc message))))
      (when loc
        (princ (format "%s:%s:%s:%s\\n"
                       (caar (compilation--loc->file-struct loc))
                       (compilation--loc->line loc)
                       (compilation--loc->col loc)
                       (compilation--message->type message)))))
    (setq at (next-single-property-change at 'compilation-message))))
"""


@needs("emacs")
def test_emacs(output, folder):
    (folder / "out").write_text(output)
    (folder / "list.el").write_text(LISP)
    done = run("emacs", "--batch", "-Q", "-l", RECIPES / "mailauth.el",
               "-l", "list.el")
    assert done.returncode == 0, done.stderr
    number = {"fail": 2, "warn": 1, "notice": 0, "info": 0}
    assert done.stdout.splitlines() == [
        f"{f}:{r}:{c}:{number[s]}" for f, r, c, s, _ in places(output)]


@needs("vim")
def test_vim(output, folder):
    home = folder / "home"
    (home / ".vim" / "compiler").mkdir(parents=True)
    shutil.copy(RECIPES / "mailauth.vim", home / ".vim" / "compiler")
    (home / "out").write_text(output)
    done = run(
        "vim", "-Nu", "NONE", "-es", "--cmd", f"set rtp^={home}/.vim",
        "-c", "compiler mailauth", "-c", f"cgetfile {home}/out",
        "-c", "call writefile(map(getqflist(), 'bufname(v:val.bufnr) . "
        "\":\" . v:val.lnum . \":\" . v:val.col . \":\" . v:val.type'), "
        f"'{home}/list')", "-c", "qa!",
        env={**os.environ, "HOME": str(home)}, stdin=subprocess.DEVNULL)
    lines = (home / "list").read_text().splitlines()
    assert lines == [f"{f}:{r}:{c}:{s[0]}"
                     for f, r, c, s, _ in places(output)], done.stderr


def test_all_are_listed():
    index = (RECIPES / "README.md").read_text()
    for path in RECIPES.iterdir():
        if path.name != "README.md":
            assert f"`{path.name}{'/' if path.is_dir() else ''}`" in index
