# test_bimi.py - a logo, its certificate, and what a message signs of BIMI
# SPDX-License-Identifier: BSD-3-Clause
"""Logos and mark certificates are made here: G106 to G108 of the guide, every
code on files, and files that are hostile. The other cases of BIMI are in
testdata."""
import base64
import gzip
import hashlib
import json
import random
import subprocess
import time

import jsonschema
import pytest

import lab

TRIGGERS = {
    "bimi-svg-not-xml", "bimi-svg-root", "bimi-svg-version",
    "bimi-svg-baseprofile", "bimi-svg-title", "bimi-svg-title-generic",
    "bimi-svg-root-xy", "bimi-svg-element", "bimi-svg-script",
    "bimi-svg-external-ref", "bimi-svg-raster", "bimi-svg-not-square",
    "bimi-svg-layers", "bimi-svg-too-big", "bimi-svg-evidence-mismatch",
    "bimi-cert-invalid", "bimi-cert-domain", "bimi-cert-cmc",
    "bimi-cert-unanchored", "bimi-header-unsigned", "bimi-sender-headers"}

# Cases of the guide that are here, and that of put_bimi_record(), G111, which
# is in test/unit/test_record.c.
GUIDE = {106, 107, 108, 111}

SCHEMA = json.loads((lab.ROOT / "schema/check.schema.json").read_text())
ROOT = ('xmlns="http://www.w3.org/2000/svg" version="1.2" '
        'baseProfile="tiny-ps" viewBox="0 0 100 100"')
TITLE = "<title>Example</title>"
RECT = '<rect width="100" height="100" fill="#123456"/>'


def svg(body=TITLE + RECT, root=ROOT, head=""):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}' \
        f"<svg {root}>\n{body}\n</svg>\n"


def zipped(octets):
    """Compressed, with the same octets in every process."""
    return gzip.compress(octets, mtime=0)


@pytest.fixture
def check(program, zones):
    """Check the corrected zone with files; the codes about them."""
    for zone in zones.guide():
        zones.write(zone)

    def run(*args, **kwargs):
        result = program.check(*lab.GUIDE, "--only", "bimi", *zones.args,
                               *args, "example.com", **kwargs)
        if result.out:
            jsonschema.validate(result.json, SCHEMA)
        return result
    return run


@pytest.fixture
def logo(check, tmp_path):
    """Check a logo; the result, whose codes are those of the logo alone."""
    def run(data, *args):
        file = tmp_path / "logo.svg"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return check("--bimi-svg", file, *args)
    return run


def about_files(result):
    return {c for c in result.codes()
            if c.startswith(("bimi-svg", "bimi-cert"))}


# Logos.

def test_good(logo):
    result = logo(svg())
    assert not about_files(result)
    assert result.json["bimi"]["svg"] | {"file": ""} == {
        "file": "", "octets": len(svg()), "compressed": False,
        "title": "Example", "width": 100, "height": 100}
    assert result.json["bimi"]["certificate"] is None
    result = logo(zipped(svg().encode()))
    assert not about_files(result)
    assert result.json["bimi"]["svg"]["compressed"]
    assert result.json["bimi"]["svg"]["octets"] == len(svg())


def test_profile_elements(logo):
    """All that the profile has is fine, and so is what metadata hold."""
    names = ("desc", "defs", "g", "use", "path", "circle", "ellipse", "line",
             "polyline", "polygon", "linearGradient", "radialGradient", "stop",
             "solidColor", "text", "textArea", "font", "font-face", "glyph",
             "missing-glyph", "hkern")
    body = TITLE + "".join(f"<{n}/>" for n in names) + \
        '<metadata><r:RDF xmlns:r="urn:x"><r:image/></r:RDF></metadata>' \
        '<use href="#a"/><rect fill="url(#a)"/><rect fill="url( \'#a\')"/>' \
        '<g display="inline"/>'
    assert not about_files(logo(svg(body)))


