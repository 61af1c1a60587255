/*
 * test_message.c - received messages, with answers that come and that fail
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The messages of the guide's cases, G56 and G94 to G123; then each record that
 * a message hangs on absent, failing, forged and late; then every question of
 * every message failing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "letter.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define POLICY(tags) \
	"_dmarc.example.com. TXT 'v=DMARC1; " tags "rua=mailto:r@example.com'\n"
#define NO_POLICY     "_dmarc.example.com. TXT"
#define RECEIVER_SAYS "--authserv-id mx.receiver.example"
#define GUIDE_SAYS    "--authserv-id mx.example.com"

static const struct letter letters[] = {
	{ "G56 SPF is of the return path", .file = "g56", .verdict = "fail",
	    .results = "-, -, fail",
	    .causes = "unsigned return-path-not-covered nothing-passes",
	    .codes =
	        SECURE SPF_OK "ar-parse-ok ar-spf-fail ar-mailfrom-domain "
	                      "dmarc-p-quarantine dmarc-np-suggest dmarc-ok "
	                      "dmarc-result-fail",
	    .says = { "return-path-not-covered: The receiver says that SPF "
	              "gives fail: the record of example.com, the MAIL FROM "
	              "domain, does not cover the sending host." } },
	{ "G94 all is well", .file = "g94", .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass",
	    .says = { "passes: DKIM and SPF pass, and both domains align with From.",
	        "results.dkim_source= \"recomputed\"",
	        "results.spf.source= \"recomputed\"",
	        "mail_from_source= \"Return-Path\"", "ip= \"192.0.2.4\"" } },
	{ "G95 SPF alone", .file = "g95-spf", .verdict = "fail",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim align-dkim-mismatch" },
	{ "G95 DKIM alone", .file = "g95-dkim", .verdict = "warn",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "spf-eval-pass align-spf-mismatch" },
	{ "G96 the aligned one fails, the other passes", .file = "g96",
	    .verdict = "fail", .results = "pass, fail, fail",
	    .causes = "domains-not-aligned return-path-not-covered",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-reject-needs-dkim align-dkim-mismatch "
	    "dmarc-result-fail",
	    .says = { "return-path-not-covered: 198.51.100.7" } },
	{ "G97 reject without a signature", .file = "g97", .verdict = "fail",
	    .results = "-, pass, pass", .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "G97 by the standards alone", .file = "g97", .words = "--profile rfc",
	    .verdict = "warn", .results = "-, pass, pass",
	    .causes = "passes unsigned",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "spf-eval-pass dmarc-reject-needs-dkim" },
	{ "G98 From is not configured", .file = "g98",
	    .drop = "_dmarc.example.net.,example.net. TXT", .verdict = "fail",
	    .results = "-, pass, none",
	    .causes = "from-not-configured unsigned",
	    .codes = SECURE NO_NAME SPF_OK
	    "spf-eval-pass dmarc-missing align-from-not-configured "
	    "dns-nodata spf-missing align-spf-mismatch",
	    .says = { "from-not-configured: promo.example.net, the domain in "
	              "From, is not configured" } },
	{ "G99 a policy above suffices", .file = "g99", .verdict = "warn",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE NO_NAME KEY_OK SPF_OK DKIM_ONLY
	    "spf-eval-pass dmarc-p-quarantine dmarc-np-suggest "
	    "dmarc-ok "
	    "dmarc-inherited align-spf-mismatch" },
	{ "G100 a subdomain", .file = "g100", .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = SIG_OK SECURE NO_NAME KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass dmarc-inherited",
	    .says = { "from= \"sub.example.com\"" } },
	{ "G112 the message of the guide", .file = "g112", .verdict = "fail",
	    .results = "-, -, fail", .causes = "domains-not-aligned",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-dkim-pass ar-header-i-domain ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail align-dkim-mismatch "
	    "align-spf-mismatch dmarc-result-fail "
	    "ar-dmarc-fail-unaligned",
	    .says = { "domains-not-aligned: DKIM and SPF pass, but not for "
	              "example.com, the domain in From (DKIM for "
	              "mailer-service.com; SPF for mailer-service.com).",
	        "domains-not-aligned: That DKIM and SPF pass is what a "
	        "header says that anybody can write.",
	        "ar-dmarc-fail-unaligned: From example.com, dkim for "
	        "mailer-service.com, spf for mailer-service.com",
	        "results.dmarc.disposition= \"reject\"",
	        "results.spf.source= \"reported\"" } },
	{ "G113 as it is rendered", .file = "g113", .verdict = "fail",
	    .results = "-, -, fail", .causes = "domains-not-aligned",
	    .codes = SECURE REJECT_OK
	    "ar-syntax ar-dkim-pass ar-header-i-domain ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail align-dkim-mismatch "
	    "align-spf-mismatch dmarc-result-fail "
	    "ar-dmarc-fail-unaligned" },
	{ "G114 relaxed", .file = "g114", .words = GUIDE_SAYS,
	    .verdict = "fail", .results = "-, -, pass", .causes = "passes",
	    .codes = SECURE REJECT_OK DKIM_ONLY
	    "ar-parse-ok ar-dkim-pass ar-header-i-domain ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail align-spf-mismatch "
	    "ar-differs",
	    .says = { "ar-differs: now pass" } },
	{ "G114 strict", .file = "g114", .words = GUIDE_SAYS, .drop = NO_POLICY,
	    .zones = POLICY("p=reject; adkim=s; "), .verdict = "fail",
	    .results = "-, -, fail", .causes = "domains-not-aligned",
	    .codes = SECURE REJECT_OK
	    "ar-parse-ok ar-dkim-pass ar-header-i-domain ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail dmarc-alignment-strict "
	    "align-dkim-mismatch align-spf-mismatch dmarc-result-fail "
	    "ar-dmarc-fail-unaligned",
	    .says = { "domains-not-aligned: The policy is strict (adkim=s): " } },
	{ "strict for SPF", .file = "g96", .drop = NO_POLICY,
	    .zones = POLICY("p=reject; aspf=s; "), .verdict = "fail",
	    .results = "pass, fail, fail",
	    .causes = "domains-not-aligned return-path-not-covered",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "spf-eval-fail dmarc-alignment-strict "
	    "dmarc-reject-needs-dkim align-dkim-mismatch "
	    "dmarc-result-fail",
	    .says = { "domains-not-aligned: The policy is strict (aspf=s): ",
	        "domains-not-aligned: DKIM passes, but not for "
	        "example.com, the "
	        "domain in From (DKIM for mailer-service.com)." } },
	{ "strict for both", .file = "g95-dkim", .drop = NO_POLICY,
	    .old = "From: News <news@example.com>",
	    .new = "From: News <news@sub.example.com>",
	    .zones = POLICY("p=reject; aspf=s; adkim=s; "), .verdict = "fail",
	    .results = "fail, pass, fail",
	    .causes = "domains-not-aligned header-changed",
	    .codes = SECURE NO_NAME KEY_OK SPF_OK REJECT_OK
	    "hdr-dkim-selector sig-header-changed spf-eval-pass "
	    "dmarc-alignment-strict dmarc-inherited "
	    "dmarc-reject-needs-dkim align-spf-mismatch "
	    "dmarc-result-fail",
	    .says = { "domains-not-aligned: (adkim=s, aspf=s): such domains" } },
	{ "G115 DKIM fails there", .file = "g115", .words = RECEIVER_SAYS,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes dkim-failed-there",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-pass" },
	{ "G115 the selector is another", .file = "g115",
	    .words = RECEIVER_SAYS, .drop = "s1._domainkey.example.com.",
	    .zones = KEY("mail._domainkey.example.com", "", RSA_OTHER),
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes wrong-selector",
	    .codes = SECURE NO_NAME SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-pass dkim-key-missing dkim-selector-mismatch",
	    .says = { "wrong-selector: The receiver says that the message was "
	              "signed with selector s1 of example.com, and DNS has no "
	              "key there; there is one at selector mail." } },
	{ "G115 the key is revoked", .file = "g115", .words = RECEIVER_SAYS,
	    .drop = "s1._domainkey.example.com.",
	    .zones = KEY("s1._domainkey.example.com", "", "p="),
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes key-unusable",
	    .codes = SECURE SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-pass tag-empty-value dkim-k-rsa-default "
	    "dkim-revoked" },
	{ "G115 the key is another", .file = "g115", .words = RECEIVER_SAYS,
	    .key = "rsa-2048-other", .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes dkim-failed-there",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-pass dkim-key-mismatch-private" },
	{ "G115 the key is that", .file = "g115", .words = RECEIVER_SAYS,
	    .key = "rsa-2048", .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes dkim-failed-there",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK SPF_ONLY
	    "ar-parse-ok ar-dkim-fail ar-spf-pass ar-mailfrom-domain "
	    "ar-dmarc-pass dkim-key-match-private" },
	{ "G116 SPF fails there", .file = "g116", .words = RECEIVER_SAYS,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes return-path-not-covered",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK DKIM_ONLY
	    "ar-parse-ok ar-dkim-pass ar-spf-fail ar-mailfrom-domain "
	    "ar-dmarc-pass" },
	{ "G116 with the address it is tried", .file = "g116",
	    .words = RECEIVER_SAYS " --ip 192.0.2.4", .verdict = "fail",
	    .results = "-, pass, pass", .causes = "passes",
	    .codes = SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-parse-ok ar-dkim-pass ar-spf-fail ar-mailfrom-domain "
	    "ar-dmarc-pass spf-eval-pass ar-differs",
	    .says = { "ar-differs: now pass",
	        "results.spf.source= \"recomputed\"" } },
	{ "G117 DMARC fails there", .file = "g117", .verdict = "fail",
	    .results = "-, -, fail", .causes = "unsigned nothing-passes",
	    .codes = SECURE SPF_OK REJECT_OK
	    "ar-parse-ok ar-mailfrom-domain ar-dmarc-fail "
	    "hdr-return-path-mismatch dmarc-reject-needs-dkim "
	    "dmarc-result-fail",
	    .says = { "results.dmarc.disposition= \"reject\"" } },
	{ "G118 all pass there", .file = "g118", .words = RECEIVER_SAYS,
	    .verdict = "pass", .results = "-, -, pass", .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS,
	    .says = { "passes: That DKIM and SPF pass is what the receiver "
	              "says: here it could not be recomputed." } },
	{ "G119 Microsoft", .file = "g119", .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-ok hdr-bcl-ok hdr-compauth-pass",
	    .says = { "hdr-scl-ok: SCL 0", "hdr-bcl-ok: BCL 0",
	        "reported.scores.scl= 0", "reported.scores.bcl= 0",
	        "reported.scores.spam_score= null" } },
	{ "G120 its usual values", .file = "g120", .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-ok hdr-bcl-ok hdr-compauth-pass",
	    .says = { "hdr-compauth-pass: reason=100" } },
	{ "G121 SCL 5", .file = "g121-scl5", .verdict = "fail",
	    .results = "pass, pass, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-spam hdr-compauth-pass advice-content" },
	{ "G121 SCL 9", .file = "g121-scl9", .verdict = "fail",
	    .results = "pass, pass, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-spam hdr-compauth-pass advice-content" },
	{ "G121 BCL 8", .file = "g121-bcl8", .verdict = "fail",
	    .results = "pass, pass, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-ok hdr-bcl-high hdr-compauth-pass advice-content" },
	{ "G121 compauth", .file = "g121-compauth", .verdict = "fail",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "spf-eval-pass "
	    "hdr-scl-ok hdr-compauth-fail",
	    .says = { "hdr-compauth-fail: reason=001" } },
	{ "G122 no spam", .file = "g122-ham", .words = RECEIVER_SAYS,
	    .verdict = "pass", .results = "-, -, pass", .causes = "passes",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-ham",
	    .says = { "reported.scores.spam_score= -0.1",
	        "hdr-spamassassin-ham: score -0.1, spam from 5" } },
	{ "G122 spam", .file = "g122-spam", .words = RECEIVER_SAYS,
	    .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-spam advice-content",
	    .says = { "hdr-spamassassin-spam: score 7.2, spam from 5" } },
	{ "G122 a score and a flag", .file = "g122-score",
	    .words = RECEIVER_SAYS, .verdict = "fail", .results = "-, -, pass",
	    .causes = "passes content-or-reputation",
	    .codes = AR_PASS SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "hdr-spamassassin-spam advice-content",
	    .says = { "reported.scores.spam_required= null" } },
	{ "G123 Gmail", .file = "g123", .verdict = "pass",
	    .results = "pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "ar-header-i-domain hdr-gmail-no-score spf-eval-pass",
	    .says = { "helo= \"out.example.com\"",
	        "ip_source= \"Received\"" } },
	{ "both algorithms", .file = "both", .verdict = "pass",
	    .results = "pass pass, pass, pass", .causes = "passes",
	    .codes = AR_PASS SIG_OK SECURE KEY_OK SPF_OK REJECT_OK BOTH_PASS
	    "dkim-ed25519-ok dkim-guide-prefix spf-eval-pass",
	    .says = { "results.dkim.1.algorithm= \"ed25519-sha256\"" } },
	{ "a mailing list", .file = "list", .verdict = "fail",
	    .results = "pass fail, pass, fail",
	    .causes = "header-changed domains-not-aligned",
	    .codes = SIG_OK SECURE KEY_OK SPF_OK REJECT_OK
	    "ar-parse-ok ar-dkim-pass ar-dkim-fail ar-spf-pass "
	    "ar-mailfrom-domain ar-dmarc-fail sig-header-changed "
	    "spf-eval-pass align-dkim-mismatch align-spf-mismatch "
	    "dmarc-result-fail ar-dmarc-fail-unaligned",
	    .says = { "header-changed: the body was changed too",
	        "domains-not-aligned: (DKIM for example.org; SPF for "
	        "example.org)" } },
};

START_TEST(guide)
{
	letters_run(letters, COUNT(letters), _i);
}
END_TEST

/* Answers that could not be told. Of a message: the record of its policy, that
 * of the key of its first signature, and that of SPF; whether the signature and
 * SPF align, and whether another signature does. */
