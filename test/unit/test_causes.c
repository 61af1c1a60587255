/*
 * test_causes.c - causes, and remedies that hold
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each row is a domain with one fault. The check names the cause and shows it
 * alone. Then all records that its remedies print are published, as somebody
 * would who follows them to the letter, and the domain is checked again: no
 * failure is left but those that the row says the remedy announces.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define KEY_TAGS "v=DKIM1; k=rsa; p="
#define KEY_HEAD KEY_TAGS KEY_P
#define KEY_P \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqlKxI6" \
	"ThV7hp/esUg6zJEBbEY9gecunpqONRv4Oa3Vo/Vt+7KmQGY8DKAOgGuZynLaqZ3vJdrm" \
	"ohYYkCZx8acToYtsrhrGcgfAXvNJNiwgMavypBh2o/5LIIRqq461m9z3BgUBzqjyYzBv" \
	"3a9pbFcMdduOSBlSAoIEqHsXW69fRGFnoH4xBArII/YyQaJZj"
#define KEY_TAIL \
	"ZCRdUo9OXVDizfXCQkaUIGlkdNYTtQS2kX0y7EEQFznDYTm7KYsfJPQqIAnYjiRFoIK8" \
	"YDDive9S7fzySnrff3pzE5CqU6i2PrmfdT2O6aXs2i1RYlKejiiSWiUXviT2Hz4H8J0w" \
	"6R64nxOOMycsgVQIDAQAB"
#define ZONE     "zone example.com\n@ A 198.51.100.10\nmail A 198.51.100.25\n"
#define MX       "@ MX 10 mail\n"
#define SPF      "@ TXT 'v=spf1 mx -all'\n"
#define DMARC    "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:d@example.com'\n"
#define KEY      "s1._domainkey TXT '" KEY_HEAD "' '" KEY_TAIL "'\n"
#define REST     ZONE MX SPF
#define STS_HOST "mta-sts A 198.51.100.10\n"
#define BARE     "check --allow-documentation --profile practice example.com"
#define CHECK \
	"check --allow-documentation --profile practice --selector s1 example.com"

static const struct {
	const char *script;
	const char *cause; /* nothing else fails but its consequences */
	const char *folded; /* its consequences in the report */
	const char *published; /* a part of the record to publish */
	const char *announced; /* failures left */
} rows[] = {
	/* DMARC */
	{ REST KEY, "dmarc-missing", "",
	    "'v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com' at "
	    "_dmarc.example.com.",
	    "" },
	{ REST KEY "_dmarc TXT 'v=DMARC1\\\\; p=none\\\\; "
	           "rua=mailto:d@example.com'\n",
	    "tag-backslash-semicolon", "dmarc-version-near-miss dmarc-missing",
	    "'v=DMARC1; p=none; rua=mailto:d@example.com'", "" },
	{ REST KEY "_dmarc TXT 'v=DMARC1'\n_dmarc TXT 'p=quarantine'\n"
	           "_dmarc TXT 'rua=mailto:d@example.com'\n",
	    "txt-pieces", "", "'v=DMARC1; p=quarantine; rua=mailto:d@", "" },
	{ REST KEY "@ TXT '_dmarc= v=DMARC1; p=none; rua=mailto:d@example.com'"
	           "\n",
	    "txt-name-in-text", "dmarc-missing",
	    "'v=DMARC1; p=none; rua=mailto:d@example.com'", "" },
	{ REST KEY "@ TXT '_dmarc.example.com. IN TXT v=DMARC1; p=reject; "
	           "rua=mailto:d@example.com'\n",
	    "txt-name-in-text", "dmarc-missing", "'v=DMARC1; p=reject; rua",
	    "" },
	{ REST KEY "@ TXT 'v=DMARC1; p=reject; rua=mailto:d@example.com'\n",
	    "dmarc-wrong-location", "dmarc-missing",
	    "' at _dmarc.example.com. and delete it at example.com.", "" },
	{ REST KEY "_dmarc TXT 'v=DMARC1 p=none rua=mailto:d@example.com'\n",
	    "dmarc-version-near-miss", "dmarc-missing",
	    "'v=DMARC1; p=none; rua=mailto:d@example.com'", "" },
	{ REST KEY "_dmarc TXT 'DMARC1; p=reject, rua=d@example.com'\n",
	    "dmarc-version-near-miss", "dmarc-missing",
	    "'v=DMARC1; p=reject; rua=mailto:d@example.com'", "" },
	/* A name with an address alone: what it publishes when it sends none. */
	{ "zone example.com\n@ A 198.51.100.10\n", "mail-use-unknown",
	    "dkim-absent spf-missing dmarc-missing mx-implicit",
	    "'example.com. MX 0 .' and 'v=spf1 -all' at example.com., and "
	    "'v=DMARC1; p=reject' at _dmarc.example.com.",
	    "" },
	{ ZONE "@ TXT 'v=spf1 -all'\n", "parked-dmarc-weak", "dmarc-missing",
	    "'v=DMARC1; p=reject' at _dmarc.example.com.", "" },
	{ "zone example.com\n@ A 198.51.100.10\n" DMARC, "mail-use-unknown",
	    "dkim-absent spf-missing mx-implicit",
	    "'example.com. MX 0 .' and 'v=spf1 -all' at example.com.; if it",
	    "" },
	/* SPF, with texts of other services beside it */
	{ ZONE MX DMARC KEY "@ TXT 'MS=ms12345678'\n@ TXT 'v=spf1'\n"
	                    "@ TXT 'ip4:198.51.100.25'\n@ TXT '-all'\n",
	    "txt-piece-beside", "",
	    "in place of these 3 records publish 'v=spf1 ip4:198.51.100.25 "
	    "-all' at example.com.",
	    "" },
	{ ZONE MX DMARC KEY
	    "@ TXT 'v=spf1 ip4:198.51.100.25 include:_spf.exam'\n"
	    "@ TXT 'ple.com -all'\n_spf TXT 'v=spf1 a:mail.example.com -all'\n",
	    "txt-piece-beside", "spf-no-all",
	    "'v=spf1 ip4:198.51.100.25 include:_spf.example.com -all' at", "" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 ip4:198.51.100.'\n"
	                    "@ TXT '25 -all'\n",
	    "txt-pieces", "", "'v=spf1 ip4:198.51.100.25 -all' at", "" },
	{ ZONE MX DMARC KEY "@ TXT 'l'\n@ TXT 'v=spf1 mx -al'\n", "txt-pieces",
	    "", "'v=spf1 mx -all' at", "" },
	/* At another name. */
	{ ZONE MX DMARC KEY "_spf TXT 'v=spf1 mx -all'\n", "spf-wrong-location",
	    "spf-missing",
	    "'v=spf1 mx -all' at example.com. and delete it at "
	    "_spf.example.com.",
	    "" },
	/* A blank that has no width, in front of the version. */
	{ ZONE MX DMARC KEY "@ TXT '\\226\\128\\139v=spf1 mx -all'\n",
	    "txt-smart-punctuation", "spf-version-near-miss",
	    "'v=spf1 mx -all' at example.com.", "" },
	/* A fault one step further, and two. */
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 mx include:_s.example.com -all'\n"
	                    "_s TXT 'v=spf1 ipv4:198.51.100.9 ~all'\n",
	    "spf-include-target-invalid", "",
	    "'v=spf1 ip4:198.51.100.9 ~all' at _s.example.com.; if that is not "
	    "your zone, ask its owner, or remove the term",
	    "" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 mx include:_s.example.com -all'\n"
	                    "_s TXT 'v=spf1 include:_t.example.com ~all'\n"
	                    "_t TXT 'v=spf1 ip:198.51.100.9 ~all'\n",
	    "spf-include-target-invalid", "",
	    "'v=spf1 ip4:198.51.100.9 ~all' at _t.example.com.; if that", "" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 mx include:_s.example.com -all'\n"
	                    "_s TXT '\\\"v=spf1 ip4:198.51.100.9 ~all\\\"'\n",
	    "spf-include-target-none", "",
	    "'v=spf1 ip4:198.51.100.9 ~all' at _s.example.com.; if that", "" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 mx redirect=_s.example.com'\n"
	                    "_s TXT 'v=spf1 ip4:198.51.100.9 ~all'\n"
	                    "_s TXT 'v=spf1 ip4:198.51.100.10 -all'\n",
	    "spf-redirect-target-none", "",
	    "'v=spf1 ip4:198.51.100.9 ip4:198.51.100.10 -all' at "
	    "_s.example.com.; if that",
	    "" },
	/* A term behind 'all', and two records that say the same. */
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 mx -all ip4:198.51.100.7'\n",
	    "spf-all-not-last", "",
	    "'v=spf1 mx ip4:198.51.100.7 -all' at example.com.", "" },
	{ REST KEY "_dmarc TXT 'v=DMARC1; p=none; rua=mailto:d@example.com'\n"
	           "_dmarc TXT 'v=DMARC1;p=none;rua=mailto:d@example.com;'\n",
	    "dmarc-multiple-records", "",
	    "they say the same: in place of all 2 records publish 'v=DMARC1",
	    "" },
	/* Two records of SPF, which become one. */
	{ ZONE MX DMARC KEY SPF "@ TXT 'v=spf1 ip4:198.51.100.7 ~all'\n"
	                        "@ TXT 'MS=ms1'\n",
	    "spf-multiple-records", "",
	    "in place of all 2 SPF records publish 'v=spf1 ip4:198.51.100.7 "
	    "mx -all' at example.com.",
	    "" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 include:a.example.com ~all'\n"
	                    "@ TXT 'v=spf1 a ?all'\n@ TXT 'v=spf1 mx'\n"
	                    "a TXT 'v=spf1 ip4:198.51.100.9 -all'\n",
	    "spf-multiple-records", "",
	    "in place of all 3 SPF records publish 'v=spf1 ", "" },
	/* DKIM */
	{ REST DMARC "s1._domainkey TXT '" KEY_HEAD "'\n"
	             "s1._domainkey TXT '" KEY_TAIL "'\n",
	    "txt-pieces", "", KEY_HEAD KEY_TAIL, "" },
	{ REST DMARC "s1._domainkey TXT '" KEY_TAIL "'\n"
	             "s1._domainkey TXT '" KEY_HEAD "'\n",
	    "txt-pieces", "dmarc-reject-needs-dkim", KEY_HEAD KEY_TAIL, "" },
	{ REST DMARC "@ TXT 's1._domainkey ' '" KEY_HEAD "' '" KEY_TAIL "'\n",
	    "txt-name-in-text", "dkim-key-missing dmarc-reject-needs-dkim",
	    KEY_HEAD KEY_TAIL, "" },
	{ REST DMARC "s1._domainkey TXT 's1.dkim.provider.example'\n"
	             "zone provider.example\ns1.dkim TXT '" KEY_HEAD
	             "' '" KEY_TAIL "'\n",
	    "txt-host-name",
	    "dkim-not-a-key dkim-key-missing dmarc-reject-needs-dkim",
	    "'s1._domainkey.example.com. CNAME s1.dkim.provider.example.'",
	    "" },
	{ REST DMARC "s1._domainkey CNAME s1.dkim.provider.example\n"
	             "zone provider.example\ns1.dkim TXT '" KEY_HEAD
	             "' '" KEY_TAIL "'\n",
	    "dns-final-dot-missing",
	    "dns-cname-dangling dkim-cname-dangling dkim-key-missing",
	    "'s1._domainkey.example.com. CNAME s1.dkim.provider.example.'",
	    "" },
	/* A key in the frame of its file, and with a blank inside. */
	{ REST DMARC "s1._domainkey TXT '" KEY_TAGS
	             "-----BEGIN PUBLIC KEY-----' '" KEY_P "' '" KEY_TAIL
	             "' '-----END PUBLIC KEY-----'\n",
	    "dkim-p-pem", "", KEY_HEAD KEY_TAIL, "" },
	{ REST DMARC "s1._domainkey TXT '" KEY_HEAD "' ' " KEY_TAIL "'\n",
	    "txt-join-space-lost", "", KEY_HEAD KEY_TAIL, "" },
	/* A record behind an alias is published where the alias leads. */
	{ REST KEY "_dmarc CNAME d\nd TXT 'v=DMARC1\\\\; p=none\\\\; "
	           "rua=mailto:d@example.com'\n",
	    "tag-backslash-semicolon", "dmarc-version-near-miss dmarc-missing",
	    "' at d.example.com., where the alias leads; if that is not your "
	    "zone, ask its operator, or publish it in place of the alias "
	    "(CNAME)",
	    "" },
	{ REST KEY "_dmarc CNAME d\nd TXT 'v=DMARC1; p=rejct; "
	           "rua=mailto:d@example.com'\n",
	    "dmarc-p-invalid", "", "' at d.example.com., where the alias", "" },
	{ REST DMARC "s1._domainkey CNAME k\nk TXT 'v=DKIM1 k=rsa p=" KEY_P
	             "' '" KEY_TAIL "'\n",
	    "tag-separator-wrong", "", "' at k.example.com. (in a zone file",
	    "" },
	{ REST KEY "_dmarc CNAME web\nweb A 198.51.100.80\n", "dmarc-missing",
	    "",
	    "' at _dmarc.example.com., in place of an alias (CNAME) of this "
	    "very name (that mailbox",
	    "" },
	{ REST KEY "* CNAME @\n", "dmarc-missing", "",
	    "' at _dmarc.example.com. (that mailbox", "" },
	/* TLS reporting and MTA-STS: a whole record */
	{ REST KEY DMARC "_smtp._tls TXT 'v=TLSRPTv1'\n", "tlsrpt-version", "",
	    "'v=TLSRPTv1; rua=mailto:tls-reports@example.com' at "
	    "_smtp._tls.example.com.",
	    "" },
	{ REST KEY DMARC "_smtp._tls TXT 'v=TLSRPTv1;'\n", "tlsrpt-rua-missing",
	    "", "'v=TLSRPTv1; rua=mailto:tls-reports@example.com' at ", "" },
	{ REST KEY DMARC "_smtp._tls TXT 'v=TLSRPTv1; rua='\n",
	    "tlsrpt-rua-invalid", "tlsrpt-rua-missing",
	    "'v=TLSRPTv1; rua=mailto:tls-reports@example.com' at ", "" },
	{ REST KEY DMARC "_smtp._tls TXT 'v=TLSRPT1; rua=d@example.com'\n",
	    "tlsrpt-version", "", "'v=TLSRPTv1; rua=mailto:d@example.com' at ",
	    "" },
	{ REST KEY DMARC STS_HOST "_mta-sts TXT 'v=STSv1'\n", "mtasts-version",
	    "", "'v=STSv1; id=1' at _mta-sts.example.com.", "" },
	{ REST KEY DMARC STS_HOST "_mta-sts TXT 'v=STSv1;'\n",
	    "mtasts-id-missing", "", "'v=STSv1; id=1' at _mta-sts.", "" },
	{ REST KEY DMARC STS_HOST "_mta-sts TXT 'v=STSv1; id=2026-01-02'\n",
	    "mtasts-id-invalid", "", "'v=STSv1; id=20260102' at _mta-sts.",
	    "" },
	/* MX */
	{ ZONE SPF DMARC KEY "@ MX 0 0.\n", "mx-null-miswritten", "",
	    "'example.com. MX 0 .'", "mx-null-on-sender role-contradicted" },
	{ ZONE SPF DMARC KEY "@ MX 10 mail.\n", "mx-single-label", "",
	    "'example.com. MX 10 mail.example.com.'", "" },
	{ ZONE SPF DMARC KEY "@ MX 10 198.51.100.25\n", "mx-address-as-name",
	    "mx-unresolvable mx-all-unresolvable",
	    "'mail.example.com. A 198.51.100.25' and "
	    "'example.com. MX 10 mail.example.com.'",
	    "" },
	{ ZONE SPF DMARC KEY "@ MX 10 mail.example.com\n",
	    "mx-trailing-dot-missing", "mx-unresolvable mx-all-unresolvable",
	    "'example.com. MX 10 mail.example.com.'", "" },
};

