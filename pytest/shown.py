# shown.py - the runs that the documents show
# SPDX-License-Identifier: BSD-3-Clause
"""What README.md and doc/guide.md show, run again.

A block of "```console" has commands behind "$ " and below each what it prints.
The blocks of a document run in order, in one folder of their own that has
testdata/ in it. By itself this writes into the documents what is printed now:

  BUILD=/path/of/build /usr/bin/python3 pytest/shown.py     (or: make shown)
"""
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "README.md", ROOT / "doc" / "guide.md")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# A command, which a backslash continues, and what is below it.
STEP = re.compile(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)\n((?:(?!\$ )[^\n]*\n)*)",
                  re.MULTILINE)


def steps(document):
    """The commands of a document, with what it shows of each."""
    return [step for block in BLOCK.findall(document.read_text())
            for step in STEP.findall(block)]


def timeless(text):
    """Without what differs from run to run: durations."""
    return re.sub(r"\b\d+\.\d{2,3} s\b", "0.00 s", text)


class Shell:
    """Runs the commands of one document, in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "testdata").symlink_to(ROOT / "testdata")
        build = pathlib.Path(os.environ.get("BUILD", ROOT)).resolve()
        self.env = {"PATH": f"{build}:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                    "HOME": str(self.folder)}

    def __call__(self, command):
        """What a command prints, complaints included."""
        return subprocess.run(
            ["/bin/sh", "-c", command], cwd=self.folder, env=self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
            stderr=subprocess.STDOUT, timeout=60, encoding="utf-8").stdout


def renew(document):
    """Write into a document what its commands print now."""
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(folder)

        def step(match):
            out = shell(match[1])
            return f"$ {match[1]}\n" + (
                match[2] if timeless(out) == timeless(match[2]) else out)

        def block(match):
            return f"```console\n{STEP.sub(step, match[1])}```"

        text = document.read_text()
        new = BLOCK.sub(block, text)
    if new != text:
        document.write_text(new)
        print(f"{document.relative_to(ROOT)}: written anew")


if __name__ == "__main__":
    for each in DOCUMENTS:
        renew(each)