@pytest.mark.parametrize("view_box", [
    "0 0 200 100", "0 0 100 200", "0 0 0 0", "0 0 -1 -1", "0 0 100", "",
    "0 0 100 100 7", "a b c d", "0 0 1e2 1e2", None])
def test_g106(logo, view_box):
    """The logo is to be square."""
    root = ROOT.replace(' viewBox="0 0 100 100"', "" if view_box is None
                        else f' viewBox="{view_box}"')
    result = logo(svg(root=root))
    assert about_files(result) == {"bimi-svg-not-square"}
    assert result.code == lab.FAIL
    result = logo(svg(root=root), "--profile", "rfc")
    assert result.finding("bimi-svg-not-square")["severity"] == "warn"


@pytest.mark.parametrize("view_box", [
    "0 0 100 100", "0,0,100,100", " -5.5 +2 64.0 64 ", "0 0 .5 .50"])
def test_square(logo, view_box):
    root = ROOT.replace("0 0 100 100", view_box)
    assert not about_files(logo(svg(root=root)))


INK = 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
LAYER = f'<g {INK} inkscape:groupmode="layer">{RECT}</g>'


@pytest.mark.parametrize("body", [
    LAYER + LAYER, f'<g display="none">{RECT}</g>',
    f'<g visibility="hidden">{RECT}</g>', f'<g style="display:none">{RECT}</g>',
    '<g xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" i:layer="yes">'
    '<g i:layer="yes"/></g>'])
def test_g107(logo, body):
    """No additional layers."""
    result = logo(svg(TITLE + body))
    assert about_files(result) == {"bimi-svg-layers"}
    assert result.finding("bimi-svg-layers")["severity"] == "warn"
    assert result.code == lab.WARN
    assert not about_files(logo(svg(TITLE + LAYER)))


@pytest.mark.parametrize("data, code", [
    (svg(root=ROOT.replace("tiny-ps", "tiny")), "bimi-svg-baseprofile"),
    (svg(root=ROOT.replace(' baseProfile="tiny-ps"', "")),
     "bimi-svg-baseprofile"),
    (svg(RECT), "bimi-svg-title"),
    (svg("<title> \n </title>" + RECT), "bimi-svg-title"),
    (svg(f"<g>{TITLE}</g>"), "bimi-svg-title"),
    (svg(TITLE + "<g onclick='x()'/>"), "bimi-svg-script"),
    (svg(TITLE + "<use href=' javascript:x()'/>"), "bimi-svg-script"),
])
def test_g108(logo, data, code):
    """Base profile, title, no script."""
    result = logo(data)
    assert about_files(result) == {code}
    assert result.finding(code)["severity"] == "fail"
    assert result.code == lab.FAIL


@pytest.mark.parametrize("data, codes", [
    (svg(TITLE + "<script>x()</script>"),
     {"bimi-svg-script", "bimi-svg-element"}),
    (svg(root=ROOT.replace('"1.2"', '"1.1"')), {"bimi-svg-version"}),
    (svg(root=ROOT + ' x="0"'), {"bimi-svg-root-xy"}),
    (svg(root=ROOT + ' y="0"'), {"bimi-svg-root-xy"}),
    (svg("<title>Untitled</title>" + RECT), {"bimi-svg-title-generic"}),
    (svg(TITLE + "<animate/>"), {"bimi-svg-element"}),
    (svg(TITLE + "<style>x</style>"), {"bimi-svg-element"}),
    (svg(TITLE + '<x xmlns="urn:x"/>'), {"bimi-svg-element"}),
    (svg(TITLE + '<a href="#x"/>'), {"bimi-svg-element"}),
    (svg(TITLE + '<image href="#x"/>'),
     {"bimi-svg-element", "bimi-svg-raster"}),
    (svg(TITLE + '<use href="data:image/png;base64,AA=="/>'),
     {"bimi-svg-raster"}),
    (svg(TITLE + '<rect fill="url(data:image/png;base64,AA==)"/>'),
     {"bimi-svg-raster"}),
    (svg(TITLE + '<use href="x.svg#a"/>'), {"bimi-svg-external-ref"}),
    (svg(TITLE + '<use xmlns:l="http://www.w3.org/1999/xlink" '
         'l:href="https://x.org/"/>'), {"bimi-svg-external-ref"}),
    (svg(TITLE + '<rect fill="#fff URL( &quot;https://x.org/a&quot; )"/>'),
     {"bimi-svg-external-ref"}),
    (svg(TITLE + '<g xml:base="https://x.org/"/>'),
     {"bimi-svg-external-ref"}),
    (svg(head='<?xml-stylesheet href="x.css"?>'), {"bimi-svg-external-ref"}),
    (svg(TITLE + RECT * 800), {"bimi-svg-too-big"}),
    ('<html xmlns="http://www.w3.org/1999/xhtml"/>', {"bimi-svg-root"}),
    ('<svg version="1.2"/>', {"bimi-svg-root"}),
])
def test_codes(logo, data, codes):
    assert about_files(logo(data)) == codes


