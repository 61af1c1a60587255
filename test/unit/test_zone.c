/*
 * test_zone.c - zone files, their index and the answers from it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Texts have '\'' for '"' and '`' for '\''.
 */
#include <string.h>

#include "record/findings.h"
#include "record/rrtype.h"
#include "text.h"
#include "zone/zones.h"

#define SOA "@ 60 SOA ns1 host 1 2 3 4 30\n"
#define TOP SOA "@ 60 NS ns1\nns1 60 A 192.0.2.1\n"

/* A text of 256 octets. */
#define X16  "xxxxxxxxxxxxxxxx"
#define X256 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

/* A zone that is read for a test. */
struct world {
	struct arena a;
	struct zones *z;
	struct zone_file files[4];
	size_t nfiles;
	struct writer faults; /* a line each */
	const char *included; /* the text of each file that is included */
};

static void
take_fault(void *user, const struct zone_fault *fault)
{
	struct writer *w = &((struct world *)user)->faults;

	put_number(w, fault->place.line);
	put_char(w, ':');
	put_number(w, fault->place.column);
	put_char(w, ' ');
	put_text(w, finding_row(fault->id)->code);
	if (fault->detail != NULL) {
		put_text(w, ": ");
		put_text(w, fault->detail);
	}
	if (fault->remedy.n > 0) {
		put_text(w, " -> ");
		put_str(w, fault->remedy);
	}
	put_char(w, '\n');
}

static struct zone_file *
open_included(void *user, struct mailauth_str path,
    const struct zone_file *from, const char **why)
{
	struct world *w = user;
	struct zone_file *file = arena_alloc(&w->a, sizeof(*file));

	(void)from;
	if (w->included == NULL || file == NULL) {
		*why = "there is no such file";
		return NULL;
	}
	file->path = arena_copy(&w->a, path).s;
	file->text = str_of(w->included);
	return file;
}

static void
world_open(struct world *w)
{
	*w = (struct world){ .z = zones_new() };
	w->faults = arena_writer(&w->a);
	ck_assert_ptr_nonnull(w->z);
}

static void
world_close(struct world *w)
{
	zones_free(w->z);
	arena_free(&w->a);
}

/* Read a zone; `origin` NULL: of its SOA record. */
static const struct zone *
read_zone(struct world *w, const char *origin, struct mailauth_str text)
{
	struct dname name;
	const char *why = NULL;
	struct zone_file *file = &w->files[w->nfiles++];
	struct zone_reading r = { .file = file,
		.fault = take_fault,
		.include = open_included,
		.user = w };
	const struct zone *zone;

	if (origin != NULL) {
		ck_assert_int_eq(dname_parse(str_of(origin), &name), DNAME_OK);
		r.origin = &name;
	}
	file->path = "db";
	file->text = text;
	zone = zones_read(w->z, &r, &why);
	ck_assert_msg((zone == NULL) == (why != NULL), "%s", why);
	if (zone == NULL) {
		put_text(&w->faults, why);
		put_char(&w->faults, '\n');
	}
	return zone;
}

/* The records of a zone, a line each, in canonical order. */
static void
put_records(struct writer *w, const struct zone *zone)
{
	const struct zone_node *node = NULL;
	struct dname name;

	while ((node = zone_next(zone, node, &name)) != NULL) {
		ck_assert_ptr_eq(zone_node(zone, &name), node);
		if (node->rrsets == NULL) {
			put_dname(w, &name);
			put_text(w, " empty\n");
		}
		for (const struct zone_rrset *s = node->rrsets; s != NULL;
		     s = s->next)
			for (const struct zone_record *r = s->records;
			     r != NULL; r = r->next) {
				if (s->type == RRTYPE_SOA)
					continue;
				put_dname(w, &name);
				put_char(w, ' ');
				put_number(w, r->ttl);
				put_char(w, ' ');
				put_number(w, s->type);
				put_char(w, ' ');
				for (size_t i = 0; i < r->n; i++)
					put_hex(w, r->rdata[i]);
				put_char(w, '\n');
			}
	}
}

