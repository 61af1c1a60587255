/*
 * test_signed.c - signatures of messages, and the keys that DNS has for them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <openssl/evp.h>

#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define OK DELIVERED("192.0.2.4")
#define CANON(how) \
	"v=1; a=rsa-sha256; c=" how \
	"; d=example.com; s=s1; h=from:to:subject:date"
#define ED_SIGN \
	"v=1; a=ed25519-sha256; c=relaxed/relaxed; " \
	"d=example.com; s=ed; h=from:subject"
#define SHORT_SIGN SIGN_OF("example.com", "short")
#define BLANKS     FROM REST "\n  Hello  \t there \n\n\nthis  is it. \n\n\n"
#define S1         "s1._domainkey.example.com"
#define NO_S1      S1 "."
#define SIGNED     .sign = { { "rsa-2048", SIGN } }, .above = OK
#define WITH(key)  .drop = NO_S1, .zones = KEY(S1, "", key)
#define TAGGED(t)  .drop = NO_S1, .zones = KEY(S1, t, RSA_2048)
/* Keys of other forms and sizes. */
#define PKCS1 \
	"p=MIIBCgKCAQEA3VwuptIK2M/APBaq2JcQlh5cswZbumvHAHP5SHH80rF2qrI9RtsJ" \
	"j7zbOvnBd51C32g86JlXlP51PpsPjWFi1MjZz5y/6/Q4Wd56awSqHFHfhIEGfW5t0F" \
	"L6zrHm7ByqJcxABHe7NTct' 'w4r4QkpqP/1CTLoRWGwjc4catEJb+NVwQyEZQqaH1" \
	"ESD+b0rncGxrqPCrpQqGVht+laVtTvx+RGUPjPan7JBuJ2e3jv3n+ZttjzBfPYo64K" \
	"YNrsMUTeoJFgV5k/rG067FPNyt4fPHQk3Hfge+FLkQzorPTckF0ixpivCyhuMxccOm" \
	"nyi6cIRw+KLKEAyBr1x08LpWPFUmQIDAQAB"
#define RSA_512 \
	"p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAM5p4dcht1dkekT2lTaH9jGmeOhopZge" \
	"nUVleFtgYtjRDBq4/azIbqbk/QmY0sLz81h4CL3WVrdMaGUZwLEv5M0CAwEAAQ=="
#define RFC8463_RSA \
	"p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6" \
	"Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/" \
	"8uBsCR+yz1Lxj+PL6lHvqM' 'KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+" \
	"2kryOTIKT+l/K4w3QIDAQAB"

