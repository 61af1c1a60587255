# test_readme.py - what the README shows is what the program prints
# SPDX-License-Identifier: BSD-3-Clause
"""The runs in the README, run again."""
import re
import shlex
import shutil

import pytest

import lab

BLOCKS = re.findall(r"```console\n\$ unbound-mailauth ([^\n]+)\n(.*?)```",
                    (lab.ROOT / "README.md").read_text(), re.DOTALL)


@pytest.fixture
def program():
    """As a reader runs it: with its own default profile."""
    return lab.program(profile=None)


def test_there_are_runs():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("command, shown", BLOCKS,
                         ids=[c.split()[0] for c, _ in BLOCKS])
def test_run(program, monkeypatch, command, shown):
    monkeypatch.chdir(lab.ROOT)

    def timeless(text):
        return re.sub(r"\d\.\d{3} s", "N s", text)

    assert timeless(program(*shlex.split(command)).out) == timeless(shown)


def test_from_settings_to_a_zone(program, tmp_path, monkeypatch):
    """The three commands, with the shipped settings of the guide."""
    text = (lab.ROOT / "README.md").read_text().replace("\\\n", " ")
    commands = re.findall(
        r"^    unbound-mailauth ((?:plan|check) .*--.*)$", text, re.MULTILINE)
    assert [c.split()[0] for c in commands] == ["plan", "plan", "check"]
    for name in ("main.json", "panel.json"):
        shutil.copy(lab.ROOT / "testdata" / "settings" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in commands[:2]:
        assert program(*shlex.split(command)).code == lab.PASS
    result = program(*shlex.split(commands[2]), "--format", "json")
    assert {f["code"] for f in result.json["findings"]
            if f["severity"] in ("warn", "fail")} == set()
    assert result.code == lab.PASS
    again = program(*shlex.split(commands[1]))
    assert again.code == 71 and "File exists" in again.err