static const struct {
	const char *text, *records, *faults;
} texts[] = {
	/* Line ends, the byte order mark, comments, parentheses. */
	{ "\xef\xbb\xbf; a comment\r\n" SOA "a 5 IN A 192.0.2.1\r\n\r\n"
	  "b\t(\r\n5 ; x\r\n\tA ) 192.0.2.2\r\n",
	    "a.example.com. 5 1 c0000201\nb.example.com. 5 1 c0000202\n",
	    "2:1 zone-ns-missing\n" },
	{ SOA "c IN 7 A (\n192.0.2.1)\n\n 8 IN A 192.0.2.2 ; more",
	    "c.example.com. 7 1 c0000201\nc.example.com. 8 1 c0000202\n",
	    "5:2 zone-ttl-differs: another TTL is in line 2\n"
	    "1:1 zone-ns-missing\n" },
	/* TTLs: that of the SOA record, $TTL, the last one; units. */
	{ "@ SOA ns1 host 1 2 3 4 30\na A 192.0.2.1\n",
	    "a.example.com. 30 1 c0000201\n", NULL },
	{ "$TTL 1h30m\n@ SOA ns1 host 1 1D 3 4 30\na A 192.0.2.1\n"
	  "$TTL 1w\nb A 192.0.2.1\nc 2M A 192.0.2.1\n",
	    "a.example.com. 5400 1 c0000201\nb.example.com. 604800 1 c0000201\n"
	    "c.example.com. 120 1 c0000201\n",
	    NULL },
	{ SOA "a A 192.0.2.1\n", "a.example.com. 60 1 c0000201\n", NULL },
	/* $ORIGIN, names, escapes, order, empty non-terminals. */
	{ SOA "$ORIGIN sub\nb 1h A 192.0.2.1\n$ORIGIN net.\n@ 1h A 192.0.2.1\n"
	      "$ORIGIN example.com.\nA\\046b\\\\ 1h A 192.0.2.2\n",
	    "a\\.b\\\\.example.com. 3600 1 c0000202\nsub.example.com. empty\n"
	    "b.sub.example.com. 3600 1 c0000201\n",
	    "5:1 zone-outside\n1:1 zone-ns-missing\n" },
	{ SOA "b 9 A 192.0.2.1\n*.a 9 A 192.0.2.1\nz.a.b 9 A 192.0.2.1\n"
	      "\\200 9 A 192.0.2.1\na\\000 9 A 192.0.2.1\nx.a 9 A 192.0.2.1\n"
	      "longerlabel2 9 A 192.0.2.1\nlongerlabel1 9 A 192.0.2.1\n"
	      "longerla 9 A 192.0.2.1\n",
	    "a.example.com. empty\n*.a.example.com. 9 1 c0000201\n"
	    "x.a.example.com. 9 1 c0000201\na\\000.example.com. 9 1 c0000201\n"
	    "b.example.com. 9 1 c0000201\na.b.example.com. empty\n"
	    "z.a.b.example.com. 9 1 c0000201\n"
	    "longerla.example.com. 9 1 c0000201\n"
	    "longerlabel1.example.com. 9 1 c0000201\n"
	    "longerlabel2.example.com. 9 1 c0000201\n"
	    "\\200.example.com. 9 1 c0000201\n",
	    NULL },
	/* $INCLUDE keeps the origin. */
	{ SOA "$INCLUDE other sub\nb 9 A 192.0.2.2\n",
	    "b.example.com. 9 1 c0000202\nsub.example.com. empty\n"
	    "in.sub.example.com. 9 1 c0000203\n",
	    NULL },
	/* $GENERATE. */
	{ SOA "$GENERATE 1-3/2 h$ 9 A 192.0.2.$\n"
	      "$GENERATE 10-11 ${-9,3,x} 9 PTR \\$.a\n",
	    "001.example.com. 9 12 01240161076578616d706c6503636f6d00\n"
	    "002.example.com. 9 12 01240161076578616d706c6503636f6d00\n"
	    "h1.example.com. 9 1 c0000201\nh3.example.com. 9 1 c0000203\n",
	    NULL },
	/* RFC 3597. */
	{ SOA "a 9 CLASS1 TYPE1 \\# 4 C00002 07\nb 9 TYPE65400 \\# 0\n"
	      "c 9 A \\# 3 C00002\nd 9 MX \\# 2 0001\ne 9 TXT \\# 1 05\n",
	    "a.example.com. 9 1 c0000207\nb.example.com. 9 65400 \n",
	    "4:12 zone-rdata: the octets are not data of this type\n"
	    "5:13 zone-rdata: the octets are not data of this type\n"
	    "6:14 zone-rdata: the octets are not data of this type\n"
	    "1:1 zone-ns-missing\n" },
};

START_TEST(records)
{
	struct world w;
	struct writer out;
	const struct zone *zone;

	world_open(&w);
	w.included = "in 9 A 192.0.2.3\n";
	zone = read_zone(&w, "example.com", str_of(texts[_i].text));
	ck_assert_ptr_nonnull(zone);
	out = arena_writer(&w.a);
	put_records(&out, zone);
	expect_written(&out, texts[_i].records);
	if (texts[_i].faults != NULL)
		expect_written(&w.faults, texts[_i].faults);
	world_close(&w);
}
END_TEST