static const struct letter letters[] = {
	/* Those that pass. */
	{ "relaxed in both", SIGNED, .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "simple in both", .text = BLANKS,
	    .sign = { { "rsa-2048", CANON("simple/simple") } }, .above = OK,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "simple by default", .text = BLANKS,
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; d=example.com; s=s1; h=from:to" } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "simple for the header", .text = BLANKS,
	    .sign = { { "rsa-2048", CANON("simple/relaxed") } }, .above = OK,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "simple for the body", .text = BLANKS,
	    .sign = { { "rsa-2048", CANON("relaxed/simple") } }, .above = OK,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "Ed25519", .text = BLANKS, .sign = { { "ed25519", ED_SIGN } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE SPF_OK REJECT_OK BOTH_PASS
	    "dkim-ed25519-ok dkim-key-ok dkim-guide-prefix "
	    "spf-eval-pass" },
	{ "a short key", .sign = { { "rsa-1024", SHORT_SIGN } }, .above = OK,
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE SPF_OK REJECT_OK BOTH_PASS
	    "txt-multi-string dkim-key-spki dkim-rsa-1024 dkim-key-ok "
	    "spf-eval-pass" },
	{ "no body", .text = FROM REST, .sign = { { "rsa-2048", SIGN } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "an empty body", .text = FROM REST "\n\n",
	    .sign = { { "rsa-2048", SIGN } }, .above = OK, .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "a selector of two labels",
	    .sign = { { "rsa-2048", SIGN_OF("example.com", "a.b") } },
	    .above = OK,
	    .zones = KEY("a.b._domainkey.example.com", "k=rsa; ", RSA_2048),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "signed as absent",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; h=from:from:reply-to:subject" } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "signed as absent, and there now",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; h=from:from:reply-to:subject" } },
	    .above = OK, .old = "To: reader",
	    .new = "Reply-To: thief@example.org\nTo: reader", .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-header-changed spf-eval-pass" },
	{ "a key as PKCS #1 has it", SIGNED, WITH(PKCS1), .verdict = "warn",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE SPF_OK REJECT_OK BOTH_PASS
	    "txt-multi-string dkim-k-rsa-default dkim-key-pkcs1 "
	    "dkim-rsa-2048 dkim-record-over-255 dkim-key-ok "
	    "dkim-guide-prefix spf-eval-pass" },
	{ "a key that is being tested", SIGNED, TAGGED("t=y; "),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-k-rsa-default dkim-t-testing dkim-guide-prefix "
	    "sig-testing spf-eval-pass" },
	{ "an alias of the key", SIGNED, .drop = NO_S1,
	    .zones =
	        S1 ". CNAME key.elsewhere.example.\nzone elsewhere.example "
	           "insecure\n" KEY("key.elsewhere.example", "", RSA_2048),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dns-cname-followed dnssec-insecure dkim-k-rsa-default "
	    "dkim-guide-prefix dkim-cname spf-eval-pass "
	    "dnssec-chain-mixed",
	    .says = { "results.dkim.0.dnssec= \"insecure\"" } },
	{ "below the signing domain",
	    .sign = { { "rsa-2048", SIGN "; i=joe@mail.example.com" } },
	    .above = OK, TAGGED(""), .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-k-rsa-default dkim-guide-prefix spf-eval-pass",
	    .says = { "results.dkim.0.identity= \"joe@mail.example.com\"" } },
	{ "below the signing domain, encoded",
	    .sign = { { "rsa-2048", SIGN "; i=joe=40mail=2Eexample.com" } },
	    .above = OK, TAGGED(""), .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-k-rsa-default dkim-guide-prefix spf-eval-pass",
	    .says = { "results.dkim.0.identity= \"joe=40mail=2Eexample.com\"" } },
	{ "below it, and the key is strict",
	    .sign = { { "rsa-2048", SIGN "; i=joe@mail.example.com" } },
	    .above = OK, TAGGED("t=s; "), .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-k-rsa-default dkim-t-strict "
	    "dkim-guide-prefix sig-identity spf-eval-pass" },
	{ "of it, and the key is strict",
	    .sign = { { "rsa-2048", SIGN "; i=joe@example.com" } }, .above = OK,
	    TAGGED("t=s; "), .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-k-rsa-default dkim-t-strict dkim-guide-prefix "
	    "spf-eval-pass" },
	{ "of somebody else", SIGNED, .old = "s=s1;",
	    .new = "s=s1; i=joe@badexample.com;", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-identity spf-eval-pass" },
	/* Keys. */
	{ "no key", SIGNED, .drop = NO_S1, .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "wrong-selector: The message is signed with selector s1 "
	              "of example.com, and DNS has no key there." } },
	{ "a key elsewhere", SIGNED, .drop = NO_S1,
	    .zones = KEY("default._domainkey.example.com", "", RSA_2048),
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing "
	    "dkim-selector-mismatch spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "wrong-selector: there is one at selector default.",
	        "dkim-selector-mismatch: default" } },
	{ "an alias that leads nowhere", SIGNED, .drop = NO_S1,
	    .zones = S1 ". CNAME key.example.org.\n", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dns-cname-dangling dns-cname-followed "
	    "dnssec-denial-secure dkim-cname-dangling "
	    "dkim-key-missing spf-eval-pass dmarc-reject-needs-dkim" },
	{ "another key", SIGNED, WITH(RSA_OTHER), .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes key-replaced",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-k-rsa-default dkim-guide-prefix "
	    "sig-mismatch spf-eval-pass",
	    .says = { "key-replaced: was made with another key than the one at "
	              "selector s1 of example.com" } },
	{ "another key of Ed25519", .sign = { { "ed25519", ED_SIGN } },
	    .above = OK, .drop = "ed._domainkey.example.com.",
	    .zones = KEY("ed._domainkey.example.com", "k=ed25519; ",
	        "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="),
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes key-replaced",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-ed25519-ok dkim-rsa-known-weak "
	    "dkim-key-ok dkim-guide-prefix sig-mismatch spf-eval-pass",
	    .says = { "key-replaced: or a signed header was changed on the way.",
	        "sig-mismatch: another key, or a changed header" } },
	{ "a revoked key", SIGNED, WITH("p="), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector tag-empty-value dkim-k-rsa-default "
	    "dkim-revoked spf-eval-pass dmarc-reject-needs-dkim",
	    .says = { "key-unusable: revoked" } },
	{ "a damaged key", SIGNED, WITH("p=MIIB"), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-k-rsa-default dkim-rsa-invalid "
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "no p=", SIGNED, WITH("k=rsa"), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-p-missing spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "a key of another type", SIGNED, .drop = NO_S1,
	    .zones = KEY(S1, "k=ed25519; ", ED25519), .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-ed25519-ok dkim-key-ok "
	    "dkim-guide-prefix sig-key-unfit spf-eval-pass",
	    .says = { "signature-unusable: another type" } },
	{ "a key of an unknown type", SIGNED, .drop = NO_S1,
	    .zones = KEY(S1, "k=dsa; ", RSA_2048), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector txt-multi-string dkim-k-unknown "
	    "dkim-record-over-255 spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "not for mail", SIGNED, TAGGED("s=tlsrpt; "), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector txt-multi-string dkim-k-rsa-default "
	    "dkim-s-not-email dkim-key-spki dkim-rsa-2048 "
	    "dkim-record-over-255 spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "key-unusable: The key at selector s1 of example.com "
	              "cannot be used" } },
	{ "for mail and more", SIGNED, TAGGED("s=tlsrpt:email; "),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-k-rsa-default dkim-s-ok dkim-guide-prefix "
	    "spf-eval-pass" },
	{ "not for SHA-256", SIGNED, TAGGED("h=sha1; "), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector txt-multi-string dkim-k-rsa-default "
	    "dkim-h-sha1-only dkim-key-spki dkim-rsa-2048 "
	    "dkim-record-over-255 spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "a key of 512 bits", SIGNED, WITH(RSA_512), .verdict = "fail",
	    .results = "permerror, pass, pass", .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-k-rsa-default dkim-key-spki "
	    "dkim-rsa-lt-1024 spf-eval-pass dmarc-reject-needs-dkim" },
	{ "two keys at one name", SIGNED, .zones = KEY(S1, "", RSA_OTHER),
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-multiple-records spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	/* Changes on the way. */
	{ "a changed body", SIGNED, .old = "this is it", .new = "this was it",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes body-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-body-changed spf-eval-pass",
	    .says = { "results.dkim.0.body= \"changed\"" } },
	{ "a changed header", SIGNED, .old = "of June", .new = "of July",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-header-changed spf-eval-pass",
	    .says = { "results.dkim.0.body= \"same\"",
	        "header-changed: changed a signed header since." } },
	{ "both are changed", SIGNED, .old = "of June\nDate: " DATE "\n",
	    .new = "of July\nDate: " DATE "\n\n", .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-header-changed spf-eval-pass",
	    .says = { "header-changed: and the body too." } },
	{ "changed, and no key", SIGNED, .old = "of June", .new = "of July",
	    .drop = NO_S1, .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "a length", .sign = { { "rsa-2048", SIGN "; l=23" } }, .above = OK,
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "sig-length spf-eval-pass",
	    .says = { "results.dkim.0.unsigned_octets= 0" } },
	{ "a length, and a footer", .sign = { { "rsa-2048", SIGN "; l=23" } },
	    .above = OK, .old = "this is it.\n",
	    .new = "this is it.\nBuy this instead.\n", .verdict = "warn",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "sig-length spf-eval-pass",
	    .says = { "sig-length: 19 octets are not covered",
	        "results.dkim.0.unsigned_octets= 19",
	        "results.dkim.0.body= \"same\"" } },
	{ "a length of less", .sign = { { "rsa-2048", SIGN "; l=5" } },
	    .above = OK, .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "sig-length spf-eval-pass" },
	{ "a length of nothing", .sign = { { "rsa-2048", SIGN "; l=0" } },
	    .above = OK, .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "sig-length spf-eval-pass" },
	{ "a length, and the body is cut",
	    .sign = { { "rsa-2048", SIGN "; l=23" } }, .above = OK,
	    .old = "this is it.\n", .new = "", .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes body-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-length sig-body-changed "
	    "spf-eval-pass",
	    .says = { "sig-body-changed: fewer octets" } },
	{ "a length in place of another",
	    .sign = { { "rsa-2048", SIGN "; l=23" } }, .above = OK,
	    .old = "l=23", .new = "l=10", .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-length sig-header-changed "
	    "spf-eval-pass" },
	/* Times. */
	{ "not expired when it was received",
	    .sign = { { "rsa-2048", SIGN "; x=1780394400" } }, .above = OK,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "expired the day before",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; t=1779703200; x=1780221600; h=from:to" } },
	    .above = OK, .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-expired spf-eval-pass",
	    .says = { "signature-unusable: it has expired",
	        "sig-expired: d=example.com s=s1: 86400 seconds before" } },
	{ "expired, and changed too",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; x=1780221600; h=from:to" } },
	    .above = OK, .old = "reader@", .new = "readers@", .verdict = "fail",
	    .results = "fail, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-expired spf-eval-pass" },
	{ "expired by a Received further down",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; x=1780221600; h=from:to" } },
	    .above = RETURN_PATH
	    "Received: from out.example.com ([192.0.2.4]) by mx; "
	    "Sun, 31 May 2026 10:00:00 +0000\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "never received, and expired by now",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; x=1000000000; h=from:to" } },
	    .words = "--mail-from bounce@example.com --ip 192.0.2.4",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-expired spf-eval-pass" },
	{ "the date of the border cannot be read",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; x=1780221600; h=from:to" } },
	    .above = RETURN_PATH
	    "Received: from out.example.com ([192.0.2.4]) by mx; soon\n"
	    "Received: from x ([192.0.2.9]) by y; Sun, 31 May 2026 10:00:00 "
	    "+0000\n",
	    .verdict = "temperror", .results = "temperror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK
	    "hdr-dkim-selector sig-expiry-unknown spf-eval-pass align-spf-ok "
	    "dmarc-result-pass" },
	{ "and the one above it can",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; x=1780221600; h=from:to" } },
	    .above = RETURN_PATH
	    "Received: from mx (mx.a.example [10.0.0.1]) by store.a.example; " DATE
	    "\n"
	    "Received: from out.example.com ([192.0.2.4]) by mx; soon\n"
	    "Received: from x ([192.0.2.9]) by y; Sun, 31 May 2026 10:00:00 "
	    "+0000\n",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-expired spf-eval-pass" },
	{ "made a day later",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; t=1780394400; h=from:to" } },
	    .above = OK, .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "sig-future spf-eval-pass",
	    .says = { "sig-future: d=example.com s=s1: 86400 seconds later" } },
	{ "made a minute later",
	    .sign = { { "rsa-2048",
	        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; "
	        "s=s1; t=1780308060; h=from:to" } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "expired before it was made", SIGNED, .old = "t=1780308000;",
	    .new = "t=1780308000; x=1780307999;", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	/* What cannot be used. */
	{ "SHA-1", SIGNED, .old = "a=rsa-sha256", .new = "a=rsa-sha1",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-algorithm spf-eval-pass",
	    .says = { "signature-unusable: SHA-1" } },
	{ "an unknown algorithm", SIGNED, .old = "a=rsa-sha256",
	    .new = "a=rsa-sha512", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-algorithm spf-eval-pass" },
	{ "From is not signed", SIGNED, .old = "h=from:to", .new = "h=to",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-from-unsigned spf-eval-pass" },
	{ "another version", SIGNED, .old = "v=1;", .new = "v=2;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass",
	    .says = { "sig-syntax: v= is not 1" } },
	{ "a tag twice", SIGNED, .old = "v=1;", .new = "v=1; v=1;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass",
	    .says = { "sig-syntax: twice" } },
	{ "another canonical form", SIGNED, .old = "c=relaxed/relaxed",
	    .new = "c=tight", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass",
	    .says = { "sig-syntax: c=" } },
	{ "another way to the key", SIGNED, .old = "t=1780308000;",
	    .new = "q=http;", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass",
	    .says = { "sig-syntax: q= lacks dns/txt" } },
	{ "a domain of one label", SIGNED, .old = "d=example.com",
	    .new = "d=com", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "sig-syntax: d=" } },
	{ "no hash of the body", SIGNED, .old = "bh=", .new = "hb=",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass",
	    .says = { "sig-syntax: bh= is missing" } },
	{ "a short hash of the body", SIGNED, .old = "bh=RkU/",
	    .new = "bh=", .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "no base64", SIGNED, .old = "; b=", .new = "; b=*", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "an octet more", SIGNED, .old = "; b=", .new = "; b=AAAA",
	    .verdict = "fail", .results = "fail, pass, pass",
	    .causes = "passes key-replaced",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-mismatch spf-eval-pass" },
	{ "no signature in it", SIGNED, .old = "; b=", .new = "; b=; x-b=",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "an empty part", SIGNED, .old = "v=1;", .new = "v=1;;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "an empty length", SIGNED, .old = "v=1;", .new = "v=1; l=;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "a length below nothing", SIGNED, .old = "v=1;", .new = "v=1; l=-1;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "no @ in i=", SIGNED, .old = "v=1;", .new = "v=1; i=example.com;",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "a colon at the end of h=", SIGNED, .old = ":message-id",
	    .new = ":message-id:", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass" },
	{ "a selector that is no name", SIGNED, .old = "s=s1", .new = "s=a..b",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "a selector that no name can have", SIGNED, .old = "s=s1",
	    .new = "s=a!b", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	{ "a line that is not indented", SIGNED, .old = "; t=1780308000;",
	    .new = ";\nt=1780308000;", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax hdr-unfolded spf-eval-pass",
	    .says = { "hdr-unfolded: DKIM-Signature",
	        "signature-unusable: a line of it is not indented" } },
	{ "two missing keys",
	    .sign = { { "rsa-2048", SIGN_OF("example.net", "absent") },
	        { "rsa-2048", SIGN_OF("example.com", "absent") } },
	    .above = OK,
	    .zones = KEY("default._domainkey.example.com", "", RSA_2048)
	        KEY("mail._domainkey.example.net", "", RSA_2048),
	    .verdict = "fail", .results = "permerror permerror, pass, pass",
	    .causes = "passes wrong-selector wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing dkim-selector-mismatch "
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "a domain with a strange octet", SIGNED, .old = "d=example.com",
	    .new = "d=exa!mple.com", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "sig-syntax: d= is not a domain name" } },
	{ "a domain that is no text", SIGNED, .old = "d=example.com",
	    .new = "d=\xff.com", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "results.dkim.0.domain= \"\\\\255.com\"" } },
	{ "a selector that is no text", SIGNED, .old = "s=s1", .new = "s=\xff",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "sig-syntax: its selector is not a valid name" } },
	{ "nothing in it", SIGNED, .old = "DKIM-Signature: v=1",
	    .new = "DKIM-Signature:\nX-Was: v=1", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes signature-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-syntax spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	/* Several. */
	{ "three signers",
	    .sign = { { "rsa-2048-other", SIGN_OF("mailer-service.com", "k1") },
	        { "rsa-2048", SIGN_OF("example.net", "absent") },
	        { "rsa-2048", SIGN } },
	    .above = OK, .verdict = "fail",
	    .results = "pass permerror pass, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SIG_OK SECURE NO_NAME KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-key-missing spf-eval-pass align-dkim-mismatch",
	    .says = { "wrong-selector: selector absent of example.net",
	        "results.dkim.1.domain= \"example.net\"" } },
	{ "a list that changes nothing",
	    .sign = { { "rsa-2048", SIGN },
	        { "rsa-2048-other", SIGN_OF("example.org", "list") } },
	    .above =
	        "Return-Path: <talk@example.org>\n" RECEIVED("203.0.113.9"),
	    .verdict = "warn", .results = "pass pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "spf-eval-pass align-dkim-mismatch align-spf-mismatch" },
	{ "a list in its own name",
	    .text = "From: News via Talk <talk@example.org>\n" REST BODY,
	    .sign = { { "rsa-2048-other", SIGN_OF("example.org", "list") } },
	    .above = OK,
	    .zones = "_dmarc.example.org. TXT 'v=DMARC1; p=none'\n",
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK DKIM_ONLY
	    "spf-eval-pass dmarc-rua-missing dmarc-p-none "
	    "align-spf-mismatch" },
	{ "two keys are missing",
	    .sign = { { "rsa-2048", SIGN_OF("example.com", "one") },
	        { "rsa-2048", SIGN_OF("example.net", "two") } },
	    .above = OK, .verdict = "fail",
	    .results = "permerror permerror, pass, pass",
	    .causes = "passes wrong-selector wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing dkim-selector-mismatch spf-eval-pass "
	    "dmarc-reject-needs-dkim",
	    .says = { "wrong-selector: selector two of example.net",
	        "wrong-selector: selector one of example.com, and DNS "
	        "has no key there; there is one at selector s1." } },
	{ "a signature of a domain that has no policy",
	    .sign = { { "rsa-2048", SIGN } }, .above = OK,
	    .drop = "_dmarc.example.com.", .verdict = "fail",
	    .results = "pass, pass, none", .causes = "no-policy",
	    .codes = SIG_OK SECURE NO_NAME KEY_OK SPF_OK
	    "spf-eval-pass dmarc-missing align-dkim-ok align-spf-ok" },
	{ "one that fails, of a domain that has no policy", SIGNED,
	    .old = "this is it", .new = "this was it",
	    .drop = "_dmarc.example.com.,example.com. TXT", .verdict = "fail",
	    .results = "fail, none, none",
	    .causes = "no-policy body-changed return-path-without-spf",
	    .codes = SECURE NO_NAME KEY_OK
	    "hdr-dkim-selector sig-body-changed dns-nodata "
	    "spf-missing spf-eval-none dmarc-missing" },
	{ "one without a key, of a domain that has no policy", SIGNED,
	    .drop =
	        "_dmarc.example.com.,s1._domainkey.example.com.,example.com. "
	        "TXT",
	    .verdict = "fail", .results = "permerror, none, none",
	    .causes =
	        "from-not-configured wrong-selector return-path-without-spf",
	    .codes = NO_NAME "hdr-dkim-selector dkim-key-missing dns-nodata "
	                     "spf-missing spf-eval-none dmarc-missing "
	                     "align-from-not-configured" },
	/* The key that signs. */
	{ "the key of the list's message", .file = "list", .key = "rsa-2048",
	    .verdict = "fail", .results = "pass fail, pass, fail",
	    .causes = "header-changed domains-not-aligned",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-pass ar-dkim-fail ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail sig-header-changed "
	    "dkim-key-match-private spf-eval-pass align-dkim-mismatch "
	    "align-spf-mismatch dmarc-result-fail "
	    "ar-dmarc-fail-unaligned" },
	{ "the short key and a list", .file = "list", .key = "rsa-1024",
	    .verdict = "fail", .results = "pass fail, pass, fail",
	    .causes = "header-changed domains-not-aligned",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-pass ar-dkim-fail ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail sig-header-changed "
	    "dkim-key-mismatch-private spf-eval-pass "
	    "align-dkim-mismatch align-spf-mismatch dmarc-result-fail "
	    "ar-dmarc-fail-unaligned" },
	{ "the key of both", .file = "both", .key = "rsa-2048",
	    .verdict = "pass", .results = "pass pass, pass, pass",
	    .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-ed25519-ok dkim-guide-prefix dkim-key-match-private "
	    "spf-eval-pass" },
	{ "the other key of both", .file = "both", .key = "ed25519",
	    .verdict = "pass", .results = "pass pass, pass, pass",
	    .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-ed25519-ok dkim-guide-prefix dkim-key-match-private "
	    "spf-eval-pass" },
	{ "no key of both", .file = "both", .key = "rsa-2048-other",
	    .verdict = "fail", .results = "pass pass, pass, pass",
	    .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-ed25519-ok dkim-guide-prefix "
	    "dkim-key-mismatch-private spf-eval-pass" },
	{ "the key of a message without an author",
	    .text = "From: a@example.com, b@example.net\n" REST BODY, SIGNED,
	    .key = "rsa-2048-other", .verdict = "fail",
	    .results = "pass, pass, -", .causes = "no-single-author",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK
	    "dkim-key-mismatch-private spf-eval-pass "
	    "dmarc-multiple-from" },
	{ "the key, and none in DNS", SIGNED, .drop = NO_S1, .key = "rsa-2048",
	    .verdict = "fail", .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector dkim-key-missing spf-eval-pass "
	    "dmarc-reject-needs-dkim" },
	/* BIMI. */
	{ "BIMI-Selector is not signed",
	    .text = "BIMI-Selector: v=BIMI1; s=logo;\n" LETTER, SIGNED,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass bimi-header-unsigned" },
	{ "BIMI-Selector is signed",
	    .text = "BIMI-Selector: v=BIMI1; s=logo;\n" LETTER,
	    .sign = { { "rsa-2048", SIGN ":bimi-selector" } }, .above = OK,
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass" },
	{ "BIMI-Selector is signed by another",
	    .text = "BIMI-Selector: v=BIMI1; s=logo;\n" LETTER,
	    .sign = { { "rsa-2048-other",
	        SIGN_OF("mailer-service.com", "k1") ":bimi-selector" } },
	    .above = OK, .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim "
	    "align-dkim-mismatch bimi-header-unsigned" },
	{ "BIMI-Selector is signed, and changed",
	    .text = "BIMI-Selector: v=BIMI1; s=logo;\n" LETTER,
	    .sign = { { "rsa-2048", SIGN ":bimi-selector" } }, .above = OK,
	    .old = "s=logo", .new = "s=other", .verdict = "fail",
	    .results = "fail, pass, pass", .causes = "passes header-changed",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "hdr-dkim-selector sig-header-changed spf-eval-pass "
	    "bimi-header-unsigned" },
	{ "BIMI-Selector is signed, and the key not told",
	    .text = "BIMI-Selector: v=BIMI1; s=logo;\n" LETTER,
	    .sign = { { "rsa-2048", SIGN ":bimi-selector" } }, .above = OK,
	    .zones = "fail " S1 ".\n", .verdict = "temperror",
	    .results = "temperror, pass, pass", .causes = "passes key-not-told",
	    .codes = SECURE SPF_OK REJECT_OK
	    "hdr-dkim-selector dns-servfail spf-eval-pass "
	    "align-spf-ok dmarc-result-pass" },
	{ "what receivers write is signed",
	    .sign = { { "rsa-2048",
	        SIGN ":BIMI-Location:bimi-location:BIMI-Indicator" } },
	    .above = OK, .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass bimi-sender-headers",
	    .says = { "bimi-sender-headers: BIMI-Location",
	        "bimi-sender-headers: BIMI-Indicator" } },
	/* Those of others. */
	{ "RFC 8463", .file = "sig-rfc8463",
	    .words = "--ip 192.0.2.1 --mail-from joe@football.example.com",
	    .zones = "zone football.example.com\n" KEY(
	        "brisbane._domainkey.football.example.com", "k=ed25519; ",
	        "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
	        KEY("test._domainkey.football.example.com", "k=rsa; ",
	            RFC8463_RSA),
	    .verdict = "fail", .results = "pass pass, none, pass",
	    .causes = "passes return-path-without-spf",
	    .codes = SIG_OK SECURE NO_NAME REJECT_OK DKIM_ONLY
	    "dkim-ed25519-ok dkim-rsa-known-weak dkim-key-ok "
	    "dkim-guide-prefix txt-multi-string dkim-key-spki "
	    "dkim-rsa-1024 dns-nodata spf-missing spf-eval-none "
	    "dmarc-inherited" },
};

START_TEST(signatures)
{
	letters_run(letters, COUNT(letters), _i);
}
END_TEST

/* A libcrypto that gives no algorithm out: nothing is known of a signature, be
 * it right, changed, or made with another key. */
static const char *const unverified[] = { "sig-relaxed-relaxed.eml",
	"sig-header-changed.eml", "sig-ed25519.eml" };

START_TEST(libcrypto_fails)
{
	static const char ed[] =
	    "zone example.org.\n"
	    "ed._domainkey TXT 'v=DKIM1; k=ed25519; "
	    "p=5mJJVeZC3Jxz8qDpLp9T4Gm9c4sGlLi7w8zaLULFrew='\n"
	    "rsa._domainkey TXT 'v=DKIM1; " RSA_2048 "'\n";
	struct arena arena = { NULL, false };
	struct mailauth_message *m =
	    letter_read(letter_file(&arena, unverified[_i]), SIZE_MAX);
	struct asked a;

	ask_open(&a, ed, NULL);
	ck_assert_int_eq(EVP_set_default_properties(NULL, "fips=yes"), 1);
	ask_explain(&a, m, "--allow-documentation");
	ck_assert_int_eq(EVP_set_default_properties(NULL, ""), 1);
	expect_codes(&a, "sig-not-verified");
	expect_no_codes(&a,
	    "sig-ok sig-mismatch sig-header-changed sig-key-unfit");
	if (_i < 2)
		expect_json(&a, "results.dkim.0.result=temperror");
	ask_close(&a);
	mailauth_message_free(m);
	arena_free(&arena);
}
END_TEST

Suite *
suite_signed(void)
{
	Suite *s = suite_create("signed");
	TCase *t = tcase_create("signatures");

	tcase_add_loop_test(t, signatures, 0, LETTER_TESTS(letters));
	tcase_add_loop_test(t, libcrypto_fails, 0, COUNT(unverified));
	suite_add_tcase(s, t);
	return s;
}