/* The report's JSON of a finding; the test fails when it is not there. */
static const json_t *
finding(const struct asked *a, const char *code)
{
	json_t *list = json_object_get(a->json, "findings"), *f;
	size_t i;

	json_array_foreach(list, i,
	    f) if (strcmp(text_at(f, "code"), code) == 0) return f;
	ck_abort_msg("%s is not there", code);
	return NULL;
}

/* Write a line that takes away what a name has in the script: a word drops what
 * is there only. */
static void
drop(char *more, size_t room, const char *script, const char *name,
    const char *type)
{
	char line[320], rest[16];
	size_t n = strlen(name), zone = strlen(".example.com.");

	if (strcmp(name, "example.com.") == 0)
		snprintf(line, sizeof(line), "\n@ %s", type);
	else if (n > zone)
		snprintf(line, sizeof(line), "\n%.*s ", (int)(n - zone), name);
	snprintf(rest, sizeof(rest), " %s",
	    strcmp(name, "example.com.") == 0 ? type : "");
	if (strstr(script, line) != NULL)
		snprintf(more + strlen(more), room - strlen(more),
		    "drop %s%s\n", name, rest);
}

/* Write lines that put the quoted record into the zone, in place of those of
 * its name: "'NAME TYPE DATA'", or "'TEXT' at NAME". */