BILLION = "<!DOCTYPE svg [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{i + 1} '{f'&a{i};' * 10}'>" for i in range(12)) + "]>\n"


@pytest.mark.parametrize("data", [
    b"", b" ", b"hello", b"\0" * 1000, random.Random(1).randbytes(5000), b"<svg", b"<svg>",
    svg().encode()[:-8], svg()[:-1].encode("utf-16")[1:],
    svg(TITLE + "&nbsp;").encode(), svg(TITLE + "&#0;").encode(),
    svg(TITLE).encode() * 2, svg(TITLE + "<g x='1' x='1'/>").encode(),
    svg(TITLE + "<u:g/>").encode(),
    svg("<title>\xff</title>").encode("latin-1"),
    svg().replace("UTF-8", "UTF-16").encode("utf-16")[:-1] + b"\xd8\0\0\0",
    svg().replace("UTF-8", "UCS-4").encode(),
    svg().replace("UTF-8", "nonsense").encode(),
    svg(head="<!DOCTYPE svg>").encode(),
    svg(TITLE + "&a;", head="<!DOCTYPE svg [<!ENTITY a SYSTEM "
        "'file:///etc/passwd'>]>").encode(),
    svg(TITLE, head="<!DOCTYPE svg SYSTEM 'https://127.0.0.1:1/x'>").encode(),
    svg("<title>&a12;</title>", head=BILLION).encode(),
    svg(f'<g id="&a12;">{TITLE}</g>', head=BILLION).encode(),
    svg(TITLE + "<g>" * 20000 + "</g>" * 20000).encode(),
    svg(TITLE + "<g>" * 250 + "<" * 9).encode(),
    zipped(svg().encode())[:-9], zipped(svg().encode()) + b"x",
    b"\x1f\x8b" + b"\0" * 100, zipped(b"hello"),
], ids=lambda d: str(d[:24]))
def test_hostile(logo, data):
    """Not XML: a finding, and soon."""
    start = time.monotonic()
    result = logo(data)
    assert "bimi-svg-not-xml" in about_files(result)
    assert result.code == lab.FAIL
    assert time.monotonic() - start < 5
    assert result.err == ""
    assert "root:" not in result.out and "hahaha" not in result.out


@pytest.mark.parametrize("data", [
    lambda: b" " * 300000, lambda: svg(TITLE + RECT * 9000).encode(),
    lambda: zipped(b"<svg>" + b" " * 100_000_000),
    lambda: zipped(zipped(b"\0" * 100_000_000)),
], ids=["blanks", "long", "bomb", "double"])
def test_bombs(logo, data):
    """What is too long is not read, and never good."""
    data = data()
    start = time.monotonic()
    result = logo(data)
    assert "bimi-svg-not-xml" in about_files(result)
    assert time.monotonic() - start < 5


