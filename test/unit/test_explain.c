/*
 * test_explain.c - received messages, and why they pass or fail
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The messages of testdata/messages over a script: the cases of the guide (G56
 * to G123), and each record that a message hangs on absent, forged, failing
 * and late (N03, N11). Nothing may be said of a record that is not known which
 * is said of one that is known, or known to be absent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/base64.h"
#include "base/str.h"
#include "sys/file.h"

#define COUNT(table)  ((int)(sizeof(table) / sizeof((table)[0])))
#define ROOM          16384
#define RECEIVER_SAYS "--authserv-id mx.receiver.example"
#define GUIDE_SAYS    "--authserv-id mx.example.com"

/* What DNS holds, unless a test says otherwise; keys come to it. */
static const char zones[] =
    "zone com\n"
    "zone org\n"
    "zone net\n"
    "zone example.com\n"
    "@ TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
    "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:report@example.com'\n"
    "_domainkey TXT 'o=-'\n"
    "@ MX 10 mx\n"
    "mx A 192.0.2.4\n"
    "sub A 192.0.2.9\n"
    "sub TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
    "zone mailer-service.com\n"
    "@ TXT 'v=spf1 ip4:198.51.100.7 -all'\n"
    "_domainkey TXT 'o=-'\n"
    "zone example.net\n"
    "@ TXT 'v=spf1 -all'\n"
    "_dmarc TXT 'v=DMARC1; p=quarantine; rua=mailto:report@example.net'\n"
    "_domainkey TXT 'o=-'\n"
    "@ MX 10 mx\n"
    "mx A 192.0.2.8\n"
    "promo A 192.0.2.8\n"
    "zone example.org\n"
    "@ TXT 'v=spf1 ip4:203.0.113.9 -all'\n"
    "_domainkey TXT 'o=-'\n";

static const struct {
	const char *owner, *file;
} keys[] = {
	{ "s1._domainkey.example.com.", "rsa-2048" },
	{ "ed._domainkey.example.com.", "ed25519" },
	{ "k1._domainkey.mailer-service.com.", "rsa-2048-other" },
	{ "n1._domainkey.example.net.", "rsa-2048" },
	{ "list._domainkey.example.org.", "rsa-2048-other" },
};

/* The zones with the keys. */
static char world[ROOM];

static void
put_key(struct writer *w, const char *owner, const char *file)
{
	char path[512], why[MAILAUTH_WHY_MAX], text[1024];
	struct writer p = writer_of(text, sizeof(text));
	bool ed = strcmp(file, "ed25519") == 0;
	uint8_t *der;
	size_t len;

	snprintf(path, sizeof(path), "%s/testdata/keys/%s.pem", source_dir(),
	    file);
	EXPECT(mailauth_key_read(path, &der, &len, why) == MAILAUTH_OK, "%s",
	    why);
	put_text(&p, ed ? "v=DKIM1; k=ed25519; p=" : "v=DKIM1; k=rsa; p=");
	put_base64(&p, ed ? der + len - 32 : der, ed ? 32 : len);
	put_text(w, owner);
	put_text(w, " TXT");
	for (size_t at = 0; at < p.used; at += 250) {
		put_text(w, " '");
		put_str(w, str_sub(writer_str(&p), at, 250));
		put_char(w, '\'');
	}
	put_char(w, '\n');
	free(der);
}

static void
make_world(void)
{
	struct writer w = writer_of(world, sizeof(world));

	put_text(&w, zones);
	for (int i = 0; i < COUNT(keys); i++)
		put_key(&w, keys[i].owner, keys[i].file);
	put_char(&w, '\0');
	if (w.full)
		abort();
}

struct octets {
	struct mailauth_str text;
	size_t at;
};

static long
read_octets(void *arg, void *buf, size_t n)
{
	struct octets *o = arg;

	if (n > o->text.n - o->at)
		n = o->text.n - o->at;
	memcpy(buf, o->text.s + o->at, n);
	o->at += n;
	return (long)n;
}

