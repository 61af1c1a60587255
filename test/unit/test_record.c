/*
 * test_record.c - joining, tag lists, SPF terms, keys, tables
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * testdata/records has the judgements of whole records; this file tests their
 * parts.
 */
#include <stdio.h>

#include "base/base64.h"
#include "base/dname.h"
#include "bimi/logotype.h"
#include "record/dkim.h"
#include "record/dmarc.h"
#include "record/kind.h"
#include "record/ptr.h"
#include "record/spf.h"
#include "record/spf_macro.h"
#include "record/spf_merge.h"
#include "record/txt.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static const struct {
	struct mailauth_str rdata;
	size_t cap;
	bool good;
	size_t strings;
	const char *text;
} joins[] = {
	{ STR_INIT("\3abc"), 0, true, 1, "abc" }, /* borrowed: no room needed */
	{ STR_INIT("\0"), 0, true, 1, "" },
	{ STR_INIT("\2ab\3cde"), 5, true, 2, "abcde" },
	{ STR_INIT("\0\3abc\0"), 3, true, 3, "abc" },
	{ STR_INIT("\2ab\3cde"), 4, false, 0, NULL }, /* does not fit */
	{ STR_INIT(""), 8, false, 0, NULL },
	{ STR_INIT("\3ab"), 8, false, 0, NULL },
	{ STR_INIT("\2ab\3cd"), 8, false, 0, NULL },
	{ STR_INIT("\xff"), 8, false, 0, NULL },
};

START_TEST(join)
{
	struct mailauth_rdata rr = { (const uint8_t *)joins[_i].rdata.s,
		(uint16_t)joins[_i].rdata.n };
	char room[8];
	struct txt txt;

	ck_assert_int_eq(txt_join(&rr, room, joins[_i].cap, &txt),
	    joins[_i].good);
	if (!joins[_i].good)
		return;
	ck_assert_uint_eq(txt.strings, joins[_i].strings);
	ck_assert(str_eq(txt.text, str_of(joins[_i].text)));
}
END_TEST

static void
add_seam(void *arg, size_t at)
{
	*(size_t *)arg = *(size_t *)arg * 10 + at;
}

START_TEST(seams)
{
	struct mailauth_rdata rr = { (const uint8_t *)"\2ab\3cde\1f", 9 };
	size_t sum = 0;

	txt_seams(&rr, add_seam, &sum);
	ck_assert_uint_eq(sum, 25);
}
END_TEST

START_TEST(items)
{
	struct mailauth_str rest = STR(" a = b=c ;; d;e= ; ");
	struct tag_item it;

	ck_assert(tag_next(&rest, &it));
	ck_assert(str_eq(it.name, STR("a")) && str_eq(it.value, STR("b=c")));
	ck_assert(it.equals && !it.last);
	ck_assert(tag_next(&rest, &it) && it.whole.n == 0);
	ck_assert(tag_next(&rest, &it) && !it.equals);
	ck_assert(str_eq(it.name, STR("d")));
	ck_assert(tag_next(&rest, &it) && it.equals && it.value.n == 0);
	ck_assert(tag_next(&rest, &it) && it.whole.n == 0 && it.last);
	ck_assert(!tag_next(&rest, &it));
	rest = STR("");
	ck_assert(!tag_next(&rest, &it));
}
END_TEST

static const struct {
	const char *term;
	enum spf_what what;
	char qualifier;
	const char *domain;
	int cidr4, cidr6;
	uint16_t fault;
} terms[] = {
	{ "all", SPF_ALL, '+', "", 32, 128, 0 },
	{ "-ALL", SPF_ALL, '-', "", 32, 128, 0 },
	{ "a", SPF_A, '+', "", 32, 128, 0 },
	{ "a/24", SPF_A, '+', "", 24, 128, 0 },
	{ "a//64", SPF_A, '+', "", 32, 64, 0 },
	{ "a/24//64", SPF_A, '+', "", 24, 64, 0 },
	{ "?mx:x.org/0//0", SPF_MX, '?', "x.org", 0, 0, 0 },
	{ "a:x/y.org/8", SPF_A, '+', "x/y.org", 8, 128, 0 },
	{ "ptr", SPF_PTR, '+', "", 32, 128, 0 },
	{ "ip4:1.2.3.4/8", SPF_IP4, '+', "", 8, 128, 0 },
	{ "~ip6:::1/64", SPF_IP6, '~', "", 32, 64, 0 },
	{ "Include:%{d2}.x.org", SPF_INCLUDE, '+', "%{d2}.x.org", 32, 128, 0 },
	{ "redirect=x.org", SPF_REDIRECT, 0, "x.org", 32, 128, 0 },
	{ "exp=x.org", SPF_EXP, 0, "x.org", 32, 128, 0 },
	{ "foo=bar", SPF_MODIFIER, 0, "bar", 32, 128, 0 },
	{ "exists:a=b.org", SPF_EXISTS, '+', "a=b.org", 32, 128, 0 },
	{ "a:x.org/24/", SPF_A, '+', "", 32, 128, MAILAUTH_F_SPF_CIDR_INVALID },
	{ "foo", SPF_FAULT, '+', "", 32, 128,
	    MAILAUTH_F_SPF_UNKNOWN_MECHANISM },
};

