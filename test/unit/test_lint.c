/*
 * test_lint.c - zones judged as a whole, and the places of what is found
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <string.h>

#include "text.h"

#define HEAD \
	"$ORIGIN example.com.\n" \
	"@ 3600 SOA ns.example.com. h.example.com. 1 2 3 4 5\n" \
	"@ 3600 NS ns.example.com.\n" \
	"ns A 198.51.100.53\n"

/* The zones of one test, in a folder of its own. */
struct bench {
	struct mailauth_zone zones[8];
	size_t n;
	struct mailauth_lint *lint;
	char why[MAILAUTH_WHY_MAX];
};

static void
bench_open(struct bench *b)
{
	*b = (struct bench){ 0 };
	folder_open();
}

/* A zone in a file of this name; its name is that of the text or the file. */
static void
bench_octets(struct bench *b, const char *file, const char *text, size_t n)
{
	b->zones[b->n++] =
	    (struct mailauth_zone){ NULL, folder_put(file, text, n) };
}

static void
bench_zone(struct bench *b, const char *file, const char *text)
{
	bench_octets(b, file, text, strlen(text));
}

static void
bench_lint(struct bench *b, const struct mailauth_lint_request *request)
{
	const struct mailauth_options o = { .zones = b->zones, .nzones = b->n };
	enum mailauth_status status =
	    mailauth_lint(&o, request, &b->lint, b->why);
	struct mailauth_lint_finding f;

	EXPECT(status == MAILAUTH_OK, "%s", b->why);
	for (size_t i = 0; mailauth_lint_finding(b->lint, i, &f); i++)
		expect_remedy(f.code, f.remedy);
}

/* Judge example.com with these records behind HEAD. */
static void
bench_records(struct bench *b, const char *records)
{
	char text[2048];
	struct writer w = writer_of(text, sizeof(text));

	put_text(&w, HEAD);
	put_text(&w, records);
	ck_assert(!w.full);
	bench_open(b);
	bench_octets(b, "example.com.zone", text, w.used);
	bench_lint(b, NULL);
}

static void
bench_close(struct bench *b)
{
	mailauth_lint_free(b->lint);
	folder_close();
}

/* Both texts are the same, or both are NULL. */
static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The finding of this code, counted from 0. */
static bool
found(const struct bench *b, const char *code, size_t nth,
    struct mailauth_lint_finding *out)
{
	for (size_t i = 0; mailauth_lint_finding(b->lint, i, out); i++)
		if (strcmp(out->code, code) == 0 && nth-- == 0)
			return true;
	return false;
}

#define A51  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define A255 A51 A51 A51 A51 A51

/* One zone, and where a finding on it is. */
struct row {
	const char *text;
	const char *code; /* NULL: no finding of `not` */
	unsigned line, column;
	const char *name, *type; /* NULL: none */
	const char *has; /* the message has this text */
	const char * not ; /* a code that must not arise; or NULL */
};

static const struct row texts[] = {
	{ HEAD "www AAA 192.0.2.1\n", "zone-syntax", 5, 5, "www.example.com.",
	    NULL, "not a type of records: \"AAA\"", NULL },
	/* The rest of a record whose parenthesis is never closed. */
	{ HEAD "x TXT ( \"a\"\n \"b\"\n\"c\"\ny A 198.41.0.4\n",
	    "zone-parenthesis", 5, 7, NULL, NULL, "it is never closed",
	    "zone-syntax" },
	{ HEAD "x TXT ( \"a\"\n \"b\"\ny A 198.41.0.4\nz AAA 1\n",
	    "zone-syntax", 8, 3, "z.example.com.", NULL, "AAA", NULL },
	{ HEAD "x TXT ( \"a\"\n \"b\"\ny AAA 198.41.0.4\n", "zone-syntax", 7, 3,
	    "y.example.com.", NULL, "AAA", NULL },
	/* A comment of another language. */
	{ HEAD "# my host\n", "zone-syntax", 5, 1, "#.example.com.", NULL,
	    "comments begin with ';': \"#\"", NULL },
	{ HEAD "// my host\n", "zone-syntax", 5, 1, "//.example.com.", NULL,
	    "comments begin with ';': \"//\"", NULL },
	/* BIND refuses what NSD takes. */
	{ HEAD "x MX \"10\" ns\n", "zone-rdata", 5, 6, "x.example.com.", "MX",
	    ": \"10\"", "zone-syntax" },
	{ HEAD "x CNAME \"ns\"\n", "zone-rdata", 5, 9, "x.example.com.",
	    "CNAME", ": \"ns\"", NULL },
	{ HEAD "x 60 \"MX\" 10 ns\n", "zone-syntax", 5, 6, "x.example.com.",
	    "MX", ": \"MX\"", "zone-rdata" },
	{ HEAD "x \"60\" TXT \"60\"\n", "zone-syntax", 5, 3, "x.example.com.",
	    "TXT", ": \"60\"", "zone-rdata" },
	{ HEAD "x CAA 0 issue \"ca.example\"\nx HINFO \"a\" \"b\"\n", NULL, 0,
	    0, NULL, NULL, NULL, "zone-rdata" },
	{ HEAD "www A 192.0.2\nx A 192.0.2.1\n", "zone-rdata", 5, 7,
	    "www.example.com.", "A", "192.0.2", NULL },
	{ HEAD "\tTXT\t\"a\n", "zone-quote-open", 5, 6, NULL, NULL, "", NULL },
	{ HEAD "x A 192.0.2.1 )\n", "zone-parenthesis", 5, 15, NULL, NULL,
	    "nothing is open here", NULL },
	{ HEAD "x TXT v=DMARC1; p=none\n", "zone-semicolon", 5, 15,
	    "x.example.com.", "TXT", "; p=none", NULL },
	{ HEAD "x TXT v=spf1 a -all\n", "zone-unquoted", 5, 7, "x.example.com.",
	    "TXT", "", NULL },
	{ HEAD "@ 60 RRSIG A 13 2 60 20010901000000 20010801000000 1 "
	       "example.com. AAAA\n",
	    "zone-signature-expired", 5, 1, "example.com.", "RRSIG",
	    "it ended at 2001-09-01T00:00:00 UTC", NULL },
	{ HEAD "@ 60 RRSIG A 13 2 60 20010901000000 20010801000000 1 "
	       "example.com. AAAA\n"
	       "@ 60 RRSIG MX 13 2 60 20010901000000 20010801000000 1 "
	       "example.com. AAAA\n",
	    "zone-signature-expired", 5, 1, "example.com.", "RRSIG",
	    "UTC, and 1 more are not valid", NULL },
	{ HEAD "x TXT \"a\"b\"c\"\n", "zone-quotes-inside", 5, 10,
	    "x.example.com.", "TXT", "", NULL },
	{ HEAD "$ORIGN x.\n", "zone-directive", 5, 1, NULL, NULL, "$ORIGN",
	    NULL },
	{ HEAD "$GENERATE 1-x a A 192.0.2.$\n", "zone-generate", 5, 1, NULL,
	    NULL, "", NULL },
	{ HEAD "x CH TXT \"a\"\n", "zone-class", 5, 3, "x.example.com.", NULL,
	    "", NULL },
	{ HEAD "$INCLUDE no-such-file\n", "zone-include", 5, 10, NULL, NULL,
	    "no-such-file", NULL },
	{ HEAD "$INCLUDE /dev/zero\n", "zone-include", 5, 10, NULL, NULL,
	    "only files of", NULL },
	{ "\n\n", "zone-empty", 0, 0, NULL, NULL, "", NULL },
	{ ". NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n",
	    "zone-hints", 0, 0, NULL, NULL, "", "zone-soa-missing" },
};