static const struct {
	const char *line, *data; /* hexadecimal; or a clause */
} data[] = {
	{ "A 192.0.2.255", "c00002ff" },
	{ "A 192.0.2.256", "not an IPv4 address" },
	{ "A", "nothing is behind the type" },
	{ "A 192.0.2.1 x", "there is more behind the data" },
	{ "AAAA 2001:db8::1", "20010db8000000000000000000000001" },
	{ "AAAA 192.0.2.1", "not an IPv6 address" },
	{ "NS a.", "016100" },
	{ "NS a..b.", "a name has an empty label" },
	{ "CNAME \\256.", "a name has a wrong escape" },
	{ "CNAME A.", "016100" },
	{ "MX 10 .", "000a00" },
	{ "MX 10", "the data end too early" },
	{ "MX 65536 a.", "not a number of 0 to 65535" },
	{ "TXT a 'b c' 'd\\'' e\\;",
	    "016103622063"
	    "0264220265"
	    "3b" },
	{ "TXT ''", "00" },
	{ "TXT \\300", "a wrong escape" },
	{ "SPF 'v=spf1 -all'", "0b763d73706631202d616c6c" },
	{ "HINFO a b", "01610162" },
	{ "SRV 1 2 3 a.", "000100020003016100" },
	{ "SRV 1 2 a.", "not a number of 0 to 65535" },
	{ "CAA 0 issue 'a'",
	    "000569737375"
	    "6561" },
	{ "TLSA 3 1 1 0A0b", "0301010a0b" },
	{ "TLSA 3 1 1 0A0", "an odd number of hexadecimal digits" },
	{ "TLSA 3 1 1 0g", "not hexadecimal digits" },
	{ "SSHFP 1 256 00", "not a number of 0 to 255" },
	{ "DS 1 ECDSAP256SHA256 2 00", "00010d0200" },
	{ "DNSKEY 257 3 13 AA ==", "0101030d00" },
	{ "DNSKEY 257 3 13 A", "not base64: its end is missing" },
	{ "DNSKEY 257 3 13 A*", "not base64" },
	{ "NSEC b. A TYPE257",
	    "016200"
	    "000140"
	    "010140" },
	{ "NSEC b. NONE", "not a type of records" },
	{ "NSEC3 1 0 1 - 0p A",
	    "01000001000106"
	    "000140" },
	{ "NSEC3PARAM 1 0 1 ab", "0100000101ab" },
	{ "RRSIG A 13 2 60 20260101000000 1767139200 1 b. AA==",
	    "00010d020000003c6955b90069546780"
	    "0001016200"
	    "00" },
	{ "RRSIG A 13 2 60 20261301000000 0 1 b. AA==",
	    "not a date like 20260131235959" },
	{ "URI 1 2 'ab'", "000100026162" },
	{ "NAPTR 1 2 s '' '' .", "000100020173000000" },
	{ "LOC 0 0 0 N 0 0 0 E 0m",
	    "0012161380000000800000000098"
	    "9680" },
	{ "LOC north", "not data of this type" },
	{ "EUI48 00-00-5e-00-53-2a", "00005e00532a" },
	{ "TYPE1234 a", "data of an unknown type begin with \\#" },
	{ "NOTYPE a", "not a type of records" },
	{ "A \\# 5 c0000201",
	    "the number behind \\# is not that of the octets" },
	{ "A \\# x", "not a number of octets" },
	{ "A \\#", "the number of octets is missing behind \\#" },
};

/* A sink for one record. */
struct one {
	struct zone_sink sink; /* the first member */
	struct writer out;
};

static bool
one_record(struct zone_sink *sink, const struct zone_rr *rr)
{
	struct one *one = (struct one *)(void *)sink;

	for (size_t i = 0; i < rr->n; i++)
		put_hex(&one->out, rr->rdata[i]);
	return true;
}

static void
one_fault(struct zone_sink *sink, const struct zone_fault *fault)
{
	struct one *one = (struct one *)(void *)sink;

	put_text(&one->out,
	    fault->detail != NULL ? fault->detail :
	                            finding_row(fault->id)->code);
}

START_TEST(rdata)
{
	struct arena a = { NULL, false };
	struct one one = { { one_record, one_fault, NULL, false },
		arena_writer(&a) };
	struct writer line = arena_writer(&a);
	struct zone_file file = { .path = "db" };

	put_text(&line, "a. 60 ");
	put_text(&line, quoted(&a, data[_i].line));
	file.text = writer_str(&line);
	ck_assert(zone_read(&file, NULL, &one.sink, &a));
	expect_written(&one.out, data[_i].data);
	arena_free(&a);
}
END_TEST

