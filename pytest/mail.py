#!/usr/bin/python3
# mail.py - messages, and a signer that is not the program's own
# SPDX-License-Identifier: BSD-3-Clause
"""Messages for tests of `explain`, signed by dkimpy with the keys of
testdata/keys. Run as a program it writes testdata/messages/*.eml anew."""
import base64
import functools
import pathlib
import subprocess

import dkim

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = ROOT / "testdata" / "keys"
MESSAGES = ROOT / "testdata" / "messages"

# 1 June 2026, 10:00:00 UTC: when messages are written and signed.
NOW = 1780308000
DATE = "Mon, 01 Jun 2026 10:00:00 +0000"
DAY = 86400

SIGNED = ("from", "to", "subject", "date", "message-id")


# Keys.

@functools.lru_cache(maxsize=None)
def public(name, pkcs1=False):
    """The public half of a key, DER."""
    how = ["rsa", "-RSAPublicKey_out"] if pkcs1 else ["pkey", "-pubout"]
    return subprocess.run(
        ["openssl", *how, "-in", KEYS / f"{name}.pem", "-outform", "DER"],
        capture_output=True, check=True).stdout


def key_text(name, tags="", pkcs1=False):
    """The key record; `tags` go between k= and p=, "h=sha256; "."""
    data = public(name, pkcs1)
    kind = "rsa"
    if name == "ed25519":
        kind, data = "ed25519", data[-32:]
    p = base64.b64encode(data).decode("ascii")
    return f"v=DKIM1; k={kind}; {tags}p={p}"


def txt(owner, text):
    """A line of a zone file, in character-strings of at most 255 octets."""
    strings = [text[i:i + 255] for i in range(0, len(text), 255)]
    return f"{owner} TXT " + " ".join(f'"{s}"' for s in strings)


def key_line(selector, name, tags="", pkcs1=False):
    """The key as a line of its zone."""
    return txt(f"{selector}._domainkey", key_text(name, tags, pkcs1))


# Messages.

def received(ip="192.0.2.4", name="out.example.com", when=DATE,
             by="mx.receiver.example"):
    """As Postfix writes it."""
    return ("Received", f"from {name} ({name} [{ip}])\n\tby {by} (Postfix) "
            f"with ESMTPS id 4XyZ12\n\tfor <reader@receiver.example>; {when}")


def results(*words, by="mx.receiver.example"):
    return ("Authentication-Results", ";\n\t".join([by, *words]))


def message(sender="News <news@example.com>", body="Hello,\n\nthis is it.\n",
            above=(), subject="News of June", extra=(), leave=()):
    """Octets with LF; `above` are fields on top of those of the author."""
    fields = [("From", sender), ("To", "reader@receiver.example"),
              ("Subject", subject), ("Date", DATE),
              ("Message-ID", "<20260601@example.com>"),
              ("MIME-Version", "1.0"), *extra]
    lines = [f"{n}: {v}" for n, v in [*above, *fields] if n not in leave]
    return ("\n".join(lines) + "\n\n" + body).encode("utf-8")


class Signer(dkim.DKIM):
    """dkimpy, with the tags that it does not offer; the time does not move."""

    tags = {}

    def gen_header(self, fields, *args, **kwargs):
        for name, value in self.tags.items():
            there = [i for i, f in enumerate(fields) if f[0] == name]
            if value is None:
                del fields[there[0]]
            elif there:
                fields[there[0]] = (name, value)
            else:
                fields.insert(2, (name, value))
        return super().gen_header(fields, *args, **kwargs)


def sign(octets, domain="example.com", selector="s1", key="rsa-2048",
         headers=SIGNED, canon="relaxed/relaxed", length=False, algorithm=None,
         at=NOW, **tags):
    """The message with a signature on top; tags as a=b, None takes one out."""
    private = (KEYS / f"{key}.pem").read_bytes()
    if key == "ed25519":
        der = base64.b64decode(b"".join(private.splitlines()[1:-1]))
        private = base64.b64encode(der[-32:])
        algorithm = algorithm or "ed25519-sha256"
    signer = Signer(octets.replace(b"\n", b"\r\n"))
    signer.tags = {b"t": str(at).encode("ascii"), b"i": None}
    for name, value in tags.items():
        signer.tags[name.encode("ascii")] = (
            None if value is None else str(value).encode("utf-8"))
    field = signer.sign(
        selector.encode("ascii"), domain.encode("utf-8"), private,
        signature_algorithm=(algorithm or "rsa-sha256").encode("ascii"),
        canonicalize=tuple(c.encode("ascii") for c in canon.split("/")),
        include_headers=[h.encode("ascii") for h in headers], length=length)
    return field.replace(b"\r\n", b"\n") + octets