static void
publish(char *more, size_t room, const char *script, const char *record,
    size_t n, const char *rest)
{
	char line[2048], name[300] = "", type[16] = "TXT";

	snprintf(line, sizeof(line), "%.*s", (int)n, record);
	if (sscanf(line, "%299s %15s", name, type) == 2 &&
	    name[strlen(name) - 1] == '.') {
		drop(more, room, script, name, type);
		snprintf(more + strlen(more), room - strlen(more), "%s\n",
		    line);
		return;
	}
	if (sscanf(rest, "' at %299[^ ;,]", name) != 1)
		return;
	drop(more, room, script, name, "TXT");
	snprintf(more + strlen(more), room - strlen(more),
	    "%s TXT '%.200s' '%s'\n", name, line,
	    strlen(line) > 200 ? line + 200 : "");
}

/* The records of all remedies of causes. */
static void
publish_all(const struct asked *a, const char *script, char *more, size_t room)
{
	json_t *list = json_object_get(a->json, "findings"), *f;
	size_t i;

	json_array_foreach(list, i, f)
	{
		const char *at = text_at(f, "remedy"), *end;

		if (json_object_get(f, "follows") != NULL ||
		    strstr(at, "publish '") == NULL)
			continue;
		for (at = strchr(at, '\''); at != NULL;
		     at = strchr(end + 1, '\'')) {
			end = strchr(at + 1, '\'');
			ck_assert_ptr_nonnull(end);
			publish(more, room, script, at + 1,
			    (size_t)(end - at) - 1, end);
		}
	}
}