/* Explain a message of testdata/messages. */
static void
explain(struct asked *a, const char *name, const char *more, const char *words)
{
	struct arena arena = { NULL, false };
	char path[512], why[MAILAUTH_WHY_MAX], line[256];
	struct mailauth_message *message;
	struct octets o = { .at = 0 };

	snprintf(path, sizeof(path), "%s/testdata/messages/%s.eml",
	    source_dir(), name);
	EXPECT(file_read(path, SIZE_MAX / 2, &arena, &o.text) == FILE_WHOLE,
	    "%s", path);
	EXPECT(mailauth_message_new(read_octets, &o, &message, why) ==
	        MAILAUTH_OK,
	    "%s", why);
	arena_free(&arena);
	ask_open(a, world, "all secure\n");
	if (more != NULL)
		script_add(a->source->resolver, more);
	snprintf(line, sizeof(line), "--allow-documentation %s",
	    words != NULL ? words : "");
	ask_explain(a, message, line);
	mailauth_message_free(message);
}

/* The results of the signatures, or the names of the causes. */
static const char *
join(char room[512], const json_t *list, const char *member)
{
	struct writer w = writer_of(room, 511);

	for (size_t i = 0; i < json_array_size(list); i++) {
		put_text(&w, i > 0 ? " " : "");
		put_text(&w, text_at(json_array_get(list, i), member));
	}
	room[w.used] = '\0';
	return room;
}

static void
expect_text(const char *what, const char *is, const char *wanted)
{
	EXPECT(strcmp(is, wanted) == 0, "%s is '%s', not '%s'", what, is,
	    wanted);
}

static bool
has_cause(const struct asked *a, const char *cause)
{
	const json_t *list = at(a->json, "causes");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(text_at(json_array_get(list, i), "cause"), cause) ==
		    0)
			return true;
	return false;
}

#define NO_DMARC "drop _dmarc.example.net.\ndrop example.net. TXT\n"
#define STRICT \
	"drop _dmarc.example.com.\n_dmarc.example.com. TXT 'v=DMARC1; " \
	"p=reject; adkim=s; rua=mailto:r@example.com'\n"

/* Results of DKIM, SPF and DMARC, "" for none; all causes, in order, where
 * they are given. */