#define MAIL \
	HEAD "@ MX 10 ns\n" \
	     "@ TXT \"v=spf1 mx -all\"\n" \
	     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n"

/* What a check finds, at its record. */
static const struct row records[] = {
	/* The term itself, also behind escapes and in a second string. */
	{ HEAD "@ MX 10 ns\n@ TXT \"v=spf1 mx ip4:192.0.2.999 -all\"\n",
	    "spf-ip4-bad-address", 6, 22, "example.com.", "TXT", "", NULL },
	{ HEAD "@ MX 10 ns\n@ TXT \"v=spf1 mx \\105p4:192.0.2.999 -all\"\n",
	    "spf-ip4-bad-address", 6, 25, "example.com.", "TXT", "", NULL },
	{ HEAD "@ MX 10 ns\n@ TXT ( \"v=spf1 mx \" ; comment\n"
	       "\t\"ip4:192.0.2.999 -all\" )\n",
	    "spf-ip4-bad-address", 7, 7, "example.com.", "TXT", "", NULL },
	/* A missing record: the domain's own line. */
	{ HEAD "@ MX 10 ns\n@ TXT \"v=spf1 mx -all\"\n", "dmarc-missing", 2, 1,
	    "_dmarc.example.com.", "TXT", "", NULL },
	/* A host that MX names: the MX record. */
	{ HEAD "@ MX 10 gone\n@ TXT \"v=spf1 mx -all\"\n", "mx-unresolvable", 5,
	    1, "example.com.", "MX", "gone.example.com", NULL },
	/* A selector is found by its name. */
	{ MAIL "s1._domainkey TXT \"v=DKIM1; p=MIGf\"\n", NULL, 0, 0, NULL,
	    NULL, NULL, "dkim-absent" },
	{ MAIL "s1._domainkey CNAME gone\n", "dkim-cname-dangling", 8, 1,
	    "s1._domainkey.example.com.", "TXT", "", NULL },
	/* Misplaced, and near misses. */
	{ MAIL "www TXT \"v=DMARC1; p=none\"\n", "dmarc-wrong-location", 8, 1,
	    "www.example.com.", "TXT", "", NULL },
	{ MAIL "s1 TXT \"v=DKIM1; p=\"\n", "txt-wrong-name", 8, 1,
	    "s1.example.com.", "TXT", "", NULL },
	{ HEAD "@ MX 10 ns\n@ TXT \"v=spf1mx -all\"\n", "spf-version-near-miss",
	    6, 8, "example.com.", "TXT", "", NULL },
	/* Names without a part in mail are silent. */
	{ MAIL "www A 192.0.2.1\nwww TXT \"hello\"\n", NULL, 0, 0, NULL, NULL,
	    NULL, "spf-missing" },
	/* What is below a delegation is not served. */
	{ MAIL "sub NS ns.sub\nns.sub A 198.51.100.1\n"
	       "x.sub TXT \"v=spf1 ip4:192.0.2.999\"\n",
	    NULL, 0, 0, NULL, NULL, NULL, "spf-ip4-bad-address" },
	/* A part of others needs no 'all'. */
	{ HEAD "@ TXT \"v=spf1 include:s.example.com -all\"\n"
	       "s TXT \"v=spf1 ip4:203.0.113.1\"\n",
	    NULL, 0, 0, NULL, NULL, NULL, "spf-no-all" },
	/* A zone that lacks its SOA record is judged all the same. */
	{ "@ TXT \"v=spf1 ip4:192.0.2.999 -all\"\n", "spf-ip4-bad-address", 1,
	    19, "example.com.", "TXT", "", NULL },
	{ "@ TXT \"v=spf1 -all\"\n", "zone-soa-missing", 1, 0, "example.com.",
	    "SOA", "", NULL },
	{ "example.com 60 SOA n. h. 1 2 3 4 5\n@ TXT \"v=spf1 -all\"\n",
	    "zone-soa-name", 1, 1, "example.com.", "SOA", "", NULL },
	{ HEAD "@ TXT \"v=spf1 -all\"\n@ TXT \"_dmarc=v=DMARC1; p=none\"\n",
	    "txt-name-in-text", 6, 1, "_dmarc.example.com.", "TXT", "", NULL },
	{ MAIL "@ TXT \"v=DMARC1; p=none\"\n", "dmarc-wrong-location", 8, 1,
	    "example.com.", "TXT", "", NULL },
	{ HEAD "@ MX 10 ns\n@ MX 20 gone\n", "mx-unresolvable", 6, 1,
	    "example.com.", "MX", "gone.example.com", NULL },
	/* Faults of the zone as a whole, also of one that lacks its SOA. */
	{ MAIL "x.example.com A 192.0.2.1\n", "zone-name-doubled", 8, 1,
	    "x.example.com.example.com.", "A", "", NULL },
	{ "x A 192.0.2.1\nx CNAME y\n", "zone-cname-beside", 2, 1,
	    "x.example.com.", "CNAME", "", NULL },
	/* A file that leads back to itself. */
	{ HEAD "$INCLUDE example.com.zone\n", "zone-include", 5, 10, NULL, NULL,
	    "includes itself", "zone-duplicate" },
	/* Types of some makers: what they give is not known. */
	{ MAIL "www ALIAS host.example.net.\n", "zone-type-private", 8, 5,
	    "www.example.com.", NULL, "ALIAS", "zone-syntax" },
	{ MAIL "www 60 AWS ALIAS A x.example.com. Z1 false\n",
	    "zone-type-private", 8, 8, "www.example.com.", NULL, "AWS",
	    "zone-syntax" },
	{ MAIL "www IN LUA A \"ifportup(443, {'192.0.2.1'})\"\n",
	    "zone-type-private", 8, 8, "www.example.com.", NULL, "LUA",
	    "zone-syntax" },
	{ MAIL "@ WINS L1 C2 ( 192.0.2.8 )\n", "zone-type-private", 8, 3,
	    "example.com.", NULL, "WINS", "zone-syntax" },
	/* When Windows made a record. */
	{ MAIL "[AGE:3600000] www 600 A 192.0.2\n", "zone-rdata", 8, 25,
	    "www.example.com.", "A", "", "zone-syntax" },
	{ MAIL "www [AGE:3600000] 600 A 192.0.2\n", "zone-rdata", 8, 25,
	    "www.example.com.", "A", "", "zone-syntax" },
	{ MAIL "www A 192.0.2.1\n\t[Aging:3600000] 600 A 192.0.2\n",
	    "zone-rdata", 9, 24, "www.example.com.", "A", "", "zone-syntax" },
	/* Another zone than the file is named after. */
	{ "$ORIGIN example.net.\n@ 60 SOA n. h. 1 2 3 4 5\n@ NS n.\n",
	    "zone-file-name", 2, 0, NULL, NULL, "example.net.",
	    "zone-soa-missing" },
	{ MAIL "x TXT \"y\" ; mailauth-ignore: no-such\n",
	    "zone-ignore-unknown", 8, 30, NULL, NULL, "no-such", NULL },
	{ MAIL "x TXT \"y\" ; mailauth-ignore: spf-no-all as, they say\n",
	    "zone-ignore-unknown", 8, 41, NULL, NULL,
	    ": \"as\", \"they\", \"say\"", NULL },
	{ HEAD "s\xc3\xa9._domainkey TXT \"v=DKIM1; p=\"\n",
	    "dkim-selector-invalid", 5, 1, "example.com.", NULL, "", NULL },
	/* One finding has all TTLs of a file that Cloudflare exported. */
	{ HEAD "@ 1 MX 10 ns\n@ 1 TXT \"v=spf1 mx -all\"\n", "zone-ttl-short",
	    5, 1, "example.com.", "MX", "and so has 1 set of records more",
	    "dns-ttl-very-low" },
	{ HEAD "@ 30 MX 10 ns\n", "dns-ttl-very-low", 5, 1, "example.com.",
	    "MX", "", "zone-ttl-short" },
	/* The type that nobody looks for is where it is, and why SPF is
	 * missing. */
	{ HEAD "@ MX 10 ns\n@ SPF \"v=spf1 mx -all\"\n", "spf-rrtype99", 6, 1,
	    "example.com.", "TXT", "", NULL },
	/* A file is what will be published, and no view of it. */
	{ HEAD "@ MX 10 m\nm A 10.0.0.5\n", "mx-nonpublic", 5, 1,
	    "example.com.", "MX", "", "dns-internal-view" },
};

