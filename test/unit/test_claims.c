/*
 * test_claims.c - what headers claim of a message, and who is believed
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Authentication-Results, ARC and scores.
 */
#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define OK           DELIVERED("192.0.2.4")
#define SIGNED       .sign = { { "rsa-2048", SIGN } }
#define BY(id)       "Authentication-Results: " id ";\n\t"
#define REAL         RESULTS "dkim=fail header.d=example.com;\n\tdmarc=fail\n"
#define FORGED \
	BY("mx.evil.example") DKIM_PASS ";\n\t" SPF_PASS ";\n\t" DMARC_PASS "\n"
#define MAILER "Return-Path: <bounce@mailer-service.com>\n"
#define ID     "--authserv-id mx.receiver.example"
/* The border, which does not show the address of the client. */
#define TAKEN \
	"Received: from out.example.com by mx.receiver.example with ESMTPS " \
	"id 1; " DATE "\n"
#define TAKEN_BY_MICROSOFT \
	"Received: from out.example.com by " \
	"AM0EUR02FT0.mail.protection.outlook.com (10.13.54.1) with Microsoft " \
	"SMTP\n Server id 15.20.1; " DATE "\n"
#define TRUSTED(n, so) "reported.authentication_results." #n ".trusted= " so
#define SEAL(i, cv, d, s) \
	"{\"instance\":" #i ",\"cv\":\"" cv "\",\"domain\":" d \
	",\"selector\":" s "}"
#define ARC_SEALS \
	"reported.arc.seals= [" SEAL(3, "fail", "\"example.com\"", \
	    "\"x\"") "," SEAL(2, "pass", "\"example.org\"", \
	    "\"list\"") "," SEAL(1, "none", "\"example.net\"", \
	    "\"n1\"") "," SEAL(0, "unknown", "null", "null") "]"