def test_slow(logo):
    """Attributes are compared with each other: as many as fit."""
    body = "<g " + " ".join(f'a{i:x}=""' for i in range(28000)) + "/>"
    start = time.monotonic()
    assert about_files(logo(svg(TITLE + body))) == {"bimi-svg-too-big"}
    assert time.monotonic() - start < 10


def test_many(logo):
    """A fault is reported once, with its number."""
    result = logo(svg(TITLE + "<set/>" * 1000))
    found = [f for f in result.json["findings"]
             if f["code"] == "bimi-svg-element"]
    assert len(found) == 1
    assert found[0]["message"].endswith("set, line 3, and 999 more")


def test_control_characters(logo, tmp_path, program):
    """Nothing of a file reaches a terminal raw."""
    result = logo(svg("<title>\x9b31mred\u202e</title>" +
                      '<use href="\x9b31m"/>'))
    assert all(ord(c) < 0x7f for c in result.out)


@pytest.mark.parametrize("option", ["--bimi-svg", "--bimi-cert"])
def test_unreadable(check, tmp_path, option):
    for file in (tmp_path, tmp_path / "nothing", "", "/proc/self/mem"):
        result = check(option, file)
        assert result.code == lab.INPUT, file
        assert result.err.count("\n") == 1 and result.out == ""
    # Devices without an end have one here.
    assert check(option, "/dev/zero").code == lab.FAIL
    assert check(option, "/dev/null").code == lab.FAIL


@pytest.mark.parametrize("args", [
    ["--bimi-root", "/dev/null"],
    ["--only", "spf", "--bimi-svg", "/dev/null"],
    ["--only", "spf", "--bimi-cert", "/dev/null"]])
def test_use(program, zones, args):
    """What would not be looked at is refused."""
    result = program("check", "--zone", "example.com=/dev/null", *args,
                     "example.com")
    assert result.code in (lab.USE, lab.INPUT)
    for zone in zones.guide():
        zones.write(zone)
    result = program("check", *zones.args, *args, "example.com")
    assert result.code == lab.USE and result.err.count("\n") == 1


# Certificates.

SECOND = "openssl", "x509", "-req", "-days", "30"


def der(tag, *parts):
    """A value of DER."""
    body = b"".join(parts)
    if len(body) < 0x80:
        length = bytes([len(body)])
    else:
        octets = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + body


SHA256 = bytes.fromhex("608648016503040201")


def logotype(octets, *, uri=None, digest=None, oid=SHA256,
             media=b"image/svg+xml"):
    """The logotype extension of RFC 3709 with one image of the subject."""
    uri = uri or b"data:image/svg+xml;base64," + base64.b64encode(octets)
    digest = digest or hashlib.sha256(octets).digest()
    details = der(0x30, der(0x16, media),
                  der(0x30, der(0x30, der(0x30, der(0x06, oid)),
                                der(0x04, digest))),
                  der(0x30, der(0x16, uri)))
    return der(0x30, der(0xa2, der(0xa0, der(0x30, der(0x30, details)))))