static void
try_row(const struct row *row, int i)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone", row->text);
	bench_lint(&b, NULL);
	if (row->not != NULL)
		EXPECT(!found(&b, row->not, 0, &f), "row %d: %s", i, row->not );
	if (row->code != NULL && found(&b, row->code, 0, &f)) {
		EXPECT(f.line == row->line && f.column == row->column,
		    "row %d: %s at %u:%u", i, f.code, f.line, f.column);
		EXPECT(same(f.name, row->name), "row %d: %s", i, f.name);
		EXPECT(same(f.type, row->type), "row %d: %s", i, f.type);
		EXPECT(strstr(f.message, row->has) != NULL, "row %d: %s", i,
		    f.message);
		EXPECT(same(f.file, b.zones[0].file), "row %d: %s", i, f.file);
	} else {
		EXPECT(row->code == NULL, "row %d: no %s", i, row->code);
	}
	bench_close(&b);
}

START_TEST(faults)
{
	try_row(&texts[_i], _i);
}
END_TEST

/* The record to paste, whole: what was split, quoted, or belongs elsewhere. */
START_TEST(pastes)
{
	static const struct {
		const char *text, *code, *remedy;
	} rows[] = {
		{ "\n\tTXT v=spf1 mx -all\n", "zone-unquoted",
		    "publish 'ns.example.com. TXT \"v=spf1 mx -all\"'" },
		{ "_dmarc TXT v=DMARC1; p=none\n", "zone-semicolon",
		    "publish '_dmarc.example.com. TXT \"v=DMARC1; p=none\"'" },
		{ "x TXT \"" A255 "12\"\n", "txt-string-over-255",
		    "publish 'x.example.com. TXT \"" A255 "\" \"12\"'" },
		{ "$ORIGIN example.com\n", "zone-name-doubled",
		    "write '$ORIGIN example.com.'" },
		{ "dmarc.x TXT \"v=DMARC1; p=none\"\n", "dmarc-wrong-location",
		    "publish '_dmarc.x.example.com. TXT \"v=DMARC1; p=none\"' "
		    "and delete it here" },
		{ "_dmarc._dmarc TXT \"v=DMARC1; p=none\"\n",
		    "dmarc-wrong-location",
		    "publish '_dmarc.example.com. TXT \"v=DMARC1; p=none\"' "
		    "and delete it here" },
		{ "s1.x TXT \"v=DKIM1; p=\"\n", "txt-wrong-name",
		    "publish 's1._domainkey.x.example.com. TXT "
		    "\"v=DKIM1; p=\"' and delete it here" },
		{ "s1._domainkeys TXT \"v=DKIM1; p=\"\n", "txt-wrong-name",
		    "publish 's1._domainkey.example.com. TXT "
		    "\"v=DKIM1; p=\"' and delete it here" },
		{ "_domainkey TXT \"v=DKIM1; p=\"\n",
		    "dkim-key-at-domainkey-node",
		    "publish 'SELECTOR._domainkey.example.com. TXT "
		    "\"v=DKIM1; p=\"' and delete it here" },
		{ "@ TXT \"v=TLSRPTv1; rua=mailto:a@b.example\"\n",
		    "txt-wrong-name",
		    "publish '_smtp._tls.example.com. TXT "
		    "\"v=TLSRPTv1; rua=mailto:a@b.example\"' and delete it "
		    "here" },
		{ "x MX \"10\" ns\n", "zone-rdata", "write '10'" },
		{ "s\xc3\xa9._domainkey TXT \"v=DKIM1; p=\"\n",
		    "dkim-selector-invalid",
		    "publish the key at a selector of letters, digits and "
		    "hyphens, such as s1, and sign with that" },
		{ "x A 1.2.3\n", "zone-rdata",
		    "write four numbers from 0 to 255 with dots between them" },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_records(&b, rows[i].text);
		EXPECT(found(&b, rows[i].code, 0, &f) &&
		        same(f.remedy, rows[i].remedy),
		    "row %zu: %s", i, f.remedy);
		EXPECT(!found(&b, rows[i].code, 1, &f), "row %zu", i);
		bench_close(&b);
	}
}
END_TEST

/* A domain with addresses alone has one finding. */
START_TEST(web)
{
	static const char *const missing[] = { "spf-missing", "dmarc-missing",
		"dkim-absent", "mx-implicit" };
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ A 198.41.0.4\n@ AAAA 2001:500:88::1\nwww A 198.41.0.4\n");
	bench_lint(&b, NULL);
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		EXPECT(found(&b, missing[i], 0, &f) &&
		        same(f.follows, "mail-use-unknown"),
		    "%s", missing[i]);
	ck_assert(found(&b, "mail-use-unknown", 0, &f));
	ck_assert(!found(&b, "mail-use-unknown", 1, &f));
	bench_close(&b);
}
END_TEST

/* No fault is left out for a cause that is not shown: the address is. */
START_TEST(heavy)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_records(&b, "@ MX 10 m\nm A 10.0.0.5\n");
	ck_assert(found(&b, "mx-nonpublic", 0, &f));
	ck_assert(same(f.follows, "dns-nonpublic-address"));
	ck_assert(found(&b, "dns-nonpublic-address", 0, &f));
	ck_assert_ptr_null(f.follows);
	bench_close(&b);
}
END_TEST

/* What a check calls the fault is the cause of what the zone calls it. */
START_TEST(twins)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_records(&b,
	    "@ MX 10 ns.example.com\n@ MX 20 ns\n"
	    "x.example.com A 192.0.2.1\n");
	for (size_t i = 0; i < 2; i++) {
		ck_assert(found(&b, "zone-name-doubled", i, &f));
		ck_assert(same(f.follows,
		    f.line == 5 ? "mx-trailing-dot-missing" : NULL));
	}
	ck_assert(!found(&b, "zone-name-doubled", 2, &f));
	bench_close(&b);
}
END_TEST