static const struct explain_case {
	const char *message, *more, *words;
	const char *verdict, *dkim, *spf, *dmarc, *causes;
	const char *has, *hasnot;
} cases[] = {
	{ .message = "g56",
	    .verdict = "fail",
	    .dmarc = "fail",
	    .has = "ar-spf-fail ar-mailfrom-domain" },
	{ .message = "g94",
	    .verdict = "pass",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .causes = "passes",
	    .has = "align-dkim-ok align-spf-ok dmarc-result-pass sig-ok "
	           "ar-parse-ok hdr-dkim-selector",
	    .hasnot = "ar-differs dmarc-pass-spf-only dmarc-pass-dkim-only" },
	{ .message = "g95-spf",
	    .verdict = "fail",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-result-pass dmarc-pass-spf-only "
	           "align-dkim-mismatch dmarc-reject-needs-dkim" },
	{ .message = "g95-dkim",
	    .verdict = "warn",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-result-pass dmarc-pass-dkim-only "
	           "align-spf-mismatch" },
	{ .message = "g96",
	    .verdict = "fail",
	    .dkim = "pass",
	    .spf = "fail",
	    .dmarc = "fail",
	    .causes = "domains-not-aligned return-path-not-covered",
	    .has = "dmarc-result-fail align-dkim-mismatch" },
	{ .message = "g97",
	    .verdict = "fail",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-reject-needs-dkim" },
	{ .message = "g97",
	    .words = "--profile rfc",
	    .verdict = "warn",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-reject-needs-dkim" },
	{ .message = "g98",
	    .more = NO_DMARC,
	    .verdict = "fail",
	    .spf = "pass",
	    .dmarc = "none",
	    .has = "align-from-not-configured dmarc-missing spf-missing" },
	{ .message = "g99",
	    .verdict = "warn",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-inherited align-dkim-ok",
	    .hasnot = "align-from-not-configured dmarc-missing" },
	{ .message = "g100",
	    .verdict = "pass",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dmarc-inherited align-dkim-ok align-spf-ok" },
	{ .message = "g112",
	    .verdict = "fail",
	    .dmarc = "fail",
	    .causes = "domains-not-aligned",
	    .has = "ar-dmarc-fail-unaligned ar-dmarc-fail "
	           "align-dkim-mismatch align-spf-mismatch dmarc-result-fail "
	           "ar-dkim-pass ar-spf-pass ar-parse-ok ar-header-i-domain",
	    .hasnot = "ar-syntax ar-dkim-fail ar-spf-fail ar-differs "
	              "dmarc-reject-needs-dkim" },
	{ .message = "g113",
	    .verdict = "fail",
	    .dmarc = "fail",
	    .causes = "domains-not-aligned",
	    .has = "ar-dmarc-fail-unaligned ar-syntax",
	    .hasnot = "hdr-syntax ar-parse-ok" },
	{ .message = "g114",
	    .words = GUIDE_SAYS,
	    .verdict = "fail",
	    .dmarc = "pass",
	    .has = "align-dkim-ok dmarc-result-pass ar-differs ar-dmarc-fail",
	    .hasnot = "ar-dmarc-fail-unaligned" },
	{ .message = "g114",
	    .words = GUIDE_SAYS,
	    .more = STRICT,
	    .verdict = "fail",
	    .dmarc = "fail",
	    .has = "align-dkim-mismatch dmarc-result-fail "
	           "ar-dmarc-fail-unaligned",
	    .hasnot = "ar-differs" },
	{ .message = "g115",
	    .words = RECEIVER_SAYS,
	    .verdict = "fail",
	    .dmarc = "pass",
	    .has = "ar-dkim-fail dkim-key-ok" },
	{ .message = "g115",
	    .words = RECEIVER_SAYS,
	    .more = "drop s1._domainkey.example.com.\n"
	            "mail._domainkey.example.com. TXT 'v=DKIM1; p='\n",
	    .verdict = "fail",
	    .dmarc = "pass",
	    .has = "ar-dkim-fail dkim-key-missing dkim-selector-mismatch" },
	{ .message = "g116",
	    .words = RECEIVER_SAYS,
	    .verdict = "fail",
	    .dmarc = "pass",
	    .has = "ar-spf-fail ar-mailfrom-domain" },
	{ .message = "g116",
	    .words = RECEIVER_SAYS " --ip 192.0.2.4",
	    .verdict = "fail",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "ar-differs" },
	{ .message = "g117",
	    .verdict = "fail",
	    .dmarc = "fail",
	    .causes = "unsigned nothing-passes",
	    .has = "ar-dmarc-fail dmarc-result-fail hdr-return-path-mismatch",
	    .hasnot = "ar-dkim-fail ar-dmarc-fail-unaligned" },
	{ .message = "g118",
	    .words = RECEIVER_SAYS,
	    .verdict = "pass",
	    .dmarc = "pass",
	    .has = "ar-dkim-pass ar-spf-pass ar-dmarc-pass "
	           "dmarc-result-pass" },
	{ .message = "g119",
	    .verdict = "pass",
	    .has = "hdr-compauth-pass hdr-scl-ok hdr-bcl-ok ar-parse-ok" },
	{ .message = "g120",
	    .verdict = "pass",
	    .has = "hdr-compauth-pass hdr-scl-ok hdr-bcl-ok" },
	{ .message = "g121-scl5",
	    .verdict = "fail",
	    .has = "hdr-scl-spam dmarc-result-pass advice-content" },
	{ .message = "g121-scl9",
	    .verdict = "fail",
	    .has = "hdr-scl-spam dmarc-result-pass advice-content" },
	{ .message = "g121-bcl8",
	    .verdict = "fail",
	    .has = "hdr-bcl-high dmarc-result-pass advice-content" },
	{ .message = "g121-compauth",
	    .verdict = "fail",
	    .has = "hdr-compauth-fail dmarc-result-pass",
	    .hasnot = "advice-content" },
	{ .message = "g122-ham",
	    .words = RECEIVER_SAYS,
	    .verdict = "pass",
	    .has = "hdr-spamassassin-ham",
	    .hasnot = "advice-content" },
	{ .message = "g122-spam",
	    .words = RECEIVER_SAYS,
	    .verdict = "fail",
	    .has = "hdr-spamassassin-spam advice-content" },
	{ .message = "g122-score",
	    .words = RECEIVER_SAYS,
	    .verdict = "fail",
	    .has = "hdr-spamassassin-spam advice-content" },
	{ .message = "g123",
	    .verdict = "pass",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "hdr-gmail-no-score sig-ok ar-header-i-domain" },
	{ .message = "both",
	    .verdict = "pass",
	    .dkim = "pass pass",
	    .spf = "pass",
	    .dmarc = "pass" },
	{ .message = "list",
	    .verdict = "fail",
	    .dkim = "pass fail",
	    .spf = "pass",
	    .dmarc = "fail",
	    .has = "sig-header-changed align-dkim-mismatch "
	           "align-spf-mismatch ar-dmarc-fail-unaligned",
	    .hasnot = "ar-differs dmarc-reject-needs-dkim" },
	/* An alias to a key in a zone that is not signed. */
	{ .message = "g94",
	    .more = "drop s1._domainkey.example.com.\n"
	            "s1._domainkey.example.com. CNAME key.example.org.\n",
	    .verdict = "fail",
	    .dkim = "permerror",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dkim-cname-dangling" },
	/* Nothing answers: claims are no substitute. */
	{ .message = "g94",
	    .more = "fail * timeout\n",
	    .verdict = "temperror",
	    .dkim = "temperror",
	    .spf = "temperror",
	    .dmarc = "temperror" },
	{ .message = "g94",
	    .more = "late *\n",
	    .verdict = "temperror",
	    .dkim = "temperror",
	    .spf = "temperror",
	    .dmarc = "temperror" },
	{ .message = "g94",
	    .more = "bogus *\n",
	    .verdict = "temperror",
	    .dkim = "temperror",
	    .spf = "temperror",
	    .dmarc = "temperror",
	    .has = "dnssec-bogus" },
	{ .message = "g94",
	    .more = "validation-off it is off\n",
	    .verdict = "warn",
	    .dkim = "pass",
	    .spf = "pass",
	    .dmarc = "pass",
	    .has = "dnssec-validation-off" },
};

START_TEST(explained)
{
	const struct explain_case *c = &cases[_i];
	char room[512];
	struct asked a;

	explain(&a, c->message, c->more, c->words);
	expect_text("verdict", text_at(a.json, "verdict"), c->verdict);
	if (c->dkim != NULL)
		expect_text("dkim",
		    join(room, at(a.json, "results.dkim"), "result"), c->dkim);
	if (c->spf != NULL)
		expect_text("spf", text_at(a.json, "results.spf.result"),
		    c->spf);
	if (c->dmarc != NULL)
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    c->dmarc);
	if (c->causes != NULL)
		expect_text("causes", join(room, at(a.json, "causes"), "cause"),
		    c->causes);
	expect_codes(&a, c->has != NULL ? c->has : "");
	expect_no_codes(&a, c->hasnot != NULL ? c->hasnot : "");
	if (strcmp(c->verdict, "temperror") == 0)
		expect_no_end(&a, "-missing");
	ask_close(&a);
}
END_TEST

/* For each message: the zone of its policy, the owner of its first key, whether
 * that domain aligns, whether a later signature does; the domain of SPF, and
 * whether that aligns. */
static const struct hang {
	const char *message, *policy, *key;
	bool key_aligns, other_aligns;
	const char *spf;
	bool spf_aligns;
} matrix[] = {
	{ "g94", "example.com", "s1._domainkey.example.com", true, false,
	    "example.com", true },
	{ "g95-spf", "example.com", "k1._domainkey.mailer-service.com", false,
	    false, "example.com", true },
	{ "g95-dkim", "example.com", "s1._domainkey.example.com", true, false,
	    "mailer-service.com", false },
	{ "g99", "example.net", "n1._domainkey.example.net", true, false,
	    "example.com", false },
	{ "g100", "example.com", "s1._domainkey.example.com", true, false,
	    "sub.example.com", true },
	{ "g123", "example.com", "s1._domainkey.example.com", true, false,
	    "example.com", true },
	{ "both", "example.com", "s1._domainkey.example.com", true, true,
	    "example.com", true },
};

static const char *const faults[] = { "fail", "bogus", "late", "drop" };
enum { FAIL, BOGUS, LATE, ABSENT, FAULTS };

/* Where claims are all that there is, the receiver is named. */
static const char *
words_of(const char *message)
{
	static const char *const claimed[] = { "g115", "g116", "g117", "g118" };

	for (size_t i = 0; i < sizeof(claimed) / sizeof(claimed[0]); i++)
		if (strcmp(message, claimed[i]) == 0)
			return RECEIVER_SAYS;
	return strcmp(message, "g114") == 0 ? GUIDE_SAYS : NULL;
}

/* The message with one record in trouble. */
static void
explain_without(struct asked *a, const char *message, unsigned fault,
    const char *prefix, const char *name)
{
	char more[512];

	snprintf(more, sizeof(more), "%s %s%s. TXT\n", faults[fault], prefix,
	    name);
	explain(a, message, more, words_of(message));
}

static const char *
verdict_of(bool passes, bool open)
{
	return passes ? "pass" : open ? "temperror" : "fail";
}

/* The record of this kind and name. */
static const json_t *
record_of(const struct asked *a, const char *kind, const char *prefix,
    const char *name)
{
	const json_t *list = at(a->json, "records");
	char whole[256];

	snprintf(whole, sizeof(whole), "%s%s.", prefix, name);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r = json_array_get(list, i);

		if (strcmp(text_at(r, "kind"), kind) == 0 &&
		    strcmp(text_at(r, "name"), whole) == 0)
			return r;
	}
	ck_abort_msg("no record %s %s", kind, whole);
	return NULL;
}

/* A record that is not known: so is its verdict, and nothing of it is shown. */
static void
expect_unknown(const struct asked *a, unsigned fault, const json_t *record)
{
	expect_text("verdict", text_at(record, "verdict"), "temperror");
	expect_text("text", text_at(record, "text"), "");
	EXPECT(has_code(a, "dnssec-bogus") == (fault == BOGUS), "dnssec-bogus");
	EXPECT((strcmp(text_at(record, "dnssec"), "bogus") == 0) ==
	        (fault == BOGUS),
	    "the state of the record");
}

START_TEST(all_secure)
{
	const struct hang *h = &matrix[_i];
	const json_t *list;
	struct asked a;
	char room[512];

	explain(&a, h->message, NULL, NULL);
	list = at(a.json, "records");
	for (size_t i = 0; i < json_array_size(list); i++)
		expect_text("dnssec",
		    text_at(json_array_get(list, i), "dnssec"), "secure");
	expect_text("dnssec", text_at(a.json, "dnssec"), "secure");
	expect_text("dnssec", text_at(a.json, "results.spf.dnssec"), "secure");
	expect_text("dkim", join(room, at(a.json, "results.dkim"), "result"),
	    h->other_aligns ? "pass pass" : "pass");
	expect_text("spf", text_at(a.json, "results.spf.result"), "pass");
	expect_text("dmarc", text_at(a.json, "results.dmarc.result"), "pass");
	ask_close(&a);
}
END_TEST

START_TEST(policy)
{
	const struct hang *h = &matrix[_i / FAULTS];
	unsigned fault = (unsigned)_i % FAULTS;
	bool own = h->key_aligns || strstr(h->key, h->policy) != NULL;
	struct asked a;

	explain_without(&a, h->message, fault, "_dmarc.", h->policy);
	expect_text("spf", text_at(a.json, "results.spf.result"), "pass");
	expect_text("dkim", text_at(a.json, "results.dkim.0.result"), "pass");
	if (fault == ABSENT) {
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    "none");
		expect_codes(&a, "dmarc-missing dnssec-denial-secure");
		expect_no_codes(&a, "dmarc-temperror dnssec-bogus");
		/* A signature of the organization is not nothing. */
		EXPECT(has_code(&a, "align-from-not-configured") == !own,
		    "align-from-not-configured");
		EXPECT(has_cause(&a, own ? "no-policy" : "from-not-configured"),
		    "the cause");
		expect_text("verdict", text_at(a.json, "verdict"), "fail");
	} else {
		expect_unknown(&a, fault,
		    record_of(&a, "dmarc", "_dmarc.", h->policy));
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    "temperror");
		expect_text("policy", text_at(a.json, "results.dmarc.policy"),
		    "");
		expect_codes(&a, "dmarc-temperror");
		expect_no_codes(&a,
		    "dmarc-missing dmarc-ok dmarc-p-none dmarc-p-reject "
		    "dmarc-p-quarantine dmarc-result-pass dmarc-result-fail "
		    "align-from-not-configured dmarc-reject-needs-dkim");
		EXPECT(has_cause(&a, "dmarc-not-told"), "the cause");
		EXPECT(!has_cause(&a, "no-policy") &&
		        !has_cause(&a, "from-not-configured"),
		    "a cause of absence");
		expect_text("verdict", text_at(a.json, "verdict"), "temperror");
	}
	ask_close(&a);
}
END_TEST