static const struct hanging {
	const char *file;
	const char *policy, *key, *spf;
	bool dkim_aligns, spf_aligns, other_aligns;
} hangings[] = {
	{ "g94", "_dmarc.example.com.", "s1._domainkey.example.com.",
	    "example.com.", true, true, false },
	{ "g95-spf", "_dmarc.example.com.", "k1._domainkey.mailer-service.com.",
	    "example.com.", false, true, false },
	{ "g95-dkim", "_dmarc.example.com.", "s1._domainkey.example.com.",
	    "mailer-service.com.", true, false, false },
	{ "g99", "_dmarc.example.net.", "n1._domainkey.example.net.",
	    "example.com.", true, false, false },
	{ "g100", "_dmarc.example.com.", "s1._domainkey.example.com.",
	    "sub.example.com.", true, true, false },
	{ "g123", "_dmarc.example.com.", "s1._domainkey.example.com.",
	    "example.com.", true, true, false },
	{ "both", "_dmarc.example.com.", "s1._domainkey.example.com.",
	    "example.com.", true, true, true },
};

/* What becomes of a record. */
enum fate {
	FAILING,
	REFUSED,
	BOGUS,
	LATE, /* up to here it is not known */
	GONE,
	NO_DATA,
	UNSIGNED,
	NOT_CHECKED,
	FATES
};