/* One cause, one finding. */
START_TEST(causes)
{
	static const struct {
		const char *text, *code, *follows;
	} rows[] = {
		{ "@ MX 10 m\nm A 10.0.0.5\n", "mx-nonpublic",
		    "dns-nonpublic-address" },
		{ "@ MX 10 m\nm A 10.0.0.5\n@ MX 20 n\nn A 198.41.0.4\n",
		    "mx-nonpublic", "dns-nonpublic-address" },
		{ "@ MX 10 m\nm A 192.0.2.5\n", "mx-nonpublic",
		    "dns-special-use-address" },
		{ "@ MX 10 ns\n@ SPF \"v=spf1 mx -all\"\n", "spf-missing",
		    "spf-rrtype99" },
		{ "@ MX 10 ns\n@ TXT \"v=spf1 +a mx -all\"\n",
		    "spf-void-lookups", "spf-a-bare-host-missing" },
		{ "@ TXT \"v=spf1 mx ip4:198.41.0.4 -all\"\n"
		  "s._domainkey TXT \"v=DKIM1; p=\"\n",
		    "spf-void-lookups", "spf-mx-bare-missing" },
		/* Two: the next one is an error. */
		{ "@ TXT \"v=spf1 a mx ip4:198.41.0.4 -all\"\n"
		  "s._domainkey TXT \"v=DKIM1; p=\"\n",
		    "spf-void-lookups", NULL },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_records(&b, rows[i].text);
		EXPECT(found(&b, rows[i].code, 0, &f) &&
		        same(f.follows, rows[i].follows),
		    "row %zu: %s", i, f.follows);
		bench_close(&b);
	}
}
END_TEST

/* Who excuses a line that was lost does not make the zone pass: what it may hide
 * could not be told. */
START_TEST(excused)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_records(&b,
	    "@ MX 10 m\nm A 198.41.0.4\n@ TXT \"v=spf1 mx -all\"\n"
	    "_dmarc TEXT \"v=DMARC1; p=reject\" "
	    "; mailauth-ignore: zone-syntax\n");
	ck_assert(found(&b, "zone-syntax", 0, &f));
	ck_assert_ptr_nonnull(f.ignored);
	ck_assert(found(&b, "dmarc-missing", 0, &f));
	ck_assert_ptr_null(f.ignored);
	ck_assert_ptr_null(f.follows);
	ck_assert_int_eq(mailauth_lint_result(b.lint),
	    MAILAUTH_RESULT_TEMPERROR);
	bench_close(&b);
}
END_TEST

/* A cause that a comment excuses hides no fault of another name. */
START_TEST(orphans)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ MX 10 m\nm A 198.41.0.4\n@ TXT \"v=spf1 mx -all\"\n"
	         "_dmarc TXT \"v=DMARC1; p=none\"\n"
	         "s1 TXT \"v=DKIM1; p=\" ; mailauth-ignore: txt-wrong-name\n");
	bench_lint(&b, NULL);
	ck_assert(found(&b, "txt-wrong-name", 0, &f));
	ck_assert_ptr_nonnull(f.ignored);
	ck_assert(found(&b, "dkim-absent", 0, &f));
	ck_assert_ptr_null(f.ignored);
	ck_assert_ptr_null(f.follows);
	bench_close(&b);
}
END_TEST

/* What a fault of the text may hide follows from it; what it cannot hide does
 * not. */
START_TEST(hidden)
{
	static const struct {
		const char *text, *code, *follows;
	} rows[] = {
		{ "@ MX 10 ns\n_dmarc TXT \"v=DMARC1; p=reject\n",
		    "dmarc-missing", "zone-quote-open" },
		{ "@ MX 10 ns\n_dmarc TEXT \"v=DMARC1; p=reject\"\n",
		    "dmarc-missing", "zone-syntax" },
		{ "@ MX 10 ns\n@ TXT \"v=spf1 mx ~all\n", "spf-missing",
		    "zone-quote-open" },
		{ "@ MX 10 ns\n@ TXT v=spf1 mx -all\n", "spf-version-near-miss",
		    "zone-unquoted" },
		{ "@ MX 10 ns\n_dmarc TXT \"v=DMARC1\"; p=none\n",
		    "dmarc-p-missing-no-rua", "zone-semicolon" },
		{ "@ MX 10 ns\n@ TXT ( \"v=spf1 mx ~all\"\n", "spf-missing",
		    "zone-parenthesis" },
		{ "@ MX 10 ns\n$INCLUDE none.inc\n", "spf-missing",
		    "zone-include" },
		{ "@ MX 10 ns\n$INCLUDE none.inc\n", "dmarc-missing",
		    "zone-include" },
		{ "@ MX 10 ns\ns1._domainkey TEXT \"v=DKIM1; p=\"\n",
		    "dkim-absent", "zone-syntax" },
		{ "@ MX 10 x\nx A 192.0.2\n", "mx-unresolvable", "zone-rdata" },
		{ "@ NS x\nx A 192.0.2\n", "zone-ns-address", "zone-rdata" },
		{ "@ NS x\ny A 192.0.2\n", "zone-ns-address", NULL },
		{ "@ MX 10 x\n@ MX 20 z\nx A 192.0.2\nns A 192.0.2.1\n",
		    "spf-missing", NULL },
		{ "@ MX 10 x\ns1._domainkey TEXT \"v=DKIM1; p=\"\n",
		    "spf-missing", NULL },
		{ "@ MX 10 x\ny A 192.0.2\n", "dmarc-missing", NULL },
		/* A record at a wrong name is missing at the right one. */
		{ "@ MX 10 ns\ns1 TXT \"v=DKIM1; p=\"\n", "dkim-absent",
		    "txt-wrong-name" },
		{ "x MX 10 ns\ns1.x TXT \"v=DKIM1; p=\"\n", "dkim-absent",
		    "txt-wrong-name" },
		{ "@ MX 10 ns\ns1.x TXT \"v=DKIM1; p=\"\n", "dkim-absent",
		    NULL },
		{ "@ MX 10 ns\n@ TXT \"v=DMARC1; p=none\"\n", "dmarc-missing",
		    "dmarc-wrong-location" },
		{ "@ MX 10 ns\ns2._domainkey CNAME s3._domainkey\n"
		  "s3._domainkey TXT ( \"v=DKIM1; p=\"\n",
		    "dkim-cname-dangling", "zone-parenthesis" },
		{ "@ MX 10 ns\ns2._domainkey CNAME s3._domainkey\n"
		  "s3._domainkey TEXT \"v=DKIM1; p=\"\n",
		    "dkim-cname-dangling", "zone-syntax" },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_records(&b, rows[i].text);
		EXPECT(found(&b, rows[i].code, 0, &f), "row %zu", i);
		EXPECT(same(f.follows, rows[i].follows),
		    "row %zu: %s follows %s", i, f.code,
		    f.follows != NULL ? f.follows : "nothing");
		bench_close(&b);
	}
}
END_TEST