START_TEST(key)
{
	const struct hang *h = &matrix[_i / FAULTS];
	unsigned fault = (unsigned)_i % FAULTS;
	bool passes = h->spf_aligns || h->other_aligns;
	struct asked a;

	explain_without(&a, h->message, fault, "", h->key);
	expect_no_codes(&a, "sig-mismatch sig-header-changed sig-body-changed");
	if (fault == ABSENT) {
		expect_text("dkim", text_at(a.json, "results.dkim.0.result"),
		    "permerror");
		expect_codes(&a, "dkim-key-missing dnssec-denial-secure");
		EXPECT(has_cause(&a, "wrong-selector"), "the cause");
		expect_no_codes(&a, "dnssec-bogus dmarc-temperror");
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    verdict_of(passes, false));
	} else {
		expect_unknown(&a, fault, record_of(&a, "dkim", "", h->key));
		expect_text("dkim", text_at(a.json, "results.dkim.0.result"),
		    "temperror");
		if (h->other_aligns)
			expect_text("dkim",
			    text_at(a.json, "results.dkim.1.result"), "pass");
		EXPECT(has_cause(&a, "key-not-told"), "the cause");
		EXPECT(!has_cause(&a, "wrong-selector") &&
		        !has_cause(&a, "key-unusable") &&
		        !has_cause(&a, "key-replaced") &&
		        !has_cause(&a, "unsigned") &&
		        !has_cause(&a, "nothing-passes"),
		    "a cause of a key that is known");
		expect_no_codes(&a,
		    "dkim-key-missing dkim-selector-mismatch dkim-not-a-key "
		    "align-from-not-configured ar-differs");
		/* A signature that does not align whatever its key is changes
		 * nothing. */
		EXPECT(has_code(&a, "dmarc-reject-needs-dkim") ==
		        !h->key_aligns,
		    "dmarc-reject-needs-dkim");
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    verdict_of(passes, h->key_aligns));
		expect_text("verdict", text_at(a.json, "verdict"),
		    h->key_aligns ? "temperror" : "fail");
		/* SPF alone is not said to be all that passes. */
		if (h->key_aligns)
			expect_no_codes(&a, "dmarc-pass-spf-only");
	}
	ask_close(&a);
}
END_TEST