/* No finding fails but those of `codes` and consequences. */
static void
expect_quiet(const struct asked *a, const char *codes)
{
	json_t *list = json_object_get(a->json, "findings"), *f;
	size_t i;

	json_array_foreach(list, i, f)
	{
		const char *code = text_at(f, "code");

		if (json_object_get(f, "follows") != NULL ||
		    strcmp(text_at(f, "severity"), "fail") != 0)
			continue;
		EXPECT(strstr(codes, code) != NULL, "%s: %s", code,
		    text_at(f, "message"));
	}
}

START_TEST(followed)
{
	char more[8192] = "", folded[256], *word, *rest = folded;
	/* A selector shows that the domain sends. */
	const char *check =
	    strstr(rows[_i].script, "MX") != NULL ? CHECK : BARE;
	struct asked a;

	ask_open(&a, rows[_i].script, NULL);
	ask(&a, check);
	expect_codes(&a, rows[_i].cause);
	EXPECT(json_object_get(finding(&a, rows[_i].cause), "follows") == NULL,
	    "%s follows", rows[_i].cause);
	EXPECT(strstr(text_at(finding(&a, rows[_i].cause), "remedy"),
	           rows[_i].published) != NULL,
	    "%s: %s", rows[_i].cause,
	    text_at(finding(&a, rows[_i].cause), "remedy"));
	snprintf(folded, sizeof(folded), "%s", rows[_i].folded);
	while ((word = strtok_r(rest, " ", &rest)) != NULL)
		EXPECT(json_object_get(finding(&a, word), "follows") != NULL,
		    "%s does not follow", word);
	expect_quiet(&a, rows[_i].cause);
	publish_all(&a, rows[_i].script, more, sizeof(more));
	ask_close(&a);
	ck_assert_str_ne(more, "");

	ask_open(&a, rows[_i].script, more);
	ask(&a, check);
	expect_quiet(&a, rows[_i].announced);
	expect_no_codes(&a, rows[_i].cause);
	ask_close(&a);
}
END_TEST

/* A wildcard that leads to itself, whoever sends; the record beside it, mended as
 * the remedy says. */
static const struct {
	const char *wildcard, *records, *term;
} circles[] = {
	{ "*._spf TXT 'v=spf1 include:%{ir}.%{d}._spf.example.com -all'\n",
	    "@ TXT 'v=spf1 mx include:%{ir}.%{d}._spf.example.com -all'\n",
	    "include:%{ir}.%{d}._spf.example.com" },
	{ "*._spf TXT 'v=spf1 mx include:%{d}._spf.example.com -all'\n",
	    "@ TXT 'v=spf1 mx include:%{d}._spf.example.com -all'\n",
	    "include:%{d}._spf.example.com" },
	{ "*._spf TXT 'v=spf1 redirect=%{i}.x._spf.example.com'\n",
	    "@ TXT 'v=spf1 mx include:%{i}._spf.example.com -all'\n",
	    "include:%{i}._spf.example.com" },
	{ "*._spf TXT 'v=spf1 include:%{i}._spf.example.com -all'\n",
	    "@ TXT 'v=spf1 mx include:mid.example.com -all'\n"
	    "mid TXT 'v=spf1 include:%{i}._spf.example.com -all'\n",
	    "include:%{i}._spf.example.com" },
};

START_TEST(circle)
{
	const char *term = circles[_i].term, *records = circles[_i].records;
	const char *at = strstr(records, term);
	char script[4096], mended[4096], remedy[512];
	struct asked a;

	snprintf(script, sizeof(script), ZONE MX DMARC KEY "%s%s",
	    circles[_i].wildcard, records);
	snprintf(mended, sizeof(mended),
	    ZONE MX DMARC KEY "%.*sip4:198.51.100.7%s", (int)(at - records),
	    records, at + strlen(term));
	snprintf(remedy, sizeof(remedy),
	    "delete the record of *._spf.example.com.; in the record of "
	    "%sexample.com. write ip4: or ip6: with the address of each sender "
	    "in place of '%s'",
	    strstr(records, "mid ") != NULL ? "mid." : "", term);
	ask_open(&a, script, NULL);
	ask(&a, CHECK);
	expect_codes(&a, "spf-include-loop");
	EXPECT(strcmp(text_at(finding(&a, "spf-include-loop"), "remedy"),
	           remedy) == 0,
	    "%s", text_at(finding(&a, "spf-include-loop"), "remedy"));
	ask_close(&a);
	ask_open(&a, mended, NULL);
	ask(&a, CHECK);
	expect_quiet(&a, "");
	ask_close(&a);
	ask_open(&a, mended, NULL);
	ask(&a,
	    "spf --allow-documentation --ip 198.51.100.7 --mail-from "
	    "a@example.com");
	ck_assert_str_eq(text_at(a.json, "result"), "pass");
	ask_close(&a);
}
END_TEST

