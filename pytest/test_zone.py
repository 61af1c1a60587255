# test_zone.py - answers from zone files
# SPDX-License-Identifier: BSD-3-Clause
"""src/zone answers as NSD does from the same files: nsd.py by itself tries
thousands of zones."""
import os
import pathlib

import pytest

import lab
import nsd


ASK = pathlib.Path(os.environ.get("BUILD", lab.ROOT)) / "test/zone/ask"


@pytest.mark.skipif(not ASK.exists(), reason="make test/zone/ask builds it")
def test_same_as_nsd(tmp_path, keys):
    asked, found = nsd.run(tmp_path, keys, seed=1, count=40, questions=25)
    assert asked > 1000 and not found, "\n".join(found)