START_TEST(places)
{
	try_row(&records[_i], _i);
}
END_TEST

/* A comment lets a finding not count: behind the record, in it or above. */
START_TEST(comments)
{
	static const struct {
		const char *text;
		const char *ignored;
	} rows[] = {
		{ "@ TXT \"v=spf1 ip4:192.0.2.999 -all\" "
		  "; mailauth-ignore: spf-ip4-bad-address\n",
		    "a comment in line 5" },
		{ "; mailauth-ignore: x-y, spf-ip4-bad-address\n\n"
		  "@ TXT \"v=spf1 ip4:192.0.2.999 -all\"\n",
		    "a comment in line 5" },
		{ "@ TXT ( \"v=spf1 \"\n\"ip4:192.0.2.999 -all\"\n"
		  ") ; mailauth-ignore: spf-ip4-bad-address\n",
		    "a comment in line 7" },
		{ "@ TXT \"v=spf1 ip4:192.0.2.999 -all\"\n"
		  "; mailauth-ignore: spf-ip4-bad-address\n",
		    NULL },
		{ "@ TXT \"v=spf1 ip4:192.0.2.999 -all\" "
		  "; mailauth-ignore: spf-no-all\n",
		    NULL },
		{ "@ TXT \"v=spf1 ip4:192.0.2.999 -all; "
		  "mailauth-ignore: spf-ip4-bad-address\"\n",
		    NULL },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_records(&b, rows[i].text);
		EXPECT(found(&b, "spf-ip4-bad-address", 0, &f) &&
		        same(f.ignored, rows[i].ignored),
		    "row %zu: %s", i, f.ignored);
		EXPECT(!found(&b, "spf-ip4-bad-address", 1, &f), "row %zu", i);
		bench_close(&b);
	}
}
END_TEST

/* The names that have a part in mail, and the findings of each. */
START_TEST(names)
{
	static const struct {
		const char *name, *role;
	} want[] = {
		{ "example.com.", "mail" },
		{ "_dmarc.example.com.", NULL },
		{ "b.example.com.", NULL },
		{ "s1._domainkey.b.example.com.", NULL },
		{ "_spf.example.com.", NULL },
	};
	struct mailauth_lint_finding f;
	struct mailauth_lint_name n;
	struct bench b;
	size_t seen = 0;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    MAIL "www A 192.0.2.1\n"
	         "s1._domainkey.b TXT \"v=DKIM1; p=x\"\n"
	         "_spf TXT \"v=spf1 ip4:192.0.2.999\"\n");
	bench_lint(&b, NULL);
	EXPECT(mailauth_lint_names(b.lint) == 5, "%zu names",
	    mailauth_lint_names(b.lint));
	for (size_t i = 0; mailauth_lint_name(b.lint, i, &n); i++) {
		bool known = false;

		for (size_t k = 0; k < sizeof(want) / sizeof(want[0]); k++)
			known = known ||
			    (same(n.name, want[k].name) &&
			        (want[k].role == NULL ||
			            same(n.role, want[k].role)));
		EXPECT(known, "%s %s", n.name, n.role);
		ck_assert_str_eq(n.zone, "example.com.");
		for (size_t k = 0; k < n.n; k++)
			ck_assert(
			    mailauth_lint_finding(b.lint, n.first + k, &f));
		seen += n.n;
	}
	ck_assert_uint_eq(seen, mailauth_lint_findings(b.lint));
	bench_close(&b);
}
END_TEST

/* Names of addresses that mail comes from are compared with the zones. */
START_TEST(reverse)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ TXT \"v=spf1 ip4:203.0.113.0/29 -all\"\n"
	         "a A 203.0.113.1\n");
	bench_zone(&b, "113.0.203.in-addr.arpa.zone",
	    "@ SOA n. h. 1 2 3 4 5\n1 PTR a.example.com.\n"
	    "2 PTR a.example.com.\n9 PTR b.example.com.\n"
	    "3 PTR elsewhere.example.\n");
	bench_lint(&b, NULL);
	ck_assert(found(&b, "ptr-fcrdns-fail", 0, &f));
	ck_assert_uint_eq(f.line, 3);
	ck_assert_ptr_null(f.follows);
	ck_assert_str_eq(f.file, b.zones[1].file);
	ck_assert_str_eq(f.name, "2.113.0.203.in-addr.arpa.");
	ck_assert(!found(&b, "ptr-fcrdns-fail", 1, &f));
	bench_close(&b);

	/* A missing dot is one fault. */
	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ TXT \"v=spf1 ip4:203.0.113.0/29 -all\"\n");
	bench_zone(&b, "113.0.203.in-addr.arpa.zone",
	    "@ SOA n. h. 1 2 3 4 5\n4 PTR ns.example.com\n");
	bench_lint(&b, NULL);
	ck_assert(found(&b, "zone-name-doubled", 0, &f));
	ck_assert_ptr_null(f.follows);
	ck_assert(found(&b, "ptr-fcrdns-fail", 0, &f));
	ck_assert(same(f.follows, "zone-name-doubled"));
	bench_close(&b);
}
END_TEST

#define DIG "\n; <<>> DiG 9.18.1 <<>> axfr a.example @192.0.2.1\n"
#define SOA "a.example. 60 IN SOA n. h. 1 2 3 4 5\n"

/* Only some kinds of records are judged; faults of the text are reported of all. */
START_TEST(only)
{
	const struct mailauth_lint_request request = { .only = UINT32_C(1)
		    << MAILAUTH_KIND_DMARC };
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ MX 10 gone\n@ TXT \"v=spf1 ip4:192.0.2.999 -all\"\n"
	         "_dmarc TXT \"v=DMARC1; p=nune\"\nx AAA y\n"
	         "b TXT \"v=spf1 ip4:192.0.2.999 -all\"\n");
	bench_lint(&b, &request);
	ck_assert(found(&b, "zone-syntax", 0, &f));
	ck_assert(!found(&b, "spf-ip4-bad-address", 0, &f));
	ck_assert(!found(&b, "mx-unresolvable", 0, &f));
	ck_assert(found(&b, "dmarc-p-invalid", 0, &f));
	ck_assert_uint_eq(mailauth_lint_names(b.lint), 2);
	bench_close(&b);
}
END_TEST

#define REVERSE "@ SOA n. h. 1 2 3 4 5\n@ NS n.\n"

