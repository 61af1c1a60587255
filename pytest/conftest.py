# conftest.py - what all tests share
# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures: the program under test, a folder for each test, signed zones."""
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import lab  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "alone: looks at a clock or at memory, and is run when "
        "nothing else is: tests run side by side with -m 'not alone'")


@pytest.fixture(scope="session")
def program():
    """The command line, run with a clean environment."""
    return lab.program()


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Zone signing keys, made once for each zone name."""
    return lab.Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def zones(tmp_path, keys):
    """A set of zone files in a folder of the test's own."""
    return lab.Zones(tmp_path, keys)