START_TEST(term)
{
	struct spf_reader r = spf_reader_of(str_of(terms[_i].term));
	struct spf_term t;

	ck_assert(spf_next(&r, &t));
	ck_assert_uint_eq(t.fault, terms[_i].fault);
	if (t.fault == 0) {
		ck_assert_int_eq(t.what, terms[_i].what);
		ck_assert_int_eq(t.qualifier, terms[_i].qualifier);
		ck_assert(str_eq(t.domain, str_of(terms[_i].domain)));
		ck_assert_int_eq(t.cidr4, terms[_i].cidr4);
		ck_assert_int_eq(t.cidr6, terms[_i].cidr6);
	}
	ck_assert(!spf_next(&r, &t));
}
END_TEST

static const struct {
	const char *record;
	const char *ip;
	bool lists, may_cover;
} listed[] = {
	{ "v=spf1 ip4:1.2.3.0/24 -all", "1.2.3.4", true, true },
	{ "v=spf1 ip4:1.2.3.0/24 -all", "1.2.4.4", false, false },
	{ "v=spf1 -ip4:1.2.3.4 ip4:1.2.3.0/24 -all", "1.2.3.4", false, false },
	{ "v=spf1 -all ip4:1.2.3.4", "1.2.3.4", false, false },
	{ "v=spf1 ip6:2001:db8::/32 -all", "2001:db8::1", true, true },
	{ "v=spf1 ip4:0.0.0.0/0 -all", "2001:db8::1", false, false },
	{ "v=spf1 include:x.org -all", "1.2.3.4", false, true },
	{ "v=spf1 ip4:1.2.3 -all", "1.2.3.4", false, false },
};

START_TEST(lists)
{
	struct addr ip;

	ck_assert(addr_parse(str_of(listed[_i].ip), &ip));
	ck_assert_int_eq(spf_lists(str_of(listed[_i].record), &ip),
	    listed[_i].lists);
	ck_assert_int_eq(spf_may_cover(str_of(listed[_i].record), &ip),
	    listed[_i].may_cover);
}
END_TEST

START_TEST(same_terms)
{
	ck_assert(
	    spf_same_terms(STR(" ip4:1.2.3.4 -all"), STR(" ip4:1.2.3.4 ~all")));
	ck_assert(spf_same_terms(STR(" mx ?A -all"), STR(" a mx ~all")));
	ck_assert(!spf_same_terms(STR(" mx a -all"), STR(" mx -all")));
	ck_assert(!spf_same_terms(STR(" mx -all"), STR(" mx a -all")));
}
END_TEST

static const struct {
	const char *selector;
	bool good, underscore;
} selectors[] = {
	{ "mail", true, false },
	{ "2026-11", true, false },
	{ "a.b", true, false },
	{ "my_mail", true, true },
	{ "", false, false },
	{ "a..b", false, false },
	{ ".a", false, false },
	{ "a.", false, false },
	{ "-a", false, false },
	{ "a-", false, false },
	{ "a b", false, false },
	{ "a@b", false, false },
};

START_TEST(selector)
{
	bool underscore;

	ck_assert_int_eq(dkim_selector_ok(str_of(selectors[_i].selector),
	                     &underscore),
	    selectors[_i].good);
	if (selectors[_i].good)
		ck_assert_int_eq(underscore, selectors[_i].underscore);
}
END_TEST

START_TEST(selector_of_owner)
{
	ck_assert(
	    str_eq(dkim_selector(STR("a.b._domainkey.x.org.")), STR("a.b")));
	ck_assert_uint_eq(dkim_selector(STR("_domainkey.x.org.")).n, 0);
	ck_assert_uint_eq(dkim_selector(STR("x.org.")).n, 0);
	ck_assert_uint_eq(dkim_selector(STR_NONE).n, 0);
}
END_TEST