/* Reverse zones beside the zone of their hosts. */
START_TEST(reverse_zones)
{
	static const char forward[] = HEAD
	    "@ MX 10 mx\nmx A 203.0.113.1\n@ TXT \"v=spf1 mx a:out.example.com -all\"\n"
	    "out A 203.0.113.2\nout AAAA 2001:db8::2\nwww A 203.0.113.3\n"
	    "in A 203.0.113.4\n";
	static const struct {
		const char *file, *text;
		const char *code; /* NULL: none but `ptr-missing` */
		unsigned line;
		const char *name, *has;
	} rows[] = {
		{ "db.203.0.113",
		    REVERSE "1 PTR mx.example.com.\n2 PTR "
		            "out.example.com.\n",
		    NULL, 0, NULL, NULL },
		{ "db.203.0.113", REVERSE "1 PTR mx.example.com.\n",
		    "ptr-missing", 8, "2.113.0.203.in-addr.arpa.", "" },
		{ "db.203.0.113", REVERSE "1 PTR www.example.com.\n",
		    "ptr-fcrdns-fail", 3, "1.113.0.203.in-addr.arpa.",
		    "www.example.com." },
		{ "db.203.0.113", REVERSE "1 PTR gone.example.com.\n",
		    "ptr-fcrdns-fail", 3, "1.113.0.203.in-addr.arpa.",
		    "gone.example.com." },
		{ "db.203.0.113", REVERSE "1 PTR mx.example.com\n",
		    "zone-name-doubled", 3, "1.113.0.203.in-addr.arpa.",
		    "mx.example.com.113.0.203.in-addr.arpa." },
		{ "db.203.0.113",
		    REVERSE "1 PTR mx.example.com.\n"
		            "1 PTR elsewhere.example.\n",
		    "ptr-multiple", 3, "1.113.0.203.in-addr.arpa.", "" },
		{ "db.203.0.113",
		    REVERSE "1 PTR mx.example.com.\n"
		            "1 PTR www.example.com.\n",
		    "ptr-multiple-partial", 4, "1.113.0.203.in-addr.arpa.",
		    "www.example.com." },
		{ "db.203.0.113", REVERSE "1 PTR 203-0-113-1.dsl.example.\n",
		    "ptr-generic", 3, "1.113.0.203.in-addr.arpa.", "" },
		{ "db.203.0.113", REVERSE "300 PTR mx.example.com.\n",
		    "zone-reverse-name", 3, "300.113.0.203.in-addr.arpa.", "" },
		{ "db.203.0.113", REVERSE "9.1 PTR mx.example.com.\n",
		    "zone-reverse-name", 3, "9.1.113.0.203.in-addr.arpa.", "" },
		/* RFC 2317. */
		{ "db.203.0.113",
		    REVERSE "1 CNAME 1.0-25\n2 CNAME 2.0-25\n"
		            "1.0-25 PTR www.example.com.\n"
		            "2.0-25 PTR out.example.com.\n",
		    "ptr-fcrdns-fail", 5, "1.113.0.203.in-addr.arpa.",
		    "www.example.com." },
		{ "db.203.0.113",
		    REVERSE "1 CNAME 1.0-25\n2 CNAME 2.0-25\n"
		            "0-25 NS ns.example.net.\n",
		    NULL, 0, NULL, NULL },
		{ "db.203.0.113",
		    REVERSE "1 CNAME 1.example.net.\n2 CNAME 2.example.net.\n",
		    NULL, 0, NULL, NULL },
		{ "8.b.d.0.1.0.0.2.ip6.arpa.zone",
		    REVERSE "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR "
		            "out.example.com.\n",
		    "zone-reverse-name", 3, NULL, "" },
		{ "8.b.d.0.1.0.0.2.ip6.arpa.zone", REVERSE, "ptr-v6-missing", 9,
		    NULL, "" },
		{ "8.b.d.0.1.0.0.2.ip6.arpa.zone",
		    REVERSE
		    "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR "
		    "out.example.com.\n",
		    NULL, 0, NULL, NULL },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_open(&b);
		bench_zone(&b, "example.com.zone", forward);
		bench_zone(&b, rows[i].file, rows[i].text);
		bench_lint(&b, NULL);
		if (rows[i].code == NULL) {
			for (size_t k = 0; mailauth_lint_finding(b.lint, k, &f);
			     k++)
				EXPECT(strncmp(f.code, "ptr-", 4) != 0 &&
				        strncmp(f.code, "zone-", 5) != 0,
				    "row %zu: %s", i, f.code);
		} else if (found(&b, rows[i].code, 0, &f)) {
			EXPECT(f.line == rows[i].line, "row %zu: line %u", i,
			    f.line);
			EXPECT(rows[i].name == NULL ||
			        same(f.name, rows[i].name),
			    "row %zu: %s", i, f.name);
			EXPECT(strstr(f.message, rows[i].has) != NULL,
			    "row %zu: %s", i, f.message);
		} else {
			EXPECT(false, "row %zu: no %s", i, rows[i].code);
		}
		bench_close(&b);
	}
}
END_TEST

/* The addresses that a private type gives are not missing; records of other
 * types are. */
START_TEST(private_types)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone",
	    HEAD "@ MX 10 mx\nmx ALIAS a.example.net.\n"
	         "@ ANAME b.example.net.\n");
	bench_lint(&b, NULL);
	ck_assert(found(&b, "mx-unresolvable", 0, &f) ||
	    found(&b, "mx-all-unresolvable", 0, &f));
	ck_assert_str_eq(f.follows, "zone-type-private");
	ck_assert(found(&b, "spf-missing", 0, &f));
	ck_assert_ptr_null(f.follows);
	ck_assert_int_eq(mailauth_lint_result(b.lint),
	    MAILAUTH_RESULT_TEMPERROR);
	bench_close(&b);
}
END_TEST

/* The zone that was named is not in the file. */
START_TEST(other_zone)
{
	static const struct {
		const char *text, *has; /* NULL: it is */
	} rows[] = {
		{ "@ SOA n. h. 1 2 3 4 5\n", NULL },
		{ "example.com. SOA n. h. 1 2 3 4 5\n", NULL },
		{ "example.com SOA n. h. 1 2 3 4 5\n", NULL },
		{ "example.net. SOA n. h. 1 2 3 4 5\n@ TXT \"a\"\n",
		    "example.net." },
		{ "example.net SOA n. h. 1 2 3 4 5\n@ TXT \"a\"\n",
		    ": example.net." },
		{ "$ORIGIN b.example.com.\n@ SOA n. h. 1 2 3 4 5\n", "" },
		{ "$ORIGIN com.\n@ SOA n. h. 1 2 3 4 5\n", "com." },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_open(&b);
		bench_zone(&b, "a.txt", rows[i].text);
		b.zones[0].name = "example.com";
		bench_lint(&b, NULL);
		if (rows[i].has == NULL)
			EXPECT(!found(&b, "zone-file-other", 0, &f), "row %zu",
			    i);
		else
			EXPECT(mailauth_lint_findings(b.lint) == 1 &&
			        found(&b, "zone-file-other", 0, &f) &&
			        strstr(f.message, rows[i].has) != NULL,
			    "row %zu: %s", i, f.message);
		bench_close(&b);
	}
}
END_TEST

/* Names of files that fit their zone. */
START_TEST(fitting_names)
{
	static const struct {
		const char *file;
		bool fits;
	} rows[] = {
		{ "example.com.zone", true },
		{ "EXAMPLE_com.internal.zone", true },
		{ "db.example.com.2026-11-28", true },
		{ "example.internal-view.zone", true },
		{ "export.txt", true },
		{ "zone", true },
		{ "example.net.zone", false },
		{ "other.test.zone", false },
		{ "db.192.0.2", false },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_open(&b);
		bench_zone(&b, rows[i].file, HEAD);
		bench_lint(&b, NULL);
		EXPECT(found(&b, "zone-file-name", 0, &f) != rows[i].fits,
		    "row %zu: %s", i, rows[i].file);
		bench_close(&b);
	}
}
END_TEST

/* The name of a zone whose records and file do not say it: of a comment at its
 * head; else it is not known, and no line of it is wrong. */