static const struct {
	const char *text, *faults;
} wrongs[] = {
	{ TOP "a 60 A 192.0.2.1\n", "" },
	/* Text. */
	{ TOP "a 60 TXT 'v=spf1 -all\nb 60 A 192.0.2.1\n",
	    "4:10 zone-quote-open\n" },
	{ TOP "a 60 TXT 'a 'b' c'\n", "4:14 zone-quotes-inside\n" },
	{ TOP "_dmarc 60 TXT v=DMARC1; p=none\n", "4:23 zone-semicolon\n" },
	{ TOP "_dmarc 60 TXT v=DMARC1 ; a comment\n", "" },
	/* The rest of a record that is not whole without it. */
	{ TOP "_dmarc 60 TXT 'v=DMARC1'; p=reject\n", "4:25 zone-semicolon\n" },
	{ TOP "_dmarc 60 TXT ( 'v=DMARC1'\n; p=reject\n) ; x\n", "" },
	{ TOP "_dmarc 60 TXT ( 'v=DMARC1' ; p=reject; by=joe ; x\n)\n",
	    "4:28 zone-semicolon\n" },
	{ TOP "_dmarc 60 TXT 'v=DMARC1; p=none' ; p=reject\n", "" },
	{ TOP "a 60 TXT 'b'; p=reject\n", "" },
	/* Quotes that are missing, or of a word processor. */
	{ TOP "a 60 TXT v=spf1 mx -all\n", "4:10 zone-unquoted\n" },
	{ TOP "a 60 TXT v=spf1\n", "" },
	{ TOP "a 60 TXT v=DMARC1\\; p=none\n", "" },
	{ TOP "a 60 TXT some words v=spf1\n", "" },
	{ TOP "a 60 TXT \xe2\x80\x9cv=spf1 -all\xe2\x80\x9d\n",
	    "4:10 zone-unquoted: the quotes of a word processor are letters "
	    "here\n" },
	{ TOP "a 60 TXT \xe2\x80\x9ev=DMARC1; p=none\xe2\x80\x9c\n",
	    "4:10 zone-unquoted: the quotes of a word processor are letters "
	    "here\n" },
	{ TOP "a 60 TXT \x93"
	      "b\x94\n",
	    "4:10 zone-unquoted: the quotes of a word processor are letters "
	    "here\n" },
	{ TOP "a 60 TXT '\xe2\x80\x9c"
	      "b\xe2\x80\x9d'\n",
	    "" },
	{ TOP "a 60 TXT '" X256 "'\n", "4:10 txt-string-over-255\n" },
	{ TOP "a 60 TXT ( b\nc 60 A 192.0.2.1\n",
	    "4:10 zone-parenthesis: it is never closed\n" },
	{ TOP "a 60 TXT b )\n",
	    "4:12 zone-parenthesis: nothing is open here\n" },
	{ TOP "$FOO\n$ORIGIN\n$TTL x\n",
	    "4:1 zone-directive: not a directive: $ORIGIN, $TTL, $INCLUDE, "
	    "$GENERATE are\n"
	    "5:1 zone-directive: give it as $ORIGIN NAME\n"
	    "6:6 zone-directive: give it as $TTL SECONDS\n" },
	{ TOP "$INCLUDE x\n", "4:10 zone-include: there is no such file\n" },
	{ TOP "$GENERATE 1-x a$ A 192.0.2.1\n",
	    "4:1 zone-generate: the range is not START-STOP or "
	    "START-STOP/STEP\n" },
	{ TOP "a 60 CH A 192.0.2.1\n", "4:6 zone-class\n" },
	{ TOP "a 60 FOO b\n", "4:6 zone-syntax: not a type of records\n" },
	{ TOP "a 60 A 192.0.2\n", "4:8 zone-rdata: not an IPv4 address\n" },
	{ TOP "a 60 A \\#\nb 60 TXT \\# 2\nc 60 DS 1 13 2 000\n",
	    "4:8 zone-rdata: the number of octets is missing behind \\#\n"
	    "5:13 zone-rdata: the number behind \\# is not that of the "
	    "octets\n"
	    "6:16 zone-rdata: an odd number of hexadecimal digits\n" },
	/* The zone as a whole. */
	{ "a 60 A 192.0.2.1\n",
	    "1:0 zone-soa-missing\nit has no SOA record\n" },
	{ SOA, "1:1 zone-ns-missing\n" },
	/* Name servers in the zone that have no address in it. */
	{ SOA "@ 60 NS ns1\n@ 60 NS ns.example.net.\n",
	    "2:1 zone-ns-address: ns1.example.com.\n" },
	{ TOP "@ 60 NS a\na 60 TXT b\n",
	    "4:1 zone-ns-address: a.example.com.\n" },
	{ TOP "@ 60 NS a\na 60 CNAME ns.example.net.\n", "" },
	{ TOP "@ 60 NS a\n* 60 AAAA ::1\n", "" },
	{ TOP "@ 60 NS a.b\n* 60 AAAA ::1\nc.b 60 A 192.0.2.1\n",
	    "4:1 zone-ns-address: a.b.example.com.\n" },
	{ TOP "s 60 NS s\ns 60 A 192.0.2.1\nt 60 NS t\n",
	    "6:1 zone-ns-address: t.example.com.\n" },
	{ TOP "s 60 NS ns.s\n@ 60 NS x.s\nt 60 NS y.s\nt 60 NS z\n",
	    "4:1 zone-ns-address: ns.s.example.com.\n"
	    "7:1 zone-ns-address: z.example.com.\n" },
	{ TOP "d 60 DNAME example.net.\n@ 60 NS x.d\ns 60 NS d\n",
	    "6:1 zone-ns-address: d.example.com.\n" },
	{ TOP SOA, "" },
	{ TOP "@ 60 SOA ns1 host 2 2 3 4 30\n",
	    "4:1 zone-soa-twice: the first one is in line 1\n" },
	{ TOP "www.example.net. 60 A 192.0.2.1\n", "4:1 zone-outside\n" },
	{ TOP "www.example.com 60 A 192.0.2.1\n",
	    "4:1 zone-name-doubled: it became www.example.com.example.com. -> "
	    "www.example.com.\n" },
	{ TOP "$ORIGIN example.com\nwww 60 A 192.0.2.1\na 60 A 192.0.2.1\n",
	    "4:9 zone-name-doubled: all names below it end in "
	    "example.com.example.com. -> $ORIGIN example.com.\n" },
	{ TOP "$ORIGIN b.example.com\n$ORIGIN c\nd 60 A 192.0.2.1\n"
	      "$ORIGIN example.com.\n$ORIGIN com\n$ORIGIN xexample.com\n",
	    "4:9 zone-name-doubled: all names below it end in "
	    "b.example.com.example.com. -> $ORIGIN b.example.com.\n" },
	{ TOP "a 60 MX 1 mx.example.com\nb 60 CNAME www.example.com\n"
	      "c 60 SRV 1 1 1 x.example.com\n",
	    "4:11 zone-name-doubled: it became mx.example.com.example.com. -> "
	    "mx.example.com.\n"
	    "5:12 zone-name-doubled: it became www.example.com.example.com. "
	    "-> www.example.com.\n"
	    "6:16 zone-name-doubled: it became x.example.com.example.com. -> "
	    "x.example.com.\n" },
	{ TOP "a 60 MX 1 mx.example.net\nb 60 MX 1 mx.example\n"
	      "c 60 MX 1 mx.com\ncom 60 A 192.0.2.1\n",
	    "4:1 zone-name-doubled: it became mx.example.net.example.com., "
	    "which does not exist -> mx.example.net.\n" },
	{ TOP "* 60 A 192.0.2.1\na 60 MX 1 mx.example.net\n", "" },
	{ "example.com 60 SOA ns1 host 1 2 3 4 30\n@ 60 NS n.\n",
	    "1:1 zone-soa-name: it became example.com.example.com. -> "
	    "example.com.\n" },
	{ TOP "a 60 CNAME @\na 60 TXT c\n",
	    "4:1 zone-cname-beside: the other record is in line 5\n" },
	{ TOP "a 60 CNAME @\na 60 NSEC b CNAME\n", "" },
	/* Aliases that lead nowhere in the zone. */
	{ TOP "a 60 CNAME b\nc 60 CNAME d.e\ne 60 TXT x\n",
	    "4:1 zone-cname-dangling: b.example.com.\n"
	    "5:1 zone-cname-dangling: d.e.example.com.\n" },
	{ TOP "a 60 CNAME web.\nb 60 MX 1 web.\nc 60 CNAME .\n",
	    "4:1 zone-cname-label: web.\n" },
	{ TOP "a 60 CNAME b\n* 60 CNAME @\nc 60 CNAME c.d\nd 60 NS ns1\n"
	      "e 60 CNAME e.f\nf 60 DNAME g.\nh 60 CNAME h.example.net.\n"
	      "i 60 CNAME j\nk.j 60 A 192.0.2.1\n",
	    "" },
	{ TOP "a 60 CNAME @\na 60 CNAME a.example.net.\n",
	    "5:1 zone-cname-twice: the first one is in line 4\n" },
	{ TOP "s 60 NS ns.s\ns 60 NS ns.t\nns.s 60 A 192.0.2.1\n"
	      "s 60 TXT v=DMARC1\nx.s 60 MX 1 a\n_dmarc.s 60 TXT a\n"
	      "k._domainkey.s 60 CNAME a\n",
	    "7:1 zone-below-delegation\n5:1 zone-ns-address: ns.t.example.com.\n"
	    "9:1 zone-below-delegation\n"
	    "10:1 zone-below-delegation\n8:1 zone-below-delegation\n" },
	/* Without a part in mail. */
	{ TOP "s 60 NS ns.s\nns.s 60 A 192.0.2.1\ns 60 TXT a\n"
	      "x.s 60 A 192.0.2.1\nx.s 60 TXT b\ny.s 60 CNAME x.s\n",
	    "" },
	{ TOP "d 60 DNAME example.net.\nx.d 60 A 192.0.2.1\n",
	    "5:1 zone-below-dname\n" },
	{ TOP "a 60 A 192.0.2.1\n\na 60 A 192.0.2.1\n",
	    "6:1 zone-duplicate: the other one is in line 4\n" },
	{ TOP "a 60 A 192.0.2.1\na 61 A 192.0.2.2\na 62 A 192.0.2.3\n",
	    "5:1 zone-ttl-differs: another TTL is in line 4\n" },
	{ TOP "a 1 A 192.0.2.1\nb 0 A 192.0.2.2\nc 2 A 192.0.2.3\n",
	    "4:1 zone-ttl-short: and so has 1 set of records more\n" },
};