/* What is a cause, and what folds under one, each with its number. */
static const struct {
	const char *script, *words;
	const char *causes, *folded;
} folds[] = {
	/* One alias that leads nowhere. */
	{ ZONE "sub CNAME gone\n",
	    "check --profile practice --only spf,mx,address sub.example.com",
	    "dns-cname-dangling=1", "dns-cname-dangling=3" },
	{ REST KEY DMARC "_mta-sts CNAME x\n_smtp._tls CNAME x\nx CNAME gone\n"
	                 "_25._tcp.mail CNAME other\n",
	    CHECK, "dns-cname-dangling=2", "dns-cname-dangling=1" },
	/* One lookup that failed. */
	{ REST KEY "fail _dmarc TXT servfail\n", CHECK,
	    "dns-servfail=1 dmarc-temperror=0", "dmarc-temperror=1" },
	{ REST KEY "fail _dmarc TXT timeout\n", CHECK,
	    "dns-timeout=1 dmarc-temperror=0", "dmarc-temperror=1" },
	{ REST KEY "fail _dmarc TXT refused\n",
	    "dmarc --profile practice example.com",
	    "dns-refused=1 dmarc-temperror=0", "" },
	{ ZONE "sub TXT 'v=spf1 -all'\nfail _dmarc TXT servfail\n",
	    "check --profile practice sub.example.com",
	    "dns-servfail=1 dmarc-temperror=0", "dmarc-temperror=2" },
	{ REST KEY "fail _dmarc TXT servfail\n",
	    "dmarc --profile practice example.com --dkim example.com",
	    "dns-servfail=1 dmarc-temperror=0", "" },
	{ REST KEY DMARC "fail _25._tcp.mail TLSA servfail\n", CHECK,
	    "dns-servfail=1 dane-temperror=0", "dane-temperror=1" },
	/* A name of which nobody knows whether it sends mail. */
	{ ZONE "web A 198.51.100.80\n",
	    "check --allow-documentation --profile practice web.example.com",
	    "mail-use-unknown=1 dkim-absent=0 spf-missing=0 dmarc-missing=0 "
	    "mx-implicit=0",
	    "dkim-absent=1 spf-missing=1 dmarc-missing=1 mx-implicit=1" },
	{ "zone example.com\nns A 198.51.100.53\n",
	    "check --profile bulk-sender example.com",
	    "mail-use-unknown=1 mx-missing=0", "mx-missing=1" },
	{ "zone example.com\nns A 198.51.100.53\n",
	    "check --profile practice --only spf example.com",
	    "mail-use-unknown=0 spf-missing=1", "" },
	{ "zone example.com\nns A 198.51.100.53\n",
	    "check --profile practice --selector s1 example.com",
	    "mail-use-unknown=0 spf-missing=1", "" },
	{ "zone example.com\nns A 198.51.100.53\n",
	    "check --profile rfc example.com",
	    "mail-use-unknown=0 spf-missing=1", "" },
	/* A record that is broken, tried for a host. */
	{ ZONE "@ TXT 'v=spf1 include:%{i}._spf.example.com -all'\n"
	       "*._spf TXT 'v=spf1 include:%{i}._spf.example.com -all'\n",
	    "spf --ip 198.51.100.7 example.com",
	    "spf-include-loop=1 spf-eval-permerror=0", "spf-eval-permerror=1" },
	{ ZONE "@ TXT 'v=spf1 mx -all'\n@ TXT 'v=spf1 a -all'\n",
	    "spf --ip 198.51.100.7 example.com",
	    "spf-multiple-records=1 spf-eval-permerror=0",
	    "spf-eval-permerror=1" },
	{ ZONE "h A 198.51.100.4\n@ TXT 'v=spf1 a:h.example.com "
	       "a:h.example.com a:h.example.com ip6:2001:db8::7 -all'\n",
	    "spf --ip 2001:db8::7 example.com", "spf-eval-permerror=1", "" },
	/* An alias that leads to where nothing can be proved. */
	{ "zone . secure\nzone com secure\nzone provider.example indeterminate\n"
	  "dmarc TXT 'v=DMARC1; p=reject; rua=mailto:r@example.com'\n"
	  "zone example.com secure\n_dmarc CNAME dmarc.provider.example.\n",
	    "check --profile practice --only dmarc example.com",
	    "dnssec-chain-mixed=1 dnssec-indeterminate=0",
	    "dnssec-indeterminate=1" },
	/* A wildcard at a selector, with a key at another one. */
	{ REST KEY DMARC "*._domainkey TXT 'hello'\n",
	    "check --allow-documentation --profile practice --selector no "
	    "example.com",
	    "dkim-selector-mismatch=1 dkim-not-a-key=0 "
	    "dns-wildcard-pollution=0",
	    "dkim-not-a-key=1 dns-wildcard-pollution=1" },
	/* Reports to a domain that takes no mail. */
	{ ZONE "@ MX 0 .\n@ TXT 'v=spf1 -all'\n" DMARC,
	    "check --profile practice example.com", "dmarc-rua-no-mail=1",
	    "x-rua-unreachable=1" },
	/* That nobody takes mail at a name of a wildcard needs no word. */
	{ ZONE "* MX 0 .\n* TXT 'v=spf1 -all'\n",
	    "check --profile practice sub.example.com",
	    "mx-null=1 mx-wildcard=0", "" },
	{ ZONE "* MX 10 mail\n", "check --profile practice sub.example.com",
	    "mx-wildcard=1", "" },
	{ ZONE "* TXT 'v=spf1 -all'\n",
	    "check --profile practice sub.example.com", "spf-wildcard=0", "" },
	{ ZONE "* TXT 'v=spf1 mx -all'\n",
	    "check --profile practice sub.example.com", "spf-wildcard=1", "" },
	/* SPF: a loop, one term in two words, one word found twice. */
	{ ZONE MX DMARC "@ TXT 'v=spf1 redirect=example.com'\n",
	    "check --only spf example.com", "spf-include-self=1",
	    "spf-redirect-target-none=1" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 include: _s.example.com -all'\n",
	    "check --only spf example.com", "spf-include-no-domain=1",
	    "spf-syntax-error=1" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 include: mx _s.example.com -all'\n",
	    "check --only spf example.com",
	    "spf-include-no-domain=1 spf-syntax-error=1", "" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 mx ?all ~all'\n",
	    "check --only spf example.com",
	    "spf-all-multiple=1 spf-all-neutral=1", "spf-all-not-last=1" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 mx ~all a ~all'\n",
	    "check --only spf example.com",
	    "spf-all-multiple=1 spf-all-not-last=1", "" },
	/* SPF: terms that find nothing, and why. */
	{ ZONE MX DMARC "@ TXT 'v=spf1 mx a:gone.example.com -all'\n",
	    "check --only spf example.com", "spf-a-bare-host-missing=1",
	    "spf-void-lookups=1" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 mx include:gone.example.com -all'\n",
	    "check --only spf example.com", "spf-include-target-none=1",
	    "spf-void-lookups=1" },
	{ ZONE "@ MX 10 mail.example.com.example.com.\n"
	       "@ TXT 'v=spf1 mx -all'\n" DMARC,
	    "check --only spf,mx example.com", "mx-trailing-dot-missing=1",
	    "spf-void-lookups=1" },
	{ ZONE "@ MX 10 mail.example.com.example.com.\n"
	       "@ TXT 'v=spf1 mx a:gone.example.com -all'\n" DMARC,
	    "check --only spf,mx example.com",
	    "mx-trailing-dot-missing=1 spf-void-lookups=1", "" },
	/* Strings that join without a space. */
	{ ZONE MX DMARC
	    "@ TXT 'v=spf1 include:a.example.com' 'include:b.example.com "
	    "-all'\n",
	    "check --only spf example.com", "txt-join-space-lost=1",
	    "spf-target-no-name=1" },
	/* A name beside the domain that is locked is no misplaced record. */
	{ ZONE MX DMARC "www TXT 'v=spf1 -all'\n",
	    "check --only spf example.com",
	    "spf-missing=1 spf-wrong-location=0", "" },
	{ ZONE MX DMARC "www TXT 'v=spf1 redirect=_s.example.com'\n",
	    "check --only spf example.com",
	    "spf-missing=0 spf-wrong-location=1", "spf-missing=1" },
	/* SPF: one place of the text, and terms of a record that is included. */
	{ ZONE MX DMARC
	    "@ TXT 'v=spf1 mx include:https://a.example.com/ -all'\n",
	    "check --only spf example.com", "spf-target-no-name=1",
	    "spf-domain-spec-invalid=1" },
	{ ZONE MX DMARC "@ TXT 'v=spf1 mx include:_s.example.com -all'\n"
	                "_s TXT 'v=spf1 include:gone.example.com -all'\n",
	    "check --only spf example.com", "spf-include-target-none=1",
	    "spf-void-lookups=1" },
	{ ZONE MX DMARC KEY "@ TXT 'v=spf1 include:gone.example.com -all'\n",
	    "check --allow-documentation --profile practice --selector s1 "
	    "example.com",
	    "spf-include-target-none=1", "spf-nobody-passes=1" },
	/* A wildcard that revokes all keys but one, or all. */
	{ REST DMARC "mail._domainkey TXT '" KEY_HEAD "' '" KEY_TAIL
	             "'\n*._domainkey TXT 'v=DKIM1; p='\n",
	    BARE, "dkim-key-unused=0 dkim-revoked=0", "" },
	{ REST DMARC "*._domainkey TXT 'v=DKIM1; p='\n", BARE,
	    "dkim-key-unused=1", "dkim-revoked=1" },
	/* A null MX beside 'mx'. */
	{ ZONE DMARC KEY "@ MX 0 .\n@ TXT 'v=spf1 a mx -all'\n",
	    "check --allow-documentation --profile practice example.com",
	    "mx-null-on-sender=1", "spf-mx-null=1" },
	/* A subdomain without mail, below a policy that only watches. */
	{ REST KEY "_dmarc TXT 'v=DMARC1; p=none; rua=mailto:d@example.com'\n"
	           "sub MX 0 .\nsub TXT 'v=spf1 -all'\n",
	    "check --profile practice sub.example.com", "parked-dmarc-weak=1",
	    "dmarc-p-none=1 dmarc-inherited-weak=1" },
	/* DMARC: a ';' is missing. */
	{ REST KEY "_dmarc TXT 'v=DMARC1; p=reject rua=mailto:d@example.com'\n",
	    "check --only dmarc example.com", "tag-separator-wrong=1",
	    "dmarc-p-invalid=1 dmarc-rua-missing=1" },
	/* DKIM: the cause at one selector, while another has a key. */
	{ REST DMARC KEY "s2._domainkey TXT 's2.dkim.example.net'\n",
	    CHECK " --selector s2", "txt-host-name=1",
	    "dkim-selector-mismatch=1 dkim-not-a-key=1" },
	{ REST DMARC "@ TXT 's1._domainkey ' '" KEY_HEAD "' '" KEY_TAIL "'\n",
	    BARE, "txt-name-in-text=1", "dkim-absent=1" },
	{ REST DMARC "s1._domainkey TXT '\\\"v=DKIM1; k=rsa; p=' '" KEY_P
	             "\\\" \\\"' '" KEY_TAIL "\\\"'\n",
	    CHECK, "txt-quoted-literal=1",
	    "tag-syntax=1 dkim-p-base64-invalid=1" },
	/* Quotes in the text. */
	{ ZONE MX DMARC "@ TXT '\\\"v=spf1 mx -all\\\"'\n",
	    "check --only spf example.com", "txt-quoted-literal=1",
	    "spf-version-near-miss=1" },
	/* A null MX beside others has one fault. */
	{ ZONE "@ MX 10 .\n@ MX 20 mail\n", "check --only mx example.com",
	    "mx-null-mixed=1", "mx-null-nonzero=1" },
	{ ZONE "@ MX 10 .\n", "check --only mx example.com",
	    "mx-null-nonzero=1", "" },
	/* Addresses of a network inside, with one outside beside them. */
	{ ZONE "@ A 10.1.2.3\n@ MX 10 mx\nmx A 198.41.0.4\n",
	    "check --only mx,address example.com", "dns-internal-view=1",
	    "dns-nonpublic-address=1" },
	{ ZONE "@ A 127.0.0.1\n@ MX 10 mx\nmx A 10.1.2.3\nmx A 198.41.0.4\n",
	    "check --only mx,address example.com",
	    "dns-internal-view=1 dns-nonpublic-address=1",
	    "dns-nonpublic-address=1" },
	/* DMARC: what a wrong tag leaves missing. */
	{ ZONE "_dmarc TXT 'v=DMARC1; policy=reject; "
	       "rua=mailto:d@example.com'\n",
	    "check --only dmarc example.com", "dmarc-tag-typo=1",
	    "dmarc-p-missing=1" },
	{ ZONE "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:d@example.com; "
	       "mailto:e@example.com'\n",
	    "check --only dmarc example.com", "dmarc-uri-separator=1",
	    "dmarc-syntax-ignored=1" },
	/* DKIM: commas in place of semicolons. */
	{ ZONE "s1._domainkey TXT 'v=DKIM1, k=rsa, p=AAAA'\n",
	    "check --only dkim --selector s1 example.com",
	    "tag-separator-wrong=1", "dkim-v-invalid=1 dkim-p-missing=1" },
};