START_TEST(spf)
{
	const struct hang *h = &matrix[_i / FAULTS];
	unsigned fault = (unsigned)_i % FAULTS;
	bool passes = h->key_aligns || h->other_aligns;
	struct asked a;

	explain_without(&a, h->message, fault, "", h->spf);
	expect_text("dkim", text_at(a.json, "results.dkim.0.result"), "pass");
	if (fault == ABSENT) {
		expect_text("spf", text_at(a.json, "results.spf.result"),
		    "none");
		expect_codes(&a, "spf-missing");
		EXPECT(has_cause(&a, "return-path-without-spf"), "the cause");
		expect_no_codes(&a, "dnssec-bogus dmarc-temperror");
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    verdict_of(passes, false));
	} else {
		expect_text("spf", text_at(a.json, "results.spf.result"),
		    "temperror");
		expect_no_codes(&a,
		    "spf-missing spf-ok spf-eval-none spf-eval-fail "
		    "spf-eval-pass");
		EXPECT(has_code(&a, "dnssec-bogus") == (fault == BOGUS),
		    "dnssec-bogus");
		EXPECT(!has_cause(&a, "return-path-without-spf"),
		    "a cause of absence");
		expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
		    verdict_of(passes, h->spf_aligns));
	}
	ask_close(&a);
}
END_TEST