START_TEST(wrong)
{
	struct world w;

	world_open(&w);
	read_zone(&w, "example.com", str_of(quoted(&w.a, wrongs[_i].text)));
	expect_written(&w.faults, wrongs[_i].faults);
	world_close(&w);
}
END_TEST

/* A zone of one label may have a name that looks doubled. */
static const struct {
	const char *text, *faults;
} lan[] = {
	{ "lan 60 SOA ns1 host 1 2 3 4 30\n@ 60 NS n.\n",
	    "1:1 zone-soa-name: it became lan.lan. -> lan.\n" },
	{ "@ 60 SOA ns1 host 1 2 3 4 30\n@ 60 NS n.\nlan 60 A 192.0.2.1\n",
	    "" },
};

START_TEST(one_label)
{
	struct world w;

	world_open(&w);
	read_zone(&w, "lan", str_of(lan[_i].text));
	expect_written(&w.faults, lan[_i].faults);
	world_close(&w);
}
END_TEST

/* 300 records of 220 octets are more than a message holds, 280 are not. */
START_TEST(large)
{
	struct dname name;
	uint8_t room[ZONE_ANSWER_MAX];

	for (unsigned n = 280; n <= 300; n += 20) {
		struct world w;
		struct writer text;

		world_open(&w);
		text = arena_writer(&w.a);
		put_text(&text, TOP);
		for (unsigned i = 0; i < n; i++) {
			put_text(&text,
			    "a 60 TXT " X16 X16 X16 X16 X16 X16 X16 X16 X16 X16
			        X16 X16 X16);
			put_number(&text, i + 1000);
			put_char(&text, '\n');
		}
		ck_assert_ptr_nonnull(
		    read_zone(&w, "example.com", writer_str(&text)));
		dname_parse(STR("a.example.com"), &name);
		expect_written(&w.faults,
		    n == 280 ? "" : "4:1 zone-rrset-too-large\n");
		ck_assert_int_eq(n == 280,
		    zones_answer(w.z, &name, RRTYPE_TXT, false, 0, room) > 0);
		ck_assert_uint_le(zones_answer(w.z, &name, RRTYPE_TXT, false,
		                      1232, room),
		    1232);
		ck_assert_uint_eq(room[2] & 2, 2); /* TC */
		world_close(&w);
	}
}
END_TEST