static int
count_of(const struct asked *a, const char *code, size_t n, bool follows)
{
	json_t *list = json_object_get(a->json, "findings"), *f;
	int found = 0;
	size_t i;

	json_array_foreach(list, i, f)
	{
		const char *of = text_at(f, "code");

		found += strlen(of) == n && strncmp(of, code, n) == 0 &&
		    (json_object_get(f, "follows") != NULL) == follows;
	}
	return found;
}

static void
expect_counts(const struct asked *a, const char *codes, bool follows)
{
	for (const char *p = codes; *p != '\0';) {
		size_t n = strcspn(p, "=");
		int found = count_of(a, p, n, follows);

		EXPECT(found == atoi(p + n + 1), "%s: %d, %s", p, found,
		    follows ? "folded" : "causes");
		p += strcspn(p, " ");
		p += *p == ' ';
	}
}

START_TEST(folded)
{
	struct asked a;

	ask_open(&a, folds[_i].script, NULL);
	ask(&a, folds[_i].words);
	expect_counts(&a, folds[_i].causes, false);
	expect_counts(&a, folds[_i].folded, true);
	ask_close(&a);
}
END_TEST

/* Texts at one name that are no pieces, or in no certain order. */
static const struct {
	const char *script, *record;
} apart[] = {
	{ "@ TXT 'v=spf1 mx -all'\n@ TXT 'include:a.example.com'\n", NULL },
	{ "@ TXT 'v=spf1 mx'\n@ TXT 'hello all'\n", NULL },
	{ "@ TXT 'v=spf1 mx'\n@ TXT 'MS=ms1234'\n@ TXT 'a=b'\n", NULL },
	{ "@ TXT 'v=spf1 mx'\n@ TXT '+all'\n", NULL },
	{ "@ TXT 'v=spf1 mx'\n@ TXT 'exists:mail.example.com'\n", NULL },
	{ "@ TXT 'v=spf1 mx'\n@ TXT '-ip4:198.51.100.7'\n"
	  "@ TXT 'ip4:198.51.100.0/24'\n",
	    "" },
	{ "@ TXT '.2 mx -all'\n@ TXT 'v=spf1 include:_spf.exam'\n"
	  "@ TXT 'ple.com ip4:198.51.100.7 ip4:198.51.100'\n",
	    "'v=spf1 include:_spf.example.com ip4:198.51.100.7 ip4:198.51.100.2 "
	    "mx -all' at" },
	{ "@ TXT 'v=spf1 mx'\n@ TXT 'include:a.example.com is wrong'\n", NULL },
	{ "@ TXT 'v=spf1 mx ip4:198.51.100.'\n@ TXT '2'\n@ TXT '-all'\n",
	    "'v=spf1 mx ip4:198.51.100.2 -all' at" },
};

