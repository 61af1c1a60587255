/*
 * test_line.c - the log lines of sightings and events
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <jansson.h>
#include <stdio.h>
#include <time.h>

#include "feed.h"
#include "judge/names.h"
#include "log/line.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static struct appraisal appraisal;
static char room[LINE_MAX_OCTETS + 1];

/* The line as a C string; asserts that it is printable and fits. */
static const char *
checked(struct writer *w)
{
	if (w->full)
		ck_abort_msg("the line is too long");
	for (size_t i = 0; i < w->used; i++)
		if (!is_print(w->buf[i]))
			ck_abort_msg("octet %02x at %zu",
			    (unsigned char)w->buf[i], i);
	w->buf[w->used] = '\0';
	return w->buf;
}

/* The line of the kind judged last. */
static const char *
line_of(const struct conf *conf, uint64_t repeats)
{
	struct writer w = writer_of(room, LINE_MAX_OCTETS);

	put_line(&w, conf, &appraisal, repeats);
	return checked(&w);
}

static struct conf
conf_of(enum conf_format format)
{
	struct conf c;

	conf_default(&c);
	c.format = format;
	return c;
}

/* Judge the first kind that the log shows; false without one. */
static bool
judge_first(const struct sighting *s)
{
	struct mailauth_scope scope = { .profile = MAILAUTH_PROFILE_GUIDE };

	appraise(&appraisal, s, conf_kinds_all());
	for (size_t i = 0; i < appraisal.nkinds; i++)
		if (appraise_kind(&appraisal, i, &scope))
			return true;
	return false;
}

/* One day of October 2026. */
#define SEC 1791000000

#define FOUND_SECURE(seconds) \
	.sec = SEC, .usec = 42999, .ttl = (seconds), .first_ttl = 3600, \
	.outcome = MAILAUTH_FOUND, .dnssec = MAILAUTH_DNSSEC_SECURE