static const struct {
	const char *text; /* the origin is that of the SOA record */
	const char *out;
} origins[] = {
	{ "example.com. 60 SOA a b 1 2 3 4 5\n@ 60 NS ns\n", "example.com." },
	{ "$ORIGIN com.\nexample 60 SOA a b 1 2 3 4 5\n@ 60 NS a\n",
	    "example.com." },
	{ ". 60 SOA a b 1 2 3 4 5\n@ 60 NS a\n", "." },
	{ "@ 60 SOA a b 1 2 3 4 5\n",
	    "1:1 zone-syntax: '@' is the origin, which is not known\n"
	    "1:0 zone-soa-missing\nit has no SOA record\n" },
};

START_TEST(origin)
{
	struct world w;
	const struct zone *zone;
	struct writer out;

	world_open(&w);
	zone = read_zone(&w, NULL, str_of(origins[_i].text));
	out = arena_writer(&w.a);
	if (zone != NULL)
		put_dname(&out, zone->origin);
	expect_written(zone != NULL ? &out : &w.faults, origins[_i].out);
	world_close(&w);
}
END_TEST

/* Of two zones the lower one has authority; none is read twice. */
START_TEST(zones)
{
	struct world w;
	struct dname name;
	const struct zone *upper, *lower;

	world_open(&w);
	upper = read_zone(&w, "example.com", STR(TOP));
	lower = read_zone(&w, "sub.example.com", STR(TOP));
	ck_assert_ptr_null(read_zone(&w, "sub.example.com", STR(TOP)));
	expect_written(&w.faults, "a zone of this name was read before\n");
	ck_assert_ptr_eq(zones_first(w.z), upper);
	ck_assert_ptr_eq(upper->next, lower);
	dname_parse(STR("a.b.sub.example.com"), &name);
	ck_assert_ptr_eq(zones_of(w.z, &name), lower);
	dname_parse(STR("asub.example.com"), &name);
	ck_assert_ptr_eq(zones_of(w.z, &name), upper);
	dname_parse(STR("com"), &name);
	ck_assert_ptr_null(zones_of(w.z, &name));
	world_close(&w);
}
END_TEST