static const char *const fates[FATES] = { "fail %s TXT\n",
	"fail %s TXT refused\n", "bogus %s TXT\n", "late %s TXT\n", "",
	"%s A 192.0.2.1\n", "zone %s insecure\n", "validation-off by hand\n" };

static bool
is_unknown(enum fate fate)
{
	return fate <= LATE;
}

static bool
is_absent(enum fate fate)
{
	return fate == GONE || fate == NO_DATA;
}

/* Explain a message with one record of that fate. */
static void
open_fated(struct explained *e, const char *file, const char *owner,
    enum fate fate)
{
	char drop[128], more[160];
	struct letter l = { .file = file };

	snprintf(drop, sizeof(drop), "%s TXT", owner);
	snprintf(more, sizeof(more), fates[fate], owner);
	l.drop = is_absent(fate) ? drop : NULL;
	letter_open(e, &l, more);
	letter_ask(e, &l);
}

/* The record set of a kind at an owner. */
static const json_t *
record_of(const struct asked *a, const char *kind, const char *owner)
{
	const json_t *records = at(a->json, "records");

	for (size_t i = 0; i < json_array_size(records); i++) {
		const json_t *r = json_array_get(records, i);

		if (strcmp(text_at(r, "kind"), kind) == 0 &&
		    strcmp(text_at(r, "name"), owner) == 0)
			return r;
	}
	ck_abort_msg("there is no %s record at %s", kind, owner);
	return NULL;
}