def on_top(octets, *fields):
    """More fields above, the first on top: what servers on the way add."""
    return "".join(f"{n}: {v}\n" for n, v in fields).encode("utf-8") + octets


def path(address):
    return ("Return-Path", f"<{address}>")


def delivered(octets, *words, reverse="bounce@example.com", hops=(received(),)):
    """Signed or not, as the last receiver stores it."""
    claims = [results(*words)] if words else []
    return on_top(octets, path(reverse), *hops, *claims)


# The messages of testdata/messages.

DKIM_PASS = "dkim=pass header.d=example.com header.s=s1"
SPF_PASS = "spf=pass smtp.mailfrom=bounce@example.com"
DMARC_PASS = "dmarc=pass header.from=example.com"
GUIDE = """Return-Path: <bounce@mailer-service.com>
Authentication-Results: mx.example.com;
{0}dkim=pass header.i=@{1};
{0}spf=pass smtp.mailfrom=mailer-service.com;
{0}dmarc=fail header.from=example.com
{2}From: News <news@example.com>
To: reader@example.org
Subject: News

Hello.
"""
MICROSOFT = "compauth={}; dkim=pass header.d=example.com; " \
    "spf=pass smtp.mailfrom=bounce@example.com; " \
    "dmarc=pass action=none header.from=example.com"


def guide(indent="    ", domain="mailer-service.com", below=""):
    return GUIDE.format(indent, domain, below).encode("ascii")


def taken(by):
    """As a server writes it that does not show the address of its client."""
    return ("Received", f"from out.example.com by {by} with ESMTPS id 4XyZ12; "
            f"{DATE}")


def claimed(*words, above=(), **more):
    """An unsigned message of example.com with what its receiver says."""
    return on_top(message(**more), path("bounce@example.com"), results(*words),
                  *above, taken("mx.receiver.example"))


def microsoft(compauth, scl=None, bcl=None):
    above = [("Authentication-Results",
              "spf=pass (sender IP is 192.0.2.4)\n"
              " smtp.mailfrom=example.com; dkim=pass (signature was verified)\n"
              " header.d=example.com;dmarc=pass action=none\n"
              f" header.from=example.com;compauth={compauth}")]
    if scl is not None:
        above.append(("X-Forefront-Antispam-Report",
                      f"CIP:192.0.2.4;CTRY:;LANG:en;SCL:{scl};SRV:;IPV:NLI;"))
    if bcl is not None:
        above.append(("X-Microsoft-Antispam", f"BCL:{bcl};ARA:13230040;"))
    hop = ("Received", "from out.example.com (192.0.2.4) by\n"
           " AM0EUR02FT0.mail.protection.outlook.com (10.13.54.1) with "
           f"Microsoft SMTP\n Server id 15.20.1; {DATE}")
    return on_top(sign(message()), path("bounce@example.com"), *above, hop)


def spamassassin(*fields):
    return claimed(DKIM_PASS, SPF_PASS, DMARC_PASS, above=fields)


def gmail():
    octets = sign(message())
    return on_top(
        octets, ("Delivered-To", "reader@gmail.com"),
        ("Received", "by 2002:a05:6a10:8e8a:b0:5c5:12ab with SMTP id a10csp1;\n"
         "        Mon, 1 Jun 2026 03:00:02 -0700 (PDT)"),
        path("bounce@example.com"),
        ("Received", "from out.example.com (out.example.com. [192.0.2.4])\n"
         "        by mx.google.com with ESMTPS id d12si1\n"
         "        for <reader@gmail.com>\n        (version=TLS1_3);\n"
         "        Mon, 01 Jun 2026 03:00:02 -0700 (PDT)"),
        ("Received-SPF", "pass (google.com: domain of bounce@example.com "
         "designates 192.0.2.4 as permitted sender) client-ip=192.0.2.4;"),
        ("Authentication-Results", "mx.google.com;\n"
         "       dkim=pass header.i=@example.com header.s=s1 header.b=AbCdEfGh;"
         "\n       spf=pass (google.com: domain of bounce@example.com "
         "designates 192.0.2.4 as permitted sender) "
         "smtp.mailfrom=bounce@example.com;\n"
         "       dmarc=pass (p=REJECT sp=REJECT dis=NONE) "
         "header.from=example.com"))