/* The zones that answers come from. */
static const char upper_zone[] =
    TOP "a 60 A 192.0.2.1\na 60 A 192.0.2.2\nc 60 CNAME d\nd 60 CNAME a.sub\n"
        "o 60 CNAME www.example.org.\nl1 60 CNAME l2\nl2 60 CNAME l1\n"
        "*.w 60 TXT x\nhost.w 60 A 192.0.2.3\nx.empty.w 60 A 192.0.2.4\n"
        "dn 60 DNAME sub\nfar 60 DNAME example.org.\n"
        "cut 60 NS ns.cut\ncut 60 DS 1 13 2 00\nns.cut 60 A 192.0.2.5\n"
        "sub 60 NS ns1.sub\nsub 60 DS 2 13 2 00\nns1.sub 60 A 192.0.2.1\n";
static const char lower_zone[] = TOP "a 60 A 192.0.2.9\n";

static const struct {
	const char *name;
	uint16_t type;
	const char *want;
} answers[] = {
	{ "a.example.com", RRTYPE_A,
	    "0 aa an:a.example.com./1 an:a.example.com./1" },
	{ "a.example.com", RRTYPE_TXT, "0 aa ns:example.com./6" },
	{ "example.org", RRTYPE_A, "5" },
	{ "nx.example.com", RRTYPE_A, "3 aa ns:example.com./6" },
	{ "c.example.com", RRTYPE_A,
	    "0 aa an:c.example.com./5 an:d.example.com./5 "
	    "an:a.sub.example.com./1" },
	{ "c.example.com", RRTYPE_CNAME, "0 aa an:c.example.com./5" },
	{ "c.example.com", 255, "0 aa an:c.example.com./5" },
	{ "o.example.com", RRTYPE_A, "0 aa an:o.example.com./5" },
	{ "l1.example.com", RRTYPE_A,
	    "0 aa an:l1.example.com./5 an:l2.example.com./5" },
	/* Wildcards (RFC 4592). */
	{ "y.w.example.com", RRTYPE_TXT, "0 aa an:y.w.example.com./16" },
	{ "y.z.w.example.com", RRTYPE_TXT, "0 aa an:y.z.w.example.com./16" },
	{ "y.w.example.com", RRTYPE_A, "0 aa ns:example.com./6" },
	{ "host.w.example.com", RRTYPE_TXT, "0 aa ns:example.com./6" },
	{ "y.host.w.example.com", RRTYPE_TXT, "3 aa ns:example.com./6" },
	{ "empty.w.example.com", RRTYPE_TXT, "0 aa ns:example.com./6" },
	{ "y.empty.w.example.com", RRTYPE_TXT, "3 aa ns:example.com./6" },
	/* DNAME (RFC 6672). */
	{ "a.dn.example.com", RRTYPE_A,
	    "0 aa an:dn.example.com./39 an:a.dn.example.com./5 "
	    "an:a.sub.example.com./1" },
	{ "nx.dn.example.com", RRTYPE_A,
	    "3 aa an:dn.example.com./39 an:nx.dn.example.com./5 "
	    "ns:sub.example.com./6" },
	{ "dn.example.com", RRTYPE_A, "0 aa ns:example.com./6" },
	{ "x.far.example.com", RRTYPE_A,
	    "0 aa an:far.example.com./39 an:x.far.example.com./5" },
	/* Delegations. */
	{ "cut.example.com", RRTYPE_TXT,
	    "0 ns:cut.example.com./2 "
	    "ar:ns.cut.example.com./1" },
	{ "x.cut.example.com", RRTYPE_DS,
	    "0 ns:cut.example.com./2 "
	    "ar:ns.cut.example.com./1" },
	{ "cut.example.com", RRTYPE_DS, "0 aa an:cut.example.com./43" },
	{ "sub.example.com", RRTYPE_DS, "0 aa an:sub.example.com./43" },
	{ "sub.example.com", RRTYPE_NS, "0 aa an:sub.example.com./2" },
	{ "example.com", RRTYPE_DS, "0 aa ns:example.com./6" },
};