static void
expect_record(const struct asked *a, const char *kind, const char *owner,
    enum fate fate)
{
	const json_t *r = record_of(a, kind, owner);
	const char *dnssec = fate == BOGUS          ? "bogus" :
	    fate == UNSIGNED                        ? "insecure" :
	    is_unknown(fate) || fate == NOT_CHECKED ? "unchecked" :
	                                              "secure";

	ck_assert_str_eq(text_at(r, "dnssec"), dnssec);
	ck_assert_int_eq(has_code(a, "dnssec-bogus"), fate == BOGUS);
	if (is_unknown(fate)) {
		ck_assert_str_eq(text_at(r, "verdict"), "temperror");
		ck_assert(json_is_null(at(r, "text")));
	} else if (is_absent(fate)) {
		ck_assert_str_eq(text_at(r, "verdict"), "none");
		ck_assert(has_code(a, "dnssec-denial-secure"));
	} else {
		ck_assert_str_eq(text_at(r, "verdict"), "valid");
	}
}

/* The causes have this one, or not. */
static void
expect_cause(const struct asked *a, const char *name, bool there)
{
	struct mailauth_cause_view v;
	size_t i = 0;

	while (mailauth_report_cause(a->report, i, &v) &&
	    strcmp(v.cause, name) != 0)
		i++;
	EXPECT(mailauth_report_cause(a->report, i, &v) == there, "%s is %s",
	    name, there ? "not there" : "there");
}