START_TEST(reverse_names)
{
	struct addr a;
	char room[64];
	struct writer w = writer_of(room, sizeof(room));

	ck_assert(ptr_address(STR("4.2.0.192.in-addr.arpa."), &a));
	put_addr(&w, &a);
	ck_assert(str_eq(writer_str(&w), STR("192.0.2.4")));
	ck_assert(!ptr_address(STR("2.0.192.in-addr.arpa."), &a));
	ck_assert(!ptr_address(STR("4.2.0.x.in-addr.arpa."), &a));
	ck_assert(!ptr_address(STR("4.2.0.256.in-addr.arpa."), &a));
	ck_assert(!ptr_address(STR("example.com."), &a));
	w.used = 0;
	ck_assert(ptr_address(STR("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	                          "0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."),
	    &a));
	put_addr(&w, &a);
	ck_assert(str_eq(writer_str(&w), STR("2001:db8::1")));
	ck_assert(!ptr_address(STR("g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	                           "0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."),
	    &a));
}
END_TEST

static const struct {
	const char *owner;
	uint16_t rrtype;
	const char *kind;
} owners[] = {
	{ "_dmarc.example.com.", RRTYPE_TXT, "dmarc" },
	{ "s._domainkey.example.com.", RRTYPE_TXT, "dkim" },
	{ "a.b._domainkey.example.com.", RRTYPE_TXT, "dkim" },
	{ "_domainkey.example.com.", RRTYPE_TXT, "domainkeys" },
	{ "_adsp._domainkey.example.com.", RRTYPE_TXT, "adsp" },
	{ "default._bimi.example.com.", RRTYPE_TXT, "bimi" },
	{ "example.com.", RRTYPE_TXT, "spf" },
	{ "example.com.", RRTYPE_MX, "mx" },
	{ "4.2.0.192.in-addr.arpa.", RRTYPE_PTR, "ptr" },
	{ "_mta-sts.example.com.", RRTYPE_TXT, "mtasts" },
	{ "_smtp._tls.example.com.", RRTYPE_TXT, "tlsrpt" },
	{ "_tls.example.com.", RRTYPE_TXT, NULL },
	{ "_25._tcp.mta-1.example.com.", RRTYPE_TLSA, "tlsa" },
	{ "_443._tcp.www.example.com.", RRTYPE_TLSA, NULL },
	{ "_25._tcp.mta-1.example.com.", RRTYPE_TXT, NULL },
	{ "example.com._report._dmarc.example.net.", RRTYPE_TXT,
	    "dmarc-report" },
	{ "*._report._dmarc.example.net.", RRTYPE_TXT, "dmarc-report" },
	{ "_dmarc.example.com._report._dmarc.example.net.", RRTYPE_TXT,
	    "dmarc-report" },
	{ "s._domainkey.example.com._report._dmarc.example.net.", RRTYPE_TXT,
	    "dmarc-report" },
	{ "_report._dmarc.example.net.", RRTYPE_TXT, "dmarc-report" },
	{ "_dmarc._report._dmarc.example.net.", RRTYPE_TXT, "dmarc-report" },
	{ "_dmarc._report.example.net.", RRTYPE_TXT, "dmarc" },
	{ "_report.example.net.", RRTYPE_TXT, NULL },
	{ "_other.example.com.", RRTYPE_TXT, NULL },
	{ "_dmarcx.example.com.", RRTYPE_TXT, NULL },
	{ "example.com.", RRTYPE_NS, NULL },
};

START_TEST(owner)
{
	const struct mailauth_kind *k =
	    kind_of_owner(str_of(owners[_i].owner), owners[_i].rrtype);

	if (owners[_i].kind == NULL) {
		ck_assert_ptr_null(k);
		return;
	}
	ck_assert_ptr_nonnull(k);
	ck_assert_str_eq(k->name, owners[_i].kind);
}
END_TEST

/* Every row of findings.def and every kind is complete. */
START_TEST(tables)
{
	for (unsigned i = 1; i < MAILAUTH_FINDING_COUNT; i++) {
		const struct finding_row *row = finding_row(i);

		ck_assert_uint_gt(strlen(row->code), 3);
		ck_assert_uint_gt(strlen(row->sentence), 10);
		ck_assert_uint_gt(strlen(row->reference), 2);
		ck_assert_uint_le(row->severity[MAILAUTH_PROFILE_RFC],
		    row->severity[MAILAUTH_PROFILE_GUIDE]);
		/* A finding that breaks a record is a notice at least, and
		 * just that only for historic records. */
		if (row->effect == EFFECT_BREAKS)
			ck_assert_uint_ge(row->severity[0], MAILAUTH_NOTICE);
	}
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		const struct mailauth_kind *k = kind_at(i);

		ck_assert_uint_eq(k->id, i);
		ck_assert_ptr_eq(kind_named(str_of(k->name)), k);
		ck_assert((k->pick != NULL) == (k->show == NULL));
		ck_assert((k->show != NULL) == (k->read != NULL));
		ck_assert(k->pick == NULL || k->blanks != NULL);
		ck_assert(k->tags == NULL || k->tags->n <= MAILAUTH_VALUES_MAX);
		/* find_tag() relies on this. */
		for (size_t a = 0; k->tags != NULL && a < k->tags->n; a++)
			for (size_t b = 0; b < a; b++)
				ck_assert(!str_ieq(k->tags->tag[a].name,
				    k->tags->tag[b].name));
	}
	ck_assert_ptr_null(kind_at(MAILAUTH_KIND_COUNT));
	ck_assert_ptr_null(kind_named(STR("nonsense")));
	ck_assert_str_eq(finding_row(9999)->code, "");
}
END_TEST

/* Some kind of mail record is of this type; addresses belong to everything. */
static bool
is_of_mail(uint16_t type)
{
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (i != MAILAUTH_KIND_ADDRESS && kind_at(i)->rrtype == type)
			return true;
	return false;
}

/* A type has one name, and the module looks at those of mail records. */
START_TEST(types)
{
	for (unsigned i = 0; i <= UINT16_MAX; i++) {
		const char *name = rrtype_name((uint16_t)i);

		if (name != NULL)
			ck_assert_uint_eq(rrtype_named(str_of(name)), i);
		else
			ck_assert(!rrtype_is_watched((uint16_t)i));
		ck_assert(
		    rrtype_is_watched((uint16_t)i) == is_of_mail((uint16_t)i));
	}
	ck_assert_uint_eq(rrtype_named(STR("tlsa")), RRTYPE_TLSA);
	ck_assert_uint_eq(rrtype_named(STR("TLS")), 0);
	ck_assert_uint_eq(rrtype_named(STR_NONE), 0);
	ck_assert_int_eq(rrtype_name_at(RRTYPE_MX), 2);
	ck_assert_int_eq(rrtype_name_at(RRTYPE_PTR), 0);
	ck_assert_int_eq(rrtype_name_at(RRTYPE_SOA), RRTYPE_NOWHERE);
	ck_assert_int_eq(rrtype_name_at(UINT16_MAX), RRTYPE_NOWHERE);
}
END_TEST

/* A full list keeps the most important findings. */
START_TEST(full_list)
{
	struct mailauth_findings log = { .count = 0 };

	for (int i = 0; i < 100; i++)
		findings_add(&log, MAILAUTH_F_SPF_UNKNOWN_MODIFIER);
	findings_add(&log, MAILAUTH_F_SPF_SYNTAX_ERROR);
	findings_add(&log, MAILAUTH_F_TXT_MULTI_STRING);
	ck_assert_uint_eq(log.count, MAILAUTH_FINDINGS_MAX);
	ck_assert(findings_sum(&log, MAILAUTH_PROFILE_RFC).breaks);
	ck_assert(!findings_has(&log, MAILAUTH_F_TXT_MULTI_STRING));
	findings_close(&log);
	findings_close(&log);
	ck_assert_uint_eq(log.count, MAILAUTH_FINDINGS_MAX + 1);
	ck_assert(findings_has(&log, MAILAUTH_F_LIMIT_REACHED));
	findings_clear(&log);
	findings_add(&log, MAILAUTH_F_NONE);
	findings_close(&log);
	ck_assert_uint_eq(log.count, 0);
}
END_TEST

/* A key cut at every octet. */
START_TEST(truncated_key)
{
	static const char p[] =
	    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALmj1Eq0bBRSBgL2Uy+3Se0BMxQ7t4Yw"
	    "yKXjBJgZz2UyXl3oFHR6U1vCi8sK4dWBVbqC7Q7oV8jT4Tn4hVqXyWMCAwEAAQ==";
	uint8_t der[128];
	struct key key;
	size_t len;

	ck_assert_uint_eq(base64_decode(STR(p), der, &len, NULL), 0);
	key_decode(der, len, &key);
	ck_assert_int_eq(key.form, KEY_SPKI);
	ck_assert_int_eq(key.type, KEY_RSA);
	ck_assert_uint_eq(key_bits(&key), 512);
	for (size_t n = 0; n < len; n++) {
		key_decode(der, n, &key);
		ck_assert(key.form == KEY_TRUNCATED ||
		    (key.form == KEY_RAW && n < 2));
		ck_assert_uint_eq(key.modulus_len, 0);
	}
}
END_TEST

/* A number times a small one; the octets of the product, which end at `end`. */
static size_t
multiply(const uint8_t *number, size_t n, uint32_t by, uint8_t *end)
{
	uint32_t carry = 0;
	uint8_t *at = end;

	while (n-- > 0) {
		carry += by * number[n];
		*--at = (uint8_t)carry;
		carry >>= 8;
	}
	for (; carry > 0; carry >>= 8)
		*--at = (uint8_t)carry;
	return (size_t)(end - at);
}

/* Every odd prime below 2^16 is found as a factor of a modulus that is sound
 * without it: of 2^61 - 1, which is prime, and for one in eight, as division
 * goes word by word for all alike, of that of a usual key. */
START_TEST(small_factors)
{
	static const char p[] =
	    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy1rwFa+ZPuJ53jESoVHm/"
	    "8ho0QZaRrvQi18eCySW9XVGXjVgQm46YzdD+YZVw97cppfGgSXR1rbnXgb2rlJsaM"
	    "SH65EFulzcIqZQFwf9m7BAndZOZT0Z1sxgLfFjlSP87TiE5spGRi8/QRxSEPIvmbX"
	    "ujkZcHzYhckyxPVROLm88CGjlq/eTE18Lagvs1yFcD6o2dBWLOyI9D51AMfNOQCtC"
	    "PiP+BW+fByfYXTHjIjLFW90s/gFm8ttPEELm5AFX5uGX+P0Y1urgZXNaUsGCstH6t"
	    "d3x2+lZbVVxPkPgm4/LWCyR0rU0/GwnqTnIBrLwZMPvFormGQRzl+oJ9y//uQIDAQ"
	    "AB";
	static const uint8_t prime[] = { 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff };
	static bool composite[65536];
	uint8_t der[512], product[258];
	struct key key, small;
	size_t len, n = 0;

	ck_assert_uint_eq(base64_decode(STR(p), der, &len, NULL), 0);
	key_decode(der, len, &key);
	ck_assert_uint_eq(key.modulus_len, 256);
	ck_assert_int_eq(key_weakness(&key), KEY_SOUND);
	small = key;
	small.modulus = prime;
	small.modulus_len = sizeof(prime);
	ck_assert_int_eq(key_weakness(&small), KEY_SOUND);
	for (uint32_t i = 3; i < 65536; i += 2) {
		struct key weak = n % 8 == 0 ? key : small;

		for (uint32_t j = i; !composite[i] && j < 65536; j += i)
			composite[j] = j > i;
		if (composite[i])
			continue;
		weak.modulus_len = multiply(weak.modulus, weak.modulus_len, i,
		    product + sizeof(product));
		weak.modulus = product + sizeof(product) - weak.modulus_len;
		ck_assert_int_eq(key_weakness(&weak), KEY_SMALL_FACTOR);
		n++;
	}
	ck_assert_uint_eq(n, 6541);
}
END_TEST

/* The p= that put_key_p() writes is read as the same key. */
START_TEST(key_written)
{
	uint8_t n[300], der[512];
	char room[1024];

	for (size_t len = 1; len <= sizeof(n); len++) {
		static const uint8_t e[] = { 1, 0, 1 };
		struct key key = { .type = KEY_RSA,
			.modulus = n,
			.modulus_len = len,
			.exponent = e,
			.exponent_len = sizeof(e) };
		struct writer w = writer_of(room, sizeof(room));
		struct key again;
		size_t got;

		for (size_t i = 0; i < len; i++)
			n[i] = (uint8_t)(len * 7 + i * 31 + 1);
		if (n[0] == 0)
			n[0] = 1;
		ck_assert(put_key_p(&w, &key));
		ck_assert_uint_eq(base64_decode(writer_str(&w), der, &got,
		                      NULL),
		    0);
		key_decode(der, got, &again);
		ck_assert_int_eq(again.form, KEY_SPKI);
		ck_assert(again.null_params && again.trailing == 0);
		ck_assert(!again.negative);
		ck_assert(key_same(&key, &again));
	}
}
END_TEST

static const struct {
	const char *text;
	enum mailauth_dmarc_policy own; /* ABSENT: the record does not apply */
	enum mailauth_dmarc_policy sp; /* ABSENT: missing or not valid */
} policies[] = {
	{ "v=DMARC1; p=reject; rua=mailto:a@b.c", MAILAUTH_DMARC_REJECT,
	    MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1; p=reject; sp=none", MAILAUTH_DMARC_REJECT,
	    MAILAUTH_DMARC_NONE },
	{ "v=DMARC1; rua=mailto:a@b.c", MAILAUTH_DMARC_NONE,
	    MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1", MAILAUTH_DMARC_ABSENT, MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1; p=x; rua=mailto:a@b.c", MAILAUTH_DMARC_NONE,
	    MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1; p=reject; sp=x; rua=mailto:a@b.c", MAILAUTH_DMARC_NONE,
	    MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1; p=reject; np=x", MAILAUTH_DMARC_ABSENT,
	    MAILAUTH_DMARC_ABSENT },
	{ "v=DMARC1; p=reject; sp=x; rua=a@b.c", MAILAUTH_DMARC_ABSENT,
	    MAILAUTH_DMARC_ABSENT },
};

START_TEST(policy)
{
	struct mailauth_str text = str_of(policies[_i].text);
	struct mailauth_record rec = { .text = text };
	struct mailauth_findings log = { .count = 0 };
	struct dmarc d;

	ck_assert(dmarc_is_record(text));
	taglist_parse(kind_at(MAILAUTH_KIND_DMARC)->tags, text, &rec, &log);
	d = dmarc_of(&rec);
	ck_assert_int_eq(dmarc_effective(&d), policies[_i].own);
	ck_assert_int_eq(d.sp, policies[_i].sp);
}
END_TEST

/* The examples of RFC 7208 7.4, and cases without an example there. */
static const struct {
	const char *text;
	const char *expanded; /* NULL: the macro-string is malformed */
	bool exp;
	bool six; /* the client is 2001:db8::cb01 */
} macros[] = {
	{ "%{s}", "strong-bad@email.example.com", false, false },
	{ "%{o}", "email.example.com", false, false },
	{ "%{d}", "email.example.com", false, false },
	{ "%{d4}", "email.example.com", false, false },
	{ "%{d3}", "email.example.com", false, false },
	{ "%{d2}", "example.com", false, false },
	{ "%{d1}", "com", false, false },
	{ "%{dr}", "com.example.email", false, false },
	{ "%{d2r}", "example.email", false, false },
	{ "%{d1r}", "email", false, false },
	{ "%{l}", "strong-bad", false, false },
	{ "%{l-}", "strong.bad", false, false },
	{ "%{lr}", "strong-bad", false, false },
	{ "%{lr-}", "bad.strong", false, false },
	{ "%{l1r-}", "strong", false, false },
	{ "%{l1-}", "bad", false, false },
	{ "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com", false,
	    false },
	{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com", false,
	    false },
	{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
	    "bad.strong.lp.3.2.0.192.in-addr._spf.example.com", false, false },
	{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
	    "3.2.0.192.in-addr.strong.lp._spf.example.com", false, false },
	{ "%{d2}.trusted-domains.example.net",
	    "example.com.trusted-domains.example.net", false, false },
	{ "%{ir}.%{v}._spf.%{d2}",
	    "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2."
	    "ip6._spf.example.com",
	    false, true },
	{ "%{c}", "2001:db8::cb01", true, true },
	{ "%{c}", NULL, false, true },
	{ "%{r} at %{t}", "mx.example.org at 1234567890", true, false },
	{ "%{t}", NULL, false, false },
	{ "%{p}%{h}", "mx.example.orghelo", false, false },
	{ "a%%b%_c%-d", "a%b c%20d", false, false },
	{ "%{S}", "strong-bad%40email.example.com", false, false },
	{ "%{L-}", "strong.bad", false, false },
	{ "%{d99}", "email.example.com", false, false },
	{ "%{d4294967298}", "email.example.com", false, false },
	{ "%{o1r.+}", "email", false, false },
	{ "%{o1r.@}", NULL, false, false },
	{ "%{l=_,/+-}", "strong.bad", false, false },
	{ "%{d0}", NULL, false, false },
	{ "%{d00}", NULL, false, false },
	{ "%{x}", NULL, false, false },
	{ "%{d", NULL, false, false },
	{ "%{", NULL, false, false },
	{ "%", NULL, false, false },
	{ "%a", NULL, false, false },
	{ "%{d2rr}", NULL, false, false },
	{ "%{dr2}", NULL, false, false },
	{ "", "", false, false },
};

static struct spf_macro_values
values(bool six)
{
	struct spf_macro_values v = { .local = STR("strong-bad"),
		.sender_domain = STR("email.example.com"),
		.domain = STR("email.example.com"),
		.helo = STR("helo"),
		.validated = STR("mx.example.org"),
		.receiver = STR("mx.example.org"),
		.now = 1234567890 };

	addr_parse(str_of(six ? "2001:db8::cb01" : "192.0.2.3"), &v.ip);
	return v;
}

START_TEST(macro)
{
	struct spf_macro_values v = values(macros[_i].six);
	char room[512];
	struct writer w = writer_of(room, sizeof(room));
	enum spf_expansion done =
	    put_spf_macros(&w, str_of(macros[_i].text), &v, macros[_i].exp);

	ck_assert_int_eq(done,
	    macros[_i].expanded != NULL ? SPF_EXPANDED : SPF_NOT_EXPANDED);
	if (done == SPF_EXPANDED)
		ck_assert_msg(str_eq(writer_str(&w),
		                  str_of(macros[_i].expanded)),
		    "%s: %.*s", macros[_i].text, (int)w.used, room);
}
END_TEST

/* The reader of terms accepts exactly the macros that can be expanded. */
START_TEST(macro_in_term)
{
	char text[300];
	struct spf_reader r;
	struct spf_term t;

	if (macros[_i].exp || strchr(macros[_i].text, ' ') != NULL)
		return;
	snprintf(text, sizeof(text), " exists:%s.example.com", macros[_i].text);
	r = spf_reader_of(str_of(text));
	ck_assert(spf_next(&r, &t));
	ck_assert_int_eq(t.fault == MAILAUTH_F_SPF_MACRO_INVALID,
	    macros[_i].expanded == NULL);
}
END_TEST

/* A domain of more than 253 octets loses labels on the left (RFC 7208 7.3). */
START_TEST(long_domain)
{
	struct spf_macro_values v = values(false);
	char room[SPF_DOMAIN_ROOM], text[8192];
	struct mailauth_str out;
	struct writer w = writer_of(text, sizeof(text));

	for (int i = 0; i < 1500; i++)
		put_text(&w, i % 7 == 0 ? "%{d}." : "ab.");
	put_text(&w, "example.net.");
	ck_assert(!w.full);
	ck_assert_int_eq(spf_expand_domain(writer_str(&w), &v, room, &out),
	    SPF_EXPANDED);
	ck_assert_uint_le(out.n, SPF_DOMAIN_MAX);
	ck_assert_uint_gt(out.n, SPF_DOMAIN_MAX - 18);
	ck_assert(str_eq(str_from(out, out.n - 15), STR(".ab.example.net")) ||
	    str_eq(str_from(out, out.n - 15), STR("com.example.net")));
	/* A single label that is too long stays. */
	w.used = 0;
	for (int i = 0; i < 100; i++)
		put_text(&w, "abcdefgh");
	ck_assert_int_eq(spf_expand_domain(writer_str(&w), &v, room, &out),
	    SPF_EXPANDED);
	ck_assert_uint_eq(out.n, 800);
}
END_TEST

START_TEST(local_part_outside_ascii)
{
	struct spf_macro_values v = values(false);
	char room[SPF_DOMAIN_ROOM];
	struct mailauth_str out;

	v.local = STR("j\xc3\xb6");
	ck_assert_int_eq(spf_expand_domain(STR("%{l}.example.com"), &v, room,
	                     &out),
	    SPF_NEVER_MATCHES);
	ck_assert_int_eq(spf_expand_domain(STR("%{s}.example.com"), &v, room,
	                     &out),
	    SPF_NEVER_MATCHES);
	ck_assert_int_eq(spf_expand_domain(STR("%{o}.example.com"), &v, room,
	                     &out),
	    SPF_EXPANDED);
}
END_TEST

/* A logotype extension: subject logo, direct, one image. */
static const uint8_t logotype[] = { 0x30, 0x33, 0xa2, 0x31, 0xa0, 0x2f, 0x30,
	0x2d, 0x30, 0x2b, 0x30, 0x29, 0x16, 3, 'a', '/', 'b', 0x30, 0x15, 0x30,
	0x13, 0x30, 0x0b, 0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 0x04,
	4, 1, 2, 3, 4, 0x30, 0x0b, 0x16, 9, 'd', 'a', 't', 'a', ':', ',', 'x',
	'y', 'z' };

START_TEST(logotype_of)
{
	uint8_t room[sizeof(logotype)];
	struct logotype l;

	ck_assert(logotype_read(logotype, sizeof(logotype), &l));
	ck_assert(str_eq(l.media_type, STR("a/b")));
	ck_assert(str_eq(l.uri, STR("data:,xyz")));
	ck_assert_int_eq(l.algorithm, LOGOTYPE_SHA256);
	ck_assert(str_eq(l.hash, STR("\1\2\3\4")));
	/* Cut at any octet, or with any tag or length changed. */
	for (size_t n = 0; n < sizeof(logotype); n++)
		ck_assert(!logotype_read(logotype, n, &l));
	for (size_t i = 0; i < 14; i++) {
		memcpy(room, logotype, sizeof(room));
		room[i] ^= 0x80;
		ck_assert(!logotype_read(room, sizeof(room), &l));
	}
}
END_TEST

/* Merges that keep all terms, and merges that lose some. */
static const struct {
	const char *old, *merged;
	bool keeps;
} keeping[] = {
	{ "v=spf1 a mx -all", "v=spf1 a mx ip4:1.2.3.4 -all", true },
	{ "v=spf1 a mx ~all", "v=spf1 a mx -all", true },
	{ "v=spf1 a mx -all", "v=spf1 a ip4:1.2.3.4 -all", false },
	{ "v=spf1 a mx -all", "v=spf1 mx a -all", false },
	{ "v=spf1 a a -all", "v=spf1 a -all", false },
	{ "v=spf1 -a -all", "v=spf1 a -all", false },
	{ "v=spf1 a -all", "v=spf1 a -all mx", false },
	{ "v=spf1 a -all", "v=spf1 a -all -all", false },
	{ "v=spf1 a -all", "v=spf1 a ip:1 -all", false },
	{ "v=spf1 a -all", "v=spf2 a -all", false },
	{ "v=spf1 exp=x.org a -all", "v=spf1 a -all exp=x.org", true },
	{ "v=spf1 exp=x.org a -all", "v=spf1 a -all", false },
	{ "v=spf1 a redirect=x.org", "v=spf1 a include:x.org ?all", true },
	{ "v=spf1 a redirect=x.org", "v=spf1 a redirect=x.org", true },
	{ "v=spf1 a redirect=x.org", "v=spf1 a -include:x.org ?all", false },
	{ "v=spf1 a redirect=x.org", "v=spf1 a ?all", false },
};

START_TEST(merge_keeps)
{
	ck_assert_int_eq(spf_merge_keeps(str_of(keeping[_i].old),
	                     str_of(keeping[_i].merged)),
	    keeping[_i].keeps);
}
END_TEST

START_TEST(merge_without_room)
{
	struct spf_addition add = { .text = STR("ip4:1.2.3.4") };
	struct mailauth_str record = STR("v=spf1 mx exp=x.org -all");
	char room[40];

	for (size_t n = 0; n <= sizeof(room); n++) {
		struct writer w = writer_of(room, n);
		struct spf_merge out;

		put_spf_merge(&w, record, STR_NONE, &add, 1, 0, &out);
		ck_assert_int_eq(out.done, n >= 36);
		ck_assert(!out.done || out.kept);
	}
}
END_TEST

Suite *
suite_record(void)
{
	Suite *s = suite_create("record");
	TCase *tc = tcase_create("record");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, join, 0, COUNT(joins));
	tcase_add_test(tc, seams);
	tcase_add_test(tc, items);
	tcase_add_loop_test(tc, term, 0, COUNT(terms));
	tcase_add_loop_test(tc, macro, 0, COUNT(macros));
	tcase_add_loop_test(tc, macro_in_term, 0, COUNT(macros));
	tcase_add_test(tc, long_domain);
	tcase_add_test(tc, local_part_outside_ascii);
	tcase_add_loop_test(tc, lists, 0, COUNT(listed));
	tcase_add_test(tc, same_terms);
	tcase_add_loop_test(tc, merge_keeps, 0, COUNT(keeping));
	tcase_add_test(tc, merge_without_room);
	tcase_add_test(tc, logotype_of);
	tcase_add_loop_test(tc, selector, 0, COUNT(selectors));
	tcase_add_test(tc, selector_of_owner);
	tcase_add_test(tc, reverse_names);
	tcase_add_loop_test(tc, owner, 0, COUNT(owners));
	tcase_add_test(tc, tables);
	tcase_add_test(tc, types);
	tcase_add_test(tc, full_list);
	tcase_add_test(tc, truncated_key);
	tcase_add_test(tc, small_factors);
	tcase_add_test(tc, key_written);
	tcase_add_loop_test(tc, policy, 0, COUNT(policies));
	suite_add_tcase(s, tc);
	return s;
}