START_TEST(pieces_apart)
{
	static const char *const codes[] = { "txt-pieces", "txt-piece-beside" };
	const char *remedy = NULL;
	char script[4096];
	struct asked a;

	snprintf(script, sizeof(script), "%s%s", ZONE MX DMARC KEY,
	    apart[_i].script);
	ask_open(&a, script, NULL);
	ask(&a, CHECK);
	for (size_t i = 0; i < 2; i++)
		if (has_code(&a, codes[i]))
			remedy = text_at(finding(&a, codes[i]), "remedy");
	ck_assert_int_eq(remedy != NULL, apart[_i].record != NULL);
	if (remedy != NULL && apart[_i].record[0] != '\0')
		EXPECT(strstr(remedy, apart[_i].record) != NULL, "%s", remedy);
	else if (remedy != NULL)
		EXPECT(strchr(remedy, '\'') == NULL, "%s", remedy);
	ask_close(&a);
}
END_TEST

/* A broken text, and the record in the remedy; NULL when none is certain. */
static const struct {
	const char *text, *repaired;
} texts[] = {
	{ "v=DMARC1\\; p=none\\; rua=mailto:d@example.com",
	    "v=DMARC1; p=none; rua=mailto:d@example.com" },
	{ "v=DMARC1\\\\; p=reject\\\\; rua=mailto:d@example.com\\\\;",
	    "v=DMARC1; p=reject; rua=mailto:d@example.com" },
	{ "v=dmarc1;p=reject", "v=DMARC1; p=reject" },
	{ "v=DMARC 1; p=reject", "v=DMARC1; p=reject" },
	{ "v:DMARC1; p=reject", "v=DMARC1; p=reject" },
	{ "p=reject; rua=mailto:d@example.com; v=DMARC1",
	    "v=DMARC1; p=reject; rua=mailto:d@example.com" },
	{ "\xe2\x80\x9cv=DMARC1; p=reject\xe2\x80\x9d", "v=DMARC1; p=reject" },
	{ "_dmarc: v=DMARC1; p=reject", "v=DMARC1; p=reject" },
	{ "_dmarc.example.com. 3600 IN TXT v=DMARC1 p=reject",
	    "v=DMARC1; p=reject" },
	{ "v=TLSRPTv1 rua=mailto:a@example.com",
	    "v=TLSRPTv1; rua=mailto:a@example.com" },
	{ "v=TLSRPT1; rua=a@example.com",
	    "v=TLSRPTv1; rua=mailto:a@example.com" },
	{ "v=TLSRPTv1; rua=mailto:a@example.com,b@example.com",
	    "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com" },
	{ "v=STSv1 id=20260101", "v=STSv1; id=20260101" },
	{ "v=STSv1\\; id=20260101\\;", "v=STSv1; id=20260101" },
	/* Any id= that is new does. */
	{ "v=STSv1; id=", "v=STSv1; id=1" },
	{ "v=STSv1; id=2026.01-01", "v=STSv1; id=20260101" },
	{ "v=TLSRPTv1", "v=TLSRPTv1; rua=mailto:tls-reports@example.com" },
	{ "v=TLSRPTv1; rua=a@", NULL },
	{ "v=BIMI1\\; l=https://example.com/l.svg",
	    "v=BIMI1; l=https://example.com/l.svg" },
	/* A policy with a slip of the pen, and one that might be any. */
	{ "v=DMARC1\\; p=rejct\\; rua=mailto:d@example.com",
	    "v=DMARC1; p=reject; rua=mailto:d@example.com" },
	{ "v=DMARC1; p=quarentine; sp=Rejekt",
	    "v=DMARC1; p=quarantine; sp=reject" },
	/* Values that receivers ignore are left out. */
	{ "v=DMARC1; p=quarentine; sp=rejct; pct=200",
	    "v=DMARC1; p=quarantine; sp=reject" },
	{ "v=DMARC1; p=rejct; pct=50; t=yes; psd=1; fo=1",
	    "v=DMARC1; p=reject; pct=50; fo=1" },
	{ "v=DMARC1; p=quar", "v=DMARC1; p=quarantine" },
	{ "v=DMARC1; p=nonee", "v=DMARC1; p=none" },
	{ "v=DMARC1; p=block", NULL },
	{ "v=DMARC1; p=re", NULL },
	{ "v=DMARC1; p=no", NULL },
	/* Names of tags, and marks behind them. */
	{ "v=DMARC1; policy=reject", "v=DMARC1; p=reject" },
	{ "v=DMARC1; policy=reject; p=none", NULL },
	{ "v=DMARC1; p=reject; rux=mailto:d@example.com", NULL },
	{ "v=DMARC1; p: reject; rua: mailto:d@example.com",
	    "v=DMARC1; p=reject; rua=mailto:d@example.com" },
	/* Report addresses. */
	{ "v=DMARC1; p=reject; rua=mailto:a@example.com; mailto:b@example.com",
	    "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com" },
	{ "v=DMARC1; p=reject; rua=mailto:a@example.com;b@example.com",
	    "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com" },
	{ "v=DMARC1; p=reject; rua=mailto:<a@example.com>",
	    "v=DMARC1; p=reject; rua=mailto:a@example.com" },
	{ "v=DMARC1; p=reject; rua=mailto:a@example.com.",
	    "v=DMARC1; p=reject; rua=mailto:a@example.com" },
	{ "v=TLSRPTv1; rua=mailto:a@example.com.",
	    "v=TLSRPTv1; rua=mailto:a@example.com" },
	{ "v=DMARC1\\; p=reject\\; p=none", NULL },
	{ "v=DMARC2; v=DMARC1", NULL },
};