static void
expect_results(const struct asked *a, const char *first, bool others,
    const char *spf, const char *dmarc)
{
	char results[128], expected[128];

	letter_results(a, results, sizeof(results));
	snprintf(expected, sizeof(expected), "%s%s, %s, %s", first,
	    others ? " pass" : "", spf, dmarc);
	ck_assert_str_eq(results, expected);
}

/* The result of DMARC. */
static const char *
dmarc_of(bool passes, bool open)
{
	return passes ? "pass" : open ? "temperror" : "fail";
}

static void
policy_not_told(const struct hanging *h, const struct asked *a)
{
	ck_assert(json_is_null(at(a->json, "results.dmarc.policy")));
	expect_results(a, "pass", h->other_aligns, "pass", "temperror");
	expect_codes(a, "dmarc-temperror");
	expect_no_codes(a,
	    "dmarc-missing dmarc-ok dmarc-p-none dmarc-p-reject "
	    "dmarc-p-quarantine dmarc-result-pass dmarc-result-fail "
	    "align-from-not-configured dmarc-reject-needs-dkim");
	expect_cause(a, "dmarc-not-told", true);
	expect_cause(a, "no-policy", false);
	expect_cause(a, "from-not-configured", false);
	ck_assert_int_eq(mailauth_report_result(a->report),
	    MAILAUTH_RESULT_TEMPERROR);
}