static const struct letter claims[] = {
	/* Compared with what comes out now. */
	{ "dkim is worse", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=fail header.d=example.com header.s=s1\n" RECEIVED(
	        "192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail spf-eval-pass ar-differs",
	    .says = { "ar-differs: dkim=fail for example.com, now pass" } },
	{ "spf is worse", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=fail smtp.mailfrom=bounce@example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain spf-eval-pass "
	    "ar-differs",
	    .says = { "ar-differs: spf=fail for example.com, now pass" } },
	{ "dmarc is worse", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dmarc=fail header.from=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dmarc-fail spf-eval-pass ar-differs",
	    .says = { "ar-differs: dmarc=fail for example.com, now pass" } },
	{ "all are better", SIGNED,
	    .above = RETURN_PATH ALL_PASS RECEIVED("192.0.2.99"),
	    .old = "of June", .new = "of July", .verdict = "fail",
	    .results = "fail, fail, fail",
	    .causes = "header-changed return-path-not-covered nothing-passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK
	    "hdr-dkim-selector sig-header-changed spf-eval-fail "
	    "dmarc-result-fail ar-differs",
	    .says = { "ar-differs: dkim=pass for example.com, now fail",
	        "ar-differs: spf=pass for example.com, now fail",
	        "ar-differs: dmarc=pass for example.com, now fail" } },
	{ "a signature that is not there", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=pass header.d=example.org\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass spf-eval-pass ar-differs",
	    .says = { "ar-differs: there is no such signature" } },
	{ "a failure of one that is not there", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=fail header.d=example.org\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail spf-eval-pass" },
	{ "another selector", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=pass header.d=example.com header.s=s2\n" RECEIVED(
	        "192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass spf-eval-pass ar-differs" },
	{ "by i= below d=",
	    .sign = { { "rsa-2048", SIGN "; i=@mail.example.com" } },
	    .above = RETURN_PATH RESULTS
	    "dkim=fail header.i=@mail.example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail ar-header-i-domain "
	    "spf-eval-pass ar-differs",
	    .says = { "ar-differs: for mail.example.com, now pass" } },
	{ "no domain, and pass", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=pass; spf=pass; dmarc=pass\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass ar-spf-pass ar-dmarc-pass "
	    "spf-eval-pass" },
	{ "no domain, and fail", SIGNED,
	    .above = RETURN_PATH RESULTS "dkim=fail\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail spf-eval-pass ar-differs",
	    .says = { "ar-differs: dkim=fail, now pass" } },
	{ "no domain, and two signatures",
	    .sign = { { "rsa-2048", SIGN_OF("example.net", "absent") },
	        { "rsa-2048", SIGN } },
	    .above = RETURN_PATH RESULTS
	    "dkim=fail; dkim=pass\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SIG_OK SECURE NO_NAME KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail ar-dkim-pass dkim-key-missing "
	    "spf-eval-pass" },
	{ "a result for a name that cannot be a domain", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=pass header.d=exa..mple\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass spf-eval-pass ar-differs" },
	{ "spf of another domain", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=fail smtp.mailfrom=a@example.net\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain "
	    "hdr-return-path-mismatch spf-eval-pass" },
	{ "dmarc of another domain", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dmarc=fail header.from=example.net\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dmarc-fail spf-eval-pass" },
	{ "a policy that is gone", SIGNED,
	    .above = RETURN_PATH ALL_PASS RECEIVED("192.0.2.4"),
	    .drop = "_dmarc.example.com.", .verdict = "fail",
	    .results = "pass, pass, none", .causes = "no-policy",
	    .codes = AR_PASS SIG_OK SECURE NO_NAME KEY_OK SPF_OK
	    "spf-eval-pass dmarc-missing align-dkim-ok align-spf-ok "
	    "ar-differs",
	    .says = { "ar-differs: there is no policy" } },
	{ "permerror, and the key is gone", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=permerror header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .drop = "s1._domainkey.example.com.", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail hdr-dkim-selector "
	    "dkim-key-missing spf-eval-pass dmarc-reject-needs-dkim" },
	{ "pass, and the key is gone", SIGNED,
	    .above = RETURN_PATH RESULTS DKIM_PASS "\n" RECEIVED("192.0.2.4"),
	    .drop = "s1._domainkey.example.com.", .verdict = "fail",
	    .results = "permerror, pass, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-pass hdr-dkim-selector "
	    "dkim-key-missing spf-eval-pass dmarc-reject-needs-dkim "
	    "ar-differs",
	    .says = { "ar-differs: now permerror" } },
	{ "both for one domain, and dmarc fails",
	    .above = RETURN_PATH RESULTS DKIM_PASS
	    ";\n\t" SPF_PASS ";\n\tdmarc=fail header.from=example.com\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-fail ar-differs" },
	{ "dmarc fails for another domain, and nothing is said of it", SIGNED,
	    .above = RETURN_PATH RESULTS DKIM_PASS
	    "; dmarc=fail header.from=example.net\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass ar-dmarc-fail spf-eval-pass "
	    "ar-dmarc-fail-unaligned",
	    .says = { "ar-dmarc-fail-unaligned: From example.net, dkim for "
	              "example.com" } },
	/* What words mean. */
	{ "dkim=temperror", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=temperror header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-temperror spf-eval-pass" },
	{ "spf=temperror", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=temperror smtp.mailfrom=a@example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-temperror ar-mailfrom-domain "
	    "spf-eval-pass" },
	{ "dmarc=temperror", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dmarc=temperror header.from=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-temperror spf-eval-pass" },
	{ "neither the receiver nor we can tell",
	    .above = RETURN_PATH RESULTS
	    "dkim=temperror header.d=example.com; spf=fail "
	    "smtp.mailfrom=example.com\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told return-path-not-covered",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-temperror ar-spf-fail ar-mailfrom-domain "
	    "dmarc-undecided",
	    .says = { "dmarc-undecided: the receiver could not tell whether DKIM passes",
	        "dmarc-not-told: the receiver could not tell whether DKIM "
	        "passes" } },
	{ "nothing was checked", SIGNED,
	    .above = RETURN_PATH RESULTS "none\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-none spf-eval-pass",
	    .says = { "reported.authentication_results.0.none= true",
	        "ar-none: mx.receiver.example" } },
	{ "dkim=policy", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=policy (too short) reason=\"weak key\" "
	    "header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail spf-eval-pass ar-differs",
	    .says = { "ar-dkim-fail: dkim=policy (too short) reason=weak key "
	              "for example.com",
	        "reported.authentication_results.0.results.0.properties= "
	        "[{\"type\":\"header\",\"name\":\"d\",\"value\":\"example.com\"}]" } },
	{ "dkim=neutral", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=neutral header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-fail spf-eval-pass ar-differs" },
	{ "dkim=none", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=none header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok spf-eval-pass" },
	{ "dkim=softfail is no word", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dkim=softfail header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok spf-eval-pass ar-differs" },
	{ "spf=softfail", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=softfail smtp.mailfrom=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain spf-eval-pass "
	    "ar-differs" },
	{ "spf=neutral", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=neutral smtp.mailfrom=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-mailfrom-domain spf-eval-pass ar-differs" },
	{ "spf=hardfail", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=hardfail smtp.mailfrom=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "fail", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain spf-eval-pass "
	    "ar-differs" },
	{ "dmarc=bestguesspass", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "dmarc=bestguesspass header.from=example.com\n" RECEIVED(
	        "192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok spf-eval-pass" },
	{ "an unknown word", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "spf=maybe smtp.mailfrom=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-mailfrom-domain spf-eval-pass" },
	{ "an unknown method", SIGNED,
	    .above = RETURN_PATH RESULTS
	    "x-luck=fail header.d=example.com\n" RECEIVED("192.0.2.4"),
	    .verdict = "pass", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok spf-eval-pass" },
	{ "spf=permerror there",
	    .above =
	        RETURN_PATH RESULTS "spf=permerror smtp.mailfrom=example.com\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned spf-broken nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "spf-broken: The receiver says that the SPF record of "
	              "example.com" } },
	{ "spf=softfail there",
	    .above =
	        RETURN_PATH RESULTS "spf=softfail smtp.mailfrom=example.com\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned return-path-not-covered nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-spf-fail ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { "return-path-not-covered: The receiver says that SPF "
	              "gives softfail" } },
	{ "spf=neutral there",
	    .above =
	        RETURN_PATH RESULTS "spf=neutral smtp.mailfrom=example.com\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-mailfrom-domain dmarc-reject-needs-dkim "
	    "dmarc-result-fail" },
	{ "spf=pass for HELO",
	    .above = RETURN_PATH RESULTS
	    "spf=pass smtp.helo=sub.example.com\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass dmarc-reject-needs-dkim" },
	{ "spf=temperror there",
	    .above =
	        RETURN_PATH RESULTS "spf=temperror smtp.mailfrom=example.com\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-temperror ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim dmarc-undecided",
	    .says = { "dmarc-undecided: no header shows the IP address" } },
	{ "spf of a name that cannot be a domain",
	    .above = RETURN_PATH RESULTS "spf=pass smtp.mailfrom=exa..mple\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "domains-not-aligned unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim align-spf-mismatch "
	    "dmarc-result-fail" },
	{ "dkim fails there for a key that is not told",
	    .above = RETURN_PATH RESULTS
	    "dkim=fail header.d=example.com header.s=s1\n",
	    .zones = "fail s1._domainkey.example.com.\n", .verdict = "fail",
	    .results = "-, -, temperror",
	    .causes = "dmarc-not-told key-not-told",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-fail dns-servfail dmarc-undecided",
	    .says = { "key-not-told: The key at selector s1 of example.com "
	              "could not be looked up" } },
	{ "dkim fails there, and no selector",
	    .above = RETURN_PATH RESULTS "dkim=fail header.d=example.com\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told dkim-failed-there",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-fail dmarc-undecided" },
	{ "dkim fails there, an invalid selector",
	    .above = RETURN_PATH RESULTS
	    "dkim=fail header.d=example.com header.s=a..b\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told dkim-failed-there",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-fail dmarc-undecided" },
	{ "SPF alone passes there",
	    .above = RETURN_PATH RESULTS "dkim=none; " SPF_PASS "\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim",
	    .says = { "passes: That SPF passes is what the receiver says" } },
	{ "DKIM alone passes there",
	    .above = "Return-Path: <a@example.org>\n" RESULTS DKIM_PASS
	             "; spf=fail smtp.mailfrom=example.org\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "ar-parse-ok ar-dkim-pass ar-spf-fail ar-mailfrom-domain",
	    .says = { "passes: That DKIM passes is what the receiver says" } },
	/* Who is believed. */
	{ "the upper one", .above = MAILER REAL FORGED, .verdict = "fail",
	    .results = "-, -, fail",
	    .causes = "dkim-failed-there nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-dkim-fail ar-dmarc-fail ar-untrusted "
	    "dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false"),
	        "ar-untrusted: mx.evil.example" } },
	{ "not the forged one, with an id", .above = MAILER FORGED REAL,
	    .words = ID, .verdict = "fail", .results = "-, -, fail",
	    .causes = "dkim-failed-there nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-untrusted ar-parse-ok ar-dkim-fail ar-dmarc-fail "
	    "dmarc-result-fail",
	    .says = { TRUSTED(0, "false"), TRUSTED(1, "true") } },
	{ "ids have no case", .above = MAILER FORGED REAL,
	    .words = "--authserv-id MX.Receiver.Example", .verdict = "fail",
	    .results = "-, -, fail",
	    .causes = "dkim-failed-there nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-untrusted ar-parse-ok ar-dkim-fail ar-dmarc-fail "
	    "dmarc-result-fail",
	    .says = { TRUSTED(0, "false"), TRUSTED(1, "true") } },
	{ "nobody", .above = MAILER REAL FORGED,
	    .words = "--authserv-id mx.other.example", .verdict = "fail",
	    .results = "-, -, fail", .causes = "unsigned nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-untrusted dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { TRUSTED(0, "false"), TRUSTED(1, "false") } },
	{ "several of one receiver", .above = MAILER REAL FORGED REAL,
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "dkim-failed-there nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-dkim-fail ar-dmarc-fail ar-untrusted "
	    "dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false"),
	        TRUSTED(2, "true") } },
	{ "not what was there before",
	    .above = MAILER REAL RECEIVED("192.0.2.4") RESULTS DKIM_PASS "\n",
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes =
	        "dkim-failed-there return-path-not-covered nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-fail ar-dmarc-fail ar-untrusted "
	    "spf-eval-fail dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false") } },
	{ "below the first Received",
	    .above = MAILER RECEIVED("192.0.2.4")
	        REAL REAL RECEIVED("192.0.2.9") REAL,
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes =
	        "dkim-failed-there return-path-not-covered nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-fail ar-dmarc-fail ar-untrusted "
	    "spf-eval-fail dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "true"),
	        TRUSTED(2, "false") } },
	{ "two ids", .above = MAILER REAL FORGED,
	    .words = ID " --authserv-id mx.other.example", .verdict = "fail",
	    .results = "-, -, fail",
	    .causes = "dkim-failed-there nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-dkim-fail ar-dmarc-fail ar-untrusted "
	    "dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false") } },
	{ "no id at all", SIGNED,
	    .above = OK "Authentication-Results: " SPF_PASS "\n"
	                "Authentication-Results: spf=fail "
	                "smtp.mailfrom=example.com\n",
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-syntax ar-spf-pass ar-mailfrom-domain ar-untrusted "
	    "spf-eval-pass",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false"),
	        "ar-untrusted: it names no authserv-id" } },
	{ "forged and recomputed", .sign = { { "rsa-2048-other", SIGN } },
	    .above = RETURN_PATH ALL_PASS RECEIVED("203.0.113.66"),
	    .verdict = "fail", .results = "fail, fail, fail",
	    .causes = "key-replaced return-path-not-covered nothing-passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK
	    "hdr-dkim-selector sig-mismatch spf-eval-fail "
	    "dmarc-result-fail ar-differs" },
	{ "a signature that is not there, and who says so is not "
	  "known",
	    .above = RETURN_PATH ALL_PASS RECEIVED("203.0.113.66"),
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail "
	    "ar-differs",
	    .says = { "unsigned: that header is not believed. It may be "
	              "forged",
	        "results.dkim_source= \"none\"" } },
	{ "a signature that is not there, and who says so is known",
	    .above = RETURN_PATH ALL_PASS RECEIVED("203.0.113.66"), .words = ID,
	    .verdict = "fail", .results = "-, fail, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "spf-eval-fail ar-differs",
	    .says = { "results.dkim_source= \"reported\"" } },
	{ "a pass is no substitute for a lookup",
	    .above = RETURN_PATH RESULTS SPF_PASS "\n" RECEIVED("192.0.2.4"),
	    .zones = "fail example.com. TXT\n", .verdict = "fail",
	    .results = "-, temperror, temperror",
	    .causes = "dmarc-not-told spf-not-told unsigned",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain dns-servfail "
	    "spf-eval-temperror dmarc-reject-needs-dkim "
	    "dmarc-temperror",
	    .says = { "results.spf.source= \"none\"",
	        "dmarc-not-told: DKIM does not help it, and SPF gave no "
	        "result." } },
	{ "the return path is another",
	    .above =
	        "Return-Path: <a@example.org>\n" RESULTS SPF_PASS "\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "hdr-return-path-mismatch dmarc-reject-needs-dkim",
	    .says = { "hdr-return-path-mismatch: example.com" } },
	{ "damaged", SIGNED,
	    .above =
	        OK "Authentication-Results: mx.receiver.example; dkim=; =x; "
	           "spf=pass smtp.mailfrom\n",
	    .verdict = "warn", .results = "pass, pass, pass",
	    .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-syntax ar-spf-pass spf-eval-pass" },
	/* Above and below the border. */
	{ "a forged one of the same receiver below",
	    .above = RESULTS
	    "dkim=none; dmarc=fail header.from=example.com\n" RETURN_PATH
	        RECEIVED("203.0.113.66") RESULTS DKIM_PASS "\n",
	    .words = ID, .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-dmarc-fail ar-untrusted spf-eval-fail "
	    "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { TRUSTED(0, "true"), TRUSTED(1, "false"),
	        "ar-untrusted: mx.receiver.example, below the Received header "
	        "where the mail came in",
	        "results.dkim_source= \"none\"" } },
	{ "a pass right below the border does not count",
	    .above = RECEIVED("203.0.113.66") RESULTS DKIM_PASS
	    "; " SPF_PASS "\n" RETURN_PATH,
	    .words = ID, .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK KEY_OK
	    "ar-parse-ok ar-dkim-pass ar-spf-pass ar-mailfrom-domain "
	    "spf-eval-fail dmarc-reject-needs-dkim dmarc-result-fail "
	    "ar-differs",
	    .says = { "unsigned: below the Received header" } },
	{ "below a host inside and no border",
	    .above = "Received: from relay (relay.internal [10.0.0.5])\n\tby "
	             "store.receiver.example; " DATE "\n" RETURN_PATH ALL_PASS,
	    .words = ID, .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told unsigned",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-untrusted dmarc-reject-needs-dkim dmarc-undecided" },
	{ "no Received, and below what the author wrote", .above = MAILER,
	    .old = "To:",
	    .new = "Authentication-Results: "
	           "mx.receiver.example; " DKIM_PASS "\nTo:",
	    .words = ID, .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes = SECURE REJECT_OK
	    "ar-untrusted dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { TRUSTED(0, "false") } },
	{ "between a host inside and the border",
	    .above = RETURN_PATH
	    "Received: from mx ([10.0.0.5]) by store.receiver.example; " DATE
	    "\n" ALL_PASS RECEIVED("203.0.113.66"),
	    .words = ID, .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK
	    "dmarc-reject-needs-dkim dmarc-result-fail spf-eval-fail "
	    "ar-differs" },
	{ "the same, and the border is given",
	    .above = RETURN_PATH
	    "Received: from mx ([10.0.0.5]) by store.receiver.example; " DATE
	    "\n" ALL_PASS RECEIVED("203.0.113.66"),
	    .words = ID " --hop 2", .verdict = "fail",
	    .results = "-, fail, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "spf-eval-fail ar-differs" },
	{ "two that contradict each other: the worse counts",
	    .above = RETURN_PATH ALL_PASS RESULTS
	    "dkim=fail header.d=example.com; spf=temperror "
	    "smtp.mailfrom=bounce@example.com\n",
	    .verdict = "fail", .results = "-, -, temperror",
	    .causes = "dmarc-not-told dkim-failed-there",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK
	    "ar-contradiction ar-dkim-fail ar-temperror dmarc-undecided" },
	{ "two that agree", .above = RETURN_PATH ALL_PASS ALL_PASS TAKEN,
	    .words = ID, .verdict = "pass", .results = "-, -, pass",
	    .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS },
	{ "two of two signatures",
	    .above = RETURN_PATH ALL_PASS RESULTS
	    "dkim=fail header.d=example.com header.s=s2\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes wrong-selector",
	    .codes = AR_PASS SECURE SPF_OK REJECT_OK BOTH_PASS NO_NAME
	    "ar-dkim-fail dkim-key-missing dkim-selector-mismatch" },
	/* ARC. */
	{ "ARC is shown",
	    .above = "Return-Path: <talk@example.org>\n"
	             "ARC-Seal: i=3; a=rsa-sha256; cv=fail; d=example.com; "
	             "s=x; b=AA\n"
	             "ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=example.org; "
	             "s=list; b=AAAA\n"
	             "ARC-Authentication-Results: i=2; mx.example.org; "
	             "dkim=pass header.d=example.com; dmarc=pass "
	             "header.from=example.com\n"
	             "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=example.net; "
	             "s=n1; b=AA\n"
	             "ARC-Authentication-Results: i=1; mx.example.net; "
	             "spf=pass smtp.mailfrom=bounce@example.com\n"
	             "ARC-Seal: cv=maybe\n",
	    .verdict = "fail", .results = "-, -, fail",
	    .causes = "unsigned nothing-passes",
	    .codes =
	        SECURE REJECT_OK "dmarc-reject-needs-dkim dmarc-result-fail",
	    .says = { ARC_SEALS, "reported.arc.results.0.instance= 2",
	        "reported.arc.results.0.trusted= false",
	        "reported.arc.results.1.authserv_id= \"mx.example.net\"",
	        "reported.authentication_results= []" } },
	/* Scores. */
	{ "compauth=softpass",
	    .above = RETURN_PATH
	    "Authentication-Results: spf=pass "
	    "smtp.mailfrom=example.com; compauth=softpass "
	    "reason=202\nX-Forefront-Antispam-Report: "
	    "CIP:192.0.2.4;SCL:-1;\nX-Microsoft-Antispam: BCL:4;\n" TAKEN_BY_MICROSOFT,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain hdr-scl-ok "
	    "hdr-bcl-mixed hdr-compauth-softpass "
	    "dmarc-reject-needs-dkim",
	    .says = { "hdr-scl-ok: SCL -1", "reported.scores.scl= -1",
	        "hdr-bcl-mixed: 4" } },
	{ "compauth=none",
	    .above = RETURN_PATH
	    "Authentication-Results: spf=pass "
	    "smtp.mailfrom=example.com; compauth=none reason=300\n"
	    "X-Forefront-Antispam-Report: SCL:6;\n"
	    "X-Microsoft-Antispam: BCL:7;\n" TAKEN_BY_MICROSOFT,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned content-or-reputation",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain hdr-scl-spam "
	    "hdr-bcl-mixed hdr-compauth-none dmarc-reject-needs-dkim "
	    "advice-content" },
	{ "compauth=maybe",
	    .above = RETURN_PATH
	    "Authentication-Results: spf=pass "
	    "smtp.mailfrom=example.com; compauth=maybe\n" TAKEN_BY_MICROSOFT,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-spf-pass ar-mailfrom-domain "
	    "dmarc-reject-needs-dkim" },
	{ "SpamAssassin and a flag of somebody else",
	    .above = RETURN_PATH ALL_PASS
	    "X-Spam-Flag: YES\nX-Spam-Status: No, score=1.0 "
	    "required=5.0\n" TAKEN,
	    .words = ID, .verdict = "pass", .results = "-, -, pass",
	    .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-ham",
	    .says = { "hdr-spamassassin-ham: score 1, spam from 5" } },
	{ "a flag alone",
	    .above = RETURN_PATH ALL_PASS "X-Spam-Flag: YES\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-spam advice-content" },
	{ "a score that reaches what is required",
	    .above = RETURN_PATH ALL_PASS
	    "X-Spam-Status: Maybe, score=5.25 required=5.25\n" TAKEN,
	    .words = ID, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-spam advice-content",
	    .says = { "hdr-spamassassin-spam: score 5.25, spam from 5.25" } },
	{ "a score below",
	    .above = RETURN_PATH ALL_PASS
	    "X-Spam-Status: Maybe, score=5.24 required=5.25\n" TAKEN,
	    .words = ID, .verdict = "pass", .results = "-, -, pass",
	    .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-ham" },
	{ "a score and nothing to hold it against",
	    .above = RETURN_PATH ALL_PASS "X-Spam-Score: 7\n" TAKEN,
	    .words = ID, .verdict = "pass", .results = "-, -, pass",
	    .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS,
	    .says = { "reported.scores.spam_score= 7.0" } },
	{ "spam that does not authenticate",
	    .above = DELIVERED("192.0.2.99") "X-Spam-Flag: YES\n",
	    .verdict = "fail", .results = "-, fail, fail",
	    .causes = "return-path-not-covered unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "hdr-spamassassin-spam spf-eval-fail "
	    "dmarc-reject-needs-dkim dmarc-result-fail" },
	{ "no single author, and the receiver's dmarc passes",
	    .text = "From: a@example.com, b@example.org\n" REST BODY,
	    .above = RETURN_PATH ALL_PASS "X-Spam-Flag: YES\n",
	    .verdict = "fail", .results = "-, -, -",
	    .causes = "no-single-author content-or-reputation",
	    .codes = AR_PASS SECURE KEY_OK
	    "hdr-spamassassin-spam dmarc-multiple-from advice-content" },
};

START_TEST(of_claims)
{
	letters_run(claims, COUNT(claims), _i);
}
END_TEST

Suite *
suite_claims(void)
{
	Suite *s = suite_create("claims");
	TCase *t = tcase_create("letters");

	tcase_add_loop_test(t, of_claims, 0, LETTER_TESTS(claims));
	suite_add_tcase(s, t);
	return s;
}