START_TEST(unnamed)
{
	static const char zone[] =
	    "@ 60 IN SOA n.example. h.example. 1 2 3 4 5\n"
	    "@ 60 IN NS n.example.\n@ 60 IN MX 10 mail\n";
	static const struct {
		const char *head;
		const char *name; /* NULL: not known */
	} rows[] = {
		{ "", NULL },
		{ "; a zone\n; see www.example.org for more\n", NULL },
		{ "; Domain: 192.0.2.1\n", NULL },
		{ ";;\n;; Domain:\texample.com.\n", "example.com." },
		{ ";\r\n;  Database file example.com.dns for example.com "
		  "zone.\r\n",
		    "example.com." },
		{ "\n; Zone file for example.com\n", "example.com." },
		{ "; zone 'example.com'\n", "example.com." },
		{ "$TTL 60\n; zone example.com\n", NULL },
		{ "$ORIGIN example.net.\n; zone example.com\n",
		    "example.net." },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct writer w = writer_of(text, sizeof(text) - 1);
		struct bench b;

		put_text(&w, rows[i].head);
		put_text(&w, zone);
		text[w.used] = '\0';
		bench_open(&b);
		bench_zone(&b, "export", text);
		bench_lint(&b, NULL);
		if (rows[i].name == NULL)
			EXPECT(mailauth_lint_findings(b.lint) == 1 &&
			        found(&b, "zone-name-unknown", 0, &f) &&
			        mailauth_lint_result(b.lint) ==
			            MAILAUTH_RESULT_TEMPERROR,
			    "row %zu", i);
		else
			EXPECT(found(&b, "mx-unresolvable", 0, &f) &&
			        strcmp(f.name, rows[i].name) == 0,
			    "row %zu", i);
		bench_close(&b);
	}
}
END_TEST

/* What cannot be a zone is one finding on the file: a fault, or that nothing is
 * known. */
START_TEST(no_zones)
{
	static const struct {
		const char *text;
		size_t n; /* 0: its length */
		const char *has;
		unsigned line;
		bool is_known;
	} rows[] = {
		{ "\x1f\x8b\x08\x00\x00\x00", 6, "gzip", 0, true },
		{ "\xfd"
		  "7zXZ\0\0",
		    7, "xz", 0, true },
		{ "BZh91AY&SY", 0, "bzip2", 0, true },
		{ "\x28\xb5\x2f\xfd\0", 5, "zstd", 0, true },
		{ "PK\3\4\x14\0", 6, "zip", 0, true },
		{ "\0\0\0\2\0\0\0\1\0", 9, "raw format of BIND", 0, true },
		{ ";BIND LOG V9.2\n\0", 16, "journal", 0, true },
		{ "\xff\xfe$\0T\0T\0L\0", 10, "UTF-16", 0, true },
		{ ";\0 \0a\0b\0c\0d\0e\0f\0g\0h\0", 20, "UTF-16", 0, true },
		{ "\0;\0 \0a\0b\0c\0d\0e\0f\0g\0h", 20, "UTF-16", 0, true },
		{ "\x01\x02\x03\x04\x05zzz", 8, "control characters", 0, true },
		/* Comments in it are none. */
		{ "\x7f\0ELF\n; mailauth-ignore: x\n", 28, "octets of value 0",
		    0, true },
		{ "$TTL 60\n@ TXT \"a\0b\"\n", 17, "octets of value 0", 2,
		    true },
		{ "<!DOCTYPE html>\n", 0, "HTML", 1, true },
		{ "[\n {\"name\": \"a\"}]", 0, "JSON", 1, true },
		{ "[{\"name\": \"a\"}]", 0, "JSON", 1, true },
		{ "# octoDNS\n---\n'':\n", 0, "YAML", 2, true },
		{ "www:\n  ttl: 1\n", 0, "YAML", 1, true },
		{ "; a\n\noptions {\n};\n", 0, "configuration", 3, true },
		{ "zone \"a.example\" IN {\n", 0, "configuration", 1, true },
		{ "server:\n  port: 53\n", 0, "configuration", 1, true },
		{ "zone:\n  name: a.example\n", 0, "configuration", 1, true },
		{ "Name,Type,TTL\n", 0, "CSV", 1, true },
		{ "Host,Record Type,Value\n", 0, "CSV", 1, true },
		{ "\"Host\",\"Type\"\n", 0, "CSV", 1, true },
		{ "# d\n.a.example:192.0.2.1:a\n", 0, "tinydns", 2, true },
		{ "'a.example:v=spf1 -all:60\n", 0, "tinydns", 1, true },
		{ "- name: a\n", 0, "YAML", 1, true },
		{ "INSERT INTO records VALUES (1);\n", 0, "SQL", 1, true },
		{ "; Transfer failed.\n", 0, "did not give", 1, false },
		{ DIG "; Transfer failed.\r\n", 0, "did not give", 3, false },
		{ DIG SOA "; Transfer failed.\n", 0, "did not give", 4, false },
		{ DIG SOA SOA
		    ";; communications error to ::1#53: end of file\n",
		    0, "no server", 5, false },
		{ ";; AXFR for a.example.\n" SOA ";; ERROR: failed\n", 0,
		    "error", 3, false },
		{ ";; connection timed out; no servers could be reached\n", 0,
		    "no server", 1, false },
		{ "; <<>> DiG 9.18.1 <<>> a.example mx\n" SOA, 0,
		    "one question", 1, false },
		{ "; <<>> DiG 9.18.1 <<>> a.example ixfr=3\n" SOA SOA, 0,
		    "changes", 1, false },
		{ ";; ->>HEADER<<- opcode: QUERY, rcode: NOTAUTH, id: 0\n", 0,
		    "one question", 1, false },
		{ "Using domain server:\nName: 192.0.2.1\n", 0, "host", 1,
		    false },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *code =
		    rows[i].is_known ? "zone-not-text" : "zone-transfer";
		struct bench b;

		bench_open(&b);
		bench_octets(&b, "a.zone", rows[i].text,
		    rows[i].n > 0 ? rows[i].n : strlen(rows[i].text));
		bench_lint(&b, NULL);
		EXPECT(mailauth_lint_findings(b.lint) == 1, "row %zu", i);
		EXPECT(found(&b, code, 0, &f) &&
		        strstr(f.message, rows[i].has) != NULL &&
		        f.line == rows[i].line,
		    "row %zu: line %u: %s", i, f.line, f.message);
		EXPECT(mailauth_lint_result(b.lint) ==
		        (rows[i].is_known ? MAILAUTH_RESULT_FAIL :
		                            MAILAUTH_RESULT_TEMPERROR),
		    "row %zu", i);
		bench_close(&b);
	}
}
END_TEST

/* Without its second SOA record a transfer is not known to be whole: nothing is
 * missing from the zone by what it lacks. */