static uint16_t
u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* A message in short: the code, AA, "an:NAME/TYPE" for each record. */
static void
put_message(struct writer *w, const uint8_t *out, size_t n)
{
	static const char *const sections[] = { "an", "ns", "ar" };
	struct cursor c = cursor_of(out, n);
	struct dname name;

	put_number(w, out[3] & 15);
	put_text(w, (out[2] & 4) != 0 ? " aa" : "");
	cursor_take(&c, 12);
	ck_assert(dname_read(&c, true, &name));
	cursor_take(&c, 4);
	for (size_t s = 0; s < 3; s++)
		for (unsigned i = u16(out + 6 + 2 * s); i > 0; i--) {
			ck_assert(dname_read(&c, true, &name));
			put_char(w, ' ');
			put_text(w, sections[s]);
			put_char(w, ':');
			put_dname(w, &name);
			put_char(w, '/');
			put_number(w, cursor_u16(&c));
			cursor_take(&c, 6);
			cursor_take(&c, cursor_u16(&c));
			ck_assert(!c.bad);
		}
	ck_assert_uint_eq(cursor_left(&c), 0);
}

START_TEST(answer)
{
	struct world w;
	struct dname name;
	uint8_t room[ZONE_ANSWER_MAX];
	struct writer out;
	size_t n;

	world_open(&w);
	read_zone(&w, "example.com", STR(upper_zone));
	read_zone(&w, "sub.example.com", STR(lower_zone));
	expect_written(&w.faults, "");
	dname_parse(str_of(answers[_i].name), &name);
	n = zones_answer(w.z, &name, answers[_i].type, true, 0, room);
	ck_assert_uint_gt(n, 12);
	out = arena_writer(&w.a);
	put_message(&out, room, n);
	expect_written(&out, answers[_i].want);
	world_close(&w);
}
END_TEST

/* The name that a DNAME record makes is too long (RFC 6672 2.2). */
START_TEST(too_long)
{
	struct world w;
	struct dname name;
	uint8_t room[ZONE_ANSWER_MAX];

	world_open(&w);
	read_zone(&w, "example.com",
	    STR(TOP "d 60 DNAME " X16 X16 X16 "." X16 X16 X16 "." X16 X16
	            ".net.\n"));
	dname_parse(STR(X16 X16 X16 "." X16 X16 X16 "." X16 X16 X16 "." X16 X16
	                            "."
	                            "d.example.com"),
	    &name);
	ck_assert_uint_gt(zones_answer(w.z, &name, RRTYPE_A, false, 0, room),
	    12);
	ck_assert_int_eq(room[3] & 15, 6);
	world_close(&w);
}
END_TEST

Suite *
suite_zone(void)
{
	Suite *s = suite_create("zone");
	TCase *tc = tcase_create("zone");

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, records, 0, COUNT(texts));
	tcase_add_loop_test(tc, rdata, 0, COUNT(data));
	tcase_add_loop_test(tc, wrong, 0, COUNT(wrongs));
	tcase_add_loop_test(tc, one_label, 0, COUNT(lan));
	tcase_add_test(tc, large);
	tcase_add_loop_test(tc, origin, 0, COUNT(origins));
	tcase_add_test(tc, zones);
	tcase_add_loop_test(tc, answer, 0, COUNT(answers));
	tcase_add_test(tc, too_long);
	suite_add_tcase(s, tc);
	return s;
}