static void
policy_absent(const struct hanging *h, const struct asked *a)
{
	expect_results(a, "pass", h->other_aligns, "pass", "none");
	expect_codes(a, "dmarc-missing");
	/* A signature of the organization is not nothing. */
	ck_assert_int_eq(has_code(a, "align-from-not-configured"),
	    !h->dkim_aligns);
	expect_cause(a, "no-policy", h->dkim_aligns);
	expect_cause(a, "from-not-configured", !h->dkim_aligns);
	expect_no_codes(a, "dmarc-temperror");
	ck_assert_int_eq(mailauth_report_result(a->report),
	    MAILAUTH_RESULT_FAIL);
}

static void
key_not_told(const struct hanging *h, const struct asked *a)
{
	bool passes = h->spf_aligns || h->other_aligns;

	expect_results(a, "temperror", h->other_aligns, "pass",
	    dmarc_of(passes, h->dkim_aligns));
	expect_cause(a, "key-not-told", true);
	expect_cause(a, "wrong-selector", false);
	expect_cause(a, "key-unusable", false);
	expect_cause(a, "nothing-passes", false);
	expect_no_codes(a,
	    "dkim-key-missing dkim-selector-mismatch dkim-not-a-key "
	    "sig-mismatch sig-header-changed sig-body-changed "
	    "align-from-not-configured ar-differs");
	if (h->dkim_aligns)
		expect_no_codes(a, "dmarc-pass-spf-only");
	/* A signature that does not align whatever its key is changes
	 * nothing. */
	ck_assert_int_eq(has_code(a, "dmarc-reject-needs-dkim"),
	    !h->dkim_aligns);
	ck_assert_int_eq(mailauth_report_result(a->report),
	    h->dkim_aligns ? MAILAUTH_RESULT_TEMPERROR : MAILAUTH_RESULT_FAIL);
}

static void
key_absent(const struct hanging *h, const struct asked *a)
{
	expect_results(a, "permerror", h->other_aligns, "pass",
	    dmarc_of(h->spf_aligns || h->other_aligns, false));
	expect_codes(a, "dkim-key-missing");
	expect_cause(a, "wrong-selector", true);
	expect_cause(a, "key-not-told", false);
	expect_no_codes(a, "dmarc-temperror");
}

static void
spf_not_told(const struct hanging *h, const struct asked *a)
{
	expect_results(a, "pass", h->other_aligns, "temperror",
	    dmarc_of(h->dkim_aligns, h->spf_aligns));
	expect_cause(a, "spf-not-told", true);
	expect_cause(a, "return-path-without-spf", false);
	expect_cause(a, "return-path-not-covered", false);
	ck_assert_str_eq(text_at(a->json, "results.spf.source"), "none");
	expect_no_codes(a,
	    "spf-missing spf-ok spf-eval-none spf-eval-fail "
	    "spf-eval-pass "
	    "ar-differs dmarc-result-fail");
	if (h->spf_aligns)
		expect_no_codes(a, "dmarc-pass-dkim-only");
}

static void
spf_absent(const struct hanging *h, const struct asked *a)
{
	expect_results(a, "pass", h->other_aligns, "none",
	    dmarc_of(h->dkim_aligns, false));
	expect_codes(a, "spf-missing");
	expect_cause(a, "return-path-without-spf", true);
	expect_cause(a, "spf-not-told", false);
	expect_no_codes(a, "dmarc-temperror");
}

static bool
is_inherited(const struct hanging *h)
{
	return strcmp(h->file, "g99") == 0 || strcmp(h->file, "g100") == 0;
}

static void
expect_fated(const struct hanging *h, size_t k, enum fate fate)
{
	static const char *const kinds[] = { "dmarc", "dkim", "spf" };
	static void (*const not_told[])(const struct hanging *h,
	    const struct asked *a) = { policy_not_told, key_not_told,
		spf_not_told };
	static void (*const absent[])(const struct hanging *h,
	    const struct asked *a) = { policy_absent, key_absent, spf_absent };
	const char *owners[] = { h->policy, h->key, h->spf };
	struct explained e;

	if (fate == GONE && strcmp(owners[k], "sub.example.com.") == 0)
		fate = NO_DATA; /* it has an address */
	open_fated(&e, h->file, owners[k], fate);
	/* Absence of a policy is of the author's own name. */
	if (k > 0 || !is_absent(fate) || !is_inherited(h))
		expect_record(&e.asked, kinds[k], owners[k], fate);
	if (is_unknown(fate))
		not_told[k](h, &e.asked);
	else if (is_absent(fate))
		absent[k](h, &e.asked);
	else
		expect_results(&e.asked, "pass", h->other_aligns, "pass",
		    "pass");
	letter_close(&e);
}