START_TEST(cut_short)
{
	static const struct {
		const char *text;
		bool is_cut;
	} rows[] = {
		{ DIG SOA "a.example. 60 IN NS n.\n", true },
		{ DIG SOA, true },
		{ DIG SOA "a.example. NS n.\n" SOA "b.a.example. A 9.9.9.9\n",
		    true },
		{ DIG SOA "a.example. NS n.\n" SOA ";; XFR size: 3 records\n",
		    false },
		{ "; <<>> DiG 9.18.1 <<>> +onesoa a.example axfr\n" SOA
		  "a.example. NS n.\n",
		    false },
		/* A file is whole. */
		{ SOA "a.example. 60 IN NS n.\n", false },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;
		bool is_open;

		bench_open(&b);
		bench_zone(&b, "a.zone", rows[i].text);
		bench_lint(&b, NULL);
		is_open =
		    mailauth_lint_result(b.lint) == MAILAUTH_RESULT_TEMPERROR;
		EXPECT(found(&b, "zone-transfer-cut", 0, &f) ==
		            rows[i].is_cut &&
		        is_open == rows[i].is_cut,
		    "row %zu: %s", i, rows[i].text);
		bench_close(&b);
	}
}
END_TEST

/* The name of a zone: of its SOA record, or of its file. */
START_TEST(names_of_zones)
{
	static const struct {
		const char *file, *text, *zone;
	} rows[] = {
		{ "db.a.example", "@ SOA n h 1 2 3 4 5\nx AAA y\n",
		    "a.example." },
		{ "a.example.zone", "@ SOA n h 1 2 3 4 5\nx AAA y\n",
		    "a.example." },
		{ "A.Example.db", "x AAA y\n", "a.example." },
		{ "a.example.zone.signed", "x AAA y\n", "a.example." },
		{ "db.a.example.signed", "x AAA y\n", "a.example." },
		{ "db.127", "x AAA y\n", "127.in-addr.arpa." },
		{ "db.192.0.2", "x AAA y\n", "2.0.192.in-addr.arpa." },
		{ "192.0.2.rev", "x AAA y\n", "2.0.192.in-addr.arpa." },
		{ "db.256.1", "x AAA y\n", "256.1." },
		{ "a.example.zone", "b.example. SOA n h 1 2 3 4 5\nx AAA y\n",
		    "b.example." },
		{ "zone", "$ORIGIN c.example.\n@ SOA n h 1 2 3 4 5\nx AAA y\n",
		    "c.example." },
		{ "zone", "x AAA y\n", NULL },
		{ "zone", "d.example 60 SOA n. h. 1 2 3 4 5\nx AAA y\n",
		    "d.example." },
	};
	struct mailauth_lint_finding f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b;

		bench_open(&b);
		bench_zone(&b, rows[i].file, rows[i].text);
		bench_lint(&b, NULL);
		if (found(&b, "zone-syntax", 0, &f))
			EXPECT(same(f.zone, rows[i].zone), "row %zu: %s", i,
			    f.zone);
		else
			EXPECT(false, "row %zu: no finding", i);
		bench_close(&b);
	}
}
END_TEST

/* A zone that was read already is left out. */
START_TEST(twice)
{
	struct mailauth_lint_finding f;
	struct mailauth_zone zone;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "a.zone", HEAD);
	bench_zone(&b, "b.zone", HEAD);
	bench_lint(&b, NULL);
	ck_assert(found(&b, "zone-file-twice", 0, &f));
	ck_assert_str_eq(f.file, b.zones[1].file);
	ck_assert_str_eq(f.zone, "example.com.");
	ck_assert(!found(&b, "zone-file-twice", 1, &f));
	ck_assert(mailauth_lint_zone(b.lint, 1, &zone));
	ck_assert(!mailauth_lint_zone(b.lint, 2, &zone));
	bench_close(&b);
}
END_TEST

/* A line is shown as it is, but for what could not be shown. */
START_TEST(lines)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "a.example.zone",
	    HEAD "x\tAAA \x1b[31m\xc3\xbc\xc2\x9b\xed\xa0\x80\r\n");
	bench_lint(&b, NULL);
	ck_assert(found(&b, "zone-syntax", 0, &f));
	ck_assert_str_eq(f.text, "x\tAAA ?[31m\xc3\xbc?????");
	bench_close(&b);
}
END_TEST

/* An included file has places of its own. */
START_TEST(includes)
{
	struct mailauth_lint_finding f;
	const char *more;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "a.example.zone", HEAD "$INCLUDE more.inc\n");
	more = folder_put("more.inc", "\nx A 1\n", 7);
	bench_lint(&b, NULL);
	ck_assert(found(&b, "zone-rdata", 0, &f));
	ck_assert_str_eq(f.file, more);
	ck_assert_uint_eq(f.line, 2);
	ck_assert_uint_eq(f.column, 5);
	bench_close(&b);
}
END_TEST

START_TEST(unreadable)
{
	static const struct mailauth_zone none = { NULL, "/no/such.zone" };
	static const struct mailauth_zone folder = { NULL, "/" };
	struct mailauth_lint *l;
	char why[MAILAUTH_WHY_MAX];

	ck_assert_int_eq(
	    mailauth_lint(&(const struct mailauth_options){ .zones = &none,
	                      .nzones = 1 },
	        NULL, &l, why),
	    MAILAUTH_EINPUT);
	ck_assert_str_eq(why, "/no/such.zone: No such file or directory");
	ck_assert_int_eq(
	    mailauth_lint(&(const struct mailauth_options){ .zones = &folder,
	                      .nzones = 1 },
	        NULL, &l, why),
	    MAILAUTH_EINPUT);
	ck_assert_str_eq(why, "/: it is a directory, not a zone file");
}
END_TEST

/* The others are judged. */
START_TEST(unread)
{
	struct mailauth_lint_finding f;
	struct bench b;

	bench_open(&b);
	bench_zone(&b, "example.com.zone", MAIL);
	b.zones[b.n++] = (struct mailauth_zone){ NULL, "/" };
	bench_lint(&b, NULL);
	ck_assert(found(&b, "zone-unread", 0, &f));
	ck_assert_ptr_nonnull(strstr(f.message, "it is a directory"));
	ck_assert(found(&b, "dkim-absent", 0, &f));
	bench_close(&b);
}
END_TEST

Suite *
suite_lint(void)
{
	Suite *s = suite_create("lint");
	TCase *tc = tcase_create("lint");

	tcase_add_loop_test(tc, faults, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(tc, pastes);
	tcase_add_test(tc, web);
	tcase_add_test(tc, orphans);
	tcase_add_test(tc, heavy);
	tcase_add_test(tc, twins);
	tcase_add_test(tc, causes);
	tcase_add_test(tc, excused);
	tcase_add_test(tc, hidden);
	tcase_add_loop_test(tc, places, 0,
	    sizeof(records) / sizeof(records[0]));
	tcase_add_test(tc, comments);
	tcase_add_test(tc, names);
	tcase_add_test(tc, reverse);
	tcase_add_test(tc, unnamed);
	tcase_add_test(tc, no_zones);
	tcase_add_test(tc, only);
	tcase_add_test(tc, reverse_zones);
	tcase_add_test(tc, private_types);
	tcase_add_test(tc, other_zone);
	tcase_add_test(tc, fitting_names);
	tcase_add_test(tc, cut_short);
	tcase_add_test(tc, names_of_zones);
	tcase_add_test(tc, twice);
	tcase_add_test(tc, lines);
	tcase_add_test(tc, includes);
	tcase_add_test(tc, unreadable);
	tcase_add_test(tc, unread);
	suite_add_tcase(s, tc);
	return s;
}
