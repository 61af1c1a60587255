# test_recursion.py - answers from the root down
# SPDX-License-Identifier: BSD-3-Clause
"""Without a SOURCE, and with the system's: on a network of the test's own,
where a signed root of ours has the address of a root server."""
import pytest

import lab

# The root servers from a to m; of them 199.9.14.201 has moved since.
ROOT_SERVERS = [
    "198.41.0.4", "199.9.14.201", "170.247.170.2", "192.33.4.12",
    "199.7.91.13", "192.203.230.10", "192.5.5.241", "192.112.36.4",
    "198.97.190.53", "192.36.148.17", "192.58.128.30", "193.0.14.129",
    "199.7.83.42", "202.12.27.33"]


@pytest.fixture
def network(zones, tmp_path):
    try:
        network = lab.Network(*ROOT_SERVERS)
    except PermissionError:
        pytest.skip("a network of its own needs root")
    with network:
        network.ds = lab.world(zones, address=ROOT_SERVERS[0],
                               unsigned={"example.net"},
                               extra=[lab.Zone.empty("example.net")])
        authority = network.run(lab.Authority, tmp_path, zones.files,
                                address=ROOT_SERVERS[0], port=53,
                                also=ROOT_SERVERS[1:])
        with authority:
            yield network


def test_from_the_root(program, network):
    """No option at all but an anchor for the root that is not the world's."""
    result = network.run(program.check, "--allow-documentation", "--selector",
                         "altcraft", "--ds", network.ds, "example.com")
    assert result.code == lab.PASS, result.out
    assert result.json["dnssec"] == "secure"


def test_proven_unsigned(program, network):
    """A zone that its parent proves to be unsigned is insecure."""
    result = network.run(program.check, "--ds", network.ds, "--only", "spf",
                         "example.net")
    assert result.json["dnssec"] == "insecure"
    assert "spf-missing" in result.codes("spf")


def test_built_in_anchor(program, network):
    """Without it the root of this network is bogus: the anchor built in is
    that of the world's root, and nothing else is believed."""
    result = network.run(program.check, "example.com")
    assert result.code == lab.TEMPERROR
    assert result.json["dnssec"] == "bogus"
    assert not {c for c in result.codes() if c.endswith("-missing")}


def test_nobody_there(program):
    """A machine without a network: nothing can be told, nothing is absent."""
    try:
        network = lab.Network()
    except PermissionError:
        pytest.skip("a network of its own needs root")
    with network:
        result = network.run(program.check, "--timeout", 5, "example.com")
    assert result.code == lab.TEMPERROR
    assert result.json["records"] == []
    assert result.codes() == {"source-unreachable"}


@pytest.mark.parametrize("form", [
    ["--resolv-conf={}"], ["--resolv-conf", "{}"], ["-r{}"], ["-r", "{}"]])
def test_resolv_conf(program, zones, tmp_path, form):
    """Forwards to the servers of the file, on their standard port."""
    conf = tmp_path / "resolv.conf"
    form = [word.format(conf) for word in form]
    ds = lab.world(zones)
    try:
        network = lab.Network("127.0.0.77")
    except PermissionError:
        pytest.skip("a network of its own needs root")
    with network, network.run(lab.Authority, tmp_path, zones.files,
                              address="127.0.0.77", port=53):
        conf.write_text("# by hand\nsearch a.example\nnameserver 127.0.0.77\n")
        result = network.run(program.check, *lab.GUIDE, *form, "--ds", ds,
                             "example.com")
        assert result.code == lab.PASS, result.out
        assert result.json["dnssec"] == "secure"
        conf.write_text("nameserver 127.0.0.78\n")
        result = network.run(program.check, *form, "--timeout", 3, "--only",
                             "spf", "example.com")
        assert result.code == lab.TEMPERROR
        assert "spf-missing" not in result.codes()


def test_online_beside_a_zone(program, network, tmp_path):
    """--online: the zone at hand from its file, the rest from the world."""
    draft = lab.Zone.empty("example.net")
    draft.add("@ MX 10 mta-1.example.com.")
    draft.add("@ A 192.0.2.10")
    file = tmp_path / "draft"
    file.write_text(draft.text)
    args = ["--zone", f"example.net={file}", "--allow-documentation",
            "--only", "mx,address", "example.net"]
    result = network.run(program.check, *args)
    assert result.code == lab.PASS
    assert {"what": "mta-1.example.com", "why": "outside"} in \
        result.json["incomplete"]
    result = network.run(program.check, "--online", "--ds", network.ds, *args)
    assert result.json["incomplete"] == []
    assert result.record("mx")["dnssec"] == "insecure"
    assert result.record(
        "address", "mta-1.example.com.", "A")["dnssec"] == "secure"
    assert "mx-ok" in result.codes()


def test_built_in_zone(program, network):
    """Unbound answers some reverse zones itself; that is said, not taken for
    a missing PTR record."""
    result = network.run(program.check, *lab.GUIDE, "--ds", network.ds,
                         "example.com")
    assert result.code == lab.TEMPERROR
    assert "dns-builtin-empty-zone" in result.codes("ptr")
    assert "ptr-missing" not in result.codes()