def listed(dmarc="fail"):
    """Through a mailing list, which signs again."""
    octets = sign(message())
    octets = octets.replace(b"Subject: News", b"Subject: [talk] News")
    octets += b"\n-- \nTalk at list.example.org\n"
    octets = sign(octets, domain="example.org", selector="list",
                  key="rsa-2048-other")
    octets = on_top(octets, received(when="Mon, 01 Jun 2026 10:01:00 +0000",
                                     by="mx.example.org"))
    return delivered(
        octets, "dkim=pass header.d=example.org header.s=list",
        "dkim=fail header.d=example.com header.s=s1",
        "spf=pass smtp.mailfrom=talk-bounces@example.org",
        f"dmarc={dmarc} header.from=example.com",
        reverse="talk-bounces@example.org",
        hops=[received("203.0.113.9", "lists.example.org",
                       "Mon, 01 Jun 2026 10:02:00 +0000")])


def both():
    """Signed with both algorithms."""
    return sign(sign(message(), key="ed25519", selector="ed"))


def make():
    """All messages, by the names of their files."""
    mailer = sign(message(), domain="mailer-service.com", selector="k1",
                  key="rsa-2048-other")
    plain = message()
    net = "Promo <news@promo.example.net>"
    sub = "User <user@sub.example.com>"
    yes = "Yes, score=7.2 required=5.0 tests=BAYES_99 autolearn=no"
    return {
        "g56": claimed("spf=fail smtp.mailfrom=bounce@example.com",
                       sender="News <news@example.net>"),
        "g94": delivered(sign(plain), DKIM_PASS, SPF_PASS, DMARC_PASS),
        "g95-spf": delivered(mailer),
        "g95-dkim": delivered(sign(plain), reverse="b@mailer-service.com",
                              hops=[received("198.51.100.7",
                                             "mx.mailer-service.com")]),
        "g96": delivered(mailer, hops=[received("198.51.100.7",
                                                "mx.mailer-service.com")]),
        "g97": delivered(plain),
        "g98": delivered(message(net), reverse="b@mailer-service.com",
                         hops=[received("198.51.100.7")]),
        "g99": delivered(sign(message(net), domain="example.net",
                              selector="n1")),
        "g100": delivered(sign(message(sub)), reverse="b@sub.example.com"),
        "g112": guide(),
        "g113": guide(indent=""),
        "g114": guide(domain="news.example.com",
                      below=": ".join(taken("mx.example.com")) + "\n"),
        "g115": claimed("dkim=fail header.d=example.com header.s=s1",
                        SPF_PASS, DMARC_PASS),
        "g116": claimed(DKIM_PASS, "spf=fail smtp.mailfrom=bounce@example.com",
                        DMARC_PASS),
        "g117": claimed("dkim=none", "spf=none smtp.mailfrom=b@example.org",
                        "dmarc=fail (p=reject dis=reject) "
                        "header.from=example.com"),
        "g118": claimed(DKIM_PASS, SPF_PASS, DMARC_PASS),
        "g119": microsoft("pass", 0, 0),
        "g120": microsoft("pass reason=100", 1, 3),
        "g121-scl5": microsoft("pass reason=100", 5),
        "g121-scl9": microsoft("pass reason=100", 9),
        "g121-bcl8": microsoft("pass reason=100", 1, 8),
        "g121-compauth": microsoft("fail reason=001", 1),
        "g122-ham": spamassassin(
            ("X-Spam-Status", "No, score=-0.1 required=5.0 tests=DKIM_VALID")),
        "g122-spam": spamassassin(("X-Spam-Status", yes)),
        "g122-score": spamassassin(
            ("X-Spam-Flag", "YES"), ("X-Spam-Score", "7.2")),
        "g123": gmail(),
        "both": delivered(both(), DKIM_PASS, SPF_PASS, DMARC_PASS),
        "list": listed(),
    }


if __name__ == "__main__":
    MESSAGES.mkdir(exist_ok=True)
    for stem, content in make().items():
        (MESSAGES / f"{stem}.eml").write_bytes(content)