/* What a receiver claims is no substitute for a policy that is not known. */
static const char *const claimed[] = { "g112", "g113", "g114", "g115", "g116",
	"g117", "g118", "g120" };

START_TEST(policy_of_claims)
{
	const char *name = claimed[_i / ABSENT];
	unsigned fault = (unsigned)_i % ABSENT;
	bool fine = strcmp(name, "g118") == 0 || strcmp(name, "g120") == 0;
	struct asked a;

	explain_without(&a, name, fault, "_dmarc.", "example.com");
	expect_text("dmarc", text_at(a.json, "results.dmarc.result"),
	    "temperror");
	expect_text("cause", text_at(a.json, "causes.0.cause"),
	    "dmarc-not-told");
	expect_no_codes(&a,
	    "dmarc-missing dmarc-p-none dmarc-result-pass dmarc-result-fail "
	    "align-from-not-configured ar-differs");
	expect_text("verdict", text_at(a.json, "verdict"),
	    fine ? "temperror" : "fail");
	ask_close(&a);
}
END_TEST

START_TEST(key_of_a_claim)
{
	unsigned fault = (unsigned)_i;
	struct asked a;

	explain_without(&a, "g115", fault, "", "s1._domainkey.example.com");
	EXPECT(has_cause(&a,
	           fault == ABSENT ? "wrong-selector" : "key-not-told"),
	    "the cause");
	EXPECT(has_code(&a, "dkim-key-missing") == (fault == ABSENT),
	    "dkim-key-missing");
	EXPECT(!has_cause(&a, "dkim-failed-there"), "dkim-failed-there");
	ask_close(&a);
}
END_TEST

Suite *
suite_explain(void)
{
	Suite *s = suite_create("explain");
	TCase *t = tcase_create("messages");

	make_world();
	tcase_add_loop_test(t, explained, 0, COUNT(cases));
	tcase_add_loop_test(t, all_secure, 0, COUNT(matrix));
	tcase_add_loop_test(t, policy, 0, COUNT(matrix) * FAULTS);
	tcase_add_loop_test(t, key, 0, COUNT(matrix) * FAULTS);
	tcase_add_loop_test(t, spf, 0, COUNT(matrix) * FAULTS);
	tcase_add_loop_test(t, policy_of_claims, 0, COUNT(claimed) * ABSENT);
	tcase_add_loop_test(t, key_of_a_claim, 0, FAULTS);
	suite_add_tcase(s, t);
	return s;
}