START_TEST(text)
{
	char why[MAILAUTH_WHY_MAX], quoted[512];
	const struct mailauth_finding_view *f;
	struct mailauth_report *r;
	bool found = false;

	snprintf(quoted, sizeof(quoted), "publish '%s'",
	    texts[_i].repaired != NULL ? texts[_i].repaired : "v=");
	ck_assert_int_eq(mailauth_parse(NULL, texts[_i].text,
	                     strlen(texts[_i].text), &r, why),
	    MAILAUTH_OK);
	for (size_t i = 0; (f = mailauth_report_finding(r, i)) != NULL; i++)
		found = found ||
		    (f->remedy != NULL &&
		        strncmp(f->remedy, quoted,
		            strlen(quoted) - (texts[_i].repaired == NULL)) ==
		            0 &&
		        strcmp(f->code, "dmarc-missing") != 0);
	EXPECT(found == (texts[_i].repaired != NULL), "%s", texts[_i].text);
	mailauth_report_free(r);
}
END_TEST

/* Several records of SPF that are not joined, and why. */
static const struct {
	const char *script, *remedy;
} apart_spf[] = {
	{ "@ TXT 'v=spf1 ip4:198.51.100.0/24 -all'\n"
	  "@ TXT 'v=spf1 -ip4:198.51.100.7 mx -all'\n",
	    "decide who may send, since 'ip4:198.51.100.0/24' is in one record "
	    "and '-ip4:198.51.100.7' in another; then merge" },
	{ "@ TXT 'v=spf1 mx -all'\n@ TXT 'v=spf1 ipv4:198.51.100.7 -all'\n",
	    "correct the record 'v=spf1 ipv4:198.51.100.7 -all' first, then" },
	{ "@ TXT 'v=spf1 a:a.example.com a:b.example.com a:c.example.com "
	  "a:d.example.com a:e.example.com a:f.example.com -all'\n"
	  "@ TXT 'v=spf1 mx:a.example.com mx:b.example.com mx:c.example.com "
	  "mx:d.example.com mx:e.example.com -all'\n",
	    "together they need more than ten lookups" },
	/* ~all would be weaker than what redirect= leads to may be. */
	{ "@ TXT 'v=spf1 mx ~all'\n@ TXT 'v=spf1 redirect=r.example.com'\n"
	  "r TXT 'v=spf1 ip4:198.51.100.7 -all'\n",
	    "one record leaves other senders to redirect=: put an 'all' in its "
	    "place, with an include: in front, then merge" },
};

START_TEST(not_joined)
{
	char script[1024];
	struct asked a;

	snprintf(script, sizeof(script), "%s%s", ZONE MX, apart_spf[_i].script);
	ask_open(&a, script, NULL);
	ask(&a, CHECK);
	EXPECT(strstr(text_at(finding(&a, "spf-multiple-records"), "remedy"),
	           apart_spf[_i].remedy) != NULL,
	    "%s", text_at(finding(&a, "spf-multiple-records"), "remedy"));
	ask_close(&a);
}
END_TEST

/* Names that the mistake in an MX record makes: no zone file could have them. */
static const char *const no_hosts[] = { "@ MX 10 c0ba54fb141c.\n",
	"@ MX 0 0.\n", "@ MX 10 198.51.100.25.\n" };

START_TEST(no_host_is_missed)
{
	char script[512];
	struct asked a;
	json_t *x;
	size_t i;

	snprintf(script, sizeof(script), "%s%s%s", ZONE SPF DMARC, no_hosts[_i],
	    "@ NS ns.other.example.\n");
	ask_open(&a, script, NULL);
	ask(&a, CHECK);
	json_array_foreach(json_object_get(a.json, "incomplete"), i, x)
	    EXPECT(strstr(no_hosts[_i], text_at(x, "what")) == NULL &&
	            strncmp(text_at(x, "what"), "_25._tcp.", 9) != 0,
	        "%s", text_at(x, "what"));
	ask_close(&a);
}
END_TEST

Suite *
suite_causes(void)
{
	Suite *s = suite_create("causes");
	TCase *t = tcase_create("causes");

	tcase_add_loop_test(t, followed, 0, COUNT(rows));
	tcase_add_loop_test(t, circle, 0, sizeof(circles) / sizeof(circles[0]));
	tcase_add_loop_test(t, not_joined, 0, COUNT(apart_spf));
	tcase_add_loop_test(t, no_host_is_missed, 0, COUNT(no_hosts));
	tcase_add_loop_test(t, folded, 0, COUNT(folds));
	tcase_add_loop_test(t, pieces_apart, 0, COUNT(apart));
	tcase_add_loop_test(t, text, 0, COUNT(texts));
	suite_add_tcase(s, t);
	return s;
}