/* A message, and all fates of each of its records. */
START_TEST(fated)
{
	for (size_t k = 0; k < 3; k++)
		for (unsigned fate = 0; fate < FATES; fate++)
			expect_fated(&hangings[_i], k, (enum fate)fate);
}
END_TEST

/* A question that fails takes something away, and adds nothing but that it is
 * not known. */
static void
expect_result(const struct asked *a, const struct asked *whole,
    const char *path)
{
	const char *now = text_at(a->json, path);

	EXPECT(strcmp(now, "temperror") == 0 ||
	        strcmp(now, text_at(whole->json, path)) == 0,
	    "%s is '%s', and was '%s'", path, now, text_at(whole->json, path));
}

static void
expect_less(const struct asked *a, const struct asked *whole)
{
	static const char *const troubles[] = { "dns-servfail", "dns-timeout",
		"dnssec-bogus", "dnssec-bogus-detail", "dmarc-temperror",
		"dmarc-ext-temperror", "spf-eval-temperror",
		"lookup-undecided" };
	struct mailauth_cause_view v;
	char path[64];

	for (size_t i = 0; i < json_array_size(at(a->json, "results.dkim"));
	     i++) {
		snprintf(path, sizeof(path), "results.dkim.%zu.result", i);
		expect_result(a, whole, path);
	}
	expect_result(a, whole, "results.spf.result");
	expect_result(a, whole, "results.dmarc.result");
	for (size_t i = 0; mailauth_report_cause(a->report, i, &v); i++)
		if (strcmp(v.cause, "dmarc-not-told") != 0 &&
		    strcmp(v.cause, "spf-not-told") != 0 &&
		    strcmp(v.cause, "pass-not-told") != 0 &&
		    strcmp(v.cause, "key-not-told") != 0)
			expect_cause(whole, v.cause, true);
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;
		size_t k = 0;

		while (k < sizeof(troubles) / sizeof(troubles[0]) &&
		    strcmp(code, troubles[k]) != 0)
			k++;
		EXPECT(k < sizeof(troubles) / sizeof(troubles[0]) ||
		        has_code(whole, code),
		    "%s has come", code);
	}
}

/* Processes for this. */
#define QUESTION_TESTS 4

static void
fail_each_question(const struct letter *l)
{
	static const char *const faults[] = { "fail", "bogus", "late" };
	const struct question *q;
	struct explained whole;

	letter_open(&whole, l, NULL);
	letter_ask(&whole, l);
	for (size_t i = 0;
	     (q = script_question(whole.asked.source->resolver, i)) != NULL;
	     i++) {
		struct explained e;
		char more[1200];

		snprintf(more, sizeof(more), "%s %.*s\n", faults[i % 3],
		    (int)q->name.n, q->name.s);
		letter_open(&e, l, more);
		letter_ask(&e, l);
		expect_less(&e.asked, &whole.asked);
		letter_close(&e);
	}
	EXPECT(script_question(whole.asked.source->resolver, 0) != NULL,
	    "nothing was asked");
	letter_close(&whole);
}

START_TEST(each_question_failing)
{
	for (int i = _i; i < COUNT(letters); i += QUESTION_TESTS)
		fail_each_question(&letters[i]);
}
END_TEST

Suite *
suite_message(void)
{
	Suite *s = suite_create("message");
	TCase *t = tcase_create("guide");

	tcase_add_loop_test(t, guide, 0, LETTER_TESTS(letters));
	tcase_add_loop_test(t, fated, 0, COUNT(hangings));
	tcase_add_loop_test(t, each_question_failing, 0, QUESTION_TESTS);
	suite_add_tcase(s, t);
	return s;
}