static const struct {
	struct feed feed;
	uint64_t repeats;
	const char *json, *text;
} lines[] = {
	{ { .name = "Example.COM.",
	      .text = "v=spf1 ip4:198.41.0.4 -all",
	      .head = { FOUND_SECURE(1200) } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.042Z\","
	    "\"source\":\"fresh\",\"name\":\"example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"spf\",\"verdict\":\"valid\","
	    "\"severity\":\"pass\",\"outcome\":\"found\","
	    "\"dnssec\":\"secure\",\"rcode\":\"NOERROR\",\"ttl\":1200,"
	    "\"repeats\":0,\"codes\":[\"spf-all-fail\",\"spf-ok\","
	    "\"dnssec-secure\"]}",
	    "time=2026-10-03T04:00:00.042Z source=fresh "
	    "name=example.com. type=TXT kind=spf verdict=valid "
	    "severity=pass outcome=found dnssec=secure rcode=NOERROR "
	    "ttl=1200 repeats=0 codes=spf-all-fail,spf-ok,dnssec-secure" },
	{ { .name = "s1._domainkey.example.com.",
	      .text = "v=DKIM1; p=",
	      .head = { FOUND_SECURE(3600), .source = SOURCE_CACHE,
	          .flags = SIGHTING_CD, .family = 4, .prefix = 24,
	          .client = { 192, 0, 2 } } },
	    17,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.042Z\","
	    "\"source\":\"cache\","
	    "\"name\":\"s1._domainkey.example.com.\",\"type\":\"TXT\","
	    "\"kind\":\"dkim\",\"selector\":\"s1\","
	    "\"verdict\":\"invalid\",\"severity\":\"fail\","
	    "\"outcome\":\"found\",\"dnssec\":\"secure\","
	    "\"rcode\":\"NOERROR\",\"ttl\":3600,\"repeats\":17,"
	    "\"codes\":[\"tag-empty-value\",\"dkim-k-rsa-default\","
	    "\"dkim-revoked\",\"dnssec-secure\"],\"cd\":true,"
	    "\"client\":\"192.0.2.0/24\"}",
	    "time=2026-10-03T04:00:00.042Z source=cache "
	    "name=s1._domainkey.example.com. type=TXT kind=dkim "
	    "selector=s1 verdict=invalid severity=fail outcome=found "
	    "dnssec=secure rcode=NOERROR ttl=3600 repeats=17 "
	    "codes=tag-empty-value,dkim-k-rsa-default,dkim-revoked,"
	    "dnssec-secure cd=yes client=192.0.2.0/24" },
	{ { .name = "_dmarc.example.com.",
	      .alias = "a b.\"x\\\\.example.net.",
	      .naliases = 2,
	      .text = "v=DMARC1; p=none",
	      .head = { FOUND_SECURE(0), .source = SOURCE_STALE, .family = 6,
	          .prefix = 128, .client = { 0x20, 1, 0xd, 0xb8 } } },
	    UINT64_MAX,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.042Z\","
	    "\"source\":\"stale\",\"name\":\"_dmarc.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"dmarc\",\"verdict\":\"valid\","
	    "\"severity\":\"fail\",\"outcome\":\"found\","
	    "\"dnssec\":\"secure\",\"rcode\":\"NOERROR\",\"ttl\":0,"
	    "\"repeats\":18446744073709551615,"
	    "\"codes\":[\"dmarc-rua-missing\",\"dmarc-p-none\","
	    "\"dmarc-cname\",\"dns-cname-followed\",\"dnssec-secure\"],"
	    "\"chain\":[\"a\\\\\\\\032b.\\\\\\\\\\\"x\\\\\\\\\\\\\\\\.example.net.\","
	    "\"a\\\\\\\\032b.\\\\\\\\\\\"x\\\\\\\\\\\\\\\\.example.net.\"],"
	    "\"client\":\"2001:db8::\"}",
	    "time=2026-10-03T04:00:00.042Z source=stale "
	    "name=_dmarc.example.com. type=TXT kind=dmarc "
	    "verdict=valid severity=fail outcome=found dnssec=secure "
	    "rcode=NOERROR ttl=0 repeats=18446744073709551615 "
	    "codes=dmarc-rua-missing,dmarc-p-none,dmarc-cname,"
	    "dns-cname-followed,dnssec-secure "
	    "chain=a\\032b.\\\"x\\\\.example.net.,"
	    "a\\032b.\\\"x\\\\.example.net. client=2001:db8::" },
	{ { .name = "example.com.",
	      .why = STR_INIT("validation failure <example.com. MX "
	                      "IN>: no \"keys\"\\\t\n"),
	      .head = { .sec = SEC,
	          .rrtype = RRTYPE_MX,
	          .source = SOURCE_SERVFAIL,
	          .outcome = MAILAUTH_FAILED,
	          .dnssec = MAILAUTH_DNSSEC_BOGUS,
	          .rcode = 2,
	          .ede = EDE_DNSKEY_MISSING,
	          .family = 4,
	          .prefix = 32,
	          .client = { 192, 0, 2, 1 } } },
	    3,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"servfail\",\"name\":\"example.com.\","
	    "\"type\":\"MX\",\"kind\":\"mx\",\"verdict\":\"temperror\","
	    "\"severity\":\"fail\",\"outcome\":\"failed\","
	    "\"dnssec\":\"bogus\",\"rcode\":\"SERVFAIL\",\"ttl\":0,"
	    "\"repeats\":3,\"codes\":[\"dnssec-bogus\","
	    "\"dnssec-bogus-detail\",\"dnssec-ds-without-dnskey\"],"
	    "\"ede\":9,\"why_bogus\":\"no "
	    "\\\"keys\\\"\\\\\\\\\\\\009\\\\010\","
	    "\"client\":\"192.0.2.1\"}",
	    "time=2026-10-03T04:00:00.000Z source=servfail "
	    "name=example.com. type=MX kind=mx verdict=temperror "
	    "severity=fail outcome=failed dnssec=bogus rcode=SERVFAIL "
	    "ttl=0 repeats=3 codes=dnssec-bogus,dnssec-bogus-detail,"
	    "dnssec-ds-without-dnskey ede=9 why_bogus=\"no "
	    "\\\"keys\\\"\\\\\\\\\\\\009\\\\010\" client=192.0.2.1" },
	{ { .name = "_dmarc.example.com.",
	      .why = STR_INIT("timeout"),
	      .head = { .sec = SEC,
	          .source = SOURCE_SERVFAIL,
	          .outcome = MAILAUTH_FAILED,
	          .dnssec = MAILAUTH_DNSSEC_UNCHECKED,
	          .rcode = 5,
	          .ede = 22 } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"servfail\",\"name\":\"_dmarc.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"dmarc\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"unchecked\","
	    "\"rcode\":\"REFUSED\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dmarc-temperror\",\"dns-refused\"],"
	    "\"ede\":22,\"why\":\"timeout\"}",
	    "time=2026-10-03T04:00:00.000Z source=servfail "
	    "name=_dmarc.example.com. type=TXT kind=dmarc "
	    "verdict=temperror severity=warn outcome=failed "
	    "dnssec=unchecked rcode=REFUSED ttl=0 repeats=0 "
	    "codes=dmarc-temperror,dns-refused ede=22 why=\"timeout\"" },
	{ { .name = "_mta-sts.example.com.",
	      .head = { .sec = SEC,
	          .source = SOURCE_LOCAL,
	          .outcome = MAILAUTH_NXDOMAIN,
	          .dnssec = MAILAUTH_DNSSEC_UNCHECKED,
	          .rcode = 3 } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"local\",\"name\":\"_mta-sts.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"mtasts\",\"verdict\":\"none\","
	    "\"severity\":\"notice\",\"outcome\":\"nxdomain\","
	    "\"dnssec\":\"unchecked\",\"rcode\":\"NXDOMAIN\",\"ttl\":0,"
	    "\"repeats\":0,\"codes\":[\"mtasts-missing\","
	    "\"dns-nxdomain\",\"dns-split-view\","
	    "\"dnssec-checking-disabled\"]}",
	    "time=2026-10-03T04:00:00.000Z source=local "
	    "name=_mta-sts.example.com. type=TXT kind=mtasts "
	    "verdict=none severity=notice outcome=nxdomain "
	    "dnssec=unchecked rcode=NXDOMAIN ttl=0 repeats=0 "
	    "codes=mtasts-missing,dns-nxdomain,dns-split-view,"
	    "dnssec-checking-disabled" },
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_INSECURE,
	          .flags = SIGHTING_NO_SOA } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"insecure\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-denial-unproven\"],\"why\":\"a denial without an SOA record proves nothing\"}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=temperror severity=warn outcome=failed "
	    "dnssec=insecure rcode=NOERROR ttl=0 repeats=0 "
	    "codes=dns-denial-unproven why=\"a denial without an SOA record proves nothing\"" },
	/* NXDOMAIN without an SOA record, and with records. */
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_NXDOMAIN,
	          .dnssec = MAILAUTH_DNSSEC_INSECURE,
	          .rcode = 3,
	          .flags = SIGHTING_NO_SOA } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"insecure\","
	    "\"rcode\":\"NXDOMAIN\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-denial-unproven\"],\"why\":\"a denial without an SOA record proves nothing\"}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=temperror severity=warn outcome=failed "
	    "dnssec=insecure rcode=NXDOMAIN ttl=0 repeats=0 "
	    "codes=dns-denial-unproven why=\"a denial without an SOA record proves nothing\"" },
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_NXDOMAIN,
	          .dnssec = MAILAUTH_DNSSEC_INSECURE,
	          .rcode = 3,
	          .flags = SIGHTING_CLASH } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"insecure\","
	    "\"rcode\":\"NXDOMAIN\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-servfail\"],\"why\":\"the answer says that the name does not exist, and has records of it\"}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=temperror severity=warn outcome=failed "
	    "dnssec=insecure rcode=NXDOMAIN ttl=0 repeats=0 "
	    "codes=dns-servfail why=\"the answer says that the name does not exist, and has records of it\"" },
	/* DNSSEC is proof enough, but not of a referral. */
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_SECURE,
	          .flags = SIGHTING_NO_SOA } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"none\",\"severity\":\"info\","
	    "\"outcome\":\"nodata\",\"dnssec\":\"secure\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"tlsrpt-missing\",\"dns-nodata\",\"dnssec-denial-secure\"]}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=none severity=info outcome=nodata "
	    "dnssec=secure rcode=NOERROR ttl=0 repeats=0 "
	    "codes=tlsrpt-missing,dns-nodata,dnssec-denial-secure" },
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .source = SOURCE_CACHE,
	          .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_SECURE,
	          .flags = SIGHTING_NO_SOA | SIGHTING_REFERRAL } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"cache\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"secure\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-lame-delegation\"],\"why\":\"a referral in place of an answer\"}",
	    "time=2026-10-03T04:00:00.000Z source=cache "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=temperror severity=warn outcome=failed "
	    "dnssec=secure rcode=NOERROR ttl=0 repeats=0 "
	    "codes=dns-lame-delegation why=\"a referral in place of an answer\"" },
	/* An alias of the resolver itself that says nothing of its target. */
	{ { .name = "_smtp._tls.example.com.",
	      .head = { .sec = SEC,
	          .source = SOURCE_LOCAL,
	          .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_UNCHECKED,
	          .flags = SIGHTING_NO_SOA } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"local\",\"name\":\"_smtp._tls.example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"tlsrpt\","
	    "\"verdict\":\"local-alias\",\"severity\":\"notice\","
	    "\"outcome\":\"failed\",\"dnssec\":\"unchecked\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-cname-followed\",\"dns-split-view\"],\"why\":\"local data with an alias and not its target\"}",
	    "time=2026-10-03T04:00:00.000Z source=local "
	    "name=_smtp._tls.example.com. type=TXT kind=tlsrpt "
	    "verdict=local-alias severity=notice outcome=failed "
	    "dnssec=unchecked rcode=NOERROR ttl=0 repeats=0 "
	    "codes=dns-cname-followed,dns-split-view why=\"local data with an alias and not its target\"" },
	{ { .name = "example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_FOUND,
	          .dnssec = MAILAUTH_DNSSEC_INSECURE,
	          .flags = SIGHTING_CUT } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"spf\","
	    "\"verdict\":\"temperror\",\"severity\":\"warn\","
	    "\"outcome\":\"failed\",\"dnssec\":\"insecure\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dns-servfail\",\"limit-reached\"],"
	    "\"why\":\"the answer is larger than is looked at\","
	    "\"cut\":true}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=example.com. type=TXT kind=spf verdict=temperror "
	    "severity=warn outcome=failed dnssec=insecure "
	    "rcode=NOERROR ttl=0 repeats=0 codes=dns-servfail,"
	    "limit-reached why=\"the answer is larger than is looked "
	    "at\" cut=yes" },
	{ { .name = "example.com.",
	      .head = { .sec = SEC,
	          .outcome = MAILAUTH_FOUND,
	          .dnssec = MAILAUTH_DNSSEC_BOGUS,
	          .flags = SIGHTING_PERMISSIVE | SIGHTING_DNAME } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\","
	    "\"source\":\"fresh\",\"name\":\"example.com.\","
	    "\"type\":\"TXT\",\"kind\":\"spf\","
	    "\"verdict\":\"temperror\",\"severity\":\"fail\","
	    "\"outcome\":\"failed\",\"dnssec\":\"bogus\","
	    "\"rcode\":\"NOERROR\",\"ttl\":0,\"repeats\":0,"
	    "\"codes\":[\"dnssec-bogus\",\"dnssec-bogus-detail\"],"
	    "\"permissive\":true}",
	    "time=2026-10-03T04:00:00.000Z source=fresh "
	    "name=example.com. type=TXT kind=spf verdict=temperror "
	    "severity=fail outcome=failed dnssec=bogus rcode=NOERROR "
	    "ttl=0 repeats=0 codes=dnssec-bogus,dnssec-bogus-detail "
	    "permissive=yes" },
	{ { .name = "1.2.0.192.in-addr.arpa.",
	      .rdata = STR_INIT("\4mail\7example\3com\0"),
	      .head = { FOUND_SECURE(3600), .rrtype = RRTYPE_PTR } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.042Z\","
	    "\"source\":\"fresh\",\"name\":\"1.2.0.192.in-addr.arpa.\","
	    "\"type\":\"PTR\",\"kind\":\"ptr\",\"verdict\":\"valid\","
	    "\"severity\":\"pass\",\"outcome\":\"found\","
	    "\"dnssec\":\"secure\",\"rcode\":\"NOERROR\",\"ttl\":3600,"
	    "\"repeats\":0,\"codes\":[\"dnssec-secure\"]}",
	    "time=2026-10-03T04:00:00.042Z source=fresh "
	    "name=1.2.0.192.in-addr.arpa. type=PTR kind=ptr "
	    "verdict=valid severity=pass outcome=found dnssec=secure "
	    "rcode=NOERROR ttl=3600 repeats=0 codes=dnssec-secure" },
	{ { .name = "_25._tcp.mail.example.com.",
	      .rdata = STR_INIT("\3\1\1aaaaaaaabbbbbbbbccccccccdddddddd"),
	      .head = { FOUND_SECURE(3600), .rrtype = RRTYPE_TLSA } },
	    0,
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.042Z\","
	    "\"source\":\"fresh\","
	    "\"name\":\"_25._tcp.mail.example.com.\",\"type\":\"TLSA\","
	    "\"kind\":\"tlsa\",\"verdict\":\"valid\","
	    "\"severity\":\"notice\",\"outcome\":\"found\","
	    "\"dnssec\":\"secure\",\"rcode\":\"NOERROR\",\"ttl\":3600,"
	    "\"repeats\":0,\"codes\":[\"dane-usage-3-1-1\","
	    "\"dane-single\",\"dane-ok\",\"dnssec-secure\"]}",
	    "time=2026-10-03T04:00:00.042Z source=fresh "
	    "name=_25._tcp.mail.example.com. type=TLSA kind=tlsa "
	    "verdict=valid severity=notice outcome=found dnssec=secure "
	    "rcode=NOERROR ttl=3600 repeats=0 codes=dane-usage-3-1-1,"
	    "dane-single,dane-ok,dnssec-secure" },
};

START_TEST(exact_lines)
{
	struct sighting *s = feed_make(&lines[_i].feed);
	struct conf json = conf_of(CONF_JSON), text = conf_of(CONF_TEXT);

	ck_assert_ptr_nonnull(s);
	ck_assert(judge_first(s));
	ck_assert_str_eq(line_of(&json, lines[_i].repeats), lines[_i].json);
	ck_assert_str_eq(line_of(&text, lines[_i].repeats), lines[_i].text);
	free(s);
}
END_TEST

/* Sightings without and with a line in the log. */
static const struct {
	struct feed feed;
	const char *kind; /* of the line; NULL: no line */
} kinds[] = {
#define NODATA .outcome = MAILAUTH_NODATA, .dnssec = MAILAUTH_DNSSEC_INSECURE
#define FAILED \
	.outcome = MAILAUTH_FAILED, .dnssec = MAILAUTH_DNSSEC_UNCHECKED, \
	.rcode = 2
#define NIBBLES "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	{ { .name = "a.example.", .head = { NODATA } }, "spf" },
	{ { .name = "a.example.", .head = { FAILED } }, "spf" },
	{ { .name = ".", .head = { NODATA } }, "spf" },
	{ { .name = "_x.a.example.", .head = { NODATA } }, NULL },
	{ { .name = "a.example.", .head = { NODATA, .rrtype = RRTYPE_MX } },
	    "mx" },
	{ { .name = "a.example.", .head = { NODATA, .rrtype = RRTYPE_A } },
	    NULL },
	{ { .name = "a.example.", .head = { NODATA, .rrtype = 65535 } }, NULL },
	/* Queries of block lists are names with an address in front. */
	{ { .name = "1.2.0.192.bl.example.", .head = { NODATA } }, NULL },
	{ { .name = "1.2.0.256.bl.example.", .head = { NODATA } }, "spf" },
	{ { .name = "2.0.192.bl.example.", .head = { NODATA } }, "spf" },
	{ { .name = NIBBLES NIBBLES "bl.example.", .head = { NODATA } }, NULL },
	{ { .name = "a." NIBBLES "bl.example.", .head = { NODATA } }, "spf" },
	{ { .name = "1.2.0.192.bl.example.", .head = { FAILED } }, NULL },
	{ { .name = "1.2.0.192.bl.example.",
	      .text = "listed",
	      .head = { .outcome = MAILAUTH_FOUND } },
	    NULL },
	{ { .name = "1.2.0.192.bl.example.",
	      .text = "v=spf1 -all",
	      .head = { .outcome = MAILAUTH_FOUND,
	          .dnssec = MAILAUTH_DNSSEC_INSECURE } },
	    "spf" },
	/* PTR records of addresses are logged, those of services not. */
	{ { .name = "1.2.0.192.in-addr.arpa.",
	      .head = { NODATA, .rrtype = RRTYPE_PTR } },
	    "ptr" },
	{ { .name = NIBBLES NIBBLES "ip6.arpa.",
	      .head = { NODATA, .rrtype = RRTYPE_PTR } },
	    "ptr" },
	{ { .name = "_ipp._tcp.example.",
	      .head = { NODATA, .rrtype = RRTYPE_PTR } },
	    NULL },
	{ { .name = "example.", .head = { NODATA, .rrtype = RRTYPE_PTR } },
	    NULL },
	{ { .name = "xin-addr.arpa.",
	      .head = { NODATA, .rrtype = RRTYPE_PTR } },
	    NULL },
};

START_TEST(told_kinds)
{
	struct sighting *s = feed_make(&kinds[_i].feed);

	ck_assert_ptr_nonnull(s);
	ck_assert_int_eq(judge_first(s), kinds[_i].kind != NULL);
	if (kinds[_i].kind != NULL)
		ck_assert_str_eq(appraisal.judgement.kind->name,
		    kinds[_i].kind);
	/* Unwanted kinds are not judged. */
	appraise(&appraisal, s, 0);
	ck_assert_uint_eq(appraisal.nkinds, 0);
	free(s);
}
END_TEST

/* Parse a line as one JSON object without duplicate names. */
static json_t *
parsed(const char *line)
{
	json_error_t error;
	json_t *root = json_loads(line, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(json_is_object(root), "%s", error.text);
	return root;
}

/* Assert that a text line has fields with a blank between them, each a name and
 * a value, in quotes where the value has blanks. */
static void
check_fields(const char *p)
{
	for (bool more = true; more; p++) {
		size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz_");

		ck_assert_uint_gt(n, 0);
		ck_assert_int_eq(p[n], '=');
		p += n + 1;
		if (*p == '"') {
			while (*++p != '"') {
				ck_assert_int_ne(*p, '\0');
				p += *p == '\\';
			}
			p++;
		} else {
			p += strcspn(p, " ");
		}
		more = *p != '\0';
		ck_assert(*p == ' ' || *p == '\0');
	}
}

static void
expect_field(const json_t *root, const char *name, struct mailauth_str raw)
{
	static char shown[8192];
	struct writer w = writer_of(shown, sizeof(shown) - 1);
	const json_t *is = json_object_get(root, name);

	put_untrusted(&w, raw);
	shown[w.used] = '\0';
	ck_assert_msg(is != NULL, "no %s", name);
	ck_assert(strcmp(json_string_value(is), shown) == 0);
}

/* A name of 255 octets below `tail`, made of labels of one octet. */
static const char *
full_name(unsigned octet, const char *tail, size_t ntail)
{
	static char name[2][2048];
	static int which;
	char *p = name[which ^= 1];
	size_t left = 255 - ntail, n = 0;

	while (left > 1) {
		size_t label = left - 1 < 63 ? left - 1 : 63;

		for (size_t i = 0; i < label; i++)
			n += (size_t)snprintf(p + n, 8, "\\%03u", octet);
		p[n++] = '.';
		left -= label + 1;
	}
	memcpy(p + n, tail, strlen(tail) + 1);
	return p;
}

/* Octets that could break a line or a format. */
static const unsigned hostile[] = { 0, 1, '\n', '\r', '\t', 0x1b, ' ', '"', '#',
	'\'', ',', '.', '=', '\\', '{', '}', 0x7f, 0x80, 0xa0, 0xc2, 0xff,
	'a' };

/* The longest names, aliases and reason, filled with one octet. */
START_TEST(hostile_octets)
{
	struct conf json = conf_of(CONF_JSON), text = conf_of(CONF_TEXT);
	char why[SIGHTING_WHY_MAX], txt[2001];
	const char *name = full_name(hostile[_i], "_domainkey.a.", 14);
	struct feed f = { .name = name,
		.alias = full_name(hostile[_i], "", 1),
		.naliases = SIGHTING_CHAIN_MAX,
		.text = txt,
		.why = { why, sizeof(why) },
		.head = { .sec = INT64_C(253402300799),
		    .usec = 999999,
		    .source = SOURCE_SERVFAIL,
		    .dnssec = MAILAUTH_DNSSEC_INDETERMINATE,
		    .rcode = 255,
		    .flags = 63,
		    .ede = 32767,
		    .ttl = UINT32_MAX,
		    .first_ttl = UINT32_MAX,
		    .family = 6,
		    .prefix = 127,
		    .client = { 255, 255, 255, 255, 255, 255, 255, 255, 255,
		        255, 255, 255, 255, 255, 255, 255 } } };

	memset(why, (int)hostile[_i], sizeof(why));
	memset(txt, (int)hostile[_i], sizeof(txt) - 1);
	txt[sizeof(txt) - 1] = '\0';
	for (unsigned outcome = 0; outcome <= MAILAUTH_FAILED; outcome++)
		for (unsigned dnssec = 0; dnssec <= MAILAUTH_DNSSEC_SECURE;
		     dnssec++) {
			struct sighting *s;
			json_t *root;

			f.head.outcome = (uint8_t)outcome;
			f.head.dnssec = (uint8_t)dnssec;
			s = feed_make(&f);
			ck_assert_ptr_nonnull(s);
			ck_assert_uint_eq(s->name_len, 255);
			ck_assert(judge_first(s));
			check_fields(line_of(&text, UINT64_MAX));
			root = parsed(line_of(&json, INT64_MAX));
			expect_field(root, "name", appraisal.answer.name);
			ck_assert_uint_eq(json_array_size(
			                      json_object_get(root, "chain")),
			    SIGHTING_CHAIN_MAX);
			if (appraisal.answer.outcome == MAILAUTH_FAILED &&
			    appraisal.answer.why.n > 0)
				expect_field(root,
				    dnssec == MAILAUTH_DNSSEC_BOGUS ?
				        "why_bogus" :
				        "why",
				    appraisal.answer.why);
			ck_assert_str_eq(json_string_value(
			                     json_object_get(root, "time")),
			    "9999-12-31T23:59:59.999Z");
			json_decref(root);
			free(s);
		}
}
END_TEST

/* A full list of findings: a code with many places is listed once. */
START_TEST(many_codes)
{
	struct conf json = conf_of(CONF_JSON), text = conf_of(CONF_TEXT);
	char txt[4001] = "v=spf1";
	struct feed f = { .name = "a.example.",
		.text = txt,
		.head = { FOUND_SECURE(1), .flags = SIGHTING_WILDCARD } };
	json_t *root, *codes;
	struct sighting *s;

	while (strlen(txt) < sizeof(txt) - 16)
		strcat(txt, " x:y ip4:1");
	s = feed_make(&f);
	ck_assert(judge_first(s));
	ck_assert_uint_gt(appraisal.judgement.findings.count, 40);
	check_fields(line_of(&text, 0));
	root = parsed(line_of(&json, 0));
	codes = json_object_get(root, "codes");
	ck_assert_uint_gt(json_array_size(codes), 2);
	for (size_t i = 0; i < json_array_size(codes); i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(json_string_value(
			                     json_array_get(codes, i)),
			    json_string_value(json_array_get(codes, j)));
	json_decref(root);
	free(s);
}
END_TEST

/* A sighting cut short holds no mail record, and no octet behind its end is
 * read. */
START_TEST(cut_sightings)
{
	struct conf json = conf_of(CONF_JSON);
	struct feed f = { .name = "_dmarc.a.example.",
		.alias = "b.example.",
		.naliases = 3,
		.text = "v=DMARC1; p=none",
		.why = STR_INIT("because"),
		.head = { FOUND_SECURE(1) } };
	struct sighting *whole = feed_make(&f);

	ck_assert_ptr_nonnull(whole);
	for (uint32_t n = sizeof(*whole); n <= whole->size; n++) {
		struct sighting *s = malloc(n);

		memcpy(s, whole, n);
		s->size = n;
		ck_assert_int_eq(judge_first(s), n == whole->size);
		if (n == whole->size)
			json_decref(parsed(line_of(&json, 0)));
		free(s);
	}
	free(whole);
}
END_TEST

/* Events. */

static const char *
event_of(const struct conf *conf, int64_t sec, uint32_t usec)
{
	static const struct line_number none[] = { { NULL, 0 } };
	struct writer w = writer_of(room, LINE_MAX_OCTETS);

	put_event(&w, conf, sec, usec, "e", "", none);
	return checked(&w);
}

START_TEST(events)
{
	static const struct line_number numbers[] = { { "one", 0 },
		{ "two", UINT64_MAX }, { NULL, 7 } };
	struct conf json = conf_of(CONF_JSON), text = conf_of(CONF_TEXT);
	struct writer w = writer_of(room, LINE_MAX_OCTETS);

	ck_assert_str_eq(event_of(&json, SEC, 0),
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"2026-10-03T04:00:00.000Z\",\"event\":\"e\"}");
	ck_assert_str_eq(event_of(&text, SEC, 0),
	    "time=2026-10-03T04:00:00.000Z event=e");
	put_event(&w, &json, 0, 0, "start", "a \"b\"\\\n", numbers);
	ck_assert_str_eq(checked(&w),
	    "{\"schema\":\"unbound-mailauth/1\","
	    "\"time\":\"1970-01-01T00:00:00.000Z\",\"event\":\"start\","
	    "\"one\":0,\"two\":18446744073709551615,"
	    "\"note\":\"a \\\"b\\\"\\\\\\\\\\\\010\"}");
	w = writer_of(room, LINE_MAX_OCTETS);
	put_event(&w, &text, 0, 0, "start", "a \"b\"\\\n", numbers);
	ck_assert_str_eq(checked(&w),
	    "time=1970-01-01T00:00:00.000Z event=start one=0 "
	    "two=18446744073709551615 note=\"a \\\"b\\\"\\\\\\\\\\\\010\"");
}
END_TEST

/* A line that does not fit sets `full`. */
START_TEST(small_rooms)
{
	struct conf json = conf_of(CONF_JSON);
	struct sighting *s = feed_make(&lines[1].feed);
	struct writer w;
	size_t n;

	ck_assert(judge_first(s));
	n = strlen(line_of(&json, 0));
	for (size_t cap = 0; cap <= n; cap++) {
		char *tight = malloc(cap > 0 ? cap : 1);

		w = writer_of(tight, cap);
		put_line(&w, &json, &appraisal, 0);
		ck_assert_int_eq(w.full, cap < n);
		free(tight);
	}
	free(s);
}
END_TEST

/* The time as the C library formats it. */
static void
expect_time(int64_t sec, uint32_t usec)
{
	struct conf text = conf_of(CONF_TEXT);
	char expected[64], day[32];
	time_t t = (time_t)sec;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(expected, sizeof(expected), "time=%s.%03uZ event=e", day,
	    usec / 1000);
	if (strcmp(event_of(&text, sec, usec), expected) != 0)
		ck_abort_msg("%s: %s", expected, room);
}

static const int64_t times[] = {
	0, /* 1970-01-01 */
	86399, 86400, 5097600, /* 1970-03-01 */
	68169600, /* 1972-02-29 */
	951782400, /* 2000-02-29 */
	951868799, 951868800, /* 2000-03-01 */
	978307199, /* 2000-12-31 */
	1709164800, /* 2024-02-29 */
	2147483647, /* 2038-01-19 */
	2147483648, 4107455999, /* 2100-02-28 */
	4107542400, /* 2100-03-01 */
	4294967295, /* 2106-02-07 */
	4294967296, 13574563200, /* 2400-02-29 */
	253402300799, /* 9999-12-31 */
};

START_TEST(dates)
{
	uint64_t state = 1;

	for (int i = 0; i < COUNT(times); i++) {
		expect_time(times[i], 0);
		expect_time(times[i], 999999);
		expect_time(times[i] + 43210, 1000);
	}
	/* Each day of 1970 to 2410, at some time of it. */
	for (int64_t day = 0; day < 440 * 366; day++)
		expect_time(day * 86400 + feed_random(&state) % 86400,
		    feed_random(&state) % 1000000);
	/* A time before 1970. */
	ck_assert_str_eq(event_of(&(struct conf){ .format = CONF_TEXT }, -1, 0),
	    "time=1970-01-01T00:00:00.000Z event=e");
}
END_TEST

START_TEST(names)
{
	static const char *const sources[] = { "fresh", "cache", "stale",
		"local", "servfail", "?" };
	static const char *const rcodes[] = { "NOERROR", "FORMERR", "SERVFAIL",
		"NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE", "RCODE11", "RCODE12" };
	char name[16];

	for (int i = 0; i < COUNT(sources); i++)
		ck_assert_str_eq(name_source((enum source)i), sources[i]);
	for (unsigned i = 0; i < COUNT(rcodes); i++)
		ck_assert_str_eq(name_rcode(i, name), rcodes[i]);
	ck_assert_str_eq(name_rcode(255, name), "RCODE255");
	ck_assert_str_eq(name_rcode(UINT32_MAX, name), "RCODE4294967295");
}
END_TEST

Suite *
suite_line(void)
{
	Suite *s = suite_create("line");
	TCase *tc = tcase_create("line");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, exact_lines, 0, COUNT(lines));
	tcase_add_loop_test(tc, told_kinds, 0, COUNT(kinds));
	tcase_add_loop_test(tc, hostile_octets, 0, COUNT(hostile));
	tcase_add_test(tc, many_codes);
	tcase_add_test(tc, cut_sightings);
	tcase_add_test(tc, events);
	tcase_add_test(tc, small_rooms);
	tcase_add_test(tc, dates);
	tcase_add_test(tc, names);
	suite_add_tcase(s, tc);
	return s;
}
