# test_readme.py - what the README shows is what the program prints
# SPDX-License-Identifier: BSD-3-Clause
"""The runs in the README, run again."""
import re
import shlex

import pytest

import lab

BLOCKS = re.findall(r"```console\n\$ unbound-mailauth ([^\n]+)\n(.*?)```",
                    (lab.ROOT / "README.md").read_text(), re.DOTALL)


def test_there_are_runs():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("command, shown", BLOCKS,
                         ids=[c.split()[0] for c, _ in BLOCKS])
def test_run(program, monkeypatch, command, shown):
    monkeypatch.chdir(lab.ROOT)

    def timeless(text):
        return re.sub(r"\d\.\d{3} s", "N s", text)

    assert timeless(program(*shlex.split(command)).out) == timeless(shown)