class Authority:
    """A root, an intermediate, and mark certificates made by them."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        (folder / "req.cnf").write_text(
            "oid_section=oids\n[oids]\nmarkType=1.3.6.1.4.1.53087.1.13\n"
            "[req]\ndistinguished_name=dn\n[dn]\n")
        self.root = self.issue("/CN=Root", ["basicConstraints=CA:TRUE"])
        self.middle = self.issue("/CN=Middle", ["basicConstraints=CA:TRUE"],
                                 by=self.root)

    def run(self, *args, before=()):
        subprocess.run([*before, *map(str, args)], cwd=self.folder, check=True,
                       capture_output=True)

    def issue(self, subject, extensions, by=None, before=()):
        self.count += 1
        base = self.folder / f"c{self.count}"
        key, req, ext, pem = (base.with_suffix(s)
                              for s in (".key", ".csr", ".ext", ".pem"))
        self.run("openssl", "ecparam", "-name", "prime256v1", "-genkey",
                 "-noout", "-out", key)
        self.run("openssl", "req", "-new", "-config", "req.cnf", "-key", key,
                 "-subj", subject, "-out", req)
        ext.write_text("\n".join(extensions) + "\n")
        signer = ["-signkey", key] if by is None else [
            "-CA", by, "-CAkey", by.with_suffix(".key"), "-CAcreateserial"]
        self.run(*SECOND, "-in", req, "-extfile", ext, "-out", pem, *signer,
                 before=before)
        return pem

    def mark(self, data=None, *, names=("example.com",), kind="Registered Mark",
             eku="1.3.6.1.5.5.7.3.31", ext=None, by=None, before=(),
             alone=False, more=()):
        """A file with a mark certificate and its intermediate."""
        data = zipped(svg().encode()) if data is None else data
        ext = logotype(data) if ext is None else ext
        lines = [f"extendedKeyUsage={eku}"] if eku else []
        if names:
            lines.append("subjectAltName=" + ",".join(
                f"DNS:{n}" for n in names))
        if ext:
            lines.append("1.3.6.1.5.5.7.1.12=DER:" + ext.hex(":"))
        pem = self.issue("/O=Example" + (f"/markType={kind}" if kind else ""),
                         lines + list(more), by=by or self.middle,
                         before=before)
        chain = pem.with_suffix(".chain")
        chain.write_text(pem.read_text() + (
            "" if alone else self.middle.read_text()))
        return chain


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("mark"))


@pytest.fixture
def mark(check, authority, tmp_path):
    """Check a certificate, with the logo and the root."""
    file = tmp_path / "logo.svg"
    file.write_text(svg())

    def run(pem, *args, logo=True, root=True):
        return check("--bimi-cert", pem,
                     *(["--bimi-svg", file] if logo else []),
                     *(["--bimi-root", authority.root] if root else []), *args)
    return run


def test_mark(mark, authority):
    """A good one: nothing is found, and the facts are there."""
    result = mark(authority.mark())
    assert not about_files(result)
    cert = result.json["bimi"]["certificate"]
    assert (cert["chain"], cert["logo"], cert["mark_type"],
            cert["certificates"]) == ("rooted", "same", "Registered Mark", 2)
    assert "Example" in cert["subject"] and "Middle" in cert["issuer"]
    assert cert["logo_octets"] == len(svg())
    assert cert["not_before"] < cert["not_after"]


def test_unanchored(mark, authority):
    """Without a root the chain is not called good."""
    result = mark(authority.mark(), root=False)
    assert about_files(result) == {"bimi-cert-unanchored"}
    assert result.json["bimi"]["certificate"]["chain"] == "open"
    assert result.finding("bimi-cert-unanchored")["severity"] == "warn"
    assert result.code == lab.WARN


def test_self_made(mark, authority):
    """A root in the file itself vouches for nothing."""
    pem = authority.mark()
    pem.write_text(pem.read_text() + authority.root.read_text())
    assert "bimi-cert-unanchored" in about_files(mark(pem, root=False))
    other = authority.issue("/CN=Other", ["basicConstraints=CA:TRUE"])
    result = mark(pem, "--bimi-root", other, root=False)
    assert about_files(result) == {"bimi-cert-invalid"}
    assert result.json["bimi"]["certificate"]["chain"] == "broken"


@pytest.mark.parametrize("kind, cmc", [
    ("Registered Mark", False), ("Government Mark", False),
    ("Prior Use Mark", True), ("Modified Registered Mark", True),
    (None, False)])
def test_cmc(mark, authority, kind, cmc):
    result = mark(authority.mark(kind=kind))
    assert about_files(result) == ({"bimi-cert-cmc"} if cmc else set())
    assert result.json["bimi"]["certificate"]["mark_type"] == kind


@pytest.mark.parametrize("names, good", [
    (["x.org", "EXAMPLE.com"], True),
    (["default._bimi.example.com"], True),
    (["news.example.com"], False), (["*.example.com"], False),
    (["other._bimi.example.com"], False), ([], False)])
def test_domain(mark, authority, names, good):
    result = mark(authority.mark(names=names))
    assert about_files(result) == (set() if good else {"bimi-cert-domain"})


ZIPPED = zipped(svg().encode())


@pytest.mark.parametrize("made, words", [
    ({"eku": None}, "purpose"), ({"eku": "serverAuth"}, "purpose"),
    ({"ext": b"", "data": b""}, "no logo"),
    ({"ext": b"\x30\x00"}, "cannot be read"),
    ({"ext": logotype(ZIPPED)[:-1]}, "cannot be read"),
    ({"ext": logotype(ZIPPED, uri=b"https://example.com/b.svg")}, "not in it"),
    ({"ext": logotype(ZIPPED, uri=b"data:image/svg+xml;base64,!!")},
     "not in it"),
    ({"ext": logotype(ZIPPED, digest=b"x" * 32)}, "another hash"),
    ({"ext": logotype(ZIPPED, oid=b"\x2a\x03")}, "another hash"),
    ({"ext": logotype(ZIPPED, media=b"image/png")}, "image/png"),
    ({"ext": logotype(ZIPPED[:-9])}, "decompressed"),
    ({"ext": logotype(zipped(b" " * 10_000_000))}, "decompressed"),
    ({"alone": True}, "chain"),
    ({"before": ("faketime", "-f", "-100d")}, "chain: certificate has exp"),
    ({"before": ("faketime", "-f", "+10d")}, "chain: certificate is not yet"),
    ({"more": ["basicConstraints=CA:TRUE"]}, "authority"),
])
def test_invalid(mark, authority, made, words):
    result = mark(authority.mark(**made))
    assert about_files(result) == {"bimi-cert-invalid"}
    messages = [f["message"] for f in result.json["findings"]
                if f["code"] == "bimi-cert-invalid"]
    assert any(words in m for m in messages), messages
    assert result.code == lab.FAIL


def test_sha512(mark, authority):
    ext = logotype(ZIPPED, oid=SHA256[:-1] + b"\x03",
                   digest=hashlib.sha512(ZIPPED).digest())
    assert not about_files(mark(authority.mark(ext=ext)))


@pytest.mark.parametrize("data, same", [
    (svg().encode(), True), (svg().replace("\n", "\r\n").encode(), True),
    (zipped(svg().replace("\n", "\r").encode()), True),
    (svg().replace("Example", "example").encode(), False),
    (svg().encode() + b"\n", False)])
def test_evidence(mark, authority, data, same):
    """The logo of the certificate is the one of the file, octet by octet; but
    for the ends of lines, and whether it is compressed."""
    result = mark(authority.mark(data))
    assert about_files(result) == (
        set() if same else {"bimi-svg-evidence-mismatch"})
    assert result.json["bimi"]["certificate"]["logo"] == (
        "same" if same else "different")


def test_embedded(mark, authority):
    """Without a file the logo of the certificate is looked at."""
    assert not about_files(mark(authority.mark(), logo=False))
    bad = zipped(svg(RECT).encode())
    result = mark(authority.mark(bad), logo=False)
    assert about_files(result) == {"bimi-svg-title"}
    assert "in the certificate" in result.finding("bimi-svg-title")["message"]


@pytest.mark.parametrize("spoil", [
    lambda t: "", lambda t: "hello\n", lambda t: t[:300],
    lambda t: t.replace("MII", "MIJ", 1), lambda t: "\0" * 2_000_000,
    lambda t: "-----BEGIN CERTIFICATE-----\n" * 30000,
    lambda t: t * 500])
def test_hostile_certificates(mark, authority, tmp_path, spoil):
    pem = tmp_path / "spoilt.pem"
    pem.write_text(spoil(authority.mark().read_text()))
    start = time.monotonic()
    result = mark(pem)
    assert time.monotonic() - start < 5
    if pem.stat().st_size != 0 and "MII" in pem.read_text()[:200] and \
            pem.stat().st_size < 2 ** 20 and pem.stat().st_size > 300000:
        assert not about_files(result)  # many copies: the first ones count
    else:
        assert "bimi-cert-invalid" in about_files(result)
    empty = tmp_path / "empty.pem"
    empty.write_text("hello\n")
    result = mark(authority.mark(), "--bimi-root", empty, root=False)
    assert result.code == lab.INPUT and result.err.count("\n") == 1


def test_text(program, zones, authority, tmp_path):
    for zone in zones.guide():
        zones.write(zone)
    file = tmp_path / "logo.svg"
    file.write_text(svg())
    result = program("check", *lab.GUIDE, *zones.args, "--bimi-svg", file,
                     "--bimi-cert", authority.mark(), "--bimi-root",
                     authority.root, "example.com")
    assert f'{file}: {len(svg())} octets, "Example"' in result.out
    assert "chain rooted, Registered Mark, logo same" in result.out


# Messages.

@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """Sign messages for altcraft._domainkey.example.com."""
    folder = tmp_path_factory.mktemp("dkim")
    key = folder / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True,
                   capture_output=True)
    public = subprocess.run(
        ["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
        check=True, capture_output=True).stdout

    def sign(fields, names, domain="example.com"):
        body = b"hello\r\n"
        sig = (f"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; "
               f"d={domain}; s=altcraft; h={':'.join(names)}; bh=" +
               base64.b64encode(hashlib.sha256(body).digest()).decode() +
               "; b=")
        lines = {f.partition(":")[0].lower(): f for f in fields}
        signed = "".join(lines[n.lower()] + "\r\n" for n in names
                         if n.lower() in lines) + sig
        made = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", key],
            input=signed.encode(), check=True, capture_output=True).stdout
        sig += base64.b64encode(made).decode()
        return "\r\n".join([sig, *fields, "", "hello", ""])
    sign.record = f'"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"'
    return sign


@pytest.mark.parametrize("fields, names, domain, codes", [
    ([], ["from"], "example.com", set()),
    (["BIMI-Selector: v=BIMI1; s=brand"], ["from", "bimi-selector"],
     "example.com", set()),
    (["BIMI-Selector: v=BIMI1; s=brand"], ["from"], "example.com",
     {"bimi-header-unsigned"}),
    # Somebody else's signature is not aligned.
    (["BIMI-Selector: v=BIMI1; s=brand"], ["from", "bimi-selector"],
     "example.net", {"bimi-header-unsigned"}),
    (["BIMI-Location: v=BIMI1; l=https://example.com/b.svg"], ["from"],
     "example.com", set()),
    (["BIMI-Location: v=BIMI1; l=https://example.com/b.svg"],
     ["from", "BIMI-Location"], "example.com", {"bimi-sender-headers"}),
    ([], ["from", "BIMI-Indicator"], "example.com", {"bimi-sender-headers"}),
    ([], ["from", "bimi-logo-preference"], "example.com",
     {"bimi-sender-headers"}),
])
def test_message(program, zones, signer, tmp_path, fields, names, domain,
                 codes):
    for name in ("example.com", "example.net"):
        zone = lab.Zone.empty(name)
        record = signer.record[1:-1]
        zone.add(f'altcraft._domainkey TXT "{record[:200]}" "{record[200:]}"')
        zone.add('_dmarc TXT "v=DMARC1; p=reject"')
        zones.write(zone)
    text = signer(["From: joe@example.com", "Subject: hello", *fields], names,
                  domain)
    file = tmp_path / "message"
    file.write_bytes(text.encode())
    result = program("explain", "--format", "json", *zones.args, file)
    assert {c for c in result.codes() if c.startswith("bimi-")} == codes, \
        result.out
    assert "sig-ok" in result.codes()
